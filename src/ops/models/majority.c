/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "table/design.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The cheapest rival of every classifier: each row gets the training shares of the classes, so the commonest is the prediction. */
typedef struct
{
  double *shares;     /* n_classes */
  gsize   n_classes;
} Majority;

static gpointer
majority_fit (const PatronFitInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  const gsize n = input->x->n;
  double total = 0;
  double *shares = patron_try_alloc0 (input->n_classes, sizeof *shares, _("the classes"), error);

  if (shares == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      const double weight = input->weights != NULL ? input->weights[i] : 1;
      shares[(gsize) input->y[i]] += weight;
      total += weight;
    }
  for (guint c = 0; c < input->n_classes; c++)
    shares[c] = total > 0 ? shares[c] / total : 1.0 / input->n_classes;

  Majority *state = g_new (Majority, 1);
  *state = (Majority) { shares, input->n_classes };
  return state;
}

static gboolean
majority_predict (gconstpointer data, const PatronMatrix *x, double *out, PatronRun *run, GError **error)
{
  const Majority *state = data;

  for (gsize c = 0; c < state->n_classes; c++)
    for (gsize i = 0; i < x->n; i++)
      out[c * x->n + i] = state->shares[c];
  return patron_run_check (run, error);
}

static void
majority_visit (gpointer data, PatronVisitor *visitor)
{
  Majority *state = data;

  patron_visit_array (visitor, "shares", (gpointer *) &state->shares, &state->n_classes, sizeof *state->shares);
}

static void
majority_clear (gpointer data)
{
  patron_free (((Majority *) data)->shares);
}

static const PatronRoleSpec majority_roles[] = {
  { PATRON_ROLE_TARGET, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT, PATRON_ROLE_REQUIRED,
    N_("The classes to predict.") },
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST,
    N_("Not looked at.") },
  { PATRON_ROLE_WEIGHT, PATRON_ACCEPT_NUMERIC },
  { PATRON_ROLE_ID, PATRON_ACCEPT_ANY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_KEEP_MISSING },
  { PATRON_N_ROLES },
};

static const PatronModelClass majority_model = {
  .tasks = PATRON_TASK_CLASSIFICATION,
  .missing = PATRON_MISSING_IMPUTE,
  .encoding = PATRON_ENCODE_CODES,
  .weights = true,
  .fit = majority_fit,
  .predict = majority_predict,
  .visit = majority_visit,
  .clear = majority_clear,
  .state_size = sizeof (Majority),
};

extern const PatronOp patron_op_majority;
const PatronOp patron_op_majority = {
  .id = "majority",
  .kind = PATRON_OP_MODEL,
  .title = N_("Most common class"),
  .question = N_("How good is no model at all?"),
  .summary = N_("Predicts the most common class for every row, with the share of each class as its probability."),
  .help = N_("It looks at no feature. A model that is not clearly better than this has learnt nothing worth using.\n\nWith 80% of the customers "
             "staying, it is right for 80% of them and finds no one who leaves: a reminder that a high accuracy alone says little."),
  .reference = "R. Holte, “Very simple classification rules perform well on most commonly used datasets”, Machine Learning 11, 1993 (0-R)",
  .roles = majority_roles,
  .model = &majority_model,
};
