/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: statsmodels 0.13.5 on the rows of make_table () (numpy, the same congruential generator): OLS, conf_int, HC3,
 * variance_inflation_factor, multipletests (fdr_bh), het_breuschpagan, linear_reset (power=3, use_f=True), durbin_watson, cooks_distance. */
#include "base/init.h"
#include "math/longley.h"
#include "ops/registry.h"
#include "project/engine.h"
#include "project/model.h"
#include "table/reader.h"

#include <math.h>
#include <string.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected))

static double
unit (guint64 *s)
{
  *s = (*s * 1103515245 + 12345) & 0x7fffffff;
  return (double) *s / 2147483648.0;
}

/* price and weight nearly repeat each other; noise grows with discount; colour has three levels, red the most frequent. */
static PatronTable *
make_table (void)
{
  static const char *const names[] = { "price", "discount", "colour", "weight", "sales", "missing" };
  PatronColumnBuilder *b[6];
  GPtrArray *columns = g_ptr_array_new ();
  guint64 s = 77;

  for (guint i = 0; i < 6; i++)
    b[i] = patron_column_builder_new (names[i], i == 2 ? PATRON_TYPE_CATEGORY : PATRON_TYPE_NUMBER);
  for (int i = 0; i < 120; i++)
    {
      const char *colour = (const char *[]) { "red", "green", "blue", "red" }[i % 4];
      const double price = 100 + 20 * unit (&s), discount = unit (&s) * 5, weight = price * 0.3 + unit (&s), first = unit (&s);
      const double noise = (first + unit (&s) - 1) * (1 + discount);
      patron_column_builder_append_number (b[0], price);
      patron_column_builder_append_number (b[1], discount);
      patron_column_builder_append_text (b[2], colour);
      patron_column_builder_append_number (b[3], weight);
      patron_column_builder_append_number (b[4], 3 + 0.5 * price - 2 * discount + (*colour == 'g' ? 4 : *colour == 'b' ? -1.5 : 0) + 0.2 * weight + noise);
      patron_column_builder_append_number (b[5], i % 10 == 3 ? (double) NAN : discount);
    }
  for (guint i = 0; i < 6; i++)
    g_ptr_array_add (columns, patron_column_builder_finish (b[i]));
  return patron_table_new_take ("sales", columns);
}

static PatronOutcome *
run_regression (PatronTable *table, const char *target, const char *const *features, const char *const *settings)
{
  const PatronOp *op = patron_ops_find ("linear-regression");
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  g_autoptr (PatronRun) run = patron_run_new (recipe->seed, 2);
  g_autoptr (GError) error = NULL;

  recipe->table = g_strdup (patron_table_get_name (table));
  recipe->run = patron_step_new (op);
  recipe->measure = patron_step_new (patron_ops_find ("none"));
  patron_roles_add (recipe->run->roles, PATRON_ROLE_TARGET, target);
  for (; *features != NULL; features++)
    patron_roles_add (recipe->run->roles, PATRON_ROLE_FEATURE, *features);
  for (; *settings != NULL; settings += 2)
    g_assert_true (patron_param_parse (patron_params_find (op->params, settings[0]), settings[1], recipe->run->params, NULL));
  PatronOutcome *outcome = patron_engine_run (recipe, NULL, table, run, &error);
  g_assert_no_error (error);
  return outcome;
}

static double
figure (const PatronOutcome *outcome, const char *id)
{
  const PatronFigure *found = patron_report_find_figure (outcome->report, id);
  g_assert_nonnull (found);
  return found->value;
}

static double
cell (const PatronOutcome *outcome, const char *table, guint row, guint column)
{
  return patron_report_table_cell (patron_report_find_table (outcome->report, table), row, column)->number;
}

static const char *const features[] = { "price", "discount", "colour", "weight", NULL };

static void
test_coefficients (void)
{
  static const double golden[][6] = {   /* estimate, se, t, p, low, high */
    { 2.9852388036247106, 2.641980743986643, 1.129924512288498, 0.2608798516689215, -2.248504701512032, 8.218982308761454 },
    { 0.5165725997034132, 0.14322945550039864, 3.606608695806816, 0.0004617481505005292, 0.23283615151934067, 0.8003090478874857 },
    { -1.9444859376905967, 0.09934725065318913, -19.572619522996103, 2.984717500714655e-38, -2.1412920760558314, -1.747679799325362 },
    { 3.8703333807321947, 0.3244738436857968, 11.92802888753036, 8.79862198699825e-22, 3.227553195508453, 4.513113565955937 },
    { -0.8978357465119267, 0.31620191133097747, -2.839438075287713, 0.005352905436784396, -1.5242292974517113, -0.271442195572142 },
    { 0.13446016601303867, 0.4663344770885979, 0.2883341734724299, 0.7736145380264403, -0.7893448413621882, 1.0582651733882655 },
  };
  static const double adjusted[] = { 0.0007695802508342153, 1.4923587503573275e-37, 2.199655496749562e-21, 0.0066911317959804945, 0.7736145380264403 };
  static const double beta[] = { 0.575230386168917, -0.5239591657976335, 0.32825244107458124, -0.07614764581877026, 0.04572795421078206 };
  static const double vif[] = { 40.19668205381994, 1.1324045232039968, 1.196694192543938, 1.136456398372027, 39.744398359431635 };
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronOutcome) outcome = run_regression (table, "sales", features, (const char *[]) { NULL });

  for (guint row = 0; row < 6; row++)
    for (guint c = 0; c < 6; c++)
      assert_near (cell (outcome, "coefficients", row, c + 1), golden[row][c], 1e-8);
  for (guint row = 0; row < 5; row++)
    {
      assert_near (cell (outcome, "coefficients", row + 1, 7), adjusted[row], 1e-7);
      assert_near (cell (outcome, "coefficients", row + 1, 8), beta[row], 1e-9);
      assert_near (cell (outcome, "coefficients", row + 1, 9), vif[row], 1e-9);
    }
  g_autofree char *name = patron_cell_render (patron_report_table_cell (patron_report_find_table (outcome->report, "coefficients"), 3, 0));
  g_assert_nonnull (strstr (name, "green"));
}

static void
test_figures (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronOutcome) outcome = run_regression (table, "sales", features, (const char *[]) { NULL });

  assert_near (figure (outcome, "r_squared"), 0.9278559976159133, 1e-12);
  assert_near (figure (outcome, "adjusted_r_squared"), 0.9246917869850323, 1e-12);
  assert_near (figure (outcome, "residual_standard_error"), 1.4069522578740494, 1e-11);
  assert_near (figure (outcome, "f"), 293.23458702797404, 1e-11);
  assert_near (figure (outcome, "aic"), 428.3322556099706, 1e-11);
  assert_near (figure (outcome, "bic"), 445.0572060666629, 1e-11);
  assert_near (figure (outcome, "condition_number"), 12.781749652439489, 1e-9);
  assert_near (cell (outcome, "assumptions", 0, 1), 24.381900532061188, 1e-8);
  assert_near (cell (outcome, "assumptions", 0, 2), 0.0001833282664727948, 1e-7);
  assert_near (cell (outcome, "assumptions", 1, 1), 1.1076694132798046, 1e-6);
  assert_near (cell (outcome, "assumptions", 1, 2), 0.3339189389977709, 1e-6);
  assert_near (cell (outcome, "assumptions", 2, 1), 1.9142751050100173, 1e-10);
  g_assert_cmpfloat (cell (outcome, "influential", 0, 0), ==, 106);
  assert_near (cell (outcome, "influential", 0, 4), 0.09026571323333611, 1e-8);
  assert_near (cell (outcome, "influential", 1, 4), 0.06461034644426927, 1e-8);
}

static void
test_robust (void)
{
  static const double hc3[] = { 2.9513459935789124, 0.1418692650382012, 0.11108748598006732, 0.3331046370214761, 0.3470501547077665, 0.45593123009430137 };
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronOutcome) outcome = run_regression (table, "sales", features, (const char *[]) { "robust", "true", NULL });

  for (guint row = 0; row < 6; row++)
    assert_near (cell (outcome, "coefficients", row, 2), hc3[row], 1e-8);
}

/* NIST's certified values through the whole program. */
static void
test_longley (void)
{
  static const char *const names[] = { "employment", "deflator", "gnp", "unemployed", "forces", "population", "year" };
  GPtrArray *columns = g_ptr_array_new ();
  const char *inputs[7] = { NULL };

  for (guint j = 0; j < 7; j++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (names[j], PATRON_TYPE_NUMBER);
      for (int i = 0; i < 16; i++)
        patron_column_builder_append_number (builder, longley[j][i]);
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
      if (j > 0)
        inputs[j - 1] = names[j];
    }
  g_autoptr (PatronTable) table = patron_table_new_take ("longley", columns);
  g_autoptr (PatronOutcome) outcome = run_regression (table, "employment", inputs, (const char *[]) { NULL });
  for (guint row = 0; row < 7; row++)
    {
      assert_near (cell (outcome, "coefficients", row, 1), longley_coefficients[row][0], 1e-10);
      assert_near (cell (outcome, "coefficients", row, 2), longley_coefficients[row][1], 1e-10);
    }
  assert_near (figure (outcome, "r_squared"), longley_r2, 1e-13);
  assert_near (figure (outcome, "f"), longley_f, 1e-11);
}

/* A column computed from others is left out and named; rows with a missing input are dropped. */
static void
test_aliased (void)
{
  static const char *const twice[] = { "price", "discount", "double", "missing", NULL };
  g_autoptr (PatronTable) plain = make_table ();
  PatronColumnBuilder *builder = patron_column_builder_new ("double", PATRON_TYPE_NUMBER);
  const double *price = patron_column_doubles (patron_table_find (plain, "price"), NULL);

  for (int i = 0; i < 120; i++)
    patron_column_builder_append_number (builder, 2 * price[i] + 7);
  g_autoptr (PatronColumn) column = patron_column_builder_finish (builder);
  g_autoptr (PatronTable) table = patron_table_with_column (plain, column);
  g_autoptr (PatronOutcome) outcome = run_regression (table, "sales", twice, (const char *[]) { NULL });

  g_assert_cmpuint (patron_report_find_table (outcome->report, "coefficients")->rows->len, ==, 3);
  guint named = 0;
  for (guint i = 0; i < outcome->report->notes->len; i++)
    {
      g_autofree char *note = patron_text_render (outcome->report->notes->pdata[i]);
      named += strstr (note, "“double” was left out") != NULL || strstr (note, "“missing” was left out") != NULL;
    }
  g_assert_cmpuint (named, ==, 2);
  g_assert_cmpuint (outcome->report->rows_used, ==, 108);
}

static void
test_boston (void)
{
  static const char *const inputs[] = { "crim", "zn", "indus", "chas", "nox", "rm", "age", "dis", "rad", "tax", "ptratio", "black", "lstat", NULL };
  const char *folder = g_getenv ("PATRON_TEST_DATA");

  if (folder == NULL)
    {
      g_test_skip ("PATRON_TEST_DATA is not set: the regression on Boston's houses was NOT checked");
      return;
    }
  g_autofree char *path = g_build_filename (folder, "general/boston.csv", NULL);
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_autoptr (PatronTable) table = patron_read_file (path, NULL, run, NULL, NULL);
  g_assert_nonnull (table);
  g_autoptr (PatronOutcome) outcome = run_regression (table, "medv", inputs, (const char *[]) { NULL });
  assert_near (figure (outcome, "r_squared"), 0.7406, 1e-4);
  assert_near (cell (outcome, "coefficients", 0, 1), 36.4595, 1e-5);
  assert_near (cell (outcome, "coefficients", 6, 1), 3.8099, 1e-5);
  assert_near (cell (outcome, "coefficients", 13, 1), -0.5248, 1e-4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/ops/linear-regression/coefficients", test_coefficients);
  g_test_add_func ("/ops/linear-regression/figures", test_figures);
  g_test_add_func ("/ops/linear-regression/robust", test_robust);
  g_test_add_func ("/ops/linear-regression/longley", test_longley);
  g_test_add_func ("/ops/linear-regression/aliased", test_aliased);
  g_test_add_func ("/ops/linear-regression/boston", test_boston);
  return g_test_run ();
}
