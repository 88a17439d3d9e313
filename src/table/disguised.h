/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/column.h"

G_BEGIN_DECLS

/* Values that stand for a missing one without saying so: "unknown", "-", 无, an age of 999, the day 1900-01-01. They are offered, never assumed. */

/* Whether the text is a word or mark that people write for nothing; case and blanks at the ends do not matter. */
gboolean patron_text_is_disguised_missing (const char *text, gsize length);

/* Whether the smallest or the largest value of a column (as patron_column_read_doubles() gives it) is a customary code for nothing (-1, 999, 1900-01-01 …)
 * and lies apart from its neighbour, the next distinct value. */
gboolean patron_value_is_disguised_missing (PatronType type, double value, double neighbour);

typedef struct
{
  char *column;
  char *value;      /* as patron_column_format() writes it */
  gsize n;          /* rows that hold it */
} PatronDisguised;

void       patron_disguised_free (PatronDisguised *disguised);

/* Of PatronDisguised*, owned by the caller: what the column holds of such values. Numbers and dates count when they are a customary code at one end, at
 * least twice, far from the others, and at least four values differ. Looks at every distinct text, and at up to 65,536 numbers before it counts. NULL with error. */
GPtrArray *patron_column_find_disguised (PatronColumn *column, GError **error);

G_END_DECLS
