/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "math/cuts.h"
#include "ops/prepare/bin-learn.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const PatronChoice methods[] = {
  { "width", N_("Equal widths") },
  { "count", N_("Equal counts") },
  { "cuts", N_("Borders I give") },
  { "target", N_("By a target: best borders (minimum description length)") },
  { "chi-merge", N_("By a target: merge alike neighbours (ChiMerge)") },
  { NULL },
};
static const PatronChoice values_choices[] = {
  { "range", N_("Ranges, such as [10, 20)") },
  { "number", N_("Numbers 0, 1, 2 …") },
  { "weight", N_("Weights of evidence") },
  { NULL },
};

static gboolean
has_target_cuts (gconstpointer params)
{
  return ((const PatronBinParams *) params)->method >= PATRON_BIN_TARGET;
}

static gboolean
has_given_cuts (gconstpointer params)
{
  return ((const PatronBinParams *) params)->method == PATRON_BIN_CUTS;
}

static gboolean
has_number (gconstpointer params)
{
  return !has_given_cuts (params);
}

static gboolean
is_target (gconstpointer params)
{
  return ((const PatronBinParams *) params)->method == PATRON_BIN_TARGET;
}

static gboolean
is_merge (gconstpointer params)
{
  return ((const PatronBinParams *) params)->method == PATRON_BIN_MERGE;
}

static const PatronParam bin_params[] = {
  PATRON_PARAM_COLUMNS (PatronBinParams, columns, .label = N_("Columns"), .help = N_("The numbers to put into bins."),
                        .accepts = PATRON_ACCEPT_NUMERIC),
  PATRON_PARAM_CHOICE (PatronBinParams, method, .label = N_("Borders"), .choices = methods, .def = PATRON_BIN_COUNT,
                       .help = N_("Equal counts suit skewed amounts; by a target puts borders where the target changes.")),
  PATRON_PARAM_INT (PatronBinParams, n_bins, .label = N_("Bins, at most"), .help = N_("How many ranges. Ties and a target may make fewer."),
                    .def = PATRON_AUTO, .min = 2, .max = 1000, .low = 3, .high = 20, .automatic = N_("5, by a target up to 10"),
                    .relevant = has_number),
  PATRON_PARAM_TEXT (PatronBinParams, cuts, .label = N_("Borders at"), .def_text = "",
                     .help = N_("Numbers separated by semicolons: 10; 20; 50. A border belongs to the bin above it."), .relevant = has_given_cuts),
  PATRON_PARAM_COLUMN (PatronBinParams, target, .label = N_("Target"), .optional = true,
                       .accepts = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT,
                       .help = N_("Classes or a number that the bins should tell apart. With other borders it is only reported on.")),
  PATRON_PARAM_DOUBLE (PatronBinParams, min_share, .label = N_("Share of a bin, at least"), .help = N_("No bin gets a smaller share of the rows."),
                       .def = 0.02, .min = 0, .max = 0.5, .low = 0, .high = 0.1, .relevant = is_target, .advanced = true),
  PATRON_PARAM_DOUBLE (PatronBinParams, alpha, .label = N_("Level of the test"),
                       .help = N_("Neighbours stay apart when such a difference would be this rare by chance."), .def = 0.05, .min = 1e-6,
                       .max = 0.5, .low = 0.001, .high = 0.1, .log = true, .relevant = is_merge, .advanced = true),
  PATRON_PARAM_BOOL (PatronBinParams, round, .label = N_("Round the borders"),
                     .help = N_("To readable numbers, by at most a hundredth of the range."), .def = true, .relevant = has_number),
  PATRON_PARAM_CHOICE (PatronBinParams, values, .label = N_("New values"), .choices = values_choices, .def = PATRON_BIN_RANGE,
                       .help = N_("What stands in the column. Weights of evidence need a target of two classes and suit logistic regression.")),
  PATRON_PARAM_TEXT (PatronBinParams, suffix, .label = N_("Ending of new columns"), .def_text = "", .advanced = true,
                     .help = N_("Empty: the bins take the place of the column. Otherwise they become a new column whose name ends in this.")),
  PATRON_PARAM_END
};

static char *
bin_learn (const PatronPrepareInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  g_auto (GStrv) names = patron_names_split (((const PatronBinParams *) params)->columns);
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  for (char **name = names; *name != NULL; name++)
    if (!patron_bin_learn (learnt, input, patron_table_find (input->table, *name), params, run, error))
      return NULL;
  return patron_learnt_to_text (learnt);
}

/* ---- applying -------------------------------------------------------------------------------------------------- */

/* What was learnt of one column. */
typedef struct
{
  gsize   n_cuts;
  double *cuts, *rows, *sums, *weights;   /* sums, weights: NULL without such a target */
  char   *event;
  double  value;
  char  **labels;
} Bins;

static void
bins_clear (Bins *bins)
{
  g_free (bins->cuts);
  g_free (bins->rows);
  g_free (bins->sums);
  g_free (bins->weights);
  g_free (bins->event);
  g_strfreev (bins->labels);
}

static gboolean
bins_load (Bins *bins, const PatronLearnt *learnt, const char *name, GError **error)
{
  gsize n, n_rows, n_sums, n_weights;
  *bins = (Bins) { .cuts = patron_learnt_dup_numbers (learnt, name, "cuts", &n) };
  bins->n_cuts = n;
  bins->rows = patron_learnt_dup_numbers (learnt, name, "rows", &n_rows);
  bins->sums = patron_learnt_dup_numbers (learnt, name, "sums", &n_sums);
  bins->weights = patron_learnt_dup_numbers (learnt, name, "weights", &n_weights);
  bins->event = patron_learnt_dup_text (learnt, name, "event");
  bins->value = patron_learnt_get_number (learnt, name, "value");
  if (bins->cuts != NULL && n_rows == n + 1 && (bins->sums == NULL || n_sums == n + 1) && (bins->weights == NULL || n_weights == n + 1))
    {
      bins->labels = patron_bin_labels (bins->cuts, n);
      return TRUE;
    }
  g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, _("What a prepare step has learnt cannot be read back."));
  return FALSE;
}

static void
values_to_weights (double *values, gsize n, gpointer data)
{
  const Bins *bins = data;
  for (gsize i = 0; i < n; i++)
    values[i] = isnan (values[i]) ? values[i] : bins->weights[patron_cuts_bin (bins->cuts, bins->n_cuts, values[i])];
}

/* Codes of bins, or their numbers. */
static PatronColumn *
bin_codes (PatronColumn *column, const char *name, const Bins *bins, gboolean numbers, PatronRun *run, GError **error)
{
  gsize n = patron_column_get_length (column);
  gpointer values = patron_try_alloc_values (n, numbers ? sizeof (gint64) : sizeof (gint32), name, error);
  double *chunk = values != NULL ? patron_try_alloc (PATRON_CHUNK_ROWS, sizeof *chunk, name, error) : NULL;
  gboolean ok = chunk != NULL;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_column_read_doubles (column, start, part, chunk, error) && patron_run_check (run, error);
      for (gsize i = 0; ok && i < part; i++)
        {
          gboolean missing = isnan (chunk[i]);
          guint bin = missing ? 0 : patron_cuts_bin (bins->cuts, bins->n_cuts, chunk[i]);
          if (numbers)
            ((gint64 *) values)[start + i] = missing ? PATRON_INTEGER_MISSING : (gint64) bin;
          else
            ((gint32 *) values)[start + i] = missing ? PATRON_CODE_MISSING : (gint32) bin;
        }
    }
  patron_free (chunk);
  if (!ok)
    {
      patron_free (values);
      return NULL;
    }
  PatronDict *dict = numbers ? NULL : patron_dict_new ((const char *const *) bins->labels, bins->n_cuts + 1);
  return patron_column_new_take (name, numbers ? PATRON_TYPE_INTEGER : PATRON_TYPE_CATEGORY, n, values, dict);
}

static PatronReportTable *
add_evidence (PatronReport *report, const PatronBinParams *params)
{
  PatronReportTable *table = patron_report_add_table (report, "bins", patron_text (N_("The bins"), NULL));
  patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "bin", patron_text (N_("Bin"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "rows", patron_text (N_("Rows learnt from"), NULL), PATRON_FORMAT_COUNT)->bar = TRUE;
  if (*params->target == '\0')
    return table;
  patron_report_table_add_column (table, "mean", patron_text (N_("Mean or share of the target"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "weight", patron_text (N_("Weight of evidence"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_set_caption (table, patron_text (N_("Weight of evidence: above 0 the event is more frequent than elsewhere, below 0 less. "
                                                          "Share: of the second class "
                                                          "of the target by name."),
                                                       NULL));
  return table;
}

static void
tell_bins (PatronReport *report, PatronReportTable *table, const char *name, const Bins *bins)
{
  for (gsize k = 0; k <= bins->n_cuts; k++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, name);
      patron_report_table_add_string (table, bins->labels[k]);
      patron_report_table_add_number (table, bins->rows[k]);
      if (bins->sums != NULL)
        patron_report_table_add_number (table, bins->rows[k] > 0 ? bins->sums[k] / bins->rows[k] : (double) NAN);
      if (bins->weights != NULL)
        patron_report_table_add_number (table, bins->weights[k]);
    }
  if (bins->n_cuts == 0)
    patron_report_add_note (report, patron_text (N_("{column} is not cut: no border tells anything apart."), "column", PATRON_STRING (name), NULL));
  if (bins->event == NULL || isnan (bins->value))
    return;
  const char *strength = bins->value < 0.02  ? N_("hardly any")
                         : bins->value < 0.1 ? N_("weak")
                         : bins->value < 0.3 ? N_("medium")
                         : bins->value < 0.5 ? N_("strong")
                                             : N_("suspiciously strong");
  patron_report_add_note (report, patron_text (N_("Information value of {column} for “{event}”: {value} ({strength})."), "column",
                                               PATRON_STRING (name), "event", PATRON_STRING (bins->event), "value", PATRON_NUMBER (bins->value),
                                               "strength", PATRON_MSGID (strength), NULL));
}

static gboolean
apply_column (PatronTable **table, PatronColumn *column, const PatronBinParams *params, const Bins *bins, PatronRun *run, GError **error)
{
  g_autofree char *name = g_strconcat (patron_column_get_name (column), params->suffix, NULL);
  PatronColumn *binned;
  if (params->values == PATRON_BIN_WEIGHT && bins->weights != NULL)
    binned = patron_prepare_map (column, name, values_to_weights, (gpointer) bins, run, error);
  else
    binned = bin_codes (column, name, bins, params->values != PATRON_BIN_RANGE, run, error);
  if (binned != NULL)
    patron_prepare_put (table, binned);
  return binned != NULL;
}

static PatronTable *
bin_apply (const PatronPrepareInput *input, gconstpointer params, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL)
    return NULL;
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  PatronReportTable *evidence = add_evidence (report, params);
  gboolean ok = TRUE;
  for (char **name = names; ok && *name != NULL; name++)
    {
      PatronColumn *column = patron_table_find (input->table, *name);
      if (column == NULL)
        continue;
      Bins bins;
      ok = bins_load (&bins, learnt, *name, error) && apply_column (&table, column, params, &bins, run, error);
      if (ok)
        tell_bins (report, evidence, *name, &bins);
      bins_clear (&bins);
    }
  patron_prepare_tell_absent (report, input->table, (const char *const *) names);
  return ok ? g_steal_pointer (&table) : NULL;
}

/* ---- the operation ---------------------------------------------------------------------------------------------- */

static char *
bin_check (const PatronInput *input, gconstpointer values)
{
  const PatronBinParams *params = values;
  g_autoptr (GError) error = NULL;
  gsize n;
  g_autofree double *cuts = params->method == PATRON_BIN_CUTS ? patron_bin_parse_cuts (params->cuts, &n, &error) : NULL;
  if (cuts == NULL && error != NULL)
    return g_strdup (error->message);
  g_auto (GStrv) names = patron_names_split (params->columns);
  if (g_strv_contains ((const char *const *) names, params->target))
    return g_strdup_printf (_("Column “%s” cannot be binned by itself; choose another target."), params->target);
  if ((has_target_cuts (params) || params->values == PATRON_BIN_WEIGHT) && *params->target == '\0')
    return g_strdup (_("Say which column is the target that the bins should tell apart."));
  return NULL;
}

static PatronText *
bin_sentence (gconstpointer values)
{
  const PatronBinParams *params = values;
  g_autofree char *columns = patron_prepare_short_list (params->columns);
  if (has_target_cuts (params))
    return patron_text (N_("Put {columns} into bins that tell {target} apart"), "columns", PATRON_STRING (columns), "target",
                        PATRON_STRING (params->target), NULL);
  return patron_text (N_("Put {columns} into bins: {method}"), "columns", PATRON_STRING (columns), "method",
                      PATRON_MSGID (methods[params->method].label), NULL);
}

static const PatronPrepare bin_prepare = { .rows = PATRON_ROWS_KEPT, .learn = bin_learn, .apply = bin_apply, .sentence = bin_sentence };

extern const PatronOp patron_op_bin;
const PatronOp patron_op_bin = {
  .id = "bin",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Bin numbers"),
  .question = N_("How do I turn a number into ranges?"),
  .summary = N_("Puts numbers into ranges of equal width or equal count, at borders you give, or where a target changes."),
  .help = N_("A border belongs to the bin above it: [10, 20) holds 10 but not 20. The lowest and the highest bin are open, so that every new value "
             "has a bin; a missing value "
             "stays missing.\n\nBy a target, the range is cut again and again where it tells the target apart best, as long as that is worth its "
             "description "
             "(Fayyad and Irani's rule; for a number as target, the Bayesian information criterion); ChiMerge starts with many bins and merges "
             "neighbours that do not differ "
             "in a chi-squared test. Borders are learnt from the rows a model is trained on.\n\nFor a target of two classes the report gives the "
             "weight of evidence of each "
             "bin and the information value: below 0.02 tells hardly anything, 0.02 to 0.1 weak, to 0.3 medium, to 0.5 strong; more is often a "
             "leak."),
  .reference = "U. Fayyad and K. Irani, Multi-Interval Discretization of Continuous-Valued Attributes, IJCAI 1993, 1022-1027; R. Kerber, ChiMerge, "
               "AAAI 1992, 123-128; "
               "N. Siddiqi, Credit Risk Scorecards, 2006",
  .params = bin_params,
  .params_size = sizeof (PatronBinParams),
  .example = "columns=x1\nmethod=target\ntarget=churn",
  .check = bin_check,
  .prepare = &bin_prepare,
};
