/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "table/conditions.h"

G_BEGIN_DECLS

/* One condition of a filter: a column, what it should be, and the values; with the column's own values and range to choose from.
 *
 * Signals: "changed" () by the user, "remove" (). */
#define PATRON_TYPE_CONDITION_ROW (patron_condition_row_get_type ())
G_DECLARE_FINAL_TYPE (PatronConditionRow, patron_condition_row, PATRON, CONDITION_ROW, GtkWidget)

/* condition: shown, and written to; borrowed, outlives the row. wide: all on one line where there is room. */
GtkWidget       *patron_condition_row_new           (PatronTable *table, PatronCondition *condition, gboolean wide);
PatronCondition *patron_condition_row_get_condition (PatronConditionRow *self);
/* Gives the focus to the first value that it takes. */
void             patron_condition_row_focus_value   (PatronConditionRow *self);
/* Whether every value it takes is there. */
gboolean         patron_condition_is_complete       (const PatronCondition *condition);

G_END_DECLS
