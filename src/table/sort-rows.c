/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/sort-rows.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "table/collate.h"
#include "table/column-scan.h"
#include "table/key-values.h"
#include "table/radix-rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Each column becomes a whole number of as few bits as its range needs: the distance from the smallest value, the missing ones a number of
 * their own. As many columns as fit share a word of 64 bits, and words are sorted one after the other, the last columns first. */
typedef struct
{
  const PatronSortKey *key;
  guint32             *ranks;        /* of the dictionary; NULL for other types */
  guint64              low, span;    /* largest distance */
  guint64              missing;      /* the number of missing values */
  guint                shift;        /* in the word */
  guint                bits;
} Plan;

static guint
bits_of (guint64 value)
{
  return value == 0 ? 0 : 64 - (guint) __builtin_clzll (value);
}

static gboolean
plan_key (const PatronSortKey *key, Plan *plan, PatronRun *run, GError **error)
{
  PatronKeyRange range;
  plan->key = key;
  if (patron_column_has_dict (key->column))
    {
      PatronDict *dict = patron_column_dict (key->column, error);
      plan->ranks = dict != NULL ? patron_dict_ranks (dict, run, error) : NULL;
      if (plan->ranks == NULL)
        return FALSE;
      gsize n = patron_dict_size (dict);
      range = (PatronKeyRange) { .low = 0, .high = n > 0 ? n - 1 : 0, .missing = TRUE };
    }
  else if (!patron_column_key_range (key->column, &range, run, error))
    return FALSE;
  gboolean any = range.low <= range.high;
  plan->low = any ? range.low : 0;
  plan->span = any ? range.high - range.low : 0;
  gboolean first = key->missing_first && range.missing;
  plan->missing = first ? 0 : plan->span + 1;
  /* Room for the number of missing values in front or behind. */
  plan->low -= first;
  plan->bits = bits_of (plan->span + (range.missing ? 1 : 0));
  return TRUE;
}

typedef struct
{
  const Plan *plan;
  guint64    *words;     /* by row of the table */
} Filling;

static void
fill_words (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  enum { STRETCH = 4096 };
  const Filling *filling = data;
  const Plan *plan = filling->plan;
  PatronType type = patron_column_get_type (plan->key->column);
  gsize size = patron_type_size (type);
  guint64 keys[STRETCH];
  /* Descending: distance from the largest one; low is one less when missing values hold the 0. */
  guint64 first = plan->missing == 0 ? 1 : 0, flip = plan->key->descending ? G_MAXUINT64 : 0;
  guint64 base = plan->key->descending ? plan->span + 2 * first + 1 : 0;
  for (gsize done = 0; done < n; done += STRETCH)
    {
      gsize part = MIN (STRETCH, n - done);
      guint64 *words = filling->words + start + done;
      patron_keys_from_values (type, (const char *) values + done * size, part, keys);
      if (plan->ranks != NULL)
        for (gsize i = 0; i < part; i++)
          if (keys[i] != PATRON_KEY_MISSING)
            keys[i] = plan->ranks[keys[i]];
      for (gsize i = 0; i < part; i++)
        {
          guint64 distance = ((keys[i] - plan->low) ^ flip) + base;
          words[i] |= (keys[i] == PATRON_KEY_MISSING ? plan->missing : distance) << plan->shift;
        }
    }
}

/* How the words of one sort follow the order reached so far. */
typedef struct
{
  const guint64 *words;
  const guint32 *rows;
  guint64       *keys;
} Gather;

static void
gather_words (gsize begin, gsize end, int worker, gpointer data)
{
  Gather *gather = data;
  for (gsize i = begin; i < end; i++)
    gather->keys[i] = gather->words[gather->rows[i]];
}

static gboolean
sort_word (const Plan *plans, guint n_plans, guint bits, guint64 *words, gsize n_table, guint64 *keys, guint32 *rows, gsize n, PatronRun *run, GError **error)
{
  memset (words, 0, n_table * sizeof *words);
  for (guint p = 0; p < n_plans; p++)
    {
      Filling filling = { &plans[p], words };
      if (!patron_column_scan (plans[p].key->column, PATRON_CHUNK_ROWS, fill_words, &filling, run, error))
        return FALSE;
    }
  Gather gather = { words, rows, keys };
  if (!patron_parallel_for (run, n, PATRON_CHUNK_ROWS, gather_words, &gather))
    return patron_run_check (run, error);
  return patron_radix_sort_rows (keys, rows, n, bits, run, error);
}

static gboolean
sort_by_plans (Plan *plans, guint n_plans, gsize n_table, guint32 *rows, gsize n, PatronRun *run, GError **error)
{
  guint64 *words = patron_try_alloc_values (n_table, sizeof *words, _("sorting rows"), error);
  guint64 *keys = words != NULL ? patron_try_alloc_values (n, sizeof *keys, _("sorting rows"), error) : NULL;
  gboolean done = keys != NULL;
  for (guint end = n_plans; done && end > 0; )
    {
      guint begin = end, bits = 0;
      while (begin > 0 && bits + plans[begin - 1].bits <= 64)
        {
          plans[--begin].shift = bits < 64 ? bits : 0;     /* a column of no bits adds nothing wherever it is */
          bits += plans[begin].bits;
        }
      if (bits > 0)
        done = sort_word (plans + begin, end - begin, bits, words, n_table, keys, rows, n, run, error);
      end = begin;
    }
  patron_free (keys);
  patron_free (words);
  return done;
}

guint32 *
patron_sort_rows (const PatronSortKey *keys, guint n_keys, const guint32 *rows, gsize n_rows, PatronRun *run, GError **error)
{
  gsize n_table = n_keys > 0 ? patron_column_get_length (keys[0].column) : 0;
  gsize n = rows != NULL ? n_rows : n_table;
  guint32 *order = patron_try_alloc_values (n, sizeof *order, _("sorting rows"), error);
  if (order == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    order[i] = rows != NULL ? rows[i] : (guint32) i;
  g_autofree Plan *plans = g_new0 (Plan, MAX (n_keys, 1));
  gboolean done = TRUE;
  for (guint k = 0; done && k < n_keys; k++)
    done = plan_key (&keys[k], &plans[k], run, error);
  if (done && n_keys > 0)
    done = sort_by_plans (plans, n_keys, n_table, order, n, run, error);
  for (guint k = 0; k < n_keys; k++)
    patron_free (plans[k].ranks);
  if (!done)
    g_clear_pointer (&order, patron_free);
  return order;
}
