/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/conditions.h"
#include "table/expression-private.h"

#include "table/parse-number.h"
#include "table/text-edit.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rows of a filter to a formula, and back by walking the parsed formula: only trees of the shape that the first part writes are rows. */

/* ---- to a formula ------------------------------------------------------------------------------------------------------- */

static gboolean
fail_value (const PatronCondition *condition, const char *value, PatronType type, GError **error)
{
  const char *format = type == PATRON_TYPE_DATE || type == PATRON_TYPE_TIME
                           ? _("Column “%s” holds dates; expected one like 2011-02-28, but found “%s”.")
                       : type == PATRON_TYPE_DURATION ? _("Column “%s” holds durations, which cannot be compared with “%s” here.")
                                                      : _("Column “%s” holds numbers; expected one, but found “%s”.");
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, format, condition->column, value);
  return FALSE;
}

static gboolean
append_value (GString *text, const PatronCondition *condition, const char *value, PatronType type, GError **error)
{
  double number;
  gint64 moment;
  if (patron_type_is_text (type))
    {
      g_autofree char *quoted = patron_expression_quote_text (value);
      g_string_append (text, quoted);
      return TRUE;
    }
  g_autofree char *plain = patron_text_trim (value);
  if (type == PATRON_TYPE_NUMBER || type == PATRON_TYPE_INTEGER)
    {
      if (!patron_parse_double (plain, strlen (plain), &number) || !isfinite (number))
        return fail_value (condition, value, type, error);
      g_string_append (text, *plain == '+' ? plain + 1 : plain);
      return TRUE;
    }
  if (type == PATRON_TYPE_BOOLEAN)
    {
      int truth = patron_text_to_boolean (plain);
      if (truth < 0)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” is true or false; found “%s”."), condition->column, value);
          return FALSE;
        }
      g_string_append (text, truth ? "true" : "false");
      return TRUE;
    }
  if (type == PATRON_TYPE_DURATION || (!patron_text_to_date (plain, &moment) && !patron_text_to_time (plain, &moment)))
    return fail_value (condition, value, type, error);
  g_string_append_printf (text, "\"%s\"", plain);
  return TRUE;
}

static gboolean
check_count (const PatronCondition *condition, GError **error)
{
  guint wanted = patron_condition_operator_values (condition->op);
  if (wanted == G_MAXUINT ? condition->values->len > 0 : condition->values->len == wanted)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               ngettext ("The condition on “%s” lacks a value.", "The condition on “%s” lacks values.", wanted == 1 ? 1 : 2), condition->column);
  return FALSE;
}

static gboolean
append_list (GString *text, const PatronCondition *condition, const char *before, const char *between, const char *after, PatronType type,
             GError **error)
{
  g_string_append (text, before);
  for (guint v = 0; v < condition->values->len; v++)
    {
      if (v > 0)
        g_string_append (text, between);
      if (!append_value (text, condition, condition->values->pdata[v], type, error))
        return FALSE;
    }
  g_string_append (text, after);
  return TRUE;
}

static gboolean
append_text_test (GString *text, const PatronCondition *condition, const char *name, const char *function, PatronType type, GError **error)
{
  if (!patron_type_is_text (type))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” holds no texts, so it cannot be searched for “%s”."), condition->column,
                   (const char *) condition->values->pdata[0]);
      return FALSE;
    }
  g_string_append_printf (text, "%s (%s", function, name);
  return append_list (text, condition, ", ", ", ", condition->ignore_case ? ", \"ignore case\")" : ")", type, error);
}

static gboolean
append_condition (GString *text, const PatronCondition *condition, PatronTable *table, GError **error)
{
  static const char *const relations[] = { "=", "<>", "<", "<=", ">", ">=" };
  PatronColumn *column = patron_table_require (table, condition->column != NULL ? condition->column : "", error);
  if (column == NULL || !check_count (condition, error))
    return FALSE;
  PatronType type = patron_column_get_type (column);
  g_autofree char *name = patron_expression_quote_name (condition->column);
  switch (condition->op)
    {
    case PATRON_CONDITION_CONTAINS:
      return append_text_test (text, condition, name, "contains", type, error);
    case PATRON_CONDITION_NOT_CONTAINS:
      return append_text_test (text, condition, name, "not contains", type, error);
    case PATRON_CONDITION_STARTS:
      return append_text_test (text, condition, name, "starts_with", type, error);
    case PATRON_CONDITION_ENDS:
      return append_text_test (text, condition, name, "ends_with", type, error);
    case PATRON_CONDITION_MATCHES:
      return append_text_test (text, condition, name, "matches", type, error);
    case PATRON_CONDITION_FALSE:
      g_string_append_printf (text, "not %s", name);
      return TRUE;
    default:
      break;
    }
  g_string_append (text, name);
  switch (condition->op)
    {
    case PATRON_CONDITION_BETWEEN:
      return append_list (text, condition, " between ", " and ", "", type, error);
    case PATRON_CONDITION_NOT_BETWEEN:
      return append_list (text, condition, " not between ", " and ", "", type, error);
    case PATRON_CONDITION_IN:
      return append_list (text, condition, " in (", ", ", ")", type, error);
    case PATRON_CONDITION_NOT_IN:
      return append_list (text, condition, " not in (", ", ", ")", type, error);
    case PATRON_CONDITION_MISSING:
      g_string_append (text, " is missing");
      return TRUE;
    case PATRON_CONDITION_NOT_MISSING:
      g_string_append (text, " is not missing");
      return TRUE;
    case PATRON_CONDITION_TRUE:
      return TRUE;
    default:
      g_string_append_printf (text, " %s ", relations[condition->op]);
      return append_list (text, condition, "", "", "", type, error);
    }
}

static gboolean
append_conditions (GString *text, const PatronConditions *conditions, PatronTable *table, const PatronCondition **item, GError **error)
{
  gboolean first = TRUE;
  for (guint i = 0; i < conditions->items->len; i++)
    {
      const PatronCondition *condition = conditions->items->pdata[i];
      if (condition->group != NULL && condition->group->items->len == 0)
        continue;
      if (!first)
        g_string_append (text, conditions->any ? " or " : " and ");
      first = FALSE;
      if (condition->group == NULL)
        {
          if (append_condition (text, condition, table, error))
            continue;
          if (item != NULL)
            *item = condition;
          return FALSE;
        }
      g_string_append_c (text, '(');
      if (!append_conditions (text, condition->group, table, item, error))
        return FALSE;
      g_string_append_c (text, ')');
    }
  return TRUE;
}

char *
patron_conditions_to_text (const PatronConditions *conditions, PatronTable *table, const PatronCondition **item, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  if (item != NULL)
    *item = NULL;
  return append_conditions (text, conditions, table, item, error) ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* ---- from a formula ------------------------------------------------------------------------------------------------------- */

/* The column behind conversions that lose nothing; NULL when the node computes. */
static const PatronNode *
column_of (const PatronNode *node)
{
  while (node->kind == PATRON_NODE_TO_NUMBER || node->kind == PATRON_NODE_DATE_TO_TIME || node->kind == PATRON_NODE_BOOLEAN_TO_INTEGER)
    node = patron_node_child (node, 0);
  return node->kind == PATRON_NODE_COLUMN ? node : NULL;
}

/* A constant as text; NULL when it is none, or missing. */
static char *
constant_of (const PatronNode *node)
{
  char buffer[64];
  while (node->kind == PATRON_NODE_TO_NUMBER || node->kind == PATRON_NODE_DATE_TO_TIME || node->kind == PATRON_NODE_BOOLEAN_TO_INTEGER)
    node = patron_node_child (node, 0);
  if (node->kind != PATRON_NODE_LITERAL || node->any_type)
    return NULL;
  switch (node->type)
    {
    case PATRON_TYPE_NUMBER:
      if (!isfinite (node->literal.number))
        return NULL;
      patron_double_format (node->literal.number, buffer);
      return g_strdup (buffer);
    case PATRON_TYPE_INTEGER:
      return node->literal.integer != PATRON_INTEGER_MISSING ? g_strdup_printf ("%" G_GINT64_FORMAT, node->literal.integer) : NULL;
    case PATRON_TYPE_DATE:
      patron_date_format ((gint32) node->literal.integer, buffer);
      return node->literal.integer != PATRON_INTEGER_MISSING ? g_strdup (buffer) : NULL;
    case PATRON_TYPE_TIME:
      patron_time_format (node->literal.integer, buffer);
      return node->literal.integer != PATRON_INTEGER_MISSING ? g_strdup (buffer) : NULL;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return g_strdup (node->text);
    default:
      return NULL;
    }
}

static gboolean
take_comparison (PatronConditions *conditions, const PatronNode *node)
{
  static const PatronConditionOperator ops[] = { PATRON_CONDITION_EQUAL, PATRON_CONDITION_NOT_EQUAL, PATRON_CONDITION_LESS,
                                                 PATRON_CONDITION_LESS_EQUAL, PATRON_CONDITION_GREATER, PATRON_CONDITION_GREATER_EQUAL };
  static const PatronConditionOperator mirrored[] = { PATRON_CONDITION_EQUAL, PATRON_CONDITION_NOT_EQUAL, PATRON_CONDITION_GREATER,
                                                      PATRON_CONDITION_GREATER_EQUAL, PATRON_CONDITION_LESS, PATRON_CONDITION_LESS_EQUAL };
  const PatronNode *column = column_of (patron_node_child (node, 0));
  gboolean turned = column == NULL;
  if (turned)
    column = column_of (patron_node_child (node, 1));
  if (column == NULL)
    return FALSE;
  const PatronNode *other = patron_node_child (node, turned ? 0 : 1);
  if (column->type == PATRON_TYPE_BOOLEAN)
    {
      /* member = true, member <> false */
      while (other->kind == PATRON_NODE_BOOLEAN_TO_INTEGER)
        other = patron_node_child (other, 0);
      if (other->kind != PATRON_NODE_LITERAL || other->literal.boolean > 1 || node->relation > PATRON_NE)
        return FALSE;
      patron_conditions_add (conditions, patron_column_get_name (column->column),
                             (node->relation == PATRON_EQ) == (other->literal.boolean == 1) ? PATRON_CONDITION_TRUE : PATRON_CONDITION_FALSE, NULL);
      return TRUE;
    }
  g_autofree char *value = constant_of (other);
  /* Texts have no order that a form shows. */
  if (value == NULL || (patron_type_is_text (column->type) && node->relation > PATRON_NE))
    return FALSE;
  patron_conditions_add (conditions, patron_column_get_name (column->column), (turned ? mirrored : ops)[node->relation], value, NULL);
  return TRUE;
}

/* “between” is parsed into two comparisons at the same place. */
static gboolean
take_between (PatronConditions *conditions, const PatronNode *node, gboolean negated)
{
  const PatronNode *low = patron_node_child (node, 0), *high = patron_node_child (node, 1);
  if (low->kind != PATRON_NODE_COMPARE || high->kind != PATRON_NODE_COMPARE || low->position != node->position || high->position != node->position)
    return FALSE;
  const PatronNode *column = column_of (patron_node_child (low, 0));
  g_autofree char *from = constant_of (patron_node_child (low, 1));
  g_autofree char *to = constant_of (patron_node_child (high, 1));
  if (column == NULL || from == NULL || to == NULL || patron_type_is_text (column->type))
    return FALSE;
  patron_conditions_add (conditions, patron_column_get_name (column->column), negated ? PATRON_CONDITION_NOT_BETWEEN : PATRON_CONDITION_BETWEEN, from,
                         to, NULL);
  return TRUE;
}

static gboolean
take_text_test (PatronConditions *conditions, const PatronNode *node, gboolean negated)
{
  const PatronNode *column = column_of (patron_node_child (node, 0));
  if (column == NULL)
    return FALSE;
  PatronConditionOperator op;
  switch (node->text_op)
    {
    case PATRON_TEXT_IN:
      op = negated ? PATRON_CONDITION_NOT_IN : PATRON_CONDITION_IN;
      break;
    case PATRON_TEXT_CONTAINS:
      op = negated ? PATRON_CONDITION_NOT_CONTAINS : PATRON_CONDITION_CONTAINS;
      break;
    case PATRON_TEXT_STARTS:
      op = PATRON_CONDITION_STARTS;
      break;
    case PATRON_TEXT_ENDS:
      op = PATRON_CONDITION_ENDS;
      break;
    case PATRON_TEXT_MATCHES:
      op = PATRON_CONDITION_MATCHES;
      break;
    default:
      return FALSE;
    }
  if (negated && op >= PATRON_CONDITION_STARTS)
    return FALSE;
  PatronCondition *condition = patron_conditions_add (conditions, patron_column_get_name (column->column), op, NULL);
  condition->ignore_case = node->ignore_case;
  for (char **argument = node->arguments; *argument != NULL; argument++)
    g_ptr_array_add (condition->values, g_strdup (*argument));
  return TRUE;
}

static gboolean
take_in (PatronConditions *conditions, const PatronNode *node, gboolean negated)
{
  const PatronNode *operand = patron_node_child (node, 0), *column = column_of (operand);
  if (column == NULL)
    return FALSE;
  PatronCondition *condition =
      patron_conditions_add (conditions, patron_column_get_name (column->column), negated ? PATRON_CONDITION_NOT_IN : PATRON_CONDITION_IN, NULL);
  for (guint i = 0; i < node->list->len; i++)
    {
      PatronNode literal = { .kind = PATRON_NODE_LITERAL, .type = operand->type };
      memcpy (&literal.literal, node->list->data + i * sizeof (gint64), sizeof (gint64));
      char *value = constant_of (&literal);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (condition->values, value);
    }
  return TRUE;
}

static gboolean take_node (PatronConditions *conditions, const PatronNode *node);

/* A row for what is not joined by “and” or “or”; FALSE when it cannot be one. */
static gboolean
take_row (PatronConditions *conditions, const PatronNode *node, gboolean negated)
{
  const PatronNode *column;
  switch (node->kind)
    {
    case PATRON_NODE_COMPARE:
      return !negated && take_comparison (conditions, node);
    case PATRON_NODE_TEXT_TEST:
      return take_text_test (conditions, node, negated);
    case PATRON_NODE_IN:
      return take_in (conditions, node, negated);
    case PATRON_NODE_AND:
      return take_between (conditions, node, negated);
    case PATRON_NODE_NOT:
      return !negated && take_row (conditions, patron_node_child (node, 0), TRUE);
    case PATRON_NODE_IS_MISSING:
      column = column_of (patron_node_child (node, 0));
      if (column != NULL)
        patron_conditions_add (conditions, patron_column_get_name (column->column), negated ? PATRON_CONDITION_NOT_MISSING : PATRON_CONDITION_MISSING,
                               NULL);
      return column != NULL;
    case PATRON_NODE_COLUMN:
      patron_conditions_add (conditions, patron_column_get_name (node->column), negated ? PATRON_CONDITION_FALSE : PATRON_CONDITION_TRUE, NULL);
      return TRUE;
    default:
      return FALSE;
    }
}

/* Both sides of a joint into the list when it joins the same way, else into a group of it. */
static gboolean
take_joint (PatronConditions *conditions, const PatronNode *node)
{
  gboolean any = node->kind == PATRON_NODE_OR;
  if (conditions->any != any)
    conditions = patron_conditions_add_group (conditions, any);
  return take_node (conditions, patron_node_child (node, 0)) && take_node (conditions, patron_node_child (node, 1));
}

static gboolean
take_node (PatronConditions *conditions, const PatronNode *node)
{
  guint before = conditions->items->len;
  if (node->kind != PATRON_NODE_AND && node->kind != PATRON_NODE_OR)
    return take_row (conditions, node, FALSE);
  if (node->kind == PATRON_NODE_AND && take_between (conditions, node, FALSE))
    return TRUE;
  g_ptr_array_set_size (conditions->items, (int) before);
  return take_joint (conditions, node);
}

PatronConditions *
patron_conditions_from_text (const char *text, PatronTable *table, GError **error)
{
  g_autofree char *plain = patron_text_trim (text);
  if (*plain == '\0')
    return patron_conditions_new (FALSE);
  g_autoptr (PatronExpression) expression = patron_expression_parse (text, table, error);
  if (expression == NULL)
    return NULL;
  const PatronNode *root = expression->root;
  if (root->type != PATRON_TYPE_BOOLEAN)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("A filter needs a condition that is true or false, such as “amount > 0”; this formula is of the type “%s”."),
                   _(patron_type_label (root->type)));
      return NULL;
    }
  g_autoptr (PatronConditions) conditions = patron_conditions_new (root->kind == PATRON_NODE_OR);
  return take_node (conditions, root) ? g_steal_pointer (&conditions) : NULL;
}
