/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* Sums over the rows of tall matrices, in blocks that stay in the cache, one after the other within each of a fixed number of
 * stretches of rows: the same result at any number of threads. */

/* Columns of equal length that lie anywhere: the features of a matrix and a target beside them, say. Borrowed. */
typedef struct
{
  gsize                n, p;
  const double *const *columns;   /* p pointers to n values, no missing */
} PatronColumns;

/* Cross products about the mean (or about 0):
 *   gram[j * p + i] = Σ (x_i - mean_i) (x_j - mean_j), p × p, both triangles; means: p.
 * Accurate however far the means are from 0: rows are shifted by the mean of a sample first and corrected for the rest. */
gboolean patron_gram (const PatronColumns *x, gboolean centred, double *means, double *gram, PatronRun *run, GError **error);

/* Upper triangular R (p × p, column-major, below the diagonal 0, the diagonal ≥ 0) with RᵀR = Gram of the columns less shift[j] and divided by
 * scale[j], by Householder reflections on blocks of rows: twice the digits of patron_gram(). */
gboolean patron_tall_qr (const PatronColumns *x, const double *shift, const double *scale, double *r, PatronRun *run, GError **error);

/* The rows of a stretch of work: how many rows in one stretch, so that there are at most 64 and each is worth a call. Use it as the grain of
 * patron_parallel_for(). */
gsize patron_row_grain (gsize n);

/* Copies rows begin … end-1, shifted and scaled, into a column-major block of p columns, end - begin rows each. shift, scale may be NULL. */
void patron_columns_block (const PatronColumns *x, gsize begin, gsize end, const double *shift, const double *scale, double *block);

G_END_DECLS
