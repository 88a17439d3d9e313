/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/levels.h"

#include "base/hash.h"
#include "base/memory.h"
#include "table/key-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { STRETCH = 4096 };

/* An open-addressing table from value to level. Sized by what was met, never by what may come. */
typedef struct
{
  gsize    capacity;     /* a power of two */
  guint64 *keys;
  gint32  *levels;       /* -1: free */
} Slots;

static gboolean
slots_init (Slots *slots, gsize capacity, GError **error)
{
  slots->capacity = capacity;
  slots->keys = patron_try_alloc (capacity, sizeof *slots->keys, _("counting distinct values"), error);
  slots->levels = slots->keys == NULL ? NULL : patron_try_alloc (capacity, sizeof *slots->levels, _("counting distinct values"), error);
  if (slots->levels == NULL)
    return FALSE;
  memset (slots->levels, 0xff, capacity * sizeof *slots->levels);
  return TRUE;
}

static void
slots_clear (Slots *slots)
{
  patron_free (slots->keys);
  patron_free (slots->levels);
}

/* Where key is or would go. */
static inline gsize
slots_find (const Slots *slots, guint64 key)
{
  gsize mask = slots->capacity - 1;
  gsize at = patron_hash_bits (key) & mask;
  while (slots->levels[at] >= 0 && slots->keys[at] != key)
    at = (at + 1) & mask;
  return at;
}

static gboolean
slots_grow (Slots *slots, GError **error)
{
  Slots larger = { 0 };
  if (!slots_init (&larger, slots->capacity * 4, error))
    {
      slots_clear (&larger);
      return FALSE;
    }
  for (gsize i = 0; i < slots->capacity; i++)
    if (slots->levels[i] >= 0)
      {
        gsize at = slots_find (&larger, slots->keys[i]);
        larger.keys[at] = slots->keys[i];
        larger.levels[at] = slots->levels[i];
      }
  slots_clear (slots);
  *slots = larger;
  return TRUE;
}

/* The level of a key, a new one when it is met for the first time; -1 with error. *room: of first_row. */
static gint32
find_level (PatronLevels *levels, Slots *slots, guint64 key, gsize row, gsize *room, GError **error)
{
  gsize at = slots_find (slots, key);
  if (slots->levels[at] >= 0)
    return slots->levels[at];
  if (levels->n_levels >= slots->capacity / 2)
    {
      if (!slots_grow (slots, error))
        return -1;
      at = slots_find (slots, key);
    }
  if (levels->n_levels == *room)
    {
      gsize larger = MAX (256, *room * 2);
      guint32 *grown = patron_try_realloc (levels->first_row, *room, larger, sizeof *grown, _("distinct values"), error);
      if (grown == NULL)
        return -1;
      levels->first_row = grown;
      *room = larger;
    }
  slots->keys[at] = key;
  slots->levels[at] = (gint32) levels->n_levels;
  levels->first_row[levels->n_levels] = (guint32) row;
  return (gint32) levels->n_levels++;
}

static gboolean
number_levels (PatronLevels *levels, gconstpointer values, Slots *slots, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (levels->column);
  gsize size = patron_type_size (type), room = 0;
  guint64 keys[STRETCH];
  for (gsize start = 0; start < levels->n; start += STRETCH)
    {
      gsize n = MIN (STRETCH, levels->n - start);
      if (!patron_run_check (run, error))
        return FALSE;
      patron_keys_from_values (type, (const char *) values + start * size, n, keys);
      for (gsize i = 0; i < n; i++)
        {
          gboolean missing = keys[i] == PATRON_KEY_MISSING;
          gint32 level = missing ? -1 : find_level (levels, slots, keys[i], start + i, &room, error);
          if (level < 0 && !missing)
            return FALSE;
          levels->codes[start + i] = level;
        }
    }
  return TRUE;
}

PatronLevels *
patron_levels_new (PatronColumn *column, PatronRun *run, GError **error)
{
  g_autoptr(PatronLevels) levels = g_new0 (PatronLevels, 1);
  levels->column = patron_column_ref (column);
  levels->n = patron_column_get_length (column);
  levels->codes = patron_try_alloc_values (levels->n, sizeof *levels->codes, _("distinct values"), error);
  if (levels->codes == NULL)
    return NULL;
  Slots slots = { 0 };
  gpointer block = NULL;
  gconstpointer values = patron_column_borrow (levels->column, &block, error);
  gboolean ok = (values != NULL || levels->n == 0) && slots_init (&slots, 4096, error) && number_levels (levels, values, &slots, run, error);
  slots_clear (&slots);
  patron_free (block);
  return ok ? g_steal_pointer (&levels) : NULL;
}

void
patron_levels_free (PatronLevels *levels)
{
  if (levels == NULL)
    return;
  patron_column_unref (levels->column);
  patron_free (levels->codes);
  patron_free (levels->first_row);
  g_free (levels);
}

char *
patron_levels_name (const PatronLevels *levels, guint32 level)
{
  g_return_val_if_fail (level < levels->n_levels, g_strdup (""));
  return patron_column_format (levels->column, levels->first_row[level]);
}

PatronColumn *
patron_levels_take (const PatronLevels *levels, const char *name, const guint32 *level, gsize n, GError **error)
{
  guint32 *rows = patron_try_alloc (n, sizeof *rows, _("the result table"), error);
  if (rows == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    rows[i] = levels->first_row[level[i]];
  g_autoptr(PatronColumn) taken = patron_column_take (levels->column, rows, n, error);
  patron_free (rows);
  return taken == NULL ? NULL : patron_column_rename (taken, name);
}

double *
patron_read_all (PatronColumn *column, GError **error)
{
  gsize n = patron_column_get_length (column);
  double *values = patron_try_alloc (n, sizeof *values, _("reading a column"), error);
  if (values != NULL && n > 0 && !patron_column_read_doubles (column, 0, n, values, error))
    g_clear_pointer (&values, patron_free);
  return values;
}

double *
patron_read_days (PatronColumn *column, GError **error)
{
  double *days = patron_read_all (column, error);
  if (days != NULL && patron_column_get_type (column) == PATRON_TYPE_TIME)
    {
      gsize n = patron_column_get_length (column);
      for (gsize i = 0; i < n; i++)
        days[i] /= 86400;
    }
  return days;
}
