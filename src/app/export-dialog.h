/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "table/table.h"

G_BEGIN_DECLS

/* Asks how a table is to be written, then for the file, and writes it as a job. */
#define PATRON_TYPE_EXPORT_DIALOG (patron_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (PatronExportDialog, patron_export_dialog, PATRON, EXPORT_DIALOG, AdwWindow)

/* owner: the page that the table is on. rows: the n_rows that are shown there, in their order, copied; NULL: all of them are, as they stand. */
GtkWidget *patron_export_dialog_new (GtkWidget *owner, PatronTable *table, const guint32 *rows, gsize n_rows);

/* What was chosen, as patron_write_file() takes it. Owned by the caller. */
char     **patron_export_dialog_dup_options (PatronExportDialog *dialog);

G_END_DECLS
