/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"
#include "app/grid.h"

G_BEGIN_DECLS

/* A table: its rows in the grid, a filter with its count, sorting, and what the column under the cursor holds.
 *
 * Signal: "analyse" (const PatronOp *op, const char *table). */
#define PATRON_TYPE_TABLE_PAGE (patron_table_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronTablePage, patron_table_page, PATRON, TABLE_PAGE, GtkWidget)

GtkWidget   *patron_table_page_new       (PatronDocument *document, PatronTable *table);
PatronTable *patron_table_page_get_table (PatronTablePage *page);
PatronGrid  *patron_table_page_get_grid  (PatronTablePage *page);
/* Shows only rows for which the expression is true; NULL or "": all. The rows follow when the worker has found them. */
void         patron_table_page_filter    (PatronTablePage *page, const char *expression);
/* column -1: as they are in the table. */
void         patron_table_page_sort      (PatronTablePage *page, int column, gboolean descending);

G_END_DECLS
