/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scikit-learn 1.2.1, KBinsDiscretizer (ordinal; uniform, quantile); weights of evidence computed with numpy 1.24.2. The best borders
 * of iris are tested in math/cuts. */
#include "ops/prepare.h"

#include "ops/prepare/bin-learn.h"
#include "report/report.h"

#define X                                                                                                                                            \
  "17.15 11.75 10.39 2.55 8.89 8.58 9.67 7.49 9.82 8.09 4.74 13.54 13.53 16.84 10.2 8.38 7.82 3.81 13.93 5.6 5.26 9.18 15.94 10.95 5.9 7.15 12.5 "   \
  "9.36 6.92 9.08"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, X));
  g_ptr_array_add (columns, prepare_column ("y", PATRON_TYPE_CATEGORY, "Y Y Y N Y N Y N Y N N Y Y Y Y N N N Y N N N Y Y N N Y N N N"));
  g_ptr_array_add (columns,
                   prepare_column ("z", PATRON_TYPE_INTEGER, "0 5 - 10 20 99 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24"));
  return patron_table_new_take ("t", columns);
}

static void
test_equal (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) width = prepare_run (table, "bin", "columns=x\nmethod=width\nn-bins=4\nround=no\nvalues=number", NULL);
  assert_values (width, "x", "3 2 2 0 1 1 1 1 1 1 0 3 3 3 2 1 1 0 3 0 0 1 3 2 0 1 2 1 1 1");
  g_autoptr (PatronTable) count = prepare_run (table, "bin", "columns=x\nmethod=count\nn-bins=4\nround=no\nvalues=number\nsuffix= bin", NULL);
  assert_values (count, "x bin", "3 3 2 0 1 1 2 1 2 1 0 3 3 3 2 1 1 0 3 0 0 2 3 2 0 0 3 2 0 1");
}

static void
test_labels (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) given = prepare_run (table, "bin", "columns=z\nmethod=cuts\ncuts=5; 10;20", &outcome);
  PatronColumn *column = patron_table_find (given, "z");
  g_assert_cmpint (patron_column_get_type (column), ==, PATRON_TYPE_CATEGORY);
  static const char *const expected[] = { "< 5", "[5, 10)", "", "[10, 20)", "≥ 20", "≥ 20" };
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *value = patron_column_format (column, i);
      g_assert_cmpstr (value, ==, expected[i]);
    }
  g_assert_cmpfloat (prepare_cell (outcome->report, "bins", 0, "rows"), ==, 5);
  patron_step_outcome_free (outcome);

  g_auto (GStrv) fine = patron_bin_labels ((double[]) { 0.001, 0.0015, 1250000 }, 3);
  g_assert_cmpstr (fine[1], ==, "[0.001, 0.0015)");
  g_assert_cmpstr (fine[2], ==, "[0.0015, 1250000)");
  g_auto (GStrv) close = patron_bin_labels ((double[]) { 1.23456, 1.23457 }, 2);
  g_assert_cmpstr (close[1], ==, "[1.23456, 1.23457)");
  g_auto (GStrv) none = patron_bin_labels (NULL, 0);
  g_assert_cmpstr (none[0], ==, "all");
}

static void
test_rounding (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) width = prepare_run (table, "bin", "columns=x\nmethod=width\nn-bins=4", NULL);
  g_autofree char *first = patron_column_format (patron_table_find (width, "x"), 1);
  g_assert_cmpstr (first, ==, "[9.8, 13.6)");   /* 9.85 and 13.5 in steps of 0.2 */
}

static void
test_weights (void)
{
  static const double weights[] = { -2.431417964837014, -1.8123787564307907, 0.8266785731844679, 2.8415815937267324 };
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) result = prepare_run (table, "bin", "columns=x\nmethod=cuts\ncuts=6;9;12\ntarget=y\nvalues=weight", &outcome);
  assert_numbers (result, "x", (double[]) { weights[3], weights[2], weights[2], weights[0], weights[1] }, 5, 1e-14);
  for (guint k = 0; k < 4; k++)
    g_assert_cmpfloat (fabs (prepare_cell (outcome->report, "bins", k, "weight") - weights[k]), <, 1e-13);
  patron_step_outcome_free (outcome);
  double found[4];
  g_assert_cmpfloat (fabs (patron_bin_weights ((double[]) { 0, 1, 6, 7 }, (double[]) { 6, 8, 9, 7 }, 4, found) - 3.197152286392317), <, 1e-14);
}

/* Only the rows given are learnt from, and their target is not needed later. */
static void
test_target (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) cut = prepare_run (table, "bin", "columns=x\nmethod=target\ntarget=y\nround=no", NULL);
  g_autofree char *low = patron_column_format (patron_table_find (cut, "x"), 3);
  g_autofree char *high = patron_column_format (patron_table_find (cut, "x"), 0);
  g_assert_cmpstr (low, !=, high);
  PatronColumn *column = prepare_column ("x", PATRON_TYPE_NUMBER, "-100 100 -");
  g_autoptr (PatronTable) fresh = patron_table_new ("new", &column, 1, 3);
  g_autoptr (PatronReport) report = patron_report_new ("bin");
  g_autoptr (PatronTable) scored
      = prepare_score (table, NULL, 0, fresh, "bin", "columns=x\nmethod=chi-merge\ntarget=y\nround=no\nvalues=number", report);
  g_autofree char *values = prepare_values (scored, "x");
  g_assert_true (g_str_has_prefix (values, "0 ") && g_str_has_suffix (values, " -"));
  patron_column_unref (column);
}

static void
test_errors (void)
{
  g_autoptr (PatronTable) table = make_table ();
  prepare_fails (table, "bin", "columns=x\nmethod=cuts\ncuts=10;5", "“5”");
  prepare_fails (table, "bin", "columns=x\nmethod=cuts", "border");
  prepare_fails (table, "bin", "columns=x\nmethod=target", "target");
  prepare_fails (table, "bin", "columns=x\nvalues=weight\ntarget=z", "two classes");
  prepare_fails (table, "bin", "columns=x\nmethod=target\ntarget=x", "by itself");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/bin/equal", test_equal);
  g_test_add_func ("/bin/labels", test_labels);
  g_test_add_func ("/bin/rounding", test_rounding);
  g_test_add_func ("/bin/weights", test_weights);
  g_test_add_func ("/bin/target", test_target);
  g_test_add_func ("/bin/errors", test_errors);
  return g_test_run ();
}
