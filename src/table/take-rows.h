/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* No row: the value is missing. */
#define PATRON_NO_ROW G_MAXUINT32

/* As patron_column_take(), where rows may be PATRON_NO_ROW. name: of the new column, or NULL for the old one's. A lazy column is
 * read chunk by chunk, in the order of the rows, and not kept.. */
PatronColumn *patron_column_take_or_missing (PatronColumn *column, const char *name, const guint32 *rows, gsize n, PatronRun *run, GError **error);

G_END_DECLS
