/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/boosting-model.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"

extern const PatronOp patron_op_gradient_boosting;

/* Fewer rows aside than this cannot tell one number of trees from another. */
#define MIN_ASIDE 20
#define AUTO_ROUNDS 2000        /* with early stopping … */
#define FIXED_ROUNDS 100        /* … and without */

static const PatronChoice loss_choices[] = {
  { "squared", N_("Squared error: the mean is predicted") },
  { "absolute", N_("Absolute error: the median is predicted, extreme values pull less") },
  { "poisson", N_("Poisson: for counts and amounts that are never negative") },
  { NULL }
};

static gboolean
stops_early (gconstpointer values)
{
  return ((const PatronBoostingParams *) values)->n_iter_no_change > 0;
}

static const PatronParam params[] = {
  PATRON_PARAM_INT (PatronBoostingParams, n_estimators, .label = N_("Trees, at most"),
                    .help = N_("Each tree corrects those before it, so too many learn the rows by heart; early stopping ends before that. "
                               "For more classes than two, so many for each class."),
                    .def = PATRON_AUTO, .min = 1, .max = 100000, .low = 50, .high = 1000, .step = 50,
                    .automatic = N_("as many as serve best")),
  PATRON_PARAM_DOUBLE (PatronBoostingParams, learning_rate, .label = N_("Learning rate"),
                       .help = N_("How much of its correction each tree makes. Smaller needs more trees and is often a little better. "
                                  "Automatic is 0.05 up to 20,000 rows, then 0.1."),
                       .def = PATRON_AUTO, .min = 0.0001, .max = 1, .low = 0.01, .high = 0.3, .step = 0.01, .log = true,
                       .automatic = N_("by the number of rows")),
  PATRON_PARAM_INT (PatronBoostingParams, max_leaf_nodes, .label = N_("Leaves of a tree, at most"),
                    .help = N_("More leaves find finer joint effects and need more rows. Automatic is 4 to 31, growing with the number of rows."),
                    .def = PATRON_AUTO, .min = 2, .max = 4096, .low = 4, .high = 127, .log = true, .automatic = N_("by the number of rows")),
  PATRON_PARAM_INT (PatronBoostingParams, max_depth, .label = N_("Greatest depth"),
                    .help = N_("Questions from the root of a tree to a leaf, at most. With 1, columns act each by itself; with 2, in pairs."),
                    .def = PATRON_AUTO, .min = 1, .max = 10000, .low = 1, .high = 12, .automatic = N_("no limit")),
  PATRON_PARAM_INT (PatronBoostingParams, min_samples_leaf, .label = N_("Rows in a leaf, at least"),
                    .help = N_("Larger leaves are steadier; try 50 to 200 when there is much noise."), .def = 20, .min = 1, .max = 1e9, .low = 5,
                    .high = 200, .log = true),
  PATRON_PARAM_CHOICE (PatronBoostingParams, loss, .label = N_("Error to make small"),
                       .help = N_("For numbers only; classes are predicted by their probability (log loss)."), .choices = loss_choices,
                       .def = PATRON_LOSS_SQUARED),
  PATRON_PARAM_INT (PatronBoostingParams, n_iter_no_change, .label = N_("Trees without gain before stopping"),
                    .help = N_("Growing stops when so many trees in a row made the rows kept aside no better predicted, and the best number of "
                               "trees is kept. With 0, all trees are grown from all rows."),
                    .def = 30, .min = 0, .max = 100000, .low = 5, .high = 100),
  PATRON_PARAM_DOUBLE (PatronBoostingParams, validation_fraction, .label = N_("Rows kept aside"),
                       .help = N_("As a share of the training rows: they are not learnt from but say when to stop. Automatic is a tenth, but at "
                                  "least 100 rows where that is no more than a quarter."),
                       .def = PATRON_AUTO, .min = 0.01, .max = 0.5, .low = 0.05, .high = 0.3, .automatic = N_("a tenth, of few rows more"),
                       .relevant = stops_early, .advanced = true),
  PATRON_PARAM_DOUBLE (PatronBoostingParams, l2_regularization, .label = N_("Shrinking of leaves (L2)"),
                       .help = N_("Pulls the values of leaves with few rows towards 0. Larger is more careful."), .def = 1, .min = 0, .max = 1e6,
                       .low = 0.01, .high = 100, .log = true, .advanced = true),
  PATRON_PARAM_DOUBLE (PatronBoostingParams, subsample, .label = N_("Rows drawn for a tree"),
                       .help = N_("As a share of the rows, drawn anew for each tree. Less than 1 makes the trees more different and guards "
                                  "against noise; 0.5 to 0.8 is usual."),
                       .def = 1, .min = 0.01, .max = 1, .low = 0.3, .high = 1, .step = 0.05, .advanced = true),
  PATRON_PARAM_DOUBLE (PatronBoostingParams, colsample, .label = N_("Columns drawn for a tree"),
                       .help = N_("As a share of the columns. Less than 1 helps when there are many columns that say the same, and is quicker."),
                       .def = 1, .min = 0.01, .max = 1, .low = 0.3, .high = 1, .step = 0.05, .advanced = true),
  PATRON_PARAM_DOUBLE (PatronBoostingParams, min_child_weight, .label = N_("Curvature in a leaf, at least"),
                       .help = N_("The sum of the loss's second derivatives over a leaf's rows. For classes it is large where the prediction is "
                                  "unsure; larger values keep leaves from hunting the last sure rows."),
                       .def = 0.001, .min = 0, .max = 1e9, .low = 0.001, .high = 100, .log = true, .advanced = true),
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

static gboolean
check_input (const PatronFitInput *in, PatronBoostingLoss loss, GError **error)
{
  double total = 0, sum = 0, lowest = 0;
  for (gsize i = 0; i < in->x->n; i++)
    {
      double weight = in->weights != NULL ? in->weights[i] : 1;
      if (!(weight > 0))
        continue;
      total += weight;
      sum += in->y[i];
      lowest = MIN (lowest, in->y[i]);
    }
  if (in->x->n < 2 || !(total > 0))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                 ngettext ("Gradient boosting needs at least 2 rows with a weight above 0; there is %zu row to train on.",
                           "Gradient boosting needs at least 2 rows with a weight above 0; there are %zu rows to train on.", in->x->n),
                 in->x->n);
  else if (in->x->p == 0 || in->x->p >= PATRON_TREE_LEAF)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                 _("The features make %zu columns; gradient boosting takes 1 to %d. Leave out columns with very many categories."), in->x->p,
                 PATRON_TREE_LEAF - 1);
  else if (loss == PATRON_LOSS_POISSON && lowest < 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                 _("The Poisson error is for numbers that are never negative; the target holds %g. Choose the squared or absolute error."), lowest);
  else if (loss == PATRON_LOSS_POISSON && !(sum > 0))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                 _("The Poisson error needs numbers above 0; all values of the target are 0. Choose the squared or absolute error."));
  else
    return TRUE;
  return FALSE;
}

/* The automatic values. */
static PatronBoostingSpec
make_spec (const PatronFitInput *in, const PatronBoostingParams *p, guint64 seed)
{
  double n = in->x->n;
  gboolean classes = in->task == PATRON_TASK_CLASSIFICATION;
  double aside = isnan (p->validation_fraction) ? CLAMP (100 / n, 0.1, 0.25) : p->validation_fraction;
  if (p->n_iter_no_change == 0 || aside * n < MIN_ASIDE)
    aside = 0;
  return (PatronBoostingSpec) {
    .loss = classes ? PATRON_LOSS_CLASSES : (PatronBoostingLoss) p->loss,
    .n_classes = classes ? in->n_classes : 0,
    .max_rounds = p->n_estimators != PATRON_AUTO_INT ? p->n_estimators : aside > 0 ? AUTO_ROUNDS : FIXED_ROUNDS,
    .learning_rate = !isnan (p->learning_rate) ? p->learning_rate : n <= 20000 ? 0.05 : 0.1,
    .max_leaves = p->max_leaf_nodes != PATRON_AUTO_INT ? p->max_leaf_nodes : (int) CLAMP (sqrt (n) / 8, 4, 31),
    .max_depth = p->max_depth != PATRON_AUTO_INT ? (guint) p->max_depth : G_MAXUINT,
    .min_rows = p->min_samples_leaf,
    .min_hessian = p->min_child_weight,
    .l2 = p->l2_regularization,
    .row_share = p->subsample,
    .column_share = p->colsample,
    .validation_share = aside,
    .patience = p->n_iter_no_change,
    .seed = seed,
  };
}

static void
clear (gpointer state)
{
  PatronBoostingModel *model = state;
  patron_bins_clear (&model->bins);
  patron_boosting_clear (&model->boosting);
}

static gpointer
fit (const PatronFitInput *input, gconstpointer values, PatronRun *run, GError **error)
{
  PatronBoostingSpec spec = make_spec (input, values, patron_run_get_seed (run));
  if (!check_input (input, spec.loss, error))
    return NULL;
  PatronBoostingModel *model = g_new0 (PatronBoostingModel, 1);
  model->loss = spec.loss;
  model->n_classes = spec.n_classes;
  model->max_rounds = spec.max_rounds;
  model->learning_rate = spec.learning_rate;
  if (patron_bins_fit (&model->bins, input->x, run, error)
      && patron_boosting_fit (&model->boosting, &spec, &model->bins, input->x, input->y, input->weights, run, error))
    return model;
  clear (model);
  g_free (model);
  return NULL;
}

/* ---- predicting -------------------------------------------------------------------------------------------- */

#define PREDICT_ROWS 512

guint
patron_boosting_model_outputs (const PatronBoostingModel *model)
{
  return MAX (model->n_classes, 1);
}

void
patron_boosting_model_predict (const PatronBoostingModel *model, const guint8 *codes, gsize stride, gsize n, double *scores, double *out)
{
  patron_boosting_score (&model->boosting, codes, stride, n, scores);
  patron_boosting_link (model->loss, model->n_classes, n, scores, out);
}

typedef struct
{
  const PatronBoostingModel *model;
  const PatronMatrix        *x;
  double                    *out;
  gsize                      stride;
  guint8                    *codes;      /* workers × PREDICT_ROWS × stride */
  double                    *scores;     /* workers × 2 × PREDICT_ROWS × outputs */
} Predict;

static void
predict_rows (gsize begin, gsize end, int worker, gpointer data)
{
  Predict *predict = data;
  gsize k = patron_boosting_model_outputs (predict->model), n = end - begin;
  guint8 *codes = predict->codes + (gsize) worker * PREDICT_ROWS * predict->stride;
  double *scores = predict->scores + (gsize) worker * 2 * PREDICT_ROWS * k, *predicted = scores + PREDICT_ROWS * k;
  patron_bins_apply_rows (&predict->model->bins, predict->x, begin, end, predict->stride, codes);
  patron_boosting_model_predict (predict->model, codes, predict->stride, n, scores, predicted);
  for (gsize c = 0; c < k; c++)
    memcpy (predict->out + c * predict->x->n + begin, predicted + c * n, sizeof (double) * n);
}

static gboolean
predict (gconstpointer state, const PatronMatrix *x, double *out, PatronRun *run, GError **error)
{
  const PatronBoostingModel *model = state;
  gsize workers = patron_parallel_workers (run), stride = patron_codes_stride (model->bins.p);
  if (x->p != model->bins.p)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The trees were grown on %zu columns and cannot predict from %zu."), model->bins.p, x->p);
      return FALSE;
    }
  Predict work = { .model = model, .x = x, .out = out, .stride = stride };
  work.codes = patron_try_alloc0 (workers * PREDICT_ROWS, stride, _("predicting"), error);
  if (work.codes != NULL)
    work.scores = patron_try_alloc (workers * 2 * PREDICT_ROWS, patron_boosting_model_outputs (model) * sizeof (double), _("predicting"), error);
  gboolean fine = work.scores != NULL;
  if (fine && !patron_parallel_for (run, x->n, PREDICT_ROWS, predict_rows, &work))
    fine = patron_run_check (run, error);
  patron_free (work.codes);
  patron_free (work.scores);
  return fine;
}

/* ---- keeping ----------------------------------------------------------------------------------------------- */

static gboolean
is_sound (const PatronBoostingModel *model, gsize n_base, gsize n_validation)
{
  const PatronBoosting *b = &model->boosting;
  gsize outputs = model->n_classes > 2 ? model->n_classes : 1;
  gboolean classes = model->loss == PATRON_LOSS_CLASSES;
  if (model->loss < 0 || model->loss >= PATRON_N_LOSSES || classes != (model->n_classes >= 2) || model->n_classes > G_MAXINT)
    return FALSE;
  if (b->n_outputs != outputs || n_base != outputs || b->n_columns != model->bins.p || n_validation != b->n_curve)
    return FALSE;
  if (b->rounds > 0 && (b->trees.n_outputs != 1 || b->trees.n_trees % outputs != 0 || b->trees.n_trees / outputs != b->rounds))
    return FALSE;
  for (gsize c = 0; c < outputs; c++)
    if (!isfinite (b->base[c]))
      return FALSE;
  return b->rounds < MAX (b->n_curve, 1);
}

static void
visit (gpointer state, PatronVisitor *visitor)
{
  PatronBoostingModel *model = state;
  PatronBoosting *b = &model->boosting;
  gsize n_base = b->n_outputs, n_validation = b->n_curve;
  patron_visit_int (visitor, "loss", &model->loss);
  patron_visit_size (visitor, "classes", &model->n_classes);
  patron_visit_int (visitor, "allowed", &model->max_rounds);
  patron_visit_double (visitor, "rate", &model->learning_rate);
  patron_bins_visit (&model->bins, visitor);
  patron_visit_size (visitor, "outputs", &b->n_outputs);
  patron_visit_size (visitor, "rounds", &b->rounds);
  patron_visit_size (visitor, "training", &b->n_training);
  gboolean fine = patron_visit_size (visitor, "aside", &b->n_validation)
                  && patron_visit_array (visitor, "base", (gpointer *) &b->base, &n_base, sizeof (double))
                  && patron_visit_array (visitor, "importance", (gpointer *) &b->importance, &b->n_columns, sizeof (double))
                  && patron_visit_array (visitor, "training-loss", (gpointer *) &b->training, &b->n_curve, sizeof (double))
                  && patron_visit_array (visitor, "validation-loss", (gpointer *) &b->validation, &n_validation, sizeof (double));
  if (fine && b->rounds > 0)
    patron_trees_visit (&b->trees, model->bins.p, visitor);
  if (fine && !is_sound (model, n_base, n_validation))
    patron_visitor_fail (visitor, "boosting");
}

static void
cost (gsize n_rows, gsize n_columns, gconstpointer values, double *bytes, double *seconds)
{
  const PatronBoostingParams *p = values;
  double trees = p->n_estimators != PATRON_AUTO_INT ? p->n_estimators : 200, leaves = p->max_leaf_nodes != PATRON_AUTO_INT ? p->max_leaf_nodes : 31;
  *bytes = (double) n_rows * (n_columns + 60) + leaves * n_columns * 4096;
  *seconds = trees * (n_rows * (n_columns * p->subsample * p->colsample + 8) * (1 + log2 (leaves) / 2) * 1e-9 + leaves * n_columns * 1e-6);
}

static const PatronModelClass model_class = {
  .tasks = PATRON_TASK_CLASSIFICATION | PATRON_TASK_REGRESSION,
  .missing = PATRON_MISSING_NATIVE,
  /* As in the forest: codes by frequency; two cuts single out any level. New categories go with the most frequent one. */
  .encoding = PATRON_ENCODE_CODES,
  .weights = true,
  .fit = fit,
  .predict = predict,
  .explain = patron_boosting_explain,
  .visit = visit,
  .clear = clear,
  .state_size = sizeof (PatronBoostingModel),
};

const PatronOp patron_op_gradient_boosting = {
  .id = "gradient-boosting",
  .kind = PATRON_OP_MODEL,
  .title = N_("Gradient boosting"),
  .question = N_("Who will do it, or how much will it be?"),
  .summary = N_("Predicts a class or a number by trees that each correct those before; usually the most accurate method for tables."),
  .help = N_("The first tree is grown on what a plain average gets wrong, the next on what is still wrong, and so on; each makes only a small part "
             "of its correction. Some rows are kept aside, and growing stops when these are no longer predicted better. It needs no scaling, copes "
             "with outliers, curved and joint effects, and sends missing values to the side of each question where they serve best.\n\n"
             "Compared with a random forest it is usually a little more accurate, and more easily misled when there are few rows or wrong targets. "
             "Start from the automatic settings; if something is to be tuned, try a smaller learning rate, then the number of leaves.\n\n"
             "Importance is what a column's questions gained, and what shuffling it costs. Columns that say the same share their importance. "
             "What is found is association, not cause. It cannot predict numbers beyond those it was trained on; for a trend that goes on, use "
             "a regression."),
  .reference = "Friedman (2001), Greedy function approximation: a gradient boosting machine, Annals of Statistics 29; "
               "Chen and Guestrin (2016), XGBoost: a scalable tree boosting system, KDD.",
  .params = params,
  .params_size = sizeof (PatronBoostingParams),
  .stops = true,
  .roles = roles,
  .cost = cost,
  .model = &model_class,
};
