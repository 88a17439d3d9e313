/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: Python's datetime (isocalendar), PostgreSQL's age(). */
#include "ops/prepare.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("d", PATRON_TYPE_DATE, "15033 -1 11016 - 18630"));   /* 2011-02-28 1969-12-31 2000-02-29 2021-01-03 */
  g_ptr_array_add (columns, prepare_column ("e", PATRON_TYPE_DATE, "15034 0 11016 5 -"));
  PatronColumnBuilder *builder = patron_column_builder_new ("w", PATRON_TYPE_TIME);
  for (int i = 0; i < 5; i++)
    patron_column_builder_append_int64 (builder, G_GINT64_CONSTANT (1298912645000000) + i * G_GINT64_CONSTANT (3600000000));   /* 2011-02-28 17:04:05 */
  g_ptr_array_add (columns, patron_column_builder_finish (builder));
  return patron_table_new_take ("t", columns);
}

static void
test_parts (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) result = prepare_run (table, "date-parts",
                                                "column=d\nyear=true\nquarter=true\nmonth=true\nweek=true\nweekday=true\nday=true\nday-of-year=true\nweekend=true\n"
                                                "year-month=true\nyear-week=true", NULL);
  assert_values (result, "d_year", "2011 1969 2000 - 2021");
  assert_values (result, "d_quarter", "1 4 1 - 1");
  assert_values (result, "d_month", "2 12 2 - 1");
  assert_values (result, "d_week", "9 1 9 - 53");
  assert_values (result, "d_weekday", "1 3 2 - 7");
  assert_values (result, "d_day", "28 31 29 - 3");
  assert_values (result, "d_day_of_year", "59 365 60 - 3");
  assert_values (result, "d_weekend", "false false false - true");
  assert_values (result, "d_year_month", "2011-02 1969-12 2000-02 - 2021-01");
  assert_values (result, "d_year_week", "2011-W09 1970-W01 2000-W09 - 2020-W53");
  g_autoptr (PatronTable) hours = prepare_run (table, "date-parts", "column=w\nhour=true\nname=clock\nkeep=false", NULL);
  assert_values (hours, "clock_hour", "17 18 19 20 21");
  g_assert_null (patron_table_find (hours, "w"));
}

static void
test_passed (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) days = prepare_run (table, "date-parts", "column=d\nas-of=2011-03-01", &outcome);
  assert_values (days, "d_days_since", "1 15035 4018 - -3596");
  g_autofree char *note = patron_text_render (outcome->report->notes->pdata[0]);
  g_assert_nonnull (strstr (note, "negative in 1 row"));
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) ages = prepare_run (table, "date-parts", "column=d\nas-of=2011-02-28\nunit=years", NULL);
  assert_values (ages, "d_age", "0 41 10 - -9");
  g_autoptr (PatronTable) months = prepare_run (table, "date-parts", "column=d\nas-of=2011-02-28\nunit=months\nuntil=true", NULL);
  assert_values (months, "d_months_until", "0 -493 -131 - 118");
  g_autoptr (PatronTable) other = prepare_run (table, "date-parts", "column=d\nother=e", NULL);
  assert_values (other, "d_days_to_e", "1 1 0 - -");
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = make_table ();
  prepare_fails (table, "date-parts", "column=d", "Nothing is chosen");
  prepare_fails (table, "date-parts", "column=d\nhour=true", "without a time");
  prepare_fails (table, "date-parts", "column=d\nas-of=01/02/2011", "01/02/2011");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/date-parts/parts", test_parts);
  g_test_add_func ("/date-parts/passed", test_passed);
  g_test_add_func ("/date-parts/refused", test_refused);
  return g_test_run ();
}
