/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/measures/quality.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "math/metrics.h"
#include "math/ranking.h"
#include "ops/measures/quality-blocks.h"
#include "report/report.h"

/* One figure of quality: where it lies in the metrics struct and how it is shown. */
typedef struct
{
  const char  *id;
  gsize        offset;
  const char  *label;
  const char  *note;
  PatronFormat format;
  gboolean     headline_two, headline;   /* among the large ones with two classes; otherwise */
} Measure;

#define CLASS(field) .id = #field, .offset = offsetof (PatronClassMetrics, field)
#define NUMBER(field) .id = #field, .offset = offsetof (PatronRegressionMetrics, field)

static const Measure class_measures[] = {
  { CLASS (auc), N_("AUC"),
    N_("The chance that a row of the positive class gets a higher probability than one that is not: 0.5 is guessing, 1 is perfect."),
    PATRON_FORMAT_NUMBER, .headline_two = TRUE, .headline = TRUE },
  { CLASS (accuracy), N_("Accuracy"), N_("Share of rows whose most probable class is the true one."), PATRON_FORMAT_PERCENT, .headline_two = TRUE,
    .headline = TRUE },
  { CLASS (balanced_accuracy), N_("Balanced accuracy"), N_("Mean over the classes of the share of its rows that were recognised."),
    PATRON_FORMAT_PERCENT, .headline = TRUE },
  { CLASS (precision), N_("Precision"), N_("Of the rows predicted to be positive, the share that is."), PATRON_FORMAT_PERCENT,
    .headline_two = TRUE },
  { CLASS (recall), N_("Recall"), N_("Of the rows that are positive, the share that was found."), PATRON_FORMAT_PERCENT, .headline_two = TRUE },
  { CLASS (f1), N_("F1"), N_("Harmonic mean of precision and recall."), PATRON_FORMAT_NUMBER, .headline = TRUE },
  { CLASS (average_precision), N_("Average precision"),
    N_("Precision averaged over every recall; a model that guesses has the share of the positive class."), PATRON_FORMAT_NUMBER },
  { CLASS (log_loss), N_("Log loss"), N_("Mean of −log of the probability given to the true class; smaller is better."), PATRON_FORMAT_NUMBER },
  { CLASS (brier), N_("Brier score"), N_("Mean squared error of the probabilities; smaller is better."), PATRON_FORMAT_NUMBER },
  { CLASS (mcc), N_("Matthews correlation"), N_("Correlation of true and predicted classes: 0 is guessing, 1 is perfect."), PATRON_FORMAT_NUMBER },
};

static const Measure number_measures[] = {
  { NUMBER (r2), N_("R²"), N_("Share of the target's variance that the model explains; 0 is no better than the mean."), PATRON_FORMAT_NUMBER,
    .headline = TRUE },
  { NUMBER (rmse), N_("RMSE"), N_("Root of the mean squared error, in the target's unit; large errors weigh more."), PATRON_FORMAT_NUMBER,
    .headline = TRUE },
  { NUMBER (mae), N_("MAE"), N_("Mean absolute error, in the target's unit."), PATRON_FORMAT_NUMBER, .headline = TRUE },
  { NUMBER (mape), N_("MAPE"), N_("Mean absolute error as a share of the true value."), PATRON_FORMAT_PERCENT },
  { NUMBER (mse), N_("MSE"), N_("Mean squared error."), PATRON_FORMAT_NUMBER },
};

typedef union
{
  PatronClassMetrics      classes;
  PatronRegressionMetrics numbers;
} Metrics;

typedef struct
{
  PatronReport             *report;
  const PatronQualityInput *in;
  const Measure            *measures;
  guint                     n_measures;
  guint                     n_folds;
  guint                     positive;
  Metrics                  *model, *rival;   /* n_folds each */
  double                   *auc_variance;    /* n_folds, two classes */
} Quality;

static double
metric (const Metrics *metrics, const Measure *measure)
{
  return G_STRUCT_MEMBER (double, metrics, measure->offset);
}

/* Mean and standard deviation over the folds where the measure is defined. */
static double
fold_mean (const Metrics *folds, guint n_folds, const Measure *measure, double *sd)
{
  double sum = 0, square = 0;
  guint n = 0;
  for (guint f = 0; f < n_folds; f++)
    if (!isnan (metric (&folds[f], measure)))
      {
        sum += metric (&folds[f], measure);
        n++;
      }
  double mean = n > 0 ? sum / n : NAN;
  for (guint f = 0; f < n_folds; f++)
    if (!isnan (metric (&folds[f], measure)))
      square += (metric (&folds[f], measure) - mean) * (metric (&folds[f], measure) - mean);
  if (sd != NULL)
    *sd = n > 1 ? sqrt (square / (n - 1)) : NAN;
  return mean;
}

/* ---- folds ----------------------------------------------------------------------------------------------- */

static gsize
gather (const PatronQualityInput *in, guint f, const double *values, guint n_columns, gsize n_rows, double *out)
{
  gsize n = 0;
  for (gsize i = 0; i < in->n; i++)
    if (in->fold == NULL || in->fold[i] == f)
      {
        if (out != NULL)
          for (guint c = 0; c < n_columns; c++)
            out[c * n_rows + n] = values[c * in->n + i];
        n++;
      }
  return n;
}

static gboolean
score (const Quality *q, gsize n, const double *y, const double *p, Metrics *metrics, double *auc_variance, GError **error)
{
  const PatronQualityInput *in = q->in;
  if (in->task == PATRON_TASK_REGRESSION)
    {
      patron_regression_metrics (n, y, p, &metrics->numbers);
      return TRUE;
    }
  if (!patron_class_metrics (n, in->n_classes, y, p, q->positive, &metrics->classes, error))
    return FALSE;
  if (in->n_classes != 2 || auc_variance == NULL)
    return TRUE;
  g_autoptr (PatronRanking) ranking = patron_ranking_new (n, y, q->positive, p + q->positive * n, error);
  if (ranking == NULL)
    return FALSE;
  *auc_variance = patron_ranking_auc_variance (ranking);
  return TRUE;
}

static void
set_undefined (Metrics *metrics)
{
  for (gsize i = 0; i < sizeof *metrics / sizeof (double); i++)
    ((double *) metrics)[i] = NAN;
}

static gboolean
score_fold (Quality *q, guint f, double *y, double *p, GError **error)
{
  const PatronQualityInput *in = q->in;
  guint k = in->task == PATRON_TASK_REGRESSION ? 1 : in->n_classes;
  gsize n = gather (in, f, NULL, 0, 0, NULL);
  set_undefined (&q->model[f]);
  set_undefined (&q->rival[f]);
  q->auc_variance[f] = NAN;
  if (n == 0)
    return TRUE;
  gather (in, f, in->y, 1, n, y);
  gather (in, f, in->predicted, k, n, p);
  if (!score (q, n, y, p, &q->model[f], &q->auc_variance[f], error))
    return FALSE;
  if (in->baseline == NULL)
    return TRUE;
  gather (in, f, in->baseline, k, n, p);
  return score (q, n, y, p, &q->rival[f], NULL, error);
}

static gboolean
score_folds (Quality *q, PatronRun *run, GError **error)
{
  guint k = q->in->task == PATRON_TASK_REGRESSION ? 1 : q->in->n_classes;
  double *y = patron_try_alloc (q->in->n, (k + 1) * sizeof (double), _("the figures of quality"), error);
  gboolean fine = y != NULL;
  for (guint f = 0; fine && f < q->n_folds; f++)
    fine = patron_run_check (run, error) && score_fold (q, f, y, y + q->in->n, error);
  patron_free (y);
  return fine;
}

/* ---- intervals ------------------------------------------------------------------------------------------- */

static double
row_loss (const PatronQualityInput *in, const double *p, gsize i)
{
  if (in->task == PATRON_TASK_REGRESSION)
    return (in->y[i] - p[i]) * (in->y[i] - p[i]);
  double sum = 0;
  for (guint c = 0; c < in->n_classes; c++)
    {
      double d = p[c * in->n + i] - (c == (guint) in->y[i]);
      sum += d * d;
    }
  return in->n_classes == 2 ? sum / 2 : sum;
}

/* Mean over the rows of f (i) and its standard error. */
static void
row_mean (const PatronQualityInput *in, double (*f) (const PatronQualityInput *in, gsize i), double *mean, double *error)
{
  double sum = 0, square = 0;
  for (gsize i = 0; i < in->n; i++)
    sum += f (in, i);
  *mean = sum / in->n;
  for (gsize i = 0; i < in->n; i++)
    square += (f (in, i) - *mean) * (f (in, i) - *mean);
  *error = in->n > 1 ? sqrt (square / (in->n - 1.0) / in->n) : NAN;
}

static double
model_loss (const PatronQualityInput *in, gsize i)
{
  return row_loss (in, in->predicted, i);
}

static double
rival_loss (const PatronQualityInput *in, gsize i)
{
  return row_loss (in, in->baseline, i);
}

static double
absolute_error (const PatronQualityInput *in, gsize i)
{
  return fabs (in->y[i] - in->predicted[i]);
}

static void
set_interval (PatronReport *report, const char *id, double half)
{
  PatronFigure *figure = (PatronFigure *) patron_report_find_figure (report, id);
  figure->low = figure->value - PATRON_Z_95 * half;
  figure->high = figure->value + PATRON_Z_95 * half;
}

static void
set_wilson (PatronReport *report, const char *id, double successes, double n)
{
  PatronFigure *figure = (PatronFigure *) patron_report_find_figure (report, id);
  patron_wilson_interval (successes, n, &figure->low, &figure->high);
}

/* Splits are taken as independent: the variance of a mean of areas is the sum of their variances over the square of their number. */
static void
set_auc_interval (const Quality *q)
{
  double variance = 0;
  guint n = 0;
  for (guint f = 0; f < q->n_folds; f++)
    if (!isnan (q->auc_variance[f]))
      {
        variance += q->auc_variance[f];
        n++;
      }
  if (n == 0)
    return;
  set_interval (q->report, "auc", sqrt (variance) / n);
  PatronFigure *figure = (PatronFigure *) patron_report_find_figure (q->report, "auc");
  figure->low = MAX (figure->low, 0);
  figure->high = MIN (figure->high, 1);
}

static void
set_class_intervals (const Quality *q)
{
  const PatronQualityInput *in = q->in;
  guint k = in->n_classes;
  double correct = 0, truth = 0, predicted = 0, mean, standard_error;
  g_autofree gsize *counts = g_new (gsize, (gsize) k * k);
  patron_confusion (in->n, k, in->y, in->predicted, counts);
  for (guint c = 0; c < k; c++)
    {
      correct += counts[c * k + c];
      truth += counts[q->positive * k + c];
      predicted += counts[c * k + q->positive];
    }
  set_wilson (q->report, "accuracy", correct, in->n);
  row_mean (in, model_loss, &mean, &standard_error);
  set_interval (q->report, "brier", standard_error);
  if (k != 2)
    return;
  set_wilson (q->report, "precision", counts[q->positive * k + q->positive], predicted);
  set_wilson (q->report, "recall", counts[q->positive * k + q->positive], truth);
  set_auc_interval (q);
}

static void
set_number_intervals (const Quality *q)
{
  double mean, standard_error;
  row_mean (q->in, absolute_error, &mean, &standard_error);
  set_interval (q->report, "mae", standard_error);
  row_mean (q->in, model_loss, &mean, &standard_error);
  set_interval (q->report, "mse", standard_error);
  if (mean > 0)
    set_interval (q->report, "rmse", standard_error / (2 * sqrt (mean)));   /* delta method */
}

/* ---- figures --------------------------------------------------------------------------------------------- */

static void
add_figures (const Quality *q)
{
  gboolean two = q->in->task == PATRON_TASK_CLASSIFICATION && q->in->n_classes == 2;
  for (guint m = 0; m < q->n_measures; m++)
    {
      const Measure *measure = &q->measures[m];
      PatronFigure *figure = patron_report_add_figure (q->report, measure->id, patron_text (measure->label, NULL), measure->format,
                                                       fold_mean (q->model, q->n_folds, measure, NULL));
      figure->note = patron_text (measure->note, NULL);
      figure->headline = two ? measure->headline_two : measure->headline;
      if (q->in->baseline != NULL)
        patron_report_add_baseline_figure (q->report, measure->id, patron_text (measure->label, NULL), measure->format,
                                           fold_mean (q->rival, q->n_folds, measure, NULL));
    }
  if (q->in->task == PATRON_TASK_CLASSIFICATION)
    set_class_intervals (q);
  else
    set_number_intervals (q);
}

static void
add_comparison (const Quality *q)
{
  PatronReportTable *table = patron_report_add_table (q->report, "quality", patron_text (N_("Quality on rows not seen in training"), NULL));
  patron_report_table_add_column (table, "figure", patron_text (N_("Figure"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "model", patron_text (N_("Model"), NULL), PATRON_FORMAT_NUMBER);
  if (q->n_folds > 1)
    patron_report_table_add_column (table, "sd", patron_text (N_("SD over folds"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "low", patron_text (N_("95% from"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "high", patron_text (N_("to"), NULL), PATRON_FORMAT_NUMBER);
  if (q->in->baseline != NULL)
    patron_report_table_add_column (table, "rival", patron_text (q->in->baseline_title, NULL), PATRON_FORMAT_NUMBER);
  for (guint m = 0; m < q->n_measures; m++)
    {
      const Measure *measure = &q->measures[m];
      const PatronFigure *figure = patron_report_find_figure (q->report, measure->id);
      double sd;
      fold_mean (q->model, q->n_folds, measure, &sd);
      patron_report_table_add_row (table);
      patron_report_table_add_text (table, patron_text (measure->label, NULL));
      patron_report_table_add_formatted (table, measure->format, figure->value);
      if (q->n_folds > 1)
        patron_report_table_add_formatted (table, measure->format, sd);
      patron_report_table_add_formatted (table, measure->format, figure->low);
      patron_report_table_add_formatted (table, measure->format, figure->high);
      if (q->in->baseline != NULL)
        patron_report_table_add_formatted (table, measure->format, fold_mean (q->rival, q->n_folds, measure, NULL));
    }
  if (q->n_folds > 1)
    patron_report_table_set_caption (table, patron_text (N_("Means over {folds} folds; the standard deviation says how much a figure "
                                                            "depends on the rows at hand."),
                                                         "folds", PATRON_COUNT (q->n_folds), NULL));
}

static void
add_folds (const Quality *q)
{
  if (q->n_folds < 2)
    return;
  PatronReportTable *table = patron_report_add_table (q->report, "folds", patron_text (N_("Quality of each fold"), NULL));
  patron_report_table_add_column (table, "fold", patron_text (N_("Fold"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "rows", patron_text (N_("Rows tested"), NULL), PATRON_FORMAT_COUNT);
  for (guint m = 0; m < q->n_measures; m++)
    patron_report_table_add_column (table, q->measures[m].id, patron_text (q->measures[m].label, NULL), q->measures[m].format);
  for (guint f = 0; f < q->n_folds; f++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_number (table, f + 1);
      patron_report_table_add_number (table, gather (q->in, f, NULL, 0, 0, NULL));
      for (guint m = 0; m < q->n_measures; m++)
        patron_report_table_add_number (table, metric (&q->model[f], &q->measures[m]));
    }
}

/* ---- the rival ------------------------------------------------------------------------------------------- */

/* How much smaller the model's squared error (of probabilities: Brier) is than the rival's, 1 - mean m / mean r over the same rows, with
 * the standard error of a ratio of paired means: that of m - ratio · r, over mean r. Both ends of the interval must be on the model's side before
 * it counts as better. */
static void
add_verdict (const Quality *q)
{
  const PatronQualityInput *in = q->in;
  double model, rival, unused, square = 0;
  if (in->baseline == NULL)
    return;
  row_mean (in, model_loss, &model, &unused);
  row_mean (in, rival_loss, &rival, &unused);
  double ratio = rival > 0 ? model / rival : NAN;
  for (gsize i = 0; i < in->n; i++)
    {
      double residual = model_loss (in, i) - ratio * rival_loss (in, i);
      square += residual * residual;
    }
  double half = PATRON_Z_95 * sqrt (square / in->n / MAX (in->n - 1.0, 1)) / rival;
  if (1 - ratio - half > 0)
    patron_report_add_text (q->report, patron_text (N_("On rows it had not seen, the model's squared error is {gain} smaller than that of its "
                                                       "rival, “{rival}” (95% interval {low} to {high})."),
                                                    "gain", PATRON_PERCENT (1 - ratio), "rival", PATRON_MSGID (in->baseline_title), "low",
                                                    PATRON_PERCENT (1 - ratio - half), "high", PATRON_PERCENT (1 - ratio + half), NULL));
  else
    patron_report_add_note (q->report, patron_text (N_("On rows it had not seen, the model is not clearly better than the simple rule “{rival}”. "
                                                       "Prefer the rule, or look for columns that say more about “{target}”."),
                                                    "rival", PATRON_MSGID (in->baseline_title), "target", PATRON_STRING (in->target), NULL));
}

static void
note_zeros (const Quality *q)
{
  gsize zeros = 0;
  if (q->in->task != PATRON_TASK_REGRESSION)
    return;
  for (gsize i = 0; i < q->in->n; i++)
    zeros += q->in->y[i] == 0;
  if (zeros > 0)
    patron_report_add_note (q->report, patron_text (N_("“{target}” is 0 in {n} of the tested rows; an error relative to 0 has no meaning, so "
                                                       "MAPE is that of the other rows."),
                                                    "target", PATRON_STRING (q->in->target), "n", PATRON_COUNT (zeros), NULL));
}

gboolean
patron_quality_report (PatronReport *report, const PatronQualityInput *input, PatronRun *run, GError **error)
{
  gboolean classes = input->task == PATRON_TASK_CLASSIFICATION;
  guint n_folds = MAX (input->n_folds, 1), positive = 0;
  if (classes)
    positive = input->positive >= 0 ? (guint) input->positive
                                    : patron_quality_positive_class (input->n_classes, input->class_names, input->y, input->n);
  g_autofree Metrics *model = g_new (Metrics, n_folds), *rival = g_new (Metrics, n_folds);
  g_autofree double *auc_variance = g_new (double, n_folds);
  Quality q = {
    .report = report, .in = input, .n_folds = n_folds, .positive = positive, .model = model, .rival = rival, .auc_variance = auc_variance,
    .measures = classes ? class_measures : number_measures,
    .n_measures = classes ? G_N_ELEMENTS (class_measures) : G_N_ELEMENTS (number_measures),
  };
  if (!score_folds (&q, run, error))
    return FALSE;
  add_figures (&q);
  add_verdict (&q);
  add_comparison (&q);
  if (!(classes ? patron_quality_class_blocks (report, input, positive, error) : patron_quality_number_blocks (report, input, error)))
    return FALSE;
  add_folds (&q);
  note_zeros (&q);
  return patron_run_check (run, error);
}

/* ---- the positive class ---------------------------------------------------------------------------------- */

static gboolean
sounds_positive (const char *name)
{
  static const char *const names[] = {
    "1", "y", "yes", "t", "true", "positive", "pos", "churn", "churned", "left", "lost", "cancelled", "canceled", "exited", "buy", "bought",
    "purchase", "purchased", "buyer", "converted", "conversion", "click", "clicked", "responded", "response", "responder", "subscribed",
    "accepted", "fraud", "default", "defaulted", "success", "won", "win", "是", "有", "真", "流失", "已流失", "购买", "已购买", "买", "转化", "点击",
    "响应", "接受", "欺诈", "违约", "成功", "阳性", NULL
  };
  g_autofree char *stripped = g_strstrip (g_strdup (name));
  g_autofree char *folded = g_utf8_casefold (stripped, -1);
  return g_strv_contains (names, folded);
}

guint
patron_quality_positive_class (guint n_classes, const char *const *class_names, const double *y, gsize n)
{
  g_autofree gsize *counts = g_new0 (gsize, n_classes);
  if (n_classes == 2 && sounds_positive (class_names[0]) != sounds_positive (class_names[1]))
    return sounds_positive (class_names[1]) ? 1 : 0;
  for (gsize i = 0; i < n; i++)
    counts[(gsize) y[i]]++;
  guint rarest = n_classes - 1;
  for (guint c = n_classes; c-- > 0;)
    if (counts[c] < counts[rarest])
      rarest = c;
  return rarest;
}
