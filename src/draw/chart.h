/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/style.h"
#include "report/layout.h"

#include <cairo.h>

G_BEGIN_DECLS

/* One renderer for window, PNG, SVG and PDF. The chart fills 0, 0, width, height of the context. No display is needed; safe in any
 * thread as long as each uses its own context. */
void patron_chart_draw (const PatronChart *chart, cairo_t *cr, double width, double height, const PatronChartStyle *style);

/* The same in two steps, for a view that keeps the layout to find what is under the pointer and an image surface to redraw from.
 * The chart must live as long as the layout. */
PatronLayout *patron_chart_layout (const PatronChart *chart, double width, double height, const PatronChartStyle *style);
void          patron_layout_draw  (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style);
/* Only a ring or outline around one mark, for hovering; nothing for -1. */
void          patron_layout_draw_highlight (const PatronLayout *layout, cairo_t *cr, int mark, const PatronChartStyle *style);

/* Writes beside and renames over: a failure leaves no half-written file. The ending of path says the format: png, svg or pdf; width and
 * height are in pixels at 96 to the inch, png is drawn at twice the resolution. style may be NULL: light, with title and ground. */
gboolean patron_chart_write (const PatronChart *chart, const char *path, double width, double height, const PatronChartStyle *style, GError **error);

G_END_DECLS
