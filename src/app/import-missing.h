/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Values that may stand for missing ones, offered with their counts as boxes to tick; never assumed. A value that is ticked is missing in the next preview and
 * no longer found there, so it stays in the list. Not visible while there is nothing to offer.
 *
 * Signal "changed" (): by the user. */
#define PATRON_TYPE_IMPORT_MISSING (patron_import_missing_get_type ())
G_DECLARE_FINAL_TYPE (PatronImportMissing, patron_import_missing, PATRON, IMPORT_MISSING, AdwPreferencesGroup)

GtkWidget *patron_import_missing_new  (void);
/* found: of PatronDisguised*, what the first n_rows rows hold. */
void       patron_import_missing_show (PatronImportMissing *self, const GPtrArray *found, gsize n_rows);
/* What is ticked, as entries of the readers' setting missing-values, with commas between; "" for none. Owned by the caller. */
char      *patron_import_missing_dup_entries (PatronImportMissing *self);

G_END_DECLS
