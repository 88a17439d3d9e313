/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/table.h"

G_BEGIN_DECLS

/* What one column holds. */

enum { PATRON_PROFILE_TAILS = 6, PATRON_PROFILE_TOP = 10, PATRON_PROFILE_SUSPECTS = 4, PATRON_PROFILE_SKETCH = 1024 };

extern const double patron_profile_tails[PATRON_PROFILE_TAILS];   /* 0.01, 0.05, 0.1, 0.9, 0.95, 0.99 */

typedef struct { double value; gint32 code; gsize count; } PatronFrequency;   /* code: of a column with a dictionary */

typedef struct
{
  PatronColumn *column;                     /* borrowed */
  PatronType    type;
  gsize  n, n_missing, n_values;            /* n = n_missing + n_values */
  gsize  n_distinct;

  /* Ordered types: numbers, booleans as 0 and 1, dates in days, times and durations in seconds. NaN without values. */
  double mean, sd, min, q1, median, q3, max;
  double tails[PATRON_PROFILE_TAILS];       /* quantiles at patron_profile_tails[] */
  double mean_low, mean_high;               /* 95 % interval of the mean by Student's t */
  double w, normal_p;                       /* Shapiro and Wilk's test of normality, of 3 … 5,000 values; NaN with others */
  double skewness, kurtosis;                /* G1 and G2: unbiased under normality, as SPSS, SAS and spreadsheets give them */
  double fence_low, fence_high;             /* q1 - k·iqr, q3 + k·iqr */
  gsize  n_outliers;                        /* outside the fences; 0 when the quartiles are equal */
  gsize  n_zero, n_negative;
  guint  n_sketch;                          /* evenly spaced order statistics from min to max, for drawing */
  double sketch[PATRON_PROFILE_SKETCH];
  gsize  bins_below, bins_above;            /* values outside the drawn range */
  guint  n_bins;
  double *edges;                            /* n_bins + 1, owned; NULL without a histogram */
  double *counts;                           /* n_bins, owned */

  /* Texts and categories. */
  double mean_length;                       /* characters */
  gsize  max_length;

  guint  n_top;
  PatronFrequency top[PATRON_PROFILE_TOP];  /* most frequent first; ties by value */
  guint  n_suspects;                        /* values that may stand for "missing" */
  PatronFrequency suspects[PATRON_PROFILE_SUSPECTS];

  gboolean constant;                        /* one value, or none */
  gboolean id_like;                         /* every value once, or nearly, and not a measurement */
} PatronProfile;

typedef struct
{
  double fence;                             /* k of the fences */
  guint  max_bins;
  guint  n_histograms;                      /* the first so many numeric or date columns get bins */
} PatronProfileOptions;

/* n profiles, one for each column; free with patron_profiles_free(). Columns are read one after another for each worker, so that no more than
 * two copies of one column a worker are in memory. */
PatronProfile *patron_profiles_new  (PatronColumn *const *columns, guint n, const PatronProfileOptions *options, PatronRun *run, GError **error);
void           patron_profiles_free (PatronProfile *profiles, guint n);

gboolean       patron_profile_is_ordered (const PatronProfile *profile);   /* has min, quartiles and max */
gboolean       patron_profile_is_numeric (const PatronProfile *profile);   /* number, integer, boolean, duration */

G_END_DECLS
