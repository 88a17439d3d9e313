/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/param-field.h"

G_BEGIN_DECLS

/* One parameter as a row, made from its declaration: a field that says at once when a value is refused, a switch or a list of
 * choices; unit, range and default told; "Automatic" where declared; one click back to the default.
 *
 * Signal "changed": the value changed, or whether it is valid did. */
#define PATRON_TYPE_PARAM_ROW (patron_param_row_get_type ())
G_DECLARE_FINAL_TYPE (PatronParamRow, patron_param_row, PATRON, PARAM_ROW, AdwActionRow)

/* values: the struct the declaration describes, borrowed; the row writes valid values into it, and nothing else. */
GtkWidget         *patron_param_row_new       (const PatronParam *param, gpointer values);
/* With what fields of columns, formulas and tables look at; context may be NULL. */
GtkWidget         *patron_param_row_new_full  (const PatronParam *param, gpointer values, PatronParamContext *context);
const PatronParam *patron_param_row_get_param (PatronParamRow *self);
/* Shows what values holds now. */
void               patron_param_row_refresh   (PatronParamRow *self);
/* Why the text in the field is refused; NULL when it is not. Borrowed. */
const char        *patron_param_row_get_problem (PatronParamRow *self);
/* As if typed by the user, in the form that recipes use ("auto" where there is an automatic). */
void               patron_param_row_enter     (PatronParamRow *self, const char *text);
/* Another parameter has another value. */
void               patron_param_row_others_changed (PatronParamRow *self);
/* The control: GtkEntry, GtkSwitch, GtkDropDown or PatronParamField. */
GtkWidget         *patron_param_row_get_control (PatronParamRow *self);

G_END_DECLS
