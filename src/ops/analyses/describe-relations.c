/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/describe-report.h"

#include "math/adjust.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MAX_DRAWN = 40, MAX_BOXES = 4 };
#define WORTH_SAYING 0.3   /* a correlation for the headline: a tenth of the variance */

typedef struct { guint a, b; double r, n, p, adjusted; } Pair;

static int
compare_pairs (gconstpointer x, gconstpointer y)
{
  const Pair *first = x, *second = y;
  double a = fabs (first->r), b = fabs (second->r);
  if (a != b)
    return a < b ? 1 : -1;
  if (first->a != second->a)
    return first->a < second->a ? -1 : 1;
  return first->b < second->b ? -1 : 1;
}

/* All pairs with a coefficient, strongest first. Owned by the caller. */
static Pair *
sorted_pairs (const PatronDescription *d, gsize *n)
{
  const PatronCorrelation *c = d->correlation;
  gsize p = c->p, count = 0;
  Pair *pairs = g_new0 (Pair, p * p / 2 + 1);
  g_autofree double *adjusted = g_new (double, p * p / 2 + 1);
  for (guint i = 0; i < p; i++)
    for (guint j = i + 1; j < p; j++)
      {
        double r = c->r[i * p + j];
        if (isnan (r))
          continue;
        adjusted[count] = patron_correlation_p (r, c->n[i * p + j]);
        pairs[count] = (Pair) { .a = i, .b = j, .r = r, .n = c->n[i * p + j], .p = adjusted[count] };
        count++;
      }
  patron_adjust_bh (adjusted, count);
  for (gsize k = 0; k < count; k++)
    pairs[k].adjusted = adjusted[k];
  qsort (pairs, count, sizeof *pairs, compare_pairs);
  *n = count;
  return pairs;
}

static const char *
column_name (const PatronDescription *d, guint correlated)
{
  return patron_column_get_name (d->profiles[d->correlated[correlated]].column);
}

gboolean
patron_description_strongest (const PatronDescription *d, guint *a, guint *b, double *r)
{
  if (d->correlation == NULL)
    return FALSE;
  gsize n;
  g_autofree Pair *pairs = sorted_pairs (d, &n);
  if (n == 0 || fabs (pairs[0].r) < WORTH_SAYING || pairs[0].adjusted > 0.05)
    return FALSE;
  *a = d->correlated[pairs[0].a];
  *b = d->correlated[pairs[0].b];
  *r = pairs[0].r;
  return TRUE;
}

static void
add_heat_map (const PatronDescription *d, const Pair *strongest, PatronReport *report)
{
  const PatronCorrelation *c = d->correlation;
  guint n = MIN (c->p, MAX_DRAWN);
  g_autofree double *cells = g_new (double, (gsize) n * n);
  PatronChart *chart = patron_chart_new ("correlation", PATRON_CHART_HEAT_MAP,
    d->ranks ? patron_text (N_("Rank correlation (Spearman)"), NULL) : patron_text (N_("Correlation (Pearson)"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Correlation"), NULL));
  chart->value.min = -1;
  chart->value.max = 1;
  chart->diverging = TRUE;
  chart->value_labels = n <= 12;
  for (guint i = 0; i < n; i++)
    {
      patron_axis_add_name (&chart->x, column_name (d, i));
      patron_axis_add_name (&chart->y, column_name (d, i));
      for (guint j = 0; j < n; j++)
        cells[i * n + j] = c->r[(gsize) i * c->p + j];
    }
  patron_chart_set_cells (chart, n, n, cells);
  if (strongest != NULL)
    patron_chart_set_caption (chart, patron_text (
      N_("1 and −1 are exact relations, 0 is none. The strongest: “{a}” and “{b}” with {r}."),
      "a", PATRON_STRING (column_name (d, strongest->a)), "b", PATRON_STRING (column_name (d, strongest->b)), "r", PATRON_NUMBER (strongest->r), NULL));
  patron_report_add_chart (report, chart);
}

static void
add_pairs_table (const PatronDescription *d, const Pair *pairs, gsize n, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "correlation", patron_text (N_("Strongest correlations"), NULL));
  patron_report_table_add_column (table, "a", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "b", patron_text (N_("with"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "r", patron_text (N_("Correlation"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "low", patron_text (N_("from"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "high", patron_text (N_("to"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "n", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "p", patron_text (N_("p"), NULL), PATRON_FORMAT_P_VALUE);
  patron_report_table_add_column (table, "p_adjusted", patron_text (N_("p, corrected"), NULL), PATRON_FORMAT_P_VALUE);
  for (gsize k = 0; k < MIN (n, d->n_pairs); k++)
    {
      double low, high;
      patron_correlation_interval (pairs[k].r, pairs[k].n, d->ranks, &low, &high);
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, column_name (d, pairs[k].a));
      patron_report_table_add_string (table, column_name (d, pairs[k].b));
      patron_report_table_add_number (table, pairs[k].r);
      patron_report_table_add_number (table, low);
      patron_report_table_add_number (table, high);
      patron_report_table_add_number (table, pairs[k].n);
      patron_report_table_add_number (table, pairs[k].p);
      patron_report_table_add_number (table, pairs[k].adjusted);
    }
  patron_report_table_set_caption (table, patron_text (
    N_("Over the rows where both columns have a value. “from” and “to” are the 95% interval; p is corrected for {n} {n|test|tests} (Benjamini–Hochberg). A relation is not a cause."),
    "n", PATRON_COUNT (n), NULL));
}

void
patron_description_add_correlation (const PatronDescription *d, PatronReport *report)
{
  if (d->correlation == NULL || d->correlation->p < 2)
    return;
  gsize n;
  g_autofree Pair *pairs = sorted_pairs (d, &n);
  patron_report_add_heading (report, patron_text (N_("What goes together"), NULL));
  add_heat_map (d, n > 0 ? &pairs[0] : NULL, report);
  add_pairs_table (d, pairs, n, report);
  if (d->n_left_out > 0)
    patron_report_add_note (report, patron_text (N_("{n} numeric {n|column|columns}, an identifier or the same in every row, {n|is|are} left out of the correlations."),
                                                 "n", PATRON_COUNT (d->n_left_out), NULL));
  if (d->n_too_many > 0)
    patron_report_add_note (report, patron_text (N_("{n} numeric {n|column|columns} beyond the first {used} {n|is|are} left out of the correlations."),
                                                 "n", PATRON_COUNT (d->n_too_many), "used", PATRON_COUNT (d->correlation->p), NULL));
}

/* ---- groups ----------------------------------------------------------------------------------------------- */

static void
add_box_chart (const PatronDescription *d, guint column, PatronReport *report)
{
  const PatronGroupStatistics *g = d->groups;
  const PatronProfile *profile = &d->profiles[d->grouped[column]];
  const PatronGroupCell *cells = g->cells + (gsize) column * g->n_groups;
  const char *name = patron_column_get_name (profile->column);
  g_autofree char *id = g_strconcat ("groups-", name, NULL);
  g_autofree double *numbers = g_new (double, 5 * (gsize) g->n_groups + 1);
  double *median = numbers, *q1 = median + g->n_groups, *q3 = q1 + g->n_groups, *low = q3 + g->n_groups, *high = low + g->n_groups;
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_BOX, patron_text (N_("{column} by {group}"), "column", PATRON_STRING (name), "group", PATRON_STRING (d->group_column), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text_plain (d->group_column));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text_plain (name));
  for (guint k = 0; k < g->n_groups; k++)
    {
      g_autofree char *group = patron_levels_name (d->group_levels, g->levels[k]);
      double reach = d->fence * (cells[k].q3 - cells[k].q1);
      patron_axis_add_name (&chart->x, group);
      median[k] = cells[k].median;
      q1[k] = cells[k].q1;
      q3[k] = cells[k].q3;
      low[k] = fmax (cells[k].min, cells[k].q1 - reach);
      high[k] = fmin (cells[k].max, cells[k].q3 + reach);
    }
  PatronSeries *series = patron_chart_add_series (chart, patron_text_plain (name), PATRON_SERIES_BARS, g->n_groups, NULL, median);
  patron_series_set_box (series, q1, q3, low, high);
  patron_chart_set_caption (chart, patron_text (
    N_("Boxes hold the middle half of each group, the line is the median. The groups account for {eta} of the variance (η²)."),
    "eta", PATRON_PERCENT (g->eta_squared[column]), NULL));
  patron_report_add_chart (report, chart);
}

static void
add_group_table (const PatronDescription *d, PatronReport *report)
{
  const PatronGroupStatistics *g = d->groups;
  static const struct { const char *id, *label; PatronFormat format; } columns[] = {
    { "column", N_("Column"), PATRON_FORMAT_TEXT }, { "group", N_("Group"), PATRON_FORMAT_TEXT }, { "n", N_("Values"), PATRON_FORMAT_COUNT },
    { "missing", N_("Missing"), PATRON_FORMAT_COUNT }, { "mean", N_("Mean"), PATRON_FORMAT_NUMBER }, { "low", N_("from"), PATRON_FORMAT_NUMBER },
    { "high", N_("to"), PATRON_FORMAT_NUMBER }, { "sd", N_("SD"), PATRON_FORMAT_NUMBER }, { "min", N_("Minimum"), PATRON_FORMAT_NUMBER },
    { "q1", N_("Quartile 1"), PATRON_FORMAT_NUMBER }, { "median", N_("Median"), PATRON_FORMAT_NUMBER }, { "q3", N_("Quartile 3"), PATRON_FORMAT_NUMBER },
    { "max", N_("Maximum"), PATRON_FORMAT_NUMBER },
  };
  PatronReportTable *table = patron_report_add_table (report, "by-group", patron_text (N_("Statistics by {group}"), "group", PATRON_STRING (d->group_column), NULL));
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    patron_report_table_add_column (table, columns[c].id, patron_text (columns[c].label, NULL), columns[c].format);
  for (guint c = 0; c < g->n_columns; c++)
    for (guint k = 0; k < g->n_groups; k++)
      {
        const PatronGroupCell *cell = &g->cells[(gsize) c * g->n_groups + k];
        g_autofree char *group = patron_levels_name (d->group_levels, g->levels[k]);
        const double values[] = { (double) cell->n, (double) cell->n_missing, cell->mean, cell->low, cell->high, cell->sd, cell->min, cell->q1, cell->median, cell->q3, cell->max };
        patron_report_table_add_row (table);
        patron_report_table_add_string (table, patron_column_get_name (d->profiles[d->grouped[c]].column));
        patron_report_table_add_string (table, group);
        for (guint v = 0; v < G_N_ELEMENTS (values); v++)
          patron_report_table_add_number (table, values[v]);
      }
  patron_report_table_set_caption (table, patron_text (N_("“from” and “to” are the 95% interval of the mean. Largest groups first."), NULL));
}

/* Columns that hold one value mostly, such as a rare flag, have boxes without height: they show nothing. */
static gboolean
has_boxes (const PatronGroupStatistics *g, guint column)
{
  for (guint k = 0; k < g->n_groups; k++)
    if (g->cells[(gsize) column * g->n_groups + k].q3 > g->cells[(gsize) column * g->n_groups + k].q1)
      return TRUE;
  return FALSE;
}

void
patron_description_add_groups (const PatronDescription *d, PatronReport *report)
{
  const PatronGroupStatistics *g = d->groups;
  if (g == NULL || g->n_columns == 0 || g->n_groups == 0)
    return;
  patron_report_add_heading (report, patron_text (N_("By {group}"), "group", PATRON_STRING (d->group_column), NULL));
  g_autofree guint8 *drawn = g_new0 (guint8, g->n_columns);
  for (guint box = 0; box < MIN (g->n_columns, MAX_BOXES); box++)
    {
      gint best = -1;
      for (guint c = 0; c < g->n_columns; c++)
        if (!drawn[c] && !isnan (g->eta_squared[c]) && has_boxes (g, c) && (best < 0 || g->eta_squared[c] > g->eta_squared[best]))
          best = c;
      if (best < 0)
        break;
      drawn[best] = 1;
      add_box_chart (d, best, report);
    }
  add_group_table (d, report);
  if (g->n_other_groups > 0)
    patron_report_add_note (report, patron_text (N_("“{column}” has {n} more {n|group|groups}, with {rows} {rows|row|rows}; the largest {shown} are shown."), "column", PATRON_STRING (d->group_column),
                                                 "n", PATRON_COUNT (g->n_other_groups), "rows", PATRON_COUNT (g->n_other_rows), "shown", PATRON_COUNT (g->n_groups), NULL));
  if (g->n_missing_rows > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|row has|rows have} no value in “{column}” and {n|is|are} in no group."),
                                                 "n", PATRON_COUNT (g->n_missing_rows), "column", PATRON_STRING (d->group_column), NULL));
}
