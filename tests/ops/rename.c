/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("a", PATRON_TYPE_INTEGER, "1 2"));
  g_ptr_array_add (columns, prepare_column ("b;c", PATRON_TYPE_NUMBER, "3 -"));
  g_ptr_array_add (columns, prepare_column ("d", PATRON_TYPE_TEXT, "x y"));
  return patron_table_new_take ("t", columns);
}

static void
test_rename (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) result = prepare_run (table, "rename", "pairs=a=price; b\\;c = Qty", NULL);
  assert_values (result, "price", "1 2");
  assert_values (result, "Qty", "3 -");
  assert_values (result, "d", "x y");
  g_assert_cmpint (patron_table_index (result, "price"), ==, 0);
  g_autoptr (PatronTable) swapped = prepare_run (table, "rename", "pairs=a=d;d=a", NULL);
  assert_values (swapped, "d", "1 2");
  assert_values (swapped, "a", "x y");
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = make_table ();
  prepare_fails (table, "rename", "pairs=a=d", "“d”");
  prepare_fails (table, "rename", "pairs=a", "old=new");
  prepare_fails (table, "rename", "pairs=a=", "nothing");
  prepare_fails (table, "rename", "pairs=aa=x", "aa");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/rename/rename", test_rename);
  g_test_add_func ("/rename/refused", test_refused);
  return g_test_run ();
}
