/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

static void
test_words_and_options (void)
{
  char *argv[] = { "run", "rfm", "--n_groups=4", "orders.csv", "--customer", "Kunde Nr", "--json", "--price", "-3", "--", "--odd" };
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronOptions) options = patron_options_new (G_N_ELEMENTS (argv), argv, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (patron_options_next (options), ==, "run");
  g_assert_cmpstr (patron_options_next (options), ==, "rfm");
  g_assert_cmpstr (patron_options_next (options), ==, "orders.csv");
  g_assert_cmpstr (patron_options_get (options, "n-groups"), ==, "4");
  g_assert_cmpstr (patron_options_get (options, "price"), ==, "-3");
  g_assert_true (patron_options_has (options, "json"));
  g_assert_false (patron_options_done (options, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_USAGE);
  g_clear_error (&error);
  const char *name, *value;
  g_assert_true (patron_options_take (options, &name, &value));
  g_assert_cmpstr (name, ==, "customer");
  g_assert_cmpstr (value, ==, "Kunde Nr");
  g_assert_false (patron_options_take (options, &name, &value));
  g_assert_cmpstr (patron_options_next (options), ==, "--odd");
  g_assert_true (patron_options_done (options, &error));
}

static void
test_missing_value (void)
{
  char *argv[] = { "run", "--to", "--json" };
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_options_new (G_N_ELEMENTS (argv), argv, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_USAGE);
  g_assert_cmpint (patron_error_exit_status (error), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/options/words-and-options", test_words_and_options);
  g_test_add_func ("/cli/options/missing-value", test_missing_value);
  return g_test_run ();
}
