/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare.h"

#include "base/random.h"

enum { N = 3000 };

/* Three segments of 1500, 1200 and 300 rows, some missing; 100 customers of 30 rows. */
static PatronTable *
make_table (void)
{
  PatronColumnBuilder *b[] = { patron_column_builder_new ("i", PATRON_TYPE_INTEGER), patron_column_builder_new ("segment", PATRON_TYPE_CATEGORY),
                               patron_column_builder_new ("customer", PATRON_TYPE_INTEGER) };
  for (int i = 0; i < N; i++)
    {
      patron_column_builder_append_int64 (b[0], i);
      patron_column_builder_append_text (b[1], i % 10 < 5 ? "large" : i % 10 < 9 ? "middle" : "small");
      if (i == 17)
        patron_column_builder_append_missing (b[2]);
      else
        patron_column_builder_append_int64 (b[2], i % 100);
    }
  GPtrArray *columns = g_ptr_array_new ();
  for (guint c = 0; c < 3; c++)
    g_ptr_array_add (columns, patron_column_builder_finish (b[c]));
  return patron_table_new_take ("t", columns);
}

static guint
count_of (PatronTable *table, const char *segment)
{
  PatronColumn *column = patron_table_find (table, "segment");
  guint n = 0;
  for (gsize i = 0; i < patron_column_get_length (column); i++)
    {
      g_autofree char *value = patron_column_format (column, i);
      n += strcmp (value, segment) == 0;
    }
  return n;
}

static void
test_sizes (void)
{
  static const struct { const char *settings; gsize rows; gint64 first, last; } cases[] = {
    { "method=first\nrows=7", 7, 0, 6 }, { "method=last\nrows=7", 7, N - 7, N - 1 }, { "method=every\nstep=1000", 3, 0, 2000 },
    { "rows=250", 250, -1, -1 }, { "share=0.1", 300, -1, -1 }, { "rows=5000", N, 0, N - 1 }, { "share=0", 0, -1, -1 }, { "share=1", N, 0, N - 1 },
  };
  g_autoptr (PatronTable) table = make_table ();
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      g_autoptr (PatronTable) result = prepare_run (table, "sample", cases[c].settings, NULL);
      const gint64 *rows = patron_column_int64s (patron_table_find (result, "i"), NULL);
      g_assert_cmpuint (patron_table_n_rows (result), ==, cases[c].rows);
      for (gsize i = 1; i < cases[c].rows; i++)
        g_assert_cmpint (rows[i], >, rows[i - 1]);
      if (cases[c].first >= 0)
        g_assert_cmpint (rows[0], ==, cases[c].first);
      if (cases[c].first >= 0)
        g_assert_cmpint (rows[cases[c].rows - 1], ==, cases[c].last);
    }
}

/* The same seed the same rows; another seed others; each row with the same chance (mean of the row numbers within five standard errors). */
static void
test_random (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) a = prepare_run (table, "sample", "rows=500\nseed=3", NULL);
  g_autoptr (PatronTable) b = prepare_run (table, "sample", "rows=500\nseed=3", NULL);
  g_autoptr (PatronTable) c = prepare_run (table, "sample", "rows=500\nseed=4", NULL);
  g_autofree char *as = prepare_values (a, "i"), *bs = prepare_values (b, "i"), *cs = prepare_values (c, "i");
  g_assert_cmpstr (as, ==, bs);
  g_assert_cmpstr (as, !=, cs);
  double sum = 0;
  for (gsize i = 0; i < 500; i++)
    sum += (double) patron_column_int64s (patron_table_find (a, "i"), NULL)[i];
  g_assert_cmpfloat (fabs (sum / 500 - (N - 1) / 2.0), <, 5 * N / sqrt (12.0 * 500));
}

static void
test_within (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) random = prepare_run (table, "sample", "rows=101\nwithin=segment", NULL);
  g_assert_cmpuint (patron_table_n_rows (random), ==, 101);
  /* 50.5, 40.4 and 10.1: the largest rest gets the row that is over. */
  g_assert_cmpuint (count_of (random, "large"), ==, 51);
  g_assert_cmpuint (count_of (random, "middle"), ==, 40);
  g_assert_cmpuint (count_of (random, "small"), ==, 10);
  g_autoptr (PatronTable) first = prepare_run (table, "sample", "method=first\nshare=0.01\nwithin=segment", NULL);
  g_assert_cmpuint (count_of (first, "small"), ==, 3);
  prepare_fails (table, "sample", "within=segment\nwhole=customer", "both");
}

static void
test_whole (void)
{
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) result = prepare_run (table, "sample", "rows=10\nwhole=customer", &outcome);
  g_assert_cmpuint (patron_table_n_rows (result), >=, 299);   /* customer 17 has lost a row to the missing one */
  g_assert_cmpuint (patron_table_n_rows (result), <=, 300);
  guint seen[100] = { 0 }, customers = 0;
  for (gsize i = 0; i < patron_table_n_rows (result); i++)
    seen[patron_column_int64s (patron_table_find (result, "customer"), NULL)[i]]++;
  for (guint c = 0; c < 100; c++)
    {
      customers += seen[c] > 0;
      g_assert_true (seen[c] == 0 || seen[c] == 30 - (c == 17));
    }
  g_assert_cmpuint (customers, ==, 10);
  g_autofree char *note = patron_text_render (outcome->report->notes->pdata[1]);
  g_assert_nonnull (strstr (note, "1 row without customer"));
  patron_step_outcome_free (outcome);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/sample/sizes", test_sizes);
  g_test_add_func ("/sample/random", test_random);
  g_test_add_func ("/sample/within", test_within);
  g_test_add_func ("/sample/whole", test_whole);
  return g_test_run ();
}
