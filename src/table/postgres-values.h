/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/mixed.h"

G_BEGIN_DECLS

/* Values as PostgreSQL's binary COPY sends them. */
typedef enum
{
  PATRON_POSTGRES_TEXT,        /* also every type not listed, which the query casts */
  PATRON_POSTGRES_BOOL,
  PATRON_POSTGRES_INT2,
  PATRON_POSTGRES_INT4,
  PATRON_POSTGRES_INT8,
  PATRON_POSTGRES_FLOAT4,
  PATRON_POSTGRES_FLOAT8,
  PATRON_POSTGRES_NUMERIC,
  PATRON_POSTGRES_DATE,
  PATRON_POSTGRES_TIMESTAMP,
  PATRON_POSTGRES_TIMESTAMP_ZONE,
  PATRON_POSTGRES_CLOCK,
  PATRON_POSTGRES_INTERVAL,    /* a duration, a text where it counts in months */
} PatronPostgresKind;

/* By the number of the type (pg_type.oid). *cast: the query has to turn it into text. */
PatronPostgresKind patron_postgres_kind (guint oid, gboolean *cast);
/* What the column is for certain, PATRON_N_TYPES where its values decide. */
PatronType         patron_postgres_type (PatronPostgresKind kind);
/* FALSE when the bytes are not such a value. Infinite dates are missing. */
gboolean           patron_postgres_set  (PatronPostgresKind kind, const char *bytes, gsize n, PatronMixed *column, gsize row);

G_END_DECLS
