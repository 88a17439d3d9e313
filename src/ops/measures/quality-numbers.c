/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/measures/quality-blocks.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/order.h"
#include "math/ranking.h"

/* More points than this say nothing more and make the report heavy. */
#define MAX_POINTS 2000
#define N_GROUPS 10

/* At most MAX_POINTS rows, evenly spread; returns how many. */
static gsize
thin_rows (gsize n, gsize *rows)
{
  gsize m = MIN (n, MAX_POINTS);
  for (gsize i = 0; i < m; i++)
    rows[i] = i * n / m;
  return m;
}

static void
add_actual (PatronReport *report, const PatronQualityInput *in)
{
  g_autofree gsize *rows = g_new (gsize, MAX_POINTS);
  g_autofree double *x = g_new (double, MAX_POINTS), *y = g_new (double, MAX_POINTS);
  gsize m = thin_rows (in->n, rows);
  double low = INFINITY, high = -INFINITY;
  for (gsize i = 0; i < m; i++)
    {
      x[i] = in->predicted[rows[i]];
      y[i] = in->y[rows[i]];
      low = MIN (low, MIN (x[i], y[i]));
      high = MAX (high, MAX (x[i], y[i]));
    }
  PatronChart *chart = patron_chart_new ("actual-predicted", PATRON_CHART_SCATTER, patron_text (N_("True and predicted values"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Predicted"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("True"), NULL));
  patron_chart_add_series (chart, patron_text (N_("Rows"), NULL), PATRON_SERIES_POINTS, m, x, y);
  double ends[2] = { low, high };
  patron_chart_add_series (chart, patron_text (N_("Perfect"), NULL), PATRON_SERIES_REFERENCE, 2, ends, ends);
  patron_chart_set_caption (chart, patron_text (N_("{n} tested rows. On the dashed line the prediction is exact; above it the true "
                                                   "value is higher."),
                                                "n", PATRON_COUNT (m), NULL));
  patron_report_add_chart (report, chart);
}

static void
add_residuals (PatronReport *report, const PatronQualityInput *in)
{
  g_autofree gsize *rows = g_new (gsize, MAX_POINTS);
  g_autofree double *x = g_new (double, MAX_POINTS), *y = g_new (double, MAX_POINTS);
  gsize m = thin_rows (in->n, rows);
  double ends[2] = { INFINITY, -INFINITY };
  const double zero[2] = { 0, 0 };
  for (gsize i = 0; i < m; i++)
    {
      x[i] = in->predicted[rows[i]];
      y[i] = in->y[rows[i]] - x[i];
      ends[0] = MIN (ends[0], x[i]);
      ends[1] = MAX (ends[1], x[i]);
    }
  PatronChart *chart = patron_chart_new ("residuals", PATRON_CHART_SCATTER, patron_text (N_("Errors by predicted value"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Predicted"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("True minus predicted"), NULL));
  patron_chart_add_series (chart, patron_text (N_("Rows"), NULL), PATRON_SERIES_POINTS, m, x, y);
  patron_chart_add_series (chart, patron_text (N_("No error"), NULL), PATRON_SERIES_REFERENCE, 2, ends, zero);
  patron_chart_set_caption (chart, patron_text (N_("A good model leaves a shapeless band around 0; a curve means it misses something, "
                                                   "a funnel that "
                                                   "it is surer in one range than in another."),
                                                NULL));
  patron_report_add_chart (report, chart);
}

typedef struct
{
  double predicted, truth;
} Pair;

static int
compare_pairs (const void *a, const void *b)
{
  const Pair *x = a, *y = b;
  if (x->predicted != y->predicted)
    return x->predicted > y->predicted ? 1 : -1;
  return (x->truth > y->truth) - (x->truth < y->truth);
}

static gboolean
add_groups (PatronReport *report, const PatronQualityInput *in, GError **error)
{
  Pair *pairs = patron_try_alloc (in->n, sizeof (Pair), _("the figures of quality"), error);
  if (pairs == NULL)
    return FALSE;
  for (gsize i = 0; i < in->n; i++)
    pairs[i] = (Pair) { in->predicted[i], in->y[i] };
  qsort (pairs, in->n, sizeof (Pair), compare_pairs);
  guint n_groups = MIN (N_GROUPS, in->n);
  double number[N_GROUPS], predicted[N_GROUPS] = { 0 }, truth[N_GROUPS] = { 0 };
  for (guint g = 0; g < n_groups; g++)
    {
      gsize begin = g * in->n / n_groups, end = (g + 1) * in->n / n_groups;
      number[g] = g + 1;
      for (gsize i = begin; i < end; i++)
        {
          predicted[g] += pairs[i].predicted / (end - begin);
          truth[g] += pairs[i].truth / (end - begin);
        }
    }
  patron_free (pairs);
  PatronChart *chart = patron_chart_new ("deciles", PATRON_CHART_LINE, patron_text (N_("Means by tenth of the predictions"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text (N_("Tenth of the rows, lowest predictions first"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text ("{target}", "target", PATRON_STRING (in->target), NULL));
  patron_chart_add_series (chart, patron_text (N_("Predicted"), NULL), PATRON_SERIES_LINE, n_groups, number, predicted);
  patron_chart_add_series (chart, patron_text (N_("True"), NULL), PATRON_SERIES_LINE, n_groups, number, truth);
  patron_chart_set_caption (chart, patron_text (N_("The lowest tenth is predicted to average {p0} and averages {t0}; the highest {p1} "
                                                   "and {t1}."), "p0",
                                                PATRON_NUMBER (predicted[0]), "t0", PATRON_NUMBER (truth[0]), "p1",
                                                PATRON_NUMBER (predicted[n_groups - 1]), "t1", PATRON_NUMBER (truth[n_groups - 1]), NULL));
  patron_report_add_chart (report, chart);
  return TRUE;
}

static void
add_error_row (PatronReportTable *table, const char *label, PatronFormat format, double value)
{
  patron_report_table_add_row (table);
  patron_report_table_add_text (table, patron_text (label, NULL));
  patron_report_table_add_formatted (table, format, value);
}

static gboolean
add_errors (PatronReport *report, const PatronQualityInput *in, GError **error)
{
  double *errors = patron_try_alloc (in->n, sizeof (double), _("the figures of quality"), error);
  double bias = 0;
  gsize near10 = 0, near20 = 0;
  if (errors == NULL)
    return FALSE;
  for (gsize i = 0; i < in->n; i++)
    {
      errors[i] = fabs (in->y[i] - in->predicted[i]);
      bias += (in->predicted[i] - in->y[i]) / in->n;
      near10 += errors[i] <= 0.1 * fabs (in->y[i]);
      near20 += errors[i] <= 0.2 * fabs (in->y[i]);
    }
  patron_sort_doubles (errors, in->n);
  PatronReportTable *table = patron_report_add_table (report, "errors", patron_text (N_("How large are the errors?"), NULL));
  patron_report_table_add_column (table, "measure", patron_text (N_("Measure"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "value", patron_text (N_("Value"), NULL), PATRON_FORMAT_NUMBER);
  add_error_row (table, N_("Mean of predicted minus true (bias)"), PATRON_FORMAT_NUMBER, bias);
  add_error_row (table, N_("Half of the rows err by at most"), PATRON_FORMAT_NUMBER, patron_quantile_sorted (errors, in->n, 0.5));
  add_error_row (table, N_("90 of 100 rows err by at most"), PATRON_FORMAT_NUMBER, patron_quantile_sorted (errors, in->n, 0.9));
  add_error_row (table, N_("95 of 100 rows err by at most"), PATRON_FORMAT_NUMBER, patron_quantile_sorted (errors, in->n, 0.95));
  add_error_row (table, N_("Largest error"), PATRON_FORMAT_NUMBER, errors[in->n - 1]);
  add_error_row (table, N_("Rows within 10% of the true value"), PATRON_FORMAT_PERCENT, (double) near10 / in->n);
  add_error_row (table, N_("Rows within 20% of the true value"), PATRON_FORMAT_PERCENT, (double) near20 / in->n);
  patron_free (errors);
  return TRUE;
}

gboolean
patron_quality_number_blocks (PatronReport *report, const PatronQualityInput *in, GError **error)
{
  for (gsize i = 0; i < in->n; i++)
    if (isnan (in->predicted[i]))
      {
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                     _("Prediction %zu is not a number, so its error cannot be measured."), i + 1);
        return FALSE;
      }
  add_actual (report, in);
  if (!add_groups (report, in, error))
    return FALSE;
  add_residuals (report, in);
  return add_errors (report, in, error);
}
