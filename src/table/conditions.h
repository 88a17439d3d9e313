/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"
#include "table/expression.h"

G_BEGIN_DECLS

/* A filter as a form shows it: rows of column, operator and values, joined by “and” or by “or”, with groups of rows inside; and the
 * same as a formula (table/expression.h). What a form cannot show stays a formula. */

typedef enum
{
  PATRON_CONDITION_EQUAL,
  PATRON_CONDITION_NOT_EQUAL,
  PATRON_CONDITION_LESS,
  PATRON_CONDITION_LESS_EQUAL,
  PATRON_CONDITION_GREATER,
  PATRON_CONDITION_GREATER_EQUAL,
  PATRON_CONDITION_BETWEEN,          /* both ends included */
  PATRON_CONDITION_NOT_BETWEEN,
  PATRON_CONDITION_IN,               /* one of a list */
  PATRON_CONDITION_NOT_IN,
  PATRON_CONDITION_CONTAINS,
  PATRON_CONDITION_NOT_CONTAINS,
  PATRON_CONDITION_STARTS,
  PATRON_CONDITION_ENDS,
  PATRON_CONDITION_MATCHES,          /* a regular expression */
  PATRON_CONDITION_MISSING,
  PATRON_CONDITION_NOT_MISSING,
  PATRON_CONDITION_TRUE,             /* of true-or-false columns */
  PATRON_CONDITION_FALSE,
  PATRON_N_CONDITION_OPERATORS,
} PatronConditionOperator;

typedef struct _PatronConditions PatronConditions;

/* One row, or a group of rows in its place. Owned by the list it is in; change it freely. */
typedef struct
{
  char                   *column;
  PatronConditionOperator op;
  GPtrArray              *values;        /* of char*, as people type them: numbers with '.', dates 2011-02-28, texts without quotes */
  gboolean                ignore_case;   /* CONTAINS, NOT_CONTAINS, STARTS, ENDS, MATCHES */
  PatronConditions       *group;         /* not NULL: a group; the rest does not count then */
} PatronCondition;

struct _PatronConditions
{
  gboolean   any;                        /* joined by “or”, else by “and” */
  GPtrArray *items;                      /* of PatronCondition*, owned */
};

PatronConditions *patron_conditions_new   (gboolean any);
PatronConditions *patron_conditions_copy  (const PatronConditions *conditions);
void              patron_conditions_free  (PatronConditions *conditions);
gboolean          patron_conditions_equal (const PatronConditions *a, const PatronConditions *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronConditions, patron_conditions_free)
/* A new row at the end, borrowed; values: as many as given, up to a NULL. */
PatronCondition *patron_conditions_add (PatronConditions *conditions, const char *column, PatronConditionOperator op, ...) G_GNUC_NULL_TERMINATED;
PatronConditions *patron_conditions_add_group (PatronConditions *conditions, gboolean any);

/* The operators that make sense for a type, ending with PATRON_N_CONDITION_OPERATORS, in the order of a list; static. */
const PatronConditionOperator *patron_condition_operators (PatronType type);
const char *
patron_condition_operator_label (PatronConditionOperator op, PatronType type); /* msgid: "is before" for dates, "is less than" for numbers */
/* How many values it takes: 0, 1 or 2; G_MAXUINT for a list. */
guint       patron_condition_operator_values (PatronConditionOperator op);

/* The formula. "" for no rows. FALSE-like NULL with an error that names the column and the value when a value cannot be one of the
 * column's; *item (optional) is then the row at fault, borrowed. */
char *patron_conditions_to_text (const PatronConditions *conditions, PatronTable *table, const PatronCondition **item, GError **error);
/* The rows of a formula; "" gives no rows. NULL without error when it is a formula that rows cannot show (it compares two columns, computes …); NULL
 * with error when it is no condition over the table. */
PatronConditions *patron_conditions_from_text (const char *text, PatronTable *table, GError **error);

/* One row in words, for a chip: "amount is over 0", "country is one of France, Spain, 2 more". */
PatronText *patron_condition_sentence (const PatronCondition *condition, PatronTable *table);

G_END_DECLS
