/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "base/visit.h"
#include "table/design.h"

G_BEGIN_DECLS

/* The columns of a matrix cut at quantiles into at most 255 bins, so that a tree sees a byte where there was a double. A column with
 * no more than 255 distinct values loses nothing: every border between two of them is a cut. */
#define PATRON_BINS_MAX    255   /* codes 0 … 254 */
#define PATRON_BIN_MISSING 255   /* the code of NaN */

typedef struct
{
  gsize    p;
  gsize    n_start;   /* p + 1 */
  guint32 *start;     /* the cuts of column j are cuts[start[j]] … cuts[start[j + 1] - 1], strictly ascending */
  gsize    n_cuts;
  double  *cuts;      /* code of x: the number of cuts below x, so code ≤ c ⇔ x ≤ cuts[c] */
} PatronBins;

/* Cuts learnt from x. Cuts of large matrices come from a fixed random sample of the rows. */
gboolean patron_bins_fit   (PatronBins *bins, const PatronMatrix *x, PatronRun *run, GError **error);
void     patron_bins_clear (PatronBins *bins);
void     patron_bins_visit (PatronBins *bins, PatronVisitor *visitor);

guint8   patron_bins_code  (const PatronBins *bins, gsize j, double x);
/* Bins of column j that values can fall into, 1 … 255, missing apart. */
guint    patron_bins_count (const PatronBins *bins, gsize j);
/* The code to cut column j at, between the neighbours left < right among the bins that occur at a node of a tree: bins between them may occur in new
 * rows, so it is the cut nearest to the middle of the two in the column's own unit. right = PATRON_BIN_MISSING: all bins are left of the cut. */
guint8   patron_bins_cut_between (const PatronBins *bins, gsize j, guint left, guint right);

/* Codes of n rows, row after row: row i, column j is values[i * stride + j]. A row of up to 64 columns lies in one cache line. */
typedef struct
{
  gsize   n, stride;
  guint8 *values;     /* patron_free() */
} PatronCodes;

gsize    patron_codes_stride (gsize p);
/* x must have bins->p columns. */
gboolean patron_bins_apply  (const PatronBins *bins, const PatronMatrix *x, PatronCodes *codes, PatronRun *run, GError **error);
/* Rows begin … end-1 of x into values (row begin first). */
void     patron_bins_apply_rows (const PatronBins *bins, const PatronMatrix *x, gsize begin, gsize end, gsize stride, guint8 *values);
void     patron_codes_clear (PatronCodes *codes);

G_END_DECLS
