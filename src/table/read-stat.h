/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/reader.h"

G_BEGIN_DECLS

enum { PATRON_STAT_NAMES, PATRON_STAT_LABELS };

/* Files of statistics programs, by ReadStat: SPSS (.sav, .zsav, .por), Stata (.dta), SAS (.sas7bdat, .xpt). */
typedef struct
{
  int  names;             /* PATRON_STAT_NAMES, PATRON_STAT_LABELS */
  bool value_labels;
  char encoding[32];
  PATRON_READER_COLUMN_FIELDS
} PatronStatOptions;

extern const PatronParam  patron_stat_params[];
extern const PatronReader patron_reader_stat;

G_END_DECLS
