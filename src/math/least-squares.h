/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/gram.h"

G_BEGIN_DECLS

/* Ordinary least squares of y on columns. The p + 1 coefficients are the intercept (0 without one) and one for each column. A column that is
 * constant, or a combination of the intercept and the columns before it, is aliased: left out, with coefficient 0. */
typedef struct
{
  gsize     n, p;
  gboolean  intercept;
  gsize     rank;             /* columns used, the intercept among them */
  gboolean *aliased;          /* p */
  double   *coefficients;     /* p + 1 */
  /* (XᵀX)⁻¹, (p + 1) × (p + 1) column-major, in the units of the columns; rows and columns of what is left out are 0. */
  double   *inverse;
  double    rss, tss;         /* residual, and about the mean (about 0 without intercept) */
  double    condition;        /* of the used columns, centred and of equal length: largest over smallest singular value */
  gboolean  orthogonal;       /* by QR, because the cross products were nearly singular */
  double    y_mean;

  /* Coordinates in which the training rows are orthonormal: z = R⁻ᵀ (x - mean) / scale. */
  gsize     n_used;           /* columns used, without the intercept */
  gsize    *used;             /* n_used: their indices, ascending */
  double   *means, *scales;   /* n_used */
  double   *r;                /* n_used × n_used upper triangular, column-major */
} PatronLeastSquares;

PatronLeastSquares *patron_least_squares_fit  (const PatronColumns *x, const double *y, gboolean intercept, PatronRun *run, GError **error);
void                patron_least_squares_free (PatronLeastSquares *fit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronLeastSquares, patron_least_squares_free)

/* out[i] = intercept + Σ coefficients[j + 1] x_j[i]. */
gboolean patron_linear_predict (const PatronColumns *x, const double *coefficients, double *out, PatronRun *run, GError **error);

/* The diagonal of the hat matrix, n values; the rows must be those of the fit. */
gboolean patron_least_squares_leverage (const PatronLeastSquares *fit, const PatronColumns *x, double *leverage, PatronRun *run, GError **error);

/* Covariance of the coefficients that holds when the spread of the errors differs from row to row: X⁺ diag (weights) X⁺ᵀ, (p + 1) × (p + 1), with
 * weights e² / (1 - h)² for HC3 (J. MacKinnon and H. White, J. Econometrics 29(3), 1985). */
gboolean patron_least_squares_sandwich (const PatronLeastSquares *fit, const PatronColumns *x, const double *weights, double *covariance,
                                        PatronRun *run, GError **error);

/* Projection of v (n values, of mean 0 if there is an intercept) on the used columns: the sum of squares explained of v. What an auxiliary
 * regression on the same columns needs. */
gboolean patron_least_squares_explained (const PatronLeastSquares *fit, const PatronColumns *x, const double *v, double *explained,
                                         PatronRun *run, GError **error);

G_END_DECLS
