/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Formulas over the columns of a table: arithmetic, comparison, and/or/not, text, dates, conditions.
 *
 *   amount > 0 and country in ("France", "Spain") and not is_missing(customer)
 *   [Unit Price] * Quantity
 *
 * An error points at the character: "Expected a number after “>” at position 9". Missing values pass through arithmetic; a comparison with
 * a missing value is missing, and a filter keeps only rows where the expression is true. */
typedef struct _PatronExpression PatronExpression;

PatronExpression *patron_expression_parse (const char *text, PatronTable *table, GError **error);
void              patron_expression_free  (PatronExpression *expression);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronExpression, patron_expression_free)

PatronType    patron_expression_get_type (const PatronExpression *expression);
/* A new column of the expression's values. */
PatronColumn *patron_expression_compute  (PatronExpression *expression, const char *name, PatronRun *run, GError **error);
/* keep[i] = 1 where true, else 0; n rows of the table. The expression must be of type boolean. */
gboolean      patron_expression_filter   (PatronExpression *expression, guint8 *keep, gsize *n_kept, PatronRun *run, GError **error);

G_END_DECLS
