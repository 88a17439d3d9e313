/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/schema.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

/* "Ptrn". */
#define APPLICATION_ID 0x5074726e

/* Rows of sqlite_schema, in the order of their names: the statement that made each, and the versions that have it (until 0: still). Ids and
 * sums come first, so that they can be read without the rest. */
static const struct
{
  const char *name;
  const char *sql;
  int         since, until;
} objects[] = {
  { "chunk", "CREATE TABLE chunk (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT", 1 },
  { "data_column",
    "CREATE TABLE data_column (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, table_id INTEGER NOT NULL, position INTEGER NOT NULL, "
    "series INTEGER NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, unit TEXT) STRICT", 1 },
  { "data_table",
    "CREATE TABLE data_table (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, live INTEGER NOT NULL, name TEXT NOT NULL, n_rows INTEGER NOT NULL, "
    "n_columns INTEGER NOT NULL, first_column INTEGER NOT NULL, bytes INTEGER NOT NULL, created INTEGER NOT NULL, provenance TEXT) STRICT", 1 },
  { "dictionary",
    "CREATE TABLE dictionary (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, hash BLOB NOT NULL, bytes INTEGER NOT NULL, manifest BLOB NOT NULL) STRICT", 1 },
  { "dictionary_hash", "CREATE INDEX dictionary_hash ON dictionary (hash)", 1 },
  { "effect",
    "CREATE TABLE effect (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, step INTEGER NOT NULL, what TEXT NOT NULL, target TEXT NOT NULL, "
    "before TEXT, after TEXT) STRICT", 1 },
  { "lease",
    "CREATE TABLE lease (id INTEGER PRIMARY KEY, token TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT NULL, "
    "taken INTEGER NOT NULL) STRICT", 2 },
  { "model",
    "CREATE TABLE model (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, live INTEGER NOT NULL, name TEXT NOT NULL, op TEXT NOT NULL, "
    "created INTEGER NOT NULL, bytes INTEGER NOT NULL, manifest BLOB NOT NULL) STRICT", 1 },
  { "run",
    "CREATE TABLE run (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, live INTEGER NOT NULL, name TEXT NOT NULL, op TEXT NOT NULL, source TEXT NOT NULL, "
    "created INTEGER NOT NULL, result_table INTEGER NOT NULL, model INTEGER NOT NULL, recipe TEXT NOT NULL, report BLOB NOT NULL) STRICT", 1 },
  /* The version of the source table that a run saw; id is the run's. */
  { "run_origin",
    "CREATE TABLE run_origin (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, table_id INTEGER NOT NULL, version INTEGER NOT NULL) STRICT", 3 },
  { "seal", "CREATE TABLE seal (id INTEGER PRIMARY KEY, digest INTEGER NOT NULL) STRICT", 1 },
  { "series",
    "CREATE TABLE series (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, hash BLOB NOT NULL, element INTEGER NOT NULL, n_rows INTEGER NOT NULL, "
    "dictionary INTEGER NOT NULL, bytes INTEGER NOT NULL, manifest BLOB NOT NULL) STRICT", 1 },
  { "series_hash", "CREATE INDEX series_hash ON series (hash)", 1 },
  { "setting", "CREATE TABLE setting (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, key TEXT NOT NULL, value TEXT) STRICT", 1 },
  { "step",
    "CREATE TABLE step (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, done INTEGER NOT NULL, created INTEGER NOT NULL, kind TEXT NOT NULL, "
    "subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT", 1, 2 },
  /* A tree whose root has id 0 and is its own parent. current: of exactly one. next: the child that redo does, or 0. text: JSON, or NULL. */
  { "step",
    "CREATE TABLE step (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, parent INTEGER NOT NULL, current INTEGER NOT NULL, next INTEGER NOT NULL, "
    "created INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL, text TEXT) STRICT", 3 },
  /* The current version of a table, 0 for the base; id is the table's. */
  { "table_head", "CREATE TABLE table_head (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, version INTEGER NOT NULL) STRICT", 3 },
  /* contents: the row of data_table, never live, that has the values. */
  { "table_version",
    "CREATE TABLE table_version (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, table_id INTEGER NOT NULL, contents INTEGER NOT NULL, "
    "created INTEGER NOT NULL, steps TEXT NOT NULL) STRICT", 3 },
};

static gboolean
is_in_version (guint object, int version)
{
  return objects[object].since <= version && (objects[object].until == 0 || version <= objects[object].until);
}

/* What version `version` has and the one before had not. */
static gboolean
create_objects (PatronDatabase *database, int version, gboolean all, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    if (is_in_version (i, version) && (all || objects[i].since == version) && !patron_database_exec (database, objects[i].sql, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_lease (PatronDatabase *database, GError **error)
{
  return create_objects (database, 2, FALSE, error);
}

static gboolean
insert_root (PatronDatabase *database, gboolean current, gint64 next, GError **error)
{
  return patron_database_run (database, error, "INSERT INTO step (id, sum, parent, current, next, created, kind, subject, detail) "
                                               "VALUES (0, 0, 0, ?, ?, ?, 'start', '', '')", "iii", (gint64) current, next, g_get_real_time ())
         && patron_catalogue_seal_row (database, PATRON_CATALOGUE_STEP, 0, error);
}

/* The list of steps, of which the last ones may have been undone, becomes a tree of one branch. */
static gboolean
grow_tree (PatronDatabase *database, GError **error)
{
  gint64 current, first, last;
  if (!patron_database_exec (database, "CREATE TEMP TABLE former_step AS SELECT * FROM step; DROP TABLE step", error)
      || !create_objects (database, 3, FALSE, error)
      || !patron_database_get_int64 (database, "SELECT coalesce (max (id), 0) FROM temp.former_step WHERE done = 1", 0, &current, error)
      || !patron_database_get_int64 (database, "SELECT coalesce (min (id), 0) FROM temp.former_step", 0, &first, error)
      || !patron_database_get_int64 (database, "SELECT coalesce (max (id), 0) FROM temp.former_step", 0, &last, error)
      || !insert_root (database, current == 0, first, error)
      || !patron_database_run (database, error,
                               "INSERT INTO step (id, sum, parent, current, next, created, kind, subject, detail) "
                               "SELECT id, 0, lag (id, 1, 0) OVER (ORDER BY id), id = ?, lead (id, 1, 0) OVER (ORDER BY id), created, kind, subject, detail "
                               "FROM temp.former_step", "i", current))
    return FALSE;
  for (gint64 id = 1; id <= last; id++)
    {
      sqlite3_stmt *row = patron_database_query (database, error, "SELECT id FROM step WHERE id = ?", "i", id);
      int step = patron_database_step (database, row, error);
      if (step == 1)
        sqlite3_reset (row);
      if (step < 0 || (step == 1 && !patron_catalogue_seal_row (database, PATRON_CATALOGUE_STEP, id, error)))
        return FALSE;
    }
  return patron_database_exec (database, "DROP TABLE temp.former_step", error);
}

/* Version i + 1 to i + 2. A migration leaves exactly the objects of its version, to the letter; it may seal rows itself. */
static gboolean (*const migrations[PATRON_SCHEMA_VERSION - 1]) (PatronDatabase *database, GError **error) = { add_lease, grow_tree };

#define ROWS(table) "SELECT * FROM " table " ORDER BY id", "SELECT * FROM " table " WHERE id = ?", "SELECT id, sum FROM " table " ORDER BY id", \
                    "UPDATE " table " SET sum = ? WHERE id = ?"
static const struct
{
  const char *name;
  const char *select_all, *select_one, *select_sums, *update_sum;
  int         since;
} catalogues[PATRON_N_CATALOGUES] = {
  [PATRON_CATALOGUE_DICTIONARY] = { "dictionary", ROWS ("dictionary") },
  [PATRON_CATALOGUE_SERIES] = { "series", ROWS ("series") },
  [PATRON_CATALOGUE_TABLE] = { "data_table", ROWS ("data_table") },
  [PATRON_CATALOGUE_COLUMN] = { "data_column", ROWS ("data_column") },
  [PATRON_CATALOGUE_MODEL] = { "model", ROWS ("model") },
  [PATRON_CATALOGUE_RUN] = { "run", ROWS ("run") },
  [PATRON_CATALOGUE_SETTING] = { "setting", ROWS ("setting") },
  [PATRON_CATALOGUE_STEP] = { "step", ROWS ("step") },
  [PATRON_CATALOGUE_EFFECT] = { "effect", ROWS ("effect") },
  [PATRON_CATALOGUE_VERSION] = { "table_version", ROWS ("table_version"), 3 },
  [PATRON_CATALOGUE_HEAD] = { "table_head", ROWS ("table_head"), 3 },
  [PATRON_CATALOGUE_ORIGIN] = { "run_origin", ROWS ("run_origin"), 3 },
};

const char *
patron_catalogue_name (PatronCatalogue catalogue)
{
  return catalogues[catalogue].name;
}

/* ---- schema ------------------------------------------------------------------------------------------------- */

static gboolean
set_version (PatronDatabase *database, int version, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID, version);
  return patron_database_exec (database, sql, error);
}

gboolean
patron_schema_create (PatronDatabase *database, GError **error)
{
  if (!patron_database_begin (database, error))
    return FALSE;
  gboolean done = set_version (database, PATRON_SCHEMA_VERSION, error) && create_objects (database, PATRON_SCHEMA_VERSION, TRUE, error)
                  && insert_root (database, TRUE, 0, error) && patron_catalogue_seal (database, error);
  if (done)
    return patron_database_commit (database, error);
  patron_database_rollback (database);
  return FALSE;
}

static gboolean
check_objects (PatronDatabase *database, int version, GError **error)
{
  sqlite3_stmt *row = patron_database_query (database, error, "SELECT name, sql FROM sqlite_schema ORDER BY name", "");
  gboolean same = TRUE;
  guint i = 0;
  int step;
  while ((step = patron_database_step (database, row, error)) == 1)
    {
      while (i < G_N_ELEMENTS (objects) && !is_in_version (i, version))
        i++;
      same = same && i < G_N_ELEMENTS (objects) && strcmp (patron_statement_text (row, 0), objects[i].name) == 0
             && strcmp (patron_statement_text (row, 1), objects[i].sql) == 0;
      i++;
    }
  if (step < 0)
    return FALSE;
  while (i < G_N_ELEMENTS (objects) && !is_in_version (i, version))
    i++;
  if (same && i == G_N_ELEMENTS (objects))
    return TRUE;
  return patron_database_damaged (database, _("its tables are not those of a Patron project"), error);
}

gboolean
patron_schema_check (PatronDatabase *database, int *version, GError **error)
{
  gint64 application, user;
  if (!patron_database_get_int64 (database, "PRAGMA application_id", 0, &application, error)
      || !patron_database_get_int64 (database, "PRAGMA user_version", 0, &user, error))
    return FALSE;
  if (application != APPLICATION_ID)
    return patron_database_fail (database, SQLITE_NOTADB, error);
  if (user > PATRON_SCHEMA_VERSION)
    {
      g_autofree char *name = g_filename_display_basename (database->path);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                   _("“%s” was saved by a newer Patron (format %d, this one reads up to %d); a newer Patron is needed to open it."),
                   name, (int) user, PATRON_SCHEMA_VERSION);
      return FALSE;
    }
  if (user < 1)
    return patron_database_damaged (database, _("its format number is missing"), error);
  *version = user;
  return check_objects (database, user, error);
}

gboolean
patron_schema_migrate (PatronDatabase *database, int version, GError **error)
{
  if (version == PATRON_SCHEMA_VERSION)
    return TRUE;
  if (!patron_database_begin (database, error))
    return FALSE;
  gboolean done = TRUE;
  for (int v = version; done && v < PATRON_SCHEMA_VERSION; v++)
    done = migrations[v - 1] (database, error);
  done = done && set_version (database, PATRON_SCHEMA_VERSION, error) && check_objects (database, PATRON_SCHEMA_VERSION, error)
         && patron_catalogue_seal (database, error);
  if (done)
    return patron_database_commit (database, error);
  patron_database_rollback (database);
  return FALSE;
}

/* ---- catalogue ---------------------------------------------------------------------------------------------- */

/* XXH3-64 over the values of a row but its sum, each with its type and length. */
static gint64
row_sum (PatronCatalogue catalogue, sqlite3_stmt *row)
{
  XXH3_state_t *state = XXH3_createState ();
  XXH3_64bits_reset (state);
  XXH3_64bits_update (state, catalogues[catalogue].name, strlen (catalogues[catalogue].name));
  for (int i = 0; i < sqlite3_column_count (row); i++)
    {
      gint64 head[2] = { sqlite3_column_type (row, i), 0 };
      gint64 integer = 0;
      gconstpointer bytes = &integer;
      if (i == 1)
        continue;
      if (head[0] == SQLITE_INTEGER)
        {
          integer = sqlite3_column_int64 (row, i);
          head[1] = sizeof integer;
        }
      else if (head[0] != SQLITE_NULL)
        {
          bytes = sqlite3_column_blob (row, i);
          head[1] = sqlite3_column_bytes (row, i);
        }
      XXH3_64bits_update (state, head, sizeof head);
      if (head[1] > 0 && bytes != NULL)
        XXH3_64bits_update (state, bytes, head[1]);
    }
  gint64 sum = XXH3_64bits_digest (state);
  XXH3_freeState (state);
  return sum;
}

gboolean
patron_catalogue_seal_row (PatronDatabase *database, PatronCatalogue catalogue, gint64 id, GError **error)
{
  sqlite3_stmt *row = patron_database_query (database, error, catalogues[catalogue].select_one, "i", id);
  if (patron_database_step (database, row, error) != 1)
    return FALSE;
  gint64 sum = row_sum (catalogue, row);
  sqlite3_reset (row);
  return patron_database_run (database, error, catalogues[catalogue].update_sum, "ii", sum, id);
}

gboolean
patron_catalogue_check_row (PatronDatabase *database, PatronCatalogue catalogue, sqlite3_stmt *row, GError **error)
{
  if (row_sum (catalogue, row) == sqlite3_column_int64 (row, 1))
    return TRUE;
  g_autofree char *what = g_strdup_printf (_("entry %" PRId64 " of its list “%s” has changed since it was saved"),
                                           (gint64) sqlite3_column_int64 (row, 0), catalogues[catalogue].name);
  return patron_database_damaged (database, what, error);
}

sqlite3_stmt *
patron_catalogue_rows (PatronDatabase *database, PatronCatalogue catalogue, GError **error)
{
  return patron_database_query (database, error, catalogues[catalogue].select_all, "");
}

int
patron_catalogue_get (PatronDatabase *database, PatronCatalogue catalogue, gint64 id, sqlite3_stmt **row, GError **error)
{
  *row = patron_database_query (database, error, catalogues[catalogue].select_one, "i", id);
  int step = patron_database_step (database, *row, error);
  if (step != 1 || patron_catalogue_check_row (database, catalogue, *row, error))
    return step;
  sqlite3_reset (*row);
  return -1;
}

static gboolean
digest (PatronDatabase *database, int version, gint64 *result, GError **error)
{
  XXH3_state_t *state = XXH3_createState ();
  int step = 0;
  XXH3_64bits_reset (state);
  for (int c = 0; c < PATRON_N_CATALOGUES && step == 0; c++)
    {
      if (catalogues[c].since > version)
        continue;
      sqlite3_stmt *row = patron_database_query (database, error, catalogues[c].select_sums, "");
      while ((step = patron_database_step (database, row, error)) == 1)
        {
          gint64 entry[3] = { c, sqlite3_column_int64 (row, 0), sqlite3_column_int64 (row, 1) };
          XXH3_64bits_update (state, entry, sizeof entry);
        }
    }
  *result = XXH3_64bits_digest (state);
  XXH3_freeState (state);
  return step == 0;
}

gboolean
patron_catalogue_seal (PatronDatabase *database, GError **error)
{
  gint64 sum;
  return digest (database, PATRON_SCHEMA_VERSION, &sum, error)
         && patron_database_run (database, error, "INSERT OR REPLACE INTO seal (id, digest) VALUES (1, ?)", "i", sum);
}

static gboolean
check_all (PatronDatabase *database, int version, GError **error)
{
  gint64 now, then;
  for (int c = 0; c < PATRON_N_CATALOGUES; c++)
    {
      if (catalogues[c].since > version)
        continue;
      sqlite3_stmt *row = patron_catalogue_rows (database, c, error);
      int step;
      while ((step = patron_database_step (database, row, error)) == 1)
        if (!patron_catalogue_check_row (database, c, row, error))
          {
            sqlite3_reset (row);
            return FALSE;
          }
      if (step < 0)
        return FALSE;
    }
  if (!digest (database, version, &now, error) || !patron_database_get_int64 (database, "SELECT digest FROM seal WHERE id = 1", 0, &then, error))
    return FALSE;
  return now == then || patron_database_damaged (database, _("its list of contents is incomplete"), error);
}

/* One read transaction: another process may be writing. */
gboolean
patron_catalogue_check (PatronDatabase *database, int version, GError **error)
{
  if (!patron_database_exec (database, "BEGIN", error))
    return FALSE;
  gboolean sound = check_all (database, version, error);
  patron_database_rollback (database);
  return sound;
}
