/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/param-block.h"
#include "app/roles-block.h"
#include "project/recipe.h"

G_BEGIN_DECLS

/* The lists of a setup page for one operation on one table: rows, columns, settings, measure. Reads and writes a recipe.
 *
 * Signal "changed": by the user. */
#define PATRON_TYPE_SETUP_FORM (patron_setup_form_get_type ())
G_DECLARE_FINAL_TYPE (PatronSetupForm, patron_setup_form, PATRON, SETUP_FORM, GtkWidget)

/* given: what is known about the columns, or NULL. */
GtkWidget        *patron_setup_form_new           (const PatronOp *op, PatronTable *table, const PatronRoles *given,
                                                    PatronDocument *document);
PatronRecipe     *patron_setup_form_dup_recipe    (PatronSetupForm *self);
/* Parameters of another operation and columns that the table does not have are left as they are. */
void              patron_setup_form_set_recipe    (PatronSetupForm *self, const PatronRecipe *recipe);
/* The first row whose text is refused, NULL when there is none. Borrowed. */
PatronParamRow   *patron_setup_form_first_problem (PatronSetupForm *self);
/* What the filter keeps, counted elsewhere. */
void              patron_setup_form_show_filter   (PatronSetupForm *self, const char *problem, gsize n_kept, gsize n_rows);
PatronParamBlock *patron_setup_form_get_params    (PatronSetupForm *self);
PatronRolesBlock *patron_setup_form_get_roles     (PatronSetupForm *self);

G_END_DECLS
