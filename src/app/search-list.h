/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A list with a search above it, as popovers have it: rows that do not hold what is typed are hidden, Return takes the first that is left.
 *
 * Signal "chosen" (GtkListBoxRow *row). */
#define PATRON_TYPE_SEARCH_LIST (patron_search_list_get_type ())
G_DECLARE_FINAL_TYPE (PatronSearchList, patron_search_list, PATRON, SEARCH_LIST, GtkWidget)

/* placeholder: translated, what is searched for. width, height: of the list, in pixels. */
GtkWidget  *patron_search_list_new (const char *placeholder, int width, int height);
/* words: what a search finds the row by. Returns the row. */
GtkWidget  *patron_search_list_add (PatronSearchList *self, GtkWidget *child, const char *words);
/* For headers, and to walk its rows. Borrowed. */
GtkListBox *patron_search_list_get_box (PatronSearchList *self);
/* A line below the list; NULL: none. */
void        patron_search_list_set_note (PatronSearchList *self, const char *note);

G_END_DECLS
