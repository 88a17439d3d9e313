/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/power.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <float.h>
#include <math.h>

/* (e^(λ u) - 1) / λ without cancellation for small λ. */
static inline double
power_of_log (double lambda, double u)
{
  return lambda == 0 ? u : expm1 (lambda * u) / lambda;
}

double
patron_power_apply (PatronPower power, double lambda, double x)
{
  if (power == PATRON_POWER_BOX_COX)
    return x > 0 ? power_of_log (lambda, log (x)) : NAN;
  return x >= 0 ? power_of_log (lambda, log1p (x)) : -power_of_log (2 - lambda, log1p (-x));
}

double
patron_power_invert (PatronPower power, double lambda, double y)
{
  gboolean mirrored = power == PATRON_POWER_YEO_JOHNSON && y < 0;
  double exponent = mirrored ? 2 - lambda : lambda, z = mirrored ? -y : y;
  double u = exponent == 0 ? z : log1p (exponent * z) / exponent;   /* NaN below the range of the transform */
  if (power == PATRON_POWER_BOX_COX)
    return exp (u);
  return mirrored ? -expm1 (u) : expm1 (u);
}

double
patron_minimise (double (*f) (double x, gpointer data), gpointer data, double low, double high, double tolerance)
{
  const double golden = 0.3819660112501051;
  double x = low + golden * (high - low), w = x, v = x, step = 0, before = 0;
  double fx = f (x, data), fw = fx, fv = fx;
  for (int round = 0; round < 200; round++)
    {
      double middle = (low + high) / 2, tol = tolerance + 1.5e-8 * fabs (x);
      if (fabs (x - middle) <= 2 * tol - (high - low) / 2)
        break;
      double p = 0, q = 0, r = 0;
      if (fabs (before) > tol)
        {
          r = (x - w) * (fx - fv);
          q = (x - v) * (fx - fw);
          p = (x - v) * q - (x - w) * r;
          q = 2 * (q - r);
          p = q > 0 ? -p : p;
          q = fabs (q);
          r = before;
          before = step;
        }
      if (q > 0 && isfinite (p) && fabs (p) < fabs (0.5 * q * r) && p > q * (low - x) && p < q * (high - x))
        {
          step = p / q;   /* the vertex of the parabola through the three best */
          double u = x + step;
          if (u - low < 2 * tol || high - u < 2 * tol)
            step = x < middle ? tol : -tol;
        }
      else
        {
          before = x < middle ? high - x : low - x;
          step = golden * before;
        }
      double u = x + (fabs (step) >= tol ? step : step > 0 ? tol : -tol);
      double fu = f (u, data);
      if (fu <= fx)
        {
          *(u < x ? &high : &low) = x;
          v = w, fv = fw, w = x, fw = fx, x = u, fx = fu;
          continue;
        }
      *(u < x ? &low : &high) = u;
      if (fu <= fw || w == x)
        v = w, fv = fw, w = u, fw = fu;
      else if (fu <= fv || v == x || v == w)
        v = u, fv = fu;
    }
  return x;
}

/* ---- likelihood ---------------------------------------------------------------------------------------------- */

#define BLOCK 4096

/* The transform depends on x through u = log x - centre (Box–Cox) or ±log (1 + |x|) (Yeo–Johnson), taken once. */
typedef struct
{
  PatronPower power;
  const double *u;
  gsize   n;
  double  lambda;
  double  centre;       /* of log x: keeps e^(λ u) in range; 0 for Yeo–Johnson */
  double  jacobian;     /* Σ log of the derivative's base: the likelihood has (λ - 1) times this */
  double *sums;         /* two for each block: mean and sum of squares about it */
  PatronRun *run;
} Likelihood;

static void
transform_block (gsize begin, gsize end, int worker, gpointer data)
{
  Likelihood *self = data;
  double y[BLOCK], lambda = self->lambda, sum = 0, squares = 0;
  gsize n = end - begin;
  for (gsize i = 0; i < n; i++)
    {
      double u = self->u[begin + i];
      gboolean mirrored = self->power == PATRON_POWER_YEO_JOHNSON && u < 0;
      y[i] = mirrored ? -power_of_log (2 - lambda, -u) : power_of_log (lambda, u);
      sum += y[i];
    }
  double mean = sum / n;
  for (gsize i = 0; i < n; i++)
    squares += (y[i] - mean) * (y[i] - mean);
  self->sums[begin / BLOCK * 2] = mean;
  self->sums[begin / BLOCK * 2 + 1] = squares;
}

/* Σ (y - mean y)² over all blocks, in their order. */
static double
merged_squares (const Likelihood *self)
{
  double mean = 0, squares = 0;
  for (gsize begin = 0; begin < self->n; begin += BLOCK)
    {
      double m = MIN (BLOCK, self->n - begin), delta = self->sums[begin / BLOCK * 2] - mean;
      squares += self->sums[begin / BLOCK * 2 + 1] + delta * delta * begin * m / (begin + m);
      mean += delta * m / (begin + m);
    }
  return squares;
}

static double
negative_log_likelihood (double lambda, gpointer data)
{
  Likelihood *self = data;
  self->lambda = lambda;
  if (!patron_parallel_for (self->run, self->n, BLOCK, transform_block, self))
    return 0;   /* cancelled: any value ends the search soon, and the caller asks */
  double variance = merged_squares (self) / self->n;
  if (!isfinite (variance) || variance <= 0)
    return DBL_MAX;
  /* e^(λ log x) = e^(λ centre) e^(λ u), so the factor comes out of the variance. */
  return 0.5 * self->n * (log (variance) + 2 * lambda * self->centre) - (lambda - 1) * self->jacobian;
}

gboolean
patron_power_fit (PatronPower power, const double *values, gsize n, double *lambda, double *log_likelihood, PatronRun *run, GError **error)
{
  double *u = patron_try_alloc (n, sizeof *u, _("a power transform"), error);
  double *sums = u != NULL ? patron_try_alloc (n / BLOCK + 1, 2 * sizeof *sums, _("a power transform"), error) : NULL;
  if (sums == NULL)
    {
      patron_free (u);
      return FALSE;
    }
  Likelihood self = { .power = power, .u = u, .n = n, .sums = sums, .run = run };
  gboolean varies = FALSE;
  for (gsize i = 0; i < n; i++)
    {
      u[i] = power == PATRON_POWER_BOX_COX ? log (values[i]) : values[i] >= 0 ? log1p (values[i]) : -log1p (-values[i]);
      self.jacobian += u[i];
      varies |= values[i] != values[0];
    }
  if (power == PATRON_POWER_BOX_COX)
    {
      self.centre = self.jacobian / n;
      for (gsize i = 0; i < n; i++)
        u[i] -= self.centre;
    }
  *lambda = varies ? patron_minimise (negative_log_likelihood, &self, PATRON_POWER_MIN, PATRON_POWER_MAX, 1e-9) : 1;
  *log_likelihood = varies ? -negative_log_likelihood (*lambda, &self) : NAN;
  patron_free (u);
  patron_free (sums);
  return run == NULL || patron_run_check (run, error);
}
