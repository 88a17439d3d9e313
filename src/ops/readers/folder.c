/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "base/op.h"
#include "table/read-folder.h"

extern const PatronOp patron_op_folder;

const PatronOp patron_op_folder = {
  .id = "folder",
  .kind = PATRON_OP_READER,
  .title = N_("Folder of like files"),
  .question = N_("What is in these files?"),
  .summary = N_("Reads all data files of a folder one under the other as one table."),
  .help = N_("Columns are brought together by their names; a file that lacks one has missing values there, and that is said. A column says which file a row comes from. How each file "
             "is laid out is found out for it alone."),
  .reference = "",
  .params = patron_folder_params,
  .params_size = sizeof (PatronFolderOptions),
  .reader = &patron_reader_folder,
};
