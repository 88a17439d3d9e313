/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* The plainest ways to write integers, decimals, dates and times, eight characters at a time: what most cells of most files are. FALSE says
 * nothing about the text but that it is not written so; the general parsers decide then. The text must be followed by PATRON_PLAIN_PADDING bytes that
 * may be read.
 *
 * Method: digits side by side in a register are combined pairwise by multiplications (D. Lemire, "Number parsing at a gigabyte per second",
 * Software: Practice and Experience 51(8), 2021, section 5). Byte 0 of a word is the first character, whatever the machine. */

#define PATRON_PLAIN_PADDING ((gsize) 32)

#define PATRON_EACH_BYTE(b) (G_GUINT64_CONSTANT (0x0101010101010101) * (guint8) (b))

static inline guint64
patron_load_8 (const char *p)
{
  guint64 word;
  memcpy (&word, p, 8);
  return GUINT64_FROM_LE (word);
}

/* Some byte is over 9. */
static inline gboolean
patron_not_digits (guint64 x)
{
  return (((x + PATRON_EACH_BYTE (0x76)) | x) & PATRON_EACH_BYTE (0x80)) != 0;
}

/* Eight bytes 0 … 9 as a number, byte 0 first. */
static inline guint64
patron_eight_digits (guint64 x)
{
  const guint64 pairs = G_GUINT64_CONSTANT (0x000000ff000000ff);
  x = x * 10 + (x >> 8);
  return ((x & pairs) * G_GUINT64_CONSTANT (0x000f424000000064) + ((x >> 16) & pairs) * G_GUINT64_CONSTANT (0x0000271000000001)) >> 32;
}

/* The n (1 … 16) characters at p less '0', at the end of the sixteen bytes of words, zeros before them. */
static inline void
patron_align_digits (const char *p, gsize n, guint64 words[2])
{
  const guint64 zeros = PATRON_EACH_BYTE ('0');
  if (n <= 8)
    {
      words[0] = 0;
      words[1] = (patron_load_8 (p) ^ zeros) << (64 - 8 * n);
    }
  else
    {
      words[0] = (patron_load_8 (p) ^ zeros) << (128 - 8 * n);
      words[1] = patron_load_8 (p + n - 8) ^ zeros;
    }
}

/* Up to 16 digits after an optional minus, without leading zeros. */
static inline gboolean
patron_plain_integer (const char *p, gsize length, gint64 *value)
{
  const guint64 negative = *p == '-';
  p += negative;
  length -= negative;
  if (length - 1 >= 16 || (*p == '0' && length > 1))
    return FALSE;
  guint64 words[2];
  patron_align_digits (p, length, words);
  if (patron_not_digits (words[0]) || patron_not_digits (words[1]))
    return FALSE;
  const guint64 size = (length > 8 ? patron_eight_digits (words[0]) * 100000000 : 0) + patron_eight_digits (words[1]);
  *value = (gint64) ((size ^ -negative) + negative);
  return TRUE;
}

/* Where a point less '0' stands in the word, in bits from the lowest; 64 without one. */
static inline int
patron_find_point (guint64 x)
{
  /* Exact for the lowest byte that is a point; a second point is no digit. */
  const guint64 differs = x ^ PATRON_EACH_BYTE ('.' ^ '0'), found = (differs - PATRON_EACH_BYTE (1)) & ~differs & PATRON_EACH_BYTE (0x80);
  return found != 0 ? __builtin_ctzll (found) & ~7 : 64;
}

/* The word without the byte at the point: what is before it moves up. */
static inline guint64
patron_drop_point (guint64 x, int at)
{
  const guint64 before = (G_GUINT64_CONSTANT (1) << at) - 1;
  return (x & ~(before << 8 | 0xff)) | (x & before) << 8;
}

/* size / 10^places with the sign, which is hard to foresee: no branch. */
static inline double
patron_plain_quotient (guint64 size, gsize places, guint64 negative)
{
  static const double powers[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
  const double quotient = (double) (gint64) size / powers[places];
  guint64 bits;
  double result;
  memcpy (&bits, &quotient, 8);
  bits |= negative << 63;
  memcpy (&result, &bits, 8);
  return result;
}

/* At most 16 digits and a point that make at most 2^53 when the point is left out, so that one division rounds correctly; after an optional minus, and
 * without leading zeros. */
static inline gboolean
patron_plain_decimal (const char *p, gsize length, double *value)
{
  const guint64 negative = *p == '-', zeros = PATRON_EACH_BYTE ('0');
  p += negative;
  length -= negative;
  if (length - 1 >= 16 || (*p == '0' && length > 1 && p[1] != '.'))
    return FALSE;
  if (length <= 8)
    {
      guint64 x = (patron_load_8 (p) ^ zeros) << (64 - 8 * length);
      const int at = patron_find_point (x);
      if (at < 64)
        x = patron_drop_point (x, at);
      if (patron_not_digits (x) || (at < 64 && length == 1))
        return FALSE;
      *value = patron_plain_quotient (patron_eight_digits (x), at < 64 ? 7 - at / 8 : 0, negative);
      return TRUE;
    }
  guint64 high = (patron_load_8 (p) ^ zeros) << (128 - 8 * length), low = patron_load_8 (p + length - 8) ^ zeros;
  int at = patron_find_point (low);
  gsize places = 0;
  if (at < 64)
    {
      low = patron_drop_point (low, at) | high >> 56;
      high <<= 8;
      places = 7 - at / 8;
    }
  else if ((at = patron_find_point (high)) < 64)
    {
      high = patron_drop_point (high, at);
      places = 15 - at / 8;
    }
  const guint64 size = patron_eight_digits (high) * 100000000 + patron_eight_digits (low);
  if (patron_not_digits (high) || patron_not_digits (low) || size > G_GUINT64_CONSTANT (1) << 53)
    return FALSE;
  *value = patron_plain_quotient (size, places, negative);
  return TRUE;
}

/* Up to 7 digits, a point and 9 … 16 more, 19 digits at most in all, after an optional minus and without leading zeros: a full double as programs
 * print it. *mantissa / 10^*places is its size. */
static inline gboolean
patron_plain_long_decimal (const char *p, gsize length, guint64 *mantissa, gsize *places, gboolean *negative)
{
  static const guint64 powers[] = { 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000 };
  *negative = *p == '-';
  p += *negative;
  length -= *negative;
  if (length - 11 >= 10)
    return FALSE;
  const guint64 first = patron_load_8 (p) ^ PATRON_EACH_BYTE ('0');
  const int at = patron_find_point (first);
  *places = length - at / 8 - 1;
  if (at == 0 || at == 64 || *places - 9 >= 8 || (*p == '0' && at > 8))
    return FALSE;
  const guint64 whole = first << (64 - at);
  guint64 words[2];
  patron_align_digits (p + at / 8 + 1, *places, words);
  if (patron_not_digits (whole) || patron_not_digits (words[0]) || patron_not_digits (words[1]))
    return FALSE;
  *mantissa = patron_eight_digits (whole) * powers[*places - 9] + patron_eight_digits (words[0]) * 100000000 + patron_eight_digits (words[1]);
  return TRUE;
}

/* "2024-01-31", which exists, as days since 1970-01-01. */
static inline gboolean
patron_plain_date (const char *p, gint32 *days)
{
  static const guint8 lengths[13] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  /* "0000-00-": what is left of each byte must be at most 9, or 0 where the lines are. */
  guint64 x = patron_load_8 (p) ^ G_GUINT64_CONSTANT (0x2d30302d30303030);
  if ((((x + G_GUINT64_CONSTANT (0x7f76767f76767676)) | x) & PATRON_EACH_BYTE (0x80)) != 0)
    return FALSE;
  const guint tens = (guint) (guchar) p[8] - '0', ones = (guint) (guchar) p[9] - '0';
  if (tens > 3 || ones > 9)
    return FALSE;
  x = x * 10 + (x >> 8);
  const guint year = (x & 0xff) * 100 + (x >> 16 & 0xff), month = x >> 40 & 0xff, day = tens * 10 + ones;
  if (month - 1 >= 12 || day - 1 >= lengths[month])
    return FALSE;
  if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
    return FALSE;
  /* Days of a year that begins in March, counted from 400 years before the year 0 (H. Hinnant, "chrono-compatible low-level date algorithms"). */
  const guint shifted = year + 400 - (month <= 2), march = month + (month > 2 ? -3 : 9);
  *days = (gint32) (shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + (153 * march + 2) / 5 + day - 1) - 146097 - 719468;
  return TRUE;
}

/* "23:59:59" as seconds. */
static inline gboolean
patron_plain_clock (const char *p, gint32 *seconds)
{
  guint64 x = patron_load_8 (p) ^ G_GUINT64_CONSTANT (0x30303a30303a3030);   /* "00:00:00" */
  if ((((x + G_GUINT64_CONSTANT (0x76767f76767f7676)) | x) & PATRON_EACH_BYTE (0x80)) != 0)
    return FALSE;
  x = x * 10 + (x >> 8);
  const guint hour = x & 0xff, minute = x >> 24 & 0xff, second = x >> 48 & 0xff;
  *seconds = (gint32) (hour * 3600 + minute * 60 + second);
  return hour < 24 && minute < 60 && second < 60;
}

/* "2024-01-31 23:59:59" or with T, 19 characters. */
static inline gboolean
patron_plain_time (const char *p, gint64 *microseconds)
{
  gint32 days, seconds;
  if ((p[10] != ' ' && p[10] != 'T') || !patron_plain_date (p, &days) || !patron_plain_clock (p + 11, &seconds))
    return FALSE;
  *microseconds = ((gint64) days * 86400 + seconds) * 1000000;
  return TRUE;
}

G_END_DECLS
