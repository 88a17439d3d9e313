/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/gram.h"

G_BEGIN_DECLS

/* Logistic regression: binary, and multinomial as baseline-category logit (A. Agresti, Categorical Data Analysis, 3rd ed. 2013, 8.1). One linear
 * equation for each class but the reference: log (P(class) / P(reference)) = intercept + Σ coefficient · column. By maximum likelihood, or with a
 * penalty: the log-likelihood less ridge / 2 · Σ coefficient² over the columns at mean 0 and standard deviation 1 (by the rows' weights); the
 * intercepts are free. scikit-learn's LogisticRegression on such columns has C = 1 / ridge; of two classes its multinomial is not this.
 *
 * By Newton's method (iteratively reweighted least squares) with step halving up to PATRON_LOGISTIC_NEWTON coefficients, beyond by L-BFGS
 * (J. Nocedal, Math. Comp. 35, 1980). Large tables start from the fit to a sample of their rows; the result is that of all rows. Newton ends
 * when gᵀH⁻¹g (g: gradient, H: information; twice the log-likelihood still to gain) is at most the tolerance, and takes that last step; L-BFGS
 * when the norm of the gradient is at most √tolerance times that at the intercepts alone. */
#define PATRON_LOGISTIC_NEWTON 2000

typedef struct
{
  guint  n_classes;
  guint  reference;        /* class that the equations compare with; if it has no rows, the most frequent */
  double ridge;            /* ≥ 0 */
  const gboolean *penalised; /* p: columns that the ridge is on; NULL: all */
  double tolerance;
  guint  max_iterations;
} PatronLogisticOptions;

typedef enum
{
  PATRON_SEPARATION_NONE,
  PATRON_SEPARATION_QUASI,     /* some rows are told apart without doubt: some coefficients grow without end */
  PATRON_SEPARATION_COMPLETE,  /* all are: all do */
} PatronSeparation;

typedef struct
{
  gsize     n, p;
  guint     n_classes, reference;
  guint     n_equations;        /* classes with rows, less one */
  guint    *classes;            /* n_equations: the class of each, ascending */
  double   *class_weights;      /* n_classes: rows, by their weights */
  double    weight;             /* their sum */
  gboolean *aliased;            /* p: constant or, without penalty, a combination of the intercept and columns before it: left out, 0 */
  gsize     n_used;
  gsize    *used;               /* n_used: the others, ascending */
  double   *means, *scales;     /* p: of the columns, by the rows' weights (n in the denominator) */
  double   *coefficients;       /* n_equations × (p + 1): equation by equation, the intercept first, in the units of the columns */
  double    ridge;
  gboolean *penalised;          /* p: the ridge is on these; NULL without one, or when it is on all */
  double    log_likelihood;     /* without the penalty */
  double    null_log_likelihood; /* of the intercepts alone */
  guint     iterations;
  gboolean  converged;
  gboolean  newton;
  /* Found where some columns are without penalty, by Newton only: proved by a direction in which no row fits worse (A. Albert and J. Anderson,
   * Biometrika 71(1), 1984). */
  PatronSeparation separation;
  gboolean *separating;         /* p: columns that the direction is made of */
} PatronLogistic;

/* y: n class indices. weights: n, all > 0, or NULL. At least two classes have rows. */
PatronLogistic *patron_logistic_fit  (const PatronColumns *x, const double *y, const double *weights, const PatronLogisticOptions *options,
                                      PatronRun *run, GError **error);
void            patron_logistic_free (PatronLogistic *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronLogistic, patron_logistic_free)

/* Probabilities: out is n × n_classes, column-major. coefficients and classes as in PatronLogistic; classes with no equation other than the reference
 * get 0. */
gboolean patron_logistic_predict (const PatronColumns *x, guint n_classes, guint reference, guint n_equations, const guint *classes,
                                  const double *coefficients, double *out, PatronRun *run, GError **error);

/* Covariance of the coefficients at the estimates, square of side n_equations · (p + 1), column-major, patron_free(); rows and columns of what is
 * left out are 0. From the information, or robust: H⁻¹ (Σ gᵢgᵢᵀ) H⁻¹ with the rows' own gradients (H. White, Econometrica 50(1), 1982), which also
 * holds when weights are not counts of rows. The rows must be those of the fit. NULL with error, also when the information is singular
 * (separation). */
double *patron_logistic_covariance (const PatronLogistic *fit, const PatronColumns *x, const double *y, const double *weights, gboolean robust,
                                    PatronRun *run, GError **error);

/* Of each row of a fit of two classes without weights: leverage, the diagonal of the hat matrix, and Cook's distance, by how far the estimates move
 * without the row, in one step (D. Pregibon, Ann. Statist. 9(4), 1981); 0 for all where the information is singular. probability: n, of the class
 * that is not the reference. */
gboolean patron_logistic_influence (const PatronLogistic *fit, const PatronColumns *x, const double *y, const double *probability,
                                    double *leverage, double *cook, PatronRun *run, GError **error);

/* Score tests of columns that the fit does not have, each alone (C. R. Rao, Proc. Camb. Phil. Soc. 44(1), 1948): statistics, one for each of the
 * columns of more, are χ² with 1 degree of freedom when it says nothing beside the others; NaN for one that they determine. For two classes, by a
 * fit without penalty. */
gboolean patron_logistic_score_tests (const PatronLogistic *fit, const PatronColumns *x, const double *y, const double *weights,
                                      const PatronColumns *more, double *statistics, PatronRun *run, GError **error);

G_END_DECLS
