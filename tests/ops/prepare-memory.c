/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every prepare step of columns, texts and rows under failing allocations and cancellation: a sentence, no crash, and the source unharmed. */
#include "ops/prepare.h"

#include "base/memory.h"

enum { N = 70000 };   /* more than a chunk */

static PatronTable *
make_table (void)
{
  PatronColumnBuilder *b[] = { patron_column_builder_new ("g", PATRON_TYPE_CATEGORY), patron_column_builder_new ("t", PATRON_TYPE_TEXT),
                               patron_column_builder_new ("x", PATRON_TYPE_NUMBER),   patron_column_builder_new ("k", PATRON_TYPE_INTEGER),
                               patron_column_builder_new ("d", PATRON_TYPE_DATE) };
  for (int i = 0; i < N; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d-%c", i % 300, 'a' + i % 7);
      patron_column_builder_append_text (b[0], (const char *[]) { "North", "south ", "East" }[i % 3]);
      patron_column_builder_append_text (b[1], i % 11 == 0 ? NULL : text);
      patron_column_builder_append_number (b[2], i % 13 == 0 ? (double) NAN : i * 0.25);
      patron_column_builder_append_int64 (b[3], i % 100);
      patron_column_builder_append_int64 (b[4], 15000 + i % 1000);
    }
  GPtrArray *columns = g_ptr_array_new ();
  for (guint c = 0; c < G_N_ELEMENTS (b); c++)
    g_ptr_array_add (columns, patron_column_builder_finish (b[c]));
  return patron_table_new_take ("t", columns);
}

static const struct { const char *op, *settings; } steps[] = {
  { "compute", "name=y\nformula=x - mean (x) over (g, k)" },
  { "compute", "name=y\nformula=lag (t, 2) over (g order by d desc, x)" },
  { "compute", "name=y\nformula=rank (x) over (k) + count_distinct (t) over (g)" },
  { "compute", "name=y\nformula=upper (t) & text (d, \"%Y-%m\")" },
  { "compute", "name=y\nformula=if (x > 3, extract (t, \"[0-9]+\"), coalesce (t, g))" },
  { "sort", "columns=g;x\nreversed=x" },
  { "sample", "share=0.2\nwithin=g" },
  { "sample", "rows=7\nwhole=t" },
  { "missing-codes", "columns=x;k\ncodes=3;90.." },
  { "missing-codes", "columns=t\ncodes=1-b" },
  { "drop-sparse", "" },
  { "recode", "column=g\npairs=North=1;East=2\nrest=missing" },
  { "recode", "column=k\npairs=..10=low;11..=high" },
  { "merge-rare", "columns=t\nmost=5" },
  { "retype", "columns=t\ntype=date" },
  { "retype", "columns=k;x;d\ntype=category" },
  { "retype", "columns=k\ntype=date\nnumbers=seconds" },
  { "split-text", "column=t\ndelimiter=-" },
  { "split-text", "column=t\nby=pattern\npattern=([0-9]+)-(.)\npart=2" },
  { "join-text", "columns=g;k;d\nname=j" },
  { "date-parts", "column=d\nmonth=true\nyear-month=true\nas-of=2024-01-01" },
  { "text-clean", "columns=g;t\nletters=lower" },
};

static void
test_memory (gconstpointer data)
{
  guint s = GPOINTER_TO_UINT (data);
  g_autoptr (PatronTable) table = make_table ();
  gboolean done = FALSE;
  for (int k = 1; !done && k < 200; k++)
    {
      g_autoptr (GError) error = NULL;
      patron_memory_fail_after (k);
      g_autoptr (PatronTable) result = prepare_try (table, steps[s].op, steps[s].settings, 1, NULL, &error);
      patron_memory_fail_after (0);
      done = result != NULL;
      g_assert_true ((result != NULL) == (error == NULL));
      if (!done)
        g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
    }
  g_assert_true (done);
}

static void
test_cancel (gconstpointer data)
{
  guint s = GPOINTER_TO_UINT (data);
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_step_free);
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (list, prepare_step (steps[s].op, steps[s].settings));
  patron_run_cancel (run);
  g_autoptr (PatronTable) result = patron_engine_prepare_table (table, list, NULL, NULL, run, NULL, &error);
  g_assert_null (result);
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

/* The same values at any number of threads. */
static void
test_threads (gconstpointer data)
{
  guint s = GPOINTER_TO_UINT (data);
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) one = prepare_try (table, steps[s].op, steps[s].settings, 1, NULL, NULL);
  g_autoptr (PatronTable) four = prepare_try (table, steps[s].op, steps[s].settings, 4, NULL, NULL);
  g_assert_cmpuint (patron_table_n_rows (one), ==, patron_table_n_rows (four));
  g_assert_cmpuint (patron_table_n_columns (one), ==, patron_table_n_columns (four));
  for (guint c = 0; c < patron_table_n_columns (one); c++)
    {
      PatronColumn *a = patron_table_column (one, c), *b = patron_table_column (four, c);
      g_assert_cmpint (patron_column_get_type (a), ==, patron_column_get_type (b));
      g_assert_cmpmem (patron_column_values (a, NULL), patron_column_get_length (a) * patron_type_size (patron_column_get_type (a)),
                       patron_column_values (b, NULL), patron_column_get_length (b) * patron_type_size (patron_column_get_type (b)));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  for (guint s = 0; s < G_N_ELEMENTS (steps); s++)
    {
      g_autofree char *memory = g_strdup_printf ("/prepare-memory/memory/%s-%u", steps[s].op, s);
      g_autofree char *cancel = g_strdup_printf ("/prepare-memory/cancel/%s-%u", steps[s].op, s);
      g_autofree char *threads = g_strdup_printf ("/prepare-memory/threads/%s-%u", steps[s].op, s);
      g_test_add_data_func (memory, GUINT_TO_POINTER (s), test_memory);
      g_test_add_data_func (cancel, GUINT_TO_POINTER (s), test_cancel);
      g_test_add_data_func (threads, GUINT_TO_POINTER (s), test_threads);
    }
  return g_test_run ();
}
