/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/models/group-profile.h"

#include "base/memory.h"
#include "base/order.h"
#include "base/random.h"
#include "math/cluster-quality.h"
#include "math/distributions.h"

#include <glib/gi18n-lib.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WIDE_GROUPS = 12, MAX_MAP_INPUTS = 30, MAX_POINTS = 5000, SILHOUETTE_POINTS = 200 };

static const char *
input_name (const PatronDesign *design, gsize j)
{
  return patron_design_column (design, (guint) j)->name;
}

/* Inputs by how much they differ between groups, most first. */
static gsize *
by_difference (const PatronGroupProfile *profile)
{
  gsize *order = g_new (gsize, profile->p);

  for (gsize j = 0; j < profile->p; j++)
    {
      gsize at = j;
      for (; at > 0 && profile->eta2[order[at - 1]] < profile->eta2[j]; at--)
        order[at] = order[at - 1];
      order[at] = j;
    }
  return order;
}

static void
profile_chart (const PatronGroupProfile *profile, const PatronDesign *design, const gsize *order, PatronReport *report)
{
  const gsize shown = MIN (profile->p, (gsize) MAX_MAP_INPUTS), k = profile->k;
  g_autofree double *cells = g_new (double, k * shown);
  gsize group = 0, input = 0;
  PatronChart *chart = patron_chart_new ("profile", PATRON_CHART_HEAT_MAP, patron_text (N_("What sets the groups apart"), NULL));

  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Standard deviations from the mean"), NULL));
  chart->diverging = TRUE;
  chart->value_labels = k <= MAX_WIDE_GROUPS;
  for (gsize c = 0; c < k; c++)
    patron_axis_add_category (&chart->x, patron_group_label (c));
  for (gsize i = 0; i < shown; i++)
    {
      patron_axis_add_name (&chart->y, input_name (design, order[i]));
      for (gsize c = 0; c < k; c++)
        {
          cells[i * k + c] = round (profile->z[c * profile->p + order[i]] * 100) / 100;
          if (fabs (profile->z[c * profile->p + order[i]]) > fabs (profile->z[group * profile->p + input]))
            {
              group = c;
              input = order[i];
            }
        }
    }
  patron_chart_set_cells (chart, k, shown, cells);
  patron_chart_set_caption (chart, patron_text (
    N_("Mean of each group against the mean of all rows; inputs that differ most are first. The strongest: {input} in group {group}, {z} standard "
       "deviations from the mean."), "input", PATRON_STRING (input_name (design, input)), "group", PATRON_EXACT (group + 1), "z",
    PATRON_NUMBER (profile->z[group * profile->p + input]), NULL));
  patron_report_add_chart (report, chart);
}

static void
wide_table (const PatronGroupProfile *profile, const PatronDesign *design, const gsize *order, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "profile", patron_text (N_("Means of the groups"), NULL));

  patron_report_table_set_caption (table, patron_text (N_("In the units of the table; for a category, the share of rows."), NULL));
  patron_report_table_add_column (table, "input", patron_text (N_("Input"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "all", patron_text (N_("All rows"), NULL), PATRON_FORMAT_NUMBER);
  for (gsize c = 0; c < profile->k; c++)
    {
      g_autofree char *id = g_strdup_printf ("group_%d", (int) c + 1);
      patron_report_table_add_column (table, id, patron_group_label (c), PATRON_FORMAT_NUMBER);
    }
  for (gsize i = 0; i < profile->p; i++)
    {
      const gsize j = order[i];
      const PatronFormat format = patron_design_column (design, (guint) j)->level >= 0 ? PATRON_FORMAT_PERCENT : PATRON_FORMAT_NUMBER;
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, input_name (design, j));
      patron_report_table_add_formatted (table, format, profile->overall[j]);
      for (gsize c = 0; c < profile->k; c++)
        patron_report_table_add_formatted (table, format, profile->means[c * profile->p + j]);
    }
}

static void
centre_table (const PatronGroupProfile *profile, const PatronDesign *design, const gsize *order, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "centres", patron_text (N_("Centres with their intervals"), NULL));

  patron_report_table_set_caption (table, patron_text (
    N_("Mean of each input in each group, in the units of the table, with its 95% interval; z is its distance from the mean of all rows in standard "
       "deviations, on the scale used for grouping."), NULL));
  patron_report_table_add_column (table, "group", patron_text (N_("Group"), NULL), PATRON_FORMAT_EXACT);
  patron_report_table_add_column (table, "input", patron_text (N_("Input"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "mean", patron_text (N_("Mean"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "low", patron_text (N_("Low"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "high", patron_text (N_("High"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "z", patron_text (N_("z"), NULL), PATRON_FORMAT_NUMBER);
  for (gsize c = 0; c < profile->k; c++)
    for (gsize i = 0; i < profile->p; i++)
      {
        const gsize at = c * profile->p + order[i];
        patron_report_table_add_row (table);
        patron_report_table_add_number (table, (double) c + 1);
        patron_report_table_add_string (table, input_name (design, order[i]));
        patron_report_table_add_number (table, profile->means[at]);
        patron_report_table_add_number (table, profile->low[at]);
        patron_report_table_add_number (table, profile->high[at]);
        patron_report_table_add_number (table, profile->z[at]);
      }
}

/* ---- how much each input differs ---------------------------------------------------------------------------- */

/* Chi-squared of groups × levels of a category, from the shares of its indicators; Cramér's V as the size of the effect. */
static void
category_difference (const PatronGroupProfile *profile, const PatronDesign *design, guint source, double *chi2, double *df, double *v)
{
  gsize levels = 0;

  *chi2 = 0;
  for (gsize j = 0; j < profile->p; j++)
    if (patron_design_column (design, (guint) j)->source == source && profile->overall[j] > 0)
      {
        levels++;
        for (gsize c = 0; c < profile->k; c++)
          {
            const double expected = profile->overall[j] * (double) profile->sizes[c];
            const double off = profile->means[c * profile->p + j] * (double) profile->sizes[c] - expected;
            *chi2 += off * off / expected;
          }
      }
  const double fewer = MIN ((double) levels, (double) profile->k) - 1;
  *df = ((double) levels - 1) * ((double) profile->k - 1);
  *v = fewer > 0 ? sqrt (*chi2 / ((double) profile->n * fewer)) : NAN;
}

static void
difference_table (const PatronGroupProfile *profile, const PatronDesign *design, const gsize *order, PatronReport *report)
{
  g_autofree gboolean *told = g_new0 (gboolean, patron_design_n_sources (design));
  PatronReportTable *table = patron_report_add_table (report, "inputs", patron_text (N_("How much each input differs between the groups"), NULL));

  patron_report_table_set_caption (table, patron_text (
    N_("Effect: share of the variance between groups (η²) of a number, Cramér's V of a category; 0 none, 1 all. The groups were made to differ, so "
       "this describes them and proves nothing: p is small by construction."), NULL));
  patron_report_table_add_column (table, "input", patron_text (N_("Input"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "test", patron_text (N_("Test"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "statistic", patron_text (N_("Statistic"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "effect", patron_text (N_("Effect"), NULL), PATRON_FORMAT_NUMBER)->bar = TRUE;
  patron_report_table_add_column (table, "p", patron_text (N_("p"), NULL), PATRON_FORMAT_P_VALUE);
  for (gsize i = 0; i < profile->p; i++)
    {
      const PatronDesignColumn *column = patron_design_column (design, (guint) order[i]);
      double statistic = profile->f[order[i]], effect = profile->eta2[order[i]], p = NAN, df = 0;
      if (told[column->source])
        continue;
      told[column->source] = TRUE;
      if (column->level >= 0)
        {
          category_difference (profile, design, column->source, &statistic, &df, &effect);
          p = df > 0 ? patron_chi_squared_survival (statistic, df) : NAN;
        }
      else if (!isnan (statistic))
        p = patron_f_survival (statistic, (double) profile->k - 1, (double) (profile->n - profile->k));
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, patron_design_source (design, column->source)->name);
      patron_report_table_add_text (table, patron_text (column->level >= 0 ? N_("χ²") : N_("F"), NULL));
      patron_report_table_add_number (table, statistic);
      patron_report_table_add_number (table, effect);
      patron_report_table_add_number (table, p);
    }
}

void
patron_group_profile_report (const PatronGroupProfile *profile, const PatronDesign *design, PatronReport *report)
{
  g_autofree gsize *order = by_difference (profile);

  profile_chart (profile, design, order, report);
  if (profile->k <= MAX_WIDE_GROUPS)
    wide_table (profile, design, order, report);
  difference_table (profile, design, order, report);
  centre_table (profile, design, order, report);
}

/* ---- charts of the rows ------------------------------------------------------------------------------------- */

/* The two leading eigenvectors of the covariance (p × 2), signs so that their largest entry is positive; shares of the variance. */
static gboolean
principal_axes (const PatronColumns *x, double *means, double *axes, double *shares, PatronRun *run, GError **error)
{
  const gsize p = x->p;
  double *covariance = patron_try_alloc (p * p, sizeof (double), _("the map of the groups"), error), trace = 0;
  g_autofree double *values = g_new (double, p);
  g_autofree lapack_int *support = g_new (lapack_int, 4);
  lapack_int found = 0;
  gboolean done = covariance != NULL && patron_gram (x, TRUE, means, covariance, run, error);

  for (gsize j = 0; done && j < p; j++)
    trace += covariance[j * p + j];
  if (done && (trace <= 0
               || LAPACKE_dsyevr (LAPACK_COL_MAJOR, 'V', 'I', 'U', (int) p, covariance, (int) p, 0, 0, (int) p - 1, (int) p, 0, &found, values, axes, (int) p,
                                  support) != 0))
    found = 0;
  patron_free (covariance);
  if (!done || found != 2)
    {
      shares[0] = NAN;
      return done;
    }
  for (int a = 0; a < 2; a++)
    {
      double *axis = axes + (gsize) a * p;
      gsize most = 0;
      shares[a] = MAX (values[a], 0) / trace;
      for (gsize j = 1; j < p; j++)
        if (fabs (axis[j]) > fabs (axis[most]) * (1 + 1e-9))
          most = j;
      for (gsize j = 0; j < p && axis[most] < 0; j++)
        axis[j] = -axis[j];
    }
  return TRUE;
}

gboolean
patron_group_map (const PatronColumns *scaled, const gint32 *labels, gsize k, guint64 seed, PatronRun *run, PatronReport *report, GError **error)
{
  const gsize p = scaled->p, m = MIN (scaled->n, (gsize) MAX_POINTS);
  double shares[2];

  if (p < 2)
    return TRUE;
  g_autofree double *means = g_new (double, p);
  g_autofree double *axes = g_new (double, 2 * p);
  g_autofree guint32 *rows = g_new (guint32, m);
  g_autofree gint32 *groups = g_new (gint32, m);
  g_autofree double *x = g_new0 (double, m);
  g_autofree double *y = g_new0 (double, m);
  PatronRandom random;

  if (!principal_axes (scaled, means, axes, shares, run, error))
    return FALSE;
  if (isnan (shares[0]))
    return TRUE;
  patron_random_init (&random, seed, 0x6d6170);
  patron_random_sample (&random, scaled->n, m, rows);
  for (gsize j = 0; j < p; j++)
    for (gsize i = 0; i < m; i++)
      {
        /* dsyevr gives ascending eigenvalues: the second axis is the larger. */
        x[i] += (scaled->columns[j][rows[i]] - means[j]) * axes[p + j];
        y[i] += (scaled->columns[j][rows[i]] - means[j]) * axes[j];
      }
  for (gsize i = 0; i < m; i++)
    groups[i] = labels[rows[i]];

  PatronChart *chart = patron_chart_new ("map", PATRON_CHART_SCATTER, patron_text (N_("Map of the rows"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("First component ({share})"), "share", PATRON_PERCENT (shares[1]), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Second component ({share})"), "share", PATRON_PERCENT (shares[0]), NULL));
  patron_series_set_groups (patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, m, x, y), groups);
  for (gsize c = 0; c < k; c++)
    patron_chart_add_group (chart, patron_group_label (c));
  patron_chart_set_caption (chart, patron_text (
    N_("{points} rows on the two directions in which they vary most, which hold {share} of the variation. Groups that overlap here may still be apart "
       "in the rest."), "points", PATRON_COUNT (m), "share", PATRON_PERCENT (shares[0] + shares[1]), NULL));
  patron_report_add_chart (report, chart);
  return TRUE;
}

void
patron_group_silhouette_chart (const double *silhouette, const gint32 *labels, gsize n, gsize k, double mean, PatronReport *report)
{
  g_autofree double *sorted = g_new (double, n);
  gsize negative = 0, before = 0;
  PatronChart *chart = patron_chart_new ("silhouette", PATRON_CHART_LINE, patron_text (N_("How well rows fit their group"), NULL));

  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text (N_("Rows, by group and silhouette"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("Silhouette"), NULL));
  chart->y.zero = TRUE;
  for (gsize c = 0; c < k; c++)
    {
      double x[SILHOUETTE_POINTS], y[SILHOUETTE_POINTS];
      gsize count = 0;
      for (gsize i = 0; i < n; i++)
        if ((gsize) labels[i] == c)
          {
            sorted[count++] = silhouette[i];
            negative += silhouette[i] < 0;
          }
      if (count == 0)
        continue;
      patron_sort_doubles (sorted, count);
      const gsize points = MIN (count, (gsize) SILHOUETTE_POINTS);
      for (gsize i = 0; i < points; i++)
        {
          const gsize at = points > 1 ? i * (count - 1) / (points - 1) : 0;
          x[i] = (double) (before + at);
          y[i] = sorted[count - 1 - at];
        }
      PatronSeries *series = patron_chart_add_series (chart, patron_group_label (c), PATRON_SERIES_AREA, points, x, y);
      series->colour = (int) c;
      before += count;
    }
  patron_chart_add_series (chart, patron_text (N_("Mean"), NULL), PATRON_SERIES_REFERENCE, 2, (double[]) { 0, (double) n - 1 }, (double[]) { mean, mean });
  patron_chart_set_caption (chart, patron_text (
    N_("Near 1: the row is far from other groups. {negative} of {rows} {rows|row|rows} {negative|is|are} below 0: nearer to another group."), "negative",
    PATRON_COUNT (negative), "rows", PATRON_COUNT (n), NULL));
  patron_report_add_chart (report, chart);
}
