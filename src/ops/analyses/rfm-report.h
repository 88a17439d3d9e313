/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/rfm-scores.h"
#include "report/report.h"

G_BEGIN_DECLS

/* How the scores came about, for the sentences that say so. */
typedef struct
{
  guint            groups;
  double           cuts[3][PATRON_RFM_MAX_GROUPS];
  gboolean         quantiles;     /* else the user gave the cuts */
  PatronRfmReturns returns;
  PatronRfmOverlap overlap;
  const char      *order;         /* msgid: what makes an order, with {column} */
  const char      *order_column;
} PatronRfmStory;

/* Sums over the customers of a segment; means are sums over customers. */
typedef struct
{
  guint8 segment;
  gsize  customers;
  double revenue, recency, frequency;
} PatronRfmTotal;

/* Segments with customers, most revenue first. totals: PATRON_RFM_N_SEGMENTS; returns how many were filled. */
guint patron_rfm_totals (const PatronRfm *rfm, PatronRfmTotal *totals);

/* Fills headline, figures, charts, tables and notes. */
gboolean patron_rfm_report (const PatronRfm *rfm, const PatronLevels *customers, const PatronRfmStory *story, PatronReport *report, GError **error);

/* The parts in rfm-charts.c. */
void     patron_rfm_segment_chart (const PatronRfmTotal *totals, guint n, const PatronRfm *rfm, double revenue, PatronReport *report);
void     patron_rfm_heat_maps     (const PatronRfm *rfm, guint groups, PatronReport *report);
void     patron_rfm_pareto_chart  (const double *descending, gsize n, double top20, double gini, PatronReport *report);
gboolean patron_rfm_histograms    (const PatronRfm *rfm, const PatronRfmStory *story, PatronReport *report, GError **error);

G_END_DECLS
