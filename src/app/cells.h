/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Some values of a column, as held, in the order in which a view shows them; with what it takes to write each as text. */
typedef struct
{
  PatronType  type;
  PatronDict *dict;       /* owned, or NULL */
  gsize       first, n;   /* rows of the view */
  gpointer    values;     /* n of the type's size */
} PatronCells;

/* Rows first … first+n-1 of a view of the column. order: the view's rows of the table, or NULL when they are the table's own. Reads only the chunks
 * it needs; any thread. NULL with error when reading failed. */
PatronCells *patron_cells_read   (PatronColumn *column, const guint32 *order, gsize first, gsize n, GError **error);
void         patron_cells_free   (PatronCells *cells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronCells, patron_cells_free)

/* Value i (0 … n-1) as text; FALSE when it is missing (the buffer is then ""). Text longer than the buffer is cut at a character. Numbers have at
 * least `decimals` decimals, and more when they need them, rounded to ten digits when those are over six. -1: every digit there is, for copies. */
gboolean     patron_cells_format (const PatronCells *cells, gsize i, int decimals, char *buffer, gsize size);
/* The decimals that most of the values have, at most 4: what makes the column line up. 0 for types without. */
int          patron_cells_decimals (const PatronCells *cells);

G_END_DECLS
