/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/init.h"
#include "base/memory.h"
#include "project/engine.h"
#include "table/design.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A model that learns nothing but remembers what it was shown: which rows it was fitted on shows in its state. */
typedef struct
{
  double sum;      /* of the first matrix column over the training rows */
  double n;
} Spy;

static GArray *fits;      /* of Spy, in order */

static gpointer
spy_fit (const PatronFitInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  Spy *spy = g_new0 (Spy, 1);
  spy->n = input->x->n;
  for (gsize i = 0; i < input->x->n; i++)
    spy->sum += input->x->values[i];
  g_array_append_val (fits, *spy);
  return spy;
}

static gboolean
spy_predict (gconstpointer state, const PatronMatrix *x, double *out, PatronRun *run, GError **error)
{
  for (gsize i = 0; i < x->n; i++)
    out[i] = x->values[i];
  return TRUE;
}

static void
spy_visit (gpointer state, PatronVisitor *visitor)
{
  patron_visit_double (visitor, "sum", &((Spy *) state)->sum);
  patron_visit_double (visitor, "n", &((Spy *) state)->n);
}

static void
spy_clear (gpointer state)
{
}

static const PatronModelClass spy_class = {
  .tasks = PATRON_TASK_REGRESSION, .missing = PATRON_MISSING_IMPUTE, .encoding = PATRON_ENCODE_INDICATORS, .scale = true,
  .fit = spy_fit, .predict = spy_predict, .visit = spy_visit, .clear = spy_clear, .state_size = sizeof (Spy),
};
static const PatronRoleSpec spy_roles[] = {
  { PATRON_ROLE_TARGET, PATRON_ACCEPT_NUMERIC, PATRON_ROLE_REQUIRED },
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_CATEGORY, PATRON_ROLE_REQUIRED | PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST },
  { PATRON_N_ROLES },
};
static const PatronOp spy_op = { .id = "spy", .kind = PATRON_OP_MODEL, .title = "Spy", .summary = "Spies.", .roles = spy_roles, .model = &spy_class };

static PatronTable *
make_table (int n)
{
  PatronColumnBuilder *x = patron_column_builder_new ("x", PATRON_TYPE_NUMBER), *y = patron_column_builder_new ("y", PATRON_TYPE_NUMBER);
  PatronColumnBuilder *q = patron_column_builder_new ("quantity", PATRON_TYPE_INTEGER), *p = patron_column_builder_new ("price", PATRON_TYPE_NUMBER);
  for (int i = 0; i < n; i++)
    {
      patron_column_builder_append_number (x, i * i);
      patron_column_builder_append_number (y, i % 10 == 3 ? (double) NAN : i);
      patron_column_builder_append_number (q, i % 4);
      patron_column_builder_append_number (p, 2.5);
    }
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, patron_column_builder_finish (x));
  g_ptr_array_add (columns, patron_column_builder_finish (y));
  g_ptr_array_add (columns, patron_column_builder_finish (q));
  g_ptr_array_add (columns, patron_column_builder_finish (p));
  return patron_table_new_take ("t", columns);
}

static PatronRecipe *
make_recipe (const PatronOp *op)
{
  PatronRecipe *recipe = patron_recipe_new ();
  recipe->run = patron_step_new (op);
  return recipe;
}

/* The design is fitted on the rows the model is fitted on: the standardised column sums to 0 in every fit, and the rows dropped for a missing
 * target are in none. The default measure is a hold-out, then all rows. */
static void
test_no_leakage (void)
{
  g_array_set_size (fits, 0);
  g_autoptr (PatronTable) table = make_table (100);
  g_autoptr (PatronRecipe) recipe = make_recipe (&spy_op);
  patron_roles_add (recipe->run->roles, PATRON_ROLE_TARGET, "y");
  patron_roles_add (recipe->run->roles, PATRON_ROLE_FEATURE, "x");
  g_autoptr (PatronRun) run = patron_run_new (42, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fits->len, ==, 2);
  const Spy *held_out = &g_array_index (fits, Spy, 0), *all = &g_array_index (fits, Spy, 1);
  g_assert_cmpfloat (held_out->n, ==, 72);
  g_assert_cmpfloat (all->n, ==, 90);
  g_assert_cmpfloat_with_epsilon (held_out->sum, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (all->sum, 0, 1e-9);
  g_assert_cmpuint (outcome->report->rows_used, ==, 90);
  const PatronDropped *dropped = outcome->report->dropped->pdata[0];
  g_autofree char *reason = patron_text_render (dropped->reason);
  g_assert_cmpuint (dropped->rows, ==, 10);
  g_assert_cmpstr (reason, ==, "missing Target (y)");
}

/* Rows set aside keep the prediction of the model that had not seen them. */
static void
test_result_rows (void)
{
  g_autoptr (PatronTable) table = make_table (100);
  g_autoptr (PatronRecipe) recipe = make_recipe (&spy_op);
  patron_roles_add (recipe->run->roles, PATRON_ROLE_TARGET, "y");
  patron_roles_add (recipe->run->roles, PATRON_ROLE_FEATURE, "x");
  g_autoptr (PatronRun) run = patron_run_new (42, 1);
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, NULL);
  PatronColumn *aside = patron_table_find (outcome->result, "set aside");
  const guint8 *flags = patron_column_booleans (aside, NULL);
  guint n = 0;
  for (gsize i = 0; i < patron_table_n_rows (outcome->result); i++)
    n += flags[i];
  g_assert_cmpuint (n, ==, 18);
}

static gboolean
money_run (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error)
{
  double values[16], sum = 0;
  gsize n = patron_table_n_rows (input->table);
  g_assert_cmpuint (n, <=, 16);
  g_assert_true (patron_column_read_doubles (patron_input_column (input, PATRON_ROLE_AMOUNT), 0, n, values, error));
  for (gsize i = 0; i < n; i++)
    sum += values[i];
  patron_report_add_figure (report, "sum", NULL, PATRON_FORMAT_MONEY, sum);
  return TRUE;
}

static const PatronAnalysis money_analysis = { .run = money_run };
static const PatronRoleSpec money_roles[] = {
  { PATRON_ROLE_AMOUNT, PATRON_ACCEPT_NUMERIC, PATRON_ROLE_REQUIRED },
  { PATRON_ROLE_QUANTITY, PATRON_ACCEPT_NUMERIC },
  { PATRON_ROLE_PRICE, PATRON_ACCEPT_NUMERIC },
  { PATRON_N_ROLES },
};
static const PatronOp money_op = { .id = "money", .kind = PATRON_OP_ANALYSIS, .title = "Money", .summary = "Adds up.", .roles = money_roles, .analysis = &money_analysis };

/* Quantity × price becomes the amount; the filter drops rows and is counted; the recipe keeps what was chosen, not the derived column. */
static void
test_amount_and_filter (void)
{
  g_autoptr (PatronTable) table = make_table (16);
  g_autoptr (PatronRecipe) recipe = make_recipe (&money_op);
  recipe->filter = g_strdup ("quantity > 1");
  g_autoptr (PatronRun) run = patron_run_new (42, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (patron_report_find_figure (outcome->report, "sum")->value, ==, 4 * (2 + 3) * 2.5);
  g_assert_cmpuint (outcome->report->rows_used, ==, 8);
  g_assert_cmpuint (((PatronDropped *) outcome->report->dropped->pdata[0])->rows, ==, 8);
  g_assert_cmpuint (patron_roles_count (outcome->recipe->run->roles, PATRON_ROLE_AMOUNT), ==, 0);
  g_assert_cmpstr (patron_roles_first (outcome->recipe->run->roles, PATRON_ROLE_PRICE), ==, "price");
  g_assert_cmpuint (outcome->guessed, ==, 1u << PATRON_ROLE_PRICE | 1u << PATRON_ROLE_QUANTITY);
}

static void
assert_fails (PatronRecipe *recipe, PatronTable *table, const char *words)
{
  g_autoptr (PatronRun) run = patron_run_new (42, 1);
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_engine_run (recipe, NULL, table, run, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” lacks “%s”", error->message, words);
}

static void
test_refusals (void)
{
  g_autoptr (PatronTable) table = make_table (16);
  g_autoptr (PatronRecipe) money = make_recipe (&money_op);
  money->filter = g_strdup ("quantity > 100");
  assert_fails (money, table, "outside the filter “quantity > 100”: 16");
  g_free (money->filter);
  money->filter = g_strdup ("quantity + 1");
  assert_fails (money, table, "quantity + 1");
  g_autoptr (PatronRecipe) spy = make_recipe (&spy_op);
  patron_roles_add (spy->run->roles, PATRON_ROLE_TARGET, "z");
  assert_fails (spy, table, "“z”");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  fits = g_array_new (FALSE, FALSE, sizeof (Spy));
  g_test_add_func ("/project/engine/no-leakage", test_no_leakage);
  g_test_add_func ("/project/engine/result-rows", test_result_rows);
  g_test_add_func ("/project/engine/amount-and-filter", test_amount_and_filter);
  g_test_add_func ("/project/engine/refusals", test_refusals);
  int status = g_test_run ();
  g_array_unref (fits);
  return status;
}
