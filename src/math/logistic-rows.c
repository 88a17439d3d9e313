/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/logistic-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "math/gram-tiles.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Blocks of rows are copied, centred and scaled, and everything about them is done while they are in the cache. */
enum { BLOCK = PATRON_TILE_ROWS };

/* For each worker; all with BLOCK rows. */
typedef struct
{
  double           *x, *weighted;      /* width columns, the first all 1 */
  double           *eta;               /* n_equations: linear predictors, then probabilities, then residuals y - p times the weight */
  double           *share;             /* n_equations: probabilities */
  double           *weight;            /* rows, and a factor of the weighted rows */
  PatronTileVector *tiles;             /* a set for each pair of equations */
} Scratch;

struct _PatronLogisticWork
{
  const PatronLogisticProblem *problem;
  gsize    k;                 /* coefficients of an equation */
  gsize    width;             /* columns of a block */
  gboolean tiled;
  gsize    n_pairs;           /* of equations a ≤ b */
  gsize    grain, n_stretches;
  gsize    n_workers;
  Scratch *scratch;
  double  *inverse_scales;
  /* Of each stretch of rows; added up in order. */
  double  *likelihoods;
  double  *gradients;         /* n_equations × k */
  double  *products;          /* n_pairs × k × k */
  double  *extremes;          /* 2: of margins */
  /* What the pass is about. */
  PatronLogisticMatrix what;
  const double        *beta;
};

static gsize
choose_grain (gsize n, gsize numbers)
{
  gsize grain = patron_row_grain (n);
  while (grain < n && (n / grain + 1) * numbers * sizeof (double) > ((gsize) 1 << 28))
    grain *= 2;
  return grain;
}

static gboolean
allocate_scratch (PatronLogisticWork *work, Scratch *scratch, GError **error)
{
  const gsize q = work->problem->n_equations;
  const char *purpose = _("the regression");

  scratch->x = patron_try_alloc0 (BLOCK * work->width, sizeof (double), purpose, error);
  scratch->weighted = scratch->x == NULL ? NULL : patron_try_alloc0 (BLOCK * work->width, sizeof (double), purpose, error);
  scratch->eta = scratch->weighted == NULL ? NULL : patron_try_alloc (BLOCK * q, sizeof (double), purpose, error);
  scratch->share = scratch->eta == NULL ? NULL : patron_try_alloc (BLOCK * q, sizeof (double), purpose, error);
  scratch->weight = scratch->share == NULL ? NULL : patron_try_alloc (2 * BLOCK, sizeof (double), purpose, error);
  if (scratch->weight == NULL)
    return FALSE;
  for (gsize i = 0; i < BLOCK; i++)
    scratch->x[i] = 1;
  if (work->tiled && work->n_pairs > 0)
    scratch->tiles = patron_try_alloc (work->n_pairs * patron_tiles_size (work->width), sizeof (PatronTileVector), purpose, error);
  return !work->tiled || work->n_pairs == 0 || scratch->tiles != NULL;
}

PatronLogisticWork *
patron_logistic_work_new (const PatronLogisticProblem *problem, PatronLogisticMatrix most, PatronRun *run, GError **error)
{
  PatronLogisticWork *work = g_new0 (PatronLogisticWork, 1);
  const gsize q = problem->n_equations, k = problem->x.p + 1, n = problem->x.n;
  const char *purpose = _("the regression");
  gboolean done;

  work->problem = problem;
  work->k = k;
  work->tiled = k <= PATRON_MAX_TILED_COLUMNS;
  work->width = work->tiled ? patron_tiles_width (k) : k;
  work->n_pairs = most == PATRON_LOGISTIC_GRADIENT ? 0 : q * (q + 1) / 2;
  work->grain = choose_grain (n, work->n_pairs * k * k + q * k);
  work->n_stretches = (n - 1) / work->grain + 1;
  work->n_workers = (gsize) patron_parallel_workers (run);
  work->scratch = g_new0 (Scratch, work->n_workers);
  work->inverse_scales = g_new (double, k);
  for (gsize j = 0; j < problem->x.p; j++)
    work->inverse_scales[j] = 1 / problem->scales[j];
  work->likelihoods = g_new (double, work->n_stretches);
  work->extremes = g_new (double, 2 * work->n_stretches);
  work->gradients = patron_try_alloc (work->n_stretches * q * k, sizeof (double), purpose, error);
  work->products = work->gradients == NULL ? NULL : patron_try_alloc (work->n_stretches * work->n_pairs * k * k, sizeof (double), purpose, error);
  done = work->products != NULL;
  for (gsize w = 0; done && w < work->n_workers; w++)
    done = allocate_scratch (work, &work->scratch[w], error);
  if (done)
    return work;
  patron_logistic_work_free (work);
  return NULL;
}

void
patron_logistic_work_free (PatronLogisticWork *work)
{
  if (work == NULL)
    return;
  for (gsize w = 0; w < work->n_workers; w++)
    {
      patron_free (work->scratch[w].x);
      patron_free (work->scratch[w].weighted);
      patron_free (work->scratch[w].eta);
      patron_free (work->scratch[w].share);
      patron_free (work->scratch[w].weight);
      patron_free (work->scratch[w].tiles);
    }
  g_free (work->scratch);
  g_free (work->inverse_scales);
  g_free (work->likelihoods);
  g_free (work->extremes);
  patron_free (work->gradients);
  patron_free (work->products);
  g_free (work);
}

/* ---- a block ------------------------------------------------------------------------------------------------ */

PATRON_SIMD static void
copy_scaled (const double *restrict from, double *restrict to, gsize n, double shift, double factor)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    to[i] = (from[i] - shift) * factor;
}

PATRON_SIMD static void
copy_weighted (const double *restrict from, const double *restrict factor, double *restrict to, gsize n)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    to[i] = from[i] * factor[i];
}

/* The rows, and their linear predictors. */
static void
load_block (const PatronLogisticWork *work, Scratch *scratch, gsize row, gsize rows, const double *beta)
{
  const PatronLogisticProblem *problem = work->problem;
  const gsize k = work->k;

  for (gsize j = 0; j + 1 < k; j++)
    copy_scaled (problem->x.columns[j] + row, scratch->x + (j + 1) * BLOCK, rows, problem->means[j], work->inverse_scales[j]);
  if (problem->weights != NULL)
    memcpy (scratch->weight, problem->weights + row, rows * sizeof (double));
  else
    for (gsize i = 0; i < rows; i++)
      scratch->weight[i] = 1;
  for (guint a = 0; a < problem->n_equations; a++)
    cblas_dgemv (CblasColMajor, CblasNoTrans, (int) rows, (int) k, 1, scratch->x, BLOCK, beta + a * k, 1, 0, scratch->eta + a * BLOCK, 1);
}

/* Two classes. Returns the log-likelihood; shares from eta, without overflow. */
static double
binary_shares (const PatronLogisticProblem *problem, Scratch *scratch, gsize row, gsize rows)
{
  double sum = 0;

  for (gsize i = 0; i < rows; i++)
    {
      const double eta = scratch->eta[i], t = exp (-fabs (eta)), share = (eta >= 0 ? 1 : t) / (1 + t);
      const gboolean hit = problem->equation[(gsize) problem->y[row + i]] == 0;
      scratch->share[i] = share;
      sum += scratch->weight[i] * ((hit ? MIN (eta, 0) : -MAX (eta, 0)) - log1p (t));
    }
  return sum;
}

static double
multinomial_shares (const PatronLogisticProblem *problem, Scratch *scratch, gsize row, gsize rows)
{
  const guint q = problem->n_equations;
  double sum = 0;

  for (gsize i = 0; i < rows; i++)
    {
      const int own = problem->equation[(gsize) problem->y[row + i]];
      double most = 0, total;
      for (guint a = 0; a < q; a++)
        most = MAX (most, scratch->eta[a * BLOCK + i]);
      total = exp (-most);
      for (guint a = 0; a < q; a++)
        total += scratch->share[a * BLOCK + i] = exp (scratch->eta[a * BLOCK + i] - most);
      for (guint a = 0; a < q; a++)
        scratch->share[a * BLOCK + i] /= total;
      sum += scratch->weight[i] * ((own >= 0 ? scratch->eta[own * BLOCK + i] : 0) - most - log (total));
    }
  return sum;
}

/* eta becomes weight · (1 if it is the row's class - share). */
static void
make_residuals (const PatronLogisticProblem *problem, Scratch *scratch, gsize row, gsize rows)
{
  for (guint a = 0; a < problem->n_equations; a++)
    for (gsize i = 0; i < rows; i++)
      {
        const double hit = problem->equation[(gsize) problem->y[row + i]] == (int) a;
        scratch->eta[a * BLOCK + i] = scratch->weight[i] * (hit - scratch->share[a * BLOCK + i]);
      }
}

/* The factor of each row in the pair's products. */
static void
pair_factor (const PatronLogisticWork *work, Scratch *scratch, guint a, guint b, gsize rows, double *factor)
{
  const double *w = scratch->weight, *p = scratch->share + a * BLOCK, *r = scratch->share + b * BLOCK;

  if (work->what == PATRON_LOGISTIC_SCORES)
    for (gsize i = 0; i < rows; i++)
      factor[i] = scratch->eta[a * BLOCK + i] * scratch->eta[b * BLOCK + i];
  else if (a == b)
    for (gsize i = 0; i < rows; i++)
      factor[i] = w[i] * p[i] * (1 - p[i]);
  else
    for (gsize i = 0; i < rows; i++)
      factor[i] = -w[i] * p[i] * r[i];
}

static void
add_products (const PatronLogisticWork *work, Scratch *scratch, gsize rows, double *products)
{
  const gsize k = work->k, padded = work->tiled ? (rows + 7) / 8 * 8 : rows;
  /* Factors of one sign: half of each on both sides, and BLAS does half the work. */
  const gboolean halves = !work->tiled && work->what == PATRON_LOGISTIC_INFORMATION;
  double *factor = scratch->weight + BLOCK;
  gsize pair = 0;

  for (guint a = 0; a < work->problem->n_equations; a++)
    for (guint b = a; b < work->problem->n_equations; b++, pair++)
      {
        pair_factor (work, scratch, a, b, rows, factor);
        memset (factor + rows, 0, (padded - rows) * sizeof *factor);
        if (halves)
          for (gsize i = 0; i < rows; i++)
            factor[i] = sqrt (fabs (factor[i]));
        for (gsize j = 0; j < k; j++)
          copy_weighted (scratch->x + j * BLOCK, factor, scratch->weighted + j * BLOCK, padded);
        if (work->tiled)
          patron_tiles_multiply (scratch->x, scratch->weighted, work->width, padded, scratch->tiles + pair * patron_tiles_size (work->width));
        else if (halves)
          cblas_dsyrk (CblasColMajor, CblasUpper, CblasTrans, (int) k, (int) rows, a == b ? 1 : -1, scratch->weighted, BLOCK, 1,
                       products + pair * k * k, (int) k);
        else
          cblas_dgemm (CblasColMajor, CblasTrans, CblasNoTrans, (int) k, (int) k, (int) rows, 1, scratch->x, BLOCK, scratch->weighted, BLOCK, 1,
                       products + pair * k * k, (int) k);
      }
}

/* ---- a stretch of rows, and all of them ---------------------------------------------------------------------- */

static void
evaluate_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  PatronLogisticWork *work = data;
  const PatronLogisticProblem *problem = work->problem;
  Scratch *scratch = &work->scratch[worker];
  const gsize q = problem->n_equations, k = work->k, stretch = begin / work->grain;
  const gboolean matrix = work->what != PATRON_LOGISTIC_GRADIENT;
  double *gradient = work->gradients + stretch * q * k, *products = work->products + stretch * work->n_pairs * k * k;
  double likelihood = 0;

  memset (gradient, 0, q * k * sizeof *gradient);
  if (matrix)
    memset (products, 0, work->n_pairs * k * k * sizeof *products);
  if (matrix && work->tiled)
    memset (scratch->tiles, 0, work->n_pairs * patron_tiles_size (work->width) * sizeof *scratch->tiles);
  for (gsize row = begin; row < end; row += BLOCK)
    {
      const gsize rows = MIN (BLOCK, end - row);
      load_block (work, scratch, row, rows, work->beta);
      likelihood += q == 1 ? binary_shares (problem, scratch, row, rows) : multinomial_shares (problem, scratch, row, rows);
      make_residuals (problem, scratch, row, rows);
      for (gsize a = 0; a < q; a++)
        cblas_dgemv (CblasColMajor, CblasTrans, (int) rows, (int) k, 1, scratch->x, BLOCK, scratch->eta + a * BLOCK, 1, 1, gradient + a * k, 1);
      if (matrix)
        add_products (work, scratch, rows, products);
    }
  for (gsize pair = 0; matrix && work->tiled && pair < work->n_pairs; pair++)
    patron_tiles_add (scratch->tiles + pair * patron_tiles_size (work->width), work->width, k, products + pair * k * k);
  work->likelihoods[stretch] = likelihood;
}

/* Blocks of pairs of equations, each symmetric, into the upper triangle of one matrix. */
static void
assemble (const PatronLogisticWork *work, const double *products, double *matrix)
{
  const gsize q = work->problem->n_equations, k = work->k, side = q * k;
  gsize pair = 0;

  for (gsize a = 0; a < q; a++)
    for (gsize b = a; b < q; b++, pair++)
      for (gsize j = 0; j < k; j++)
        for (gsize i = 0; i < k; i++)
          matrix[(b * k + j) * side + a * k + i] += products[pair * k * k + MAX (i, j) * k + MIN (i, j)];
}

gboolean
patron_logistic_evaluate (PatronLogisticWork *work, const double *beta, PatronLogisticMatrix what, double *log_likelihood, double *gradient,
                          double *matrix, PatronRun *run, GError **error)
{
  const gsize q = work->problem->n_equations, k = work->k, side = q * k;

  work->beta = beta;
  work->what = what;
  if (!patron_parallel_for (run, work->problem->x.n, work->grain, evaluate_stretch, work))
    return patron_run_check (run, error);
  *log_likelihood = 0;
  memset (gradient, 0, side * sizeof *gradient);
  if (matrix != NULL)
    memset (matrix, 0, side * side * sizeof *matrix);
  for (gsize s = 0; s < work->n_stretches; s++)
    {
      *log_likelihood += work->likelihoods[s];
      for (gsize j = 0; j < side; j++)
        gradient[j] += work->gradients[s * side + j];
      if (matrix != NULL)
        assemble (work, work->products + s * work->n_pairs * k * k, matrix);
    }
  return TRUE;
}

static void
margin_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  PatronLogisticWork *work = data;
  const PatronLogisticProblem *problem = work->problem;
  Scratch *scratch = &work->scratch[worker];
  double least = INFINITY, greatest = -INFINITY;

  for (gsize row = begin; row < end; row += BLOCK)
    {
      const gsize rows = MIN (BLOCK, end - row);
      load_block (work, scratch, row, rows, work->beta);
      for (gsize i = 0; i < rows; i++)
        {
          const int own = problem->equation[(gsize) problem->y[row + i]];
          const double mine = own >= 0 ? scratch->eta[own * BLOCK + i] : 0;
          for (int a = -1; a < (int) problem->n_equations; a++)
            if (a != own)
              {
                const double margin = mine - (a >= 0 ? scratch->eta[a * BLOCK + i] : 0);
                least = MIN (least, margin);
                greatest = MAX (greatest, margin);
              }
        }
    }
  work->extremes[2 * (begin / work->grain)] = least;
  work->extremes[2 * (begin / work->grain) + 1] = greatest;
}

gboolean
patron_logistic_margins (PatronLogisticWork *work, const double *direction, double *least, double *greatest, PatronRun *run, GError **error)
{
  work->beta = direction;
  if (!patron_parallel_for (run, work->problem->x.n, work->grain, margin_stretch, work))
    return patron_run_check (run, error);
  *least = INFINITY;
  *greatest = -INFINITY;
  for (gsize s = 0; s < work->n_stretches; s++)
    {
      *least = MIN (*least, work->extremes[2 * s]);
      *greatest = MAX (*greatest, work->extremes[2 * s + 1]);
    }
  return TRUE;
}
