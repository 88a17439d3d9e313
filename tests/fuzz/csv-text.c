/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/csv-text.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "table/csv-detect.h"
#include "table/csv-reading.h"
#include "table/csv.h"
#include "table/reader.h"
#include "table/writer.h"

void
fuzz_csv_set (PatronCsvOptions *options, const char *key, const char *value)
{
  g_assert_true (patron_param_parse (patron_params_find (patron_csv_params, key), value, options, NULL));
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

PatronTable *
fuzz_csv_read (const char *text, gsize length, gboolean is_head, const PatronCsvOptions *options)
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

void
fuzz_csv_check_both (const char *text, gsize length, const PatronCsvOptions *options, PatronTable *table)
{
  g_autoptr (PatronTable) other = fuzz_csv_read (text, length, TRUE, options);
  if (other != NULL && patron_table_n_rows (other) == patron_table_n_rows (table))
    check_same (table, other);
}

/* As the writer writes: what is left to detection may be judged by the texts in another column. */
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
                                   "footer", "0", "skip", "0", "layout", "table", "cells", "kept", "line-end", "lf",
                                   "decimal", ".", NULL };
  g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
  PatronCsvOptions options;
  g_assert_true (patron_csv_options_parse (&options, settings, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronCsv) csv = patron_csv_open (path, &options, &error);
  g_assert_no_error (error);
  PatronTable *back = patron_csv_read (csv, NULL, NULL, &error);
  g_assert_no_error (error);
  return back;
}

/* The names and control characters in the cells may together look like another kind of file. */
static gboolean
begins_like_another (PatronTable *table)
{
  static const char *const letters[] = { "PAR1", "GIF8", "BZh", "SQLite format 3", "%PDF-", "PK\x03\x04", "\177ELF" };
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (g_str_has_prefix (patron_column_get_name (patron_table_column (table, 0)), letters[i]))
      return TRUE;
  return FALSE;
}

/* What is written is read back, cell by cell; the first time numbers may still be written more plainly. */
void
fuzz_csv_check_back (PatronTable *table)
{
  if (begins_like_another (table))
    return;
  g_autoptr (PatronTable) once = write_and_read (table);
  g_assert_nonnull (once);
  g_assert_cmpuint (patron_table_n_rows (once), ==, patron_table_n_rows (table));
  g_autoptr (PatronTable) twice = write_and_read (once);
  g_assert_nonnull (twice);
  check_same (once, twice);
}
