/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/table.h"

G_BEGIN_DECLS

/* Correlation of every pair of columns over the rows where both are there. */
typedef struct
{
  guint    p;
  guint32 *n;     /* p × p: rows of each pair */
  double  *r;     /* p × p: NaN with fewer than 3 rows or where a column does not vary */
} PatronCorrelation;

/* centres, scales: p rough means and standard deviations of the columns (any will do; they keep the sums from cancelling). */
PatronCorrelation *patron_correlation_pearson  (PatronColumn *const *columns, const double *centres, const double *scales, guint p, PatronRun *run, GError **error);
/* Pearson's of the average ranks, ranked anew among the common rows of each pair. */
PatronCorrelation *patron_correlation_spearman (PatronColumn *const *columns, guint p, PatronRun *run, GError **error);
void               patron_correlation_free     (PatronCorrelation *correlation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronCorrelation, patron_correlation_free)

/* 95 % interval by Fisher's z with variance 1 / (n - 3), for ranks (1 + r² / 2) / (n - 3) (Bonett and Wright, Psychometrika 65(1), 2000). */
void   patron_correlation_interval (double r, double n, gboolean ranks, double *low, double *high);
/* Two-sided p value of r = 0: t = r √((n - 2) / (1 - r²)) with n - 2 degrees of freedom. */
double patron_correlation_p        (double r, double n);

G_END_DECLS
