/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/linear-regression.h"

#include "base/memory.h"
#include "math/distributions.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void
patron_linear_inference_clear (PatronLinearInference *inference)
{
  g_clear_pointer (&inference->covariance, patron_free);
  g_clear_pointer (&inference->fitted, patron_free);
  g_clear_pointer (&inference->residuals, patron_free);
  g_clear_pointer (&inference->leverage, patron_free);
}

/* R², F, and the information criteria of the normal likelihood, counting the coefficients. */
static void
compute_summary (PatronLinearInference *inference)
{
  const PatronLeastSquares *fit = inference->fit;
  const double n = (double) fit->n, level = fit->intercept ? 1 : 0, slopes = (double) fit->rank - level;

  inference->r2 = fit->tss > 0 ? 1 - fit->rss / fit->tss : NAN;
  inference->adjusted_r2 = inference->df > 0 ? 1 - (1 - inference->r2) * (n - level) / (double) inference->df : NAN;
  inference->f = slopes > 0 && inference->df > 0 ? (fit->tss - fit->rss) / slopes / inference->sigma2 : NAN;
  inference->f_p = isnan (inference->f) ? NAN : patron_f_survival (inference->f, slopes, (double) inference->df);

  const double log_likelihood = -n / 2 * (log (2 * G_PI) + log (fit->rss / n) + 1);
  inference->aic = -2 * log_likelihood + 2 * (double) fit->rank;
  inference->bic = -2 * log_likelihood + log (n) * (double) fit->rank;
}

static double
durbin_watson (const double *e, gsize n)
{
  double steps = 0, squares = e[0] * e[0];

  for (gsize i = 1; i < n; i++)
    {
      steps += (e[i] - e[i - 1]) * (e[i] - e[i - 1]);
      squares += e[i] * e[i];
    }
  return squares > 0 ? steps / squares : NAN;
}

static gboolean
compute_rows (PatronLinearInference *inference, const PatronColumns *x, const double *y, PatronRun *run, GError **error)
{
  const gsize n = x->n;

  inference->fitted = patron_try_alloc (n, sizeof (double), _("the residuals"), error);
  inference->residuals = inference->fitted == NULL ? NULL : patron_try_alloc (n, sizeof (double), _("the residuals"), error);
  inference->leverage = inference->residuals == NULL ? NULL : patron_try_alloc (n, sizeof (double), _("the residuals"), error);
  if (inference->leverage == NULL || !patron_linear_predict (x, inference->fit->coefficients, inference->fitted, run, error)
      || !patron_least_squares_leverage (inference->fit, x, inference->leverage, run, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    inference->residuals[i] = y[i] - inference->fitted[i];
  inference->durbin_watson = durbin_watson (inference->residuals, n);
  return TRUE;
}

/* e² / (1 - h)²; a row that alone decides a coefficient (h = 1) has residual 0 and says nothing about spread. */
static gboolean
compute_robust (PatronLinearInference *inference, const PatronColumns *x, PatronRun *run, GError **error)
{
  double *weights = patron_try_alloc (x->n, sizeof (double), _("the residuals"), error);

  if (weights == NULL)
    return FALSE;
  for (gsize i = 0; i < x->n; i++)
    {
      const double own = 1 - inference->leverage[i], e = inference->residuals[i];
      weights[i] = own > 1e-12 ? e * e / (own * own) : 0;
    }
  const gboolean done = patron_least_squares_sandwich (inference->fit, x, weights, inference->covariance, run, error);
  patron_free (weights);
  return done;
}

/* Does the spread of the residuals go with the inputs? n R² of e² on the columns (Koenker's form, which does not need normal errors). */
static gboolean
compute_breusch_pagan (PatronLinearInference *inference, const PatronColumns *x, PatronRun *run, GError **error)
{
  const gsize n = x->n, slopes = inference->fit->n_used;
  double explained = 0, total = 0, mean = inference->fit->rss / (double) n;
  double *squares = patron_try_alloc (n, sizeof (double), _("the residuals"), error);

  if (squares == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      squares[i] = inference->residuals[i] * inference->residuals[i] - mean;
      total += squares[i] * squares[i];
    }
  const gboolean done = patron_least_squares_explained (inference->fit, x, squares, &explained, run, error);
  if (done && total > 0 && slopes > 0)
    {
      inference->breusch_pagan = (double) n * explained / total;
      inference->breusch_pagan_p = patron_chi_squared_survival (inference->breusch_pagan, (double) slopes);
    }
  patron_free (squares);
  return done;
}

/* Do the square and cube of the fitted values explain more? If so, effects are not straight lines or do not add up (Ramsey's RESET). */
static gboolean
compute_reset (PatronLinearInference *inference, const PatronColumns *x, const double *y, PatronRun *run, GError **error)
{
  const gsize n = x->n;
  const PatronLeastSquares *fit = inference->fit;
  const double spread = sqrt (MAX (fit->tss - fit->rss, 0) / (double) n);

  if (inference->df <= 2 || !(spread > 0) || fit->rss <= 1e-20 * fit->tss)
    return TRUE;
  g_autofree const double **columns = g_new (const double *, x->p + 2);
  double *powers = patron_try_alloc (2 * n, sizeof (double), _("the residuals"), error);
  if (powers == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      const double z = (inference->fitted[i] - fit->y_mean) / spread;
      powers[i] = z * z;
      powers[n + i] = z * z * z;
    }
  memcpy (columns, x->columns, x->p * sizeof *columns);
  columns[x->p] = powers;
  columns[x->p + 1] = powers + n;
  const PatronColumns wider = { n, x->p + 2, columns };
  g_autoptr (PatronLeastSquares) second = patron_least_squares_fit (&wider, y, TRUE, run, error);
  patron_free (powers);
  if (second == NULL)
    return FALSE;

  const double more = (double) second->rank - (double) fit->rank, df = (double) n - (double) second->rank;
  if (more > 0 && df > 0 && second->rss > 0)
    {
      inference->reset = MAX (fit->rss - second->rss, 0) / more / (second->rss / df);
      inference->reset_p = patron_f_survival (inference->reset, more, df);
    }
  return TRUE;
}

gboolean
patron_linear_inference_compute (PatronLinearInference *inference, const PatronLeastSquares *fit, const PatronColumns *x, const double *y,
                                 gboolean robust, PatronRun *run, GError **error)
{
  const gsize size = (fit->p + 1) * (fit->p + 1);

  memset (inference, 0, sizeof *inference);
  inference->fit = fit;
  inference->df = fit->n > fit->rank ? fit->n - fit->rank : 0;
  inference->sigma2 = inference->df > 0 ? fit->rss / (double) inference->df : NAN;
  inference->breusch_pagan = inference->breusch_pagan_p = inference->reset = inference->reset_p = NAN;
  compute_summary (inference);

  inference->covariance = patron_try_alloc (size, sizeof (double), _("the coefficients"), error);
  gboolean done = inference->covariance != NULL && compute_rows (inference, x, y, run, error);
  if (done && robust)
    done = compute_robust (inference, x, run, error);
  else if (done)
    for (gsize i = 0; i < size; i++)
      inference->covariance[i] = inference->sigma2 * fit->inverse[i];
  if (done && fit->intercept)
    done = compute_breusch_pagan (inference, x, run, error) && compute_reset (inference, x, y, run, error);
  if (!done)
    patron_linear_inference_clear (inference);
  return done;
}
