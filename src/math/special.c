/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/special.h"

#include <math.h>

#define LOG_SQRT_2PI 0.918938533204672741780329736406
#define TINY 1e-300
#define MAX_TERMS 1000000

/* δ(x) = ln Γ(x + 1) - (x + ½) ln x + x - ½ ln 2π, the error of Stirling's formula. Asymptotic series (DLMF 5.11.1) from 15 on; below,
 * δ(x) = δ(x + 1) + (x + ½) ln (1 + 1/x) - 1 climbs there, which loses less than ln Γ itself would. */
static double
stirling_error (double x)
{
  double climbed = 0;

  for (; x < 15; x += 1)
    climbed += (x + 0.5) * log1p (1 / x) - 1;
  const double s = 1 / (x * x);
  return climbed + (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - s / 1188) * s) * s) * s) / x;
}

/* x ln (x / m) + m - x ≥ 0, without cancellation where x is near m (C. Loader, "Fast and accurate computation of binomial
 * probabilities", 2000). */
static double
deviance (double x, double m)
{
  if (fabs (x - m) >= 0.1 * (x + m))
    return x * log (x / m) + m - x;

  const double v = (x - m) / (x + m);
  double term = 2 * x * v, sum = (x - m) * v;

  for (int j = 1; j < 100; j++)
    {
      term *= v * v;
      const double next = sum + term / (2 * j + 1);
      if (next == sum)
        break;
      sum = next;
    }
  return sum;
}

/* Continued fraction b0 + a1/(b1 + a2/(b2 + …)) by the modified Lentz method (Thompson and Barnett, J. Comput. Phys. 64, 1986). */
typedef struct
{
  double f, c, d;
} Lentz;

static void
lentz_begin (Lentz *lentz, double b0)
{
  lentz->f = lentz->c = b0 == 0 ? TINY : b0;
  lentz->d = 0;
}

/* TRUE once another term changes nothing. */
static gboolean
lentz_step (Lentz *lentz, double a, double b)
{
  lentz->d = b + a * lentz->d;
  if (lentz->d == 0)
    lentz->d = TINY;
  lentz->d = 1 / lentz->d;
  lentz->c = b + a / lentz->c;
  if (lentz->c == 0)
    lentz->c = TINY;
  const double factor = lentz->c * lentz->d;
  lentz->f *= factor;
  return fabs (factor - 1) < 2e-16;
}

/* Σ x^i / ((a + 1) … (a + i)), i = 0 … (DLMF 8.7.1). */
static double
gamma_series (double a, double x)
{
  double term = 1, sum = 1;

  for (int i = 1; i < MAX_TERMS; i++)
    {
      term *= x / (a + i);
      sum += term;
      if (term < sum * 1e-17)
        break;
    }
  return sum;
}

/* DLMF 8.9.2, its even part. */
static double
gamma_fraction (double a, double x)
{
  Lentz lentz;

  lentz_begin (&lentz, x + 1 - a);
  for (int i = 1; i < MAX_TERMS; i++)
    if (lentz_step (&lentz, -i * (i - a), x + 1 - a + 2.0 * i))
      break;
  return 1 / lentz.f;
}

void
patron_incomplete_gamma (double a, double x, double *lower, double *upper)
{
  if (!(a > 0) || !(x >= 0))
    {
      *lower = *upper = NAN;
      return;
    }
  if (x == 0 || isinf (x))
    {
      *lower = x == 0 ? 0 : 1;
      *upper = 1 - *lower;
      return;
    }

  /* x^a e^-x / Γ(a + 1) */
  const double kernel = exp (-stirling_error (a) - deviance (a, x) - LOG_SQRT_2PI) / sqrt (a);

  if (x < a + 1)
    {
      *lower = MIN (kernel * gamma_series (a, x), 1);
      *upper = 1 - *lower;
    }
  else
    {
      *upper = MIN (kernel * a * gamma_fraction (a, x), 1);
      *lower = 1 - *upper;
    }
}

/* The fraction 1 / (β1 + α2 / (β2 + …)) of A. DiDonato and A. Morris, ACM Trans. Math. Softw. 18(3), 1992, equation 9. Every term is free of
 * cancellation, which the more usual one (DLMF 8.17.22) is not when x is near 1. lambda = a - (a + b) x ≥ 0. */
static double
beta_fraction (double a, double b, double x, double y, double lambda)
{
  Lentz lentz;

  lentz_begin (&lentz, a / (a + 1) * (lambda + 1));
  for (int i = 1; i < MAX_TERMS; i++)
    {
      const double n = i, e = a + 2 * n - 1;
      const double alpha = (a + n - 1) / e * ((a + b + n - 1) / e) * n * (b - n) * x * x;
      const double beta = n + n * (b - n) * x / e + (a + n) / (a + 2 * n + 1) * (lambda + 1 + n * (1 + y));
      if (lentz_step (&lentz, alpha, beta))
        break;
    }
  return 1 / lentz.f;
}

/* I_x (a, b) for x up to the mean: x^a y^b / B (a, b) · fraction, the first by Loader's expansion about its peak. */
static double
beta_lower (double a, double b, double x, double y, double lambda)
{
  const double n = a + b;
  const double log_kernel = stirling_error (n) - stirling_error (a) - stirling_error (b) - deviance (a, n * x) - deviance (b, n * y);

  return MIN (exp (log_kernel - LOG_SQRT_2PI) * sqrt (a / n * b) * beta_fraction (a, b, x, y, lambda), 1);
}

void
patron_incomplete_beta (double a, double b, double x, double y, double *lower, double *upper)
{
  if (!(a > 0) || !(b > 0) || !(x >= 0) || !(y >= 0) || x > 1 || y > 1)
    {
      *lower = *upper = NAN;
      return;
    }
  if (x == 0 || y == 0)
    {
      *lower = x == 0 ? 0 : 1;
      *upper = 1 - *lower;
      return;
    }

  const double lambda = x < y ? a - (a + b) * x : (a + b) * y - b;   /* the mean less x, times a + b */
  if (lambda >= 0)
    {
      *lower = beta_lower (a, b, x, y, lambda);
      *upper = 1 - *lower;
    }
  else
    {
      *upper = beta_lower (b, a, y, x, -lambda);
      *lower = 1 - *upper;
    }
}
