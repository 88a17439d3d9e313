/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: R 4.2.2, pt, pf, pchisq, pnorm and their quantiles, printed with "%.17g"; for t with 100,000 degrees of freedom and more, the
 * hypergeometric series of the incomplete beta function in 50-digit decimal arithmetic. */
#include "math/distributions.h"
#include "math/special.h"

#include <float.h>
#include <math.h>

#define assert_near(found, expected, tolerance) \
  g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected) + DBL_MIN)

static void
test_t (void)
{
  static const double golden[][4] = {
    { 0.5, 1, 0.64758361765043326, 0.35241638234956679 },
    { 2.2281388519999998, 10, 0.97500000000058185, 0.024999999999418217 },
    { -3, 4.5, 0.017190433944379805, 0.9828095660556202 },
    { 12, 30, 0.999999999999721, 2.7900927075996303e-13 },
    { 40, 3, 0.9999828096596054, 1.719034039457927e-05 },
    { 1.96, 100000, 0.97500071840284918, 0.024999281597150819 },
    { 1.96, 1000000, 0.97500196620736510, 0.024998033792634895 },
    { 0.001, 7, 0.50038499137750059, 0.49961500862249941 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (golden); i++)
    {
      assert_near (patron_t_cdf (golden[i][0], golden[i][1]), golden[i][2], 2e-14);
      assert_near (patron_t_survival (golden[i][0], golden[i][1]), golden[i][3], 2e-14);
    }
  assert_near (patron_t_two_sided (-2, INFINITY), 2 * patron_normal_cdf (-2), 1e-15);
  g_assert_cmpfloat (patron_t_two_sided (INFINITY, 3), ==, 0);
  g_assert_true (isnan (patron_t_cdf (1, 0)));
  g_assert_true (isnan (patron_t_two_sided (NAN, 5)));
}

static void
test_f (void)
{
  static const double golden[][5] = {
    { 1, 1, 1, 0.49999999999999956, 0.50000000000000044 },
    { 3.2000000000000002, 2, 47, 0.9502171080950198, 0.049782891904980218 },
    { 0.01, 5, 8, 4.3314811665475722e-05, 0.99995668518833458 },
    { 500, 3, 20, 1, 5.7209589092631947e-19 },
    { 1.02, 1000, 2000, 0.64354965470654446, 0.35645034529345554 },
    { 1.5, 13, 492, 0.88695225953444301, 0.11304774046555698 },
    { 40, 1, 100000, 0.99999999974496911, 2.5503093322960987e-10 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (golden); i++)
    {
      const double *g = golden[i];
      assert_near (patron_f_cdf (g[0], g[1], g[2]), g[3], 5e-14);
      assert_near (patron_f_survival (g[0], g[1], g[2]), g[4], 5e-14);
    }
  g_assert_cmpfloat (patron_f_survival (0, 2, 3), ==, 1);
  g_assert_cmpfloat (patron_f_survival (INFINITY, 2, 3), ==, 0);
  g_assert_true (isnan (patron_f_cdf (1, -1, 3)));
}

static void
test_chi_squared (void)
{
  static const double golden[][4] = {
    { 3.841458820694124, 1, 0.95000000000000007, 0.049999999999999975 },
    { 0.001, 2, 0.0004998750208307295, 0.99950012497916929 },
    { 100, 50, 0.99996545068617015, 3.4549313829848641e-05 },
    { 1000, 1000, 0.50594714617076042, 0.49405285382923969 },
    { 1300, 1000, 0.99999999961102637, 3.8897364994868516e-10 },
    { 0.20000000000000001, 0.5, 0.60833884572896602, 0.39166115427103393 },
    { 400, 10, 1, 9.4132919911834778e-80 },
    { 100000, 100000, 0.50059470810479334, 0.49940529189520672 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (golden); i++)
    {
      assert_near (patron_chi_squared_cdf (golden[i][0], golden[i][1]), golden[i][2], 2e-14);
      assert_near (patron_chi_squared_survival (golden[i][0], golden[i][1]), golden[i][3], 2e-14);
    }
  g_assert_cmpfloat (patron_chi_squared_cdf (-1, 3), ==, 0);
}

static void
test_normal (void)
{
  static const double cdf[][2] = {
    { -37, 5.7255712225245768e-300 },
    { -10, 7.6198530241605269e-24 },
    { -5.5, 1.8989562465887721e-08 },
    { -1, 0.15865525393145705 },
    { 0, 0.5 },
    { 0.29999999999999999, 0.61791142218895267 },
    { 2.5, 0.99379033467422384 },
    { 8, 0.99999999999999933 },
  };
  static const double quantile[][2] = {
    { 1e-300, -37.047096299361201 },
    { 9.9999999999999995e-21, -9.2623400897984052 },
    { 0.001, -3.0902323061678132 },
    { 0.025000000000000001, -1.9599639845400538 },
    { 0.29999999999999999, -0.52440051270804067 },
    { 0.5, 0 },
    { 0.90000000000000002, 1.2815515655446008 },
    { 0.97499999999999998, 1.9599639845400536 },
    { 0.99990000000000001, 3.7190164854557084 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cdf); i++)
    {
      assert_near (patron_normal_cdf (cdf[i][0]), cdf[i][1], 1e-14);
      assert_near (patron_normal_survival (-cdf[i][0]), cdf[i][1], 1e-14);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (quantile); i++)
    assert_near (patron_normal_quantile (quantile[i][0]), quantile[i][1], 1e-14);
  g_assert_cmpfloat (patron_normal_quantile (0), ==, -INFINITY);
  g_assert_true (isnan (patron_normal_quantile (1.5)));
}

static void
test_quantiles (void)
{
  static const double t[][3] = {
    { 0.97499999999999998, 1, 12.706204736174694 },
    { 0.97499999999999998, 10, 2.2281388519862739 },
    { 0.90000000000000002, 2.5, 1.7302509288071761 },
    { 1e-10, 5, -156.82559270889428 },
    { 0.995, 499, 2.5857176831117537 },
    { 0.51000000000000001, 30, 0.025278783971765903 },
    { 0.97499999999999998, 100000, 1.9599877075346088 },
  };
  static const double f[][4] = {
    { 0.94999999999999996, 3, 20, 3.0983912121407795 },
    { 0.01, 5, 8, 0.097188236949600437 },
    { 0.5, 1000, 2000, 0.99966662144678864 },
    { 0.999, 1, 4, 74.137293322302412 },
  };
  static const double chi_squared[][3] = {
    { 0.94999999999999996, 1, 3.841458820694124 },
    { 0.5, 0.5, 0.087347604705746873 },
    { 0.01, 50, 29.706682698841288 },
    { 0.999, 1000, 1143.9170926196791 },
    { 1e-08, 3, 1.122333097305001e-05 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (t); i++)
    assert_near (patron_t_quantile (t[i][0], t[i][1]), t[i][2], 1e-12);
  for (gsize i = 0; i < G_N_ELEMENTS (f); i++)
    assert_near (patron_f_quantile (f[i][0], f[i][1], f[i][2]), f[i][3], 1e-12);
  for (gsize i = 0; i < G_N_ELEMENTS (chi_squared); i++)
    assert_near (patron_chi_squared_quantile (chi_squared[i][0], chi_squared[i][1]), chi_squared[i][2], 1e-12);
  g_assert_cmpfloat (patron_t_quantile (1, 4), ==, INFINITY);
  g_assert_cmpfloat (patron_f_quantile (0, 4, 4), ==, 0);
  g_assert_true (isnan (patron_chi_squared_quantile (-0.1, 4)));
}

/* Extreme arguments end, and stay between 0 and 1. */
static void
test_extremes (void)
{
  static const double values[] = { 1e-300, 1e-10, 0.5, 1, 3, 1e5, 1e9, 1e300 };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (values) - 1; j++)
      {
        double lower, upper;
        patron_incomplete_gamma (values[j], values[i], &lower, &upper);
        g_assert_true (lower >= 0 && lower <= 1 && upper >= 0 && upper <= 1);
        g_assert_cmpfloat (fabs (lower + upper - 1), <, 1e-12);
        const double p = patron_f_survival (values[i], values[j], 7);
        g_assert_true (p >= 0 && p <= 1);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/math/distributions/t", test_t);
  g_test_add_func ("/math/distributions/f", test_f);
  g_test_add_func ("/math/distributions/chi-squared", test_chi_squared);
  g_test_add_func ("/math/distributions/normal", test_normal);
  g_test_add_func ("/math/distributions/quantiles", test_quantiles);
  g_test_add_func ("/math/distributions/extremes", test_extremes);
  return g_test_run ();
}
