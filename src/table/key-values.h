/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/column.h"

G_BEGIN_DECLS

/* Values of columns as unsigned numbers in the same order, for sorting, grouping and matching. */

/* Order-preserving keys of n values as held: a column has one type, so keys of different types need not compare. Texts give their code; -0 is 0. */
#define PATRON_KEY_MISSING G_MAXUINT64
void patron_keys_from_values (PatronType type, gconstpointer values, gsize n, guint64 *keys);

/* The smallest and largest key of a column and whether there are missing values; low > high when nothing else is there. Parallel. */
typedef struct
{
  guint64  low, high;
  gboolean missing;
} PatronKeyRange;
gboolean patron_column_key_range (PatronColumn *column, PatronKeyRange *range, PatronRun *run, GError **error);

G_END_DECLS
