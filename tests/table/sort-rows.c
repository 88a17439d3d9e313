/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/sort-rows.h"

#include "base/memory.h"
#include "base/random.h"
#include "table/collate.h"
#include "table/radix-rows.h"

#include <locale.h>
#include <math.h>

static PatronColumn *
numbers (const double *values, gsize n)
{
  PatronColumnBuilder *builder = patron_column_builder_new ("x", PATRON_TYPE_NUMBER);
  for (gsize i = 0; i < n; i++)
    patron_column_builder_append_number (builder, values[i]);
  return patron_column_builder_finish (builder);
}

static PatronColumn *
texts (const char *const *values, gsize n)
{
  PatronColumnBuilder *builder = patron_column_builder_new ("t", PATRON_TYPE_TEXT);
  for (gsize i = 0; i < n; i++)
    patron_column_builder_append_text (builder, values[i]);
  return patron_column_builder_finish (builder);
}

static void
assert_order (const PatronSortKey *keys, guint n_keys, const guint32 *rows, gsize n, const guint32 *expected)
{
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GError) error = NULL;
  guint32 *order = patron_sort_rows (keys, n_keys, rows, n, run, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (order[i], ==, expected[i]);
  patron_free (order);
}

static void
test_numbers (void)
{
  const double values[] = { 3, NAN, -0.0, 0.0, -INFINITY, 1e300, -7.5, INFINITY, NAN, 5e-324 };
  g_autoptr (PatronColumn) column = numbers (values, 10);
  PatronSortKey key = { .column = column };
  assert_order (&key, 1, NULL, 10, (guint32[]) { 4, 6, 2, 3, 9, 0, 5, 7, 1, 8 });
  key.missing_first = TRUE;
  assert_order (&key, 1, NULL, 10, (guint32[]) { 1, 8, 4, 6, 2, 3, 9, 0, 5, 7 });
  key.descending = TRUE;
  assert_order (&key, 1, NULL, 10, (guint32[]) { 1, 8, 7, 5, 0, 9, 2, 3, 6, 4 });
  key.missing_first = FALSE;
  assert_order (&key, 1, NULL, 10, (guint32[]) { 7, 5, 0, 9, 2, 3, 6, 4, 1, 8 });
  assert_order (&key, 1, (guint32[]) { 8, 3, 0, 2 }, 4, (guint32[]) { 0, 3, 2, 8 });
}

static void
test_integers_at_the_ends (void)
{
  const gint64 values[] = { G_MAXINT64, PATRON_INTEGER_MISSING, G_MININT64 + 1, 0, -1, 1 };
  PatronColumnBuilder *builder = patron_column_builder_new ("i", PATRON_TYPE_INTEGER);
  for (guint i = 0; i < 6; i++)
    patron_column_builder_append_int64 (builder, values[i]);
  g_autoptr (PatronColumn) column = patron_column_builder_finish (builder);
  PatronSortKey key = { .column = column };
  assert_order (&key, 1, NULL, 6, (guint32[]) { 2, 4, 3, 5, 0, 1 });
  key.descending = TRUE;
  key.missing_first = TRUE;
  assert_order (&key, 1, NULL, 6, (guint32[]) { 1, 0, 5, 3, 4, 2 });
}

/* Several columns in several words, against a comparison of the values themselves. */
typedef struct { const double *values[3]; } Model;
static const gboolean descending[3] = { FALSE, TRUE, FALSE };

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer data)
{
  const Model *model = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  for (guint k = 0; k < 3; k++)
    {
      double u = model->values[k][x], v = model->values[k][y];
      if (isnan (u) != isnan (v))
        return isnan (u) ? 1 : -1;
      if (u < v || u > v)
        return (u < v) == descending[k] ? 1 : -1;
    }
  return x < y ? -1 : x > y;
}

static void
test_several_columns (void)
{
  enum { N = 200000 };
  Model model;
  PatronRandom random;
  patron_random_init (&random, 3, 0);
  PatronSortKey keys[3];
  for (guint k = 0; k < 3; k++)
    {
      double *values = g_new (double, N);
      for (guint i = 0; i < N; i++)
        values[i] = patron_random_below (&random, 50) == 0 ? (double) NAN : k == 0 ? (double) patron_random_below (&random, 4) : round (patron_random_normal (&random) * (k == 1 ? 10 : 1e9)) / 7;
      model.values[k] = values;
      keys[k] = (PatronSortKey) { .column = numbers (values, N), .descending = descending[k] };
    }
  guint32 *expected = g_new (guint32, N);
  for (guint i = 0; i < N; i++)
    expected[i] = i;
  g_qsort_with_data (expected, N, sizeof *expected, compare_rows, &model);
  assert_order (keys, 3, NULL, N, expected);
  g_free (expected);
  for (guint k = 0; k < 3; k++)
    {
      g_free ((gpointer) model.values[k]);
      patron_column_unref (keys[k].column);
    }
}

static void
test_radix_parts (void)
{
  enum { N = 70000 };
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  guint64 *keys = g_new (guint64, N);
  guint32 *rows = g_new (guint32, N);
  PatronRandom random;
  patron_random_init (&random, 5, 0);
  for (guint i = 0; i < N; i++)
    {
      keys[i] = patron_random_bits (&random) & 0x3ffff;
      rows[i] = i;
    }
  guint64 *original = g_memdup2 (keys, N * sizeof *keys);
  g_assert_true (patron_radix_sort_rows (keys, rows, N, 18, run, NULL));
  for (guint i = 0; i < N; i++)
    {
      g_assert_cmpuint (keys[i], ==, original[rows[i]]);
      if (i > 0)
        g_assert_true (keys[i - 1] < keys[i] || (keys[i - 1] == keys[i] && rows[i - 1] < rows[i]));
    }
  g_free (keys);
  g_free (original);
  g_free (rows);
}

/* Case after letter, accents after case, Chinese by pinyin (an, beijing, chongqing, zhengzhou) after Latin; the same with a long common beginning. */
static void
test_texts (void)
{
  const char *const words[] = { "郑州", "banana", "Apple", NULL, "apple", "北京", "Äpfel", "安", "Zoo", "重庆", "a" };
  g_autoptr (PatronColumn) column = texts (words, 11);
  PatronSortKey key = { .column = column };
  assert_order (&key, 1, NULL, 11, (guint32[]) { 10, 6, 4, 2, 1, 8, 7, 5, 9, 0, 3 });
  const char *const long_words[] = { "https://example.com/shop/b", "https://example.com/shop/a", "https://example.com/shop/", "https://example.com/shop/B" };
  g_autoptr (PatronColumn) urls = texts (long_words, 4);
  key.column = urls;
  assert_order (&key, 1, NULL, 4, (guint32[]) { 2, 1, 0, 3 });
}

static void
test_empty (void)
{
  g_autoptr (PatronColumn) column = numbers (NULL, 0), strings = texts (NULL, 0);
  PatronSortKey keys[2] = { { .column = column }, { .column = strings } };
  assert_order (keys, 2, NULL, 0, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  g_test_add_func ("/sort-rows/numbers", test_numbers);
  g_test_add_func ("/sort-rows/integers-at-the-ends", test_integers_at_the_ends);
  g_test_add_func ("/sort-rows/several-columns", test_several_columns);
  g_test_add_func ("/sort-rows/radix-parts", test_radix_parts);
  g_test_add_func ("/sort-rows/texts", test_texts);
  g_test_add_func ("/sort-rows/empty", test_empty);
  return g_test_run ();
}
