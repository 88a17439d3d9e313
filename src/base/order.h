/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For qsort(), bsearch() and g_array_sort(): ascending; NaN has no place. */
int    patron_compare_doubles (gconstpointer a, gconstpointer b);
void   patron_sort_doubles    (double *values, gsize n);

/* The p quantile, 0 ≤ p ≤ 1, by linear interpolation of the order statistics: type 7 of Hyndman and Fan (The American Statistician 50, 1996), the one of
 * R, numpy and spreadsheets. No NaN among the values; NaN for n = 0 and for another p. The first reorders the values (linear time on average, n log n
 * at worst), the second wants them ascending. */
double patron_quantile        (double *values, gsize n, double p);
double patron_quantile_sorted (const double *values, gsize n, double p);

G_END_DECLS
