/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/param-row.h"

G_BEGIN_DECLS

/* The rows of one table of parameters, spread over a list of basic ones and a folded list of advanced ones, and what holds them
 * together: which are relevant now, and whether all are valid. Not a widget: the rows belong to where they were put. */
#define PATRON_TYPE_PARAM_BLOCK (patron_param_block_get_type ())
G_DECLARE_FINAL_TYPE (PatronParamBlock, patron_param_block, PATRON, PARAM_BLOCK, GObject)

/* params: static, may be NULL. values: borrowed, must outlive the block and its rows. basic takes the rows of basic parameters, advanced
 * those folded away (NULL: basic takes them all).
 * Signal "changed". */
PatronParamBlock *patron_param_block_new   (const PatronParam *params, gpointer values, AdwPreferencesGroup *basic, AdwExpanderRow *advanced);
/* context: of the same params and values, for fields of columns, formulas and tables; may be NULL. */
PatronParamBlock *patron_param_block_new_full (const PatronParam *params, gpointer values, PatronParamContext *context,
                                               AdwPreferencesGroup *basic, AdwExpanderRow *advanced);
/* Takes the rows out again. */
void              patron_param_block_clear (PatronParamBlock *self);
/* Shows what the values are now. */
void              patron_param_block_refresh (PatronParamBlock *self);
/* The first row on show whose text is refused; NULL when all are valid. */
PatronParamRow   *patron_param_block_first_problem (PatronParamBlock *self);
/* The first row on show; NULL: there is none. */
PatronParamRow   *patron_param_block_first (PatronParamBlock *self);
PatronParamRow   *patron_param_block_find  (PatronParamBlock *self, const char *name);

G_END_DECLS
