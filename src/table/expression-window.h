/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/expression-private.h"

G_BEGIN_DECLS

/* The rows of a table in groups, and in order within them. */
typedef struct
{
  gsize          n, n_groups;
  const guint32 *group;       /* of each row; borrowed */
  guint32       *rows;        /* by group, then by the order asked for, then as in the table; NULL when not needed */
  gsize         *starts;      /* n_groups + 1: where a group begins in rows; NULL without rows */
  guint32       *ties;        /* of each row: equal where the order says that rows are; NULL when not needed */
} PatronWindowRows;

/* Computes node->values (n values) from the value's array, NULL when the function takes none. */
gboolean patron_window_compute (PatronNode *node, gconstpointer value, const PatronWindowRows *groups, PatronRun *run, GError **error);

/* Whether the function looks at rows in order, and whether its value is what they are ordered by first. */
gboolean patron_window_needs_rows (PatronWindow window);
gboolean patron_window_by_value   (PatronWindow window);

/* Values held as the node type's kind of array. */
gboolean patron_value_is_missing  (PatronType type, gconstpointer values, gsize i);
void     patron_value_set_missing (PatronType type, gpointer values, gsize i);

G_END_DECLS
