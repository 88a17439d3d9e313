/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/logistic-private.h"

#include "base/memory.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Pairs of steps and changes of the gradient that stand for the second derivatives. */
enum { MEMORY = 12, MAX_HALVINGS = 40 };
/* A step must gain this share of what the slope promises (L. Armijo, Pacific J. Math. 16(1), 1966). */
#define SUFFICIENT 1e-4
/* … give or take the rounding of the log-likelihood, a sum. */
#define ROUNDING 1e-14

typedef struct
{
  const PatronLogisticProblem *problem;
  PatronLogisticWork          *work;
  gsize   side;
  double *gradient, *trial, *trial_gradient, *direction;   /* uphill */
  double *steps, *changes;     /* MEMORY × side, a ring; change: how much the gradient fell */
  double  products[MEMORY];    /* step · change */
  guint   n_kept, next;
  double  value, log_likelihood;
} Lbfgs;

static gboolean
evaluate (Lbfgs *lbfgs, const double *beta, double *gradient, double *value, double *log_likelihood, PatronRun *run, GError **error)
{
  if (!patron_logistic_evaluate (lbfgs->work, beta, PATRON_LOGISTIC_GRADIENT, log_likelihood, gradient, NULL, run, error))
    return FALSE;
  *value = patron_logistic_penalise (lbfgs->problem, beta, *log_likelihood, gradient);
  return TRUE;
}

/* Nocedal's two loops. */
static void
choose_direction (Lbfgs *lbfgs)
{
  const int side = (int) lbfgs->side;
  double shares[MEMORY], *d = lbfgs->direction;

  memcpy (d, lbfgs->gradient, lbfgs->side * sizeof *d);
  for (guint i = 0; i < lbfgs->n_kept; i++)
    {
      const guint at = (lbfgs->next + MEMORY - 1 - i) % MEMORY;
      shares[at] = cblas_ddot (side, lbfgs->steps + at * lbfgs->side, 1, d, 1) / lbfgs->products[at];
      cblas_daxpy (side, -shares[at], lbfgs->changes + at * lbfgs->side, 1, d, 1);
    }
  if (lbfgs->n_kept > 0)
    {
      const guint at = (lbfgs->next + MEMORY - 1) % MEMORY;
      const double *change = lbfgs->changes + at * lbfgs->side;
      cblas_dscal (side, lbfgs->products[at] / cblas_ddot (side, change, 1, change, 1), d, 1);
    }
  else      /* the information is at most a quarter of the rows in each direction */
    cblas_dscal (side, 4 / ((double) lbfgs->problem->x.n + 4 * lbfgs->problem->ridge), d, 1);
  for (guint i = lbfgs->n_kept; i > 0; i--)
    {
      const guint at = (lbfgs->next + MEMORY - i) % MEMORY;
      const double share = cblas_ddot (side, lbfgs->changes + at * lbfgs->side, 1, d, 1) / lbfgs->products[at];
      cblas_daxpy (side, shares[at] - share, lbfgs->steps + at * lbfgs->side, 1, d, 1);
    }
}

/* The trial becomes the point; what was learnt on the way is kept where the function bends as it must. */
static void
accept (Lbfgs *lbfgs, double *beta)
{
  double *step = lbfgs->steps + lbfgs->next * lbfgs->side, *change = lbfgs->changes + lbfgs->next * lbfgs->side;

  for (gsize j = 0; j < lbfgs->side; j++)
    {
      step[j] = lbfgs->trial[j] - beta[j];
      change[j] = lbfgs->gradient[j] - lbfgs->trial_gradient[j];
    }
  memcpy (beta, lbfgs->trial, lbfgs->side * sizeof *beta);
  memcpy (lbfgs->gradient, lbfgs->trial_gradient, lbfgs->side * sizeof *beta);
  const double product = cblas_ddot ((int) lbfgs->side, step, 1, change, 1);
  if (!(product > 1e-14 * cblas_dnrm2 ((int) lbfgs->side, step, 1) * cblas_dnrm2 ((int) lbfgs->side, change, 1)))
    return;
  lbfgs->products[lbfgs->next] = product;
  lbfgs->next = (lbfgs->next + 1) % MEMORY;
  lbfgs->n_kept = MIN (lbfgs->n_kept + 1, MEMORY);
}

static gboolean
search_line (Lbfgs *lbfgs, double *beta, gboolean *moved, PatronRun *run, GError **error)
{
  const double slope = cblas_ddot ((int) lbfgs->side, lbfgs->gradient, 1, lbfgs->direction, 1);
  double share = 1, value = 0, log_likelihood = 0;

  *moved = FALSE;
  for (int i = 0; i < MAX_HALVINGS && !*moved; i++, share /= 2)
    {
      for (gsize j = 0; j < lbfgs->side; j++)
        lbfgs->trial[j] = beta[j] + share * lbfgs->direction[j];
      if (!evaluate (lbfgs, lbfgs->trial, lbfgs->trial_gradient, &value, &log_likelihood, run, error))
        return FALSE;
      *moved = value >= lbfgs->value + SUFFICIENT * share * slope - ROUNDING * fabs (lbfgs->value);
    }
  if (!*moved)
    return TRUE;
  lbfgs->value = value;
  lbfgs->log_likelihood = log_likelihood;
  accept (lbfgs, beta);
  return TRUE;
}

static gboolean
iterate (Lbfgs *lbfgs, const PatronLogisticOptions *options, double *beta, PatronLogisticSearch *search, PatronRun *run, GError **error)
{
  gboolean moved = TRUE;

  if (!evaluate (lbfgs, beta, lbfgs->gradient, &lbfgs->value, &lbfgs->log_likelihood, run, error))
    return FALSE;
  const double enough = sqrt (options->tolerance) * cblas_dnrm2 ((int) lbfgs->side, lbfgs->gradient, 1);
  for (search->iterations = 0; search->iterations < options->max_iterations && moved; search->iterations++)
    {
      search->converged = cblas_dnrm2 ((int) lbfgs->side, lbfgs->gradient, 1) <= enough;
      if (search->converged)
        break;
      choose_direction (lbfgs);
      if (!search_line (lbfgs, beta, &moved, run, error))
        return FALSE;
      patron_run_progress (run, 1 - 1 / (1 + 0.05 * search->iterations));
    }
  search->log_likelihood = lbfgs->log_likelihood;
  return TRUE;
}

gboolean
patron_logistic_lbfgs (const PatronLogisticProblem *problem, const PatronLogisticOptions *options, double *beta, PatronLogisticSearch *search,
                       PatronRun *run, GError **error)
{
  const gsize side = problem->n_equations * (problem->x.p + 1);
  Lbfgs lbfgs = { .problem = problem, .side = side };
  double *space = patron_try_alloc ((4 + 2 * MEMORY) * side, sizeof (double), _("the regression"), error);
  gboolean done = FALSE;

  if (space == NULL)
    return FALSE;
  lbfgs.gradient = space;
  lbfgs.trial = space + side;
  lbfgs.trial_gradient = space + 2 * side;
  lbfgs.direction = space + 3 * side;
  lbfgs.steps = space + 4 * side;
  lbfgs.changes = lbfgs.steps + MEMORY * side;
  lbfgs.work = patron_logistic_work_new (problem, PATRON_LOGISTIC_GRADIENT, run, error);
  if (lbfgs.work != NULL)
    done = iterate (&lbfgs, options, beta, search, run, error);
  patron_logistic_work_free (lbfgs.work);
  patron_free (space);
  return done;
}
