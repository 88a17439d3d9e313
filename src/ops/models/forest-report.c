/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/forest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/order.h"
#include "ops/measures/quality.h"
#include "ops/models/dependence.h"
#include "ops/models/prediction-score.h"

#define DEPENDENCE_SOURCES 4
#define DEPENDENCE_ROWS 300

typedef struct
{
  const PatronForest       *forest;
  const PatronExplainInput *input;
  const PatronDesign       *design;
  PatronRun                *run;
  PatronReport             *report;
  PatronForestOob           oob;
  PatronImportance   *importance;   /* n_sources */
  guint                     n_sources;
  double                    score;        /* what shuffling takes away from */
  guint                     positive;     /* output that is told about: the positive class, or 0 */
  const char               *target;
} Page;

static const char *
source_name (const Page *page, guint source)
{
  return patron_design_source (page->design, source)->name;
}

static const char *
score_label (const Page *page)
{
  return patron_prediction_score_label (page->forest->classes ? page->forest->trees.n_outputs : 0);
}

/* ---- importance -------------------------------------------------------------------------------------------- */

static void
add_importance_table (const Page *page)
{
  PatronReportTable *table = patron_report_add_table (page->report, "importance", patron_text (N_("Importance of the columns"), NULL));
  patron_report_table_add_column (table, "feature", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "importance", patron_text (N_("Importance"), NULL), PATRON_FORMAT_NUMBER)->bar = TRUE;
  patron_report_table_add_column (table, "sd", patron_text (N_("SD"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "impurity", patron_text (N_("Share of the impurity decrease"), NULL), PATRON_FORMAT_PERCENT);
  for (guint i = 0; i < page->n_sources; i++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, source_name (page, page->importance[i].source));
      patron_report_table_add_number (table, page->importance[i].mean);
      patron_report_table_add_number (table, page->importance[i].sd);
      patron_report_table_add_number (table, page->importance[i].share);
    }
  patron_report_table_set_caption (table, patron_text (N_("Importance is what {score} loses when the column is shuffled; around 0 the "
                                                          "column says nothing that others do not "
                                                          "say. The impurity decrease favours columns with many values."),
                                                       "score", PATRON_MSGID (score_label (page)), NULL));
}

static void
set_headline (const Page *page)
{
  const PatronImportance *im = page->importance;
  guint n = 0;
  while (n < MIN (page->n_sources, 3) && im[n].mean > 0 && im[n].mean > im[n].sd)
    n++;
  if (n == 0)
    patron_report_set_headline (page->report, patron_text (N_("None of the columns tells much about “{target}”."), "target",
      PATRON_STRING (page->target), NULL));
  else if (n == 1)
    patron_report_set_headline (page->report, patron_text (N_("“{target}” depends most on “{a}”."), "target", PATRON_STRING (page->target), "a",
                                                           PATRON_STRING (source_name (page, im[0].source)), NULL));
  else if (n == 2)
    patron_report_set_headline (page->report, patron_text (N_("“{target}” depends most on “{a}”, then on “{b}”."), "target",
      PATRON_STRING (page->target), "a",
                                                           PATRON_STRING (source_name (page, im[0].source)), "b",
                                                           PATRON_STRING (source_name (page, im[1].source)), NULL));
  else
    patron_report_set_headline (page->report, patron_text (N_("“{target}” depends most on “{a}”, then on “{b}” and “{c}”."), "target",
      PATRON_STRING (page->target),
                                                           "a", PATRON_STRING (source_name (page, im[0].source)), "b",
                                                           PATRON_STRING (source_name (page, im[1].source)), "c",
                                                           PATRON_STRING (source_name (page, im[2].source)), NULL));
}

/* ---- partial dependence ------------------------------------------------------------------------------------ */

static void
mean_prediction (gconstpointer data, gsize column, guint8 code, double *mean)
{
  const Page *page = data;
  patron_forest_dependence (page->forest, &page->oob, MIN (page->oob.n, DEPENDENCE_ROWS), column, code, mean);
}

static gboolean
add_dependence (const Page *page, GError **error)
{
  const PatronForest *forest = page->forest;
  const PatronDependence dependence = { .report = page->report, .run = page->run, .design = page->design, .bins = &forest->bins,
                                        .x = page->input->fit->x, .rows = page->oob.rows, .n = page->oob.n, .classes = forest->classes,
                                        .n_outputs = forest->trees.n_outputs, .positive = page->positive,
                                        .class_names = page->input->fit->class_names, .mean = mean_prediction, .data = page };
  guint shown = 0;
  for (guint i = 0; i < page->n_sources && shown < DEPENDENCE_SOURCES; i++)
    {
      if (page->importance[i].mean <= 0 && shown > 0)
        break;
      if (!patron_dependence_add (&dependence, page->importance[i].source, &shown, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- the forest itself ------------------------------------------------------------------------------------- */

static void
add_error_chart (const Page *page)
{
  const PatronForestOob *oob = &page->oob;
  double x[G_N_ELEMENTS (oob->step_trees)];
  gboolean classes = page->forest->classes;
  if (oob->training || oob->n_steps < 2)
    return;
  for (guint s = 0; s < oob->n_steps; s++)
    x[s] = oob->step_trees[s];
  PatronChart *chart = patron_chart_new ("oob-error", PATRON_CHART_LINE, patron_text (N_("Error by number of trees"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text (N_("Trees"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, classes ? PATRON_FORMAT_PERCENT : PATRON_FORMAT_NUMBER,
                   classes ? patron_text (N_("Out-of-bag error"), NULL) : patron_text (N_("Out-of-bag RMSE"), NULL));
  patron_chart_add_series (chart, NULL, PATRON_SERIES_LINE, oob->n_steps, x, oob->step_error);
  patron_chart_set_caption (chart, patron_text (N_("Measured on rows that a tree was grown without. Where the line is flat, more trees "
                                                   "gain nothing."), NULL));
  patron_report_add_chart (page->report, chart);
}

static void
add_oob_figure (const Page *page)
{
  const PatronForestOob *oob = &page->oob;
  gsize n = oob->n, k = page->forest->trees.n_outputs;
  double right = 0, mean = 0, error = 0, total = 0;
  if (oob->training)
    return;
  for (gsize i = 0; i < n; i++)
    mean += oob->y[i] / n;
  for (gsize i = 0; i < n; i++)
    {
      guint best = 0;
      for (guint c = 1; c < k; c++)
        if (oob->predicted[c * n + i] > oob->predicted[best * n + i])
          best = c;
      right += best == (guint) oob->y[i];
      error += (oob->y[i] - oob->predicted[i]) * (oob->y[i] - oob->predicted[i]);
      total += (oob->y[i] - mean) * (oob->y[i] - mean);
    }
  gboolean classes = page->forest->classes;
  PatronFigure *figure = patron_report_add_figure (page->report, "oob_score", classes ? patron_text (N_("Out-of-bag accuracy"), NULL)
                                                                                      : patron_text (N_("Out-of-bag R²"), NULL),
                                                   classes ? PATRON_FORMAT_PERCENT : PATRON_FORMAT_NUMBER, classes ? right / n : 1 - error / total);
  figure->note = patron_text (N_("Each of {rows} training rows is predicted only by the trees that were grown without it."), "rows",
    PATRON_COUNT (n), NULL);
}

/* Intervals for single predictions from the out-of-bag errors. */
static void
add_interval (const Page *page)
{
  const PatronForestOob *oob = &page->oob;
  if (page->forest->classes || oob->training || oob->n < 40)
    return;
  double *errors = patron_try_alloc (oob->n, sizeof (double), "", NULL);
  if (errors == NULL)
    return;
  for (gsize i = 0; i < oob->n; i++)
    errors[i] = oob->y[i] - oob->predicted[i];
  patron_sort_doubles (errors, oob->n);
  patron_report_add_text (page->report, patron_text (N_("For a new row, 90 of 100 true values lie between {low} below and {high} above "
                                                        "the prediction (5% and 95% points "
                                                       "of the out-of-bag errors)."),
                                                    "low", PATRON_NUMBER (-errors[(gsize) (0.05 * (oob->n - 1))]), "high",
                                                    PATRON_NUMBER (errors[(gsize) ceil (0.95 * (oob->n - 1))]), NULL));
  patron_free (errors);
}

static void
add_fact (PatronReportTable *table, const char *label, PatronFormat format, double value)
{
  patron_report_table_add_row (table);
  patron_report_table_add_text (table, patron_text (label, NULL));
  patron_report_table_add_formatted (table, format, value);
}

static void
add_facts (const Page *page)
{
  const PatronTrees *trees = &page->forest->trees;
  double depth = 0, leaves = 0;
  guint deepest = 0;
  for (gsize t = 0; t < trees->n_trees; t++)
    {
      guint d = patron_tree_depth (trees, t);
      depth += (double) d / trees->n_trees;
      leaves += (double) patron_tree_n_leaves (trees, t) / trees->n_trees;
      deepest = MAX (deepest, d);
    }
  PatronReportTable *table = patron_report_add_table (page->report, "forest", patron_text (N_("The forest"), NULL));
  patron_report_table_add_column (table, "fact", patron_text (N_("Fact"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "value", patron_text (N_("Value"), NULL), PATRON_FORMAT_NUMBER);
  add_fact (table, N_("Trees"), PATRON_FORMAT_COUNT, trees->n_trees);
  add_fact (table, N_("Rows trained on"), PATRON_FORMAT_COUNT, page->forest->n_rows);
  add_fact (table, N_("Rows drawn for each tree"), PATRON_FORMAT_COUNT, page->forest->n_drawn > 0 ? page->forest->n_drawn : page->forest->n_rows);
  add_fact (table, N_("Columns"), PATRON_FORMAT_COUNT, page->forest->bins.p);
  add_fact (table, N_("Leaves of a tree, on average"), PATRON_FORMAT_NUMBER, leaves);
  add_fact (table, N_("Depth of a tree, on average"), PATRON_FORMAT_NUMBER, depth);
  add_fact (table, N_("Deepest tree"), PATRON_FORMAT_COUNT, deepest);
}

/* ---- the page ---------------------------------------------------------------------------------------------- */

static gboolean
fill_page (Page *page, GError **error)
{
  patron_run_push (page->run, N_("Measuring importance"), 0.8);
  gboolean fine = patron_forest_importance (page->forest, &page->oob, page->design, page->importance, &page->score, page->run, error);
  patron_run_pop (page->run);
  if (!fine)
    return FALSE;
  set_headline (page);
  patron_report_add_heading (page->report, patron_text (N_("What does it depend on?"), NULL));
  patron_importance_add_chart (page->report, page->design, page->importance, page->n_sources, score_label (page), page->score);
  add_importance_table (page);
  if (!add_dependence (page, error))
    return FALSE;
  patron_report_add_heading (page->report, patron_text (N_("The forest"), NULL));
  add_oob_figure (page);
  add_interval (page);
  add_error_chart (page);
  add_facts (page);
  if (page->oob.training)
    patron_report_add_note (page->report, patron_text (N_("Every tree saw all rows, so importance is measured on the training rows and "
                                                          "flatters columns with many values."), NULL));
  return patron_run_check (page->run, error);
}

gboolean
patron_forest_explain (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report,
                       GError **error)
{
  const PatronForest *forest = state;
  const PatronFitInput *in = input->fit;
  const char *target = input->input != NULL ? patron_roles_first (input->input->roles, PATRON_ROLE_TARGET) : NULL;
  guint n_sources = patron_design_n_sources (in->design);
  g_autofree PatronImportance *importance = g_new0 (PatronImportance, MAX (n_sources, 1));
  Page page = { .forest = forest, .input = input, .design = in->design, .run = run, .report = report, .importance = importance,
                .n_sources = n_sources, .target = target != NULL ? target : "" };
  if (forest->classes && in->n_classes == 2)
    page.positive = patron_quality_positive_class (2, in->class_names, in->y, in->x->n);
  if (!patron_forest_oob (forest, in->x, in->y, &page.oob, run, error))
    return FALSE;
  gboolean fine = TRUE;
  if (page.oob.n >= 2)
    fine = fill_page (&page, error);
  else
    patron_report_add_note (report, patron_text (N_("Nearly every row was in every tree, so importance cannot be measured; grow more "
                                                    "trees."), NULL));
  patron_forest_oob_clear (&page.oob);
  return fine;
}
