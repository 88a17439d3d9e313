/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/aggregate.h"

#include "base/random.h"

#include <math.h>
#include <string.h>

enum { N = 12, GROUPS = 4 };

/* Groups a, b, c, d in this order; x has two missing values, one of them the only one of d. */
static PatronTable *
example (void)
{
  static const char *const g = "abacabbacabd";
  static const double x[N] = { 1.5, 2, NAN, 4, -3.25, 8, 2, 7, 0.5, 10, 2, NAN }, w[N] = { 1, 2, 3, NAN, 1, 2, 0.5, 1, 4, 2, 1, 1 };
  static const int order[N] = { 3, 1, 2, 5, 5, 1, 7, 9, 2, 4, 6, 8 };
  PatronColumnBuilder *builders[7] = {
    patron_column_builder_new ("g", PATRON_TYPE_CATEGORY), patron_column_builder_new ("x", PATRON_TYPE_NUMBER), patron_column_builder_new ("my, weights", PATRON_TYPE_NUMBER),
    patron_column_builder_new ("order", PATRON_TYPE_INTEGER), patron_column_builder_new ("day", PATRON_TYPE_DATE), patron_column_builder_new ("yes", PATRON_TYPE_BOOLEAN),
    patron_column_builder_new ("word", PATRON_TYPE_TEXT),
  };
  for (guint i = 0; i < N; i++)
    {
      const char name[2] = { g[i], '\0' }, word[2] = { (char) ('z' - order[i] % 3), '\0' };
      patron_column_builder_append_text (builders[0], name);
      patron_column_builder_append_number (builders[1], x[i]);
      patron_column_builder_append_number (builders[2], w[i]);
      patron_column_builder_append_int64 (builders[3], order[i]);
      patron_column_builder_append_int64 (builders[4], 15000 + 10 * order[i]);
      patron_column_builder_append_number (builders[5], isnan (x[i]) ? (double) NAN : x[i] > 1);
      patron_column_builder_append_text (builders[6], isnan (x[i]) ? NULL : word);
    }
  GPtrArray *columns = g_ptr_array_new ();
  for (guint c = 0; c < G_N_ELEMENTS (builders); c++)
    g_ptr_array_add (columns, patron_column_builder_finish (builders[c]));
  return patron_table_new_take ("example", columns);
}

static PatronColumn *
aggregate (PatronTable *table, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GPtrArray) aggregates = patron_aggregates_parse (text, table, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (aggregates->len, ==, 1);
  PatronColumn *key = patron_table_find (table, "g");
  g_autoptr (PatronGroups) groups = patron_groups_new (&key, 1, patron_table_n_rows (table), run, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) columns = patron_aggregate_groups (groups, (const PatronAggregate *const *) aggregates->pdata, 1, run, &error);
  g_assert_no_error (error);
  return patron_column_ref (columns->pdata[0]);
}

/* From pandas 1.5.3 (groupby(sort=False): count, sum, mean, median, quantile, var, std, sem, min, max, nunique, prod, first, last) and scipy 1.10.1
 * (skew, kurtosis, median_abs_deviation, gmean of |x|); weighted mean and share by their definitions there. */
static void
test_against_pandas (void)
{
  static const struct { const char *text; double expected[GROUPS]; } cases[] = {
    { "count()", { 5, 4, 2, 1 } },
    { "count(x)", { 4, 4, 2, 0 } },
    { "missing(x)", { 1, 0, 0, 1 } },
    { "defined(x)", { 0.8, 1, 1, 0 } },
    { "sum(x)", { 15.25, 14, 4.5, 0 } },
    { "share(x)", { 0.45185185185185184, 0.4148148148148148, 0.13333333333333333, 0 } },
    { "mean(x)", { 3.8125, 3.5, 2.25, NAN } },
    { "median(x)", { 4.25, 2, 2.25, NAN } },
    { "quantile(x, 0.3)", { 1.0249999999999995, 2, 1.55, NAN } },
    { "variance(x)", { 34.557291666666664, 9, 6.125, NAN } },
    { "sd(x)", { 5.878545029738793, 3, 2.4748737341529163, NAN } },
    { "se(x)", { 2.9392725148693963, 1.5, 1.75, NAN } },
    { "min(x)", { -3.25, 2, 0.5, NAN } },
    { "max(x)", { 10, 8, 4, NAN } },
    { "range(x)", { 13.25, 6, 3.5, NAN } },
    { "distinct(x)", { 4, 2, 2, 0 } },
    { "product(x)", { -341.25, 64, 2, NAN } },
    { "skewness(x)", { -0.18068032239684378, 1.1547005383792515, 0, NAN } },
    { "kurtosis(x)", { -1.4795166415000265, -0.6666666666666665, -2, NAN } },
    { "iqr(x)", { 7.4375, 1.5, 1.75, NAN } },
    { "mad(x)", { 4.25, 0, 1.75, NAN } },
    { "geometric_mean(x)", { NAN, 2.82842712474619, 1.414213562373095, NAN } },
    { "weighted_mean(x, [my, weights])", { 5.05, 4.181818181818182, 0.5, NAN } },
    { "first(x)", { 1.5, 2, 4, NAN } },
    { "last(x)", { 10, 2, 0.5, NAN } },
    { "first(x by order)", { 1.5, 2, 0.5, NAN } },
    { "last(x, order)", { 7, 2, 4, NAN } },
    { "mode(x)", { 1.5, 2, 4, NAN } },
    { "sum(order)", { 23, 15, 7, 8 } },
    { "any(yes)", { 1, 1, 1, NAN } },
    { "all(yes)", { 0, 1, 0, NAN } },
    { "mean(yes)", { 0.75, 1, 0.5, NAN } },
    { "days_since(day)", { 0, 20, 40, 10 } },
    { "days_since(day, 2011-04-26)", { 0, 20, 40, 10 } },
    { "range(day)", { 70, 60, 30, 0 } },
    { "median(day)", { 15040, 15035, 15035, 15080 } },
  };
  g_autoptr (PatronTable) table = example ();
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr (PatronColumn) column = aggregate (table, cases[c].text);
      double found[GROUPS];
      g_assert_cmpuint (patron_column_get_length (column), ==, GROUPS);
      g_assert_true (patron_column_read_doubles (column, 0, GROUPS, found, NULL));
      for (guint g = 0; g < GROUPS; g++)
        if (isnan (cases[c].expected[g]) != isnan (found[g]) || fabs (found[g] - cases[c].expected[g]) > 1e-14 * (1 + fabs (found[g])))
          g_error ("%s, group %u: expected %.17g, found %.17g", cases[c].text, g, cases[c].expected[g], found[g]);
    }
}

static void
test_texts (void)
{
  static const struct { const char *text, *expected[GROUPS]; } cases[] = {
    { "list(word)", { "z, x, y", "y, z", "x", "" } },
    { "first(word by x)", { "x", "y", "x", "" } },
    { "min(word)", { "x", "y", "x", "" } },
    { "max(word)", { "z", "z", "x", "" } },
    { "mode(word)", { "z", "y", "x", "" } },
    { "max(day)", { "2011-04-26", "2011-04-06", "2011-03-17", "2011-04-16" } },
  };
  g_autoptr (PatronTable) table = example ();
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr (PatronColumn) column = aggregate (table, cases[c].text);
      for (guint g = 0; g < GROUPS; g++)
        {
          g_autofree char *found = patron_column_format (column, g);
          if (g_strcmp0 (found, cases[c].expected[g]) != 0)
            g_error ("%s, group %u: expected %s, found %s", cases[c].text, g, cases[c].expected[g], found);
        }
    }
}

static void
test_names_and_types (void)
{
  g_autoptr (PatronTable) table = example ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = patron_aggregates_parse ("sum(order) as [my total];\n count() AS orders; quantile(x,.9);mean(day);;max(word)", table, &error);
  g_assert_no_error (error);
  const char *const names[] = { "my total", "orders", "quantile_x_0.9", "mean_day", "max_word" };
  const PatronType types[] = { PATRON_TYPE_INTEGER, PATRON_TYPE_INTEGER, PATRON_TYPE_NUMBER, PATRON_TYPE_DATE, PATRON_TYPE_TEXT };
  g_assert_cmpuint (all->len, ==, 5);
  g_autoptr (PatronGroups) groups = patron_groups_new (NULL, 0, N, NULL, NULL);
  g_autoptr (GPtrArray) columns = patron_aggregate_groups (groups, (const PatronAggregate *const *) all->pdata, 5, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpstr (patron_column_get_name (columns->pdata[i]), ==, names[i]);
      g_assert_cmpint (patron_column_get_type (columns->pdata[i]), ==, types[i]);
    }
}

static void
test_errors (void)
{
  static const struct { const char *text, *words; } cases[] = {
    { "sum(amount)", "no column “amount”" }, { "summ(x)", "did you mean “sum”" }, { "sum(word)", "type Text" }, { "quantile(x)", "expected a column and a number" },
    { "quantile(x, 2)", "“2” is not a number from 0 to 1" }, { "sum(x, order)", "“order” is too much" }, { "x as y", "expected something like" },
    { "sum()", "expected a column" }, { "days_since(day, soon)", "“soon” is not a date" }, { "any(x)", "which has no “any”" },
  };
  g_autoptr (PatronTable) table = example ();
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (patron_aggregates_parse (cases[c].text, table, &error));
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
      if (strstr (error->message, cases[c].words) == NULL)
        g_error ("“%s” lacks “%s”", error->message, cases[c].words);
    }
}

/* Many rows and few groups, so that there are several blocks: the same bits with one, two and three threads, and the exact sum where cancellation would lose it. */
static void
test_threads (void)
{
  enum { MANY = 300000 };
  PatronRandom random;
  patron_random_init (&random, 2, 0);
  PatronColumnBuilder *g = patron_column_builder_new ("g", PATRON_TYPE_INTEGER), *x = patron_column_builder_new ("x", PATRON_TYPE_NUMBER);
  for (guint i = 0; i < MANY; i++)
    {
      patron_column_builder_append_int64 (g, (gint64) patron_random_below (&random, 7));
      patron_column_builder_append_number (x, i % 3 == 0 ? 1e17 : i % 3 == 1 ? 0.25 : -1e17);
    }
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, patron_column_builder_finish (g));
  g_ptr_array_add (columns, patron_column_builder_finish (x));
  g_autoptr (PatronTable) table = patron_table_new_take ("many", columns);
  g_autoptr (GPtrArray) all = patron_aggregates_parse ("sum(x); sd(x); kurtosis(x); median(x); max(x); mode(x)", table, NULL);
  PatronColumn *key = patron_table_find (table, "g");
  double expected[6][7];
  for (int threads = 1; threads <= 3; threads++)
    {
      g_autoptr (PatronRun) run = patron_run_new (1, threads);
      g_autoptr (PatronGroups) groups = patron_groups_new (&key, 1, MANY, run, NULL), one = patron_groups_new (NULL, 0, MANY, run, NULL);
      g_autoptr (GPtrArray) found = patron_aggregate_groups (groups, (const PatronAggregate *const *) all->pdata, 6, run, NULL);
      g_autoptr (GPtrArray) total = patron_aggregate_groups (one, (const PatronAggregate *const *) all->pdata, 1, run, NULL);
      for (guint a = 0; a < 6; a++)
        {
          double values[7];
          patron_column_read_doubles (found->pdata[a], 0, 7, values, NULL);
          for (guint i = 0; i < 7; i++)
            if (threads == 1)
              expected[a][i] = values[i];
            else
              g_assert_true (values[i] == expected[a][i]);
        }
      double sum;
      patron_column_read_doubles (total->pdata[0], 0, 1, &sum, NULL);
      g_assert_true (sum == MANY / 3 * 0.25);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aggregate/against-pandas", test_against_pandas);
  g_test_add_func ("/aggregate/texts", test_texts);
  g_test_add_func ("/aggregate/names-and-types", test_names_and_types);
  g_test_add_func ("/aggregate/errors", test_errors);
  g_test_add_func ("/aggregate/threads", test_threads);
  return g_test_run ();
}
