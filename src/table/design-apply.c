/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/design-private.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

gint32 *
patron_design_level_map (const PatronDesignSource *source, PatronColumn *column, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  if (dict == NULL)
    return NULL;
  g_autoptr (GHashTable) levels = g_hash_table_new (g_str_hash, g_str_equal);
  gint32 other = -1;
  for (guint i = 0; i < source->n_levels; i++)
    {
      g_hash_table_insert (levels, source->levels[i], GINT_TO_POINTER (i + 1));
      /* Only a full set of levels has the catch-all; a data value of that name would be an ordinary level. */
      if (source->n_levels + 1 >= PATRON_DESIGN_MAX_LEVELS && strcmp (source->levels[i], PATRON_LEVEL_OTHER) == 0)
        other = (gint32) i;
    }
  gsize n = patron_dict_size (dict);
  gint32 *map = g_new (gint32, MAX (n, 1));
  for (gsize code = 0; code < n; code++)
    {
      int found = GPOINTER_TO_INT (g_hash_table_lookup (levels, patron_dict_get (dict, (gint32) code)));
      map[code] = found > 0 ? found - 1 : other;
    }
  return map;
}

static void
gather_codes (const gint32 *codes, const gint32 *map, const guint32 *rows, gsize n_rows, double *out, gsize *n_unseen)
{
  gsize unseen = 0;
  for (gsize i = 0; i < n_rows; i++)
    {
      gint32 code = codes[rows != NULL ? rows[i] : i];
      gint32 level = code < 0 ? -1 : map[code];
      /* An unseen category is told apart from a missing one: -1 stands for no level at all. */
      out[i] = code < 0 ? (double) NAN : (double) level;
      unseen += code >= 0 && level < 0;
    }
  if (n_unseen != NULL)
    *n_unseen += unseen;
}

static gboolean
gather_numbers (PatronColumn *column, const guint32 *rows, gsize n_rows, double *out, GError **error)
{
  if (rows == NULL)
    return patron_column_read_doubles (column, 0, n_rows, out, error);
  if (patron_column_get_type (column) == PATRON_TYPE_NUMBER)
    {
      const double *values = patron_column_doubles (column, error);
      for (gsize i = 0; values != NULL && i < n_rows; i++)
        out[i] = values[rows[i]];
      return values != NULL;
    }
  /* Other types are widened block by block; rows are mostly ascending, so blocks are read about once. */
  enum { BLOCK = 4096 };
  double buffer[BLOCK];
  gsize length = patron_column_get_length (column), start = 0, end = 0;
  for (gsize i = 0; i < n_rows; i++)
    {
      if (rows[i] < start || rows[i] >= end)
        {
          start = rows[i] / BLOCK * BLOCK;
          end = MIN (length, start + BLOCK);
          if (!patron_column_read_doubles (column, start, end - start, buffer, error))
            return FALSE;
        }
      out[i] = buffer[rows[i] - start];
    }
  return TRUE;
}

gboolean
patron_design_gather (PatronColumn *column, const gint32 *map, const guint32 *rows, gsize n_rows, double *out, gsize *n_unseen, GError **error)
{
  if (map == NULL)
    return gather_numbers (column, rows, n_rows, out, error);
  const gint32 *codes = patron_column_codes (column, error);
  if (codes == NULL)
    return FALSE;
  gather_codes (codes, map, rows, n_rows, out, n_unseen);
  return TRUE;
}

typedef struct
{
  const PatronDesign *design;
  PatronTable        *table;
  const guint32      *rows;
  PatronMatrix       *matrix;
  const guint        *first;        /* first matrix column of each source; n_sources + 1 */
  GMutex              lock;         /* of notes */
  PatronDesignNotes   notes;
  GError             *error;
} Apply;

static gsize
fill_missing (double *values, gsize n, double fill)
{
  gsize filled = 0;
  for (gsize i = 0; i < n; i++)
    if (isnan (values[i]))
      {
        values[i] = fill;
        filled++;
      }
  return filled;
}

static void
scale_column (double *values, gsize n, const PatronDesignColumn *column)
{
  if (column->centre == 0 && column->scale == 1)
    return;
  double factor = 1 / column->scale, centre = column->centre;
  for (gsize i = 0; i < n; i++)
    values[i] = (values[i] - centre) * factor;
}

/* Level indices in levels (n) to 0/1 columns. */
static void
write_indicators (Apply *apply, guint s, const double *levels)
{
  gsize n = apply->matrix->n;
  for (guint j = apply->first[s]; j < apply->first[s + 1]; j++)
    {
      const PatronDesignColumn *column = patron_design_column (apply->design, j);
      double *out = apply->matrix->values + j * n;
      for (gsize i = 0; i < n; i++)
        out[i] = levels[i] == column->level;
      scale_column (out, n, column);
    }
}

static gboolean
same_kind (const PatronDesignSource *source, PatronColumn *column, GError **error)
{
  PatronType type = patron_column_get_type (column);
  if (patron_type_is_categorical (type) == patron_type_is_categorical (source->type))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Column “%s” is of type %s; the model was trained on %s."), source->name,
               _(patron_type_label (type)), _(patron_type_label (source->type)));
  return FALSE;
}

static gboolean
apply_source (Apply *apply, guint s, PatronDesignNotes *notes, GError **error)
{
  const PatronDesign *design = apply->design;
  const PatronDesignSource *source = patron_design_source (design, s);
  gsize n = apply->matrix->n;
  PatronColumn *column = patron_table_require (apply->table, source->name, error);
  if (column == NULL || !same_kind (source, column, error))
    return FALSE;
  gboolean categorical = patron_type_is_categorical (source->type);
  g_autofree gint32 *map = categorical ? patron_design_level_map (source, column, error) : NULL;
  if (categorical && map == NULL)
    return FALSE;
  gboolean indicators = categorical && design->options.encoding != PATRON_ENCODE_CODES;
  double *out = apply->matrix->values + apply->first[s] * n;
  double *scratch = indicators ? patron_try_alloc (n, sizeof *scratch, source->name, error) : out;
  if (scratch == NULL)
    return FALSE;
  gboolean ok = patron_design_gather (column, map, apply->rows, n, scratch, &notes->n_unseen, error);
  if (ok && design->options.missing == PATRON_MISSING_IMPUTE)
    notes->n_missing += fill_missing (scratch, n, source->fill);
  if (ok && indicators)
    write_indicators (apply, s, scratch);
  else if (ok && !categorical)
    scale_column (out, n, patron_design_column (design, apply->first[s]));
  if (indicators)
    patron_free (scratch);
  return ok;
}

static void
apply_range (gsize begin, gsize end, int worker, gpointer data)
{
  Apply *apply = data;
  for (gsize s = begin; s < end; s++)
    {
      GError *error = NULL;
      PatronDesignNotes notes = { 0, 0 };
      apply_source (apply, s, &notes, &error);
      g_mutex_lock (&apply->lock);
      apply->notes.n_missing += notes.n_missing;
      apply->notes.n_unseen += notes.n_unseen;
      g_mutex_unlock (&apply->lock);
      patron_error_keep (&apply->error, error);
    }
}

PatronMatrix *
patron_design_apply (const PatronDesign *design, PatronTable *table, const guint32 *rows, gsize n_rows,
                     PatronDesignNotes *notes, PatronRun *run, GError **error)
{
  gsize n = rows != NULL ? n_rows : patron_table_n_rows (table);
  PatronMatrix *matrix = patron_matrix_new (n, patron_design_n_columns (design), error);
  if (matrix == NULL)
    return NULL;
  guint n_sources = patron_design_n_sources (design);
  g_autofree guint *first = g_new0 (guint, n_sources + 1);
  for (guint j = 0; j < patron_design_n_columns (design); j++)
    first[patron_design_column (design, j)->source + 1]++;
  for (guint s = 0; s < n_sources; s++)
    first[s + 1] += first[s];
  Apply apply = { .design = design, .table = table, .rows = rows, .matrix = matrix, .first = first };
  g_mutex_init (&apply.lock);
  patron_parallel_for (run, n_sources, 1, apply_range, &apply);
  g_mutex_clear (&apply.lock);
  if (apply.error == NULL)
    patron_run_check (run, &apply.error);
  if (apply.error != NULL)
    {
      g_propagate_error (error, apply.error);
      patron_matrix_free (matrix);
      return NULL;
    }
  if (notes != NULL)
    *notes = apply.notes;
  return matrix;
}
