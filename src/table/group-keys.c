/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/group-keys.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "table/column-scan.h"
#include "table/group-numbers.h"
#include "table/key-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Each column becomes a whole number from 0 to card - 1 (0: missing), and several columns one number, as digits with different bases. Where the product of
 * the bases would not fit into 62 bits, what is there so far is numbered anew, by the combinations that occur. */

#define MAX_CARD (G_GUINT64_CONSTANT (1) << 62)

/* A key: one column, or two of different tables, one under the other. */
typedef struct
{
  PatronColumn *parts[2];
  guint         n_parts;
  guint32      *maps[2];      /* texts of two dictionaries: code to common code; NULL: as they are */
  guint64       low, card;    /* card 0: the range is too wide */
} Key;

typedef struct
{
  const Key *key;
  guint      part;
  guint64   *codes;           /* of this part's first row */
} Filling;

/* ---- one key -------------------------------------------------------------------------------------------------- */

static gboolean
common_codes (Key *key, GError **error)
{
  PatronDict *dicts[2];
  gsize size = 0;
  for (guint p = 0; p < key->n_parts; p++)
    {
      dicts[p] = patron_column_dict (key->parts[p], error);
      if (dicts[p] == NULL)
        return FALSE;
      size = MAX (size, patron_dict_size (dicts[p]));
    }
  key->card = size + 1;
  if (key->n_parts == 1 || dicts[0] == dicts[1])
    return TRUE;
  g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
  for (guint p = 0; p < 2; p++)
    {
      gsize n = patron_dict_size (dicts[p]);
      key->maps[p] = patron_try_alloc_values (n, sizeof (guint32), _("matching texts"), error);
      if (key->maps[p] == NULL)
        return FALSE;
      for (gsize i = 0; i < n; i++)
        key->maps[p][i] = (guint32) patron_dict_builder_add (builder, patron_dict_get (dicts[p], (gint32) i), (gssize) patron_dict_length (dicts[p], (gint32) i));
    }
  key->card = patron_dict_builder_size (builder) + 1;
  return TRUE;
}

static gboolean
plan_key (Key *key, PatronRun *run, GError **error)
{
  if (patron_column_has_dict (key->parts[0]))
    return common_codes (key, error);
  guint64 low = G_MAXUINT64, high = 0;
  for (guint p = 0; p < key->n_parts; p++)
    {
      PatronKeyRange range;
      if (!patron_column_key_range (key->parts[p], &range, run, error))
        return FALSE;
      low = MIN (low, range.low);
      high = MAX (high, range.high);
    }
  key->low = low <= high ? low : 0;
  guint64 span = low <= high ? high - low : 0;
  key->card = span < MAX_CARD - 2 ? span + 2 : 0;
  return TRUE;
}

/* codes = codes · card + this key's number; of a key without card, the key alone. */
static void
fill_codes (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  enum { STRETCH = 4096 };
  const Filling *filling = data;
  const Key *key = filling->key;
  PatronType type = patron_column_get_type (key->parts[filling->part]);
  const guint32 *map = key->maps[filling->part];
  gsize size = patron_type_size (type);
  guint64 keys[STRETCH], card = key->card, shift = 1 - key->low;
  for (gsize done = 0; done < n; done += STRETCH)
    {
      gsize part = MIN (STRETCH, n - done);
      guint64 *codes = filling->codes + start + done;
      patron_keys_from_values (type, (const char *) values + done * size, part, keys);
      if (map != NULL)
        for (gsize i = 0; i < part; i++)
          if (keys[i] != PATRON_KEY_MISSING)
            keys[i] = map[keys[i]];
      if (card == 0)
        memcpy (codes, keys, part * sizeof *codes);
      else
        for (gsize i = 0; i < part; i++)
          codes[i] = codes[i] * card + (keys[i] == PATRON_KEY_MISSING ? 0 : keys[i] + shift);
    }
}

static gboolean
fill_key (const Key *key, guint64 *codes, PatronRun *run, GError **error)
{
  for (guint p = 0; p < key->n_parts; p++)
    {
      Filling filling = { key, p, codes };
      if (!patron_column_scan (key->parts[p], PATRON_CHUNK_ROWS, fill_codes, &filling, run, error))
        return FALSE;
      codes += patron_column_get_length (key->parts[p]);
    }
  return TRUE;
}

/* ---- all keys ------------------------------------------------------------------------------------------------- */

typedef struct
{
  gsize    n;
  guint64 *codes;
  guint64  card;      /* 0: nothing is known */
} Combined;

static gboolean
too_wide (guint64 card, guint64 more)
{
  return card == 0 || more == 0 || card > MAX_CARD / more;
}

static void
widen_ids (const guint32 *ids, gsize n, guint64 *codes)
{
  for (gsize i = 0; i < n; i++)
    codes[i] = ids[i];
}

static gboolean
renumber (Combined *combined, PatronRun *run, GError **error)
{
  g_autoptr (PatronGroups) groups = patron_groups_from_codes (combined->codes, combined->n, combined->card, run, error);
  if (groups == NULL)
    return FALSE;
  widen_ids (groups->ids, combined->n, combined->codes);
  combined->card = MAX (groups->n_groups, 1);
  return TRUE;
}

/* A key of too many values by the values that occur. */
static gboolean
add_renumbered (Combined *combined, const Key *key, PatronRun *run, GError **error)
{
  Combined alone = { .n = combined->n, .card = key->card };
  alone.codes = patron_try_alloc0_values (alone.n, sizeof *alone.codes, _("grouping rows"), error);
  gboolean done = alone.codes != NULL && fill_key (key, alone.codes, run, error) && renumber (&alone, run, error);
  for (gsize i = 0; done && i < alone.n; i++)
    combined->codes[i] = combined->codes[i] * alone.card + alone.codes[i];
  combined->card *= alone.card;
  patron_free (alone.codes);
  return done;
}

static gboolean
add_key (Combined *combined, const Key *key, PatronRun *run, GError **error)
{
  if (combined->card == 1)
    {
      combined->card = key->card;
      return fill_key (key, combined->codes, run, error);
    }
  if (too_wide (combined->card, key->card) && (combined->card == 0 || combined->card > combined->n) && !renumber (combined, run, error))
    return FALSE;
  if (too_wide (combined->card, key->card))
    return add_renumbered (combined, key, run, error);
  combined->card *= key->card;
  return fill_key (key, combined->codes, run, error);
}

/* base: numbers to start from, or NULL. */
static PatronGroups *
group_widely (const Key *keys, guint n_keys, gsize n, const PatronGroups *base, PatronRun *run, GError **error)
{
  Combined combined = { .n = n, .card = 1 };
  combined.codes = patron_try_alloc0_values (n, sizeof *combined.codes, _("grouping rows"), error);
  gboolean done = combined.codes != NULL;
  if (done && base != NULL)
    {
      widen_ids (base->ids, n, combined.codes);
      combined.card = MAX (base->n_groups, 1);
    }
  for (guint k = 0; done && k < n_keys; k++)
    done = add_key (&combined, &keys[k], run, error);
  PatronGroups *groups = done ? patron_groups_from_codes (combined.codes, n, combined.card, run, error) : NULL;
  patron_free (combined.codes);
  return groups;
}

/* ---- few combinations: numbers of 32 bits do ------------------------------------------------------------------- */

typedef struct
{
  const Key *key;
  guint      part;
  gboolean   first;      /* there are no codes yet */
  guint32   *codes;      /* of this part's first row */
} Narrow;

PATRON_SIMD static void
number_texts (const gint32 *restrict values, gsize n, guint32 card, guint32 *restrict codes)
{
  for (gsize i = 0; i < n; i++)
    codes[i] = codes[i] * card + (guint32) (values[i] < 0 ? 0 : values[i] + 1);
}

PATRON_SIMD static void
number_keys (const guint64 *restrict keys, gsize n, guint32 card, guint64 shift, guint32 *restrict codes)
{
  for (gsize i = 0; i < n; i++)
    codes[i] = codes[i] * card + (keys[i] == PATRON_KEY_MISSING ? 0 : (guint32) (keys[i] + shift));
}

static void
fill_narrow (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  enum { STRETCH = 4096 };
  const Narrow *narrow = data;
  const Key *key = narrow->key;
  const guint32 *map = key->maps[narrow->part];
  PatronType type = patron_column_get_type (key->parts[narrow->part]);
  guint32 *codes = narrow->codes + start, card = (guint32) key->card;
  gsize size = patron_type_size (type);
  guint64 keys[STRETCH];
  if (narrow->first)
    memset (codes, 0, n * sizeof *codes);
  if (size == sizeof (gint32) && type != PATRON_TYPE_DATE && map == NULL)
    {
      number_texts (values, n, card, codes);
      return;
    }
  for (gsize done = 0; done < n; done += STRETCH)
    {
      gsize part = MIN (STRETCH, n - done);
      patron_keys_from_values (type, (const char *) values + done * size, part, keys);
      for (gsize i = 0; map != NULL && i < part; i++)
        keys[i] = keys[i] == PATRON_KEY_MISSING ? PATRON_KEY_MISSING : map[keys[i]];
      number_keys (keys, part, card, 1 - key->low, codes + done);
    }
}

static gboolean
fill_all_narrow (const Key *keys, guint n_keys, gboolean first, guint32 *codes, PatronRun *run, GError **error)
{
  for (guint k = 0; k < n_keys; k++)
    {
      guint32 *at = codes;
      for (guint p = 0; p < keys[k].n_parts; p++)
        {
          Narrow narrow = { &keys[k], p, first && k == 0, at };
          if (!patron_column_scan (keys[k].parts[p], PATRON_CHUNK_ROWS, fill_narrow, &narrow, run, error))
            return FALSE;
          at += patron_column_get_length (keys[k].parts[p]);
        }
    }
  return TRUE;
}

static PatronGroups *
group_narrowly (const Key *keys, guint n_keys, gsize n, const PatronGroups *base, guint32 card, PatronRun *run, GError **error)
{
  g_autoptr (PatronGroups) groups = patron_groups_alloc (n, error);
  if (groups == NULL)
    return NULL;
  if (base != NULL)
    memcpy (groups->ids, base->ids, n * sizeof *groups->ids);
  else if (n_keys == 0)
    memset (groups->ids, 0, n * sizeof *groups->ids);
  if (!fill_all_narrow (keys, n_keys, base == NULL, groups->ids, run, error) || !patron_groups_number (groups, card, run, error))
    return NULL;
  return g_steal_pointer (&groups);
}

/* Takes the maps of keys. */
static PatronGroups *
group_keys (Key *keys, guint n_keys, gsize n, const PatronGroups *base, PatronRun *run, GError **error)
{
  guint64 card = base != NULL ? MAX (base->n_groups, 1) : 1, few = PATRON_FEW_CODES (n);
  gboolean planned = TRUE, narrow = TRUE;
  for (guint k = 0; planned && k < n_keys; k++)
    {
      planned = plan_key (&keys[k], run, error);
      narrow = narrow && keys[k].card > 0 && keys[k].card <= few / card;
      card = narrow ? card * keys[k].card : card;
    }
  PatronGroups *groups = !planned ? NULL : narrow ? group_narrowly (keys, n_keys, n, base, (guint32) card, run, error)
                                                  : group_widely (keys, n_keys, n, base, run, error);
  for (guint k = 0; k < n_keys; k++)
    {
      patron_free (keys[k].maps[0]);
      patron_free (keys[k].maps[1]);
    }
  return groups;
}

PatronGroups *
patron_groups_new (PatronColumn *const *columns, guint n_keys, gsize n_rows, PatronRun *run, GError **error)
{
  g_autofree Key *keys = g_new0 (Key, MAX (n_keys, 1));
  for (guint k = 0; k < n_keys; k++)
    keys[k] = (Key) { .parts = { columns[k] }, .n_parts = 1 };
  return group_keys (keys, n_keys, n_rows, NULL, run, error);
}

PatronGroups *
patron_groups_refine (const PatronGroups *groups, PatronColumn *column, PatronRun *run, GError **error)
{
  Key key = { .parts = { column }, .n_parts = 1 };
  return group_keys (&key, 1, groups->n_rows, groups, run, error);
}

PatronGroups *
patron_groups_stack (PatronColumn *const *left, gsize n_left, PatronColumn *const *right, gsize n_right, guint n_keys, PatronRun *run, GError **error)
{
  if (n_left + n_right >= G_MAXUINT32)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The two tables have over four billion rows together; that is more than can be matched."));
      return NULL;
    }
  g_autofree Key *keys = g_new0 (Key, MAX (n_keys, 1));
  for (guint k = 0; k < n_keys; k++)
    keys[k] = (Key) { .parts = { left[k], right[k] }, .n_parts = 2 };
  return group_keys (keys, n_keys, n_left + n_right, NULL, run, error);
}

gboolean
patron_groups_rows (const PatronGroups *groups, guint32 **offsets_out, guint32 **rows_out, PatronRun *run, GError **error)
{
  guint32 n = groups->n_groups;
  guint32 *offsets = patron_try_alloc_values ((gsize) n + 1, sizeof *offsets, _("grouping rows"), error);
  guint32 *rows = offsets != NULL ? patron_try_alloc_values (groups->n_rows, sizeof *rows, _("grouping rows"), error) : NULL;
  guint32 *next = rows != NULL ? patron_try_alloc_values (n, sizeof *next, _("grouping rows"), error) : NULL;
  if (next == NULL)
    {
      patron_free (rows);
      patron_free (offsets);
      return FALSE;
    }
  offsets[0] = 0;
  for (guint32 g = 0; g < n; g++)
    offsets[g + 1] = offsets[g] + groups->counts[g];
  memcpy (next, offsets, n * sizeof *next);
  for (gsize i = 0; i < groups->n_rows; i++)
    rows[next[groups->ids[i]]++] = (guint32) i;
  patron_free (next);
  *offsets_out = offsets;
  *rows_out = rows;
  return TRUE;
}
