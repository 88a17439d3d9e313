/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/measures/folds.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/memory.h"
#include "base/random.h"

/* Streams of the seed, so that folds and hold-outs do not follow one another. */
enum { STREAM_FOLDS = 0x466f6c64, STREAM_SHARE = 0x53686172 };

/* The rows in random order, grouped by class: class c is order[start[c]] … order[start[c + 1] - 1]. */
typedef struct
{
  guint    n_classes;
  gsize   *start;
  guint32 *order;
} Strata;

static void
strata_clear (Strata *s)
{
  g_free (s->start);
  patron_free (s->order);
}

static gboolean
strata_init (Strata *s, gsize n, const double *strata, PatronRandom *random, GError **error)
{
  s->start = NULL;
  s->order = patron_try_alloc (n, sizeof (guint32), _("the split into training and test rows"), error);
  if (s->order == NULL)
    return FALSE;
  double largest = 0;
  for (gsize i = 0; strata != NULL && i < n; i++)
    largest = MAX (largest, strata[i]);
  s->n_classes = (guint) largest + 1;
  s->start = g_new0 (gsize, s->n_classes + 1);
  for (gsize i = 0; i < n; i++)
    s->start[(strata != NULL ? (gsize) strata[i] : 0) + 1]++;
  for (guint c = 0; c < s->n_classes; c++)
    s->start[c + 1] += s->start[c];
  g_autofree gsize *next = g_memdup2 (s->start, sizeof (gsize) * s->n_classes);
  for (gsize i = 0; i < n; i++)
    s->order[next[strata != NULL ? (gsize) strata[i] : 0]++] = i;
  for (guint c = 0; c < s->n_classes; c++)
    patron_random_shuffle (random, s->order + s->start[c], s->start[c + 1] - s->start[c]);
  return TRUE;
}

gboolean
patron_deal_folds (gsize n, const double *strata, guint n_folds, guint64 seed, guint32 *fold, GError **error)
{
  Strata s;
  PatronRandom random;
  patron_random_init (&random, seed, STREAM_FOLDS);
  if (!strata_init (&s, n, strata, &random, error))
    return FALSE;
  /* One continuous deal over the classes keeps the folds' sizes within one row of each other. */
  for (gsize i = 0; i < n; i++)
    fold[s.order[i]] = i % n_folds;
  strata_clear (&s);
  return TRUE;
}

typedef struct
{
  double remainder;
  guint  index;
} Remainder;

static int
compare_remainders (const void *a, const void *b)
{
  const Remainder *x = a, *y = b;
  if (x->remainder != y->remainder)
    return x->remainder < y->remainder ? 1 : -1;
  return (x->index > y->index) - (x->index < y->index);
}

/* taken[c] test rows of each class, n_test altogether. */
static void
apportion (const Strata *s, gsize n, gsize n_test, gsize *taken)
{
  g_autofree Remainder *remainders = g_new (Remainder, s->n_classes);
  gsize given = 0;
  for (guint c = 0; c < s->n_classes; c++)
    {
      double exact = (double) (s->start[c + 1] - s->start[c]) * n_test / n;
      taken[c] = floor (exact);
      given += taken[c];
      remainders[c] = (Remainder) { exact - taken[c], c };
    }
  qsort (remainders, s->n_classes, sizeof (Remainder), compare_remainders);
  for (guint r = 0; r < s->n_classes && given < n_test; r++)
    {
      guint c = remainders[r].index;
      if (taken[c] < s->start[c + 1] - s->start[c])
        {
          taken[c]++;
          given++;
        }
    }
}

gboolean
patron_draw_share (gsize n, const double *strata, double share, guint64 seed, guint8 *test, GError **error)
{
  Strata s;
  PatronRandom random;
  gsize n_test = CLAMP (ceil (share * n - 1e-9), 1, n - 1);
  patron_random_init (&random, seed, STREAM_SHARE);
  if (!strata_init (&s, n, strata, &random, error))
    return FALSE;
  g_autofree gsize *taken = g_new (gsize, s.n_classes);
  apportion (&s, n, n_test, taken);
  for (gsize i = 0; i < n; i++)
    test[i] = FALSE;
  for (guint c = 0; c < s.n_classes; c++)
    for (gsize i = 0; i < taken[c]; i++)
      test[s.order[s.start[c] + i]] = TRUE;
  strata_clear (&s);
  return TRUE;
}
