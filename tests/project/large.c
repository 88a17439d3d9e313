/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/init.h"
#include "base/memory.h"
#include "project/project.h"
#include "project/store-support.h"
#include "table/join-rows.h"
#include "table/sort-rows.h"

#include <sqlite3.h>

/* Tables of more chunks than are encoded together, and of more values than may be in memory, by a budget that makes that few. */
#define BUDGET "24M"
enum { N_ROWS = 40 * PATRON_CHUNK_ROWS + 17 };

static gint64
value_of (guint32 row)
{
  return (gint64) (row * G_GUINT64_CONSTANT (2654435761) % 1000003);
}

static PatronTable *
make_table (const char *name)
{
  g_autoptr (GError) error = NULL;
  gint64 *values = patron_try_alloc_values (N_ROWS, sizeof *values, "values", &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < N_ROWS; i++)
    values[i] = value_of ((guint32) i);
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (columns, patron_column_new_take ("amount", PATRON_TYPE_INTEGER, N_ROWS, values, NULL));
  return patron_table_new_take (name, columns);
}

static gint64
count_chunks (const char *path)
{
  sqlite3 *db;
  sqlite3_stmt *row;
  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT count(*) FROM chunk", -1, &row, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  gint64 n = sqlite3_column_int64 (row, 0);
  sqlite3_finalize (row);
  sqlite3_close (db);
  return n;
}

/* Saved in several batches; the same values again take no more room, though the first of their chunks were in the file by then. */
static void
test_batches (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = support_folder ();
  g_autofree char *path = g_build_filename (folder, "large.patron", NULL);
  g_autoptr (PatronProject) project = patron_project_create (path, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PatronTable) table = make_table (i == 0 ? "first" : "second");
      g_assert_cmpint (patron_project_add_table (project, table, NULL, NULL, &error), !=, 0);
      g_assert_no_error (error);
    }
  support_assert_sound (project);
  g_clear_pointer (&project, patron_project_unref);
  g_assert_cmpint (count_chunks (path), ==, 41);
  project = patron_project_open (path, TRUE, &error);
  g_assert_no_error (error);
  g_autoptr (PatronTable) expected = make_table ("second");
  g_autoptr (PatronTable) second = patron_project_find_table (project, "second", &error);
  g_assert_no_error (error);
  support_assert_equal (expected, second);
  g_clear_pointer (&project, patron_project_unref);
  support_remove_folder (folder);
}

/* Sorted, joined with itself and stored, while nearly everything lies in files. */
static void
test_beyond_budget (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = support_folder ();
  g_autofree char *path = g_build_filename (folder, "large.patron", NULL);
  g_autoptr (PatronProject) project = patron_project_create (path, &error);
  g_assert_no_error (error);
  g_autoptr (PatronTable) made = make_table ("first");
  gint64 id = patron_project_add_table (project, made, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (PatronTable) table = patron_project_get_table (project, id, &error);
  PatronColumn *amount = patron_table_column (table, 0);

  PatronSortKey key = { .column = amount, .descending = TRUE };
  guint32 *rows = patron_sort_rows (&key, 1, NULL, 0, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (PatronTable) sorted = patron_table_take_rows (table, rows, N_ROWS, NULL, &error);
  g_assert_no_error (error);
  id = patron_project_add_table (project, sorted, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (PatronTable) stored = patron_project_get_table (project, id, &error);
  const gint64 *values = patron_column_int64s (patron_table_column (stored, 0), &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < N_ROWS; i++)
    g_assert_cmpint (values[i], ==, value_of (rows[i]));
  for (gsize i = 1; i < N_ROWS; i++)
    g_assert_true (values[i] < values[i - 1] || (values[i] == values[i - 1] && rows[i] > rows[i - 1]));
  patron_free (rows);

  g_autoptr (PatronJoin) join = patron_join_new (&amount, N_ROWS, &amount, N_ROWS, 1, NULL, &error);
  g_assert_no_error (error);
  guint32 *left, *right;
  gsize n;
  g_assert_true (patron_join_rows (join, PATRON_JOIN_INNER, &left, &right, &n, NULL, &error));
  g_autoptr (PatronColumn) here = patron_column_take_or_missing (amount, NULL, left, n, NULL, &error);
  g_autoptr (PatronColumn) there = patron_column_take_or_missing (amount, NULL, right, n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (patron_column_values (here, NULL), n * sizeof (gint64), patron_column_values (there, NULL), n * sizeof (gint64));
  /* Each of the first 1,000,003 rows has another value; then they repeat. */
  g_assert_cmpuint (n, >, 2 * N_ROWS);
  patron_free (left);
  patron_free (right);
  g_clear_pointer (&stored, patron_table_unref);
  g_clear_pointer (&sorted, patron_table_unref);
  g_clear_pointer (&table, patron_table_unref);
  g_clear_pointer (&project, patron_project_unref);
  support_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  patron_init ();
  g_setenv ("PATRON_MEMORY", BUDGET, TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/project/large/batches", test_batches);
  g_test_add_func ("/project/large/beyond-budget", test_beyond_budget);
  return g_test_run ();
}
