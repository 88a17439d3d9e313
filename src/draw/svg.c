/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document-private.h"

#include "draw/chart-private.h"
#include "draw/file.h"
#include "draw/points.h"

#include <math.h>
#include <string.h>

/* A chart for a web page: real text, and classes instead of colours so that the page's light or dark style applies:
 *   t text, d dim text, g grid, a axis, r reference, pN fills and lN strokes in palette colour N. */

/* More points than this become a picture. */
#define MAX_POINTS 3000
#define IMAGE_SCALE 2

typedef struct
{
  const PatronLayout     *layout;
  const PatronChartStyle *style;
  PangoContext           *context;
  GString                *out;
} Svg;

/* Numbers in SVG have a point in every language, and two decimals are a hundredth of a pixel. */
static void
put_number (GString *out, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE + 32];
  g_string_append (out, g_ascii_formatd (buffer, sizeof buffer, "%.2f", value));
}

static void
put_attribute (GString *out, const char *name, double value)
{
  g_string_append_printf (out, " %s=\"", name);
  put_number (out, value);
  g_string_append_c (out, '"');
}

static void
put_fill (GString *out, const PatronColour *colour)
{
  g_string_append_printf (out, " fill=\"#%02x%02x%02x\"", (int) lround (colour->red * 255), (int) lround (colour->green * 255),
                          (int) lround (colour->blue * 255));
}

static int
palette_index (int colour)
{
  return colour < 0 ? 0 : colour % PATRON_N_PALETTE;
}

static void
put_rect (GString *out, const PatronRect *box)
{
  put_attribute (out, "x", box->x);
  put_attribute (out, "y", box->y);
  put_attribute (out, "width", MAX (0, box->width));
  put_attribute (out, "height", MAX (0, box->height));
}

static void
put_line (GString *out, const char *class, double x0, double y0, double x1, double y1)
{
  g_string_append_printf (out, "<line class=\"%s\"", class);
  put_attribute (out, "x1", x0);
  put_attribute (out, "y1", y0);
  put_attribute (out, "x2", x1);
  put_attribute (out, "y2", y1);
  g_string_append (out, "/>");
}

static void
put_tooltip (const Svg *self, guint mark)
{
  g_autofree char *text = patron_layout_describe (self->layout, (int) mark), *escaped = g_markup_escape_text (text, -1);
  g_string_append_printf (self->out, "<title>%s</title>", escaped);
}

static void
put_interval (const Svg *self, const PatronMark *mark)
{
  if (isnan (mark->low) || isnan (mark->high))
    return;
  double middle = mark->upright ? mark->box.x + mark->box.width / 2 : mark->box.y + mark->box.height / 2;
  put_line (self->out, "w", mark->upright ? middle : mark->low, mark->upright ? mark->low : middle, mark->upright ? middle : mark->high,
            mark->upright ? mark->high : middle);
}

static void
put_box (const Svg *self, const PatronMark *mark)
{
  put_interval (self, mark);
  g_string_append_printf (self->out, "<rect class=\"p%d b\"", palette_index (mark->colour));
  put_rect (self->out, &mark->box);
  g_string_append (self->out, "/>");
  if (mark->upright)
    put_line (self->out, "m", mark->box.x, mark->middle, mark->box.x + mark->box.width, mark->middle);
  else
    put_line (self->out, "m", mark->middle, mark->box.y, mark->middle, mark->box.y + mark->box.height);
}

static void
put_mark (const Svg *self, guint i)
{
  const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, i);
  g_string_append (self->out, "<g>");
  put_tooltip (self, i);
  if (mark->kind == PATRON_MARK_BOX)
    put_box (self, mark);
  else if (mark->kind == PATRON_MARK_BUBBLE)
    {
      g_string_append_printf (self->out, "<circle class=\"p%d u\"", palette_index (mark->colour));
      put_attribute (self->out, "cx", mark->box.x + mark->box.width / 2);
      put_attribute (self->out, "cy", mark->box.y + mark->box.height / 2);
      put_attribute (self->out, "r", mark->box.width / 2);
      g_string_append (self->out, "/>");
    }
  else if (mark->kind == PATRON_MARK_POINT)
    {
      g_string_append_printf (self->out, "<circle class=\"p%d%s\"", palette_index (mark->colour), mark->hidden ? "" : " o");
      put_attribute (self->out, "cx", mark->box.x);
      put_attribute (self->out, "cy", mark->box.y);
      put_attribute (self->out, "r", mark->hidden ? self->style->size * 0.24 : self->layout->point_size / 2);
      g_string_append (self->out, "/>");
      put_interval (self, mark);
    }
  else
    {
      g_string_append (self->out, "<rect");
      if (mark->kind == PATRON_MARK_CELL && mark->colour < 0)
        {
          PatronColour fill = patron_mark_fill (self->layout, mark, self->style);
          put_fill (self->out, &fill);
        }
      else
        g_string_append_printf (self->out, " class=\"p%d\" rx=\"%d\"", palette_index (mark->colour),
                                self->layout->chart->stacked || self->layout->chart->kind == PATRON_CHART_HISTOGRAM ? 0 : 2);
      put_rect (self->out, &mark->box);
      g_string_append (self->out, "/>");
      put_interval (self, mark);
    }
  g_string_append (self->out, "</g>\n");
}

static void
put_points_as_image (const Svg *self)
{
  const PatronLayout *layout = self->layout;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceil (layout->width * IMAGE_SCALE),
                                                         (int) ceil (layout->height * IMAGE_SCALE));
  cairo_t *cr = cairo_create (surface);
  g_autoptr(GByteArray) png = g_byte_array_new ();
  cairo_scale (cr, IMAGE_SCALE, IMAGE_SCALE);
  patron_points_draw (layout, cr, self->style);
  cairo_destroy (cr);
  if (cairo_surface_write_to_png_stream (surface, patron_file_append, png) == CAIRO_STATUS_SUCCESS)
    {
      g_autofree char *base64 = g_base64_encode (png->data, png->len);
      g_string_append (self->out, "<image");
      put_rect (self->out, &(PatronRect) { 0, 0, layout->width, layout->height });
      g_string_append_printf (self->out, " href=\"data:image/png;base64,%s\"/>\n", base64);
    }
  cairo_surface_destroy (surface);
}

static void
put_marks (const Svg *self, gboolean points)
{
  const PatronLayout *layout = self->layout;
  guint n_points = 0;
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (layout->marks, PatronMark, i);
      n_points += mark->kind == PATRON_MARK_POINT && !mark->hidden;
    }
  if (points && n_points > MAX_POINTS)
    put_points_as_image (self);
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (layout->marks, PatronMark, i);
      gboolean is_point = mark->kind == PATRON_MARK_POINT;
      if (is_point == points && (!mark->hidden || patron_mark_is_dot (layout, mark)) && !(is_point && !mark->hidden && n_points > MAX_POINTS))
        put_mark (self, i);
    }
}

static void
put_path (const Svg *self, const PatronLayoutPath *path)
{
  const double *pair = (const double *) (gpointer) path->points->data;
  gboolean pen_down = FALSE;
  if (path->style == PATRON_SERIES_REFERENCE)
    g_string_append (self->out, "<path class=\"r\" d=\"");
  else
    g_string_append_printf (self->out, "<path class=\"%s%d\" d=\"", path->style == PATRON_SERIES_AREA ? "s p" : "l", palette_index (path->colour));
  for (guint i = 0; i < path->points->len; i++, pair += 2)
    {
      if (isnan (pair[0]))
        {
          pen_down = FALSE;
          continue;
        }
      g_string_append_c (self->out, pen_down ? 'L' : 'M');
      put_number (self->out, pair[0]);
      g_string_append_c (self->out, ' ');
      put_number (self->out, pair[1]);
      pen_down = TRUE;
    }
  g_string_append (self->out, path->style == PATRON_SERIES_AREA ? "Z\"/>\n" : "\"/>\n");
}

static void
put_paths (const Svg *self)
{
  static const PatronSeriesStyle order[] = { PATRON_SERIES_AREA, PATRON_SERIES_REFERENCE, PATRON_SERIES_LINE };
  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < self->layout->paths->len; i++)
      {
        const PatronLayoutPath *path = self->layout->paths->pdata[i];
        if (path->style == order[k])
          put_path (self, path);
      }
}

static const char *
text_class (const Svg *self, const PatronLayoutText *text)
{
  if (text->inside && text->mark >= 0)
    {
      const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, text->mark);
      return patron_mark_wants_dark_text (self->layout, mark, self->style) ? "ib" : "iw";
    }
  if (text->role == PATRON_LAYOUT_DIRECT)
    return text->colour < 0 ? "d h" : "t h";
  return text->role == PATRON_LAYOUT_VALUE || text->role == PATRON_LAYOUT_LEGEND || text->role == PATRON_LAYOUT_TITLE ? "t" : "d";
}

/* Each line of the text by itself, anchored where its alignment says, so that another font of the reader's moves it least. */
static void
put_text (const Svg *self, const PatronLayoutText *text)
{
  g_autoptr(PangoLayout) layout = patron_role_type (self->context, self->style, text->text, text->role, text->wrap);
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  const char *const anchors[] = { "start", "middle", "end" };
  double x = text->box.x + (text->align < 0 ? 0 : text->align > 0 ? text->box.width : text->box.width / 2);
  do
    {
      PangoLayoutLine *line = pango_layout_iter_get_line_readonly (iter);
      g_autofree char *part = g_strndup (text->text + line->start_index, (gsize) line->length);
      g_autofree char *escaped = g_markup_escape_text (g_strstrip (part), -1);
      double baseline = (double) pango_layout_iter_get_baseline (iter) / PANGO_SCALE;
      g_string_append_printf (self->out, "<text class=\"%s\" text-anchor=\"%s\"", text_class (self, text), anchors[CLAMP (text->align, -1, 1) + 1]);
      put_attribute (self->out, "x", x);
      put_attribute (self->out, "y", text->box.y + baseline);
      put_attribute (self->out, "font-size", patron_role_size (text->role, self->style->size));
      if (text->slanted)
        {
          g_string_append (self->out, " transform=\"rotate(-45 ");
          put_number (self->out, text->box.x + text->box.width);
          g_string_append_c (self->out, ' ');
          put_number (self->out, text->box.y + text->box.height / 2);
          g_string_append (self->out, ")\"");
        }
      g_string_append_printf (self->out, ">%s</text>", escaped);
    }
  while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
  g_string_append_c (self->out, '\n');
}

static void
put_keys (const Svg *self)
{
  for (guint i = 0; i < self->layout->keys->len; i++)
    {
      const PatronLayoutKey *key = &g_array_index (self->layout->keys, PatronLayoutKey, i);
      const PatronRect *box = &key->box;
      if (key->style == PATRON_SERIES_LINE)
        {
          g_autofree char *class = g_strdup_printf ("l%d", palette_index (key->colour));
          put_line (self->out, class, box->x, box->y, box->x + box->width, box->y);
          continue;
        }
      g_string_append_printf (self->out, "<rect class=\"p%d\" rx=\"%d\"", palette_index (key->colour), key->style == PATRON_SERIES_POINTS ? (int) (box->width / 2) + 1 : 2);
      put_rect (self->out, box);
      g_string_append (self->out, "/>");
    }
}

static void
put_colour_scale (const Svg *self)
{
  const PatronRect *box = &self->layout->scale;
  const int steps = 32;
  for (int i = 0; i < steps && box->width > 0; i++)
    {
      PatronMark cell = { .kind = PATRON_MARK_CELL, .colour = -1, .level = (double) i / (steps - 1) };
      PatronColour fill = patron_mark_fill (self->layout, &cell, self->style);
      g_string_append (self->out, "<rect");
      put_fill (self->out, &fill);
      put_rect (self->out, &(PatronRect) { box->x + i * box->width / steps, box->y, box->width / steps + 0.3, box->height });
      g_string_append (self->out, "/>");
    }
}

void
patron_chart_to_svg (const PatronChart *chart, double width, double height, GString *out)
{
  PatronChartStyle style;
  patron_chart_style_init (&style);
  g_autoptr(PatronLayout) layout = patron_chart_layout (chart, width, height, &style);
  g_autofree char *title = patron_text_render (chart->title), *escaped = g_markup_escape_text (title, -1);
  Svg self = { layout, &style, patron_type_context_new (), out };
  guint clip = (guint) out->len;   /* unique within the page, and the same each time it is written */
  g_string_append_printf (out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", (int) ceil (width), (int) ceil (height), escaped);
  g_string_append_printf (out, "<clipPath id=\"clip%u\"><rect", clip);
  put_rect (out, &(PatronRect) { layout->plot.x - 6, layout->plot.y - 6, layout->plot.width + 12, layout->plot.height + 12 });
  g_string_append (out, "/></clipPath>\n");
  for (guint i = 0; i < layout->lines->len; i++)
    {
      const PatronLayoutLine *line = &g_array_index (layout->lines, PatronLayoutLine, i);
      if (!line->axis)
        put_line (out, "g", line->x0, line->y0, line->x1, line->y1);
    }
  g_string_append_printf (out, "<g clip-path=\"url(#clip%u)\">\n", clip);
  put_marks (&self, FALSE);
  g_string_append (out, "</g>\n");
  for (guint i = 0; i < layout->lines->len; i++)
    {
      const PatronLayoutLine *line = &g_array_index (layout->lines, PatronLayoutLine, i);
      if (line->axis)
        put_line (out, "a", line->x0, line->y0, line->x1, line->y1);
    }
  g_string_append_printf (out, "<g clip-path=\"url(#clip%u)\">\n", clip);
  put_paths (&self);
  put_marks (&self, TRUE);
  g_string_append (out, "</g>\n");
  put_colour_scale (&self);
  put_keys (&self);
  for (guint i = 0; i < layout->texts->len; i++)
    put_text (&self, &g_array_index (layout->texts, PatronLayoutText, i));
  g_string_append (out, "</svg>\n");
  g_object_unref (self.context);
}
