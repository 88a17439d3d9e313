/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include <glib/gi18n-lib.h>

#include "app/application.h"

#define PROJECT_MIME "application/x-patron"

/* ---- opening ----------------------------------------------------------------------------------------------- */

static void
remember (const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *name = g_filename_display_basename (path);
  GtkRecentData data = { .display_name = name, .mime_type = (char *) PROJECT_MIME, .app_name = (char *) "Patron", .app_exec = (char *) "patron %f" };
  if (uri != NULL)
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

/* An untouched window gives way to the project. */
static void
open_project (PatronWindow *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  PatronApplication *application = PATRON_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  GtkWindow *window = patron_application_open_project (application, path, &error);
  if (window == NULL)
    {
      patron_window_show_error (self, _("The Project Could Not Be Opened"), error);
      return;
    }
  if (!patron_project_is_untitled (patron_document_get_project (patron_window_get_document (PATRON_WINDOW (window)))))
    remember (path);
  if (window != GTK_WINDOW (self) && patron_window_is_pristine (self))
    {
      gtk_window_set_default_size (window, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)));
      gtk_window_destroy (GTK_WINDOW (self));
    }
  gtk_window_present (window);
}

void
patron_window_open_file (PatronWindow *self, GFile *file)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  g_autofree char *path = g_file_get_path (file);
  if (path == NULL)
    {
      g_autofree char *uri = g_file_get_uri (file);
      g_autoptr (GError) error = g_error_new (PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is not on this computer; copy it here first."), uri);
      patron_window_show_error (self, _("The File Could Not Be Opened"), error);
    }
  else if (g_str_has_suffix (path, ".patron"))
    open_project (self, path);
  else
    patron_window_show_import (self, path);
}

void
patron_window_open_files (PatronWindow *self, GSList *files)
{
  g_return_if_fail (PATRON_IS_WINDOW (self));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (GSList *link = files; link != NULL; link = link->next)
    {
      g_autofree char *path = g_file_get_path (link->data);
      if (path == NULL || g_str_has_suffix (path, ".patron"))
        patron_window_open_file (self, link->data);
      else
        g_strv_builder_add (builder, path);
    }
  g_auto (GStrv) paths = g_strv_builder_end (builder);
  if (patron_window_are_alike ((const char *const *) paths))
    {
      patron_window_ask_together (self, (const char *const *) paths);
      return;
    }
  for (char **path = paths; *path != NULL; path++)
    {
      if (path == paths)
        patron_window_show_import (self, *path);
      else
        g_queue_push_tail (&self->waiting, g_strdup (*path));
    }
  if (!g_queue_is_empty (&self->waiting))
    {
      g_autofree char *message = g_strdup_printf (_("Files that follow after this one: %u"), g_queue_get_length (&self->waiting));
      patron_window_toast (self, message, NULL, NULL);
    }
}

static void
on_open_response (GtkNativeDialog *dialog, int response, PatronWindow *self)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
  if (file != NULL)
    patron_window_open_file (self, file);
  else
    self->pending_op = NULL;
}

void
patron_window_show_chooser (PatronWindow *self, GtkFileChooserNative *chooser)
{
  g_clear_object (&self->chooser);
  self->chooser = chooser;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (on_open_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *suffixes)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  gtk_file_filter_set_name (filter, name);
  for (guint i = 0; suffixes[i] != NULL; i++)
    {
      if (g_str_equal (suffixes[i], "*"))
        gtk_file_filter_add_pattern (filter, "*");
      else
        gtk_file_filter_add_suffix (filter, suffixes[i]);
    }
  gtk_file_chooser_add_filter (chooser, filter);
}

void
patron_window_choose_file (PatronWindow *self)
{
  static const char *const data[] = { "csv", "tsv", "tab", "txt", "dat", "psv", "gz", "zst", "xlsx", "xlsm", "json", "jsonl", "ndjson", "sqlite", "sqlite3",
                                      "db", "sav", "zsav", "por", "dta", "sas7bdat", "xpt", "patron", NULL };
  static const char *const projects[] = { "patron", NULL };
  static const char *const all[] = { "*", NULL };
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Open"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  add_filter (GTK_FILE_CHOOSER (chooser), _("Data files and projects"), data);
  add_filter (GTK_FILE_CHOOSER (chooser), _("Projects"), projects);
  add_filter (GTK_FILE_CHOOSER (chooser), _("All files"), all);
  patron_window_show_chooser (self, chooser);
}

/* ---- dropping ---------------------------------------------------------------------------------------------- */

static GdkDragAction
on_drop_enter (GtkDropTarget *target, double x, double y, PatronWindow *self)
{
  gtk_widget_set_visible (self->drop_hint, TRUE);
  return GDK_ACTION_COPY;
}

static void
on_drop_leave (GtkDropTarget *target, PatronWindow *self)
{
  gtk_widget_set_visible (self->drop_hint, FALSE);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, PatronWindow *self)
{
  gtk_widget_set_visible (self->drop_hint, FALSE);
  if (G_VALUE_HOLDS (value, G_TYPE_FILE))
    {
      patron_window_open_file (self, g_value_get_object (value));
      return TRUE;
    }
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  if (files == NULL)
    return FALSE;
  patron_window_open_files (self, files);
  return TRUE;
}

void
patron_window_files_init (PatronWindow *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_FILE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "enter", G_CALLBACK (on_drop_enter), self);
  g_signal_connect (target, "leave", G_CALLBACK (on_drop_leave), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* ---- saving and closing ------------------------------------------------------------------------------------ */

static void
on_saved (PatronJob *job, PatronWindow *self)
{
  gboolean then_close = self->closing == job;
  g_clear_object (&self->closing);
  if (patron_job_get_state (job) != PATRON_JOB_DONE)
    return;
  remember (patron_project_get_path (patron_document_get_project (self->document)));
  if (then_close)
    gtk_window_destroy (GTK_WINDOW (self));
  else
    patron_window_toast (self, _("Saved. From here on every change is saved as it is made."), NULL, NULL);
}

static void
on_save_response (GtkNativeDialog *dialog, int response, PatronWindow *self)
{
  gboolean then_close = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (dialog), "then-close"));
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
  g_autofree char *chosen = file != NULL ? g_file_get_path (file) : NULL;
  if (chosen == NULL)
    return;
  g_autofree char *path = g_str_has_suffix (chosen, ".patron") ? g_strdup (chosen) : g_strconcat (chosen, ".patron", NULL);
  PatronJob *job = patron_document_save_as (self->document, path);
  g_signal_connect_object (job, "finished", G_CALLBACK (on_saved), self, 0);
  if (then_close)
    g_set_object (&self->closing, job);
}

void
patron_window_choose_save (PatronWindow *self, gboolean then_close)
{
  static const char *const projects[] = { "patron", NULL };
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Save As"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_autofree char *name = g_strconcat (patron_document_get_title (self->document), ".patron", NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  add_filter (GTK_FILE_CHOOSER (self->chooser), _("Projects"), projects);
  g_object_set_data (G_OBJECT (self->chooser), "then-close", GINT_TO_POINTER (then_close));
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_save_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_close_response (AdwMessageDialog *dialog, const char *response, PatronWindow *self)
{
  if (g_str_equal (response, "save"))
    patron_window_choose_save (self, TRUE);
  else if (g_str_equal (response, "discard"))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
ask_before_closing (PatronWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Keep This Project?"),
                                              _("It has no file of its own yet. Without one, its tables and results go when the window closes."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "discard", _("_Discard"), "save", _("_Save As…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_close_response), self);
  patron_window_present_dialog (dialog);
}

static void
on_stop_response (AdwMessageDialog *dialog, const char *response, PatronWindow *self)
{
  if (!g_str_equal (response, "stop"))
    return;
  self->close_anyway = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

static void
ask_to_stop_jobs (PatronWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Stop What Is Running?"),
                                              _("A job is not finished. Closing the window cancels it; everything before it is kept."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "wait", _("_Keep Running"), "stop", _("_Stop and Close"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "wait");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "wait");
  g_signal_connect (dialog, "response", G_CALLBACK (on_stop_response), self);
  patron_window_present_dialog (dialog);
}

gboolean
patron_window_may_close (PatronWindow *self)
{
  if (self->closing != NULL)
    return FALSE;
  if (!self->close_anyway && patron_job_bar_newest (self->job_bar) != NULL)
    {
      ask_to_stop_jobs (self);
      return FALSE;
    }
  self->close_anyway = FALSE;
  if (!patron_project_is_untitled (patron_document_get_project (self->document)) || patron_window_is_pristine (self))
    return TRUE;
  ask_before_closing (self);
  return FALSE;
}
