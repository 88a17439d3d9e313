/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot-private.h"

#include "base/memory.h"
#include "base/order.h"
#include "table/column.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MAX_READINGS = 2000 };

/* One slot's rows by position: values gathered for the aggregate, and each row's mark. */
typedef struct
{
  gsize   n_positions;
  gsize  *start;       /* n_positions + 1 */
  double *values;      /* of y, by position; missing ones left out */
  gsize  *filled;      /* n_positions: values there */
} Gathered;

/* position: of each row of the table, -1: none. */
static gboolean
gather (PatronPlotter *self, guint slot, const gint32 *position, gsize n_positions, Gathered *g, GError **error)
{
  gsize rows = self->start[slot + 1] - self->start[slot];
  *g = (Gathered) { .n_positions = n_positions, .start = g_new0 (gsize, n_positions + 2), .filled = g_new0 (gsize, n_positions + 1) };
  g->values = patron_try_alloc (rows, sizeof *g->values, _("the chart"), error);
  if (g->values == NULL)
    return FALSE;
  for (gsize k = self->start[slot]; k < self->start[slot + 1]; k++)
    if (position[self->rows[k]] >= 0)
      g->start[position[self->rows[k]] + 1]++;
  for (gsize p = 0; p < n_positions; p++)
    g->start[p + 1] += g->start[p];
  for (gsize k = self->start[slot]; k < self->start[slot + 1]; k++)
    {
      guint32 row = self->rows[k];
      gint32 p = position[row];
      gboolean there = self->ys != NULL && isfinite (self->ys[row]);
      if (p >= 0 && there)
        g->values[g->start[p] + g->filled[p]++] = self->ys[row];
      if (p >= 0 && (there || patron_plotter_aggregate (self) == PATRON_AGGREGATE_COUNT))
        patron_plotter_set_mark (self, row, (gint32) self->chart->series->len, (guint32) p);
    }
  return TRUE;
}

static void
gathered_clear (Gathered *g)
{
  g_free (g->start);
  g_free (g->filled);
  patron_free (g->values);
}

/* One series of a slot over all positions; x NULL: categories. */
static gboolean
add_aggregates (PatronPlotter *self, guint slot, const gint32 *position, const double *x, gsize n, PatronSeriesStyle style, GError **error)
{
  PatronPlotAggregate aggregate = patron_plotter_aggregate (self);
  Gathered g;
  gboolean ok = gather (self, slot, position, n, &g, error);
  if (ok)
    {
      g_autofree double *y = g_new (double, n + 1), *low = g_new (double, n + 1), *high = g_new (double, n + 1);
      gboolean interval = FALSE;
      for (gsize p = 0; p < n; p++)
        {
          gsize count = g.start[p + 1] - g.start[p];
          y[p] = patron_plot_aggregate (aggregate, g.values + g.start[p], g.filled[p], count, &low[p], &high[p]);
          interval |= isfinite (low[p]);
          /* Nothing there: no bar, and a gap in a line, save where the number of rows itself is shown. */
          if (count == 0 && aggregate != PATRON_AGGREGATE_COUNT)
            y[p] = NAN;
        }
      PatronSeries *series = patron_plotter_add_series (self, slot, style, n, x, y);
      if (interval && !self->chart->stacked && (style == PATRON_SERIES_BARS || self->colours.n == 1))
        patron_series_set_interval (series, low, high);
    }
  gathered_clear (&g);
  return ok;
}

/* Names without an order of their own stand by their height. */
static void
order_bars (PatronPlotter *self)
{
  PatronChart *chart = self->chart;
  PatronAxis *axis = self->spec->horizontal ? &chart->y : &chart->x;
  guint n = axis->categories->len, fixed = self->categories.n_others > 0 ? n - 1 : n;
  if (self->x == NULL || self->categories.ordered || chart->series->len == 0)
    return;
  g_autofree double *height = g_new0 (double, n + 1);
  for (guint s = 0; s < chart->series->len; s++)
    for (guint k = 0; k < n; k++)
      height[k] += isfinite (((PatronSeries *) chart->series->pdata[s])->y[k]) ? ((PatronSeries *) chart->series->pdata[s])->y[k] : 0;
  g_autofree guint *order = g_new (guint, n + 1), *place = g_new (guint, n + 1);
  for (guint k = 0; k < n; k++)
    {
      guint at = k;
      for (; at > 0 && k < fixed && height[order[at - 1]] < height[k]; at--)
        order[at] = order[at - 1];
      order[at] = k;
    }
  for (guint k = 0; k < n; k++)
    place[order[k]] = k;
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  for (guint k = 0; k < n; k++)
    g_ptr_array_add (names, axis->categories->pdata[order[k]]);
  memcpy (axis->categories->pdata, names->pdata, n * sizeof (gpointer));
  for (guint s = 0; s < chart->series->len; s++)
    {
      PatronSeries *series = chart->series->pdata[s];
      double *arrays[] = { series->y, series->low, series->high };
      for (guint a = 0; a < G_N_ELEMENTS (arrays); a++)
        if (arrays[a] != NULL)
          {
            g_autofree double *old = g_memdup2 (arrays[a], n * sizeof (double));
            for (guint k = 0; k < n; k++)
              arrays[a][k] = old[order[k]];
          }
    }
  for (gsize i = 0; i < self->n; i++)
    if (self->plot->series[i] >= 0)
      self->plot->mark[i] = place[self->plot->mark[i]];
}

/* The height of one bar, the bars of its colours together. */
static double
height_of (const PatronChart *chart, guint k)
{
  double height = 0;
  for (guint s = 0; s < chart->series->len; s++)
    {
      const PatronSeries *series = chart->series->pdata[s];
      height += isfinite (series->y[k]) ? series->y[k] : 0;
    }
  return height;
}

/* One bar of all rarer categories that is more than twice as high as the highest of the others would leave nothing of them to see. Returns what it
 * stood for, NaN: it stays. */
static double
drop_others (PatronPlotter *self)
{
  PatronChart *chart = self->chart;
  GPtrArray *names = self->spec->horizontal ? chart->y.categories : chart->x.categories;
  guint last = names->len - 1;
  PatronPlotAggregate aggregate = patron_plotter_aggregate (self);
  double highest = 0, others = height_of (chart, last);
  for (guint k = 0; k < last; k++)
    highest = MAX (highest, height_of (chart, k));
  gboolean adds_up = aggregate == PATRON_AGGREGATE_COUNT || aggregate == PATRON_AGGREGATE_SUM;
  if (self->categories.n_others == 0 || !adds_up || !(highest > 0) || !(others > 2 * highest))
    return NAN;
  g_ptr_array_set_size (names, (int) last);
  for (guint s = 0; s < chart->series->len; s++)
    ((PatronSeries *) chart->series->pdata[s])->n = last;
  for (gsize i = 0; i < self->n; i++)
    if (self->plot->series[i] >= 0 && self->plot->mark[i] == last)
      {
        self->plot->series[i] = -1;
        self->plot->n_unsampled++;
      }
  return others;
}

/* The sentence below bars of one colour that count or add up: which is the highest. others: what is not drawn, NaN: nothing. */
static PatronText *
describe_highest (const PatronPlotter *self, double others)
{
  const PatronChart *chart = self->chart;
  const GPtrArray *names = self->spec->horizontal ? chart->y.categories : chart->x.categories;
  gboolean sum = patron_plotter_aggregate (self) == PATRON_AGGREGATE_SUM;
  guint top = 0;
  double all = isnan (others) ? 0 : others;
  for (guint k = 0; k < names->len; k++)
    {
      all += height_of (chart, k);
      if (height_of (chart, k) > height_of (chart, top) && !(k + 1 == names->len && isnan (others) && self->categories.n_others > 0))
        top = k;
    }
  g_autofree char *name = patron_text_render (names->pdata[top]);
  double value = height_of (chart, top), share = all > 0 ? value / all : NAN;
  if (sum)
    return patron_text (isnan (others) ? N_("“{top}” has the largest sum, {value}.")
                        : N_("“{top}” has the largest sum, {value}. Not drawn: {others} rarer values with {rest} together."),
                        "top", PATRON_STRING (name), "value", PATRON_NUMBER (value), "others", PATRON_COUNT (self->categories.n_others), "rest",
                        PATRON_NUMBER (others), NULL);
  return patron_text (isnan (others) ? N_("“{top}” is the most frequent: {n} of {all} rows ({share}).")
                      : N_("“{top}” is the most frequent: {n} of {all} rows ({share}). Not drawn: {others} rarer values with {rest} rows."),
                      "top", PATRON_STRING (name), "n", PATRON_COUNT (value), "all", PATRON_COUNT (all), "share", PATRON_PERCENT (share),
                      "others", PATRON_COUNT (self->categories.n_others), "rest", PATRON_COUNT (others), NULL);
}

static PatronText *
describe_bars (const PatronPlotter *self, double others)
{
  PatronPlotAggregate aggregate = patron_plotter_aggregate (self);
  if (aggregate == PATRON_AGGREGATE_MEAN)
    return patron_text (N_("Each bar is a mean; the thin line is its 95% interval. Groups whose intervals lie far apart differ."), NULL);
  if (self->n_slots == 1 && (aggregate == PATRON_AGGREGATE_COUNT || aggregate == PATRON_AGGREGATE_SUM))
    return describe_highest (self, others);
  return isnan (others) ? patron_text (N_("The length of a bar is its value."), NULL)
         : patron_text (N_("The length of a bar is its value. Not drawn: {others} rarer values."), "others",
                        PATRON_COUNT (self->categories.n_others), NULL);
}

gboolean
patron_plot_bars (PatronPlotter *self, GError **error)
{
  PatronChart *chart = self->chart;
  PatronAxis *at = self->spec->horizontal ? &chart->y : &chart->x, *value = self->spec->horizontal ? &chart->x : &chart->y;
  PatronPlotAggregate aggregate = patron_plotter_aggregate (self);
  chart->horizontal = self->spec->horizontal;
  chart->stacked = self->spec->stacked;
  patron_plotter_add_names (at, &self->categories, self->x);
  patron_axis_set (value, self->spec->log_y ? PATRON_AXIS_LOG : PATRON_AXIS_LINEAR, aggregate == PATRON_AGGREGATE_COUNT ? PATRON_FORMAT_COUNT
                   : PATRON_FORMAT_NUMBER,
                   patron_plotter_value_label (self, self->y));
  chart->value_labels = self->categories.n <= 12 && self->n_slots == 1;
  for (guint slot = 0; slot < self->n_slots; slot++)
    if (!add_aggregates (self, slot, self->categories.codes, NULL, self->categories.n, PATRON_SERIES_BARS, error))
      return FALSE;
  order_bars (self);
  patron_chart_set_caption (chart, describe_bars (self, drop_others (self)));
  return TRUE;
}

/* ---- lines ------------------------------------------------------------------------------------------------ */

static PatronPlotStep
step_for (PatronPlotter *self, double span)
{
  if (self->spec->step != PATRON_PLOT_STEP_AUTO)
    return (PatronPlotStep) self->spec->step;
  return span <= 120 ? PATRON_PLOT_STEP_DAY : span <= 400 ? PATRON_PLOT_STEP_WEEK : span <= 366 * 12 ? PATRON_PLOT_STEP_MONTH
         : span <= 366 * 40 ? PATRON_PLOT_STEP_QUARTER : PATRON_PLOT_STEP_YEAR;
}

/* The first day of the step that holds the day; weeks begin on Monday. */
static double
step_begin (double day, PatronPlotStep step)
{
  int year, month, of_month;
  gint32 days = (gint32) floor (day);
  if (step <= PATRON_PLOT_STEP_DAY)
    return days;
  if (step == PATRON_PLOT_STEP_WEEK)
    return days - (((days + 3) % 7) + 7) % 7;
  patron_date_to_ymd (days, &year, &month, &of_month);
  return patron_date_from_ymd (year, step == PATRON_PLOT_STEP_YEAR ? 1 : step == PATRON_PLOT_STEP_QUARTER ? (month - 1) / 3 * 3 + 1 : month, 1);
}

static double
step_next (double begin, PatronPlotStep step)
{
  static const int lengths[] = { 1, 1, 7, 32, 95, 370 };
  return step_begin (begin + lengths[step], step);
}

/* Where each row lies along x: steps of time without a hole, or numbers, in bins where there are too many different ones. */
static gboolean
find_positions (PatronPlotter *self, gint32 *position, GArray *at, PatronPlotStep *step, GError **error)
{
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < self->n; i++)
    {
      position[i] = -1;
      if (isfinite (self->xs[i]))
        {
          low = MIN (low, self->xs[i]);
          high = MAX (high, self->xs[i]);
        }
    }
  if (!(high >= low))
    return TRUE;
  if (patron_plot_is_date (self->x))
    {
      *step = step_for (self, high - low);
      for (double day = step_begin (low, *step); day <= high && at->len < 100000; day = step_next (day, *step))
        g_array_append_val (at, day);
    }
  else
    {
      gsize n_finite = 0;
      double *sorted = patron_try_alloc (self->n, sizeof *sorted, _("the chart"), error);
      if (sorted == NULL)
        return FALSE;
      for (gsize i = 0; i < self->n; i++)
        if (isfinite (self->xs[i]))
          sorted[n_finite++] = self->xs[i];
      patron_sort_doubles (sorted, n_finite);
      for (gsize i = 0; i < n_finite && at->len <= MAX_READINGS; i++)
        if (i == 0 || sorted[i] != sorted[i - 1])
          g_array_append_val (at, sorted[i]);
      patron_free (sorted);
      if (at->len > MAX_READINGS)
        {
          guint bins = self->spec->bins == PATRON_AUTO_INT ? 100 : (guint) self->spec->bins;
          g_array_set_size (at, 0);
          for (guint k = 0; k < bins; k++)
            g_array_append_val (at, ((double) { low + (high - low) * k / bins }));
        }
    }
  const double *edges = (const double *) (gpointer) at->data;
  for (gsize i = 0; i < self->n; i++)
    if (isfinite (self->xs[i]))
      {
        gsize below = 0, above = at->len;   /* the last edge at or below the value */
        while (above - below > 1)
          {
            gsize middle = (below + above) / 2;
            if (edges[middle] <= self->xs[i])
              below = middle;
            else
              above = middle;
          }
        position[i] = (gint32) below;
      }
  return TRUE;
}

gboolean
patron_plot_course (PatronPlotter *self, GError **error)
{
  PatronChart *chart = self->chart;
  PatronPlotStep step = PATRON_PLOT_STEP_AUTO;
  PatronPlotAggregate aggregate = patron_plotter_aggregate (self);
  PatronSeriesStyle style = self->kind == PATRON_PLOT_AREA ? PATRON_SERIES_AREA : PATRON_SERIES_LINE;
  static const char *const captions[] = { N_("One reading for each value of {x}."), N_("One reading for each day."),
                                          N_("One reading for each week, from Monday."),
                                          N_("One reading for each month."), N_("One reading for each quarter."), N_("One reading for each year.") };
  g_autoptr(GArray) at = g_array_new (FALSE, FALSE, sizeof (double));
  gint32 *position = patron_try_alloc (self->n, sizeof *position, _("the chart"), error);
  if (position == NULL)
    return FALSE;
  chart->stacked = style == PATRON_SERIES_AREA && self->colours.n > 1;
  patron_plotter_set_axis (self, &chart->x, self->x, self->spec->log_x);
  patron_axis_set (&chart->y, self->spec->log_y ? PATRON_AXIS_LOG : PATRON_AXIS_LINEAR, aggregate == PATRON_AGGREGATE_COUNT ? PATRON_FORMAT_COUNT
                   : PATRON_FORMAT_NUMBER,
                   patron_plotter_value_label (self, self->y));
  chart->y.zero = style == PATRON_SERIES_AREA || aggregate == PATRON_AGGREGATE_COUNT || aggregate == PATRON_AGGREGATE_SUM;
  gboolean ok = find_positions (self, position, at, &step, error);
  for (guint slot = 0; ok && slot < self->n_slots; slot++)
    ok = add_aggregates (self, slot, position, (const double *) (gpointer) at->data, at->len, style, error);
  patron_chart_set_caption (chart, patron_text (captions[step], "x", PATRON_STRING (patron_column_get_name (self->x)), NULL));
  patron_free (position);
  return ok;
}
