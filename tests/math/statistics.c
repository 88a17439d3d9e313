/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/statistics.h"

#include <math.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected))

/* Far from 0, so that squares would cancel. Golden values: R 4.2.2, var () and the sums of powers about mean (). */
static const double sample[] = { 1000003.1, 999998, 1000007.5, 1000007.5, 1000000, 1000012, 1001000, 1000004.25, 999992, 1000006 };

static void
check_moments (const PatronMoments *moments)
{
  g_assert_cmpuint (moments->n, ==, 10);
  assert_near (moments->mean, 1000103.035, 1e-15);
  assert_near (patron_moments_variance (moments), 99358.451138889403, 1e-12);
  assert_near (patron_moments_skewness (moments), 2.6650654219336722, 1e-12);
  assert_near (patron_moments_kurtosis (moments), 5.1061443763948962, 1e-12);
  g_assert_cmpfloat (moments->min, ==, 999992);
  g_assert_cmpfloat (moments->max, ==, 1001000);
}

static void
test_moments (void)
{
  PatronMoments one = PATRON_MOMENTS_INIT, all = PATRON_MOMENTS_INIT, left = PATRON_MOMENTS_INIT, right = PATRON_MOMENTS_INIT;
  PatronMoments none = PATRON_MOMENTS_INIT;

  for (gsize i = 0; i < G_N_ELEMENTS (sample); i++)
    patron_moments_add (&one, sample[i]);
  patron_moments_add (&one, NAN);
  check_moments (&one);

  patron_moments_add_array (&all, sample, G_N_ELEMENTS (sample));
  check_moments (&all);

  patron_moments_add_array (&left, sample, 3);
  patron_moments_add_array (&right, sample + 3, 7);
  patron_moments_merge (&left, &none);
  patron_moments_merge (&left, &right);
  check_moments (&left);

  g_assert_true (isnan (patron_moments_variance (&none)));
  g_assert_true (isnan (patron_moments_skewness (&none)));
}

static void
test_sum (void)
{
  const gsize n = 1000000;
  g_autofree double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = 0.1;
  assert_near (patron_sum (values, n), 1e5, 1e-14);
  g_assert_cmpfloat (patron_sum (values, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/math/statistics/moments", test_moments);
  g_test_add_func ("/math/statistics/sum", test_sum);
  return g_test_run ();
}
