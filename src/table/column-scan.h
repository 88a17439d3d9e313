/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/column.h"

G_BEGIN_DECLS

/* Walks over all values of a column, chunk by chunk (PATRON_CHUNK_ROWS), on all threads; blocks of `block` rows (a multiple of that) are
 * walked by one worker in their order, so that sums may be gathered by block. Values are taken from where they are when
 * the column is in memory; a lazy one is never loaded whole: each worker holds one chunk.
 *
 * body: values start … start+n-1 as held; start is a multiple of PATRON_CHUNK_ROWS. worker as in base/parallel.h. */
typedef void (*PatronScanBody) (gconstpointer values, gsize start, gsize n, int worker, gpointer data);

gboolean patron_column_scan (PatronColumn *column, gsize block, PatronScanBody body, gpointer data, PatronRun *run, GError **error);

/* The same with values as doubles, as patron_column_read_doubles() gives them. */
typedef void (*PatronScanDoubles) (const double *values, gsize start, gsize n, int worker, gpointer data);

gboolean patron_column_scan_doubles (PatronColumn *column, gsize block, PatronScanDoubles body, gpointer data, PatronRun *run, GError **error);

G_END_DECLS
