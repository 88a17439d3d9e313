/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A cell of a report table: text, and behind it a bar of a share of the width. */
#define PATRON_TYPE_CELL_VIEW (patron_cell_view_get_type ())
G_DECLARE_FINAL_TYPE (PatronCellView, patron_cell_view, PATRON, CELL_VIEW, GtkWidget)

/* number: right-aligned, digits of equal width. width: characters of a text that are shown in any case; more only where there is room. */
GtkWidget *patron_cell_view_new  (gboolean number, int width);
/* share: 0 … 1, NaN for no bar; negative: the bar is in the colour of warnings. */
void       patron_cell_view_show (PatronCellView *self, const char *text, double share);

G_END_DECLS
