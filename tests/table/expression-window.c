/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: pandas 1.5.3, groupby (transform, shift, cumsum, rolling, rank …) of the same eight rows. */
#include "table/expression.h"
#include "base/init.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

static PatronTable *
make_table (void)
{
  static const char *const groups[] = { "a", "b", "a", "b", "a", "c", NULL, "b" }, *const texts[] = { "p", "q", "q", "p", "p", NULL, "r", "q" };
  static const double xs[] = { 3.5, 1, NAN, 4, -2, 7, 5, 4 };
  static const gint64 ks[] = { 5, 2, 9, 2, PATRON_INTEGER_MISSING, 1, 3, 8 };
  static const int days[][2] = { { 3, 1 }, { 1, 5 }, { 1, 10 }, { 2, 1 }, { 2, 2 }, { 5, 5 }, { 1, 1 }, { 1, 5 } };
  static const int flags[] = { 1, 0, -1, 1, 0, 1, 1, 1 };
  PatronColumnBuilder *b[] = { patron_column_builder_new ("g", PATRON_TYPE_CATEGORY), patron_column_builder_new ("x", PATRON_TYPE_NUMBER),
                               patron_column_builder_new ("k", PATRON_TYPE_INTEGER),  patron_column_builder_new ("d", PATRON_TYPE_DATE),
                               patron_column_builder_new ("t", PATRON_TYPE_TEXT),     patron_column_builder_new ("f", PATRON_TYPE_BOOLEAN) };
  for (guint i = 0; i < 8; i++)
    {
      patron_column_builder_append_text (b[0], groups[i]);
      patron_column_builder_append_number (b[1], xs[i]);
      if (ks[i] == PATRON_INTEGER_MISSING)
        patron_column_builder_append_missing (b[2]);
      else
        patron_column_builder_append_int64 (b[2], ks[i]);
      patron_column_builder_append_int64 (b[3], patron_date_from_ymd (2024, days[i][0], days[i][1]));
      patron_column_builder_append_text (b[4], texts[i]);
      if (flags[i] < 0)
        patron_column_builder_append_missing (b[5]);
      else
        patron_column_builder_append_number (b[5], flags[i]);
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < G_N_ELEMENTS (b); i++)
    g_ptr_array_add (columns, patron_column_builder_finish (b[i]));
  return patron_table_new_take ("t", columns);
}

static char *
values_of (PatronTable *table, const char *formula)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = patron_expression_parse (formula, table, &error);
  if (error != NULL)
    g_error ("%s: %s", formula, error->message);
  g_autoptr (PatronColumn) column = patron_expression_compute (expression, "result", NULL, &error);
  g_assert_no_error (error);
  GString *values = g_string_new (NULL);
  for (gsize i = 0; i < patron_column_get_length (column); i++)
    {
      g_autofree char *value = patron_column_format (column, i);
      g_string_append_printf (values, "%s%s", i > 0 ? "|" : "", value);
    }
  return g_string_free (values, FALSE);
}

static void
assert_values (PatronTable *table, const char *formula, const char *expected)
{
  g_autofree char *found = values_of (table, formula);
  if (strcmp (found, expected) != 0)
    g_error ("%s: expected %s, got %s", formula, expected, found);
}

static const struct { const char *formula, *expected;
} cases[] = {
  { "sum (x) over (g)", "1.5|9|1.5|9|1.5|7|5|9" },
  { "sum (k) over (g)", "14|12|14|12|14|1|3|12" },
  { "mean (x) over (g)", "0.75|3|0.75|3|0.75|7|5|3" },
  { "median (x) over (g)", "0.75|4|0.75|4|0.75|7|5|4" },
  { "min (x) over (g)", "-2|1|-2|1|-2|7|5|1" },
  { "max (k) over (g)", "9|8|9|8|9|1|3|8" },
  { "sd (x) over (g)", "3.8890872965260113|1.7320508075688772|3.8890872965260113|1.7320508075688772|3.8890872965260113|||1.7320508075688772" },
  { "variance (x) over (g)", "15.125|3|15.125|3|15.125|||3" },
  { "count (x) over (g)", "2|3|2|3|2|1|1|3" },
  { "count () over (g)", "3|3|3|3|3|1|1|3" },
  { "count_distinct (x) over (g)", "2|2|2|2|2|1|1|2" },
  { "count_distinct (t) over (g)", "2|2|2|2|2|0|1|2" },
  { "quantile (x, 0.9) over (g)", "2.95|4|2.95|4|2.95|7|5|4" },
  { "share (x) over (g)", "2.3333333333333335|0.1111111111111111||0.4444444444444444|-1.3333333333333333|1|1|0.4444444444444444" },
  { "round (z_score (x) over (g), 12)", "0.707106781187|-1.154700538379||0.57735026919|-0.707106781187|||0.57735026919" },
  { "first (t) over (g order by d)", "q|q|q|q|q||r|q" },
  { "last (t) over (g order by d)", "p|p|p|p|p||r|p" },
  { "first (x) over (g)", "3.5|1|3.5|1|3.5|7|5|1" },
  { "last (x) over (g)", "-2|4|-2|4|-2|7|5|4" },
  { "mode (t) over (g)", "p|q|p|q|p||r|q" },
  { "any (f) over (g)", "true|true|true|true|true|true|true|true" },
  { "all (f) over (g)", "false|false|false|false|false|true|true|false" },
  { "mean (f) over (g)", "0.5|0.6666666666666666|0.5|0.6666666666666666|0.5|1|1|0.6666666666666666" },
  { "max (d) over (g)", "2024-03-01|2024-02-01|2024-03-01|2024-02-01|2024-03-01|2024-05-05|2024-01-01|2024-02-01" },
  { "lag (x, 1) over (g order by d)", "-2|||4||||1" },
  { "lead (x) over (g order by d)", "|4|-2||3.5|||4" },
  { "lag (t) over (g order by d)", "p|||q|q|||q" },
  { "diff (x) over (g order by d)", "5.5|||0||||3" },
  { "days_between (lag (d) over (g order by d), d)", "28|||27|23|||0" },
  { "cumsum (x) over (g order by d)", "1.5|1||9|-2|7|5|5" },
  { "cummin (x) over (g order by d)", "-2|1||1|-2|7|5|1" },
  { "cummax (x) over (g order by d)", "3.5|1||4|-2|7|5|4" },
  { "row_number () over (g order by d)", "3|1|1|3|2|1|1|2" },
  { "fill_forward (x) over (g order by d)", "3.5|1||4|-2|7|5|4" },
  { "fill_backward (x) over (g order by d)", "3.5|1|-2|4|-2|7|5|4" },
  { "rolling_sum (x, 2) over (g order by d)", "1.5|1||8|-2|7|5|5" },
  { "rolling_mean (x, 2) over (g order by d)", "0.75|1||4|-2|7|5|2.5" },
  { "rolling_min (x, 2) over (g order by d)", "-2|1||4|-2|7|5|1" },
  { "rolling_max (x, 2) over (g order by d)", "3.5|1||4|-2|7|5|4" },
  { "rank (x) over (g)", "2|1||2|1|1|1|2" },
  { "dense_rank (x) over (g)", "2|1||2|1|1|1|2" },
  { "rank () over (g order by x desc)", "1|3|3|1|2|1|1|1" }, /* SQL: missing values are last */
  { "percent_rank (x) over (g)", "1|0||0.5|0|0|0|0.5" },     /* SQL: (rank - 1) / (rows - 1) */
  { "ntile (k, 2) over ()", "2|1|2|1||1|1|2" },              /* 1 2 2 3 | 5 8 9 */
  { "x / sum (x)",
    "0.15555555555555556|0.044444444444444446||0.17777777777777778|-0.08888888888888889|0.3111111111111111|0.2222222222222222|0.17777777777777778" },
  { "median (x)", "4|4|4|4|4|4|4|4" },
  { "if (x > mean (x) over (g), 1, 0)", "1|0||1|0|0|0|1" },
  { "count () over (g, t)", "2|2|1|1|2|1|1|2" },
  { "count () over (partition by month (d))", "1|4|4|2|2|1|4|4" },
  { "row_number () over (order by x desc, k)", "5|6|8|3|7|1|2|4" },
  { "rank (t) over (g)", "1|2|3|1|1||1|2" },
  { "sum (sum (x) over (g)) over (t)", "12|19.5|19.5|12|12|7|5|19.5" },
};

static void
test_golden (void)
{
  g_autoptr (PatronTable) table = make_table ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_values (table, cases[i].formula, cases[i].expected);
}

static void
test_refused (void)
{
  static const struct { const char *formula, *words; guint start, length; } wrong[] = {
    { "sum (t) over (g)", "number", 5, 1 },
    { "round (x) over (g)", "over", 10, 4 },
    { "sum (x) over g", "(", 13, 1 },
    { "sum (x) over (3)", "same in all rows", 14, 1 },
    { "sum (x) over (g order by)", "value", 24, 1 },
    { "lag (x, 0) over (g)", "whole number", 8, 1 },
    { "lag (x, k) over (g)", "whole number", 8, 1 },
    { "quantile (x, 2)", "share", 13, 1 },
    { "ntile (x) over (g)", "2 arguments", 0, 5 },
    { "any (x)", "condition", 5, 1 },
    { "suum (x) over (g)", "did you mean", 0, 4 },
    { "x + nothing", "nothing", 4, 7 },
    { "x > ", "value", 4, 0 },
    { "1 + \"abc", "closing quote", 4, 4 },
    { "(x", ")", 2, 0 },
  };
  g_autoptr (PatronTable) table = make_table ();
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      PatronSpan span = { 99, 99 };
      g_assert_null (patron_expression_parse_span (wrong[i].formula, table, &span, &error));
      g_test_message ("%s: %s [%u, %u]", wrong[i].formula, error->message, span.start, span.length);
      g_assert_nonnull (strstr (error->message, wrong[i].words));
      g_assert_cmpuint (span.start, ==, wrong[i].start);
      g_assert_cmpuint (span.length, ==, wrong[i].length);
    }
}

/* Columns may bear the words of the grammar. */
static void
test_names (void)
{
  static const char *const names[] = { "order", "end", "over", "partition", "case", "is", "by" };
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (names[i], PATRON_TYPE_INTEGER);
      patron_column_builder_append_int64 (builder, i + 1);
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  g_autoptr (PatronTable) table = patron_table_new_take ("t", columns);
  assert_values (table, "sum (order) over (order)", "1");
  assert_values (table, "sum (end) over (partition order by order)", "2");
  assert_values (table, "case when over > 1 then end else is end", "2");
  assert_values (table, "case + is + by", "18");
  assert_values (table, "is is missing", "false");
}

/* An empty table, and one large enough for several chunks: the same at any number of threads, and equal to counting by hand. */
static void
test_large (void)
{
  enum { N = 200000, GROUPS = 700 };
  PatronColumnBuilder *g = patron_column_builder_new ("g", PATRON_TYPE_INTEGER), *x = patron_column_builder_new ("x", PATRON_TYPE_INTEGER);
  g_autofree gint64 *sums = g_new0 (gint64, GROUPS);
  g_autofree int *groups = g_new (int, N);
  g_autofree gint64 *running = g_new (gint64, N);
  PatronRandom random;
  patron_random_init (&random, 5, 0);
  for (int i = 0; i < N; i++)
    {
      gint64 value = (gint64) patron_random_below (&random, 1000);
      groups[i] = (int) patron_random_below (&random, GROUPS);
      running[i] = sums[groups[i]] += value;
      patron_column_builder_append_int64 (g, groups[i]);
      patron_column_builder_append_int64 (x, value);
    }
  PatronColumn *columns[] = { patron_column_builder_finish (g), patron_column_builder_finish (x) };
  g_autoptr (PatronTable) table = patron_table_new ("t", columns, 2, N);
  for (int threads = 1; threads <= 3; threads += 2)
    {
      g_autoptr (PatronRun) run = patron_run_new (1, threads);
      g_autoptr (PatronExpression) all = patron_expression_parse ("sum (x) over (g)", table, NULL);
      g_autoptr (PatronExpression) until = patron_expression_parse ("cumsum (x) over (g)", table, NULL);
      g_autoptr (PatronColumn) a = patron_expression_compute (all, "a", run, NULL);
      g_autoptr (PatronColumn) b = patron_expression_compute (until, "b", run, NULL);
      const gint64 *as = patron_column_int64s (a, NULL), *bs = patron_column_int64s (b, NULL);
      for (int i = 0; i < N; i++)
        {
          g_assert_cmpint (as[i], ==, sums[groups[i]]);
          g_assert_cmpint (bs[i], ==, running[i]);
        }
    }
  g_autoptr (PatronTable) empty = patron_table_take_rows (table, NULL, 0, NULL, NULL);
  assert_values (empty, "sum (x) over (g order by x)", "");
  assert_values (empty, "rank (x) over (g)", "");
  for (guint c = 0; c < 2; c++)
    patron_column_unref (columns[c]);
}

static void
test_cancel (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = patron_expression_parse ("rolling_sum (x, 3) over (g order by d)", table, NULL);
  patron_run_cancel (run);
  g_assert_null (patron_expression_compute (expression, "r", run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/table/expression-window/golden", test_golden);
  g_test_add_func ("/table/expression-window/refused", test_refused);
  g_test_add_func ("/table/expression-window/names", test_names);
  g_test_add_func ("/table/expression-window/large", test_large);
  g_test_add_func ("/table/expression-window/cancel", test_cancel);
  return g_test_run ();
}
