/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

void
patron_run_info_free (PatronRunInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->op);
  g_free (info->table);
  g_free (info);
}

void
patron_model_info_free (PatronModelInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->op);
  g_free (info);
}

/* ---- byte streams: reports and models ----------------------------------------------------------------------- */

static gboolean
check_stream (PatronDatabase *database, gconstpointer blob, gsize size, PatronManifest *manifest, GError **error)
{
  const guint8 *bytes = blob;
  *manifest = (PatronManifest) { 0 };
  if (bytes != NULL && patron_manifest_parse (manifest, PATRON_ELEMENT_BYTES, -1, &bytes, &size) && size == 0)
    return TRUE;
  patron_manifest_clear (manifest);
  return patron_database_damaged (database, _("a result makes no sense"), error);
}

static GBytes *
read_stream (PatronDatabase *database, const PatronManifest *manifest, GError **error)
{
  guint8 *out = patron_try_alloc (manifest->n + 1, 1, "a result", error);
  if (out == NULL)
    return NULL;
  out[manifest->n] = '\0';
  for (guint i = 0; i < manifest->n_chunks; i++)
    {
      GError *cause = NULL;
      if (patron_manifest_read (manifest, i, database, 0, out + i * manifest->rows, &cause))
        continue;
      if (cause != NULL)
        g_propagate_error (error, cause);
      else
        patron_database_damaged (database, _("a result is not as it was saved"), error);
      patron_free (out);
      return NULL;
    }
  return g_bytes_new_with_free_func (out, manifest->n, patron_free, out);
}

/* ---- adding ------------------------------------------------------------------------------------------------- */

static gint64
insert_model (PatronDatabase *database, PatronPacking *packing, const char *name, const char *op, GError **error)
{
  g_autoptr (GByteArray) manifest = g_byte_array_new ();
  g_autofree char *unique = patron_project_unique_name (database, PATRON_CATALOGUE_MODEL, name, error);
  if (unique == NULL || !patron_packing_insert (packing, database, error))
    return 0;
  patron_manifest_write (&packing->manifest, manifest);
  if (!patron_database_run (database, error, "INSERT INTO model (sum, live, name, op, created, bytes, manifest) VALUES (0, 0, ?, ?, ?, ?, ?)", "ttiib",
                            unique, op, g_get_real_time (), (gint64) packing->manifest.n, manifest->data, (gsize) manifest->len))
    return 0;
  gint64 id = sqlite3_last_insert_rowid (database->db);
  return patron_catalogue_seal_row (database, PATRON_CATALOGUE_MODEL, id, error) ? id : 0;
}

static gint64
insert_run (PatronDatabase *database, PatronPacking *packing, const char *name, const char *recipe, const PatronReport *report, gint64 table, gint64 model,
            GError **error)
{
  g_autoptr (GByteArray) manifest = g_byte_array_new ();
  g_autofree char *unique = patron_project_unique_name (database, PATRON_CATALOGUE_RUN, name, error);
  if (unique == NULL || !patron_packing_insert (packing, database, error))
    return 0;
  patron_manifest_write (&packing->manifest, manifest);
  if (!patron_database_run (database, error,
                            "INSERT INTO run (sum, live, name, op, source, created, result_table, model, recipe, report) "
                            "VALUES (0, 0, ?, ?, ?, ?, ?, ?, ?, ?)", "tttiiitb",
                            unique, report->op, report->source != NULL ? report->source : "", g_get_real_time (), table, model,
                            recipe != NULL ? recipe : "", manifest->data, (gsize) manifest->len))
    return 0;
  gint64 id = sqlite3_last_insert_rowid (database->db);
  return patron_catalogue_seal_row (database, PATRON_CATALOGUE_RUN, id, error) ? id : 0;
}

static gboolean
make_live (PatronDatabase *database, const char *name, gint64 run, gint64 table, gint64 model, GError **error)
{
  gint64 step = patron_history_add (database, "add-run", name, "", NULL, error);
  return step != 0 && patron_history_change_id (database, step, "run-live", run, "1", error)
         && (table == 0 || patron_history_change_id (database, step, "table-live", table, "1", error))
         && (model == 0 || patron_history_change_id (database, step, "model-live", model, "1", error));
}

gint64
patron_project_add_run (PatronProject *project, const char *name, const char *recipe, const PatronReport *report, PatronTable *result, GBytes *model,
                        PatronRun *run, GError **error)
{
  g_autofree char *json = patron_report_save (report);
  g_autoptr (PatronPacking) report_packing = patron_packing_new (PATRON_ELEMENT_BYTES, strlen (json), json, NULL);
  gsize model_size = 0;
  gconstpointer model_data = model != NULL ? g_bytes_get_data (model, &model_size) : NULL;
  g_autoptr (PatronPacking) model_packing = model != NULL ? patron_packing_new (PATRON_ELEMENT_BYTES, model_size, model_data, NULL) : NULL;
  if (!patron_packing_encode_all (report_packing, run, error) || (model_packing != NULL && !patron_packing_encode_all (model_packing, run, error)))
    return 0;
  gint64 table_id = 0, model_id = 0, run_id = 0;
  PatronDatabase *database = NULL;
  if (result != NULL)
    {
      table_id = patron_project_store_table (project, result, recipe, run, error);
      database = table_id != 0 ? project->writer : NULL;
    }
  else
    database = patron_project_begin (project, error);
  if (database == NULL)
    return 0;
  gboolean done = TRUE;
  if (model_packing != NULL)
    {
      model_id = insert_model (database, model_packing, name, report->op, error);
      done = model_id != 0;
    }
  if (done)
    {
      run_id = insert_run (database, report_packing, name, recipe, report, table_id, model_id, error);
      done = run_id != 0 && patron_version_keep_origin (database, run_id, recipe, error) && make_live (database, name, run_id, table_id, model_id, error);
    }
  return patron_project_end (project, done, error) ? run_id : 0;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* Calls read for every live row, checked. */
static GPtrArray *
list_live (PatronProject *project, PatronCatalogue catalogue, gpointer (*read) (PatronDatabase *database, sqlite3_stmt *row, GError **error),
           GDestroyNotify destroy, GError **error)
{
  PatronDatabase *database = patron_project_acquire (project, error);
  if (database == NULL)
    return NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (destroy);
  sqlite3_stmt *row = patron_catalogue_rows (database, catalogue, error);
  int step;
  while ((step = patron_database_step (database, row, error)) == 1)
    {
      GError *cause = NULL;
      gboolean sound = patron_catalogue_check_row (database, catalogue, row, &cause);
      gpointer info = sound && sqlite3_column_int64 (row, 2) != 0 ? read (database, row, &cause) : NULL;
      if (info != NULL)
        g_ptr_array_add (list, info);
      if (sound && (info != NULL || sqlite3_column_int64 (row, 2) == 0))
        continue;
      if (database->tolerant)
        {
          patron_project_note_damage (project, cause->message);
          g_clear_error (&cause);
          continue;
        }
      g_propagate_error (error, cause);
      sqlite3_reset (row);
      step = -1;
      break;
    }
  patron_project_release (project, database);
  return step == 0 ? g_steal_pointer (&list) : NULL;
}

static gpointer
read_run (PatronDatabase *database, sqlite3_stmt *row, GError **error)
{
  PatronRunInfo *info = g_new0 (PatronRunInfo, 1);
  info->id = sqlite3_column_int64 (row, 0);
  info->name = g_strdup (patron_statement_text (row, 3));
  info->op = g_strdup (patron_statement_text (row, 4));
  info->table = g_strdup (patron_statement_text (row, 5));
  info->created = sqlite3_column_int64 (row, 6);
  info->result_table = sqlite3_column_int64 (row, 7);
  info->model = sqlite3_column_int64 (row, 8);
  if (patron_version_fill_origin (database, info, error))
    return info;
  patron_run_info_free (info);
  return NULL;
}

static gpointer
read_model (PatronDatabase *database, sqlite3_stmt *row, GError **error)
{
  PatronModelInfo *info = g_new0 (PatronModelInfo, 1);
  info->id = sqlite3_column_int64 (row, 0);
  info->name = g_strdup (patron_statement_text (row, 3));
  info->op = g_strdup (patron_statement_text (row, 4));
  info->created = sqlite3_column_int64 (row, 5);
  info->bytes = sqlite3_column_int64 (row, 6);
  return info;
}

GPtrArray *
patron_project_list_runs (PatronProject *project, GError **error)
{
  return list_live (project, PATRON_CATALOGUE_RUN, read_run, (GDestroyNotify) patron_run_info_free, error);
}

GPtrArray *
patron_project_list_models (PatronProject *project, GError **error)
{
  return list_live (project, PATRON_CATALOGUE_MODEL, read_model, (GDestroyNotify) patron_model_info_free, error);
}

/* The stream whose manifest is in this column of the row; text (optional): the text in another column. */
static GBytes *
get_stream (PatronProject *project, PatronCatalogue catalogue, gint64 id, int column, GError **error)
{
  PatronDatabase *database = patron_project_acquire (project, error);
  if (database == NULL)
    return NULL;
  sqlite3_stmt *row;
  GBytes *bytes = NULL;
  int found = patron_catalogue_get (database, catalogue, id, &row, error);
  if (found == 1)
    {
      PatronManifest manifest;
      gboolean sound = check_stream (database, sqlite3_column_blob (row, column), sqlite3_column_bytes (row, column), &manifest, error);
      sqlite3_reset (row);
      if (sound)
        bytes = read_stream (database, &manifest, error);
      patron_manifest_clear (&manifest);
    }
  else if (found == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no result number %" PRId64 "."), id);
  patron_project_release (project, database);
  return bytes;
}

PatronReport *
patron_project_get_report (PatronProject *project, gint64 run_id, GError **error)
{
  g_autoptr (GBytes) bytes = get_stream (project, PATRON_CATALOGUE_RUN, run_id, 10, error);
  return bytes != NULL ? patron_report_load (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error) : NULL;
}

GBytes *
patron_project_get_model (PatronProject *project, gint64 model_id, GError **error)
{
  return get_stream (project, PATRON_CATALOGUE_MODEL, model_id, 7, error);
}

char *
patron_project_get_recipe (PatronProject *project, gint64 run_id, GError **error)
{
  PatronDatabase *database = patron_project_acquire (project, error);
  if (database == NULL)
    return NULL;
  sqlite3_stmt *row;
  char *recipe = NULL;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_RUN, run_id, &row, error);
  if (found == 1)
    {
      recipe = g_strdup (patron_statement_text (row, 9));
      sqlite3_reset (row);
    }
  else if (found == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no result number %" PRId64 "."), run_id);
  patron_project_release (project, database);
  return recipe;
}

GBytes *
patron_project_find_model (PatronProject *project, const char *name, GError **error)
{
  g_autoptr (GPtrArray) list = patron_project_list_models (project, error);
  if (list == NULL)
    return NULL;
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    {
      PatronModelInfo *info = g_ptr_array_index (list, i);
      if (strcmp (info->name, name) == 0)
        return patron_project_get_model (project, info->id, error);
      g_string_append_printf (known, "%s“%s”", i > 0 ? ", " : "", info->name);
    }
  if (list->len == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no model “%s”; it has none at all."), name);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no model “%s”; it has %s."), name, known->str);
  return NULL;
}
