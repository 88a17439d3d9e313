/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/explore-card.h"

#include "app/chart-view.h"
#include "fixture.h"

static PatronPlotSpec
spec_of (PatronPlotKind kind, const char *x)
{
  PatronPlotSpec spec;
  memset (&spec, 0, sizeof spec);
  patron_params_init (patron_plot_params, &spec);
  spec.kind = kind;
  g_strlcpy (spec.x, x, sizeof spec.x);
  return spec;
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static GtkWidget *
find_chart (GtkWidget *card)
{
  g_autoptr (GPtrArray) views = fixture_find_all (card, PATRON_TYPE_CHART_VIEW);
  return views->len > 0 ? views->pdata[0] : NULL;
}

/* The chart on show, once it is another than the one before. */
static GtkWidget *
wait_for_chart (GtkWidget *card, GtkWidget *before)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (60, on_timeout, &late);
  while (!late && find_chart (card) == before)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (id);
  fixture_settle ();
  return find_chart (card);
}

static void
on_selected (PatronExploreCard *card, int *n)
{
  (*n)++;
}

static void
wait_for_choice (int *n, int wanted)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (60, on_timeout, &late);
  while (!late && *n < wanted)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (id);
}

/* All marks of a histogram stand for all its rows; of the rows chosen elsewhere only those are shown, in the same bins, and chosen. */
static void
test_choice (void)
{
  g_autoptr (PatronTable) table = fixture_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_HISTOGRAM, "spend");
  GtkWidget *card = patron_explore_card_new (table, &spec);
  GtkWidget *window = fixture_window (card, 400, 400);
  int n = 0;
  g_signal_connect (card, "selected", G_CALLBACK (on_selected), &n);
  GtkWidget *view = wait_for_chart (card, NULL);
  gsize n_bins = ((PatronSeries *) patron_chart_view_get_chart (PATRON_CHART_VIEW (view))->series->pdata[0])->n;
  patron_chart_view_select_area (PATRON_CHART_VIEW (view), 0, 0, gtk_widget_get_width (view), gtk_widget_get_height (view));
  wait_for_choice (&n, 1);
  g_assert_cmpuint (patron_explore_card_get_chosen (PATRON_EXPLORE_CARD (card))->len, ==, 36);   /* 4 of 40 are empty */
  patron_explore_card_choose_none (PATRON_EXPLORE_CARD (card));
  g_assert_null (patron_explore_card_get_chosen (PATRON_EXPLORE_CARD (card)));

  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 row = 0; row < 40; row += 3)
    g_array_append_val (rows, row);
  patron_explore_card_set_rows (PATRON_EXPLORE_CARD (card), rows);
  view = wait_for_chart (card, view);
  g_assert_cmpuint (((PatronSeries *) patron_chart_view_get_chart (PATRON_CHART_VIEW (view))->series->pdata[0])->n, ==, n_bins);
  patron_chart_view_select_area (PATRON_CHART_VIEW (view), 0, 0, gtk_widget_get_width (view), gtk_widget_get_height (view));
  wait_for_choice (&n, 2);
  const GArray *chosen = patron_explore_card_get_chosen (PATRON_EXPLORE_CARD (card));
  g_assert_cmpuint (chosen->len, >, 0);
  for (guint i = 0; i < chosen->len; i++)
    g_assert_cmpuint (g_array_index (chosen, guint32, i) % 3, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* However narrow the card, its caption is inside it. */
static void
test_caption (void)
{
  g_autoptr (PatronTable) table = fixture_table ();
  PatronPlotSpec spec = spec_of (PATRON_PLOT_DENSITY, "spend");
  GtkWidget *card = patron_explore_card_new (table, &spec);
  GtkWidget *window = fixture_window (card, 300, 300);
  wait_for_chart (card, NULL);
  int narrow, wide;
  gtk_widget_measure (card, GTK_ORIENTATION_VERTICAL, 280, &narrow, NULL, NULL, NULL);
  gtk_widget_measure (card, GTK_ORIENTATION_VERTICAL, 900, &wide, NULL, NULL, NULL);
  g_assert_cmpint (gtk_widget_get_request_mode (card), ==, GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH);
  g_assert_cmpint (narrow, >, wide);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/app/explore-card/choice", test_choice);
  g_test_add_func ("/app/explore-card/caption", test_caption);
  return g_test_run ();
}
