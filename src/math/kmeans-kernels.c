/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/kmeans-private.h"

#include "base/simd.h"

#include <float.h>
#include <math.h>

/* Centres lie in groups of as many as the registers hold beside the rows: 8 for two tiles where there are 32 wide registers, else 4 for one; what
 * is left goes in groups of 4. In each group: half the squared length of each centre, then coordinate after coordinate. Missing ones are never
 * nearest. The sums for a row and a centre are the same in every grouping. */
static gboolean
wide_registers (void)
{
#if defined(__x86_64__) && defined(__GNUC__)
  return __builtin_cpu_supports ("avx512f") != 0;
#else
  return FALSE;
#endif
}

static inline gsize
padded (gsize k)
{
  return (k + 3) / 4 * 4;
}

gsize
patron_kmeans_packed_size (gsize k, gsize p)
{
  return padded (k) * (p + 1);
}

void
patron_kmeans_pack_centres (const double *centres, gsize k, gsize p, float *packed)
{
  const gsize most = wide_registers () ? 8 : 4;

  for (gsize first = 0; first < padded (k);)
    {
      const gsize width = padded (k) - first >= most ? most : 4;
      for (gsize g = 0; g < width; g++)
        {
          const gsize c = first + g;
          float half = 0;
          for (gsize j = 0; j < p; j++)
            {
              const float value = c < k ? (float) centres[c * p + j] : 0;
              packed[(j + 1) * width + g] = value;
              half += 0.5f * value * value;
            }
          packed[g] = c < k ? half : FLT_MAX;
        }
      packed += width * (p + 1);
      first += width;
    }
}

/* |x - c|² / 2 less |x|² / 2 for `rows` tiles and `width` centres, held in registers; keeps the least and where it was. */
static inline __attribute__ ((always_inline)) void
nearest_of_group (const FloatVector *x, gsize p, const float *c, int rows, int width, gint32 first, FloatVector *best, IntVector *label)
{
  FloatVector score[2 * 8];

  for (int g = 0; g < width; g++)
    for (int r = 0; r < rows; r++)
      score[r * 8 + g] = (FloatVector) { 0 } + c[g];
  c += width;
  for (gsize j = 0; j < p; j++, c += width)
    for (int g = 0; g < width; g++)
      for (int r = 0; r < rows; r++)
        score[r * 8 + g] -= x[(gsize) r * p + j] * c[g];
  for (int g = 0; g < width; g++)
    for (int r = 0; r < rows; r++)
      {
        const FloatVector s = score[r * 8 + g];
        const IntVector less = s < best[r];
        best[r] = (FloatVector) (((IntVector) s & less) | ((IntVector) best[r] & ~less));
        label[r] = ((first + g) & less) | (label[r] & ~less);
      }
}

static inline __attribute__ ((always_inline)) void
nearest (const FloatVector *x, gsize p, const float *centres, gsize k, int rows, int most, IntVector *out)
{
  FloatVector best[2];
  IntVector label[2];
  gsize c = 0;

  for (int r = 0; r < rows; r++)
    {
      best[r] = (FloatVector) { 0 } + FLT_MAX;
      label[r] = (IntVector) { 0 };
    }
  for (; c + most <= k; c += most, centres += most * (p + 1))
    nearest_of_group (x, p, centres, rows, most, (gint32) c, best, label);
  if (most > 4 && c < k)
    nearest_of_group (x, p, centres, rows, 4, (gint32) c, best, label);
  for (int r = 0; r < rows; r++)
    out[r] = label[r];
}

PATRON_SIMD static void
assign_tiles (const FloatVector *tiles, gsize p, gsize first, gsize last, const float *centres, gsize k, gboolean wide, IntVector *labels)
{
  gsize t = first;

  if (wide)
    for (; t + 2 <= last; t += 2)
      nearest (tiles + t * p, p, centres, k, 2, 8, labels + t - first);
  for (; t < last; t++)
    if (wide)
      nearest (tiles + t * p, p, centres, k, 1, 8, labels + t - first);
    else
      nearest (tiles + t * p, p, centres, k, 1, 4, labels + t - first);
}

void
patron_kmeans_assign_tiles (const FloatVector *tiles, gsize p, gsize first, gsize last, const float *centres, gsize k, IntVector *labels)
{
  assign_tiles (tiles, p, first, last, centres, padded (k), wide_registers (), labels);
}

/* Tiles whose sums are kept in single precision before they go to double. */
#define SUM_TILES 32

/* Vectors go by address: by value they would have no fixed calling convention. *a becomes the lesser of *a and *b. */
static inline __attribute__ ((always_inline)) void
take_least (FloatVector *a, const FloatVector *b)
{
  const IntVector less = *b < *a;
  *a = (FloatVector) (((IntVector) *b & less) | ((IntVector) *a & ~less));
}

static inline __attribute__ ((always_inline)) double
add_lanes (const FloatVector *v)
{
  double sum = 0;
  for (int i = 0; i < TILE_ROWS; i++)
    sum += (*v)[i];
  return sum;
}

PATRON_SIMD static void
try_points (const FloatVector *x, gsize p, gsize n_tiles, const FloatVector *closest, const float *const *points, double *sums)
{
  for (gsize first = 0; first < n_tiles; first += SUM_TILES)
    {
      FloatVector sa = { 0 }, sb = { 0 }, sc = { 0 }, sd = { 0 };
      for (gsize t = first; t < MIN (first + SUM_TILES, n_tiles); t++, x += p)
        {
          FloatVector a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
          for (gsize j = 0; j < p; j++)
            {
              const FloatVector da = x[j] - points[0][j], db = x[j] - points[1][j], dc = x[j] - points[2][j], dd = x[j] - points[3][j];
              a += da * da, b += db * db, c += dc * dc, d += dd * dd;
            }
          take_least (&a, &closest[t]), take_least (&b, &closest[t]), take_least (&c, &closest[t]), take_least (&d, &closest[t]);
          sa += a, sb += b, sc += c, sd += d;
        }
      sums[0] += add_lanes (&sa), sums[1] += add_lanes (&sb), sums[2] += add_lanes (&sc), sums[3] += add_lanes (&sd);
    }
}

void
patron_kmeans_try_points (const FloatVector *tiles, gsize p, gsize n_tiles, const FloatVector *closest, const float *const *points, double *sums)
{
  try_points (tiles, p, n_tiles, closest, points, sums);
}

PATRON_SIMD static double
take_point (const FloatVector *x, gsize p, gsize n_tiles, FloatVector *closest, const float *point)
{
  double sum = 0;

  for (gsize first = 0; first < n_tiles; first += SUM_TILES)
    {
      FloatVector s = { 0 };
      for (gsize t = first; t < MIN (first + SUM_TILES, n_tiles); t++, x += p)
        {
          FloatVector a = { 0 };
          for (gsize j = 0; j < p; j++)
            {
              const FloatVector d = x[j] - point[j];
              a += d * d;
            }
          take_least (&closest[t], &a);
          s += closest[t];
        }
      sum += add_lanes (&s);
    }
  return sum;
}

double
patron_kmeans_take_point (const FloatVector *tiles, gsize p, gsize n_tiles, FloatVector *closest, const float *point)
{
  return take_point (tiles, p, n_tiles, closest, point);
}
