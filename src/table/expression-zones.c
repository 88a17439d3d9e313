/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-kernels.h"

/* What a condition can come to on a run of rows, judged from the bounds that columns know without being read. A filter over a project's table
 * skips the chunks where it cannot be true, and need not read those where it must be. */

enum { CAN_BE_FALSE = 1, CAN_BE_TRUE = 2, CAN_BE_MISSING = 4, ANYTHING = 7 };

typedef struct
{
  gsize start, n;
} Rows;

/* Numbers or integers by the type of the node. FALSE: nothing is known. */
static gboolean
get_bounds (const PatronNode *node, const Rows *rows, PatronRange *range)
{
  *range = (PatronRange) { .any_missing = FALSE };
  switch (node->kind)
    {
    case PATRON_NODE_COLUMN:
      return (node->type == PATRON_TYPE_NUMBER || patron_type_is_integer (node->type)) && patron_column_get_range (node->column, rows->start, rows->n, range);
    case PATRON_NODE_LITERAL:
      if (node->type == PATRON_TYPE_NUMBER)
        {
          range->min.number = range->max.number = node->literal.number;
          range->any_missing = range->all_missing = node->literal.number != node->literal.number;
          return TRUE;
        }
      range->min.integer = range->max.integer = node->literal.integer;
      range->any_missing = range->all_missing = node->literal.integer == PATRON_INTEGER_MISSING;
      return patron_type_is_integer (node->type);
    case PATRON_NODE_TO_NUMBER:
      /* Rounding keeps the order, so bounds of the integers are bounds of the numbers. */
      if (patron_node_child (node, 0)->type != PATRON_TYPE_INTEGER || !get_bounds (patron_node_child (node, 0), rows, range))
        return FALSE;
      range->min.number = (double) range->min.integer;
      range->max.number = (double) range->max.integer;
      return TRUE;
    default:
      return FALSE;
    }
}

/* sign (x - y) for the two ends: where the smallest and the largest of a lie beside those of b. */
static int
compare_ends (PatronType type, const PatronRange *a, gboolean a_max, const PatronRange *b, gboolean b_max)
{
  if (type == PATRON_TYPE_NUMBER)
    {
      double x = a_max ? a->max.number : a->min.number, y = b_max ? b->max.number : b->min.number;
      return (x > y) - (x < y);
    }
  gint64 x = a_max ? a->max.integer : a->min.integer, y = b_max ? b->max.integer : b->min.integer;
  return (x > y) - (x < y);
}

static guint
judge_compare (const PatronNode *node, const Rows *rows)
{
  const PatronNode *left = patron_node_child (node, 0), *right = patron_node_child (node, 1);
  PatronRange a, b;
  if (left->type != right->type || !get_bounds (left, rows, &a) || !get_bounds (right, rows, &b))
    return ANYTHING;
  if (a.all_missing || b.all_missing)
    return CAN_BE_MISSING;
  int low_high = compare_ends (left->type, &a, FALSE, &b, TRUE), high_low = compare_ends (left->type, &a, TRUE, &b, FALSE);
  gboolean all_equal = low_high == 0 && high_low == 0, apart = low_high > 0 || high_low < 0;
  gboolean yes, no;
  switch (node->relation)
    {
    case PATRON_EQ: yes = !apart, no = !all_equal; break;
    case PATRON_NE: yes = !all_equal, no = !apart; break;
    case PATRON_LT: yes = low_high < 0, no = high_low >= 0; break;
    case PATRON_LE: yes = low_high <= 0, no = high_low > 0; break;
    case PATRON_GT: yes = high_low > 0, no = low_high <= 0; break;
    default: yes = high_low >= 0, no = low_high < 0; break;
    }
  return (yes ? CAN_BE_TRUE : 0) | (no ? CAN_BE_FALSE : 0) | (a.any_missing || b.any_missing ? CAN_BE_MISSING : 0);
}

static guint
judge_in (const PatronNode *node, const Rows *rows)
{
  const PatronNode *operand = patron_node_child (node, 0);
  PatronRange range;
  if (node->list == NULL || !get_bounds (operand, rows, &range))
    return ANYTHING;
  if (range.all_missing)
    return CAN_BE_MISSING;
  gboolean found = FALSE;
  for (guint i = 0; i < node->list->len && !found; i++)
    if (operand->type == PATRON_TYPE_NUMBER)
      found = g_array_index (node->list, double, i) >= range.min.number && g_array_index (node->list, double, i) <= range.max.number;
    else
      found = g_array_index (node->list, gint64, i) >= range.min.integer && g_array_index (node->list, gint64, i) <= range.max.integer;
  return CAN_BE_FALSE | (found ? CAN_BE_TRUE : 0) | (range.any_missing ? CAN_BE_MISSING : 0);
}

/* All pairs of what each side can be. An answer that one side settles is that, whatever the other is; else a missing side leaves it open. */
static guint
judge_logic (guint a, guint b, guint settles)
{
  guint result = 0;
  for (guint x = 1; x <= CAN_BE_MISSING; x <<= 1)
    for (guint y = 1; y <= CAN_BE_MISSING; y <<= 1)
      if ((a & x) != 0 && (b & y) != 0)
        result |= x == settles || y == settles ? settles : x == CAN_BE_MISSING || y == CAN_BE_MISSING ? CAN_BE_MISSING : x;
  return result;
}

static guint
judge (const PatronNode *node, const Rows *rows)
{
  PatronRange range;
  guint inner;
  switch (node->kind)
    {
    case PATRON_NODE_COMPARE:
      return judge_compare (node, rows);
    case PATRON_NODE_IN:
      return judge_in (node, rows);
    case PATRON_NODE_AND:
      return judge_logic (judge (patron_node_child (node, 0), rows), judge (patron_node_child (node, 1), rows), CAN_BE_FALSE);
    case PATRON_NODE_OR:
      return judge_logic (judge (patron_node_child (node, 0), rows), judge (patron_node_child (node, 1), rows), CAN_BE_TRUE);
    case PATRON_NODE_NOT:
      inner = judge (patron_node_child (node, 0), rows);
      return (inner & CAN_BE_MISSING) | ((inner & CAN_BE_TRUE) != 0 ? CAN_BE_FALSE : 0) | ((inner & CAN_BE_FALSE) != 0 ? CAN_BE_TRUE : 0);
    case PATRON_NODE_IS_MISSING:
      if (!get_bounds (patron_node_child (node, 0), rows, &range))
        return ANYTHING;
      return (range.any_missing ? CAN_BE_TRUE : 0) | (range.all_missing ? 0 : CAN_BE_FALSE);
    default:
      return ANYTHING;
    }
}

PatronVerdict
patron_node_judge (const PatronNode *node, gsize start, gsize n)
{
  Rows rows = { start, n };
  guint can_be = node->type == PATRON_TYPE_BOOLEAN ? judge (node, &rows) : ANYTHING;
  return (can_be & CAN_BE_TRUE) == 0 ? PATRON_VERDICT_NONE : can_be == CAN_BE_TRUE ? PATRON_VERDICT_ALL : PATRON_VERDICT_OPEN;
}
