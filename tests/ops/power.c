/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scikit-learn 1.2.1, PowerTransformer (standardize=True); scipy 1.10.1, skew. */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "3.5 1.25 80 12.5 7 2 45.5 - 9 0.5 300"));
  g_ptr_array_add (columns, prepare_column ("k", PATRON_TYPE_INTEGER, "-3 0 1 2 - 5 8 13 21 34 55"));
  return patron_table_new_take ("t", columns);
}

static void
test_exponents (void)
{
  static const double box_cox[] = { -0.4536115992068069, -1.0848165855559133, 1.1515039429312472, 0.25247067081451813, -0.05945428769584534,
                                    -0.7896550774757595, 0.8934001214554653, NAN, 0.0776808118318498, -1.6961603588504284, 1.708642361751673 };
  static const double yeo_johnson[] = { -0.5276838365174912, -1.1394562555066956, 1.2028282847652745, 0.26552131547786145, -0.08779476095397537,
                                        -0.8738734642839917, 0.9519011141914598, NAN, 0.06800065836674538, -1.544328455039257, 1.684885399500071 };
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;

  g_autoptr (PatronTable) first = prepare_run (table, "power", "columns=x\nmethod=box-cox\nstandardise=yes", NULL);
  assert_numbers (first, "x", box_cox, 11, 2e-5);   /* the exponent of scikit-learn is good to 1e-7 or so */
  g_autoptr (PatronTable) second = prepare_run (table, "power", "columns=x\nmethod=yeo-johnson\nstandardise=yes\nsuffix= even", &outcome);
  assert_numbers (second, "x even", yeo_johnson, 11, 2e-5);
  assert_values (second, "x", "3.5 1.25 80 12.5 7 2 45.5 - 9 0.5 300");
  g_assert_cmpfloat (fabs (prepare_cell (outcome->report, "transforms", 0, "lambda") - -0.22590408347898513), <, 1e-5);
  g_assert_cmpfloat (fabs (prepare_cell (outcome->report, "transforms", 0, "before") - 2.3310854339154226), <, 1e-12);
  g_assert_cmpfloat (fabs (prepare_cell (outcome->report, "transforms", 0, "after") - 0.14274118704534522), <, 1e-4);
  patron_step_outcome_free (outcome);
}

/* What is added first: as little as is needed, or what was asked for. */
static void
test_shift (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;

  g_autoptr (PatronTable) logs = prepare_run (table, "power", "columns=x;k\nmethod=log", NULL);
  assert_numbers (logs, "x", (double[]) { log (3.5), log (1.25) }, 2, 1e-15);
  assert_numbers (logs, "k", (double[]) { 0, log (4), log (5), log (6), NAN }, 5, 1e-15);
  g_autoptr (PatronTable) roots = prepare_run (table, "power", "columns=k\nmethod=sqrt", NULL);
  assert_numbers (roots, "k", (double[]) { 0, sqrt (3), 2 }, 3, 1e-15);
  g_autoptr (PatronTable) given = prepare_run (table, "power", "columns=k\nmethod=log1p\nshift=1", &outcome);
  assert_numbers (given, "k", (double[]) { NAN, log (2), log (3), log (4), NAN }, 5, 1e-15);
  g_assert_cmpfloat (prepare_cell (outcome->report, "transforms", 0, "outside"), ==, 1);
  g_assert_cmpuint (outcome->report->notes->len, ==, 1);
  patron_step_outcome_free (outcome);
}

/* Only the rows given are learnt from; a new file may lack a column or hold values outside. */
static void
test_scoring (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronColumn *column = prepare_column ("k", PATRON_TYPE_INTEGER, "-5 -3 1");
  g_autoptr (PatronTable) new_table = patron_table_new ("new", &column, 1, 3);
  g_autoptr (PatronReport) report = patron_report_new ("power");
  static const guint32 rows[] = { 0, 1, 2, 3 };

  g_autoptr (PatronTable) scored = prepare_score (table, rows, 4, new_table, "power", "columns=x;k\nmethod=log", report);
  assert_numbers (scored, "k", (double[]) { NAN, 0, log (5) }, 3, 1e-15);
  g_assert_cmpuint (report->notes->len, ==, 2);
  g_assert_null (patron_table_find (scored, "x"));
  patron_column_unref (column);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/power-step/exponents", test_exponents);
  g_test_add_func ("/power-step/shift", test_shift);
  g_test_add_func ("/power-step/scoring", test_scoring);
  return g_test_run ();
}
