/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/style.h"

#include <cairo.h>
#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* Setting type with Pango, the same on every surface: no hinting of metrics, so that text is as wide on paper as on the screen. */
PangoContext *patron_type_context_new (void);
/* size in units of the cairo context; wrap > 0 breaks lines at that width. Chinese text gets Chinese glyph forms, whatever the
 * language of the interface. */
PangoLayout  *patron_type_layout_new  (PangoContext *context, const char *text, const char *font, double size, gboolean bold, double wrap);
/* Width and height in units of the cairo context. */
void          patron_type_measure     (PangoLayout *layout, double *width, double *height);
/* Top left corner at x, y. */
void          patron_type_show        (cairo_t *cr, PangoLayout *layout, double x, double y);
/* The language of text for Pango and for documents: "zh-cn" … */
const char   *patron_type_language    (const char *text);
void          patron_colour_set       (cairo_t *cr, const PatronColour *colour, double alpha);

G_END_DECLS
