/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/least-squares-private.h"

#include "base/memory.h"

#include <cblas.h>
#include <float.h>
#include <glib/gi18n-lib.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

/* Cross products are used while 1 - R² of each column on those before it is above this: they then keep 10 digits, which one step of
 * refinement makes 14. Below, the columns themselves are rotated. */
#define GRAM_PIVOT 1e-5
/* A column is aliased when less than this share of its length is its own. */
#define ALIASED 1e-11

void
patron_least_squares_free (PatronLeastSquares *fit)
{
  if (fit == NULL)
    return;
  g_free (fit->aliased);
  g_free (fit->coefficients);
  patron_free (fit->inverse);
  g_free (fit->used);
  g_free (fit->means);
  g_free (fit->scales);
  patron_free (fit->r);
  g_free (fit);
}

/* ---- the triangular factor ---------------------------------------------------------------------------------- */

/* Columns kept so far become the unknowns. */
static void
keep_columns (PatronLeastSquares *fit, const double *means, const double *scales)
{
  fit->n_used = 0;
  for (gsize j = 0; j < fit->p; j++)
    if (!fit->aliased[j])
      {
        fit->used[fit->n_used] = j;
        fit->means[fit->n_used] = fit->intercept ? means[j] : 0;
        fit->scales[fit->n_used] = scales[j];
        fit->n_used++;
      }
  fit->rank = fit->n_used + (fit->intercept ? 1 : 0);
}

/* Cholesky factor of the scaled cross products of the kept columns into fit->r. FALSE when a pivot is too small to trust. */
static gboolean
factor_gram (PatronLeastSquares *fit, const double *gram)
{
  const gsize k = fit->n_used, ld = fit->p + 1;

  for (gsize j = 0; j < k; j++)
    for (gsize i = 0; i < k; i++)
      fit->r[j * k + i] = i > j ? 0 : gram[fit->used[j] * ld + fit->used[i]] / (fit->scales[i] * fit->scales[j]);
  if (k > 0 && LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'U', (int) k, fit->r, (int) k) != 0)
    return FALSE;
  for (gsize j = 0; j < k; j++)
    if (fit->r[j * k + j] * fit->r[j * k + j] < GRAM_PIVOT)
      return FALSE;
  return TRUE;
}

/* From the factor of all kept columns: marks those that are combinations of earlier ones and rotates what is left to a triangle. In the order of
 * the columns, one reflection each; a column whose rest is nothing is passed over and takes no row. */
static void
reduce_factor (PatronLeastSquares *fit, double *factor)
{
  const gsize k = fit->n_used;
  g_autofree gsize *kept = g_new (gsize, k + 1);
  gsize n_kept = 0;

  for (gsize j = 0; j < k; j++)
    {
      double *column = factor + j * k + n_kept, tau;
      const gsize rows = k - n_kept;
      if (cblas_dnrm2 ((int) rows, column, 1) < ALIASED)
        {
          fit->aliased[fit->used[j]] = TRUE;
          continue;
        }
      LAPACKE_dlarfg ((int) rows, column, column + 1, 1, &tau);
      const double beta = column[0];
      column[0] = 1;
      for (gsize later = j + 1; later < k; later++)
        {
          double *other = factor + later * k + n_kept;
          cblas_daxpy ((int) rows, -tau * cblas_ddot ((int) rows, column, 1, other, 1), column, 1, other, 1);
        }
      column[0] = beta;
      kept[n_kept++] = j;
    }
  for (gsize c = 0; c < n_kept; c++)
    {
      for (gsize i = 0; i < n_kept; i++)
        fit->r[c * n_kept + i] = i > c ? 0 : factor[kept[c] * k + i];
      fit->used[c] = fit->used[kept[c]];
      fit->means[c] = fit->means[kept[c]];
      fit->scales[c] = fit->scales[kept[c]];
    }
  fit->n_used = n_kept;
  fit->rank = n_kept + (fit->intercept ? 1 : 0);
}

static gboolean
factor_columns (PatronLeastSquares *fit, const PatronColumns *x, PatronRun *run, GError **error)
{
  const gsize k = fit->n_used;
  g_autofree const double **columns = g_new (const double *, k + 1);
  double *factor = patron_try_alloc (k * k, sizeof (double), _("the regression"), error);

  if (factor == NULL)
    return FALSE;
  for (gsize j = 0; j < k; j++)
    columns[j] = x->columns[fit->used[j]];
  const PatronColumns kept = { x->n, k, columns };
  const gboolean done = patron_tall_qr (&kept, fit->means, fit->scales, factor, run, error);
  if (done)
    reduce_factor (fit, factor);
  patron_free (factor);
  return done;
}

/* ---- results ------------------------------------------------------------------------------------------------ */

/* Largest over smallest singular value of R. Beyond 500 columns LAPACK's estimate in the 1-norm. */
static double
condition_number (const PatronLeastSquares *fit)
{
  const gsize k = fit->n_used;
  double reciprocal = 1;

  if (k == 0)
    return 1;
  if (k > 500)
    {
      LAPACKE_dtrcon (LAPACK_COL_MAJOR, '1', 'U', 'N', (int) k, fit->r, (int) k, &reciprocal);
      return 1 / reciprocal;
    }
  g_autofree double *copy = g_new (double, k * k);
  g_autofree double *singular = g_new (double, k);
  g_autofree double *work = g_new (double, k);
  memcpy (copy, fit->r, k * k * sizeof *copy);
  if (LAPACKE_dgesvd (LAPACK_COL_MAJOR, 'N', 'N', (int) k, (int) k, copy, (int) k, singular, NULL, 1, NULL, 1, work) != 0)
    return NAN;
  return singular[0] / singular[k - 1];
}

/* (RᵀR)⁻¹ back in the units of the columns, and the intercept's row and column: cov (b0, b) = -V m, var (b0) = 1/n + mᵀ V m. */
static void
fill_inverse (PatronLeastSquares *fit, double *square)
{
  const gsize k = fit->n_used, ld = fit->p + 1;

  memcpy (square, fit->r, k * k * sizeof *square);
  if (k > 0)
    LAPACKE_dpotri (LAPACK_COL_MAJOR, 'U', (int) k, square, (int) k);
  for (gsize j = 0; j < k; j++)
    for (gsize i = 0; i <= j; i++)
      {
        const double v = square[j * k + i] / (fit->scales[i] * fit->scales[j]);
        fit->inverse[(fit->used[j] + 1) * ld + fit->used[i] + 1] = fit->inverse[(fit->used[i] + 1) * ld + fit->used[j] + 1] = v;
      }
  if (!fit->intercept)
    return;
  fit->inverse[0] = 1 / (double) fit->n;
  for (gsize j = 0; j < k; j++)
    {
      double c = 0;
      for (gsize i = 0; i < k; i++)
        c -= fit->inverse[(fit->used[j] + 1) * ld + fit->used[i] + 1] * fit->means[i];
      fit->inverse[(fit->used[j] + 1) * ld] = fit->inverse[fit->used[j] + 1] = c;
      fit->inverse[0] -= c * fit->means[j];
    }
}

/* A column that does not vary, to the digits it holds, is aliased with the intercept. */
static void
find_constants (PatronLeastSquares *fit, const double *means, const double *gram, double *scales)
{
  const gsize ld = fit->p + 1;

  for (gsize j = 0; j < fit->p; j++)
    {
      scales[j] = sqrt (gram[j * ld + j]);
      const double least = fit->intercept ? 1e-13 * fabs (means[j]) * sqrt ((double) fit->n) : 0;
      fit->aliased[j] = !(scales[j] > least);
    }
}

static gboolean
fit_from_gram (PatronLeastSquares *fit, const PatronColumns *x, const double *y, const double *means, const double *gram, PatronRun *run, GError **error)
{
  const gsize p = fit->p, ld = p + 1;
  g_autofree double *scales = g_new (double, p + 1);
  g_autofree double *slopes = g_new0 (double, p + 1);

  fit->tss = gram[p * ld + p];
  fit->y_mean = fit->intercept ? means[p] : 0;
  find_constants (fit, means, gram, scales);
  keep_columns (fit, means, scales);
  if (factor_gram (fit, gram))
    {
      const gsize k = fit->n_used;
      for (gsize j = 0; j < k; j++)
        slopes[j] = gram[p * ld + fit->used[j]] / fit->scales[j];
      if (k > 0)
        {
          cblas_dtrsv (CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, (int) k, fit->r, (int) k, slopes, 1);
          cblas_dtrsv (CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, (int) k, fit->r, (int) k, slopes, 1);
        }
    }
  else
    {
      fit->orthogonal = TRUE;
      return factor_columns (fit, x, run, error) && patron_least_squares_refine_extended (fit, x, y, run, error);
    }
  return patron_least_squares_refine (fit, x, y, slopes, run, error);
}

PatronLeastSquares *
patron_least_squares_fit (const PatronColumns *x, const double *y, gboolean intercept, PatronRun *run, GError **error)
{
  const gsize p = x->p, ld = p + 1;
  g_autoptr (PatronLeastSquares) fit = g_new0 (PatronLeastSquares, 1);
  g_autofree const double **columns = g_new (const double *, ld);
  g_autofree double *means = g_new (double, ld);
  double *gram = NULL;
  gboolean done = FALSE;

  fit->n = x->n;
  fit->p = p;
  fit->intercept = intercept;
  fit->aliased = g_new0 (gboolean, ld);
  fit->coefficients = g_new0 (double, ld);
  fit->used = g_new (gsize, ld);
  fit->means = g_new (double, ld);
  fit->scales = g_new (double, ld);
  memcpy (columns, x->columns, p * sizeof *columns);
  columns[p] = y;

  gram = patron_try_alloc (ld * ld, sizeof (double), _("the regression"), error);
  fit->inverse = gram == NULL ? NULL : patron_try_alloc0 (ld * ld, sizeof (double), _("the regression"), error);
  fit->r = fit->inverse == NULL ? NULL : patron_try_alloc (ld * ld, sizeof (double), _("the regression"), error);
  if (fit->r != NULL)
    {
      const PatronColumns all = { x->n, ld, columns };
      done = patron_gram (&all, intercept, means, gram, run, error) && fit_from_gram (fit, x, y, means, gram, run, error);
    }
  if (done)
    {
      fit->condition = condition_number (fit);
      fill_inverse (fit, gram);
    }
  patron_free (gram);
  return done ? g_steal_pointer (&fit) : NULL;
}

