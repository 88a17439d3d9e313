/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/boosting-model.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "ops/measures/quality.h"
#include "ops/models/dependence.h"
#include "ops/models/prediction-score.h"

#define DEPENDENCE_SOURCES 4
#define DEPENDENCE_ROWS 300

typedef struct
{
  const PatronBoostingModel *model;
  const PatronExplainInput  *input;
  const PatronDesign        *design;
  PatronRun                 *run;
  PatronReport              *report;
  PatronBoostingSample       sample;
  PatronImportance  *importance;   /* n_sources */
  guint                      n_sources;
  double                     score;        /* what shuffling takes away from */
  guint                      positive;     /* the class that is told about, of two */
  const char                *target;
} Page;

static const char *
source_name (const Page *page, guint source)
{
  return patron_design_source (page->design, source)->name;
}

static const char *
score_label (const Page *page)
{
  return patron_prediction_score_label (page->model->n_classes);
}

static void
set_headline (const Page *page)
{
  const PatronBoosting *b = &page->model->boosting;
  const PatronImportance *im = page->importance;
  PatronText *headline;
  if (b->rounds == 0)
    headline = patron_text (N_("No tree predicts “{target}” better than its overall level does, by {rows} rows kept aside."), "target",
                            PATRON_STRING (page->target), "rows", PATRON_COUNT (b->n_validation), NULL);
  else if (page->n_sources > 1 && im[1].share > 0)
    headline = patron_text (N_("“{target}” is predicted by {trees} trees grown from {rows} rows, most by “{a}”, then by “{b}”."), "target",
                            PATRON_STRING (page->target), "trees", PATRON_COUNT (b->trees.n_trees), "rows", PATRON_COUNT (b->n_training), "a",
                            PATRON_STRING (source_name (page, im[0].source)), "b", PATRON_STRING (source_name (page, im[1].source)), NULL);
  else
    headline = patron_text (N_("“{target}” is predicted by {trees} trees grown from {rows} rows, most by “{a}”."), "target",
                            PATRON_STRING (page->target), "trees", PATRON_COUNT (b->trees.n_trees), "rows", PATRON_COUNT (b->n_training), "a",
                            PATRON_STRING (source_name (page, im[0].source)), NULL);
  patron_report_set_headline (page->report, headline);
}

/* ---- importance -------------------------------------------------------------------------------------------- */

static void
add_importance_table (const Page *page)
{
  PatronReportTable *table = patron_report_add_table (page->report, "importance", patron_text (N_("Importance of the columns"), NULL));
  patron_report_table_add_column (table, "feature", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "gain", patron_text (N_("Share of the gain"), NULL), PATRON_FORMAT_PERCENT)->bar = TRUE;
  patron_report_table_add_column (table, "importance", patron_text (N_("Lost when shuffled"), NULL), PATRON_FORMAT_NUMBER)->bar = TRUE;
  patron_report_table_add_column (table, "sd", patron_text (N_("SD"), NULL), PATRON_FORMAT_NUMBER);
  for (guint i = 0; i < page->n_sources; i++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, source_name (page, page->importance[i].source));
      patron_report_table_add_number (table, page->importance[i].share);
      patron_report_table_add_number (table, page->importance[i].mean);
      patron_report_table_add_number (table, page->importance[i].sd);
    }
  patron_report_table_set_caption (table, patron_text (N_("The gain is how much smaller a column's questions made the error while the trees were grown; "
                                                          "shuffling shows what is lost on {rows} rows when the column says nothing."),
                                                       "rows", PATRON_COUNT (page->sample.n), NULL));
}

/* ---- partial dependence ------------------------------------------------------------------------------------ */

static void
mean_prediction (gconstpointer data, gsize column, guint8 code, double *mean)
{
  const Page *page = data;
  const PatronBoostingSample *sample = &page->sample;
  gsize n = MIN (sample->n, DEPENDENCE_ROWS), k = patron_boosting_model_outputs (page->model);
  g_autofree guint8 *codes = g_malloc (n * sample->stride);
  g_autofree double *scores = g_new (double, 2 * n * k);
  double *predicted = scores + n * k;
  for (gsize r = 0; r < n; r++)
    {
      memcpy (codes + r * sample->stride, sample->codes + r * sample->n / n * sample->stride, sample->stride);
      codes[r * sample->stride + column] = code;
    }
  patron_boosting_model_predict (page->model, codes, sample->stride, n, scores, predicted);
  for (gsize c = 0; c < k; c++)
    {
      mean[c] = 0;
      for (gsize r = 0; r < n; r++)
        mean[c] += predicted[c * n + r] / n;
    }
}

static gboolean
add_dependence (const Page *page, GError **error)
{
  const PatronDependence dependence = { .report = page->report, .run = page->run, .design = page->design, .bins = &page->model->bins,
                                        .x = page->input->fit->x, .rows = page->sample.rows, .n = page->sample.n,
                                        .classes = page->model->n_classes > 0, .n_outputs = patron_boosting_model_outputs (page->model),
                                        .positive = page->positive, .class_names = page->input->fit->class_names, .mean = mean_prediction,
                                        .data = page };
  guint shown = 0;
  for (guint i = 0; i < page->n_sources && shown < DEPENDENCE_SOURCES; i++)
    if (page->importance[i].share > 0 && !patron_dependence_add (&dependence, page->importance[i].source, &shown, error))
      return FALSE;
  return TRUE;
}

/* ---- the trees themselves ---------------------------------------------------------------------------------- */

static const char *
loss_label (const Page *page)
{
  static const char *const labels[] = { N_("Mean squared error"), N_("Mean absolute error"), N_("Half the mean Poisson deviance"), N_("Log loss") };
  return labels[page->model->loss];
}

/* Loss by round, thinned to what a chart shows, with the round that was kept. */
static void
add_curve (const Page *page)
{
  const PatronBoosting *b = &page->model->boosting;
  gsize step = MAX (b->n_curve / 400, 1), n = 0;
  if (b->n_curve < 2)
    return;
  g_autofree double *x = g_new (double, b->n_curve), *training = g_new (double, b->n_curve), *validation = g_new (double, b->n_curve);
  for (gsize r = 0; r < b->n_curve; r++)
    if (r % step == 0 || r == b->rounds || r + 1 == b->n_curve)
      {
        x[n] = r;
        training[n] = b->training[r];
        validation[n++] = b->validation[r];
      }
  PatronChart *chart = patron_chart_new ("loss", PATRON_CHART_LINE, patron_text (N_("Error by number of trees"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, b->n_outputs > 1 ? patron_text (N_("Trees for each class"), NULL)
                                                                                        : patron_text (N_("Trees"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (loss_label (page), NULL));
  patron_chart_add_series (chart, patron_text (N_("Rows trained on"), NULL), PATRON_SERIES_LINE, n, x, training);
  if (b->n_validation > 0)
    {
      double kept_x[2] = { b->rounds, b->rounds }, kept_y[2] = { MIN (b->training[b->n_curve - 1], b->validation[b->rounds]),
                                                                 MAX (b->training[0], b->validation[0]) };
      patron_chart_add_series (chart, patron_text (N_("Rows kept aside"), NULL), PATRON_SERIES_LINE, n, x, validation);
      patron_chart_add_series (chart, patron_text (N_("Kept"), NULL), PATRON_SERIES_REFERENCE, 2, kept_x, kept_y);
      patron_chart_set_caption (chart, patron_text (b->rounds + 1 < b->n_curve
                                                      ? N_("With {kept} trees the {rows} rows kept aside are predicted best: {loss}. Trees after those "
                                                           "only learn the training rows by heart and are not kept.")
                                                      : N_("With all {kept} trees the {rows} rows kept aside are predicted best: {loss}."),
                                                    "kept", PATRON_COUNT (b->trees.n_trees), "rows", PATRON_COUNT (b->n_validation), "loss",
                                                    PATRON_NUMBER (b->validation[b->rounds]), NULL));
    }
  else
    patron_chart_set_caption (chart, patron_text (N_("On the rows trained on, where more trees always look better. No rows were kept aside."), NULL));
  patron_report_add_chart (page->report, chart);
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
  const PatronBoosting *b = &page->model->boosting;
  double depth = 0, leaves = 0;
  for (gsize t = 0; t < b->trees.n_trees; t++)
    {
      depth += (double) patron_tree_depth (&b->trees, t) / b->trees.n_trees;
      leaves += (double) patron_tree_n_leaves (&b->trees, t) / b->trees.n_trees;
    }
  PatronReportTable *table = patron_report_add_table (page->report, "trees", patron_text (N_("The trees"), NULL));
  patron_report_table_add_column (table, "fact", patron_text (N_("Fact"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "value", patron_text (N_("Value"), NULL), PATRON_FORMAT_NUMBER);
  add_fact (table, N_("Trees kept"), PATRON_FORMAT_COUNT, b->trees.n_trees);
  add_fact (table, N_("Trees grown"), PATRON_FORMAT_COUNT, (b->n_curve - 1) * b->n_outputs);
  add_fact (table, N_("Learning rate"), PATRON_FORMAT_NUMBER, page->model->learning_rate);
  add_fact (table, N_("Rows trained on"), PATRON_FORMAT_COUNT, b->n_training);
  add_fact (table, N_("Rows kept aside"), PATRON_FORMAT_COUNT, b->n_validation);
  add_fact (table, N_("Columns"), PATRON_FORMAT_COUNT, b->n_columns);
  if (b->rounds == 0)
    return;
  add_fact (table, N_("Leaves of a tree, on average"), PATRON_FORMAT_NUMBER, leaves);
  add_fact (table, N_("Depth of a tree, on average"), PATRON_FORMAT_NUMBER, depth);
}

static void
add_notes (const Page *page)
{
  const PatronBoosting *b = &page->model->boosting;
  if (b->n_validation == 0)
    patron_report_add_note (page->report, patron_text (N_("No rows were kept aside, so the number of trees is as set and importance is measured on the "
                                                          "training rows, which flatters columns with many values."), NULL));
  else if (b->rounds > 0 && b->rounds == (gsize) page->model->max_rounds)
    patron_report_add_note (page->report, patron_text (N_("The rows kept aside were still predicted better when the last tree allowed was grown; allow "
                                                          "more trees or a larger learning rate."), NULL));
}

/* ---- the page ---------------------------------------------------------------------------------------------- */

static gboolean
fill_page (Page *page, GError **error)
{
  patron_run_push (page->run, N_("Measuring importance"), 0.8);
  gboolean fine = patron_boosting_importance (page->model, &page->sample, page->design, patron_run_get_seed (page->run), page->importance, &page->score,
                                              page->run, error);
  patron_run_pop (page->run);
  if (!fine)
    return FALSE;
  set_headline (page);
  if (page->model->boosting.rounds > 0)
    {
      patron_report_add_heading (page->report, patron_text (N_("What does it depend on?"), NULL));
      patron_importance_add_chart (page->report, page->design, page->importance, page->n_sources, score_label (page), page->score);
      add_importance_table (page);
      if (!add_dependence (page, error))
        return FALSE;
    }
  patron_report_add_heading (page->report, patron_text (N_("The trees"), NULL));
  add_curve (page);
  add_facts (page);
  add_notes (page);
  return patron_run_check (page->run, error);
}

gboolean
patron_boosting_explain (gconstpointer state, const PatronExplainInput *input, gconstpointer params, PatronRun *run, PatronReport *report,
                         GError **error)
{
  const PatronBoostingModel *model = state;
  const PatronFitInput *in = input->fit;
  const char *target = input->input != NULL ? patron_roles_first (input->input->roles, PATRON_ROLE_TARGET) : NULL;
  guint n_sources = patron_design_n_sources (in->design);
  g_autofree PatronImportance *importance = g_new0 (PatronImportance, MAX (n_sources, 1));
  Page page = { .model = model, .input = input, .design = in->design, .run = run, .report = report, .importance = importance,
                .n_sources = n_sources, .target = target != NULL ? target : "" };
  if (model->n_classes == 2)
    page.positive = patron_quality_positive_class (2, in->class_names, in->y, in->x->n);
  if (!patron_boosting_sample (model, in->x, in->y, &page.sample, run, error))
    return FALSE;
  gboolean fine = fill_page (&page, error);
  patron_boosting_sample_clear (&page.sample);
  return fine;
}
