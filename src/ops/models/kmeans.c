/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/kmeans.h"

#include "base/memory.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const PatronChoice scales[] = {
  { "none", N_("None: the numbers as they are") }, { "standard", N_("Standard: mean 0, deviation 1") },
  { "robust", N_("Robust: median 0, quartiles 1 apart") }, { "minmax", N_("Range: 0 to 1") }, { NULL },
};

static const PatronChoice log_choices[] = {
  { "automatic", N_("Automatic: where skewed") }, { "never", N_("Never") }, { "always", N_("Always: all amounts") }, { NULL },
};

static const PatronParam kmeans_params[] = {
  PATRON_PARAM_INT (PatronKMeansParams, n_clusters, .label = N_("Groups"), .help = N_("How many groups to make."), .def = PATRON_AUTO, .min = 2,
                    .max = 1000, .low = 2, .high = 10, .automatic = N_("2 to 10 are tried and the one with the highest silhouette is taken")),
  PATRON_PARAM_CHOICE (PatronKMeansParams, scale, .label = N_("Scaling"),
                       .help = N_("Brings columns of different units to one scale, so that none decides the groups by its unit alone."),
                       .choices = scales, .def = PATRON_SCALE_STANDARD),
  PATRON_PARAM_CHOICE (PatronKMeansParams, log_skewed, .label = N_("Logarithms"),
                       .help = N_("Take the logarithm of amounts, so that a few very large values do not make groups of their own. Automatic: columns "
                                  "without negative values whose skewness is above 1, unless the scale is none."),
                       .choices = log_choices, .def = PATRON_LOG_AUTOMATIC),
  PATRON_PARAM_INT (PatronKMeansParams, n_init, .label = N_("Restarts"),
                    .help = N_("How often to start anew; the best result is kept. More restarts find better groups and take longer."), .def = 10,
                    .min = 1, .max = 1000, .low = 1, .high = 50, .advanced = true),
  PATRON_PARAM_INT (PatronKMeansParams, max_iter, .label = N_("Iterations at most"), .help = N_("For each start. It seldom needs a hundred."), .def = 300,
                    .min = 1, .max = 100000, .low = 10, .high = 1000, .log = true, .advanced = true),
  PATRON_PARAM_DOUBLE (PatronKMeansParams, tol, .label = N_("Tolerance"),
                       .help = N_("Stop when the centres move less than this share of the variance. 0: only when no row changes group."), .def = 1e-4,
                       .min = 0, .max = 1, .low = 1e-6, .high = 1e-2, .log = true, .advanced = true),
  PATRON_PARAM_END
};

gboolean
patron_scaled_rows_init (PatronScaledRows *rows, const PatronTransform *transform, const PatronMatrix *x, PatronRun *run, GError **error)
{
  memset (rows, 0, sizeof *rows);
  rows->block = patron_transform_apply (transform, x, run, error);
  if (rows->block == NULL)
    return FALSE;
  rows->pointers = g_new (const double *, x->p + 1);
  for (gsize j = 0; j < x->p; j++)
    rows->pointers[j] = rows->block + j * x->n;
  rows->columns = (PatronColumns) { x->n, x->p, rows->pointers };
  return TRUE;
}

void
patron_scaled_rows_clear (PatronScaledRows *rows)
{
  g_clear_pointer (&rows->block, patron_free);
  g_clear_pointer (&rows->pointers, g_free);
}

/* ---- fit ---------------------------------------------------------------------------------------------------- */

typedef struct
{
  gsize index, size;
} GroupSize;

static int
compare_sizes (const void *a, const void *b)
{
  const GroupSize *x = a, *y = b;
  return x->size != y->size ? (x->size < y->size ? 1 : -1) : (x->index > y->index) - (x->index < y->index);
}

/* Centres in the order of the sizes of their groups, so that group 1 is the largest. */
static gboolean
keep_result (PatronKMeansModel *model, const PatronKMeansResult *result, gsize n, gsize p, GError **error)
{
  g_autofree GroupSize *sizes = g_new0 (GroupSize, result->k);

  model->k = result->k;
  model->inertia = result->inertia;
  model->n_iter = result->n_iter;
  model->converged = result->converged;
  model->centres = patron_try_alloc (result->k * p, sizeof (double), _("the groups"), error);
  if (model->centres == NULL)
    return FALSE;
  for (gsize c = 0; c < result->k; c++)
    sizes[c].index = c;
  for (gsize i = 0; i < n; i++)
    sizes[result->labels[i]].size++;
  qsort (sizes, result->k, sizeof *sizes, compare_sizes);
  for (gsize c = 0; c < result->k; c++)
    memcpy (model->centres + c * p, result->centres + sizes[c].index * p, p * sizeof (double));
  return TRUE;
}

static gboolean
choose_size (PatronKMeansModel *model, const PatronColumns *x, const PatronKMeansParams *params, gsize *k, PatronRun *run, GError **error)
{
  model->trials = patron_try_alloc0 (PATRON_KMEANS_MAX_TRIALS, sizeof *model->trials, _("the groups"), error);
  if (model->trials == NULL || !patron_kmeans_try_sizes (x, params, model->trials, &model->n_trials, run, error))
    return FALSE;
  const PatronKMeansTrial *best = patron_kmeans_best_trial (model->trials, model->n_trials);
  *k = best != NULL ? (gsize) best->k : 1;
  return TRUE;
}

static gboolean
fit_rows (PatronKMeansModel *model, const PatronScaledRows *rows, const PatronKMeansParams *params, PatronRun *run, GError **error)
{
  const PatronColumns *x = &rows->columns;
  gsize k = (gsize) params->n_clusters;
  PatronKMeansResult result;

  if (params->n_clusters == PATRON_AUTO_INT && !choose_size (model, x, params, &k, run, error))
    return FALSE;
  if (x->n < k || x->n < 2)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("%zu groups cannot be made of %zu rows."), MAX (k, 2), x->n);
      return FALSE;
    }
  g_autoptr (PatronKMeans) kmeans = patron_kmeans_new (x, run, error);
  if (kmeans == NULL
      || !patron_kmeans_fit (kmeans, k, params->n_init, params->max_iter, params->tol, patron_run_get_seed (run), 0, &result, run, error))
    return FALSE;
  const gboolean done = keep_result (model, &result, x->n, x->p, error);
  patron_kmeans_result_clear (&result);
  return done;
}

static void
kmeans_clear (gpointer data)
{
  PatronKMeansModel *model = data;

  patron_transform_clear (&model->transform);
  patron_free (model->centres);
  patron_free (model->trials);
}

static gpointer
kmeans_fit (const PatronFitInput *input, gconstpointer data, PatronRun *run, GError **error)
{
  const PatronKMeansParams *params = data;
  PatronKMeansModel *model = g_new0 (PatronKMeansModel, 1);
  PatronScaledRows rows;

  if (patron_transform_learn (&model->transform, input->design, input->x, (PatronScale) params->scale, (PatronLogChoice) params->log_skewed, run, error)
      && patron_scaled_rows_init (&rows, &model->transform, input->x, run, error))
    {
      const gboolean done = fit_rows (model, &rows, params, run, error);
      patron_scaled_rows_clear (&rows);
      if (done)
        return model;
    }
  kmeans_clear (model);
  g_free (model);
  return NULL;
}

static gboolean
kmeans_predict (gconstpointer data, const PatronMatrix *x, double *out, PatronRun *run, GError **error)
{
  const PatronKMeansModel *model = data;
  PatronScaledRows rows;

  if (!patron_scaled_rows_init (&rows, &model->transform, x, run, error))
    return FALSE;
  gint32 *labels = patron_try_alloc (x->n, sizeof *labels, _("the groups"), error);
  const gboolean done = labels != NULL && patron_kmeans_assign (&rows.columns, model->centres, model->k, labels, NULL, run, error);
  for (gsize i = 0; done && i < x->n; i++)
    out[i] = labels[i];
  patron_free (labels);
  patron_scaled_rows_clear (&rows);
  return done;
}

static void
kmeans_visit (gpointer data, PatronVisitor *visitor)
{
  PatronKMeansModel *model = data;
  gsize n_centres = model->k * model->transform.p;

  patron_transform_visit (&model->transform, visitor);
  patron_visit_size (visitor, "k", &model->k);
  patron_visit_array (visitor, "centres", (gpointer *) &model->centres, &n_centres, sizeof (double));
  patron_visit_double (visitor, "inertia", &model->inertia);
  patron_visit_int (visitor, "n-iter", &model->n_iter);
  patron_visit_bool (visitor, "converged", &model->converged);
  patron_visit_array (visitor, "trials", (gpointer *) &model->trials, &model->n_trials, sizeof (PatronKMeansTrial));
  if (patron_visitor_is_loading (visitor)
      && (model->k == 0 || model->transform.p == 0 || n_centres / model->k != model->transform.p || n_centres % model->k != 0))
    patron_visitor_fail (visitor, "centres of the wrong size");
}

/* ---- the descriptor ----------------------------------------------------------------------------------------- */

static char *
kmeans_check (const PatronInput *input, gconstpointer data)
{
  const PatronKMeansParams *params = data;
  const gsize n = patron_table_n_rows (input->table);

  if (params->n_clusters != PATRON_AUTO_INT && n < (gsize) params->n_clusters)
    return g_strdup_printf (_("%d groups cannot be made of %zu rows."), params->n_clusters, n);
  return n < 2 ? g_strdup (_("Grouping needs at least 2 rows.")) : NULL;
}

static void
kmeans_cost (gsize n_rows, gsize n_columns, gconstpointer data, double *bytes, double *seconds)
{
  const PatronKMeansParams *params = data;
  const double n = (double) n_rows, p = (double) n_columns, k = params->n_clusters == PATRON_AUTO_INT ? 5 : params->n_clusters;

  *bytes = n * (20 * p + 24);
  *seconds = 30 * params->n_init * n * p * (k + 4) * 4e-11 + 4e-9 * MIN (n, 20000) * MIN (n, 20000) + 0.2;
}

static const PatronRoleSpec kmeans_roles[] = {
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY,
    PATRON_ROLE_REQUIRED | PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST, N_("What makes customers alike. Leave out what only identifies them.") },
  { PATRON_ROLE_ID, PATRON_ACCEPT_ANY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_KEEP_MISSING },
  { PATRON_N_ROLES },
};

static const PatronModelClass kmeans_model = {
  .tasks = PATRON_TASK_GROUPING,
  .missing = PATRON_MISSING_IMPUTE,
  .encoding = PATRON_ENCODE_INDICATORS,
  .fit = kmeans_fit,
  .predict = kmeans_predict,
  .explain = patron_kmeans_explain,
  .visit = kmeans_visit,
  .clear = kmeans_clear,
  .state_size = sizeof (PatronKMeansModel),
};

extern const PatronOp patron_op_kmeans;
const PatronOp patron_op_kmeans = {
  .id = "kmeans",
  .kind = PATRON_OP_MODEL,
  .title = N_("k-means"),
  .question = N_("Which groups of similar customers are there?"),
  .summary = N_("Divides the rows into groups so that rows are close to the centre of their group."),
  .help = N_("Each row belongs to the nearest of k centres, and each centre is the mean of its rows; both are improved in turn until nothing moves. "
             "Several starts are made and the best kept.\n\nThe silhouette says how well rows fit their group: near 1 clearly, near 0 they lie "
             "between two groups, below 0 they fit another better. Above 0.5 the groups are distinct; below 0.25 they are a convenient division "
             "rather than something that is in the data.\n\nGroups describe, they prove nothing: k-means divides any data into k groups. Look at "
             "the stability of each group (does it come back in other samples?) and at whether you would treat the groups differently. Numbers of "
             "different units need a scale, and amounts with a few very large values their logarithm; both are chosen for you and named."),
  .reference = "S. Lloyd, IEEE Trans. Inf. Theory 28(2), 1982; D. Arthur and S. Vassilvitskii, “k-means++”, SODA 2007",
  .params = kmeans_params,
  .params_size = sizeof (PatronKMeansParams),
  .stops = true,
  .roles = kmeans_roles,
  .check = kmeans_check,
  .cost = kmeans_cost,
  .model = &kmeans_model,
};
