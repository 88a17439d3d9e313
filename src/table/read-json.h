/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/reader.h"

G_BEGIN_DECLS

/* JSON: a line for each record (JSON lines, also packed with gzip or zstd), or one array of objects. */
typedef struct
{
  char records[256];
  PATRON_READER_COLUMN_FIELDS
} PatronJsonOptions;

extern const PatronParam  patron_json_params[];
extern const PatronReader patron_reader_json;

G_END_DECLS
