/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chart-picture.h"

#include "draw/document.h"

GdkTexture *
patron_chart_texture (const PatronLayout *layout, const PatronChartStyle *style, int width, int height, int scale)
{
  if (width <= 0 || height <= 0)
    return NULL;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  cairo_surface_set_device_scale (surface, scale, scale);
  cairo_t *cr = cairo_create (surface);
  patron_layout_draw (layout, cr, style);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  GdkTexture *texture = NULL;
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    {
      gsize stride = cairo_image_surface_get_stride (surface);
      g_autoptr (GBytes) bytes = g_bytes_new_with_free_func (cairo_image_surface_get_data (surface), stride * height * scale,
                                                             (GDestroyNotify) cairo_surface_destroy, cairo_surface_reference (surface));
      texture = gdk_memory_texture_new (width * scale, height * scale, GDK_MEMORY_DEFAULT, bytes, stride);
    }
  cairo_surface_destroy (surface);
  return texture;
}

GdkContentProvider *
patron_chart_content (const PatronChart *chart, int width, int height)
{
  PatronChartStyle style;
  patron_chart_style_init (&style);
  style.title = TRUE;
  style.background = TRUE;
  g_autoptr (PatronLayout) layout = patron_chart_layout (chart, width, height, &style);
  g_autoptr (GdkTexture) texture = patron_chart_texture (layout, &style, width, height, 2);
  g_autofree char *text = patron_chart_to_csv (chart, '\t');
  if (texture == NULL)
    return gdk_content_provider_new_typed (G_TYPE_STRING, text);
  GdkContentProvider *providers[] = {
    gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture),
    gdk_content_provider_new_typed (G_TYPE_STRING, text),
  };
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

static guint
n_categories (const PatronAxis *axis)
{
  return axis->categories != NULL ? axis->categories->len : 0;
}

int
patron_chart_good_height (const PatronChart *chart)
{
  if (chart->kind == PATRON_CHART_HEAT_MAP)
    return CLAMP ((int) chart->n_y * 30 + 90, 240, 760);
  if (chart->panels->len > 0)
    return CLAMP ((int) ((chart->panels->len + 2) / 3) * 200 + 80, 320, 1000);
  if (!chart->horizontal)
    return 320;
  guint beside = chart->kind == PATRON_CHART_BAR && !chart->stacked ? MAX (1, chart->series->len) : 1;
  return CLAMP ((int) (n_categories (&chart->y) * (10 + 16 * beside)) + 80, 240, 900);
}
