/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"
#include "table/csv-options.h"
#include "table/table.h"

G_BEGIN_DECLS

/* A delimited text file, opened: its beginning is known, how it is laid out is detected, nothing is imported yet. For the import page: open again with
 * other settings as often as a choice changes (milliseconds), show the preview, then read. Not thread-safe, but may move between threads. */
typedef struct _PatronCsv PatronCsv;

/* What was settled, in the words of the settings (patron_csv_params): parse() of them gives the same reading. */
typedef struct
{
  char  delimiter[16];    /* as it stands; "" for one column; "blanks" for any run of blanks */
  char  quote[4];         /* "" none */
  char  escape[4];        /* "" for doubled */
  char  encoding[32];
  char  comment[8];
  char  decimal[2];       /* "" where no number shows it; known after a preview or reading, as are the next two */
  char  thousands[2];     /* "" where no number has one */
  const char *date_format; /* "ymd", "dmy" …; NULL: no dates */
  guint n_skipped;        /* lines before the table */
  guint n_header;         /* rows of names */
  guint n_columns;
  const char *packing;    /* "gzip", "zstd", NULL */
} PatronCsvDetected;

PatronCsv *patron_csv_open (const char *path, const PatronCsvOptions *options, GError **error);
void       patron_csv_free (PatronCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronCsv, patron_csv_free)

void             patron_csv_get_detected (const PatronCsv *csv, PatronCsvDetected *detected);

/* The first rows, typed by what the first megabyte shows; at most max_rows. *notes (optional): of PatronText, owned by the caller. */
PatronTable *patron_csv_preview (PatronCsv *csv, gsize max_rows, GPtrArray **notes, GError **error);

/* The whole file. Types hold for every value. run may be NULL. *notes (optional): the reasons and what was met on the way. */
PatronTable *patron_csv_read (PatronCsv *csv, PatronRun *run, GPtrArray **notes, GError **error);

G_END_DECLS
