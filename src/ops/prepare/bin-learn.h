/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/prepare/columns.h"
#include "ops/prepare/learnt.h"

G_BEGIN_DECLS

/* The parameters, labels and evidence of the step that puts numbers into bins. */

typedef enum { PATRON_BIN_WIDTH, PATRON_BIN_COUNT, PATRON_BIN_CUTS, PATRON_BIN_TARGET, PATRON_BIN_MERGE } PatronBinMethod;
typedef enum { PATRON_BIN_RANGE, PATRON_BIN_NUMBER, PATRON_BIN_WEIGHT } PatronBinValues;

typedef struct
{
  char   columns[PATRON_COLUMNS_SIZE];
  int    method;
  int    n_bins;
  char   cuts[4096];
  char   target[PATRON_COLUMN_SIZE];
  double min_share;
  double alpha;
  bool   round;
  int    values;
  char   suffix[64];
} PatronBinParams;

/* Cuts given as text: ascending numbers separated by semicolons. Owned by the caller (g_free). NULL with error. */
double  *patron_bin_parse_cuts (const char *text, gsize *n, GError **error);
/* "< 10", "[10, 20)", "≥ 20": n_cuts + 1 labels, NULL-terminated; a single bin is "all". */
char   **patron_bin_labels     (const double *cuts, gsize n_cuts);

/* Under the column's name: its cuts, and what each bin holds of the rows learnt from (and of the target). */
gboolean patron_bin_learn (PatronLearnt *learnt, const PatronPrepareInput *input, PatronColumn *column, const PatronBinParams *params, PatronRun *run,
                           GError **error);

/* Weight of evidence of each bin, ln (share of the events / share of the others), and the information value in all (R. Anderson, "The Credit Scoring
 * Toolkit", 2007); half a row is added to each where a bin has only one kind. events, rows: n. Returns the information value; NaN without both kinds.
 */
double   patron_bin_weights    (const double *events, const double *rows, gsize n, double *weights);

G_END_DECLS
