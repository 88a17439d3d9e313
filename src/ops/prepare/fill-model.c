/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/fill-parts.h"

#include "base/memory.h"
#include "base/random.h"
#include "table/design.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

extern const PatronOp patron_op_random_forest;

enum { MOST_ROWS = 20000, MOST_CLASSES = 200, PREDICT_ROWS = 65536 };

/* A forest that knows one column. */
typedef struct
{
  PatronDesign *design;
  gpointer      state;
  char        **classes;      /* NULL: predicts a number */
} Model;

static void
model_clear (Model *model)
{
  if (model->state != NULL)
    patron_op_random_forest.model->clear (model->state);
  g_free (model->state);
  g_clear_pointer (&model->design, patron_design_free);
  g_strfreev (model->classes);
  *model = (Model) { .state = NULL };
}

static gpointer
forest_params (gboolean classes)
{
  gpointer params = patron_op_new_params (&patron_op_random_forest);
  patron_param_parse (patron_params_find (patron_op_random_forest.params, "n_estimators"), "50", params, NULL);
  patron_param_parse (patron_params_find (patron_op_random_forest.params, "min_samples_leaf"), classes ? "3" : "5", params, NULL);
  return params;
}

/* ---- learning -------------------------------------------------------------------------------------------------- */

/* Rows with a known value: where they are in the table, and the value or the class. */
typedef struct
{
  gsize    n;
  guint32 *rows;
  double  *y;
} Known;

static void
known_clear (Known *known)
{
  patron_free (known->rows);
  patron_free (known->y);
}

static gboolean
find_known (Known *known, const PatronPrepareInput *input, const double *values, PatronRun *run, GError **error)
{
  gsize n = patron_prepare_n_rows (input);
  known->rows = patron_try_alloc (n, sizeof *known->rows, _("the rows of a model"), error);
  known->y = known->rows != NULL ? patron_try_alloc (n, sizeof *known->y, _("the rows of a model"), error) : NULL;
  if (known->y == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        known->rows[known->n] = input->rows != NULL ? input->rows[i] : (guint32) i;
        known->y[known->n++] = values[i];
      }
  if (known->n <= MOST_ROWS)
    return TRUE;
  g_autofree guint32 *chosen = g_new (guint32, MOST_ROWS);
  PatronRandom random;
  patron_random_init (&random, patron_run_get_seed (run), 0x66696c6c);
  patron_random_sample (&random, known->n, MOST_ROWS, chosen);
  for (gsize k = 0; k < MOST_ROWS; k++)   /* ascending: nothing is overwritten before it is read */
    {
      known->rows[k] = known->rows[chosen[k]];
      known->y[k] = known->y[chosen[k]];
    }
  known->n = MOST_ROWS;
  return TRUE;
}

/* Values as numbers, or class indices with their names. */
static double *
read_target (const PatronPrepareInput *input, PatronColumn *column, char ***class_names, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (column);
  if (!patron_column_has_dict (column) && type != PATRON_TYPE_BOOLEAN)
    return patron_prepare_gather (input, column, run, error);
  PatronClasses classes;
  if (!patron_classes_init (&classes, input, column, MOST_CLASSES, run, error))
    return NULL;
  gsize n = patron_prepare_n_rows (input);
  double *y = patron_try_alloc (n, sizeof *y, patron_column_get_name (column), error);
  for (gsize i = 0; y != NULL && i < n; i++)
    y[i] = classes.codes[i] < 0 ? (double) NAN : classes.codes[i];
  if (y != NULL)
    *class_names = g_steal_pointer (&classes.names);
  patron_classes_clear (&classes);
  return y;
}

static gboolean
fit (Model *model, PatronTable *table, const Known *known, char **predictors, PatronRun *run, GError **error)
{
  const PatronModelClass *forest = patron_op_random_forest.model;
  const PatronDesignOptions options = { .missing = forest->missing, .encoding = forest->encoding, .scale = PATRON_SCALE_NONE };
  model->design = patron_design_fit (table, (const char *const *) predictors, &options, known->rows, known->n, run, error);
  g_autoptr (PatronMatrix) x = model->design != NULL ? patron_design_apply (model->design, table, known->rows, known->n, NULL, run, error) : NULL;
  if (x == NULL)
    return FALSE;
  const PatronFitInput input = {
    .task = model->classes != NULL ? PATRON_TASK_CLASSIFICATION : PATRON_TASK_REGRESSION,
    .design = model->design,
    .x = x,
    .y = known->y,
    .n_classes = model->classes != NULL ? g_strv_length (model->classes) : 0,
    .class_names = (const char *const *) model->classes,
  };
  g_autofree gpointer params = forest_params (model->classes != NULL);
  model->state = forest->fit (&input, params, run, error);
  return model->state != NULL;
}

static void
visit (Model *model, PatronVisitor *visitor)
{
  patron_visit_strings (visitor, "classes", &model->classes);
  if (model->classes != NULL && model->classes[0] == NULL)
    g_clear_pointer (&model->classes, g_strfreev);   /* none: it predicts a number */
  patron_design_visit (&model->design, visitor);
  patron_op_random_forest.model->visit (model->state, visitor);
}

gboolean
patron_fill_learn_model (PatronLearnt *learnt, const PatronPrepareInput *input, PatronColumn *column, char **predictors, PatronRun *run,
                         GError **error)
{
  const char *name = patron_column_get_name (column);
  Model model = { 0 };
  Known known = { 0 };
  double *values = read_target (input, column, &model.classes, run, error);
  gboolean ok = values != NULL && find_known (&known, input, values, run, error);
  patron_free (values);
  patron_learnt_set_number (learnt, name, "rows", known.n);
  gboolean enough = known.n >= 2 && (model.classes == NULL || g_strv_length (model.classes) >= 2);
  if (ok && enough && (ok = fit (&model, input->table, &known, predictors, run, error)))
    {
      PatronVisitor *visitor = patron_visitor_new_save ();
      visit (&model, visitor);
      g_autoptr (GBytes) bytes = patron_visitor_finish (visitor, error);
      ok = bytes != NULL;
      if (ok)
        {
          gsize length;
          const guint8 *data = g_bytes_get_data (bytes, &length);
          g_autofree char *text = g_base64_encode (data, length);
          patron_learnt_set_text (learnt, name, "model", text);
        }
    }
  known_clear (&known);
  model_clear (&model);
  return ok;
}

/* ---- applying -------------------------------------------------------------------------------------------------- */

static gboolean
load (Model *model, const char *text, GError **error)
{
  gsize length;
  guint8 *data = g_base64_decode (text, &length);
  g_autoptr (GBytes) bytes = g_bytes_new_take (data, length);
  PatronVisitor *visitor = patron_visitor_new_load (bytes);
  GError *failure = NULL;
  model->state = g_malloc0 (patron_op_random_forest.model->state_size);
  visit (model, visitor);
  patron_visitor_finish (visitor, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

/* out: n predictions; of the most probable class its index. work: n × max (1, n_classes). */
static gboolean
predict (const Model *model, PatronTable *table, const guint32 *rows, gsize n, double *work, double *out, PatronRun *run, GError **error)
{
  g_autoptr (PatronMatrix) x = patron_design_apply (model->design, table, rows, n, NULL, run, error);
  if (x == NULL || !patron_op_random_forest.model->predict (model->state, x, work, run, error))
    return FALSE;
  guint k = model->classes != NULL ? g_strv_length (model->classes) : 1;
  for (gsize i = 0; i < n; i++)
    {
      guint best = 0;
      for (guint c = 1; c < k; c++)
        if (work[c * n + i] > work[best * n + i])
          best = c;
      out[i] = model->classes != NULL ? best : work[i];
    }
  return TRUE;
}

/* The fills and which row takes which. Classes are few; numbers are one for each row. */
static PatronColumn *
fill_predicted (const Model *model, PatronColumn *column, const guint32 *rows, gsize n_rows, double *predicted, PatronFillCount *count,
                PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  gint32 *which = patron_try_alloc (n, sizeof *which, patron_column_get_name (column), error);
  if (which == NULL)
    return NULL;
  memset (which, 0xff, n * sizeof *which);
  PatronFills fills = { 0 };
  gboolean texts = patron_column_has_dict (column);
  if (model->classes != NULL)
    {
      fills.n = g_strv_length (model->classes);
      fills.texts = texts ? g_new0 (char *, fills.n) : NULL;
      fills.numbers = texts ? NULL : g_new (double, fills.n);
      for (gsize k = 0; k < fills.n; k++)
        if (texts)
          fills.texts[k] = g_strdup (model->classes[k]);
        else
          fills.numbers[k] = g_str_equal (model->classes[k], "true");
      for (gsize i = 0; i < n_rows; i++)
        which[rows[i]] = (gint32) predicted[i];
    }
  else
    {
      fills.n = n_rows;
      fills.numbers = g_memdup2 (predicted, n_rows * sizeof *predicted);
      for (gsize i = 0; i < n_rows; i++)
        which[rows[i]] = (gint32) i;
    }
  PatronColumn *filled = patron_fill_from_list (column, which, &fills, count, run, error);
  patron_fills_clear (&fills);
  patron_free (which);
  return filled;
}

static PatronColumn *
apply_model (const Model *model, PatronTable *table, PatronColumn *column, const guint8 *missing, gsize n_missing, PatronFillCount *count,
             PatronRun *run, GError **error)
{
  gsize k = model->classes != NULL ? g_strv_length (model->classes) : 1, n = patron_column_get_length (column), at = 0;
  guint32 *rows = patron_try_alloc (n_missing, sizeof *rows, _("predicting"), error);
  double *predicted = rows != NULL ? patron_try_alloc (n_missing, sizeof *predicted, _("predicting"), error) : NULL;
  double *work = predicted != NULL ? patron_try_alloc (MIN (n_missing, PREDICT_ROWS) * k, sizeof *work, _("predicting"), error) : NULL;
  gboolean ok = work != NULL;
  for (gsize i = 0; ok && i < n; i++)
    if (missing[i])
      rows[at++] = (guint32) i;
  for (gsize begin = 0; ok && begin < n_missing; begin += PREDICT_ROWS)
    ok = predict (model, table, rows + begin, MIN (PREDICT_ROWS, n_missing - begin), work, predicted + begin, run, error);
  PatronColumn *filled = ok ? fill_predicted (model, column, rows, n_missing, predicted, count, run, error) : NULL;
  patron_free (rows);
  patron_free (predicted);
  patron_free (work);
  return filled;
}

PatronColumn *
patron_fill_apply_model (const PatronLearnt *learnt, PatronTable *table, PatronColumn *column, PatronFillCount *count, PatronRun *run, GError **error)
{
  g_autofree char *text = patron_learnt_dup_text (learnt, patron_column_get_name (column), "model");
  gsize n_missing;
  guint8 *missing = patron_fill_missing (column, &n_missing, run, error);
  if (missing == NULL)
    return NULL;
  PatronColumn *filled = NULL;
  if (text == NULL || n_missing == 0)   /* nothing to learn from, or nothing to fill */
    {
      count->n_missing = n_missing;
      filled = patron_column_ref (column);
    }
  else
    {
      Model model = { 0 };
      if (load (&model, text, error))
        filled = apply_model (&model, table, column, missing, n_missing, count, run, error);
      model_clear (&model);
    }
  patron_free (missing);
  return filled;
}
