/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "table/csv-options.h"
#include "table/read-csv.h"

extern const PatronOp patron_op_csv;

const PatronOp patron_op_csv = {
  .id = "csv",
  .kind = PATRON_OP_READER,
  .title = N_("Text file"),
  .question = N_("What is in this file?"),
  .summary = N_("Reads CSV, TSV and other text files whose records stand on lines, packed with gzip or zstd or not."),
  .help = N_("How the file is laid out is found from its beginning: the encoding, the delimiter, the quotation mark, where the table begins and whether its first row holds names. "
             "Every setting can be given instead, and what was decided is said with the reason.\n\n"
             "The type of a column holds for every value in it, not only for a sample: a column with a value that does not fit is read as text, and that is said too. Numbers may "
             "have thousands separators, currency and per cent signs; numbers with leading zeros or more than 18 digits are codes and stay text. Dates follow one rule in a column.\n\n"
             "Totals and notes after the table are told apart from it, and of several tables in a file the first is read; where the others begin is said. Values that may "
             "stand for missing ones, such as a dash or an age of 999, are offered, never assumed.\n\n"
             "From one text file to another, cells keep their spelling: 007 stays 007 and 1.50 stays 1.50; only decimal commas and marks between thousands are written plainly. "
             "Cells by type write values instead.\n\n"
             "A file that cannot be read leaves nothing behind: one sentence names the line and what was expected."),
  .reference = "RFC 4180",
  .params = patron_csv_params,
  .params_size = sizeof (PatronCsvOptions),
  .reader = &patron_reader_csv,
};
