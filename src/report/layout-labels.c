/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout-private.h"

#include "base/format.h"

#include <math.h>
#include <stdlib.h>

/* ---- numbers on marks ------------------------------------------------------------------------------------------------ */

static const PatronAxis *
value_axis (const PatronLayouter *self)
{
  return self->sideways ? &self->chart->x : &self->chart->y;
}

static char *
value_text (const PatronLayouter *self, const PatronMark *mark)
{
  if (mark->kind == PATRON_MARK_CELL && self->chart->kind == PATRON_CHART_MOSAIC)
    return patron_format_number (PATRON_FORMAT_COUNT, self->chart->cells[mark->index]);
  if (mark->kind == PATRON_MARK_CELL)
    {
      /* Correlations and other small numbers: two decimals, the same in each cell. */
      const PatronLayout *layout = self->layout;
      gboolean small = self->chart->value.format == PATRON_FORMAT_NUMBER && MAX (fabs (layout->value_min), fabs (layout->value_max)) < 10;
      double value = self->chart->cells[mark->index];
      return small ? patron_format_fixed (value, 2, FALSE) : patron_format_number (self->chart->value.format, value);
    }
  const PatronSeries *series = self->chart->series->pdata[mark->series];
  return patron_format_number (value_axis (self)->format, series->y[mark->index]);
}

static gboolean
wants_values (const PatronChart *chart)
{
  return chart->value_labels && (chart->kind == PATRON_CHART_BAR || chart->kind == PATRON_CHART_HEAT_MAP || chart->kind == PATRON_CHART_MOSAIC);
}

double
patron_layouter_value_extent (PatronLayouter *self)
{
  const PatronChart *chart = self->chart;
  if (!wants_values (chart) || chart->kind != PATRON_CHART_BAR || chart->stacked)
    return 0;
  double extent = 0, width, height;
  for (guint s = 0; s < chart->series->len; s++)
    {
      const PatronSeries *series = chart->series->pdata[s];
      for (gsize i = 0; patron_series_is_bar (chart, series) && i < series->n && i < 200; i++)
        {
          g_autofree char *text = patron_format_number (value_axis (self)->format, series->y[i]);
          patron_layouter_measure (self, text, PATRON_LAYOUT_VALUE, 0, &width, &height);
          extent = MAX (extent, self->sideways ? width : height);
        }
    }
  return extent + self->unit * 0.6;
}

/* Beyond the end of the bar, and of its interval. */
static PatronRect
beside_bar (const PatronLayouter *self, const PatronMark *mark, double width, double height)
{
  const PatronSeries *series = self->chart->series->pdata[mark->series];
  const PatronRect *box = &mark->box;
  double gap = self->unit * 0.3;
  gboolean negative = series->y[mark->index] < 0;
  if (mark->upright)
    {
      double top = MIN (box->y, isnan (mark->high) ? INFINITY : mark->high), bottom = MAX (box->y + box->height, isnan (mark->low) ? -INFINITY : mark->low);
      return (PatronRect) { box->x + (box->width - width) / 2, negative ? bottom + gap : top - gap - height, width, height };
    }
  double right = MAX (box->x + box->width, isnan (mark->high) ? -INFINITY : mark->high), left = MIN (box->x, isnan (mark->low) ? INFINITY : mark->low);
  return (PatronRect) { negative ? left - gap - width : right + gap, box->y + (box->height - height) / 2, width, height };
}

static PatronRect
within (const PatronRect *box, double width, double height)
{
  return (PatronRect) { box->x + (box->width - width) / 2, box->y + (box->height - height) / 2, width, height };
}

/* Numbers on some bars and not on others would be read as a statement: when one does not fit beside its bar, none is shown. A
 * stack's parts and a map's cells each show theirs where there is room. */
void
patron_layouter_place_values (PatronLayouter *self)
{
  const PatronChart *chart = self->chart;
  if (!wants_values (chart))
    return;
  guint first = self->layout->texts->len;
  for (guint i = 0; i < self->layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (self->layout->marks, PatronMark, i);
      gboolean inside = chart->stacked || mark->kind == PATRON_MARK_CELL;
      if ((mark->kind != PATRON_MARK_BAR && mark->kind != PATRON_MARK_CELL) || (mark->kind == PATRON_MARK_CELL && isnan (mark->level) && mark->colour < 0))
        continue;
      g_autofree char *text = value_text (self, mark);
      double width, height, slack = self->unit * 0.3;
      patron_layouter_measure (self, text, PATRON_LAYOUT_VALUE, 0, &width, &height);
      PatronRect box = inside ? within (&mark->box, width, height) : beside_bar (self, mark, width, height);
      gboolean fits = inside ? mark->box.width >= width + 2 * slack && mark->box.height >= height : patron_layouter_is_free (self, &box);
      if (fits)
        {
          PatronLayoutText *added = patron_layouter_add_text (self, text, PATRON_LAYOUT_VALUE, box, 0);
          added->inside = inside;
          added->mark = (int) i;
        }
      else if (!inside || (mark->kind == PATRON_MARK_CELL && chart->kind == PATRON_CHART_HEAT_MAP))
        {
          g_array_set_size (self->layout->texts, first);
          return;
        }
    }
}

/* ---- names of series --------------------------------------------------------------------------------------------------- */

typedef struct
{
  guint  series;
  double y, height, width;
} End;

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  double left = ((const End *) a)->y, right = ((const End *) b)->y;
  return left < right ? -1 : left > right;
}

static const PatronLayoutPath *
find_line (const PatronLayout *layout, guint s)
{
  for (guint i = 0; i < layout->paths->len; i++)
    {
      const PatronLayoutPath *path = layout->paths->pdata[i];
      if (path->series == s && path->style != PATRON_SERIES_AREA)
        return path;
    }
  for (guint i = 0; i < layout->paths->len; i++)
    if (((const PatronLayoutPath *) layout->paths->pdata[i])->series == s)
      return layout->paths->pdata[i];
  return NULL;
}

/* The last point of the line that has a place, NULL without one. */
static const double *
last_point (const PatronLayoutPath *path)
{
  for (guint i = path->points->len; i-- > 0;)
    {
      const double *pair = (const double *) (gpointer) path->points->data + 2 * i;
      if (!isnan (pair[0]))
        return pair;
    }
  return NULL;
}

static gboolean
is_vertical (const PatronLayoutPath *path)
{
  const double *pair = (const double *) (gpointer) path->points->data;
  return path->points->len >= 2 && fabs (pair[0] - pair[2 * (path->points->len - 1)]) < 1;
}

/* Pushes the names apart: down from the top, then up from the bottom. */
static void
spread (GArray *ends, double top, double bottom)
{
  double limit = top;
  for (guint i = 0; i < ends->len; i++)
    {
      End *end = &g_array_index (ends, End, i);
      end->y = MAX (end->y, limit);
      limit = end->y + end->height;
    }
  limit = bottom;
  for (guint i = ends->len; i-- > 0;)
    {
      End *end = &g_array_index (ends, End, i);
      end->y = MIN (end->y, limit - end->height);
      limit = end->y;
    }
}

/* A line that stops short of the right edge is named at its own end, inside the plot. */
static gboolean
ends_at_edge (const PatronLayouter *self, const double *last)
{
  return last[0] >= self->layout->plot.x + self->layout->plot.width * 0.93;
}

static void
place_ends (PatronLayouter *self)
{
  const PatronRect *plot = &self->layout->plot;
  g_autoptr(GArray) ends = g_array_new (FALSE, FALSE, sizeof (End));
  for (guint s = 0; s < self->chart->series->len; s++)
    {
      const PatronSeries *series = self->chart->series->pdata[s];
      const PatronLayoutPath *path = find_line (self->layout, s);
      const double *last = path != NULL && path->points->len > 0 ? last_point (path) : NULL;
      if (series->label == NULL || last == NULL || !ends_at_edge (self, last) || (patron_series_is_reference (series) && is_vertical (path)))
        continue;
      End end = { .series = s };
      g_autofree char *text = patron_series_own_name (self->chart, s);
      if (*text == '\0')
        continue;
      patron_layouter_measure (self, text, PATRON_LAYOUT_DIRECT, 0, &end.width, &end.height);
      end.y = CLAMP (last[1], plot->y, plot->y + plot->height) - end.height / 2;
      g_array_append_val (ends, end);
    }
  g_array_sort (ends, compare_ends);
  spread (ends, MAX (0, plot->y - self->line / 2), plot->y + plot->height + self->line / 2);
  for (guint i = 0; i < ends->len; i++)
    {
      const End *end = &g_array_index (ends, End, i);
      g_autofree char *text = patron_series_own_name (self->chart, end->series);
      PatronRect box = { plot->x + plot->width + self->unit * 0.6, end->y, end->width, end->height };
      if (patron_layouter_is_free (self, &box))
        patron_layouter_add_text (self, text, PATRON_LAYOUT_DIRECT, box, -1)->colour = patron_series_colour (self->chart, end->series);
    }
}

static gboolean
crosses_upright (const PatronLayouter *self, const PatronLayoutPath *own, const PatronRect *box)
{
  for (guint i = 0; i < self->layout->paths->len; i++)
    {
      const PatronLayoutPath *path = self->layout->paths->pdata[i];
      double x = path->points->len > 0 ? ((const double *) (gpointer) path->points->data)[0] : NAN;
      if (path != own && path->style == PATRON_SERIES_REFERENCE && is_vertical (path) && x > box->x && x < box->x + box->width)
        return TRUE;
    }
  return FALSE;
}

/* Whether a reading of some line lies under the box. */
static gboolean
covers_line (const PatronLayouter *self, const PatronRect *box)
{
  for (guint i = 0; i < self->layout->paths->len; i++)
    {
      const PatronLayoutPath *path = self->layout->paths->pdata[i];
      const double *pair = (const double *) (gpointer) path->points->data;
      for (guint k = 0; k < path->points->len && path->style == PATRON_SERIES_LINE; k++, pair += 2)
        if (pair[0] > box->x - 2 && pair[0] < box->x + box->width + 2 && pair[1] > box->y && pair[1] < box->y + box->height)
          return TRUE;
    }
  return FALSE;
}

/* Where the name of a line with a slope lies: under it, two thirds along, where curves that rise above it leave room. */
static gboolean
find_slope (const PatronLayoutPath *path, double line, double *x, double *y)
{
  const double *pairs = (const double *) (gpointer) path->points->data;
  const double *first = pairs, *last = pairs + 2 * (path->points->len - 1);
  if (path->points->len != 2 || isnan (first[0] + last[0]) || fabs (first[1] - last[1]) < 2 * line)
    return FALSE;
  *x = first[0] + (last[0] - first[0]) * 0.66;
  *y = first[1] + (last[1] - first[1]) * 0.66;
  return TRUE;
}

/* Beside the top of an upright line, under a sloped one, above the right end of any other; a line lower, or on the other side, when
 * the place is taken. */
static void
place_inner_name (PatronLayouter *self, guint s)
{
  const PatronRect *plot = &self->layout->plot;
  const PatronLayoutPath *path = find_line (self->layout, s);
  const double *last = path != NULL && path->points->len > 0 ? last_point (path) : NULL;
  g_autofree char *whole = patron_series_own_name (self->chart, s);
  g_autofree char *text = patron_layouter_elide (self, whole, PATRON_LAYOUT_DIRECT, FALSE, plot->width / 2);
  double width, height, gap = self->unit * 0.4;
  if (last == NULL || *text == '\0')
    return;
  patron_layouter_measure (self, text, PATRON_LAYOUT_DIRECT, 0, &width, &height);
  gboolean upright = is_vertical (path);
  double x = CLAMP (last[0], plot->x, plot->x + plot->width), y = CLAMP (last[1], plot->y, plot->y + plot->height);
  gboolean sloped = !upright && find_slope (path, self->line, &x, &y);
  for (int round = 0; round < 24; round++)
    {
      PatronRect box = { 0, 0, width, height };
      int attempt = round % 12;
      gboolean strict = round < 12;   /* the second time, better over a line than not at all */
      gboolean flipped = attempt % 2 == 1;
      if (upright)
        {
          gboolean left = (x + gap + width > plot->x + plot->width) != flipped;
          box.x = left ? x - gap - width : x + gap;
          box.y = plot->y + attempt / 2 * height;
        }
      else if (sloped)
        {
          box.x = x + gap;
          box.y = y + gap / 2 + attempt / 2 * height;
        }
      else
        {
          box.x = MIN (x, plot->x + plot->width) - width;
          box.y = flipped ? y + gap / 2 + attempt / 2 * height : y - gap / 2 - height - attempt / 2 * height;
        }
      if (box.x >= plot->x && box.y >= 0 && box.y + height <= plot->y + plot->height
          && patron_layouter_is_free (self, &box)
          && !(strict && (crosses_upright (self, path, &box) || covers_line (self, &box))))
        {
          patron_layouter_add_text (self, text, PATRON_LAYOUT_DIRECT, box, -1)->colour = patron_series_colour (self->chart, s);
          return;
        }
    }
}

void
patron_layouter_place_names (PatronLayouter *self)
{
  if (self->direct)
    place_ends (self);
  for (guint s = 0; s < self->chart->series->len; s++)
    {
      const PatronSeries *series = self->chart->series->pdata[s];
      const PatronLayoutPath *path = find_line (self->layout, s);
      const double *last = path != NULL && path->points->len > 0 ? last_point (path) : NULL;
      if (series->label == NULL || last == NULL || (series->panel > 0 && patron_series_is_reference (series))
          || self->chart->kind == PATRON_CHART_VIOLIN)
        continue;
      gboolean upright = patron_series_is_reference (series) && is_vertical (path);
      /* A line alone with its references is in no legend. */
      gboolean unnamed = self->chart->kind == PATRON_CHART_LINE && self->layout->keys->len == 0 && self->chart->panels->len == 0;
      if (self->direct ? upright || !ends_at_edge (self, last) : patron_series_is_reference (series) || unnamed)
        place_inner_name (self, s);
    }
}
