/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* The chart builder: charts of one table beside each other over its rows. What is chosen in one chart filters the others and the rows. */
#define PATRON_TYPE_EXPLORE_PAGE (patron_explore_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronExplorePage, patron_explore_page, PATRON, EXPLORE_PAGE, GtkWidget)

GtkWidget   *patron_explore_page_new       (PatronDocument *document, PatronTable *table);
PatronTable *patron_explore_page_get_table (PatronExplorePage *self);

G_END_DECLS
