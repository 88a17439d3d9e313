/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/density.h"

#include "base/order.h"
#include "math/statistics.h"

#include <math.h>
#include <string.h>

enum { BINS = 1000 };

/* How many pairs of values lie k bins apart: all that the functionals below need. */
typedef struct
{
  double n, width;
  double pairs[BINS];
} Distances;

static void
count_distances (const double *values, gsize n, Distances *d)
{
  g_autofree double *bins = g_new0 (double, BINS);
  double span = (values[n - 1] - values[0]) * 1.01;
  d->n = (double) n;
  d->width = span / BINS;
  for (gsize i = 0; i < n; i++)
    bins[MIN (BINS - 1, (gsize) ((values[i] - values[0]) / d->width))]++;
  memset (d->pairs, 0, sizeof d->pairs);
  for (int i = 0; i < BINS; i++)
    {
      if (bins[i] == 0)
        continue;
      d->pairs[0] += bins[i] * (bins[i] - 1) / 2;
      for (int j = 0; j < i; j++)
        d->pairs[i - j] += bins[i] * bins[j];
    }
}

/* The sum over all pairs, and each value with itself, of a derivative of the normal density without its factor: the bell times the Hermite polynomial,
 * here in the square of the distance. */
static double
pair_sum (const Distances *d, double h, const double hermite[4])
{
  double sum = 0;
  for (int k = 0; k < BINS; k++)
    {
      double delta = k * d->width / h;
      delta *= delta;
      if (delta >= 1000)
        break;
      sum += exp (-delta / 2) * (((hermite[3] * delta + hermite[2]) * delta + hermite[1]) * delta + hermite[0]) * d->pairs[k];
    }
  return 2 * sum + d->n * hermite[0];
}

/* ∫ f''² and ∫ f'''², up to sign, by kernels of width h. */
static double
phi4 (const Distances *d, double h)
{
  return pair_sum (d, h, (const double[]) { 3, -6, 1, 0 }) / (d->n * (d->n - 1) * pow (h, 5) * sqrt (2 * G_PI));
}

static double
phi6 (const Distances *d, double h)
{
  return pair_sum (d, h, (const double[]) { -15, 45, -15, 1 }) / (d->n * (d->n - 1) * pow (h, 7) * sqrt (2 * G_PI));
}

static double
excess (const Distances *d, double c1, double alpha2, double h)
{
  return pow (c1 / phi4 (d, alpha2 * pow (h, 5.0 / 7)), 0.2) - h;
}

/* The root of excess() by bisection between bounds that are widened until they hold one. NaN without. */
static double
solve (const Distances *d, double c1, double alpha2, double scale)
{
  double high = 1.144 * scale * pow (d->n, -0.2), low = 0.1 * high;
  double at_low = excess (d, c1, alpha2, low), at_high = excess (d, c1, alpha2, high);
  for (int k = 0; k < 99 && !(at_low * at_high <= 0); k++)
    {
      if (k % 2 == 1)
        at_high = excess (d, c1, alpha2, high *= 1.2);
      else
        at_low = excess (d, c1, alpha2, low /= 1.2);
    }
  if (!(at_low * at_high <= 0))
    return NAN;
  for (int k = 0; k < 100 && high - low > 1e-9 * high; k++)
    {
      double middle = (low + high) / 2, at = excess (d, c1, alpha2, middle);
      if ((at > 0) == (at_low > 0))
        low = middle;
      else
        high = middle;
    }
  return (low + high) / 2;
}

static double
thumb (const double *values, gsize n)
{
  PatronMoments moments = PATRON_MOMENTS_INIT;
  patron_moments_add_array (&moments, values, n);
  double sd = patron_moments_sd (&moments), iqr = patron_quantile_sorted (values, n, 0.75) - patron_quantile_sorted (values, n, 0.25);
  double spread = iqr > 0 ? MIN (sd, iqr / 1.34) : sd;
  return isfinite (spread) && spread > 0 ? 0.9 * spread * pow ((double) n, -0.2) : 0;
}

/* Half the usual distance between neighbours where most values are tied; 0 where they are not. */
static double
tied_width (const double *values, gsize n)
{
  gsize m = 0;
  for (gsize i = 1; i < n; i++)
    m += values[i] > values[i - 1];
  if (m == 0 || 2 * (m + 1) >= n)
    return 0;
  g_autofree double *gaps = g_new (double, m);
  PatronMoments moments = PATRON_MOMENTS_INIT;
  patron_moments_add_array (&moments, values, n);
  m = 0;
  for (gsize i = 1; i < n; i++)
    if (values[i] > values[i - 1])
      gaps[m++] = values[i] - values[i - 1];
  return MIN (patron_quantile (gaps, m, 0.5), patron_moments_sd (&moments)) / 2;
}

static double
untied_width (const double *values, gsize n, gboolean *rule_of_thumb)
{
  if (rule_of_thumb != NULL)
    *rule_of_thumb = TRUE;
  double fallback = n >= 2 ? thumb (values, n) : 0;
  if (n < 5 || !(fallback > 0))
    return fallback;
  g_autofree Distances *d = g_new (Distances, 1);
  count_distances (values, n, d);
  PatronMoments moments = PATRON_MOMENTS_INIT;
  patron_moments_add_array (&moments, values, n);
  double iqr = patron_quantile_sorted (values, n, 0.75) - patron_quantile_sorted (values, n, 0.25);
  double scale = MIN (patron_moments_sd (&moments), iqr / 1.349);
  double a = 1.24 * scale * pow ((double) n, -1.0 / 7), b = 1.23 * scale * pow ((double) n, -1.0 / 9);
  double c1 = 1 / (2 * sqrt (G_PI) * (double) n), td = scale > 0 ? -phi6 (d, b) : NAN;
  if (!isfinite (td) || td <= 0)
    return fallback;
  double width = solve (d, c1, 1.357 * pow (phi4 (d, a) / td, 1.0 / 7), scale);
  if (!isfinite (width) || width <= 0)
    return fallback;
  if (rule_of_thumb != NULL)
    *rule_of_thumb = FALSE;
  return width;
}

double
patron_density_bandwidth (const double *values, gsize n, gboolean *rule_of_thumb)
{
  double width = untied_width (values, n, rule_of_thumb);
  return width > 0 ? MAX (width, tied_width (values, n)) : 0;
}

void
patron_density (const double *values, gsize n, double bandwidth, double from, double to, gsize m, double *out)
{
  double step = (to - from) / (double) (m - 1), reach = bandwidth * 8 / step;
  g_autofree double *weights = g_new0 (double, m), *kernel = g_new0 (double, m);
  for (gsize i = 0; i < n; i++)
    {
      double at = (values[i] - from) / step, below = floor (at), share = at - below;
      if (below >= 0 && below < (double) m)
        weights[(gsize) below] += 1 - share;
      if (below >= -1 && below + 1 < (double) m)
        weights[(gsize) (below + 1)] += share;
    }
  for (gsize k = 0; k < m; k++)
    {
      double z = (double) k * step / bandwidth;
      kernel[k] = (double) k <= reach ? exp (-z * z / 2) / (bandwidth * sqrt (2 * G_PI) * (double) n) : 0;
    }
  memset (out, 0, m * sizeof *out);
  for (gsize i = 0; i < m; i++)
    for (gsize k = 0; weights[i] > 0 && k < m && kernel[k] > 0; k++)
      {
        if (i + k < m)
          out[i + k] += weights[i] * kernel[k];
        if (k > 0 && k <= i)
          out[i - k] += weights[i] * kernel[k];
      }
}
