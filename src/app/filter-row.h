/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Which rows take part, as an expression; the page that owns it has the rows counted and shows the count here.
 *
 * Signal "changed". */
#define PATRON_TYPE_FILTER_ROW (patron_filter_row_get_type ())
G_DECLARE_FINAL_TYPE (PatronFilterRow, patron_filter_row, PATRON, FILTER_ROW, AdwActionRow)

GtkWidget  *patron_filter_row_new      (void);
/* NULL when empty. Borrowed. */
const char *patron_filter_row_get_text (PatronFilterRow *self);
void        patron_filter_row_set_text (PatronFilterRow *self, const char *text);
/* problem: why the expression is refused, or NULL and how many of n_rows it keeps. */
void        patron_filter_row_show     (PatronFilterRow *self, const char *problem, gsize n_kept, gsize n_rows);

G_END_DECLS
