/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* Power transforms that make a skewed column more nearly normal.
 *   Box–Cox, x > 0:  (x^λ - 1) / λ,  log x for λ = 0 (G. Box and D. Cox, J. R. Statist. Soc. B 26(2), 1964)
 *   Yeo–Johnson, any x: that of 1 + x for x ≥ 0, minus that of 1 - x with 2 - λ for x < 0 (I. Yeo and R. Johnson, Biometrika 87(4), 2000) */
typedef enum { PATRON_POWER_BOX_COX, PATRON_POWER_YEO_JOHNSON } PatronPower;

/* λ is looked for between these. */
#define PATRON_POWER_MIN -10.0
#define PATRON_POWER_MAX 10.0

/* NaN for NaN, and outside the domain (Box–Cox: x ≤ 0). */
double patron_power_apply  (PatronPower power, double lambda, double x);
/* The x that apply() maps to y; NaN where there is none. */
double patron_power_invert (PatronPower power, double lambda, double y);

/* The λ of greatest likelihood if the transformed values are normal, and that log-likelihood (without the constant), as scipy's boxcox_llf
 * and yeojohnson_llf define it. values: n ≥ 1 within the domain, without NaN. Values that are all equal say nothing: λ is 1, the likelihood NaN.
 * FALSE with error when cancelled or short of memory. */
gboolean patron_power_fit (PatronPower power, const double *values, gsize n, double *lambda, double *log_likelihood, PatronRun *run, GError **error);

/* The place between low and high where f is least, to about tolerance (R. Brent, "Algorithms for Minimization Without Derivatives", 1973,
 * chapter 5). Exact for functions with one valley. */
double patron_minimise (double (*f) (double x, gpointer data), gpointer data, double low, double high, double tolerance);

G_END_DECLS
