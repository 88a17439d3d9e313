/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/radix-sort.h"

enum
{
  DIGIT_BITS = 11,
  N_BUCKETS = 1 << DIGIT_BITS,
  N_DIGITS = 6,          /* 6 · 11 ≥ 64 */
  SMALL = 48,            /* below, insertion is faster than clearing the counters */
};

static inline guint
digit (guint64 key, guint d)
{
  return (key >> (d * DIGIT_BITS)) & (N_BUCKETS - 1);
}

static void
insertion_sort (guint64 *keys, guint32 *values, gsize n)
{
  for (gsize i = 1; i < n; i++)
    {
      guint64 key = keys[i];
      guint32 value = values != NULL ? values[i] : 0;
      gsize j = i;
      for (; j > 0 && keys[j - 1] > key; j--)
        {
          keys[j] = keys[j - 1];
          if (values != NULL)
            values[j] = values[j - 1];
        }
      keys[j] = key;
      if (values != NULL)
        values[j] = value;
    }
}

/* Counts of every digit in one reading. counts: N_DIGITS × N_BUCKETS, zero on entry. */
static void
count_digits (const guint64 *keys, gsize n, gsize *counts)
{
  for (gsize i = 0; i < n; i++)
    for (guint d = 0; d < N_DIGITS; d++)
      counts[d * N_BUCKETS + digit (keys[i], d)]++;
}

/* Turns the counts of one digit into starting positions; FALSE when one bucket holds everything. */
static gboolean
counts_to_positions (gsize *counts, gsize n)
{
  gsize sum = 0;
  for (guint b = 0; b < N_BUCKETS; b++)
    {
      gsize count = counts[b];
      if (count == n)
        return FALSE;
      counts[b] = sum;
      sum += count;
    }
  return TRUE;
}

void
patron_radix_sort (guint64 *keys, guint64 *scratch, gsize n)
{
  if (n < SMALL)
    {
      insertion_sort (keys, NULL, n);
      return;
    }
  g_autofree gsize *counts = g_new0 (gsize, N_DIGITS * N_BUCKETS);
  count_digits (keys, n, counts);
  guint64 *from = keys, *to = scratch;
  for (guint d = 0; d < N_DIGITS; d++)
    {
      gsize *position = counts + d * N_BUCKETS;
      if (!counts_to_positions (position, n))
        continue;
      for (gsize i = 0; i < n; i++)
        to[position[digit (from[i], d)]++] = from[i];
      guint64 *swap = from;
      from = to;
      to = swap;
    }
  if (from != keys)
    memcpy (keys, from, n * sizeof *keys);
}

void
patron_radix_sort_pairs (guint64 *keys, guint32 *values, guint64 *key_scratch, guint32 *value_scratch, gsize n)
{
  if (n < SMALL)
    {
      insertion_sort (keys, values, n);
      return;
    }
  g_autofree gsize *counts = g_new0 (gsize, N_DIGITS * N_BUCKETS);
  count_digits (keys, n, counts);
  guint64 *from = keys, *to = key_scratch;
  guint32 *values_from = values, *values_to = value_scratch;
  for (guint d = 0; d < N_DIGITS; d++)
    {
      gsize *position = counts + d * N_BUCKETS;
      if (!counts_to_positions (position, n))
        continue;
      for (gsize i = 0; i < n; i++)
        {
          gsize at = position[digit (from[i], d)]++;
          to[at] = from[i];
          values_to[at] = values_from[i];
        }
      guint64 *swap = from;
      from = to;
      to = swap;
      guint32 *value_swap = values_from;
      values_from = values_to;
      values_to = value_swap;
    }
  if (from != keys)
    {
      memcpy (keys, from, n * sizeof *keys);
      memcpy (values, values_from, n * sizeof *values);
    }
}
