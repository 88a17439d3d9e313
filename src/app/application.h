/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The application: one process for all windows; projects and data files given as arguments are opened. */
#define PATRON_TYPE_APPLICATION (patron_application_get_type ())
G_DECLARE_FINAL_TYPE (PatronApplication, patron_application, PATRON, APPLICATION, AdwApplication)

PatronApplication *patron_application_new (void);

/* A window on the project at path, or on a new project when path is NULL; the window that has it already is presented instead. NULL with error
 * when it cannot be opened. Borrowed. */
GtkWindow *patron_application_open_project (PatronApplication *application, const char *path, GError **error);

/* Path of the sample project that is installed with the application, or that PATRON_SAMPLE_PROJECT names; NULL when there is none. Owned
 * by the caller. */
char      *patron_application_sample_path  (void);

G_END_DECLS
