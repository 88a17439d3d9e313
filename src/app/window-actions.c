/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include <glib/gi18n-lib.h>

#include "app/application.h"
#include "app/help-window.h"

/* ---- what the actions do ----------------------------------------------------------------------------------- */

/* In a text field Ctrl+Z is about the text, although the key reaches the window first. */
static gboolean
undo_in_text (PatronWindow *self, const char *action)
{
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  return (GTK_IS_TEXT (focus) || GTK_IS_TEXT_VIEW (focus)) && gtk_widget_activate_action (focus, action, NULL);
}

static void
undo (PatronWindow *self)
{
  if (!undo_in_text (self, "text.undo"))
    patron_document_undo (self->document);
}

static void
redo (PatronWindow *self)
{
  if (!undo_in_text (self, "text.redo"))
    patron_document_redo (self->document);
}

static void
save (PatronWindow *self)
{
  if (patron_project_is_untitled (patron_document_get_project (self->document)))
    patron_window_choose_save (self, FALSE);
  else
    patron_window_toast (self, _("Nothing to do: every change is saved as it is made"), NULL, NULL);
}

static void
save_as (PatronWindow *self)
{
  patron_window_choose_save (self, FALSE);
}

/* The installed sample cannot be changed: what opens is the user's own copy, which keeps what is done in it. */
static void
open_sample (PatronWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = patron_application_sample_path ();
  if (path == NULL)
    return;
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "patron", NULL);
  g_autofree char *copy = g_build_filename (folder, "sample.patron", NULL);
  g_autoptr (GFile) installed = g_file_new_for_path (path);
  g_autoptr (GFile) own = g_file_new_for_path (copy);
  g_mkdir_with_parents (folder, 0700);   /* copying tells why when this fails */
  if (g_file_query_exists (own, NULL) || g_file_copy (installed, own, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &error))
    patron_window_open_file (self, own);
  else
    patron_window_show_error (self, _("The Project Could Not Be Opened"), error);
}

static gboolean
page_can (PatronWindow *self, PatronCommand command)
{
  PatronPage *page = patron_window_get_page (self);
  return page != NULL && patron_page_can (page, command);
}

static void
perform (PatronWindow *self, PatronCommand command)
{
  PatronPage *page = patron_window_get_page (self);
  if (page != NULL)
    patron_page_perform (page, command);
}

static void
run (PatronWindow *self)
{
  perform (self, PATRON_COMMAND_RUN);
}

static void
export (PatronWindow *self)
{
  perform (self, PATRON_COMMAND_EXPORT);
}

static void
print (PatronWindow *self)
{
  perform (self, PATRON_COMMAND_PRINT);
}

/* The page's own search where it has one, else the project's. */
static void
find (PatronWindow *self)
{
  if (page_can (self, PATRON_COMMAND_FIND))
    {
      perform (self, PATRON_COMMAND_FIND);
      return;
    }
  adw_flap_set_reveal_flap (self->flap, TRUE);
  patron_sidebar_search (self->sidebar);
}

static void
help (PatronWindow *self)
{
  PatronPage *page = patron_window_get_page (self);
  patron_help_window_present (GTK_WINDOW (self), page != NULL ? patron_page_get_op (page) : NULL);
}

static void
toggle_sidebar (PatronWindow *self)
{
  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));
}

static void
cancel (PatronWindow *self)
{
  PatronJob *job = patron_job_bar_newest (self->job_bar);
  if (job != NULL)
    patron_job_cancel (job);
}

static void
show_help_overlay (PatronWindow *self)
{
  GtkShortcutsWindow *overlay = gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (self));
  if (overlay == NULL)
    {
      /* Made when it is asked for: it is rarely, and the first frame should not wait for it. */
      g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/patron/Patron/help-overlay.ui");
      overlay = GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay"));
      gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (self), overlay);
    }
  gtk_window_present (GTK_WINDOW (overlay));
}

/* ---- when they can be done --------------------------------------------------------------------------------- */

static gboolean
can_undo (PatronWindow *self)
{
  return patron_project_can_undo (patron_document_get_project (self->document));
}

static gboolean
can_redo (PatronWindow *self)
{
  return patron_project_can_redo (patron_document_get_project (self->document));
}

static gboolean
has_sample (PatronWindow *self)
{
  g_autofree char *path = patron_application_sample_path ();
  return path != NULL;
}

static gboolean
can_run (PatronWindow *self)
{
  return page_can (self, PATRON_COMMAND_RUN);
}

static gboolean
can_export (PatronWindow *self)
{
  return page_can (self, PATRON_COMMAND_EXPORT);
}

static gboolean
can_print (PatronWindow *self)
{
  return page_can (self, PATRON_COMMAND_PRINT);
}

static gboolean
has_runs (PatronWindow *self)
{
  return g_list_model_get_n_items (patron_document_get_runs (self->document)) > 0;
}

/* ---- the table --------------------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  void      (*activate) (PatronWindow *self);
  gboolean  (*enabled) (PatronWindow *self);   /* NULL: always */
  const char *accels[3];
} actions[] = {
  { "open", patron_window_choose_file, NULL, { "<Control>o" } },
  { "open-folder", patron_window_choose_folder, NULL, { "<Control><Shift>o" } },
  { "connect", patron_window_connect_database, NULL },
  { "sample", open_sample, has_sample },
  { "save", save, NULL, { "<Control>s" } },
  { "save-as", save_as, NULL, { "<Control><Shift>s" } },
  { "undo", undo, can_undo, { "<Control>z" } },
  { "redo", redo, can_redo, { "<Control><Shift>z", "<Control>y" } },
  { "find", find, NULL, { "<Control>f" } },
  { "run", run, can_run, { "<Control>Return", "<Control>KP_Enter" } },
  { "export", export, can_export, { "<Control>e" } },
  { "print", print, can_print, { "<Control>p" } },
  { "home", patron_window_show_home, NULL, { "<Alt>Home" } },
  { "report", patron_window_show_report, has_runs },
  { "sql", patron_window_show_sql, NULL, { "<Control><Shift>l" } },
  { "history", patron_window_show_history, NULL, { "<Control>h" } },
  { "help", help, NULL, { "F1" } },
  { "sidebar", toggle_sidebar, NULL, { "F9" } },
  { "cancel", cancel, NULL },
  { "show-help-overlay", show_help_overlay, NULL, { "<Control>question", "<Control>slash" } },
};

static void
on_activate (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (actions[i].name, g_action_get_name (G_ACTION (action))))
      actions[i].activate (data);
}

void
patron_window_actions_init (PatronWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (actions[i].name, NULL);
      g_signal_connect (action, "activate", G_CALLBACK (on_activate), self);
      g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
    }
}

void
patron_window_actions_update (PatronWindow *self)
{
  if (self->document == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (actions[i].enabled != NULL)
      {
        GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), actions[i].name);
        g_simple_action_set_enabled (G_SIMPLE_ACTION (action), actions[i].enabled (self));
      }
}

void
patron_window_install_accels (GtkApplication *application)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *name = g_strconcat ("win.", actions[i].name, NULL);
      if (actions[i].accels[0] != NULL)
        gtk_application_set_accels_for_action (application, name, actions[i].accels);
    }
}

/* Escape is not an accelerator: popovers, searches and entries take it before the window does. */
void
patron_window_install_actions (PatronWindowClass *class)
{
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (class), GDK_KEY_Escape, 0, "win.cancel", NULL);
}
