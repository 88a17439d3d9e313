/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "math/statistics.h"
#include "table/design.h"

#include <glib/gi18n-lib.h>

/* The cheapest rival of every regression: the mean of the training rows. */
typedef struct
{
  double mean;
} Mean;

static gpointer
mean_fit (const PatronFitInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  const gsize n = input->x->n;
  Mean *state = g_new0 (Mean, 1);
  double sum = 0, total = 0;

  if (input->weights == NULL)
    {
      state->mean = n > 0 ? patron_sum (input->y, n) / (double) n : 0;
      return state;
    }
  for (gsize i = 0; i < n; i++)
    {
      sum += input->weights[i] * input->y[i];
      total += input->weights[i];
    }
  state->mean = total > 0 ? sum / total : 0;
  return state;
}

static gboolean
mean_predict (gconstpointer data, const PatronMatrix *x, double *out, PatronRun *run, GError **error)
{
  for (gsize i = 0; i < x->n; i++)
    out[i] = ((const Mean *) data)->mean;
  return patron_run_check (run, error);
}

static void
mean_visit (gpointer data, PatronVisitor *visitor)
{
  patron_visit_double (visitor, "mean", &((Mean *) data)->mean);
}

static void
mean_clear (gpointer data)
{
}

static const PatronRoleSpec mean_roles[] = {
  { PATRON_ROLE_TARGET, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN, PATRON_ROLE_REQUIRED, N_("The number to predict.") },
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST,
    N_("Not looked at.") },
  { PATRON_ROLE_WEIGHT, PATRON_ACCEPT_NUMERIC },
  { PATRON_ROLE_ID, PATRON_ACCEPT_ANY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_KEEP_MISSING },
  { PATRON_N_ROLES },
};

static const PatronModelClass mean_model = {
  .tasks = PATRON_TASK_REGRESSION,
  .missing = PATRON_MISSING_IMPUTE,
  .encoding = PATRON_ENCODE_CODES,
  .weights = true,
  .fit = mean_fit,
  .predict = mean_predict,
  .visit = mean_visit,
  .clear = mean_clear,
  .state_size = sizeof (Mean),
};

extern const PatronOp patron_op_mean;
const PatronOp patron_op_mean = {
  .id = "mean",
  .kind = PATRON_OP_MODEL,
  .title = N_("Mean"),
  .question = N_("How good is no model at all?"),
  .summary = N_("Predicts the mean of the target for every row."),
  .help = N_("It looks at no feature. R² measures how much better a model is than this: 0 is no better, 1 is perfect.\n\nA model that is not "
             "clearly better on rows it has not seen has learnt nothing worth using."),
  .reference = "R² against the mean: S. Wright, “Correlation and causation”, J. Agricultural Research 20, 1921",
  .roles = mean_roles,
  .model = &mean_model,
};
