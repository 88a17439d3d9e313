/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/column-profile.h"
#include "table/table.h"

G_BEGIN_DECLS

/* A table as a grid of any size: only what is seen is read and drawn. Columns have a header with type, name, role, histogram and share of
 * missing values; there is a cursor and a rectangular selection that copies as text.
 *
 * Signals:
 *   cursor-moved ()                         row, column or both
 *   columns-shown (guint first, guint n)    another range of columns has come into view
 *   header-menu (guint column, double x, double y)   asked for with the right button or the menu key; widget coordinates
 *   sort-asked (guint column, gboolean descending)   Alt+Up, Alt+Down
 *   rename-asked (guint column, double x, double y)  F2, a double click on a header; where it begins, in widget coordinates */
#define PATRON_TYPE_GRID (patron_grid_get_type ())
G_DECLARE_FINAL_TYPE (PatronGrid, patron_grid, PATRON, GRID, GtkWidget)

GtkWidget     *patron_grid_new           (PatronTable *table);

/* The rows to show, as indices into the table (taken, patron_free); NULL: all as they are. Cursor and selection stay with their rows; where these are not shown,
 * or the cursor was in the first row, it is in the first row. */
void           patron_grid_set_order     (PatronGrid *grid, guint32 *order, gsize n);
const guint32 *patron_grid_get_order     (PatronGrid *grid);                 /* NULL: all as they are */
gsize          patron_grid_n_rows        (PatronGrid *grid);                 /* shown */
/* Marks the column that the rows are sorted by; -1: none. */
void           patron_grid_set_sorted    (PatronGrid *grid, int column, gboolean descending);

/* A column that stands out, because a step has changed it. */
void           patron_grid_set_marked    (PatronGrid *grid, guint column, gboolean marked);

/* A column that is not wanted: dimmed. */
void           patron_grid_set_left_out  (PatronGrid *grid, guint column, gboolean left_out);

/* What the header shows. Role: translated, NULL for none. The profile is borrowed until it is replaced or the grid is gone. */
void           patron_grid_set_role      (PatronGrid *grid, guint column, const char *role);
/* Whether headers have room for profiles; they have not at first. */
void           patron_grid_set_has_profiles (PatronGrid *grid, gboolean has_profiles);
void           patron_grid_set_profile   (PatronGrid *grid, guint column, const PatronColumnProfile *profile);

gsize          patron_grid_get_row       (PatronGrid *grid);                 /* of the cursor, in the order shown */
guint          patron_grid_get_column    (PatronGrid *grid);
void           patron_grid_move          (PatronGrid *grid, gsize row, guint column, gboolean extend);   /* scrolls it into view */
/* "amount, row 5: 12.50": what assistive technology is told about the cursor. Owned by the caller. */
char          *patron_grid_describe      (PatronGrid *grid);
/* As F2 does: "rename-asked" for the column at the cursor. */
void           patron_grid_ask_name      (PatronGrid *grid);
void           patron_grid_select_all    (PatronGrid *grid);
/* The selected cells as tab-separated lines, with the columns' names when more than one row is selected; read by a job and put on the clipboard. */
void           patron_grid_copy          (PatronGrid *grid);

/* As text, at once; for what fits in memory easily. Owned by the caller. */
char          *patron_grid_selection_text (PatronGrid *grid, GError **error);

G_END_DECLS
