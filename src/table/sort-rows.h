/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* The order of rows by several columns, the first the most important. Stable: rows with the same values stay in the order they had. Texts
 * are ordered as table/collate.h says; false comes before true. Parallel; the result does not depend on the number of threads. */
typedef struct
{
  PatronColumn *column;          /* borrowed; all of the same length */
  gboolean      descending;
  gboolean      missing_first;   /* missing values are last otherwise, whatever the direction */
} PatronSortKey;

/* The row numbers in order: a permutation of rows, or of 0 … length of the columns - 1 when rows is NULL (n_rows does not matter
 * then). patron_free() it. Reads a column once, chunk by chunk; takes about 28 bytes a row while it works. */
guint32 *patron_sort_rows (const PatronSortKey *keys, guint n_keys, const guint32 *rows, gsize n_rows, PatronRun *run, GError **error);

G_END_DECLS
