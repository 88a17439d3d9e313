/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include <glib/gi18n-lib.h>

#include "app/explore-page.h"
#include "app/history-page.h"
#include "app/home-page.h"
#include "app/import-page.h"
#include "app/report-page.h"
#include "app/result-page.h"
#include "app/setup-page.h"
#include "app/sql-page.h"
#include "app/table-page.h"

/* ---- import ------------------------------------------------------------------------------------------------ */

static void
on_import (PatronWindow *self, PatronImportPage *page)
{
  g_auto (GStrv) options = patron_import_page_dup_options (page);
  g_clear_pointer (&self->import_roles, patron_roles_free);
  self->import_roles = patron_import_page_dup_roles (page);
  patron_document_import_file (self->document, patron_import_page_get_path (page), (const char *const *) options);
}

/* Its rows take memory, and the file is done with. */
void
patron_window_drop_import (PatronWindow *self)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, "import");
  if (page != NULL)
    gtk_stack_remove (self->stack, page);
}

gboolean
patron_window_import_next (PatronWindow *self)
{
  g_autofree char *path = g_queue_pop_head (&self->waiting);
  if (path != NULL)
    patron_window_show_import (self, path);
  return path != NULL;
}

/* Of several files this one alone is passed over. */
static void
on_import_cancelled (PatronWindow *self)
{
  self->pending_op = NULL;
  if (patron_window_import_next (self))
    return;
  patron_window_show_home (self);
  patron_window_drop_import (self);
}

static PatronImportPage *
new_import_page (PatronWindow *self, const char *place)
{
  GtkWidget *page = patron_import_page_new (place);
  g_signal_connect_object (page, "import", G_CALLBACK (on_import), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "cancel", G_CALLBACK (on_import_cancelled), self, G_CONNECT_SWAPPED);
  return PATRON_IMPORT_PAGE (page);
}

void
patron_window_show_import (PatronWindow *self, const char *place)
{
  patron_window_show_page (self, "import", GTK_WIDGET (new_import_page (self, place)));
}

void
patron_window_show_import_with (PatronWindow *self, const char *place, ...)
{
  PatronImportPage *page = new_import_page (self, place);
  va_list settings;
  va_start (settings, place);
  for (const char *key; (key = va_arg (settings, const char *)) != NULL;)
    patron_import_page_set_option (page, key, va_arg (settings, const char *));
  va_end (settings);
  patron_window_show_page (self, "import", GTK_WIDGET (page));
}

/* ---- table ------------------------------------------------------------------------------------------------- */

static void
on_analyse (PatronWindow *self, gpointer op, const char *table)
{
  patron_window_show_setup (self, op, table);
}

void
patron_window_show_table (PatronWindow *self, const char *name)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = patron_document_open_table (self->document, name, &error);
  if (table == NULL)
    {
      patron_window_show_error (self, _("The Table Could Not Be Opened"), error);
      return;
    }
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, "table");
  if (page != NULL && patron_table_page_get_table (PATRON_TABLE_PAGE (page)) == table)
    page = NULL;
  else
    {
      page = patron_table_page_new (self->document, table);
      g_signal_connect_object (page, "analyse", G_CALLBACK (on_analyse), self, G_CONNECT_SWAPPED);
    }
  g_free (self->shown_table);
  self->shown_table = g_strdup (name);
  patron_window_show_page (self, "table", page);
}

/* ---- setup ------------------------------------------------------------------------------------------------- */

static void
on_run (PatronWindow *self, gpointer recipe, PatronSetupPage *page)
{
  patron_document_run (self->document, recipe, patron_setup_page_get_table (page));
}

static PatronSetupPage *
show_setup (PatronWindow *self, const PatronOp *op, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = patron_document_open_table (self->document, name, &error);
  if (table == NULL)
    {
      patron_window_show_error (self, _("The Table Could Not Be Opened"), error);
      return NULL;
    }
  GtkWidget *page = patron_setup_page_new (op, table, self->document);
  g_signal_connect_object (page, "run", G_CALLBACK (on_run), self, G_CONNECT_SWAPPED);
  patron_window_show_page (self, "setup", page);
  return PATRON_SETUP_PAGE (page);
}

void
patron_window_show_setup (PatronWindow *self, const PatronOp *op, const char *table)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  g_return_if_fail (op != NULL);
  g_autofree char *best = table == NULL ? patron_home_find_table (self->document, op) : NULL;
  if (table == NULL && best == NULL)
    patron_window_ask_for_data (self, op);
  else if (g_str_equal (op->id, "plot"))   /* charts are built by looking at them */
    patron_window_show_charts (self, table != NULL ? table : best);
  else
    show_setup (self, op, table != NULL ? table : best);
}

void
patron_window_run_again (PatronWindow *self, gint64 run_id)
{
  g_autoptr (GError) error = NULL;
  PatronItem *item = patron_document_find_run (self->document, run_id);
  g_autofree char *text = patron_project_get_recipe (patron_document_get_project (self->document), run_id, &error);
  g_autoptr (PatronRecipe) recipe = text != NULL ? patron_recipe_from_text (text, -1, &error) : NULL;
  if (recipe == NULL || item == NULL)
    {
      if (error != NULL)
        patron_window_show_error (self, _("The Settings Could Not Be Read"), error);
      return;
    }
  PatronSetupPage *page = show_setup (self, recipe->run->op, patron_item_get_source (item));
  if (page != NULL)
    patron_setup_page_set_recipe (page, recipe);
}

/* ---- result ------------------------------------------------------------------------------------------------ */

static void
on_run_again (PatronWindow *self)
{
  patron_window_run_again (self, self->shown_run);
}

static void
on_open_result_table (PatronWindow *self)
{
  PatronItem *run = patron_document_find_run (self->document, self->shown_run);
  PatronItem *table = run != NULL ? patron_document_find_table_id (self->document, patron_item_get_result (run)) : NULL;
  if (table != NULL)
    patron_window_show_table (self, patron_item_get_name (table));
}

static void
show_report_with (PatronWindow *self, gint64 run)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, "report");
  if (page != NULL)
    patron_report_page_refresh (PATRON_REPORT_PAGE (page), run);
  else
    {
      page = patron_report_page_new (self->document);
      if (run != 0)
        patron_report_page_refresh (PATRON_REPORT_PAGE (page), run);
      patron_window_show_page (self, "report", page);
      return;
    }
  patron_window_show_page (self, "report", NULL);
}

static void
on_report (PatronWindow *self)
{
  show_report_with (self, self->shown_run);
}

/* Whether both runs looked at the same: figures about another target or other groups are no former ones. */
static gboolean
asked_the_same (PatronProject *project, gint64 a, gint64 b)
{
  static const PatronRole questions[] = { PATRON_ROLE_TARGET, PATRON_ROLE_GROUP };
  g_autofree char *text_a = patron_project_get_recipe (project, a, NULL), *text_b = patron_project_get_recipe (project, b, NULL);
  g_autoptr (PatronRecipe) first = text_a != NULL ? patron_recipe_from_text (text_a, -1, NULL) : NULL;
  g_autoptr (PatronRecipe) second = text_b != NULL ? patron_recipe_from_text (text_b, -1, NULL) : NULL;
  if (first == NULL || second == NULL || first->run == NULL || second->run == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    if (!g_strv_equal (patron_roles_get (first->run->roles, questions[i]), patron_roles_get (second->run->roles, questions[i])))
      return FALSE;
  return TRUE;
}

/* The latest run before this one that asked the same of the same table, to compare with. */
static PatronReport *
read_former_report (PatronWindow *self, PatronItem *run)
{
  GListModel *runs = patron_document_get_runs (self->document);
  PatronProject *project = patron_document_get_project (self->document);
  gint64 former = 0;
  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (PatronItem) other = g_list_model_get_item (runs, i);
      if (other == run)
        break;
      if (g_strcmp0 (patron_item_get_op (other), patron_item_get_op (run)) == 0
          && g_strcmp0 (patron_item_get_source (other), patron_item_get_source (run)) == 0
          && asked_the_same (project, patron_item_get_id (other), patron_item_get_id (run)))
        former = patron_item_get_id (other);
    }
  return former != 0 ? patron_project_get_report (project, former, NULL) : NULL;
}

void
patron_window_show_run (PatronWindow *self, gint64 run_id)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  g_autoptr (GError) error = NULL;
  PatronItem *run = patron_document_find_run (self->document, run_id);
  if (run == NULL)
    return;
  if (self->shown_run == run_id && gtk_stack_get_child_by_name (self->stack, "run") != NULL)
    {
      patron_window_show_page (self, "run", NULL);
      return;
    }
  PatronReport *report = patron_project_get_report (patron_document_get_project (self->document), run_id, &error);
  if (report == NULL)
    {
      patron_window_show_error (self, _("The Result Could Not Be Read"), error);
      return;
    }
  GtkWidget *page = patron_result_page_new (report, self->document);
  PatronItem *result = patron_document_find_table_id (self->document, patron_item_get_result (run));
  patron_result_page_set_result_table (PATRON_RESULT_PAGE (page), result != NULL, result != NULL ? (gsize) patron_item_get_n_rows (result) : 0);
  patron_result_page_set_former (PATRON_RESULT_PAGE (page), read_former_report (self, run));
  g_signal_connect_object (page, "run-again", G_CALLBACK (on_run_again), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "report", G_CALLBACK (on_report), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "open-table", G_CALLBACK (on_open_result_table), self, G_CONNECT_SWAPPED);
  self->shown_run = run_id;
  patron_window_show_page (self, "run", page);
}

/* ---- report and history ------------------------------------------------------------------------------------ */

void
patron_window_show_report (PatronWindow *self)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  show_report_with (self, 0);
}

void
patron_window_show_charts (PatronWindow *self, const char *name)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = patron_document_open_table (self->document, name, &error);
  if (table == NULL)
    {
      patron_window_show_error (self, _("The Table Could Not Be Opened"), error);
      return;
    }
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, "charts");
  gboolean same = page != NULL && patron_explore_page_get_table (PATRON_EXPLORE_PAGE (page)) == table;
  patron_window_show_page (self, "charts", same ? NULL : patron_explore_page_new (self->document, table));
}

void
patron_window_show_sql (PatronWindow *self)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  GtkWidget *page = NULL;
  if (gtk_stack_get_child_by_name (self->stack, "sql") == NULL)
    {
      page = patron_sql_page_new (self->document);
      g_signal_connect_object (page, "chart", G_CALLBACK (patron_window_show_charts), self, G_CONNECT_SWAPPED);
    }
  patron_window_show_page (self, "sql", page);
}

void
patron_window_show_history (PatronWindow *self)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, "history") == NULL ? patron_history_page_new (self->document) : NULL;
  patron_window_show_page (self, "history", page);
}
