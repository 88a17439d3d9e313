/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/describe-report.h"

#include "ops/analyses/duplicate-rows.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What every column holds, what to check first, what goes together, and how groups differ. */

enum { CORRELATION_PEARSON, CORRELATION_SPEARMAN, CORRELATION_NONE };
enum { MAX_CORRELATED = 200 };

typedef struct
{
  int    correlation;
  int    top_values;
  int    charts;
  int    bins;
  int    pairs;
  int    groups;
  double fence;
} Params;

static const PatronChoice correlation_choices[] = {
  { "pearson", N_("Pearson (straight lines)") },
  { "spearman", N_("Spearman (ranks)") },
  { "none", N_("None") },
  { NULL }
};

static gboolean
has_correlation (gconstpointer params)
{
  return ((const Params *) params)->correlation != CORRELATION_NONE;
}

static const PatronParam params_table[] = {
  PATRON_PARAM_CHOICE (Params, correlation, .label = N_("Correlation"), .choices = correlation_choices, .def = CORRELATION_PEARSON,
                       .help = N_("Pearson measures how close two columns come to a straight line. Spearman compares ranks: better for skewed money columns and outliers.")),
  PATRON_PARAM_INT (Params, top_values, .label = N_("Frequent values"), .def = 5, .min = 1, .max = PATRON_PROFILE_TOP, .low = 3, .high = 10,
                    .help = N_("How many of the most frequent values to list for each column.")),
  PATRON_PARAM_INT (Params, charts, .label = N_("Charts"), .def = 24, .min = 0, .max = 500, .low = 0, .high = 50,
                    .help = N_("How many columns get a chart of their own, in the order of the table.")),
  PATRON_PARAM_INT (Params, pairs, .label = N_("Pairs listed"), .def = 20, .min = 1, .max = 1000, .low = 10, .high = 100, .advanced = true, .relevant = has_correlation,
                    .help = N_("How many of the strongest correlations to list with interval and p value.")),
  PATRON_PARAM_INT (Params, groups, .label = N_("Groups shown"), .def = 12, .min = 1, .max = 100, .low = 2, .high = 20, .advanced = true,
                    .help = N_("How many of the largest groups to describe when a grouping column is given.")),
  PATRON_PARAM_INT (Params, bins, .label = N_("Most bars of a histogram"), .def = 40, .min = 2, .max = 200, .low = 10, .high = 100, .advanced = true,
                    .help = N_("The width of the bars follows from the data; this is the limit.")),
  PATRON_PARAM_DOUBLE (Params, fence, .label = N_("Outlier fence"), .def = 1.5, .min = 0.5, .max = 10, .low = 1.5, .high = 3, .step = 0.5, .advanced = true,
                       .help = N_("Values farther than this many quartile distances outside the quartiles count as outliers. 1.5 is usual, 3 only finds extremes.")),
  PATRON_PARAM_END
};

static const PatronRoleSpec roles[] = {
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_ANY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_KEEP_MISSING, N_("Columns to describe; all of them when none is named") },
  { PATRON_ROLE_TARGET, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY, PATRON_ROLE_KEEP_MISSING,
    N_("What you want to predict, if anything: columns that give it away are named") },
  { PATRON_ROLE_DATE, PATRON_ACCEPT_DATE, PATRON_ROLE_KEEP_MISSING, N_("The date of the row: columns with later dates are named") },
  { PATRON_ROLE_GROUP, PATRON_ACCEPT_ANY, PATRON_ROLE_KEEP_MISSING, N_("Compare the other columns between the groups of this one") },
  { PATRON_N_ROLES }
};

static void
cost (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds)
{
  *bytes = 32.0 * (double) n_rows * (((const Params *) params)->correlation == CORRELATION_SPEARMAN ? (double) n_columns : 1);
  *seconds = 5e-8 * (double) n_rows * (double) n_columns;
}

static void
add_headline (const PatronDescription *d, guint n_findings, PatronReport *report)
{
  gsize cells = 0, missing = 0;
  for (guint i = 0; i < d->n_profiles; i++)
    {
      cells += d->profiles[i].n;
      missing += d->profiles[i].n_missing;
    }
  double share = cells > 0 ? (double) missing / (double) cells : 0;
  guint a, b;
  double r;
  if (patron_description_strongest (d, &a, &b, &r))
    patron_report_set_headline (report, patron_text (
      N_("{rows} {rows|row|rows} in {columns} {columns|column|columns}; {share} of the cells are missing and {findings} {findings|column has|columns have} something to check. "
         "“{a}” and “{b}” go together most closely (correlation {r})."),
      "rows", PATRON_COUNT (d->n_rows), "columns", PATRON_COUNT (d->n_profiles), "share", PATRON_PERCENT (share), "findings", PATRON_COUNT (n_findings),
      "a", PATRON_STRING (patron_column_get_name (d->profiles[a].column)), "b", PATRON_STRING (patron_column_get_name (d->profiles[b].column)),
      "r", PATRON_NUMBER (r), NULL));
  else
    patron_report_set_headline (report, patron_text (
      N_("{rows} {rows|row|rows} in {columns} {columns|column|columns}; {share} of the cells are missing and {findings} {findings|column has|columns have} something to check."),
      "rows", PATRON_COUNT (d->n_rows), "columns", PATRON_COUNT (d->n_profiles), "share", PATRON_PERCENT (share), "findings", PATRON_COUNT (n_findings), NULL));
  patron_report_add_figure (report, "n_rows", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT, (double) d->n_rows)->headline = TRUE;
  patron_report_add_figure (report, "n_columns", patron_text (N_("Columns"), NULL), PATRON_FORMAT_COUNT, d->n_profiles)->headline = TRUE;
  patron_report_add_figure (report, "missing_share", patron_text (N_("Missing cells"), NULL), PATRON_FORMAT_PERCENT, share)->headline = TRUE;
  patron_report_add_figure (report, "n_to_check", patron_text (N_("Columns to check"), NULL), PATRON_FORMAT_COUNT, n_findings)->headline = TRUE;
  if (!isnan (d->n_duplicates))
    {
      PatronFigure *figure = patron_report_add_figure (report, "n_duplicates", patron_text (N_("Repeated rows"), NULL), PATRON_FORMAT_COUNT, d->n_duplicates);
      figure->headline = TRUE;
      figure->note = patron_text (N_("Rows that equal an earlier row in every column."), NULL);
    }
  if (d->n_duplicates > 0)
    patron_report_add_note (report, patron_text (
      N_("{n} {n|row equals|rows equal} an earlier row in every column. Two lines of one order may look alike; a file joined from two exports repeats them by mistake."),
      "n", PATRON_COUNT (d->n_duplicates), NULL));
}

void
patron_description_report (const PatronDescription *d, PatronReport *report)
{
  patron_report_set_title (report, patron_text (N_("What is in the table"), NULL));
  guint n_findings = patron_description_add_findings (d, report);
  add_headline (d, n_findings, report);
  patron_description_add_columns (d, report);
  patron_description_add_target (d, report);
  patron_description_add_groups (d, report);
  patron_description_add_correlation (d, report);
  patron_report_add_heading (report, patron_text (N_("Column by column"), NULL));
  patron_description_add_charts (d, report);
  patron_description_add_top_values (d, report);
}

/* The columns to describe: those named, and the group itself; otherwise all that are not to be ignored, identifiers too. */
static GPtrArray *
chosen_columns (const PatronInput *input)
{
  GPtrArray *columns = g_ptr_array_new ();
  const char *const *names = patron_roles_get (input->roles, PATRON_ROLE_FEATURE);
  const char *group = patron_roles_first (input->roles, PATRON_ROLE_GROUP);
  gboolean all = names[0] == NULL;
  for (guint c = 0; c < patron_table_n_columns (input->table); c++)
    {
      PatronColumn *column = patron_table_column (input->table, c);
      const char *name = patron_column_get_name (column);
      gboolean ignored = patron_roles_of (input->roles, name) == PATRON_ROLE_IGNORE;
      if ((all && !ignored) || g_strv_contains (names, name) || g_strcmp0 (name, group) == 0)
        g_ptr_array_add (columns, column);
    }
  return columns;
}

/* Numeric columns that mean a quantity. */
static void
choose_correlated (PatronDescription *d, guint *chosen, GPtrArray *columns, GArray *centres, GArray *scales)
{
  for (guint i = 0; i < d->n_profiles; i++)
    {
      const PatronProfile *p = &d->profiles[i];
      if (!patron_profile_is_numeric (p))
        continue;
      if (p->constant || p->id_like)
        d->n_left_out++;
      else if (columns->len == MAX_CORRELATED)
        d->n_too_many++;
      else
        {
          chosen[columns->len] = i;
          g_ptr_array_add (columns, p->column);
          g_array_append_val (centres, p->mean);
          g_array_append_val (scales, p->sd);
        }
    }
}

static gboolean
correlate (PatronDescription *d, int method, guint *chosen, PatronCorrelation **correlation, PatronRun *run, GError **error)
{
  g_autoptr(GPtrArray) columns = g_ptr_array_new ();
  g_autoptr(GArray) centres = g_array_new (FALSE, FALSE, sizeof (double)), scales = g_array_new (FALSE, FALSE, sizeof (double));
  choose_correlated (d, chosen, columns, centres, scales);
  if (columns->len < 2)
    return TRUE;
  PatronColumn *const *list = (PatronColumn *const *) columns->pdata;
  *correlation = method == CORRELATION_SPEARMAN
    ? patron_correlation_spearman (list, columns->len, run, error)
    : patron_correlation_pearson (list, &g_array_index (centres, double, 0), &g_array_index (scales, double, 0), columns->len, run, error);
  return *correlation != NULL;
}

static gboolean
group (PatronDescription *d, PatronColumn *by, int most, guint *chosen, PatronLevels **levels, PatronGroupStatistics **groups, PatronRun *run, GError **error)
{
  g_autoptr(GPtrArray) columns = g_ptr_array_new ();
  for (guint i = 0; i < d->n_profiles; i++)
    if (patron_profile_is_numeric (&d->profiles[i]) && !d->profiles[i].id_like && !d->profiles[i].constant && d->profiles[i].column != by)
      {
        chosen[columns->len] = i;
        g_ptr_array_add (columns, d->profiles[i].column);
      }
  *levels = patron_levels_new (by, run, error);
  if (*levels == NULL)
    return FALSE;
  *groups = patron_group_statistics_new ((PatronColumn *const *) columns->pdata, columns->len, *levels, most, run, error);
  return *groups != NULL;
}

/* Where the whole table is described and no column tells all rows apart already. */
static gboolean
count_duplicates (const PatronInput *input, PatronDescription *d, PatronRun *run, GError **error)
{
  if (d->n_profiles < patron_table_n_columns (input->table))
    return TRUE;
  for (guint i = 0; i < d->n_profiles; i++)
    if (d->profiles[i].n_distinct == d->n_rows)
      {
        d->n_duplicates = 0;
        return TRUE;
      }
  gsize n;
  if (!patron_count_duplicate_rows (input->table, &n, run, error))
    return FALSE;
  d->n_duplicates = (double) n;
  return TRUE;
}

static gboolean
run_describe (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error)
{
  const Params *p = params;
  g_autoptr(GPtrArray) columns = chosen_columns (input);
  guint n = columns->len;
  const PatronProfileOptions options = { .fence = p->fence, .max_bins = p->bins, .n_histograms = p->charts };
  patron_run_push (run, N_("Describing columns"), 0.6);
  PatronProfile *profiles = patron_profiles_new ((PatronColumn *const *) columns->pdata, n, &options, run, error);
  patron_run_pop (run);
  if (profiles == NULL)
    return FALSE;

  g_autoptr(PatronCorrelation) correlation = NULL;
  g_autoptr(PatronGroupStatistics) groups = NULL;
  g_autoptr(PatronLevels) levels = NULL;
  g_autofree guint *correlated = g_new0 (guint, n + 1), *grouped = g_new0 (guint, n + 1);
  PatronColumn *by = patron_input_column (input, PATRON_ROLE_GROUP);
  PatronDescription d = { .profiles = profiles, .n_profiles = n, .n_rows = patron_table_n_rows (input->table), .fence = p->fence, .n_top = p->top_values,
                          .n_charts = p->charts, .n_pairs = p->pairs, .n_duplicates = NAN, .ranks = p->correlation == CORRELATION_SPEARMAN };
  patron_run_push (run, N_("Correlating columns"), 0.3);
  gboolean ok = count_duplicates (input, &d, run, error);
  ok = ok && (p->correlation == CORRELATION_NONE || correlate (&d, p->correlation, correlated, &correlation, run, error));
  patron_run_pop (run);
  ok = ok && (by == NULL || group (&d, by, p->groups, grouped, &levels, &groups, run, error));
  PatronTeller *tellers = NULL;
  PatronColumn *target = patron_input_column (input, PATRON_ROLE_TARGET), *date = patron_input_column (input, PATRON_ROLE_DATE);
  ok = ok && ((target == NULL && date == NULL) || patron_description_find_tellers (&d, target, date, &tellers, run, error));
  if (ok)
    {
      d.correlation = correlation;
      d.correlated = correlated;
      d.groups = groups;
      d.group_levels = levels;
      d.group_column = by != NULL ? patron_column_get_name (by) : NULL;
      d.grouped = grouped;
      patron_description_report (&d, report);
    }
  g_free (tellers);
  g_free (d.positive);
  patron_profiles_free (profiles, n);
  return ok;
}

static const PatronAnalysis analysis = { .run = run_describe };

extern const PatronOp patron_op_describe;
const PatronOp patron_op_describe = {
  .id = "describe",
  .kind = PATRON_OP_ANALYSIS,
  .title = N_("Describe"),
  .question = N_("What is in my data?"),
  .summary = N_("Profiles every column, names what to check before you analyse, and shows which columns go together."),
  .help = N_("For each column: how many values and how many are missing, how many are different, mean, spread, quartiles, shape, outliers and the most frequent values. "
             "Quartiles are exact (linear interpolation between neighbours).\n\n"
             "Values such as 999, −1, “N/A” or “-” are named where they look like a disguised “not known”; nothing is changed. Identifiers and constants are named too.\n\n"
             "Correlations use the rows where both columns have a value and come with an interval and a p value corrected for the number of pairs. "
             "With a grouping column the numeric columns are compared between its groups.\n\n"
             "With a target each other column is tried on it alone: learnt on every other row, measured on the rest. What tells it nearly perfectly was hardly known beforehand. "
             "With the date of the row, columns that hold later dates are named."),
  .reference = "Hyndman, R. J., Fan, Y. (1996), Sample quantiles in statistical packages; Joanes, D. N., Gill, C. A. (1998), Comparing measures of sample skewness and kurtosis; "
               "Benjamini, Y., Hochberg, Y. (1995), Controlling the false discovery rate",
  .params = params_table,
  .params_size = sizeof (Params),
  .roles = roles,
  .icon = "x-office-spreadsheet-symbolic",
  .cost = cost,
  .analysis = &analysis,
};
