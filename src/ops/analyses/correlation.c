/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/correlation.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "math/distributions.h"
#include "ops/analyses/correlation-private.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>

enum
{
  BLOCK = 1024,           /* rows held at once: a block of all columns stays in the second cache */
  RANGES = 64,            /* partial sums kept for the sake of one order of addition */
};

PatronCorrelation *
patron_correlation_alloc (guint p, GError **error)
{
  g_autoptr(PatronCorrelation) c = g_new0 (PatronCorrelation, 1);
  c->p = p;
  c->n = patron_try_alloc0 ((gsize) p * p, sizeof *c->n, _("the correlations"), error);
  c->r = c->n == NULL ? NULL : patron_try_alloc0 ((gsize) p * p, sizeof *c->r, _("the correlations"), error);
  return c->r != NULL ? g_steal_pointer (&c) : NULL;
}

void
patron_correlation_free (PatronCorrelation *c)
{
  if (c == NULL)
    return;
  patron_free (c->n);
  patron_free (c->r);
  g_free (c);
}

/* Sums over some rows. z: standardised values, 0 where missing; m: 1 where there, of the q columns with gaps only. Column-major. */
typedef struct
{
  double *zz;       /* p × p: Σ z_i z_j */
  double *zm;       /* p × q: Σ z_i m_j */
  double *ssm;      /* p × q: Σ z_i² m_j */
  double *mm;       /* q × q: Σ m_i m_j */
  double *z;        /* p: Σ z_i */
} Sums;

typedef struct
{
  PatronColumn *const *columns;
  const double *centres, *scales;
  guint   p, q;
  gint32 *gap;      /* p: place among the columns with gaps, -1 */
  gsize   n, grain, length;   /* length: doubles in one Sums */
  double *partial;  /* ranges × length */
  double *space;    /* workers × BLOCK · (2 p + q) */
  GError *error;
} Work;

static Sums
sums_at (const Work *work, double *base)
{
  gsize p = work->p, q = work->q;
  return (Sums) { base, base + p * p, base + p * p + p * q, base + p * p + 2 * p * q, base + p * p + 2 * p * q + q * q };
}

/* Standardises in place; squares and presence where asked. Returns the sum. */
PATRON_SIMD static double
standardise (double *restrict z, double *restrict squares, double *restrict present, gsize n, double centre, double factor)
{
  double sum = 0;
  if (present == NULL)
    {
#pragma omp simd reduction(+:sum)
      for (gsize i = 0; i < n; i++)
        {
          z[i] = (z[i] - centre) * factor;
          sum += z[i];
        }
    }
  else
    {
#pragma omp simd reduction(+:sum)
      for (gsize i = 0; i < n; i++)
        {
          gboolean there = z[i] == z[i];
          z[i] = there ? (z[i] - centre) * factor : 0;
          present[i] = there ? 1 : 0;
          sum += z[i];
        }
    }
  if (squares != NULL)
    for (gsize i = 0; i < n; i++)
      squares[i] = z[i] * z[i];
  return sum;
}

static gboolean
add_block (const Work *work, gsize from, gsize rows, double *space, Sums sums, GError **error)
{
  guint p = work->p, q = work->q;
  double *z = space, *squares = space + (gsize) BLOCK * p, *present = squares + (gsize) BLOCK * (q > 0 ? p : 0);
  for (guint j = 0; j < p; j++)
    {
      double *column = z + (gsize) BLOCK * j;
      if (!patron_column_read_doubles (work->columns[j], from, rows, column, error))
        return FALSE;
      double factor = work->scales[j] > 0 ? 1 / work->scales[j] : 1;
      sums.z[j] += standardise (column, q > 0 ? squares + (gsize) BLOCK * j : NULL, work->gap[j] >= 0 ? present + (gsize) BLOCK * work->gap[j] : NULL,
                                rows, work->centres[j], factor);
    }
  cblas_dsyrk (CblasColMajor, CblasUpper, CblasTrans, p, rows, 1, z, BLOCK, 1, sums.zz, p);
  if (q > 0)
    {
      cblas_dgemm (CblasColMajor, CblasTrans, CblasNoTrans, p, q, rows, 1, z, BLOCK, present, BLOCK, 1, sums.zm, p);
      cblas_dgemm (CblasColMajor, CblasTrans, CblasNoTrans, p, q, rows, 1, squares, BLOCK, present, BLOCK, 1, sums.ssm, p);
      cblas_dsyrk (CblasColMajor, CblasUpper, CblasTrans, q, rows, 1, present, BLOCK, 1, sums.mm, q);
    }
  return TRUE;
}

static void
add_range (gsize begin, gsize end, int worker, gpointer data)
{
  Work *work = data;
  Sums sums = sums_at (work, work->partial + begin / work->grain * work->length);
  double *space = work->space + (gsize) worker * BLOCK * (2 * work->p + work->q);
  for (gsize from = begin; from < end; from += BLOCK)
    {
      GError *error = NULL;
      if (!add_block (work, from, MIN (end - from, (gsize) BLOCK), space, sums, &error))
        {
          patron_error_keep (&work->error, error);
          return;
        }
    }
}

/* Sums of i over the rows where j is there: all of them when j has no gaps. */
static void
pair_sums (const Work *work, Sums s, guint i, guint j, double *sum, double *squares)
{
  gint32 gap = work->gap[j];
  *sum = gap < 0 ? s.z[i] : s.zm[(gsize) gap * work->p + i];
  *squares = gap < 0 ? s.zz[(gsize) i * work->p + i] : s.ssm[(gsize) gap * work->p + i];
}

static double
pair_count (const Work *work, Sums s, guint i, guint j)
{
  gint32 a = work->gap[i], b = work->gap[j];
  if (a < 0 && b < 0)
    return (double) work->n;
  if (a < 0 || b < 0)
    a = b = MAX (a, b);
  return s.mm[(gsize) MAX (a, b) * work->q + MIN (a, b)];
}

static void
finish (const Work *work, PatronCorrelation *c)
{
  Sums s = sums_at (work, work->partial);
  for (guint j = 0; j < work->p; j++)
    for (guint i = 0; i <= j; i++)
      {
        double n = pair_count (work, s, i, j), si, sj, sii, sjj;
        pair_sums (work, s, i, j, &si, &sii);
        pair_sums (work, s, j, i, &sj, &sjj);
        double cij = s.zz[(gsize) j * work->p + i] - si * sj / n, cii = sii - si * si / n, cjj = sjj - sj * sj / n;
        double r = n >= 3 && cii > 1e-13 * sii && cjj > 1e-13 * sjj ? cij / sqrt (cii * cjj) : NAN;
        if (i == j && !isnan (r))
          r = 1;
        c->r[(gsize) i * work->p + j] = c->r[(gsize) j * work->p + i] = CLAMP (r, -1, 1);
        c->n[(gsize) i * work->p + j] = c->n[(gsize) j * work->p + i] = (guint32) n;
      }
}

static gboolean
add_all (Work *work, PatronRun *run, GError **error)
{
  gsize ranges = (work->n + work->grain - 1) / work->grain;
  work->partial = patron_try_alloc0 (MAX (1, ranges) * work->length, sizeof (double), _("the correlations"), error);
  work->space = work->partial == NULL ? NULL
    : patron_try_alloc ((gsize) patron_parallel_workers (run) * BLOCK * (2 * work->p + work->q), sizeof (double), _("the correlations"), error);
  if (work->space == NULL)
    return FALSE;
  if (!patron_parallel_for (run, work->n, work->grain, add_range, work))
    return patron_run_check (run, error);
  if (work->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&work->error));
      return FALSE;
    }
  for (gsize k = 1; k < ranges; k++)
    for (gsize v = 0; v < work->length; v++)
      work->partial[v] += work->partial[k * work->length + v];
  return TRUE;
}

PatronCorrelation *
patron_correlation_pearson (PatronColumn *const *columns, const double *centres, const double *scales, guint p, PatronRun *run, GError **error)
{
  g_autoptr(PatronCorrelation) c = patron_correlation_alloc (p, error);
  if (c == NULL || p == 0)
    return g_steal_pointer (&c);
  g_autofree gint32 *gap = g_new (gint32, p);
  Work work = { .columns = columns, .centres = centres, .scales = scales, .p = p, .gap = gap, .n = patron_column_get_length (columns[0]) };
  for (guint j = 0; j < p; j++)
    {
      gsize missing;
      if (!patron_column_count_missing (columns[j], &missing, error))
        return NULL;
      gap[j] = missing > 0 ? (gint32) work.q++ : -1;
    }
  gsize range = (work.n + RANGES - 1) / RANGES;
  work.grain = MAX (BLOCK, (range + BLOCK - 1) / BLOCK * BLOCK);
  work.length = (gsize) p * p + 2 * (gsize) p * work.q + (gsize) work.q * work.q + p;
  gboolean ok = add_all (&work, run, error);
  if (ok)
    finish (&work, c);
  g_clear_error (&work.error);
  patron_free (work.partial);
  patron_free (work.space);
  return ok ? g_steal_pointer (&c) : NULL;
}

/* ---- inference -------------------------------------------------------------------------------------------- */

void
patron_correlation_interval (double r, double n, gboolean ranks, double *low, double *high)
{
  *low = *high = NAN;
  if (isnan (r) || n < 4)
    return;
  if (fabs (r) >= 1)
    {
      *low = *high = r;
      return;
    }
  double half = patron_normal_quantile (0.975) * sqrt ((ranks ? 1 + r * r / 2 : 1) / (n - 3));
  *low = tanh (atanh (r) - half);
  *high = tanh (atanh (r) + half);
}

double
patron_correlation_p (double r, double n)
{
  if (isnan (r) || n < 3)
    return NAN;
  if (fabs (r) >= 1)
    return 0;
  return patron_t_two_sided (r * sqrt ((n - 2) / ((1 - r) * (1 + r))), n - 2);
}
