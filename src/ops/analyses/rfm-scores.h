/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/levels.h"

G_BEGIN_DECLS

/* Recency, frequency and money of every customer, their scores and segments. Numbers only; ops/analyses/rfm.c says what they mean. */

enum { PATRON_RFM_MAX_GROUPS = 10 };

/* The segments and their bounds on scores of 1 … 5, both inclusive, as in the R package rfm (A. Hebbali). They overlap: the first that
 * holds wins; a customer for whom none holds is in the last one, PATRON_RFM_OTHERS. */
typedef struct
{
  const char *id;
  const char *name;      /* msgid */
  const char *action;    /* msgid: what to do with these customers, one line */
  guint8      low[3], high[3];
} PatronRfmSegment;

enum { PATRON_RFM_OTHERS = 10, PATRON_RFM_N_SEGMENTS = 11 };
extern const PatronRfmSegment patron_rfm_segments[PATRON_RFM_N_SEGMENTS];

typedef enum { PATRON_RFM_SUBTRACT, PATRON_RFM_IGNORE } PatronRfmReturns;
typedef enum { PATRON_RFM_FIRST, PATRON_RFM_NARROWEST } PatronRfmOverlap;

typedef struct
{
  const PatronLevels *customers;
  const PatronLevels *orders;     /* what makes two lines of a customer one order: baskets or points in time; NULL: the day */
  const double       *days;       /* n lines, fractions allowed */
  const double       *amounts;    /* n lines; below 0: a return; 0 or NaN: neither order nor money */
  double              as_of;      /* a day, or NaN: the day after the last line. Lines after it do not count. */
  PatronRfmReturns    returns;
  int                 min_orders; /* customers with fewer are left out */
} PatronRfmInput;

/* One customer. */
typedef struct
{
  guint32 level;                  /* of the input's customers */
  guint32 orders;
  double  recency;                /* whole days from the last order to the as-of date */
  double  monetary;               /* after returns when these are subtracted */
  double  first_day, last_day;    /* of orders */
  guint8  score[3];               /* recency, frequency, monetary: 1 … groups, high is good; 0 until scored */
  guint8  segment;
} PatronRfmCustomer;

typedef struct
{
  PatronRfmCustomer *customers;   /* by money, most first; ties by level */
  gsize  n_customers;
  double as_of;
  gsize  n_orders, n_lines;       /* of these customers */
  gsize  n_return_lines, n_free_lines, n_later_lines;
  gsize  n_without_order;         /* customers who only returned, or only got things free */
  gsize  n_few_orders;            /* left out by min_orders */
  double gross, returned;         /* money of these customers before returns, and what came back (≥ 0) */
  double returned_unmatched;      /* returns of customers without an order in the data */
  double first_day, last_day;     /* of orders */
} PatronRfm;

PatronRfm *patron_rfm_new  (const PatronRfmInput *input, PatronRun *run, GError **error);
void       patron_rfm_free (PatronRfm *rfm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronRfm, patron_rfm_free)

/* The values of one dimension (0 recency, 1 frequency, 2 monetary) in the order of the customers; n_customers, patron_free(). */
double    *patron_rfm_values (const PatronRfm *rfm, guint dimension, GError **error);

/* The groups - 1 cuts that make groups of equal size, as far as equal values allow: linear interpolation between order statistics (type 7
 * of Hyndman and Fan, "Sample quantiles in statistical packages", 1996). sorted: ascending, n ≥ 1. */
void       patron_rfm_quantile_cuts (const double *sorted, gsize n, guint groups, double *cuts);

/* The same for all three dimensions of the customers. */
gboolean   patron_rfm_find_cuts (const PatronRfm *rfm, guint groups, double cuts[3][PATRON_RFM_MAX_GROUPS], GError **error);

/* Scores every customer: 1 + the number of cuts below the value (so equal values always share a score); recency counts down from groups.
 * cuts[dimension]: groups - 1, ascending. */
void       patron_rfm_score    (PatronRfm *rfm, guint groups, double cuts[3][PATRON_RFM_MAX_GROUPS]);
/* Names the segment of every scored customer. Scores on another scale than 1 … 5 are brought to it: ceil (5 · score / groups). */
void       patron_rfm_name     (PatronRfm *rfm, guint groups, PatronRfmOverlap overlap);

/* Half the relative mean difference of values ≥ 0 (negative values count as 0): 0 all alike, 1 one has everything. descending: n. */
double     patron_gini         (const double *descending, gsize n);
/* Share of the total that the first ceil (share · n) values hold. Negative values count as 0. */
double     patron_top_share    (const double *descending, gsize n, double share);

G_END_DECLS
