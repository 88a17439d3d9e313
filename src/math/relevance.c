/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/relevance.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/random.h"
#include "math/distributions.h"
#include "math/statistics.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- tests ----------------------------------------------------------------------------------------------------- */

static PatronRelevance
f_test (double explained, double rest, double df1, double df2)
{
  PatronRelevance result = { .statistic = NAN, .df1 = df1, .df2 = df2, .p = NAN, .effect = NAN };
  if (explained + rest > 0)
    result.effect = explained / (explained + rest);
  if (df1 < 1 || df2 < 1 || !(explained + rest > 0))
    return result;
  result.statistic = rest > 0 ? explained / df1 / (rest / df2) : INFINITY;
  result.p = patron_f_survival (result.statistic, df1, df2);
  return result;
}

PatronRelevance
patron_relevance_anova (const double *x, const double *y, gsize n, guint k)
{
  g_autofree PatronMoments *classes = g_new (PatronMoments, k);
  PatronMoments all = PATRON_MOMENTS_INIT;
  for (guint c = 0; c < k; c++)
    classes[c] = (PatronMoments) PATRON_MOMENTS_INIT;
  for (gsize i = 0; i < n; i++)
    patron_moments_add (&classes[(gsize) y[i]], x[i]);
  double within = 0, n_classes = 0;
  for (guint c = 0; c < k; c++)
    {
      patron_moments_merge (&all, &classes[c]);
      within += classes[c].m2;
      n_classes += classes[c].n > 0;
    }
  double between = 0;
  for (guint c = 0; c < k; c++)
    between += classes[c].n * (classes[c].mean - all.mean) * (classes[c].mean - all.mean);
  return f_test (between, within, n_classes - 1, n - n_classes);
}

PatronRelevance
patron_relevance_correlation (const double *x, const double *y, gsize n)
{
  double mx = patron_sum (x, n) / MAX (n, 1), my = patron_sum (y, n) / MAX (n, 1), xx = 0, yy = 0, xy = 0;
  for (gsize i = 0; i < n; i++)
    {
      xx += (x[i] - mx) * (x[i] - mx);
      yy += (y[i] - my) * (y[i] - my);
      xy += (x[i] - mx) * (y[i] - my);
    }
  if (!(xx > 0) || !(yy > 0))
    return f_test (0, 0, 1, n - 2.0);
  double explained = MIN (xy * xy / xx, yy);
  return f_test (explained, yy - explained, 1, n - 2.0);
}

static void
count_classes (const double *x, guint kx, const double *y, guint ky, gsize n, double *counts, double *rows, double *columns)
{
  memset (counts, 0, sizeof (double) * kx * ky);
  memset (rows, 0, sizeof (double) * kx);
  memset (columns, 0, sizeof (double) * ky);
  for (gsize i = 0; i < n; i++)
    {
      gsize a = (gsize) x[i], b = (gsize) y[i];
      counts[a * ky + b]++;
      rows[a]++;
      columns[b]++;
    }
}

PatronRelevance
patron_relevance_classes (const double *x, guint kx, const double *y, guint ky, gsize n)
{
  g_autofree double *counts = g_new (double, (gsize) kx * ky);
  g_autofree double *rows = g_new (double, kx);
  g_autofree double *columns = g_new (double, ky);
  count_classes (x, kx, y, ky, n, counts, rows, columns);
  double chi = 0, n_rows = 0, n_columns = 0;
  for (guint a = 0; a < kx; a++)
    n_rows += rows[a] > 0;
  for (guint b = 0; b < ky; b++)
    n_columns += columns[b] > 0;
  for (guint a = 0; a < kx; a++)
    for (guint b = 0; b < ky; b++)
      {
        double expected = rows[a] * columns[b] / n, difference = counts[(gsize) a * ky + b] - expected;
        chi += expected > 0 ? difference * difference / expected : 0;
      }
  PatronRelevance result = { .statistic = NAN, .df1 = (n_rows - 1) * (n_columns - 1), .df2 = NAN, .p = NAN, .effect = NAN };
  if (n_rows < 2 || n_columns < 2)
    return result;
  result.statistic = chi;
  result.p = patron_chi_squared_survival (chi, result.df1);
  result.effect = sqrt (chi / (n * (MIN (n_rows, n_columns) - 1)));
  return result;
}

/* ---- mutual information ---------------------------------------------------------------------------------------- */

enum { NEIGHBOURS = 3 };

double
patron_information_classes (const double *x, guint kx, const double *y, guint ky, gsize n, GError **error)
{
  gsize cells = (gsize) kx * ky;
  double *counts = patron_try_alloc (cells + kx + ky, sizeof *counts, _("mutual information"), error);
  if (counts == NULL)
    return NAN;
  double *rows = counts + cells, *columns = rows + kx, sum = 0;
  count_classes (x, kx, y, ky, n, counts, rows, columns);
  for (guint a = 0; a < kx; a++)
    for (guint b = 0; b < ky; b++)
      {
        double count = counts[(gsize) a * ky + b];
        sum += count > 0 ? count / n * log (count * n / (rows[a] * columns[b])) : 0;
      }
  patron_free (counts);
  return MAX (0, sum);
}

/* psi (1) … psi (n): -γ + 1 + 1/2 + … + 1/(m - 1). */
static double *
digammas (gsize n, GError **error)
{
  double *psi = patron_try_alloc (n + 1, sizeof *psi, _("mutual information"), error);
  if (psi == NULL)
    return NULL;
  psi[0] = NAN;
  double value = -0.57721566490153286061;
  for (gsize m = 1; m <= n; m++)
    {
      psi[m] = value;
      value += 1.0 / m;
    }
  return psi;
}

/* Variance 1, ties broken. */
static double *
spread_out (const double *x, gsize n, guint64 seed, guint64 stream, GError **error)
{
  double *out = patron_try_alloc (n, sizeof *out, _("mutual information"), error);
  if (out == NULL)
    return NULL;
  PatronMoments moments = PATRON_MOMENTS_INIT;
  patron_moments_add_array (&moments, x, n);
  double scale = moments.m2 > 0 ? sqrt (moments.m2 / n) : 1, size = 0;
  PatronRandom random;
  patron_random_init (&random, seed, stream);
  for (gsize i = 0; i < n; i++)
    {
      out[i] = x[i] / scale;
      size += fabs (out[i]) / n;
    }
  for (gsize i = 0; i < n; i++)
    out[i] += 1e-10 * MAX (1, size) * patron_random_normal (&random);
  return out;
}

/* How many of n ascending values lie within radius of centre, borders included. */
static gsize
count_within (const double *sorted, gsize n, double centre, double radius)
{
  gsize low = 0, high = n;
  while (low < high)
    {
      gsize middle = (low + high) / 2;
      if (centre - sorted[middle] > radius)
        low = middle + 1;
      else
        high = middle;
    }
  gsize first = low;
  high = n;
  while (low < high)
    {
      gsize middle = (low + high) / 2;
      if (sorted[middle] - centre > radius)
        high = middle;
      else
        low = middle + 1;
    }
  return low - first;
}

/* The distance from value i of n ascending ones to its kth nearest other. */
static double
kth_distance (const double *sorted, gsize n, gsize i, gsize k)
{
  gsize left = i, right = i;   /* the k nearest are within left … right */
  double distance = 0;
  for (gsize found = 0; found < k; found++)
    {
      double below = left > 0 ? sorted[i] - sorted[left - 1] : INFINITY, above = right + 1 < n ? sorted[right + 1] - sorted[i] : INFINITY;
      distance = MIN (below, above);
      if (below <= above)
        left--;
      else
        right++;
    }
  return distance;
}

/* Sum over the values of one class of psi (k) - psi (class size) - psi (neighbours in all). */
static double
class_information (const double *class_sorted, gsize n_class, const double *all_sorted, gsize n_all, const double *psi)
{
  gsize k = MIN (NEIGHBOURS, n_class - 1);
  double sum = 0;
  for (gsize i = 0; i < n_class; i++)
    {
      double radius = nextafter (kth_distance (class_sorted, n_class, i, k), 0);
      sum += psi[k] - psi[n_class] - psi[count_within (all_sorted, n_all, class_sorted[i], radius)];
    }
  return sum;
}

double
patron_information_mixed (const double *x, const double *y, guint ky, gsize n, guint64 seed, PatronRun *run, GError **error)
{
  double *values = spread_out (x, n, seed, 0, error), *by_class = NULL, *psi = values != NULL ? digammas (n, error) : NULL;
  if (psi != NULL)
    by_class = patron_try_alloc (n, sizeof *by_class, _("mutual information"), error);
  g_autofree gsize *begin = g_new0 (gsize, (gsize) ky + 2);
  double result = NAN;
  if (by_class != NULL)
    {
      /* By class, leaving out classes of one row, which have no neighbours. */
      gsize used = 0;
      for (gsize i = 0; i < n; i++)
        begin[(gsize) y[i] + 2]++;
      for (guint c = 0; c < ky; c++)
        {
          gsize count = begin[c + 2] > 1 ? begin[c + 2] : 0;
          begin[c + 2] = used += count;
        }
      g_autofree gsize *at = g_memdup2 (begin, sizeof (gsize) * (ky + 2));
      for (gsize i = 0; i < n; i++)
        if (begin[(gsize) y[i] + 2] > begin[(gsize) y[i] + 1])
          by_class[at[(gsize) y[i] + 1]++] = values[i];
      memcpy (values, by_class, sizeof (double) * used);
      patron_sort_doubles (values, used);
      double sum = 0;
      for (guint c = 0; c < ky && (run == NULL || !patron_run_cancelled (run)); c++)
        if (begin[c + 2] > begin[c + 1])
          {
            patron_sort_doubles (by_class + begin[c + 1], begin[c + 2] - begin[c + 1]);
            sum += class_information (by_class + begin[c + 1], begin[c + 2] - begin[c + 1], values, used, psi);
          }
      if (run == NULL || patron_run_check (run, error))
        result = used > 0 ? MAX (0, psi[used] + sum / used) : 0;
    }
  patron_free (values);
  patron_free (by_class);
  patron_free (psi);
  return result;
}

typedef struct { double x, y; } Point;

static int
compare_points (gconstpointer a, gconstpointer b)
{
  const Point *p = a, *q = b;
  return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->y > q->y) - (p->y < q->y);
}

/* Distance (the larger of the two coordinates') from point i to its third nearest, walking outwards along x until no nearer one can come. */
static double
third_distance (const Point *points, gsize n, gsize i)
{
  double nearest[NEIGHBOURS] = { INFINITY, INFINITY, INFINITY };
  gsize left = i, right = i + 1;
  for (;;)
    {
      double below = left > 0 ? points[i].x - points[left - 1].x : INFINITY, above = right < n ? points[right].x - points[i].x : INFINITY;
      if (MIN (below, above) >= nearest[NEIGHBOURS - 1])
        return nearest[NEIGHBOURS - 1];
      gsize j = below <= above ? --left : right++;
      double distance = MAX (fabs (points[j].x - points[i].x), fabs (points[j].y - points[i].y));
      for (guint k = 0; k < NEIGHBOURS; k++)
        if (distance < nearest[k])
          {
            double moved = nearest[k];
            nearest[k] = distance;
            distance = moved;
          }
    }
}

double
patron_information_numbers (const double *x, const double *y, gsize n, guint64 seed, PatronRun *run, GError **error)
{
  if (n <= NEIGHBOURS)
    return 0;
  double *xs = spread_out (x, n, seed, 0, error), *ys = xs != NULL ? spread_out (y, n, seed, 1, error) : NULL;
  double *psi = ys != NULL ? digammas (n, error) : NULL, result = NAN;
  Point *points = psi != NULL ? patron_try_alloc (n, sizeof *points, _("mutual information"), error) : NULL;
  if (points != NULL)
    {
      for (gsize i = 0; i < n; i++)
        points[i] = (Point) { xs[i], ys[i] };
      qsort (points, n, sizeof *points, compare_points);
      patron_sort_doubles (xs, n);
      patron_sort_doubles (ys, n);
      double sum = 0;
      for (gsize i = 0; i < n && ((i & 255) != 0 || run == NULL || !patron_run_cancelled (run)); i++)
        {
          double radius = nextafter (third_distance (points, n, i), 0);
          sum += psi[count_within (xs, n, points[i].x, radius)] + psi[count_within (ys, n, points[i].y, radius)];
        }
      if (run == NULL || patron_run_check (run, error))
        result = MAX (0, psi[n] + psi[NEIGHBOURS] - sum / n);
    }
  patron_free (xs);
  patron_free (ys);
  patron_free (psi);
  patron_free (points);
  return result;
}
