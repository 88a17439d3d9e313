/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving values other names (recode), and merging rare ones (merge_rare). */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("c", PATRON_TYPE_CATEGORY, "UK uk FR - DE UK"));
  g_ptr_array_add (columns, prepare_column ("age", PATRON_TYPE_INTEGER, "17 18 64 65 - 0"));
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "0.5 1 1.5 -2 - 3"));
  g_ptr_array_add (columns, prepare_column ("d", PATRON_TYPE_DATE, "15033 0 15033 - 1 2"));
  g_ptr_array_add (columns, prepare_column ("f", PATRON_TYPE_BOOLEAN, "1 0 1 - 0 1"));
  return patron_table_new_take ("t", columns);
}

static void
test_texts (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) kept = prepare_run (table, "recode", "column=c\npairs=UK=Britain;FR=France;US=America", &outcome);
  assert_values (kept, "c", "Britain uk France - DE Britain");
  g_assert_cmpfloat (prepare_cell (outcome->report, "values", 0, "rows"), ==, 2);
  g_assert_cmpfloat (prepare_cell (outcome->report, "values", 2, "rows"), ==, 0);
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) folded = prepare_run (table, "recode", "column=c\npairs=uk=Britain;FR=\nrest=other\nother=Rest\nignore-case=true\nname=n", NULL);
  assert_values (folded, "n", "Britain Britain - - Rest Britain");
  assert_values (folded, "c", "UK uk FR - DE UK");
  g_autoptr (PatronTable) numbers = prepare_run (table, "recode", "column=c\npairs=UK=1;FR=2.5\nrest=missing", NULL);
  g_assert_cmpint (patron_column_get_type (patron_table_find (numbers, "c")), ==, PATRON_TYPE_NUMBER);
  assert_values (numbers, "c", "1 - 2.5 - - 1");
  g_autoptr (PatronTable) whole = prepare_run (table, "recode", "column=c\npairs=UK=1\nrest=other\nother=0", NULL);
  g_assert_cmpint (patron_column_get_type (patron_table_find (whole, "c")), ==, PATRON_TYPE_INTEGER);
  assert_values (whole, "c", "1 0 0 - 0 1");
}

static void
test_ranges (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) ages = prepare_run (table, "recode", "column=age\npairs=..17=young;18..64=adult;>64=senior", NULL);
  g_assert_cmpint (patron_column_get_type (patron_table_find (ages, "age")), ==, PATRON_TYPE_CATEGORY);
  assert_values (ages, "age", "young adult adult senior - young");
  g_autoptr (PatronTable) numbers = prepare_run (table, "recode", "column=x\npairs=<0=0;1=10", NULL);
  assert_values (numbers, "x", "0.5 10 1.5 0 - 3");
  g_autoptr (PatronTable) others = prepare_run (table, "recode", "column=x\npairs=0..1=low\nrest=other\nother=high", NULL);
  assert_values (others, "x", "low low high high - high");
  g_autoptr (PatronTable) whole = prepare_run (table, "recode", "column=age\npairs=0=-1", NULL);
  g_assert_cmpint (patron_column_get_type (patron_table_find (whole, "age")), ==, PATRON_TYPE_INTEGER);
  assert_values (whole, "age", "17 18 64 65 - -1");
  g_autoptr (PatronTable) dates = prepare_run (table, "recode", "column=d\npairs=2011-01-01..2011-12-31=new\nrest=other\nother=old", NULL);
  assert_values (dates, "d", "new old new - old old");
  g_autoptr (PatronTable) flags = prepare_run (table, "recode", "column=f\npairs=true=Yes;false=No", NULL);
  assert_values (flags, "f", "Yes No Yes - No Yes");
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = make_table ();
  prepare_fails (table, "recode", "column=age\npairs=..17=young", "missing");
  prepare_fails (table, "recode", "column=age\npairs=old=1", "old");
  prepare_fails (table, "recode", "column=c\npairs=UK", "UK");
}

static void
test_rare (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("p", PATRON_TYPE_TEXT, "a b a c a b d - a e"));
  g_autoptr (PatronTable) table = patron_table_new_take ("t", columns);
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) share = prepare_run (table, "merge-rare", "columns=p\nshare=0.2\nother=rest", &outcome);
  assert_values (share, "p", "a b a rest a b rest - a rest");
  g_assert_cmpfloat (prepare_cell (outcome->report, "rare", 0, "merged"), ==, 3);
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) most = prepare_run (table, "merge-rare", "columns=p\nshare=0\nmost=3", NULL);
  assert_values (most, "p", "a b a c a b Other - a Other");   /* of equally frequent ones, the first by name */
  g_autoptr (PatronTable) least = prepare_run (table, "merge-rare", "columns=p\nshare=0\nleast=3", NULL);
  assert_values (least, "p", "a Other a Other a Other Other - a Other");
  PatronColumn *column = prepare_column ("p", PATRON_TYPE_TEXT, "z b -");
  g_autoptr (PatronTable) other = patron_table_new ("new", &column, 1, 3);
  g_autoptr (PatronReport) report = patron_report_new ("merge-rare");
  g_autoptr (PatronTable) scored = prepare_score (table, NULL, 0, other, "merge-rare", "columns=p\nshare=0.2", report);
  assert_values (scored, "p", "Other b -");
  patron_column_unref (column);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/recode/texts", test_texts);
  g_test_add_func ("/recode/ranges", test_ranges);
  g_test_add_func ("/recode/refused", test_refused);
  g_test_add_func ("/recode/rare", test_rare);
  return g_test_run ();
}
