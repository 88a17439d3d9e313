/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values on the rows of make_table (): statsmodels 0.13.5, A = add_constant (price, tenure, plan gold, plan basic): Logit (y, A).fit
 * (method='newton', tol=1e-14), its conf_int, get_margeff, multipletests (fdr_bh), variance_inflation_factor; GLM (…, Binomial ()).fit ().score_test
 * (exog_extra) of squares; the log-likelihood of the intercept alone is Σ n log (n / N). Class weights: GLM with freq_weights N / (2 n), and the
 * sandwich H⁻¹ (Σ gᵢgᵢᵀ) H⁻¹ in numpy. Multinomial: MNLogit. */
#include "base/init.h"
#include "ops/registry.h"
#include "project/engine.h"
#include "project/model.h"
#include "table/reader.h"

#include <math.h>
#include <string.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected))

enum { N = 320 };

static double
unit (guint64 *s)
{
  *s = (*s * 1103515245 + 12345) & 0x7fffffff;
  return (double) *s / 2147483648.0;
}

/* plan: free (half of the rows, the reference), gold, basic. rare: a level that occurs only with churn. twice: price again. count: how much a row
 * counts, 0 now and then. answer: tells all. curved: churn is far from 0 on either side. */
static PatronTable *
make_table (void)
{
  static const char *const names[] = { "price", "tenure", "plan", "churn", "segment", "rare", "twice", "count", "answer", "curved" };
  static const gboolean text[] = { FALSE, FALSE, TRUE, TRUE, TRUE, TRUE, FALSE, FALSE, FALSE, FALSE };
  PatronColumnBuilder *b[G_N_ELEMENTS (names)];
  GPtrArray *columns = g_ptr_array_new ();
  guint64 s = 4711;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    b[i] = patron_column_builder_new (names[i], text[i] ? PATRON_TYPE_CATEGORY : PATRON_TYPE_NUMBER);
  for (int i = 0; i < N; i++)
    {
      const char *plan = (const char *[]) { "free", "gold", "free", "basic" }[i % 4];
      const double price = 10 + 20 * unit (&s), tenure = 60 * unit (&s);
      const double eta = -1 + 0.08 * price - 0.06 * tenure + 0.0006 * tenure * tenure + (*plan == 'g' ? -1.0 : *plan == 'b' ? 0.5 : 0);
      const gboolean churn = unit (&s) < 1 / (1 + exp (-eta));
      const double v = unit (&s) + 0.02 * price;
      patron_column_builder_append_number (b[0], price);
      patron_column_builder_append_number (b[1], tenure);
      patron_column_builder_append_text (b[2], plan);
      patron_column_builder_append_text (b[3], churn ? "Yes" : "No");
      patron_column_builder_append_text (b[4], v < 0.6 ? "small" : v < 1 ? "medium" : "large");
      patron_column_builder_append_text (b[5], i % 16 == 0 && churn ? "odd" : "even");
      patron_column_builder_append_number (b[6], 2 * price + 1);
      patron_column_builder_append_number (b[7], i % 5);
      patron_column_builder_append_number (b[8], churn ? 3 + tenure : -3 - tenure);
      const double h = fmod (i * 0.6180339887, 1);
      patron_column_builder_append_number (b[9], (i % 8 < 4 ? 1 : -1) * (churn ? 0.4 + 0.6 * h : 0.8 * h));
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (columns, patron_column_builder_finish (b[i]));
  return patron_table_new_take ("customers", columns);
}

static PatronRecipe *
make_recipe (const char *target, const char *const *features, const char *const *settings)
{
  const PatronOp *op = patron_ops_find ("logistic-regression");
  PatronRecipe *recipe = patron_recipe_new ();

  recipe->table = g_strdup ("customers");
  recipe->run = patron_step_new (op);
  recipe->measure = patron_step_new (patron_ops_find ("none"));
  patron_roles_add (recipe->run->roles, PATRON_ROLE_TARGET, target);
  for (; *features != NULL; features++)
    patron_roles_add (recipe->run->roles, PATRON_ROLE_FEATURE, *features);
  for (; *settings != NULL; settings += 2)
    g_assert_true (patron_param_parse (patron_params_find (op->params, settings[0]), settings[1], recipe->run->params, NULL));
  return recipe;
}

static PatronOutcome *
run_recipe (PatronRecipe *recipe)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRun) run = patron_run_new (recipe->seed, 2);
  g_autoptr (GError) error = NULL;
  PatronOutcome *outcome = patron_engine_run (recipe, NULL, table, run, &error);
  g_assert_no_error (error);
  return outcome;
}

static PatronOutcome *
run_regression (const char *target, const char *const *features, const char *const *settings)
{
  g_autoptr (PatronRecipe) recipe = make_recipe (target, features, settings);
  return run_recipe (recipe);
}

static double
figure (const PatronOutcome *outcome, const char *id)
{
  const PatronFigure *found = patron_report_find_figure (outcome->report, id);
  g_assert_nonnull (found);
  return found->value;
}

/* The cell of a row by its first texts and of a column by its id. */
static double
cell (const PatronOutcome *outcome, const char *class, const char *term, const char *column)
{
  const PatronReportTable *table = patron_report_find_table (outcome->report, "coefficients");

  for (guint r = 0; r < table->rows->len; r++)
    {
      g_autofree char *first = patron_cell_render (patron_report_table_cell (table, r, 0));
      g_autofree char *second = patron_cell_render (patron_report_table_cell (table, r, 1));
      if (class == NULL ? strcmp (first, term) != 0 : strcmp (first, class) != 0 || strcmp (second, term) != 0)
        continue;
      for (guint c = 0; c < table->columns->len; c++)
        if (strcmp (g_array_index (table->columns, PatronReportColumn, c).id, column) == 0)
          return patron_report_table_cell (table, r, c)->number;
    }
  g_test_message ("no %s of %s", column, term);
  g_assert_not_reached ();
}

static gboolean
has_column (const PatronOutcome *outcome, const char *column)
{
  const PatronReportTable *table = patron_report_find_table (outcome->report, "coefficients");

  for (guint c = 0; c < table->columns->len; c++)
    if (strcmp (g_array_index (table->columns, PatronReportColumn, c).id, column) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_note (const PatronOutcome *outcome, const char *part, const char *other)
{
  for (guint i = 0; i < outcome->report->notes->len; i++)
    {
      g_autofree char *text = patron_text_render (outcome->report->notes->pdata[i]);
      if (strstr (text, part) != NULL && strstr (text, other) != NULL)
        return TRUE;
    }
  return FALSE;
}

static const char *const none[] = { NULL };
static const char *const features[] = { "price", "tenure", "plan", NULL };
static const char *const terms[] = { "(Intercept)", "price", "tenure", "plan: gold", "plan: basic" };

static void
assert_terms (const PatronOutcome *outcome, const char *class, const char *column, const double *golden, guint first)
{
  for (guint i = first; i < G_N_ELEMENTS (terms); i++)
    assert_near (cell (outcome, class, terms[i], column), golden[i - first], 1e-7);
}

static void
test_coefficients (void)
{
  static const double estimate[] = { -0.9506325211596525, 0.06398816733412122, -0.02534009560666681, -1.2224852487056554, 0.43102595819463096 };
  static const double se[] = { 0.5091172129756394, 0.022243935028523544, 0.00726648363070405, 0.3455830177743515, 0.28632649727478726 };
  static const double z[] = { -1.8672174048162442, 2.876656816883738, -3.487256958729515, -3.5374575306934712, 1.505365246657475 };
  static const double p[] = { 0.061871234033008184, 0.004019124375910734, 0.0004880022429223928, 0.0004039991520476197, 0.13223019891394688 };
  static const double low[] = { 0.1424899336955891, 1.0206001695788605, 0.9611909967727462, 0.14959621460385725, 0.8779517298207414 };
  static const double high[] = { 1.048351447324597, 1.1135860447489698, 0.988963306766294, 0.5797519263079346, 2.697203729675716 };
  static const double effect[] = { 0.013097940668524303, -0.005186944440177312, -0.25023437805437143, 0.08822806875446587 };
  static const double adjusted[] = { 0.005358832501214311, 0.0009760044858447856, 0.0009760044858447856, 0.13223019891394688 };
  static const double vif[] = { 1.0072211404147764, 1.0019204268187807, 1.1289988321268511, 1.1287790602449537 };
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", features, none);

  assert_terms (outcome, NULL, "estimate", estimate, 0);
  assert_terms (outcome, NULL, "se", se, 0);
  assert_terms (outcome, NULL, "z", z, 0);
  assert_terms (outcome, NULL, "p", p, 0);
  assert_terms (outcome, NULL, "low", low, 0);
  assert_terms (outcome, NULL, "high", high, 0);
  assert_terms (outcome, NULL, "effect", effect, 1);
  assert_terms (outcome, NULL, "p_adjusted", adjusted, 1);
  assert_terms (outcome, NULL, "vif", vif, 1);
  assert_near (cell (outcome, NULL, "price", "step_ratio"), 1.4374797222354607, 1e-8);
  assert_near (cell (outcome, NULL, "tenure", "step_ratio"), 0.6445257517183801, 1e-8);
  assert_near (cell (outcome, NULL, "plan: gold", "odds_ratio"), exp (-1.2224852487056554), 1e-8);
  g_assert_cmpfloat (cell (outcome, NULL, "plan: free (reference)", "odds_ratio"), ==, 1);
  g_assert_nonnull (patron_report_find_chart (outcome->report, "odds-ratios"));
}

static void
test_figures (void)
{
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", features, none);

  assert_near (figure (outcome, "deviance"), 380.43852321459576, 1e-11);
  assert_near (figure (outcome, "null_deviance"), 424.40880503325496, 1e-12);
  assert_near (figure (outcome, "lr_chi_squared"), 43.9702818186592, 1e-10);
  g_assert_cmpfloat (figure (outcome, "lr_df"), ==, 4);
  assert_near (figure (outcome, "lr_p"), 6.507614073963148e-09, 1e-8);
  assert_near (figure (outcome, "mcfadden_r_squared"), 0.10360360411281733, 1e-10);
  assert_near (figure (outcome, "nagelkerke_r_squared"), 0.17478331764013583, 1e-10);
  assert_near (figure (outcome, "aic"), 390.43852321459576, 1e-11);
  assert_near (figure (outcome, "bic"), 409.2801281935646, 1e-11);
}

static void
test_curves (void)
{
  g_autoptr (PatronOutcome) straight = run_regression ("churn", features, none);
  g_autoptr (PatronOutcome) bent = run_regression ("churn", (const char *[]) { "price", "curved", NULL }, none);

  g_assert_false (has_note (straight, "straight line", ""));
  g_assert_true (has_note (bent, "straight line", "curved"));
  g_assert_false (has_note (bent, "straight line", "price"));
}

static void
test_multinomial (void)
{
  static const double large[] = { 1.2323305955641257, -0.07210128770931779, -0.010259682039703849, -0.20790726495443984, 0.13770067339212105 };
  static const double other[] = { -0.6625812922761437, 0.035659054681192126, -0.004795970263704007, -0.14229338114227497, 0.337031181826792 };
  static const double se[] = { 0.6057493385241055, 0.02708625584428875, 0.008578007811004628, 0.35650622746721033, 0.369033389644026 };
  static const double p[] = { 0.23609072641351148, 0.12574863583387483, 0.5201294071392099, 0.6545128902275463, 0.2903486787217535 };
  g_autoptr (PatronOutcome) outcome = run_regression ("segment", features, none);

  assert_terms (outcome, "small", "estimate", large, 0);
  assert_terms (outcome, "small", "se", se, 0);
  assert_terms (outcome, "large", "estimate", other, 0);
  assert_terms (outcome, "large", "p", p, 0);
  assert_near (figure (outcome, "deviance"), 670.7511942883466, 1e-11);
  g_assert_cmpfloat (figure (outcome, "lr_df"), ==, 8);
}

/* Odds of staying: every sign turns. A class that does not exist is refused with the names of those that do. */
static void
test_reference (void)
{
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", features, (const char *[]) { "reference", "Yes", NULL });
  g_autoptr (PatronRecipe) wrong = make_recipe ("churn", features, (const char *[]) { "reference", "Maybe", NULL });
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_autoptr (GError) error = NULL;

  assert_near (cell (outcome, NULL, "price", "estimate"), -0.06398816733412122, 1e-7);
  assert_near (cell (outcome, NULL, "(Intercept)", "estimate"), 0.9506325211596525, 1e-7);
  g_assert_null (patron_engine_run (wrong, NULL, table, run, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_assert_nonnull (strstr (error->message, "Yes"));
}

static void
test_balanced (void)
{
  static const double estimate[] = { -0.42963893032209716, 0.06255049307019311, -0.0250414150289862, -1.223761442365992, 0.42179483136776963 };
  static const double se[] = { 0.49633488557102967, 0.022171271014965188, 0.007295627888225056, 0.3460301694142152, 0.2855081497373745 };
  static const double hc0[] = { 0.4918602250145927, 0.02189371365155077, 0.007371436192073032, 0.3454647812285197, 0.28406756117449056 };
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", features, (const char *[]) { "class-weight", "balanced", NULL });
  g_autoptr (PatronOutcome) robust = run_regression ("churn", features, (const char *[]) { "robust", "true", NULL });

  assert_terms (outcome, NULL, "estimate", estimate, 0);
  assert_terms (outcome, NULL, "se", se, 0);
  g_assert_null (patron_report_find_figure (outcome->report, "aic"));
  g_assert_null (patron_report_find_figure (outcome->report, "lr_p"));
  assert_terms (robust, NULL, "se", hc0, 0);
}

/* Rows of weight 0 might as well not be there. */
static void
test_weights (void)
{
  static const double estimate[] = { -0.8104959887588199, 0.05070300736769803, -0.022438240220199617, -1.4475557702272948, 0.7295099215544325 };
  static const double se[] = { 0.3634359870934736, 0.015699038469154013, 0.0050891760729579036, 0.26155393091776485, 0.20312528737353988 };
  g_autoptr (PatronRecipe) recipe = make_recipe ("churn", features, none);

  patron_roles_add (recipe->run->roles, PATRON_ROLE_WEIGHT, "count");
  g_autoptr (PatronOutcome) outcome = run_recipe (recipe);
  assert_terms (outcome, NULL, "estimate", estimate, 0);
  assert_terms (outcome, NULL, "se", se, 0);
  assert_near (figure (outcome, "deviance"), 743.3943633962153, 1e-11);
}

/* scikit-learn 1.2.1: LogisticRegression (C=1/5, solver='newton-cholesky', tol=1e-14) on StandardScaler, in the units of the columns. */
static void
test_penalised (void)
{
  static const double estimate[] = { -0.9239609187647342, 0.05888257700687202, -0.023199789402270313, -1.1044344909410193, 0.4289950450769235 };
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", features, (const char *[]) { "penalty", "5", NULL });

  assert_terms (outcome, NULL, "estimate", estimate, 0);
  g_assert_false (has_column (outcome, "se") || has_column (outcome, "p") || has_column (outcome, "low"));
  g_assert_null (patron_report_find_figure (outcome->report, "lr_p"));
  g_assert_true (has_note (outcome, "penalty of 5", "left out"));
}

static void
test_aliased (void)
{
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", (const char *[]) { "price", "tenure", "plan", "twice", NULL }, none);

  assert_near (cell (outcome, NULL, "price", "estimate"), 0.06398816733412122, 1e-7);
  g_assert_true (has_note (outcome, "twice", "left out"));
}

/* A level that occurs with one class only: automatic penalises it alone and says why, so the others keep their errors; without a penalty the
 * endless coefficient is not shown. */
static void
test_separation (void)
{
  const char *const wide[] = { "price", "tenure", "rare", NULL };
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", wide, none);
  g_autoptr (PatronOutcome) never = run_regression ("churn", wide, (const char *[]) { "penalty", "0", NULL });

  g_assert_true (has_note (outcome, "rare: odd", "separates"));
  g_assert_cmpfloat (figure (outcome, "penalty"), ==, 1);
  g_assert_cmpfloat (fabs (cell (outcome, NULL, "rare: odd", "estimate")), <, 6);
  g_assert_true (isnan (cell (outcome, NULL, "rare: odd", "se")));
  assert_near (cell (outcome, NULL, "price", "estimate"), cell (never, NULL, "price", "estimate"), 0.02);
  assert_near (cell (outcome, NULL, "price", "se"), cell (never, NULL, "price", "se"), 0.02);
  g_assert_true (isnan (cell (never, NULL, "rare: odd", "estimate")));
  g_assert_true (isfinite (cell (never, NULL, "price", "se")));
}

/* An input that gives the answer away. */
static void
test_answer (void)
{
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", (const char *[]) { "price", "answer", NULL }, none);

  g_assert_true (has_note (outcome, "without error", "answer"));
}

static void
test_iterations (void)
{
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", features, (const char *[]) { "max-iterations", "1", NULL });

  g_assert_true (has_note (outcome, "iterations ended", ""));
}

/* Every way of measuring, with probabilities that rank better than chance. */
static void
test_measures (void)
{
  static const char *const measures[] = { "holdout", "cross-validation" };

  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    {
      g_autoptr (PatronRecipe) recipe = make_recipe ("churn", features, none);
      patron_step_free (recipe->measure);
      recipe->measure = patron_step_new (patron_ops_find (measures[i]));
      g_autoptr (PatronOutcome) outcome = run_recipe (recipe);
      g_assert_cmpfloat (figure (outcome, "auc"), >, 0.55);
    }
}

/* A model that was kept scores as the coefficients say. */
static void
test_scores (void)
{
  g_autoptr (PatronOutcome) outcome = run_regression ("churn", features, none);
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) scored = patron_engine_score (outcome->model, NULL, table, run, NULL, &error);

  g_assert_no_error (error);
  PatronColumn *yes = patron_table_find (scored, "probability Yes");
  g_assert_nonnull (yes);
  double price, tenure, p;
  g_assert_true (patron_column_read_doubles (patron_table_find (table, "price"), 1, 1, &price, NULL));
  g_assert_true (patron_column_read_doubles (patron_table_find (table, "tenure"), 1, 1, &tenure, NULL));
  g_assert_true (patron_column_read_doubles (yes, 1, 1, &p, NULL));
  const double eta = -0.9506325211596525 + 0.06398816733412122 * price - 0.02534009560666681 * tenure - 1.2224852487056554;
  assert_near (p, 1 / (1 + exp (-eta)), 1e-8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/ops/logistic-regression/coefficients", test_coefficients);
  g_test_add_func ("/ops/logistic-regression/figures", test_figures);
  g_test_add_func ("/ops/logistic-regression/curves", test_curves);
  g_test_add_func ("/ops/logistic-regression/multinomial", test_multinomial);
  g_test_add_func ("/ops/logistic-regression/reference", test_reference);
  g_test_add_func ("/ops/logistic-regression/balanced", test_balanced);
  g_test_add_func ("/ops/logistic-regression/weights", test_weights);
  g_test_add_func ("/ops/logistic-regression/penalised", test_penalised);
  g_test_add_func ("/ops/logistic-regression/aliased", test_aliased);
  g_test_add_func ("/ops/logistic-regression/separation", test_separation);
  g_test_add_func ("/ops/logistic-regression/answer", test_answer);
  g_test_add_func ("/ops/logistic-regression/iterations", test_iterations);
  g_test_add_func ("/ops/logistic-regression/measures", test_measures);
  g_test_add_func ("/ops/logistic-regression/scores", test_scores);
  return g_test_run ();
}
