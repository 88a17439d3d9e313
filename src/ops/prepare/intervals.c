/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/intervals.h"

#include "table/calendar.h"
#include "table/parse-date.h"
#include "table/parse-number.h"
#include "table/text-edit.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* One value as the doubles of its column. A day stands for its first moment among times; *day tells that it was one. */
static gboolean
parse_value (const char *text, PatronType type, double *value, gboolean *day)
{
  g_autofree char *plain = patron_text_trim (text);
  PatronDateValue date;
  gint64 duration;
  int truth;
  *day = FALSE;
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
    case PATRON_TYPE_INTEGER:
      return patron_parse_double (plain, strlen (plain), value) && isfinite (*value);
    case PATRON_TYPE_BOOLEAN:
      truth = patron_text_to_boolean (plain);
      *value = truth;
      return truth >= 0;
    case PATRON_TYPE_DATE:
    case PATRON_TYPE_TIME:
      if (!patron_parse_date (plain, strlen (plain), PATRON_DATE_YMD, &date))
        return FALSE;
      *day = !date.has_time;
      *value = type == PATRON_TYPE_DATE ? date.days : (double) date.microseconds / G_USEC_PER_SEC;
      return TRUE;
    case PATRON_TYPE_DURATION:
      if (!patron_parse_duration (plain, strlen (plain), &duration))
        return FALSE;
      *value = (double) duration / G_USEC_PER_SEC;
      return TRUE;
    default:
      return FALSE;
    }
}

/* <x, <=x, >x, >=x */
static gboolean
parse_half (const char *text, PatronType type, PatronInterval *range)
{
  gboolean less = *text == '<', equal = text[1] == '=', day;
  double value;
  if (!parse_value (text + (equal ? 2 : 1), type, &value, &day))
    return FALSE;
  *range = less ? (PatronInterval) { -INFINITY, value, FALSE, !equal } : (PatronInterval) { value, INFINITY, !equal, FALSE };
  return TRUE;
}

gboolean
patron_interval_parse (const char *text, PatronType type, PatronInterval *range)
{
  g_autofree char *plain = patron_text_trim (text);
  gboolean day = FALSE;
  if (*plain == '<' || *plain == '>')
    return parse_half (plain, type, range);
  char *dots = strstr (plain, "..");
  *range = (PatronInterval) { -INFINITY, INFINITY, FALSE, FALSE };
  if (dots == NULL)
    {
      if (!parse_value (plain, type, &range->low, &day))
        return FALSE;
      range->high = range->low;
    }
  else
    {
      g_autofree char *before = g_strndup (plain, dots - plain);
      g_autofree char *from = patron_text_trim (before);
      g_autofree char *to = patron_text_trim (dots + 2);
      if ((*from == '\0' && *to == '\0') || (*from != '\0' && !parse_value (from, type, &range->low, &day))
          || (*to != '\0' && !parse_value (to, type, &range->high, &day)) || range->low > range->high)
        return FALSE;
      day = day && *to != '\0';
    }
  /* Among times a day is all of its moments. */
  if (day && type == PATRON_TYPE_TIME)
    {
      range->high += (double) (PATRON_DAY_US / G_USEC_PER_SEC);
      range->open_high = TRUE;
    }
  return TRUE;
}

const char *
patron_interval_expected (PatronType type)
{
  switch (type)
    {
    case PATRON_TYPE_BOOLEAN:
      return _("true or false");
    case PATRON_TYPE_DATE:
    case PATRON_TYPE_TIME:
      return _("a date or a range like 2011-01-01..2011-12-31");
    case PATRON_TYPE_DURATION:
      return _("a duration or a range like 0:30..2:00");
    default:
      return _("a number or a range like 18..64");
    }
}
