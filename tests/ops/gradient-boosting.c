/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/init.h"
#include "ops/customers.h"
#include "ops/models/boosting-model.h"

static GBytes *
save (Fixture *f, PatronBoostingModel *model)
{
  PatronVisitor *visitor = patron_visitor_new_save ();
  f->op->model->visit (model, visitor);
  return patron_visitor_finish (visitor, NULL);
}

static PatronBoostingModel *
load (Fixture *f, GBytes *bytes, GError **error)
{
  PatronBoostingModel *model = g_malloc0 (f->op->model->state_size);
  PatronVisitor *visitor = patron_visitor_new_load (bytes);
  f->op->model->visit (model, visitor);
  patron_visitor_finish (visitor, error);
  return model;
}

static void
test_same_at_any_thread_count (void)
{
  for (guint task = 0; task < 2; task++)
    {
      Fixture f;
      set_up (&f, "gradient-boosting", task == 0 ? PATRON_TASK_CLASSIFICATION : PATRON_TASK_REGRESSION);
      set (&f, "subsample", "0.7");
      set (&f, "colsample", "0.6");
      PatronBoostingModel *one = grow (&f, 1, 42), *two = grow (&f, 2, 42), *other = grow (&f, 2, 43);
      g_autoptr (GBytes) a = save (&f, one), b = save (&f, two), c = save (&f, other);
      g_assert_true (g_bytes_equal (a, b));
      g_assert_false (g_bytes_equal (a, c));
      g_autofree double *expected = predict (&f, one, 1), *out = predict (&f, two, 2);
      g_assert_cmpmem (out, 2 * N * sizeof (double), expected, 2 * N * sizeof (double));
      destroy (&f, one);
      destroy (&f, two);
      destroy (&f, other);
      tear_down (&f);
    }
}

static void
test_save_and_load (void)
{
  static const char *const losses[] = { "squared", "absolute", "poisson" };
  for (guint kind = 0; kind < 4; kind++)
    {
      Fixture f;
      set_up (&f, "gradient-boosting", kind == 3 ? PATRON_TASK_CLASSIFICATION : PATRON_TASK_REGRESSION);
      if (kind < 3)
        set (&f, "loss", losses[kind]);
      for (guint i = 0; i < N; i++)
        f.spend[i] = MAX (f.spend[i], 0);
      PatronBoostingModel *model = grow (&f, 2, 7);
      g_autofree double *expected = predict (&f, model, 1);
      g_autoptr (GBytes) bytes = save (&f, model);
      g_autoptr (GError) error = NULL;
      PatronBoostingModel *loaded = load (&f, bytes, &error);
      g_assert_no_error (error);
      g_autofree double *out = predict (&f, loaded, 2);
      g_assert_cmpmem (out, 2 * N * sizeof (double), expected, 2 * N * sizeof (double));
      destroy (&f, loaded);
      destroy (&f, model);
      tear_down (&f);
    }
}

/* Nothing that would read beyond an array is believed, neither when saving nor when loading. */
static void
test_damaged (void)
{
  for (guint kind = 0; kind < 6; kind++)
    {
      Fixture f;
      set_up (&f, "gradient-boosting", PATRON_TASK_CLASSIFICATION);
      PatronBoostingModel *model = grow (&f, 1, 7);
      PatronBoosting *b = &model->boosting;
      switch (kind)
        {
        case 0: b->trees.nodes[0].left = 0; break;
        case 1: b->trees.nodes[0].feature = 1000; break;
        case 2: model->loss = PATRON_N_LOSSES; break;
        case 3: model->n_classes = 0; break;
        case 4: b->rounds--; break;
        default: b->base[0] = NAN; break;
        }
      g_autoptr (GBytes) bytes = save (&f, model);
      g_assert_null (bytes);
      destroy (&f, model);
      tear_down (&f);
    }
}

/* A saved model with any one byte changed either loads, and predicts without harm, or is refused. */
static void
test_changed_bytes (void)
{
  Fixture f;
  set_up (&f, "gradient-boosting", PATRON_TASK_CLASSIFICATION);
  set (&f, "n-estimators", "3");
  PatronBoostingModel *model = grow (&f, 1, 7);
  g_autoptr (GBytes) bytes = save (&f, model);
  gsize size = g_bytes_get_size (bytes);
  for (gsize at = 0; at < size; at += 7)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
      copy[at] ^= 0x41;
      g_autoptr (GBytes) changed = g_bytes_new (copy, size);
      g_autoptr (GError) error = NULL;
      PatronBoostingModel *loaded = load (&f, changed, &error);
      if (error == NULL && loaded->n_classes == 2 && loaded->bins.p == f.x->p)
        g_free (predict (&f, loaded, 1));
      destroy (&f, loaded);
    }
  destroy (&f, model);
  tear_down (&f);
}

static void
test_refused (void)
{
  Fixture f;
  double weights[N] = { 0 };
  set_up (&f, "gradient-boosting", PATRON_TASK_REGRESSION);
  g_autoptr (PatronRun) run = patron_run_new (1, 2), cancelled = patron_run_new (1, 2);
  g_autoptr (GError) no_weight = NULL, negative = NULL, zero = NULL, stopped = NULL;
  f.fit.weights = weights;
  g_assert_null (f.op->model->fit (&f.fit, f.params, run, &no_weight));
  g_assert_error (no_weight, PATRON_ERROR, PATRON_ERROR_INPUT);
  f.fit.weights = NULL;
  patron_run_cancel (cancelled);
  g_assert_null (f.op->model->fit (&f.fit, f.params, cancelled, &stopped));
  g_assert_error (stopped, PATRON_ERROR, PATRON_ERROR_CANCELLED);
  set (&f, "loss", "poisson");
  f.spend[3] = -1;
  g_assert_null (f.op->model->fit (&f.fit, f.params, run, &negative));
  g_assert_error (negative, PATRON_ERROR, PATRON_ERROR_INPUT);
  memset (f.spend, 0, sizeof f.spend);
  g_assert_null (f.op->model->fit (&f.fit, f.params, run, &zero));
  g_assert_error (zero, PATRON_ERROR, PATRON_ERROR_INPUT);
  tear_down (&f);
}

/* Rows of weight 0 might as well not be there; a row of weight 2 is two rows, but for the least number of rows in a leaf. */
static void
test_weights (void)
{
  Fixture f;
  double weights[N];
  set_up (&f, "gradient-boosting", PATRON_TASK_CLASSIFICATION);
  set (&f, "n-iter-no-change", "0");
  for (guint i = 0; i < N; i++)
    weights[i] = f.churn[i];
  f.fit.weights = weights;
  PatronBoostingModel *model = grow (&f, 1, 1);
  g_autofree double *out = predict (&f, model, 1);
  for (guint i = 0; i < N; i++)
    g_assert_cmpfloat (out[N + i], >, 0.999);
  destroy (&f, model);
  tear_down (&f);
}

static PatronReport *
explain (Fixture *f, PatronBoostingModel *model)
{
  PatronInput input = { f->table, f->roles };
  PatronExplainInput explain = { &f->fit, &input, f->rows };
  g_autoptr (PatronRun) run = patron_run_new (42, 2);
  PatronReport *report = patron_report_new ("gradient-boosting");
  g_autoptr (GError) error = NULL;
  g_assert_true (f->op->model->explain (model, &explain, f->params, run, report, &error));
  g_assert_no_error (error);
  return report;
}

static void
test_explain (void)
{
  for (guint task = 0; task < 2; task++)
    {
      Fixture f;
      set_up (&f, "gradient-boosting", task == 0 ? PATRON_TASK_CLASSIFICATION : PATRON_TASK_REGRESSION);
      PatronBoostingModel *model = grow (&f, 2, 42);
      g_autoptr (PatronReport) report = explain (&f, model);
      const PatronReportTable *table = patron_report_find_table (report, "importance");
      g_assert_cmpuint (table->rows->len, ==, 4);
      g_autofree char *first = patron_cell_render (patron_report_table_cell (table, 0, 0));
      g_assert_cmpstr (first, ==, task == 0 ? "contract" : "price");
      double share = 0;
      for (guint i = 0; i < 4; i++)
        share += patron_report_table_cell (table, i, 1)->number;
      g_assert_cmpfloat_with_epsilon (share, 1, 1e-9);
      g_assert_nonnull (patron_report_find_chart (report, "dependence-1"));
      /* Both losses, and a line at the number of trees kept. */
      const PatronChart *chart = patron_report_find_chart (report, "loss");
      g_assert_cmpuint (chart->series->len, ==, 3);
      const PatronSeries *kept = chart->series->pdata[2];
      g_assert_cmpfloat (kept->x[0], ==, model->boosting.rounds);
      g_assert_cmpfloat (patron_report_table_cell (patron_report_find_table (report, "trees"), 0, 1)->number, ==, model->boosting.trees.n_trees);
      g_assert_cmpuint (report->notes->len, ==, 0);
      destroy (&f, model);
      /* Without rows aside, the page says so. */
      set (&f, "n-iter-no-change", "0");
      model = grow (&f, 2, 42);
      g_assert_cmpuint (model->boosting.rounds, ==, 100);
      g_assert_cmpuint (model->boosting.n_training, ==, N);
      g_autoptr (PatronReport) plain = explain (&f, model);
      g_assert_cmpuint (plain->notes->len, ==, 1);
      destroy (&f, model);
      tear_down (&f);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/gradient-boosting/same-at-any-thread-count", test_same_at_any_thread_count);
  g_test_add_func ("/gradient-boosting/save-and-load", test_save_and_load);
  g_test_add_func ("/gradient-boosting/damaged", test_damaged);
  g_test_add_func ("/gradient-boosting/changed-bytes", test_changed_bytes);
  g_test_add_func ("/gradient-boosting/refused", test_refused);
  g_test_add_func ("/gradient-boosting/weights", test_weights);
  g_test_add_func ("/gradient-boosting/explain", test_explain);
  return g_test_run ();
}
