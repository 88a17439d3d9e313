/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/kmeans-private.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_TRIALS 16

typedef struct
{
  const PatronKMeans *kmeans;
  FloatVector        *closest;      /* n_tiles: squared distance to the nearest centre so far, 0 past the last row */
  int                 n_trials;     /* padded to a multiple of 4 for the kernel */
  const float        *points[MAX_TRIALS];
  double             *potentials;   /* for each stretch, MAX_TRIALS: the sum of distances if the trial became a centre */
  double             *sums;         /* for each stretch: the sum of closest */
} StartWork;

static void
try_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const StartWork *work = data;
  const PatronKMeans *kmeans = work->kmeans;
  const gsize p = kmeans->x.p, first = begin / TILE_ROWS, last = (end + TILE_ROWS - 1) / TILE_ROWS;
  double *potentials = work->potentials + begin / kmeans->grain * MAX_TRIALS;

  memset (potentials, 0, MAX_TRIALS * sizeof *potentials);
  for (int trial = 0; trial < work->n_trials; trial += 4)
    patron_kmeans_try_points (kmeans->tiles + first * p, p, last - first, work->closest + first, work->points + trial, potentials + trial);
}

static void
take_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const StartWork *work = data;
  const PatronKMeans *kmeans = work->kmeans;
  const gsize p = kmeans->x.p, first = begin / TILE_ROWS, last = (end + TILE_ROWS - 1) / TILE_ROWS;

  work->sums[begin / kmeans->grain] = patron_kmeans_take_point (kmeans->tiles + first * p, p, last - first, work->closest + first, work->points[0]);
}

/* The packed coordinates of a row. */
static void
copy_row (const PatronKMeans *kmeans, gsize row, float *out)
{
  const float *tile = (const float *) (kmeans->tiles + row / TILE_ROWS * kmeans->x.p);

  for (gsize j = 0; j < kmeans->x.p; j++)
    out[j] = tile[j * TILE_ROWS + row % TILE_ROWS];
}

/* The row at which the running sum of the squared distances passes `target`. */
static gsize
draw_row (const StartWork *work, double target)
{
  const PatronKMeans *kmeans = work->kmeans;
  const float *closest = (const float *) work->closest;
  gsize stretch = 0, best = 0;

  while (stretch + 1 < kmeans->n_stretches && target >= work->sums[stretch])
    target -= work->sums[stretch++];
  const gsize end = MIN ((stretch + 1) * kmeans->grain, kmeans->x.n);
  for (gsize row = stretch * kmeans->grain; row < end; row++)
    if (closest[row] > 0)
      {
        best = row;
        target -= closest[row];
        if (target < 0)
          break;
      }
  return best;
}

static void
store_centre (const PatronKMeans *kmeans, gsize row, double *centre)
{
  for (gsize j = 0; j < kmeans->x.p; j++)
    centre[j] = kmeans->x.columns[j][row];
}

/* Draws the trials, weighs them, takes the best. FALSE when cancelled. */
static gboolean
next_centre (StartWork *work, int n_trials, float *points, double total, PatronRandom *random, double *centre, PatronRun *run)
{
  const PatronKMeans *kmeans = work->kmeans;
  const gsize p = kmeans->x.p;
  gsize rows[MAX_TRIALS];
  double best = INFINITY;
  int chosen = 0;

  work->n_trials = (n_trials + 3) / 4 * 4;
  for (int trial = 0; trial < work->n_trials; trial++)
    {
      rows[trial] = trial < n_trials ? draw_row (work, patron_random_unit (random) * total) : rows[0];
      copy_row (kmeans, rows[trial], points + trial * p);
      work->points[trial] = points + trial * p;
    }
  if (!patron_parallel_for (run, kmeans->x.n, kmeans->grain, try_stretch, work))
    return FALSE;
  for (int trial = 0; trial < n_trials; trial++)
    {
      double potential = 0;
      for (gsize s = 0; s < kmeans->n_stretches; s++)
        potential += work->potentials[s * MAX_TRIALS + trial];
      if (potential < best)
        {
          best = potential;
          chosen = trial;
        }
    }
  store_centre (kmeans, rows[chosen], centre);
  work->points[0] = points + chosen * p;
  return patron_parallel_for (run, kmeans->x.n, kmeans->grain, take_stretch, work);
}

static gboolean
start (StartWork *work, gsize k, PatronRandom *random, double *centres, gsize *n_found, PatronRun *run)
{
  const PatronKMeans *kmeans = work->kmeans;
  const gsize n = kmeans->x.n, p = kmeans->x.p;
  const int n_trials = MIN (2 + (int) log ((double) k), MAX_TRIALS);
  g_autofree float *points = g_new (float, MAX_TRIALS * p + 1);
  const gsize first = patron_random_below (random, n);

  float *closest = (float *) work->closest;

  for (gsize i = 0; i < kmeans->n_tiles * TILE_ROWS; i++)
    closest[i] = i < n ? FLT_MAX : 0;
  copy_row (kmeans, first, points);
  store_centre (kmeans, first, centres);
  work->points[0] = points;
  if (!patron_parallel_for (run, n, kmeans->grain, take_stretch, work))
    return FALSE;
  for (*n_found = 1; *n_found < k; ++*n_found)
    {
      double total = 0;
      for (gsize s = 0; s < kmeans->n_stretches; s++)
        total += work->sums[s];
      if (!(total > 0))
        break;
      if (!next_centre (work, n_trials, points, total, random, centres + *n_found * p, run))
        return FALSE;
    }
  return TRUE;
}

gboolean
patron_kmeans_plus_plus (const PatronKMeans *kmeans, gsize k, PatronRandom *random, double *centres, gsize *n_found, PatronRun *run, GError **error)
{
  StartWork work = { .kmeans = kmeans };
  gboolean done = FALSE;

  work.closest = patron_try_alloc (kmeans->n_tiles, sizeof (FloatVector), _("distances"), error);
  if (work.closest != NULL)
    {
      g_autofree double *potentials = g_new (double, kmeans->n_stretches * MAX_TRIALS);
      g_autofree double *sums = g_new (double, kmeans->n_stretches);
      work.potentials = potentials;
      work.sums = sums;
      done = start (&work, k, random, centres, n_found, run) || patron_run_check (run, error);
    }
  patron_free (work.closest);
  return done;
}
