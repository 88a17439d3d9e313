/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/adjust.h"

#include <math.h>

static int
compare_p (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *p = data;
  double x = p[*(const guint32 *) a], y = p[*(const guint32 *) b];
  return (x > y) - (x < y);
}

/* Where the p values are, the smallest first. Owned by the caller. */
static guint32 *
ascending (double *p, gsize n, gsize *n_tests)
{
  guint32 *order = g_new (guint32, n + 1);
  gsize m = 0;
  for (gsize i = 0; i < n; i++)
    if (!isnan (p[i]))
      order[m++] = (guint32) i;
  g_qsort_with_data (order, (gint) m, sizeof *order, compare_p, p);
  *n_tests = m;
  return order;
}

void
patron_adjust_holm (double *p, gsize n)
{
  gsize m;
  g_autofree guint32 *order = ascending (p, n, &m);
  double largest = 0;
  for (gsize k = 0; k < m; k++)
    {
      largest = MAX (largest, MIN (1, p[order[k]] * (double) (m - k)));
      p[order[k]] = largest;
    }
}

void
patron_adjust_bh (double *p, gsize n)
{
  gsize m;
  g_autofree guint32 *order = ascending (p, n, &m);
  double least = 1;
  for (gsize k = m; k-- > 0;)
    {
      least = MIN (least, p[order[k]] * (double) m / (double) (k + 1));
      p[order[k]] = least;
    }
}
