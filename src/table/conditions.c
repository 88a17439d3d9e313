/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/conditions.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ---- the list ------------------------------------------------------------------------------------------------------ */

static void
condition_free (PatronCondition *condition)
{
  g_free (condition->column);
  g_clear_pointer (&condition->values, g_ptr_array_unref);
  patron_conditions_free (condition->group);
  g_free (condition);
}

static PatronCondition *
condition_new (void)
{
  PatronCondition *condition = g_new0 (PatronCondition, 1);
  condition->values = g_ptr_array_new_with_free_func (g_free);
  return condition;
}

PatronConditions *
patron_conditions_new (gboolean any)
{
  PatronConditions *conditions = g_new0 (PatronConditions, 1);
  conditions->any = any;
  conditions->items = g_ptr_array_new_with_free_func ((GDestroyNotify) condition_free);
  return conditions;
}

void
patron_conditions_free (PatronConditions *conditions)
{
  if (conditions == NULL)
    return;
  g_ptr_array_unref (conditions->items);
  g_free (conditions);
}

PatronConditions *
patron_conditions_copy (const PatronConditions *conditions)
{
  PatronConditions *copy = patron_conditions_new (conditions->any);
  for (guint i = 0; i < conditions->items->len; i++)
    {
      const PatronCondition *from = conditions->items->pdata[i];
      PatronCondition *to = condition_new ();
      to->column = g_strdup (from->column);
      to->op = from->op;
      to->ignore_case = from->ignore_case;
      to->group = from->group != NULL ? patron_conditions_copy (from->group) : NULL;
      for (guint v = 0; v < from->values->len; v++)
        g_ptr_array_add (to->values, g_strdup (from->values->pdata[v]));
      g_ptr_array_add (copy->items, to);
    }
  return copy;
}

static gboolean
condition_equal (const PatronCondition *a, const PatronCondition *b)
{
  if (a->group != NULL || b->group != NULL)
    return a->group != NULL && b->group != NULL && patron_conditions_equal (a->group, b->group);
  if (g_strcmp0 (a->column, b->column) != 0 || a->op != b->op || !a->ignore_case != !b->ignore_case || a->values->len != b->values->len)
    return FALSE;
  for (guint v = 0; v < a->values->len; v++)
    if (strcmp (a->values->pdata[v], b->values->pdata[v]) != 0)
      return FALSE;
  return TRUE;
}

gboolean
patron_conditions_equal (const PatronConditions *a, const PatronConditions *b)
{
  if (!a->any != !b->any || a->items->len != b->items->len)
    return FALSE;
  for (guint i = 0; i < a->items->len; i++)
    if (!condition_equal (a->items->pdata[i], b->items->pdata[i]))
      return FALSE;
  return TRUE;
}

PatronCondition *
patron_conditions_add (PatronConditions *conditions, const char *column, PatronConditionOperator op, ...)
{
  PatronCondition *condition = condition_new ();
  va_list args;
  va_start (args, op);
  for (const char *value; (value = va_arg (args, const char *)) != NULL;)
    g_ptr_array_add (condition->values, g_strdup (value));
  va_end (args);
  condition->column = g_strdup (column);
  condition->op = op;
  g_ptr_array_add (conditions->items, condition);
  return condition;
}

PatronConditions *
patron_conditions_add_group (PatronConditions *conditions, gboolean any)
{
  PatronCondition *condition = condition_new ();
  condition->group = patron_conditions_new (any);
  g_ptr_array_add (conditions->items, condition);
  return condition->group;
}

/* ---- operators ------------------------------------------------------------------------------------------------------ */

static const struct { const char *label, *date_label; guint values; } operators[PATRON_N_CONDITION_OPERATORS] = {
  [PATRON_CONDITION_EQUAL] = { N_("is"), N_("is"), 1 },
  [PATRON_CONDITION_NOT_EQUAL] = { N_("is not"), N_("is not"), 1 },
  [PATRON_CONDITION_LESS] = { N_("is less than"), N_("is before"), 1 },
  [PATRON_CONDITION_LESS_EQUAL] = { N_("is at most"), N_("is on or before"), 1 },
  [PATRON_CONDITION_GREATER] = { N_("is more than"), N_("is after"), 1 },
  [PATRON_CONDITION_GREATER_EQUAL] = { N_("is at least"), N_("is on or after"), 1 },
  [PATRON_CONDITION_BETWEEN] = { N_("is between"), N_("is between"), 2 },
  [PATRON_CONDITION_NOT_BETWEEN] = { N_("is not between"), N_("is not between"), 2 },
  [PATRON_CONDITION_IN] = { N_("is one of"), N_("is one of"), G_MAXUINT },
  [PATRON_CONDITION_NOT_IN] = { N_("is none of"), N_("is none of"), G_MAXUINT },
  [PATRON_CONDITION_CONTAINS] = { N_("contains"), N_("contains"), 1 },
  [PATRON_CONDITION_NOT_CONTAINS] = { N_("does not contain"), N_("does not contain"), 1 },
  [PATRON_CONDITION_STARTS] = { N_("begins with"), N_("begins with"), 1 },
  [PATRON_CONDITION_ENDS] = { N_("ends with"), N_("ends with"), 1 },
  [PATRON_CONDITION_MATCHES] = { N_("matches the expression"), N_("matches the expression"), 1 },
  [PATRON_CONDITION_MISSING] = { N_("is missing"), N_("is missing"), 0 },
  [PATRON_CONDITION_NOT_MISSING] = { N_("is not missing"), N_("is not missing"), 0 },
  [PATRON_CONDITION_TRUE] = { N_("is true"), N_("is true"), 0 },
  [PATRON_CONDITION_FALSE] = { N_("is false"), N_("is false"), 0 },
};

const PatronConditionOperator *
patron_condition_operators (PatronType type)
{
  static const PatronConditionOperator numbers[] = {
    PATRON_CONDITION_EQUAL, PATRON_CONDITION_NOT_EQUAL, PATRON_CONDITION_GREATER, PATRON_CONDITION_GREATER_EQUAL, PATRON_CONDITION_LESS,
    PATRON_CONDITION_LESS_EQUAL, PATRON_CONDITION_BETWEEN, PATRON_CONDITION_NOT_BETWEEN, PATRON_CONDITION_IN, PATRON_CONDITION_NOT_IN,
    PATRON_CONDITION_MISSING, PATRON_CONDITION_NOT_MISSING, PATRON_N_CONDITION_OPERATORS,
  };
  static const PatronConditionOperator texts[] = {
    PATRON_CONDITION_EQUAL, PATRON_CONDITION_NOT_EQUAL, PATRON_CONDITION_IN, PATRON_CONDITION_NOT_IN, PATRON_CONDITION_CONTAINS,
    PATRON_CONDITION_NOT_CONTAINS, PATRON_CONDITION_STARTS, PATRON_CONDITION_ENDS, PATRON_CONDITION_MATCHES, PATRON_CONDITION_MISSING,
    PATRON_CONDITION_NOT_MISSING, PATRON_N_CONDITION_OPERATORS,
  };
  static const PatronConditionOperator booleans[] = {
    PATRON_CONDITION_TRUE, PATRON_CONDITION_FALSE, PATRON_CONDITION_MISSING, PATRON_CONDITION_NOT_MISSING, PATRON_N_CONDITION_OPERATORS,
  };
  /* A duration has no constant to write in a formula. */
  static const PatronConditionOperator durations[] = { PATRON_CONDITION_MISSING, PATRON_CONDITION_NOT_MISSING, PATRON_N_CONDITION_OPERATORS };
  switch (type)
    {
    case PATRON_TYPE_BOOLEAN:
      return booleans;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return texts;
    case PATRON_TYPE_DURATION:
      return durations;
    default:
      return numbers;
    }
}

const char *
patron_condition_operator_label (PatronConditionOperator op, PatronType type)
{
  return type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME ? operators[op].date_label : operators[op].label;
}

guint
patron_condition_operator_values (PatronConditionOperator op)
{
  return operators[op].values;
}

/* ---- in words --------------------------------------------------------------------------------------------------------- */

/* At most so many values of a list are named. */
enum { NAMED = 3 };

PatronText *
patron_condition_sentence (const PatronCondition *condition, PatronTable *table)
{
  PatronColumn *column = condition->column != NULL ? patron_table_find (table, condition->column) : NULL;
  const char *label = patron_condition_operator_label (condition->op, column != NULL ? patron_column_get_type (column) : PATRON_TYPE_TEXT);
  const GPtrArray *values = condition->values;
  if (condition->group != NULL)
    return patron_text (condition->group->any ? N_("any of {n} {n|condition|conditions}") : N_("all of {n} {n|condition|conditions}"), "n",
                        PATRON_COUNT (condition->group->items->len), NULL);
  if (values->len == 0)
    return patron_text (N_("{column} {operator}"), "column", PATRON_STRING (condition->column), "operator", PATRON_MSGID (label), NULL);
  if (condition->op == PATRON_CONDITION_BETWEEN || condition->op == PATRON_CONDITION_NOT_BETWEEN)
    return patron_text (N_("{column} {operator} {low} and {high}"), "column", PATRON_STRING (condition->column), "operator", PATRON_MSGID (label),
                        "low", PATRON_STRING (values->pdata[0]), "high", PATRON_STRING (values->len > 1 ? values->pdata[1] : ""), NULL);
  g_autoptr (GString) list = g_string_new (NULL);
  for (guint v = 0; v < MIN (values->len, NAMED); v++)
    g_string_append_printf (list, "%s%s", v > 0 ? ", " : "", (const char *) values->pdata[v]);
  if (values->len > NAMED)
    return patron_text (N_("{column} {operator} {values}, {n} more"), "column", PATRON_STRING (condition->column), "operator", PATRON_MSGID (label),
                        "values", PATRON_STRING (list->str), "n", PATRON_COUNT (values->len - NAMED), NULL);
  return patron_text (N_("{column} {operator} {values}"), "column", PATRON_STRING (condition->column), "operator", PATRON_MSGID (label), "values",
                      PATRON_STRING (list->str), NULL);
}
