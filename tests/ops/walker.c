/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks the registry: what every operation owes, whatever it does. An operation gets these tests by being registered. */
#include "base/init.h"
#include "base/random.h"
#include "ops/registry.h"
#include "project/engine.h"
#include "project/model.h"

#include <math.h>
#include <string.h>

#define N_ROWS 360

/* ---- one small table with a column for every role --------------------------------------------------------------------- */

static PatronTable *
make_table (void)
{
  static const struct { const char *name; PatronType type; } layout[] = {
    { "customer_id", PATRON_TYPE_CATEGORY }, { "order_date", PATRON_TYPE_DATE }, { "order_id", PATRON_TYPE_INTEGER }, { "product", PATRON_TYPE_CATEGORY },
    { "quantity", PATRON_TYPE_INTEGER }, { "unit_price", PATRON_TYPE_NUMBER }, { "region", PATRON_TYPE_CATEGORY }, { "churn", PATRON_TYPE_CATEGORY },
    { "spend", PATRON_TYPE_NUMBER }, { "x1", PATRON_TYPE_NUMBER }, { "x2", PATRON_TYPE_NUMBER }, { "x3", PATRON_TYPE_NUMBER }, { "member", PATRON_TYPE_BOOLEAN },
  };
  PatronColumnBuilder *b[G_N_ELEMENTS (layout)];
  for (guint i = 0; i < G_N_ELEMENTS (layout); i++)
    b[i] = patron_column_builder_new (layout[i].name, layout[i].type);
  PatronRandom random;
  patron_random_init (&random, 3, 0);
  for (int i = 0; i < N_ROWS; i++)
    {
      int customer = (int) patron_random_below (&random, 30), taste = customer % 3;
      int product = (int) patron_random_below (&random, 3) == 0 ? (int) patron_random_below (&random, 12) : taste * 4 + (int) patron_random_below (&random, 4);
      double x1 = patron_random_normal (&random) + taste * 3, x2 = exp (patron_random_normal (&random)), x3 = patron_random_normal (&random);
      gboolean churn = x1 + 2 * patron_random_normal (&random) + (taste == 1) > 3;
      /* The last customers came once; now and then a line is a service, not a product. */
      g_autofree char *name = g_strdup_printf ("C%02d", i >= N_ROWS - 4 ? 40 + i % 4 : customer);
      g_autofree char *item = i % 37 == 5 ? g_strdup ("POSTAGE") : g_strdup_printf ("P%02d", product);
      patron_column_builder_append_text (b[0], name);
      patron_column_builder_append_number (b[1], 18000 + i * 2);
      patron_column_builder_append_number (b[2], 1000 + i / 2);
      patron_column_builder_append_text (b[3], item);
      patron_column_builder_append_number (b[4], 1 + (double) patron_random_below (&random, 4) - (i % 40 == 39 ? 6 : 0));
      patron_column_builder_append_number (b[5], 2 + product);
      patron_column_builder_append_text (b[6], (const char *[]) { "North", "East", "South" }[taste]);
      patron_column_builder_append_text (b[7], churn ? "Yes" : "No");
      patron_column_builder_append_number (b[8], 10 + 2 * x1 - x2 + 0.5 * patron_random_normal (&random));
      patron_column_builder_append_number (b[9], x1);
      patron_column_builder_append_number (b[10], i % 50 == 7 ? (double) NAN : x2);
      patron_column_builder_append_number (b[11], x3);
      patron_column_builder_append_number (b[12], patron_random_below (&random, 2));
    }
  GPtrArray *columns = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (layout); i++)
    g_ptr_array_add (columns, patron_column_builder_finish (b[i]));
  return patron_table_new_take ("walk", columns);
}

/* The roles that guessing leaves open. */
static PatronRecipe *
make_recipe (const PatronOp *op, guint64 seed)
{
  PatronRecipe *recipe = patron_recipe_new ();
  recipe->table = g_strdup ("walk");
  recipe->seed = seed;
  recipe->run = patron_step_new (op);
  if (patron_op_role_spec (op, PATRON_ROLE_TARGET) != NULL)
    patron_roles_add (recipe->run->roles, PATRON_ROLE_TARGET, op->model != NULL && !(op->model->tasks & PATRON_TASK_CLASSIFICATION) ? "spend" : "churn");
  if (patron_op_role_spec (op, PATRON_ROLE_GROUP) != NULL && patron_op_role_spec (op, PATRON_ROLE_ITEM) == NULL)
    patron_roles_add (recipe->run->roles, PATRON_ROLE_GROUP, "product");
  if (patron_op_role_spec (op, PATRON_ROLE_FEATURE) != NULL)
    for (int i = 0; i < 5; i++)
      patron_roles_add (recipe->run->roles, PATRON_ROLE_FEATURE, (const char *[]) { "x1", "x2", "x3", "region", "member" }[i]);
  return recipe;
}

/* What must not change between equal runs, as text: the report without clocks, and the result table. */
static char *
fingerprint (PatronOutcome *outcome, gboolean with_recipe)
{
  PatronReport *report = outcome->report;
  report->read_s = report->prepare_s = report->fit_s = report->measure_s = report->total_s = 0;
  report->peak_memory = 0;
  report->created = 0;
  report->threads = 0;
  if (!with_recipe)
    g_clear_pointer (&report->recipe, g_free);
  g_autofree char *text = patron_report_save (report);
  GString *all = g_string_new (text);
  for (guint c = 0; outcome->result != NULL && c < patron_table_n_columns (outcome->result); c++)
    for (gsize i = 0; i < patron_table_n_rows (outcome->result); i++)
      {
        g_autofree char *value = patron_column_format (patron_table_column (outcome->result, c), i);
        g_string_append_printf (all, "|%s", value);
      }
  return g_string_free (all, FALSE);
}

static char *
run_once (PatronRecipe *recipe, PatronTable *table, int threads, gboolean with_recipe, GError **error)
{
  g_autoptr (PatronRun) run = patron_run_new (recipe->seed, threads);
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, error);
  return outcome != NULL ? fingerprint (outcome, with_recipe) : NULL;
}

static gboolean
runs_alone (const PatronOp *op)
{
  return op->kind == PATRON_OP_ANALYSIS || op->kind == PATRON_OP_MODEL;
}

/* ---- the declaration ----------------------------------------------------------------------------------------------------- */

static void
assert_declared (const PatronOp *op)
{
  g_assert_nonnull (op->title);
  g_assert_nonnull (op->summary);
  if (runs_alone (op))
    {
      g_assert_nonnull (op->help);
      g_assert_nonnull (op->reference);
      g_assert_cmpint ((op->analysis != NULL) + (op->model != NULL), ==, 1);
    }
  for (const PatronParam *p = op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    {
      g_test_message ("%s: %s", op->id, p->field);
      g_assert_nonnull (p->label);
      g_assert_nonnull (p->help);
      g_assert_cmpuint (p->offset + p->size, <=, op->params_size);
      g_assert_true (p->kind != PATRON_PARAM_KIND_CHOICE || (p->choices != NULL && p->choices[0].id != NULL));
    }
}

static void
test_declared (gconstpointer data)
{
  assert_declared (data);
}

static void
assert_bound (const PatronOp *op, const PatronParam *param, double value, gboolean accepted)
{
  if (!isfinite (value) || fabs (value) > 1e300 || (param->kind == PATRON_PARAM_KIND_INT && fabs (value) > G_MAXINT))
    return;
  g_autofree gpointer values = patron_op_new_params (op);
  char text[40];
  g_ascii_formatd (text, sizeof text, "%.17g", value);
  g_test_message ("%s: %s = %s", op->id, param->field, text);
  g_assert_cmpint (patron_param_parse (param, text, values, NULL), ==, accepted);
}

/* Defaults lie in range; bounds are accepted and what lies beyond is refused; text and back is identical. */
static void
test_params (gconstpointer data)
{
  const PatronOp *op = data;
  g_autofree gpointer values = patron_op_new_params (op);
  g_assert_true (patron_params_validate (op->params, values, NULL));
  for (const PatronParam *p = op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    {
      if (p->kind == PATRON_PARAM_KIND_INT || p->kind == PATRON_PARAM_KIND_DOUBLE)
        {
          double beyond = p->kind == PATRON_PARAM_KIND_INT ? 1 : MAX (1e-9, fabs (p->max) * 1e-9);
          assert_bound (op, p, p->min, TRUE);
          assert_bound (op, p, p->max, TRUE);
          assert_bound (op, p, p->min - MAX (beyond, fabs (p->min) * 1e-9), FALSE);
          assert_bound (op, p, p->max + beyond, FALSE);
          g_assert_true (p->low == 0 && p->high == 0 ? TRUE : p->low >= p->min && p->high <= p->max && p->low < p->high);
        }
      g_autofree char *text = patron_param_to_text (p, values);
      g_autofree gpointer other = patron_op_new_params (op);
      g_assert_true (patron_param_parse (p, text, other, NULL));
      g_assert_true (patron_params_equal (op->params, values, other));
    }
}

static void
test_recipe (gconstpointer data)
{
  g_autoptr (PatronRecipe) recipe = make_recipe (data, 7);
  g_autofree char *text = patron_recipe_to_text (recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRecipe) read = patron_recipe_from_text (text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (patron_recipe_equal (recipe, read));
  g_autofree char *again = patron_recipe_to_text (read);
  g_assert_cmpstr (text, ==, again);
}

/* ---- runs ------------------------------------------------------------------------------------------------------------------ */

static void
assert_report (const PatronReport *report)
{
  g_assert_nonnull (report->title);
  g_assert_nonnull (report->headline);
  g_assert_cmpuint (report->figures->len, >, 0);
  g_assert_cmpuint (report->rows_read, ==, N_ROWS);
  gsize dropped = 0;
  for (guint i = 0; i < report->dropped->len; i++)
    dropped += ((PatronDropped *) report->dropped->pdata[i])->rows;
  g_assert_cmpuint (report->rows_used + dropped, ==, N_ROWS);
  guint charts = 0;
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      if (block->kind == PATRON_BLOCK_CHART)
        {
          g_test_message ("chart %s", block->chart->id);
          g_assert_nonnull (block->chart->title);
          g_assert_nonnull (block->chart->caption);
          charts++;
        }
    }
  g_assert_cmpuint (charts, >, 0);
  g_autofree char *saved = patron_report_save (report);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronReport) loaded = patron_report_load (saved, -1, &error);
  g_assert_no_error (error);
  g_autofree char *again = patron_report_save (loaded);
  g_assert_cmpstr (saved, ==, again);
}

static void
test_runs (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRecipe) recipe = make_recipe (data, 42);
  g_autoptr (PatronRun) run = patron_run_new (42, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, &error);
  g_assert_no_error (error);
  assert_report (outcome->report);
}

/* The same seed gives the same report and result at one, two and five threads. */
static void
test_same_seed (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRecipe) recipe = make_recipe (data, 42);
  g_autofree char *one = run_once (recipe, table, 1, TRUE, NULL);
  g_autofree char *two = run_once (recipe, table, 2, TRUE, NULL);
  g_autofree char *five = run_once (recipe, table, 5, TRUE, NULL);
  g_assert_cmpstr (one, ==, two);
  g_assert_cmpstr (one, ==, five);
}

/* The completed recipe gives the same result as the one it came from. */
static void
test_recipe_repeats (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRecipe) recipe = make_recipe (data, 42);
  g_autoptr (PatronRun) run = patron_run_new (42, 2);
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, NULL);
  g_autofree char *text = patron_recipe_to_text (outcome->recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRecipe) written = patron_recipe_from_text (text, -1, &error);
  g_assert_no_error (error);
  g_autofree char *first = fingerprint (outcome, FALSE);
  g_autofree char *second = run_once (written, table, 2, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, second);
}

static void
test_cancelled (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRecipe) recipe = make_recipe (data, 42);
  g_autoptr (PatronRun) run = patron_run_new (42, 2);
  patron_run_cancel (run);
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_engine_run (recipe, NULL, table, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

static char *
table_text (PatronTable *table)
{
  GString *all = g_string_new (NULL);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    for (gsize i = 0; i < patron_table_n_rows (table); i++)
      {
        g_autofree char *value = patron_column_format (patron_table_column (table, c), i);
        g_string_append_printf (all, "|%s", value);
      }
  return g_string_free (all, FALSE);
}

/* Save → load → save gives the same bytes, and the loaded model the same scores; damage is refused, never followed. */
static void
test_model (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRecipe) recipe = make_recipe (data, 42);
  g_autoptr (PatronRun) run = patron_run_new (42, 2);
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, NULL);
  g_assert_nonnull (outcome->model);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronModel) model = patron_model_load (outcome->model, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) again = patron_model_save (model, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (outcome->model, again));
  g_autoptr (PatronTable) scored = patron_engine_score (outcome->model, NULL, table, run, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (patron_table_n_rows (scored), ==, N_ROWS);
  g_autofree char *first = table_text (scored);
  g_autoptr (PatronTable) rescored = patron_engine_score (again, NULL, table, run, NULL, NULL);
  g_autofree char *second = table_text (rescored);
  g_assert_cmpstr (first, ==, second);

  gsize length;
  const guint8 *bytes = g_bytes_get_data (outcome->model, &length);
  PatronRandom random;
  patron_random_init (&random, 1, 0);
  for (int i = 0; i < 300; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, length);
      gsize cut = i % 3 == 0 ? patron_random_below (&random, length) : length;
      copy[patron_random_below (&random, length)] ^= 1 << (i % 8);
      g_autoptr (GBytes) damaged = g_bytes_new (copy, cut);
      g_autoptr (PatronTable) anything = patron_engine_score (damaged, NULL, table, run, NULL, NULL);
    }
}

/* ---- no decorative knobs ------------------------------------------------------------------------------------------------------ */

/* Values worth trying, as text. */
static GPtrArray *
trial_values (const PatronParam *param)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  if (param->kind == PATRON_PARAM_KIND_CHOICE)
    for (const PatronChoice *choice = param->choices; choice->id != NULL; choice++)
      g_ptr_array_add (values, g_strdup (choice->id));
  else if (param->kind == PATRON_PARAM_KIND_BOOL)
    {
      g_ptr_array_add (values, g_strdup ("false"));
      g_ptr_array_add (values, g_strdup ("true"));
    }
  else if (param->kind == PATRON_PARAM_KIND_TEXT)
    g_ptr_array_add (values, g_strdup ("2019-06-01"));
  else
    {
      gboolean useful = param->low != 0 || param->high != 0;
      double low = useful ? param->low : param->min, high = useful ? param->high : MIN (param->max, 1000);
      double tries[] = { low, high, low + (high - low) / 2, param->min, low + (high - low) / 10 };
      for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
        {
          char text[40];
          g_ascii_formatd (text, sizeof text, "%.17g", param->kind == PATRON_PARAM_KIND_INT ? floor (tries[i]) : tries[i]);
          g_ptr_array_add (values, g_strdup (text));
        }
    }
  return values;
}

/* Sets other choices until the parameter matters. */
static void
make_relevant (const PatronOp *op, const PatronParam *param, gpointer values)
{
  for (const PatronParam *p = op->params; p->kind != PATRON_PARAM_KIND_END && !patron_param_relevant (param, values); p++)
    {
      if (p == param || (p->kind != PATRON_PARAM_KIND_CHOICE && p->kind != PATRON_PARAM_KIND_BOOL && p->automatic == NULL))
        continue;
      g_autofree char *before = patron_param_to_text (p, values);
      g_autoptr (GPtrArray) tries = trial_values (p);
      for (guint i = 0; i < tries->len && !patron_param_relevant (param, values); i++)
        patron_param_parse (p, tries->pdata[i], values, NULL);
      if (!patron_param_relevant (param, values))
        patron_param_parse (p, before, values, NULL);
    }
}

/* Columns that are parameters: numbers across and up, dates where the parameter is about dates. */
static void
name_columns (const PatronOp *op, const PatronParam *param, gpointer values)
{
  for (const PatronParam *p = op->params; p->kind != PATRON_PARAM_KIND_END; p++)
    if (p->holds == PATRON_HOLDS_COLUMN && (g_str_equal (p->field, "x") || g_str_equal (p->field, "y")))
      patron_param_parse (p, *p->field == 'y' ? "spend" : g_str_equal (param->field, "step") ? "order_date" : "quantity", values, NULL);
}

/* target: another one than make_recipe() takes, or NULL. */
static gboolean
changes_something (const PatronOp *op, const PatronParam *param, PatronTable *table, const char *target)
{
  g_autoptr (PatronRecipe) recipe = make_recipe (op, 42);
  if (target != NULL)
    {
      patron_roles_clear (recipe->run->roles, PATRON_ROLE_TARGET);
      patron_roles_add (recipe->run->roles, PATRON_ROLE_TARGET, target);
    }
  make_relevant (op, param, recipe->run->params);
  name_columns (op, param, recipe->run->params);
  if (!patron_param_relevant (param, recipe->run->params))
    return FALSE;
  g_autofree char *base = run_once (recipe, table, 2, FALSE, NULL);
  g_autoptr (GPtrArray) tries = trial_values (param);
  for (guint i = 0; i < tries->len; i++)
    {
      if (!patron_param_parse (param, tries->pdata[i], recipe->run->params, NULL))
        continue;
      g_autofree char *other = run_once (recipe, table, 2, FALSE, NULL);
      if (g_strcmp0 (base, other) != 0)
        return TRUE;
    }
  return FALSE;
}

static void
test_knobs (gconstpointer data)
{
  const PatronOp *op = data;
  g_autoptr (PatronTable) table = make_table ();
  gboolean numbers = op->model != NULL && (op->model->tasks & PATRON_TASK_CLASSIFICATION) && (op->model->tasks & PATRON_TASK_REGRESSION);
  for (const PatronParam *p = op->params; p != NULL && p->kind != PATRON_PARAM_KIND_END; p++)
    if (!changes_something (op, p, table, NULL) && !(numbers && changes_something (op, p, table, "spend")))
      {
        g_test_message ("%s: no value of %s changes anything", op->id, p->field);
        g_test_fail ();
      }
}

/* ---- main ------------------------------------------------------------------------------------------------------------------------ */

static void
add (const PatronOp *op, const char *name, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/ops/walk/%s/%s", op->id, name);
  g_test_add_data_func (path, op, function);
}

static void
test_ids_unique (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    g_assert_true (g_hash_table_add (seen, (gpointer) (*op)->id));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/ops/walk/ids-unique", test_ids_unique);
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      add (*op, "declared", test_declared);
      add (*op, "params", test_params);
      if (!runs_alone (*op))
        continue;
      add (*op, "recipe", test_recipe);
      add (*op, "runs", test_runs);
      add (*op, "same-seed", test_same_seed);
      add (*op, "recipe-repeats", test_recipe_repeats);
      add (*op, "cancelled", test_cancelled);
      add (*op, "knobs", test_knobs);
      if ((*op)->model != NULL)
        add (*op, "model", test_model);
    }
  return g_test_run ();
}
