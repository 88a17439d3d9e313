/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A template for a new operation: copy it to ops/analyses/NAME.c (or models/, …), rename, and put one word into registry.def. It is a whole
 * working analysis: the largest values of a column and their share of the sum. It is compiled and run by tests/ops/template.c, so it
 * stays true, but it is not registered, so nobody meets it in the program.
 *
 * The dialog, the flags, the help, the recipe, the manual page and the tests of tests/ops/walker.c come from the descriptor at the end. */

#include "base/memory.h"
#include "report/report.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

/* 1. The parameters: a plain struct … */
typedef struct
{
  int    top;
  double share;
} TopParams;

/* … and a table over its fields. The hard range (min, max) is what is refused; the useful range (low, high) is what a slider offers. */
static const PatronParam top_params[] = {
  PATRON_PARAM_INT (TopParams, top, .label = N_("Rows to list"), .help = N_("How many of the largest values the table shows."), .def = 10, .min = 1,
                    .max = 1000, .low = 5, .high = 50),
  PATRON_PARAM_DOUBLE (TopParams, share, .label = N_("Share to reach"), .help = N_("The headline says how many values make up this share of the sum."),
                       .def = 0.8, .min = 0, .max = 1, .low = 0.5, .high = 0.95, .advanced = true),
  PATRON_PARAM_END
};

/* 2. The roles: which columns it needs, and of which types. Rows where a required column is missing are dropped and counted by the
 * engine before run() sees them. */
static const PatronRoleSpec top_roles[] = {
  { PATRON_ROLE_AMOUNT, PATRON_ACCEPT_NUMERIC, PATRON_ROLE_REQUIRED, N_("The numbers to rank.") },
  { PATRON_ROLE_QUANTITY, PATRON_ACCEPT_NUMERIC },   /* an amount may also be given as quantity × price: */
  { PATRON_ROLE_PRICE, PATRON_ACCEPT_NUMERIC },      /* the engine multiplies */
  { PATRON_N_ROLES },
};

static int
compare_descending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x < y) - (x > y);
}

/* 3. The numbers: no report, no strings. values: n, descending. Returns how many of the first make up share of the sum. */
static gsize
count_to_share (const double *values, gsize n, double share)
{
  double sum = 0, running = 0;
  for (gsize i = 0; i < n; i++)
    sum += values[i];
  gsize count = 0;
  while (count < n && running < share * sum)
    running += values[count++];
  return count;
}

/* 4. The findings, as data: a headline that answers the question, figures, then the chart and the table. Sentences are msgids with
 * named places; they are translated when drawn. */
static void
report_top (PatronReport *report, const TopParams *params, const double *values, gsize n, const char *column)
{
  gsize needed = count_to_share (values, n, params->share);
  patron_report_set_headline (report, patron_text (N_("{count} of {all} rows make up {share} of {column}."), "count", PATRON_COUNT (needed), "all",
                                                   PATRON_COUNT (n), "share", PATRON_PERCENT (params->share), "column", PATRON_STRING (column), NULL));
  PatronFigure *figure = patron_report_add_figure (report, "rows_to_share", patron_text (N_("Rows needed"), NULL), PATRON_FORMAT_COUNT, needed);
  figure->headline = TRUE;

  gsize shown = MIN (n, (gsize) params->top);
  PatronChart *chart = patron_chart_new ("top", PATRON_CHART_BAR, patron_text (N_("The largest values"), NULL));
  patron_chart_set_caption (chart, patron_text (N_("Each bar is a row; the largest is {value}."), "value", PATRON_NUMBER (values[0]), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text_plain (column));
  patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, shown, NULL, values);
  PatronReportTable *table = patron_report_add_table (report, "top", patron_text (N_("The largest values"), NULL));
  patron_report_table_add_column (table, "rank", patron_text (N_("Rank"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "value", patron_text_plain (column), PATRON_FORMAT_NUMBER);
  for (gsize i = 0; i < shown; i++)
    {
      g_autofree char *rank = g_strdup_printf ("%d", (int) i + 1);
      patron_axis_add_name (&chart->x, rank);
      patron_report_table_add_row (table);
      patron_report_table_add_number (table, i + 1);
      patron_report_table_add_number (table, values[i]);
    }
  patron_report_add_chart (report, chart);
}

/* 5. The run: reads the columns, calls the two above. Anything sized by the data comes from patron_try_alloc(); long loops ask
 * patron_run_cancelled() or run inside patron_parallel_for(). */
static gboolean
top_run (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error)
{
  PatronColumn *column = patron_input_column (input, PATRON_ROLE_AMOUNT);
  gsize n = patron_table_n_rows (input->table);
  double *values = patron_try_alloc (n, sizeof *values, patron_column_get_name (column), error);
  if (values == NULL)
    return FALSE;
  gboolean ok = patron_column_read_doubles (column, 0, n, values, error) && patron_run_check (run, error);
  if (ok)
    {
      qsort (values, n, sizeof *values, compare_descending);
      report_top (report, params, values, n, patron_column_get_name (column));
    }
  patron_free (values);
  return ok;
}

static const PatronAnalysis top_analysis = { .run = top_run };

/* 6. The descriptor: everything the program knows about the operation. */
extern const PatronOp patron_op_template;
const PatronOp patron_op_template = {
  .id = "template",
  .kind = PATRON_OP_ANALYSIS,
  .title = N_("Largest values"),
  .question = N_("What are the largest values?"),
  .summary = N_("Lists the largest values of a column and says how few of them make up most of the sum."),
  .help = N_("The values are sorted and added up from the largest until the share is reached.\n\nRead it as: few rows for a large share means that the "
             "sum depends on a few."),
  .reference = "V. Pareto, Cours d'économie politique, 1896",
  .params = top_params,
  .params_size = sizeof (TopParams),
  .roles = top_roles,
  .analysis = &top_analysis,
};
