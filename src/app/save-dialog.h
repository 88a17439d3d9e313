/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/job.h"

G_BEGIN_DECLS

/* A kind of file to save as. name is a msgid ("PDF document"), suffix without the dot. */
typedef struct
{
  const char *suffix;
  const char *name;
} PatronFileKind;

/* Writes what data holds to path; runs in a worker, so data is not shared with widgets. The format is path's ending. */
typedef gboolean (*PatronSaveFunc) (const char *path, gpointer data, PatronRun *run, GError **error);

/* Asks for a file among kinds (NULL suffix ends) and has save write it as a job; tells how it ended in the window of owner. name:
 * suggested, without ending. data is freed with destroy in every case. */
void  patron_save_dialog (GtkWidget *owner, const char *title, const char *name, const PatronFileKind *kinds,
                          PatronSaveFunc save, gpointer data, GDestroyNotify destroy);

/* The same without asking. */
void  patron_save_to     (GtkWidget *owner, const char *path, PatronSaveFunc save, gpointer data, GDestroyNotify destroy);

/* A file name out of a title: no characters that any file system refuses. Owned by the caller. */
char *patron_file_name   (const char *title);

G_END_DECLS
