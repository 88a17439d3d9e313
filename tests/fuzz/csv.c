/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "table/csv-detect.h"
#include "table/csv-reading.h"
#include "table/csv.h"
#include "table/reader.h"
#include "table/text-encoding.h"
#include "table/writer.h"

/* Detection and reading of any bytes: an answer or an error, within bounds. An input that begins with "~" has settings in its next three bytes. */

static void
set (PatronCsvOptions *options, const char *key, const char *value)
{
  g_assert_true (patron_param_parse (patron_params_find (patron_csv_params, key), value, options, NULL));
}

static void
choose (PatronCsvOptions *options, const uint8_t *choice)
{
  static const char *const delimiters[] = { "", "comma", "semicolon", "tab", "pipe", "blanks", "||", "none" }, *const headers[] = { "auto", "no", "yes", "2" };
  set (options, "delimiter", delimiters[choice[0] & 7]);
  set (options, "header", headers[choice[0] >> 3 & 3]);
  set (options, "skip", (choice[0] >> 5 & 3) == 3 ? "auto" : (choice[0] >> 5 & 3) == 2 ? "2" : "0");
  set (options, "cells", choice[1] & 1 ? "kept" : "typed");
  set (options, "footer", choice[1] & 2 ? "auto" : choice[1] & 4 ? "2" : "0");
  set (options, "line-end", choice[1] & 8 ? "auto" : choice[1] & 16 ? "cr" : "any");
  set (options, "quote", choice[1] & 32 ? "" : choice[1] & 64 ? "'" : "none");
  set (options, "escape", choice[1] & 128 ? "backslash" : "");
  set (options, "missing-values", choice[2] & 1 ? "NA,-,999" : "");
  set (options, "column-types", choice[2] & 2 ? "number,text,date" : choice[2] & 4 ? "integer,boolean,time" : "");
  set (options, "decimal", choice[2] & 8 ? "," : "");
  set (options, "layout", choice[2] & 16 ? "baskets" : "auto");
  set (options, "comment", choice[2] & 32 ? "#" : "");
}

static void
check_lengths (PatronTable *table)
{
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    g_assert_cmpuint (patron_column_get_length (patron_table_column (table, c)), ==, patron_table_n_rows (table));
}

static void
check_same (PatronTable *a, PatronTable *b)
{
  g_assert_cmpuint (patron_table_n_columns (a), ==, patron_table_n_columns (b));
  g_assert_cmpuint (patron_table_n_rows (a), ==, patron_table_n_rows (b));
  for (guint c = 0; c < patron_table_n_columns (a); c++)
    for (gsize r = 0; r < patron_table_n_rows (a); r++)
      {
        g_autofree char *x = patron_column_format (patron_table_column (a, c), r), *y = patron_column_format (patron_table_column (b, c), r);
        g_assert_cmpstr (x, ==, y);
      }
}

static PatronTable *
read_text (const char *text, gsize length, gboolean is_head, const PatronCsvOptions *options)
{
  g_autoptr (PatronTextSource) source = patron_text_source_new_head (text, length, is_head, NULL);
  if (source == NULL)
    return NULL;
  gsize head_length;
  const char *head = patron_text_source_head (source, &head_length, NULL);
  PatronTable *table = NULL;
  PatronCsvShape shape;
  /* The layout is that of the whole text both times. */
  if (patron_csv_detect_shape (head, head_length, TRUE, options, &shape, NULL))
    {
      g_assert_cmpuint (shape.data, <=, length);
      g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
      PatronCsvReading reading = { .file = "fuzz", .table = "fuzz", .options = options, .shape = &shape, .source = source, .head = head, .head_length = head_length,
                                   .max_rows = G_MAXSIZE, .notes = notes };
      table = patron_csv_reading_perform (&reading, NULL);
    }
  patron_csv_shape_clear (&shape);
  if (table != NULL)
    check_lengths (table);
  return table;
}

static PatronTable *
write_and_read (PatronTable *table)
{
  static char *path;
  if (path == NULL)
    {
      int fd = g_file_open_tmp ("patron-fuzz-XXXXXX.csv", &path, NULL);
      g_assert_cmpint (fd, >=, 0);
      close (fd);
    }
  const char *const settings[] = { "delimiter", "comma", "quote", "double", "escape", "doubled", "header", "yes", "comment", "none", "missing-values", "", "encoding", "UTF-8",
                                   "footer", "0", "skip", "0", "layout", "table", "cells", "kept", "line-end", "lf", NULL };
  g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
  PatronCsvOptions options;
  g_assert_true (patron_csv_options_parse (&options, settings, NULL));
  g_autoptr (PatronCsv) csv = patron_csv_open (path, &options, NULL);
  g_assert_nonnull (csv);
  return patron_csv_read (csv, NULL, NULL, NULL);
}

/* What is written is read back, cell by cell; the first time numbers may still be written more plainly. */
static void
check_round_trip (PatronTable *table)
{
  g_autoptr (PatronTable) once = write_and_read (table);
  g_assert_nonnull (once);
  g_assert_cmpuint (patron_table_n_rows (once), ==, patron_table_n_rows (table));
  g_autoptr (PatronTable) twice = write_and_read (once);
  g_assert_nonnull (twice);
  check_same (once, twice);
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
  g_autoptr (PatronTable) table = read_text (text, length, FALSE, &options);
  /* The quick splitter and the forgiving one, which alone reads what is only a beginning, agree. */
  if (table != NULL && length > 0 && text[length - 1] == '\n' && size % 4 == 0)
    {
      g_autoptr (PatronTable) other = read_text (text, length, TRUE, &options);
      if (other != NULL && patron_table_n_rows (other) == patron_table_n_rows (table))
        check_same (table, other);
    }
  if (table != NULL && options.cells == PATRON_CSV_CELLS_KEPT && size % 8 == 0 && patron_table_n_columns (table) > 0)
    check_round_trip (table);
  patron_free (text);
  return 0;
}
