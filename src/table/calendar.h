/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/column.h"

G_BEGIN_DECLS

/* Parts of dates and steps between them, for formulas and prepare steps. Days and microseconds since 1970-01-01, as gint64; missing is
 * PATRON_INTEGER_MISSING and stays missing; what leaves the calendar (about ±270,000 years) becomes missing. */

typedef enum
{
  PATRON_YEAR, PATRON_QUARTER, PATRON_MONTH, PATRON_DAY, PATRON_WEEKDAY,      /* Monday is 1 */
  PATRON_ISO_WEEK, PATRON_ISO_YEAR,                                           /* ISO 8601: week 1 holds the year's first Thursday */
  PATRON_DAY_OF_YEAR, PATRON_DAYS_IN_MONTH,
  PATRON_HOUR, PATRON_MINUTE, PATRON_SECOND,                                  /* of times */
} PatronDatePart;

typedef enum
{
  PATRON_UNIT_SECOND, PATRON_UNIT_MINUTE, PATRON_UNIT_HOUR, PATRON_UNIT_DAY, PATRON_UNIT_WEEK, PATRON_UNIT_MONTH, PATRON_UNIT_QUARTER,
  PATRON_UNIT_YEAR, PATRON_N_UNITS,
} PatronDateUnit;

gint64 patron_date_part  (PatronDatePart part, gint64 days);            /* not hour, minute, second */
gint64 patron_clock_part (PatronDatePart part, gint64 microseconds);

/* n units later. Months, quarters and years keep the day of the month, or take the month's last day when it is shorter (31 January and one
 * month is 28 or 29 February). Units below a day are for times only. */
gint64 patron_date_add (gint64 days, gint64 n, PatronDateUnit unit);
gint64 patron_time_add (gint64 microseconds, gint64 n, PatronDateUnit unit);

/* Whole units that have passed from the first to the second, negative when it is the earlier: from 15 January to 14 March it is one
 * month. Ages are years. */
gint64 patron_date_diff (gint64 from, gint64 to, PatronDateUnit unit);
gint64 patron_time_diff (gint64 from, gint64 to, PatronDateUnit unit);

/* The first day (moment) of the unit it is in, and the last day of it. Weeks begin on Monday. */
gint64 patron_date_start (gint64 days, PatronDateUnit unit);
gint64 patron_date_end   (gint64 days, PatronDateUnit unit);
gint64 patron_time_start (gint64 microseconds, PatronDateUnit unit);

/* "month" or "months", in any case. */
gboolean    patron_date_unit_from_text (const char *text, PatronDateUnit *unit);

/* %Y 2011  %y 11  %m 02  %d 28  %H %M %S  %j day of the year  %G-W%V ISO year and week  %q quarter  %%. NULL when the format is of these,
 * else where it goes wrong, borrowed from it. Appends the moment in that form. */
const char *patron_moment_format_check (const char *format);
void        patron_moment_format       (gint64 microseconds, const char *format, GString *text);

#define PATRON_DAY_US G_GINT64_CONSTANT (86400000000)

static inline gint64
patron_time_to_days (gint64 microseconds)
{
  return microseconds / PATRON_DAY_US - (microseconds % PATRON_DAY_US < 0);
}

G_END_DECLS
