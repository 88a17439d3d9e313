/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include <glib/gi18n-lib.h>

#include "app/accessible.h"
#include "app/home-page.h"
#include "app/settings.h"

G_DEFINE_FINAL_TYPE (PatronWindow, patron_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- pages ------------------------------------------------------------------------------------------------- */

void
patron_window_show_page (PatronWindow *self, const char *name, GtkWidget *page)
{
  GtkWidget *former = gtk_stack_get_child_by_name (self->stack, name);
  if (page != NULL)
    {
      /* The new one goes in first: a stack that loses its visible child would show any other for a moment. */
      if (former != NULL)
        gtk_stack_page_set_name (gtk_stack_get_page (self->stack, former), "former");
      gtk_stack_add_named (self->stack, page, name);
      patron_accessible_tidy (page);
      if (PATRON_IS_PAGE (page))
        g_signal_connect_object (page, "commands-changed", G_CALLBACK (patron_window_actions_update), self, G_CONNECT_SWAPPED);
    }
  gtk_stack_set_visible_child_name (self->stack, name);
  if (page != NULL && former != NULL)
    gtk_stack_remove (self->stack, former);
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

PatronPage *
patron_window_get_page (PatronWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->stack);
  return PATRON_IS_PAGE (page) ? PATRON_PAGE (page) : NULL;
}

static void
select_in_sidebar (PatronWindow *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);
  PatronItem *item = NULL;
  if (g_strcmp0 (name, "table") == 0 && self->shown_table != NULL)
    item = patron_document_find_table (self->document, self->shown_table);
  else if (g_strcmp0 (name, "run") == 0)
    item = patron_document_find_run (self->document, self->shown_run);
  patron_sidebar_select (self->sidebar, item, item == NULL ? name : NULL);
}

static void
on_page_changed (PatronWindow *self)
{
  if (self->document == NULL)
    return;
  /* What a message says is about the page before. */
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  select_in_sidebar (self);
  patron_window_actions_update (self);
}

static void
ask (PatronWindow *self, gpointer op, const char *table)
{
  patron_window_show_setup (self, op, table);
}

void
patron_window_ask_for_data (PatronWindow *self, const PatronOp *op)
{
  self->pending_op = op;
  patron_window_choose_file (self);
}

void
patron_window_show_home (PatronWindow *self)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  GtkWidget *page = NULL;
  if (gtk_stack_get_child_by_name (self->stack, "home") == NULL)
    {
      page = patron_home_page_new (self->document);
      g_signal_connect_swapped (page, "ask", G_CALLBACK (ask), self);
      g_signal_connect_swapped (page, "open-recent", G_CALLBACK (patron_window_open_file), self);
    }
  patron_window_show_page (self, "home", page);
}

/* ---- sidebar ----------------------------------------------------------------------------------------------- */

static void
on_open_page (PatronWindow *self, const char *name)
{
  if (g_str_equal (name, "home"))
    patron_window_show_home (self);
  else if (g_str_equal (name, "report"))
    patron_window_show_report (self);
  else if (g_str_equal (name, "sql"))
    patron_window_show_sql (self);
  else if (g_str_equal (name, "history"))
    patron_window_show_history (self);
}

/* The run that made a model is where one reads about it. */
static PatronItem *
run_of_model (PatronWindow *self, gint64 model)
{
  GListModel *runs = patron_document_get_runs (self->document);
  for (guint i = 0; i < g_list_model_get_n_items (runs); i++)
    {
      g_autoptr (PatronItem) run = g_list_model_get_item (runs, i);
      if (patron_item_get_model (run) == model)
        return run;   /* the list holds it */
    }
  return NULL;
}

static void
on_open_item (PatronWindow *self, PatronItem *item)
{
  PatronItem *run = item;
  switch (patron_item_get_kind (item))
    {
    case PATRON_ITEM_TABLE:
      patron_window_show_table (self, patron_item_get_name (item));
      break;
    case PATRON_ITEM_MODEL:
      run = run_of_model (self, patron_item_get_id (item));
      G_GNUC_FALLTHROUGH;
    case PATRON_ITEM_RUN:
      if (run != NULL)
        patron_window_show_run (self, patron_item_get_id (run));
      break;
    }
}

static void
on_rename_response (AdwMessageDialog *dialog, const char *response, PatronWindow *self)
{
  PatronItem *item = g_object_get_data (G_OBJECT (dialog), "item");
  GtkWidget *entry = g_object_get_data (G_OBJECT (dialog), "entry");
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  if (!g_str_equal (response, "rename") || *name == '\0' || g_strcmp0 (name, patron_item_get_name (item)) == 0)
    return;
  gboolean shown = patron_item_get_kind (item) == PATRON_ITEM_TABLE && g_strcmp0 (self->shown_table, patron_item_get_name (item)) == 0;
  if (!patron_document_rename (self->document, item, name))
    return;
  if (shown)
    {
      g_free (self->shown_table);
      self->shown_table = g_strdup (patron_item_get_name (item));
    }
  patron_window_toast (self, _("Renamed"), _("_Undo"), "win.undo");
}

static void
on_rename_item (PatronWindow *self, PatronItem *item)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Rename"), NULL);
  GtkWidget *entry = gtk_entry_new ();
  gtk_editable_set_text (GTK_EDITABLE (entry), patron_item_get_name (item));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "rename", _("_Rename"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "item", g_object_ref (item), g_object_unref);
  g_object_set_data (G_OBJECT (dialog), "entry", entry);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_rename_response), self, 0);
  patron_window_present_dialog (dialog);
  gtk_widget_grab_focus (entry);
}

static void
on_rerun_item (PatronWindow *self, PatronItem *item)
{
  patron_window_run_again (self, patron_item_get_id (item));
}

static void
on_remove_item (PatronWindow *self, PatronItem *item)
{
  g_autofree char *message = g_strdup_printf (_("Removed “%s”"), patron_item_get_name (item));
  if (patron_document_remove (self->document, item))
    patron_window_toast (self, message, _("_Undo"), "win.undo");
}

/* ---- document ---------------------------------------------------------------------------------------------- */

static void
update_title (PatronWindow *self)
{
  PatronProject *project = patron_document_get_project (self->document);
  const char *state = patron_project_is_read_only (project)  ? _("Read-only")
                      : patron_project_is_untitled (project) ? _("Not in a file yet")
                                                             : _("All changes saved");
  adw_window_title_set_title (self->title, patron_document_get_title (self->document));
  adw_window_title_set_subtitle (self->title, state);
  gtk_window_set_title (GTK_WINDOW (self), patron_document_get_title (self->document));
}

static void
set_step_tooltip (GtkWidget *button, const char *what, const char *label, const char *keys)
{
  g_autofree char *text = label != NULL ? g_strdup_printf ("%s: %s (%s)", what, label, keys) : g_strdup_printf ("%s (%s)", what, keys);
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
}

/* A page about something that has been removed has nothing left to show. */
static void
leave_stale_pages (PatronWindow *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);
  if ((g_strcmp0 (name, "table") == 0 && patron_document_find_table (self->document, self->shown_table) == NULL)
      || (g_strcmp0 (name, "run") == 0 && patron_document_find_run (self->document, self->shown_run) == NULL))
    patron_window_show_home (self);
}

static void
on_document_changed (PatronWindow *self)
{
  g_autofree char *undo_label = NULL, *redo_label = NULL;
  g_object_get (self->document, "undo-label", &undo_label, "redo-label", &redo_label, NULL);
  set_step_tooltip (self->undo_button, _("Undo"), undo_label, _("Ctrl+Z"));
  set_step_tooltip (self->redo_button, _("Redo"), redo_label, _("Ctrl+Shift+Z"));
  update_title (self);
  leave_stale_pages (self);
  select_in_sidebar (self);
  patron_window_actions_update (self);
}

static void
on_job_finished (PatronJob *job, PatronWindow *self)
{
  g_autofree char *message = NULL;
  switch (patron_job_get_state (job))
    {
    case PATRON_JOB_FAILED:
      if (!patron_job_get_quiet (job))
        patron_window_show_error (self, patron_job_get_title (job), patron_job_get_error (job));
      break;
    case PATRON_JOB_CANCELLED:
      message = g_strdup_printf (_("Cancelled: %s"), patron_job_get_title (job));
      patron_window_toast (self, message, NULL, NULL);
      break;
    default:
      break;
    }
}

static void
on_job_started (PatronWindow *self, PatronJob *job)
{
  patron_job_bar_add (self->job_bar, job);
  g_signal_connect_object (job, "finished", G_CALLBACK (on_job_finished), self, 0);
}

static void
on_problem (PatronWindow *self, const GError *error)
{
  patron_window_show_error (self, _("That Did Not Work"), error);
}

/* What was said of the columns before they were read. */
static void
take_import_roles (PatronWindow *self, const char *table)
{
  g_autoptr (PatronRoles) roles = g_steal_pointer (&self->import_roles);
  gboolean any = FALSE;
  for (int role = 0; roles != NULL && role < PATRON_N_ROLES; role++)
    any = any || patron_roles_count (roles, role) > 0;
  if (any)
    patron_document_set_roles (self->document, table, roles);
}

static void
on_table_imported (PatronWindow *self, gint64 id)
{
  PatronItem *item = patron_document_find_table_id (self->document, id);
  const PatronOp *op = g_steal_pointer (&self->pending_op);
  if (item == NULL)
    return;
  take_import_roles (self, patron_item_get_name (item));
  g_autofree char *message = g_strdup_printf (_("Read “%s”: %s rows"), patron_item_get_name (item), patron_item_get_detail (item));
  if (op != NULL)
    patron_window_show_setup (self, op, patron_item_get_name (item));
  else
    patron_window_show_table (self, patron_item_get_name (item));
  patron_window_drop_import (self);
  patron_window_import_next (self);
  patron_window_toast (self, message, _("_Undo"), "win.undo");
}

static void
on_run_finished (PatronWindow *self, gint64 run)
{
  patron_window_show_run (self, run);
}

static void
set_document (PatronWindow *self, PatronDocument *document)
{
  self->document = g_object_ref (document);
  patron_sidebar_set_document (self->sidebar, document);
  g_signal_connect_object (document, "changed", G_CALLBACK (on_document_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "job-started", G_CALLBACK (on_job_started), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "problem", G_CALLBACK (on_problem), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "table-imported", G_CALLBACK (on_table_imported), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (document, "run-finished", G_CALLBACK (on_run_finished), self, G_CONNECT_SWAPPED);
  on_document_changed (self);
}

PatronDocument *
patron_window_get_document (PatronWindow *self)
{
  g_return_val_if_fail (PATRON_IS_WINDOW (self), NULL);
  return self->document;
}

gboolean
patron_window_is_pristine (PatronWindow *self)
{
  return patron_project_is_untitled (patron_document_get_project (self->document))
         && g_list_model_get_n_items (patron_document_get_tables (self->document)) == 0
         && g_list_model_get_n_items (patron_document_get_runs (self->document)) == 0
         && patron_document_n_active_jobs (self->document) == 0;
}

/* ---- messages ---------------------------------------------------------------------------------------------- */

void
patron_window_toast (PatronWindow *self, const char *message, const char *label, const char *action)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  AdwToast *toast = adw_toast_new (escaped);
  if (label != NULL)
    {
      adw_toast_set_button_label (toast, label);
      adw_toast_set_action_name (toast, action);
    }
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
patron_window_present_dialog (GtkWidget *dialog)
{
  patron_accessible_tidy (dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
patron_window_show_error (PatronWindow *self, const char *heading, const GError *error)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, error->message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  patron_window_present_dialog (dialog);
}

PatronWindow *
patron_window_of (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  return PATRON_IS_WINDOW (root) ? PATRON_WINDOW (root) : NULL;
}

/* ---- object ------------------------------------------------------------------------------------------------ */

static gboolean
patron_window_close_request (GtkWindow *window)
{
  if (!patron_window_may_close (PATRON_WINDOW (window)))
    return TRUE;
  patron_settings_save_window (window, PATRON_WINDOW (window)->flap);
  return GTK_WINDOW_CLASS (patron_window_parent_class)->close_request (window);
}

static void
patron_window_dispose (GObject *object)
{
  PatronWindow *self = PATRON_WINDOW (object);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_clear_weak_pointer (&self->toast);
  g_clear_object (&self->chooser);
  g_clear_object (&self->closing);
  g_clear_object (&self->document);
  g_clear_pointer (&self->shown_table, g_free);
  g_clear_pointer (&self->import_roles, patron_roles_free);
  g_queue_clear_full (&self->waiting, g_free);
  G_OBJECT_CLASS (patron_window_parent_class)->dispose (object);
}

static void
patron_window_class_init (PatronWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_window_dispose;
  GTK_WINDOW_CLASS (class)->close_request = patron_window_close_request;
  g_type_ensure (PATRON_TYPE_SIDEBAR);
  g_type_ensure (PATRON_TYPE_JOB_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/window.ui");
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, title);
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, job_bar);
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, undo_button);
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, redo_button);
  gtk_widget_class_bind_template_child (widget_class, PatronWindow, drop_hint);
  gtk_widget_class_bind_template_callback (widget_class, on_open_page);
  gtk_widget_class_bind_template_callback (widget_class, on_open_item);
  gtk_widget_class_bind_template_callback (widget_class, on_rename_item);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_item);
  gtk_widget_class_bind_template_callback (widget_class, on_rerun_item);
  gtk_widget_class_bind_template_callback (widget_class, on_page_changed);
  patron_window_install_actions (class);
}

static void
patron_window_init (PatronWindow *self)
{
  patron_window_actions_init (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  patron_window_files_init (self);
  patron_accessible_tidy (GTK_WIDGET (self));
}

PatronWindow *
patron_window_new (AdwApplication *application, PatronDocument *document)
{
  PatronWindow *self = g_object_new (PATRON_TYPE_WINDOW, "application", application, NULL);
  patron_settings_restore_window (GTK_WINDOW (self), self->flap);
  set_document (self, document);
  patron_window_show_home (self);
  return self;
}
