/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/model.h"

#include "base/memory.h"
#include "ops/registry.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAGIC        "patron-model-2"
#define FORMER_MAGIC "patron-model-1"   /* without prepare steps */

void
patron_model_free (PatronModel *model)
{
  if (model->state != NULL)
    {
      model->op->model->clear (model->state);
      g_free (model->state);
    }
  g_clear_pointer (&model->design, patron_design_free);
  g_free (model->params);
  g_free (model->target);
  g_strfreev (model->class_names);
  g_strfreev (model->id_columns);
  g_clear_pointer (&model->steps, g_ptr_array_unref);
  g_strfreev (model->learnt);
  g_strfreev (model->source_columns);
  g_free (model);
}

guint
patron_model_n_outputs (const PatronModel *model)
{
  if (model->task == PATRON_TASK_CLASSIFICATION)
    return g_strv_length (model->class_names);
  if (model->task == PATRON_TASK_REGRESSION || model->op->model->outputs == NULL)
    return 1;
  return model->op->model->outputs (model->state);
}

static char **
params_to_strv (const PatronOp *op, gconstpointer params)
{
  GPtrArray *pairs = g_ptr_array_new ();
  for (const PatronParam *p = op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    {
      g_ptr_array_add (pairs, patron_param_key (p));
      g_ptr_array_add (pairs, patron_param_to_text (p, params));
    }
  g_ptr_array_add (pairs, NULL);
  return (char **) g_ptr_array_free (pairs, FALSE);
}

static gboolean
params_from_strv (const PatronOp *op, char **pairs, gpointer params)
{
  for (guint i = 0; pairs[i] != NULL; i += 2)
    {
      const PatronParam *param = patron_params_find (op->params, pairs[i]);
      if (param == NULL || pairs[i + 1] == NULL || !patron_param_parse (param, pairs[i + 1], params, NULL))
        return FALSE;
    }
  return TRUE;
}

/* The steps travel as the text of a recipe that only prepares. */
static char *
steps_to_text (const PatronModel *model)
{
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  for (guint i = 0; model->steps != NULL && i < model->steps->len; i++)
    g_ptr_array_add (recipe->prepare, patron_step_copy (model->steps->pdata[i]));
  return patron_recipe_to_text (recipe);
}

static gboolean
steps_from_text (PatronModel *model, const char *text)
{
  g_autoptr (PatronRecipe) recipe = text != NULL ? patron_recipe_from_text (text, -1, NULL) : NULL;
  if (recipe == NULL || model->learnt == NULL || g_strv_length (model->learnt) != recipe->prepare->len)
    return FALSE;
  model->steps = g_ptr_array_ref (recipe->prepare);
  return TRUE;
}

static gboolean
visit_steps (PatronModel *model, PatronVisitor *visitor)
{
  gboolean loading = patron_visitor_is_loading (visitor);
  g_autofree char *text = loading ? NULL : steps_to_text (model);
  if (!loading && model->learnt == NULL)
    model->learnt = g_new0 (char *, 1);
  return patron_visit_string (visitor, "steps", &text) && patron_visit_strings (visitor, "learnt", &model->learnt)
         && patron_visit_strings (visitor, "columns", &model->source_columns) && (!loading || steps_from_text (model, text));
}

/* The walk that is save and load. When loading, fields are NULL on entry. */
static void
visit_model (PatronModel *model, PatronVisitor *visitor)
{
  gboolean loading = patron_visitor_is_loading (visitor);
  g_autofree char *magic = loading ? NULL : g_strdup (MAGIC);
  g_autofree char *id = loading ? NULL : g_strdup (model->op->id);
  g_auto (GStrv) pairs = loading ? NULL : params_to_strv (model->op, model->params);
  int task = model->task;
  if (!patron_visit_string (visitor, "format", &magic) || (g_strcmp0 (magic, MAGIC) != 0 && g_strcmp0 (magic, FORMER_MAGIC) != 0)
      || (g_strcmp0 (magic, MAGIC) == 0 && !visit_steps (model, visitor)) || !patron_visit_string (visitor, "operation", &id)
      || !patron_visit_strings (visitor, "parameters", &pairs) || !patron_visit_int (visitor, "task", &task)
      || !patron_visit_string (visitor, "target", &model->target) || !patron_visit_strings (visitor, "classes", &model->class_names)
      || !patron_visit_strings (visitor, "identifiers", &model->id_columns))
    {
      patron_visitor_fail (visitor, "format");
      return;
    }
  if (loading)
    {
      model->op = id != NULL ? patron_ops_find (id) : NULL;
      if (model->op == NULL || model->op->model == NULL)
        {
          patron_visitor_fail (visitor, "operation");
          return;
        }
      model->params = patron_op_new_params (model->op);
      model->task = task;
      gboolean one_task = task > 0 && (task & (task - 1)) == 0;
      gboolean classes_fit = task != PATRON_TASK_CLASSIFICATION || g_strv_length (model->class_names) >= 2;
      if (!params_from_strv (model->op, pairs, model->params) || !one_task || !(model->op->model->tasks & (guint) task) || !classes_fit)
        {
          patron_visitor_fail (visitor, "parameters");
          return;
        }
      model->state = g_malloc0 (model->op->model->state_size);
    }
  patron_design_visit (&model->design, visitor);
  model->op->model->visit (model->state, visitor);
}

GBytes *
patron_model_save (PatronModel *model, GError **error)
{
  PatronVisitor *visitor = patron_visitor_new_save ();
  visit_model (model, visitor);
  return patron_visitor_finish (visitor, error);
}

PatronModel *
patron_model_load (GBytes *bytes, GError **error)
{
  g_autoptr (PatronModel) model = g_new0 (PatronModel, 1);
  PatronVisitor *visitor = patron_visitor_new_load (bytes);
  visit_model (model, visitor);
  GError *failure = NULL;
  patron_visitor_finish (visitor, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  return g_steal_pointer (&model);
}

/* ---- outputs -------------------------------------------------------------------------------------------------- */

static PatronColumn *
number_column (const char *name, const double *values, gsize n, GError **error)
{
  double *copy = patron_try_alloc (n, sizeof *copy, name, error);
  if (copy == NULL)
    return NULL;
  memcpy (copy, values, n * sizeof *copy);
  return patron_column_new_take (name, PATRON_TYPE_NUMBER, n, copy, NULL);
}

/* The most probable class; the first of equals. */
static PatronColumn *
class_column (const char *name, const PatronModel *model, const double *out, gsize n, GError **error)
{
  guint k = g_strv_length (model->class_names);
  gint32 *codes = patron_try_alloc (n, sizeof *codes, name, error);
  if (codes == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      gint32 best = 0;
      for (guint c = 1; c < k; c++)
        if (out[c * n + i] > out[best * n + i])
          best = (gint32) c;
      codes[i] = isnan (out[i]) ? PATRON_CODE_MISSING : best;
    }
  return patron_column_new_take (name, PATRON_TYPE_CATEGORY, n, codes, patron_dict_new ((const char *const *) model->class_names, k));
}

/* Groups are numbered from 1 for people; noise is missing. */
static PatronColumn *
group_column (const char *name, const double *out, gsize n, GError **error)
{
  gint64 *groups = patron_try_alloc (n, sizeof *groups, name, error);
  if (groups == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    groups[i] = out[i] >= 0 ? (gint64) out[i] + 1 : PATRON_INTEGER_MISSING;
  return patron_column_new_take (name, PATRON_TYPE_INTEGER, n, groups, NULL);
}

static gboolean
add (GPtrArray *columns, PatronColumn *column)
{
  if (column == NULL)
    return FALSE;
  g_ptr_array_add (columns, column);
  return TRUE;
}

gboolean
patron_model_append_outputs (const PatronModel *model, const double *out, gsize n, GPtrArray *columns, GError **error)
{
  guint k = patron_model_n_outputs (model);
  switch (model->task)
    {
    case PATRON_TASK_CLASSIFICATION:
      {
        g_autofree char *predicted = g_strdup_printf (_("predicted %s"), model->target);
        if (!add (columns, class_column (predicted, model, out, n, error)))
          return FALSE;
        for (guint c = 0; c < k; c++)
          {
            g_autofree char *name = g_strdup_printf (_("probability %s"), model->class_names[c]);
            if (!add (columns, number_column (name, out + c * n, n, error)))
              return FALSE;
          }
        return TRUE;
      }
    case PATRON_TASK_REGRESSION:
      {
        g_autofree char *predicted = g_strdup_printf (_("predicted %s"), model->target);
        return add (columns, number_column (predicted, out, n, error));
      }
    case PATRON_TASK_GROUPING:
      return add (columns, group_column (_("group"), out, n, error));
    case PATRON_TASK_MAP:
      for (guint d = 0; d < k; d++)
        {
          g_autofree char *name = g_strdup_printf (_("dimension %d"), d + 1);
          if (!add (columns, number_column (name, out + d * n, n, error)))
            return FALSE;
        }
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}
