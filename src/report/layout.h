/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/chart.h"

G_BEGIN_DECLS

/* Chart → scales → marks, in pixels, without drawing. Text is measured through a function of the caller's, so that tests can
 * use a fixed-width font and the window Pango. y grows downwards. */

/* ---- scales ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronAxisKind kind;
  double         min, max;       /* of the data shown, after nice rounding */
  double         from, to;       /* pixels of min and max */
} PatronScaleMap;

/* NaN for what has no place: not-a-number, zero and below on a log axis. Values outside min … max lie outside from … to. */
double patron_scale_to_pixel   (const PatronScaleMap *scale, double value);
double patron_scale_from_pixel (const PatronScaleMap *scale, double pixel);

/* About `target` round values covering min … max (Heckbert's nice numbers; calendar steps on date axes; decades on log
 * axes). At least one, at most some hundreds. GArray of double. */
GArray *patron_ticks (PatronAxisKind kind, double min, double max, guint target);
/* One tick's label beside the others: as many decimals as their step needs, large numbers in thousands or millions (or 万, 亿), dates
 * as years, months or days by their distance. Owned by the caller. */
char   *patron_tick_label (const PatronAxis *axis, const GArray *ticks, guint i);

/* Freedman–Diaconis with a cap; at most max_bins. Fills n + 1 edges on round numbers. Missing and infinite values are skipped; without
 * any value the edges are 0 and 1. integers: no bin is narrower than 1 and the edges lie between integers. GArray of double. */
GArray *patron_histogram_edges (const double *values, gsize n, guint max_bins, gboolean integers);
/* How many values fall into [edge i, edge i+1), the last bin with its upper edge. counts: edges->len - 1 numbers. */
void    patron_histogram_count (const double *values, gsize n, const GArray *edges, double *counts);

/* ---- layout ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  double x, y, width, height;
} PatronRect;

typedef enum
{
  PATRON_LAYOUT_TITLE,
  PATRON_LAYOUT_CAPTION,
  PATRON_LAYOUT_AXIS,       /* what an axis shows */
  PATRON_LAYOUT_TICK,
  PATRON_LAYOUT_VALUE,      /* on a bar or a cell */
  PATRON_LAYOUT_DIRECT,     /* the name of a series at its end */
  PATRON_LAYOUT_LEGEND,
} PatronLayoutRole;

/* Width and height of text, which may have several lines; with wrap_width > 0 broken into lines no wider than that. */
typedef void (*PatronTextMeasure) (const char *text, PatronLayoutRole role, double wrap_width, double *width, double *height, gpointer data);

typedef struct
{
  char            *text;
  PatronLayoutRole role;
  PatronRect       box;      /* as drawn when it is not rotated */
  gboolean         slanted;  /* turned by -45° about the middle of its right edge, which lies at (box.x + box.width, box.y + box.height / 2) */
  double           wrap;     /* width to break lines at, 0: none */
  int              align;    /* of its lines: -1 left, 0 centre, 1 right */
  int              colour;   /* palette index, -1: the text's own colour; VALUE inside a mark: see inside */
  gboolean         inside;   /* lies on a mark: light or dark by the mark's colour */
  int              mark;     /* index of the mark it lies on, or -1 */
} PatronLayoutText;

typedef struct
{
  double   x0, y0, x1, y1;
  gboolean axis;             /* the zero line or base line: stronger than a grid line */
} PatronLayoutLine;

typedef enum { PATRON_MARK_BAR, PATRON_MARK_POINT, PATRON_MARK_BOX, PATRON_MARK_CELL, PATRON_MARK_BUBBLE } PatronMarkKind;

typedef struct
{
  PatronMarkKind kind;
  int            colour;     /* palette index; CELL: -1 when its colour is its level */
  guint32        series;
  guint32        index;      /* of the value in its series; CELL: iy * n_x + ix */
  gboolean       upright;    /* BAR, BOX: values go up rather than right */
  gboolean       hidden;     /* not drawn: a point of a line, there to be found */
  PatronRect     box;        /* BAR, CELL: the rectangle; BOX: q1 … q3; BUBBLE: the square around it; POINT: no size */
  double         middle;     /* BOX: pixel of the median */
  double         low, high;  /* pixels of the interval or the whisker ends, NaN without */
  double         level;      /* CELL: 0 … 1 on the colour scale (0.5 is zero when diverging), NaN: empty */
} PatronMark;

typedef struct
{
  PatronSeriesStyle style;   /* LINE, AREA, REFERENCE; a band is an AREA */
  int               colour;
  guint32           series;
  GArray           *points;  /* of double pairs x, y; NaN pairs break the line; an AREA is a closed outline */
} PatronLayoutPath;

typedef struct
{
  PatronRect        box;
  PatronSeriesStyle style;
  int               colour;
} PatronLayoutKey;

typedef struct
{
  const PatronChart *chart;  /* borrowed: must live as long as the layout */
  double          width, height;
  PatronRect      plot;      /* with panels: around all of them */
  GArray         *panels;    /* of PatronRect: the plot of each; empty without */
  PatronScaleMap  x, y;      /* a category's position is its index; with panels: of the first */
  PatronRect      scale;     /* HEAT_MAP: the bar of the colour scale; no width: none */
  double          value_min, value_max;   /* HEAT_MAP, MOSAIC with shades: the ends of the colour scale */
  GArray         *lines;     /* of PatronLayoutLine */
  GArray         *texts;     /* of PatronLayoutText */
  GArray         *marks;     /* of PatronMark */
  GPtrArray      *paths;     /* of PatronLayoutPath* */
  GArray         *keys;      /* of PatronLayoutKey: swatches of the legend */
  double          point_size; /* diameter of points */
} PatronLayout;

typedef struct
{
  PatronTextMeasure measure;
  gpointer      data;
  double        spacing;     /* the unit of all gaps, about half a line of text */
  gboolean      title;       /* leave room for title and caption */
} PatronLayoutOptions;

/* Any size, however small; what does not fit is left out, never overlapped. */
PatronLayout *patron_layout_new  (const PatronChart *chart, double width, double height, const PatronLayoutOptions *options);
void          patron_layout_free (PatronLayout *layout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronLayout, patron_layout_free)

/* The plot a mark lies in. */
PatronRect patron_layout_plot_of (const PatronLayout *layout, const PatronMark *mark);
/* The mark under or nearest to the pointer (within some pixels), or -1. */
int   patron_layout_find     (const PatronLayout *layout, double x, double y);
/* The marks whose middle lies in the rectangle, as indices; GArray of guint. */
GArray *patron_layout_select (const PatronLayout *layout, const PatronRect *area);
/* What the mark shows, one line for each value, translated; for a tooltip. Owned by the caller. */
char *patron_layout_describe (const PatronLayout *layout, int mark);

G_END_DECLS
