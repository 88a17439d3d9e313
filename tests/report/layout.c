/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout.h"

#include <math.h>
#include <string.h>

/* A typewriter: each character is 6 wide, each line 12 high. */
static void
measure (const char *text, PatronLayoutRole role, double wrap, double *width, double *height, gpointer data)
{
  double line = 0;
  *width = 0;
  *height = 12;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      line += 6;
      if (*p == '\n' || (wrap > 0 && line > wrap))
        {
          line = 6;
          *height += 12;
        }
      *width = MAX (*width, line);
    }
}

static const PatronLayoutOptions options = { .measure = measure, .spacing = 8, .title = TRUE };

static void
assert_ticks (PatronAxisKind kind, double min, double max, guint target, const double *expected, guint n)
{
  g_autoptr(GArray) ticks = patron_ticks (kind, min, max, target);
  g_assert_cmpuint (ticks->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (g_array_index (ticks, double, i), expected[i], 1e-9 * MAX (1, fabs (expected[i])));
}

/* Heckbert's own examples: 105 … 543 with five labels is 100 … 600 by hundreds, 2.04 … 2.16 is 2.04 … 2.16 by 0.02 or wider. */
static void
test_linear_ticks (void)
{
  assert_ticks (PATRON_AXIS_LINEAR, 105, 543, 5, (const double[]) { 100, 200, 300, 400, 500, 600 }, 6);
  assert_ticks (PATRON_AXIS_LINEAR, 0, 1, 6, (const double[]) { 0, 0.2, 0.4, 0.6, 0.8, 1 }, 6);
  assert_ticks (PATRON_AXIS_LINEAR, -3, 7, 3, (const double[]) { -5, 0, 5, 10 }, 4);
}

static void
test_date_ticks (void)
{
  /* 2010-01-01 is day 14610. */
  assert_ticks (PATRON_AXIS_DATE, 14610, 14615, 6, (const double[]) { 14610, 14611, 14612, 14613, 14614, 14615 }, 6);
  assert_ticks (PATRON_AXIS_DATE, 14610, 14610 + 181, 7, (const double[]) { 14610, 14641, 14669, 14700, 14730, 14761, 14791 }, 7);
  assert_ticks (PATRON_AXIS_DATE, 14610, 14610 + 730, 3, (const double[]) { 14610, 14975, 15340 }, 3);
  /* A date typed wrong, in the year 4: every 500 years from the year 0. */
  assert_ticks (PATRON_AXIS_DATE, -718000, 20000, 5, (const double[]) { -719528, -536906, -354285, -171664, 10957, 193579 }, 6);
  PatronAxis axis = { .kind = PATRON_AXIS_DATE };
  g_autoptr(GArray) years = patron_ticks (PATRON_AXIS_DATE, 14610, 15340, 3);
  g_autoptr(GArray) months = patron_ticks (PATRON_AXIS_DATE, 14610, 14791, 7);
  g_autofree char *year = patron_tick_label (&axis, years, 1);
  g_assert_cmpstr (year, ==, "2011");
  g_autofree char *month = patron_tick_label (&axis, months, 2);
  g_assert_cmpstr (month, ==, "2010-03");
}

static void
test_log_ticks (void)
{
  assert_ticks (PATRON_AXIS_LOG, 1, 1000, 4, (const double[]) { 1, 10, 100, 1000 }, 4);
  assert_ticks (PATRON_AXIS_LOG, 2, 40, 6, (const double[]) { 1, 2, 5, 10, 20, 50, 100 }, 7);
}

/* Whatever the range, ticks are finite, in order, few, and cover it. */
static void
test_any_ticks (void)
{
  const double values[] = { -INFINITY, -1e308, -1e15, -2.9e7, -7e5, -1, -1e-300, 0, 5e-324, 1e-9, 0.1, 1, 3.3, 2.9e7, 1e9, 1e16, 1.7e308, INFINITY, NAN };
  for (int kind = PATRON_AXIS_LINEAR; kind <= PATRON_AXIS_CATEGORY; kind++)
    for (guint i = 0; i < G_N_ELEMENTS (values); i++)
      for (guint j = 0; j < G_N_ELEMENTS (values); j++)
        {
          g_autoptr(GArray) ticks = patron_ticks (kind, values[i], values[j], 5);
          g_assert_cmpuint (ticks->len, >=, 1);
          g_assert_cmpuint (ticks->len, <=, 500);
          for (guint t = 0; t < ticks->len; t++)
            g_assert_true (isfinite (g_array_index (ticks, double, t)));
          for (guint t = 1; t < ticks->len; t++)
            g_assert_true (g_array_index (ticks, double, t) >= g_array_index (ticks, double, t - 1));
        }
}

static void
test_tick_labels (void)
{
  PatronAxis axis = { .kind = PATRON_AXIS_LINEAR, .format = PATRON_FORMAT_MONEY };
  const struct { double min, max; PatronFormat format; const char *second; } cases[] = {
    { 0, 1, PATRON_FORMAT_PERCENT, "20%" }, { 0, 0.01, PATRON_FORMAT_PERCENT, "0.2%" }, { 0, 10, PATRON_FORMAT_NUMBER, "2" },
    { 0, 0.5, PATRON_FORMAT_NUMBER, "0.1" }, { 0, 50000, PATRON_FORMAT_COUNT, "10,000" }, { 0, 5e5, PATRON_FORMAT_MONEY, "100 k" },
    { 0, 5e6, PATRON_FORMAT_MONEY, "1 M" }, { 0, 2.5e6, PATRON_FORMAT_MONEY, "0.5 M" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      axis.format = cases[i].format;
      g_autoptr(GArray) ticks = patron_ticks (PATRON_AXIS_LINEAR, cases[i].min, cases[i].max, 6);
      g_autofree char *label = patron_tick_label (&axis, ticks, 1);
      g_assert_cmpstr (label, ==, cases[i].second);
    }
}

static void
test_scale (void)
{
  const PatronScaleMap linear = { PATRON_AXIS_LINEAR, 0, 10, 100, 200 }, log = { PATRON_AXIS_LOG, 1, 100, 200, 0 };
  g_assert_cmpfloat (patron_scale_to_pixel (&linear, 5), ==, 150);
  g_assert_cmpfloat (patron_scale_from_pixel (&linear, 125), ==, 2.5);
  g_assert_cmpfloat (patron_scale_to_pixel (&log, 10), ==, 100);
  g_assert_cmpfloat_with_epsilon (patron_scale_from_pixel (&log, 50), 31.6227766016838, 1e-9);
  g_assert_true (isnan (patron_scale_to_pixel (&log, 0)));
}

/* Width 2 · 49.5 · 100^(-1/3) = 21.3, the next round one 25; numpy.histogram over these edges counts 25 in each. */
static void
test_histogram (void)
{
  double values[100], counts[1000];
  for (int i = 0; i < 100; i++)
    values[i] = i;
  g_autoptr(GArray) edges = patron_histogram_edges (values, 100, 30, FALSE);
  patron_histogram_count (values, 100, edges, counts);
  g_assert_cmpuint (edges->len, ==, 5);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpfloat (g_array_index (edges, double, i), ==, i * 25);
      g_assert_cmpfloat (counts[i], ==, 25);
    }
  const double dice[] = { 1, 1, 2, 3, 3, 3, 6 };
  g_autoptr(GArray) faces = patron_histogram_edges (dice, 7, 30, TRUE);
  patron_histogram_count (dice, 7, faces, counts);
  g_assert_cmpfloat (g_array_index (faces, double, 0), ==, 0.5);
  g_assert_cmpfloat (counts[0], ==, 2);
  g_assert_cmpfloat (counts[2], ==, 3);
}

/* Every value is counted once, whatever the values. */
static void
test_any_histogram (void)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (7);
  for (int round = 0; round < 400; round++)
    {
      double values[200], counts[1000], total = 0, expected = 0;
      guint n = (guint) g_rand_int_range (random, 0, 200), max_bins = (guint) g_rand_int_range (random, 1, 60);
      gboolean integers = round % 2;
      double scale = pow (10, g_rand_double_range (random, -12, 12)), shift = g_rand_double_range (random, -3, 3) * scale;
      for (guint i = 0; i < n; i++)
        {
          values[i] = g_rand_double (random) * (round % 5 == 0 ? 0 : scale) + shift;
          if (integers)
            values[i] = floor (values[i]);
          if (i % 17 == 3)
            values[i] = i % 2 ? NAN : INFINITY;
          expected += isfinite (values[i]);
        }
      g_autoptr(GArray) edges = patron_histogram_edges (values, n, max_bins, integers);
      g_assert_cmpuint (edges->len, >=, 2);
      g_assert_cmpuint (edges->len, <=, max_bins + 2);
      for (guint i = 1; i < edges->len; i++)
        g_assert_cmpfloat (g_array_index (edges, double, i), >, g_array_index (edges, double, i - 1));
      patron_histogram_count (values, n, edges, counts);
      for (guint i = 0; i + 1 < edges->len; i++)
        total += counts[i];
      g_assert_cmpfloat (total, ==, expected);
    }
}

/* ---- whole charts ------------------------------------------------------------------------------------------------------ */

static PatronChart *
sample_chart (PatronChartKind kind, guint n, gboolean horizontal, gboolean stacked)
{
  PatronChart *chart = patron_chart_new ("sample", kind, patron_text_plain ("A chart"));
  PatronAxis *names = horizontal ? &chart->y : &chart->x, *values = horizontal ? &chart->x : &chart->y;
  g_autofree double *x = g_new (double, n + 1), *y = g_new (double, n + 1), *low = g_new (double, n + 1), *high = g_new (double, n + 1);
  patron_chart_set_caption (chart, patron_text_plain ("How to read it, in one line."));
  patron_axis_set (values, PATRON_AXIS_LINEAR, PATRON_FORMAT_MONEY, patron_text_plain ("Money"));
  for (guint i = 0; i <= n; i++)
    {
      x[i] = i;
      y[i] = 1000 * sin (i * 0.7) + 800;
      low[i] = y[i] - 200;
      high[i] = y[i] + 200;
      if (i < n && (kind == PATRON_CHART_BAR || kind == PATRON_CHART_BOX || kind == PATRON_CHART_HEAT_MAP))
        {
          g_autofree char *name = g_strdup_printf ("Category number %u", i);
          patron_axis_add_name (names, name);
        }
    }
  chart->horizontal = horizontal;
  chart->stacked = stacked;
  chart->value_labels = TRUE;
  for (guint s = 0; s < 3 && kind != PATRON_CHART_HEAT_MAP; s++)
    {
      g_autofree char *name = g_strdup_printf ("Series %u", s);
      PatronSeriesStyle style = kind == PATRON_CHART_BAR || kind == PATRON_CHART_HISTOGRAM ? PATRON_SERIES_BARS
                                : kind == PATRON_CHART_LINE                                ? PATRON_SERIES_LINE
                                                                                           : PATRON_SERIES_POINTS;
      PatronSeries *series = patron_chart_add_series (chart, patron_text_plain (name), style, n, x, y);
      if (kind == PATRON_CHART_BOX)
        patron_series_set_box (series, low, high, low, high);
      else if (!stacked)
        patron_series_set_interval (series, low, high);
    }
  if (kind != PATRON_CHART_HEAT_MAP && !horizontal)
    patron_chart_add_series (chart, patron_text_plain ("Reference"), PATRON_SERIES_REFERENCE, 2, (const double[]) { 0, n - 1.0 },
                             (const double[]) { 500, 500 });
  if (kind == PATRON_CHART_HEAT_MAP)
    {
      g_autofree double *cells = g_new (double, n * n);
      for (guint i = 0; i < n * n; i++)
        cells[i] = i % 7 == 3 ? NAN : i;
      for (guint i = 0; i < n; i++)
        patron_axis_add_name (&chart->y, "row");
      patron_chart_set_cells (chart, n, n, cells);
    }
  return chart;
}

static gboolean
overlap (const PatronRect *a, const PatronRect *b)
{
  const double slack = 0.01;
  return a->x + slack < b->x + b->width && b->x + slack < a->x + a->width && a->y + slack < b->y + b->height && b->y + slack < a->y + a->height;
}

static void
assert_tidy (const PatronLayout *layout, const char *what)
{
  const double slack = 0.5;
  for (guint i = 0; i < layout->texts->len; i++)
    {
      const PatronLayoutText *text = &g_array_index (layout->texts, PatronLayoutText, i);
      if (text->slanted)
        continue;
      if (text->box.x < -slack || text->box.y < -slack || text->box.x + text->box.width > layout->width + slack
          || text->box.y + text->box.height > layout->height + slack)
        g_error ("%s: “%s” sticks out: %g %g %g %g of %g × %g", what, text->text, text->box.x, text->box.y, text->box.width, text->box.height,
                 layout->width, layout->height);
      for (guint j = 0; j < i; j++)
        {
          const PatronLayoutText *other = &g_array_index (layout->texts, PatronLayoutText, j);
          if (!other->slanted && overlap (&text->box, &other->box))
            g_error ("%s: “%s” lies over “%s”", what, text->text, other->text);
        }
    }
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronRect *box = &g_array_index (layout->marks, PatronMark, i).box;
      g_assert_true (isfinite (box->x + box->y + box->width + box->height));
      g_assert_true (box->width >= 0 && box->height >= 0);
    }
}

static void
test_tidy (void)
{
  const double sizes[][2] = { { 320, 200 }, { 600, 360 }, { 1200, 700 }, { 200, 600 }, { 60, 40 }, { 1, 1 } };
  const guint counts[] = { 1, 4, 12, 40 };
  for (int kind = PATRON_CHART_BAR; kind <= PATRON_CHART_BOX; kind++)
    for (guint c = 0; c < G_N_ELEMENTS (counts); c++)
      for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
        for (int variant = 0; variant < 4; variant++)
          {
            gboolean horizontal = variant & 1 && (kind == PATRON_CHART_BAR || kind == PATRON_CHART_BOX);
            g_autoptr(PatronChart) chart = sample_chart (kind, counts[c], horizontal, variant & 2 && kind == PATRON_CHART_BAR);
            g_autoptr(PatronLayout) layout = patron_layout_new (chart, sizes[s][0], sizes[s][1], &options);
            g_autofree char *what = g_strdup_printf ("%s %u at %g × %g, variant %d", patron_chart_kind_id (kind), counts[c], sizes[s][0], sizes[s][1],
                                                     variant);
            assert_tidy (layout, what);
          }
}

/* Bars stand on zero and reach their values; stacked ones stand on one another. */
static void
test_bars (void)
{
  PatronChart *chart = patron_chart_new ("b", PATRON_CHART_BAR, NULL);
  for (int i = 0; i < 2; i++)
    patron_axis_add_name (&chart->x, "n");
  patron_chart_add_series (chart, patron_text_plain ("a"), PATRON_SERIES_BARS, 2, NULL, (const double[]) { 10, -5 });
  patron_chart_add_series (chart, patron_text_plain ("b"), PATRON_SERIES_BARS, 2, NULL, (const double[]) { 20, -5 });
  chart->stacked = TRUE;
  g_autoptr(PatronLayout) layout = patron_layout_new (chart, 400, 300, &options);
  const PatronMark *marks = (const PatronMark *) (gpointer) layout->marks->data;
  double zero = patron_scale_to_pixel (&layout->y, 0), ten = patron_scale_to_pixel (&layout->y, 10), thirty = patron_scale_to_pixel (&layout->y, 30);
  g_assert_cmpuint (layout->marks->len, ==, 4);
  g_assert_cmpfloat_with_epsilon (marks[0].box.y, ten, 1e-6);
  g_assert_cmpfloat_with_epsilon (marks[0].box.y + marks[0].box.height, zero, 1e-6);
  g_assert_cmpfloat_with_epsilon (marks[2].box.y, thirty, 1e-6);
  g_assert_cmpfloat_with_epsilon (marks[2].box.y + marks[2].box.height, ten, 1e-6);
  g_assert_cmpfloat_with_epsilon (marks[1].box.y, zero, 1e-6);
  g_assert_cmpfloat_with_epsilon (marks[3].box.y, marks[1].box.y + marks[1].box.height, 1e-6);
  patron_chart_free (chart);
}

/* Long names: the first bar has its name as well, and names that differ only at their ends can be told apart. */
static void
test_long_names (void)
{
  enum { N = 12 };
  g_autoptr(PatronChart) chart = patron_chart_new ("sales", PATRON_CHART_BAR, NULL);
  double y[N];
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, NULL);
  for (int i = 0; i < N; i++)
    {
      g_autofree char *name = g_strdup_printf ("a very long name of an article, number %d", i + 1);
      y[i] = 100 - i;
      patron_axis_add_name (&chart->x, name);
    }
  patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, N, NULL, y);
  g_autoptr(PatronLayout) layout = patron_layout_new (chart, 420, 300, &options);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < layout->texts->len; i++)
    {
      const PatronLayoutText *text = &g_array_index (layout->texts, PatronLayoutText, i);
      if (text->slanted && strlen (text->text) > 12)
        g_assert_true (g_hash_table_add (seen, text->text));
      if (text->slanted)
        g_assert_cmpfloat (text->box.x + text->box.width - text->box.width / G_SQRT2, >=, -8);
    }
  g_assert_cmpuint (g_hash_table_size (seen), >=, N - 3);
  guint slanted = 0;
  for (guint i = 0; i < layout->texts->len; i++)
    slanted += g_array_index (layout->texts, PatronLayoutText, i).slanted;
  g_assert_cmpuint (slanted, ==, N);
}

static void
test_find (void)
{
  g_autoptr(PatronChart) chart = patron_chart_new ("s", PATRON_CHART_SCATTER, NULL);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text_plain ("Orders"));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text_plain ("Share"));
  PatronSeries *series = patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, 3, (const double[]) { 1, 5, NAN },
                                                  (const double[]) { 0.1, 0.9, 0.5 });
  patron_series_add_label (series, "first");
  patron_series_add_label (series, "第二");
  patron_series_add_label (series, "nowhere");
  g_autoptr(PatronLayout) layout = patron_layout_new (chart, 400, 300, &options);
  g_assert_cmpuint (layout->marks->len, ==, 2);
  const PatronMark *mark = &g_array_index (layout->marks, PatronMark, 1);
  g_assert_cmpint (patron_layout_find (layout, mark->box.x + 3, mark->box.y - 2), ==, 1);
  g_assert_cmpint (patron_layout_find (layout, mark->box.x - 80, mark->box.y), ==, -1);
  g_autofree char *text = patron_layout_describe (layout, 1), *nothing = patron_layout_describe (layout, -1);
  g_assert_cmpstr (text, ==, "第二\nOrders: 5\nShare: 90.0%");
  g_assert_cmpstr (nothing, ==, "");
  g_autoptr(GArray) chosen = patron_layout_select (layout, &(PatronRect) { mark->box.x - 1, mark->box.y - 1, 2, 2 });
  g_assert_cmpuint (chosen->len, ==, 1);
  g_assert_cmpuint (g_array_index (chosen, guint, 0), ==, 1);
}

/* A line with a million readings is drawn from a few for each pixel column, and keeps its extremes. */
static void
test_long_line (void)
{
  const gsize n = 200000;
  g_autofree double *x = g_new (double, n), *y = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      x[i] = (double) i;
      y[i] = i == 77777 ? 500 : sin ((double) i / 9000);
    }
  g_autoptr(PatronChart) chart = patron_chart_new ("l", PATRON_CHART_LINE, NULL);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_LINE, n, x, y);
  g_autoptr(PatronLayout) layout = patron_layout_new (chart, 500, 300, &options);
  const PatronLayoutPath *path = layout->paths->pdata[0];
  const double *pair = (const double *) (gpointer) path->points->data;
  double highest = INFINITY;
  g_assert_cmpuint (path->points->len, <=, 2004);
  for (guint i = 0; i < path->points->len; i++)
    highest = MIN (highest, pair[2 * i + 1]);
  g_assert_cmpfloat_with_epsilon (highest, patron_scale_to_pixel (&layout->y, 500), 1e-6);
}

/* Values that stored reports can hold and no chart should: nothing breaks. */
static void
test_hostile (void)
{
  const double odd[] = { NAN, INFINITY, -INFINITY, 1e308, -1e308, 5e-324, 0, -0.0, 1e16, -7 };
  for (int kind = PATRON_CHART_BAR; kind <= PATRON_CHART_MOSAIC; kind++)
    for (int axis = PATRON_AXIS_LINEAR; axis <= PATRON_AXIS_CATEGORY; axis++)
      for (int empty = 0; empty < 2; empty++)
        {
          g_autoptr(PatronChart) chart = patron_chart_new ("odd", kind, NULL);
          gsize n = empty ? 0 : G_N_ELEMENTS (odd) - 1;
          chart->x.kind = chart->y.kind = axis;
          chart->stacked = axis % 2;
          chart->value_labels = TRUE;
          chart->horizontal = empty;
          for (int style = PATRON_SERIES_POINTS; style <= PATRON_SERIES_REFERENCE; style++)
            {
              PatronSeries *series = patron_chart_add_series (chart, patron_text_plain ("s"), style, n, odd, odd);
              patron_series_set_box (series, odd, odd, odd, odd);
              series->colour = style * 1000;
              if (axis % 2 == 0)
                patron_series_set_sizes (series, odd);
              series->panel = empty && axis > PATRON_AXIS_LOG ? style % 2 : 0;
            }
          patron_chart_set_cells (chart, 3, 3, odd);
          if (axis == PATRON_AXIS_LOG)
            patron_chart_set_shades (chart, odd);
          for (int panel = 0; panel < 2 && empty && axis > PATRON_AXIS_LOG; panel++)
            patron_chart_add_panel (chart, patron_text_plain ("panel"));
          g_autoptr(PatronLayout) layout = patron_layout_new (chart, 300, 200, &options);
          for (guint i = 0; i < layout->marks->len; i++)
            {
              g_autofree char *text = patron_layout_describe (layout, (int) i);
              g_assert_nonnull (text);
            }
          patron_layout_find (layout, 100, 100);
        }
}

static const PatronMark *
mark_at (const PatronLayout *layout, guint i)
{
  return &g_array_index (layout->marks, PatronMark, i);
}

/* Tiles fill the plot in proportion to their counts, and each says its share of its column. */
static void
test_mosaic (void)
{
  g_autoptr(PatronChart) chart = patron_chart_new ("m", PATRON_CHART_MOSAIC, NULL);
  const double counts[] = { 30, 10, 10, 50 };
  for (int i = 0; i < 2; i++)
    {
      patron_axis_add_name (&chart->x, i == 0 ? "a" : "b");
      patron_axis_add_name (&chart->y, i == 0 ? "yes" : "no");
    }
  patron_chart_set_cells (chart, 2, 2, counts);
  g_autoptr(PatronLayout) layout = patron_layout_new (chart, 600, 400, &options);
  double plot = layout->plot.width * layout->plot.height;
  g_assert_cmpuint (layout->marks->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      const PatronMark *mark = mark_at (layout, i);
      double width = mark->box.width + 1.5, height = mark->box.height + 1.5;   /* with its gap */
      g_assert_cmpfloat_with_epsilon (width * height / plot, counts[mark->index] / 100, 1e-9);
      if (mark->index == 0)
        {
          g_autofree char *text = patron_layout_describe (layout, (int) i);
          g_assert_nonnull (strstr (text, "75"));
          g_assert_cmpint (patron_layout_find (layout, mark->box.x + 3, mark->box.y + 3), ==, (int) i);
        }
    }
}

/* The area of a bubble is its size; of two that lie over each other the smaller one is met. */
static void
test_bubbles (void)
{
  g_autoptr(PatronChart) chart = patron_chart_new ("b", PATRON_CHART_SCATTER, NULL);
  const double x[] = { 1, 1, 5 }, y[] = { 1, 1, 5 }, size[] = { 25, 100, 100 };
  patron_series_set_sizes (patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, 3, x, y), size);
  g_autoptr(PatronLayout) layout = patron_layout_new (chart, 600, 400, &options);
  const PatronMark *first = mark_at (layout, 0), *last = mark_at (layout, 2);
  g_assert_cmpint (first->kind, ==, PATRON_MARK_BUBBLE);
  g_assert_cmpuint (last->index, ==, 0);
  g_assert_cmpfloat_with_epsilon (first->box.width / last->box.width, 2, 1e-9);
  g_assert_cmpint (patron_layout_find (layout, last->box.x + last->box.width / 2, last->box.y + last->box.width / 2), ==, 2);
}

/* Equal scales in every panel, plots of equal size that do not touch, each with its own marks. */
static void
test_panels (void)
{
  g_autoptr(PatronChart) chart = patron_chart_new ("p", PATRON_CHART_SCATTER, NULL);
  const double x[] = { 0, 10 }, y[] = { 0, 100 };
  for (guint p = 0; p < 5; p++)
    {
      g_autofree char *name = g_strdup_printf ("panel %u", p);
      patron_chart_add_panel (chart, patron_text_plain (name));
      patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, p == 3 ? 2 : 1, x, y)->panel = p;
    }
  g_autoptr(PatronLayout) layout = patron_layout_new (chart, 600, 400, &options);
  g_assert_cmpuint (layout->panels->len, ==, 5);
  const PatronRect *first = &g_array_index (layout->panels, PatronRect, 0);
  for (guint p = 0; p < 5; p++)
    {
      const PatronRect *plot = &g_array_index (layout->panels, PatronRect, p);
      g_assert_cmpfloat_with_epsilon (plot->width, first->width, 1e-6);
      g_assert_cmpfloat_with_epsilon (plot->height, first->height, 1e-6);
      g_assert_true (plot->x >= 0 && plot->x + plot->width <= 600 && plot->y >= 0 && plot->y + plot->height <= 400);
      for (guint q = 0; q < p; q++)
        {
          const PatronRect *other = &g_array_index (layout->panels, PatronRect, q);
          g_assert_true (plot->x >= other->x + other->width || plot->y >= other->y + other->height || other->x >= plot->x + plot->width);
        }
    }
  const PatronRect *home = &g_array_index (layout->panels, PatronRect, 0);
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronMark *mark = mark_at (layout, i);
      PatronRect plot = patron_layout_plot_of (layout, mark);
      if (mark->index == 0)   /* the same value lies at the same place of each panel */
        {
          g_assert_cmpfloat_with_epsilon (mark->box.x - plot.x, mark_at (layout, 0)->box.x - home->x, 1e-6);
          g_assert_cmpfloat_with_epsilon (mark->box.y - plot.y, mark_at (layout, 0)->box.y - home->y, 1e-6);
        }
    }
}

/* Filled series stand on each other, and a gap parts both line and band. */
static void
test_areas (void)
{
  g_autoptr(PatronChart) chart = patron_chart_new ("a", PATRON_CHART_LINE, NULL);
  const double x[] = { 0, 1, 2 }, y[] = { 1, 2, 1 };
  chart->stacked = TRUE;
  for (int i = 0; i < 2; i++)
    patron_chart_add_series (chart, patron_text_plain ("s"), PATRON_SERIES_AREA, 3, x, y);
  g_autoptr(PatronLayout) layout = patron_layout_new (chart, 600, 400, &options);
  g_assert_cmpfloat (layout->y.max, >=, 4);
  const PatronMark *lower = mark_at (layout, 1), *upper = mark_at (layout, 4);
  g_assert_cmpfloat_with_epsilon (patron_scale_from_pixel (&layout->y, lower->box.y), 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (patron_scale_from_pixel (&layout->y, upper->box.y), 4, 1e-9);

  g_autoptr(PatronChart) gap = patron_chart_new ("g", PATRON_CHART_LINE, NULL);
  const double at[] = { 0, 1, 2, 3, 4 }, value[] = { 1, 1, NAN, 1, 1 };
  patron_series_set_interval (patron_chart_add_series (gap, NULL, PATRON_SERIES_LINE, 5, at, value), value, value);
  g_autoptr(PatronLayout) parts = patron_layout_new (gap, 600, 400, &options);
  guint areas = 0;
  for (guint i = 0; i < parts->paths->len; i++)
    areas += ((PatronLayoutPath *) parts->paths->pdata[i])->style == PATRON_SERIES_AREA;
  g_assert_cmpuint (areas, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/linear-ticks", test_linear_ticks);
  g_test_add_func ("/layout/date-ticks", test_date_ticks);
  g_test_add_func ("/layout/log-ticks", test_log_ticks);
  g_test_add_func ("/layout/any-ticks", test_any_ticks);
  g_test_add_func ("/layout/tick-labels", test_tick_labels);
  g_test_add_func ("/layout/scale", test_scale);
  g_test_add_func ("/layout/histogram", test_histogram);
  g_test_add_func ("/layout/any-histogram", test_any_histogram);
  g_test_add_func ("/layout/tidy", test_tidy);
  g_test_add_func ("/layout/bars", test_bars);
  g_test_add_func ("/layout/long-names", test_long_names);
  g_test_add_func ("/layout/find", test_find);
  g_test_add_func ("/layout/long-line", test_long_line);
  g_test_add_func ("/layout/hostile", test_hostile);
  g_test_add_func ("/layout/mosaic", test_mosaic);
  g_test_add_func ("/layout/bubbles", test_bubbles);
  g_test_add_func ("/layout/panels", test_panels);
  g_test_add_func ("/layout/areas", test_areas);
  return g_test_run ();
}
