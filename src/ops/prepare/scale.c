/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/learnt.h"
#include "report/report.h"
#include "table/table.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

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
  PATRON_PARAM_COLUMNS (ScaleParams, columns, .label = N_("Columns"), .help = N_("The numbers to bring to one scale."), .accepts = PATRON_ACCEPT_NUMERIC),
  PATRON_PARAM_CHOICE (ScaleParams, method, .label = N_("Method"), .choices = methods, .def = SCALE_STANDARD,
                       .help = N_("The z-score suits most methods; robust when a few values are extreme; 0 to 1 when the limits mean something.")),
  PATRON_PARAM_TEXT (ScaleParams, suffix, .label = N_("Ending of new columns"), .def_text = "", .advanced = true,
                     .help = N_("Empty: the scaled values take the place of the column. Otherwise they become a new column whose name ends in this.")),
  PATRON_PARAM_END
};

/* ---- learning ------------------------------------------------------------------------------------------------------ */

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Type 7 of Hyndman & Fan, "Sample quantiles in statistical packages", 1996. values: n > 0, ascending. */
static double
quantile (const double *values, gsize n, double p)
{
  double at = p * (n - 1);
  gsize i = (gsize) at;
  return i + 1 < n ? values[i] + (at - i) * (values[i + 1] - values[i]) : values[n - 1];
}

/* The values of the rows to learn from without the missing ones; *n of them. */
static double *
read_known (PatronColumn *column, const PatronPrepareInput *input, gsize *n, GError **error)
{
  gsize all = patron_column_get_length (column), m = 0;
  double *values = patron_try_alloc (all, sizeof *values, patron_column_get_name (column), error);
  if (values == NULL || !patron_column_read_doubles (column, 0, all, values, error))
    {
      patron_free (values);
      return NULL;
    }
  gsize wanted = input->rows != NULL ? input->n_rows : all;
  for (gsize i = 0; i < wanted; i++)
    {
      double value = values[input->rows != NULL ? input->rows[i] : i];   /* rows ascend, so nothing is overwritten before it is read */
      if (isfinite (value))
        values[m++] = value;
    }
  *n = m;
  return values;
}

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
      qsort (values, n, sizeof *values, compare_doubles);
      *centre = method == SCALE_MINMAX ? values[0] : quantile (values, n, 0.5);
      *scale = method == SCALE_MINMAX ? values[n - 1] - values[0] : quantile (values, n, 0.75) - quantile (values, n, 0.25);
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
      double centre, factor, *values = read_known (patron_table_find (input->table, *name), input, &n, error);
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

static PatronColumn *
scale_column (PatronColumn *column, const char *name, double centre, double scale, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  double *values = patron_try_alloc (n, sizeof *values, name, error);
  gboolean ok = values != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read_doubles (column, start, part, values + start, error) && patron_run_check (run, error);
      for (gsize i = start; ok && i < start + part; i++)
        values[i] = (values[i] - centre) / scale;
    }
  if (ok)
    return patron_column_new_take (name, PATRON_TYPE_NUMBER, n, values, NULL);
  patron_free (values);
  return NULL;
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
        continue;   /* a new file without it; whoever needs the result says so */
      g_autofree char *wanted = g_strconcat (*name, scale->suffix, NULL);
      g_autoptr (PatronColumn) scaled = scale_column (column, wanted, patron_learnt_get_number (learnt, *name, "centre"),
                                                      patron_learnt_get_number (learnt, *name, "scale"), run, error);
      if (scaled == NULL)
        return NULL;
      PatronTable *next = patron_table_with_column (table, scaled);
      patron_table_unref (table);
      table = next;
    }
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
  .help = N_("From each value a centre is subtracted and the result divided by a scale. z-score: mean and standard deviation. Between 0 and 1: smallest value "
             "and range. Robust: median and the distance between the quartiles, which extreme values do not move.\n\nThe centre and the scale are taken from the "
             "rows a model is trained on, and the same are used when it scores new rows. Most models here scale by themselves; trees do not need it."),
  .reference = "R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996) 361-365",
  .params = scale_params,
  .params_size = sizeof (ScaleParams),
  .example = "columns=spend;unit_price\nmethod=robust",
  .prepare = &scale_prepare,
};
