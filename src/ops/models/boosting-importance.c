/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/boosting-model.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"
#include "ops/models/prediction-score.h"

#define SAMPLE_ROWS 10000
#define IMPORTANCE_WALKS 2e7      /* rows × trees × shuffles, together: about half a second */

enum { STREAM_SHUFFLE = 0x53687566 };

/* ---- the rows looked at ------------------------------------------------------------------------------------ */

typedef struct
{
  const PatronBoostingModel *model;
  const PatronMatrix        *x;
  PatronBoostingSample      *sample;
} Coding;

static void
code_rows (gsize begin, gsize end, int worker, gpointer data)
{
  Coding *coding = data;
  PatronBoostingSample *sample = coding->sample;
  for (gsize i = begin; i < end; i++)
    for (gsize j = 0; j < coding->x->p; j++)
      sample->codes[i * sample->stride + j] = patron_bins_code (&coding->model->bins, j, patron_matrix_column (coding->x, j)[sample->rows[i]]);
}

gboolean
patron_boosting_sample (const PatronBoostingModel *model, const PatronMatrix *x, const double *y, PatronBoostingSample *sample, PatronRun *run,
                        GError **error)
{
  const PatronBoosting *b = &model->boosting;
  const char *purpose = _("the importance of the columns");
  gsize n_all = 0, at = 0;
  *sample = (PatronBoostingSample) { .training = b->n_validation == 0 || b->aside == NULL, .stride = patron_codes_stride (x->p) };
  for (gsize i = 0; i < x->n; i++)
    n_all += sample->training || b->aside[i];
  gsize n = MIN (n_all, SAMPLE_ROWS);
  gboolean fine = (sample->rows = patron_try_alloc (n, sizeof (guint32), purpose, error)) != NULL
                  && (sample->y = patron_try_alloc (n, sizeof (double), purpose, error)) != NULL
                  && (sample->codes = patron_try_alloc0 (n, sample->stride, purpose, error)) != NULL;
  for (gsize i = 0; fine && i < x->n; i++)
    {
      if (!sample->training && !b->aside[i])
        continue;
      if (sample->n < n && at++ == sample->n * n_all / n)
        {
          sample->y[sample->n] = y[i];
          sample->rows[sample->n++] = i;
        }
    }
  Coding coding = { model, x, sample };
  if (fine && !patron_parallel_for (run, sample->n, 256, code_rows, &coding))
    fine = patron_run_check (run, error);
  if (!fine)
    patron_boosting_sample_clear (sample);
  return fine;
}

void
patron_boosting_sample_clear (PatronBoostingSample *sample)
{
  patron_free (sample->rows);
  patron_free (sample->y);
  patron_free (sample->codes);
  *sample = (PatronBoostingSample) { 0 };
}

/* ---- importance -------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronBoostingModel  *model;
  const PatronBoostingSample *sample;
  const PatronDesign         *design;
  guint64                     seed;
  gsize                       n;            /* rows of the sample that take part, evenly spread */
  double                     *y;            /* n */
  guint8                     *codes;        /* workers × n × stride */
  double                     *predicted;    /* workers × 2 × n × outputs */
  guint32                    *order;        /* workers × n */
  double                     *scores;       /* sources × PATRON_BOOSTING_REPEATS */
} Shuffles;

static gsize
shuffle_row (const Shuffles *s, gsize r)
{
  return r * s->sample->n / s->n;
}

static double
score_codes (const Shuffles *s, const guint8 *codes, double *scratch)
{
  gsize k = patron_boosting_model_outputs (s->model);
  patron_boosting_model_predict (s->model, codes, s->sample->stride, s->n, scratch, scratch + s->n * k);
  return patron_prediction_score (s->model->n_classes, s->n, s->y, scratch + s->n * k);
}

/* One shuffle of one source: all columns that come from it move together. */
static void
shuffle_source (gsize begin, gsize end, int worker, gpointer data)
{
  Shuffles *s = data;
  gsize stride = s->sample->stride, k = patron_boosting_model_outputs (s->model);
  guint8 *codes = s->codes + (gsize) worker * s->n * stride;
  guint32 *order = s->order + (gsize) worker * s->n;
  for (gsize unit = begin; unit < end; unit++)
    {
      PatronRandom random;
      patron_random_init (&random, s->seed, ((guint64) STREAM_SHUFFLE << 32) + unit);
      for (gsize r = 0; r < s->n; r++)
        {
          order[r] = r;
          memcpy (codes + r * stride, s->sample->codes + shuffle_row (s, r) * stride, stride);
        }
      patron_random_shuffle (&random, order, s->n);
      for (gsize j = 0; j < s->model->bins.p; j++)
        if (patron_design_column (s->design, j)->source == unit / PATRON_BOOSTING_REPEATS)
          for (gsize r = 0; r < s->n; r++)
            codes[r * stride + j] = s->sample->codes[shuffle_row (s, order[r]) * stride + j];
      s->scores[unit] = score_codes (s, codes, s->predicted + (gsize) worker * 2 * s->n * k);
    }
}

static double
base_score (const Shuffles *s)
{
  gsize stride = s->sample->stride;
  for (gsize r = 0; r < s->n; r++)
    memcpy (s->codes + r * stride, s->sample->codes + shuffle_row (s, r) * stride, stride);
  return score_codes (s, s->codes, s->predicted);
}

static int
compare_importance (const void *a, const void *b)
{
  const PatronBoostingImportance *x = a, *y = b;
  if (x->mean != y->mean)
    return x->mean < y->mean ? 1 : -1;
  if (x->gain != y->gain)
    return x->gain < y->gain ? 1 : -1;
  return (x->source > y->source) - (x->source < y->source);
}

static void
summarise (const Shuffles *s, double base, PatronBoostingImportance *importance)
{
  const PatronBoosting *b = &s->model->boosting;
  guint n_sources = patron_design_n_sources (s->design);
  double all = 0;
  for (gsize j = 0; j < b->n_columns; j++)
    all += b->importance[j];
  for (guint source = 0; source < n_sources; source++)
    {
      const double *scores = s->scores + (gsize) source * PATRON_BOOSTING_REPEATS;
      double sum = 0, square = 0, gain = 0;
      for (guint i = 0; i < PATRON_BOOSTING_REPEATS; i++)
        sum += base - scores[i];
      double mean = sum / PATRON_BOOSTING_REPEATS;
      for (guint i = 0; i < PATRON_BOOSTING_REPEATS; i++)
        square += (base - scores[i] - mean) * (base - scores[i] - mean);
      for (gsize j = 0; j < b->n_columns; j++)
        if (patron_design_column (s->design, j)->source == source)
          gain += b->importance[j];
      importance[source] = (PatronBoostingImportance) { source, all > 0 ? gain / all : 0, isfinite (mean) ? mean : 0,
                                                        isfinite (square) ? sqrt (square / (PATRON_BOOSTING_REPEATS - 1)) : 0 };
    }
  qsort (importance, n_sources, sizeof *importance, compare_importance);
}

gboolean
patron_boosting_importance (const PatronBoostingModel *model, const PatronBoostingSample *sample, const PatronDesign *design, guint64 seed,
                            PatronBoostingImportance *importance, double *score, PatronRun *run, GError **error)
{
  gsize units = (gsize) patron_design_n_sources (design) * PATRON_BOOSTING_REPEATS, workers = patron_parallel_workers (run);
  gsize k = patron_boosting_model_outputs (model), n_trees = MAX (model->boosting.trees.n_trees, 1);
  double rows = IMPORTANCE_WALKS / ((double) MAX (units, 1) * n_trees);
  const char *purpose = _("the importance of the columns");
  Shuffles s = { .model = model, .sample = sample, .design = design, .seed = seed, .n = MIN (sample->n, MAX ((gsize) rows, 300)) };
  gboolean fine = (s.y = patron_try_alloc (s.n, sizeof (double), purpose, error)) != NULL
                  && (s.codes = patron_try_alloc (workers * s.n, sample->stride, purpose, error)) != NULL
                  && (s.predicted = patron_try_alloc (workers * 2 * s.n, k * sizeof (double), purpose, error)) != NULL
                  && (s.order = patron_try_alloc (workers * s.n, sizeof (guint32), purpose, error)) != NULL
                  && (s.scores = patron_try_alloc (units, sizeof (double), purpose, error)) != NULL;
  for (gsize r = 0; fine && r < s.n; r++)
    s.y[r] = sample->y[shuffle_row (&s, r)];
  if (fine)
    *score = base_score (&s);
  if (fine && !patron_parallel_for (run, units, 1, shuffle_source, &s))
    fine = patron_run_check (run, error);
  if (fine)
    summarise (&s, *score, importance);
  patron_free (s.y);
  patron_free (s.codes);
  patron_free (s.predicted);
  patron_free (s.order);
  patron_free (s.scores);
  return fine;
}
