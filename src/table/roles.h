/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Which columns play which role: role → column names, in order. A value that owners may change until they pass it on. */
/* typedef struct _PatronRoles PatronRoles; in base/op.h */

PatronRoles *patron_roles_new   (void);
PatronRoles *patron_roles_copy  (const PatronRoles *roles);
void         patron_roles_free  (PatronRoles *roles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronRoles, patron_roles_free)

void               patron_roles_add    (PatronRoles *roles, PatronRole role, const char *column);
void               patron_roles_clear  (PatronRoles *roles, PatronRole role);
/* NULL-terminated, borrowed, never NULL. */
const char *const *patron_roles_get    (const PatronRoles *roles, PatronRole role);
const char        *patron_roles_first  (const PatronRoles *roles, PatronRole role);      /* NULL: none */
guint              patron_roles_count  (const PatronRoles *roles, PatronRole role);
gboolean           patron_roles_equal  (const PatronRoles *a, const PatronRoles *b);
/* The role a column has, PATRON_N_ROLES for none. */
PatronRole         patron_roles_of     (const PatronRoles *roles, const char *column);

/* Fills every role of op that given leaves out and that can be guessed safely from names (English and Chinese), types and
 * values; features default to every column with no other role that can be one. guessed (optional) is a bit set (1 << role) of what was
 * filled in. given may be NULL. */
PatronRoles *patron_roles_complete (const PatronOp *op, PatronTable *table, const PatronRoles *given, guint32 *guessed);

/* The general checks before a run: required roles present, columns exist, types accepted. */
gboolean     patron_roles_check (const PatronOp *op, PatronTable *table, const PatronRoles *roles, GError **error);

/* The column of a single role for an operation; NULL when the role is not set. */
PatronColumn *patron_input_column (const PatronInput *input, PatronRole role);

G_END_DECLS
