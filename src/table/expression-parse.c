/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-lexer.h"

#include "base/nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum
{
  MAX_DEPTH = 100,        /* of nesting: the stack is finite */
  MAX_HEIGHT = 1000,      /* of the tree: a + b + c + … leans to the left */
  MAX_BETWEEN = 8,        /* height of what stands before "between", which is evaluated twice */
  MAX_WINDOW = 16,        /* keys, and columns of the order, of one "over" */
  MAX_WINDOWS = 32,       /* functions of groups in one formula: each takes passes and an array */
};

typedef struct
{
  PatronLexer  lexer;
  guint        depth;
  guint        n_windows;
  PatronTable *table;
  PatronFault  fault;
} Parser;

/* "Expected … after “>” at position 9". what: a translated noun phrase. */
static PatronNode *
fail_expected (Parser *parser, const char *what)
{
  guint position = parser->lexer.token.position;
  if (parser->lexer.previous == NULL)
    patron_fault_set (&parser->fault, position, _("Expected %s at position %u."), what, position);
  else
    patron_fault_set (&parser->fault, position, _("Expected %s after “%s” at position %u."), what, parser->lexer.previous, position);
  return NULL;
}

/* ---- grammar: or < and < not < comparison < sum < product < sign < power < value ---------------------------- */

static PatronNode *parse_or (Parser *parser);
static PatronNode *parse_sign (Parser *parser);

static gboolean
accept_symbol (Parser *parser, const char *symbol, const char *what)
{
  if (!patron_lexer_at_symbol (&parser->lexer, symbol))
    {
      fail_expected (parser, what);
      return FALSE;
    }
  return patron_lexer_next (&parser->lexer);
}

static PatronNode *
parse_number (Parser *parser)
{
  PatronNode *node = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_INTEGER, parser->lexer.token.position);
  if (!g_ascii_string_to_signed (parser->lexer.token.text, 10, 0, G_MAXINT64, &node->literal.integer, NULL))
    {
      node->type = PATRON_TYPE_NUMBER;
      node->literal.number = g_ascii_strtod (parser->lexer.token.text, NULL);
    }
  if (patron_lexer_next (&parser->lexer))
    return node;
  patron_node_free (node);
  return NULL;
}

static PatronNode *
parse_string (Parser *parser)
{
  PatronNode *node = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_CATEGORY, parser->lexer.token.position);
  node->text = g_steal_pointer (&parser->lexer.token.text);
  if (patron_lexer_next (&parser->lexer))
    return node;
  patron_node_free (node);
  return NULL;
}

static PatronNode *
parse_column (Parser *parser, const char *name, guint position)
{
  PatronColumn *column = patron_table_find (parser->table, name);
  if (column != NULL)
    {
      PatronNode *node = patron_node_new (PATRON_NODE_COLUMN, patron_column_get_type (column), position);
      node->column = patron_column_ref (column);
      return node;
    }
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < patron_table_n_columns (parser->table); i++)
    g_ptr_array_add (names, (gpointer) patron_column_get_name (patron_table_column (parser->table, i)));
  g_ptr_array_add (names, NULL);
  const char *nearest = patron_nearest (name, (const char *const *) names->pdata);
  if (nearest != NULL)
    patron_fault_set (&parser->fault, position, _("There is no column “%s” (position %u); did you mean “%s”?"), name, position, nearest);
  else
    patron_fault_set (&parser->fault, position, _("There is no column “%s” (position %u)."), name, position);
  return NULL;
}

/* The node, unless the tree has grown too high to walk. */
static PatronNode *
check_height (Parser *parser, PatronNode *node)
{
  if (node == NULL || node->height <= MAX_HEIGHT)
    return node;
  patron_fault_set (&parser->fault, node->position, _("The formula has more than %d operations in a row at position %u."), MAX_HEIGHT,
                    node->position);
  patron_node_free (node);
  return NULL;
}

/* A key or a column of the order; k of them came before. */
static gboolean
add_window_child (Parser *parser, PatronNode *node, PatronNode *child, guint k)
{
  if (child->any_type || child->kind == PATRON_NODE_LITERAL)
    patron_fault_set (&parser->fault, child->position, _("Expected a column at position %u, but this is the same in all rows."), child->position);
  else if (k >= MAX_WINDOW)
    patron_fault_set (&parser->fault, child->position, _("“over” takes at most %d columns (position %u)."), MAX_WINDOW, child->position);
  if (parser->fault.error != NULL)
    {
      patron_node_free (child);
      return FALSE;
    }
  patron_node_add (node, child);
  return TRUE;
}

/* [partition by] key, key … [order by value [asc|desc], …] up to the bracket that closes; node is a WINDOW. */
static gboolean
parse_window_keys (Parser *parser, PatronNode *node)
{
  PatronLexer *lexer = &parser->lexer;
  if (patron_lexer_at_keyword (lexer, "partition") && patron_lexer_followed_by (lexer, "by")
      && (!patron_lexer_next (lexer) || !patron_lexer_next (lexer)))
    return FALSE;
  while (!patron_lexer_at_symbol (lexer, ")") && !(patron_lexer_at_keyword (lexer, "order") && patron_lexer_followed_by (lexer, "by")))
    {
      if (node->n_keys > 0 && !accept_symbol (parser, ",", _("“,”, “order by” or “)”")))
        return FALSE;
      PatronNode *key = parse_or (parser);
      if (key == NULL || !add_window_child (parser, node, key, node->n_keys++))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_window_order (Parser *parser, PatronNode *node)
{
  PatronLexer *lexer = &parser->lexer;
  if (patron_lexer_at_symbol (lexer, ")"))
    return TRUE;
  if (!patron_lexer_next (lexer) || !patron_lexer_next (lexer))   /* order by */
    return FALSE;
  for (guint k = 0;; k++)
    {
      PatronNode *value = parse_or (parser);
      if (value == NULL || !add_window_child (parser, node, value, k))
        return FALSE;
      gboolean descending = patron_lexer_at_keyword (lexer, "desc") || patron_lexer_at_keyword (lexer, "descending");
      if (descending)
        node->descending |= G_GUINT64_CONSTANT (1) << k;
      if ((descending || patron_lexer_at_keyword (lexer, "asc") || patron_lexer_at_keyword (lexer, "ascending")) && !patron_lexer_next (lexer))
        return FALSE;
      if (patron_lexer_at_symbol (lexer, ")"))
        return TRUE;
      if (!accept_symbol (parser, ",", _("“asc”, “desc”, “,” or “)”")))
        return FALSE;
    }
}

/* function (…) over (…): gives the function its groups and order. */
static PatronNode *
parse_over (Parser *parser, PatronNode *call)
{
  g_autoptr (PatronNode) node = call;
  if (node == NULL)
    return NULL;
  if (node->kind == PATRON_NODE_WINDOW && ++parser->n_windows > MAX_WINDOWS)
    {
      patron_fault_set (&parser->fault, node->position, _("The formula has more than %d functions of groups, at position %u."), MAX_WINDOWS,
                        node->position);
      return NULL;
    }
  if (!patron_lexer_at_keyword (&parser->lexer, "over"))
    return g_steal_pointer (&node);
  if (node->kind != PATRON_NODE_WINDOW)
    {
      guint position = parser->lexer.token.position;
      patron_fault_set (&parser->fault, position, _("“over” at position %u must follow a function of groups, such as sum (…)."), position);
      return NULL;
    }
  if (!patron_lexer_next (&parser->lexer) || !accept_symbol (parser, "(", _("“(”")) || !parse_window_keys (parser, node)
      || !parse_window_order (parser, node) || !patron_lexer_next (&parser->lexer))
    return NULL;
  return g_steal_pointer (&node);
}

static PatronNode *
parse_call (Parser *parser, const char *name, guint position)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  if (!patron_function_exists (name))
    {
      const char *nearest = patron_function_nearest (name);
      if (nearest != NULL)
        patron_fault_set (&parser->fault, position, _("There is no function “%s” (position %u); did you mean “%s”?"), name, position, nearest);
      else
        patron_fault_set (&parser->fault, position, _("There is no function “%s” (position %u)."), name, position);
      return NULL;
    }
  if (!patron_lexer_next (&parser->lexer))
    return NULL;
  while (!patron_lexer_at_symbol (&parser->lexer, ")"))
    {
      PatronNode *argument = parse_or (parser);
      if (argument == NULL)
        return NULL;
      g_ptr_array_add (arguments, argument);
      if (patron_lexer_at_symbol (&parser->lexer, ")"))
        break;
      if (!accept_symbol (parser, ",", _("“,” or “)”")))
        return NULL;
    }
  return patron_lexer_next (&parser->lexer) ? check_height (parser, parse_over (parser, patron_node_call (name, position, arguments, &parser->fault)))
                                            : NULL;
}

static PatronNode *
parse_keyword (Parser *parser, const char *name, guint position)
{
  PatronNode *node = NULL;
  if (g_ascii_strcasecmp (name, "true") == 0 || g_ascii_strcasecmp (name, "false") == 0)
    {
      node = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_BOOLEAN, position);
      node->literal.boolean = g_ascii_strcasecmp (name, "true") == 0;
    }
  else if (g_ascii_strcasecmp (name, "missing") == 0)
    {
      node = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_NUMBER, position);
      node->any_type = TRUE;
      node->literal.number = NAN;
    }
  return node;
}

/* when condition then value …: the arguments of the function “case”. */
static gboolean
parse_case_branches (Parser *parser, GPtrArray *arguments)
{
  PatronLexer *lexer = &parser->lexer;
  while (patron_lexer_at_keyword (lexer, "when"))
    for (guint half = 0; half < 2; half++)
      {
        if (half == 1 && !patron_lexer_at_keyword (lexer, "then"))
          {
            fail_expected (parser, _("“then”"));
            return FALSE;
          }
        PatronNode *node = patron_lexer_next (lexer) ? parse_or (parser) : NULL;
        if (node == NULL)
          return FALSE;
        g_ptr_array_add (arguments, node);
      }
  if (patron_lexer_at_keyword (lexer, "else"))
    {
      PatronNode *node = patron_lexer_next (lexer) ? parse_or (parser) : NULL;
      if (node == NULL)
        return FALSE;
      g_ptr_array_add (arguments, node);
    }
  if (patron_lexer_at_keyword (lexer, "end"))
    return patron_lexer_next (lexer);
  fail_expected (parser, _("“when”, “else” or “end”"));
  return FALSE;
}

/* case when … then … else … end; "case" has been read. */
static PatronNode *
parse_case (Parser *parser, guint position)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  return parse_case_branches (parser, arguments) ? check_height (parser, patron_node_call ("case", position, arguments, &parser->fault)) : NULL;
}

/* Words that mean something only where no value is expected: a column may bear them. */
static gboolean
is_column_after_all (Parser *parser, const char *name)
{
  static const char *const words[] = { "and", "or", "not", "in", "between", "like" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (name, words[i]) == 0)
      return FALSE;
  return patron_table_find (parser->table, name) != NULL;
}

static PatronNode *
parse_name (Parser *parser)
{
  guint position = parser->lexer.token.position;
  gboolean quoted = parser->lexer.token.kind == PATRON_TOKEN_QUOTED_NAME;
  const PatronLexer *lexer = &parser->lexer;
  gboolean is_case = !quoted && patron_lexer_at_keyword (lexer, "case") && patron_lexer_followed_by (lexer, "when");
  gboolean is_function =
      !quoted && patron_lexer_followed_by (lexer, "(")
      && (patron_lexer_at_keyword (lexer, "case") || patron_lexer_at_keyword (lexer, "like") || patron_lexer_at_keyword (lexer, "between"));
  if (!quoted && !is_case && !is_function && patron_is_operator_word (parser->lexer.token.text)
      && !is_column_after_all (parser, parser->lexer.token.text))
    return fail_expected (parser, _("a value"));
  g_autofree char *name = g_steal_pointer (&parser->lexer.token.text);
  if (!patron_lexer_next (&parser->lexer))
    return NULL;
  if (is_case && patron_lexer_at_keyword (&parser->lexer, "when"))
    return parse_case (parser, position);
  if (!quoted && patron_lexer_at_symbol (&parser->lexer, "("))
    return parse_call (parser, name, position);
  /* A column may bear the name of a constant. */
  PatronNode *node = quoted || patron_table_find (parser->table, name) != NULL ? NULL : parse_keyword (parser, name, position);
  return node != NULL ? node : parse_column (parser, name, position);
}

static PatronNode *
parse_value (Parser *parser)
{
  switch (parser->lexer.token.kind)
    {
    case PATRON_TOKEN_NUMBER:
      return parse_number (parser);
    case PATRON_TOKEN_STRING:
      return parse_string (parser);
    case PATRON_TOKEN_NAME:
    case PATRON_TOKEN_QUOTED_NAME:
      return parse_name (parser);
    default:
      break;
    }
  if (!patron_lexer_at_symbol (&parser->lexer, "("))
    return fail_expected (parser, _("a value"));
  g_autoptr (PatronNode) node = patron_lexer_next (&parser->lexer) ? parse_or (parser) : NULL;
  return node != NULL && accept_symbol (parser, ")", _("“)”")) ? g_steal_pointer (&node) : NULL;
}

/* Counts one level of nesting; the caller counts it off again, also after a failure. */
static gboolean
enter (Parser *parser)
{
  if (parser->depth++ < MAX_DEPTH)
    return TRUE;
  patron_fault_set (&parser->fault, parser->lexer.token.position, _("The formula is nested more than %d deep at position %u."), MAX_DEPTH,
                    parser->lexer.token.position);
  return FALSE;
}

/* Right to left: 2^3^2 is 2^9, and -2^2 is -4. */
static PatronNode *
parse_power (Parser *parser)
{
  g_autoptr (PatronNode) base = parse_value (parser);
  if (base == NULL || !patron_lexer_at_symbol (&parser->lexer, "^"))
    return g_steal_pointer (&base);
  guint position = parser->lexer.token.position;
  PatronNode *exponent = enter (parser) && patron_lexer_next (&parser->lexer) ? parse_sign (parser) : NULL;
  parser->depth--;
  return exponent != NULL ? patron_node_arithmetic (PATRON_NODE_POWER, position, g_steal_pointer (&base), exponent, &parser->fault) : NULL;
}

static PatronNode *
parse_sign (Parser *parser)
{
  PatronNode *result = NULL;
  guint position = parser->lexer.token.position;
  gboolean minus = patron_lexer_at_symbol (&parser->lexer, "-");
  if (!minus && !patron_lexer_at_symbol (&parser->lexer, "+"))
    return parse_power (parser);
  if (enter (parser) && patron_lexer_next (&parser->lexer))
    {
      PatronNode *operand = parse_sign (parser);
      result = operand != NULL && minus ? patron_node_negate (position, operand, &parser->fault) : operand;
    }
  parser->depth--;
  return result;
}

/* The node of an operator at hand between left, which it takes, and what parse reads after it. */
static PatronNode *
join (Parser *parser, PatronNode *(*make) (PatronNodeKind, guint, PatronNode *, PatronNode *, PatronFault *), PatronNodeKind kind, PatronNode *left,
      PatronNode *(*parse) (Parser *))
{
  guint position = parser->lexer.token.position;
  PatronNode *right = patron_lexer_next (&parser->lexer) ? parse (parser) : NULL;
  if (right != NULL)
    return check_height (parser, make (kind, position, left, right, &parser->fault));
  patron_node_free (left);
  return NULL;
}

static PatronNode *
parse_product (Parser *parser)
{
  PatronNode *left = parse_sign (parser);
  while (left != NULL
         && (patron_lexer_at_symbol (&parser->lexer, "*") || patron_lexer_at_symbol (&parser->lexer, "/")
             || patron_lexer_at_symbol (&parser->lexer, "%")))
    {
      PatronNodeKind kind = patron_lexer_at_symbol (&parser->lexer, "*")   ? PATRON_NODE_MULTIPLY
                            : patron_lexer_at_symbol (&parser->lexer, "/") ? PATRON_NODE_DIVIDE
                                                                           : PATRON_NODE_MODULO;
      left = join (parser, patron_node_arithmetic, kind, left, parse_sign);
    }
  return left;
}

static PatronNode *
join_texts (PatronNodeKind kind, guint position, PatronNode *left, PatronNode *right, PatronFault *fault)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  g_ptr_array_add (arguments, left);
  g_ptr_array_add (arguments, right);
  return patron_node_call ("concat", position, arguments, fault);
}

static PatronNode *
parse_plus (Parser *parser)
{
  PatronNode *left = parse_product (parser);
  while (left != NULL && (patron_lexer_at_symbol (&parser->lexer, "+") || patron_lexer_at_symbol (&parser->lexer, "-")))
    {
      PatronNodeKind kind = patron_lexer_at_symbol (&parser->lexer, "+") ? PATRON_NODE_ADD : PATRON_NODE_SUBTRACT;
      left = join (parser, patron_node_arithmetic, kind, left, parse_product);
    }
  return left;
}

/* a & b: weaker than the plus between numbers, as in spreadsheets. */
static PatronNode *
parse_sum (Parser *parser)
{
  PatronNode *left = parse_plus (parser);
  while (left != NULL && patron_lexer_at_symbol (&parser->lexer, "&"))
    left = join (parser, join_texts, PATRON_NODE_CONCAT, left, parse_plus);
  return left;
}

/* ( item, item … ) */
static PatronNode *
parse_in (Parser *parser, PatronNode *operand, guint position)
{
  g_autoptr (PatronNode) left = operand;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  if (!patron_lexer_next (&parser->lexer) || !accept_symbol (parser, "(", _("“(”")))
    return NULL;
  for (;;)
    {
      PatronNode *item = parse_sum (parser);
      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
      if (patron_lexer_at_symbol (&parser->lexer, ")"))
        break;
      if (!accept_symbol (parser, ",", _("“,” or “)”")))
        return NULL;
    }
  return patron_lexer_next (&parser->lexer) ? patron_node_in (position, g_steal_pointer (&left), items, &parser->fault) : NULL;
}

static PatronNode *
parse_like (Parser *parser, PatronNode *operand, guint position)
{
  g_autoptr (PatronNode) left = operand;
  if (!patron_lexer_next (&parser->lexer))
    return NULL;
  if (parser->lexer.token.kind != PATRON_TOKEN_STRING)
    return fail_expected (parser, _("a pattern in quotes"));
  g_autofree char *pattern = g_steal_pointer (&parser->lexer.token.text);
  return patron_lexer_next (&parser->lexer) ? patron_node_text (PATRON_TEXT_LIKE, position, g_steal_pointer (&left), pattern, &parser->fault) : NULL;
}

/* x between a and b: a ≤ x and x ≤ b. */
static PatronNode *
parse_between (Parser *parser, PatronNode *operand, guint position)
{
  g_autoptr (PatronNode) value = operand;
  if (value->height > MAX_BETWEEN)
    {
      patron_fault_set (&parser->fault, position, _("What stands before “between” at position %u is too long; expected two comparisons instead."),
                   position);
      return NULL;
    }
  g_autoptr (PatronNode) low = patron_lexer_next (&parser->lexer) ? parse_sum (parser) : NULL;
  if (low == NULL)
    return NULL;
  if (!patron_lexer_at_keyword (&parser->lexer, "and"))
    return fail_expected (parser, _("“and”"));
  g_autoptr (PatronNode) high = patron_lexer_next (&parser->lexer) ? parse_sum (parser) : NULL;
  if (high == NULL)
    return NULL;
  g_autoptr (PatronNode) from = patron_node_compare (PATRON_GE, position, patron_node_copy (value), g_steal_pointer (&low), &parser->fault);
  PatronNode *to = from != NULL ? patron_node_compare (PATRON_LE, position, g_steal_pointer (&value), g_steal_pointer (&high), &parser->fault) : NULL;
  return to != NULL ? patron_node_logic (PATRON_NODE_AND, position, g_steal_pointer (&from), to, &parser->fault) : NULL;
}

static PatronNode *
parse_word_comparison (Parser *parser, PatronNode *left, guint position)
{
  if (patron_lexer_at_keyword (&parser->lexer, "in"))
    return parse_in (parser, left, position);
  if (patron_lexer_at_keyword (&parser->lexer, "like"))
    return parse_like (parser, left, position);
  if (patron_lexer_at_keyword (&parser->lexer, "between"))
    return parse_between (parser, left, position);
  patron_node_free (left);
  return fail_expected (parser, _("“in”, “like” or “between”"));
}

/* x is missing, x is not missing */
static PatronNode *
parse_is (Parser *parser, PatronNode *operand, guint position)
{
  g_autoptr (PatronNode) value = operand;
  if (!patron_lexer_next (&parser->lexer))
    return NULL;
  gboolean negated = patron_lexer_at_keyword (&parser->lexer, "not");
  if (negated && !patron_lexer_next (&parser->lexer))
    return NULL;
  if (!patron_lexer_at_keyword (&parser->lexer, "missing"))
    return fail_expected (parser, negated ? _("“missing”") : _("“missing” or “not missing”"));
  if (!patron_lexer_next (&parser->lexer))
    return NULL;
  PatronNode *node = patron_node_new_unary (PATRON_NODE_IS_MISSING, PATRON_TYPE_BOOLEAN, position, g_steal_pointer (&value));
  return negated ? patron_node_not (position, node, &parser->fault) : node;
}

static PatronNode *
parse_comparison (Parser *parser)
{
  static const struct { const char *symbol; PatronRelation relation; } relations[] = {
    { "=", PATRON_EQ }, { "!=", PATRON_NE }, { "<", PATRON_LT }, { "<=", PATRON_LE }, { ">", PATRON_GT }, { ">=", PATRON_GE },
  };
  PatronNode *left = parse_sum (parser);
  guint position = parser->lexer.token.position;
  if (left == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (relations); i++)
    if (patron_lexer_at_symbol (&parser->lexer, relations[i].symbol))
      {
        PatronNode *right = patron_lexer_next (&parser->lexer) ? parse_sum (parser) : NULL;
        if (right != NULL)
          return patron_node_compare (relations[i].relation, position, left, right, &parser->fault);
        patron_node_free (left);
        return NULL;
      }
  if (patron_lexer_at_keyword (&parser->lexer, "not"))
    {
      PatronNode *test = NULL;
      if (patron_lexer_next (&parser->lexer))
        test = parse_word_comparison (parser, left, position);
      else
        patron_node_free (left);
      return test != NULL ? patron_node_not (position, test, &parser->fault) : NULL;
    }
  if (patron_lexer_at_keyword (&parser->lexer, "is"))
    return parse_is (parser, left, position);
  if (patron_lexer_at_keyword (&parser->lexer, "in") || patron_lexer_at_keyword (&parser->lexer, "like")
      || patron_lexer_at_keyword (&parser->lexer, "between"))
    return parse_word_comparison (parser, left, position);
  return left;
}

static PatronNode *
parse_not (Parser *parser)
{
  PatronNode *result = NULL;
  guint position = parser->lexer.token.position;
  if (!patron_lexer_at_keyword (&parser->lexer, "not"))
    return parse_comparison (parser);
  if (enter (parser) && patron_lexer_next (&parser->lexer))
    {
      PatronNode *operand = parse_not (parser);
      result = operand != NULL ? patron_node_not (position, operand, &parser->fault) : NULL;
    }
  parser->depth--;
  return result;
}

static PatronNode *
parse_and (Parser *parser)
{
  PatronNode *left = parse_not (parser);
  while (left != NULL && patron_lexer_at_keyword (&parser->lexer, "and"))
    left = join (parser, patron_node_logic, PATRON_NODE_AND, left, parse_not);
  return left;
}

static PatronNode *
parse_or (Parser *parser)
{
  PatronNode *left = enter (parser) ? parse_and (parser) : NULL;
  while (left != NULL && patron_lexer_at_keyword (&parser->lexer, "or"))
    left = join (parser, patron_node_logic, PATRON_NODE_OR, left, parse_and);
  parser->depth--;
  return left;
}

static PatronNode *
parse_all (Parser *parser)
{
  if (!patron_lexer_next (&parser->lexer))
    return NULL;
  g_autoptr (PatronNode) root = parse_or (parser);
  if (root == NULL)
    return NULL;
  if (parser->lexer.token.kind != PATRON_TOKEN_END)
    return fail_expected (parser, _("an operator or the end"));
  if (root->any_type)
    {
      patron_fault_set (&parser->fault, root->position, _("The formula is always missing (position %u)."), root->position);
      return NULL;
    }
  return g_steal_pointer (&root);
}

PatronNode *
patron_node_parse (const char *text, PatronTable *table, PatronFault *fault)
{
  Parser parser = { .table = table };
  patron_lexer_init (&parser.lexer, text, &parser.fault);
  PatronNode *root = parse_all (&parser);
  patron_lexer_clear (&parser.lexer);
  *fault = parser.fault;
  return root;
}
