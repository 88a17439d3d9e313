/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/order.h"

#include <math.h>
#include <string.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected))

static void
test_sort (void)
{
  double values[] = { 2, -INFINITY, 1e-300, 0, INFINITY, -5, 2 };
  static const double golden[] = { -INFINITY, -5, 0, 1e-300, 2, 2, INFINITY };

  patron_sort_doubles (values, G_N_ELEMENTS (values));
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_cmpfloat (values[i], ==, golden[i]);
  patron_sort_doubles (values, 0);
  g_assert_cmpint (patron_compare_doubles (&values[4], &values[5]), ==, 0);
}

/* R: quantile (c (5, 1, 9, 2.5, 2.5, -3, 8, 0), c (0, .1, .25, .5, .77, 1), type = 7) */
static void
test_quantile (void)
{
  static const double values[] = { 5, 1, 9, 2.5, 2.5, -3, 8, 0 };
  static const double golden[][2] = { { 0, -3 }, { 0.1, -0.9 }, { 0.25, 0.75 }, { 0.5, 2.5 }, { 0.77, 6.17 }, { 1, 9 } };
  double sorted[8];

  memcpy (sorted, values, sizeof sorted);
  patron_sort_doubles (sorted, 8);
  for (gsize i = 0; i < G_N_ELEMENTS (golden); i++)
    {
      double copy[8];
      memcpy (copy, values, sizeof copy);
      assert_near (patron_quantile (copy, 8, golden[i][0]), golden[i][1], 1e-14);
      assert_near (patron_quantile_sorted (sorted, 8, golden[i][0]), golden[i][1], 1e-14);
    }
}

static void
test_no_quantile (void)
{
  double values[] = { 1, 2 };

  g_assert_true (isnan (patron_quantile (values, 0, 0.5)));
  g_assert_true (isnan (patron_quantile (values, 2, 1.5)));
  g_assert_true (isnan (patron_quantile (values, 2, NAN)));
  g_assert_true (isnan (patron_quantile_sorted (values, 0, 0.5)));
  g_assert_true (isnan (patron_quantile_sorted (values, 2, -0.1)));
}

/* Between two equal infinities lies the same infinity, not the NaN of their difference. */
static void
test_infinite (void)
{
  double values[] = { INFINITY, 1, INFINITY, -INFINITY };

  g_assert_cmpfloat (patron_quantile (values, 4, 0.9), ==, INFINITY);
  patron_sort_doubles (values, 4);
  g_assert_cmpfloat (patron_quantile_sorted (values, 4, 0.9), ==, INFINITY);
  g_assert_cmpfloat (patron_quantile_sorted (values, 4, 0), ==, -INFINITY);
}

static double
shaped (int shape, gsize i, gsize n)
{
  switch (shape)
    {
    case 0:
      return (double) i;
    case 1:
      return (double) (n - i);
    case 2:
      return (double) (i * 7919 % 13);
    case 3:
      return 1;
    case 4:  /* an organ pipe: the ends and the middle are all extreme */
      return (double) MIN (i, n - i);
    default:
      return (double) (i * 2654435761U % 1000003);
    }
}

/* Selection agrees with sorting: rising and falling orders, few and only ties, and orders that defeat a middle of three. */
static void
test_selection (void)
{
  for (int shape = 0; shape < 6; shape++)
    for (gsize n = 1; n < 2000; n += n < 300 ? 7 : 331)
      {
        g_autofree double *values = g_new (double, n);
        g_autofree double *sorted = g_new (double, n);
        for (gsize i = 0; i < n; i++)
          sorted[i] = shaped (shape, i, n);
        patron_sort_doubles (sorted, n);
        for (double p = 0; p <= 1; p += 0.125)
          {
            for (gsize i = 0; i < n; i++)
              values[i] = shaped (shape, i, n);
            g_assert_cmpfloat (patron_quantile (values, n, p), ==, patron_quantile_sorted (sorted, n, p));
          }
      }
}

/* The quantiles of values that an earlier call has reordered are the same: q1, median and q3 of one copy. */
static void
test_selection_again (void)
{
  enum { N = 1001 };
  double values[N], sorted[N];

  for (gsize i = 0; i < N; i++)
    values[i] = sorted[i] = shaped (5, i, N);
  patron_sort_doubles (sorted, N);
  for (double p = 0; p <= 1; p += 0.0625)
    g_assert_cmpfloat (patron_quantile (values, N, p), ==, patron_quantile_sorted (sorted, N, p));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/order/sort", test_sort);
  g_test_add_func ("/base/order/quantile", test_quantile);
  g_test_add_func ("/base/order/no-quantile", test_no_quantile);
  g_test_add_func ("/base/order/infinite", test_infinite);
  g_test_add_func ("/base/order/selection", test_selection);
  g_test_add_func ("/base/order/selection-again", test_selection_again);
  return g_test_run ();
}
