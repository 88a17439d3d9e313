/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "table/read-json.h"

extern const PatronOp patron_op_json;

const PatronOp patron_op_json = {
  .id = "json",
  .kind = PATRON_OP_READER,
  .title = N_("JSON records"),
  .question = N_("What is in these records?"),
  .summary = N_("Reads records written as JSON: one on each line (JSON lines), or all of them in one list."),
  .help = N_("Each name becomes a column. Names of objects inside a record follow those around them with a dot between, as in address.city; lists inside a record are kept as "
             "text. A name that a record lacks is missing there.\n\n"
             "The type of a column holds for every value in it. Texts that are all dates or numbers are read as such, and that is said."),
  .reference = "RFC 8259",
  .params = patron_json_params,
  .params_size = sizeof (PatronJsonOptions),
  .reader = &patron_reader_json,
};
