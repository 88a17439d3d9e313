/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: pandas 1.5.3, groupby(dropna=False).agg, pivot_table, melt. */
#include "ops/relational.h"

#include <locale.h>

static void
test_by_text (void)
{
  g_autoptr (PatronTable) table = relational_orders ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) result = prepare_run (table, "group", "by=region\naggregates=sum(amount) as revenue; count() as n; median(amount); list(product) as p", &outcome);
  assert_values (result, "region", "East North South West");
  assert_values (result, "revenue", "7.25 15.5 35 0");
  assert_values (result, "n", "1 2 3 1");
  assert_values (result, "median_amount", "7.25 7.75 12 -");
  assert_values (result, "p", "A A, B B, A C");
  g_assert_cmpuint (outcome->rows_before, ==, 7);
  g_assert_cmpuint (outcome->rows_after, ==, 4);
  g_assert_cmpfloat (patron_report_find_figure (outcome->report, "largest")->value, ==, 3);
  patron_step_outcome_free (outcome);
}

static void
test_missing_keys_and_order (void)
{
  g_autoptr (PatronTable) table = relational_orders ();
  g_autoptr (PatronTable) kept = prepare_run (table, "group", "by=customer\naggregates=sum(amount) as s", NULL);
  assert_values (kept, "customer", "1 2 3 -");
  assert_values (kept, "s", "15.5 32 7.25 3");
  g_autoptr (PatronTable) dropped = prepare_run (table, "group", "by=customer\naggregates=sum(amount) as s\nmissing=no\norder=largest", NULL);
  assert_values (dropped, "customer", "2 1 3");
  g_autoptr (PatronTable) as_met = prepare_run (table, "group", "by=region;product\naggregates=last(qty by date) as q\norder=appearance", NULL);
  assert_values (as_met, "region", "North South North East West South");
  assert_values (as_met, "q", "1 2 1 3 1 1");
  g_autoptr (PatronTable) whole = prepare_run (table, "group", "aggregates=max(date) as last; mean(amount)", NULL);
  assert_values (whole, "last", "2024-03-09");
  g_assert_cmpuint (patron_table_n_rows (whole), ==, 1);
}

static void
test_errors (void)
{
  g_autoptr (PatronTable) table = relational_orders ();
  prepare_fails (table, "group", "by=region\naggregates=sum(product)", "type Text");
  prepare_fails (table, "group", "by=region\naggregates=sum(amount) as region", "“region”");
  prepare_fails (table, "group", "by=regio\naggregates=count()", "regio");
}

static void
test_pivot (void)
{
  g_autoptr (PatronTable) table = relational_orders ();
  g_autoptr (PatronTable) sums = prepare_run (table, "pivot", "by=region\nnames=product\nvalues=amount\nsummary=sum", NULL);
  assert_values (sums, "region", "East North South West");
  assert_values (sums, "A", "7.25 10.5 15 -");
  assert_values (sums, "B", "- 5 20 -");
  assert_values (sums, "C", "- - - 0");
  g_autoptr (PatronTable) means = prepare_run (table, "pivot", "by=customer\nnames=product\nvalues=amount\nsummary=mean\nprefix=p_", NULL);
  assert_values (means, "p_B", "5 20 - -");
  g_autoptr (PatronTable) counts = prepare_run (table, "pivot", "by=region\nnames=customer\nzero=yes", NULL);
  assert_values (counts, "1", "0 2 0 1");
  assert_values (counts, "missing", "0 0 1 0");
  prepare_fails (table, "pivot", "by=region\nnames=customer\nvalues=product\nsummary=mean", "type Text");
}

static void
test_unpivot (void)
{
  g_autoptr (PatronTable) table = relational_orders ();
  g_autoptr (PatronTable) all = prepare_run (table, "unpivot", "columns=amount;qty\nname=measure", NULL);
  g_assert_cmpuint (patron_table_n_rows (all), ==, 14);
  assert_values (all, "value", "10.5 1 20 2 5 1 7.25 3 - 1 12 1 3 1");
  assert_values (all, "measure", "amount qty amount qty amount qty amount qty amount qty amount qty amount qty");
  assert_values (all, "product", "A A B B B B A A C C A A A A");
  g_autoptr (PatronTable) there = prepare_run (table, "unpivot", "columns=amount;qty\ndrop-missing=yes", NULL);
  g_assert_cmpuint (patron_table_n_rows (there), ==, 13);
  g_autoptr (PatronTable) mixed = prepare_run (table, "unpivot", "columns=region;qty\nvalue=region", NULL);
  assert_values (mixed, "region", "North 1 South 2 North 1 East 3 West 1 South 1 South 1");
}

/* Columns to rows and back. */
static void
test_there_and_back (void)
{
  g_autoptr (PatronTable) table = relational_orders ();
  g_autoptr (PatronTable) folded = prepare_run (table, "unpivot", "columns=amount;qty", NULL);
  g_autoptr (PatronTable) back = prepare_run (folded, "pivot", "by=date\nnames=name\nvalues=value\nsummary=first", NULL);
  assert_values (back, "amount", "10.5 20 5 7.25 - 12 3");
  assert_values (back, "qty", "1 2 1 3 1 1 1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  patron_init ();
  g_test_add_func ("/group/by-text", test_by_text);
  g_test_add_func ("/group/missing-keys-and-order", test_missing_keys_and_order);
  g_test_add_func ("/group/errors", test_errors);
  g_test_add_func ("/pivot/cells", test_pivot);
  g_test_add_func ("/unpivot/values", test_unpivot);
  g_test_add_func ("/unpivot/there-and-back", test_there_and_back);
  return g_test_run ();
}
