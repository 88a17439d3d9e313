/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/fill-parts.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void
patron_fills_clear (PatronFills *fills)
{
  g_free (fills->numbers);
  for (gsize k = 0; fills->texts != NULL && k < fills->n; k++)
    g_free (fills->texts[k]);
  g_free (fills->texts);
  *fills = (PatronFills) { .n = 0 };
}

static gboolean
is_missing (PatronType type, gconstpointer value)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return isnan (*(const double *) value);
    case PATRON_TYPE_BOOLEAN:
      return *(const guint8 *) value == PATRON_BOOLEAN_MISSING;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return *(const gint32 *) value == PATRON_CODE_MISSING;
    case PATRON_TYPE_DATE:
      return *(const gint32 *) value == PATRON_DATE_MISSING;
    default:
      return *(const gint64 *) value == PATRON_INTEGER_MISSING;
    }
}

/* fills as values of the column's type, side by side; codes are of the dictionary in *dict, which replaces the column's own. */
static gpointer
typed_fills (PatronColumn *column, const PatronFills *fills, PatronDict **dict, GError **error)
{
  PatronType type = patron_column_get_type (column);
  gsize size = patron_type_size (type);
  guint8 *typed = g_malloc0 (MAX (fills->n, 1) * size);
  *dict = NULL;
  if (patron_column_has_dict (column))
    {
      PatronDict *old = patron_column_dict (column, error);
      if (old == NULL)
        return g_free (typed), NULL;
      g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
      for (gsize code = 0; code < patron_dict_size (old); code++)
        patron_dict_builder_add (builder, patron_dict_get (old, (gint32) code), (gssize) patron_dict_length (old, (gint32) code));
      for (gsize k = 0; k < fills->n; k++)
        ((gint32 *) typed)[k] = fills->texts[k] != NULL ? patron_dict_builder_add (builder, fills->texts[k], -1) : PATRON_CODE_MISSING;
      *dict = patron_dict_builder_finish (g_steal_pointer (&builder));
      return typed;
    }
  for (gsize k = 0; k < fills->n; k++)
    {
      double value = fills->numbers[k];
      gboolean none = isnan (value);
      if (type == PATRON_TYPE_NUMBER)
        ((double *) typed)[k] = value;
      else if (type == PATRON_TYPE_BOOLEAN)
        typed[k] = none ? PATRON_BOOLEAN_MISSING : value >= 0.5;
      else if (type == PATRON_TYPE_DATE)
        ((gint32 *) typed)[k] = none ? PATRON_DATE_MISSING : (gint32) CLAMP (round (value), -2e9, 2e9);
      else
        {
          double whole = round (type == PATRON_TYPE_INTEGER ? value : value * 1e6);
          ((gint64 *) typed)[k] = none ? PATRON_INTEGER_MISSING : (gint64) CLAMP (whole, -9.2e18, 9.2e18);
        }
    }
  return typed;
}

typedef gconstpointer (*FillOf) (gsize row, gpointer data);

/* The column with each missing value replaced by what fill_of() points to (NULL: none). Takes dict. */
static PatronColumn *
fill (PatronColumn *column, PatronDict *dict, FillOf fill_of, gpointer data, guint8 *values, PatronFillCount *count)
{
  PatronType type = patron_column_get_type (column);
  gsize n = patron_column_get_length (column), size = patron_type_size (type);
  for (gsize i = 0; i < n; i++)
    {
      if (!is_missing (type, values + i * size))
        continue;
      gconstpointer with = fill_of (i, data);
      count->n_missing++;
      if (with == NULL || is_missing (type, with))
        continue;
      memcpy (values + i * size, with, size);
      count->n_filled++;
    }
  PatronColumn *filled = patron_column_new_take (patron_column_get_name (column), type, n, values, dict);
  if (patron_column_get_unit (column) == NULL)
    return filled;
  PatronColumn *with_unit = patron_column_with_unit (filled, patron_column_get_unit (column));
  patron_column_unref (filled);
  return with_unit;
}

static guint8 *
read_all (PatronColumn *column, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column), size = patron_type_size (patron_column_get_type (column));
  guint8 *values = patron_try_alloc_values (n, size, patron_column_get_name (column), error);
  gboolean ok = values != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    ok = patron_column_read (column, start, MIN (n - start, PATRON_CHUNK_ROWS), values + start * size, error) && patron_run_check (run, error);
  if (!ok)
    g_clear_pointer (&values, patron_free);
  return values;
}

typedef struct
{
  const gint32 *which;
  gsize         n_fills, size;
  const guint8 *fills;
} ListSource;

static gconstpointer
fill_of_list (gsize row, gpointer data)
{
  const ListSource *source = data;
  gsize k = source->which == NULL ? 0 : source->which[row] < 0 ? source->n_fills : (gsize) source->which[row];
  return k < source->n_fills ? source->fills + k * source->size : NULL;
}

PatronColumn *
patron_fill_from_list (PatronColumn *column, const gint32 *which, const PatronFills *fills, PatronFillCount *count, PatronRun *run, GError **error)
{
  PatronDict *dict;
  g_autofree guint8 *typed = typed_fills (column, fills, &dict, error);
  guint8 *values = typed != NULL ? read_all (column, run, error) : NULL;
  if (values == NULL)
    {
      g_clear_pointer (&dict, patron_dict_unref);
      return NULL;
    }
  ListSource source = { .which = which, .n_fills = fills->n, .size = patron_type_size (patron_column_get_type (column)), .fills = typed };
  return fill (column, dict, fill_of_list, &source, values, count);
}

typedef struct
{
  const gint32 *source;
  const guint8 *values;     /* being filled; source rows are known ones, so they are never changed */
  gsize         size;
} RowSource;

static gconstpointer
fill_of_row (gsize row, gpointer data)
{
  const RowSource *source = data;
  return source->source[row] < 0 ? NULL : source->values + (gsize) source->source[row] * source->size;
}

PatronColumn *
patron_fill_from_rows (PatronColumn *column, const gint32 *source, PatronFillCount *count, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_has_dict (column) ? patron_column_dict (column, error) : NULL;
  if (patron_column_has_dict (column) && dict == NULL)
    return NULL;
  guint8 *values = read_all (column, run, error);
  if (values == NULL)
    return NULL;
  RowSource rows = { .source = source, .values = values, .size = patron_type_size (patron_column_get_type (column)) };
  return fill (column, dict != NULL ? patron_dict_ref (dict) : NULL, fill_of_row, &rows, values, count);
}

guint8 *
patron_fill_missing (PatronColumn *column, gsize *n_missing, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (column);
  gsize n = patron_column_get_length (column), size = patron_type_size (type);
  *n_missing = 0;
  guint8 *flags = patron_try_alloc_values (n, 1, patron_column_get_name (column), error);
  guint8 *chunk = flags != NULL ? patron_try_alloc (PATRON_CHUNK_ROWS, size, patron_column_get_name (column), error) : NULL;
  gboolean ok = chunk != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read (column, start, part, chunk, error) && patron_run_check (run, error);
      for (gsize i = 0; ok && i < part; i++)
        *n_missing += flags[start + i] = is_missing (type, chunk + i * size);
    }
  patron_free (chunk);
  if (!ok)
    g_clear_pointer (&flags, patron_free);
  return flags;
}

PatronColumn *
patron_fill_indicator (PatronColumn *column, const char *name, PatronRun *run, GError **error)
{
  gsize n_missing;
  guint8 *flags = patron_fill_missing (column, &n_missing, run, error);
  return flags != NULL ? patron_column_new_take (name, PATRON_TYPE_BOOLEAN, patron_column_get_length (column), flags, NULL) : NULL;
}
