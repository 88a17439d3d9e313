/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/trees.h"

G_BEGIN_DECLS

/* Gradient boosting of trees (Friedman, "Greedy function approximation: a gradient boosting machine", Annals of Statistics 29, 2001) with second-order
 * leaf values, as in Chen and Guestrin, "XGBoost: a scalable tree boosting system", KDD 2016: each tree is grown on the gradients g and hessians h of
 * the loss at the predictions so far; with G = Σ g and H = Σ h over a leaf its value is -G / (H + λ), and a cut gains
 * ½ [G_l² / (H_l + λ) + G_r² / (H_r + λ) - G² / (H + λ)] (equations 5 to 7). Trees grow best leaf first on binned columns (math/bins.h). */
typedef enum
{
  PATRON_LOSS_SQUARED,    /* ½ (y - s)² */
  PATRON_LOSS_ABSOLUTE,   /* |y - s|; leaf values are medians */
  PATRON_LOSS_POISSON,    /* exp (s) - y s, for y ≥ 0 */
  PATRON_LOSS_CLASSES,    /* logistic for two classes, softmax for more; y is the class index */
  PATRON_N_LOSSES,
} PatronBoostingLoss;

typedef struct
{
  PatronBoostingLoss loss;
  guint    n_classes;         /* PATRON_LOSS_CLASSES: ≥ 2 */
  guint    max_rounds;        /* ≥ 1 */
  double   learning_rate;     /* > 0 */
  guint    max_leaves;        /* ≥ 2 */
  guint    max_depth;         /* ≥ 1; G_MAXUINT: no limit */
  gsize    min_rows;          /* in a leaf */
  double   min_hessian;       /* in a leaf, ≥ 0 */
  double   l2;                /* λ ≥ 0 */
  double   row_share;         /* of the rows, drawn anew for each round without replacement, 0 … 1 */
  double   column_share;      /* of the columns, drawn anew for each tree */
  double   validation_share;  /* of the rows, kept aside to say how many rounds serve best; by classes. 0: none */
  guint    patience;          /* with such rows: stop after so many rounds that were no better */
  guint64  seed;
} PatronBoostingSpec;

/* The score of a row is base + the sum of its leaves. With more than two classes a round is one tree for each class in turn. */
typedef struct
{
  gsize       n_outputs;      /* scores of a row: the number of classes if more than 2, else 1 */
  double     *base;           /* n_outputs */
  PatronTrees trees;          /* rounds kept × n_outputs, with one output each; empty when no round was better than none */
  gsize       n_columns;
  double     *importance;     /* n_columns: gain summed over the cuts in the trees kept */
  /* The mean loss after 0 … n_curve-1 rounds, by the rows trained on and those kept aside (NaN when there are none). Squared: mean squared error;
   * Poisson: half the mean deviance; classes: log loss. */
  gsize       n_curve;
  double     *training, *validation;
  gsize       rounds;         /* kept */
  gsize       n_training;     /* rows trained on */
  gsize       n_validation;
  guint8     *aside;          /* rows of x: 1 where it was kept aside */
  gsize       n_aside;        /* rows of x */
} PatronBoosting;

/* y: x->n values. weights: x->n, or NULL; rows of weight 0 take no part. The same at any number of threads: histograms are sums of whole numbers.
 * Asked to stop, the rounds done are kept. FALSE with error when cancelled or memory is short. */
gboolean patron_boosting_fit   (PatronBoosting *boosting, const PatronBoostingSpec *spec, const PatronBins *bins, const PatronMatrix *x,
                                const double *y, const double *weights, PatronRun *run, GError **error);
void     patron_boosting_clear (PatronBoosting *boosting);

/* Scores of n ≤ 65536 rows given by codes (math/bins.h), output after output: scores[c * n + i]. */
void     patron_boosting_score (const PatronBoosting *boosting, const guint8 *codes, gsize stride, gsize n, double *scores);
/* From scores, n × n_outputs, to what is predicted, in place or not: numbers, or probabilities n × n_classes, column after column. */
void     patron_boosting_link  (PatronBoostingLoss loss, guint n_classes, gsize n, const double *scores, double *out);

G_END_DECLS
