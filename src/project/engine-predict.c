/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/engine-private.h"

#include "base/memory.h"
#include "ops/measures/quality.h"
#include "ops/registry.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The out-of-sample predictions of all splits, one after the other. */
typedef struct
{
  gsize    n;              /* rows over all splits */
  gsize    filled;
  guint    k;              /* outputs */
  double  *y;              /* n */
  double  *predicted;      /* n × k, column-major */
  double  *baseline;       /* n × k, or NULL */
  guint32 *fold;           /* n */
  guint32 *row;            /* n: row of the engine's table */
} Pool;

typedef struct
{
  PatronEngine   *engine;
  const PatronOp *op;
  gconstpointer   params;
  const PatronOp *rival;         /* NULL: none */
  gpointer        rival_params;
  PatronTarget    target;
  guint           n_splits;
  guint8         *test;          /* n_splits × n rows */
  Pool            pool;
} Predict;

static void
predict_clear (Predict *predict)
{
  patron_target_clear (&predict->target);
  g_free (predict->rival_params);
  patron_free (predict->test);
  patron_free (predict->pool.y);
  patron_free (predict->pool.predicted);
  patron_free (predict->pool.baseline);
  patron_free (predict->pool.fold);
  patron_free (predict->pool.row);
}

static guint
n_outputs (const PatronTarget *target)
{
  return target->task == PATRON_TASK_CLASSIFICATION ? g_strv_length (target->class_names) : 1;
}

/* ---- splitting -------------------------------------------------------------------------------------------------- */

static gboolean
read_days (PatronEngine *engine, const char *name, double *days, GError **error)
{
  PatronColumn *column = patron_table_require (engine->table, name, error);
  if (column == NULL)
    return FALSE;
  PatronType type = patron_column_get_type (column);
  if (type != PATRON_TYPE_DATE && type != PATRON_TYPE_TIME)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” is of type %s; a split by time needs a date."), name, _(patron_type_label (type)));
      return FALSE;
    }
  gsize n = patron_table_n_rows (engine->table);
  if (!patron_column_read_doubles (column, 0, n, days, error))
    return FALSE;
  for (gsize i = 0; type == PATRON_TYPE_TIME && i < n; i++)
    days[i] /= 86400;
  return TRUE;
}

static gboolean
split (Predict *predict, GError **error)
{
  const PatronStep *measure = predict->engine->recipe->measure;
  gsize n = predict->target.n;
  predict->n_splits = measure->op->measure->n_splits (measure->params);
  if (predict->n_splits == 0)
    return TRUE;
  const char *date = patron_roles_first (measure->roles, PATRON_ROLE_DATE);
  if (date == NULL)
    date = patron_roles_first (predict->engine->roles, PATRON_ROLE_DATE);
  double *days = NULL;
  if (date != NULL && ((days = patron_try_alloc (n, sizeof *days, date, error)) == NULL || !read_days (predict->engine, date, days, error)))
    {
      patron_free (days);
      return FALSE;
    }
  predict->test = patron_try_alloc (n, predict->n_splits, _("the test rows"), error);
  gboolean ok = predict->test != NULL;
  const double *strata = predict->target.task == PATRON_TASK_CLASSIFICATION ? predict->target.y : NULL;
  for (guint s = 0; ok && s < predict->n_splits; s++)
    ok = measure->op->measure->split (measure->params, s, n, strata, days, predict->engine->recipe->seed, predict->test + s * n, error);
  for (gsize i = 0; ok && i < n * predict->n_splits; i++)
    predict->pool.n += predict->test[i] != 0;
  patron_free (days);
  return ok;
}

static gboolean
pool_alloc (Predict *predict, GError **error)
{
  Pool *pool = &predict->pool;
  const char *purpose = _("the predictions");
  pool->k = n_outputs (&predict->target);
  pool->y = patron_try_alloc (pool->n, sizeof *pool->y, purpose, error);
  pool->predicted = pool->y != NULL ? patron_try_alloc (pool->n, pool->k * sizeof *pool->predicted, purpose, error) : NULL;
  pool->fold = pool->predicted != NULL ? patron_try_alloc (pool->n, sizeof *pool->fold, purpose, error) : NULL;
  pool->row = pool->fold != NULL ? patron_try_alloc (pool->n, sizeof *pool->row, purpose, error) : NULL;
  if (pool->row != NULL && predict->rival != NULL)
    pool->baseline = patron_try_alloc (pool->n, pool->k * sizeof *pool->baseline, purpose, error);
  return pool->row != NULL && (predict->rival == NULL || pool->baseline != NULL);
}

/* ---- one fit ---------------------------------------------------------------------------------------------------- */

/* The rows of one fit, and their targets. */
typedef struct
{
  guint32 *rows;
  gsize    n;
  double  *y, *weights;
} Part;

static void
part_clear (Part *part)
{
  patron_free (part->rows);
  patron_free (part->y);
  patron_free (part->weights);
}

/* Rows where test[i] equals wanted; all rows when test is NULL. */
static gboolean
part_select (Part *part, const PatronTarget *target, const guint8 *test, gboolean wanted, GError **error)
{
  const char *purpose = _("the rows of a model");
  part->rows = patron_try_alloc (target->n, sizeof *part->rows, purpose, error);
  part->y = part->rows != NULL ? patron_try_alloc (target->n, sizeof *part->y, purpose, error) : NULL;
  if (part->y != NULL && target->weights != NULL)
    part->weights = patron_try_alloc (target->n, sizeof *part->weights, purpose, error);
  if (part->y == NULL || (target->weights != NULL && part->weights == NULL))
    return FALSE;
  for (gsize i = 0; i < target->n; i++)
    if (test == NULL || (test[i] != 0) == wanted)
      {
        part->rows[part->n] = (guint32) i;
        part->y[part->n] = target->y[i];
        if (part->weights != NULL)
          part->weights[part->n] = target->weights[i];
        part->n++;
      }
  return TRUE;
}

typedef struct
{
  PatronTable   *table;        /* the engine's, or with the steps that learn fitted on the rows of this part */
  PatronDesign  *design;
  PatronMatrix  *x;
  PatronFitInput input;
  gpointer       state;
} Fitted;

static void
fitted_clear (Fitted *fitted, const PatronOp *op)
{
  if (fitted->state != NULL)
    op->model->clear (fitted->state);
  g_free (fitted->state);
  g_clear_pointer (&fitted->x, patron_matrix_free);
  g_clear_pointer (&fitted->design, patron_design_free);
  g_clear_pointer (&fitted->table, patron_table_unref);
}

static gboolean
fit_part (Predict *predict, const PatronOp *op, gconstpointer params, const Part *part, Fitted *fitted, GError **error)
{
  PatronEngine *engine = predict->engine;
  const PatronDesignOptions options = patron_engine_design_options (op, params);
  if (fitted->table == NULL)
    fitted->table = patron_table_ref (engine->table);
  g_auto (GStrv) features = patron_engine_features (engine, fitted->table);
  fitted->design = patron_design_fit (fitted->table, (const char *const *) features, &options, part->rows, part->n, engine->run, error);
  if (fitted->design == NULL)
    return FALSE;
  fitted->x = patron_design_apply (fitted->design, fitted->table, part->rows, part->n, NULL, engine->run, error);
  if (fitted->x == NULL)
    return FALSE;
  fitted->input = (PatronFitInput) {
    .task = predict->target.task, .design = fitted->design, .x = fitted->x, .y = part->y, .weights = part->weights,
    .n_classes = predict->target.class_names != NULL ? g_strv_length (predict->target.class_names) : 0,
    .class_names = (const char *const *) predict->target.class_names,
  };
  fitted->state = op->model->fit (&fitted->input, params, engine->run, error);
  return fitted->state != NULL;
}

/* Fits op on the training part of table and writes its predictions for the test part into out (test->n × k). */
static gboolean
predict_part (Predict *predict, const PatronOp *op, gconstpointer params, PatronTable *table, const Part *train, const Part *test, double *out, GError **error)
{
  Fitted fitted = { .table = patron_table_ref (table) };
  gboolean ok = fit_part (predict, op, params, train, &fitted, error);
  PatronMatrix *x = NULL;
  if (ok)
    {
      x = patron_design_apply (fitted.design, fitted.table, test->rows, test->n, NULL, predict->engine->run, error);
      ok = x != NULL && op->model->predict (fitted.state, x, out, predict->engine->run, error);
    }
  g_clear_pointer (&x, patron_matrix_free);
  fitted_clear (&fitted, op);
  return ok;
}

static void
pool_copy (Pool *pool, double *into, const double *out, gsize n)
{
  for (guint c = 0; c < pool->k; c++)
    memcpy (into + c * pool->n + pool->filled, out + c * n, n * sizeof *out);
}

/* The table with the steps that learn fitted on the training rows of this split only. */
static PatronTable *
split_table (PatronEngine *engine, const Part *train, GError **error)
{
  return engine->base != NULL ? patron_engine_apply_tail (engine, train->rows, train->n, NULL, error) : patron_table_ref (engine->table);
}

static gboolean
measure_split (Predict *predict, guint s, GError **error)
{
  Pool *pool = &predict->pool;
  const guint8 *flags = predict->test + s * predict->target.n;
  Part train = { 0 }, test = { 0 };
  double *out = NULL;
  gboolean ok = part_select (&train, &predict->target, flags, FALSE, error) && part_select (&test, &predict->target, flags, TRUE, error);
  if (ok && (train.n == 0 || test.n == 0))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Too few rows (%d) to set test rows aside."), (int) predict->target.n);
      ok = FALSE;
    }
  ok = ok && (out = patron_try_alloc (test.n, pool->k * sizeof *out, _("the predictions"), error)) != NULL;
  g_autoptr (PatronTable) table = ok ? split_table (predict->engine, &train, error) : NULL;
  ok = table != NULL;
  if (ok && predict->rival != NULL)
    {
      ok = predict_part (predict, predict->rival, predict->rival_params, table, &train, &test, out, error);
      if (ok)
        pool_copy (pool, pool->baseline, out, test.n);
    }
  ok = ok && predict_part (predict, predict->op, predict->params, table, &train, &test, out, error);
  if (ok)
    {
      pool_copy (pool, pool->predicted, out, test.n);
      for (gsize i = 0; i < test.n; i++)
        {
          pool->y[pool->filled + i] = test.y[i];
          pool->row[pool->filled + i] = test.rows[i];
          pool->fold[pool->filled + i] = s;
        }
      pool->filled += test.n;
    }
  patron_free (out);
  part_clear (&train);
  part_clear (&test);
  return ok;
}

static gboolean
measure (Predict *predict, GError **error)
{
  PatronRun *run = predict->engine->run;
  gint64 start = g_get_monotonic_time ();
  if (!split (predict, error) || (predict->n_splits > 0 && !pool_alloc (predict, error)))
    return FALSE;
  gboolean ok = TRUE;
  for (guint s = 0; ok && s < predict->n_splits; s++)
    {
      patron_run_push (run, N_("Measuring on rows set aside"), 1.0 / predict->n_splits);
      ok = measure_split (predict, s, error);
      patron_run_pop (run);
    }
  predict->engine->report->measure_s = (g_get_monotonic_time () - start) / 1e6;
  return ok;
}

/* ---- the report --------------------------------------------------------------------------------------------------- */

static gboolean
report_quality (Predict *predict, GError **error)
{
  PatronReport *report = predict->engine->report;
  const Pool *pool = &predict->pool;
  const PatronQualityInput input = {
    .task = predict->target.task, .target = patron_roles_first (predict->engine->roles, PATRON_ROLE_TARGET), .n = pool->n, .y = pool->y,
    .predicted = pool->predicted, .baseline = pool->baseline, .baseline_title = predict->rival != NULL ? predict->rival->title : NULL,
    .fold = pool->fold, .n_folds = predict->n_splits, .n_classes = predict->target.task == PATRON_TASK_CLASSIFICATION ? pool->k : 0,
    .class_names = (const char *const *) predict->target.class_names, .positive = -1,
  };
  if (predict->rival != NULL)
    report->baseline = g_strdup (predict->rival->id);
  patron_report_add_heading (report, patron_text (N_("How good it is on rows it had not seen"), NULL));
  return patron_quality_report (report, &input, predict->engine->run, error);
}

static double
figure (GPtrArray *figures, const char *id)
{
  for (guint i = 0; i < figures->len; i++)
    {
      const PatronFigure *f = figures->pdata[i];
      if (strcmp (f->id, id) == 0)
        return f->value;
    }
  return NAN;
}

static PatronText *
quality_sentence (Predict *predict)
{
  PatronReport *report = predict->engine->report;
  const char *target = patron_roles_first (predict->engine->roles, PATRON_ROLE_TARGET);
  GPtrArray *mine = report->figures, *rival = report->baseline_figures;
  gboolean regression = predict->target.task == PATRON_TASK_REGRESSION;
  if (predict->rival == NULL && regression)
    return patron_text (N_("On rows it had not seen, the model is off by {mae} on average in {target}."), "mae", PATRON_NUMBER (figure (mine, "mae")),
                        "target", PATRON_STRING (target), NULL);
  if (predict->rival == NULL)
    return patron_text (N_("On rows it had not seen, the model gets {accuracy} of {target} right."), "accuracy",
                        PATRON_PERCENT (figure (mine, "accuracy")), "target", PATRON_STRING (target), NULL);
  if (regression)
    return patron_text (
      N_("On rows it had not seen, the model explains {r2} of the variation in {target}; it is off by {mae} on average; always guessing the mean is off by {rival}."),
      "r2", PATRON_PERCENT (MAX (figure (mine, "r2"), 0)), "target", PATRON_STRING (target), "mae", PATRON_NUMBER (figure (mine, "mae")),
      "rival", PATRON_NUMBER (figure (rival, "mae")), NULL);
  return patron_text (
    N_("On rows it had not seen, the model gets {accuracy} of {target} right (always guessing the commonest: {rival}); its ranking has an AUC of {auc} (chance: 0.5)."),
    "accuracy", PATRON_PERCENT (figure (mine, "accuracy")), "target", PATRON_STRING (target), "rival",
    PATRON_PERCENT (figure (rival, "accuracy")), "auc", PATRON_NUMBER (figure (mine, "auc")), NULL);
}

/* How good the model is opens the page: as the headline, or right below the one that the model gave itself. */
static void
tell_quality (Predict *predict)
{
  PatronReport *report = predict->engine->report;
  if (predict->n_splits == 0)
    {
      double fitted = figure (report->figures, "r_squared");
      if (report->headline == NULL && !isnan (fitted))
        patron_report_set_headline (report, patron_text (N_("The model explains {r2} of the variation in {target} in the rows it was fitted on; it was not tested on others."),
                                                         "r2", PATRON_PERCENT (fitted), "target",
                                                         PATRON_STRING (patron_roles_first (predict->engine->roles, PATRON_ROLE_TARGET)), NULL));
      return;
    }
  PatronText *sentence = quality_sentence (predict);
  if (report->headline == NULL)
    {
      patron_report_set_headline (report, sentence);
      return;
    }
  patron_report_add_text (report, sentence);
  gpointer block = g_ptr_array_steal_index (report->blocks, report->blocks->len - 1);
  g_ptr_array_insert (report->blocks, 0, block);
}

/* ---- the result table --------------------------------------------------------------------------------------------- */

/* Every row with the final model's prediction, except that rows set aside keep the prediction made without them. */
static gboolean
make_result (Predict *predict, PatronModel *model, const PatronMatrix *x, GError **error)
{
  PatronEngine *engine = predict->engine;
  gsize n = predict->target.n;
  const Pool *pool = &predict->pool;
  guint k = n_outputs (&predict->target);
  double *out = patron_try_alloc (n, k * sizeof *out, _("the predictions"), error);
  guint8 *unseen = out != NULL ? patron_try_alloc0 (n, 1, _("the predictions"), error) : NULL;
  gboolean ok = unseen != NULL && model->op->model->predict (model->state, x, out, engine->run, error);
  for (gsize i = 0; ok && i < pool->filled; i++)
    {
      unseen[pool->row[i]] = 1;
      for (guint c = 0; c < k; c++)
        out[c * n + pool->row[i]] = pool->predicted[c * pool->n + i];
    }
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  if (ok)
    {
      g_ptr_array_add (columns, patron_column_ref (patron_table_find (engine->table, model->target)));
      ok = patron_model_append_outputs (model, out, n, columns, error);
    }
  if (ok)
    {
      g_ptr_array_add (columns, patron_column_new_take (_("set aside"), PATRON_TYPE_BOOLEAN, n, g_steal_pointer (&unseen), NULL));
      g_autofree char *name = g_strdup_printf (_("%s predicted"), model->target);
      engine->outcome->result = patron_engine_result_table (engine, name, g_steal_pointer (&columns));
    }
  else
    g_ptr_array_foreach (columns, (GFunc) (void (*) (void)) patron_column_unref, NULL);
  patron_free (unseen);
  patron_free (out);
  return ok;
}

/* ---- the final model ------------------------------------------------------------------------------------------------ */

static PatronModel *
wrap_model (Predict *predict, Fitted *fitted)
{
  PatronEngine *engine = predict->engine;
  PatronModel *model = g_new0 (PatronModel, 1);
  model->op = predict->op;
  model->params = g_memdup2 (predict->params, MAX (predict->op->params_size, 1));
  model->task = predict->target.task;
  model->design = g_steal_pointer (&fitted->design);
  model->state = g_steal_pointer (&fitted->state);
  model->target = g_strdup (patron_roles_first (engine->roles, PATRON_ROLE_TARGET));
  model->class_names = g_strdupv (predict->target.class_names);
  model->id_columns = g_strdupv ((char **) patron_roles_get (engine->roles, PATRON_ROLE_ID));
  patron_engine_keep_steps (engine, model);
  return model;
}

static gboolean
fit_final (Predict *predict, GError **error)
{
  PatronEngine *engine = predict->engine;
  Part all = { 0 };
  Fitted fitted = { 0 };
  gint64 start = g_get_monotonic_time ();
  patron_run_push (engine->run, N_("Fitting on all rows"), 0.6);
  gboolean ok = part_select (&all, &predict->target, NULL, TRUE, error) && fit_part (predict, predict->op, predict->params, &all, &fitted, error);
  patron_run_pop (engine->run);
  engine->report->fit_s = (g_get_monotonic_time () - start) / 1e6;
  if (ok)
    {
      const PatronInput input = { .table = engine->table, .roles = engine->roles };
      const PatronExplainInput explain = { .fit = &fitted.input, .input = &input, .rows = all.rows };
      patron_run_push (engine->run, N_("Explaining the model"), 0.9);
      ok = predict->op->model->explain == NULL
           || predict->op->model->explain (fitted.state, &explain, predict->params, engine->run, engine->report, error);
      patron_run_pop (engine->run);
    }
  if (ok)
    {
      g_autoptr (PatronMatrix) x = g_steal_pointer (&fitted.x);
      g_autoptr (PatronModel) model = wrap_model (predict, &fitted);
      ok = make_result (predict, model, x, error) && (engine->outcome->model = patron_model_save (model, error)) != NULL;
    }
  fitted_clear (&fitted, predict->op);
  part_clear (&all);
  return ok;
}

gboolean
patron_engine_predict (PatronEngine *engine, GError **error)
{
  const PatronStep *step = engine->recipe->run;
  if (engine->recipe->measure == NULL)
    engine->recipe->measure = patron_step_new (patron_ops_find ("holdout"));
  Predict predict = { .engine = engine, .op = step->op, .params = step->params };
  gboolean ok = patron_target_read (&predict.target, step->op, engine->table, engine->roles, error);
  if (ok)
    {
      const PatronOp *rival = patron_ops_find (predict.target.task == PATRON_TASK_CLASSIFICATION ? "majority" : "mean");
      predict.rival = rival != step->op ? rival : NULL;
      predict.rival_params = predict.rival != NULL ? patron_op_new_params (predict.rival) : NULL;
      patron_run_push (engine->run, NULL, 0.5);
      ok = measure (&predict, error);
      patron_run_pop (engine->run);
    }
  ok = ok && fit_final (&predict, error) && (predict.n_splits == 0 || report_quality (&predict, error));
  if (ok)
    tell_quality (&predict);
  predict_clear (&predict);
  return ok;
}
