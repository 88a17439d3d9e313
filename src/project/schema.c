/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/schema.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

/* "Ptrn". */
#define APPLICATION_ID 0x5074726e

/* Rows of sqlite_schema: the name, and the statement that made it. Ids and sums come first, so that they can be read without the rest. */
static const struct
{
  const char *name;
  const char *sql;
  int         since;
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
  { "seal", "CREATE TABLE seal (id INTEGER PRIMARY KEY, digest INTEGER NOT NULL) STRICT", 1 },
  { "series",
    "CREATE TABLE series (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, hash BLOB NOT NULL, element INTEGER NOT NULL, n_rows INTEGER NOT NULL, "
    "dictionary INTEGER NOT NULL, bytes INTEGER NOT NULL, manifest BLOB NOT NULL) STRICT", 1 },
  { "series_hash", "CREATE INDEX series_hash ON series (hash)", 1 },
  { "setting", "CREATE TABLE setting (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, key TEXT NOT NULL, value TEXT) STRICT", 1 },
  { "step",
    "CREATE TABLE step (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, done INTEGER NOT NULL, created INTEGER NOT NULL, kind TEXT NOT NULL, "
    "subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT", 1 },
};

/* Version i + 1 to i + 2. A migration leaves exactly the objects of its version, to the letter; it may seal rows itself. */
static gboolean
add_lease (PatronDatabase *database, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    if (strcmp (objects[i].name, "lease") == 0)
      return patron_database_exec (database, objects[i].sql, error);
  return FALSE;
}

static gboolean (*const migrations[PATRON_SCHEMA_VERSION - 1]) (PatronDatabase *database, GError **error) = { add_lease };

#define ROWS(table) "SELECT * FROM " table " ORDER BY id", "SELECT * FROM " table " WHERE id = ?", "SELECT id, sum FROM " table " ORDER BY id", \
                    "UPDATE " table " SET sum = ? WHERE id = ?"
static const struct
{
  const char *name;
  const char *select_all, *select_one, *select_sums, *update_sum;
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
  gboolean done = set_version (database, PATRON_SCHEMA_VERSION, error);
  for (guint i = 0; done && i < G_N_ELEMENTS (objects); i++)
    done = patron_database_exec (database, objects[i].sql, error);
  done = done && patron_catalogue_seal (database, error);
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
      while (i < G_N_ELEMENTS (objects) && objects[i].since > version)
        i++;
      same = same && i < G_N_ELEMENTS (objects) && strcmp (patron_statement_text (row, 0), objects[i].name) == 0
             && strcmp (patron_statement_text (row, 1), objects[i].sql) == 0;
      i++;
    }
  if (step < 0)
    return FALSE;
  while (i < G_N_ELEMENTS (objects) && objects[i].since > version)
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
digest (PatronDatabase *database, gint64 *result, GError **error)
{
  XXH3_state_t *state = XXH3_createState ();
  int step = 0;
  XXH3_64bits_reset (state);
  for (int c = 0; c < PATRON_N_CATALOGUES && step == 0; c++)
    {
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
  return digest (database, &sum, error)
         && patron_database_run (database, error, "INSERT OR REPLACE INTO seal (id, digest) VALUES (1, ?)", "i", sum);
}

static gboolean
check_all (PatronDatabase *database, GError **error)
{
  gint64 now, then;
  for (int c = 0; c < PATRON_N_CATALOGUES; c++)
    {
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
  if (!digest (database, &now, error) || !patron_database_get_int64 (database, "SELECT digest FROM seal WHERE id = 1", 0, &then, error))
    return FALSE;
  return now == then || patron_database_damaged (database, _("its list of contents is incomplete"), error);
}

/* One read transaction: another process may be writing. */
gboolean
patron_catalogue_check (PatronDatabase *database, GError **error)
{
  if (!patron_database_exec (database, "BEGIN", error))
    return FALSE;
  gboolean sound = check_all (database, error);
  patron_database_rollback (database);
  return sound;
}
