/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/group-numbers.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "table/radix-rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  BLOCK = 1 << 16,
  PARTITION = 1 << 14,         /* rows aimed at: their table stays in the second cache */
  MAX_PARTITION_BITS = 11,
};

#define NONE G_MAXUINT32

void
patron_groups_free (PatronGroups *groups)
{
  patron_free (groups->ids);
  patron_free (groups->first);
  patron_free (groups->counts);
  g_free (groups);
}

PatronGroups *
patron_groups_alloc (gsize n, GError **error)
{
  g_autoptr (PatronGroups) groups = g_new0 (PatronGroups, 1);
  groups->n_rows = n;
  groups->ids = patron_try_alloc_values (n, sizeof *groups->ids, _("grouping rows"), error);
  return groups->ids != NULL ? g_steal_pointer (&groups) : NULL;
}

static gboolean
alloc_groups (PatronGroups *groups, guint32 n_groups, GError **error)
{
  groups->n_groups = n_groups;
  groups->first = patron_try_alloc_values (n_groups, sizeof *groups->first, _("grouping rows"), error);
  groups->counts = groups->first != NULL ? patron_try_alloc0_values (n_groups, sizeof *groups->counts, _("grouping rows"), error) : NULL;
  return groups->counts != NULL;
}

/* ---- few codes: a table with one place for each ------------------------------------------------------------- */

/* Each block of rows lists the rows that hold a code for the first time in the block. Going through the lists in the order of the blocks numbers the codes in the
 * order of their first rows. */
typedef struct
{
  PatronGroups *groups;
  guint32       card;
  guint32     **seen;       /* of each worker: by code, 1 + the last block that met it */
  guint32     **listed;     /* of each block: rows, ended by NONE */
  guint32      *numbers;    /* by code */
  guint32     **counts;     /* of each worker: by group; whole numbers, so that it does not matter who counts */
  int           out_of_memory;   /* atomic */
} Numbering;

static void
list_block (gsize begin, gsize end, int worker, gpointer data)
{
  Numbering *numbering = data;
  const guint32 *codes = numbering->groups->ids;
  gsize block = begin / BLOCK;
  guint32 *list = patron_try_alloc_values (MIN (end - begin, numbering->card) + 1, sizeof *list, "grouping", NULL), n = 0;
  if (numbering->seen[worker] == NULL)
    numbering->seen[worker] = patron_try_alloc0_values (numbering->card, sizeof (guint32), "grouping", NULL);
  guint32 *seen = numbering->seen[worker];
  numbering->listed[block] = list;
  if (list == NULL || seen == NULL)
    {
      g_atomic_int_set (&numbering->out_of_memory, 1);
      return;
    }
  for (gsize i = begin; i < end; i++)
    if (seen[codes[i]] != block + 1)
      {
        seen[codes[i]] = (guint32) block + 1;
        list[n++] = (guint32) i;
      }
  list[n] = NONE;
}

static void
number_block (gsize begin, gsize end, int worker, gpointer data)
{
  Numbering *numbering = data;
  guint32 *ids = numbering->groups->ids;
  if (numbering->counts[worker] == NULL)
    numbering->counts[worker] = patron_try_alloc0_values (numbering->groups->n_groups, sizeof (guint32), "grouping", NULL);
  guint32 *counts = numbering->counts[worker];
  if (counts == NULL)
    {
      g_atomic_int_set (&numbering->out_of_memory, 1);
      return;
    }
  for (gsize i = begin; i < end; i++)
    {
      ids[i] = numbering->numbers[ids[i]];
      counts[ids[i]]++;
    }
}

/* Numbers for the codes of the lists; the rows are kept as the groups' first ones. */
static gboolean
number_lists (Numbering *numbering, gsize n_blocks, GError **error)
{
  PatronGroups *groups = numbering->groups;
  guint32 n_groups = 0;
  memset (numbering->numbers, 0xff, numbering->card * sizeof *numbering->numbers);
  for (gsize b = 0; b < n_blocks; b++)
    for (const guint32 *row = numbering->listed[b]; *row != NONE; row++)
      if (numbering->numbers[groups->ids[*row]] == NONE)
        numbering->numbers[groups->ids[*row]] = n_groups++;
  if (!alloc_groups (groups, n_groups, error))
    return FALSE;
  guint32 next = 0;
  for (gsize b = 0; b < n_blocks; b++)
    for (const guint32 *row = numbering->listed[b]; *row != NONE; row++)
      if (numbering->numbers[groups->ids[*row]] == next)
        groups->first[next++] = *row;
  return TRUE;
}

static gboolean
number_codes (Numbering *numbering, gsize n_blocks, int workers, PatronRun *run, GError **error)
{
  PatronGroups *groups = numbering->groups;
  gboolean done = patron_parallel_for (run, groups->n_rows, BLOCK, list_block, numbering) && !numbering->out_of_memory
                  && number_lists (numbering, n_blocks, error)
                  && patron_parallel_for (run, groups->n_rows, BLOCK, number_block, numbering) && !numbering->out_of_memory;
  for (int w = 0; done && w < workers; w++)
    for (guint32 g = 0; numbering->counts[w] != NULL && g < groups->n_groups; g++)
      groups->counts[g] += numbering->counts[w][g];
  if (numbering->out_of_memory)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("Not enough memory for grouping rows."));
  else if (!done && error != NULL && *error == NULL)
    patron_run_check (run, error);
  return done;
}

gboolean
patron_groups_number (PatronGroups *groups, guint32 card, PatronRun *run, GError **error)
{
  gsize n_blocks = (groups->n_rows + BLOCK - 1) / BLOCK;
  int workers = patron_parallel_workers (run);
  Numbering numbering = { .groups = groups, .card = card };
  numbering.numbers = patron_try_alloc_values (card, sizeof *numbering.numbers, _("grouping rows"), error);
  if (numbering.numbers == NULL)
    return FALSE;
  numbering.seen = g_new0 (guint32 *, workers);
  numbering.counts = g_new0 (guint32 *, workers);
  numbering.listed = g_new0 (guint32 *, n_blocks + 1);
  gboolean done = number_codes (&numbering, n_blocks, workers, run, error);
  for (int w = 0; w < workers; w++)
    {
      patron_free (numbering.seen[w]);
      patron_free (numbering.counts[w]);
    }
  for (gsize b = 0; b < n_blocks; b++)
    patron_free (numbering.listed[b]);
  g_free (numbering.seen);
  g_free (numbering.counts);
  g_free (numbering.listed);
  patron_free (numbering.numbers);
  return done;
}

/* ---- many codes: partitions by hash, each with a table of its own --------------------------------------------- */

/* Codes are mixed in place by a bijection (the finaliser of splitmix64), so that equal means equal and any bits will do as a hash. */
static void
mix_codes (gsize begin, gsize end, int worker, gpointer data)
{
  guint64 *codes = data;
  for (gsize i = begin; i < end; i++)
    {
      guint64 h = codes[i];
      h = (h ^ (h >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
      h = (h ^ (h >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
      codes[i] = h ^ (h >> 31);
    }
}

/* Open addressing, at most half full. Places are by the low bits; partitions are by the high ones. */
typedef struct
{
  guint64 *codes;
  guint32 *locals;      /* NONE: free */
  gsize    n_places, capacity;
} HashTable;

typedef struct
{
  PatronGroups  *groups;
  const guint64 *codes;       /* by partition */
  const guint32 *rows;        /* of the codes; ascending within a partition */
  const guint32 *starts;      /* of partition p; n_partitions + 1 */
  guint32       *locals;      /* the number of each code within its partition */
  guint32       *local_first; /* at starts[p] + local: its first row */
  guint8        *is_first;    /* by row */
  HashTable     *tables;      /* one a worker */
  int            out_of_memory;   /* atomic */
} Hashing;

static gboolean
table_reset (HashTable *table, gsize n_places)
{
  if (table->capacity < n_places)
    {
      patron_free (table->codes);
      patron_free (table->locals);
      table->codes = patron_try_alloc_values (n_places, sizeof *table->codes, "grouping", NULL);
      table->locals = patron_try_alloc_values (n_places, sizeof *table->locals, "grouping", NULL);
      table->capacity = table->codes != NULL && table->locals != NULL ? n_places : 0;
      if (table->capacity == 0)
        return FALSE;
    }
  table->n_places = n_places;
  memset (table->locals, 0xff, n_places * sizeof *table->locals);
  return TRUE;
}

static inline gsize
find_place (const HashTable *table, guint64 code)
{
  gsize mask = table->n_places - 1, place = code & mask;
  while (table->locals[place] != NONE && table->codes[place] != code)
    place = (place + 1) & mask;
  return place;
}

/* Twice the places for the first n_locals codes; they are found again through their first rows' records. */
static gboolean
table_grow (HashTable *table, const guint64 *codes, const guint32 *locals, gsize n_records, guint32 n_locals)
{
  guint32 next = 0;
  if (!table_reset (table, table->n_places * 2))
    return FALSE;
  for (gsize i = 0; i < n_records && next < n_locals; i++)
    if (locals[i] == next)
      {
        gsize place = find_place (table, codes[i]);
        table->codes[place] = codes[i];
        table->locals[place] = next++;
      }
  return TRUE;
}

static gboolean
number_partition (Hashing *hashing, gsize p, HashTable *table)
{
  gsize start = hashing->starts[p], n = hashing->starts[p + 1] - start;
  const guint64 *codes = hashing->codes + start;
  const guint32 *rows = hashing->rows + start;
  guint32 *locals = hashing->locals + start, *first = hashing->local_first + start, n_locals = 0;
  if (!table_reset (table, 1024))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      gsize place = find_place (table, codes[i]);
      if (table->locals[place] == NONE)
        {
          table->codes[place] = codes[i];
          table->locals[place] = n_locals;
          first[n_locals++] = rows[i];
          hashing->is_first[rows[i]] = 1;
          locals[i] = n_locals - 1;
          if ((gsize) n_locals * 2 > table->n_places && !table_grow (table, codes, locals, i + 1, n_locals))
            return FALSE;
          continue;
        }
      locals[i] = table->locals[place];
    }
  return TRUE;
}

static void
number_partitions (gsize begin, gsize end, int worker, gpointer data)
{
  Hashing *hashing = data;
  for (gsize p = begin; p < end; p++)
    if (!number_partition (hashing, p, &hashing->tables[worker]))
      g_atomic_int_set (&hashing->out_of_memory, 1);
}

/* Ids for the first rows, in their order. */
static gboolean
number_first_rows (Hashing *hashing, GError **error)
{
  PatronGroups *groups = hashing->groups;
  guint32 n_groups = 0, next = 0;
  for (gsize i = 0; i < groups->n_rows; i++)
    n_groups += hashing->is_first[i];
  if (!alloc_groups (groups, n_groups, error))
    return FALSE;
  for (gsize i = 0; i < groups->n_rows; i++)
    if (hashing->is_first[i])
      {
        groups->first[next] = (guint32) i;
        groups->ids[i] = next++;
      }
  return TRUE;
}

static void
spread_ids (gsize begin, gsize end, int worker, gpointer data)
{
  Hashing *hashing = data;
  PatronGroups *groups = hashing->groups;
  for (gsize p = begin; p < end; p++)
    {
      gsize start = hashing->starts[p];
      for (gsize i = start; i < hashing->starts[p + 1]; i++)
        {
          guint32 id = groups->ids[hashing->local_first[start + hashing->locals[i]]];
          groups->ids[hashing->rows[i]] = id;
          groups->counts[id]++;     /* a group is in one partition */
        }
    }
}

static gboolean
number_hashed (Hashing *hashing, guint n_partitions, PatronRun *run, GError **error)
{
  int workers = patron_parallel_workers (run);
  hashing->tables = g_new0 (HashTable, workers);
  gboolean whole = patron_parallel_for (run, n_partitions, 1, number_partitions, hashing);
  for (int w = 0; w < workers; w++)
    {
      patron_free (hashing->tables[w].codes);
      patron_free (hashing->tables[w].locals);
    }
  g_free (hashing->tables);
  if (hashing->out_of_memory)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("Not enough memory for grouping rows."));
      return FALSE;
    }
  if (!whole || !number_first_rows (hashing, error))
    return patron_run_check (run, error) && FALSE;
  return patron_parallel_for (run, n_partitions, 1, spread_ids, hashing) || patron_run_check (run, error);
}

static gboolean
number_by_hash (PatronGroups *groups, guint64 *codes, PatronRun *run, GError **error)
{
  gsize n = groups->n_rows;
  guint bits = 1;
  while (bits < MAX_PARTITION_BITS && (n >> bits) > PARTITION)
    bits++;
  const char *purpose = _("grouping rows");
  Hashing hashing = { .groups = groups };
  guint64 *by_partition = patron_try_alloc_values (n, sizeof *by_partition, purpose, error);
  guint32 *rows = by_partition != NULL ? patron_try_alloc_values (n, sizeof *rows, purpose, error) : NULL;
  hashing.locals = rows != NULL ? patron_try_alloc_values (n, sizeof *hashing.locals, purpose, error) : NULL;
  hashing.local_first = hashing.locals != NULL ? patron_try_alloc_values (n, sizeof *hashing.local_first, purpose, error) : NULL;
  hashing.is_first = hashing.local_first != NULL ? patron_try_alloc0_values (n, 1, purpose, error) : NULL;
  g_autofree guint32 *starts = g_new (guint32, (1u << bits) + 1);
  gboolean done = FALSE;
  if (hashing.is_first != NULL)
    {
      patron_parallel_for (run, n, BLOCK, mix_codes, codes);
      hashing.codes = by_partition;
      hashing.rows = rows;
      hashing.starts = starts;
      done = patron_radix_partition (codes, n, 64 - bits, bits, by_partition, rows, starts, run, error)
             && number_hashed (&hashing, 1u << bits, run, error);
    }
  patron_free (by_partition);
  patron_free (rows);
  patron_free (hashing.locals);
  patron_free (hashing.local_first);
  patron_free (hashing.is_first);
  return done;
}

static gboolean
number_directly (PatronGroups *groups, const guint64 *codes, guint64 card, PatronRun *run, GError **error)
{
  for (gsize i = 0; i < groups->n_rows; i++)
    groups->ids[i] = (guint32) codes[i];
  return patron_groups_number (groups, (guint32) card, run, error);
}

PatronGroups *
patron_groups_from_codes (guint64 *codes, gsize n, guint64 card, PatronRun *run, GError **error)
{
  g_autoptr (PatronGroups) groups = patron_groups_alloc (n, error);
  if (groups == NULL)
    return NULL;
  gboolean few = card > 0 && card <= PATRON_FEW_CODES (n);
  gboolean done = few ? number_directly (groups, codes, card, run, error) : number_by_hash (groups, codes, run, error);
  return done ? g_steal_pointer (&groups) : NULL;
}
