/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/item-names.h"
#include "ops/analyses/offer-test.h"
#include "report/report.h"

G_BEGIN_DECLS

/* Everything the recommender found, for the report and the result table. */

typedef enum { PATRON_RECOMMEND_SIMILAR, PATRON_RECOMMEND_POPULAR } PatronRecommendMethod;
typedef enum { PATRON_SPLIT_TIME, PATRON_SPLIT_LAST_ORDER, PATRON_SPLIT_RANDOM, PATRON_SPLIT_NONE } PatronOfferSplit;

enum { PATRON_MAX_SEGMENTS = 11 };

/* Which customers are shown together. */
typedef struct
{
  const char *kind;                           /* msgid: where the segments come from, with {column} */
  const char *column;                         /* borrowed; NULL without */
  guint       n;
  PatronText *names[PATRON_MAX_SEGMENTS];
  gint32     *of_customer;                    /* customer levels: -1 for none */
} PatronOfferSegments;

typedef struct
{
  /* what was asked */
  guint    top_n, neighbours;
  double   shrinkage, test_share;
  gboolean hide;
  int      min_customers;
  PatronRecommendMethod method;
  PatronWeighting       weighting;
  PatronOfferSplit      split;                /* the one that was made */

  /* the data */
  PatronLevels       *customers, *items;
  PatronItemNames    *names;
  PatronInteractions *all;
  double  *days;                              /* lines; NULL without a date */
  gsize    n_lines, n_return_lines, n_service_lines;
  guint    n_services;
  GString *services;                          /* names of the first of them */
  double   first_day, last_day, cutoff;       /* NaN without */

  /* what came out */
  PatronNeighbours   *similar;
  PatronOfferTest    *test;                   /* NULL without */
  guint32  n_buyers;
  guint32 *buyers;                            /* n_buyers: customers who have a purchase */
  guint8  *n_offers;                          /* n_buyers */
  PatronOffer *offers;                        /* n_buyers × top_n */
  PatronOfferSegments segments;
} PatronRecommendation;

void patron_recommendation_clear (PatronRecommendation *r);

/* The offers of everyone, learnt from all data. */
gboolean patron_recommendation_find_offers (PatronRecommendation *r, PatronRun *run, GError **error);

/* Segments from a column, from RFM (amounts: lines) or from the number of items bought, whichever is there first. */
gboolean patron_offer_segments_find (PatronRecommendation *r, PatronColumn *group, const double *amounts, const PatronLevels *orders,
                                     PatronRun *run, GError **error);

/* An item in words: its description, else its code. Owned by the caller. */
char    *patron_recommendation_item_label (const PatronRecommendation *r, guint32 item);

void     patron_recommendation_report (const PatronRecommendation *r, PatronReport *report);
/* In recommend-evidence.c. */
void     patron_recommendation_report_test (const PatronRecommendation *r, PatronReport *report);
void     patron_recommendation_report_data (const PatronRecommendation *r, PatronReport *report);

PatronTable *patron_recommendation_table (const PatronRecommendation *r, GError **error);

G_END_DECLS
