/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* What can still be had of a damaged project. It is opened for reading only: entries of its lists that are not as they were written are left
 * out, and so are columns whose texts are lost; values in a damaged part read as missing. All of it is named. */

void
patron_project_note_damage (PatronProject *project, const char *what)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->damages_lock);
  if (project->damages != NULL && !g_ptr_array_find_with_equal_func (project->damages, what, g_str_equal, NULL))
    g_ptr_array_add (project->damages, g_strdup (what));
}

/* Reads everything once: afterwards all damages are known. */
static void
probe_table (PatronProject *project, gint64 id, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = patron_project_get_table (project, id, &error);
  g_autofree gint64 *chunk = g_new (gint64, PATRON_CHUNK_ROWS);
  if (table == NULL)
    {
      g_autofree char *what = g_strdup_printf (_("The table “%s” is lost: %s"), name, error->message);
      patron_project_note_damage (project, what);
      return;
    }
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    for (gsize start = 0; start < patron_table_n_rows (table); start += PATRON_CHUNK_ROWS)
      {
        g_autoptr (GError) failure = NULL;
        gsize n = MIN (PATRON_CHUNK_ROWS, patron_table_n_rows (table) - start);
        if (!patron_column_read (patron_table_column (table, i), start, n, chunk, &failure))
          patron_project_note_damage (project, failure->message);
      }
}

static void
probe_reports (PatronProject *project)
{
  g_autoptr (GPtrArray) runs = patron_project_list_runs (project, NULL);
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const PatronRunInfo *info = runs->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (PatronReport) report = patron_project_get_report (project, info->id, &error);
      g_autofree char *what = report == NULL ? g_strdup_printf (_("The result “%s” is lost: %s"), info->name, error->message) : NULL;
      if (what != NULL)
        patron_project_note_damage (project, what);
    }
}

PatronProject *
patron_project_open_damaged (const char *path, GPtrArray **damages, GError **error)
{
  g_autoptr (PatronProject) project = patron_project_open_tolerant (path, error);
  if (project == NULL)
    return NULL;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GPtrArray) tables = patron_project_list_tables (project, &failure);
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    probe_table (project, ((PatronTableInfo *) tables->pdata[i])->id, ((PatronTableInfo *) tables->pdata[i])->name);
  if (tables == NULL)
    patron_project_note_damage (project, failure->message);
  probe_reports (project);
  if (damages != NULL)
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->damages_lock);
      *damages = g_ptr_array_copy (project->damages, (GCopyFunc) (void (*) (void)) g_strdup, NULL);
      g_ptr_array_set_free_func (*damages, g_free);
    }
  return g_steal_pointer (&project);
}

/* ---- into a new project ------------------------------------------------------------------------------------- */

static gboolean
copy_tables (PatronProject *from, PatronProject *to, PatronRun *run, GError **error)
{
  g_autoptr (GPtrArray) tables = patron_project_list_tables (from, error);
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    {
      const PatronTableInfo *info = tables->pdata[i];
      g_autoptr (PatronTable) table = patron_project_get_table (from, info->id, NULL);
      if (table != NULL && patron_project_add_table (to, table, info->provenance != NULL ? info->provenance : info->steps, run, error) == 0)
        return FALSE;
    }
  return tables != NULL;
}

/* Their result tables are among the tables. */
static gboolean
copy_runs (PatronProject *from, PatronProject *to, PatronRun *run, GError **error)
{
  g_autoptr (GPtrArray) runs = patron_project_list_runs (from, error);
  for (guint i = 0; runs != NULL && i < runs->len; i++)
    {
      const PatronRunInfo *info = runs->pdata[i];
      g_autoptr (PatronReport) report = patron_project_get_report (from, info->id, NULL);
      g_autofree char *recipe = report != NULL ? patron_project_get_recipe (from, info->id, NULL) : NULL;
      g_autoptr (GBytes) model = info->model != 0 ? patron_project_get_model (from, info->model, NULL) : NULL;
      if (recipe != NULL && patron_project_add_run (to, info->name, recipe, report, NULL, model, run, error) == 0)
        return FALSE;
    }
  return runs != NULL;
}

gboolean
patron_project_salvage (PatronProject *project, const char *path, PatronRun *run, GError **error)
{
  g_autoptr (PatronProject) to = patron_project_create (path, error);
  if (to == NULL)
    return FALSE;
  gboolean done = copy_tables (project, to, run, error) && copy_runs (project, to, run, error);
  if (!done)
    patron_project_delete_file (to);
  return done;
}
