/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/density.h"
#include "base/order.h"

#include <math.h>

/* Rainfall of 70 cities: R's data set "precip". */
static double rain[] = {
  67, 54.7, 7, 48.5, 14, 17.2, 20.7, 13, 43.4, 40.2, 38.9, 54.5, 59.8, 48.3, 22.9, 11.5, 34.4, 35.1, 38.7, 30.8, 30.6, 43.1, 56.8, 40.8,
  41.8, 42.5, 31, 31.7, 30.2, 25.9, 49.2, 37, 35.9, 15, 30.2, 7.2, 36.2, 45.5, 7.8, 33.4, 36.1, 40.2, 42.7, 42.5, 16.2, 39, 35, 37,
  31.4, 37.6, 39.9, 36.2, 42.8, 46.4, 24.7, 49.1, 46, 35.9, 7.8, 48.2, 15.2, 32.5, 44.7, 42.6, 38.8, 17.4, 40.8, 29.1, 14.6, 59.2,
};

/* R 4.2: bw.SJ (precip, tol = 1e-12); its bins begin at 0 and not at the least value, hence the third digit. */
static void
test_bandwidth (void)
{
  gboolean thumb;
  patron_sort_doubles (rain, G_N_ELEMENTS (rain));
  g_assert_cmpfloat_with_epsilon (patron_density_bandwidth (rain, G_N_ELEMENTS (rain), &thumb), 3.94105028243, 3e-3);
  g_assert_false (thumb);
  const double same[] = { 3, 3, 3, 3, 3, 3 }, few[] = { 1, 2, 4 };
  g_assert_cmpfloat (patron_density_bandwidth (same, 6, &thumb), ==, 0);
  /* 0.9 min (sd 1.527525, iqr 1.5 / 1.34) 3^-0.2 */
  g_assert_cmpfloat_with_epsilon (patron_density_bandwidth (few, 3, &thumb), 0.9 * 1.5 / 1.34 * pow (3, -0.2), 1e-12);
  g_assert_true (thumb);
}

/* Whole numbers: one hill, not a peak for each of them. */
static void
test_ties (void)
{
  static const guint counts[] = { 60, 140, 260, 300, 220, 120, 60, 20 };
  double values[1180], out[141];
  gsize n = 0;
  for (guint v = 0; v < G_N_ELEMENTS (counts); v++)
    for (guint k = 0; k < counts[v]; k++)
      values[n++] = v;
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (values));
  double width = patron_density_bandwidth (values, n, NULL);
  g_assert_cmpfloat (width, >=, 0.5);
  g_assert_cmpfloat (width, <, 1);
  patron_density (values, n, width, 0, 7, G_N_ELEMENTS (out), out);
  guint peaks = 0;
  for (guint k = 1; k + 1 < G_N_ELEMENTS (out); k++)
    peaks += out[k] > out[k - 1] && out[k] >= out[k + 1];
  g_assert_cmpuint (peaks, ==, 1);
}

/* R: mean (dnorm ((t - precip) / 4)) / 4 at t = 0, 20, 40, 60; sharing values out to points 80 / 512 apart costs some 1e-4 of it. */
static void
test_density (void)
{
  static const double expected[] = { 0.00105375500632042, 0.01014790967136284, 0.03542975784863654, 0.00545278809749508 };
  double out[513], area = 0;
  patron_density (rain, G_N_ELEMENTS (rain), 4, 0, 80, 513, out);
  for (guint k = 0; k < 4; k++)
    g_assert_cmpfloat_with_epsilon (out[k * 128], expected[k], 5e-4 * expected[k]);
  for (guint k = 0; k < 513; k++)
    area += out[k] * 80 / 512;
  g_assert_cmpfloat_with_epsilon (area, 1, 0.01);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/density/bandwidth", test_bandwidth);
  g_test_add_func ("/density/ties", test_ties);
  g_test_add_func ("/density/curve", test_density);
  return g_test_run ();
}
