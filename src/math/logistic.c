/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/logistic-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "math/least-squares.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A column that varies less than this, beside its mean, is constant. */
#define CONSTANT 1e-13
/* Larger tables start from the fit to one row of SAMPLE_STEP, taken by runs of SAMPLE_RUN rows. */
enum { SAMPLE_FROM = 16384, SAMPLE_STEP = 16, SAMPLE_RUN = 32, SAMPLE_CLASS_ROWS = 10, SAMPLE_ITERATIONS = 12 };
/* Columns with at least this share of the largest part of a separating direction, at standard deviation 1, make it up. */
#define SEPARATING_SHARE 0.02

void
patron_logistic_free (PatronLogistic *fit)
{
  if (fit == NULL)
    return;
  g_free (fit->classes);
  g_free (fit->class_weights);
  g_free (fit->aliased);
  g_free (fit->used);
  g_free (fit->means);
  g_free (fit->scales);
  patron_free (fit->coefficients);
  g_free (fit->separating);
  g_free (fit->penalised);
  g_free (fit);
}

/* ---- columns and classes --------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronColumns *x;
  const double        *weights;
  PatronLogistic      *fit;
  int                  infinite;    /* atomic */
} Moments;

/* About the first value, so that a large mean costs no digits. */
PATRON_SIMD static void
sum_column (const double *restrict x, const double *restrict weights, gsize n, double *restrict first, double *restrict second)
{
  const double shift = x[0];
  double sum = 0, squares = 0;

  if (weights != NULL)
    {
#pragma omp simd reduction(+ : sum, squares)
      for (gsize i = 0; i < n; i++)
        {
          const double d = x[i] - shift;
          sum += weights[i] * d;
          squares += weights[i] * d * d;
        }
    }
  else
    {
#pragma omp simd reduction(+ : sum, squares)
      for (gsize i = 0; i < n; i++)
        {
          const double d = x[i] - shift;
          sum += d;
          squares += d * d;
        }
    }
  *first = sum;
  *second = squares;
}

PATRON_SIMD static double
sum_squares (const double *restrict x, const double *restrict weights, gsize n, double mean)
{
  double squares = 0;

#pragma omp simd reduction(+ : squares)
  for (gsize i = 0; i < n; i++)
    squares += (weights != NULL ? weights[i] : 1) * (x[i] - mean) * (x[i] - mean);
  return squares;
}

static void
find_moments (gsize begin, gsize end, int worker, gpointer data)
{
  Moments *moments = data;
  PatronLogistic *fit = moments->fit;

  for (gsize j = begin; j < end; j++)
    {
      const double *x = moments->x->columns[j];
      double sum, squares;
      sum_column (x, moments->weights, fit->n, &sum, &squares);
      const double shift = sum / fit->weight;
      fit->means[j] = x[0] + shift;
      double variance = squares / fit->weight - shift * shift;
      if (variance < 1e-3 * shift * shift)      /* the first value lies far out */
        variance = sum_squares (x, moments->weights, fit->n, fit->means[j]) / fit->weight;
      fit->scales[j] = sqrt (variance);
      if (!isfinite (fit->scales[j]) || !isfinite (fit->means[j]))
        g_atomic_int_set (&moments->infinite, 1);
      fit->aliased[j] = !(fit->scales[j] > CONSTANT * fabs (fit->means[j]));
    }
}

static gboolean
describe_columns (PatronLogistic *fit, const PatronColumns *x, const double *weights, PatronRun *run, GError **error)
{
  Moments moments = { .x = x, .weights = weights, .fit = fit };

  if (!patron_parallel_for (run, x->p, 1, find_moments, &moments))
    return patron_run_check (run, error);
  if (!moments.infinite)
    return TRUE;
  g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                       _("The columns hold numbers that are infinite or too large to square; remove or rescale them."));
  return FALSE;
}

static gboolean
describe_classes (PatronLogistic *fit, const double *y, const double *weights, const PatronLogisticOptions *options, GError **error)
{
  guint n_present = 0, most = 0;

  for (gsize i = 0; i < fit->n; i++)
    fit->class_weights[(gsize) y[i]] += weights != NULL ? weights[i] : 1;
  for (guint c = 0; c < fit->n_classes; c++)
    {
      fit->weight += fit->class_weights[c];
      n_present += fit->class_weights[c] > 0;
      if (fit->class_weights[c] > fit->class_weights[most])
        most = c;
    }
  if (n_present < 2)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                           _("All rows to learn from have the same class; a logistic regression needs rows of at least two."));
      return FALSE;
    }
  fit->reference = fit->class_weights[options->reference] > 0 ? options->reference : most;
  for (guint c = 0; c < fit->n_classes; c++)
    {
      if (fit->class_weights[c] > 0 && c != fit->reference)
        fit->classes[fit->n_equations++] = c;
      if (fit->class_weights[c] > 0)
        fit->null_log_likelihood += fit->class_weights[c] * log (fit->class_weights[c] / fit->weight);
    }
  return TRUE;
}

static void
keep_columns (PatronLogistic *fit)
{
  fit->n_used = 0;
  for (gsize j = 0; j < fit->p; j++)
    if (!fit->aliased[j])
      fit->used[fit->n_used++] = j;
}

/* ---- where to start ----------------------------------------------------------------------------------------------- */

static void
start_from_shares (const PatronLogistic *fit, double *beta)
{
  const gsize k = fit->n_used + 1;

  memset (beta, 0, fit->n_equations * k * sizeof *beta);
  for (guint a = 0; a < fit->n_equations; a++)
    beta[a * k] = log (fit->class_weights[fit->classes[a]] / fit->class_weights[fit->reference]);
}

static gsize
sample_row (gsize i)
{
  return i / SAMPLE_RUN * SAMPLE_RUN * SAMPLE_STEP + i % SAMPLE_RUN;
}

/* Copies the sample's columns, y and weights: (p + 2) × m. FALSE when a class has too few rows there. */
static gboolean
copy_sample (const PatronLogistic *fit, const PatronLogisticProblem *problem, gsize m, double *values)
{
  const gsize p = problem->x.p;
  double *y = values + p * m, *weights = y + m;
  g_autofree gsize *counts = g_new0 (gsize, fit->n_classes);

  for (gsize j = 0; j < p; j++)
    for (gsize i = 0; i < m; i += SAMPLE_RUN)
      memcpy (values + j * m + i, problem->x.columns[j] + sample_row (i), SAMPLE_RUN * sizeof (double));
  for (gsize i = 0; i < m; i++)
    {
      y[i] = problem->y[sample_row (i)];
      weights[i] = problem->weights != NULL ? problem->weights[sample_row (i)] : 1;
      counts[(gsize) y[i]]++;
    }
  for (guint c = 0; c < fit->n_classes; c++)
    if (fit->class_weights[c] > 0 && counts[c] < SAMPLE_CLASS_ROWS)
      return FALSE;
  return TRUE;
}

/* A few rows tell nearly where the estimates are; then all rows need two or three passes. A small penalty keeps the sample's own accidents
 * from running away. Leaves beta alone where a sample would not help. */
static gboolean
start_from_sample (const PatronLogistic *fit, const PatronLogisticProblem *problem, double *beta, PatronRun *run, GError **error)
{
  const gsize p = problem->x.p, side = fit->n_equations * (p + 1);
  const gsize m = problem->x.n / (SAMPLE_RUN * SAMPLE_STEP) * SAMPLE_RUN;
  const PatronLogisticOptions options = { .tolerance = 0.01, .max_iterations = SAMPLE_ITERATIONS };
  PatronLogisticSearch search = { 0 };

  if (problem->x.n < SAMPLE_FROM || m < 4 * side)
    return TRUE;
  double *values = patron_try_alloc ((p + 2) * m, sizeof (double), _("the regression"), error);
  if (values == NULL)
    return FALSE;
  gboolean done = TRUE;
  if (copy_sample (fit, problem, m, values))
    {
      g_autofree const double **columns = g_new (const double *, p + 1);
      for (gsize j = 0; j < p; j++)
        columns[j] = values + j * m;
      PatronLogisticProblem sample = *problem;
      sample.x = (PatronColumns) { m, p, columns };
      sample.y = values + p * m;
      sample.weights = values + (p + 1) * m;
      g_autofree double *ridges = g_new (double, p + 1);
      for (gsize j = 0; j < p; j++)
        ridges[j] = MAX (problem->ridges[j] / SAMPLE_STEP, 1);
      sample.ridges = ridges;
      sample.ridge = 1;
      sample.partly = FALSE;
      patron_run_push (run, NULL, 0.2);
      done = patron_logistic_newton (&sample, &options, FALSE, beta, &search, run, error);
      patron_run_pop (run);
    }
  patron_free (values);
  return done;
}

/* ---- results ------------------------------------------------------------------------------------------------------- */

static void
fill_coefficients (PatronLogistic *fit, const double *beta)
{
  const gsize k = fit->n_used + 1;

  for (guint a = 0; a < fit->n_equations; a++)
    {
      double *out = fit->coefficients + a * (fit->p + 1), level = beta[a * k];
      for (gsize j = 0; j < fit->n_used; j++)
        {
          const gsize column = fit->used[j];
          out[column + 1] = beta[a * k + j + 1] / fit->scales[column];
          level -= out[column + 1] * fit->means[column];
        }
      out[0] = level;
    }
}

static void
mark_separating (PatronLogistic *fit, const double *direction)
{
  const gsize k = fit->n_used + 1;
  double most = 0;

  for (gsize i = 0; i < fit->n_equations * k; i++)
    if (i % k != 0)
      most = MAX (most, fabs (direction[i]));
  for (gsize i = 0; i < fit->n_equations * k; i++)
    if (i % k != 0 && fabs (direction[i]) >= SEPARATING_SHARE * most)
      fit->separating[fit->used[i % k - 1]] = TRUE;
}

/* The columns that linear regression leaves out as combinations of others. */
static gboolean
find_aliased (PatronLogistic *fit, const PatronColumns *x, const double *y, PatronRun *run, GError **error)
{
  g_autoptr (PatronLeastSquares) linear = patron_least_squares_fit (x, y, TRUE, run, error);

  if (linear == NULL)
    return FALSE;
  for (gsize j = 0; j < fit->p; j++)
    fit->aliased[j] = fit->aliased[j] || linear->aliased[j];
  keep_columns (fit);
  return TRUE;
}

/* ---- fitting --------------------------------------------------------------------------------------------------------- */

/* One search over the columns in use. *again: with fewer columns, since some turned out to be aliased. */
static gboolean
search_once (PatronLogistic *fit, const PatronColumns *x, const double *y, const double *weights, const PatronLogisticOptions *options,
             gboolean check_rank, gboolean *again, PatronRun *run, GError **error)
{
  const gsize side = fit->n_equations * (fit->n_used + 1);
  g_autofree double *beta = g_new (double, 2 * side);
  PatronLogisticSearch search = { .direction = beta + side };
  PatronLogisticScaled scaled;
  gboolean done;

  patron_logistic_scaled_init (&scaled, fit, x, y, weights);
  fit->newton = side <= PATRON_LOGISTIC_NEWTON;
  start_from_shares (fit, beta);
  if (fit->newton)
    done = start_from_sample (fit, &scaled.problem, beta, run, error)
           && patron_logistic_newton (&scaled.problem, options, check_rank, beta, &search, run, error);
  else
    done = patron_logistic_lbfgs (&scaled.problem, options, beta, &search, run, error);
  patron_logistic_scaled_clear (&scaled);
  *again = search.suspicious;
  if (!done || *again)
    return done;
  fit->log_likelihood = search.log_likelihood;
  fit->iterations = search.iterations;
  fit->converged = search.converged;
  fit->separation = search.separation;
  fill_coefficients (fit, beta);
  if (fit->separation != PATRON_SEPARATION_NONE)
    mark_separating (fit, search.direction);
  return TRUE;
}

PatronLogistic *
patron_logistic_fit (const PatronColumns *x, const double *y, const double *weights, const PatronLogisticOptions *options, PatronRun *run,
                     GError **error)
{
  g_autoptr (PatronLogistic) fit = g_new0 (PatronLogistic, 1);
  gboolean again = FALSE;

  fit->n = x->n;
  fit->p = x->p;
  fit->n_classes = options->n_classes;
  fit->ridge = options->ridge;
  if (options->ridge > 0 && options->penalised != NULL)
    fit->penalised = g_memdup2 (options->penalised, MAX (x->p, 1) * sizeof (gboolean));
  fit->classes = g_new (guint, fit->n_classes);
  fit->class_weights = g_new0 (double, fit->n_classes);
  fit->aliased = g_new0 (gboolean, x->p + 1);
  fit->separating = g_new0 (gboolean, x->p + 1);
  fit->used = g_new (gsize, x->p + 1);
  fit->means = g_new0 (double, x->p + 1);
  fit->scales = g_new0 (double, x->p + 1);
  if (!describe_classes (fit, y, weights, options, error) || !describe_columns (fit, x, weights, run, error))
    return NULL;
  keep_columns (fit);
  fit->coefficients = patron_try_alloc0 (fit->n_equations * (x->p + 1), sizeof (double), _("the coefficients"), error);
  if (fit->coefficients == NULL || !search_once (fit, x, y, weights, options, fit->ridge == 0 || fit->penalised != NULL, &again, run, error))
    return NULL;
  if (again && (!find_aliased (fit, x, y, run, error) || !search_once (fit, x, y, weights, options, FALSE, &again, run, error)))
    return NULL;
  return g_steal_pointer (&fit);
}

/* ---- predicting --------------------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronColumns *x;
  guint                n_classes, reference, n_equations;
  const guint         *classes;
  const double        *coefficients;
  double              *out;
} Predict;

static void
predict_rows (gsize begin, gsize end, int worker, gpointer data)
{
  const Predict *predict = data;
  const gsize n = predict->x->n, p = predict->x->p;

  for (guint a = 0; a < predict->n_equations; a++)
    {
      const double *b = predict->coefficients + a * (p + 1);
      double *eta = predict->out + predict->classes[a] * n;
      for (gsize i = begin; i < end; i++)
        eta[i] = b[0];
      for (gsize j = 0; j < p; j++)
        for (gsize i = begin; b[j + 1] != 0 && i < end; i++)
          eta[i] += b[j + 1] * predict->x->columns[j][i];
    }
  for (gsize i = begin; i < end; i++)
    {
      double most = 0, total;
      for (guint a = 0; a < predict->n_equations; a++)
        most = MAX (most, predict->out[predict->classes[a] * n + i]);
      total = predict->out[predict->reference * n + i] = exp (-most);
      for (guint a = 0; a < predict->n_equations; a++)
        {
          double *share = predict->out + predict->classes[a] * n + i;
          total += *share = exp (*share - most);
        }
      predict->out[predict->reference * n + i] /= total;
      for (guint a = 0; a < predict->n_equations; a++)
        predict->out[predict->classes[a] * n + i] /= total;
    }
}

gboolean
patron_logistic_predict (const PatronColumns *x, guint n_classes, guint reference, guint n_equations, const guint *classes,
                         const double *coefficients, double *out, PatronRun *run, GError **error)
{
  Predict predict = { x, n_classes, reference, n_equations, classes, coefficients, out };

  memset (out, 0, x->n * n_classes * sizeof *out);
  return patron_parallel_for (run, x->n, 512, predict_rows, &predict) || patron_run_check (run, error);
}
