/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows ordered by a score for one class against the rest: all that ROC and precision–recall curves, gains and the figures drawn
 * from them need, sorted once. Rows of equal score are one step, so nothing depends on the order of the rows. */
typedef struct
{
  gsize   n_positive, n_negative;
  gsize   n_steps;        /* distinct scores */
  double *threshold;      /* n_steps, descending: the rows with score ≥ threshold[s] are … */
  gsize  *true_positive;  /* … these many positives … */
  gsize  *false_positive; /* … and these many negatives (both cumulative, n_steps) */
} PatronRanking;

/* y: n values, positive where equal to `positive`. score: n, borrowed only for the call. NULL with error when a score is not a
 * number or memory is short. */
PatronRanking *patron_ranking_new  (gsize n, const double *y, double positive, const double *score, GError **error);
void           patron_ranking_free (PatronRanking *ranking);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronRanking, patron_ranking_free)

/* Area under the ROC curve: the chance that a positive scores above a negative, ties half. NaN without both. */
double patron_ranking_auc (const PatronRanking *ranking);
/* Variance of the area by DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988). NaN with fewer than two of either. */
double patron_ranking_auc_variance (const PatronRanking *ranking);
/* Σ (R_s - R_{s-1}) P_s over the steps. NaN without positives. */
double patron_ranking_average_precision (const PatronRanking *ranking);
/* Kolmogorov–Smirnov: the largest distance between the shares of positives and negatives found; *threshold (optional) is where. */
double patron_ranking_ks (const PatronRanking *ranking, double *threshold);

/* One of n_groups equal parts of the rows, best scores first. A group border inside a tie takes its share of the tie. */
typedef struct
{
  double n;            /* rows */
  double positives;
  double rate;         /* positives / n */
  double lift;         /* rate over the overall rate */
  double captured;     /* share of all positives in this and the better groups */
} PatronGain;
void patron_ranking_gains (const PatronRanking *ranking, guint n_groups, PatronGain *gains);

/* Steps worth drawing: at most max_points indices of steps, the first and the last among them, spread evenly over the rows found.
 * Returns how many were written. */
gsize patron_ranking_thin (const PatronRanking *ranking, gsize max_points, gsize *steps);

G_END_DECLS
