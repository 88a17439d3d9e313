/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "table/read-sqlite.h"

extern const PatronOp patron_op_sqlite;

const PatronOp patron_op_sqlite = {
  .id = "sqlite",
  .kind = PATRON_OP_READER,
  .title = N_("SQLite database"),
  .question = N_("What is in this database?"),
  .summary = N_("Reads a table or view of a SQLite database, or what a query over it gives."),
  .help = N_("The database is opened for reading only. SQLite lets every value have a type of its own, so the type of a column is what holds for all of its values; texts that are "
             "all dates are read as dates, and that is said. A query may read the tables of this database and nothing else."),
  .reference = "https://sqlite.org/datatype3.html",
  .params = patron_sqlite_params,
  .params_size = sizeof (PatronSqliteOptions),
  .reader = &patron_reader_sqlite,
};
