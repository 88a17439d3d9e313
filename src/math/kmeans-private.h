/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/kmeans.h"

G_BEGIN_DECLS

/* Rows in tiles of 16: tiles[(t * p + j) * 16 + i] is column j of row 16 t + i, less the column's mean and times factor, a power of two that brings
 * the spread near 1 (so that squares neither overflow nor vanish). Rows past n are 0. */
#define TILE_ROWS 16
typedef float  FloatVector __attribute__ ((vector_size (64)));
typedef gint32 IntVector __attribute__ ((vector_size (64)));

struct _PatronKMeans
{
  PatronColumns x;
  gsize         n_tiles;
  gsize         grain;        /* rows in a stretch; a multiple of two tiles */
  gsize         n_stretches;
  FloatVector  *tiles;
  double       *means;        /* p */
  double        factor;
  double        mean_variance;
  double        total;        /* sum of squares of the packed values */
};

/* Assigns tiles first … last-1 to the nearest of k centres. centres: packed by patron_kmeans_pack_centres(). */
void  patron_kmeans_assign_tiles (const FloatVector *tiles, gsize p, gsize first, gsize last, const float *centres, gsize k, IntVector *labels);
/* Floats that pack_centres needs. */
gsize patron_kmeans_packed_size  (gsize k, gsize p);
void  patron_kmeans_pack_centres (const double *centres, gsize k, gsize p, float *packed);
/* closest: squared distance of each row to the nearest centre so far, 0 for rows past n. try_points adds to sums[0 … 3] what they would come to
 * with each of four points (p floats each) as a further centre; take_point makes the point one and returns the sum. */
void   patron_kmeans_try_points (const FloatVector *tiles, gsize p, gsize n_tiles, const FloatVector *closest, const float *const *points, double *sums);
double patron_kmeans_take_point (const FloatVector *tiles, gsize p, gsize n_tiles, FloatVector *closest, const float *point);

G_END_DECLS
