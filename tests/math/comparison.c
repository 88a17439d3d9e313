/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/comparison.h"

#include "base/order.h"
#include "math/noncentral.h"

#include <math.h>
#include <string.h>

/* Expected figures come from R 4.2 (shapiro.test, t.test, wilcox.test, aov, oneway.test, kruskal.test, TukeyHSD, ptukey, qtukey, pt, pf, pchisq);
 * intervals of effects from uniroot() over pt (…, ncp) and pf (…, ncp). */
static double a[] = { 12.1, 14.3, 9.8, 15.2, 11.7, 13.9, 10.4, 16.8, 12.9, 14.0, 13.3, 11.1 };
static double b[] = { 15.9, 18.2, 14.7, 21.3, 17.5, 16.4, 25.1, 13.2, 19.9, 17.7 };
static double c[] = { 13.0, 12.2, 17.1, 16.6, 14.9, 15.5, 11.8, 18.3, 14.4, 20.2, 13.7 };

static double rain[] = {
  67, 54.7, 7, 48.5, 14, 17.2, 20.7, 13, 43.4, 40.2, 38.9, 54.5, 59.8, 48.3, 22.9, 11.5, 34.4, 35.1, 38.7, 30.8, 30.6, 43.1, 56.8, 40.8,
  41.8, 42.5, 31, 31.7, 30.2, 25.9, 49.2, 37, 35.9, 15, 30.2, 7.2, 36.2, 45.5, 7.8, 33.4, 36.1, 40.2, 42.7, 42.5, 16.2, 39, 35, 37,
  31.4, 37.6, 39.9, 36.2, 42.8, 46.4, 24.7, 49.1, 46, 35.9, 7.8, 48.2, 15.2, 32.5, 44.7, 42.6, 38.8, 17.4, 40.8, 29.1, 14.6, 59.2,
};

#define assert_near(value, expected, tolerance) g_assert_cmpfloat_with_epsilon (value, expected, (tolerance) * MAX (1e-3, fabs (expected)))

static void
make_samples (PatronSample *groups, gboolean whole)
{
  static double copies[3][12];
  const double *from[] = { a, b, c };
  const gsize n[] = { G_N_ELEMENTS (a), G_N_ELEMENTS (b), G_N_ELEMENTS (c) };
  for (int g = 0; g < 3; g++)
    {
      for (gsize i = 0; i < n[g]; i++)
        copies[g][i] = whole ? rint (from[g][i]) : from[g][i];
      patron_sort_doubles (copies[g], n[g]);
      patron_sample_init (&groups[g], copies[g], n[g]);
    }
}

static void
test_shapiro (void)
{
  PatronSample groups[3];
  double w, p;
  make_samples (groups, FALSE);
  assert_near (groups[0].w, 0.983184337288413, 1e-7);
  assert_near (groups[0].normal_p, 0.993313051613459, 1e-5);
  assert_near (groups[1].w, 0.957764774680293, 1e-7);
  assert_near (groups[1].normal_p, 0.760115745753733, 1e-5);
  patron_shapiro_wilk ((const double[]) { 1, 2, 4 }, 3, &w, &p);
  assert_near (w, 0.964285714285714, 1e-10);
  assert_near (p, 0.636886845028963, 1e-6);
  patron_sort_doubles (rain, G_N_ELEMENTS (rain));
  patron_shapiro_wilk (rain, G_N_ELEMENTS (rain), &w, &p);
  assert_near (w, 0.964559168611697, 1e-7);
  assert_near (p, 0.0449252894831123, 1e-5);
}

static void
test_two (void)
{
  PatronSample g[3];
  make_samples (g, FALSE);
  PatronTest welch = patron_test_welch (&g[0], &g[1]), student = patron_test_student (&g[0], &g[1]);
  assert_near (welch.statistic, -4.07035087429159, 1e-12);
  assert_near (welch.df1, 14.0924324139331, 1e-12);
  assert_near (welch.p, 0.00113222001962168, 1e-10);
  assert_near (welch.difference_low, -7.68136815693092, 1e-10);
  assert_near (welch.difference_high, -2.38196517640241, 1e-10);
  assert_near (student.statistic, -4.26047979118315, 1e-12);
  assert_near (student.p, 0.000382615114297797, 1e-10);
  assert_near (student.effect, -1.75480659585465, 1e-10);
  assert_near (student.low, -2.71097100619494, 1e-7);
  assert_near (student.high, -0.768263079230939, 1e-7);
  PatronTest exact = patron_test_mann_whitney (&g[0], &g[1], NULL);
  g_assert_cmpfloat (exact.statistic, ==, 10);
  assert_near (exact.p, 0.000429910646628913, 1e-10);
  g_assert_cmpfloat_with_epsilon (exact.effect, 2 * 10.0 / 120 - 1, 1e-12);
  make_samples (g, TRUE);
  PatronTest tied = patron_test_mann_whitney (&g[0], &g[1], NULL);
  g_assert_cmpfloat (tied.statistic, ==, 9.5);
  assert_near (tied.p, 0.000926656949641323, 1e-9);
}

static void
test_three (void)
{
  PatronSample g[3];
  make_samples (g, FALSE);
  PatronTest anova = patron_test_anova (g, 3), welch = patron_test_welch_anova (g, 3), spread = patron_test_spread (g, 3, NULL);
  PatronTest ranks = patron_test_kruskal_wallis (g, 3, NULL);
  assert_near (anova.statistic, 9.38216617682915, 1e-11);
  assert_near (anova.p, 0.000684359944868141, 1e-10);
  assert_near (anova.effect, 0.336874455272902, 1e-10);
  assert_near (anova.low, 0.0959128276925156, 1e-6);
  assert_near (anova.high, 0.558231731179684, 1e-6);
  assert_near (welch.statistic, 8.69355974308946, 1e-11);
  assert_near (welch.df2, 18.1843101007555, 1e-11);
  assert_near (welch.p, 0.00224132682630442, 1e-9);
  assert_near (spread.statistic, 0.653501968738814, 1e-10);
  assert_near (spread.p, 0.527468103724825, 1e-10);
  assert_near (ranks.statistic, 12.5285367039378, 1e-11);
  assert_near (ranks.p, 0.00190310531245855, 1e-10);
  make_samples (g, TRUE);
  assert_near (patron_test_kruskal_wallis (g, 3, NULL).statistic, 12.8915233415233, 1e-11);
  double low, high;
  g_assert_true (patron_epsilon_interval (g, 3, 300, 42, &low, &high, NULL));
  g_assert_true (low < 0.4 && 0.4 < high && low > 0 && high < 1);
}

static void
test_pairs (void)
{
  PatronSample g[3];
  PatronPairTest pairs[3];
  static const double tukey_p[] = { 0.000436057636877, 0.124845586137463, 0.068936447011455 },
    tukey_low[] = { -7.895251271162, -5.078805188821, -0.177605224017 };
  static const double howell_p[] = { 0.00304076325017355, 0.0772992572557069, 0.132456990621515 },
    howell_low[] = { -8.26466136058191, -4.79279829836524, -0.70454939307189 };
  static const double dunn_z[] = { -3.58179261393486, -1.8908016453577, 1.70362382946886 },
    dunn_p[] = { 0.00102373392058521, 0.117301654945739, 0.117301654945739 };
  make_samples (g, FALSE);
  g_assert_true (patron_test_pairs (g, 3, PATRON_PAIRS_TUKEY, pairs, NULL));
  for (int i = 0; i < 3; i++)
    {
      assert_near (pairs[i].p, tukey_p[i], 1e-5);
      assert_near (pairs[i].low, tukey_low[i], 1e-6);
    }
  g_assert_true (patron_test_pairs (g, 3, PATRON_PAIRS_GAMES_HOWELL, pairs, NULL));
  for (int i = 0; i < 3; i++)
    {
      assert_near (pairs[i].p, howell_p[i], 1e-5);
      assert_near (pairs[i].low, howell_low[i], 1e-6);
    }
  make_samples (g, TRUE);
  g_assert_true (patron_test_pairs (g, 3, PATRON_PAIRS_DUNN, pairs, NULL));
  for (int i = 0; i < 3; i++)
    {
      assert_near (pairs[i].statistic, dunn_z[i], 1e-10);
      assert_near (pairs[i].p, dunn_p[i], 1e-9);
    }
}

static void
test_noncentral (void)
{
  g_assert_cmpfloat_with_epsilon (patron_noncentral_t_cdf (2.1, 10, 1.5), 0.689768093441927, 1e-10);
  g_assert_cmpfloat_with_epsilon (patron_noncentral_t_cdf (-1, 10, 1.5), 0.00777909535442556, 1e-10);
  g_assert_cmpfloat_with_epsilon (patron_noncentral_t_cdf (30, 100, 28), 0.793488203385878, 1e-8);
  g_assert_cmpfloat_with_epsilon (patron_noncentral_t_cdf (0.5, 3, -2), 0.992199698923556, 1e-10);
  g_assert_cmpfloat_with_epsilon (patron_noncentral_f_cdf (3, 2, 20, 4), 0.566031375644744, 1e-9);
  g_assert_cmpfloat_with_epsilon (patron_noncentral_f_cdf (10, 3, 50, 25), 0.5880275718128, 1e-9);
  g_assert_cmpfloat_with_epsilon (patron_noncentral_chi_squared_cdf (8, 3, 5), 0.573492250709301, 1e-9);
  g_assert_cmpfloat_with_epsilon (patron_noncentral_chi_squared_cdf (100, 4, 90), 0.64017107370093, 1e-9);
  g_assert_cmpfloat_with_epsilon (patron_studentized_range_survival (3.5, 3, 20), 0.0558918490820594, 1e-7);
  g_assert_cmpfloat_with_epsilon (patron_studentized_range_survival (2, 3, 5), 0.402362426790602, 1e-7);
  g_assert_cmpfloat_with_epsilon (patron_studentized_range_survival (5, 3, 2), 0.127423402672001, 1e-5);
  g_assert_cmpfloat_with_epsilon (patron_studentized_range_survival (4, 10, 100), 0.14124747464546, 1e-7);
  g_assert_cmpfloat_with_epsilon (patron_studentized_range_survival (3, 4, INFINITY), 0.146271481047657, 1e-7);
  assert_near (patron_studentized_range_quantile (0.95, 3, 20), 3.57793458152557, 1e-6);
  assert_near (patron_studentized_range_quantile (0.95, 10, 7.5), 6.02891909648409, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/comparison/shapiro-wilk", test_shapiro);
  g_test_add_func ("/comparison/two-groups", test_two);
  g_test_add_func ("/comparison/three-groups", test_three);
  g_test_add_func ("/comparison/pairs", test_pairs);
  g_test_add_func ("/comparison/noncentral", test_noncentral);
  return g_test_run ();
}
