/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Do predicted probabilities come true? */
typedef struct
{
  gsize  n;
  double predicted;    /* mean probability of the group */
  double observed;     /* share that came true */
  double low, high;    /* Wilson's 95 % interval of observed */
} PatronCalibrationBin;

/* Groups of equal size by probability (borders at the quantiles; equal probabilities stay together, so there may be fewer groups than
 * asked for). y: n values, true where equal to `positive`. bins: n_bins, written. Returns the number of groups, 0 with error. n ≥ 1. */
guint    patron_calibration_bins (gsize n, const double *y, double positive, const double *p, guint n_bins, PatronCalibrationBin *bins,
                                  GError **error);

/* Cox's calibration line: logit P(y) = intercept + slope · logit p by maximum likelihood (Biometrika 45, 1958); 0 and 1 are perfect.
 * Probabilities are kept within 0.001 … 0.999 so that a certain prediction does not outweigh all others. Both NaN when
 * only one class occurs, when all p are equal, or when p separates the classes. */
void     patron_calibration_line (gsize n, const double *y, double positive, const double *p, double *intercept, double *slope);

G_END_DECLS
