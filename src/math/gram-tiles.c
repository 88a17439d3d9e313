/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/gram-tiles.h"

#include "base/simd.h"

typedef PatronTileVector Vector;
#define TILE 4

gsize
patron_tiles_width (gsize p)
{
  return (p + TILE - 1) / TILE * TILE;
}

gsize
patron_tiles_size (gsize width)
{
  const gsize n = width / TILE;
  return n * (n + 1) / 2 * TILE * TILE;
}

/* tile[i * TILE + j] += Σ a_i b_j over n_vectors; columns ld vectors apart. */
PATRON_SIMD static void
multiply_tile (const Vector *restrict a, const Vector *restrict b, gsize ld, gsize n_vectors, Vector *restrict tile)
{
  Vector s[TILE * TILE];

  for (int i = 0; i < TILE * TILE; i++)
    s[i] = tile[i];
  for (gsize r = 0; r < n_vectors; r++)
    {
      const Vector a0 = a[r], a1 = a[ld + r], a2 = a[2 * ld + r], a3 = a[3 * ld + r];
      const Vector b0 = b[r], b1 = b[ld + r], b2 = b[2 * ld + r], b3 = b[3 * ld + r];
      s[0] += a0 * b0, s[1] += a0 * b1, s[2] += a0 * b2, s[3] += a0 * b3;
      s[4] += a1 * b0, s[5] += a1 * b1, s[6] += a1 * b2, s[7] += a1 * b3;
      s[8] += a2 * b0, s[9] += a2 * b1, s[10] += a2 * b2, s[11] += a2 * b3;
      s[12] += a3 * b0, s[13] += a3 * b1, s[14] += a3 * b2, s[15] += a3 * b3;
    }
  for (int i = 0; i < TILE * TILE; i++)
    tile[i] = s[i];
}

void
patron_tiles_multiply (const double *a, const double *b, gsize width, gsize rows, PatronTileVector *tiles)
{
  for (gsize c = 0; c < width; c += TILE)
    for (gsize r = 0; r <= c; r += TILE, tiles += TILE * TILE)
      multiply_tile ((const Vector *) (gconstpointer) (a + r * PATRON_TILE_ROWS), (const Vector *) (gconstpointer) (b + c * PATRON_TILE_ROWS),
                     PATRON_TILE_ROWS / 8, rows / 8, tiles);
}

void
patron_tiles_add (const PatronTileVector *tiles, gsize width, gsize p, double *products)
{
  for (gsize c = 0; c < width; c += TILE)
    for (gsize r = 0; r <= c; r += TILE)
      for (gsize i = 0; i < TILE * TILE; i++, tiles++)
        {
          const gsize row = r + i / TILE, column = c + i % TILE;
          const Vector v = *tiles;
          if (row <= column && column < p)
            products[column * p + row] += ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
        }
}
