/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv-intern.h"

#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"

/* The workers' entries are dealt out by their hashes into parts that nearly fit the caches, and only those of one part are compared. What is
 * distinct is then numbered by the rank of the row where it first appeared. Every entry has a number of its own: starts[its worker] + its code. */

#define PURPOSE "distinct values"
#define PARTS 64
/* Fewer entries are one part. */
#define MANY 4096
#define BLOCK ((gsize) 16384)

typedef struct
{
  PatronIntern *workers;
  int           n_workers;
  gint32      **maps;          /* first the numbers of the entries that stand for the same text, then the codes */
  gsize        *starts;        /* n_workers + 1 */
  guint         n_parts;
  guint32      *dealt;         /* codes, by worker and part */
  gsize        *parts;         /* n_workers × (n_parts + 1): where they begin in dealt */
  guint64      *seen;          /* a bit for a row: a text appeared first there */
  guint32      *before;        /* how many in the words before */
  gsize         n_words;
  guint32      *sources;       /* by code in the result: the number of an entry */
  gsize         n;
  guint64      *offsets;
  char         *bytes;
  GError       *problem;       /* atomic: memory ran out */
} Merge;

static inline PatronInternEntry *
entry_at (const Merge *merge, guint32 number, const PatronIntern **owner)
{
  int w = 0;
  while (number >= merge->starts[w + 1])
    w++;
  *owner = &merge->workers[w];
  return &merge->workers[w].entries[number - merge->starts[w]];
}

static inline guint
part_of (const Merge *merge, guint64 hash)
{
  return merge->n_parts == 1 ? 0 : hash >> 58;
}

/* A counting sort of each worker's entries. */
static void
deal (gsize begin, gsize end, int unused, gpointer data)
{
  Merge *merge = data;
  for (gsize w = begin; w < end; w++)
    {
      const PatronIntern *worker = &merge->workers[w];
      gsize *first = merge->parts + w * (merge->n_parts + 1), at[PARTS + 1] = { 0 };
      for (gsize i = 0; i < worker->n; i++)
        at[part_of (merge, patron_intern_hash (worker, &worker->entries[i])) + 1]++;
      first[0] = at[0] = merge->starts[w];
      for (guint p = 0; p < merge->n_parts; p++)
        first[p + 1] = at[p + 1] += at[p];
      for (gsize i = 0; i < worker->n; i++)
        merge->dealt[at[part_of (merge, patron_intern_hash (worker, &worker->entries[i]))]++] = i;
    }
}

/* A place in the table of a part: the hash's upper half and the number of the entry + 1. */
typedef struct
{
  guint32 check, number;
} Slot;

/* The entry becomes one of an earlier one, or the first of its text. */
static void
unite (Merge *merge, guint w, guint32 code, Slot *slots, gsize mask)
{
  const PatronIntern *worker = &merge->workers[w], *owner;
  const PatronInternEntry *entry = &worker->entries[code];
  const guint64 hash = patron_intern_hash (worker, entry);
  const guint32 number = merge->starts[w] + code, check = hash >> 32;
  gsize at = hash & mask;
  for (; slots[at].number != 0; at = (at + 1) & mask)
    {
      if (slots[at].check != check)
        continue;
      PatronInternEntry *other = entry_at (merge, slots[at].number - 1, &owner);
      if (!patron_intern_same (owner, other, worker, entry))
        continue;
      other->row = MIN (other->row, entry->row);
      merge->maps[w][code] = (gint32) (slots[at].number - 1);
      return;
    }
  slots[at] = (Slot) { check, number + 1 };
  merge->maps[w][code] = (gint32) number;
}

static void
unite_parts (gsize begin, gsize end, int unused, gpointer data)
{
  Merge *merge = data;
  for (gsize p = begin; p < end; p++)
    {
      gsize total = 0, n_slots = 64;
      for (int w = 0; w < merge->n_workers; w++)
        total += merge->parts[w * (merge->n_parts + 1) + p + 1] - merge->parts[w * (merge->n_parts + 1) + p];
      while (n_slots < total * 2)
        n_slots *= 2;
      GError *problem = NULL;
      Slot *slots = patron_try_alloc0 (n_slots, sizeof *slots, PURPOSE, &problem);
      if (slots == NULL)
        {
          if (!g_atomic_pointer_compare_and_exchange (&merge->problem, NULL, problem))
            g_error_free (problem);
          return;
        }
      for (int w = 0; w < merge->n_workers; w++)
        {
          const gsize *first = merge->parts + w * (merge->n_parts + 1) + p;
          for (gsize i = first[0]; i < first[1]; i++)
            unite (merge, w, merge->dealt[i], slots, n_slots - 1);
        }
      patron_free (slots);
    }
}

/* Which rows a text appears in for the first time. */
static void
mark_rows (Merge *merge)
{
  for (int w = 0; w < merge->n_workers; w++)
    for (gsize i = 0; i < merge->workers[w].n; i++)
      if ((guint32) merge->maps[w][i] == merge->starts[w] + i)
        {
          const guint32 row = merge->workers[w].entries[i].row;
          merge->seen[row / 64] |= G_GUINT64_CONSTANT (1) << row % 64;
        }
  guint32 n = 0;
  for (gsize k = 0; k < merge->n_words; k++)
    {
      merge->before[k] = n;
      n += __builtin_popcountll (merge->seen[k]);
    }
  merge->n = n;
}

/* Codes from the entries' numbers. */
static void
number_entries (gsize begin, gsize end, int unused, gpointer data)
{
  Merge *merge = data;
  int w = 0;
  for (gsize number = begin; number < end; number++)
    {
      while (number >= merge->starts[w + 1])
        w++;
      gint32 *place = &merge->maps[w][number - merge->starts[w]];
      const PatronIntern *owner;
      const guint32 row = entry_at (merge, *place, &owner)->row;
      const guint32 code = merge->before[row / 64] + __builtin_popcountll (merge->seen[row / 64] & ((G_GUINT64_CONSTANT (1) << row % 64) - 1));
      if ((guint32) *place == number)
        merge->sources[code] = number;
      *place = code;
    }
}

/* Lengths with the NUL; they become offsets. */
static void
measure_texts (gsize begin, gsize end, int unused, gpointer data)
{
  Merge *merge = data;
  for (gsize i = begin; i < end; i++)
    {
      const PatronIntern *owner;
      const PatronInternEntry *entry = entry_at (merge, merge->sources[i], &owner);
      char room[12];
      gsize length;
      patron_intern_text (owner, entry, room, &length);
      merge->offsets[i] = length + 1;
    }
}

static void
copy_texts (gsize begin, gsize end, int unused, gpointer data)
{
  Merge *merge = data;
  for (gsize i = begin; i < end; i++)
    {
      const PatronIntern *owner;
      const PatronInternEntry *entry = entry_at (merge, merge->sources[i], &owner);
      char room[12], *out = merge->bytes + merge->offsets[i];
      gsize length;
      const char *text = patron_intern_text (owner, entry, room, &length);
      memcpy (out, text, length);
      out[length] = '\0';
    }
}

/* A loop over the merge; FALSE with error when it was cancelled or memory ran out. */
static gboolean
run_loop (Merge *merge, PatronRun *run, gsize n, gsize grain, PatronParallelBody body, GError **error)
{
  const gboolean whole = patron_parallel_for (run, n, grain, body, merge);
  if (merge->problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&merge->problem));
      return FALSE;
    }
  return whole || patron_run_check (run, error);
}

static PatronDict *
make_dict (Merge *merge, PatronRun *run, GError **error)
{
  merge->offsets = patron_try_alloc_values (merge->n + 1, sizeof *merge->offsets, PURPOSE, error);
  if (merge->offsets == NULL)
    return NULL;
  if (!run_loop (merge, run, merge->n, BLOCK, measure_texts, error))
    return NULL;
  gsize n_bytes = 0;
  for (gsize i = 0; i < merge->n; i++)
    {
      const gsize length = merge->offsets[i];
      merge->offsets[i] = n_bytes;
      n_bytes += length;
    }
  merge->offsets[merge->n] = n_bytes;
  merge->bytes = patron_try_alloc_values (n_bytes, 1, PURPOSE, error);
  if (merge->bytes == NULL || !run_loop (merge, run, merge->n, BLOCK, copy_texts, error))
    return NULL;
  return patron_dict_new_take (g_steal_pointer (&merge->offsets), merge->n, g_steal_pointer (&merge->bytes));
}

static gboolean
alloc_merge (Merge *merge, GError **error)
{
  guint32 last_row = 0;
  merge->starts = g_new0 (gsize, merge->n_workers + 1);
  for (int w = 0; w < merge->n_workers; w++)
    {
      const PatronIntern *worker = &merge->workers[w];
      merge->starts[w + 1] = merge->starts[w] + worker->n;
      if (worker->n > 0)
        last_row = MAX (last_row, worker->entries[worker->n - 1].row);
      if ((merge->maps[w] = patron_try_alloc_values (worker->n, sizeof (gint32), PURPOSE, error)) == NULL)
        return FALSE;
    }
  const gsize total = merge->starts[merge->n_workers];
  merge->n_parts = total < MANY ? 1 : PARTS;
  merge->parts = g_new (gsize, (gsize) merge->n_workers * (merge->n_parts + 1));
  merge->n_words = last_row / 64 + 1;
  return (merge->dealt = patron_try_alloc_values (total, sizeof *merge->dealt, PURPOSE, error)) != NULL
         && (merge->sources = patron_try_alloc_values (total, sizeof *merge->sources, PURPOSE, error)) != NULL
         && (merge->seen = patron_try_alloc0_values (merge->n_words, sizeof *merge->seen, PURPOSE, error)) != NULL
         && (merge->before = patron_try_alloc_values (merge->n_words, sizeof *merge->before, PURPOSE, error)) != NULL;
}

/* The only worker's codes are the result's. */
static void
take_codes (Merge *merge, int w)
{
  merge->n = merge->workers[w].n;
  for (gsize i = 0; i < merge->n; i++)
    {
      merge->maps[w][i] = i;
      merge->sources[i] = i;
    }
}

static gboolean
merge_entries (Merge *merge, PatronRun *run, GError **error)
{
  int n_filled = 0, filled = 0;
  for (int w = 0; w < merge->n_workers; w++)
    if (merge->workers[w].n > 0)
      {
        n_filled++;
        filled = w;
      }
  if (n_filled <= 1)
    {
      take_codes (merge, filled);
      return TRUE;
    }
  if (!run_loop (merge, run, merge->n_workers, 1, deal, error) || !run_loop (merge, run, merge->n_parts, 1, unite_parts, error))
    return FALSE;
  g_clear_pointer (&merge->dealt, patron_free);
  mark_rows (merge);
  return run_loop (merge, run, merge->starts[merge->n_workers], BLOCK, number_entries, error);
}

PatronDict *
patron_intern_merge (PatronIntern *workers, int n_workers, gint32 **maps, PatronRun *run, GError **error)
{
  Merge merge = { .workers = workers, .n_workers = n_workers, .maps = maps };
  /* Nothing is looked up any more. */
  for (int w = 0; w < n_workers; w++)
    {
      g_clear_pointer (&workers[w].slots, patron_free);
      workers[w].n_slots = 0;
    }
  PatronDict *dict = NULL;
  if (alloc_merge (&merge, error) && merge_entries (&merge, run, error))
    dict = make_dict (&merge, run, error);
  g_free (merge.starts);
  g_free (merge.parts);
  patron_free (merge.dealt);
  patron_free (merge.sources);
  patron_free (merge.seen);
  patron_free (merge.before);
  patron_free (merge.offsets);
  patron_free (merge.bytes);
  return dict;
}
