/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/interactions.h"

G_BEGIN_DECLS

/* The most similar items of each item, by the cosine of their columns of customers:
 *
 *   s(i, j) = Σ_u w(u,i) w(u,j) / (‖w(·,i)‖ ‖w(·,j)‖) · c / (c + shrinkage),    c = customers who bought both
 *
 * Deshpande and Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 22(1), 2004. Only neighbours with s > 0 are kept. */
typedef struct
{
  guint32  n_items;
  gsize    n;
  gsize   *start;         /* n_items + 1 */
  guint32 *items;         /* n: most similar first; ties: the more popular item */
  double  *similarities;  /* n */
  /* The same turned round: of whom item i is a neighbour. */
  gsize   *back_start;    /* n_items + 1 */
  guint32 *back_items;    /* n: ascending within an item */
  double  *back_similarities;
} PatronNeighbours;

PatronNeighbours *patron_neighbours_new  (const PatronInteractions *interactions, guint k, double shrinkage, PatronRun *run, GError **error);
void              patron_neighbours_free (PatronNeighbours *neighbours);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronNeighbours, patron_neighbours_free)

enum { PATRON_MAX_OFFERS = 100 };

/* An item put before a customer. */
typedef struct
{
  guint32 item;
  gint32  because;        /* the purchase that adds most to the score; -1: a best seller, not personal */
  double  score;          /* Σ over purchases i among the neighbours of the item: w(u,i) s(item, i); best sellers: 0 */
} PatronOffer;

/* Working space of one thread. */
typedef struct
{
  double  *scores;        /* n_items, 0 between calls */
  gint32  *owned;         /* n_items: position + 1 in the customer's row, 0 between calls */
} PatronOfferSpace;

gboolean patron_offer_space_init  (PatronOfferSpace *space, guint32 n_items, GError **error);
void     patron_offer_space_clear (PatronOfferSpace *space);

/* The n ≤ PATRON_MAX_OFFERS best items for a customer, best first; returns how many there are. hide: leave out what the customer has. similar: items by
 * similarity; where these do not reach n, best sellers follow. neighbours NULL: best sellers only. */
guint    patron_find_offers (const PatronInteractions *interactions, const PatronNeighbours *neighbours, guint32 customer, guint n, gboolean hide,
                             gboolean reasons, PatronOfferSpace *space, PatronOffer *offers);

G_END_DECLS
