/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/column-profile.h"

#include <math.h>

#include "app/questions.h"
#include "app/row-order.h"
#include "base/init.h"
#include "base/memory.h"
#include "ops/registry.h"

static PatronColumn *
numbers (const char *name, const double *values, gsize n)
{
  PatronColumnBuilder *builder = patron_column_builder_new (name, PATRON_TYPE_NUMBER);
  for (gsize i = 0; i < n; i++)
    if (isnan (values[i]))
      patron_column_builder_append_missing (builder);
    else
      patron_column_builder_append_number (builder, values[i]);
  return patron_column_builder_finish (builder);
}

static PatronColumn *
texts (const char *name, const char *const *values)
{
  PatronColumnBuilder *builder = patron_column_builder_new (name, PATRON_TYPE_CATEGORY);
  for (; *values != NULL; values++)
    patron_column_builder_append_text (builder, **values != '\0' ? *values : NULL);
  return patron_column_builder_finish (builder);
}

/* ---- profile ----------------------------------------------------------------------------------------------- */

static const double eleven[] = { 3, 1, 4, 1, 5, NAN, 9, 2, 6, 5, 3, 5, NAN };

static void
test_numbers (void)
{
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  g_autoptr (PatronColumn) column = numbers ("x", eleven, G_N_ELEMENTS (eleven));
  g_autoptr (PatronColumnProfile) profile = patron_column_profile_new (column, run, NULL);
  gsize in_bins = 0;
  g_assert_cmpuint (profile->n, ==, 13);
  g_assert_cmpuint (profile->n_missing, ==, 2);
  g_assert_cmpuint (profile->n_distinct, ==, 7);
  /* NumPy: mean, std (ddof=1), percentile. */
  g_assert_cmpfloat (profile->mean, ==, 4);
  g_assert_cmpfloat_with_epsilon (profile->deviation, 2.3664319132398464, 1e-15);
  g_assert_cmpfloat (profile->minimum, ==, 1);
  g_assert_cmpfloat (profile->q1, ==, 2.5);
  g_assert_cmpfloat (profile->median, ==, 4);
  g_assert_cmpfloat (profile->q3, ==, 5);
  g_assert_cmpfloat (profile->maximum, ==, 9);
  for (guint i = 0; i < profile->n_bins; i++)
    in_bins += profile->bins[i];
  g_assert_cmpuint (in_bins, ==, 11);
}

/* Every order of the same values has the same quantiles: 0 … 200 in steps that visit each once. */
static void
test_quantiles_at_any_order (void)
{
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  static const int strides[] = { 1, 2, 7, 64, 100, 199 };
  for (guint s = 0; s < G_N_ELEMENTS (strides); s++)
    {
      double values[201];
      for (int i = 0; i < 201; i++)
        values[i] = i * strides[s] % 201;
      g_autoptr (PatronColumn) column = numbers ("x", values, 201);
      g_autoptr (PatronColumnProfile) profile = patron_column_profile_new (column, run, NULL);
      g_assert_cmpfloat (profile->q1, ==, 50);
      g_assert_cmpfloat (profile->median, ==, 100);
      g_assert_cmpfloat (profile->q3, ==, 150);
      g_assert_cmpuint (profile->n_distinct, ==, 201);
    }
}

static void
test_groups (void)
{
  static const char *const values[] = { "b", "a", "", "b", "c", "b", "a", NULL };
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  g_autoptr (PatronColumn) column = texts ("g", values);
  g_autoptr (PatronColumnProfile) profile = patron_column_profile_new (column, run, NULL);
  g_assert_cmpuint (profile->n_missing, ==, 1);
  g_assert_cmpuint (profile->n_distinct, ==, 3);
  g_assert_cmpuint (profile->n_top, ==, 3);
  g_assert_cmpstr (profile->top[0].value, ==, "b");
  g_assert_cmpuint (profile->top[0].n, ==, 3);
  g_assert_cmpstr (profile->top[1].value, ==, "a");
  g_assert_cmpstr (profile->top[2].value, ==, "c");
  g_assert_true (isnan (profile->median));
}

static void
test_nothing (void)
{
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  static const double missing[] = { NAN, NAN };
  g_autoptr (PatronColumn) empty = numbers ("x", NULL, 0);
  g_autoptr (PatronColumn) gone = numbers ("x", missing, 2);
  g_autoptr (PatronColumnProfile) of_empty = patron_column_profile_new (empty, run, NULL);
  g_autoptr (PatronColumnProfile) of_gone = patron_column_profile_new (gone, run, NULL);
  g_assert_cmpuint (of_empty->n, ==, 0);
  g_assert_cmpuint (of_gone->n_missing, ==, 2);
  g_assert_true (isnan (of_gone->mean));
}

/* ---- rows in order ----------------------------------------------------------------------------------------- */

static PatronTable *
make_table (void)
{
  static const double amounts[] = { 5, NAN, -2, 5, 0 };
  static const char *const names[] = { "pear", "apple", "", "Pear", "fig", NULL };
  g_autoptr (PatronColumn) amount = numbers ("amount", amounts, 5);
  g_autoptr (PatronColumn) name = texts ("name", names);
  return patron_table_new ("t", (PatronColumn *[]) { amount, name }, 2, 5);
}

static void
check_order (const char *filter, int column, gboolean descending, const guint32 *expected, gsize n_expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  g_autoptr (PatronTable) table = make_table ();
  PatronRowOrder order = { (char *) filter, column, descending };
  gsize n;
  guint32 *rows = patron_row_order_compute (table, &order, &n, run, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (rows, n * sizeof *rows, expected, n_expected * sizeof *rows);
  patron_free (rows);
}

static void
test_order (void)
{
  static const guint32 up[] = { 2, 4, 0, 3, 1 }, down[] = { 0, 3, 4, 2, 1 }, positive[] = { 0, 3 }, last[] = { 2 };
  check_order (NULL, 0, FALSE, up, 5);
  check_order (NULL, 0, TRUE, down, 5);   /* stable, and what is missing stays last */
  check_order ("amount > 0", -1, FALSE, positive, 2);
  check_order ("amount < 0", 0, TRUE, last, 1);
}

static void
test_texts_in_order (void)
{
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  g_autoptr (PatronTable) table = make_table ();
  PatronRowOrder order = { NULL, 1, FALSE };
  gsize n;
  guint32 *rows = patron_row_order_compute (table, &order, &n, run, NULL);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpuint (rows[4], ==, 2);      /* missing */
  /* apple before fig before pear, whatever the language thinks of capitals */
  gsize place[5];
  for (gsize i = 0; i < 5; i++)
    place[rows[i]] = i;
  g_assert_cmpuint (place[1], <, place[4]);
  g_assert_cmpuint (place[4], <, place[0]);
  patron_free (rows);
}

static void
test_bad_filter (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  g_autoptr (PatronTable) table = make_table ();
  PatronRowOrder order = { (char *) "amount + 1", -1, FALSE };
  gsize n;
  g_assert_null (patron_row_order_compute (table, &order, &n, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
}

/* ---- questions --------------------------------------------------------------------------------------------- */

static gboolean
is_asked (GPtrArray *questions, const PatronOp *op)
{
  for (guint i = 0; i < questions->len; i++)
    if (g_ptr_array_find (((PatronQuestion *) questions->pdata[i])->ops, op, NULL))
      return TRUE;
  return FALSE;
}

/* Whatever answers a question of its own can be reached from the home page. */
static void
test_questions (void)
{
  g_autoptr (GPtrArray) questions = patron_questions_new ();
  g_assert_cmpuint (questions->len, >, 3);
  for (guint i = 0; i < questions->len; i++)
    g_assert_cmpuint (((PatronQuestion *) questions->pdata[i])->ops->len, >, 0);
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      gboolean rival = g_str_equal ((*op)->id, "majority") || g_str_equal ((*op)->id, "mean");
      if ((*op)->question != NULL && ((*op)->kind == PATRON_OP_MODEL || (*op)->kind == PATRON_OP_ANALYSIS))
        g_assert_true (is_asked (questions, *op) == !rival);
    }
  g_autofree char *needs = patron_question_needs (patron_ops_require ("rfm", NULL));
  g_assert_nonnull (needs);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/profile/numbers", test_numbers);
  g_test_add_func ("/profile/quantiles-at-any-order", test_quantiles_at_any_order);
  g_test_add_func ("/profile/groups", test_groups);
  g_test_add_func ("/profile/nothing", test_nothing);
  g_test_add_func ("/row-order/order", test_order);
  g_test_add_func ("/row-order/texts", test_texts_in_order);
  g_test_add_func ("/row-order/bad-filter", test_bad_filter);
  g_test_add_func ("/questions/all-asked", test_questions);
  return g_test_run ();
}
