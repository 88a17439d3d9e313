/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"

G_BEGIN_DECLS

/* Who bought what: a sparse matrix, customers × items, by customer and by item. Items are renumbered by popularity: item 0 has the most
 * customers; ties by level. Immutable. */
typedef struct
{
  guint32  n_customers;      /* all levels, also those without a purchase */
  guint32  n_items;          /* items with enough customers */
  gsize    n;                /* pairs kept */
  gsize   *row_start;        /* n_customers + 1 */
  guint32 *row_items;        /* n: ascending within a customer */
  double  *row_weights;      /* n: > 0 */
  gsize   *column_start;     /* n_items + 1 */
  guint32 *column_customers; /* n: ascending within an item */
  double  *column_weights;
  guint32 *levels;           /* n_items: the level of each item */
  gint32  *item_of_level;    /* n_levels: -1 for an item nobody bought or with too few customers */
  guint32  n_levels;
  guint32  n_cold_items;     /* bought, but by too few customers */
  guint32 *n_bought;         /* n_customers: different items, those left out included */
} PatronInteractions;

typedef enum { PATRON_WEIGHT_BINARY, PATRON_WEIGHT_QUANTITY, PATRON_WEIGHT_LOG } PatronWeighting;

typedef struct
{
  gsize          n;             /* lines */
  const gint32  *customers;     /* n: level, -1: skip the line */
  const gint32  *items;         /* n: level, -1: skip the line */
  const double  *quantities;    /* n, below 0 for returns; NULL: all 1. NaN: skip the line */
  const guint8  *use;           /* n: 0 skips the line; NULL: all */
  guint32        n_customers, n_items;   /* levels */
  PatronWeighting weighting;
  int            min_customers; /* items with fewer are left out */
} PatronLines;

/* Quantities of a customer and an item are summed; a pair whose sum is not above 0 (all sent back) is no purchase. */
PatronInteractions *patron_interactions_new  (const PatronLines *lines, PatronRun *run, GError **error);
void                patron_interactions_free (PatronInteractions *interactions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronInteractions, patron_interactions_free)

G_END_DECLS
