/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaving out columns by name (drop), and by what they hold (drop_sparse). */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("a", PATRON_TYPE_INTEGER, "1 2 3 4"));
  g_ptr_array_add (columns, prepare_column ("same", PATRON_TYPE_CATEGORY, "x x x x"));
  g_ptr_array_add (columns, prepare_column ("empty", PATRON_TYPE_NUMBER, "- - - -"));
  g_ptr_array_add (columns, prepare_column ("half", PATRON_TYPE_NUMBER, "1 - 2 -"));
  g_ptr_array_add (columns, prepare_column ("most", PATRON_TYPE_TEXT, "- - - y"));
  return patron_table_new_take ("t", columns);
}

static void
assert_names (PatronTable *table, const char *expected)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    g_string_append_printf (names, "%s%s", c > 0 ? " " : "", patron_column_get_name (patron_table_column (table, c)));
  g_assert_cmpstr (names->str, ==, expected);
}

static void
test_drop (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) less = prepare_run (table, "drop", "columns=half;a;half", NULL);
  assert_names (less, "same empty most");
  g_autoptr (PatronTable) only = prepare_run (table, "drop", "columns=most;a\nkeep=true", NULL);
  assert_names (only, "most a");
  g_assert_cmpuint (patron_table_n_rows (only), ==, 4);
  prepare_fails (table, "drop", "columns=a;same;empty;half;most", "nothing");
}

static void
test_sparse (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) usual = prepare_run (table, "drop-sparse", "", NULL);
  assert_names (usual, "a half");
  g_autoptr (PatronTable) strict = prepare_run (table, "drop-sparse", "most-missing=0.4\nconstant=false", NULL);
  assert_names (strict, "a same");
  g_autoptr (PatronTable) kept = prepare_run (table, "drop-sparse", "keep=most;same", NULL);
  assert_names (kept, "a same half most");
  /* A new file loses what the first one lost, whatever it holds. */
  PatronColumn *columns[] = { prepare_column ("same", PATRON_TYPE_CATEGORY, "x y"), prepare_column ("a", PATRON_TYPE_INTEGER, "1 1") };
  g_autoptr (PatronTable) other = patron_table_new ("new", columns, 2, 2);
  g_autoptr (PatronReport) report = patron_report_new ("drop-sparse");
  g_autoptr (PatronTable) scored = prepare_score (table, NULL, 0, other, "drop-sparse", "", report);
  assert_names (scored, "a");
  for (guint c = 0; c < 2; c++)
    patron_column_unref (columns[c]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/drop/drop", test_drop);
  g_test_add_func ("/drop/sparse", test_sparse);
  return g_test_run ();
}
