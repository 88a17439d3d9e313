/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-baskets.h"

#include <string.h>

#include "base/memory.h"

/* Lines that are judged, and how few are too few to judge by. */
#define JUDGED 250
#define MIN_LINES 20

static guint
fields_of (const PatronCsvRecords *records, gsize r)
{
  return records->first[r + 1] - records->first[r];
}

/* How often the most frequent number of fields occurs, as a share of the lines. */
static double
share_of_mode (const PatronCsvRecords *records)
{
  guint counts[256] = { 0 }, best = 0;
  for (gsize r = 0; r < records->n_records; r++)
    best = MAX (best, ++counts[MIN (fields_of (records, r), 255)]);
  return (double) best / MAX (records->n_records, 1);
}

static gboolean
items_recur (const char *text, const PatronCsvRecords *records)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize n = 0, n_twice = 0;
  for (gsize r = 0; r < records->n_records; r++)
    for (guint32 f = records->first[r]; f < records->first[r + 1]; f++)
      {
        const PatronCsvField *field = &records->fields[f];
        if (field->length == 0)
          continue;
        if (field->length > 60)
          return FALSE;
        char *item = g_strndup (text + field->start, field->length);
        gsize line = GPOINTER_TO_SIZE (g_hash_table_lookup (seen, item));
        n++;
        n_twice += line == r + 1;
        g_hash_table_replace (seen, item, GSIZE_TO_POINTER (r + 1));
      }
  return g_hash_table_size (seen) * 2 < n && n_twice * 50 < n;
}

gboolean
patron_csv_look_for_baskets (const char *text, gsize length, gboolean whole, gboolean delimiter_given, PatronCsvDialect *dialect)
{
  static const char *const delimiters[] = { ",", ";", "\t", "|", " " };
  PatronCsvRecords records = { 0 };
  gboolean found = FALSE;
  for (guint i = 0; i < (delimiter_given ? 1 : G_N_ELEMENTS (delimiters)) && !found; i++)
    {
      PatronCsvDialect tried = *dialect;
      if (!delimiter_given)
        {
          g_strlcpy (tried.delimiter, delimiters[i], sizeof tried.delimiter);
          tried.blanks = delimiters[i][0] == ' ';
        }
      if (!patron_csv_split (&tried, text, length, JUDGED, PATRON_CSV_LINES, whole, &records, NULL, NULL) || records.n_records < MIN_LINES)
        continue;
      found = records.n_fields > records.n_records * 3 / 2 && share_of_mode (&records) < 0.5 && items_recur (text, &records);
      if (found)
        *dialect = tried;
    }
  patron_csv_records_clear (&records);
  return found;
}

static gboolean
reserve (PatronCsvBaskets *baskets, GError **error)
{
  if (baskets->n < baskets->size)
    return TRUE;
  gsize size = MAX (baskets->size * 2, 4096);
  gint64 *numbers = patron_try_realloc (baskets->baskets, baskets->size, size, sizeof *numbers, "baskets", error);
  if (numbers == NULL)
    return FALSE;
  baskets->baskets = numbers;
  gint32 *items = patron_try_realloc (baskets->items, baskets->size, size, sizeof *items, "baskets", error);
  if (items == NULL)
    return FALSE;
  baskets->items = items;
  baskets->size = size;
  return TRUE;
}

gboolean
patron_csv_baskets_add (PatronCsvBaskets *baskets, const PatronCsvDialect *dialect, const char *text, const PatronCsvRecords *records, GError **error)
{
  g_autofree char *scratch = NULL;
  for (gsize r = 0; r < records->n_records; r++)
    {
      baskets->basket++;
      for (guint32 f = records->first[r]; f < records->first[r + 1]; f++)
        {
          const PatronCsvField *field = &records->fields[f];
          const char *item = text + field->start;
          gsize n = field->length;
          if (field->escaped)
            {
              scratch = g_realloc (scratch, n + 1);
              n = patron_csv_unescape (dialect, item, n, scratch);
              item = scratch;
            }
          while (n > 0 && (*item == ' ' || *item == '\t'))
            item++, n--;
          while (n > 0 && (item[n - 1] == ' ' || item[n - 1] == '\t'))
            n--;
          if (n == 0)
            continue;
          if (!reserve (baskets, error))
            return FALSE;
          gint32 code = patron_intern_add (&baskets->intern, item, n, MIN (baskets->n, G_MAXINT32), error);
          if (code < 0)
            return FALSE;
          baskets->baskets[baskets->n] = baskets->basket;
          baskets->items[baskets->n++] = code;
        }
    }
  return TRUE;
}

PatronTable *
patron_csv_baskets_finish (PatronCsvBaskets *baskets, const char *name, GError **error)
{
  gint32 *map = NULL;
  if (baskets->n == 0 && !reserve (baskets, error))
    return NULL;
  PatronDict *dict = patron_intern_merge (&baskets->intern, 1, &map, NULL, error);
  patron_free (map);      /* one worker: its codes are the result's */
  if (dict == NULL)
    return NULL;
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (columns, patron_column_new_take ("basket", PATRON_TYPE_INTEGER, baskets->n, g_steal_pointer (&baskets->baskets), NULL));
  g_ptr_array_add (columns, patron_column_new_take ("item", PATRON_TYPE_CATEGORY, baskets->n, g_steal_pointer (&baskets->items), dict));
  return patron_table_new_take (name, columns);
}

void
patron_csv_baskets_clear (PatronCsvBaskets *baskets)
{
  patron_intern_clear (&baskets->intern);
  patron_free (baskets->baskets);
  patron_free (baskets->items);
  memset (baskets, 0, sizeof *baskets);
}
