/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "table/read-xlsx.h"

extern const PatronOp patron_op_xlsx;

const PatronOp patron_op_xlsx = {
  .id = "xlsx",
  .kind = PATRON_OP_READER,
  .title = N_("Excel workbook"),
  .question = N_("What is on this sheet?"),
  .summary = N_("Reads a sheet of an Excel workbook (.xlsx, .xlsm), or a range of its cells, as a table."),
  .help = N_("Rows above the table such as a title are left out, and its first rows are column names when they hold text; a name merged over several columns counts for each of "
             "them. Dates and times are known by the number format of their cells. Of formulas the value is read that the workbook was saved with; a cell that shows an error "
             "such as #DIV/0! is missing, and how many there were is said.\n\n"
             "The type of a column holds for every cell in it. Where cells differ, all are read as text, and that is said too.\n\n"
             "Old workbooks (.xls, .xlsb) and OpenDocument sheets have to be saved as .xlsx first."),
  .reference = "ECMA-376, Office Open XML File Formats, part 1",
  .params = patron_xlsx_params,
  .params_size = sizeof (PatronXlsxOptions),
  .reader = &patron_reader_xlsx,
};
