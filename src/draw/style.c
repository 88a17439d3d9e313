/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/style.h"

#include <math.h>

#define RGB(hex) { ((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex) & 255) / 255.0 }

const PatronTheme patron_theme_light = {
  .dark = FALSE,
  .background = RGB (0xffffff),
  .text = RGB (0x2e2e33),
  .dim = RGB (0x5e5c64),
  .grid = RGB (0xe8e8ea),
  .axis = RGB (0xa5a3aa),
  .reference = RGB (0x77767b),
  .empty = RGB (0xf2f2f3),
  .palette = { RGB (0x2a6cc0), RGB (0xf0a030), RGB (0x5b2a6b), RGB (0x2d8a58), RGB (0x7cc6d8), RGB (0xb8361c), RGB (0xd5c22a), RGB (0x8b8f99) },
  .sequential = { RGB (0xedf3fb), RGB (0xb9d3ee), RGB (0x74a9d8), RGB (0x2f74b5), RGB (0x123f75) },
  .diverging = { RGB (0x9a4a05), RGB (0xe9a95c), RGB (0xf6f5f4), RGB (0x7fb0dd), RGB (0x1c4f91) },
};

const PatronTheme patron_theme_dark = {
  .dark = TRUE,
  .background = RGB (0x242424),
  .text = RGB (0xf0f0f0),
  .dim = RGB (0xb4b3b8),
  .grid = RGB (0x3a3a3d),
  .axis = RGB (0x6c6b70),
  .reference = RGB (0x9a999e),
  .empty = RGB (0x2d2d2f),
  .palette = { RGB (0x62a0ea), RGB (0xffbe6f), RGB (0xa877c4), RGB (0x27804f), RGB (0xa6e3ee), RGB (0xe0654a), RGB (0xf2e06a), RGB (0x9a9ca6) },
  .sequential = { RGB (0x2b3442), RGB (0x2f4f7a), RGB (0x3d78b8), RGB (0x74acdf), RGB (0xcfe4f9) },
  .diverging = { RGB (0xffb65c), RGB (0xa8682a), RGB (0x38383b), RGB (0x3f78b4), RGB (0x9cc9f5) },
};

const PatronColour *
patron_theme_colour (const PatronTheme *theme, int index)
{
  return index < 0 ? &theme->reference : &theme->palette[index % PATRON_N_PALETTE];
}

PatronColour
patron_colour_ramp (const PatronColour anchors[5], double level)
{
  double position = CLAMP (isnan (level) ? 0 : level, 0, 1) * 4;
  int below = MIN (3, (int) position);
  double part = position - below;
  const PatronColour *a = &anchors[below], *b = &anchors[below + 1];
  return (PatronColour) { a->red + part * (b->red - a->red), a->green + part * (b->green - a->green), a->blue + part * (b->blue - a->blue) };
}

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

double
patron_colour_luminance (const PatronColour *colour)
{
  return 0.2126 * linear (colour->red) + 0.7152 * linear (colour->green) + 0.0722 * linear (colour->blue);
}

void
patron_chart_style_init (PatronChartStyle *style)
{
  *style = (PatronChartStyle) { .theme = &patron_theme_light, .font = PATRON_FONT, .size = 11 };
}
