/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/columns.h"

#include "base/memory.h"
#include "base/names.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

gsize
patron_prepare_n_rows (const PatronPrepareInput *input)
{
  return input->rows != NULL ? input->n_rows : patron_table_n_rows (input->table);
}

double *
patron_prepare_gather (const PatronPrepareInput *input, PatronColumn *column, PatronRun *run, GError **error)
{
  gsize all = patron_column_get_length (column), n = patron_prepare_n_rows (input), at = 0;
  double *values = patron_try_alloc_values (n, sizeof *values, patron_column_get_name (column), error);
  double *chunk
      = values != NULL && input->rows != NULL ? patron_try_alloc (PATRON_CHUNK_ROWS, sizeof *chunk, patron_column_get_name (column), error) : NULL;
  gboolean ok = values != NULL && (input->rows == NULL || chunk != NULL);
  for (gsize start = 0; ok && start < all; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (all - start, PATRON_CHUNK_ROWS);
      if (chunk != NULL && (at == n || input->rows[at] >= start + part))   /* rows ascend */
        continue;
      ok = patron_column_read_doubles (column, start, part, chunk != NULL ? chunk : values + start, error) && patron_run_check (run, error);
      for (; ok && chunk != NULL && at < n && input->rows[at] < start + part; at++)
        values[at] = chunk[input->rows[at] - start];
    }
  patron_free (chunk);
  if (!ok)
    g_clear_pointer (&values, patron_free);
  return values;
}

double *
patron_prepare_known (const PatronPrepareInput *input, PatronColumn *column, gsize *n, PatronRun *run, GError **error)
{
  double *values = patron_prepare_gather (input, column, run, error);
  gsize all = patron_prepare_n_rows (input);
  *n = 0;
  for (gsize i = 0; values != NULL && i < all; i++)
    if (isfinite (values[i]))
      values[(*n)++] = values[i];
  return values;
}

/* ---- classes --------------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  gsize       count;
  gint32      code;
} Level;

static int
compare_levels (gconstpointer a, gconstpointer b)
{
  const Level *x = a, *y = b;
  if (x->count != y->count)
    return x->count < y->count ? 1 : -1;
  return strcmp (x->name, y->name);
}

/* First codes in any order: codes of a dictionary as they are, other values by their text. names: of char*. */
static gint32 *
first_codes (const PatronPrepareInput *input, PatronColumn *column, GPtrArray *names, guint most, PatronRun *run, GError **error)
{
  gsize n = patron_prepare_n_rows (input);
  double *values = patron_prepare_gather (input, column, run, error);
  gint32 *codes = values != NULL ? patron_try_alloc_values (n, sizeof *codes, patron_column_get_name (column), error) : NULL;
  PatronDict *dict = codes != NULL && patron_column_has_dict (column) ? patron_column_dict (column, error) : NULL;
  if (codes == NULL || (patron_column_has_dict (column) && dict == NULL))
    {
      patron_free (values);
      patron_free (codes);
      return NULL;
    }
  for (gsize code = 0; dict != NULL && code < patron_dict_size (dict); code++)
    g_ptr_array_add (names, g_strdup (patron_dict_get (dict, (gint32) code)));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_double_hash, g_double_equal);
  for (gsize i = 0; i < n; i++)
    {
      if (isnan (values[i]) || (dict != NULL && values[i] < 0))
        codes[i] = -1;
      else if (dict != NULL)
        codes[i] = (gint32) values[i];
      else
        {
          values[i] += 0.0;   /* -0 is 0 */
          gpointer code = NULL;
          if (!g_hash_table_lookup_extended (seen, &values[i], NULL, &code))
            {
              if (names->len > most)
                break;
              gsize row = input->rows != NULL ? input->rows[i] : i;
              code = GINT_TO_POINTER (names->len);
              g_ptr_array_add (names, patron_column_format (column, row));
              g_hash_table_insert (seen, &values[i], code);
            }
          codes[i] = GPOINTER_TO_INT (code);
        }
    }
  g_hash_table_remove_all (seen);
  patron_free (values);
  return codes;
}

gboolean
patron_classes_init (PatronClasses *classes, const PatronPrepareInput *input, PatronColumn *column, guint most, PatronRun *run, GError **error)
{
  gsize n = patron_prepare_n_rows (input);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  *classes = (PatronClasses) { .codes = first_codes (input, column, names, most, run, error) };
  if (classes->codes == NULL)
    return FALSE;
  g_autofree gsize *counts = g_new0 (gsize, names->len + 1);
  g_autofree gint32 *map = g_new (gint32, names->len + 1);
  if (names->len <= most || patron_column_has_dict (column))
    for (gsize i = 0; i < n; i++)
      counts[classes->codes[i] + 1]++;
  g_autoptr (GArray) levels = g_array_new (FALSE, FALSE, sizeof (Level));
  for (guint code = 0; code < names->len; code++)
    if (counts[code + 1] > 0)
      g_array_append_val (levels, ((Level) { .name = names->pdata[code], .count = counts[code + 1], .code = (gint32) code }));
  if (levels->len > most || (names->len > most && !patron_column_has_dict (column)))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” has more than %u different values, too many to be told apart here."),
                   patron_column_get_name (column), most);
      patron_classes_clear (classes);
      return FALSE;
    }
  g_array_sort (levels, compare_levels);
  classes->n_missing = counts[0];
  classes->n_classes = levels->len;
  classes->names = g_new0 (char *, levels->len + 1);
  classes->counts = g_new0 (gsize, levels->len + 1);
  map[0] = -1;
  for (guint k = 0; k < levels->len; k++)
    {
      const Level *level = &g_array_index (levels, Level, k);
      classes->names[k] = g_strdup (level->name);
      classes->counts[k] = level->count;
      map[level->code + 1] = (gint32) k;
    }
  for (gsize i = 0; i < n; i++)
    classes->codes[i] = map[classes->codes[i] + 1];
  return TRUE;
}

void
patron_classes_clear (PatronClasses *classes)
{
  patron_free (classes->codes);
  g_strfreev (classes->names);
  g_free (classes->counts);
  *classes = (PatronClasses) { .n_classes = 0 };
}

/* ---- matching -------------------------------------------------------------------------------------------------- */

static GHashTable *
index_names (const char *const *names)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint k = 0; names[k] != NULL; k++)
    g_hash_table_insert (index, (gpointer) names[k], GUINT_TO_POINTER (k + 1));
  return index;
}

static gint32
find_name (GHashTable *index, const char *name)
{
  guint k = GPOINTER_TO_UINT (g_hash_table_lookup (index, name));
  return k > 0 ? (gint32) k - 1 : -2;
}

/* The dictionary is matched once, not every row. */
static gboolean
match_codes (PatronColumn *column, GHashTable *index, gint32 *out, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  gsize n = patron_column_get_length (column), size = dict != NULL ? patron_dict_size (dict) : 0;
  gint32 *map = dict != NULL ? patron_try_alloc_values (size + 1, sizeof *map, patron_column_get_name (column), error) : NULL;
  if (map == NULL)
    return FALSE;
  map[0] = -1;
  for (gsize code = 0; code < size; code++)
    map[code + 1] = find_name (index, patron_dict_get (dict, (gint32) code));
  gboolean ok = TRUE;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read (column, start, part, out + start, error) && patron_run_check (run, error);
      for (gsize i = start; ok && i < start + part; i++)
        out[i] = map[out[i] + 1];
    }
  patron_free (map);
  return ok;
}

/* Other types: each distinct value is written as text once. */
static gboolean
match_values (PatronColumn *column, GHashTable *index, gint32 *out, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  double *chunk = patron_try_alloc (PATRON_CHUNK_ROWS, sizeof *chunk, patron_column_get_name (column), error);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_double_hash, g_double_equal, g_free, NULL);
  gboolean ok = chunk != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read_doubles (column, start, part, chunk, error) && patron_run_check (run, error);
      for (gsize i = 0; ok && i < part; i++)
        {
          double value = chunk[i] + 0.0;
          gpointer known;
          if (isnan (value))
            out[start + i] = -1;
          else if (g_hash_table_lookup_extended (seen, &value, NULL, &known))
            out[start + i] = GPOINTER_TO_INT (known);
          else
            {
              g_autofree char *text = patron_column_format (column, start + i);
              out[start + i] = find_name (index, text);
              g_hash_table_insert (seen, g_memdup2 (&value, sizeof value), GINT_TO_POINTER (out[start + i]));
            }
        }
    }
  patron_free (chunk);
  return ok;
}

gint32 *
patron_prepare_match (PatronColumn *column, const char *const *names, PatronRun *run, GError **error)
{
  gint32 *out = patron_try_alloc_values (patron_column_get_length (column), sizeof *out, patron_column_get_name (column), error);
  if (out == NULL)
    return NULL;
  g_autoptr (GHashTable) index = index_names (names);
  if (!(patron_column_has_dict (column) ? match_codes : match_values) (column, index, out, run, error))
    g_clear_pointer (&out, patron_free);
  return out;
}

/* ---- making ---------------------------------------------------------------------------------------------------- */

PatronColumn *
patron_prepare_map (PatronColumn *column, const char *name, PatronMapBody body, gpointer data, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  double *values = patron_try_alloc_values (n, sizeof *values, name, error);
  gboolean ok = values != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read_doubles (column, start, part, values + start, error) && patron_run_check (run, error);
      if (ok)
        body (values + start, part, data);
    }
  if (ok)
    return patron_column_new_take (name, PATRON_TYPE_NUMBER, n, values, NULL);
  patron_free (values);
  return NULL;
}

void
patron_prepare_put (PatronTable **table, PatronColumn *column)
{
  PatronTable *next = patron_table_with_column (*table, column);
  patron_column_unref (column);
  patron_table_unref (*table);
  *table = next;
}

void
patron_prepare_drop (PatronTable **table, const char *column)
{
  PatronTable *next = patron_table_without (*table, column);
  patron_table_unref (*table);
  *table = next;
}

char *
patron_prepare_free_name (PatronTable *table, const char *name)
{
  char *wanted = g_strdup (name);
  for (guint k = 2; patron_table_find (table, wanted) != NULL; k++)
    {
      g_free (wanted);
      wanted = g_strdup_printf ("%s %u", name, k);
    }
  return wanted;
}

char **
patron_prepare_named_or_all (PatronTable *table, const char *names, const char *except)
{
  char **named = patron_names_split (names);
  if (named[0] != NULL)
    return named;
  g_strfreev (named);
  GPtrArray *all = g_ptr_array_new ();
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      const char *name = patron_column_get_name (patron_table_column (table, c));
      if (!g_str_equal (name, except))
        g_ptr_array_add (all, g_strdup (name));
    }
  g_ptr_array_add (all, NULL);
  return (char **) g_ptr_array_free (all, FALSE);
}

char *
patron_prepare_short_list (const char *text)
{
  g_auto (GStrv) names = patron_names_split (text);
  guint n = g_strv_length (names);
  if (n <= 3)
    return g_strjoinv (", ", names);
  return g_strdup_printf (_("%s, %s and %u more"), names[0], names[1], n - 2);
}

void
patron_prepare_tell_absent (PatronReport *report, PatronTable *table, const char *const *names)
{
  g_autoptr (GString) absent = g_string_new (NULL);
  guint n = 0;
  for (guint k = 0; names[k] != NULL; k++)
    if (patron_table_find (table, names[k]) == NULL)
      {
        g_string_append_printf (absent, "%s%s", n > 0 ? ", " : "", names[k]);
        n++;
      }
  if (n > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|column is|columns are} not in this table and {n|is|are} passed over: {names}."), "n",
                                                 PATRON_COUNT (n), "names", PATRON_STRING (absent->str), NULL));
}
