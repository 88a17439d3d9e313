/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/boosting-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/order.h"
#include "base/parallel.h"
#include "base/simd.h"

#define BLOCK_ROWS 512         /* 2^512 is a double: log_loss() */
#define TASK_BLOCKS 8

/* Columns of a block's statistics: loss by part, then the largest gradient and hessian of each output. */
enum { STAT_LOSS, STAT_MAX = 3 };

gsize
patron_boosting_n_stats (gsize n, gsize n_outputs)
{
  return (n / BLOCK_ROWS + 1) * (STAT_MAX + 2 * n_outputs);
}

/* e^x to about the last bit for -708 ≤ x ≤ 708, which others are taken as: x = k log 2 + r, and e^r by its series. In a form that compilers can do for
 * several numbers at once. */
static inline __attribute__ ((always_inline)) double
exp_of (double x)
{
  const double shift = 6755399441055744.0;   /* 1.5 × 2^52: its last bits then hold k */
  x = x < -708 ? -708 : x > 708 ? 708 : x;
  double shifted = x * 1.4426950408889634074 + shift, k = shifted - shift;
  double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double p = 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  union { double d; guint64 u; } bits = { shifted }, power;
  power.u = (bits.u << 52) + G_GUINT64_CONSTANT (0x3ff0000000000000);
  return p * power.d;
}

/* ---- one block of rows ------------------------------------------------------------------------------------- */

typedef struct
{
  gsize         n;
  const double *y, *weights;    /* weights may be NULL */
  const guint8 *part;
  const double *scores;         /* output c at scores[c * stride] */
  float        *g, *h;
  gsize         stride;
  gsize         n_outputs;
  double       *stats;
} Block;

/* Gradients and hessians of the logistic loss, with e^-|s|, from which the loss itself follows. */
static PATRON_SIMD void
log_gradients (const double *restrict y, const double *restrict scores, gsize n, float *restrict gradients, float *restrict hessians, double *restrict e)
{
#pragma omp simd
  for (gsize i = 0; i < n; i++)
    {
      double s = scores[i], small = exp_of (-fabs (s)), inverse = 1 / (1 + small), q = small * inverse, p = s >= 0 ? inverse : q;
      e[i] = small;
      gradients[i] = (float) (p - y[i]);
      hessians[i] = (float) (q * inverse);
    }
}

/* Logistic loss, unweighted: the logarithms of a part's rows are taken at once, of a product of factors between 1 and 2. */
static void
plain_two_classes (const Block *b)
{
  double e[BLOCK_ROWS], loss[3] = { 0 }, product[3] = { 1, 1, 1 };
  float max_g = 0, max_h = 0;
  log_gradients (b->y, b->scores, b->n, b->g, b->h, e);
  for (gsize i = 0; i < b->n; i++)
    {
      double against = b->y[i] > 0 ? -b->scores[i] : b->scores[i];
      loss[b->part[i]] += MAX (against, 0);
      product[b->part[i]] *= 1 + e[i];
      max_g = MAX (max_g, fabsf (b->g[i]));
      max_h = MAX (max_h, b->h[i]);
    }
  for (guint part = 0; part < 3; part++)
    b->stats[STAT_LOSS + part] = loss[part] + log (product[part]);
  /* Rows that are not trained on may make the bounds a little wide. */
  b->stats[STAT_MAX] = max_g;
  b->stats[STAT_MAX + 1] = max_h;
}

static void
note (const Block *b, gsize i, gsize output, double g, double h)
{
  double weight = b->weights != NULL ? b->weights[i] : 1;
  double *max = b->stats + STAT_MAX + 2 * output;
  b->g[output * b->stride + i] = g * weight;
  b->h[output * b->stride + i] = h * weight;
  if (b->part[i] != PATRON_PART_TRAINING)
    return;
  max[0] = MAX (max[0], fabs (g * weight));
  max[1] = MAX (max[1], h * weight);
}

static void
note_loss (const Block *b, gsize i, double loss)
{
  b->stats[STAT_LOSS + b->part[i]] += loss * (b->weights != NULL ? b->weights[i] : 1);
}

static void
two_classes (const Block *b)
{
  for (gsize i = 0; i < b->n; i++)
    {
      double s = b->scores[i], e = exp_of (-fabs (s)), p = s >= 0 ? 1 / (1 + e) : e / (1 + e), against = b->y[i] > 0 ? -s : s;
      note (b, i, 0, p - b->y[i], e / ((1 + e) * (1 + e)));
      note_loss (b, i, MAX (against, 0) + log1p (e));
    }
}

static void
many_classes (const Block *b)
{
  for (gsize i = 0; i < b->n; i++)
    {
      double most = -INFINITY, sum = 0;
      gsize truth = (gsize) b->y[i];
      for (gsize c = 0; c < b->n_outputs; c++)
        most = MAX (most, b->scores[c * b->stride + i]);
      for (gsize c = 0; c < b->n_outputs; c++)
        sum += exp_of (b->scores[c * b->stride + i] - most);
      for (gsize c = 0; c < b->n_outputs; c++)
        {
          double p = exp_of (b->scores[c * b->stride + i] - most) / sum;
          note (b, i, c, p - (c == truth), p * (1 - p));
        }
      note_loss (b, i, log (sum) + most - b->scores[truth * b->stride + i]);
    }
}

static void
numbers (const Block *b, PatronBoostingLoss loss)
{
  for (gsize i = 0; i < b->n; i++)
    {
      double y = b->y[i], s = b->scores[i], error = s - y;
      if (loss == PATRON_LOSS_SQUARED)
        {
          note (b, i, 0, error, 1);
          note_loss (b, i, error * error);
        }
      else if (loss == PATRON_LOSS_ABSOLUTE)
        {
          note (b, i, 0, (error > 0) - (error < 0), 1);
          note_loss (b, i, fabs (error));
        }
      else
        {
          double mean = exp_of (s);
          note (b, i, 0, mean - y, mean);
          note_loss (b, i, mean - y * s + (y > 0 ? y * log (y) - y : 0));
        }
    }
}

typedef struct
{
  PatronBoostingRows *rows;
  gsize               n_stats;    /* of a block */
} Task;

static void
gradient_blocks (gsize begin, gsize end, int worker, gpointer data)
{
  Task *task = data;
  PatronBoostingRows *rows = task->rows;
  for (gsize block = begin; block < end; block++)
    {
      gsize at = block * BLOCK_ROWS;
      Block b = { .n = MIN (rows->n - at, BLOCK_ROWS), .y = rows->y + at, .weights = rows->weights != NULL ? rows->weights + at : NULL,
                  .part = rows->part + at, .scores = rows->scores + at, .g = rows->gradients + at, .h = rows->hessians + at, .stride = rows->n,
                  .n_outputs = rows->n_outputs, .stats = rows->stats + block * task->n_stats };
      memset (b.stats, 0, sizeof (double) * task->n_stats);
      if (rows->spec->loss != PATRON_LOSS_CLASSES)
        numbers (&b, rows->spec->loss);
      else if (rows->n_outputs > 1)
        many_classes (&b);
      else if (b.weights != NULL)
        two_classes (&b);
      else
        plain_two_classes (&b);
    }
}

gboolean
patron_boosting_gradients (PatronBoostingRows *rows, PatronRun *run)
{
  Task task = { rows, STAT_MAX + 2 * rows->n_outputs };
  gsize n_blocks = (rows->n + BLOCK_ROWS - 1) / BLOCK_ROWS, k = rows->n_outputs;
  if (!patron_parallel_for (run, n_blocks, TASK_BLOCKS, gradient_blocks, &task))
    return FALSE;
  memset (rows->loss, 0, sizeof rows->loss);
  for (gsize c = 0; c < k; c++)
    rows->max_g[c] = rows->max_h[c] = 0;
  for (gsize block = 0; block < n_blocks; block++)
    {
      const double *stats = rows->stats + block * task.n_stats;
      for (guint part = 0; part < 3; part++)
        rows->loss[part] += stats[STAT_LOSS + part];
      for (gsize c = 0; c < k; c++)
        {
          rows->max_g[c] = MAX (rows->max_g[c], stats[STAT_MAX + 2 * c]);
          rows->max_h[c] = MAX (rows->max_h[c], stats[STAT_MAX + 2 * c + 1]);
        }
    }
  for (guint part = 0; part < 3; part++)
    rows->loss[part] /= rows->weight[part];
  return TRUE;
}

/* ---- constants --------------------------------------------------------------------------------------------- */

typedef struct
{
  double value, weight;
} Weighted;

static int
compare_weighted (const void *a, const void *b)
{
  const Weighted *x = a, *y = b;
  return (x->value > y->value) - (x->value < y->value);
}

/* The middle one, or the mean of the middle two. */
static double
weighted_median (Weighted *values, gsize n)
{
  double total = 0, before = 0;
  qsort (values, n, sizeof *values, compare_weighted);
  for (gsize i = 0; i < n; i++)
    total += values[i].weight;
  for (gsize i = 0; i < n; i++)
    {
      before += values[i].weight;
      if (before == total / 2 && i + 1 < n)
        return (values[i].value + values[i + 1].value) / 2;
      if (before > total / 2)
        return values[i].value;
    }
  return values[n - 1].value;
}

double
patron_boosting_median (const PatronBoostingRows *rows, const guint32 *at, gsize n, double *scratch)
{
  if (rows->weights == NULL)
    {
      for (gsize i = 0; i < n; i++)
        scratch[i] = rows->y[at[i]] - rows->scores[at[i]];
      patron_sort_doubles (scratch, n);
      return (scratch[(n - 1) / 2] + scratch[n / 2]) / 2;
    }
  Weighted *values = (Weighted *) scratch;
  for (gsize i = 0; i < n; i++)
    values[i] = (Weighted) { rows->y[at[i]] - rows->scores[at[i]], rows->weights[at[i]] };
  return weighted_median (values, n);
}

static gboolean
base_median (const PatronBoostingRows *rows, double *base, GError **error)
{
  guint32 *at = patron_try_alloc (rows->n, sizeof (guint32), "", error);
  double *scratch = at != NULL ? patron_try_alloc (rows->n, 2 * sizeof (double), "", error) : NULL;
  gsize n = 0;
  if (scratch != NULL)
    {
      for (gsize i = 0; i < rows->n; i++)
        if (rows->part[i] == PATRON_PART_TRAINING)
          at[n++] = i;
      base[0] = patron_boosting_median (rows, at, n, scratch);
    }
  gboolean fine = scratch != NULL;
  patron_free (at);
  patron_free (scratch);
  return fine;
}

gboolean
patron_boosting_base (const PatronBoostingRows *rows, double *base, GError **error)
{
  PatronBoostingLoss loss = rows->spec->loss;
  gsize k = rows->n_outputs;
  double weight = 0;
  if (loss == PATRON_LOSS_ABSOLUTE)
    return base_median (rows, base, error);
  memset (base, 0, sizeof (double) * k);
  for (gsize i = 0; i < rows->n; i++)
    {
      if (rows->part[i] != PATRON_PART_TRAINING)
        continue;
      double w = rows->weights != NULL ? rows->weights[i] : 1;
      weight += w;
      if (k > 1)
        base[(gsize) rows->y[i]] += w;
      else
        base[0] += w * rows->y[i];
    }
  for (gsize c = 0; c < k; c++)
    {
      double mean = base[c] / weight;
      if (loss == PATRON_LOSS_CLASSES)
        mean = CLAMP (mean, 1e-9, 1 - 1e-9);   /* a class may be missing among these rows */
      base[c] = loss == PATRON_LOSS_SQUARED   ? mean
                : loss == PATRON_LOSS_POISSON ? log (MAX (mean, 1e-9))
                : k > 1                       ? log (mean)
                                              : log (mean / (1 - mean));
    }
  return TRUE;
}

void
patron_boosting_link (PatronBoostingLoss loss, guint n_classes, gsize n, const double *scores, double *out)
{
  if (loss == PATRON_LOSS_CLASSES && n_classes == 2)
    for (gsize i = 0; i < n; i++)
      {
        double e = exp_of (-fabs (scores[i])), p = scores[i] >= 0 ? 1 / (1 + e) : e / (1 + e);
        out[n + i] = p;
        out[i] = 1 - p;
      }
  else if (loss == PATRON_LOSS_CLASSES)
    for (gsize i = 0; i < n; i++)
      {
        double most = -INFINITY, sum = 0;
        for (guint c = 0; c < n_classes; c++)
          most = MAX (most, scores[c * n + i]);
        for (guint c = 0; c < n_classes; c++)
          sum += out[c * n + i] = exp_of (scores[c * n + i] - most);
        for (guint c = 0; c < n_classes; c++)
          out[c * n + i] /= sum;
      }
  else
    for (gsize i = 0; i < n; i++)
      out[i] = loss == PATRON_LOSS_POISSON ? exp_of (scores[i]) : scores[i];
}
