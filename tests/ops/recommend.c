/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/recommendation.h"

#include "base/init.h"
#include "ops/registry.h"
#include "table/roles.h"

#include <math.h>
#include <string.h>

/* 1500 lines of 80 customers and 30 items from a generator that both sides can run; the expected figures come from scikit-learn 1.2.1
 * (cosine_similarity of the customers' columns) and a plain Python recommender and scorer (sorting, sets and the definitions of the measures):
 *
 *   state = 2024; def rnd (n): state = (state * 1103515245 + 12345) % 2147483648; return (state >> 8) % n
 *   u = rnd (80); taste = u % 5; i = rnd (30); if rnd (4): i = taste * 6 + rnd (6)
 *   if rnd (3) == 0: i = i * i // 30
 *   day = 15000 + rnd (200); q = 1 + rnd (4) if rnd (12) else -1 - rnd (3)
 */
enum { LINES = 1500, CUSTOMERS = 80, ITEMS = 30 };

static guint32 state;

static gint
draw (gint n)
{
  state = (state * 1103515245u + 12345u) & 0x7fffffff;
  return (gint) ((state >> 8) % (guint) n);
}

static PatronTable *
make_orders (void)
{
  PatronColumnBuilder *customer = patron_column_builder_new ("customer", PATRON_TYPE_INTEGER);
  PatronColumnBuilder *item = patron_column_builder_new ("item", PATRON_TYPE_CATEGORY);
  PatronColumnBuilder *label = patron_column_builder_new ("label", PATRON_TYPE_TEXT);
  PatronColumnBuilder *colour = patron_column_builder_new ("colour", PATRON_TYPE_CATEGORY);
  PatronColumnBuilder *date = patron_column_builder_new ("date", PATRON_TYPE_DATE);
  PatronColumnBuilder *quantity = patron_column_builder_new ("quantity", PATRON_TYPE_INTEGER);
  state = 2024;
  for (guint line = 0; line < LINES; line++)
    {
      gint u = draw (CUSTOMERS), taste = u % 5, i = draw (ITEMS);
      if (draw (4))
        i = taste * 6 + draw (6);
      if (draw (3) == 0)
        i = i * i / ITEMS;
      gint day = 15000 + draw (200);
      gint q = draw (12) ? 1 + draw (4) : -1 - draw (3);
      g_autofree char *code = g_strdup_printf ("%d", i), *name = g_strdup_printf ("Thing number %d", i);
      patron_column_builder_append_int64 (customer, u);
      patron_column_builder_append_text (item, code);
      patron_column_builder_append_text (label, name);
      patron_column_builder_append_text (colour, i % 3 ? "red" : "a very light shade of blue");
      patron_column_builder_append_number (date, day);
      patron_column_builder_append_int64 (quantity, q);
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (columns, patron_column_builder_finish (customer));
  g_ptr_array_add (columns, patron_column_builder_finish (item));
  g_ptr_array_add (columns, patron_column_builder_finish (label));
  g_ptr_array_add (columns, patron_column_builder_finish (colour));
  g_ptr_array_add (columns, patron_column_builder_finish (date));
  g_ptr_array_add (columns, patron_column_builder_finish (quantity));
  return patron_table_new_take ("orders", columns);
}

/* Σ (a + 1) (b + 2) s(a, b) over all pairs of items, by the number in their code. */
static double
similarity_sum (PatronWeighting weighting, double shrinkage, int threads)
{
  g_autoptr(PatronTable) table = make_orders ();
  g_autoptr(PatronRun) run = patron_run_new (42, threads);
  g_autoptr(PatronLevels) customers = patron_levels_new (patron_table_find (table, "customer"), run, NULL);
  g_autoptr(PatronLevels) items = patron_levels_new (patron_table_find (table, "item"), run, NULL);
  double quantities[LINES];
  g_assert_true (patron_column_read_doubles (patron_table_find (table, "quantity"), 0, LINES, quantities, NULL));
  const PatronLines lines = { .n = LINES, .customers = customers->codes, .items = items->codes, .quantities = quantities,
                              .n_customers = customers->n_levels, .n_items = items->n_levels, .weighting = weighting, .min_customers = 1 };
  g_autoptr(GError) error = NULL;
  g_autoptr(PatronInteractions) m = patron_interactions_new (&lines, run, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (m->n, ==, 741);
  g_assert_cmpuint (m->n_items, ==, ITEMS);
  g_autoptr(PatronNeighbours) neighbours = patron_neighbours_new (m, ITEMS, shrinkage, run, &error);
  g_assert_no_error (error);
  double sum = 0;
  for (guint32 i = 0; i < m->n_items; i++)
    for (gsize at = neighbours->start[i]; at < neighbours->start[i + 1]; at++)
      {
        g_autofree char *a = patron_levels_name (items, m->levels[i]), *b = patron_levels_name (items, m->levels[neighbours->items[at]]);
        sum += (atoi (a) + 1) * (atoi (b) + 2) * neighbours->similarities[at];
        if (at > neighbours->start[i])
          g_assert_cmpfloat (neighbours->similarities[at], <=, neighbours->similarities[at - 1]);
        if (weighting == PATRON_WEIGHT_BINARY && shrinkage == 0 && atoi (a) == 3 && atoi (b) == 4)
          g_assert_cmpfloat_with_epsilon (neighbours->similarities[at], 0.582685632583384, 1e-12);
      }
  return sum;
}

static void
test_similarities (void)
{
  g_assert_cmpfloat_with_epsilon (similarity_sum (PATRON_WEIGHT_BINARY, 0, 1), 70227.6593264, 1e-6);
  g_assert_cmpfloat_with_epsilon (similarity_sum (PATRON_WEIGHT_QUANTITY, 0, 1), 51756.7205642, 1e-6);
  g_assert_cmpfloat_with_epsilon (similarity_sum (PATRON_WEIGHT_LOG, 0, 1), 65075.3924465, 1e-6);
  g_assert_cmpfloat_with_epsilon (similarity_sum (PATRON_WEIGHT_BINARY, 10, 1), 32659.4584899, 1e-6);
  g_assert_cmpfloat (similarity_sum (PATRON_WEIGHT_QUANTITY, 0, 3), ==, similarity_sum (PATRON_WEIGHT_QUANTITY, 0, 1));
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
set (Fixture *f, const char *name, const char *value)
{
  const PatronParam *param = patron_params_find (patron_ops_find ("recommend")->params, name);
  g_autoptr(GError) error = NULL;
  g_assert_nonnull (param);
  patron_param_parse (param, value, f->params, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->table = make_orders ();
  f->roles = patron_roles_new ();
  patron_roles_add (f->roles, PATRON_ROLE_CUSTOMER, "customer");
  patron_roles_add (f->roles, PATRON_ROLE_ITEM, "item");
  patron_roles_add (f->roles, PATRON_ROLE_DATE, "date");
  patron_roles_add (f->roles, PATRON_ROLE_QUANTITY, "quantity");
  f->params = patron_op_new_params (patron_ops_find ("recommend"));
  f->report = patron_report_new ("recommend");
  set (f, "neighbours", "10");
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

static gboolean
run_recommend (Fixture *f, int threads)
{
  PatronInput input = { f->table, f->roles };
  g_autoptr(PatronRun) run = patron_run_new (42, threads);
  return patron_ops_find ("recommend")->analysis->run (&input, f->params, run, f->report, &f->result, &f->error);
}

static double
figure (Fixture *f, const char *id)
{
  const PatronFigure *found = patron_report_find_figure (f->report, id);
  g_assert_nonnull (found);
  return found->value;
}

static void
test_measures (Fixture *f, gconstpointer data)
{
  /* k = 5, 10, 20 for precision, recall, NDCG, MAP, hit rate; similar items, then most popular */
  static const double expected[5][3][2] = {
    { { 0.2, 0.104 }, { 0.124, 0.102 }, { 0.076, 0.073 } },
    { { 0.65, 0.31 }, { 0.795, 0.66 }, { 0.983333333333, 0.945 } },
    { { 0.536206777512, 0.223201361077 }, { 0.588968911971, 0.345382154644 }, { 0.641449542937, 0.423316048934 } },
    { { 0.4655, 0.171583333333 }, { 0.493793650794, 0.228329365079 }, { 0.51195888872, 0.25430895981 } },
    { { 0.76, 0.44 }, { 0.86, 0.76 }, { 1, 0.98 } },
  };
  g_assert_true (run_recommend (f, 2));
  const PatronReportTable *table = patron_report_find_table (f->report, "methods-by-length");
  g_assert_nonnull (table);
  for (guint v = 0; v < 5; v++)
    for (guint c = 0; c < 3; c++)
      for (guint method = 0; method < 2; method++)
        {
          const PatronCell *value = patron_report_table_cell (table, v * 3 + c, 2 + 3 * method);
          g_assert_cmpfloat_with_epsilon (value->number, expected[v][c][method], 1e-9);
          g_assert_cmpfloat (patron_report_table_cell (table, v * 3 + c, 3 + 3 * method)->number, <=, value->number);
          g_assert_cmpfloat (patron_report_table_cell (table, v * 3 + c, 4 + 3 * method)->number, >=, value->number);
        }
  g_assert_cmpfloat (figure (f, "n_tested"), ==, 50);
  g_assert_cmpfloat_with_epsilon (figure (f, "ndcg_at_10"), 0.588968911971, 1e-9);
  g_assert_cmpfloat_with_epsilon (figure (f, "coverage"), 1, 1e-12);
  table = patron_report_find_table (f->report, "methods");
  g_assert_cmpfloat_with_epsilon (patron_report_table_cell (table, 1, 7)->number, 2.0 / 3, 1e-12);
}

/* One list by hand: hits at places 1 and 4 of 5, 3 relevant items. */
static void
test_one_list (void)
{
  const guint8 hits[] = { 1, 0, 0, 1, 0 };
  double out[PATRON_N_RANK_MEASURES];
  patron_rank_measures (hits, 5, 5, 3, out);
  g_assert_cmpfloat_with_epsilon (out[PATRON_RANK_PRECISION], 0.4, 1e-15);
  g_assert_cmpfloat_with_epsilon (out[PATRON_RANK_RECALL], 2.0 / 3, 1e-15);
  g_assert_cmpfloat_with_epsilon (out[PATRON_RANK_NDCG], (1 + 1 / log2 (5)) / (1 + 1 / log2 (3) + 0.5), 1e-15);
  g_assert_cmpfloat_with_epsilon (out[PATRON_RANK_MAP], (1 + 0.5) / 3, 1e-15);
  g_assert_cmpfloat (out[PATRON_RANK_HIT], ==, 1);
  patron_rank_measures (hits + 1, 2, 5, 3, out);
  for (guint v = 0; v < PATRON_N_RANK_MEASURES; v++)
    g_assert_cmpfloat (out[v], ==, 0);
}

static gboolean
has_bought (PatronTable *table, const char *customer, const char *item)
{
  gboolean bought = FALSE;
  for (gsize i = 0; i < LINES && !bought; i++)
    {
      g_autofree char *c = patron_column_format (patron_table_find (table, "customer"), i), *t = patron_column_format (patron_table_find (table, "item"), i);
      bought = g_str_equal (c, customer) && g_str_equal (t, item);
    }
  return bought;
}

static void
test_result (Fixture *f, gconstpointer data)
{
  set (f, "top-n", "4");
  g_assert_true (run_recommend (f, 2));
  g_assert_cmpuint (patron_table_n_rows (f->result), ==, CUSTOMERS * 4);
  for (gsize row = 0; row < patron_table_n_rows (f->result); row += 7)
    {
      g_autofree char *customer = patron_column_format (patron_table_find (f->result, "customer"), row);
      g_autofree char *item = patron_column_format (patron_table_find (f->result, "item"), row);
      g_autofree char *because = patron_column_format (patron_table_find (f->result, "because"), row);
      g_autofree char *description = patron_column_format (patron_table_find (f->result, "description"), row);
      g_autofree char *expected = g_strdup_printf ("Thing number %s", item);
      g_assert_cmpstr (description, ==, expected);
      if (g_str_has_prefix (because, "Thing number "))
        g_assert_true (has_bought (f->table, customer, because + strlen ("Thing number ")));
      else
        g_assert_cmpstr (because, ==, "Best seller");
    }
}

static void
test_threads (Fixture *f, gconstpointer data)
{
  g_assert_true (run_recommend (f, 1));
  double low = patron_report_find_figure (f->report, "ndcg_at_10")->low;
  g_autoptr(PatronTable) first = g_steal_pointer (&f->result);
  patron_report_free (f->report);
  f->report = patron_report_new ("recommend");
  g_assert_true (run_recommend (f, 3));
  g_assert_cmpfloat (patron_report_find_figure (f->report, "ndcg_at_10")->low, ==, low);
  for (gsize row = 0; row < patron_table_n_rows (first); row++)
    for (guint c = 0; c < patron_table_n_columns (first); c++)
      {
        g_autofree char *a = patron_column_format (patron_table_column (first, c), row), *b = patron_column_format (patron_table_column (f->result, c), row);
        g_assert_cmpstr (a, ==, b);
      }
}

static void
test_splits (Fixture *f, gconstpointer data)
{
  const char *const splits[] = { "last-order", "random", "none" };
  for (guint s = 0; s < G_N_ELEMENTS (splits); s++)
    {
      set (f, "test", splits[s]);
      g_clear_pointer (&f->result, patron_table_unref);
      patron_report_free (f->report);
      f->report = patron_report_new ("recommend");
      g_assert_true (run_recommend (f, 2));
      g_assert_true ((patron_report_find_table (f->report, "methods") != NULL) == (s < 2));
    }
}

static void
test_segments (Fixture *f, gconstpointer data)
{
  patron_roles_add (f->roles, PATRON_ROLE_GROUP, "colour");
  g_assert_true (run_recommend (f, 2));
  const PatronReportTable *table = patron_report_find_table (f->report, "segment-offers");
  g_autofree char *first = patron_cell_render (patron_report_table_cell (table, 0, 0));
  g_assert_cmpstr (first, ==, "red");
  g_assert_cmpfloat (patron_report_table_cell (table, 0, 1)->number + patron_report_table_cell (table, 5, 1)->number, ==, CUSTOMERS);
}

static void
test_too_few (Fixture *f, gconstpointer data)
{
  set (f, "min-customers", "1000");
  g_assert_false (run_recommend (f, 1));
  g_assert_error (f->error, PATRON_ERROR, PATRON_ERROR_INPUT);
}

static void
test_services (void)
{
  g_assert_true (patron_is_service ("POST", "POSTAGE"));
  g_assert_true (patron_is_service ("DOT", "DOTCOM POSTAGE"));
  g_assert_true (patron_is_service ("M", "Manual"));
  g_assert_true (patron_is_service ("BANK CHARGES", NULL));
  g_assert_true (patron_is_service ("9001", "运费"));
  g_assert_false (patron_is_service ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER"));
  g_assert_false (patron_is_service ("22423", "MANUAL COFFEE GRINDER"));
  g_assert_false (patron_is_service ("1", "SET OF 12 VINTAGE POSTAGE STAMPS"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/recommend/similarities", test_similarities);
  g_test_add_func ("/recommend/one-list", test_one_list);
  g_test_add_func ("/recommend/services", test_services);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/recommend/measures", test_measures);
  ADD ("/recommend/result", test_result);
  ADD ("/recommend/threads", test_threads);
  ADD ("/recommend/splits", test_splits);
  ADD ("/recommend/segments", test_segments);
  ADD ("/recommend/too-few", test_too_few);
  return g_test_run ();
}
