/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-private.h"

#include "base/nearest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum
{
  MAX_LENGTH = 65536,     /* bytes of a formula */
  MAX_DEPTH = 100,        /* of nesting: the stack is finite */
  MAX_HEIGHT = 1000,      /* of the tree: a + b + c + … leans to the left */
  MAX_BETWEEN = 8,        /* height of what stands before "between", which is evaluated twice */
};

typedef enum
{
  TOKEN_END,
  TOKEN_NUMBER,
  TOKEN_STRING,
  TOKEN_NAME,             /* bare: column, function or keyword */
  TOKEN_QUOTED_NAME,      /* [in brackets] or `backticks`: always a column */
  TOKEN_SYMBOL,           /* operators and punctuation, in their ASCII form */
} TokenKind;

typedef struct
{
  TokenKind   kind;
  guint       position;   /* character, from 1 */
  const char *start, *end; /* as written */
  char       *text;       /* owned: value of the string or name, or the symbol */
} Token;

typedef struct
{
  const char  *cursor;
  guint        position;
  Token        token;     /* the one looked at */
  char        *previous;  /* as written, for messages; NULL at the start */
  guint        depth;
  PatronTable *table;
  GError      *error;
} Parser;

/* ---- nodes -------------------------------------------------------------------------------------------------- */

PatronNode *
patron_node_new (PatronNodeKind kind, PatronType type, guint position)
{
  PatronNode *node = g_new0 (PatronNode, 1);
  node->kind = kind;
  node->type = type;
  node->position = position;
  node->height = 1;
  return node;
}

void
patron_node_add (PatronNode *node, PatronNode *child)
{
  if (node->children == NULL)
    node->children = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  g_ptr_array_add (node->children, child);
  node->height = MAX (node->height, child->height + 1);
}

PatronNode *
patron_node_new_unary (PatronNodeKind kind, PatronType type, guint position, PatronNode *child)
{
  PatronNode *node = patron_node_new (kind, type, position);
  patron_node_add (node, child);
  return node;
}

PatronNode *
patron_node_new_binary (PatronNodeKind kind, PatronType type, guint position, PatronNode *left, PatronNode *right)
{
  PatronNode *node = patron_node_new_unary (kind, type, position, left);
  patron_node_add (node, right);
  return node;
}

PatronNode *
patron_node_child (const PatronNode *node, guint i)
{
  return g_ptr_array_index (node->children, i);
}

void
patron_node_free (PatronNode *node)
{
  if (node == NULL)
    return;
  for (guint i = 0; node->maps != NULL && i < node->children->len; i++)
    g_free (node->maps[i]);
  g_free (node->maps);
  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_clear_pointer (&node->column, patron_column_unref);
  g_clear_pointer (&node->list, g_array_unref);
  g_clear_pointer (&node->dict, patron_dict_unref);
  g_strfreev (node->arguments);
  g_free (node->text);
  g_free (node->tests);
  g_free (node->measures);
  g_free (node->numbers);
  g_free (node->codes);
  g_free (node);
}

/* ---- tokens ------------------------------------------------------------------------------------------------- */

/* What Chinese keyboards and word processors type for the plain symbols. */
static const struct { gunichar c; const char *symbol; } symbols[] = {
  { '(', "(" }, { ')', ")" }, { ',', "," }, { '+', "+" }, { '-', "-" }, { '*', "*" }, { '/', "/" }, { '%', "%" }, { '^', "^" },
  { 0xff08, "(" }, { 0xff09, ")" }, { 0xff0c, "," }, { 0xff0b, "+" }, { 0xff0d, "-" }, { 0x2212, "-" }, { 0xff0a, "*" }, { 0x00d7, "*" },
  { 0xff0f, "/" }, { 0x00f7, "/" }, { 0xff05, "%" }, { 0x2264, "<=" }, { 0x2265, ">=" }, { 0x2260, "!=" }, { 0xff1c, "<" }, { 0xff1e, ">" },
  { 0xff1d, "=" },
};

static void
advance (Parser *parser)
{
  parser->cursor = g_utf8_next_char (parser->cursor);
  parser->position++;
}

static gboolean
fail_lexer (Parser *parser, const char *format)
{
  g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, format, parser->token.position);
  return FALSE;
}

/* Up to the closing quote, which stands for itself when doubled. */
static gboolean
scan_quoted (Parser *parser, gunichar close)
{
  g_autoptr (GString) text = g_string_new (NULL);
  advance (parser);
  for (;;)
    {
      gunichar c = g_utf8_get_char (parser->cursor);
      if (c == '\0')
        return fail_lexer (parser, close == ']' || close == '`' ? _("The column name that begins at position %u has no end.")
                                                                : _("The text that begins at position %u has no closing quote."));
      advance (parser);
      if (c == close)
        {
          if (g_utf8_get_char (parser->cursor) != close)
            break;
          advance (parser);
        }
      g_string_append_unichar (text, c);
    }
  parser->token.text = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

static gboolean
scan_number (Parser *parser)
{
  const char *start = parser->cursor;
  while (g_ascii_isdigit (*parser->cursor))
    advance (parser);
  if (*parser->cursor == '.')
    advance (parser);
  while (g_ascii_isdigit (*parser->cursor))
    advance (parser);
  const char *exponent = parser->cursor;
  if (*exponent == 'e' || *exponent == 'E')
    {
      exponent++;
      exponent += *exponent == '+' || *exponent == '-';
      if (g_ascii_isdigit (*exponent))
        {
          while (parser->cursor < exponent || g_ascii_isdigit (*parser->cursor))
            advance (parser);
        }
    }
  parser->token.text = g_strndup (start, parser->cursor - start);
  return TRUE;
}

static gboolean
is_name_start (gunichar c)
{
  return c == '_' || g_unichar_isalpha (c);
}

static void
scan_name (Parser *parser)
{
  const char *start = parser->cursor;
  for (gunichar c; (c = g_utf8_get_char (parser->cursor)) != '\0' && (is_name_start (c) || g_unichar_isalnum (c) || g_unichar_ismark (c));)
    advance (parser);
  parser->token.text = g_strndup (start, parser->cursor - start);
}

static gboolean
scan_symbol (Parser *parser)
{
  static const char *const doubles[] = { "<=", ">=", "!=", "<>", "==" };
  gunichar c = g_utf8_get_char (parser->cursor);
  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++)
    if (strncmp (parser->cursor, doubles[i], 2) == 0)
      {
        parser->token.text = g_strdup (i == 3 ? "!=" : i == 4 ? "=" : doubles[i]);
        advance (parser);
        advance (parser);
        return TRUE;
      }
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (symbols[i].c == c)
      {
        parser->token.text = g_strdup (symbols[i].symbol);
        advance (parser);
        return TRUE;
      }
  if (c == '<' || c == '>' || c == '=')
    {
      parser->token.text = g_strdup_printf ("%c", (char) c);
      advance (parser);
      return TRUE;
    }
  char written[7] = { 0 };
  g_unichar_to_utf8 (c, written);
  g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” at position %u has no meaning in a formula."), written, parser->token.position);
  return FALSE;
}

/* Moves on to the next token. FALSE with parser->error when there is none. */
static gboolean
next_token (Parser *parser)
{
  g_free (parser->previous);
  parser->previous = parser->token.start != NULL ? g_strndup (parser->token.start, parser->token.end - parser->token.start) : NULL;
  g_clear_pointer (&parser->token.text, g_free);
  while (g_unichar_isspace (g_utf8_get_char (parser->cursor)))
    advance (parser);
  gunichar c = g_utf8_get_char (parser->cursor);
  gboolean scanned = TRUE;
  parser->token.start = parser->cursor;
  parser->token.position = parser->position;
  if (c == '\0')
    parser->token.kind = TOKEN_END;
  else if (g_ascii_isdigit (*parser->cursor) || (c == '.' && g_ascii_isdigit (parser->cursor[1])))
    {
      parser->token.kind = TOKEN_NUMBER;
      scanned = scan_number (parser);
    }
  else if (c == '"' || c == '\'' || c == 0x201c || c == 0x2018 || c == 0xff02)
    {
      parser->token.kind = TOKEN_STRING;
      scanned = scan_quoted (parser, c == 0x201c ? 0x201d : c == 0x2018 ? 0x2019 : c);
    }
  else if (c == '[' || c == '`')
    {
      parser->token.kind = TOKEN_QUOTED_NAME;
      scanned = scan_quoted (parser, c == '[' ? ']' : c);
    }
  else if (is_name_start (c))
    {
      parser->token.kind = TOKEN_NAME;
      scan_name (parser);
    }
  else
    {
      parser->token.kind = TOKEN_SYMBOL;
      scanned = scan_symbol (parser);
    }
  parser->token.end = parser->cursor;
  return scanned;
}

static gboolean
at_symbol (const Parser *parser, const char *symbol)
{
  return parser->token.kind == TOKEN_SYMBOL && strcmp (parser->token.text, symbol) == 0;
}

static gboolean
at_keyword (const Parser *parser, const char *keyword)
{
  return parser->token.kind == TOKEN_NAME && g_ascii_strcasecmp (parser->token.text, keyword) == 0;
}

/* "Expected … after “>” at position 9". what: a translated noun phrase. */
static PatronNode *
fail_expected (Parser *parser, const char *what)
{
  guint position = parser->token.position;
  if (parser->error != NULL)
    return NULL;
  if (parser->previous == NULL)
    g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Expected %s at position %u."), what, position);
  else
    g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Expected %s after “%s” at position %u."), what, parser->previous, position);
  return NULL;
}

/* ---- grammar: or < and < not < comparison < sum < product < sign < power < value ---------------------------- */

static PatronNode *parse_or (Parser *parser);
static PatronNode *parse_sign (Parser *parser);

static gboolean
accept_symbol (Parser *parser, const char *symbol, const char *what)
{
  if (!at_symbol (parser, symbol))
    {
      fail_expected (parser, what);
      return FALSE;
    }
  return next_token (parser);
}

static PatronNode *
parse_number (Parser *parser)
{
  PatronNode *node = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_INTEGER, parser->token.position);
  if (!g_ascii_string_to_signed (parser->token.text, 10, 0, G_MAXINT64, &node->literal.integer, NULL))
    {
      node->type = PATRON_TYPE_NUMBER;
      node->literal.number = g_ascii_strtod (parser->token.text, NULL);
    }
  if (next_token (parser))
    return node;
  patron_node_free (node);
  return NULL;
}

static PatronNode *
parse_string (Parser *parser)
{
  PatronNode *node = patron_node_new (PATRON_NODE_LITERAL, PATRON_TYPE_CATEGORY, parser->token.position);
  node->text = g_steal_pointer (&parser->token.text);
  if (next_token (parser))
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
    g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no column “%s” (position %u); did you mean “%s”?"), name, position, nearest);
  else
    g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no column “%s” (position %u)."), name, position);
  return NULL;
}

static PatronNode *
parse_call (Parser *parser, const char *name, guint position)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  if (!patron_function_exists (name))
    {
      const char *nearest = patron_function_nearest (name);
      if (nearest != NULL)
        g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no function “%s” (position %u); did you mean “%s”?"), name, position, nearest);
      else
        g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no function “%s” (position %u)."), name, position);
      return NULL;
    }
  if (!next_token (parser))
    return NULL;
  while (!at_symbol (parser, ")"))
    {
      PatronNode *argument = parse_or (parser);
      if (argument == NULL)
        return NULL;
      g_ptr_array_add (arguments, argument);
      if (at_symbol (parser, ")"))
        break;
      if (!accept_symbol (parser, ",", _("“,” or “)”")))
        return NULL;
    }
  return next_token (parser) ? patron_node_call (name, position, arguments, &parser->error) : NULL;
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

static gboolean
is_operator_word (const char *name)
{
  static const char *const words[] = { "and", "or", "not", "in", "between" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (name, words[i]) == 0)
      return TRUE;
  return FALSE;
}

static PatronNode *
parse_name (Parser *parser)
{
  guint position = parser->token.position;
  gboolean quoted = parser->token.kind == TOKEN_QUOTED_NAME;
  if (!quoted && is_operator_word (parser->token.text))
    return fail_expected (parser, _("a value"));
  g_autofree char *name = g_steal_pointer (&parser->token.text);
  if (!next_token (parser))
    return NULL;
  if (!quoted && at_symbol (parser, "("))
    return parse_call (parser, name, position);
  /* A column may bear the name of a constant. */
  PatronNode *node = quoted || patron_table_find (parser->table, name) != NULL ? NULL : parse_keyword (parser, name, position);
  return node != NULL ? node : parse_column (parser, name, position);
}

static PatronNode *
parse_value (Parser *parser)
{
  switch (parser->token.kind)
    {
    case TOKEN_NUMBER:
      return parse_number (parser);
    case TOKEN_STRING:
      return parse_string (parser);
    case TOKEN_NAME:
    case TOKEN_QUOTED_NAME:
      return parse_name (parser);
    default:
      break;
    }
  if (!at_symbol (parser, "("))
    return fail_expected (parser, _("a value"));
  g_autoptr (PatronNode) node = next_token (parser) ? parse_or (parser) : NULL;
  return node != NULL && accept_symbol (parser, ")", _("“)”")) ? g_steal_pointer (&node) : NULL;
}

/* Counts one level of nesting; the caller counts it off again, also after a failure. */
static gboolean
enter (Parser *parser)
{
  if (parser->depth++ < MAX_DEPTH)
    return TRUE;
  g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The formula is nested more than %d deep at position %u."), MAX_DEPTH, parser->token.position);
  return FALSE;
}

/* Right to left: 2^3^2 is 2^9, and -2^2 is -4. */
static PatronNode *
parse_power (Parser *parser)
{
  g_autoptr (PatronNode) base = parse_value (parser);
  if (base == NULL || !at_symbol (parser, "^"))
    return g_steal_pointer (&base);
  guint position = parser->token.position;
  PatronNode *exponent = enter (parser) && next_token (parser) ? parse_sign (parser) : NULL;
  parser->depth--;
  return exponent != NULL ? patron_node_arithmetic (PATRON_NODE_POWER, position, g_steal_pointer (&base), exponent, &parser->error) : NULL;
}

static PatronNode *
parse_sign (Parser *parser)
{
  PatronNode *result = NULL;
  guint position = parser->token.position;
  gboolean minus = at_symbol (parser, "-");
  if (!minus && !at_symbol (parser, "+"))
    return parse_power (parser);
  if (enter (parser) && next_token (parser))
    {
      PatronNode *operand = parse_sign (parser);
      result = operand != NULL && minus ? patron_node_negate (position, operand, &parser->error) : operand;
    }
  parser->depth--;
  return result;
}

/* The node, unless the tree has grown too high to walk. */
static PatronNode *
check_height (Parser *parser, PatronNode *node)
{
  if (node == NULL || node->height <= MAX_HEIGHT)
    return node;
  g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The formula has more than %d operations in a row at position %u."), MAX_HEIGHT, node->position);
  patron_node_free (node);
  return NULL;
}

/* The node of an operator at hand between left, which it takes, and what parse reads after it. */
static PatronNode *
join (Parser *parser, PatronNode *(*make) (PatronNodeKind, guint, PatronNode *, PatronNode *, GError **), PatronNodeKind kind, PatronNode *left,
      PatronNode *(*parse) (Parser *))
{
  guint position = parser->token.position;
  PatronNode *right = next_token (parser) ? parse (parser) : NULL;
  if (right != NULL)
    return check_height (parser, make (kind, position, left, right, &parser->error));
  patron_node_free (left);
  return NULL;
}

static PatronNode *
parse_product (Parser *parser)
{
  PatronNode *left = parse_sign (parser);
  while (left != NULL && (at_symbol (parser, "*") || at_symbol (parser, "/") || at_symbol (parser, "%")))
    {
      PatronNodeKind kind = at_symbol (parser, "*") ? PATRON_NODE_MULTIPLY : at_symbol (parser, "/") ? PATRON_NODE_DIVIDE : PATRON_NODE_MODULO;
      left = join (parser, patron_node_arithmetic, kind, left, parse_sign);
    }
  return left;
}

static PatronNode *
parse_sum (Parser *parser)
{
  PatronNode *left = parse_product (parser);
  while (left != NULL && (at_symbol (parser, "+") || at_symbol (parser, "-")))
    {
      PatronNodeKind kind = at_symbol (parser, "+") ? PATRON_NODE_ADD : PATRON_NODE_SUBTRACT;
      left = join (parser, patron_node_arithmetic, kind, left, parse_product);
    }
  return left;
}

/* ( item, item … ) */
static PatronNode *
parse_in (Parser *parser, PatronNode *operand, guint position)
{
  g_autoptr (PatronNode) left = operand;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_node_free);
  if (!next_token (parser) || !accept_symbol (parser, "(", _("“(”")))
    return NULL;
  for (;;)
    {
      PatronNode *item = parse_sum (parser);
      if (item == NULL)
        return NULL;
      g_ptr_array_add (items, item);
      if (at_symbol (parser, ")"))
        break;
      if (!accept_symbol (parser, ",", _("“,” or “)”")))
        return NULL;
    }
  return next_token (parser) ? patron_node_in (position, g_steal_pointer (&left), items, &parser->error) : NULL;
}

static PatronNode *
parse_like (Parser *parser, PatronNode *operand, guint position)
{
  g_autoptr (PatronNode) left = operand;
  if (!next_token (parser))
    return NULL;
  if (parser->token.kind != TOKEN_STRING)
    return fail_expected (parser, _("a pattern in quotes"));
  g_autofree char *pattern = g_steal_pointer (&parser->token.text);
  return next_token (parser) ? patron_node_text (PATRON_TEXT_LIKE, position, g_steal_pointer (&left), pattern, &parser->error) : NULL;
}

/* Copies of columns, literals and whatever is computed from them, for "between". */
static PatronNode *
copy_node (const PatronNode *node)
{
  PatronNode *copy = patron_node_new (node->kind, node->type, node->position);
  copy->any_type = node->any_type;
  copy->column = node->column != NULL ? patron_column_ref (node->column) : NULL;
  copy->literal = node->literal;
  copy->text = g_strdup (node->text);
  copy->relation = node->relation;
  copy->part = node->part;
  copy->math = node->math;
  copy->list = node->list != NULL ? g_array_ref (node->list) : NULL;
  copy->text_op = node->text_op;
  copy->arguments = g_strdupv (node->arguments);
  copy->from = node->from;
  copy->count = node->count;
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    patron_node_add (copy, copy_node (patron_node_child (node, i)));
  return copy;
}

/* x between a and b: a ≤ x and x ≤ b. */
static PatronNode *
parse_between (Parser *parser, PatronNode *operand, guint position)
{
  g_autoptr (PatronNode) value = operand;
  if (value->height > MAX_BETWEEN)
    {
      g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("What stands before “between” at position %u is too long; expected two comparisons instead."),
                   position);
      return NULL;
    }
  g_autoptr (PatronNode) low = next_token (parser) ? parse_sum (parser) : NULL;
  if (low == NULL)
    return NULL;
  if (!at_keyword (parser, "and"))
    return fail_expected (parser, _("“and”"));
  g_autoptr (PatronNode) high = next_token (parser) ? parse_sum (parser) : NULL;
  if (high == NULL)
    return NULL;
  g_autoptr (PatronNode) from = patron_node_compare (PATRON_GE, position, copy_node (value), g_steal_pointer (&low), &parser->error);
  PatronNode *to = from != NULL ? patron_node_compare (PATRON_LE, position, g_steal_pointer (&value), g_steal_pointer (&high), &parser->error) : NULL;
  return to != NULL ? patron_node_logic (PATRON_NODE_AND, position, g_steal_pointer (&from), to, &parser->error) : NULL;
}

static PatronNode *
parse_word_comparison (Parser *parser, PatronNode *left, guint position)
{
  if (at_keyword (parser, "in"))
    return parse_in (parser, left, position);
  if (at_keyword (parser, "like"))
    return parse_like (parser, left, position);
  if (at_keyword (parser, "between"))
    return parse_between (parser, left, position);
  patron_node_free (left);
  return fail_expected (parser, _("“in”, “like” or “between”"));
}

static PatronNode *
parse_comparison (Parser *parser)
{
  static const struct { const char *symbol; PatronRelation relation; } relations[] = {
    { "=", PATRON_EQ }, { "!=", PATRON_NE }, { "<", PATRON_LT }, { "<=", PATRON_LE }, { ">", PATRON_GT }, { ">=", PATRON_GE },
  };
  PatronNode *left = parse_sum (parser);
  guint position = parser->token.position;
  if (left == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (relations); i++)
    if (at_symbol (parser, relations[i].symbol))
      {
        PatronNode *right = next_token (parser) ? parse_sum (parser) : NULL;
        if (right != NULL)
          return patron_node_compare (relations[i].relation, position, left, right, &parser->error);
        patron_node_free (left);
        return NULL;
      }
  if (at_keyword (parser, "not"))
    {
      PatronNode *test = NULL;
      if (next_token (parser))
        test = parse_word_comparison (parser, left, position);
      else
        patron_node_free (left);
      return test != NULL ? patron_node_not (position, test, &parser->error) : NULL;
    }
  if (at_keyword (parser, "in") || at_keyword (parser, "like") || at_keyword (parser, "between"))
    return parse_word_comparison (parser, left, position);
  return left;
}

static PatronNode *
parse_not (Parser *parser)
{
  PatronNode *result = NULL;
  guint position = parser->token.position;
  if (!at_keyword (parser, "not"))
    return parse_comparison (parser);
  if (enter (parser) && next_token (parser))
    {
      PatronNode *operand = parse_not (parser);
      result = operand != NULL ? patron_node_not (position, operand, &parser->error) : NULL;
    }
  parser->depth--;
  return result;
}

static PatronNode *
parse_and (Parser *parser)
{
  PatronNode *left = parse_not (parser);
  while (left != NULL && at_keyword (parser, "and"))
    left = join (parser, patron_node_logic, PATRON_NODE_AND, left, parse_not);
  return left;
}

static PatronNode *
parse_or (Parser *parser)
{
  PatronNode *left = enter (parser) ? parse_and (parser) : NULL;
  while (left != NULL && at_keyword (parser, "or"))
    left = join (parser, patron_node_logic, PATRON_NODE_OR, left, parse_and);
  parser->depth--;
  return left;
}

static PatronNode *
parse_all (Parser *parser)
{
  if (!next_token (parser))
    return NULL;
  g_autoptr (PatronNode) root = parse_or (parser);
  if (root == NULL)
    return NULL;
  if (parser->token.kind != TOKEN_END)
    return fail_expected (parser, _("an operator or the end"));
  if (root->any_type)
    {
      g_set_error (&parser->error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The formula is always missing (position %u)."), root->position);
      return NULL;
    }
  return g_steal_pointer (&root);
}

PatronExpression *
patron_expression_parse (const char *text, PatronTable *table, GError **error)
{
  Parser parser = { .cursor = text, .position = 1, .table = table };
  if (strlen (text) > MAX_LENGTH || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The formula is not text, or longer than %d bytes."), MAX_LENGTH);
      return NULL;
    }
  PatronNode *root = parse_all (&parser);
  g_free (parser.previous);
  g_free (parser.token.text);
  if (root == NULL)
    {
      g_propagate_error (error, parser.error);
      return NULL;
    }
  PatronExpression *expression = g_new0 (PatronExpression, 1);
  expression->table = patron_table_ref (table);
  expression->root = root;
  return expression;
}

void
patron_expression_free (PatronExpression *expression)
{
  if (expression == NULL)
    return;
  patron_node_free (expression->root);
  patron_table_unref (expression->table);
  g_free (expression);
}

PatronType
patron_expression_get_type (const PatronExpression *expression)
{
  return expression->root->type;
}
