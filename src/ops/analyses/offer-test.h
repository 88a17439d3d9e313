/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/item-similarity.h"

G_BEGIN_DECLS

/* The offline test of recommendations: learn from earlier purchases, recommend, and look which of the items were bought later. */

enum { PATRON_N_CUTOFFS = 3 };
extern const guint patron_cutoffs[PATRON_N_CUTOFFS];   /* 5, 10, 20 */

typedef enum { PATRON_OFFER_SIMILAR, PATRON_OFFER_POPULAR, PATRON_N_OFFER_METHODS } PatronOfferMethod;

typedef enum
{
  PATRON_RANK_PRECISION,   /* hits among the first k / k */
  PATRON_RANK_RECALL,      /* hits among the first k / relevant items */
  PATRON_RANK_NDCG,        /* Σ hit at r / log2 (r + 1), divided by the most that min (k, relevant) hits could give */
  PATRON_RANK_MAP,         /* Σ hit at r · precision at r / min (k, relevant) */
  PATRON_RANK_HIT,         /* 1 when there is a hit among the first k */
  PATRON_N_RANK_MEASURES,
} PatronRankMeasure;

/* The five measures of one list. hits: n_hits_shown flags, one a place (1: relevant); n_relevant ≥ 1. */
void patron_rank_measures (const guint8 *hits, guint n, guint k, gsize n_relevant, double out[PATRON_N_RANK_MEASURES]);

typedef struct { double value, low, high; } PatronEstimate;

typedef struct
{
  guint32  n_customers;      /* tested: with purchases before, and new ones after */
  guint32 *customers;        /* n_customers */
  guint32 *bought;           /* n_customers: items each had before */
  double  *scores;           /* n_customers × methods × cutoffs × measures */
  gsize    n_relevant;       /* purchases to be found */
  gsize    n_unreachable;    /* of them: of items that had too few customers before */
  gsize    n_new_customers;  /* bought only after: nothing to learn from */
  double   coverage[PATRON_N_OFFER_METHODS];   /* share of the items that were recommended to someone, 10 places */
  double   novelty[PATRON_N_OFFER_METHODS];    /* mean -log2 (share of customers who have the item), 10 places */
  guint    resamples;
  PatronEstimate mean[PATRON_N_OFFER_METHODS][PATRON_N_CUTOFFS][PATRON_N_RANK_MEASURES];
  PatronEstimate difference[PATRON_N_CUTOFFS][PATRON_N_RANK_MEASURES];   /* similar - popular */
} PatronOfferTest;

typedef struct
{
  const PatronInteractions *train;
  const PatronInteractions *later;     /* what was bought after, every item (min_customers 1), same levels */
  guint    neighbours;
  double   shrinkage;
  gboolean hide;             /* purchases before are not recommended and do not count when repeated */
  guint64  seed;
} PatronOfferTestInput;

/* 95 % intervals: percentiles of bootstrap resamples of customers (Efron and Tibshirani 1993). With no customer to test
 * n_customers is 0 and the estimates are NaN. */
PatronOfferTest *patron_offer_test_new  (const PatronOfferTestInput *input, PatronRun *run, GError **error);
void             patron_offer_test_free (PatronOfferTest *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronOfferTest, patron_offer_test_free)

static inline const double *
patron_offer_test_row (const PatronOfferTest *test, gsize customer, guint method, guint cutoff)
{
  return test->scores + ((customer * PATRON_N_OFFER_METHODS + method) * PATRON_N_CUTOFFS + cutoff) * PATRON_N_RANK_MEASURES;
}

G_END_DECLS
