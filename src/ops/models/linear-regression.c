/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/linear-regression.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const PatronParam linear_params[] = {
  PATRON_PARAM_BOOL (PatronLinearParams, intercept, .label = N_("Intercept"),
                     .help = N_("Estimate a level beside the effects. Leave it on unless the target must be 0 where all inputs are 0."), .def = true,
                     .advanced = true),
  PATRON_PARAM_BOOL (PatronLinearParams, robust, .label = N_("Robust standard errors"),
                     .help = N_("HC3 standard errors: intervals and p values stay right when the spread of the errors differs from row to row. The "
                                "coefficients are the same."), .def = false),
  PATRON_PARAM_DOUBLE (PatronLinearParams, confidence, .label = N_("Confidence level"),
                       .help = N_("How sure the intervals of the coefficients are. 0.95: in 95 of 100 such samples the interval covers the true value."),
                       .def = 0.95, .min = 0.5, .max = 0.9999, .low = 0.8, .high = 0.99, .step = 0.01, .advanced = true),
  PATRON_PARAM_END
};

const double **
patron_matrix_pointers (const PatronMatrix *x)
{
  const double **columns = g_new (const double *, x->p + 1);

  for (gsize j = 0; j < x->p; j++)
    columns[j] = patron_matrix_column (x, j);
  return columns;
}

static gpointer
linear_fit (const PatronFitInput *input, gconstpointer data, PatronRun *run, GError **error)
{
  const PatronLinearParams *params = data;
  const PatronMatrix *matrix = input->x;
  g_autofree const double **columns = patron_matrix_pointers (matrix);
  const PatronColumns x = { matrix->n, matrix->p, columns };

  if (matrix->n < 2)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                   _("A linear regression needs at least 2 complete rows; there are %zu."), matrix->n);
      return NULL;
    }
  g_autoptr (PatronLeastSquares) fit = patron_least_squares_fit (&x, input->y, params->intercept, run, error);
  if (fit == NULL)
    return NULL;
  if (!isfinite (fit->rss))
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                           _("The columns hold numbers that are infinite or too large to square; remove or rescale them."));
      return NULL;
    }

  PatronLinearModel *state = g_new0 (PatronLinearModel, 1);
  state->n_coefficients = matrix->p + 1;
  state->coefficients = patron_try_alloc (state->n_coefficients, sizeof (double), _("the coefficients"), error);
  if (state->coefficients == NULL)
    {
      g_free (state);
      return NULL;
    }
  memcpy (state->coefficients, fit->coefficients, state->n_coefficients * sizeof (double));
  state->sigma = fit->n > fit->rank ? sqrt (fit->rss / (double) (fit->n - fit->rank)) : NAN;
  state->fit = g_steal_pointer (&fit);
  return state;
}

static gboolean
linear_predict (gconstpointer data, const PatronMatrix *matrix, double *out, PatronRun *run, GError **error)
{
  const PatronLinearModel *state = data;
  g_autofree const double **columns = patron_matrix_pointers (matrix);
  const PatronColumns x = { matrix->n, matrix->p, columns };

  return patron_linear_predict (&x, state->coefficients, out, run, error);
}

static void
linear_visit (gpointer data, PatronVisitor *visitor)
{
  PatronLinearModel *state = data;

  patron_visit_array (visitor, "coefficients", (gpointer *) &state->coefficients, &state->n_coefficients, sizeof (double));
  patron_visit_double (visitor, "sigma", &state->sigma);
  if (patron_visitor_is_loading (visitor) && state->n_coefficients == 0)
    patron_visitor_fail (visitor, "no coefficients");
}

static void
linear_clear (gpointer data)
{
  PatronLinearModel *state = data;

  patron_free (state->coefficients);
  patron_least_squares_free (state->fit);
}

static void
linear_cost (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds)
{
  const double n = (double) n_rows, p = (double) n_columns + 1;

  *bytes = 8 * (n * (p + 4) + 80 * p * p);
  *seconds = 2e-11 * n * p * p * 6 + 2e-9 * n * p;
}

static const PatronRoleSpec linear_roles[] = {
  { PATRON_ROLE_TARGET, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN, PATRON_ROLE_REQUIRED, N_("The number to explain and predict.") },
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY,
    PATRON_ROLE_REQUIRED | PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST, N_("What may drive it. A category is compared with its most frequent level.") },
  { PATRON_ROLE_ID, PATRON_ACCEPT_ANY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_KEEP_MISSING },
  { PATRON_N_ROLES },
};

static const PatronModelClass linear_model = {
  .tasks = PATRON_TASK_REGRESSION,
  .missing = PATRON_MISSING_DROP,
  .encoding = PATRON_ENCODE_CONTRASTS,
  .fit = linear_fit,
  .predict = linear_predict,
  .explain = patron_linear_explain,
  .visit = linear_visit,
  .clear = linear_clear,
  .state_size = sizeof (PatronLinearModel),
};

extern const PatronOp patron_op_linear_regression;
const PatronOp patron_op_linear_regression = {
  .id = "linear-regression",
  .kind = PATRON_OP_MODEL,
  .title = N_("Linear regression"),
  .question = N_("What drives this number, and by how much?"),
  .summary = N_("Explains a number as a sum of effects, each with its interval, and predicts it for new rows."),
  .help = N_("Each coefficient says how much the target differs between rows that differ by one unit in that input and are equal in all others. It "
             "comes with its standard error, its interval and a p value: how often chance alone would show an effect this large.\n\nRead the interval "
             "first: it says which sizes of the effect fit the data. A small p value does not make an effect large, and with many inputs some are "
             "small by chance; the adjusted p value allows for that. Effects are associations: they become causes only if nothing that is left out "
             "moves both sides.\n\nIt assumes that effects add up and are straight lines, and that rows are independent. The charts of the "
             "residuals and the tests beside them show where that fails; robust standard errors help when the spread is uneven. Columns that "
             "repeat what others say are left out and named."),
  .reference = "A. Björck, Numerical Methods for Least Squares Problems, 1996; J. MacKinnon and H. White, J. Econometrics 29(3), 1985; "
               "R. Koenker, J. Econometrics 17, 1981; J. Ramsey, J. R. Statist. Soc. B 31(2), 1969",
  .params = linear_params,
  .params_size = sizeof (PatronLinearParams),
  .roles = linear_roles,
  .cost = linear_cost,
  .model = &linear_model,
};
