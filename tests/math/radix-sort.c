/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/radix-sort.h"

#include "base/random.h"

#include <math.h>

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;
  return x < y ? -1 : x > y;
}

/* The order of the C library's sort, for sizes around the change of method and for keys of few and of many digits. */
static void
test_against_qsort (void)
{
  const gsize sizes[] = { 0, 1, 2, 47, 48, 49, 5000 };
  const guint64 masks[] = { 0, 3, 0xffff, 0xffffff00, 0xffffffff, 0x7ffffffffff, 0xfff0000000000000, G_MAXUINT64 };
  PatronRandom random;
  patron_random_init (&random, 42, 0);
  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint m = 0; m < G_N_ELEMENTS (masks); m++)
      {
        gsize n = sizes[s];
        g_autofree guint64 *keys = g_new (guint64, n + 1), *expected = g_new (guint64, n + 1), *scratch = g_new (guint64, n + 1);
        for (gsize i = 0; i < n; i++)
          keys[i] = expected[i] = patron_random_bits (&random) & masks[m];
        patron_radix_sort (keys, scratch, n);
        qsort (expected, n, sizeof *expected, compare_keys);
        for (gsize i = 0; i < n; i++)
          g_assert_cmpuint (keys[i], ==, expected[i]);
      }
}

/* Keys that differ in their lowest bits alone, but for one: sorting by the leading digits does nothing for them. */
static void
test_crowded (void)
{
  enum { N = 20000 };
  g_autofree guint64 *keys = g_new (guint64, N), *expected = g_new (guint64, N), *scratch = g_new (guint64, N);
  PatronRandom random;
  patron_random_init (&random, 11, 0);
  for (guint i = 0; i < N; i++)
    keys[i] = expected[i] = i == 77 ? G_MAXUINT64 : patron_random_below (&random, 100000);
  patron_radix_sort (keys, scratch, N);
  qsort (expected, N, sizeof *expected, compare_keys);
  g_assert_cmpmem (keys, N * sizeof *keys, expected, N * sizeof *expected);
}

static void
test_pairs_are_stable (void)
{
  enum { N = 3000 };
  g_autofree guint64 *keys = g_new (guint64, N), *original = g_new (guint64, N), *key_scratch = g_new (guint64, N);
  g_autofree guint32 *values = g_new (guint32, N), *value_scratch = g_new (guint32, N);
  PatronRandom random;
  patron_random_init (&random, 7, 0);
  for (guint i = 0; i < N; i++)
    {
      keys[i] = original[i] = patron_random_below (&random, 40) << 20;
      values[i] = i;
    }
  patron_radix_sort_pairs (keys, values, key_scratch, value_scratch, N);
  for (guint i = 0; i < N; i++)
    {
      g_assert_cmpuint (keys[i], ==, original[values[i]]);
      if (i > 0)
        g_assert_true (keys[i - 1] < keys[i] || (keys[i - 1] == keys[i] && values[i - 1] < values[i]));
    }
}

static void
test_keys_keep_order (void)
{
  const double values[] = { -INFINITY, -1e300, -2.5, -1e-310, -0.0, 0.0, 1e-310, 0.1, 2.5, 1e300, INFINITY };
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_assert_cmpfloat (patron_double_from_key (patron_key_from_double (values[i])), ==, values[i]);
      if (i > 0)
        g_assert_cmpuint (patron_key_from_double (values[i - 1]), <, patron_key_from_double (values[i]));
    }
  const gint64 integers[] = { G_MININT64, -5, -1, 0, 1, 5, G_MAXINT64 };
  for (guint i = 0; i < G_N_ELEMENTS (integers); i++)
    {
      g_assert_cmpint (patron_int64_from_key (patron_key_from_int64 (integers[i])), ==, integers[i]);
      if (i > 0)
        g_assert_cmpuint (patron_key_from_int64 (integers[i - 1]), <, patron_key_from_int64 (integers[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/radix-sort/crowded", test_crowded);
  g_test_add_func ("/radix-sort/against-qsort", test_against_qsort);
  g_test_add_func ("/radix-sort/pairs-are-stable", test_pairs_are_stable);
  g_test_add_func ("/radix-sort/keys-keep-order", test_keys_keep_order);
  return g_test_run ();
}
