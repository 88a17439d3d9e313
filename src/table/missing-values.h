/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Values that a user has said to stand for nothing. */

/* entries: as the setting missing-values (table/csv-options.h): a value alone counts for every column, name=value for that column. usual: the words
 * that the reader takes by itself; as long as they are all that counts for every column, those columns are left alone. Values are written as
 * patron_column_format() writes them. settle: a column of texts whose other values are all numbers, dates and so on becomes one of those.
 * notes (of PatronText): how many were taken. A new reference; NULL with error, also for a name that is no column's. */
PatronTable *patron_table_take_missing (PatronTable *table, const char *entries, const char *usual, gboolean settle, PatronRun *run, GPtrArray *notes,
                                        GError **error);

/* The entries as they count: where all of them are of single columns, the usual words stay in force. Owned by the caller. */
char        *patron_missing_complete     (const char *entries, const char *usual);

/* Whether the entries for every column differ from the usual ones. */
gboolean     patron_missing_words_given (const char *entries, const char *usual);

G_END_DECLS
