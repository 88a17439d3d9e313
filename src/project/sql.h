/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/project.h"

G_BEGIN_DECLS

/* Read-only SQL (SQLite's dialect) over the tables of a project, in their current versions. Tables and columns go by their names, quoted with "…"
 * where they are not plain words: SELECT "客户", sum(amount) FROM "orders 2024" GROUP BY 1. Dates are text as 2011-02-28, times as
 * 2011-02-28 17:04:05, truth values 0 and 1, durations seconds. median(), variance() and stddev() (of a sample) come on top of SQLite's functions.
 * A statement runs in a database of its own in memory and can neither read nor write anything but the tables; of a table with more than 1,999
 * columns it sees the first ones. Names that differ only in the case of letters A to Z get a number (" 2"). */
typedef struct
{
  PatronTable *table;          /* typed result, named "result" */
  gboolean     truncated;      /* there were more than max_rows */
  double       seconds;
} PatronSqlResult;

void patron_sql_result_free (PatronSqlResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronSqlResult, patron_sql_result_free)

typedef struct
{
  gsize  max_rows;             /* 0: no limit but memory */
  double max_seconds;          /* 0: none */
} PatronSqlLimits;

/* Runs one statement. run (optional) cancels it. On a mistake in the text the error is PATRON_ERROR_REQUEST, one sentence, and *position
 * (optional) the byte of the text it is about, or -1. limits NULL: none. */
PatronSqlResult *patron_sql_run (PatronProject *project, const char *text, const PatronSqlLimits *limits, PatronRun *run, int *position, GError **error);

/* For completion: names (char*) of tables, or of the columns of one table, quoted where SQL needs it; and the words and functions SQL knows. */
GPtrArray *patron_sql_list_tables  (PatronProject *project, GError **error);
GPtrArray *patron_sql_list_columns (PatronProject *project, const char *table, GError **error);
const char *const *patron_sql_words     (void);
const char *const *patron_sql_functions (void);
/* A name as it is written in SQL: as it is, or in quotes. Owned by the caller. */
char *patron_sql_quote (const char *name);

G_END_DECLS
