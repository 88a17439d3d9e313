/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot.h"

#include "base/error.h"
#include "base/init.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

enum { ROWS = 600 };

/* city: 3 names and one missing; spend: skewed; age: integers; day: dates over a year; churn: yes and no. */
static PatronTable *
make_table (void)
{
  PatronColumnBuilder *b[] = { patron_column_builder_new ("city", PATRON_TYPE_CATEGORY), patron_column_builder_new ("spend", PATRON_TYPE_NUMBER),
                               patron_column_builder_new ("age", PATRON_TYPE_INTEGER), patron_column_builder_new ("day", PATRON_TYPE_DATE),
                               patron_column_builder_new ("churn", PATRON_TYPE_BOOLEAN) };
  PatronRandom random;
  patron_random_init (&random, 5, 0);
  for (int i = 0; i < ROWS; i++)
    {
      static const char *const cities[] = { "Rome", "Oslo", "Lima" };
      patron_column_builder_append_text (b[0], i == 7 ? NULL : cities[i % 6 / 2 == 0 ? 0 : i % 3]);
      patron_column_builder_append_number (b[1], i == 11 ? NAN : exp (patron_random_normal (&random)));
      patron_column_builder_append_number (b[2], 20 + i % 50);
      patron_column_builder_append_number (b[3], 18262 + i % 365);
      patron_column_builder_append_number (b[4], i % 4 == 0);
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint c = 0; c < G_N_ELEMENTS (b); c++)
    g_ptr_array_add (columns, patron_column_builder_finish (b[c]));
  return patron_table_new_take ("plot", columns);
}

static PatronPlotSpec
spec_of (PatronPlotKind kind, const char *x, const char *y)
{
  PatronPlotSpec spec;
  patron_params_init (patron_plot_params, &spec);
  spec.kind = kind;
  g_strlcpy (spec.x, x, sizeof spec.x);
  g_strlcpy (spec.y, y, sizeof spec.y);
  return spec;
}

static PatronPlot *
build (PatronTable *table, const PatronPlotSpec *spec)
{
  g_autoptr (GError) error = NULL;
  PatronPlot *plot = patron_plot_build (table, spec, NULL, &error);
  g_assert_no_error (error);
  return plot;
}

static GArray *
rows_behind (const PatronPlot *plot, guint32 series, guint32 index)
{
  g_autoptr (GError) error = NULL;
  GArray *rows = patron_plot_rows (plot, &(PatronChartMark) { series, index }, 1, NULL, &error);
  g_assert_no_error (error);
  return rows;
}

/* Rows behind every mark of a bar chart of counts: as many as the bar is high. */
static void
test_bars (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_BAR, "city", "");
  g_strlcpy (spec.colour, "churn", sizeof spec.colour);
  g_autoptr (PatronPlot) plot = build (table, &spec);
  gsize total = 0;
  g_assert_cmpuint (plot->chart->series->len, ==, 2);
  g_assert_cmpuint (plot->n_left_out, ==, 1);
  double before = INFINITY;
  for (guint k = 0; k < 3; k++)
    {
      double height = 0;
      for (guint s = 0; s < 2; s++)
        {
          const PatronSeries *series = plot->chart->series->pdata[s];
          g_autoptr (GArray) rows = rows_behind (plot, s, k);
          g_assert_cmpfloat (series->y[k], ==, rows->len);
          height += series->y[k];
          total += rows->len;
          for (guint r = 1; r < rows->len; r++)
            g_assert_cmpuint (g_array_index (rows, guint32, r), >, g_array_index (rows, guint32, r - 1));
        }
      g_assert_cmpfloat (height, <=, before);
      before = height;
    }
  g_assert_cmpuint (total, ==, ROWS - 1);
}

/* The mean of a bar and its interval are those of its own rows; the row's own value is found through its mark. */
static void
test_means (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_BAR, "city", "spend");
  g_autoptr (PatronPlot) plot = build (table, &spec);
  const PatronSeries *series = plot->chart->series->pdata[0];
  const double *spend = patron_column_doubles (patron_table_find (table, "spend"), NULL);
  for (guint k = 0; k < series->n; k++)
    {
      g_autoptr (GArray) rows = rows_behind (plot, 0, k);
      double sum = 0, n = 0;
      for (guint r = 0; r < rows->len; r++)
        if (!isnan (spend[g_array_index (rows, guint32, r)]))
          {
            sum += spend[g_array_index (rows, guint32, r)];
            n++;
          }
      g_assert_cmpfloat_with_epsilon (series->y[k], sum / n, 1e-12);
      g_assert_true (series->low[k] < series->y[k] && series->y[k] < series->high[k]);
    }
}

static void
test_histogram (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_HISTOGRAM, "spend", "");
  g_autoptr (PatronPlot) plot = build (table, &spec);
  const PatronSeries *series = plot->chart->series->pdata[0];
  const double *spend = patron_column_doubles (patron_table_find (table, "spend"), NULL);
  double sum = 0;
  for (guint b = 0; b < series->n; b++)
    {
      g_autoptr (GArray) rows = rows_behind (plot, 0, b);
      g_assert_cmpfloat (series->y[b], ==, rows->len);
      sum += series->y[b];
      for (guint r = 0; r < rows->len; r++)
        g_assert_true (spend[g_array_index (rows, guint32, r)] >= series->x[b] && spend[g_array_index (rows, guint32, r)] <= series->x[b + 1]);
    }
  g_assert_cmpfloat (sum, ==, ROWS - 1);
}

/* Some rows in the bins of all. */
static void
test_same_bins (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_HISTOGRAM, "spend", "");
  g_autoptr (PatronPlot) all = build (table, &spec);
  const guint32 rows[] = { 3, 5, 8, 13, 21, 34 };
  g_autoptr (PatronTable) few = patron_table_take_rows (table, rows, G_N_ELEMENTS (rows), NULL, NULL);
  g_autoptr (PatronPlot) part = patron_plot_build_in (few, &spec, all->edges, NULL, NULL);
  const PatronSeries *whole = all->chart->series->pdata[0], *some = part->chart->series->pdata[0];
  g_assert_cmpuint (some->n, ==, whole->n);
  for (guint r = 0; r < G_N_ELEMENTS (rows); r++)
    g_assert_cmpuint (part->mark[r], ==, all->mark[rows[r]]);
  for (gsize b = 0; b <= whole->n; b++)
    g_assert_cmpfloat (some->x[b], ==, whole->x[b]);
}

/* A value column and a column of names, both as given. */
static PatronTable *
two_columns (const char *const *names, const double *values, gsize n)
{
  PatronColumnBuilder *name = patron_column_builder_new ("name", PATRON_TYPE_CATEGORY), *value = patron_column_builder_new ("value", PATRON_TYPE_NUMBER);
  for (gsize i = 0; i < n; i++)
    {
      patron_column_builder_append_text (name, names[i]);
      patron_column_builder_append_number (value, values[i]);
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (columns, patron_column_builder_finish (name));
  g_ptr_array_add (columns, patron_column_builder_finish (value));
  return patron_table_new_take ("two", columns);
}

static char *
category (const PatronPlot *plot, guint k)
{
  return patron_text_render (plot->chart->x.categories->pdata[k]);
}

static void
assert_categories (const PatronPlot *plot, const char *expected)
{
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint k = 0; k < plot->chart->x.categories->len; k++)
    {
      g_autofree char *name = category (plot, k);
      g_string_append_printf (all, "%s%s", k > 0 ? "|" : "", name);
    }
  g_assert_cmpstr (all->str, ==, expected);
}

/* Bars of equal ratios; what has no logarithm is counted as left out. The area under a density is 1 where a power of ten is 1 wide. */
static void
test_logarithmic (void)
{
  enum { N = 400 };
  const char *names[N];
  double values[N];
  PatronRandom random;
  patron_random_init (&random, 3, 0);
  for (gsize i = 0; i < N; i++)
    {
      names[i] = i % 3 == 0 ? "a" : "b";
      values[i] = i == 5 ? 0 : i == 6 ? -3 : i == 7 ? NAN : pow (10, 2 + patron_random_normal (&random));
    }
  g_autoptr (PatronTable) table = two_columns (names, values, N);
  PatronPlotSpec spec = spec_of (PATRON_PLOT_HISTOGRAM, "value", "");
  spec.log_x = true;
  g_autoptr (PatronPlot) plot = build (table, &spec);
  const PatronSeries *series = plot->chart->series->pdata[0];
  g_assert_cmpint (plot->chart->x.kind, ==, PATRON_AXIS_LOG);
  g_assert_cmpuint (plot->n_left_out, ==, 3);
  for (guint b = 0; b < series->n; b++)
    {
      g_autoptr (GArray) rows = rows_behind (plot, 0, b);
      g_assert_cmpfloat (series->y[b], ==, rows->len);
      g_assert_cmpfloat_with_epsilon (series->x[b + 1] / series->x[b], series->x[1] / series->x[0], 1e-9);
      for (guint r = 0; r < rows->len; r++)
        {
          double value = values[g_array_index (rows, guint32, r)];
          g_assert_true (value >= series->x[b] * (1 - 1e-12) && value <= series->x[b + 1] * (1 + 1e-12));
        }
    }
  spec.kind = PATRON_PLOT_DENSITY;
  g_autoptr (PatronPlot) density = build (table, &spec);
  const PatronSeries *curve = density->chart->series->pdata[0];
  double area = 0;
  for (gsize k = 1; k < curve->n; k++)
    area += (curve->y[k] + curve->y[k - 1]) / 2 * log10 (curve->x[k] / curve->x[k - 1]);
  g_assert_cmpfloat_with_epsilon (area, 1, 0.03);
}

/* A row that the mean of its bar cannot use is not behind it, and is counted; it is where the bar counts rows. */
static void
test_missing (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_BAR, "city", "spend");
  g_autoptr (PatronPlot) mean = build (table, &spec);
  g_assert_cmpint (mean->series[11], ==, -1);
  g_assert_cmpuint (mean->n_left_out, ==, 2);
  g_autoptr (PatronText) sentence = patron_plot_left_out (mean);
  g_autofree char *words = patron_text_render (sentence);
  g_assert_cmpstr (words, ==, "2 rows have no value in one of the columns and are not drawn.");
  spec.aggregate = PATRON_AGGREGATE_COUNT;
  g_autoptr (PatronPlot) count = build (table, &spec);
  g_assert_cmpint (count->series[11], ==, 0);
  g_assert_cmpuint (count->n_left_out, ==, 1);
}

/* Several marks at once, in any order, with marks that do not exist. */
static void
test_rows (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_BAR, "city", "");
  g_strlcpy (spec.colour, "churn", sizeof spec.colour);
  g_autoptr (PatronPlot) plot = build (table, &spec);
  const PatronChartMark marks[] = { { 1, 2 }, { 0, 0 }, { 1, 2 }, { 7, 9 } };
  g_autoptr (GArray) rows = patron_plot_rows (plot, marks, G_N_ELEMENTS (marks), NULL, NULL);
  g_autoptr (GArray) a = rows_behind (plot, 1, 2), b = rows_behind (plot, 0, 0);
  g_assert_cmpuint (a->len, >, 0);
  g_assert_cmpuint (rows->len, ==, a->len + b->len);
  for (guint r = 1; r < rows->len; r++)
    g_assert_cmpuint (g_array_index (rows, guint32, r), >, g_array_index (rows, guint32, r - 1));
}

/* Names that have an order of their own keep it, however high their bars are. */
static void
test_ordered_names (void)
{
  static const struct { const char *const names[6]; const char *expected; } cases[] = {
    { { "35-44", "18-24", "25-34", "25-34", "65+", "<18" }, "<18|18-24|25-34|35-44|65+" },
    { { "3) $1,000 +", "1) $0", "2) $750", "2) $750", "1) $0", "1) $0" }, "1) $0|2) $750|3) $1,000 +" },
    { { "$1,000 - $2,000", "$500 - $1,000", "$500 - $1,000", "under $500", "over $2,000", "$1,000 - $2,000" },
      "under $500|$500 - $1,000|$1,000 - $2,000|over $2,000" },
    { { "Wed", "Mon", "Tue", "Tue", "Sun", "Wed" }, "Mon|Tue|Wed|Sun" },
    { { "March", "January", "May", "May", "May", "March" }, "January|March|May" },
    { { "周三", "周一", "周二", "周二", "周日", "周三" }, "周一|周二|周三|周日" },
    { { "十二月", "二月", "一月", "一月", "二月", "十一月" }, "一月|二月|十一月|十二月" },
    { { "Q3", "Q1", "Q2", "Q2", "Q2", "Q3" }, "Q1|Q2|Q3" },
    { { "High", "Low", "Medium", "Medium", "Low", "Low" }, "Low|Medium|High" },
    { { "高", "低", "中", "中", "低", "低" }, "低|中|高" },
    /* No order: the most frequent first. */
    { { "Oslo", "Rome", "Rome", "Rome", "Lima", "Lima" }, "Rome|Lima|Oslo" },
    { { "3 red", "3 blue", "3 blue", "3 blue", "1 green", "1 green" }, "3 blue|1 green|3 red" },
    { { "May", "June Miller", "June Miller", "Ann", "Ann", "Ann" }, "Ann|June Miller|May" },
  };
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      const double values[6] = { 1, 2, 3, 4, 5, 6 };
      g_autoptr (PatronTable) table = two_columns (cases[c].names, values, 6);
      PatronPlotSpec spec = spec_of (PATRON_PLOT_BAR, "name", "");
      g_autoptr (PatronPlot) bars = build (table, &spec);
      assert_categories (bars, cases[c].expected);
      for (guint k = 0; k < bars->chart->x.categories->len; k++)
        {
          g_autoptr (GArray) rows = rows_behind (bars, 0, k);
          g_autofree char *name = category (bars, k);
          for (guint r = 0; r < rows->len; r++)
            g_assert_cmpstr (cases[c].names[g_array_index (rows, guint32, r)], ==, name);
        }
      spec = spec_of (PATRON_PLOT_BOX, "name", "value");
      g_autoptr (PatronPlot) boxes = build (table, &spec);
      assert_categories (boxes, cases[c].expected);
    }
}

/* One bar of everything else that would dwarf the others is said rather than drawn. */
static void
test_others (void)
{
  enum { N = 400 };
  const char *names[N];
  char store[N][16];
  double values[N];
  for (int i = 0; i < N; i++)
    {
      g_snprintf (store[i], sizeof store[i], "item %c%c", 'a' + (i % 100) / 10, 'a' + i % 10);
      names[i] = i < 10 ? "top" : store[i];
      values[i] = 1;
    }
  g_autoptr (PatronTable) table = two_columns (names, values, N);
  PatronPlotSpec spec = spec_of (PATRON_PLOT_BAR, "name", "");
  spec.most = 5;
  g_autoptr (PatronPlot) plot = build (table, &spec);
  g_autofree char *caption = patron_text_render (plot->chart->caption);
  const PatronSeries *series = plot->chart->series->pdata[0];
  g_assert_cmpuint (plot->chart->x.categories->len, ==, 4);
  g_assert_cmpuint (series->n, ==, 4);
  g_assert_cmpuint (plot->n_left_out, ==, 0);
  g_assert_cmpstr (caption, ==, "“top” is the most frequent: 10 of 400 rows (2.5%). Not drawn: 97 rarer values with 378 rows.");
  spec.most = 90;   /* twelve values with 38 rows */
  g_autoptr (PatronPlot) many = build (table, &spec);
  g_assert_cmpuint (many->chart->x.categories->len, ==, 89);
  spec.most = 98;   /* four values with 12 rows: a bar like the others */
  g_autoptr (PatronPlot) few = build (table, &spec);
  g_assert_cmpuint (few->chart->x.categories->len, ==, 98);
}

/* Every group shows values beyond its whiskers at both ends, however many the group before it has. */
static void
test_outliers (void)
{
  enum { N = 16000 };
  g_autofree const char **names = g_new (const char *, N);
  g_autofree double *values = g_new (double, N);
  for (int i = 0; i < N; i++)
    {
      names[i] = i % 4 < 2 ? "alpha" : "beta";
      values[i] = i % 40 == 0 ? -100 - i : i % 40 == 39 ? 100 + i : i % 5;
    }
  g_autoptr (PatronTable) table = two_columns (names, values, N);
  PatronPlotSpec spec = spec_of (PATRON_PLOT_BOX, "name", "value");
  g_autoptr (PatronPlot) plot = build (table, &spec);
  gboolean seen[2][2] = { { FALSE } };
  gsize drawn = 0;
  for (guint s = 0; s < plot->chart->series->len; s++)
    {
      const PatronSeries *series = plot->chart->series->pdata[s];
      for (gsize i = 0; series->style == PATRON_SERIES_POINTS && i < series->n; i++)
        {
          seen[(int) series->x[i]][series->y[i] > 0] = TRUE;
          drawn++;
        }
    }
  g_assert_cmpuint (drawn, <=, 400);
  g_autofree char *caption = patron_text_render (plot->chart->caption);
  g_assert_nonnull (strstr (caption, "400 of 800"));
  g_assert_true (seen[0][0] && seen[1][1]);   /* alpha has low ones, beta high ones */
}

/* A year of dates: twelve months, the count of each in it. */
static void
test_months (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_LINE, "day", "");
  spec.step = PATRON_PLOT_STEP_MONTH;
  g_autoptr (PatronPlot) plot = build (table, &spec);
  const PatronSeries *series = plot->chart->series->pdata[0];
  g_assert_cmpuint (series->n, ==, 12);
  g_assert_cmpfloat (series->x[0], ==, patron_date_from_ymd (2020, 1, 1));
  g_assert_cmpfloat (series->x[2], ==, patron_date_from_ymd (2020, 3, 1));
  g_assert_cmpfloat (series->y[0], ==, 62);    /* days 0 … 30 twice: 365 < 600 < 730 */
  g_assert_cmpfloat (series->y[1], ==, 58);    /* 29 days in February 2020 */
}

/* The same sample at any number of threads, each row behind at most one point, and its point where the row says. */
static void
test_sample (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_SCATTER, "age", "spend");
  spec.sample = 100;
  g_strlcpy (spec.facet, "churn", sizeof spec.facet);
  g_autoptr (PatronPlot) plot = build (table, &spec), again = build (table, &spec);
  const double *spend = patron_column_doubles (patron_table_find (table, "spend"), NULL);
  gsize drawn = 0;
  g_assert_cmpuint (plot->n_unsampled, ==, ROWS - 1 - 100);
  g_assert_cmpuint (plot->n_left_out, ==, 1);
  g_assert_cmpuint (plot->chart->panels->len, ==, 2);
  for (gsize i = 0; i < ROWS; i++)
    {
      g_assert_cmpint (plot->series[i], ==, again->series[i]);
      if (plot->series[i] < 0)
        continue;
      const PatronSeries *series = plot->chart->series->pdata[plot->series[i]];
      g_assert_cmpfloat (series->y[plot->mark[i]], ==, spend[i]);
      g_assert_cmpuint (series->panel, ==, i % 4 == 0);
      drawn++;
    }
  g_assert_cmpuint (drawn, ==, 100);
}

/* Every kind, with every column in every place: a chart that can be stored, or one sentence. */
static void
test_any (void)
{
  g_autoptr (PatronTable) table = make_table ();
  static const char *const names[] = { "", "city", "spend", "age", "day", "churn" };
  for (int kind = PATRON_PLOT_AUTO; kind <= PATRON_PLOT_QQ; kind++)
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          PatronPlotSpec spec = spec_of ((PatronPlotKind) kind, names[i], names[j]);
          g_strlcpy (spec.facet, (i + j) % 2 == 0 ? "city" : "", sizeof spec.facet);
          g_strlcpy (spec.colour, names[(i + 2 * j) % G_N_ELEMENTS (names)], sizeof spec.colour);
          g_autoptr (GError) error = NULL;
          g_autoptr (PatronPlot) plot = patron_plot_build (table, &spec, NULL, &error);
          g_assert_true ((plot != NULL) == (error == NULL));
          if (plot == NULL)
            {
              g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
              continue;
            }
          g_autoptr (JsonBuilder) builder = json_builder_new ();
          patron_chart_to_json (plot->chart, builder);
          g_autoptr (JsonNode) root = json_builder_get_root (builder);
          g_autoptr (PatronChart) back = patron_chart_from_json (json_node_get_object (root));
          g_assert_nonnull (back);
          for (gsize r = 0; r < ROWS; r++)
            if (plot->series[r] >= 0 && plot->chart->cells == NULL)
              g_assert_cmpuint (plot->mark[r], <, ((PatronSeries *) plot->chart->series->pdata[plot->series[r]])->n);
        }
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (GError) error = NULL;
  PatronPlotSpec spec = spec_of (PATRON_PLOT_SCATTER, "city", "spend");
  g_assert_null (patron_plot_build (table, &spec, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_assert_nonnull (strstr (error->message, "city"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/plot/bars", test_bars);
  g_test_add_func ("/plot/means", test_means);
  g_test_add_func ("/plot/histogram", test_histogram);
  g_test_add_func ("/plot/same-bins", test_same_bins);
  g_test_add_func ("/plot/logarithmic", test_logarithmic);
  g_test_add_func ("/plot/missing", test_missing);
  g_test_add_func ("/plot/rows", test_rows);
  g_test_add_func ("/plot/ordered-names", test_ordered_names);
  g_test_add_func ("/plot/others", test_others);
  g_test_add_func ("/plot/outliers", test_outliers);
  g_test_add_func ("/plot/months", test_months);
  g_test_add_func ("/plot/sample", test_sample);
  g_test_add_func ("/plot/any", test_any);
  g_test_add_func ("/plot/refused", test_refused);
  return g_test_run ();
}
