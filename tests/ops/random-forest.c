/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/init.h"
#include "base/memory.h"
#include "math/metrics.h"
#include "ops/customers.h"
#include "ops/models/forest.h"

static void
test_same_at_any_thread_count (void)
{
  for (guint task = 0; task < 2; task++)
    {
      Fixture f;
      set_up (&f, "random-forest", task == 0 ? PATRON_TASK_CLASSIFICATION : PATRON_TASK_REGRESSION);
      set (&f, "n-estimators", "23");
      PatronForest *one = grow (&f, 1, 42);
      g_autofree double *expected = predict (&f, one, 1);
      static const int threads[] = { 2, 3, 4 };
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        {
          PatronForest *many = grow (&f, threads[i], 42);
          g_autofree double *out = predict (&f, many, threads[i]);
          g_assert_cmpmem (out, 2 * N * sizeof (double), expected, 2 * N * sizeof (double));
          g_assert_cmpmem (many->importance, many->n_importance * sizeof (double), one->importance, one->n_importance * sizeof (double));
          destroy (&f, many);
        }
      PatronForest *other = grow (&f, 1, 43);
      g_autofree double *out = predict (&f, other, 1);
      g_assert_true (memcmp (out, expected, 2 * N * sizeof (double)) != 0);
      destroy (&f, other);
      destroy (&f, one);
      tear_down (&f);
    }
}

/* With all rows and all columns in every tree, grown out, each training row gets its own class: a pure leaf. */
static void
test_grown_out (void)
{
  Fixture f;
  set_up (&f, "random-forest", PATRON_TASK_CLASSIFICATION);
  set (&f, "n-estimators", "3");
  set (&f, "bootstrap", "false");
  set (&f, "max-features", "all");
  PatronForest *forest = grow (&f, 2, 1);
  g_autofree double *out = predict (&f, forest, 1);
  for (guint i = 0; i < N; i++)
    g_assert_cmpfloat (out[N + i], ==, f.churn[i]);
  destroy (&f, forest);
  tear_down (&f);
}

/* One tree of one cut against scikit-learn 1.2.1: DecisionTreeClassifier (max_depth=1) on x = 1…8, y = 0 0 1 0 1 1 1 1 cuts at 4.5 with
 * leaves [0.75, 0.25] and [0, 1]; max_depth=2 also cuts the left at 2.5. */
static void
test_stump (void)
{
  const double values[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, y[8] = { 0, 0, 1, 0, 1, 1, 1, 1 };
  PatronMatrix x = { .n = 8, .p = 1, .values = (double *) values };
  const PatronOp *op = patron_ops_find ("random-forest");
  g_autofree gpointer params = patron_op_new_params (op);
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  PatronFitInput in = { .task = PATRON_TASK_CLASSIFICATION, .x = &x, .y = y, .n_classes = 2, .class_names = answers };
  patron_param_parse (patron_params_find (op->params, "n-estimators"), "1", params, NULL);
  patron_param_parse (patron_params_find (op->params, "bootstrap"), "false", params, NULL);
  static const double expected[2][8] = { { .25, .25, .25, .25, 1, 1, 1, 1 }, { 0, 0, .5, .5, 1, 1, 1, 1 } };
  for (guint depth = 1; depth <= 2; depth++)
    {
      double out[16];
      patron_param_parse (patron_params_find (op->params, "max-depth"), depth == 1 ? "1" : "2", params, NULL);
      PatronForest *forest = op->model->fit (&in, params, run, NULL);
      g_assert_true (op->model->predict (forest, &x, out, run, NULL));
      for (guint i = 0; i < 8; i++)
        g_assert_cmpfloat_with_epsilon (out[8 + i], expected[depth - 1][i], 1e-12);
      op->model->clear (forest);
      g_free (forest);
    }
}

static void
test_missing_side (void)
{
  /* Missing goes with the class it is found in, on either side of the cut. */
  const double values[8] = { 1, 2, 3, NAN, 5, 6, 7, NAN }, y[8] = { 1, 1, 1, 1, 0, 0, 0, 1 }, high[8] = { 0, 0, 0, 1, 1, 1, 1, 1 };
  PatronMatrix x = { .n = 8, .p = 1, .values = (double *) values };
  const PatronOp *op = patron_ops_find ("random-forest");
  g_autofree gpointer params = patron_op_new_params (op);
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  patron_param_parse (patron_params_find (op->params, "n-estimators"), "1", params, NULL);
  patron_param_parse (patron_params_find (op->params, "bootstrap"), "false", params, NULL);
  patron_param_parse (patron_params_find (op->params, "max-depth"), "1", params, NULL);
  for (guint side = 0; side < 2; side++)
    {
      double out[16];
      const double *truth = side == 0 ? y : high;
      PatronFitInput in = { .task = PATRON_TASK_CLASSIFICATION, .x = &x, .y = truth, .n_classes = 2, .class_names = answers };
      PatronForest *forest = op->model->fit (&in, params, run, NULL);
      g_assert_true (op->model->predict (forest, &x, out, run, NULL));
      for (guint i = 0; i < 8; i++)
        g_assert_cmpfloat (out[8 + i], ==, truth[i]);
      op->model->clear (forest);
      g_free (forest);
    }
}

static GBytes *
save (Fixture *f, PatronForest *forest)
{
  PatronVisitor *visitor = patron_visitor_new_save ();
  f->op->model->visit (forest, visitor);
  return patron_visitor_finish (visitor, NULL);
}

static void
test_save_and_load (void)
{
  Fixture f;
  set_up (&f, "random-forest", PATRON_TASK_CLASSIFICATION);
  set (&f, "n-estimators", "10");
  PatronForest *forest = grow (&f, 2, 7);
  g_autofree double *expected = predict (&f, forest, 1);
  g_autoptr (GBytes) bytes = save (&f, forest);
  PatronForest *loaded = g_malloc0 (f.op->model->state_size);
  PatronVisitor *visitor = patron_visitor_new_load (bytes);
  g_autoptr (GError) error = NULL;
  f.op->model->visit (loaded, visitor);
  patron_visitor_finish (visitor, &error);
  g_assert_no_error (error);
  g_autofree double *out = predict (&f, loaded, 2);
  g_assert_cmpmem (out, 2 * N * sizeof (double), expected, 2 * N * sizeof (double));
  destroy (&f, loaded);
  destroy (&f, forest);
  tear_down (&f);
}

/* A node that names its own ancestor, or a column that is not there, must not be believed. */
static void
test_damaged (void)
{
  for (guint kind = 0; kind < 4; kind++)
    {
      Fixture f;
      set_up (&f, "random-forest", PATRON_TASK_CLASSIFICATION);
      set (&f, "n-estimators", "2");
      PatronForest *forest = grow (&f, 1, 7);
      PatronTreeNode *leaf = forest->trees.nodes;
      while (leaf->feature != PATRON_TREE_LEAF)
        leaf++;
      if (kind == 0)
        forest->trees.nodes[0].left = 0;
      else if (kind == 1)
        forest->trees.nodes[0].feature = 1000;
      else if (kind == 2)
        leaf->left = 1u << 30;
      else
        forest->bins.start[1] = 1u << 30;
      g_autoptr (GBytes) bytes = save (&f, forest);
      PatronForest *loaded = g_malloc0 (f.op->model->state_size);
      g_autoptr (GError) error = NULL;
      if (bytes != NULL)
        {
          PatronVisitor *visitor = patron_visitor_new_load (bytes);
          f.op->model->visit (loaded, visitor);
          patron_visitor_finish (visitor, &error);
          g_assert_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED);
        }
      destroy (&f, loaded);
      destroy (&f, forest);
      tear_down (&f);
    }
}

static void
test_cancelled (void)
{
  Fixture f;
  set_up (&f, "random-forest", PATRON_TASK_CLASSIFICATION);
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GError) error = NULL;
  patron_run_cancel (run);
  g_assert_null (f.op->model->fit (&f.fit, f.params, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
  tear_down (&f);
}

/* Whatever allocation fails, the answer is an error and nothing leaks. */
static void
test_memory (void)
{
  Fixture f;
  set_up (&f, "random-forest", PATRON_TASK_CLASSIFICATION);
  set (&f, "n-estimators", "2");
  for (int nth = 1;; nth++)
    {
      g_autoptr (PatronRun) run = patron_run_new (1, 1);
      g_autoptr (GError) error = NULL;
      patron_memory_fail_after (nth);
      PatronForest *forest = f.op->model->fit (&f.fit, f.params, run, &error);
      patron_memory_fail_after (0);
      if (forest != NULL)
        {
          destroy (&f, forest);
          g_assert_cmpint (nth, >, 5);
          break;
        }
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
    }
  tear_down (&f);
}

static void
test_explain (void)
{
  for (guint task = 0; task < 2; task++)
    {
      Fixture f;
      set_up (&f, "random-forest", task == 0 ? PATRON_TASK_CLASSIFICATION : PATRON_TASK_REGRESSION);
      PatronForest *forest = grow (&f, 2, 42);
      PatronInput input = { f.table, f.roles };
      PatronExplainInput explain = { &f.fit, &input, f.rows };
      g_autoptr (PatronRun) run = patron_run_new (42, 2);
      g_autoptr (PatronReport) report = patron_report_new ("random-forest");
      g_autoptr (GError) error = NULL;
      g_assert_true (f.op->model->explain (forest, &explain, f.params, run, report, &error));
      g_assert_no_error (error);
      const PatronReportTable *table = patron_report_find_table (report, "importance");
      g_assert_cmpuint (table->rows->len, ==, 4);
      g_autofree char *last = patron_cell_render (patron_report_table_cell (table, 3, 0));
      g_autofree char *first = patron_cell_render (patron_report_table_cell (table, 0, 0));
      g_assert_cmpstr (first, ==, task == 0 ? "contract" : "price");
      double share = 0;
      for (guint i = 0; i < 4; i++)
        share += patron_report_table_cell (table, i, 3)->number;
      g_assert_cmpfloat_with_epsilon (share, 1, 1e-9);
      if (task == 0)
        g_assert_cmpstr (last, ==, "noise");
      g_assert_nonnull (patron_report_find_chart (report, "oob-error"));
      g_assert_nonnull (patron_report_find_chart (report, "dependence-1"));
      /* Below what the truth allows, well above guessing. */
      double score = patron_report_find_figure (report, "oob_score")->value;
      g_assert_cmpfloat (score, >, task == 0 ? 0.72 : 0.85);
      g_assert_cmpfloat (score, <, task == 0 ? 0.9 : 0.999);
      destroy (&f, forest);
      tear_down (&f);
    }
}

static void
test_weights (void)
{
  Fixture f;
  double weights[N];
  set_up (&f, "random-forest", PATRON_TASK_CLASSIFICATION);
  set (&f, "n-estimators", "20");
  /* Rows of weight 0 might as well not be there: only "Yes" is left to predict. */
  for (guint i = 0; i < N; i++)
    weights[i] = f.churn[i];
  f.fit.weights = weights;
  PatronForest *forest = grow (&f, 1, 1);
  g_autofree double *out = predict (&f, forest, 1);
  for (guint i = 0; i < N; i++)
    g_assert_cmpfloat (out[N + i], ==, 1);
  destroy (&f, forest);
  for (guint i = 0; i < N; i++)
    weights[i] = 0;
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_autoptr (GError) error = NULL;
  g_assert_null (f.op->model->fit (&f.fit, f.params, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_INPUT);
  tear_down (&f);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/random-forest/same-at-any-thread-count", test_same_at_any_thread_count);
  g_test_add_func ("/random-forest/grown-out", test_grown_out);
  g_test_add_func ("/random-forest/stump", test_stump);
  g_test_add_func ("/random-forest/missing-side", test_missing_side);
  g_test_add_func ("/random-forest/save-and-load", test_save_and_load);
  g_test_add_func ("/random-forest/damaged", test_damaged);
  g_test_add_func ("/random-forest/cancelled", test_cancelled);
  g_test_add_func ("/random-forest/memory", test_memory);
  g_test_add_func ("/random-forest/explain", test_explain);
  g_test_add_func ("/random-forest/weights", test_weights);
  return g_test_run ();
}
