/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/logistic.h"

G_BEGIN_DECLS

/* The rows and columns in use. β: n_equations × (p + 1), the intercepts first, of columns (x - mean) / scale. */
typedef struct
{
  PatronColumns  x;              /* columns in use */
  const double  *y, *weights;
  const double  *means, *scales; /* x.p */
  guint          n_equations;
  const int     *equation;       /* of each class; -1: the reference */
  const double  *ridges;         /* x.p: of each column */
  double         ridge;          /* the largest */
  gboolean       partly;         /* … and some are 0 */
} PatronLogisticProblem;

/* The problem of a fit's columns in use, with what it points to. */
typedef struct
{
  PatronLogisticProblem problem;
  const double **columns;
  double        *means, *scales, *ridges;
  int           *equation;
} PatronLogisticScaled;

void patron_logistic_scaled_init  (PatronLogisticScaled *scaled, const PatronLogistic *fit, const PatronColumns *x, const double *y,
                                   const double *weights);
void patron_logistic_scaled_clear (PatronLogisticScaled *scaled);

/* Scratch space for passes over the rows. */
typedef struct _PatronLogisticWork PatronLogisticWork;

typedef enum
{
  PATRON_LOGISTIC_GRADIENT,      /* log-likelihood and gradient only */
  PATRON_LOGISTIC_INFORMATION,   /* … and minus the second derivatives */
  PATRON_LOGISTIC_SCORES,        /* … or the sum of gᵢgᵢᵀ instead */
} PatronLogisticMatrix;

PatronLogisticWork *patron_logistic_work_new  (const PatronLogisticProblem *problem, PatronLogisticMatrix most, PatronRun *run, GError **error);
void                patron_logistic_work_free (PatronLogisticWork *work);

/* One pass over the rows at β. gradient: n_equations × (p + 1); matrix: its square, upper triangle, NULL with GRADIENT. Without the penalty. */
gboolean patron_logistic_evaluate (PatronLogisticWork *work, const double *beta, PatronLogisticMatrix what, double *log_likelihood,
                                   double *gradient, double *matrix, PatronRun *run, GError **error);

/* How direction d (as β) moves the rows: over rows and classes other than the row's own, the least and the greatest of what it adds to the
 * row's class less what it adds to the other. */
gboolean patron_logistic_margins (PatronLogisticWork *work, const double *direction, double *least, double *greatest, PatronRun *run,
                                  GError **error);

/* What a search gives back beside β, which holds the start before. */
typedef struct
{
  double           log_likelihood;   /* without the penalty */
  guint            iterations;
  gboolean         converged;
  gboolean         suspicious;       /* the first information was nearly singular and check_rank was set: nothing else was done */
  PatronSeparation separation;
  double          *direction;        /* n_equations × (p + 1), filled when separated */
} PatronLogisticSearch;

gboolean patron_logistic_newton (const PatronLogisticProblem *problem, const PatronLogisticOptions *options, gboolean check_rank, double *beta,
                                 PatronLogisticSearch *search, PatronRun *run, GError **error);
gboolean patron_logistic_lbfgs  (const PatronLogisticProblem *problem, const PatronLogisticOptions *options, double *beta,
                                 PatronLogisticSearch *search, PatronRun *run, GError **error);

/* log-likelihood less the penalty; gradient likewise (gradient may be NULL). */
double patron_logistic_penalise (const PatronLogisticProblem *problem, const double *beta, double log_likelihood, double *gradient);

G_END_DECLS
