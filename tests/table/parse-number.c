/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE   /* strtod_l() */
#include "table/parse-number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static locale_t c_locale;

static void
check_against_library (const char *text)
{
  double value = -1, expected = strtod_l (text, NULL, c_locale);
  if (!patron_parse_double (text, strlen (text), &value) || memcmp (&value, &expected, sizeof value) != 0)
    g_error ("“%s” is %.17g, read as %.17g", text, expected, value);
}

/* Digits, a point and an exponent anywhere, of all lengths and magnitudes. */
static void
random_number (PatronRandom *random, char *out)
{
  char *p = out;
  if (patron_random_below (random, 3) == 0)
    *p++ = '-';
  gsize n = 1 + patron_random_below (random, patron_random_below (random, 4) == 0 ? 40 : 18), point = patron_random_below (random, n + 3);
  for (gsize i = 0; i < n; i++)
    {
      if (i == point)
        *p++ = '.';
      *p++ = '0' + patron_random_below (random, 10);
    }
  if (patron_random_below (random, 2) == 0)
    p += sprintf (p, "e%d", (int) patron_random_below (random, 700) - 360);
  *p = '\0';
}

static void
test_random (void)
{
  PatronRandom random;
  char text[128];
  patron_random_init (&random, 1, 0);
  for (int i = 0; i < 1000000; i++)
    {
      random_number (&random, text);
      check_against_library (text);
    }
  /* Every double there is, at 17 digits: the nearest must come back. */
  for (int i = 0; i < 200000; i++)
    {
      guint64 bits = patron_random_bits (&random);
      double value;
      memcpy (&value, &bits, sizeof value);
      if (!isfinite (value))
        continue;
      snprintf (text, sizeof text, "%.17g", value);
      check_against_library (text);
    }
}

/* Decimals on and beside the middle between two doubles, subnormal ones among them. */
static void
test_halfway (void)
{
  PatronRandom random;
  char text[1200];
  patron_random_init (&random, 2, 0);
  for (int i = 0; i < 3000; i++)
    {
      guint64 bits = patron_random_bits (&random) & 0x7fffffffffffffff;
      if (i % 3 == 0)
        bits &= 0x000fffffffffffff;
      double a, b;
      memcpy (&a, &bits, sizeof a);
      if (!isfinite (a) || a == 0)
        continue;
      b = nextafter (a, INFINITY);
      if (!isfinite (b))
        continue;
      snprintf (text, sizeof text, "%.760Le", ((long double) a + (long double) b) / 2);
      check_against_library (text);
      char *exponent = strchr (text, 'e');
      exponent[-1] = '1';
      check_against_library (text);
    }
  static const char *const known[] = { "9007199254740993", "9007199254740992.5", "2.2250738585072011e-308", "4.9406564584124654e-324", "2.4703282292062327e-324",
                                       "2.4703282292062328e-324", "1.7976931348623158e308", "1.7976931348623159e308", "1e400", "1e-400", "0e999999999", "1e23", "8.5e22",
                                       "123456789012345678901234567890", "0.1", "-0", "+1.5", ".5", "5.", "00012" };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    check_against_library (known[i]);
}

static void
test_refused (void)
{
  static const char *const bad[] = { "", "-", ".", "e5", "1e", "1e+", "1.2.3", "1 ", " 1", "0x10", "1,5", "nan", "infin", "--1", "1e5.0", "1_000" };
  double value;
  gint64 integer;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (patron_parse_double (bad[i], strlen (bad[i]), &value));
  g_assert_true (patron_parse_double ("-Infinity", 9, &value) && value == -INFINITY);
  g_assert_true (patron_parse_int64 ("-999999999999999999", 19, &integer) && integer == -G_GINT64_CONSTANT (999999999999999999));
  g_assert_false (patron_parse_int64 ("1000000000000000000", 19, &integer));
  g_assert_false (patron_parse_int64 ("1.0", 3, &integer));
}

static void
test_decorated (void)
{
  static const struct { const char *text; char decimal, grouping; double value; } good[] = {
    { "1,234.50", '.', ',', 1234.5 }, { "1.234,50", ',', '.', 1234.5 }, { "1 234,5", ',', ' ', 1234.5 }, { "1\xc2\xa0" "234", '.', ' ', 1234 }, { "1'234'567", '.', '\'', 1234567 },
    { "$1.50", '.', ',', 1.5 }, { "-€3", '.', ',', -3 }, { "3 €", '.', ',', 3 }, { "(1.50)", '.', ',', -1.5 }, { "12 %", '.', ',', 12 }, { "  7  ", '.', ',', 7 },
    { "1.50-", '.', ',', -1.5 }, { "\xe2\x88\x92" "4", '.', ',', -4 }, { "2,5e-3", ',', '.', 0.0025 }, { ",5", ',', '.', 0.5 },
  };
  static const struct { const char *text; char decimal, grouping; } bad[] = {
    { "1,23", '.', ',' }, { "1,2345", '.', ',' }, { "12,34,567", '.', ',' }, { "1.5", ',', '.' }, { "0,123", '.', ',' }, { "$", '.', ',' }, { "%", '.', ',' }, { "(", '.', ',' },
    { "1 2", '.', ' ' }, { "(-1)", '.', ',' }, { "12a", '.', ',' }, { "", '.', ',' },
  };
  PatronNumber number;
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      PatronNumberForm form = { good[i].decimal, good[i].grouping };
      if (!patron_parse_decorated (good[i].text, strlen (good[i].text), form, &number) || number.value != good[i].value)
        g_error ("“%s” is %g, read as %g", good[i].text, good[i].value, number.value);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      PatronNumberForm form = { bad[i].decimal, bad[i].grouping };
      if (patron_parse_decorated (bad[i].text, strlen (bad[i].text), form, &number))
        g_error ("“%s” is no number, read as %g", bad[i].text, number.value);
    }
  PatronNumberForm plain = { '.', ',' };
  g_assert_true (patron_parse_decorated ("007", 3, plain, &number) && number.code_like);
  g_assert_true (patron_parse_decorated ("1234567890123456789", 19, plain, &number) && number.code_like);
  g_assert_true (patron_parse_decorated ("1E5", 3, plain, &number) && number.exponent_like && !number.marked);
  g_assert_true (patron_parse_decorated ("17850.0", 7, plain, &number) && number.zero_fraction);
  g_assert_true (patron_parse_decorated ("1234567890123456.0", 18, plain, &number) && !number.zero_fraction);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  c_locale = newlocale (LC_ALL_MASK, "C", (locale_t) 0);
  g_test_add_func ("/table/parse-number/random", test_random);
  g_test_add_func ("/table/parse-number/halfway", test_halfway);
  g_test_add_func ("/table/parse-number/refused", test_refused);
  g_test_add_func ("/table/parse-number/decorated", test_decorated);
  return g_test_run ();
}
