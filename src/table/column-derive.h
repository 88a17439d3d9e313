/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/column.h"

G_BEGIN_DECLS

/* Columns whose value in a row depends on the value of another column in it. Where that column is lazy, so is the new one: it holds no values and
 * makes them when read; else they are made at once, on all threads. */

/* in: n values of the source as held; out: n of the new type. Called from any thread. */
typedef void (*PatronDeriveBody) (gconstpointer in, gsize n, gpointer out, gconstpointer data);

/* dict: of a text column, a reference that is taken; NULL for other types. data is taken too, and freed with free_data. */
PatronColumn *patron_column_derive  (PatronColumn *column, const char *name, PatronType type, PatronDict *dict, PatronDeriveBody body, gpointer data,
                                     GDestroyNotify free_data, PatronRun *run, GError **error);

/* Of a text column: values by code. table (patron_try_alloc(), taken) has a value of the type for each string of the dictionary; missing stays
 * missing. */
PatronColumn *
patron_column_look_up (PatronColumn *column, const char *name, PatronType type, PatronDict *dict, gpointer table, PatronRun *run, GError **error);

/* How many rows hold each string of a text column's dictionary; counts[size of the dictionary] are the missing ones. patron_free() it. */
guint64      *patron_column_count_codes (PatronColumn *column, PatronRun *run, GError **error);

G_END_DECLS
