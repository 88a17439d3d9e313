/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/stat-format.h"

#include <math.h>
#include <string.h>

/* Days from 1970-01-01 of the two epochs: 1960-01-01, and 1582-10-14, the day before the Gregorian calendar. */
#define EPOCH_1960 (-3653)
#define EPOCH_1582 (-141428)
/* The years 1 … 9999. */
#define FIRST_DAY (-719162)
#define LAST_DAY 2932896

/* The letters that a format begins with, upper case, without its width. */
static char *
letters_of (const char *format)
{
  char *letters = g_ascii_strup (format, -1);
  letters[strcspn (letters, "0123456789.")] = '\0';
  return letters;
}

static gboolean
is_one_of (const char *const *names, const char *name)
{
  return g_strv_contains (names, name);
}

PatronStatKind
patron_stat_kind_spss (const char *format)
{
  static const char *const dates[] = { "DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR", NULL };
  static const char *const times[] = { "DATETIME", "YMDHMS", NULL }, *const clocks[] = { "TIME", "DTIME", "MTIME", NULL };
  g_autofree char *letters = letters_of (format);
  return is_one_of (dates, letters) ? PATRON_STAT_DATE_1582
         : is_one_of (times, letters) ? PATRON_STAT_TIME_1582
         : is_one_of (clocks, letters) ? PATRON_STAT_CLOCK
                                       : PATRON_STAT_PLAIN;
}

PatronStatKind
patron_stat_kind_stata (const char *format)
{
  static const struct { const char *prefix; PatronStatKind kind; } kinds[] = {
    { "%tc", PATRON_STAT_MILLISECONDS_1960 }, { "%tC", PATRON_STAT_MILLISECONDS_1960 }, { "%td", PATRON_STAT_DAYS_1960 }, { "%d", PATRON_STAT_DAYS_1960 },
    { "%tw", PATRON_STAT_WEEKS_1960 }, { "%tm", PATRON_STAT_MONTHS_1960 }, { "%tq", PATRON_STAT_QUARTERS_1960 }, { "%th", PATRON_STAT_HALVES_1960 },
  };
  g_autofree char *plain = *format == '%' && format[1] == '-' ? g_strconcat ("%", format + 2, NULL) : g_strdup (format);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (plain, kinds[i].prefix))
      return kinds[i].kind;
  return PATRON_STAT_PLAIN;
}

PatronStatKind
patron_stat_kind_sas (const char *format)
{
  static const char *const times[] = { "DATETIME", "DATEAMPM", "E8601DT", "B8601DT", "DTDATE", "NLDATM", "MDYAMPM", NULL };
  static const char *const clocks[] = { "TIME", "HHMM", "HOUR", "MMSS", "TOD", "TIMEAMPM", "E8601TM", "B8601TM", NULL };
  static const char *const dates[] = { "DATE", "DAY", "DDMMYY", "DDMMYYB", "DDMMYYC", "DDMMYYD", "DDMMYYN", "DDMMYYP", "DDMMYYS", "MMDDYY", "MMDDYYB", "MMDDYYC",
                                       "MMDDYYD", "MMDDYYN", "MMDDYYP", "MMDDYYS", "YYMMDD", "YYMMDDB", "YYMMDDC", "YYMMDDD", "YYMMDDN", "YYMMDDP", "YYMMDDS",
                                       "YYMM", "YYMMC", "YYMMD", "YYMMN", "YYMMP", "YYMMS", "YYMON", "MMYY", "MONYY", "MONNAME", "MONTH", "YEAR", "QTR", "QTRR", "YYQ",
                                       "JULIAN", "JULDAY", "WEEKDATE", "WEEKDATX", "WEEKDAY", "WORDDATE", "WORDDATX", "DOWNAME", "E8601DA", "B8601DA", "NLDATE", "MINGUO", NULL };
  g_autofree char *letters = letters_of (format);
  return is_one_of (times, letters) ? PATRON_STAT_SECONDS_1960
         : is_one_of (clocks, letters) ? PATRON_STAT_CLOCK
         : is_one_of (dates, letters) ? PATRON_STAT_DAYS_1960
                                      : PATRON_STAT_PLAIN;
}

PatronType
patron_stat_kind_type (PatronStatKind kind)
{
  switch (kind)
    {
    case PATRON_STAT_PLAIN:
      return PATRON_N_TYPES;
    case PATRON_STAT_SECONDS_1960:
    case PATRON_STAT_MILLISECONDS_1960:
    case PATRON_STAT_TIME_1582:
      return PATRON_TYPE_TIME;
    case PATRON_STAT_CLOCK:
      return PATRON_TYPE_DURATION;
    default:
      return PATRON_TYPE_DATE;
    }
}

/* The first day of a period counted from 1960, of so many months. */
static double
period_start (double number, int months)
{
  double month = floor (number) * months;
  double year = floor (month / 12);
  return fabs (year) < 9000 ? patron_date_from_ymd (1960 + (int) year, (int) (month - year * 12) + 1, 1) : (double) NAN;
}

static double
week_start (double number)
{
  double year = floor (number / 52), week = floor (number) - year * 52;
  return fabs (year) < 9000 ? patron_date_from_ymd (1960 + (int) year, 1, 1) + 7 * week : (double) NAN;
}

static double
days_of (PatronStatKind kind, double number)
{
  switch (kind)
    {
    case PATRON_STAT_DAYS_1960:
      return floor (number) + EPOCH_1960;
    case PATRON_STAT_SECONDS_1960:
      return number / 86400 + EPOCH_1960;
    case PATRON_STAT_MILLISECONDS_1960:
      return number / 86400e3 + EPOCH_1960;
    case PATRON_STAT_WEEKS_1960:
      return week_start (number);
    case PATRON_STAT_MONTHS_1960:
      return period_start (number, 1);
    case PATRON_STAT_QUARTERS_1960:
      return period_start (number, 3);
    case PATRON_STAT_HALVES_1960:
      return period_start (number, 6);
    default:
      return number / 86400 + EPOCH_1582;
    }
}

gboolean
patron_stat_kind_value (PatronStatKind kind, double number, gint64 *value)
{
  if (kind == PATRON_STAT_CLOCK)
    {
      *value = fabs (number) < 1e12 ? (gint64) rint (number * 1e6) : 0;
      return fabs (number) < 1e12;
    }
  double days = days_of (kind, number);
  if (!(days >= FIRST_DAY && days < LAST_DAY + 1.0))
    return FALSE;
  if (patron_stat_kind_type (kind) == PATRON_TYPE_DATE)
    *value = (gint64) floor (days);
  else if (kind == PATRON_STAT_MILLISECONDS_1960)
    *value = (gint64) rint (number * 1e3) + EPOCH_1960 * G_GINT64_CONSTANT (86400000000);
  else
    *value = (gint64) rint (number * 1e6) + (kind == PATRON_STAT_SECONDS_1960 ? EPOCH_1960 : EPOCH_1582) * G_GINT64_CONSTANT (86400000000);
  return TRUE;
}
