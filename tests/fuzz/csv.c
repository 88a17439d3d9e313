/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include "base/memory.h"
#include "table/csv-detect.h"
#include "table/csv-reading.h"
#include "table/text-encoding.h"

/* Detection and reading of any bytes: an answer or an error, within bounds, and the same number of rows in every column. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size > 1 << 16)
    return 0;
  PatronEncodingGuess guess = patron_detect_encoding ((const char *) data, size, FALSE);
  gsize length, n_replaced;
  char *text = patron_to_utf8 ((const char *) data + guess.mark, size - guess.mark, guess.name, G_MAXSIZE, &length, &n_replaced, NULL);
  patron_text_free (guess.reason);
  g_autoptr (PatronTextSource) source = text != NULL ? patron_text_source_new_head (text, length, FALSE, NULL) : NULL;
  patron_free (text);
  if (source == NULL)
    return 0;
  gsize head_length;
  const char *head = patron_text_source_head (source, &head_length, NULL);
  PatronCsvOptions options;
  patron_csv_options_init (&options);
  PatronCsvShape shape;
  if (patron_csv_detect_shape (head, head_length, TRUE, &options, &shape, NULL))
    {
      g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
      PatronCsvReading reading = { .file = "fuzz", .table = "fuzz", .options = &options, .shape = &shape, .source = source, .head = head, .head_length = head_length,
                                   .max_rows = G_MAXSIZE, .notes = notes };
      PatronTable *table = patron_csv_reading_perform (&reading, NULL);
      if (table != NULL)
        {
          for (guint c = 0; c < patron_table_n_columns (table); c++)
            g_assert_cmpuint (patron_column_get_length (patron_table_column (table, c)), ==, patron_table_n_rows (table));
          patron_table_unref (table);
        }
    }
  patron_csv_shape_clear (&shape);
  return 0;
}
