/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot-private.h"

#include "base/memory.h"
#include "base/order.h"
#include "math/distributions.h"
#include "math/statistics.h"
#include "ops/analyses/levels.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { MAX_PANELS = 24, MAX_COLOURS = 12, COLOUR_CUTS = 5 };
enum { NUMBERS = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_DATE, MEASURES = PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN };

/* ---- which columns ---------------------------------------------------------------------------------------- */

/* What a kind needs x and y for: the types accepted, 0: not used. */
typedef struct { guint x, y; gboolean y_required, x_required; } Needs;

static Needs
needs_of (PatronPlotKind kind)
{
  switch (kind)
    {
    case PATRON_PLOT_BAR:
      return (Needs) { PATRON_ACCEPT_ANY, MEASURES, FALSE, TRUE };
    case PATRON_PLOT_HISTOGRAM:
    case PATRON_PLOT_DENSITY:
      return (Needs) { NUMBERS, 0, FALSE, TRUE };
    case PATRON_PLOT_QQ:
      return (Needs) { PATRON_ACCEPT_NUMERIC, 0, FALSE, TRUE };
    case PATRON_PLOT_BOX:
    case PATRON_PLOT_VIOLIN:
      return (Needs) { PATRON_ACCEPT_ANY, NUMBERS, TRUE, FALSE };
    case PATRON_PLOT_LINE:
    case PATRON_PLOT_AREA:
      return (Needs) { NUMBERS, MEASURES, FALSE, TRUE };
    case PATRON_PLOT_SCATTER:
      return (Needs) { NUMBERS, NUMBERS, TRUE, TRUE };
    case PATRON_PLOT_HEAT_MAP:
    case PATRON_PLOT_MOSAIC:
    case PATRON_PLOT_AUTO:
    default:
      return (Needs) { PATRON_ACCEPT_ANY, PATRON_ACCEPT_ANY, TRUE, TRUE };
    }
}

static guint
accept_of (PatronColumn *column)
{
  return patron_type_accept (patron_column_get_type (column));
}

static PatronPlotKind
kind_for (PatronColumn *x, PatronColumn *y)
{
  guint across = x != NULL ? accept_of (x) : 0, up = y != NULL ? accept_of (y) : 0;
  if (y == NULL)
    return across & PATRON_ACCEPT_DATE ? PATRON_PLOT_LINE : across & NUMBERS ? PATRON_PLOT_HISTOGRAM : PATRON_PLOT_BAR;
  if (!(up & NUMBERS))
    return across & NUMBERS ? PATRON_PLOT_HEAT_MAP : PATRON_PLOT_MOSAIC;
  return across & PATRON_ACCEPT_DATE ? PATRON_PLOT_LINE : across & NUMBERS ? PATRON_PLOT_SCATTER : PATRON_PLOT_BOX;
}

static gboolean
find_column (PatronPlotter *self, const char *name, const char *param, PatronColumn **column, GError **error)
{
  *column = NULL;
  if (*name == '\0')
    return TRUE;
  *column = patron_table_require (self->table, name, error);
  if (*column == NULL)
    g_prefix_error (error, "%s: ", param);
  return *column != NULL;
}

static PatronColumn *
first_suiting (PatronPlotter *self, guint accepts)
{
  for (guint c = 0; c < patron_table_n_columns (self->table); c++)
    {
      PatronColumn *column = patron_table_column (self->table, c);
      if ((accept_of (column) & accepts) && column != self->x && column != self->y)
        return column;
    }
  return NULL;
}

static gboolean
check_axis (PatronColumn **column, PatronColumn *fallback, guint accepts, gboolean required, const char *axis, GError **error)
{
  if (accepts == 0)
    *column = NULL;
  else if (*column == NULL && required)
    *column = fallback;
  if (*column == NULL)
    {
      if (accepts != 0 && required)
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                     _("The chart needs a column for “%s”, and none of the table's suits: choose another kind."), axis);
      return accepts == 0 || !required;
    }
  if (accept_of (*column) & accepts)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” (%s) is %s, and this chart needs numbers or dates there."),
               patron_column_get_name (*column), axis, _(patron_type_label (patron_column_get_type (*column))));
  return FALSE;
}

static gboolean
choose_columns (PatronPlotter *self, GError **error)
{
  const PatronPlotSpec *spec = self->spec;
  if (!find_column (self, spec->x, "x", &self->x, error) || !find_column (self, spec->y, "y", &self->y, error)
      || !find_column (self, spec->colour, "colour", &self->colour, error) || !find_column (self, spec->size, "size", &self->size, error)
      || !find_column (self, spec->facet, "facet", &self->facet, error))
    return FALSE;
  self->kind = spec->kind;
  if (self->kind == PATRON_PLOT_AUTO && self->x == NULL)
    self->x = first_suiting (self, NUMBERS) != NULL ? first_suiting (self, NUMBERS) : first_suiting (self, PATRON_ACCEPT_ANY);
  if (self->kind == PATRON_PLOT_AUTO)
    self->kind = kind_for (self->x, self->y);
  Needs needs = needs_of (self->kind);
  if (!check_axis (&self->x, first_suiting (self, needs.x), needs.x, needs.x_required, "x", error)
      || !check_axis (&self->y, first_suiting (self, needs.y), needs.y, needs.y_required, "y", error))
    return FALSE;
  if (self->kind != PATRON_PLOT_SCATTER)
    self->size = NULL;
  if (self->kind == PATRON_PLOT_HEAT_MAP || self->kind == PATRON_PLOT_MOSAIC)
    self->facet = NULL;
  return check_axis (&self->size, NULL, self->size != NULL ? PATRON_ACCEPT_NUMERIC : 0, FALSE, "size", error)
         && (self->kind != PATRON_PLOT_HEAT_MAP || check_axis (&self->colour, NULL, self->colour != NULL ? MEASURES : 0, FALSE, "colour", error));
}

/* ---- what the kinds share --------------------------------------------------------------------------------- */

void
patron_plotter_set_axis (PatronPlotter *self, PatronAxis *axis, PatronColumn *column, gboolean log)
{
  gboolean date = patron_plot_is_date (column);
  patron_axis_set (axis, date ? PATRON_AXIS_DATE : log ? PATRON_AXIS_LOG : PATRON_AXIS_LINEAR, date ? PATRON_FORMAT_DATE : PATRON_FORMAT_NUMBER,
                   patron_text_plain (patron_column_get_name (column)));
}

void
patron_plotter_add_names (PatronAxis *axis, const PatronFactor *factor, PatronColumn *column)
{
  patron_axis_set (axis, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, column != NULL ? patron_text_plain (patron_column_get_name (column)) : NULL);
  for (guint k = 0; k < factor->names->len; k++)
    patron_axis_add_category (axis, patron_text_copy (factor->names->pdata[k]));
  if (factor->names->len == 0)
    patron_axis_add_category (axis, patron_text (N_("All rows"), NULL));
}

PatronSeries *
patron_plotter_add_series (PatronPlotter *self, guint slot, PatronSeriesStyle style, gsize n, const double *x, const double *y)
{
  guint colour = slot % self->colours.n;
  PatronText *label = colour < self->colours.names->len ? patron_text_copy (self->colours.names->pdata[colour]) : NULL;
  PatronSeries *series = patron_chart_add_series (self->chart, label, style, n, x, y);
  series->colour = (int) colour;
  series->panel = patron_plotter_panel (self, slot);
  return series;
}

double *
patron_plotter_sorted (PatronPlotter *self, guint slot, const double *values, gsize *n, GError **error)
{
  gsize rows = self->start[slot + 1] - self->start[slot];
  double *sorted = patron_try_alloc (rows, sizeof *sorted, _("the chart"), error);
  *n = 0;
  for (gsize k = self->start[slot]; sorted != NULL && k < self->start[slot + 1]; k++)
    if (isfinite (values[self->rows[k]]))
      sorted[(*n)++] = values[self->rows[k]];
  if (sorted != NULL)
    patron_sort_doubles (sorted, *n);
  return sorted;
}

PatronPlotAggregate
patron_plotter_aggregate (const PatronPlotter *self)
{
  PatronColumn *of = self->kind == PATRON_PLOT_HEAT_MAP ? self->colour : self->y;
  if (of == NULL)
    return PATRON_AGGREGATE_COUNT;
  return self->spec->aggregate == PATRON_AGGREGATE_AUTO ? PATRON_AGGREGATE_MEAN : (PatronPlotAggregate) self->spec->aggregate;
}

PatronText *
patron_plotter_value_label (const PatronPlotter *self, PatronColumn *of)
{
  static const char *const labels[] = { N_("Rows"), N_("Rows"), N_("Sum of {column}"), N_("Mean of {column}"), N_("Median of {column}"),
                                        N_("Least {column}"), N_("Largest {column}") };
  PatronPlotAggregate aggregate = patron_plotter_aggregate (self);
  return patron_text (labels[aggregate], "column", PATRON_STRING (of != NULL ? patron_column_get_name (of) : ""), NULL);
}

double
patron_plot_aggregate (PatronPlotAggregate aggregate, double *values, gsize n, gsize count, double *low, double *high)
{
  PatronMoments m = PATRON_MOMENTS_INIT;
  *low = *high = NAN;
  if (aggregate == PATRON_AGGREGATE_COUNT)
    return (double) count;
  if (n == 0)
    return aggregate == PATRON_AGGREGATE_SUM ? 0 : NAN;
  if (aggregate == PATRON_AGGREGATE_MEDIAN)
    return patron_quantile (values, n, 0.5);
  if (aggregate == PATRON_AGGREGATE_SUM)
    return patron_sum (values, n);
  patron_moments_add_array (&m, values, n);
  if (aggregate == PATRON_AGGREGATE_MINIMUM || aggregate == PATRON_AGGREGATE_MAXIMUM)
    return aggregate == PATRON_AGGREGATE_MINIMUM ? m.min : m.max;
  if (n > 1)
    {
      double half = patron_t_quantile (0.975, (double) n - 1) * patron_moments_sd (&m) / sqrt ((double) n);
      *low = m.mean - half;
      *high = m.mean + half;
    }
  return m.mean;
}

/* ---- rows ------------------------------------------------------------------------------------------------- */

/* Numbers where the kind takes them as numbers. */
static gboolean
read_numbers (PatronColumn *column, double **values, GError **error)
{
  if (column == NULL)
    return TRUE;
  *values = patron_plot_is_date (column) ? patron_read_days (column, error) : patron_read_all (column, error);
  return *values != NULL;
}

static gboolean
x_is_categories (const PatronPlotter *self)
{
  return self->kind == PATRON_PLOT_BAR || self->kind == PATRON_PLOT_BOX || self->kind == PATRON_PLOT_VIOLIN || self->kind == PATRON_PLOT_HEAT_MAP
         || self->kind == PATRON_PLOT_MOSAIC;
}

static gboolean
read_columns (PatronPlotter *self, GError **error)
{
  const PatronPlotSpec *spec = self->spec;
  gboolean cells = self->kind == PATRON_PLOT_HEAT_MAP || self->kind == PATRON_PLOT_MOSAIC;
  guint cuts = spec->bins == PATRON_AUTO_INT ? (cells ? 20 : 10) : (guint) spec->bins;
  if (!(x_is_categories (self) ? patron_factor_init (&self->categories, self->x, (guint) spec->most, cuts, FALSE, self->run, error)
                               : read_numbers (self->x, &self->xs, error)))
    return FALSE;
  if (!cells && !read_numbers (self->y, &self->ys, error))
    return FALSE;
  return read_numbers (self->size, &self->sizes, error)
         && patron_factor_init (&self->colours, cells ? NULL : self->colour, MAX_COLOURS, COLOUR_CUTS, TRUE, self->run, error)
         && patron_factor_init (&self->panels, self->facet, MAX_PANELS, COLOUR_CUTS + 1, TRUE, self->run, error);
}

/* Rows by panel and colour; those without a value there are left out. */
static gboolean
sort_rows (PatronPlotter *self, GError **error)
{
  self->n_slots = self->panels.n * self->colours.n;
  self->start = g_new0 (gsize, self->n_slots + 2);
  self->rows = patron_try_alloc (self->n, sizeof *self->rows, _("the chart"), error);
  gint32 *slot = self->rows != NULL ? patron_try_alloc (self->n, sizeof *slot, _("the chart"), error) : NULL;
  if (slot == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    {
      gint32 panel = self->panels.codes != NULL ? self->panels.codes[i] : 0, colour = self->colours.codes != NULL ? self->colours.codes[i] : 0;
      slot[i] = panel < 0 || colour < 0 ? -1 : panel * (gint32) self->colours.n + colour;
      if (slot[i] >= 0)
        self->start[slot[i] + 1]++;
    }
  for (guint s = 0; s < self->n_slots; s++)
    self->start[s + 1] += self->start[s];
  g_autofree gsize *next = g_memdup2 (self->start, (self->n_slots + 1) * sizeof *next);
  for (gsize i = 0; i < self->n; i++)
    if (slot[i] >= 0)
      self->rows[next[slot[i]]++] = (guint32) i;
  patron_free (slot);
  return TRUE;
}

static gboolean
make_marks (PatronPlotter *self, GError **error)
{
  PatronPlot *plot = self->plot;
  plot->n_rows = self->n;
  plot->series = patron_try_alloc (self->n, sizeof *plot->series, _("the chart"), error);
  plot->mark = plot->series != NULL ? patron_try_alloc0 (self->n, sizeof *plot->mark, _("the chart"), error) : NULL;
  if (plot->mark == NULL)
    return FALSE;
  memset (plot->series, 0xff, self->n * sizeof *plot->series);
  return TRUE;
}

/* ---- building --------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronChartKind chart;
  gboolean      (*build) (PatronPlotter *self, GError **error);
} Kind;

static const Kind kinds[] = {
  [PATRON_PLOT_BAR] = { PATRON_CHART_BAR, patron_plot_bars },
  [PATRON_PLOT_HISTOGRAM] = { PATRON_CHART_HISTOGRAM, patron_plot_bins },
  [PATRON_PLOT_DENSITY] = { PATRON_CHART_LINE, patron_plot_curves },
  [PATRON_PLOT_BOX] = { PATRON_CHART_BOX, patron_plot_boxes },
  [PATRON_PLOT_VIOLIN] = { PATRON_CHART_VIOLIN, patron_plot_boxes },
  [PATRON_PLOT_LINE] = { PATRON_CHART_LINE, patron_plot_course },
  [PATRON_PLOT_AREA] = { PATRON_CHART_LINE, patron_plot_course },
  [PATRON_PLOT_SCATTER] = { PATRON_CHART_SCATTER, patron_plot_points },
  [PATRON_PLOT_HEAT_MAP] = { PATRON_CHART_HEAT_MAP, patron_plot_cells },
  [PATRON_PLOT_MOSAIC] = { PATRON_CHART_MOSAIC, patron_plot_cells },
  [PATRON_PLOT_QQ] = { PATRON_CHART_SCATTER, patron_plot_normal },
};

static PatronText *
title_of (const PatronPlotter *self)
{
  const char *x = self->x != NULL ? patron_column_get_name (self->x) : "", *y = self->y != NULL ? patron_column_get_name (self->y) : "";
  gboolean counts = self->y == NULL;
  if (self->kind == PATRON_PLOT_QQ)
    return patron_text (N_("Is {x} normal?"), "x", PATRON_STRING (x), NULL);
  if (self->x == NULL)
    return patron_text_plain (y);
  if (counts)
    return patron_text_plain (x);
  return patron_text (N_("{y} by {x}"), "y", PATRON_STRING (y), "x", PATRON_STRING (x), NULL);
}

static gboolean
build (PatronPlotter *self, GError **error)
{
  if (!choose_columns (self, error))
    return FALSE;
  self->n = patron_table_n_rows (self->table);
  self->chart = self->plot->chart = patron_chart_new ("plot", kinds[self->kind].chart, title_of (self));
  if (!read_columns (self, error) || !sort_rows (self, error) || !make_marks (self, error) || !patron_run_check (self->run, error))
    return FALSE;
  for (guint k = 0; k < self->panels.names->len; k++)
    patron_chart_add_panel (self->chart, patron_text_copy (self->panels.names->pdata[k]));
  if (!kinds[self->kind].build (self, error))
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    self->plot->n_left_out += self->plot->series[i] < 0;
  self->plot->n_left_out -= MIN (self->plot->n_left_out, self->plot->n_unsampled);
  return TRUE;
}

PatronPlot *
patron_plot_build (PatronTable *table, const PatronPlotSpec *spec, PatronRun *run, GError **error)
{
  return patron_plot_build_in (table, spec, NULL, run, error);
}

PatronPlot *
patron_plot_build_in (PatronTable *table, const PatronPlotSpec *spec, const GArray *edges, PatronRun *run, GError **error)
{
  g_autoptr(PatronPlot) plot = g_new0 (PatronPlot, 1);
  g_autoptr(PatronRun) own = run == NULL ? patron_run_new (1, 0) : NULL;
  PatronPlotter self = { .table = table, .spec = spec, .edges = edges, .run = run != NULL ? run : own, .plot = plot };
  gboolean ok = build (&self, error);
  patron_free (self.xs);
  patron_free (self.ys);
  patron_free (self.sizes);
  patron_free (self.rows);
  g_free (self.start);
  patron_factor_clear (&self.categories);
  patron_factor_clear (&self.colours);
  patron_factor_clear (&self.panels);
  return ok ? g_steal_pointer (&plot) : NULL;
}

void
patron_plot_free (PatronPlot *plot)
{
  if (plot == NULL)
    return;
  patron_chart_free (plot->chart);
  g_clear_pointer (&plot->edges, g_array_unref);
  patron_free (plot->series);
  patron_free (plot->mark);
  g_free (plot);
}
