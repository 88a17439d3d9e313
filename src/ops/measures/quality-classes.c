/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/measures/quality-blocks.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/memory.h"
#include "math/calibration.h"
#include "math/metrics.h"
#include "math/ranking.h"

#define N_GROUPS 10
#define MAX_POINTS 200      /* of a curve: more cannot be seen */
#define MAX_CLASSES 20      /* in a matrix or as curves: more cannot be read */
#define MAX_CURVES 6

/* ---- confusion ------------------------------------------------------------------------------------------- */

static void
add_confusion_table (PatronReport *report, const PatronQualityInput *in, const gsize *counts)
{
  guint k = in->n_classes;
  PatronReportTable *table = patron_report_add_table (report, "confusion", patron_text (N_("Confusion matrix"), NULL));
  patron_report_table_add_column (table, "class", patron_text (N_("True class"), NULL), PATRON_FORMAT_TEXT);
  for (guint c = 0; c < k; c++)
    {
      g_autofree char *id = g_strdup_printf ("predicted_%u", c);
      patron_report_table_add_column (table, id, patron_text (N_("Predicted {class}"), "class", PATRON_STRING (in->class_names[c]), NULL),
                                      PATRON_FORMAT_COUNT);
    }
  for (guint c = 0; c < k; c++)
    {
      g_autofree char *id = g_strdup_printf ("share_%u", c);
      patron_report_table_add_column (table, id, patron_text (N_("{class}, % of row"), "class", PATRON_STRING (in->class_names[c]), NULL),
                                      PATRON_FORMAT_PERCENT);
    }
  for (guint t = 0; t < k; t++)
    {
      double row = 0;
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, in->class_names[t]);
      for (guint c = 0; c < k; c++)
        {
          patron_report_table_add_number (table, counts[t * k + c]);
          row += counts[t * k + c];
        }
      for (guint c = 0; c < k; c++)
        patron_report_table_add_number (table, row > 0 ? counts[t * k + c] / row : NAN);
    }
  patron_report_table_set_caption (table, patron_text (N_("A row is a true class, a column what the model took it for, counted over "
                                                          "{n} tested rows."),
                                                       "n", PATRON_COUNT (in->n), NULL));
}

static void
add_confusion_chart (PatronReport *report, const PatronQualityInput *in, const gsize *counts)
{
  guint k = in->n_classes;
  g_autofree double *cells = g_new (double, (gsize) k * k);
  PatronChart *chart = patron_chart_new ("confusion", PATRON_CHART_HEAT_MAP, patron_text (N_("What is taken for what"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text (N_("Predicted class"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text (N_("True class"), NULL));
  patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text (N_("Share of the true class"), NULL));
  chart->value_labels = k <= 10;
  for (guint t = 0; t < k; t++)
    {
      double row = 0;
      patron_axis_add_name (&chart->x, in->class_names[t]);
      patron_axis_add_name (&chart->y, in->class_names[t]);
      for (guint c = 0; c < k; c++)
        row += counts[t * k + c];
      for (guint c = 0; c < k; c++)
        cells[t * k + c] = row > 0 ? counts[t * k + c] / row : NAN;
    }
  patron_chart_set_cells (chart, k, k, cells);
  patron_chart_set_caption (chart, patron_text (N_("Each row adds up to 100%; what lies off the diagonal is mistaken."), NULL));
  patron_report_add_chart (report, chart);
}

static gboolean
add_class_table (PatronReport *report, const PatronQualityInput *in, const gsize *counts, GError **error)
{
  guint k = in->n_classes;
  PatronReportTable *table = patron_report_add_table (report, "classes", patron_text (N_("Quality of each class"), NULL));
  patron_report_table_add_column (table, "class", patron_text (N_("Class"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "rows", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "predicted", patron_text (N_("Predicted"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "precision", patron_text (N_("Precision"), NULL), PATRON_FORMAT_PERCENT);
  patron_report_table_add_column (table, "recall", patron_text (N_("Recall"), NULL), PATRON_FORMAT_PERCENT);
  patron_report_table_add_column (table, "f1", patron_text (N_("F1"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "auc", patron_text (N_("AUC"), NULL), PATRON_FORMAT_NUMBER);
  for (guint c = 0; c < k; c++)
    {
      double hit = counts[c * k + c], truth = 0, predicted = 0;
      g_autoptr (PatronRanking) ranking = patron_ranking_new (in->n, in->y, c, in->predicted + c * in->n, error);
      if (ranking == NULL)
        return FALSE;
      for (guint d = 0; d < k; d++)
        {
          truth += counts[c * k + d];
          predicted += counts[d * k + c];
        }
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, in->class_names[c]);
      patron_report_table_add_number (table, truth);
      patron_report_table_add_number (table, predicted);
      patron_report_table_add_number (table, predicted > 0 ? hit / predicted : NAN);
      patron_report_table_add_number (table, truth > 0 ? hit / truth : NAN);
      patron_report_table_add_number (table, truth + predicted > 0 ? 2 * hit / (truth + predicted) : NAN);
      patron_report_table_add_number (table, patron_ranking_auc (ranking));
    }
  return TRUE;
}

/* ---- curves ---------------------------------------------------------------------------------------------- */

typedef struct
{
  gsize  n;
  double x[MAX_POINTS + 1], y[MAX_POINTS + 1];
} Curve;

static void
roc_curve (const PatronRanking *r, Curve *curve)
{
  gsize steps[MAX_POINTS], n = patron_ranking_thin (r, MAX_POINTS, steps);
  curve->x[0] = curve->y[0] = 0;
  for (gsize i = 0; i < n; i++)
    {
      curve->x[i + 1] = (double) r->false_positive[steps[i]] / r->n_negative;
      curve->y[i + 1] = (double) r->true_positive[steps[i]] / r->n_positive;
    }
  curve->n = n + 1;
}

static void
precision_recall_curve (const PatronRanking *r, Curve *curve)
{
  gsize steps[MAX_POINTS], n = patron_ranking_thin (r, MAX_POINTS, steps);
  for (gsize i = 0; i < n; i++)
    {
      double found = r->true_positive[steps[i]];
      curve->x[i] = found / r->n_positive;
      curve->y[i] = found / (found + r->false_positive[steps[i]]);
    }
  curve->n = n;
}

static PatronChart *
unit_chart (const char *id, PatronText *title, PatronText *x, PatronText *y)
{
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_LINE, title);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, x);
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, y);
  chart->x.min = chart->y.min = 0;
  chart->x.max = chart->y.max = 1;
  return chart;
}

static void
add_diagonal (PatronChart *chart, PatronText *label)
{
  static const double ends[2] = { 0, 1 };
  patron_chart_add_series (chart, label, PATRON_SERIES_REFERENCE, 2, ends, ends);
}

/* One curve for two classes; for more, one against the rest for each of the first few. */
static gboolean
add_roc (PatronReport *report, const PatronQualityInput *in, guint positive, GError **error)
{
  g_autofree Curve *curve = g_new (Curve, 1);
  PatronChart *chart = unit_chart ("roc", patron_text (N_("ROC curve"), NULL), patron_text (N_("False alarms among the others"), NULL),
                                   patron_text (N_("Found among the positives"), NULL));
  guint first = in->n_classes == 2 ? positive : 0, last = in->n_classes == 2 ? positive + 1 : MIN (in->n_classes, MAX_CURVES);
  double auc = NAN;
  for (guint c = first; c < last; c++)
    {
      g_autoptr (PatronRanking) ranking = patron_ranking_new (in->n, in->y, c, in->predicted + c * in->n, error);
      if (ranking == NULL)
        {
          patron_chart_free (chart);
          return FALSE;
        }
      if (ranking->n_positive == 0 || ranking->n_negative == 0)
        continue;
      auc = patron_ranking_auc (ranking);
      roc_curve (ranking, curve);
      PatronText *label = in->n_classes == 2 ? NULL : patron_text (N_("{class}, AUC {auc}"), "class", PATRON_STRING (in->class_names[c]), "auc",
                                                                   PATRON_NUMBER (auc), NULL);
      patron_chart_add_series (chart, label, PATRON_SERIES_LINE, curve->n, curve->x, curve->y);
    }
  if (isnan (auc))
    {
      patron_chart_free (chart);
      return TRUE;
    }
  add_diagonal (chart, patron_text (N_("Guessing"), NULL));
  if (in->n_classes == 2)
    patron_chart_set_caption (chart, patron_text (N_("A row that is “{class}” gets a higher probability than one that is not in {auc} "
                                                     "of all pairs; "
                                                     "guessing would in 50%."),
                                                  "class", PATRON_STRING (in->class_names[positive]), "auc", PATRON_PERCENT (auc), NULL));
  else
    patron_chart_set_caption (chart, patron_text (N_("Each class against all others; the closer to the upper left corner, the better."), NULL));
  patron_report_add_chart (report, chart);
  return TRUE;
}

static void
add_precision_recall (PatronReport *report, const PatronQualityInput *in, guint positive, const PatronRanking *r)
{
  g_autofree Curve *curve = g_new (Curve, 1);
  double prevalence = (double) r->n_positive / in->n, ends[2] = { 0, 1 }, level[2] = { prevalence, prevalence };
  PatronChart *chart = unit_chart ("precision-recall", patron_text (N_("Precision and recall"), NULL), patron_text (N_("Recall"), NULL),
                                   patron_text (N_("Precision"), NULL));
  precision_recall_curve (r, curve);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_LINE, curve->n, curve->x, curve->y);
  patron_chart_add_series (chart, patron_text (N_("Everyone"), NULL), PATRON_SERIES_REFERENCE, 2, ends, level);
  patron_chart_set_caption (chart, patron_text (N_("Whoever contacts everyone hits “{class}” in {prevalence} of cases (dashed); the "
                                                   "curve shows how much "
                                                   "better a choice by the model is, and how many are then missed."),
                                                "class", PATRON_STRING (in->class_names[positive]), "prevalence",
                                                  PATRON_PERCENT (prevalence), NULL));
  patron_report_add_chart (report, chart);
}

/* ---- gains ----------------------------------------------------------------------------------------------- */

static void
add_gains_charts (PatronReport *report, const char *class, const PatronGain *gains)
{
  double x[N_GROUPS + 1] = { 0 }, captured[N_GROUPS + 1] = { 0 }, lift[N_GROUPS], one[N_GROUPS], number[N_GROUPS];
  PatronChart *chart = unit_chart ("gains", patron_text (N_("Cumulative gains"), NULL),
                                   patron_text (N_("Share of rows, most probable first"), NULL),
                                   patron_text (N_("Share of “{class}” found"), "class", PATRON_STRING (class), NULL));
  PatronChart *bars = patron_chart_new ("lift", PATRON_CHART_BAR, patron_text (N_("Lift by tenth"), NULL));
  patron_axis_set (&bars->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_COUNT, patron_text (N_("Tenth of the rows, most probable first"), NULL));
  patron_axis_set (&bars->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Lift"), NULL));
  bars->y.zero = TRUE;
  for (guint g = 0; g < N_GROUPS; g++)
    {
      x[g + 1] = (g + 1.0) / N_GROUPS;
      captured[g + 1] = gains[g].captured;
      lift[g] = gains[g].lift;
      one[g] = 1;
      number[g] = g;
      patron_axis_add_category (&bars->x, patron_text ("{n}", "n", PATRON_COUNT (g + 1), NULL));
    }
  patron_chart_add_series (chart, NULL, PATRON_SERIES_LINE, N_GROUPS + 1, x, captured);
  add_diagonal (chart, patron_text (N_("At random"), NULL));
  patron_chart_set_caption (chart, patron_text (N_("The most probable 20% of the rows hold {share} of all “{class}”."), "share",
                                                PATRON_PERCENT (gains[1].captured), "class", PATRON_STRING (class), NULL));
  patron_report_add_chart (report, chart);
  patron_chart_add_series (bars, patron_text (N_("Lift"), NULL), PATRON_SERIES_BARS, N_GROUPS, number, lift);
  patron_chart_add_series (bars, patron_text (N_("Average"), NULL), PATRON_SERIES_REFERENCE, N_GROUPS, number, one);
  patron_chart_set_caption (bars, patron_text (N_("In the first tenth “{class}” is {lift} times as frequent as on average."), "class",
                                               PATRON_STRING (class), "lift", PATRON_NUMBER (gains[0].lift), NULL));
  patron_report_add_chart (report, bars);
}

static void
add_gains_table (PatronReport *report, const char *class, const PatronGain *gains)
{
  PatronReportTable *table = patron_report_add_table (report, "deciles", patron_text (N_("Gains and lift by tenth"), NULL));
  patron_report_table_add_column (table, "decile", patron_text (N_("Tenth"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "rows", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "positives", patron_text ("{class}", "class", PATRON_STRING (class), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "rate", patron_text (N_("Rate"), NULL), PATRON_FORMAT_PERCENT)->bar = TRUE;
  patron_report_table_add_column (table, "lift", patron_text (N_("Lift"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "captured", patron_text (N_("Found so far"), NULL), PATRON_FORMAT_PERCENT);
  for (guint g = 0; g < N_GROUPS; g++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_number (table, g + 1);
      patron_report_table_add_number (table, gains[g].n);
      patron_report_table_add_number (table, gains[g].positives);
      patron_report_table_add_number (table, gains[g].rate);
      patron_report_table_add_number (table, gains[g].lift);
      patron_report_table_add_number (table, gains[g].captured);
    }
}

/* ---- calibration ----------------------------------------------------------------------------------------- */

static gboolean
add_calibration (PatronReport *report, gsize n, const double *y, double positive, const double *p, PatronText *what, GError **error)
{
  g_autoptr (PatronText) label = what;
  PatronCalibrationBin bins[N_GROUPS];
  double x[N_GROUPS], observed[N_GROUPS], low[N_GROUPS], high[N_GROUPS], intercept, slope;
  guint n_bins = patron_calibration_bins (n, y, positive, p, N_GROUPS, bins, error);
  if (n_bins == 0)
    return FALSE;
  for (guint b = 0; b < n_bins; b++)
    {
      x[b] = bins[b].predicted;
      observed[b] = bins[b].observed;
      low[b] = bins[b].low;
      high[b] = bins[b].high;
    }
  PatronChart *chart = unit_chart ("calibration", patron_text (N_("Calibration"), NULL), patron_text (N_("Predicted probability"), NULL),
                                   g_steal_pointer (&label));
  PatronSeries *series = patron_chart_add_series (chart, patron_text (N_("Model"), NULL), PATRON_SERIES_LINE, n_bins, x, observed);
  patron_series_set_interval (series, low, high);
  add_diagonal (chart, patron_text (N_("Perfect"), NULL));
  patron_calibration_line (n, y, positive, p, &intercept, &slope);
  if (isnan (slope))
    patron_chart_set_caption (chart, patron_text (N_("On the dashed line probabilities come true exactly; the band is a 95% interval."), NULL));
  else
    patron_chart_set_caption (chart, patron_text (N_("On the dashed line probabilities come true exactly; the band is a 95% interval. "
                                                     "Calibration slope {slope} "
                                                     "(below 1: too sure of itself, above: too cautious), intercept {intercept} (0 is perfect)."),
                                                  "slope", PATRON_NUMBER (slope), "intercept", PATRON_NUMBER (intercept), NULL));
  patron_report_add_chart (report, chart);
  return TRUE;
}

/* With many classes: is the most probable class right as often as its probability says? */
static gboolean
add_confidence (PatronReport *report, const PatronQualityInput *in, GError **error)
{
  double *right = patron_try_alloc (in->n, 2 * sizeof (double), _("the figures of quality"), error);
  if (right == NULL)
    return FALSE;
  double *p = right + in->n;
  for (gsize i = 0; i < in->n; i++)
    {
      guint c = patron_predicted_class (in->n, in->n_classes, in->predicted, i);
      right[i] = c == (guint) in->y[i];
      p[i] = in->predicted[c * in->n + i];
    }
  gboolean fine = add_calibration (report, in->n, right, 1, p, patron_text (N_("Share predicted correctly"), NULL), error);
  patron_free (right);
  return fine;
}

/* ---- all ------------------------------------------------------------------------------------------------- */

static void
add_two_class_figures (PatronReport *report, const PatronQualityInput *in, guint positive, const PatronRanking *r, const PatronGain *gains)
{
  const char *class = in->class_names[positive];
  double threshold = NAN, ks = patron_ranking_ks (r, &threshold);
  PatronFigure *figure = patron_report_add_figure (report, "prevalence", patron_text (N_("Share of “{class}”"), "class",
    PATRON_STRING (class), NULL),
                                                   PATRON_FORMAT_PERCENT, (double) r->n_positive / in->n);
  patron_wilson_interval (r->n_positive, in->n, &figure->low, &figure->high);
  figure->note = patron_text (N_("“{class}” is the positive class: precision, recall and the curves are about it."), "class",
    PATRON_STRING (class), NULL);
  figure = patron_report_add_figure (report, "lift_at_10", patron_text (N_("Lift in the first tenth"), NULL), PATRON_FORMAT_NUMBER, gains[0].lift);
  figure->note = patron_text (N_("How many times as frequent “{class}” is among the most probable tenth of the rows as on average."), "class",
                              PATRON_STRING (class), NULL);
  figure = patron_report_add_figure (report, "ks", patron_text (N_("KS"), NULL), PATRON_FORMAT_NUMBER, ks);
  figure->note = patron_text (N_("Largest distance between the shares found of the two classes, at probability {threshold}."), "threshold",
                              PATRON_NUMBER (threshold), NULL);
}

static gboolean
add_two_class_blocks (PatronReport *report, const PatronQualityInput *in, guint positive, GError **error)
{
  const double *p = in->predicted + positive * in->n;
  PatronGain gains[N_GROUPS];
  g_autoptr (PatronRanking) ranking = patron_ranking_new (in->n, in->y, positive, p, error);
  if (ranking == NULL)
    return FALSE;
  patron_ranking_gains (ranking, N_GROUPS, gains);
  add_two_class_figures (report, in, positive, ranking, gains);
  if (ranking->n_positive == 0 || ranking->n_negative == 0)
    {
      patron_report_add_note (report, patron_text (N_("Only one class occurs among the tested rows, so curves and AUC say nothing."), NULL));
      return TRUE;
    }
  add_precision_recall (report, in, positive, ranking);
  add_gains_charts (report, in->class_names[positive], gains);
  add_gains_table (report, in->class_names[positive], gains);
  return add_calibration (report, in->n, in->y, positive, p,
                          patron_text (N_("Share that is “{class}”"), "class", PATRON_STRING (in->class_names[positive]), NULL), error);
}

gboolean
patron_quality_class_blocks (PatronReport *report, const PatronQualityInput *in, guint positive, GError **error)
{
  g_autofree gsize *counts = g_new (gsize, (gsize) in->n_classes * in->n_classes);
  patron_confusion (in->n, in->n_classes, in->y, in->predicted, counts);
  if (in->n_classes <= MAX_CLASSES)
    add_confusion_table (report, in, counts);
  if (in->n_classes > 2 && in->n_classes <= MAX_CLASSES)
    add_confusion_chart (report, in, counts);
  if (!add_roc (report, in, positive, error))
    return FALSE;
  if (!(in->n_classes == 2 ? add_two_class_blocks (report, in, positive, error) : add_confidence (report, in, error)))
    return FALSE;
  return add_class_table (report, in, counts, error);
}
