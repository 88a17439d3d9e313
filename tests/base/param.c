/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include "base/error.h"
#include "base/param.h"

typedef struct
{
  int    groups;
  int    depth;
  double rate;
  bool   restart;
  int    scale;
  char   prefix[8];
} Params;

static const PatronChoice scales[] = { { "none", "None" }, { "min-max", "Smallest to largest" }, { NULL } };
static const PatronParam params[] = {
  PATRON_PARAM_INT (Params, groups, .label = "Groups", .def = 5, .min = 1, .max = 100, .former = "clusters"),
  PATRON_PARAM_INT (Params, depth, .label = "Depth", .def = PATRON_AUTO, .min = 1, .max = 30, .automatic = "no limit"),
  PATRON_PARAM_DOUBLE (Params, rate, .label = "Rate", .def = 0.1, .min = 0, .max = 1),
  PATRON_PARAM_BOOL (Params, restart, .label = "Restart", .def = true),
  PATRON_PARAM_CHOICE (Params, scale, .label = "Scale", .choices = scales, .def = 1),
  PATRON_PARAM_TEXT (Params, prefix, .label = "Prefix", .def_text = "x"),
  PATRON_PARAM_END
};

static void
assert_refused (const char *name, const char *text, const char *expected)
{
  Params values;
  patron_params_init (params, &values);
  g_autoptr (GError) error = NULL;
  g_assert_false (patron_param_parse (patron_params_find (params, name), text, &values, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_assert_nonnull (strstr (error->message, name));
  g_assert_nonnull (strstr (error->message, text));
  g_assert_nonnull (strstr (error->message, expected));
}

static void
test_defaults (void)
{
  Params values;
  patron_params_init (params, &values);
  g_assert_cmpint (values.groups, ==, 5);
  g_assert_cmpint (values.depth, ==, PATRON_AUTO_INT);
  g_assert_cmpfloat (values.rate, ==, 0.1);
  g_assert_true (values.restart);
  g_assert_cmpint (values.scale, ==, 1);
  g_assert_cmpstr (values.prefix, ==, "x");
  for (guint i = 0; i < patron_params_count (params); i++)
    g_assert_true (patron_param_is_default (&params[i], &values));
}

static void
test_round_trip (void)
{
  static const char *const texts[][2] = { { "groups", "100" }, { "depth", "auto" }, { "depth", "30" }, { "rate", "0.30000000000000004" },
                                          { "restart", "false" }, { "scale", "none" }, { "prefix", "a b;c" } };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Params values;
      patron_params_init (params, &values);
      const PatronParam *param = patron_params_find (params, texts[i][0]);
      g_autoptr (GError) error = NULL;
      g_assert_true (patron_param_parse (param, texts[i][1], &values, &error));
      g_assert_no_error (error);
      g_autofree char *text = patron_param_to_text (param, &values);
      g_assert_cmpstr (text, ==, texts[i][1]);
    }
}

static void
test_names (void)
{
  g_assert_true (patron_params_find (params, "clusters") == &params[0]);
  g_assert_null (patron_params_find (params, "nothing"));
  Params values;
  patron_params_init (params, &values);
  g_assert_true (patron_param_parse (&params[4], "min_max", &values, NULL));
  g_assert_cmpint (values.scale, ==, 1);
}

static void
test_refusals (void)
{
  assert_refused ("groups", "0", "1 to 100");
  assert_refused ("groups", "101", "1 to 100");
  assert_refused ("groups", "2.5", "whole number");
  assert_refused ("groups", "auto", "whole number");
  assert_refused ("rate", "1.01", "0 to 1");
  assert_refused ("rate", "nan", "0 to 1");
  assert_refused ("rate", "1e", "0 to 1");
  assert_refused ("restart", "perhaps", "true or false");
  assert_refused ("scale", "most", "none, min-max");
  assert_refused ("prefix", "12345678", "at most 7 bytes");
}

static void
test_validate (void)
{
  Params values;
  patron_params_init (params, &values);
  g_assert_true (patron_params_validate (params, &values, NULL));
  values.groups = 0;
  g_autoptr (GError) error = NULL;
  g_assert_false (patron_params_validate (params, &values, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/param/defaults", test_defaults);
  g_test_add_func ("/base/param/round-trip", test_round_trip);
  g_test_add_func ("/base/param/names", test_names);
  g_test_add_func ("/base/param/refusals", test_refusals);
  g_test_add_func ("/base/param/validate", test_validate);
  return g_test_run ();
}
