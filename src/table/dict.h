/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The distinct strings of a column, numbered 0 … n-1. Immutable, reference counted, shared between columns and threads.
 * Strings are NUL-terminated UTF-8 (a NUL inside a value cannot be held; readers replace it and say so). */
typedef struct _PatronDict PatronDict;

PatronDict *patron_dict_new      (const char *const *strings, gsize n);
/* Takes both blocks (patron_try_alloc): bytes holds the strings one after the other, each with its NUL; string i starts at offsets[i],
 * offsets[n] is the length of bytes. */
PatronDict *patron_dict_new_take (guint64 *offsets, gsize n, char *bytes);
PatronDict *patron_dict_ref      (PatronDict *dict);
void        patron_dict_unref    (PatronDict *dict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronDict, patron_dict_unref)

gsize          patron_dict_size    (const PatronDict *dict);
const char    *patron_dict_get     (const PatronDict *dict, gint32 code);   /* "" for a code out of range */
gsize          patron_dict_length  (const PatronDict *dict, gint32 code);   /* bytes without the NUL */
gint32         patron_dict_find    (const PatronDict *dict, const char *string);   /* linear; -1 */
const guint64 *patron_dict_offsets (const PatronDict *dict);                /* n + 1 */
const char    *patron_dict_bytes   (const PatronDict *dict);

/* Building: interns strings, returns codes in order of first appearance. Not thread-safe. */
typedef struct _PatronDictBuilder PatronDictBuilder;
PatronDictBuilder *patron_dict_builder_new    (void);
void               patron_dict_builder_free   (PatronDictBuilder *builder);
gint32             patron_dict_builder_add    (PatronDictBuilder *builder, const char *string, gssize length);  /* -1: out of memory or over 2^31 - 1 */
gsize              patron_dict_builder_size   (const PatronDictBuilder *builder);
PatronDict        *patron_dict_builder_finish (PatronDictBuilder *builder);   /* frees the builder; NULL: out of memory */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronDictBuilder, patron_dict_builder_free)

G_END_DECLS
