/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scikit-learn 1.2.1 on the rows of make_table () (numpy, the same congruential generator): KMeans (3, n_init=30) after
 * StandardScaler, RobustScaler or MinMaxScaler, and after np.log of spend and np.log1p of orders where it says so; silhouette_score,
 * calinski_harabasz_score, davies_bouldin_score; scipy.stats.t.interval and f_oneway for the largest group. */
#include "base/init.h"
#include "ops/registry.h"
#include "project/engine.h"
#include "table/reader.h"

#include <math.h>
#include <string.h>

#define assert_near(found, expected, tolerance) g_assert_cmpfloat (fabs ((found) - (expected)), <=, (tolerance) * fabs (expected))

#define N 300

static double
unit (guint64 *s)
{
  *s = (*s * 1103515245 + 12345) & 0x7fffffff;
  return (double) *s / 2147483648.0;
}

/* Three kinds of customers: spend is skewed and positive, orders are skewed and have zeros, age is neither. */
static PatronTable *
make_table (void)
{
  PatronColumnBuilder *spend = patron_column_builder_new ("spend", PATRON_TYPE_NUMBER);
  PatronColumnBuilder *orders = patron_column_builder_new ("orders", PATRON_TYPE_INTEGER);
  PatronColumnBuilder *age = patron_column_builder_new ("age", PATRON_TYPE_NUMBER);
  PatronColumnBuilder *kind = patron_column_builder_new ("kind", PATRON_TYPE_CATEGORY);
  GPtrArray *columns = g_ptr_array_new ();
  guint64 s = 2024;

  for (int i = 0; i < N; i++)
    {
      const int c = i % 3;
      const double a = unit (&s), b = unit (&s), d = unit (&s), e = unit (&s), f = unit (&s), g = unit (&s);
      patron_column_builder_append_number (spend, exp (2 * c + a + b));
      patron_column_builder_append_number (orders, floor (exp (3 * d * (c == 1 ? 2 : 1)) - 1));
      patron_column_builder_append_number (age, 20 + c * 10 + 8 * (e + f + g));
      patron_column_builder_append_text (kind, (const char *[]) { "new", "loyal", "lost" }[c]);
    }
  g_ptr_array_add (columns, patron_column_builder_finish (spend));
  g_ptr_array_add (columns, patron_column_builder_finish (orders));
  g_ptr_array_add (columns, patron_column_builder_finish (age));
  g_ptr_array_add (columns, patron_column_builder_finish (kind));
  return patron_table_new_take ("customers", columns);
}

/* settings: alternating parameter and value, ending with NULL. */
static PatronOutcome *
run_kmeans (PatronTable *table, const char *const *features, const char *const *settings)
{
  const PatronOp *op = patron_ops_find ("kmeans");
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  g_autoptr (PatronRun) run = patron_run_new (recipe->seed, 2);
  g_autoptr (GError) error = NULL;

  recipe->table = g_strdup (patron_table_get_name (table));
  recipe->run = patron_step_new (op);
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

static const char *const numbers[] = { "spend", "orders", "age", NULL };

static void
test_scales (void)
{
  static const struct { const char *scale, *logs; double inertia, silhouette, calinski, davies; } golden[] = {
    { "none", "automatic", 670300.9966905339, 0.688950071939067, 589.5030082168593, 0.4800874609322261 },
    { "standard", "automatic", 235.2177129097137, 0.5109011874099323, 419.69700500744375, 0.68784945908253 },
    { "standard", "never", 226.86417053475827, 0.6088431747231281, 440.6190296156669, 0.6023141762221136 },
    { "robust", "never", 709.3400652325527, 0.7932763983853397, 1409.8090042543213, 0.37611986766634536 },
    { "minmax", "never", 10.090691105775425, 0.5959173306842499, 421.31415506876886, 0.6464771888545721 },
  };
  g_autoptr (PatronTable) table = make_table ();

  for (gsize i = 0; i < G_N_ELEMENTS (golden); i++)
    {
      g_autoptr (PatronOutcome) outcome = run_kmeans (table, numbers, (const char *[]) { "n-clusters", "3", "scale", golden[i].scale, "log-skewed",
                                                                                           golden[i].logs, NULL });
      assert_near (figure (outcome, "inertia"), golden[i].inertia, 1e-9);
      assert_near (figure (outcome, "silhouette"), golden[i].silhouette, 1e-9);
      assert_near (figure (outcome, "calinski_harabasz"), golden[i].calinski, 1e-9);
      assert_near (figure (outcome, "davies_bouldin"), golden[i].davies, 1e-9);
    }
}

/* The number of groups with the highest silhouette (0.5109; the next is 0.4549), said with its reason. */
static void
test_automatic (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronOutcome) outcome = run_kmeans (table, numbers, (const char *[]) { NULL });

  g_assert_cmpfloat (figure (outcome, "n_clusters"), ==, 3);
  g_assert_nonnull (patron_report_find_chart (outcome->report, "choice"));
  gboolean said = FALSE;
  for (guint i = 0; i < outcome->report->blocks->len; i++)
    {
      const PatronBlock *block = outcome->report->blocks->pdata[i];
      g_autofree char *text = block->kind == PATRON_BLOCK_TEXT ? patron_text_render (block->text) : g_strdup ("");
      said |= strstr (text, "3 groups were taken") != NULL && strstr (text, "0.5109") != NULL;
    }
  g_assert_true (said);
  g_assert_cmpuint (outcome->report->notes->len, >=, 2);   /* two columns by their logarithm */
}

static void
test_profile (void)
{
  static const double centres[][3] = {   /* mean, low, high of the largest group */
    { 5.514517347825836, 4.369478960849918, 6.659555734801755 },
    { 4.3418803418803416, 3.4696116445764655, 5.214149039184218 },
    { 32.928966152330496, 32.0663640153188, 33.791568289342194 },
  };
  static const double f[] = { 728.4744627221074, 241.6024120812247, 485.9592334137144 };   /* spend, orders, age */
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronOutcome) outcome = run_kmeans (table, numbers, (const char *[]) { "n-clusters", "3", NULL });

  g_assert_cmpfloat (cell (outcome, "groups", 0, 2), ==, 117);
  g_assert_cmpfloat (cell (outcome, "groups", 1, 2), ==, 114);
  g_assert_cmpfloat (cell (outcome, "groups", 2, 2), ==, 69);
  for (guint row = 0; row < 3; row++)
    {
      /* Inputs in falling order of the share of variance: spend, age, orders. */
      const guint input = (guint[]) { 0, 2, 1 }[row];
      for (guint c = 0; c < 3; c++)
        assert_near (cell (outcome, "centres", row, c + 2), centres[input][c], 1e-9);
      assert_near (cell (outcome, "inputs", row, 2), f[input], 1e-8);
      g_assert_cmpfloat (cell (outcome, "groups", row, 5), >, 0.75);
      g_assert_cmpfloat (cell (outcome, "groups", row, 5), <=, 1);
    }
  static const char *const charts[] = { "profile", "map", "silhouette", "choice", "elbow" };
  for (gsize i = 0; i < G_N_ELEMENTS (charts); i++)
    g_assert_nonnull (patron_report_find_chart (outcome->report, charts[i]));
}

/* Labels are given row by row, from 1, and a category takes part. */
static void
test_labels (void)
{
  static const char *const features[] = { "age", "kind", NULL };
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronOutcome) outcome = run_kmeans (table, features, (const char *[]) { "n-clusters", "3", "scale", "minmax", NULL });
  PatronColumn *group = patron_table_find (outcome->result, "group");
  gint64 first[3] = { 0 };

  g_assert_nonnull (group);
  const gint64 *labels = patron_column_int64s (group, NULL);
  for (int i = 0; i < N; i++)
    {
      g_assert_true (labels[i] >= 1 && labels[i] <= 3);
      if (i < 3)
        first[i] = labels[i];
      g_assert_cmpint (labels[i], ==, first[i % 3]);   /* the category is worth more than the range of age */
    }
  g_assert_cmpint (first[0] + first[1] + first[2], ==, 6);
}

static void
test_too_few_rows (void)
{
  g_autoptr (PatronTable) all = make_table ();
  const guint32 rows[] = { 0, 1, 2 };
  g_autoptr (PatronTable) table = patron_table_take_rows (all, rows, 3, NULL, NULL);
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  const PatronOp *op = patron_ops_find ("kmeans");

  recipe->table = g_strdup ("customers");
  recipe->run = patron_step_new (op);
  patron_roles_add (recipe->run->roles, PATRON_ROLE_FEATURE, "age");
  g_assert_true (patron_param_parse (patron_params_find (op->params, "n-clusters"), "4", recipe->run->params, NULL));
  g_autofree char *reason = patron_engine_check (recipe, table);
  g_assert_nonnull (reason);
  g_assert_nonnull (strstr (reason, "4 groups cannot be made of 3 rows"));
}

/* Published results on real files, where they are at hand. */
static void
test_real (void)
{
  static const struct { const char *file, *features[7], *k, *scale; double inertia; } golden[] = {
    { "general/iris.csv", { "Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width" }, "3", "none", 78.851441 },
    { "general/Mall_Customers.csv", { "Annual Income (k$)", "Spending Score (1-100)" }, "5", "none", 44448.4554 },
    { "general/wholesale_customers.csv", { "Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen" }, "2", "standard", 1847.9797 },
  };
  const char *folder = g_getenv ("PATRON_TEST_DATA");

  if (folder == NULL)
    {
      g_test_skip ("PATRON_TEST_DATA is not set: the results on iris, mall and wholesale customers were NOT checked");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (golden); i++)
    {
      g_autofree char *path = g_build_filename (folder, golden[i].file, NULL);
      g_autoptr (PatronRun) run = patron_run_new (1, 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (PatronTable) table = patron_read_file (path, NULL, run, NULL, &error);
      g_assert_no_error (error);
      g_autoptr (PatronOutcome) outcome = run_kmeans (table, golden[i].features, (const char *[]) { "n-clusters", golden[i].k, "scale", golden[i].scale, NULL });
      assert_near (figure (outcome, "inertia"), golden[i].inertia, 1e-7);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/ops/kmeans/scales", test_scales);
  g_test_add_func ("/ops/kmeans/automatic", test_automatic);
  g_test_add_func ("/ops/kmeans/profile", test_profile);
  g_test_add_func ("/ops/kmeans/labels", test_labels);
  g_test_add_func ("/ops/kmeans/too-few-rows", test_too_few_rows);
  g_test_add_func ("/ops/kmeans/real", test_real);
  return g_test_run ();
}
