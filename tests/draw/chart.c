/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/chart.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH 480
#define HEIGHT 300

static PatronChart *
sample_chart (PatronChartKind kind, gsize n)
{
  PatronChart *chart = patron_chart_new ("sample", kind, patron_text_plain ("各客群收入 by segment"));
  g_autofree double *x = g_new (double, n + 1), *y = g_new (double, n), *low = g_new (double, n), *high = g_new (double, n);
  g_autofree gint32 *group = g_new (gint32, n);
  g_autoptr(GRand) random = g_rand_new_with_seed (1);
  for (gsize i = 0; i <= n; i++)
    x[i] = (double) i;
  for (gsize i = 0; i < n; i++)
    {
      y[i] = 5 + 4 * sin ((double) i * 0.1) + g_rand_double (random);
      low[i] = y[i] - 1;
      high[i] = y[i] + 1;
      group[i] = (gint32) (i % 3);
      if (i < 9 && kind != PATRON_CHART_SCATTER && kind != PATRON_CHART_LINE && kind != PATRON_CHART_HISTOGRAM)
        {
          patron_axis_add_name (&chart->x, i % 2 ? "重要价值客户" : "Champions");
          patron_axis_add_name (&chart->y, "row");
        }
    }
  if (kind == PATRON_CHART_HEAT_MAP || kind == PATRON_CHART_MOSAIC)
    {
      patron_chart_set_cells (chart, 3, 3, y);
      return chart;
    }
  chart->y.kind = PATRON_AXIS_LINEAR;
  PatronSeriesStyle style = kind == PATRON_CHART_BAR || kind == PATRON_CHART_HISTOGRAM ? PATRON_SERIES_BARS
                            : kind == PATRON_CHART_LINE                                ? PATRON_SERIES_LINE
                                                                                       : PATRON_SERIES_POINTS;
  PatronSeries *series = patron_chart_add_series (chart, NULL, style, n, x, y);
  if (kind == PATRON_CHART_BOX || kind == PATRON_CHART_VIOLIN)
    patron_series_set_box (series, low, high, low, high);
  else if (kind == PATRON_CHART_LINE || kind == PATRON_CHART_BAR)
    patron_series_set_interval (series, low, high);
  else if (kind == PATRON_CHART_SCATTER)
    {
      patron_series_set_groups (series, group);
      for (int i = 0; i < 3; i++)
        patron_chart_add_group (chart, patron_text_plain ("group"));
    }
  return chart;
}

static cairo_surface_t *
draw (const PatronChart *chart, const PatronTheme *theme)
{
  PatronChartStyle style;
  patron_chart_style_init (&style);
  style.theme = theme;
  style.title = TRUE;
  /* A frame of five pixels around the chart must stay clear. */
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH + 10, HEIGHT + 10);
  cairo_t *cr = cairo_create (surface);
  cairo_translate (cr, 5, 5);
  patron_chart_draw (chart, cr, WIDTH, HEIGHT, &style);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Pixels inside and outside of the chart that were drawn on. */
static void
count_pixels (cairo_surface_t *surface, guint *inside, guint *outside)
{
  const unsigned char *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  *inside = *outside = 0;
  for (int y = 0; y < HEIGHT + 10; y++)
    for (int x = 0; x < WIDTH + 10; x++)
      {
        guint32 pixel;
        memcpy (&pixel, data + y * stride + x * 4, 4);
        if (pixel >> 24 == 0)
          continue;
        if (x < 5 || y < 5 || x >= WIDTH + 5 || y >= HEIGHT + 5)
          ++*outside;
        else
          ++*inside;
      }
}

static void
test_pixels (void)
{
  for (int kind = PATRON_CHART_BAR; kind <= PATRON_CHART_MOSAIC; kind++)
    for (int dark = 0; dark < 2; dark++)
      {
        g_autoptr(PatronChart) chart = sample_chart (kind, 9);
        cairo_surface_t *surface = draw (chart, dark ? &patron_theme_dark : &patron_theme_light);
        guint inside, outside;
        count_pixels (surface, &inside, &outside);
        g_assert_cmpuint (inside, >, 3000);
        g_assert_cmpuint (outside, ==, 0);
        cairo_surface_destroy (surface);
      }
}

/* Marks, stamps and density: each way of drawing many points covers the same ground. */
static void
test_many_points (void)
{
  const gsize counts[] = { 300, 10000, 60000 };
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr(PatronChart) chart = sample_chart (PATRON_CHART_SCATTER, counts[i]);
      cairo_surface_t *surface = draw (chart, &patron_theme_light);
      guint inside, outside;
      count_pixels (surface, &inside, &outside);
      g_assert_cmpuint (inside, >, 5000);
      g_assert_cmpuint (outside, ==, 0);
      cairo_surface_destroy (surface);
    }
}

static void
test_highlight (void)
{
  PatronChartStyle style;
  patron_chart_style_init (&style);
  g_autoptr(PatronChart) chart = sample_chart (PATRON_CHART_BAR, 9);
  g_autoptr(PatronLayout) layout = patron_chart_layout (chart, WIDTH, HEIGHT, &style);
  for (int mark = -1; mark < 2; mark++)
    {
      cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH + 10, HEIGHT + 10);
      cairo_t *cr = cairo_create (surface);
      guint inside, outside;
      patron_layout_draw_highlight (layout, cr, mark, &style);
      cairo_destroy (cr);
      cairo_surface_flush (surface);
      count_pixels (surface, &inside, &outside);
      g_assert_true ((inside > 0) == (mark >= 0));
      cairo_surface_destroy (surface);
    }
}

/* Text on every ground it is drawn on has the contrast WCAG asks of large text (3 : 1), and neighbours in the palette can be told
 * apart by lightness alone, as in a grey print. */
static void
test_palette (void)
{
  const PatronTheme *themes[] = { &patron_theme_light, &patron_theme_dark };
  for (guint t = 0; t < G_N_ELEMENTS (themes); t++)
    {
      double ground = patron_colour_luminance (&themes[t]->background), text = patron_colour_luminance (&themes[t]->text);
      double dim = patron_colour_luminance (&themes[t]->dim);
      g_assert_cmpfloat ((MAX (ground, text) + 0.05) / (MIN (ground, text) + 0.05), >, 7);
      g_assert_cmpfloat ((MAX (ground, dim) + 0.05) / (MIN (ground, dim) + 0.05), >, 4.5);
      for (int i = 0; i < 4; i++)
        for (int j = 0; j < i; j++)
          {
            double a = patron_colour_luminance (&themes[t]->palette[i]) + 0.05, b = patron_colour_luminance (&themes[t]->palette[j]) + 0.05;
            g_assert_cmpfloat (MAX (a, b) / MIN (a, b), >, 1.18);
          }
    }
}

static void
test_ramp (void)
{
  PatronColour low = patron_colour_ramp (patron_theme_light.sequential, 0), high = patron_colour_ramp (patron_theme_light.sequential, 1);
  double before = 2;
  g_assert_cmpfloat (low.red, ==, patron_theme_light.sequential[0].red);
  g_assert_cmpfloat (high.blue, ==, patron_theme_light.sequential[4].blue);
  for (int i = 0; i <= 20; i++)
    {
      PatronColour colour = patron_colour_ramp (patron_theme_light.sequential, i / 20.0);
      g_assert_cmpfloat (patron_colour_luminance (&colour), <, before);   /* more is darker, all the way */
      before = patron_colour_luminance (&colour);
    }
}

static void
test_write (void)
{
  g_autofree char *folder = g_dir_make_tmp ("patron-chart-XXXXXX", NULL);
  const struct { const char *name, *magic; } files[] = { { "a.png", "\x89PNG" }, { "a.svg", "<?xml" }, { "a.PDF", "%PDF" } };
  g_autoptr(PatronChart) chart = sample_chart (PATRON_CHART_LINE, 200);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].name, NULL), *bytes = NULL;
      g_autoptr(GError) error = NULL;
      gsize length;
      patron_chart_write (chart, path, 600, 400, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_assert_cmpuint (length, >, 1000);
      g_assert_true (g_str_has_prefix (bytes, files[i].magic));
      g_unlink (path);
    }
  g_autofree char *wrong = g_build_filename (folder, "a.gif", NULL), *nowhere = g_build_filename (folder, "no", "a.png", NULL);
  g_autoptr(GError) ending = NULL;
  g_assert_false (patron_chart_write (chart, wrong, 600, 400, NULL, &ending));
  g_assert_error (ending, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_clear_error (&ending);
  g_assert_false (patron_chart_write (chart, nowhere, 600, 400, NULL, &ending));
  g_assert_error (ending, PATRON_ERROR, PATRON_ERROR_STORAGE);
  g_rmdir (folder);
}

/* What a damaged stored report may hold. */
static void
test_hostile (void)
{
  const double odd[] = { NAN, INFINITY, -INFINITY, 1e308, -1e308, 5e-324, 0, 1e16, -7 };
  for (int kind = PATRON_CHART_BAR; kind <= PATRON_CHART_MOSAIC; kind++)
    for (int axis = PATRON_AXIS_LINEAR; axis <= PATRON_AXIS_CATEGORY; axis++)
      {
        g_autoptr(PatronChart) chart = patron_chart_new ("odd", kind, NULL);
        chart->x.kind = chart->y.kind = axis;
        for (int style = PATRON_SERIES_POINTS; style <= PATRON_SERIES_REFERENCE; style++)
          {
            PatronSeries *series = patron_chart_add_series (chart, patron_text_plain ("s"), style, G_N_ELEMENTS (odd) - 1, odd, odd);
            patron_series_set_box (series, odd, odd, odd, odd);
            if (axis % 2 == 0)
              patron_series_set_sizes (series, odd);
          }
        patron_chart_set_cells (chart, 3, 3, odd);
        cairo_surface_destroy (draw (chart, &patron_theme_light));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/pixels", test_pixels);
  g_test_add_func ("/chart/many-points", test_many_points);
  g_test_add_func ("/chart/highlight", test_highlight);
  g_test_add_func ("/chart/palette", test_palette);
  g_test_add_func ("/chart/ramp", test_ramp);
  g_test_add_func ("/chart/write", test_write);
  g_test_add_func ("/chart/hostile", test_hostile);
  return g_test_run ();
}
