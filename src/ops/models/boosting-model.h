/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"
#include "math/boosting.h"
#include "ops/models/permutation.h"
#include "report/report.h"
#include "table/design.h"

G_BEGIN_DECLS

/* Gradient boosting as an operation. Shared by gradient-boosting.c (fitting, predicting), boosting-importance.c and boosting-report.c (the result page). */
typedef struct
{
  int    n_estimators;       /* or PATRON_AUTO_INT */
  double learning_rate;      /* or PATRON_AUTO_DOUBLE */
  int    max_leaf_nodes;     /* or PATRON_AUTO_INT */
  int    max_depth;          /* or PATRON_AUTO_INT */
  int    min_samples_leaf;
  double l2_regularization;
  double subsample;
  double colsample;
  int    n_iter_no_change;   /* 0: all trees are grown */
  double validation_fraction; /* or PATRON_AUTO_DOUBLE */
  double min_child_weight;
  int    loss;               /* of numbers: PATRON_LOSS_SQUARED, _ABSOLUTE or _POISSON */
} PatronBoostingParams;

typedef struct
{
  int            loss;       /* PatronBoostingLoss */
  gsize          n_classes;  /* 0 for numbers */
  PatronBins     bins;
  PatronBoosting boosting;   /* .aside is not kept with a saved model */
  int            max_rounds; /* that were allowed */
  double         learning_rate;
} PatronBoostingModel;

/* Columns that are predicted: the classes, or 1. */
guint    patron_boosting_model_outputs (const PatronBoostingModel *model);
/* Predictions for n ≤ 65536 rows by their codes: n × outputs, column after column. scores: scratch of the same size. */
void     patron_boosting_model_predict (const PatronBoostingModel *model, const guint8 *codes, gsize stride, gsize n, double *scores, double *out);

/* Rows that the model is looked at with: those kept aside when it was fitted, else those it was fitted on; at most 10,000, evenly spread. */
typedef struct
{
  gboolean training;      /* rows the model has seen */
  gsize    n;
  guint32 *rows;          /* n: of x */
  double  *y;             /* n */
  guint8  *codes;         /* n rows of stride */
  gsize    stride;
} PatronBoostingSample;

gboolean patron_boosting_sample       (const PatronBoostingModel *model, const PatronMatrix *x, const double *y, PatronBoostingSample *sample,
                                       PatronRun *run, GError **error);
void     patron_boosting_sample_clear (PatronBoostingSample *sample);

/* Two classes: AUC; more: accuracy; numbers: R². share: of all gain. */
/* importance: one for each source of the design, written, most important first. *score: what there is to lose. */
gboolean patron_boosting_importance (const PatronBoostingModel *model, const PatronBoostingSample *sample, const PatronDesign *design, guint64 seed,
                                     PatronImportance *importance, double *score, PatronRun *run, GError **error);

gboolean patron_boosting_explain (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report,
                                  GError **error);

G_END_DECLS
