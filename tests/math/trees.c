/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/tree-grow.h"

#include <math.h>
#include <string.h>

/* Expected trees: scikit-learn 1.2.1, DecisionTreeRegressor and DecisionTreeClassifier, on the same rows with the same settings. */

#define N 12
static const double x1[N] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
static const double y_number[N] = { 1, 1.2, 0.9, 1.1, 5, 5.2, 4.9, 5.1, 5, 9, 9.3, 8.8 };
static const double y_class[N] = { 0, 0, 0, 1, 1, 2, 1, 1, 2, 2, 2, 2 };

static void
grow (const PatronTreeSpec *settings, const double *y, PatronTree *tree, PatronBins *bins, PatronCodes *codes)
{
  PatronMatrix x = { .n = N, .p = 1, .values = (double *) x1 };
  PatronTreeSpec spec = *settings;
  PatronTreeItem items[N];
  PatronRandom random;
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_assert_true (patron_bins_fit (bins, &x, run, NULL) && patron_bins_apply (bins, &x, codes, run, NULL));
  spec.bins = bins;
  spec.codes = codes;
  spec.p = spec.max_features = 1;
  for (guint i = 0; i < N; i++)
    {
      items[i] = (PatronTreeItem) { .row = i, .weight = 1 };
      if (spec.n_classes > 0)
        items[i].class = (guint32) y[i];
      else
        items[i].y = y[i];
    }
  patron_random_init (&random, 1, 0);
  memset (tree, 0, sizeof *tree);
  PatronTreeGrower *grower = patron_tree_grower_new (&spec, N, NULL);
  g_assert_true (patron_tree_grow (grower, items, N, &random, tree, run, NULL));
  patron_tree_grower_free (grower);
}

static void
check (const PatronTreeSpec *spec, const double *y, guint output, const double *expected, double decrease)
{
  PatronTree tree;
  PatronTrees trees;
  PatronBins bins;
  PatronCodes codes;
  grow (spec, y, &tree, &bins, &codes);
  g_assert_true (patron_trees_join (&trees, &tree, 1, MAX (spec->n_classes, 1), NULL));
  for (guint i = 0; i < N; i++)
    g_assert_cmpfloat_with_epsilon (patron_tree_walk (&trees, 0, codes.values + i * codes.stride)[output], expected[i], 1e-12);
  g_assert_cmpfloat_with_epsilon (tree.importance[0] / N, decrease, 1e-9);
  g_assert_cmpuint (patron_tree_n_leaves (&trees, 0) * 2 - 1, ==, trees.n_nodes);
  patron_trees_clear (&trees);
  patron_tree_clear (&tree);
  patron_codes_clear (&codes);
  patron_bins_clear (&bins);
}

static void
test_variance (void)
{
  static const PatronTreeSpec spec = { .criterion = PATRON_SPLIT_VARIANCE, .max_depth = 2, .min_split = 2, .min_leaf = 1 };
  static const double expected[N] = { 1.1000000000000001, 1.1000000000000001, 1, 1, 5.04, 5.04, 5.04, 5.04, 5.04, 9.0333333333333332,
    9.0333333333333332, 9.0333333333333332 };
  check (&spec, y_number, 0, expected, 9.1842083333333377);
}

static void
test_gini (void)
{
  static const PatronTreeSpec spec = { .criterion = PATRON_SPLIT_GINI, .n_classes = 3, .max_depth = 2, .min_split = 2, .min_leaf = 1 };
  static const double expected[N] = { 0, 0, 0, 0.80000000000000004, 0.80000000000000004, 0.80000000000000004, 0.80000000000000004,
    0.80000000000000004, 0, 0, 0, 0 };
  check (&spec, y_class, 1, expected, 0.51944444444444449);
}

static void
test_entropy (void)
{
  static const PatronTreeSpec spec = { .criterion = PATRON_SPLIT_ENTROPY, .n_classes = 3, .max_depth = 2, .min_split = 2, .min_leaf = 1 };
  static const double expected[N] = { 0, 0, 0, 0.80000000000000004, 0.80000000000000004, 0.80000000000000004, 0.80000000000000004,
    0.80000000000000004, 0, 0, 0, 0 };
  check (&spec, y_class, 1, expected, 1.2537817964680651 * G_LN2);   /* scikit-learn counts in bits */
}

static void
test_rows_in_a_leaf (void)
{
  static const PatronTreeSpec spec = { .criterion = PATRON_SPLIT_GINI, .n_classes = 3, .max_depth = G_MAXUINT, .min_split = 2, .min_leaf = 4 };
  static const double expected[N] = { 0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75, 0, 0, 0, 0 };
  check (&spec, y_class, 1, expected, 0.40277777777777785);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trees/variance", test_variance);
  g_test_add_func ("/trees/gini", test_gini);
  g_test_add_func ("/trees/entropy", test_entropy);
  g_test_add_func ("/trees/rows-in-a-leaf", test_rows_in_a_leaf);
  return g_test_run ();
}
