/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/bins.h"

#include <math.h>

#include "base/random.h"

static void
test_few_values (void)
{
  double values[8] = { 3, 1, 2, NAN, 2, 1e300, -0.0, 0 };
  PatronMatrix x = { .n = 8, .p = 1, .values = values };
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  PatronBins bins;
  g_assert_true (patron_bins_fit (&bins, &x, run, NULL));
  g_assert_cmpuint (patron_bins_count (&bins, 0), ==, 5);
  g_assert_cmpfloat (bins.cuts[0], ==, 0.5);
  g_assert_cmpfloat (bins.cuts[1], ==, 1.5);
  static const double in[7] = { -5, 0.5, 0.51, 2, 2.6, 1e301, NAN };
  static const guint8 expected[7] = { 0, 0, 1, 2, 3, 4, PATRON_BIN_MISSING };
  for (guint i = 0; i < 7; i++)
    g_assert_cmpuint (patron_bins_code (&bins, 0, in[i]), ==, expected[i]);
  patron_bins_clear (&bins);
}

/* Neighbouring doubles have nothing between them: the cut is then the lower one. */
static void
test_neighbours (void)
{
  double values[2] = { 1, nextafter (1, 2) };
  PatronMatrix x = { .n = 2, .p = 1, .values = values };
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  PatronBins bins;
  g_assert_true (patron_bins_fit (&bins, &x, run, NULL));
  g_assert_cmpuint (patron_bins_code (&bins, 0, values[0]), ==, 0);
  g_assert_cmpuint (patron_bins_code (&bins, 0, values[1]), ==, 1);
  patron_bins_clear (&bins);
}

/* Half the values are 0; the others must still fill the remaining bins evenly. */
static void
test_quantiles (void)
{
  enum { N = 20000 };
  g_autofree double *values = g_new (double, N);
  guint counts[256] = { 0 };
  PatronRandom random;
  patron_random_init (&random, 3, 0);
  for (guint i = 0; i < N; i++)
    values[i] = i % 2 == 0 ? 0 : exp (3 * patron_random_normal (&random));
  PatronMatrix x = { .n = N, .p = 1, .values = values };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  PatronBins bins;
  PatronCodes codes;
  g_assert_true (patron_bins_fit (&bins, &x, run, NULL));
  g_assert_true (patron_bins_apply (&bins, &x, &codes, run, NULL));
  g_assert_cmpuint (patron_bins_count (&bins, 0), ==, PATRON_BINS_MAX);
  for (guint i = 0; i < N; i++)
    {
      counts[codes.values[i * codes.stride]]++;
      g_assert_cmpuint (codes.values[i * codes.stride], ==, patron_bins_code (&bins, 0, values[i]));
    }
  g_assert_cmpuint (counts[0], ==, N / 2);
  for (guint b = 1; b < PATRON_BINS_MAX; b++)
    {
      g_assert_cmpuint (counts[b], >=, 35);   /* 10000 / 254 = 39.4 */
      g_assert_cmpuint (counts[b], <=, 45);
    }
  patron_codes_clear (&codes);
  patron_bins_clear (&bins);
}

static void
test_empty_column (void)
{
  double values[4] = { NAN, NAN, 7, 7 };
  PatronMatrix x = { .n = 2, .p = 2, .values = values };
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  PatronBins bins;
  g_assert_true (patron_bins_fit (&bins, &x, run, NULL));
  g_assert_cmpuint (bins.n_cuts, ==, 0);
  g_assert_cmpuint (patron_bins_code (&bins, 1, 8), ==, 0);
  patron_bins_clear (&bins);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bins/few-values", test_few_values);
  g_test_add_func ("/bins/neighbours", test_neighbours);
  g_test_add_func ("/bins/quantiles", test_quantiles);
  g_test_add_func ("/bins/empty-column", test_empty_column);
  return g_test_run ();
}
