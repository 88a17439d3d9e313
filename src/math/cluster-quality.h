/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/gram.h"

G_BEGIN_DECLS

/* How well rows are grouped, in Euclidean distance. labels: n values 0 … k-1, every group with at least one row, k ≥ 2. */

/* Silhouette of every row into values (n): (b - a) / max (a, b), a the mean distance to the rows of its own group, b the least mean distance to
 * those of another; 0 for a row alone in its group (P. Rousseeuw, J. Comput. Appl. Math. 20, 1987). Exact: takes n² p operations, so sample
 * first where n is large. */
gboolean patron_silhouette (const PatronColumns *x, const gint32 *labels, gsize k, double *values, PatronRun *run, GError **error);

/* Between over within variance, each by its degrees of freedom: larger is better (T. Caliński and J. Harabasz, 1974). NaN where it is not
 * defined (as many groups as rows, or no spread within). */
double   patron_calinski_harabasz (const PatronColumns *x, const gint32 *labels, gsize k);
/* Mean over groups of the worst ratio of spread to distance from another group: smaller is better (D. Davies and D. Bouldin, 1979). */
double   patron_davies_bouldin    (const PatronColumns *x, const gint32 *labels, gsize k);

/* Rows as columns of a new block (n_rows × p values, patron_free()); columns receives p pointers into it. */
double  *patron_columns_take      (const PatronColumns *x, const guint32 *rows, gsize n_rows, const double **columns, GError **error);

G_END_DECLS
