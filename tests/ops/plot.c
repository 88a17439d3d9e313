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
          g_autoptr (GArray) rows = patron_plot_rows (plot, (gint32) s, k);
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
      g_autoptr (GArray) rows = patron_plot_rows (plot, 0, k);
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
      g_autoptr (GArray) rows = patron_plot_rows (plot, 0, b);
      g_assert_cmpfloat (series->y[b], ==, rows->len);
      sum += series->y[b];
      for (guint r = 0; r < rows->len; r++)
        g_assert_true (spend[g_array_index (rows, guint32, r)] >= series->x[b] && spend[g_array_index (rows, guint32, r)] <= series->x[b + 1]);
    }
  g_assert_cmpfloat (sum, ==, ROWS - 1);
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
  g_test_add_func ("/plot/months", test_months);
  g_test_add_func ("/plot/sample", test_sample);
  g_test_add_func ("/plot/any", test_any);
  g_test_add_func ("/plot/refused", test_refused);
  return g_test_run ();
}
