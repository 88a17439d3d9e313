/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "table/table.h"

G_BEGIN_DECLS

/* Completes names of columns and functions while a formula is typed: a list below the cursor, Up and Down in it, Return or Tab to take one, Escape to do
 * without. */
#define PATRON_TYPE_FORMULA_WORDS (patron_formula_words_get_type ())
G_DECLARE_FINAL_TYPE (PatronFormulaWords, patron_formula_words, PATRON, FORMULA_WORDS, GObject)

/* view: of the formula; outlives the words. table may be NULL. */
PatronFormulaWords *patron_formula_words_new (GtkTextView *view, PatronTable *table);
/* The view's key goes here first. TRUE: the list has taken it. */
gboolean            patron_formula_words_key (PatronFormulaWords *self, guint key);

G_END_DECLS
