/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/boosting-model.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "ops/models/prediction-score.h"

#define SAMPLE_ROWS 10000
#define IMPORTANCE_WALKS 2e7      /* rows × trees × shuffles, together: about half a second */

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
  const PatronBoostingModel *model;
  PatronPermutation          permutation;
  double                    *y;            /* n */
  double                    *predicted;    /* workers × 2 × n × outputs */
} Shuffles;

static double
score_codes (gconstpointer data, const guint8 *codes, guint source, int worker)
{
  const Shuffles *s = data;
  gsize n = s->permutation.n, k = patron_boosting_model_outputs (s->model);
  double *scratch = s->predicted + (gsize) worker * 2 * n * k;
  patron_boosting_model_predict (s->model, codes, s->permutation.stride, n, scratch, scratch + n * k);
  return patron_prediction_score (s->model->n_classes, n, s->y, scratch + n * k);
}

/* The score of the rows as they are; the codes of those that take part, side by side, come into codes. */
static double
whole_score (const Shuffles *s, guint8 *codes)
{
  gsize stride = s->permutation.stride;
  for (gsize r = 0; r < s->permutation.n; r++)
    memcpy (codes + r * stride, s->permutation.codes + patron_permutation_row (&s->permutation, r) * stride, stride);
  return score_codes (s, codes, 0, 0);
}

gboolean
patron_boosting_importance (const PatronBoostingModel *model, const PatronBoostingSample *sample, const PatronDesign *design, guint64 seed,
                            PatronImportance *importance, double *score, PatronRun *run, GError **error)
{
  const PatronBoosting *b = &model->boosting;
  gsize units = (gsize) patron_design_n_sources (design) * PATRON_IMPORTANCE_REPEATS, workers = patron_parallel_workers (run);
  gsize k = patron_boosting_model_outputs (model), n = MIN (sample->n, MAX ((gsize) (IMPORTANCE_WALKS / ((double) MAX (units, 1) * MAX (b->trees.n_trees, 1))), 300));
  const char *purpose = _("the importance of the columns");
  Shuffles s = { .model = model, .permutation = { .design = design, .gains = b->importance, .p = b->n_columns, .codes = sample->codes, .n_all = sample->n,
                                                  .stride = sample->stride, .n = n, .seed = seed, .score = score_codes } };
  s.permutation.data = &s;
  guint8 *codes = patron_try_alloc (n, sample->stride, purpose, error);
  gboolean fine = codes != NULL && (s.y = patron_try_alloc (n, sizeof (double), purpose, error)) != NULL
                  && (s.predicted = patron_try_alloc (workers * 2 * n, k * sizeof (double), purpose, error)) != NULL;
  for (gsize r = 0; fine && r < n; r++)
    s.y[r] = sample->y[patron_permutation_row (&s.permutation, r)];
  if (fine)
    {
      *score = whole_score (&s, codes);
      fine = patron_permutation_measure (&s.permutation, *score, importance, run, error);
    }
  patron_free (codes);
  patron_free (s.y);
  patron_free (s.predicted);
  return fine;
}
