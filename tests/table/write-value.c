/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/write-value.h"

#include <string.h>

#define A_SECOND G_GINT64_CONSTANT (1000000)
#define A_DAY    (86400 * A_SECOND)

static void
check (const char *buffer, const char *end, const char *expected)
{
  g_assert_cmpint (end - buffer, <=, PATRON_VALUE_ROOM);
  g_assert_cmpmem (buffer, end - buffer, expected, strlen (expected));
}

static void
test_integers (void)
{
  static const struct { gint64 value; const char *text; } cases[] = {
    { 0, "0" }, { 9, "9" }, { 10, "10" }, { 99, "99" }, { 100, "100" }, { -7, "-7" }, { 12345, "12345" }, { 1000000, "1000000" },
    { G_MAXINT64, "9223372036854775807" }, { G_MININT64 + 1, "-9223372036854775807" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char buffer[PATRON_VALUE_ROOM];
      check (buffer, patron_write_integer (cases[i].value, buffer), cases[i].text);
    }
}

/* Checked against Python's datetime for the years it knows, 1 to 9999. */
static void
test_dates (void)
{
  static const struct { gint32 days; const char *text; } cases[] = {
    { 0, "1970-01-01" }, { -1, "1969-12-31" }, { 11016, "2000-02-29" }, { 20454, "2026-01-01" }, { -719162, "0001-01-01" }, { 2932896, "9999-12-31" },
    { -719528, "0000-01-01" }, { -719529, "-001-12-31" }, { 2932897, "10000-01-01" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char buffer[PATRON_VALUE_ROOM];
      check (buffer, patron_write_date (cases[i].days, buffer), cases[i].text);
    }
}

static void
test_times (void)
{
  static const struct { gint64 value; const char *text; } cases[] = {
    { 0, "1970-01-01 00:00" }, { -1, "1969-12-31 23:59:59.999999" }, { 61 * A_SECOND, "1970-01-01 00:01:01" }, { 5400 * A_SECOND, "1970-01-01 01:30" },
    { -A_DAY, "1969-12-31 00:00" }, { 11016 * A_DAY + 86399 * A_SECOND + 1, "2000-02-29 23:59:59.000001" }, { A_SECOND / 2, "1970-01-01 00:00:00.500000" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char buffer[PATRON_VALUE_ROOM];
      check (buffer, patron_write_time (cases[i].value, buffer), cases[i].text);
    }
}

static void
test_durations (void)
{
  static const struct { gint64 value; const char *text; } cases[] = {
    { 0, "00:00:00" }, { -1500000, "-00:00:01.500000" }, { 359999 * A_SECOND, "99:59:59" }, { 360000 * A_SECOND, "100:00:00" },
    { G_MAXINT64, "2562047788:00:54.775807" }, { G_MININT64 + 1, "-2562047788:00:54.775807" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char buffer[PATRON_VALUE_ROOM];
      check (buffer, patron_write_duration (cases[i].value, buffer), cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/write-value/integers", test_integers);
  g_test_add_func ("/table/write-value/dates", test_dates);
  g_test_add_func ("/table/write-value/times", test_times);
  g_test_add_func ("/table/write-value/durations", test_durations);
  return g_test_run ();
}
