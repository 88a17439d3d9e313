/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "table/write-value.h"

#define BLOCK 4096

typedef struct
{
  sqlite3      *database;
  sqlite3_stmt *insert;
  PatronTable  *table;
  guint         n_columns;
  char        **buffers;      /* a block of each column's values */
  PatronDict  **dicts;
} Writer;

static gboolean
fail (const Writer *writer, GError **error)
{
  int code = writer->database != NULL ? sqlite3_errcode (writer->database) : SQLITE_NOMEM;
  g_set_error (error, PATRON_ERROR, code == SQLITE_NOMEM ? PATRON_ERROR_MEMORY : PATRON_ERROR_STORAGE, _("The file could not be written: %s."),
               writer->database != NULL ? sqlite3_errmsg (writer->database) : g_strerror (ENOMEM));
  return FALSE;
}

static gboolean
execute (const Writer *writer, const char *sql, GError **error)
{
  return sqlite3_exec (writer->database, sql, NULL, NULL, NULL) == SQLITE_OK || fail (writer, error);
}

/* Names that tell a reader, ours among them, what the values are; SQLite itself keeps dates as texts. */
static const char *
declared_type (PatronType type)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return "REAL";
    case PATRON_TYPE_INTEGER:
      return "INTEGER";
    case PATRON_TYPE_BOOLEAN:
      return "BOOLEAN";
    case PATRON_TYPE_DATE:
      return "DATE";
    case PATRON_TYPE_TIME:
      return "TIMESTAMP";
    case PATRON_TYPE_DURATION:
      return "DURATION";
    default:
      return "TEXT";
    }
}

static void
append_quoted (GString *sql, const char *name)
{
  g_string_append_c (sql, '"');
  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (sql, '"');
      g_string_append_c (sql, *p);
    }
  g_string_append_c (sql, '"');
}

/* SQLite takes names in any case for the same, so those that differ by case alone get a number. */
static char **
column_names (PatronTable *table)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = patron_table_n_columns (table);
  char **names = g_new0 (char *, n + 1);
  for (guint c = 0; c < n; c++)
    {
      const char *wish = patron_column_get_name (patron_table_column (table, c));
      names[c] = g_strdup (wish);
      for (guint k = 2;; k++)
        {
          g_autofree char *low = g_ascii_strdown (names[c], -1);
          if (g_hash_table_add (taken, g_steal_pointer (&low)))
            break;
          g_free (names[c]);
          names[c] = g_strdup_printf ("%s %u", wish, k);
        }
    }
  return names;
}

static gboolean
create_table (Writer *writer, const char *name, GError **error)
{
  g_auto (GStrv) names = column_names (writer->table);
  g_autoptr (GString) drop = g_string_new ("DROP TABLE IF EXISTS "), create = g_string_new ("CREATE TABLE "), insert = g_string_new ("INSERT INTO ");
  append_quoted (drop, name);
  append_quoted (create, name);
  append_quoted (insert, name);
  for (guint c = 0; c < writer->n_columns; c++)
    {
      g_string_append (create, c == 0 ? " (" : ", ");
      g_string_append (insert, c == 0 ? " VALUES (?" : ", ?");
      append_quoted (create, names[c]);
      g_string_append_printf (create, " %s", declared_type (patron_column_get_type (patron_table_column (writer->table, c))));
    }
  g_string_append_c (create, ')');
  g_string_append_c (insert, ')');
  if (!execute (writer, drop->str, error) || !execute (writer, create->str, error))
    return FALSE;
  return sqlite3_prepare_v2 (writer->database, insert->str, -1, &writer->insert, NULL) == SQLITE_OK || fail (writer, error);
}

/* Texts stay as they are until the row is stored. */
static void
bind_written (sqlite3_stmt *insert, int at, const char *text, const char *end)
{
  sqlite3_bind_text (insert, at, text, (int) (end - text), SQLITE_TRANSIENT);
}

static void
bind_value (sqlite3_stmt *insert, int at, PatronType type, gconstpointer value, const PatronDict *dict)
{
  char text[PATRON_VALUE_ROOM];
  gint64 wide = type == PATRON_TYPE_INTEGER || type == PATRON_TYPE_TIME || type == PATRON_TYPE_DURATION ? *(const gint64 *) value : 0;
  gint32 narrow = type == PATRON_TYPE_DATE || dict != NULL ? *(const gint32 *) value : 0;
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      if (!isnan (*(const double *) value))
        sqlite3_bind_double (insert, at, *(const double *) value);
      break;
    case PATRON_TYPE_INTEGER:
      if (wide != PATRON_INTEGER_MISSING)
        sqlite3_bind_int64 (insert, at, wide);
      break;
    case PATRON_TYPE_BOOLEAN:
      if (*(const guint8 *) value != PATRON_BOOLEAN_MISSING)
        sqlite3_bind_int (insert, at, *(const guint8 *) value);
      break;
    case PATRON_TYPE_DATE:
      if (narrow != PATRON_DATE_MISSING)
        bind_written (insert, at, text, patron_write_date (narrow, text));
      break;
    case PATRON_TYPE_TIME:
      if (wide != PATRON_INTEGER_MISSING)
        bind_written (insert, at, text, patron_write_time (wide, text));
      break;
    case PATRON_TYPE_DURATION:
      if (wide != PATRON_INTEGER_MISSING)
        bind_written (insert, at, text, patron_write_duration (wide, text));
      break;
    default:
      if (narrow >= 0)
        sqlite3_bind_text (insert, at, patron_dict_get (dict, narrow), (int) patron_dict_length (dict, narrow), SQLITE_STATIC);
    }
}

static gboolean
insert_block (Writer *writer, gsize start, gsize n, GError **error)
{
  for (guint c = 0; c < writer->n_columns; c++)
    if (!patron_column_read (patron_table_column (writer->table, c), start, n, writer->buffers[c], error))
      return FALSE;
  for (gsize r = 0; r < n; r++)
    {
      sqlite3_clear_bindings (writer->insert);
      for (guint c = 0; c < writer->n_columns; c++)
        {
          PatronType type = patron_column_get_type (patron_table_column (writer->table, c));
          bind_value (writer->insert, (int) c + 1, type, writer->buffers[c] + r * patron_type_size (type), writer->dicts[c]);
        }
      if (sqlite3_step (writer->insert) != SQLITE_DONE)
        return fail (writer, error);
      sqlite3_reset (writer->insert);
    }
  return TRUE;
}

static gboolean
insert_rows (Writer *writer, PatronRun *run, GError **error)
{
  gsize n_rows = patron_table_n_rows (writer->table);
  for (guint c = 0; c < writer->n_columns; c++)
    {
      PatronColumn *column = patron_table_column (writer->table, c);
      writer->buffers[c] = g_malloc (BLOCK * patron_type_size (patron_column_get_type (column)));
      if (patron_column_has_dict (column) && (writer->dicts[c] = patron_column_dict (column, error)) == NULL)
        return FALSE;
    }
  for (gsize start = 0; start < n_rows; start += BLOCK)
    {
      if (!insert_block (writer, start, MIN (BLOCK, n_rows - start), error))
        return FALSE;
      if (run == NULL)
        continue;
      patron_run_progress (run, (double) start / n_rows);
      if (!patron_run_check (run, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
patron_write_sqlite (PatronTable *table, const char *path, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  Writer writer = { .table = table, .n_columns = patron_table_n_columns (table) };
  const char *name = *options->table != '\0' ? options->table : patron_table_get_name (table);
  if (writer.n_columns > 2000)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The table has %u columns; SQLite holds no more than 2,000."), writer.n_columns);
      return FALSE;
    }
  writer.buffers = g_new0 (char *, writer.n_columns + 1);
  writer.dicts = g_new0 (PatronDict *, writer.n_columns + 1);
  /* The file is a new one beside the final one, so its journal need not survive a crash. */
  gboolean fine = (sqlite3_open_v2 (path, &writer.database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK || fail (&writer, error))
                  && execute (&writer, "PRAGMA journal_mode = MEMORY; BEGIN", error) && create_table (&writer, *name != '\0' ? name : "table", error)
                  && insert_rows (&writer, run, error) && execute (&writer, "COMMIT", error);
  sqlite3_finalize (writer.insert);
  if (sqlite3_close (writer.database) != SQLITE_OK && fine)
    fine = fail (&writer, error);
  for (guint c = 0; c < writer.n_columns; c++)
    g_free (writer.buffers[c]);
  g_free (writer.buffers);
  g_free (writer.dicts);
  return fine;
}
