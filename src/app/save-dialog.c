/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/save-dialog.h"

#include <glib/gi18n-lib.h>

#include "app/window.h"

typedef struct
{
  GtkWidget            *owner;     /* weak */
  const PatronFileKind *kinds;
  PatronSaveFunc        save;
  gpointer              data;
  GDestroyNotify        destroy;
  char                 *path;
} Save;

static void
save_free (gpointer pointer)
{
  Save *save = pointer;
  g_clear_weak_pointer (&save->owner);
  if (save->destroy != NULL)
    save->destroy (save->data);
  g_free (save->path);
  g_free (save);
}

static Save *
save_new (GtkWidget *owner, PatronSaveFunc func, gpointer data, GDestroyNotify destroy)
{
  Save *save = g_new0 (Save, 1);
  g_set_weak_pointer (&save->owner, owner);
  save->save = func;
  save->data = data;
  save->destroy = destroy;
  return save;
}

/* ---- the job ----------------------------------------------------------------------------------------------- */

static gboolean
save_work (PatronRun *run, gpointer data, GError **error)
{
  Save *save = data;
  return save->save (save->path, save->data, run, error);
}

/* The window that has the job shows what went wrong. */
static void
on_finished (PatronJob *job)
{
  Save *save = patron_job_get_data (job);
  PatronWindow *window = save->owner != NULL ? patron_window_of (save->owner) : NULL;
  if (window == NULL || patron_job_get_state (job) != PATRON_JOB_DONE)
    return;
  g_autofree char *name = g_path_get_basename (save->path);
  g_autofree char *message = g_strdup_printf (_("Saved “%s”"), name);
  patron_window_toast (window, message, NULL, NULL);
}

static void
start (Save *save /* taken */)
{
  g_autofree char *name = g_path_get_basename (save->path);
  g_autofree char *title = g_strdup_printf (_("Saving “%s”"), name);
  PatronWindow *window = save->owner != NULL ? patron_window_of (save->owner) : NULL;
  if (window != NULL)
    {
      PatronJob *job = patron_document_start_job (patron_window_get_document (window), title, PATRON_JOB_QUICK, save_work, save, save_free);
      g_signal_connect (job, "finished", G_CALLBACK (on_finished), NULL);
      return;
    }
  /* The work goes on without the reference. */
  g_object_unref (patron_job_start (title, PATRON_JOB_QUICK, 0, save_work, save, save_free));
}

void
patron_save_to (GtkWidget *owner, const char *path, PatronSaveFunc func, gpointer data, GDestroyNotify destroy)
{
  Save *save = save_new (owner, func, data, destroy);
  save->path = g_strdup (path);
  start (save);
}

/* ---- the dialog -------------------------------------------------------------------------------------------- */

static gboolean
has_known_suffix (const char *path, const PatronFileKind *kinds)
{
  const char *dot = strrchr (path, '.');
  for (const PatronFileKind *kind = kinds; dot != NULL && kind->suffix != NULL; kind++)
    if (g_ascii_strcasecmp (dot + 1, kind->suffix) == 0)
      return TRUE;
  return FALSE;
}

/* A name typed without an ending gets that of the chosen filter. */
static char *
with_suffix (const char *path, GtkFileChooser *chooser, const PatronFileKind *kinds)
{
  if (has_known_suffix (path, kinds))
    return g_strdup (path);
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);
  const char *name = filter != NULL ? gtk_file_filter_get_name (filter) : NULL;
  for (const PatronFileKind *kind = kinds; kind->suffix != NULL; kind++)
    if (name != NULL && g_str_equal (name, _(kind->name)))
      return g_strdup_printf ("%s.%s", path, kind->suffix);
  return g_strdup_printf ("%s.%s", path, kinds[0].suffix);
}

static void
on_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  Save *save = data;
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
      save->path = path != NULL ? with_suffix (path, GTK_FILE_CHOOSER (dialog), save->kinds) : NULL;
    }
  if (save->path != NULL)
    start (save);
  else
    save_free (save);
  g_object_unref (dialog);
}

static void
on_filter_changed (GtkFileChooser *chooser, GParamSpec *pspec, gpointer kinds)
{
  g_autofree char *name = gtk_file_chooser_get_current_name (chooser);
  if (name == NULL || !has_known_suffix (name, kinds))
    return;
  *strrchr (name, '.') = '\0';
  g_autofree char *renamed = with_suffix (name, chooser, kinds);
  gtk_file_chooser_set_current_name (chooser, renamed);
}

void
patron_save_dialog (GtkWidget *owner, const char *title, const char *name, const PatronFileKind *kinds,
                    PatronSaveFunc func, gpointer data, GDestroyNotify destroy)
{
  Save *save = save_new (owner, func, data, destroy);
  save->kinds = kinds;
  GtkRoot *root = gtk_widget_get_root (owner);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                                              GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  for (const PatronFileKind *kind = kinds; kind->suffix != NULL; kind++)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
      gtk_file_filter_set_name (filter, _(kind->name));
      gtk_file_filter_add_suffix (filter, kind->suffix);
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
      if (kind == kinds)
        gtk_file_chooser_set_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
  g_autofree char *base = patron_file_name (name);
  g_autofree char *suggested = g_strdup_printf ("%s.%s", base, kinds[0].suffix);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), suggested);
  g_signal_connect (dialog, "notify::filter", G_CALLBACK (on_filter_changed), (gpointer) kinds);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), save);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

char *
patron_file_name (const char *title)
{
  char *name = g_strdup (title);
  g_strdelimit (name, "/\\:*?\"<>|\n\t", '-');
  g_strstrip (name);
  return name;
}
