/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/param.h"
#include "table/table.h"

G_BEGIN_DECLS

/* Behind patron_write_file() (table/reader.h): one writer for each format. */

typedef struct
{
  bool defuse_formulas;   /* texts that a spreadsheet would run get an apostrophe in front */
  bool units;             /* money and per cent signs beside the numbers, as they were read */
  char delimiter[12];     /* of CSV files; as patron_csv_option_bytes() takes it, "" for a comma */
  char encoding[32];      /* of text files; "" for UTF-8 */
  bool mark;              /* text files begin with a byte order mark, by which Excel knows UTF-8 */
  bool number_formats;    /* spreadsheets show money and per cent signs */
  char table[128];        /* the name in a database; "" for the table's own */
} PatronWriteOptions;

extern const PatronParam patron_write_params[];

/* Each writes the whole table to path, which is a new file; the caller renames it. */
gboolean patron_write_delimited (PatronTable *table, const char *path, char delimiter, const PatronWriteOptions *options, PatronRun *run, GError **error);
gboolean patron_write_jsonl     (PatronTable *table, const char *path, const PatronWriteOptions *options, PatronRun *run, GError **error);
gboolean patron_write_xlsx      (PatronTable *table, const char *path, const PatronWriteOptions *options, PatronRun *run, GError **error);

/* Into a database that may have other tables already; one of the same name is replaced. */
gboolean patron_write_sqlite    (PatronTable *table, const char *path, const PatronWriteOptions *options, PatronRun *run, GError **error);

/* Whether a spreadsheet would take the text for a formula: it begins with = + - @ (also full width), a tab or a line break, and is more than a number or
 * dashes. */
gboolean patron_text_is_formula (const char *text);

G_END_DECLS
