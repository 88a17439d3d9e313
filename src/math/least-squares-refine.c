/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/least-squares-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define BLOCK_ROWS 512
#define MAX_PASSES 12

static void
finish_coefficients (PatronLeastSquares *fit, const long double *slopes, long double level)
{
  long double intercept = fit->y_mean + level;

  for (gsize j = 0; j < fit->n_used; j++)
    {
      fit->coefficients[fit->used[j] + 1] = (double) (slopes[j] / fit->scales[j]);
      intercept -= slopes[j] / fit->scales[j] * fit->means[j];
    }
  fit->coefficients[0] = fit->intercept ? (double) intercept : 0;
}

/* ---- well-conditioned columns ------------------------------------------------------------------------------- */

typedef struct
{
  const PatronLeastSquares *fit;
  const PatronColumns      *x;
  const double             *y;
  const double             *slopes;
  gsize                     grain;
  double                   *residuals;    /* for each worker, BLOCK_ROWS */
  double                   *sums;         /* for each stretch: n_used of Zᵀe, then eᵀe, then the sum of e */
} RefineWork;

PATRON_SIMD static void
subtract_scaled (double *restrict out, const double *restrict x, double mean, double b, gsize n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    out[i] -= (x[i] - mean) * b;
}

PATRON_SIMD static double
dot_shifted (const double *restrict e, const double *restrict x, double mean, gsize n)
{
  double sum = 0;

#pragma omp simd reduction(+ : sum)
  for (gsize i = 0; i < n; i++)
    sum += e[i] * (x[i] - mean);
  return sum;
}

static void
refine_rows (const RefineWork *work, gsize row, gsize rows, double *e, double *sums)
{
  const PatronLeastSquares *fit = work->fit;
  const gsize k = fit->n_used;

  for (gsize i = 0; i < rows; i++)
    e[i] = work->y[row + i] - fit->y_mean;
  for (gsize j = 0; j < k; j++)
    subtract_scaled (e, work->x->columns[fit->used[j]] + row, fit->means[j], work->slopes[j] / fit->scales[j], rows);
  for (gsize j = 0; j < k; j++)
    sums[j] += dot_shifted (e, work->x->columns[fit->used[j]] + row, fit->means[j], rows) / fit->scales[j];
  for (gsize i = 0; i < rows; i++)
    {
      sums[k] += e[i] * e[i];
      sums[k + 1] += e[i];
    }
}

static void
refine_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const RefineWork *work = data;
  double *sums = work->sums + begin / work->grain * (work->fit->n_used + 2);

  for (gsize row = begin; row < end; row += BLOCK_ROWS)
    refine_rows (work, row, MIN (BLOCK_ROWS, end - row), work->residuals + (gsize) worker * BLOCK_ROWS, sums);
}

static void
apply_step (PatronLeastSquares *fit, const double *stretches, gsize n_stretches, const double *slopes)
{
  const gsize k = fit->n_used;
  g_autofree double *total = g_new0 (double, k + 2);
  g_autofree double *step = g_new0 (double, k + 1);
  g_autofree long double *improved = g_new (long double, k + 1);
  double explained = 0;

  for (gsize s = 0; s < n_stretches; s++)
    for (gsize j = 0; j < k + 2; j++)
      total[j] += stretches[s * (k + 2) + j];
  if (k > 0)
    {
      memcpy (step, total, k * sizeof *step);
      cblas_dtrsv (CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, (int) k, fit->r, (int) k, step, 1);
      cblas_dtrsv (CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, (int) k, fit->r, (int) k, step, 1);
      explained = cblas_ddot ((int) k, step, 1, total, 1);
    }
  for (gsize j = 0; j < k; j++)
    improved[j] = (long double) slopes[j] + step[j];

  const double level = fit->intercept ? total[k + 1] / (double) fit->n : 0;
  fit->rss = MAX (total[k] - explained - level * total[k + 1], 0);
  finish_coefficients (fit, improved, level);
}

gboolean
patron_least_squares_refine (PatronLeastSquares *fit, const PatronColumns *x, const double *y, double *slopes, PatronRun *run, GError **error)
{
  RefineWork work = { .fit = fit, .x = x, .y = y, .slopes = slopes, .grain = patron_row_grain (fit->n) };
  const gsize n_stretches = (fit->n - 1) / work.grain + 1;
  gboolean done = FALSE;

  work.residuals = patron_try_alloc ((gsize) patron_parallel_workers (run) * BLOCK_ROWS, sizeof (double), _("the regression"), error);
  work.sums = work.residuals == NULL ? NULL : patron_try_alloc0 (n_stretches * (fit->n_used + 2), sizeof (double), _("the regression"), error);
  if (work.sums != NULL)
    {
      done = patron_parallel_for (run, fit->n, work.grain, refine_stretch, &work) || patron_run_check (run, error);
      if (done)
        apply_step (fit, work.sums, n_stretches, slopes);
    }
  patron_free (work.residuals);
  patron_free (work.sums);
  return done;
}

/* ---- nearly dependent columns ------------------------------------------------------------------------------- */

/* Each row becomes w = R⁻ᵀ (x - mean) / scale, whose columns are orthonormal but for R's rounding. In these coordinates the answer is
 * c = Wᵀy, and each pass c += Wᵀ (y - W c) gains as many digits as that rounding allows; in long double, what is left is that of the data. */
typedef struct
{
  const PatronLeastSquares *fit;
  const PatronColumns      *x;
  const double             *y;
  const long double        *c;            /* n_used, then the level */
  gsize                     grain;
  long double              *rows;         /* for each worker, n_used */
  long double              *sums;         /* for each stretch: n_used of Wᵀe, the sum of e, eᵀe */
} ExtendedWork;

static void
extended_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const ExtendedWork *work = data;
  const PatronLeastSquares *fit = work->fit;
  const gsize k = fit->n_used;
  long double *w = work->rows + (gsize) worker * k, *sums = work->sums + begin / work->grain * (k + 2);

  for (gsize i = begin; i < end; i++)
    {
      long double e = (long double) work->y[i] - fit->y_mean - work->c[k];
      for (gsize j = 0; j < k; j++)
        {
          const double *r = fit->r + j * k;
          long double value = ((long double) work->x->columns[fit->used[j]][i] - fit->means[j]) / fit->scales[j];
          for (gsize h = 0; h < j; h++)
            value -= r[h] * w[h];
          w[j] = value / r[j];
          e -= w[j] * work->c[j];
        }
      for (gsize j = 0; j < k; j++)
        sums[j] += w[j] * e;
      sums[k] += e;
      sums[k + 1] += e * e;
    }
}

/* Adds the stretches to c. Returns the length of the step; *rss: what is left after it. */
static long double
extended_step (const ExtendedWork *work, gsize n_stretches, long double *c, double *rss)
{
  const gsize k = work->fit->n_used, n = work->fit->n;
  long double length = 0, square = 0;

  for (gsize j = 0; j <= k + 1; j++)
    {
      long double total = 0;
      for (gsize s = 0; s < n_stretches; s++)
        total += work->sums[s * (k + 2) + j];
      if (j == k + 1)
        square = total;
      else if (j < k)
        {
          c[j] += total;
          length += total * total;
        }
      else if (work->fit->intercept)
        {
          c[k] += total / n;
          length += total * total / n;
        }
    }
  *rss = (double) MAX (square - length, 0);
  return sqrtl (length);
}

/* slopes = R⁻¹ c */
static void
extended_slopes (const PatronLeastSquares *fit, const long double *c, long double *slopes)
{
  const gsize k = fit->n_used;

  for (gsize j = k; j-- > 0;)
    {
      long double value = c[j];
      for (gsize h = j + 1; h < k; h++)
        value -= fit->r[h * k + j] * slopes[h];
      slopes[j] = value / fit->r[j * k + j];
    }
}

gboolean
patron_least_squares_refine_extended (PatronLeastSquares *fit, const PatronColumns *x, const double *y, PatronRun *run, GError **error)
{
  const gsize k = fit->n_used, grain = patron_row_grain (fit->n), n_stretches = (fit->n - 1) / grain + 1;
  g_autofree long double *c = g_new0 (long double, k + 1);
  g_autofree long double *slopes = g_new0 (long double, k + 1);
  ExtendedWork work = { .fit = fit, .x = x, .y = y, .c = c, .grain = grain };
  long double first = 0, step = 0, last = INFINITY;
  gboolean done = FALSE;

  work.rows = patron_try_alloc ((gsize) patron_parallel_workers (run) * (k + 1), sizeof (long double), _("the regression"), error);
  work.sums = work.rows == NULL ? NULL : patron_try_alloc (n_stretches * (k + 2), sizeof (long double), _("the regression"), error);
  done = work.sums != NULL;
  for (int pass = 0; done && pass < MAX_PASSES; pass++)
    {
      memset (work.sums, 0, n_stretches * (k + 2) * sizeof *work.sums);
      done = patron_parallel_for (run, fit->n, grain, extended_stretch, &work) || patron_run_check (run, error);
      if (!done)
        break;
      step = extended_step (&work, n_stretches, c, &fit->rss);
      if (pass == 0)
        first = step;
      else if (step > 0.5L * last || step <= first * 1e-18L)
        break;
      last = step;
    }
  if (done)
    {
      extended_slopes (fit, c, slopes);
      finish_coefficients (fit, slopes, c[k]);
    }
  patron_free (work.rows);
  patron_free (work.sums);
  return done;
}
