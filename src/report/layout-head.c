/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout-private.h"

#include "base/order.h"

#include <math.h>

#define MAX_LEGEND_ENTRIES 24

static void
take_top (PatronLayouter *self, double height)
{
  height = MIN (height, self->free.height);
  self->free.y += height;
  self->free.height -= height;
}

static void
place_sentence (PatronLayouter *self, const PatronText *text, PatronLayoutRole role, double gap)
{
  g_autofree char *rendered = patron_text_render (text);
  double width, height;
  if (*rendered == '\0')
    return;
  patron_layouter_measure (self, rendered, role, self->free.width, &width, &height);
  if (height > self->free.height / 3)
    return;
  PatronRect box = { self->free.x, self->free.y, MIN (width, self->free.width), height };
  patron_layouter_add_text (self, rendered, role, box, -1)->wrap = self->free.width;
  take_top (self, height + gap);
}

/* ---- legend ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  char             *text;
  PatronSeriesStyle style;
  int               colour;
} Entry;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->text);
}

static void
add_entry (GArray *entries, const PatronText *label, PatronSeriesStyle style, int colour)
{
  char *text = patron_text_render (label);
  gboolean there = *text == '\0';
  for (guint i = 0; i < entries->len && !there; i++)   /* the same in several panels */
    there = g_array_index (entries, Entry, i).colour == colour && g_str_equal (g_array_index (entries, Entry, i).text, text);
  if (there)
    {
      g_free (text);
      return;
    }
  g_array_append_val (entries, ((Entry) { text, style, colour }));
}

static gboolean
has_points_in_groups (const PatronChart *chart)
{
  for (guint i = 0; i < chart->series->len; i++)
    if (((const PatronSeries *) chart->series->pdata[i])->group != NULL)
      return TRUE;
  return FALSE;
}

/* Whether every violin stands at a category of its own, whose name is below it. */
static gboolean
shapes_are_named (const PatronChart *chart)
{
  const PatronAxis *at = patron_chart_is_sideways (chart) ? &chart->y : &chart->x;
  return at->kind == PATRON_AXIS_CATEGORY && at->categories->len > 0;
}

/* The names that need telling apart: the groups of points, or the series when there is more than one. References are named in place. */
static GArray *
find_entries (const PatronChart *chart)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (entries, entry_clear);
  if (has_points_in_groups (chart))
    for (guint i = 0; i < chart->groups->len; i++)
      add_entry (entries, chart->groups->pdata[i], PATRON_SERIES_POINTS, (int) i);
  for (guint i = 0; i < chart->y.categories->len && chart->kind == PATRON_CHART_MOSAIC; i++)
    add_entry (entries, chart->y.categories->pdata[i], PATRON_SERIES_BARS, (int) i);
  guint grouped = entries->len;
  for (guint i = 0; i < chart->series->len && chart->kind != PATRON_CHART_HEAT_MAP; i++)
    {
      const PatronSeries *series = chart->series->pdata[i];
      gboolean beside = chart->kind == PATRON_CHART_VIOLIN && (series->size == NULL || shapes_are_named (chart));
      if (!patron_series_is_reference (series) && series->group == NULL && !beside)
        add_entry (entries, series->label, series->style, patron_series_colour (chart, i));
    }
  if (grouped == 0 && entries->len < 2)
    g_array_set_size (entries, 0);
  if (entries->len > MAX_LEGEND_ENTRIES)
    g_array_set_size (entries, MAX_LEGEND_ENTRIES);
  return entries;
}

/* Whether the last readings of the lines lie so far apart that names beside them would still be beside them. */
static gboolean
ends_are_apart (const PatronLayouter *self)
{
  g_autoptr(GArray) ends = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < self->chart->series->len; i++)
    {
      const PatronSeries *series = self->chart->series->pdata[i];
      double last = series->n > 0 && series->y != NULL ? series->y[series->n - 1] : NAN;
      if (!isfinite (last) || series->label == NULL)
        continue;
      double height = (last - self->y.min) / (self->y.max - self->y.min) * self->free.height * 0.75;
      g_array_append_val (ends, height);
    }
  g_array_sort (ends, patron_compare_doubles);
  double limit = -INFINITY;
  for (guint i = 0; i < ends->len; i++)
    {
      double end = g_array_index (ends, double, i);
      limit = MAX (limit, end) + self->line;
      if (limit - self->line - end > self->line * 0.6)
        return FALSE;
    }
  return TRUE;
}

/* Lines can be named at their ends, where the eye already is, when the names are short and few enough. */
static gboolean
try_direct (PatronLayouter *self, const GArray *entries)
{
  if (self->chart->kind != PATRON_CHART_LINE || self->chart->stacked || self->chart->panels->len > 0 || entries->len * self->line * 1.1 > self->free.height * 0.6 || entries->len > 8
      || !ends_are_apart (self))
    return FALSE;
  double widest = 0, width, height;
  for (guint i = 0; i < self->chart->series->len; i++)
    {
      g_autofree char *text = patron_series_own_name (self->chart, i);
      patron_layouter_measure (self, text, PATRON_LAYOUT_DIRECT, 0, &width, &height);
      widest = MAX (widest, width);
    }
  if (widest == 0 || widest > self->free.width * 0.28)
    return FALSE;
  self->direct = TRUE;
  self->direct_width = widest;
  return TRUE;
}

static void
place_entry (PatronLayouter *self, const Entry *entry, const char *text, double x, double y, double width, double height)
{
  double swatch = self->unit * (entry->style == PATRON_SERIES_LINE ? 2 : 1.2), box_height = entry->style == PATRON_SERIES_LINE ? 0 : self->unit * 1.2;
  g_array_append_val (self->layout->keys, ((PatronLayoutKey) { { x, y + (height - box_height) / 2, swatch, box_height }, entry->style, entry->colour }));
  patron_layouter_add_text (self, text, PATRON_LAYOUT_LEGEND, (PatronRect) { x + swatch + self->unit * 0.6, y, width, height }, -1);
}

/* In rows above the plot. When they would take more than a third of the height, the rest is left out. */
static void
place_legend (PatronLayouter *self)
{
  g_autoptr(GArray) entries = find_entries (self->chart);
  if (entries->len < 2 && !(entries->len == 1 && self->chart->groups->len > 0))
    {
      try_direct (self, entries);
      return;
    }
  if (try_direct (self, entries))
    return;
  double x = self->free.x, y = self->free.y, limit = self->free.y + self->free.height / 3, row = 0;
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      double swatch = self->unit * (entry->style == PATRON_SERIES_LINE ? 2 : 1.2) + self->unit * 0.6, width, height;
      g_autofree char *text = patron_layouter_elide (self, entry->text, PATRON_LAYOUT_LEGEND, FALSE, self->free.width - swatch);
      patron_layouter_measure (self, text, PATRON_LAYOUT_LEGEND, 0, &width, &height);
      if (x > self->free.x && x + swatch + width > self->free.x + self->free.width)
        {
          x = self->free.x;
          y += height + self->unit * 0.4;
        }
      if (*text == '\0' || y + height > limit)
        break;
      place_entry (self, entry, text, x, y, width, height);
      x += swatch + width + self->unit * 2;
      row = y + height - self->free.y;
    }
  if (row > 0)
    take_top (self, row + self->unit);
}

/* What the areas of bubbles say: its name, then three bubbles with their values. */
static void
place_size_legend (PatronLayouter *self)
{
  double largest = patron_largest_size (self->chart);
  if (!(largest > 0) || self->chart->kind != PATRON_CHART_SCATTER)
    return;
  g_autoptr(GArray) round = patron_ticks (PATRON_AXIS_LINEAR, 0, largest, 4);
  double x = self->free.x, y = self->free.y, width, height, gap = self->unit * 0.6, row = patron_layouter_bubble (self, largest, largest);
  g_autofree char *name = patron_text_render (self->chart->size.label);
  patron_layouter_measure (self, name, PATRON_LAYOUT_LEGEND, 0, &width, &height);
  row = MAX (row, height);
  if (row * 4 > self->free.height || width > self->free.width / 2)
    return;
  if (*name != '\0')
    patron_layouter_add_text (self, name, PATRON_LAYOUT_LEGEND, (PatronRect) { x, y + (row - height) / 2, width, height }, -1);
  x += width + gap * 2;
  for (guint i = 0; i < round->len; i++)
    {
      double value = g_array_index (round, double, i), size = patron_layouter_bubble (self, value, largest);
      g_autofree char *text = patron_format_number (self->chart->size.format, value);
      patron_layouter_measure (self, text, PATRON_LAYOUT_LEGEND, 0, &width, &height);
      if (value <= 0 || value > largest || x + size + gap + width > self->free.x + self->free.width)
        continue;
      g_array_append_val (self->layout->keys, ((PatronLayoutKey) { { x, y + (row - size) / 2, size, size }, PATRON_SERIES_POINTS, -1 }));
      patron_layouter_add_text (self, text, PATRON_LAYOUT_LEGEND, (PatronRect) { x + size + gap, y + (row - height) / 2, width, height }, -1);
      x += size + width + gap * 3;
    }
  take_top (self, row + self->unit * 0.6);
}

/* ---- colour scale of a heat map ------------------------------------------------------------------------------------ */

static void
find_value_range (PatronLayouter *self)
{
  const PatronChart *chart = self->chart;
  const double *values = chart->kind == PATRON_CHART_MOSAIC ? chart->shades : chart->cells;
  double min = NAN, max = NAN;
  for (gsize i = 0; i < chart->n_x * chart->n_y && values != NULL; i++)
    {
      double value = values[i];
      if (!isfinite (value))
        continue;
      min = min <= value ? min : value;
      max = max >= value ? max : value;
    }
  if (isnan (min))
    min = max = 0;
  if (chart->value.zero && !chart->diverging)
    {
      min = MIN (min, 0);
      max = MAX (max, 0);
    }
  if (isfinite (chart->value.min))
    min = chart->value.min;
  if (isfinite (chart->value.max))
    max = chart->value.max;
  if (chart->diverging)
    {
      max = MAX (fabs (min), fabs (max));
      min = -max;
    }
  if (!(max > min))
    max = min + (min == 0 ? 1 : fabs (min));
  self->layout->value_min = min;
  self->layout->value_max = max;
}

/* Name of the value, then low ▒▒▒▓▓▓ high, in one row above the cells. */
static void
place_colour_scale (PatronLayouter *self)
{
  const PatronAxis *axis = &self->chart->value;
  g_autofree char *low = patron_format_number (axis->format, self->layout->value_min);
  g_autofree char *high = patron_format_number (axis->format, self->layout->value_max);
  double low_width, high_width, height, name_width = 0, gap = self->unit * 0.7, bar = MIN (self->unit * 16, self->free.width * 0.35);
  patron_layouter_measure (self, low, PATRON_LAYOUT_TICK, 0, &low_width, &height);
  patron_layouter_measure (self, high, PATRON_LAYOUT_TICK, 0, &high_width, &height);
  if (low_width + high_width + bar + 2 * gap > self->free.width || height * 5 > self->free.height)
    return;
  g_autofree char *whole = patron_text_render (axis->label);
  g_autofree char *name = patron_layouter_elide (self, whole, PATRON_LAYOUT_AXIS, FALSE, self->free.width - low_width - high_width - bar - 5 * gap);
  patron_layouter_measure (self, name, PATRON_LAYOUT_AXIS, 0, &name_width, &(double) { 0 });
  double x = self->free.x, y = self->free.y;
  if (*name != '\0')
    {
      patron_layouter_add_text (self, name, PATRON_LAYOUT_AXIS, (PatronRect) { x, y, name_width, height }, -1);
      x += name_width + 2 * gap;
    }
  patron_layouter_add_text (self, low, PATRON_LAYOUT_TICK, (PatronRect) { x, y, low_width, height }, -1);
  x += low_width + gap;
  self->layout->scale = (PatronRect) { x, y + height * 0.2, bar, height * 0.6 };
  x += bar + gap;
  patron_layouter_add_text (self, high, PATRON_LAYOUT_TICK, (PatronRect) { x, y, high_width, height }, -1);
  take_top (self, height + self->unit);
}

/* The name of the upward axis stands above it, readable without turning the head; that of the other below, at the right. */
static void
place_axis_names (PatronLayouter *self)
{
  double width, height;
  g_autofree char *up = patron_text_render (self->chart->y.label);
  g_autofree char *up_fit = patron_layouter_elide (self, up, PATRON_LAYOUT_AXIS, FALSE, self->free.width);
  patron_layouter_measure (self, up_fit, PATRON_LAYOUT_AXIS, 0, &width, &height);
  if (*up_fit != '\0' && height * 6 < self->free.height)
    {
      patron_layouter_add_text (self, up_fit, PATRON_LAYOUT_AXIS, (PatronRect) { self->free.x, self->free.y, width, height }, -1);
      take_top (self, height + self->unit * 0.5);
    }
  g_autofree char *across = patron_text_render (self->chart->x.label);
  g_autofree char *across_fit = patron_layouter_elide (self, across, PATRON_LAYOUT_AXIS, FALSE, self->free.width);
  patron_layouter_measure (self, across_fit, PATRON_LAYOUT_AXIS, 0, &width, &height);
  if (*across_fit != '\0' && height * 6 < self->free.height)
    {
      patron_layouter_add_text (self, across_fit, PATRON_LAYOUT_AXIS,
                                (PatronRect) { self->free.x + self->free.width - width, self->free.y + self->free.height - height, width, height }, 1);
      self->free.height -= height + self->unit * 0.4;
    }
}

void
patron_layouter_place_head (PatronLayouter *self)
{
  if (self->options->title)
    {
      place_sentence (self, self->chart->title, PATRON_LAYOUT_TITLE, self->unit * 0.4);
      place_sentence (self, self->chart->caption, PATRON_LAYOUT_CAPTION, self->unit);
    }
  if (self->chart->kind == PATRON_CHART_HEAT_MAP || (self->chart->kind == PATRON_CHART_MOSAIC && self->chart->shades != NULL))
    {
      find_value_range (self);
      place_colour_scale (self);
    }
  else
    {
      place_legend (self);
      place_size_legend (self);
    }
  place_axis_names (self);
}
