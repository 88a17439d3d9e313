/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/logistic-private.h"

#include "base/memory.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

/* A pivot below this share of its diagonal raises the question whether a column is a combination of others. */
#define SUSPICIOUS_PIVOT 1e-8
/* Halvings of a step that makes things worse. */
#define MAX_HALVINGS 40
/* The log-likelihood is a sum with rounding: it may fall by this share and still count as no worse. */
#define ROUNDING 1e-13
/* Separation is looked for when, after some iterations, the gain falls no faster than this: near a maximum it falls quadratically. */
#define SLOW 0.05
#define FIRST_LOOK 4
/* What a step that goes on for ever adds to the best told rows (about 1), and may take from the others. */
#define LEAST_GROWTH 0.3
#define ROW_LOSS 1e-4

typedef struct
{
  const PatronLogisticProblem *problem;
  PatronLogisticWork          *work;
  gsize                        side;
  double *matrix, *factor;     /* side × side */
  double *gradient, *step, *trial;
  double  value;               /* log-likelihood less penalty */
  double  log_likelihood;
} Newton;

double
patron_logistic_penalise (const PatronLogisticProblem *problem, const double *beta, double log_likelihood, double *gradient)
{
  const gsize k = problem->x.p + 1;
  double squares = 0;

  if (problem->ridge == 0)
    return log_likelihood;
  for (guint a = 0; a < problem->n_equations; a++)
    for (gsize j = a * k + 1; j < (a + 1) * k; j++)
      {
        const double ridge = problem->ridges[j % k - 1];
        squares += ridge * beta[j] * beta[j];
        if (gradient != NULL)
          gradient[j] -= ridge * beta[j];
      }
  return log_likelihood - 0.5 * squares;
}

static gboolean
evaluate (Newton *newton, const double *beta, PatronRun *run, GError **error)
{
  const gsize k = newton->problem->x.p + 1;

  if (!patron_logistic_evaluate (newton->work, beta, PATRON_LOGISTIC_INFORMATION, &newton->log_likelihood, newton->gradient, newton->matrix, run,
                                 error))
    return FALSE;
  newton->value = patron_logistic_penalise (newton->problem, beta, newton->log_likelihood, newton->gradient);
  for (gsize j = 0; j < newton->side; j++)
    if (j % k != 0)
      newton->matrix[j * newton->side + j] += newton->problem->ridges[j % k - 1];
  return TRUE;
}

/* Cholesky factor, with a growing part of the diagonal added where rounding, or rows that are told apart without doubt, leave the matrix
 * singular. */
static gboolean
factorise (Newton *newton)
{
  const gsize side = newton->side;
  double damping = 0;

  for (int i = 0; i < 12; i++, damping = damping == 0 ? 1e-12 : damping * 30)
    {
      memcpy (newton->factor, newton->matrix, side * side * sizeof (double));
      for (gsize j = 0; j < side; j++)
        newton->factor[j * side + j] += damping * newton->factor[j * side + j] + (damping > 0 ? G_MINDOUBLE : 0);
      if (LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'U', (int) side, newton->factor, (int) side) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_suspicious (const Newton *newton)
{
  for (gsize j = 0; j < newton->side; j++)
    {
      const double pivot = newton->factor[j * newton->side + j];
      if (!(pivot * pivot > SUSPICIOUS_PIVOT * newton->matrix[j * newton->side + j]))
        return TRUE;
    }
  return FALSE;
}

/* step = H⁻¹ g; returns gᵀ H⁻¹ g. */
static double
solve (Newton *newton)
{
  const int side = (int) newton->side;

  memcpy (newton->step, newton->gradient, newton->side * sizeof (double));
  cblas_dtrsv (CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, side, newton->factor, side, newton->step, 1);
  const double decrement = cblas_ddot (side, newton->step, 1, newton->step, 1);
  cblas_dtrsv (CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, side, newton->factor, side, newton->step, 1);
  return decrement;
}

/* Goes the step, or the first half, quarter … of it that is no worse. *moved: there was one. */
static gboolean
advance (Newton *newton, double *beta, gboolean *moved, PatronRun *run, GError **error)
{
  const double before = newton->value, least = before - ROUNDING * fabs (before);
  double share = 1;

  *moved = FALSE;
  for (int i = 0; i < MAX_HALVINGS && !*moved; i++, share /= 2)
    {
      for (gsize j = 0; j < newton->side; j++)
        newton->trial[j] = beta[j] + share * newton->step[j];
      if (!evaluate (newton, newton->trial, run, error))
        return FALSE;
      *moved = newton->value >= least;
    }
  if (*moved)
    memcpy (beta, newton->trial, newton->side * sizeof (double));
  return TRUE;
}

/* Where a penalty holds, nothing goes on for ever: the part of a direction in the free columns. */
static const double *
free_part (const Newton *newton, const double *direction)
{
  const gsize k = newton->problem->x.p + 1;

  for (gsize j = 0; j < newton->side; j++)
    newton->trial[j] = j % k != 0 && newton->problem->ridges[j % k - 1] > 0 ? 0 : direction[j];
  return newton->trial;
}

/* Does some direction fit some rows better without end, and none worse? β itself when it tells all rows apart; else the step, which turns into
 * such a direction when there is one: every other part of it dies out. */
static gboolean
look_for_separation (Newton *newton, const double *beta, PatronLogisticSearch *search, PatronRun *run, GError **error)
{
  double least, greatest;

  if (!patron_logistic_margins (newton->work, free_part (newton, beta), &least, &greatest, run, error))
    return FALSE;
  if (least > 0)
    {
      search->separation = PATRON_SEPARATION_COMPLETE;
      memcpy (search->direction, newton->trial, newton->side * sizeof (double));
      return TRUE;
    }
  if (!patron_logistic_margins (newton->work, free_part (newton, newton->step), &least, &greatest, run, error))
    return FALSE;
  if (greatest >= LEAST_GROWTH && least >= -ROW_LOSS * greatest)
    {
      search->separation = PATRON_SEPARATION_QUASI;
      memcpy (search->direction, newton->trial, newton->side * sizeof (double));
    }
  return TRUE;
}

static gboolean
iterate (Newton *newton, const PatronLogisticOptions *options, gboolean check_rank, double *beta, PatronLogisticSearch *search, PatronRun *run,
         GError **error)
{
  double last = INFINITY;

  if (!evaluate (newton, beta, run, error))
    return FALSE;
  for (search->iterations = 1; search->iterations <= options->max_iterations; search->iterations++)
    {
      gboolean moved = FALSE;
      if (!factorise (newton))
        break;
      if (search->iterations == 1 && check_rank && is_suspicious (newton))
        {
          search->suspicious = TRUE;
          return TRUE;
        }
      const double decrement = solve (newton);
      const gboolean slow = search->iterations >= FIRST_LOOK && decrement > SLOW * last;
      if ((newton->problem->ridge == 0 || newton->problem->partly) && slow && !look_for_separation (newton, beta, search, run, error))
        return FALSE;
      if (decrement <= options->tolerance)
        {
          cblas_daxpy ((int) newton->side, 1, newton->step, 1, beta, 1);
          newton->log_likelihood += decrement / 2;
          search->converged = TRUE;
          break;
        }
      last = decrement;
      if (!advance (newton, beta, &moved, run, error))
        return FALSE;
      if (!moved)      /* at the limit of rounding: as good as it gets */
        {
          search->converged = decrement < 1e-6;
          if (!evaluate (newton, beta, run, error))
            return FALSE;
          break;
        }
      patron_run_progress (run, 1 - 1 / (1 + 0.5 * search->iterations));
    }
  search->iterations = MIN (search->iterations, options->max_iterations);
  search->log_likelihood = newton->log_likelihood;
  return TRUE;
}

gboolean
patron_logistic_newton (const PatronLogisticProblem *problem, const PatronLogisticOptions *options, gboolean check_rank, double *beta,
                        PatronLogisticSearch *search, PatronRun *run, GError **error)
{
  const gsize side = problem->n_equations * (problem->x.p + 1);
  Newton newton = { .problem = problem, .side = side };
  gboolean done = FALSE;

  newton.gradient = g_new (double, 3 * side);
  newton.step = newton.gradient + side;
  newton.trial = newton.step + side;
  newton.matrix = patron_try_alloc (side * side, sizeof (double), _("the regression"), error);
  newton.factor = newton.matrix == NULL ? NULL : patron_try_alloc (side * side, sizeof (double), _("the regression"), error);
  newton.work = newton.factor == NULL ? NULL : patron_logistic_work_new (problem, PATRON_LOGISTIC_INFORMATION, run, error);
  if (newton.work != NULL)
    done = iterate (&newton, options, check_rank, beta, search, run, error);
  patron_logistic_work_free (newton.work);
  patron_free (newton.matrix);
  patron_free (newton.factor);
  g_free (newton.gradient);
  return done;
}
