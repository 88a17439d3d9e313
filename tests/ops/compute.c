/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("g", PATRON_TYPE_CATEGORY, "a b a - b"));
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "1 2.5 - 4 5"));
  return patron_table_new_take ("t", columns);
}

static void
test_compute (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) result = prepare_run (table, "compute", "name=y\nformula=x * 2 + sum (x) over (g)", &outcome);
  assert_values (result, "y", "3 12.5 - 12 17.5");
  g_autofree char *note = patron_text_render (outcome->report->notes->pdata[0]);
  g_assert_nonnull (strstr (note, "1 of 5"));
  patron_step_outcome_free (outcome);
  /* The formula is the name; a column of that name is replaced where it stands. */
  g_autoptr (PatronTable) named = prepare_run (table, "compute", "formula=x + 1", NULL);
  assert_values (named, "x + 1", "2 3.5 - 5 6");
  g_autoptr (PatronTable) replaced = prepare_run (table, "compute", "name=g\nformula=upper (g)", NULL);
  assert_values (replaced, "g", "A B A - B");
  g_assert_cmpint (patron_table_index (replaced, "g"), ==, 0);
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = make_table ();
  prepare_fails (table, "compute", "name=y\nformula=x +", "position");
  prepare_fails (table, "compute", "name=y\nformula=x + g", "number");
  prepare_fails (table, "compute", "name=y\nformula=today ()", "tomorrow");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/compute/compute", test_compute);
  g_test_add_func ("/compute/refused", test_refused);
  return g_test_run ();
}
