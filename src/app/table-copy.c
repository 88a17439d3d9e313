/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-copy.h"

#include <math.h>

static PatronType
type_of (const PatronReportTable *table, guint column)
{
  PatronFormat format = g_array_index (table->columns, PatronReportColumn, column).format;
  for (guint row = 0; row < table->rows->len; row++)
    if (patron_report_table_cell (table, row, column)->text != NULL)
      return PATRON_TYPE_TEXT;
  switch (format)
    {
    case PATRON_FORMAT_TEXT:
    case PATRON_FORMAT_MSGID:
      return PATRON_TYPE_TEXT;
    case PATRON_FORMAT_DATE:
      return PATRON_TYPE_DATE;
    case PATRON_FORMAT_TIME:
      return PATRON_TYPE_TIME;
    case PATRON_FORMAT_COUNT:
    case PATRON_FORMAT_NUMBER:
    case PATRON_FORMAT_EXACT:
    case PATRON_FORMAT_PERCENT:
    case PATRON_FORMAT_MONEY:
    case PATRON_FORMAT_P_VALUE:
    case PATRON_FORMAT_SECONDS:
    case PATRON_FORMAT_BYTES:
    default:
      return PATRON_TYPE_NUMBER;
    }
}

/* Column names are unique in a table, headings of a report need not be. */
static char *
unique_name (GHashTable *names, const char *wanted)
{
  char *name = g_strdup (wanted[0] != '\0' ? wanted : "–");
  for (int i = 2; g_hash_table_contains (names, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %d", wanted, i);
    }
  g_hash_table_add (names, g_strdup (name));
  return name;
}

PatronTable *
patron_report_table_to_table (const PatronReportTable *table, const char *name)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint j = 0; j < table->columns->len; j++)
    {
      g_autofree char *label = patron_text_render (g_array_index (table->columns, PatronReportColumn, j).label);
      g_autofree char *unique = unique_name (names, label);
      PatronType type = type_of (table, j);
      PatronColumnBuilder *builder = patron_column_builder_new (unique, type);
      for (guint i = 0; i < table->rows->len; i++)
        {
          const PatronCell *cell = patron_report_table_cell (table, i, j);
          g_autofree char *text = type == PATRON_TYPE_TEXT ? patron_cell_render (cell) : NULL;
          if (text != NULL)
            patron_column_builder_append_text (builder, text);
          else if (isnan (cell->number))
            patron_column_builder_append_missing (builder);
          else
            patron_column_builder_append_number (builder, cell->number);
        }
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return patron_table_new_take (name, columns);
}
