/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/engine-private.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>

void
patron_outcome_free (PatronOutcome *outcome)
{
  g_clear_pointer (&outcome->recipe, patron_recipe_free);
  g_clear_pointer (&outcome->report, patron_report_free);
  g_clear_pointer (&outcome->result, patron_table_unref);
  g_clear_pointer (&outcome->model, g_bytes_unref);
  g_free (outcome);
}

PatronDesignOptions
patron_engine_design_options (const PatronOp *op, gconstpointer params)
{
  const PatronModelClass *model = op->model;
  PatronScale scale = model->scaling != NULL ? (PatronScale) model->scaling (params) : model->scale ? PATRON_SCALE_STANDARD : PATRON_SCALE_NONE;
  return (PatronDesignOptions) { .missing = model->missing, .encoding = model->encoding, .scale = scale };
}

PatronTable *
patron_engine_result_table (PatronEngine *engine, const char *name, GPtrArray *columns)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < columns->len; i++)
    g_hash_table_add (names, (gpointer) patron_column_get_name (columns->pdata[i]));
  for (const char *const *id = patron_roles_get (engine->roles, PATRON_ROLE_ID); *id != NULL; id++)
    {
      PatronColumn *column = patron_table_find (engine->table, *id);
      if (column != NULL && !g_hash_table_contains (names, *id))
        g_ptr_array_add (all, patron_column_ref (column));
    }
  g_ptr_array_extend_and_steal (all, columns);
  return patron_table_new_take (name, all);
}

static gboolean
run_analysis (PatronEngine *engine, GError **error)
{
  const PatronStep *step = engine->recipe->run;
  const PatronInput input = { .table = engine->table, .roles = engine->roles };
  gint64 start = g_get_monotonic_time ();
  patron_run_push (engine->run, step->op->title, 0.8);
  gboolean ok = step->op->analysis->run (&input, step->params, engine->run, engine->report, &engine->outcome->result, error);
  patron_run_pop (engine->run);
  engine->report->fit_s = (g_get_monotonic_time () - start) / 1e6;
  return ok;
}

static gboolean
run_operation (PatronEngine *engine, GError **error)
{
  const PatronOp *op = engine->recipe->run->op;
  switch (op->kind)
    {
    case PATRON_OP_ANALYSIS:
      return run_analysis (engine, error);
    case PATRON_OP_MODEL:
      return op->model->tasks & (PATRON_TASK_CLASSIFICATION | PATRON_TASK_REGRESSION) ? patron_engine_predict (engine, error)
                                                                                     : patron_engine_group (engine, error);
    default:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” is a %s and cannot be run by itself."), op->id, patron_op_kind_id (op->kind));
      return FALSE;
    }
}

static void
finish_report (PatronEngine *engine, gint64 started)
{
  PatronReport *report = engine->report;
  report->seed = patron_run_get_seed (engine->run);
  report->threads = patron_run_get_threads (engine->run);
  report->recipe = patron_recipe_to_text (engine->recipe);
  report->total_s = (g_get_monotonic_time () - started) / 1e6;
  report->peak_memory = patron_memory_peak ();
  report->created = g_get_real_time ();
  if (report->title == NULL)
    patron_report_set_title (report, patron_text (engine->recipe->run->op->title, NULL));
}

PatronOutcome *
patron_engine_run (const PatronRecipe *recipe, PatronProject *project, PatronTable *table, PatronRun *run, GError **error)
{
  gint64 started = g_get_monotonic_time ();
  if (recipe->run == NULL && recipe->prepare->len == 0 && recipe->filter == NULL)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The recipe has neither a [run] group nor a prepare step: nothing to do."));
      return NULL;
    }
  g_autoptr (PatronOutcome) outcome = g_new0 (PatronOutcome, 1);
  outcome->recipe = patron_recipe_copy (recipe);
  outcome->recipe->seed = patron_run_get_seed (run);
  outcome->report = patron_report_new (recipe->run != NULL ? recipe->run->op->id : "prepare");
  PatronEngine engine = { .project = project, .recipe = outcome->recipe, .report = outcome->report, .run = run, .outcome = outcome };

  patron_run_push (run, N_("Reading the data"), recipe->run != NULL ? 0.2 : 1);
  gboolean ok = recipe->run != NULL ? patron_engine_prepare (&engine, table, error) : patron_engine_only_prepare (&engine, table, error);
  patron_run_pop (run);
  outcome->report->read_s = (g_get_monotonic_time () - started) / 1e6;
  ok = ok && (recipe->run == NULL || run_operation (&engine, error)) && patron_run_check (run, error);
  if (ok)
    finish_report (&engine, started);
  g_clear_pointer (&engine.table, patron_table_unref);
  g_clear_pointer (&engine.base, patron_table_unref);
  g_clear_pointer (&engine.tail, g_ptr_array_unref);
  g_clear_pointer (&engine.learnt, g_ptr_array_unref);
  g_clear_pointer (&engine.source_columns, g_strfreev);
  g_clear_pointer (&engine.roles, patron_roles_free);
  return ok ? g_steal_pointer (&outcome) : NULL;
}

char *
patron_engine_check (const PatronRecipe *recipe, PatronTable *table)
{
  const PatronStep *step = recipe->run;
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRoles) roles = patron_roles_complete (step->op, table, step->roles, NULL);
  if (!patron_roles_check (step->op, table, roles, &error) || !patron_params_validate (step->op->params, step->params, &error)
      || !patron_params_complete (step->op->params, step->params, &error) || !patron_engine_check_columns (step, table, &error))
    return g_strdup (error->message);
  const PatronInput input = { .table = table, .roles = roles };
  return step->op->check != NULL ? step->op->check (&input, step->params) : NULL;
}
