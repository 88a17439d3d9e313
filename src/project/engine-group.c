/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/engine-private.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  PatronMatrix  *x;
  PatronFitInput input;
  PatronModel   *model;
  guint32       *rows;
} Group;

static void
group_clear (Group *group)
{
  g_clear_pointer (&group->x, patron_matrix_free);
  g_clear_pointer (&group->model, patron_model_free);
  patron_free (group->rows);
}

static gboolean
fit (PatronEngine *engine, Group *group, GError **error)
{
  const PatronStep *step = engine->recipe->run;
  const PatronDesignOptions options = patron_engine_design_options (step->op, step->params);
  gint64 start = g_get_monotonic_time ();
  PatronModel *model = group->model = g_new0 (PatronModel, 1);
  model->op = step->op;
  model->params = g_memdup2 (step->params, MAX (step->op->params_size, 1));
  model->task = step->op->model->tasks & PATRON_TASK_GROUPING ? PATRON_TASK_GROUPING : PATRON_TASK_MAP;
  model->id_columns = g_strdupv ((char **) patron_roles_get (engine->roles, PATRON_ROLE_ID));
  patron_engine_keep_steps (engine, model);
  model->design = patron_design_fit (engine->table, patron_roles_get (engine->roles, PATRON_ROLE_FEATURE), &options, NULL, 0, engine->run, error);
  if (model->design == NULL)
    return FALSE;
  group->x = patron_design_apply (model->design, engine->table, NULL, 0, NULL, engine->run, error);
  if (group->x == NULL)
    return FALSE;
  group->input = (PatronFitInput) { .task = model->task, .design = model->design, .x = group->x };
  engine->report->prepare_s = (g_get_monotonic_time () - start) / 1e6;
  start = g_get_monotonic_time ();
  patron_run_push (engine->run, step->op->title, 0.6);
  model->state = step->op->model->fit (&group->input, step->params, engine->run, error);
  patron_run_pop (engine->run);
  engine->report->fit_s = (g_get_monotonic_time () - start) / 1e6;
  return model->state != NULL;
}

static gboolean
explain (PatronEngine *engine, Group *group, GError **error)
{
  const PatronStep *step = engine->recipe->run;
  if (step->op->model->explain == NULL)
    return TRUE;
  group->rows = patron_try_alloc (group->x->n, sizeof *group->rows, _("the rows of a model"), error);
  if (group->rows == NULL)
    return FALSE;
  for (gsize i = 0; i < group->x->n; i++)
    group->rows[i] = (guint32) i;
  const PatronInput input = { .table = engine->table, .roles = engine->roles };
  const PatronExplainInput what = { .fit = &group->input, .input = &input, .rows = group->rows };
  patron_run_push (engine->run, N_("Explaining the model"), 0.9);
  gboolean ok = step->op->model->explain (group->model->state, &what, step->params, engine->run, engine->report, error);
  patron_run_pop (engine->run);
  return ok;
}

static gboolean
make_result (PatronEngine *engine, Group *group, GError **error)
{
  gsize n = group->x->n;
  double *out = patron_try_alloc (n, patron_model_n_outputs (group->model) * sizeof *out, _("the groups"), error);
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  gboolean ok = out != NULL && group->model->op->model->predict (group->model->state, group->x, out, engine->run, error)
                && patron_model_append_outputs (group->model, out, n, columns, error);
  patron_free (out);
  if (!ok)
    {
      g_ptr_array_foreach (columns, (GFunc) (void (*) (void)) patron_column_unref, NULL);
      return FALSE;
    }
  /* The features stand beside the group, so that the table can be read by itself. */
  for (const char *const *name = patron_roles_get (engine->roles, PATRON_ROLE_FEATURE); *name != NULL; name++)
    g_ptr_array_add (columns, patron_column_ref (patron_table_find (engine->table, *name)));
  g_autofree char *name = g_strdup_printf (_("%s groups"), patron_table_get_name (engine->table));
  engine->outcome->result = patron_engine_result_table (engine, name, g_steal_pointer (&columns));
  return TRUE;
}

gboolean
patron_engine_group (PatronEngine *engine, GError **error)
{
  Group group = { 0 };
  gboolean ok = fit (engine, &group, error) && explain (engine, &group, error) && make_result (engine, &group, error)
                && (engine->outcome->model = patron_model_save (group.model, error)) != NULL;
  group_clear (&group);
  return ok;
}
