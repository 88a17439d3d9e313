/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "math/power.h"

#include "base/memory.h"
#include "base/names.h"
#include "math/statistics.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/learnt.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef enum { METHOD_LOG, METHOD_LOG1P, METHOD_SQRT, METHOD_BOX_COX, METHOD_YEO_JOHNSON } Method;

typedef struct
{
  char   columns[PATRON_COLUMNS_SIZE];
  int    method;
  double shift;
  bool   standardise;
  char   suffix[64];
} PowerParams;

static const PatronChoice methods[] = {
  { "log", N_("Logarithm") },
  { "log1p", N_("Logarithm of 1 + x") },
  { "sqrt", N_("Square root") },
  { "box-cox", N_("Box–Cox (exponent from the data, positive values)") },
  { "yeo-johnson", N_("Yeo–Johnson (exponent from the data, any values)") },
  { NULL },
};

static gboolean
has_shift (gconstpointer params)
{
  return ((const PowerParams *) params)->method != METHOD_YEO_JOHNSON;
}

static const PatronParam power_params[] = {
  PATRON_PARAM_COLUMNS (PowerParams, columns, .label = N_("Columns"), .help = N_("The skewed numbers: amounts, counts, durations."),
                        .accepts = PATRON_ACCEPT_NUMERIC),
  PATRON_PARAM_CHOICE (PowerParams, method, .label = N_("Method"), .choices = methods, .def = METHOD_YEO_JOHNSON,
                       .help = N_("Logarithms are easiest to explain: equal steps are equal ratios. Box–Cox and Yeo–Johnson find the exponent "
                                  "that comes "
                                  "nearest to a bell curve.")),
  PATRON_PARAM_DOUBLE (PowerParams, shift, .label = N_("Added first"),
                       .help = N_("Added to every value first, so that none is too small to be transformed."), .def = PATRON_AUTO,
                       .min = -1e15, .max = 1e15, .low = 0, .high = 100,
                       .automatic = N_("nothing, unless values are too small: then what makes the smallest 1 (square root, 1 + x: 0)"),
                       .relevant = has_shift, .advanced = true),
  PATRON_PARAM_BOOL (PowerParams, standardise, .label = N_("Then to mean 0, deviation 1"),
                     .help = N_("Brings the transformed values to one scale."), .def = false),
  PATRON_PARAM_TEXT (PowerParams, suffix, .label = N_("Ending of new columns"), .def_text = "", .advanced = true,
                     .help = N_("Empty: the new values take the place of the column. Otherwise they become a new column whose name ends in "
                                "this.")),
  PATRON_PARAM_END
};

/* How one column is transformed. */
typedef struct
{
  Method method;
  double shift, lambda, mean, deviation;
  gsize  n_outside;       /* values met that have no transform */
} Transform;

static double
transform_value (const Transform *transform, double x)
{
  double shifted = x + transform->shift;
  switch (transform->method)
    {
    case METHOD_LOG:
      return shifted > 0 ? log (shifted) : NAN;
    case METHOD_LOG1P:
      return shifted > -1 ? log1p (shifted) : NAN;
    case METHOD_SQRT:
      return shifted >= 0 ? sqrt (shifted) : NAN;
    case METHOD_BOX_COX:
      return patron_power_apply (PATRON_POWER_BOX_COX, transform->lambda, shifted);
    default:
      return patron_power_apply (PATRON_POWER_YEO_JOHNSON, transform->lambda, shifted);
    }
}

/* ---- learning -------------------------------------------------------------------------------------------------- */

static double
needed_shift (Method method, double least)
{
  if (method == METHOD_YEO_JOHNSON)
    return 0;
  if (method == METHOD_LOG1P || method == METHOD_SQRT)
    return least < 0 ? -least : 0;
  return least > 0 ? 0 : 1 - least;
}

static double
least_of (const double *values, gsize n)
{
  double least = INFINITY;
  for (gsize i = 0; i < n; i++)
    least = MIN (least, values[i]);
  return n > 0 ? least : 1;
}

/* values: n, overwritten. */
static gboolean
learn_column (double *values, gsize n, const PowerParams *params, Transform *transform, PatronRun *run, GError **error)
{
  gsize inside = 0;
  *transform = (Transform) { .method = params->method, .lambda = 1, .deviation = 1 };
  if (params->method != METHOD_YEO_JOHNSON)
    transform->shift = isnan (params->shift) ? needed_shift (params->method, least_of (values, n)) : params->shift;
  for (gsize i = 0; i < n; i++)
    if (params->method != METHOD_BOX_COX || values[i] + transform->shift > 0)
      values[inside++] = values[i] + transform->shift;
  double likelihood;
  PatronPower power = params->method == METHOD_BOX_COX ? PATRON_POWER_BOX_COX : PATRON_POWER_YEO_JOHNSON;
  if (params->method >= METHOD_BOX_COX && inside > 0 && !patron_power_fit (power, values, inside, &transform->lambda, &likelihood, run, error))
    return FALSE;
  PatronMoments moments = PATRON_MOMENTS_INIT;
  for (gsize i = 0; i < inside; i++)
    patron_moments_add (&moments, transform_value (transform, values[i] - transform->shift));
  if (params->standardise && moments.n > 0)
    {
      transform->mean = moments.mean;
      transform->deviation = moments.m2 > 0 ? sqrt (moments.m2 / moments.n) : 1;
    }
  return TRUE;
}

static char *
power_learn (const PatronPrepareInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  g_auto (GStrv) names = patron_names_split (((const PowerParams *) params)->columns);
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  for (char **name = names; *name != NULL; name++)
    {
      gsize n;
      Transform transform;
      double *values = patron_prepare_known (input, patron_table_find (input->table, *name), &n, run, error);
      gboolean ok = values != NULL && learn_column (values, n, params, &transform, run, error);
      patron_free (values);
      if (!ok)
        return NULL;
      patron_learnt_set_number (learnt, *name, "shift", transform.shift);
      patron_learnt_set_number (learnt, *name, "lambda", transform.lambda);
      patron_learnt_set_number (learnt, *name, "mean", transform.mean);
      patron_learnt_set_number (learnt, *name, "deviation", transform.deviation);
    }
  return patron_learnt_to_text (learnt);
}

/* ---- applying -------------------------------------------------------------------------------------------------- */

typedef struct
{
  Transform     transform;
  PatronMoments before, after;
} Application;

static void
transform_values (double *values, gsize n, gpointer data)
{
  Application *self = data;
  patron_moments_add_array (&self->before, values, n);
  for (gsize i = 0; i < n; i++)
    {
      double x = values[i];
      values[i] = (transform_value (&self->transform, x) - self->transform.mean) / self->transform.deviation;
      self->transform.n_outside += isnan (values[i]) && !isnan (x);
    }
  patron_moments_add_array (&self->after, values, n);
}

static PatronReportTable *
add_table (PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "transforms", patron_text (N_("Skewness before and after"), NULL));
  patron_report_table_set_caption (table, patron_text (N_("0 is symmetric; above 1 or below -1 is strongly skewed."), NULL));
  patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "shift", patron_text (N_("Added first"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "lambda", patron_text (N_("Exponent λ"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "before", patron_text (N_("Skewness before"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "after", patron_text (N_("Skewness after"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "outside", patron_text (N_("Made missing"), NULL), PATRON_FORMAT_COUNT);
  return table;
}

static void
tell_column (PatronReportTable *table, const char *name, const Application *application)
{
  const Transform *transform = &application->transform;
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, name);
  patron_report_table_add_number (table, transform->shift);
  patron_report_table_add_number (table, transform->method >= METHOD_BOX_COX ? transform->lambda : NAN);
  patron_report_table_add_number (table, patron_moments_skewness (&application->before));
  patron_report_table_add_number (table, patron_moments_skewness (&application->after));
  patron_report_table_add_number (table, transform->n_outside);
}

static PatronTable *
power_apply (const PatronPrepareInput *input, gconstpointer values, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  const PowerParams *params = values;
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL)
    return NULL;
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  PatronReportTable *evidence = add_table (report);
  gsize outside = 0;
  for (char **name = names; *name != NULL; name++)
    {
      PatronColumn *column = patron_table_find (input->table, *name);
      if (column == NULL)
        continue;
      Application application = { .before = PATRON_MOMENTS_INIT, .after = PATRON_MOMENTS_INIT };
      application.transform = (Transform) {
        .method = params->method,
        .shift = patron_learnt_get_number (learnt, *name, "shift"),
        .lambda = patron_learnt_get_number (learnt, *name, "lambda"),
        .mean = patron_learnt_get_number (learnt, *name, "mean"),
        .deviation = patron_learnt_get_number (learnt, *name, "deviation"),
      };
      g_autofree char *wanted = g_strconcat (*name, params->suffix, NULL);
      PatronColumn *transformed = patron_prepare_map (column, wanted, transform_values, &application, run, error);
      if (transformed == NULL)
        return NULL;
      patron_prepare_put (&table, transformed);
      tell_column (evidence, *name, &application);
      outside += application.transform.n_outside;
    }
  patron_prepare_tell_absent (report, input->table, (const char *const *) names);
  if (outside > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|value is|values are} too small to be transformed and became missing."), "n",
                                                 PATRON_COUNT (outside), NULL));
  return g_steal_pointer (&table);
}

static PatronText *
power_sentence (gconstpointer values)
{
  const PowerParams *params = values;
  g_autofree char *columns = patron_prepare_short_list (params->columns);
  return patron_text (N_("Transform {columns}: {method}"), "columns", PATRON_STRING (columns), "method",
                      PATRON_MSGID (methods[params->method].label), NULL);
}

static const PatronPrepare power_prepare = { .rows = PATRON_ROWS_KEPT, .learn = power_learn, .apply = power_apply, .sentence = power_sentence };

extern const PatronOp patron_op_power;
const PatronOp patron_op_power = {
  .id = "power",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Logarithm and power transforms"),
  .question = N_("How do I make skewed amounts more even?"),
  .summary = N_("Takes logarithms or roots of skewed numbers, or finds the exponent that makes them most nearly normal."),
  .help = N_("Amounts and counts often have many small values and a long tail of large ones. A logarithm, a root or a power pulls the tail in, "
             "which helps methods "
             "that work with distances and straight lines; trees do not need it.\n\nBox–Cox is (x^λ - 1) / λ, or the logarithm for λ = 0; "
             "Yeo–Johnson does the "
             "like to values of either sign. λ is the one of greatest likelihood if the result is normal. λ and what is added first are learnt from "
             "the rows a "
             "model is trained on and kept for new rows. Values outside the range of the transform (a new value smaller than all learnt from, say) "
             "become missing "
             "and are counted."),
  .reference = "G. Box and D. Cox, An Analysis of Transformations, J. R. Statist. Soc. B 26 (1964) 211-252; I. Yeo and R. Johnson, A New Family of "
               "Power "
               "Transformations to Improve Normality or Symmetry, Biometrika 87 (2000) 954-959",
  .params = power_params,
  .params_size = sizeof (PowerParams),
  .example = "columns=spend\nmethod=yeo-johnson",
  .prepare = &power_prepare,
};
