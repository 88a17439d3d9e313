/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column-derive.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>
#include <string.h>

typedef struct
{
  PatronColumn    *source;
  gsize            source_size, size;   /* bytes of a value */
  PatronDict      *dict;
  PatronDeriveBody body;
  gpointer         data;
  GDestroyNotify   free_data;
  /* while the values are made at once */
  guint8          *out;
  GError          *error;
} Derived;

static void
derived_free (gpointer owner)
{
  Derived *derived = owner;
  patron_column_unref (derived->source);
  g_clear_pointer (&derived->dict, patron_dict_unref);
  if (derived->free_data != NULL)
    derived->free_data (derived->data);
  g_free (derived);
}

static gboolean
derived_read (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  const Derived *derived = owner;
  gsize most = MIN (n, PATRON_CHUNK_ROWS);
  gpointer in = patron_try_alloc_values (most, derived->source_size, patron_column_get_name (derived->source), error);
  gboolean ok = in != NULL;
  for (gsize done = 0; ok && done < n; done += most)
    {
      gsize part = MIN (most, n - done);
      ok = patron_column_read (derived->source, start + done, part, in, error);
      if (ok)
        derived->body (in, part, (guint8 *) out + done * derived->size, derived->data);
    }
  patron_free (in);
  return ok;
}

static PatronDict *
derived_dict (gpointer owner, GError **error)
{
  return patron_dict_ref (((const Derived *) owner)->dict);
}

static void
make_chunks (gsize begin, gsize end, int worker, gpointer data)
{
  Derived *derived = data;
  GError *error = NULL;
  if (!derived_read (derived, begin, end - begin, derived->out + begin * derived->size, &error))
    patron_error_keep (&derived->error, error);
}

static PatronColumn *
make_now (Derived *derived, const char *name, PatronType type, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (derived->source);
  derived->out = patron_try_alloc_values (n, derived->size, name, error);
  if (derived->out == NULL)
    return NULL;
  gboolean ok = patron_parallel_for (run, n, PATRON_CHUNK_ROWS, make_chunks, derived) || (run != NULL && patron_run_check (run, error));
  if (derived->error != NULL)
    {
      g_clear_error (error);
      g_propagate_error (error, derived->error);
      ok = FALSE;
    }
  if (ok)
    return patron_column_new_take (name, type, n, derived->out, derived->dict != NULL ? patron_dict_ref (derived->dict) : NULL);
  patron_free (derived->out);
  return NULL;
}

PatronColumn *
patron_column_derive (PatronColumn *column, const char *name, PatronType type, PatronDict *dict, PatronDeriveBody body, gpointer data,
                      GDestroyNotify free_data, PatronRun *run, GError **error)
{
  static const PatronColumnSource source = { .read = derived_read, .dict = derived_dict, .free = derived_free };
  Derived *derived = g_new0 (Derived, 1);
  *derived = (Derived) { .source = patron_column_ref (column), .source_size = patron_type_size (patron_column_get_type (column)),
                         .size = patron_type_size (type), .dict = dict, .body = body, .data = data, .free_data = free_data };
  if (!patron_column_is_resident (column))
    return patron_column_new_lazy (name, type, patron_column_get_length (column), &source, derived);
  PatronColumn *made = make_now (derived, name, type, run, error);
  derived_free (derived);
  return made;
}

/* ---- by code ------------------------------------------------------------------------------------------------------ */

#define DEFINE_LOOK_UP(name, ctype, missing)                               \
  static void                                                              \
  look_up_##name (gconstpointer in, gsize n, gpointer out, gconstpointer data) \
  {                                                                        \
    const gint32 *codes = in;                                              \
    const ctype *table = data;                                             \
    ctype *values = out;                                                   \
    for (gsize i = 0; i < n; i++)                                          \
      values[i] = codes[i] < 0 ? (missing) : table[codes[i]];              \
  }

DEFINE_LOOK_UP (numbers, double, (double) NAN)
DEFINE_LOOK_UP (integers, gint64, PATRON_INTEGER_MISSING)
DEFINE_LOOK_UP (booleans, guint8, PATRON_BOOLEAN_MISSING)
DEFINE_LOOK_UP (codes, gint32, PATRON_CODE_MISSING)
DEFINE_LOOK_UP (days, gint32, PATRON_DATE_MISSING)

PatronColumn *
patron_column_look_up (PatronColumn *column, const char *name, PatronType type, PatronDict *dict, gpointer table, PatronRun *run, GError **error)
{
  static const PatronDeriveBody bodies[PATRON_N_TYPES] = {
    [PATRON_TYPE_NUMBER] = look_up_numbers, [PATRON_TYPE_INTEGER] = look_up_integers, [PATRON_TYPE_BOOLEAN] = look_up_booleans,
    [PATRON_TYPE_CATEGORY] = look_up_codes, [PATRON_TYPE_TEXT] = look_up_codes, [PATRON_TYPE_DATE] = look_up_days,
    [PATRON_TYPE_TIME] = look_up_integers, [PATRON_TYPE_DURATION] = look_up_integers,
  };
  return patron_column_derive (column, name, type, dict, bodies[type], table, patron_free, run, error);
}

guint64 *
patron_column_count_codes (PatronColumn *column, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  gsize n = patron_column_get_length (column), size = dict != NULL ? patron_dict_size (dict) : 0;
  guint64 *counts = dict != NULL ? patron_try_alloc0_values (size + 1, sizeof *counts, patron_column_get_name (column), error) : NULL;
  gint32 *codes = counts != NULL ? patron_try_alloc_values (MIN (n, PATRON_CHUNK_ROWS), sizeof *codes, patron_column_get_name (column), error) : NULL;
  gboolean ok = codes != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read (column, start, part, codes, error) && (run == NULL || patron_run_check (run, error));
      for (gsize i = 0; ok && i < part; i++)
        counts[codes[i] < 0 ? size : (gsize) codes[i]]++;
    }
  patron_free (codes);
  if (!ok)
    g_clear_pointer (&counts, patron_free);
  return counts;
}
