/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/kendall.h"

#include "base/memory.h"
#include "math/distributions.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Sums over groups of t equal values: Σ t (t-1) / 2, Σ t (t-1) (t-2), Σ t (t-1) (2t+5). */
typedef struct
{
  double pairs, triples, spread;
} Ties;

static void
add_tie (Ties *ties, double t)
{
  ties->pairs += t * (t - 1) / 2;
  ties->triples += t * (t - 1) * (t - 2);
  ties->spread += t * (t - 1) * (2 * t + 5);
}

static Ties
count_ties (const guint64 *keys, gsize n)
{
  Ties ties = { 0, 0, 0 };
  gsize from = 0;
  for (gsize i = 1; i <= n; i++)
    if (i == n || keys[i] != keys[from])
      {
        add_tie (&ties, (double) (i - from));
        from = i;
      }
  return ties;
}

/* Sorts by merging and returns how many pairs stood in the wrong order. */
static double
count_inversions (guint64 *keys, guint64 *scratch, gsize n)
{
  double inversions = 0;
  guint64 *from = keys, *to = scratch;
  for (gsize width = 1; width < n; width *= 2)
    {
      for (gsize start = 0; start < n; start += 2 * width)
        {
          gsize middle = MIN (start + width, n), end = MIN (start + 2 * width, n), a = start, b = middle;
          for (gsize k = start; k < end; k++)
            if (a < middle && (b >= end || from[a] <= from[b]))
              to[k] = from[a++];
            else
              {
                inversions += (double) (middle - a);
                to[k] = from[b++];
              }
        }
      guint64 *swap = from;
      from = to;
      to = swap;
    }
  if (from != keys)
    memcpy (keys, from, n * sizeof *keys);
  return inversions;
}

/* y's keys in the order of x, and of y among equal x; *both: pairs equal in x and y. */
static gboolean
order_pairs (const double *x, const double *y, gsize n, guint64 *keys, guint64 *scratch, Ties *x_ties, double *both, GError **error)
{
  guint32 *rows = patron_try_alloc (2 * n, sizeof *rows, _("the ranks"), error);
  guint64 *first = rows != NULL ? patron_try_alloc (n, sizeof *first, _("the ranks"), error) : NULL;
  if (first != NULL)
    {
      /* Stable sorts by y, then by x. */
      for (gsize i = 0; i < n; i++)
        {
          keys[i] = patron_key_from_double (y[i] + 0.0);
          rows[i] = (guint32) i;
        }
      patron_radix_sort_pairs (keys, rows, scratch, rows + n, n);
      for (gsize i = 0; i < n; i++)
        first[i] = patron_key_from_double (x[rows[i]] + 0.0);
      patron_radix_sort_pairs (first, rows, scratch, rows + n, n);
      for (gsize i = 0; i < n; i++)
        keys[i] = patron_key_from_double (y[rows[i]] + 0.0);
      *x_ties = count_ties (first, n);
      *both = 0;
      for (gsize i = 1, from = 0; i <= n; i++)
        if (i == n || first[i] != first[from] || keys[i] != keys[from])
          {
            double t = (double) (i - from);
            *both += t * (t - 1) / 2;
            from = i;
          }
    }
  gboolean ok = first != NULL;
  patron_free (rows);
  patron_free (first);
  return ok;
}

gboolean
patron_kendall (const double *x, const double *y, gsize n, double *tau, double *p, GError **error)
{
  *tau = *p = NAN;
  if (n < 2)
    return TRUE;
  guint64 *keys = patron_try_alloc (2 * n, sizeof *keys, _("the ranks"), error);
  Ties x_ties;
  double both, m = (double) n, all = m * (m - 1) / 2;
  gboolean ok = keys != NULL && order_pairs (x, y, n, keys, keys + n, &x_ties, &both, error);
  if (ok)
    {
      double swaps = count_inversions (keys, keys + n, n);
      Ties y_ties = count_ties (keys, n);
      double s = all - x_ties.pairs - y_ties.pairs + both - 2 * swaps, product = (all - x_ties.pairs) * (all - y_ties.pairs);
      if (product > 0)
        {
          double variance = (m * (m - 1) * (2 * m + 5) - x_ties.spread - y_ties.spread) / 18 + 2 * x_ties.pairs * y_ties.pairs / (m * (m - 1))
                            + (n > 2 ? x_ties.triples * y_ties.triples / (9 * m * (m - 1) * (m - 2)) : 0);
          *tau = CLAMP (s / sqrt (product), -1, 1);
          *p = 2 * patron_normal_survival (fabs (s) / sqrt (variance));
        }
    }
  patron_free (keys);
  return ok;
}
