/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/points.h"

#include "draw/type.h"

#include <math.h>
#include <string.h>

/* Up to here each point is a mark of its own; above, the picture shows how many there are. */
#define MAX_STAMPED 20000
/* Vector files keep single points up to here, and hold an image of them above: they would take seconds to open. */
#define MAX_VECTOR 4000
/* Of that image, pixels for each unit. */
#define VECTOR_RESOLUTION 3

typedef struct
{
  const PatronLayout     *layout;
  const PatronChartStyle *style;
  guint                   n;        /* visible points */
  double                  alpha;
} Points;

static gboolean
is_point (const PatronMark *mark)
{
  return mark->kind == PATRON_MARK_POINT && !mark->hidden;
}

static gboolean
is_vector (cairo_t *cr)
{
  cairo_surface_type_t type = cairo_surface_get_type (cairo_get_group_target (cr));
  return type == CAIRO_SURFACE_TYPE_PDF || type == CAIRO_SURFACE_TYPE_SVG || type == CAIRO_SURFACE_TYPE_PS || type == CAIRO_SURFACE_TYPE_RECORDING;
}

/* Crosshairs of the interval, under the points. */
static void
draw_intervals (const Points *self, cairo_t *cr)
{
  cairo_set_line_width (cr, self->style->size * 0.1);
  for (guint i = 0; i < self->layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, i);
      if (!is_point (mark) || isnan (mark->low) || isnan (mark->high))
        continue;
      patron_colour_set (cr, patron_theme_colour (self->style->theme, mark->colour), 0.7);
      cairo_move_to (cr, mark->upright ? mark->box.x : mark->low, mark->upright ? mark->low : mark->box.y);
      cairo_line_to (cr, mark->upright ? mark->box.x : mark->high, mark->upright ? mark->high : mark->box.y);
      cairo_stroke (cr);
    }
}

/* A line of no length with round ends is a dot, and takes two numbers in the file. */
static void
draw_dots (const Points *self, cairo_t *cr)
{
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width (cr, self->layout->point_size);
  for (guint i = 0; i < self->layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, i);
      if (!is_point (mark))
        continue;
      cairo_move_to (cr, mark->box.x, mark->box.y);
      cairo_line_to (cr, mark->box.x, mark->box.y);
      patron_colour_set (cr, patron_theme_colour (self->style->theme, mark->colour), self->alpha);
      cairo_stroke (cr);
    }
}

static cairo_surface_t *
new_stamp (const Points *self, int colour, double scale)
{
  double size = self->layout->point_size * scale;
  int pixels = (int) ceil (size) + 2;
  cairo_surface_t *stamp = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, pixels, pixels);
  cairo_t *cr = cairo_create (stamp);
  patron_colour_set (cr, patron_theme_colour (self->style->theme, colour), self->alpha);
  cairo_arc (cr, pixels / 2.0, pixels / 2.0, size / 2, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);
  return stamp;
}

/* One picture of a dot for each colour, set down at whole pixels. image covers the plot and has scale pixels a unit. */
static void
stamp_points (const Points *self, cairo_surface_t *image, double scale, double x0, double y0)
{
  cairo_surface_t *stamps[PATRON_N_PALETTE + 1] = { NULL };
  cairo_t *cr = cairo_create (image);
  for (guint i = 0; i < self->layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, i);
      if (!is_point (mark))
        continue;
      int slot = mark->colour < 0 ? PATRON_N_PALETTE : mark->colour % PATRON_N_PALETTE;
      if (stamps[slot] == NULL)
        stamps[slot] = new_stamp (self, mark->colour, scale);
      double half = cairo_image_surface_get_width (stamps[slot]) / 2.0;
      cairo_set_source_surface (cr, stamps[slot], round ((mark->box.x - x0) * scale - half), round ((mark->box.y - y0) * scale - half));
      cairo_paint (cr);
    }
  cairo_destroy (cr);
  for (guint i = 0; i < G_N_ELEMENTS (stamps); i++)
    g_clear_pointer (&stamps[i], cairo_surface_destroy);
}

/* How many points lie at each pixel, a point being a small cross so that single ones are still seen, and the sum of their colours. */
typedef struct
{
  float count, red, green, blue;   /* together, as points come in no order: one line of the cache a pixel */
} Pixel;

typedef struct
{
  int    width, height;
  Pixel *pixels;             /* width × height */
} Density;

static void
add_to_density (Density *density, int x, int y, const Pixel *point)
{
  if (x < 0 || y < 0 || x >= density->width || y >= density->height)
    return;
  Pixel *pixel = &density->pixels[(gsize) y * (gsize) density->width + (gsize) x];
  pixel->count += point->count;
  pixel->red += point->red;
  pixel->green += point->green;
  pixel->blue += point->blue;
}

static float
collect_density (const Points *self, Density *density, double scale, double x0, double y0)
{
  int reach = MAX (1, (int) (scale * self->layout->point_size / 4));
  for (guint i = 0; i < self->layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, i);
      if (!is_point (mark))
        continue;
      const PatronColour *colour = patron_theme_colour (self->style->theme, mark->colour);
      const Pixel point = { 1, (float) colour->red, (float) colour->green, (float) colour->blue };
      int x = (int) ((mark->box.x - x0) * scale), y = (int) ((mark->box.y - y0) * scale);
      for (int dy = -reach; dy <= reach; dy++)
        for (int dx = -reach; dx <= reach; dx++)
          if (dx * dx + dy * dy <= reach * reach + 1)
            add_to_density (density, x + dx, y + dy, &point);
    }
  float most = 1;
  for (gsize i = 0; i < (gsize) density->width * (gsize) density->height; i++)
    most = MAX (most, density->pixels[i].count);
  return most;
}

/* Opacity grows with the logarithm of the count. */
static void
paint_density (const Density *density, float most, cairo_surface_t *image)
{
  cairo_surface_flush (image);
  unsigned char *data = cairo_image_surface_get_data (image);
  int stride = cairo_image_surface_get_stride (image);
  float scale = 0.75f / logf (1 + most);
  for (int y = 0; y < density->height; y++)
    {
      guint32 *row = (guint32 *) (gpointer) (data + (gsize) y * (gsize) stride);
      for (int x = 0; x < density->width; x++)
        {
          const Pixel *pixel = &density->pixels[(gsize) y * (gsize) density->width + (gsize) x];
          float count = pixel->count;
          if (count <= 0)
            continue;
          float alpha = MIN (1, 0.25f + scale * logf (1 + count)), factor = 255 * alpha / count;
          row[x] = (guint32) (255 * alpha + 0.5f) << 24 | (guint32) (pixel->red * factor + 0.5f) << 16
                   | (guint32) (pixel->green * factor + 0.5f) << 8 | (guint32) (pixel->blue * factor + 0.5f);
        }
    }
  cairo_surface_mark_dirty (image);
}

static void
draw_density (const Points *self, cairo_surface_t *image, double scale, double x0, double y0)
{
  Density density = { .width = cairo_image_surface_get_width (image), .height = cairo_image_surface_get_height (image) };
  gsize n = (gsize) density.width * (gsize) density.height;
  g_autofree Pixel *pixels = density.pixels = g_try_new0 (Pixel, n);
  if (pixels == NULL)
    return;
  paint_density (&density, collect_density (self, &density, scale, x0, y0), image);
}

static double
pixels_per_unit (cairo_t *cr)
{
  double x_scale = 1, y_scale = 1, dx = 1, dy = 0;
  if (is_vector (cr))
    return VECTOR_RESOLUTION;
  cairo_surface_get_device_scale (cairo_get_group_target (cr), &x_scale, &y_scale);
  cairo_user_to_device_distance (cr, &dx, &dy);
  return CLAMP (hypot (dx, dy) * x_scale, 0.25, 8);
}

static void
draw_image (const Points *self, cairo_t *cr)
{
  const PatronRect *plot = &self->layout->plot;
  double scale = pixels_per_unit (cr), margin = self->layout->point_size;
  double x0 = plot->x - margin, y0 = plot->y - margin;
  int width = (int) ceil ((plot->width + 2 * margin) * scale), height = (int) ceil ((plot->height + 2 * margin) * scale);
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, MAX (1, width), MAX (1, height));
  if (cairo_surface_status (image) == CAIRO_STATUS_SUCCESS)
    {
      if (self->n > MAX_STAMPED)
        draw_density (self, image, scale, x0, y0);
      else
        stamp_points (self, image, scale, x0, y0);
      cairo_save (cr);
      cairo_translate (cr, x0, y0);
      cairo_scale (cr, 1 / scale, 1 / scale);
      cairo_set_source_surface (cr, image, 0, 0);
      cairo_paint (cr);
      cairo_restore (cr);
    }
  cairo_surface_destroy (image);
}

void
patron_points_draw (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style)
{
  Points self = { .layout = layout, .style = style };
  for (guint i = 0; i < layout->marks->len; i++)
    self.n += is_point (&g_array_index (layout->marks, PatronMark, i));
  if (self.n == 0)
    return;
  self.alpha = self.n <= 60 ? 0.9 : self.n <= 1000 ? 0.7 : self.n <= 6000 ? 0.5 : 0.35;
  cairo_save (cr);
  if (self.n <= MAX_VECTOR)
    {
      draw_intervals (&self, cr);
      draw_dots (&self, cr);
    }
  else
    draw_image (&self, cr);
  cairo_restore (cr);
}
