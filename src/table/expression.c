/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-lexer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_LENGTH = 65536 };   /* bytes of a formula */

/* The token at the character, counted from 1, as what to underline. */
static PatronSpan
span_at (const char *text, guint position)
{
  PatronFault ignored = { NULL };
  PatronLexer lexer;
  PatronSpan span = { position > 0 ? position - 1 : 0, 0 };
  patron_lexer_init (&lexer, text, &ignored);
  while (patron_lexer_next (&lexer) && lexer.token.kind != PATRON_TOKEN_END && lexer.token.position < position)
    ;
  /* What cannot be cut into tokens is underlined to the end. */
  if (ignored.error != NULL)
    span.length = (guint) g_utf8_strlen (text, -1) - MIN (span.start, (guint) g_utf8_strlen (text, -1));
  else if (lexer.token.position == position)
    span.length = lexer.token.length;
  patron_lexer_clear (&lexer);
  g_clear_error (&ignored.error);
  return span;
}

PatronExpression *
patron_expression_parse_span (const char *text, PatronTable *table, PatronSpan *span, GError **error)
{
  PatronFault fault = { NULL };
  if (strlen (text) > MAX_LENGTH || !g_utf8_validate (text, -1, NULL))
    {
      if (span != NULL)
        *span = (PatronSpan) { 0, 0 };
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The formula is not text, or longer than %d bytes."), MAX_LENGTH);
      return NULL;
    }
  PatronNode *root = patron_node_parse (text, table, &fault);
  if (root == NULL)
    {
      if (span != NULL)
        *span = span_at (text, fault.position);
      g_propagate_error (error, fault.error);
      return NULL;
    }
  PatronExpression *expression = g_new0 (PatronExpression, 1);
  g_atomic_ref_count_init (&expression->references);
  expression->table = patron_table_ref (table);
  expression->root = root;
  return expression;
}

PatronExpression *
patron_expression_parse (const char *text, PatronTable *table, GError **error)
{
  return patron_expression_parse_span (text, table, NULL, error);
}

void
patron_expression_free (PatronExpression *expression)
{
  if (expression == NULL || !g_atomic_ref_count_dec (&expression->references))
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

/* Joining texts makes one dictionary over all rows. */
static gboolean
needs_all_rows (const PatronNode *node)
{
  if (node->kind == PATRON_NODE_WINDOW || node->kind == PATRON_NODE_CONCAT)
    return TRUE;
  for (guint i = 0; node->children != NULL && i < node->children->len; i++)
    if (needs_all_rows (patron_node_child (node, i)))
      return TRUE;
  return FALSE;
}

gboolean
patron_expression_needs_all_rows (const PatronExpression *expression)
{
  return needs_all_rows (expression->root);
}

static char *
quote (const char *text, char open, char close)
{
  GString *result = g_string_new (NULL);
  g_string_append_c (result, open);
  for (; *text != '\0'; text++)
    {
      if (*text == close)
        g_string_append_c (result, close);
      g_string_append_c (result, *text);
    }
  g_string_append_c (result, close);
  return g_string_free (result, FALSE);
}

char *
patron_expression_quote_name (const char *name)
{
  return patron_is_bare_name (name) ? g_strdup (name) : quote (name, '[', ']');
}

char *
patron_expression_quote_text (const char *text)
{
  return quote (text, '"', '"');
}
