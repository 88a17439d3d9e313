/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/gram.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"
#include "math/gram-tiles.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

/* Rows copied at a time: with 50 columns 200 KiB, well within the second-level cache. */
#define BLOCK_ROWS 512
#define MAX_STRETCHES 64

gsize
patron_row_grain (gsize n)
{
  const gsize least = 4 * BLOCK_ROWS;
  const gsize grain = MAX ((n + MAX_STRETCHES - 1) / MAX_STRETCHES, least);
  return (grain + BLOCK_ROWS - 1) / BLOCK_ROWS * BLOCK_ROWS;
}

PATRON_SIMD static void
copy_shifted (const double *restrict from, double *restrict to, gsize n, double shift, double factor)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    to[i] = (from[i] - shift) * factor;
}

/* … and returns their sum. */
PATRON_SIMD static double
copy_summing (const double *restrict from, double *restrict to, gsize n, double shift)
{
  double sum = 0;

#pragma omp simd reduction(+ : sum)
  for (gsize i = 0; i < n; i++)
    {
      to[i] = from[i] - shift;
      sum += to[i];
    }
  return sum;
}

void
patron_columns_block (const PatronColumns *x, gsize begin, gsize end, const double *shift, const double *scale, double *block)
{
  const gsize rows = end - begin;

  for (gsize j = 0; j < x->p; j++)
    copy_shifted (x->columns[j] + begin, block + j * rows, rows, shift != NULL ? shift[j] : 0, scale != NULL ? 1 / scale[j] : 1);
}

/* Means of about a thousand rows spread over the table: near enough to the means for the correction to lose nothing. */
static void
sample_means (const PatronColumns *x, double *means)
{
  const gsize step = MAX (x->n / 1024, 1);

  for (gsize j = 0; j < x->p; j++)
    {
      double sum = 0;
      gsize count = 0;
      for (gsize i = 0; i < x->n; i += step, count++)
        sum += x->columns[j][i];
      means[j] = count > 0 ? sum / (double) count : 0;
    }
}

typedef struct
{
  const PatronColumns *x;
  gsize                grain;
  const double        *shift;
  gboolean             tiled;
  gsize                width;        /* columns of a block: p, or the next multiple of TILE */
  double              *blocks;       /* for each worker, BLOCK_ROWS × width */
  PatronTileVector    *tiles;        /* for each worker, patron_tiles_size() of them */
  double              *sums;         /* for each stretch, p */
  double              *products;     /* for each stretch, p × p, upper triangle */
} GramWork;

static void
gram_stretch_tiled (gsize begin, gsize end, int worker, gpointer data)
{
  const GramWork *work = data;
  const gsize p = work->x->p, stretch = begin / work->grain;
  double *block = work->blocks + (gsize) worker * BLOCK_ROWS * work->width;
  PatronTileVector *tiles = work->tiles + (gsize) worker * patron_tiles_size (work->width);

  memset (tiles, 0, patron_tiles_size (work->width) * sizeof *tiles);
  memset (block, 0, BLOCK_ROWS * work->width * sizeof *block);
  for (gsize row = begin; row < end; row += PATRON_TILE_ROWS)
    {
      const gsize rows = MIN (PATRON_TILE_ROWS, end - row), padded = (rows + 7) / 8 * 8;
      for (gsize j = 0; j < p; j++)
        {
          work->sums[stretch * p + j] += copy_summing (work->x->columns[j] + row, block + j * PATRON_TILE_ROWS, rows, work->shift[j]);
          memset (block + j * PATRON_TILE_ROWS + rows, 0, (padded - rows) * sizeof *block);
        }
      patron_tiles_multiply (block, block, work->width, padded, tiles);
    }
  patron_tiles_add (tiles, work->width, p, work->products + stretch * p * p);
}

static void
gram_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const GramWork *work = data;
  const gsize p = work->x->p, stretch = begin / work->grain;
  double *block = work->blocks + (gsize) worker * BLOCK_ROWS * p;
  double *sums = work->sums + stretch * p, *products = work->products + stretch * p * p;

  for (gsize row = begin; row < end; row += BLOCK_ROWS)
    {
      const gsize rows = MIN (BLOCK_ROWS, end - row);
      for (gsize j = 0; j < p; j++)
        sums[j] += copy_summing (work->x->columns[j] + row, block + j * rows, rows, work->shift[j]);
      cblas_dsyrk (CblasColMajor, CblasUpper, CblasTrans, (int) p, (int) rows, 1, block, (int) rows, 1, products, (int) p);
    }
}

/* Adds up the stretches in order; about the mean the product loses n · (mean - shift)². */
static void
gram_finish (const GramWork *work, gsize n_stretches, gboolean centred, double *means, double *gram)
{
  const gsize n = work->x->n, p = work->x->p;

  memset (means, 0, p * sizeof *means);
  memset (gram, 0, p * p * sizeof *gram);
  for (gsize s = 0; s < n_stretches; s++)
    {
      for (gsize j = 0; j < p; j++)
        means[j] += work->sums[s * p + j];
      for (gsize j = 0; j < p * p; j++)
        gram[j] += work->products[s * p * p + j];
    }
  for (gsize j = 0; j < p; j++)
    means[j] /= (double) n;
  for (gsize j = 0; j < p; j++)
    for (gsize i = 0; i <= j; i++)
      {
        if (centred)
          gram[j * p + i] -= (double) n * means[i] * means[j];
        gram[i * p + j] = gram[j * p + i];
      }
  for (gsize j = 0; j < p; j++)
    means[j] += work->shift[j];
}

/* Stretches need p × p numbers each; with thousands of columns that, not the rows, is the memory. */
static gsize
gram_grain (gsize n, gsize p)
{
  gsize grain = patron_row_grain (n);
  while (grain < n && (n / grain + 1) * p * p * sizeof (double) > ((gsize) 1 << 28))
    grain *= 2;
  return grain;
}

static gboolean
gram_allocate (GramWork *work, gsize n_stretches, gsize workers, GError **error)
{
  const gsize p = work->x->p;

  work->blocks = patron_try_alloc (workers * BLOCK_ROWS * work->width, sizeof (double), _("cross products"), error);
  if (work->blocks == NULL)
    return FALSE;
  if (work->tiled)
    work->tiles = patron_try_alloc (workers * patron_tiles_size (work->width), sizeof (PatronTileVector), _("cross products"), error);
  if (work->tiled && work->tiles == NULL)
    return FALSE;
  work->sums = patron_try_alloc0 (n_stretches * p, sizeof (double), _("cross products"), error);
  if (work->sums == NULL)
    return FALSE;
  work->products = patron_try_alloc0 (n_stretches * p * p, sizeof (double), _("cross products"), error);
  return work->products != NULL;
}

gboolean
patron_gram (const PatronColumns *x, gboolean centred, double *means, double *gram, PatronRun *run, GError **error)
{
  const gsize p = x->p, grain = gram_grain (x->n, p), n_stretches = x->n == 0 ? 0 : (x->n - 1) / grain + 1;
  g_autofree double *shift = g_new0 (double, MAX (p, 1));
  GramWork work = { .x = x, .grain = grain, .shift = shift, .tiled = p <= PATRON_MAX_TILED_COLUMNS };
  gboolean done = FALSE;

  work.width = work.tiled ? patron_tiles_width (p) : p;
  if (centred)
    sample_means (x, shift);
  if (gram_allocate (&work, n_stretches, (gsize) patron_parallel_workers (run), error))
    {
      done = patron_parallel_for (run, x->n, grain, work.tiled ? gram_stretch_tiled : gram_stretch, &work);
      if (done)
        gram_finish (&work, n_stretches, centred, means, gram);
      else
        patron_run_check (run, error);
    }
  patron_free (work.blocks);
  patron_free (work.tiles);
  patron_free (work.sums);
  patron_free (work.products);
  return done;
}

/* ---- QR of a tall matrix ------------------------------------------------------------------------------------ */

/* Each stretch reduces [R so far; next block] to a new R; the R of the stretches are stacked and reduced once more. */
typedef struct
{
  const PatronColumns *x;
  gsize                grain, block_rows;
  const double        *shift, *scale;
  double              *panels;       /* for each worker, (p + block_rows) × p, and p for tau */
  double              *copies;       /* for each worker, block_rows × p */
  double              *factors;      /* for each stretch, p × p */
  int                  failed;       /* atomic */
} QrWork;

static void
qr_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  QrWork *work = data;
  const gsize p = work->x->p, ld = p + work->block_rows;
  double *panel = work->panels + (gsize) worker * (ld * p + p), *tau = panel + ld * p;
  double *copy = work->copies + (gsize) worker * work->block_rows * p;
  double *factor = work->factors + begin / work->grain * p * p;

  memset (panel, 0, ld * p * sizeof *panel);
  for (gsize row = begin; row < end; row += work->block_rows)
    {
      const gsize rows = MIN (work->block_rows, end - row);
      patron_columns_block (work->x, row, row + rows, work->shift, work->scale, copy);
      for (gsize j = 0; j < p; j++)
        {
          memset (panel + j * ld + j + 1, 0, (p - j - 1) * sizeof *panel);
          memcpy (panel + j * ld + p, copy + j * rows, rows * sizeof *panel);
        }
      if (LAPACKE_dgeqrf (LAPACK_COL_MAJOR, (int) (p + rows), (int) p, panel, (int) ld, tau) != 0)
        g_atomic_int_set (&work->failed, 1);
    }
  for (gsize j = 0; j < p; j++)
    memcpy (factor + j * p, panel + j * ld, (j + 1) * sizeof *factor);
}

static gboolean
qr_combine (const QrWork *work, gsize n_stretches, double *r, GError **error)
{
  const gsize p = work->x->p, ld = n_stretches * p;
  double *stack = patron_try_alloc (ld * p + p, sizeof (double), _("orthogonal factors"), error);

  if (stack == NULL)
    return FALSE;
  for (gsize s = 0; s < n_stretches; s++)
    for (gsize j = 0; j < p; j++)
      memcpy (stack + j * ld + s * p, work->factors + (s * p + j) * p, p * sizeof *stack);
  LAPACKE_dgeqrf (LAPACK_COL_MAJOR, (int) ld, (int) p, stack, (int) ld, stack + ld * p);
  memset (r, 0, p * p * sizeof *r);
  for (gsize j = 0; j < p; j++)
    for (gsize i = 0; i <= j; i++)
      r[j * p + i] = stack[i * ld + i] < 0 ? -stack[j * ld + i] : stack[j * ld + i];
  patron_free (stack);
  return TRUE;
}

gboolean
patron_tall_qr (const PatronColumns *x, const double *shift, const double *scale, double *r, PatronRun *run, GError **error)
{
  const gsize p = x->p, grain = gram_grain (x->n, p), n_stretches = (x->n - 1) / grain + 1;
  const gsize workers = (gsize) patron_parallel_workers (run);
  QrWork work = { .x = x, .grain = grain, .block_rows = MAX (BLOCK_ROWS, p), .shift = shift, .scale = scale };
  gboolean done = FALSE;

  work.panels = patron_try_alloc (workers * ((p + work.block_rows) * p + p), sizeof (double), _("orthogonal factors"), error);
  work.copies = work.panels == NULL ? NULL : patron_try_alloc (workers * work.block_rows * p, sizeof (double), _("orthogonal factors"), error);
  work.factors = work.copies == NULL ? NULL : patron_try_alloc0 (n_stretches * p * p, sizeof (double), _("orthogonal factors"), error);
  if (work.factors != NULL)
    {
      if (!patron_parallel_for (run, x->n, grain, qr_stretch, &work))
        patron_run_check (run, error);
      else if (work.failed)
        g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The columns hold values that cannot be computed with (infinite numbers)."));
      else
        done = qr_combine (&work, n_stretches, r, error);
    }
  patron_free (work.panels);
  patron_free (work.copies);
  patron_free (work.factors);
  return done;
}
