/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/boosting-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"

#define BLOCK_ROWS 4096

/* Random streams; those of rounds and trees lie above. */
enum { STREAM_VALIDATION = 1 };
#define STREAM_ROWS    (G_GUINT64_CONSTANT (1) << 32)
#define STREAM_COLUMNS (G_GUINT64_CONSTANT (2) << 32)

typedef struct
{
  const PatronBoostingSpec *spec;
  PatronBoosting           *result;
  PatronBoostingCodes       codes;
  PatronBoostingRows        rows;
  PatronBooster            *booster;
  PatronTree               *trees;       /* max_rounds × n_outputs */
  guint32                  *training;    /* rows trained on, ascending */
  guint32                  *drawn;       /* places in training */
  guint32                  *columns;
  gsize                     n_columns;
  guint8                   *in_tree;     /* rows: 1 where the leaves of the tree have them */
  double                   *scratch;     /* 2 × rows, for medians */
} Fit;

/* ---- setting out ------------------------------------------------------------------------------------------- */

/* Keeps a share of each class aside, or of all rows. */
static gboolean
choose_validation (Fit *fit, GError **error)
{
  const PatronBoostingSpec *spec = fit->spec;
  gsize n = fit->rows.n, n_groups = spec->loss == PATRON_LOSS_CLASSES ? spec->n_classes : 1, used = 0;
  g_autofree gsize *left = g_new0 (gsize, n_groups);
  guint32 *order = patron_try_alloc (n, sizeof (guint32), _("growing the trees"), error);
  PatronRandom random;
  if (order == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (fit->rows.part[i] == PATRON_PART_TRAINING)
      {
        order[used++] = i;
        left[n_groups > 1 ? (gsize) fit->rows.y[i] : 0]++;
      }
  for (gsize g = 0; g < n_groups; g++)
    left[g] = (gsize) round (spec->validation_share * left[g]);
  patron_random_init (&random, spec->seed, STREAM_VALIDATION);
  patron_random_shuffle (&random, order, used);
  for (gsize i = 0; i < used; i++)
    {
      gsize *group = &left[n_groups > 1 ? (gsize) fit->rows.y[order[i]] : 0];
      if (*group == 0)
        continue;
      (*group)--;
      fit->rows.part[order[i]] = PATRON_PART_VALIDATION;
      fit->result->n_validation++;
    }
  patron_free (order);
  return TRUE;
}

static gboolean
choose_rows (Fit *fit, GError **error)
{
  for (gsize i = 0; i < fit->rows.n; i++)
    fit->rows.part[i] = fit->rows.weights == NULL || fit->rows.weights[i] > 0 ? PATRON_PART_TRAINING : PATRON_PART_UNUSED;
  if (fit->spec->validation_share > 0 && !choose_validation (fit, error))
    return FALSE;
  for (gsize i = 0; i < fit->rows.n; i++)
    {
      fit->result->aside[i] = fit->rows.part[i] == PATRON_PART_VALIDATION;
      fit->rows.weight[fit->rows.part[i]] += fit->rows.weights != NULL ? fit->rows.weights[i] : 1;
      if (fit->rows.part[i] == PATRON_PART_TRAINING)
        fit->training[fit->result->n_training++] = i;
    }
  return TRUE;
}

static gboolean
result_init (PatronBoosting *result, const PatronBoostingSpec *spec, gsize n, gsize p, GError **error)
{
  const char *purpose = _("growing the trees");
  gsize k = spec->loss == PATRON_LOSS_CLASSES && spec->n_classes > 2 ? spec->n_classes : 1;
  *result = (PatronBoosting) { .n_outputs = k, .n_columns = p, .n_aside = n };
  return (result->base = patron_try_alloc0 (k, sizeof (double), purpose, error)) != NULL
         && (result->importance = patron_try_alloc0 (p, sizeof (double), purpose, error)) != NULL
         && (result->training = patron_try_alloc (spec->max_rounds + 1, sizeof (double), purpose, error)) != NULL
         && (result->validation = patron_try_alloc (spec->max_rounds + 1, sizeof (double), purpose, error)) != NULL
         && (result->aside = patron_try_alloc0 (n, 1, purpose, error)) != NULL;
}

static gboolean
fit_init (Fit *fit, const PatronBins *bins, const PatronMatrix *x, PatronRun *run, GError **error)
{
  const PatronBoostingSpec *spec = fit->spec;
  PatronBoostingRows *rows = &fit->rows;
  const char *purpose = _("growing the trees");
  if (!result_init (fit->result, spec, x->n, x->p, error))
    return FALSE;
  gsize n = x->n, k = fit->result->n_outputs;
  rows->n = n;
  rows->n_outputs = k;
  fit->n_columns = MAX ((gsize) ceil (spec->column_share * x->p), 1);
  return (rows->part = patron_try_alloc (n, 1, purpose, error)) != NULL
         && (rows->scores = patron_try_alloc0 (n * k, sizeof (double), purpose, error)) != NULL
         && (rows->gradients = patron_try_alloc (n * k, sizeof (float), purpose, error)) != NULL
         && (rows->hessians = patron_try_alloc (n * k, sizeof (float), purpose, error)) != NULL
         && (rows->stats = patron_try_alloc (patron_boosting_n_stats (n, k), sizeof (double), purpose, error)) != NULL
         && (rows->max_g = patron_try_alloc (k, sizeof (double), purpose, error)) != NULL
         && (rows->max_h = patron_try_alloc (k, sizeof (double), purpose, error)) != NULL
         && (fit->trees = patron_try_alloc0 ((gsize) spec->max_rounds * k, sizeof (PatronTree), purpose, error)) != NULL
         && (fit->training = patron_try_alloc (n, sizeof (guint32), purpose, error)) != NULL
         && (fit->drawn = patron_try_alloc (n, sizeof (guint32), purpose, error)) != NULL
         && (fit->columns = patron_try_alloc (x->p, sizeof (guint32), purpose, error)) != NULL
         && (fit->in_tree = patron_try_alloc0 (n, 1, purpose, error)) != NULL
         && (fit->scratch = patron_try_alloc (spec->loss == PATRON_LOSS_ABSOLUTE ? n : 0, 2 * sizeof (double), purpose, error)) != NULL
         && choose_rows (fit, error) && patron_boosting_codes_init (&fit->codes, bins, x, run, error)
         && (fit->booster = patron_booster_new (spec, bins, &fit->codes, run, error)) != NULL
         && patron_boosting_base (rows, fit->result->base, error);
}

static void
fit_clear (Fit *fit)
{
  for (gsize t = 0; fit->trees != NULL && t < (gsize) fit->spec->max_rounds * fit->rows.n_outputs; t++)
    patron_tree_clear (&fit->trees[t]);
  patron_booster_free (fit->booster);
  patron_boosting_codes_clear (&fit->codes);
  patron_free (fit->rows.part);
  patron_free (fit->rows.scores);
  patron_free (fit->rows.gradients);
  patron_free (fit->rows.hessians);
  patron_free (fit->rows.stats);
  patron_free (fit->rows.max_g);
  patron_free (fit->rows.max_h);
  patron_free (fit->trees);
  patron_free (fit->training);
  patron_free (fit->drawn);
  patron_free (fit->columns);
  patron_free (fit->in_tree);
  patron_free (fit->scratch);
}

/* ---- one tree ---------------------------------------------------------------------------------------------- */

typedef struct
{
  Fit                      *fit;
  gsize                     output;
  PatronBoostingUnits       units;
  const PatronTree         *tree;
  const PatronBoostingLeaf *leaves;
} Step;

/* The rows of the tree: all that are trained on, or as many as the spec draws. */
static gsize
draw_rows (Fit *fit, guint round)
{
  guint32 *rows = patron_booster_rows (fit->booster);
  gsize n = fit->result->n_training, n_drawn = MAX ((gsize) (fit->spec->row_share * n + 0.5), 1);
  PatronRandom random;
  memset (fit->in_tree, 0, fit->rows.n);
  if (n_drawn >= n)
    {
      memcpy (rows, fit->training, sizeof (guint32) * n);
      for (gsize i = 0; i < n; i++)
        fit->in_tree[fit->training[i]] = 1;
      return n;
    }
  patron_random_init (&random, fit->spec->seed, STREAM_ROWS + round);
  patron_random_sample (&random, n, n_drawn, fit->drawn);
  for (gsize i = 0; i < n_drawn; i++)
    {
      rows[i] = fit->training[fit->drawn[i]];
      fit->in_tree[rows[i]] = 1;
    }
  return n_drawn;
}

static const guint32 *
draw_columns (Fit *fit, gsize tree)
{
  PatronRandom random;
  if (fit->n_columns >= fit->codes.p)
    return NULL;
  patron_random_init (&random, fit->spec->seed, STREAM_COLUMNS + tree);
  patron_random_sample (&random, fit->codes.p, fit->n_columns, fit->columns);
  return fit->columns;
}

static void
pack_block (gsize begin, gsize end, int worker, gpointer data)
{
  Step *step = data;
  const PatronBoostingRows *rows = &step->fit->rows;
  const float *g = rows->gradients + step->output * rows->n, *h = rows->hessians + step->output * rows->n;
  const double per_g = 1 / step->units.g_unit, per_h = 1 / step->units.h_unit;
  guint64 *packed = patron_booster_packed (step->fit->booster);
  for (gsize i = begin; i < end; i++)
    packed[i] = step->fit->in_tree[i] ? patron_boosting_pack (g[i], h[i], per_g, per_h) : 0;
}

static void
add_leaf (gsize begin, gsize end, int worker, gpointer data)
{
  Step *step = data;
  double *scores = step->fit->rows.scores + step->output * step->fit->rows.n;
  const guint32 *rows = patron_booster_rows (step->fit->booster);
  for (gsize leaf = begin; leaf < end; leaf++)
    for (gsize i = step->leaves[leaf].begin; i < step->leaves[leaf].begin + step->leaves[leaf].n; i++)
      scores[rows[i]] += step->tree->values[leaf];
}

static double
tree_value (const PatronTree *tree, const guint8 *codes)
{
  const PatronTreeNode *node = tree->nodes;
  while (node->feature != PATRON_TREE_LEAF)
    node = &tree->nodes[patron_tree_step (node, codes)];
  return tree->values[node->left];
}

/* Rows that the tree was not grown on. */
static void
add_others (gsize begin, gsize end, int worker, gpointer data)
{
  Step *step = data;
  Fit *fit = step->fit;
  double *scores = fit->rows.scores + step->output * fit->rows.n;
  for (gsize i = begin; i < end; i++)
    if (!fit->in_tree[i] && fit->rows.part[i] != PATRON_PART_UNUSED)
      scores[i] += tree_value (step->tree, fit->codes.rows + i * fit->codes.stride);
}

/* Absolute errors have no curvature to go by: a leaf moves to its median. */
static void
set_medians (Fit *fit, PatronTree *tree, const PatronBoostingLeaf *leaves, gsize n_leaves)
{
  const guint32 *rows = patron_booster_rows (fit->booster);
  for (gsize leaf = 0; leaf < n_leaves; leaf++)
    tree->values[leaf] = fit->spec->learning_rate * patron_boosting_median (&fit->rows, rows + leaves[leaf].begin, leaves[leaf].n, fit->scratch);
}

static gboolean
grow_tree (Fit *fit, guint round, gsize output, PatronRun *run, GError **error)
{
  gsize n = draw_rows (fit, round), n_leaves, at = round * fit->rows.n_outputs + output;
  PatronTree *tree = &fit->trees[at];
  Step step = { .fit = fit, .output = output, .units = patron_boosting_units (n, fit->rows.max_g[output], fit->rows.max_h[output]),
                .tree = tree };
  if (!patron_parallel_for (run, fit->rows.n, BLOCK_ROWS, pack_block, &step))
    return patron_run_check (run, error);
  if (!patron_booster_grow (fit->booster, n, &step.units, draw_columns (fit, at), tree, &step.leaves, &n_leaves, run, error))
    return FALSE;
  if (fit->spec->loss == PATRON_LOSS_ABSOLUTE)
    set_medians (fit, tree, step.leaves, n_leaves);
  if (!patron_parallel_for (run, n_leaves, 1, add_leaf, &step))
    return patron_run_check (run, error);
  if (n < fit->rows.n && !patron_parallel_for (run, fit->rows.n, BLOCK_ROWS, add_others, &step))
    return patron_run_check (run, error);
  return TRUE;
}

/* ---- all of them ------------------------------------------------------------------------------------------- */

static gboolean
note_losses (Fit *fit, PatronRun *run, GError **error)
{
  PatronBoosting *result = fit->result;
  if (!patron_boosting_gradients (&fit->rows, run))
    return patron_run_check (run, error);
  result->training[result->n_curve] = fit->rows.loss[PATRON_PART_TRAINING];
  result->validation[result->n_curve++] = result->n_validation > 0 ? fit->rows.loss[PATRON_PART_VALIDATION] : NAN;
  return TRUE;
}

/* Grows until there is nothing more to gain; rounds: how many to keep. */
static gboolean
grow_all (Fit *fit, PatronRun *run, GError **error)
{
  PatronBoosting *result = fit->result;
  const PatronBoostingSpec *spec = fit->spec;
  gsize k = result->n_outputs;
  gboolean waits = result->n_validation > 0 && spec->patience > 0;
  for (gsize c = 0; c < k; c++)
    for (gsize i = 0; i < fit->rows.n; i++)
      fit->rows.scores[c * fit->rows.n + i] = result->base[c];
  if (!note_losses (fit, run, error))
    return FALSE;
  for (guint round = 0; round < spec->max_rounds; round++)
    {
      if (patron_run_stopping (run) && round > 0)
        break;
      for (gsize c = 0; c < k; c++)
        if (!grow_tree (fit, round, c, run, error))
          return FALSE;
      if (!note_losses (fit, run, error))
        return FALSE;
      if (!waits || result->validation[round + 1] < result->validation[result->rounds])
        result->rounds = round + 1;
      else if (round + 1 - result->rounds >= spec->patience)
        break;
      patron_run_progress (run, (double) (round + 1) / spec->max_rounds);
    }
  return TRUE;
}

static gboolean
finish (Fit *fit, GError **error)
{
  PatronBoosting *result = fit->result;
  gsize n_trees = result->rounds * result->n_outputs;
  for (gsize t = 0; t < n_trees; t++)
    for (gsize j = 0; j < result->n_columns; j++)
      result->importance[j] += fit->trees[t].importance[j];
  return n_trees == 0 || patron_trees_join (&result->trees, fit->trees, n_trees, 1, error);
}

gboolean
patron_boosting_fit (PatronBoosting *boosting, const PatronBoostingSpec *spec, const PatronBins *bins, const PatronMatrix *x, const double *y,
                     const double *weights, PatronRun *run, GError **error)
{
  Fit fit = { .spec = spec, .result = boosting, .rows = { .spec = spec, .y = y, .weights = weights } };
  gboolean fine = fit_init (&fit, bins, x, run, error) && grow_all (&fit, run, error) && finish (&fit, error);
  fit_clear (&fit);
  if (!fine)
    patron_boosting_clear (boosting);
  return fine;
}

void
patron_boosting_clear (PatronBoosting *boosting)
{
  patron_trees_clear (&boosting->trees);
  patron_free (boosting->base);
  patron_free (boosting->importance);
  patron_free (boosting->training);
  patron_free (boosting->validation);
  patron_free (boosting->aside);
  *boosting = (PatronBoosting) { 0 };
}

void
patron_boosting_score (const PatronBoosting *boosting, const guint8 *codes, gsize stride, gsize n, double *scores)
{
  gsize k = boosting->n_outputs;
  for (gsize c = 0; c < k; c++)
    for (gsize i = 0; i < n; i++)
      scores[c * n + i] = boosting->base[c];
  for (gsize t = 0; t < boosting->trees.n_trees; t++)
    patron_trees_add (&boosting->trees, t, 1, codes, stride, n, scores + t % k * n);
}
