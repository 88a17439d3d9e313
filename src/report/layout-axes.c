/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout-private.h"

#include <math.h>
#include <string.h>

/* Labels down the side take at most this part of the width. */
#define SIDE_SHARE 0.42
/* Labels below the plot take at most this part of the height. */
#define BELOW_SHARE 0.34

typedef struct
{
  GPtrArray *texts;        /* of char*, one for each tick */
  double    *widths, *heights;
  double     widest, tallest;
} Labels;

static void
labels_clear (Labels *labels)
{
  g_clear_pointer (&labels->texts, g_ptr_array_unref);
  g_clear_pointer (&labels->widths, g_free);
  g_clear_pointer (&labels->heights, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Labels, labels_clear)

static void
measure_labels (PatronLayouter *self, Labels *labels, double wrap)
{
  labels->widest = labels->tallest = 0;
  for (guint i = 0; i < labels->texts->len; i++)
    {
      patron_layouter_measure (self, labels->texts->pdata[i], PATRON_LAYOUT_TICK, wrap, &labels->widths[i], &labels->heights[i]);
      labels->widest = MAX (labels->widest, labels->widths[i]);
      labels->tallest = MAX (labels->tallest, labels->heights[i]);
    }
}

/* Of a mosaic's tiles: names at the middles of the columns, and at those of the first column's tiles. */
static GArray *
mosaic_ticks (const PatronChart *chart, gboolean columns)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (double));
  for (gsize i = 0; i < (columns ? chart->n_x : chart->n_y); i++)
    {
      double middle = columns ? (patron_mosaic_column (chart, i) + patron_mosaic_column (chart, i + 1)) / 2
                              : (patron_mosaic_row (chart, 0, i) + patron_mosaic_row (chart, 0, i + 1)) / 2;
      g_array_append_val (ticks, middle);
    }
  return ticks;
}

static char *
tick_label (PatronLayouter *self, const PatronAxis *axis, const GArray *ticks, guint i)
{
  if (self->chart->kind == PATRON_CHART_MOSAIC)
    return i < axis->categories->len ? patron_text_render (axis->categories->pdata[i]) : g_strdup ("");
  return patron_tick_label (axis, ticks, i);
}

static Labels
make_labels (PatronLayouter *self, const PatronAxis *axis, const GArray *ticks)
{
  Labels labels = { .texts = g_ptr_array_new_with_free_func (g_free), .widths = g_new0 (double, ticks->len), .heights = g_new0 (double, ticks->len) };
  for (guint i = 0; i < ticks->len; i++)
    g_ptr_array_add (labels.texts, tick_label (self, axis, ticks, i));
  measure_labels (self, &labels, 0);
  return labels;
}

/* Whether the axis may grow to its outer ticks: values do, time does not, nor what the chart fixes. */
static void
make_nice (const PatronLayouter *self, const PatronAxis *axis, gboolean value_axis, PatronRange *range, const GArray *ticks)
{
  if (self->fixed || axis->kind == PATRON_AXIS_CATEGORY || axis->kind == PATRON_AXIS_DATE)
    return;
  if (axis->kind == PATRON_AXIS_LOG)
    {
      /* The next decade may be far away: a little air instead. */
      double air = pow (range->max / range->min, 0.03);
      if (!isfinite (axis->min))
        range->min /= air;
      if (!isfinite (axis->max))
        range->max *= air;
      return;
    }
  if (!value_axis && self->chart->kind != PATRON_CHART_SCATTER)
    return;
  /* Not to a tick so far away that the plot would be half empty. */
  double span = range->max - range->min, first = g_array_index (ticks, double, 0), last = g_array_index (ticks, double, ticks->len - 1);
  if (!isfinite (axis->min) && first < range->min)
    range->min = range->min - first < span * 0.15 ? first : range->min - span * 0.04;
  if (!isfinite (axis->max) && last > range->max)
    range->max = last - range->max < span * 0.15 ? last : range->max + span * 0.04;
}

static void
drop_outside (GArray *ticks, const PatronRange *range)
{
  double slack = (range->max - range->min) * 1e-9;
  for (guint i = ticks->len; i-- > 0;)
    {
      double tick = g_array_index (ticks, double, i);
      if (tick < range->min - slack || tick > range->max + slack)
        g_array_remove_index (ticks, i);
    }
}

static GArray *
category_ticks (const PatronRange *range)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (double));
  for (double i = 0; i < range->max && i < 100000; i++)
    g_array_append_val (ticks, i);
  return ticks;
}

static GArray *
find_ticks (const PatronLayouter *self, const PatronAxis *axis, gboolean value_axis, PatronRange *range, double target)
{
  if (axis->kind == PATRON_AXIS_CATEGORY)
    return category_ticks (range);
  /* One label alone says nothing about distances: on a value axis there are three, however small the picture. */
  const PatronRange original = *range;
  for (guint n = (guint) CLAMP (target, 2, 8);; n++)
    {
      *range = original;
      GArray *ticks = patron_ticks (axis->kind, range->min, range->max, n);
      make_nice (self, axis, value_axis, range, ticks);
      drop_outside (ticks, range);
      if (ticks->len >= 3 || !value_axis || n >= 8)
        return ticks;
      g_array_unref (ticks);
    }
}

static gboolean
is_category (const PatronAxis *axis)
{
  return axis->kind == PATRON_AXIS_CATEGORY;
}

/* A heat map's cells lie on categories even when it has no names for them. */
static PatronAxisKind
scale_kind (const PatronLayouter *self, const PatronAxis *axis)
{
  return self->chart->kind == PATRON_CHART_HEAT_MAP ? PATRON_AXIS_CATEGORY : self->chart->kind == PATRON_CHART_MOSAIC ? PATRON_AXIS_LINEAR : axis->kind;
}

/* ---- side ---------------------------------------------------------------------------------------------------------- */

static gboolean
any_alike (const GPtrArray *texts)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < texts->len; i++)
    if (*(const char *) texts->pdata[i] != '\0' && !g_hash_table_add (seen, texts->pdata[i]))
      return TRUE;
  return FALSE;
}

/* Cuts long labels off; where their beginnings are alike, in the middle, so that they can be told apart. */
static void
elide_labels (PatronLayouter *self, Labels *labels, double limit)
{
  gboolean alike = any_alike (labels->texts);
  for (int middle = 0; middle < 2; middle++)
    {
      g_autoptr(GPtrArray) shorter = g_ptr_array_new_with_free_func (g_free);
      for (guint i = 0; i < labels->texts->len; i++)
        g_ptr_array_add (shorter, patron_layouter_elide (self, labels->texts->pdata[i], PATRON_LAYOUT_TICK, middle, limit));
      if (!middle && !alike && any_alike (shorter))
        continue;
      g_ptr_array_unref (labels->texts);
      labels->texts = g_steal_pointer (&shorter);
      return;
    }
}

/* Sets the left edge of the plot; the labels are placed later, when its height is known. */
static double
side_width (PatronLayouter *self, Labels *labels)
{
  double limit = self->free.width * SIDE_SHARE;
  if (labels->widest > limit)
    elide_labels (self, labels, limit);
  measure_labels (self, labels, 0);
  return labels->widest > 0 ? labels->widest + self->unit * 0.8 : 0;
}

static void
place_side (PatronLayouter *self, const Labels *labels)
{
  const PatronRect *plot = &self->layout->plot;
  double before = INFINITY;   /* top of the last label placed, or for categories the bottom */
  gboolean down = self->layout->y.to > self->layout->y.from;
  for (guint i = 0; i < labels->texts->len; i++)
    {
      double y = patron_scale_to_pixel (&self->layout->y, g_array_index (self->y_ticks, double, i));
      double height = labels->heights[i];
      if (!isfinite (y) || *(char *) labels->texts->pdata[i] == '\0')
        continue;
      PatronRect box = { plot->x - self->unit * 0.8 - labels->widths[i], y - height / 2, labels->widths[i], height };
      if (isfinite (before) && (down ? box.y < before : box.y + height > before))
        continue;
      if (!patron_layouter_is_free (self, &box))
        continue;
      before = down ? box.y + height : box.y;
      patron_layouter_add_text (self, labels->texts->pdata[i], PATRON_LAYOUT_TICK, box, 1);
    }
}

/* ---- below --------------------------------------------------------------------------------------------------------- */

typedef enum { BELOW_FLAT, BELOW_WRAPPED, BELOW_SLANTED } BelowStyle;

/* Width of the widest part of text that must not be broken: a word, or about three characters where lines may break anywhere. */
static double
widest_word (PatronLayouter *self, const char *text)
{
  double width, height, longest = 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_utf8_get_char (p) >= 0x2e80)
      return self->line * 3;
  g_auto(GStrv) words = g_strsplit (text, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      patron_layouter_measure (self, words[i], PATRON_LAYOUT_TICK, 0, &width, &height);
      longest = MAX (longest, width);
    }
  return longest;
}

/* Names of categories: on one line, else broken into up to three lines, else slanted, else every kth. */
static BelowStyle
below_style (PatronLayouter *self, Labels *labels, double band)
{
  double gap = self->unit * 0.6;
  if (labels->widest + gap <= band)
    return BELOW_FLAT;
  double longest = 0;
  glong characters = 0;
  for (guint i = 0; i < labels->texts->len; i++)
    {
      longest = MAX (longest, widest_word (self, labels->texts->pdata[i]));
      characters = MAX (characters, g_utf8_strlen (labels->texts->pdata[i], -1));
    }
  if (longest + gap <= band && band > self->line * 2)
    {
      measure_labels (self, labels, band - gap);
      if (labels->tallest <= self->line * 3.4 && labels->tallest <= self->free.height * BELOW_SHARE && labels->widest + gap <= band)
        return BELOW_WRAPPED;
      measure_labels (self, labels, 0);
    }
  /* Short names, numbers mostly, read well when only some are shown; slanting needs the room of a line for each. */
  return characters <= 5 || band < self->line * 1.15 ? BELOW_FLAT : BELOW_SLANTED;
}

static void
elide_slanted (PatronLayouter *self, Labels *labels)
{
  double limit = self->free.height * BELOW_SHARE * G_SQRT2 - self->line;
  elide_labels (self, labels, limit);
  measure_labels (self, labels, 0);
}

/* Between the plot and the labels below it: they clear the lower half of the lowest label at its side. */
static double
below_gap (const PatronLayouter *self)
{
  return MAX (self->unit * 0.6, self->line * 0.55);
}

static double
below_height (PatronLayouter *self, Labels *labels, BelowStyle style)
{
  if (labels->texts->len == 0 || labels->widest == 0)
    return 0;
  double height = style == BELOW_SLANTED ? (labels->widest + self->line) / G_SQRT2 : labels->tallest;
  return height + below_gap (self);
}

/* The right end of the text touches the tick; everything else lies below and left of it, cut off at the left edge. */
static void
place_slanted (PatronLayouter *self, const char *text, double x, double y)
{
  double width, height;
  patron_layouter_measure (self, text, PATRON_LAYOUT_TICK, 0, &width, &height);
  double room = (x - height / 2) * G_SQRT2;
  g_autofree char *fitting = patron_layouter_elide (self, text, PATRON_LAYOUT_TICK, FALSE, room);
  patron_layouter_measure (self, fitting, PATRON_LAYOUT_TICK, 0, &width, &height);
  PatronRect box = { x - width, y + height / (2 * G_SQRT2) - height / 2, width, height };
  if (*fitting != '\0')
    patron_layouter_add_text (self, fitting, PATRON_LAYOUT_TICK, box, 1)->slanted = TRUE;
}

/* Flat labels that would touch their neighbour are left out evenly: every second, every third … */
static guint
thinning (const PatronLayouter *self, const Labels *labels, double gap)
{
  guint every = 1;
  for (; every < labels->texts->len; every++)
    {
      double end = -INFINITY;
      gboolean fits = TRUE;
      for (guint i = 0; i < labels->texts->len && fits; i += every)
        {
          double x = patron_scale_to_pixel (&self->layout->x, g_array_index (self->x_ticks, double, i));
          fits = x - labels->widths[i] / 2 >= end;
          end = x + labels->widths[i] / 2 + gap;
        }
      if (fits)
        break;
    }
  return every;
}

static void
place_below (PatronLayouter *self, const Labels *labels, BelowStyle style, double band)
{
  const PatronRect *plot = &self->layout->plot;
  double top = plot->y + plot->height + below_gap (self), gap = self->unit * 0.5;
  guint every = style == BELOW_FLAT ? thinning (self, labels, gap) : 1;
  if (style == BELOW_SLANTED)
    every = (guint) MAX (1, ceil (self->line * 1.15 / MAX (1, band)));
  double end = -INFINITY;
  for (guint i = 0; i < labels->texts->len; i += every)
    {
      double x = patron_scale_to_pixel (&self->layout->x, g_array_index (self->x_ticks, double, i));
      double width = labels->widths[i];
      if (!isfinite (x) || *(char *) labels->texts->pdata[i] == '\0')
        continue;
      if (style == BELOW_SLANTED)
        {
          place_slanted (self, labels->texts->pdata[i], x, top);
          continue;
        }
      double left = CLAMP (x - width / 2, 0, MAX (0, self->layout->width - width));
      PatronRect box = { left, top, width, labels->heights[i] };
      if (left < end || !patron_layouter_is_free (self, &box))
        continue;
      end = left + width + gap;
      PatronLayoutText *text = patron_layouter_add_text (self, labels->texts->pdata[i], PATRON_LAYOUT_TICK, box, 0);
      if (style == BELOW_WRAPPED)
        text->wrap = band - self->unit * 0.6;
    }
}

/* ---- both ---------------------------------------------------------------------------------------------------------- */

static void
place_grid (PatronLayouter *self)
{
  const PatronRect *plot = &self->layout->plot;
  const PatronChart *chart = self->chart;
  if (chart->kind == PATRON_CHART_HEAT_MAP || chart->kind == PATRON_CHART_MOSAIC)
    return;
  gboolean both = chart->kind == PATRON_CHART_SCATTER;
  for (guint i = 0; i < self->y_ticks->len && !is_category (&chart->y); i++)
    {
      double value = g_array_index (self->y_ticks, double, i), y = patron_scale_to_pixel (&self->layout->y, value);
      if (self->sideways == FALSE || both)
        patron_layouter_add_line (self, plot->x, y, plot->x + plot->width, y, value == 0 && !both);
    }
  for (guint i = 0; i < self->x_ticks->len && !is_category (&chart->x); i++)
    {
      double value = g_array_index (self->x_ticks, double, i), x = patron_scale_to_pixel (&self->layout->x, value);
      if (self->sideways || both)
        patron_layouter_add_line (self, x, plot->y, x, plot->y + plot->height, value == 0 && !both);
    }
  /* Where bars grow from a base that is not a tick, or a line chart has no zero, the plot still stands on something. */
  if (!self->sideways && !both && !(self->y.min < 0 && self->y.max > 0 && chart->y.kind == PATRON_AXIS_LINEAR))
    patron_layouter_add_line (self, plot->x, plot->y + plot->height, plot->x + plot->width, plot->y + plot->height, TRUE);
}

/* Round ticks along the bottom: fewer when their labels would touch. */
static Labels
fit_bottom_labels (PatronLayouter *self, gboolean value_axis, double width)
{
  const PatronAxis *axis = &self->chart->x;
  PatronRange original = self->x;
  for (double target = CLAMP (width / (self->line * 6), 2, 8);; target--)
    {
      self->x = original;
      self->x_ticks = find_ticks (self, axis, value_axis, &self->x, target);
      Labels labels = make_labels (self, axis, self->x_ticks);
      double total = 0;
      for (guint i = 0; i < self->x_ticks->len; i++)
        total += labels.widths[i] + self->unit * 1.6;
      if (is_category (axis) || total <= width + self->unit * 2 || target <= 2)
        return labels;
      labels_clear (&labels);
      g_clear_pointer (&self->x_ticks, g_array_unref);
    }
}

void
patron_layouter_place_axes (PatronLayouter *self)
{
  PatronLayout *layout = self->layout;
  const PatronChart *chart = self->chart;
  gboolean heat_map = chart->kind == PATRON_CHART_HEAT_MAP;
  g_clear_pointer (&self->x_ticks, g_array_unref);
  g_clear_pointer (&self->y_ticks, g_array_unref);
  double extent = patron_layouter_value_extent (self);

  gboolean mosaic = chart->kind == PATRON_CHART_MOSAIC;
  self->y_ticks = mosaic ? mosaic_ticks (chart, FALSE) : heat_map ? category_ticks (&self->y) : find_ticks (self, &chart->y, !self->sideways, &self->y, self->free.height / (self->line * 5));
  g_auto(Labels) side = make_labels (self, &chart->y, self->y_ticks);
  double left = self->free.x + (self->no_side ? 0 : side_width (self, &side));
  double right = self->free.x + self->free.width - (self->direct ? self->direct_width + self->unit * 0.8 : 0);
  if (self->sideways)
    right -= extent > 0 ? self->unit * 0.3 : 0;

  double width = MAX (1, right - left);
  g_auto(Labels) below = { NULL };
  if (heat_map || mosaic)
    {
      self->x_ticks = mosaic ? mosaic_ticks (chart, TRUE) : category_ticks (&self->x);
      below = make_labels (self, &chart->x, self->x_ticks);
    }
  else
    below = fit_bottom_labels (self, self->sideways, width);
  /* Half the last label hangs over the end of its axis. */
  if (!is_category (&chart->x) && below.texts->len > 0 && !self->direct)
    {
      right -= MIN (width * 0.2, MAX (0, below.widths[below.texts->len - 1] / 2 - self->unit * 0.5));
      width = MAX (1, right - left);
    }

  double band = width / MAX (1e-9, self->x.max - self->x.min);
  for (gsize i = 0; mosaic && i < chart->n_x; i++)
    band = MIN (band, width * (patron_mosaic_column (chart, i + 1) - patron_mosaic_column (chart, i)));
  BelowStyle style = is_category (&chart->x) ? below_style (self, &below, band) : BELOW_FLAT;
  if (style == BELOW_SLANTED)
    elide_slanted (self, &below);
  double bottom_height = self->no_below ? 0 : MIN (below_height (self, &below, style), self->free.height * 0.6);
  double top = self->free.y + (is_category (&chart->y) || heat_map ? 0 : self->line / 2);
  double bottom = self->free.y + self->free.height - bottom_height - (bottom_height == 0 && !self->no_below ? self->line / 2 : 0);
  layout->plot = (PatronRect) { left, top, width, MAX (1, bottom - top) };

  double room = self->sideways ? MIN (extent, layout->plot.width / 3) : MIN (extent, layout->plot.height / 3);
  gboolean both_ways = (self->sideways ? self->x.min : self->y.min) < 0;   /* values below zero have their labels on the other side */
  layout->x = (PatronScaleMap) { scale_kind (self, &chart->x), self->x.min, self->x.max, left + (self->sideways && both_ways ? room : 0),
                                 left + width - (self->sideways ? room : 0) };
  gboolean downwards = is_category (&chart->y) || heat_map || mosaic;
  double floor_y = layout->plot.y + layout->plot.height, bottom_y = floor_y - (!self->sideways && both_ways ? room : 0), top_y = layout->plot.y + (self->sideways ? 0 : room);
  layout->y = (PatronScaleMap) { scale_kind (self, &chart->y), self->y.min, self->y.max, downwards ? layout->plot.y : bottom_y,
                                 downwards ? floor_y : top_y };
  if (!self->no_side)
    place_side (self, &side);
  if (!self->no_below)
    place_below (self, &below, style, band);
  place_grid (self);
}
