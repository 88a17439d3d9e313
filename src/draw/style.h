/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PATRON_N_PALETTE 8

typedef struct
{
  double red, green, blue;   /* sRGB, 0 … 1 */
} PatronColour;

/* The colours of charts. Neighbours in the palette differ in lightness as well as in hue, so that they stay apart for colour-blind
 * readers and on grey paper. The dark theme is chosen for a dark ground, not computed from the light one. */
typedef struct
{
  gboolean     dark;
  PatronColour background, text, dim, grid, axis, reference, empty;
  PatronColour palette[PATRON_N_PALETTE];
  PatronColour sequential[5];   /* little … much */
  PatronColour diverging[5];    /* below … zero … above */
} PatronTheme;

extern const PatronTheme patron_theme_light;
extern const PatronTheme patron_theme_dark;

const PatronColour *patron_theme_colour (const PatronTheme *theme, int index);   /* round and round; -1: the reference's grey */
/* Between five anchors; level 0 … 1. */
PatronColour patron_colour_ramp      (const PatronColour anchors[5], double level);
/* Perceived lightness, 0 … 1 (relative luminance of WCAG 2). */
double       patron_colour_luminance (const PatronColour *colour);

/* How a chart is drawn. Lengths are in the units of the cairo context: pixels on a screen, points on paper. */
typedef struct
{
  const PatronTheme *theme;
  const char        *font;        /* families, comma-separated, as Pango takes them */
  double             size;        /* of labels */
  gboolean           title;       /* draw title and caption into the picture */
  gboolean           background;  /* fill the ground */
} PatronChartStyle;

/* Light, the default fonts, 11 units, no title, no ground. */
void patron_chart_style_init (PatronChartStyle *style);

/* The default families: a clean sans serif, then one with Chinese. */
#define PATRON_FONT "Cantarell, Noto Sans, Liberation Sans, Nimbus Sans, DejaVu Sans, Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif"

G_END_DECLS
