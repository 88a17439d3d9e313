/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/output.h"

#include "base/names.h"
#include "ops/registry.h"
#include "table/reader.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* What run was asked to leave behind. Borrowed. */
typedef struct
{
  const char *project, *report, *out, *save_model, *to;
  char      **write_options;   /* of to */
} Targets;

/* "A,B,C"; a name that itself holds a comma is given whole when the table has it. */
static void
add_role (PatronRoles *roles, PatronRole role, const char *value, PatronTable *table)
{
  patron_roles_clear (roles, role);
  if (patron_table_find (table, value) != NULL)
    {
      patron_roles_add (roles, role, value);
      return;
    }
  g_auto (GStrv) names = g_strsplit (value, ",", -1);
  for (char **name = names; *name != NULL; name++)
    patron_roles_add (roles, role, g_strstrip (*name));
}

/* A list of columns may also stand with commas. */
static gboolean
read_param (const PatronParam *param, const char *value, PatronTable *table, gpointer params, GError **error)
{
  gboolean is_list = param->kind == PATRON_PARAM_KIND_TEXT && (param->holds == PATRON_HOLDS_COLUMNS || param->holds == PATRON_HOLDS_OTHER_COLUMNS);
  if (!is_list || strchr (value, ';') != NULL || strchr (value, ',') == NULL || patron_table_find (table, value) != NULL)
    return patron_param_parse (param, value, params, error);
  g_auto (GStrv) names = g_strsplit (value, ",", -1);
  g_autofree char *list = patron_names_join ((const char *const *) names);
  return patron_param_parse (param, list, params, error);
}

/* Roles and parameters of the step among the options that are left. */
static gboolean
read_step (PatronCli *cli, PatronStep *step, PatronTable *table, GError **error)
{
  g_autoptr (GPtrArray) not_mine = g_ptr_array_new ();
  const char *name, *value;
  gboolean ok = TRUE;
  while (ok && patron_options_take (cli->options, &name, &value))
    {
      PatronRole role;
      const PatronParam *param = patron_params_find (step->op->params, name);
      if (param != NULL)
        ok = read_param (param, value != NULL ? value : "true", table, step->params, error);
      else if (patron_role_from_id (name, &role) && value != NULL
               && (patron_op_role_spec (step->op, role) != NULL || role == PATRON_ROLE_IGNORE || role == PATRON_ROLE_ID))
        add_role (step->roles, role, value, table);
      else
        g_ptr_array_add (not_mine, (gpointer) name);
    }
  for (guint i = 0; i < not_mine->len; i++)
    patron_options_untake (cli->options, not_mine->pdata[i]);
  return ok;
}

/* Whose options these are: the operation's, or of a recipe that only prepares its last step's. NULL: nobody's. */
static PatronStep *
last_step (const PatronRecipe *recipe)
{
  if (recipe->run != NULL)
    return recipe->run;
  return recipe->prepare->len > 0 ? recipe->prepare->pdata[recipe->prepare->len - 1] : NULL;
}

static gboolean
read_steps (PatronCli *cli, PatronRecipe *recipe, PatronTable *table, GError **error)
{
  PatronStep *step = last_step (recipe);
  return step == NULL || read_step (cli, step, table, error);
}

static gboolean
read_measure (PatronCli *cli, PatronRecipe *recipe, PatronTable *table, GError **error)
{
  const char *id = patron_options_get (cli->options, "measure");
  if (id == NULL && recipe->measure == NULL)
    return TRUE;
  if (id != NULL)
    {
      const PatronOp *op = patron_ops_require (id, error);
      if (op == NULL)
        return FALSE;
      if (op->kind != PATRON_OP_MEASURE)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” is not a measure; “patron-cli ops measure” lists them."), id);
          return FALSE;
        }
      g_clear_pointer (&recipe->measure, patron_step_free);
      recipe->measure = patron_step_new (op);
    }
  return read_step (cli, recipe->measure, table, error);
}

/* A recipe file, or a fresh recipe of one operation. */
static PatronRecipe *
start_recipe (const char *word, GError **error)
{
  if (patron_ops_find (word) == NULL && g_file_test (word, G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *text = NULL;
      gsize length;
      g_autoptr (GError) failure = NULL;
      if (g_file_get_contents (word, &text, &length, &failure))
        return patron_recipe_from_text (text, length, error);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The recipe “%s” cannot be read: %s."), word, failure->message);
      return NULL;
    }
  const PatronOp *op = patron_ops_require (word, error);
  if (op == NULL)
    return NULL;
  PatronRecipe *recipe = patron_recipe_new ();
  if (op->kind == PATRON_OP_PREPARE)
    g_ptr_array_add (recipe->prepare, patron_step_new (op));
  else
    recipe->run = patron_step_new (op);
  return recipe;
}

static void
set_source (PatronRecipe *recipe, const PatronCliSource *source)
{
  g_clear_pointer (&recipe->file, g_free);
  g_clear_pointer (&recipe->table, g_free);
  recipe->file = source->file != NULL ? patron_place_public (source->file) : NULL;
  recipe->table = g_strdup (source->table);
}

static gboolean
save_model_file (PatronOutcome *outcome, const char *path, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (outcome->model, &length);
  g_autoptr (GError) failure = NULL;
  if (g_file_set_contents (path, data, length, &failure))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The model cannot be written to “%s”: %s."), path, failure->message);
  return FALSE;
}

/* Imports the source if it is a file, and keeps the run. */
static gboolean
keep_in_project (PatronCli *cli, PatronProject *project, PatronOutcome *outcome, PatronTable *source, const char *model_name, GError **error)
{
  if (source != NULL)
    {
      gint64 id = patron_project_add_table (project, source, outcome->recipe->file, cli->run, error);
      if (id == 0)
        return FALSE;
      g_autoptr (PatronTable) stored = patron_project_get_table (project, id, error);
      if (stored == NULL)
        return FALSE;
      /* From now on the recipe speaks of the project's table. */
      g_clear_pointer (&outcome->recipe->file, g_free);
      g_clear_pointer (&outcome->recipe->read_options, g_strfreev);
      g_free (outcome->recipe->table);
      outcome->recipe->table = g_strdup (patron_table_get_name (stored));
      g_free (outcome->report->recipe);
      outcome->report->recipe = patron_recipe_to_text (outcome->recipe);
      g_free (outcome->report->source);
      outcome->report->source = g_strdup (patron_table_get_name (stored));
    }
  g_autofree char *recipe = patron_recipe_to_text (outcome->recipe);
  const char *name = model_name != NULL ? model_name : outcome->recipe->run != NULL ? outcome->recipe->run->op->title : N_("Prepared table");
  return patron_project_add_run (project, name, recipe, outcome->report, outcome->result, outcome->model, cli->run, error) != 0;
}

static gboolean
no_result (const char *option, const PatronOutcome *outcome, GError **error)
{
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Option --%s: “%s” produces nothing of that kind."), option, outcome->report->op);
  return FALSE;
}

static void
note_output (PatronOutcome *outcome, const char *path)
{
  g_ptr_array_add (outcome->report->outputs, g_strdup (path));
}

static gboolean
write_files (PatronCli *cli, PatronOutcome *outcome, const Targets *targets, gboolean model_to_file, GError **error)
{
  if (targets->to != NULL)
    {
      if (outcome->result == NULL)
        return no_result ("to", outcome, error);
      if (!patron_write_file (outcome->result, targets->to, (const char *const *) targets->write_options, cli->run, error))
        return FALSE;
      note_output (outcome, targets->to);
    }
  if (model_to_file)
    {
      if (outcome->model == NULL)
        return no_result ("save-model", outcome, error);
      if (!save_model_file (outcome, targets->save_model, error))
        return FALSE;
      note_output (outcome, targets->save_model);
    }
  if (targets->report != NULL)
    {
      note_output (outcome, targets->report);
      if (!patron_cli_write_report (cli, outcome, targets->report, error))
        return FALSE;
    }
  return targets->out == NULL || patron_cli_write_parts (cli, outcome, targets->out, error);
}

static gboolean
deliver (PatronCli *cli, PatronOutcome *outcome, PatronTable *source, const Targets *targets, GError **error)
{
  gboolean model_to_file = targets->save_model != NULL && (targets->project == NULL || strchr (targets->save_model, '.') != NULL);
  if (!write_files (cli, outcome, targets, model_to_file, error))
    return FALSE;
  if (targets->project != NULL)
    {
      gboolean fresh = !g_file_test (targets->project, G_FILE_TEST_EXISTS);
      g_autoptr (PatronProject) project = patron_cli_open_project (targets->project, error);
      const char *model_name = model_to_file ? NULL : targets->save_model;
      if (project == NULL || !keep_in_project (cli, project, outcome, source, model_name, error))
        {
          g_clear_pointer (&project, patron_project_unref);
          if (fresh)
            g_unlink (targets->project);
          return FALSE;
        }
      note_output (outcome, targets->project);
    }
  patron_cli_print_outcome (cli, outcome);
  return TRUE;
}

static gboolean
run_recipe (PatronCli *cli, PatronRecipe *recipe, const char *source_word, GError **error)
{
  const PatronStep *step = last_step (recipe);
  const PatronParam *own = step != NULL ? step->op->params : NULL;
  g_auto (GStrv) read_options = patron_cli_read_options (cli, own);
  g_auto (GStrv) write_options = patron_cli_write_options (cli, own);
  PatronCliSource source = { 0 };
  if (source_word != NULL)
    {
      patron_cli_source_parse (&source, source_word);
      set_source (recipe, &source);
    }
  else
    source = (PatronCliSource) { .file = g_strdup (recipe->file) };
  if (read_options[0] != NULL)
    {
      g_strfreev (recipe->read_options);
      recipe->read_options = g_strdupv (read_options);
    }
  Targets targets = {
    .project = patron_options_get (cli->options, "project"), .report = patron_options_get (cli->options, "report"),
    .out = patron_options_get (cli->options, "out"), .save_model = patron_options_get (cli->options, "save-model"),
    .to = patron_options_get (cli->options, "to"), .write_options = write_options,
  };
  const char *filter = patron_options_get (cli->options, "filter");
  if (filter != NULL)
    {
      g_free (recipe->filter);
      recipe->filter = g_strdup (filter);
    }
  if (source.file == NULL && source.project == NULL && recipe->table != NULL && targets.project != NULL)
    source = (PatronCliSource) { .project = g_strdup (targets.project), .table = g_strdup (recipe->table) };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (PatronTable) table = NULL;
  if (source.file != NULL || source.project != NULL)
    table = patron_cli_source_read (cli, &source, recipe->read_options, error);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_USAGE, _("%s is missing."), _("The source"));
  double read_s = (g_get_monotonic_time () - start) / 1e6;
  gboolean from_file = source.file != NULL;
  patron_cli_source_clear (&source);
  if (table == NULL || !read_steps (cli, recipe, table, error) || !read_measure (cli, recipe, table, error)
      || !patron_options_done (cli->options, error))
    return FALSE;
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, cli->run, error);
  if (outcome == NULL)
    return FALSE;
  /* What reading noticed belongs to the report. */
  for (guint i = 0; i < cli->notes->len; i++)
    patron_report_add_note (outcome->report, patron_text_copy (cli->notes->pdata[i]));
  g_ptr_array_set_size (cli->notes, 0);
  outcome->report->read_s += read_s;
  outcome->report->total_s += read_s;
  return deliver (cli, outcome, from_file ? table : NULL, &targets, error);
}

gboolean
patron_cli_run (PatronCli *cli, GError **error)
{
  const char *word = patron_cli_word (cli, _("The operation or recipe"), error);
  g_autoptr (PatronRecipe) recipe = word != NULL ? start_recipe (word, error) : NULL;
  return recipe != NULL && run_recipe (cli, recipe, patron_options_next (cli->options), error);
}

gboolean
patron_cli_describe (PatronCli *cli, GError **error)
{
  const char *word = patron_cli_word (cli, _("The source"), error);
  g_autoptr (PatronRecipe) recipe = word != NULL ? start_recipe ("describe", error) : NULL;
  return recipe != NULL && run_recipe (cli, recipe, word, error);
}
