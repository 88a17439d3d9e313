/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: pandas 1.5.3, merge (rows in the order of the left table) and concat. A missing key matches nothing, unlike there. */
#include "ops/relational.h"

static PatronTable *
join (const char *settings, PatronStepOutcome **outcome)
{
  g_autoptr (PatronTable) orders = relational_orders (), customers = relational_customers ();
  g_autoptr (GError) error = NULL;
  PatronTable *result = relational_run (orders, customers, "join", settings, outcome, &error);
  g_assert_no_error (error);
  return result;
}

static void
join_fails (const char *op, const char *settings, const char *words)
{
  g_autoptr (PatronTable) orders = relational_orders (), customers = relational_customers ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) result = relational_run (orders, customers, op, settings, NULL, &error);
  g_assert_null (result);
  g_assert_nonnull (error);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” lacks “%s”", error->message, words);
}

static void
test_left (void)
{
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) result = join ("table=customers\nkeys=customer=customer_id", &outcome);
  assert_values (result, "customer", "1 2 1 3 1 2 -");
  assert_values (result, "age", "30 40 30 - 30 40 -");
  assert_values (result, "region_2", "north south north - north south -");
  g_assert_null (patron_table_find (result, "customer_id"));
  const PatronReport *report = outcome->report;
  g_assert_cmpfloat (patron_report_find_figure (report, "matched")->value, ==, 5);
  g_assert_cmpfloat (patron_report_find_figure (report, "left_only")->value, ==, 2);
  g_assert_cmpfloat (patron_report_find_figure (report, "right_only")->value, ==, 1);
  g_assert_cmpfloat (prepare_cell (outcome->report, "match", 0, "missing"), ==, 1);
  const PatronReportTable *examples = patron_report_find_table (report, "unmatched");
  g_autofree char *here = patron_cell_render (patron_report_table_cell (examples, 0, 0)), *there = patron_cell_render (patron_report_table_cell (examples, 0, 1));
  g_assert_cmpstr (here, ==, "3");
  g_assert_cmpstr (there, ==, "4");
  patron_step_outcome_free (outcome);
}

static void
test_other_kinds (void)
{
  g_autoptr (PatronTable) inner = join ("table=customers\nkeys=customer=customer_id\nkind=inner\ncolumns=age", NULL);
  assert_values (inner, "age", "30 40 30 30 40");
  g_assert_null (patron_table_find (inner, "region_2"));
  g_autoptr (PatronTable) right = join ("table=customers\nkeys=customer=customer_id\nkind=right", NULL);
  assert_values (right, "customer", "1 2 1 1 2 4");
  assert_values (right, "amount", "10.5 20 5 - 12 -");
  g_autoptr (PatronTable) full = join ("table=customers\nkeys=customer=customer_id\nkind=full", NULL);
  assert_values (full, "customer", "1 2 1 3 1 2 - 4");
  assert_values (full, "age", "30 40 30 - 30 40 - 50");
  g_autoptr (PatronTable) semi = join ("table=customers\nkeys=customer=customer_id\nkind=semi", NULL);
  assert_values (semi, "qty", "1 2 1 1 1");
  g_autoptr (PatronTable) anti = join ("table=customers\nkeys=customer=customer_id\nkind=anti", NULL);
  assert_values (anti, "qty", "3 1");
}

/* The price that was valid on the day of each order. */
static void
test_as_of (void)
{
  g_autoptr (PatronTable) orders = relational_orders ();
  g_autoptr (GError) error = NULL;
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("product", PATRON_TYPE_CATEGORY, "A B A B A"));
  g_ptr_array_add (columns, prepare_column ("from", PATRON_TYPE_DATE, "19787 19700 19727 19763 19750"));
  g_ptr_array_add (columns, prepare_column ("price", PATRON_TYPE_NUMBER, "30 5 10 6 20"));
  g_autoptr (PatronTable) prices = patron_table_new_take ("prices", columns);
  g_autoptr (PatronTable) result = relational_run (orders, prices, "join", "table=prices\nkeys=product\ndate=date\nother-date=from", NULL, &error);
  g_assert_no_error (error);
  assert_values (result, "price", "10 5 6 20 - 30 30");
}

static void
test_growth (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_autoptr (GString) ones = g_string_new ("1");
  g_autoptr (GError) error = NULL;
  for (guint i = 1; i < 200; i++)
    g_string_append (ones, " 1");
  g_ptr_array_add (columns, prepare_column ("k", PATRON_TYPE_INTEGER, ones->str));
  g_autoptr (PatronTable) table = patron_table_new_take ("same", columns);
  g_assert_null (relational_run (table, table, "join", "table=same\nkeys=k", NULL, &error));
  g_assert_nonnull (strstr (error->message, "40,000 rows"));
  g_clear_error (&error);
  g_autoptr (PatronTable) grown = relational_run (table, table, "join", "table=same\nkeys=k\ngrowth=200", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (patron_table_n_rows (grown), ==, 40000);
}

/* Names with the signs of a list of pairs in them, escaped or not. */
static void
test_odd_names (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("a=b", PATRON_TYPE_INTEGER, "1 2 3"));
  g_ptr_array_add (columns, prepare_column ("c;d", PATRON_TYPE_INTEGER, "2 3 4"));
  g_autoptr (PatronTable) table = patron_table_new_take ("same", columns);
  static const struct { const char *keys; gsize rows; } cases[] = {
    { "a\\=b=a\\=b", 3 }, { "a\\=b", 3 }, { "a=b", 3 }, { "a\\=b=c\\;d", 2 }, { "a\\=b; c\\;d", 3 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *settings = g_strdup_printf ("table=same\nkind=inner\nkeys=%s", cases[i].keys);
      g_autoptr (PatronTable) joined = relational_run (table, table, "join", settings, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (patron_table_n_rows (joined), ==, cases[i].rows);
    }
}

static void
test_join_errors (void)
{
  join_fails ("join", "table=customers\nkeys=product=age", "give both the same type");
  join_fails ("join", "table=customers\nkeys=customer=id", "no column “id”");
  join_fails ("join", "table=shops\nkeys=customer", "no table shops");
  join_fails ("append", "table=shops", "no table shops");
}

static void
test_append (void)
{
  g_autoptr (PatronTable) orders = relational_orders (), customers = relational_customers ();
  g_autoptr (GError) error = NULL;
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) all = relational_run (orders, customers, "append", "table=customers\nsource=from", &outcome, &error);
  g_assert_no_error (error);
  assert_values (all, "region", "North South North East West South South north south west");
  assert_values (all, "age", "- - - - - - - 30 40 50");
  assert_values (all, "qty", "1 2 1 3 1 1 1 - - -");
  assert_values (all, "from", "orders orders orders orders orders orders orders customers customers customers");
  g_assert_cmpint (patron_column_get_type (patron_table_find (all, "region")), ==, PATRON_TYPE_TEXT);
  g_assert_cmpfloat (patron_report_find_figure (outcome->report, "widened")->value, ==, 1);
  g_assert_cmpfloat (patron_report_find_figure (outcome->report, "only_there")->value, ==, 2);
  patron_step_outcome_free (outcome);
  g_autoptr (PatronTable) common = relational_run (orders, customers, "append", "table=customers\ncolumns=common", NULL, &error);
  g_assert_cmpuint (patron_table_n_columns (common), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/join/left", test_left);
  g_test_add_func ("/join/other-kinds", test_other_kinds);
  g_test_add_func ("/join/as-of", test_as_of);
  g_test_add_func ("/join/growth", test_growth);
  g_test_add_func ("/join/odd-names", test_odd_names);
  g_test_add_func ("/join/errors", test_join_errors);
  g_test_add_func ("/append/columns", test_append);
  return g_test_run ();
}
