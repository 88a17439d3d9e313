/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/import-preview.h"

G_BEGIN_DECLS

/* The settings of a reader as rows of two lists, generated from its declaration: what is not chosen is found out, and what was found is told. Not a widget:
 * the rows belong to the lists.
 *
 * Signal "chosen" (const char *key, const char *value): value NULL: find out. */
#define PATRON_TYPE_IMPORT_SETTINGS (patron_import_settings_get_type ())
G_DECLARE_FINAL_TYPE (PatronImportSettings, patron_import_settings, PATRON, IMPORT_SETTINGS, GObject)

/* basic and advanced are borrowed and outlive the settings. */
PatronImportSettings *patron_import_settings_new  (AdwPreferencesGroup *basic, AdwExpanderRow *advanced);
/* Rows of the preview's reader, what was found, and what options (key → value) hold. */
void                  patron_import_settings_show (PatronImportSettings *self, const PatronImportPreview *preview, GHashTable *options);

G_END_DECLS
