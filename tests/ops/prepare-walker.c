/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks the prepare steps: what every one owes, whatever it does. Each is run as its descriptor's example says. */
#include "base/init.h"
#include "base/names.h"
#include "base/random.h"
#include "ops/registry.h"
#include "project/engine.h"

#include <math.h>
#include <string.h>

#define N_ROWS 240

static PatronTable *
finish (const char *name, PatronColumnBuilder **builders, guint n)
{
  GPtrArray *columns = g_ptr_array_new ();
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (columns, patron_column_builder_finish (builders[i]));
  return patron_table_new_take (name, columns);
}

/* Order lines with missing values here and there, repeated lines and blanks in texts. */
static PatronTable *
make_orders (void)
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
  patron_random_init (&random, 5, 0);
  for (int i = 0; i < N_ROWS; i++)
    {
      int line = i % 60 == 59 ? i - 1 : i;   /* now and then a line stands twice */
      g_autofree char *customer = g_strdup_printf ("C%02d", line % 25);
      g_autofree char *product = g_strdup_printf (line % 9 == 0 ? " P%02d" : "P%02d", line % 12);
      double x1 = patron_random_normal (&random);
      patron_column_builder_append_text (b[0], customer);
      patron_column_builder_append_number (b[1], 18000 + line * 2);
      patron_column_builder_append_number (b[2], 1000 + line / 2);
      patron_column_builder_append_text (b[3], product);
      patron_column_builder_append_number (b[4], 1 + line % 4);
      patron_column_builder_append_number (b[5], 2 + line % 12 * 0.5);
      patron_column_builder_append_text (b[6], line % 17 == 3 ? NULL : (const char *[]) { "North", "East", "South" }[line % 3]);
      patron_column_builder_append_text (b[7], x1 + 0.7 * patron_random_normal (&random) > 0 ? "Yes" : "No");
      patron_column_builder_append_number (b[8], 12 + 4 * x1);
      patron_column_builder_append_number (b[9], x1);
      patron_column_builder_append_number (b[10], i % 20 == 7 ? (double) NAN : exp (patron_random_normal (&random)));
      patron_column_builder_append_number (b[11], patron_random_normal (&random));
      patron_column_builder_append_number (b[12], patron_random_below (&random, 2));
    }
  return finish ("orders", b, G_N_ELEMENTS (layout));
}

static PatronTable *
make_customers (void)
{
  PatronColumnBuilder *b[3] = { patron_column_builder_new ("customer_id", PATRON_TYPE_CATEGORY), patron_column_builder_new ("age", PATRON_TYPE_INTEGER),
                                patron_column_builder_new ("city", PATRON_TYPE_CATEGORY) };
  for (int i = 3; i < 28; i++)
    {
      g_autofree char *customer = g_strdup_printf ("C%02d", i);
      patron_column_builder_append_text (b[0], customer);
      patron_column_builder_append_number (b[1], 20 + i);
      patron_column_builder_append_text (b[2], i % 2 ? "Lyon" : "Graz");
    }
  return finish ("customers", b, 3);
}

static PatronTable *
find_table (gpointer data, const char *name, PatronRun *run, GError **error)
{
  if (strcmp (name, "customers") == 0)
    return make_customers ();
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, "no table %s", name);
  return NULL;
}

static PatronStep *
make_step (const PatronOp *op)
{
  PatronStep *step = patron_step_new (op);
  g_auto (GStrv) lines = g_strsplit (op->example, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      char *equals = strchr (*line, '=');
      g_assert_nonnull (equals);
      *equals = '\0';
      const PatronParam *param = patron_params_find (op->params, *line);
      g_test_message ("%s: %s", op->id, *line);
      g_assert_nonnull (param);
      g_autoptr (GError) error = NULL;
      patron_param_parse (param, equals + 1, step->params, &error);
      g_assert_no_error (error);
    }
  return step;
}

static char *
table_text (PatronTable *table)
{
  GString *all = g_string_new (NULL);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      g_string_append_printf (all, "\n%s %s", patron_column_get_name (column), patron_type_id (patron_column_get_type (column)));
      for (gsize i = 0; i < patron_table_n_rows (table); i++)
        {
          g_autofree char *value = patron_column_format (column, i);
          g_string_append_printf (all, "|%s", value);
        }
    }
  return g_string_free (all, FALSE);
}

/* The table the step makes, its outcome in *outcome. */
static PatronTable *
apply (const PatronStep *step, PatronTable *table, int threads, PatronStepOutcome **outcome, GError **error)
{
  g_autoptr (PatronRun) run = patron_run_new (42, threads);
  g_autoptr (GPtrArray) steps = g_ptr_array_new (), outcomes = NULL;
  g_ptr_array_add (steps, (gpointer) step);
  PatronTable *made = patron_engine_prepare_table (table, steps, find_table, NULL, run, &outcomes, error);
  if (outcome != NULL)
    *outcome = made != NULL ? g_ptr_array_steal_index (outcomes, 0) : NULL;
  return made;
}

static void
test_declared (gconstpointer data)
{
  const PatronOp *op = data;
  g_assert_nonnull (op->question);
  g_assert_nonnull (op->help);
  g_assert_nonnull (op->example);
  g_assert_nonnull (op->prepare);
  g_assert_nonnull (op->prepare->apply);
  g_assert_nonnull (op->prepare->sentence);
}

/* The example works and says what it did; the step keeps to what it declares about rows; the input stays as it was. */
static void
test_runs (gconstpointer data)
{
  const PatronOp *op = data;
  g_autoptr (PatronTable) table = make_orders ();
  g_autofree char *before = table_text (table);
  g_autoptr (PatronStep) step = make_step (op);
  g_autoptr (GError) error = NULL;
  PatronStepOutcome *outcome = NULL;
  g_autoptr (PatronTable) made = apply (step, table, 2, &outcome, &error);
  g_assert_no_error (error);
  if (op->prepare->rows == PATRON_ROWS_KEPT)
    g_assert_cmpuint (outcome->rows_after, ==, N_ROWS);
  if (op->prepare->rows == PATRON_ROWS_SELECTED)
    g_assert_cmpuint (outcome->rows_after, <=, N_ROWS);
  g_assert_cmpint (outcome->learnt != NULL, ==, op->prepare->learn != NULL);
  PatronReport *report = outcome->report;
  g_assert_cmpuint (report->notes->len + report->blocks->len + report->figures->len, >, 0);
  g_autoptr (PatronText) sentence = patron_step_sentence (step);
  g_autofree char *words = patron_text_render (sentence);
  g_assert_null (strchr (words, '{'));
  g_autofree char *saved = patron_report_save (report);
  g_autoptr (PatronReport) loaded = patron_report_load (saved, -1, &error);
  g_assert_no_error (error);
  g_autofree char *after = table_text (table);
  g_assert_cmpstr (before, ==, after);
  patron_step_outcome_free (outcome);
}

/* Whatever the number of threads. */
static void
test_same (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_orders ();
  g_autoptr (PatronStep) step = make_step (data);
  g_autoptr (PatronTable) one = apply (step, table, 1, NULL, NULL);
  g_autoptr (PatronTable) five = apply (step, table, 5, NULL, NULL);
  g_autofree char *a = table_text (one);
  g_autofree char *b = table_text (five);
  g_assert_cmpstr (a, ==, b);
}

/* The step as text and back makes the same table. */
static void
test_recipe (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_orders ();
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  g_ptr_array_add (recipe->prepare, make_step (data));
  g_autofree char *text = patron_recipe_to_text (recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRecipe) read = patron_recipe_from_text (text, -1, &error);
  g_assert_no_error (error);
  g_autoptr (PatronTable) first = apply (recipe->prepare->pdata[0], table, 2, NULL, NULL);
  g_autoptr (PatronTable) second = apply (read->prepare->pdata[0], table, 2, NULL, NULL);
  g_autofree char *a = table_text (first);
  g_autofree char *b = table_text (second);
  g_assert_cmpstr (a, ==, b);
}

/* What a step learns from some rows does not depend on the others. */
static void
test_looks_at_its_rows_only (gconstpointer data)
{
  const PatronOp *op = data;
  if (op->prepare->learn == NULL)
    return;
  g_autoptr (PatronTable) table = make_orders ();
  g_autoptr (PatronStep) step = make_step (op);
  guint32 rows[N_ROWS / 2];
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    rows[i] = 2 * i;
  g_autoptr (PatronTable) half = patron_table_take_rows (table, rows, G_N_ELEMENTS (rows), NULL, NULL);
  g_autoptr (PatronRun) run = patron_run_new (42, 2);
  const PatronPrepareInput some = { .table = table, .rows = rows, .n_rows = G_N_ELEMENTS (rows), .find_table = find_table };
  const PatronPrepareInput alone = { .table = half, .find_table = find_table };
  g_autofree char *a = op->prepare->learn (&some, step->params, run, NULL);
  g_autofree char *b = op->prepare->learn (&alone, step->params, run, NULL);
  g_assert_nonnull (a);
  g_assert_cmpstr (a, ==, b);
}

/* Text that is not what the step wrote is refused, or at least survived. */
static void
test_damaged_learning (gconstpointer data)
{
  const PatronOp *op = data;
  if (op->prepare->learn == NULL)
    return;
  g_autoptr (PatronTable) table = make_orders ();
  g_autoptr (PatronStep) step = make_step (op);
  g_autoptr (PatronRun) run = patron_run_new (42, 2);
  const PatronPrepareInput input = { .table = table, .find_table = find_table };
  g_autofree char *learnt = op->prepare->learn (&input, step->params, run, NULL);
  PatronRandom random;
  patron_random_init (&random, 1, 0);
  gsize length = strlen (learnt);
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *copy = g_strdup (learnt);
      if (i % 3 == 0)
        copy[patron_random_below (&random, length)] = '\0';
      else
        copy[patron_random_below (&random, length)] = "0{}[]\",:ax-"[patron_random_below (&random, 11)];
      g_autoptr (PatronReport) report = patron_report_new (op->id);
      g_autoptr (PatronTable) anything = op->prepare->apply (&input, step->params, copy, run, report, NULL);
    }
}

static void
test_cancelled (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_orders ();
  g_autoptr (PatronStep) step = make_step (data);
  g_autoptr (PatronRun) run = patron_run_new (42, 2);
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  g_ptr_array_add (steps, step);
  patron_run_cancel (run);
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_engine_prepare_table (table, steps, find_table, NULL, run, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

/* A table without rows is no reason to crash: a result or a sentence. */
static void
test_no_rows (gconstpointer data)
{
  g_autoptr (PatronTable) table = make_orders ();
  g_autoptr (PatronTable) empty = patron_table_take_rows (table, NULL, 0, NULL, NULL);
  g_autoptr (PatronStep) step = make_step (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) made = apply (step, empty, 2, NULL, &error);
  g_assert_true ((made != NULL) != (error != NULL));
}

/* A column that is not there is named, with what it could have been. */
static void
test_unknown_column (gconstpointer data)
{
  const PatronOp *op = data;
  g_autoptr (PatronTable) table = make_orders ();
  for (const PatronParam *param = op->params; param->kind != PATRON_PARAM_KIND_END; param++)
    {
      if (param->kind != PATRON_PARAM_KIND_TEXT || (param->holds != PATRON_HOLDS_COLUMN && param->holds != PATRON_HOLDS_COLUMNS))
        continue;
      g_autoptr (PatronStep) step = make_step (op);
      patron_param_parse (param, "spendd", step->params, NULL);
      if (!patron_param_relevant (param, step->params))
        continue;
      g_autoptr (GError) error = NULL;
      g_assert_null (apply (step, table, 2, NULL, &error));
      g_assert_nonnull (strstr (error->message, "spendd"));
    }
}

static void
add (const PatronOp *op, const char *name, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/ops/prepare/%s/%s", op->id, name);
  g_test_add_data_func (path, op, function);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      if ((*op)->kind != PATRON_OP_PREPARE)
        continue;
      add (*op, "declared", test_declared);
      add (*op, "runs", test_runs);
      add (*op, "same", test_same);
      add (*op, "recipe", test_recipe);
      add (*op, "looks-at-its-rows-only", test_looks_at_its_rows_only);
      add (*op, "damaged-learning", test_damaged_learning);
      add (*op, "cancelled", test_cancelled);
      add (*op, "no-rows", test_no_rows);
      add (*op, "unknown-column", test_unknown_column);
    }
  return g_test_run ();
}
