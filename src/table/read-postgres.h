/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/reader.h"

G_BEGIN_DECLS

/* A table or view of a PostgreSQL database, or what a query gives. The transaction is read-only. */
typedef struct
{
  char table[256];
  char query[16384];
  PATRON_READER_COLUMN_FIELDS
} PatronPostgresOptions;

extern const PatronParam  patron_postgres_params[];
extern const PatronReader patron_reader_postgres;

/* Where the password of an address comes from that does not hold one (PGPASSWORD and the password file come after it). Called from any thread; NULL for
 * none, else owned by the caller, who wipes it. Set once, before the first reading. */
typedef char *(*PatronPasswordFunc) (const char *address);
void patron_postgres_set_password_func (PatronPasswordFunc func);

G_END_DECLS
