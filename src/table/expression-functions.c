/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-functions.h"

#include "base/nearest.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

gboolean
patron_expect_literal_text (const PatronNode *node, PatronFault *fault)
{
  if (node->kind == PATRON_NODE_LITERAL && patron_type_is_text (node->type) && node->text != NULL)
    return TRUE;
  patron_fault_set (fault, node->position, _("Expected a text in quotes at position %u."), node->position);
  return FALSE;
}

gboolean
patron_expect_literal_integer (const PatronNode *node, gint64 min, gint64 max, PatronFault *fault)
{
  if (node->kind == PATRON_NODE_LITERAL && node->type == PATRON_TYPE_INTEGER && node->literal.integer >= min && node->literal.integer <= max)
    return TRUE;
  patron_fault_set (fault, node->position, _("Expected a whole number from %" PRId64 " to %" PRId64 " written out at position %u."), min, max,
                    node->position);
  return FALSE;
}

PatronNode *
patron_node_integer (gint64 value, guint position)
{
  PatronNode *node = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_INTEGER, position);
  node->literal.integer = value;
  return node;
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

/* Beyond their domain these are missing, not infinite. */
static double
finite_or_missing (double value)
{
  return isfinite (value) ? value : NAN;
}

static double math_sqrt (double x) { return sqrt (x); }
static double math_exp (double x) { return finite_or_missing (exp (x)); }
static double math_log (double x) { return finite_or_missing (log (x)); }
static double math_log10 (double x) { return finite_or_missing (log10 (x)); }
static double math_log2 (double x) { return finite_or_missing (log2 (x)); }
static double math_log1p (double x) { return finite_or_missing (log1p (x)); }
static double math_floor (double x) { return floor (x); }
static double math_ceil (double x) { return ceil (x); }
static double math_trunc (double x) { return trunc (x); }

enum { SQRT, EXP, LOG, LOG10, LOG2, LOG1P, FLOOR, CEIL, TRUNC };
static double (*const maths[]) (double) = { math_sqrt, math_exp, math_log, math_log10, math_log2, math_log1p, math_floor, math_ceil, math_trunc };

static PatronNode *
apply_math (guint position, PatronNode *operand, int variant)
{
  PatronNode *node = patron_node_new_unary (PATRON_NODE_MATH, PATRON_TYPE_NUMBER, position, patron_node_to_number (operand));
  node->math = maths[variant];
  return node;
}

static PatronNode *
make_math (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!patron_node_expect_number (patron_argument (arguments, 0), fault))
    return NULL;
  return apply_math (position, patron_argument_take (arguments, 0), variant);
}

/* log (x), or log (x, base): log x / log base. */
static PatronNode *
make_log (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (arguments->len == 1)
    return make_math (position, arguments, LOG, fault);
  if (!patron_node_expect_number (patron_argument (arguments, 0), fault) || !patron_node_expect_number (patron_argument (arguments, 1), fault))
    return NULL;
  PatronNode *value = apply_math (position, patron_argument_take (arguments, 0), LOG);
  return patron_node_arithmetic (PATRON_NODE_DIVIDE, position, value, apply_math (position, patron_argument_take (arguments, 1), LOG), fault);
}

static PatronNode *
make_whole (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!patron_node_expect_number (patron_argument (arguments, 0), fault))
    return NULL;
  if (patron_argument (arguments, 0)->type == PATRON_TYPE_INTEGER)
    return patron_argument_take (arguments, 0);
  return apply_math (position, patron_argument_take (arguments, 0), variant);
}

static PatronNode *
make_round (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  gint64 digits = 0;
  if (!patron_node_expect_number (patron_argument (arguments, 0), fault)
      || (arguments->len > 1 && !patron_expect_literal_integer (patron_argument (arguments, 1), -15, 15, fault)))
    return NULL;
  if (arguments->len > 1)
    digits = patron_argument (arguments, 1)->literal.integer;
  if (patron_argument (arguments, 0)->type == PATRON_TYPE_INTEGER && digits >= 0)
    return patron_argument_take (arguments, 0);
  PatronNode *node =
      patron_node_new_unary (PATRON_NODE_ROUND, PATRON_TYPE_NUMBER, position, patron_node_to_number (patron_argument_take (arguments, 0)));
  node->literal.integer = digits;
  return node;
}

/* A copy of an operand that is used twice. Nested, such functions would double the work at each level: what is too high is refused. */
static PatronNode *
copy_operand (const PatronNode *node, PatronFault *fault)
{
  if (node->height <= 8)
    return patron_node_copy (node);
  patron_fault_set (fault, node->position, _("The value at position %u is too long here; compute it as a column of its own first."), node->position);
  return NULL;
}

/* round_to (x, step): the nearest multiple of step. */
static PatronNode *
make_round_to (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!patron_node_expect_number (patron_argument (arguments, 0), fault) || !patron_node_expect_number (patron_argument (arguments, 1), fault))
    return NULL;
  PatronNode *step = copy_operand (patron_argument (arguments, 1), fault);
  if (step == NULL)
    return NULL;
  PatronNode *ratio =
      patron_node_arithmetic (PATRON_NODE_DIVIDE, position, patron_argument_take (arguments, 0), patron_argument_take (arguments, 1), fault);
  PatronNode *rounded = patron_node_new_unary (PATRON_NODE_ROUND, PATRON_TYPE_NUMBER, position, ratio);
  return patron_node_arithmetic (PATRON_NODE_MULTIPLY, position, rounded, step, fault);
}

/* power, mod and the like: operators by name. */
static PatronNode *
make_operator (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronNode *left = patron_argument_take (arguments, 0);
  return patron_node_arithmetic (variant, position, left, patron_argument_take (arguments, 1), fault);
}

/* abs and sign keep the type. */
static PatronNode *
make_same (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronNode *operand = patron_argument (arguments, 0);
  if (!(variant == PATRON_NODE_ABS && operand->type == PATRON_TYPE_DURATION) && !patron_node_expect_number (operand, fault))
    return NULL;
  operand = operand->any_type ? patron_node_to_number (patron_argument_take (arguments, 0)) : patron_argument_take (arguments, 0);
  return patron_node_new_unary (variant, operand->type, position, operand);
}

gboolean
patron_unify_all (GPtrArray *arguments, guint first, PatronFault *fault)
{
  for (int round = 0; round < 2; round++)
    for (guint i = first + 1; i < arguments->len; i++)
      if (!patron_node_unify ((PatronNode **) &g_ptr_array_index (arguments, first), (PatronNode **) &g_ptr_array_index (arguments, i), fault))
        return FALSE;
  return TRUE;
}

/* Of several values of a row, or of one value in the rows of a group. */
static PatronNode *
make_extreme (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (arguments->len == 1)
    return patron_make_window (position, arguments, variant == PATRON_NODE_MIN ? PATRON_WINDOW_MIN : PATRON_WINDOW_MAX, fault);
  if (!patron_unify_all (arguments, 0, fault))
    return NULL;
  PatronType type = patron_argument (arguments, 0)->type;
  if (!patron_type_is_integer (type) && !patron_node_expect_number (patron_argument (arguments, 0), fault))
    return NULL;
  PatronNode *node = patron_node_new (variant, type, position);
  for (guint i = 0; i < arguments->len; i++)
    patron_node_add (node, patron_argument_take (arguments, i));
  return node;
}

/* clip (x, low, high) */
static PatronNode *
make_clip (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  g_autoptr (PatronNode) high = patron_argument_take (arguments, 2);
  g_ptr_array_set_size (arguments, 2);
  PatronNode *raised = make_extreme (position, arguments, PATRON_NODE_MAX, fault);
  if (raised == NULL)
    return NULL;
  g_ptr_array_set_size (arguments, 0);
  g_ptr_array_add (arguments, raised);
  g_ptr_array_add (arguments, g_steal_pointer (&high));
  return make_extreme (position, arguments, PATRON_NODE_MIN, fault);
}

/* ---- conditions --------------------------------------------------------------------------------------------- */

PatronType
patron_wider_text (GPtrArray *arguments, guint first)
{
  for (guint i = first; i < arguments->len; i++)
    if (patron_argument (arguments, i)->type == PATRON_TYPE_TEXT)
      return PATRON_TYPE_TEXT;
  return patron_argument (arguments, first)->type;
}

static PatronNode *
fail_always_missing (const char *name, guint position, PatronFault *fault)
{
  patron_fault_set (fault, position, _("“%s” at position %u is always missing."), name, position);
  return NULL;
}

static PatronNode *
make_if (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!patron_node_expect_boolean (patron_argument (arguments, 0), fault) || !patron_unify_all (arguments, 1, fault))
    return NULL;
  if (patron_argument (arguments, 0)->any_type || patron_argument (arguments, 1)->any_type)
    return fail_always_missing ("if", position, fault);
  PatronNode *node = patron_node_new (PATRON_NODE_IF, patron_wider_text (arguments, 1), position);
  for (guint i = 0; i < 3; i++)
    patron_node_add (node, patron_argument_take (arguments, i));
  return node;
}

/* A condition that does not hold where it is missing. */
static PatronNode *
make_certain (PatronNode *condition)
{
  PatronNode *otherwise = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_BOOLEAN, condition->position);
  return patron_node_new_binary (PATRON_NODE_COALESCE, PATRON_TYPE_BOOLEAN, condition->position, condition, otherwise);
}

/* case (condition, value, condition, value …, otherwise): a missing condition does not hold, and without “otherwise” the rest is missing. The
 * values are brought to one type, then nested into “if”s from the last to the first. */
static PatronNode *
make_case (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  guint n = arguments->len / 2;
  if (n == 0)
    {
      patron_fault_set (fault, position, _("“case” at position %u expects a condition and a value."), position);
      return NULL;
    }
  for (guint k = 0; k < n; k++)
    {
      if (!patron_node_expect_boolean (patron_argument (arguments, 2 * k), fault))
        return NULL;
      if (patron_argument (arguments, 2 * k)->any_type)
        return fail_always_missing ("case", position, fault);
      g_ptr_array_add (values, patron_argument_take (arguments, 2 * k + 1));
    }
  if (arguments->len > 2 * n)
    g_ptr_array_add (values, patron_argument_take (arguments, 2 * n));
  else
    {
      PatronNode *missing = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_NUMBER, position);
      missing->any_type = TRUE;
      missing->literal.number = NAN;
      g_ptr_array_add (values, missing);
    }
  if (!patron_unify_all (values, 0, fault))
    return NULL;
  if (patron_argument (values, 0)->any_type)
    return fail_always_missing ("case", position, fault);
  PatronType type = patron_wider_text (values, 0);
  PatronNode *rest = patron_argument_take (values, n);
  for (guint k = n; k-- > 0;)
    {
      PatronNode *node = patron_node_new (PATRON_NODE_IF, type, position);
      patron_node_add (node, make_certain (patron_argument_take (arguments, 2 * k)));
      patron_node_add (node, patron_argument_take (values, k));
      patron_node_add (node, rest);
      rest = node;
    }
  return rest;
}

static PatronNode *
make_coalesce (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!patron_unify_all (arguments, 0, fault))
    return NULL;
  if (patron_argument (arguments, 0)->any_type)
    return fail_always_missing ("coalesce", position, fault);
  PatronNode *node = patron_node_new (PATRON_NODE_COALESCE, patron_wider_text (arguments, 0), position);
  for (guint i = 0; i < arguments->len; i++)
    patron_node_add (node, patron_argument_take (arguments, i));
  return node;
}

static PatronNode *
make_is_missing (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  return patron_node_new_unary (PATRON_NODE_IS_MISSING, PATRON_TYPE_BOOLEAN, position, patron_argument_take (arguments, 0));
}

/* between (x, low, high) as a function. */
static PatronNode *
make_between (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronNode *value = copy_operand (patron_argument (arguments, 0), fault);
  if (value == NULL)
    return NULL;
  g_autoptr (PatronNode) from = patron_node_compare (PATRON_GE, position, value, patron_argument_take (arguments, 1), fault);
  if (from == NULL)
    return NULL;
  value = patron_argument_take (arguments, 0);
  PatronNode *to = patron_node_compare (PATRON_LE, position, value, patron_argument_take (arguments, 2), fault);
  return to != NULL ? patron_node_logic (PATRON_NODE_AND, position, g_steal_pointer (&from), to, fault) : NULL;
}

/* null_if (x, value): missing where x is that value. */
static PatronNode *
make_null_if (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  if (!patron_unify_all (arguments, 0, fault))
    return NULL;
  if (patron_argument (arguments, 0)->any_type)
    return fail_always_missing ("null_if", position, fault);
  PatronNode *value = copy_operand (patron_argument (arguments, 0), fault);
  if (value == NULL)
    return NULL;
  PatronNode *left = patron_argument_take (arguments, 0);
  PatronNode *same = patron_node_compare (PATRON_EQ, position, left, patron_argument_take (arguments, 1), fault);
  if (same == NULL)
    {
      patron_node_free (value);
      return NULL;
    }
  PatronNode *missing = patron_node_new (PATRON_NODE_LITERAL, value->type, position);
  patron_node_adopt_type (missing, value->type);
  PatronNode *node = patron_node_new (PATRON_NODE_IF, value->type, position);
  patron_node_add (node, make_certain (same));
  patron_node_add (node, missing);
  patron_node_add (node, value);
  return node;
}

/* ---- conversions -------------------------------------------------------------------------------------------- */

/* number (x): of a text, as people write numbers; number (text, ","): with a decimal comma. */
static PatronNode *
make_number (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronNode *operand = patron_argument (arguments, 0);
  if (operand->type == PATRON_TYPE_BOOLEAN)
    return patron_node_to_number (
        patron_node_new_unary (PATRON_NODE_BOOLEAN_TO_INTEGER, PATRON_TYPE_INTEGER, position, patron_argument_take (arguments, 0)));
  if (!operand->any_type && !patron_type_is_text (operand->type))
    return patron_node_expect_number (operand, fault) ? patron_node_to_number (patron_argument_take (arguments, 0)) : NULL;
  const char *mark = ".";
  if (arguments->len > 1)
    {
      if (!patron_expect_literal_text (patron_argument (arguments, 1), fault))
        return NULL;
      mark = patron_argument (arguments, 1)->text;
      if (strcmp (mark, ".") != 0 && strcmp (mark, ",") != 0)
        {
          patron_fault_set (fault, patron_argument (arguments, 1)->position,
                            _("Expected the decimal mark \".\" or \",\" at position %u, but found “%s”."), patron_argument (arguments, 1)->position,
                            mark);
          return NULL;
        }
    }
  return patron_node_text (PATRON_TEXT_NUMBER, position, patron_argument_take (arguments, 0), mark, fault);
}

/* integer (x): rounded to the nearest. */
static PatronNode *
make_integer (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronNode *operand = patron_argument (arguments, 0);
  if (operand->type == PATRON_TYPE_INTEGER)
    return patron_argument_take (arguments, 0);
  if (operand->type == PATRON_TYPE_BOOLEAN)
    return patron_node_new_unary (PATRON_NODE_BOOLEAN_TO_INTEGER, PATRON_TYPE_INTEGER, position, patron_argument_take (arguments, 0));
  PatronNode *number = make_number (position, arguments, 0, fault);
  return number != NULL ? patron_node_new_unary (PATRON_NODE_TO_INTEGER, PATRON_TYPE_INTEGER, position, number) : NULL;
}

/* boolean (x): of a text such as "yes" or "0"; of a number, whether it is not 0. */
static PatronNode *
make_boolean (guint position, GPtrArray *arguments, int variant, PatronFault *fault)
{
  PatronNode *operand = patron_argument (arguments, 0);
  if (operand->type == PATRON_TYPE_BOOLEAN)
    return patron_argument_take (arguments, 0);
  if (!operand->any_type && !patron_type_is_text (operand->type))
    {
      operand = patron_argument_take (arguments, 0);
      return patron_node_compare (PATRON_NE, position, operand, patron_node_integer (0, position), fault);
    }
  PatronNode *node = patron_node_text (PATRON_TEXT_BOOLEAN, position, patron_argument_take (arguments, 0), NULL, fault);
  return node != NULL ? patron_node_new_unary (PATRON_NODE_INTEGER_TO_BOOLEAN, PATRON_TYPE_BOOLEAN, position, node) : NULL;
}

const PatronFunctionEntry patron_functions_numbers[] = {
  { "round", 1, 2, make_round, 0, PATRON_FUNCTIONS_NUMBERS, "round (x, digits)",
    N_("Rounds half away from zero; digits may be left out, or negative for tens and hundreds.") },
  { "round_to", 2, 2, make_round_to, 0, PATRON_FUNCTIONS_NUMBERS, "round_to (x, step)",
    N_("The nearest multiple of the step, for example 5 or 0.25.") },
  { "floor", 1, 1, make_whole, FLOOR, PATRON_FUNCTIONS_NUMBERS, "floor (x)", N_("The whole number at or below x.") },
  { "ceil", 1, 1, make_whole, CEIL, PATRON_FUNCTIONS_NUMBERS, "ceil (x)", N_("The whole number at or above x.") },
  { "trunc", 1, 1, make_whole, TRUNC, PATRON_FUNCTIONS_NUMBERS, "trunc (x)", N_("x without its decimals.") },
  { "abs", 1, 1, make_same, PATRON_NODE_ABS, PATRON_FUNCTIONS_NUMBERS, "abs (x)", N_("x without its sign.") },
  { "sign", 1, 1, make_same, PATRON_NODE_SIGN, PATRON_FUNCTIONS_NUMBERS, "sign (x)", N_("1 above zero, 0 at zero, -1 below.") },
  { "min", 1, PATRON_MANY_ARGUMENTS, make_extreme, PATRON_NODE_MIN, PATRON_FUNCTIONS_NUMBERS, "min (a, b, …)",
    N_("The smallest of several values of a row; min (x) over (…) is the smallest of a group.") },
  { "max", 1, PATRON_MANY_ARGUMENTS, make_extreme, PATRON_NODE_MAX, PATRON_FUNCTIONS_NUMBERS, "max (a, b, …)",
    N_("The largest of several values of a row; max (x) over (…) is the largest of a group.") },
  { "clip", 3, 3, make_clip, 0, PATRON_FUNCTIONS_NUMBERS, "clip (x, low, high)", N_("x brought into the range from low to high.") },
  { "sqrt", 1, 1, make_math, SQRT, PATRON_FUNCTIONS_NUMBERS, "sqrt (x)", N_("The square root.") },
  { "exp", 1, 1, make_math, EXP, PATRON_FUNCTIONS_NUMBERS, "exp (x)", N_("e to the power of x.") },
  { "log", 1, 2, make_log, 0, PATRON_FUNCTIONS_NUMBERS, "log (x, base)", N_("The logarithm; the natural one when no base is given.") },
  { "ln", 1, 1, make_math, LOG, PATRON_FUNCTIONS_NUMBERS, NULL, NULL },
  { "log10", 1, 1, make_math, LOG10, PATRON_FUNCTIONS_NUMBERS, "log10 (x)", N_("The logarithm to base 10.") },
  { "log2", 1, 1, make_math, LOG2, PATRON_FUNCTIONS_NUMBERS, "log2 (x)", N_("The logarithm to base 2.") },
  { "log1p", 1, 1, make_math, LOG1P, PATRON_FUNCTIONS_NUMBERS, "log1p (x)", N_("The natural logarithm of 1 + x, which copes with zeros.") },
  { "power", 2, 2, make_operator, PATRON_NODE_POWER, PATRON_FUNCTIONS_NUMBERS, "power (x, y)", N_("x to the power of y, the same as x ^ y.") },
  { "mod", 2, 2, make_operator, PATRON_NODE_MODULO, PATRON_FUNCTIONS_NUMBERS, "mod (x, y)",
    N_("What is left of x after dividing by y, the same as x % y.") },
  { "if", 3, 3, make_if, 0, PATRON_FUNCTIONS_CONDITIONS, "if (condition, value, otherwise)",
    N_("One value where the condition holds, the other where it does not.") },
  { "case", 2, PATRON_MANY_ARGUMENTS, make_case, 0, PATRON_FUNCTIONS_CONDITIONS, "case (condition, value, …, otherwise)",
    N_("The value of the first condition that holds; also written: case when … then … else … end.") },
  { "coalesce", 2, PATRON_MANY_ARGUMENTS, make_coalesce, 0, PATRON_FUNCTIONS_CONDITIONS, "coalesce (a, b, …)",
    N_("The first value that is not missing.") },
  { "null_if", 2, 2, make_null_if, 0, PATRON_FUNCTIONS_CONDITIONS, "null_if (x, value)", N_("x, but missing where it is that value.") },
  { "between", 3, 3, make_between, 0, PATRON_FUNCTIONS_CONDITIONS, "between (x, low, high)",
    N_("Whether x is from low to high, both included; also written: x between low and high.") },
  { "is_missing", 1, 1, make_is_missing, 0, PATRON_FUNCTIONS_CONDITIONS, "is_missing (x)",
    N_("Whether x has no value; also written: x is missing.") },
  { "number", 1, 2, make_number, 0, PATRON_FUNCTIONS_CONVERSION, "number (x, \",\")",
    N_("A text such as “$1,234.50” as a number; give \",\" when that is the decimal mark. Missing where it is none.") },
  { "integer", 1, 2, make_integer, 0, PATRON_FUNCTIONS_CONVERSION, "integer (x)", N_("x as a whole number, rounded to the nearest.") },
  { "boolean", 1, 1, make_boolean, 0, PATRON_FUNCTIONS_CONVERSION, "boolean (x)",
    N_("True or false from texts such as “yes”, “no”, “1” and “0”; of numbers, whether they are not 0.") },
  { NULL },
};

/* ---- all of them -------------------------------------------------------------------------------------------- */

static const PatronFunctionEntry *const tables[] = { patron_functions_numbers, patron_functions_text, patron_functions_dates,
                                                     patron_functions_groups };

static const PatronFunctionEntry *
find_function (const char *name)
{
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const PatronFunctionEntry *entry = tables[t]; entry->name != NULL; entry++)
      if (g_ascii_strcasecmp (entry->name, name) == 0)
        return entry;
  return NULL;
}

gboolean
patron_function_exists (const char *name)
{
  return find_function (name) != NULL;
}

const char *
patron_function_nearest (const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *lower = g_ascii_strdown (name, -1);
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const PatronFunctionEntry *entry = tables[t]; entry->name != NULL; entry++)
      g_ptr_array_add (names, (gpointer) entry->name);
  g_ptr_array_add (names, NULL);
  return patron_nearest (lower, (const char *const *) names->pdata);
}

PatronNode *
patron_node_call (const char *name, guint position, GPtrArray *arguments, PatronFault *fault)
{
  const PatronFunctionEntry *entry = find_function (name);
  if (arguments->len >= entry->min && arguments->len <= entry->max)
    return entry->make (position, arguments, entry->variant, fault);
  if (entry->min == entry->max)
    patron_fault_set (fault, position, _("“%s” at position %u expects %u arguments, but has %u."), entry->name, position, entry->min, arguments->len);
  else
    patron_fault_set (fault, position, _("“%s” at position %u expects %u to %u arguments, but has %u."), entry->name, position, entry->min,
                      entry->max, arguments->len);
  return NULL;
}

static gpointer
list_functions (gpointer data)
{
  GArray *list = g_array_new (TRUE, TRUE, sizeof (PatronFunction));
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const PatronFunctionEntry *entry = tables[t]; entry->name != NULL; entry++)
      if (entry->signature != NULL)
        {
          const PatronFunction function = { entry->name, entry->signature, entry->help, entry->category };
          g_array_append_val (list, function);
        }
  return list;
}

const PatronFunction *
patron_expression_functions (guint *n)
{
  static GOnce once = G_ONCE_INIT;
  const GArray *list = g_once (&once, list_functions, NULL);
  *n = list->len;
  return (const PatronFunction *) list->data;
}

const char *
patron_function_category_label (PatronFunctionCategory category)
{
  static const char *const labels[PATRON_N_FUNCTION_CATEGORIES] = {
    [PATRON_FUNCTIONS_NUMBERS] = N_("Numbers"), [PATRON_FUNCTIONS_CONDITIONS] = N_("Conditions"), [PATRON_FUNCTIONS_TEXT] = N_("Text"),
    [PATRON_FUNCTIONS_DATES] = N_("Dates"), [PATRON_FUNCTIONS_CONVERSION] = N_("Conversion"), [PATRON_FUNCTIONS_GROUPS] = N_("Groups of rows"),
    [PATRON_FUNCTIONS_ORDER] = N_("Order of rows"),
  };
  return labels[category];
}
