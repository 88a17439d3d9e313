/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/format.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <math.h>
#include <string.h>

static void
assert_rendered (PatronText *text, const char *expected)
{
  g_autofree char *rendered = patron_text_render (text);
  g_assert_cmpstr (rendered, ==, expected);
  patron_text_free (text);
}

static void
test_places (void)
{
  assert_rendered (NULL, "");
  assert_rendered (patron_text ("", NULL), "");
  assert_rendered (patron_text ("No places.", NULL), "No places.");
  assert_rendered (patron_text ("{customers} customers spent {money}.", "customers", PATRON_COUNT (4372), "money", PATRON_MONEY (8300065.81), NULL),
                   "4,372 customers spent 8,300,066.");
  assert_rendered (patron_text ("{b}{a}{b}", "a", PATRON_STRING ("1"), "b", PATRON_STRING ("{a}"), NULL), "{a}1{a}");
  assert_rendered (patron_text ("{unknown} {a", "a", PATRON_COUNT (1), NULL), "{unknown} {a");
  assert_rendered (patron_text_plain ("{a} 100 %s"), "{a} 100 %s");
  assert_rendered (patron_text_plain ("bad \xff byte"), "bad \xef\xbf\xbd byte");
}

static void
test_plural (void)
{
  const char *msgid = "{n} {n|order|orders}";
  assert_rendered (patron_text (msgid, "n", PATRON_COUNT (0), NULL), "0 orders");
  assert_rendered (patron_text (msgid, "n", PATRON_COUNT (1), NULL), "1 order");
  assert_rendered (patron_text (msgid, "n", PATRON_COUNT (1234), NULL), "1,234 orders");
  assert_rendered (patron_text ("{n|always}", "n", PATRON_COUNT (2), NULL), "always");
}

static void
test_numbers (void)
{
  static const struct
  {
    PatronFormat format;
    double       value;
    const char  *expected;
  } cases[] = {
    { PATRON_FORMAT_COUNT, 0, "0" },
    { PATRON_FORMAT_COUNT, -1234567, "-1,234,567" },
    { PATRON_FORMAT_COUNT, -0.2, "0" },
    { PATRON_FORMAT_NUMBER, 12.3456, "12.35" },
    { PATRON_FORMAT_NUMBER, 12, "12" },
    { PATRON_FORMAT_NUMBER, 1234567.8, "1,234,568" },
    { PATRON_FORMAT_NUMBER, 999.96, "1,000" },
    { PATRON_FORMAT_NUMBER, 0.0012349, "0.001235" },
    { PATRON_FORMAT_NUMBER, 0.000012, "1.2e-5" },
    { PATRON_FORMAT_NUMBER, 3e18, "3e18" },
    { PATRON_FORMAT_NUMBER, -INFINITY, "-∞" },
    { PATRON_FORMAT_NUMBER, NAN, "–" },
    { PATRON_FORMAT_EXACT, 2011, "2011" },
    { PATRON_FORMAT_EXACT, -0.0, "0" },
    { PATRON_FORMAT_EXACT, 0.1, "0.1" },
    { PATRON_FORMAT_EXACT, 1.0 / 3, "0.3333333333333333" },
    { PATRON_FORMAT_PERCENT, 0.1234, "12.3%" },
    { PATRON_FORMAT_PERCENT, 1, "100%" },
    { PATRON_FORMAT_PERCENT, 0, "0%" },
    { PATRON_FORMAT_PERCENT, 0.9997, "99.97%" },
    { PATRON_FORMAT_PERCENT, 0.0004, "0.04%" },
    { PATRON_FORMAT_PERCENT, 0.9999996, "99.99996%" },
    { PATRON_FORMAT_PERCENT, 1 - 1e-15, "100%" },
    { PATRON_FORMAT_PERCENT, 1.0002, "100.0%" },
    { PATRON_FORMAT_PERCENT, 0.00000003, "0.000003%" },
    { PATRON_FORMAT_PERCENT, -2e-9, "-2e-7%" },
    { PATRON_FORMAT_PERCENT, 25.5, "2,550%" },
    { PATRON_FORMAT_MONEY, 12.5, "12.50" },
    { PATRON_FORMAT_MONEY, 999.999, "1,000" },
    { PATRON_FORMAT_MONEY, -1234.5, "-1,234" },
    { PATRON_FORMAT_DATE, 15033, "2011-02-28" },
    { PATRON_FORMAT_DATE, -1, "1969-12-31" },
    { PATRON_FORMAT_DATE, -25509, "1900-02-28" },
    { PATRON_FORMAT_DATE, 11016, "2000-02-29" },
    { PATRON_FORMAT_TIME, 15033 * 86400e6 + (17 * 60 + 4) * 60e6, "2011-02-28 17:04" },
    { PATRON_FORMAT_TIME, -1e6, "1969-12-31 23:59:59" },
    { PATRON_FORMAT_P_VALUE, 0.0432, "0.043" },
    { PATRON_FORMAT_P_VALUE, 1e-9, "< 0.001" },
    { PATRON_FORMAT_P_VALUE, 1, "> 0.999" },
    { PATRON_FORMAT_SECONDS, 0.35, "0.35 s" },
    { PATRON_FORMAT_SECONDS, 0.012, "12 ms" },
    { PATRON_FORMAT_SECONDS, 125, "2 min 5 s" },
    { PATRON_FORMAT_SECONDS, 3600 * 26 + 60, "26 h 1 min" },
    { PATRON_FORMAT_BYTES, 999, "999 B" },
    { PATRON_FORMAT_BYTES, 1234567890, "1.2 GB" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = patron_format_number (cases[i].format, cases[i].value);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_any_number (void)
{
  const double values[] = { 0, -0.0, 1e-320, 4.9e-324, 1.7e308, -1.7e308, 1e15, 999999999999999.9, INFINITY, -INFINITY, NAN, -1e-9 };
  for (int format = PATRON_FORMAT_TEXT; format <= PATRON_FORMAT_BYTES; format++)
    for (guint i = 0; i < G_N_ELEMENTS (values); i++)
      {
        g_autofree char *text = patron_format_number (format, values[i]);
        g_assert_true (g_utf8_validate (text, -1, NULL));
        g_assert_cmpuint (strlen (text), >, 0);
        g_assert_cmpuint (strlen (text), <, 40);
      }
}

static void
test_format_ids (void)
{
  for (int format = PATRON_FORMAT_TEXT; format <= PATRON_FORMAT_BYTES; format++)
    g_assert_cmpint (patron_format_from_id (patron_format_id (format)), ==, format);
  g_assert_cmpint (patron_format_from_id ("nonsense"), ==, PATRON_FORMAT_NUMBER);
  g_assert_cmpint (patron_format_from_id (NULL), ==, PATRON_FORMAT_NUMBER);
}

static void
test_copy (void)
{
  g_autoptr(PatronText) text = patron_text ("{a} {b} {c}", "a", PATRON_NUMBER (NAN), "b", PATRON_STRING ("x"), "c", PATRON_MSGID ("y"), NULL);
  g_autoptr(PatronText) copy = patron_text_copy (text);
  g_autoptr(PatronText) other = patron_text ("{a} {b} {c}", "a", PATRON_NUMBER (1), "b", PATRON_STRING ("x"), "c", PATRON_MSGID ("y"), NULL);
  g_assert_true (patron_text_equal (text, copy));
  g_assert_false (patron_text_equal (text, other));
  g_assert_false (patron_text_equal (text, NULL));
  g_assert_true (patron_text_equal (NULL, NULL));
  g_assert_cmpuint (patron_text_n_args (copy), ==, 3);
  g_assert_cmpstr (patron_text_arg_name (copy, 1), ==, "b");
  g_assert_cmpstr (patron_text_arg_string (copy, 2), ==, "y");
}

/* A message catalogue of the given pairs (sorted by msgid), as msgfmt writes it. */
static GBytes *
catalogue (const char *const *pairs, guint n)
{
  GByteArray *out = g_byte_array_new ();
  guint32 header[] = { 0x950412de, 0, n, 28, 28 + 8 * n, 0, 28 + 16 * n };
  g_byte_array_append (out, (const guint8 *) header, sizeof header);
  guint32 offset = 28 + 16 * n;
  for (guint side = 0; side < 2; side++)
    for (guint i = 0; i < n; i++)
      {
        guint32 entry[] = { strlen (pairs[2 * i + side]), offset };
        g_byte_array_append (out, (const guint8 *) entry, sizeof entry);
        offset += entry[0] + 1;
      }
  for (guint side = 0; side < 2; side++)
    for (guint i = 0; i < n; i++)
      g_byte_array_append (out, (const guint8 *) pairs[2 * i + side], strlen (pairs[2 * i + side]) + 1);
  return g_byte_array_free_to_bytes (out);
}

/* The same text reads in the language in force when it is drawn, whichever that was when it was made. */
static void
test_chinese (void)
{
  static const char *const pairs[] = {
    "", "Content-Type: text/plain; charset=UTF-8\n",
    "champions", "重要价值客户",
    "{share} of {n} {n|customer|customers} are {segment}.", "{n} 位客户中有 {share} 是{segment}。",
  };
  g_autoptr(PatronText) text = patron_text (pairs[4], "share", PATRON_PERCENT (0.123), "n", PATRON_COUNT (4372), "segment",
                                            PATRON_MSGID ("champions"), NULL);
  g_autofree char *english = patron_text_render (text);
  g_assert_cmpstr (english, ==, "12.3% of 4,372 customers are champions.");

  g_autofree char *top = g_dir_make_tmp ("patron-text-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (top, "zh_CN", "LC_MESSAGES", NULL);
  g_autofree char *file = g_build_filename (folder, GETTEXT_PACKAGE ".mo", NULL);
  g_autoptr(GBytes) bytes = catalogue (pairs, 3);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL));
  if (setlocale (LC_MESSAGES, "C.UTF-8") == NULL)
    {
      g_test_skip ("no C.UTF-8 locale");
      return;
    }
  g_setenv ("LANGUAGE", "zh_CN", TRUE);
  bindtextdomain (GETTEXT_PACKAGE, top);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");

  g_autofree char *chinese = patron_text_render (text);
  g_assert_cmpstr (chinese, ==, "4,372 位客户中有 12.3% 是重要价值客户。");
  g_autoptr(PatronText) empty = patron_text ("", NULL);
  g_autofree char *nothing = patron_text_render (empty);
  g_assert_cmpstr (nothing, ==, "");

  g_unlink (file);
  g_rmdir (folder);
  g_autofree char *middle = g_path_get_dirname (folder);
  g_rmdir (middle);
  g_rmdir (top);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/places", test_places);
  g_test_add_func ("/text/plural", test_plural);
  g_test_add_func ("/text/numbers", test_numbers);
  g_test_add_func ("/text/any-number", test_any_number);
  g_test_add_func ("/text/format-ids", test_format_ids);
  g_test_add_func ("/text/copy", test_copy);
  g_test_add_func ("/text/chinese", test_chinese);
  return g_test_run ();
}
