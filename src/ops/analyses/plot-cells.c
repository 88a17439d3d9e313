/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/plot-private.h"

#include "base/memory.h"
#include "base/op.h"
#include "ops/analyses/levels.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Rows by cell: the heat map's values, the mosaic's counts. */
typedef struct
{
  PatronFactor down;        /* of y */
  gsize        n_x, n_y;
  gsize       *start;       /* cells + 1 */
  guint32     *rows;        /* by cell */
} Cells;

static gint32
cell_of (const PatronPlotter *self, const Cells *cells, gsize row)
{
  gint32 ix = self->categories.codes[row], iy = cells->down.codes[row];
  return ix < 0 || iy < 0 ? -1 : iy * (gint32) cells->n_x + ix;
}

static gboolean
fill_cells (PatronPlotter *self, Cells *cells, GError **error)
{
  gsize n = cells->n_x * cells->n_y;
  cells->start = g_new0 (gsize, n + 2);
  cells->rows = patron_try_alloc (self->n, sizeof *cells->rows, _("the chart"), error);
  if (cells->rows == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n; i++)
    if (cell_of (self, cells, i) >= 0)
      cells->start[cell_of (self, cells, i) + 1]++;
  for (gsize c = 0; c < n; c++)
    cells->start[c + 1] += cells->start[c];
  g_autofree gsize *next = g_memdup2 (cells->start, (n + 1) * sizeof *next);
  for (gsize i = 0; i < self->n; i++)
    {
      gint32 cell = cell_of (self, cells, i);
      if (cell < 0)
        continue;
      cells->rows[next[cell]++] = (guint32) i;
      patron_plotter_set_mark (self, (guint32) i, 0, (guint32) cell);
    }
  return TRUE;
}

/* (count - expected) / √(expected (1 - row share) (1 - column share)): about standard normal when the two do not depend on each other
 * (A. Agresti, "Categorical Data Analysis", 2013, 3.3.1). */
static void
set_residuals (PatronChart *chart)
{
  gsize nx = chart->n_x, ny = chart->n_y;
  g_autofree double *across = g_new0 (double, nx + 1), *down = g_new0 (double, ny + 1), *shades = g_new (double, nx * ny + 1);
  double total = 0;
  for (gsize c = 0; c < nx * ny; c++)
    {
      across[c % nx] += chart->cells[c];
      down[c / nx] += chart->cells[c];
      total += chart->cells[c];
    }
  for (gsize c = 0; c < nx * ny; c++)
    {
      double expected = across[c % nx] * down[c / nx] / total;
      shades[c] = (chart->cells[c] - expected) / sqrt (expected * (1 - across[c % nx] / total) * (1 - down[c / nx] / total));
    }
  patron_chart_set_shades (chart, shades);
}

static void
describe_mosaic (PatronChart *chart, const double *counts, const Cells *cells)
{
  patron_chart_set_cells (chart, cells->n_x, cells->n_y, counts);
  set_residuals (chart);
  chart->diverging = TRUE;
  chart->value_labels = TRUE;
  chart->value.min = -4;
  chart->value.max = 4;
  patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, PATRON_FORMAT_NUMBER, patron_text (N_("More (blue) or fewer (orange) than by chance"), NULL));
  patron_chart_set_caption (chart,
                            patron_text (N_("The area of a tile is its number of rows. Colours beyond 2 and −2 (adjusted residuals) are hardly "
                                            "chance."), NULL));
}

static gboolean
describe_heat_map (PatronPlotter *self, const Cells *cells, double *values, GError **error)
{
  PatronChart *chart = self->chart;
  PatronPlotAggregate aggregate = patron_plotter_aggregate (self);
  gsize n = cells->n_x * cells->n_y;
  double *column = self->colour != NULL ? patron_read_all (self->colour, error) : NULL;
  double *held = self->colour == NULL || column != NULL ? patron_try_alloc (self->n, sizeof *held, _("the chart"), error) : NULL;
  for (gsize c = 0; held != NULL && c < n; c++)
    {
      gsize filled = 0, count = cells->start[c + 1] - cells->start[c];
      double low, high;
      for (gsize k = cells->start[c]; column != NULL && k < cells->start[c + 1]; k++)
        if (isfinite (column[cells->rows[k]]))
          held[filled++] = column[cells->rows[k]];
      values[c] = count > 0 ? patron_plot_aggregate (aggregate, held, filled, count, &low, &high) : NAN;
    }
  if (held != NULL)
    {
      patron_chart_set_cells (chart, cells->n_x, cells->n_y, values);
      patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, aggregate == PATRON_AGGREGATE_COUNT ? PATRON_FORMAT_COUNT : PATRON_FORMAT_NUMBER,
                       patron_plotter_value_label (self, self->colour));
      chart->value.zero = aggregate == PATRON_AGGREGATE_COUNT;
      chart->value_labels = n <= 150;
      patron_chart_set_caption (chart, patron_text (N_("The darker a cell, the larger its value; empty cells have no rows."), NULL));
    }
  gboolean ok = held != NULL;
  patron_free (held);
  patron_free (column);
  return ok;
}

gboolean
patron_plot_cells (PatronPlotter *self, GError **error)
{
  const PatronPlotSpec *spec = self->spec;
  PatronChart *chart = self->chart;
  guint cuts = spec->bins == PATRON_AUTO_INT ? 20 : (guint) spec->bins;
  Cells cells = { .n_x = self->categories.n };
  if (!patron_factor_init (&cells.down, self->y, (guint) spec->most, cuts, FALSE, self->run, error))
    {
      patron_factor_clear (&cells.down);
      return FALSE;
    }
  cells.n_y = cells.down.n;
  if (self->kind == PATRON_PLOT_HEAT_MAP && (patron_type_accept (patron_column_get_type (self->y)) & (PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_DATE)))
    patron_factor_reverse (&cells.down, self->n);   /* numbers grow upwards */
  patron_plotter_add_names (&chart->x, &self->categories, self->x);
  patron_plotter_add_names (&chart->y, &cells.down, self->y);
  g_autofree double *values = g_new0 (double, cells.n_x * cells.n_y + 1);
  gboolean ok = fill_cells (self, &cells, error);
  if (ok && self->kind == PATRON_PLOT_MOSAIC)
    {
      for (gsize c = 0; c < cells.n_x * cells.n_y; c++)
        values[c] = (double) (cells.start[c + 1] - cells.start[c]);
      describe_mosaic (chart, values, &cells);
    }
  else if (ok)
    ok = describe_heat_map (self, &cells, values, error);
  g_free (cells.start);
  patron_free (cells.rows);
  patron_factor_clear (&cells.down);
  return ok;
}
