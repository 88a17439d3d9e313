/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step-palette.h"

#include "fixture.h"

static void
on_chosen (const PatronOp **chosen, const PatronOp *op)
{
  *chosen = op;
}

/* What Return takes after typing text. */
static const char *
first_answer (const char *text)
{
  const PatronOp *chosen = NULL;
  GtkWidget *palette = g_object_new (PATRON_TYPE_STEP_PALETTE, NULL);
  GtkWidget *window = fixture_window (palette, 400, 600);
  g_signal_connect_swapped (palette, "chosen", G_CALLBACK (on_chosen), &chosen);
  g_autoptr (GPtrArray) entries = fixture_find_all (palette, GTK_TYPE_SEARCH_ENTRY);
  gtk_editable_set_text (GTK_EDITABLE (entries->pdata[0]), text);
  g_signal_emit_by_name (entries->pdata[0], "activate");
  fixture_settle ();
  gtk_window_destroy (GTK_WINDOW (window));
  fixture_settle ();
  return chosen != NULL ? chosen->id : NULL;
}

/* The name of a step finds that step, although the words stand in others too. */
static void
test_best_first (void)
{
  g_assert_cmpstr (first_answer ("Join"), ==, "join");
  g_assert_cmpstr (first_answer ("join te"), ==, "join-text");
  g_assert_cmpstr (first_answer ("Columns to rows"), ==, "unpivot");
  g_assert_cmpstr (first_answer ("Rows to columns"), ==, "pivot");
  g_assert_cmpstr (first_answer (" sort "), ==, "sort");
  g_assert_cmpstr (first_answer ("winsor"), ==, "winsorise");
  g_assert_cmpstr (first_answer ("nothing like it"), ==, NULL);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/app/step-palette/best-first", test_best_first);
  return g_test_run ();
}
