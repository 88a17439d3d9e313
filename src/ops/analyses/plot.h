/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/param.h"
#include "base/run.h"
#include "report/chart.h"
#include "table/table.h"

G_BEGIN_DECLS

/* A chart of a table's columns, as a recipe: the parameters of the operation "plot". */
typedef enum
{
  PATRON_PLOT_AUTO,         /* by the types of x and y */
  PATRON_PLOT_BAR,          /* an aggregate of y (or the rows) for each x */
  PATRON_PLOT_HISTOGRAM,    /* of x */
  PATRON_PLOT_DENSITY,      /* of x */
  PATRON_PLOT_BOX,          /* of y for each x */
  PATRON_PLOT_VIOLIN,       /* of y for each x */
  PATRON_PLOT_LINE,         /* an aggregate of y along x */
  PATRON_PLOT_AREA,
  PATRON_PLOT_SCATTER,      /* a point for each row; bubbles with size */
  PATRON_PLOT_HEAT_MAP,     /* rows, or an aggregate of colour, for each x and y; numbers are cut into bins */
  PATRON_PLOT_MOSAIC,       /* shares of y within x */
  PATRON_PLOT_QQ,           /* x against the normal distribution */
} PatronPlotKind;

typedef enum
{
  PATRON_AGGREGATE_AUTO,    /* the count without a column, the mean with it */
  PATRON_AGGREGATE_COUNT, PATRON_AGGREGATE_SUM, PATRON_AGGREGATE_MEAN, PATRON_AGGREGATE_MEDIAN, PATRON_AGGREGATE_MINIMUM, PATRON_AGGREGATE_MAXIMUM,
} PatronPlotAggregate;

typedef enum { PATRON_PLOT_STEP_AUTO, PATRON_PLOT_STEP_DAY, PATRON_PLOT_STEP_WEEK, PATRON_PLOT_STEP_MONTH, PATRON_PLOT_STEP_QUARTER,
               PATRON_PLOT_STEP_YEAR } PatronPlotStep;

typedef struct
{
  int  kind;
  char x[PATRON_COLUMN_SIZE], y[PATRON_COLUMN_SIZE], colour[PATRON_COLUMN_SIZE], size[PATRON_COLUMN_SIZE], facet[PATRON_COLUMN_SIZE];
  int  aggregate;
  int  bins;            /* PATRON_AUTO_INT */
  int  step;            /* of dates */
  bool stacked, horizontal, log_x, log_y;
  int  most;            /* categories shown; the others are one together */
  int  sample;          /* points drawn at most */
} PatronPlotSpec;

extern const PatronParam patron_plot_params[];   /* over PatronPlotSpec */

/* A chart and which mark each row of the table is behind, so that a selection in one chart selects rows, and rows select in others. */
typedef struct
{
  PatronChart *chart;       /* owned */
  gsize        n_rows;
  gint32      *series;      /* n_rows: index of the series, 0 for cells; -1: behind no mark */
  guint32     *mark;        /* n_rows: index of the value in the series, or of the cell */
  GArray      *edges;       /* owned: of the bins of a histogram, doubles; NULL: no histogram */
  gsize        n_left_out;  /* rows without a value where the chart needs one */
  gsize        n_unsampled; /* rows that were not drawn: outside the sample, or in categories too rare for a bar of their own */
} PatronPlot;

/* NULL with error naming the parameter when a column does not suit. Columns that the kind needs and spec leaves empty are chosen: the first that
 * suits. Sampling depends on the run's seed alone. */
PatronPlot *patron_plot_build (PatronTable *table, const PatronPlotSpec *spec, PatronRun *run, GError **error);
/* The same for some rows of a table, in the bins that all of them have, so that both can be compared. edges: PatronPlot.edges of the same spec, or
 * NULL. */
PatronPlot *patron_plot_build_in (PatronTable *table, const PatronPlotSpec *spec, const GArray *edges, PatronRun *run, GError **error);
void        patron_plot_free  (PatronPlot *plot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronPlot, patron_plot_free)

/* The rows behind any of the marks, ascending: GArray of guint32. NULL with error when cancelled or short of memory. */
GArray     *patron_plot_rows  (const PatronPlot *plot, const PatronChartMark *marks, gsize n_marks, PatronRun *run, GError **error);
/* "12 rows have no value in one of the columns and are not drawn."; NULL when all are drawn, or sampled. Owned by the caller. */
PatronText *patron_plot_left_out (const PatronPlot *plot);

G_END_DECLS
