/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"
#include "base/run.h"

G_BEGIN_DECLS

/* The quality pages that every supervised model shares: figures by the names of the field, the tables and charts an expert looks for, all
 * beside the figures of the model's cheapest rival.
 *
 * Predictions are out of sample: row i was predicted by a model that had not seen it. The rows of all splits are pooled, in any order;
 * a row may occur in several splits. A figure's value is the mean over the splits (as cross-validation is usually reported),
 * charts and tables are drawn from the pooled rows. */
typedef struct
{
  PatronTask          task;           /* PATRON_TASK_CLASSIFICATION or PATRON_TASK_REGRESSION */
  const char         *target;         /* name of the target column, for the sentences */
  gsize               n;
  const double       *y;              /* n: class index 0 … n_classes-1, or the number */
  const double       *predicted;      /* classification: n × n_classes probabilities, column-major; regression: n */
  const double       *baseline;       /* the rival's, same shape and rows; NULL: no rival */
  const char         *baseline_title; /* msgid: the rival's title; needed with baseline */
  const guint32      *fold;           /* n: the split that tested the row, 0 … n_folds-1; NULL: one split */
  guint               n_folds;        /* 0 counts as 1 */
  guint               n_classes;      /* classification, ≥ 2 */
  const char *const  *class_names;    /* n_classes */
  int                 positive;       /* class that counts as positive when there are two; -1: patron_quality_positive_class() */
} PatronQualityInput;

/* Adds to the report: figures, the rival's figures (report->baseline, its id, is the caller's), blocks without a heading, and notes. Title and
 * headline are the caller's. n ≥ 1. FALSE with error when cancelled, when a prediction is not a number, or when memory is short. */
gboolean patron_quality_report (PatronReport *report, const PatronQualityInput *input, PatronRun *run, GError **error);

/* Of two classes the one a reader calls positive: by its name (yes, true, 1, churned, bought, 是 …), else the rarer; y: n class indices. With
 * more classes the rarest. */
guint    patron_quality_positive_class (guint n_classes, const char *const *class_names, const double *y, gsize n);

G_END_DECLS
