/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/least-squares.h"

G_BEGIN_DECLS

/* Improves slopes (n_used, of the scaled columns), fills coefficients, rss and y_mean. Plain: one step x += (RᵀR)⁻¹ Zᵀe. Extended: in orthonormal
 * coordinates and long double, from nothing, for columns that are nearly dependent. */
gboolean patron_least_squares_refine          (PatronLeastSquares *fit, const PatronColumns *x, const double *y, double *slopes, PatronRun *run, GError **error);
gboolean patron_least_squares_refine_extended (PatronLeastSquares *fit, const PatronColumns *x, const double *y, PatronRun *run, GError **error);

G_END_DECLS
