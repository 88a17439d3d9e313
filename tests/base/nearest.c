/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <string.h>

static void
test_distance (void)
{
  g_assert_cmpuint (patron_edit_distance ("", ""), ==, 0);
  g_assert_cmpuint (patron_edit_distance ("kitten", "sitting"), ==, 3);
  g_assert_cmpuint (patron_edit_distance ("amuont", "amount"), ==, 1);   /* neighbours swapped */
  g_assert_cmpuint (patron_edit_distance ("ca", "abc"), ==, 3);          /* what tells this distance from Damerau's, where it is 2 */
  g_assert_cmpuint (patron_edit_distance ("客户号", "客户"), ==, 1);
}

static void
test_nearest (void)
{
  static const char *const names[] = { "customer", "amount", "date", "客户编号", NULL };
  g_assert_cmpstr (patron_nearest ("custmer", names), ==, "customer");
  g_assert_cmpstr (patron_nearest ("dtae", names), ==, "date");
  g_assert_cmpstr (patron_nearest ("客户编码", names), ==, "客户编号");
  g_assert_null (patron_nearest ("region", names));
  g_assert_null (patron_nearest ("", names));
}

/* Names come from the command line: of any length, in any encoding. The last byte begins a character that does not end. */
static void
test_hostile (void)
{
  static const char *const names[] = { "amount", NULL };
  g_autofree char *cut = g_strdup ("amoun\xf0");
  g_assert_cmpstr (patron_nearest (cut, names), ==, "amount");
  g_assert_cmpuint (patron_edit_distance ("\xff\xfe", "\xff\xfe"), ==, 0);
  char longest[257];
  memset (longest, 'a', 255);
  longest[255] = '\0';
  g_assert_cmpuint (patron_edit_distance (longest, ""), ==, 255);
  longest[255] = 'a';
  longest[256] = '\0';
  g_assert_cmpuint (patron_edit_distance (longest, longest), ==, G_MAXUINT);
  g_assert_null (patron_nearest (longest, names));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/nearest/distance", test_distance);
  g_test_add_func ("/base/nearest/nearest", test_nearest);
  g_test_add_func ("/base/nearest/hostile", test_hostile);
  return g_test_run ();
}
