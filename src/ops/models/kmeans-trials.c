/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/kmeans.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "math/cluster-quality.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { TRIAL_ROWS = 5000, STABILITY_ROWS = 1000, N_BOOTSTRAPS = 50 };

/* Streams of random numbers apart from those of the restarts. */
enum { STREAM_TRIAL_ROWS = 1 << 20, STREAM_TRIALS = 1 << 21, STREAM_STABILITY_ROWS = 1 << 22, STREAM_BOOTSTRAP = 1 << 23, STREAM_BOOTSTRAP_START = 1 << 24 };

/* At most `most` rows; a copy in *block. */
static gboolean
draw_rows (const PatronColumns *x, gsize most, guint64 seed, guint64 stream, guint32 *rows, PatronColumns *sample, const double **pointers, double **block,
           GError **error)
{
  PatronRandom random;

  *sample = (PatronColumns) { MIN (x->n, most), x->p, pointers };
  patron_random_init (&random, seed, stream);
  patron_random_sample (&random, x->n, sample->n, rows);
  *block = patron_columns_take (x, rows, sample->n, pointers, error);
  return *block != NULL;
}

static gboolean
try_size (const PatronKMeans *kmeans, const PatronColumns *sample, gsize k, const PatronKMeansParams *params, PatronKMeansTrial *trial,
          gboolean *possible, PatronRun *run, GError **error)
{
  PatronKMeansResult result;
  g_autofree double *silhouette = g_new (double, sample->n);
  double sum = 0;

  *possible = FALSE;
  if (!patron_kmeans_fit (kmeans, k, params->n_init, params->max_iter, params->tol, patron_run_get_seed (run), STREAM_TRIALS + 1000 * k, &result, run, error))
    return FALSE;
  gboolean done = TRUE;
  if (result.k == k)
    {
      done = patron_silhouette (sample, result.labels, k, silhouette, run, error);
      for (gsize i = 0; i < sample->n; i++)
        sum += silhouette[i];
      *trial = (PatronKMeansTrial) { (double) k, sum / (double) sample->n, result.inertia };
      *possible = TRUE;
    }
  patron_kmeans_result_clear (&result);
  return done;
}

gboolean
patron_kmeans_try_sizes (const PatronColumns *x, const PatronKMeansParams *params, PatronKMeansTrial *trials, gsize *n_trials, PatronRun *run, GError **error)
{
  g_autofree guint32 *rows = g_new (guint32, TRIAL_ROWS);
  g_autofree const double **pointers = g_new (const double *, x->p + 1);
  double *block = NULL;
  PatronColumns sample;

  *n_trials = 0;
  if (!draw_rows (x, TRIAL_ROWS, patron_run_get_seed (run), STREAM_TRIAL_ROWS, rows, &sample, pointers, &block, error))
    return FALSE;
  g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (&sample, run, error);
  gboolean done = kmeans != NULL, possible = TRUE;
  for (gsize k = 2; done && possible && k < 2 + PATRON_KMEANS_MAX_TRIALS && k < sample.n; k++)
    {
      done = try_size (kmeans, &sample, k, params, &trials[*n_trials], &possible, run, error);
      *n_trials += done && possible;
    }
  patron_free (block);
  return done;
}

const PatronKMeansTrial *
patron_kmeans_best_trial (const PatronKMeansTrial *trials, gsize n_trials)
{
  const PatronKMeansTrial *best = n_trials > 0 ? trials : NULL;

  for (gsize i = 1; i < n_trials; i++)
    if (trials[i].silhouette > best->silhouette)
      best = &trials[i];
  return best;
}

/* ---- stability ---------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronRun           *run;
  const PatronColumns *sample;
  const gint32        *labels;      /* of the sample */
  gsize                k;
  double              *jaccard;     /* N_BOOTSTRAPS × k; NaN: the group was not drawn */
  int                  failed;      /* atomic */
} BootstrapWork;

/* overlap[a * k2 + b]: drawn rows in old group a and new group b, each row once. */
static void
compare_groups (const BootstrapWork *work, const guint32 *drawn, const gint32 *fresh, gsize k2, double *jaccard)
{
  const gsize n = work->sample->n, k = work->k;
  g_autofree gsize *overlap = g_new0 (gsize, k * k2);
  g_autofree gsize *old = g_new0 (gsize, k);
  g_autofree gsize *now = g_new0 (gsize, k2);
  g_autofree guint8 *seen = g_new0 (guint8, n);

  for (gsize i = 0; i < n; i++)
    if (!seen[drawn[i]])
      {
        seen[drawn[i]] = 1;
        overlap[(gsize) work->labels[drawn[i]] * k2 + (gsize) fresh[i]]++;
        old[work->labels[drawn[i]]]++;
        now[fresh[i]]++;
      }
  for (gsize a = 0; a < k; a++)
    {
      jaccard[a] = old[a] > 0 ? 0 : NAN;
      for (gsize b = 0; b < k2 && old[a] > 0; b++)
        {
          const double both = (double) overlap[a * k2 + b];
          jaccard[a] = MAX (jaccard[a], both / ((double) (old[a] + now[b]) - both));
        }
    }
}

static void
bootstrap (gsize begin, gsize end, int worker, gpointer data)
{
  BootstrapWork *work = data;
  const gsize n = work->sample->n, p = work->sample->p;
  g_autofree guint32 *drawn = g_new (guint32, n);
  g_autofree const double **pointers = g_new (const double *, p + 1);

  for (gsize b = begin; b < end; b++)
    {
      const guint64 seed = patron_run_get_seed (work->run);
      PatronKMeansResult result = { 0 };
      PatronRandom random;
      patron_random_init (&random, seed, STREAM_BOOTSTRAP + b);
      for (gsize i = 0; i < n; i++)
        drawn[i] = (guint32) patron_random_below (&random, n);
      double *block = patron_columns_take (work->sample, drawn, n, pointers, NULL);
      const PatronColumns again = { n, p, pointers };
      g_autoptr (PatronKMeans) kmeans = block != NULL ? patron_kmeans_new (&again, work->run, NULL) : NULL;
      if (kmeans != NULL && patron_kmeans_fit (kmeans, work->k, 3, 100, 1e-4, seed, STREAM_BOOTSTRAP_START + 8 * b, &result, work->run, NULL))
        compare_groups (work, drawn, result.labels, result.k, work->jaccard + b * work->k);
      else
        g_atomic_int_set (&work->failed, 1);
      patron_kmeans_result_clear (&result);
      patron_free (block);
    }
}

gboolean
patron_kmeans_stability (const PatronColumns *x, const gint32 *labels, gsize k, double *stability, PatronRun *run, GError **error)
{
  g_autofree guint32 *rows = g_new (guint32, STABILITY_ROWS);
  g_autofree gint32 *sample_labels = g_new (gint32, STABILITY_ROWS);
  g_autofree const double **pointers = g_new (const double *, x->p + 1);
  g_autofree double *jaccard = g_new (double, N_BOOTSTRAPS * k);
  double *block = NULL;
  PatronColumns sample;

  if (!draw_rows (x, STABILITY_ROWS, patron_run_get_seed (run), STREAM_STABILITY_ROWS, rows, &sample, pointers, &block, error))
    return FALSE;
  for (gsize i = 0; i < sample.n; i++)
    sample_labels[i] = labels[rows[i]];
  BootstrapWork work = { run, &sample, sample_labels, k, jaccard, 0 };
  gboolean done = patron_parallel_for (run, N_BOOTSTRAPS, 1, bootstrap, &work) || patron_run_check (run, error);
  patron_free (block);
  if (done && work.failed && (done = patron_run_check (run, error)))
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory to repeat the grouping on drawn rows."));
      done = FALSE;
    }
  for (gsize c = 0; done && c < k; c++)
    {
      double sum = 0;
      gsize count = 0;
      for (gsize b = 0; b < N_BOOTSTRAPS; b++)
        if (!isnan (jaccard[b * k + c]))
          {
            sum += jaccard[b * k + c];
            count++;
          }
      stability[c] = count > 0 ? sum / (double) count : NAN;
    }
  return done;
}
