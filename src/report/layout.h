/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/chart.h"

G_BEGIN_DECLS

/* Chart → scales → marks, in pixels, without drawing. Text is measured through a function of the caller's, so that tests can
 * use a fixed-width font and the window Pango. */

typedef struct
{
  PatronAxisKind kind;
  double         min, max;       /* of the data shown, after nice rounding */
  double         from, to;       /* pixels */
} PatronScaleMap;

double patron_scale_to_pixel   (const PatronScaleMap *scale, double value);
double patron_scale_from_pixel (const PatronScaleMap *scale, double pixel);

/* About `target` round values covering min … max (Heckbert's nice numbers; calendar steps on date axes; decades on log
 * axes). GArray of double. */
GArray *patron_ticks (PatronAxisKind kind, double min, double max, guint target);
/* Freedman–Diaconis with a cap; at most max_bins. Fills n + 1 edges on round numbers. GArray of double. */
GArray *patron_histogram_edges (const double *values, gsize n, guint max_bins, gboolean integers);

G_END_DECLS
