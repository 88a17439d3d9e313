/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/engine-private.h"

#include "base/names.h"
#include "table/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef PatronTable *(*FindTable) (gpointer data, const char *name, PatronRun *run, GError **error);

void
patron_step_outcome_free (PatronStepOutcome *outcome)
{
  g_clear_pointer (&outcome->step, patron_step_free);
  g_clear_pointer (&outcome->report, patron_report_free);
  g_free (outcome->learnt);
  g_free (outcome);
}

PatronText *
patron_step_sentence (const PatronStep *step)
{
  if (step->op->prepare != NULL && step->op->prepare->sentence != NULL)
    return step->op->prepare->sentence (step->params);
  return patron_text (step->op->title, NULL);
}

PatronTable *
patron_engine_find_table (gpointer data, const char *name, PatronRun *run, GError **error)
{
  PatronProject *project = data;
  g_autoptr (GError) failure = NULL;
  PatronTable *table = project != NULL ? patron_project_find_table (project, name, &failure) : NULL;
  if (table != NULL)
    return table;
  if (g_file_test (name, G_FILE_TEST_EXISTS))
    return patron_read_file (name, NULL, run, NULL, error);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is neither a table of the project nor a file."), name);
  return NULL;
}

/* ---- checks ------------------------------------------------------------------------------------------------------ */

/* "numbers, true or false". Owned by the caller. */
static char *
accepted_kinds (guint accepts)
{
  static const struct { guint accept; const char *kind; } kinds[] = {
    { PATRON_ACCEPT_NUMERIC, N_("numbers") }, { PATRON_ACCEPT_BOOLEAN, N_("true or false") }, { PATRON_ACCEPT_CATEGORY, N_("categories") },
    { PATRON_ACCEPT_TEXT, N_("texts") },      { PATRON_ACCEPT_DATE, N_("dates") },
  };
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if ((accepts & kinds[i].accept) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? _(", ") : "", _(kinds[i].kind));
  return g_string_free (text, FALSE);
}

static gboolean
check_column (const PatronParam *param, PatronTable *table, const char *name, GError **error)
{
  PatronColumn *column = patron_table_require (table, name, error);
  if (column == NULL)
    {
      g_prefix_error (error, "%s: ", _(param->label));
      return FALSE;
    }
  PatronType type = patron_column_get_type (column);
  if (param->accepts == 0 || (param->accepts & patron_type_accept (type)) != 0)
    return TRUE;
  g_autofree char *accepted = accepted_kinds (param->accepts);
  /* Translators: the label of a parameter, a column, its type, the kinds of values that are expected. */
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%s: column “%s” is of type %s; expected %s (the step “Change types” reads it as another type)."),
               _(param->label), name, _(patron_type_label (type)), accepted);
  return FALSE;
}

gboolean
patron_engine_check_columns (const PatronStep *step, PatronTable *table, GError **error)
{
  for (const PatronParam *param = step->op->params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    {
      const char *text = param->kind == PATRON_PARAM_KIND_TEXT ? patron_param_get_text (param, step->params) : "";
      if (*text == '\0' || !patron_param_relevant (param, step->params))
        continue;
      if (param->holds == PATRON_HOLDS_COLUMN && !check_column (param, table, text, error))
        return FALSE;
      g_auto (GStrv) names = param->holds == PATRON_HOLDS_COLUMNS ? patron_names_split (text) : NULL;
      for (char **name = names; name != NULL && *name != NULL; name++)
        if (!check_column (param, table, *name, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
check_step (const PatronStep *step, PatronTable *table, GError **error)
{
  if (!patron_params_validate (step->op->params, step->params, error) || !patron_params_complete (step->op->params, step->params, error)
      || !patron_engine_check_columns (step, table, error))
    return FALSE;
  const PatronInput input = { .table = table, .roles = step->roles };
  g_autofree char *objection = step->op->check != NULL ? step->op->check (&input, step->params) : NULL;
  if (objection != NULL)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, objection);
  return objection == NULL;
}

/* ---- applying ----------------------------------------------------------------------------------------------------- */

PatronTable *
patron_engine_apply_step (const PatronStep *step, const PatronPrepareInput *input, char **learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const PatronPrepare *prepare = step->op->prepare;
  if (prepare->learn != NULL && *learnt == NULL && (*learnt = prepare->learn (input, step->params, run, error)) == NULL)
    return NULL;
  PatronTable *next = prepare->apply (input, step->params, *learnt, run, report, error);
  g_warn_if_fail (next == NULL || prepare->rows != PATRON_ROWS_KEPT || patron_table_n_rows (next) == patron_table_n_rows (input->table));
  return next;
}

void
patron_engine_name_step (const PatronStep *step, guint number, GError **error)
{
  if (error != NULL && *error != NULL && !g_error_matches (*error, PATRON_ERROR, PATRON_ERROR_CANCELLED))
    g_prefix_error (error, _("Step %u, “%s”: "), number, _(step->op->title));
}

static PatronTable *
run_step (const PatronStep *step, PatronTable *table, FindTable find_table, gpointer data, PatronRun *run, GPtrArray *outcomes, GError **error)
{
  if (!check_step (step, table, error))
    return NULL;
  const PatronPrepareInput input = { .table = table, .find_table = find_table, .data = data };
  PatronStepOutcome *outcome = g_new0 (PatronStepOutcome, 1);
  outcome->step = patron_step_copy (step);
  outcome->report = patron_report_new (step->op->id);
  outcome->rows_before = patron_table_n_rows (table);
  outcome->columns_before = patron_table_n_columns (table);
  PatronTable *next = patron_engine_apply_step (step, &input, &outcome->learnt, run, outcome->report, error);
  if (next == NULL || !patron_run_check (run, error))
    {
      g_clear_pointer (&next, patron_table_unref);
      patron_step_outcome_free (outcome);
      return NULL;
    }
  outcome->rows_after = patron_table_n_rows (next);
  outcome->columns_after = patron_table_n_columns (next);
  g_ptr_array_add (outcomes, outcome);
  return next;
}

PatronTable *
patron_engine_prepare_table (PatronTable *table, GPtrArray *steps, FindTable find_table, gpointer data, PatronRun *run, GPtrArray **outcomes_out,
                             GError **error)
{
  g_autoptr (GPtrArray) outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_step_outcome_free);
  g_autoptr (PatronTable) current = patron_table_ref (table);
  guint failed = 0;
  for (guint i = 0; i < steps->len && failed == 0; i++)
    {
      const PatronStep *step = g_ptr_array_index (steps, i);
      if (step->off)
        continue;
      patron_run_push (run, step->op->title, 1.0 / steps->len);
      PatronTable *next = run_step (step, current, find_table, data, run, outcomes, error);
      patron_run_pop (run);
      if (next == NULL)
        {
          failed = i + 1;
          if (steps->len > 1)   /* a single step speaks for itself */
            patron_engine_name_step (step, failed, error);
          continue;
        }
      patron_table_unref (current);
      current = next;
    }
  if (outcomes_out != NULL)
    *outcomes_out = g_steal_pointer (&outcomes);
  return failed == 0 ? g_steal_pointer (&current) : NULL;
}
