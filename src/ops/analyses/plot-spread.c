/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot-private.h"

#include "base/memory.h"
#include "base/order.h"
#include "math/density.h"
#include "math/distributions.h"
#include "report/layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { CURVE = 256, SHAPE = 96, MAX_QUANTILES = 400, MAX_OUTLIERS = 400 };

/* ---- logarithmic axes ---------------------------------------------------------------------------------------- */

/* Where the axis is logarithmic, everything is done with the logarithms to base 10, as it will be seen; what has none is left out. */
static gboolean
take_logarithms (PatronPlotter *self)
{
  if (!self->spec->log_x || patron_plot_is_date (self->x))
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    self->xs[i] = self->xs[i] > 0 ? log10 (self->xs[i]) : NAN;
  return TRUE;
}

/* Back to positions on the axis. */
static void
exponentiate (double *x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    x[i] = pow (10, x[i]);
}

/* ---- histogram -------------------------------------------------------------------------------------------- */

static gint32
bin_of (const double *edges, guint n_bins, double value)
{
  guint below = 0, above = n_bins;
  if (!(value >= edges[0] && value <= edges[n_bins]))
    return -1;
  while (above - below > 1)
    {
      guint middle = (below + above) / 2;
      if (edges[middle] <= value)
        below = middle;
      else
        above = middle;
    }
  return (gint32) below;
}

static GArray *
choose_edges (PatronPlotter *self, gboolean logarithmic, GError **error)
{
  if (self->edges != NULL && self->edges->len >= 2)
    return g_array_copy ((GArray *) self->edges);
  gsize n = 0;
  double *sorted = patron_try_alloc (self->n, sizeof *sorted, _("the chart"), error);
  if (sorted == NULL)
    return NULL;
  for (gsize i = 0; i < self->n; i++)
    if (isfinite (self->xs[i]))
      sorted[n++] = self->xs[i];
  patron_sort_doubles (sorted, n);
  gboolean integers = !logarithmic && (patron_column_get_type (self->x) == PATRON_TYPE_INTEGER || patron_plot_is_date (self->x));
  GArray *edges;
  if (self->spec->bins != PATRON_AUTO_INT && n > 0 && sorted[n - 1] > sorted[0])
    {
      edges = g_array_new (FALSE, FALSE, sizeof (double));
      for (int k = 0; k <= self->spec->bins; k++)
        g_array_append_val (edges, ((double) { sorted[0] + (sorted[n - 1] - sorted[0]) * k / self->spec->bins }));
    }
  else
    edges = patron_histogram_edges (sorted, n, 60, integers);
  patron_free (sorted);
  return edges;
}

gboolean
patron_plot_bins (PatronPlotter *self, GError **error)
{
  PatronChart *chart = self->chart;
  gboolean logarithmic = take_logarithms (self);
  GArray *array = self->plot->edges = choose_edges (self, logarithmic, error);
  if (array == NULL)
    return FALSE;
  const double *edges = (const double *) (gpointer) array->data;
  guint n = array->len - 1;
  gboolean coloured = self->colours.n > 1;
  /* The bars' edges, or the middles between them. */
  g_autofree double *counts = g_new (double, n + 1), *at = g_new (double, n + 1);
  for (guint b = 0; b <= n; b++)
    at[b] = coloured && b < n ? (edges[b] + edges[b + 1]) / 2 : edges[b];
  if (logarithmic)
    exponentiate (at, n + 1);
  patron_plotter_set_axis (self, &chart->x, self->x, logarithmic);
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text (N_("Rows"), NULL));
  if (coloured)   /* parts on top of each other: bars about the middles of the bins */
    {
      chart->kind = PATRON_CHART_BAR;
      chart->stacked = TRUE;
    }
  for (guint slot = 0; slot < self->n_slots; slot++)
    {
      memset (counts, 0, n * sizeof *counts);
      for (gsize k = self->start[slot]; k < self->start[slot + 1]; k++)
        {
          gint32 bin = bin_of (edges, n, self->xs[self->rows[k]]);
          if (bin < 0)
            continue;
          counts[bin]++;
          patron_plotter_set_mark (self, self->rows[k], (gint32) chart->series->len, (guint32) bin);
        }
      patron_plotter_add_series (self, slot, PATRON_SERIES_BARS, n, at, counts);
    }
  double width = n > 0 ? edges[1] - edges[0] : NAN;
  patron_chart_set_caption (chart, logarithmic ? patron_text (N_("Each bar counts the rows whose value lies between its edges; the upper is {factor} times the lower."),
                                                              "factor", PATRON_NUMBER (pow (10, width)), NULL)
                                               : patron_text (N_("Each bar counts the rows whose value lies between its edges, {width} apart."), "width",
                                                              PATRON_NUMBER (width), NULL));
  return TRUE;
}

/* ---- density ---------------------------------------------------------------------------------------------- */

gboolean
patron_plot_curves (PatronPlotter *self, GError **error)
{
  PatronChart *chart = self->chart;
  double low = INFINITY, high = -INFINITY, x[CURVE], y[CURVE], narrow = INFINITY, wide = 0;
  gboolean thumb = FALSE, any_thumb = FALSE, logarithmic = take_logarithms (self);
  for (gsize i = 0; i < self->n; i++)
    if (isfinite (self->xs[i]))
      {
        low = MIN (low, self->xs[i]);
        high = MAX (high, self->xs[i]);
      }
  double margin = high > low ? (high - low) * 0.05 : 1;
  low -= margin;
  high += margin;
  patron_plotter_set_axis (self, &chart->x, self->x, logarithmic);
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Density"), NULL));
  chart->y.zero = TRUE;
  for (guint k = 0; k < CURVE; k++)
    x[k] = low + (high - low) * k / (CURVE - 1);
  if (logarithmic)
    exponentiate (x, CURVE);
  for (guint slot = 0; slot < self->n_slots && high > low; slot++)
    {
      gsize n;
      double *sorted = patron_plotter_sorted (self, slot, self->xs, &n, error);
      if (sorted == NULL)
        return FALSE;
      double width = patron_density_bandwidth (sorted, n, &thumb);
      if (width > 0)
        {
          narrow = MIN (narrow, width);
          wide = MAX (wide, width);
          any_thumb |= thumb;
          patron_density (sorted, n, MAX (width, (high - low) / CURVE), low, high, CURVE, y);
          for (gsize k = self->start[slot]; k < self->start[slot + 1]; k++)
            if (isfinite (self->xs[self->rows[k]]))
              patron_plotter_set_mark (self, self->rows[k], (gint32) chart->series->len,
                                       (guint32) lround ((self->xs[self->rows[k]] - low) / (high - low) * (CURVE - 1)));
          patron_plotter_add_series (self, slot, PATRON_SERIES_AREA, CURVE, x, y);
        }
      patron_free (sorted);
    }
  patron_chart_set_caption (chart, patron_text (
    logarithmic   ? N_("Where a curve is high, values are frequent; the area under each is 1, a power of ten across counting as 1. Gaussian kernels up to "
                       "{width} powers of ten wide.")
    : wide > narrow ? N_("Where a curve is high, values are frequent; the area under each is 1. Gaussian kernels {narrow} to {width} wide "
                       "(Sheather–Jones).")
    : any_thumb ? N_("Where the curve is high, values are frequent; the area under it is 1. Gaussian kernels {width} wide (Silverman's rule).")
                : N_("Where the curve is high, values are frequent; the area under it is 1. Gaussian kernels {width} wide (Sheather–Jones)."),
    "narrow", PATRON_NUMBER (narrow), "width", PATRON_NUMBER (wide > 0 ? wide : NAN), NULL));
  return TRUE;
}

/* ---- boxes and violins ------------------------------------------------------------------------------------ */

typedef struct
{
  double *values;       /* one group's, ascending */
  gsize   n;
  double  median, q1, q3, low, high;
} Group;

static void
summarise (Group *g)
{
  g->median = g->q1 = g->q3 = g->low = g->high = NAN;
  if (g->n == 0)
    return;
  g->median = patron_quantile_sorted (g->values, g->n, 0.5);
  g->q1 = patron_quantile_sorted (g->values, g->n, 0.25);
  g->q3 = patron_quantile_sorted (g->values, g->n, 0.75);
  double reach = 1.5 * (g->q3 - g->q1);
  gsize first = 0, last = g->n - 1;
  while (first < last && g->values[first] < g->q1 - reach)
    first++;
  while (last > first && g->values[last] > g->q3 + reach)
    last--;
  g->low = g->values[first];
  g->high = g->values[last];
}

/* At most room values beyond the whiskers, evenly over all of them from the lowest to the highest. Returns how many there are. */
static gsize
add_outliers (const Group *g, double at, gsize room, GArray *x, GArray *y)
{
  gsize below = 0, above = 0;
  while (below < g->n && g->values[below] < g->low)
    below++;
  while (above < g->n - below && g->values[g->n - 1 - above] > g->high)
    above++;
  gsize all = below + above, drawn = MIN (all, room);
  for (gsize k = 0; k < drawn; k++)
    {
      gsize i = drawn > 1 ? k * (all - 1) / (drawn - 1) : 0;
      g_array_append_val (x, at);
      g_array_append_val (y, g->values[i < below ? i : g->n - all + i]);
    }
  return all;
}

/* A shape about `at`; the shapes of a chart are equally wide where they are widest, so that small groups can be seen. */
static void
add_shape (PatronPlotter *self, guint slot, const Group *g, double at)
{
  double width = patron_density_bandwidth (g->values, g->n, NULL), x[SHAPE], y[SHAPE], size[SHAPE], largest = 0;
  if (!(width > 0))
    return;
  double low = g->values[0], high = g->values[g->n - 1];
  patron_density (g->values, g->n, MAX (width, (high - low) / SHAPE), low, high, SHAPE, size);
  for (guint k = 0; k < SHAPE; k++)
    {
      x[k] = at;
      y[k] = low + (high - low) * k / (SHAPE - 1);
      largest = MAX (largest, size[k]);
    }
  for (guint k = 0; k < SHAPE; k++)
    size[k] /= largest > 0 ? largest : 1;
  patron_series_set_sizes (patron_plotter_add_series (self, slot, PATRON_SERIES_AREA, SHAPE, x, y), size);
}

/* The values of y of a slot's rows in each category. */
static gboolean
split_groups (PatronPlotter *self, guint slot, Group *groups, double **block, GError **error)
{
  guint n = self->categories.n;
  g_autofree gsize *start = g_new0 (gsize, n + 2), *filled = g_new0 (gsize, n + 1);
  for (int pass = 0; pass < 2; pass++)
    {
      for (gsize k = self->start[slot]; k < self->start[slot + 1]; k++)
        {
          guint32 row = self->rows[k];
          gint32 group = self->categories.codes != NULL ? self->categories.codes[row] : 0;
          if (group < 0 || !isfinite (self->ys[row]))
            continue;
          if (pass == 0)
            start[group + 1]++;
          else
            (*block)[start[group] + filled[group]++] = self->ys[row];
        }
      for (guint g = 0; pass == 0 && g < n; g++)
        start[g + 1] += start[g];
      if (pass == 0 && (*block = patron_try_alloc (start[n], sizeof **block, _("the chart"), error)) == NULL)
        return FALSE;
    }
  for (guint g = 0; g < n; g++)
    {
      groups[g].values = *block + start[g];
      groups[g].n = filled[g];
      patron_sort_doubles (groups[g].values, groups[g].n);
      summarise (&groups[g]);
    }
  return TRUE;
}

static void
mark_boxes (PatronPlotter *self, guint slot, gint32 series)
{
  for (gsize k = self->start[slot]; k < self->start[slot + 1]; k++)
    {
      guint32 row = self->rows[k];
      gint32 group = self->categories.codes != NULL ? self->categories.codes[row] : 0;
      if (group >= 0 && isfinite (self->ys[row]))
        patron_plotter_set_mark (self, row, series, (guint32) group);
    }
}

/* n_beyond, n_drawn: values beyond the whiskers, added to. */
static void
add_boxes (PatronPlotter *self, guint slot, const Group *groups, gsize *n_beyond, gsize *n_drawn)
{
  guint n = self->categories.n;
  g_autofree double *numbers = g_new (double, 6 * n + 1);
  double *at = numbers, *median = at + n, *q1 = median + n, *q3 = q1 + n, *low = q3 + n, *high = low + n;
  gboolean violin = self->kind == PATRON_PLOT_VIOLIN, sole = self->colours.n == 1;
  g_autoptr(GArray) x = g_array_new (FALSE, FALSE, sizeof (double)), y = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint g = 0; g < n; g++)
    {
      at[g] = g;
      median[g] = groups[g].median;
      q1[g] = groups[g].q1;
      q3[g] = groups[g].q3;
      low[g] = groups[g].low;
      high[g] = groups[g].high;
      if (violin && groups[g].n >= 2)
        add_shape (self, slot, &groups[g], g);
      if (!violin && sole)
        *n_beyond += add_outliers (&groups[g], g, MAX (MAX_OUTLIERS / n, 8), x, y);
    }
  mark_boxes (self, slot, (gint32) self->chart->series->len);
  PatronSeries *boxes = patron_plotter_add_series (self, slot, PATRON_SERIES_BARS, n, at, median);
  patron_series_set_box (boxes, q1, q3, low, high);
  if (y->len > 0)
    patron_plotter_add_series (self, slot, PATRON_SERIES_POINTS, y->len, (const double *) (gpointer) x->data, (const double *) (gpointer) y->data);
  *n_drawn += y->len;
}

static PatronText *
describe_boxes (const PatronPlotter *self, gsize n_beyond, gsize n_drawn)
{
  if (self->kind == PATRON_PLOT_VIOLIN)
    return patron_text (N_("Where a shape is wide, values are frequent. The slim box holds the middle half, its line is the median."), NULL);
  if (self->colours.n > 1)
    return patron_text (N_("A box holds the middle half of the values, its line is the median; the whiskers end at the last value within 1.5 box "
                           "lengths. Values beyond are not drawn."), NULL);
  if (n_drawn < n_beyond)
    return patron_text (N_("A box holds the middle half of the values, its line is the median; the whiskers end at the last value within 1.5 box "
                           "lengths. Of the values beyond, {drawn} of {n} are drawn."), "drawn", PATRON_COUNT (n_drawn), "n",
                        PATRON_COUNT (n_beyond), NULL);
  return patron_text (N_("A box holds the middle half of the values, its line is the median; the whiskers end at the last value within 1.5 box "
                         "lengths, points lie beyond."), NULL);
}

gboolean
patron_plot_boxes (PatronPlotter *self, GError **error)
{
  PatronChart *chart = self->chart;
  PatronAxis *at = self->spec->horizontal ? &chart->y : &chart->x, *value = self->spec->horizontal ? &chart->x : &chart->y;
  gsize n_beyond = 0, n_drawn = 0;
  chart->horizontal = self->spec->horizontal;
  patron_plotter_add_names (at, &self->categories, self->x);
  patron_plotter_set_axis (self, value, self->y, self->spec->log_y);
  g_autofree Group *groups = g_new0 (Group, self->categories.n + 1);
  for (guint slot = 0; slot < self->n_slots; slot++)
    {
      double *block = NULL;
      gboolean ok = split_groups (self, slot, groups, &block, error);
      if (ok)
        add_boxes (self, slot, groups, &n_beyond, &n_drawn);
      patron_free (block);
      if (!ok)
        return FALSE;
    }
  patron_chart_set_caption (chart, describe_boxes (self, n_beyond, n_drawn));
  return TRUE;
}

/* ---- Q–Q -------------------------------------------------------------------------------------------------- */

/* Quantiles against those of a normal distribution through the quartiles, with the pointwise 95 % band of order statistics (J. Fox, "Applied
 * Regression Analysis", 2016, 3.1.3). */
static void
add_quantiles (PatronPlotter *self, guint slot, const double *sorted, gsize n)
{
  guint m = (guint) MIN (n, MAX_QUANTILES);
  g_autofree double *numbers = g_new (double, 5 * m + 1);
  double *x = numbers, *y = x + m, *line = y + m, *low = line + m, *high = low + m;
  double q1 = patron_quantile_sorted (sorted, n, 0.25), q3 = patron_quantile_sorted (sorted, n, 0.75), z = patron_normal_quantile (0.75);
  double slope = (q3 - q1) / (2 * z), middle = (q1 + q3) / 2;
  for (guint k = 0; k < m; k++)
    {
      double p = ((double) k + 0.5) / m, q = patron_normal_quantile (p);
      double density = exp (-q * q / 2) / sqrt (2 * G_PI), error = slope / density * sqrt (p * (1 - p) / (double) n);
      x[k] = q;
      y[k] = m == n ? sorted[k] : patron_quantile_sorted (sorted, n, p);
      line[k] = middle + slope * q;
      low[k] = line[k] - 1.959963984540054 * error;
      high[k] = line[k] + 1.959963984540054 * error;
    }
  if (self->colours.n == 1)
    {
      PatronSeries *normal = patron_chart_add_series (self->chart, patron_text (N_("Normal, with its 95% band"), NULL), PATRON_SERIES_REFERENCE, m, x,
                                                      line);
      normal->panel = patron_plotter_panel (self, slot);
      patron_series_set_interval (normal, low, high);
    }
  patron_plotter_add_series (self, slot, PATRON_SERIES_POINTS, m, x, y);
}

/* The mark of a row is the quantile nearest to its value. */
static void
mark_quantiles (PatronPlotter *self, guint slot)
{
  const PatronSeries *series = self->chart->series->pdata[self->chart->series->len - 1];
  for (gsize k = self->start[slot]; k < self->start[slot + 1]; k++)
    {
      double value = self->xs[self->rows[k]];
      gsize below = 0, above = series->n;
      if (!isfinite (value))
        continue;
      while (above - below > 1)
        {
          gsize middle = (below + above) / 2;
          if (series->y[middle] <= value)
            below = middle;
          else
            above = middle;
        }
      if (below + 1 < series->n && series->y[below + 1] - value < value - series->y[below])
        below++;
      patron_plotter_set_mark (self, self->rows[k], (gint32) self->chart->series->len - 1, (guint32) below);
    }
}

gboolean
patron_plot_normal (PatronPlotter *self, GError **error)
{
  PatronChart *chart = self->chart;
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Normal quantile"), NULL));
  patron_plotter_set_axis (self, &chart->y, self->x, FALSE);
  for (guint slot = 0; slot < self->n_slots; slot++)
    {
      gsize n;
      double *sorted = patron_plotter_sorted (self, slot, self->xs, &n, error);
      if (sorted == NULL)
        return FALSE;
      if (n > 0)
        {
          add_quantiles (self, slot, sorted, n);
          mark_quantiles (self, slot);
        }
      patron_free (sorted);
    }
  patron_chart_set_caption (chart,
                            patron_text (N_("Normal values lie along the line, most of them within its band; ends that bend away are heavier or "
                                            "lighter tails."), NULL));
  return TRUE;
}
