/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/xlsx-private.h"

#include <string.h>

/* The first section of a format code without what is shown literally: quoted text, escaped characters, fill and padding. Brackets stay, their insides
 * too. *unit receives a currency sign, from "[$€-407]" or shown literally. */
static char *
strip_code (const char *code, char *unit, gsize size)
{
  static const char *const signs[] = { "€", "$", "£", "¥", "￥", "₩", "₹", "₽", "元", "CHF", "kr", NULL };
  g_autoptr (GString) bare = g_string_new (NULL);
  *unit = '\0';
  for (const char *p = code; *p != '\0' && *p != ';'; p++)
    {
      for (guint i = 0; signs[i] != NULL && *unit == '\0'; i++)
        if (g_str_has_prefix (p, signs[i]) && (*p != '$' || p == code || p[-1] != '['))
          g_strlcpy (unit, signs[i], size);
      if (*p == '"')
        {
          const char *end = strchr (p + 1, '"');
          for (guint i = 0; signs[i] != NULL && *unit == '\0' && end != NULL; i++)
            if ((gsize) (end - p - 1) == strlen (signs[i]) && g_str_has_prefix (p + 1, signs[i]))
              g_strlcpy (unit, signs[i], size);
          if (end == NULL)
            break;
          p = end;
        }
      else if ((*p == '\\' || *p == '_' || *p == '*') && p[1] != '\0')
        p++;
      else
        g_string_append_c (bare, g_ascii_tolower (*p));
    }
  return g_string_free (g_steal_pointer (&bare), FALSE);
}

PatronXlsxStyle
patron_xlsx_classify_format (const char *code)
{
  PatronXlsxStyle style = { PATRON_XLSX_NUMBER, "" };
  g_autofree char *bare = strip_code (code, style.unit, sizeof style.unit);
  if (strcmp (bare, "@") == 0)
    style.format = PATRON_XLSX_TEXT;
  if (strcmp (bare, "general") == 0 || strcmp (bare, "@") == 0)
    return style;
  gboolean date = FALSE, clock = FALSE, month_or_minute = FALSE, elapsed = FALSE;
  for (const char *p = bare; *p != '\0'; p++)
    {
      if (*p == '[')
        {
          /* Elapsed time, or a colour, a condition, a locale: none of those is about dates. */
          const char *end = strchr (p, ']');
          if (end == NULL)
            break;
          elapsed |= strspn (p + 1, "hms") == (gsize) (end - p - 1) && end > p + 1;
          p = end;
        }
      else if (g_str_has_prefix (p, "general"))
        p += strlen ("general") - 1;
      else if (g_str_has_prefix (p, "am/pm") || g_str_has_prefix (p, "a/p"))
        {
          clock = TRUE;
          p += *p == 'a' && p[1] == 'm' ? 4 : 2;
        }
      else if (*p == 'e' && (p[1] == '+' || p[1] == '-'))
        break;
      else
        {
          date |= *p == 'y' || *p == 'd' || *p == 'e' || *p == 'g';
          clock |= *p == 'h' || *p == 's';
          month_or_minute |= *p == 'm';
        }
    }
  if (elapsed && !date)
    style.format = PATRON_XLSX_ELAPSED;
  else if (date)
    style.format = clock ? PATRON_XLSX_DATE_TIME : PATRON_XLSX_DATE;
  else if (clock)
    style.format = PATRON_XLSX_CLOCK;
  else if (month_or_minute)
    style.format = PATRON_XLSX_DATE;
  return style;
}
