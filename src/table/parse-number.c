/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE   /* strtod_l() */
#include "table/parse-number.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/parse-plain.h"

#define SMALLEST_POWER (-342)   /* below it any 19 digits round to zero */
#define LARGEST_POWER 308        /* above it nothing is finite */
#define LARGEST_PRINTED 324      /* the smallest double is multiplied by it to be printed */

/* The 128 leading bits of 5^q, truncated; for -27 ≤ q < 0 rounded up, as the proof of the method wants it. */
typedef struct
{
  guint64 high, low;
} Power;

static Power powers[LARGEST_PRINTED - SMALLEST_POWER + 1];

/* Words of a long integer, least significant first. 2^2240 / 5^342 still has over 1,400 bits. */
#define WORDS 36

static Power
leading_bits (const guint64 *words)
{
  int top = WORDS - 1;
  while (words[top] == 0)
    top--;
  int shift = __builtin_clzll (words[top]);
  guint64 a = words[top];
  guint64 b = top > 0 ? words[top - 1] : 0;
  guint64 c = top > 1 ? words[top - 2] : 0;
  if (shift == 0)
    return (Power) { a, b };
  return (Power) { a << shift | b >> (64 - shift), b << shift | c >> (64 - shift) };
}

static void
fill_powers (void)
{
  guint64 words[WORDS] = { 1 };
  for (int q = 0; q <= LARGEST_PRINTED; q++)
    {
      powers[q - SMALLEST_POWER] = leading_bits (words);
      guint64 carry = 0;
      for (int i = 0; i < WORDS; i++)
        {
          unsigned __int128 product = (unsigned __int128) words[i] * 5 + carry;
          words[i] = (guint64) product;
          carry = product >> 64;
        }
    }
  /* floor (2^K / 5^n) from floor (2^K / 5^(n-1)) by one short division. */
  memset (words, 0, sizeof words);
  words[WORDS - 1] = 1;
  for (int q = -1; q >= SMALLEST_POWER; q--)
    {
      guint64 remainder = 0;
      for (int i = WORDS - 1; i >= 0; i--)
        {
          unsigned __int128 part = (unsigned __int128) remainder << 64 | words[i];
          words[i] = (guint64) (part / 5);
          remainder = (guint64) (part % 5);
        }
      Power power = leading_bits (words);
      if (q >= -27 && ++power.low == 0)
        power.high++;
      powers[q - SMALLEST_POWER] = power;
    }
}

static double
from_bits (guint64 mantissa, gint64 exponent)
{
  guint64 bits = mantissa | (guint64) exponent << 52;
  double value;
  memcpy (&value, &bits, sizeof value);
  return value;
}

static void
ensure_powers (void)
{
  static gsize ready;
  if (g_once_init_enter (&ready))
    {
      fill_powers ();
      g_once_init_leave (&ready, 1);
    }
}

void
patron_power_of_ten_above (int exponent, guint64 *high, guint64 *low)
{
  ensure_powers ();
  const Power *power = &powers[exponent - SMALLEST_POWER];
  *high = power->high;
  *low = power->low;
  /* 5^55 still fits; the small negative ones have been rounded already. */
  if ((exponent > 55 || exponent < -27) && ++*low == 0)
    ++*high;
}

double
patron_decimal_to_double (guint64 mantissa, gint64 exponent)
{
  ensure_powers ();
  if (mantissa == 0 || exponent < SMALLEST_POWER)
    return 0;
  if (exponent > LARGEST_POWER)
    return INFINITY;

  int leading = __builtin_clzll (mantissa);
  guint64 w = mantissa << leading;
  Power power = powers[exponent - SMALLEST_POWER];
  unsigned __int128 first = (unsigned __int128) w * power.high;
  guint64 high = first >> 64, low = (guint64) first;
  if ((high & 0x1ff) == 0x1ff)
    {
      guint64 second = ((unsigned __int128) w * power.low) >> 64;
      low += second;
      if (second > low)
        high++;
    }
  int upper = high >> 63;
  guint64 m = high >> (upper + 9);
  /* floor (log2 10^q) + 63, exact for these q. */
  gint64 binary = ((217706 * exponent) >> 16) + 63 + upper - leading + 1023;
  if (binary <= 0)
    {
      if (binary <= -63)
        return 0;
      m >>= 1 - binary;
      m += m & 1;
      m >>= 1;
      return from_bits (m & ~(1ull << 52), m >= 1ull << 52);
    }
  /* Exactly halfway between two doubles: to even. */
  if (low <= 1 && exponent >= -4 && exponent <= 23 && (m & 3) == 1 && m << (upper + 9) == high)
    m &= ~1ull;
  m += m & 1;
  m >>= 1;
  if (m >= 2ull << 52)
    {
      m = 1ull << 52;
      binary++;
    }
  if (binary >= 0x7ff)
    return INFINITY;
  return from_bits (m & ~(1ull << 52), binary);
}

/* More than 19 digits that two neighbouring mantissas do not settle: rare, so the library may be slow. */
static double
by_library (const char *text, gsize length)
{
  static locale_t c_locale;
  static gsize ready;
  if (g_once_init_enter (&ready))
    {
      c_locale = newlocale (LC_ALL_MASK, "C", (locale_t) 0);
      g_once_init_leave (&ready, 1);
    }
  char buffer[128];
  g_autofree char *longer = NULL;
  char *copy = buffer;
  if (length >= sizeof buffer)
    copy = longer = g_strndup (text, length);
  else
    {
      memcpy (buffer, text, length);
      buffer[length] = '\0';
    }
  return strtod_l (copy, NULL, c_locale);
}

static gboolean
parse_infinity (const char *p, const char *end, gboolean negative, double *value)
{
  gsize n = end - p;
  if (!(n == 3 && g_ascii_strncasecmp (p, "inf", 3) == 0) && !(n == 8 && g_ascii_strncasecmp (p, "infinity", 8) == 0))
    return FALSE;
  *value = negative ? -INFINITY : INFINITY;
  return TRUE;
}

/* The exponent after 'e'. FALSE when it has no digits. Huge ones are clamped: they are infinite or zero anyway. */
static gboolean
parse_exponent (const char *p, const char *end, gint64 *exponent)
{
  gboolean negative = FALSE;
  if (p < end && (*p == '-' || *p == '+'))
    negative = *p++ == '-';
  if (p == end)
    return FALSE;
  gint64 value = 0;
  for (; p < end; p++)
    {
      if (!g_ascii_isdigit (*p))
        return FALSE;
      if (value < 100000)
        value = value * 10 + (*p - '0');
    }
  *exponent += negative ? -value : value;
  return TRUE;
}

gboolean
patron_parse_double (const char *text, gsize length, double *value)
{
  const char *p = text, *end = text + length;
  gboolean negative = FALSE;
  if (p < end && (*p == '-' || *p == '+'))
    negative = *p++ == '-';
  guint64 mantissa = 0;
  gint64 exponent = 0;
  guint kept = 0;            /* digits in the mantissa, leading zeros not counted */
  gboolean digits = FALSE, point = FALSE, cut = FALSE;
  for (; p < end; p++)
    {
      /* Eight digits at once, while all of them can be kept. */
      if (mantissa != 0 && kept <= 11 && end - p >= 8)
        {
          const guint64 eight = patron_load_8 (p) ^ PATRON_EACH_BYTE ('0');
          if (!patron_not_digits (eight))
            {
              mantissa = mantissa * 100000000 + patron_eight_digits (eight);
              kept += 8;
              exponent -= point ? 8 : 0;
              p += 7;
              continue;
            }
        }
      guint digit = (guint) (guchar) *p - '0';
      if (digit <= 9)
        {
          digits = TRUE;
          if (kept < 19)
            {
              mantissa = mantissa * 10 + digit;
              kept += mantissa != 0;
              exponent -= point;
            }
          else
            {
              cut |= digit != 0;
              exponent += !point;
            }
        }
      else if (*p == '.' && !point)
        point = TRUE;
      else
        break;
    }
  if (!digits)
    return !point && parse_infinity (p, end, negative, value);
  if (p < end && (((*p | 0x20) != 'e') || !parse_exponent (p + 1, end, &exponent)))
    return FALSE;

  double result;
  static const double exact[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  if (mantissa <= 1ull << 53 && exponent >= -22 && exponent <= 22)
    result = exponent < 0 ? (double) mantissa / exact[-exponent] : (double) mantissa * exact[exponent];
  else
    result = patron_decimal_to_double (mantissa, exponent);
  if (cut && result != patron_decimal_to_double (mantissa + 1, exponent))
    {
      *value = by_library (text, length);
      return TRUE;
    }
  *value = negative ? -result : result;
  return TRUE;
}

gboolean
patron_parse_int64 (const char *text, gsize length, gint64 *value)
{
  const char *p = text, *end = text + length;
  gboolean negative = FALSE;
  if (p < end && (*p == '-' || *p == '+'))
    negative = *p++ == '-';
  if (p == end || end - p > 18)
    return FALSE;
  gint64 sum = 0;
  for (; p < end; p++)
    {
      guint digit = (guint) (guchar) *p - '0';
      if (digit > 9)
        return FALSE;
      sum = sum * 10 + digit;
    }
  *value = negative ? -sum : sum;
  return TRUE;
}

const char *const patron_currency_signs[] = {
  "$", "€", "£", "¥", "￥", "₹", "₩", "₽", "₺", "₫", "฿", "US$", "A$", "C$", "HK$", "NT$", "R$", "CHF", "USD", "EUR", "GBP", "CNY", "RMB", "JPY", "元", "円", "kr", "zł", NULL
};

/* Bytes of the blank at p: space, tab, no-break space, narrow no-break space, thin space, ideographic space; 0 for none. */
static gsize
blank_at (const char *p, const char *end)
{
  if (p == end)
    return 0;
  if (*p == ' ' || *p == '\t')
    return 1;
  if (end - p >= 2 && memcmp (p, "\xc2\xa0", 2) == 0)
    return 2;
  if (end - p >= 3 && (memcmp (p, "\xe2\x80\xaf", 3) == 0 || memcmp (p, "\xe2\x80\x89", 3) == 0 || memcmp (p, "\xe3\x80\x80", 3) == 0))
    return 3;
  return 0;
}

static void
trim (const char **p, const char **end)
{
  gsize n;
  while ((n = blank_at (*p, *end)) > 0)
    *p += n;
  for (gboolean again = TRUE; again && *p < *end;)
    {
      again = FALSE;
      for (n = 1; n <= 3 && (gsize) (*end - *p) >= n; n++)
        if (blank_at (*end - n, *end) == n)
          {
            *end -= n;
            again = TRUE;
            break;
          }
    }
}

static gboolean
take_sign (const char **p, const char *end, gboolean *negative)
{
  if (*p < end && (**p == '-' || **p == '+'))
    {
      *negative ^= **p == '-';
      (*p)++;
      return TRUE;
    }
  if (end - *p >= 3 && memcmp (*p, "\xe2\x88\x92", 3) == 0)   /* minus sign */
    {
      *negative = !*negative;
      *p += 3;
      return TRUE;
    }
  return FALSE;
}

/* A currency sign at the front (or, from_end, at the back) of p … end. */
static guint
take_currency (const char **p, const char **end, gboolean from_end)
{
  guint best = 0;
  gsize best_length = 0;
  /* Most numbers have none: a digit or a sign at that end rules it out. */
  const char at_end = *p == *end ? '0' : from_end ? (*end)[-1] : **p;
  if (at_end >= '%' && at_end <= '9')
    return 0;
  for (guint i = 0; patron_currency_signs[i] != NULL; i++)
    {
      if (!from_end && patron_currency_signs[i][0] != at_end)
        continue;
      gsize n = strlen (patron_currency_signs[i]);
      if (n > best_length && (gsize) (*end - *p) > n && memcmp (from_end ? *end - n : *p, patron_currency_signs[i], n) == 0)
        {
          best = i + 1;
          best_length = n;
        }
    }
  if (from_end)
    *end -= best_length;
  else
    *p += best_length;
  if (best > 0)
    trim (p, end);
  return best;
}

/* Bytes of the grouping mark at p, 0 for none. */
static gsize
group_at (const char *p, const char *end, char grouping)
{
  if (p == end || grouping == '\0')
    return 0;
  if (grouping == ' ')
    return *p == '\t' ? 0 : blank_at (p, end);
  if (grouping == '\'' && end - p >= 3 && memcmp (p, "\xe2\x80\x99", 3) == 0)
    return 3;
  return *p == grouping;
}

/* Digits with grouping marks and the form's decimal mark, rewritten plainly to out. FALSE when they are not in that form. */
/* A double holds every whole number of so many digits. */
#define MAX_WHOLE_DIGITS 15

static gboolean
plain_digits (const char *p, const char *end, PatronNumberForm form, char *out, gsize *out_length, PatronNumber *number)
{
  gsize n = 0, run = 0, total = 0;
  const char *start = p;
  while (p < end)
    {
      gsize mark;
      if (g_ascii_isdigit (*p))
        {
          out[n++] = *p++;
          run++;
          total++;
        }
      else if (total > 0 && (mark = group_at (p, end, form.grouping)) > 0)
        {
          if (number->grouped ? run != 3 : run > 3)
            return FALSE;
          number->grouped = TRUE;
          run = 0;
          p += mark;
        }
      else
        break;
    }
  if (number->grouped && run != 3)
    return FALSE;
  if (total > 1 && *start == '0')
    number->code_like = TRUE;
  if (number->grouped && *start == '0')
    return FALSE;
  number->integer = TRUE;
  if (p < end && *p == form.decimal)
    {
      gsize fraction = 0;
      number->integer = FALSE;
      number->marked = TRUE;
      out[n++] = '.';
      for (p++; p < end && g_ascii_isdigit (*p); fraction++)
        out[n++] = *p++;
      if (fraction + total == 0)
        return FALSE;
      number->zero_fraction = fraction == 1 && out[n - 1] == '0' && p == end && total <= MAX_WHOLE_DIGITS;
    }
  else if (total == 0)
    return FALSE;
  else if (total > 18)
    number->code_like = TRUE;
  if (p < end && (*p | 0x20) == 'e' && !number->grouped)
    {
      number->exponent_like |= number->integer && p + 1 < end && g_ascii_isdigit (p[1]);
      number->marked |= p + 1 < end && (p[1] == '-' || p[1] == '+');
      number->integer = number->zero_fraction = FALSE;
      gint64 ignored = 0;
      if (!parse_exponent (p + 1, end, &ignored))
        return FALSE;
      memcpy (out + n, p, end - p);
      n += end - p;
      p = end;
    }
  *out_length = n;
  return p == end;
}

#define MAX_DECORATED 200

gboolean
patron_parse_decorated (const char *text, gsize length, PatronNumberForm form, PatronNumber *number)
{
  memset (number, 0, sizeof *number);
  const char *p = text, *end = text + length;
  trim (&p, &end);
  if (p == end || end - p > MAX_DECORATED)
    return FALSE;
  gboolean negative = FALSE;
  gboolean brackets = *p == '(' && end[-1] == ')' && end - p > 2;
  if (brackets)
    {
      p++, end--;
      negative = TRUE;
      trim (&p, &end);
    }
  gboolean sign = take_sign (&p, end, &negative);
  number->currency = take_currency (&p, &end, FALSE);
  if (number->currency > 0 && !sign)
    sign = take_sign (&p, end, &negative);
  if (number->currency == 0)
    number->currency = take_currency (&p, &end, TRUE);
  if (brackets && sign)
    return FALSE;
  if (p < end && end[-1] == '%')
    {
      end--;
      number->percent = TRUE;
      trim (&p, &end);
    }
  if (p < end && !sign && !brackets && end - p > 1 && end[-1] == '-')   /* 1.50- as ledgers print it */
    {
      end--;
      negative = TRUE;
    }
  double value;
  if (parse_infinity (p, end, negative, &number->value))
    {
      number->marked = TRUE;
      return number->currency == 0 && !number->percent;
    }
  char digits[MAX_DECORATED + 2];
  gsize n;
  if (!plain_digits (p, end, form, digits, &n, number) || !patron_parse_double (digits, n, &value))
    return FALSE;
  number->marked |= number->currency > 0 || number->percent || number->grouped || brackets;
  number->value = negative ? -value : value;
  return TRUE;
}
