/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "table/roles.h"

G_BEGIN_DECLS

/* Which column plays a role that one column plays. Offers the columns of the types the role accepts, with their type; says when
 * the choice is a guess, until the user makes one.
 *
 * Signal "changed": by the user. */
#define PATRON_TYPE_ROLE_ROW (patron_role_row_get_type ())
G_DECLARE_FINAL_TYPE (PatronRoleRow, patron_role_row, PATRON, ROLE_ROW, AdwActionRow)

/* spec: static. */
GtkWidget            *patron_role_row_new        (const PatronRoleSpec *spec, PatronTable *table);
const PatronRoleSpec *patron_role_row_get_spec   (PatronRoleRow *self);
/* NULL: none. Borrowed. */
const char           *patron_role_row_get_column (PatronRoleRow *self);
/* A column that is not offered counts as none. */
void                  patron_role_row_set_column (PatronRoleRow *self, const char *column, gboolean guessed);
gboolean              patron_role_row_get_guessed (PatronRoleRow *self);

G_END_DECLS
