/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/kmeans.h"
#include "ops/models/transform.h"
#include "report/report.h"

G_BEGIN_DECLS

typedef struct
{
  int    n_clusters;     /* or PATRON_AUTO_INT */
  int    scale;          /* PatronScale */
  int    log_skewed;     /* PatronLogChoice */
  int    n_init;
  int    max_iter;
  double tol;
} PatronKMeansParams;

/* One number of groups that was tried. */
typedef struct
{
  double k, silhouette, inertia;
} PatronKMeansTrial;

typedef struct
{
  PatronTransform    transform;
  double            *centres;      /* k × p on the scale of the transform, the largest group first */
  gsize              k;
  double             inertia;
  int                n_iter;
  bool               converged;
  PatronKMeansTrial *trials;       /* n_trials; none when the number of groups was given */
  gsize              n_trials;
} PatronKMeansModel;

/* Rows on one scale, as the method sees them. */
typedef struct
{
  double        *block;
  const double **pointers;
  PatronColumns  columns;
} PatronScaledRows;

gboolean patron_scaled_rows_init  (PatronScaledRows *rows, const PatronTransform *transform, const PatronMatrix *x, PatronRun *run, GError **error);
void     patron_scaled_rows_clear (PatronScaledRows *rows);

/* Tries 2 … 10 groups on at most 5,000 rows drawn at random; trials has room for 9. Returns how many were possible in *n_trials. */
enum { PATRON_KMEANS_MAX_TRIALS = 9 };
gboolean patron_kmeans_try_sizes (const PatronColumns *x, const PatronKMeansParams *params, PatronKMeansTrial *trials, gsize *n_trials,
                                  PatronRun *run, GError **error);
/* The highest silhouette; fewer groups of equals. NULL when there are no trials. */
const PatronKMeansTrial *patron_kmeans_best_trial (const PatronKMeansTrial *trials, gsize n_trials);

/* Mean over bootstrap samples of the Jaccard similarity of each group to its nearest (C. Hennig, Comput. Statist. Data Anal. 52, 2007);
 * stability: k values. On at most 1,000 rows. */
gboolean patron_kmeans_stability (const PatronColumns *x, const gint32 *labels, gsize k, double *stability, PatronRun *run, GError **error);

gboolean patron_kmeans_explain (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report,
                                GError **error);

G_END_DECLS
