/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/logistic-regression.h"

#include "base/memory.h"
#include "math/adjust.h"
#include "math/distributions.h"
#include "math/least-squares.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Squares are tried for so many values at most, all columns together. */
#define MAX_SQUARES 20000000
/* … and told of when the test, adjusted for their number, is this clear. */
#define CLEAR_CURVE 0.01
enum { MAX_INFLUENTIAL = 10 };

void
patron_logistic_inference_clear (PatronLogisticInference *inference)
{
  g_clear_pointer (&inference->terms, g_array_unref);
  g_clear_pointer (&inference->curves, g_ptr_array_unref);
  g_clear_pointer (&inference->influential, g_array_unref);
}

/* ---- figures ---------------------------------------------------------------------------------------------------- */

static void
compute_summary (PatronLogisticInference *inference)
{
  const PatronLogistic *fit = inference->fit;
  const double l = fit->log_likelihood, l0 = fit->null_log_likelihood, n = fit->weight;
  const double parameters = (double) (fit->n_equations * (fit->n_used + 1));

  inference->df = fit->n_equations * fit->n_used;
  inference->deviance = -2 * l;
  inference->null_deviance = -2 * l0;
  inference->mcfadden = 1 - l / l0;
  inference->nagelkerke = -expm1 (2 * (l0 - l) / n) / -expm1 (2 * l0 / n);
  inference->lr = inference->lr_p = inference->aic = inference->bic = NAN;
  if (!inference->likelihood)
    return;
  inference->lr = 2 * (l - l0);
  inference->lr_p = inference->df > 0 ? patron_chi_squared_survival (MAX (inference->lr, 0), (double) inference->df) : NAN;
  inference->aic = -2 * l + 2 * parameters;
  inference->bic = -2 * l + log (n) * parameters;
}

/* ---- coefficients ------------------------------------------------------------------------------------------------ */

/* Without an end: the coefficient of a column that tells classes apart. */
static gboolean
is_endless (const PatronLogistic *fit, gsize column)
{
  return fit->separation == PATRON_SEPARATION_COMPLETE
         || (fit->separation == PATRON_SEPARATION_QUASI && column != G_MAXSIZE && fit->separating[column]);
}

static PatronLogisticTerm
make_term (const PatronLogistic *fit, const double *covariance, guint equation, gsize column, double critical, double slope)
{
  const gsize at = equation * (fit->p + 1) + (column == G_MAXSIZE ? 0 : column + 1), side = fit->n_equations * (fit->p + 1);
  const gboolean endless = is_endless (fit, column);
  PatronLogisticTerm term = { .equation = equation, .column = column, .estimate = endless ? NAN : fit->coefficients[at], .se = NAN,
                              .z = NAN, .p = NAN, .p_adjusted = NAN, .low = NAN, .high = NAN, .effect = NAN, .vif = NAN };

  if (column != G_MAXSIZE)
    {
      term.strength = endless || covariance != NULL ? 0 : fabs (term.estimate) * fit->scales[column];
      term.effect = term.estimate * slope;
    }
  if (covariance == NULL || endless || (column != G_MAXSIZE && fit->penalised != NULL && fit->penalised[column]))
    return term;
  term.se = sqrt (covariance[at * side + at]);
  term.z = term.estimate / term.se;
  if (column != G_MAXSIZE)
    term.strength = fabs (term.z);
  term.p = 2 * patron_normal_survival (fabs (term.z));
  term.low = exp (term.estimate - critical * term.se);
  term.high = exp (term.estimate + critical * term.se);
  return term;
}

/* Over the columns: intercepts are no find. */
static void
adjust_p_values (GArray *terms)
{
  g_autofree double *p = g_new (double, terms->len + 1);

  for (guint i = 0; i < terms->len; i++)
    p[i] = g_array_index (terms, PatronLogisticTerm, i).column == G_MAXSIZE ? NAN : g_array_index (terms, PatronLogisticTerm, i).p;
  patron_adjust_bh (p, terms->len);
  for (guint i = 0; i < terms->len; i++)
    g_array_index (terms, PatronLogisticTerm, i).p_adjusted = p[i];
}

/* How fast, on average over the rows, a probability changes with its log-odds: the mean of p (1 - p). NaN for more than two classes. */
static gboolean
mean_slope (const PatronLogistic *fit, const PatronLogisticRows *rows, double *slope, PatronRun *run, GError **error)
{
  const gsize n = rows->x.n;
  double *p = NULL, sum = 0;

  *slope = NAN;
  if (fit->n_classes != 2)
    return TRUE;
  p = patron_try_alloc (2 * n, sizeof (double), _("the predictions"), error);
  if (p == NULL)
    return FALSE;
  const gboolean done = patron_logistic_predict (&rows->x, 2, fit->reference, fit->n_equations, fit->classes, fit->coefficients, p, run, error);
  for (gsize i = 0; done && i < n; i++)
    sum += (rows->weights != NULL ? rows->weights[i] : 1) * p[i] * p[n + i];
  *slope = sum / fit->weight;
  patron_free (p);
  return done;
}

/* How much each column repeats the others: as in linear regression, of whose columns it is a matter alone. */
static gboolean
compute_vif (PatronLogisticInference *inference, const PatronLogisticRows *rows, PatronRun *run, GError **error)
{
  const gsize p = rows->x.p;
  g_autofree double *vif = g_new (double, p + 1);
  g_autoptr (PatronLeastSquares) linear = patron_least_squares_fit (&rows->x, rows->y, TRUE, run, error);

  if (linear == NULL)
    return FALSE;
  for (gsize j = 0; j < p; j++)
    vif[j] = NAN;
  for (gsize j = 0; j < linear->n_used; j++)
    {
      const gsize at = linear->used[j] + 1;
      vif[at - 1] = linear->inverse[at * (p + 1) + at] * linear->scales[j] * linear->scales[j];
    }
  for (guint i = 0; i < inference->terms->len; i++)
    {
      PatronLogisticTerm *term = &g_array_index (inference->terms, PatronLogisticTerm, i);
      if (term->column != G_MAXSIZE)
        term->vif = vif[term->column];
    }
  inference->condition = linear->condition;
  return TRUE;
}

/* NULL without error where there can be none. */
static gboolean
compute_covariance (PatronLogisticInference *inference, const PatronLogisticRows *rows, double **covariance, PatronRun *run, GError **error)
{
  const PatronLogistic *fit = inference->fit;
  g_autoptr (GError) failure = NULL;

  *covariance = NULL;
  if ((fit->ridge > 0 && fit->penalised == NULL) || !fit->newton || fit->separation == PATRON_SEPARATION_COMPLETE)
    return TRUE;
  *covariance = patron_logistic_covariance (fit, &rows->x, rows->y, rows->weights, inference->robust, run, &failure);
  inference->errors = *covariance != NULL;
  if (*covariance != NULL || g_error_matches (failure, PATRON_ERROR, PATRON_ERROR_INPUT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
compute_terms (PatronLogisticInference *inference, const PatronLogisticRows *rows, double confidence, PatronRun *run, GError **error)
{
  const PatronLogistic *fit = inference->fit;
  const double critical = patron_normal_quantile (0.5 + confidence / 2);
  double *covariance = NULL, slope = NAN;

  if (!compute_covariance (inference, rows, &covariance, run, error))
    return FALSE;
  const gboolean done = mean_slope (fit, rows, &slope, run, error);
  for (guint a = 0; done && a < fit->n_equations; a++)
    for (gsize j = 0; j <= fit->n_used; j++)
      {
        const PatronLogisticTerm term = make_term (fit, covariance, a, j == 0 ? G_MAXSIZE : fit->used[j - 1], critical, slope);
        g_array_append_val (inference->terms, term);
      }
  patron_free (covariance);
  adjust_p_values (inference->terms);
  return done;
}

/* ---- straight lines? ---------------------------------------------------------------------------------------------- */

static gboolean
has_more_than_two_values (const double *x, gsize n)
{
  const double first = x[0];
  gsize i = 1;

  while (i < n && x[i] == first)
    i++;
  for (const double second = i < n ? x[i] : first; i < n; i++)
    if (x[i] != first && x[i] != second)
      return TRUE;
  return FALSE;
}

static int
compare_curves (gconstpointer a, gconstpointer b)
{
  const PatronLogisticCurve *x = *(PatronLogisticCurve *const *) a, *y = *(PatronLogisticCurve *const *) b;
  return (x->statistic < y->statistic) - (x->statistic > y->statistic);
}

static void
keep_curves (PatronLogisticInference *inference, const gsize *which, const double *statistics, gsize m)
{
  g_autofree double *p = g_new (double, m);

  for (gsize j = 0; j < m; j++)
    p[j] = isnan (statistics[j]) ? NAN : patron_chi_squared_survival (statistics[j], 1);
  patron_adjust_holm (p, m);
  for (gsize j = 0; j < m; j++)
    if (p[j] < CLEAR_CURVE)
      {
        PatronLogisticCurve *curve = g_new (PatronLogisticCurve, 1);
        *curve = (PatronLogisticCurve) { which[j], statistics[j], p[j] };
        g_ptr_array_add (inference->curves, curve);
      }
  g_ptr_array_sort (inference->curves, compare_curves);
}

static gboolean
compute_curves (PatronLogisticInference *inference, const PatronLogisticRows *rows, PatronRun *run, GError **error)
{
  const PatronLogistic *fit = inference->fit;
  const gsize n = rows->x.n;
  g_autofree gsize *which = g_new (gsize, fit->n_used + 1);
  g_autofree const double **columns = g_new (const double *, fit->n_used + 1);
  g_autofree double *statistics = g_new (double, fit->n_used + 1);
  gsize m = 0;

  if (!inference->likelihood || !inference->errors || fit->ridge > 0 || fit->n_equations != 1
      || fit->separation != PATRON_SEPARATION_NONE)
    return TRUE;
  for (gsize j = 0; j < fit->n_used; j++)
    if (has_more_than_two_values (rows->x.columns[fit->used[j]], n))
      which[m++] = fit->used[j];
  if (m == 0 || m * n > MAX_SQUARES)
    return TRUE;
  double *squares = patron_try_alloc (m * n, sizeof (double), _("the tests"), error);
  if (squares == NULL)
    return FALSE;
  for (gsize j = 0; j < m; j++)
    {
      const double *x = rows->x.columns[which[j]], mean = fit->means[which[j]], scale = fit->scales[which[j]];
      columns[j] = squares + j * n;
      for (gsize i = 0; i < n; i++)
        squares[j * n + i] = (x[i] - mean) / scale * ((x[i] - mean) / scale) - 1;
    }
  const PatronColumns more = { n, m, columns };
  const gboolean done = patron_logistic_score_tests (fit, &rows->x, rows->y, rows->weights, &more, statistics, run, error);
  patron_free (squares);
  if (done)
    keep_curves (inference, which, statistics, m);
  return done;
}

/* ---- rows that decide ----------------------------------------------------------------------------------------------- */

/* The rows of the greatest distances above 4 / n, in falling order. */
static void
keep_influential (GArray *kept, gsize n, const double *probability, const double *leverage, const double *cook)
{
  for (gsize i = 0; i < n; i++)
    {
      const PatronLogisticInfluence here = { i, probability[i], leverage[i], cook[i] };
      guint at = kept->len;
      if (!(here.cook > 4 / (double) n))
        continue;
      while (at > 0 && g_array_index (kept, PatronLogisticInfluence, at - 1).cook < here.cook)
        at--;
      if (at == MAX_INFLUENTIAL)
        continue;
      g_array_insert_val (kept, at, here);
      if (kept->len > MAX_INFLUENTIAL)
        g_array_set_size (kept, MAX_INFLUENTIAL);
    }
}

static gboolean
compute_influence (PatronLogisticInference *inference, const PatronLogisticRows *rows, PatronRun *run, GError **error)
{
  const PatronLogistic *fit = inference->fit;
  const gsize n = rows->x.n;

  if (!inference->errors || fit->n_classes != 2 || rows->weights != NULL || fit->separation != PATRON_SEPARATION_NONE)
    return TRUE;
  double *values = patron_try_alloc (4 * n, sizeof (double), _("the influence of rows"), error);
  if (values == NULL)
    return FALSE;
  double *leverage = values + 2 * n, *cook = values + 3 * n;
  const double *probability = values + fit->classes[0] * n;
  const gboolean done = patron_logistic_predict (&rows->x, 2, fit->reference, 1, fit->classes, fit->coefficients, values, run, error)
                        && patron_logistic_influence (fit, &rows->x, rows->y, probability, leverage, cook, run, error);
  if (done)
    keep_influential (inference->influential, n, probability, leverage, cook);
  patron_free (values);
  return done;
}

gboolean
patron_logistic_inference_compute (PatronLogisticInference *inference, const PatronLogisticModel *state, const PatronLogisticRows *rows,
                                   const PatronLogisticParams *params, PatronRun *run, GError **error)
{
  const gboolean balanced = params->class_weight == PATRON_LOGISTIC_WEIGHT_BALANCED;

  memset (inference, 0, sizeof *inference);
  inference->fit = state->fit;
  inference->separated = state->separated != NULL ? state->separated : state->fit->separation != PATRON_SEPARATION_NONE ? state->fit : NULL;
  inference->likelihood = (state->fit->ridge == 0 || state->fit->penalised != NULL) && !balanced;
  inference->robust = params->robust || balanced;
  inference->terms = g_array_new (FALSE, FALSE, sizeof (PatronLogisticTerm));
  inference->curves = g_ptr_array_new_with_free_func (g_free);
  inference->influential = g_array_new (FALSE, FALSE, sizeof (PatronLogisticInfluence));
  inference->condition = NAN;
  compute_summary (inference);
  if (compute_terms (inference, rows, params->confidence, run, error) && (rows->x.p == 0 || compute_vif (inference, rows, run, error))
      && compute_curves (inference, rows, run, error) && compute_influence (inference, rows, run, error))
    return TRUE;
  patron_logistic_inference_clear (inference);
  return FALSE;
}
