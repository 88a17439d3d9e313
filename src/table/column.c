/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The values, shared by renamed and retyped columns. */
typedef struct
{
  gatomicrefcount    references;
  gsize              n;
  gsize              value_size;
  gpointer           values;       /* atomic; NULL until loaded */
  PatronDict        *dict;         /* atomic; NULL until loaded or without */
  gint64             n_missing;    /* under lock; -1: not counted */
  GMutex             lock;         /* of loading */
  PatronColumnSource source;       /* read is NULL for resident values */
  gpointer           owner;
} Values;

struct _PatronColumn
{
  gatomicrefcount references;
  char           *name;
  char           *unit;
  PatronType      type;
  Values         *values;
};

static const struct
{
  const char *id;
  const char *label;
  gsize       size;
  guint       accept;
} types[PATRON_N_TYPES] = {
  [PATRON_TYPE_NUMBER] = { "number", N_("Number"), sizeof (double), PATRON_ACCEPT_NUMERIC },
  [PATRON_TYPE_INTEGER] = { "integer", N_("Whole number"), sizeof (gint64), PATRON_ACCEPT_NUMERIC },
  [PATRON_TYPE_BOOLEAN] = { "boolean", N_("True or false"), sizeof (guint8), PATRON_ACCEPT_BOOLEAN },
  [PATRON_TYPE_CATEGORY] = { "category", N_("Category"), sizeof (gint32), PATRON_ACCEPT_CATEGORY },
  [PATRON_TYPE_TEXT] = { "text", N_("Text"), sizeof (gint32), PATRON_ACCEPT_TEXT },
  [PATRON_TYPE_DATE] = { "date", N_("Date"), sizeof (gint32), PATRON_ACCEPT_DATE },
  [PATRON_TYPE_TIME] = { "time", N_("Date and time"), sizeof (gint64), PATRON_ACCEPT_DATE },
  [PATRON_TYPE_DURATION] = { "duration", N_("Duration"), sizeof (gint64), PATRON_ACCEPT_NUMERIC },
};

gsize
patron_type_size (PatronType type)
{
  return types[type].size;
}

const char *
patron_type_id (PatronType type)
{
  return types[type].id;
}

const char *
patron_type_label (PatronType type)
{
  return types[type].label;
}

guint
patron_type_accept (PatronType type)
{
  return types[type].accept;
}

gboolean
patron_type_from_id (const char *id, PatronType *type)
{
  for (int i = 0; i < PATRON_N_TYPES; i++)
    if (g_strcmp0 (types[i].id, id) == 0)
      {
        *type = i;
        return TRUE;
      }
  return FALSE;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static Values *
values_new (PatronType type, gsize n)
{
  Values *values = g_new0 (Values, 1);
  g_atomic_ref_count_init (&values->references);
  g_mutex_init (&values->lock);
  values->n = n;
  values->value_size = patron_type_size (type);
  values->n_missing = -1;
  return values;
}

static Values *
values_ref (Values *values)
{
  g_atomic_ref_count_inc (&values->references);
  return values;
}

static void
values_unref (Values *values)
{
  if (!g_atomic_ref_count_dec (&values->references))
    return;
  patron_free (values->values);
  g_clear_pointer (&values->dict, patron_dict_unref);
  if (values->source.free != NULL)
    values->source.free (values->owner);
  g_mutex_clear (&values->lock);
  g_free (values);
}

/* Under the lock. */
static gpointer
load_values (Values *values, const char *name, GError **error)
{
  gpointer loaded = patron_try_alloc_values (values->n, values->value_size, name, error);
  if (loaded != NULL && !values->source.read (values->owner, 0, values->n, loaded, error))
    g_clear_pointer (&loaded, patron_free);
  patron_memory_settle (loaded);
  return loaded;
}

static gconstpointer
values_load (Values *values, const char *name, GError **error)
{
  gpointer loaded = g_atomic_pointer_get (&values->values);
  if (loaded != NULL)
    return loaded;
  g_mutex_lock (&values->lock);
  loaded = g_atomic_pointer_get (&values->values);
  if (loaded == NULL)
    {
      loaded = load_values (values, name, error);
      g_atomic_pointer_set (&values->values, loaded);
    }
  g_mutex_unlock (&values->lock);
  return loaded;
}

static PatronDict *
values_dict (Values *values, GError **error)
{
  PatronDict *dict = g_atomic_pointer_get (&values->dict);
  if (dict != NULL)
    return dict;
  g_mutex_lock (&values->lock);
  dict = g_atomic_pointer_get (&values->dict);
  if (dict == NULL)
    {
      dict = values->source.dict (values->owner, error);
      g_atomic_pointer_set (&values->dict, dict);
    }
  g_mutex_unlock (&values->lock);
  return dict;
}

/* ---- columns ------------------------------------------------------------------------------------------------ */

static PatronColumn *
column_wrap (const char *name, const char *unit, PatronType type, Values *values)
{
  PatronColumn *column = g_new0 (PatronColumn, 1);
  g_atomic_ref_count_init (&column->references);
  column->name = g_strdup (name);
  column->unit = g_strdup (unit);
  column->type = type;
  column->values = values;
  return column;
}

PatronColumn *
patron_column_new_take (const char *name, PatronType type, gsize n, gpointer data, PatronDict *dict)
{
  Values *values = values_new (type, n);
  values->values = data;
  values->dict = dict;
  return column_wrap (name, NULL, type, values);
}

PatronColumn *
patron_column_new_lazy (const char *name, PatronType type, gsize n, const PatronColumnSource *source, gpointer owner)
{
  Values *values = values_new (type, n);
  values->source = *source;
  values->owner = owner;
  return column_wrap (name, NULL, type, values);
}

PatronColumn *
patron_column_ref (PatronColumn *column)
{
  g_atomic_ref_count_inc (&column->references);
  return column;
}

void
patron_column_unref (PatronColumn *column)
{
  if (!g_atomic_ref_count_dec (&column->references))
    return;
  values_unref (column->values);
  g_free (column->name);
  g_free (column->unit);
  g_free (column);
}

gboolean
patron_column_is_resident (PatronColumn *column)
{
  return g_atomic_pointer_get (&column->values->values) != NULL;
}

gpointer
patron_column_get_owner (PatronColumn *column, gboolean (*read) (gpointer owner, gsize start, gsize n, gpointer out, GError **error))
{
  return column->values->source.read == read ? column->values->owner : NULL;
}

const char *
patron_column_get_name (const PatronColumn *column)
{
  return column->name;
}

PatronType
patron_column_get_type (const PatronColumn *column)
{
  return column->type;
}

gsize
patron_column_get_length (const PatronColumn *column)
{
  return column->values->n;
}

const char *
patron_column_get_unit (const PatronColumn *column)
{
  return column->unit;
}

gboolean
patron_column_has_dict (const PatronColumn *column)
{
  return column->type == PATRON_TYPE_CATEGORY || column->type == PATRON_TYPE_TEXT;
}

gconstpointer
patron_column_values (PatronColumn *column, GError **error)
{
  return values_load (column->values, column->name, error);
}

/* Of the budget, what one column may take for good. */
enum { LARGE_SHARE = 64 };

gconstpointer
patron_column_borrow (PatronColumn *column, gpointer *block, GError **error)
{
  Values *values = column->values;
  *block = NULL;
  if (g_atomic_pointer_get (&values->values) != NULL || values->n * values->value_size <= patron_memory_budget () / LARGE_SHARE)
    return patron_column_values (column, error);
  *block = load_values (values, column->name, error);
  return *block;
}

void
patron_column_settle (PatronColumn *column)
{
  patron_memory_settle (g_atomic_pointer_get (&column->values->values));
}

const double *
patron_column_doubles (PatronColumn *column, GError **error)
{
  g_return_val_if_fail (column->type == PATRON_TYPE_NUMBER, NULL);
  return patron_column_values (column, error);
}

const gint64 *
patron_column_int64s (PatronColumn *column, GError **error)
{
  g_return_val_if_fail (column->type == PATRON_TYPE_INTEGER || column->type == PATRON_TYPE_TIME || column->type == PATRON_TYPE_DURATION, NULL);
  return patron_column_values (column, error);
}

const gint32 *
patron_column_codes (PatronColumn *column, GError **error)
{
  g_return_val_if_fail (patron_column_has_dict (column), NULL);
  return patron_column_values (column, error);
}

const gint32 *
patron_column_days (PatronColumn *column, GError **error)
{
  g_return_val_if_fail (column->type == PATRON_TYPE_DATE, NULL);
  return patron_column_values (column, error);
}

const guint8 *
patron_column_booleans (PatronColumn *column, GError **error)
{
  g_return_val_if_fail (column->type == PATRON_TYPE_BOOLEAN, NULL);
  return patron_column_values (column, error);
}

PatronDict *
patron_column_dict (PatronColumn *column, GError **error)
{
  g_return_val_if_fail (patron_column_has_dict (column), NULL);
  return values_dict (column->values, error);
}

gboolean
patron_column_read (PatronColumn *column, gsize start, gsize n, gpointer out, GError **error)
{
  Values *values = column->values;
  g_return_val_if_fail (start <= values->n && n <= values->n - start, FALSE);
  const char *resident = g_atomic_pointer_get (&values->values);
  if (resident == NULL)
    return values->source.read (values->owner, start, n, out, error);
  memcpy (out, resident + start * values->value_size, n * values->value_size);
  return TRUE;
}

gboolean
patron_column_get_range (PatronColumn *column, gsize start, gsize n, PatronRange *range)
{
  Values *values = column->values;
  return n > 0 && values->source.range != NULL && values->source.range (values->owner, start, n, range);
}

/* ---- as doubles --------------------------------------------------------------------------------------------- */

static void
widen (PatronType type, gconstpointer in, gsize n, double *restrict out)
{
  const gint64 *wide = in;
  const gint32 *narrow = in;
  const guint8 *bytes = in;
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      memcpy (out, in, n * sizeof *out);
      break;
    case PATRON_TYPE_INTEGER:
      for (gsize i = 0; i < n; i++)
        out[i] = wide[i] == PATRON_INTEGER_MISSING ? (double) NAN : (double) wide[i];
      break;
    case PATRON_TYPE_TIME:
    case PATRON_TYPE_DURATION:
      for (gsize i = 0; i < n; i++)
        out[i] = wide[i] == PATRON_INTEGER_MISSING ? (double) NAN : (double) wide[i] * 1e-6;
      break;
    case PATRON_TYPE_DATE:
      for (gsize i = 0; i < n; i++)
        out[i] = narrow[i] == PATRON_DATE_MISSING ? (double) NAN : (double) narrow[i];
      break;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      for (gsize i = 0; i < n; i++)
        out[i] = narrow[i] < 0 ? (double) NAN : (double) narrow[i];
      break;
    case PATRON_TYPE_BOOLEAN:
      for (gsize i = 0; i < n; i++)
        out[i] = bytes[i] == PATRON_BOOLEAN_MISSING ? (double) NAN : (double) bytes[i];
      break;
    case PATRON_N_TYPES:
      break;
    }
}

gboolean
patron_column_read_doubles (PatronColumn *column, gsize start, gsize n, double *out, GError **error)
{
  Values *values = column->values;
  const char *resident = g_atomic_pointer_get (&values->values);
  if (resident != NULL)
    {
      widen (column->type, resident + start * values->value_size, n, out);
      return TRUE;
    }
  gint64 buffer[4096];
  for (gsize done = 0; done < n; )
    {
      gsize part = MIN (n - done, G_N_ELEMENTS (buffer));
      if (!values->source.read (values->owner, start + done, part, buffer, error))
        return FALSE;
      widen (column->type, buffer, part, out + done);
      done += part;
    }
  return TRUE;
}

static gsize
count_nan (const double *values, gsize n)
{
  gsize count = 0;
  for (gsize i = 0; i < n; i++)
    count += values[i] != values[i];
  return count;
}

gboolean
patron_column_count_missing (PatronColumn *column, gsize *n_missing, GError **error)
{
  Values *values = column->values;
  g_mutex_lock (&values->lock);
  gint64 known = values->n_missing;
  g_mutex_unlock (&values->lock);
  if (known < 0)
    {
      double buffer[4096];
      known = 0;
      for (gsize done = 0; done < values->n; )
        {
          gsize part = MIN (values->n - done, G_N_ELEMENTS (buffer));
          if (!patron_column_read_doubles (column, done, part, buffer, error))
            return FALSE;
          known += count_nan (buffer, part);
          done += part;
        }
      g_mutex_lock (&values->lock);
      values->n_missing = known;
      g_mutex_unlock (&values->lock);
    }
  *n_missing = known;
  return TRUE;
}

/* ---- new columns -------------------------------------------------------------------------------------------- */

PatronColumn *
patron_column_rename (PatronColumn *column, const char *name)
{
  return column_wrap (name, column->unit, column->type, values_ref (column->values));
}

PatronColumn *
patron_column_with_unit (PatronColumn *column, const char *unit)
{
  return column_wrap (column->name, unit, column->type, values_ref (column->values));
}

PatronColumn *
patron_column_retype (PatronColumn *column, PatronType type)
{
  g_return_val_if_fail (patron_column_has_dict (column) && (type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT), NULL);
  return column_wrap (column->name, column->unit, type, values_ref (column->values));
}

static void
gather (gconstpointer in, gsize value_size, const guint32 *rows, gsize n, gpointer out)
{
  if (value_size == 8)
    for (gsize i = 0; i < n; i++)
      ((guint64 *) out)[i] = ((const guint64 *) in)[rows[i]];
  else if (value_size == 4)
    for (gsize i = 0; i < n; i++)
      ((guint32 *) out)[i] = ((const guint32 *) in)[rows[i]];
  else
    for (gsize i = 0; i < n; i++)
      ((guint8 *) out)[i] = ((const guint8 *) in)[rows[i]];
}

PatronColumn *
patron_column_take (PatronColumn *column, const guint32 *rows, gsize n, GError **error)
{
  gconstpointer in = patron_column_values (column, error);
  if (in == NULL)
    return NULL;
  PatronDict *dict = NULL;
  if (patron_column_has_dict (column) && (dict = patron_column_dict (column, error)) == NULL)
    return NULL;
  gpointer out = patron_try_alloc_values (n, column->values->value_size, column->name, error);
  if (out == NULL)
    return NULL;
  gather (in, column->values->value_size, rows, n, out);
  PatronColumn *taken = patron_column_new_take (column->name, column->type, n, out, dict != NULL ? patron_dict_ref (dict) : NULL);
  taken->unit = g_strdup (column->unit);
  return taken;
}
