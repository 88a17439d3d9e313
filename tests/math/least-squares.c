/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/least-squares.h"

#include "base/init.h"
#include "base/random.h"
#include "math/longley.h"

#include <math.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs ((double) (expected)))

static const double *const longley_columns[] = { longley[1], longley[2], longley[3], longley[4], longley[5], longley[6] };
static const PatronColumns longley_x = { 16, 6, longley_columns };

static PatronLeastSquares *
fit (const PatronColumns *x, const double *y, gboolean intercept)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GError) error = NULL;
  PatronLeastSquares *result = patron_least_squares_fit (x, y, intercept, run, &error);
  g_assert_no_error (error);
  return result;
}

static void
test_longley (void)
{
  g_autoptr (PatronLeastSquares) result = fit (&longley_x, longley[0], TRUE);
  const double variance = result->rss / 9;

  for (gsize j = 0; j < 7; j++)
    {
      assert_near (result->coefficients[j], longley_coefficients[j][0], 1e-11);
      assert_near (sqrt (variance * result->inverse[j * 7 + j]), longley_coefficients[j][1], 1e-10);
    }
  assert_near (1 - result->rss / result->tss, longley_r2, 1e-14);
  assert_near (result->rss, longley_rss, 1e-11);
  g_assert_cmpuint (result->rank, ==, 7);
}

/* statsmodels 0.13: OLS without a constant. */
static void
test_no_intercept (void)
{
  static const double golden[][2] = {
    { -52.99357013867939, 129.54486693117556 }, { 0.07107319907357645, 0.030166400037860315 }, { -0.42346585566404826, 0.41773654056611603 },
    { -0.5725686684193072, 0.2789908746767608 }, { -0.41420358884973574, 0.321284961933627 }, { 48.41786562001113, 17.68948737819954 },
  };
  g_autoptr (PatronLeastSquares) result = fit (&longley_x, longley[0], FALSE);

  for (gsize j = 0; j < 6; j++)
    {
      assert_near (result->coefficients[j + 1], golden[j][0], 1e-9);
      assert_near (sqrt (result->rss / 10 * result->inverse[(j + 1) * 7 + j + 1]), golden[j][1], 1e-9);
    }
  g_assert_cmpfloat (result->coefficients[0], ==, 0);
  assert_near (1 - result->rss / result->tss, 0.9999670130705958, 1e-12);
}

/* A. Filippelli's polynomial of degree 10 (NIST Statistical Reference Datasets, "Filip"). The powers rounded to doubles are not the certified
 * problem any more (its first coefficient is -1467.48961422980): the golden values are the exact solution of the rounded one, by Gaussian
 * elimination in rational arithmetic (Python's fractions), which gives NIST's values when fed exact powers. */
static const double filip_x[] = {
  -6.860120914, -4.324130045, -4.358625055, -4.358426747, -6.955852379, -6.661145254, -6.355462942, -6.118102026, -7.115148017,
  -6.815308569, -6.519993057, -6.204119983, -5.853871964, -6.109523091, -5.79832982, -5.482672118, -5.171791386, -4.851705903, -4.517126416,
  -4.143573228, -3.709075441, -3.499489089, -6.300769497, -5.953504836, -5.642065153, -5.031376979, -4.680685696, -4.329846955,
  -3.928486195, -8.56735134, -8.363211311, -8.107682739, -7.823908741, -7.522878745, -7.218819279, -6.920818754, -6.628932138, -6.323946875,
  -5.991399828, -8.781464495, -8.663140179, -8.473531488, -8.247337057, -7.971428747, -7.676129393, -7.352812702, -7.072065318,
  -6.774174009, -6.478861916, -6.159517513, -6.835647144, -6.53165267, -6.224098421, -5.910094889, -5.598599459, -5.290645224, -4.974284616,
  -4.64454848, -4.290560426, -3.885055584, -3.408378962, -3.13200249, -8.726767166, -8.66695597, -8.511026475, -8.165388579, -7.886056648,
  -7.588043762, -7.283412422, -6.995678626, -6.691862621, -6.392544977, -6.067374056, -6.684029655, -6.378719832, -6.065855188,
  -5.752272167, -5.132414673, -4.811352704, -4.098269308, -3.66174277, -3.2644011
};
static const double filip_y[] = {
  0.8116, 0.9072, 0.9052, 0.9039, 0.8053, 0.8377, 0.8667, 0.8809, 0.7975, 0.8162, 0.8515, 0.8766, 0.8885, 0.8859, 0.8959, 0.8913, 0.8959,
  0.8971, 0.9021, 0.909, 0.9139, 0.9199, 0.8692, 0.8872, 0.89, 0.891, 0.8977, 0.9035, 0.9078, 0.7675, 0.7705, 0.7713, 0.7736, 0.7775,
  0.7841, 0.7971, 0.8329, 0.8641, 0.8804, 0.7668, 0.7633, 0.7678, 0.7697, 0.77, 0.7749, 0.7796, 0.7897, 0.8131, 0.8498, 0.8741, 0.8061,
  0.846, 0.8751, 0.8856, 0.8919, 0.8934, 0.894, 0.8957, 0.9047, 0.9129, 0.9209, 0.9219, 0.7739, 0.7681, 0.7665, 0.7703, 0.7702, 0.7761,
  0.7809, 0.7961, 0.8253, 0.8602, 0.8809, 0.8301, 0.8664, 0.8834, 0.8898, 0.8964, 0.8963, 0.9074, 0.9119, 0.9228
};

static void
test_filip (void)
{
  static const double golden[] = {
    -1467.4896313887714, -2772.1796242619316, -2316.371108609359, -1127.9739541497518, -354.4782378552308, -75.12420262435174,
    -10.875318164699452, -1.0622149986404843, -0.06701911627445624, -0.002467810813235648, -4.029625301456807e-05
  };
  const gsize n = G_N_ELEMENTS (filip_x);
  g_autofree double *powers = g_new (double, n * 10);
  const double *columns[10];
  const PatronColumns x = { n, 10, columns };

  for (gsize i = 0; i < n; i++)
    {
      double power = 1;
      for (gsize j = 0; j < 10; j++)
        powers[j * n + i] = power *= filip_x[i];
    }
  for (gsize j = 0; j < 10; j++)
    columns[j] = powers + j * n;

  g_autoptr (PatronLeastSquares) result = fit (&x, filip_y, TRUE);
  g_assert_cmpuint (result->rank, ==, 11);
  g_assert_true (result->orthogonal);
  for (gsize j = 0; j < 11; j++)
    assert_near (result->coefficients[j], golden[j], 1e-8);
  assert_near (sqrt (result->rss / 71), 0.334801051324544E-02, 1e-8);
  assert_near (sqrt (result->rss / 71 * result->inverse[0]), 298.084530995537, 1e-6);
}

/* Wampler's first problem: y = 1 + x + … + x⁵ exactly, x = 0 … 20; all coefficients 1. */
static void
test_wampler (void)
{
  double powers[5][21], y[21];
  const double *columns[5] = { powers[0], powers[1], powers[2], powers[3], powers[4] };
  const PatronColumns x = { 21, 5, columns };

  for (int i = 0; i < 21; i++)
    {
      double power = 1;
      y[i] = 1;
      for (int j = 0; j < 5; j++)
        y[i] += powers[j][i] = power *= i;
    }
  g_autoptr (PatronLeastSquares) result = fit (&x, y, TRUE);
  for (gsize j = 0; j < 6; j++)
    assert_near (result->coefficients[j], 1.0, 1e-9);
}

/* Columns 1 and 3 say nothing new: a constant, and column 0 + 2 · column 2. */
static void
test_aliased (void)
{
  double a[16], b[16], c[16];
  const double *columns[] = { longley[3], a, longley[4], b, longley[5], c };
  const PatronColumns x = { 16, 6, columns };
  const double *kept[] = { longley[3], longley[4], longley[5] };
  const PatronColumns plain = { 16, 3, kept };

  for (int i = 0; i < 16; i++)
    {
      a[i] = 1e6;
      b[i] = longley[3][i] + 2 * longley[4][i];
      c[i] = longley[5][i] / 3 - 7 * longley[3][i] + 0.1;
    }
  g_autoptr (PatronLeastSquares) result = fit (&x, longley[0], TRUE);
  g_autoptr (PatronLeastSquares) expected = fit (&plain, longley[0], TRUE);
  g_assert_cmpuint (result->rank, ==, 4);
  static const gboolean aliased[] = { FALSE, TRUE, FALSE, TRUE, FALSE, TRUE };
  for (gsize j = 0; j < 6; j++)
    g_assert_cmpint (result->aliased[j], ==, aliased[j]);
  assert_near (result->coefficients[0], expected->coefficients[0], 1e-10);
  assert_near (result->coefficients[1], expected->coefficients[1], 1e-10);
  assert_near (result->coefficients[3], expected->coefficients[2], 1e-10);
  assert_near (result->coefficients[5], expected->coefficients[3], 1e-10);
  assert_near (result->rss, expected->rss, 1e-10);
}

/* statsmodels 0.13: get_robustcov_results ("HC3"), hat_matrix_diag, and the auxiliary regression of e² for Breusch and Pagan's test. */
static void
test_diagnostics (void)
{
  static const double hc3[] = { 1799477.22077, 91.1193864283, 0.0556239880706, 0.822133497516, 0.298789256156, 0.324905819863, 922.807836685 };
  static const double leverage[] = { 0.4245369306241322, 0.5649782977091462, 0.3620747123660095, 0.3722277828157914 };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (PatronLeastSquares) result = fit (&longley_x, longley[0], TRUE);
  double h[16], fitted[16], weights[16], squares[16], covariance[49], explained, mean = 0;

  g_assert_true (patron_least_squares_leverage (result, &longley_x, h, run, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (leverage); i++)
    assert_near (h[i], leverage[i], 1e-8);

  g_assert_true (patron_linear_predict (&longley_x, result->coefficients, fitted, run, NULL));
  for (gsize i = 0; i < 16; i++)
    {
      const double e = longley[0][i] - fitted[i];
      weights[i] = e * e / ((1 - h[i]) * (1 - h[i]));
      squares[i] = e * e;
      mean += squares[i] / 16;
    }
  g_assert_true (patron_least_squares_sandwich (result, &longley_x, weights, covariance, run, NULL));
  for (gsize j = 0; j < 7; j++)
    assert_near (sqrt (covariance[j * 7 + j]), hc3[j], 1e-6);

  for (gsize i = 0; i < 16; i++)
    squares[i] -= mean;
  g_assert_true (patron_least_squares_explained (result, &longley_x, squares, &explained, run, NULL));
  assert_near (explained, 9833246476.591211, 1e-6);
}

/* Many blocks: the same to the last bit with one thread and with four, and the slopes that made the data. */
static void
test_tall (void)
{
  const gsize n = 50000, p = 7;
  g_autofree double *values = g_new (double, n * (p + 1));
  const double *columns[7];
  const PatronColumns x = { n, p, columns };
  double *y = values + p * n;
  PatronRandom random;

  patron_random_init (&random, 5, 0);
  for (gsize j = 0; j < p; j++)
    columns[j] = values + j * n;
  for (gsize i = 0; i < n; i++)
    {
      y[i] = 1e6;
      for (gsize j = 0; j < p; j++)
        {
          values[j * n + i] = 1e5 + patron_random_normal (&random);
          y[i] += (double) (j + 1) * (values[j * n + i] - 1e5);
        }
    }
  g_autoptr (PatronRun) one = patron_run_new (1, 1);
  g_autoptr (PatronRun) four = patron_run_new (1, 4);
  g_autoptr (PatronLeastSquares) a = patron_least_squares_fit (&x, y, TRUE, one, NULL);
  g_autoptr (PatronLeastSquares) b = patron_least_squares_fit (&x, y, TRUE, four, NULL);
  for (gsize j = 0; j <= p; j++)
    g_assert_cmpfloat (a->coefficients[j], ==, b->coefficients[j]);
  for (gsize j = 0; j < p; j++)
    assert_near (a->coefficients[j + 1], (double) (j + 1), 1e-9);
  g_assert_cmpfloat (a->rss, ==, b->rss);
}

static void
test_cancelled (void)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GError) error = NULL;

  patron_run_cancel (run);
  g_assert_null (patron_least_squares_fit (&longley_x, longley[0], TRUE, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/math/least-squares/longley", test_longley);
  g_test_add_func ("/math/least-squares/no-intercept", test_no_intercept);
  g_test_add_func ("/math/least-squares/filip", test_filip);
  g_test_add_func ("/math/least-squares/wampler", test_wampler);
  g_test_add_func ("/math/least-squares/aliased", test_aliased);
  g_test_add_func ("/math/least-squares/diagnostics", test_diagnostics);
  g_test_add_func ("/math/least-squares/tall", test_tall);
  g_test_add_func ("/math/least-squares/cancelled", test_cancelled);
  return g_test_run ();
}
