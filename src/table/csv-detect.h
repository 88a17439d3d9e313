/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"
#include "table/csv-options.h"
#include "table/csv-split.h"
#include "table/csv-types.h"

G_BEGIN_DECLS

/* How a text file is laid out, found from its beginning. Settings that were given are taken as they are. */
typedef struct
{
  PatronCsvDialect dialect;
  gsize            data;          /* offset of the first record after the header */
  guint64          end;           /* offset after the last record, G_MAXUINT64: where the file ends */
  guint            n_skipped;     /* lines before the table */
  guint            n_header;      /* rows of names */
  guint            n_columns;
  gboolean         baskets;       /* a line is a basket: the table will be basket, item */
  char           **names;         /* unique, not empty; n_columns, NULL-terminated */
  GPtrArray       *reasons;       /* of PatronText: what was decided and why */
} PatronCsvShape;

void     patron_csv_shape_clear (PatronCsvShape *shape);

/* text: the beginning of the file, NUL-terminated; whole: all of it. */
gboolean patron_csv_detect_shape (const char *text, gsize length, gboolean whole, const PatronCsvOptions *options, PatronCsvShape *shape, GError **error);

/* For a file whose end is not in its beginning: tail is the last of it, from offset at on and NUL-terminated. Finds the notes at the end, and counts the
 * footer lines that were given. */
gboolean patron_csv_detect_footer (PatronCsvShape *shape, const char *tail, gsize length, guint64 at, const PatronCsvOptions *options, GError **error);

/* Names for columns from … to-1 where there are none, made unique among names. */
char    *patron_csv_column_name (const char *wanted, guint index, GHashTable *taken);

G_END_DECLS
