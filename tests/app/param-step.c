/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-step.h"

typedef struct
{
  int    count;
  double share;
  double rate;
} Params;

static const PatronParam params[] = {
  PATRON_PARAM_INT (Params, count, .label = "Count", .def = PATRON_AUTO, .min = 1, .max = 12, .low = 2, .high = 10, .automatic = "as needed"),
  PATRON_PARAM_DOUBLE (Params, share, .label = "Share", .def = 0.2, .min = 0, .max = 1, .step = 0.05),
  PATRON_PARAM_DOUBLE (Params, rate, .label = "Rate", .def = 1e-4, .min = 0, .max = 1, .low = 1e-6, .high = 1e-2, .log = true),
  PATRON_PARAM_END
};

static void
check_steps (guint i, const char *from, int direction, const char *const *expected)
{
  Params values;
  patron_params_init (params, &values);
  g_assert_true (patron_param_parse (&params[i], from, &values, NULL));
  for (; *expected != NULL; expected++)
    {
      g_autofree char *text = patron_param_step (&params[i], &values, direction);
      g_assert_cmpfloat (g_ascii_strtod (text, NULL), ==, g_ascii_strtod (*expected, NULL));
      g_assert_true (patron_param_parse (&params[i], text, &values, NULL));
    }
}

static void
test_linear (void)
{
  check_steps (0, "10", 1, (const char *const[]) { "11", "12", "12", NULL });
  check_steps (0, "2", -1, (const char *const[]) { "1", "1", NULL });
  check_steps (1, "0.2", 1, (const char *const[]) { "0.25", "0.3", "0.35", "0.4", NULL });
  check_steps (1, "0.05", -1, (const char *const[]) { "0", "0", NULL });
}

/* 1, 2, 5, 10 …, from any value in between. */
static void
test_logarithmic (void)
{
  check_steps (2, "0.0001", 1, (const char *const[]) { "0.0002", "0.0005", "0.001", NULL });
  check_steps (2, "0.00015", -1, (const char *const[]) { "0.0001", "0.00005", "0.00002", NULL });
  check_steps (2, "0.5", 1, (const char *const[]) { "1", "1", NULL });
  check_steps (2, "0", 1, (const char *const[]) { "0.000001", "0.000002", NULL });
}

static void
test_first (void)
{
  g_autofree char *count = patron_param_first_value (&params[0]);
  g_autofree char *share = patron_param_first_value (&params[1]);
  g_assert_cmpstr (count, ==, "2");
  g_assert_cmpstr (share, ==, "0.2");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/param-step/linear", test_linear);
  g_test_add_func ("/app/param-step/logarithmic", test_logarithmic);
  g_test_add_func ("/app/param-step/first", test_first);
  return g_test_run ();
}
