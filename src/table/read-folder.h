/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/reader.h"

G_BEGIN_DECLS

/* A folder of files of the same shape, one under the other as one table. */
typedef struct
{
  char files[PATRON_CSV_LIST_SIZE];
  char pattern[128];
  bool subfolders;
  char file_column[128];
  PATRON_READER_COLUMN_FIELDS
} PatronFolderOptions;

extern const PatronParam  patron_folder_params[];
extern const PatronReader patron_reader_folder;

G_END_DECLS
