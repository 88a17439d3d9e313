/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/setup-form.h"

#include <glib/gi18n-lib.h>

#include "app/columns-row.h"
#include "app/questions.h"
#include "app/role-row.h"
#include "fixture.h"
#include "ops/registry.h"

static PatronSetupForm *
new_form (const PatronOp *op)
{
  g_autoptr (PatronTable) table = fixture_table ();
  return PATRON_SETUP_FORM (g_object_ref_sink (patron_setup_form_new (op, table, NULL, NULL)));
}

static PatronParamRow *
row_of (PatronSetupForm *form, const char *name)
{
  PatronParamRow *row = patron_param_block_find (patron_setup_form_get_params (form), name);
  g_assert_nonnull (row);
  return row;
}

static char *
value_of (PatronSetupForm *form, const char *name)
{
  g_autoptr (PatronRecipe) recipe = patron_setup_form_dup_recipe (form);
  return patron_param_to_text (patron_params_find (recipe->run->op->params, name), recipe->run->params);
}

static void
assert_value (PatronSetupForm *form, const char *name, const char *expected)
{
  g_autofree char *value = value_of (form, name);
  g_assert_cmpstr (value, ==, expected);
}

/* What the form writes can be read again: no role that the operation does not know. */
static void
check_readable (const PatronOp *op)
{
  g_autoptr (PatronTable) table = fixture_table ();
  g_autoptr (PatronRoles) given = patron_roles_new ();
  patron_roles_add (given, PATRON_ROLE_CUSTOMER, "customer");
  patron_roles_add (given, PATRON_ROLE_ITEM, "product");
  patron_roles_add (given, PATRON_ROLE_IGNORE, "comment");
  g_autoptr (GtkWidget) form = g_object_ref_sink (patron_setup_form_new (op, table, given, NULL));
  g_autoptr (PatronRecipe) recipe = patron_setup_form_dup_recipe (PATRON_SETUP_FORM (form));
  g_autofree char *text = patron_recipe_to_text (recipe);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRecipe) read = patron_recipe_from_text (text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (patron_recipe_equal (recipe, read));
}

/* ---- every operation ----------------------------------------------------------------------------------------- */

static void
check_op (const PatronOp *op)
{
  g_autoptr (PatronSetupForm) form = new_form (op);
  for (const PatronParam *param = op->params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    {
      PatronParamRow *row = row_of (form, param->field);
      g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, _(param->label));
      g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (patron_param_row_get_control (row)), GTK_ACCESSIBLE_RELATION_LABELLED_BY));
      g_assert_null (patron_param_row_get_problem (row));
    }
  for (const PatronRoleSpec *spec = op->roles; spec != NULL && spec->role != PATRON_N_ROLES; spec++)
    g_assert_nonnull (patron_roles_block_find (patron_setup_form_get_roles (form), spec->role));
  /* Untouched, it says what the declaration says. */
  g_autoptr (PatronRecipe) recipe = patron_setup_form_dup_recipe (form);
  g_autofree gpointer defaults = patron_op_new_params (op);
  g_assert_true (patron_params_equal (op->params, recipe->run->params, defaults));
}

static void
test_registry (void)
{
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    if ((*op)->kind == PATRON_OP_MODEL || (*op)->kind == PATRON_OP_ANALYSIS)
      {
        check_op (*op);
        check_readable (*op);
      }
  check_op (fixture_op ());
}

/* ---- parameters ---------------------------------------------------------------------------------------------- */

static void
count_changes (int *n)
{
  (*n)++;
}

static void
test_edit (void)
{
  g_autoptr (PatronSetupForm) form = new_form (fixture_op ());
  int n_changes = 0;
  g_signal_connect_swapped (form, "changed", G_CALLBACK (count_changes), &n_changes);
  patron_param_row_enter (row_of (form, "n_trees"), "250");
  g_assert_cmpint (n_changes, >=, 1);
  patron_param_row_enter (row_of (form, "share"), "0.75");
  patron_param_row_enter (row_of (form, "restart"), "false");
  patron_param_row_enter (row_of (form, "scale"), "none");
  patron_param_row_enter (row_of (form, "prefix"), "组");
  assert_value (form, "n_trees", "250");
  assert_value (form, "share", "0.75");
  assert_value (form, "restart", "false");
  assert_value (form, "scale", "none");
  assert_value (form, "prefix", "组");
}

static void
test_refused (void)
{
  g_autoptr (PatronSetupForm) form = new_form (fixture_op ());
  PatronParamRow *row = row_of (form, "n_trees");
  const char *const wrong[] = { "0", "10001", "ten", "", "1.5" };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      patron_param_row_enter (row, wrong[i]);
      g_assert_nonnull (patron_param_row_get_problem (row));
      g_assert_true (patron_setup_form_first_problem (form) == row);
      g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, patron_param_row_get_problem (row));
      g_assert_true (gtk_widget_has_css_class (patron_param_row_get_control (row), "error"));
      assert_value (form, "n_trees", "100");
    }
  patron_param_row_enter (row, "10000");
  g_assert_null (patron_param_row_get_problem (row));
  g_assert_null (patron_setup_form_first_problem (form));
}

static void
test_automatic (void)
{
  g_autoptr (PatronSetupForm) form = new_form (fixture_op ());
  PatronParamRow *row = row_of (form, "depth");
  assert_value (form, "depth", "auto");
  g_assert_false (gtk_widget_get_sensitive (patron_param_row_get_control (row)));
  patron_param_row_enter (row, "12");
  assert_value (form, "depth", "12");
  g_assert_true (gtk_widget_get_sensitive (patron_param_row_get_control (row)));
  patron_param_row_enter (row, "auto");
  assert_value (form, "depth", "auto");
}

static void
test_relevant (void)
{
  g_autoptr (PatronSetupForm) form = new_form (fixture_op ());
  GtkWidget *tolerance = GTK_WIDGET (row_of (form, "tolerance"));
  g_assert_true (gtk_widget_get_visible (tolerance));
  patron_param_row_enter (row_of (form, "restart"), "false");
  g_assert_false (gtk_widget_get_visible (tolerance));
  patron_param_row_enter (row_of (form, "restart"), "true");
  g_assert_true (gtk_widget_get_visible (tolerance));
}

/* ---- roles --------------------------------------------------------------------------------------------------- */

static gboolean
is_feature (PatronSetupForm *form, const char *column)
{
  g_autoptr (PatronRecipe) recipe = patron_setup_form_dup_recipe (form);
  return g_strv_contains (patron_roles_get (recipe->run->roles, PATRON_ROLE_FEATURE), column);
}

static void
test_roles (void)
{
  g_autoptr (PatronSetupForm) form = new_form (fixture_op ());
  PatronRolesBlock *roles = patron_setup_form_get_roles (form);
  PatronRoleRow *target = PATRON_ROLE_ROW (patron_roles_block_find (roles, PATRON_ROLE_TARGET));
  PatronColumnsRow *features = PATRON_COLUMNS_ROW (patron_roles_block_find (roles, PATRON_ROLE_FEATURE));
  g_assert_cmpstr (patron_role_row_get_column (target), ==, "target");
  g_assert_true (patron_role_row_get_guessed (target));
  g_assert_true (is_feature (form, "visits"));
  g_assert_false (is_feature (form, "target"));
  g_assert_false (is_feature (form, "comment"));   /* texts are not accepted */

  patron_columns_row_choose_all (features, FALSE);
  g_assert_false (is_feature (form, "visits"));
  patron_columns_row_choose_all (features, TRUE);
  g_assert_true (is_feature (form, "visits"));
  g_assert_false (is_feature (form, "target"));
}

/* ---- recipes ------------------------------------------------------------------------------------------------- */

static void
test_recipe (void)
{
  g_autoptr (PatronSetupForm) form = new_form (fixture_op ());
  patron_param_row_enter (row_of (form, "n_trees"), "33");
  g_autoptr (PatronRecipe) recipe = patron_setup_form_dup_recipe (form);
  g_free (recipe->filter);
  recipe->filter = g_strdup ("spend > 3");
  recipe->seed = 7;
  g_assert_nonnull (recipe->measure);
  g_assert_cmpstr (recipe->measure->op->id, ==, "holdout");
  g_assert_cmpstr (recipe->table, ==, "orders");

  g_autoptr (PatronSetupForm) again = new_form (fixture_op ());
  patron_setup_form_set_recipe (again, recipe);
  g_autoptr (PatronRecipe) copy = patron_setup_form_dup_recipe (again);
  g_assert_true (patron_recipe_equal (recipe, copy));
}

static void
test_measure (void)
{
  g_autoptr (PatronSetupForm) form = new_form (fixture_op ());
  g_autoptr (PatronRecipe) recipe = patron_setup_form_dup_recipe (form);
  patron_step_free (recipe->measure);
  recipe->measure = patron_step_new (patron_ops_find ("cross-validation"));
  g_assert_true (patron_param_parse (patron_params_find (recipe->measure->op->params, "folds"), "7", recipe->measure->params, NULL));
  patron_setup_form_set_recipe (form, recipe);
  g_autoptr (PatronRecipe) copy = patron_setup_form_dup_recipe (form);
  g_assert_cmpstr (copy->measure->op->id, ==, "cross-validation");
  g_assert_true (patron_params_equal (copy->measure->op->params, recipe->measure->params, copy->measure->params));
}

/* The date by which to split comes from the measure's own row, and is no feature then. */
static void
test_time_split (void)
{
  g_autoptr (PatronSetupForm) form = new_form (fixture_op ());
  g_autoptr (PatronRecipe) recipe = patron_setup_form_dup_recipe (form);
  patron_step_free (recipe->measure);
  recipe->measure = patron_step_new (patron_ops_find ("time-split"));
  patron_setup_form_set_recipe (form, recipe);
  g_autoptr (PatronRecipe) copy = patron_setup_form_dup_recipe (form);
  g_assert_cmpstr (patron_roles_first (copy->measure->roles, PATRON_ROLE_DATE), ==, "date");
  g_assert_cmpint (patron_roles_of (copy->run->roles, "date"), ==, PATRON_N_ROLES);
}

/* Whoever asks one question can choose among all that answer it; what others are measured against is not among them. */
static void
test_methods (void)
{
  static const char *const expected[] = { "gradient-boosting", "logistic-regression", "random-forest", "linear-regression" };
  g_autoptr (GPtrArray) methods = patron_question_methods (patron_ops_find ("random-forest"));
  g_assert_cmpuint (methods->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < methods->len; i++)
    g_assert_cmpstr (((const PatronOp *) methods->pdata[i])->id, ==, expected[i]);
  g_autoptr (GPtrArray) alone = patron_question_methods (patron_ops_find ("mean"));
  g_assert_cmpuint (alone->len, ==, 1);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/app/setup-form/registry", test_registry);
  g_test_add_func ("/app/setup-form/edit", test_edit);
  g_test_add_func ("/app/setup-form/refused", test_refused);
  g_test_add_func ("/app/setup-form/automatic", test_automatic);
  g_test_add_func ("/app/setup-form/relevant", test_relevant);
  g_test_add_func ("/app/setup-form/roles", test_roles);
  g_test_add_func ("/app/setup-form/recipe", test_recipe);
  g_test_add_func ("/app/setup-form/measure", test_measure);
  g_test_add_func ("/app/setup-form/time-split", test_time_split);
  g_test_add_func ("/app/setup-form/methods", test_methods);
  return g_test_run ();
}
