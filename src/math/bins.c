/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/bins.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/simd.h"
#include "math/radix-sort.h"

/* Rows from which the cuts are learnt: a quantile is then off by about 0.2 % of the rows at most, far less than a bin. */
#define SAMPLE_ROWS 50000
#define SAMPLE_SEED 0x62696e73
#define BLOCK_ROWS 1024

/* ---- learning the cuts ------------------------------------------------------------------------------------ */

/* A number c with a ≤ c < b, halfway if it can be told apart from b. */
static double
between (double a, double b)
{
  double middle = a + (b - a) / 2;
  return middle < b && middle >= a ? middle : a;
}

/* Cuts that leave about equally many of the sorted values in each of the bins that remain, never inside a run of equals. */
static guint
cut_sorted (const guint64 *keys, gsize n, double *cuts)
{
  guint n_cuts = 0, n_distinct = n > 0;
  for (gsize i = 1; i < n && n_distinct <= PATRON_BINS_MAX; i++)
    n_distinct += keys[i] != keys[i - 1];
  gsize done = 0;
  for (guint left = PATRON_BINS_MAX; left > 1; left--)
    {
      gsize at = n_distinct <= PATRON_BINS_MAX ? done + 1 : done + MAX ((n - done + left / 2) / left, 1);
      while (at < n && keys[at] == keys[at - 1])
        at++;
      if (at >= n)
        break;
      cuts[n_cuts++] = between (patron_double_from_key (keys[at - 1]), patron_double_from_key (keys[at]));
      done = at;
    }
  return n_cuts;
}

typedef struct
{
  const PatronMatrix *x;
  const guint32      *rows;      /* the sample, or NULL for all rows */
  gsize               n_rows;
  guint64            *scratch;   /* workers × 2 × n_rows */
  double             *cuts;      /* p × PATRON_BINS_MAX */
  guint32            *n_cuts;    /* p */
} Fit;

static void
fit_columns (gsize begin, gsize end, int worker, gpointer data)
{
  Fit *fit = data;
  guint64 *keys = fit->scratch + (gsize) worker * 2 * fit->n_rows, *other = keys + fit->n_rows;
  for (gsize j = begin; j < end; j++)
    {
      const double *column = patron_matrix_column (fit->x, j);
      gsize n = 0;
      for (gsize i = 0; i < fit->n_rows; i++)
        {
          double value = column[fit->rows != NULL ? fit->rows[i] : i];
          if (!isnan (value))
            keys[n++] = patron_key_from_double (value + 0.0);   /* -0 as 0 */
        }
      patron_radix_sort (keys, other, n);
      fit->n_cuts[j] = cut_sorted (keys, n, fit->cuts + j * PATRON_BINS_MAX);
    }
}

static gboolean
pack (PatronBins *bins, const Fit *fit, GError **error)
{
  gsize total = 0;
  for (gsize j = 0; j < bins->p; j++)
    total += fit->n_cuts[j];
  bins->n_start = bins->p + 1;
  bins->n_cuts = total;
  bins->start = patron_try_alloc (bins->n_start, sizeof (guint32), _("the cuts of the columns"), error);
  if (bins->start == NULL)
    return FALSE;
  bins->cuts = patron_try_alloc (total, sizeof (double), _("the cuts of the columns"), error);
  if (bins->cuts == NULL)
    return FALSE;
  bins->start[0] = 0;
  for (gsize j = 0; j < bins->p; j++)
    {
      memcpy (bins->cuts + bins->start[j], fit->cuts + j * PATRON_BINS_MAX, sizeof (double) * fit->n_cuts[j]);
      bins->start[j + 1] = bins->start[j] + fit->n_cuts[j];
    }
  return TRUE;
}

gboolean
patron_bins_fit (PatronBins *bins, const PatronMatrix *x, PatronRun *run, GError **error)
{
  Fit fit = { .x = x, .n_rows = MIN (x->n, SAMPLE_ROWS) };
  guint32 *rows = NULL;
  const char *purpose = _("the cuts of the columns");
  *bins = (PatronBins) { .p = x->p };
  gboolean fine = TRUE;
  if (x->n > SAMPLE_ROWS)
    {
      PatronRandom random;
      fit.rows = rows = patron_try_alloc (SAMPLE_ROWS, sizeof (guint32), purpose, error);
      fine = rows != NULL;
      patron_random_init (&random, SAMPLE_SEED, 0);
      if (fine)
        patron_random_sample (&random, x->n, SAMPLE_ROWS, rows);
    }
  fine = fine && (fit.scratch = patron_try_alloc (2 * (gsize) patron_parallel_workers (run) * fit.n_rows, sizeof (guint64), purpose, error)) != NULL
         && (fit.cuts = patron_try_alloc (x->p, PATRON_BINS_MAX * sizeof (double), purpose, error)) != NULL
         && (fit.n_cuts = patron_try_alloc0 (x->p, sizeof (guint32), purpose, error)) != NULL;
  if (fine && !patron_parallel_for (run, x->p, 1, fit_columns, &fit))
    fine = patron_run_check (run, error);
  fine = fine && pack (bins, &fit, error);
  patron_free (rows);
  patron_free (fit.scratch);
  patron_free (fit.cuts);
  patron_free (fit.n_cuts);
  if (!fine)
    patron_bins_clear (bins);
  return fine;
}

void
patron_bins_clear (PatronBins *bins)
{
  patron_free (bins->start);
  patron_free (bins->cuts);
  *bins = (PatronBins) { 0 };
}

static gboolean
bins_are_sound (const PatronBins *bins)
{
  if (bins->n_start != bins->p + 1 || bins->start[0] != 0 || bins->start[bins->p] != bins->n_cuts)
    return FALSE;
  for (gsize j = 0; j < bins->p; j++)
    {
      guint32 begin = bins->start[j], end = bins->start[j + 1];
      if (end < begin || end - begin > PATRON_BINS_MAX - 1 || end > bins->n_cuts)
        return FALSE;
      for (guint32 i = begin; i < end; i++)
        if (isnan (bins->cuts[i]) || (i > begin && bins->cuts[i] <= bins->cuts[i - 1]))
          return FALSE;
    }
  return TRUE;
}

void
patron_bins_visit (PatronBins *bins, PatronVisitor *visitor)
{
  gboolean fine = patron_visit_size (visitor, "columns", &bins->p);
  fine = fine && patron_visit_array (visitor, "starts", (gpointer *) &bins->start, &bins->n_start, sizeof (guint32));
  fine = fine && patron_visit_array (visitor, "cuts", (gpointer *) &bins->cuts, &bins->n_cuts, sizeof (double));
  if (fine && !bins_are_sound (bins))
    patron_visitor_fail (visitor, "bins");
}

/* ---- codes ------------------------------------------------------------------------------------------------ */

guint
patron_bins_count (const PatronBins *bins, gsize j)
{
  return bins->start[j + 1] - bins->start[j] + 1;
}

guint8
patron_bins_cut_between (const PatronBins *bins, gsize j, guint left, guint right)
{
  const double *cuts = bins->cuts + bins->start[j];
  guint n = bins->start[j + 1] - bins->start[j], cut = left;
  if (right == PATRON_BIN_MISSING)
    return PATRON_BIN_MISSING - 1;
  if (right == left + 1)
    return left;
  double low = left > 0 ? (cuts[left - 1] + cuts[left]) / 2 : cuts[left];
  double high = right < n ? (cuts[right - 1] + cuts[right]) / 2 : cuts[right - 1];
  while (cut + 1 < right && fabs (cuts[cut + 1] - (low + high) / 2) < fabs (cuts[cut] - (low + high) / 2))
    cut++;
  return cut;
}

/* The number of cuts below x, by halving without branches. */
static inline guint8
code_of (const double *cuts, guint32 n, double x)
{
  const double *base = cuts;
  if (isnan (x))
    return PATRON_BIN_MISSING;
  while (n > 0)
    {
      guint32 half = (n + 1) / 2;
      base += base[half - 1] < x ? half : 0;
      n -= half;
    }
  return base - cuts;
}

guint8
patron_bins_code (const PatronBins *bins, gsize j, double x)
{
  return code_of (bins->cuts + bins->start[j], bins->start[j + 1] - bins->start[j], x);
}

gsize
patron_codes_stride (gsize p)
{
  gsize stride = 1;
  if (p > 64)
    return (p + 63) / 64 * 64;
  while (stride < p)
    stride *= 2;
  return stride;
}

/* The same for ROWS_AT_ONCE values, side by side: each step of one waits for its last, those of the others need not. */
#define ROWS_AT_ONCE 16

static PATRON_SIMD void
code_some (const double *restrict cuts, guint32 n, const double *restrict x, guint8 *restrict codes, gsize stride)
{
  gint64 at[ROWS_AT_ONCE] = { 0 };
  while (n > 0)
    {
      gint64 half = (n + 1) / 2;
#pragma omp simd
      for (guint i = 0; i < ROWS_AT_ONCE; i++)
        at[i] += half & -(gint64) (cuts[at[i] + half - 1] < x[i]);   /* no branch: it could not be foreseen */
      n -= half;
    }
  for (guint i = 0; i < ROWS_AT_ONCE; i++)
    codes[i * stride] = isnan (x[i]) ? PATRON_BIN_MISSING : (guint8) at[i];
}

void
patron_bins_apply_rows (const PatronBins *bins, const PatronMatrix *x, gsize begin, gsize end, gsize stride, guint8 *values)
{
  for (gsize j = 0; j < bins->p; j++)
    {
      const double *column = patron_matrix_column (x, j), *cuts = bins->cuts + bins->start[j];
      guint32 n = bins->start[j + 1] - bins->start[j];
      gsize i = begin;
      for (; i + ROWS_AT_ONCE <= end; i += ROWS_AT_ONCE)
        code_some (cuts, n, column + i, values + (i - begin) * stride + j, stride);
      for (; i < end; i++)
        values[(i - begin) * stride + j] = code_of (cuts, n, column[i]);
    }
}

typedef struct
{
  const PatronBins   *bins;
  const PatronMatrix *x;
  PatronCodes        *codes;
} Apply;

static void
apply_block (gsize begin, gsize end, int worker, gpointer data)
{
  Apply *apply = data;
  patron_bins_apply_rows (apply->bins, apply->x, begin, end, apply->codes->stride, apply->codes->values + begin * apply->codes->stride);
}

gboolean
patron_bins_apply (const PatronBins *bins, const PatronMatrix *x, PatronCodes *codes, PatronRun *run, GError **error)
{
  Apply apply = { bins, x, codes };
  codes->n = x->n;
  codes->stride = patron_codes_stride (bins->p);
  codes->values = patron_try_alloc0 (x->n, codes->stride, _("the binned columns"), error);
  if (codes->values == NULL)
    return FALSE;
  if (patron_parallel_for (run, x->n, BLOCK_ROWS, apply_block, &apply) || patron_run_check (run, error))
    return TRUE;
  patron_codes_clear (codes);
  return FALSE;
}

void
patron_codes_clear (PatronCodes *codes)
{
  patron_free (codes->values);
  codes->values = NULL;
}
