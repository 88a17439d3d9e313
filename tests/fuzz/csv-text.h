/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fuzz/fuzz.h"

#include "table/csv-options.h"
#include "table/table.h"

/* What the targets for text files share. */

void         fuzz_csv_set        (PatronCsvOptions *options, const char *key, const char *value);
/* UTF-8 and whole; is_head: as if more followed, which the forgiving splitter reads. NULL when refused. */
PatronTable *fuzz_csv_read       (const char *text, gsize length, gboolean is_head, const PatronCsvOptions *options);
/* The quick splitter and the forgiving one agree. */
void         fuzz_csv_check_both (const char *text, gsize length, const PatronCsvOptions *options, PatronTable *table);
/* What is written is read back. */
void         fuzz_csv_check_back (PatronTable *table);
