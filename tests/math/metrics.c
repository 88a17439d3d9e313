/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/metrics.h"

#include <math.h>

#include "base/error.h"
#include "math/calibration.h"
#include "math/ranking.h"

/* Expected values: scikit-learn 1.2.1 (sklearn.metrics), statsmodels 0.13.5 (GLM Binomial on the clipped logits, proportion_confint),
 * and for DeLong's variance the definition over all pairs in numpy. */

#define N 20
static const double y2[N] = { 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0 };
static const double p2[N] = { .9, .2, .4, .4, .8, .1, .5, .3, .5, .6, .7, .2, .2, .3, .05, .0, 1.0, .4, .15, .55 };

static void
assert_near (double value, double expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, 1e-12 * MAX (1, fabs (expected)));
}

static void
both_columns (double *p)
{
  for (guint i = 0; i < N; i++)
    {
      p[i] = 1 - p2[i];
      p[N + i] = p2[i];
    }
}

static void
test_two_classes (void)
{
  double p[2 * N];
  PatronClassMetrics m;
  both_columns (p);
  g_assert_true (patron_class_metrics (N, 2, y2, p, 1, &m, NULL));
  assert_near (m.accuracy, 0.75);
  assert_near (m.balanced_accuracy, 0.7087912087912087);
  assert_near (m.precision, 0.6666666666666666);
  assert_near (m.recall, 0.5714285714285714);
  assert_near (m.f1, 0.6153846153846153);
  assert_near (m.auc, 0.8681318681318682);
  assert_near (m.average_precision, 0.8155594405594404);
  assert_near (m.log_loss, 0.41367324606395856);
  assert_near (m.brier, 0.13587500000000002);
  assert_near (m.mcc, 0.43463356032809364);
  g_assert_true (patron_class_metrics (N, 2, y2, p, 0, &m, NULL));
  assert_near (m.precision, 0.7857142857142857);
  assert_near (m.average_precision, 0.9195207570207569);
  assert_near (m.auc, 0.8681318681318682);
}

static void
test_three_classes (void)
{
  static const double y[12] = { 0, 1, 2, 2, 1, 0, 0, 2, 1, 1, 0, 2 };
  static const int tenths[12][3] = { { 5, 3, 2 }, { 2, 5, 3 }, { 1, 1, 8 }, { 4, 3, 3 }, { 3, 4, 3 }, { 6, 2, 2 },
                                     { 3, 5, 2 }, { 2, 2, 6 }, { 1, 8, 1 }, { 5, 4, 1 }, { 7, 2, 1 }, { 0, 1, 9 } };
  double p[36];
  PatronClassMetrics m;
  for (guint i = 0; i < 36; i++)
    p[i] = tenths[i % 12][i / 12] / 10.0;
  g_assert_true (patron_class_metrics (12, 3, y, p, 0, &m, NULL));
  assert_near (m.accuracy, 0.75);
  assert_near (m.balanced_accuracy, 0.75);
  assert_near (m.precision, 0.7833333333333333);
  assert_near (m.recall, 0.75);
  assert_near (m.f1, 0.7579365079365079);
  assert_near (m.auc, 0.9322916666666666);
  assert_near (m.average_precision, 0.854563492063492);
  assert_near (m.log_loss, 0.6297329369397527);
  assert_near (m.brier, 0.35);
  assert_near (m.mcc, 0.6316139407998892);
}

static void
test_one_class_seen (void)
{
  static const double y[3] = { 1, 1, 1 }, p[6] = { .4, .2, .6, .6, .8, .4 };
  PatronClassMetrics m;
  g_assert_true (patron_class_metrics (3, 2, y, p, 1, &m, NULL));
  g_assert_true (isnan (m.auc));
  assert_near (m.accuracy, 2 / 3.0);
  assert_near (m.mcc, 0);
}

static void
test_not_a_number (void)
{
  static const double y[2] = { 0, 1 };
  const double p[4] = { .5, NAN, .5, NAN };
  g_autoptr (GError) error = NULL;
  PatronClassMetrics m;
  g_assert_false (patron_class_metrics (2, 2, y, p, 1, &m, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_INPUT);
}

static void
test_regression (void)
{
  static const double y[6] = { 3.5, -1, 2, 7, 0.5, 4 }, predicted[6] = { 3, -.5, 2.5, 8, .4, 3.2 };
  PatronRegressionMetrics m;
  patron_regression_metrics (6, y, predicted, &m);
  assert_near (m.mse, 0.4);
  assert_near (m.rmse, sqrt (0.4));
  assert_near (m.mae, 0.5666666666666667);
  assert_near (m.mape, 0.23928571428571424);
  assert_near (m.r2, 0.9397489539748954);
  patron_regression_metrics (1, y, y, &m);
  assert_near (m.r2, 1);
  /* What is 0 has no relative error. */
  static const double zeros[3] = { 0, 2, 4 }, guesses[3] = { 1, 3, 3 };
  patron_regression_metrics (3, zeros, guesses, &m);
  assert_near (m.mape, (0.5 + 0.25) / 2);
  patron_regression_metrics (1, zeros, guesses, &m);
  g_assert_true (isnan (m.mape));
}

static void
test_ranking (void)
{
  g_autoptr (PatronRanking) r = patron_ranking_new (N, y2, 1, p2, NULL);
  double threshold = 0;
  g_assert_cmpuint (r->n_positive, ==, 7);
  assert_near (patron_ranking_auc_variance (r), 0.00684297387594091);
  assert_near (patron_ranking_ks (r, &threshold), 0.5714285714285714);
  assert_near (threshold, 0.7);
  g_assert_cmpuint (r->true_positive[r->n_steps - 1], ==, 7);
  g_assert_cmpuint (r->false_positive[r->n_steps - 1], ==, 13);
}

static void
test_gains (void)
{
  g_autoptr (PatronRanking) r = patron_ranking_new (N, y2, 1, p2, NULL);
  PatronGain gains[5];
  patron_ranking_gains (r, 5, gains);
  /* By hand: the best four scores are 1.0 .9 .8 .7, all positive. The next four are .6 .55 .5 .5 with one positive. */
  assert_near (gains[0].positives, 4);
  assert_near (gains[0].lift, 1 / (7 / 20.0));
  assert_near (gains[0].captured, 4 / 7.0);
  assert_near (gains[1].positives, 1);
  /* Then .4 .4 .4 (one positive) and half of .3 .3 (one positive). */
  assert_near (gains[2].positives, 1.5);
  assert_near (gains[3].positives, 0.5);
  assert_near (gains[4].captured, 1);
}

static void
test_thin (void)
{
  g_autoptr (PatronRanking) r = patron_ranking_new (N, y2, 1, p2, NULL);
  gsize steps[N];
  g_assert_cmpuint (patron_ranking_thin (r, 100, steps), ==, r->n_steps);
  gsize n = patron_ranking_thin (r, 5, steps);
  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpuint (n, <=, 5);
  g_assert_cmpuint (steps[0], ==, 0);
  g_assert_cmpuint (steps[n - 1], ==, r->n_steps - 1);
}

static void
test_calibration (void)
{
  PatronCalibrationBin bins[4];
  double intercept, slope, one[3] = { 1, 1, 1 };
  guint n = patron_calibration_bins (N, y2, 1, p2, 4, bins, NULL);
  gsize rows = 0;
  for (guint i = 0; i < n; i++)
    rows += bins[i].n;
  g_assert_cmpuint (rows, ==, N);
  g_assert_cmpuint (bins[0].n, ==, 7);   /* 0 .05 .1 .15 .2 .2 .2: the tie stays whole */
  assert_near (bins[0].predicted, 0.9 / 7);
  assert_near (bins[0].observed, 0);
  patron_calibration_line (N, y2, 1, p2, &intercept, &slope);
  g_assert_cmpfloat_with_epsilon (intercept, -0.29271346845739155, 1e-9);
  g_assert_cmpfloat_with_epsilon (slope, 1.5728408092285169, 1e-9);
  patron_calibration_line (3, one, 1, p2, &intercept, &slope);
  g_assert_true (isnan (slope));
}

static void
test_wilson (void)
{
  double low, high;
  patron_wilson_interval (7, 20, &low, &high);
  assert_near (low, 0.18119182410108203);
  assert_near (high, 0.5671457233147638);
  patron_wilson_interval (0, 0, &low, &high);
  assert_near (high, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/two-classes", test_two_classes);
  g_test_add_func ("/metrics/three-classes", test_three_classes);
  g_test_add_func ("/metrics/one-class-seen", test_one_class_seen);
  g_test_add_func ("/metrics/not-a-number", test_not_a_number);
  g_test_add_func ("/metrics/regression", test_regression);
  g_test_add_func ("/metrics/ranking", test_ranking);
  g_test_add_func ("/metrics/gains", test_gains);
  g_test_add_func ("/metrics/thin", test_thin);
  g_test_add_func ("/metrics/calibration", test_calibration);
  g_test_add_func ("/metrics/wilson", test_wilson);
  return g_test_run ();
}
