/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/random.h"
#include "math/gram.h"

G_BEGIN_DECLS

/* k-means by Lloyd's iterations. Rows are assigned in single precision, centred, and centres are moved by the rows that changed group; the
 * final centres, labels and inertia are in double precision. Ties go to the lower group. The same at any number of threads. */

/* The rows, packed for the processor. Borrows x. */
typedef struct _PatronKMeans PatronKMeans;

PatronKMeans *patron_kmeans_new  (const PatronColumns *x, PatronRun *run, GError **error);
void          patron_kmeans_free (PatronKMeans *kmeans);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronKMeans, patron_kmeans_free)

typedef struct
{
  gsize    k;
  double  *centres;     /* k × p, row-major */
  gint32  *labels;      /* n; NULL until finished */
  double   inertia;     /* sum of squared distances to the centres */
  int      n_iter;
  gboolean converged;
} PatronKMeansResult;

void patron_kmeans_result_clear (PatronKMeansResult *result);

/* Fills at most k centres (k × p, row-major) by greedy k-means++: each is the best of 2 + ln k rows drawn in proportion to the squared distance
 * from the centres so far (D. Arthur and S. Vassilvitskii, 2007; the greedy form of their section 5). *n_found < k when there are no more
 * different rows. */
gboolean patron_kmeans_plus_plus (const PatronKMeans *kmeans, gsize k, PatronRandom *random, double *centres, gsize *n_found,
                                  PatronRun *run, GError **error);

/* From the centres given (k × p, row-major, borrowed) to convergence: no row changes group, or the squared moves of the centres sum to less than
 * tol times the mean variance of the columns. A group left empty takes the row farthest from its centre. */
gboolean patron_kmeans_lloyd (const PatronKMeans *kmeans, const double *initial, gsize k, int max_iter, double tol,
                              PatronKMeansResult *result, PatronRun *run, GError **error);

/* The best of n_init starts. Restart r uses the random stream (seed, stream + r). */
gboolean patron_kmeans_fit (const PatronKMeans *kmeans, gsize k, int n_init, int max_iter, double tol, guint64 seed, guint64 stream,
                            PatronKMeansResult *result, PatronRun *run, GError **error);

/* Nearest centre of each row, in double precision: labels (n) and squared distances (n); either may be NULL. */
gboolean patron_kmeans_assign (const PatronColumns *x, const double *centres, gsize k, gint32 *labels, double *distances,
                               PatronRun *run, GError **error);

G_END_DECLS
