/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/layout.h"

G_BEGIN_DECLS

/* The state of laying out one chart, shared by the layout-*.c files. */
typedef struct
{
  double min, max;           /* NaN: no data */
} PatronRange;

typedef struct
{
  PatronLayout              *layout;
  const PatronChart         *chart;
  const PatronLayoutOptions *options;
  double                     unit;         /* of all gaps */
  double                     line;         /* height of a line of ticks */
  gboolean                   sideways;     /* categories run down the side, values to the right */
  PatronRange                x, y;         /* what the axes of the picture show */
  double                     band;         /* distance between neighbouring positions, in data units; powers of ten on a logarithmic axis */
  GArray                    *x_ticks, *y_ticks;
  PatronRect                 free;         /* what is left for the plot and its labels */
  gboolean                   direct;       /* series are named at the right of the plot */
  double                     direct_width;
  int                        panel;        /* the one being placed, -1 without */
  gboolean                   fixed;        /* the ranges are what they are: panels share them */
  gboolean                   no_side, no_below;   /* an inner panel: its neighbour has the labels */
} PatronLayouter;

static inline gboolean
patron_rect_overlaps (const PatronRect *a, const PatronRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

/* Series of the chart that carry data of their own. */
gboolean patron_series_is_reference (const PatronSeries *series);
/* A name that tells the series from others: not of a line that is alone, or that the axis names already. Owned; "" for none. */
char    *patron_series_own_name     (const PatronChart *chart, guint index);
/* Whether the series is not in the panel being placed. */
gboolean patron_layouter_skips      (const PatronLayouter *self, const PatronSeries *series);
int      patron_series_colour       (const PatronChart *chart, guint index);
double   patron_series_x            (const PatronSeries *series, gsize i);   /* i when there are no x */
gboolean patron_series_stacks       (const PatronChart *chart, const PatronSeries *series);   /* upon those before it */
gboolean patron_series_is_bar       (const PatronChart *chart, const PatronSeries *series);

void   patron_layouter_measure (PatronLayouter *self, const char *text, PatronLayoutRole role, double wrap, double *width, double *height);
/* text, or as much of its beginning (middle: of both its ends) as fits with an ellipsis; "" when not even that does. Owned by the caller. */
char  *patron_layouter_elide   (PatronLayouter *self, const char *text, PatronLayoutRole role, gboolean middle, double max_width);
/* Adds a copy of text at box; returns it for further settings, valid until the next call. */
PatronLayoutText *patron_layouter_add_text (PatronLayouter *self, const char *text, PatronLayoutRole role, PatronRect box, int align);
/* Whether box is inside the picture and touches no text placed so far. */
gboolean patron_layouter_is_free (const PatronLayouter *self, const PatronRect *box);
void   patron_layouter_add_line (PatronLayouter *self, double x0, double y0, double x1, double y1, gboolean axis);

void   patron_layouter_find_ranges (PatronLayouter *self);
void   patron_layouter_place_head  (PatronLayouter *self);   /* title, caption, legend, names of the axes */
void   patron_layouter_place_axes  (PatronLayouter *self);   /* sets plot and scales */
void   patron_layouter_place_marks (PatronLayouter *self);
void   patron_layouter_place_panels (PatronLayouter *self);   /* axes and marks of each */
/* The largest of all bubbles; the diameter of one of a size. */
double patron_largest_size    (const PatronChart *chart);
double patron_layouter_bubble (const PatronLayouter *self, double size, double largest);
/* Of a mosaic: where column ix and within it row iy begin, as shares 0 … 1 of the plot; n_x or n_y: their end. */
double patron_mosaic_column (const PatronChart *chart, gsize ix);
double patron_mosaic_row    (const PatronChart *chart, gsize ix, gsize iy);
void   patron_layouter_place_values (PatronLayouter *self);  /* numbers on bars and cells */
void   patron_layouter_place_names (PatronLayouter *self);   /* of series, at their ends */
/* How far the longest value label reaches, along the direction of the values; 0 without value labels. */
double patron_layouter_value_extent (PatronLayouter *self);

G_END_DECLS
