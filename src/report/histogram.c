/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout.h"

#include "base/order.h"

#include <math.h>
#include <string.h>

/* 2 IQR n^(-1/3) (Freedman & Diaconis 1981); where the middle half is one value, Sturges' number of bins. */
static double
bin_width (const double *sorted, gsize n, guint max_bins)
{
  double range = sorted[n - 1] - sorted[0];
  double width = 2 * (patron_quantile_sorted (sorted, n, 0.75) - patron_quantile_sorted (sorted, n, 0.25)) / cbrt ((double) n);
  if (!(width > 0))
    width = range / (1 + log2 ((double) n));
  return MAX (width, range / max_bins);
}

/* 1, 2, 2.5 or 5 times a power of ten, not below width. */
static double
round_up (double width)
{
  static const double steps[] = { 1, 2, 2.5, 5, 10 };
  double power = pow (10, floor (log10 (width)));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (width <= steps[i] * power * (1 + 1e-9))
      return steps[i] * power;
  return 10 * power;
}

static double *
sorted_copy (const double *values, gsize n, gsize *n_finite)
{
  double *sorted = g_new (double, MAX (1, n));
  gsize kept = 0;
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]) && fabs (values[i]) < 1e300)
      sorted[kept++] = values[i];
  patron_sort_doubles (sorted, kept);
  *n_finite = kept;
  return sorted;
}

GArray *
patron_histogram_edges (const double *values, gsize n, guint max_bins, gboolean integers)
{
  GArray *edges = g_array_new (FALSE, FALSE, sizeof (double));
  gsize n_finite;
  g_autofree double *sorted = sorted_copy (values, n, &n_finite);
  max_bins = CLAMP (max_bins, 1, 10000);
  double min = n_finite > 0 ? sorted[0] : 0, max = n_finite > 0 ? sorted[n_finite - 1] : 1;
  double width = n_finite > 0 && max > min ? bin_width (sorted, n_finite, max_bins) : fabs (min) > 1 ? fabs (min) / 10 : 1;
  double shift = 0;
  if (integers)
    {
      /* A handful of whole numbers: one bar each. */
      width = max - min < MIN (20, max_bins) ? 1 : MAX (1, ceil (width));
      shift = width == 1 ? -0.5 : 0;
    }
  width = MAX (width, MAX (fabs (min), fabs (max)) * 1e-12);
  for (;;)
    {
      double step = integers && width <= 5 ? width : round_up (width);
      if (integers)
        step = MAX (1, ceil (step));
      double first = floor ((min - shift) / step * (1 + 1e-15));
      double last = MAX (first + 1, floor ((max - shift) / step) + ((max - shift) / step > floor ((max - shift) / step) || integers));
      if (last - first > max_bins && max_bins > 1)
        {
          width = step * 1.01;   /* rounding added a bin too many: the next round step */
          shift = 0;
          continue;
        }
      for (double i = first; i <= last && edges->len <= max_bins; i++)
        {
          double edge = i * step + shift;
          g_array_append_val (edges, edge);
        }
      /* One bin cannot always start at a round number and still hold everything. */
      g_array_index (edges, double, 0) = MIN (g_array_index (edges, double, 0), min);
      g_array_index (edges, double, edges->len - 1) = MAX (g_array_index (edges, double, edges->len - 1), max);
      return edges;
    }
}

void
patron_histogram_count (const double *values, gsize n, const GArray *edges, double *counts)
{
  const double *edge = (const double *) (gpointer) edges->data;
  guint n_bins = edges->len - 1;
  memset (counts, 0, n_bins * sizeof (double));
  for (gsize i = 0; i < n; i++)
    {
      double value = values[i];
      if (!(value >= edge[0] && value <= edge[n_bins]))
        continue;
      guint low = 0, high = n_bins;   /* edge[low] <= value, and value < edge[high] or high is the end */
      while (high - low > 1)
        {
          guint middle = (low + high) / 2;
          if (value >= edge[middle])
            low = middle;
          else
            high = middle;
        }
      counts[low]++;
    }
}
