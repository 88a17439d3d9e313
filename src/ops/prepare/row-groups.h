/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/prepare/match-column.h"

G_BEGIN_DECLS

/* Two rows that may be the same thing. a < b. */
typedef struct
{
  guint32 a, b;
  float   score;
} PatronRowPair;

/* Pairs with a score (the mean similarity over the columns that are not missing in both rows, 0 when those are fewer than half) of at least `least`,
 * appended to pairs (of PatronRowPair), each once, ordered by a and b. Not all pairs are looked at: for each column the rows are put in the order of
 * its values, and of its texts read backwards, and each row is compared with the next `window` rows (M. Hernández and S. Stolfo, "The Merge/Purge
 * Problem for Large Databases", SIGMOD 1995). ranked columns only. */
gboolean patron_match_pairs (const PatronMatchColumn *columns, guint n_columns, guint window, double least, GArray *pairs, PatronRun *run,
                             GError **error);

/* Rows that are equal in all the columns named, as pairs of score 1 that chain them: the first with the second, the second with the third … Rows with
 * nothing in any of the columns are no one's equal. Compared by 128-bit hashes. normal: texts by their normal form. */
gboolean patron_match_equal (PatronTable *table, char **columns, gboolean normal, GArray *pairs, PatronRun *run, GError **error);

/* Pairs into groups, the best first, never joining two rows of `apart` (of PatronRowPair) into one group. group: n rows, the first row of each group;
 * score: n, the best score by which a row is joined, 0 for rows alone. Both are to be freed with patron_free(). */
typedef struct
{
  gsize    n;
  guint32 *group;
  float   *score;
} PatronRowGroups;

gboolean patron_row_groups_init  (PatronRowGroups *self, gsize n, GArray *pairs, const GArray *apart, PatronRun *run, GError **error);
void     patron_row_groups_clear (PatronRowGroups *self);

G_END_DECLS
