/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/error.h"
#include <glib.h>

G_BEGIN_DECLS

/* What a learning step found, column by column: numbers, texts and lists under short keys. Its text form is JSON with 17 significant
 * digits; it is kept with models and read back from files, so reading trusts nothing. */
typedef struct _PatronLearnt PatronLearnt;

PatronLearnt *patron_learnt_new       (void);
/* NULL with error (the step's title is the caller's to name) when text is not what to_text() wrote. */
PatronLearnt *patron_learnt_from_text (const char *text, GError **error);
void          patron_learnt_free      (PatronLearnt *learnt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronLearnt, patron_learnt_free)
char         *patron_learnt_to_text   (const PatronLearnt *learnt);

void          patron_learnt_set_number  (PatronLearnt *learnt, const char *column, const char *key, double value);   /* NaN and infinities too */
void          patron_learnt_set_text    (PatronLearnt *learnt, const char *column, const char *key, const char *value);
void          patron_learnt_set_numbers (PatronLearnt *learnt, const char *column, const char *key, const double *values, gsize n);
void          patron_learnt_set_texts   (PatronLearnt *learnt, const char *column, const char *key, const char *const *values, gsize n);

/* NULL-terminated, in the order they were first set; owned by the caller. */
char        **patron_learnt_columns     (const PatronLearnt *learnt);
double        patron_learnt_get_number  (const PatronLearnt *learnt, const char *column, const char *key);            /* NaN when absent */
char         *patron_learnt_dup_text    (const PatronLearnt *learnt, const char *column, const char *key);            /* NULL when absent */
double       *patron_learnt_dup_numbers (const PatronLearnt *learnt, const char *column, const char *key, gsize *n);  /* NULL when absent; g_free */
char        **patron_learnt_dup_texts   (const PatronLearnt *learnt, const char *column, const char *key);            /* NULL when absent; NULL-terminated */

G_END_DECLS
