/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/op.h"
#include "base/random.h"
#include "math/trees.h"
#include "ops/models/permutation.h"
#include "report/report.h"
#include "table/design.h"

G_BEGIN_DECLS

/* A fitted random forest. Shared by random-forest.c (fitting, predicting), forest-oob.c (what the rows left out of each tree tell) and
 * forest-report.c (the result page). */
typedef struct
{
  bool        classes;       /* classification */
  PatronBins  bins;
  PatronTrees trees;
  guint32    *streams;       /* trees.n_trees: the random stream a tree was grown from, to draw its rows again */
  gsize       n_streams;
  double     *importance;    /* bins.p: share of the impurity decrease, adds up to 1 (or all 0) */
  gsize       n_importance;
  gint64      seed;
  gsize       n_rows;        /* rows it was grown from … */
  gsize       n_drawn;       /* … and rows drawn, with replacement, for each tree; 0: every tree had all rows */
} PatronForest;

/* Draws the rows of a tree: counts[i] times row i (n_rows of them, written). Leaves random where growing goes on. */
void patron_forest_draw (const PatronForest *forest, guint32 stream, PatronRandom *random, guint32 *counts);

/* ---- out of bag -------------------------------------------------------------------------------------------- */

/* Predictions for a sample of the training rows, each by the trees that were grown without it. Without bootstrap there are no
 * such trees and every tree predicts (training is TRUE). */
typedef struct
{
  gboolean  training;
  gsize     n;             /* rows of the sample that some tree left out */
  guint32  *rows;          /* n: of the training matrix */
  double   *y;             /* n */
  double   *predicted;     /* n × outputs, column-major */
  guint8   *codes;         /* n rows of stride */
  gsize     stride;
  guint8   *bag;           /* trees × n: 1 where the tree saw the row */
  guint     n_steps;       /* the error after so many trees: */
  guint     step_trees[64];
  double    step_error[64]; /* share mistaken, or root mean squared error */
} PatronForestOob;

gboolean patron_forest_oob       (const PatronForest *forest, const PatronMatrix *x, const double *y, PatronForestOob *oob, PatronRun *run,
                                  GError **error);
void     patron_forest_oob_clear (PatronForestOob *oob);

/* On out-of-bag predictions: two classes: AUC; more: accuracy; numbers: R². share: of the impurity decrease. */
/* importance: one for each source of the design, written, most important first. *score: what there is to lose. */
gboolean patron_forest_importance (const PatronForest *forest, const PatronForestOob *oob, const PatronDesign *design,
                                   PatronImportance *importance, double *score, PatronRun *run, GError **error);

/* Mean prediction over n ≤ oob->n rows, evenly spread, when a column has the given code in all of them. mean: outputs. */
void     patron_forest_dependence (const PatronForest *forest, const PatronForestOob *oob, gsize n, gsize column, guint8 code, double *mean);

/* ---- result page ------------------------------------------------------------------------------------------- */

gboolean patron_forest_explain (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report,
                                GError **error);

G_END_DECLS
