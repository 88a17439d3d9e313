/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/offer-test.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"
#include "base/random.h"

#include <glib/gi18n-lib.h>
#include <math.h>

const guint patron_cutoffs[PATRON_N_CUTOFFS] = { 5, 10, 20 };

enum
{
  LONGEST = 20,              /* the largest cutoff */
  SHOWN = 10,                /* places that coverage and novelty look at */
  ROW = PATRON_N_OFFER_METHODS * PATRON_N_CUTOFFS * PATRON_N_RANK_MEASURES,
  GRAIN = 64,                /* customers a block */
  RESAMPLES = 1000,
  FEW_RESAMPLES = 200,
  MANY_CUSTOMERS = 50000,    /* above, fewer resamples: intervals are narrow there */
};

void
patron_rank_measures (const guint8 *hits, guint n, guint k, gsize n_relevant, double out[PATRON_N_RANK_MEASURES])
{
  double found = 0, gain = 0, ideal = 0, precisions = 0;
  gsize possible = MIN ((gsize) k, n_relevant);
  for (guint r = 0; r < MIN (n, k); r++)
    if (hits[r])
      {
        found++;
        gain += 1 / log2 (r + 2);
        precisions += found / (r + 1);
      }
  for (guint r = 0; r < possible; r++)
    ideal += 1 / log2 (r + 2);
  out[PATRON_RANK_PRECISION] = found / k;
  out[PATRON_RANK_RECALL] = found / (double) n_relevant;
  out[PATRON_RANK_NDCG] = gain / ideal;
  out[PATRON_RANK_MAP] = precisions / (double) possible;
  out[PATRON_RANK_HIT] = found > 0;
}

/* ---- who can be tested ------------------------------------------------------------------------------------ */

static gboolean
row_has (const PatronInteractions *m, guint32 customer, gint32 item)
{
  gsize low = m->row_start[customer], high = m->row_start[customer + 1];
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      if ((gint32) m->row_items[middle] < item)
        low = middle + 1;
      else
        high = middle;
    }
  return low < m->row_start[customer + 1] && (gint32) m->row_items[low] == item;
}

/* The items of the training matrix that the customer bought later and that count; -1 for one that cannot be recommended. */
static gsize
find_relevant (const PatronOfferTestInput *input, guint32 customer, gint32 *relevant)
{
  const PatronInteractions *later = input->later;
  gsize n = 0;
  for (gsize r = later->row_start[customer]; r < later->row_start[customer + 1]; r++)
    {
      gint32 item = input->train->item_of_level[later->levels[later->row_items[r]]];
      if (item >= 0 && input->hide && row_has (input->train, customer, item))
        continue;
      relevant[n++] = item;
    }
  return n;
}

static gboolean
choose_customers (const PatronOfferTestInput *input, PatronOfferTest *test, GError **error)
{
  const PatronInteractions *train = input->train, *later = input->later;
  gint32 *relevant = patron_try_alloc (later->n_items, sizeof *relevant, _("the test of recommendations"), error);
  test->customers = relevant == NULL ? NULL : patron_try_alloc (train->n_customers, sizeof *test->customers, _("the test of recommendations"), error);
  test->bought = test->customers == NULL ? NULL : patron_try_alloc (train->n_customers, sizeof *test->bought, _("the test of recommendations"), error);
  for (guint32 u = 0; test->bought != NULL && u < train->n_customers; u++)
    {
      guint32 before = train->row_start[u + 1] - train->row_start[u];
      if (later->row_start[u + 1] == later->row_start[u])
        continue;
      if (before == 0)
        {
          test->n_new_customers++;
          continue;
        }
      gsize n = find_relevant (input, u, relevant);
      if (n == 0)
        continue;
      for (gsize i = 0; i < n; i++)
        test->n_unreachable += relevant[i] < 0;
      test->n_relevant += n;
      test->bought[test->n_customers] = before;
      test->customers[test->n_customers++] = u;
    }
  patron_free (relevant);
  return test->bought != NULL;
}

/* ---- scoring ---------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronOfferTestInput *input;
  const PatronNeighbours     *neighbours;
  PatronOfferTest            *test;
  PatronOfferSpace           *spaces;      /* one for each worker */
  gint32                    **relevant;    /* one for each worker */
  guint8                     *shown[PATRON_N_OFFER_METHODS];   /* n_items: 1 when anyone was shown it */
  double                     *novelty;     /* n_customers × methods */
} Scoring;

static void
score_list (Scoring *scoring, gsize at, guint method, const PatronOffer *offers, guint n, const gint32 *relevant, gsize n_relevant)
{
  const PatronInteractions *train = scoring->input->train;
  guint8 hits[LONGEST];
  double surprise = 0;
  for (guint o = 0; o < n; o++)
    {
      gint32 item = offers[o].item;
      hits[o] = 0;
      for (gsize r = 0; r < n_relevant && !hits[o]; r++)
        hits[o] = relevant[r] == item;
      if (o < SHOWN)
        {
          /* Several workers may write the same 1. */
          __atomic_store_n (&scoring->shown[method][item], 1, __ATOMIC_RELAXED);
          surprise -= log2 ((double) (train->column_start[item + 1] - train->column_start[item]) / train->n_customers);
        }
    }
  scoring->novelty[at * PATRON_N_OFFER_METHODS + method] = n > 0 ? surprise / MIN (n, (guint) SHOWN) : 0;
  for (guint c = 0; c < PATRON_N_CUTOFFS; c++)
    patron_rank_measures (hits, n, patron_cutoffs[c], n_relevant, (double *) patron_offer_test_row (scoring->test, at, method, c));
}

static void
score_customers (gsize begin, gsize end, int worker, gpointer data)
{
  Scoring *scoring = data;
  const PatronOfferTestInput *input = scoring->input;
  gint32 *relevant = scoring->relevant[worker];
  for (gsize at = begin; at < end; at++)
    {
      guint32 u = scoring->test->customers[at];
      gsize n_relevant = find_relevant (input, u, relevant);
      for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
        {
          PatronOffer offers[LONGEST];
          guint n = patron_find_offers (input->train, method == PATRON_OFFER_SIMILAR ? scoring->neighbours : NULL, u, LONGEST, input->hide, FALSE,
                                        &scoring->spaces[worker], offers);
          score_list (scoring, at, method, offers, n, relevant, n_relevant);
        }
    }
}

static gboolean
scoring_init (Scoring *scoring, int workers, GError **error)
{
  const char *purpose = _("the test of recommendations");
  PatronOfferTest *test = scoring->test;
  gsize n_items = scoring->input->train->n_items;
  scoring->spaces = g_new0 (PatronOfferSpace, workers);
  scoring->relevant = g_new0 (gint32 *, workers);
  test->scores = patron_try_alloc ((gsize) test->n_customers * ROW, sizeof (double), purpose, error);
  scoring->novelty = test->scores == NULL ? NULL : patron_try_alloc ((gsize) test->n_customers * PATRON_N_OFFER_METHODS, sizeof (double), purpose, error);
  gboolean ok = scoring->novelty != NULL;
  for (guint method = 0; ok && method < PATRON_N_OFFER_METHODS; method++)
    ok = (scoring->shown[method] = patron_try_alloc0 (n_items, 1, purpose, error)) != NULL;
  for (int w = 0; ok && w < workers; w++)
    ok = patron_offer_space_init (&scoring->spaces[w], n_items, error)
         && (scoring->relevant[w] = patron_try_alloc (scoring->input->later->n_items, sizeof (gint32), purpose, error)) != NULL;
  return ok;
}

static void
scoring_clear (Scoring *scoring, int workers)
{
  for (int w = 0; w < workers; w++)
    {
      patron_offer_space_clear (&scoring->spaces[w]);
      patron_free (scoring->relevant[w]);
    }
  for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
    patron_free (scoring->shown[method]);
  g_free (scoring->spaces);
  g_free (scoring->relevant);
  patron_free (scoring->novelty);
}

static void
sum_up_lists (Scoring *scoring)
{
  PatronOfferTest *test = scoring->test;
  guint32 n_items = scoring->input->train->n_items;
  for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
    {
      gsize shown = 0;
      double novelty = 0;
      for (guint32 j = 0; j < n_items; j++)
        shown += scoring->shown[method][j];
      for (gsize at = 0; at < test->n_customers; at++)
        novelty += scoring->novelty[at * PATRON_N_OFFER_METHODS + method];
      test->coverage[method] = (double) shown / n_items;
      test->novelty[method] = novelty / test->n_customers;
    }
}

/* ---- intervals -------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronOfferTest *test;
  guint64 seed;
  double *means;             /* resamples × ROW */
} Bootstrap;

static void
resample (gsize begin, gsize end, int worker, gpointer data)
{
  Bootstrap *bootstrap = data;
  const PatronOfferTest *test = bootstrap->test;
  for (gsize b = begin; b < end; b++)
    {
      PatronRandom random;
      double *mean = bootstrap->means + b * ROW;
      double sum[ROW] = { 0 };
      patron_random_init (&random, bootstrap->seed, 0x7e57 + b);
      for (guint32 i = 0; i < test->n_customers; i++)
        {
          const double *row = test->scores + patron_random_below (&random, test->n_customers) * ROW;
          for (guint v = 0; v < ROW; v++)
            sum[v] += row[v];
        }
      for (guint v = 0; v < ROW; v++)
        mean[v] = sum[v] / test->n_customers;
    }
}

static void
set_interval (PatronEstimate *estimate, const double *means, guint n, guint plus, int minus, double *sorted)
{
  for (guint b = 0; b < n; b++)
    sorted[b] = means[b * ROW + plus] - (minus >= 0 ? means[b * ROW + minus] : 0);
  patron_sort_doubles (sorted, n);
  estimate->low = patron_quantile_sorted (sorted, n, 0.025);
  estimate->high = patron_quantile_sorted (sorted, n, 0.975);
}

static gboolean
estimate (PatronOfferTest *test, guint64 seed, PatronRun *run, GError **error)
{
  double mean[ROW] = { 0 };
  test->resamples = test->n_customers > MANY_CUSTOMERS ? FEW_RESAMPLES : RESAMPLES;
  Bootstrap bootstrap = { .test = test, .seed = seed };
  bootstrap.means = patron_try_alloc ((gsize) test->resamples * ROW, sizeof (double), _("the test of recommendations"), error);
  if (bootstrap.means == NULL)
    return FALSE;
  gboolean ok = patron_parallel_for (run, test->resamples, 4, resample, &bootstrap) || patron_run_check (run, error);
  g_autofree double *sorted = g_new (double, test->resamples);
  for (gsize at = 0; at < test->n_customers; at++)
    for (guint v = 0; v < ROW; v++)
      mean[v] += test->scores[at * ROW + v];
  for (guint v = 0; ok && v < ROW; v++)
    {
      guint method = v / (ROW / PATRON_N_OFFER_METHODS), within = v % (ROW / PATRON_N_OFFER_METHODS);
      guint cutoff = within / PATRON_N_RANK_MEASURES, measure = within % PATRON_N_RANK_MEASURES;
      PatronEstimate *to = &test->mean[method][cutoff][measure];
      to->value = mean[v] / test->n_customers;
      set_interval (to, bootstrap.means, test->resamples, v, -1, sorted);
      if (method == PATRON_OFFER_SIMILAR)
        {
          PatronEstimate *difference = &test->difference[cutoff][measure];
          difference->value = (mean[v] - mean[v + ROW / PATRON_N_OFFER_METHODS]) / test->n_customers;
          set_interval (difference, bootstrap.means, test->resamples, v, v + ROW / PATRON_N_OFFER_METHODS, sorted);
        }
    }
  patron_free (bootstrap.means);
  return ok;
}

static void
clear_estimates (PatronOfferTest *test)
{
  const PatronEstimate none = { NAN, NAN, NAN };
  for (guint c = 0; c < PATRON_N_CUTOFFS; c++)
    for (guint v = 0; v < PATRON_N_RANK_MEASURES; v++)
      {
        test->difference[c][v] = none;
        for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
          test->mean[method][c][v] = none;
      }
  for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
    test->coverage[method] = test->novelty[method] = NAN;
}

PatronOfferTest *
patron_offer_test_new (const PatronOfferTestInput *input, PatronRun *run, GError **error)
{
  g_autoptr(PatronOfferTest) test = g_new0 (PatronOfferTest, 1);
  clear_estimates (test);
  if (!choose_customers (input, test, error))
    return NULL;
  if (test->n_customers == 0)
    return g_steal_pointer (&test);
  g_autoptr(PatronNeighbours) neighbours = patron_neighbours_new (input->train, input->neighbours, input->shrinkage, run, error);
  if (neighbours == NULL)
    return NULL;
  int workers = patron_parallel_workers (run);
  Scoring scoring = { .input = input, .neighbours = neighbours, .test = test };
  gboolean ok = scoring_init (&scoring, workers, error);
  if (ok && !patron_parallel_for (run, test->n_customers, GRAIN, score_customers, &scoring))
    ok = patron_run_check (run, error);
  if (ok)
    sum_up_lists (&scoring);
  scoring_clear (&scoring, workers);
  ok = ok && estimate (test, input->seed, run, error);
  return ok ? g_steal_pointer (&test) : NULL;
}

void
patron_offer_test_free (PatronOfferTest *test)
{
  if (test == NULL)
    return;
  patron_free (test->customers);
  patron_free (test->bought);
  patron_free (test->scores);
  g_free (test);
}
