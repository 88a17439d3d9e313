/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/design-private.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

PatronMatrix *
patron_matrix_new (gsize n, gsize p, GError **error)
{
  double *values = n == 0 || p <= G_MAXSIZE / n ? patron_try_alloc (n * p, sizeof *values, _("the numbers of the model"), error) : NULL;
  if (values == NULL)
    return NULL;
  PatronMatrix *matrix = g_new (PatronMatrix, 1);
  *matrix = (PatronMatrix) { .n = n, .p = p, .values = values };
  return matrix;
}

void
patron_matrix_free (PatronMatrix *matrix)
{
  patron_free (matrix->values);
  g_free (matrix);
}

gboolean
patron_type_is_categorical (PatronType type)
{
  return type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT;
}

static void
source_free (gpointer data)
{
  PatronDesignSource *source = data;
  if (source == NULL)
    return;
  g_free (source->name);
  g_strfreev (source->levels);
  g_free (source);
}

static PatronDesign *
design_new (void)
{
  PatronDesign *design = g_new0 (PatronDesign, 1);
  design->sources = g_ptr_array_new_with_free_func (source_free);
  design->columns = g_array_new (FALSE, TRUE, sizeof (PatronDesignColumn));
  return design;
}

void
patron_design_free (PatronDesign *design)
{
  for (guint j = 0; j < design->columns->len; j++)
    g_free (g_array_index (design->columns, PatronDesignColumn, j).name);
  g_array_unref (design->columns);
  g_ptr_array_unref (design->sources);
  g_free (design);
}

/* ---- levels --------------------------------------------------------------------------------------------------- */

typedef struct
{
  gint32 code;
  gsize  count;
} LevelCount;

/* Most frequent first; equal counts in order of code, that is of first appearance. */
static int
compare_levels (gconstpointer a, gconstpointer b)
{
  const LevelCount *x = a, *y = b;
  if (x->count != y->count)
    return x->count < y->count ? 1 : -1;
  return x->code < y->code ? -1 : x->code > y->code;
}

static gboolean
count_levels (PatronColumn *column, const guint32 *rows, gsize n_rows, GArray *counts, gsize *n_missing, GError **error)
{
  const gint32 *codes = patron_column_codes (column, error);
  PatronDict *dict = codes != NULL ? patron_column_dict (column, error) : NULL;
  if (dict == NULL)
    return FALSE;
  gsize size = patron_dict_size (dict);
  gsize *by_code = patron_try_alloc0 (size + 1, sizeof *by_code, _("the categories"), error);
  if (by_code == NULL)
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    by_code[codes[rows != NULL ? rows[i] : i] + 1]++;
  *n_missing = by_code[0];
  for (gsize code = 0; code < size; code++)
    if (by_code[code + 1] > 0)
      g_array_append_val (counts, ((LevelCount) { .code = (gint32) code, .count = by_code[code + 1] }));
  patron_free (by_code);
  g_array_sort (counts, compare_levels);
  return TRUE;
}

static gboolean
fit_levels (PatronDesignSource *source, PatronColumn *column, const PatronDesignOptions *options, const guint32 *rows, gsize n_rows, GError **error)
{
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (LevelCount));
  if (!count_levels (column, rows, n_rows, counts, &source->n_missing, error))
    return FALSE;
  PatronDict *dict = patron_column_dict (column, NULL);
  gboolean own_missing = source->n_missing > 0 && options->missing == PATRON_MISSING_IMPUTE;
  guint room = PATRON_DESIGN_MAX_LEVELS - own_missing;
  gboolean crowded = counts->len > room;
  GPtrArray *levels = g_ptr_array_new ();
  for (guint i = 0; i < MIN (counts->len, crowded ? room - 1 : room); i++)
    g_ptr_array_add (levels, g_strdup (patron_dict_get (dict, g_array_index (counts, LevelCount, i).code)));
  if (crowded)
    g_ptr_array_add (levels, g_strdup (PATRON_LEVEL_OTHER));
  if (own_missing)
    g_ptr_array_add (levels, g_strdup (PATRON_LEVEL_MISSING));
  source->n_levels = levels->len;
  source->fill = own_missing ? levels->len - 1.0 : 0;
  g_ptr_array_add (levels, NULL);
  source->levels = (char **) g_ptr_array_free (levels, FALSE);
  return TRUE;
}

/* ---- numbers -------------------------------------------------------------------------------------------------- */

static void
moments (const double *values, gsize n, double *mean, double *deviation)
{
  double sum = 0;
  for (gsize i = 0; i < n; i++)
    sum += values[i];
  *mean = n > 0 ? sum / n : 0;
  double squares = 0;
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - *mean) * (values[i] - *mean);
  *deviation = n > 0 ? sqrt (squares / n) : 0;
}

/* Centre and scale of a numeric column from its present values, which it reorders. */
static void
fit_scale (PatronDesignColumn *column, PatronScale scale, double *values, gsize n)
{
  column->centre = 0;
  column->scale = 1;
  if (n == 0)
    return;
  switch (scale)
    {
    case PATRON_SCALE_STANDARD:
      moments (values, n, &column->centre, &column->scale);
      break;
    case PATRON_SCALE_ROBUST:
      column->centre = patron_quantile (values, n, 0.5);
      column->scale = patron_quantile (values, n, 0.75) - patron_quantile (values, n, 0.25);
      break;
    case PATRON_SCALE_MINMAX:
      {
        double low = values[0], high = values[0];
        for (gsize i = 1; i < n; i++)
          {
            low = MIN (low, values[i]);
            high = MAX (high, values[i]);
          }
        column->centre = low;
        column->scale = high - low;
        break;
      }
    case PATRON_SCALE_NONE:
      break;
    }
  if (!(column->scale > 0) || !isfinite (column->scale))
    column->scale = 1;
}

/* An indicator's mean is the level's share, so its scale needs no pass over the data. */
static void
fit_indicator_scale (PatronDesignColumn *column, PatronScale scale, double share)
{
  column->centre = 0;
  column->scale = 1;
  if (scale != PATRON_SCALE_STANDARD)
    return;
  column->centre = share;
  column->scale = share > 0 && share < 1 ? sqrt (share * (1 - share)) : 1;
}

/* ---- fit ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronTable               *table;
  const char *const         *features;
  const PatronDesignOptions *options;
  const guint32             *rows;
  gsize                      n_rows;
  PatronDesignSource       **sources;     /* one for each feature */
  GArray                   **columns;     /* one for each feature, of PatronDesignColumn */
  GError                    *error;
} Fit;

static gboolean
fit_number (Fit *fit, PatronDesignSource *source, PatronColumn *column, PatronDesignColumn *out, GError **error)
{
  double *values = patron_try_alloc (fit->n_rows, sizeof *values, source->name, error);
  if (values == NULL)
    return FALSE;
  gboolean ok = patron_design_gather (column, NULL, fit->rows, fit->n_rows, values, NULL, error);
  gsize present = 0;
  for (gsize i = 0; ok && i < fit->n_rows; i++)
    if (!isnan (values[i]))
      values[present++] = values[i];
  if (ok)
    {
      source->n_missing = fit->n_rows - present;
      fit_scale (out, fit->options->scale, values, present);
      source->fill = present > 0 && fit->options->missing == PATRON_MISSING_IMPUTE ? patron_quantile (values, present, 0.5) : 0;
    }
  patron_free (values);
  return ok;
}

static gboolean
fit_indicators (Fit *fit, PatronDesignSource *source, PatronColumn *column, GArray *out, GError **error)
{
  g_autofree gint32 *map = NULL;
  double *values = patron_try_alloc (fit->n_rows, sizeof *values, source->name, error);
  if (values == NULL)
    return FALSE;
  map = patron_design_level_map (source, column, error);
  gboolean ok = map != NULL && patron_design_gather (column, map, fit->rows, fit->n_rows, values, NULL, error);
  g_autofree gsize *counts = g_new0 (gsize, source->n_levels + 1);
  for (gsize i = 0; ok && i < fit->n_rows; i++)
    counts[isnan (values[i]) ? (gsize) source->fill : (gsize) values[i]]++;
  patron_free (values);
  for (guint level = fit->options->encoding == PATRON_ENCODE_CONTRASTS; ok && level < source->n_levels; level++)
    {
      PatronDesignColumn indicator = { .name = g_strdup_printf ("%s: %s", source->name, source->levels[level]), .level = (gint32) level };
      fit_indicator_scale (&indicator, fit->options->scale, (double) counts[level] / MAX (fit->n_rows, 1));
      g_array_append_val (out, indicator);
    }
  return ok;
}

static gboolean
fit_source (Fit *fit, guint s, GError **error)
{
  PatronColumn *column = patron_table_require (fit->table, fit->features[s], error);
  if (column == NULL)
    return FALSE;
  PatronDesignSource *source = fit->sources[s] = g_new0 (PatronDesignSource, 1);
  source->name = g_strdup (fit->features[s]);
  source->type = patron_column_get_type (column);
  PatronDesignColumn single = { .name = NULL, .level = -1, .centre = 0, .scale = 1 };
  gboolean categorical = patron_type_is_categorical (source->type);
  if (categorical && !fit_levels (source, column, fit->options, fit->rows, fit->n_rows, error))
    return FALSE;
  if (categorical && fit->options->encoding != PATRON_ENCODE_CODES)
    return fit_indicators (fit, source, column, fit->columns[s], error);
  if (!categorical && !fit_number (fit, source, column, &single, error))
    return FALSE;
  single.name = g_strdup (source->name);
  g_array_append_val (fit->columns[s], single);
  return TRUE;
}

static void
fit_range (gsize begin, gsize end, int worker, gpointer data)
{
  Fit *fit = data;
  for (gsize s = begin; s < end; s++)
    {
      GError *error = NULL;
      if (!fit_source (fit, s, &error))
        patron_error_keep (&fit->error, error);
    }
}

PatronDesign *
patron_design_fit (PatronTable *table, const char *const *features, const PatronDesignOptions *options,
                   const guint32 *rows, gsize n_rows, PatronRun *run, GError **error)
{
  guint n = g_strv_length ((char **) features);
  Fit fit = { .table = table, .features = features, .options = options, .rows = rows, .n_rows = rows != NULL ? n_rows : patron_table_n_rows (table) };
  fit.sources = g_new0 (PatronDesignSource *, n);
  fit.columns = g_new0 (GArray *, n);
  for (guint s = 0; s < n; s++)
    fit.columns[s] = g_array_new (FALSE, TRUE, sizeof (PatronDesignColumn));
  patron_parallel_for (run, n, 1, fit_range, &fit);

  PatronDesign *design = design_new ();
  design->options = *options;
  for (guint s = 0; s < n; s++)
    {
      for (guint j = 0; j < fit.columns[s]->len; j++)
        g_array_index (fit.columns[s], PatronDesignColumn, j).source = s;
      g_array_append_vals (design->columns, fit.columns[s]->data, fit.columns[s]->len);
      g_array_unref (fit.columns[s]);
      g_ptr_array_add (design->sources, fit.sources[s]);
    }
  g_free (fit.sources);
  g_free (fit.columns);
  if (fit.error == NULL)
    patron_run_check (run, &fit.error);
  if (fit.error != NULL)
    {
      g_propagate_error (error, fit.error);
      patron_design_free (design);
      return NULL;
    }
  return design;
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

guint
patron_design_n_columns (const PatronDesign *design)
{
  return design->columns->len;
}

const PatronDesignColumn *
patron_design_column (const PatronDesign *design, guint j)
{
  return &g_array_index (design->columns, PatronDesignColumn, j);
}

guint
patron_design_n_sources (const PatronDesign *design)
{
  return design->sources->len;
}

const PatronDesignSource *
patron_design_source (const PatronDesign *design, guint s)
{
  return design->sources->pdata[s];
}

gboolean
patron_design_is_categorical (const PatronDesign *design, guint j)
{
  const PatronDesignColumn *column = patron_design_column (design, j);
  return column->level < 0 && patron_type_is_categorical (patron_design_source (design, column->source)->type);
}

static void
visit_source (PatronDesignSource *source, PatronVisitor *visitor)
{
  int type = source->type;
  patron_visit_string (visitor, "name", &source->name);
  patron_visit_int (visitor, "type", &type);
  patron_visit_strings (visitor, "levels", &source->levels);
  patron_visit_double (visitor, "fill", &source->fill);
  patron_visit_size (visitor, "missing", &source->n_missing);
  if (source->name == NULL || type < 0 || type >= PATRON_N_TYPES)
    patron_visitor_fail (visitor, "source");
  else
    source->type = type;
  source->n_levels = source->levels != NULL ? g_strv_length (source->levels) : 0;
}

static void
visit_column (PatronDesign *design, PatronDesignColumn *column, PatronVisitor *visitor)
{
  int source = (int) column->source, level = column->level;
  patron_visit_string (visitor, "name", &column->name);
  patron_visit_int (visitor, "source", &source);
  patron_visit_int (visitor, "level", &level);
  patron_visit_double (visitor, "centre", &column->centre);
  patron_visit_double (visitor, "scale", &column->scale);
  if (column->name == NULL || source < 0 || (guint) source >= design->sources->len || level < -1 || !(column->scale > 0))
    patron_visitor_fail (visitor, "column");
  column->source = (guint) source;
  column->level = level;
}

void
patron_design_visit (PatronDesign **design_at, PatronVisitor *visitor)
{
  gboolean loading = patron_visitor_is_loading (visitor);
  PatronDesign *design = loading ? design_new () : *design_at;
  int missing = design->options.missing, encoding = design->options.encoding, scale = design->options.scale;
  gsize n_sources = design->sources->len, n_columns = design->columns->len;
  gboolean ok = patron_visit_int (visitor, "missing", &missing) && patron_visit_int (visitor, "encoding", &encoding)
                && patron_visit_int (visitor, "scale", &scale) && patron_visit_size (visitor, "sources", &n_sources);
  design->options = (PatronDesignOptions) { .missing = missing, .encoding = encoding, .scale = scale };
  for (gsize s = 0; ok && s < n_sources; s++)
    {
      if (loading)
        g_ptr_array_add (design->sources, g_new0 (PatronDesignSource, 1));
      visit_source (design->sources->pdata[s], visitor);
      ok = ((PatronDesignSource *) design->sources->pdata[s])->name != NULL;
    }
  ok = ok && patron_visit_size (visitor, "columns", &n_columns);
  for (gsize j = 0; ok && j < n_columns; j++)
    {
      if (loading)
        g_array_append_val (design->columns, ((PatronDesignColumn) { .scale = 1 }));
      PatronDesignColumn *column = &g_array_index (design->columns, PatronDesignColumn, j);
      visit_column (design, column, visitor);
      ok = column->name != NULL;
    }
  *design_at = design;
}
