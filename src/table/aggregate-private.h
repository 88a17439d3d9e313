/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/aggregate.h"

G_BEGIN_DECLS

/* What has been worked out of one column, by group; each part is NULL until asked for. */
typedef struct
{
  PatronColumn *column;
  double       *sums;
  guint32      *ns;         /* values that are there */
  double       *m2, *m3, *m4;   /* sums of powers of the distances from the mean; all but m2 on request */
  double       *values;     /* of group g, in no order: values[starts[g]] … starts[g] + ns[g] - 1 */
  guint32      *starts;
  PatronGroups *pairs;      /* the groups divided by the values */
} PatronGroupedColumn;

typedef struct
{
  const PatronGroups *groups;
  PatronRun          *run;
  GPtrArray          *columns;    /* of PatronGroupedColumn* */
  gsize               block;      /* rows; a multiple of PATRON_CHUNK_ROWS */
  guint               n_blocks;
} PatronAggregating;

PatronGroupedColumn *patron_grouped_column (PatronAggregating *work, PatronColumn *column);

/* aggregate-totals.c */
gboolean patron_grouped_totals   (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error);                 /* sums, ns */
gboolean patron_grouped_moments  (PatronAggregating *work, PatronGroupedColumn *grouped, gboolean all, GError **error);   /* m2 or all */
double  *patron_grouped_products (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error);                 /* patron_free() it; needs totals */

/* aggregate-values.c */
gboolean patron_grouped_values   (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error);
typedef enum { PATRON_SPREAD_QUANTILE, PATRON_SPREAD_IQR, PATRON_SPREAD_MAD } PatronSpread;
double  *patron_grouped_spread   (PatronAggregating *work, PatronGroupedColumn *grouped, PatronSpread spread, double p, GError **error);   /* patron_free() it */

/* aggregate-rows.c: one row of each group, PATRON_NO_ROW for none; patron_free() it. */
/* The row with the smallest or largest value; of ties the first, or the last for the largest when last_of_ties. by: order by that column instead. */
guint32 *patron_grouped_extreme_rows (PatronAggregating *work, PatronColumn *column, PatronColumn *by, gboolean largest, gboolean last_of_ties, GError **error);
guint32 *patron_grouped_end_rows     (PatronAggregating *work, PatronColumn *column, gboolean last, GError **error);      /* first or last row with a value */
guint32 *patron_grouped_mode_rows    (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error);
guint32 *patron_grouped_distinct     (PatronAggregating *work, PatronGroupedColumn *grouped, GError **error);            /* counts of different values */
PatronColumn *patron_grouped_list    (PatronAggregating *work, PatronGroupedColumn *grouped, const char *name, GError **error);

G_END_DECLS
