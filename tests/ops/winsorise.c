/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: numpy 1.24.2, quantile (linear); statsmodels, robust.mad. */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "3.5 1.25 80 12.5 7 2 45.5 - 9 0.5 300"));
  g_ptr_array_add (columns, prepare_column ("k", PATRON_TYPE_INTEGER, "0 1 2 3 4 5 6 7 8 9 -"));
  return patron_table_new_take ("t", columns);
}

static void
test_limits (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;

  g_autoptr (PatronTable) quantiles = prepare_run (table, "winsorise", "columns=x\nlow=0.1\nhigh=0.9", &outcome);
  assert_numbers (quantiles, "x", (double[]) { 3.5, 1.25, 80, 12.5, 7, 2, 45.5, NAN, 9, 1.175, 101.99999999999991 }, 11, 1e-15);
  g_assert_cmpfloat (prepare_cell (outcome->report, "limits", 0, "n_low"), ==, 1);
  g_assert_cmpfloat (prepare_cell (outcome->report, "limits", 0, "n_high"), ==, 1);
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) fences = prepare_run (table, "winsorise", "columns=x\nlimits=iqr", NULL);
  assert_numbers (fences, "x", (double[]) { 3.5, 1.25, 80, 12.5, 7, 2, 45.5, NAN, 9, 0.5, 89.5625 }, 11, 1e-15);
  g_autoptr (PatronTable) deviations = prepare_run (table, "winsorise", "columns=x\nlimits=mad\naction=missing", NULL);
  assert_numbers (deviations, "x", (double[]) { 3.5, 1.25, NAN, 12.5, 7, 2, NAN, NAN, 9, 0.5, NAN }, 11, 1e-15);
  g_autoptr (PatronTable) strict = prepare_run (table, "winsorise", "columns=x\nlimits=mad\nfence=3.9", NULL);
  assert_numbers (strict, "x", (double[]) { 3.5, 1.25, 8 + 3.9 * 9.451589142973212 }, 3, 1e-14);
  g_autoptr (PatronTable) low_only = prepare_run (table, "winsorise", "columns=x\nlow=0.1\nhigh=0.9\nsides=low", NULL);
  assert_numbers (low_only, "x", (double[]) { 3.5, 1.25, 80, 12.5, 7, 2, 45.5, NAN, 9, 1.175, 300 }, 11, 1e-15);
}

/* Whole numbers stay whole. */
static void
test_integers (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) result = prepare_run (table, "winsorise", "columns=k\nlow=0.15\nhigh=0.85\nsuffix=_w", NULL);
  g_assert_cmpint (patron_column_get_type (patron_table_find (result, "k_w")), ==, PATRON_TYPE_INTEGER);
  assert_values (result, "k_w", "2 2 2 3 4 5 6 7 7 7 -");
  assert_values (result, "k", "0 1 2 3 4 5 6 7 8 9 -");
}

static void
test_scoring (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronColumn *column = prepare_column ("k", PATRON_TYPE_INTEGER, "-100 4 100 -");
  g_autoptr (PatronTable) new_table = patron_table_new ("new", &column, 1, 4);
  g_autoptr (PatronReport) report = patron_report_new ("winsorise");
  static const guint32 rows[] = { 2, 3, 4 };
  g_autoptr (PatronTable) scored = prepare_score (table, rows, 3, new_table, "winsorise", "columns=k;x\nlow=0\nhigh=1", report);
  assert_values (scored, "k", "2 4 4 -");
  patron_column_unref (column);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/winsorise/limits", test_limits);
  g_test_add_func ("/winsorise/integers", test_integers);
  g_test_add_func ("/winsorise/scoring", test_scoring);
  return g_test_run ();
}
