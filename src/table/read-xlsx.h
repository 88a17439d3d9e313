/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/reader.h"

G_BEGIN_DECLS

/* Excel workbooks (.xlsx, .xlsm): one sheet, or a range of it, as a table. */
typedef struct
{
  char sheet[256];
  char range[64];
  int  header;
  PATRON_READER_COLUMN_FIELDS
} PatronXlsxOptions;

extern const PatronParam  patron_xlsx_params[];
extern const PatronReader patron_reader_xlsx;

G_END_DECLS
