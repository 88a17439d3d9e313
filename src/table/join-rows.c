/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/join-rows.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "table/column-scan.h"
#include "table/group-keys.h"
#include "table/key-values.h"
#include "table/sort-rows.h"
#include "table/stack-columns.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { BLOCK = 1 << 16 };

struct _PatronJoin
{
  gsize             n_left, n_right;
  PatronGroups     *groups;          /* of the left rows and then the right ones; ids are PATRON_NO_ROW where a key is missing */
  guint32          *left_counts;     /* of each group */
  guint32          *right_offsets;   /* n_groups + 1 */
  guint32          *right_rows;      /* by group, ascending */
  PatronJoinCounts  counts;
};

/* ---- keys ------------------------------------------------------------------------------------------------------------- */

gboolean
patron_join_key_pair (PatronColumn *left, PatronColumn *right, PatronColumn **left_key, PatronColumn **right_key, GError **error)
{
  PatronType a = patron_column_get_type (left), b = patron_column_get_type (right), type;
  gboolean texts = patron_column_has_dict (left) && patron_column_has_dict (right);
  gboolean alike = patron_type_accept (a) == patron_type_accept (b) && a != PATRON_TYPE_DURATION && b != PATRON_TYPE_DURATION;
  if (a == b || texts)
    type = a;
  else if (alike && patron_type_widen (a, b, &type))
    ;
  else
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” is of type %s and “%s” of the other table of type %s, so no values are equal; give both the "
                   "same type first."), patron_column_get_name (left), _(patron_type_label (a)), patron_column_get_name (right), _(patron_type_label (b)));
      return FALSE;
    }
  *left_key = texts ? patron_column_ref (left) : patron_column_widen (left, type, error);
  *right_key = *left_key == NULL ? NULL : texts ? patron_column_ref (right) : patron_column_widen (right, type, error);
  if (*right_key == NULL)
    g_clear_pointer (left_key, patron_column_unref);
  return *right_key != NULL;
}

typedef struct
{
  PatronType type;
  guint32   *ids;
} Masking;

static void
mask_missing (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  enum { STRETCH = 4096 };
  const Masking *masking = data;
  guint64 keys[STRETCH];
  gsize size = patron_type_size (masking->type);
  for (gsize done = 0; done < n; done += STRETCH)
    {
      gsize part = MIN (STRETCH, n - done);
      guint32 *ids = masking->ids + start + done;
      patron_keys_from_values (masking->type, (const char *) values + done * size, part, keys);
      for (gsize i = 0; i < part; i++)
        ids[i] = keys[i] == PATRON_KEY_MISSING ? PATRON_NO_ROW : ids[i];
    }
}

static gboolean
mask_keys (PatronColumn *const *keys, guint n_keys, guint32 *ids, PatronRun *run, GError **error)
{
  for (guint k = 0; k < n_keys; k++)
    {
      Masking masking = { patron_column_get_type (keys[k]), ids };
      if (!patron_column_scan (keys[k], PATRON_CHUNK_ROWS, mask_missing, &masking, run, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- matching ----------------------------------------------------------------------------------------------------------- */

/* Right rows by group; in the order of `order` if given. */
static gboolean
sort_right_rows (const PatronJoin *join, const guint32 *order, guint32 *offsets, guint32 *rows, GError **error)
{
  gsize n = join->groups->n_groups;
  const guint32 *ids = join->groups->ids + join->n_left;
  guint32 *next = patron_try_alloc0_values (n + 1, sizeof *next, _("matching rows"), error);
  if (next == NULL)
    return FALSE;
  for (gsize i = 0; i < join->n_right; i++)
    if (ids[i] != PATRON_NO_ROW)
      next[ids[i] + 1]++;
  for (gsize g = 0; g < n; g++)
    next[g + 1] += next[g];
  memcpy (offsets, next, (n + 1) * sizeof *offsets);
  for (gsize i = 0; i < join->n_right; i++)
    {
      guint32 row = order != NULL ? order[i] : (guint32) i, id = ids[row];
      if (id != PATRON_NO_ROW)
        rows[next[id]++] = row;
    }
  patron_free (next);
  return TRUE;
}

static inline guint32
right_count (const PatronJoin *join, guint32 id)
{
  return id == PATRON_NO_ROW ? 0 : join->right_offsets[id + 1] - join->right_offsets[id];
}

static void
count_matches (PatronJoin *join)
{
  PatronJoinCounts *counts = &join->counts;
  counts->left_rows = join->n_left;
  counts->right_rows = join->n_right;
  counts->left_missing = join->n_left;
  counts->right_missing = join->n_right;
  for (guint32 g = 0; g < join->groups->n_groups; g++)
    {
      gsize left = join->left_counts[g], right = right_count (join, g);
      counts->left_missing -= left;
      counts->right_missing -= right;
      counts->left_keys += left > 0;
      counts->right_keys += right > 0;
      if (left == 0 || right == 0)
        continue;
      counts->common_keys++;
      counts->left_matched += left;
      counts->right_matched += right;
      counts->pairs += left * right;
      counts->most_left = MAX (counts->most_left, left);
      counts->most_right = MAX (counts->most_right, right);
    }
}

PatronJoin *
patron_join_new (PatronColumn *const *left_keys, gsize n_left, PatronColumn *const *right_keys, gsize n_right, guint n_keys, PatronRun *run, GError **error)
{
  g_autoptr (PatronJoin) join = g_new0 (PatronJoin, 1);
  join->n_left = n_left;
  join->n_right = n_right;
  join->groups = patron_groups_stack (left_keys, n_left, right_keys, n_right, n_keys, run, error);
  if (join->groups == NULL || !mask_keys (left_keys, n_keys, join->groups->ids, run, error)
      || !mask_keys (right_keys, n_keys, join->groups->ids + n_left, run, error))
    return NULL;
  gsize n = join->groups->n_groups;
  join->left_counts = patron_try_alloc0_values (n, sizeof (guint32), _("matching rows"), error);
  join->right_offsets = join->left_counts != NULL ? patron_try_alloc_values (n + 1, sizeof (guint32), _("matching rows"), error) : NULL;
  join->right_rows = join->right_offsets != NULL ? patron_try_alloc_values (n_right, sizeof (guint32), _("matching rows"), error) : NULL;
  if (join->right_rows == NULL || !sort_right_rows (join, NULL, join->right_offsets, join->right_rows, error))
    return NULL;
  for (gsize i = 0; i < n_left; i++)
    if (join->groups->ids[i] != PATRON_NO_ROW)
      join->left_counts[join->groups->ids[i]]++;
  count_matches (join);
  return g_steal_pointer (&join);
}

void
patron_join_free (PatronJoin *join)
{
  if (join->groups != NULL)
    patron_groups_free (join->groups);
  patron_free (join->left_counts);
  patron_free (join->right_offsets);
  patron_free (join->right_rows);
  g_free (join);
}

const PatronJoinCounts *
patron_join_counts (const PatronJoin *join)
{
  return &join->counts;
}

gsize
patron_join_n_rows (const PatronJoin *join, PatronJoinKind kind)
{
  const PatronJoinCounts *counts = &join->counts;
  gsize left_only = counts->left_rows - counts->left_matched, right_only = counts->right_rows - counts->right_matched;
  switch (kind)
    {
    case PATRON_JOIN_LEFT:
      return counts->pairs + left_only;
    case PATRON_JOIN_RIGHT:
      return counts->pairs + right_only;
    case PATRON_JOIN_FULL:
      return counts->pairs + left_only + right_only;
    case PATRON_JOIN_SEMI:
      return counts->left_matched;
    case PATRON_JOIN_ANTI:
      return left_only;
    default:
      return counts->pairs;
    }
}

guint
patron_join_examples (const PatronJoin *join, gboolean right, guint max, guint32 *rows)
{
  const guint32 *ids = join->groups->ids + (right ? join->n_left : 0);
  gsize n = right ? join->n_right : join->n_left;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint found = 0;
  for (gsize i = 0; i < n && found < max; i++)
    {
      guint32 id = ids[i];
      if (id == PATRON_NO_ROW || (right ? join->left_counts[id] : right_count (join, id)) > 0 || !g_hash_table_add (seen, GUINT_TO_POINTER (id + 1)))
        continue;
      rows[found++] = (guint32) i;
    }
  return found;
}

/* ---- the rows of the result ------------------------------------------------------------------------------------------------ */

typedef struct
{
  const PatronJoin *join;
  PatronJoinKind    kind;
  gsize            *starts;      /* of each block of left rows: its number of rows, then where they begin */
  guint32          *left, *right;
} Output;

/* How many rows a left row becomes. */
static inline gsize
times (const Output *output, guint32 id)
{
  gsize partners = right_count (output->join, id);
  switch (output->kind)
    {
    case PATRON_JOIN_LEFT:
    case PATRON_JOIN_FULL:
      return MAX (partners, 1);
    case PATRON_JOIN_SEMI:
      return partners > 0;
    case PATRON_JOIN_ANTI:
      return partners == 0;
    default:
      return partners;
    }
}

static void
count_block (gsize begin, gsize end, int worker, gpointer data)
{
  Output *output = data;
  gsize sum = 0;
  for (gsize i = begin; i < end; i++)
    sum += times (output, output->join->groups->ids[i]);
  output->starts[begin / BLOCK] = sum;
}

static void
write_block (gsize begin, gsize end, int worker, gpointer data)
{
  Output *output = data;
  const PatronJoin *join = output->join;
  gboolean pairs = output->kind != PATRON_JOIN_SEMI && output->kind != PATRON_JOIN_ANTI;
  gsize at = output->starts[begin / BLOCK];
  for (gsize i = begin; i < end; i++)
    {
      guint32 id = join->groups->ids[i];
      gsize n = times (output, id), partners = pairs ? right_count (join, id) : 0;
      for (gsize k = 0; k < n; k++, at++)
        {
          output->left[at] = (guint32) i;
          output->right[at] = k < partners ? join->right_rows[join->right_offsets[id] + k] : PATRON_NO_ROW;
        }
    }
}

static gsize
write_right_only (const PatronJoin *join, guint32 *left, guint32 *right, gsize at)
{
  const guint32 *ids = join->groups->ids + join->n_left;
  for (gsize i = 0; i < join->n_right; i++)
    if (ids[i] == PATRON_NO_ROW || join->left_counts[ids[i]] == 0)
      {
        left[at] = PATRON_NO_ROW;
        right[at++] = (guint32) i;
      }
  return at;
}

gboolean
patron_join_rows (const PatronJoin *join, PatronJoinKind kind, guint32 **left, guint32 **right, gsize *n_out, PatronRun *run, GError **error)
{
  gsize n = patron_join_n_rows (join, kind), n_blocks = join->n_left / BLOCK + 1, sum = 0;
  if (n > G_MAXINT32)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The join would have %zu rows, more than a table can hold."), n);
      return FALSE;
    }
  g_autofree gsize *starts = g_new0 (gsize, n_blocks);
  Output output = { .join = join, .kind = kind, .starts = starts };
  output.left = patron_try_alloc_values (n, sizeof (guint32), _("joining rows"), error);
  output.right = output.left != NULL ? patron_try_alloc_values (n, sizeof (guint32), _("joining rows"), error) : NULL;
  gboolean done = output.right != NULL;
  if (done)
    {
      patron_parallel_for (run, join->n_left, BLOCK, count_block, &output);
      for (gsize b = 0; b < n_blocks; b++)
        {
          gsize count = starts[b];
          starts[b] = sum;
          sum += count;
        }
      if ((done = patron_run_check (run, error)))
        patron_parallel_for (run, join->n_left, BLOCK, write_block, &output);
      done = done && patron_run_check (run, error);
    }
  if (done && (kind == PATRON_JOIN_RIGHT || kind == PATRON_JOIN_FULL))
    sum = write_right_only (join, output.left, output.right, sum);
  if (!done)
    {
      patron_free (output.left);
      patron_free (output.right);
      return FALSE;
    }
  *left = output.left;
  *right = output.right;
  *n_out = n;
  return TRUE;
}

/* ---- as of -------------------------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronType type;
  guint64   *keys;
} Keying;

static void
keys_of_chunk (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  const Keying *keying = data;
  patron_keys_from_values (keying->type, values, n, keying->keys + start);
}

static guint64 *
all_keys (PatronColumn *column, PatronRun *run, GError **error)
{
  guint64 *keys = patron_try_alloc_values (patron_column_get_length (column), sizeof *keys, _("matching rows"), error);
  Keying keying = { patron_column_get_type (column), keys };
  if (keys != NULL && !patron_column_scan (column, PATRON_CHUNK_ROWS, keys_of_chunk, &keying, run, error))
    g_clear_pointer (&keys, patron_free);
  return keys;
}

typedef struct
{
  const PatronJoin *join;
  const guint64    *left_keys, *right_keys;
  const guint32    *offsets, *rows;       /* right rows by group and then by the order */
  guint32          *nearest;
} Nearest;

static void
find_nearest (gsize begin, gsize end, int worker, gpointer data)
{
  Nearest *nearest = data;
  for (gsize i = begin; i < end; i++)
    {
      guint32 id = nearest->join->groups->ids[i];
      nearest->nearest[i] = PATRON_NO_ROW;
      if (id == PATRON_NO_ROW || nearest->left_keys[i] == PATRON_KEY_MISSING)
        continue;
      guint32 low = nearest->offsets[id], high = nearest->offsets[id + 1], start = low;
      while (low < high)
        {
          guint32 middle = low + (high - low) / 2;
          if (nearest->right_keys[nearest->rows[middle]] <= nearest->left_keys[i])
            low = middle + 1;
          else
            high = middle;
        }
      if (low > start)
        nearest->nearest[i] = nearest->rows[low - 1];
    }
}

guint32 *
patron_join_nearest (const PatronJoin *join, PatronColumn *left_order, PatronColumn *right_order, PatronRun *run, GError **error)
{
  const PatronSortKey by = { .column = right_order };
  guint32 *order = patron_sort_rows (&by, 1, NULL, 0, run, error);
  guint64 *left_keys = order != NULL ? all_keys (left_order, run, error) : NULL, *right_keys = left_keys != NULL ? all_keys (right_order, run, error) : NULL;
  guint32 *offsets = right_keys == NULL ? NULL
                     : patron_try_alloc_values ((gsize) join->groups->n_groups + 1, sizeof *offsets, _("matching rows"), error);
  guint32 *rows = offsets != NULL ? patron_try_alloc_values (join->n_right, sizeof *rows, _("matching rows"), error) : NULL;
  guint32 *found = rows != NULL ? patron_try_alloc_values (join->n_left, sizeof *found, _("matching rows"), error) : NULL;
  gboolean done = found != NULL && sort_right_rows (join, order, offsets, rows, error);
  if (done)
    {
      Nearest nearest = { join, left_keys, right_keys, offsets, rows, found };
      patron_parallel_for (run, join->n_left, BLOCK, find_nearest, &nearest);
      done = patron_run_check (run, error);
    }
  if (!done)
    g_clear_pointer (&found, patron_free);
  patron_free (rows);
  patron_free (offsets);
  patron_free (right_keys);
  patron_free (left_keys);
  patron_free (order);
  return found;
}
