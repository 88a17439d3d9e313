/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document-private.h"

#include <glib/gi18n-lib.h>

#include "table/reader.h"

/* ---- import ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronProject *project;
  char          *path;
  char         **options;
  gint64         id;         /* out */
} Import;

static void
import_free (gpointer data)
{
  Import *import = data;
  patron_project_unref (import->project);
  g_free (import->path);
  g_strfreev (import->options);
  g_free (import);
}

/* The [source] group of a recipe, which is what it takes to read the file again, and beside it what the reader had to say. */
static char *
describe_source (const Import *import, const GPtrArray *notes)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *place = patron_place_public (import->path);
  g_key_file_set_string (file, "source", "file", place);
  for (char **option = import->options; option != NULL && option[0] != NULL; option += 2)
    g_key_file_set_string (file, "source", option[0], option[1]);
  for (guint i = 0; notes != NULL && i < notes->len; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i + 1);
      g_autofree char *sentence = patron_text_render (notes->pdata[i]);
      g_key_file_set_string (file, "notes", key, sentence);
    }
  return g_key_file_to_data (file, NULL, NULL);
}

static gboolean
import_work (PatronRun *run, gpointer data, GError **error)
{
  Import *import = data;
  patron_run_push (run, N_("Reading"), 0.7);
  GPtrArray *notes = NULL;
  g_autoptr (PatronTable) table = patron_read_file (import->path, (const char *const *) import->options, run, &notes, error);
  g_autofree char *provenance = table != NULL ? describe_source (import, notes) : NULL;
  g_clear_pointer (&notes, g_ptr_array_unref);
  patron_run_pop (run);
  if (table == NULL)
    return FALSE;
  patron_run_push (run, N_("Storing"), 0.3);
  import->id = patron_project_add_table (import->project, table, provenance, run, error);
  patron_run_pop (run);
  return import->id != 0;
}

static void
on_import_finished (PatronJob *job, PatronDocument *self)
{
  Import *import = patron_job_get_data (job);
  if (patron_job_get_state (job) == PATRON_JOB_DONE)
    patron_document_emit_table_imported (self, import->id);
}

PatronJob *
patron_document_import_file (PatronDocument *self, const char *path, const char *const *options)
{
  g_return_val_if_fail (PATRON_IS_DOCUMENT (self), NULL);
  Import *import = g_new0 (Import, 1);
  import->project = patron_project_ref (patron_document_get_project (self));
  import->path = g_strdup (path);
  import->options = g_strdupv ((char **) options);
  g_autofree char *base = patron_place_title (path);
  g_autofree char *title = g_strdup_printf (_("Import “%s”"), base);
  PatronJob *job = patron_document_start_job (self, title, PATRON_JOB_EXCLUSIVE, import_work, import, import_free);
  g_signal_connect_object (job, "finished", G_CALLBACK (on_import_finished), self, G_CONNECT_AFTER);
  return job;
}

/* ---- run --------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronProject *project;
  PatronRecipe  *recipe;
  PatronTable   *table;      /* or NULL */
  char          *name;
  gint64         id;         /* out */
} Run;

static void
run_free (gpointer data)
{
  Run *work = data;
  patron_project_unref (work->project);
  patron_recipe_free (work->recipe);
  g_clear_pointer (&work->table, patron_table_unref);
  g_free (work->name);
  g_free (work);
}

static gboolean
run_work (PatronRun *run, gpointer data, GError **error)
{
  Run *work = data;
  patron_run_push (run, NULL, 0.95);
  g_autoptr (PatronOutcome) outcome = patron_engine_run (work->recipe, work->project, work->table, run, error);
  patron_run_pop (run);
  if (outcome == NULL)
    return FALSE;
  patron_run_push (run, N_("Storing the results"), 0.05);
  g_autofree char *recipe = patron_recipe_to_text (outcome->recipe);
  work->id = patron_project_add_run (work->project, work->name, recipe, outcome->report, outcome->result, outcome->model, run, error);
  patron_run_pop (run);
  return work->id != 0;
}

static void
on_run_finished (PatronJob *job, PatronDocument *self)
{
  Run *work = patron_job_get_data (job);
  if (patron_job_get_state (job) == PATRON_JOB_DONE)
    patron_document_emit_run_finished (self, work->id);
}

PatronJob *
patron_document_run (PatronDocument *self, const PatronRecipe *recipe, PatronTable *table)
{
  g_return_val_if_fail (PATRON_IS_DOCUMENT (self), NULL);
  g_return_val_if_fail (recipe != NULL && recipe->run != NULL, NULL);
  Run *work = g_new0 (Run, 1);
  work->project = patron_project_ref (patron_document_get_project (self));
  work->recipe = patron_recipe_copy (recipe);
  work->table = table != NULL ? patron_table_ref (table) : NULL;
  work->name = g_strdup (recipe->run->op->title);   /* shown in the language of whoever looks */
  PatronJob *job = patron_document_start_seeded_job (self, _(work->name), PATRON_JOB_EXCLUSIVE, recipe->seed, run_work, work, run_free);
  patron_job_set_can_stop (job, recipe->run->op->stops);
  g_signal_connect_object (job, "finished", G_CALLBACK (on_run_finished), self, G_CONNECT_AFTER);
  return job;
}

/* ---- save as ----------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronProject *project;
  char          *path;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;
  patron_project_unref (save->project);
  g_free (save->path);
  g_free (save);
}

static gboolean
save_work (PatronRun *run, gpointer data, GError **error)
{
  Save *save = data;
  return patron_project_save_as (save->project, save->path, error);
}

PatronJob *
patron_document_save_as (PatronDocument *self, const char *path)
{
  g_return_val_if_fail (PATRON_IS_DOCUMENT (self), NULL);
  Save *save = g_new0 (Save, 1);
  save->project = patron_project_ref (patron_document_get_project (self));
  save->path = g_strdup (path);
  g_autofree char *base = g_filename_display_basename (path);
  g_autofree char *title = g_strdup_printf (_("Save “%s”"), base);
  return patron_document_start_job (self, title, PATRON_JOB_EXCLUSIVE, save_work, save, save_free);
}
