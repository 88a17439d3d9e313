/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/levels.h"

#include "base/memory.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { POLL = 65536 };

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

/* Where key is or would go. The multiplier is 2^64 / golden ratio (Knuth, TAOCP 3, 6.4). */
static inline gsize
slots_find (const Slots *slots, guint64 key)
{
  gsize mask = slots->capacity - 1;
  guint64 mixed = (key ^ (key >> 32)) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  gsize at = (mixed >> 20) & mask;
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

/* The value of a row as bits that are equal when the values are; FALSE when missing. */
static inline gboolean
value_bits (PatronType type, gconstpointer values, gsize row, guint64 *bits)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      {
        double value = ((const double *) values)[row];
        if (isnan (value))
          return FALSE;
        *bits = patron_key_from_double (value == 0 ? 0.0 : value);   /* -0 is 0 */
        return TRUE;
      }
    case PATRON_TYPE_INTEGER:
    case PATRON_TYPE_TIME:
    case PATRON_TYPE_DURATION:
      *bits = (guint64) ((const gint64 *) values)[row];
      return ((const gint64 *) values)[row] != PATRON_INTEGER_MISSING;
    case PATRON_TYPE_BOOLEAN:
      *bits = ((const guint8 *) values)[row];
      return *bits != PATRON_BOOLEAN_MISSING;
    case PATRON_TYPE_DATE:
      *bits = (guint64) (gint64) ((const gint32 *) values)[row];
      return ((const gint32 *) values)[row] != PATRON_DATE_MISSING;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
    case PATRON_N_TYPES:
    default:
      *bits = (guint64) (gint64) ((const gint32 *) values)[row];
      return ((const gint32 *) values)[row] >= 0;
    }
}

static gboolean
number_levels (PatronLevels *levels, gconstpointer values, Slots *slots, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (levels->column);
  gsize room = 0;
  for (gsize i = 0; i < levels->n; i++)
    {
      guint64 bits;
      if (i % POLL == 0 && run != NULL && !patron_run_check (run, error))
        return FALSE;
      if (!value_bits (type, values, i, &bits))
        {
          levels->codes[i] = -1;
          continue;
        }
      gsize at = slots_find (slots, bits);
      if (slots->levels[at] < 0)
        {
          if (levels->n_levels >= slots->capacity / 2)
            {
              if (!slots_grow (slots, error))
                return FALSE;
              at = slots_find (slots, bits);
            }
          if (levels->n_levels == room)
            {
              guint32 *grown = patron_try_realloc (levels->first_row, room, MAX (256, room * 2), sizeof *grown, _("distinct values"), error);
              if (grown == NULL)
                return FALSE;
              levels->first_row = grown;
              room = MAX (256, room * 2);
            }
          slots->keys[at] = bits;
          slots->levels[at] = levels->n_levels;
          levels->first_row[levels->n_levels++] = i;
        }
      levels->codes[i] = slots->levels[at];
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
