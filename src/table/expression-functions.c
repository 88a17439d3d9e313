/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-private.h"

#include "base/nearest.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The functions of formulas. Each takes checked numbers of arguments and makes a typed node of them, or NULL with an error that points at the
 * argument at fault. Arguments are stolen from the array with take(). */

typedef PatronNode *(*Make) (guint position, GPtrArray *arguments, int variant, GError **error);

static PatronNode *
peek (GPtrArray *arguments, guint i)
{
  return g_ptr_array_index (arguments, i);
}

static PatronNode *
take (GPtrArray *arguments, guint i)
{
  PatronNode *node = g_ptr_array_index (arguments, i);
  g_ptr_array_index (arguments, i) = NULL;
  return node;
}

static gboolean
expect_literal_text (const PatronNode *node, GError **error)
{
  if (node->kind == PATRON_NODE_LITERAL && patron_type_is_text (node->type) && node->text != NULL)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Expected a text in quotes at position %u."), node->position);
  return FALSE;
}

static gboolean
expect_literal_integer (const PatronNode *node, gint64 min, gint64 max, GError **error)
{
  if (node->kind == PATRON_NODE_LITERAL && node->type == PATRON_TYPE_INTEGER && node->literal.integer >= min && node->literal.integer <= max)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               _("Expected a whole number from %" PRId64 " to %" PRId64 " written out at position %u."), min, max, node->position);
  return FALSE;
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

enum { SQRT, EXP, LOG, LOG10, LOG2 };
static double (*const maths[]) (double) = { math_sqrt, math_exp, math_log, math_log10, math_log2 };

static PatronNode *
make_math (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!patron_node_expect_number (peek (arguments, 0), error))
    return NULL;
  PatronNode *node = patron_node_new_unary (PATRON_NODE_MATH, PATRON_TYPE_NUMBER, position, patron_node_to_number (take (arguments, 0)));
  node->math = maths[variant];
  return node;
}

static double math_floor (double x) { return floor (x); }
static double math_ceil (double x) { return ceil (x); }
static double (*const whole[]) (double) = { math_floor, math_ceil };

static PatronNode *
make_whole (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!patron_node_expect_number (peek (arguments, 0), error))
    return NULL;
  if (peek (arguments, 0)->type == PATRON_TYPE_INTEGER)
    return take (arguments, 0);
  PatronNode *node = patron_node_new_unary (PATRON_NODE_MATH, PATRON_TYPE_NUMBER, position, patron_node_to_number (take (arguments, 0)));
  node->math = whole[variant];
  return node;
}

static PatronNode *
make_round (guint position, GPtrArray *arguments, int variant, GError **error)
{
  gint64 digits = 0;
  if (!patron_node_expect_number (peek (arguments, 0), error) || (arguments->len > 1 && !expect_literal_integer (peek (arguments, 1), -15, 15, error)))
    return NULL;
  if (arguments->len > 1)
    digits = peek (arguments, 1)->literal.integer;
  if (peek (arguments, 0)->type == PATRON_TYPE_INTEGER && digits >= 0)
    return take (arguments, 0);
  PatronNode *node = patron_node_new_unary (PATRON_NODE_ROUND, PATRON_TYPE_NUMBER, position, patron_node_to_number (take (arguments, 0)));
  node->literal.integer = digits;
  return node;
}

/* abs and sign keep the type. */
static PatronNode *
make_same (guint position, GPtrArray *arguments, int variant, GError **error)
{
  PatronNode *operand = peek (arguments, 0);
  if (!(variant == PATRON_NODE_ABS && operand->type == PATRON_TYPE_DURATION) && !patron_node_expect_number (operand, error))
    return NULL;
  operand = operand->any_type ? patron_node_to_number (take (arguments, 0)) : take (arguments, 0);
  return patron_node_new_unary (variant, operand->type, position, operand);
}

/* Brings all arguments to one type. */
static gboolean
unify_all (GPtrArray *arguments, guint first, GError **error)
{
  for (int round = 0; round < 2; round++)
    for (guint i = first + 1; i < arguments->len; i++)
      if (!patron_node_unify ((PatronNode **) &g_ptr_array_index (arguments, first), (PatronNode **) &g_ptr_array_index (arguments, i), error))
        return FALSE;
  return TRUE;
}

static PatronNode *
make_extreme (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!unify_all (arguments, 0, error))
    return NULL;
  PatronType type = peek (arguments, 0)->type;
  if (!patron_type_is_integer (type) && !patron_node_expect_number (peek (arguments, 0), error))
    return NULL;
  PatronNode *node = patron_node_new (variant, type, position);
  for (guint i = 0; i < arguments->len; i++)
    patron_node_add (node, take (arguments, i));
  return node;
}

/* ---- conditions --------------------------------------------------------------------------------------------- */

static PatronType
wider_text (GPtrArray *arguments, guint first)
{
  for (guint i = first; i < arguments->len; i++)
    if (peek (arguments, i)->type == PATRON_TYPE_TEXT)
      return PATRON_TYPE_TEXT;
  return peek (arguments, first)->type;
}

static PatronNode *
make_if (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!patron_node_expect_boolean (peek (arguments, 0), error) || !unify_all (arguments, 1, error))
    return NULL;
  PatronNode *condition = peek (arguments, 0);
  if (condition->any_type || peek (arguments, 1)->any_type)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“if” at position %u is always missing."), position);
      return NULL;
    }
  PatronNode *node = patron_node_new (PATRON_NODE_IF, wider_text (arguments, 1), position);
  for (guint i = 0; i < 3; i++)
    patron_node_add (node, take (arguments, i));
  return node;
}

static PatronNode *
make_coalesce (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!unify_all (arguments, 0, error))
    return NULL;
  if (peek (arguments, 0)->any_type)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“coalesce” at position %u is always missing."), position);
      return NULL;
    }
  PatronNode *node = patron_node_new (PATRON_NODE_COALESCE, wider_text (arguments, 0), position);
  for (guint i = 0; i < arguments->len; i++)
    patron_node_add (node, take (arguments, i));
  return node;
}

static PatronNode *
make_is_missing (guint position, GPtrArray *arguments, int variant, GError **error)
{
  return patron_node_new_unary (PATRON_NODE_IS_MISSING, PATRON_TYPE_BOOLEAN, position, take (arguments, 0));
}

/* ---- text --------------------------------------------------------------------------------------------------- */

/* Tests against a text in quotes, and functions of the text alone. */
static PatronNode *
make_text (guint position, GPtrArray *arguments, int variant, GError **error)
{
  const char *argument = NULL;
  if (arguments->len > 1)
    {
      if (!expect_literal_text (peek (arguments, 1), error))
        return NULL;
      argument = peek (arguments, 1)->text;
    }
  return patron_node_text (variant, position, take (arguments, 0), argument, error);
}

static PatronNode *
make_substring (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!expect_literal_integer (peek (arguments, 1), 1, G_MAXINT32, error)
      || (arguments->len > 2 && !expect_literal_integer (peek (arguments, 2), 0, G_MAXINT32, error)))
    return NULL;
  PatronNode *node = patron_node_text (PATRON_TEXT_SUBSTRING, position, take (arguments, 0), NULL, error);
  if (node == NULL)
    return NULL;
  node->from = peek (arguments, 1)->literal.integer;
  node->count = arguments->len > 2 ? peek (arguments, 2)->literal.integer : G_MAXINT32;
  return node;
}

static PatronNode *
make_replace (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!expect_literal_text (peek (arguments, 1), error) || !expect_literal_text (peek (arguments, 2), error))
    return NULL;
  if (*peek (arguments, 1)->text == '\0')
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Expected a text that is not empty at position %u."), peek (arguments, 1)->position);
      return NULL;
    }
  PatronNode *node = patron_node_text (PATRON_TEXT_REPLACE, position, take (arguments, 0), peek (arguments, 1)->text, error);
  if (node == NULL)
    return NULL;
  const char *both[] = { node->arguments[0], peek (arguments, 2)->text, NULL };
  char **copy = g_strdupv ((char **) both);
  g_strfreev (node->arguments);
  node->arguments = copy;
  return node;
}

static gboolean
is_fixed (const PatronNode *node)
{
  return node->kind == PATRON_NODE_LITERAL && patron_type_is_text (node->type) && node->text != NULL;
}

/* With one argument that varies, and texts in quotes around it, each string of its dictionary is completed once; with several, row by row. */
static PatronNode *
make_concat (guint position, GPtrArray *arguments, int variant, GError **error)
{
  int varying = -1;
  guint n_varying = 0;
  for (guint i = 0; i < arguments->len; i++)
    if (!is_fixed (peek (arguments, i)))
      {
        varying = i;
        n_varying++;
      }
  if (n_varying != 1 || !patron_type_is_text (peek (arguments, varying)->type))
    {
      PatronNode *node = patron_node_new (PATRON_NODE_CONCAT, PATRON_TYPE_TEXT, position);
      for (guint i = 0; i < arguments->len; i++)
        patron_node_add (node, take (arguments, i));
      return node;
    }
  g_autoptr (GString) before = g_string_new (NULL);
  g_autoptr (GString) after = g_string_new (NULL);
  for (guint i = 0; i < arguments->len; i++)
    if ((int) i != varying)
      g_string_append ((int) i < varying ? before : after, peek (arguments, i)->text);
  PatronNode *node = patron_node_text (PATRON_TEXT_AFFIX, position, take (arguments, varying), NULL, error);
  const char *affixes[] = { before->str, after->str, NULL };
  if (node != NULL)
    node->arguments = g_strdupv ((char **) affixes);
  return node;
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

static PatronNode *
to_date (PatronNode *node)
{
  return node->type == PATRON_TYPE_TIME ? patron_node_new_unary (PATRON_NODE_TIME_TO_DATE, PATRON_TYPE_DATE, node->position, node) : node;
}

static PatronNode *
make_date_part (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!patron_node_to_moment ((PatronNode **) &g_ptr_array_index (arguments, 0), error))
    return NULL;
  PatronNode *node = patron_node_new_unary (PATRON_NODE_DATE_PART, PATRON_TYPE_INTEGER, position, to_date (take (arguments, 0)));
  node->part = variant;
  return node;
}

static PatronNode *
make_clock_part (guint position, GPtrArray *arguments, int variant, GError **error)
{
  if (!patron_node_to_moment ((PatronNode **) &g_ptr_array_index (arguments, 0), error))
    return NULL;
  if (peek (arguments, 0)->type != PATRON_TYPE_TIME)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Expected a date with a time of day at position %u, but this is a date alone."),
                   peek (arguments, 0)->position);
      return NULL;
    }
  PatronNode *node = patron_node_new_unary (PATRON_NODE_CLOCK_PART, PATRON_TYPE_INTEGER, position, take (arguments, 0));
  node->part = variant;
  return node;
}

/* date ("2011-02-28"), date (text column), date (time), date (year, month, day) */
static PatronNode *
make_date (guint position, GPtrArray *arguments, int variant, GError **error)
{
  PatronNode *first = peek (arguments, 0);
  if (arguments->len == 2)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“date” at position %u expects a text, or year, month and day."), position);
      return NULL;
    }
  if (arguments->len == 3)
    {
      PatronNode *node = patron_node_new (PATRON_NODE_MAKE_DATE, PATRON_TYPE_DATE, position);
      for (guint i = 0; i < 3; i++)
        {
          if (!patron_node_expect_number (peek (arguments, i), error))
            {
              patron_node_free (node);
              return NULL;
            }
          patron_node_add (node, patron_node_to_number (take (arguments, i)));
        }
      return node;
    }
  if (patron_type_is_text (first->type) && first->kind != PATRON_NODE_LITERAL)
    return patron_node_text (PATRON_TEXT_DATE, position, take (arguments, 0), NULL, error);
  if (!patron_node_to_moment ((PatronNode **) &g_ptr_array_index (arguments, 0), error))
    return NULL;
  return to_date (take (arguments, 0));
}

static PatronNode *
make_time (guint position, GPtrArray *arguments, int variant, GError **error)
{
  PatronNode *first = peek (arguments, 0);
  if (patron_type_is_text (first->type) && first->kind != PATRON_NODE_LITERAL)
    return patron_node_text (PATRON_TEXT_TIME, position, take (arguments, 0), NULL, error);
  if (!patron_node_to_moment ((PatronNode **) &g_ptr_array_index (arguments, 0), error))
    return NULL;
  PatronNode *node = take (arguments, 0);
  return node->type == PATRON_TYPE_TIME ? node : patron_node_new_unary (PATRON_NODE_DATE_TO_TIME, PATRON_TYPE_TIME, position, node);
}

/* Whole days from the first to the second. */
static PatronNode *
make_days_between (guint position, GPtrArray *arguments, int variant, GError **error)
{
  for (guint i = 0; i < 2; i++)
    if (!patron_node_to_moment ((PatronNode **) &g_ptr_array_index (arguments, i), error))
      return NULL;
  PatronNode *from = to_date (take (arguments, 0));
  return patron_node_new_binary (PATRON_NODE_SUBTRACT, PATRON_TYPE_INTEGER, position, to_date (take (arguments, 1)), from);
}

/* ---- the table ---------------------------------------------------------------------------------------------- */

enum { MANY = 64 };

static const struct
{
  const char *name;
  guint       min, max;       /* arguments */
  Make        make;
  int         variant;
} functions[] = {
  { "abs", 1, 1, make_same, PATRON_NODE_ABS },
  { "sign", 1, 1, make_same, PATRON_NODE_SIGN },
  { "round", 1, 2, make_round, 0 },
  { "floor", 1, 1, make_whole, 0 },
  { "ceil", 1, 1, make_whole, 1 },
  { "sqrt", 1, 1, make_math, SQRT },
  { "exp", 1, 1, make_math, EXP },
  { "log", 1, 1, make_math, LOG },
  { "ln", 1, 1, make_math, LOG },
  { "log10", 1, 1, make_math, LOG10 },
  { "log2", 1, 1, make_math, LOG2 },
  { "min", 2, MANY, make_extreme, PATRON_NODE_MIN },
  { "max", 2, MANY, make_extreme, PATRON_NODE_MAX },
  { "if", 3, 3, make_if, 0 },
  { "coalesce", 2, MANY, make_coalesce, 0 },
  { "is_missing", 1, 1, make_is_missing, 0 },
  { "like", 2, 2, make_text, PATRON_TEXT_LIKE },
  { "contains", 2, 2, make_text, PATRON_TEXT_CONTAINS },
  { "starts_with", 2, 2, make_text, PATRON_TEXT_STARTS },
  { "ends_with", 2, 2, make_text, PATRON_TEXT_ENDS },
  { "length", 1, 1, make_text, PATRON_TEXT_LENGTH },
  { "number", 1, 1, make_text, PATRON_TEXT_NUMBER },
  { "lower", 1, 1, make_text, PATRON_TEXT_LOWER },
  { "upper", 1, 1, make_text, PATRON_TEXT_UPPER },
  { "trim", 1, 1, make_text, PATRON_TEXT_TRIM },
  { "substring", 2, 3, make_substring, 0 },
  { "replace", 3, 3, make_replace, 0 },
  { "concat", 1, MANY, make_concat, 0 },
  { "year", 1, 1, make_date_part, PATRON_YEAR },
  { "quarter", 1, 1, make_date_part, PATRON_QUARTER },
  { "month", 1, 1, make_date_part, PATRON_MONTH },
  { "day", 1, 1, make_date_part, PATRON_DAY },
  { "weekday", 1, 1, make_date_part, PATRON_WEEKDAY },
  { "hour", 1, 1, make_clock_part, PATRON_HOUR },
  { "minute", 1, 1, make_clock_part, PATRON_MINUTE },
  { "second", 1, 1, make_clock_part, PATRON_SECOND },
  { "date", 1, 3, make_date, 0 },
  { "time", 1, 1, make_time, 0 },
  { "days_between", 2, 2, make_days_between, 0 },
};

static int
find_function (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    if (g_ascii_strcasecmp (functions[i].name, name) == 0)
      return i;
  return -1;
}

gboolean
patron_function_exists (const char *name)
{
  return find_function (name) >= 0;
}

const char *
patron_function_nearest (const char *name)
{
  const char *names[G_N_ELEMENTS (functions) + 1] = { NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    names[i] = functions[i].name;
  return patron_nearest (lower, names);
}

PatronNode *
patron_node_call (const char *name, guint position, GPtrArray *arguments, GError **error)
{
  int i = find_function (name);
  if (arguments->len >= functions[i].min && arguments->len <= functions[i].max)
    return functions[i].make (position, arguments, functions[i].variant, error);
  if (functions[i].min == functions[i].max)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” at position %u expects %u arguments, but has %u."),
                 functions[i].name, position, functions[i].min, arguments->len);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” at position %u expects %u to %u arguments, but has %u."),
                 functions[i].name, position, functions[i].min, functions[i].max, arguments->len);
  return NULL;
}
