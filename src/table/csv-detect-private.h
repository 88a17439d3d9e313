/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/csv-detect.h"

G_BEGIN_DECLS

/* What the files that find out a text's layout share. */

/* Records looked at: enough to judge by, few enough to try many dialects in a few milliseconds. */
#define PATRON_CSV_SAMPLE_RECORDS 250

/* ---- csv-dialect.c: how records are cut into fields ---- */

/* The delimiter, unless it is known, and the quoting that goes with it, into shape->dialect. */
void     patron_csv_detect_dialect  (PatronCsvShape *shape, const char *text, gsize length, gboolean whole, gboolean delimiter_known,
                                     const PatronCsvOptions *options);
/* The most frequent number of fields, the larger of equals; *n_mode: records that have it. */
guint    patron_csv_mode_of         (const PatronCsvRecords *records, guint *n_mode);
/* A number, a date, a truth value: hardly the name of a column. */
gboolean patron_csv_is_typed        (const char *text, const PatronCsvField *field);

/* ---- csv-preamble.c: where the table begins ---- */

/* "sep=;" as spreadsheets write it; a YAML block between lines of ---. Returns the offset after it. */
gsize    patron_csv_skip_marks      (const char *text, gsize length, PatronCsvDialect *dialect, guint *n_skipped, gboolean *delimiter_known);
gsize    patron_csv_skip_lines      (const char *text, gsize length, guint n);
void     patron_csv_detect_comment  (PatronCsvShape *shape, const char *text, gsize length);
/* The first record of the table: those before it have fewer fields than the table. */
gsize    patron_csv_first_record    (const char *text, const PatronCsvRecords *records, guint columns);
/* A table of fewer fields before start, where the largest one begins: the first of a file is read. start, when there is none. */
gsize    patron_csv_small_table     (const char *text, const PatronCsvRecords *records, gsize start);
gboolean patron_csv_is_empty_field  (const char *text, const PatronCsvField *field);
guint    patron_csv_filled_fields   (const char *text, const PatronCsvRecords *records, gsize r);
guint    patron_csv_typed_fields    (const char *text, const PatronCsvRecords *records, gsize r);

/* ---- csv-end.c: where the table ends ---- */

/* Offset where the table of these records, all of values, ends; G_MAXSIZE: not before the last of them. whole: the records are all there are.
 * lines_before: lines of the file before text, G_MAXUINT when it is not known. What follows the table is said in the reasons. */
gsize    patron_csv_find_end        (PatronCsvShape *shape, const char *text, const PatronCsvRecords *records, guint lines_before, gboolean whole);
guint    patron_csv_count_lines     (const char *text, gsize length);

/* ---- csv-header.c: the names of the columns ---- */

/* How many records from start on hold names, into shape->n_header. */
void     patron_csv_detect_header   (PatronCsvShape *shape, const char *text, const PatronCsvRecords *records, gsize start,
                                     const PatronCsvOptions *options);
/* Lines drawn under the names: every field is of dashes and the like. */
gboolean patron_csv_is_rule         (const char *text, const PatronCsvRecords *records, gsize r);
/* The names in record r and the n_header - 1 after it, joined; without field surplus. */
void     patron_csv_take_names      (PatronCsvShape *shape, const char *text, const PatronCsvRecords *records, gsize r, guint surplus);
/* Which field of the one row of names in record r is empty and one more than the records below have; G_MAXUINT for none. */
guint    patron_csv_surplus_name    (const char *text, const PatronCsvRecords *records, gsize r, const PatronCsvShape *shape);

static inline guint
patron_csv_fields_of (const PatronCsvRecords *records, gsize r)
{
  return records->first[r + 1] - records->first[r];
}

static inline void
patron_csv_add_reason (PatronCsvShape *shape, PatronText *reason)
{
  g_ptr_array_add (shape->reasons, reason);
}

G_END_DECLS
