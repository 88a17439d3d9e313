/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How good predictions are. Definitions are those of scikit-learn's metrics module, so that figures compare. Undefined
 * figures (a class that does not occur, say) are NaN. Curves and everything that depends on the order of the scores is in
 * math/ranking.h, calibration in math/calibration.h. */

typedef struct
{
  double accuracy;
  double balanced_accuracy;    /* mean recall of the classes that occur */
  double precision, recall, f1; /* two classes: of the positive class; more: unweighted mean over the classes seen */
  double auc;                  /* more than two classes: mean of one against the rest */
  double average_precision;    /* likewise */
  double log_loss;             /* natural logarithm; probabilities are kept away from 0 and 1 by 2^-52 */
  double brier;                /* two classes: mean (p - y)²; more: summed over the classes */
  double mcc;                  /* Matthews' correlation; Gorodkin's R_k for more than two classes */
} PatronClassMetrics;

typedef struct
{
  double mse, rmse, mae;
  double mape;                 /* a fraction: 0.1 is 10 %; of the rows where y is not 0, NaN without any */
  double r2;
} PatronRegressionMetrics;

/* y: n class indices 0 … k-1. p: n × k column-major probabilities. n ≥ 1, k ≥ 1. positive: index of the class that counts
 * as positive when k is 2. Fails when a probability is not a number or memory is short. */
gboolean patron_class_metrics      (gsize n, guint k, const double *y, const double *p, guint positive, PatronClassMetrics *metrics,
                                    GError **error);
/* y, predicted: n. n ≥ 1. A constant y gives r2 1 when it is met exactly, else 0. */
void     patron_regression_metrics (gsize n, const double *y, const double *predicted, PatronRegressionMetrics *metrics);

/* The class with the largest probability, the first of equals. p: n × k column-major. */
guint    patron_predicted_class    (gsize n, guint k, const double *p, gsize row);
/* counts[truth * k + predicted], k × k, written. */
void     patron_confusion          (gsize n, guint k, const double *y, const double *p, gsize *counts);

/* 95 % interval of a rate by Wilson's score (JASA 22, 1927). n = 0 gives 0 … 1. */
void     patron_wilson_interval    (double successes, double n, double *low, double *high);

/* 97.5 % point of the normal distribution: half-width of a 95 % interval in standard errors. */
#define PATRON_Z_95 1.959963984540054

G_END_DECLS
