/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/read-postgres.h"

#include <glib/gi18n-lib.h>
#include <libpq-fe.h>
#include <string.h>

#include "table/postgres-values.h"

#define CONNECT_SECONDS 15
/* How often a wait looks whether it was cancelled. */
#define POLL_MS 50

const PatronParam patron_postgres_params[] = {
  PATRON_PARAM_TEXT (PatronPostgresOptions, table, .label = N_("Table"), .def_text = "",
                     .help = N_("The table or view to read, with its schema in front where it is not the usual one: sales.orders.")),
  PATRON_PARAM_TEXT (PatronPostgresOptions, query, .label = N_("Query"), .def_text = "",
                     .help = N_("A SELECT statement whose result is read instead of a table.")),
  PATRON_READER_COLUMN_PARAMS (PatronPostgresOptions, ""),
  PATRON_PARAM_END
};

typedef struct
{
  const PatronPostgresOptions *options;
  char                        *address;     /* without a password */
  PGconn                      *connection;
  GPtrArray                   *parts;       /* of PatronPart*; kind and size */
  GPtrArray                   *quoted;      /* of char*: the parts as SQL names them */
  int                          part;        /* -1: none chosen */
} Database;

static PatronPasswordFunc password_func;

void
patron_postgres_set_password_func (PatronPasswordFunc func)
{
  password_func = func;
}

static int
recognise (const PatronPlace *place)
{
  return place->is_address ? PATRON_RECOGNISED_SURELY : PATRON_RECOGNISED_NOT;
}

/* ---- errors -------------------------------------------------------------------------------------------------- */

/* The server's first line, without its "ERROR:" and full stop. */
static void
set_error (const Database *database, const char *message, GError **error)
{
  const char *line = message != NULL ? message : "";
  const char *mark = strstr (line, "ERROR:  ") != NULL ? strstr (line, "ERROR:  ") + 8 : strstr (line, "FATAL:  ") != NULL ? strstr (line, "FATAL:  ") + 8 : line;
  g_autofree char *first = g_strndup (mark, strcspn (mark, "\n"));
  g_autofree char *valid = g_utf8_make_valid (g_strstrip (first), -1), *title = patron_place_title (database->address);
  gsize length = strlen (valid);
  if (length > 0 && valid[length - 1] == '.')
    valid[length - 1] = '\0';
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The database “%s” says: %s."), title, *valid != '\0' ? valid : _("the connection was lost"));
}

static gboolean
fail (const Database *database, GError **error)
{
  set_error (database, PQerrorMessage (database->connection), error);
  return FALSE;
}

static gboolean
stop_server (const Database *database, PatronRun *run, GError **error)
{
  char message[256];
  PGcancel *cancel = PQgetCancel (database->connection);
  if (cancel != NULL)
    PQcancel (cancel, message, sizeof message);
  PQfreeCancel (cancel);
  return patron_run_check (run, error);
}

/* ---- waiting ------------------------------------------------------------------------------------------------- */

/* Until the server's socket is ready, or a moment has passed. FALSE when cancelled or broken. */
static gboolean
wait_ready (const Database *database, gboolean write, PatronRun *run, GError **error)
{
  GPollFD socket = { .fd = PQsocket (database->connection), .events = write ? G_IO_OUT : G_IO_IN };
  if (run != NULL && patron_run_cancelled (run))
    return stop_server (database, run, error);
  if (socket.fd < 0)
    return fail (database, error);
  /* A signal may end the wait early; whoever waits looks again. */
  g_poll (&socket, 1, POLL_MS);
  return TRUE;
}

/* The next result of what was sent; NULL at the end, and with error when it failed. */
static PGresult *
next_result (const Database *database, PatronRun *run, GError **error)
{
  while (PQisBusy (database->connection))
    {
      if (!wait_ready (database, FALSE, run, error))
        return NULL;
      if (!PQconsumeInput (database->connection))
        {
          fail (database, error);
          return NULL;
        }
    }
  return PQgetResult (database->connection);
}

/* The last result of a statement, of this status; NULL with error. */
static PGresult *
await (const Database *database, gboolean sent, ExecStatusType wanted, PatronRun *run, GError **error)
{
  GError *failure = NULL;
  PGresult *last = NULL;
  if (!sent)
    {
      fail (database, error);
      return NULL;
    }
  for (PGresult *result; (result = next_result (database, run, &failure)) != NULL;)
    {
      PQclear (last);
      last = result;
      if (PQresultStatus (result) == PGRES_COPY_OUT)
        break;
    }
  if (failure == NULL && (last == NULL || PQresultStatus (last) != wanted))
    set_error (database, last != NULL ? PQresultErrorMessage (last) : NULL, &failure);
  if (failure == NULL)
    return last;
  PQclear (last);
  g_propagate_error (error, failure);
  return NULL;
}

static PGresult *
ask (const Database *database, const char *sql, ExecStatusType wanted, PatronRun *run, GError **error)
{
  return await (database, PQsendQuery (database->connection, sql), wanted, run, error);
}

/* ---- connecting ---------------------------------------------------------------------------------------------- */

static gboolean
connect_server (Database *database, const char *address, PatronRun *run, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  gboolean has_password = uri != NULL && g_uri_get_password (uri) != NULL;
  char *password = !has_password && password_func != NULL ? password_func (database->address) : NULL;
  const char *keys[] = { "dbname", "application_name", "client_encoding", password != NULL ? "password" : NULL, NULL };
  const char *values[] = { address, "Patron", "UTF8", password, NULL };
  database->connection = PQconnectStartParams (keys, values, 1);
  if (password != NULL)
    {
      memset (password, 0, strlen (password));
      g_free (password);
    }
  gint64 deadline = g_get_monotonic_time () + CONNECT_SECONDS * G_USEC_PER_SEC;
  PostgresPollingStatusType status = PQstatus (database->connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING)
    {
      if (g_get_monotonic_time () > deadline)
        {
          g_autofree char *title = patron_place_title (address);
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The server of the database “%s” did not answer within %d seconds."), title, CONNECT_SECONDS);
          return FALSE;
        }
      GPollFD socket = { .fd = PQsocket (database->connection), .events = status == PGRES_POLLING_WRITING ? G_IO_OUT : G_IO_IN };
      if (run != NULL && !patron_run_check (run, error))
        return FALSE;
      if (g_poll (&socket, 1, POLL_MS) != 0)
        status = PQconnectPoll (database->connection);
    }
  if (status == PGRES_POLLING_FAILED)
    return fail (database, error);
  PGresult *begun = ask (database, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", PGRES_COMMAND_OK, run, error);
  PQclear (begun);
  return begun != NULL;
}

static gboolean
list_tables (Database *database, PatronRun *run, GError **error)
{
  PGresult *result = ask (database,
                          "SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END, c.relkind IN ('v', 'm'), c.reltuples, "
                          "c.relnatts, pg_total_relation_size(c.oid), quote_ident(n.nspname) || '.' || quote_ident(c.relname) "
                          "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname !~ '^pg_' "
                          "AND n.nspname <> 'information_schema' AND NOT c.relispartition AND has_table_privilege(c.oid, 'SELECT') "
                          "ORDER BY NOT pg_table_is_visible(c.oid), n.nspname, c.relname",
                          PGRES_TUPLES_OK, run, error);
  for (int r = 0; result != NULL && r < PQntuples (result); r++)
    {
      gboolean view = *PQgetvalue (result, r, 1) == 't';
      double n_rows = g_ascii_strtod (PQgetvalue (result, r, 2), NULL);
      patron_parts_add (database->parts, PQgetvalue (result, r, 0), view ? N_("view") : N_("table"), view || n_rows <= 0 ? (double) NAN : n_rows,
                        g_ascii_strtod (PQgetvalue (result, r, 3), NULL), view ? (double) NAN : g_ascii_strtod (PQgetvalue (result, r, 4), NULL));
      g_ptr_array_add (database->quoted, g_strdup (PQgetvalue (result, r, 5)));
    }
  PQclear (result);
  return result != NULL;
}

static void
close_database (gpointer state)
{
  Database *database = state;
  PQfinish (database->connection);
  g_ptr_array_unref (database->parts);
  g_ptr_array_unref (database->quoted);
  g_free (database->address);
  g_free (database);
}

static gpointer
open_database (const PatronPlace *place, gconstpointer params, PatronRun *run, GError **error)
{
  Database *database = g_new0 (Database, 1);
  GError *failure = NULL;
  database->options = params;
  database->address = patron_place_public (place->name);
  database->parts = patron_parts_new ();
  database->quoted = g_ptr_array_new_with_free_func (g_free);
  database->part = -1;
  gboolean fine = connect_server (database, place->name, run, &failure) && list_tables (database, run, &failure);
  guint index;
  if (fine && *database->options->table != '\0' && *database->options->query == '\0')
    {
      fine = patron_parts_find (database->parts, database->options->table, N_("table"), database->address, &index, &failure);
      database->part = fine ? (int) index : -1;
    }
  else if (fine && database->parts->len == 1)
    database->part = 0;
  if (fine)
    return database;
  g_propagate_error (error, failure);
  close_database (database);
  return NULL;
}

static gboolean
list (gpointer state, GPtrArray *parts, GError **error)
{
  patron_parts_copy (parts, ((const Database *) state)->parts);
  return TRUE;
}

/* ---- the query ----------------------------------------------------------------------------------------------- */

typedef struct
{
  const Database      *database;
  int                  n_columns;
  char               **names;
  PatronPostgresKind  *kinds;
  gboolean            *casts;
  PatronMixed        **columns;
  gsize                n_rows;
  PatronRun           *run;
} Reading;

/* What is to be read, without a semicolon at its end; NULL with error when nothing was chosen. */
static char *
inner_query (const Database *database, GError **error)
{
  if (*database->options->query != '\0')
    {
      g_autofree char *query = g_strstrip (g_strdup (database->options->query));
      for (gsize n = strlen (query); n > 0 && (query[n - 1] == ';' || g_ascii_isspace (query[n - 1])); n--)
        query[n - 1] = '\0';
      return g_steal_pointer (&query);
    }
  if (database->part >= 0)
    return g_strdup_printf ("SELECT * FROM %s", (const char *) database->quoted->pdata[database->part]);
  g_autofree char *title = patron_place_title (database->address);
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < database->parts->len && i < 20; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ((const PatronPart *) database->parts->pdata[i])->name);
  if (names->len == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The database “%s” has no table that you may read."), title);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The database “%s” has several tables: name one of %s, or give a query."), title, names->str);
  return NULL;
}

static gboolean
describe (Reading *reading, const char *query, GError **error)
{
  PGconn *connection = reading->database->connection;
  PGresult *result = await (reading->database, PQsendPrepare (connection, "", query, 0, NULL), PGRES_COMMAND_OK, reading->run, error);
  PQclear (result);
  if (result == NULL)
    return FALSE;
  result = await (reading->database, PQsendDescribePrepared (connection, ""), PGRES_COMMAND_OK, reading->run, error);
  if (result == NULL)
    return FALSE;
  reading->n_columns = PQnfields (result);
  reading->kinds = g_new0 (PatronPostgresKind, reading->n_columns + 1);
  reading->casts = g_new0 (gboolean, reading->n_columns + 1);
  reading->columns = g_new0 (PatronMixed *, reading->n_columns + 1);
  g_autofree const char **wishes = g_new0 (const char *, reading->n_columns + 1);
  for (int c = 0; c < reading->n_columns; c++)
    {
      wishes[c] = PQfname (result, c);
      reading->kinds[c] = patron_postgres_kind (PQftype (result, c), &reading->casts[c]);
      reading->columns[c] = patron_mixed_new ();
    }
  reading->names = patron_column_names_unique (wishes, reading->n_columns);
  PQclear (result);
  if (reading->n_columns == 0)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The query gives no rows; expected a SELECT statement."));
  return reading->n_columns > 0;
}

/* COPY of the query, whose columns are renamed by position so that doubles do no harm, and cast to text where their binary form is not known. */
static char *
copy_statement (const Reading *reading, const char *query, gsize max_rows)
{
  g_autoptr (GString) list = g_string_new (NULL), names = g_string_new (NULL);
  for (int c = 0; c < reading->n_columns; c++)
    {
      g_string_append_printf (list, "%sc%d%s", c > 0 ? ", " : "", c, reading->casts[c] ? "::text" : "");
      g_string_append_printf (names, "%sc%d", c > 0 ? ", " : "", c);
    }
  g_autofree char *limit = max_rows == G_MAXSIZE ? g_strdup ("") : g_strdup_printf (" LIMIT %zu", max_rows);
  return g_strdup_printf ("COPY (SELECT %s FROM (%s\n) AS q(%s)%s) TO STDOUT (FORMAT binary)", list->str, query, names->str, limit);
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

static gboolean
refuse_bytes (const Reading *reading, GError **error)
{
  g_autofree char *title = patron_place_title (reading->database->address);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The database “%s” sent a row that cannot be understood (row %zu)."), title, reading->n_rows + 1);
  return FALSE;
}

/* A tuple: the number of fields as 16 bits, then a length of 32 bits (-1: NULL) and so many bytes for each. *last: the mark of the end. */
static gboolean
take_tuple (Reading *reading, const char *at, const char *end, gboolean *last, GError **error)
{
  guint16 n_fields;
  if (end - at < 2)
    return refuse_bytes (reading, error);
  memcpy (&n_fields, at, 2);
  n_fields = GUINT16_FROM_BE (n_fields);
  at += 2;
  *last = n_fields == G_MAXUINT16;
  if (*last)
    return TRUE;
  if (n_fields != reading->n_columns)
    return refuse_bytes (reading, error);
  for (int c = 0; c < reading->n_columns; c++)
    {
      guint32 length;
      if (end - at < 4)
        return refuse_bytes (reading, error);
      memcpy (&length, at, 4);
      length = GUINT32_FROM_BE (length);
      at += 4;
      if (length == G_MAXUINT32)
        continue;
      if ((gsize) (end - at) < length || !patron_postgres_set (reading->kinds[c], at, length, reading->columns[c], reading->n_rows))
        return refuse_bytes (reading, error);
      at += length;
    }
  reading->n_rows++;
  return TRUE;
}

/* The signature, flags and an extension that the first piece begins with. */
static const char *
skip_header (const char *at, const char *end)
{
  guint32 extension;
  if (end - at < 19 || memcmp (at, "PGCOPY\n\xff\r\n\0", 11) != 0)
    return NULL;
  memcpy (&extension, at + 15, 4);
  extension = GUINT32_FROM_BE (extension);
  return (gsize) (end - at) - 19 >= extension ? at + 19 + extension : NULL;
}

static gboolean
check_memory (const Reading *reading, GError **error)
{
  for (int c = 0; c < reading->n_columns; c++)
    if (!patron_mixed_check (reading->columns[c], error))
      return FALSE;
  return TRUE;
}

static gboolean
receive_rows (Reading *reading, double expected, GError **error)
{
  PGconn *connection = reading->database->connection;
  gboolean first = TRUE, last = FALSE;
  for (;;)
    {
      char *piece = NULL;
      int n = PQgetCopyData (connection, &piece, 1);
      if (n == -1)
        return TRUE;
      if (n == -2)
        return fail (reading->database, error);
      if (n == 0)
        {
          if (!wait_ready (reading->database, FALSE, reading->run, error) || (!PQconsumeInput (connection) && !fail (reading->database, error)))
            return FALSE;
          continue;
        }
      const char *at = first ? skip_header (piece, piece + n) : piece;
      gboolean fine = at != NULL || refuse_bytes (reading, error);
      /* The header comes alone or with the first row. */
      if (fine && !last && at < piece + n)
        fine = take_tuple (reading, at, piece + n, &last, error);
      first = FALSE;
      PQfreemem (piece);
      if (fine && reading->n_rows % 8192 == 0 && reading->run != NULL)
        {
          patron_run_progress (reading->run, expected > 0 ? MIN (0.9 * reading->n_rows / expected, 0.9) : 0.5);
          fine = check_memory (reading, error) && (!patron_run_cancelled (reading->run) || stop_server (reading->database, reading->run, error));
        }
      if (!fine)
        return FALSE;
    }
}

static PatronTable *
finish (Reading *reading, const char *title, GPtrArray *notes, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  gboolean zones = FALSE;
  for (int c = 0; c < reading->n_columns; c++)
    {
      const PatronMixedRules rules = { .type = patron_postgres_type (reading->kinds[c]), .keep_texts = TRUE };
      PatronColumn *column = patron_mixed_finish (g_steal_pointer (&reading->columns[c]), reading->names[c], reading->n_rows, &rules, notes, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
      zones |= reading->kinds[c] == PATRON_POSTGRES_TIMESTAMP_ZONE;
    }
  if (zones)
    g_ptr_array_add (notes, patron_text (N_("Time stamps with a zone are given in UTC."), NULL));
  return patron_table_new_take (title, g_steal_pointer (&columns));
}

static PatronTable *
read_query (Reading *reading, const char *query, const char *title, gsize max_rows, double expected, GPtrArray *notes, GError **error)
{
  if (!describe (reading, query, error))
    return NULL;
  g_autofree char *copy = copy_statement (reading, query, max_rows);
  PGresult *result = ask (reading->database, copy, PGRES_COPY_OUT, reading->run, error);
  PQclear (result);
  if (result == NULL || !receive_rows (reading, expected, error))
    return NULL;
  result = await (reading->database, 1, PGRES_COMMAND_OK, reading->run, error);
  PQclear (result);
  return result != NULL ? finish (reading, title, notes, error) : NULL;
}

static PatronTable *
read_database (gpointer state, gsize max_rows, PatronRun *run, GPtrArray *notes, GError **error)
{
  Database *database = state;
  g_autofree char *query = inner_query (database, error);
  if (query == NULL)
    return NULL;
  Reading reading = { .database = database, .run = run };
  gboolean own = *database->options->query != '\0';
  const PatronPart *part = !own ? database->parts->pdata[database->part] : NULL;
  PatronTable *table = read_query (&reading, query, own ? _("query") : part->name, max_rows, own ? (double) NAN : part->n_rows, notes, error);
  for (int c = 0; c < reading.n_columns; c++)
    g_clear_pointer (&reading.columns[c], patron_mixed_free);
  g_free (reading.columns);
  g_free (reading.kinds);
  g_free (reading.casts);
  g_strfreev (reading.names);
  return table;
}

const PatronReader patron_reader_postgres = {
  .id = "postgresql",
  .params = patron_postgres_params,
  .sure_types = true,
  .params_size = sizeof (PatronPostgresOptions),
  .part = "table",
  .recognise = recognise,
  .open = open_database,
  .close = close_database,
  .list = list,
  .read = read_database,
};
