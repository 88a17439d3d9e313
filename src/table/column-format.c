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
