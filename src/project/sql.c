/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/sql-private.h"

#include "base/memory.h"
#include "project/database.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum
{
  OPS_BETWEEN_LOOKS = 20000,        /* of SQLite's machine, some milliseconds */
  MAX_TEXT_BYTES = 1 << 20,
  MAX_VALUE_BYTES = 64 << 20,
};

/* ---- words -------------------------------------------------------------------------------------------------- */

const char *const *
patron_sql_words (void)
{
  static const char *const words[] = {
    "ALL", "AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "CAST", "COLLATE", "CROSS", "CURRENT", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP",
    "DESC", "DISTINCT", "ELSE", "END", "ESCAPE", "EXCEPT", "EXISTS", "FILTER", "FIRST", "FOLLOWING", "FROM", "FULL", "GLOB", "GROUP", "HAVING", "IN",
    "INNER", "INTERSECT", "IS", "JOIN", "LAST", "LEFT", "LIKE", "LIMIT", "NATURAL", "NOT", "NULL", "NULLS", "OFFSET", "ON", "OR", "ORDER", "OUTER",
    "OVER", "PARTITION", "PRECEDING", "RANGE", "RECURSIVE", "RIGHT", "ROW", "ROWS", "SELECT", "THEN", "UNBOUNDED", "UNION", "USING", "VALUES", "WHEN",
    "WHERE", "WINDOW", "WITH", NULL,
  };
  return words;
}

const char *const *
patron_sql_functions (void)
{
  static const char *const functions[] = {
    "abs", "acos", "asin", "atan", "atan2", "avg", "ceil", "ceiling", "char", "coalesce", "cos", "count", "cume_dist", "date", "datetime", "degrees",
    "dense_rank", "exp", "first_value", "floor", "format", "glob", "group_concat", "hex", "ifnull", "iif", "instr", "julianday", "lag", "last_value",
    "lead", "length", "like", "ln", "log", "log10", "log2", "lower", "ltrim", "max", "median", "min", "mod", "nth_value", "ntile", "nullif",
    "percent_rank", "pi", "pow", "power", "printf", "quote", "radians", "random", "rank", "replace", "round", "row_number", "rtrim", "sign", "sin",
    "sqrt", "stddev", "strftime", "substr", "substring", "sum", "tan", "time", "total", "trim", "trunc", "typeof", "unicode", "unixepoch", "upper",
    "variance", "current_date", "current_time", "current_timestamp", NULL,
  };
  return functions;
}

char *
patron_sql_quote (const char *name)
{
  gboolean plain = g_ascii_isalpha (*name) || *name == '_' || (guchar) *name >= 0x80;
  for (const char *c = name; plain && *c != '\0'; c++)
    plain = g_ascii_isalnum (*c) || *c == '_' || (guchar) *c >= 0x80;
  if (plain && !sqlite3_keyword_check (name, (int) strlen (name)))
    return g_strdup (name);
  char *quoted = sqlite3_mprintf ("\"%w\"", name);
  char *copy = g_strdup (quoted);
  sqlite3_free (quoted);
  return copy;
}

/* ---- the engine --------------------------------------------------------------------------------------------- */

gboolean
patron_sql_engine_stopped (PatronSqlEngine *engine)
{
  return (engine->run != NULL && patron_run_cancelled (engine->run)) || (engine->deadline != 0 && g_get_monotonic_time () > engine->deadline);
}

static int
look (void *engine)
{
  return patron_sql_engine_stopped (engine);
}

static void
engine_clear (PatronSqlEngine *engine)
{
  sqlite3_close (engine->db);
  g_clear_pointer (&engine->tables, g_ptr_array_unref);
  g_clear_error (&engine->error);
  g_free (engine->refused);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PatronSqlEngine, engine_clear)

/* SQLite's memory is one for the process: a sort without end must not take the machine's. */
static void
limit_heap (void)
{
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      sqlite3_hard_heap_limit64 ((sqlite3_int64) MIN (MAX (patron_memory_budget () / 2, (gsize) 256 << 20), (gsize) 1 << 40));
      g_once_init_leave (&once, 1);
    }
}

/* SQL knows no names that differ in case only, and keeps some for itself. */
static char *
unique_table_name (GHashTable *taken, const char *name)
{
  gboolean reserved = g_ascii_strncasecmp (name, "sqlite_", 7) == 0 || g_ascii_strcasecmp (name, "patron_table") == 0 || *name == '\0';
  char *unique = g_strconcat (reserved ? "_" : "", name, NULL);
  g_autofree char *folded = g_ascii_strdown (unique, -1);
  for (guint i = 2; !g_hash_table_add (taken, g_steal_pointer (&folded)); i++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s %u", name, i);
      folded = g_ascii_strdown (unique, -1);
    }
  return unique;
}

static gboolean
load_tables (PatronSqlEngine *engine, PatronProject *project, GError **error)
{
  g_autoptr (GPtrArray) list = patron_project_list_tables (project, error);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  engine->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_sql_table_free);
  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    {
      const PatronTableInfo *info = list->pdata[i];
      g_autoptr (PatronTable) table = patron_project_get_table (project, info->id, error);
      g_autofree char *name = unique_table_name (taken, info->name);
      if (table == NULL)
        return FALSE;
      g_ptr_array_add (engine->tables, patron_sql_table_new (table, name));
    }
  return TRUE;
}

static gboolean
engine_open (PatronSqlEngine *engine, PatronProject *project, GError **error)
{
  if (!load_tables (engine, project, error))
    return FALSE;
  limit_heap ();
  int code = sqlite3_open_v2 (":memory:", &engine->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the query."));
      return FALSE;
    }
  /* A database in memory that can neither grow without bounds nor reach a file. */
  static const PatronDatabaseLimit limits[] = {
    { SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES }, { SQLITE_LIMIT_SQL_LENGTH, MAX_TEXT_BYTES + 1024 }, { SQLITE_LIMIT_EXPR_DEPTH, 200 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 100 }, { SQLITE_LIMIT_VDBE_OP, 250000 }, { SQLITE_LIMIT_FUNCTION_ARG, 64 },
  };
  patron_database_harden (engine->db, limits, G_N_ELEMENTS (limits));
  sqlite3_drop_modules (engine->db, NULL);
  patron_sql_add_functions (engine->db);
  if (!patron_sql_table_register (engine, error))
    return FALSE;
  code = sqlite3_exec (engine->db, "PRAGMA temp_store=MEMORY; PRAGMA query_only=ON", NULL, NULL, NULL);
  if (code != SQLITE_OK)
    return patron_sql_fail (engine, NULL, code, NULL, error);
  sqlite3_set_authorizer (engine->db, patron_sql_authorize, engine);
  sqlite3_progress_handler (engine->db, OPS_BETWEEN_LOOKS, look, engine);
  return TRUE;
}

/* ---- running ------------------------------------------------------------------------------------------------ */

/* Exactly one statement that reads. */
static sqlite3_stmt *
prepare (PatronSqlEngine *engine, const char *text, int *position, GError **error)
{
  sqlite3_stmt *statement = NULL, *second = NULL;
  const char *tail = text;
  int code = sqlite3_prepare_v2 (engine->db, text, -1, &statement, &tail);
  if (code != SQLITE_OK)
    {
      patron_sql_fail (engine, text, code, position, error);
      return NULL;
    }
  if (statement == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no statement to run; a query starts with SELECT."));
  else if (sqlite3_prepare_v2 (engine->db, tail, -1, &second, NULL) != SQLITE_OK || second != NULL)
    {
      *position = (int) (tail - text);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is more than one statement; one is run at a time."));
    }
  else if (!sqlite3_stmt_readonly (statement) || sqlite3_stmt_isexplain (statement) || sqlite3_column_count (statement) == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Only SELECT statements can be run here: the tables of a project are read, never changed."));
  else if (sqlite3_bind_parameter_count (statement) > 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The statement has a place for a value (“?”, “:name”); write the value itself."));
  else
    return statement;
  sqlite3_finalize (second);
  sqlite3_finalize (statement);
  return NULL;
}

void
patron_sql_result_free (PatronSqlResult *result)
{
  if (result == NULL)
    return;
  g_clear_pointer (&result->table, patron_table_unref);
  g_free (result);
}

PatronSqlResult *
patron_sql_run (PatronProject *project, const char *text, const PatronSqlLimits *limits, PatronRun *run, int *position, GError **error)
{
  int ignored;
  gint64 start = g_get_monotonic_time ();
  g_auto (PatronSqlEngine) engine = { .run = run };
  position = position != NULL ? position : &ignored;
  *position = -1;
  if (strlen (text) > MAX_TEXT_BYTES || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The statement is longer than a megabyte, or is no text."));
      return NULL;
    }
  if (limits != NULL && limits->max_seconds > 0)
    engine.deadline = start + (gint64) (MIN (limits->max_seconds, 1e9) * G_USEC_PER_SEC);
  if (!engine_open (&engine, project, error))
    return NULL;
  sqlite3_stmt *statement = prepare (&engine, text, position, error);
  if (statement == NULL)
    return NULL;
  g_autoptr (PatronSqlResult) result = g_new0 (PatronSqlResult, 1);
  result->table = patron_sql_result_read (&engine, statement, limits != NULL ? limits->max_rows : 0, &result->truncated, error);
  sqlite3_finalize (statement);
  result->seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  return result->table != NULL ? g_steal_pointer (&result) : NULL;
}

/* ---- completion --------------------------------------------------------------------------------------------- */

GPtrArray *
patron_sql_list_tables (PatronProject *project, GError **error)
{
  g_auto (PatronSqlEngine) engine = { 0 };
  if (!load_tables (&engine, project, error))
    return NULL;
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < engine.tables->len; i++)
    g_ptr_array_add (names, patron_sql_quote (((PatronSqlTable *) engine.tables->pdata[i])->name));
  return names;
}

GPtrArray *
patron_sql_list_columns (PatronProject *project, const char *table, GError **error)
{
  g_auto (PatronSqlEngine) engine = { 0 };
  if (!load_tables (&engine, project, error))
    return NULL;
  for (guint i = 0; i < engine.tables->len; i++)
    {
      const PatronSqlTable *shown = engine.tables->pdata[i];
      g_autofree char *quoted = patron_sql_quote (shown->name);
      if (g_ascii_strcasecmp (shown->name, table) != 0 && strcmp (quoted, table) != 0)
        continue;
      GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
      for (guint c = 0; c < shown->n_columns; c++)
        g_ptr_array_add (names, patron_sql_quote (shown->columns[c].name));
      return names;
    }
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no table “%s”."), table);
  return NULL;
}
