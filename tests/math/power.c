/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scipy 1.10.1, boxcox, boxcox_llf, yeojohnson, yeojohnson_llf, their likelihoods maximised by minimize_scalar to 1e-14. */
#include "math/power.h"

#include <math.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected))

static const double positive[40] = {
  28.572, 5.09, 7.586, 10.237, 3.931, 7.401, 7.384, 1.815, 16.679, 11.946, 4.48, 6.441, 11.07, 5.995, 6.085, 2.31, 11.515, 8.159, 9.203,
  2.179, 27.676, 8.36, 5.421, 37.459, 7.126, 2.315, 5.343, 1.185, 17.108, 5.295, 4.079, 17.426, 1.972, 11.34, 1.417, 4.35, 2.82, 23.797,
  30.354, 5.677 };
static const double any[40] = {
  1.889, -2.587, 4.843, -0.903, 1.8, 1.761, -0.074, 0.903, 1.871, 19.655, 7.005, -0.635, 3.564, -0.525, -13.621, -0.416, 8.724, 2.988,
  0.323, 3.95, -3.628, -3.195, -7.617, 1.342, -1.832, 23.547, 2.989, 1.426, -0.91, 1.223, 22.992, 2.596, 2.808, 12.351, 5.129, 1.871, 6.242,
  -1.199, -1.394, 3.63 };

static void
test_box_cox (void)
{
  static const double golden[] = { 3.3315904299319334, 1.6223578439021673, 2.018679527315406 };
  double lambda, likelihood;
  g_assert_true (patron_power_fit (PATRON_POWER_BOX_COX, positive, 40, &lambda, &likelihood, NULL, NULL));
  g_assert_cmpfloat (fabs (lambda - -0.0037234644238183633), <, 1e-7);
  assert_near (likelihood, -70.490249157943239, 1e-13);
  for (gsize i = 0; i < 3; i++)
    assert_near (patron_power_apply (PATRON_POWER_BOX_COX, -0.0037234644238183633, positive[i]), golden[i], 1e-13);
  g_assert_true (isnan (patron_power_apply (PATRON_POWER_BOX_COX, 0.5, 0)));
}

static void
test_yeo_johnson (void)
{
  static const double golden[] = { 1.7336967687148412, -2.883590002997364, 4.147363857351787 };
  double lambda, likelihood;
  g_assert_true (patron_power_fit (PATRON_POWER_YEO_JOHNSON, any, 40, &lambda, &likelihood, NULL, NULL));
  assert_near (lambda, 0.86080230198456342, 1e-7);
  assert_near (likelihood, -75.127436554448863, 1e-13);
  for (gsize i = 0; i < 3; i++)
    assert_near (patron_power_apply (PATRON_POWER_YEO_JOHNSON, 0.86080230198456342, any[i]), golden[i], 1e-13);
}

/* A range that is narrow beside its distance from 0: the likelihood is nearly flat in λ and must not drown in rounding. */
static void
test_years (void)
{
  double years[40], lambda, likelihood;
  for (gsize i = 0; i < 40; i++)
    years[i] = 1900 + 3.0 * i;
  g_assert_true (patron_power_fit (PATRON_POWER_BOX_COX, years, 40, &lambda, &likelihood, NULL, NULL));
  g_assert_cmpfloat (fabs (lambda - 0.7494055029587191), <, 1e-4);
  assert_near (likelihood, -141.78871888618755, 1e-9);
}

static void
test_inverse (void)
{
  static const double lambdas[] = { -3, -0.5, 0, 1e-9, 0.5, 1, 2, 2.7 };
  for (gsize k = 0; k < G_N_ELEMENTS (lambdas); k++)
    for (double x = -2.75; x < 3; x += 0.5)
      {
        double y = patron_power_apply (PATRON_POWER_YEO_JOHNSON, lambdas[k], x);
        g_assert_cmpfloat (fabs (patron_power_invert (PATRON_POWER_YEO_JOHNSON, lambdas[k], y) - x), <, 1e-12);
        if (x > 0)
          g_assert_cmpfloat (
              fabs (patron_power_invert (PATRON_POWER_BOX_COX, lambdas[k], patron_power_apply (PATRON_POWER_BOX_COX, lambdas[k], x)) - x), <, 1e-12);
      }
  g_assert_true (isnan (patron_power_invert (PATRON_POWER_BOX_COX, -1, 2)));   /* x^-1 is never negative */
}

/* Equal values say nothing; the number of threads does not matter. */
static void
test_constant_and_threads (void)
{
  double constant[3] = { 4, 4, 4 }, lambda, likelihood, other;
  g_assert_true (patron_power_fit (PATRON_POWER_BOX_COX, constant, 3, &lambda, &likelihood, NULL, NULL));
  g_assert_cmpfloat (lambda, ==, 1);
  g_assert_true (isnan (likelihood));

  g_autofree double *many = g_new (double, 50000);
  for (gsize i = 0; i < 50000; i++)
    many[i] = any[i % 40] + 1e-5 * i;
  g_autoptr (PatronRun) one = patron_run_new (1, 1);
  g_autoptr (PatronRun) two = patron_run_new (1, 2);
  g_assert_true (patron_power_fit (PATRON_POWER_YEO_JOHNSON, many, 50000, &lambda, &likelihood, one, NULL));
  g_assert_true (patron_power_fit (PATRON_POWER_YEO_JOHNSON, many, 50000, &other, &likelihood, two, NULL));
  g_assert_cmpfloat (lambda, ==, other);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/power/box-cox", test_box_cox);
  g_test_add_func ("/power/yeo-johnson", test_yeo_johnson);
  g_test_add_func ("/power/years", test_years);
  g_test_add_func ("/power/inverse", test_inverse);
  g_test_add_func ("/power/constant-and-threads", test_constant_and_threads);
  return g_test_run ();
}
