/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"
#include "ops/prepare/fill-parts.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef enum { METHOD_CONSTANT, METHOD_MEAN, METHOD_MEDIAN, METHOD_MODE, METHOD_PREVIOUS, METHOD_NEXT, METHOD_LINE, METHOD_MODEL } Method;

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  int  method;
  char value[1024];
  char groups[PATRON_COLUMNS_SIZE];
  char order[PATRON_COLUMN_SIZE];
  char predictors[PATRON_COLUMNS_SIZE];
  bool indicator;
} FillParams;

static const PatronChoice methods[] = {
  { "constant", N_("One value") },
  { "mean", N_("Mean") },
  { "median", N_("Median") },
  { "mode", N_("Most frequent value") },
  { "previous", N_("Previous value") },
  { "next", N_("Next value") },
  { "line", N_("On the line between previous and next") },
  { "model", N_("Predicted from other columns (random forest)") },
  { NULL },
};

static Method
method_of (gconstpointer params)
{
  return (Method) ((const FillParams *) params)->method;
}

static gboolean
is_constant (gconstpointer params)
{
  return method_of (params) == METHOD_CONSTANT;
}

static gboolean
is_statistic (gconstpointer params)
{
  return method_of (params) >= METHOD_MEAN && method_of (params) <= METHOD_MODE;
}

static gboolean
is_ordered (gconstpointer params)
{
  return method_of (params) >= METHOD_PREVIOUS && method_of (params) <= METHOD_LINE;
}

static gboolean
is_grouped (gconstpointer params)
{
  return is_statistic (params) || is_ordered (params);
}

static gboolean
is_model (gconstpointer params)
{
  return method_of (params) == METHOD_MODEL;
}

static const PatronParam fill_params[] = {
  PATRON_PARAM_COLUMNS (FillParams, columns, .label = N_("Columns"), .help = N_("The columns whose missing values are filled.")),
  PATRON_PARAM_CHOICE (FillParams, method, .label = N_("Fill with"), .choices = methods, .def = METHOD_MEDIAN,
                       .help = N_("The median is safe for amounts; text and yes/no columns then take their most frequent value. Previous and "
                                  "next suit records in time.")),
  PATRON_PARAM_TEXT (FillParams, value, .label = N_("Value"), .def_text = "0",
                     .help = N_("What stands in for a missing value; dates as 2011-02-28."), .relevant = is_constant),
  PATRON_PARAM_COLUMNS (FillParams, groups, .label = N_("Within groups of"), .optional = true, .relevant = is_grouped,
                        .help = N_("Each group of equal values in these columns is filled from itself. Empty: all rows are one group.")),
  PATRON_PARAM_COLUMN (FillParams, order, .label = N_("In the order of"), .optional = true, .relevant = is_ordered,
                       .accepts = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_DATE,
                       .help = N_("Which value is previous or next. Empty: the rows as they are.")),
  PATRON_PARAM_COLUMNS (FillParams, predictors, .label = N_("Predict from"), .relevant = is_model,
                        .accepts = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_DATE,
                        .help = N_("The columns the missing values are predicted from. Leave out what you want to predict later.")),
  PATRON_PARAM_BOOL (FillParams, indicator, .label = N_("Say where it was missing"), .def = false,
                     .help = N_("Adds a yes/no column: that a value was missing often tells something.")),
  PATRON_PARAM_END
};

/* ---- learning -------------------------------------------------------------------------------------------------- */

static gboolean
learn_column (PatronLearnt *learnt, const PatronPrepareInput *input, const FillParams *params, const char *name, PatronRun *run, GError **error)
{
  PatronColumn *column = patron_table_find (input->table, name);
  g_auto (GStrv) groups = patron_names_split (params->groups);
  g_auto (GStrv) predictors = patron_names_split (params->predictors);
  switch (params->method)
    {
    case METHOD_MEAN:
    case METHOD_MEDIAN:
    case METHOD_MODE:
      return patron_fill_learn_values (learnt, input, column, groups, (PatronFillStatistic) (params->method - METHOD_MEAN), run, error);
    case METHOD_MODEL:
      return patron_fill_learn_model (learnt, input, column, predictors, run, error);
    default:
      patron_learnt_set_number (learnt, name, "known", 1);   /* nothing to learn, but the column belongs to the step */
      return TRUE;
    }
}

static char *
fill_learn (const PatronPrepareInput *input, gconstpointer values, PatronRun *run, GError **error)
{
  const FillParams *params = values;
  g_auto (GStrv) names = patron_names_split (params->columns);
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  for (char **name = names; *name != NULL; name++)
    if (!learn_column (learnt, input, params, *name, run, error))
      return NULL;
  return patron_learnt_to_text (learnt);
}

/* ---- applying -------------------------------------------------------------------------------------------------- */

typedef struct
{
  const FillParams   *params;
  const PatronLearnt *learnt;
  PatronTable        *source;       /* as the step found it: columns are filled from this, not from one another */
  PatronTable        *table;        /* owned: grows */
  PatronFillOrder     order;
  char              **groups;
  PatronReportTable  *evidence;
  PatronRun          *run;
  gsize               n_filled, n_left;
} Fill;

/* The value in words, when there is one for all. */
static char *
describe_value (const Fill *self, PatronColumn *column)
{
  const char *name = patron_column_get_name (column);
  gsize n;
  if (self->params->method == METHOD_CONSTANT)
    return g_strdup (self->params->value);
  if (!is_statistic (self->params))
    return NULL;
  if (patron_column_has_dict (column))
    {
      g_auto (GStrv) texts = patron_learnt_dup_texts (self->learnt, name, "overall");
      return texts != NULL ? g_strdup (texts[0]) : NULL;
    }
  g_autofree double *numbers = patron_learnt_dup_numbers (self->learnt, name, "overall", &n);
  if (n != 1 || isnan (numbers[0]))
    return NULL;
  PatronType type = patron_column_get_type (column);
  char buffer[64];
  if (type == PATRON_TYPE_DATE)
    patron_date_format ((gint32) round (numbers[0]), buffer);
  else if (type == PATRON_TYPE_TIME)
    patron_time_format ((gint64) round (numbers[0] * 1e6), buffer);
  else if (type == PATRON_TYPE_BOOLEAN)
    g_snprintf (buffer, sizeof buffer, "%s", numbers[0] >= 0.5 ? "true" : "false");
  else
    return patron_format_number (PATRON_FORMAT_NUMBER, type == PATRON_TYPE_INTEGER ? round (numbers[0]) : numbers[0]);
  return g_strdup (buffer);
}

static void
tell_column (Fill *self, PatronColumn *column, const PatronFillCount *count, gsize n_groups)
{
  g_autofree char *value = describe_value (self, column);
  patron_report_table_add_row (self->evidence);
  patron_report_table_add_string (self->evidence, patron_column_get_name (column));
  patron_report_table_add_number (self->evidence, count->n_missing);
  patron_report_table_add_number (self->evidence, count->n_filled);
  patron_report_table_add_number (self->evidence, count->n_missing - count->n_filled);
  if (n_groups > 0)
    patron_report_table_add_text (self->evidence, patron_text (N_("the value of each of {n} groups"), "n", PATRON_COUNT (n_groups), NULL));
  else if (value != NULL)
    patron_report_table_add_string (self->evidence, value);
  else
    patron_report_table_add_text (self->evidence, patron_text (methods[self->params->method].label, NULL));
}

static PatronColumn *
fill_constant (Fill *self, PatronColumn *column, PatronFillCount *count, GError **error)
{
  PatronFills fills;
  if (!patron_fill_constant (column, self->params->value, &fills, error))
    return NULL;
  PatronColumn *filled = patron_fill_from_list (column, NULL, &fills, count, self->run, error);
  patron_fills_clear (&fills);
  return filled;
}

static gboolean
apply_column (Fill *self, const char *name, GError **error)
{
  PatronColumn *column = patron_table_find (self->source, name), *filled;
  PatronFillCount count = { 0 };
  gsize n_groups = 0;
  if (self->params->method == METHOD_CONSTANT)
    filled = fill_constant (self, column, &count, error);
  else if (is_statistic (self->params))
    filled = patron_fill_apply_values (self->learnt, self->source, column, self->groups, &count, &n_groups, self->run, error);
  else if (is_ordered (self->params))
    filled = patron_fill_by_order (&self->order, column, (PatronFillDirection) (self->params->method - METHOD_PREVIOUS), &count, self->run, error);
  else
    filled = patron_fill_apply_model (self->learnt, self->source, column, &count, self->run, error);
  if (filled == NULL)
    return FALSE;
  patron_prepare_put (&self->table, filled);
  tell_column (self, column, &count, n_groups);
  self->n_filled += count.n_filled;
  self->n_left += count.n_missing - count.n_filled;
  if (!self->params->indicator)
    return TRUE;
  g_autofree char *wanted = g_strdup_printf ("%s is missing", name);
  g_autofree char *free_name = patron_prepare_free_name (self->table, wanted);
  PatronColumn *indicator = patron_fill_indicator (column, free_name, self->run, error);
  if (indicator != NULL)
    patron_prepare_put (&self->table, indicator);
  return indicator != NULL;
}

static PatronReportTable *
add_evidence (PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "filled", patron_text (N_("Missing values filled"), NULL));
  patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "missing", patron_text (N_("Missing"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "filled", patron_text (N_("Filled"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "left", patron_text (N_("Still missing"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "with", patron_text (N_("Filled with"), NULL), PATRON_FORMAT_TEXT);
  return table;
}

static gboolean
find_order (Fill *self, GError **error)
{
  if (!is_ordered (self->params))
    return TRUE;
  PatronColumn *order = NULL;
  if (*self->params->order != '\0' && (order = patron_table_require (self->source, self->params->order, error)) == NULL)
    return FALSE;
  for (char **group = self->groups; *group != NULL; group++)
    if (patron_table_require (self->source, *group, error) == NULL)
      return FALSE;
  return patron_fill_order_init (&self->order, self->source, order, self->groups, self->run, error);
}

static PatronTable *
fill_apply (const PatronPrepareInput *input, gconstpointer params, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL)
    return NULL;
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  g_auto (GStrv) groups = patron_names_split (((const FillParams *) params)->groups);
  Fill self = { .params = params, .learnt = learnt, .source = input->table, .table = patron_table_ref (input->table), .groups = groups, .run = run };
  self.evidence = add_evidence (report);
  gboolean ok = find_order (&self, error);
  for (char **name = names; ok && *name != NULL; name++)
    if (patron_table_find (input->table, *name) != NULL)
      ok = apply_column (&self, *name, error);
  patron_fill_order_clear (&self.order);
  if (!ok)
    {
      patron_table_unref (self.table);
      return NULL;
    }
  patron_prepare_tell_absent (report, input->table, (const char *const *) names);
  patron_report_add_note (report, patron_text (N_("{n} missing {n|value was|values were} filled."), "n", PATRON_COUNT (self.n_filled), NULL));
  if (self.n_left > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|value stays|values stay} missing: there was nothing to fill {n|it|them} with."), "n",
                                                 PATRON_COUNT (self.n_left), NULL));
  return self.table;
}

/* ---- the operation ---------------------------------------------------------------------------------------------- */

static char *
fill_check (const PatronInput *input, gconstpointer values)
{
  const FillParams *params = values;
  g_auto (GStrv) names = patron_names_split (params->columns);
  g_auto (GStrv) predictors = patron_names_split (params->predictors);
  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (GError) error = NULL;
      PatronColumn *column = patron_table_find (input->table, *name);
      PatronFills fills = { 0 };
      if (params->method == METHOD_CONSTANT && column != NULL && !patron_fill_constant (column, params->value, &fills, &error))
        return g_strdup (error->message);
      patron_fills_clear (&fills);
      if (params->method == METHOD_MODEL && g_strv_contains ((const char *const *) predictors, *name))
        return g_strdup_printf (
            _("Column “%s” cannot be predicted from itself; leave it out of the columns to predict from, or fill it in a step of its own."), *name);
    }
  return NULL;
}

static PatronText *
fill_sentence (gconstpointer values)
{
  const FillParams *params = values;
  g_autofree char *columns = patron_prepare_short_list (params->columns);
  g_autofree char *groups = patron_prepare_short_list (params->groups);
  if (params->method == METHOD_CONSTANT)
    return patron_text (N_("Fill missing {columns} with {value}"), "columns", PATRON_STRING (columns), "value", PATRON_STRING (params->value), NULL);
  if (*groups != '\0' && is_grouped (params))
    return patron_text (N_("Fill missing {columns} within {groups}: {method}"), "columns", PATRON_STRING (columns), "groups", PATRON_STRING (groups),
                        "method", PATRON_MSGID (methods[params->method].label), NULL);
  return patron_text (N_("Fill missing {columns}: {method}"), "columns", PATRON_STRING (columns), "method",
                      PATRON_MSGID (methods[params->method].label), NULL);
}

static const PatronPrepare fill_prepare = { .rows = PATRON_ROWS_KEPT, .learn = fill_learn, .apply = fill_apply, .sentence = fill_sentence };

extern const PatronOp patron_op_fill;
const PatronOp patron_op_fill = {
  .id = "fill",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Fill missing values"),
  .question = N_("What should stand where a value is missing?"),
  .summary = N_("Fills missing values with a constant, a mean, median or most frequent value (also within groups), a neighbour in time, or a "
                "prediction."),
  .help = N_("Mean, median and most frequent value are learnt from the rows a model is trained on, and kept for new rows; within groups, a group "
             "that was not there to "
             "learn from takes the overall value. Whole numbers and dates take the rounded value. Text and yes/no columns take the most frequent "
             "value.\n\nPrevious and next "
             "take the nearest known value in the order you name, inside each group; on the line puts numbers between the two. Nothing is made up "
             "before the "
             "first or after the last known value.\n\nThe prediction is a random forest of 50 trees learnt from the rows where the value is known "
             "(at most 20,000 of them). "
             "Filled values look more certain than they are: keep the yes/no column that says where something was missing when it may matter."),
  .reference = "D. J. Stekhoven and P. Bühlmann, MissForest: non-parametric missing value imputation for mixed-type data, Bioinformatics 28 (2012) "
               "112-118",
  .params = fill_params,
  .params_size = sizeof (FillParams),
  .example = "columns=x2\nmethod=median\ngroups=region",
  .check = fill_check,
  .prepare = &fill_prepare,
};
