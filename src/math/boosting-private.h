/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "math/boosting.h"
#include "math/tree-grow.h"

#include <math.h>

G_BEGIN_DECLS

/* ---- columns ----------------------------------------------------------------------------------------------- */

/* The codes of all rows (math/bins.h), row after row for counting: columns are counted in groups of eight, which one load brings. */
#define PATRON_GROUP 8

typedef struct
{
  gsize    n, p, n_groups;
  gsize    stride;      /* of rows: n_groups × PATRON_GROUP */
  guint8  *rows;        /* n × stride */
  guint16 *columns;     /* p: of the matrix */
  guint16 *n_bins;      /* p: 1 … 255, missing apart */
  guint32 *start;       /* p + 1: where a column's bins lie in a histogram of all columns, n_bins + 1 of them, the missing ones last */
} PatronBoostingCodes;

gboolean patron_boosting_codes_init   (PatronBoostingCodes *codes, const PatronBins *bins, const PatronMatrix *x, PatronRun *run, GError **error);
/* Room for n_columns of all, and those columns. FALSE when cancelled. */
gboolean patron_boosting_codes_room   (PatronBoostingCodes *codes, const PatronBoostingCodes *all, gsize n_columns, GError **error);
gboolean patron_boosting_codes_select (PatronBoostingCodes *codes, const PatronBoostingCodes *all, const guint32 *columns, PatronRun *run);
void     patron_boosting_codes_clear  (PatronBoostingCodes *codes);
/* All codes once more, column after column, p × n: a node's rows are parted by one column. NULL with error when cancelled or memory is short. */
guint8  *patron_boosting_codes_turn   (const PatronBoostingCodes *codes, PatronRun *run, GError **error);

/* ---- sums -------------------------------------------------------------------------------------------------- */

/* A gradient, or a sum of them, as a whole number of units; a hessian likewise, above the number of rows in the low bits. Sums are exact, so they
 * depend neither on the order nor on the threads, and a child's is the parent's less its sibling's. */
typedef struct
{
  gint64  g;
  guint64 h;
} PatronBoostingSum;

typedef struct
{
  double g_unit, h_unit;   /* powers of 2 */
  guint  count_bits;
} PatronBoostingUnits;

/* Units in which n gradients of at most max_g and hessians of at most max_h can be added up. */
PatronBoostingUnits patron_boosting_units (gsize n, double max_g, double max_h);

static inline gsize
patron_boosting_rows (PatronBoostingSum sum, const PatronBoostingUnits *units)
{
  return sum.h & ((G_GUINT64_CONSTANT (1) << units->count_bits) - 1);
}

static inline double
patron_boosting_hessian (PatronBoostingSum sum, const PatronBoostingUnits *units)
{
  return (double) (sum.h >> units->count_bits) * units->h_unit;
}

/* What one row adds: the gradient in the low 32 bits, signed, the hessian in the others. per_g, per_h: 1 / unit. */
static inline guint64
patron_boosting_pack (double g, double h, double per_g, double per_h)
{
  return (guint32) (gint32) lrint (g * per_g) | (guint64) lrint (h * per_h) << 32;
}

/* Adds rows[0 … n-1] to a histogram of 256 sums for each column. packed: of all rows. So many more entries of rows are read, to fetch early; they too
 * must be rows. */
#define PATRON_ROWS_AHEAD 32
void patron_boosting_count (const PatronBoostingCodes *codes, const guint64 *packed, const PatronBoostingUnits *units, const guint32 *rows, gsize n,
                            PatronBoostingSum *histogram);

/* ---- cuts -------------------------------------------------------------------------------------------------- */

typedef struct
{
  double            gain;           /* equation 7; 0: there is no cut */
  guint16           feature;        /* of the codes' columns */
  guint8            code;           /* ≤ goes left; of the column's bins */
  gboolean          has_missing;
  gboolean          missing_left;
  PatronBoostingSum left;
} PatronBoostingCut;

/* Updates *best by the cuts of a column, whose histogram this is. total: of the node. */
void patron_boosting_search (const PatronBoostingSpec *spec, const PatronBoostingUnits *units, const PatronBins *bins,
                             const PatronBoostingCodes *codes, gsize feature, const PatronBoostingSum *histogram, PatronBoostingSum total, PatronBoostingCut *best);

/* ---- growing ----------------------------------------------------------------------------------------------- */

typedef struct
{
  gsize             begin, n;       /* its rows */
  guint32           node;
  guint             depth;
  int               slot;           /* of its histogram; -1: none is held */
  PatronBoostingSum sum;
  PatronBoostingCut cut;            /* the best */
} PatronBoostingLeaf;

typedef struct _PatronBooster PatronBooster;
PatronBooster *patron_booster_new  (const PatronBoostingSpec *spec, const PatronBins *bins, const PatronBoostingCodes *codes, PatronRun *run, GError **error);
void           patron_booster_free (PatronBooster *booster);
/* Where to put the rows of the next tree, ascending, and what they add: codes->n each. */
guint32       *patron_booster_rows   (PatronBooster *booster);
guint64       *patron_booster_packed (PatronBooster *booster);

/* One tree on n ≥ 1 rows and these columns of the codes (NULL: all). tree: zeroed, filled; its values are -G / (H + λ) × learning rate. The leaves
 * follow, in the order of the tree's values, with their rows; valid until the next tree. */
gboolean patron_booster_grow (PatronBooster *booster, gsize n, const PatronBoostingUnits *units, const guint32 *columns, PatronTree *tree,
                              const PatronBoostingLeaf **leaves, gsize *n_leaves, PatronRun *run, GError **error);

/* ---- losses ------------------------------------------------------------------------------------------------ */

enum { PATRON_PART_UNUSED, PATRON_PART_TRAINING, PATRON_PART_VALIDATION };

/* Rows, their scores so far and what the loss says about them. */
typedef struct
{
  const PatronBoostingSpec *spec;
  gsize         n, n_outputs;
  const double *y, *weights;       /* n; weights may be NULL */
  guint8       *part;              /* n: PATRON_PART_… */
  double       *scores;            /* n_outputs × n */
  float        *gradients;         /* n_outputs × n */
  float        *hessians;
  double       *stats;             /* patron_boosting_n_stats() */
  double        weight[3];         /* of all rows, by part */
  double        loss[3];           /* mean, by part */
  double       *max_g, *max_h;     /* n_outputs each: over the rows trained on */
} PatronBoostingRows;

gsize    patron_boosting_n_stats   (gsize n, gsize n_outputs);

/* The best constant scores. FALSE with error when memory is short. */
gboolean patron_boosting_base      (const PatronBoostingRows *rows, double *base, GError **error);
/* Gradients, hessians and losses at the scores. FALSE when cancelled. */
gboolean patron_boosting_gradients (PatronBoostingRows *rows, PatronRun *run);
/* Median of y - score over some rows, by weight; scratch: 2 × n. */
double   patron_boosting_median    (const PatronBoostingRows *rows, const guint32 *at, gsize n, double *scratch);

G_END_DECLS
