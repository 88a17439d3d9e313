/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/report-plan.h"
#include "report/report.h"

G_BEGIN_DECLS

/* A run in the list of what the report is made of: in or out, up or down, and folded inside its blocks, each in or out. The row changes the
 * entry.
 *
 * Signals: "changed"; "move" (int by: -1 up, 1 down). */
#define PATRON_TYPE_PLAN_ROW (patron_plan_row_get_type ())
G_DECLARE_FINAL_TYPE (PatronPlanRow, patron_plan_row, PATRON, PLAN_ROW, AdwExpanderRow)

/* entry: borrowed. report: of the run, read while building only. */
GtkWidget       *patron_plan_row_new       (PatronPlanEntry *entry, const PatronReport *report);
PatronPlanEntry *patron_plan_row_get_entry (PatronPlanRow *self);

G_END_DECLS
