/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/kmeans-private.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "base/simd.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Tiles assigned before their changes are added up: the labels stay in the nearest cache. */
#define CHUNK_TILES 32

/* ---- packing ------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronKMeans *kmeans;
  double       *sums;       /* for each stretch, 2 p: sums, then sums of squares, of the values less the first row's */
} PackWork;

static void
sum_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const PackWork *work = data;
  const PatronColumns *x = &work->kmeans->x;
  double *sums = work->sums + begin / work->kmeans->grain * 2 * x->p;

  for (gsize j = 0; j < x->p; j++)
    {
      const double *column = x->columns[j], shift = column[0];
      double sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum, squares)
      for (gsize i = begin; i < end; i++)
        {
          sum += column[i] - shift;
          squares += (column[i] - shift) * (column[i] - shift);
        }
      sums[2 * j] = sum;
      sums[2 * j + 1] = squares;
    }
}

static void
pack_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const PackWork *work = data;
  PatronKMeans *kmeans = work->kmeans;
  const gsize p = kmeans->x.p;

  for (gsize t = begin / TILE_ROWS; t * TILE_ROWS < end; t++)
    {
      float *tile = (float *) (kmeans->tiles + t * p);
      const gsize rows = MIN (TILE_ROWS, end - t * TILE_ROWS);
      for (gsize j = 0; j < p; j++, tile += TILE_ROWS)
        {
          const double *column = kmeans->x.columns[j] + t * TILE_ROWS, mean = kmeans->means[j];
          for (gsize i = 0; i < TILE_ROWS; i++)
            tile[i] = i < rows ? (float) ((column[i] - mean) * kmeans->factor) : 0;
        }
    }
}

static void
finish_means (PatronKMeans *kmeans, const double *sums)
{
  const gsize n = kmeans->x.n, p = kmeans->x.p;
  double total = 0;

  for (gsize j = 0; j < p; j++)
    {
      double sum = 0, squares = 0;
      for (gsize s = 0; s < kmeans->n_stretches; s++)
        {
          sum += sums[(s * p + j) * 2];
          squares += sums[(s * p + j) * 2 + 1];
        }
      kmeans->means[j] = kmeans->x.columns[j][0] + sum / (double) n;
      total += MAX (squares - sum / (double) n * sum, 0);
    }
  kmeans->mean_variance = total / (double) n / (double) p;
  int exponent = 0;
  if (kmeans->mean_variance > 0 && isfinite (kmeans->mean_variance))
    frexp (sqrt (kmeans->mean_variance), &exponent);
  kmeans->factor = ldexp (1, -exponent);
  kmeans->total = total * kmeans->factor * kmeans->factor;
}

PatronKMeans *
patron_kmeans_new (const PatronColumns *x, PatronRun *run, GError **error)
{
  g_autoptr (PatronKMeans) kmeans = g_new0 (PatronKMeans, 1);

  kmeans->x = *x;
  kmeans->grain = patron_row_grain (x->n);
  kmeans->n_stretches = (x->n - 1) / kmeans->grain + 1;
  kmeans->n_tiles = (x->n + TILE_ROWS - 1) / TILE_ROWS;
  kmeans->means = g_new (double, x->p);
  kmeans->tiles = patron_try_alloc (kmeans->n_tiles * x->p, sizeof (FloatVector), _("the rows to group"), error);
  if (kmeans->tiles == NULL)
    return NULL;

  g_autofree double *sums = g_new (double, kmeans->n_stretches * 2 * x->p);
  PackWork work = { kmeans, sums };
  if (!patron_parallel_for (run, x->n, kmeans->grain, sum_stretch, &work))
    return patron_run_check (run, error), NULL;
  finish_means (kmeans, sums);
  if (!patron_parallel_for (run, x->n, kmeans->grain, pack_stretch, &work))
    return patron_run_check (run, error), NULL;
  return g_steal_pointer (&kmeans);
}

void
patron_kmeans_free (PatronKMeans *kmeans)
{
  if (kmeans == NULL)
    return;
  patron_free (kmeans->tiles);
  g_free (kmeans->means);
  g_free (kmeans);
}

void
patron_kmeans_result_clear (PatronKMeansResult *result)
{
  g_clear_pointer (&result->centres, g_free);
  g_clear_pointer (&result->labels, patron_free);
}

/* ---- Lloyd's iterations ------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronKMeans *kmeans;
  gsize               k;
  gint32             *labels;     /* 16 · n_tiles; -1 before the first pass */
  double             *centres;    /* k × p, packed coordinates */
  float              *packed;
  double             *sums;       /* for each stretch, k × p: the rows of each group, kept up to date */
  gsize              *counts;     /* for each stretch, k */
  gsize              *changed;    /* for each stretch */
  double             *total;      /* k × p */
  gsize              *sizes;      /* k */
} Lloyd;

static void
move_row (const Lloyd *lloyd, const float *tile, gsize lane, gint32 from, gint32 to, double *sums, gsize *counts)
{
  const gsize p = lloyd->kmeans->x.p;
  double *arrive = sums + (gsize) to * p;

  counts[to]++;
  if (from < 0)
    {
      for (gsize j = 0; j < p; j++)
        arrive[j] += tile[j * TILE_ROWS + lane];
      return;
    }
  double *leave = sums + (gsize) from * p;
  counts[from]--;
  for (gsize j = 0; j < p; j++)
    {
      const double value = tile[j * TILE_ROWS + lane];
      arrive[j] += value;
      leave[j] -= value;
    }
}

static inline gboolean
same_labels (const gint32 *a, const gint32 *b)
{
  gint32 difference = 0;
  for (int i = 0; i < TILE_ROWS; i++)
    difference |= a[i] ^ b[i];
  return difference == 0;
}

static void
lloyd_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const Lloyd *lloyd = data;
  const PatronKMeans *kmeans = lloyd->kmeans;
  const gsize p = kmeans->x.p, n = kmeans->x.n, stretch = begin / kmeans->grain, last = (end + TILE_ROWS - 1) / TILE_ROWS;
  double *sums = lloyd->sums + stretch * lloyd->k * p;
  gsize *counts = lloyd->counts + stretch * lloyd->k, changed = 0;
  IntVector fresh[CHUNK_TILES];

  for (gsize first = begin / TILE_ROWS; first < last; first += CHUNK_TILES)
    {
      const gsize stop = MIN (first + CHUNK_TILES, last);
      patron_kmeans_assign_tiles (kmeans->tiles, p, first, stop, lloyd->packed, lloyd->k, fresh);
      for (gsize t = first; t < stop; t++)
        {
          const gint32 *now = (const gint32 *) &fresh[t - first];
          gint32 *was = lloyd->labels + t * TILE_ROWS;
          if (same_labels (now, was))
            continue;
          const gsize rows = MIN (TILE_ROWS, n - t * TILE_ROWS);
          for (gsize i = 0; i < rows; i++)
            if (now[i] != was[i])
              {
                move_row (lloyd, (const float *) (kmeans->tiles + t * p), i, was[i], now[i], sums, counts);
                changed++;
              }
          memcpy (was, now, sizeof (IntVector));
        }
    }
  lloyd->changed[stretch] = changed;
}

static void
add_stretches (Lloyd *lloyd)
{
  const gsize p = lloyd->kmeans->x.p, size = lloyd->k * p;

  memset (lloyd->total, 0, size * sizeof *lloyd->total);
  memset (lloyd->sizes, 0, lloyd->k * sizeof *lloyd->sizes);
  for (gsize s = 0; s < lloyd->kmeans->n_stretches; s++)
    {
      for (gsize i = 0; i < size; i++)
        lloyd->total[i] += lloyd->sums[s * size + i];
      for (gsize c = 0; c < lloyd->k; c++)
        lloyd->sizes[c] += lloyd->counts[s * lloyd->k + c];
    }
}

static double
row_distance (const Lloyd *lloyd, gsize row)
{
  const gsize p = lloyd->kmeans->x.p;
  const float *tile = (const float *) (lloyd->kmeans->tiles + row / TILE_ROWS * p) + row % TILE_ROWS;
  const double *centre = lloyd->centres + (gsize) lloyd->labels[row] * p;
  double sum = 0;

  for (gsize j = 0; j < p; j++)
    sum += (tile[j * TILE_ROWS] - centre[j]) * (tile[j * TILE_ROWS] - centre[j]);
  return sum;
}

/* Each empty group takes the row that is farthest from its centre, of a group that can spare it. Rare. */
static void
relocate_empty (Lloyd *lloyd)
{
  const PatronKMeans *kmeans = lloyd->kmeans;
  const gsize p = kmeans->x.p, size = lloyd->k * p;

  for (gsize c = 0; c < lloyd->k; c++)
    {
      gsize farthest = 0;
      double most = 0;
      if (lloyd->sizes[c] > 0)
        continue;
      for (gsize row = 0; row < kmeans->x.n; row++)
        if (lloyd->sizes[lloyd->labels[row]] > 1)
          {
            const double distance = row_distance (lloyd, row);
            if (distance > most)
              {
                most = distance;
                farthest = row;
              }
          }
      if (most == 0)
        return;
      const gsize stretch = farthest / kmeans->grain;
      move_row (lloyd, (const float *) (kmeans->tiles + farthest / TILE_ROWS * p), farthest % TILE_ROWS, lloyd->labels[farthest], (gint32) c,
                lloyd->sums + stretch * size, lloyd->counts + stretch * lloyd->k);
      lloyd->labels[farthest] = (gint32) c;
      memcpy (lloyd->centres + c * p, lloyd->sums + stretch * size + c * p, p * sizeof (double));   /* so that it is at distance 0 */
      add_stretches (lloyd);
    }
}

/* Centres to the means of their groups. Returns the sum of the squared moves. */
static double
move_centres (Lloyd *lloyd)
{
  const gsize p = lloyd->kmeans->x.p;
  double moved = 0;

  for (gsize c = 0; c < lloyd->k; c++)
    for (gsize j = 0; j < p && lloyd->sizes[c] > 0; j++)
      {
        const double mean = lloyd->total[c * p + j] / (double) lloyd->sizes[c], move = mean - lloyd->centres[c * p + j];
        moved += move * move;
        lloyd->centres[c * p + j] = mean;
      }
  return moved;
}

static gboolean
any_empty (const Lloyd *lloyd)
{
  for (gsize c = 0; c < lloyd->k; c++)
    if (lloyd->sizes[c] == 0)
      return TRUE;
  return FALSE;
}

/* Assigns, adds up. Returns the number of rows that changed group, G_MAXSIZE when cancelled. */
static gsize
lloyd_pass (Lloyd *lloyd, PatronRun *run)
{
  const PatronKMeans *kmeans = lloyd->kmeans;
  gsize changed = 0;

  patron_kmeans_pack_centres (lloyd->centres, lloyd->k, kmeans->x.p, lloyd->packed);
  if (!patron_parallel_for (run, kmeans->x.n, kmeans->grain, lloyd_stretch, lloyd))
    return G_MAXSIZE;
  for (gsize s = 0; s < kmeans->n_stretches; s++)
    changed += lloyd->changed[s];
  add_stretches (lloyd);
  if (any_empty (lloyd))
    relocate_empty (lloyd);
  return changed;
}

/* Sum of squares within groups, of groups whose centres are their means: the total less that between. */
static double
within (const Lloyd *lloyd)
{
  const gsize p = lloyd->kmeans->x.p;
  double between = 0;

  for (gsize c = 0; c < lloyd->k; c++)
    for (gsize j = 0; j < p && lloyd->sizes[c] > 0; j++)
      between += lloyd->total[c * p + j] / (double) lloyd->sizes[c] * lloyd->total[c * p + j];
  return MAX (lloyd->kmeans->total - between, 0) / (lloyd->kmeans->factor * lloyd->kmeans->factor);
}

static gboolean
iterate (Lloyd *lloyd, int max_iter, double tol, PatronKMeansResult *result, PatronRun *run)
{
  const PatronKMeans *kmeans = lloyd->kmeans;
  const double limit = tol * kmeans->mean_variance * kmeans->factor * kmeans->factor;

  result->converged = FALSE;
  for (result->n_iter = 0; result->n_iter < max_iter && !result->converged && !patron_run_stopping (run);)
    {
      const gsize changed = lloyd_pass (lloyd, run);
      if (changed == G_MAXSIZE)
        return FALSE;
      result->n_iter++;
      result->converged = move_centres (lloyd) <= limit || changed == 0;
    }
  return TRUE;
}

static gboolean
lloyd_allocate (Lloyd *lloyd, GError **error)
{
  const PatronKMeans *kmeans = lloyd->kmeans;
  const gsize size = lloyd->k * kmeans->x.p;

  lloyd->labels = patron_try_alloc (kmeans->n_tiles * TILE_ROWS, sizeof (gint32), _("group labels"), error);
  if (lloyd->labels == NULL)
    return FALSE;
  lloyd->sums = patron_try_alloc0 (kmeans->n_stretches * size, sizeof (double), _("group sums"), error);
  if (lloyd->sums == NULL)
    return FALSE;
  memset (lloyd->labels, 0xff, kmeans->n_tiles * TILE_ROWS * sizeof (gint32));
  lloyd->packed = g_new (float, patron_kmeans_packed_size (lloyd->k, kmeans->x.p));
  lloyd->counts = g_new0 (gsize, kmeans->n_stretches * lloyd->k);
  lloyd->changed = g_new0 (gsize, kmeans->n_stretches);
  lloyd->centres = g_new (double, size);
  lloyd->total = g_new (double, size);
  lloyd->sizes = g_new (gsize, lloyd->k);
  return TRUE;
}

static void
lloyd_clear (Lloyd *lloyd)
{
  patron_free (lloyd->labels);
  patron_free (lloyd->sums);
  g_free (lloyd->packed);
  g_free (lloyd->counts);
  g_free (lloyd->changed);
  g_free (lloyd->centres);
  g_free (lloyd->total);
  g_free (lloyd->sizes);
}

/* One run without the final pass: centres in the units of x, inertia to single precision, no labels. */
static gboolean
lloyd_from (const PatronKMeans *kmeans, const double *initial, gsize k, int max_iter, double tol, PatronKMeansResult *result,
            PatronRun *run, GError **error)
{
  const gsize p = kmeans->x.p;
  Lloyd lloyd = { .kmeans = kmeans, .k = k };
  gboolean done = FALSE;

  if (lloyd_allocate (&lloyd, error))
    {
      for (gsize c = 0; c < k; c++)
        for (gsize j = 0; j < p; j++)
          lloyd.centres[c * p + j] = (initial[c * p + j] - kmeans->means[j]) * kmeans->factor;
      done = iterate (&lloyd, max_iter, tol, result, run) || patron_run_check (run, error);
    }
  if (done)
    {
      result->k = k;
      result->inertia = within (&lloyd);
      result->centres = g_new (double, k * p);
      for (gsize c = 0; c < k; c++)
        for (gsize j = 0; j < p; j++)
          result->centres[c * p + j] = lloyd.centres[c * p + j] / kmeans->factor + kmeans->means[j];
    }
  lloyd_clear (&lloyd);
  return done;
}

/* ---- the end in double precision ---------------------------------------------------------------------------- */

typedef struct
{
  const PatronKMeans *kmeans;
  const gint32       *labels;
  const double       *distances;
  gsize               k;
  double             *sums;      /* for each stretch: k × p of values less the column's mean, k counts, the sum of distances */
} FinishWork;

static void
finish_stretch (gsize begin, gsize end, int worker, gpointer data)
{
  const FinishWork *work = data;
  const PatronColumns *x = &work->kmeans->x;
  double *sums = work->sums + begin / work->kmeans->grain * (work->k * (x->p + 1) + 1), *counts = sums + work->k * x->p;

  for (gsize j = 0; j < x->p; j++)
    for (gsize i = begin; i < end; i++)
      sums[(gsize) work->labels[i] * x->p + j] += x->columns[j][i] - work->kmeans->means[j];
  for (gsize i = begin; i < end; i++)
    {
      counts[work->labels[i]]++;
      counts[work->k] += work->distances[i];
    }
}

/* Assigns in double precision, makes the centres the means of what they got, and assigns again: labels and inertia are then those that
 * patron_kmeans_assign() gives for the centres kept. */
static gboolean
finish (const PatronKMeans *kmeans, PatronKMeansResult *result, PatronRun *run, GError **error)
{
  const gsize p = kmeans->x.p, k = result->k, size = k * (p + 1) + 1;
  double *sums = NULL, *distances = patron_try_alloc (kmeans->x.n, sizeof (double), _("distances"), error);
  gboolean done = FALSE;

  if (distances != NULL)
    result->labels = patron_try_alloc (kmeans->x.n, sizeof (gint32), _("group labels"), error);
  if (result->labels != NULL)
    sums = patron_try_alloc (kmeans->n_stretches * size, sizeof (double), _("group sums"), error);
  done = sums != NULL;
  FinishWork work = { kmeans, result->labels, distances, k, sums };
  for (int pass = 0; done && pass < 2; pass++)
    {
      memset (sums, 0, kmeans->n_stretches * size * sizeof *sums);
      done = patron_kmeans_assign (&kmeans->x, result->centres, k, result->labels, distances, run, error)
             && (patron_parallel_for (run, kmeans->x.n, kmeans->grain, finish_stretch, &work) || patron_run_check (run, error));
      if (!done)
        break;
      for (gsize s = 1; s < kmeans->n_stretches; s++)
        for (gsize i = 0; i < size; i++)
          sums[i] += sums[s * size + i];
      for (gsize i = 0; pass == 0 && i < k * p; i++)
        if (sums[k * p + i / p] > 0)
          result->centres[i] = sums[i] / sums[k * p + i / p] + kmeans->means[i % p];
      result->inertia = sums[size - 1];
    }
  patron_free (sums);
  patron_free (distances);
  return done;
}

gboolean
patron_kmeans_lloyd (const PatronKMeans *kmeans, const double *initial, gsize k, int max_iter, double tol, PatronKMeansResult *result,
                     PatronRun *run, GError **error)
{
  memset (result, 0, sizeof *result);
  if (lloyd_from (kmeans, initial, k, max_iter, tol, result, run, error) && finish (kmeans, result, run, error))
    return TRUE;
  patron_kmeans_result_clear (result);
  return FALSE;
}

gboolean
patron_kmeans_fit (const PatronKMeans *kmeans, gsize k, int n_init, int max_iter, double tol, guint64 seed, guint64 stream,
                   PatronKMeansResult *result, PatronRun *run, GError **error)
{
  g_autofree double *initial = g_new (double, k * kmeans->x.p);
  gboolean done = TRUE;

  memset (result, 0, sizeof *result);
  for (int restart = 0; done && restart < n_init && (restart == 0 || !patron_run_stopping (run)); restart++)
    {
      PatronKMeansResult attempt = { 0 };
      PatronRandom random;
      gsize n_found = 0;
      patron_random_init (&random, seed, stream + (guint64) restart);
      done = patron_kmeans_plus_plus (kmeans, k, &random, initial, &n_found, run, error)
             && lloyd_from (kmeans, initial, n_found, max_iter, tol, &attempt, run, error);
      if (done && (restart == 0 || attempt.inertia < result->inertia))
        {
          patron_kmeans_result_clear (result);
          *result = attempt;
        }
      else
        patron_kmeans_result_clear (&attempt);
    }
  if (done && finish (kmeans, result, run, error))
    return TRUE;
  patron_kmeans_result_clear (result);
  return FALSE;
}

/* ---- assignment in double precision ------------------------------------------------------------------------- */

typedef double DoubleVector __attribute__ ((vector_size (64)));
typedef gint64 LongVector __attribute__ ((vector_size (64)));
#define LANES 8

typedef struct
{
  const PatronColumns *x;
  const double        *centres;
  gsize                k;
  gint32              *labels;
  double              *distances;
  DoubleVector        *scratch;   /* for each worker, p */
} AssignWork;

/* Squared distances by differences, so that a row on a centre is at 0. */
PATRON_SIMD static void
nearest_exact (const DoubleVector *x, gsize p, const double *centres, gsize k, gint64 *labels, double *distances)
{
  DoubleVector best = (DoubleVector) { 0 } + DBL_MAX;
  LongVector label = { 0 };

  for (gsize c = 0; c < k; c++, centres += p)
    {
      DoubleVector even = { 0 }, odd = { 0 };
      gsize j = 0;
      for (; j + 2 <= p; j += 2)
        {
          const DoubleVector a = x[j] - centres[j], b = x[j + 1] - centres[j + 1];
          even += a * a, odd += b * b;
        }
      if (j < p)
        even += (x[j] - centres[j]) * (x[j] - centres[j]);
      even += odd;
      const LongVector less = even < best;
      best = (DoubleVector) (((LongVector) even & less) | ((LongVector) best & ~less));
      label = ((gint64) c & less) | (label & ~less);
    }
  memcpy (labels, &label, sizeof label);
  memcpy (distances, &best, sizeof best);
}

static void
assign_rows (gsize begin, gsize end, int worker, gpointer data)
{
  const AssignWork *work = data;
  const PatronColumns *x = work->x;
  DoubleVector *scratch = work->scratch + (gsize) worker * x->p;

  for (gsize row = begin; row < end; row += LANES)
    {
      const gsize rows = MIN (LANES, end - row);
      gint64 labels[LANES];
      double distances[LANES];
      for (gsize j = 0; j < x->p; j++)
        {
          double *lanes = (double *) &scratch[j];
          if (rows == LANES)
            memcpy (lanes, x->columns[j] + row, sizeof *scratch);
          else
            for (gsize i = 0; i < LANES; i++)
              lanes[i] = x->columns[j][row + MIN (i, rows - 1)];
        }
      nearest_exact (scratch, x->p, work->centres, work->k, labels, distances);
      for (gsize i = 0; i < rows; i++)
        {
          if (work->labels != NULL)
            work->labels[row + i] = (gint32) labels[i];
          if (work->distances != NULL)
            work->distances[row + i] = distances[i];
        }
    }
}

gboolean
patron_kmeans_assign (const PatronColumns *x, const double *centres, gsize k, gint32 *labels, double *distances, PatronRun *run, GError **error)
{
  AssignWork work = { .x = x, .centres = centres, .k = k, .labels = labels, .distances = distances };
  gboolean done = FALSE;

  work.scratch = patron_try_alloc ((gsize) patron_parallel_workers (run) * MAX (x->p, 1), sizeof (DoubleVector), _("distances"), error);
  if (work.scratch != NULL)
    done = patron_parallel_for (run, x->n, patron_row_grain (x->n), assign_rows, &work) || patron_run_check (run, error);
  patron_free (work.scratch);
  return done;
}
