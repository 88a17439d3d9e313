/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/json-scan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "table/parse-number.h"

void
patron_json_scan_init (PatronJsonScan *scan, const char *text, gsize length)
{
  *scan = (PatronJsonScan) { .at = text, .start = text, .end = text + length, .text = g_string_new (NULL) };
}

void
patron_json_scan_clear (PatronJsonScan *scan)
{
  g_string_free (scan->text, TRUE);
}

static void
skip_blanks (PatronJsonScan *scan)
{
  while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
    scan->at++;
}

static gboolean
expect (PatronJsonScan *scan, const char *why)
{
  scan->why = why;
  return FALSE;
}

static gboolean
read_hex (PatronJsonScan *scan, gunichar *value)
{
  *value = 0;
  for (guint i = 0; i < 4; i++, scan->at++)
    {
      int digit = scan->at < scan->end ? g_ascii_xdigit_value (*scan->at) : -1;
      if (digit < 0)
        return expect (scan, N_("four hexadecimal digits after \\u"));
      *value = *value * 16 + digit;
    }
  return TRUE;
}

/* After "\u". A lone half of a pair becomes U+FFFD, as does NUL, which texts cannot hold. */
static gboolean
read_unicode (PatronJsonScan *scan)
{
  gunichar c, low;
  if (!read_hex (scan, &c))
    return FALSE;
  if (c >= 0xd800 && c < 0xdc00 && scan->end - scan->at >= 6 && scan->at[0] == '\\' && scan->at[1] == 'u')
    {
      scan->at += 2;
      if (!read_hex (scan, &low))
        return FALSE;
      if (low >= 0xdc00 && low < 0xe000)
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
      else
        g_string_append_unichar (scan->text, 0xfffd), c = low;
    }
  g_string_append_unichar (scan->text, c == 0 || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c);
  return TRUE;
}

/* After the opening quotation mark. */
static gboolean
read_string (PatronJsonScan *scan)
{
  g_string_truncate (scan->text, 0);
  for (;;)
    {
      const char *from = scan->at;
      while (scan->at < scan->end && *scan->at != '"' && *scan->at != '\\' && *scan->at != '\0')
        scan->at++;
      g_string_append_len (scan->text, from, scan->at - from);
      if (scan->at >= scan->end)
        return expect (scan, N_("a quotation mark at the end of a text"));
      char c = *scan->at++;
      if (c == '"')
        return TRUE;
      if (c == '\0')
        {
          g_string_append_unichar (scan->text, 0xfffd);
          continue;
        }
      static const char from_letters[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
      c = scan->at < scan->end ? *scan->at++ : '\0';
      const char *letter = c != '\0' ? strchr (from_letters, c) : NULL;
      if (letter != NULL)
        g_string_append_c (scan->text, to[letter - from_letters]);
      else if (c != 'u')
        return expect (scan, N_("an escape such as \\n or \\u00e9 after a backslash"));
      else if (!read_unicode (scan))
        return FALSE;
    }
}

static PatronJsonToken
read_number (PatronJsonScan *scan, double *number, gint64 *integer)
{
  const char *from = scan->at;
  gboolean whole = TRUE;
  for (; scan->at < scan->end && (g_ascii_isdigit (*scan->at) || strchr ("+-.eE", *scan->at) != NULL) && *scan->at != '\0'; scan->at++)
    whole &= g_ascii_isdigit (*scan->at) || *scan->at == '-';
  gsize length = scan->at - from;
  if (whole && patron_parse_int64 (from, length, integer))
    return PATRON_JSON_INTEGER;
  if (length > 0 && patron_parse_double (from, length, number))
    return PATRON_JSON_NUMBER;
  scan->at = from;
  expect (scan, N_("a value"));
  return PATRON_JSON_ERROR;
}

static gboolean
take_word (PatronJsonScan *scan, const char *word)
{
  gsize n = strlen (word);
  if ((gsize) (scan->end - scan->at) < n || memcmp (scan->at, word, n) != 0)
    return FALSE;
  scan->at += n;
  return TRUE;
}

PatronJsonToken
patron_json_scan_value (PatronJsonScan *scan, double *number, gint64 *integer)
{
  skip_blanks (scan);
  if (scan->at >= scan->end)
    return PATRON_JSON_END;
  switch (*scan->at)
    {
    case '"':
      scan->at++;
      return read_string (scan) ? PATRON_JSON_STRING : PATRON_JSON_ERROR;
    case '{':
      scan->at++;
      return PATRON_JSON_OBJECT;
    case '[':
      scan->at++;
      return PATRON_JSON_ARRAY;
    default:
      if (take_word (scan, "null") || take_word (scan, "NaN"))
        return PATRON_JSON_NULL;
      if (take_word (scan, "true"))
        return PATRON_JSON_TRUE;
      if (take_word (scan, "false"))
        return PATRON_JSON_FALSE;
      return read_number (scan, number, integer);
    }
}

gboolean
patron_json_scan_take (PatronJsonScan *scan, char c)
{
  skip_blanks (scan);
  if (scan->at >= scan->end || *scan->at != c)
    return FALSE;
  scan->at++;
  return TRUE;
}

gboolean
patron_json_scan_name (PatronJsonScan *scan)
{
  if (!patron_json_scan_take (scan, '"'))
    return expect (scan, N_("a name in quotation marks"));
  if (!read_string (scan))
    return FALSE;
  return patron_json_scan_take (scan, ':') || expect (scan, N_("a colon after a name"));
}

gboolean
patron_json_scan_skip (PatronJsonScan *scan, PatronJsonToken token, guint depth)
{
  double number;
  gint64 integer;
  if (token == PATRON_JSON_ERROR || token == PATRON_JSON_END)
    return token == PATRON_JSON_ERROR ? FALSE : expect (scan, N_("a value"));
  if (token != PATRON_JSON_ARRAY && token != PATRON_JSON_OBJECT)
    return TRUE;
  if (depth > PATRON_JSON_MAX_DEPTH)
    return expect (scan, N_("fewer objects inside each other"));
  char close = token == PATRON_JSON_ARRAY ? ']' : '}';
  if (patron_json_scan_take (scan, close))
    return TRUE;
  do
    {
      if (token == PATRON_JSON_OBJECT && !patron_json_scan_name (scan))
        return FALSE;
      if (!patron_json_scan_skip (scan, patron_json_scan_value (scan, &number, &integer), depth + 1))
        return FALSE;
    }
  while (patron_json_scan_take (scan, ','));
  return patron_json_scan_take (scan, close) || expect (scan, token == PATRON_JSON_ARRAY ? N_("a comma or ]") : N_("a comma or }"));
}

gsize
patron_json_scan_line (const PatronJsonScan *scan)
{
  gsize line = 1;
  for (const char *p = scan->start; p < scan->at && p < scan->end; p++)
    line += *p == '\n';
  return line;
}
