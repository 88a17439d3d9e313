/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "table/table.h"

G_BEGIN_DECLS

/* A button that opens the list of what a formula can be made of: the table's columns and every function, with a search.
 *
 * Signal "insert" (const char *text): into the formula; text ends in "()" for a function. */
#define PATRON_TYPE_FORMULA_HELP (patron_formula_help_get_type ())
G_DECLARE_FINAL_TYPE (PatronFormulaHelp, patron_formula_help, PATRON, FORMULA_HELP, GtkWidget)

GtkWidget *patron_formula_help_new (PatronTable *table);

G_END_DECLS
