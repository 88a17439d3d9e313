/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "math/comparison.h"
#include "math/contingency.h"
#include "ops/analyses/plot-private.h"
#include "report/report.h"

G_BEGIN_DECLS

typedef enum { PATRON_COMPARE_AUTO, PATRON_COMPARE_WELCH, PATRON_COMPARE_STUDENT, PATRON_COMPARE_RANKS } PatronCompareMethod;
typedef enum { PATRON_COMPARE_HOLM, PATRON_COMPARE_BH, PATRON_COMPARE_UNCORRECTED } PatronCompareCorrection;

typedef struct
{
  int method, correction, groups, details;
} PatronCompareParams;

/* One column compared between the groups. */
typedef struct
{
  PatronColumn *column;              /* borrowed */
  gsize         n, n_missing;        /* rows of the groups with and without a value */
  gboolean      categories;
  double        p, adjusted;         /* of the test chosen; NaN: not comparable */
  double        effect, low, high;

  /* Numbers. */
  double       *block;               /* all values, by group, ascending within each */
  PatronSample *samples;             /* one for each group; those of fewer than 2 values are not tested */
  PatronSample *tested;              /* the n_tested others */
  guint        *tested_groups;       /* n_tested: which groups they are */
  guint         n_tested;
  PatronCompareMethod method;        /* never AUTO */
  const char   *reason;              /* msgid: why this method, in a sentence */
  PatronTest    test, spread;

  /* Categories. */
  PatronFactor  levels;
  double       *counts;              /* level × group */
  PatronContingency table;
  gboolean      exact;               /* p is Fisher's */
  gboolean      sampled;             /* … by random tables */
} PatronCompared;

typedef struct
{
  const PatronCompareParams *params;
  PatronColumn   *by;                /* borrowed */
  PatronFactor    groups;
  guint           k;                 /* groups compared: those named, without "others" */
  PatronCompared *columns;
  guint           n_columns;
  guint           n_left_out;        /* columns with too many different values */
  guint           n_constant;        /* columns without a test: one value, or too few in the groups */
  gsize           n_other_rows, n_missing_rows;
} PatronComparison;

/* Values by group, then the test. */
gboolean patron_compare_numbers    (const PatronComparison *self, PatronCompared *c, PatronRun *run, GError **error);
gboolean patron_compare_categories (const PatronComparison *self, PatronCompared *c, PatronRun *run, GError **error);

gboolean patron_comparison_report  (const PatronComparison *self, PatronRun *run, PatronReport *report, GError **error);
gboolean patron_comparison_detail  (const PatronComparison *self, const PatronCompared *c, PatronReport *report, GError **error);
const char *patron_compared_test   (const PatronCompared *c);     /* msgid: its name */
const char *patron_compared_effect (const PatronCompared *c);     /* msgid: "Hedges' g" … */
const char *patron_compared_size   (const PatronCompared *c);     /* msgid: "small", by the usual bounds */

static inline PatronText *
patron_comparison_group (const PatronComparison *self, guint group)
{
  return patron_text_copy (self->groups.names->pdata[group]);
}

G_END_DECLS
