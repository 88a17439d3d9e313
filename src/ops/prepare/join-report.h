/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/report.h"
#include "table/join-rows.h"

G_BEGIN_DECLS

/* What matched and what did not, with examples. left and right: the key columns, PatronColumn*. */
void patron_join_tell (const PatronJoin *join, PatronTable *here, PatronTable *there, const GPtrArray *left, const GPtrArray *right, PatronReport *report);

G_END_DECLS
