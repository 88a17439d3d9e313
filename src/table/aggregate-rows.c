/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/aggregate-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "table/collate.h"
#include "table/column-scan.h"
#include "table/key-values.h"
#include "table/take-rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- keys by row ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronType     type;
  const guint32 *ranks;
  guint64       *keys;
  gboolean       mask;      /* only take away keys of rows where this column is missing */
} Keying;

static void
fill_keys (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  enum { STRETCH = 4096 };
  const Keying *keying = data;
  guint64 buffer[STRETCH];
  gsize size = patron_type_size (keying->type);
  for (gsize done = 0; done < n; done += STRETCH)
    {
      gsize part = MIN (STRETCH, n - done);
      guint64 *keys = keying->keys + start + done;
      patron_keys_from_values (keying->type, (const char *) values + done * size, part, keying->mask ? buffer : keys);
      if (keying->mask)
        for (gsize i = 0; i < part; i++)
          keys[i] = buffer[i] == PATRON_KEY_MISSING ? PATRON_KEY_MISSING : keys[i];
      else if (keying->ranks != NULL)
        for (gsize i = 0; i < part; i++)
          keys[i] = keys[i] == PATRON_KEY_MISSING ? PATRON_KEY_MISSING : keying->ranks[keys[i]];
    }
}

/* Keys in the order of the column's values. */
static gboolean
order_keys (PatronAggregating *work, PatronColumn *column, guint64 *keys, GError **error)
{
  guint32 *ranks = NULL;
  if (patron_column_has_dict (column))
    {
      PatronDict *dict = patron_column_dict (column, error);
      ranks = dict != NULL ? patron_dict_ranks (dict, work->run, error) : NULL;
      if (ranks == NULL)
        return FALSE;
    }
  Keying keying = { .type = patron_column_get_type (column), .ranks = ranks, .keys = keys };
  gboolean done = patron_column_scan (column, PATRON_CHUNK_ROWS, fill_keys, &keying, work->run, error);
  patron_free (ranks);
  return done;
}

/* Rows where the column is missing are out. */
static gboolean
mask_keys (PatronAggregating *work, PatronColumn *column, guint64 *keys, GError **error)
{
  Keying keying = { .type = patron_column_get_type (column), .keys = keys, .mask = TRUE };
  return patron_column_scan (column, PATRON_CHUNK_ROWS, fill_keys, &keying, work->run, error);
}

/* ---- the row with the extreme key -------------------------------------------------------------------------------- */

typedef struct
{
  guint64 key;
  guint32 row;      /* PATRON_NO_ROW: none yet */
} Best;

typedef struct
{
  const guint32 *ids;
  const guint64 *keys;
  gsize          block, n_groups;
  gboolean       largest, last_of_ties;
  Best          *best;
} Choosing;

static inline gboolean
is_better (const Choosing *choosing, guint64 key, const Best *best)
{
  return best->row == PATRON_NO_ROW || (choosing->largest ? key > best->key : key < best->key) || (key == best->key && choosing->last_of_ties);
}

static void
choose_rows (gsize begin, gsize end, int worker, gpointer data)
{
  const Choosing *choosing = data;
  Best *all = choosing->best + begin / choosing->block * choosing->n_groups;
  for (gsize i = begin; i < end; i++)
    {
      guint64 key = choosing->keys[i];
      Best *best = &all[choosing->ids[i]];
      if (key != PATRON_KEY_MISSING && is_better (choosing, key, best))
        *best = (Best) { key, (guint32) i };
    }
}

static guint32 *
choose (PatronAggregating *work, const guint64 *keys, gboolean largest, gboolean last_of_ties, GError **error)
{
  gsize n = work->groups->n_groups;
  Choosing choosing = { .ids = work->groups->ids, .keys = keys, .block = work->block, .n_groups = n, .largest = largest, .last_of_ties = last_of_ties };
  choosing.best = patron_try_alloc_values (n * work->n_blocks, sizeof *choosing.best, _("comparing groups"), error);
  guint32 *rows = choosing.best != NULL ? patron_try_alloc_values (n, sizeof *rows, _("comparing groups"), error) : NULL;
  if (rows != NULL)
    {
      memset (choosing.best, 0xff, n * work->n_blocks * sizeof *choosing.best);
      patron_parallel_for (work->run, work->groups->n_rows, work->block, choose_rows, &choosing);
      if (!patron_run_check (work->run, error))
        g_clear_pointer (&rows, patron_free);
    }
  for (gsize g = 0; rows != NULL && g < n; g++)
    {
      Best best = choosing.best[g];
      for (guint b = 1; b < work->n_blocks; b++)
        {
          const Best *more = &choosing.best[b * n + g];
          if (more->row != PATRON_NO_ROW && is_better (&choosing, more->key, &best))
            best = *more;
        }
      rows[g] = best.row;
    }
  patron_free (choosing.best);
  return rows;
}

guint32 *
patron_grouped_extreme_rows (PatronAggregating *work, PatronColumn *column, PatronColumn *by, gboolean largest, gboolean last_of_ties, GError **error)
{
  guint64 *keys = patron_try_alloc_values (work->groups->n_rows, sizeof *keys, _("comparing groups"), error);
  gboolean done = keys != NULL && order_keys (work, by != NULL ? by : column, keys, error) && (by == NULL || mask_keys (work, column, keys, error));
  guint32 *rows = done ? choose (work, keys, largest, last_of_ties, error) : NULL;
  patron_free (keys);
  return rows;
}

guint32 *
patron_grouped_end_rows (PatronAggregating *work, PatronColumn *column, gboolean last, GError **error)
{
  guint64 *keys = patron_try_alloc_values (work->groups->n_rows, sizeof *keys, _("comparing groups"), error);
  for (gsize i = 0; keys != NULL && i < work->groups->n_rows; i++)
    keys[i] = i;
  guint32 *rows = keys != NULL && mask_keys (work, column, keys, error) ? choose (work, keys, last, FALSE, error) : NULL;
  patron_free (keys);
  return rows;
}

/* ---- values of a group ------------------------------------------------------------------------------------------- */

static gboolean
divide (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error)
{
  if (grouped->pairs == NULL)
    grouped->pairs = patron_groups_refine (work->groups, grouped->column, work->run, error);
  return grouped->pairs != NULL;
}

/* For each pair, whether its value is there. */
static guint64 *
pair_keys (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error)
{
  guint64 *keys = divide (work, grouped, error) ? patron_try_alloc0_values (work->groups->n_rows, sizeof *keys, _("comparing groups"), error) : NULL;
  if (keys != NULL && !mask_keys (work, grouped->column, keys, error))
    g_clear_pointer (&keys, patron_free);
  return keys;
}

guint32 *
patron_grouped_distinct (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error)
{
  guint64 *keys = pair_keys (work, grouped, error);
  guint32 *counts = keys != NULL ? patron_try_alloc0_values (work->groups->n_groups, sizeof *counts, _("comparing groups"), error) : NULL;
  for (guint32 p = 0; counts != NULL && p < grouped->pairs->n_groups; p++)
    {
      guint32 row = grouped->pairs->first[p];
      counts[work->groups->ids[row]] += keys[row] != PATRON_KEY_MISSING;
    }
  patron_free (keys);
  return counts;
}

guint32 *
patron_grouped_mode_rows (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error)
{
  gsize n = work->groups->n_groups;
  guint64 *keys = pair_keys (work, grouped, error);
  guint32 *rows = keys != NULL ? patron_try_alloc_values (n, sizeof *rows, _("comparing groups"), error) : NULL;
  guint32 *most = rows != NULL ? patron_try_alloc0_values (n, sizeof *most, _("comparing groups"), error) : NULL;
  for (gsize g = 0; most != NULL && g < n; g++)
    rows[g] = PATRON_NO_ROW;
  for (guint32 p = 0; most != NULL && p < grouped->pairs->n_groups; p++)
    {
      guint32 row = grouped->pairs->first[p], g = work->groups->ids[row];
      if (keys[row] == PATRON_KEY_MISSING || grouped->pairs->counts[p] <= most[g])
        continue;
      most[g] = grouped->pairs->counts[p];
      rows[g] = row;
    }
  if (most == NULL)
    g_clear_pointer (&rows, patron_free);
  patron_free (most);
  patron_free (keys);
  return rows;
}

PatronColumn *
patron_grouped_list (PatronAggregating *work, PatronGroupedColumn *grouped, const char *name, GError **error)
{
  gsize n = work->groups->n_groups;
  g_autoptr (PatronColumn) values = NULL;
  if (divide (work, grouped, error))
    values = patron_column_take_or_missing (grouped->column, NULL, grouped->pairs->first, grouped->pairs->n_groups, work->run, error);
  GString **texts = values != NULL ? patron_try_alloc0_values (n, sizeof *texts, _("joining texts"), error) : NULL;
  if (texts == NULL)
    return NULL;
  for (guint32 p = 0; p < grouped->pairs->n_groups; p++)
    {
      guint32 g = work->groups->ids[grouped->pairs->first[p]];
      if (patron_column_is_missing (values, p))
        continue;
      g_autofree char *value = patron_column_format (values, p);
      if (texts[g] == NULL)
        texts[g] = g_string_new (value);
      else
        g_string_append_printf (texts[g], ", %s", value);
    }
  PatronColumnBuilder *builder = patron_column_builder_new (name, PATRON_TYPE_TEXT);
  for (gsize g = 0; g < n; g++)
    {
      patron_column_builder_append_text (builder, texts[g] != NULL ? texts[g]->str : NULL);
      if (texts[g] != NULL)
        g_string_free (texts[g], TRUE);
    }
  patron_free (texts);
  return patron_column_builder_finish (builder);
}
