/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/reader.h"

G_BEGIN_DECLS

/* A table or view of a SQLite database, or what a query over it gives. The database is never written to. */
typedef struct
{
  char table[256];
  char query[16384];
  PATRON_READER_COLUMN_FIELDS
} PatronSqliteOptions;

extern const PatronParam  patron_sqlite_params[];
extern const PatronReader patron_reader_sqlite;

G_END_DECLS
