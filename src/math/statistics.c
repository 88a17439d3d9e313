/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/statistics.h"

#include <math.h>

void
patron_moments_add (PatronMoments *moments, double value)
{
  if (isnan (value))
    return;

  const double before = moments->n, n = ++moments->n;
  const double delta = value - moments->mean, step = delta / n, step2 = step * step;
  const double term = delta * step * before;

  moments->mean += step;
  moments->m4 += term * step2 * (n * n - 3 * n + 3) + 6 * step2 * moments->m2 - 4 * step * moments->m3;
  moments->m3 += term * step * (n - 2) - 3 * step * moments->m2;
  moments->m2 += term;
  moments->min = MIN (moments->min, value);
  moments->max = MAX (moments->max, value);
}

/* Two sweeps over a block that stays in the cache: much faster than one value at a time, and as accurate. */
static PatronMoments
block_moments (const double *values, gsize n)
{
  PatronMoments block = PATRON_MOMENTS_INIT;
  double sum = 0, residue = 0;
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    if (!isnan (values[i]))
      {
        sum += values[i];
        count++;
        block.min = MIN (block.min, values[i]);
        block.max = MAX (block.max, values[i]);
      }
  if (count == 0)
    return block;

  block.n = count;
  block.mean = sum / count;
  for (gsize i = 0; i < n; i++)
    if (!isnan (values[i]))
      {
        const double d = values[i] - block.mean, d2 = d * d;
        residue += d;
        block.m2 += d2;
        block.m3 += d2 * d;
        block.m4 += d2 * d2;
      }
  /* The mean was rounded: what is left of it moves the mean and, to first order, the third moment. */
  block.mean += residue / count;
  block.m2 -= residue * residue / count;
  block.m3 -= 3 * residue / count * block.m2;
  return block;
}

void
patron_moments_add_array (PatronMoments *moments, const double *values, gsize n)
{
  const gsize size = 4096;

  for (gsize i = 0; i < n; i += size)
    {
      const PatronMoments block = block_moments (values + i, MIN (size, n - i));
      patron_moments_merge (moments, &block);
    }
}

void
patron_moments_merge (PatronMoments *moments, const PatronMoments *other)
{
  if (other->n == 0)
    return;
  if (moments->n == 0)
    {
      *moments = *other;
      return;
    }

  const double na = moments->n, nb = other->n, n = na + nb;
  const double delta = other->mean - moments->mean, d2 = delta * delta;
  const double a2 = moments->m2, a3 = moments->m3, b2 = other->m2, b3 = other->m3;

  moments->n += other->n;
  moments->mean += delta * (nb / n);
  moments->m2 += b2 + d2 * (na * nb / n);
  moments->m3 += b3 + d2 * delta * (na * nb * (na - nb) / (n * n)) + 3 * delta * (na * b2 - nb * a2) / n;
  moments->m4 += other->m4 + d2 * d2 * (na * nb * (na * na - na * nb + nb * nb) / (n * n * n))
                 + 6 * d2 * (na * na * b2 + nb * nb * a2) / (n * n) + 4 * delta * (na * b3 - nb * a3) / n;
  moments->min = MIN (moments->min, other->min);
  moments->max = MAX (moments->max, other->max);
}

double
patron_moments_variance (const PatronMoments *moments)
{
  return moments->n < 2 ? NAN : moments->m2 / (double) (moments->n - 1);
}

double
patron_moments_sd (const PatronMoments *moments)
{
  return sqrt (patron_moments_variance (moments));
}

double
patron_moments_skewness (const PatronMoments *moments)
{
  return moments->m2 > 0 ? sqrt ((double) moments->n) * moments->m3 / (moments->m2 * sqrt (moments->m2)) : NAN;
}

double
patron_moments_kurtosis (const PatronMoments *moments)
{
  return moments->m2 > 0 ? (double) moments->n * moments->m4 / (moments->m2 * moments->m2) - 3 : NAN;
}

double
patron_sum (const double *values, gsize n)
{
  if (n > 256)
    {
      const gsize half = n / 2;
      return patron_sum (values, half) + patron_sum (values + half, n - half);
    }

  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (gsize i = 0; i < n; i++)
    sum += values[i];
  return sum;
}
