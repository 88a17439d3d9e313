/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* What the project has: data, questions asked, models, reports, history, with counts; a search narrows it.
 *
 * Signals: "open-page" (const char *name: "home", "report", "history"), "open-item" (PatronItem), "rename-item" (PatronItem),
 * "remove-item" (PatronItem), "rerun-item" (PatronItem). */
#define PATRON_TYPE_SIDEBAR (patron_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (PatronSidebar, patron_sidebar, PATRON, SIDEBAR, GtkWidget)

void patron_sidebar_set_document (PatronSidebar *sidebar, PatronDocument *document);
void patron_sidebar_search       (PatronSidebar *sidebar);                            /* focuses the search entry */
/* Marks what is showing: an item, or a page by name. Both NULL: nothing of what is listed. */
void patron_sidebar_select       (PatronSidebar *sidebar, PatronItem *item, const char *page);

G_END_DECLS
