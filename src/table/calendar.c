/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/calendar.h"

#include <string.h>

/* Days that patron_date_to_ymd() takes without its years overflowing. */
#define MAX_DAYS 100000000

static gboolean
in_calendar (gint64 days)
{
  return days >= -MAX_DAYS && days <= MAX_DAYS;
}

/* Monday is 1; day 0 was a Thursday. */
static int
weekday_of (gint64 days)
{
  return (int) (((days + 3) % 7 + 7) % 7) + 1;
}

static int
days_in_month (int year, int month)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  return month == 2 && patron_date_valid (year, 2, 29) ? 29 : lengths[month - 1];
}

/* The Thursday of a week lies in the year that the week belongs to. */
static int
iso_year (gint64 days)
{
  int year, month, day;
  patron_date_to_ymd ((gint32) (days - weekday_of (days) + 4), &year, &month, &day);
  return year;
}

static int
iso_week (gint64 days)
{
  gint64 thursday = days - weekday_of (days) + 4;
  return (int) ((thursday - patron_date_from_ymd (iso_year (days), 1, 1)) / 7) + 1;
}

gint64
patron_date_part (PatronDatePart part, gint64 days)
{
  int year, month, day;
  if (!in_calendar (days))
    return PATRON_INTEGER_MISSING;
  patron_date_to_ymd ((gint32) days, &year, &month, &day);
  switch (part)
    {
    case PATRON_YEAR:
      return year;
    case PATRON_QUARTER:
      return (month - 1) / 3 + 1;
    case PATRON_MONTH:
      return month;
    case PATRON_DAY:
      return day;
    case PATRON_WEEKDAY:
      return weekday_of (days);
    case PATRON_ISO_WEEK:
      return iso_week (days);
    case PATRON_ISO_YEAR:
      return iso_year (days);
    case PATRON_DAY_OF_YEAR:
      return days - patron_date_from_ymd (year, 1, 1) + 1;
    case PATRON_DAYS_IN_MONTH:
      return days_in_month (year, month);
    default:
      return PATRON_INTEGER_MISSING;
    }
}

gint64
patron_clock_part (PatronDatePart part, gint64 microseconds)
{
  if (microseconds == PATRON_INTEGER_MISSING)
    return PATRON_INTEGER_MISSING;
  gint64 of_day = microseconds % PATRON_DAY_US;
  gint64 second = (of_day < 0 ? of_day + PATRON_DAY_US : of_day) / G_USEC_PER_SEC;
  return part == PATRON_HOUR ? second / 3600 : part == PATRON_MINUTE ? second / 60 % 60 : second % 60;
}

/* ---- steps -------------------------------------------------------------------------------------------------- */

static int
months_of (PatronDateUnit unit)
{
  return unit == PATRON_UNIT_YEAR ? 12 : unit == PATRON_UNIT_QUARTER ? 3 : 1;
}

static gint64
add_months (gint64 days, gint64 n)
{
  int year, month, day;
  if (n < -MAX_DAYS || n > MAX_DAYS)
    return PATRON_INTEGER_MISSING;
  patron_date_to_ymd ((gint32) days, &year, &month, &day);
  gint64 count = (gint64) year * 12 + (month - 1) + n;
  gint64 new_year = count / 12 - (count % 12 < 0);
  int new_month = (int) (count - new_year * 12) + 1;
  if (new_year < -270000 || new_year > 270000)
    return PATRON_INTEGER_MISSING;
  return patron_date_from_ymd ((int) new_year, new_month, MIN (day, days_in_month ((int) new_year, new_month)));
}

gint64
patron_date_add (gint64 days, gint64 n, PatronDateUnit unit)
{
  gint64 result;
  if (!in_calendar (days) || n == PATRON_INTEGER_MISSING)
    return PATRON_INTEGER_MISSING;
  if (unit >= PATRON_UNIT_MONTH)
    return n > MAX_DAYS || n < -MAX_DAYS ? PATRON_INTEGER_MISSING : add_months (days, n * months_of (unit));
  if (__builtin_mul_overflow (n, unit == PATRON_UNIT_WEEK ? 7 : 1, &result) || __builtin_add_overflow (result, days, &result)
      || !in_calendar (result))
    return PATRON_INTEGER_MISSING;
  return result;
}

static gint64
microseconds_of (PatronDateUnit unit)
{
  static const gint64 lengths[] = {
    [PATRON_UNIT_SECOND] = G_USEC_PER_SEC, [PATRON_UNIT_MINUTE] = 60 * (gint64) G_USEC_PER_SEC, [PATRON_UNIT_HOUR] = 3600 * (gint64) G_USEC_PER_SEC,
    [PATRON_UNIT_DAY] = PATRON_DAY_US, [PATRON_UNIT_WEEK] = 7 * PATRON_DAY_US,
  };
  return lengths[unit];
}

gint64
patron_time_add (gint64 microseconds, gint64 n, PatronDateUnit unit)
{
  gint64 result;
  if (microseconds == PATRON_INTEGER_MISSING || n == PATRON_INTEGER_MISSING)
    return PATRON_INTEGER_MISSING;
  if (unit >= PATRON_UNIT_MONTH)
    {
      gint64 days = patron_time_to_days (microseconds), later = patron_date_add (days, n, unit);
      if (later == PATRON_INTEGER_MISSING || __builtin_mul_overflow (later - days, PATRON_DAY_US, &result))
        return PATRON_INTEGER_MISSING;
    }
  else if (__builtin_mul_overflow (n, microseconds_of (unit), &result))
    return PATRON_INTEGER_MISSING;
  return __builtin_add_overflow (result, microseconds, &result) ? PATRON_INTEGER_MISSING : result;
}

/* Whole months between two moments, each a day and a time of it. */
static gint64
months_between (gint64 from, gint64 from_clock, gint64 to, gint64 to_clock)
{
  int y1, m1, d1, y2, m2, d2;
  patron_date_to_ymd ((gint32) from, &y1, &m1, &d1);
  patron_date_to_ymd ((gint32) to, &y2, &m2, &d2);
  gint64 months = ((gint64) y2 - y1) * 12 + (m2 - m1);
  gint64 beyond = d2 != d1 ? d2 - d1 : to_clock - from_clock;
  if (months > 0 && beyond < 0)
    months--;
  else if (months < 0 && beyond > 0)
    months++;
  return months;
}

gint64
patron_date_diff (gint64 from, gint64 to, PatronDateUnit unit)
{
  if (!in_calendar (from) || !in_calendar (to))
    return PATRON_INTEGER_MISSING;
  if (unit >= PATRON_UNIT_MONTH)
    return months_between (from, 0, to, 0) / months_of (unit);
  return unit == PATRON_UNIT_WEEK ? (to - from) / 7 : to - from;
}

gint64
patron_time_diff (gint64 from, gint64 to, PatronDateUnit unit)
{
  gint64 difference;
  if (from == PATRON_INTEGER_MISSING || to == PATRON_INTEGER_MISSING)
    return PATRON_INTEGER_MISSING;
  if (unit >= PATRON_UNIT_MONTH)
    {
      gint64 a = patron_time_to_days (from), b = patron_time_to_days (to);
      if (!in_calendar (a) || !in_calendar (b))
        return PATRON_INTEGER_MISSING;
      return months_between (a, from - a * PATRON_DAY_US, b, to - b * PATRON_DAY_US) / months_of (unit);
    }
  return __builtin_sub_overflow (to, from, &difference) ? PATRON_INTEGER_MISSING : difference / microseconds_of (unit);
}

gint64
patron_date_start (gint64 days, PatronDateUnit unit)
{
  int year, month, day;
  if (!in_calendar (days))
    return PATRON_INTEGER_MISSING;
  if (unit == PATRON_UNIT_WEEK)
    return days - weekday_of (days) + 1;
  if (unit < PATRON_UNIT_WEEK)
    return days;
  patron_date_to_ymd ((gint32) days, &year, &month, &day);
  int step = months_of (unit);
  return patron_date_from_ymd (year, (month - 1) / step * step + 1, 1);
}

gint64
patron_date_end (gint64 days, PatronDateUnit unit)
{
  gint64 start = patron_date_start (days, unit), next;
  if (unit < PATRON_UNIT_WEEK || start == PATRON_INTEGER_MISSING)
    return start;
  next = patron_date_add (start, 1, unit);
  return next != PATRON_INTEGER_MISSING ? next - 1 : next;
}

gint64
patron_time_start (gint64 microseconds, PatronDateUnit unit)
{
  if (microseconds == PATRON_INTEGER_MISSING)
    return PATRON_INTEGER_MISSING;
  if (unit < PATRON_UNIT_DAY)
    {
      gint64 length = microseconds_of (unit), rest = microseconds % length;
      gint64 result;
      return __builtin_sub_overflow (microseconds, rest < 0 ? rest + length : rest, &result) ? PATRON_INTEGER_MISSING : result;
    }
  gint64 start = patron_date_start (patron_time_to_days (microseconds), unit);
  return start == PATRON_INTEGER_MISSING || __builtin_mul_overflow (start, PATRON_DAY_US, &start) ? PATRON_INTEGER_MISSING : start;
}

/* ---- names and forms ---------------------------------------------------------------------------------------- */

static const char *const unit_ids[PATRON_N_UNITS] = { "seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years" };

gboolean
patron_date_unit_from_text (const char *text, PatronDateUnit *unit)
{
  gsize length = strlen (text);
  for (int i = 0; i < PATRON_N_UNITS; i++)
    if (g_ascii_strcasecmp (text, unit_ids[i]) == 0
        || (length == strlen (unit_ids[i]) - 1 && g_ascii_strncasecmp (text, unit_ids[i], length) == 0))
      {
        *unit = i;
        return TRUE;
      }
  return FALSE;
}

const char *
patron_moment_format_check (const char *format)
{
  for (const char *c = format; (c = strchr (c, '%')) != NULL; c += 2)
    if (c[1] == '\0' || strchr ("YymdHMSjGVq%", c[1]) == NULL)
      return c;
  return NULL;
}

void
patron_moment_format (gint64 microseconds, const char *format, GString *text)
{
  gint64 days = patron_time_to_days (microseconds);
  int year, month, day;
  if (!in_calendar (days))
    return;
  patron_date_to_ymd ((gint32) days, &year, &month, &day);
  for (const char *c = format; *c != '\0'; c++)
    {
      if (*c != '%' || c[1] == '\0')
        {
          g_string_append_c (text, *c);
          continue;
        }
      switch (*++c)
        {
        case 'Y':
          g_string_append_printf (text, "%04d", year);
          break;
        case 'y':
          g_string_append_printf (text, "%02d", (year % 100 + 100) % 100);
          break;
        case 'm':
          g_string_append_printf (text, "%02d", month);
          break;
        case 'd':
          g_string_append_printf (text, "%02d", day);
          break;
        case 'H':
        case 'M':
        case 'S':
          g_string_append_printf (text, "%02d",
                                  (int) patron_clock_part (*c == 'H'   ? PATRON_HOUR
                                                           : *c == 'M' ? PATRON_MINUTE
                                                                       : PATRON_SECOND,
                                                           microseconds));
          break;
        case 'j':
          g_string_append_printf (text, "%03d", (int) patron_date_part (PATRON_DAY_OF_YEAR, days));
          break;
        case 'G':
          g_string_append_printf (text, "%04d", iso_year (days));
          break;
        case 'V':
          g_string_append_printf (text, "%02d", iso_week (days));
          break;
        case 'q':
          g_string_append_printf (text, "%d", (month - 1) / 3 + 1);
          break;
        default:
          g_string_append_c (text, *c);
          break;
        }
    }
}
