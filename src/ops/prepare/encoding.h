/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/prepare/columns.h"
#include "ops/prepare/learnt.h"

G_BEGIN_DECLS

/* The levels of a category column that get a code of their own, and slots: 0 … n_levels-1, then "other" (rare and new levels), then missing. */
typedef struct
{
  char   **levels;       /* n_levels, NULL-terminated */
  guint    n_levels;
  double  *counts;       /* n_levels + 2: rows learnt from, by slot */
  double  *values;       /* n_levels + 2: what each slot becomes; NULL for indicators */
} PatronLevelCodes;

#define PATRON_SLOT_OTHER(codes)   ((codes)->n_levels)
#define PATRON_SLOT_MISSING(codes) ((codes)->n_levels + 1)

void     patron_level_codes_clear (PatronLevelCodes *codes);
void     patron_level_codes_save  (const PatronLevelCodes *codes, PatronLearnt *learnt, const char *column);
/* FALSE with error when what was learnt is not consistent. */
gboolean patron_level_codes_load  (PatronLevelCodes *codes, const PatronLearnt *learnt, const char *column, GError **error);
/* The slot of every row of column. */
gint32  *patron_level_codes_match (const PatronLevelCodes *codes, PatronColumn *column, PatronRun *run, GError **error);

/* ---- the target ------------------------------------------------------------------------------------------------ */

/* The target of the rows learnt from, as numbers: a number as it is; of two classes 1 for the second by name, else 0. NaN where it is missing. */
double  *patron_encoding_target (const PatronPrepareInput *input, PatronColumn *column, PatronRun *run, GError **error);

/* Mean of the target by slot, drawn towards the mean of all: (sum + m · mean) / (n + m) with m = smoothing, or with smoothing NaN m = variance within
 * the slot / variance of all (D. Micci-Barreca, SIGKDD Explorations 3(1), 2001; the empirical Bayes weights of scikit-learn's TargetEncoder). slots,
 * y: n rows. means: n_slots. fold, when not NULL, holds a number for each row, and rows of fold without are left out. Returns the mean of all. */
double   patron_encoding_means (const gint32 *slots, const double *y, gsize n, guint n_slots, double smoothing, const guint8 *fold, guint8 without,
                                double *means);

G_END_DECLS
