/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* The files of a folder, in the order of their names: paths relative to it, as they are in the file system. Names that begin with a dot are left out, and
 * links to folders are not followed. subfolders: also those inside it, up to 32 deep. wanted tells which files by their names. NULL with error. */
char   **patron_folder_files (const char *path, gboolean subfolders, gboolean (*wanted) (const char *name), PatronRun *run, GError **error);

/* How many of the first entries of a folder and of the folders in it, at most 500, are wanted; a glance that tells what a folder is. */
guint    patron_folder_count (const char *path, gboolean (*wanted) (const char *name));

G_END_DECLS
