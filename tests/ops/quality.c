/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/measures/quality.h"

#include <math.h>
#include <string.h>

#include "base/init.h"
#include "report/report.h"

static const char *const answers[] = { "No", "Yes", NULL };

/* The rows and expected values of tests/math/metrics.c, halved into two folds: means of scikit-learn 1.2.1 over the halves. */
#define N 20
static const double y[N] = { 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0 };
static const double yes[N] = { .9, .2, .4, .4, .8, .1, .5, .3, .5, .6, .7, .2, .2, .3, .05, .0, 1.0, .4, .15, .55 };

typedef struct
{
  double  predicted[2 * N], rival[2 * N];
  guint32 fold[N];
  PatronQualityInput input;
} Fixture;

static void
set_up (Fixture *f)
{
  for (guint i = 0; i < N; i++)
    {
      f->predicted[i] = 1 - yes[i];
      f->predicted[N + i] = yes[i];
      f->rival[i] = 0.65;
      f->rival[N + i] = 0.35;
      f->fold[i] = i / 10;
    }
  f->input = (PatronQualityInput) {
    .task = PATRON_TASK_CLASSIFICATION, .target = "Bought", .n = N, .y = y, .predicted = f->predicted, .baseline = f->rival,
    .baseline_title = "Most frequent class", .fold = f->fold, .n_folds = 2, .n_classes = 2, .class_names = answers, .positive = -1,
  };
}

static double
figure (PatronReport *report, const char *id)
{
  const PatronFigure *found = patron_report_find_figure (report, id);
  g_assert_nonnull (found);
  return found->value;
}

static void
test_two_classes (void)
{
  Fixture f;
  g_autoptr (PatronReport) report = patron_report_new ("random-forest");
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_autoptr (GError) error = NULL;
  set_up (&f);
  g_assert_true (patron_quality_report (report, &f.input, run, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (figure (report, "auc"), (0.8333333333333333 + 0.9047619047619048) / 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (figure (report, "accuracy"), 0.75, 1e-12);
  g_assert_cmpfloat_with_epsilon (figure (report, "prevalence"), 0.35, 1e-12);
  g_assert_cmpfloat_with_epsilon (figure (report, "lift_at_10"), 1 / 0.35, 1e-12);
  const PatronFigure *auc = patron_report_find_figure (report, "auc");
  g_assert_cmpfloat (auc->low, <, auc->value);
  g_assert_cmpfloat (auc->high, >, auc->value);
  g_assert_cmpuint (report->baseline_figures->len, >, 5);
  static const char *const tables[] = { "quality", "confusion", "classes", "deciles", "folds" };
  static const char *const charts[] = { "roc", "precision-recall", "gains", "lift", "calibration" };
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_assert_nonnull (patron_report_find_table (report, tables[i]));
  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    g_assert_nonnull (patron_report_find_chart (report, charts[i]));
  const PatronReportTable *confusion = patron_report_find_table (report, "confusion");
  g_assert_cmpfloat (patron_report_table_cell (confusion, 1, 2)->number, ==, 4);   /* Yes taken for Yes */
  g_assert_cmpfloat (patron_report_table_cell (confusion, 0, 2)->number, ==, 2);   /* No taken for Yes */
}

/* A model that says what the rival says is not better, and the report says so. */
static void
test_not_better (void)
{
  Fixture f;
  g_autoptr (PatronReport) report = patron_report_new ("random-forest");
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  set_up (&f);
  f.input.predicted = f.rival;
  g_assert_true (patron_quality_report (report, &f.input, run, NULL));
  g_assert_cmpuint (report->notes->len, ==, 1);
  g_autofree char *note = patron_text_render (report->notes->pdata[0]);
  g_assert_nonnull (strstr (note, "Bought"));
  g_assert_nonnull (strstr (note, "Most frequent class"));
}

static void
test_three_classes (void)
{
  static const char *const names[] = { "a", "b", "c", NULL };
  static const double classes[6] = { 0, 1, 2, 0, 1, 2 };
  const double p[18] = { .8, .1, .1, .3, .2, 0, .1, .8, .1, .6, .7, 0, .1, .1, .8, .1, .1, 1 };
  PatronQualityInput input = { .task = PATRON_TASK_CLASSIFICATION, .target = "class", .n = 6, .y = classes, .predicted = p, .n_classes = 3,
                               .class_names = names, .positive = -1 };
  g_autoptr (PatronReport) report = patron_report_new ("random-forest");
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_assert_true (patron_quality_report (report, &input, run, NULL));
  g_assert_cmpfloat_with_epsilon (figure (report, "accuracy"), 5 / 6.0, 1e-12);
  g_assert_nonnull (patron_report_find_chart (report, "confusion"));
  g_assert_null (patron_report_find_table (report, "folds"));
}

static void
test_regression (void)
{
  static const double truth[6] = { 3.5, -1, 2, 7, 0, 4 }, predicted[6] = { 3, -.5, 2.5, 8, .4, 3.2 };
  const double rival[6] = { 2.6, 2.6, 2.6, 2.6, 2.6, 2.6 };
  PatronQualityInput input = { .task = PATRON_TASK_REGRESSION, .target = "spend", .n = 6, .y = truth, .predicted = predicted, .baseline = rival,
                               .baseline_title = "Mean" };
  g_autoptr (PatronReport) report = patron_report_new ("random-forest");
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_assert_true (patron_quality_report (report, &input, run, NULL));
  g_assert_cmpfloat_with_epsilon (figure (report, "mse"), (.25 + .25 + .25 + 1 + .16 + .64) / 6, 1e-12);
  g_assert_cmpfloat_with_epsilon (figure (report, "mae"), (.5 + .5 + .5 + 1 + .4 + .8) / 6, 1e-12);
  g_assert_nonnull (patron_report_find_chart (report, "actual-predicted"));
  g_assert_nonnull (patron_report_find_chart (report, "residuals"));
  g_assert_nonnull (patron_report_find_chart (report, "deciles"));
  g_assert_nonnull (patron_report_find_table (report, "errors"));
  g_assert_cmpuint (report->notes->len, >=, 1);   /* the 0 that MAPE divides by */
}

static void
test_bad_prediction (void)
{
  Fixture f;
  g_autoptr (PatronReport) report = patron_report_new ("random-forest");
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_autoptr (GError) error = NULL;
  set_up (&f);
  f.predicted[N + 3] = NAN;
  g_assert_false (patron_quality_report (report, &f.input, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_INPUT);
}

static void
test_cancelled (void)
{
  Fixture f;
  g_autoptr (PatronReport) report = patron_report_new ("random-forest");
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_autoptr (GError) error = NULL;
  set_up (&f);
  patron_run_cancel (run);
  g_assert_false (patron_quality_report (report, &f.input, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

static void
test_positive_class (void)
{
  static const char *const plain[] = { "blue", "red", NULL }, *const chinese[] = { "流失", "未流失", NULL };
  static const double mostly_red[4] = { 1, 1, 1, 0 };
  g_assert_cmpuint (patron_quality_positive_class (2, answers, mostly_red, 4), ==, 1);
  g_assert_cmpuint (patron_quality_positive_class (2, plain, mostly_red, 4), ==, 0);
  g_assert_cmpuint (patron_quality_positive_class (2, chinese, mostly_red, 4), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/quality/two-classes", test_two_classes);
  g_test_add_func ("/quality/not-better", test_not_better);
  g_test_add_func ("/quality/three-classes", test_three_classes);
  g_test_add_func ("/quality/regression", test_regression);
  g_test_add_func ("/quality/bad-prediction", test_bad_prediction);
  g_test_add_func ("/quality/cancelled", test_cancelled);
  g_test_add_func ("/quality/positive-class", test_positive_class);
  return g_test_run ();
}
