/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/parse-plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "table/column.h"
#include "table/parse-number.h"

/* A text at the beginning of room that may be read, with something after it that must not matter. */
static const char *
padded (const char *text)
{
  static char room[128];
  memset (room, '7', sizeof room);
  memcpy (room, text, strlen (text));
  return room;
}

/* Against the C library: what is read must be what strtod() and strtoll() read, and what is plain must be read. */
static void
test_numbers (void)
{
  GRand *random = g_rand_new_with_seed (1);
  for (int i = 0; i < 400000; i++)
    {
      char text[64];
      const gint64 size = (gint64) (((guint64) g_rand_int (random) << 32 | g_rand_int (random)) >> g_rand_int_range (random, 1, 63));
      const int places = g_rand_int_range (random, 0, 8), negative = g_rand_boolean (random);
      if (places == 0)
        snprintf (text, sizeof text, "%s%" G_GINT64_FORMAT, negative ? "-" : "", size);
      else
        snprintf (text, sizeof text, "%s%" G_GINT64_FORMAT ".%0*d", negative ? "-" : "", size % 1000000000, places, g_rand_int_range (random, 0, 10000000) % (int) 1e7);
      const gsize length = strlen (text);
      const gsize digits = length - negative - (places > 0);
      double number;
      gint64 integer;
      if (patron_plain_decimal (padded (text), length, &number))
        g_assert_cmpfloat (number, ==, strtod (text, NULL));
      else
        g_assert_cmpuint (digits, >=, 16);
      if (patron_plain_integer (padded (text), length, &integer))
        g_assert_cmpint (integer, ==, strtoll (text, NULL, 10));
      else
        g_assert_true (places > 0 || digits > 16);
    }
  g_rand_free (random);
}

static void
test_long (void)
{
  GRand *random = g_rand_new_with_seed (2);
  int n_read = 0;
  for (int i = 0; i < 300000; i++)
    {
      char text[64];
      double value = g_rand_double_range (random, -1, 1);
      for (int k = g_rand_int_range (random, 0, 8); k > 0; k--)
        value *= 10;
      snprintf (text, sizeof text, "%.*g", g_rand_int_range (random, 14, 18), value);
      guint64 mantissa;
      gsize places;
      gboolean negative;
      if (!patron_plain_long_decimal (padded (text), strlen (text), &mantissa, &places, &negative))
        continue;
      n_read++;
      const double size = patron_decimal_to_double (mantissa, -(gint64) places);
      g_assert_cmpfloat (negative ? -size : size, ==, strtod (text, NULL));
    }
  g_assert_cmpint (n_read, >, 150000);
  g_rand_free (random);
}

static void
test_not_plain (void)
{
  static const char *const texts[] = {
    "", "-", ".", "-.", "+1", "1e5", "1.2.3", "1..2", "01", "-01", "00.5", "1,5", "12a", "a", "1 ", " 1", "1234567890123456789", "12345678:", "/1234567", "1234567\xb0", "--1", "1-",
    "0x10", "1.-5", "123456789.123456789.", "\xff", "1.2345678901234567890123",
  };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gint64 integer;
      double number;
      guint64 mantissa;
      gsize places, length = strlen (texts[i]);
      gboolean negative;
      if (patron_plain_integer (padded (texts[i]), length, &integer) || patron_plain_decimal (padded (texts[i]), length, &number)
          || patron_plain_long_decimal (padded (texts[i]), length, &mantissa, &places, &negative))
        g_test_fail_printf ("“%s” was read", texts[i]);
    }
}

/* Every day from the year 0 to 9999, counted independently: one more than the day before. */
static void
test_dates (void)
{
  static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gint32 expected = patron_date_from_ymd (0, 1, 1);
  g_assert_cmpint (patron_date_from_ymd (1970, 1, 1), ==, 0);
  for (int year = 0; year < 10000; year++)
    for (int month = 1; month <= 12; month++)
      for (int day = 1; day <= 32; day++)
        {
          char text[16];
          gint32 days;
          const gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
          const int length = lengths[month - 1] + (month == 2 && leap);
          snprintf (text, sizeof text, "%04d-%02d-%02d", year, month, day);
          const gboolean read = patron_plain_date (padded (text), &days);
          if (read != (day <= length) || (read && days != expected++))
            g_error ("%s", text);
        }
  static const char *const wrong[] = { "2024/01/31", "2024-1-311", "2024-00-10", "2024-13-10", "2024-01-00", "20a4-01-01", "2024-01-3x", "2024\xad" "01-01" };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gint32 days;
      g_assert_false (patron_plain_date (padded (wrong[i]), &days));
    }
}

static void
test_times (void)
{
  gint64 microseconds;
  gint32 seconds = 0;
  for (int s = 0; s < 86400; s++)
    {
      char text[24];
      snprintf (text, sizeof text, "%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
      g_assert_true (patron_plain_clock (padded (text), &seconds));
      g_assert_cmpint (seconds, ==, s);
    }
  /* date -u -d '2024-02-29 23:59:58' +%s */
  g_assert_true (patron_plain_time (padded ("2024-02-29T23:59:58"), &microseconds));
  g_assert_cmpint (microseconds, ==, G_GINT64_CONSTANT (1709251198000000));
  static const char *const wrong[] = { "2024-02-29 24:00:00", "2024-02-29 23:60:00", "2024-02-29 23:59:60", "2024-02-29-23:59:59", "2024-02-29 23.59.59" };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (patron_plain_time (padded (wrong[i]), &microseconds));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/parse-plain/numbers", test_numbers);
  g_test_add_func ("/table/parse-plain/long", test_long);
  g_test_add_func ("/table/parse-plain/not-plain", test_not_plain);
  g_test_add_func ("/table/parse-plain/dates", test_dates);
  g_test_add_func ("/table/parse-plain/times", test_times);
  return g_test_run ();
}
