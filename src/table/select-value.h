/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The p quantile, 0 ≤ p ≤ 1, by linear interpolation of the order statistics (type 7 of Hyndman and Fan, The American Statistician 50, 1996). Reorders
 * the values, of which none may be NaN; linear time on average, n log n at worst. NaN for n = 0. */
double patron_select_quantile (double *values, gsize n, double p);

G_END_DECLS
