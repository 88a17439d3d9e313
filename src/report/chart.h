/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/text.h"
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A chart as data: what is shown, not where. Layout (report/layout.h) turns it into marks in pixels without drawing; draw/ paints them. */
typedef enum
{
  PATRON_CHART_BAR,         /* categories on one axis, a value on the other; several series: grouped, or stacked */
  PATRON_CHART_HISTOGRAM,   /* BARS: x = edges of the bins (n + 1 of them), y = counts (n); other styles: n of both, drawn over them */
  PATRON_CHART_LINE,        /* series of (x, y), optional band low … high; a NaN breaks the line; AREA series are filled, and stack when stacked */
  PATRON_CHART_SCATTER,     /* points (x, y), series or colour by group, optional labels; bubbles with .size; a LINE series may have a band */
  PATRON_CHART_HEAT_MAP,    /* categories × categories, a value each; the first row on top */
  PATRON_CHART_BOX,         /* five numbers for each category; a POINTS series holds outliers: x = position, y = value */
  PATRON_CHART_VIOLIN,      /* an AREA series is one shape: x = its position (all the same), y = values upwards, size = half width there,
                               0 … 1; series with q1 and q3 are slim boxes within; a POINTS series lies beside */
  PATRON_CHART_MOSAIC,      /* cells: counts; a column for each x category as wide as its share, parted by the y categories' shares */
} PatronChartKind;

typedef enum
{
  PATRON_AXIS_LINEAR,
  PATRON_AXIS_LOG,
  PATRON_AXIS_DATE,         /* days since 1970-01-01 */
  PATRON_AXIS_CATEGORY,     /* positions 0, 1, 2 … with labels */
} PatronAxisKind;

typedef struct
{
  PatronAxisKind kind;
  PatronText    *label;         /* NULL: none */
  PatronFormat   format;        /* of the tick labels and of the values on hover */
  GPtrArray     *categories;    /* of PatronText*, for PATRON_AXIS_CATEGORY; never NULL */
  double         min, max;      /* NaN: from the data */
  gboolean       zero;          /* the axis must include 0 */
} PatronAxis;

typedef enum { PATRON_SERIES_POINTS, PATRON_SERIES_LINE, PATRON_SERIES_BARS, PATRON_SERIES_AREA, PATRON_SERIES_REFERENCE } PatronSeriesStyle;

/* n values each; arrays that the kind does not need are NULL. */
typedef struct
{
  PatronText       *label;
  PatronSeriesStyle style;      /* REFERENCE: thin, grey, dashed (a baseline, a diagonal) */
  int               colour;     /* index into the palette, -1: by position */
  gsize             n;
  double           *x, *y;      /* HISTOGRAM: x has n + 1 edges. BAR: x may be NULL (0, 1, 2 …). BOX: y = median */
  double           *low, *high; /* interval; BOX: whisker ends */
  double           *q1, *q3;    /* BOX */
  double           *size;       /* SCATTER: what the area of each bubble says, ≥ 0; VIOLIN: see above */
  gint32           *group;      /* SCATTER: palette index of each point */
  GPtrArray        *labels;     /* of char*, NULL or n: name of each point or bar, shown on hover */
  guint             panel;      /* of the chart's panels; 0 without */
} PatronSeries;

typedef struct
{
  char           *id;           /* "roc", unique within the report, part of the JSON promise */
  PatronChartKind kind;
  PatronText     *title;
  PatronText     *caption;      /* how to read it, one line with the reader's own figures */
  PatronAxis      x, y;
  PatronAxis      value;        /* HEAT_MAP, MOSAIC with shades: format and label of the colour scale */
  PatronAxis      size;         /* SCATTER with sizes: format and label of what the bubbles' areas say */
  gboolean        horizontal;   /* BAR, BOX, VIOLIN: categories down the side (their axis is y then; series x holds values' positions all the same) */
  gboolean        stacked;
  gboolean        diverging;    /* HEAT_MAP: colours around 0 */
  gboolean        value_labels; /* BAR, HEAT_MAP: print the value on the mark */
  GPtrArray      *series;       /* of PatronSeries* */
  gsize           n_x, n_y;     /* HEAT_MAP: cells */
  double         *cells;        /* HEAT_MAP: cells[iy * n_x + ix], NaN: empty; MOSAIC: counts */
  double         *shades;       /* MOSAIC: adjusted residual of each cell, for its colour; NULL: colours by y category */
  GPtrArray      *groups;       /* of PatronText*: legend of SCATTER groups, by palette index */
  GPtrArray      *panels;       /* of PatronText*: small multiples with common axes, one for each; empty: one picture. Not for cells */
} PatronChart;

/* One value of a chart: which of a series; the cells are all of series 0. */
typedef struct
{
  guint32 series, index;
} PatronChartMark;

PatronChart  *patron_chart_new        (const char *id, PatronChartKind kind, PatronText *title /* taken */);
PatronChart  *patron_chart_copy       (const PatronChart *chart);
void          patron_chart_free       (PatronChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronChart, patron_chart_free)
void          patron_chart_set_caption (PatronChart *chart, PatronText *caption /* taken */);
void          patron_axis_set         (PatronAxis *axis, PatronAxisKind kind, PatronFormat format, PatronText *label /* taken, may be NULL */);
void          patron_axis_add_category (PatronAxis *axis, PatronText *label /* taken */);
void          patron_axis_add_name    (PatronAxis *axis, const char *name);   /* a category from the data */
/* Copies n values of each array given; NULL arrays stay NULL. (HISTOGRAM, BARS: x has n + 1.) Borrowed, filled further by the caller. */
PatronSeries *patron_chart_add_series (PatronChart *chart, PatronText *label /* taken, may be NULL */, PatronSeriesStyle style, gsize n, const double *x, const double *y);
/* The first: whether categories run down the side and values to the right. The second: length of series->x, which is n, or n + 1 edges for the bars
 * of a histogram. */
gboolean      patron_chart_is_sideways  (const PatronChart *chart);
gsize         patron_series_n_x         (const PatronChart *chart, const PatronSeries *series);
void          patron_series_set_interval (PatronSeries *series, const double *low, const double *high);
void          patron_series_set_box      (PatronSeries *series, const double *q1, const double *q3, const double *low, const double *high);
void          patron_series_set_sizes    (PatronSeries *series, const double *size);
void          patron_series_set_groups   (PatronSeries *series, const gint32 *group);
void          patron_series_add_label    (PatronSeries *series, const char *label);
void          patron_chart_set_cells     (PatronChart *chart, gsize n_x, gsize n_y, const double *cells);
void          patron_chart_set_shades    (PatronChart *chart, const double *shades);   /* n_x × n_y, after the cells */
void          patron_chart_add_group     (PatronChart *chart, PatronText *label /* taken */);
void          patron_chart_add_panel     (PatronChart *chart, PatronText *label /* taken */);

const char   *patron_chart_kind_id   (PatronChartKind kind);        /* "bar" … */
const char   *patron_series_style_id (PatronSeriesStyle style);     /* "points" … */
void          patron_chart_to_json   (const PatronChart *chart, JsonBuilder *builder);
PatronChart  *patron_chart_from_json (JsonObject *object);   /* NULL when it is not a chart; every length checked */

G_END_DECLS
