/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-private.h"

#include "base/order.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Which types go with which operators, and what comes out. Conversions become nodes of their own. */

#define DAY_US G_GINT64_CONSTANT (86400000000)

static gboolean
refuse (const PatronNode *node, const char *format, PatronFault *fault)
{
  patron_fault_set (fault, node->position, format, node->position, _(patron_type_label (node->type)));
  return FALSE;
}

static gboolean
is_numeric (const PatronNode *node)
{
  return node->any_type || node->type == PATRON_TYPE_NUMBER || node->type == PATRON_TYPE_INTEGER;
}

static gboolean
is_moment (const PatronNode *node)
{
  return node->type == PATRON_TYPE_DATE || node->type == PATRON_TYPE_TIME;
}

gboolean
patron_node_expect_number (const PatronNode *node, PatronFault *fault)
{
  return is_numeric (node) || refuse (node, _("Expected a number at position %u, but this is of the type “%s”."), fault);
}

gboolean
patron_node_expect_boolean (const PatronNode *node, PatronFault *fault)
{
  return node->any_type || node->type == PATRON_TYPE_BOOLEAN
         || refuse (node, _("Expected a condition at position %u, but this is of the type “%s”."), fault);
}

gboolean
patron_node_expect_text (const PatronNode *node, PatronFault *fault)
{
  return node->any_type || patron_type_is_text (node->type)
         || refuse (node, _("Expected a text at position %u, but this is of the type “%s”."), fault);
}

void
patron_node_adopt_type (PatronNode *node, PatronType type)
{
  node->any_type = FALSE;
  node->type = type;
  if (type == PATRON_TYPE_BOOLEAN)
    node->literal.boolean = PATRON_BOOLEAN_MISSING;
  else if (patron_type_is_integer (type))
    node->literal.integer = PATRON_INTEGER_MISSING;
  else if (type == PATRON_TYPE_NUMBER)
    node->literal.number = NAN;
}

PatronNode *
patron_node_to_number (PatronNode *node)
{
  if (node->any_type)
    patron_node_adopt_type (node, PATRON_TYPE_NUMBER);
  if (node->type == PATRON_TYPE_NUMBER)
    return node;
  if (node->kind == PATRON_NODE_LITERAL && node->type == PATRON_TYPE_INTEGER)
    {
      node->type = PATRON_TYPE_NUMBER;
      node->literal.number = node->literal.integer == PATRON_INTEGER_MISSING ? NAN : (double) node->literal.integer;
      return node;
    }
  return patron_node_new_unary (PATRON_NODE_TO_NUMBER, PATRON_TYPE_NUMBER, node->position, node);
}

PatronNode *
patron_node_to_time (PatronNode *node)
{
  if (node->kind == PATRON_NODE_LITERAL && node->type == PATRON_TYPE_DATE)
    {
      node->type = PATRON_TYPE_TIME;
      if (node->literal.integer != PATRON_INTEGER_MISSING)
        node->literal.integer *= DAY_US;
    }
  return node->type == PATRON_TYPE_TIME ? node : patron_node_new_unary (PATRON_NODE_DATE_TO_TIME, PATRON_TYPE_TIME, node->position, node);
}

PatronNode *
patron_node_to_date (PatronNode *node)
{
  return node->type == PATRON_TYPE_TIME ? patron_node_new_unary (PATRON_NODE_TIME_TO_DATE, PATRON_TYPE_DATE, node->position, node) : node;
}

gboolean
patron_node_to_moment (PatronNode **node, PatronFault *fault)
{
  PatronNode *literal = *node;
  gint64 value;
  if (is_moment (literal))
    return TRUE;
  if (literal->any_type)
    {
      patron_node_adopt_type (literal, PATRON_TYPE_DATE);
      return TRUE;
    }
  if (literal->kind == PATRON_NODE_LITERAL && patron_type_is_text (literal->type))
    {
      gboolean date = patron_text_to_date (literal->text, &value);
      if (date || patron_text_to_time (literal->text, &value))
        {
          literal->type = date ? PATRON_TYPE_DATE : PATRON_TYPE_TIME;
          literal->literal.integer = value;
          return TRUE;
        }
      patron_fault_set (fault, literal->position, _("Expected a date like “2011-02-28” at position %u, but found “%s”."), literal->position,
                        literal->text);
      return FALSE;
    }
  return refuse (literal, _("Expected a date at position %u, but this is of the type “%s”."), fault);
}

static gboolean
refuse_pair (const PatronNode *left, const PatronNode *right, PatronFault *fault)
{
  patron_fault_set (fault, right->position, _("The types “%s” (position %u) and “%s” (position %u) do not go together."),
               _(patron_type_label (left->type)), left->position, _(patron_type_label (right->type)), right->position);
  return FALSE;
}

gboolean
patron_node_unify (PatronNode **left, PatronNode **right, PatronFault *fault)
{
  PatronNode *a = *left, *b = *right;
  if (a->any_type && b->any_type)
    return TRUE;
  if (a->any_type || b->any_type)
    {
      patron_node_adopt_type (a->any_type ? a : b, a->any_type ? b->type : a->type);
      return TRUE;
    }
  if (patron_type_is_text (a->type) && patron_type_is_text (b->type))
    return TRUE;
  if (is_moment (a) || is_moment (b))
    {
      if (!patron_node_to_moment (left, fault) || !patron_node_to_moment (right, fault))
        return FALSE;
      if ((*left)->type != (*right)->type)
        {
          *left = patron_node_to_time (*left);
          *right = patron_node_to_time (*right);
        }
      return TRUE;
    }
  if (a->type == b->type)
    return TRUE;
  if (!is_numeric (a) || !is_numeric (b))
    return refuse_pair (a, b, fault);
  *left = patron_node_to_number (a);
  *right = patron_node_to_number (b);
  return TRUE;
}

/* ---- arithmetic --------------------------------------------------------------------------------------------- */

/* date ± days, time ± duration, moment - moment, duration ± duration, duration × number, duration / duration. Returns FALSE
 * without error when it is none of these. */
static gboolean
moment_arithmetic (PatronNodeKind kind, PatronNode **left, PatronNode **right, PatronType *type)
{
  PatronType a = (*left)->type, b = (*right)->type;
  if (kind == PATRON_NODE_ADD && b == PATRON_TYPE_DATE && a == PATRON_TYPE_INTEGER)
    *type = PATRON_TYPE_DATE;
  else if ((kind == PATRON_NODE_ADD || kind == PATRON_NODE_SUBTRACT) && a == PATRON_TYPE_DATE && b == PATRON_TYPE_INTEGER)
    *type = PATRON_TYPE_DATE;
  else if (kind == PATRON_NODE_SUBTRACT && a == PATRON_TYPE_DATE && b == PATRON_TYPE_DATE)
    *type = PATRON_TYPE_INTEGER;
  else if (kind == PATRON_NODE_SUBTRACT && is_moment (*left) && is_moment (*right))
    {
      *left = patron_node_to_time (*left);
      *right = patron_node_to_time (*right);
      *type = PATRON_TYPE_DURATION;
    }
  else if ((kind == PATRON_NODE_ADD || kind == PATRON_NODE_SUBTRACT) && is_moment (*left) && b == PATRON_TYPE_DURATION)
    {
      *left = patron_node_to_time (*left);
      *type = PATRON_TYPE_TIME;
    }
  else if (kind != PATRON_NODE_MULTIPLY && kind != PATRON_NODE_POWER && a == PATRON_TYPE_DURATION && b == PATRON_TYPE_DURATION)
    *type = kind == PATRON_NODE_DIVIDE ? PATRON_TYPE_NUMBER : PATRON_TYPE_DURATION;
  else if ((kind == PATRON_NODE_MULTIPLY || kind == PATRON_NODE_DIVIDE) && a == PATRON_TYPE_DURATION && is_numeric (*right))
    *type = PATRON_TYPE_DURATION;
  else
    return FALSE;
  return TRUE;
}

static PatronNode *
duration_by_number (PatronNodeKind kind, guint position, PatronNode *left, PatronNode *right)
{
  PatronNode *product = patron_node_new_binary (kind, PATRON_TYPE_NUMBER, position, patron_node_to_number (left), patron_node_to_number (right));
  return patron_node_new_unary (PATRON_NODE_TO_INTEGER, PATRON_TYPE_DURATION, position, product);
}

/* Says which operand is the wrong one. */
static gboolean
refuse_arithmetic (PatronNodeKind kind, const PatronNode *left, const PatronNode *right, PatronFault *fault)
{
  if (kind == PATRON_NODE_ADD && patron_type_is_text (left->type) && patron_type_is_text (right->type))
    {
      patron_fault_set (fault, left->position, _("Texts cannot be added at position %u; use concat (…)."), left->position);
      return FALSE;
    }
  return patron_node_expect_number (left, fault) && patron_node_expect_number (right, fault);
}

PatronNode *
patron_node_arithmetic (PatronNodeKind kind, guint position, PatronNode *left_operand, PatronNode *right_operand, PatronFault *fault)
{
  g_autoptr (PatronNode) left = left_operand;
  g_autoptr (PatronNode) right = right_operand;
  PatronType type;
  if (left->any_type)
    patron_node_adopt_type (left, PATRON_TYPE_NUMBER);
  if (right->any_type)
    patron_node_adopt_type (right, PATRON_TYPE_NUMBER);
  if (moment_arithmetic (kind, &left, &right, &type))
    {
      if (type == PATRON_TYPE_DURATION && is_numeric (right))
        return duration_by_number (kind, position, g_steal_pointer (&left), g_steal_pointer (&right));
      if (type == PATRON_TYPE_NUMBER)
        {
          left = patron_node_to_number (left);
          right = patron_node_to_number (right);
        }
      return patron_node_new_binary (kind, type, position, g_steal_pointer (&left), g_steal_pointer (&right));
    }
  if (!refuse_arithmetic (kind, left, right, fault))
    return NULL;
  type = PATRON_TYPE_INTEGER;
  if (kind == PATRON_NODE_DIVIDE || kind == PATRON_NODE_POWER || left->type == PATRON_TYPE_NUMBER || right->type == PATRON_TYPE_NUMBER)
    {
      type = PATRON_TYPE_NUMBER;
      left = patron_node_to_number (left);
      right = patron_node_to_number (right);
    }
  return patron_node_new_binary (kind, type, position, g_steal_pointer (&left), g_steal_pointer (&right));
}

PatronNode *
patron_node_negate (guint position, PatronNode *operand, PatronFault *fault)
{
  g_autoptr (PatronNode) node = operand;
  if (node->type != PATRON_TYPE_DURATION && !patron_node_expect_number (node, fault))
    return NULL;
  if (node->any_type)
    return g_steal_pointer (&node);
  if (node->kind == PATRON_NODE_LITERAL)
    {
      if (node->type == PATRON_TYPE_NUMBER)
        node->literal.number = -node->literal.number;
      else
        node->literal.integer = -node->literal.integer;
      node->position = position;
      return g_steal_pointer (&node);
    }
  PatronType type = node->type;
  return patron_node_new_unary (PATRON_NODE_NEGATE, type, position, g_steal_pointer (&node));
}

/* ---- comparison and logic ----------------------------------------------------------------------------------- */

PatronNode *
patron_node_compare (PatronRelation relation, guint position, PatronNode *left_operand, PatronNode *right_operand, PatronFault *fault)
{
  g_autoptr (PatronNode) left = left_operand;
  g_autoptr (PatronNode) right = right_operand;
  if (!patron_node_unify (&left, &right, fault))
    return NULL;
  if (left->type == PATRON_TYPE_BOOLEAN)
    {
      left = patron_node_new_unary (PATRON_NODE_BOOLEAN_TO_INTEGER, PATRON_TYPE_INTEGER, left->position, left);
      right = patron_node_new_unary (PATRON_NODE_BOOLEAN_TO_INTEGER, PATRON_TYPE_INTEGER, right->position, right);
    }
  PatronNode *node = patron_node_new_binary (PATRON_NODE_COMPARE, PATRON_TYPE_BOOLEAN, position, g_steal_pointer (&left), g_steal_pointer (&right));
  node->relation = relation;
  return node;
}

PatronNode *
patron_node_logic (PatronNodeKind kind, guint position, PatronNode *left_operand, PatronNode *right_operand, PatronFault *fault)
{
  g_autoptr (PatronNode) left = left_operand;
  g_autoptr (PatronNode) right = right_operand;
  if (!patron_node_expect_boolean (left, fault) || !patron_node_expect_boolean (right, fault))
    return NULL;
  if (left->any_type)
    patron_node_adopt_type (left, PATRON_TYPE_BOOLEAN);
  if (right->any_type)
    patron_node_adopt_type (right, PATRON_TYPE_BOOLEAN);
  return patron_node_new_binary (kind, PATRON_TYPE_BOOLEAN, position, g_steal_pointer (&left), g_steal_pointer (&right));
}

PatronNode *
patron_node_not (guint position, PatronNode *operand, PatronFault *fault)
{
  g_autoptr (PatronNode) node = operand;
  if (!patron_node_expect_boolean (node, fault))
    return NULL;
  if (node->any_type)
    patron_node_adopt_type (node, PATRON_TYPE_BOOLEAN);
  return patron_node_new_unary (PATRON_NODE_NOT, PATRON_TYPE_BOOLEAN, position, g_steal_pointer (&node));
}

/* ---- in ----------------------------------------------------------------------------------------------------- */

static int
order_integers (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

static PatronNode *
text_in (guint position, PatronNode *operand, GPtrArray *items, PatronFault *fault)
{
  g_autoptr (PatronNode) node = operand;
  g_autoptr (GPtrArray) strings = g_ptr_array_new ();
  for (guint i = 0; i < items->len; i++)
    {
      if (!patron_node_expect_text (g_ptr_array_index (items, i), fault))
        return NULL;
      g_ptr_array_add (strings, ((PatronNode *) g_ptr_array_index (items, i))->text);
    }
  g_ptr_array_add (strings, NULL);
  PatronNode *test = patron_node_text (PATRON_TEXT_IN, position, g_steal_pointer (&node), NULL, fault);
  if (test != NULL)
    test->arguments = g_strdupv ((char **) strings->pdata);
  return test;
}

PatronNode *
patron_node_in (guint position, PatronNode *operand, GPtrArray *items, PatronFault *fault)
{
  g_autoptr (PatronNode) node = operand;
  for (guint i = 0; i < items->len; i++)
    {
      PatronNode *item = g_ptr_array_index (items, i);
      if (item->kind == PATRON_NODE_LITERAL && !item->any_type)
        continue;
      patron_fault_set (fault, item->position, _("Expected a number, text or date written out after “in”, at position %u."), item->position);
      return NULL;
    }
  if (patron_type_is_text (node->type))
    return text_in (position, g_steal_pointer (&node), items, fault);
  if (node->type == PATRON_TYPE_BOOLEAN || node->any_type)
    {
      refuse (node, _("Expected a number, text or date before “in”, at position %u, but this is of the type “%s”."), fault);
      return NULL;
    }
  /* Every item meets the operand once, so that all end up of the widest type needed. */
  for (int round = 0; round < 2; round++)
    for (guint i = 0; i < items->len; i++)
      if (!patron_node_unify (&node, (PatronNode **) &g_ptr_array_index (items, i), fault))
        return NULL;
  gboolean number = node->type == PATRON_TYPE_NUMBER;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < items->len; i++)
    {
      PatronNode *item = g_ptr_array_index (items, i);
      g_array_append_vals (list, &item->literal, 1);
    }
  g_array_sort (list, number ? patron_compare_doubles : order_integers);
  PatronNode *in = patron_node_new_unary (PATRON_NODE_IN, PATRON_TYPE_BOOLEAN, position, g_steal_pointer (&node));
  in->list = g_steal_pointer (&list);
  return in;
}

/* ---- text --------------------------------------------------------------------------------------------------- */

PatronNode *
patron_node_text (PatronTextOp op, guint position, PatronNode *operand, const char *argument, PatronFault *fault)
{
  PatronNodeKind kind = op <= PATRON_TEXT_MATCHES ? PATRON_NODE_TEXT_TEST : op <= PATRON_TEXT_FIND ? PATRON_NODE_TEXT_MEASURE
                        : op == PATRON_TEXT_NUMBER ? PATRON_NODE_TEXT_NUMBER : PATRON_NODE_TEXT_MAP;
  static const PatronType measures[] = {
    [PATRON_TEXT_LENGTH] = PATRON_TYPE_INTEGER, [PATRON_TEXT_FIND] = PATRON_TYPE_INTEGER, [PATRON_TEXT_BOOLEAN] = PATRON_TYPE_INTEGER,
    [PATRON_TEXT_DATE] = PATRON_TYPE_DATE, [PATRON_TEXT_TIME] = PATRON_TYPE_TIME, [PATRON_TEXT_DURATION] = PATRON_TYPE_DURATION,
  };
  g_autoptr (PatronNode) operand_node = operand;
  if (!patron_node_expect_text (operand_node, fault))
    return NULL;
  if (operand_node->any_type)
    patron_node_adopt_type (operand_node, PATRON_TYPE_CATEGORY);
  PatronType type = kind == PATRON_NODE_TEXT_TEST ? PATRON_TYPE_BOOLEAN : kind == PATRON_NODE_TEXT_MEASURE ? measures[op]
                    : kind == PATRON_NODE_TEXT_NUMBER ? PATRON_TYPE_NUMBER : operand_node->type;
  PatronNode *node = patron_node_new_unary (kind, type, position, g_steal_pointer (&operand_node));
  node->text_op = op;
  if (argument != NULL)
    {
      const char *arguments[] = { argument, NULL };
      node->arguments = g_strdupv ((char **) arguments);
    }
  return node;
}
