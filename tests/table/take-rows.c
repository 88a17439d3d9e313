/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/take-rows.h"

#include "base/memory.h"
#include "base/random.h"
#include "table/aggregate.h"

#include <string.h>

/* A column that is never in memory: value i is i · 7 mod 1000, missing where i is a multiple of 11. */
static gboolean
read_values (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  gint64 *values = out;
  for (gsize i = 0; i < n; i++)
    values[i] = (start + i) % 11 == 0 ? PATRON_INTEGER_MISSING : (gint64) ((start + i) * 7 % 1000);
  return TRUE;
}

static PatronColumn *
lazy_column (gsize n)
{
  static const PatronColumnSource source = { .read = read_values };
  return patron_column_new_lazy ("lazy", PATRON_TYPE_INTEGER, n, &source, NULL);
}

static void
test_lazy_rows (void)
{
  enum { N = 300000, TAKEN = 5000 };
  g_autoptr (PatronColumn) column = lazy_column (N);
  g_autofree guint32 *rows = g_new (guint32, TAKEN);
  PatronRandom random;
  patron_random_init (&random, 21, 0);
  for (guint i = 0; i < TAKEN; i++)
    rows[i] = i % 50 == 0 ? PATRON_NO_ROW : (guint32) patron_random_below (&random, N);
  g_autoptr (PatronColumn) taken = patron_column_take_or_missing (column, "t", rows, TAKEN, NULL, NULL);
  g_assert_cmpstr (patron_column_get_name (taken), ==, "t");
  const gint64 *found = patron_column_int64s (taken, NULL);
  for (guint i = 0; i < TAKEN; i++)
    {
      gint64 expected = PATRON_INTEGER_MISSING;
      if (rows[i] != PATRON_NO_ROW)
        read_values (NULL, rows[i], 1, &expected, NULL);
      g_assert_cmpint (found[i], ==, expected);
    }
  g_assert_false (patron_column_is_resident (column));
}

static void
test_resident_rows (void)
{
  const PatronType types[] = { PATRON_TYPE_NUMBER, PATRON_TYPE_BOOLEAN, PATRON_TYPE_DATE, PATRON_TYPE_TIME, PATRON_TYPE_TEXT };
  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new ("c", types[t]);
      for (guint i = 0; i < 2; i++)
        if (types[t] == PATRON_TYPE_TEXT)
          patron_column_builder_append_text (builder, i == 0 ? "a" : "b");
        else
          patron_column_builder_append_number (builder, i);
      g_autoptr (PatronColumn) plain = patron_column_builder_finish (builder), column = patron_column_with_unit (plain, "kg");
      const guint32 rows[] = { 1, PATRON_NO_ROW, 0 };
      g_autoptr (PatronColumn) taken = patron_column_take_or_missing (column, NULL, rows, 3, NULL, NULL);
      g_assert_true (patron_column_is_missing (taken, 1));
      g_assert_cmpstr (patron_column_get_unit (taken), ==, "kg");
      g_autofree char *first = patron_column_format (taken, 0), *expected = patron_column_format (column, 1);
      g_assert_cmpstr (first, ==, expected);
    }
}

/* Grouping and summarising leave the column where it is, and give what they give in memory. */
static void
test_lazy_groups (void)
{
  enum { N = 200000 };
  g_autoptr (PatronColumn) lazy = lazy_column (N);
  gint64 *values = patron_try_alloc (N, sizeof *values, "copy", NULL);
  read_values (NULL, 0, N, values, NULL);
  g_autoptr (PatronColumn) copy = patron_column_new_take ("lazy", PATRON_TYPE_INTEGER, N, values, NULL);
  g_autoptr (PatronTable) lazy_table = patron_table_new ("lazy", &lazy, 1, N), copy_table = patron_table_new ("copy", &copy, 1, N);
  PatronTable *tables[2] = { lazy_table, copy_table };
  GPtrArray *results[2];
  static const char *const summaries = "count(); sum(lazy); sd(lazy); median(lazy); max(lazy); mode(lazy); distinct(lazy); last(lazy); list(lazy); weighted_mean(lazy, lazy)";
  for (guint t = 0; t < 2; t++)
    {
      PatronColumn *key = patron_table_column (tables[t], 0);
      g_autoptr (GPtrArray) all = patron_aggregates_parse (summaries, tables[t], NULL);
      g_autoptr (PatronGroups) groups = patron_groups_new (&key, 1, N, NULL, NULL);
      results[t] = patron_aggregate_groups (groups, (const PatronAggregate *const *) all->pdata, all->len, NULL, NULL);
      g_assert_cmpuint (results[t]->len, ==, 10);
    }
  g_assert_false (patron_column_is_resident (lazy));
  for (guint a = 0; a < 10; a++)
    for (gsize g = 0; g < patron_column_get_length (results[0]->pdata[a]); g += 37)
      {
        g_autofree char *found = patron_column_format (results[0]->pdata[a], g), *expected = patron_column_format (results[1]->pdata[a], g);
        g_assert_cmpstr (found, ==, expected);
      }
  g_ptr_array_unref (results[0]);
  g_ptr_array_unref (results[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/take-rows/lazy-rows", test_lazy_rows);
  g_test_add_func ("/take-rows/resident-rows", test_resident_rows);
  g_test_add_func ("/take-rows/lazy-groups", test_lazy_groups);
  return g_test_run ();
}
