/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/step-preview.h"

G_BEGIN_DECLS

/* The settings of one prepare step, generated from its declaration, with what it finds told below them while they are being changed.
 *
 * Signals:
 *   preview ()     get_preview() has something else to show
 *   apply ()       the step is wanted as dup_step() says
 *   cancel () */
#define PATRON_TYPE_STEP_EDITOR (patron_step_editor_get_type ())
G_DECLARE_FINAL_TYPE (PatronStepEditor, patron_step_editor, PATRON, STEP_EDITOR, GtkWidget)

/* input: the table that the step sees. step: with the settings to begin with, copied. adding: it is a new step. */
GtkWidget         *patron_step_editor_new         (PatronDocument *document, PatronTable *input, const PatronStep *step, gboolean adding);
PatronStep        *patron_step_editor_dup_step    (PatronStepEditor *self);
const PatronOp    *patron_step_editor_get_op      (PatronStepEditor *self);
PatronTable       *patron_step_editor_get_input   (PatronStepEditor *self);
PatronStepPreview *patron_step_editor_get_preview (PatronStepEditor *self);
/* As if a value was typed; for a step that is begun with something in mind. FALSE: there is no such parameter, or the value is refused. */
gboolean           patron_step_editor_enter       (PatronStepEditor *self, const char *param, const char *text);
gboolean           patron_step_editor_can_apply   (PatronStepEditor *self);

G_END_DECLS
