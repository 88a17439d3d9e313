/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: Python 3.11 (str, re, unicodedata, datetime.isocalendar), dateutil's relativedelta for adding months, PostgreSQL's age() for
 * what has passed. */
#include "table/expression.h"
#include "base/init.h"
#include "table/calendar.h"
#include "table/text-edit.h"

#include <math.h>
#include <string.h>

static PatronTable *
make_table (void)
{
  static const char *const names[] = { "  Zoë  van den Berg ", "o'neil-SMITH", "北京 ＡＢ１２", "" };
  static const char *const codes[] = { "EU-1234/x", "us-9", "none", "EU-77/y/z" };
  static const char *const written[] = { "$1,234.50", "12 %", "yes", "31.12.2023" };
  static const gint32 dates[] = { 15033, -1, 11016, 18630 };        /* 2011-02-28, 1969-12-31, 2000-02-29, 2021-01-03 */
  PatronColumnBuilder *b[] = { patron_column_builder_new ("name", PATRON_TYPE_TEXT), patron_column_builder_new ("code", PATRON_TYPE_CATEGORY),
                               patron_column_builder_new ("written", PATRON_TYPE_TEXT), patron_column_builder_new ("d", PATRON_TYPE_DATE),
                               patron_column_builder_new ("w", PATRON_TYPE_TIME), patron_column_builder_new ("x", PATRON_TYPE_NUMBER) };
  for (guint i = 0; i < 4; i++)
    {
      patron_column_builder_append_text (b[0], names[i]);
      patron_column_builder_append_text (b[1], codes[i]);
      patron_column_builder_append_text (b[2], written[i]);
      patron_column_builder_append_int64 (b[3], dates[i]);
      patron_column_builder_append_int64 (b[4], dates[i] * PATRON_DAY_US + 3600 * G_GINT64_CONSTANT (1000000) * 17
                                                    + 240 * G_GINT64_CONSTANT (1000000)); /* 17:04 */
      patron_column_builder_append_number (b[5], (double[]) { 1.5, -2.5, 0, 7 }[i]);
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < G_N_ELEMENTS (b); i++)
    {
      patron_column_builder_append_missing (b[i]);
      g_ptr_array_add (columns, patron_column_builder_finish (b[i]));
    }
  return patron_table_new_take ("t", columns);
}

typedef struct
{
  const char *formula, *expected;
} Case;

/* The values of the five rows, the last of them missing, joined by |. */
static void
check_cases (const Case *cases, guint n)
{
  g_autoptr (PatronTable) table = make_table ();
  for (guint c = 0; c < n; c++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PatronExpression) expression = patron_expression_parse (cases[c].formula, table, &error);
      if (error != NULL)
        g_error ("%s: %s", cases[c].formula, error->message);
      g_autoptr (PatronColumn) column = patron_expression_compute (expression, "result", NULL, &error);
      g_assert_no_error (error);
      g_autoptr (GString) values = g_string_new (NULL);
      for (gsize i = 0; i < patron_column_get_length (column); i++)
        {
          g_autofree char *value = patron_column_format (column, i);
          g_string_append_printf (values, "%s%s", i > 0 ? "|" : "", value);
        }
      if (strcmp (values->str, cases[c].expected) != 0)
        g_error ("%s: expected %s, got %s", cases[c].formula, cases[c].expected, values->str);
    }
}

#define CHECK(cases) check_cases (cases, G_N_ELEMENTS (cases))

static void
test_text (void)
{
  static const Case cases[] = {
    { "squeeze (name)", "Zoë van den Berg|o'neil-SMITH|北京 ＡＢ１２||" },
    { "trim (name)", "Zoë  van den Berg|o'neil-SMITH|北京 ＡＢ１２||" },
    { "length (name)", "20|12|7|0|" },
    { "left (code, 2)", "EU|us|no|EU|" },
    { "right (code, 3)", "4/x|s-9|one|y/z|" },
    { "right (name, 2)", "g |TH|１２||" },
    { "mid (code, 4, 2)", "12|9|e|77|" },
    { "mid (code, -3)", "4/x|s-9|one|y/z|" },
    { "mid (code, -3, 1)", "4|s|o|y|" },
    { "upper (trim (name))", "ZOË  VAN DEN BERG|O'NEIL-SMITH|北京 ＡＢ１２||" },
    { "proper (squeeze (name))", "Zoë Van Den Berg|O'neil-Smith|北京 Ａｂ１２||" },
    { "half_width (name)", "  Zoë  van den Berg |o'neil-SMITH|北京 AB12||" },
    { "remove_accents (trim (name))", "Zoe  van den Berg|o'neil-SMITH|北京 ＡＢ１２||" },
    { "remove_punctuation (code)", "EU1234x|us9|none|EU77yz|" },
    { "pad_left (left (code, 4), 6, \"0*\")", "0*EU-1|0*us-9|0*none|0*EU-7|" },
    { "pad_right (code, 6, \"中\")", "EU-1234/x|us-9中中|none中中|EU-77/y/z|" },
    { "split_part (code, \"/\", 2)", "x|||y|" },
    { "split_part (code, \"/\", -1)", "x|us-9|none|z|" },
    { "split_part (code, \"-\", 1)", "EU|us|none|EU|" },
    { "replace (code, \"-\", \"\")", "EU1234/x|us9|none|EU77/y/z|" },
    { "find (code, \"-\")", "3|3|0|3|" },
    { "find (code, \"EU\")", "1|0|0|1|" },
    { "find (code, \"US\", \"ignore case\")", "0|1|0|0|" },
    { "contains (code, \"eu\")", "false|false|false|false|" },
    { "contains (code, \"eu\", \"ignore case\")", "true|false|false|true|" },
    { "contains (name, \"ZOË\", \"ignore case\")", "true|false|false|false|" },
    { "starts_with (code, \"US\", \"ignore case\")", "false|true|false|false|" },
    { "ends_with (code, \"Z\", \"ignore case\")", "false|false|false|true|" },
    { "like (code, \"e_-%\", \"ignore case\")", "true|false|false|true|" },
    { "matches (code, \"^[A-Z]+-[0-9]+\")", "true|false|false|true|" },
    { "matches (code, \"^[A-Z]+-[0-9]+\", \"ignore case\")", "true|true|false|true|" },
    { "extract (code, \"([A-Za-z]+)-([0-9]+)\")", "EU|us||EU|" },
    { "extract (code, \"([A-Za-z]+)-([0-9]+)\", 2)", "1234|9||77|" },
    { "extract (code, \"[0-9]\")", "1|9||7|" },
    { "extract (code, \"(x)|(y)\", 2)", "|||y|" },
    { "regex_replace (code, \"([a-z]+)-([0-9]+)\", \"\\2:\\1\", \"ignore case\")", "1234:EU/x|9:us|none|77:EU/y/z|" },
    { "left (code, 2) & \":\" & text (x)", "EU:1.5|us:-2.5|no:0|EU:7|" },
    { "\"<\" & code & \">\"", "<EU-1234/x>|<us-9>|<none>|<EU-77/y/z>|" },
    { "length (code & code)", "18|8|8|18|" },
  };
  CHECK (cases);
}

static void
test_dates (void)
{
  static const Case cases[] = {
    { "week (d)", "9|1|9|53|" },
    { "iso_year (d)", "2011|1970|2000|2020|" },
    { "weekday (d)", "1|3|2|7|" },
    { "is_weekend (d)", "false|false|false|true|" },
    { "day_of_year (d)", "59|365|60|3|" },
    { "days_in_month (d)", "28|31|29|31|" },
    { "date_add (d, 1, \"month\")", "2011-03-28|1970-01-31|2000-03-29|2021-02-03|" },
    { "date_add (d, -1, \"years\")", "2010-02-28|1968-12-31|1999-02-28|2020-01-03|" },
    { "date_add (d, 2, \"weeks\")", "2011-03-14|1970-01-14|2000-03-14|2021-01-17|" },
    { "date_add (d, 1.6, \"quarters\")", "2011-08-28|1970-06-30|2000-08-29|2021-07-03|" },
    { "date_add (d, 25, \"hours\")", "2011-03-01 01:00|1970-01-01 01:00|2000-03-01 01:00|2021-01-04 01:00|" },
    { "date_add (w, 1, \"month\")", "2011-03-28 17:04|1970-01-31 17:04|2000-03-29 17:04|2021-02-03 17:04|" },
    { "date_diff (d, \"2011-03-01\", \"days\")", "1|15035|4018|-3596|" },
    { "date_diff (d, \"2021-02-28\", \"years\")", "10|51|20|0|" },
    { "date_diff (d, \"2011-02-28\", \"months\")", "0|493|131|-118|" }, /* PostgreSQL: age ('2011-02-28', '2000-02-29') is 10 years 11 mons */
    { "date_diff (w, \"2011-03-01\", \"days\")", "0|15034|4017|-3596|" },
    { "date_diff (w, \"2011-03-01\", \"hours\")", "6|360822|96414|-86321|" },
    { "age (d, \"2021-02-28\")", "10|51|20|0|" },
    { "age (d, \"2022-01-03\")", "10|52|21|1|" },
    { "start_of (d, \"month\")", "2011-02-01|1969-12-01|2000-02-01|2021-01-01|" },
    { "start_of (d, \"week\")", "2011-02-28|1969-12-29|2000-02-28|2020-12-28|" },
    { "start_of (w, \"quarter\")", "2011-01-01|1969-10-01|2000-01-01|2021-01-01|" },
    { "start_of (w, \"hours\")", "2011-02-28 17:00|1969-12-31 17:00|2000-02-29 17:00|2021-01-03 17:00|" },
    { "end_of (d, \"month\")", "2011-02-28|1969-12-31|2000-02-29|2021-01-31|" },
    { "end_of (d, \"year\")", "2011-12-31|1969-12-31|2000-12-31|2021-12-31|" },
    { "text (d, \"%Y-%m\")", "2011-02|1969-12|2000-02|2021-01|" },
    { "text (d, \"%G-W%V\")", "2011-W09|1970-W01|2000-W09|2020-W53|" },
    { "text (w, \"%d/%m/%y %H:%M %j %q%%\")", "28/02/11 17:04 059 1%|31/12/69 17:04 365 4%|29/02/00 17:04 060 1%|03/01/21 17:04 003 1%|" },
    { "d in (\"2011-02-28\", \"2000-02-29\")", "true|false|true|false|" },
    { "d is missing", "false|false|false|false|true" },
    { "d is not missing", "true|true|true|true|false" },
  };
  CHECK (cases);
}

static void
test_conversion (void)
{
  static const Case cases[] = {
    { "number (written)", "1234.5|12|||" },
    { "integer (x)", "2|-2|0|7|" },
    { "boolean (written)", "||true||" },
    { "boolean (x)", "true|true|false|true|" },
    { "number (x > 0)", "1|0|0|1|" },
    { "date (written, \"dmy\")", "|||2023-12-31|" },
    { "text (x)", "1.5|-2.5|0|7|" },
    { "text (d)", "2011-02-28|1969-12-31|2000-02-29|2021-01-03|" },
    { "duration (\"1:30:00\") = duration (\"01:30\")", "true|true|true|true|true" },
    { "clip (x, -1, 2)", "1.5|-1|0|2|" },
    { "round_to (x, 0.5)", "1.5|-2.5|0|7|" },
    { "round_to (x, 5)", "0|-5|0|5|" },
    { "trunc (x)", "1|-2|0|7|" },
    { "log (x * x, 10)", "0.3521825181113625|0.7958800173440752||1.6901960800285134|" },
    { "power (x, 2)", "2.25|6.25|0|49|" },
    { "mod (x, 2)", "1.5|1.5|0|1|" },
    { "log1p (0)", "0|0|0|0|0" },
    { "null_if (x, 0)", "1.5|-2.5||7|" },
    { "case when x > 1 then \"a\" when x < 0 then \"b\" end", "a|b||a|" },
    { "case when x > 1 then \"a\" when x < 0 then \"b\" else code end", "a|b|none|a|" },
    { "case (x > 1, 1, x < 0, 2.5, 0)", "1|2.5|0|1|0" },
    { "between (x, 0, 2)", "true|false|true|false|" },
    { "coalesce (null_if (x, 0), 9)", "1.5|-2.5|9|7|9" },
    { "x is missing or x > 0", "true|false|false|true|true" },
  };
  CHECK (cases);
}

static void
test_refused (void)
{
  static const struct { const char *formula, *words; } wrong[] = {
    { "today ()", "tomorrow" },
    { "matches (code, \"(\")", "cannot be understood" },
    { "extract (code, \"a\", 1)", "from 0 to 0" },
    { "regex_replace (code, \"a\", \"\\g<\")", "replacement" },
    { "mid (code, 0)", "from 1" },
    { "contains (code, \"a\", \"b\")", "ignore case" },
    { "date_add (d, 1, \"fortnights\")", "months" },
    { "date (written, \"xyz\")", "dmy" },
    { "text (d, \"%A\")", "%A" },
    { "number (written, \";\")", "decimal mark" },
    { "hour (d)", "time of day" },
    { "case when x then 1 end", "condition" },
    { "case when x > 1 then 1 else \"a\" end", "do not go together" },
    { "null_if (null_if (null_if (null_if (null_if (x, 1), 2), 3), 4), 5)", "too long" },
  };
  g_autoptr (PatronTable) table = make_table ();
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (patron_expression_parse (wrong[i].formula, table, &error));
      g_test_message ("%s: %s", wrong[i].formula, error->message);
      g_assert_nonnull (strstr (error->message, wrong[i].words));
    }
}

/* A pattern that backtracks without end is an error in a moment, not a slow program. */
static void
test_runaway (void)
{
  PatronColumnBuilder *builder = patron_column_builder_new ("t", PATRON_TYPE_TEXT);
  patron_column_builder_append_text (builder, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
  PatronColumn *column = patron_column_builder_finish (builder);
  g_autoptr (PatronTable) table = patron_table_new ("t", &column, 1, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = patron_expression_parse ("matches (t, \"^(a|aa)+$\")", table, &error);
  g_assert_no_error (error);
  g_assert_null (patron_expression_compute (expression, "r", NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_assert_nonnull (strstr (error->message, "too many steps"));
  patron_column_unref (column);
}

/* A long formula takes no longer than its length: no part of the tree is walked twice. */
static void
test_long (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (GString) sum = g_string_new ("x");
  g_autoptr (GString) joined = g_string_new ("code");
  for (int i = 0; i < 900; i++)
    g_string_append (sum, i % 2 == 0 ? " + 1" : " - 1");
  for (int i = 0; i < 60; i++)
    g_string_append (joined, " & text (x + 1 - 1 + 1 - 1 + 1 - 1)");
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) a = patron_expression_parse (sum->str, table, &error);
  g_assert_no_error (error);
  g_autoptr (PatronColumn) value = patron_expression_compute (a, "r", NULL, &error);
  g_assert_cmpfloat (patron_column_doubles (value, NULL)[0], ==, 1.5);
  g_autoptr (PatronExpression) b = patron_expression_parse (joined->str, table, &error);
  g_assert_no_error (error);
  g_autoptr (PatronColumn) text = patron_expression_compute (b, "r", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (patron_dict_length (patron_column_dict (text, NULL), 0), ==, 9 + 60 * 3);
}

/* A list for the window: everything listed can be called as its signature shows, up to the columns. */
static void
test_list (void)
{
  guint n;
  const PatronFunction *functions = patron_expression_functions (&n);
  g_assert_cmpuint (n, >, 90);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *call = g_strconcat (functions[i].name, " (", NULL);
      g_assert_true (g_str_has_prefix (functions[i].signature, call));
      g_assert_nonnull (functions[i].help);
      g_assert_nonnull (patron_function_category_label (functions[i].category));
    }
}

static gboolean
fail_late (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  for (gsize i = 0; i < n; i++)
    ((double *) out)[i] = (double) (start + i);
  return TRUE;
}

/* Over a lazy column the result is lazy, and equal to what is computed at once. */
static void
test_lazy (void)
{
  static const PatronColumnSource source = { .read = fail_late };
  enum { N = 150000 };
  PatronColumn *column = patron_column_new_lazy ("x", PATRON_TYPE_NUMBER, N, &source, NULL);
  g_autoptr (PatronTable) table = patron_table_new ("t", &column, 1, N);
  g_autoptr (PatronColumn) result = NULL;
  {
    g_autoptr (PatronExpression) expression = patron_expression_parse ("date_add (\"1970-01-01\", x % 1000, \"days\")", table, NULL);
    g_assert_false (patron_expression_needs_all_rows (expression));
    result = patron_expression_compute (expression, "r", NULL, NULL);
  }
  g_assert_false (patron_column_is_resident (result));
  gint32 days[3];
  g_assert_true (patron_column_read (result, 65535, 3, days, NULL));
  g_assert_cmpint (days[0], ==, 535);
  g_assert_cmpint (days[2], ==, 537);
  const gint32 *all = patron_column_days (result, NULL);
  for (int i = 0; i < N; i++)
    g_assert_cmpint (all[i], ==, i % 1000);
  g_autoptr (PatronExpression) mean = patron_expression_parse ("x - mean (x)", table, NULL);
  g_assert_true (patron_expression_needs_all_rows (mean));
  g_autoptr (PatronColumn) centred = patron_expression_compute (mean, "r", NULL, NULL);
  g_assert_true (patron_column_is_resident (centred));
  g_assert_cmpfloat (patron_column_doubles (centred, NULL)[0], ==, -(N - 1) / 2.0);
  patron_column_unref (column);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/table/expression-functions/text", test_text);
  g_test_add_func ("/table/expression-functions/dates", test_dates);
  g_test_add_func ("/table/expression-functions/conversion", test_conversion);
  g_test_add_func ("/table/expression-functions/refused", test_refused);
  g_test_add_func ("/table/expression-functions/runaway", test_runaway);
  g_test_add_func ("/table/expression-functions/long", test_long);
  g_test_add_func ("/table/expression-functions/list", test_list);
  g_test_add_func ("/table/expression-functions/lazy", test_lazy);
  return g_test_run ();
}
