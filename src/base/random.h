/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021),
 * seeded by splitmix64. A value type: copy it to fork it.
 *
 * The same seed must give the same result at any thread count, so never share one between threads: give each
 * independent unit of work (a tree, a restart, a fold, a block) its own stream. */
typedef struct
{
  guint64 s[4];
} PatronRandom;

void    patron_random_init   (PatronRandom *random, guint64 seed, guint64 stream);
guint64 patron_random_bits   (PatronRandom *random);
double  patron_random_unit   (PatronRandom *random);              /* [0, 1) */
gsize   patron_random_below  (PatronRandom *random, gsize n);     /* 0 … n-1 without bias; n ≥ 1 */
double  patron_random_normal (PatronRandom *random);              /* mean 0, variance 1 */
void    patron_random_shuffle (PatronRandom *random, guint32 *values, gsize n);
/* n numbers out of 0 … population-1, without repetition, ascending. n ≤ population. */
void    patron_random_sample (PatronRandom *random, gsize population, gsize n, guint32 *out);

G_END_DECLS
