/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/recommendation.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "ops/analyses/result-columns.h"
#include "ops/analyses/rfm-scores.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { GRAIN = 64 };

void
patron_recommendation_clear (PatronRecommendation *r)
{
  patron_levels_free (r->customers);
  patron_levels_free (r->items);
  patron_item_names_free (r->names);
  patron_interactions_free (r->all);
  patron_free (r->days);
  if (r->services != NULL)
    g_string_free (r->services, TRUE);
  patron_neighbours_free (r->similar);
  patron_offer_test_free (r->test);
  patron_free (r->buyers);
  patron_free (r->n_offers);
  patron_free (r->offers);
  for (guint s = 0; s < r->segments.n; s++)
    patron_text_free (r->segments.names[s]);
  patron_free (r->segments.of_customer);
}

char *
patron_recommendation_item_label (const PatronRecommendation *r, guint32 item)
{
  guint32 level = r->all->levels[item];
  if (r->names->names[level] != NULL)
    return g_strdup (r->names->names[level]);
  return patron_levels_name (r->items, level);
}

/* ---- offers ----------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronRecommendation *r;
  PatronOfferSpace     *spaces;
} Offering;

static void
find_offers (gsize begin, gsize end, int worker, gpointer data)
{
  Offering *offering = data;
  PatronRecommendation *r = offering->r;
  for (gsize b = begin; b < end; b++)
    r->n_offers[b] = patron_find_offers (r->all, r->method == PATRON_RECOMMEND_SIMILAR ? r->similar : NULL, r->buyers[b], r->top_n, r->hide, TRUE,
                                         &offering->spaces[worker], r->offers + b * r->top_n);
}

/* Customers who bought anything and kept it, even if only items that too few others bought. */
static gboolean
find_buyers (PatronRecommendation *r, GError **error)
{
  r->buyers = patron_try_alloc (r->customers->n_levels, sizeof *r->buyers, _("the recommendations"), error);
  for (guint32 u = 0; r->buyers != NULL && u < r->customers->n_levels; u++)
    if (r->all->n_bought[u] > 0)
      r->buyers[r->n_buyers++] = u;
  return r->buyers != NULL;
}

gboolean
patron_recommendation_find_offers (PatronRecommendation *r, PatronRun *run, GError **error)
{
  int workers = patron_parallel_workers (run);
  Offering offering = { r, g_new0 (PatronOfferSpace, workers) };
  r->similar = patron_neighbours_new (r->all, r->neighbours, r->shrinkage, run, error);
  gboolean ok = r->similar != NULL && find_buyers (r, error)
                && (r->n_offers = patron_try_alloc0 (r->n_buyers, 1, _("the recommendations"), error)) != NULL
                && (r->offers = patron_try_alloc ((gsize) r->n_buyers * r->top_n, sizeof *r->offers, _("the recommendations"), error)) != NULL;
  for (int w = 0; ok && w < workers; w++)
    ok = patron_offer_space_init (&offering.spaces[w], r->all->n_items, error);
  if (ok && !patron_parallel_for (run, r->n_buyers, GRAIN, find_offers, &offering))
    ok = patron_run_check (run, error);
  for (int w = 0; w < workers; w++)
    patron_offer_space_clear (&offering.spaces[w]);
  g_free (offering.spaces);
  return ok;
}

/* ---- segments --------------------------------------------------------------------------------------------- */

static gboolean
segments_from_column (PatronRecommendation *r, PatronColumn *group, PatronRun *run, GError **error)
{
  PatronOfferSegments *segments = &r->segments;
  g_autoptr(PatronLevels) levels = patron_levels_new (group, run, error);
  if (levels == NULL)
    return FALSE;
  guint64 *keys = patron_try_alloc (2 * levels->n, sizeof *keys, _("the segments"), error);
  guint32 *customers = keys == NULL ? NULL : patron_try_alloc0 (levels->n_levels, sizeof *customers, _("the segments"), error);
  gint32 *segment_of = customers == NULL ? NULL : patron_try_alloc (levels->n_levels, sizeof *segment_of, _("the segments"), error);
  if (segment_of != NULL)
    {
      gsize n = 0;
      for (gsize i = 0; i < levels->n; i++)
        if (levels->codes[i] >= 0 && r->customers->codes[i] >= 0)
          keys[n++] = (guint64) r->customers->codes[i] << 32 | (guint32) levels->codes[i];
      patron_radix_sort (keys, keys + levels->n, n);
      /* A customer with several values belongs to the most frequent. */
      for (gsize i = 0; i < n;)
        {
          guint64 customer = keys[i] >> 32;
          gsize best = 0;
          while (i < n && keys[i] >> 32 == customer)
            {
              gsize from = i;
              guint64 pair = keys[i];
              while (i < n && keys[i] == pair)
                i++;
              if (i - from > best)
                {
                  best = i - from;
                  segments->of_customer[customer] = (gint32) (pair & G_MAXUINT32);
                }
            }
          customers[segments->of_customer[customer]]++;
        }
      memset (segment_of, 0xff, levels->n_levels * sizeof *segment_of);
      guint most = MIN (levels->n_levels, PATRON_MAX_SEGMENTS - (levels->n_levels > PATRON_MAX_SEGMENTS));
      while (segments->n < most)
        {
          guint32 largest = 0;
          for (guint32 l = 1; l < levels->n_levels; l++)
            if (customers[l] > customers[largest])
              largest = l;
          if (customers[largest] == 0)
            break;
          g_autofree char *name = patron_levels_name (levels, largest);
          segment_of[largest] = segments->n;
          segments->names[segments->n++] = patron_text_plain (name);
          customers[largest] = 0;
        }
      gint32 others = segments->n;
      gboolean any_other = FALSE;
      for (guint32 u = 0; u < r->customers->n_levels; u++)
        if (segments->of_customer[u] >= 0)
          {
            gint32 s = segment_of[segments->of_customer[u]];
            any_other |= s < 0;
            segments->of_customer[u] = s >= 0 ? s : others;
          }
      if (any_other)
        segments->names[segments->n++] = patron_text (N_("Others"), NULL);
      segments->kind = N_("Segments are the values of “{column}”.");
      segments->column = patron_column_get_name (group);
    }
  gboolean ok = segment_of != NULL;
  patron_free (keys);
  patron_free (customers);
  patron_free (segment_of);
  return ok;
}

static gboolean
segments_from_rfm (PatronRecommendation *r, const double *amounts, const PatronLevels *orders, PatronRun *run, GError **error)
{
  PatronOfferSegments *segments = &r->segments;
  PatronRfmInput input = { .customers = r->customers, .orders = orders, .days = r->days, .amounts = amounts, .as_of = NAN,
                           .returns = PATRON_RFM_SUBTRACT, .min_orders = 1 };
  g_autoptr(PatronRfm) rfm = patron_rfm_new (&input, run, error);
  if (rfm == NULL)
    return FALSE;
  double cuts[3][PATRON_RFM_MAX_GROUPS];
  gboolean ok = rfm->n_customers == 0 || patron_rfm_find_cuts (rfm, 5, cuts, error);
  if (!ok || rfm->n_customers == 0)
    return ok;
  patron_rfm_score (rfm, 5, cuts);
  patron_rfm_name (rfm, 5, PATRON_RFM_FIRST);
  gint32 place[PATRON_RFM_N_SEGMENTS];
  memset (place, 0xff, sizeof place);
  for (guint s = 0; s < PATRON_RFM_N_SEGMENTS; s++)
    for (gsize i = 0; i < rfm->n_customers && place[s] < 0; i++)
      if (rfm->customers[i].segment == s)
        {
          place[s] = segments->n;
          segments->names[segments->n++] = patron_text (patron_rfm_segments[s].name, NULL);
        }
  for (gsize i = 0; i < rfm->n_customers; i++)
    segments->of_customer[rfm->customers[i].level] = place[rfm->customers[i].segment];
  segments->kind = N_("Segments are those of the RFM analysis: recency, frequency and money in five groups each.");
  return TRUE;
}

static gboolean
segments_from_activity (PatronRecommendation *r, GError **error)
{
  PatronOfferSegments *segments = &r->segments;
  const PatronInteractions *m = r->all;
  guint64 *counts = patron_try_alloc (2 * (gsize) m->n_customers, sizeof *counts, _("the segments"), error);
  if (counts == NULL)
    return FALSE;
  gsize n = 0;
  for (guint32 u = 0; u < m->n_customers; u++)
    if (m->row_start[u + 1] > m->row_start[u])
      counts[n++] = m->row_start[u + 1] - m->row_start[u];
  patron_radix_sort (counts, counts + m->n_customers, n);
  guint64 low = n > 0 ? counts[n / 3] : 0, high = n > 0 ? counts[n * 2 / 3] : 0;
  patron_free (counts);
  segments->n = 3;
  segments->names[0] = patron_text (N_("Bought more than {n} {n|item|items}"), "n", PATRON_COUNT (high), NULL);
  segments->names[1] = patron_text (N_("Bought {low} to {high} {high|item|items}"), "low", PATRON_COUNT (low + 1), "high", PATRON_COUNT (high), NULL);
  segments->names[2] = patron_text (N_("Bought up to {n} {n|item|items}"), "n", PATRON_COUNT (low), NULL);
  for (guint32 u = 0; u < m->n_customers; u++)
    {
      guint64 bought = m->row_start[u + 1] - m->row_start[u];
      segments->of_customer[u] = bought > high ? 0 : bought > low ? 1 : 2;
    }
  segments->kind = N_("Segments are by the number of different items bought.");
  return TRUE;
}

gboolean
patron_offer_segments_find (PatronRecommendation *r, PatronColumn *group, const double *amounts, const PatronLevels *orders, PatronRun *run, GError **error)
{
  guint32 n = r->customers->n_levels;
  r->segments.of_customer = patron_try_alloc (n, sizeof (gint32), _("the segments"), error);
  if (r->segments.of_customer == NULL)
    return FALSE;
  memset (r->segments.of_customer, 0xff, n * sizeof (gint32));
  if (group != NULL)
    return segments_from_column (r, group, run, error);
  if (amounts != NULL && r->days != NULL)
    {
      if (!segments_from_rfm (r, amounts, orders, run, error))
        return FALSE;
      if (r->segments.n > 0)
        return TRUE;
    }
  return segments_from_activity (r, error);
}

/* ---- result ----------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronRecommendation *r;
  const guint32 *buyer;        /* of each row */
  const guint8  *rank;         /* of each row, from 0 */
} Rows;

static const PatronOffer *
offer_of (gconstpointer data, gsize row)
{
  const Rows *rows = data;
  return &rows->r->offers[(gsize) rows->buyer[row] * rows->r->top_n + rows->rank[row]];
}

static double rank_row (gconstpointer data, gsize row) { return ((const Rows *) data)->rank[row] + 1; }
static double score_row (gconstpointer data, gsize row) { return offer_of (data, row)->score; }
static gint32 name_row (gconstpointer data, gsize row) { return offer_of (data, row)->item; }

/* The label of the purchase, or the last entry: a best seller. */
static gint32
because_row (gconstpointer data, gsize row)
{
  const Rows *rows = data;
  const PatronOffer *offer = offer_of (data, row);
  return offer->because >= 0 ? offer->because : (gint32) rows->r->all->n_items;
}

static PatronDict *
label_dict (const PatronRecommendation *r)
{
  guint32 n = r->all->n_items;
  g_autoptr(GPtrArray) labels = g_ptr_array_new_full (n + 1, g_free);
  for (guint32 item = 0; item < n; item++)
    g_ptr_array_add (labels, patron_recommendation_item_label (r, item));
  g_ptr_array_add (labels, g_strdup (_("Best seller")));
  return patron_dict_new ((const char *const *) labels->pdata, labels->len);
}

static gboolean
fill_columns (GPtrArray *columns, const Rows *rows, gsize n, guint32 *levels, GError **error)
{
  const PatronRecommendation *r = rows->r;
  g_autoptr(PatronDict) labels = label_dict (r);
  for (gsize i = 0; i < n; i++)
    levels[i] = r->buyers[rows->buyer[i]];
  gboolean ok = patron_add_result_column (columns, patron_levels_take (r->customers, "customer", levels, n, error))
                && patron_add_result_numbers (columns, "rank", PATRON_TYPE_INTEGER, n, rank_row, rows, error);
  for (gsize i = 0; ok && i < n; i++)
    levels[i] = r->all->levels[offer_of (rows, i)->item];
  ok = ok && patron_add_result_column (columns, patron_levels_take (r->items, "item", levels, n, error));
  if (ok && r->names->column != NULL)
    ok = patron_add_result_codes (columns, "description", PATRON_TYPE_CATEGORY, n, labels, name_row, rows, error);
  return ok && patron_add_result_numbers (columns, "score", PATRON_TYPE_NUMBER, n, score_row, rows, error)
         && patron_add_result_codes (columns, "because", PATRON_TYPE_CATEGORY, n, labels, because_row, rows, error);
}

PatronTable *
patron_recommendation_table (const PatronRecommendation *r, GError **error)
{
  gsize n = 0, at = 0;
  for (guint32 b = 0; b < r->n_buyers; b++)
    n += r->n_offers[b];
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  guint32 *buyer = patron_try_alloc (n, sizeof *buyer, _("the result table"), error);
  guint8 *rank = buyer == NULL ? NULL : patron_try_alloc (n, sizeof *rank, _("the result table"), error);
  guint32 *levels = rank == NULL ? NULL : patron_try_alloc (n, sizeof *levels, _("the result table"), error);
  gboolean ok = levels != NULL;
  if (ok)
    {
      for (guint32 b = 0; b < r->n_buyers; b++)
        for (guint o = 0; o < r->n_offers[b]; o++)
          {
            buyer[at] = b;
            rank[at++] = o;
          }
      const Rows rows = { r, buyer, rank };
      ok = fill_columns (columns, &rows, n, levels, error);
    }
  patron_free (buyer);
  patron_free (rank);
  patron_free (levels);
  return ok ? patron_table_new_take ("recommendations", g_steal_pointer (&columns)) : NULL;
}
