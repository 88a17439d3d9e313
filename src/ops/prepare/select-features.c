/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/feature-scores.h"
#include "ops/prepare/learnt.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

typedef enum { SCORE_TEST, SCORE_INFORMATION, SCORE_IMPORTANCE } Score;
typedef enum { KEEP_IMPORTANT, KEEP_MARGINAL, KEEP_ALL } Keep;

enum { IDENTIFIER_ROWS = 20, CHART_BARS = 25 };

typedef struct
{
  char   columns[PATRON_COLUMNS_SIZE];
  char   target[PATRON_COLUMN_SIZE];
  double max_missing;
  double max_share;
  bool   identifiers;
  double max_correlation;
  int    score;
  double alpha;
  int    keep;
  int    most;
} SelectParams;

static const PatronChoice scores_choices[] = {
  { "test", N_("A test (F or chi-squared)") },
  { "information", N_("Mutual information") },
  { "importance", N_("Importance in a random forest") },
  { NULL },
};
static const PatronChoice keeps[] = {
  { "important", N_("Important columns") },
  { "marginal", N_("Important and marginal columns") },
  { "all", N_("All that pass the other checks") },
  { NULL },
};

static gboolean
has_target (gconstpointer params)
{
  return *((const SelectParams *) params)->target != '\0';
}

static gboolean
has_test (gconstpointer params)
{
  return has_target (params) && ((const SelectParams *) params)->score == SCORE_TEST;
}

static const PatronParam select_params[] = {
  PATRON_PARAM_COLUMNS (SelectParams, columns, .label = N_("Candidates"), .optional = true,
                        .help = N_("The columns to choose from; others stay. Empty: all but the target.")),
  PATRON_PARAM_COLUMN (SelectParams, target, .label = N_("Target"), .optional = true,
                       .accepts = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT,
                       .help = N_("What the columns should tell about. Empty: they are judged by themselves only.")),
  PATRON_PARAM_DOUBLE (SelectParams, max_missing, .label = N_("Missing, at most"),
                       .help = N_("Columns with a larger share of missing values are left out."), .def = 0.5, .min = 0, .max = 1, .low = 0.1,
                       .high = 1),
  PATRON_PARAM_DOUBLE (SelectParams, max_share, .label = N_("Share of one value, at most"),
                       .help = N_("Columns where one value stands in a larger share of the rows hardly vary and are left out."), .def = 0.98,
                       .min = 0, .max = 1, .low = 0.9, .high = 1),
  PATRON_PARAM_BOOL (SelectParams, identifiers, .label = N_("Leave out identifiers"),
                     .help = N_("Names and numbers that nearly every row has for itself cannot help to predict others."), .def = true),
  PATRON_PARAM_DOUBLE (SelectParams, max_correlation, .label = N_("Correlation, at most"),
                       .help = N_("Of two numbers that are more correlated, the one that tells less about the target is left out. 1 keeps "
                                  "both."),
                       .def = 0.95, .min = 0, .max = 1, .low = 0.7, .high = 1),
  PATRON_PARAM_CHOICE (SelectParams, score, .label = N_("Judge by"), .choices = scores_choices, .def = SCORE_TEST, .relevant = has_target,
                       .help = N_("Tests are quick and see straight lines and differences of means; mutual information sees any relation; the "
                                  "forest sees what columns do together.")),
  PATRON_PARAM_DOUBLE (SelectParams, alpha, .label = N_("Level of the test"),
                       .help = N_("A column is important when its p value, corrected for the number of columns, is no larger; marginal up to "
                                  "twice that."),
                       .def = 0.05, .min = 0, .max = 0.5, .low = 0.001, .high = 0.1, .relevant = has_test),
  PATRON_PARAM_CHOICE (SelectParams, keep, .label = N_("Keep"), .choices = keeps, .def = KEEP_MARGINAL, .relevant = has_target,
                       .help = N_("Which verdicts are good enough.")),
  PATRON_PARAM_INT (SelectParams, most, .label = N_("Columns, at most"), .help = N_("Only the best so many are kept."), .def = PATRON_AUTO,
                    .min = 1, .max = 100000, .low = 5, .high = 100, .automatic = N_("no limit"), .relevant = has_target),
  PATRON_PARAM_END
};

/* ---- verdicts -------------------------------------------------------------------------------------------------- */

static PatronReason
reason_alone (const PatronFeatureScore *score, const SelectParams *params, gsize n_rows)
{
  PatronType type = patron_column_get_type (score->column);
  gsize present = (gsize) round ((1 - score->missing) * n_rows);
  if (score->missing > params->max_missing || present == 0)
    return PATRON_REASON_MISSING;
  if (score->top > params->max_share || score->distinct * present < 1.5)
    return PATRON_REASON_CONSTANT;
  gboolean named = score->is_class && score->distinct > 0.95, numbered = type == PATRON_TYPE_INTEGER && score->distinct == 1 && score->dense;
  if (params->identifiers && present >= IDENTIFIER_ROWS && (named || numbered))
    return PATRON_REASON_IDENTIFIER;
  return PATRON_REASON_KEPT;
}

static PatronVerdict
verdict_of (const PatronFeatureScore *score, const SelectParams *params, double marginal, double important)
{
  switch (params->score)
    {
    case SCORE_TEST:
      return score->p_adjusted <= params->alpha       ? PATRON_VERDICT_IMPORTANT
             : score->p_adjusted <= 2 * params->alpha ? PATRON_VERDICT_MARGINAL
                                                      : PATRON_VERDICT_UNIMPORTANT;
    case SCORE_INFORMATION:
      if (isnan (score->information) || score->beaten > 1)
        return PATRON_VERDICT_UNIMPORTANT;
      return score->beaten == 0 ? PATRON_VERDICT_IMPORTANT : PATRON_VERDICT_MARGINAL;
    default:
      return score->importance > important  ? PATRON_VERDICT_IMPORTANT
             : score->importance > marginal ? PATRON_VERDICT_MARGINAL
                                            : PATRON_VERDICT_UNIMPORTANT;
    }
}

/* The larger, the better; comparable between columns. */
static double
merit (const PatronFeatureScore *score, const SelectParams *params)
{
  double value = params->score == SCORE_IMPORTANCE && !isnan (score->importance) ? score->importance
                 : params->score == SCORE_INFORMATION                           ? score->information
                                                                                : score->effect;
  return isnan (value) ? -1 : value;
}

typedef struct
{
  const PatronFeatureScore *scores;
  const SelectParams       *params;
} Ranking;

/* The best first; without a target those with fewer missing values. Ties as in the table. */
static int
compare_merit (gconstpointer a, gconstpointer b, gpointer data)
{
  const Ranking *ranking = data;
  guint i = *(const guint *) a, j = *(const guint *) b;
  double x = merit (&ranking->scores[i], ranking->params), y = merit (&ranking->scores[j], ranking->params);
  if (x != y)
    return x > y ? -1 : 1;
  x = ranking->scores[i].missing, y = ranking->scores[j].missing;
  return x != y ? (x < y ? -1 : 1) : (i > j) - (i < j);
}

static void
rank (guint *order, const PatronFeatureScore *scores, guint n, const SelectParams *params)
{
  Ranking ranking = { scores, params };
  for (guint k = 0; k < n; k++)
    order[k] = k;
  g_qsort_with_data (order, (int) n, sizeof *order, compare_merit, &ranking);
}

static void
judge (PatronFeatureScore *scores, const guint *order, guint n, const SelectParams *params, double marginal, double important)
{
  guint kept = 0, most = params->most != PATRON_AUTO_INT ? (guint) params->most : G_MAXUINT;
  for (guint k = 0; k < n; k++)
    {
      PatronFeatureScore *score = &scores[order[k]];
      if (score->reason != PATRON_REASON_KEPT)
        continue;
      score->verdict = verdict_of (score, params, marginal, important);
      PatronVerdict worst = params->keep == KEEP_IMPORTANT  ? PATRON_VERDICT_IMPORTANT
                            : params->keep == KEEP_MARGINAL ? PATRON_VERDICT_MARGINAL
                                                            : PATRON_VERDICT_UNIMPORTANT;
      if (score->verdict > worst)
        score->reason = PATRON_REASON_UNIMPORTANT;
      else if (kept == most)
        score->reason = PATRON_REASON_RANK;
      else
        kept++;
    }
}

/* ---- learning -------------------------------------------------------------------------------------------------- */

static void
save_scores (PatronLearnt *learnt, const PatronFeatureScore *scores, guint n)
{
  for (guint k = 0; k < n; k++)
    {
      const PatronFeatureScore *score = &scores[k];
      const char *name = patron_column_get_name (score->column);
      patron_learnt_set_number (learnt, name, "reason", score->reason);
      patron_learnt_set_number (learnt, name, "verdict", score->verdict);
      patron_learnt_set_number (learnt, name, "missing", score->missing);
      patron_learnt_set_number (learnt, name, "top", score->top);
      patron_learnt_set_number (learnt, name, "p", score->p_adjusted);
      patron_learnt_set_number (learnt, name, "effect", score->effect);
      patron_learnt_set_number (learnt, name, "information", score->information);
      patron_learnt_set_number (learnt, name, "importance", score->importance);
      if (score->reason != PATRON_REASON_CORRELATED)
        continue;
      patron_learnt_set_text (learnt, name, "like", patron_column_get_name (scores[score->like].column));
      patron_learnt_set_number (learnt, name, "correlation", score->correlation);
    }
}

static gboolean
score_all (const PatronPrepareInput *input, const SelectParams *params, PatronFeatureScore *scores, guint n, PatronRun *run, GError **error)
{
  PatronColumn *target = has_target (params) ? patron_table_find (input->table, params->target) : NULL;
  g_autofree guint *order = g_new (guint, MAX (n, 1));
  double marginal = 0, important = 0;
  if (!patron_feature_describe (input, scores, n, run, error))
    return FALSE;
  for (guint k = 0; k < n; k++)
    scores[k].reason = reason_alone (&scores[k], params, patron_prepare_n_rows (input));
  if (target != NULL && !patron_feature_relevance (input, scores, n, target, run, error))
    return FALSE;
  rank (order, scores, n, params);
  if (params->max_correlation < 1 && !patron_feature_correlated (input, scores, order, n, params->max_correlation, run, error))
    return FALSE;
  if (target != NULL && params->score == SCORE_IMPORTANCE)
    {
      if (!patron_feature_importance (input, scores, n, target, &marginal, &important, run, error))
        return FALSE;
      rank (order, scores, n, params);
    }
  if (target != NULL)
    judge (scores, order, n, params, marginal, important);
  return TRUE;
}

static char *
select_learn (const PatronPrepareInput *input, gconstpointer values, PatronRun *run, GError **error)
{
  const SelectParams *params = values;
  g_auto (GStrv) names = patron_prepare_named_or_all (input->table, params->columns, params->target);
  guint n = g_strv_length (names);
  g_autofree PatronFeatureScore *scores = g_new0 (PatronFeatureScore, MAX (n, 1));
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  for (guint k = 0; k < n; k++)
    scores[k].column = patron_table_find (input->table, names[k]);
  if (!score_all (input, params, scores, n, run, error))
    return NULL;
  save_scores (learnt, scores, n);
  return patron_learnt_to_text (learnt);
}

/* ---- applying -------------------------------------------------------------------------------------------------- */

static PatronText *
reason_text (const PatronLearnt *learnt, const char *name, PatronReason reason)
{
  g_autofree char *like = NULL;
  switch (reason)
    {
    case PATRON_REASON_MISSING:
      return patron_text (N_("{share} of its values are missing"), "share", PATRON_PERCENT (patron_learnt_get_number (learnt, name, "missing")),
                          NULL);
    case PATRON_REASON_CONSTANT:
      return patron_text (N_("one value stands in {share} of the rows"), "share", PATRON_PERCENT (patron_learnt_get_number (learnt, name, "top")),
                          NULL);
    case PATRON_REASON_IDENTIFIER:
      return patron_text (N_("an identifier: nearly every row has its own value"), NULL);
    case PATRON_REASON_CORRELATED:
      like = patron_learnt_dup_text (learnt, name, "like");
      return patron_text (N_("says the same as {column} (correlation {r})"), "column", PATRON_STRING (like != NULL ? like : ""), "r",
                          PATRON_NUMBER (patron_learnt_get_number (learnt, name, "correlation")), NULL);
    case PATRON_REASON_UNIMPORTANT:
      return patron_text (N_("tells too little about the target"), NULL);
    case PATRON_REASON_RANK:
      return patron_text (N_("others tell more"), NULL);
    default:
      return patron_text (N_("kept"), NULL);
    }
}

/* A sign beside the word, so that the verdict does not depend on colour. */
static const char *
verdict_text (PatronVerdict verdict)
{
  switch (verdict)
    {
    case PATRON_VERDICT_IMPORTANT:
      return N_("● important");
    case PATRON_VERDICT_MARGINAL:
      return N_("◐ marginal");
    case PATRON_VERDICT_UNIMPORTANT:
      return N_("○ unimportant");
    default:
      return N_("–");
    }
}

static PatronReportTable *
add_table (PatronReport *report, const SelectParams *params)
{
  PatronReportTable *table = patron_report_add_table (report, "features", patron_text (N_("What each column is worth"), NULL));
  patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "verdict", patron_text (N_("Verdict"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "reason", patron_text (N_("Kept, or why not"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "missing", patron_text (N_("Missing"), NULL), PATRON_FORMAT_PERCENT);
  if (!has_target (params))
    return table;
  patron_report_table_add_column (table, "p", patron_text (N_("p, corrected"), NULL), PATRON_FORMAT_P_VALUE);
  patron_report_table_add_column (table, "effect", patron_text (N_("Strength (R² or Cramér’s V)"), NULL), PATRON_FORMAT_NUMBER)->bar = TRUE;
  patron_report_table_add_column (table, "information", patron_text (N_("Mutual information"), NULL), PATRON_FORMAT_NUMBER)->bar = TRUE;
  patron_report_table_add_column (table, "importance", patron_text (N_("Forest importance"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_set_caption (table, patron_text (N_("Tests: analysis of variance, chi-squared or correlation, by the types; p values are "
                                                          "corrected for the number of columns. Mutual "
                                                          "information in nats, from at most 5,000 rows."),
                                                       NULL));
  return table;
}

static void
tell_column (PatronReportTable *table, const PatronLearnt *learnt, const char *name, const SelectParams *params)
{
  static const char *const keys[] = { "p", "effect", "information", "importance" };
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, name);
  patron_report_table_add_text (table, patron_text (verdict_text ((PatronVerdict) patron_learnt_get_number (learnt, name, "verdict")), NULL));
  patron_report_table_add_text (table, reason_text (learnt, name, (PatronReason) patron_learnt_get_number (learnt, name, "reason")));
  patron_report_table_add_number (table, patron_learnt_get_number (learnt, name, "missing"));
  for (guint k = 0; has_target (params) && k < G_N_ELEMENTS (keys); k++)
    patron_report_table_add_number (table, patron_learnt_get_number (learnt, name, keys[k]));
}

typedef struct { const char *name; double value; } Bar;

static int
compare_bars (gconstpointer a, gconstpointer b)
{
  double x = ((const Bar *) a)->value, y = ((const Bar *) b)->value;
  return (x < y) - (x > y);
}

static void
add_chart (PatronReport *report, const PatronLearnt *learnt, char **names, const SelectParams *params)
{
  const char *key = params->score == SCORE_TEST ? "effect" : params->score == SCORE_INFORMATION ? "information" : "importance";
  guint n = g_strv_length (names), known = 0;
  g_autofree Bar *bars = g_new (Bar, MAX (n, 1));
  for (guint k = 0; k < n; k++)
    {
      double value = patron_learnt_get_number (learnt, names[k], key);
      if (!isnan (value))
        bars[known++] = (Bar) { names[k], value };
    }
  if (known == 0)
    return;
  qsort (bars, known, sizeof *bars, compare_bars);
  known = MIN (known, CHART_BARS);
  PatronChart *chart = patron_chart_new ("scores", PATRON_CHART_BAR,
                                         patron_text (N_("What tells most about {target}"), "target", PATRON_STRING (params->target), NULL));
  patron_chart_set_caption (chart, patron_text (N_("{column} tells most."), "column", PATRON_STRING (bars[0].name), NULL));
  chart->horizontal = TRUE;
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (scores_choices[params->score].label, NULL));
  double values[CHART_BARS];
  for (guint k = 0; k < known; k++)
    {
      patron_axis_add_name (&chart->y, bars[k].name);
      values[k] = bars[k].value;
    }
  patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, known, NULL, values);
  patron_report_add_chart (report, chart);
}

static PatronTable *
select_apply (const PatronPrepareInput *input, gconstpointer values, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  const SelectParams *params = values;
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL || !patron_run_check (run, error))
    return NULL;
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  guint n_kept = 0, n_left = 0;
  PatronReportTable *evidence = add_table (report, params);
  for (char **name = names; *name != NULL; name++)
    {
      gboolean kept = patron_learnt_get_number (learnt, *name, "reason") == PATRON_REASON_KEPT;
      n_kept += kept;
      n_left += !kept;
      tell_column (evidence, learnt, *name, params);
      if (kept || patron_table_find (table, *name) == NULL)
        continue;
      if (patron_table_n_columns (table) == 1)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Every column would be left out; expected at least one that varies. Allow more, or name a target."));
          return NULL;
        }
      patron_prepare_drop (&table, *name);
    }
  if (has_target (params))
    add_chart (report, learnt, names, params);
  patron_report_add_figure (report, "kept", patron_text (N_("Columns kept"), NULL), PATRON_FORMAT_COUNT, n_kept)->headline = TRUE;
  patron_report_add_figure (report, "left_out", patron_text (N_("Columns left out"), NULL), PATRON_FORMAT_COUNT, n_left)->headline = TRUE;
  patron_report_add_note (report, patron_text (N_("{kept} of {all} candidate columns {kept|was|were} kept."), "kept", PATRON_COUNT (n_kept), "all",
                                               PATRON_COUNT (n_kept + n_left), NULL));
  return g_steal_pointer (&table);
}

/* ---- the operation ---------------------------------------------------------------------------------------------- */

static char *
select_check (const PatronInput *input, gconstpointer values)
{
  const SelectParams *params = values;
  g_auto (GStrv) names = patron_names_split (params->columns);
  if (has_target (params) && g_strv_contains ((const char *const *) names, params->target))
    return g_strdup_printf (_("Column “%s” is the target and cannot be a candidate too."), params->target);
  return NULL;
}

static PatronText *
select_sentence (gconstpointer values)
{
  const SelectParams *params = values;
  if (!has_target (params))
    return patron_text (N_("Leave out columns that say nothing or the same twice"), NULL);
  return patron_text (N_("Choose columns that tell about {target}"), "target", PATRON_STRING (params->target), NULL);
}

static const PatronPrepare select_prepare = { .rows = PATRON_ROWS_KEPT, .learn = select_learn, .apply = select_apply, .sentence = select_sentence };

extern const PatronOp patron_op_select_features;
const PatronOp patron_op_select_features = {
  .id = "select-features",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Choose columns"),
  .question = N_("Which columns are worth keeping for a prediction?"),
  .summary = N_("Leaves out columns that are mostly missing, hardly vary, are identifiers, repeat another column or tell nothing about a target, "
                "each with its reason."),
  .help = N_("First each column is looked at by itself: missing values, one value in nearly all rows, identifiers. Of two numbers that are nearly "
             "the same, the one that tells less "
             "about the target goes.\n\nThen the target decides. A test: analysis of variance between a number and classes, chi-squared between "
             "classes, correlation between "
             "numbers; p values are corrected for the number of columns (Benjamini and Hochberg). Mutual information: against the most that 19 "
             "shufflings of the target give. Forest "
             "importance: what shuffling a column costs a random forest of 200 trees, against shuffled copies of the columns; important means "
             "better than the best copy, "
             "marginal better than the middle one.\n\nThe choice is made on the rows a model is trained on only: chosen on all rows, even noise "
             "would look useful on test rows."),
  .reference = "I. Guyon and A. Elisseeff, An Introduction to Variable and Feature Selection, JMLR 3 (2003) 1157-1182; M. Kursa and W. Rudnicki, "
               "Feature Selection with the Boruta "
               "Package, J. Stat. Software 36(11) (2010)",
  .params = select_params,
  .params_size = sizeof (SelectParams),
  .example = "columns=x1;x2;x3;region;order_id\ntarget=churn",
  .check = select_check,
  .prepare = &select_prepare,
};
