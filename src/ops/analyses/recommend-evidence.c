/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/recommendation.h"

#include "base/order.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { CUTOFF_10 = 1, TAIL_POINTS = 100, N_ACTIVITY = 3 };

static const char *const method_ids[PATRON_N_OFFER_METHODS] = { "item-to-item", "most-popular" };
static const char *const method_names[PATRON_N_OFFER_METHODS] = { N_("Similar items"), N_("Most popular") };
static const char *const measure_names[PATRON_N_RANK_MEASURES] = { N_("Precision"), N_("Recall"), N_("NDCG"), N_("MAP"), N_("Hit rate") };
static const char *const measure_ids[PATRON_N_RANK_MEASURES] = { "precision", "recall", "ndcg", "map", "hit_rate" };

static PatronText *
split_text (const PatronRecommendation *r)
{
  const PatronOfferTest *test = r->test;
  switch (r->split)
    {
    case PATRON_SPLIT_TIME:
      return patron_text (N_("Learnt from purchases before {date}, tested on {customers} {customers|customer|customers} who bought something new from then until {last}."),
                          "date", PATRON_DATE (r->cutoff), "customers", PATRON_COUNT (test->n_customers), "last", PATRON_DATE (r->last_day), NULL);
    case PATRON_SPLIT_LAST_ORDER:
      return patron_text (N_("Learnt from all purchases but the last day of each customer, tested on the new items of that day for {customers} {customers|customer|customers}."),
                          "customers", PATRON_COUNT (test->n_customers), NULL);
    case PATRON_SPLIT_RANDOM:
    case PATRON_SPLIT_NONE:
    default:
      return patron_text (N_("Learnt from {share} of the purchases, drawn at random, tested on the others of {customers} {customers|customer|customers}."),
                          "share", PATRON_PERCENT (1 - r->test_share), "customers", PATRON_COUNT (test->n_customers), NULL);
    }
}

static void
add_methods_chart (const PatronRecommendation *r, PatronReport *report)
{
  const PatronOfferTest *test = r->test;
  PatronChart *chart = patron_chart_new ("methods", PATRON_CHART_BAR, patron_text (N_("Test: similar items against best sellers"), NULL));
  patron_axis_set (&chart->x, PATRON_AXIS_CATEGORY, PATRON_FORMAT_MSGID, NULL);
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("With ten recommendations"), NULL));
  chart->y.zero = TRUE;
  for (guint v = 0; v < PATRON_N_RANK_MEASURES; v++)
    patron_axis_add_category (&chart->x, patron_text (measure_names[v], NULL));
  for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
    {
      double value[PATRON_N_RANK_MEASURES], low[PATRON_N_RANK_MEASURES], high[PATRON_N_RANK_MEASURES];
      for (guint v = 0; v < PATRON_N_RANK_MEASURES; v++)
        {
          value[v] = test->mean[method][CUTOFF_10][v].value;
          low[v] = test->mean[method][CUTOFF_10][v].low;
          high[v] = test->mean[method][CUTOFF_10][v].high;
        }
      PatronSeries *series = patron_chart_add_series (chart, patron_text (method_names[method], NULL), PATRON_SERIES_BARS, PATRON_N_RANK_MEASURES, NULL, value);
      patron_series_set_interval (series, low, high);
    }
  const PatronEstimate *recall = &test->mean[PATRON_OFFER_SIMILAR][CUTOFF_10][PATRON_RANK_RECALL];
  patron_chart_set_caption (chart, patron_text (
    N_("Higher is better. Ten recommendations found {recall} of what customers bought next. The thin lines are 95% intervals."),
    "recall", PATRON_PERCENT (recall->value), NULL));
  patron_report_add_chart (report, chart);
}

static void
add_methods_table (const PatronRecommendation *r, PatronReport *report)
{
  const PatronOfferTest *test = r->test;
  /* In the order and with the names that the command line promises. */
  static const struct { const char *id, *label; PatronRankMeasure measure; PatronFormat format; } columns[] = {
    { "precision_at_10", N_("Precision"), PATRON_RANK_PRECISION, PATRON_FORMAT_PERCENT },
    { "recall_at_10", N_("Recall"), PATRON_RANK_RECALL, PATRON_FORMAT_PERCENT },
    { "ndcg_at_10", N_("NDCG"), PATRON_RANK_NDCG, PATRON_FORMAT_NUMBER },
    { "map_at_10", N_("MAP"), PATRON_RANK_MAP, PATRON_FORMAT_NUMBER },
    { "hit_rate_at_10", N_("Hit rate"), PATRON_RANK_HIT, PATRON_FORMAT_PERCENT },
  };
  PatronReportTable *table = patron_report_add_table (report, "methods", patron_text (N_("Methods compared, ten recommendations"), NULL));
  patron_report_table_add_column (table, "method", patron_text (N_("Method"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "name", patron_text (N_("Name"), NULL), PATRON_FORMAT_MSGID);
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    patron_report_table_add_column (table, columns[c].id, patron_text (columns[c].label, NULL), columns[c].format);
  patron_report_table_add_column (table, "coverage", patron_text (N_("Coverage"), NULL), PATRON_FORMAT_PERCENT);
  patron_report_table_add_column (table, "novelty", patron_text (N_("Novelty (bits)"), NULL), PATRON_FORMAT_NUMBER);
  for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
    {
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, method_ids[method]);
      patron_report_table_add_text (table, patron_text (method_names[method], NULL));
      for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
        patron_report_table_add_number (table, test->mean[method][CUTOFF_10][columns[c].measure].value);
      patron_report_table_add_number (table, test->coverage[method]);
      patron_report_table_add_number (table, test->novelty[method]);
    }
  patron_report_table_set_caption (table, split_text (r));
}

static void
add_cutoff_table (const PatronOfferTest *test, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "methods-by-length", patron_text (N_("The same for 5, 10 and 20 recommendations"), NULL));
  patron_report_table_add_column (table, "measure", patron_text (N_("Measure"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "k", patron_text (N_("Items recommended"), NULL), PATRON_FORMAT_COUNT);
  for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
    {
      g_autofree char *low = g_strconcat (method_ids[method], "-low", NULL), *high = g_strconcat (method_ids[method], "-high", NULL);
      patron_report_table_add_column (table, method_ids[method], patron_text (method_names[method], NULL), PATRON_FORMAT_NUMBER);
      patron_report_table_add_column (table, low, patron_text (N_("from"), NULL), PATRON_FORMAT_NUMBER);
      patron_report_table_add_column (table, high, patron_text (N_("to"), NULL), PATRON_FORMAT_NUMBER);
    }
  patron_report_table_add_column (table, "difference", patron_text (N_("Difference"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "difference-low", patron_text (N_("from"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "difference-high", patron_text (N_("to"), NULL), PATRON_FORMAT_NUMBER);
  for (guint v = 0; v < PATRON_N_RANK_MEASURES; v++)
    for (guint c = 0; c < PATRON_N_CUTOFFS; c++)
      {
        patron_report_table_add_row (table);
        patron_report_table_add_text (table, patron_text (measure_names[v], NULL));
        patron_report_table_add_number (table, patron_cutoffs[c]);
        const PatronEstimate *estimates[] = { &test->mean[0][c][v], &test->mean[1][c][v], &test->difference[c][v] };
        for (guint e = 0; e < G_N_ELEMENTS (estimates); e++)
          {
            patron_report_table_add_number (table, estimates[e]->value);
            patron_report_table_add_number (table, estimates[e]->low);
            patron_report_table_add_number (table, estimates[e]->high);
          }
      }
  patron_report_table_set_caption (table, patron_text (
    N_("“from” and “to” are 95% intervals from {n} bootstrap samples of the customers. Where the interval of the difference leaves out 0, the difference is no accident."),
    "n", PATRON_COUNT (test->resamples), NULL));
}

/* Thirds of the tested customers by what they had bought before; equal numbers stay together. */
static void
add_activity_table (const PatronOfferTest *test, PatronReport *report)
{
  g_autofree double *bought = g_try_new (double, test->n_customers);
  if (bought == NULL)
    return;
  for (guint32 i = 0; i < test->n_customers; i++)
    bought[i] = test->bought[i];
  patron_sort_doubles (bought, test->n_customers);
  double cut[N_ACTIVITY] = { bought[test->n_customers / 3], bought[test->n_customers * 2 / 3], bought[test->n_customers - 1] };

  PatronReportTable *table = patron_report_add_table (report, "by-activity", patron_text (N_("For whom it works"), NULL));
  patron_report_table_add_column (table, "activity", patron_text (N_("Items bought before"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "customers", patron_text (N_("Customers"), NULL), PATRON_FORMAT_COUNT);
  static const PatronRankMeasure shown[] = { PATRON_RANK_HIT, PATRON_RANK_NDCG };
  for (guint v = 0; v < G_N_ELEMENTS (shown); v++)
    for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
      {
        g_autofree char *id = g_strconcat (measure_ids[shown[v]], "_at_10-", method_ids[method], NULL);
        patron_report_table_add_column (table, id, patron_text (N_("{measure}, {method}"), "measure", PATRON_MSGID (measure_names[shown[v]]),
                                                                "method", PATRON_MSGID (method_names[method]), NULL),
                                        shown[v] == PATRON_RANK_HIT ? PATRON_FORMAT_PERCENT : PATRON_FORMAT_NUMBER);
      }
  for (guint g = 0; g < N_ACTIVITY; g++)
    {
      double sums[2][PATRON_N_OFFER_METHODS] = { { 0 } }, low = g > 0 ? cut[g - 1] : 0;
      gsize n = 0;
      for (guint32 i = 0; i < test->n_customers; i++)
        {
          if (!(test->bought[i] > low && test->bought[i] <= cut[g]))
            continue;
          n++;
          for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
            for (guint v = 0; v < G_N_ELEMENTS (shown); v++)
              sums[v][method] += patron_offer_test_row (test, i, method, CUTOFF_10)[shown[v]];
        }
      if (n == 0)
        continue;
      patron_report_table_add_row (table);
      patron_report_table_add_text (table, patron_text (N_("{low} to {high}"), "low", PATRON_COUNT (low + 1), "high", PATRON_COUNT (cut[g]), NULL));
      patron_report_table_add_number (table, (double) n);
      for (guint v = 0; v < G_N_ELEMENTS (shown); v++)
        for (guint method = 0; method < PATRON_N_OFFER_METHODS; method++)
          patron_report_table_add_number (table, sums[v][method] / (double) n);
    }
  patron_report_table_set_caption (table, patron_text (N_("Tested customers in thirds by the number of different items they had bought before; ten recommendations."), NULL));
}

void
patron_recommendation_report_test (const PatronRecommendation *r, PatronReport *report)
{
  const PatronOfferTest *test = r->test;
  patron_report_add_heading (report, patron_text (N_("How good the recommendations are"), NULL));
  add_methods_chart (r, report);
  add_methods_table (r, report);
  add_activity_table (test, report);
  add_cutoff_table (test, report);
  if (test->n_unreachable > 0)
    patron_report_add_note (report, patron_text (
      N_("{share} of the purchases in the test were of items that too few customers had bought before; no method here could have recommended them, and they count as missed."),
      "share", PATRON_PERCENT ((double) test->n_unreachable / (double) test->n_relevant), NULL));
  if (test->n_new_customers > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|customer|customers} bought only in the test period; nothing was known of them, so they were not tested."),
                                                 "n", PATRON_COUNT (test->n_new_customers), NULL));
}

void
patron_recommendation_report_data (const PatronRecommendation *r, PatronReport *report)
{
  const PatronInteractions *m = r->all;
  if (m->n_items == 0)
    return;
  PatronChart *chart = patron_chart_new ("long-tail", PATRON_CHART_LINE, patron_text (N_("How sales spread over the items"), NULL));
  double x[TAIL_POINTS + 1], y[TAIL_POINTS + 1], half = NAN;
  for (guint p = 0; p <= TAIL_POINTS; p++)
    {
      guint32 item = (guint32) ((guint64) m->n_items * p / TAIL_POINTS);
      x[p] = (double) item / m->n_items;
      y[p] = (double) m->column_start[item] / (double) m->n;
    }
  for (guint32 item = 0; item <= m->n_items && isnan (half); item++)
    if (2 * m->column_start[item] >= m->n)
      half = (double) item / m->n_items;
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text (N_("Items, most popular first"), NULL));
  patron_axis_set (&chart->y, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text (N_("Share of customer–item pairs"), NULL));
  chart->x.min = chart->y.min = 0;
  chart->x.max = chart->y.max = 1;
  patron_chart_add_series (chart, patron_text (N_("Your items"), NULL), PATRON_SERIES_LINE, TAIL_POINTS + 1, x, y);
  const double diagonal[2] = { 0, 1 };
  patron_chart_add_series (chart, patron_text (N_("All alike"), NULL), PATRON_SERIES_REFERENCE, 2, diagonal, diagonal);
  patron_chart_set_caption (chart, patron_text (
    N_("{half} of the items make half of the purchases. The steeper the start, the stronger best sellers are as a rival."), "half", PATRON_PERCENT (half), NULL));
  patron_report_add_chart (report, chart);
}
