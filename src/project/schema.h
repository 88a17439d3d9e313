/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/database.h"

G_BEGIN_DECLS

/* What a project file looks like inside, and how we know that it still does.
 *
 * Large values (columns, dictionaries, models, reports) are rows of `chunk`; whoever refers to them keeps the XXH3 sum of every chunk. All
 * other tables but `lease` are the catalogue: small rows, each with its own sum, and one digest over them all in `seal`, so that neither a
 * changed row nor a vanished one goes unnoticed. */

#define PATRON_SCHEMA_VERSION 3

typedef enum
{
  PATRON_CATALOGUE_DICTIONARY,
  PATRON_CATALOGUE_SERIES,
  PATRON_CATALOGUE_TABLE,
  PATRON_CATALOGUE_COLUMN,
  PATRON_CATALOGUE_MODEL,
  PATRON_CATALOGUE_RUN,
  PATRON_CATALOGUE_SETTING,
  PATRON_CATALOGUE_STEP,
  PATRON_CATALOGUE_EFFECT,
  PATRON_CATALOGUE_VERSION,
  PATRON_CATALOGUE_HEAD,
  PATRON_CATALOGUE_ORIGIN,
  PATRON_N_CATALOGUES,
} PatronCatalogue;

/* A new, empty file. */
gboolean patron_schema_create  (PatronDatabase *database, GError **error);
/* Refuses what is no project, what is of a newer version, and any schema that is not to the letter that of its version. */
gboolean patron_schema_check   (PatronDatabase *database, int *version, GError **error);
/* Brings an older file to PATRON_SCHEMA_VERSION, in one transaction. */
gboolean patron_schema_migrate (PatronDatabase *database, int version, GError **error);

/* Name of the catalogue's table in the file. */
const char *patron_catalogue_name (PatronCatalogue catalogue);
/* After inserting or changing a row: writes its sum. */
gboolean patron_catalogue_seal_row (PatronDatabase *database, PatronCatalogue catalogue, gint64 id, GError **error);
/* Of the current row of a "SELECT * FROM …": whether it is as it was written. */
gboolean patron_catalogue_check_row (PatronDatabase *database, PatronCatalogue catalogue, sqlite3_stmt *row, GError **error);
/* All rows, oldest first: query and step; each row must be checked. */
sqlite3_stmt *patron_catalogue_rows (PatronDatabase *database, PatronCatalogue catalogue, GError **error);
/* The row with this id, checked: 1, 0 when there is none, -1 on error. Reset the statement after a 1. */
int      patron_catalogue_get (PatronDatabase *database, PatronCatalogue catalogue, gint64 id, sqlite3_stmt **row, GError **error);
/* Before committing: the digest over all sums. */
gboolean patron_catalogue_seal  (PatronDatabase *database, GError **error);
/* Every row and the digest, in a file of this version of the schema. */
gboolean patron_catalogue_check (PatronDatabase *database, int version, GError **error);

G_END_DECLS
