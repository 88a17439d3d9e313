/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout-private.h"

#include <math.h>

/* Small multiples: the same axes in every panel, so that the eye compares heights across them. Labels stand only at the outer edges. */

/* Width over height that panels come near to. */
#define PANEL_SHAPE 1.35

typedef struct
{
  guint  n, columns, rows;
  double title, gap;         /* height of a panel's name, distance between panels */
  double side, below;        /* room that the labels of the outer panels take */
  double width, height;      /* of one plot */
} Grid;

static guint
choose_columns (const PatronLayouter *self, guint n)
{
  double columns = sqrt (n * self->free.width / (PANEL_SHAPE * MAX (1, self->free.height)));
  guint best = (guint) CLAMP (lround (columns), 1, (glong) n);
  /* As few empty places as the same number of rows allows. */
  guint rows = (n + best - 1) / best;
  return (n + rows - 1) / rows;
}

/* Lays out one panel in the middle of nothing to learn what its labels take and what round numbers its axes end at. */
static void
probe (PatronLayouter *self, Grid *grid, const PatronRect *whole)
{
  guint n_texts = self->layout->texts->len, n_lines = self->layout->lines->len;
  self->free = (PatronRect) { whole->x, whole->y, whole->width / grid->columns, MAX (1, whole->height / grid->rows - grid->title) };
  patron_layouter_place_axes (self);
  grid->side = self->layout->plot.x - self->free.x;
  grid->below = self->free.y + self->free.height - self->layout->plot.y - self->layout->plot.height;
  g_array_set_size (self->layout->texts, n_texts);
  g_array_set_size (self->layout->lines, n_lines);
  grid->width = MAX (1, (whole->width - grid->side - grid->gap * (grid->columns - 1)) / grid->columns);
  grid->height = MAX (1, (whole->height - grid->below - grid->rows * grid->title - grid->gap * (grid->rows - 1)) / grid->rows);
  self->fixed = TRUE;
}

static void
place_panel (PatronLayouter *self, const Grid *grid, const PatronRect *whole, guint panel)
{
  guint row = panel / grid->columns, column = panel % grid->columns;
  double x = whole->x + grid->side + column * (grid->width + grid->gap);
  double y = whole->y + row * (grid->height + grid->title + grid->gap);
  g_autofree char *name = patron_text_render (self->chart->panels->pdata[panel]);
  g_autofree char *text = patron_layouter_elide (self, name, PATRON_LAYOUT_LEGEND, FALSE, grid->width);
  double width, height;
  patron_layouter_measure (self, text, PATRON_LAYOUT_LEGEND, 0, &width, &height);
  if (*text != '\0' && height <= grid->title)
    patron_layouter_add_text (self, text, PATRON_LAYOUT_LEGEND, (PatronRect) { x, y, width, height }, -1);
  self->panel = (int) panel;
  self->no_side = column > 0;
  self->no_below = panel + grid->columns < grid->n;
  double side = self->no_side ? 0 : grid->side, below = self->no_below ? 0 : grid->below;
  self->free = (PatronRect) { x - side, y + grid->title, grid->width + side, grid->height + below };
  patron_layouter_place_axes (self);
  g_array_append_val (self->layout->panels, self->layout->plot);
  patron_layouter_place_marks (self);
}

void
patron_layouter_place_panels (PatronLayouter *self)
{
  PatronLayout *layout = self->layout;
  Grid grid = { .n = self->chart->panels->len, .title = self->line * 1.35, .gap = self->unit * 1.2 };
  const PatronRect whole = self->free;
  grid.columns = choose_columns (self, grid.n);
  grid.rows = (grid.n + grid.columns - 1) / grid.columns;
  self->direct = FALSE;
  probe (self, &grid, &whole);
  PatronScaleMap x = { 0 }, y = { 0 };
  for (guint panel = 0; panel < grid.n; panel++)
    {
      place_panel (self, &grid, &whole, panel);
      if (panel == 0)
        {
          x = layout->x;
          y = layout->y;
        }
    }
  layout->x = x;
  layout->y = y;
  layout->plot = whole;
  self->panel = -1;
}
