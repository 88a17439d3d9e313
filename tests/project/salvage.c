/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project.h"

#include "base/init.h"
#include "project/store-support.h"

#include <sqlite3.h>

/* A project of 140,000 orders with a report, damaged in one way or another. */

typedef struct
{
  char        *folder, *path, *fresh;
  PatronTable *orders;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->folder = support_folder ();
  fixture->path = g_build_filename (fixture->folder, "p.patron", NULL);
  fixture->fresh = g_build_filename (fixture->folder, "fresh.patron", NULL);
  fixture->orders = support_table ("orders", 140000, 1);
  g_autoptr (PatronTable) small = support_table ("small", 50, 2);
  g_autoptr (PatronReport) report = patron_report_new ("rfm");
  g_autoptr (PatronProject) project = patron_project_create (fixture->path, &error);
  patron_project_add_table (project, fixture->orders, "orders.csv", NULL, &error);
  patron_project_add_table (project, small, NULL, NULL, &error);
  patron_project_add_run (project, "RFM", "[run]\nop=rfm\n", report, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  patron_table_unref (fixture->orders);
  support_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->fresh);
}

static void
damage (Fixture *fixture, const char *sql)
{
  sqlite3 *db;
  char *message = NULL;
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
  sqlite3_close (db);
}

static char *
read_file (const char *path, gsize *length)
{
  char *bytes;
  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return bytes;
}

static void
assert_named (GPtrArray *damages, const char *pattern)
{
  for (guint i = 0; i < damages->len; i++)
    if (g_pattern_match_simple (pattern, damages->pdata[i]))
      return;
  g_error ("none of %u damages matches “%s”; the first is “%s”", damages->len, pattern, damages->len > 0 ? (char *) damages->pdata[0] : "");
}

/* One chunk of one column: its rows are missing, all else is there. */
static void
test_chunk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) damages = NULL;
  gsize before, after;
  /* Chunks 1 to 6 are texts; 7 to 9 the first column, a number. */
  damage (fixture, "UPDATE chunk SET data = zeroblob (length (data)) WHERE id = 8");
  g_autofree char *bytes_before = read_file (fixture->path, &before);
  g_autoptr (PatronProject) project = patron_project_open_damaged (fixture->path, &damages, &error);
  g_assert_no_error (error);
  assert_named (damages, "*rows 65537 to 131072 of the column “number” in the table “orders”*");
  g_assert_cmpuint (damages->len, ==, 1);
  g_assert_true (patron_project_is_read_only (project));
  g_autoptr (PatronTable) back = patron_project_find_table (project, "orders", &error);
  g_assert_no_error (error);
  gsize lost = 0;
  for (guint c = 0; c < patron_table_n_columns (back); c++)
    for (gsize row = 0; row < 140000; row += 997)
      {
        g_autofree char *is = patron_column_format (patron_table_column (back, c), row), *was = patron_column_format (patron_table_column (fixture->orders, c), row);
        if (strcmp (is, was) == 0)
          continue;
        g_assert_true (patron_column_is_missing (patron_table_column (back, c), row));
        lost++;
      }
  g_assert_cmpuint (lost, >, 0);
  g_assert_cmpuint (lost, <=, PATRON_CHUNK_ROWS / 997 + 1);
  g_assert_true (patron_project_salvage (project, fixture->fresh, NULL, &error));
  g_assert_no_error (error);
  g_autofree char *bytes_after = read_file (fixture->path, &after);
  g_assert_cmpmem (bytes_before, before, bytes_after, after);
  g_autoptr (PatronProject) fresh = patron_project_open (fixture->fresh, FALSE, &error);
  g_assert_no_error (error);
  support_assert_sound (fresh);
  g_autoptr (GPtrArray) tables = patron_project_list_tables (fresh, &error), runs = patron_project_list_runs (fresh, &error);
  g_assert_cmpuint (tables->len, ==, 2);
  g_assert_cmpuint (runs->len, ==, 1);
}

static void
test_texts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) damages = NULL;
  damage (fixture, "UPDATE chunk SET data = zeroblob (length (data)) WHERE id = 1");   /* a dictionary's lengths: they are stored first */
  g_autoptr (PatronProject) project = patron_project_open_damaged (fixture->path, &damages, &error);
  g_assert_no_error (error);
  assert_named (damages, "The column “category” in the table “orders” is lost*");
  g_autoptr (PatronTable) back = patron_project_find_table (project, "orders", &error);
  g_assert_cmpuint (patron_table_n_columns (back), ==, PATRON_N_TYPES - 1);
}

static void
test_catalogue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) damages = NULL;
  damage (fixture, "UPDATE data_column SET name = 'x' WHERE id = 2; UPDATE data_table SET name = 'y' WHERE id = 2; UPDATE run SET op = 'z'");
  g_assert_null (patron_project_open (fixture->path, FALSE, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED);
  g_clear_error (&error);
  g_autoptr (PatronProject) project = patron_project_open_damaged (fixture->path, &damages, &error);
  g_assert_no_error (error);
  assert_named (damages, "*data_column*");
  assert_named (damages, "*data_table*");
  assert_named (damages, "*“run”*");
  g_autoptr (GPtrArray) tables = patron_project_list_tables (project, &error), runs = patron_project_list_runs (project, &error);
  g_assert_cmpuint (tables->len, ==, 1);
  g_assert_cmpuint (runs->len, ==, 0);
  g_assert_true (patron_project_salvage (project, fixture->fresh, NULL, &error));
  g_autoptr (PatronProject) fresh = patron_project_open (fixture->fresh, TRUE, &error);
  support_assert_sound (fresh);
}

/* Once damage is met, nothing is written any more. */
static void
test_never_written (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gsize before, after;
  damage (fixture, "UPDATE chunk SET data = zeroblob (length (data)) WHERE id = 8");
  g_autoptr (PatronProject) project = patron_project_open (fixture->path, FALSE, &error);
  g_assert_no_error (error);
  g_autofree char *bytes_before = read_file (fixture->path, &before);
  g_autoptr (PatronTable) table = patron_project_find_table (project, "orders", &error);
  g_assert_null (patron_column_values (patron_table_column (table, 0), &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_false (patron_project_set_setting (project, "a", "b", &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED);
  g_autofree char *bytes_after = read_file (fixture->path, &after);
  g_assert_cmpmem (bytes_before, before, bytes_after, after);
}

static void
test_sound (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) damages = NULL;
  g_autoptr (PatronProject) project = patron_project_open_damaged (fixture->path, &damages, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (damages->len, ==, 0);
  g_autoptr (PatronTable) back = patron_project_find_table (project, "orders", &error);
  support_assert_equal (fixture->orders, back);
  g_autofree char *text = g_build_filename (fixture->folder, "text", NULL);
  g_file_set_contents (text, "customer,amount\n", -1, NULL);
  g_assert_null (patron_project_open_damaged (text, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_INPUT);
}

int
main (int argc, char **argv)
{
  patron_init ();
  g_test_init (&argc, &argv, NULL);
#define TEST(path, function) g_test_add ("/project/salvage/" path, Fixture, NULL, set_up, function, tear_down)
  TEST ("chunk", test_chunk);
  TEST ("texts", test_texts);
  TEST ("catalogue", test_catalogue);
  TEST ("never-written", test_never_written);
  TEST ("sound", test_sound);
  return g_test_run ();
}
