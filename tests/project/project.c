/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project.h"
#include "base/init.h"
#include "project/store-support.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct
{
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = support_folder ();
  fixture->path = g_build_filename (fixture->folder, "sales.patron", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  support_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static PatronProject *
create (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PatronProject *project = patron_project_create (fixture->path, &error);
  g_assert_no_error (error);
  return project;
}

static PatronProject *
reopen (Fixture *fixture, gboolean read_only)
{
  g_autoptr (GError) error = NULL;
  PatronProject *project = patron_project_open (fixture->path, read_only, &error);
  g_assert_no_error (error);
  return project;
}

static gint64
add (PatronProject *project, PatronTable *table)
{
  g_autoptr (GError) error = NULL;
  gint64 id = patron_project_add_table (project, table, "file=orders.csv", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, !=, 0);
  return id;
}

static char *
list_names (PatronProject *project)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = patron_project_list_tables (project, &error);
  g_assert_no_error (error);
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "", ((PatronTableInfo *) g_ptr_array_index (list, i))->name);
  return g_string_free (names, FALSE);
}

static void
assert_names (PatronProject *project, const char *expected)
{
  g_autofree char *names = list_names (project);
  g_assert_cmpstr (names, ==, expected);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = { 0, 1, 1000, PATRON_CHUNK_ROWS, PATRON_CHUNK_ROWS + 1, 2 * PATRON_CHUNK_ROWS + 12345 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_table_unref);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *name = g_strdup_printf ("table %u", i);
      PatronTable *table = support_table (name, sizes[i], i);
      g_ptr_array_add (tables, table);
      add (project, table);
    }
  support_assert_sound (project);
  g_clear_pointer (&project, patron_project_unref);
  project = reopen (fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      PatronTable *table = g_ptr_array_index (tables, i);
      g_autoptr (PatronTable) back = patron_project_find_table (project, patron_table_get_name (table), &error);
      g_assert_no_error (error);
      if (sizes[i] > 0)
        g_assert_false (patron_column_is_resident (patron_table_column (back, 0)));
      support_assert_equal (table, back);
    }
}

static void
test_parts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (PatronTable) table = support_table ("orders", 2 * PATRON_CHUNK_ROWS + 500, 3);
  g_autoptr (PatronTable) back = patron_project_get_table (project, add (project, table), &error);
  g_assert_no_error (error);
  static const struct { gsize start, n; } parts[] = { { 0, 1 }, { 65535, 2 }, { 65536, 65536 }, { 100, 131000 }, { 131571, 1 }, { 131000, 572 } };
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
      {
        gsize size = patron_type_size (patron_column_get_type (patron_table_column (table, c)));
        g_autofree guint8 *out = g_malloc (parts[p].n * size);
        const guint8 *values = patron_column_values (patron_table_column (table, c), NULL);
        g_assert_true (patron_column_read (patron_table_column (back, c), parts[p].start, parts[p].n, out, &error));
        g_assert_cmpmem (out, parts[p].n * size, values + parts[p].start * size, parts[p].n * size);
        g_assert_false (patron_column_is_resident (patron_table_column (back, c)));
      }
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (PatronTable) table = support_table ("订单 “x”", 10, 0);
  gint64 first = add (project, table);
  gint64 second = add (project, table);
  assert_names (project, "订单 “x”,订单 “x” 2");
  g_assert_false (patron_project_rename_table (project, second, "订单 “x”", &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_clear_error (&error);
  g_assert_false (patron_project_rename_table (project, 999, "other", &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_clear_error (&error);
  g_assert_null (patron_project_find_table (project, "other", &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_clear_error (&error);
  g_assert_true (patron_project_remove_table (project, first, NULL));
  g_assert_true (patron_project_rename_table (project, second, "订单 “x”", &error));
  assert_names (project, "订单 “x”");
  support_assert_sound (project);
}

static gint64
file_size (const char *path)
{
  GStatBuf info;
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_size;
}

/* A table that came from the project, and one equal to what is there, take next to no room. */
static void
test_sharing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (PatronTable) table = support_table ("orders", 150000, 1);
  gint64 id = add (project, table);
  gint64 before = file_size (fixture->path);
  g_autoptr (PatronTable) stored = patron_project_get_table (project, id, &error);
  const char *names[] = { "number", "text", NULL };
  g_autoptr (PatronTable) part = patron_table_select (stored, names, &error);
  g_assert_no_error (error);
  add (project, part);
  g_autoptr (PatronTable) again = support_table ("again", 150000, 1);
  gint64 copy = add (project, again);
  g_assert_cmpint (file_size (fixture->path) - before, <, 100000);
  g_assert_false (patron_column_is_resident (patron_table_column (stored, 0)));
  g_autoptr (PatronTable) back = patron_project_get_table (project, copy, &error);
  support_assert_equal (table, back);
  /* Another column with the strings of a stored one. */
  guint32 rows[] = { 5, 100000, 7 };
  g_autoptr (PatronTable) few = patron_table_take_rows (stored, rows, 3, NULL, &error);
  g_assert_no_error (error);
  add (project, few);
  g_assert_cmpint (file_size (fixture->path) - before, <, 150000);
  support_assert_sound (project);
}

static PatronReport *
make_report (void)
{
  PatronReport *report = patron_report_new ("rfm");
  patron_report_set_title (report, patron_text (("Segments"), NULL));
  patron_report_add_figure (report, "customers", patron_text (("Customers"), NULL), PATRON_FORMAT_COUNT, 12345);
  report->source = g_strdup ("orders");
  return report;
}

static void
test_runs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (PatronReport) report = make_report ();
  g_autoptr (PatronTable) result = support_table ("customers", 77, 0);
  g_autofree char *big = g_strnfill (3 << 20, 'm');
  for (gsize i = 0; i < 3 << 20; i++)
    big[i] = (char) (i * i >> 3);
  g_autoptr (GBytes) model = g_bytes_new (big, 3 << 20);
  gint64 id = patron_project_add_run (project, "RFM", "[run]\nop=rfm\n", report, result, model, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&project, patron_project_unref);
  project = reopen (fixture, FALSE);
  g_autoptr (GPtrArray) runs = patron_project_list_runs (project, &error);
  g_assert_cmpuint (runs->len, ==, 1);
  PatronRunInfo *info = g_ptr_array_index (runs, 0);
  g_assert_cmpstr (info->name, ==, "RFM");
  g_assert_cmpstr (info->op, ==, "rfm");
  g_assert_cmpstr (info->table, ==, "orders");
  g_autoptr (PatronReport) back = patron_project_get_report (project, id, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (patron_report_find_figure (back, "customers")->value, ==, 12345);
  g_autofree char *recipe = patron_project_get_recipe (project, id, &error);
  g_assert_cmpstr (recipe, ==, "[run]\nop=rfm\n");
  g_autoptr (GBytes) stored = patron_project_find_model (project, "RFM", &error);
  g_assert_true (g_bytes_equal (stored, model));
  g_autoptr (PatronTable) table = patron_project_get_table (project, info->result_table, &error);
  support_assert_equal (result, table);
  /* One step takes all of it away and brings all of it back. */
  g_assert_true (patron_project_undo (project, &error));
  assert_names (project, "");
  g_assert_null (patron_project_find_model (project, "RFM", NULL));
  g_assert_true (patron_project_redo (project, &error));
  assert_names (project, "customers");
  g_assert_true (patron_project_rename_run (project, id, "Segments", &error));
  g_assert_true (patron_project_remove_run (project, id, &error));
  assert_names (project, "");
  support_assert_sound (project);
}

/* The history across restarts. */
static void
test_history (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (PatronTable) table = support_table ("a", 100, 0);
  g_assert_false (patron_project_can_undo (project));
  g_assert_null (patron_project_undo_label (project));
  gint64 id = add (project, table);
  g_assert_true (patron_project_rename_table (project, id, "b", &error));
  g_assert_true (patron_project_set_setting (project, "roles", "customer=客户", &error));
  g_assert_true (patron_project_set_setting (project, "roles", "customer=客户", &error));   /* no change, no step */
  g_assert_true (patron_project_keep_setting (project, "typed", "first", &error));
  g_assert_true (patron_project_keep_setting (project, "typed", "second", &error));      /* a change, no step */
  g_assert_true (patron_project_remove_table (project, id, &error));
  static const struct { const char *label, *names, *setting; } states[] = {
    { NULL, "", NULL }, { "Import “a”", "a", NULL }, { "Rename “a” to “b”", "b", NULL }, { "Change a setting", "b", "customer=客户" },
    { "Remove the table “b”", "", "customer=客户" },
  };
  for (int round = 0; round < 2; round++)
    {
      for (int i = 4; i >= 0; i--)
        {
          g_clear_pointer (&project, patron_project_unref);
          project = reopen (fixture, FALSE);
          g_autofree char *label = patron_project_undo_label (project);
          g_autofree char *setting = patron_project_get_setting (project, "roles");
          g_assert_cmpstr (label, ==, states[i].label);
          g_assert_cmpstr (setting, ==, states[i].setting);
          assert_names (project, states[i].names);
          g_assert_cmpint (patron_project_can_undo (project), ==, i > 0);
          g_assert_cmpint (patron_project_undo (project, i > 0 ? &error : NULL), ==, i > 0);
        }
      for (int i = 1; i < 5; i++)
        {
          g_autofree char *label = patron_project_redo_label (project);
          g_assert_cmpstr (label, ==, states[i].label);
          g_assert_true (patron_project_redo (project, &error));
          assert_names (project, states[i].names);
        }
      g_assert_false (patron_project_can_redo (project));
    }
  /* Something new ends what could be redone. */
  g_assert_true (patron_project_undo (project, &error));
  add (project, table);
  g_assert_false (patron_project_can_redo (project));
  assert_names (project, "b,a");
  support_assert_sound (project);
}

static void
test_compact (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (PatronTable) large = support_table ("large", 200000, 1);
  g_autoptr (PatronTable) small = support_table ("small", 1000, 2);
  gint64 large_id = add (project, large);
  gint64 small_id = add (project, small);
  g_autoptr (PatronTable) held = patron_project_get_table (project, large_id, &error);
  g_assert_true (patron_project_remove_table (project, large_id, &error));
  /* What columns in memory still read is kept … */
  g_assert_true (patron_project_compact (project, &error));
  g_assert_no_error (error);
  support_assert_equal (large, held);
  gint64 before = file_size (fixture->path);
  g_clear_pointer (&held, patron_table_unref);
  /* … until they are gone. */
  g_assert_true (patron_project_compact (project, &error));
  g_assert_cmpint (file_size (fixture->path), <, before / 5);
  g_assert_false (patron_project_can_undo (project));
  support_assert_sound (project);
  g_autoptr (PatronTable) back = patron_project_get_table (project, small_id, &error);
  support_assert_equal (small, back);
}

static void
test_save_as (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = patron_project_new_untitled (&error);
  g_assert_no_error (error);
  g_assert_true (patron_project_is_untitled (project));
  g_autofree char *former = g_strdup (patron_project_get_path (project));
  g_autoptr (PatronTable) table = support_table ("orders", 70000, 0);
  gint64 id = add (project, table);
  g_autoptr (PatronTable) lazy = patron_project_get_table (project, id, &error);
  g_assert_true (patron_project_save_as (project, fixture->path, &error));
  g_assert_no_error (error);
  g_assert_false (patron_project_is_untitled (project));
  g_assert_cmpstr (patron_project_get_path (project), ==, fixture->path);
  g_assert_false (g_file_test (former, G_FILE_TEST_EXISTS));
  /* Columns of before the move go on reading. */
  support_assert_equal (table, lazy);
  add (project, table);
  support_assert_sound (project);
  /* Over an older file. */
  g_autofree char *other = g_build_filename (fixture->folder, "other.patron", NULL);
  g_assert_true (g_file_set_contents (other, "something else", -1, NULL));
  g_assert_true (patron_project_save_as (project, other, &error));
  g_assert_no_error (error);
  g_assert_true (patron_project_undo (project, &error));
  assert_names (project, "orders");
  g_clear_pointer (&lazy, patron_table_unref);
  g_clear_pointer (&project, patron_project_unref);
  project = reopen (fixture, FALSE);
  assert_names (project, "orders,orders 2");
}

static void
test_recoverable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = support_table ("orders", 100, 0);
  g_assert_cmpint (support_run_child ("leave-untitled", ""), ==, 0);
  g_autoptr (PatronProject) open = patron_project_new_untitled (&error);
  add (open, table);
  g_autoptr (GPtrArray) paths = patron_project_list_recoverable ();
  g_assert_cmpuint (paths->len, ==, 1);
  g_autoptr (PatronProject) project = patron_project_open (g_ptr_array_index (paths, 0), FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (patron_project_is_untitled (project));
  assert_names (project, "orders");
  g_clear_pointer (&project, patron_project_unref);
  g_autoptr (GPtrArray) none = patron_project_list_recoverable ();
  g_assert_cmpuint (none->len, ==, 0);
}

/* ---- refusals ----------------------------------------------------------------------------------------------- */

static void
assert_refused (const char *path, gboolean read_only, PatronErrorCode code, const char *pattern)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = patron_project_open (path, read_only, &error);
  g_assert_null (project);
  g_assert_error (error, PATRON_ERROR, (int) code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
}

static void
execute (const char *path, const char *sql)
{
  sqlite3 *db;
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  char *message = NULL;
  int code = sqlite3_exec (db, sql, NULL, NULL, &message);
  if (code != SQLITE_OK)
    g_error ("%s: %s", sql, message);
  sqlite3_close (db);
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_build_filename (fixture->folder, "notes.patron", NULL);
  g_autofree char *empty = g_build_filename (fixture->folder, "empty.patron", NULL);
  g_autofree char *foreign = g_build_filename (fixture->folder, "foreign.patron", NULL);
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.patron", NULL);
  g_file_set_contents (text, "customer,amount\n1,2\n", -1, NULL);
  g_file_set_contents (empty, "", 0, NULL);
  execute (foreign, "CREATE TABLE t (x)");
  assert_refused (text, FALSE, PATRON_ERROR_INPUT, "*notes.patron*not a Patron project*");
  assert_refused (empty, FALSE, PATRON_ERROR_INPUT, "*empty.patron*not a Patron project*");
  assert_refused (foreign, TRUE, PATRON_ERROR_INPUT, "*foreign.patron*not a Patron project*");
  assert_refused (missing, TRUE, PATRON_ERROR_INPUT, "*missing.patron*does not exist*");
  assert_refused (fixture->folder, TRUE, PATRON_ERROR_INPUT, "*is a folder*");
  patron_project_unref (create (fixture));
  g_assert_null (patron_project_create (fixture->path, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE);
  execute (fixture->path, "PRAGMA user_version=99");
  assert_refused (fixture->path, FALSE, PATRON_ERROR_INPUT, "*newer Patron*");
}

/* A project of someone else's making: anything more or less than our own tables. */
static void
test_hostile_schema (Fixture *fixture, gconstpointer data)
{
  static const char *const attacks[] = {
    "CREATE TRIGGER t AFTER INSERT ON chunk BEGIN DELETE FROM run; END", "CREATE VIEW v AS SELECT 1", "CREATE TABLE more (x)",
    "CREATE INDEX i ON run (hex (name))", "DROP TABLE lease", "DROP INDEX series_hash", "ALTER TABLE run ADD COLUMN more TEXT",
    "CREATE VIRTUAL TABLE f USING fts5 (x)",
  };
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      patron_project_unref (create (fixture));
      execute (fixture->path, attacks[i]);
      assert_refused (fixture->path, FALSE, PATRON_ERROR_DAMAGED, "*tables are not those of a Patron project*");
      g_unlink (fixture->path);
    }
}

static void
test_two_openers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) first = create (fixture);
  g_autoptr (PatronTable) table = support_table ("orders", 100, 0);
  assert_refused (fixture->path, FALSE, PATRON_ERROR_STORAGE, "*open in another Patron*");
  g_autoptr (PatronProject) second = reopen (fixture, TRUE);
  guint64 serial = patron_project_get_serial (second);
  add (first, table);
  assert_names (second, "orders");
  g_assert_cmpuint (patron_project_get_serial (second), !=, serial);
  g_assert_cmpint (patron_project_add_table (second, table, NULL, NULL, &error), ==, 0);
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE);
  g_clear_error (&error);
  /* Another process sees the same, and a dead one bars nobody. */
  g_assert_cmpint (support_run_child ("open", fixture->path), ==, 1);
  g_clear_pointer (&second, patron_project_unref);
  g_clear_pointer (&first, patron_project_unref);
  g_assert_cmpint (support_run_child ("open", fixture->path), ==, 0);
  first = reopen (fixture, FALSE);
  assert_names (first, "orders");
}

/* In a child that is not root: a file and a folder that cannot be written. */
static void
test_read_only_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PatronTable) table = support_table ("orders", 100, 0);
  g_autoptr (PatronProject) project = create (fixture);
  add (project, table);
  g_clear_pointer (&project, patron_project_unref);
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  int status = support_run_child ("read-only", fixture->path);
  g_chmod (fixture->folder, 0755);
  if (status == 77)
    g_test_skip ("cannot become an ordinary user");
  else
    g_assert_cmpint (status, ==, 0);
}

/* The limit on the size of files stands in for a full disk: the write fails, what was there stays, small changes still work. */
static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  patron_project_unref (create (fixture));
  g_assert_cmpint (support_run_child ("disk-full", fixture->path), ==, 0);
  g_autoptr (PatronProject) project = reopen (fixture, FALSE);
  assert_names (project, "small");
  support_assert_sound (project);
}

/* ---- threads ------------------------------------------------------------------------------------------------ */

static gpointer
read_all (gpointer data)
{
  PatronTable *table = data;
  gsize n = patron_table_n_rows (table);
  for (guint i = 0; i < 200; i++)
    {
      PatronColumn *column = patron_table_column (table, i % patron_table_n_columns (table));
      gint64 value;
      g_autoptr (GError) error = NULL;
      patron_column_read (column, (i * 7919) % n, 1, &value, &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    g_assert_nonnull (patron_column_values (patron_table_column (table, i), NULL));
  return NULL;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (PatronTable) table = support_table ("orders", 150000, 0);
  gint64 id = add (project, table);
  g_autoptr (PatronTable) shared = patron_project_get_table (project, id, &error);
  GThread *threads[6];
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_all, shared);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (PatronTable) other = support_table ("other", 20000, i);
      add (project, other);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  support_assert_equal (table, shared);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronProject) project = create (fixture);
  g_autoptr (PatronTable) table = support_table ("orders", 100000, 0);
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  patron_run_cancel (run);
  g_assert_cmpint (patron_project_add_table (project, table, NULL, run, &error), ==, 0);
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
  assert_names (project, "");
  add (project, table);
  support_assert_sound (project);
}

/* ---- what a second process does ----------------------------------------------------------------------------- */

/* Ends at once, without closing, as a crash does. */
static int
child_leave_untitled (const char *path)
{
  PatronTable *table = support_table ("orders", 100, 0);
  PatronProject *project = patron_project_new_untitled (NULL);
  _exit (project != NULL && patron_project_add_table (project, table, NULL, NULL, NULL) != 0 ? 0 : 1);
}

static int
child_open (const char *path)
{
  GError *error = NULL;
  if (patron_project_open (path, FALSE, &error) != NULL)
    return 0;
  return g_error_matches (error, PATRON_ERROR, PATRON_ERROR_STORAGE) ? 1 : 2;
}

static int
child_read_only (const char *path)
{
  GError *error = NULL;
  if (geteuid () == 0 && setuid (65534) != 0)
    return 77;
  if (patron_project_open (path, FALSE, &error) != NULL || !g_error_matches (error, PATRON_ERROR, PATRON_ERROR_STORAGE))
    return 1;
  g_clear_error (&error);
  PatronProject *project = patron_project_open (path, TRUE, &error);
  PatronTable *back = project != NULL ? patron_project_find_table (project, "orders", &error) : NULL;
  return back != NULL && patron_column_values (patron_table_column (back, 0), NULL) != NULL ? 0 : 2;
}

static int
child_disk_full (const char *path)
{
  GError *error = NULL;
  PatronTable *small = support_table ("small", 1000, 0), *large = support_table ("large", 400000, 1);
  struct rlimit limit = { 2 << 20, 2 << 20 };
  setrlimit (RLIMIT_FSIZE, &limit);
  PatronProject *project = patron_project_open (path, FALSE, &error);
  if (project == NULL || patron_project_add_table (project, small, NULL, NULL, &error) == 0)
    return 1;
  gint64 id = patron_project_add_table (project, large, NULL, NULL, &error);
  if (id != 0 || !g_error_matches (error, PATRON_ERROR, PATRON_ERROR_STORAGE)
      || strstr (error->message, "no room left") == NULL)
    return 2;
  g_clear_error (&error);
  if (!patron_project_check (project, NULL, NULL, &error) || !patron_project_set_setting (project, "after", "works", &error))
    return 3;
  patron_project_unref (project);
  return 0;
}

static int
run_child (const char *name, const char *path)
{
  static const struct { const char *name; int (*run) (const char *path); } children[] = {
    { "leave-untitled", child_leave_untitled }, { "open", child_open }, { "read-only", child_read_only }, { "disk-full", child_disk_full },
  };
  patron_init ();
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    if (strcmp (children[i].name, name) == 0)
      return children[i].run (path);
  return 99;
}

#define TEST(name, function) g_test_add ("/project/project/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    _exit (run_child (argv[2], argv[3]));   /* children end as crashes do */
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  patron_init ();
  TEST ("round-trip", test_round_trip);
  TEST ("parts", test_parts);
  TEST ("names", test_names);
  TEST ("sharing", test_sharing);
  TEST ("runs", test_runs);
  TEST ("history", test_history);
  TEST ("compact", test_compact);
  TEST ("save-as", test_save_as);
  TEST ("recoverable", test_recoverable);
  TEST ("refusals", test_refusals);
  TEST ("hostile-schema", test_hostile_schema);
  TEST ("two-openers", test_two_openers);
  TEST ("read-only-file", test_read_only_file);
  TEST ("disk-full", test_disk_full);
  TEST ("threads", test_threads);
  TEST ("cancel", test_cancel);
  return g_test_run ();
}
