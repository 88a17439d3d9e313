/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/csv-intern.h"
#include "table/csv-split.h"
#include "table/table.h"

G_BEGIN_DECLS

/* Files in which a line is a basket and its fields are the items in it. */

/* The dialect of such a file: sets delimiter (unless delimiter_given) and leaves the rest. FALSE when the lines do not look like baskets: their lengths hardly vary,
 * items do not come back in other lines, or one line has an item twice. */
gboolean patron_csv_look_for_baskets (const char *text, gsize length, gboolean whole, gboolean delimiter_given, PatronCsvDialect *dialect);

/* The long table basket, item that is being made. */
typedef struct
{
  PatronIntern intern;
  gint64      *baskets;
  gint32      *items;
  gsize        n, size;
  gint64       basket;      /* number of the last one, from 1 */
} PatronCsvBaskets;

gboolean     patron_csv_baskets_add    (PatronCsvBaskets *baskets, const PatronCsvDialect *dialect, const char *text, const PatronCsvRecords *records, GError **error);
PatronTable *patron_csv_baskets_finish (PatronCsvBaskets *baskets, const char *name, GError **error);
void         patron_csv_baskets_clear  (PatronCsvBaskets *baskets);

G_END_DECLS
