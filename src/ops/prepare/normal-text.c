/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/normal-text.h"

#include <string.h>

enum { PHONE_DIGITS = 9, PHONE_LEAST = 5 };

static char *
finish (GString *out)
{
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  if (out->len > 0)
    return g_string_free (out, FALSE);
  g_string_free (out, TRUE);
  return NULL;
}

static void
append_blank (GString *out)
{
  if (out->len > 0 && out->str[out->len - 1] != ' ')
    g_string_append_c (out, ' ');
}

/* ASCII alone needs no tables. Returns FALSE when there is anything else. */
static gboolean
normal_ascii (const char *text, GString *out)
{
  for (const char *c = text; *c != '\0'; c++)
    {
      if ((guchar) *c >= 0x80)
        return FALSE;
      if (g_ascii_isalnum (*c))
        g_string_append_c (out, g_ascii_tolower (*c));
      else if (*c != '\'')   /* O'Neil is one word */
        append_blank (out);
    }
  return TRUE;
}

char *
patron_normal_text (const char *text)
{
  GString *out = g_string_sized_new (strlen (text) + 1);
  if (normal_ascii (text, out))
    return finish (out);
  g_string_truncate (out, 0);
  g_autofree char *wide = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);   /* accents apart, full width to half */
  g_autofree char *folded = wide != NULL ? g_utf8_casefold (wide, -1) : NULL;
  for (const char *c = folded; c != NULL && *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);
      if (g_unichar_isalnum (letter))
        g_string_append_unichar (out, letter);
      else if (!g_unichar_ismark (letter) && letter != '\'' && letter != 0x2019)
        append_blank (out);
    }
  return finish (out);
}

char *
patron_normal_email (const char *text)
{
  g_autofree char *wide = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *small = wide != NULL ? g_utf8_strdown (wide, -1) : NULL;
  char *at = small != NULL ? strrchr (g_strstrip (small), '@') : NULL;
  if (at == NULL || at == small || at[1] == '\0')
    return NULL;
  gboolean gmail = g_str_equal (at + 1, "gmail.com") || g_str_equal (at + 1, "googlemail.com");
  GString *out = g_string_new (NULL);
  for (const char *c = small; c < at && (*c != '+' || c == small); c++)
    if (!gmail || *c != '.')
      g_string_append_c (out, *c);
  g_string_append_printf (out, "@%s", gmail ? "gmail.com" : at + 1);
  return g_string_free (out, FALSE);
}

/* Digits of the country code that an international number begins with (ITU-T E.164, annexed list of codes). */
static gsize
country_code_length (const char *digits)
{
  static const char two[] = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";
  const char code[] = { ' ', digits[0], digits[1], ' ', '\0' };
  if (digits[0] == '1' || digits[0] == '7')
    return 1;
  return strstr (two, code) != NULL ? 2 : 3;
}

char *
patron_normal_phone (const char *text)
{
  char digits[64];
  gsize n = 0;
  gboolean plus = FALSE;
  for (const char *c = text; *c != '\0' && n < sizeof digits - 1; c = g_utf8_next_char (c))
    {
      gunichar sign = g_utf8_get_char (c);
      int digit = g_unichar_digit_value (sign);
      plus = plus || (n == 0 && (sign == '+' || sign == 0xff0b));
      if (digit >= 0)
        digits[n++] = (char) ('0' + digit);
    }
  digits[n] = '\0';
  if (n < PHONE_LEAST)
    return NULL;
  gboolean dialled = !plus && digits[0] == '0' && digits[1] == '0';
  const char *number = digits + (dialled ? 2 : 0);
  if (plus || dialled)
    number += MIN (country_code_length (number), strlen (number));
  while (*number == '0')
    number++;
  gsize left = strlen (number);
  if (left < PHONE_LEAST)
    return NULL;
  return g_strdup (number + left - MIN (left, PHONE_DIGITS));
}
