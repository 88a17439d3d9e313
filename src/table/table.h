/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/column.h"

G_BEGIN_DECLS

/* Immutable, typed columns of equal length; changing a table makes a new one that shares columns. Column names are unique
 * within a table. Reference counted. At most 2^31 - 1 rows. */
/* typedef struct _PatronTable PatronTable; in base/op.h */

/* Takes no references: columns are ref'ed. n_rows matters only without columns. A duplicate name or an unequal length is a
 * programmer's error. */
PatronTable *patron_table_new   (const char *name, PatronColumn *const *columns, guint n_columns, gsize n_rows);
/* As above but owns: the array holds PatronColumn* with free function patron_column_unref and is consumed. */
PatronTable *patron_table_new_take (const char *name, GPtrArray *columns);
PatronTable *patron_table_ref   (PatronTable *table);
void         patron_table_unref (PatronTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronTable, patron_table_unref)

const char   *patron_table_get_name  (const PatronTable *table);
gsize         patron_table_n_rows    (const PatronTable *table);
guint         patron_table_n_columns (const PatronTable *table);
PatronColumn *patron_table_column    (const PatronTable *table, guint index);           /* borrowed */
PatronColumn *patron_table_find      (const PatronTable *table, const char *name);      /* borrowed or NULL */
int           patron_table_index     (const PatronTable *table, const char *name);      /* -1 */
/* Like find, but an unknown name is an error that lists the nearest names. */
PatronColumn *patron_table_require   (const PatronTable *table, const char *name, GError **error);

PatronTable *patron_table_rename      (PatronTable *table, const char *name);
PatronTable *patron_table_with_column (PatronTable *table, PatronColumn *column);       /* replaces one of the same name, else appends */
PatronTable *patron_table_without     (PatronTable *table, const char *column);
PatronTable *patron_table_select      (PatronTable *table, const char *const *names, GError **error);
PatronTable *patron_table_take_rows   (PatronTable *table, const guint32 *rows, gsize n, PatronRun *run, GError **error);
/* Rows where keep[i] is not 0. */
PatronTable *patron_table_keep_rows   (PatronTable *table, const guint8 *keep, PatronRun *run, GError **error);

G_END_DECLS
