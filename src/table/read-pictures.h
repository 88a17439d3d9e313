/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/reader.h"

G_BEGIN_DECLS

/* A folder of pictures: a row for each. */
typedef struct
{
  bool subfolders;
  PATRON_READER_COLUMN_FIELDS
} PatronPicturesOptions;

extern const PatronParam  patron_pictures_params[];
extern const PatronReader patron_reader_pictures;

G_END_DECLS
