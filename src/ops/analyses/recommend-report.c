/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/recommendation.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { SEGMENT_ITEMS = 5, EXAMPLE_ITEMS = 5, RECENT_ITEMS = 4, SIMILAR_ITEMS = 20, NEIGHBOURS_SHOWN = 3, CUTOFF_10 = 1 };

/* ---- headline and figures --------------------------------------------------------------------------------- */

static void
add_headline (const PatronRecommendation *r, PatronReport *report)
{
  const PatronOfferTest *test = r->test;
  if (test == NULL || test->n_customers == 0)
    {
      patron_report_set_headline (report, patron_text (
        N_("{customers} {customers|customer gets|customers get} {n} {n|recommendation|recommendations} each, chosen among {items} {items|item|items}. They were not tested: there was nothing to test on."),
        "customers", PATRON_COUNT (r->n_buyers), "n", PATRON_COUNT (r->top_n), "items", PATRON_COUNT (r->all->n_items), NULL));
      return;
    }
  const PatronEstimate *difference = &test->difference[CUTOFF_10][PATRON_RANK_NDCG];
  double own = test->mean[PATRON_OFFER_SIMILAR][CUTOFF_10][PATRON_RANK_HIT].value, popular = test->mean[PATRON_OFFER_POPULAR][CUTOFF_10][PATRON_RANK_HIT].value;
  const char *sentence =
    difference->low > 0
      ? N_("{customers} {customers|customer gets|customers get} {n} {n|recommendation|recommendations} each. In the test, {own} of customers later bought at least one of ten recommended items; "
           "ten best sellers for everyone would have reached {popular}: clearly less.")
    : difference->high < 0
      ? N_("{customers} {customers|customer gets|customers get} {n} {n|recommendation|recommendations} each, but in the test plain best sellers did better: {popular} of customers later bought one of the ten best sellers, "
           "{own} one of ten items recommended by similarity. Offer best sellers, or wait for more data.")
      : N_("{customers} {customers|customer gets|customers get} {n} {n|recommendation|recommendations} each. In the test, {own} of customers later bought at least one of ten recommended items; "
           "ten best sellers for everyone reached {popular}, which is not clearly different.");
  patron_report_set_headline (report, patron_text (sentence, "customers", PATRON_COUNT (r->n_buyers), "n", PATRON_COUNT (r->top_n),
                                                   "own", PATRON_PERCENT (own), "popular", PATRON_PERCENT (popular), NULL));
}

typedef struct { const char *id, *label, *note; PatronRankMeasure measure; gboolean headline; } MeasureFigure;

static const MeasureFigure measures[] = {
  { "hit_rate_at_10", N_("Hit rate at 10"), N_("Share of tested customers who later bought at least one of their ten recommended items."), PATRON_RANK_HIT, TRUE },
  { "precision_at_10", N_("Precision at 10"), N_("Share of the ten recommended items that were bought later."), PATRON_RANK_PRECISION, TRUE },
  { "recall_at_10", N_("Recall at 10"), N_("Share of a customer's later purchases that were among the ten recommended items."), PATRON_RANK_RECALL, TRUE },
  { "ndcg_at_10", N_("NDCG at 10"), N_("As precision, but a hit counts more the higher it stands in the list; 1 is a perfect list."), PATRON_RANK_NDCG, FALSE },
  { "map_at_10", N_("MAP at 10"), N_("Mean of the precision at each hit, over customers."), PATRON_RANK_MAP, FALSE },
};

static void
add_test_figures (const PatronOfferTest *test, PatronOfferMethod method, PatronReport *report)
{
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      const PatronEstimate *own = &test->mean[method][CUTOFF_10][measures[i].measure];
      const PatronEstimate *rival = &test->mean[PATRON_OFFER_POPULAR][CUTOFF_10][measures[i].measure];
      PatronFormat format = measures[i].measure == PATRON_RANK_NDCG || measures[i].measure == PATRON_RANK_MAP ? PATRON_FORMAT_NUMBER : PATRON_FORMAT_PERCENT;
      PatronFigure *figure = patron_report_add_figure (report, measures[i].id, patron_text (measures[i].label, NULL), format, own->value);
      figure->low = own->low;
      figure->high = own->high;
      figure->headline = measures[i].headline;
      figure->note = patron_text (measures[i].note, NULL);
      figure = patron_report_add_baseline_figure (report, measures[i].id, patron_text (measures[i].label, NULL), format, rival->value);
      figure->low = rival->low;
      figure->high = rival->high;
    }
  PatronFigure *figure = patron_report_add_figure (report, "coverage", patron_text (N_("Coverage"), NULL), PATRON_FORMAT_PERCENT, test->coverage[method]);
  figure->headline = TRUE;
  figure->note = patron_text (N_("Share of the items that at least one tested customer saw among ten recommendations."), NULL);
  patron_report_add_baseline_figure (report, "coverage", patron_text (N_("Coverage"), NULL), PATRON_FORMAT_PERCENT, test->coverage[PATRON_OFFER_POPULAR]);
  patron_report_add_figure (report, "n_tested", patron_text (N_("Customers tested"), NULL), PATRON_FORMAT_COUNT, test->n_customers);
  g_free (report->baseline);
  report->baseline = g_strdup ("most-popular");
}

static void
add_figures (const PatronRecommendation *r, PatronReport *report)
{
  PatronFigure *figure = patron_report_add_figure (report, "n_customers", patron_text (N_("Customers"), NULL), PATRON_FORMAT_COUNT, r->n_buyers);
  figure->headline = TRUE;
  figure->note = patron_text (N_("Customers who get recommendations: all with a purchase."), NULL);
  if (r->test != NULL && r->test->n_customers > 0)
    add_test_figures (r->test, r->method == PATRON_RECOMMEND_SIMILAR ? PATRON_OFFER_SIMILAR : PATRON_OFFER_POPULAR, report);
  patron_report_add_figure (report, "n_items", patron_text (N_("Items"), NULL), PATRON_FORMAT_COUNT, r->all->n_items)->note
    = patron_text (N_("Items that can be recommended: bought by enough customers."), NULL);
  patron_report_add_figure (report, "n_purchases", patron_text (N_("Customer–item pairs"), NULL), PATRON_FORMAT_COUNT, (double) r->all->n)->note
    = patron_text (N_("Different items of each customer, summed over customers."), NULL);
  double cells = (double) r->n_buyers * r->all->n_items;
  patron_report_add_figure (report, "sparsity", patron_text (N_("Sparsity"), NULL), PATRON_FORMAT_PERCENT, cells > 0 ? 1 - (double) r->all->n / cells : NAN)->note
    = patron_text (N_("Share of all pairs of a customer and an item that were not bought."), NULL);
}

/* ---- offers by segment ------------------------------------------------------------------------------------ */

static void
add_item_columns (const PatronRecommendation *r, PatronReportTable *table, const char *id, const char *label)
{
  patron_report_table_add_column (table, id, patron_text (label, NULL), PATRON_FORMAT_TEXT);
  if (r->names->column != NULL)
    {
      g_autofree char *description = g_strconcat (id, "_description", NULL);
      patron_report_table_add_column (table, description, patron_text (N_("Description"), NULL), PATRON_FORMAT_TEXT);
    }
}

static void
add_item_cells (const PatronRecommendation *r, PatronReportTable *table, gint32 item)
{
  guint32 level = item >= 0 ? r->all->levels[item] : 0;
  g_autofree char *code = item >= 0 ? patron_levels_name (r->items, level) : NULL;
  patron_report_table_add_string (table, item >= 0 ? code : "");
  if (r->names->column != NULL)
    patron_report_table_add_string (table, item >= 0 && r->names->names[level] != NULL ? r->names->names[level] : "");
}

/* counts[segment · n_items + item]: customers of the segment with the item among their offers; everyone[item]: all such customers. sizes:
 * customers of the segment. */
static void
count_offers (const PatronRecommendation *r, guint32 *counts, guint32 *everyone, guint32 *sizes)
{
  for (guint32 b = 0; b < r->n_buyers; b++)
    {
      gint32 segment = r->segments.of_customer[r->buyers[b]];
      for (guint o = 0; o < r->n_offers[b]; o++)
        everyone[r->offers[(gsize) b * r->top_n + o].item]++;
      if (segment < 0)
        continue;
      sizes[segment]++;
      for (guint o = 0; o < r->n_offers[b]; o++)
        counts[(gsize) segment * r->all->n_items + r->offers[(gsize) b * r->top_n + o].item]++;
    }
}

static void
add_segment_offers (const PatronRecommendation *r, PatronReport *report)
{
  guint32 n_items = r->all->n_items, sizes[PATRON_MAX_SEGMENTS] = { 0 };
  g_autofree guint32 *counts = g_try_new0 (guint32, (gsize) r->segments.n * n_items + 1), *everyone = g_try_new0 (guint32, n_items + 1);
  if (counts == NULL || everyone == NULL)
    return;
  count_offers (r, counts, everyone, sizes);
  PatronReportTable *table = patron_report_add_table (report, "segment-offers", patron_text (N_("What to offer each segment"), NULL));
  patron_report_table_add_column (table, "segment", patron_text (N_("Segment"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "customers", patron_text (N_("Customers"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "rank", patron_text (N_("Rank"), NULL), PATRON_FORMAT_COUNT);
  add_item_columns (r, table, "item", N_("Item"));
  patron_report_table_add_column (table, "share", patron_text (N_("Recommended to"), NULL), PATRON_FORMAT_PERCENT)->bar = TRUE;
  patron_report_table_add_column (table, "times_average", patron_text (N_("Times the average"), NULL), PATRON_FORMAT_NUMBER);
  for (guint s = 0; s < r->segments.n; s++)
    for (guint rank = 1; rank <= SEGMENT_ITEMS; rank++)
      {
        guint32 *row = counts + (gsize) s * n_items, best = 0;
        for (guint32 item = 1; item < n_items; item++)
          if (row[item] > row[best])
            best = item;
        if (n_items == 0 || row[best] == 0)
          break;
        patron_report_table_add_row (table);
        patron_report_table_add_text (table, patron_text_copy (r->segments.names[s]));
        patron_report_table_add_number (table, sizes[s]);
        patron_report_table_add_number (table, rank);
        add_item_cells (r, table, best);
        patron_report_table_add_number (table, (double) row[best] / sizes[s]);
        patron_report_table_add_number (table, (double) row[best] / sizes[s] / ((double) everyone[best] / r->n_buyers));
        row[best] = 0;
      }
  patron_report_table_set_caption (table, patron_text (
    N_("The items that stand most often among the {n} recommendations of the segment's customers, and the share of them who get each. "
       "Above 1 times the average means the item suits this segment more than others."),
    "n", PATRON_COUNT (r->top_n), NULL));
}

/* ---- example customers ------------------------------------------------------------------------------------ */

typedef struct { guint32 buyer, bought; } Activity;

static int
compare_activity (gconstpointer a, gconstpointer b)
{
  const Activity *x = a, *y = b;
  if (x->bought != y->bought)
    return x->bought < y->bought ? 1 : -1;
  return x->buyer < y->buyer ? -1 : 1;
}

/* The items a customer bought last, or the most popular of them without dates. */
static char *
recent_items (const PatronRecommendation *r, guint32 customer)
{
  gint32 items[RECENT_ITEMS];
  double when[RECENT_ITEMS];
  guint n = 0;
  for (gsize i = 0; i < r->n_lines; i++)
    {
      if (r->customers->codes[i] != (gint32) customer || r->items->codes[i] < 0)
        continue;
      gint32 item = r->all->item_of_level[r->items->codes[i]];
      double day = r->days != NULL ? r->days[i] : 0;
      gboolean known = item < 0;
      for (guint k = 0; k < n; k++)
        known = known || items[k] == item;
      if (known || (n == RECENT_ITEMS && day <= when[n - 1]))
        continue;
      guint at = n < RECENT_ITEMS ? n++ : n - 1;
      for (; at > 0 && when[at - 1] < day; at--)
        {
          items[at] = items[at - 1];
          when[at] = when[at - 1];
        }
      items[at] = item;
      when[at] = day;
    }
  g_autoptr(GString) text = g_string_new (NULL);
  for (guint k = 0; k < n; k++)
    {
      g_autofree char *label = patron_recommendation_item_label (r, items[k]);
      g_string_append_printf (text, "%s%s", k > 0 ? "; " : "", label);
    }
  return g_strdup (text->str);
}

static void
add_example (const PatronRecommendation *r, PatronReportTable *table, guint32 b)
{
  g_autofree char *customer = patron_levels_name (r->customers, r->buyers[b]);
  for (guint o = 0; o < MIN (r->n_offers[b], EXAMPLE_ITEMS); o++)
    {
      const PatronOffer *offer = &r->offers[(gsize) b * r->top_n + o];
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, customer);
      patron_report_table_add_number (table, o + 1);
      add_item_cells (r, table, offer->item);
      patron_report_table_add_number (table, offer->score);
      if (offer->because >= 0)
        {
          g_autofree char *because = patron_recommendation_item_label (r, offer->because);
          patron_report_table_add_text (table, patron_text (N_("bought “{item}”"), "item", PATRON_STRING (because), NULL));
        }
      else
        patron_report_table_add_text (table, patron_text (N_("a best seller"), NULL));
    }
}

static void
add_examples (const PatronRecommendation *r, PatronReport *report)
{
  /* A very active, an active and a usual customer. */
  static const double places[] = { 0.02, 0.2, 0.5 };
  g_autofree Activity *activity = g_try_new (Activity, r->n_buyers + 1);
  if (activity == NULL || r->n_buyers == 0)
    return;
  for (guint32 b = 0; b < r->n_buyers; b++)
    activity[b] = (Activity) { b, r->all->row_start[r->buyers[b] + 1] - r->all->row_start[r->buyers[b]] };
  qsort (activity, r->n_buyers, sizeof *activity, compare_activity);
  patron_report_add_heading (report, patron_text (N_("Three customers as examples"), NULL));
  guint32 last = G_MAXUINT32;
  for (guint p = 0; p < G_N_ELEMENTS (places); p++)
    {
      guint32 at = (guint32) (places[p] * r->n_buyers);
      if (at == last)
        continue;
      last = at;
      g_autofree char *customer = patron_levels_name (r->customers, r->buyers[activity[at].buyer]);
      g_autofree char *recent = recent_items (r, r->buyers[activity[at].buyer]);
      patron_report_add_text (report, patron_text (
        r->days != NULL ? N_("Customer {customer} bought {n} different items, most recently: {items}.") : N_("Customer {customer} bought {n} different items, among them: {items}."),
        "customer", PATRON_STRING (customer), "n", PATRON_COUNT (activity[at].bought), "items", PATRON_STRING (recent), NULL));
    }
  PatronReportTable *table = patron_report_add_table (report, "examples", patron_text (N_("Their recommendations"), NULL));
  patron_report_table_add_column (table, "customer", patron_text (N_("Customer"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "rank", patron_text (N_("Rank"), NULL), PATRON_FORMAT_COUNT);
  add_item_columns (r, table, "item", N_("Recommended item"));
  patron_report_table_add_column (table, "score", patron_text (N_("Score"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "because", patron_text (N_("Because the customer …"), NULL), PATRON_FORMAT_TEXT);
  last = G_MAXUINT32;
  for (guint p = 0; p < G_N_ELEMENTS (places); p++)
    {
      guint32 at = (guint32) (places[p] * r->n_buyers);
      if (at != last)
        add_example (r, table, activity[at].buyer);
      last = at;
    }
  patron_report_table_set_caption (table, patron_text (
    N_("The score adds up how similar the item is to what the customer bought; “because” names the purchase that adds most. The result table lists all customers."), NULL));
}

/* ---- similar items ---------------------------------------------------------------------------------------- */

static gsize
common_customers (const PatronInteractions *m, guint32 i, guint32 j)
{
  gsize a = m->column_start[i], b = m->column_start[j], n = 0;
  while (a < m->column_start[i + 1] && b < m->column_start[j + 1])
    {
      guint32 u = m->column_customers[a], v = m->column_customers[b];
      n += u == v;
      a += u <= v;
      b += v <= u;
    }
  return n;
}

static void
add_similar_items (const PatronRecommendation *r, PatronReport *report)
{
  const PatronInteractions *m = r->all;
  PatronReportTable *table = patron_report_add_table (report, "similar-items", patron_text (N_("What goes with the most popular items"), NULL));
  add_item_columns (r, table, "item", N_("Item"));
  patron_report_table_add_column (table, "customers", patron_text (N_("Customers"), NULL), PATRON_FORMAT_COUNT);
  add_item_columns (r, table, "similar", N_("Similar item"));
  patron_report_table_add_column (table, "similarity", patron_text (N_("Similarity"), NULL), PATRON_FORMAT_NUMBER)->bar = TRUE;
  patron_report_table_add_column (table, "both", patron_text (N_("Bought both"), NULL), PATRON_FORMAT_COUNT);
  for (guint32 i = 0; i < MIN (m->n_items, SIMILAR_ITEMS); i++)
    for (gsize at = r->similar->start[i]; at < MIN (r->similar->start[i + 1], r->similar->start[i] + NEIGHBOURS_SHOWN); at++)
      {
        patron_report_table_add_row (table);
        add_item_cells (r, table, i);
        patron_report_table_add_number (table, (double) (m->column_start[i + 1] - m->column_start[i]));
        add_item_cells (r, table, r->similar->items[at]);
        patron_report_table_add_number (table, r->similar->similarities[at]);
        patron_report_table_add_number (table, (double) common_customers (m, i, r->similar->items[at]));
      }
  patron_report_table_set_caption (table, patron_text (
    N_("Similarity is the cosine between the customers of the two items: 1 means the same customers in the same measure, 0 means none in common."), NULL));
}

/* ---- notes ------------------------------------------------------------------------------------------------ */

static void
add_notes (const PatronRecommendation *r, PatronReport *report)
{
  patron_report_add_note (report, r->segments.column != NULL ? patron_text (r->segments.kind, "column", PATRON_STRING (r->segments.column), NULL)
                                                             : patron_text (r->segments.kind, NULL));
  if (r->names->column != NULL)
    patron_report_add_note (report, patron_text (N_("Items are described by the column “{column}”; where an item has several descriptions, by the most frequent."),
                                                 "column", PATRON_STRING (r->names->column), NULL));
  if (r->n_services > 0)
    patron_report_add_note (report, patron_text (N_("Postage, fees and the like cannot be offered: {n} {n|item|items} with {lines} {lines|line|lines} were left out ({names})."),
                                                 "n", PATRON_COUNT (r->n_services), "lines", PATRON_COUNT (r->n_service_lines), "names", PATRON_STRING (r->services->str), NULL));
  if (r->n_return_lines > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|line is a return or cancellation|lines are returns or cancellations}; what a customer sent back in full does not count as bought."),
                                                 "n", PATRON_COUNT (r->n_return_lines), NULL));
  if (r->all->n_cold_items > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|item was|items were} bought by fewer than {min} {min|customer|customers} and {n|is|are} not recommended."),
                                                 "n", PATRON_COUNT (r->all->n_cold_items), "min", PATRON_COUNT (r->min_customers), NULL));
  gsize impersonal = 0;
  for (guint32 b = 0; b < r->n_buyers; b++)
    impersonal += r->n_offers[b] > 0 && r->offers[(gsize) b * r->top_n].because < 0;
  if (r->method == PATRON_RECOMMEND_SIMILAR && impersonal > 0)
    patron_report_add_note (report, patron_text (N_("{n} {n|customer|customers} bought nothing that goes with other items; they get best sellers."), "n", PATRON_COUNT (impersonal), NULL));
  patron_report_add_note (report, r->hide ? patron_text (N_("Items a customer has already bought are not recommended to that customer."), NULL)
                                          : patron_text (N_("Items a customer has already bought may be recommended again."), NULL));
  if (r->test != NULL)
    patron_report_add_note (report, patron_text (N_("The test learnt from the earlier purchases only; the recommendations themselves are learnt from all of them."), NULL));
}

void
patron_recommendation_report (const PatronRecommendation *r, PatronReport *report)
{
  patron_report_set_title (report, patron_text (N_("Recommendations for each customer"), NULL));
  add_headline (r, report);
  add_figures (r, report);
  add_segment_offers (r, report);
  if (r->test != NULL && r->test->n_customers > 0)
    patron_recommendation_report_test (r, report);
  add_examples (r, report);
  patron_report_add_heading (report, patron_text (N_("What is bought together"), NULL));
  add_similar_items (r, report);
  patron_recommendation_report_data (r, report);
  add_notes (r, report);
  report->period_first = r->first_day;
  report->period_last = r->last_day;
}
