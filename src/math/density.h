/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How values are spread, as a smooth curve: Gaussian kernels (B. Silverman, "Density Estimation for Statistics and Data Analysis", 1986). */

/* Width of the kernel. Sheather and Jones' solve-the-equation rule (J. R. Statist. Soc. B 53, 1991) on 1,000 bins, as R's bw.SJ(); where it has no
 * solution (ties, few values), Silverman's rule of thumb 0.9 min (sd, iqr / 1.34) n^(-1/5). Where most values are tied (whole numbers, prices) at
 * least half the usual distance between neighbours, as either rule would show each of them as a peak. values: n ascending, no NaN. 0 when all are
 * equal.
 * *rule_of_thumb (optional): which of the two it is. */
double patron_density_bandwidth (const double *values, gsize n, gboolean *rule_of_thumb);

/* The density at m evenly spaced points from `from` to `to` > `from`: values are shared out linearly to the points, then smoothed. out: m. */
void   patron_density           (const double *values, gsize n, double bandwidth, double from, double to, gsize m, double *out);

G_END_DECLS
