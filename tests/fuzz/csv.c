/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/csv-text.h"

#include "base/memory.h"
#include "table/text-encoding.h"

/* Detection and reading of any bytes: an answer or an error, within bounds. An input that begins with "~" has settings in its next three bytes. */

static void
choose (PatronCsvOptions *options, const uint8_t *choice)
{
  static const char *const delimiters[] = { "", "comma", "semicolon", "tab", "pipe", "blanks", "||", "none" }, *const headers[] = { "auto", "no", "yes", "2" };
  fuzz_csv_set (options, "delimiter", delimiters[choice[0] & 7]);
  fuzz_csv_set (options, "header", headers[choice[0] >> 3 & 3]);
  fuzz_csv_set (options, "skip", (choice[0] >> 5 & 3) == 3 ? "auto" : (choice[0] >> 5 & 3) == 2 ? "2" : "0");
  fuzz_csv_set (options, "cells", choice[1] & 1 ? "kept" : "typed");
  fuzz_csv_set (options, "footer", choice[1] & 2 ? "auto" : choice[1] & 4 ? "2" : "0");
  fuzz_csv_set (options, "line-end", choice[1] & 8 ? "auto" : choice[1] & 16 ? "cr" : "any");
  fuzz_csv_set (options, "quote", choice[1] & 32 ? "" : choice[1] & 64 ? "'" : "none");
  fuzz_csv_set (options, "escape", choice[1] & 128 ? "backslash" : "");
  fuzz_csv_set (options, "missing-values", choice[2] & 1 ? "NA,-,999" : "");
  fuzz_csv_set (options, "column-types", choice[2] & 2 ? "number,text,date" : choice[2] & 4 ? "integer,boolean,time" : "");
  fuzz_csv_set (options, "decimal", choice[2] & 8 ? "," : "");
  fuzz_csv_set (options, "layout", choice[2] & 16 ? "baskets" : "auto");
  fuzz_csv_set (options, "comment", choice[2] & 32 ? "#" : "");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_begin ();
  PatronCsvOptions options;
  patron_csv_options_init (&options);
  if (size > 1 << 16)
    return 0;
  gboolean chosen = size >= 4 && data[0] == '~';
  if (chosen)
    choose (&options, data + 1);
  const gsize from = chosen ? 4 : 0;
  const char *bytes = (const char *) data + from;
  size -= from;
  PatronEncodingGuess guess = patron_detect_encoding (bytes, size, FALSE);
  gsize length, n_replaced;
  char *text = patron_to_utf8 (bytes + guess.mark, size - guess.mark, guess.name, G_MAXSIZE, &length, &n_replaced, NULL);
  patron_text_free (guess.reason);
  if (text == NULL)
    return 0;
  g_autoptr (PatronTable) table = fuzz_csv_read (text, length, FALSE, &options);
  if (table != NULL && length > 0 && text[length - 1] == '\n' && size % 4 == 0)
    fuzz_csv_check_both (text, length, &options, table);
  if (table != NULL && options.cells == PATRON_CSV_CELLS_KEPT && size % 8 == 0 && patron_table_n_columns (table) > 0)
    fuzz_csv_check_back (table);
  patron_free (text);
  return 0;
}
