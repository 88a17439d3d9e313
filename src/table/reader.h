/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Any file to a table: the format is found from the content, then the name. */

/* Settings by key, as on the command line ("delimiter", "encoding", "header" …; see the reader operations' declarations);
 * what is not set is detected. keys_values: NULL-terminated strv of alternating keys and values, may be NULL. */
PatronTable *patron_read_file (const char *path, const char *const *keys_values, PatronRun *run, GPtrArray **notes /* of PatronText*, transfer full, optional */, GError **error);

/* Table to a file; format from the ending: csv tsv xlsx jsonl. Written beside and renamed, so a failure leaves nothing behind. */
gboolean patron_write_file (PatronTable *table, const char *path, const char *const *keys_values, PatronRun *run, GError **error);

G_END_DECLS
