/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double
from_bits (guint64 bits)
{
  double value;
  memcpy (&value, &bits, 8);
  return value;
}

/* Significant digits of a printed number. */
static int
count_digits (const char *text)
{
  char digits[40];
  int n = 0;
  for (const char *p = text; *p != '\0' && *p != 'e'; p++)
    if (g_ascii_isdigit (*p) && (n > 0 || *p != '0'))
      digits[n++] = *p;
  while (n > 1 && digits[n - 1] == '0')
    n--;
  return n;
}

/* Against the C library, which rounds correctly both ways: the text is read back as the value, and no shorter one is: the nearest with one digit
 * less is another number. Of the texts with as many digits it is the nearest. */
static void
check (double value)
{
  char text[40], other[40];
  const int length = patron_double_format (value, text);
  if ((int) strlen (text) != length || strtod (text, NULL) != value)
    g_error ("%.17g is printed “%s”", value, text);
  const int n = count_digits (text);
  if (n > 1)
    {
      snprintf (other, sizeof other, "%.*e", n - 2, value);
      if (strtod (other, NULL) == value)
        g_error ("%.17g is printed “%s”, but “%s” does it", value, text, other);
    }
  if (n > 17)
    g_error ("%.17g is printed “%s”", value, text);
  snprintf (other, sizeof other, "%.*e", n - 1, value);
  if (strtod (other, NULL) == value && count_digits (other) == n)
    {
      char mine[40];
      snprintf (mine, sizeof mine, "%.*e", n - 1, strtod (text, NULL));
      char *end;
      const long double a = strtold (text, &end), b = strtold (other, &end);
      if (fabsl (a - (long double) value) > fabsl (b - (long double) value))
        g_error ("%.17g is printed “%s”, but “%s” is nearer", value, text, other);
    }
}

static void
test_random (void)
{
  GRand *random = g_rand_new_with_seed (3);
  for (int i = 0; i < 50000; i++)
    {
      const guint64 bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
      const double value = from_bits (bits);
      if (isfinite (value) && value != 0)
        check (value);
      check (g_rand_double_range (random, -1000, 1000) + 1e-9);
      check ((double) (bits >> 12) / 1000);
    }
  g_rand_free (random);
}

/* Every power of two and its neighbours, where the interval is lopsided; every power of ten and its neighbours; the ends of the range. */
static void
test_boundaries (void)
{
  for (int e = 0; e < 2047; e++)
    for (int d = -3; d <= 3; d++)
      {
        const double value = from_bits (((guint64) e << 52) + d);
        if (value > 0 && isfinite (value))
          check (value);
      }
  for (int p = -323; p <= 308; p++)
    {
      char text[16];
      snprintf (text, sizeof text, "1e%d", p);
      double value = strtod (text, NULL);
      check (value);
      check (nextafter (value, 0) > 0 ? nextafter (value, 0) : value);
      check (nextafter (value, INFINITY));
    }
  for (guint64 bits = 1; bits < 3000; bits++)      /* the smallest doubles */
    check (from_bits (bits));
  for (int i = 1; i < 30000; i++)
    {
      check (i);
      check (i / 100.0);
      check (i * 1e-7);
      check (G_GUINT64_CONSTANT (9007199254740992) - i);
    }
}

/* How it is laid out: as %g would with enough digits, at least 15, and six decimals written out. */
static void
test_layout (void)
{
  static const struct { double value; const char *text; } cases[] = {
    { 0, "0" }, { -0.0, "0" }, { 1, "1" }, { -1.5, "-1.5" }, { 0.1, "0.1" }, { 100, "100" }, { 1e14, "100000000000000" }, { 1e15, "1e+15" }, { 123456789012345678.0, "1.2345678901234568e+17" },
    { 1234567890123456.0, "1234567890123456" }, { 0.0001, "0.0001" }, { 0.00012345, "0.00012345" }, { 0.00001, "0.00001" }, { 0.000015, "0.000015" }, { 1.23e-5, "1.23e-05" }, { 1e-6, "0.000001" }, { 1e-7, "1e-07" }, { 1.5e-7, "1.5e-07" }, { 1e100, "1e+100" }, { 5e-324, "5e-324" },
    { 1.7976931348623157e308, "1.7976931348623157e+308" }, { 2.2250738585072014e-308, "2.2250738585072014e-308" }, { 0.3, "0.3" }, { 0.1 + 0.2, "0.30000000000000004" },
    { 9007199254740993.0, "9007199254740992" }, { INFINITY, "inf" }, { -INFINITY, "-inf" }, { NAN, "nan" }, { 1e23, "1e+23" }, { 9.5e-3, "0.0095" }, { 299792.458, "299792.458" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char text[40];
      g_assert_cmpint (patron_double_format (cases[i].value, text), ==, strlen (cases[i].text));
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/format-double/random", test_random);
  g_test_add_func ("/table/format-double/boundaries", test_boundaries);
  g_test_add_func ("/table/format-double/layout", test_layout);
  return g_test_run ();
}
