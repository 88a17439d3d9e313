/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"

#include <glib/gstdio.h>

#include "app/application.h"
#include "app/history-page.h"
#include "app/home-page.h"
#include "app/import-page.h"
#include "app/job-bar.h"
#include "app/param-field.h"
#include "app/step-editor.h"
#include "app/table-page.h"
#include "fixture.h"
#include "ops/registry.h"

/* The real application and its window, in this process. */
typedef struct
{
  PatronApplication *application;
  PatronWindow      *window;
  PatronDocument    *document;   /* borrowed */
  char              *path;       /* of a small file of orders */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new ("customer,date,amount,country\n");
  for (int i = 0; i < 60; i++)
    g_string_append_printf (text, "C%02d,2024-%02d-%02d,%d.50,%s\n", i % 20, i % 12 + 1, i % 28 + 1, 10 + i * 7 % 90,
                            i % 3 == 0 ? "France" : "中国");
  fixture->path = g_build_filename (g_get_user_data_dir (), "orders.csv", NULL);
  g_mkdir_with_parents (g_get_user_data_dir (), 0700);
  g_file_set_contents (fixture->path, text->str, -1, &error);
  g_assert_no_error (error);

  fixture->application = patron_application_new ();
  g_application_set_flags (G_APPLICATION (fixture->application), G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_application_register (G_APPLICATION (fixture->application), NULL, &error);
  g_assert_no_error (error);
  fixture->window = PATRON_WINDOW (patron_application_open_project (fixture->application, NULL, &error));
  g_assert_no_error (error);
  fixture->document = patron_window_get_document (fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  fixture_settle ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  fixture_settle ();
  g_remove (fixture->path);
  g_free (fixture->path);
  g_object_unref (fixture->application);
}

static GtkWidget *
find (Fixture *fixture, GType type)
{
  g_autoptr (GPtrArray) all = fixture_find_all (GTK_WIDGET (fixture->window), type);
  for (guint i = 0; i < all->len; i++)
    if (gtk_widget_get_mapped (all->pdata[i]))
      return all->pdata[i];
  return NULL;
}

/* Iterates until the condition holds; a test that waits for ever is ended by its runner. */
#define wait_until(condition) \
  while (!(condition)) \
    g_main_context_iteration (NULL, TRUE)

static void
open_file (Fixture *fixture)
{
  g_autoptr (GFile) file = g_file_new_for_path (fixture->path);
  patron_window_open_file (fixture->window, file);
  wait_until (find (fixture, PATRON_TYPE_IMPORT_PAGE) != NULL
              && patron_import_page_get_preview (PATRON_IMPORT_PAGE (find (fixture, PATRON_TYPE_IMPORT_PAGE))) != NULL);
}

static void
import_file (Fixture *fixture)
{
  open_file (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.run", NULL);
  wait_until (find (fixture, PATRON_TYPE_TABLE_PAGE) != NULL);
  fixture_settle ();
}

static gboolean
is_enabled (Fixture *fixture, const char *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), action);
}

static void
check_drawn (GtkWidget *widget)
{
  guint n_different = 0;
  fixture_settle ();
  g_autoptr (GdkTexture) texture = fixture_render (widget, &n_different);
  g_assert_nonnull (texture);
  g_assert_cmpuint (n_different, >, 2000);
}

/* ---- tests ------------------------------------------------------------------------------------------------- */

static void
test_home (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) buttons = fixture_find_all (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON);
  guint n_tiles = 0;
  for (guint i = 0; i < buttons->len; i++)
    n_tiles += gtk_widget_has_css_class (buttons->pdata[i], "tile");
  g_assert_cmpuint (n_tiles, >, 3);
  g_assert_nonnull (find (fixture, PATRON_TYPE_HOME_PAGE));
  g_assert_false (is_enabled (fixture, "undo"));
  g_assert_false (is_enabled (fixture, "report"));
  check_drawn (GTK_WIDGET (fixture->window));
}

static void
test_import (Fixture *fixture, gconstpointer data)
{
  open_file (fixture);
  PatronImportPage *page = PATRON_IMPORT_PAGE (find (fixture, PATRON_TYPE_IMPORT_PAGE));
  PatronTable *preview = patron_import_page_get_preview (page);
  g_assert_cmpuint (patron_table_n_columns (preview), ==, 4);
  g_assert_cmpuint (patron_table_n_rows (preview), ==, 60);
  check_drawn (GTK_WIDGET (page));
  /* Another delimiter, and the preview follows. */
  patron_import_page_set_option (page, "delimiter", "semicolon");
  wait_until (patron_table_n_columns (patron_import_page_get_preview (page)) == 1);
  patron_import_page_set_option (page, "delimiter", NULL);
  wait_until (patron_table_n_columns (patron_import_page_get_preview (page)) == 4);
  /* A column left out stays in sight, to be brought back. */
  patron_import_page_set_column (page, "amount", "skip");
  fixture_settle ();
  g_assert_cmpuint (patron_table_n_columns (patron_import_page_get_preview (page)), ==, 4);
  g_auto (GStrv) options = patron_import_page_dup_options (page);
  g_assert_cmpstr (options[0], ==, "column-types");
  g_assert_cmpstr (options[1], ==, "amount=skip");
}

static void
test_table (Fixture *fixture, gconstpointer data)
{
  import_file (fixture);
  PatronTablePage *page = PATRON_TABLE_PAGE (find (fixture, PATRON_TYPE_TABLE_PAGE));
  PatronGrid *grid = patron_table_page_get_grid (page);
  g_assert_cmpuint (patron_grid_n_rows (grid), ==, 60);
  g_assert_null (find (fixture, PATRON_TYPE_IMPORT_PAGE));
  check_drawn (GTK_WIDGET (page));
  patron_table_page_filter (page, "country = \"France\"");
  wait_until (patron_grid_n_rows (grid) == 20);
  patron_table_page_sort (page, 2, TRUE);
  wait_until (patron_grid_get_order (grid) != NULL && patron_grid_get_order (grid)[0] != 0);
  patron_table_page_filter (page, NULL);
  wait_until (patron_grid_n_rows (grid) == 60);
}

static PatronTableStep *
step_with (const char *op, const char *field, const char *text)
{
  PatronStep *step = patron_step_new (patron_ops_find (op));
  g_assert_true (patron_param_parse (patron_params_find (step->op->params, field), text, step->params, NULL));
  return patron_table_step_new (step);
}

static PatronTableStep *
filter_step (const char *condition)
{
  return step_with ("filter", "condition", condition);
}

/* Steps change the table under the page, are one step of history each, and know what they did. */
static void
test_steps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) steps = patron_table_steps_new ();
  g_autoptr (PatronText) label = patron_text_plain ("Keep some");
  import_file (fixture);
  PatronTablePage *page = PATRON_TABLE_PAGE (find (fixture, PATRON_TYPE_TABLE_PAGE));
  g_ptr_array_add (steps, filter_step ("country = \"France\""));
  patron_document_set_steps (fixture->document, "orders", steps, label, NULL, NULL);
  wait_until (patron_grid_n_rows (patron_table_page_get_grid (page)) == 20);
  g_ptr_array_add (steps, filter_step ("amount > 50"));
  patron_document_set_steps (fixture->document, "orders", steps, label, NULL, NULL);
  wait_until (patron_grid_n_rows (patron_table_page_get_grid (page)) < 20);
  g_autoptr (GPtrArray) stored = patron_document_dup_steps (fixture->document, "orders", NULL);
  g_assert_cmpuint (stored->len, ==, 2);
  const PatronTableStep *first = stored->pdata[0], *second = stored->pdata[1];
  g_assert_true (first->counted && second->counted);
  g_assert_cmpuint (first->rows_before, ==, 60);
  g_assert_cmpuint (first->rows_after, ==, 20);
  g_assert_cmpuint (second->rows_after, ==, patron_grid_n_rows (patron_table_page_get_grid (page)));
  /* Without the first, the second is applied to the table as it was imported. */
  ((PatronTableStep *) steps->pdata[0])->step->off = TRUE;
  patron_document_set_steps (fixture->document, "orders", steps, label, NULL, NULL);
  wait_until (patron_grid_n_rows (patron_table_page_get_grid (page)) > 20);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.undo", NULL);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.undo", NULL);
  fixture_settle ();
  g_assert_cmpuint (patron_grid_n_rows (patron_table_page_get_grid (page)), ==, 20);
  check_drawn (GTK_WIDGET (page));
}

/* A step that needs what an earlier one made says which it is when that one goes. */
static void
test_step_needed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) steps = patron_table_steps_new ();
  g_autoptr (PatronText) label = patron_text_plain ("Keep some");
  import_file (fixture);
  PatronTablePage *page = PATRON_TABLE_PAGE (find (fixture, PATRON_TYPE_TABLE_PAGE));
  g_ptr_array_add (steps, step_with ("rename", "pairs", "amount=paid"));
  g_ptr_array_add (steps, step_with ("filter", "condition", "paid > 50"));
  patron_document_set_steps (fixture->document, "orders", steps, label, NULL, NULL);
  wait_until (patron_grid_n_rows (patron_table_page_get_grid (page)) < 60);
  g_ptr_array_remove_index (steps, 0);
  PatronJob *job = g_object_ref (patron_document_set_steps (fixture->document, "orders", steps, label, NULL, NULL));
  patron_job_wait (job);
  g_assert_nonnull (patron_job_get_error (job));
  const char *message = patron_job_get_error (job)->message;
  g_assert_nonnull (strstr (message, "Step 1, “Filter”: "));
  g_assert_nonnull (strstr (message, "“paid”"));
  g_object_unref (job);
  fixture_settle ();
}

static gboolean
has_visible (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && gtk_widget_get_visible (widget))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child) && has_visible (child, type))
      return TRUE;
  return FALSE;
}

/* The columns of another table are listed once it is named, and typed before; what was typed stays. */
static void
test_other_columns (Fixture *fixture, gconstpointer data)
{
  import_file (fixture);
  const PatronParam *params = patron_ops_find ("join")->params;
  g_autoptr (PatronStep) step = patron_step_new (patron_ops_find ("join"));
  g_autoptr (PatronTable) table = patron_document_open_table (fixture->document, "orders", NULL);
  PatronParamContext *context = patron_param_context_new (table, fixture->document, params, step->params);
  GtkWidget *columns = g_object_ref_sink (patron_param_field_new (patron_params_find (params, "columns"), context));
  GtkWidget *date = g_object_ref_sink (patron_param_field_new (patron_params_find (params, "other_date"), context));
  patron_param_field_set_text (PATRON_PARAM_FIELD (columns), "amount;gone");
  patron_param_field_set_text (PATRON_PARAM_FIELD (date), "gone");
  g_assert_true (has_visible (columns, GTK_TYPE_ENTRY) && !has_visible (columns, GTK_TYPE_MENU_BUTTON));
  g_assert_true (has_visible (date, GTK_TYPE_ENTRY));
  g_assert_true (patron_param_parse (patron_params_find (params, "table"), "orders", step->params, NULL));
  patron_param_field_others_changed (PATRON_PARAM_FIELD (columns));
  patron_param_field_others_changed (PATRON_PARAM_FIELD (date));
  g_assert_true (!has_visible (columns, GTK_TYPE_ENTRY) && has_visible (columns, GTK_TYPE_MENU_BUTTON));
  g_assert_true (has_visible (date, GTK_TYPE_DROP_DOWN));
  g_autofree char *names = patron_param_field_dup_text (PATRON_PARAM_FIELD (columns)), *name = patron_param_field_dup_text (PATRON_PARAM_FIELD (date));
  g_assert_cmpstr (names, ==, "amount;gone");
  g_assert_cmpstr (name, ==, "gone");
  g_object_unref (columns);
  g_object_unref (date);
  patron_param_context_unref (context);
}

/* Editing and adding in the page itself: a preview, then the step. */
static void
test_step_editor (Fixture *fixture, gconstpointer data)
{
  import_file (fixture);
  GtkWidget *page = find (fixture, PATRON_TYPE_TABLE_PAGE);
  gtk_widget_activate_action (page, "table.step", "s", "drop");
  wait_until (find (fixture, PATRON_TYPE_STEP_EDITOR) != NULL);
  PatronStepEditor *editor = PATRON_STEP_EDITOR (find (fixture, PATRON_TYPE_STEP_EDITOR));
  PatronStepPreview *preview = patron_step_editor_get_preview (editor);
  wait_until (patron_step_preview_is_whole (preview));
  g_assert_cmpuint (patron_table_n_columns (patron_step_preview_get_table (preview)), ==, 3);
  g_assert_true (patron_step_editor_can_apply (editor));
  check_drawn (page);
  g_signal_emit_by_name (editor, "apply");
  wait_until (find (fixture, PATRON_TYPE_STEP_EDITOR) == NULL);
  g_assert_cmpuint (patron_table_n_columns (patron_table_page_get_table (PATRON_TABLE_PAGE (page))), ==, 3);
}

/* "Rename…" of the menu asks beside the header, as F2 does; the cursor goes to what is new. */
static void
test_rename (Fixture *fixture, gconstpointer data)
{
  import_file (fixture);
  PatronTablePage *page = PATRON_TABLE_PAGE (find (fixture, PATRON_TYPE_TABLE_PAGE));
  patron_grid_move (patron_table_page_get_grid (page), 3, 2, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (page), "table.step", "s", "rename");
  wait_until (find (fixture, GTK_TYPE_POPOVER) != NULL);
  g_assert_null (find (fixture, PATRON_TYPE_STEP_EDITOR));
  g_autoptr (GPtrArray) entries = fixture_find_all (find (fixture, GTK_TYPE_POPOVER), GTK_TYPE_ENTRY);
  g_assert_cmpstr (gtk_editable_get_text (entries->pdata[0]), ==, "amount");
  gtk_editable_set_text (entries->pdata[0], "paid; \"in all\"");
  patron_grid_move (patron_table_page_get_grid (page), 5, 0, FALSE);
  g_signal_emit_by_name (entries->pdata[0], "activate");
  wait_until (patron_table_index (patron_table_page_get_table (page), "paid; \"in all\"") == 2);
  g_assert_cmpuint (patron_grid_get_column (patron_table_page_get_grid (page)), ==, 2);
  g_assert_cmpuint (patron_grid_get_row (patron_table_page_get_grid (page)), ==, 5);
  wait_until (find (fixture, GTK_TYPE_POPOVER) == NULL);
}

static void
test_undo (Fixture *fixture, gconstpointer data)
{
  import_file (fixture);
  GListModel *tables = patron_document_get_tables (fixture->document);
  g_assert_cmpuint (g_list_model_get_n_items (tables), ==, 1);
  g_assert_true (is_enabled (fixture, "undo"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.undo", NULL);
  fixture_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (tables), ==, 0);
  g_assert_nonnull (find (fixture, PATRON_TYPE_HOME_PAGE));   /* the table's page has nothing to show any more */
  g_assert_true (is_enabled (fixture, "redo"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.redo", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (tables), ==, 1);
  g_autoptr (PatronItem) item = g_list_model_get_item (tables, 0);
  g_assert_true (patron_document_rename (fixture->document, item, "sales"));
  g_assert_cmpstr (patron_item_get_name (item), ==, "sales");
  g_assert_true (patron_document_remove (fixture->document, item));
  g_assert_cmpuint (g_list_model_get_n_items (tables), ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.history", NULL);
  fixture_settle ();
  g_assert_nonnull (find (fixture, PATRON_TYPE_HISTORY_PAGE));
  check_drawn (find (fixture, PATRON_TYPE_HISTORY_PAGE));
}

static void
test_roles (Fixture *fixture, gconstpointer data)
{
  import_file (fixture);
  patron_document_set_role (fixture->document, "orders", "country", PATRON_ROLE_GROUP);
  patron_document_set_role (fixture->document, "orders", "customer", PATRON_ROLE_CUSTOMER);
  patron_document_set_role (fixture->document, "orders", "country", PATRON_ROLE_CUSTOMER);   /* only one can be */
  g_autoptr (PatronRoles) roles = patron_document_dup_roles (fixture->document, "orders");
  g_assert_cmpstr (patron_roles_first (roles, PATRON_ROLE_CUSTOMER), ==, "country");
  g_assert_cmpuint (patron_roles_count (roles, PATRON_ROLE_CUSTOMER), ==, 1);
  g_assert_cmpuint (patron_roles_count (roles, PATRON_ROLE_GROUP), ==, 0);
}

static void
test_bad_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "absent.csv", NULL);
  GtkWidget *page = patron_import_page_new (path);
  GtkWidget *window = fixture_window (page, 900, 600);
  g_autoptr (GPtrArray) pages = fixture_find_all (page, ADW_TYPE_STATUS_PAGE);
  g_assert_cmpuint (pages->len, ==, 1);
  wait_until (gtk_widget_get_mapped (pages->pdata[0]));
  g_assert_nonnull (adw_status_page_get_description (pages->pdata[0]));
  g_assert_null (patron_import_page_get_preview (PATRON_IMPORT_PAGE (page)));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
long_work (PatronRun *run, gpointer data, GError **error)
{
  while (patron_run_check (run, error))
    g_usleep (1000);
  return FALSE;
}

static void
test_jobs (Fixture *fixture, gconstpointer data)
{
  PatronJobBar *bar = PATRON_JOB_BAR (find (fixture, PATRON_TYPE_JOB_BAR));
  PatronJob *job = g_object_ref (patron_document_start_job (fixture->document, "Long work", PATRON_JOB_EXCLUSIVE, long_work, NULL, NULL));
  g_assert_true (patron_job_bar_newest (bar) == job);
  g_assert_cmpuint (patron_document_n_active_jobs (fixture->document), ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.cancel", NULL);
  patron_job_wait (job);
  g_assert_cmpint (patron_job_get_state (job), ==, PATRON_JOB_CANCELLED);
  fixture_settle ();
  g_assert_null (patron_job_bar_newest (bar));
  g_assert_cmpuint (patron_document_n_active_jobs (fixture->document), ==, 0);
  g_object_unref (job);
}

int
main (int argc, char **argv)
{
  static const struct { const char *path; void (*func) (Fixture *fixture, gconstpointer data); } tests[] = {
    { "/window/home", test_home },   { "/window/import", test_import },     { "/window/table", test_table }, { "/window/undo", test_undo },
    { "/window/steps", test_steps },  { "/window/step-editor", test_step_editor },
    { "/window/step-needed", test_step_needed }, { "/window/other-columns", test_other_columns },
    { "/window/rename", test_rename },
    { "/window/roles", test_roles }, { "/window/bad-file", test_bad_file }, { "/window/jobs", test_jobs },
  };
  fixture_init (&argc, &argv);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, "gtk-cursor-blink", FALSE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
