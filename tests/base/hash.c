/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <string.h>

enum { N = 1 << 16, SLOTS = 2 * N };

typedef guint64 (*Key) (guint i);

static guint64
bits_of (double value)
{
  guint64 bits;
  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static guint64 small (guint i) { return i; }
static guint64 microseconds (guint i) { return (guint64) i * 86400 * 1000000; }
static guint64 whole (guint i) { return bits_of (i); }
static guint64 next_to_whole (guint i) { return bits_of (i) + 1; }
static guint64 large (guint i) { return bits_of (1e12 + i * 1e6); }
static guint64 cents (guint i) { return bits_of (i / 100.0); }
static guint64 negative (guint i) { return bits_of (-(double) i); }

/* Of n keys thrown at 2 n slots at random, 0.79 n slots are hit; with far fewer, looking up takes long. */
static void
test_spread (void)
{
  static const struct { const char *name; Key key; } kinds[] = {
    { "small", small }, { "microseconds", microseconds }, { "whole", whole }, { "next to whole", next_to_whole }, { "large", large }, { "cents", cents },
    { "negative", negative },
  };
  static guint8 hit[SLOTS];
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (guint shift = 0; shift <= 40; shift += 20)
      {
        guint n_hit = 0;
        memset (hit, 0, sizeof hit);
        for (guint i = 0; i < N; i++)
          {
            gsize at = patron_hash_bits (kinds[k].key (i)) >> shift & (SLOTS - 1);
            n_hit += !hit[at];
            hit[at] = 1;
          }
        if (n_hit < N * 0.6)
          g_error ("%s, from bit %u: %u slots", kinds[k].name, shift, n_hit);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/hash/spread", test_spread);
  return g_test_run ();
}
