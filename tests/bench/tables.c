/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grouping, sorting and joining the mixed file, which is in memory before. */
#include "bench.h"

#include "base/memory.h"
#include "table/aggregate.h"
#include "table/expression.h"
#include "table/join-rows.h"
#include "table/reader.h"
#include "table/sort-rows.h"

#include <stdio.h>

static PatronTable *
read_mixed (Bench *bench)
{
  g_autofree char *path = g_build_filename (bench->folder, "mixed.csv", NULL);
  g_autoptr (GError) error = NULL;
  PatronTable *table = patron_read_file (path, NULL, bench->run, NULL, &error);
  if (table == NULL)
    bench_give_up (path, error);
  return table;
}

/* The groups' keys and summaries, as a table. */
static PatronTable *
query (Bench *bench, PatronTable *table, const char *const *keys, const char *summaries)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) columns = g_ptr_array_new (), results = NULL, made = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (; *keys != NULL; keys++)
    g_ptr_array_add (columns, patron_table_find (table, *keys));
  g_autoptr (GPtrArray) aggregates = patron_aggregates_parse (summaries, table, &error);
  if (aggregates == NULL)
    bench_give_up (summaries, error);
  g_autoptr (PatronGroups) groups = patron_groups_new ((PatronColumn *const *) columns->pdata, columns->len, patron_table_n_rows (table), bench->run, &error);
  if (groups != NULL)
    results = patron_aggregate_groups (groups, (const PatronAggregate *const *) aggregates->pdata, aggregates->len, bench->run, &error);
  if (results == NULL)
    bench_give_up (summaries, error);
  for (guint k = 0; k < columns->len; k++)
    g_ptr_array_add (made, patron_column_take (columns->pdata[k], groups->first, groups->n_groups, NULL));
  for (guint a = 0; a < results->len; a++)
    g_ptr_array_add (made, patron_column_ref (results->pdata[a]));
  return patron_table_new_take ("groups", g_steal_pointer (&made));
}

static double
sum_of (PatronTable *table, const char *name)
{
  gsize n = patron_table_n_rows (table);
  g_autofree double *values = g_new (double, n);
  double sum = 0;
  patron_column_read_doubles (patron_table_find (table, name), 0, n, values, NULL);
  for (gsize i = 0; i < n; i++)
    sum += values[i] == values[i] ? values[i] : 0;
  return sum;
}

/* A number for each month, by a formula as in a computed column. */
static PatronTable *
with_months (Bench *bench, PatronTable *table)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = patron_expression_parse ("year(ts) * 12 + month(ts)", table, &error);
  g_autoptr (PatronColumn) month = expression != NULL ? patron_expression_compute (expression, "month", bench->run, &error) : NULL;
  if (month == NULL)
    bench_give_up ("month", error);
  return patron_table_with_column (table, month);
}

void
bench_groupby (Bench *bench)
{
  static const struct { const char *name, *keys[3], *summaries; } queries[] = {
    { "region", { "region" }, "count() as n; sum(amount) as s; mean(amount) as m; mean(qty) as q" },
    { "product", { "product" }, "sum(amount) as s; mean(price) as p; sd(score) as sd; max(qty) as mx; distinct(city) as nu" },
    { "customer", { "customer" }, "count() as n; sum(amount) as s" },
    { "median", { "region", "city" }, "median(amount) as md" },
    { "month", { "month" }, "sum(amount) as s" },
  };
  g_autoptr (PatronTable) table = read_mixed (bench);
  g_autoptr (GString) quality = g_string_new (NULL), groups = g_string_new (NULL);
  double check = 0, medians = 0;
  bench_start (bench);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      gint64 begin = g_get_monotonic_time ();
      g_autoptr (PatronTable) months = i == 4 ? with_months (bench, table) : NULL;
      g_autoptr (PatronTable) result = query (bench, months != NULL ? months : table, queries[i].keys, queries[i].summaries);
      g_string_append_printf (quality, "\"%s_s\": %.4f, ", queries[i].name, (g_get_monotonic_time () - begin) / 1e6);
      g_string_append_printf (groups, "%s%zu", i > 0 ? ", " : "", patron_table_n_rows (result));
      check += i == 1 ? sum_of (result, "sd") : 0;
      medians += i == 3 ? sum_of (result, "md") : 0;
    }
  g_string_append_printf (quality, "\"groups\": [%s], \"check\": %.9g, \"median_sum\": %.9g", groups->str, check, medians);
  bench_finish (bench, "groupby", quality->str);
}

/* Two keys of which almost every pair of values is a group. */
void
bench_group_many (Bench *bench)
{
  static const char *const keys[] = { "customer", "region", NULL };
  g_autoptr (PatronTable) table = read_mixed (bench);
  bench_start (bench);
  g_autoptr (PatronTable) result = query (bench, table, keys, "count() as n; sum(amount) as s; max(day) as last");
  g_autofree char *quality = g_strdup_printf ("\"groups\": %zu, \"check\": %.9g", patron_table_n_rows (result), sum_of (result, "s"));
  bench_finish (bench, "groupmany", quality);
}

static void
sort_by (Bench *bench, const char *workload, const char *by, const char *then)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = read_mixed (bench);
  const PatronSortKey keys[] = { { .column = patron_table_find (table, by) }, { .column = patron_table_find (table, then) } };
  bench_start (bench);
  guint32 *rows = patron_sort_rows (keys, 2, NULL, 0, bench->run, &error);
  g_autoptr (PatronTable) sorted = rows != NULL ? patron_table_take_rows (table, rows, patron_table_n_rows (table), bench->run, &error) : NULL;
  if (sorted == NULL)
    bench_give_up ("sort", error);
  g_autofree char *first = patron_column_format (patron_table_find (sorted, "id"), 0), *quality = g_strdup_printf ("\"first\": %s", first);
  patron_free (rows);
  bench_finish (bench, workload, quality);
}

void
bench_sort (Bench *bench)
{
  sort_by (bench, "sort", "city", "amount");
}

/* By a text of which every fifth is another one. */
void
bench_sort_text (Bench *bench)
{
  sort_by (bench, "sorttext", "customer", "ts");
}

/* Each line with the totals of its customer, all columns of the result made. */
void
bench_join (Bench *bench)
{
  static const char *const customer[] = { "customer", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = read_mixed (bench), totals = query (bench, table, customer, "count() as orders; sum(amount) as spent; max(day) as last");
  PatronColumn *left = patron_table_find (table, "customer"), *right = patron_table_find (totals, "customer");
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  guint32 *left_rows = NULL, *right_rows = NULL;
  gsize n = 0;
  bench_start (bench);
  g_autoptr (PatronJoin) join = patron_join_new (&left, patron_table_n_rows (table), &right, patron_table_n_rows (totals), 1, bench->run, &error);
  if (join == NULL || !patron_join_rows (join, PATRON_JOIN_INNER, &left_rows, &right_rows, &n, bench->run, &error))
    bench_give_up ("join", error);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    g_ptr_array_add (columns, patron_column_take_or_missing (patron_table_column (table, c), NULL, left_rows, n, bench->run, NULL));
  for (guint c = 1; c < patron_table_n_columns (totals); c++)
    g_ptr_array_add (columns, patron_column_take_or_missing (patron_table_column (totals, c), NULL, right_rows, n, bench->run, NULL));
  g_autoptr (PatronTable) joined = patron_table_new_take ("joined", g_steal_pointer (&columns));
  patron_free (left_rows);
  patron_free (right_rows);
  gint64 seconds = g_get_monotonic_time () - bench->start;
  g_autofree char *quality = g_strdup_printf ("\"rows\": %zu, \"check\": %.9g", n, sum_of (joined, "orders"));
  bench->start = g_get_monotonic_time () - seconds;
  bench_finish (bench, "join", quality);
}
