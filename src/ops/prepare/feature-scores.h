/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/prepare/columns.h"

G_BEGIN_DECLS

/* What each candidate column is worth, measured on the rows to learn from. */
typedef enum { PATRON_VERDICT_NONE, PATRON_VERDICT_IMPORTANT, PATRON_VERDICT_MARGINAL, PATRON_VERDICT_UNIMPORTANT } PatronVerdict;

typedef enum
{
  PATRON_REASON_KEPT,
  PATRON_REASON_MISSING,        /* too many missing */
  PATRON_REASON_CONSTANT,       /* one value, or nearly */
  PATRON_REASON_IDENTIFIER,     /* nearly every value occurs once */
  PATRON_REASON_CORRELATED,     /* with a column that is kept */
  PATRON_REASON_UNIMPORTANT,    /* tells too little about the target */
  PATRON_REASON_RANK,           /* beyond the number to keep */
} PatronReason;

typedef struct
{
  PatronColumn *column;         /* borrowed */
  gboolean  is_class;           /* categories, texts, booleans; else numbers and dates */
  double    missing;            /* share */
  double    top;                /* share of the most frequent value among those present */
  double    distinct;           /* share of distinct values among those present */
  gboolean  dense;              /* all lie within ten times as many numbers as there are values: a numbering rather than a measurement */
  double    statistic;          /* F or chi-squared of the test against the target; NaN without */
  double    p, p_adjusted;
  double    effect;             /* share of variance explained, or Cramér's V */
  double    information;        /* mutual information in nats */
  double    chance;             /* the most information found after shuffling the target */
  int       beaten;             /* how many of the shuffles told more */
  double    importance;         /* what shuffling the column costs a random forest; NaN when it was not asked for */
  PatronVerdict verdict;
  PatronReason  reason;
  guint     like;               /* CORRELATED: with which candidate … */
  double    correlation;        /* … and how much */
} PatronFeatureScore;

enum { PATRON_FEATURE_SHUFFLES = 19 };

/* Fills in what the column is alone: is_class, missing, top, distinct, dense. */
gboolean patron_feature_describe   (const PatronPrepareInput *input, PatronFeatureScore *scores, guint n, PatronRun *run, GError **error);
/* Fills in the tests and the mutual information (on at most 5,000 rows, with PATRON_FEATURE_SHUFFLES shuffles of the target to compare with).
 * Candidates whose reason is not KEPT are passed over. */
gboolean patron_feature_relevance (const PatronPrepareInput *input, PatronFeatureScore *scores, guint n, PatronColumn *target, PatronRun *run,
                                   GError **error);
/* Fills in importance: what shuffling a column costs a random forest on rows left out of its trees (at most 20,000 rows), beside a shuffled copy of
 * each column. *marginal and *important: the middle of the copies' importances and the largest: what chance gives (M. Kursa and W. Rudnicki, "Feature
 * Selection with the Boruta Package", J. Stat. Software 36(11), 2010). */
gboolean patron_feature_importance (const PatronPrepareInput *input, PatronFeatureScore *scores, guint n, PatronColumn *target, double *marginal,
                                    double *important, PatronRun *run, GError **error);
/* Drops numbers whose Pearson correlation with a better kept one exceeds most: sets reason, like, correlation. order: candidates, the best first. */
gboolean patron_feature_correlated (const PatronPrepareInput *input, PatronFeatureScore *scores, const guint *order, guint n, double most,
                                    PatronRun *run, GError **error);

G_END_DECLS
