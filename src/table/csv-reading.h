/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/csv-detect.h"
#include "table/table.h"
#include "table/text-source.h"

G_BEGIN_DECLS

/* One reading of a text whose layout is known. All borrowed; notes grows. */
typedef struct
{
  const char             *file;       /* for messages */
  const char             *table;      /* name of the result */
  const PatronCsvOptions *options;
  const PatronCsvShape   *shape;
  PatronTextSource       *source;
  const char             *head;       /* the beginning of the text, for the first guess at types */
  gsize                   head_length;
  gsize                   max_rows;
  PatronRun              *run;
  GPtrArray              *notes;

  /* Found: how the first number and the first date that show it are written. */
  char                    decimal, thousands;   /* '\0': none shows it */
  const char             *date_format;          /* id of the rule, NULL: there are no dates */
} PatronCsvReading;

PatronTable *patron_csv_reading_perform (PatronCsvReading *reading, GError **error);

G_END_DECLS
