/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/grid-private.h"

#include "base/memory.h"
#include "fixture.h"

static void
test_cursor (void)
{
  g_autoptr (PatronTable) table = fixture_table ();
  GtkWidget *grid = patron_grid_new (table);
  GtkWidget *window = fixture_window (grid, 600, 400);
  g_autofree char *first = patron_grid_describe (PATRON_GRID (grid));
  g_assert_cmpstr (first, ==, "customer, row 1: 0");
  patron_grid_move (PATRON_GRID (grid), 1, 2, FALSE);
  g_autofree char *missing = patron_grid_describe (PATRON_GRID (grid));
  g_assert_cmpstr (missing, ==, "spend, row 2: missing");
  patron_grid_move (PATRON_GRID (grid), 1000, 1000, FALSE);   /* no further than the last */
  g_assert_cmpuint (patron_grid_get_row (PATRON_GRID (grid)), ==, 39);
  g_assert_cmpuint (patron_grid_get_column (PATRON_GRID (grid)), ==, 7);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
on_columns_shown (PatronGrid *grid, guint first, guint n, guint *last)
{
  *last = first + n - 1;
}

/* A cursor that is moved before the grid has a size is in view once it has one. */
static void
test_cursor_comes_into_view (void)
{
  guint last = 0;
  g_autoptr (PatronTable) table = fixture_table ();
  GtkWidget *grid = patron_grid_new (table), *scrolled = gtk_scrolled_window_new ();
  g_signal_connect (grid, "columns-shown", G_CALLBACK (on_columns_shown), &last);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), grid);
  patron_grid_move (PATRON_GRID (grid), 39, 7, FALSE);
  GtkWidget *window = fixture_window (scrolled, 300, 200);
  fixture_settle ();
  g_assert_cmpuint (last, ==, 7);
  g_assert_cmpfloat (gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled))), >, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_copies_text (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = fixture_table ();
  GtkWidget *grid = patron_grid_new (table);
  GtkWidget *window = fixture_window (grid, 600, 400);
  patron_grid_move (PATRON_GRID (grid), 3, 1, FALSE);
  patron_grid_move (PATRON_GRID (grid), 4, 2, TRUE);
  g_autofree char *block = patron_grid_selection_text (PATRON_GRID (grid), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (block, ==, "product\tspend\nproduct 0\t\nproduct 1\t5\n");
  patron_grid_move (PATRON_GRID (grid), 4, 2, FALSE);
  g_autofree char *cell = patron_grid_selection_text (PATRON_GRID (grid), &error);
  g_assert_cmpstr (cell, ==, "5");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_order (void)
{
  g_autoptr (PatronTable) table = fixture_table ();
  GtkWidget *grid = patron_grid_new (table);
  GtkWidget *window = fixture_window (grid, 600, 400);
  guint32 *rows = patron_try_alloc (2, sizeof *rows, "test", NULL);
  rows[0] = 7;
  rows[1] = 5;
  patron_grid_set_order (PATRON_GRID (grid), rows, 2);
  g_assert_cmpuint (patron_grid_n_rows (PATRON_GRID (grid)), ==, 2);
  patron_grid_move (PATRON_GRID (grid), 0, 6, FALSE);
  g_autofree char *text = patron_grid_selection_text (PATRON_GRID (grid), NULL);
  g_assert_cmpstr (text, ==, "note 7");
  patron_grid_set_order (PATRON_GRID (grid), NULL, 0);
  g_assert_cmpuint (patron_grid_n_rows (PATRON_GRID (grid)), ==, 40);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* ---- columns that are elsewhere ---------------------------------------------------------------------------- */

static GThread *main_thread;
static gint n_reads;

static gboolean
read_lazily (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  g_assert_true (g_thread_self () != main_thread);
  g_atomic_int_inc (&n_reads);
  for (gsize i = 0; i < n; i++)
    ((gint64 *) out)[i] = (gint64) (start + i) * 3;
  return TRUE;
}

static PatronTable *
lazy_table (gsize n)
{
  static const PatronColumnSource source = { .read = read_lazily };
  g_autoptr (PatronColumn) column = patron_column_new_lazy ("far", PATRON_TYPE_INTEGER, n, &source, NULL);
  return patron_table_new ("t", &column, 1, n);
}

/* Ten million rows that are not in memory: read by a job, and only those in view. */
static void
test_reads_in_a_job (void)
{
  g_autoptr (PatronTable) table = lazy_table (10000000);
  GtkWidget *grid = patron_grid_new (table);
  GtkWidget *window = fixture_window (grid, 400, 300);
  fixture_settle ();
  patron_grid_move (PATRON_GRID (grid), 9999999, 0, FALSE);
  fixture_settle ();
  g_autofree char *text = patron_grid_describe (PATRON_GRID (grid));
  g_assert_cmpstr (text, ==, "far, row 10000000: 29999997");
  g_assert_cmpint (g_atomic_int_get (&n_reads), >, 0);
  g_assert_cmpint (g_atomic_int_get (&n_reads), <, 20);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_draws (void)
{
  guint n_different = 0;
  g_autoptr (PatronTable) table = fixture_table ();
  GtkWidget *grid = patron_grid_new (table);
  patron_grid_set_has_profiles (PATRON_GRID (grid), TRUE);
  patron_grid_set_role (PATRON_GRID (grid), 0, "Customer");
  g_autoptr (PatronRun) run = patron_run_new (0, 1);
  g_autoptr (PatronColumnProfile) profile = patron_column_profile_new (patron_table_column (table, 0), run, NULL);
  patron_grid_set_profile (PATRON_GRID (grid), 0, profile);
  GtkWidget *window = fixture_window (grid, 600, 400);
  g_autoptr (GdkTexture) texture = fixture_render (grid, &n_different);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, gtk_widget_get_width (grid));
  g_assert_cmpuint (n_different, >, 5000);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Without any time, a frame lays out a few cells, and the next frames the rest. */
static void
test_shares_frames (void)
{
  g_autoptr (PatronTable) table = fixture_table ();
  GtkWidget *widget = patron_grid_new (table);
  PatronGrid *grid = PATRON_GRID (widget);
  GtkWidget *window = fixture_window (widget, 1000, 700);
  fixture_settle ();
  guint all = g_hash_table_size (grid->layouts);
  g_assert_cmpuint (all, >, 2 * PATRON_GRID_LEAST_LAYOUTS);
  grid->frame_budget = 0;
  patron_grid_forget_layouts (grid);
  gtk_widget_queue_draw (widget);
  while (g_hash_table_size (grid->layouts) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_hash_table_size (grid->layouts), ==, PATRON_GRID_LEAST_LAYOUTS);
  while (g_hash_table_size (grid->layouts) < all)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_hash_table_size (grid->layouts), ==, all);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Layouts of cells that have scrolled away go little by little, and one that is seen again stays. */
static void
test_ages_layouts (void)
{
  g_autoptr (PatronTable) table = fixture_table ();
  GtkWidget *widget = patron_grid_new (table);
  PatronGrid *grid = PATRON_GRID (widget);
  GtkWidget *window = fixture_window (widget, 1000, 700);
  fixture_settle ();
  const gint64 seen = (gint64) 2 << 24 | 6;
  PangoLayout *layout = g_hash_table_lookup (grid->layouts, &seen);
  g_assert_nonnull (layout);
  for (gint64 i = 0; i < PATRON_GRID_MOST_LAYOUTS; i++)
    g_hash_table_insert (grid->layouts, g_memdup2 (&(gint64) { (1000 + i) << 24 }, sizeof i), gtk_widget_create_pango_layout (widget, "x"));
  for (guint before = PATRON_GRID_MOST_LAYOUTS, now, k = 0; k < 5; before = now, k++)
    {
      gtk_widget_queue_draw (widget);
      fixture_settle ();
      now = g_hash_table_size (grid->old_layouts);
      g_assert_true (now < before && now + 2 * PATRON_GRID_LEAST_LAYOUTS >= before);
      g_assert_true (g_hash_table_lookup (grid->layouts, &seen) == layout);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_without_rows (void)
{
  guint n_different = 0;
  g_autoptr (PatronColumn) column = patron_column_builder_finish (patron_column_builder_new ("x", PATRON_TYPE_NUMBER));
  g_autoptr (PatronTable) table = patron_table_new ("empty", &column, 1, 0);
  GtkWidget *grid = patron_grid_new (table);
  GtkWidget *window = fixture_window (grid, 300, 200);
  patron_grid_move (PATRON_GRID (grid), 5, 5, FALSE);
  patron_grid_select_all (PATRON_GRID (grid));
  patron_grid_copy (PATRON_GRID (grid));
  g_autoptr (GdkTexture) texture = fixture_render (grid, &n_different);
  g_autofree char *text = patron_grid_describe (PATRON_GRID (grid));
  g_assert_cmpstr (text, ==, "Empty table");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  main_thread = g_thread_self ();
  g_test_add_func ("/grid/cursor", test_cursor);
  g_test_add_func ("/grid/cursor-comes-into-view", test_cursor_comes_into_view);
  g_test_add_func ("/grid/copies-text", test_copies_text);
  g_test_add_func ("/grid/order", test_order);
  g_test_add_func ("/grid/reads-in-a-job", test_reads_in_a_job);
  g_test_add_func ("/grid/draws", test_draws);
  g_test_add_func ("/grid/shares-frames", test_shares_frames);
  g_test_add_func ("/grid/ages-layouts", test_ages_layouts);
  g_test_add_func ("/grid/without-rows", test_without_rows);
  return g_test_run ();
}
