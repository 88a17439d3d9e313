/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/logistic-private.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

/* A column whose own part of the information is below this share is determined by the others. */
#define DETERMINED 1e-9

/* ---- the problem in scaled columns ----------------------------------------------------------------------------- */

void
patron_logistic_scaled_clear (PatronLogisticScaled *scaled)
{
  g_clear_pointer (&scaled->columns, g_free);
  g_clear_pointer (&scaled->means, g_free);
  g_clear_pointer (&scaled->scales, g_free);
  g_clear_pointer (&scaled->ridges, g_free);
  g_clear_pointer (&scaled->equation, g_free);
}

void
patron_logistic_scaled_init (PatronLogisticScaled *scaled, const PatronLogistic *fit, const PatronColumns *x, const double *y,
                             const double *weights)
{
  const gsize k = fit->n_used;

  scaled->columns = g_new (const double *, k + 1);
  scaled->means = g_new (double, k + 1);
  scaled->scales = g_new (double, k + 1);
  scaled->ridges = g_new (double, k + 1);
  scaled->equation = g_new (int, fit->n_classes);
  for (gsize j = 0; j < k; j++)
    {
      scaled->columns[j] = x->columns[fit->used[j]];
      scaled->means[j] = fit->means[fit->used[j]];
      scaled->scales[j] = fit->scales[fit->used[j]];
      scaled->ridges[j] = fit->penalised == NULL || fit->penalised[fit->used[j]] ? fit->ridge : 0;
    }
  for (guint c = 0; c < fit->n_classes; c++)
    scaled->equation[c] = -1;
  for (guint a = 0; a < fit->n_equations; a++)
    scaled->equation[fit->classes[a]] = (int) a;
  scaled->problem = (PatronLogisticProblem) { .x = { x->n, k, scaled->columns }, .y = y, .weights = weights, .means = scaled->means,
                                              .scales = scaled->scales, .n_equations = fit->n_equations, .equation = scaled->equation,
                                              .ridges = scaled->ridges,
                                              .ridge = fit->ridge, .partly = fit->penalised != NULL };
}

/* ---- covariance ------------------------------------------------------------------------------------------------------- */

/* β of scaled columns from the coefficients. */
static void
scale_coefficients (const PatronLogistic *fit, double *beta)
{
  const gsize k = fit->n_used + 1;

  for (guint a = 0; a < fit->n_equations; a++)
    {
      const double *in = fit->coefficients + a * (fit->p + 1);
      beta[a * k] = in[0];
      for (gsize j = 0; j < fit->n_used; j++)
        {
          beta[a * k] += in[fit->used[j] + 1] * fit->means[fit->used[j]];
          beta[a * k + j + 1] = in[fit->used[j] + 1] * fit->scales[fit->used[j]];
        }
    }
}

static void
mirror (double *matrix, gsize side)
{
  for (gsize j = 0; j < side; j++)
    for (gsize i = 0; i < j; i++)
      matrix[i * side + j] = matrix[j * side + i];
}

/* One side of T V Tᵀ, where T takes β to coefficients: of each column of V, or, with the strides swapped, of each row. */
static void
unscale (const PatronLogistic *fit, double *v, gsize side, gsize next, gsize step)
{
  const gsize k = fit->n_used + 1;

  for (gsize c = 0; c < side; c++)
    for (guint a = 0; a < fit->n_equations; a++)
      {
        double *at = v + c * next + a * k * step;
        for (gsize j = 0; j < fit->n_used; j++)
          {
            at[(j + 1) * step] /= fit->scales[fit->used[j]];
            at[0] -= at[(j + 1) * step] * fit->means[fit->used[j]];
          }
      }
}

/* V, of what is in use, within the whole. */
static void
spread (const PatronLogistic *fit, const double *v, double *out)
{
  const gsize k = fit->n_used + 1, side = fit->n_equations * k, whole = fit->n_equations * (fit->p + 1);

  for (gsize c = 0; c < side; c++)
    for (gsize r = 0; r < side; r++)
      {
        const gsize column = c / k * (fit->p + 1) + (c % k == 0 ? 0 : fit->used[c % k - 1] + 1);
        const gsize row = r / k * (fit->p + 1) + (r % k == 0 ? 0 : fit->used[r % k - 1] + 1);
        out[column * whole + row] = v[c * side + r];
      }
}

/* The information, and the sum of gᵢgᵢᵀ if meat is not NULL, as they are in scaled columns; then V in the place of the information. */
static gboolean
scaled_covariance (const PatronLogisticProblem *problem, const double *beta, double *information, double *meat, PatronRun *run, GError **error)
{
  const gsize k = problem->x.p + 1, side = problem->n_equations * k;
  g_autofree double *gradient = g_new (double, side);
  PatronLogisticWork *work = patron_logistic_work_new (problem, PATRON_LOGISTIC_SCORES, run, error);
  double likelihood;
  gboolean done = work != NULL
                  && patron_logistic_evaluate (work, beta, PATRON_LOGISTIC_INFORMATION, &likelihood, gradient, information, run, error)
                  && (meat == NULL || patron_logistic_evaluate (work, beta, PATRON_LOGISTIC_SCORES, &likelihood, gradient, meat, run, error));

  patron_logistic_work_free (work);
  if (!done)
    return FALSE;
  for (gsize i = 0; i < side; i++)
    information[i * side + i] += i % k == 0 ? 0 : problem->ridges[i % k - 1];
  if (LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'U', (int) side, information, (int) side) != 0)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                           _("The rows do not determine the coefficients, so there are no standard errors; use a penalty."));
      return FALSE;
    }
  if (meat == NULL)
    LAPACKE_dpotri (LAPACK_COL_MAJOR, 'U', (int) side, information, (int) side);
  else
    {
      mirror (meat, side);
      LAPACKE_dpotrs (LAPACK_COL_MAJOR, 'U', (int) side, (int) side, information, (int) side, meat, (int) side);
      for (gsize j = 0; j < side; j++)     /* (H⁻¹ M)ᵀ = M H⁻¹ */
        for (gsize i = 0; i < j; i++)
          {
            const double swap = meat[j * side + i];
            meat[j * side + i] = meat[i * side + j];
            meat[i * side + j] = swap;
          }
      LAPACKE_dpotrs (LAPACK_COL_MAJOR, 'U', (int) side, (int) side, information, (int) side, meat, (int) side);
      memcpy (information, meat, side * side * sizeof *meat);
    }
  mirror (information, side);
  return TRUE;
}

double *
patron_logistic_covariance (const PatronLogistic *fit, const PatronColumns *x, const double *y, const double *weights, gboolean robust,
                            PatronRun *run, GError **error)
{
  const gsize side = fit->n_equations * (fit->n_used + 1), whole = fit->n_equations * (fit->p + 1);
  g_autofree double *beta = g_new (double, side);
  PatronLogisticScaled scaled;
  double *out = NULL, *meat = NULL;
  double *v = patron_try_alloc (side * side, sizeof (double), _("the standard errors"), error);
  gboolean done = v != NULL;

  if (done && robust)
    done = (meat = patron_try_alloc (side * side, sizeof (double), _("the standard errors"), error)) != NULL;
  if (done)
    {
      patron_logistic_scaled_init (&scaled, fit, x, y, weights);
      scale_coefficients (fit, beta);
      done = scaled_covariance (&scaled.problem, beta, v, meat, run, error);
      patron_logistic_scaled_clear (&scaled);
    }
  if (done)
    out = patron_try_alloc0 (whole * whole, sizeof (double), _("the standard errors"), error);
  if (out != NULL)
    {
      unscale (fit, v, side, side, 1);
      unscale (fit, v, side, 1, side);
      spread (fit, v, out);
    }
  patron_free (v);
  patron_free (meat);
  return out;
}

/* ---- columns that are not in the model ------------------------------------------------------------------------------------ */

/* The statistic of column c of the whole information: U² / (I_cc - I_cx I_xx⁻¹ I_xc), by forward substitution with the factor of I_xx. */
static double
score_statistic (const double *matrix, gsize side, const double *factor, gsize k, gsize c, double score)
{
  g_autofree double *w = g_new (double, k);

  memcpy (w, matrix + c * side, k * sizeof *w);
  cblas_dtrsv (CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, (int) k, factor, (int) k, w, 1);
  const double all = matrix[c * side + c], own = all - cblas_ddot ((int) k, w, 1, w, 1);
  return own > DETERMINED * all ? score * score / own : NAN;
}

static gboolean
score_all (const PatronLogisticProblem *problem, gsize k, const double *beta, double *statistics, PatronRun *run, GError **error)
{
  const gsize side = problem->x.p + 1;
  double *matrix = patron_try_alloc (side * side, sizeof (double), _("the tests"), error);
  double *factor = matrix == NULL ? NULL : patron_try_alloc (k * k, sizeof (double), _("the tests"), error);
  PatronLogisticWork *work = factor == NULL ? NULL : patron_logistic_work_new (problem, PATRON_LOGISTIC_INFORMATION, run, error);
  g_autofree double *gradient = g_new (double, side);
  double likelihood;
  gboolean done = work != NULL
                  && patron_logistic_evaluate (work, beta, PATRON_LOGISTIC_INFORMATION, &likelihood, gradient, matrix, run, error);

  if (done)
    {
      for (gsize j = 0; j < k; j++)
        memcpy (factor + j * k, matrix + j * side, k * sizeof *factor);
      const gboolean regular = LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'U', (int) k, factor, (int) k) == 0;
      for (gsize c = k; c < side; c++)
        statistics[c - k] = regular ? score_statistic (matrix, side, factor, k, c, gradient[c]) : NAN;
    }
  patron_logistic_work_free (work);
  patron_free (factor);
  patron_free (matrix);
  return done;
}

gboolean
patron_logistic_score_tests (const PatronLogistic *fit, const PatronColumns *x, const double *y, const double *weights, const PatronColumns *more,
                             double *statistics, PatronRun *run, GError **error)
{
  const gsize k = fit->n_used + 1, side = k + more->p;
  g_autofree const double **columns = g_new (const double *, side);
  g_autofree double *means = g_new0 (double, side);
  g_autofree double *scales = g_new (double, side);
  g_autofree double *beta = g_new0 (double, side);
  PatronLogisticScaled scaled;

  patron_logistic_scaled_init (&scaled, fit, x, y, weights);
  scale_coefficients (fit, beta);
  for (gsize j = 0; j + 1 < side; j++)
    {
      const gboolean within = j + 1 < k;
      columns[j] = within ? scaled.columns[j] : more->columns[j + 1 - k];
      means[j] = within ? scaled.means[j] : 0;
      scales[j] = within ? scaled.scales[j] : 1;
    }
  PatronLogisticProblem wider = scaled.problem;
  wider.x = (PatronColumns) { x->n, side - 1, columns };
  wider.means = means;
  wider.scales = scales;
  const gboolean done = score_all (&wider, k, beta, statistics, run, error);
  patron_logistic_scaled_clear (&scaled);
  return done;
}

/* ---- influence of rows -------------------------------------------------------------------------------------------------------- */

enum { INFLUENCE_ROWS = 256 };

typedef struct
{
  const PatronLogisticProblem *problem;
  const double *factor, *probability;
  double       *blocks;             /* for each worker, INFLUENCE_ROWS × (p + 1) */
  double       *leverage, *cook;
} Influence;

/* h = w |R⁻ᵀ x|², where RᵀR is the information and w = p (1 - p). */
static void
influence_rows (gsize begin, gsize end, int worker, gpointer data)
{
  const Influence *influence = data;
  const PatronLogisticProblem *problem = influence->problem;
  const gsize k = problem->x.p + 1, rows = end - begin;
  double *block = influence->blocks + (gsize) worker * INFLUENCE_ROWS * k;

  for (gsize i = 0; i < rows; i++)
    block[i] = 1;
  for (gsize j = 0; j + 1 < k; j++)
    for (gsize i = 0; i < rows; i++)
      block[(j + 1) * rows + i] = (problem->x.columns[j][begin + i] - problem->means[j]) / problem->scales[j];
  cblas_dtrsm (CblasColMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, (int) rows, (int) k, 1, influence->factor, (int) k, block,
               (int) rows);
  for (gsize i = 0; i < rows; i++)
    {
      const double p = influence->probability[begin + i], w = p * (1 - p);
      const double e = (problem->equation[(gsize) problem->y[begin + i]] == 0) - p, length = cblas_dnrm2 ((int) k, block + i, (int) rows);
      const double h = w * length * length, own = 1 - h;
      influence->leverage[begin + i] = h;
      influence->cook[begin + i] = own > 1e-12 && w > 0 ? e * e / w * h / (own * own * (double) k) : 0;
    }
}

/* The factor of the information at β. *regular: there is one. */
static gboolean
factor_information (const PatronLogisticProblem *problem, const double *beta, double *factor, gboolean *regular, PatronRun *run, GError **error)
{
  const gsize k = problem->x.p + 1;
  g_autofree double *gradient = g_new (double, k);
  PatronLogisticWork *work = patron_logistic_work_new (problem, PATRON_LOGISTIC_INFORMATION, run, error);
  double likelihood;
  const gboolean done = work != NULL
                        && patron_logistic_evaluate (work, beta, PATRON_LOGISTIC_INFORMATION, &likelihood, gradient, factor, run, error);

  patron_logistic_work_free (work);
  for (gsize j = 1; done && j < k; j++)
    factor[j * k + j] += problem->ridges[j - 1];
  *regular = done && LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'U', (int) k, factor, (int) k) == 0;
  return done;
}

gboolean
patron_logistic_influence (const PatronLogistic *fit, const PatronColumns *x, const double *y, const double *probability, double *leverage,
                           double *cook, PatronRun *run, GError **error)
{
  const gsize k = fit->n_used + 1, workers = (gsize) patron_parallel_workers (run);
  g_autofree double *beta = g_new (double, k);
  double *factor = patron_try_alloc (k * (k + workers * INFLUENCE_ROWS), sizeof (double), _("the influence of rows"), error);
  gboolean regular = FALSE, done;
  PatronLogisticScaled scaled;

  if (factor == NULL)
    return FALSE;
  patron_logistic_scaled_init (&scaled, fit, x, y, NULL);
  scale_coefficients (fit, beta);
  memset (leverage, 0, x->n * sizeof *leverage);
  memset (cook, 0, x->n * sizeof *cook);
  done = factor_information (&scaled.problem, beta, factor, &regular, run, error);
  if (regular)
    {
      Influence influence = { &scaled.problem, factor, probability, factor + k * k, leverage, cook };
      done = patron_parallel_for (run, x->n, INFLUENCE_ROWS, influence_rows, &influence) || patron_run_check (run, error);
    }
  patron_free (factor);
  patron_logistic_scaled_clear (&scaled);
  return done;
}
