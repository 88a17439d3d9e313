/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "1 -1 999 950.5 0 - 899"));
  g_ptr_array_add (columns, prepare_column ("k", PATRON_TYPE_INTEGER, "1 -1 999 950 0 - 899"));
  g_ptr_array_add (columns, prepare_column ("t", PATRON_TYPE_CATEGORY, "NA n/a ok unknown OK - 999"));
  g_ptr_array_add (columns, prepare_column ("d", PATRON_TYPE_DATE, "-25567 0 15033 15034 - 1 2"));   /* 1900-01-01, 1970-01-01, 2011-02-28 … */
  g_ptr_array_add (columns, prepare_column ("f", PATRON_TYPE_BOOLEAN, "0 1 1 0 - 1 0"));
  return patron_table_new_take ("t", columns);
}

static void
test_codes (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) numbers = prepare_run (table, "missing-codes", "columns=x;k\ncodes=-1;900..999", &outcome);
  assert_values (numbers, "x", "1 - - - 0 - 899");
  assert_values (numbers, "k", "1 - - - 0 - 899");
  g_assert_cmpfloat (prepare_cell (outcome->report, "codes", 0, "n"), ==, 3);
  g_assert_cmpfloat (prepare_cell (outcome->report, "codes", 1, "missing"), ==, 4);
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) halves = prepare_run (table, "missing-codes", "columns=x\ncodes=<0;>=950.5", NULL);
  assert_values (halves, "x", "1 - - - 0 - 899");
  g_autoptr (PatronTable) texts = prepare_run (table, "missing-codes", "columns=t\ncodes=na;N/A;unknown;999", NULL);
  assert_values (texts, "t", "- - ok - OK - -");
  g_autoptr (PatronTable) exact = prepare_run (table, "missing-codes", "columns=t\ncodes=na;N/A;OK\nignore-case=false", NULL);
  assert_values (exact, "t", "NA n/a ok unknown - - 999");
  g_autoptr (PatronTable) dates = prepare_run (table, "missing-codes", "columns=d\ncodes=1900-01-01;2011-02-28..", NULL);
  assert_values (dates, "d", "- 1970-01-01 - - - 1970-01-02 1970-01-03");
  g_autoptr (PatronTable) flags = prepare_run (table, "missing-codes", "columns=f\ncodes=no", NULL);
  assert_values (flags, "f", "- true true - - true -");
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = make_table ();
  prepare_fails (table, "missing-codes", "columns=x;t\ncodes=N/A", "N/A");
  prepare_fails (table, "missing-codes", "columns=d\ncodes=999", "date");
  prepare_fails (table, "missing-codes", "columns=x\ncodes=9..1", "9..1");
  prepare_fails (table, "missing-codes", "columns=nothing\ncodes=9", "nothing");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/missing-codes/codes", test_codes);
  g_test_add_func ("/missing-codes/refused", test_refused);
  return g_test_run ();
}
