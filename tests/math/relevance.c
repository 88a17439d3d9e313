/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scipy 1.10.1, f_oneway and chi2_contingency (correction=False); scikit-learn 1.2.1, f_regression, mutual_info_score,
 * and the estimators behind mutual_info_classif and mutual_info_regression (without their noise). */
#include "math/relevance.h"

#include <math.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected))

static const double x[30] = {
  17.15, 11.75, 10.39, 2.55, 8.89, 8.58, 9.67, 7.49, 9.82, 8.09, 4.74, 13.54, 13.53, 16.84, 10.2, 8.38, 7.82, 3.81, 13.93, 5.6, 5.26, 9.18,
  15.94, 10.95, 5.9, 7.15, 12.5, 9.36, 6.92, 9.08 };
static const double y[30] = {
  2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 1, 0, 0, 0 };
static const double z[30] = {
  10.671, 8.542, 4.8, 4.824, 3.096, 4.591, 5.141, 1.617, 5.786, 7.923, 0.32, 8.569, 6.456, 11.959, 6.068, 5.542, 5.196, 2.403, 4.173, 5.583,
  -0.111, 5.067, 9.198, 3.799, 3.24, 5.911, 6.202, 2.903, -2.371, 2.596 };
static const double c[30] = {
  2, 0, 0, 0, 1, 0, 1, 2, 0, 2, 1, 0, 1, 1, 0, 2, 1, 1, 1, 0, 0, 0, 0, 2, 0, 1, 2, 0, 0, 0 };
static const double fine_x[40] = {
  6.910941, 3.824903, 21.559118, 4.085823, 2.240569, 3.040811, 1.657081, 4.247751, 0.926713, 2.748926, 1.133873, 7.93639, 2.326357,
  3.535655, 9.937238, 8.29786, 5.012748, 4.600852, 8.743344, 2.931134, 4.976046, 4.618693, 5.805268, 12.156372, 3.90652, 3.368598, 6.118582,
  11.858525, 3.807223, 4.620358, 1.447696, 2.776605, 4.596334, 3.495245, 9.789448, 7.538926, 5.049576, 11.16377, 4.720356, 13.640923 };
static const double fine_y[40] = {   /* one row of class 2: it has no neighbour */
  1, 0, 1, 2, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1 };

static void
test_anova (void)
{
  PatronRelevance r = patron_relevance_anova (x, y, 30, 4);   /* class 3 has no rows */
  assert_near (r.statistic, 22.904984717198285, 1e-13);
  assert_near (r.p, 1.5269835490940415e-06, 1e-12);
  assert_near (r.effect, 0.62917166138453573, 1e-13);
  g_assert_cmpfloat (r.df1, ==, 2);
  g_assert_cmpfloat (r.df2, ==, 27);
  g_assert_true (isnan (patron_relevance_anova (x, (double[]) { 0, 0, 0 }, 3, 1).p));
  g_assert_cmpfloat (patron_relevance_anova ((double[]) { 1, 1, 2, 2 }, (double[]) { 0, 0, 1, 1 }, 4, 2).p, ==, 0);
}

static void
test_correlation (void)
{
  PatronRelevance r = patron_relevance_correlation (x, z, 30);
  assert_near (r.statistic, 27.559785821575456, 1e-13);
  assert_near (r.p, 1.4015055513137639e-05, 1e-12);
  assert_near (r.effect, 0.49603837405134704, 1e-13);
  g_assert_true (isnan (patron_relevance_correlation (x, (double[]) { 4, 4, 4 }, 3).p));
}

static void
test_classes (void)
{
  PatronRelevance r = patron_relevance_classes (c, 5, y, 3, 30);
  assert_near (r.statistic, 1.7658730158730158, 1e-13);
  assert_near (r.p, 0.77871980960223897, 1e-13);
  assert_near (r.effect, 0.17155528826362926, 1e-13);
  g_assert_cmpfloat (r.df1, ==, 4);
  assert_near (patron_information_classes (c, 3, y, 3, 30, NULL), 0.031075589546576604, 1e-12);
}

static void
test_information (void)
{
  g_autoptr (GError) error = NULL;
  assert_near (patron_information_mixed (fine_x, fine_y, 3, 40, 1, NULL, &error), 0.36292778760131039, 1e-12);
  assert_near (patron_information_numbers (x, z, 30, 1, NULL, &error), 0.23706857831143635, 1e-12);
  g_assert_no_error (error);
  g_assert_cmpfloat (patron_information_mixed (fine_x, fine_x + 40, 1, 0, 1, NULL, &error), ==, 0);
}

/* Known truths: ln 2 for a coin that the number decides, -ln (1 - r²) / 2 for two normals, 0 for independence. */
static void
test_truths (void)
{
  enum { N = 4000 };
  g_autofree double *a = g_new (double, N);
  g_autofree double *b = g_new (double, N);
  g_autofree double *coin = g_new (double, N);
  GRand *random = g_rand_new_with_seed (4);
  for (gsize i = 0; i < N; i++)
    {
      double radius = sqrt (-2 * log (1 - g_rand_double (random))), angle = 2 * G_PI * g_rand_double (random);
      a[i] = radius * cos (angle);
      b[i] = 0.8 * a[i] + 0.6 * radius * sin (angle);
      coin[i] = a[i] > 0;
    }
  g_rand_free (random);
  g_assert_cmpfloat (fabs (patron_information_mixed (a, coin, 2, N, 1, NULL, NULL) - G_LN2), <, 0.01);
  g_assert_cmpfloat (fabs (patron_information_numbers (a, b, N, 1, NULL, NULL) + log (1 - 0.64) / 2), <, 0.04);
  g_assert_cmpfloat (patron_information_numbers (a, b + 7, N - 7, 1, NULL, NULL), <, 0.04);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relevance/anova", test_anova);
  g_test_add_func ("/relevance/correlation", test_correlation);
  g_test_add_func ("/relevance/classes", test_classes);
  g_test_add_func ("/relevance/information", test_information);
  g_test_add_func ("/relevance/truths", test_truths);
  return g_test_run ();
}
