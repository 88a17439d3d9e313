/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/recovered-group.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "app/job.h"
#include "app/text-label.h"
#include "project/project.h"

struct _PatronRecoveredGroup
{
  AdwPreferencesGroup parent;
  GPtrArray          *rows;   /* of GtkWidget*, borrowed */
  PatronJob          *job;    /* owned */
};

static guint open_signal;

G_DEFINE_FINAL_TYPE (PatronRecoveredGroup, patron_recovered_group, ADW_TYPE_PREFERENCES_GROUP)

/* ---- looking for them -------------------------------------------------------------------------------------- */

typedef struct
{
  char *path;
  char *title;   /* its tables */
  char *when;    /* last changed */
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;
  g_free (found->path);
  g_free (found->title);
  g_free (found->when);
  g_free (found);
}

static char *
table_names (const char *path)
{
  g_autoptr (PatronProject) project = patron_project_open (path, TRUE, NULL);
  g_autoptr (GPtrArray) tables = project != NULL ? patron_project_list_tables (project, NULL) : NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; tables != NULL && i < tables->len; i++)
    g_ptr_array_add (names, ((PatronTableInfo *) tables->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  return names->len > 1 ? g_strjoinv (", ", (char **) names->pdata) : g_strdup (_("A project without tables"));
}

static char *
last_changed (const char *path)
{
  GStatBuf status;
  if (g_stat (path, &status) != 0)
    return g_strdup ("");
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (status.st_mtime);
  return g_date_time_format (then, "%Y-%m-%d %H:%M");
}

static gboolean
look (PatronRun *run, gpointer data, GError **error)
{
  GPtrArray *all = data;
  g_autoptr (GPtrArray) paths = patron_project_list_recoverable ();
  for (guint i = 0; i < paths->len && patron_run_check (run, error); i++)
    {
      Found *found = g_new0 (Found, 1);
      found->path = g_strdup (paths->pdata[i]);
      found->title = table_names (found->path);
      found->when = last_changed (found->path);
      g_ptr_array_add (all, found);
    }
  return TRUE;
}

/* ---- rows -------------------------------------------------------------------------------------------------- */

static const char *
row_path (gpointer row)
{
  return g_object_get_data (G_OBJECT (row), "path");
}

static void
on_activated (GtkWidget *row, PatronRecoveredGroup *self)
{
  g_autofree char *path = g_strdup (row_path (row));
  g_signal_emit (self, open_signal, 0, path);
}

static void
on_discard_response (GtkWidget *row, const char *response)
{
  PatronRecoveredGroup *self = PATRON_RECOVERED_GROUP (gtk_widget_get_ancestor (row, PATRON_TYPE_RECOVERED_GROUP));
  if (!g_str_equal (response, "delete") || self == NULL)
    return;
  patron_project_discard (row_path (row));
  patron_recovered_group_update (self);
}

/* The one thing here that cannot be undone. */
static void
on_discard (GtkWidget *button, GtkWidget *row)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (button));
  GtkWidget *dialog = adw_message_dialog_new (window, _("Delete This Project for Good?"), NULL);
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog), _("“%s” was never saved under a name; it cannot be brought back."),
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "keep", _("_Keep"), "delete", _("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_discard_response), row, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GtkWidget *
make_row (PatronRecoveredGroup *self, const Found *found)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), found->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), found->when);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "path", g_strdup (found->path), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (on_activated), self, 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("patron-history-symbolic"));
  GtkWidget *discard = patron_icon_button_new ("user-trash-symbolic", _("Delete this project"));
  g_signal_connect_object (discard, "clicked", G_CALLBACK (on_discard), row, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), discard);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static void
on_found (PatronJob *job, PatronRecoveredGroup *self)
{
  const GPtrArray *all = patron_job_get_data (job);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < all->len; i++)
    {
      GtkWidget *row = make_row (self, all->pdata[i]);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
      g_ptr_array_add (self->rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), all->len > 0);
  g_clear_object (&self->job);
}

void
patron_recovered_group_update (PatronRecoveredGroup *self)
{
  g_return_if_fail (PATRON_IS_RECOVERED_GROUP (self));
  patron_job_forget (&self->job, self);
  GPtrArray *all = g_ptr_array_new_with_free_func (found_free);
  self->job = patron_job_start (_("Look for lost projects"), PATRON_JOB_QUICK, 0, look, all, (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_found), self);
}

GtkWidget *
patron_recovered_group_new (void)
{
  return g_object_new (PATRON_TYPE_RECOVERED_GROUP, NULL);
}

static void
patron_recovered_group_dispose (GObject *object)
{
  patron_job_forget (&PATRON_RECOVERED_GROUP (object)->job, object);
  g_clear_pointer (&PATRON_RECOVERED_GROUP (object)->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (patron_recovered_group_parent_class)->dispose (object);
}

static void
patron_recovered_group_class_init (PatronRecoveredGroupClass *class)
{
  G_OBJECT_CLASS (class)->dispose = patron_recovered_group_dispose;
  open_signal = g_signal_new ("open", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
patron_recovered_group_init (PatronRecoveredGroup *self)
{
  self->rows = g_ptr_array_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _("Recovered"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self),
                                         _("Projects without a name that were still open when Patron stopped. Nothing in them is lost."));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
