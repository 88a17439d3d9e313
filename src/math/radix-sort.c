/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/radix-sort.h"

#include "base/simd.h"

enum
{
  DIGIT_BITS = 11,
  N_BUCKETS = 1 << DIGIT_BITS,
  N_DIGITS = 6,          /* 6 · 11 ≥ 64 */
  SMALL = 48,            /* below, insertion is faster than clearing the counters */
  LEADING_DIGITS = 3,    /* sorted by so many digits few keys of many bits are out of place */
  FEW_BITS = 4,          /* not worth a digit of their own */
  MOVES = 4,             /* for each key, to put those in place */
  COUNTED_BITS = 20,     /* keys of no more bits are only counted: the counts of each tell how often to write it */
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

/* What tells the keys apart: (key - least) >> shift, in so many bits. */
typedef struct
{
  guint64 least;
  guint   shift, bits;
} Span;

static PATRON_SIMD void
find_limits (const guint64 *restrict keys, gsize n, guint64 *least, guint64 *most, guint64 *differ)
{
  guint64 low = keys[0], high = keys[0], first = keys[0], other = 0;
#pragma omp simd reduction(min:low) reduction(max:high) reduction(|:other)
  for (gsize i = 0; i < n; i++)
    {
      low = MIN (low, keys[i]);
      high = MAX (high, keys[i]);
      other |= keys[i] ^ first;
    }
  *least = low;
  *most = high;
  *differ = other;
}

static Span
span_of (const guint64 *keys, gsize n)
{
  guint64 least, most, differ;
  find_limits (keys, n, &least, &most, &differ);
  if (differ == 0)
    return (Span) { least, 0, 0 };
  const guint shift = __builtin_ctzll (differ);
  return (Span) { least, shift, 64 - __builtin_clzll ((most - least) >> shift) };
}

/* n < 2^32. */
static void
sort_by_counts (guint64 *keys, guint32 *counts, gsize n, Span span)
{
  const gsize n_values = (gsize) 1 << span.bits;
  memset (counts, 0, n_values * sizeof *counts);
  for (gsize i = 0; i < n; i++)
    counts[(keys[i] - span.least) >> span.shift]++;
  gsize at = 0;
  for (gsize k = 0; k < n_values; k++)
    {
      const guint64 key = span.least + (k << span.shift);
      const gsize end = at + counts[k];
      /* Four are written whatever the count, which is hard to foresee; what is too many is written over. */
      for (gsize j = at; j < MIN (at + 4, n); j++)
        keys[j] = key;
      for (gsize j = at + 4; j < end; j++)
        keys[j] = key;
      at = end;
    }
}

/* By what is above the lowest bits of the span, which drop out. */
static void
sort_by_digits (guint64 *keys, guint64 *scratch, gsize n, Span span, guint drop)
{
  /* As few digits as can be, all of the same length. */
  const guint sorted = span.bits - drop, lowest = span.shift + drop;
  const guint n_digits = (sorted + DIGIT_BITS - 1) / DIGIT_BITS, bits = (sorted + n_digits - 1) / n_digits;
  const guint64 mask = (G_GUINT64_CONSTANT (1) << bits) - 1;
  g_autofree gsize *counts = g_new0 (gsize, N_DIGITS * N_BUCKETS);
  for (gsize i = 0; i < n; i++)
    {
      guint64 rest = (keys[i] - span.least) >> lowest;
      for (guint d = 0; d < n_digits; d++, rest >>= bits)
        counts[d * N_BUCKETS + (rest & mask)]++;
    }
  guint64 *from = keys, *to = scratch;
  for (guint d = 0; d < n_digits; d++)
    {
      gsize *position = counts + d * N_BUCKETS;
      const guint down = lowest + d * bits;
      if (!counts_to_positions (position, n))
        continue;
      for (gsize i = 0; i < n; i++)
        to[position[((from[i] - span.least) >> down) & mask]++] = from[i];
      guint64 *swap = from;
      from = to;
      to = swap;
    }
  if (from != keys)
    memcpy (keys, from, n * sizeof *keys);
}

/* Insertion, where hardly a key is out of place; FALSE, with the keys in any order, when it takes more moves than that. */
static gboolean
put_in_place (guint64 *keys, gsize n)
{
  gsize moves = MOVES * n;
  for (gsize i = 1; i < n; i++)
    {
      const guint64 key = keys[i];
      gsize j = i;
      for (; j > 0 && keys[j - 1] > key && moves > 0; j--, moves--)
        keys[j] = keys[j - 1];
      keys[j] = key;
      if (moves == 0)
        return FALSE;
    }
  return TRUE;
}

/* Bits that tell hardly any two keys apart when those above them are sorted. */
static guint
bits_to_drop (Span span)
{
  const guint most = LEADING_DIGITS * DIGIT_BITS, over = span.bits % DIGIT_BITS;
  if (span.bits > most)
    return span.bits - most;
  return span.bits > DIGIT_BITS && over <= FEW_BITS ? over : 0;
}

void
patron_radix_sort (guint64 *keys, guint64 *scratch, gsize n)
{
  if (n < SMALL)
    {
      insertion_sort (keys, NULL, n);
      return;
    }
  const Span span = span_of (keys, n);
  if (span.bits == 0)
    return;
  /* The counters need no more room than scratch has, and are not many more than the keys. */
  if (span.bits <= COUNTED_BITS && (gsize) 1 << span.bits <= 2 * n && n < G_MAXUINT32)
    sort_by_counts (keys, (guint32 *) (gpointer) scratch, n, span);
  else
    {
      const guint drop = bits_to_drop (span);
      sort_by_digits (keys, scratch, n, span, drop);
      if (drop > 0 && !put_in_place (keys, n))
        sort_by_digits (keys, scratch, n, span, 0);
    }
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
