/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout-private.h"

#include <math.h>

#define LARGEST 1e300

static void
include (PatronRange *range, PatronAxisKind kind, double value)
{
  if (!isfinite (value) || fabs (value) > LARGEST || (kind == PATRON_AXIS_LOG && value <= 0))
    return;
  if (!(range->min <= value))
    range->min = value;
  if (!(range->max >= value))
    range->max = value;
}

static void
include_all (PatronRange *range, PatronAxisKind kind, const double *values, gsize n)
{
  for (gsize i = 0; values != NULL && i < n; i++)
    include (range, kind, values[i]);
}

/* Sums of the positive and of the negative values at each position. Positions are matched by value. */
static void
include_stacks (PatronRange *range, PatronAxisKind kind, const PatronChart *chart, guint panel)
{
  g_autoptr(GHashTable) up = g_hash_table_new_full (g_double_hash, g_double_equal, g_free, g_free);
  g_autoptr(GHashTable) down = g_hash_table_new_full (g_double_hash, g_double_equal, g_free, g_free);
  for (guint s = 0; s < chart->series->len; s++)
    {
      const PatronSeries *series = chart->series->pdata[s];
      for (gsize i = 0; series->panel == panel && patron_series_stacks (chart, series) && i < series->n; i++)
        {
          double x = patron_series_x (series, i), y = series->y[i];
          if (!isfinite (y) || isnan (x))
            continue;
          GHashTable *sums = y >= 0 ? up : down;
          double *sum = g_hash_table_lookup (sums, &x);
          if (sum == NULL)
            g_hash_table_insert (sums, g_memdup2 (&x, sizeof x), sum = g_new0 (double, 1));
          *sum += y;
          include (range, kind, *sum);
        }
    }
}

/* The smallest distance between neighbouring positions, which bars and boxes share; in powers of ten on a logarithmic axis. 1 for a single one. */
static double
position_step (const PatronChart *chart, PatronAxisKind kind)
{
  double step = INFINITY;
  for (guint s = 0; s < chart->series->len; s++)
    {
      const PatronSeries *series = chart->series->pdata[s];
      for (gsize i = 1; !patron_series_is_reference (series) && i < series->n; i++)
        {
          double a = patron_series_x (series, i - 1), b = patron_series_x (series, i), distance = fabs (kind == PATRON_AXIS_LOG ? log10 (b / a) : b - a);
          if (distance > 0 && distance < step)
            step = distance;
        }
    }
  return isfinite (step) ? step : 1;
}

static void
collect (PatronLayouter *self, PatronRange *at, PatronAxisKind at_kind, PatronRange *value, PatronAxisKind value_kind)
{
  const PatronChart *chart = self->chart;
  for (guint s = 0; s < chart->series->len; s++)
    {
      const PatronSeries *series = chart->series->pdata[s];
      /* A reference line must not squeeze the data of a histogram or of bars sideways, but its height matters. */
      if (!patron_series_is_reference (series) || chart->kind == PATRON_CHART_LINE || chart->kind == PATRON_CHART_SCATTER)
        for (gsize i = 0, n = patron_series_n_x (chart, series); i < n; i++)
          include (at, at_kind, patron_series_x (series, i));
      if (!patron_series_stacks (chart, series) && !(patron_series_is_reference (series) && chart->kind == PATRON_CHART_HISTOGRAM))
        include_all (value, value_kind, series->y, series->n);
      include_all (value, value_kind, series->low, series->n);
      include_all (value, value_kind, series->high, series->n);
      include_all (value, value_kind, series->q1, series->n);
      include_all (value, value_kind, series->q3, series->n);
    }
  for (guint panel = 0; chart->stacked && panel < MAX (1, chart->panels->len); panel++)
    include_stacks (value, value_kind, chart, panel);
}

/* What the axis itself demands, and never an empty range. */
static void
settle (PatronRange *range, const PatronAxis *axis)
{
  if (axis->zero && axis->kind == PATRON_AXIS_LINEAR)
    include (range, axis->kind, 0);
  if (isfinite (axis->min) && (axis->kind != PATRON_AXIS_LOG || axis->min > 0))
    range->min = axis->min;
  if (isfinite (axis->max) && (axis->kind != PATRON_AXIS_LOG || axis->max > 0))
    range->max = axis->max;
  if (isnan (range->min) || isnan (range->max))
    {
      range->min = axis->kind == PATRON_AXIS_LOG ? 1 : 0;
      range->max = axis->kind == PATRON_AXIS_LOG ? 10 : 1;
    }
  if (!(range->max > range->min))
    {
      double middle = range->min;
      if (axis->kind == PATRON_AXIS_LOG)
        {
          range->min = middle / 2;
          range->max = middle * 2;
        }
      else
        {
          double half = middle != 0 && axis->kind == PATRON_AXIS_LINEAR ? fabs (middle) / 2 : 1;
          range->min = middle - half;
          range->max = middle + half;
        }
    }
}

static void
settle_categories (PatronRange *range, const PatronAxis *axis)
{
  double n = axis->categories->len;
  if (n == 0 && range->max >= 0)
    n = MIN (range->max + 1, 1e6);
  range->min = -0.5;
  range->max = MAX (1, n) - 0.5;
}

void
patron_layouter_find_ranges (PatronLayouter *self)
{
  const PatronChart *chart = self->chart;
  self->x = self->y = (PatronRange) { NAN, NAN };
  self->band = 1;
  if (chart->kind == PATRON_CHART_MOSAIC)
    {
      self->x = self->y = (PatronRange) { 0, 1 };
      return;
    }
  if (chart->kind == PATRON_CHART_HEAT_MAP)
    {
      self->x = (PatronRange) { -0.5, MAX (1, (double) chart->n_x) - 0.5 };
      self->y = (PatronRange) { -0.5, MAX (1, (double) chart->n_y) - 0.5 };
      return;
    }
  PatronRange *at = self->sideways ? &self->y : &self->x, *value = self->sideways ? &self->x : &self->y;
  const PatronAxis *at_axis = self->sideways ? &chart->y : &chart->x, *value_axis = self->sideways ? &chart->x : &chart->y;
  collect (self, at, at_axis->kind, value, value_axis->kind);
  gboolean bars = chart->kind == PATRON_CHART_BAR || chart->kind == PATRON_CHART_BOX || chart->kind == PATRON_CHART_VIOLIN;
  if ((chart->kind == PATRON_CHART_BAR || chart->kind == PATRON_CHART_HISTOGRAM) && value_axis->kind == PATRON_AXIS_LINEAR)
    include (value, value_axis->kind, 0);   /* the length of a bar is its value */
  if (bars && at_axis->kind != PATRON_AXIS_CATEGORY)
    {
      self->band = position_step (chart, at_axis->kind);
      if (at_axis->kind == PATRON_AXIS_LOG)
        {
          at->min /= pow (10, self->band / 2);
          at->max *= pow (10, self->band / 2);
        }
      else if (!isnan (at->min))
        {
          at->min -= self->band / 2;
          at->max += self->band / 2;
        }
    }
  if (at_axis->kind == PATRON_AXIS_CATEGORY)
    settle_categories (at, at_axis);
  else
    settle (at, at_axis);
  if (value_axis->kind == PATRON_AXIS_CATEGORY)
    settle_categories (value, value_axis);
  else
    settle (value, value_axis);
}
