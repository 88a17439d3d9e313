/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/table.h"

G_BEGIN_DECLS

/* Reading what a step learns from, and writing what it makes, chunk by chunk. Blocks are freed with patron_free(). */

/* Rows a step learns from. */
gsize   patron_prepare_n_rows (const PatronPrepareInput *input);

/* The rows to learn from, in order: n_rows values, NaN for missing (as patron_column_read_doubles() gives them). */
double *patron_prepare_gather (const PatronPrepareInput *input, PatronColumn *column, PatronRun *run, GError **error);
/* The same without missing and infinite values; *n of them. */
double *patron_prepare_known  (const PatronPrepareInput *input, PatronColumn *column, gsize *n, PatronRun *run, GError **error);

/* Classes of the rows to learn from: categories, texts, booleans, and whole numbers when there are not too many. names: what the classes are called,
 * most frequent first (ties by name), so that class 0 is the most frequent. */
typedef struct
{
  gint32 *codes;     /* n_rows: class, -1 for missing */
  char  **names;     /* n_classes, NULL-terminated */
  gsize  *counts;    /* n_classes */
  guint   n_classes;
  gsize   n_missing;
} PatronClasses;

/* Fails with one sentence when there are more than most classes. */
gboolean patron_classes_init (PatronClasses *classes, const PatronPrepareInput *input, PatronColumn *column, guint most, PatronRun *run,
                              GError **error);
void     patron_classes_clear (PatronClasses *classes);

/* For every row of the column (not only those to learn from) which of names it holds: -1 missing, -2 none of them. Names are compared with the values
 * as patron_column_format() writes them. */
gint32  *patron_prepare_match (PatronColumn *column, const char *const *names, PatronRun *run, GError **error);

/* A number column: values as doubles, chunk by chunk through body (in place). */
typedef void (*PatronMapBody) (double *values, gsize n, gpointer data);
PatronColumn *patron_prepare_map (PatronColumn *column, const char *name, PatronMapBody body, gpointer data, PatronRun *run, GError **error);

/* *table with column in it (replaced by name, or at the end). Takes column. */
void patron_prepare_put  (PatronTable **table, PatronColumn *column);
void patron_prepare_drop (PatronTable **table, const char *column);
/* name, or "name 2", "name 3" … when the table has it. Owned by the caller. */
char *patron_prepare_free_name (PatronTable *table, const char *name);

/* The columns of a names parameter, or when it names none all columns but one (except, a name; "" for none). NULL-terminated, g_strfreev(). */
char **patron_prepare_named_or_all (PatronTable *table, const char *names, const char *except);

/* "a, b and 3 more" for a sentence, from a names parameter. Owned by the caller. */
char *patron_prepare_short_list (const char *names);

/* The note of columns that were there when the step learnt and are not now. Nothing when none is missing. */
void patron_prepare_tell_absent (PatronReport *report, PatronTable *table, const char *const *names);

G_END_DECLS
