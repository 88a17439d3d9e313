/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/recipe.h"
#include "base/init.h"
#include "ops/registry.h"

#include <string.h>

static PatronRecipe *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  PatronRecipe *recipe = patron_recipe_from_text (text, -1, &error);
  if (error != NULL)
    g_error ("%s\n%s", text, error->message);
  return recipe;
}

static void
test_example (void)
{
  g_autoptr (PatronRecipe) recipe = parse ("[recipe]\nversion=1\nseed=18446744073709551615\n[source]\nfile=日 orders.csv\ndelimiter=;\n"
                                           "[filter]\nexpression=amount > 0\n[run]\nop=rfm\ncustomer=Customer ID\ngroups=4\n"
                                           "[measure]\nop=holdout\ntest_share=0.1\n");
  g_assert_cmpuint (recipe->seed, ==, G_MAXUINT64);
  g_assert_cmpstr (recipe->file, ==, "日 orders.csv");
  g_assert_cmpstr (recipe->read_options[0], ==, "delimiter");
  g_assert_cmpstr (recipe->read_options[1], ==, ";");
  g_assert_cmpstr (recipe->filter, ==, "amount > 0");
  g_assert_cmpstr (recipe->run->op->id, ==, "rfm");
  g_assert_cmpstr (patron_roles_first (recipe->run->roles, PATRON_ROLE_CUSTOMER), ==, "Customer ID");
  const PatronParam *share = patron_params_find (recipe->measure->op->params, "test-share");
  g_assert_cmpfloat (patron_param_get_double (share, recipe->measure->params), ==, 0.1);
  g_autofree char *text = patron_recipe_to_text (recipe);
  /* Complete: also what was left at its default. */
  g_assert_nonnull (strstr (text, "\nscoring="));
  g_autoptr (PatronRecipe) again = parse (text);
  g_autofree char *same = patron_recipe_to_text (again);
  g_assert_cmpstr (text, ==, same);
  g_assert_true (patron_recipe_equal (recipe, again));
  again->seed = 1;
  g_assert_false (patron_recipe_equal (recipe, again));
}

/* Column names hold anything. */
static void
test_names (void)
{
  static const char *const names[] = { "a;b", " leading", "trailing ", "tab\there", "line\nbreak", "back\\slash", "客户 ID", "[brackets]", "a=b", "#x", "\\;", ";", "\r" };
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  recipe->table = g_strdup (" my; table\\");
  recipe->run = patron_step_new (patron_ops_find ("kmeans"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    patron_roles_add (recipe->run->roles, PATRON_ROLE_FEATURE, names[i]);
  patron_roles_add (recipe->run->roles, PATRON_ROLE_IGNORE, "one;");
  g_autofree char *text = patron_recipe_to_text (recipe);
  g_autoptr (PatronRecipe) back = parse (text);
  g_assert_cmpstr (back->table, ==, " my; table\\");
  g_assert_true (patron_roles_equal (recipe->run->roles, back->run->roles));
  g_autoptr (PatronRecipe) copy = patron_recipe_copy (back);
  g_assert_true (patron_recipe_equal (recipe, copy));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (PatronRecipe) single = patron_recipe_new ();
      single->run = patron_step_new (patron_ops_find ("rfm"));
      patron_roles_add (single->run->roles, PATRON_ROLE_CUSTOMER, names[i]);
      g_autofree char *written = patron_recipe_to_text (single);
      g_autoptr (PatronRecipe) read = parse (written);
      g_assert_cmpstr (patron_roles_first (read->run->roles, PATRON_ROLE_CUSTOMER), ==, names[i]);
    }
}

/* Every operation that a recipe can hold, at its defaults. */
static void
test_operations (void)
{
  for (const PatronOp *const *op = patron_ops (); *op != NULL; op++)
    {
      g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
      if ((*op)->kind == PATRON_OP_MODEL || (*op)->kind == PATRON_OP_ANALYSIS)
        recipe->run = patron_step_new (*op);
      else if ((*op)->kind == PATRON_OP_MEASURE)
        recipe->measure = patron_step_new (*op);
      else if ((*op)->kind == PATRON_OP_PREPARE)
        for (guint i = 0; i < 12; i++)
          g_ptr_array_add (recipe->prepare, patron_step_new (*op));
      else
        continue;
      g_autofree char *text = patron_recipe_to_text (recipe);
      g_autoptr (PatronRecipe) back = parse (text);
      g_assert_true (patron_recipe_equal (recipe, back));
      g_assert_cmpuint (back->prepare->len, ==, recipe->prepare->len);
    }
}

static void
test_refusals (void)
{
  static const struct { const char *text, *pattern; } cases[] = {
    { "[recipe]\nversion=2\n", "*version 2*newer Patron*" },
    { "[run]\nop=kmeans\nfeatures=a\\o=b\\\n", "*features*unknown escape*" },
    { "[run]\nop=k\\o\\\n", "*op*unknown escape*" },
    { "[recipe]\nseed=-1\n", "*“seed” in group [recipe]*“-1”*" },
    { "[recipe]\nsede=1\n", "*[recipe]*“sede”; did you mean “seed”?" },
    { "[rnu]\nop=rfm\n", "*no group [rnu]; did you mean [run]?" },
    { "[prepare 2]\nop=x\n", "*no group [prepare 1]*" },
    { "[run]\ncustomer=x\n", "*[run]*lacks*“op”*" },
    { "[run]\nop=rmf\n", "*[run]*“rmf”*did you mean “rfm”?" },
    { "[run]\nop=holdout\n", "*[run] cannot hold “holdout”*" },
    { "[run]\nop=rfm\ngruops=3\n", "*[run]*“gruops”; did you mean “groups”?" },
    { "[run]\nop=rfm\ngroups=0\n", "*[run]*0*" },
    { "[run]\nop=rfm\ntarget=x\n", "*[run]*no parameter or role “target”*" },
    { "[run]\nop=rfm\ngroups=3\ngroups=4\n", "Line 4*repeats “groups”*" },
    { "[run]\nop=kmeans\nn-clusters=3\nn_clusters=4\n", "*[run] sets “n_clusters” twice*" },
    { "[run]\nop=rfm\n[run]\ngroups=3\n", "Line 3*repeats*[run]*" },
    { "[run]\nop=kmeans\nfeatures=a;b;a;\n", "*“features”*names the column “a” twice*" },
    { "[source]\ntable=a\ndelimiter=;\n", "*[source]*“a”*" },
    { "[source]\nfile=b\ndelimeter=;\n", "*[source]*“delimeter”; did you mean “delimiter”?" },
    { "[run]\nop[de]=rfm\n", "*[run]*" },
    { "op=rfm\n", "*not a recipe*" },
    { "\xff", "*not UTF-8*" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PatronRecipe) recipe = patron_recipe_from_text (cases[i].text, -1, &error);
      g_assert_null (recipe);
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
      if (!g_pattern_match_simple (cases[i].pattern, error->message))
        g_error ("%s: “%s” does not match “%s”", cases[i].text, error->message, cases[i].pattern);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/project/recipe/example", test_example);
  g_test_add_func ("/project/recipe/names", test_names);
  g_test_add_func ("/project/recipe/operations", test_operations);
  g_test_add_func ("/project/recipe/refusals", test_refusals);
  return g_test_run ();
}
