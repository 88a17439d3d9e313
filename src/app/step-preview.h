/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document.h"
#include "app/table-steps.h"

G_BEGIN_DECLS

/* What a step would make of a table, worked out on the worker while its settings are being changed: first of the table's first rows, then of all of them. Main
 * thread only.
 *
 * Signal "changed" (): another state, or another result. */
#define PATRON_TYPE_STEP_PREVIEW (patron_step_preview_get_type ())
G_DECLARE_FINAL_TYPE (PatronStepPreview, patron_step_preview, PATRON, STEP_PREVIEW, GObject)

PatronStepPreview *patron_step_preview_new     (PatronDocument *document, PatronTable *input);
/* Settings have changed; work begins once they have rested for a moment. NULL: there is nothing to work out. */
void               patron_step_preview_request (PatronStepPreview *self, const PatronStep *step);
void               patron_step_preview_stop    (PatronStepPreview *self);

gboolean           patron_step_preview_is_busy (PatronStepPreview *self);
/* Why the step cannot be applied; NULL when it can, or nobody knows yet. */
const GError      *patron_step_preview_get_error   (PatronStepPreview *self);
/* The error is a mistake in a formula, which the field of the formula shows at its place. */
gboolean           patron_step_preview_is_formula_error (PatronStepPreview *self);
/* The last result, borrowed; NULL before the first, and after an error. */
PatronTable       *patron_step_preview_get_table   (PatronStepPreview *self);
const PatronStepOutcome *patron_step_preview_get_outcome (PatronStepPreview *self);
guint              patron_step_preview_get_serial  (PatronStepPreview *self);   /* another number for every other result */
/* Whether the result is that of all rows, and of the settings as they are now. */
gboolean           patron_step_preview_is_whole    (PatronStepPreview *self);

G_END_DECLS
