/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/result-page.h"

#include <math.h>

#include "app/chart-picture.h"
#include "app/chart-view.h"
#include "app/figure-card.h"
#include "app/table-view.h"
#include "fixture.h"

static void
count_signal (int *n)
{
  (*n)++;
}

static GtkWidget *
button_of (GtkWidget *page, const char *label)
{
  g_autoptr (GPtrArray) buttons = fixture_find_all (page, GTK_TYPE_BUTTON);
  for (guint i = 0; i < buttons->len; i++)
    if (g_strcmp0 (gtk_button_get_label (buttons->pdata[i]), label) == 0)
      return buttons->pdata[i];
  return NULL;
}

/* Every block of the report is there, and something is drawn. */
static void
test_blocks (void)
{
  GtkWidget *page = patron_result_page_new (fixture_report (), NULL);
  GtkWidget *window = fixture_window (page, 1024, 720);
  g_autoptr (GPtrArray) charts = fixture_find_all (page, PATRON_TYPE_CHART_VIEW);
  g_autoptr (GPtrArray) tables = fixture_find_all (page, PATRON_TYPE_REPORT_TABLE_VIEW);
  g_autoptr (GPtrArray) cards = fixture_find_all (page, PATRON_TYPE_FIGURE_CARD);
  g_assert_cmpuint (charts->len, ==, 7);
  g_assert_cmpuint (tables->len, ==, 1);
  g_assert_cmpuint (cards->len, ==, 2);
  guint n_different;
  g_autoptr (GdkTexture) texture = fixture_render (page, &n_different);
  g_assert_nonnull (texture);
  g_assert_cmpuint (n_different, >, 5000);
  for (guint i = 0; i < charts->len; i++)
    {
      g_autoptr (GdkTexture) picture = fixture_render (charts->pdata[i], &n_different);
      g_assert_cmpuint (n_different, >, 300);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_buttons (void)
{
  GtkWidget *page = g_object_ref_sink (patron_result_page_new (fixture_report (), NULL));
  int n_again = 0, n_report = 0, n_open = 0;
  g_signal_connect_swapped (page, "run-again", G_CALLBACK (count_signal), &n_again);
  g_signal_connect_swapped (page, "report", G_CALLBACK (count_signal), &n_report);
  g_signal_connect_swapped (page, "open-table", G_CALLBACK (count_signal), &n_open);
  GtkWidget *open = button_of (page, "Open as _Table");
  g_assert_nonnull (open);
  g_assert_false (gtk_widget_get_visible (open));
  patron_result_page_set_result_table (PATRON_RESULT_PAGE (page), TRUE, 0);
  g_assert_true (gtk_widget_get_visible (open));
  g_signal_emit_by_name (open, "clicked");
  g_signal_emit_by_name (button_of (page, "Run A_gain"), "clicked");
  g_signal_emit_by_name (button_of (page, "Re_port"), "clicked");
  g_assert_cmpint (n_again, ==, 1);
  g_assert_cmpint (n_report, ==, 1);
  g_assert_cmpint (n_open, ==, 1);
  g_object_unref (page);
}

static void
test_former (void)
{
  GtkWidget *page = g_object_ref_sink (patron_result_page_new (fixture_report (), NULL));
  patron_result_page_set_former (PATRON_RESULT_PAGE (page), fixture_report ());
  g_autoptr (GPtrArray) labels = fixture_find_all (page, GTK_TYPE_LABEL);
  guint n_before = 0;
  for (guint i = 0; i < labels->len; i++)
    n_before += g_str_has_prefix (gtk_label_get_text (labels->pdata[i]), "Before: ");
  g_assert_cmpuint (n_before, ==, 2);
  g_object_unref (page);
}

static void
test_value (void)
{
  PatronFigure figure = { .value = 0.25, .low = 0.2, .high = 0.3, .format = PATRON_FORMAT_NUMBER };
  g_autofree char *with = patron_figure_value_text (&figure);
  g_assert_cmpstr (with, ==, "0.25 (0.2 – 0.3)");
  figure.low = figure.high = NAN;
  g_autofree char *without = patron_figure_value_text (&figure);
  g_assert_cmpstr (without, ==, "0.25");
}

/* ---- chart --------------------------------------------------------------------------------------------------- */

/* Somewhere in every chart there is a value under the pointer. */
static void
test_hover (void)
{
  PatronReport *report = fixture_report ();
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      if (block->kind != PATRON_BLOCK_CHART)
        continue;
      GtkWidget *view = patron_chart_view_new (block->chart);
      GtkWidget *window = fixture_window (view, 600, 400);
      guint n_told = 0;
      for (int x = 0; x < 600; x += 10)
        for (int y = 0; y < 400; y += 10)
          {
            g_autofree char *text = patron_chart_view_text_at (PATRON_CHART_VIEW (view), x, y);
            n_told += text != NULL && text[0] != '\0';
          }
      g_assert_cmpuint (n_told, >, 10);
      g_autofree char *outside = patron_chart_view_text_at (PATRON_CHART_VIEW (view), -100, -100);
      g_assert_null (outside);
      gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_LABEL, block->chart->id);
      gtk_window_destroy (GTK_WINDOW (window));
    }
  patron_report_free (report);
}

static void
test_styles (void)
{
  g_autoptr (PatronReport) report = fixture_report ();
  GtkWidget *view = patron_chart_view_new (patron_report_find_chart (report, "line"));
  GtkWidget *window = fixture_window (view, 500, 320);
  guint n_light, n_dark;
  g_autoptr (GdkTexture) light = fixture_render (view, &n_light);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  fixture_settle ();
  g_autoptr (GdkTexture) dark = fixture_render (view, &n_dark);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
  g_autoptr (GBytes) light_png = gdk_texture_save_to_png_bytes (light);
  g_autoptr (GBytes) dark_png = gdk_texture_save_to_png_bytes (dark);
  g_assert_false (g_bytes_equal (light_png, dark_png));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_clipboard (void)
{
  g_autoptr (PatronReport) report = fixture_report ();
  g_autoptr (GdkContentProvider) content = patron_chart_content (patron_report_find_chart (report, "bar"), 640, 400);
  g_autoptr (GdkContentFormats) formats = gdk_content_provider_ref_formats (content);
  g_assert_true (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE));
  g_auto (GValue) value = G_VALUE_INIT;
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_nonnull (strstr (g_value_get_string (&value), "Item 3"));
}

/* ---- table --------------------------------------------------------------------------------------------------- */

static void
test_sort (void)
{
  g_autoptr (PatronReport) report = fixture_report ();
  GtkWidget *widget = patron_report_table_view_new (patron_report_find_table (report, "segments"));
  GtkWidget *window = fixture_window (widget, 500, 400);
  PatronReportTableView *view = PATRON_REPORT_TABLE_VIEW (widget);
  g_assert_cmpuint (patron_report_table_view_n_rows (view), ==, 30);
  patron_report_table_view_sort (view, 1, TRUE);
  g_autofree char *most = patron_report_table_view_cell (view, 0, 1);
  g_assert_cmpstr (most, ==, "2,900");
  patron_report_table_view_sort (view, 1, FALSE);
  g_autofree char *least = patron_report_table_view_cell (view, 0, 1);
  g_assert_cmpstr (least, ==, "0");
  patron_report_table_view_sort (view, 0, FALSE);
  g_autofree char *first = patron_report_table_view_cell (view, 0, 0);
  g_assert_cmpstr (first, ==, "Segment A");
  g_autofree char *text = patron_report_table_view_text (view, FALSE);
  g_assert_true (g_str_has_prefix (text, "Name\tCustomers\tShare\nSegment A\t"));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 32);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/app/result-page/blocks", test_blocks);
  g_test_add_func ("/app/result-page/buttons", test_buttons);
  g_test_add_func ("/app/result-page/former", test_former);
  g_test_add_func ("/app/result-page/value", test_value);
  g_test_add_func ("/app/chart-view/hover", test_hover);
  g_test_add_func ("/app/chart-view/styles", test_styles);
  g_test_add_func ("/app/chart-view/clipboard", test_clipboard);
  g_test_add_func ("/app/table-view/sort", test_sort);
  return g_test_run ();
}
