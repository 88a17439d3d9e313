/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* Which rows take part, as conditions or a formula, with the filters that the table has names for; the page that owns it has the rows counted and shows
 * the count here.
 *
 * Signal "changed". */
#define PATRON_TYPE_FILTER_ROW (patron_filter_row_get_type ())
G_DECLARE_FINAL_TYPE (PatronFilterRow, patron_filter_row, PATRON, FILTER_ROW, AdwActionRow)

/* document NULL: without filters that have names. */
GtkWidget  *patron_filter_row_new      (PatronDocument *document, PatronTable *table);
/* NULL when empty. Borrowed until the next change. */
const char *patron_filter_row_get_text (PatronFilterRow *self);
/* What the table calls this filter, or NULL. Borrowed. */
const char *patron_filter_row_get_name (PatronFilterRow *self);
void        patron_filter_row_set_text (PatronFilterRow *self, const char *text);
/* problem: why the expression is refused, or NULL and how many of n_rows it keeps. */
void        patron_filter_row_show     (PatronFilterRow *self, const char *problem, gsize n_kept, gsize n_rows);

G_END_DECLS
