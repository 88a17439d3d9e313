/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/chart.h"

#include "draw/chart-private.h"
#include "draw/points.h"

#include <math.h>
#include <string.h>

/* Lines with at most this many readings show them as dots. */
#define MAX_DOTTED 24

/* ---- text ------------------------------------------------------------------------------------------------------------ */

double
patron_role_size (PatronLayoutRole role, double size)
{
  return role == PATRON_LAYOUT_TITLE ? size * 1.25 : role == PATRON_LAYOUT_CAPTION || role == PATRON_LAYOUT_DIRECT ? size : size * 0.95;
}

PangoLayout *
patron_role_type (PangoContext *context, const PatronChartStyle *style, const char *text, PatronLayoutRole role, double wrap)
{
  return patron_type_layout_new (context, text, style->font, patron_role_size (role, style->size), role == PATRON_LAYOUT_TITLE, wrap);
}

typedef struct
{
  PangoContext           *context;
  const PatronChartStyle *style;
} Measurer;

static void
measure (const char *text, PatronLayoutRole role, double wrap, double *width, double *height, gpointer data)
{
  const Measurer *self = data;
  g_autoptr(PangoLayout) layout = patron_role_type (self->context, self->style, text, role, wrap);
  patron_type_measure (layout, width, height);
}

PatronLayout *
patron_chart_layout (const PatronChart *chart, double width, double height, const PatronChartStyle *style)
{
  Measurer measurer = { patron_type_context_new (), style };
  PatronLayoutOptions options = { .measure = measure, .data = &measurer, .spacing = style->size * 0.75, .title = style->title };
  PatronLayout *layout = patron_layout_new (chart, width, height, &options);
  g_object_unref (measurer.context);
  return layout;
}

PatronColour
patron_mark_fill (const PatronLayout *layout, const PatronMark *mark, const PatronChartStyle *style)
{
  if (mark->kind != PATRON_MARK_CELL || mark->colour >= 0)
    return *patron_theme_colour (style->theme, mark->colour);
  return isnan (mark->level) ? style->theme->empty
                             : patron_colour_ramp (layout->chart->diverging ? style->theme->diverging : style->theme->sequential, mark->level);
}

gboolean
patron_mark_wants_dark_text (const PatronLayout *layout, const PatronMark *mark, const PatronChartStyle *style)
{
  PatronColour fill = patron_mark_fill (layout, mark, style);
  return patron_colour_luminance (&fill) > 0.179;   /* where white and black have equal contrast (WCAG 2) */
}

static const PatronColour *
text_colour (const PatronLayout *layout, const PatronLayoutText *text, const PatronChartStyle *style)
{
  static const PatronColour white = { 1, 1, 1 }, black = { 0.1, 0.1, 0.12 };
  if (text->inside && text->mark >= 0)
    return patron_mark_wants_dark_text (layout, &g_array_index (layout->marks, PatronMark, text->mark), style) ? &black : &white;
  switch (text->role)
    {
    case PATRON_LAYOUT_TITLE:
    case PATRON_LAYOUT_VALUE:
    case PATRON_LAYOUT_LEGEND:
      return &style->theme->text;
    case PATRON_LAYOUT_DIRECT:
      return text->colour < 0 ? &style->theme->dim : &style->theme->text;
    default:
      return &style->theme->dim;
    }
}

/* Lines under a name in the plot are wiped out around its letters. */
static void
draw_halo (cairo_t *cr, PangoLayout *layout, double x, double y, const PatronChartStyle *style)
{
  cairo_save (cr);
  cairo_move_to (cr, x, y);
  pango_cairo_layout_path (cr, layout);
  patron_colour_set (cr, &style->theme->background, 0.85);
  cairo_set_line_width (cr, style->size * 0.3);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_text (const PatronLayout *layout, const PatronLayoutText *text, cairo_t *cr, PangoContext *context, const PatronChartStyle *style)
{
  g_autoptr(PangoLayout) type = patron_role_type (context, style, text->text, text->role, text->wrap);
  const PatronColour *colour = text_colour (layout, text, style);
  double x = text->box.x, y = text->box.y, width, height;
  pango_layout_set_alignment (type, text->align < 0 ? PANGO_ALIGN_LEFT : text->align > 0 ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_CENTER);
  if (text->wrap > 0 && text->align == 0)
    {
      patron_type_measure (type, &width, &height);
      x = text->box.x + text->box.width / 2 - text->wrap / 2;   /* lines are centred in the width they were broken at */
    }
  cairo_save (cr);
  if (text->slanted)
    {
      cairo_translate (cr, text->box.x + text->box.width, text->box.y + text->box.height / 2);
      cairo_rotate (cr, -G_PI_4);
      x = -text->box.width;
      y = -text->box.height / 2;
    }
  if (text->role == PATRON_LAYOUT_DIRECT)
    draw_halo (cr, type, x, y, style);
  patron_colour_set (cr, colour, 1);
  patron_type_show (cr, type, x, y);
  cairo_restore (cr);
}

/* ---- marks ------------------------------------------------------------------------------------------------------------- */

static void
draw_lines (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style, gboolean axes)
{
  for (guint i = 0; i < layout->lines->len; i++)
    {
      const PatronLayoutLine *line = &g_array_index (layout->lines, PatronLayoutLine, i);
      if (line->axis != axes)
        continue;
      /* Sharp on a screen: the middle of a pixel. */
      double x0 = floor (line->x0) + 0.5, y0 = floor (line->y0) + 0.5;
      cairo_move_to (cr, line->x0 == line->x1 ? x0 : line->x0, line->y0 == line->y1 ? y0 : line->y0);
      cairo_line_to (cr, line->x0 == line->x1 ? x0 : line->x1, line->y0 == line->y1 ? y0 : line->y1);
      patron_colour_set (cr, axes ? &style->theme->axis : &style->theme->grid, 1);
      cairo_set_line_width (cr, 1);
      cairo_stroke (cr);
    }
}

/* Rounded at the end away from the base, as far as the size allows. */
static void
bar_path (cairo_t *cr, const PatronRect *box, gboolean upright, gboolean reversed, double radius)
{
  double x = box->x, y = box->y, w = box->width, h = box->height, r = MIN (radius, MIN (w, h) / 2);
  if (r < 0.75)
    {
      cairo_rectangle (cr, x, y, w, h);
      return;
    }
  gboolean corners[4] = { /* top left, top right, bottom right, bottom left */
    upright ? !reversed : reversed, upright ? !reversed : !reversed, upright ? reversed : !reversed, upright ? reversed : reversed
  };
  const double cx[4] = { x + r, x + w - r, x + w - r, x + r }, cy[4] = { y + r, y + r, y + h - r, y + h - r };
  const double px[4] = { x, x + w, x + w, x }, py[4] = { y, y, y + h, y + h };
  cairo_new_sub_path (cr);
  for (int i = 0; i < 4; i++)
    if (corners[i])
      cairo_arc (cr, cx[i], cy[i], r, G_PI + i * G_PI_2, G_PI + (i + 1) * G_PI_2);
    else
      cairo_line_to (cr, px[i], py[i]);
  cairo_close_path (cr);
}

static void
draw_interval (cairo_t *cr, const PatronMark *mark, const PatronChartStyle *style)
{
  if (isnan (mark->low) || isnan (mark->high))
    return;
  double middle = mark->upright ? mark->box.x + mark->box.width / 2 : mark->box.y + mark->box.height / 2;
  double cap = MIN (style->size * 0.35, (mark->upright ? mark->box.width : mark->box.height) / 3);
  patron_colour_set (cr, &style->theme->text, 0.8);
  cairo_set_line_width (cr, MAX (1, style->size * 0.1));
  const double ends[2] = { mark->low, mark->high };
  cairo_move_to (cr, mark->upright ? middle : ends[0], mark->upright ? ends[0] : middle);
  cairo_line_to (cr, mark->upright ? middle : ends[1], mark->upright ? ends[1] : middle);
  for (int i = 0; i < 2; i++)
    {
      cairo_move_to (cr, mark->upright ? middle - cap : ends[i], mark->upright ? ends[i] : middle - cap);
      cairo_line_to (cr, mark->upright ? middle + cap : ends[i], mark->upright ? ends[i] : middle + cap);
    }
  cairo_stroke (cr);
}

static void
draw_bar (const PatronLayout *layout, cairo_t *cr, const PatronMark *mark, const PatronChartStyle *style)
{
  const PatronSeries *series = layout->chart->series->pdata[mark->series];
  gboolean square = layout->chart->stacked || layout->chart->kind == PATRON_CHART_HISTOGRAM;
  bar_path (cr, &mark->box, mark->upright, series->y[mark->index] < 0, square ? 0 : style->size * 0.25);
  patron_colour_set (cr, patron_theme_colour (style->theme, mark->colour), 1);
  cairo_fill (cr);
}

static void
draw_box (cairo_t *cr, const PatronMark *mark, const PatronChartStyle *style)
{
  const PatronColour *colour = patron_theme_colour (style->theme, mark->colour);
  const PatronRect *box = &mark->box;
  double line = MAX (1, style->size * 0.12), middle = mark->upright ? box->x + box->width / 2 : box->y + box->height / 2;
  double near = mark->upright ? box->y + box->height : box->x, far = mark->upright ? box->y : box->x + box->width;
  const double from[2] = { near, far }, to[2] = { mark->low, mark->high };
  patron_colour_set (cr, colour, 1);
  cairo_set_line_width (cr, line);
  for (int i = 0; i < 2; i++)
    if (!isnan (to[i]))
      {
        cairo_move_to (cr, mark->upright ? middle : from[i], mark->upright ? from[i] : middle);
        cairo_line_to (cr, mark->upright ? middle : to[i], mark->upright ? to[i] : middle);
      }
  cairo_stroke (cr);
  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  patron_colour_set (cr, colour, style->theme->dark ? 0.45 : 0.35);
  cairo_fill_preserve (cr);
  patron_colour_set (cr, colour, 1);
  cairo_stroke (cr);
  if (isnan (mark->middle))
    return;
  cairo_set_line_width (cr, line * 2);
  cairo_move_to (cr, mark->upright ? box->x : mark->middle, mark->upright ? mark->middle : box->y);
  cairo_line_to (cr, mark->upright ? box->x + box->width : mark->middle, mark->upright ? mark->middle : box->y + box->height);
  patron_colour_set (cr, &style->theme->text, 1);
  cairo_stroke (cr);
}

static void
draw_bubble (cairo_t *cr, const PatronMark *mark, const PatronChartStyle *style)
{
  const PatronColour *colour = patron_theme_colour (style->theme, mark->colour);
  double radius = mark->box.width / 2;
  cairo_arc (cr, mark->box.x + radius, mark->box.y + radius, radius, 0, 2 * G_PI);
  patron_colour_set (cr, colour, 0.5);
  cairo_fill_preserve (cr);
  patron_colour_set (cr, &style->theme->background, 0.8);   /* keeps bubbles that lie over each other apart */
  cairo_set_line_width (cr, MAX (1, style->size * 0.1));
  cairo_stroke (cr);
}

static void
draw_marks (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style)
{
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (layout->marks, PatronMark, i);
      if (mark->kind == PATRON_MARK_BAR)
        draw_bar (layout, cr, mark, style);
      else if (mark->kind == PATRON_MARK_BOX)
        draw_box (cr, mark, style);
      else if (mark->kind == PATRON_MARK_BUBBLE)
        draw_bubble (cr, mark, style);
      else if (mark->kind == PATRON_MARK_CELL)
        {
          PatronColour colour = patron_mark_fill (layout, mark, style);
          cairo_rectangle (cr, mark->box.x, mark->box.y, mark->box.width, mark->box.height);
          patron_colour_set (cr, &colour, 1);
          cairo_fill (cr);
        }
    }
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (layout->marks, PatronMark, i);
      if (mark->kind == PATRON_MARK_BAR)
        draw_interval (cr, mark, style);
    }
}

static void
draw_colour_scale (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style)
{
  const PatronRect *box = &layout->scale;
  if (box->width <= 0)
    return;
  cairo_pattern_t *gradient = cairo_pattern_create_linear (box->x, 0, box->x + box->width, 0);
  for (int i = 0; i <= 16; i++)
    {
      PatronMark cell = { .kind = PATRON_MARK_CELL, .colour = -1, .level = i / 16.0 };
      PatronColour colour = patron_mark_fill (layout, &cell, style);
      cairo_pattern_add_color_stop_rgb (gradient, i / 16.0, colour.red, colour.green, colour.blue);
    }
  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  cairo_set_source (cr, gradient);
  cairo_fill (cr);
  cairo_pattern_destroy (gradient);
}

/* ---- lines ------------------------------------------------------------------------------------------------------------- */

static void
trace (cairo_t *cr, const PatronLayoutPath *path)
{
  gboolean pen_down = FALSE;
  const double *pairs = (const double *) (gpointer) path->points->data;
  for (guint i = 0; i < path->points->len; i++, pairs += 2)
    {
      if (isnan (pairs[0]))
        pen_down = FALSE;
      else if (pen_down)
        cairo_line_to (cr, pairs[0], pairs[1]);
      else
        {
          cairo_move_to (cr, pairs[0], pairs[1]);
          pen_down = TRUE;
        }
    }
}

/* Beside their colours, lines differ in their dashes: the palette's second half repeats the first's order. */
static void
set_dash (cairo_t *cr, int colour, double width)
{
  const double dashes[4][2] = { { 0, 0 }, { 4.5 * width, 2 * width }, { 1.2 * width, 1.8 * width }, { 8 * width, 2.5 * width } };
  int style = colour / 4 % 4;
  cairo_set_dash (cr, dashes[style], style > 0 ? 2 : 0, 0);
}

static void
draw_path (const PatronLayoutPath *path, cairo_t *cr, const PatronChartStyle *style)
{
  const PatronColour *colour = patron_theme_colour (style->theme, path->colour);
  double width = style->size * 0.17;
  cairo_save (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  trace (cr, path);
  if (path->style == PATRON_SERIES_AREA)
    {
      patron_colour_set (cr, colour, 0.22);
      cairo_fill (cr);
    }
  else if (path->style == PATRON_SERIES_REFERENCE)
    {
      const double dash[2] = { style->size * 0.35, style->size * 0.28 };
      patron_colour_set (cr, &style->theme->reference, 1);
      cairo_set_line_width (cr, MAX (0.75, style->size * 0.1));
      cairo_set_dash (cr, dash, 2, 0);
      cairo_stroke (cr);
    }
  else
    {
      patron_colour_set (cr, colour, 1);
      cairo_set_line_width (cr, width);
      set_dash (cr, path->colour, width);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

gboolean
patron_mark_is_dot (const PatronLayout *layout, const PatronMark *mark)
{
  /* Marks of heat maps have no series. */
  return mark->hidden && !layout->chart->stacked && ((const PatronSeries *) layout->chart->series->pdata[mark->series])->n <= MAX_DOTTED;
}

static void
draw_dots (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style)
{
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (layout->marks, PatronMark, i);
      if (!patron_mark_is_dot (layout, mark))
        continue;
      cairo_arc (cr, mark->box.x, mark->box.y, style->size * 0.24, 0, 2 * G_PI);
      patron_colour_set (cr, patron_theme_colour (style->theme, mark->colour), 1);
      cairo_fill (cr);
    }
}

static void
draw_paths (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style)
{
  static const PatronSeriesStyle order[] = { PATRON_SERIES_AREA, PATRON_SERIES_REFERENCE, PATRON_SERIES_LINE };
  for (guint k = 0; k < G_N_ELEMENTS (order); k++)
    for (guint i = 0; i < layout->paths->len; i++)
      {
        const PatronLayoutPath *path = layout->paths->pdata[i];
        if (path->style == order[k])
          draw_path (path, cr, style);
      }
  draw_dots (layout, cr, style);
}

static void
draw_keys (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style)
{
  for (guint i = 0; i < layout->keys->len; i++)
    {
      const PatronLayoutKey *key = &g_array_index (layout->keys, PatronLayoutKey, i);
      const PatronRect *box = &key->box;
      cairo_save (cr);
      patron_colour_set (cr, patron_theme_colour (style->theme, key->colour), 1);
      if (key->style == PATRON_SERIES_LINE)
        {
          double width = style->size * 0.2;
          cairo_set_line_width (cr, width);
          set_dash (cr, key->colour, width);
          cairo_move_to (cr, box->x, box->y);
          cairo_line_to (cr, box->x + box->width, box->y);
          cairo_stroke (cr);
        }
      else if (key->style == PATRON_SERIES_POINTS)
        {
          cairo_arc (cr, box->x + box->width / 2, box->y + box->height / 2, box->width * 0.42, 0, 2 * G_PI);
          cairo_fill (cr);
        }
      else
        {
          bar_path (cr, box, TRUE, FALSE, style->size * 0.2);
          cairo_fill (cr);
        }
      cairo_restore (cr);
    }
}

void
patron_layout_draw (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style)
{
  PangoContext *context = patron_type_context_new ();
  double margin = style->size * 0.5;
  cairo_save (cr);
  if (style->background)
    {
      patron_colour_set (cr, &style->theme->background, 1);
      cairo_rectangle (cr, 0, 0, layout->width, layout->height);
      cairo_fill (cr);
    }
  draw_lines (layout, cr, style, FALSE);
  cairo_save (cr);
  cairo_rectangle (cr, layout->plot.x - margin, layout->plot.y - margin, layout->plot.width + 2 * margin, layout->plot.height + 2 * margin);
  cairo_clip (cr);
  draw_marks (layout, cr, style);
  cairo_restore (cr);
  draw_lines (layout, cr, style, TRUE);
  cairo_save (cr);
  cairo_rectangle (cr, layout->plot.x - margin, layout->plot.y - margin, layout->plot.width + 2 * margin, layout->plot.height + 2 * margin);
  cairo_clip (cr);
  draw_paths (layout, cr, style);
  patron_points_draw (layout, cr, style);
  cairo_restore (cr);
  draw_colour_scale (layout, cr, style);
  draw_keys (layout, cr, style);
  for (guint i = 0; i < layout->texts->len; i++)
    draw_text (layout, &g_array_index (layout->texts, PatronLayoutText, i), cr, context, style);
  cairo_restore (cr);
  g_object_unref (context);
}

void
patron_chart_draw (const PatronChart *chart, cairo_t *cr, double width, double height, const PatronChartStyle *style)
{
  g_autoptr(PatronLayout) layout = patron_chart_layout (chart, width, height, style);
  patron_layout_draw (layout, cr, style);
}

void
patron_layout_draw_highlight (const PatronLayout *layout, cairo_t *cr, int mark, const PatronChartStyle *style)
{
  if (mark < 0 || (guint) mark >= layout->marks->len)
    return;
  const PatronMark *at = &g_array_index (layout->marks, PatronMark, mark);
  double line = MAX (1.5, style->size * 0.15);
  cairo_save (cr);
  if (at->kind == PATRON_MARK_BUBBLE)
    cairo_arc (cr, at->box.x + at->box.width / 2, at->box.y + at->box.width / 2, at->box.width / 2 + line / 2, 0, 2 * G_PI);
  else if (at->kind == PATRON_MARK_POINT)
    cairo_arc (cr, at->box.x, at->box.y, MAX (4, layout->point_size * 0.8), 0, 2 * G_PI);
  else
    cairo_rectangle (cr, at->box.x - line / 2, at->box.y - line / 2, at->box.width + line, at->box.height + line);
  patron_colour_set (cr, &style->theme->background, 0.8);
  cairo_set_line_width (cr, line * 2);
  cairo_stroke_preserve (cr);
  patron_colour_set (cr, &style->theme->text, 1);
  cairo_set_line_width (cr, line);
  cairo_stroke (cr);
  cairo_restore (cr);
}
