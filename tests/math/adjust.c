/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/adjust.h"

#include <math.h>

static void
assert_all_near (const double *found, const double *expected, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (isnan (expected[i]))
      g_assert_true (isnan (found[i]));
    else
      g_assert_cmpfloat_with_epsilon (found[i], expected[i], 1e-14);
}

/* R: p.adjust (c (0.01, 0.04, 0.03, 0.005), "holm"). */
static void
test_holm (void)
{
  double p[] = { 0.01, 0.04, NAN, 0.03, 0.005 };
  static const double adjusted[] = { 0.03, 0.06, NAN, 0.06, 0.02 };
  patron_adjust_holm (p, G_N_ELEMENTS (p));
  assert_all_near (p, adjusted, G_N_ELEMENTS (p));
}

/* R: p.adjust (c (0.01, 0.04, 0.03, 0.2, 0.5), "BH"). */
static void
test_bh (void)
{
  double p[] = { 0.01, 0.04, 0.03, NAN, 0.2, 0.5 };
  static const double adjusted[] = { 0.05, 0.0666666666666667, 0.0666666666666667, NAN, 0.25, 0.5 };
  patron_adjust_bh (p, G_N_ELEMENTS (p));
  assert_all_near (p, adjusted, G_N_ELEMENTS (p));
}

/* No test at all, none that could be made, and p values that would exceed 1. */
static void
test_edges (void)
{
  double none[] = { NAN, NAN }, large[] = { 0.9, 0.8 };
  patron_adjust_holm (NULL, 0);
  patron_adjust_bh (NULL, 0);
  patron_adjust_bh (none, 2);
  g_assert_true (isnan (none[0]) && isnan (none[1]));
  patron_adjust_holm (large, 2);
  g_assert_cmpfloat (large[0], ==, 1);
  g_assert_cmpfloat (large[1], ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/math/adjust/holm", test_holm);
  g_test_add_func ("/math/adjust/bh", test_bh);
  g_test_add_func ("/math/adjust/edges", test_edges);
  return g_test_run ();
}
