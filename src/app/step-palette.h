/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/op.h"

G_BEGIN_DECLS

/* Every prepare operation to choose from: by purpose, with what each does in plain words, and a search.
 *
 * Signals: "chosen" (const PatronOp *op), "cancelled" (). */
#define PATRON_TYPE_STEP_PALETTE (patron_step_palette_get_type ())
G_DECLARE_FINAL_TYPE (PatronStepPalette, patron_step_palette, PATRON, STEP_PALETTE, GtkWidget)

/* Empty search, the cursor in it. */
void patron_step_palette_start (PatronStepPalette *self);

G_END_DECLS
