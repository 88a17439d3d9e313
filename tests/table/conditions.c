/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/conditions.h"
#include "base/init.h"

#include <string.h>

static PatronTable *
make_table (void)
{
  static const struct { const char *name; PatronType type; } layout[] = {
    { "amount", PATRON_TYPE_NUMBER }, { "quantity", PATRON_TYPE_INTEGER }, { "country", PATRON_TYPE_CATEGORY }, { "Order Date", PATRON_TYPE_DATE },
    { "seen", PATRON_TYPE_TIME }, { "member", PATRON_TYPE_BOOLEAN }, { "wait", PATRON_TYPE_DURATION }, { "order", PATRON_TYPE_TEXT },
  };
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < G_N_ELEMENTS (layout); i++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (layout[i].name, layout[i].type);
      patron_column_builder_append_missing (builder);
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return patron_table_new_take ("t", columns);
}

/* Formula → rows → the same formula → the same rows. */
static void
test_round_trip (void)
{
  static const char *const formulas[] = {
    "amount > 0", "quantity <> 3", "amount <= -2.5", "country = \"France\"", "country <> \"a \"\"b\"\"\"", "amount between 1 and 2.5",
    "[Order Date] >= \"2011-02-28\"", "[Order Date] between \"2011-01-01\" and \"2011-12-31\"", "seen < \"2011-02-28 17:04\"",
    "country in (\"France\", \"Spain\")", "quantity not in (1, 2)", "contains (country, \"an\")", "not contains (country, \"an\", \"ignore case\")",
    "starts_with (country, \"F\")", "ends_with ([order], \"x\", \"ignore case\")", "matches (country, \"^F.*e$\")", "country is missing",
    "[Order Date] is not missing", "member", "not member", "quantity not between 1 and 3",
    "amount > 0 and country = \"France\" and member", "amount > 0 or member", "amount > 0 and (country = \"France\" or member)",
    "(amount > 0 and member) or (quantity = 3 and country is missing)", "quantity in (1, 2) and [Order Date] in (\"2011-02-28\")",
  };
  g_autoptr (PatronTable) table = make_table ();
  for (guint i = 0; i < G_N_ELEMENTS (formulas); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", formulas[i]);
      g_autoptr (PatronConditions) conditions = patron_conditions_from_text (formulas[i], table, &error);
      g_assert_no_error (error);
      g_assert_nonnull (conditions);
      g_autofree char *text = patron_conditions_to_text (conditions, table, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, formulas[i]);
      g_autoptr (PatronConditions) again = patron_conditions_from_text (text, table, &error);
      g_assert_true (patron_conditions_equal (conditions, again));
      g_autoptr (PatronConditions) copy = patron_conditions_copy (conditions);
      g_assert_true (patron_conditions_equal (conditions, copy));
    }
}

/* Other spellings of what rows can show. */
static void
test_read (void)
{
  static const struct { const char *formula, *same;
  } cases[] = {
    { "0 < amount", "amount > 0" },
    { "member = true", "member" },
    { "member <> true", "not member" },
    { "is_missing (country)", "country is missing" },
    { "not is_missing (country)", "country is not missing" },
    { "amount > 1 or (member or quantity = 2)", "amount > 1 or member or quantity = 2" },
    { "between (amount, 1, 2)", "amount between 1 and 2" },
    { "  ", "" },
    { "quantity > 2.5", "quantity > 2.5" },
  };
  g_autoptr (PatronTable) table = make_table ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PatronConditions) conditions = patron_conditions_from_text (cases[i].formula, table, &error);
      g_assert_no_error (error);
      g_autofree char *text = patron_conditions_to_text (conditions, table, NULL, &error);
      g_assert_cmpstr (text, ==, cases[i].same);
    }
  /* Conditions, but not as rows. */
  static const char *const formulas[] = { "amount > quantity",      "amount * 2 > 3",          "not (member or amount > 0)",
                                          "country < \"M\"",        "country like \"F%\"",     "upper (country) = \"FRANCE\"",
                                          "amount > mean (amount)", "if (member, true, false)" };
  for (guint i = 0; i < G_N_ELEMENTS (formulas); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (patron_conditions_from_text (formulas[i], table, &error));
      g_assert_no_error (error);
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_conditions_from_text ("amount + 1", table, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
}

static void
assert_refused (PatronTable *table, const char *column, PatronConditionOperator op, const char *value, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronConditions) conditions = patron_conditions_new (FALSE);
  const PatronCondition *at;
  patron_conditions_add (conditions, "member", PATRON_CONDITION_TRUE, NULL);
  PatronCondition *wrong = patron_conditions_add (conditions, column, op, value, NULL);
  g_assert_null (patron_conditions_to_text (conditions, table, &at, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_true (at == wrong);
}

static void
test_refused (void)
{
  g_autoptr (PatronTable) table = make_table ();
  assert_refused (table, "amount", PATRON_CONDITION_GREATER, "ten", "ten");
  assert_refused (table, "Order Date", PATRON_CONDITION_LESS, "28/02/2011", "2011-02-28");
  assert_refused (table, "nothing", PATRON_CONDITION_LESS, "1", "nothing");
  assert_refused (table, "amount", PATRON_CONDITION_CONTAINS, "1", "no texts");
  assert_refused (table, "amount", PATRON_CONDITION_EQUAL, NULL, "lacks");
  assert_refused (table, "amount", PATRON_CONDITION_BETWEEN, "1", "lacks");
}

static void
test_sentence (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronConditions) conditions =
      patron_conditions_from_text ("country in (\"a\", \"b\", \"c\", \"d\", \"e\") and amount between 1 and 2 and "
                                   "[Order Date] < \"2011-02-28\" and country is missing",
                                   table, NULL);
  static const char *const expected[] = { "country is one of a, b, c, 2 more", "amount is between 1 and 2", "Order Date is before 2011-02-28",
                                          "country is missing" };
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (PatronText) sentence = patron_condition_sentence (conditions->items->pdata[i], table);
      g_autofree char *text = patron_text_render (sentence);
      g_assert_cmpstr (text, ==, expected[i]);
    }
}

/* Every operator offered for a type can be written with a value of it. */
static void
test_operators (void)
{
  static const char *const values[] = { "1", "2", "x", "2011-02-28", "2011-02-28 10:00", "true", "1", "x" };
  g_autoptr (PatronTable) table = make_table ();
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      for (const PatronConditionOperator *op = patron_condition_operators (patron_column_get_type (column)); *op != PATRON_N_CONDITION_OPERATORS;
           op++)
        {
          g_autoptr (GError) error = NULL;
          guint n = MIN (patron_condition_operator_values (*op), 2);
          g_autoptr (PatronConditions) conditions = patron_conditions_new (TRUE);
          patron_conditions_add (conditions, patron_column_get_name (column), *op, n > 0 ? values[c] : NULL, n > 1 ? values[c] : NULL, NULL);
          g_autofree char *text = patron_conditions_to_text (conditions, table, NULL, &error);
          g_assert_no_error (error);
          g_autoptr (PatronConditions) again = patron_conditions_from_text (text, table, &error);
          g_assert_no_error (error);
          again->any = TRUE;
          g_assert_true (patron_conditions_equal (conditions, again));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/table/conditions/round-trip", test_round_trip);
  g_test_add_func ("/table/conditions/read", test_read);
  g_test_add_func ("/table/conditions/refused", test_refused);
  g_test_add_func ("/table/conditions/sentence", test_sentence);
  g_test_add_func ("/table/conditions/operators", test_operators);
  return g_test_run ();
}
