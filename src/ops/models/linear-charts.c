/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/linear-regression.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/random.h"
#include "math/distributions.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MAX_POINTS = 5000, MAX_QUANTILES = 500 };

/* The residual in units of its own standard error. */
static double
standardised (const PatronLinearInference *inference, gsize i)
{
  const double own = 1 - inference->leverage[i];
  return own > 1e-12 ? inference->residuals[i] / sqrt (inference->sigma2 * own) : 0;
}

static void
add_level (PatronChart *chart, double from, double to, double level)
{
  patron_chart_add_series (chart, NULL, PATRON_SERIES_REFERENCE, 2, (double[]) { from, to }, (double[]) { level, level });
}

static void
residual_chart (const PatronLinearInference *inference, const guint32 *rows, gsize m, const char *target, PatronReport *report)
{
  g_autofree double *x = g_new (double, m);
  g_autofree double *y = g_new (double, m);
  double least = INFINITY, most = -INFINITY;

  for (gsize i = 0; i < m; i++)
    {
      x[i] = inference->fitted[rows[i]];
      y[i] = inference->residuals[rows[i]];
      least = MIN (least, x[i]);
      most = MAX (most, x[i]);
    }
  PatronChart *chart = patron_chart_new ("residuals", PATRON_CHART_SCATTER, patron_text (N_("Residuals against fitted values"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Fitted {target}"), "target", PATRON_STRING (target), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Residual"), NULL));
  add_level (chart, least, most, 0);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, m, x, y);
  patron_chart_set_caption (chart, patron_text (
    N_("Should be a shapeless band around 0. A curve means an effect that is not a straight line; a funnel, uneven spread. "
       "Typical size of a residual: {sigma}."), "sigma", PATRON_NUMBER (sqrt (inference->sigma2)), NULL));
  patron_report_add_chart (report, chart);
}

static void
quantile_chart (const PatronLinearInference *inference, PatronReport *report)
{
  const gsize n = inference->fit->n, m = MIN (n, (gsize) MAX_QUANTILES);
  g_autofree double *x = g_new (double, m);
  g_autofree double *y = g_new (double, m);
  double *sorted = patron_try_alloc (n, sizeof (double), _("the residuals"), NULL);

  if (sorted == NULL)
    return;
  for (gsize i = 0; i < n; i++)
    sorted[i] = standardised (inference, i);
  patron_sort_doubles (sorted, n);
  for (gsize i = 0; i < m; i++)
    {
      const double share = ((double) i + 0.5) / (double) m;
      x[i] = patron_normal_quantile (share);
      y[i] = m == n ? sorted[i] : patron_quantile_sorted (sorted, n, share);
    }
  patron_free (sorted);

  PatronChart *chart = patron_chart_new ("qq", PATRON_CHART_SCATTER, patron_text (N_("Are the residuals normal?"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Normal quantile"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Standardised residual"), NULL));
  patron_chart_add_series (chart, NULL, PATRON_SERIES_REFERENCE, 2, (double[]) { x[0], x[m - 1] }, (double[]) { x[0], x[m - 1] });
  patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, m, x, y);
  patron_chart_set_caption (chart, patron_text (
    N_("Points on the line: normal residuals. Ends that bend away mean more extreme rows than a normal distribution has; with {n} rows that matters "
       "little for the coefficients, more for single predictions."), "n", PATRON_COUNT (n), NULL));
  patron_report_add_chart (report, chart);
}

static void
leverage_chart (const PatronLinearInference *inference, const guint32 *rows, gsize m, PatronReport *report)
{
  g_autofree double *x = g_new (double, m);
  g_autofree double *y = g_new (double, m);
  double most = 0;
  gsize far = 0;

  for (gsize i = 0; i < inference->fit->n; i++)
    far += fabs (standardised (inference, i)) > 3;
  for (gsize i = 0; i < m; i++)
    {
      x[i] = inference->leverage[rows[i]];
      y[i] = standardised (inference, rows[i]);
      most = MAX (most, x[i]);
    }
  PatronChart *chart = patron_chart_new ("leverage", PATRON_CHART_SCATTER, patron_text (N_("Rows that pull the line"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Leverage"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Standardised residual"), NULL));
  add_level (chart, 0, most, 3);
  add_level (chart, 0, most, -3);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, m, x, y);
  patron_chart_set_caption (chart, patron_text (
    N_("To the right: rows with unusual inputs. Far up or down: rows the model misses. Both together bend the result. Mean leverage is {mean}; "
       "{far} {far|row lies|rows lie} beyond ±3."), "mean",
    PATRON_NUMBER ((double) inference->fit->rank / (double) inference->fit->n), "far", PATRON_COUNT (far), NULL));
  patron_report_add_chart (report, chart);
}

void
patron_linear_charts (const PatronLinearInference *inference, guint64 seed, const char *target, PatronReport *report)
{
  const gsize n = inference->fit->n, m = MIN (n, (gsize) MAX_POINTS);
  g_autofree guint32 *rows = g_new (guint32, m);
  PatronRandom random;

  patron_random_init (&random, seed, 0x6c696e);
  patron_random_sample (&random, n, m, rows);
  residual_chart (inference, rows, m, target, report);
  if (inference->df == 0)
    return;
  quantile_chart (inference, report);
  leverage_chart (inference, rows, m, report);
  if (m < n)
    patron_report_add_note (report, patron_text (N_("The charts of the residuals show {shown} of {rows} rows, drawn at random."), "shown",
                                                 PATRON_COUNT (m), "rows", PATRON_COUNT (n), NULL));
}
