/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/text-edit.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || c == 0xfeff;
}

char *
patron_text_trim (const char *text)
{
  const char *end = text + strlen (text);
  while (*text != '\0' && is_blank (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  while (end > text && is_blank (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  return g_strndup (text, end - text);
}

char *
patron_text_squeeze (const char *text)
{
  GString *result = g_string_sized_new (strlen (text));
  gboolean pending = FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (is_blank (g_utf8_get_char (text)))
        {
          pending = result->len > 0;
          continue;
        }
      if (pending)
        g_string_append_c (result, ' ');
      pending = FALSE;
      g_string_append_len (result, text, g_utf8_next_char (text) - text);
    }
  return g_string_free (result, FALSE);
}

char *
patron_text_proper (const char *text)
{
  GString *result = g_string_sized_new (strlen (text));
  gboolean inside = FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      g_string_append_unichar (result, inside ? g_unichar_tolower (c) : g_unichar_totitle (c));
      /* An apostrophe does not begin a word: Women's. */
      inside = g_unichar_isalnum (c) || g_unichar_ismark (c) || (inside && (c == '\'' || c == 0x2019));
    }
  return g_string_free (result, FALSE);
}

char *
patron_text_substring (const char *text, gint64 from, gint64 count)
{
  if (from < 0)
    {
      gint64 length = g_utf8_strlen (text, -1);
      from = MAX (length + from, 0) + 1;
    }
  for (gint64 i = 1; i < from && *text != '\0'; i++)
    text = g_utf8_next_char (text);
  const char *end = text;
  for (gint64 i = 0; i < count && *end != '\0'; i++)
    end = g_utf8_next_char (end);
  return g_strndup (text, end - text);
}

char *
patron_text_right (const char *text, gint64 count)
{
  gint64 length = g_utf8_strlen (text, -1);
  return count >= length ? g_strdup (text) : g_strdup (g_utf8_offset_to_pointer (text, (glong) (length - count)));
}

char *
patron_text_pad (const char *text, gint64 width, const char *fill, gboolean left)
{
  gint64 lacking = width - g_utf8_strlen (text, -1);
  GString *padding = g_string_new (NULL);
  const char *at = fill;
  for (gint64 i = 0; i < lacking; i++)
    {
      const char *next = g_utf8_next_char (at);
      g_string_append_len (padding, at, next - at);
      at = *next != '\0' ? next : fill;
    }
  if (left)
    g_string_append (padding, text);
  else
    g_string_prepend (padding, text);
  return g_string_free (padding, FALSE);
}

char *
patron_text_split_part (const char *text, const char *delimiter, gint64 k)
{
  gsize length = strlen (delimiter);
  if (k < 0)
    {
      gint64 n = 1;
      for (const char *found = text; (found = strstr (found, delimiter)) != NULL; found += length)
        n++;
      k += n + 1;
    }
  if (k < 1)
    return NULL;
  for (; k > 1; k--)
    {
      text = strstr (text, delimiter);
      if (text == NULL)
        return NULL;
      text += length;
    }
  const char *end = strstr (text, delimiter);
  return end != NULL ? g_strndup (text, end - text) : g_strdup (text);
}

char *
patron_text_replace (const char *text, const char *from, const char *to)
{
  GString *result = g_string_new (NULL);
  gsize length = strlen (from);
  for (const char *found; (found = strstr (text, from)) != NULL; text = found + length)
    {
      g_string_append_len (result, text, found - text);
      g_string_append (result, to);
    }
  g_string_append (result, text);
  return g_string_free (result, FALSE);
}

char *
patron_text_half_width (const char *text)
{
  GString *result = g_string_sized_new (strlen (text));
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);
      /* U+FF01 … U+FF5E repeat the ASCII signs; U+3000 is the ideographic space. */
      g_string_append_unichar (result, c >= 0xff01 && c <= 0xff5e ? c - 0xff01 + '!' : c == 0x3000 ? ' ' : c);
    }
  return g_string_free (result, FALSE);
}

/* Decomposed, marks go; what decomposing changes beyond that (Hangul) is composed again. */
char *
patron_text_no_accents (const char *text)
{
  g_autofree char *apart = g_utf8_normalize (text, -1, G_NORMALIZE_NFD);
  GString *result = g_string_sized_new (strlen (text));
  for (const char *c = apart; c != NULL && *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar mark = g_utf8_get_char (c);
      if (mark < 0x300 || mark > 0x36f)
        g_string_append_unichar (result, mark);
    }
  g_autofree char *plain = g_string_free (result, FALSE);
  return g_utf8_normalize (plain, -1, G_NORMALIZE_NFC);
}

char *
patron_text_no_punctuation (const char *text)
{
  GString *result = g_string_sized_new (strlen (text));
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_ispunct (g_utf8_get_char (text)))
      g_string_append_len (result, text, g_utf8_next_char (text) - text);
  return g_string_free (result, FALSE);
}

int
patron_text_to_boolean (const char *text)
{
  static const struct { const char *word; int value; } words[] = {
    { "true", 1 }, { "false", 0 }, { "yes", 1 }, { "no", 0 }, { "1", 1 }, { "0", 0 }, { "t", 1 }, { "f", 0 }, { "y", 1 }, { "n", 0 },
    { "on", 1 }, { "off", 0 }, { "是", 1 }, { "否", 0 }, { "真", 1 }, { "假", 0 },
  };
  g_autofree char *plain = patron_text_trim (text);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (plain, words[i].word) == 0)
      return words[i].value;
  return -1;
}

GRegex *
patron_regex_new (const char *pattern, gboolean ignore_case, GError **error)
{
  g_autofree char *limited = g_strconcat ("(*LIMIT_MATCH=200000)(*LIMIT_DEPTH=20000)(*LIMIT_HEAP=20000)", pattern, NULL);
  GRegex *regex = g_regex_new (limited, ignore_case ? G_REGEX_CASELESS : 0, 0, NULL);
  if (regex == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The regular expression “%s” cannot be understood."), pattern);
  return regex;
}
