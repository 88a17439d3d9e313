/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/group-keys.h"

G_BEGIN_DECLS

/* The last part of grouping: one whole number a row, equal where rows belong together, to groups. codes: n, overwritten. card: the codes are below it; 0:
 * nothing is known of them. */
PatronGroups *patron_groups_from_codes (guint64 *codes, gsize n, guint64 card, PatronRun *run, GError **error);

/* The same of codes that are few enough for a table with a place for each; groups->ids holds them before, and the groups' numbers after. */
#define PATRON_FEW_CODES(n_rows) MAX (G_GUINT64_CONSTANT (65536), 2 * (guint64) (n_rows))
gboolean patron_groups_number (PatronGroups *groups, guint32 card, PatronRun *run, GError **error);

/* Groups of n rows with room for their ids alone. */
PatronGroups *patron_groups_alloc (gsize n, GError **error);

G_END_DECLS
