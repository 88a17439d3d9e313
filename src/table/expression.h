/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Formulas over the columns of a table: arithmetic, comparison, and/or/not, text, dates, conditions, and values of other rows.
 *
 *   amount > 0 and country in ("France", "Spain") and customer is not missing
 *   [Unit Price] * Quantity
 *   amount / sum (amount) over (customer)
 *   lag (amount, 1) over (customer order by date)
 *
 * An error points at the character: "Expected a number after “>” at position 9". Missing values pass through arithmetic; a comparison with
 * a missing value is missing, and a filter keeps only rows where the expression is true. Missing keys of “over” make a group of their own. */
typedef struct _PatronExpression PatronExpression;

/* Where in the formula an error is, in characters from 0; length 0 at the end of it. */
typedef struct
{
  guint start, length;
} PatronSpan;

PatronExpression *patron_expression_parse (const char *text, PatronTable *table, GError **error);
/* The same; on failure *span (optional) is what to underline. */
PatronExpression *patron_expression_parse_span (const char *text, PatronTable *table, PatronSpan *span, GError **error);
void              patron_expression_free  (PatronExpression *expression);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronExpression, patron_expression_free)

PatronType    patron_expression_get_type (const PatronExpression *expression);
/* Whether a row's value depends on other rows: the whole table is needed at once then. */
gboolean      patron_expression_needs_all_rows (const PatronExpression *expression);
/* A new column of the expression's values. When columns it uses are lazy (patron_column_is_resident()) and no other rows are needed, it is
 * lazy too: computed chunk by chunk when read, never held whole. */
PatronColumn *patron_expression_compute  (PatronExpression *expression, const char *name, PatronRun *run, GError **error);
/* keep[i] = 1 where true, else 0; n rows of the table. The expression must be of type boolean. */
gboolean      patron_expression_filter   (PatronExpression *expression, guint8 *keep, gsize *n_kept, PatronRun *run, GError **error);

/* What a formula can call, for lists and completion. */
typedef enum
{
  PATRON_FUNCTIONS_NUMBERS,
  PATRON_FUNCTIONS_CONDITIONS,
  PATRON_FUNCTIONS_TEXT,
  PATRON_FUNCTIONS_DATES,
  PATRON_FUNCTIONS_CONVERSION,
  PATRON_FUNCTIONS_GROUPS,      /* one value for a group of rows: sum (amount) over (customer) */
  PATRON_FUNCTIONS_ORDER,       /* by the rows before and after */
  PATRON_N_FUNCTION_CATEGORIES,
} PatronFunctionCategory;

typedef struct
{
  const char            *name;
  const char            *signature;   /* "round (x, digits)": an example of a call, not translated */
  const char            *help;        /* msgid: one line */
  PatronFunctionCategory category;
} PatronFunction;

/* In an order fit for a list, by category within the kinds of values; static. */
const PatronFunction *patron_expression_functions    (guint *n);
const char           *patron_function_category_label (PatronFunctionCategory category);   /* msgid */

/* What to write in a formula for a column of this name: itself, or in brackets. Owned by the caller. */
char *patron_expression_quote_name (const char *name);
/* A text in quotes, as formulas have it. Owned by the caller. */
char *patron_expression_quote_text (const char *text);

G_END_DECLS
