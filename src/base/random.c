/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include <math.h>

static inline guint64
rotate (guint64 x, int k)
{
  return (x << k) | (x >> (64 - k));
}

static inline guint64
splitmix64 (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void
patron_random_init (PatronRandom *random, guint64 seed, guint64 stream)
{
  /* Mixing the stream before adding it keeps neighbouring (seed, stream) pairs apart. */
  guint64 mixed = stream;
  guint64 state = seed ^ splitmix64 (&mixed);
  for (int i = 0; i < 4; i++)
    random->s[i] = splitmix64 (&state);
}

guint64
patron_random_bits (PatronRandom *random)
{
  guint64 *s = random->s;
  guint64 result = rotate (s[1] * 5, 7) * 9;
  guint64 t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate (s[3], 45);
  return result;
}

double
patron_random_unit (PatronRandom *random)
{
  return (double) (patron_random_bits (random) >> 11) * 0x1p-53;
}

/* Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019. */
gsize
patron_random_below (PatronRandom *random, gsize n)
{
  unsigned __int128 product = (unsigned __int128) patron_random_bits (random) * n;
  guint64 low = (guint64) product;
  if (low < n)
    {
      guint64 threshold = -(guint64) n % n;
      while (low < threshold)
        {
          product = (unsigned __int128) patron_random_bits (random) * n;
          low = (guint64) product;
        }
    }
  return (gsize) (product >> 64);
}

/* Marsaglia's polar method; the second value is dropped so that the state is only the generator's. */
double
patron_random_normal (PatronRandom *random)
{
  double u, v, s;
  do
    {
      u = 2 * patron_random_unit (random) - 1;
      v = 2 * patron_random_unit (random) - 1;
      s = u * u + v * v;
    }
  while (s >= 1 || s == 0);
  return u * sqrt (-2 * log (s) / s);
}

void
patron_random_shuffle (PatronRandom *random, guint32 *values, gsize n)
{
  for (gsize i = n; i > 1; i--)
    {
      gsize j = patron_random_below (random, i);
      guint32 swap = values[i - 1];
      values[i - 1] = values[j];
      values[j] = swap;
    }
}

/* Selection sampling: Knuth, TAOCP vol. 2, 3.4.2, algorithm S. */
void
patron_random_sample (PatronRandom *random, gsize population, gsize n, guint32 *out)
{
  gsize chosen = 0;
  for (gsize i = 0; chosen < n; i++)
    if (patron_random_below (random, population - i) < n - chosen)
      out[chosen++] = i;
}
