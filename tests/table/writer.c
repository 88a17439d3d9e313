/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include "table/read-text.h"

static PatronTable *
sample (void)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  static const struct { const char *name; PatronType type; } kinds[] = {
    { "n", PATRON_TYPE_NUMBER }, { "count, of things", PATRON_TYPE_INTEGER }, { "flag", PATRON_TYPE_BOOLEAN }, { "day", PATRON_TYPE_DATE }, { "at", PATRON_TYPE_TIME },
    { "took", PATRON_TYPE_DURATION }, { "text \"quoted\"", PATRON_TYPE_TEXT },
  };
  static const char *const texts[] = { "plain", " blanks ", "comma, quote \" and\nline", "", NULL, "=1+1", "漢字", "#x" };
  for (guint c = 0; c < G_N_ELEMENTS (kinds); c++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (kinds[c].name, kinds[c].type);
      for (int r = 0; r < 8; r++)
        {
          if (kinds[c].type == PATRON_TYPE_TEXT)
            patron_column_builder_append_text (builder, texts[r]);
          else if (r == 4)
            patron_column_builder_append_missing (builder);
          else if (kinds[c].type == PATRON_TYPE_NUMBER)
            patron_column_builder_append_number (builder, r == 0 ? 0.1 + 0.2 : r == 1 ? -1e-300 : r == 2 ? 1e22 : r == 3 ? INFINITY : r * 1.25);
          else if (kinds[c].type == PATRON_TYPE_BOOLEAN)
            patron_column_builder_append_number (builder, r % 2);
          else
            patron_column_builder_append_int64 (builder, kinds[c].type == PATRON_TYPE_DATE ? -30000 + r * 7001 : (r - 3) * G_GINT64_CONSTANT (123456789012345));
        }
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return patron_table_new_take ("sample", columns);
}

static char *
temporary (const char *ending)
{
  g_autofree char *folder = g_dir_make_tmp ("patron-XXXXXX", NULL);
  g_autofree char *name = g_strconcat ("out.", ending, NULL);
  return g_build_filename (folder, name, NULL);
}

static void
discard (char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);   /* nothing else was left there */
  g_free (path);
}

static void
test_round_trip (void)
{
  static const char *const endings[] = { "csv", "tsv" };
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autoptr (PatronTable) table = sample ();
      char *path = temporary (endings[i]);
      g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
      g_autoptr (PatronTable) again = patron_read_file (path, NULL, NULL, NULL, NULL);
      g_assert_nonnull (again);
      g_autofree char *a = table_text (table), *b = table_text (again);
      g_assert_cmpstr (a, ==, b);
      discard (path);
    }
}

/* Words that stand for missing values are texts where they are in quotes; nothing between two delimiters stays missing. */
static void
test_words_for_missing (void)
{
  PatronColumnBuilder *builder = patron_column_builder_new ("country", PATRON_TYPE_TEXT);
  static const char *const countries[] = { "NA", "Namibia", NULL, "null", "", "NA" };
  for (guint i = 0; i < G_N_ELEMENTS (countries); i++)
    patron_column_builder_append_text (builder, countries[i]);
  PatronColumnBuilder *numbers = patron_column_builder_new ("n", PATRON_TYPE_INTEGER);
  for (guint i = 0; i < G_N_ELEMENTS (countries); i++)
    patron_column_builder_append_int64 (numbers, i);
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (columns, patron_column_builder_finish (builder));
  g_ptr_array_add (columns, patron_column_builder_finish (numbers));
  g_autoptr (PatronTable) table = patron_table_new_take ("countries", columns);
  char *path = temporary ("csv");
  g_autofree char *contents = NULL;
  g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "country,n\n\"NA\",0\nNamibia,1\n,2\n\"null\",3\n\"\",4\n\"NA\",5\n");
  g_autoptr (PatronTable) again = patron_read_file (path, NULL, NULL, NULL, NULL);
  g_autofree char *text = table_text (again);
  g_assert_cmpstr (text, ==, "country:text n:integer / NA|0 / Namibia|1 / ~|2 / null|3 / |4 / NA|5");
  discard (path);
}

static void
test_units (void)
{
  static const char text[] = "p,q,r\n-$1.50,10%,1\n$2000.00,20%,2\n";
  g_autoptr (PatronTable) table = read_bytes (text, strlen (text), NULL, NULL, NULL);
  g_assert_cmpstr (patron_column_get_unit (patron_table_column (table, 0)), ==, "$");
  char *path = temporary ("csv");
  g_autofree char *contents = NULL;
  g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "p,q,r\n-$1.5,10%,1\n$2000,20%,2\n");
  g_clear_pointer (&contents, g_free);
  g_assert_true (patron_write_file (table, path, (const char *[]) { "units", "no", NULL }, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "p,q,r\n-1.5,10,1\n2000,20,2\n");
  discard (path);
}

static void
test_formulas (void)
{
  static const char text[] = "a,b\n=cmd(),1\n\"@x,y\",-2\n+4 4,3\nfine,4\n-,5\n-2.25,6\n-2+3,7\n";
  g_autoptr (PatronTable) table = read_bytes (text, strlen (text), NULL, NULL, NULL);
  char *path = temporary ("csv");
  g_autofree char *contents = NULL;
  g_assert_true (patron_write_file (table, path, (const char *[]) { "defuse-formulas", "yes", NULL }, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "a,b\n'=cmd(),1\n\"'@x,y\",-2\n'+4 4,3\nfine,4\n-,5\n-2.25,6\n'-2+3,7\n");
  discard (path);
}

static void
test_lines (void)
{
  static const char text[] = "a,b,c,d\n1.5,\"x\"\"\ny\",2020-01-01,true\n,,,\n";
  g_autoptr (PatronTable) table = read_bytes (text, strlen (text), NULL, NULL, NULL);
  char *path = temporary ("jsonl");
  g_autofree char *contents = NULL;
  g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "{\"a\":1.5,\"b\":\"x\\\"\\ny\",\"c\":\"2020-01-01\",\"d\":true}\n{\"a\":null,\"b\":null,\"c\":null,\"d\":null}\n");
  discard (path);
}

/* A line of dashes is read as drawn under the names, a hash as a comment, an invisible mark as none: quoted, they are values. */
static void
test_mistakable (void)
{
  static const char text[] = "c\n\"---\"\n\"=+=\f\"\n--\n-1-\n\"#1\"\n\"\xef\xbb\xbf\"\n";
  g_autoptr (PatronTable) table = read_bytes (text, strlen (text), (const char *[]) { "header", "yes", "missing-values", "", NULL }, NULL, NULL);
  char *path = temporary ("csv");
  g_autofree char *contents = NULL;
  g_assert_cmpuint (patron_table_n_rows (table), ==, 6);
  g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, text);
  discard (path);
}

/* A dictionary with more strings than the table has rows is written entry by entry, as needed. */
static void
test_few_rows (void)
{
  g_autoptr (PatronTable) all = sample ();
  g_autoptr (PatronTable) texts = patron_table_select (all, (const char *[]) { "text \"quoted\"", "flag", NULL }, NULL);
  g_autoptr (PatronTable) table = patron_table_take_rows (texts, (const guint32[]) { 2, 3, 4, 7 }, 4, NULL, NULL);
  g_assert_cmpint (patron_dict_size (patron_column_dict (patron_table_column (table, 0), NULL)), >, 4);
  static const struct { const char *ending, *text; } cases[] = {
    { "csv", "\"text \"\"quoted\"\"\",flag\n\"comma, quote \"\" and\nline\",false\n\"\",true\n,\n\"#x\",true\n" },
    { "jsonl", "{\"text \\\"quoted\\\"\":\"comma, quote \\\" and\\nline\",\"flag\":false}\n{\"text \\\"quoted\\\"\":\"\",\"flag\":true}\n"
               "{\"text \\\"quoted\\\"\":null,\"flag\":null}\n{\"text \\\"quoted\\\"\":\"#x\",\"flag\":true}\n" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char *path = temporary (cases[i].ending);
      g_autofree char *contents = NULL;
      g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
      g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
      g_assert_cmpstr (contents, ==, cases[i].text);
      discard (path);
    }
}

static void
test_spreadsheet (void)
{
  g_autoptr (PatronTable) table = sample ();
  char *path = temporary ("xlsx");
  g_autofree char *contents = NULL;
  gsize length;
  g_assert_true (patron_write_file (table, path, NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (length > 1000 && memcmp (contents, "PK\x03\x04", 4) == 0);
  discard (path);
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = sample ();
  GError *error = NULL;
  g_assert_false (patron_write_file (table, "/tmp/patron.docm", NULL, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_clear_error (&error);
  g_assert_false (patron_write_file (table, "/nonexistent/out.csv", NULL, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE);
  g_clear_error (&error);
  char *path = temporary ("csv");
  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  patron_run_cancel (run);
  g_assert_false (patron_write_file (table, path, NULL, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
  g_clear_error (&error);
  g_autofree char *contents = NULL;
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "before");
  discard (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/writer/round-trip", test_round_trip);
  g_test_add_func ("/table/writer/words-for-missing", test_words_for_missing);
  g_test_add_func ("/table/writer/units", test_units);
  g_test_add_func ("/table/writer/formulas", test_formulas);
  g_test_add_func ("/table/writer/lines", test_lines);
  g_test_add_func ("/table/writer/few-rows", test_few_rows);
  g_test_add_func ("/table/writer/mistakable", test_mistakable);
  g_test_add_func ("/table/writer/spreadsheet", test_spreadsheet);
  g_test_add_func ("/table/writer/refused", test_refused);
  return g_test_run ();
}
