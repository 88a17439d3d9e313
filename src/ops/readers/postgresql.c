/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "table/read-postgres.h"

extern const PatronOp patron_op_postgresql;

const PatronOp patron_op_postgresql = {
  .id = "postgresql",
  .kind = PATRON_OP_READER,
  .title = N_("PostgreSQL database"),
  .question = N_("What is in this database?"),
  .summary = N_("Reads a table or view of a PostgreSQL database, or what a query gives."),
  .help = N_("The database is named by an address such as postgresql://anna@server/shop. The window keeps the password in the keyring of the desktop; the command line takes it from "
             "PGPASSWORD or the password file, as psql does. It is never written into a project or a recipe.\n\n"
             "The transaction is read-only and sees one state of the database. Whole numbers, decimals, texts, dates and time stamps keep their types; types that a table cannot "
             "hold come as text."),
  .reference = "https://www.postgresql.org/docs/current/sql-copy.html",
  .params = patron_postgres_params,
  .params_size = sizeof (PatronPostgresOptions),
  .reader = &patron_reader_postgres,
};
