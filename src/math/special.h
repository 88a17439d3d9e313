/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Incomplete gamma and beta functions, to about 1e-14 relative where the result is not below 1e-250 (in the far tails the error is that of
 * the exponent, its size times 1e-16). Thread-safe. */

/* Regularised incomplete gamma: *lower = P(a, x), *upper = Q(a, x) = 1 - P, each without cancellation for a ≥ 0.5.
 * a > 0, x ≥ 0; anything else gives NaN. */
void patron_incomplete_gamma (double a, double x, double *lower, double *upper);

/* Regularised incomplete beta: *lower = I_x (a, b), *upper = I_y (b, a), where y = 1 - x is given apart so that neither end loses
 * digits. a, b > 0; 0 ≤ x, y ≤ 1; anything else gives NaN. */
void patron_incomplete_beta (double a, double b, double x, double y, double *lower, double *upper);

G_END_DECLS
