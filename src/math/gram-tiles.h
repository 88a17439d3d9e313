/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Products of few columns over many rows: what BLAS is slow at. Eight rows at a time, a tile of 4 × 4 columns stays in registers; tiles rest as
 * vectors between blocks, and are added up across once a stretch of rows.
 *
 * A block is column-major, its columns PATRON_TILE_ROWS values apart, aligned to 64 bytes; its width is a multiple of 4 (columns beyond
 * the data are 0), and its rows are filled with 0 to a multiple of 8. */
#define PATRON_TILE_ROWS         256
#define PATRON_MAX_TILED_COLUMNS 160

typedef double PatronTileVector __attribute__ ((vector_size (64)));

gsize patron_tiles_width (gsize p);        /* columns of a block for p columns of data */
gsize patron_tiles_size  (gsize width);    /* vectors that the tiles of a block take */

/* tiles += the upper triangle of aᵀb. a and b: blocks of that width; rows: a multiple of 8. For aᵀb that is symmetric: b is a, or a with its rows
 * weighted. */
void  patron_tiles_multiply (const double *a, const double *b, gsize width, gsize rows, PatronTileVector *tiles);

/* products (p × p, column-major, upper triangle) += what the tiles hold. */
void  patron_tiles_add (const PatronTileVector *tiles, gsize width, gsize p, double *products);

G_END_DECLS
