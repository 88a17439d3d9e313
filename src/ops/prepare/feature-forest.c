/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/feature-scores.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/random.h"
#include "ops/models/forest.h"

#include <glib/gi18n-lib.h>
#include <math.h>

extern const PatronOp patron_op_random_forest;

enum { MOST_ROWS = 20000, MOST_CLASSES = 100 };

/* The rows, and what the forest works on. */
typedef struct
{
  PatronTable  *table;       /* candidates, then their shuffled copies, in the same order */
  char        **names;       /* of its columns */
  gsize         n;
  guint32      *rows;        /* n: of the step's table */
  double       *y;           /* n */
  guint         n_classes;   /* 0: a number */
  PatronDesign *design;
  PatronMatrix *x;
  gpointer      state;
} Trial;

static void
trial_clear (Trial *trial)
{
  if (trial->state != NULL)
    patron_op_random_forest.model->clear (trial->state);
  g_free (trial->state);
  g_clear_pointer (&trial->x, patron_matrix_free);
  g_clear_pointer (&trial->design, patron_design_free);
  g_clear_pointer (&trial->table, patron_table_unref);
  g_strfreev (trial->names);
  patron_free (trial->rows);
  patron_free (trial->y);
}

/* Rows with a target, at most MOST_ROWS of them. */
static gboolean
choose_rows (Trial *trial, const PatronPrepareInput *input, const double *y, PatronRun *run, GError **error)
{
  gsize n = patron_prepare_n_rows (input);
  trial->rows = patron_try_alloc (n, sizeof *trial->rows, _("the rows of a model"), error);
  trial->y = trial->rows != NULL ? patron_try_alloc (n, sizeof *trial->y, _("the rows of a model"), error) : NULL;
  for (gsize i = 0; trial->y != NULL && i < n; i++)
    if (isfinite (y[i]))
      {
        trial->rows[trial->n] = input->rows != NULL ? input->rows[i] : (guint32) i;
        trial->y[trial->n++] = y[i];
      }
  if (trial->n <= MOST_ROWS)
    return trial->y != NULL;
  g_autofree guint32 *chosen = g_new (guint32, MOST_ROWS);
  PatronRandom random;
  patron_random_init (&random, patron_run_get_seed (run), 0x666f7265);
  patron_random_sample (&random, trial->n, MOST_ROWS, chosen);
  for (gsize k = 0; k < MOST_ROWS; k++)
    {
      trial->rows[k] = trial->rows[chosen[k]];
      trial->y[k] = trial->y[chosen[k]];
    }
  trial->n = MOST_ROWS;
  return TRUE;
}

static gboolean
read_target (Trial *trial, const PatronPrepareInput *input, PatronColumn *target, PatronRun *run, GError **error)
{
  gboolean ok;
  if (!patron_column_has_dict (target) && patron_column_get_type (target) != PATRON_TYPE_BOOLEAN)
    {
      double *y = patron_prepare_gather (input, target, run, error);
      ok = y != NULL && choose_rows (trial, input, y, run, error);
      patron_free (y);
      return ok;
    }
  PatronClasses classes;
  if (!patron_classes_init (&classes, input, target, MOST_CLASSES, run, error))
    return FALSE;
  gsize n = patron_prepare_n_rows (input);
  double *y = patron_try_alloc (n, sizeof *y, _("the target"), error);
  for (gsize i = 0; y != NULL && i < n; i++)
    y[i] = classes.codes[i] < 0 ? (double) NAN : classes.codes[i];
  trial->n_classes = classes.n_classes;
  ok = y != NULL && choose_rows (trial, input, y, run, error);
  patron_free (y);
  patron_classes_clear (&classes);
  return ok;
}

/* Texts are too many-valued for a forest and stay out. */
static gboolean
takes_part (const PatronFeatureScore *score)
{
  return score->reason == PATRON_REASON_KEPT && patron_column_get_type (score->column) != PATRON_TYPE_TEXT;
}

static gboolean
make_table (Trial *trial, const PatronFeatureScore *scores, guint n, PatronRun *run, GError **error)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  GPtrArray *names = g_ptr_array_new ();
  g_autofree guint32 *shuffled = g_new (guint32, MAX (trial->n, 1));
  gboolean ok = TRUE;
  for (int copy = 0; copy < 2; copy++)
    for (guint k = 0; ok && k < n; k++)
      {
        if (!takes_part (&scores[k]))
          continue;
        PatronRandom random;
        patron_random_init (&random, patron_run_get_seed (run), 0x73686164 + (guint64) k);
        for (gsize i = 0; i < trial->n; i++)
          shuffled[i] = trial->rows[i];
        if (copy)
          patron_random_shuffle (&random, shuffled, trial->n);
        g_autofree char *name = g_strdup_printf ("%d %u", copy, k);
        g_autoptr (PatronColumn) taken = patron_column_take (scores[k].column, shuffled, trial->n, error);
        ok = taken != NULL;
        if (ok)
          {
            g_ptr_array_add (columns, patron_column_rename (taken, name));
            g_ptr_array_add (names, g_steal_pointer (&name));
          }
      }
  g_ptr_array_add (names, NULL);
  trial->names = (char **) g_ptr_array_free (names, FALSE);
  if (ok)
    trial->table = patron_table_new_take ("trial", columns);
  else
    g_ptr_array_unref (columns);
  return ok;
}

static gboolean
fit (Trial *trial, PatronRun *run, GError **error)
{
  const PatronModelClass *forest = patron_op_random_forest.model;
  const PatronDesignOptions options = { .missing = forest->missing, .encoding = forest->encoding, .scale = PATRON_SCALE_NONE };
  trial->design = patron_design_fit (trial->table, (const char *const *) trial->names, &options, NULL, 0, run, error);
  trial->x = trial->design != NULL ? patron_design_apply (trial->design, trial->table, NULL, trial->n, NULL, run, error) : NULL;
  if (trial->x == NULL)
    return FALSE;
  const PatronFitInput input = {
    .task = trial->n_classes > 0 ? PATRON_TASK_CLASSIFICATION : PATRON_TASK_REGRESSION,
    .design = trial->design,
    .x = trial->x,
    .y = trial->y,
    .n_classes = trial->n_classes,
  };
  g_autofree gpointer params = patron_op_new_params (&patron_op_random_forest);
  patron_param_parse (patron_params_find (patron_op_random_forest.params, "n_estimators"), "200", params, NULL);
  patron_param_parse (patron_params_find (patron_op_random_forest.params, "min_samples_leaf"), "3", params, NULL);
  trial->state = forest->fit (&input, params, run, error);
  return trial->state != NULL;
}

/* The importances of the sources of the design into the scores; those of the copies give the limits. */
static gboolean
read_importance (Trial *trial, PatronFeatureScore *scores, double *marginal, double *important, PatronRun *run, GError **error)
{
  PatronForestOob oob = { 0 };
  guint n_sources = patron_design_n_sources (trial->design), n_copies = 0;
  double loss;
  g_autofree PatronImportance *importance = g_new0 (PatronImportance, n_sources);
  g_autofree double *copies = g_new (double, n_sources);
  gboolean ok = patron_forest_oob (trial->state, trial->x, trial->y, &oob, run, error)
                && patron_forest_importance (trial->state, &oob, trial->design, importance, &loss, run, error);
  for (guint s = 0; ok && s < n_sources; s++)
    {
      const char *name = patron_design_source (trial->design, importance[s].source)->name;
      if (name[0] == '1')
        copies[n_copies++] = importance[s].mean;
      else
        scores[g_ascii_strtoull (name + 2, NULL, 10)].importance = importance[s].mean;
    }
  if (ok && n_copies > 0)
    {
      patron_sort_doubles (copies, n_copies);
      *important = MAX (0, copies[n_copies - 1]);
      *marginal = MAX (0, patron_quantile_sorted (copies, n_copies, 0.5));
    }
  patron_forest_oob_clear (&oob);
  return ok;
}

gboolean
patron_feature_importance (const PatronPrepareInput *input, PatronFeatureScore *scores, guint n, PatronColumn *target, double *marginal,
                           double *important, PatronRun *run, GError **error)
{
  Trial trial = { 0 };
  guint taking_part = 0;
  *marginal = *important = 0;
  for (guint k = 0; k < n; k++)
    taking_part += takes_part (&scores[k]);
  gboolean ok = read_target (&trial, input, target, run, error);
  if (ok && taking_part > 0 && trial.n >= 10 && trial.n_classes != 1)
    ok = make_table (&trial, scores, n, run, error) && fit (&trial, run, error) && read_importance (&trial, scores, marginal, important, run, error);
  trial_clear (&trial);
  return ok;
}
