/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/tree-split.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/simd.h"

/* A histogram has 256 bins of `channels` sums: the weight of each class, or weight and Σ w·y; and the number of rows when
 * spec->min_leaf asks for it. Histograms are all zero between calls.
 *
 * Nodes of few rows touch few bins: they are remembered as bits, so that the search visits only those. */
#define BINS 256
#define FEW_ROWS 256
#define CHUNK 512      /* rows whose codes stay in the first-level cache while all columns of a block are counted */
#define PAD 8          /* vector loops may run this much over */

typedef struct
{
  guint64 bits[4];
} BinSet;

struct _PatronSplitter
{
  const PatronTreeSpec *spec;
  guint    sums;           /* class weights, or 2 */
  guint    channels;       /* sums, and 1 for counts */
  double  *histograms;     /* PATRON_SPLITTER_BLOCK × BINS × channels */
  BinSet   seen[PATRON_SPLITTER_BLOCK];
  /* The bins of one column that occur, ascending, and what lies at or left of each. */
  guint    n_bins;
  guint8   bin[BINS];
  double  *left;           /* channels × (BINS + PAD) */
  double  *missing;        /* channels: what the missing bin holds */
  double  *shifted;        /* as left, with the missing ones on the left */
  double   score[BINS + PAD];
};

#define ROW(array, channel) ((array) + (gsize) (channel) * (BINS + PAD))

PatronSplitter *
patron_splitter_new (const PatronTreeSpec *spec, GError **error)
{
  PatronSplitter *s = g_new0 (PatronSplitter, 1);
  const char *purpose = _("the histograms of the trees");
  s->spec = spec;
  s->sums = spec->n_classes > 0 ? spec->n_classes : 2;
  s->channels = s->sums + (spec->min_leaf > 1);
  s->histograms = patron_try_alloc0 ((gsize) PATRON_SPLITTER_BLOCK * BINS * s->channels, sizeof (double), purpose, error);
  if (s->histograms != NULL)
    s->left = patron_try_alloc0 ((gsize) s->channels * (BINS + PAD), sizeof (double), purpose, error);
  if (s->left != NULL)
    s->shifted = patron_try_alloc0 ((gsize) s->channels * (BINS + PAD), sizeof (double), purpose, error);
  if (s->shifted != NULL)
    s->missing = patron_try_alloc0 (s->channels, sizeof (double), purpose, error);
  if (s->missing != NULL)
    return s;
  patron_splitter_free (s);
  return NULL;
}

void
patron_splitter_free (PatronSplitter *s)
{
  if (s == NULL)
    return;
  patron_free (s->histograms);
  patron_free (s->left);
  patron_free (s->shifted);
  patron_free (s->missing);
  g_free (s);
}

/* ---- a node by itself ------------------------------------------------------------------------------------- */

static double
part_score (const PatronTreeSpec *spec, const double *sums)
{
  double weight = 0, score = 0;
  if (spec->criterion == PATRON_SPLIT_VARIANCE)
    return sums[0] > 0 ? sums[1] * sums[1] / sums[0] : 0;
  for (guint c = 0; c < spec->n_classes; c++)
    weight += sums[c];
  for (guint c = 0; c < spec->n_classes; c++)
    if (spec->criterion == PATRON_SPLIT_GINI)
      score += sums[c] * sums[c] / weight;
    else if (sums[c] > 0)
      score += sums[c] * log (sums[c] / weight);
  return score;
}

void
patron_splitter_node (PatronSplitter *s, const PatronTreeItem *items, gsize n, double *total, double *score, gboolean *pure)
{
  memset (total, 0, sizeof (double) * s->sums);
  *pure = TRUE;
  if (s->spec->n_classes > 0)
    {
      for (gsize i = 0; i < n; i++)
        {
          total[items[i].class] += items[i].weight;
          *pure &= items[i].class == items[0].class;
        }
    }
  else
    for (gsize i = 0; i < n; i++)
      {
        total[0] += items[i].weight;
        total[1] += items[i].weight * items[i].y;
        *pure &= items[i].y == items[0].y;
      }
  *score = *pure ? 0 : part_score (s->spec, total);
}

/* ---- histograms ------------------------------------------------------------------------------------------- */

static inline __attribute__ ((always_inline)) void
count_rows (const PatronTreeSpec *spec, const PatronTreeItem *items, gsize n, guint feature, double *histogram, const guint channels,
            const gboolean classes, const gboolean counts, BinSet *seen)
{
  const guint8 *codes = spec->codes->values + feature;
  gsize stride = spec->codes->stride;
  for (gsize i = 0; i < n; i++)
    {
      guint8 code = codes[items[i].row * stride];
      double *bin = histogram + (gsize) code * channels;
      if (classes)
        bin[items[i].class] += items[i].weight;
      else
        {
          bin[0] += items[i].weight;
          bin[1] += items[i].weight * items[i].y;
        }
      if (counts)
        bin[channels - 1] += 1;
      if (seen != NULL)
        seen->bits[code >> 6] |= G_GUINT64_CONSTANT (1) << (code & 63);
    }
}

/* The common shapes get loops of their own. */
static void
count_column (const PatronSplitter *s, const PatronTreeItem *items, gsize n, guint feature, double *histogram, BinSet *seen)
{
  const PatronTreeSpec *spec = s->spec;
  gboolean counts = s->channels > s->sums;
  if (spec->n_classes == 0 && !counts)
    count_rows (spec, items, n, feature, histogram, 2, FALSE, FALSE, seen);
  else if (spec->n_classes == 0)
    count_rows (spec, items, n, feature, histogram, 3, FALSE, TRUE, seen);
  else if (spec->n_classes == 2 && !counts && seen == NULL)
    count_rows (spec, items, n, feature, histogram, 2, TRUE, FALSE, NULL);
  else if (spec->n_classes == 2 && !counts)
    count_rows (spec, items, n, feature, histogram, 2, TRUE, FALSE, seen);
  else if (spec->n_classes == 3 && !counts && seen == NULL)
    count_rows (spec, items, n, feature, histogram, 3, TRUE, FALSE, NULL);
  else if (spec->n_classes == 3 && !counts)
    count_rows (spec, items, n, feature, histogram, 3, TRUE, FALSE, seen);
  else if (!counts)
    count_rows (spec, items, n, feature, histogram, s->channels, TRUE, FALSE, seen);
  else
    count_rows (spec, items, n, feature, histogram, s->channels, TRUE, TRUE, seen);
}

static void
count_block (PatronSplitter *s, const PatronTreeItem *items, gsize n, const guint16 *features, guint n_features)
{
  gsize size = (gsize) BINS * s->channels;
  memset (s->seen, 0, sizeof s->seen);
  for (gsize begin = 0; begin < n; begin += CHUNK)
    for (guint f = 0; f < n_features; f++)
      count_column (s, items + begin, MIN (CHUNK, n - begin), features[f], s->histograms + f * size, n < FEW_ROWS ? &s->seen[f] : NULL);
}

/* ---- from a histogram to sums from the left --------------------------------------------------------------- */

/* Moves one bin into the running sums and leaves zeros behind. */
static inline void
take_bin (PatronSplitter *s, double *histogram, guint code)
{
  double *bin = histogram + (gsize) code * s->channels;
  guint at = s->n_bins++;
  s->bin[at] = code;
  for (guint c = 0; c < s->channels; c++)
    {
      ROW (s->left, c)[at] = (at > 0 ? ROW (s->left, c)[at - 1] : 0) + bin[c];
      bin[c] = 0;
    }
}

static inline gboolean
bin_occurs (const PatronSplitter *s, const double *bin)
{
  double sum = 0;
  guint n = s->spec->n_classes > 0 ? s->sums : 1;
  for (guint c = 0; c < n; c++)
    sum += bin[c];
  return sum > 0;
}

static void
take_seen (PatronSplitter *s, double *histogram, const BinSet *seen)
{
  for (guint word = 0; word < 4; word++)
    {
      guint64 bits = seen->bits[word];
      if (word == 3)
        bits &= ~(G_GUINT64_CONSTANT (1) << (PATRON_BIN_MISSING & 63));
      for (; bits != 0; bits &= bits - 1)
        take_bin (s, histogram, word * 64 + __builtin_ctzll (bits));
    }
}

/* Fills bin, left and missing from the histogram of one column; returns whether there are missing values. */
static gboolean
gather (PatronSplitter *s, guint16 feature, double *histogram, const BinSet *seen, gboolean few)
{
  guint n_codes = patron_bins_count (s->spec->bins, feature);
  double *missing = histogram + (gsize) PATRON_BIN_MISSING * s->channels;
  s->n_bins = 0;
  if (few)
    take_seen (s, histogram, seen);
  else
    for (guint code = 0; code < n_codes; code++)
      if (bin_occurs (s, histogram + (gsize) code * s->channels))
        take_bin (s, histogram, code);
  gboolean has_missing = bin_occurs (s, missing);
  memcpy (s->missing, missing, sizeof (double) * s->channels);
  memset (missing, 0, sizeof (double) * s->channels);
  return has_missing;
}

/* ---- scores ----------------------------------------------------------------------------------------------- */

/* score[i] = Σ_c l_c² / Σ_c l_c + the same of what is right of it, where l is column i of left. n is a multiple of PAD. */
static inline __attribute__ ((always_inline)) void
gini (const guint k, gsize n, const double *restrict left, const double *restrict total, double *restrict score)
{
  double all = 0;
  for (guint c = 0; c < k; c++)
    all += total[c];
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      double weight = 0, squares = 0, rest = 0;
      for (guint c = 0; c < k; c++)
        {
          double l = left[(gsize) c * (BINS + PAD) + i], r = total[c] - l;
          weight += l;
          squares += l * l;
          rest += r * r;
        }
      score[i] = squares / weight + rest / (all - weight);
    }
}

static PATRON_SIMD void
score_gini (guint k, gsize n, const double *restrict left, const double *restrict total, double *restrict score)
{
  if (k == 2)
    gini (2, n, left, total, score);
  else if (k == 3)
    gini (3, n, left, total, score);
  else
    gini (k, n, left, total, score);
}

static PATRON_SIMD void
score_variance (gsize n, const double *restrict left, const double *restrict total, double *restrict score)
{
  const double *sums = ROW (left, 1);
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      double right = total[1] - sums[i];
      score[i] = sums[i] * sums[i] / left[i] + right * right / (total[0] - left[i]);
    }
}

static void
score_entropy (PatronSplitter *s, gsize n, const double *left, const double *total)
{
  for (gsize i = 0; i < n; i++)
    {
      double weight = 0, all = 0, score = 0;
      for (guint c = 0; c < s->sums; c++)
        {
          double l = ROW (left, c)[i], r = total[c] - l;
          weight += l;
          all += total[c];
          score += (l > 0 ? l * log (l) : 0) + (r > 0 ? r * log (r) : 0);
        }
      s->score[i] = score - weight * log (weight) - (all - weight) * log (all - weight);
    }
}

/* Scores the cuts right of bins 0 … n-1 and keeps the best; right of the last bin there are only missing values. */
static void
try_cuts (PatronSplitter *s, guint n, const double *left, const double *total, gsize n_rows, guint16 feature, gboolean has_missing,
          gboolean missing_left, PatronSplit *best)
{
  const PatronTreeSpec *spec = s->spec;
  gsize padded = (n + PAD - 1) / PAD * PAD;
  if (n == 0)
    return;
  if (spec->criterion == PATRON_SPLIT_GINI)
    score_gini (s->sums, padded, left, total, s->score);
  else if (spec->criterion == PATRON_SPLIT_VARIANCE)
    score_variance (padded, left, total, s->score);
  else
    score_entropy (s, n, left, total);
  for (guint i = 0; i < n; i++)
    {
      if (!(s->score[i] > best->score))
        continue;
      if (spec->min_leaf > 1)
        {
          double rows = ROW (left, s->sums)[i];
          if (rows < spec->min_leaf || n_rows - rows < spec->min_leaf)
            continue;
        }
      guint next = i + 1 < s->n_bins ? s->bin[i + 1] : PATRON_BIN_MISSING;
      *best = (PatronSplit) { .found = TRUE, .feature = feature, .code = patron_bins_cut_between (spec->bins, feature, s->bin[i], next),
                              .has_missing = has_missing, .missing_left = missing_left, .score = s->score[i] };
    }
}

static void
search_column (PatronSplitter *s, guint16 feature, double *histogram, const BinSet *seen, gsize n_rows, const double *total, PatronSplit *best)
{
  gboolean has_missing = gather (s, feature, histogram, seen, n_rows < FEW_ROWS);
  if (s->n_bins == 0)
    return;
  try_cuts (s, has_missing ? s->n_bins : s->n_bins - 1, s->left, total, n_rows, feature, has_missing, FALSE, best);
  if (!has_missing || s->n_bins < 2)
    return;
  for (guint c = 0; c < s->channels; c++)
    for (guint i = 0; i < s->n_bins; i++)
      ROW (s->shifted, c)[i] = ROW (s->left, c)[i] + s->missing[c];
  try_cuts (s, s->n_bins - 1, s->shifted, total, n_rows, feature, TRUE, TRUE, best);
}

void
patron_splitter_search (PatronSplitter *s, const PatronTreeItem *items, gsize n, const double *total, const guint16 *features, guint n_features,
                        PatronSplit *best)
{
  count_block (s, items, n, features, n_features);
  for (guint f = 0; f < n_features; f++)
    search_column (s, features[f], s->histograms + (gsize) f * BINS * s->channels, &s->seen[f], n, total, best);
}
