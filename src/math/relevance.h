/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* How much one column tells about another: tests and mutual information. Classes are given as indices 0 … k-1 in doubles. No NaN. */

typedef struct
{
  double statistic;    /* F, or chi-squared; NaN when it is not defined */
  double df1, df2;     /* chi-squared: df1 only */
  double p;
  double effect;       /* share of the variance explained (F); Cramér's V (chi-squared) */
} PatronRelevance;

/* Do the means of x differ between the classes of y? One-way analysis of variance; classes without rows do not count. */
PatronRelevance patron_relevance_anova       (const double *x, const double *y, gsize n, guint k);
/* Is there a straight line between x and y? F of the slope: r² (n - 2) / (1 - r²). */
PatronRelevance patron_relevance_correlation (const double *x, const double *y, gsize n);
/* Do the classes of x and y go together? Pearson's chi-squared of their table, kx × ky; empty rows and columns do not count. */
PatronRelevance patron_relevance_classes     (const double *x, guint kx, const double *y, guint ky, gsize n);

/* Mutual information in nats, ≥ 0.
 * Classes with classes: from the table. A number with classes: B. Ross, PLoS ONE 9(2), 2014. Two numbers: A. Kraskov, H. Stögbauer and P.
 * Grassberger, Phys. Rev. E 69, 2004, first estimator. Both count neighbours, here the 3 nearest; numbers are brought to variance 1 and ties are
 * broken by noise of 1e-10 from the seed, as scikit-learn does. The time grows like n log n, between two numbers like n √n: give a sample of at most
 * PATRON_INFORMATION_ROWS rows. NaN with error when cancelled or short of memory. */
#define PATRON_INFORMATION_ROWS 20000

double patron_information_classes (const double *x, guint kx, const double *y, guint ky, gsize n, GError **error);
double patron_information_mixed   (const double *x, const double *y, guint ky, gsize n, guint64 seed, PatronRun *run, GError **error);
double patron_information_numbers (const double *x, const double *y, gsize n, guint64 seed, PatronRun *run, GError **error);

G_END_DECLS
