/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/logistic-regression.h"

#include "base/memory.h"
#include "ops/measures/quality.h"
#include "ops/models/linear-regression.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Automatic: the penalty where the likelihood alone has no finite answer. */
#define NEEDED_PENALTY 1.0
/* Times that columns found to tell classes apart are added to those with a penalty. */
enum { MAX_ROUNDS = 4 };

static const PatronChoice weight_choices[] = {
  { "none", N_("Every row counts the same") },
  { "balanced", N_("Every class counts the same") },
  { NULL }
};

static const PatronParam logistic_params[] = {
  PATRON_PARAM_DOUBLE (PatronLogisticParams, penalty, .label = N_("Penalty"),
                       .help = N_("Draws the coefficients towards 0 (ridge, L2), on columns brought to equal spread: the larger, the stronger. "
                                  "Helps with many columns or few rows; intervals and p values are then left out, since they would not hold. "
                                  "Automatic: none, except that 1 is used where classes can be told apart without error, if possible only on "
                                  "the columns that do so, or where there are more than 2,000 coefficients. 0: never."),
                       .def = PATRON_AUTO, .min = 0, .max = 1e9, .low = 0.01, .high = 1000, .log = true, .automatic = N_("none, unless needed")),
  PATRON_PARAM_CHOICE (PatronLogisticParams, class_weight, .label = N_("Weight of the classes"),
                       .help = N_("Balanced makes a rare class count as much as a frequent one: more of it is found, with more false alarms. "
                                  "Probabilities then no longer are frequencies, and standard errors are robust ones."),
                       .choices = weight_choices, .def = PATRON_LOGISTIC_WEIGHT_NONE),
  PATRON_PARAM_TEXT (PatronLogisticParams, reference, .label = N_("Class to compare with"),
                     .help = N_("The class that odds are measured against, by its name. Empty: of two classes the one that did not happen (“No”), "
                                "of more the most frequent. Predictions do not depend on it unless there is a penalty and more than two classes."),
                                .def_text = ""),
  PATRON_PARAM_BOOL (PatronLogisticParams, robust, .label = N_("Robust standard errors"),
                     .help = N_("Standard errors that stay right when rows are not as random as the model says. The coefficients are the same."),
                     .def = false,
                     .advanced = true),
  PATRON_PARAM_DOUBLE (PatronLogisticParams, confidence, .label = N_("Confidence level"),
                       .help = N_("How sure the intervals of the odds ratios are. 0.95: in 95 of 100 such samples the interval covers the true "
                                  "value."),
                       .def = 0.95, .min = 0.5, .max = 0.9999, .low = 0.8, .high = 0.99, .step = 0.01, .advanced = true),
  PATRON_PARAM_INT (PatronLogisticParams, max_iterations, .label = N_("Greatest number of iterations"),
                    .help = N_("Five to ten are usual. If they are used up, a note says so: use more, or a penalty."), .def = 100, .min = 1,
                    .max = 100000,
                    .low = 5, .high = 500, .log = true, .advanced = true),
  PATRON_PARAM_DOUBLE (PatronLogisticParams, tolerance, .label = N_("Tolerance"),
                       .help = N_("Iterations end when the next step would gain less than half of this in log-likelihood. Smaller gives more "
                                  "digits."), .def = 1e-8,
                       .min = 1e-14, .max = 1, .low = 1e-12, .high = 1e-2, .log = true, .advanced = true),
  PATRON_PARAM_END
};

/* ---- the rows that count -------------------------------------------------------------------------------------- */

void
patron_logistic_rows_clear (PatronLogisticRows *rows)
{
  g_clear_pointer (&rows->columns, g_free);
  g_clear_pointer (&rows->own, patron_free);
}

/* As scikit-learn: n / (k · rows of the class), with the rows' own weights, over the classes that have rows. */
static void
balance (const PatronFitInput *input, const double *y, double *weights, gsize n)
{
  g_autofree double *sums = g_new0 (double, input->n_classes);
  double total = 0;
  guint present = 0;

  for (gsize i = 0; i < n; i++)
    sums[(gsize) y[i]] += weights[i];
  for (guint c = 0; c < input->n_classes; c++)
    {
      total += sums[c];
      present += sums[c] > 0;
    }
  for (gsize i = 0; i < n; i++)
    weights[i] *= total / (present * sums[(gsize) y[i]]);
}

static gsize
count_rows (const PatronFitInput *input)
{
  gsize n = 0;

  if (input->weights == NULL)
    return input->x->n;
  for (gsize i = 0; i < input->x->n; i++)
    n += input->weights[i] > 0;
  return n;
}

/* Columns, y and weights of the rows with a weight: (p + 2) × n. */
static void
copy_rows (const PatronFitInput *input, PatronLogisticRows *rows, gsize n)
{
  const PatronMatrix *x = input->x;
  double *y = rows->own + x->p * n, *weights = y + n;

  for (gsize j = 0; j < x->p; j++)
    {
      const double *from = patron_matrix_column (x, j);
      double *to = rows->own + j * n;
      rows->columns[j] = to;
      for (gsize i = 0; i < x->n; i++)
        if (input->weights[i] > 0)
          *to++ = from[i];
    }
  for (gsize i = 0, at = 0; i < x->n; i++)
    if (input->weights[i] > 0)
      {
        y[at] = input->y[i];
        weights[at++] = input->weights[i];
      }
  rows->y = y;
  rows->weights = weights;
}

gboolean
patron_logistic_rows_init (PatronLogisticRows *rows, const PatronFitInput *input, const PatronLogisticParams *params, GError **error)
{
  const gsize n = count_rows (input);
  const gboolean balanced = params->class_weight == PATRON_LOGISTIC_WEIGHT_BALANCED;
  double *weights = NULL;

  *rows = (PatronLogisticRows) { .columns = patron_matrix_pointers (input->x), .y = input->y, .weights = input->weights };
  if (n < input->x->n)
    {
      rows->own = patron_try_alloc ((input->x->p + 2) * n, sizeof (double), _("the rows"), error);
      if (rows->own == NULL)
        return FALSE;
      copy_rows (input, rows, n);
      weights = rows->own + (input->x->p + 1) * n;
    }
  else if (balanced)
    {
      rows->own = weights = patron_try_alloc (n, sizeof (double), _("the rows"), error);
      if (weights == NULL)
        return FALSE;
      for (gsize i = 0; i < n; i++)
        weights[i] = input->weights != NULL ? input->weights[i] : 1;
      rows->weights = weights;
    }
  if (balanced)
    balance (input, rows->y, weights, n);
  rows->x = (PatronColumns) { n, input->x->p, rows->columns };
  return TRUE;
}

/* ---- fitting --------------------------------------------------------------------------------------------------- */

static gboolean
find_reference (const PatronFitInput *input, const PatronLogisticParams *params, guint *reference, GError **error)
{
  g_autofree gsize *counts = g_new0 (gsize, input->n_classes);

  for (guint c = 0; *params->reference != '\0' && c < input->n_classes; c++)
    if (strcmp (input->class_names[c], params->reference) == 0)
      {
        *reference = c;
        return TRUE;
      }
  if (*params->reference != '\0')
    {
      g_autofree char *names = g_strjoinv ("”, “", (char **) input->class_names);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("There is no class “%s” to compare with; the classes are “%s”."), params->reference,
      names);
      return FALSE;
    }
  if (input->n_classes == 2)
    {
      *reference = 1 - patron_quality_positive_class (2, input->class_names, input->y, input->x->n);
      return TRUE;
    }
  *reference = 0;
  for (gsize i = 0; i < input->x->n; i++)
    counts[(gsize) input->y[i]]++;
  for (guint c = 1; c < input->n_classes; c++)
    if (counts[c] > counts[*reference])
      *reference = c;
  return TRUE;
}

void
patron_logistic_model_clear (PatronLogisticModel *state)
{
  patron_free (state->classes);
  patron_free (state->coefficients);
  patron_logistic_free (state->fit);
  patron_logistic_free (state->separated);
  memset (state, 0, sizeof *state);
}

static gboolean
keep (PatronLogisticModel *state, GError **error)
{
  const PatronLogistic *fit = state->fit;

  state->n_classes = (int) fit->n_classes;
  state->reference = (int) fit->reference;
  state->n_equations = fit->n_equations;
  state->n_coefficients = fit->n_equations * (fit->p + 1);
  state->penalty = fit->ridge;
  state->classes = patron_try_alloc (state->n_equations, sizeof (guint), _("the coefficients"), error);
  state->coefficients = state->classes == NULL ? NULL : patron_try_alloc (state->n_coefficients, sizeof (double), _("the coefficients"), error);
  if (state->coefficients == NULL)
    return FALSE;
  memcpy (state->classes, fit->classes, state->n_equations * sizeof (guint));
  memcpy (state->coefficients, fit->coefficients, state->n_coefficients * sizeof (double));
  return TRUE;
}

/* Where classes are told apart, the likelihood has no maximum: a penalty on the columns that do it, for as long as others turn up, else on
 * all. What is left of the unpenalised fit says why. */
static gboolean
penalise (PatronLogisticModel *state, const PatronLogisticRows *rows, PatronLogisticOptions *options, PatronRun *run, GError **error)
{
  PatronLogistic *found = state->separated = g_steal_pointer (&state->fit);
  gboolean quasi = found->separation == PATRON_SEPARATION_QUASI;

  options->ridge = NEEDED_PENALTY;
  for (int i = 0; quasi && i < MAX_ROUNDS; i++)
    {
      options->penalised = found->separating;
      g_autoptr (PatronLogistic) fit = patron_logistic_fit (&rows->x, rows->y, rows->weights, options, run, error);
      if (fit == NULL)
        return FALSE;
      if (fit->separation == PATRON_SEPARATION_NONE)
        {
          state->fit = g_steal_pointer (&fit);
          return TRUE;
        }
      quasi = fit->separation == PATRON_SEPARATION_QUASI;
      for (gsize j = 0; quasi && j < fit->p; j++)
        found->separating[j] = found->separating[j] || fit->separating[j];
    }
  options->penalised = NULL;
  return (state->fit = patron_logistic_fit (&rows->x, rows->y, rows->weights, options, run, error)) != NULL;
}

PatronLogisticModel *
patron_logistic_model_fit (const PatronFitInput *input, const PatronLogisticRows *rows, const PatronLogisticParams *params, PatronRun *run,
                           GError **error)
{
  const gboolean automatic = isnan (params->penalty);
  const gboolean many = (input->n_classes - 1) * (rows->x.p + 1) > PATRON_LOGISTIC_NEWTON;
  PatronLogisticOptions options = { .n_classes = input->n_classes, .ridge = !automatic ? params->penalty : many ? NEEDED_PENALTY : 0,
                                    .tolerance = params->tolerance, .max_iterations = (guint) params->max_iterations };
  PatronLogisticModel *state = g_new0 (PatronLogisticModel, 1);

  gboolean done = find_reference (input, params, &options.reference, error)
                  && (state->fit = patron_logistic_fit (&rows->x, rows->y, rows->weights, &options, run, error)) != NULL;
  if (done && automatic && state->fit->separation != PATRON_SEPARATION_NONE)
    done = penalise (state, rows, &options, run, error);
  if (done && keep (state, error))
    return state;
  patron_logistic_model_clear (state);
  g_free (state);
  return NULL;
}

static gpointer
logistic_fit (const PatronFitInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  PatronLogisticRows rows = { 0 };
  PatronLogisticModel *state = NULL;

  if (count_rows (input) < 2)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                 _("A logistic regression needs at least 2 complete rows with a weight above 0; there are %zu."), count_rows (input));
  else if (patron_logistic_rows_init (&rows, input, params, error))
    state = patron_logistic_model_fit (input, &rows, params, run, error);
  patron_logistic_rows_clear (&rows);
  return state;
}

static gboolean
logistic_predict (gconstpointer data, const PatronMatrix *matrix, double *out, PatronRun *run, GError **error)
{
  const PatronLogisticModel *state = data;
  const gsize p = state->n_coefficients / state->n_equations - 1;
  g_autofree const double **columns = patron_matrix_pointers (matrix);
  const PatronColumns x = { matrix->n, matrix->p, columns };

  if (matrix->p != p)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The model was fitted on %zu columns and cannot predict from %zu."), p, matrix->p);
      return FALSE;
    }
  return patron_logistic_predict (&x, (guint) state->n_classes, (guint) state->reference, (guint) state->n_equations, state->classes,
                                  state->coefficients, out, run, error);
}

/* ---- keeping ---------------------------------------------------------------------------------------------------- */

static gboolean
is_sound (const PatronLogisticModel *state)
{
  if (state->n_classes < 2 || state->reference < 0 || state->reference >= state->n_classes || state->n_equations == 0
      || state->n_equations >= (gsize) state->n_classes || state->n_coefficients == 0 || state->n_coefficients % state->n_equations != 0)
    return FALSE;
  for (gsize a = 0; a < state->n_equations; a++)
    if (state->classes[a] >= (guint) state->n_classes || state->classes[a] == (guint) state->reference
        || (a > 0 && state->classes[a] <= state->classes[a - 1]))
      return FALSE;
  return TRUE;
}

static void
logistic_visit (gpointer data, PatronVisitor *visitor)
{
  PatronLogisticModel *state = data;
  gboolean fine = patron_visit_int (visitor, "n_classes", &state->n_classes) && patron_visit_int (visitor, "reference", &state->reference)
                  && patron_visit_array (visitor, "classes", (gpointer *) &state->classes, &state->n_equations, sizeof (guint))
                  && patron_visit_array (visitor, "coefficients", (gpointer *) &state->coefficients, &state->n_coefficients, sizeof (double))
                  && patron_visit_double (visitor, "penalty", &state->penalty);

  if (fine && patron_visitor_is_loading (visitor) && !is_sound (state))
    patron_visitor_fail (visitor, "logistic regression");
}

static void
logistic_clear (gpointer state)
{
  patron_logistic_model_clear (state);
}

static void
logistic_cost (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds)
{
  const double n = (double) n_rows, p = (double) n_columns + 1;

  *bytes = 8 * (n * (p / 16 + 4) + 80 * p * p);
  *seconds = 6 * (2e-11 * n * p * p + 3e-9 * n * p + 3e-8 * n);
}

static const PatronRoleSpec logistic_roles[] = {
  { PATRON_ROLE_TARGET, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY, PATRON_ROLE_REQUIRED,
    N_("The outcome to explain and predict: churned or not, or one of several classes.") },
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY,
    PATRON_ROLE_REQUIRED | PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST, N_("What may drive it. A category is compared with its most frequent level.") },
  { PATRON_ROLE_WEIGHT, PATRON_ACCEPT_NUMERIC, 0, N_("How much each row counts: 2 is as two such rows.") },
  { PATRON_ROLE_ID, PATRON_ACCEPT_ANY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_KEEP_MISSING },
  { PATRON_N_ROLES },
};

static const PatronModelClass logistic_model = {
  .tasks = PATRON_TASK_CLASSIFICATION,
  .missing = PATRON_MISSING_DROP,
  .encoding = PATRON_ENCODE_CONTRASTS,
  .weights = true,
  .fit = logistic_fit,
  .predict = logistic_predict,
  .explain = patron_logistic_explain,
  .visit = logistic_visit,
  .clear = logistic_clear,
  .state_size = sizeof (PatronLogisticModel),
};

extern const PatronOp patron_op_logistic_regression;
const PatronOp patron_op_logistic_regression = {
  .id = "logistic-regression",
  .kind = PATRON_OP_MODEL,
  .title = N_("Logistic regression"),
  .question = N_("Who will do it, and what raises or lowers the odds?"),
  .summary = N_("Predicts the probability of each class, and says by what factor each input changes the odds, with its interval."),
  .help = N_("Odds are the probability that it happens over the probability that it does not: 20% is 1 to 4. The odds ratio of an input says by "
             "what the odds are multiplied when the input is one unit more and all others are equal: 1 is no effect, 2 doubles the odds, 0.5 "
             "halves them. A level of a category is compared with its most frequent level. The average effect says the same in probability: 0.05 "
             "is five percentage points.\n\nRead the interval first: one that spans 1 fits no effect as well. Effects are associations: they "
             "become causes only if nothing that is left out moves both sides. The pseudo R² figures are not shares of variation; 0.2 to 0.4 is a "
             "very good fit.\n\nWith more than two classes there is one set of coefficients for each class but one, which they are compared "
             "with.\n\nIt assumes that log-odds go with each input in a straight line and that effects add up. Inputs that tell the classes apart "
             "without error have no finite coefficient; they are named, and a penalty keeps the model usable. Columns that repeat what others say "
             "are left out and named."),
  .reference = "A. Agresti, Categorical Data Analysis, 3rd ed., 2013; D. Hosmer, S. Lemeshow and R. Sturdivant, Applied Logistic Regression, "
               "3rd ed., 2013; "
               "A. Albert and J. Anderson, Biometrika 71(1), 1984; N. Nagelkerke, Biometrika 78(3), 1991",
  .params = logistic_params,
  .params_size = sizeof (PatronLogisticParams),
  .roles = logistic_roles,
  .cost = logistic_cost,
  .model = &logistic_model,
};
