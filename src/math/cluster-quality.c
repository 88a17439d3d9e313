/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/cluster-quality.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LANES 8
typedef double Vector __attribute__ ((vector_size (64)));

double *
patron_columns_take (const PatronColumns *x, const guint32 *rows, gsize n_rows, const double **columns, GError **error)
{
  double *block = patron_try_alloc (n_rows * x->p, sizeof (double), _("a sample of rows"), error);

  if (block == NULL)
    return NULL;
  for (gsize j = 0; j < x->p; j++)
    {
      columns[j] = block + j * n_rows;
      for (gsize i = 0; i < n_rows; i++)
        block[j * n_rows + i] = x->columns[j][rows[i]];
    }
  return block;
}

/* ---- silhouette --------------------------------------------------------------------------------------------- */

/* Rows sorted by group, in tiles of 8 that hold one group each: tiles[t * p + j] is column j of the tile's rows. The last tile of a
 * group is filled up with rows of weight 0. */
typedef struct
{
  const PatronColumns *x;
  const gint32        *labels;
  gsize                k;
  gsize               *first_tile;   /* k + 1 */
  gsize               *sizes;        /* k */
  Vector              *tiles, *weights;
  double              *means;        /* for each worker, k */
  double              *values;
} SilhouetteWork;

/* Sum of weighted distances from a row to the rows of n_tiles tiles. */
PATRON_SIMD static double
sum_distances (const Vector *tiles, const Vector *weights, gsize n_tiles, gsize p, const double *row)
{
  Vector total = { 0 };

  for (gsize t = 0; t < n_tiles; t++, tiles += p)
    {
      Vector square = { 0 };
      double root[LANES];
      for (gsize j = 0; j < p; j++)
        {
          const Vector d = tiles[j] - row[j];
          square += d * d;
        }
      for (int i = 0; i < LANES; i++)
        root[i] = sqrt (square[i]);
      memcpy (&square, root, sizeof square);
      total += square * weights[t];
    }
  return ((total[0] + total[4]) + (total[1] + total[5])) + ((total[2] + total[6]) + (total[3] + total[7]));
}

static double
row_silhouette (const SilhouetteWork *work, gsize i, double *row, double *means)
{
  const gsize own = (gsize) work->labels[i];
  double nearest = INFINITY;

  if (work->sizes[own] < 2)
    return 0;
  for (gsize j = 0; j < work->x->p; j++)
    row[j] = work->x->columns[j][i];
  for (gsize c = 0; c < work->k; c++)
    {
      const gsize first = work->first_tile[c];
      means[c] = sum_distances (work->tiles + first * work->x->p, work->weights + first, work->first_tile[c + 1] - first, work->x->p, row);
      means[c] /= (double) (c == own ? work->sizes[c] - 1 : work->sizes[c]);
      if (c != own && work->sizes[c] > 0)
        nearest = MIN (nearest, means[c]);
    }
  const double most = MAX (means[own], nearest);
  return most > 0 && isfinite (nearest) ? (nearest - means[own]) / most : 0;
}

static void
silhouette_rows (gsize begin, gsize end, int worker, gpointer data)
{
  const SilhouetteWork *work = data;
  double *means = work->means + (gsize) worker * (work->k + work->x->p);

  for (gsize i = begin; i < end; i++)
    work->values[i] = row_silhouette (work, i, means + work->k, means);
}

static gboolean
sort_into_tiles (SilhouetteWork *work, GError **error)
{
  const gsize n = work->x->n, p = work->x->p, k = work->k;
  g_autofree gsize *next = g_new0 (gsize, k + 1);

  for (gsize i = 0; i < n; i++)
    work->sizes[work->labels[i]]++;
  for (gsize c = 0; c < k; c++)
    {
      work->first_tile[c + 1] = work->first_tile[c] + (work->sizes[c] + LANES - 1) / LANES;
      next[c] = work->first_tile[c] * LANES;
    }
  work->tiles = patron_try_alloc0 (work->first_tile[k] * p, sizeof (Vector), _("distances"), error);
  work->weights = work->tiles == NULL ? NULL : patron_try_alloc0 (work->first_tile[k], sizeof (Vector), _("distances"), error);
  if (work->weights == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      const gsize at = next[work->labels[i]]++, lane = at % LANES;
      ((double *) &work->weights[at / LANES])[lane] = 1;
      for (gsize j = 0; j < p; j++)
        ((double *) &work->tiles[at / LANES * p + j])[lane] = work->x->columns[j][i];
    }
  return TRUE;
}

gboolean
patron_silhouette (const PatronColumns *x, const gint32 *labels, gsize k, double *values, PatronRun *run, GError **error)
{
  g_autofree gsize *first_tile = g_new0 (gsize, k + 1);
  g_autofree gsize *sizes = g_new0 (gsize, k);
  g_autofree double *means = g_new (double, (gsize) patron_parallel_workers (run) * (k + x->p));
  SilhouetteWork work = { .x = x, .labels = labels, .k = k, .first_tile = first_tile, .sizes = sizes, .means = means, .values = values };
  gboolean done = sort_into_tiles (&work, error);

  if (done)
    done = patron_parallel_for (run, x->n, 64, silhouette_rows, &work) || patron_run_check (run, error);
  patron_free (work.tiles);
  patron_free (work.weights);
  return done;
}

/* ---- indices from the centres ------------------------------------------------------------------------------- */

typedef struct
{
  double *centres;   /* k × p, row-major */
  gsize  *sizes;
} Groups;

static Groups
find_groups (const PatronColumns *x, const gint32 *labels, gsize k)
{
  Groups groups = { g_new0 (double, k * x->p), g_new0 (gsize, k) };

  for (gsize i = 0; i < x->n; i++)
    groups.sizes[labels[i]]++;
  for (gsize j = 0; j < x->p; j++)
    {
      const double *column = x->columns[j], shift = column[0];   /* a value of the column: keeps the sums small */
      for (gsize i = 0; i < x->n; i++)
        groups.centres[(gsize) labels[i] * x->p + j] += column[i] - shift;
      for (gsize c = 0; c < k; c++)
        if (groups.sizes[c] > 0)
          groups.centres[c * x->p + j] = groups.centres[c * x->p + j] / (double) groups.sizes[c] + shift;
    }
  return groups;
}

static double
row_distance (const PatronColumns *x, gsize i, const double *centre)
{
  double sum = 0;

  for (gsize j = 0; j < x->p; j++)
    sum += (x->columns[j][i] - centre[j]) * (x->columns[j][i] - centre[j]);
  return sum;
}

double
patron_calinski_harabasz (const PatronColumns *x, const gint32 *labels, gsize k)
{
  Groups groups = find_groups (x, labels, k);
  double within = 0, between = 0;

  for (gsize i = 0; i < x->n; i++)
    within += row_distance (x, i, groups.centres + (gsize) labels[i] * x->p);
  for (gsize j = 0; j < x->p; j++)
    {
      double mean = 0;
      for (gsize c = 0; c < k; c++)
        mean += (double) groups.sizes[c] * groups.centres[c * x->p + j] / (double) x->n;
      for (gsize c = 0; c < k; c++)
        between += (double) groups.sizes[c] * (groups.centres[c * x->p + j] - mean) * (groups.centres[c * x->p + j] - mean);
    }
  g_free (groups.centres);
  g_free (groups.sizes);
  return k < 2 || x->n <= k || within == 0 ? NAN : between / (double) (k - 1) / (within / (double) (x->n - k));
}

double
patron_davies_bouldin (const PatronColumns *x, const gint32 *labels, gsize k)
{
  const gsize p = x->p;
  Groups groups = find_groups (x, labels, k);
  g_autofree double *spread = g_new0 (double, k);
  double sum = 0;

  for (gsize i = 0; i < x->n; i++)
    spread[labels[i]] += sqrt (row_distance (x, i, groups.centres + (gsize) labels[i] * p)) / (double) groups.sizes[labels[i]];
  for (gsize a = 0; a < k; a++)
    {
      double worst = 0;
      for (gsize b = 0; b < k; b++)
        {
          double distance = 0;
          for (gsize j = 0; j < p; j++)
            distance += (groups.centres[a * p + j] - groups.centres[b * p + j]) * (groups.centres[a * p + j] - groups.centres[b * p + j]);
          if (a != b && distance > 0)
            worst = MAX (worst, (spread[a] + spread[b]) / sqrt (distance));
        }
      sum += worst;
    }
  g_free (groups.centres);
  g_free (groups.sizes);
  return k < 2 ? NAN : sum / (double) k;
}
