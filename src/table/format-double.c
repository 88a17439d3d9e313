/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column.h"

#include <math.h>
#include <string.h>

#include "table/parse-number.h"

/* The shortest decimal that is read back as the same double, the nearest of these to it when there are several: R. Giulietti, "The Schubfach way to
 * render doubles", 2020. Section and figure numbers below are that paper's. */

typedef struct
{
  guint64 digits;
  int     exponent;      /* value = digits · 10^exponent */
} Decimal;

/* floor (g · cp / 2^128), its lowest bit set when something is cut off (section 9.9). g is of 128 bits. */
static inline guint64
round_to_odd (guint64 high, guint64 low, guint64 cp)
{
  const unsigned __int128 x = (unsigned __int128) low * cp;
  const unsigned __int128 y = (unsigned __int128) high * cp + (guint64) (x >> 64);
  return (guint64) (y >> 64) | ((guint64) y > 1);
}

static inline gint64
floor_shift (gint64 value, int shift)
{
  return value >> shift;      /* arithmetic: towards minus infinity */
}

/* bits: of a positive finite double that is not 0. */
static Decimal
shortest (guint64 bits)
{
  const guint64 fraction = bits & ((G_GUINT64_CONSTANT (1) << 52) - 1);
  const int biased = (int) (bits >> 52);
  const guint64 c = biased > 0 ? fraction | G_GUINT64_CONSTANT (1) << 52 : fraction;
  const int q = (biased > 0 ? biased : 1) - 1075;
  if (q <= 0 && q > -53 && (c & ((G_GUINT64_CONSTANT (1) << -q) - 1)) == 0)
    return (Decimal) { c >> -q, 0 };

  /* The interval of what rounds to the value, in quarters of its last place; below a power of two it is narrower. */
  const guint odd = c & 1, closer = fraction == 0 && biased > 1;
  const guint64 left = 4 * c - 2 + closer, middle = 4 * c, right = 4 * c + 2;
  const int k = (int) floor_shift ((gint64) q * 1262611 - (closer ? 524031 : 0), 22);       /* floor (log10 (2^q)), of 3/4 of it */
  const int h = q + (int) floor_shift ((gint64) -k * 1741647, 19) + 1;                       /* floor (log2 (10^-k)) */
  guint64 high, low;
  patron_power_of_ten_above (-k, &high, &low);
  const guint64 lower = round_to_odd (high, low, left << h) + odd, exact = round_to_odd (high, low, middle << h), upper = round_to_odd (high, low, right << h) - odd;

  /* One digit fewer, if exactly one such decimal is inside; else the neighbours at this length. */
  const guint64 s = exact / 4;
  if (s >= 10)
    {
      const guint64 tens = s / 10;
      const gboolean below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
      if (below != above)
        return (Decimal) { tens + above, k + 1 };
    }
  const gboolean below = lower <= 4 * s, above = 4 * s + 4 <= upper;
  if (below != above)
    return (Decimal) { s + above, k };
  const guint64 half = 4 * s + 2;
  return (Decimal) { s + (exact > half || (exact == half && (s & 1) != 0)), k };
}

static const char pairs[] =
  "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869"
  "707172737475767778798081828384858687888990919293949596979899";

/* The digits of a number of at most 20, at the end of out[20]; returns the first. */
static char *
put_digits (guint64 value, char out[20])
{
  char *at = out + 20;
  for (; value >= 100; value /= 100)
    memcpy (at -= 2, pairs + 2 * (value % 100), 2);
  if (value >= 10)
    memcpy (at -= 2, pairs + 2 * value, 2);
  else
    *--at = (char) ('0' + value);
  return at;
}

/* "1.5e+20" */
static char *
put_scientific (char *at, const char *digits, int n, int exponent)
{
  *at++ = digits[0];
  if (n > 1)
    {
      *at++ = '.';
      memcpy (at, digits + 1, n - 1);
      at += n - 1;
    }
  *at++ = 'e';
  *at++ = exponent < 0 ? '-' : '+';
  const int size = ABS (exponent);
  if (size >= 100)
    *at++ = (char) ('0' + size / 100);
  memcpy (at, pairs + 2 * (size % 100), 2);
  return at + 2;
}

/* n digits, the first of weight 10^first. */
static char *
put_fixed (char *at, const char *digits, int n, int first)
{
  if (first < 0)
    {
      memcpy (at, "0.000000", 8);
      at += 1 - first;
      memcpy (at, digits, n);
      return at + n;
    }
  const int whole = MIN (n, first + 1);
  memcpy (at, digits, whole);
  at += whole;
  for (int i = n; i <= first; i++)
    *at++ = '0';
  if (n <= first + 1)
    return at;
  *at++ = '.';
  memcpy (at, digits + whole, n - whole);
  return at + n - whole;
}

int
patron_double_format (double value, char *buffer)
{
  guint64 bits;
  memcpy (&bits, &value, 8);
  char *at = buffer;
  if (isnan (value) || value == 0)
    {
      g_strlcpy (buffer, isnan (value) ? "nan" : "0", 4);
      return (int) strlen (buffer);
    }
  if (bits >> 63)
    *at++ = '-';
  if (isinf (value))
    {
      memcpy (at, "inf", 4);
      return (int) (at + 3 - buffer);
    }
  Decimal decimal = shortest (bits & ~(G_GUINT64_CONSTANT (1) << 63));
  char room[20];
  const char *digits = put_digits (decimal.digits, room);
  int n = (int) (room + 20 - digits);
  const int first = n - 1 + decimal.exponent;
  while (n > 1 && digits[n - 1] == '0')
    n--;
  /* As %g with as many digits as needed, at least 15; but up to six decimals are written out. */
  at = (first < -4 && n - 1 - first > 6) || first >= MAX (n, 15) ? put_scientific (at, digits, n, first) : put_fixed (at, digits, n, first);
  *at = '\0';
  return (int) (at - buffer);
}
