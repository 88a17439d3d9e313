/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* From here on, digits without an exponent say nothing that can be read. */
#define LARGEST_PLAIN 1e15

/* The user's locale as the environment says: the process itself keeps LC_NUMERIC at "C" for its files. */
static const char *
locale_sign (nl_item item, const char *otherwise)
{
  static locale_t locale;
  static gsize done;
  if (g_once_init_enter (&done))
    {
      locale = newlocale (LC_NUMERIC_MASK, "", (locale_t) 0);
      g_once_init_leave (&done, 1);
    }
  const char *sign = locale != (locale_t) 0 ? nl_langinfo_l (item, locale) : NULL;
  return sign != NULL && *sign != '\0' && g_utf8_validate (sign, -1, NULL) ? sign : otherwise;
}

/* digits: what %.*f wrote in the C locale. */
static char *
localise (const char *digits, gboolean grouped)
{
  const char *separator = grouped ? locale_sign (THOUSEP, ",") : "";
  GString *out = g_string_sized_new (32);
  if (*digits == '-')
    g_string_append_c (out, *digits++);
  gsize whole = strspn (digits, "0123456789");
  for (gsize i = 0; i < whole; i++)
    {
      if (i > 0 && (whole - i) % 3 == 0)
        g_string_append (out, separator);
      g_string_append_c (out, digits[i]);
    }
  digits += whole;
  if (*digits == '.')
    {
      g_string_append (out, locale_sign (RADIXCHAR, "."));
      digits++;
    }
  g_string_append (out, digits);
  return g_string_free (out, FALSE);
}

/* "-0.00" → "0.00" */
static const char *
without_negative_zero (const char *digits)
{
  return *digits == '-' && strspn (digits + 1, "0.") == strlen (digits + 1) ? digits + 1 : digits;
}

static char *
scientific (double value)
{
  char buffer[64];
  if (isinf (value))
    return g_strdup (value > 0 ? "∞" : "-∞");
  g_ascii_formatd (buffer, sizeof buffer, "%.3e", value);
  char *exponent = strchr (buffer, 'e');
  *exponent = '\0';
  if (strchr (buffer, '.') != NULL)
    for (char *last = exponent - 1; *last == '0' || *last == '.'; last--)
      {
        gboolean point = *last == '.';
        *last = '\0';
        if (point)
          break;
      }
  g_autofree char *mantissa = localise (buffer, FALSE);
  return g_strdup_printf ("%se%d", mantissa, atoi (exponent + 1));
}

char *
patron_format_fixed (double value, int decimals, gboolean grouped)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 32], format[16];
  if (fabs (value) >= LARGEST_PLAIN)
    return scientific (value);
  g_snprintf (format, sizeof format, "%%.%df", CLAMP (decimals, 0, 20));
  g_ascii_formatd (buffer, sizeof buffer, format, value);
  return localise (without_negative_zero (buffer), grouped);
}

/* Four significant digits, all the digits before the point, no zeros at the end. */
static char *
number (double value)
{
  double size = fabs (value);
  if (size == 0)
    return g_strdup ("0");
  if (size >= LARGEST_PLAIN || size < 1e-4)
    return scientific (value);

  int decimals = MAX (0, 3 - (int) floor (log10 (size)));
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 32], format[16];
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (buffer, sizeof buffer, format, value);
  if (strchr (buffer, '.') != NULL)
    {
      char *last = buffer + strlen (buffer) - 1;
      while (*last == '0')
        *last-- = '\0';
      if (*last == '.')
        *last = '\0';
    }
  return localise (buffer, TRUE);
}

/* Shortest digits that read back as the same double. */
static char *
exact (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  value += 0.0;   /* -0 is 0 */
  for (int digits = 15; digits <= 17; digits++)
    {
      char format[8];
      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (buffer, sizeof buffer, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  return localise (buffer, FALSE);
}

/* One decimal; more when one would read as nothing or as everything though it is not. */
static char *
percent (double value)
{
  double hundredths = value * 100, size = fabs (hundredths), from_whole = fabs (100 - size);
  int decimals = 1;
  if (size == 0 || size >= 1000 || from_whole < 1e-6)
    decimals = 0;
  else if (size < 0.05 || (size < 100 && from_whole < 0.05))
    decimals = (int) ceil (-log10 (MIN (size, from_whole)));
  g_autofree char *digits = size > 0 && size < 1e-6 ? number (hundredths) : patron_format_fixed (hundredths, decimals, TRUE);
  /* Translators: a percentage; put a space before the sign where the language does. */
  return g_strdup_printf (C_("percentage", "%s%%"), digits);
}

static char *
money (double value)
{
  return patron_format_fixed (value, fabs (value) < 999.995 ? 2 : 0, TRUE);
}

static char *
p_value (double value)
{
  g_autofree char *digits = patron_format_fixed (value < 0.001 ? 0.001 : value > 0.999 ? 0.999 : value, 3, FALSE);
  return g_strdup_printf ("%s%s", value < 0.001 ? "< " : value > 0.999 ? "> " : "", digits);
}

static char *
seconds (double value)
{
  if (value < 0)
    {
      g_autofree char *positive = seconds (-value);
      return g_strconcat ("-", positive, NULL);
    }
  if (value < 59.95)
    {
      g_autofree char *digits = patron_format_fixed (value < 0.0995 ? value * 1000 : value, value < 0.0995 ? (value < 0.00995 ? 1 : 0)
                                                                                                            : (value < 9.995 ? 2 : 1), FALSE);
      return value < 0.0995 ? g_strdup_printf (_("%s ms"), digits) : g_strdup_printf (_("%s s"), digits);
    }
  if (value < 3599.5)
    {
      int whole = (int) lround (value);
      return g_strdup_printf (_("%d min %d s"), whole / 60, whole % 60);
    }
  if (value >= LARGEST_PLAIN)
    return scientific (value);
  gint64 minutes = (gint64) llround (value / 60);
  g_autofree char *hours = patron_format_fixed ((double) (minutes / 60), 0, TRUE);
  return g_strdup_printf (_("%s h %d min"), hours, (int) (minutes % 60));
}

static char *
bytes (double value)
{
  static const char *const units[] = { N_("%s B"), N_("%s kB"), N_("%s MB"), N_("%s GB"), N_("%s TB"), N_("%s PB") };
  guint unit = 0;
  while (fabs (value) >= 999.5 && unit + 1 < G_N_ELEMENTS (units))
    {
      value /= 1000;
      unit++;
    }
  g_autofree char *digits = patron_format_fixed (value, unit > 0 && fabs (value) < 99.95 ? 1 : 0, TRUE);
  return g_strdup_printf (_(units[unit]), digits);
}

/* Days since 1970-01-01 to the proleptic Gregorian calendar; eras of 400 years that begin in March. */
static void
civil (gint64 days, gint64 *year, int *month, int *day)
{
  days += 719468;
  gint64 era = (days >= 0 ? days : days - 146096) / 146097;
  guint day_of_era = (guint) (days - era * 146097);
  guint year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  guint day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  guint shifted = (5 * day_of_year + 2) / 153;
  *day = (int) (day_of_year - (153 * shifted + 2) / 5 + 1);
  *month = (int) (shifted < 10 ? shifted + 3 : shifted - 9);
  *year = (gint64) year_of_era + era * 400 + (*month <= 2);
}

static char *
date (double days)
{
  gint64 year;
  int month, day;
  if (fabs (days) > 4e8)   /* about a million years */
    return scientific (days);
  civil ((gint64) floor (days), &year, &month, &day);
  return g_strdup_printf ("%04" G_GINT64_FORMAT "-%02d-%02d", year, month, day);
}

static char *
time_of_day (double microseconds)
{
  double days = floor (microseconds / 86400e6);
  g_autofree char *on = date (days);
  if (fabs (days) > 4e8)
    return g_steal_pointer (&on);
  int second = (int) ((microseconds - days * 86400e6) / 1e6);
  return second % 60 != 0 ? g_strdup_printf ("%s %02d:%02d:%02d", on, second / 3600, second / 60 % 60, second % 60)
                          : g_strdup_printf ("%s %02d:%02d", on, second / 3600, second / 60 % 60);
}

char *
patron_format_number (PatronFormat format, double value)
{
  if (isnan (value))
    return g_strdup ("–");
  if (isinf (value))
    return scientific (value);
  switch (format)
    {
    case PATRON_FORMAT_COUNT:
      return patron_format_fixed (value, 0, TRUE);
    case PATRON_FORMAT_EXACT:
      return exact (value);
    case PATRON_FORMAT_PERCENT:
      return percent (value);
    case PATRON_FORMAT_MONEY:
      return money (value);
    case PATRON_FORMAT_DATE:
      return date (value);
    case PATRON_FORMAT_TIME:
      return time_of_day (value);
    case PATRON_FORMAT_P_VALUE:
      return p_value (value);
    case PATRON_FORMAT_SECONDS:
      return seconds (value);
    case PATRON_FORMAT_BYTES:
      return bytes (value);
    case PATRON_FORMAT_NUMBER:
    case PATRON_FORMAT_TEXT:
    case PATRON_FORMAT_MSGID:
    default:
      return number (value);
    }
}

static const char *const format_ids[] = {
  [PATRON_FORMAT_TEXT] = "text",       [PATRON_FORMAT_MSGID] = "msgid",     [PATRON_FORMAT_COUNT] = "count", [PATRON_FORMAT_NUMBER] = "number",
  [PATRON_FORMAT_EXACT] = "exact",     [PATRON_FORMAT_PERCENT] = "percent", [PATRON_FORMAT_MONEY] = "money", [PATRON_FORMAT_DATE] = "date",
  [PATRON_FORMAT_TIME] = "time",       [PATRON_FORMAT_P_VALUE] = "p-value", [PATRON_FORMAT_SECONDS] = "seconds",
  [PATRON_FORMAT_BYTES] = "bytes",
};

const char *
patron_format_id (PatronFormat format)
{
  return (guint) format < G_N_ELEMENTS (format_ids) ? format_ids[format] : "number";
}

PatronFormat
patron_format_from_id (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (format_ids); i++)
    if (g_strcmp0 (format_ids[i], id) == 0)
      return (PatronFormat) i;
  return PATRON_FORMAT_NUMBER;
}
