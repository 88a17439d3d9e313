/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/param.h"

G_BEGIN_DECLS

/* The settings of the reader of text files; what is left at its default is detected. Dialog, flags and help are derived from the table.
 *
 * Lists of columns and values (missing-values, column-types, read-columns, skip-columns) have commas between their entries. A backslash makes a
 * comma, an equals sign or a backslash part of a name: "net\\,total=number" is the type of the column "net,total". Build entries with
 * patron_csv_escape(). An entry of missing-values without "=" counts for all columns, "age=999" for the column age alone. */

enum { PATRON_CSV_HEADER_AUTO, PATRON_CSV_HEADER_NO, PATRON_CSV_HEADER_YES, PATRON_CSV_HEADER_2, PATRON_CSV_HEADER_3 };
enum { PATRON_CSV_LAYOUT_AUTO, PATRON_CSV_LAYOUT_TABLE, PATRON_CSV_LAYOUT_BASKETS };
enum { PATRON_CSV_LINE_END_AUTO, PATRON_CSV_LINE_END_LF, PATRON_CSV_LINE_END_CRLF, PATRON_CSV_LINE_END_CR, PATRON_CSV_LINE_END_ANY };
enum { PATRON_CSV_CELLS_TYPED, PATRON_CSV_CELLS_KEPT };

#define PATRON_CSV_LIST_SIZE 16384

typedef struct
{
  char delimiter[16];
  char quote[12];
  char escape[12];
  char encoding[32];
  char decimal[12];
  char thousands[12];
  int  header;
  int  skip;                                   /* lines before the table; PATRON_AUTO_INT */
  int  footer;                                 /* lines after the table; PATRON_AUTO_INT; 0: all of the file belongs to the table */
  char column_types[PATRON_CSV_LIST_SIZE];     /* name=type,name=type */
  char read_columns[PATRON_CSV_LIST_SIZE];     /* these alone; "" for all */
  char skip_columns[PATRON_CSV_LIST_SIZE];
  char date_format[48];
  int  layout;
  int  line_end;
  char comment[8];
  char missing_values[4096];                   /* value,column=value */
  int  cells;                                  /* KEPT: every cell is text, as it stands in the file */
} PatronCsvOptions;

extern const PatronParam patron_csv_params[];

void     patron_csv_options_init  (PatronCsvOptions *options);
/* keys_values: NULL-terminated, alternating; NULL for none. */
gboolean patron_csv_options_parse (PatronCsvOptions *options, const char *const *keys_values, GError **error);

/* The setting as bytes: names such as "tab", "space", "semicolon" and escapes such as \t are understood. FALSE: left to detection. *out is "" for
 * "none". */
gboolean patron_csv_option_bytes  (const char *setting, char *out, gsize size);

/* A name or value as an entry of a list in the settings. Owned by the caller. */
char    *patron_csv_escape        (const char *name);
/* The entries of a list, unescaped and without blanks at their ends; NULL-terminated. *values (optional): what follows the first "=" of each that is
 * not escaped, "" without one, and the entries are then what precedes it. Both owned by the caller. */
char   **patron_csv_split_list    (const char *list, char ***values);

G_END_DECLS
