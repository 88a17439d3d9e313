/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/rfm-report.h"

#include "base/init.h"
#include "ops/registry.h"
#include "table/roles.h"

#include <math.h>

/* 400 order lines of 40 customers, from a small generator that both sides can run. The expected figures below come from pandas 1.5 and NumPy 1.24:
 *
 *   state = 12345
 *   def rnd (n): global state; state = (state * 1103515245 + 12345) % 2147483648; return (state >> 8) % n
 *   for line in range (400):
 *     c = rnd (40); c = c if rnd (3) else c % 7; day = 14900 + rnd (365)
 *     basket = line // 2 if rnd (2) else 1000 + line; amount = (rnd (20000) - 1500) / 100
 *   pos = d[d.amount > 0]; freq = pos.drop_duplicates (['c', 'basket']).groupby ('c').size ()
 *   net = pos.groupby ('c').amount.sum () less the returns; recency = d.day.max () + 1 - pos.groupby ('c').day.max ()
 *   score = 1 + np.searchsorted (np.quantile (x, [.2, .4, .6, .8]), x, side='left'), recency 6 - score
 */
enum { LINES = 400 };

static guint32 state;

static guint
draw (guint n)
{
  state = (state * 1103515245u + 12345u) & 0x7fffffff;
  return (state >> 8) % n;
}

static PatronTable *
make_orders (void)
{
  PatronColumnBuilder *customer = patron_column_builder_new ("customer", PATRON_TYPE_INTEGER);
  PatronColumnBuilder *date = patron_column_builder_new ("date", PATRON_TYPE_DATE);
  PatronColumnBuilder *basket = patron_column_builder_new ("basket", PATRON_TYPE_TEXT);
  PatronColumnBuilder *amount = patron_column_builder_new ("amount", PATRON_TYPE_NUMBER);
  state = 12345;
  for (guint line = 0; line < LINES; line++)
    {
      guint c = draw (40);
      c = draw (3) ? c : c % 7;
      guint day = 14900 + draw (365);
      guint b = draw (2) ? line / 2 : 1000 + line;
      g_autofree char *name = g_strdup_printf ("B%u", b);
      patron_column_builder_append_int64 (customer, c);
      patron_column_builder_append_number (date, day);
      patron_column_builder_append_text (basket, name);
      patron_column_builder_append_number (amount, ((double) draw (20000) - 1500) / 100.0);
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (columns, patron_column_builder_finish (customer));
  g_ptr_array_add (columns, patron_column_builder_finish (date));
  g_ptr_array_add (columns, patron_column_builder_finish (basket));
  g_ptr_array_add (columns, patron_column_builder_finish (amount));
  return patron_table_new_take ("orders", columns);
}

typedef struct
{
  PatronTable  *table;
  PatronRoles  *roles;
  gpointer      params;
  PatronReport *report;
  PatronTable  *result;
  GError       *error;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->table = make_orders ();
  f->roles = patron_roles_new ();
  patron_roles_add (f->roles, PATRON_ROLE_CUSTOMER, "customer");
  patron_roles_add (f->roles, PATRON_ROLE_DATE, "date");
  patron_roles_add (f->roles, PATRON_ROLE_BASKET, "basket");
  patron_roles_add (f->roles, PATRON_ROLE_AMOUNT, "amount");
  f->params = patron_op_new_params (patron_ops_find ("rfm"));
  f->report = patron_report_new ("rfm");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  patron_table_unref (f->table);
  patron_roles_free (f->roles);
  g_free (f->params);
  patron_report_free (f->report);
  g_clear_pointer (&f->result, patron_table_unref);
  g_clear_error (&f->error);
}

static void
set (Fixture *f, const char *name, const char *value)
{
  const PatronParam *param = patron_params_find (patron_ops_find ("rfm")->params, name);
  g_autoptr(GError) error = NULL;
  g_assert_nonnull (param);
  patron_param_parse (param, value, f->params, &error);
  g_assert_no_error (error);
}

static gboolean
run_rfm (Fixture *f)
{
  PatronInput input = { f->table, f->roles };
  g_autoptr(PatronRun) run = patron_run_new (42, 1);
  return patron_ops_find ("rfm")->analysis->run (&input, f->params, run, f->report, &f->result, &f->error);
}

static double
figure (Fixture *f, const char *id)
{
  const PatronFigure *found = patron_report_find_figure (f->report, id);
  g_assert_nonnull (found);
  return found->value;
}

static double
value (PatronTable *table, const char *column, gsize row)
{
  double out = NAN;
  g_assert_true (patron_column_read_doubles (patron_table_find (table, column), row, 1, &out, NULL));
  return out;
}

static void
test_against_pandas (Fixture *f, gconstpointer data)
{
  g_assert_true (run_rfm (f));
  g_assert_cmpfloat (figure (f, "n_customers"), ==, 40);
  g_assert_cmpfloat (figure (f, "n_orders"), ==, 373);
  g_assert_cmpfloat_with_epsilon (figure (f, "revenue"), 32900.83, 1e-8);
  g_assert_cmpfloat_with_epsilon (figure (f, "gross_revenue"), 33138.95, 1e-8);
  g_assert_cmpfloat_with_epsilon (figure (f, "gini"), 0.395351082328318, 1e-12);
  g_assert_cmpfloat_with_epsilon (figure (f, "top20_share"), 0.46817572687376, 1e-12);
  g_assert_cmpfloat_with_epsilon (figure (f, "one_time_share"), 0.025, 1e-12);
  g_assert_cmpfloat (figure (f, "as_of"), ==, 15264);

  guint weighted = 0;
  gsize n = patron_table_n_rows (f->result);
  g_assert_cmpuint (n, ==, 40);
  for (gsize i = 0; i < n; i++)
    {
      guint customer = (guint) value (f->result, "customer", i);
      weighted += (customer + 1) * (guint) (100 * value (f->result, "r", i) + 10 * value (f->result, "f", i) + value (f->result, "m", i));
      if (i > 0)
        g_assert_cmpfloat (value (f->result, "monetary", i - 1), >=, value (f->result, "monetary", i));
      if (customer == 2)
        {
          g_assert_cmpfloat (value (f->result, "recency_days", i), ==, 15);
          g_assert_cmpfloat (value (f->result, "frequency", i), ==, 23);
          g_assert_cmpfloat_with_epsilon (value (f->result, "monetary", i), 2748.13, 1e-9);
          g_autofree char *segment = patron_column_format (patron_table_find (f->result, "segment"), i);
          g_autofree char *score = patron_column_format (patron_table_find (f->result, "rfm"), i);
          g_assert_cmpstr (segment, ==, "Loyal customers");
          g_assert_cmpstr (score, ==, "355");
        }
    }
  g_assert_cmpuint (weighted, ==, 264459);
}

static void
test_segments (Fixture *f, gconstpointer data)
{
  static const struct { const char *name; double customers, revenue; } expected[] = {
    { "Loyal customers", 14, 17215.96 }, { "Champions", 5, 6951.45 }, { "Potential loyalists", 8, 4027.95 }, { "At risk", 3, 1669.70 },
    { "Lost", 5, 951.74 }, { "About to sleep", 3, 876.86 }, { "Others", 1, 724.13 }, { "Need attention", 1, 483.04 },
  };
  g_assert_true (run_rfm (f));
  const PatronReportTable *table = patron_report_find_table (f->report, "segments");
  g_assert_cmpuint (table->rows->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *name = patron_cell_render (patron_report_table_cell (table, i, 0));
      g_assert_cmpstr (name, ==, expected[i].name);
      g_assert_cmpfloat (patron_report_table_cell (table, i, 1)->number, ==, expected[i].customers);
      g_assert_cmpfloat_with_epsilon (patron_report_table_cell (table, i, 3)->number, expected[i].revenue, 1e-8);
    }
}

static void
test_returns_ignored (Fixture *f, gconstpointer data)
{
  set (f, "returns", "ignore");
  g_assert_true (run_rfm (f));
  g_assert_cmpfloat_with_epsilon (figure (f, "revenue"), 33138.95, 1e-8);
}

static void
test_as_of (Fixture *f, gconstpointer data)
{
  set (f, "as-of", "2011-06-30");
  g_assert_true (run_rfm (f));
  g_assert_cmpfloat (figure (f, "as_of"), ==, patron_date_from_ymd (2011, 6, 30));
  g_assert_cmpuint (f->report->dropped->len, ==, 1);
  for (gsize i = 0; i < patron_table_n_rows (f->result); i++)
    g_assert_cmpfloat (value (f->result, "recency_days", i), >=, 0);
}

static void
test_fixed_cuts (Fixture *f, gconstpointer data)
{
  set (f, "scoring", "fixed");
  set (f, "groups", "3");
  set (f, "recency-cuts", "10, 30");
  set (f, "frequency-cuts", "5 10");
  set (f, "monetary-cuts", "500;1000");
  g_assert_true (run_rfm (f));
  for (gsize i = 0; i < patron_table_n_rows (f->result); i++)
    {
      double days = value (f->result, "recency_days", i), orders = value (f->result, "frequency", i), money = value (f->result, "monetary", i);
      g_assert_cmpfloat (value (f->result, "r", i), ==, days <= 10 ? 3 : days <= 30 ? 2 : 1);
      g_assert_cmpfloat (value (f->result, "f", i), ==, orders > 10 ? 3 : orders > 5 ? 2 : 1);
      g_assert_cmpfloat (value (f->result, "m", i), ==, money > 1000 ? 3 : money > 500 ? 2 : 1);
    }
}

static void
test_refusals (Fixture *f, gconstpointer data)
{
  static const struct { const char *name, *value, *complaint; } cases[] = {
    { "as-of", "2011-02-30", "2011-02-30" },
    { "as-of", "yesterday", "yesterday" },
    { "recency-cuts", "30, 20, 60, 90", "Recency cuts" },
    { "money", NULL, NULL },
  };
  const PatronOp *op = patron_ops_find ("rfm");
  PatronInput input = { f->table, f->roles };
  for (guint i = 0; cases[i].value != NULL; i++)
    {
      patron_params_init (op->params, f->params);
      set (f, "scoring", "fixed");
      set (f, cases[i].name, cases[i].value);
      g_autofree char *reason = op->check (&input, f->params);
      g_assert_nonnull (reason);
      g_assert_nonnull (strstr (reason, cases[i].complaint));
    }
  patron_params_init (op->params, f->params);
  g_assert_null (op->check (&input, f->params));
  set (f, "orders", "basket");
  patron_roles_clear (f->roles, PATRON_ROLE_BASKET);
  g_autofree char *reason = op->check (&input, f->params);
  g_assert_nonnull (reason);
}

static void
test_nobody_left (Fixture *f, gconstpointer data)
{
  set (f, "min-orders", "1000");
  g_assert_false (run_rfm (f));
  g_assert_error (f->error, PATRON_ERROR, PATRON_ERROR_INPUT);
}

/* Equal values share a score even when the cut falls among them; an empty group is allowed. */
static void
test_ties (void)
{
  const double values[] = { 1, 1, 1, 1, 1, 1, 2, 2, 3, 7 };
  double cuts[4];
  patron_rfm_quantile_cuts (values, G_N_ELEMENTS (values), 5, cuts);
  /* numpy.quantile ([1, 1, 1, 1, 1, 1, 2, 2, 3, 7], [.2, .4, .6, .8]) */
  const double expected[] = { 1, 1, 1.4, 2.2 };
  for (guint k = 0; k < 4; k++)
    g_assert_cmpfloat_with_epsilon (cuts[k], expected[k], 1e-12);
}

/* The narrowest rule reaches segments that lie wholly within earlier ones. */
static void
test_overlap (void)
{
  static const struct { guint8 score[3]; const char *first, *narrowest; } cases[] = {
    { { 5, 1, 1 }, "potential-loyalist", "new" },
    { { 3, 1, 1 }, "potential-loyalist", "promising" },
    { { 1, 5, 5 }, "at-risk", "cant-lose" },
    { { 5, 5, 5 }, "champions", "champions" },
    { { 5, 1, 5 }, "others", "others" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PatronRfmCustomer customer = { .score = { cases[i].score[0], cases[i].score[1], cases[i].score[2] } };
      PatronRfm rfm = { .customers = &customer, .n_customers = 1 };
      patron_rfm_name (&rfm, 5, PATRON_RFM_FIRST);
      g_assert_cmpstr (patron_rfm_segments[customer.segment].id, ==, cases[i].first);
      patron_rfm_name (&rfm, 5, PATRON_RFM_NARROWEST);
      g_assert_cmpstr (patron_rfm_segments[customer.segment].id, ==, cases[i].narrowest);
    }
}

static void
test_inequality (void)
{
  const double alike[] = { 3, 3, 3, 3 }, one[] = { 9, 0, 0, 0 }, mixed[] = { 4, 3, 2, -1 };
  g_assert_cmpfloat_with_epsilon (patron_gini (alike, 4), 0, 1e-15);
  g_assert_cmpfloat_with_epsilon (patron_gini (one, 4), 0.75, 1e-15);
  /* sum |xi - xj| / (2 n² mean) with -1 as 0; the pairs of 4 3 2 0 differ by 1 2 4 1 3 2, each counted twice */
  g_assert_cmpfloat_with_epsilon (patron_gini (mixed, 4), 26.0 / 72, 1e-15);
  g_assert_cmpfloat_with_epsilon (patron_top_share (mixed, 4, 0.5), 7.0 / 9, 1e-15);
  g_assert_true (isnan (patron_gini (mixed, 0)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/rfm/against-pandas", test_against_pandas);
  ADD ("/rfm/segments", test_segments);
  ADD ("/rfm/returns-ignored", test_returns_ignored);
  ADD ("/rfm/as-of", test_as_of);
  ADD ("/rfm/fixed-cuts", test_fixed_cuts);
  ADD ("/rfm/refusals", test_refusals);
  ADD ("/rfm/nobody-left", test_nobody_left);
  g_test_add_func ("/rfm/ties", test_ties);
  g_test_add_func ("/rfm/overlap", test_overlap);
  g_test_add_func ("/rfm/inequality", test_inequality);
  return g_test_run ();
}
