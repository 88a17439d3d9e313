/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/contingency.h"

#include "base/parallel.h"

#include <math.h>

/* Hair and eye colour of 592 students (R's HairEyeColor, both sexes): rows brown, blue, hazel, green eyes; columns black, brown, red, blond hair.
 * R 4.2: chisq.test (…)$statistic, $p.value, $stdres. */
static const double hair[] = { 68, 119, 26, 7, 20, 84, 17, 94, 15, 54, 14, 10, 5, 29, 14, 16 };

static void
test_chi_squared (void)
{
  PatronContingency t;
  double residuals[16], expected[16];
  patron_contingency (hair, 4, 4, &t);
  g_assert_cmpfloat_with_epsilon (t.chi_squared, 138.289841626008, 1e-9);
  g_assert_cmpfloat_with_epsilon (t.p / 2.32528678709881e-25, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (t.least_expected, 7.67567567567568, 1e-10);
  g_assert_cmpfloat (t.share_small, ==, 0);
  g_assert_cmpfloat_with_epsilon (t.v, 0.279044623342658, 1e-10);
  g_assert_cmpfloat_with_epsilon (t.v_low, 0.22352701636889, 1e-6);
  g_assert_cmpfloat_with_epsilon (t.v_high, 0.317988102937572, 1e-6);
  patron_contingency_cells (hair, 4, 4, expected, residuals);
  g_assert_cmpfloat_with_epsilon (residuals[0], 6.13651969458, 1e-9);
  g_assert_cmpfloat_with_epsilon (residuals[3], -8.32824832885, 1e-9);
  g_assert_cmpfloat_with_epsilon (residuals[7], 9.96755012115, 1e-9);
  g_assert_cmpfloat_with_epsilon (expected[0], 220.0 * 108 / 592, 1e-9);
}

/* R: fisher.test; the table of job satisfaction is the one of its manual page. */
static void
test_fisher (void)
{
  const double small[] = { 8, 2, 3, 9 }, large[] = { 120, 80, 90, 130 };
  const double job[] = { 1, 3, 10, 6, 2, 3, 10, 7, 1, 6, 14, 12, 0, 1, 9, 11 };
  g_assert_cmpfloat_with_epsilon (patron_fisher_2x2 (small), 0.0299731228523798, 1e-12);
  g_assert_cmpfloat_with_epsilon (patron_fisher_2x2 (large), 0.000133036653973286, 1e-12);
  double p[2];
  for (int threads = 1; threads <= 2; threads++)
    {
      g_autoptr (PatronRun) run = patron_run_new (1, threads);
      p[threads - 1] = patron_fisher_sampled (job, 4, 4, 20000, 7, run, NULL);
    }
  g_assert_cmpfloat (p[0], ==, p[1]);
  g_assert_cmpfloat_with_epsilon (p[0], 0.782684938965639, 0.012);   /* four standard errors */
}

/* 56 of 70 against 48 of 80: R. Newcombe's first example gives 0.0524 … 0.3339 for method 10; the ratio of odds 2.667 and of rates 1.333. */
static void
test_two_rates (void)
{
  const double counts[] = { 56, 14, 48, 32 }, empty[] = { 5, 0, 3, 4 };
  PatronTwoRates t;
  patron_two_rates (counts, &t);
  g_assert_cmpfloat_with_epsilon (t.difference, 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (t.difference_low, 0.0524, 5e-5);
  g_assert_cmpfloat_with_epsilon (t.difference_high, 0.3339, 5e-5);
  g_assert_cmpfloat_with_epsilon (t.odds, 56.0 * 32 / (14 * 48), 1e-12);
  g_assert_cmpfloat_with_epsilon (t.ratio, 0.8 / 0.6, 1e-12);
  /* ln ± 1.96 √(1/56 + 1/14 + 1/48 + 1/32) */
  g_assert_cmpfloat_with_epsilon (t.odds_low, exp (log (8.0 / 3) - 1.959963984540054 * 0.3759909), 1e-5);
  patron_two_rates (empty, &t);
  g_assert_true (isfinite (t.odds) && isfinite (t.odds_low));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_parallel_init ();
  g_test_add_func ("/contingency/chi-squared", test_chi_squared);
  g_test_add_func ("/contingency/fisher", test_fisher);
  g_test_add_func ("/contingency/two-rates", test_two_rates);
  return g_test_run ();
}
