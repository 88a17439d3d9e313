/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/rfm-report.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { TOP_CUSTOMERS = 20 };

static int
compare_revenue (gconstpointer a, gconstpointer b)
{
  const PatronRfmTotal *first = a, *second = b;
  if (first->revenue != second->revenue)
    return first->revenue < second->revenue ? 1 : -1;
  return (int) first->segment - (int) second->segment;
}

guint
patron_rfm_totals (const PatronRfm *rfm, PatronRfmTotal *totals)
{
  PatronRfmTotal all[PATRON_RFM_N_SEGMENTS] = { 0 };
  guint n = 0;
  for (gsize i = 0; i < rfm->n_customers; i++)
    {
      const PatronRfmCustomer *customer = &rfm->customers[i];
      PatronRfmTotal *total = &all[customer->segment];
      total->customers++;
      total->revenue += customer->monetary;
      total->recency += customer->recency;
      total->frequency += customer->orders;
    }
  for (guint8 s = 0; s < PATRON_RFM_N_SEGMENTS; s++)
    if (all[s].customers > 0)
      {
        all[s].segment = s;
        totals[n++] = all[s];
      }
  qsort (totals, n, sizeof *totals, compare_revenue);
  return n;
}

static void
add_headline (const PatronRfm *rfm, const PatronRfmTotal *totals, guint n, double revenue, PatronReport *report)
{
  gsize slipping = 0;
  double slipping_revenue = 0;
  for (guint i = 0; i < n; i++)
    if (g_str_equal (patron_rfm_segments[totals[i].segment].id, "at-risk") || g_str_equal (patron_rfm_segments[totals[i].segment].id, "cant-lose"))
      {
        slipping += totals[i].customers;
        slipping_revenue += totals[i].revenue;
      }
  const PatronRfmTotal *best = &totals[0];
  const char *name = patron_rfm_segments[best->segment].name;
  double share = (double) best->customers / (double) rfm->n_customers;
  if (slipping > 0)
    patron_report_set_headline (report, patron_text (
      N_("{n} of your {customers} {customers|customer|customers} ({share}) {n|is|are} in the segment “{segment}” and {n|brings|bring} {revenue_share} of the {revenue} revenue; "
         "{slipping} once good {slipping|customer|customers}, worth {slipping_revenue} so far, {slipping|is|are} slipping away."),
      "n", PATRON_COUNT (best->customers), "customers", PATRON_COUNT (rfm->n_customers), "share", PATRON_PERCENT (share),
      "segment", PATRON_MSGID (name), "revenue_share", PATRON_PERCENT (best->revenue / revenue), "revenue", PATRON_MONEY (revenue),
      "slipping", PATRON_COUNT (slipping), "slipping_revenue", PATRON_MONEY (slipping_revenue), NULL));
  else
    patron_report_set_headline (report, patron_text (
      N_("{n} of your {customers} {customers|customer|customers} ({share}) {n|is|are} in the segment “{segment}” and {n|brings|bring} {revenue_share} of the {revenue} revenue."),
      "n", PATRON_COUNT (best->customers), "customers", PATRON_COUNT (rfm->n_customers), "share", PATRON_PERCENT (share),
      "segment", PATRON_MSGID (name), "revenue_share", PATRON_PERCENT (best->revenue / revenue), "revenue", PATRON_MONEY (revenue), NULL));
}

static void
figure (PatronReport *report, const char *id, const char *label, PatronFormat format, double value, gboolean headline, PatronText *note)
{
  PatronFigure *added = patron_report_add_figure (report, id, patron_text (label, NULL), format, value);
  added->headline = headline;
  added->note = note;
}

static void
add_figures (const PatronRfm *rfm, const PatronRfmStory *story, double revenue, double top20, double gini, PatronReport *report)
{
  gsize once = 0;
  for (gsize i = 0; i < rfm->n_customers; i++)
    once += rfm->customers[i].orders == 1;
  double n = (double) rfm->n_customers;
  figure (report, "n_customers", N_("Customers"), PATRON_FORMAT_COUNT, n, TRUE,
          patron_text (N_("Customers with at least one order in the data."), NULL));
  figure (report, "n_orders", N_("Orders"), PATRON_FORMAT_COUNT, (double) rfm->n_orders, TRUE,
          patron_text (story->order, "column", PATRON_STRING (story->order_column), NULL));
  figure (report, "revenue", N_("Revenue"), PATRON_FORMAT_MONEY, revenue, TRUE,
          story->returns == PATRON_RFM_SUBTRACT ? patron_text (N_("Sum of all order lines of these customers less their returns."), NULL)
                                                : patron_text (N_("Sum of all order lines of these customers; returns are ignored."), NULL));
  figure (report, "top20_share", N_("Revenue from the best 20%"), PATRON_FORMAT_PERCENT, top20, TRUE,
          patron_text (N_("Share of the revenue that the best fifth of the customers bring (rounded up to whole customers; a customer below 0 counts as 0)."), NULL));
  figure (report, "one_time_share", N_("Bought once only"), PATRON_FORMAT_PERCENT, (double) once / n, TRUE,
          patron_text (N_("Share of customers with exactly one order."), NULL));
  figure (report, "gini", N_("Gini coefficient"), PATRON_FORMAT_NUMBER, gini, FALSE,
          patron_text (N_("Inequality of revenue among customers: 0 all alike, 1 one customer has everything."), NULL));
  figure (report, "gross_revenue", N_("Revenue before returns"), PATRON_FORMAT_MONEY, rfm->gross, FALSE, NULL);
  figure (report, "returns", N_("Returned"), PATRON_FORMAT_MONEY, rfm->returned, FALSE, NULL);
  figure (report, "average_order_value", N_("Average order"), PATRON_FORMAT_MONEY, rfm->gross / (double) rfm->n_orders, FALSE,
          patron_text (N_("Revenue before returns divided by the number of orders."), NULL));
  figure (report, "orders_per_customer", N_("Orders per customer"), PATRON_FORMAT_NUMBER, (double) rfm->n_orders / n, FALSE, NULL);
  figure (report, "as_of", N_("As of"), PATRON_FORMAT_DATE, rfm->as_of, FALSE,
          patron_text (N_("Recency counts the days from a customer's last order to this date."), NULL));
}

static void
add_segment_table (const PatronRfm *rfm, const PatronRfmTotal *totals, guint n, double revenue, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "segments", patron_text (N_("Segments and what to do"), NULL));
  patron_report_table_add_column (table, "segment", patron_text (N_("Segment"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "customers", patron_text (N_("Customers"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "customer_share", patron_text (N_("% of customers"), NULL), PATRON_FORMAT_PERCENT)->bar = TRUE;
  patron_report_table_add_column (table, "revenue", patron_text (N_("Revenue"), NULL), PATRON_FORMAT_MONEY);
  patron_report_table_add_column (table, "revenue_share", patron_text (N_("% of revenue"), NULL), PATRON_FORMAT_PERCENT)->bar = TRUE;
  patron_report_table_add_column (table, "mean_recency", patron_text (N_("Mean days since order"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "mean_frequency", patron_text (N_("Mean orders"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "mean_monetary", patron_text (N_("Mean revenue"), NULL), PATRON_FORMAT_MONEY);
  patron_report_table_add_column (table, "action", patron_text (N_("What to do"), NULL), PATRON_FORMAT_MSGID);
  for (guint i = 0; i < n; i++)
    {
      const PatronRfmTotal *total = &totals[i];
      const PatronRfmSegment *segment = &patron_rfm_segments[total->segment];
      double customers = (double) total->customers;
      patron_report_table_add_row (table);
      patron_report_table_add_text (table, patron_text (segment->name, NULL));
      patron_report_table_add_number (table, customers);
      patron_report_table_add_number (table, customers / (double) rfm->n_customers);
      patron_report_table_add_number (table, total->revenue);
      patron_report_table_add_number (table, total->revenue / revenue);
      patron_report_table_add_number (table, total->recency / customers);
      patron_report_table_add_number (table, total->frequency / customers);
      patron_report_table_add_number (table, total->revenue / customers);
      patron_report_table_add_text (table, patron_text (segment->action, NULL));
    }
  patron_report_table_set_caption (table, patron_text (N_("Most revenue first. Means are for one customer of the segment."), NULL));
}

/* Which values each score stands for, and how many customers have it: shows at once where equal values made scores unequal or empty. */
static void
add_score_table (const PatronRfm *rfm, const PatronRfmStory *story, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "scores", patron_text (N_("What the scores stand for"), NULL));
  static const char *const names[3] = { N_("Recency (days)"), N_("Frequency (orders)"), N_("Monetary (revenue)") };
  patron_report_table_add_column (table, "dimension", patron_text (N_("Dimension"), NULL), PATRON_FORMAT_MSGID);
  patron_report_table_add_column (table, "score", patron_text (N_("Score"), NULL), PATRON_FORMAT_EXACT);
  patron_report_table_add_column (table, "from", patron_text (N_("From"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "to", patron_text (N_("To"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "customers", patron_text (N_("Customers"), NULL), PATRON_FORMAT_COUNT)->bar = TRUE;
  for (guint d = 0; d < 3; d++)
    {
      double low[PATRON_RFM_MAX_GROUPS + 1], high[PATRON_RFM_MAX_GROUPS + 1], count[PATRON_RFM_MAX_GROUPS + 1] = { 0 };
      for (gsize i = 0; i < rfm->n_customers; i++)
        {
          const PatronRfmCustomer *customer = &rfm->customers[i];
          double value = d == 0 ? customer->recency : d == 1 ? customer->orders : customer->monetary;
          guint score = customer->score[d];
          low[score] = count[score] == 0 ? value : MIN (low[score], value);
          high[score] = count[score] == 0 ? value : MAX (high[score], value);
          count[score]++;
        }
      PatronFormat format = d == 2 ? PATRON_FORMAT_MONEY : PATRON_FORMAT_COUNT;
      for (guint score = story->groups; score >= 1; score--)
        {
          patron_report_table_add_row (table);
          patron_report_table_add_text (table, patron_text (names[d], NULL));
          patron_report_table_add_number (table, score);
          patron_report_table_add_formatted (table, format, count[score] > 0 ? low[score] : NAN);
          patron_report_table_add_formatted (table, format, count[score] > 0 ? high[score] : NAN);
          patron_report_table_add_number (table, count[score]);
        }
    }
  patron_report_table_set_caption (table, story->quantiles
    ? patron_text (N_("Cuts are meant to make groups of equal size. Equal values always get the same score, so groups can differ in size or stay empty."), NULL)
    : patron_text (N_("Cuts as given."), NULL));
}

static void
add_top_customers (const PatronRfm *rfm, const PatronLevels *customers, double revenue, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "top-customers", patron_text (N_("The best customers"), NULL));
  patron_report_table_add_column (table, "customer", patron_text (N_("Customer"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "monetary", patron_text (N_("Revenue"), NULL), PATRON_FORMAT_MONEY)->bar = TRUE;
  patron_report_table_add_column (table, "share", patron_text (N_("% of revenue"), NULL), PATRON_FORMAT_PERCENT);
  patron_report_table_add_column (table, "frequency", patron_text (N_("Orders"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "recency_days", patron_text (N_("Days since last order"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "rfm", patron_text (N_("RFM score"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "segment", patron_text (N_("Segment"), NULL), PATRON_FORMAT_MSGID);
  gsize shown = MIN (rfm->n_customers, TOP_CUSTOMERS);
  double sum = 0;
  for (gsize i = 0; i < shown; i++)
    {
      const PatronRfmCustomer *customer = &rfm->customers[i];
      g_autofree char *name = patron_levels_name (customers, customer->level);
      g_autofree char *score = g_strdup_printf ("%u-%u-%u", customer->score[0], customer->score[1], customer->score[2]);
      sum += customer->monetary;
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, name);
      patron_report_table_add_number (table, customer->monetary);
      patron_report_table_add_number (table, customer->monetary / revenue);
      patron_report_table_add_number (table, customer->orders);
      patron_report_table_add_number (table, customer->recency);
      patron_report_table_add_string (table, score);
      patron_report_table_add_text (table, patron_text (patron_rfm_segments[customer->segment].name, NULL));
    }
  patron_report_table_set_caption (table, patron_text (
    N_("The {n} {n|customer|customers} with the most revenue: together {share} of it. The result table lists every customer."),
    "n", PATRON_COUNT (shown), "share", PATRON_PERCENT (sum / revenue), NULL));
}

static void
note_ties (const PatronRfm *rfm, const PatronRfmStory *story, PatronReport *report)
{
  static const char *const names[3] = { N_("recency"), N_("frequency"), N_("monetary value") };
  for (guint d = 0; story->quantiles && d < 3; d++)
    {
      gsize count[PATRON_RFM_MAX_GROUPS + 1] = { 0 };
      guint empty = 0, largest = 1;
      for (gsize i = 0; i < rfm->n_customers; i++)
        count[rfm->customers[i].score[d]]++;
      for (guint score = 1; score <= story->groups; score++)
        {
          empty += count[score] == 0;
          largest = count[score] > count[largest] ? score : largest;
        }
      if (empty > 0)
        patron_report_add_note (report, patron_text (
          N_("Scores for {dimension}: {empty} of the {groups} groups {empty|is|are} empty, because {share} of the customers share so few different values that they all get score {score}."),
          "dimension", PATRON_MSGID (names[d]), "empty", PATRON_COUNT (empty), "groups", PATRON_COUNT (story->groups),
          "share", PATRON_PERCENT ((double) count[largest] / (double) rfm->n_customers), "score", PATRON_EXACT (largest), NULL));
    }
}

static void
add_notes (const PatronRfm *rfm, const PatronRfmStory *story, PatronReport *report)
{
  patron_report_add_note (report, patron_text (story->order, "column", PATRON_STRING (story->order_column), NULL));
  if (story->quantiles)
    patron_report_add_note (report, patron_text (
      N_("Each score cuts the customers into {groups} groups of equal size; customers with equal values always get the same score."),
      "groups", PATRON_COUNT (story->groups), NULL));
  note_ties (rfm, story, report);
  patron_report_add_note (report, story->overlap == PATRON_RFM_FIRST
    ? patron_text (N_("The rules of the segments overlap and the first that fits wins, in the order of the R package rfm. “New customers” and “Promising” lie wholly within "
                      "“Potential loyalists”, and “Cannot lose them” within “At risk”, so these three stay empty; set “When rules overlap” to “The narrowest rule” to see them."), NULL)
    : patron_text (N_("The rules of the segments overlap; the narrowest rule that fits wins."), NULL));
  if (story->groups != 5)
    patron_report_add_note (report, patron_text (N_("The rules of the segments are for scores of 1 to 5; scores of 1 to {groups} were brought to that scale first."),
                                                 "groups", PATRON_COUNT (story->groups), NULL));
  if (rfm->n_return_lines > 0)
    patron_report_add_note (report, story->returns == PATRON_RFM_SUBTRACT
      ? patron_text (N_("{lines} {lines|line is a return or cancellation|lines are returns or cancellations} (amount below 0). {returned} was subtracted from the revenue of the customers who returned; they are no orders."),
                     "lines", PATRON_COUNT (rfm->n_return_lines), "returned", PATRON_MONEY (rfm->returned), NULL)
      : patron_text (N_("{lines} {lines|line is a return or cancellation|lines are returns or cancellations} (amount below 0), {returned} in all. They were ignored: a customer who sent everything back still counts with the full revenue."),
                     "lines", PATRON_COUNT (rfm->n_return_lines), "returned", PATRON_MONEY (rfm->returned), NULL));
  if (rfm->n_without_order > 0)
    patron_report_add_note (report, patron_text (
      N_("{n} {n|customer has|customers have} no order of their own in the data, only returns ({returned}) or free lines; they are left out."),
      "n", PATRON_COUNT (rfm->n_without_order), "returned", PATRON_MONEY (rfm->returned_unmatched), NULL));
  if (rfm->n_few_orders > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|customer|customers} with fewer orders than asked for {n|is|are} left out."), "n", PATRON_COUNT (rfm->n_few_orders), NULL));
  if (rfm->n_free_lines > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|line with amount 0 counts|lines with amount 0 count} neither as order nor as revenue."), "n", PATRON_COUNT (rfm->n_free_lines), NULL));
}

gboolean
patron_rfm_report (const PatronRfm *rfm, const PatronLevels *customers, const PatronRfmStory *story, PatronReport *report, GError **error)
{
  PatronRfmTotal totals[PATRON_RFM_N_SEGMENTS];
  guint n = patron_rfm_totals (rfm, totals);
  double *money = patron_rfm_values (rfm, 2, error);
  if (money == NULL)
    return FALSE;
  double revenue = 0;
  for (gsize i = 0; i < rfm->n_customers; i++)
    revenue += money[i];
  double top20 = patron_top_share (money, rfm->n_customers, 0.2), gini = patron_gini (money, rfm->n_customers);

  patron_report_set_title (report, patron_text (N_("Customer segments by recency, frequency and money"), NULL));
  add_headline (rfm, totals, n, revenue, report);
  add_figures (rfm, story, revenue, top20, gini, report);
  patron_rfm_segment_chart (totals, n, rfm, revenue, report);
  add_segment_table (rfm, totals, n, revenue, report);
  patron_rfm_heat_maps (rfm, story->groups, report);
  patron_rfm_pareto_chart (money, rfm->n_customers, top20, gini, report);
  add_top_customers (rfm, customers, revenue, report);
  patron_report_add_heading (report, patron_text (N_("How the scores were made"), NULL));
  add_score_table (rfm, story, report);
  gboolean ok = patron_rfm_histograms (rfm, story, report, error);
  add_notes (rfm, story, report);
  report->period_first = rfm->first_day;
  report->period_last = rfm->last_day;
  patron_free (money);
  return ok;
}
