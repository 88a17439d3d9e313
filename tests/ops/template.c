/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The template that new operations are copied from compiles and works. */
#include "src/ops/template.c"

#include "base/init.h"
#include "project/engine.h"

static void
test_runs (void)
{
  PatronColumnBuilder *builder = patron_column_builder_new ("amount", PATRON_TYPE_NUMBER);
  static const double values[] = { 1, 60, 9, NAN, 30 };
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    patron_column_builder_append_number (builder, values[i]);
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, patron_column_builder_finish (builder));
  g_autoptr (PatronTable) table = patron_table_new_take ("t", columns);
  g_autoptr (PatronRecipe) recipe = patron_recipe_new ();
  recipe->run = patron_step_new (&patron_op_template);
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronOutcome) outcome = patron_engine_run (recipe, NULL, table, run, &error);
  g_assert_no_error (error);
  g_autofree char *headline = patron_text_render (outcome->report->headline);
  g_assert_cmpstr (headline, ==, "2 of 4 rows make up 80.0% of amount.");
  g_assert_cmpuint (outcome->report->rows_used, ==, 4);
  g_assert_cmpuint (((PatronDropped *) outcome->report->dropped->pdata[0])->rows, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/ops/template/runs", test_runs);
  return g_test_run ();
}
