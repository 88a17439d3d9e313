/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/column-profile.h"
#include "table/roles.h"

G_BEGIN_DECLS

/* The column under the cursor, described: what it holds, what it is for, its statistics and most frequent values.
 *
 * Signal: "role-chosen" (int role: a PatronRole, PATRON_N_ROLES for none). */
#define PATRON_TYPE_COLUMN_PANEL (patron_column_panel_get_type ())
G_DECLARE_FINAL_TYPE (PatronColumnPanel, patron_column_panel, PATRON, COLUMN_PANEL, GtkWidget)

/* profile NULL: on its way. role: what the column is for now. guessed: nobody has said so. */
void patron_column_panel_show (PatronColumnPanel *panel, PatronColumn *column, const PatronColumnProfile *profile, PatronRole role, gboolean guessed);

G_END_DECLS
