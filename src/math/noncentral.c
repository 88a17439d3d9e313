/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/noncentral.h"

#include "math/distributions.h"
#include "math/special.h"

#include <math.h>

enum { TERMS = 20000 };

/* ---- distributions ---------------------------------------------------------------------------------------- */

/* A mixture over a Poisson variable with mean half: the weights are largest about it, so the sum runs outwards from there. */
typedef double (*Component) (double j, gconstpointer data);

static double
poisson_mixture (double half, Component component, gconstpointer data)
{
  double middle = floor (half), top = exp (middle * log (MAX (half, 1e-300)) - half - lgamma (middle + 1)), sum = 0;
  if (half == 0)
    return component (0, data);
  double weight = top;
  for (double j = middle; j < middle + TERMS && weight > 1e-17; j++)
    {
      sum += weight * component (j, data);
      weight *= half / (j + 1);
    }
  weight = top;
  for (double j = middle; j > 0 && weight > 1e-17; j--)
    {
      weight *= j / half;
      sum += weight * component (j - 1, data);
    }
  return MIN (1, sum);
}

typedef struct
{
  double x, y, a, b;
} Beta;

static double
beta_component (double j, gconstpointer data)
{
  const Beta *beta = data;
  double lower, upper;
  patron_incomplete_beta (beta->a + j, beta->b, beta->x, beta->y, &lower, &upper);
  return lower;
}

double
patron_noncentral_f_cdf (double f, double df1, double df2, double lambda)
{
  if (!(f > 0))
    return f <= 0 ? 0 : NAN;
  const Beta beta = { df1 * f / (df1 * f + df2), df2 / (df1 * f + df2), df1 / 2, df2 / 2 };
  return poisson_mixture (lambda / 2, beta_component, &beta);
}

static double
chi_component (double j, gconstpointer data)
{
  const double *at = data;
  return patron_chi_squared_cdf (at[0], at[1] + 2 * j);
}

double
patron_noncentral_chi_squared_cdf (double x, double df, double lambda)
{
  const double at[2] = { x, df };
  return x > 0 ? poisson_mixture (lambda / 2, chi_component, at) : 0;
}

/* For t > 0 (R. Lenth, Appl. Statist. 38, algorithm AS 243, 1989), both sums run outwards from the largest Poisson weight. */
static double
positive_t_cdf (double t, double df, double delta)
{
  double x = t * t / (t * t + df), y = df / (t * t + df), half = delta * delta / 2, sum = 0;
  double middle = floor (half), log_half = log (MAX (half, 1e-300));
  if (half == 0)
    return patron_t_cdf (t, df);
  for (int way = 0; way < 2; way++)
    for (double j = way == 0 ? middle : middle - 1; j >= 0 && j < middle + TERMS; j += way == 0 ? 1 : -1)
      {
        double p = exp (j * log_half - half - lgamma (j + 1)), q = delta / G_SQRT2 * exp (j * log_half - half - lgamma (j + 1.5));
        double lower, upper, odd, rest;
        if (p + fabs (q) < 1e-17)
          break;
        patron_incomplete_beta (j + 0.5, df / 2, x, y, &lower, &upper);
        patron_incomplete_beta (j + 1, df / 2, x, y, &odd, &rest);
        sum += p * lower + q * odd;
      }
  return CLAMP (patron_normal_cdf (-delta) + sum / 2, 0, 1);
}

double
patron_noncentral_t_cdf (double t, double df, double delta)
{
  if (isnan (t) || isnan (delta) || !(df > 0))
    return NAN;
  if (df > 1e6)
    return patron_normal_cdf (t - delta);
  /* Far out the sum would cancel; the normal approximation of Johnson and Kotz is as good there as doubles can tell. */
  if (fabs (delta) > 37.5)
    return patron_normal_cdf ((t * (1 - 1 / (4 * df)) - delta) / sqrt (1 + t * t / (2 * df)));
  return t < 0 ? 1 - positive_t_cdf (-t, df, -delta) : t == 0 ? patron_normal_cdf (-delta) : positive_t_cdf (t, df, delta);
}

/* ---- intervals -------------------------------------------------------------------------------------------- */

typedef double (*Cdf) (double value, const double *df, double noncentrality);

static double
t_at (double value, const double *df, double delta)
{
  return patron_noncentral_t_cdf (value, df[0], delta);
}

static double
f_at (double value, const double *df, double lambda)
{
  return patron_noncentral_f_cdf (value, df[0], df[1], lambda);
}

static double
chi_at (double value, const double *df, double lambda)
{
  return patron_noncentral_chi_squared_cdf (value, df[0], lambda);
}

/* The noncentrality at which the cdf of the value, which falls with it, is p. */
static double
turn_round (Cdf cdf, double value, const double *df, double p, double low, double high)
{
  for (int k = 0; k < 60 && cdf (value, df, high) > p; k++)
    high = high > 0 ? high * 2 : high / 2 + 1;
  for (int k = 0; k < 200 && high - low > 1e-10 * MAX (1, fabs (high)); k++)
    {
      double middle = (low + high) / 2;
      if (cdf (value, df, middle) > p)
        low = middle;
      else
        high = middle;
    }
  return (low + high) / 2;
}

void
patron_noncentral_t_interval (double t, double df, double *low, double *high)
{
  *low = *high = NAN;
  if (!isfinite (t) || !(df > 0))
    return;
  double reach = 6 + 4 * fabs (t) * sqrt (1 + 1 / df);
  *low = turn_round (t_at, t, &df, 0.975, t - reach, t + 1);
  *high = turn_round (t_at, t, &df, 0.025, t - reach, t + reach);
}

static void
positive_interval (Cdf cdf, double value, const double *df, double *low, double *high)
{
  *low = *high = NAN;
  if (!isfinite (value) || value < 0)
    return;
  *low = cdf (value, df, 0) <= 0.975 ? 0 : turn_round (cdf, value, df, 0.975, 0, value + 1);
  *high = cdf (value, df, 0) <= 0.025 ? 0 : turn_round (cdf, value, df, 0.025, 0, 4 * value + 10);
}

void
patron_noncentral_f_interval (double f, double df1, double df2, double *low, double *high)
{
  const double df[2] = { df1, df2 };
  positive_interval (f_at, f, df, low, high);
}

void
patron_noncentral_chi_squared_interval (double x, double df, double *low, double *high)
{
  positive_interval (chi_at, x, &df, low, high);
}

/* ---- studentized range ------------------------------------------------------------------------------------ */

/* 16-point Gauss–Legendre: nodes and weights of one half (Abramowitz and Stegun, table 25.4). */
static const double nodes[8] = { 0.0950125098376374, 0.2816035507792589, 0.4580167776572274, 0.6178762444026438,
                                 0.7554044083550030, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499 };
static const double weights[8] = { 0.1894506104550685, 0.1826034150449236, 0.1691565193950025, 0.1495959888165767,
                                   0.1246289712555339, 0.0951585116824928, 0.0622535239386479, 0.0271524594117541 };

/* P(range of k standard normals ≤ w) = k ∫ φ(z) (Φ(z) - Φ(z - w))^(k-1) dz */
static double
normal_range_cdf (double w, double k)
{
  double sum = 0;
  if (w <= 0)
    return 0;
  const double from = -8, to = 8 + MIN (w, 8), pieces = 12, half = (to - from) / pieces / 2;
  for (int piece = 0; piece < (int) pieces; piece++)
    for (int i = 0; i < 16; i++)
      {
        double z = from + half * (2 * piece + 1 + (i < 8 ? -nodes[i] : nodes[i - 8]));
        double inside = patron_normal_cdf (z) - patron_normal_cdf (z - w);
        sum += weights[i % 8] * half * exp (-z * z / 2) * pow (MAX (0, inside), k - 1);
      }
  return MIN (1, k * sum / sqrt (2 * G_PI));
}

/* The mean of it over s, where df s² is chi-squared with df degrees of freedom. */
double
patron_studentized_range_survival (double q, double k, double df)
{
  if (isnan (q) || !(k >= 2) || !(df >= 1))
    return NAN;
  if (q <= 0)
    return 1;
  if (df > 25000)
    return 1 - normal_range_cdf (q, k);
  double log_constant = G_LN2 + df / 2 * log (df / 2) - lgamma (df / 2), sum = 0;
  double spread = 8 / sqrt (2 * df), from = MAX (0, 1 - spread), to = 1 + spread * (df < 5 ? 2 : 1.2);
  const int pieces = df < 5 ? 24 : 8;
  double half = (to - from) / pieces / 2;
  for (int piece = 0; piece < pieces; piece++)
    for (int i = 0; i < 16; i++)
      {
        double s = from + half * (2 * piece + 1 + (i < 8 ? -nodes[i] : nodes[i - 8]));
        double density = exp (log_constant + (df - 1) * log (s) - df * s * s / 2);
        if (density > 1e-16)
          sum += weights[i % 8] * half * density * normal_range_cdf (q * s, k);
      }
  return CLAMP (1 - sum, 0, 1);
}

/* By regula falsi in the Illinois form: the survival costs much, the slope is smooth. */
double
patron_studentized_range_quantile (double p, double k, double df)
{
  double low = 0, high = 4, at_low = p, at_high;
  int side = 0;
  if (!(p > 0 && p < 1))
    return NAN;
  while ((at_high = p - 1 + patron_studentized_range_survival (high, k, df)) > 0 && high < 1e6)
    {
      low = high;
      at_low = at_high;
      high *= 2;
    }
  for (int i = 0; i < 60 && high - low > 1e-8 * high; i++)
    {
      double middle = (low * at_high - high * at_low) / (at_high - at_low), at = p - 1 + patron_studentized_range_survival (middle, k, df);
      if (fabs (at) < 1e-10)
        return middle;
      if (at > 0)
        {
          low = middle;
          at_low = at;
          at_high = side > 0 ? at_high / 2 : at_high;
          side = 1;
        }
      else
        {
          high = middle;
          at_high = at;
          at_low = side < 0 ? at_low / 2 : at_low;
          side = -1;
        }
    }
  return (low + high) / 2;
}
