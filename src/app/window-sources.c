/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/database-dialog.h"
#include "app/import-page.h"
#include "table/csv-options.h"

/* ---- folders ------------------------------------------------------------------------------------------------- */

void
patron_window_choose_folder (PatronWindow *self)
{
  patron_window_show_chooser (self, gtk_file_chooser_native_new (_("Open a Folder of Files or Pictures"), GTK_WINDOW (self),
                                                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Open"), _("_Cancel")));
}

/* ---- databases ----------------------------------------------------------------------------------------------- */

static void
on_chosen (PatronWindow *self, const char *address, const char *setting, const char *value)
{
  patron_window_show_import_with (self, address, setting, value, NULL);
}

void
patron_window_connect_database (PatronWindow *self)
{
  GtkWidget *dialog = patron_database_dialog_new (GTK_WINDOW (self));
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- several files as one table ------------------------------------------------------------------------------ */

/* The folder that all of them are in, at whatever depth. */
static char *
common_folder (const char *const *paths)
{
  g_autofree char *folder = g_path_get_dirname (paths[0]);
  for (; *paths != NULL; paths++)
    for (;;)
      {
        g_autofree char *prefix = g_str_has_suffix (folder, "/") ? g_strdup (folder) : g_strconcat (folder, "/", NULL);
        if (g_str_has_prefix (*paths, prefix) || strcmp (folder, "/") == 0)
          break;
        char *parent = g_path_get_dirname (folder);
        g_free (folder);
        folder = parent;
      }
  return g_steal_pointer (&folder);
}

static char *
ending_of (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  const char *dot = strchr (base + 1, '.');
  return g_ascii_strdown (dot != NULL ? dot : "", -1);
}

/* Whether the files seem to be of one shape: their names end alike. */
gboolean
patron_window_are_alike (const char *const *paths)
{
  if (paths[0] == NULL || paths[1] == NULL)
    return FALSE;
  g_autofree char *first = ending_of (paths[0]);
  for (const char *const *path = paths; *path != NULL; path++)
    {
      g_autofree char *ending = ending_of (*path);
      if (strcmp (first, ending) != 0 || g_file_test (*path, G_FILE_TEST_IS_DIR))
        return FALSE;
    }
  return TRUE;
}

static void
on_together_response (AdwMessageDialog *dialog, const char *response, PatronWindow *self)
{
  const char *const *paths = g_object_get_data (G_OBJECT (dialog), "paths");
  if (g_str_equal (response, "together"))
    {
      g_autofree char *folder = common_folder (paths);
      g_autoptr (GString) files = g_string_new (NULL);
      gsize skip = strlen (folder) + !g_str_has_suffix (folder, "/");
      for (const char *const *path = paths; *path != NULL; path++)
        {
          g_autofree char *entry = patron_csv_escape (*path + skip);
          g_string_append_printf (files, "%s%s", files->len > 0 ? "," : "", entry);
        }
      patron_window_show_import_with (self, folder, "reader", "folder", "files", files->str, NULL);
    }
  else if (g_str_equal (response, "apart"))
    {
      for (const char *const *path = paths + 1; *path != NULL; path++)
        g_queue_push_tail (&self->waiting, g_strdup (*path));
      patron_window_show_import (self, paths[0]);
    }
}

void
patron_window_ask_together (PatronWindow *self, const char *const *paths)
{
  g_autofree char *body = g_strdup_printf (_("These %u files are of the same kind. As one table, their rows stand one under the other, and a column says which file each comes from."),
                                           g_strv_length ((char **) paths));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("One Table or Several?"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "apart", _("_Several Tables"), "together", _("_One Table"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "together", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "together");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "paths", g_strdupv ((char **) paths), (GDestroyNotify) g_strfreev);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_together_response), self, 0);
  patron_window_present_dialog (dialog);
}
