/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* The form of one operation, generated from its declaration: roles, the few parameters people change, the rest folded, how the
 * result is checked, which rows, and under it whether the data are ready and what the run will cost. It computes nothing but counts:
 * it writes a recipe.
 *
 * Signal "run" (recipe: pointer to a PatronRecipe, borrowed): the user asked for it, and the recipe passed every check. */
#define PATRON_TYPE_SETUP_PAGE (patron_setup_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronSetupPage, patron_setup_page, PATRON, SETUP_PAGE, GtkWidget)

/* document: its tables can be chosen instead, and its roles for the table count as given; NULL in tests. Operations that answer the same
 * question as op are offered beside it. */
GtkWidget      *patron_setup_page_new           (const PatronOp *op, PatronTable *table, PatronDocument *document);
/* Former settings, for running again: what no longer fits the table is left as guessed. */
void            patron_setup_page_set_recipe    (PatronSetupPage *self, const PatronRecipe *recipe);
/* What the form says now, complete and independent of it. */
PatronRecipe   *patron_setup_page_dup_recipe    (PatronSetupPage *self);
PatronTable    *patron_setup_page_get_table     (PatronSetupPage *self);
/* Every value is valid and the operation's own check had nothing to say. */
gboolean        patron_setup_page_is_ready      (PatronSetupPage *self);
/* Runs when ready; the default action. */
void            patron_setup_page_run           (PatronSetupPage *self);

G_END_DECLS
