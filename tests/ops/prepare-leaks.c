/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every step that learns: it learns from the rows it is given and from nothing else, whatever the number of threads; and a model
 * measured behind such steps finds nothing in noise. */
#include "ops/prepare.h"

#include "base/memory.h"
#include "base/random.h"
#include "report/report.h"

enum { N = 360, N_TRAIN = 240 };

/* Columns of the examples that steps carry. shake: the rows that are not learnt from are others. */
static PatronTable *
make_table (gboolean shake)
{
  static const struct { const char *name; PatronType type; } layout[] = {
    { "customer_id", PATRON_TYPE_CATEGORY },
    { "order_date", PATRON_TYPE_DATE },
    { "order_id", PATRON_TYPE_INTEGER },
    { "product", PATRON_TYPE_CATEGORY },
    { "quantity", PATRON_TYPE_INTEGER },
    { "unit_price", PATRON_TYPE_NUMBER },
    { "region", PATRON_TYPE_CATEGORY },
    { "churn", PATRON_TYPE_CATEGORY },
    { "spend", PATRON_TYPE_NUMBER },
    { "x1", PATRON_TYPE_NUMBER },
    { "x2", PATRON_TYPE_NUMBER },
    { "x3", PATRON_TYPE_NUMBER },
    { "member", PATRON_TYPE_BOOLEAN },
  };
  PatronColumnBuilder *b[G_N_ELEMENTS (layout)];
  for (guint i = 0; i < G_N_ELEMENTS (layout); i++)
    b[i] = patron_column_builder_new (layout[i].name, layout[i].type);
  for (int i = 0; i < N; i++)
    {
      PatronRandom random;   /* of the row's own, so that shaken rows do not shift the others */
      gboolean shaken = shake && i % 3 == 2;
      patron_random_init (&random, shaken ? 77 : 3, (guint64) i);
      g_autofree char *customer = g_strdup_printf ("C%02d", (int) patron_random_below (&random, 30));
      g_autofree char *product = g_strdup_printf (shaken ? "Q%02d" : "P%02d", (int) patron_random_below (&random, 12));
      double x1 = patron_random_normal (&random), x2 = exp (patron_random_normal (&random)), x3 = patron_random_normal (&random);
      double far = shaken ? 1000 : 0;
      patron_column_builder_append_text (b[0], customer);
      patron_column_builder_append_number (b[1], 18000 + i * 2);
      patron_column_builder_append_number (b[2], 1000 + i / 2);
      patron_column_builder_append_text (b[3], product);
      patron_column_builder_append_number (b[4], 1 + (double) patron_random_below (&random, 4));
      patron_column_builder_append_number (b[5], 2 + (double) patron_random_below (&random, 12) + far);
      patron_column_builder_append_text (b[6], shaken ? "West" : (const char *[]) { "North", "East", "South" }[patron_random_below (&random, 3)]);
      patron_column_builder_append_text (b[7], x1 + 0.5 * patron_random_normal (&random) > 0 ? "Yes" : "No");
      patron_column_builder_append_number (b[8], 10 + 2 * x1 - x2 + far);
      patron_column_builder_append_number (b[9], x1 + far);
      patron_column_builder_append_number (b[10], patron_random_below (&random, 10) == 0 ? (double) NAN : x2 + far);
      patron_column_builder_append_number (b[11], x3);
      patron_column_builder_append_number (b[12], (double) patron_random_below (&random, 2));
    }
  GPtrArray *columns = g_ptr_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (layout); i++)
    g_ptr_array_add (columns, patron_column_builder_finish (b[i]));
  return patron_table_new_take ("walk", columns);
}

/* The rows that are never shaken. */
static void
train_rows (guint32 *rows)
{
  guint k = 0;
  for (guint32 i = 0; i < N; i++)
    if (i % 3 != 2)
      rows[k++] = i;
  g_assert_cmpuint (k, ==, N_TRAIN);
}

static char *
learn (PatronTable *table, PatronStep *step, int threads)
{
  guint32 rows[N_TRAIN];
  train_rows (rows);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRun) run = patron_run_new (5, threads);
  const PatronPrepareInput input = { .table = table, .rows = rows, .n_rows = N_TRAIN };
  char *learnt = step->op->prepare->learn (&input, step->params, run, &error);
  g_assert_no_error (error);
  return learnt;
}

static void
assert_learns_alike (const PatronOp *op, const char *settings)
{
  g_autoptr (PatronTable) table = make_table (FALSE);
  g_autoptr (PatronTable) shaken = make_table (TRUE);
  PatronStep *step = prepare_step (op->id, settings);
  g_autofree char *one = learn (table, step, 2);
  g_autofree char *other = learn (shaken, step, 1);
  g_test_message ("%s: %s", op->id, settings);
  g_assert_true (g_str_equal (one, other));   /* may be long */
  patron_step_free (step);
}

static void
test_examples (void)
{
  guint found = 0;
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    if ((*op)->kind == PATRON_OP_PREPARE && (*op)->prepare->learn != NULL)
      {
        g_assert_nonnull ((*op)->example);
        assert_learns_alike (*op, (*op)->example);
        found++;
      }
  g_assert_cmpuint (found, >=, 7);
}

static void
test_settings (void)
{
  static const char *const cases[][2] = {
    { "fill", "columns=x2;product\nmethod=mean\ngroups=region;member" },
    { "fill", "columns=x2\nmethod=model\npredictors=x1;x3;member" },
    { "bin", "columns=x1;x2\nmethod=count" },
    { "bin", "columns=x1;x2\nmethod=chi-merge\ntarget=region\nround=no" },
    { "power", "columns=x2;spend\nmethod=log" },
    { "winsorise", "columns=x2;spend\nlimits=mad" },
    { "encode", "columns=product;region" },
    { "encode", "columns=product;region\nmethod=target\ntarget=spend\nrare=0.1" },
    { "select-features", "target=churn\nscore=information" },
    { "select-features", "columns=x1;x2;x3;quantity;member\ntarget=spend\nscore=importance" },
  };
  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    assert_learns_alike (patron_ops_find (cases[k][0]), cases[k][1]);
}

/* ---- with a model ------------------------------------------------------------------------------------------------ */

/* Customers with a code that has many values, and a target that nothing decides. */
static PatronTable *
make_noise (void)
{
  enum { ROWS = 3000 };
  PatronRandom random;
  patron_random_init (&random, 12, 0);
  PatronColumnBuilder *code = patron_column_builder_new ("code", PATRON_TYPE_CATEGORY), *y = patron_column_builder_new ("y", PATRON_TYPE_CATEGORY);
  PatronColumnBuilder *amount = patron_column_builder_new ("amount", PATRON_TYPE_NUMBER);
  for (int i = 0; i < ROWS; i++)
    {
      g_autofree char *name = g_strdup_printf ("v%d", (int) patron_random_below (&random, 600));
      patron_column_builder_append_text (code, name);
      patron_column_builder_append_text (y, patron_random_below (&random, 2) ? "yes" : "no");
      patron_column_builder_append_number (amount, patron_random_below (&random, 6) == 0 ? (double) NAN : exp (patron_random_normal (&random)));
    }
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, patron_column_builder_finish (code));
  g_ptr_array_add (columns, patron_column_builder_finish (y));
  g_ptr_array_add (columns, patron_column_builder_finish (amount));
  return patron_table_new_take ("noise", columns);
}

static double
figure_behind (const char *steps, const char *figure)
{
  g_autofree char *text = g_strdup_printf (
      "[recipe]\nversion=1\nseed=3\n%s\n[run]\nop=random-forest\ntarget=y\nn-estimators=60\n[measure]\nop=cross-validation\n", steps);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRecipe) recipe = patron_recipe_from_text (text, -1, &error);
  g_assert_no_error (error);
  g_autoptr (PatronTable) table = make_noise ();
  g_autoptr (PatronRun) run = patron_run_new (3, 2);
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, &error);
  g_assert_no_error (error);
  return patron_report_find_figure (outcome->report, figure)->value;
}

/* 3,000 rows: chance is 0.5 with a standard error of 0.01. Were the means taken on all rows, the area would be near 0.7. */
static void
test_noise (void)
{
  double auc = figure_behind ("[prepare 1]\nop=fill\ncolumns=amount\nmethod=median\n"
                              "[prepare 2]\nop=encode\ncolumns=code\nmethod=target\ntarget=y\nsmoothing=1\n"
                              "[prepare 3]\nop=scale\ncolumns=amount;code\n", "auc");
  g_test_message ("area %g", auc);
  g_assert_cmpfloat (fabs (auc - 0.5), <, 0.045);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/prepare-leaks/examples", test_examples);
  g_test_add_func ("/prepare-leaks/settings", test_settings);
  g_test_add_func ("/prepare-leaks/noise", test_noise);
  return g_test_run ();
}
