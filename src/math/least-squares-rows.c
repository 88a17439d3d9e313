/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/least-squares.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define BLOCK_ROWS 512

typedef struct
{
  const PatronColumns *x;
  const double        *coefficients;
  double              *out;
} PredictWork;

PATRON_SIMD static void
add_scaled (double *restrict out, const double *restrict x, double b, gsize n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    out[i] += x[i] * b;
}

static void
predict_rows (gsize begin, gsize end, int worker, gpointer data)
{
  const PredictWork *work = data;

  for (gsize row = begin; row < end; row += BLOCK_ROWS)
    {
      const gsize rows = MIN (BLOCK_ROWS, end - row);
      for (gsize i = 0; i < rows; i++)
        work->out[row + i] = work->coefficients[0];
      for (gsize j = 0; j < work->x->p; j++)
        if (work->coefficients[j + 1] != 0)
          add_scaled (work->out + row, work->x->columns[j] + row, work->coefficients[j + 1], rows);
    }
}

gboolean
patron_linear_predict (const PatronColumns *x, const double *coefficients, double *out, PatronRun *run, GError **error)
{
  PredictWork work = { x, coefficients, out };

  return patron_parallel_for (run, x->n, patron_row_grain (x->n), predict_rows, &work) || patron_run_check (run, error);
}

/* Rows of the used columns turned into orthonormal coordinates, block by block, for whatever is summed over them. */
typedef struct RotateWork RotateWork;
struct RotateWork
{
  const PatronLeastSquares *fit;
  const PatronColumns      *x;       /* the used columns */
  const double             *values;  /* n: weights, or the vector to project */
  double                   *out;     /* n, or for each stretch `size` sums */
  gsize                     grain, size;
  double                   *blocks;  /* for each worker, BLOCK_ROWS × (n_used + 1) */
  void                    (*visit) (const RotateWork *work, gsize row, gsize rows, double *block);
};

static void
rotate_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const RotateWork *work = data;
  const PatronLeastSquares *fit = work->fit;
  const gsize k = fit->n_used;
  double *block = work->blocks + (gsize) worker * BLOCK_ROWS * (k + 1);

  for (gsize row = begin; row < end; row += BLOCK_ROWS)
    {
      const gsize rows = MIN (BLOCK_ROWS, end - row);
      patron_columns_block (work->x, row, row + rows, fit->means, fit->scales, block);
      if (k > 0)
        cblas_dtrsm (CblasColMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, (int) rows, (int) k, 1, fit->r, (int) k, block, (int) rows);
      work->visit (work, row, rows, block);
    }
}

/* out: as the visit wants it; NULL: `size` sums for each stretch are added up, in order, into total. */
static gboolean
rotate (const PatronLeastSquares *fit, const PatronColumns *x, RotateWork *work, double *total, PatronRun *run, GError **error)
{
  const gsize k = fit->n_used;
  g_autofree const double **columns = g_new (const double *, k + 1);
  gboolean done = FALSE;

  for (gsize j = 0; j < k; j++)
    columns[j] = x->columns[fit->used[j]];
  const PatronColumns used = { x->n, k, columns };
  work->fit = fit;
  work->x = &used;
  work->grain = patron_row_grain (x->n);
  while (total != NULL && work->grain < x->n && (x->n / work->grain + 1) * work->size > ((gsize) 1 << 25))
    work->grain *= 2;
  const gsize n_stretches = (x->n - 1) / work->grain + 1;
  double *sums = total != NULL ? patron_try_alloc0 (n_stretches * work->size, sizeof (double), _("the regression"), error) : NULL;

  if (total != NULL && sums == NULL)
    return FALSE;
  if (total != NULL)
    work->out = sums;
  work->blocks = patron_try_alloc ((gsize) patron_parallel_workers (run) * BLOCK_ROWS * (k + 1), sizeof (double), _("the regression"), error);
  if (work->blocks != NULL)
    done = patron_parallel_for (run, x->n, work->grain, rotate_stretch, work) || patron_run_check (run, error);
  if (done && total != NULL)
    {
      memset (total, 0, work->size * sizeof *total);
      for (gsize s = 0; s < n_stretches; s++)
        for (gsize i = 0; i < work->size; i++)
          total[i] += sums[s * work->size + i];
    }
  patron_free (work->blocks);
  patron_free (sums);
  return done;
}

static void
visit_leverage (const RotateWork *work, gsize row, gsize rows, double *block)
{
  const double base = work->fit->intercept ? 1 / (double) work->fit->n : 0;

  for (gsize i = 0; i < rows; i++)
    work->out[row + i] = base;
  for (gsize j = 0; j < work->fit->n_used; j++)
    for (gsize i = 0; i < rows; i++)
      work->out[row + i] += block[j * rows + i] * block[j * rows + i];
}

gboolean
patron_least_squares_leverage (const PatronLeastSquares *fit, const PatronColumns *x, double *leverage, PatronRun *run, GError **error)
{
  RotateWork work = { .out = leverage, .visit = visit_leverage };

  return rotate (fit, x, &work, NULL, run, error);
}

/* Coordinates times the root of the weight; the intercept's coordinate is 1/√n. */
static void
visit_sandwich (const RotateWork *work, gsize row, gsize rows, double *block)
{
  const gsize k = work->fit->n_used;
  const double first = work->fit->intercept ? 1 / sqrt ((double) work->fit->n) : 0;
  double *sums = work->out + row / work->grain * work->size;

  for (gsize i = 0; i < rows; i++)
    {
      const double root = sqrt (work->values[row + i]);
      block[k * rows + i] = first * root;
      for (gsize j = 0; j < k; j++)
        block[j * rows + i] *= root;
    }
  cblas_dsyrk (CblasColMajor, CblasUpper, CblasTrans, (int) (k + 1), (int) rows, 1, block, (int) rows, 1, sums, (int) (k + 1));
}

/* Coefficients of centred, scaled columns are R⁻¹ times the coordinates; the mean level is the last coordinate over √n. */
static void
unrotate (const PatronLeastSquares *fit, double *middle, double *covariance)
{
  const gsize k = fit->n_used, ld = fit->p + 1;
  const double first = fit->intercept ? 1 / sqrt ((double) fit->n) : 0;

  for (gsize j = 0; j <= k; j++)
    for (gsize i = 0; i < j; i++)
      middle[i * (k + 1) + j] = middle[j * (k + 1) + i];
  if (k > 0)
    {
      cblas_dtrsm (CblasColMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, (int) k, (int) k + 1, 1, fit->r, (int) k, middle, (int) k + 1);
      cblas_dtrsm (CblasColMajor, CblasRight, CblasUpper, CblasTrans, CblasNonUnit, (int) k + 1, (int) k, 1, fit->r, (int) k, middle, (int) k + 1);
    }
  memset (covariance, 0, ld * ld * sizeof *covariance);
  for (gsize j = 0; j < k; j++)
    for (gsize i = 0; i < k; i++)
      covariance[(fit->used[j] + 1) * ld + fit->used[i] + 1] = middle[j * (k + 1) + i] / (fit->scales[i] * fit->scales[j]);
  if (!fit->intercept)
    return;

  double level = middle[k * (k + 1) + k] * first * first;
  for (gsize j = 0; j < k; j++)
    {
      const double with_level = middle[k * (k + 1) + j] * first / fit->scales[j];
      double with_slopes = 0;
      for (gsize i = 0; i < k; i++)
        with_slopes += covariance[(fit->used[j] + 1) * ld + fit->used[i] + 1] * fit->means[i];
      covariance[(fit->used[j] + 1) * ld] = covariance[fit->used[j] + 1] = with_level - with_slopes;
      level += fit->means[j] * (with_slopes - 2 * with_level);
    }
  covariance[0] = level;
}

gboolean
patron_least_squares_sandwich (const PatronLeastSquares *fit, const PatronColumns *x, const double *weights, double *covariance,
                               PatronRun *run, GError **error)
{
  const gsize size = (fit->n_used + 1) * (fit->n_used + 1);
  RotateWork work = { .values = weights, .size = size, .visit = visit_sandwich };
  double *middle = patron_try_alloc (size, sizeof (double), _("the regression"), error);
  const gboolean done = middle != NULL && rotate (fit, x, &work, middle, run, error);

  if (done)
    unrotate (fit, middle, covariance);
  patron_free (middle);
  return done;
}

static void
visit_projection (const RotateWork *work, gsize row, gsize rows, double *block)
{
  double *sums = work->out + row / work->grain * work->size;

  if (work->fit->n_used > 0)
    cblas_dgemv (CblasColMajor, CblasTrans, (int) rows, (int) work->fit->n_used, 1, block, (int) rows, work->values + row, 1, 1, sums, 1);
}

gboolean
patron_least_squares_explained (const PatronLeastSquares *fit, const PatronColumns *x, const double *v, double *explained,
                                PatronRun *run, GError **error)
{
  g_autofree double *projection = g_new0 (double, fit->n_used + 1);
  RotateWork work = { .values = v, .size = MAX (fit->n_used, 1), .visit = visit_projection };

  if (!rotate (fit, x, &work, projection, run, error))
    return FALSE;
  *explained = cblas_ddot ((int) fit->n_used, projection, 1, projection, 1);
  return TRUE;
}
