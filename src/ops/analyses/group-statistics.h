/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/levels.h"

G_BEGIN_DECLS

/* One numeric column within one group. */
typedef struct
{
  gsize  n, n_missing;
  double mean, low, high;    /* 95 % interval of the mean by Student's t */
  double sd, min, q1, median, q3, max;
} PatronGroupCell;

typedef struct
{
  guint    n_groups;
  guint32 *levels;           /* n_groups: of the grouping column, most rows first */
  gsize   *rows;             /* n_groups */
  gsize    n_other_groups, n_other_rows, n_missing_rows;   /* not among those shown */
  guint    n_columns;
  PatronGroupCell *cells;    /* n_columns × n_groups */
  double  *eta_squared;      /* n_columns: share of the variance between the groups shown */
} PatronGroupStatistics;

/* The statistics of numeric columns (any of ordered type) in the most groups of the levels. */
PatronGroupStatistics *patron_group_statistics_new  (PatronColumn *const *columns, guint n_columns, const PatronLevels *groups, guint most,
                                                     PatronRun *run, GError **error);
void                   patron_group_statistics_free (PatronGroupStatistics *statistics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronGroupStatistics, patron_group_statistics_free)

G_END_DECLS
