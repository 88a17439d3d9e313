/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

#include <sqlite3.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* The thin layer over SQLite that the store is written in: hardened connections, statements, errors as sentences. A connection is
 * used by one thread at a time. Only SQLite ever opens a project file: closing any other descriptor of it would drop its locks. */

typedef enum
{
  PATRON_DATABASE_READ,
  PATRON_DATABASE_WRITE,
  PATRON_DATABASE_CREATE,
} PatronDatabaseMode;

typedef struct
{
  sqlite3    *db;
  char       *path;
  GHashTable *statements;   /* SQL text (address of a literal) → sqlite3_stmt*, prepared once */
  gint       *writing;      /* borrowed, atomic, or NULL: while it is not 0, a locked file is worth any wait */
  gint       *damaged;      /* borrowed, atomic, or NULL: set to 1 when the file turns out to be damaged */
  gboolean    tolerant;     /* what is damaged is to be left out, not to stop the reader */
} PatronDatabase;

PatronDatabase *patron_database_open  (const char *path, PatronDatabaseMode mode, GError **error);
void            patron_database_close (PatronDatabase *database);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronDatabase, patron_database_close)

typedef struct
{
  int limit, value;   /* as for sqlite3_limit() */
} PatronDatabaseLimit;

/* For a connection to anything that Patron has not made in the same breath: no schema in it runs code, no extension loads, nothing is attached, and
 * the limits hold. Result codes are extended ones from then on. */
void     patron_database_harden (sqlite3 *db, const PatronDatabaseLimit *limits, gsize n_limits);

/* Sets error from a result code of SQLite: one sentence that names the file. Always returns FALSE. */
gboolean patron_database_fail (PatronDatabase *database, int code, GError **error);
/* "“sales.patron” is damaged: …" Always returns FALSE. */
gboolean patron_database_damaged (PatronDatabase *database, const char *what, GError **error);

/* Runs statements without results or parameters. */
gboolean patron_database_exec (PatronDatabase *database, const char *sql, GError **error);

/* The statement of this literal, reset, with its parameters bound by a format of one letter each: i gint64, t const char* or NULL,
 * b const void* and gsize, z NULL. The statement is the connection's; NULL on error. Text and blobs must stay valid until it is reset. */
sqlite3_stmt *patron_database_query (PatronDatabase *database, GError **error, const char *sql, const char *format, ...);
/* 1: a row is there, 0: no more (the statement is reset), -1: error (reset as well). */
int      patron_database_step   (PatronDatabase *database, sqlite3_stmt *statement, GError **error);
/* query() and step() of a statement without rows. */
gboolean patron_database_run    (PatronDatabase *database, GError **error, const char *sql, const char *format, ...);
/* The first column of the first row, or fallback without a row. FALSE on error. */
gboolean patron_database_get_int64 (PatronDatabase *database, const char *sql, gint64 fallback, gint64 *value, GError **error);

/* A write transaction; commit rolls back when it fails. */
gboolean patron_database_begin    (PatronDatabase *database, GError **error);
gboolean patron_database_commit   (PatronDatabase *database, GError **error);
void     patron_database_rollback (PatronDatabase *database);

/* Column text, "" for NULL; never longer than the value (no embedded NUL counts). */
const char *patron_statement_text (sqlite3_stmt *statement, int column);

G_END_DECLS
