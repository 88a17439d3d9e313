/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* Where people start: a tile for each question that can be answered, what it needs and whether the project has it, and recent projects.
 *
 * Signals: "ask" (const PatronOp *op, const char *table: the one that fits, or NULL), "open-recent" (GFile). */
#define PATRON_TYPE_HOME_PAGE (patron_home_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronHomePage, patron_home_page, PATRON, HOME_PAGE, GtkWidget)

GtkWidget *patron_home_page_new (PatronDocument *document);

/* The newest table of the project that has what the operation needs, one that was read before one that was computed, or NULL. Owned by the caller. */
char      *patron_home_find_table (PatronDocument *document, const PatronOp *op);

G_END_DECLS
