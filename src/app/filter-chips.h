/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/document.h"

G_BEGIN_DECLS

/* The filters that a table has been given names for, each with the number of rows it keeps; and a way to name the one that is in use.
 *
 * Signal "chosen" (const char *text). */
#define PATRON_TYPE_FILTER_CHIPS (patron_filter_chips_get_type ())
G_DECLARE_FINAL_TYPE (PatronFilterChips, patron_filter_chips, PATRON, FILTER_CHIPS, GtkWidget)

GtkWidget  *patron_filter_chips_new      (PatronDocument *document, PatronTable *table);
/* The filter in use: the one that can be named, and whose chip is marked. "" or NULL: none. */
void        patron_filter_chips_set_text (PatronFilterChips *self, const char *text);
/* What the filter in use is called; NULL when it has no name. Borrowed. */
const char *patron_filter_chips_get_name (PatronFilterChips *self);

G_END_DECLS
