/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Count, mean and central moments, gathered in one pass without cancellation and mergeable (B. Welford, Technometrics 4(3), 1962;
 * P. Pébay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments", 2008).
 * m2, m3, m4 are sums of powers of the distances from the mean. Starts as PATRON_MOMENTS_INIT. */
typedef struct
{
  gsize  n;
  double mean, m2, m3, m4;
  double min, max;
} PatronMoments;

#define PATRON_MOMENTS_INIT { 0, 0, 0, 0, 0, G_MAXDOUBLE, -G_MAXDOUBLE }

void   patron_moments_add       (PatronMoments *moments, double value);               /* a NaN is passed over */
void   patron_moments_add_array (PatronMoments *moments, const double *values, gsize n);
void   patron_moments_merge     (PatronMoments *moments, const PatronMoments *other);
double patron_moments_variance  (const PatronMoments *moments);   /* n - 1 below; NaN for fewer than 2 values */
double patron_moments_sd        (const PatronMoments *moments);
double patron_moments_skewness  (const PatronMoments *moments);   /* g1 = √n m3 / m2^1.5; NaN when all are equal */
double patron_moments_kurtosis  (const PatronMoments *moments);   /* g2 = n m4 / m2² - 3; NaN when all are equal */

/* Sum with an error that grows with log n (N. Higham, SIAM J. Sci. Comput. 14(4), 1993). */
double patron_sum (const double *values, gsize n);

G_END_DECLS
