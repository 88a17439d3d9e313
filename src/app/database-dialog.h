/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Asks for a database server and, once connected, for a table or a query. The password goes into the keyring, never into a project.
 *
 * Signal: "chosen" (const char *address, const char *setting, const char *value): what to read; setting is "table" or "query". */
#define PATRON_TYPE_DATABASE_DIALOG (patron_database_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PatronDatabaseDialog, patron_database_dialog, PATRON, DATABASE_DIALOG, AdwWindow)

GtkWidget *patron_database_dialog_new (GtkWindow *parent);

G_END_DECLS
