/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-row.h"

#include "fixture.h"
#include "ops/registry.h"

enum { PANE_WIDTH = 330, TALLEST = 320 };

/* In the narrow pane of a step no label is squeezed beside its control and no control is wider than the pane: a row of any step is a few lines high. */
static void
test_narrow (void)
{
  guint n_rows = 0;
  /* Shows rows as the application does. */
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *window = fixture_window (group, PANE_WIDTH, 400);
  g_autoptr (PatronTable) table = fixture_table ();
  for (const PatronOp *const *ops = patron_ops (); *ops != NULL; ops++)
    {
      const PatronOp *op = *ops;
      if (op->kind != PATRON_OP_PREPARE)
        continue;
      g_autofree gpointer values = g_malloc0 (op->params_size);
      patron_params_init (op->params, values);
      PatronParamContext *context = patron_param_context_new (table, NULL, op->params, values);
      for (const PatronParam *param = op->params; param->kind != PATRON_PARAM_KIND_END; param++)
        {
          GtkWidget *row = patron_param_row_new_full (param, values, context);
          int natural, narrowest;
          adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
          gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, PANE_WIDTH, NULL, &natural, NULL, NULL);
          if (natural > TALLEST)
            g_test_message ("%s: %s is %d pixels high", op->id, param->label, natural);
          g_assert_cmpint (natural, <=, TALLEST);
          gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, &narrowest, NULL, NULL, NULL);
          if (narrowest > PANE_WIDTH)
            g_test_message ("%s: %s is %d pixels wide", op->id, param->label, narrowest);
          g_assert_cmpint (narrowest, <=, PANE_WIDTH);
          adw_preferences_group_remove (ADW_PREFERENCES_GROUP (group), row);
          n_rows++;
        }
      patron_param_context_unref (context);
    }
  g_assert_cmpuint (n_rows, >, 100);
  gtk_window_destroy (GTK_WINDOW (window));
  fixture_settle ();
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/app/param-row/narrow", test_narrow);
  return g_test_run ();
}
