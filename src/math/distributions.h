/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Distributions of the usual tests. cdf: P(X ≤ x); survival: P(X > x), without cancellation; quantile: the x at which cdf is p,
 * -∞ … ∞ at the ends. Degrees of freedom are positive and need not be whole; t takes ∞ for the normal. Arguments outside
 * their range, and NaN, give NaN. About 1e-14 relative, quantiles 1e-13. Thread-safe. */

double patron_normal_cdf        (double x);
double patron_normal_survival   (double x);
double patron_normal_quantile   (double p);

double patron_t_cdf             (double t, double df);
double patron_t_survival        (double t, double df);
double patron_t_two_sided       (double t, double df);   /* P(|T| ≥ |t|), the p value of a coefficient */
double patron_t_quantile        (double p, double df);

double patron_f_cdf             (double f, double df1, double df2);
double patron_f_survival        (double f, double df1, double df2);
double patron_f_quantile        (double p, double df1, double df2);

double patron_chi_squared_cdf      (double x, double df);
double patron_chi_squared_survival (double x, double df);
double patron_chi_squared_quantile (double p, double df);

G_END_DECLS
