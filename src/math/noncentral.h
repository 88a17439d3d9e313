/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Noncentral distributions, and the intervals of effect sizes that come from turning them round (G. Cumming and S. Finch, Educ. Psychol. Meas. 61,
 * 2001; M. Smithson, Educ. Psychol. Meas. 61, 2001). About 1e-10 absolute for noncentralities up to some 10,000. */

double patron_noncentral_t_cdf           (double t, double df, double delta);
double patron_noncentral_f_cdf           (double f, double df1, double df2, double lambda);
double patron_noncentral_chi_squared_cdf (double x, double df, double lambda);

/* 95 % interval of the noncentrality that gives the value observed; the ends of lambda are not below 0. */
void   patron_noncentral_t_interval           (double t, double df, double *low, double *high);
void   patron_noncentral_f_interval           (double f, double df1, double df2, double *low, double *high);
void   patron_noncentral_chi_squared_interval (double x, double df, double *low, double *high);

/* P(Q > q) of the studentized range of k means with df degrees of freedom (∞ allowed): M. Copenhaver and B. Holland, J. Stat. Comput. Simul. 30,
   1988,
 * by Gauss–Legendre quadrature. About 1e-8. k ≥ 2, df ≥ 1. */
double patron_studentized_range_survival (double q, double k, double df);
/* The q at which it is p. */
double patron_studentized_range_quantile (double p, double k, double df);

G_END_DECLS
