/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression.h"
#include "base/init.h"
#include "table/calendar.h"
#include "table/expression-private.h"

#include <math.h>
#include <string.h>

/* Four rows of everything; the last row is missing throughout. */
static PatronTable *
make_table (void)
{
  static const double amounts[] = { 12.5, -3.25, 0 };
  static const gint64 quantities[] = { 7, -7, G_MAXINT64 };
  static const char *const countries[] = { "France", "中国", "New  Zealand " };
  static const gint32 dates[] = { 15033, -1, 11016 };   /* 2011-02-28, 1969-12-31, 2000-02-29 */
  static const gint64 times[] = { G_GINT64_CONSTANT (1298912645250000), -1, 0 };   /* 2011-02-28 17:04:05.25 */
  PatronColumnBuilder *builders[] = {
    patron_column_builder_new ("amount", PATRON_TYPE_NUMBER), patron_column_builder_new ("quantity", PATRON_TYPE_INTEGER),
    patron_column_builder_new ("国家", PATRON_TYPE_CATEGORY), patron_column_builder_new ("Invoice Date", PATRON_TYPE_DATE),
    patron_column_builder_new ("when", PATRON_TYPE_TIME), patron_column_builder_new ("member", PATRON_TYPE_BOOLEAN),
    patron_column_builder_new ("a]b`c", PATRON_TYPE_TEXT),
  };
  for (guint i = 0; i < 3; i++)
    {
      patron_column_builder_append_number (builders[0], amounts[i]);
      patron_column_builder_append_int64 (builders[1], quantities[i]);
      patron_column_builder_append_text (builders[2], countries[i]);
      patron_column_builder_append_int64 (builders[3], dates[i]);
      patron_column_builder_append_int64 (builders[4], times[i]);
      patron_column_builder_append_number (builders[5], i % 2);
      patron_column_builder_append_text (builders[6], i == 0 ? "12" : i == 1 ? "2011-02-28" : "x");
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < G_N_ELEMENTS (builders); i++)
    {
      patron_column_builder_append_missing (builders[i]);
      g_ptr_array_add (columns, patron_column_builder_finish (builders[i]));
    }
  return patron_table_new_take ("orders", columns);
}

/* The values of the four rows as text, joined by |. */
static void
assert_values (PatronTable *table, const char *formula, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = patron_expression_parse (formula, table, &error);
  if (error != NULL)
    g_error ("%s: %s", formula, error->message);
  g_autoptr (PatronColumn) column = patron_expression_compute (expression, "result", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (patron_column_get_type (column), ==, patron_expression_get_type (expression));
  g_autoptr (GString) values = g_string_new (NULL);
  for (gsize i = 0; i < patron_column_get_length (column); i++)
    {
      g_autofree char *value = patron_column_format (column, i);
      g_string_append_printf (values, "%s%s", i > 0 ? "|" : "", value);
    }
  if (strcmp (values->str, expected) != 0)
    g_error ("%s: expected %s, got %s", formula, expected, values->str);
}

typedef struct
{
  const char *formula, *expected;
} Case;

static void
check_cases (const Case *cases, guint n)
{
  g_autoptr (PatronTable) table = make_table ();
  for (guint i = 0; i < n; i++)
    assert_values (table, cases[i].formula, cases[i].expected);
}

#define CHECK(cases) check_cases (cases, G_N_ELEMENTS (cases))

static void
test_arithmetic (void)
{
  static const Case cases[] = {
    { "amount * 2 + 1", "26|-5.5|1|" },
    { "quantity + 1", "8|-6||" },                       /* what does not fit is missing */
    { "quantity % 3", "1|2|1|" },                       /* Python: 7 % 3, -7 % 3, (2**63 - 1) % 3 */
    { "amount % 5", "2.5|1.75|0|" },
    { "quantity / 0", "|||" },
    { "-2 ^ 2", "-4|-4|-4|-4" },
    { "2 ^ 3 ^ 2", "512|512|512|512" },
    { "2 ^ -1", "0.5|0.5|0.5|0.5" },
    { "(1 + 2) * 3 - 4 / 8", "8.5|8.5|8.5|8.5" },
    { "1 - 2 - 3", "-4|-4|-4|-4" },
    { ".5 + 1e2 + 1.", "101.5|101.5|101.5|101.5" },
    { "abs (amount) + abs (-3)", "15.5|6.25|3|" },
    { "sign (quantity)", "1|-1|1|" },
    { "round (amount)", "13|-3|0|" },                   /* half away from zero */
    { "round (-2.5)", "-3|-3|-3|-3" },
    { "round (1234.567, 2)", "1234.57|1234.57|1234.57|1234.57" },
    { "round (1250, -2)", "1300|1300|1300|1300" },
    { "floor (amount)", "12|-4|0|" },
    { "ceil (amount)", "13|-3|0|" },
    { "sqrt (amount - 3.5)", "3|||" },
    { "min (amount, 5, quantity)", "5|-7|0|" },
    { "max (amount, 1)", "12.5|1|1|" },
    { "12 × 2 ÷ 3", "8|8|8|8" },
  };
  CHECK (cases);
  /* Python: math.log (12.5); the logarithm of nothing or less is missing. */
  static const Case logs[] = { { "log (amount)", "2.5257286443082556|||" }, { "log10 (1000)", "3|3|3|3" }, { "exp (0)", "1|1|1|1" }, { "log2 (8)", "3|3|3|3" } };
  CHECK (logs);
}

static void
test_conditions (void)
{
  static const Case cases[] = {
    { "amount > 0", "true|false|false|" },
    { "amount >= 0 and quantity > 0", "true|false|true|" },
    { "amount > 0 or true", "true|true|true|true" },
    { "amount > 0 and false", "false|false|false|false" },
    { "amount > 0 and missing", "|false|false|" },
    { "not (amount > 0)", "false|true|true|" },
    { "not amount > 0 or member", "false|true|true|" },
    { "amount = 12.5", "true|false|false|" },
    { "amount <> 12.5", "false|true|true|" },
    { "quantity == 9223372036854775807", "false|false|true|" },
    { "quantity = 9223372036854775806", "false|false|false|" },  /* no detour by way of doubles */
    { "amount in (0, 12.5, 3)", "true|false|true|" },
    { "quantity not in (7, 8)", "false|true|true|" },
    { "国家 in (\"France\", 'Spain')", "true|false|false|" },
    { "国家 = “中国”", "false|true|false|" },
    { "国家 < \"G\"", "true|false|false|" },
    { "amount between -5 and 0", "false|true|true|" },
    { "amount not between -5 and 0", "true|false|false|" },
    { "is_missing (amount)", "false|false|false|true" },
    { "member = true", "false|true|false|" },
    { "if (amount > 0, \"high\", \"low\")", "high|low|low|" },
    { "if (amount >= 0, amount, missing)", "12.5||0|" },
    { "if (member, 1, 0.5)", "0.5|1|0.5|" },
    { "if (true, [国家], `a]b``c`)", "France|中国|New  Zealand |" },
    { "coalesce (amount, 99)", "12.5|-3.25|0|99" },
    { "coalesce (国家, \"none\")", "France|中国|New  Zealand |none" },
  };
  CHECK (cases);
}

static void
test_text (void)
{
  static const Case cases[] = {
    { "lower (国家)", "france|中国|new  zealand |" },
    { "upper (国家)", "FRANCE|中国|NEW  ZEALAND |" },
    { "length (国家)", "6|2|13|" },
    { "length (trim (国家))", "6|2|12|" },
    { "substring (国家, 2, 2)", "ra|国|ew|" },
    { "substring (国家, 5)", "ce|| Zealand |" },
    { "replace (国家, \"a\", \"AA\")", "FrAAnce|中国|New  ZeAAlAAnd |" },
    { "concat (\"<\", 国家, '>')", "<France>|<中国>|<New  Zealand >|" },
    { "contains (国家, \"an\")", "true|false|true|" },
    { "starts_with (国家, \"中\")", "false|true|false|" },
    { "ends_with (国家, \"ce\")", "true|false|false|" },
    { "国家 like \"F%ce\"", "true|false|false|" },
    { "国家 not like \"_国\"", "true|false|true|" },
    { "like (国家, \"%a%a%\")", "false|false|true|" },
    { "number ([a]]b`c])", "12|||" },
    { "国家 = concat (lower (国家), \"\")", "false|true|false|" },
  };
  CHECK (cases);
  static const Case rows[] = {
    { "concat (国家, \"-\", quantity)", "France-7|中国--7|New  Zealand -9223372036854775807|" },
    { "concat (amount, \" \", [Invoice Date])", "12.5 2011-02-28|-3.25 1969-12-31|0 2000-02-29|" },
    { "length (concat (国家, 国家))", "12|4|26|" },
    { "concat (member)", "false|true|false|" },
  };
  CHECK (rows);
}

/* Expected values from Python's datetime. */
static void
test_dates (void)
{
  static const Case cases[] = {
    { "year ([Invoice Date])", "2011|1969|2000|" },
    { "month ([Invoice Date])", "2|12|2|" },
    { "day ([Invoice Date])", "28|31|29|" },
    { "quarter ([Invoice Date])", "1|4|1|" },
    { "weekday ([Invoice Date])", "1|3|2|" },
    { "hour (when)", "17|23|0|" },
    { "minute (when)", "4|59|0|" },
    { "second (when)", "5|59|0|" },
    { "date (when)", "2011-02-28|1969-12-31|1970-01-01|" },
    { "[Invoice Date] >= \"2000-02-29\"", "true|false|true|" },
    { "[Invoice Date] = date (2011, 2, 28)", "true|false|false|" },
    { "date (2011, 2, quantity + 22)", "|2011-02-15||" },
    { "when > \"2011-02-28 17:04\"", "true|false|false|" },
    { "when < [Invoice Date]", "false|false|true|" },
    { "[Invoice Date] + 1", "2011-03-01|1970-01-01|2000-03-01|" },
    { "[Invoice Date] - date (\"1970-01-01\")", "15033|-1|11016|" },
    { "days_between ([Invoice Date], \"2011-03-01\")", "1|15035|4018|" },
    { "[Invoice Date] in (\"2011-02-28\", \"2000-02-29\")", "true|false|true|" },
    { "date ([a]]b`c])", "|2011-02-28||" },
    { "max ([Invoice Date], date (\"2001-01-01\"))", "2011-02-28|2001-01-01|2001-01-01|" },
    { "time (\"2011-02-28 17:04:05.25\") = when", "true|false|false|" },
    { "coalesce ([Invoice Date], \"2020-01-01\")", "2011-02-28|1969-12-31|2000-02-29|2020-01-01" },
  };
  CHECK (cases);
}

/* The first instant there is; its parts by integer arithmetic of any size. */
static void
test_clock_bounds (void)
{
  g_assert_cmpint (patron_clock_part (PATRON_HOUR, G_MININT64 + 1), ==, 19);
  g_assert_cmpint (patron_clock_part (PATRON_MINUTE, G_MININT64 + 1), ==, 59);
  g_assert_cmpint (patron_clock_part (PATRON_SECOND, G_MININT64 + 1), ==, 5);
}

static void
test_errors (void)
{
  static const struct { const char *formula, *pattern; } cases[] = {
    { "", "Expected a value at position 1." },
    { "amount >", "Expected a value after “>” at position 9." },
    { "amount > > 3", "Expected a value after “>” at position 10." },
    { "amount 3", "Expected an operator or the end after “amount” at position 8." },
    { "(amount", "Expected “)” after “amount” at position 8." },
    { "amont > 3", "*no column “amont” (position 1)*did you mean “amount”?" },
    { "国 家 = 1", "*no column “国” (position 1)*" },
    { "1 + sqr (amount)", "*no function “sqr” (position 5)*did you mean “sqrt”?" },
    { "round (1, 2, 3)", "“round” at position 1 expects 1 to 2 arguments, but has 3." },
    { "国家 + 1", "Expected a number at position 1*" },
    { "amount and true", "Expected a condition at position 1*" },
    { "amount = \"x\"", "*“Number” (position 1) and “Category” (position 10)*" },
    { "[Invoice Date] > \"28.2.2011\"", "Expected a date like “2011-02-28” at position 18*“28.2.2011”*" },
    { "\"abc", "The text that begins at position 1 has no closing quote." },
    { "[abc", "The column name that begins at position 1 has no end." },
    { "amount $ 3", "“$” at position 8 has no meaning*" },
    { "hour ([Invoice Date])", "*time of day at position 7*" },
    { "amount in (quantity)", "*written out after “in”, at position 12*" },
    { "missing", "*always missing*" },
  };
  g_autoptr (PatronTable) table = make_table ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PatronExpression) expression = patron_expression_parse (cases[i].formula, table, &error);
      g_assert_null (expression);
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
      if (!g_pattern_match_simple (cases[i].pattern, error->message))
        g_error ("%s: “%s” does not match “%s”", cases[i].formula, error->message, cases[i].pattern);
    }
}

/* Formulas made to exhaust the stack or the processor. */
static void
test_hostile (void)
{
  static const struct { const char *repeat, *end; } cases[] = {
    { "(", "" }, { "-", "1" }, { "not ", "true" }, { "2^", "2" }, { "1+", "1" }, { "abs(", "" }, { "true or ", "true" }, { "if(true,", "" },
    { "amount between ", "1" }, { "concat(amount,", "" },
  };
  g_autoptr (PatronTable) table = make_table ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) formula = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      for (guint k = 0; k < 4000; k++)
        g_string_append (formula, cases[i].repeat);
      g_string_append (formula, cases[i].end);
      g_autoptr (PatronExpression) expression = patron_expression_parse (formula->str, table, &error);
      g_assert_null (expression);
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
    }
  g_autoptr (GString) nested = g_string_new ("amount");
  for (guint k = 0; k < 90; k++)
    {
      g_string_prepend (nested, "if(");
      g_string_append (nested, " between 0 and 1, 1, 0)");
    }
  g_assert_null (patron_expression_parse (nested->str, table, NULL));
}

static void
test_like (void)
{
  static const struct { const char *text, *pattern; gboolean matches; } cases[] = {
    { "", "", TRUE }, { "", "%", TRUE }, { "a", "", FALSE }, { "abc", "a%c", TRUE }, { "abcbc", "a%bc", TRUE }, { "中国", "__", TRUE },
    { "中国", "_", FALSE }, { "50%", "50\\%", TRUE }, { "505", "50\\%", FALSE }, { "a_b", "a\\_b", TRUE }, { "axb", "a\\_b", FALSE }, { "\\", "\\", TRUE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (patron_text_like (cases[i].text, cases[i].pattern), ==, cases[i].matches);
}

/* Across blocks, chunks and threads. */
static void
test_large (void)
{
  gsize n = 200001;
  PatronColumnBuilder *builder = patron_column_builder_new ("k", PATRON_TYPE_INTEGER);
  for (gsize i = 0; i < n; i++)
    patron_column_builder_append_int64 (builder, i);
  PatronColumn *columns[] = { patron_column_builder_finish (builder) };
  g_autoptr (PatronTable) table = patron_table_new ("k", columns, 1, n);
  patron_column_unref (columns[0]);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = patron_expression_parse ("k % 3 = 0 and not k in (6, 9)", table, &error);
  g_assert_no_error (error);
  g_autofree guint8 *keep = g_malloc (n);
  gsize kept;
  g_assert_true (patron_expression_filter (expression, keep, &kept, NULL, &error));
  g_assert_cmpuint (kept, ==, 66667 - 2);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (keep[i], ==, i % 3 == 0 && i != 6 && i != 9);
  g_autoptr (PatronExpression) number = patron_expression_parse ("k + 1", table, &error);
  g_assert_false (patron_expression_filter (number, keep, &kept, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_clear_error (&error);
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  patron_run_cancel (run);
  g_assert_null (patron_expression_compute (number, "r", run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/table/expression/arithmetic", test_arithmetic);
  g_test_add_func ("/table/expression/conditions", test_conditions);
  g_test_add_func ("/table/expression/text", test_text);
  g_test_add_func ("/table/expression/dates", test_dates);
  g_test_add_func ("/table/expression/clock-bounds", test_clock_bounds);
  g_test_add_func ("/table/expression/errors", test_errors);
  g_test_add_func ("/table/expression/hostile", test_hostile);
  g_test_add_func ("/table/expression/like", test_like);
  g_test_add_func ("/table/expression/large", test_large);
  return g_test_run ();
}
