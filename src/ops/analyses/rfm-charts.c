/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/rfm-report.h"

#include "base/memory.h"
#include "math/radix-sort.h"
#include "report/layout.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { MAX_BINS = 40, PARETO_POINTS = 100 };

void
patron_rfm_segment_chart (const PatronRfmTotal *totals, guint n, const PatronRfm *rfm, double revenue, PatronReport *report)
{
  PatronChart *chart = patron_chart_new ("segments", PATRON_CHART_BAR, patron_text (N_("Who brings the money"), NULL));
  double customer_share[PATRON_RFM_N_SEGMENTS], revenue_share[PATRON_RFM_N_SEGMENTS];
  chart->horizontal = TRUE;
  chart->value_labels = TRUE;
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_MSGID, NULL);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text (N_("Share of the total"), NULL));
  chart->x.zero = TRUE;
  for (guint i = 0; i < n; i++)
    {
      patron_axis_add_category (&chart->y, patron_text (patron_rfm_segments[totals[i].segment].name, NULL));
      customer_share[i] = (double) totals[i].customers / (double) rfm->n_customers;
      revenue_share[i] = revenue > 0 ? totals[i].revenue / revenue : NAN;
    }
  patron_chart_add_series (chart, patron_text (N_("Customers"), NULL), PATRON_SERIES_BARS, n, NULL, customer_share);
  patron_chart_add_series (chart, patron_text (N_("Revenue"), NULL), PATRON_SERIES_BARS, n, NULL, revenue_share);
  patron_chart_set_caption (chart, patron_text (
    N_("Two bars for each segment: its share of customers and its share of revenue. {segment}: {customers} of the customers, {revenue} of the revenue."),
    "segment", PATRON_MSGID (patron_rfm_segments[totals[0].segment].name), "customers", PATRON_PERCENT (customer_share[0]),
    "revenue", PATRON_PERCENT (revenue_share[0]), NULL));
  patron_report_add_chart (report, chart);
}

static PatronChart *
score_map (const char *id, PatronText *title, PatronText *value, PatronFormat format, guint groups, const double *cells)
{
  PatronChart *chart = patron_chart_new (id, PATRON_CHART_HEAT_MAP, title);
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text (N_("Frequency score (high: orders often)"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, patron_text (N_("Recency score (high: ordered lately)"), NULL));
  patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, format, value);
  for (guint score = 1; score <= groups; score++)
    {
      char name[8];
      g_snprintf (name, sizeof name, "%u", score);
      patron_axis_add_name (&chart->x, name);
      g_snprintf (name, sizeof name, "%u", groups + 1 - score);
      patron_axis_add_name (&chart->y, name);
    }
  patron_chart_set_cells (chart, groups, groups, cells);
  chart->value_labels = TRUE;
  return chart;
}

void
patron_rfm_heat_maps (const PatronRfm *rfm, guint groups, PatronReport *report)
{
  double counts[PATRON_RFM_MAX_GROUPS * PATRON_RFM_MAX_GROUPS] = { 0 }, money[PATRON_RFM_MAX_GROUPS * PATRON_RFM_MAX_GROUPS] = { 0 };
  gsize regular = 0, slipping = 0;
  guint high = groups - groups / 3, low = MAX (1, groups / 3 + (groups % 3 != 0));
  for (gsize i = 0; i < rfm->n_customers; i++)
    {
      const PatronRfmCustomer *customer = &rfm->customers[i];
      gsize cell = (groups - customer->score[0]) * groups + customer->score[1] - 1;   /* rows from the top: the best recency first */
      counts[cell]++;
      money[cell] += customer->monetary;
      regular += customer->score[0] >= high && customer->score[1] >= high;
      slipping += customer->score[0] <= low && customer->score[1] >= high;
    }
  for (guint c = 0; c < groups * groups; c++)
    money[c] = counts[c] > 0 ? money[c] / counts[c] : NAN;

  PatronChart *chart = score_map ("rf-count", patron_text (N_("Customers by recency and frequency"), NULL),
                                  patron_text (N_("Customers"), NULL), PATRON_FORMAT_COUNT, groups, counts);
  patron_chart_set_caption (chart, patron_text (
    N_("{regular} {regular|customer orders|customers order} often and did so lately (both scores {high} or more); {slipping} used to order often but {slipping|has|have} stayed away (recency {low} or less)."),
    "regular", PATRON_COUNT (regular), "high", PATRON_EXACT (high), "slipping", PATRON_COUNT (slipping), "low", PATRON_EXACT (low), NULL));
  patron_report_add_chart (report, chart);

  chart = score_map ("rf-monetary", patron_text (N_("Mean revenue of a customer by recency and frequency"), NULL),
                     patron_text (N_("Mean revenue"), NULL), PATRON_FORMAT_MONEY, groups, money);
  double best = money[groups - 1];
  patron_chart_set_caption (chart, isnan (best)
    ? patron_text (N_("Each cell is the mean revenue of its customers; empty cells have none."), NULL)
    : patron_text (N_("Each cell is the mean revenue of its customers: {best} where both scores are {high}. Empty cells have no customers."),
                   "best", PATRON_MONEY (best), "high", PATRON_EXACT (groups), NULL));
  patron_report_add_chart (report, chart);
}

void
patron_rfm_pareto_chart (const double *descending, gsize n, double top20, double gini, PatronReport *report)
{
  PatronChart *chart = patron_chart_new ("pareto", PATRON_CHART_LINE, patron_text (N_("How much the best customers bring"), NULL));
  double x[PARETO_POINTS + 1], y[PARETO_POINTS + 1], total = 0, sum = 0;
  gsize next = 0;
  for (gsize i = 0; i < n; i++)
    total += MAX (descending[i], 0);
  for (guint p = 0; p <= PARETO_POINTS; p++)
    {
      gsize until = (gsize) ((double) n * p / PARETO_POINTS + 0.5);
      for (; next < until; next++)
        sum += MAX (descending[next], 0);
      x[p] = (double) until / (double) n;
      y[p] = total > 0 ? sum / total : NAN;
    }
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text (N_("Customers, best first"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text (N_("Share of revenue"), NULL));
  chart->x.min = chart->y.min = 0;
  chart->x.max = chart->y.max = 1;
  patron_chart_add_series (chart, patron_text (N_("Your customers"), NULL), PATRON_SERIES_LINE, PARETO_POINTS + 1, x, y);
  const double diagonal[2] = { 0, 1 };
  patron_chart_add_series (chart, patron_text (N_("All alike"), NULL), PATRON_SERIES_REFERENCE, 2, diagonal, diagonal);
  patron_chart_set_caption (chart, patron_text (
    N_("The best 20% of your customers bring {share} of the revenue. Gini coefficient {gini}: 0 would mean all spend alike, 1 that one customer spends everything."),
    "share", PATRON_PERCENT (top20), "gini", PATRON_NUMBER (gini), NULL));
  patron_report_add_chart (report, chart);
}

/* Histogram of values up to `end`; *beyond counts what lies above. */
static void
count_bins (const double *sorted, gsize n, double end, gboolean integers, GArray **edges, double **counts, gsize *beyond)
{
  gsize shown = n;
  while (shown > 1 && sorted[shown - 1] > end)
    shown--;
  *beyond = n - shown;
  *edges = patron_histogram_edges (sorted, shown, MAX_BINS, integers);
  guint n_bins = (*edges)->len - 1, bin = 0;
  *counts = g_new0 (double, n_bins + 1);
  for (gsize i = 0; i < shown; i++)
    {
      while (bin + 1 < n_bins && sorted[i] >= g_array_index (*edges, double, bin + 1))
        bin++;
      (*counts)[bin]++;
    }
}

static void
add_cut_lines (PatronChart *chart, const double *cuts, guint n_cuts, double end, double height)
{
  PatronText *label = patron_text (N_("Cuts between the scores"), NULL);
  for (guint k = 0; k < n_cuts; k++)
    if (cuts[k] <= end && (k == 0 || cuts[k] != cuts[k - 1]))
      {
        const double x[2] = { cuts[k], cuts[k] }, y[2] = { 0, height };
        patron_chart_add_series (chart, g_steal_pointer (&label), PATRON_SERIES_REFERENCE, 2, x, y);
      }
  patron_text_free (label);
}

static PatronText *
histogram_caption (guint dimension, double median, double end, gsize beyond)
{
  static const char *const all[3] = {
    N_("Half of the customers ordered within the last {median} {median|day|days}. Dashed lines are the cuts between the scores."),
    N_("Half of the customers placed {median} {median|order|orders} or fewer. Dashed lines are the cuts between the scores."),
    N_("Half of the customers brought {median} or less. Dashed lines are the cuts between the scores."),
  };
  static const char *const cut[3] = {
    N_("Half of the customers ordered within the last {median} {median|day|days}. {beyond} {beyond|customer|customers} beyond {end} {beyond|is|are} not drawn. Dashed lines are the cuts between the scores."),
    N_("Half of the customers placed {median} {median|order|orders} or fewer. {beyond} {beyond|customer|customers} with more than {end} {beyond|is|are} not drawn. Dashed lines are the cuts between the scores."),
    N_("Half of the customers brought {median} or less. {beyond} {beyond|customer|customers} with more than {end} {beyond|is|are} not drawn. Dashed lines are the cuts between the scores."),
  };
  PatronFormat format = dimension == 2 ? PATRON_FORMAT_MONEY : PATRON_FORMAT_NUMBER;
  if (beyond == 0)
    return patron_text (all[dimension], "median", format, median, NULL);
  return patron_text (cut[dimension], "median", format, median, "end", format, end, "beyond", PATRON_COUNT (beyond), NULL);
}

static gboolean
histogram (const PatronRfm *rfm, const PatronRfmStory *story, guint dimension, PatronReport *report, GError **error)
{
  static const char *const ids[3] = { "recency", "frequency", "monetary" };
  static const char *const titles[3] = { N_("Days since the last order"), N_("Orders of a customer"), N_("Revenue of a customer") };
  gsize n = rfm->n_customers, beyond;
  double *values = patron_rfm_values (rfm, dimension, error);
  guint64 *keys = values == NULL ? NULL : patron_try_alloc (n, sizeof *keys, _("a row for each customer"), error);
  guint64 *scratch = keys == NULL ? NULL : patron_try_alloc (n, sizeof *scratch, _("a row for each customer"), error);
  if (scratch != NULL)
    {
      for (gsize i = 0; i < n; i++)
        keys[i] = patron_key_from_double (values[i]);
      patron_radix_sort (keys, scratch, n);
      for (gsize i = 0; i < n; i++)
        values[i] = patron_double_from_key (keys[i]);

      /* A few very large customers would press all others into one bar. */
      double p99 = values[(gsize) (0.99 * (double) (n - 1))], last = values[n - 1];
      double end = last > 1.5 * p99 && p99 > 0 ? p99 : last;
      GArray *edges;
      double *counts, height = 0;
      count_bins (values, n, end, dimension < 2, &edges, &counts, &beyond);
      guint n_bins = edges->len - 1;
      for (guint b = 0; b < n_bins; b++)
        height = MAX (height, counts[b]);
      PatronFormat format = dimension == 2 ? PATRON_FORMAT_MONEY : PATRON_FORMAT_NUMBER;
      PatronChart *chart = patron_chart_new (ids[dimension], PATRON_CHART_HISTOGRAM, patron_text (titles[dimension], NULL));
      patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, format, patron_text (titles[dimension], NULL));
      patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text (N_("Customers"), NULL));
      chart->y.zero = TRUE;
      patron_chart_add_series (chart, patron_text (N_("Customers"), NULL), PATRON_SERIES_BARS, n_bins, (const double *) (gpointer) edges->data, counts);
      add_cut_lines (chart, story->cuts[dimension], story->groups - 1, end, height);
      patron_chart_set_caption (chart, histogram_caption (dimension, values[(n - 1) / 2], end, beyond));
      patron_report_add_chart (report, chart);
      g_array_unref (edges);
      g_free (counts);
    }
  gboolean ok = scratch != NULL;
  patron_free (values);
  patron_free (keys);
  patron_free (scratch);
  return ok;
}

gboolean
patron_rfm_histograms (const PatronRfm *rfm, const PatronRfmStory *story, PatronReport *report, GError **error)
{
  for (guint dimension = 0; dimension < 3; dimension++)
    if (!histogram (rfm, story, dimension, report, error))
      return FALSE;
  return TRUE;
}
