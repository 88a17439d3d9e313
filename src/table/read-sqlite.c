/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/read-sqlite.h"

#include <glib/gi18n-lib.h>
#include <sqlite3.h>
#include <string.h>

#include "table/mixed.h"

/* Counting the rows of a table takes a walk over it: beyond this much file it is left. */
#define MAX_COUNT_BYTES (256 << 20)

const PatronParam patron_sqlite_params[] = {
  PATRON_PARAM_TEXT (PatronSqliteOptions, table, .label = N_("Table"), .def_text = "",
                     .help = N_("The table or view to read. Leave empty for the first one.")),
  PATRON_PARAM_TEXT (PatronSqliteOptions, query, .label = N_("Query"), .def_text = "",
                     .help = N_("A SELECT statement whose result is read instead of a table.")),
  PATRON_READER_COLUMN_PARAMS (PatronSqliteOptions, ""),
  PATRON_PARAM_END
};

typedef struct
{
  const PatronSqliteOptions *options;
  sqlite3                   *database;
  char                      *path;
  gint64                     size;
  GPtrArray                 *parts;     /* of PatronPart* */
  guint                      part;
} Database;

static int
recognise (const PatronPlace *place)
{
  return place->n_head >= 16 && memcmp (place->head, "SQLite format 3", 16) == 0 ? PATRON_RECOGNISED_SURELY - 1 : PATRON_RECOGNISED_NOT;
}

static gboolean
fail (const Database *database, GError **error)
{
  g_autofree char *base = g_filename_display_basename (database->path);
  int code = sqlite3_errcode (database->database);
  if (code == SQLITE_INTERRUPT)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_CANCELLED, _("Stopped."));
  else
    g_set_error (error, PATRON_ERROR, code == SQLITE_ERROR || code == SQLITE_AUTH ? PATRON_ERROR_REQUEST : PATRON_ERROR_INPUT, _("The database “%s” says: %s."), base,
                 sqlite3_errmsg (database->database));
  return FALSE;
}

/* ---- tables -------------------------------------------------------------------------------------------------- */

static double
ask_number (const Database *database, const char *format, const char *table)
{
  char *sql = sqlite3_mprintf (format, table);
  sqlite3_stmt *statement = NULL;
  double number = (double) NAN;
  if (sqlite3_prepare_v2 (database->database, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_double (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_free (sql);
  return number;
}

static gboolean
list_tables (Database *database, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int status = sqlite3_prepare_v2 (database->database, "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                                   "ORDER BY type, rowid", -1, &statement, NULL);
  while (status == SQLITE_OK && (status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const char *name = (const char *) sqlite3_column_text (statement, 0);
      gboolean view = strcmp ((const char *) sqlite3_column_text (statement, 1), "view") == 0;
      status = SQLITE_OK;
      if (name == NULL)
        continue;
      double n_rows = view || database->size > MAX_COUNT_BYTES ? (double) NAN : ask_number (database, "SELECT count(*) FROM \"%w\"", name);
      patron_parts_add (database->parts, name, view ? N_("view") : N_("table"), n_rows, ask_number (database, "SELECT count(*) FROM pragma_table_info(%Q)", name), (double) NAN);
    }
  sqlite3_finalize (statement);
  if (status != SQLITE_DONE)
    return fail (database, error);
  if (database->parts->len > 0 || *database->options->query != '\0')
    return TRUE;
  g_autofree char *base = g_filename_display_basename (database->path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The database “%s” has no table."), base);
  return FALSE;
}

static gboolean
list (gpointer state, GPtrArray *parts, GError **error)
{
  patron_parts_copy (parts, ((const Database *) state)->parts);
  return TRUE;
}

static char *
detected (gpointer state, const char *key)
{
  const Database *database = state;
  if (strcmp (key, "table") != 0 || *database->options->query != '\0' || database->parts->len == 0)
    return NULL;
  return g_strdup (((const PatronPart *) database->parts->pdata[database->part])->name);
}

/* ---- opening ------------------------------------------------------------------------------------------------- */

static void
close_database (gpointer state)
{
  Database *database = state;
  sqlite3_close (database->database);
  g_ptr_array_unref (database->parts);
  g_free (database->path);
  g_free (database);
}

/* A query may read this database and nothing else: no ATTACH, no writing, no loading of code. */
static int
authorize (void *data, int action, const char *a, const char *b, const char *c, const char *d)
{
  switch (action)
    {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return b != NULL && g_ascii_strcasecmp (b, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
      return a != NULL && g_ascii_strncasecmp (a, "table_", 6) == 0 ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
    }
}

/* A database that another program has open in WAL mode has its newest rows beside it, which an immutable opening would not see: that is tried only where
 * the ordinary one fails, as on media that cannot be written to. */
static gboolean
open_readonly (Database *database, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (database->path, NULL);
  g_autofree char *escaped = g_uri_escape_string (absolute, "/", FALSE);
  static const char *const modes[] = { "mode=ro", "mode=ro&immutable=1" };
  int status = SQLITE_CANTOPEN;
  for (guint i = 0; i < G_N_ELEMENTS (modes) && status != SQLITE_OK; i++)
    {
      g_autofree char *uri = g_strdup_printf ("file:%s?%s", escaped, modes[i]);
      g_clear_pointer (&database->database, sqlite3_close);
      status = sqlite3_open_v2 (uri, &database->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
      sqlite3_busy_timeout (database->database, 2000);
      if (status == SQLITE_OK)
        status = sqlite3_exec (database->database, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
  if (status != SQLITE_OK)
    return fail (database, error);
  sqlite3_db_config (database->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (database->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_set_authorizer (database->database, authorize, NULL);
  return TRUE;
}

static gpointer
open_database (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error)
{
  Database *database = g_new0 (Database, 1);
  database->options = params;
  database->path = g_strdup (place->name);
  database->size = place->size;
  database->parts = patron_parts_new ();
  gboolean fine = open_readonly (database, error) && list_tables (database, error);
  if (fine && *database->options->table != '\0')
    fine = patron_parts_find (database->parts, database->options->table, N_("table"), database->path, &database->part, error);
  if (fine)
    return database;
  close_database (database);
  return NULL;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

static int
poll_cancelled (void *run)
{
  return run != NULL && patron_run_cancelled (run);
}

/* What the table's declaration says beyond SQLite's own storage classes. */
static PatronType
declared_type (sqlite3_stmt *statement, int column)
{
  const char *declared = sqlite3_column_decltype (statement, column);
  g_autofree char *low = declared != NULL ? g_ascii_strdown (declared, -1) : NULL;
  return low != NULL && g_str_has_prefix (low, "bool") ? PATRON_TYPE_BOOLEAN : PATRON_N_TYPES;
}

static gboolean
set_value (PatronMixed *mixed, sqlite3_stmt *statement, int c, gsize row, PatronType declared)
{
  switch (sqlite3_column_type (statement, c))
    {
    case SQLITE_INTEGER:
      {
        gint64 value = sqlite3_column_int64 (statement, c);
        if (declared == PATRON_TYPE_BOOLEAN && (value == 0 || value == 1))
          patron_mixed_set_boolean (mixed, row, value == 1);
        else
          patron_mixed_set_integer (mixed, row, value);
        return TRUE;
      }
    case SQLITE_FLOAT:
      patron_mixed_set_number (mixed, row, sqlite3_column_double (statement, c));
      return TRUE;
    case SQLITE_TEXT:
      {
        const char *text = (const char *) sqlite3_column_text (statement, c);
        patron_mixed_set_text (mixed, row, text, sqlite3_column_bytes (statement, c));
        return TRUE;
      }
    case SQLITE_BLOB:
      return FALSE;
    default:
      return TRUE;
    }
}

typedef struct
{
  Database     *database;
  sqlite3_stmt *statement;
  PatronMixed **columns;
  PatronType   *declared;
  int           n_columns;
  gsize         n_rows, n_blobs;
} Reading;

static gboolean
step_rows (Reading *reading, gsize max_rows, double expected, PatronRun *run, GError **error)
{
  int status = SQLITE_ROW;
  while (reading->n_rows < max_rows && (status = sqlite3_step (reading->statement)) == SQLITE_ROW)
    {
      for (int c = 0; c < reading->n_columns; c++)
        reading->n_blobs += !set_value (reading->columns[c], reading->statement, c, reading->n_rows, reading->declared[c]);
      reading->n_rows++;
      if (run == NULL || reading->n_rows % 4096 != 0)
        continue;
      patron_run_progress (run, expected > 0 ? MIN (0.9 * reading->n_rows / expected, 0.9) : 0.5);
      for (int c = 0; c < reading->n_columns; c++)
        if (!patron_mixed_check (reading->columns[c], error))
          return FALSE;
      if (!patron_run_check (run, error))
        return FALSE;
    }
  return status == SQLITE_ROW || status == SQLITE_DONE || fail (reading->database, error);
}

static PatronTable *
finish (Reading *reading, const char *title, GPtrArray *notes, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_autofree const char **wishes = g_new0 (const char *, reading->n_columns + 1);
  const PatronMixedRules rules = { .type = PATRON_N_TYPES };
  for (int c = 0; c < reading->n_columns; c++)
    wishes[c] = sqlite3_column_name (reading->statement, c);
  g_auto (GStrv) names = patron_column_names_unique (wishes, reading->n_columns);
  for (int c = 0; c < reading->n_columns; c++)
    {
      PatronColumn *column = patron_mixed_finish (g_steal_pointer (&reading->columns[c]), names[c], reading->n_rows, &rules, notes, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
    }
  if (reading->n_blobs > 0)
    g_ptr_array_add (notes, patron_text (N_("{n} {n|value is|values are} binary data, which a table cannot hold, and {n|is|are} missing."), "n", PATRON_COUNT (reading->n_blobs), NULL));
  return patron_table_new_take (title, g_steal_pointer (&columns));
}

static PatronTable *
read_statement (Database *database, sqlite3_stmt *statement, const char *title, gsize max_rows, double expected, PatronRun *run, GPtrArray *notes, GError **error)
{
  Reading reading = { .database = database, .statement = statement, .n_columns = sqlite3_column_count (statement) };
  reading.columns = g_new0 (PatronMixed *, reading.n_columns);
  reading.declared = g_new (PatronType, reading.n_columns);
  for (int c = 0; c < reading.n_columns; c++)
    {
      reading.columns[c] = patron_mixed_new ();
      reading.declared[c] = declared_type (statement, c);
    }
  PatronTable *table = step_rows (&reading, max_rows, expected, run, error) ? finish (&reading, title, notes, error) : NULL;
  for (int c = 0; c < reading.n_columns; c++)
    g_clear_pointer (&reading.columns[c], patron_mixed_free);
  g_free (reading.columns);
  g_free (reading.declared);
  return table;
}

static PatronTable *
read_database (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  Database *database = state;
  const PatronPart *part = database->parts->len > 0 ? database->parts->pdata[database->part] : NULL;
  gboolean query = *database->options->query != '\0';
  char *sql = query ? sqlite3_mprintf ("%s", database->options->query) : sqlite3_mprintf ("SELECT * FROM \"%w\"", part->name);
  sqlite3_stmt *statement = NULL;
  sqlite3_progress_handler (database->database, 10000, poll_cancelled, run);
  PatronTable *table = NULL;
  if (sqlite3_prepare_v2 (database->database, sql, -1, &statement, NULL) != SQLITE_OK)
    fail (database, error);
  else if (statement == NULL || sqlite3_column_count (statement) == 0)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The query gives no rows; expected a SELECT statement."));
  else
    table = read_statement (database, statement, query ? _("query") : part->name, max_rows, query ? (double) NAN : part->n_rows, run, notes, error);
  sqlite3_finalize (statement);
  sqlite3_progress_handler (database->database, 0, NULL, NULL);
  sqlite3_free (sql);
  if (table != NULL && !query && *database->options->table == '\0' && database->parts->len > 1)
    g_ptr_array_add (notes, patron_text (N_("The database has {n} tables and views; “{table}” was read."), "n", PATRON_COUNT (database->parts->len), "table",
                                         PATRON_STRING (part->name), NULL));
  return table;
}

const PatronReader patron_reader_sqlite = {
  .id = "sqlite",
  .params = patron_sqlite_params,
  .params_size = sizeof (PatronSqliteOptions),
  .part = "table",
  .recognise = recognise,
  .open = open_database,
  .close = close_database,
  .list = list,
  .detected = detected,
  .read = read_database,
};
