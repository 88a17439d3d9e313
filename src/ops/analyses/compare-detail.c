/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/compare-private.h"

#include "base/memory.h"
#include "base/random.h"
#include "math/density.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { SHAPE = 96, DROPS = 60, MAX_PAIRED = 12 };

/* ---- numbers: chart --------------------------------------------------------------------------------------- */

/* Shape, box and, where they are few, some of the values themselves: a raincloud. */
static void
add_cloud (const PatronComparison *self, const PatronCompared *c, guint g, PatronChart *chart, GArray *x, GArray *y)
{
  const PatronSample *s = &c->samples[g];
  double at[SHAPE], value[SHAPE], size[SHAPE], most = 0, width = s->n >= 2 ? patron_density_bandwidth (s->values, s->n, NULL) : 0;
  if (width > 0)
    {
      patron_density (s->values, s->n, MAX (width, (s->max - s->min) / SHAPE), s->min, s->max, SHAPE, size);
      for (guint k = 0; k < SHAPE; k++)
        most = MAX (most, size[k]);
      for (guint k = 0; k < SHAPE; k++)
        {
          at[k] = g;
          value[k] = s->min + (s->max - s->min) * k / (SHAPE - 1);
          size[k] /= most > 0 ? most : 1;
        }
      PatronSeries *series = patron_chart_add_series (chart, patron_comparison_group (self, g), PATRON_SERIES_AREA, SHAPE, at, value);
      series->colour = (int) g;
      patron_series_set_sizes (series, size);
    }
  if (s->n > DROPS)
    return;
  PatronRandom random;
  patron_random_init (&random, 1, g);
  for (gsize i = 0; i < s->n; i++)
    {
      g_array_append_val (x, ((double) { g + 0.06 + 0.12 * patron_random_unit (&random) }));
      g_array_append_val (y, s->values[i]);
    }
}

static PatronChart *
cloud_chart (const PatronComparison *self, const PatronCompared *c)
{
  guint k = self->k;
  const char *name = patron_column_get_name (c->column), *by = patron_column_get_name (self->by);
  g_autofree char *id = g_strconcat ("groups-", name, NULL);
  g_autofree double *numbers = g_new (double, 6 * k + 1);
  double *at = numbers, *median = at + k, *q1 = median + k, *q3 = q1 + k, *low = q3 + k, *high = low + k;
  g_autoptr(GArray) x = g_array_new (FALSE, FALSE, sizeof (double)), y = g_array_new (FALSE, FALSE, sizeof (double));
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_VIOLIN,
                                         patron_text (N_("{column} by {group}"), "column", PATRON_STRING (name), "group", PATRON_STRING (by), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text_plain (by));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text_plain (name));
  for (guint g = 0; g < k; g++)
    {
      const PatronSample *s = &c->samples[g];
      patron_axis_add_category (&chart->x, patron_comparison_group (self, g));
      add_cloud (self, c, g, chart, x, y);
      double reach = 1.5 * (s->q3 - s->q1);
      at[g] = g;
      median[g] = s->median;
      q1[g] = s->q1;
      q3[g] = s->q3;
      low[g] = s->min;
      high[g] = s->max;
      for (gsize i = 0; i < s->n && s->values[i] < s->q1 - reach; i++)   /* to the last value within, as in boxes everywhere */
        low[g] = s->values[i + 1];
      for (gsize i = s->n; i > 0 && s->values[i - 1] > s->q3 + reach; i--)
        high[g] = s->values[i - 2];
    }
  PatronSeries *boxes = patron_chart_add_series (chart, patron_text (N_("Median"), NULL), PATRON_SERIES_BARS, k, at, median);
  boxes->colour = -1;
  patron_series_set_box (boxes, q1, q3, low, high);
  boxes->colour = 7;
  if (y->len > 0)
    patron_chart_add_series (chart, patron_text (N_("Values"), NULL), PATRON_SERIES_POINTS, y->len, (const double *) (gpointer) x->data,
                             (const double *) (gpointer) y->data)->colour = 7;
  patron_chart_set_caption (chart,
                            patron_text (N_("Where a shape is wide, values are frequent. The slim box holds the middle half, its line is the median."), NULL));
  return chart;
}

static PatronChart *
means_chart (const PatronComparison *self, const PatronCompared *c)
{
  guint k = self->k;
  const char *name = patron_column_get_name (c->column), *by = patron_column_get_name (self->by);
  g_autofree char *id = g_strconcat ("means-", name, NULL);
  g_autofree double *numbers = g_new (double, 4 * k + 1);
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_SCATTER, patron_text (N_("Mean {column}"), "column", PATRON_STRING (name), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text_plain (by));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text_plain (name));
  for (guint g = 0; g < k; g++)
    {
      patron_axis_add_category (&chart->x, patron_comparison_group (self, g));
      numbers[g] = g;
      numbers[k + g] = c->samples[g].mean;
      numbers[2 * k + g] = c->samples[g].mean_low;
      numbers[3 * k + g] = c->samples[g].mean_high;
    }
  PatronSeries *series = patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, k, numbers, numbers + k);
  patron_series_set_interval (series, numbers + 2 * k, numbers + 3 * k);
  patron_chart_set_caption (chart,
                            patron_text (N_("Points are means, lines their 95% intervals (Student's t). Intervals that lie well apart belong to "
                                            "groups that differ."), NULL));
  return chart;
}

/* ---- numbers: tables -------------------------------------------------------------------------------------- */

static void
add_group_table (const PatronComparison *self, const PatronCompared *c, PatronReport *report)
{
  static const struct { const char *id, *label; PatronFormat format; } columns[] = {
    { "n", N_("Values"), PATRON_FORMAT_COUNT }, { "mean", N_("Mean"), PATRON_FORMAT_NUMBER }, { "low", N_("from"), PATRON_FORMAT_NUMBER },
    { "high", N_("to"), PATRON_FORMAT_NUMBER }, { "sd", N_("SD"), PATRON_FORMAT_NUMBER }, { "q1", N_("Quartile 1"), PATRON_FORMAT_NUMBER },
    { "median", N_("Median"), PATRON_FORMAT_NUMBER }, { "q3", N_("Quartile 3"), PATRON_FORMAT_NUMBER },
      { "w", N_("Shapiro–Wilk W"), PATRON_FORMAT_NUMBER },
    { "p", N_("p (normal)"), PATRON_FORMAT_P_VALUE },
  };
  const char *name = patron_column_get_name (c->column);
  g_autofree char *id = g_strconcat ("groups-", name, NULL);
  PatronReportTable *table = patron_report_add_table (report, id, patron_text (N_("{column} in each group"), "column", PATRON_STRING (name), NULL));
  patron_report_table_add_column (table, "group", patron_text_plain (patron_column_get_name (self->by)), PATRON_FORMAT_TEXT);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    patron_report_table_add_column (table, columns[i].id, patron_text (columns[i].label, NULL), columns[i].format);
  for (guint g = 0; g < self->k; g++)
    {
      const PatronSample *s = &c->samples[g];
      const double values[] = { (double) s->n, s->mean, s->mean_low, s->mean_high, s->sd, s->q1, s->median, s->q3, s->w, s->normal_p };
      patron_report_table_add_row (table);
      patron_report_table_add_text (table, patron_comparison_group (self, g));
      for (guint i = 0; i < G_N_ELEMENTS (values); i++)
        patron_report_table_add_number (table, values[i]);
    }
  patron_report_table_set_caption (table, patron_text (N_("“from” and “to” are the 95% interval of the mean. A small “p (normal)” says that the "
                                                          "values are not normal; it is given up to 5,000 values."), NULL));
}

static void
add_test_row (PatronReportTable *table, const char *label, const PatronTest *test)
{
  patron_report_table_add_row (table);
  patron_report_table_add_text (table, patron_text (label, NULL));
  patron_report_table_add_number (table, test->statistic);
  patron_report_table_add_number (table, test->df1);
  patron_report_table_add_number (table, test->df2);
  patron_report_table_add_number (table, test->p);
  patron_report_table_add_number (table, test->effect);
  patron_report_table_add_number (table, test->low);
  patron_report_table_add_number (table, test->high);
}

/* The chosen test, its rival of the other kind, and what they assume. */
static gboolean
add_tests (const PatronCompared *c, PatronReport *report, GError **error)
{
  const char *name = patron_column_get_name (c->column);
  g_autofree char *id = g_strconcat ("tests-", name, NULL);
  PatronReportTable *table = patron_report_add_table (report, id, patron_text (N_("Tests of {column}"), "column", PATRON_STRING (name), NULL));
  static const struct { const char *id, *label; PatronFormat format; } columns[] = {
    { "test", N_("Test"), PATRON_FORMAT_MSGID }, { "statistic", N_("Statistic"), PATRON_FORMAT_NUMBER }, { "df1", N_("df"), PATRON_FORMAT_NUMBER },
    { "df2", N_("df 2"), PATRON_FORMAT_NUMBER }, { "p", N_("p"), PATRON_FORMAT_P_VALUE }, { "effect", N_("Effect"), PATRON_FORMAT_NUMBER },
    { "low", N_("from"), PATRON_FORMAT_NUMBER }, { "high", N_("to"), PATRON_FORMAT_NUMBER },
  };
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    patron_report_table_add_column (table, columns[i].id, patron_text (columns[i].label, NULL), columns[i].format);
  add_test_row (table, patron_compared_test (c), &c->test);
  gboolean two = c->n_tested == 2, ranks = c->method == PATRON_COMPARE_RANKS;
  PatronTest other = ranks ? (two ? patron_test_welch (&c->tested[0], &c->tested[1]) : patron_test_welch_anova (c->tested, c->n_tested))
                           : two ? patron_test_mann_whitney (&c->tested[0], &c->tested[1], error)
                             : patron_test_kruskal_wallis (c->tested, c->n_tested, error);
  add_test_row (table, ranks ? (two ? N_("Welch's t") : N_("Welch's analysis of variance")) : two ? N_("Mann–Whitney U") : N_("Kruskal–Wallis H"),
                &other);
  add_test_row (table, N_("Do they spread alike? Brown–Forsythe"), &c->spread);
  patron_report_table_set_caption (table, patron_text (
    N_("{test} was taken {reason}. The second line is the other kind of test, for comparison. The effect is {measure} with its 95% interval."),
    "test", PATRON_MSGID (patron_compared_test (c)), "reason", PATRON_MSGID (c->reason), "measure", PATRON_MSGID (patron_compared_effect (c)), NULL));
  return TRUE;
}

static gboolean
add_pairs (const PatronComparison *self, const PatronCompared *c, PatronReport *report, GError **error)
{
  static const char *const titles[] = { N_("Which groups differ (Tukey)"), N_("Which groups differ (Games–Howell)"),
                                        N_("Which groups differ (Dunn, Holm)") };
  PatronPairsMethod method = c->method == PATRON_COMPARE_RANKS ? PATRON_PAIRS_DUNN : c->method == PATRON_COMPARE_STUDENT ? PATRON_PAIRS_TUKEY
    : PATRON_PAIRS_GAMES_HOWELL;
  if (c->n_tested < 3 || c->n_tested > MAX_PAIRED)
    return TRUE;
  guint n_pairs = c->n_tested * (c->n_tested - 1) / 2;
  g_autofree PatronPairTest *pairs = g_new (PatronPairTest, n_pairs);
  if (!patron_test_pairs (c->tested, c->n_tested, method, pairs, error))
    return FALSE;
  g_autofree char *id = g_strconcat ("pairs-", patron_column_get_name (c->column), NULL);
  PatronReportTable *table = patron_report_add_table (report, id, patron_text (titles[method], NULL));
  patron_report_table_add_column (table, "a", patron_text (N_("Group"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "b", patron_text (N_("minus group"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "difference", method == PATRON_PAIRS_DUNN ? patron_text (N_("Difference of mean ranks"), NULL)
                                  : patron_text (N_("Difference of means"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "low", patron_text (N_("from"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "high", patron_text (N_("to"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "p", patron_text (N_("p, corrected"), NULL), PATRON_FORMAT_P_VALUE);
  for (guint i = 0; i < n_pairs; i++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_text (table, patron_comparison_group (self, c->tested_groups[pairs[i].a]));
      patron_report_table_add_text (table, patron_comparison_group (self, c->tested_groups[pairs[i].b]));
      patron_report_table_add_number (table, pairs[i].difference);
      patron_report_table_add_number (table, pairs[i].low);
      patron_report_table_add_number (table, pairs[i].high);
      patron_report_table_add_number (table, pairs[i].p);
    }
  patron_report_table_set_caption (table,
                                   patron_text (N_("All {n} pairs at once: p and intervals allow for their number. An interval that holds 0 leaves "
                                                   "the order of the two open."),
                                                       "n", PATRON_COUNT (n_pairs), NULL));
  return TRUE;
}

/* ---- categories ------------------------------------------------------------------------------------------- */

/* The shares of the column's values within each group, coloured by how far they are from chance. */
static PatronChart *
mosaic_chart (const PatronComparison *self, const PatronCompared *c, const double *residuals)
{
  const char *name = patron_column_get_name (c->column), *by = patron_column_get_name (self->by);
  g_autofree char *id = g_strconcat ("mosaic-", name, NULL);
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_MOSAIC,
                                         patron_text (N_("{column} by {group}"), "column", PATRON_STRING (name), "group", PATRON_STRING (by), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text_plain (by));
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text_plain (name));
  patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("More (blue) or fewer (orange) than by chance"), NULL));
  for (guint g = 0; g < self->k; g++)
    patron_axis_add_category (&chart->x, patron_comparison_group (self, g));
  for (guint r = 0; r < c->levels.n; r++)
    patron_axis_add_category (&chart->y, patron_text_copy (c->levels.names->pdata[r]));
  chart->diverging = TRUE;
  chart->value_labels = TRUE;
  chart->value.min = -4;
  chart->value.max = 4;
  patron_chart_set_cells (chart, self->k, c->levels.n, c->counts);
  patron_chart_set_shades (chart, residuals);
  patron_chart_set_caption (chart,
                            patron_text (N_("The area of a tile is its number of rows. Colours beyond 2 and −2 (adjusted residuals) are hardly "
                                            "chance."), NULL));
  return chart;
}

static void
add_cross_table (const PatronComparison *self, const PatronCompared *c, const double *expected, const double *residuals, PatronReport *report)
{
  const char *name = patron_column_get_name (c->column);
  g_autofree char *id = g_strconcat ("cells-", name, NULL);
  g_autofree double *groups = g_new0 (double, self->k + 1);
  PatronReportTable *table = patron_report_add_table (report, id, patron_text (N_("{column} in each group"), "column", PATRON_STRING (name), NULL));
  static const struct { const char *id, *label; PatronFormat format; } columns[] = {
    { "n", N_("Rows"), PATRON_FORMAT_COUNT }, { "share", N_("Share of the group"), PATRON_FORMAT_PERCENT },
      { "expected", N_("By chance"), PATRON_FORMAT_NUMBER },
    { "residual", N_("Adjusted residual"), PATRON_FORMAT_NUMBER },
  };
  for (guint i = 0; i < c->levels.n * self->k; i++)
    groups[i % self->k] += c->counts[i];
  patron_report_table_add_column (table, "value", patron_text_plain (name), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "group", patron_text_plain (patron_column_get_name (self->by)), PATRON_FORMAT_TEXT);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    patron_report_table_add_column (table, columns[i].id, patron_text (columns[i].label, NULL), columns[i].format)->bar = i == 1;
  for (guint r = 0; r < c->levels.n; r++)
    for (guint g = 0; g < self->k; g++)
      {
        gsize cell = (gsize) r * self->k + g;
        patron_report_table_add_row (table);
        patron_report_table_add_text (table, patron_text_copy (c->levels.names->pdata[r]));
        patron_report_table_add_text (table, patron_comparison_group (self, g));
        patron_report_table_add_number (table, c->counts[cell]);
        patron_report_table_add_number (table, groups[g] > 0 ? c->counts[cell] / groups[g] : NAN);
        patron_report_table_add_number (table, expected[cell]);
        patron_report_table_add_number (table, residuals[cell]);
      }
  patron_report_table_set_caption (table, patron_text (
    c->sampled ? N_("“By chance” is what the totals alone would give. Many of these are below 5, so p is exact, from random tables with the same "
                    "totals (drawn with the seed of the run); it is {p}.")
    : c->exact ? N_("“By chance” is what the totals alone would give. Some of these are below 5, so p is Fisher's exact one; it is {p}.")
               : N_("“By chance” is what the totals alone would give; the smallest is {least}, enough for chi-squared. p is {p}."),
    "least", PATRON_NUMBER (c->table.least_expected), "p", PATRON_P_VALUE (c->p), NULL));
}

static void
add_two_rates (const PatronComparison *self, const PatronCompared *c, PatronReport *report)
{
  PatronTwoRates t;
  /* { a b; c d }: rows are groups, the first column is the column's last value, "yes" of yes and no. */
  const double turned[4] = { c->counts[2], c->counts[0], c->counts[3], c->counts[1] };
  const char *name = patron_column_get_name (c->column);
  g_autofree char *id = g_strconcat ("rates-", name, NULL);
  g_autofree char *value = patron_text_render (c->levels.names->pdata[1]), *a = patron_text_render (self->groups.names->pdata[0]),
    *b = patron_text_render (self->groups.names->pdata[1]);
  patron_two_rates (turned, &t);
  PatronReportTable *table = patron_report_add_table (report, id, patron_text (N_("How often “{value}”"), "value", PATRON_STRING (value), NULL));
  patron_report_table_add_column (table, "what", patron_text (N_("What"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "value", patron_text (N_("Value"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "low", patron_text (N_("from"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "high", patron_text (N_("to"), NULL), PATRON_FORMAT_NUMBER);
  const struct { PatronText *what; PatronFormat format; double value, low, high; } rows[] = {
    { patron_text (N_("Share in group {g}"), "g", PATRON_STRING (a), NULL), PATRON_FORMAT_PERCENT, t.rate[0], t.rate_low[0], t.rate_high[0] },
    { patron_text (N_("Share in group {g}"), "g", PATRON_STRING (b), NULL), PATRON_FORMAT_PERCENT, t.rate[1], t.rate_low[1], t.rate_high[1] },
    { patron_text (N_("Difference of the shares"), NULL), PATRON_FORMAT_PERCENT, t.difference, t.difference_low, t.difference_high },
    { patron_text (N_("Ratio of the shares"), NULL), PATRON_FORMAT_NUMBER, t.ratio, t.ratio_low, t.ratio_high },
    { patron_text (N_("Ratio of the odds"), NULL), PATRON_FORMAT_NUMBER, t.odds, t.odds_low, t.odds_high },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_text (table, rows[i].what);
      patron_report_table_add_formatted (table, rows[i].format, rows[i].value);
      patron_report_table_add_formatted (table, rows[i].format, rows[i].low);
      patron_report_table_add_formatted (table, rows[i].format, rows[i].high);
    }
  patron_report_table_set_caption (table, patron_text (N_("“from” and “to” are 95% intervals: Wilson for the shares, Newcombe for their difference, "
                                                          "on the logarithm for the ratios. A ratio of 1 is no difference."), NULL));
}

/* ---- one column ------------------------------------------------------------------------------------------- */

gboolean
patron_comparison_detail (const PatronComparison *self, const PatronCompared *c, PatronReport *report, GError **error)
{
  patron_report_add_heading (report, patron_text_plain (patron_column_get_name (c->column)));
  if (!c->categories)
    {
      patron_report_add_chart (report, cloud_chart (self, c));
      patron_report_add_chart (report, means_chart (self, c));
      add_group_table (self, c, report);
      return add_tests (c, report, error) && add_pairs (self, c, report, error);
    }
  gsize cells = (gsize) c->levels.n * self->k;
  g_autofree double *expected = g_new (double, cells + 1), *residuals = g_new (double, cells + 1);
  patron_contingency_cells (c->counts, c->levels.n, self->k, expected, residuals);
  patron_report_add_chart (report, mosaic_chart (self, c, residuals));
  add_cross_table (self, c, expected, residuals, report);
  if (c->levels.n == 2 && self->k == 2)
    add_two_rates (self, c, report);
  return TRUE;
}
