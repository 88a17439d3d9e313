/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/table.h"

G_BEGIN_DECLS

/* Rows that are equal in every column to an earlier row. Compared by 64-bit hashes: of a million different rows, two are taken for equal
 * once in thirty million tables. */
gboolean patron_count_duplicate_rows (PatronTable *table, gsize *n_duplicates, PatronRun *run, GError **error);

G_END_DECLS
