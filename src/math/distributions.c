/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/distributions.h"

#include "math/special.h"

#include <float.h>
#include <math.h>

/* ½ erfc (x / √2). The rounding of x / √2 would cost x² units in the last place far out; it is known, so it is taken back to first order:
 * d ln erfc (z) / dz ≈ -2 z there. */
double
patron_normal_survival (double x)
{
  const double high = M_SQRT1_2, low = -4.8336466567264567e-17;   /* high + low = 1 / √2 */
  const double z = x * high;

  if (x < 5 || isinf (x))
    return 0.5 * erfc (z);
  const double error = fma (x, high, -z) + x * low;
  return 0.5 * erfc (z) * (1 - 2 * z * error);
}

double
patron_normal_cdf (double x)
{
  return patron_normal_survival (-x);
}

/* Start: Abramowitz and Stegun 26.2.23 (error below 4.5e-4); two steps of Halley's method then leave only rounding. */
double
patron_normal_quantile (double p)
{
  if (!(p >= 0 && p <= 1))
    return NAN;
  if (p == 0 || p == 1)
    return p == 0 ? -INFINITY : INFINITY;
  if (p == 0.5)
    return 0;

  const double tail = MIN (p, 1 - p), t = sqrt (-2 * log (tail));
  double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));

  for (int i = 0; i < 3; i++)
    {
      const double density = exp (-0.5 * x * x) * 0.398942280401432677939946059934;
      const double step = (tail - patron_normal_survival (x)) / density;   /* x must fall by step / (1 - x step / 2) */
      if (!isfinite (step))
        break;
      x -= step / (1 - 0.5 * x * step);
    }
  return p < 0.5 ? -x : x;
}

/* P(|T| ≥ |t|) = I_z (df/2, ½), z = df / (df + t²) */
double
patron_t_two_sided (double t, double df)
{
  double lower, upper;

  if (isnan (t) || !(df > 0))
    return NAN;
  if (isinf (df))
    return 2 * patron_normal_survival (fabs (t));
  if (isinf (t))
    return 0;
  const double r = t / sqrt (df), s = 1 + r * r;   /* t² alone could overflow */
  if (isinf (s))
    return 0;
  patron_incomplete_beta (0.5 * df, 0.5, 1 / s, r * (r / s), &lower, &upper);
  return lower;
}

double
patron_t_survival (double t, double df)
{
  const double outside = 0.5 * patron_t_two_sided (t, df);
  return t > 0 ? outside : 1 - outside;
}

double
patron_t_cdf (double t, double df)
{
  return patron_t_survival (-t, df);
}

/* Both tails of F: with z = df1 f / (df1 f + df2), P(F ≤ f) = I_z (df1/2, df2/2). */
static void
f_tails (double f, double df1, double df2, double *lower, double *upper)
{
  *lower = *upper = NAN;
  if (isnan (f) || !(df1 > 0) || !(df2 > 0))
    return;
  if (f <= 0 || isinf (f))
    {
      *lower = f <= 0 ? 0 : 1;
      *upper = 1 - *lower;
      return;
    }
  const double ratio = df1 / df2 * f;
  const double z = ratio > 1 ? 1 / (1 + 1 / ratio) : ratio / (1 + ratio);
  patron_incomplete_beta (0.5 * df1, 0.5 * df2, z, 1 / (1 + ratio), lower, upper);
}

double
patron_f_cdf (double f, double df1, double df2)
{
  double lower, upper;

  f_tails (f, df1, df2, &lower, &upper);
  return lower;
}

double
patron_f_survival (double f, double df1, double df2)
{
  double lower, upper;

  f_tails (f, df1, df2, &lower, &upper);
  return upper;
}

static void
chi_squared_tails (double x, double df, double *lower, double *upper)
{
  *lower = *upper = NAN;
  if (!isnan (x) && df > 0)
    patron_incomplete_gamma (0.5 * df, MAX (0.5 * x, 0), lower, upper);
}

double
patron_chi_squared_cdf (double x, double df)
{
  double lower, upper;

  chi_squared_tails (x, df, &lower, &upper);
  return lower;
}

double
patron_chi_squared_survival (double x, double df)
{
  double lower, upper;

  chi_squared_tails (x, df, &lower, &upper);
  return upper;
}

/* ---- quantiles of positive variables ------------------------------------------------------------------------ */

typedef enum { LAW_T, LAW_F, LAW_CHI_SQUARED } Law;

typedef struct
{
  Law      law;
  double   df1, df2;
  gboolean upper;          /* which tail is the smaller, and hence solved for */
  double   log_target;
} Quantile;

/* ln tail (e^u) - ln target: monotone in u, and nearly linear in it far out. */
static double
quantile_distance (const Quantile *q, double u)
{
  double lower, upper;
  const double x = exp (u);

  if (q->law == LAW_T)
    lower = upper = 0.5 * patron_t_two_sided (x, q->df1);
  else if (q->law == LAW_F)
    f_tails (x, q->df1, q->df2, &lower, &upper);
  else
    chi_squared_tails (x, q->df1, &lower, &upper);
  return log (MAX (q->upper ? upper : lower, DBL_TRUE_MIN)) - q->log_target;
}

/* Root in a bracket by inverse quadratic interpolation where it is safe and bisection where not (T. Chandrupatla, Adv. Eng. Softw.
 * 28(3), 1997). */
static double
chandrupatla (const Quantile *q, double a, double fa, double b, double fb)
{
  double c = a, fc = fa, t = 0.5;

  for (int i = 0; i < 200 && fb != 0; i++)
    {
      const double u = a + t * (b - a), fu = quantile_distance (q, u);

      if ((fu > 0) == (fa > 0))
        c = a, fc = fa;
      else
        c = b, fc = fb, b = a, fb = fa;
      a = u, fa = fu;

      const double best = fabs (fa) < fabs (fb) ? a : b;
      const double tolerance = 2 * DBL_EPSILON * fabs (best) + 1e-17;
      const double limit = tolerance / fabs (b - c);
      if (limit > 0.5 || fa == 0 || fabs (b - a) < tolerance)
        return fabs (fa) < fabs (fb) ? a : b;

      const double xi = (a - b) / (c - b), phi = (fa - fb) / (fc - fb);
      t = 0.5;
      if (phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)
        t = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb);
      t = CLAMP (t, limit, 1 - limit);
    }
  return b;
}

static double
quantile_solve (const Quantile *q)
{
  double a = 0, fa = quantile_distance (q, a), step = 1;

  if (isnan (fa))
    return NAN;
  /* The upper tail falls with u, the lower one rises. */
  const double direction = (fa > 0) == q->upper ? 1 : -1;
  double b = a, fb = fa;
  while ((fb > 0) == (fa > 0) && fb != 0)
    {
      a = b, fa = fb;
      if (fabs (a) > 700)
        return direction > 0 ? INFINITY : 0;
      b = a + direction * step;
      fb = quantile_distance (q, b);
      step *= 2;
    }
  return exp (chandrupatla (q, a, fa, b, fb));
}

double
patron_t_quantile (double p, double df)
{
  if (!(p >= 0 && p <= 1) || !(df > 0))
    return NAN;
  if (p == 0 || p == 1)
    return p == 0 ? -INFINITY : INFINITY;
  if (p == 0.5)
    return 0;
  if (isinf (df))
    return patron_normal_quantile (p);

  const Quantile q = { .law = LAW_T, .df1 = df, .upper = TRUE, .log_target = log (MIN (p, 1 - p)) };
  const double t = quantile_solve (&q);
  return p < 0.5 ? -t : t;
}

static double
positive_quantile (Law law, double p, double df1, double df2)
{
  if (!(p >= 0 && p <= 1) || !(df1 > 0) || !(df2 > 0))
    return NAN;
  if (p == 0 || p == 1)
    return p == 0 ? 0 : INFINITY;

  const Quantile q = { .law = law, .df1 = df1, .df2 = df2, .upper = p > 0.5, .log_target = p > 0.5 ? log1p (-p) : log (p) };
  return quantile_solve (&q);
}

double
patron_f_quantile (double p, double df1, double df2)
{
  return positive_quantile (LAW_F, p, df1, df2);
}

double
patron_chi_squared_quantile (double p, double df)
{
  return positive_quantile (LAW_CHI_SQUARED, p, df, 1);
}
