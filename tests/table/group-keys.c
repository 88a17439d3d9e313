/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/group-keys.h"

#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

/* A table of columns of many kinds: few and many values, narrow and wide ranges, missing ones. */
static GPtrArray *
random_columns (gsize n, guint64 seed)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  static const PatronType types[] = { PATRON_TYPE_TEXT, PATRON_TYPE_CATEGORY, PATRON_TYPE_NUMBER, PATRON_TYPE_INTEGER, PATRON_TYPE_INTEGER, PATRON_TYPE_BOOLEAN, PATRON_TYPE_DATE };
  static const gsize distinct[] = { 3000, 4, 200, 50, 1000, 2, 700 };
  static const double steps[] = { 0, 0, 0.1, 1, 1e14, 1, 1 };
  PatronRandom random;
  patron_random_init (&random, seed, 0);
  for (guint c = 0; c < G_N_ELEMENTS (types); c++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new ("k", types[c]);
      for (gsize i = 0; i < n; i++)
        {
          gsize value = patron_random_below (&random, distinct[c]);
          g_autofree char *text = g_strdup_printf ("v%zu", value);
          if (patron_random_below (&random, 40) == 0)
            patron_column_builder_append_missing (builder);
          else if (steps[c] > 0 || types[c] == PATRON_TYPE_NUMBER)
            patron_column_builder_append_number (builder, (double) value * steps[c]);
          else
            patron_column_builder_append_text (builder, text);
        }
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return columns;
}

/* Against a dictionary of the rows' texts. */
static void
assert_groups (PatronColumn *const *keys, guint n_keys, gsize n, int threads)
{
  g_autoptr (PatronRun) run = patron_run_new (1, threads);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronGroups) groups = patron_groups_new (keys, n_keys, n, run, &error);
  g_assert_no_error (error);
  g_autoptr (PatronDictBuilder) expected = patron_dict_builder_new ();
  g_autofree guint32 *counts = g_new0 (guint32, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      for (guint k = 0; k < n_keys; k++)
        {
          g_autofree char *value = patron_column_format (keys[k], i);
          g_string_append_printf (text, "%s|", value);
        }
      gsize before = patron_dict_builder_size (expected);
      gint32 code = patron_dict_builder_add (expected, text->str, -1);
      g_assert_cmpint (groups->ids[i], ==, code);
      if ((gsize) code == before)
        g_assert_cmpuint (groups->first[code], ==, i);
      counts[code]++;
    }
  g_assert_cmpuint (groups->n_groups, ==, patron_dict_builder_size (expected));
  for (guint32 g = 0; g < groups->n_groups; g++)
    g_assert_cmpuint (groups->counts[g], ==, counts[g]);
}

static void
test_against_texts (void)
{
  const gsize sizes[] = { 0, 1, 1000, 90000 };
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      g_autoptr (GPtrArray) columns = random_columns (sizes[s], s);
      PatronColumn *const *all = (PatronColumn *const *) columns->pdata;
      for (guint c = 0; c < columns->len; c++)
        assert_groups (all + c, 1, sizes[s], 2);
      assert_groups (all, 2, sizes[s], 1);
      assert_groups (all + 1, 3, sizes[s], 2);
      assert_groups (all + 2, 2, sizes[s], 2);
      assert_groups (all, columns->len, sizes[s], 3);
      assert_groups (NULL, 0, sizes[s], 1);
    }
}

/* Two ranges of almost 64 bits each: numbered anew before they are combined. */
static void
test_wide_ranges (void)
{
  enum { N = 3000 };
  PatronColumn *keys[3];
  PatronRandom random;
  patron_random_init (&random, 9, 0);
  for (guint c = 0; c < 3; c++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new ("wide", PATRON_TYPE_INTEGER);
      for (guint i = 0; i < N; i++)
        patron_column_builder_append_int64 (builder, (gint64) (patron_random_below (&random, 9) * G_GUINT64_CONSTANT (0x1c71c71c71c71c71) - (G_MAXINT64 - 5)));
      keys[c] = patron_column_builder_finish (builder);
    }
  assert_groups (keys, 1, N, 2);
  assert_groups (keys, 3, N, 2);
  for (guint c = 0; c < 3; c++)
    patron_column_unref (keys[c]);
}

/* Missing values of any kind of NaN, and both zeros, are one value each. */
static void
test_odd_numbers (void)
{
  double *values = patron_try_alloc (5, sizeof *values, "x", NULL);
  guint64 other_nan = G_GUINT64_CONSTANT (0xfff8000000000123);
  values[0] = (double) NAN;
  values[1] = 0.0;
  values[2] = -0.0;
  memcpy (&values[3], &other_nan, sizeof other_nan);
  values[4] = INFINITY;
  g_autoptr (PatronColumn) column = patron_column_new_take ("x", PATRON_TYPE_NUMBER, 5, values, NULL);
  g_autoptr (PatronGroups) groups = patron_groups_new (&column, 1, 5, NULL, NULL);
  g_assert_cmpuint (groups->n_groups, ==, 3);
  g_assert_cmpuint (groups->ids[3], ==, 0);
  g_assert_cmpuint (groups->ids[2], ==, groups->ids[1]);
}

static void
test_rows_of_groups (void)
{
  g_autoptr (GPtrArray) columns = random_columns (5000, 4);
  g_autoptr (PatronGroups) groups = patron_groups_new ((PatronColumn *const *) columns->pdata + 1, 1, 5000, NULL, NULL);
  guint32 *offsets, *rows;
  g_assert_true (patron_groups_rows (groups, &offsets, &rows, NULL, NULL));
  g_assert_cmpuint (offsets[groups->n_groups], ==, 5000);
  for (guint32 g = 0; g < groups->n_groups; g++)
    for (guint32 i = offsets[g]; i < offsets[g + 1]; i++)
      {
        g_assert_cmpuint (groups->ids[rows[i]], ==, g);
        g_assert_true (i == offsets[g] || rows[i - 1] < rows[i]);
      }
  patron_free (offsets);
  patron_free (rows);
}

/* Texts of two tables meet although their dictionaries differ. */
static void
test_stacked_texts (void)
{
  const char *const left_words[] = { "b", "a", NULL, "c" }, *const right_words[] = { "x", "c", "b", NULL, "c" };
  PatronColumnBuilder *l = patron_column_builder_new ("l", PATRON_TYPE_TEXT), *r = patron_column_builder_new ("r", PATRON_TYPE_CATEGORY);
  for (guint i = 0; i < 4; i++)
    patron_column_builder_append_text (l, left_words[i]);
  for (guint i = 0; i < 5; i++)
    patron_column_builder_append_text (r, right_words[i]);
  g_autoptr (PatronColumn) left = patron_column_builder_finish (l), right = patron_column_builder_finish (r);
  g_autoptr (PatronGroups) groups = patron_groups_stack (&left, 4, &right, 5, 1, NULL, NULL);
  const guint32 expected[] = { 0, 1, 2, 3, 4, 3, 0, 2, 3 };
  for (guint i = 0; i < 9; i++)
    g_assert_cmpuint (groups->ids[i], ==, expected[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/group-keys/against-texts", test_against_texts);
  g_test_add_func ("/group-keys/wide-ranges", test_wide_ranges);
  g_test_add_func ("/group-keys/odd-numbers", test_odd_numbers);
  g_test_add_func ("/group-keys/rows-of-groups", test_rows_of_groups);
  g_test_add_func ("/group-keys/stacked-texts", test_stacked_texts);
  return g_test_run ();
}
