/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/boosting-private.h"

#include <math.h>

#define CHUNK 512      /* rows whose sums and codes stay in the first-level cache beside a group's histogram */
#define GROUPS 8       /* groups at a time: a cache line of codes */

PatronBoostingUnits
patron_boosting_units (gsize n, double max_g, double max_h)
{
  int row_bits = g_bit_storage (n), g_exponent = 0, h_exponent = 0;
  frexp (max_g, &g_exponent);   /* max_g < 2^exponent */
  frexp (max_h, &h_exponent);
  return (PatronBoostingUnits) { ldexp (1, g_exponent - 30), ldexp (1, h_exponent - CLAMP (63 - 2 * row_bits, 1, 30)), row_bits };
}

typedef gint64 Pair __attribute__ ((vector_size (16), may_alias));

/* The columns of a group are added side by side, so that runs of equal codes in one of them do not hold up the others. */
static inline __attribute__ ((always_inline)) void
count_rows (const guint64 *codes, const guint width, const PatronBoostingSum *sums, gsize n, char *histogram)
{
  for (gsize i = 0; i < n; i++)
    {
      guint64 row = codes[i];
      Pair sum = *(const Pair *) &sums[i];
#pragma GCC unroll 8
      for (guint j = 0; j < width; j++)
        {
          /* 16 bytes a sum: the offset of a code in one step. */
          guint64 offset = (j == 0 ? row << 4 : row >> (8 * j - 4)) & 0xff0;
          *(Pair *) (histogram + offset + j * 4096) += sum;
        }
    }
}

static void
count_group (const guint64 *codes, guint width, const PatronBoostingSum *sums, gsize n, PatronBoostingSum *histogram)
{
  char *to = (char *) histogram;
  switch (width)
    {
    case 1: count_rows (codes, 1, sums, n, to); break;
    case 2: count_rows (codes, 2, sums, n, to); break;
    case 3: count_rows (codes, 3, sums, n, to); break;
    case 4: count_rows (codes, 4, sums, n, to); break;
    case 5: count_rows (codes, 5, sums, n, to); break;
    case 6: count_rows (codes, 6, sums, n, to); break;
    case 7: count_rows (codes, 7, sums, n, to); break;
    default: count_rows (codes, 8, sums, n, to); break;
    }
}

void
patron_boosting_count (const PatronBoostingCodes *codes, const guint64 *packed, const PatronBoostingUnits *units, const guint32 *rows, gsize n,
                       PatronBoostingSum *histogram)
{
  PatronBoostingSum sums[CHUNK] __attribute__ ((aligned (64)));
  guint64 block[GROUPS][CHUNK];
  for (gsize begin = 0; begin < n; begin += CHUNK)
    {
      gsize m = MIN (CHUNK, n - begin);
      for (gsize i = 0; i < m; i++)
        {
          guint64 pack = packed[rows[begin + i]];
          __builtin_prefetch (&packed[rows[begin + i + PATRON_ROWS_AHEAD]]);
          sums[i] = (PatronBoostingSum) { (gint32) pack, (pack >> 32 << units->count_bits) | 1 };
        }
      for (gsize first = 0; first < codes->n_groups; first += GROUPS)
        {
          gsize n_groups = MIN (codes->n_groups - first, GROUPS);
          const guint8 *at = codes->rows + first * PATRON_GROUP;
          for (gsize i = 0; i < m; i++)
            {
              const guint64 *row = (const guint64 *) (at + rows[begin + i] * codes->stride);
              __builtin_prefetch (at + rows[begin + i + PATRON_ROWS_AHEAD] * codes->stride);
              for (gsize group = 0; group < n_groups; group++)
                block[group][i] = row[group];
            }
          for (gsize group = 0; group < n_groups; group++)
            count_group (block[group], MIN (codes->p - (first + group) * PATRON_GROUP, PATRON_GROUP), sums, m,
                         histogram + (first + group) * PATRON_GROUP * 256);
        }
    }
}
