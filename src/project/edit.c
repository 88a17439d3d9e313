/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Renaming, removing and settings: each one step of the history. */

typedef struct
{
  char    *name;
  gint64   result_table, model;   /* of a run */
} Entry;

/* The live entry with this id. */
static gboolean
find_live (PatronDatabase *database, PatronCatalogue catalogue, gint64 id, Entry *entry, GError **error)
{
  sqlite3_stmt *row;
  int found = patron_catalogue_get (database, catalogue, id, &row, error);
  *entry = (Entry) { 0 };
  if (found < 0)
    return FALSE;
  gboolean live = found == 1 && sqlite3_column_int64 (row, 2) != 0;
  if (live)
    {
      entry->name = g_strdup (patron_statement_text (row, 3));
      entry->result_table = catalogue == PATRON_CATALOGUE_RUN ? sqlite3_column_int64 (row, 7) : 0;
      entry->model = catalogue == PATRON_CATALOGUE_RUN ? sqlite3_column_int64 (row, 8) : 0;
    }
  if (found == 1)
    sqlite3_reset (row);
  if (!live && catalogue == PATRON_CATALOGUE_TABLE)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no table number %" PRId64 "."), id);
  else if (!live)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no result number %" PRId64 "."), id);
  return live;
}

static gboolean
check_name_free (PatronDatabase *database, PatronCatalogue catalogue, const char *name, GError **error)
{
  g_autofree char *unique = patron_project_unique_name (database, catalogue, name, error);
  if (unique == NULL)
    return FALSE;
  if (strcmp (unique, name) == 0)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project already has a “%s”; expected another name."), name);
  return FALSE;
}

static gboolean
rename_in (PatronDatabase *database, PatronCatalogue catalogue, gint64 id, const char *name, GError **error)
{
  gboolean table = catalogue == PATRON_CATALOGUE_TABLE;
  Entry entry;
  if (*name == '\0' || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("A name in a project cannot be empty."));
      return FALSE;
    }
  if (!find_live (database, catalogue, id, &entry, error))
    return FALSE;
  g_autofree char *former = entry.name;
  if (strcmp (former, name) == 0)
    return TRUE;
  if (!check_name_free (database, catalogue, name, error))
    return FALSE;
  gint64 step = patron_history_add (database, table ? "rename-table" : "rename-run", former, name, NULL, error);
  return step != 0 && patron_history_change_id (database, step, table ? "table-name" : "run-name", id, name, error);
}

gboolean
patron_project_rename_table (PatronProject *project, gint64 id, const char *name, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  return database != NULL && patron_project_end (project, rename_in (database, PATRON_CATALOGUE_TABLE, id, name, error), error);
}

gboolean
patron_project_rename_run (PatronProject *project, gint64 id, const char *name, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  return database != NULL && patron_project_end (project, rename_in (database, PATRON_CATALOGUE_RUN, id, name, error), error);
}

static gboolean
remove_table_in (PatronDatabase *database, gint64 id, GError **error)
{
  Entry entry;
  if (!find_live (database, PATRON_CATALOGUE_TABLE, id, &entry, error))
    return FALSE;
  g_autofree char *name = entry.name;
  gint64 step = patron_history_add (database, "remove-table", name, "", NULL, error);
  return step != 0 && patron_history_change_id (database, step, "table-live", id, "0", error);
}

gboolean
patron_project_remove_table (PatronProject *project, gint64 id, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  return database != NULL && patron_project_end (project, remove_table_in (database, id, error), error);
}

/* A run goes with its model and its result table. */
static gboolean
remove_run_in (PatronDatabase *database, gint64 id, GError **error)
{
  Entry entry;
  if (!find_live (database, PATRON_CATALOGUE_RUN, id, &entry, error))
    return FALSE;
  g_autofree char *name = entry.name;
  gint64 step = patron_history_add (database, "remove-run", name, "", NULL, error);
  return step != 0 && patron_history_change_id (database, step, "run-live", id, "0", error)
         && (entry.result_table == 0 || patron_history_change_id (database, step, "table-live", entry.result_table, "0", error))
         && (entry.model == 0 || patron_history_change_id (database, step, "model-live", entry.model, "0", error));
}

gboolean
patron_project_remove_run (PatronProject *project, gint64 id, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  return database != NULL && patron_project_end (project, remove_run_in (database, id, error), error);
}

/* ---- settings ----------------------------------------------------------------------------------------------- */

/* The row of a setting: 1, 0 when there is none, -1 on error. value may be NULL. */
static int
find_setting (PatronDatabase *database, const char *key, gint64 *id, char **value, GError **error)
{
  sqlite3_stmt *row = patron_catalogue_rows (database, PATRON_CATALOGUE_SETTING, error);
  int step;
  while ((step = patron_database_step (database, row, error)) == 1)
    {
      gboolean sound = patron_catalogue_check_row (database, PATRON_CATALOGUE_SETTING, row, error);
      if (sound && strcmp (patron_statement_text (row, 2), key) != 0)
        continue;
      *id = sqlite3_column_int64 (row, 0);
      *value = sound ? g_strdup ((const char *) sqlite3_column_text (row, 3)) : NULL;
      sqlite3_reset (row);
      return sound ? 1 : -1;
    }
  return step;
}

char *
patron_project_get_setting (PatronProject *project, const char *key)
{
  PatronDatabase *database = patron_project_acquire (project, NULL);
  gint64 id;
  char *value = NULL;
  if (database == NULL)
    return NULL;
  int found = find_setting (database, key, &id, &value, NULL);
  patron_project_release (project, database);
  return found == 1 ? value : NULL;
}

/* The row of a setting, made when there is none; value: what it holds. */
static gboolean
need_setting (PatronDatabase *database, const char *key, gint64 *id, char **value, GError **error)
{
  int found = find_setting (database, key, id, value, error);
  if (found != 0)
    return found > 0;
  if (!patron_database_run (database, error, "INSERT INTO setting (sum, key, value) VALUES (0, ?, NULL)", "t", key))
    return FALSE;
  *id = sqlite3_last_insert_rowid (database->db);
  return TRUE;
}

static gboolean
set_setting_in (PatronDatabase *database, const char *key, const char *value, GError **error)
{
  gint64 id;
  g_autofree char *former = NULL;
  if (!need_setting (database, key, &id, &former, error))
    return FALSE;
  if (g_strcmp0 (former, value) == 0)
    return TRUE;
  gint64 step = patron_history_add (database, "setting", key, "", NULL, error);
  return step != 0 && patron_history_change_id (database, step, "setting", id, value, error);
}

gboolean
patron_project_set_setting (PatronProject *project, const char *key, const char *value, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  return database != NULL && patron_project_end (project, set_setting_in (database, key, value, error), error);
}

static gboolean
keep_setting_in (PatronDatabase *database, const char *key, const char *value, GError **error)
{
  gint64 id;
  g_autofree char *former = NULL;
  return need_setting (database, key, &id, &former, error)
         && patron_database_run (database, error, "UPDATE setting SET value = ? WHERE id = ?", "ti", value, id)
         && patron_catalogue_seal_row (database, PATRON_CATALOGUE_SETTING, id, error);
}

gboolean
patron_project_keep_setting (PatronProject *project, const char *key, const char *value, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  return database != NULL && patron_project_end (project, keep_setting_in (database, key, value, error), error);
}
