/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/csv-text.h"

#include "base/memory.h"
#include "table/text-encoding.h"

/* Reading by settings that are all given, in the first three bytes: what is left to find are the types. */

static void
choose (PatronCsvOptions *options, const uint8_t *choice)
{
  static const char *const delimiters[] = { "comma", "semicolon", "tab", "pipe", "blanks", "||", "none", "a" }, *const headers[] = { "no", "yes", "2", "no" };
  static const char *const quotes[] = { "double", "'", "none", "double" }, *const ends[] = { "lf", "cr", "any", "any" };
  fuzz_csv_set (options, "delimiter", delimiters[choice[0] & 7]);
  fuzz_csv_set (options, "header", headers[choice[0] >> 3 & 3]);
  fuzz_csv_set (options, "skip", choice[0] & 32 ? "1" : "0");
  fuzz_csv_set (options, "footer", choice[0] & 64 ? "1" : "0");
  fuzz_csv_set (options, "cells", choice[0] & 128 ? "kept" : "typed");
  fuzz_csv_set (options, "quote", quotes[choice[1] & 3]);
  fuzz_csv_set (options, "escape", choice[1] & 4 ? "backslash" : "doubled");
  fuzz_csv_set (options, "line-end", ends[choice[1] >> 3 & 3]);
  fuzz_csv_set (options, "comment", choice[1] & 32 ? "#" : "none");
  fuzz_csv_set (options, "layout", choice[1] & 64 ? "baskets" : "table");
  fuzz_csv_set (options, "decimal", choice[1] & 128 ? "," : "");
  fuzz_csv_set (options, "missing-values", choice[2] & 1 ? "NA,-,999" : "");
  fuzz_csv_set (options, "column-types", choice[2] & 2 ? "number,text,date" : choice[2] & 4 ? "integer,boolean,time" : "");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  PatronCsvOptions options;
  fuzz_begin ();
  if (size < 3 || size > 1 << 16)
    return 0;
  patron_csv_options_init (&options);
  choose (&options, data);
  gsize length, n_replaced;
  char *text = patron_to_utf8 ((const char *) data + 3, size - 3, "UTF-8", G_MAXSIZE, &length, &n_replaced, NULL);
  if (text == NULL)
    return 0;
  g_autoptr (PatronTable) table = fuzz_csv_read (text, length, FALSE, &options);
  if (table != NULL && length > 0 && text[length - 1] == '\n' && size % 4 == 0)
    fuzz_csv_check_both (text, length, &options, table);
  if (table != NULL && options.cells == PATRON_CSV_CELLS_KEPT && size % 32 == 0 && patron_table_n_columns (table) > 0)
    fuzz_csv_check_back (table);
  patron_free (text);
  return 0;
}
