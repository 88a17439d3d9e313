/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/csv-columns.h"

G_BEGIN_DECLS

/* What the files that fill columns share. */

static inline gboolean
patron_csv_is_blank (char c)
{
  return (c == ' ') | (c == '\t');
}

/* Field c of the rth of these records; an empty one when the record is shorter. */
static inline PatronCsvField
patron_csv_field_at (const PatronCsvRecords *records, const PatronCsvRows *rows, gsize r, guint c)
{
  if (G_LIKELY (rows->stride > 0))
    return records->fields[records->first[rows->first] + r * rows->stride + c];
  const guint32 at = records->first[rows->first + r] + c;
  return at < records->first[rows->first + r + 1] ? records->fields[at] : (PatronCsvField) { 0 };
}

/* Nothing but blanks, or one of the texts that stand for nothing: of any column (tokens), or of this alone. */
gboolean patron_csv_is_missing  (const PatronMissingTokens *missing, const char *text, gsize length, gboolean tokens);

/* The fields of the records into the sink's values. Stops with sink->failed at a value that does not fit. */
void     patron_csv_fill_values (PatronCsvSink *sink, const PatronMissingTokens *missing, const char *text, const PatronCsvRecords *records,
                                 const PatronCsvRows *rows);

G_END_DECLS
