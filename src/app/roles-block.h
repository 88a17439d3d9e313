/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "table/roles.h"

G_BEGIN_DECLS

/* The rows of an operation's roles in a list, and what holds them together: a column plays one role; features left as guessed follow
 * the other choices. Not a widget: the rows belong to the list.
 *
 * Signal "changed": by the user. */
#define PATRON_TYPE_ROLES_BLOCK (patron_roles_block_get_type ())
G_DECLARE_FINAL_TYPE (PatronRolesBlock, patron_roles_block, PATRON, ROLES_BLOCK, GObject)

/* given: what is known about the columns already, or NULL. Everything else is guessed. */
PatronRolesBlock *patron_roles_block_new       (const PatronOp *op, PatronTable *table, const PatronRoles *given, AdwPreferencesGroup *list);
/* Takes the rows out of the list again. */
void              patron_roles_block_clear     (PatronRolesBlock *self);
/* Roles as they are now, owned by the caller. */
PatronRoles      *patron_roles_block_dup_roles (PatronRolesBlock *self);
/* Takes the columns that the table has; what roles leaves out becomes none. */
void              patron_roles_block_set_roles (PatronRolesBlock *self, const PatronRoles *roles);
/* The row (PatronRoleRow or PatronColumnsRow) of a role; NULL when the operation has no use for it. */
GtkWidget        *patron_roles_block_find      (PatronRolesBlock *self, PatronRole role);

G_END_DECLS
