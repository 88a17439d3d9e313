/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/group-keys.h"

G_BEGIN_DECLS

/* The last part of grouping: one whole number a row, equal where rows belong together, to groups. codes: n, overwritten. card: the codes are below it; 0:
 * nothing is known of them. */
PatronGroups *patron_groups_from_codes (guint64 *codes, gsize n, guint64 card, PatronRun *run, GError **error);

G_END_DECLS
