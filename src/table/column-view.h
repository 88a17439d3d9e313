/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/column.h"

G_BEGIN_DECLS

/* Rows of another column, in any order, gathered when they are read: how a table larger than memory is filtered and sorted. Of rows
 * in no order all are gathered, once, when someone reads many of them. */
typedef struct _PatronRowIndex PatronRowIndex;

/* Copies the row numbers. Shared by all columns of a table. */
PatronRowIndex *patron_row_index_new   (const guint32 *rows, gsize n, GError **error);
/* The rows that picking `rows` of what index picked gives. */
PatronRowIndex *patron_row_index_chain (const PatronRowIndex *index, const guint32 *rows, gsize n, GError **error);
PatronRowIndex *patron_row_index_ref   (PatronRowIndex *index);
void            patron_row_index_unref (PatronRowIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronRowIndex, patron_row_index_unref)

/* A lazy column of index's length. Row numbers must be of column. */
PatronColumn   *patron_column_new_view   (PatronColumn *column, PatronRowIndex *index);
/* What a view picks, and from which column; NULL for any other column. Borrowed. */
PatronRowIndex *patron_column_view_index (PatronColumn *column);
PatronColumn   *patron_column_view_of    (PatronColumn *column);

G_END_DECLS
