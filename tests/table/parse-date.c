/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/parse-date.h"

#include <string.h>

#include "table/column.h"

static void
test_read (void)
{
  static const struct { const char *text; PatronDateRule rule; const char *expected; } good[] = {
    { "2024-01-31", PATRON_DATE_YMD, "2024-01-31 00:00" }, { "2024/1/31", PATRON_DATE_YMD, "2024-01-31 00:00" }, { "2024.01.31", PATRON_DATE_YMD, "2024-01-31 00:00" },
    { "2024年1月31日", PATRON_DATE_YMD, "2024-01-31 00:00" }, { "31/01/2024", PATRON_DATE_DMY, "2024-01-31 00:00" }, { "31.1.24", PATRON_DATE_DMY, "2024-01-31 00:00" },
    { "31. 1. 2024", PATRON_DATE_DMY, "2024-01-31 00:00" }, { "01/31/1969", PATRON_DATE_MDY, "1969-01-31 00:00" }, { "1/31/69", PATRON_DATE_MDY, "1969-01-31 00:00" },
    { "1/31/68", PATRON_DATE_MDY, "2068-01-31 00:00" }, { "20240131", PATRON_DATE_COMPACT, "2024-01-31 00:00" }, { "24.01.31", PATRON_DATE_SHORT_YMD, "2024-01-31 00:00" },
    { "31 Jan 2024", PATRON_DATE_NAMED, "2024-01-31 00:00" }, { "31-jan-24", PATRON_DATE_NAMED, "2024-01-31 00:00" }, { "January 31, 2024", PATRON_DATE_NAMED, "2024-01-31 00:00" },
    { "Wed, 31 Jan 2024", PATRON_DATE_NAMED, "2024-01-31 00:00" }, { "2024-02-29 17:04:05", PATRON_DATE_YMD, "2024-02-29 17:04:05" },
    { "2024-01-31T07:08:09.5Z", PATRON_DATE_YMD, "2024-01-31 07:08:09.500000" }, { "2024-01-31 01:00+02:00", PATRON_DATE_YMD, "2024-01-30 23:00" },
    { "2024-01-31T23:30:00-0500", PATRON_DATE_YMD, "2024-02-01 04:30" }, { "12/1/2010 8:26", PATRON_DATE_MDY, "2010-12-01 08:26" },
    { "1/2/2024 12:05 AM", PATRON_DATE_MDY, "2024-01-02 00:05" }, { "1/2/2024 1:05 pm", PATRON_DATE_MDY, "2024-01-02 13:05" }, { " 2024-01-31 ", PATRON_DATE_YMD, "2024-01-31 00:00" },
  };
  char text[64];
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      PatronDateValue value;
      if (!patron_parse_date (good[i].text, strlen (good[i].text), good[i].rule, &value))
        g_error ("“%s” was refused", good[i].text);
      patron_time_format (value.microseconds, text);
      g_assert_cmpstr (text, ==, good[i].expected);
    }
}

static void
test_refused (void)
{
  static const struct { const char *text; PatronDateRule rule; } bad[] = {
    { "2023-02-29", PATRON_DATE_YMD }, { "2024-13-01", PATRON_DATE_YMD }, { "31/02/2024", PATRON_DATE_DMY }, { "13/13/2024", PATRON_DATE_MDY }, { "2024-01/31", PATRON_DATE_YMD },
    { "20240131", PATRON_DATE_YMD }, { "2024-01-31 25:00", PATRON_DATE_YMD }, { "2024-01-31 10:60", PATRON_DATE_YMD }, { "2024-01-31x", PATRON_DATE_YMD },
    { "555-12-1234", PATRON_DATE_DMY }, { "1.2.3.4", PATRON_DATE_DMY }, { "31 Foo 2024", PATRON_DATE_NAMED }, { "", PATRON_DATE_YMD }, { "12:00", PATRON_DATE_YMD },
    { "1 2 2024", PATRON_DATE_DMY }, { "2024-01-31 10", PATRON_DATE_YMD },
  };
  PatronDateValue value;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (patron_parse_date (bad[i].text, strlen (bad[i].text), bad[i].rule, &value))
      g_error ("“%s” was read", bad[i].text);
  g_assert_cmpuint (patron_classify_date ("01/02/2024", 10, &value), ==, 1 << PATRON_DATE_DMY | 1 << PATRON_DATE_MDY);
  g_assert_cmpuint (patron_classify_date ("13/02/2024", 10, &value), ==, 1 << PATRON_DATE_DMY);
  g_assert_cmpuint (patron_classify_date ("4.5", 3, &value), ==, 0);
}

static void
test_duration (void)
{
  static const struct { const char *text; double seconds; } good[] = {
    { "1:30", 5400 }, { "12:12:12", 43932 }, { "-0:00:01.5", -1.5 }, { "2 days 01:00:00", 176400 }, { "1 day", 86400 }, { "P1DT2H", 93600 }, { "PT1.5S", 1.5 }, { "100:00", 360000 },
  };
  static const char *const bad[] = { "P112345603D", "P106751992D", "1:2", "12:", "12:60", "1:00:61", "a", "P", "PT", "P1Y", "1", "12:00:", "" };
  gint64 value;
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (patron_parse_duration (good[i].text, strlen (good[i].text), &value));
      g_assert_cmpfloat (value / 1e6, ==, good[i].seconds);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (patron_parse_duration (bad[i], strlen (bad[i]), &value))
      g_error ("“%s” was read", bad[i]);
}

static void
test_rules (void)
{
  static const struct { const char *text; PatronDateRule rule; } known[] = {
    { "dmy", PATRON_DATE_DMY }, { "%d/%m/%Y", PATRON_DATE_DMY }, { "dd.mm.yyyy", PATRON_DATE_DMY }, { "MM/DD/YYYY", PATRON_DATE_MDY }, { "%Y-%m-%d", PATRON_DATE_YMD },
    { "%Y-%m-%d %H:%M", PATRON_DATE_YMD }, { "%Y%m%d", PATRON_DATE_COMPACT }, { "%d %b %Y", PATRON_DATE_NAMED }, { "yy.mm.dd", PATRON_DATE_SHORT_YMD },
  };
  PatronDateRule rule;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (!patron_date_rule_from_text (known[i].text, &rule) || rule != known[i].rule)
        g_error ("“%s”", known[i].text);
    }
  g_assert_false (patron_date_rule_from_text ("hello", &rule));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/parse-date/read", test_read);
  g_test_add_func ("/table/parse-date/refused", test_refused);
  g_test_add_func ("/table/parse-date/duration", test_duration);
  g_test_add_func ("/table/parse-date/rules", test_rules);
  return g_test_run ();
}
