/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("n", PATRON_TYPE_TEXT, "1,234.5 $7 x - 12"));
  g_ptr_array_add (columns, prepare_column ("comma", PATRON_TYPE_TEXT, "1.234,5 7,25 0,5 - 12"));
  g_ptr_array_add (columns, prepare_column ("dmy", PATRON_TYPE_TEXT, "31/01/2024 01/02/2024 x - 5/3/2024"));
  g_ptr_array_add (columns, prepare_column ("yes", PATRON_TYPE_CATEGORY, "yes no Yes - NO"));
  g_ptr_array_add (columns, prepare_column ("x", PATRON_TYPE_NUMBER, "1.5 2.25 -3 - 40602"));
  g_ptr_array_add (columns, prepare_column ("ymd", PATRON_TYPE_INTEGER, "20110228 20240229 20230229 - 19700101"));
  g_ptr_array_add (columns, prepare_column ("serial", PATRON_TYPE_INTEGER, "40602 25569 1 - 60"));
  g_ptr_array_add (columns, prepare_column ("unix", PATRON_TYPE_INTEGER, "1298912645 0 -1 - 86400"));
  g_ptr_array_add (columns, prepare_column ("d", PATRON_TYPE_DATE, "15033 0 -1 - 1"));
  return patron_table_new_take ("t", columns);
}

static void
test_types (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) numbers = prepare_run (table, "retype", "columns=n;comma\ntype=number", &outcome);
  assert_values (numbers, "n", "1234.5 7 - - 12");
  assert_values (numbers, "comma", "1234.5 7.25 0.5 - 12");
  g_assert_cmpfloat (prepare_cell (outcome->report, "types", 0, "lost"), ==, 1);
  g_assert_cmpfloat (prepare_cell (outcome->report, "types", 1, "lost"), ==, 0);
  g_autofree char *note = patron_text_render (outcome->report->notes->pdata[0]);
  g_assert_cmpstr (note, ==, "n: 1 value does not fit and became missing, for example x.");
  patron_step_outcome_free (outcome);
  /* One value says that the day comes first, so it does in all. */
  g_autoptr (PatronTable) dates = prepare_run (table, "retype", "columns=dmy\ntype=date", NULL);
  assert_values (dates, "dmy", "2024-01-31 2024-02-01 - - 2024-03-05");
  g_autoptr (PatronTable) given = prepare_run (table, "retype", "columns=dmy\ntype=date\ndate-format=mm/dd/yyyy", NULL);
  assert_values (given, "dmy", "- 2024-01-02 - - 2024-05-03");
  g_autoptr (PatronTable) flags = prepare_run (table, "retype", "columns=yes\ntype=boolean", NULL);
  assert_values (flags, "yes", "true false true - false");
  g_autoptr (PatronTable) whole = prepare_run (table, "retype", "columns=x\ntype=integer", NULL);
  assert_values (whole, "x", "2 2 -3 - 40602");
  g_autoptr (PatronTable) texts = prepare_run (table, "retype", "columns=x;d\ntype=category", NULL);
  assert_values (texts, "x", "1.5 2.25 -3 - 40602");
  assert_values (texts, "d", "2011-02-28 1970-01-01 1969-12-31 - 1970-01-02");
  g_assert_cmpint (patron_column_get_type (patron_table_find (texts, "d")), ==, PATRON_TYPE_CATEGORY);
}

/* 40602 is 28 February 2011 in a spreadsheet, 25569 the first of 1970. */
static void
test_numbers_as_dates (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) written = prepare_run (table, "retype", "columns=ymd\ntype=date", NULL);
  assert_values (written, "ymd", "2011-02-28 2024-02-29 - - 1970-01-01");
  g_autoptr (PatronTable) serial = prepare_run (table, "retype", "columns=serial\ntype=date\nnumbers=spreadsheet", NULL);
  assert_values (serial, "serial", "2011-02-28 1970-01-01 1899-12-31 - 1900-02-28");
  g_autoptr (PatronTable) seconds = prepare_run (table, "retype", "columns=unix\ntype=time\nnumbers=seconds", NULL);
  g_autofree char *first = patron_column_format (patron_table_find (seconds, "unix"), 0);
  g_assert_cmpstr (first, ==, "2011-02-28 17:04:05");
  g_autoptr (PatronTable) days = prepare_run (table, "retype", "columns=unix\ntype=date\nnumbers=seconds", NULL);
  assert_values (days, "unix", "2011-02-28 1970-01-01 1969-12-31 - 1970-01-02");
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = make_table ();
  prepare_fails (table, "retype", "columns=n\ntype=number\nrefuse=true", "“x”");
  prepare_fails (table, "retype", "columns=d\ntype=number", "cannot become");
  prepare_fails (table, "retype", "columns=dmy\ntype=date\ndate-format=abc", "abc");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/retype/types", test_types);
  g_test_add_func ("/retype/numbers-as-dates", test_numbers_as_dates);
  g_test_add_func ("/retype/refused", test_refused);
  return g_test_run ();
}
