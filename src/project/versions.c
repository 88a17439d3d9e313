/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Versions of a table. Its row of the catalogue is the base and keeps the name; the contents of every other version are a row of their own,
 * never live, whose columns share the stored values of what a step did not change. Which one is current is one value, so that undo, redo and
 * branches need nothing more than to change it. */

typedef struct
{
  gint64 table, contents, created;
  char  *steps;
} Version;

static void
version_clear (Version *version)
{
  g_clear_pointer (&version->steps, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Version, version_clear)

/* 0 for the base: a table that nobody prepared has no row. */
static gboolean
get_head (PatronDatabase *database, gint64 table, gint64 *version, GError **error)
{
  sqlite3_stmt *row;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_HEAD, table, &row, error);
  *version = found == 1 ? sqlite3_column_int64 (row, 2) : 0;
  if (found == 1)
    sqlite3_reset (row);
  return found >= 0;
}

/* Version `id` of this table; 0: the base. */
static gboolean
get_version (PatronDatabase *database, gint64 table, gint64 id, Version *version, GError **error)
{
  sqlite3_stmt *row;
  *version = (Version) { .table = table, .contents = table };
  if (id == 0)
    return TRUE;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_VERSION, id, &row, error);
  if (found < 0)
    return FALSE;
  if (found == 1)
    {
      *version = (Version) { sqlite3_column_int64 (row, 2), sqlite3_column_int64 (row, 3), sqlite3_column_int64 (row, 4),
                             g_strdup (patron_statement_text (row, 5)) };
      sqlite3_reset (row);
    }
  if (found == 1 && version->table == table)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The table has no version number %" PRId64 "; it may have been removed by compacting."), id);
  return FALSE;
}

gboolean
patron_version_fill_info (PatronDatabase *database, PatronTableInfo *info, GError **error)
{
  g_auto (Version) version = { 0 };
  sqlite3_stmt *row;
  if (!get_head (database, info->id, &info->version, error) || !get_version (database, info->id, info->version, &version, error))
    return FALSE;
  if (info->version == 0)
    return TRUE;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_TABLE, version.contents, &row, error);
  if (found != 1)
    return found == 0 && patron_database_damaged (database, _("the values of a table are missing"), error);
  info->n_rows = sqlite3_column_int64 (row, 4);
  info->n_columns = sqlite3_column_int64 (row, 5);
  info->bytes = sqlite3_column_int64 (row, 7);
  sqlite3_reset (row);
  info->version_created = version.created;
  info->steps = g_steal_pointer (&version.steps);
  return TRUE;
}

/* ---- changing ----------------------------------------------------------------------------------------------- */

/* Ids are never used twice, not even after compacting: runs remember them. */
static gboolean
insert_version (PatronDatabase *database, gint64 table, gint64 contents, const char *steps, gint64 *id, GError **error)
{
  return patron_database_get_int64 (database, "SELECT 1 + max ((SELECT coalesce (max (id), 0) FROM table_version), "
                                              "(SELECT coalesce (max (version), 0) FROM run_origin))", 1, id, error)
         && patron_database_run (database, error, "INSERT INTO table_version (id, sum, table_id, contents, created, steps) VALUES (?, 0, ?, ?, ?, ?)",
                                 "iiiit", *id, table, contents, g_get_real_time (), steps)
         && patron_catalogue_seal_row (database, PATRON_CATALOGUE_VERSION, *id, error);
}

static gboolean
set_version_in (PatronDatabase *database, gint64 table, const char *name, gint64 contents, const char *steps, const PatronText *label, GError **error)
{
  gint64 version = 0;
  if (contents != 0 && !insert_version (database, table, contents, steps, &version, error))
    return FALSE;
  if (!patron_database_run (database, error, "INSERT OR IGNORE INTO table_head (id, sum, version) VALUES (?, 0, 0)", "i", table)
      || !patron_catalogue_seal_row (database, PATRON_CATALOGUE_HEAD, table, error))
    return FALSE;
  g_autofree char *after = g_strdup_printf ("%" PRId64, version);
  gint64 step = patron_history_add (database, "prepare-table", name, "", label, error);
  return step != 0 && patron_history_change_id (database, step, "table-version", table, after, error);
}

/* The name of a live table. */
static char *
find_name (PatronDatabase *database, gint64 id, GError **error)
{
  sqlite3_stmt *row;
  char *name = NULL;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_TABLE, id, &row, error);
  if (found == 1)
    {
      name = sqlite3_column_int64 (row, 2) != 0 ? g_strdup (patron_statement_text (row, 3)) : NULL;
      sqlite3_reset (row);
    }
  if (found >= 0 && name == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no table number %" PRId64 "."), id);
  return name;
}

gboolean
patron_project_set_table_steps (PatronProject *project, gint64 id, PatronTable *result, const char *steps, const PatronText *label, PatronRun *run,
                                GError **error)
{
  PatronDatabase *database;
  gint64 contents = 0;
  if (result != NULL)
    {
      if (run != NULL)
        patron_run_push (run, N_("Saving the table"), 1);
      contents = patron_project_store_contents (project, result, patron_table_get_name (result), run, error);
      if (run != NULL)
        patron_run_pop (run);
      database = contents != 0 ? project->writer : NULL;
    }
  else
    database = patron_project_begin (project, error);
  if (database == NULL)
    return FALSE;
  g_autofree char *name = find_name (database, id, error);
  gboolean done = name != NULL && set_version_in (database, id, name, contents, steps != NULL ? steps : "", label, error);
  return patron_project_end (project, done, error);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

static PatronTable *
read_version (PatronProject *project, PatronDatabase *database, gint64 id, gint64 version_id, GError **error)
{
  g_auto (Version) version = { 0 };
  return get_version (database, id, version_id, &version, error) ? patron_project_read_table (project, database, id, version.contents, error) : NULL;
}

PatronTable *
patron_project_get_table_version (PatronProject *project, gint64 id, gint64 version, GError **error)
{
  PatronDatabase *database = patron_project_acquire (project, error);
  if (database == NULL)
    return NULL;
  PatronTable *table = read_version (project, database, id, version, error);
  patron_project_release (project, database);
  return table;
}

PatronTable *
patron_project_get_table_base (PatronProject *project, gint64 id, GError **error)
{
  return patron_project_get_table_version (project, id, 0, error);
}

PatronTable *
patron_project_get_table (PatronProject *project, gint64 id, GError **error)
{
  gint64 version;
  PatronDatabase *database = patron_project_acquire (project, error);
  if (database == NULL)
    return NULL;
  PatronTable *table = get_head (database, id, &version, error) ? read_version (project, database, id, version, error) : NULL;
  patron_project_release (project, database);
  return table;
}

char *
patron_project_get_table_steps (PatronProject *project, gint64 id, GError **error)
{
  gint64 current;
  g_auto (Version) version = { 0 };
  PatronDatabase *database = patron_project_acquire (project, error);
  if (database == NULL)
    return NULL;
  g_autofree char *name = find_name (database, id, error);
  gboolean found = name != NULL && get_head (database, id, &current, error) && get_version (database, id, current, &version, error);
  patron_project_release (project, database);
  return !found ? NULL : version.steps != NULL ? g_steal_pointer (&version.steps) : g_strdup ("");
}

/* ---- which version a run saw -------------------------------------------------------------------------------- */

/* The live table of this name, or 0. */
static gboolean
find_live (PatronDatabase *database, const char *name, gint64 *id, GError **error)
{
  sqlite3_stmt *row = patron_database_query (database, error, "SELECT id FROM data_table WHERE live = 1 AND name = ?", "t", name);
  int step = patron_database_step (database, row, error);
  *id = step == 1 ? sqlite3_column_int64 (row, 0) : 0;
  if (step == 1)
    sqlite3_reset (row);
  return step >= 0;
}

static gboolean
has_series (PatronProject *project, PatronTable *table, PatronTable *other)
{
  if (patron_table_n_columns (table) != patron_table_n_columns (other) || patron_table_n_rows (table) != patron_table_n_rows (other))
    return FALSE;
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *a = patron_table_column (table, i), *b = patron_table_column (other, i);
      gint64 series = patron_project_series_of (project, a);
      if (series == 0 || series != patron_project_series_of (project, b) || patron_column_get_type (a) != patron_column_get_type (b)
          || strcmp (patron_column_get_name (a), patron_column_get_name (b)) != 0)
        return FALSE;
    }
  return TRUE;
}

/* Newest first, and the base. */
static GArray *
list_versions (PatronDatabase *database, gint64 table)
{
  GArray *ids = g_array_new (FALSE, TRUE, sizeof (gint64));
  gint64 id = 0;
  sqlite3_stmt *row = patron_database_query (database, NULL, "SELECT id FROM table_version WHERE table_id = ? ORDER BY id DESC", "i", table);
  while (patron_database_step (database, row, NULL) == 1)
    {
      id = sqlite3_column_int64 (row, 0);
      g_array_append_val (ids, id);
    }
  id = 0;
  g_array_append_val (ids, id);
  return ids;
}

/* The current version first: two versions may hold the same. */
static gint64
match_version (PatronProject *project, PatronDatabase *database, gint64 id, PatronTable *table)
{
  g_autoptr (GArray) ids = list_versions (database, id);
  gint64 current;
  if (!get_head (database, id, &current, NULL))
    return -1;
  g_array_prepend_val (ids, current);
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 version = g_array_index (ids, gint64, i);
      g_autoptr (PatronTable) there = read_version (project, database, id, version, NULL);
      if (there != NULL && has_series (project, table, there))
        return version;
    }
  return -1;
}

gint64
patron_project_find_version (PatronProject *project, const char *name, PatronTable *table)
{
  gint64 id, version = -1;
  PatronDatabase *database = patron_project_acquire (project, NULL);
  if (database == NULL)
    return -1;
  if (find_live (database, name, &id, NULL) && id != 0)
    version = match_version (project, database, id, table);
  patron_project_release (project, database);
  return version;
}

gboolean
patron_version_keep_origin (PatronDatabase *database, gint64 run, const char *recipe, GError **error)
{
  gint64 table;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (recipe == NULL || !g_key_file_load_from_data (file, recipe, strlen (recipe), G_KEY_FILE_NONE, NULL)
      || !g_key_file_has_key (file, "source", "version", NULL))
    return TRUE;
  g_autofree char *name = g_key_file_get_string (file, "source", "table", NULL);
  gint64 version = g_key_file_get_int64 (file, "source", "version", NULL);
  if (name == NULL || version < 0)
    return TRUE;
  if (!find_live (database, name, &table, error))
    return FALSE;
  return table == 0
         || (patron_database_run (database, error, "INSERT INTO run_origin (id, sum, table_id, version) VALUES (?, 0, ?, ?)", "iii", run, table, version)
             && patron_catalogue_seal_row (database, PATRON_CATALOGUE_ORIGIN, run, error));
}

gboolean
patron_version_fill_origin (PatronDatabase *database, PatronRunInfo *info, GError **error)
{
  sqlite3_stmt *row;
  gint64 current;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_ORIGIN, info->id, &row, error);
  if (found != 1)
    return found == 0;
  info->table_id = sqlite3_column_int64 (row, 2);
  info->table_version = sqlite3_column_int64 (row, 3);
  sqlite3_reset (row);
  if (!get_head (database, info->table_id, &current, error))
    return FALSE;
  g_autofree char *name = find_name (database, info->table_id, NULL);
  info->table_changed = current != info->table_version || name == NULL;
  return TRUE;
}
