/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/radix-rows.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  MAX_DIGIT = 11,               /* counters of a block stay in the first cache */
  MAX_BUCKETS = 1 << MAX_DIGIT,
  BLOCK = 1 << 16,
};

typedef struct
{
  const guint64 *keys_from;
  const guint32 *rows_from;     /* NULL: 0, 1, 2 … */
  guint64       *keys_to;
  guint32       *rows_to;
  guint          shift;
  guint          n_buckets;
  guint32       *positions;     /* of block b: MAX_BUCKETS counts, then where its first key of each bucket goes */
} Pass;

static void
count_block (gsize begin, gsize end, int worker, gpointer data)
{
  Pass *pass = data;
  guint32 *counts = pass->positions + begin / BLOCK * MAX_BUCKETS;
  guint64 mask = pass->n_buckets - 1;
  memset (counts, 0, pass->n_buckets * sizeof *counts);
  for (gsize i = begin; i < end; i++)
    counts[(pass->keys_from[i] >> pass->shift) & mask]++;
}

static void
move_block (gsize begin, gsize end, int worker, gpointer data)
{
  Pass *pass = data;
  guint32 *positions = pass->positions + begin / BLOCK * MAX_BUCKETS;
  guint64 mask = pass->n_buckets - 1;
  for (gsize i = begin; i < end; i++)
    {
      guint32 to = positions[(pass->keys_from[i] >> pass->shift) & mask]++;
      pass->keys_to[to] = pass->keys_from[i];
      pass->rows_to[to] = pass->rows_from != NULL ? pass->rows_from[i] : (guint32) i;
    }
}

/* Counts to positions: bucket by bucket, within it block by block. FALSE when one bucket holds everything. */
static gboolean
place_blocks (Pass *pass, gsize n)
{
  gsize n_blocks = (n - 1) / BLOCK + 1;
  gboolean spread = TRUE;
  guint32 sum = 0;
  for (guint bucket = 0; bucket < pass->n_buckets; bucket++)
    {
      guint32 before = sum;
      for (gsize b = 0; b < n_blocks; b++)
        {
          guint32 *position = &pass->positions[b * MAX_BUCKETS + bucket];
          guint32 count = *position;
          *position = sum;
          sum += count;
        }
      spread = spread && sum - before != n;
    }
  return spread;
}

static gboolean
in_order (const guint64 *keys, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (keys[i - 1] > keys[i])
      return FALSE;
  return TRUE;
}

/* The passes; FALSE when cancelled. *in_scratch: where the result is. */
static gboolean
sort_digits (Pass *pass, guint64 *keys, guint32 *rows, guint64 *key_scratch, guint32 *row_scratch, gsize n, guint bits, PatronRun *run, gboolean *in_scratch)
{
  guint n_passes = (bits + MAX_DIGIT - 1) / MAX_DIGIT, digit = (bits + n_passes - 1) / n_passes;
  *in_scratch = FALSE;
  for (guint p = 0; p < n_passes; p++)
    {
      pass->keys_from = *in_scratch ? key_scratch : keys;
      pass->rows_from = *in_scratch ? row_scratch : rows;
      pass->keys_to = *in_scratch ? keys : key_scratch;
      pass->rows_to = *in_scratch ? rows : row_scratch;
      pass->shift = p * digit;
      pass->n_buckets = 1u << MIN (digit, bits - pass->shift);
      if (!patron_parallel_for (run, n, BLOCK, count_block, pass))
        return FALSE;
      if (!place_blocks (pass, n))
        continue;
      if (!patron_parallel_for (run, n, BLOCK, move_block, pass))
        return FALSE;
      *in_scratch = !*in_scratch;
    }
  return TRUE;
}

gboolean
patron_radix_sort_rows (guint64 *keys, guint32 *rows, gsize n, guint bits, PatronRun *run, GError **error)
{
  if (bits == 0 || n < 2 || in_order (keys, n))
    return TRUE;
  gsize n_blocks = (n - 1) / BLOCK + 1;
  guint64 *key_scratch = patron_try_alloc_values (n, sizeof *key_scratch, _("sorting rows"), error);
  guint32 *row_scratch = key_scratch != NULL ? patron_try_alloc_values (n, sizeof *row_scratch, _("sorting rows"), error) : NULL;
  Pass pass = { NULL };
  if (row_scratch != NULL)
    pass.positions = patron_try_alloc_values (n_blocks * MAX_BUCKETS, sizeof *pass.positions, _("sorting rows"), error);
  gboolean done = FALSE, in_scratch = FALSE;
  if (pass.positions != NULL)
    {
      done = sort_digits (&pass, keys, rows, key_scratch, row_scratch, n, bits, run, &in_scratch);
      if (!done)
        patron_run_check (run, error);
    }
  if (done && in_scratch)
    {
      memcpy (keys, key_scratch, n * sizeof *keys);
      memcpy (rows, row_scratch, n * sizeof *rows);
    }
  patron_free (pass.positions);
  patron_free (row_scratch);
  patron_free (key_scratch);
  return done;
}

gboolean
patron_radix_partition (const guint64 *keys, gsize n, guint shift, guint bits, guint64 *keys_to, guint32 *rows_to, guint32 *starts,
                        PatronRun *run, GError **error)
{
  Pass pass = { .keys_from = keys, .keys_to = keys_to, .rows_to = rows_to, .shift = shift, .n_buckets = 1u << bits };
  if (n == 0)
    {
      memset (starts, 0, (pass.n_buckets + 1) * sizeof *starts);
      return TRUE;
    }
  pass.positions = patron_try_alloc_values (((n - 1) / BLOCK + 1) * MAX_BUCKETS, sizeof *pass.positions, _("sorting rows"), error);
  if (pass.positions == NULL)
    return FALSE;
  gboolean done = patron_parallel_for (run, n, BLOCK, count_block, &pass);
  if (done)
    {
      place_blocks (&pass, n);
      memcpy (starts, pass.positions, pass.n_buckets * sizeof *starts);
      starts[pass.n_buckets] = (guint32) n;
      done = patron_parallel_for (run, n, BLOCK, move_block, &pass);
    }
  patron_free (pass.positions);
  return done || patron_run_check (run, error);
}
