/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/parse-date.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "table/column.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define DAY (86400 * SECOND)

/* The parts of a date in the order written. */
typedef struct
{
  int      part[3];
  int      digits[3];      /* 0 for a month's name */
  int      month_at;       /* which part is a name, -1 for none */
  gboolean compact;
  gint64   time;           /* microseconds of the day */
  gboolean has_time, has_zone;
  int      zone;           /* minutes east */
} Parts;

static gboolean
digit_at (const char *p, const char *end)
{
  return p < end && g_ascii_isdigit (*p);
}

/* Up to most digits. */
static int
take_number (const char **p, const char *end, int most, int *digits)
{
  int value = 0, n = 0;
  while (n < most && digit_at (*p, end))
    {
      value = value * 10 + (*(*p)++ - '0');
      n++;
    }
  *digits = n;
  return value;
}

/* A name of three letters or more, or its English full form; index or -1. */
static int
take_name (const char **p, const char *end, const char *const *names, int n_names)
{
  const char *q = *p;
  while (q < end && g_ascii_isalpha (*q))
    q++;
  gsize length = q - *p;
  if (length < 3)
    return -1;
  for (int i = 0; i < n_names; i++)
    {
      gsize full = strlen (names[i]);
      if ((length == 3 || length == full || (length == 4 && full > 4 && i == 8)) && g_ascii_strncasecmp (*p, names[i], length) == 0)
        {
          *p = q;
          if (*p < end && **p == '.')
            (*p)++;
          return i;
        }
    }
  return -1;
}

static const char *const month_names[] = { "january", "february", "march", "april", "may", "june",
                                           "july", "august", "september", "october", "november", "december" };
static const char *const weekday_names[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

static void
skip_blanks (const char **p, const char *end)
{
  while (*p < end && (**p == ' ' || **p == '\t'))
    (*p)++;
}

static gboolean
take_zone (const char **p, const char *end, Parts *parts)
{
  const char *q = *p;
  skip_blanks (&q, end);
  if (q < end && (*q == 'Z' || *q == 'z'))
    {
      parts->has_zone = TRUE;
      *p = q + 1;
      return TRUE;
    }
  if (end - q >= 3 && (memcmp (q, "UTC", 3) == 0 || memcmp (q, "GMT", 3) == 0))
    {
      parts->has_zone = TRUE;
      *p = q + 3;
      return TRUE;
    }
  if (q == end || (*q != '+' && *q != '-'))
    return TRUE;
  gboolean west = *q++ == '-';
  int digits, hours = take_number (&q, end, 2, &digits), minutes = 0;
  if (digits != 2 || hours > 15)
    return FALSE;
  if (q < end && *q == ':')
    q++;
  if (digit_at (q, end))
    {
      minutes = take_number (&q, end, 2, &digits);
      if (digits != 2 || minutes > 59)
        return FALSE;
    }
  parts->has_zone = TRUE;
  parts->zone = (hours * 60 + minutes) * (west ? -1 : 1);
  *p = q;
  return TRUE;
}

/* ":SS" and a fraction after it, if they are there. */
static gboolean
take_seconds (const char **p, const char *end, gint64 *microseconds)
{
  if (*p == end || **p != ':')
    return TRUE;
  (*p)++;
  int digits, seconds = take_number (p, end, 2, &digits);
  if (digits != 2 || seconds > 60)
    return FALSE;
  *microseconds += seconds * SECOND;
  if (*p < end && (**p == '.' || **p == ',') && digit_at (*p + 1, end))
    {
      (*p)++;
      for (gint64 unit = SECOND / 10; digit_at (*p, end); unit /= 10)
        *microseconds += unit * (*(*p)++ - '0');
    }
  return TRUE;
}

static gboolean
take_time (const char **p, const char *end, Parts *parts)
{
  int digits, hours = take_number (p, end, 2, &digits);
  if (digits == 0 || hours > 24 || *p == end || **p != ':')
    return FALSE;
  (*p)++;
  int minutes = take_number (p, end, 2, &digits);
  if (digits != 2 || minutes > 59)
    return FALSE;
  parts->time = (hours * 60 + minutes) * 60 * SECOND;
  if (!take_seconds (p, end, &parts->time) || parts->time > DAY)
    return FALSE;
  const char *q = *p;
  skip_blanks (&q, end);
  if (end - q >= 2 && (q[1] | 0x20) == 'm' && ((q[0] | 0x20) == 'a' || (q[0] | 0x20) == 'p'))
    {
      if ((q[0] | 0x20) == 'p' && hours < 12)
        parts->time += DAY / 2;
      else if ((q[0] | 0x20) == 'a' && hours == 12)
        parts->time -= DAY / 2;
      *p = q + 2;
    }
  parts->has_time = TRUE;
  return take_zone (p, end, parts);
}

/* "20240131" at p. */
static gboolean
take_compact (const char **p, const char *end, Parts *parts)
{
  for (int i = 0; i < 8; i++)
    if (!digit_at (*p + i, end))
      return FALSE;
  if (digit_at (*p + 8, end))
    return FALSE;
  int digits;
  parts->part[0] = take_number (p, end, 4, &digits);
  parts->part[1] = take_number (p, end, 2, &digits);
  parts->part[2] = take_number (p, end, 2, &digits);
  parts->compact = TRUE;
  return TRUE;
}

/* What stands between two parts; both must be alike, except around month names. Returns 0 when nothing does. */
static int
take_separator (const char **p, const char *end, int index)
{
  static const char *const marks[] = { "年", "月" };
  if (index < 2 && end - *p >= 3 && memcmp (*p, marks[index], 3) == 0)
    {
      *p += 3;
      return 'Y';
    }
  if (*p < end && strchr ("-/.", **p) != NULL)
    {
      int mark = *(*p)++;
      skip_blanks (p, end);      /* 31. 1. 2024 */
      return mark;
    }
  int mark = 0;
  if (*p < end && **p == ',')
    {
      (*p)++;
      mark = ' ';
    }
  if (*p < end && **p == ' ')
    {
      skip_blanks (p, end);
      mark = ' ';
    }
  return mark;
}

static gboolean
take_parts (const char **p, const char *end, Parts *parts)
{
  int first_mark = 0;
  for (int i = 0; i < 3; i++)
    {
      if (i > 0)
        {
          int mark = take_separator (p, end, i - 1);
          if (i == 1)
            first_mark = mark;
          else if (mark != first_mark && parts->month_at < 0)
            return FALSE;
          if (mark == 0 && parts->month_at < 0)
            return FALSE;
        }
      if (digit_at (*p, end))
        parts->part[i] = take_number (p, end, 4, &parts->digits[i]);
      else
        {
          int month = parts->month_at < 0 && i < 2 ? take_name (p, end, month_names, 12) : -1;
          if (month < 0)
            return FALSE;
          parts->month_at = i;
          parts->part[i] = month + 1;
          parts->digits[i] = 0;
        }
      if (digit_at (*p, end))
        return FALSE;
    }
  if (first_mark == ' ' && parts->month_at < 0)
    return FALSE;
  if (first_mark == 'Y' && end - *p >= 3 && memcmp (*p, "日", 3) == 0)
    *p += 3;
  return TRUE;
}

static gboolean
split (const char *text, gsize length, Parts *parts)
{
  memset (parts, 0, sizeof *parts);
  parts->month_at = -1;
  const char *p = text, *end = text + length;
  skip_blanks (&p, end);
  while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  if (end - p < 6 || end - p > 60)
    return FALSE;
  if (g_ascii_isalpha (*p) && take_name (&p, end, weekday_names, 7) >= 0)
    {
      if (p < end && *p == ',')
        p++;
      skip_blanks (&p, end);
    }
  if (!take_compact (&p, end, parts) && !take_parts (&p, end, parts))
    return FALSE;
  if (p == end)
    return TRUE;
  if (*p == ',')
    p++;
  if (p < end && (*p == 'T' || *p == 't') && digit_at (p + 1, end))
    p++;
  else if (p < end && (*p == ' ' || parts->digits[2] == 0))
    skip_blanks (&p, end);
  else
    return FALSE;
  return take_time (&p, end, parts) && p == end;
}

static int
full_year (int year, int digits)
{
  return digits > 2 ? year : year + (year < 69 ? 2000 : 1900);
}

static gboolean
interpret (const Parts *parts, PatronDateRule rule, PatronDateValue *value)
{
  static const struct { int year, month, day; } order[PATRON_DATE_N_RULES] = {
    [PATRON_DATE_YMD] = { 0, 1, 2 }, [PATRON_DATE_DMY] = { 2, 1, 0 }, [PATRON_DATE_MDY] = { 2, 0, 1 },
    [PATRON_DATE_COMPACT] = { 0, 1, 2 }, [PATRON_DATE_SHORT_YMD] = { 0, 1, 2 },
  };
  int y, m, d;
  if (rule == PATRON_DATE_NAMED)
    {
      if (parts->month_at < 0)
        return FALSE;
      m = parts->month_at;
      /* 2024-Jan-31, otherwise the year comes last. */
      y = parts->digits[0] == 4 ? 0 : 2;
      d = 3 - m - y;
    }
  else
    {
      if (parts->month_at >= 0 || parts->compact != (rule == PATRON_DATE_COMPACT))
        return FALSE;
      y = order[rule].year, m = order[rule].month, d = order[rule].day;
    }
  if (!parts->compact)
    {
      int want = rule == PATRON_DATE_YMD ? 4 : rule == PATRON_DATE_SHORT_YMD ? 2 : 0;
      if (want > 0 ? parts->digits[y] != want : parts->digits[y] != 4 && parts->digits[y] != 2)
        return FALSE;
      if (parts->digits[d] > 2 || parts->digits[m] > 2)
        return FALSE;
    }
  int year = full_year (parts->part[y], parts->compact ? 4 : parts->digits[y]);
  if (!patron_date_valid (year, parts->part[m], parts->part[d]))
    return FALSE;
  value->days = patron_date_from_ymd (year, parts->part[m], parts->part[d]);
  value->microseconds = value->days * DAY + parts->time - parts->zone * 60 * SECOND;
  value->has_time = parts->has_time;
  value->has_zone = parts->has_zone;
  return TRUE;
}

gboolean
patron_parse_date (const char *text, gsize length, PatronDateRule rule, PatronDateValue *value)
{
  Parts parts;
  return split (text, length, &parts) && interpret (&parts, rule, value);
}

guint
patron_classify_date (const char *text, gsize length, PatronDateValue *value)
{
  Parts parts;
  if (!split (text, length, &parts))
    return 0;
  guint rules = 0;
  for (int rule = PATRON_DATE_N_RULES - 1; rule >= 0; rule--)
    if (interpret (&parts, rule, value))
      rules |= 1u << rule;
  return rules;
}

/* "P1DT2H3M4.5S", without years and months, which have no fixed length. */
static gboolean
parse_iso_duration (const char *p, const char *end, gint64 *microseconds)
{
  gboolean in_time = FALSE, any = FALSE;
  for (p++; p < end; p++)
    {
      if (*p == 'T' && !in_time)
        {
          in_time = TRUE;
          continue;
        }
      int digits;
      gint64 n = take_number (&p, end, 9, &digits), fraction = 0;
      if (digits == 0 || p == end)
        return FALSE;
      if (*p == '.')
        {
          p++;
          for (gint64 unit = SECOND / 10; digit_at (p, end); unit /= 10)
            fraction += unit * (*p++ - '0');
          if (p == end || *p != 'S')
            return FALSE;
        }
      gint64 unit = !in_time && *p == 'D' ? DAY : !in_time && *p == 'W' ? 7 * DAY : in_time && *p == 'H' ? 3600 * SECOND
                    : in_time && *p == 'M' ? 60 * SECOND : in_time && *p == 'S' ? SECOND : 0;
      if (unit == 0)
        return FALSE;
      if (__builtin_mul_overflow (n, unit, &n) || __builtin_add_overflow (n, fraction, &n) || __builtin_add_overflow (*microseconds, n, microseconds))
        return FALSE;
      any = TRUE;
    }
  return any;
}

gboolean
patron_parse_duration (const char *text, gsize length, gint64 *microseconds)
{
  const char *p = text, *end = text + length;
  skip_blanks (&p, end);
  while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  if (p == end || end - p > 40)
    return FALSE;
  gboolean negative = *p == '-';
  p += negative;
  gint64 sum = 0;
  if (p < end && *p == 'P')
    {
      if (!parse_iso_duration (p, end, &sum))
        return FALSE;
      *microseconds = negative ? -sum : sum;
      return TRUE;
    }
  int digits, number = take_number (&p, end, 6, &digits);
  if (digits == 0)
    return FALSE;
  if (end - p >= 4 && g_ascii_strncasecmp (p, " day", 4) == 0)
    {
      sum = number * DAY;
      p += 4;
      if (p < end && (*p == 's' || *p == 'S'))
        p++;
      if (p < end && *p == ',')
        p++;
      skip_blanks (&p, end);
      if (p == end)
        {
          *microseconds = negative ? -sum : sum;
          return TRUE;
        }
      number = take_number (&p, end, 2, &digits);
    }
  if (digits == 0 || p == end || *p != ':')
    return FALSE;
  p++;
  int minutes = take_number (&p, end, 2, &digits);
  if (digits != 2 || minutes > 59)
    return FALSE;
  sum += ((gint64) number * 60 + minutes) * 60 * SECOND;
  if (!take_seconds (&p, end, &sum) || p != end)
    return FALSE;
  *microseconds = negative ? -sum : sum;
  return TRUE;
}

static const struct
{
  const char *id, *label;
} rules[PATRON_DATE_N_RULES] = {
  [PATRON_DATE_YMD] = { "ymd", N_("year-month-day") },
  [PATRON_DATE_DMY] = { "dmy", N_("day/month/year") },
  [PATRON_DATE_MDY] = { "mdy", N_("month/day/year") },
  [PATRON_DATE_NAMED] = { "named", N_("day and month name") },
  [PATRON_DATE_COMPACT] = { "compact", N_("eight digits, year first") },
  [PATRON_DATE_SHORT_YMD] = { "short-ymd", N_("two-digit year first") },
};

const char *
patron_date_rule_id (PatronDateRule rule)
{
  return rules[rule].id;
}

const char *
patron_date_rule_label (PatronDateRule rule)
{
  return rules[rule].label;
}

gboolean
patron_date_rule_from_text (const char *text, PatronDateRule *rule)
{
  for (guint i = 0; i < PATRON_DATE_N_RULES; i++)
    if (g_ascii_strcasecmp (text, rules[i].id) == 0)
      {
        *rule = i;
        return TRUE;
      }
  /* A pattern: the first of each of d, m, y, with %b or mmm for a name, and no separators for the compact form. */
  const char *stop = strpbrk (text, "HhT");
  gsize length = stop != NULL ? (gsize) (stop - text) : strlen (text);
  const char *y = NULL, *m = NULL, *d = NULL;
  gboolean named = FALSE, separated = FALSE;
  for (const char *p = text; p < text + length; p++)
    {
      char c = g_ascii_tolower (*p);
      if (c == 'y' && y == NULL)
        y = p;
      else if ((c == 'm' || c == 'b') && m == NULL)
        {
          m = p;
          named = c == 'b' || g_ascii_strncasecmp (p, "mmm", 3) == 0;
        }
      else if (c == 'd' && d == NULL)
        d = p;
      else if (strchr ("-/. ", c) != NULL)
        separated = TRUE;
    }
  if (y == NULL || m == NULL || d == NULL)
    return FALSE;
  gboolean long_year = *y == 'Y' || g_ascii_strncasecmp (y, "yyyy", 4) == 0;
  if (named)
    *rule = PATRON_DATE_NAMED;
  else if (y < m && m < d)
    *rule = !separated && long_year ? PATRON_DATE_COMPACT : long_year ? PATRON_DATE_YMD : PATRON_DATE_SHORT_YMD;
  else if (d < m && m < y)
    *rule = PATRON_DATE_DMY;
  else if (m < d && d < y)
    *rule = PATRON_DATE_MDY;
  else
    return FALSE;
  return TRUE;
}
