/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"

static void
check_pairs (GPtrArray *pairs, const char *expected)
{
  g_autoptr (GPtrArray) owned = pairs;
  g_autofree char *text = owned != NULL ? patron_pairs_join (owned) : NULL;
  g_assert_cmpstr (text, ==, expected);
}

/* Names with the signs that separate names come back as they were. */
static void
test_names (void)
{
  const char *const names[] = { "plain", "a;b", "a\\b", "say \"so\"", "中文；名", NULL };
  g_autofree char *text = patron_names_join (names);
  g_auto (GStrv) back = patron_names_split (text);
  g_assert_cmpstrv (back, names);
}

static void
test_pairs (void)
{
  check_pairs (patron_pairs_split (" UK = United Kingdom;; x=; a\\=b=c\\;d", NULL), "UK=United Kingdom; x=; a\\=b=c\\;d");
  g_autofree char *bad = NULL;
  check_pairs (patron_pairs_split ("a=b; alone", &bad), NULL);
  g_assert_cmpstr (bad, ==, "alone");
  check_pairs (patron_name_pairs_split ("a=b; alone; a\\=b"), "a=b; alone=alone; a\\=b=a\\=b");
  check_pairs (patron_name_pairs_split (""), "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/names", test_names);
  g_test_add_func ("/names/pairs", test_pairs);
  return g_test_run ();
}
