/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/recommendation.h"

#include "base/memory.h"
#include "base/random.h"
#include "table/roles.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* What to offer each customer next: best sellers, or items that the same customers bought. */

typedef struct
{
  int    method;
  int    top_n;
  int    already_bought;
  int    neighbours;
  double shrinkage;
  int    weighting;
  int    min_customers;
  bool   leave_out_services;
  int    test;
  double test_share;
} Params;

enum { ALREADY_HIDE, ALREADY_ALLOW };
enum { SERVICES_NAMED = 5 };

static const PatronChoice method_choices[] = {
  { "item-to-item", N_("Similar items (item-to-item cosine)") },
  { "most-popular", N_("Most popular") },
  { NULL }
};

static const PatronChoice already_choices[] = {
  { "hide", N_("Do not recommend again") },
  { "allow", N_("May be recommended again") },
  { NULL }
};

static const PatronChoice weighting_choices[] = {
  { "binary", N_("Bought or not") },
  { "quantity", N_("Quantity") },
  { "log-quantity", N_("Logarithm of the quantity") },
  { NULL }
};

static const PatronChoice test_choices[] = {
  { "time", N_("The last part of the period") },
  { "last-order", N_("The last day of each customer") },
  { "random", N_("Purchases drawn at random") },
  { "none", N_("No test") },
  { NULL }
};

static gboolean
is_similar (gconstpointer params)
{
  return ((const Params *) params)->method == PATRON_RECOMMEND_SIMILAR;
}

static gboolean
has_share (gconstpointer params)
{
  int test = ((const Params *) params)->test;
  return test == PATRON_SPLIT_TIME || test == PATRON_SPLIT_RANDOM;
}

static const PatronParam params_table[] = {
  PATRON_PARAM_INT (Params, top_n, .label = N_("How many recommendations"), .def = 10, .min = 1, .max = PATRON_MAX_OFFERS, .low = 3, .high = 20,
                    .help = N_("How many items each customer gets.")),
  PATRON_PARAM_CHOICE (Params, method, .label = N_("Method"), .choices = method_choices, .def = PATRON_RECOMMEND_SIMILAR,
                       .help = N_("Items that the buyers of a customer's items also bought, or the same best sellers for all. The test compares both either way.")),
  PATRON_PARAM_CHOICE (Params, already_bought, .label = N_("Already bought"), .choices = already_choices, .def = ALREADY_HIDE,
                       .help = N_("Whether an item the customer has may be recommended again. Allow it for things that are used up.")),
  PATRON_PARAM_CHOICE (Params, test, .label = N_("Test on"), .choices = test_choices, .def = PATRON_SPLIT_TIME,
                       .help = N_("Which purchases are held back to see whether they would have been recommended. Without a date, purchases are drawn at random.")),
  PATRON_PARAM_DOUBLE (Params, test_share, .label = N_("Share for the test"), .def = 0.2, .min = 0.01, .max = 0.9, .low = 0.1, .high = 0.4, .step = 0.05, .relevant = has_share,
                       .help = N_("How much of the period, or of the purchases, is held back.")),
  PATRON_PARAM_INT (Params, neighbours, .label = N_("Neighbours"), .def = 50, .min = 1, .max = 1000, .low = 10, .high = 200, .log = true, .advanced = true, .relevant = is_similar,
                    .help = N_("How many similar items are kept for each item. More give steadier, fewer give more pointed recommendations.")),
  PATRON_PARAM_INT (Params, min_customers, .label = N_("Fewest customers of an item"), .def = 5, .min = 1, .max = 100000, .low = 1, .high = 50, .advanced = true,
                    .help = N_("Items with fewer customers are not recommended: two items with one and the same customer would look perfectly similar.")),
  PATRON_PARAM_DOUBLE (Params, shrinkage, .label = N_("Shrinkage"), .def = 0, .min = 0, .max = 100000, .low = 0, .high = 100, .advanced = true, .relevant = is_similar,
                       .help = N_("Lowers similarities that rest on few common customers: c common customers keep the share c / (c + shrinkage). 0 is the plain cosine.")),
  PATRON_PARAM_CHOICE (Params, weighting, .label = N_("A purchase counts"), .choices = weighting_choices, .def = PATRON_WEIGHT_BINARY, .advanced = true,
                       .help = N_("Whether buying more of an item makes it matter more. The quantity may also be a rating.")),
  PATRON_PARAM_BOOL (Params, leave_out_services, .label = N_("Leave out postage and fees"), .def = true, .advanced = true,
                     .help = N_("Lines named postage, discount, bank charges and the like are no products and are not recommended.")),
  PATRON_PARAM_END
};

static const PatronRoleSpec roles[] = {
  { PATRON_ROLE_CUSTOMER, PATRON_ACCEPT_ANY, PATRON_ROLE_REQUIRED, N_("Who bought") },
  { PATRON_ROLE_ITEM, PATRON_ACCEPT_ANY, PATRON_ROLE_REQUIRED, N_("What was bought: a code or a name") },
  { PATRON_ROLE_DATE, PATRON_ACCEPT_DATE, PATRON_ROLE_KEEP_MISSING, N_("When it was bought, for an honest test") },
  { PATRON_ROLE_QUANTITY, PATRON_ACCEPT_NUMERIC, PATRON_ROLE_KEEP_MISSING, N_("Pieces; below 0 for returns. Or a rating") },
  { PATRON_ROLE_PRICE, PATRON_ACCEPT_NUMERIC, PATRON_ROLE_KEEP_MISSING, N_("Price of one piece") },
  { PATRON_ROLE_AMOUNT, PATRON_ACCEPT_NUMERIC, PATRON_ROLE_KEEP_MISSING, N_("Money of the line; below 0 for returns") },
  { PATRON_ROLE_BASKET, PATRON_ACCEPT_ANY, PATRON_ROLE_KEEP_MISSING, N_("Order or invoice number") },
  { PATRON_ROLE_GROUP, PATRON_ACCEPT_ANY, PATRON_ROLE_KEEP_MISSING, N_("Segment of the customer; without it, segments are made by RFM") },
  { PATRON_N_ROLES }
};

static void
cost (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds)
{
  *bytes = 100.0 * (double) n_rows;
  *seconds = 1e-6 * (double) n_rows;
}

/* ---- lines ------------------------------------------------------------------------------------------------ */

/* The lines as numbers, beside what the recommendation keeps. */
typedef struct
{
  double *quantities;      /* below 0 for returns; NULL: all lines are purchases of one */
  double *amounts;         /* NULL without */
  guint8 *train, *later;   /* NULL without a test */
} Lines;

static void
lines_clear (Lines *lines)
{
  patron_free (lines->quantities);
  patron_free (lines->amounts);
  patron_free (lines->train);
  patron_free (lines->later);
}

static double *
read_role (const PatronInput *input, PatronRole role, gboolean *ok, GError **error)
{
  PatronColumn *column = patron_input_column (input, role);
  if (column == NULL || !*ok)
    return NULL;
  double *values = patron_read_all (column, error);
  *ok = values != NULL;
  return values;
}

/* Quantities with the sign of the amount: some files write returns with a positive quantity and a negative amount. */
static gboolean
read_quantities (const PatronInput *input, PatronRecommendation *r, Lines *lines, GError **error)
{
  gboolean ok = TRUE;
  lines->quantities = read_role (input, PATRON_ROLE_QUANTITY, &ok, error);
  lines->amounts = read_role (input, PATRON_ROLE_AMOUNT, &ok, error);
  if (ok && lines->quantities == NULL && lines->amounts != NULL)
    {
      lines->quantities = patron_try_alloc (r->n_lines, sizeof *lines->quantities, _("reading a column"), error);
      ok = lines->quantities != NULL;
      for (gsize i = 0; ok && i < r->n_lines; i++)
        lines->quantities[i] = 1;
    }
  for (gsize i = 0; ok && lines->quantities != NULL && i < r->n_lines; i++)
    {
      if (lines->amounts != NULL && lines->amounts[i] < 0 && lines->quantities[i] > 0)
        lines->quantities[i] = -lines->quantities[i];
      r->n_return_lines += lines->quantities[i] < 0;
    }
  return ok;
}

static gboolean
leave_out_services (PatronRecommendation *r, PatronRun *run, GError **error)
{
  guint8 *service = patron_try_alloc0 (r->items->n_levels, 1, _("the recommendations"), error);
  if (service == NULL)
    return FALSE;
  r->services = g_string_new (NULL);
  for (guint32 level = 0; level < r->items->n_levels; level++)
    {
      g_autofree char *code = patron_levels_name (r->items, level);
      const char *name = r->names->names[level];
      if (!patron_is_service (code, name))
        continue;
      service[level] = 1;
      if (r->n_services < SERVICES_NAMED)
        g_string_append_printf (r->services, "%s%s", r->n_services > 0 ? ", " : "", name != NULL ? name : code);
      r->n_services++;
    }
  if (r->n_services > SERVICES_NAMED)
    g_string_append (r->services, " …");
  for (gsize i = 0; r->n_services > 0 && i < r->n_lines; i++)
    if (r->items->codes[i] >= 0 && service[r->items->codes[i]])
      {
        r->items->codes[i] = -1;
        r->n_service_lines++;
      }
  patron_free (service);
  return run == NULL || patron_run_check (run, error);
}

/* ---- the split -------------------------------------------------------------------------------------------- */

static void
split_by_time (PatronRecommendation *r, Lines *lines)
{
  r->cutoff = ceil (r->first_day + (1 - r->test_share) * (r->last_day + 1 - r->first_day));
  for (gsize i = 0; i < r->n_lines; i++)
    {
      lines->train[i] = r->days[i] < r->cutoff;      /* a line without a date is in neither */
      lines->later[i] = r->days[i] >= r->cutoff;
    }
}

static gboolean
split_last_day (PatronRecommendation *r, Lines *lines, GError **error)
{
  guint32 n = r->customers->n_levels;
  double *last = patron_try_alloc (n, sizeof *last, _("the test of recommendations"), error);
  if (last == NULL)
    return FALSE;
  for (guint32 u = 0; u < n; u++)
    last[u] = -G_MAXDOUBLE;
  for (gsize i = 0; i < r->n_lines; i++)
    {
      gint32 u = r->customers->codes[i];
      gboolean bought = lines->quantities == NULL || lines->quantities[i] > 0;
      if (u >= 0 && bought && r->days[i] > last[u])
        last[u] = floor (r->days[i]);
    }
  for (gsize i = 0; i < r->n_lines; i++)
    {
      gint32 u = r->customers->codes[i];
      lines->train[i] = u >= 0 && r->days[i] < last[u];
      lines->later[i] = u >= 0 && r->days[i] >= last[u];
    }
  patron_free (last);
  return TRUE;
}

/* The same pair of customer and item always falls on the same side. */
static void
split_at_random (PatronRecommendation *r, Lines *lines, guint64 seed)
{
  for (gsize i = 0; i < r->n_lines; i++)
    {
      PatronRandom random;
      patron_random_init (&random, seed, (guint64) (guint32) r->customers->codes[i] << 32 | (guint32) r->items->codes[i]);
      lines->later[i] = patron_random_unit (&random) < r->test_share;
      lines->train[i] = !lines->later[i];
    }
}

static gboolean
split (PatronRecommendation *r, Lines *lines, guint64 seed, GError **error)
{
  lines->train = patron_try_alloc (r->n_lines, 1, _("the test of recommendations"), error);
  lines->later = lines->train == NULL ? NULL : patron_try_alloc (r->n_lines, 1, _("the test of recommendations"), error);
  if (lines->later == NULL)
    return FALSE;
  switch (r->split)
    {
    case PATRON_SPLIT_TIME:
      split_by_time (r, lines);
      return TRUE;
    case PATRON_SPLIT_LAST_ORDER:
      return split_last_day (r, lines, error);
    case PATRON_SPLIT_RANDOM:
    case PATRON_SPLIT_NONE:
    default:
      split_at_random (r, lines, seed);
      return TRUE;
    }
}

/* ---- run -------------------------------------------------------------------------------------------------- */

static PatronInteractions *
build (const PatronRecommendation *r, const Lines *lines, const guint8 *use, int min_customers, PatronRun *run, GError **error)
{
  const PatronLines input = {
    .n = r->n_lines, .customers = r->customers->codes, .items = r->items->codes, .quantities = lines->quantities, .use = use,
    .n_customers = r->customers->n_levels, .n_items = r->items->n_levels, .weighting = r->weighting, .min_customers = min_customers,
  };
  return patron_interactions_new (&input, run, error);
}

static gboolean
test (PatronRecommendation *r, Lines *lines, PatronRun *run, GError **error)
{
  if (!split (r, lines, patron_run_get_seed (run), error))
    return FALSE;
  g_autoptr(PatronInteractions) train = build (r, lines, lines->train, r->min_customers, run, error);
  g_autoptr(PatronInteractions) later = train == NULL ? NULL : build (r, lines, lines->later, 1, run, error);
  if (later == NULL)
    return FALSE;
  const PatronOfferTestInput input = { .train = train, .later = later, .neighbours = r->neighbours, .shrinkage = r->shrinkage, .hide = r->hide,
                                       .seed = patron_run_get_seed (run) };
  r->test = patron_offer_test_new (&input, run, error);
  return r->test != NULL;
}

static gboolean
read_dates (const PatronInput *input, PatronRecommendation *r, GError **error)
{
  PatronColumn *date = patron_input_column (input, PATRON_ROLE_DATE);
  r->first_day = r->last_day = r->cutoff = NAN;
  if (date == NULL)
    {
      if (r->split == PATRON_SPLIT_TIME || r->split == PATRON_SPLIT_LAST_ORDER)
        r->split = PATRON_SPLIT_RANDOM;
      return TRUE;
    }
  r->days = patron_read_days (date, error);
  for (gsize i = 0; r->days != NULL && i < r->n_lines; i++)
    {
      r->first_day = fmin (r->first_day, floor (r->days[i]));   /* fmin and fmax pass over NaN */
      r->last_day = fmax (r->last_day, floor (r->days[i]));
    }
  return r->days != NULL;
}

static gboolean
prepare (const PatronInput *input, PatronRecommendation *r, Lines *lines, gboolean services, PatronRun *run, GError **error)
{
  r->n_lines = patron_table_n_rows (input->table);
  r->customers = patron_levels_new (patron_input_column (input, PATRON_ROLE_CUSTOMER), run, error);
  r->items = r->customers == NULL ? NULL : patron_levels_new (patron_input_column (input, PATRON_ROLE_ITEM), run, error);
  r->names = r->items == NULL ? NULL : patron_item_names_new (r->items, input->table, input->roles, run, error);
  if (r->names == NULL || !read_dates (input, r, error) || !read_quantities (input, r, lines, error)
      || (services && !leave_out_services (r, run, error)))
    return FALSE;
  r->all = build (r, lines, NULL, r->min_customers, run, error);
  if (r->all == NULL)
    return FALSE;
  if (r->all->n_items < 2)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT,
                   _("Only %u of %u items in “%s” were bought by at least %d customers; recommending needs two. Lower “Fewest customers of an item”."),
                   r->all->n_items, r->items->n_levels, patron_column_get_name (r->items->column), r->min_customers);
      return FALSE;
    }
  return TRUE;
}

static gboolean
find_segments (const PatronInput *input, PatronRecommendation *r, const Lines *lines, PatronRun *run, GError **error)
{
  g_autoptr(PatronLevels) orders = NULL;
  PatronColumn *basket = patron_input_column (input, PATRON_ROLE_BASKET), *group = patron_input_column (input, PATRON_ROLE_GROUP);
  if (group == NULL && basket != NULL && (orders = patron_levels_new (basket, run, error)) == NULL)
    return FALSE;
  return patron_offer_segments_find (r, group, lines->amounts, orders, run, error);
}

static gboolean
run_stages (const PatronInput *input, PatronRecommendation *r, Lines *lines, gboolean services, PatronRun *run, GError **error)
{
  patron_run_push (run, N_("Reading purchases"), 0.2);
  gboolean ok = prepare (input, r, lines, services, run, error);
  patron_run_pop (run);
  patron_run_push (run, N_("Testing the recommendations"), 0.45);
  ok = ok && (r->split == PATRON_SPLIT_NONE || test (r, lines, run, error));
  patron_run_pop (run);
  patron_run_push (run, N_("Choosing recommendations"), 0.35);
  ok = ok && patron_recommendation_find_offers (r, run, error) && find_segments (input, r, lines, run, error);
  patron_run_pop (run);
  return ok;
}

static gboolean
run_recommend (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error)
{
  const Params *p = params;
  PatronRecommendation r = {
    .top_n = p->top_n, .neighbours = p->neighbours, .shrinkage = p->shrinkage, .test_share = p->test_share, .hide = p->already_bought == ALREADY_HIDE,
    .min_customers = p->min_customers, .method = p->method, .weighting = p->weighting, .split = p->test,
  };
  Lines lines = { 0 };
  gboolean ok = run_stages (input, &r, &lines, p->leave_out_services, run, error);
  lines_clear (&lines);
  if (ok)
    {
      patron_recommendation_report (&r, report);
      if (r.split == PATRON_SPLIT_RANDOM && p->test != PATRON_SPLIT_RANDOM)
        patron_report_add_note (report, patron_text (N_("There is no date column, so the test holds back purchases drawn at random. That flatters every method: give a date for an honest test."), NULL));
      if (result != NULL)
        ok = (*result = patron_recommendation_table (&r, error)) != NULL;
    }
  patron_recommendation_clear (&r);
  return ok;
}

static const PatronAnalysis analysis = { .run = run_recommend };

extern const PatronOp patron_op_recommend;
const PatronOp patron_op_recommend = {
  .id = "recommend",
  .kind = PATRON_OP_ANALYSIS,
  .title = N_("Recommendations"),
  .question = N_("What should I offer each customer next?"),
  .summary = N_("Lists for every customer the items to offer next, says because of which purchase, and tests on later purchases whether that beats best sellers."),
  .help = N_("Two items are similar when the same customers bought both: the cosine between their lists of customers. A customer is offered the items most similar to "
             "what the customer has; the purchase that adds most is given as the reason.\n\n"
             "The test learns from the earlier part of the purchases and looks how many of the later ones it would have recommended, beside the simplest rival, "
             "best sellers for everyone. Only where it clearly beats that rival does it tell you something about the single customer.\n\n"
             "Customers without a purchase that goes with others get best sellers. Items that few customers bought cannot be judged and are left out.\n\n"
             "Past purchases were shaped by what was shown and in stock; the test cannot see what customers would have bought had they been offered it. "
             "A campaign with a random control group can."),
  .reference = "Deshpande, M., Karypis, G. (2004), Item-based top-N recommendation algorithms, ACM TOIS 22(1)",
  .params = params_table,
  .params_size = sizeof (Params),
  .roles = roles,
  .icon = "emblem-favorite-symbolic",
  .cost = cost,
  .analysis = &analysis,
};
