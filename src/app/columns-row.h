/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "table/roles.h"

G_BEGIN_DECLS

/* Which columns play a role that several may play: a folded list to tick, with search, all and none. Columns that have another role are
 * shown, told why, and cannot be ticked.
 *
 * Signal "changed": by the user. */
#define PATRON_TYPE_COLUMNS_ROW (patron_columns_row_get_type ())
G_DECLARE_FINAL_TYPE (PatronColumnsRow, patron_columns_row, PATRON, COLUMNS_ROW, AdwExpanderRow)

GtkWidget            *patron_columns_row_new         (const PatronRoleSpec *spec, PatronTable *table);
const PatronRoleSpec *patron_columns_row_get_spec    (PatronColumnsRow *self);
/* Adds the ticked columns that have no other role in roles. */
void                  patron_columns_row_add_to      (PatronColumnsRow *self, PatronRoles *roles);
/* columns: NULL-terminated; those not offered are left out. */
void                  patron_columns_row_set_columns (PatronColumnsRow *self, const char *const *columns, gboolean guessed);
/* Marks the columns that have a single role in roles. */
void                  patron_columns_row_set_others  (PatronColumnsRow *self, const PatronRoles *roles);
void                  patron_columns_row_choose_all  (PatronColumnsRow *self, gboolean chosen);

G_END_DECLS
