/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/table-steps.h"

G_BEGIN_DECLS

/* The prepare steps of a table as a list: what each does in a sentence, rows and columns before and after; edit, switch off, remove, move.
 *
 * Signals:
 *   add (guint position)                              a step is wanted there
 *   edit (guint position)
 *   change (GPtrArray *steps, const PatronText *label)   these steps are wanted instead, which is what the label says; both borrowed */
#define PATRON_TYPE_STEPS_PANE (patron_steps_pane_get_type ())
G_DECLARE_FINAL_TYPE (PatronStepsPane, patron_steps_pane, PATRON, STEPS_PANE, GtkWidget)

/* steps: of PatronTableStep*, copied. rows, columns: of the table as it was imported. */
void patron_steps_pane_show (PatronStepsPane *self, const GPtrArray *steps, gsize rows, guint columns);
/* The steps are being applied, or the project cannot be changed: nothing can be done with them. */
void patron_steps_pane_set_busy (PatronStepsPane *self, gboolean busy);

G_END_DECLS
