/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Days from civil and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
gint32
patron_date_from_ymd (int year, int month, int day)
{
  year -= month <= 2;
  int era = (year >= 0 ? year : year - 399) / 400;
  int year_of_era = year - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

void
patron_date_to_ymd (gint32 days, int *year, int *month, int *day)
{
  gint64 z = (gint64) days + 719468;
  gint64 era = (z >= 0 ? z : z - 146096) / 146097;
  int day_of_era = (int) (z - era * 146097);
  int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int shifted = (5 * day_of_year + 2) / 153;
  *day = day_of_year - (153 * shifted + 2) / 5 + 1;
  *month = shifted + (shifted < 10 ? 3 : -9);
  *year = (int) (year_of_era + era * 400) + (*month <= 2);
}

gboolean
patron_date_valid (int year, int month, int day)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  if (month < 1 || month > 12 || day < 1)
    return FALSE;
  gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= lengths[month - 1] + (leap && month == 2);
}

int
patron_date_format (gint32 days, char *buffer)
{
  int year, month, day;
  patron_date_to_ymd (days, &year, &month, &day);
  return snprintf (buffer, 40, "%04d-%02d-%02d", year, month, day);
}

int
patron_time_format (gint64 microseconds, char *buffer)
{
  const gint64 a_day = G_GINT64_CONSTANT (86400000000);
  gint64 days = microseconds / a_day - (microseconds % a_day < 0);
  gint64 rest = microseconds % a_day + (microseconds % a_day < 0 ? a_day : 0);
  int length = patron_date_format ((gint32) days, buffer);
  int seconds = (int) (rest / 1000000), fraction = (int) (rest % 1000000);
  length += snprintf (buffer + length, 40 - length, " %02d:%02d", seconds / 3600, seconds / 60 % 60);
  if (seconds % 60 != 0 || fraction != 0)
    length += snprintf (buffer + length, 40 - length, ":%02d", seconds % 60);
  if (fraction != 0)
    length += snprintf (buffer + length, 40 - length, ".%06d", fraction);
  return length;
}

static int
duration_format (gint64 microseconds, char *buffer)
{
  guint64 size = microseconds < 0 ? -(guint64) microseconds : (guint64) microseconds;
  guint64 seconds = size / 1000000;
  int length = snprintf (buffer, 40, "%s%02" G_GUINT64_FORMAT ":%02d:%02d", microseconds < 0 ? "-" : "", seconds / 3600,
                         (int) (seconds / 60 % 60), (int) (seconds % 60));
  if (size % 1000000 != 0)
    length += snprintf (buffer + length, 40 - length, ".%06d", (int) (size % 1000000));
  return length;
}

/* The digits of a number ≥ 0; returns how many. */
static int
write_digits (guint64 value, char *buffer)
{
  char reversed[20];
  int n = 0;
  do
    reversed[n++] = (char) ('0' + value % 10);
  while ((value /= 10) > 0);
  for (int i = 0; i < n; i++)
    buffer[i] = reversed[n - 1 - i];
  return n;
}

/* Decimals of up to six places, which is what files mostly hold: when the nearest number of 10^-places units divided by 10^places is the value
 * itself, those digits read back as the value, because the division rounds as reading does. Returns the length, 0 when there are more places. */
static int
write_decimal (double value, char *buffer)
{
  static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
  double size = fabs (value);
  if (!(size < 1e9))
    return 0;
  for (int places = 0; places < (int) G_N_ELEMENTS (powers); places++)
    {
      double units = nearbyint (size * powers[places]);
      if (units / powers[places] != size)
        continue;
      char *at = buffer;
      if (signbit (value) && value != 0)
        *at++ = '-';
      guint64 whole = (guint64) units, unit = (guint64) powers[places];
      at += write_digits (whole / unit, at);
      if (places > 0)
        {
          *at++ = '.';
          guint64 rest = whole % unit;
          for (int i = places - 1; i >= 0; i--, rest /= 10)
            at[i] = (char) ('0' + rest % 10);
          at += places;
        }
      *at = '\0';
      return (int) (at - buffer);
    }
  return 0;
}

/* Otherwise the first of 15, 16, 17 digits that reads back the same. */
int
patron_double_format (double value, char *buffer)
{
  int length = write_decimal (value, buffer);
  if (length > 0)
    return length;
  if (value == floor (value) && fabs (value) < 1e15)
    return snprintf (buffer, 32, "%" G_GINT64_FORMAT, (gint64) value);
  if (!isfinite (value))
    return snprintf (buffer, 32, "%s", isnan (value) ? "nan" : value > 0 ? "inf" : "-inf");
  for (int digits = 15; digits <= 17; digits++)
    {
      char format[8] = { '%', '.', '1', (char) ('0' + digits - 10), 'g', '\0' };
      g_ascii_formatd (buffer, 32, format, value);
      if (digits == 17 || g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  return (int) strlen (buffer);
}

static gboolean
raw_is_missing (PatronType type, gconstpointer raw)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return isnan (*(const double *) raw);
    case PATRON_TYPE_INTEGER:
    case PATRON_TYPE_TIME:
    case PATRON_TYPE_DURATION:
      return *(const gint64 *) raw == PATRON_INTEGER_MISSING;
    case PATRON_TYPE_DATE:
      return *(const gint32 *) raw == PATRON_DATE_MISSING;
    case PATRON_TYPE_BOOLEAN:
      return *(const guint8 *) raw == PATRON_BOOLEAN_MISSING;
    default:
      return *(const gint32 *) raw < 0;
    }
}

gboolean
patron_column_is_missing (PatronColumn *column, gsize row)
{
  gint64 raw = 0;
  return !patron_column_read (column, row, 1, &raw, NULL) || raw_is_missing (patron_column_get_type (column), &raw);
}

char *
patron_column_format (PatronColumn *column, gsize row)
{
  PatronType type = patron_column_get_type (column);
  gint64 raw = 0;
  if (!patron_column_read (column, row, 1, &raw, NULL) || raw_is_missing (type, &raw))
    return g_strdup ("");
  gconstpointer at = &raw;
  char buffer[64];
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      patron_double_format (*(const double *) at, buffer);
      break;
    case PATRON_TYPE_INTEGER:
      snprintf (buffer, sizeof buffer, "%" G_GINT64_FORMAT, raw);
      break;
    case PATRON_TYPE_BOOLEAN:
      return g_strdup (*(const guint8 *) at ? "true" : "false");
    case PATRON_TYPE_DATE:
      patron_date_format (*(const gint32 *) at, buffer);
      break;
    case PATRON_TYPE_TIME:
      patron_time_format (raw, buffer);
      break;
    case PATRON_TYPE_DURATION:
      duration_format (raw, buffer);
      break;
    default:
      {
        PatronDict *dict = patron_column_dict (column, NULL);
        return g_strdup (dict != NULL ? patron_dict_get (dict, *(const gint32 *) at) : "");
      }
    }
  return g_strdup (buffer);
}
