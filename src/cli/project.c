/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "draw/document.h"

#include <glib/gi18n-lib.h>

gboolean
patron_cli_recipe (PatronCli *cli, GError **error)
{
  const char *path = patron_cli_word (cli, _("The project"), error);
  if (path == NULL || !patron_options_done (cli->options, error))
    return FALSE;
  g_autoptr (PatronProject) project = patron_project_open (path, TRUE, error);
  g_autoptr (GPtrArray) runs = project != NULL ? patron_project_list_runs (project, error) : NULL;
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const PatronRunInfo *info = runs->pdata[i];
      g_autofree char *recipe = patron_project_get_recipe (project, info->id, error);
      if (recipe == NULL)
        return FALSE;
      g_print ("%s# %s\n%s", i > 0 ? "\n" : "", info->name, recipe);
    }
  return runs != NULL;
}

/* Names what is lost, and keeps the rest. */
static gboolean
salvage (PatronCli *cli, const char *path, const char *to, GError **error)
{
  g_autoptr (GPtrArray) damages = NULL;
  g_autoptr (PatronProject) project = patron_project_open_damaged (path, &damages, error);
  if (project == NULL || !patron_project_salvage (project, to, cli->run, error))
    return FALSE;
  for (guint i = 0; i < damages->len; i++)
    g_print ("%s\n", (char *) damages->pdata[i]);
  g_print (_("What is sound is in %s.\n"), to);
  return TRUE;
}

gboolean
patron_cli_check (PatronCli *cli, GError **error)
{
  const char *path = patron_cli_word (cli, _("The project"), error);
  const char *to = patron_options_get (cli->options, "salvage");
  if (path == NULL || !patron_options_done (cli->options, error))
    return FALSE;
  if (to != NULL)
    return salvage (cli, path, to, error);
  g_autoptr (PatronProject) project = patron_project_open (path, TRUE, error);
  if (project == NULL)
    return FALSE;
  g_autoptr (GPtrArray) damages = NULL;
  gboolean sound = patron_project_check (project, &damages, cli->run, error);
  for (guint i = 0; damages != NULL && i < damages->len; i++)
    g_print ("%s\n", (char *) damages->pdata[i]);
  if (sound)
    g_print (_("%s is sound.\n"), path);
  return sound;
}

/* "A,B" of names or numbers of runs; NULL: every run. */
static gboolean
is_wanted (const PatronRunInfo *info, guint number, char **wanted)
{
  g_autofree char *text = g_strdup_printf ("%u", number);
  return wanted == NULL || g_strv_contains ((const char *const *) wanted, info->name) || g_strv_contains ((const char *const *) wanted, text)
         || g_strv_contains ((const char *const *) wanted, info->op);
}

typedef struct
{
  GPtrArray *reports;     /* of PatronReport* */
  GPtrArray *results;     /* of PatronTable* or NULL */
} Chosen;

static void
unref_result (gpointer table)
{
  if (table != NULL)
    patron_table_unref (table);
}

static gboolean
choose (PatronProject *project, char **wanted, Chosen *chosen, GError **error)
{
  g_autoptr (GPtrArray) runs = patron_project_list_runs (project, error);
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const PatronRunInfo *info = runs->pdata[i];
      if (!is_wanted (info, i + 1, wanted))
        continue;
      PatronReport *report = patron_project_get_report (project, info->id, error);
      if (report == NULL)
        return FALSE;
      g_ptr_array_add (chosen->reports, report);
      PatronTable *result = info->result_table != 0 ? patron_project_get_table (project, info->result_table, error) : NULL;
      g_ptr_array_add (chosen->results, result);
      if (info->result_table != 0 && result == NULL)
        return FALSE;
    }
  if (runs != NULL && chosen->reports->len == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Project “%s” has no such run to report; number of runs: %d."),
                 patron_project_get_path (project), (int) runs->len);
  return runs != NULL && chosen->reports->len > 0;
}

static gboolean
write_chosen (PatronCli *cli, PatronProject *project, const Chosen *chosen, const char *to, GError **error)
{
  g_autofree PatronDocumentRun *parts = g_new0 (PatronDocumentRun, chosen->reports->len);
  for (guint i = 0; i < chosen->reports->len; i++)
    parts[i] = (PatronDocumentRun) { .report = chosen->reports->pdata[i], .result = chosen->results->pdata[i] };
  g_autofree char *title = patron_project_get_setting (project, "report-title");
  const PatronReportDocument document = { .title = title, .n_runs = chosen->reports->len, .runs = parts };
  return patron_document_write (&document, to, cli->run, error);
}

gboolean
patron_cli_report (PatronCli *cli, GError **error)
{
  const char *path = patron_cli_word (cli, _("The project"), error);
  const char *to = path != NULL ? patron_cli_need (cli, "to", error) : NULL;
  const char *runs = patron_options_get (cli->options, "runs");
  if (to == NULL || !patron_options_done (cli->options, error))
    return FALSE;
  g_autoptr (PatronProject) project = patron_project_open (path, TRUE, error);
  if (project == NULL)
    return FALSE;
  g_auto (GStrv) wanted = runs != NULL ? g_strsplit (runs, ",", -1) : NULL;
  Chosen chosen = { g_ptr_array_new_with_free_func ((GDestroyNotify) patron_report_free), g_ptr_array_new_with_free_func (unref_result) };
  gboolean ok = choose (project, wanted, &chosen, error) && write_chosen (cli, project, &chosen, to, error);
  g_ptr_array_unref (chosen.reports);
  g_ptr_array_unref (chosen.results);
  return ok;
}
