/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "table/read-stat.h"

extern const PatronOp patron_op_statistics_file;

const PatronOp patron_op_statistics_file = {
  .id = "statistics-file",
  .kind = PATRON_OP_READER,
  .title = N_("SPSS, Stata or SAS file"),
  .question = N_("What is in this file?"),
  .summary = N_("Reads files of SPSS (.sav, .zsav, .por), Stata (.dta) and SAS (.sas7bdat, .xpt)."),
  .help = N_("Codes become the words that the file gives for them, where every value has one; the labels of the variables are said. Values that the file declares missing are "
             "missing, and counted. Dates and times are known by their display format."),
  .reference = "ReadStat, https://github.com/WizardMac/ReadStat",
  .params = patron_stat_params,
  .params_size = sizeof (PatronStatOptions),
  .reader = &patron_reader_stat,
};
