/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Which rows of a table are shown, and in which order. */
typedef struct
{
  char    *filter;        /* expression, NULL: all rows */
  int      column;        /* to sort by, -1: as they are */
  gboolean descending;
} PatronRowOrder;

/* Row indices (patron_free), *n of them; NULL with *n = all rows and no error when the rows are all and as they are. Stable; missing values last,
 * whichever way it is sorted; texts in the order of the language in force. Any thread. */
guint32 *patron_row_order_compute (PatronTable *table, const PatronRowOrder *order, gsize *n, PatronRun *run, GError **error);

G_END_DECLS
