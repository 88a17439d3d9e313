/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"

G_BEGIN_DECLS

/* Delimited text to records of fields: where each field begins and how long it is, nothing copied. */

typedef enum
{
  PATRON_CSV_EOL_LF,      /* also CR LF */
  PATRON_CSV_EOL_CR,
  PATRON_CSV_EOL_MIXED,
} PatronCsvEol;

typedef struct
{
  char         delimiter[16];      /* bytes, "" for a file of one column */
  gboolean     blanks;             /* runs of blanks separate; those at the ends of a line mean nothing */
  char         quote;              /* '\0' none */
  gboolean     quote_certain;      /* given by the user: quoted line ends are taken at their word */
  char         escape;             /* '\0': quotes inside quotes are doubled; else the byte before what is meant literally */
  PatronCsvEol eol;
  char         comment[8];         /* lines that begin so are skipped; "" none */
  gboolean     keep_empty_lines;   /* an empty line is a record of one empty field: files of one column */
} PatronCsvDialect;

typedef struct
{
  guint32 start;
  guint32 length : 30;
  guint32 quoted : 1;              /* start and length are of what is between the quotes */
  guint32 escaped : 1;             /* may hold doubled quotes or escapes: patron_csv_unescape() */
} PatronCsvField;

typedef struct
{
  PatronCsvField *fields;
  gsize           n_fields, fields_size;
  guint32        *first;           /* n_records + 1: record r is fields[first[r]] … fields[first[r + 1] - 1] */
  gsize           n_records, records_size;
  gsize           n_repaired;      /* records whose quotation marks made sense only when some were taken as characters */
  gsize           repaired;        /* the first of them */
} PatronCsvRecords;

void patron_csv_records_clear (PatronCsvRecords *records);

/* The one-pass splitter over wide registers can read it: one delimiter byte, doubled quotes, one kind of line end, no comments. */
gboolean patron_csv_dialect_is_plain (const PatronCsvDialect *dialect);

/* For n_columns below: quoted fields end with their line. */
#define PATRON_CSV_LINES G_MAXUINT

/* Splits text, which begins at the beginning of a record, until max_records records or the end. Replaces what records held. *consumed (optional) is
 * where it stopped. n_columns is what a record should have (0: not known): used to repair broken quoting. whole: text ends where the file ends; when
 * not, a record that the end cuts off is left out.
 *
 * patron_csv_split_plain() needs a plain dialect whose quotes patron_csv_scan() found orderly, and ignores max_records.
 * A quote that is never closed is PATRON_ERROR_INPUT; *consumed is then where it opened. */
gboolean patron_csv_split_plain (const PatronCsvDialect *dialect, const char *text, gsize length, PatronCsvRecords *records, GError **error);
gboolean patron_csv_split (const PatronCsvDialect *dialect, const char *text, gsize length, gsize max_records, guint n_columns, gboolean whole,
                           PatronCsvRecords *records, gsize *consumed, GError **error);

/* The bytes that an escaped field stands for into out (at least length bytes); returns how many. */
gsize patron_csv_unescape (const PatronCsvDialect *dialect, const char *text, gsize length, char *out);

/* What a stretch of plain text holds, for both cases: that it begins outside quotes ([0]) or inside ([1]). */
typedef struct
{
  gsize    n_records[2];      /* line ends outside quotes, those of empty lines not counted */
  gsize    first_record[2];   /* offset after the first line end outside quotes, G_MAXSIZE without one */
  guint8   first_counts[2];   /* whether that line end closes a record (it may be an empty line's) */
  gboolean stray[2];          /* a quote opens or closes in the middle of a field: not for the plain splitter */
  gboolean odd;               /* an odd number of quotes: the state changes */
  gboolean lone_cr[2];        /* a CR outside quotes without LF; or any LF where a CR ends the lines */
  gboolean quoted_eol[2];     /* a line end inside quotes */
} PatronCsvScan;

/* before: the bytes before text[0]. last: the text ends where the file ends; if not, text[length] is the byte after it. */
void patron_csv_scan (const PatronCsvDialect *dialect, const char *text, gsize length, const char before[2], gboolean last, PatronCsvScan *scan);

G_END_DECLS
