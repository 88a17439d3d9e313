/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("g", PATRON_TYPE_CATEGORY, "b a b - a a"));
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "1 2 - 4 -5 2"));
  g_ptr_array_add (columns, prepare_column ("i", PATRON_TYPE_INTEGER, "0 1 2 3 4 5"));
  return patron_table_new_take ("t", columns);
}

static void
test_sort (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) plain = prepare_run (table, "sort", "columns=g;x", NULL);
  assert_values (plain, "i", "4 1 5 0 2 3");
  g_autoptr (PatronTable) mixed = prepare_run (table, "sort", "columns=g;x\nreversed=x", NULL);
  assert_values (mixed, "i", "1 5 4 0 2 3");
  g_autoptr (PatronTable) down = prepare_run (table, "sort", "columns=x\ndescending=true", NULL);
  assert_values (down, "i", "3 1 5 0 4 2");
  g_autoptr (PatronTable) first = prepare_run (table, "sort", "columns=x\nmissing-first=true", NULL);
  assert_values (first, "i", "2 4 0 1 5 3");
  prepare_fails (table, "sort", "columns=x\nreversed=g", "“g”");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/sort/sort", test_sort);
  return g_test_run ();
}
