/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot.h"

#include "base/op.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>

/* One chart, as an operation: charts are recipes like everything else. */

static const PatronChoice kind_choices[] = {
  { "auto", N_("By the columns") }, { "bar", N_("Bars") }, { "histogram", N_("Histogram") }, { "density", N_("Density curve") },
    { "box", N_("Boxes") },
  { "violin", N_("Violins") }, { "line", N_("Line") }, { "area", N_("Areas") }, { "scatter", N_("Points and bubbles") },
    { "heat-map", N_("Heat map") },
  { "mosaic", N_("Mosaic") }, { "qq", N_("Q–Q: is it normal?") }, { NULL },
};

static const PatronChoice aggregate_choices[] = {
  { "auto", N_("Automatic") },
  { "count", N_("Number of rows") }, { "sum", N_("Sum") }, { "mean", N_("Mean") }, { "median", N_("Median") }, { "minimum", N_("Least") },
  { "maximum", N_("Largest") }, { NULL },
};

static const PatronChoice step_choices[] = {
  { "auto", N_("Automatic") }, { "day", N_("Days") }, { "week", N_("Weeks") }, { "month", N_("Months") },
    { "quarter", N_("Quarters") },
  { "year", N_("Years") }, { NULL },
};

static int
kind_of (gconstpointer params)
{
  return ((const PatronPlotSpec *) params)->kind;
}

static gboolean
takes_y (gconstpointer params)
{
  int kind = kind_of (params);
  return kind != PATRON_PLOT_HISTOGRAM && kind != PATRON_PLOT_DENSITY && kind != PATRON_PLOT_QQ;
}

static gboolean
takes_size (gconstpointer params)
{
  return kind_of (params) == PATRON_PLOT_AUTO || kind_of (params) == PATRON_PLOT_SCATTER;
}

static gboolean
takes_panels (gconstpointer params)
{
  return kind_of (params) != PATRON_PLOT_HEAT_MAP && kind_of (params) != PATRON_PLOT_MOSAIC;
}

static gboolean
takes_aggregate (gconstpointer params)
{
  int kind = kind_of (params);
  return kind == PATRON_PLOT_BAR || kind == PATRON_PLOT_LINE || kind == PATRON_PLOT_AREA || kind == PATRON_PLOT_HEAT_MAP;
}

static gboolean
takes_bins (gconstpointer params)
{
  int kind = kind_of (params);
  return kind == PATRON_PLOT_HISTOGRAM || kind == PATRON_PLOT_HEAT_MAP;
}

static gboolean
takes_step (gconstpointer params)
{
  int kind = kind_of (params);
  return kind == PATRON_PLOT_AUTO || kind == PATRON_PLOT_LINE || kind == PATRON_PLOT_AREA;
}

static gboolean
takes_points (gconstpointer params)
{
  return kind_of (params) == PATRON_PLOT_SCATTER;
}

static gboolean
takes_categories (gconstpointer params)
{
  int kind = kind_of (params);
  return kind == PATRON_PLOT_BAR || kind == PATRON_PLOT_BOX || kind == PATRON_PLOT_VIOLIN || kind == PATRON_PLOT_HEAT_MAP
         || kind == PATRON_PLOT_MOSAIC;
}

static gboolean
takes_stack (gconstpointer params)
{
  return kind_of (params) == PATRON_PLOT_BAR;
}

static gboolean
takes_side (gconstpointer params)
{
  int kind = kind_of (params);
  return kind == PATRON_PLOT_BAR || kind == PATRON_PLOT_BOX || kind == PATRON_PLOT_VIOLIN;
}

static gboolean
takes_log_x (gconstpointer params)
{
  int kind = kind_of (params);
  return kind == PATRON_PLOT_SCATTER || kind == PATRON_PLOT_LINE || kind == PATRON_PLOT_HISTOGRAM || kind == PATRON_PLOT_DENSITY;
}

static gboolean
takes_log_y (gconstpointer params)
{
  int kind = kind_of (params);
  return kind == PATRON_PLOT_SCATTER || kind == PATRON_PLOT_LINE || kind == PATRON_PLOT_BOX || kind == PATRON_PLOT_VIOLIN;
}

const PatronParam patron_plot_params[] = {
  PATRON_PARAM_CHOICE (PatronPlotSpec, kind, .label = N_("Kind"), .choices = kind_choices, .def = PATRON_PLOT_AUTO,
                       .help = N_("What to draw. “By the columns” chooses the usual chart for the columns given: a histogram for a number, points "
                                  "for two, boxes for a number by a category.")),
  PATRON_PARAM_COLUMN (PatronPlotSpec, x, .label = N_("Across"), .def_text = "", .optional = true,
                       .help = N_("The column along the bottom. Empty: the first column that suits the kind.")),
  PATRON_PARAM_COLUMN (PatronPlotSpec, y, .label = N_("Up the side"), .def_text = "", .optional = true, .relevant = takes_y,
                       .help = N_("The column that the height shows. Empty: the number of rows, or the first column that suits where one is needed.")),
  PATRON_PARAM_COLUMN (PatronPlotSpec, colour, .label = N_("Colour"), .def_text = "", .optional = true,
                       .help = N_("A column whose values are told apart by colour; numbers become five groups of equal size. In a heat map: the "
                                  "number that colours the cells.")),
  PATRON_PARAM_COLUMN (PatronPlotSpec, size, .label = N_("Size of the points"), .def_text = "", .optional = true, .accepts = PATRON_ACCEPT_NUMERIC,
                       .relevant = takes_size,
                       .help = N_("A number that the area of each bubble shows.")),
  PATRON_PARAM_COLUMN (PatronPlotSpec, facet, .label = N_("One chart for each"), .def_text = "", .optional = true, .relevant = takes_panels,
                       .help = N_("A column whose values get a small chart each, all with the same axes.")),
  PATRON_PARAM_CHOICE (PatronPlotSpec, aggregate, .label = N_("Summary"), .choices = aggregate_choices, .def = PATRON_AGGREGATE_AUTO,
                       .relevant = takes_aggregate,
                       .help = N_("How the rows of a bar, a reading or a cell become one number. Automatic: the mean, or without a column the "
                                "number of rows.")),
  PATRON_PARAM_CHOICE (PatronPlotSpec, step, .label = N_("Time steps"), .choices = step_choices, .def = PATRON_PLOT_STEP_AUTO, .relevant = takes_step,
                       .help = N_("Dates along a line are taken together in these steps, chosen by the length of the time when automatic. Steps "
                                  "without rows stay as gaps, or 0 where rows are counted or summed.")),
  PATRON_PARAM_INT (PatronPlotSpec, bins, .label = N_("Bins"), .def = PATRON_AUTO, .min = 2, .max = 200, .low = 5, .high = 100, .advanced = true,
                    .relevant = takes_bins,
                    .automatic = N_("by the Freedman–Diaconis rule"), .help = N_("Into how many ranges numbers are cut.")),
  PATRON_PARAM_BOOL (PatronPlotSpec, stacked, .label = N_("On top of each other"), .def = false, .relevant = takes_stack,
                     .help = N_("Bars of several colours stand on top of each other instead of beside.")),
  PATRON_PARAM_BOOL (PatronPlotSpec, horizontal, .label = N_("Sideways"), .def = false, .relevant = takes_side,
                     .help = N_("Categories run down the side: better for long names.")),
  PATRON_PARAM_BOOL (PatronPlotSpec, log_x, .label = N_("Logarithmic across"), .def = false, .advanced = true, .relevant = takes_log_x,
                     .help = N_("Equal distances are equal ratios. Zero and below have no place.")),
  PATRON_PARAM_BOOL (PatronPlotSpec, log_y, .label = N_("Logarithmic up"), .def = false, .advanced = true, .relevant = takes_log_y,
                     .help = N_("Equal distances are equal ratios. Zero and below have no place.")),
  PATRON_PARAM_INT (PatronPlotSpec, most, .label = N_("Most categories"), .def = 20, .min = 2, .max = 500, .low = 5, .high = 50, .advanced = true,
                    .relevant = takes_categories,
                    .help = N_("The most frequent categories are shown; the others are taken together.")),
  PATRON_PARAM_INT (PatronPlotSpec, sample, .label = N_("Most points"), .def = 100000, .min = 100, .max = 5000000, .low = 1000, .high = 200000,
                    .log = true, .advanced = true, .relevant = takes_points,
                    .help = N_("With more rows than this a random sample is drawn; the caption says so.")),
  PATRON_PARAM_END
};

static gboolean
run_plot (const PatronInput *input, gconstpointer params, PatronRun *run, PatronReport *report, PatronTable **result, GError **error)
{
  g_autoptr(PatronPlot) plot = patron_plot_build (input->table, params, run, error);
  if (plot == NULL)
    return FALSE;
  gsize used = plot->n_rows - plot->n_left_out;
  patron_report_set_title (report, patron_text_copy (plot->chart->title));
  patron_report_set_headline (report, patron_text (N_("A chart of {n} {n|row|rows}."), "n", PATRON_COUNT (used), NULL));
  patron_report_add_figure (report, "n_rows", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT, (double) used)->headline = TRUE;
  if (plot->n_left_out > 0)
    patron_report_add_note (report, patron_plot_left_out (plot));
  patron_report_add_chart (report, g_steal_pointer (&plot->chart));
  return TRUE;
}

static void
cost (gsize n_rows, gsize n_columns, gconstpointer params, double *bytes, double *seconds)
{
  *bytes = 60.0 * (double) n_rows;
  *seconds = 3e-7 * (double) n_rows;
}

static const PatronAnalysis analysis = { .run = run_plot };

extern const PatronOp patron_op_plot;
const PatronOp patron_op_plot = {
  .id = "plot",
  .kind = PATRON_OP_ANALYSIS,
  .title = N_("Chart"),
  .question = N_("What does it look like?"),
  .summary = N_("Draws one chart of the columns you choose: bars, histogram, density, boxes, violins, lines, areas, points, bubbles, heat map, "
                "mosaic or Q–Q."),
  .help = N_("Choose what lies across and up; colour, size and small charts for each value of a column are optional. Rows without a value in one of "
             "the columns are left out and counted.\n\n"
             "Means carry their 95% interval (Student's t). Histograms choose their bins by the Freedman–Diaconis rule, density curves and violins "
             "their width by Sheather and Jones. "
             "Large numbers of points are drawn as a random sample, which the caption says; a heat map counts all of them."),
  .reference = "Cleveland, W. S. (1993), Visualizing Data; Sheather, S. J., Jones, M. C. (1991), A reliable data-based bandwidth selection method "
               "for kernel density estimation",
  .params = patron_plot_params,
  .params_size = sizeof (PatronPlotSpec),
  .icon = "applications-graphics-symbolic",
  .cost = cost,
  .analysis = &analysis,
};
