/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/select-value.h"

#include <math.h>
#include <stdlib.h>

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
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
          qsort (values + low, (gsize) (high - low + 1), sizeof *values, compare_doubles);
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

double
patron_select_quantile (double *values, gsize n, double p)
{
  if (n == 0)
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
  return next == values[k] ? next : values[k] + part * (next - values[k]);
}
