/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/forest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "math/tree-grow.h"

extern const PatronOp patron_op_random_forest;

enum { FEATURES_AUTO, FEATURES_SQRT, FEATURES_LOG2, FEATURES_THIRD, FEATURES_ALL };
enum { WEIGHT_NONE, WEIGHT_BALANCED };
enum { CRITERION_GINI, CRITERION_ENTROPY };

typedef struct
{
  int    n_estimators;
  int    max_depth;
  int    min_samples_split;
  int    min_samples_leaf;
  int    max_features;
  bool   bootstrap;
  double max_samples;
  int    class_weight;
  int    criterion;
} Params;

static const PatronChoice features_choices[] = {
  { "auto", N_("Automatic") },
  { "sqrt", N_("Square root of the columns") },
  { "log2", N_("Binary logarithm of the columns") },
  { "third", N_("A third of the columns") },
  { "all", N_("All columns") },
  { NULL }
};

static const PatronChoice weight_choices[] = {
  { "none", N_("Every row counts the same") },
  { "balanced", N_("Every class counts the same") },
  { NULL }
};

static const PatronChoice criterion_choices[] = { { "gini", N_("Gini impurity") }, { "entropy", N_("Entropy") }, { NULL } };

static gboolean
is_bootstrap (gconstpointer values)
{
  return ((const Params *) values)->bootstrap;
}

static const PatronParam params[] = {
  PATRON_PARAM_INT (Params, n_estimators, .label = N_("Trees"),
                    .help = N_("More trees make the result steadier and never worse, and take proportionally longer."), .def = 100, .min = 1,
                    .max = 100000, .low = 50, .high = 500, .step = 50),
  PATRON_PARAM_INT (Params, max_depth, .label = N_("Greatest depth"),
                    .help = N_("Questions from the root of a tree to a leaf, at most. Shallower trees are smaller and smoother."),
                      .def = PATRON_AUTO,
                    .min = 1, .max = 10000, .low = 3, .high = 30, .automatic = N_("no limit")),
  PATRON_PARAM_INT (Params, min_samples_leaf, .label = N_("Rows in a leaf, at least"),
                    .help = N_("Larger leaves make probabilities smoother; try 5 to 50 when there is much noise."), .def = 1, .min = 1,
                    .max = 1e9, .low = 1, .high = 50, .log = true),
  PATRON_PARAM_CHOICE (Params, max_features, .label = N_("Columns tried at a question"),
                       .help = N_("So many columns are drawn at random for each question and the best one is asked. Fewer make the "
                                  "trees more different. "
                                  "Automatic is the square root for classes and a third for numbers."),
                       .choices = features_choices, .def = FEATURES_AUTO),
  PATRON_PARAM_CHOICE (Params, class_weight, .label = N_("Weight of the classes"),
                       .help = N_("Balanced makes a rare class count as much as a frequent one: more of it is found, with more false alarms. "
                                  "Probabilities then no longer are frequencies. Matters for classes only."),
                       .choices = weight_choices, .def = WEIGHT_NONE),
  PATRON_PARAM_INT (Params, min_samples_split, .label = N_("Rows to ask a question, at least"),
                    .help = N_("A group with fewer rows becomes a leaf."), .def = 2, .min = 2, .max = 1e9, .low = 2, .high = 50, .advanced = true),
  PATRON_PARAM_CHOICE (Params, criterion, .label = N_("Measure of a good question"),
                       .help = N_("How mixed the classes are after the question. Both give nearly the same forest. For numbers the "
                                  "variance is used."),
                       .choices = criterion_choices, .def = CRITERION_GINI, .advanced = true),
  PATRON_PARAM_BOOL (Params, bootstrap, .label = N_("Draw rows for each tree"),
                     .help = N_("Each tree sees rows drawn with replacement, and those left out (about a third) test it at no cost. "
                                "Without, every tree sees "
                                "all rows and there is no out-of-bag estimate."),
                     .def = true, .advanced = true),
  PATRON_PARAM_DOUBLE (Params, max_samples, .label = N_("Rows drawn for a tree"),
                       .help = N_("As a share of all rows. Fewer make the trees faster and more different."), .def = PATRON_AUTO,
                         .min = 0.0001, .max = 1,
                       .low = 0.1, .high = 1, .automatic = N_("as many as there are"), .relevant = is_bootstrap, .advanced = true),
  PATRON_PARAM_END
};

static const PatronRoleSpec roles[] = {
  { .role = PATRON_ROLE_TARGET, .accepts = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY, .flags = PATRON_ROLE_REQUIRED,
    .help = N_("What is to be predicted: classes (churned or not) or a number (spend next year).") },
  { .role = PATRON_ROLE_FEATURE, .accepts = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_DATE,
    .flags = PATRON_ROLE_REQUIRED | PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST | PATRON_ROLE_KEEP_MISSING,
    .help = N_("What is known when the prediction is made.") },
  { .role = PATRON_ROLE_WEIGHT, .accepts = PATRON_ACCEPT_NUMERIC, .help = N_("How much each row counts.") },
  { .role = PATRON_N_ROLES }
};

/* ---- fitting ----------------------------------------------------------------------------------------------- */

void
patron_forest_draw (const PatronForest *forest, guint32 stream, PatronRandom *random, guint32 *counts)
{
  patron_random_init (random, forest->seed, stream);
  if (forest->n_drawn == 0)
    {
      for (gsize i = 0; i < forest->n_rows; i++)
        counts[i] = 1;
      return;
    }
  memset (counts, 0, sizeof (guint32) * forest->n_rows);
  for (gsize i = 0; i < forest->n_drawn; i++)
    counts[patron_random_below (random, forest->n_rows)]++;
}

typedef struct
{
  const PatronFitInput *input;
  PatronRun            *run;
  PatronForest         *forest;
  PatronTreeSpec        spec;
  double               *class_weights;   /* n_classes, or NULL */
  double                centre;          /* of y, regression */
  PatronTree           *trees;           /* n_trees */
  PatronTreeGrower    **growers;         /* workers */
  PatronTreeItem       *items;           /* workers × n */
  guint32              *counts;          /* workers × n */
  gsize                 n_trees;
  int                   done;            /* atomic */
  GError               *error;           /* the first */
} Fit;

static gsize
fill_items (const Fit *fit, const guint32 *counts, PatronTreeItem *items)
{
  const PatronFitInput *in = fit->input;
  gsize n = 0;
  for (gsize i = 0; i < in->x->n; i++)
    {
      double weight = counts[i];
      if (in->weights != NULL)
        weight *= in->weights[i];
      if (fit->class_weights != NULL)
        weight *= fit->class_weights[(gsize) in->y[i]];
      if (!((float) weight > 0))
        continue;
      items[n].row = i;
      items[n].weight = weight;
      if (fit->spec.n_classes > 0)
        items[n].class = (guint32) in->y[i];
      else
        items[n].y = in->y[i] - fit->centre;
      n++;
    }
  return n;
}

static void
grow_tree (Fit *fit, gsize t, int worker)
{
  gsize n = fit->input->x->n;
  PatronTreeItem *items = fit->items + (gsize) worker * n;
  guint32 *counts = fit->counts + (gsize) worker * n;
  PatronTree *tree = &fit->trees[t];
  PatronRandom random;
  GError *error = NULL;
  patron_forest_draw (fit->forest, t, &random, counts);
  gsize n_items = fill_items (fit, counts, items);
  if (n_items == 0)   /* only rows of weight 0 were drawn: then the tree has all rows */
    {
      for (gsize i = 0; i < n; i++)
        counts[i] = 1;
      n_items = fill_items (fit, counts, items);
    }
  if (!patron_tree_grow (fit->growers[worker], items, n_items, &random, tree, fit->run, &error))
    {
      patron_error_keep (&fit->error, error);
      return;
    }
  if (fit->spec.n_classes == 0)
    for (gsize v = 0; v < tree->n_values; v++)
      tree->values[v] += fit->centre;
}

/* One tree. Asked to stop early, the trees that are done make the forest. */
static void
grow_range (gsize begin, gsize end, int worker, gpointer data)
{
  Fit *fit = data;
  for (gsize t = begin; t < end; t++)
    {
      if (g_atomic_pointer_get (&fit->error) != NULL || (patron_run_stopping (fit->run) && g_atomic_int_get (&fit->done) > 0))
        return;
      grow_tree (fit, t, worker);
      int done = g_atomic_int_add (&fit->done, 1) + 1;
      if (worker == 0)
        patron_run_progress (fit->run, (double) done / fit->n_trees);
    }
}

static guint
features_tried (const Params *p, gboolean classes, gsize n_features)
{
  int choice = p->max_features != FEATURES_AUTO ? p->max_features : classes ? FEATURES_SQRT : FEATURES_THIRD;
  double tried = choice == FEATURES_SQRT    ? sqrt (n_features)
                 : choice == FEATURES_LOG2  ? log2 (n_features)
                 : choice == FEATURES_THIRD ? n_features / 3.0
                                            : n_features;
  return CLAMP ((guint) tried, 1, n_features);
}

/* As scikit-learn: n / (k · rows of the class), with the rows' own weights. */
static double *
balanced_weights (const PatronFitInput *in)
{
  double *weights = g_new0 (double, in->n_classes), total = 0;
  for (gsize i = 0; i < in->x->n; i++)
    {
      double weight = in->weights != NULL ? in->weights[i] : 1;
      weights[(gsize) in->y[i]] += weight;
      total += weight;
    }
  for (guint c = 0; c < in->n_classes; c++)
    weights[c] = weights[c] > 0 ? total / (in->n_classes * weights[c]) : 0;
  return weights;
}

static gboolean
check_input (const PatronFitInput *in, GError **error)
{
  double total = 0;
  for (gsize i = 0; i < in->x->n; i++)
    total += in->weights != NULL ? MAX (in->weights[i], 0) : 1;
  if (in->x->n < 2 || !(total > 0))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                 ngettext ("A random forest needs at least 2 rows with a weight above 0; there is %zu row to train on.",
                           "A random forest needs at least 2 rows with a weight above 0; there are %zu rows to train "
                           "on.", in->x->n),
                 in->x->n);
  else if (in->x->p == 0 || in->x->p >= PATRON_TREE_LEAF)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                 _("The features make %zu columns; a random forest takes 1 to %d. Leave out columns with very many categories."),
                 in->x->p, PATRON_TREE_LEAF - 1);
  else
    return TRUE;
  return FALSE;
}

static gboolean
fit_init (Fit *fit, const Params *p, GError **error)
{
  const PatronFitInput *in = fit->input;
  gboolean classes = in->task == PATRON_TASK_CLASSIFICATION;
  int workers = patron_parallel_workers (fit->run);
  const char *purpose = _("growing the trees");
  gsize per_worker = in->x->n;
  fit->spec.p = in->x->p;
  fit->spec.bins = &fit->forest->bins;
  fit->spec.n_classes = classes ? in->n_classes : 0;
  fit->spec.criterion = !classes ? PATRON_SPLIT_VARIANCE : p->criterion == CRITERION_GINI ? PATRON_SPLIT_GINI : PATRON_SPLIT_ENTROPY;
  fit->spec.max_depth = p->max_depth == PATRON_AUTO_INT ? G_MAXUINT : (guint) p->max_depth;
  fit->spec.min_split = p->min_samples_split;
  fit->spec.min_leaf = p->min_samples_leaf;
  fit->spec.max_features = features_tried (p, classes, in->x->p);
  fit->n_trees = p->n_estimators;
  if (classes && p->class_weight == WEIGHT_BALANCED)
    fit->class_weights = balanced_weights (in);
  for (gsize i = 0; !classes && i < in->x->n; i++)
    fit->centre += in->y[i] / in->x->n;
  fit->growers = g_new0 (PatronTreeGrower *, workers + 1);
  for (int w = 0; w < workers; w++)
    if ((fit->growers[w] = patron_tree_grower_new (&fit->spec, per_worker, error)) == NULL)
      return FALSE;
  return (fit->trees = patron_try_alloc0 (fit->n_trees, sizeof (PatronTree), purpose, error)) != NULL
         && (fit->items = patron_try_alloc (per_worker * workers, sizeof (PatronTreeItem), purpose, error)) != NULL
         && (fit->counts = patron_try_alloc (per_worker * workers, sizeof (guint32), purpose, error)) != NULL;
}

static void
fit_clear (Fit *fit)
{
  for (int w = 0; fit->growers != NULL && w < patron_parallel_workers (fit->run); w++)
    patron_tree_grower_free (fit->growers[w]);
  for (gsize t = 0; fit->trees != NULL && t < fit->n_trees; t++)
    patron_tree_clear (&fit->trees[t]);
  g_free (fit->growers);
  g_free (fit->class_weights);
  patron_free (fit->trees);
  patron_free (fit->items);
  patron_free (fit->counts);
}

/* Keeps the trees that were grown: all of them unless the run was stopped early. */
static gsize
keep_grown (Fit *fit, guint32 *streams)
{
  gsize kept = 0;
  for (gsize t = 0; t < fit->n_trees; t++)
    if (fit->trees[t].n_nodes > 0)
      {
        PatronTree tree = fit->trees[t];
        memset (&fit->trees[t], 0, sizeof tree);
        fit->trees[kept] = tree;
        streams[kept++] = t;
      }
  return kept;
}

/* Mean over the trees of each one's shares, as in scikit-learn. */
static void
average_importance (const Fit *fit, gsize n_trees, double *importance)
{
  gsize p = fit->spec.p;
  double all = 0;
  memset (importance, 0, sizeof (double) * p);
  for (gsize t = 0; t < n_trees; t++)
    {
      double total = 0;
      for (gsize j = 0; j < p; j++)
        total += fit->trees[t].importance[j];
      for (gsize j = 0; j < p && total > 0; j++)
        importance[j] += fit->trees[t].importance[j] / total;
    }
  for (gsize j = 0; j < p; j++)
    all += importance[j];
  for (gsize j = 0; j < p && all > 0; j++)
    importance[j] /= all;
}

static gboolean
grow_all (Fit *fit, GError **error)
{
  if (!patron_parallel_for (fit->run, fit->n_trees, 1, grow_range, fit))
    {
      g_clear_error (&fit->error);
      return patron_run_check (fit->run, error);
    }
  if (fit->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&fit->error));
  return FALSE;
}

static gboolean
finish (Fit *fit, GError **error)
{
  PatronForest *forest = fit->forest;
  forest->streams = patron_try_alloc (fit->n_trees, sizeof (guint32), _("growing the trees"), error);
  if (forest->streams == NULL)
    return FALSE;
  forest->n_streams = keep_grown (fit, forest->streams);
  forest->n_importance = fit->spec.p;
  forest->importance = patron_try_alloc (fit->spec.p, sizeof (double), _("growing the trees"), error);
  if (forest->importance == NULL)
    return FALSE;
  average_importance (fit, forest->n_streams, forest->importance);
  return patron_trees_join (&forest->trees, fit->trees, forest->n_streams, MAX (fit->spec.n_classes, 1), error);
}

static void
clear (gpointer state)
{
  PatronForest *forest = state;
  patron_bins_clear (&forest->bins);
  patron_trees_clear (&forest->trees);
  patron_free (forest->streams);
  patron_free (forest->importance);
  forest->streams = NULL;
  forest->importance = NULL;
}

static gpointer
fit (const PatronFitInput *input, gconstpointer values, PatronRun *run, GError **error)
{
  const Params *p = values;
  if (!check_input (input, error))
    return NULL;
  PatronForest *forest = g_new0 (PatronForest, 1);
  forest->classes = input->task == PATRON_TASK_CLASSIFICATION;
  forest->seed = (gint64) patron_run_get_seed (run);
  forest->n_rows = input->x->n;
  if (p->bootstrap)
    forest->n_drawn = isnan (p->max_samples) ? input->x->n : MAX ((gsize) round (p->max_samples * input->x->n), 1);
  PatronCodes codes = { 0 };
  Fit work = { .input = input, .run = run, .forest = forest, .spec = { .codes = &codes } };
  gboolean fine = patron_bins_fit (&forest->bins, input->x, run, error) && patron_bins_apply (&forest->bins, input->x, &codes, run, error)
                  && fit_init (&work, p, error) && grow_all (&work, error) && finish (&work, error);
  fit_clear (&work);
  patron_codes_clear (&codes);
  if (fine)
    return forest;
  clear (forest);
  g_free (forest);
  return NULL;
}

/* ---- predicting -------------------------------------------------------------------------------------------- */

#define PREDICT_ROWS 512

typedef struct
{
  const PatronForest *forest;
  const PatronMatrix *x;
  double             *out;
  gsize               stride;
  guint8             *codes;    /* workers × PREDICT_ROWS × stride */
  double             *sums;     /* workers × PREDICT_ROWS × outputs */
} Predict;

static void
predict_rows (gsize begin, gsize end, int worker, gpointer data)
{
  Predict *predict = data;
  const PatronTrees *trees = &predict->forest->trees;
  gsize k = trees->n_outputs, n = end - begin;
  guint8 *codes = predict->codes + (gsize) worker * PREDICT_ROWS * predict->stride;
  double *sums = predict->sums + (gsize) worker * PREDICT_ROWS * k;
  patron_bins_apply_rows (&predict->forest->bins, predict->x, begin, end, predict->stride, codes);
  memset (sums, 0, sizeof (double) * n * k);
  patron_trees_add (trees, 0, trees->n_trees, codes, predict->stride, n, sums);
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < k; c++)
      predict->out[c * predict->x->n + begin + i] = sums[i * k + c] / trees->n_trees;
}

static gboolean
predict (gconstpointer state, const PatronMatrix *x, double *out, PatronRun *run, GError **error)
{
  const PatronForest *forest = state;
  gsize workers = patron_parallel_workers (run), stride = patron_codes_stride (forest->bins.p);
  if (x->p != forest->bins.p)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                   _("The forest was grown on %zu columns and cannot predict from %zu."), forest->bins.p, x->p);
      return FALSE;
    }
  Predict work = { .forest = forest, .x = x, .out = out, .stride = stride };
  work.codes = patron_try_alloc (workers * PREDICT_ROWS, stride, _("predicting"), error);
  if (work.codes != NULL)
    work.sums = patron_try_alloc (workers * PREDICT_ROWS, forest->trees.n_outputs * sizeof (double), _("predicting"), error);
  gboolean fine = work.sums != NULL;
  if (fine && !patron_parallel_for (run, x->n, PREDICT_ROWS, predict_rows, &work))
    fine = patron_run_check (run, error);
  patron_free (work.codes);
  patron_free (work.sums);
  return fine;
}

/* ---- keeping ----------------------------------------------------------------------------------------------- */

static void
visit (gpointer state, PatronVisitor *visitor)
{
  PatronForest *forest = state;
  patron_visit_bool (visitor, "classes", &forest->classes);
  patron_visit_int64 (visitor, "seed", &forest->seed);
  patron_visit_size (visitor, "rows", &forest->n_rows);
  patron_visit_size (visitor, "drawn", &forest->n_drawn);
  patron_bins_visit (&forest->bins, visitor);
  patron_trees_visit (&forest->trees, forest->bins.p, visitor);
  gboolean fine = patron_visit_array (visitor, "streams", (gpointer *) &forest->streams, &forest->n_streams, sizeof (guint32))
                  && patron_visit_array (visitor, "importance", (gpointer *) &forest->importance, &forest->n_importance, sizeof (double));
  if (fine && (forest->n_streams != forest->trees.n_trees || forest->n_importance != forest->bins.p
               || (!forest->classes && forest->trees.n_outputs != 1)))
    patron_visitor_fail (visitor, "forest");
}

static void
cost (gsize n_rows, gsize n_columns, gconstpointer values, double *bytes, double *seconds)
{
  const Params *p = values;
  double depth = log2 (MAX (n_rows, 2)) + 2, tried = p->max_features == FEATURES_ALL ? n_columns : sqrt (n_columns);
  if (p->max_depth != PATRON_AUTO_INT)
    depth = MIN (depth, p->max_depth);
  *bytes = (double) n_rows * (n_columns + 60) + (double) p->n_estimators * MIN (n_rows * 0.6, exp2 (depth)) * 16;
  *seconds = (double) p->n_estimators * n_rows * depth * (tried + 2) * 4e-9;
}

static const PatronModelClass model = {
  .tasks = PATRON_TASK_CLASSIFICATION | PATRON_TASK_REGRESSION,
  .missing = PATRON_MISSING_NATIVE,
  /* Codes by frequency: quicker than indicators, a category stays one column among those drawn, and a tree can still single out any
   * level by two cuts. New categories go with the most frequent one. */
  .encoding = PATRON_ENCODE_CODES,
  .weights = true,
  .fit = fit,
  .predict = predict,
  .explain = patron_forest_explain,
  .visit = visit,
  .clear = clear,
  .state_size = sizeof (PatronForest),
};

const PatronOp patron_op_random_forest = {
  .id = "random-forest",
  .kind = PATRON_OP_MODEL,
  .title = N_("Random forest"),
  .question = N_("Who will do it, or how much will it be, and what does that depend on?"),
  .summary = N_("Predicts a class or a number by the average of many decision trees, and says which columns matter."),
  .help = N_("Each tree is grown on rows drawn at random and asks, at every step, the best question about a few columns drawn at "
             "random. The forest's "
             "answer is the mean of its trees. It needs no tuning to be good, copes with outliers, missing values, curved and joint "
             "effects, and does not "
             "mind columns that say nothing.\n\n"
             "Importance is measured by shuffling a column and seeing how much worse the forest becomes on rows its trees had not "
             "seen. Columns that "
             "say the same share their importance. What the forest finds is association, not cause.\n\n"
             "It cannot predict numbers beyond those it was trained on; for a trend that goes on, use a regression."),
  .reference = "Breiman (2001), Random forests, Machine Learning 45.",
  .params = params,
  .params_size = sizeof (Params),
  .stops = true,
  .roles = roles,
  .cost = cost,
  .model = &model,
};
