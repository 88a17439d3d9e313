/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "table/roles.h"

G_BEGIN_DECLS

/* A data file before it is read: its first rows as they would come out, how it was understood and why, and what can be said instead. Every choice
 * reads the beginning of the file again.
 *
 * Signals: "import" () and "cancel" (). */
#define PATRON_TYPE_IMPORT_PAGE (patron_import_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronImportPage, patron_import_page, PATRON, IMPORT_PAGE, GtkWidget)

GtkWidget   *patron_import_page_new         (const char *path);
const char  *patron_import_page_get_path    (PatronImportPage *page);
/* What differs from detection, as patron_read_file() takes it. */
char       **patron_import_page_dup_options (PatronImportPage *page);
/* key: a setting of the reader ("delimiter"); value NULL or "": found out. */
void         patron_import_page_set_option  (PatronImportPage *page, const char *key, const char *value);
/* type: an id of patron_type_id(), "skip" to leave the column out, NULL: found out. */
void         patron_import_page_set_column  (PatronImportPage *page, const char *column, const char *type);
/* What a column is for, in every analysis; PATRON_N_ROLES: nothing. */
void         patron_import_page_set_role    (PatronImportPage *page, const char *column, PatronRole role);
/* What was said of the columns, without guesses; owned by the caller. */
PatronRoles *patron_import_page_dup_roles   (PatronImportPage *page);
/* The rows shown; NULL while the first are on their way. Borrowed. */
PatronTable *patron_import_page_get_preview (PatronImportPage *page);

G_END_DECLS
