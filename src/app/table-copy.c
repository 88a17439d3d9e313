/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/table-copy.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* ---- report table ------------------------------------------------------------------------------------------ */

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

/* ---- chart ------------------------------------------------------------------------------------------------- */

static PatronColumnBuilder *
data_builder (const PatronText *label, const char *fallback, PatronType type)
{
  g_autofree char *name = patron_text_render (label);
  return patron_column_builder_new (name[0] != '\0' ? name : fallback, type);
}

static void
append_axis_value (PatronColumnBuilder *builder, const PatronAxis *axis, double value)
{
  if (axis->kind == PATRON_AXIS_CATEGORY && axis->categories != NULL && value >= 0 && value < axis->categories->len)
    {
      g_autofree char *text = patron_text_render (axis->categories->pdata[(guint) value]);
      patron_column_builder_append_text (builder, text);
    }
  else if (axis->kind == PATRON_AXIS_CATEGORY)
    patron_column_builder_append_missing (builder);
  else
    patron_column_builder_append_number (builder, value);
}

static PatronType
axis_type (const PatronAxis *axis)
{
  return axis->kind == PATRON_AXIS_CATEGORY ? PATRON_TYPE_TEXT : axis->kind == PATRON_AXIS_DATE ? PATRON_TYPE_DATE : PATRON_TYPE_NUMBER;
}

static PatronTable *
table_of_builders (const char *name, PatronColumnBuilder **builders, const gboolean *used, guint n)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PatronColumn) column = patron_column_builder_finish (builders[i]);
      if (!used[i])
        continue;
      g_autofree char *unique = unique_name (names, patron_column_get_name (column));
      g_ptr_array_add (columns, patron_column_rename (column, unique));
    }
  return patron_table_new_take (name, columns);
}

static PatronTable *
heat_map_to_table (const PatronChart *chart)
{
  PatronColumnBuilder *builders[] = {
    data_builder (chart->x.label, _("Column"), axis_type (&chart->x)),
    data_builder (chart->y.label, _("Row"), axis_type (&chart->y)),
    data_builder (chart->value.label, _("Value"), PATRON_TYPE_NUMBER),
  };
  for (gsize iy = 0; iy < chart->n_y; iy++)
    for (gsize ix = 0; ix < chart->n_x; ix++)
      {
        append_axis_value (builders[0], &chart->x, ix);
        append_axis_value (builders[1], &chart->y, iy);
        patron_column_builder_append_number (builders[2], chart->cells[iy * chart->n_x + ix]);
      }
  const gboolean used[] = { TRUE, TRUE, TRUE };
  return table_of_builders (chart->id, builders, used, G_N_ELEMENTS (builders));
}

enum { SERIES, NAME, X, X_END, Y, LOW, Q1, Q3, HIGH, GROUP, N_DATA };

static void
append_optional (PatronColumnBuilder *builder, const double *values, gsize i, gboolean *used)
{
  if (values == NULL)
    patron_column_builder_append_missing (builder);
  else
    {
      patron_column_builder_append_number (builder, values[i]);
      *used = TRUE;
    }
}

static void
append_series (const PatronChart *chart, const PatronSeries *series, PatronColumnBuilder **builders, gboolean *used)
{
  g_autofree char *label = patron_text_render (series->label);
  gboolean edges = chart->kind == PATRON_CHART_HISTOGRAM;
  for (gsize i = 0; i < series->n; i++)
    {
      patron_column_builder_append_text (builders[SERIES], label);
      patron_column_builder_append_text (builders[NAME], series->labels != NULL ? series->labels->pdata[i] : NULL);
      /* Categories of horizontal bars run down the y axis, but the series holds positions and values all the same. */
      append_axis_value (builders[X], chart->horizontal ? &chart->y : &chart->x, series->x != NULL ? series->x[i] : i);
      append_optional (builders[X_END], edges && series->x != NULL ? series->x + 1 : NULL, i, &used[X_END]);
      append_optional (builders[Y], series->y, i, &used[Y]);
      append_optional (builders[LOW], series->low, i, &used[LOW]);
      append_optional (builders[Q1], series->q1, i, &used[Q1]);
      append_optional (builders[Q3], series->q3, i, &used[Q3]);
      append_optional (builders[HIGH], series->high, i, &used[HIGH]);
      g_autofree char *group = NULL;
      if (series->group != NULL && chart->groups != NULL && series->group[i] >= 0 && (guint) series->group[i] < chart->groups->len)
        group = patron_text_render (chart->groups->pdata[series->group[i]]);
      patron_column_builder_append_text (builders[GROUP], group);
      used[SERIES] |= label[0] != '\0';
      used[NAME] |= series->labels != NULL;
      used[GROUP] |= group != NULL;
    }
}

PatronTable *
patron_chart_to_table (const PatronChart *chart)
{
  if (chart->kind == PATRON_CHART_HEAT_MAP)
    return heat_map_to_table (chart);
  const PatronAxis *across = chart->horizontal ? &chart->y : &chart->x, *along = chart->horizontal ? &chart->x : &chart->y;
  PatronColumnBuilder *builders[N_DATA] = {
    [SERIES] = patron_column_builder_new (_("Series"), PATRON_TYPE_TEXT),
    [NAME] = patron_column_builder_new (_("Name"), PATRON_TYPE_TEXT),
    [X] = data_builder (across->label, "x", axis_type (across)),
    [X_END] = patron_column_builder_new (_("Upper edge"), axis_type (across)),
    [Y] = data_builder (along->label, "y", PATRON_TYPE_NUMBER),
    [LOW] = patron_column_builder_new (_("Low"), PATRON_TYPE_NUMBER),
    [Q1] = patron_column_builder_new (_("Lower quartile"), PATRON_TYPE_NUMBER),
    [Q3] = patron_column_builder_new (_("Upper quartile"), PATRON_TYPE_NUMBER),
    [HIGH] = patron_column_builder_new (_("High"), PATRON_TYPE_NUMBER),
    [GROUP] = patron_column_builder_new (_("Group"), PATRON_TYPE_TEXT),
  };
  gboolean used[N_DATA] = { [X] = TRUE };
  for (guint s = 0; s < chart->series->len; s++)
    append_series (chart, chart->series->pdata[s], builders, used);
  return table_of_builders (chart->id, builders, used, N_DATA);
}

/* ---- text -------------------------------------------------------------------------------------------------- */

char *
patron_table_to_text (PatronTable *table)
{
  GString *text = g_string_new (NULL);
  guint n = patron_table_n_columns (table);
  for (guint j = 0; j < n; j++)
    g_string_append_printf (text, "%s%s", j > 0 ? "\t" : "", patron_column_get_name (patron_table_column (table, j)));
  g_string_append_c (text, '\n');
  for (gsize i = 0; i < patron_table_n_rows (table); i++)
    {
      for (guint j = 0; j < n; j++)
        {
          g_autofree char *cell = patron_column_format (patron_table_column (table, j), i);
          g_strdelimit (cell, "\t\n\r", ' ');
          g_string_append_printf (text, "%s%s", j > 0 ? "\t" : "", cell);
        }
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
