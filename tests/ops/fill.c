/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scikit-learn 1.2.1, SimpleImputer; pandas 1.5.3, groupby().transform(), ffill(), bfill(), interpolate (method="index"). */
#include "ops/prepare.h"

#include "base/random.h"
#include "report/report.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "3.5 - 7 1 - 9.25 1 4 - 2"));
  g_ptr_array_add (columns, prepare_column ("k", PATRON_TYPE_INTEGER, "3 - 7 1 - 9 1 4 - 2"));
  g_ptr_array_add (columns, prepare_column ("g", PATRON_TYPE_CATEGORY, "a a b b a b - a b a"));
  g_ptr_array_add (columns, prepare_column ("c", PATRON_TYPE_CATEGORY, "n s - s n - e - - -"));
  g_ptr_array_add (columns, prepare_column ("d", PATRON_TYPE_DATE, "10 20 - 30 40 50 60 70 - 80"));
  g_ptr_array_add (columns, prepare_column ("b", PATRON_TYPE_BOOLEAN, "1 0 - 1 1 0 1 - 0 1"));
  g_ptr_array_add (columns, prepare_column ("t", PATRON_TYPE_INTEGER, "1 2 4 8 16 17 20 21 22 30"));
  g_ptr_array_add (columns, prepare_column ("empty", PATRON_TYPE_NUMBER, "- - - - - - - - - -"));
  return patron_table_new_take ("t", columns);
}

static void
test_statistics (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) mean = prepare_run (table, "fill", "columns=x;k;c;d;b;empty\nmethod=mean", &outcome);
  assert_numbers (mean, "x", (double[]) { 3.5, 3.9642857142857144, 7, 1, 3.9642857142857144 }, 5, 1e-15);
  assert_values (mean, "k", "3 4 7 1 4 9 1 4 4 2");
  assert_values (mean, "c", "n s n s n n e n n n");   /* n and s are equally frequent: the first by name */
  assert_values (mean, "b", "true false true true true false true true false true");
  assert_values (mean, "d", "1970-01-11 1970-01-21 1970-02-15 1970-01-31 1970-02-10 1970-02-20 1970-03-02 1970-03-12 1970-02-15 1970-03-22");
  assert_values (mean, "empty", "- - - - - - - - - -");
  g_assert_cmpfloat (prepare_cell (outcome->report, "filled", 2, "filled"), ==, 5);
  g_assert_cmpfloat (prepare_cell (outcome->report, "filled", 5, "left"), ==, 10);
  g_assert_cmpuint (outcome->report->notes->len, ==, 2);
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) median = prepare_run (table, "fill", "columns=x\nmethod=median\nindicator=yes", NULL);
  assert_values (median, "x", "3.5 3.5 7 1 3.5 9.25 1 4 3.5 2");
  assert_values (median, "x is missing", "false true false false true false false false true false");
  g_autoptr (PatronTable) mode = prepare_run (table, "fill", "columns=x\nmethod=mode", NULL);
  assert_values (mode, "x", "3.5 1 7 1 1 9.25 1 4 1 2");
}

static void
test_groups (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) median = prepare_run (table, "fill", "columns=x\nmethod=median\ngroups=g", NULL);
  assert_values (median, "x", "3.5 3.5 7 1 3.5 9.25 1 4 7 2");

  /* A new file: groups that were not there take the overall value, and so does everyone without the grouping column. */
  PatronColumn *columns[] = { prepare_column ("x", PATRON_TYPE_NUMBER, "- - - 5"), prepare_column ("g", PATRON_TYPE_TEXT, "b new - b") };
  g_autoptr (PatronTable) fresh = patron_table_new ("new", columns, 2, 4);
  g_autoptr (PatronTable) bare = patron_table_new ("bare", columns, 1, 4);
  g_autoptr (PatronReport) report = patron_report_new ("fill");
  g_autoptr (PatronTable) scored = prepare_score (table, NULL, 0, fresh, "fill", "columns=x\nmethod=mean\ngroups=g", report);
  assert_numbers (scored, "x", (double[]) { 5.75, 3.9642857142857144, 1, 5 }, 4, 1e-15);
  g_autoptr (PatronTable) without = prepare_score (table, NULL, 0, bare, "fill", "columns=x\nmethod=mean\ngroups=g", report);
  assert_numbers (without, "x", (double[]) { 3.9642857142857144, 3.9642857142857144 }, 2, 1e-15);
  patron_column_unref (columns[0]);
  patron_column_unref (columns[1]);
}

static void
test_order (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) previous = prepare_run (table, "fill", "columns=x;c\nmethod=previous", NULL);
  assert_values (previous, "x", "3.5 3.5 7 1 1 9.25 1 4 4 2");
  assert_values (previous, "c", "n s s s n n e e e e");
  g_autoptr (PatronTable) grouped = prepare_run (table, "fill", "columns=x\nmethod=previous\ngroups=g", NULL);
  assert_values (grouped, "x", "3.5 3.5 7 1 3.5 9.25 1 4 9.25 2");
  g_autoptr (PatronTable) next = prepare_run (table, "fill", "columns=x\nmethod=next\ngroups=g", NULL);
  assert_values (next, "x", "3.5 4 7 1 4 9.25 1 4 - 2");
  g_autoptr (PatronTable) line = prepare_run (table, "fill", "columns=x\nmethod=line\norder=t", NULL);
  assert_numbers (line, "x", (double[]) { 3.5, 4.666666666666667, 7, 1, 8.333333333333334, 9.25, 1, 4, 3.7777777777777777, 2 }, 10, 1e-15);

  /* In the order of d, rows without a date neither give nor take. */
  g_autoptr (PatronTable) dated = prepare_run (table, "fill", "columns=x\nmethod=next\norder=d", NULL);
  assert_values (dated, "x", "3.5 1 7 1 9.25 9.25 1 4 - 2");
}

static void
test_constant (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) text = prepare_run (table, "fill", "columns=c\nmethod=constant\nvalue=unknown", NULL);
  assert_values (text, "c", "n s unknown s n unknown e unknown unknown unknown");
  g_autoptr (PatronTable) date = prepare_run (table, "fill", "columns=d\nmethod=constant\nvalue=1970-01-02", NULL);
  assert_values (date, "d", "1970-01-11 1970-01-21 1970-01-02 1970-01-31 1970-02-10 1970-02-20 1970-03-02 1970-03-12 1970-01-02 1970-03-22");
  prepare_fails (table, "fill", "columns=x\nmethod=constant\nvalue=unknown", "unknown");
  prepare_fails (table, "fill", "columns=k\nmethod=constant\nvalue=1.5", "1.5");
  prepare_fails (table, "fill", "columns=x\nmethod=model\npredictors=x;t", "itself");
}

/* What can be predicted is: a step of x, and a class that x decides. */
static void
test_model (void)
{
  enum { N = 1500 };
  PatronRandom random;
  patron_random_init (&random, 5, 0);
  PatronColumnBuilder *x = patron_column_builder_new ("x", PATRON_TYPE_NUMBER), *y = patron_column_builder_new ("y", PATRON_TYPE_NUMBER);
  PatronColumnBuilder *c = patron_column_builder_new ("c", PATRON_TYPE_CATEGORY);
  for (int i = 0; i < N; i++)
    {
      double value = patron_random_unit (&random) * 10;
      patron_column_builder_append_number (x, value);
      if (i % 5 == 0)
        patron_column_builder_append_missing (y);
      else
        patron_column_builder_append_number (y, value > 4 ? 100 : 20);
      patron_column_builder_append_text (c, i % 7 == 0 ? NULL : value > 6 ? "high" : "low");
    }
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, patron_column_builder_finish (x));
  g_ptr_array_add (columns, patron_column_builder_finish (y));
  g_ptr_array_add (columns, patron_column_builder_finish (c));
  g_autoptr (PatronTable) table = patron_table_new_take ("t", columns);
  g_autoptr (PatronTable) filled = prepare_run (table, "fill", "columns=y;c\nmethod=model\npredictors=x", NULL);
  const double *xs = patron_column_doubles (patron_table_find (filled, "x"), NULL),
               *ys = patron_column_doubles (patron_table_find (filled, "y"), NULL);
  for (gsize i = 0; i < N; i++)
    {
      g_autofree char *class = patron_column_format (patron_table_find (filled, "c"), i);
      if (fabs (xs[i] - 4) > 0.2)   /* near the step, trees see different rows and disagree */
        g_assert_cmpfloat (fabs (ys[i] - (xs[i] > 4 ? 100 : 20)), <, 8);
      if (fabs (xs[i] - 6) > 0.2)
        g_assert_cmpstr (class, ==, xs[i] > 6 ? "high" : "low");
    }
  g_autoptr (PatronTable) again = prepare_try (table, "fill", "columns=y;c\nmethod=model\npredictors=x", 1, NULL, NULL);
  g_assert_cmpmem (patron_column_doubles (patron_table_find (again, "y"), NULL), N * sizeof (double), ys, N * sizeof (double));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/fill/statistics", test_statistics);
  g_test_add_func ("/fill/groups", test_groups);
  g_test_add_func ("/fill/order", test_order);
  g_test_add_func ("/fill/constant", test_constant);
  g_test_add_func ("/fill/model", test_model);
  return g_test_run ();
}
