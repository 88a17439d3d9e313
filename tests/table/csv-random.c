/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"
#include "table/read-text.h"

/* The reader against a slow one, written apart: one state machine that goes byte by byte as RFC 4180 says. */

typedef struct
{
  GPtrArray *fields;     /* of char* */
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;
  g_ptr_array_unref (row->fields);
  g_free (row);
}

static Row *
row_new (void)
{
  Row *row = g_new0 (Row, 1);
  row->fields = g_ptr_array_new_with_free_func (g_free);
  return row;
}

static GPtrArray *
slow_read (const char *text, gsize length)
{
  enum { START, PLAIN, QUOTED, CLOSING } state = START;
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  Row *row = row_new ();
  GString *field = g_string_new (NULL);
  gboolean any = FALSE;
  for (gsize i = 0; i <= length; i++)
    {
      char c = i < length ? text[i] : '\n';
      if (state == QUOTED)
        {
          if (c == '"')
            state = CLOSING;
          else
            g_string_append_c (field, c);
          continue;
        }
      if (state == CLOSING && c == '"')
        {
          g_string_append_c (field, '"');
          state = QUOTED;
          continue;
        }
      if (c == '\r' && i + 1 < length && text[i + 1] == '\n')
        continue;
      if (c == ',' || c == '\n')
        {
          if (c == ',' || any || field->len > 0 || state == CLOSING)
            g_ptr_array_add (row->fields, g_strdup (field->str));
          g_string_truncate (field, 0);
          state = START;
          any = c == ',';
          if (c == '\n')
            {
              if (row->fields->len > 0)
                g_ptr_array_add (rows, row);
              else
                row_free (row);
              row = row_new ();
            }
          continue;
        }
      if (state == START && c == '"')
        state = QUOTED;
      else
        {
          state = PLAIN;
          g_string_append_c (field, c);
        }
    }
  row_free (row);
  g_string_free (field, TRUE);
  return rows;
}

static void
random_field (PatronRandom *random, GString *text, gboolean line_ends)
{
  static const char *const pieces[] = { "a", "bc", "ü", "漢", "x y", "\"\"", ",", "\n", "\r\n", "7", "z", "-" };
  gsize n = patron_random_below (random, 5);
  gboolean quoted = patron_random_below (random, 3) == 0;
  g_string_append (text, quoted ? "\"k" : "k");
  for (gsize i = 0; i < n; i++)
    {
      gsize piece = patron_random_below (random, G_N_ELEMENTS (pieces));
      if ((piece >= 5 && piece <= 8 && !quoted) || (piece >= 7 && piece <= 8 && !line_ends))
        continue;
      g_string_append (text, pieces[piece]);
    }
  if (quoted)
    g_string_append_c (text, '"');
}

/* A file whose first column is bare, so that nothing about its shape is in doubt. */
static GString *
random_file (PatronRandom *random, gsize n_rows, guint n_columns, gboolean line_ends)
{
  GString *text = g_string_new ("id");
  const char *eol = patron_random_below (random, 2) == 0 ? "\n" : "\r\n";
  for (guint c = 1; c < n_columns; c++)
    g_string_append_printf (text, ",name%c", 'A' + c);
  g_string_append (text, eol);
  for (gsize r = 0; r < n_rows; r++)
    {
      g_string_append_printf (text, "%d", (int) r);
      for (guint c = 1; c < n_columns; c++)
        {
          g_string_append_c (text, ',');
          if (patron_random_below (random, 8) > 0)
            random_field (random, text, line_ends);
        }
      if (r + 1 < n_rows || patron_random_below (random, 2) == 0)
        g_string_append (text, eol);
      if (patron_random_below (random, 20) == 0 && r + 1 < n_rows)
        g_string_append (text, eol);
    }
  return text;
}

static void
compare (const GString *text)
{
  static const char *const settings[] = { "delimiter", ",", "quote", "\"", "escape", "doubled", "header", "yes", "comment", "none", "encoding", "UTF-8", "missing", "?", NULL };
  GError *error = NULL;
  g_autoptr (PatronTable) table = read_bytes (text->str, text->len, settings, NULL, &error);
  g_autoptr (GPtrArray) rows = slow_read (text->str, text->len);
  if (table == NULL)
    g_error ("%s\n%s", error->message, text->str);
  g_assert_cmpuint (patron_table_n_rows (table), ==, rows->len - 1);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    for (gsize r = 0; r < patron_table_n_rows (table); r++)
      {
        const Row *row = rows->pdata[r + 1];
        g_autofree char *value = patron_column_format (patron_table_column (table, c), r);
        const char *expected = c < row->fields->len ? row->fields->pdata[c] : "";
        if (strcmp (value, expected) != 0)
          g_error ("row %d column %u is “%s”, expected “%s”", (int) r, c, value, expected);
      }
}

static void
test_small (void)
{
  PatronRandom random;
  patron_random_init (&random, 7, 0);
  for (int i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = random_file (&random, 3 + patron_random_below (&random, 12), 2 + patron_random_below (&random, 4), i % 2 == 0);
      compare (text);
    }
}

/* Several stretches, whose edges fall anywhere. */
static void
test_large (void)
{
  PatronRandom random;
  patron_random_init (&random, 8, 0);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GString) text = random_file (&random, 60000, 5, i == 0);
      compare (text);
    }
}

static void
test_threads (void)
{
  PatronRandom random;
  patron_random_init (&random, 9, 0);
  g_autoptr (GString) text = random_file (&random, 80000, 4, FALSE);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("patron-XXXXXX.csv", &path, NULL);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text->str, text->len, NULL));
  PatronTable *tables[2];
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (PatronRun) run = patron_run_new (1, i == 0 ? 1 : 4);
      tables[i] = patron_read_file (path, NULL, run, NULL, NULL);
      g_assert_nonnull (tables[i]);
    }
  for (guint c = 0; c < patron_table_n_columns (tables[0]); c++)
    {
      PatronColumn *a = patron_table_column (tables[0], c), *b = patron_table_column (tables[1], c);
      gsize n = patron_column_get_length (a);
      g_assert_cmpmem (patron_column_values (a, NULL), n * patron_type_size (patron_column_get_type (a)), patron_column_values (b, NULL),
                       n * patron_type_size (patron_column_get_type (b)));
    }
  g_unlink (path);
  patron_table_unref (tables[0]);
  patron_table_unref (tables[1]);
}

/* Cancelled before it starts: an error, and nothing else. */
static void
test_cancelled (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("patron-XXXXXX.csv", &path, NULL);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, "a,b\n1,2\n", -1, NULL));
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  patron_run_cancel (run);
  GError *error = NULL;
  g_assert_null (patron_read_file (path, NULL, run, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
  g_clear_error (&error);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/csv-random/small", test_small);
  g_test_add_func ("/table/csv-random/large", test_large);
  g_test_add_func ("/table/csv-random/threads", test_threads);
  g_test_add_func ("/table/csv-random/cancelled", test_cancelled);
  return g_test_run ();
}
