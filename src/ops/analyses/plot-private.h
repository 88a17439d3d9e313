/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/plot.h"

G_BEGIN_DECLS

/* A column as groups of rows. */
typedef struct
{
  guint      n;             /* groups, at least 1 */
  gint32    *codes;         /* of each row, -1: missing; NULL: no column, all rows are in group 0 */
  GPtrArray *names;         /* n PatronText*; empty without a column */
  gsize      n_others;      /* levels that the last group gathers */
  gboolean   ordered;       /* the groups have an order of their own */
} PatronFactor;

/* Categories by their number of rows, save where their names have an order of their own; numbers and dates ascending. At most `most` groups: rare categories become one, numbers and dates with more
 * distinct values are cut into n_cuts ranges of equal width, or with as many values each. */
gboolean patron_factor_init  (PatronFactor *factor, PatronColumn *column, guint most, guint n_cuts, gboolean equal_count, PatronRun *run,
                              GError **error);
void     patron_factor_reverse (PatronFactor *factor, gsize n);   /* n: rows */
void     patron_factor_clear (PatronFactor *factor);

/* The state of building one plot. */
typedef struct
{
  PatronTable          *table;
  const PatronPlotSpec *spec;
  const GArray         *edges;             /* the bins wished for; NULL: by the values */
  PatronRun            *run;
  PatronPlotKind        kind;
  PatronColumn         *x, *y, *colour, *size, *facet;   /* borrowed; NULL: not used */
  gsize                 n;
  double               *xs, *ys, *sizes;   /* n each: numbers, dates in days; NULL: not used as numbers */
  PatronFactor          categories;        /* of x, where it stands for groups */
  PatronFactor          colours, panels;
  guint                 n_slots;           /* panels × colours */
  guint32              *rows;              /* rows of slot 0, then of slot 1 …, ascending within each */
  gsize                *start;             /* n_slots + 1 */
  PatronPlot           *plot;
  PatronChart          *chart;             /* of plot */
} PatronPlotter;

static inline guint
patron_plotter_panel (const PatronPlotter *self, guint slot)
{
  return slot / self->colours.n;
}

static inline void
patron_plotter_set_mark (PatronPlotter *self, guint32 row, gint32 series, guint32 mark)
{
  self->plot->series[row] = series;
  self->plot->mark[row] = mark;
}

gboolean      patron_plot_is_date     (PatronColumn *column);
/* The axis of a column of numbers or dates. */
void          patron_plotter_set_axis (PatronPlotter *self, PatronAxis *axis, PatronColumn *column, gboolean log);
void          patron_plotter_add_names (PatronAxis *axis, const PatronFactor *factor, PatronColumn *column);
/* A series of one slot: named by its colour group, in its panel and colour. */
PatronSeries *patron_plotter_add_series (PatronPlotter *self, guint slot, PatronSeriesStyle style, gsize n, const double *x, const double *y);
/* Values of a slot's rows that are there, ascending; NULL with error. *n: how many. patron_free(). */
double       *patron_plotter_sorted    (PatronPlotter *self, guint slot, const double *values, gsize *n, GError **error);
PatronPlotAggregate patron_plotter_aggregate (const PatronPlotter *self);
/* "Mean of spend", "Rows". */
PatronText   *patron_plotter_value_label (const PatronPlotter *self, PatronColumn *of);
/* The aggregate of n values, which it may reorder; with an interval of a mean. count: of rows, for the number of them. */
double        patron_plot_aggregate    (PatronPlotAggregate aggregate, double *values, gsize n, gsize count, double *low, double *high);

/* The kinds. Each fills self->chart and the marks of the rows. */
gboolean patron_plot_bars    (PatronPlotter *self, GError **error);   /* bar */
gboolean patron_plot_course  (PatronPlotter *self, GError **error);   /* line, area */
gboolean patron_plot_bins    (PatronPlotter *self, GError **error);   /* histogram */
gboolean patron_plot_curves  (PatronPlotter *self, GError **error);   /* density */
gboolean patron_plot_boxes   (PatronPlotter *self, GError **error);   /* box, violin */
gboolean patron_plot_normal  (PatronPlotter *self, GError **error);   /* Q–Q */
gboolean patron_plot_points  (PatronPlotter *self, GError **error);   /* scatter, bubbles */
gboolean patron_plot_cells   (PatronPlotter *self, GError **error);   /* heat map, mosaic */

G_END_DECLS
