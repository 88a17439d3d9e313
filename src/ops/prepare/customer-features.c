/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "ops/prepare/customer-history.h"
#include "ops/prepare/customer-lines.h"
#include "ops/prepare/table-columns.h"
#include "report/report.h"
#include "table/aggregate.h"
#include "table/join-rows.h"
#include "table/parse-date.h"
#include "table/sort-rows.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char customer[PATRON_COLUMN_SIZE];
  char date[PATRON_COLUMN_SIZE];
  char amount[PATRON_COLUMN_SIZE];
  char order[PATRON_COLUMN_SIZE];
  char quantity[PATRON_COLUMN_SIZE];
  char price[PATRON_COLUMN_SIZE];
  char product[PATRON_COLUMN_SIZE];
  char category[PATRON_COLUMN_SIZE];
  char discount[PATRON_COLUMN_SIZE];
  char as_of[32];
  char windows[128];
  int  gap;
  int  outcome;
} FeatureParams;

static gboolean
has_outcome (gconstpointer params)
{
  return ((const FeatureParams *) params)->outcome > 0;
}

static gboolean
has_no_amount (gconstpointer params)
{
  return *((const FeatureParams *) params)->amount == '\0';
}

#define NUMBERS PATRON_ACCEPT_NUMERIC
#define NAMES (PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT | PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN)

static const PatronParam feature_params[] = {
  PATRON_PARAM_COLUMN (FeatureParams, customer, .label = N_("Customer"), .help = N_("Who bought. One row is made for each.")),
  PATRON_PARAM_COLUMN (FeatureParams, date, .label = N_("Date"), .accepts = PATRON_ACCEPT_DATE, .help = N_("When.")),
  PATRON_PARAM_COLUMN (FeatureParams, amount, .label = N_("Amount"), .accepts = NUMBERS, .optional = true,
                       .help = N_("What an order line is worth; negative amounts are returns. Empty: quantity times price, or no features of money.")),
  PATRON_PARAM_COLUMN (FeatureParams, order, .label = N_("Order"), .optional = true,
                       .help = N_("The number of the order a line belongs to. Empty: all lines of a customer on one day are an order.")),
  PATRON_PARAM_COLUMN (FeatureParams, quantity, .label = N_("Quantity"), .accepts = NUMBERS, .optional = true, .advanced = true,
                       .help = N_("Negative quantities are returns.")),
  PATRON_PARAM_COLUMN (FeatureParams, price, .label = N_("Price"), .accepts = NUMBERS, .optional = true, .advanced = true, .relevant = has_no_amount,
                       .help = N_("The price of one piece: without an amount, quantity times price is the amount.")),
  PATRON_PARAM_COLUMN (FeatureParams, product, .label = N_("Product"), .accepts = NAMES, .optional = true, .help = N_("Different products are counted.")),
  PATRON_PARAM_COLUMN (FeatureParams, category, .label = N_("Category"), .accepts = NAMES, .optional = true,
                       .help = N_("The most frequent one becomes a feature, such as a product group, a shop or a channel.")),
  PATRON_PARAM_COLUMN (FeatureParams, discount, .label = N_("Discount"), .accepts = NUMBERS | PATRON_ACCEPT_BOOLEAN, .optional = true, .advanced = true,
                       .help = N_("The discount of a line, as an amount or a share; the share of lines with one and the mean become features.")),
  PATRON_PARAM_TEXT (FeatureParams, as_of, .holds = PATRON_HOLDS_DATE, .optional = true, .label = N_("As of"), .def_text = "",
                     .help = N_("The day the features are made on: nothing after it enters them. Empty: the last day in the table, or so early that the outcome window fits.")),
  PATRON_PARAM_TEXT (FeatureParams, windows, .label = N_("Windows"), .def_text = "30;90;180;365", .unit = N_("days"),
                     .help = N_("Orders and amounts are also counted in the last so many days, separated by semicolons.")),
  PATRON_PARAM_INT (FeatureParams, outcome, .label = N_("Outcome window"), .unit = N_("days"), .def = 0, .min = 0, .max = 3650, .low = 0, .high = 365,
                    .help = N_("Adds what a customer does in so many days afterwards (buys_next, spend_next), to learn from. 0: no outcome.")),
  PATRON_PARAM_INT (FeatureParams, gap, .label = N_("Gap before the outcome"), .unit = N_("days"), .def = 0, .min = 0, .max = 3650, .low = 0, .high = 90, .advanced = true,
                    .relevant = has_outcome, .help = N_("Days between the day of the features and the outcome window, such as the time it takes to act.")),
  PATRON_PARAM_END
};

/* ---- parameters --------------------------------------------------------------------------------------------------------- */

static gboolean
parse_windows (const char *text, PatronHistory *history, GError **error)
{
  g_auto (GStrv) parts = g_strsplit_set (text, ";, ", -1);
  for (char **part = parts; *part != NULL; part++)
    {
      gint64 days;
      if (**part == '\0')
        continue;
      if (!g_ascii_string_to_signed (*part, 10, 1, 36500, &days, NULL) || history->n_windows == PATRON_MAX_WINDOWS)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Windows: “%s” is not a list of at most %d numbers of days, such as 30;90;365."), text, PATRON_MAX_WINDOWS);
          return FALSE;
        }
      for (guint w = 0; w < history->n_windows; w++)
        if (history->windows[w] == days)
          days = 0;
      if (days > 0)
        history->windows[history->n_windows++] = (int) days;
    }
  return TRUE;
}

static gboolean
parse_as_of (const char *text, gint32 *day, GError **error)
{
  PatronDateValue date;
  if (patron_parse_date (text, strlen (text), PATRON_DATE_YMD, &date))
    {
      *day = date.days;
      return TRUE;
    }
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("As of: “%s” is not a date such as 2024-01-31."), text);
  return FALSE;
}

static char *
features_check (const PatronInput *input, gconstpointer data)
{
  const FeatureParams *params = data;
  g_autoptr (GError) error = NULL;
  PatronHistory history = { 0 };
  gint32 day;
  if (!parse_windows (params->windows, &history, &error) || (*params->as_of != '\0' && !parse_as_of (params->as_of, &day, &error)))
    return g_strdup (error->message);
  return NULL;
}

static gboolean
choose_as_of (const FeatureParams *params, const PatronCustomerLines *lines, gint32 *as_of, PatronReport *report, GError **error)
{
  gint32 needed = params->outcome > 0 ? params->outcome + params->gap : 0;
  if (*params->as_of != '\0' && !parse_as_of (params->as_of, as_of, error))
    return FALSE;
  if (*params->as_of == '\0')
    *as_of = lines->last_day - needed;
  if (*as_of < lines->first_day)
    {
      char day[40];
      patron_date_format (lines->first_day, day);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Nothing happens on or before the as-of date; the first date in the table is %s."), day);
      return FALSE;
    }
  if (needed > 0 && lines->last_day < *as_of + needed)
    patron_report_add_note (report, patron_text (N_("The outcome window ends on {end}, after the last date in the table ({last}): what happens later is not known, so outcomes are "
                                                    "too low."),
                                                 "end", PATRON_DATE (*as_of + needed), "last", PATRON_DATE (lines->last_day), NULL));
  return TRUE;
}

/* ---- columns ------------------------------------------------------------------------------------------------------------- */

static PatronColumn *
column_of_feature (const PatronHistoryFeature *feature, const char *name, gsize n)
{
  PatronColumnBuilder *builder = patron_column_builder_new (name, feature->type);
  for (gsize c = 0; c < n; c++)
    patron_column_builder_append_number (builder, isfinite (feature->values[c]) ? feature->values[c] : (double) NAN);
  return patron_column_builder_finish (builder);
}

static void
tell_feature (PatronReportTable *table, const char *name, PatronText *meaning, PatronColumn *column)
{
  gsize missing = 0, n = patron_column_get_length (column);
  double sum = 0;
  PatronType type = patron_column_get_type (column);
  gboolean numbers = type == PATRON_TYPE_NUMBER || type == PATRON_TYPE_INTEGER || type == PATRON_TYPE_BOOLEAN;
  for (gsize i = 0; i < n; i++)
    {
      double value = (double) NAN;
      patron_column_read_doubles (column, i, 1, &value, NULL);
      missing += isnan (value);
      sum += isnan (value) ? 0 : value;
    }
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, name);
  patron_report_table_add_text (table, meaning);
  patron_report_table_add_number (table, numbers && n > missing ? sum / (double) (n - missing) : (double) NAN);
  patron_report_table_add_number (table, (double) missing);
}

static PatronReportTable *
start_table (PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "features", patron_text (N_("Features"), NULL));
  patron_report_table_add_column (table, "feature", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "meaning", patron_text (N_("Meaning"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "mean", patron_text (N_("Mean"), NULL), PATRON_FORMAT_NUMBER);
  patron_report_table_add_column (table, "missing", patron_text (N_("Missing"), NULL), PATRON_FORMAT_COUNT);
  return table;
}

/* What is made of the features so far. */
typedef struct
{
  GPtrArray         *columns;     /* of PatronColumn* */
  GHashTable        *taken;       /* their names */
  PatronReportTable *table;
} Made;

static void
made_clear (Made *made)
{
  g_clear_pointer (&made->columns, g_ptr_array_unref);
  g_clear_pointer (&made->taken, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Made, made_clear)

/* Takes column and meaning. */
static void
add_column (Made *made, PatronColumn *column, PatronText *meaning)
{
  g_autofree char *name = patron_free_name (made->taken, patron_column_get_name (column));
  tell_feature (made->table, name, meaning, column);
  g_ptr_array_add (made->columns, patron_column_rename (column, name));
  patron_column_unref (column);
}

/* Products and categories, by the summaries of groups. */
static gboolean
add_names (Made *made, const PatronCustomerLines *lines, const PatronGroups *customers, PatronRun *run, GError **error)
{
  struct { PatronColumn *column; PatronAggregateKind kind; const char *name, *meaning; } wanted[] = {
    { lines->product, PATRON_AGGREGATE_DISTINCT, "products", N_("Different products") },
    { lines->product, PATRON_AGGREGATE_MODE, "top_product", N_("Product bought most often") },
    { lines->category, PATRON_AGGREGATE_DISTINCT, "categories", N_("Different categories") },
    { lines->category, PATRON_AGGREGATE_MODE, "top_category", N_("Category bought most often") },
  };
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      if (wanted[i].column == NULL)
        continue;
      PatronAggregate aggregate = { .kind = wanted[i].kind, .column = wanted[i].column, .name = (char *) wanted[i].name };
      const PatronAggregate *one = &aggregate;
      g_autoptr (GPtrArray) results = patron_aggregate_groups (customers, &one, 1, run, error);
      if (results == NULL)
        return FALSE;
      add_column (made, patron_column_ref (results->pdata[0]), patron_text (wanted[i].meaning, NULL));
    }
  return TRUE;
}

/* What each customer does in the outcome window. keys: the customers, as in the table. */
static gboolean
add_outcome (Made *made, const PatronCustomerLines *after, PatronColumn *keys, PatronRun *run, GError **error)
{
  PatronColumn *other = after->customer;
  gsize n = patron_column_get_length (keys);
  g_autoptr (PatronJoin) join = patron_join_new (&keys, n, &other, after->n, 1, run, error);
  guint32 *left, *right;
  gsize n_pairs;
  if (join == NULL || !patron_join_rows (join, PATRON_JOIN_INNER, &left, &right, &n_pairs, run, error))
    return FALSE;
  g_autofree gboolean *buys = g_new0 (gboolean, n + 1);
  g_autofree double *spends = g_new0 (double, n + 1);
  for (gsize i = 0; i < n_pairs; i++)
    {
      buys[left[i]] = buys[left[i]] || !after->returned[right[i]];
      if (after->amounts != NULL && !isnan (after->amounts[right[i]]))
        spends[left[i]] += after->amounts[right[i]];
    }
  patron_free (left);
  patron_free (right);
  PatronColumnBuilder *buying = patron_column_builder_new ("buys_next", PATRON_TYPE_BOOLEAN), *spending = patron_column_builder_new ("spend_next", PATRON_TYPE_NUMBER);
  for (gsize c = 0; c < n; c++)
    {
      patron_column_builder_append_number (buying, buys[c]);
      patron_column_builder_append_number (spending, spends[c]);
    }
  PatronColumn *spend = patron_column_builder_finish (spending);
  add_column (made, patron_column_builder_finish (buying), patron_text (N_("Outcome: whether the customer buys in the outcome window"), NULL));
  if (after->amounts != NULL)
    add_column (made, spend, patron_text (N_("Outcome: amount in the outcome window, less returns"), NULL));
  else
    patron_column_unref (spend);
  return TRUE;
}

/* ---- the table -------------------------------------------------------------------------------------------------------------- */

static gboolean
add_history (Made *made, const PatronCustomerLines *lines, PatronHistory *history, PatronRun *run, GError **error)
{
  guint32 *offsets, *rows;
  PatronColumn *order = lines->order != NULL ? lines->order : lines->day;
  g_autoptr (PatronGroups) orders = patron_groups_refine (history->customers, order, run, error);
  if (orders == NULL || !patron_groups_rows (history->customers, &offsets, &rows, run, error))
    return FALSE;
  history->n = lines->n;
  history->days = lines->days;
  history->amounts = lines->amounts;
  history->returned = lines->returned;
  history->discounts = lines->discounts;
  history->orders = orders;
  history->offsets = offsets;
  history->rows = rows;
  g_autoptr (GPtrArray) features = patron_history_features (history, run, error);
  patron_free (offsets);
  patron_free (rows);
  for (guint f = 0; features != NULL && f < features->len; f++)
    {
      PatronHistoryFeature *feature = features->pdata[f];
      add_column (made, column_of_feature (feature, feature->name, history->customers->n_groups), g_steal_pointer (&feature->meaning));
    }
  return features != NULL;
}

static PatronTable *
order_by_customer (PatronTable *table, PatronRun *run, GError **error)
{
  const PatronSortKey key = { .column = patron_table_column (table, 0) };
  guint32 *rows = patron_sort_rows (&key, 1, NULL, 0, run, error);
  PatronTable *sorted = rows != NULL ? patron_table_take_rows (table, rows, patron_table_n_rows (table), run, error) : NULL;
  patron_free (rows);
  return sorted;
}

static void
tell_cut (const PatronCustomerLines *all, const PatronCustomerLines *past, gint32 as_of, guint32 customers, int longest, PatronReport *report)
{
  patron_report_add_note (report, patron_text (N_("{customers} {customers|customer|customers} as of {date}, from {lines} {lines|line|lines}; {later} later {later|line is|lines are} not "
                                                  "looked at."),
                                               "customers", PATRON_COUNT (customers), "date", PATRON_DATE (as_of), "lines", PATRON_COUNT (past->n), "later",
                                               PATRON_COUNT (all->n - past->n), NULL));
  patron_report_add_dropped (report, patron_text (N_("after the as-of date"), NULL), all->n - past->n);
  patron_report_add_dropped (report, patron_text (N_("the customer or the date is missing"), NULL), all->n_missing);
  gint32 known = as_of - all->first_day + 1;
  if (longest > known)
    patron_report_add_note (report, patron_text (N_("The table begins on {first}, so that all windows of {days} days and more say the same."), "first",
                                                 PATRON_DATE (all->first_day), "days", PATRON_COUNT (known), NULL));
  patron_report_add_figure (report, "customers", patron_text (N_("Customers"), NULL), PATRON_FORMAT_COUNT, customers);
  patron_report_add_figure (report, "lines", patron_text (N_("Order lines used"), NULL), PATRON_FORMAT_COUNT, (double) past->n);
  patron_report_add_figure (report, "as_of", patron_text (N_("As of"), NULL), PATRON_FORMAT_DATE, as_of);
}

static PatronTable *
make_features (const FeatureParams *params, PatronTable *table, const PatronCustomerLines *all, PatronRun *run, PatronReport *report, GError **error)
{
  PatronHistory history = { 0 };
  g_auto (PatronCustomerLines) past = { 0 }, after = { 0 };
  if (!parse_windows (params->windows, &history, error) || !choose_as_of (params, all, &history.as_of, report, error)
      || !patron_customer_lines_between (all, all->first_day, history.as_of, &past, run, error))
    return NULL;
  g_autoptr (PatronGroups) customers = patron_groups_new (&past.customer, 1, past.n, run, error);
  if (customers == NULL)
    return NULL;
  int longest = 0;
  for (guint w = 0; w < history.n_windows; w++)
    longest = MAX (longest, history.windows[w]);
  tell_cut (all, &past, history.as_of, customers->n_groups, longest, report);
  history.customers = customers;
  g_auto (Made) made = { g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref), g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                         start_table (report) };
  PatronColumn *keys = patron_column_take (past.customer, customers->first, customers->n_groups, error);
  if (keys == NULL)
    return NULL;
  g_ptr_array_add (made.columns, keys);
  g_hash_table_add (made.taken, g_strdup (patron_column_get_name (keys)));
  if (!add_history (&made, &past, &history, run, error) || !add_names (&made, &past, customers, run, error))
    return NULL;
  gint32 start = history.as_of + params->gap + 1;
  if (params->outcome > 0
      && (!patron_customer_lines_between (all, start, start + params->outcome - 1, &after, run, error) || !add_outcome (&made, &after, keys, run, error)))
    return NULL;
  g_autoptr (PatronTable) features = patron_table_new_take (patron_table_get_name (table), g_steal_pointer (&made.columns));
  return order_by_customer (features, run, error);
}

static PatronTable *
features_apply (const PatronPrepareInput *input, gconstpointer data, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const FeatureParams *params = data;
  const PatronCustomerColumns columns = {
    .customer = patron_table_find (input->table, params->customer), .date = patron_table_find (input->table, params->date),
    .amount = patron_table_find (input->table, params->amount), .order = patron_table_find (input->table, params->order),
    .quantity = patron_table_find (input->table, params->quantity), .price = patron_table_find (input->table, params->price), .product = patron_table_find (input->table, params->product),
    .category = patron_table_find (input->table, params->category), .discount = patron_table_find (input->table, params->discount),
  };
  g_auto (PatronCustomerLines) all = { 0 };
  if (!patron_customer_lines_read (&columns, &all, run, error))
    return NULL;
  return make_features (params, input->table, &all, run, report, error);
}

static PatronText *
features_sentence (gconstpointer data)
{
  const FeatureParams *params = data;
  if (*params->as_of == '\0')
    return patron_text (N_("One row for each {customer}, with what is known of them"), "customer", PATRON_STRING (params->customer), NULL);
  return patron_text (N_("One row for each {customer}, with what is known of them on {date}"), "customer", PATRON_STRING (params->customer), "date",
                      PATRON_STRING (params->as_of), NULL);
}

static const PatronPrepare features_prepare = { .rows = PATRON_ROWS_NEW, .apply = features_apply, .sentence = features_sentence };

extern const PatronOp patron_op_customer_features;
const PatronOp patron_op_customer_features = {
  .id = "customer-features",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Customer features"),
  .question = N_("What is known about each customer on a certain day?"),
  .summary = N_("Makes one row for each customer of order lines: recency, frequency, money, rhythm, trends and habits, as of a date."),
  .help = N_("Only lines on or before the as-of date enter the features; the report counts what is cut. This matters when a model is to predict what happens next: whatever is "
             "known only later would make it look better than it is.\n\nLines with a negative amount or quantity are returns: they lower the amounts and count in the share of returns, "
             "but they are no purchases. A customer of returns alone has missing dates. An order is what has the same order number, or the lines of one day. Gaps are the days "
             "from one day with a purchase to the next. The trend is the slope of a line through the amounts of the last twelve periods of 30 days.\n\nWith an outcome window, two columns say "
             "what the customer does in the days after the gap; use one as the target and leave the other out."),
  .reference = "P. S. Fader, B. G. S. Hardie, K. L. Lee, RFM and CLV, Journal of Marketing Research 42(4) (2005) 415-430",
  .params = feature_params,
  .params_size = sizeof (FeatureParams),
  .example = "customer=customer_id\ndate=order_date\namount=spend\norder=order_id\nproduct=product\ncategory=region",
  .check = features_check,
  .prepare = &features_prepare,
};
