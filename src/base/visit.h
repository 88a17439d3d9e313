/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* One walk over a model's fields that is save, load, compare and size at once, so that they cannot drift.
 * A model's visit function calls these in a fixed order; when loading, the visitor fills the fields (arrays are
 * allocated with patron_try_alloc()). Each returns FALSE once anything failed; check the error at the end with
 * patron_visitor_finish(). Loading trusts nothing: lengths are bounded by the bytes at hand. */
typedef struct _PatronVisitor PatronVisitor;

PatronVisitor *patron_visitor_new_save (void);
PatronVisitor *patron_visitor_new_load (GBytes *bytes);
gboolean       patron_visitor_is_loading (const PatronVisitor *visitor);

gboolean patron_visit_int     (PatronVisitor *visitor, const char *name, int *value);
gboolean patron_visit_int64   (PatronVisitor *visitor, const char *name, gint64 *value);
gboolean patron_visit_size    (PatronVisitor *visitor, const char *name, gsize *value);
gboolean patron_visit_bool    (PatronVisitor *visitor, const char *name, bool *value);
gboolean patron_visit_double  (PatronVisitor *visitor, const char *name, double *value);
gboolean patron_visit_string  (PatronVisitor *visitor, const char *name, char **value);           /* g_free; may be NULL */
/* *array has *n elements of element_size bytes (plain numbers, native byte order). */
gboolean patron_visit_array   (PatronVisitor *visitor, const char *name, gpointer *array, gsize *n, gsize element_size);
gboolean patron_visit_strings (PatronVisitor *visitor, const char *name, char ***strv);           /* NULL-terminated, g_strfreev */
/* A model that finds nonsense while loading (an index out of range, say) says so; everything then fails. */
void     patron_visitor_fail  (PatronVisitor *visitor, const char *reason);

/* Saving: the bytes. Loading: NULL. Sets error if anything failed. Frees the visitor. */
GBytes  *patron_visitor_finish (PatronVisitor *visitor, GError **error);

G_END_DECLS
