/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/database.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdarg.h>

enum
{
  BUSY_TIMEOUT_MS = 30000,
  BUSY_SLEEP_MS = 5,
  MAX_VALUE_BYTES = 64 << 20,
};

static char *
name_of (PatronDatabase *database)
{
  return g_filename_display_basename (database->path);
}

static void
remember_damage (PatronDatabase *database)
{
  if (database->damaged != NULL)
    g_atomic_int_set (database->damaged, 1);
}

gboolean
patron_database_damaged (PatronDatabase *database, const char *what, GError **error)
{
  remember_damage (database);
  g_autofree char *name = name_of (database);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, _("“%s” is damaged: %s."), name, what);
  return FALSE;
}

/* The file system failed. SQLite does not keep the cause of a failed write, so the caller's errno helps out. */
static void
set_write_error (PatronDatabase *database, const char *name, int last_errno, GError **error)
{
  int cause = sqlite3_system_errno (database->db);
  if (cause == 0)
    cause = last_errno;
  if (cause == ENOSPC || cause == EDQUOT || cause == EFBIG)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("There is no room left to save “%s”; nothing in it was changed."), name);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be read or written: %s."), name, g_strerror (cause));
}

gboolean
patron_database_fail (PatronDatabase *database, int code, GError **error)
{
  int last_errno = errno;
  g_autofree char *name = name_of (database);
  switch (code & 0xff)
    {
    case SQLITE_NOMEM:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory to work with “%s”."), name);
      break;
    case SQLITE_FULL:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("There is no room left to save “%s”; nothing in it was changed."), name);
      break;
    case SQLITE_IOERR:
      set_write_error (database, name, last_errno, error);
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” is being used by another program; try again when it has finished."), name);
      break;
    case SQLITE_READONLY:
      if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY)
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE,
                     _("“%s” was interrupted while it was being saved and can only be opened where it can be written; copy the folder elsewhere first."), name);
      else
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be changed: the file or its folder is read-only."), name);
      break;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be opened: it does not exist, or its folder does not allow it."), name);
      break;
    case SQLITE_NOTADB:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is not a Patron project."), name);
      break;
    case SQLITE_CORRUPT:
      remember_damage (database);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, _("“%s” is damaged: its contents are inconsistent."), name);
      break;
    case SQLITE_TOOBIG:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot hold a single value of more than 64 MB."), name);
      break;
    default:
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be used: %s."), name, sqlite3_errmsg (database->db));
      break;
    }
  return FALSE;
}

void
patron_database_harden (sqlite3 *db, const PatronDatabaseLimit *limits, gsize n_limits)
{
  static const PatronDatabaseLimit always[] = {
    { SQLITE_LIMIT_ATTACHED, 0 }, { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 }, { SQLITE_LIMIT_TRIGGER_DEPTH, 1 }, { SQLITE_LIMIT_WORKER_THREADS, 0 },
  };
  static const struct { int option, value; } options[] = {
    { SQLITE_DBCONFIG_DEFENSIVE, 1 }, { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 }, { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
    { SQLITE_DBCONFIG_ENABLE_VIEW, 0 }, { SQLITE_DBCONFIG_DQS_DML, 0 }, { SQLITE_DBCONFIG_DQS_DDL, 0 },
    { SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 }, { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (always); i++)
    sqlite3_limit (db, always[i].limit, always[i].value);
  for (gsize i = 0; i < n_limits; i++)
    sqlite3_limit (db, limits[i].limit, limits[i].value);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    sqlite3_db_config (db, options[i].option, options[i].value, NULL);
  sqlite3_extended_result_codes (db, 1);
}

/* A project file may come from anyone: nothing in it may grow beyond what Patron writes. */
static void
harden_file (sqlite3 *db)
{
  static const PatronDatabaseLimit limits[] = {
    { SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES + 1024 }, { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 }, { SQLITE_LIMIT_COLUMN, 64 }, { SQLITE_LIMIT_EXPR_DEPTH, 50 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 20 }, { SQLITE_LIMIT_VDBE_OP, 25000 }, { SQLITE_LIMIT_FUNCTION_ARG, 16 }, { SQLITE_LIMIT_VARIABLE_NUMBER, 64 },
  };
  patron_database_harden (db, limits, G_N_ELEMENTS (limits));
}

/* Our own writer finishes, however large the import; another program gets half a minute. */
static int
wait_for_lock (void *data, int n_calls)
{
  PatronDatabase *database = data;
  gboolean ours = database->writing != NULL && g_atomic_int_get (database->writing) != 0;
  if (!ours && n_calls >= BUSY_TIMEOUT_MS / BUSY_SLEEP_MS)
    return 0;
  g_usleep (n_calls < 5 ? 200 : BUSY_SLEEP_MS * 1000);
  return 1;
}

static gboolean
configure (PatronDatabase *database, PatronDatabaseMode mode, GError **error)
{
  harden_file (database->db);
  sqlite3_busy_handler (database->db, wait_for_lock, database);
  if (!patron_database_exec (database, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY", error))
    return FALSE;
  if (mode == PATRON_DATABASE_CREATE && !patron_database_exec (database, "PRAGMA page_size=16384; PRAGMA encoding='UTF-8'", error))
    return FALSE;
  if (mode == PATRON_DATABASE_READ)
    return patron_database_exec (database, "PRAGMA query_only=ON; PRAGMA cache_size=-4096", error);
  return patron_database_exec (database, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA cache_size=-32768", error);
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

/* A crash in the middle of a transaction leaves a journal, which a connection that may write plays back by looking at the file. */
static void
play_back_journal (const char *path)
{
  sqlite3 *db = NULL;
  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
    {
      harden_file (db);
      sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
      sqlite3_exec (db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
    }
  sqlite3_close (db);
}

PatronDatabase *
patron_database_open (const char *path, PatronDatabaseMode mode, GError **error)
{
  g_autoptr (PatronDatabase) database = g_new0 (PatronDatabase, 1);
  database->path = g_strdup (path);
  database->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize_statement);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
              | (mode == PATRON_DATABASE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE)
              | (mode == PATRON_DATABASE_CREATE ? SQLITE_OPEN_CREATE : 0);
  int code = sqlite3_open_v2 (path, &database->db, flags, NULL);
  if (code != SQLITE_OK)
    {
      patron_database_fail (database, database->db != NULL ? sqlite3_extended_errcode (database->db) : code, error);
      return NULL;
    }
  /* SQLite quietly opens read-only what it cannot write. */
  if (mode != PATRON_DATABASE_READ && sqlite3_db_readonly (database->db, "main") == 1)
    {
      patron_database_fail (database, SQLITE_READONLY, error);
      return NULL;
    }
  if (mode == PATRON_DATABASE_READ)
    {
      sqlite3_exec (database->db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
      if (sqlite3_extended_errcode (database->db) == SQLITE_READONLY_ROLLBACK)
        play_back_journal (path);
    }
  return configure (database, mode, error) ? g_steal_pointer (&database) : NULL;
}

void
patron_database_close (PatronDatabase *database)
{
  if (database == NULL)
    return;
  g_hash_table_unref (database->statements);
  sqlite3_close (database->db);
  g_free (database->path);
  g_free (database);
}

gboolean
patron_database_exec (PatronDatabase *database, const char *sql, GError **error)
{
  int code = sqlite3_exec (database->db, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || patron_database_fail (database, code, error);
}

static int
bind (sqlite3_stmt *statement, const char *format, va_list arguments)
{
  int code = SQLITE_OK;
  for (int i = 1; *format != '\0' && code == SQLITE_OK; format++, i++)
    switch (*format)
      {
      case 'i':
        code = sqlite3_bind_int64 (statement, i, va_arg (arguments, gint64));
        break;
      case 't':
        code = sqlite3_bind_text (statement, i, va_arg (arguments, const char *), -1, SQLITE_STATIC);
        break;
      case 'b':
        {
          gconstpointer blob = va_arg (arguments, gconstpointer);
          gsize size = va_arg (arguments, gsize);
          code = sqlite3_bind_blob64 (statement, i, blob != NULL ? blob : "", size, SQLITE_STATIC);
          break;
        }
      default:
        code = sqlite3_bind_null (statement, i);
        break;
      }
  return code;
}

static sqlite3_stmt *
query_valist (PatronDatabase *database, GError **error, const char *sql, const char *format, va_list arguments)
{
  sqlite3_stmt *statement = g_hash_table_lookup (database->statements, sql);
  if (statement == NULL)
    {
      int code = sqlite3_prepare_v3 (database->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
      if (code != SQLITE_OK)
        {
          patron_database_fail (database, code, error);
          return NULL;
        }
      g_hash_table_insert (database->statements, (gpointer) sql, statement);
    }
  sqlite3_reset (statement);
  int code = bind (statement, format, arguments);
  if (code != SQLITE_OK)
    {
      patron_database_fail (database, code, error);
      return NULL;
    }
  return statement;
}

sqlite3_stmt *
patron_database_query (PatronDatabase *database, GError **error, const char *sql, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  sqlite3_stmt *statement = query_valist (database, error, sql, format, arguments);
  va_end (arguments);
  return statement;
}

int
patron_database_step (PatronDatabase *database, sqlite3_stmt *statement, GError **error)
{
  if (statement == NULL)
    return -1;
  int code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    return 1;
  if (code != SQLITE_DONE)
    patron_database_fail (database, sqlite3_extended_errcode (database->db), error);
  sqlite3_reset (statement);
  return code == SQLITE_DONE ? 0 : -1;
}

gboolean
patron_database_run (PatronDatabase *database, GError **error, const char *sql, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  sqlite3_stmt *statement = query_valist (database, error, sql, format, arguments);
  va_end (arguments);
  gboolean done = patron_database_step (database, statement, error) >= 0;
  if (statement != NULL)
    sqlite3_reset (statement);
  return done;
}

gboolean
patron_database_get_int64 (PatronDatabase *database, const char *sql, gint64 fallback, gint64 *value, GError **error)
{
  sqlite3_stmt *statement = patron_database_query (database, error, sql, "");
  int step = patron_database_step (database, statement, error);
  *value = step == 1 ? sqlite3_column_int64 (statement, 0) : fallback;
  if (step == 1)
    sqlite3_reset (statement);
  return step >= 0;
}

gboolean
patron_database_begin (PatronDatabase *database, GError **error)
{
  return patron_database_exec (database, "BEGIN IMMEDIATE", error);
}

gboolean
patron_database_commit (PatronDatabase *database, GError **error)
{
  if (patron_database_exec (database, "COMMIT", error))
    return TRUE;
  patron_database_rollback (database);
  return FALSE;
}

void
patron_database_rollback (PatronDatabase *database)
{
  if (!sqlite3_get_autocommit (database->db))
    sqlite3_exec (database->db, "ROLLBACK", NULL, NULL, NULL);
}

const char *
patron_statement_text (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);
  return text != NULL ? text : "";
}
