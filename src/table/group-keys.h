/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Which rows belong together. Groups are numbered 0 … n_groups-1 in the order of their first rows, so that the numbers depend neither on the
 * number of threads nor on how texts are coded. Missing is a value like any other; 0 and -0 are one. Immutable once made. */
typedef struct
{
  gsize    n_rows;
  guint32  n_groups;
  guint32 *ids;       /* n_rows: the group of each row */
  guint32 *first;     /* n_groups: the first row of each; what the group's key is, is read there */
  guint32 *counts;    /* n_groups: rows in each */
} PatronGroups;

/* Rows with the same values in all of the columns (any types) are a group; without columns all rows are one. Columns are read chunk by chunk; takes
 * up to 32 bytes a row while it works, and 4 a row and 8 a group for the result. */
PatronGroups *patron_groups_new    (PatronColumn *const *keys, guint n_keys, gsize n_rows, PatronRun *run, GError **error);
/* The groups divided by one more column. */
PatronGroups *patron_groups_refine (const PatronGroups *groups, PatronColumn *column, PatronRun *run, GError **error);
/* The groups of the rows of two tables, one put under the other: n_left rows, then those of the right; ids and first count through both. left[k] and
 * right[k] are of the same type, or each a category or a text. */
PatronGroups *patron_groups_stack  (PatronColumn *const *left, gsize n_left, PatronColumn *const *right, gsize n_right, guint n_keys, PatronRun *run, GError **error);
void          patron_groups_free   (PatronGroups *groups);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronGroups, patron_groups_free)

/* Where the rows of each group are: rows[offsets[g]] … rows[offsets[g + 1] - 1], ascending. patron_free() both. */
gboolean patron_groups_rows (const PatronGroups *groups, guint32 **offsets, guint32 **rows, PatronRun *run, GError **error);

G_END_DECLS
