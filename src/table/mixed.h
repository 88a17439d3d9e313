/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"
#include "table/csv-types.h"

G_BEGIN_DECLS

/* A column that is filled value by value, each with a type of its own, as spreadsheets, JSON and SQLite have them; the column's type is settled at the
 * end, over all of them. Values come in ascending rows; what is left out is missing. Memory running out is remembered, not reported at once: ask
 * patron_mixed_check() now and then. */
typedef struct _PatronMixed PatronMixed;

PatronMixed *patron_mixed_new  (void);
void         patron_mixed_free (PatronMixed *mixed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronMixed, patron_mixed_free)

void patron_mixed_set_number   (PatronMixed *mixed, gsize row, double value);
void patron_mixed_set_integer  (PatronMixed *mixed, gsize row, gint64 value);
void patron_mixed_set_boolean  (PatronMixed *mixed, gsize row, gboolean value);
void patron_mixed_set_date     (PatronMixed *mixed, gsize row, gint32 days);
void patron_mixed_set_time     (PatronMixed *mixed, gsize row, gint64 microseconds);
void patron_mixed_set_duration (PatronMixed *mixed, gsize row, gint64 microseconds);
/* Made valid UTF-8; a NUL ends it. length -1: to the NUL. */
void patron_mixed_set_text     (PatronMixed *mixed, gsize row, const char *text, gssize length);
/* The code under which a text is kept, for texts that come by reference again and again; -1 when memory ran out. */
gint32 patron_mixed_intern     (PatronMixed *mixed, const char *text, gssize length);
void patron_mixed_set_code     (PatronMixed *mixed, gsize row, gint32 code);

gboolean patron_mixed_check    (const PatronMixed *mixed, GError **error);
/* Rows up to the last that has a value. */
gsize    patron_mixed_n_rows   (const PatronMixed *mixed);

/* How the type is settled. */
typedef struct
{
  PatronType                 type;          /* the source has said; PATRON_N_TYPES: find out */
  const PatronMissingTokens *missing;       /* texts that stand for nothing, NULL for none */
  gboolean                   keep_texts;    /* a column of texts stays one even if all of them are numbers or dates */
} PatronMixedRules;

/* The column of n_rows values; adds to notes how a mixed one was read. Frees it, also on failure. */
PatronColumn *patron_mixed_finish (PatronMixed *mixed, const char *name, gsize n_rows, const PatronMixedRules *rules, GPtrArray *notes, GError **error);

/* Names for columns as they stand in a header: blanks at the ends go, empty ones become "column 3", doubles get a number. NULL-terminated. */
char **patron_column_names_unique (const char *const *names, guint n);

G_END_DECLS
