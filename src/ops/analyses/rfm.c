/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/result-columns.h"
#include "ops/analyses/rfm-report.h"

#include "base/memory.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

/* Recency, frequency, monetary value: when did each customer order last, how often, for how much. Scores by quantiles, ten named segments. */

enum { ORDERS_AUTOMATIC, ORDERS_BASKET, ORDERS_TIME, ORDERS_DAY };
enum { SCORING_QUANTILES, SCORING_FIXED };

typedef struct
{
  char as_of[16];
  int  groups;
  int  scoring;
  char recency_cuts[128];
  char frequency_cuts[128];
  char monetary_cuts[128];
  int  returns;
  int  orders;
  int  min_orders;
  int  overlap;
} Params;

static const PatronChoice scoring_choices[] = {
  { "quantiles", N_("Groups of equal size") },
  { "fixed", N_("Cuts of my own") },
  { NULL }
};

static const PatronChoice returns_choices[] = {
  { "subtract", N_("Subtract from revenue") },
  { "ignore", N_("Ignore") },
  { NULL }
};

static const PatronChoice orders_choices[] = {
  { "automatic", N_("Automatic") },
  { "basket", N_("Lines of the same basket or invoice") },
  { "time", N_("Lines at the same time") },
  { "day", N_("Lines of the same day") },
  { NULL }
};

static const PatronChoice overlap_choices[] = {
  { "first", N_("The first rule, as in the R package rfm") },
  { "narrowest", N_("The narrowest rule") },
  { NULL }
};

static gboolean
is_fixed (gconstpointer params)
{
  return ((const Params *) params)->scoring == SCORING_FIXED;
}

static const PatronParam params_table[] = {
  PATRON_PARAM_TEXT (Params, as_of, .label = N_("As of"), .def_text = "",
                     .help = N_("The date from which recency counts back, as 2011-12-10; later lines are left out. Empty: the day after the last order.")),
  PATRON_PARAM_INT (Params, groups, .label = N_("Groups for each score"), .def = 5, .min = 2, .max = PATRON_RFM_MAX_GROUPS, .low = 3, .high = 6,
                    .help = N_("How many scores each of recency, frequency and money gets. The named segments are made for 5.")),
  PATRON_PARAM_CHOICE (Params, returns, .label = N_("Returns"), .choices = returns_choices, .def = PATRON_RFM_SUBTRACT,
                       .help = N_("What to do with lines of negative amount: take them off the customer's revenue, or act as if they were not there.")),
  PATRON_PARAM_CHOICE (Params, orders, .label = N_("One order is"), .choices = orders_choices, .def = ORDERS_AUTOMATIC, .advanced = true,
                       .help = N_("Which lines of a customer are one order. Automatic: lines of the same basket where there is such a column, otherwise lines of the same day.")),
  PATRON_PARAM_INT (Params, min_orders, .label = N_("Fewest orders"), .def = 1, .min = 1, .max = 1000, .low = 1, .high = 5, .advanced = true,
                    .help = N_("Customers with fewer orders are left out.")),
  PATRON_PARAM_CHOICE (Params, scoring, .label = N_("Scoring"), .choices = scoring_choices, .def = SCORING_QUANTILES, .advanced = true,
                       .help = N_("Cut each dimension into groups of equal size, or at values you choose (to compare with last year's segments).")),
  PATRON_PARAM_TEXT (Params, recency_cuts, .label = N_("Recency cuts"), .unit = N_("days"), .def_text = "30, 60, 90, 180", .advanced = true, .relevant = is_fixed,
                     .help = N_("Ascending values between the groups, one fewer than groups. Up to the first value scores best.")),
  PATRON_PARAM_TEXT (Params, frequency_cuts, .label = N_("Frequency cuts"), .unit = N_("orders"), .def_text = "1, 2, 4, 8", .advanced = true, .relevant = is_fixed,
                     .help = N_("Ascending values between the groups, one fewer than groups. Above the last value scores best.")),
  PATRON_PARAM_TEXT (Params, monetary_cuts, .label = N_("Money cuts"), .def_text = "50, 100, 250, 1000", .advanced = true, .relevant = is_fixed,
                     .help = N_("Ascending values between the groups, one fewer than groups. Above the last value scores best.")),
  PATRON_PARAM_CHOICE (Params, overlap, .label = N_("When rules overlap"), .choices = overlap_choices, .def = PATRON_RFM_FIRST, .advanced = true,
                       .help = N_("The rules of the named segments overlap. The first rule is the usual reading; the narrowest rule also shows new, promising and cannot-lose customers.")),
  PATRON_PARAM_END
};

static const PatronRoleSpec roles[] = {
  { PATRON_ROLE_CUSTOMER, PATRON_ACCEPT_ANY, PATRON_ROLE_REQUIRED, N_("Who ordered: a number or name that stays the same from order to order") },
  { PATRON_ROLE_DATE, PATRON_ACCEPT_DATE, PATRON_ROLE_REQUIRED, N_("When the line was ordered") },
  { PATRON_ROLE_AMOUNT, PATRON_ACCEPT_NUMERIC, PATRON_ROLE_REQUIRED, N_("Money of the line; or give quantity and price") },
  { PATRON_ROLE_QUANTITY, PATRON_ACCEPT_NUMERIC, 0, N_("Pieces of the line, when there is no amount") },
  { PATRON_ROLE_PRICE, PATRON_ACCEPT_NUMERIC, 0, N_("Price of one piece, when there is no amount") },
  { PATRON_ROLE_BASKET, PATRON_ACCEPT_ANY, 0, N_("Order or invoice number, so that its lines count as one order") },
  { PATRON_N_ROLES }
};

/* ---- parameters as text ----------------------------------------------------------------------------------- */

/* Days of "2011-12-10" into *day; NaN for an empty text. FALSE when it is neither. */
static gboolean
parse_date (const char *text, double *day)
{
  int year, month, day_of_month, end = 0;
  *day = NAN;
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  if (*stripped == '\0')
    return TRUE;
  if (sscanf (stripped, "%4d-%2d-%2d%n", &year, &month, &day_of_month, &end) != 3 || stripped[end] != '\0'
      || !patron_date_valid (year, month, day_of_month))
    return FALSE;
  *day = patron_date_from_ymd (year, month, day_of_month);
  return TRUE;
}

/* groups - 1 ascending numbers between commas or blanks. */
static gboolean
parse_cuts (const char *text, guint groups, double *cuts)
{
  guint n = 0;
  const char *at = text;
  for (;;)
    {
      at += strspn (at, " ,;\t");
      if (*at == '\0')
        return n + 1 == groups;
      char *end;
      double value = g_ascii_strtod (at, &end);
      if (end == at || !isfinite (value) || n + 1 >= groups || (n > 0 && value <= cuts[n - 1]))
        return FALSE;
      cuts[n++] = value;
      at = end;
    }
}

static char *
check (const PatronInput *input, gconstpointer params)
{
  const Params *p = params;
  double day, cuts[PATRON_RFM_MAX_GROUPS];
  if (!parse_date (p->as_of, &day))
    return g_strdup_printf (_("“As of” is “%s”; a date such as 2011-12-10 was expected, or nothing."), p->as_of);
  if (p->orders == ORDERS_BASKET && patron_roles_first (input->roles, PATRON_ROLE_BASKET) == NULL)
    return g_strdup (_("“One order is” asks for lines of the same basket, but no basket column is given."));
  const char *texts[3] = { p->recency_cuts, p->frequency_cuts, p->monetary_cuts };
  const char *labels[3] = { N_("Recency cuts"), N_("Frequency cuts"), N_("Money cuts") };
  for (guint d = 0; d < 3; d++)
    if (p->scoring == SCORING_FIXED && !parse_cuts (texts[d], p->groups, cuts))
      return g_strdup_printf (_("“%s” is “%s”; %d ascending numbers were expected, one fewer than groups."), _(labels[d]), texts[d], p->groups - 1);
  return NULL;
}

static void
cost (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds)
{
  *bytes = 44.0 * (double) n_rows;
  *seconds = 8e-8 * (double) n_rows;
}

/* ---- run -------------------------------------------------------------------------------------------------- */

static gboolean
find_cuts (const PatronRfm *rfm, const Params *p, double cuts[3][PATRON_RFM_MAX_GROUPS], GError **error)
{
  if (p->scoring == SCORING_FIXED)
    return parse_cuts (p->recency_cuts, p->groups, cuts[0]) && parse_cuts (p->frequency_cuts, p->groups, cuts[1])
           && parse_cuts (p->monetary_cuts, p->groups, cuts[2]);
  return patron_rfm_find_cuts (rfm, p->groups, cuts, error);
}

typedef struct
{
  const PatronRfm *rfm;
  guint  dimension;          /* of the score that score_row() reads */
  gint32 *score_codes;       /* of each score triple */
} Rows;

static double recency_row   (gconstpointer data, gsize i) { return ((const Rows *) data)->rfm->customers[i].recency; }
static double frequency_row (gconstpointer data, gsize i) { return ((const Rows *) data)->rfm->customers[i].orders; }
static double monetary_row  (gconstpointer data, gsize i) { return ((const Rows *) data)->rfm->customers[i].monetary; }
static double first_row     (gconstpointer data, gsize i) { return ((const Rows *) data)->rfm->customers[i].first_day; }
static double last_row      (gconstpointer data, gsize i) { return ((const Rows *) data)->rfm->customers[i].last_day; }

static double
score_row (gconstpointer data, gsize i)
{
  const Rows *rows = data;
  return rows->rfm->customers[i].score[rows->dimension];
}

static guint
triple_of (const PatronRfmCustomer *customer)
{
  return (customer->score[0] * 11u + customer->score[1]) * 11u + customer->score[2];
}

static gint32
triple_row (gconstpointer data, gsize i)
{
  const Rows *rows = data;
  return rows->score_codes[triple_of (&rows->rfm->customers[i])];
}

static gint32
segment_row (gconstpointer data, gsize i)
{
  return ((const Rows *) data)->rfm->customers[i].segment;
}

/* "545", or "10-4-5" with more than nine groups. codes: 11³, filled. */
static PatronDict *
triple_names (const PatronRfm *rfm, guint groups, gint32 *codes)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint t = 0; t < 11 * 11 * 11; t++)
    codes[t] = -1;
  for (gsize i = 0; i < rfm->n_customers; i++)
    {
      const guint8 *score = rfm->customers[i].score;
      guint triple = triple_of (&rfm->customers[i]);
      if (codes[triple] >= 0)
        continue;
      codes[triple] = names->len;
      g_ptr_array_add (names, g_strdup_printf (groups > 9 ? "%u-%u-%u" : "%u%u%u", score[0], score[1], score[2]));
    }
  return patron_dict_new ((const char *const *) names->pdata, names->len);
}

static PatronTable *
result_table (const PatronRfm *rfm, const PatronLevels *customers, guint groups, GError **error)
{
  gsize n = rfm->n_customers;
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_autofree gint32 *codes = g_new (gint32, 11 * 11 * 11);
  g_autoptr(PatronDict) triples = triple_names (rfm, groups, codes);
  const char *names[PATRON_RFM_N_SEGMENTS];
  for (guint s = 0; s < PATRON_RFM_N_SEGMENTS; s++)
    names[s] = _(patron_rfm_segments[s].name);
  g_autoptr(PatronDict) segments = patron_dict_new (names, PATRON_RFM_N_SEGMENTS);

  guint32 *levels = patron_try_alloc (n, sizeof *levels, _("the result table"), error);
  if (levels == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    levels[i] = rfm->customers[i].level;
  gboolean ok = patron_add_result_column (columns, patron_levels_take (customers, "customer", levels, n, error));
  patron_free (levels);

  Rows rows = { rfm, 0, codes };
  ok = ok && patron_add_result_numbers (columns, "recency_days", PATRON_TYPE_INTEGER, n, recency_row, &rows, error)
       && patron_add_result_numbers (columns, "frequency", PATRON_TYPE_INTEGER, n, frequency_row, &rows, error)
       && patron_add_result_numbers (columns, "monetary", PATRON_TYPE_NUMBER, n, monetary_row, &rows, error);
  static const char *const score_names[3] = { "r", "f", "m" };
  for (rows.dimension = 0; ok && rows.dimension < 3; rows.dimension++)
    ok = patron_add_result_numbers (columns, score_names[rows.dimension], PATRON_TYPE_INTEGER, n, score_row, &rows, error);
  ok = ok && patron_add_result_codes (columns, "rfm", PATRON_TYPE_CATEGORY, n, triples, triple_row, &rows, error)
       && patron_add_result_codes (columns, "segment", PATRON_TYPE_CATEGORY, n, segments, segment_row, &rows, error)
       && patron_add_result_numbers (columns, "first_order", PATRON_TYPE_DATE, n, first_row, &rows, error)
       && patron_add_result_numbers (columns, "last_order", PATRON_TYPE_DATE, n, last_row, &rows, error);
  return ok ? patron_table_new_take ("rfm", g_steal_pointer (&columns)) : NULL;
}

/* What makes an order, and the levels behind it (NULL: the day). */
static gboolean
choose_orders (const PatronInput *input, const Params *p, PatronRfmStory *story, PatronLevels **levels, PatronRun *run, GError **error)
{
  PatronColumn *basket = patron_input_column (input, PATRON_ROLE_BASKET), *date = patron_input_column (input, PATRON_ROLE_DATE);
  PatronColumn *by = NULL;
  story->order = N_("One order is all lines of a customer on the same day (“{column}”).");
  story->order_column = patron_column_get_name (date);
  if (p->orders == ORDERS_BASKET || (p->orders == ORDERS_AUTOMATIC && basket != NULL))
    {
      by = basket;
      story->order = N_("One order is all lines of a customer with the same “{column}”.");
      story->order_column = patron_column_get_name (basket);
    }
  else if (p->orders == ORDERS_TIME)
    {
      by = date;
      story->order = N_("One order is all lines of a customer at the same time (“{column}”).");
    }
  *levels = by != NULL ? patron_levels_new (by, run, error) : NULL;
  return by == NULL || *levels != NULL;
}

static gboolean
analyse (const PatronRfmInput *numbers, const PatronInput *input, const Params *p, PatronRfmStory *story, PatronRun *run,
         PatronReport *report, PatronTable **result, GError **error)
{
  g_autoptr(PatronRfm) rfm = patron_rfm_new (numbers, run, error);
  if (rfm == NULL)
    return FALSE;
  if (rfm->n_customers == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                   _("No customer has enough orders: of %zu lines, none with an amount above 0 (“%s”) is left to count."),
                   numbers->customers->n, patron_column_get_name (patron_input_column (input, PATRON_ROLE_AMOUNT)));
      return FALSE;
    }
  patron_run_progress (run, 0.6);
  if (!find_cuts (rfm, p, story->cuts, error))
    return FALSE;
  patron_rfm_score (rfm, p->groups, story->cuts);
  patron_rfm_name (rfm, p->groups, p->overlap);
  patron_report_add_dropped (report, patron_text (N_("after the as-of date"), NULL), rfm->n_later_lines);
  if (!patron_rfm_report (rfm, numbers->customers, story, report, error) || !patron_run_check (run, error))
    return FALSE;
  if (result != NULL)
    *result = result_table (rfm, numbers->customers, p->groups, error);
  return result == NULL || *result != NULL;
}

static gboolean
run_rfm (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error)
{
  const Params *p = params;
  g_autoptr(PatronLevels) orders = NULL;
  PatronRfmStory story = { .groups = p->groups, .quantiles = p->scoring == SCORING_QUANTILES, .returns = p->returns, .overlap = p->overlap };
  g_autoptr(PatronLevels) customers = patron_levels_new (patron_input_column (input, PATRON_ROLE_CUSTOMER), run, error);
  if (customers == NULL || !choose_orders (input, p, &story, &orders, run, error))
    return FALSE;
  patron_run_progress (run, 0.3);
  double *days = patron_read_days (patron_input_column (input, PATRON_ROLE_DATE), error);
  double *amounts = days == NULL ? NULL : patron_read_all (patron_input_column (input, PATRON_ROLE_AMOUNT), error);
  gboolean ok = amounts != NULL;
  if (ok)
    {
      PatronRfmInput numbers = { .customers = customers, .orders = orders, .days = days, .amounts = amounts,
                                 .returns = p->returns, .min_orders = p->min_orders };
      parse_date (p->as_of, &numbers.as_of);
      ok = analyse (&numbers, input, p, &story, run, report, result, error);
    }
  patron_free (days);
  patron_free (amounts);
  return ok;
}

static const PatronAnalysis analysis = { .run = run_rfm };

extern const PatronOp patron_op_rfm;
const PatronOp patron_op_rfm = {
  .id = "rfm",
  .kind = PATRON_OP_ANALYSIS,
  .title = N_("RFM segments"),
  .question = N_("Who are my customers, and who matters?"),
  .summary = N_("Scores every customer by how recently, how often and for how much they ordered, and names ten segments with what to do for each."),
  .help = N_("For each customer three numbers count: the days since the last order (recency), the number of orders (frequency) and the revenue (monetary value). "
             "Each is cut into groups of equal size, usually five; 5 is always the good end.\n\n"
             "The three scores together name the segment, from champions (lately, often, for much) to lost customers. The rules are those of the R package rfm.\n\n"
             "It looks back only: it says who was valuable, not who will be. Check that returns, test orders and customers without a number are treated as you expect; "
             "the notes of the report say how many there were."),
  .reference = "Hughes, A. M. (1994), Strategic Database Marketing; Hebbali, A., rfm: Recency, Frequency and Monetary Value Analysis (R package)",
  .params = params_table,
  .params_size = sizeof (Params),
  .roles = roles,
  .icon = "system-users-symbolic",
  .check = check,
  .cost = cost,
  .analysis = &analysis,
};
