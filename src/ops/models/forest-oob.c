/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/forest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "ops/models/prediction-score.h"

#define OOB_ROWS 50000            /* sample of the training rows */
#define OOB_BYTES 200000000       /* of the table that says which tree saw which row */
#define BLOCK_ROWS 256
#define IMPORTANCE_WALKS 1e7      /* rows × trees × shuffles, together: about half a second */

/* ---- who saw whom ------------------------------------------------------------------------------------------ */

typedef struct
{
  const PatronForest *forest;
  PatronForestOob    *oob;
  gsize               n_sample;
  guint32            *counts;      /* workers × forest->n_rows */
} Bags;

static void
fill_bags (gsize begin, gsize end, int worker, gpointer data)
{
  Bags *bags = data;
  guint32 *counts = bags->counts + (gsize) worker * bags->forest->n_rows;
  for (gsize t = begin; t < end; t++)
    {
      PatronRandom random;
      guint8 *bag = bags->oob->bag + t * bags->n_sample;
      patron_forest_draw (bags->forest, bags->forest->streams[t], &random, counts);
      for (gsize i = 0; i < bags->n_sample; i++)
        bag[i] = counts[bags->oob->rows[i]] > 0;
    }
}

/* Leaves only the rows of the sample that some tree left out. */
static void
keep_left_out (PatronForestOob *oob, gsize n_sample, gsize n_trees)
{
  g_autofree guint8 *left_out = g_new0 (guint8, n_sample);
  gsize n = 0;
  for (gsize t = 0; t < n_trees; t++)
    for (gsize i = 0; i < n_sample; i++)
      left_out[i] |= !oob->bag[t * n_sample + i];
  for (gsize i = 0; i < n_sample; i++)
    n += left_out[i];
  for (gsize t = 0; t < n_trees; t++)
    for (gsize i = 0, to = t * n; i < n_sample; i++)
      if (left_out[i])
        oob->bag[to++] = oob->bag[t * n_sample + i];
  for (gsize i = 0, to = 0; i < n_sample; i++)
    if (left_out[i])
      oob->rows[to++] = oob->rows[i];
  oob->n = n;
}

static gboolean
choose_rows (const PatronForest *forest, PatronForestOob *oob, PatronRun *run, GError **error)
{
  gsize n_trees = forest->trees.n_trees, n_sample = MIN (forest->n_rows, OOB_ROWS);
  n_sample = CLAMP (OOB_BYTES / n_trees, 1, n_sample);
  const char *purpose = _("the out-of-bag estimate");
  Bags bags = { .forest = forest, .oob = oob, .n_sample = n_sample };
  if ((oob->rows = patron_try_alloc (n_sample, sizeof (guint32), purpose, error)) == NULL
      || (oob->bag = patron_try_alloc0 (n_sample, n_trees, purpose, error)) == NULL)
    return FALSE;
  for (gsize i = 0; i < n_sample; i++)
    oob->rows[i] = i * forest->n_rows / n_sample;
  oob->n = n_sample;
  oob->training = forest->n_drawn == 0;
  if (oob->training)
    return TRUE;
  bags.counts = patron_try_alloc ((gsize) patron_parallel_workers (run) * forest->n_rows, sizeof (guint32), purpose, error);
  gboolean fine = bags.counts != NULL;
  if (fine && !patron_parallel_for (run, n_trees, 1, fill_bags, &bags))
    fine = patron_run_check (run, error);
  patron_free (bags.counts);
  if (fine)
    keep_left_out (oob, n_sample, n_trees);
  return fine;
}

/* ---- predicting -------------------------------------------------------------------------------------------- */

typedef struct
{
  const PatronForest *forest;
  const PatronMatrix *x;
  PatronForestOob    *oob;
  double             *sums;      /* n × outputs, row after row */
  guint32            *votes;     /* n: trees that left the row out */
  double             *errors;    /* blocks × steps: summed loss … */
  guint32            *counted;   /* blocks × steps: … over so many rows */
} Pass;

static void
code_row (const Pass *pass, gsize i)
{
  const PatronForest *forest = pass->forest;
  for (gsize j = 0; j < forest->bins.p; j++)
    pass->oob->codes[i * pass->oob->stride + j] = patron_bins_code (&forest->bins, j, patron_matrix_column (pass->x, j)[pass->oob->rows[i]]);
}

static double
row_loss (const Pass *pass, gsize i)
{
  gsize k = pass->forest->trees.n_outputs;
  const double *sum = pass->sums + i * k;
  if (!pass->forest->classes)
    {
      double error = pass->oob->y[i] - sum[0] / pass->votes[i];
      return error * error;
    }
  guint best = 0;
  for (guint c = 1; c < k; c++)
    if (sum[c] > sum[best])
      best = c;
  return best != (guint) pass->oob->y[i];
}

/* A block of rows through all trees, with its errors at every step on the way. */
static void
pass_block (gsize begin, gsize end, int worker, gpointer data)
{
  Pass *pass = data;
  const PatronTrees *trees = &pass->forest->trees;
  PatronForestOob *oob = pass->oob;
  gsize k = trees->n_outputs, block = begin / BLOCK_ROWS;
  guint step = 0;
  for (gsize i = begin; i < end; i++)
    code_row (pass, i);
  for (gsize t = 0; t < trees->n_trees; t++)
    {
      for (gsize i = begin; i < end; i++)
        {
          if (oob->bag[t * oob->n + i])
            continue;
          const double *value = patron_tree_walk (trees, t, oob->codes + i * oob->stride);
          for (gsize c = 0; c < k; c++)
            pass->sums[i * k + c] += value[c];
          pass->votes[i]++;
        }
      if (step >= oob->n_steps || oob->step_trees[step] != t + 1)
        continue;
      for (gsize i = begin; i < end; i++)
        if (pass->votes[i] > 0)
          {
            pass->errors[block * oob->n_steps + step] += row_loss (pass, i);
            pass->counted[block * oob->n_steps + step]++;
          }
      step++;
    }
  for (gsize i = begin; i < end; i++)
    for (gsize c = 0; c < k; c++)
      oob->predicted[c * oob->n + i] = pass->sums[i * k + c] / pass->votes[i];
}

static void
choose_steps (PatronForestOob *oob, gsize n_trees)
{
  oob->n_steps = MIN (n_trees, G_N_ELEMENTS (oob->step_trees));
  for (guint s = 0; s < oob->n_steps; s++)
    oob->step_trees[s] = (s + 1) * n_trees / oob->n_steps;
}

static void
sum_steps (const Pass *pass, gsize n_blocks)
{
  PatronForestOob *oob = pass->oob;
  for (guint s = 0; s < oob->n_steps; s++)
    {
      double error = 0, counted = 0;
      for (gsize b = 0; b < n_blocks; b++)
        {
          error += pass->errors[b * oob->n_steps + s];
          counted += pass->counted[b * oob->n_steps + s];
        }
      oob->step_error[s] = counted == 0 ? NAN : pass->forest->classes ? error / counted : sqrt (error / counted);
    }
}

static gboolean
predict_left_out (const PatronForest *forest, const PatronMatrix *x, PatronForestOob *oob, PatronRun *run, GError **error)
{
  gsize k = forest->trees.n_outputs, n_blocks = (oob->n + BLOCK_ROWS - 1) / BLOCK_ROWS;
  const char *purpose = _("the out-of-bag estimate");
  Pass pass = { .forest = forest, .x = x, .oob = oob };
  choose_steps (oob, forest->trees.n_trees);
  oob->stride = patron_codes_stride (forest->bins.p);
  gboolean fine = (oob->predicted = patron_try_alloc (oob->n, k * sizeof (double), purpose, error)) != NULL
                  && (oob->codes = patron_try_alloc0 (oob->n, oob->stride, purpose, error)) != NULL
                  && (pass.sums = patron_try_alloc0 (oob->n, k * sizeof (double), purpose, error)) != NULL
                  && (pass.votes = patron_try_alloc0 (oob->n, sizeof (guint32), purpose, error)) != NULL
                  && (pass.errors = patron_try_alloc0 (n_blocks, oob->n_steps * sizeof (double), purpose, error)) != NULL
                  && (pass.counted = patron_try_alloc0 (n_blocks, oob->n_steps * sizeof (guint32), purpose, error)) != NULL;
  if (fine && !patron_parallel_for (run, oob->n, BLOCK_ROWS, pass_block, &pass))
    fine = patron_run_check (run, error);
  if (fine)
    sum_steps (&pass, n_blocks);
  patron_free (pass.sums);
  patron_free (pass.votes);
  patron_free (pass.errors);
  patron_free (pass.counted);
  return fine;
}

gboolean
patron_forest_oob (const PatronForest *forest, const PatronMatrix *x, const double *y, PatronForestOob *oob, PatronRun *run, GError **error)
{
  *oob = (PatronForestOob) { 0 };
  gboolean fine = choose_rows (forest, oob, run, error);
  if (fine)
    fine = (oob->y = patron_try_alloc (oob->n, sizeof (double), _("the out-of-bag estimate"), error)) != NULL;
  for (gsize i = 0; fine && i < oob->n; i++)
    oob->y[i] = y[oob->rows[i]];
  fine = fine && predict_left_out (forest, x, oob, run, error);
  if (!fine)
    patron_forest_oob_clear (oob);
  return fine;
}

void
patron_forest_oob_clear (PatronForestOob *oob)
{
  patron_free (oob->rows);
  patron_free (oob->y);
  patron_free (oob->predicted);
  patron_free (oob->codes);
  patron_free (oob->bag);
  *oob = (PatronForestOob) { 0 };
}

/* ---- importance -------------------------------------------------------------------------------------------- */

static double
forest_score (const PatronForest *forest, gsize n, const double *y, const double *p)
{
  return patron_prediction_score (forest->classes ? forest->trees.n_outputs : 0, n, y, p);
}

typedef struct
{
  const PatronForest    *forest;
  const PatronForestOob *oob;
  PatronPermutation      permutation;
  double                *predicted;    /* workers × n × outputs */
  double                *y;            /* n */
  double                *base;         /* n × outputs */
  /* Where the rows come out unshuffled, and the sources asked about on the way: a shuffle of another source changes nothing. */
  guint8                *bit;          /* p: the bit of a column's source; with more than 64 sources some share one */
  guint32               *leaf;         /* trees × n: index of the value */
  guint64               *asked;        /* trees × n */
} Shuffles;

/* Trees begin … end-1: notes leaf and way of every row. */
static void
trace_trees (gsize begin, gsize end, int worker, gpointer data)
{
  Shuffles *s = data;
  const PatronTrees *trees = &s->forest->trees;
  for (gsize t = begin; t < end; t++)
    for (gsize r = 0; r < s->permutation.n; r++)
      {
        const guint8 *codes = s->oob->codes + patron_permutation_row (&s->permutation, r) * s->oob->stride;
        guint32 at = trees->roots[t];
        guint64 asked = 0;
        while (trees->nodes[at].feature != PATRON_TREE_LEAF)
          {
            asked |= G_GUINT64_CONSTANT (1) << s->bit[trees->nodes[at].feature];
            at = patron_tree_step (&trees->nodes[at], codes);
          }
        s->leaf[t * s->permutation.n + r] = trees->nodes[at].left;
        s->asked[t * s->permutation.n + r] = asked;
      }
}

/* Out-of-bag predictions of the rows from other codes than their own in the columns of one source. */
static void
predict_codes (const Shuffles *s, const guint8 *codes, guint source, double *predicted)
{
  const PatronTrees *trees = &s->forest->trees;
  gsize k = trees->n_outputs, stride = s->oob->stride;
  guint64 bit = G_GUINT64_CONSTANT (1) << (source & 63);
  g_autofree guint32 *votes = g_new0 (guint32, s->permutation.n);
  memset (predicted, 0, sizeof (double) * s->permutation.n * k);
  for (gsize t = 0; t < trees->n_trees; t++)
    for (gsize r = 0; r < s->permutation.n; r++)
      {
        if (s->oob->bag[t * s->oob->n + patron_permutation_row (&s->permutation, r)])
          continue;
        const double *value = trees->values + (gsize) s->leaf[t * s->permutation.n + r] * k;
        if (s->asked[t * s->permutation.n + r] & bit)
          value = patron_tree_walk (trees, t, codes + r * stride);
        for (gsize c = 0; c < k; c++)
          predicted[c * s->permutation.n + r] += value[c];
        votes[r]++;
      }
  for (gsize c = 0; c < k; c++)
    for (gsize r = 0; r < s->permutation.n; r++)
      predicted[c * s->permutation.n + r] /= votes[r];
}

static double
score_codes (gconstpointer data, const guint8 *codes, guint source, int worker)
{
  const Shuffles *s = data;
  double *predicted = s->predicted + (gsize) worker * s->permutation.n * s->forest->trees.n_outputs;
  predict_codes (s, codes, source, predicted);
  return forest_score (s->forest, s->permutation.n, s->y, predicted);
}

gboolean
patron_forest_importance (const PatronForest *forest, const PatronForestOob *oob, const PatronDesign *design, PatronImportance *importance,
                          double *score, PatronRun *run, GError **error)
{
  gsize units = (gsize) patron_design_n_sources (design) * PATRON_IMPORTANCE_REPEATS, workers = patron_parallel_workers (run);
  gsize k = forest->trees.n_outputs, n_trees = forest->trees.n_trees;
  gsize n = MIN (oob->n, MAX ((gsize) (IMPORTANCE_WALKS / ((double) MAX (units, 1) * n_trees * 0.4)), 300));
  const char *purpose = _("the importance of the columns");
  Shuffles s = { .forest = forest, .oob = oob,
                 .permutation = { .design = design, .gains = forest->importance, .p = forest->bins.p, .codes = oob->codes, .n_all = oob->n,
                                  .stride = oob->stride, .n = n, .seed = forest->seed, .score = score_codes } };
  s.permutation.data = &s;
  gboolean fine = (s.predicted = patron_try_alloc (workers * n, k * sizeof (double), purpose, error)) != NULL
                  && (s.y = patron_try_alloc (n, (k + 1) * sizeof (double), purpose, error)) != NULL
                  && (s.bit = patron_try_alloc (forest->bins.p, 1, purpose, error)) != NULL
                  && (s.leaf = patron_try_alloc (n_trees, n * sizeof (guint32), purpose, error)) != NULL
                  && (s.asked = patron_try_alloc (n_trees, n * sizeof (guint64), purpose, error)) != NULL;
  for (gsize j = 0; fine && j < forest->bins.p; j++)
    s.bit[j] = patron_design_column (design, j)->source & 63;
  if (fine && !patron_parallel_for (run, n_trees, 1, trace_trees, &s))
    fine = patron_run_check (run, error);
  for (gsize r = 0; fine && r < n; r++)
    {
      gsize row = patron_permutation_row (&s.permutation, r);
      s.base = s.y + n;
      s.y[r] = oob->y[row];
      for (gsize c = 0; c < k; c++)
        s.base[c * n + r] = oob->predicted[c * oob->n + row];
    }
  if (fine)
    {
      *score = forest_score (forest, n, s.y, s.base);
      fine = patron_permutation_measure (&s.permutation, *score, importance, run, error);
    }
  patron_free (s.predicted);
  patron_free (s.y);
  patron_free (s.bit);
  patron_free (s.leaf);
  patron_free (s.asked);
  return fine;
}

/* ---- partial dependence ------------------------------------------------------------------------------------ */

void
patron_forest_dependence (const PatronForest *forest, const PatronForestOob *oob, gsize n, gsize column, guint8 code, double *mean)
{
  const PatronTrees *trees = &forest->trees;
  gsize k = trees->n_outputs;
  g_autofree guint8 *row = g_malloc (oob->stride);
  g_autofree double *sum = g_new0 (double, k);
  for (gsize r = 0; r < n; r++)
    {
      memcpy (row, oob->codes + r * oob->n / n * oob->stride, oob->stride);
      row[column] = code;
      patron_trees_add (trees, 0, trees->n_trees, row, oob->stride, 1, sum);
    }
  for (gsize c = 0; c < k; c++)
    mean[c] = sum[c] / ((double) n * trees->n_trees);
}
