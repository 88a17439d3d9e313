/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* Where to cut the range of a numeric column into bins. Cuts are strictly ascending; a value x is in bin k when k cuts are ≤ x, so bins are
 * [cut, next cut). All functions return how many cuts were written to cuts, which has room for n_bins - 1. */

/* values: n ≥ 1, ascending, no NaN. Equal widths from the least to the greatest. */
gsize patron_cuts_equal_width (const double *values, gsize n, guint n_bins, double *cuts);
/* At the quantiles (type 7): about as many values in each; ties make fewer bins. */
gsize patron_cuts_equal_count (const double *values, gsize n, guint n_bins, double *cuts);

/* The bin of x, 0 … n_cuts. x is not NaN. */
guint patron_cuts_bin (const double *cuts, gsize n_cuts, double x);

/* What a target looks like at each distinct value of the column, ascending. */
typedef struct
{
  gsize    n;          /* distinct values */
  double  *values;     /* n */
  guint    n_classes;  /* 0: the target is a number */
  guint32 *before;     /* classes: (n + 1) × n_classes, rows of each class before value i; row n has the totals */
  double  *sums;       /* a number: (n + 1) × 3, rows, Σ y and Σ y² before value i; y about its mean */
} PatronCutTable;

/* values: n ≥ 1 ascending, no NaN; y: n class indices below n_classes, or numbers when n_classes is 0. Cleared by clear(). */
gboolean patron_cut_table_init  (PatronCutTable *table, const double *values, const double *y, gsize n, guint n_classes, GError **error);
void     patron_cut_table_clear (PatronCutTable *table);

/* Cuts that tell the target apart, the best first, as long as each is worth its description: for classes the entropy falls by more than the
 * minimum description length asks for (U. Fayyad and K. Irani, IJCAI 1993); for a number the squared error falls by more than the Bayesian
 * information criterion asks for (two more parameters, 2 log n). No bin has fewer than min_rows rows. */
gsize patron_cuts_by_target (const PatronCutTable *table, guint n_bins, gsize min_rows, double *cuts, PatronRun *run);

/* Bottom up: neighbours whose classes do not differ (chi-squared test with p > alpha) are merged, the most alike first, until all differ and no more
 * than n_bins are left (R. Kerber, AAAI 1992). More than 1,000 distinct values are first put into 1,000 bins of equal count. Classes only. */
gsize patron_cuts_chi_merge (const PatronCutTable *table, guint n_bins, double alpha, double *cuts, PatronRun *run, GError **error);

G_END_DECLS
