/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/explore-start.h"

#include "ops/registry.h"
#include "table/roles.h"

#include <string.h>

static void
init_spec (PatronPlotSpec *spec, PatronPlotKind kind, const char *x, const char *y)
{
  memset (spec, 0, sizeof *spec);
  patron_params_init (patron_plot_params, spec);
  spec->kind = kind;
  g_strlcpy (spec->x, x != NULL ? x : "", sizeof spec->x);
  g_strlcpy (spec->y, y != NULL ? y : "", sizeof spec->y);
}

static void
add (GArray *specs, PatronPlotKind kind, const char *x, const char *y)
{
  PatronPlotSpec spec;
  init_spec (&spec, kind, x, y);
  g_array_append_val (specs, spec);
}

/* Numbers that name things (identifiers, keys) make no chart: they are all different, or nearly. */
static gboolean
names_things (PatronColumn *column)
{
  g_autofree char *name = g_utf8_casefold (patron_column_get_name (column), -1);
  return g_str_has_suffix (name, "id") || g_str_has_suffix (name, "no") || g_str_has_suffix (name, "code") || strstr (name, "编号") != NULL
         || strstr (name, "号码") != NULL;
}

/* Whole numbers that are 0 or 1 wherever one looks say yes or no: a chart of them as numbers shows little. At most so many columns are looked at, by
 * their first rows, as the window waits for it. */
#define MAX_LOOKS 8

static gboolean
is_flag (PatronColumn *column)
{
  gint64 values[256];
  gsize n = MIN (patron_column_get_length (column), G_N_ELEMENTS (values));
  if (n == 0 || !patron_column_read (column, 0, n, values, NULL))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (values[i] != 0 && values[i] != 1 && values[i] != PATRON_INTEGER_MISSING)
      return FALSE;
  return TRUE;
}

/* The first columns of each type: two numbers, a category, a date. */
typedef struct
{
  const char *numbers[2], *category, *date;
} Columns;

static Columns
choose (PatronTable *table)
{
  Columns columns = { 0 };
  guint looks = 0;
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      const char *name = patron_column_get_name (column);
      switch (patron_column_get_type (column))
        {
        case PATRON_TYPE_NUMBER:
        case PATRON_TYPE_INTEGER:
          if (names_things (column) || columns.numbers[1] != NULL)
            break;
          if (patron_column_get_type (column) == PATRON_TYPE_INTEGER && looks++ < MAX_LOOKS && is_flag (column))
            break;
          columns.numbers[columns.numbers[0] != NULL] = name;
          break;
        case PATRON_TYPE_BOOLEAN:
        case PATRON_TYPE_CATEGORY:
          if (columns.category == NULL && !names_things (column))
            columns.category = name;
          break;
        case PATRON_TYPE_DATE:
        case PATRON_TYPE_TIME:
          if (columns.date == NULL)
            columns.date = name;
          break;
        default:
          break;
        }
    }
  return columns;
}

/* Tables longer than this are no summaries, and the names of their categories are not read here, where the window waits. */
#define MAX_SUMMARY 5000
/* Names longer than this, in bytes, run better down the side. */
#define LONG_NAME 16

/* The bars of a category: one row for each value means that the table holds sums or means already, which the bars then show. */
static void
add_bars (GArray *specs, PatronTable *table, const char *category, const char *number)
{
  PatronColumn *column = patron_table_find (table, category);
  gsize n = patron_table_n_rows (table);
  gboolean short_table = n <= MAX_SUMMARY && patron_column_has_dict (column);
  PatronDict *dict = short_table ? patron_column_dict (column, NULL) : NULL;
  add (specs, PATRON_PLOT_BAR, category, dict != NULL && n > 1 && n <= patron_dict_size (dict) ? number : NULL);
  if (dict != NULL && patron_dict_size (dict) > 0)
    g_array_index (specs, PatronPlotSpec, specs->len - 1).horizontal
      = patron_dict_offsets (dict)[patron_dict_size (dict)] > (LONG_NAME + 1) * patron_dict_size (dict);
}

GArray *
patron_explore_start (PatronTable *table)
{
  GArray *specs = g_array_new (FALSE, TRUE, sizeof (PatronPlotSpec));
  const Columns columns = choose (table);
  if (columns.date != NULL)
    add (specs, PATRON_PLOT_LINE, columns.date, NULL);
  if (columns.category != NULL)
    add_bars (specs, table, columns.category, columns.numbers[0]);
  if (columns.numbers[0] != NULL)
    add (specs, PATRON_PLOT_HISTOGRAM, columns.numbers[0], NULL);
  if (columns.numbers[1] != NULL)
    add (specs, PATRON_PLOT_SCATTER, columns.numbers[0], columns.numbers[1]);
  if (specs->len == 0 && patron_table_n_columns (table) > 0)
    add (specs, PATRON_PLOT_AUTO, patron_column_get_name (patron_table_column (table, 0)), NULL);
  return specs;
}
