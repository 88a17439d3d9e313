/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "base/order.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/learnt.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

typedef enum { SCALE_STANDARD, SCALE_MINMAX, SCALE_ROBUST } Method;

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  int  method;
  char suffix[64];
} ScaleParams;

static const PatronChoice methods[] = {
  { "standard", N_("z-score (mean 0, deviation 1)") },
  { "minmax", N_("Between 0 and 1") },
  { "robust", N_("Robust (median 0, quartile range 1)") },
  { NULL },
};

static const PatronParam scale_params[] = {
  PATRON_PARAM_COLUMNS (ScaleParams, columns, .label = N_("Columns"), .help = N_("The numbers to bring to one scale."),
                        .accepts = PATRON_ACCEPT_NUMERIC),
  PATRON_PARAM_CHOICE (ScaleParams, method, .label = N_("Method"), .choices = methods, .def = SCALE_STANDARD,
                       .help = N_("The z-score suits most methods; robust when a few values are extreme; 0 to 1 when the limits mean "
                                  "something.")),
  PATRON_PARAM_TEXT (ScaleParams, suffix, .label = N_("Ending of new columns"), .def_text = "", .advanced = true,
                     .help = N_("Empty: the scaled values take the place of the column. Otherwise they become a new column whose name ends in "
                                "this.")),
  PATRON_PARAM_END
};

/* ---- learning ------------------------------------------------------------------------------------------------------ */

static void
centre_and_deviation (const double *values, gsize n, double *centre, double *scale)
{
  double mean = 0, squares = 0;
  for (gsize i = 0; i < n; i++)
    mean += values[i];
  mean /= n;
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - mean) * (values[i] - mean);
  *centre = mean;
  *scale = sqrt (squares / n);
}

static void
find_scale (double *values, gsize n, Method method, double *centre, double *scale)
{
  *centre = 0;
  *scale = 1;
  if (n == 0)
    return;
  if (method == SCALE_STANDARD)
    centre_and_deviation (values, n, centre, scale);
  else
    {
      patron_sort_doubles (values, n);
      *centre = method == SCALE_MINMAX ? values[0] : patron_quantile_sorted (values, n, 0.5);
      *scale
          = method == SCALE_MINMAX ? values[n - 1] - values[0] : patron_quantile_sorted (values, n, 0.75) - patron_quantile_sorted (values, n, 0.25);
    }
  if (!(*scale > 0))
    *scale = 1;   /* a constant column becomes 0 everywhere */
}

static char *
scale_learn (const PatronPrepareInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  const ScaleParams *scale = params;
  g_auto (GStrv) names = patron_names_split (scale->columns);
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  for (char **name = names; *name != NULL; name++)
    {
      gsize n;
      double centre, factor, *values = patron_prepare_known (input, patron_table_find (input->table, *name), &n, run, error);
      if (values == NULL)
        return NULL;
      find_scale (values, n, scale->method, &centre, &factor);
      patron_free (values);
      patron_learnt_set_number (learnt, *name, "centre", centre);
      patron_learnt_set_number (learnt, *name, "scale", factor);
      if (!patron_run_check (run, error))
        return NULL;
    }
  return patron_learnt_to_text (learnt);
}

/* ---- applying ------------------------------------------------------------------------------------------------------ */

typedef struct { double centre, scale; } Scaling;

static void
scale_values (double *values, gsize n, gpointer data)
{
  const Scaling *scaling = data;
  for (gsize i = 0; i < n; i++)
    values[i] = (values[i] - scaling->centre) / scaling->scale;
}

static void
tell_scales (PatronReport *report, const PatronLearnt *learnt)
{
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  PatronReportTable *table = patron_report_add_table (report, "scales", patron_text (N_("What was taken from the data"), NULL));
  patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "centre", patron_text (N_("Subtracted"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "scale", patron_text (N_("Divided by"), NULL), PATRON_FORMAT_NUMBER);
  for (char **name = names; *name != NULL; name++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, *name);
      patron_report_table_add_number (table, patron_learnt_get_number (learnt, *name, "centre"));
      patron_report_table_add_number (table, patron_learnt_get_number (learnt, *name, "scale"));
    }
}

static PatronTable *
scale_apply (const PatronPrepareInput *input, gconstpointer params, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  const ScaleParams *scale = params;
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL)
    return NULL;
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  for (char **name = names; *name != NULL; name++)
    {
      PatronColumn *column = patron_table_find (input->table, *name);
      if (column == NULL)
        continue;
      g_autofree char *wanted = g_strconcat (*name, scale->suffix, NULL);
      Scaling scaling = { patron_learnt_get_number (learnt, *name, "centre"), patron_learnt_get_number (learnt, *name, "scale") };
      PatronColumn *scaled = patron_prepare_map (column, wanted, scale_values, &scaling, run, error);
      if (scaled == NULL)
        return NULL;
      patron_prepare_put (&table, scaled);
    }
  patron_prepare_tell_absent (report, input->table, (const char *const *) names);
  tell_scales (report, learnt);
  return g_steal_pointer (&table);
}

static PatronText *
scale_sentence (gconstpointer params)
{
  const ScaleParams *scale = params;
  g_autofree char *names = patron_names_show (scale->columns);
  return patron_text (N_("Scale {columns}: {method}"), "columns", PATRON_STRING (names), "method", PATRON_MSGID (methods[scale->method].label), NULL);
}

static const PatronPrepare scale_prepare = { .rows = PATRON_ROWS_KEPT, .learn = scale_learn, .apply = scale_apply, .sentence = scale_sentence };

extern const PatronOp patron_op_scale;
const PatronOp patron_op_scale = {
  .id = "scale",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Scale"),
  .question = N_("How do I compare columns measured in different units?"),
  .summary = N_("Brings numbers to one scale, so that no column counts more only because its unit is small."),
  .help = N_("From each value a centre is subtracted and the result divided by a scale. z-score: mean and standard deviation. Between 0 and 1: "
             "smallest value "
             "and range. Robust: median and the distance between the quartiles, which extreme values do not move.\n\nThe centre and the scale are "
             "taken from the "
             "rows a model is trained on, and the same are used when it scores new rows. Most models here scale by themselves; trees do not need "
             "it."),
  .reference = "R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996) 361-365",
  .params = scale_params,
  .params_size = sizeof (ScaleParams),
  .example = "columns=spend;unit_price\nmethod=robust",
  .prepare = &scale_prepare,
};
