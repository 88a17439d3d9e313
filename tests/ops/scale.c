/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scikit-learn 1.2.1, StandardScaler, MinMaxScaler, RobustScaler. */
#include "ops/prepare.h"

#include "report/report.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "3.5 1.25 80 12.5 7 2 45.5 - 9 0.5 300"));
  g_ptr_array_add (columns, prepare_column ("same", PATRON_TYPE_INTEGER, "4 4 4 4 4 4 - 4 4 4 4"));
  return patron_table_new_take ("t", columns);
}

static void
test_methods (void)
{
  static const double standard[] = {
    -0.4841893184566451, -0.509747698903037, 0.3847956167206769, -0.3819557966710778, -0.4444318377622578, -0.5012282387542396,
    -0.007099550123997728, NAN, -0.4217132773654651, -0.5182671590518342, 2.8838372603678772
  };
  static const double minmax[] = {
    0.01001669449081803, 0.002504173622704507, 0.2654424040066778, 0.04006677796327212, 0.021702838063439065, 0.005008347245409015,
    0.15025041736227046, NAN, 0.028380634390651086, 0.0, 1.0
  };
  static const double robust[] = {
    -0.12903225806451613, -0.1935483870967742, 2.064516129032258, 0.12903225806451613, -0.02867383512544803, -0.17204301075268819,
    1.075268817204301, NAN, 0.02867383512544803, -0.21505376344086022, 8.372759856630825
  };
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) first = prepare_run (table, "scale", "columns=x", NULL);
  assert_numbers (first, "x", standard, 11, 1e-14);
  g_autoptr (PatronTable) second = prepare_run (table, "scale", "columns=x\nmethod=minmax\nsuffix=_01", NULL);
  assert_numbers (second, "x_01", minmax, 11, 1e-14);
  assert_values (second, "x", "3.5 1.25 80 12.5 7 2 45.5 - 9 0.5 300");
  g_autoptr (PatronTable) third = prepare_run (table, "scale", "columns=x\nmethod=robust", NULL);
  assert_numbers (third, "x", robust, 11, 1e-14);
}

/* A constant becomes 0; a new file is scaled by what was learnt, and may lack a column. */
static void
test_scoring (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) constant = prepare_run (table, "scale", "columns=same", NULL);
  assert_values (constant, "same", "0 0 0 0 0 0 - 0 0 0 0");
  PatronColumn *column = prepare_column ("x", PATRON_TYPE_NUMBER, "0 80 -");
  g_autoptr (PatronTable) fresh = patron_table_new ("new", &column, 1, 3);
  g_autoptr (PatronReport) report = patron_report_new ("scale");
  static const guint32 rows[] = { 1, 2 };
  g_autoptr (PatronTable) scored = prepare_score (table, rows, 2, fresh, "scale", "columns=x;same\nmethod=minmax", report);
  assert_numbers (scored, "x", (double[]) { -1.25 / 78.75, 1, NAN }, 3, 1e-15);
  g_assert_cmpuint (report->notes->len, ==, 1);
  patron_column_unref (column);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/scale/methods", test_methods);
  g_test_add_func ("/scale/scoring", test_scoring);
  return g_test_run ();
}
