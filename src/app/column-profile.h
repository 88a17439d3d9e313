/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

#define PATRON_PROFILE_BINS 24
#define PATRON_PROFILE_TOP  8

typedef struct
{
  char *value;
  gsize n;
} PatronProfileTop;

/* What a column holds, at a glance. Numbers are NaN where the type has none. Dates are in days, times in seconds, durations in seconds. */
typedef struct
{
  PatronType type;
  gsize      n, n_missing;
  gsize      n_distinct;
  gboolean   more_distinct;          /* n_distinct is where counting stopped */
  double     mean, deviation;        /* of the values; deviation with n - 1 */
  double     minimum, q1, median, q3, maximum;
  guint      n_bins;                 /* of equal width from bin_low to bin_high; the outer ones also hold what lies beyond */
  double     bin_low, bin_high;
  gsize      bins[PATRON_PROFILE_BINS];
  guint      n_top;                  /* most frequent values first: categories, text, booleans */
  PatronProfileTop top[PATRON_PROFILE_TOP];
} PatronColumnProfile;

/* Reads the column once, chunk by chunk. Any thread. NULL with error. */
PatronColumnProfile *patron_column_profile_new  (PatronColumn *column, PatronRun *run, GError **error);
void                 patron_column_profile_free (PatronColumnProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronColumnProfile, patron_column_profile_free)

G_END_DECLS
