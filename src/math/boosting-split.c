/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/boosting-private.h"

#include <math.h>

#include "base/simd.h"

/* Cuts that gain less than this share of the score itself only follow rounding. */
#define MIN_GAIN 1e-12

typedef struct
{
  double l2, min_hessian, min_rows;
  double g, h, rows;        /* of the node */
} Limits;

/* What lies left of each cut, in the loss's own units, and what the two sides score together: -1 where a side would be too small. */
static PATRON_SIMD void
score_cuts (const gint64 *restrict g, const gint64 *restrict h, const gint64 *restrict rows, guint n, double g_unit, double h_unit,
            const Limits *limits, double *restrict score)
{
  Limits l = *limits;
#pragma omp simd
  for (guint i = 0; i < n; i++)
    {
      double gl = (double) g[i] * g_unit, hl = (double) h[i] * h_unit, nl = (double) rows[i];
      double gr = l.g - gl, hr = l.h - hl, nr = l.rows - nl;
      double s = gl * gl / (hl + l.l2) + gr * gr / (hr + l.l2);
      gboolean valid = (nl >= l.min_rows) & (nr >= l.min_rows) & (hl >= l.min_hessian) & (hr >= l.min_hessian);
      score[i] = valid ? s : -1;
    }
}

typedef struct
{
  const PatronBins        *bins;
  const PatronBoostingCodes *codes;
  gsize                    feature;
  const PatronBoostingSum *histogram;
  PatronBoostingUnits      units;
  Limits                   limits;
  double                   score;       /* of the node */
} Search;

/* The next bin right of code that occurs. */
static guint
next_bin (const Search *s, guint code)
{
  guint n = s->codes->n_bins[s->feature];
  while (++code < n)
    if (s->histogram[code].h != 0)
      return code;
  return PATRON_BIN_MISSING;
}

/* Cuts right of bins 0 … n-1; first is what is left of them all: nothing, or the missing ones. */
static void
search_side (const Search *s, guint n, PatronBoostingSum first, gboolean has_missing, gboolean missing_left, PatronBoostingCut *best)
{
  gint64 g[256], h[256], rows[256];
  double score[256];
  PatronBoostingSum left = first;
  guint64 mask = (G_GUINT64_CONSTANT (1) << s->units.count_bits) - 1;
  int found = -1;
  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    {
      left.g += s->histogram[i].g;
      left.h += s->histogram[i].h;
      g[i] = left.g;
      h[i] = left.h >> s->units.count_bits;
      rows[i] = left.h & mask;
    }
  score_cuts (g, h, rows, n, s->units.g_unit, s->units.h_unit, &s->limits, score);
  double most = s->score * (1 + MIN_GAIN) + 2 * best->gain;
  for (guint i = 0; i < n; i++)
    if (score[i] > most)
      {
        most = score[i];
        found = i;
      }
  if (found < 0)
    return;
  guint16 column = s->codes->columns[s->feature];
  *best = (PatronBoostingCut) { .gain = (most - s->score) / 2, .feature = s->feature, .has_missing = has_missing, .missing_left = missing_left,
                                .code = patron_bins_cut_between (s->bins, column, found, next_bin (s, found)),
                                .left = { g[found], ((guint64) h[found] << s->units.count_bits) | rows[found] } };
}

void
patron_boosting_search (const PatronBoostingSpec *spec, const PatronBoostingUnits *units, const PatronBins *bins,
                        const PatronBoostingCodes *codes, gsize feature, const PatronBoostingSum *histogram, PatronBoostingSum total, PatronBoostingCut *best)
{
  guint n = codes->n_bins[feature];
  PatronBoostingSum missing = histogram[n];
  Search s = { bins, codes, feature, histogram, *units,
               { spec->l2, MAX (spec->min_hessian, DBL_MIN), MAX (spec->min_rows, 1), (double) total.g * units->g_unit,
                 patron_boosting_hessian (total, units), patron_boosting_rows (total, units) }, 0 };
  s.score = s.limits.g * s.limits.g / (s.limits.h + spec->l2);
  gboolean has_missing = missing.h != 0;
  search_side (&s, has_missing ? n : n - 1, (PatronBoostingSum) { 0, 0 }, has_missing, FALSE, best);
  if (has_missing)
    search_side (&s, n - 1, missing, TRUE, TRUE, best);
}
