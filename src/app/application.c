/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"

#include <glib/gi18n-lib.h>

#include "app/keyring.h"
#include "app/window-private.h"

enum { MAX_DAMAGES_SHOWN = 8 };

struct _PatronApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (PatronApplication, patron_application, ADW_TYPE_APPLICATION)

/* ---- actions ----------------------------------------------------------------------------------------------- */

static void
show_new_window (PatronApplication *self)
{
  g_autoptr (GError) error = NULL;
  GtkWindow *window = patron_application_open_project (self, NULL, &error);
  if (window != NULL)
    gtk_window_present (window);
  else
    g_printerr ("%s\n", error->message);
}

static void
on_new (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_new_window (user_data);
}

/* Each window is asked, because one may have a project without a file; the last one to close ends the application. */
static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (user_data));
  for (GList *link = windows; link != NULL; link = link->next)
    gtk_window_close (link->data);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", _("Patron"),
                         "application-icon", PATRON_APPLICATION_ID,
                         "version", PATRON_VERSION,
                         "comments", _("From orders and customers to segments, predictions, offers and a report, on your own machine."),
                         "developer-name", _("The Patron authors"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static const GActionEntry actions[] = {
  { "new", on_new },
  { "quit", on_quit },
  { "about", on_about },
};

static const struct
{
  const char *action;
  const char *accels[3];
} accels[] = {
  { "app.new", { "<Control>n" } },
  { "app.quit", { "<Control>q" } },
  { "window.close", { "<Control>w" } },
};

/* ---- application ------------------------------------------------------------------------------------------- */

static void
patron_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (patron_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (PATRON_APPLICATION_ID);
  patron_keyring_init ();
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accels[i].action, accels[i].accels);
  patron_window_install_accels (GTK_APPLICATION (application));
}

static void
patron_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));
  if (window != NULL)
    gtk_window_present (window);
  else
    show_new_window (PATRON_APPLICATION (application));
}

/* A window for files to go to: the active one, or a new one on an untitled project. */
static PatronWindow *
any_window (PatronApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  if (!PATRON_IS_WINDOW (window))
    window = patron_application_open_project (self, NULL, NULL);
  return window != NULL ? PATRON_WINDOW (window) : NULL;
}

static void
patron_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  PatronApplication *self = PATRON_APPLICATION (application);
  g_autoptr (GSList) others = NULL;
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);
      GtkWindow *window = NULL;
      /* A project given as an argument needs no window before its own. */
      if (path != NULL && g_str_has_suffix (path, ".patron"))
        window = patron_application_open_project (self, path, NULL);
      if (window != NULL)
        gtk_window_present (window);
      else
        others = g_slist_append (others, files[i]);
    }
  PatronWindow *target = others != NULL ? any_window (self) : NULL;
  if (target == NULL)
    return;
  gtk_window_present (GTK_WINDOW (target));
  patron_window_open_files (target, others);
}

static void
patron_application_class_init (PatronApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);
  application_class->startup = patron_application_startup;
  application_class->activate = patron_application_activate;
  application_class->open = patron_application_open;
}

static void
patron_application_init (PatronApplication *self)
{
}

PatronApplication *
patron_application_new (void)
{
  return g_object_new (PATRON_TYPE_APPLICATION,
                       "application-id", PATRON_APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/org/patron/Patron",
                       NULL);
}

static GtkWindow *
find_window (PatronApplication *self, const char *path)
{
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link != NULL; link = link->next)
    if (PATRON_IS_WINDOW (link->data))
      {
        PatronProject *project = patron_document_get_project (patron_window_get_document (link->data));
        if (!patron_project_is_untitled (project) && g_strcmp0 (patron_project_get_path (project), path) == 0)
          return link->data;
      }
  return NULL;
}

/* Where the file or the medium cannot be written, the project can still be looked at; of a damaged one, what is sound. */
static PatronProject *
open_or_create (const char *path, GPtrArray **damages, GError **error)
{
  if (path == NULL)
    return patron_project_new_untitled (error);
  g_autoptr (GError) first = NULL;
  PatronProject *project = patron_project_open (path, FALSE, &first);
  if (project == NULL && g_error_matches (first, PATRON_ERROR, PATRON_ERROR_STORAGE))
    project = patron_project_open (path, TRUE, NULL);
  if (project == NULL && g_error_matches (first, PATRON_ERROR, PATRON_ERROR_DAMAGED))
    project = patron_project_open_damaged (path, damages, NULL);
  if (project == NULL)
    g_propagate_error (error, g_steal_pointer (&first));
  return project;
}

/* Over the window, so after it is there. */
static gboolean
present_idle (gpointer dialog)
{
  patron_window_present_dialog (dialog);
  return G_SOURCE_REMOVE;
}

static void
on_save_sound (GtkWindow *window)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.save-as", NULL);
}

/* The first losses by name; the rest are counted. */
static void
tell_damages (GtkWindow *window, GPtrArray *damages)
{
  g_autoptr (GString) body = g_string_new (_("It is shown without what is damaged, and nothing is written to it. Saving it under another name keeps what is sound."));
  for (guint i = 0; i < damages->len && i < MAX_DAMAGES_SHOWN; i++)
    g_string_append_printf (body, "\n\n%s", (char *) damages->pdata[i]);
  if (damages->len > MAX_DAMAGES_SHOWN)
    {
      guint more = damages->len - MAX_DAMAGES_SHOWN;
      g_autofree char *rest = g_strdup_printf (ngettext ("%u more loss is not listed.", "%u more losses are not listed.", more), more);
      g_string_append_printf (body, "\n\n%s", rest);
    }
  GtkWidget *dialog = adw_message_dialog_new (window, _("This Project Is Damaged"), body->str);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"), "save", _("_Save As…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "save");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "close");
  g_signal_connect_object (dialog, "response::save", G_CALLBACK (on_save_sound), window, G_CONNECT_SWAPPED);
  g_idle_add_full (G_PRIORITY_LOW, present_idle, g_object_ref (dialog), g_object_unref);
}

GtkWindow *
patron_application_open_project (PatronApplication *self, const char *path, GError **error)
{
  g_return_val_if_fail (PATRON_IS_APPLICATION (self), NULL);
  GtkWindow *window = path != NULL ? find_window (self, path) : NULL;
  if (window != NULL)
    return window;
  g_autoptr (GPtrArray) damages = NULL;
  g_autoptr (PatronProject) project = open_or_create (path, &damages, error);
  if (project == NULL)
    return NULL;
  g_autoptr (PatronDocument) document = patron_document_new (project);
  window = GTK_WINDOW (patron_window_new (ADW_APPLICATION (self), document));
  if (damages != NULL && damages->len > 0)
    tell_damages (window, damages);
  return window;
}

char *
patron_application_sample_path (void)
{
  const char *path = g_getenv ("PATRON_SAMPLE_PROJECT");
  g_autofree char *installed = g_build_filename (PATRON_DATA_DIR, "sample.patron", NULL);
  if (path == NULL || *path == '\0')
    path = installed;
  return g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_strdup (path) : NULL;
}
