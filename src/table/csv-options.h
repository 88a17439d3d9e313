/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/param.h"

G_BEGIN_DECLS

/* The settings of the reader of text files; what is left at its default is detected. Dialog, flags and help are derived from the table. */

enum { PATRON_CSV_HEADER_AUTO, PATRON_CSV_HEADER_NO, PATRON_CSV_HEADER_YES, PATRON_CSV_HEADER_2, PATRON_CSV_HEADER_3 };
enum { PATRON_CSV_LAYOUT_AUTO, PATRON_CSV_LAYOUT_TABLE, PATRON_CSV_LAYOUT_BASKETS };

typedef struct
{
  char delimiter[16];
  char quote[12];
  char escape[12];
  char encoding[32];
  char decimal[12];
  char thousands[12];
  int  header;
  int  skip;
  char column_types[2048];
  char date_format[48];
  int  layout;
  char comment[8];
  char missing[256];
} PatronCsvOptions;

extern const PatronParam patron_csv_params[];

void     patron_csv_options_init  (PatronCsvOptions *options);
/* keys_values: NULL-terminated, alternating; NULL for none. */
gboolean patron_csv_options_parse (PatronCsvOptions *options, const char *const *keys_values, GError **error);

/* The setting as bytes: names such as "tab", "space", "semicolon" and escapes such as \t are understood. FALSE: left to detection. *out is "" for
 * "none". */
gboolean patron_csv_option_bytes  (const char *setting, char *out, gsize size);

G_END_DECLS
