/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/sql.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* A query runs in a database in memory that holds nothing but virtual tables: sql-table.c shows a project's table as one, sql-filter.c finds its
 * rows, sql-result.c turns what a statement yields into a table, sql-error.c says what is wrong with it. */

typedef struct _PatronSqlColumn PatronSqlColumn;

/* One table of the project, for as long as the query runs. */
typedef struct
{
  PatronTable     *table;      /* owned */
  char            *name;       /* as SQL knows it, owned */
  PatronSqlColumn *columns;    /* n_columns */
  guint            n_columns;
} PatronSqlTable;

typedef struct
{
  sqlite3   *db;
  GPtrArray *tables;           /* of PatronSqlTable* */
  PatronRun *run;              /* or NULL */
  gint64     deadline;         /* monotonic microseconds, or 0 */
  GError    *error;            /* the first one met while reading */
  char      *refused;          /* what the authorizer refused, or NULL */
} PatronSqlEngine;

/* Cancelled, or past the deadline. */
gboolean patron_sql_engine_stopped (PatronSqlEngine *engine);

/* What SQL knows of a column. Names differ in more than case, which SQL needs; strings are sorted when a query first compares them, and rows
 * are chained by their value when it first looks many of them up. */
struct _PatronSqlColumn
{
  PatronColumn *column;        /* borrowed */
  PatronType    type;
  char         *name;          /* owned */
  PatronDict   *dict;          /* borrowed, once asked for */
  gint32       *ranks;         /* of each code, in the order of bytes; owned */
  gint32       *by_rank;       /* the codes in that order; owned */
  gsize         n_lookups;
  guint32      *heads, *nexts; /* row + 1 by hash of the value, and the next one with the same hash; owned */
  gsize         mask;
};

PatronSqlTable *patron_sql_table_new  (PatronTable *table, const char *name);
void            patron_sql_table_free (PatronSqlTable *table);
/* CREATE VIRTUAL TABLE for every table of the engine. */
gboolean        patron_sql_table_register (PatronSqlEngine *engine, GError **error);

/* sql-functions.c: the aggregates that SQLite lacks. */
void            patron_sql_add_functions (sqlite3 *db);

/* ---- sql-filter.c: values as keys ---- */

/* Values that a condition leaves, both ends included, as the column holds them: numbers, whole numbers (days, microseconds, 0 and 1), or ranks. */
typedef struct
{
  guint    column;
  gboolean number;
  double   low, high;
  gint64   first, last;
} PatronSqlInterval;

/* The interval of everything. */
PatronSqlInterval patron_sql_interval (const PatronSqlColumn *column, guint index);
/* Narrows it to what can meet "column op value". What cannot be said as an interval leaves it as it is: SQLite checks every row again. FALSE only
 * when memory is short. op: SQLITE_INDEX_CONSTRAINT_EQ … */
gboolean patron_sql_interval_narrow (PatronSqlInterval *interval, PatronSqlColumn *column, int op, sqlite3_value *value, GError **error);
gboolean patron_sql_interval_is_empty (const PatronSqlInterval *interval);
/* Whether any of these rows can be in the interval, judged without reading them. */
gboolean patron_sql_interval_meets (const PatronSqlInterval *interval, const PatronSqlColumn *column, gsize start, gsize n);
/* Clears keep[i] where values[i] is outside. values: n of the column's. */
void     patron_sql_interval_apply (const PatronSqlInterval *interval, const PatronSqlColumn *column, gconstpointer values, gsize n, guint8 *keep);
/* "2011-02-28", "2011-02-28 17:04:05", "2011-02-28 17:04:05.250000", as our columns are shown; FALSE for anything else. */
gboolean patron_sql_parse_moment (const char *text, gsize length, gint64 *microseconds, gboolean *is_date);
/* The ranks of the column's strings. */
gboolean patron_sql_column_rank  (PatronSqlColumn *column, GError **error);
/* Chains the rows by value. */
gboolean patron_sql_column_chain (PatronSqlColumn *column, GError **error);
/* The first row + 1 that may have the interval's single value, then nexts[]; 0: none. */
guint32  patron_sql_column_first (const PatronSqlColumn *column, const PatronSqlInterval *interval);

/* ---- sql-result.c ---- */

PatronTable *patron_sql_result_read (PatronSqlEngine *engine, sqlite3_stmt *statement, gsize max_rows, gboolean *truncated, GError **error);

/* ---- sql-error.c ---- */

/* Only what reads: returns the authorizer's verdict. */
int      patron_sql_authorize (void *engine, int action, const char *first, const char *second, const char *database, const char *trigger);
/* One sentence for what SQLite reports now. Always returns FALSE. */
gboolean patron_sql_fail (PatronSqlEngine *engine, const char *text, int code, int *position, GError **error);

G_END_DECLS
