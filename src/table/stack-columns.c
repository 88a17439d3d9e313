/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/stack-columns.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <math.h>

gboolean
patron_type_widen (PatronType a, PatronType b, PatronType *wide)
{
  PatronType low = MIN (a, b), high = MAX (a, b);
  if (a == b)
    *wide = a;
  else if (low == PATRON_TYPE_NUMBER && (high == PATRON_TYPE_INTEGER || high == PATRON_TYPE_BOOLEAN))
    *wide = PATRON_TYPE_NUMBER;
  else if (low == PATRON_TYPE_INTEGER && high == PATRON_TYPE_BOOLEAN)
    *wide = PATRON_TYPE_INTEGER;
  else if (low == PATRON_TYPE_DATE && high == PATRON_TYPE_TIME)
    *wide = PATRON_TYPE_TIME;
  else
    *wide = PATRON_TYPE_TEXT;
  gboolean has_text = a == PATRON_TYPE_CATEGORY || a == PATRON_TYPE_TEXT || b == PATRON_TYPE_CATEGORY || b == PATRON_TYPE_TEXT;
  return *wide != PATRON_TYPE_TEXT || has_text;
}

/* ---- one column ------------------------------------------------------------------------------------------------------- */

/* Any value as text, as a reader would read it back. */
static PatronColumn *
write_out (PatronColumn *column, GError **error)
{
  PatronColumnBuilder *builder = patron_column_builder_new (patron_column_get_name (column), PATRON_TYPE_TEXT);
  if (patron_column_values (column, error) == NULL)
    {
      patron_column_unref (patron_column_builder_finish (builder));
      return NULL;
    }
  for (gsize i = 0; i < patron_column_get_length (column); i++)
    {
      g_autofree char *text = patron_column_is_missing (column, i) ? NULL : patron_column_format (column, i);
      patron_column_builder_append_text (builder, text);
    }
  return patron_column_builder_finish (builder);
}

static PatronColumn *
widen_numbers (PatronColumn *column, PatronType type, GError **error)
{
  gsize n = patron_column_get_length (column);
  const char *name = patron_column_get_name (column);
  double *values = patron_try_alloc_values (n, sizeof *values, name, error);
  if (values == NULL || !patron_column_read_doubles (column, 0, n, values, error))
    {
      patron_free (values);
      return NULL;
    }
  if (type == PATRON_TYPE_NUMBER)
    return patron_column_new_take (name, type, n, values, NULL);
  /* In place: a gint64 for each double. Dates are days and times microseconds. */
  gint64 *wide = (gint64 *) (gpointer) values;
  double unit = type == PATRON_TYPE_TIME ? 86400e6 : 1;
  for (gsize i = 0; i < n; i++)
    {
      double value = values[i] * unit;
      wide[i] = fabs (value) < 9.2e18 ? (gint64) value : PATRON_INTEGER_MISSING;
    }
  return patron_column_new_take (name, type, n, wide, NULL);
}

PatronColumn *
patron_column_widen (PatronColumn *column, PatronType type, GError **error)
{
  gboolean texts = type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT;
  if (patron_column_get_type (column) == type)
    return patron_column_ref (column);
  if (texts && patron_column_has_dict (column))
    return patron_column_retype (column, type);
  g_autoptr (PatronColumn) wide = texts ? write_out (column, error) : widen_numbers (column, type, error);
  if (wide == NULL || type != PATRON_TYPE_CATEGORY)
    return g_steal_pointer (&wide);
  return patron_column_retype (wide, type);
}

/* ---- several ---------------------------------------------------------------------------------------------------------- */

static void
fill_missing (PatronType type, gpointer out, gsize start, gsize n)
{
  for (gsize i = start; i < start + n; i++)
    switch (type)
      {
      case PATRON_TYPE_NUMBER:
        ((double *) out)[i] = (double) NAN;
        break;
      case PATRON_TYPE_BOOLEAN:
        ((guint8 *) out)[i] = PATRON_BOOLEAN_MISSING;
        break;
      case PATRON_TYPE_CATEGORY:
      case PATRON_TYPE_TEXT:
        ((gint32 *) out)[i] = PATRON_CODE_MISSING;
        break;
      case PATRON_TYPE_DATE:
        ((gint32 *) out)[i] = PATRON_DATE_MISSING;
        break;
      default:
        ((gint64 *) out)[i] = PATRON_INTEGER_MISSING;
        break;
      }
}

/* Codes from the part's dictionary to the common one. */
static gboolean
translate (PatronColumn *part, PatronDictBuilder *builder, gint32 *codes, gsize n, GError **error)
{
  PatronDict *dict = patron_column_dict (part, error);
  gsize size = dict != NULL ? patron_dict_size (dict) : 0;
  gint32 *map = dict != NULL ? patron_try_alloc_values (size, sizeof *map, _("joining texts"), error) : NULL;
  if (map == NULL)
    return FALSE;
  for (gsize c = 0; c < size; c++)
    map[c] = patron_dict_builder_add (builder, patron_dict_get (dict, (gint32) c), (gssize) patron_dict_length (dict, (gint32) c));
  for (gsize i = 0; i < n; i++)
    codes[i] = codes[i] < 0 ? PATRON_CODE_MISSING : map[codes[i]];
  patron_free (map);
  return TRUE;
}

static gboolean
copy_part (PatronColumn *part, PatronType type, PatronDictBuilder *builder, gpointer out, gsize start, gsize n, GError **error)
{
  if (part == NULL)
    {
      fill_missing (type, out, start, n);
      return TRUE;
    }
  g_autoptr (PatronColumn) wide = patron_column_widen (part, type, error);
  char *at = (char *) out + start * patron_type_size (type);
  if (wide == NULL || !patron_column_read (wide, 0, n, at, error))
    return FALSE;
  return builder == NULL || translate (wide, builder, (gint32 *) (gpointer) at, n, error);
}

PatronColumn *
patron_columns_stack (const char *name, PatronType type, PatronColumn *const *parts, const gsize *lengths, guint n_parts, PatronRun *run, GError **error)
{
  gsize n = 0;
  for (guint p = 0; p < n_parts; p++)
    n += lengths[p];
  gpointer out = patron_try_alloc_values (n, patron_type_size (type), name, error);
  if (out == NULL)
    return NULL;
  gboolean texts = type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT, done = TRUE;
  PatronDictBuilder *builder = texts ? patron_dict_builder_new () : NULL;
  gsize start = 0;
  for (guint p = 0; done && p < n_parts; p++)
    {
      done = copy_part (parts[p], type, builder, out, start, lengths[p], error) && patron_run_check (run, error);
      start += lengths[p];
    }
  PatronDict *dict = builder != NULL ? patron_dict_builder_finish (builder) : NULL;
  if (done)
    return patron_column_new_take (name, type, n, out, dict);
  if (dict != NULL)
    patron_dict_unref (dict);
  patron_free (out);
  return NULL;
}
