/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression-lexer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What Chinese keyboards and word processors type for the plain symbols. */
static const struct { gunichar c; const char *symbol; } symbols[] = {
  { '(', "(" }, { ')', ")" }, { ',', "," }, { '+', "+" }, { '-', "-" }, { '*', "*" }, { '/', "/" }, { '%', "%" }, { '^', "^" }, { '&', "&" },
  { 0xff08, "(" }, { 0xff09, ")" }, { 0xff0c, "," }, { 0xff0b, "+" }, { 0xff0d, "-" }, { 0x2212, "-" }, { 0xff0a, "*" }, { 0x00d7, "*" },
  { 0xff0f, "/" }, { 0x00f7, "/" }, { 0xff05, "%" }, { 0x2264, "<=" }, { 0x2265, ">=" }, { 0x2260, "!=" }, { 0xff1c, "<" }, { 0xff1e, ">" },
  { 0xff1d, "=" }, { 0xff06, "&" }, { 0x3001, "," },
};

static void
advance (PatronLexer *lexer)
{
  lexer->cursor = g_utf8_next_char (lexer->cursor);
  lexer->position++;
}

static gboolean
fail_lexer (PatronLexer *lexer, const char *format)
{
  patron_fault_set (lexer->fault, lexer->token.position, format, lexer->token.position);
  return FALSE;
}

/* Up to the closing quote, which stands for itself when doubled. */
static gboolean
scan_quoted (PatronLexer *lexer, gunichar close)
{
  g_autoptr (GString) text = g_string_new (NULL);
  advance (lexer);
  for (;;)
    {
      gunichar c = g_utf8_get_char (lexer->cursor);
      if (c == '\0')
        return fail_lexer (lexer, close == ']' || close == '`' ? _("The column name that begins at position %u has no end.")
                                                                : _("The text that begins at position %u has no closing quote."));
      advance (lexer);
      if (c == close)
        {
          if (g_utf8_get_char (lexer->cursor) != close)
            break;
          advance (lexer);
        }
      g_string_append_unichar (text, c);
    }
  lexer->token.text = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

static gboolean
scan_number (PatronLexer *lexer)
{
  const char *start = lexer->cursor;
  while (g_ascii_isdigit (*lexer->cursor))
    advance (lexer);
  if (*lexer->cursor == '.')
    advance (lexer);
  while (g_ascii_isdigit (*lexer->cursor))
    advance (lexer);
  const char *exponent = lexer->cursor;
  if (*exponent == 'e' || *exponent == 'E')
    {
      exponent++;
      exponent += *exponent == '+' || *exponent == '-';
      if (g_ascii_isdigit (*exponent))
        {
          while (lexer->cursor < exponent || g_ascii_isdigit (*lexer->cursor))
            advance (lexer);
        }
    }
  lexer->token.text = g_strndup (start, lexer->cursor - start);
  return TRUE;
}

static gboolean
is_name_start (gunichar c)
{
  return c == '_' || g_unichar_isalpha (c);
}

static gboolean
is_name_part (gunichar c)
{
  return c != '\0' && (is_name_start (c) || g_unichar_isalnum (c) || g_unichar_ismark (c));
}

static void
scan_name (PatronLexer *lexer)
{
  const char *start = lexer->cursor;
  while (is_name_part (g_utf8_get_char (lexer->cursor)))
    advance (lexer);
  lexer->token.text = g_strndup (start, lexer->cursor - start);
}

static gboolean
scan_symbol (PatronLexer *lexer)
{
  static const char *const doubles[] = { "<=", ">=", "!=", "<>", "==" };
  gunichar c = g_utf8_get_char (lexer->cursor);
  for (guint i = 0; i < G_N_ELEMENTS (doubles); i++)
    if (strncmp (lexer->cursor, doubles[i], 2) == 0)
      {
        lexer->token.text = g_strdup (i == 3 ? "!=" : i == 4 ? "=" : doubles[i]);
        advance (lexer);
        advance (lexer);
        return TRUE;
      }
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (symbols[i].c == c)
      {
        lexer->token.text = g_strdup (symbols[i].symbol);
        advance (lexer);
        return TRUE;
      }
  if (c == '<' || c == '>' || c == '=')
    {
      lexer->token.text = g_strdup_printf ("%c", (char) c);
      advance (lexer);
      return TRUE;
    }
  char written[7] = { 0 };
  g_unichar_to_utf8 (c, written);
  patron_fault_set (lexer->fault, lexer->token.position, _("“%s” at position %u has no meaning in a formula."), written, lexer->token.position);
  return FALSE;
}

gboolean
patron_lexer_next (PatronLexer *lexer)
{
  g_free (lexer->previous);
  lexer->previous = lexer->token.start != NULL ? g_strndup (lexer->token.start, lexer->token.end - lexer->token.start) : NULL;
  g_clear_pointer (&lexer->token.text, g_free);
  while (g_unichar_isspace (g_utf8_get_char (lexer->cursor)))
    advance (lexer);
  gunichar c = g_utf8_get_char (lexer->cursor);
  gboolean scanned = TRUE;
  lexer->token.start = lexer->cursor;
  lexer->token.position = lexer->position;
  if (c == '\0')
    lexer->token.kind = PATRON_TOKEN_END;
  else if (g_ascii_isdigit (*lexer->cursor) || (c == '.' && g_ascii_isdigit (lexer->cursor[1])))
    {
      lexer->token.kind = PATRON_TOKEN_NUMBER;
      scanned = scan_number (lexer);
    }
  else if (c == '"' || c == '\'' || c == 0x201c || c == 0x2018 || c == 0xff02)
    {
      lexer->token.kind = PATRON_TOKEN_STRING;
      scanned = scan_quoted (lexer, c == 0x201c ? 0x201d : c == 0x2018 ? 0x2019 : c);
    }
  else if (c == '[' || c == '`')
    {
      lexer->token.kind = PATRON_TOKEN_QUOTED_NAME;
      scanned = scan_quoted (lexer, c == '[' ? ']' : c);
    }
  else if (is_name_start (c))
    {
      lexer->token.kind = PATRON_TOKEN_NAME;
      scan_name (lexer);
    }
  else
    {
      lexer->token.kind = PATRON_TOKEN_SYMBOL;
      scanned = scan_symbol (lexer);
    }
  lexer->token.end = lexer->cursor;
  lexer->token.length = lexer->position - lexer->token.position;
  return scanned;
}

void
patron_lexer_init (PatronLexer *lexer, const char *text, PatronFault *fault)
{
  *lexer = (PatronLexer) { .cursor = text, .position = 1, .fault = fault };
}

void
patron_lexer_clear (PatronLexer *lexer)
{
  g_clear_pointer (&lexer->previous, g_free);
  g_clear_pointer (&lexer->token.text, g_free);
}

gboolean
patron_lexer_at_symbol (const PatronLexer *lexer, const char *symbol)
{
  return lexer->token.kind == PATRON_TOKEN_SYMBOL && strcmp (lexer->token.text, symbol) == 0;
}

gboolean
patron_lexer_at_keyword (const PatronLexer *lexer, const char *keyword)
{
  return lexer->token.kind == PATRON_TOKEN_NAME && g_ascii_strcasecmp (lexer->token.text, keyword) == 0;
}

gboolean
patron_lexer_followed_by (const PatronLexer *lexer, const char *keyword)
{
  const char *cursor = lexer->cursor;
  gsize length = strlen (keyword);
  while (g_unichar_isspace (g_utf8_get_char (cursor)))
    cursor = g_utf8_next_char (cursor);
  return g_ascii_strncasecmp (cursor, keyword, length) == 0
         && (!is_name_part (g_utf8_get_char (keyword)) || !is_name_part (g_utf8_get_char (cursor + length)));
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

gboolean
patron_is_operator_word (const char *name)
{
  static const char *const words[] = { "and", "or", "not", "in", "between", "like", "is", "over", "case", "when", "then", "else", "end" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (name, words[i]) == 0)
      return TRUE;
  return FALSE;
}

gboolean
patron_is_bare_name (const char *name)
{
  static const char *const more[] = { "true", "false", "missing", "order", "partition", "by", "asc", "desc" };
  if (!is_name_start (g_utf8_get_char (name)) || patron_is_operator_word (name))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (more); i++)
    if (g_ascii_strcasecmp (name, more[i]) == 0)
      return FALSE;
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    if (!is_name_part (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}
