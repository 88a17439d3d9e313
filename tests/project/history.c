/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project.h"

#include "base/init.h"
#include "project/store-support.h"

#include <zstd.h>

typedef struct
{
  char          *folder, *path;
  PatronProject *project;
  gint64         orders;      /* a table of 1,000 rows */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->folder = support_folder ();
  fixture->path = g_build_filename (fixture->folder, "p.patron", NULL);
  fixture->project = patron_project_create (fixture->path, &error);
  g_assert_no_error (error);
  g_autoptr (PatronTable) table = support_table ("orders", 1000, 0);
  fixture->orders = patron_project_add_table (fixture->project, table, "orders.csv", NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->project, patron_project_unref);
  support_remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&fixture->project, patron_project_unref);
  fixture->project = patron_project_open (fixture->path, FALSE, &error);
  g_assert_no_error (error);
}

static void
rename_table (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (patron_project_rename_table (fixture->project, fixture->orders, name, &error));
  g_assert_no_error (error);
}

static void
assert_name (Fixture *fixture, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = patron_project_list_tables (fixture->project, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, expected != NULL ? 1 : 0);
  if (expected != NULL)
    g_assert_cmpstr (((PatronTableInfo *) list->pdata[0])->name, ==, expected);
}

/* One line a step: id, parent, then d(one), c(urrent), n(ext). */
static void
assert_tree (Fixture *fixture, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps = patron_project_list_steps (fixture->project, &error);
  g_assert_no_error (error);
  g_autoptr (GString) tree = g_string_new (NULL);
  for (guint i = 0; i < steps->len; i++)
    {
      const PatronStepInfo *step = steps->pdata[i];
      g_string_append_printf (tree, "%s%d<%d%s%s%s", i > 0 ? " " : "", (int) step->id, (int) step->parent, step->done ? "d" : "",
                              step->current ? "c" : "", step->next ? "n" : "");
    }
  g_assert_cmpstr (tree->str, ==, expected);
}

static void
test_branches (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  rename_table (fixture, "a");
  rename_table (fixture, "b");
  g_assert_true (patron_project_undo (fixture->project, &error));
  rename_table (fixture, "c");
  assert_tree (fixture, "1<0dn 2<1dn 3<2 4<2dcn");
  assert_name (fixture, "c");
  /* To the other branch, and back; each time redo follows the branch last left. */
  g_assert_true (patron_project_go_to (fixture->project, 3, &error));
  assert_name (fixture, "b");
  assert_tree (fixture, "1<0dn 2<1dn 3<2dcn 4<2");
  g_assert_true (patron_project_undo (fixture->project, &error));
  assert_name (fixture, "a");
  assert_tree (fixture, "1<0dn 2<1dcn 3<2n 4<2");
  g_assert_true (patron_project_redo (fixture->project, &error));
  assert_name (fixture, "b");
  g_assert_true (patron_project_go_to (fixture->project, 0, &error));
  assert_name (fixture, NULL);
  g_assert_false (patron_project_can_undo (fixture->project));
  reopen (fixture);
  assert_tree (fixture, "1<0n 2<1n 3<2n 4<2");
  g_assert_true (patron_project_go_to (fixture->project, 4, &error));
  assert_name (fixture, "c");
  g_assert_true (patron_project_go_to (fixture->project, 4, &error));
  g_assert_no_error (error);
  support_assert_sound (fixture->project);
  g_assert_false (patron_project_go_to (fixture->project, 99, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  assert_name (fixture, "c");
}

/* A new start after everything was undone is a branch of the empty project. */
static void
test_second_start (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = support_table ("orders", 10, 5);
  g_assert_true (patron_project_undo (fixture->project, &error));
  g_assert_cmpint (patron_project_add_table (fixture->project, table, NULL, NULL, &error), >, 0);
  assert_tree (fixture, "1<0 2<0dcn");
  assert_name (fixture, "orders");
  g_assert_true (patron_project_go_to (fixture->project, 1, &error));
  assert_name (fixture, "orders");
  g_autoptr (PatronTable) back = patron_project_find_table (fixture->project, "orders", &error);
  g_assert_cmpuint (patron_table_n_rows (back), ==, 1000);
}

/* Every node of a random tree is reached with the state it had when it was made. */
static void
test_random_walk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  guint64 state = 7;
  g_ptr_array_add (names, g_strdup ("orders"));
  for (guint i = 0; i < 60; i++)
    {
      state = state * 6364136223846793005u + 1442695040888963407u;
      guint target = (guint) (state >> 33) % names->len;
      g_assert_true (patron_project_go_to (fixture->project, target + 1, &error));
      g_assert_no_error (error);
      assert_name (fixture, names->pdata[target]);
      g_ptr_array_add (names, g_strdup_printf ("name %u", i));
      rename_table (fixture, names->pdata[names->len - 1]);
    }
  support_assert_sound (fixture->project);
}

static void
test_labels (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronText) label = patron_text ("Keep rows where {condition}: {n}", "condition", PATRON_STRING ("“x” > '1'"), "n", PATRON_COUNT (1234), NULL);
  g_assert_true (patron_project_set_table_steps (fixture->project, fixture->orders, NULL, NULL, label, NULL, &error));
  g_assert_no_error (error);
  rename_table (fixture, "sales");
  g_autoptr (PatronReport) report = patron_report_new ("rfm");
  gint64 run = patron_project_add_run (fixture->project, "My RFM", "[run]\nop=rfm\n", report, NULL, NULL, NULL, &error);
  reopen (fixture);
  g_autoptr (GPtrArray) steps = patron_project_list_steps (fixture->project, &error);
  const PatronStepInfo *import = steps->pdata[0], *prepare = steps->pdata[1], *rename = steps->pdata[2], *ran = steps->pdata[3];
  g_assert_cmpstr (import->label, ==, "Import “orders”");
  g_assert_cmpstr (prepare->label, ==, "Keep rows where “x” > '1': 1,234");
  g_assert_true (patron_text_equal (prepare->text, label));
  g_assert_cmpstr (prepare->kind, ==, "prepare-table");
  g_assert_cmpint (prepare->table, ==, fixture->orders);
  g_assert_cmpstr (rename->label, ==, "Rename “orders” to “sales”");
  g_assert_cmpint (ran->run, ==, run);
  g_assert_cmpint (ran->table, ==, 0);
}

/* What a query and a selection leave is not called an import. */
static void
test_kinds (Fixture *fixture, gconstpointer data)
{
  static const struct { PatronAddKind kind; const char *id, *label; } cases[] = {
    { PATRON_ADD_IMPORT, "import", "Import “a”" },
    { PATRON_ADD_TABLE, "add-table", "Add the table “a 2”" },
    { PATRON_ADD_QUERY, "add-query", "Keep the result “a 3” of a query" },
    { PATRON_ADD_ROWS, "add-rows", "Keep chosen rows as “a 4”" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = support_table ("a", 10, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 id = patron_project_add_table_as (fixture->project, table, cases[i].kind, "SELECT 1", NULL, &error);
      g_assert_no_error (error);
      g_autoptr (GPtrArray) steps = patron_project_list_steps (fixture->project, &error);
      const PatronStepInfo *step = steps->pdata[i + 1];
      g_assert_cmpstr (step->kind, ==, cases[i].id);
      g_assert_cmpstr (step->label, ==, cases[i].label);
      g_assert_cmpint (step->table, ==, id);
    }
}

/* ---- versions of a table ------------------------------------------------------------------------------------ */

static PatronTable *
keep_half (PatronTable *table)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *keep = g_malloc (patron_table_n_rows (table));
  for (gsize i = 0; i < patron_table_n_rows (table); i++)
    keep[i] = i % 2;
  PatronTable *kept = patron_table_keep_rows (table, keep, NULL, &error);
  g_assert_no_error (error);
  return kept;
}

static const PatronTableInfo *
first_info (GPtrArray *list)
{
  g_assert_cmpuint (list->len, ==, 1);
  return list->pdata[0];
}

static void
test_steps (Fixture *fixture, gconstpointer data)
{
  static const char recipe[] = "[recipe]\nversion=1\n\n[prepare 1]\nop=filter\nexpression=number > 1\n\n[prepare 2]\nop=scale\noff=true\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) base = patron_project_get_table (fixture->project, fixture->orders, &error);
  g_autoptr (PatronTable) half = keep_half (base);
  g_autoptr (PatronTable) narrow = patron_table_without (base, "number");
  g_assert_true (patron_project_set_table_steps (fixture->project, fixture->orders, half, recipe, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (patron_project_set_table_steps (fixture->project, fixture->orders, narrow, "[recipe]\nversion=1\n", NULL, NULL, &error));
  g_assert_no_error (error);
  g_autoptr (GPtrArray) list = patron_project_list_tables (fixture->project, &error);
  g_assert_cmpint (first_info (list)->id, ==, fixture->orders);
  g_assert_cmpint (first_info (list)->n_columns, ==, PATRON_N_TYPES - 1);
  g_assert_cmpint (first_info (list)->n_rows, ==, 1000);
  gint64 bytes = first_info (list)->bytes;
  /* Undo brings the version before it back. */
  g_assert_true (patron_project_undo (fixture->project, &error));
  g_autoptr (PatronTable) back = patron_project_find_table (fixture->project, "orders", &error);
  support_assert_equal (half, back);
  g_autofree char *steps = patron_project_get_table_steps (fixture->project, fixture->orders, &error);
  g_assert_cmpstr (steps, ==, recipe);
  g_autoptr (PatronTable) base_back = patron_project_get_table_base (fixture->project, fixture->orders, &error);
  support_assert_equal (base, base_back);
  g_assert_true (patron_project_undo (fixture->project, &error));
  g_autofree char *none = patron_project_get_table_steps (fixture->project, fixture->orders, &error);
  g_assert_cmpstr (none, ==, "");
  g_assert_true (patron_project_go_to (fixture->project, 3, &error));
  g_autoptr (PatronTable) last = patron_project_get_table (fixture->project, fixture->orders, &error);
  support_assert_equal (narrow, last);
  g_assert_cmpstr (patron_table_get_name (last), ==, "orders");
  support_assert_sound (fixture->project);
  /* Compacting keeps what is in force and the base it came from, and gives the rest back. */
  g_assert_true (patron_project_compact (fixture->project, &error));
  g_assert_no_error (error);
  support_assert_sound (fixture->project);
  g_autoptr (PatronTable) compacted = patron_project_get_table (fixture->project, fixture->orders, &error);
  support_assert_equal (narrow, compacted);
  g_autoptr (PatronTable) base_kept = patron_project_get_table_base (fixture->project, fixture->orders, &error);
  support_assert_equal (base, base_kept);
  g_assert_cmpint (bytes, >, 0);
  PatronTable **lazy[] = { &base, &half, &narrow, &back, &base_back, &last, &compacted, &base_kept };
  for (guint i = 0; i < G_N_ELEMENTS (lazy); i++)
    g_clear_pointer (lazy[i], patron_table_unref);
  reopen (fixture);
  compacted = patron_project_get_table (fixture->project, fixture->orders, &error);
  g_assert_cmpuint (patron_table_n_columns (compacted), ==, PATRON_N_TYPES - 1);
  g_assert_null (patron_project_get_table_version (fixture->project, fixture->orders, 1, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
}

/* What a step does not change is stored once. */
static void
test_sharing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) large = support_table ("large", 50000, 1);
  gint64 id = patron_project_add_table (fixture->project, large, NULL, NULL, &error);
  GStatBuf before, after;
  g_stat (fixture->path, &before);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (PatronTable) table = patron_project_get_table (fixture->project, id, &error);
      g_autofree char *name = g_strdup_printf ("flag %u", i);
      PatronColumnBuilder *builder = patron_column_builder_new (name, PATRON_TYPE_BOOLEAN);
      for (gsize k = 0; k < 50000; k++)
        patron_column_builder_append_number (builder, k % 2);
      g_autoptr (PatronColumn) flag = patron_column_builder_finish (builder);
      g_autoptr (PatronTable) wider = patron_table_with_column (table, flag);
      g_assert_true (patron_project_set_table_steps (fixture->project, id, wider, "[recipe]\n", NULL, NULL, &error));
    }
  g_stat (fixture->path, &after);
  g_assert_cmpint (after.st_size - before.st_size, <, before.st_size / 4);
  g_autoptr (PatronTable) table = patron_project_get_table (fixture->project, id, &error);
  g_assert_cmpuint (patron_table_n_columns (table), ==, PATRON_N_TYPES + 5);
}

/* A run goes on saying what it saw. */
static void
test_origin (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronReport) report = patron_report_new ("rfm");
  g_autoptr (PatronTable) base = patron_project_get_table (fixture->project, fixture->orders, &error);
  g_autoptr (PatronTable) half = keep_half (base);
  g_assert_true (patron_project_set_table_steps (fixture->project, fixture->orders, half, "[recipe]\n", NULL, NULL, &error));
  g_autoptr (PatronTable) current = patron_project_get_table (fixture->project, fixture->orders, &error);
  g_assert_cmpint (patron_project_find_version (fixture->project, "orders", base), ==, 0);
  gint64 version = patron_project_find_version (fixture->project, "orders", current);
  g_assert_cmpint (version, >, 0);
  g_assert_cmpint (patron_project_find_version (fixture->project, "orders", half), ==, -1);
  g_autofree char *recipe = g_strdup_printf ("[source]\ntable=orders\nversion=%d\n\n[run]\nop=rfm\n", (int) version);
  patron_project_add_run (fixture->project, "RFM", recipe, report, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  for (int changed = 0; changed < 2; changed++)
    {
      g_autoptr (GPtrArray) runs = patron_project_list_runs (fixture->project, &error);
      const PatronRunInfo *info = runs->pdata[0];
      g_assert_cmpint (info->table_id, ==, fixture->orders);
      g_assert_cmpint (info->table_version, ==, version);
      g_assert_cmpint (info->table_changed, ==, changed);
      g_assert_true (patron_project_set_table_steps (fixture->project, fixture->orders, base, "", NULL, NULL, &error));
    }
  /* Compacting removes the version; the number is not given to another. */
  g_assert_true (patron_project_compact (fixture->project, &error));
  g_assert_true (patron_project_set_table_steps (fixture->project, fixture->orders, half, "[recipe]\n", NULL, NULL, &error));
  g_autoptr (GPtrArray) runs = patron_project_list_runs (fixture->project, &error);
  g_assert_true (((PatronRunInfo *) runs->pdata[0])->table_changed);
  support_assert_sound (fixture->project);
}

/* ---- files of earlier versions ------------------------------------------------------------------------------ */

static void
unpack (const char *name, const char *path)
{
  g_autofree char *packed_path = g_test_build_filename (G_TEST_DIST, "project", name, NULL);
  g_autofree char *packed = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (packed_path, &packed, &size, NULL));
  gsize capacity = 1 << 20;
  g_autofree char *bytes = g_malloc (capacity);
  gsize n = ZSTD_decompress (bytes, capacity, packed, size);
  g_assert_false (ZSTD_isError (n));
  g_assert_true (g_file_set_contents (path, bytes, n, NULL));
}

/* Shown with all it holds, and neither the file nor anything beside it changes. */
static void
check_old_read_only (Fixture *fixture, PatronTable *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  gsize before_size, after_size;
  g_assert_true (g_file_get_contents (fixture->path, &before, &before_size, NULL));
  fixture->project = patron_project_open (fixture->path, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (patron_project_is_read_only (fixture->project));
  g_assert_cmpstr (patron_project_get_path (fixture->project), ==, fixture->path);
  assert_name (fixture, "orders");
  assert_tree (fixture, "1<0dn 2<1dn 3<2dcn 4<3n 5<4n");
  g_autoptr (PatronTable) table = patron_project_find_table (fixture->project, "orders", &error);
  support_assert_equal (expected, table);
  support_assert_sound (fixture->project);
  g_assert_false (patron_project_undo (fixture->project, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE);
  g_clear_error (&error);
  g_clear_pointer (&table, patron_table_unref);
  /* Saved elsewhere it is a project of today. */
  g_autofree char *path = g_build_filename (fixture->folder, "saved.patron", NULL);
  g_assert_true (patron_project_save_as (fixture->project, path, &error));
  g_assert_no_error (error);
  rename_table (fixture, "renamed");
  g_clear_pointer (&fixture->project, patron_project_unref);
  g_assert_true (g_file_get_contents (fixture->path, &after, &after_size, NULL));
  g_assert_cmpmem (before, before_size, after, after_size);
}

/* Imported, run, a setting set; then renamed and removed, both undone. */
static void
test_migration (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) expected = support_table ("orders", 100, 0);
  g_clear_pointer (&fixture->project, patron_project_unref);
  unpack (data, fixture->path);
  check_old_read_only (fixture, expected);
  reopen (fixture);
  assert_name (fixture, "orders");
  assert_tree (fixture, "1<0dn 2<1dn 3<2dcn 4<3n 5<4n");
  g_autoptr (PatronTable) back = patron_project_find_table (fixture->project, "orders", &error);
  support_assert_equal (expected, back);
  g_autoptr (GPtrArray) runs = patron_project_list_runs (fixture->project, &error);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpint (((PatronRunInfo *) runs->pdata[0])->table_id, ==, 0);
  g_assert_true (patron_project_redo (fixture->project, &error));
  assert_name (fixture, "sales");
  g_assert_true (patron_project_go_to (fixture->project, 5, &error));
  assert_name (fixture, NULL);
  g_assert_true (patron_project_go_to (fixture->project, 0, &error));
  g_assert_no_error (error);
  support_assert_sound (fixture->project);
  g_clear_pointer (&back, patron_table_unref);
  reopen (fixture);
  support_assert_sound (fixture->project);
}

int
main (int argc, char **argv)
{
  patron_init ();
  g_test_init (&argc, &argv, NULL);
#define TEST(path, function, data) g_test_add ("/project/history/" path, Fixture, data, set_up, function, tear_down)
  TEST ("branches", test_branches, NULL);
  TEST ("second-start", test_second_start, NULL);
  TEST ("random-walk", test_random_walk, NULL);
  TEST ("labels", test_labels, NULL);
  TEST ("kinds", test_kinds, NULL);
  TEST ("steps", test_steps, NULL);
  TEST ("sharing", test_sharing, NULL);
  TEST ("origin", test_origin, NULL);
  TEST ("migration-1", test_migration, "version-1.patron.zst");
  TEST ("migration-2", test_migration, "version-2.patron.zst");
  return g_test_run ();
}
