/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/group-keys.h"

G_BEGIN_DECLS

/* One value for each group of rows. Missing values are left out of every computation; a group without a value that is there gets a missing one (a
 * sum 0, as in spreadsheets). Sums are compensated, and added up in blocks of a size that depends only on the numbers of rows and groups, so that results
 * do not depend on the number of threads. Columns are read chunk by chunk. */
typedef enum
{
  PATRON_AGGREGATE_COUNT,            /* rows; with a column, values that are there */
  PATRON_AGGREGATE_MISSING,          /* missing values */
  PATRON_AGGREGATE_DEFINED,          /* part of the rows with a value */
  PATRON_AGGREGATE_DISTINCT,         /* different values */
  PATRON_AGGREGATE_SUM,
  PATRON_AGGREGATE_SHARE,            /* the group's sum as a part of the sum of all groups */
  PATRON_AGGREGATE_MEAN,
  PATRON_AGGREGATE_WEIGHTED_MEAN,    /* by: weights */
  PATRON_AGGREGATE_GEOMETRIC_MEAN,   /* missing when a value is negative */
  PATRON_AGGREGATE_PRODUCT,
  PATRON_AGGREGATE_MEDIAN,
  PATRON_AGGREGATE_QUANTILE,         /* argument: p. Type 7 of Hyndman and Fan, as in spreadsheets, R and numpy */
  PATRON_AGGREGATE_IQR,              /* upper less lower quartile */
  PATRON_AGGREGATE_MAD,              /* median distance from the median, not scaled */
  PATRON_AGGREGATE_MIN,
  PATRON_AGGREGATE_MAX,
  PATRON_AGGREGATE_RANGE,            /* largest less smallest; days of dates, a duration of times */
  PATRON_AGGREGATE_VARIANCE,         /* n - 1 below */
  PATRON_AGGREGATE_SD,
  PATRON_AGGREGATE_SE,               /* sd / √n */
  PATRON_AGGREGATE_SKEWNESS,         /* g1 = √n m3 / m2^1.5 */
  PATRON_AGGREGATE_KURTOSIS,         /* g2 = n m4 / m2² - 3 */
  PATRON_AGGREGATE_FIRST,            /* the first value in the order of `by`, or of the rows; of ties the first row */
  PATRON_AGGREGATE_LAST,             /* … the last; of ties the last row */
  PATRON_AGGREGATE_MODE,             /* the most frequent value; of ties the one met first */
  PATRON_AGGREGATE_ANY,
  PATRON_AGGREGATE_ALL,
  PATRON_AGGREGATE_LIST,             /* different values in the order they are met, joined by ", " */
  PATRON_AGGREGATE_DAYS_SINCE,       /* days from the last date to argument (days since 1970; NaN: the latest date of the column) */
  PATRON_N_AGGREGATES,
} PatronAggregateKind;

typedef struct
{
  PatronAggregateKind kind;
  PatronColumn       *column;      /* NULL: COUNT of rows */
  PatronColumn       *by;          /* FIRST, LAST, WEIGHTED_MEAN */
  double              argument;    /* QUANTILE, DAYS_SINCE */
  char               *name;        /* of the column made */
} PatronAggregate;

typedef struct
{
  const char *id;                  /* "weighted_mean" */
  const char *label;               /* msgid: what it is in a few words */
  guint       accepts;             /* PATRON_ACCEPT_ bits of its column */
  enum { PATRON_ARGUMENT_NONE, PATRON_ARGUMENT_ORDER, PATRON_ARGUMENT_WEIGHTS, PATRON_ARGUMENT_P, PATRON_ARGUMENT_DATE } argument;
} PatronAggregateInfo;

const PatronAggregateInfo *patron_aggregate_info (PatronAggregateKind kind);

void patron_aggregate_free (PatronAggregate *aggregate);

/* "sum(amount) as revenue; count() as orders; quantile(Unit Price, 0.9); first(city by date)": separated by semicolons or line ends. Names with commas
 * or brackets stand in square brackets. Without "as", the name is sum_amount, count … Of PatronAggregate*, with references to columns of the table. */
GPtrArray *patron_aggregates_parse (const char *text, PatronTable *table, GError **error);

/* n new columns of n_groups values, in order. Work on the same column is shared. NULL with error. */
GPtrArray *patron_aggregate_groups (const PatronGroups *groups, const PatronAggregate *const *aggregates, guint n, PatronRun *run, GError **error);

G_END_DECLS
