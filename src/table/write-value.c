/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/write-value.h"

#include <string.h>

static const char pairs[] =
  "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869"
  "707172737475767778798081828384858687888990919293949596979899";

/* Two digits of 0 … 99. */
static inline char *
write_pair (guint value, char *at)
{
  memcpy (at, pairs + 2 * value, 2);
  return at + 2;
}

static char *
write_unsigned (guint64 value, char *at)
{
  char digits[20], *p = digits + sizeof digits;
  for (; value >= 100; value /= 100)
    write_pair (value % 100, p -= 2);
  if (value >= 10)
    write_pair (value, p -= 2);
  else
    *--p = '0' + value;
  gsize n = digits + sizeof digits - p;
  memcpy (at, p, n);
  return at + n;
}

static inline guint64
magnitude (gint64 value)
{
  return value < 0 ? -(guint64) value : (guint64) value;
}

char *
patron_write_number (double value, char *at)
{
  return at + patron_double_format (value, at);
}

char *
patron_write_integer (gint64 value, char *at)
{
  if (value < 0)
    *at++ = '-';
  return write_unsigned (magnitude (value), at);
}

char *
patron_write_boolean (guint8 value, char *at)
{
  const char *word = value ? "true" : "false";
  gsize n = value ? 4 : 5;
  memcpy (at, word, n);
  return at + n;
}

char *
patron_write_date (gint32 days, char *at)
{
  int year, month, day;
  patron_date_to_ymd (days, &year, &month, &day);
  if (year < 0 || year > 9999)
    return at + patron_date_format (days, at);
  at = write_pair (year / 100, at);
  at = write_pair (year % 100, at);
  *at++ = '-';
  at = write_pair (month, at);
  *at++ = '-';
  return write_pair (day, at);
}

/* ".000123": the microseconds of a second. */
static char *
write_fraction (guint microseconds, char *at)
{
  *at++ = '.';
  at = write_pair (microseconds / 10000, at);
  at = write_pair (microseconds / 100 % 100, at);
  return write_pair (microseconds % 100, at);
}

char *
patron_write_time (gint64 microseconds, char *at)
{
  const gint64 a_day = G_GINT64_CONSTANT (86400000000);
  gint64 days = microseconds / a_day, rest = microseconds % a_day;
  if (rest < 0)
    {
      rest += a_day;
      days--;
    }
  at = patron_write_date ((gint32) days, at);
  guint seconds = rest / 1000000, fraction = rest % 1000000;
  *at++ = ' ';
  at = write_pair (seconds / 3600, at);
  *at++ = ':';
  at = write_pair (seconds / 60 % 60, at);
  if (seconds % 60 != 0 || fraction != 0)
    {
      *at++ = ':';
      at = write_pair (seconds % 60, at);
    }
  return fraction != 0 ? write_fraction (fraction, at) : at;
}

char *
patron_write_duration (gint64 microseconds, char *at)
{
  guint64 size = magnitude (microseconds), seconds = size / 1000000;
  if (microseconds < 0)
    *at++ = '-';
  guint64 hours = seconds / 3600;
  at = hours < 100 ? write_pair (hours, at) : write_unsigned (hours, at);
  *at++ = ':';
  at = write_pair (seconds / 60 % 60, at);
  *at++ = ':';
  at = write_pair (seconds % 60, at);
  return size % 1000000 != 0 ? write_fraction (size % 1000000, at) : at;
}
