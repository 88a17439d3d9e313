/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/order.h"

#include <math.h>
#include <stdlib.h>

int
patron_compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

void
patron_sort_doubles (double *values, gsize n)
{
  qsort (values, n, sizeof *values, patron_compare_doubles);
}

static void
insertion_sort (double *values, gsize n)
{
  for (gsize i = 1; i < n; i++)
    {
      double value = values[i];
      gsize j = i;
      for (; j > 0 && values[j - 1] > value; j--)
        values[j] = values[j - 1];
      values[j] = value;
    }
}

static inline double
middle_of (double a, double b, double c)
{
  return MAX (MIN (a, b), MIN (MAX (a, b), c));
}

/* Afterwards values[k] is what it would be in a sorted array, nothing before it is larger and nothing after it smaller. Hoare's partition around the
 * middle of three; what resists is sorted. */
static void
select_in_place (double *values, gsize n, gsize k)
{
  gssize low = 0, high = (gssize) n - 1, at = (gssize) k;
  for (guint rounds = 0; high - low > 32; rounds++)
    {
      if (rounds > 80)
        {
          patron_sort_doubles (values + low, (gsize) (high - low + 1));
          return;
        }
      double pivot = middle_of (values[low], values[low + (high - low) / 2], values[high]);
      gssize i = low, j = high;
      while (i <= j)
        {
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i <= j)
            {
              double swap = values[i];
              values[i++] = values[j];
              values[j--] = swap;
            }
        }
      if (at <= j)
        high = j;
      else if (at >= i)
        low = i;
      else
        return;
    }
  insertion_sort (values + low, (gsize) (high - low + 1));
}

/* Between equal values there is nothing to interpolate, which infinities would not survive. */
static double
between (double low, double high, double part)
{
  return low == high ? low : low + part * (high - low);
}

double
patron_quantile (double *values, gsize n, double p)
{
  if (n == 0 || !(p >= 0 && p <= 1))
    return (double) NAN;
  double place = p * (double) (n - 1);
  gsize k = (gsize) place;
  double part = place - (double) k;
  select_in_place (values, n, k);
  if (part <= 0 || k + 1 >= n)
    return values[k];
  double next = values[k + 1];
  for (gsize i = k + 2; i < n; i++)
    next = values[i] < next ? values[i] : next;
  return between (values[k], next, part);
}

double
patron_quantile_sorted (const double *values, gsize n, double p)
{
  if (n == 0 || !(p >= 0 && p <= 1))
    return (double) NAN;
  double place = p * (double) (n - 1);
  gsize k = (gsize) place;
  double part = place - (double) k;
  return part <= 0 || k + 1 >= n ? values[k] : between (values[k], values[k + 1], part);
}
