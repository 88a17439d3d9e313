/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

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

gboolean
patron_cli_check (PatronCli *cli, GError **error)
{
  const char *path = patron_cli_word (cli, _("The project"), error);
  if (path == NULL || !patron_options_done (cli->options, error))
    return FALSE;
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

gboolean
patron_cli_report (PatronCli *cli, GError **error)
{
  return FALSE;
}
