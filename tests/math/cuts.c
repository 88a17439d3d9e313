/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scikit-learn 1.2.1, KBinsDiscretizer (uniform, quantile). Iris (R. Fisher, Annals of Eugenics 7, 1936): the cuts that R's package
 * discretization prints in its manual for mdlp () and chiM (alpha = 0.05). */
#include "math/cuts.h"

#include "base/order.h"

#include <math.h>
#include <string.h>

/* Iris, in tenths: sepal length, petal length; the species are 50 rows each. */
static const double sepal[150] = {
  51, 49, 47, 46, 50, 54, 46, 50, 44, 49, 54, 48, 48, 43, 58, 57, 54, 51, 57, 51, 54, 51, 46, 51, 48, 50, 50, 52, 52, 47, 48, 54, 52, 55,
  49, 50, 55, 49, 44, 51, 50, 45, 44, 50, 51, 48, 51, 46, 53, 50, 70, 64, 69, 55, 65, 57, 63, 49, 66, 52, 50, 59, 60, 61, 56, 67, 56, 58,
  62, 56, 59, 61, 63, 61, 64, 66, 68, 67, 60, 57, 55, 55, 58, 60, 54, 60, 67, 63, 56, 55, 55, 61, 58, 50, 56, 57, 57, 62, 51, 57, 63, 58,
  71, 63, 65, 76, 49, 73, 67, 72, 65, 64, 68, 57, 58, 64, 65, 77, 77, 60, 69, 56, 77, 63, 67, 72, 62, 61, 64, 72, 74, 79, 64, 63, 61, 77,
  63, 64, 60, 69, 67, 69, 58, 68, 67, 67, 63, 65, 62, 59 };
static const double petal[150] = {
  14, 14, 13, 15, 14, 17, 14, 15, 14, 15, 15, 16, 14, 11, 12, 15, 13, 14, 17, 15, 17, 15, 10, 17, 19, 16, 16, 15, 14, 16, 16, 15, 15, 14,
  15, 12, 13, 14, 13, 15, 13, 13, 13, 16, 19, 14, 16, 14, 15, 14, 47, 45, 49, 40, 46, 45, 47, 33, 46, 39, 35, 42, 40, 47, 36, 44, 45, 41,
  45, 39, 48, 40, 49, 47, 43, 44, 48, 50, 45, 35, 38, 37, 39, 51, 45, 45, 47, 44, 41, 40, 44, 46, 40, 33, 42, 42, 42, 43, 30, 41, 60, 51,
  59, 56, 58, 66, 45, 63, 58, 61, 51, 53, 55, 50, 51, 53, 55, 67, 69, 50, 57, 49, 67, 49, 57, 60, 48, 49, 56, 58, 61, 64, 56, 51, 56, 61,
  56, 55, 48, 54, 56, 51, 51, 59, 57, 52, 50, 52, 54, 51 };
static const double sample[30] = {
  17.15, 11.75, 10.39, 2.55, 8.89, 8.58, 9.67, 7.49, 9.82, 8.09, 4.74, 13.54, 13.53, 16.84, 10.2, 8.38, 7.82, 3.81, 13.93, 5.6, 5.26, 9.18,
  15.94, 10.95, 5.9, 7.15, 12.5, 9.36, 6.92, 9.08 };

static void
assert_cuts (const double *cuts, gsize n_cuts, const double *expected, gsize n_expected)
{
  g_assert_cmpuint (n_cuts, ==, n_expected);
  for (gsize k = 0; k < n_cuts; k++)
    g_assert_cmpfloat (fabs (cuts[k] - expected[k]), <, 1e-12 * fabs (expected[k]));
}

static void
test_equal (void)
{
  static const double uniform[] = { 6.199999999999999, 9.849999999999998, 13.5 }, quantile[] = { 7.235, 9.129999999999999, 11.55 };
  static const guint uniform_codes[30] = { 3, 2, 2, 0, 1, 1, 1, 1, 1, 1, 0, 3, 3, 3, 2, 1, 1, 0, 3, 0, 0, 1, 3, 2, 0, 1, 2, 1, 1, 1 };
  static const guint quantile_codes[30] = { 3, 3, 2, 0, 1, 1, 2, 1, 2, 1, 0, 3, 3, 3, 2, 1, 1, 0, 3, 0, 0, 2, 3, 2, 0, 0, 3, 2, 0, 1 };
  double sorted[30], cuts[8];

  memcpy (sorted, sample, sizeof sorted);
  patron_sort_doubles (sorted, 30);
  assert_cuts (cuts, patron_cuts_equal_width (sorted, 30, 4, cuts), uniform, 3);
  for (gsize i = 0; i < 30; i++)
    g_assert_cmpuint (patron_cuts_bin (cuts, 3, sample[i]), ==, uniform_codes[i]);
  assert_cuts (cuts, patron_cuts_equal_count (sorted, 30, 4, cuts), quantile, 3);
  for (gsize i = 0; i < 30; i++)
    g_assert_cmpuint (patron_cuts_bin (cuts, 3, sample[i]), ==, quantile_codes[i]);
}

/* Ties and constants make fewer bins, never empty ones. */
static void
test_ties (void)
{
  static const double ties[] = { 1, 1, 1, 1, 1, 1, 1, 2, 9 }, constant[] = { 5, 5, 5 };
  double cuts[8];

  g_assert_cmpuint (patron_cuts_equal_count (ties, 9, 4, cuts), ==, 0);
  g_assert_cmpuint (patron_cuts_equal_count (ties, 9, 9, cuts), ==, 2);
  g_assert_cmpuint (patron_cuts_equal_count (ties + 6, 2, 8, cuts), ==, 1);
  g_assert_cmpuint (patron_cuts_equal_width (constant, 3, 4, cuts), ==, 0);
  g_assert_cmpuint (patron_cuts_equal_count (constant, 3, 4, cuts), ==, 0);
}

typedef struct { double x, y; } Pair;

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  double x = ((const Pair *) a)->x, y = ((const Pair *) b)->x;
  return (x > y) - (x < y);
}

static void
sort_iris (const double *column, double *values, double *species)
{
  Pair pairs[150];
  for (gsize i = 0; i < 150; i++)
    pairs[i] = (Pair) { column[i] / 10, (double) (i / 50) };
  qsort (pairs, 150, sizeof *pairs, compare_pairs);
  for (gsize i = 0; i < 150; i++)
    {
      values[i] = pairs[i].x;
      species[i] = pairs[i].y;
    }
}

static void
check_iris (const double *column, const double *mdl, gsize n_mdl, const double *merged, gsize n_merged)
{
  double values[150], species[150], cuts[150];
  PatronCutTable table;
  g_autoptr (GError) error = NULL;

  sort_iris (column, values, species);
  g_assert_true (patron_cut_table_init (&table, values, species, 150, 3, &error));
  assert_cuts (cuts, patron_cuts_by_target (&table, 20, 1, cuts, NULL), mdl, n_mdl);
  g_assert_cmpuint (patron_cuts_by_target (&table, 2, 1, cuts, NULL), ==, 1);
  g_assert_cmpuint (patron_cuts_by_target (&table, 20, 76, cuts, NULL), ==, 0);
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  assert_cuts (cuts, patron_cuts_chi_merge (&table, 20, 0.05, cuts, run, &error), merged, n_merged);
  g_assert_no_error (error);
  g_assert_cmpuint (patron_cuts_chi_merge (&table, 2, 0.05, cuts, run, &error), ==, 1);
  patron_cut_table_clear (&table);
}

static void
test_iris (void)
{
  static const double sepal_mdl[] = { 5.55, 6.15 }, sepal_merged[] = { 5.45, 5.75, 7.05 };
  static const double petal_mdl[] = { 2.45, 4.75 }, petal_merged[] = { 2.45, 4.75, 5.15 };
  check_iris (sepal, sepal_mdl, 2, sepal_merged, 3);
  check_iris (petal, petal_mdl, 2, petal_merged, 3);
}

/* A number as target: steps are found, noise is not cut. */
static void
test_number (void)
{
  double values[400], steps[400], noise[400], cuts[20];
  PatronCutTable table;
  for (gsize i = 0; i < 400; i++)
    {
      values[i] = i;
      noise[i] = fmod (i * 0.7548776662466927, 1);   /* evenly spread, without order */
      steps[i] = (i < 100 ? 0 : i < 250 ? 5 : -2) + noise[i];
    }
  g_assert_true (patron_cut_table_init (&table, values, steps, 400, 0, NULL));
  static const double expected[] = { 99.5, 249.5 };
  assert_cuts (cuts, patron_cuts_by_target (&table, 20, 1, cuts, NULL), expected, 2);
  patron_cut_table_clear (&table);
  g_assert_true (patron_cut_table_init (&table, values, noise, 400, 0, NULL));
  g_assert_cmpuint (patron_cuts_by_target (&table, 20, 1, cuts, NULL), ==, 0);
  patron_cut_table_clear (&table);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cuts/equal", test_equal);
  g_test_add_func ("/cuts/ties", test_ties);
  g_test_add_func ("/cuts/iris", test_iris);
  g_test_add_func ("/cuts/number", test_number);
  return g_test_run ();
}
