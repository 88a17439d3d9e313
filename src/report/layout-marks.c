/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout-private.h"

#include <math.h>

/* Of the distance between categories, what bars and boxes fill. */
#define BAR_SHARE 0.74
#define BOX_SHARE 0.5
#define VIOLIN_SHARE 0.86
/* The widest bubble, in units. */
#define BUBBLE_SIZE 4.5
/* Lines with more points than this many for each pixel column keep the first, least, greatest and last of each column. */
#define POINTS_PER_COLUMN 4

static double
clamp_pixel (const PatronLayouter *self, double pixel)
{
  double far = 10 * MAX (self->layout->width, self->layout->height);
  return isnan (pixel) ? NAN : CLAMP (pixel, -far, far);
}

static const PatronScaleMap *
value_scale (const PatronLayouter *self)
{
  return self->sideways ? &self->layout->x : &self->layout->y;
}

static const PatronScaleMap *
position_scale (const PatronLayouter *self)
{
  return self->sideways ? &self->layout->y : &self->layout->x;
}

static double
value_pixel (const PatronLayouter *self, double value)
{
  return clamp_pixel (self, patron_scale_to_pixel (value_scale (self), value));
}

static double
position_pixel (const PatronLayouter *self, double value)
{
  return clamp_pixel (self, patron_scale_to_pixel (position_scale (self), value));
}

/* Pixels that bars grow from: zero, or the end of the axis nearest to it. */
static double
base_value (const PatronLayouter *self)
{
  const PatronScaleMap *scale = value_scale (self);
  return scale->kind == PATRON_AXIS_LOG ? scale->min : CLAMP (0, scale->min, scale->max);
}

static double
band_pixels (const PatronLayouter *self)
{
  const PatronScaleMap *scale = position_scale (self);
  double range = scale->kind == PATRON_AXIS_LOG ? log10 (scale->max / scale->min) : scale->max - scale->min, step = self->band / range;
  return MAX (1, fabs (scale->to - scale->from) * step);
}

static PatronRect
oriented (const PatronLayouter *self, double at, double thickness, double from, double to)
{
  double low = MIN (from, to), length = fabs (to - from);
  return self->sideways ? (PatronRect) { low, at, length, thickness } : (PatronRect) { at, low, thickness, length };
}

static void
add_mark (PatronLayouter *self, PatronMark mark)
{
  g_array_append_val (self->layout->marks, mark);
}

/* ---- bars ---------------------------------------------------------------------------------------------------------- */

/* Where the next part of a stack begins, by position. */
typedef struct
{
  double up, down;
} Stack;

static Stack *
stack_at (GHashTable *stacks, double x)
{
  Stack *stack = g_hash_table_lookup (stacks, &x);
  if (stack == NULL)
    {
      stack = g_new0 (Stack, 1);
      g_hash_table_insert (stacks, g_memdup2 (&x, sizeof x), stack);
    }
  return stack;
}

static void
place_bar_series (PatronLayouter *self, guint s, guint slot, guint n_slots, GHashTable *stacks)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  double group = MIN (band_pixels (self) * BAR_SHARE, self->unit * 9 * n_slots), thickness = MAX (1, group / n_slots), base = base_value (self);
  double gap = n_slots > 1 && thickness > 6 ? 1 : 0;
  for (gsize i = 0; i < series->n; i++)
    {
      double x = patron_series_x (series, i), from = base, to = series->y[i];
      if (stacks != NULL && isfinite (to) && !isnan (x))
        {
          Stack *stack = stack_at (stacks, x);
          double *end = to >= 0 ? &stack->up : &stack->down;
          from = *end;
          *end += to;
          to = *end;
        }
      double at = position_pixel (self, x) - group / 2 + slot * thickness + gap / 2;
      PatronRect box = oriented (self, at, thickness - gap, value_pixel (self, from), value_pixel (self, to));
      if (!isfinite (to) || !isfinite (box.x + box.y + box.width + box.height))
        continue;
      add_mark (self, (PatronMark) { .kind = PATRON_MARK_BAR, .colour = patron_series_colour (self->chart, s), .series = s, .index = (guint32) i,
                                     .upright = !self->sideways, .box = box, .middle = NAN,
                                     .low = series->low != NULL ? value_pixel (self, series->low[i]) : NAN,
                                     .high = series->high != NULL ? value_pixel (self, series->high[i]) : NAN });
    }
}

static void
place_bars (PatronLayouter *self)
{
  const PatronChart *chart = self->chart;
  g_autoptr(GHashTable) stacks = g_hash_table_new_full (g_double_hash, g_double_equal, g_free, g_free);
  guint n_bars = 0, slot = 0;
  for (guint s = 0; s < chart->series->len; s++)
    n_bars += patron_series_is_bar (chart, chart->series->pdata[s]) && !patron_layouter_skips (self, chart->series->pdata[s]);
  for (guint s = 0; s < chart->series->len; s++)
    if (patron_series_is_bar (chart, chart->series->pdata[s]) && !patron_layouter_skips (self, chart->series->pdata[s]))
      place_bar_series (self, s, chart->stacked ? 0 : slot++, chart->stacked ? 1 : n_bars, chart->stacked ? stacks : NULL);
}

static void
place_histogram (PatronLayouter *self)
{
  const PatronChart *chart = self->chart;
  double base = value_pixel (self, base_value (self));
  for (guint s = 0; s < chart->series->len; s++)
    {
      const PatronSeries *series = chart->series->pdata[s];
      for (gsize i = 0; patron_series_is_bar (chart, series) && !patron_layouter_skips (self, series) && series->x != NULL && i < series->n; i++)
        {
          double left = position_pixel (self, series->x[i]), right = position_pixel (self, series->x[i + 1]), top = value_pixel (self, series->y[i]);
          double gap = right - left > 4 ? 1 : 0;
          if (!isfinite (left + right + top) || right < left)
            continue;
          add_mark (self, (PatronMark) { .kind = PATRON_MARK_BAR, .colour = patron_series_colour (chart, s), .series = s, .index = (guint32) i,
                                         .upright = TRUE, .middle = NAN, .low = NAN, .high = NAN,
                                         .box = { left + gap / 2, MIN (base, top), MAX (0.5, right - left - gap), fabs (top - base) } });
        }
    }
}

/* ---- boxes, cells, points -------------------------------------------------------------------------------------------- */

static void
place_boxes (PatronLayouter *self, guint s, guint slot, guint n_slots)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  gboolean slim = self->chart->kind == PATRON_CHART_VIOLIN;
  double group = slim ? MIN (band_pixels (self) * 0.1, self->unit) : MIN (band_pixels (self) * BOX_SHARE, self->unit * 6 * n_slots), thickness = MAX (2, group / n_slots);
  for (gsize i = 0; i < series->n; i++)
    {
      double at = position_pixel (self, patron_series_x (series, i)) - group / 2 + slot * thickness;
      PatronRect box = oriented (self, at, n_slots > 1 ? thickness * 0.85 : thickness, value_pixel (self, series->q1[i]), value_pixel (self, series->q3[i]));
      if (!isfinite (box.x + box.y + box.width + box.height))
        continue;
      add_mark (self, (PatronMark) { .kind = PATRON_MARK_BOX, .colour = patron_series_colour (self->chart, s), .series = s, .index = (guint32) i,
                                     .upright = !self->sideways, .box = box, .middle = value_pixel (self, series->y[i]),
                                     .low = series->low != NULL ? value_pixel (self, series->low[i]) : NAN,
                                     .high = series->high != NULL ? value_pixel (self, series->high[i]) : NAN });
    }
}

static void
place_points (PatronLayouter *self, guint s, gboolean hidden)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  const PatronRect *plot = &self->layout->plot;
  double slack = self->layout->point_size;
  int colour = patron_series_colour (self->chart, s);
  gboolean interval = series->low != NULL && !hidden && self->chart->kind != PATRON_CHART_BOX && self->chart->kind != PATRON_CHART_VIOLIN;
  for (gsize i = 0; i < series->n; i++)
    {
      double at = position_pixel (self, patron_series_x (series, i)), value = value_pixel (self, series->y[i]);
      double x = self->sideways ? value : at, y = self->sideways ? at : value;
      if (!(x >= plot->x - slack && x <= plot->x + plot->width + slack && y >= plot->y - slack && y <= plot->y + plot->height + slack))
        continue;
      add_mark (self, (PatronMark) { .kind = PATRON_MARK_POINT, .colour = series->group != NULL ? series->group[i] : colour, .series = s,
                                     .index = (guint32) i, .upright = !self->sideways, .hidden = hidden, .box = { x, y, 0, 0 }, .middle = NAN,
                                     .low = interval ? value_pixel (self, series->low[i]) : NAN,
                                     .high = interval && series->high != NULL ? value_pixel (self, series->high[i]) : NAN });
    }
}

static void
place_cells (PatronLayouter *self)
{
  const PatronLayout *layout = self->layout;
  const PatronChart *chart = self->chart;
  double width = layout->plot.width / MAX (1, (double) chart->n_x), height = layout->plot.height / MAX (1, (double) chart->n_y);
  double gap_x = width > 6 ? 1.5 : 0, gap_y = height > 6 ? 1.5 : 0;
  for (gsize iy = 0; iy < chart->n_y && chart->cells != NULL; iy++)
    for (gsize ix = 0; ix < chart->n_x; ix++)
      {
        double value = chart->cells[iy * chart->n_x + ix];
        double level = CLAMP ((value - layout->value_min) / (layout->value_max - layout->value_min), 0, 1);
        add_mark (self, (PatronMark) { .kind = PATRON_MARK_CELL, .colour = -1, .index = (guint32) (iy * chart->n_x + ix), .middle = NAN, .low = NAN, .high = NAN,
                                       .box = { layout->plot.x + (double) ix * width + gap_x / 2, layout->plot.y + (double) iy * height + gap_y / 2,
                                                width - gap_x, height - gap_y },
                                       .level = isnan (value) ? NAN : level });
      }
}

/* Of series i's bubbles, the larger first: the smaller ones lie on top. */
static int
compare_sizes (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *size = data;
  double left = size[*(const guint32 *) a], right = size[*(const guint32 *) b];
  return left > right ? -1 : left < right;
}

double
patron_largest_size (const PatronChart *chart)
{
  double largest = 0;
  for (guint s = 0; s < chart->series->len; s++)
    {
      const PatronSeries *series = chart->series->pdata[s];
      for (gsize i = 0; series->size != NULL && i < series->n; i++)
        if (isfinite (series->size[i]))
          largest = MAX (largest, series->size[i]);
    }
  return largest;
}

double
patron_layouter_bubble (const PatronLayouter *self, double size, double largest)
{
  return size >= 0 && largest > 0 ? MAX (2, self->unit * BUBBLE_SIZE * sqrt (MIN (1, size / largest))) : 0;
}

static void
place_bubbles (PatronLayouter *self, guint s)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  double largest = patron_largest_size (self->chart);
  int colour = patron_series_colour (self->chart, s);
  g_autofree guint32 *order = g_new (guint32, MAX (1, series->n));
  gsize n = 0;
  for (gsize i = 0; i < series->n; i++)
    if (isfinite (series->size[i]) && series->size[i] >= 0)
      order[n++] = (guint32) i;
  g_qsort_with_data (order, n, sizeof *order, compare_sizes, series->size);
  for (gsize k = 0; k < n; k++)
    {
      guint32 i = order[k];
      double x = position_pixel (self, patron_series_x (series, i)), y = value_pixel (self, series->y[i]);
      double size = patron_layouter_bubble (self, series->size[i], largest);
      if (!isfinite (x + y))
        continue;
      add_mark (self, (PatronMark) { .kind = PATRON_MARK_BUBBLE, .colour = series->group != NULL ? series->group[i] : colour, .series = s, .index = i,
                                     .upright = TRUE, .box = { x - size / 2, y - size / 2, size, size }, .middle = NAN, .low = NAN, .high = NAN });
    }
}

/* ---- mosaic -------------------------------------------------------------------------------------------------------- */

static double
column_count (const PatronChart *chart, gsize ix)
{
  double sum = 0;
  for (gsize iy = 0; iy < chart->n_y; iy++)
    sum += isfinite (chart->cells[iy * chart->n_x + ix]) ? MAX (0, chart->cells[iy * chart->n_x + ix]) : 0;
  return sum;
}

double
patron_mosaic_column (const PatronChart *chart, gsize ix)
{
  double before = 0, total = 0;
  for (gsize i = 0; chart->cells != NULL && i < chart->n_x; i++)
    {
      double count = column_count (chart, i);
      before += i < ix ? count : 0;
      total += count;
    }
  return total > 0 ? before / total : (double) ix / MAX (1, (double) chart->n_x);
}

double
patron_mosaic_row (const PatronChart *chart, gsize ix, gsize iy)
{
  double before = 0, total = chart->cells != NULL && ix < chart->n_x ? column_count (chart, ix) : 0;
  for (gsize i = 0; total > 0 && i < MIN (iy, chart->n_y); i++)
    before += isfinite (chart->cells[i * chart->n_x + ix]) ? MAX (0, chart->cells[i * chart->n_x + ix]) : 0;
  return total > 0 ? before / total : (double) iy / MAX (1, (double) chart->n_y);
}

static void
place_tiles (PatronLayouter *self)
{
  const PatronLayout *layout = self->layout;
  const PatronChart *chart = self->chart;
  const PatronRect *plot = &layout->plot;
  for (gsize ix = 0; chart->cells != NULL && ix < chart->n_x; ix++)
    {
      double left = plot->x + plot->width * patron_mosaic_column (chart, ix), right = plot->x + plot->width * patron_mosaic_column (chart, ix + 1);
      for (gsize iy = 0; iy < chart->n_y; iy++)
        {
          double top = plot->y + plot->height * patron_mosaic_row (chart, ix, iy), bottom = plot->y + plot->height * patron_mosaic_row (chart, ix, iy + 1);
          gsize cell = iy * chart->n_x + ix;
          double gap = 1.5, shade = chart->shades != NULL ? chart->shades[cell] : NAN;
          add_mark (self, (PatronMark) { .kind = PATRON_MARK_CELL, .colour = chart->shades != NULL ? -1 : (int) iy, .index = (guint32) cell,
                                         .middle = NAN, .low = NAN, .high = NAN,
                                         .box = { left + gap / 2, top + gap / 2, MAX (0, right - left - gap), MAX (0, bottom - top - gap) },
                                         .level = CLAMP ((shade - layout->value_min) / (layout->value_max - layout->value_min), 0, 1) });
        }
    }
}

static PatronLayoutPath *
add_path (PatronLayouter *self, guint s, PatronSeriesStyle style)
{
  PatronLayoutPath *path = g_new0 (PatronLayoutPath, 1);
  path->style = style;
  path->series = s;
  path->colour = patron_series_colour (self->chart, s);
  path->points = g_array_new (FALSE, FALSE, 2 * sizeof (double));
  g_ptr_array_add (self->layout->paths, path);
  return path;
}

/* ---- violins ------------------------------------------------------------------------------------------------------- */

/* A closed outline about the position, as wide as the sizes say. */
static void
place_violin (PatronLayouter *self, guint s)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  double half = MIN (band_pixels (self) * VIOLIN_SHARE, self->unit * 14) / 2;
  for (int outline = 0; outline < 2; outline++)
    {
      PatronLayoutPath *path = add_path (self, s, outline == 0 ? PATRON_SERIES_AREA : PATRON_SERIES_LINE);
      path->colour = patron_series_colour (self->chart, s);
      for (int side = -1; side <= 1; side += 2)
        for (gsize k = 0; k < series->n; k++)
          {
            gsize i = side < 0 ? k : series->n - 1 - k;
            double at = position_pixel (self, patron_series_x (series, i)) + side * half * CLAMP (series->size[i], 0, 1);
            double value = value_pixel (self, series->y[i]);
            double pair[2] = { self->sideways ? value : at, self->sideways ? at : value };
            if (isfinite (at + value))
              g_array_append_val (path->points, pair);
          }
      if (outline == 1 && path->points->len > 0)
        {
          double first[2] = { ((double *) (gpointer) path->points->data)[0], ((double *) (gpointer) path->points->data)[1] };
          g_array_append_val (path->points, first);
        }
    }
}

/* ---- lines ----------------------------------------------------------------------------------------------------------- */

static void
add_point (PatronLayouter *self, PatronLayoutPath *path, double x, double y)
{
  double at = position_pixel (self, x), value = value_pixel (self, y);
  double pair[2] = { self->sideways ? value : at, self->sideways ? at : value };
  if (isnan (at + value))
    pair[0] = pair[1] = NAN;
  g_array_append_val (path->points, pair);
}

static gboolean
is_sorted (const PatronSeries *series)
{
  for (gsize i = 1; series->x != NULL && i < series->n; i++)
    if (!(series->x[i] >= series->x[i - 1]))
      return FALSE;
  return TRUE;
}

/* One pixel column of a long line: first, least, greatest and last value look like all of them. */
static void
add_column (PatronLayouter *self, PatronLayoutPath *path, const PatronSeries *series, gsize begin, gsize end)
{
  gsize least = begin, greatest = begin;
  for (gsize i = begin; i < end; i++)
    {
      if (!(series->y[i] >= series->y[least]))
        least = i;
      if (!(series->y[i] <= series->y[greatest]))
        greatest = i;
    }
  const gsize kept[] = { begin, MIN (least, greatest), MAX (least, greatest), end - 1 };
  for (guint k = 0; k < G_N_ELEMENTS (kept); k++)
    if (k == 0 || kept[k] > kept[k - 1])
      add_point (self, path, patron_series_x (series, kept[k]), series->y[kept[k]]);
}

static void
add_decimated (PatronLayouter *self, PatronLayoutPath *path, const PatronSeries *series)
{
  gsize begin = 0;
  while (begin < series->n)
    {
      double column = floor (position_pixel (self, patron_series_x (series, begin)));
      gsize end = begin + 1;
      while (end < series->n && floor (position_pixel (self, patron_series_x (series, end))) == column)
        end++;
      add_column (self, path, series, begin, end);
      begin = end;
    }
}

static void
place_line (PatronLayouter *self, guint s, PatronSeriesStyle style)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  PatronLayoutPath *path = add_path (self, s, style);
  if ((double) series->n > POINTS_PER_COLUMN * self->layout->plot.width && is_sorted (series))
    add_decimated (self, path, series);
  else
    for (gsize i = 0; i < series->n; i++)
      add_point (self, path, patron_series_x (series, i), series->y[i]);
}

/* The outline between two arrays of values, or between values and the base, of readings begin … end-1. */
static void
add_outline (PatronLayouter *self, guint s, const double *low, const double *high, gsize begin, gsize end)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  PatronLayoutPath *path = add_path (self, s, PATRON_SERIES_AREA);
  double base = base_value (self);
  gsize every = MAX (1, (gsize) ((double) (end - begin) / (POINTS_PER_COLUMN * MAX (1, self->layout->plot.width))));
  for (gsize i = begin; i < end; i += every)
    add_point (self, path, patron_series_x (series, i), high[i]);
  for (gsize k = (end - begin + every - 1) / every; k-- > 0;)
    add_point (self, path, patron_series_x (series, begin + k * every), low != NULL ? low[begin + k * every] : base);
}

/* One outline for each stretch without a gap. */
static void
place_area (PatronLayouter *self, guint s, const double *low, const double *high)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  for (gsize begin = 0, end; begin < series->n; begin = end + 1)
    {
      for (end = begin; end < series->n && isfinite (high[end]) && (low == NULL || isfinite (low[end])); end++)
        continue;
      if (end > begin)
        add_outline (self, s, low, high, begin, end);
    }
}

/* What series of a stack before s reach at each of its positions, which they share. */
static double *
stacked_base (PatronLayouter *self, guint s)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  double *base = g_new0 (double, MAX (1, series->n));
  for (guint t = 0; t < s; t++)
    {
      const PatronSeries *below = self->chart->series->pdata[t];
      for (gsize i = 0; patron_series_stacks (self->chart, below) && below->panel == series->panel && i < MIN (series->n, below->n); i++)
        base[i] += isfinite (below->y[i]) ? below->y[i] : 0;
    }
  return base;
}

static void
place_stacked_area (PatronLayouter *self, guint s)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  g_autofree double *low = stacked_base (self, s), *high = g_new (double, MAX (1, series->n));
  for (gsize i = 0; i < series->n; i++)
    high[i] = low[i] + (isfinite (series->y[i]) ? series->y[i] : 0);
  place_area (self, s, low, high);
  PatronLayoutPath *path = add_path (self, s, PATRON_SERIES_LINE);
  for (gsize i = 0; i < series->n; i++)
    {
      double x = position_pixel (self, patron_series_x (series, i)), y = value_pixel (self, high[i]);
      add_point (self, path, patron_series_x (series, i), high[i]);
      if (isfinite (x + y))
        add_mark (self, (PatronMark) { .kind = PATRON_MARK_POINT, .colour = patron_series_colour (self->chart, s), .series = s, .index = (guint32) i,
                                       .upright = TRUE, .hidden = TRUE, .box = { x, y, 0, 0 }, .middle = NAN, .low = NAN, .high = NAN });
    }
}

static void
place_overlay (PatronLayouter *self, guint s)
{
  const PatronSeries *series = self->chart->series->pdata[s];
  gboolean lines = self->chart->kind == PATRON_CHART_LINE || self->chart->kind == PATRON_CHART_SCATTER;
  gboolean band = series->low != NULL && series->high != NULL && lines && series->style != PATRON_SERIES_POINTS && series->style != PATRON_SERIES_BARS;
  if (series->y == NULL || series->n == 0 || (self->chart->kind != PATRON_CHART_BAR && self->chart->kind != PATRON_CHART_BOX && series->x == NULL))
    return;
  if (series->size != NULL && self->chart->kind == PATRON_CHART_SCATTER)
    {
      place_bubbles (self, s);
      return;
    }
  if (series->size != NULL && self->chart->kind == PATRON_CHART_VIOLIN && series->style == PATRON_SERIES_AREA)
    {
      place_violin (self, s);
      return;
    }
  if (patron_series_stacks (self->chart, series))
    {
      place_stacked_area (self, s);
      return;
    }
  if (band)
    place_area (self, s, series->low, series->high);
  else if (series->style == PATRON_SERIES_AREA)
    place_area (self, s, NULL, series->y);
  switch (series->style)
    {
    case PATRON_SERIES_POINTS:
      place_points (self, s, FALSE);
      break;
    case PATRON_SERIES_BARS:
      if (self->chart->kind == PATRON_CHART_LINE || self->chart->kind == PATRON_CHART_SCATTER)
        place_points (self, s, FALSE);
      break;
    case PATRON_SERIES_LINE:
    case PATRON_SERIES_AREA:
    case PATRON_SERIES_REFERENCE:
    default:
      if (!band || series->style != PATRON_SERIES_AREA)
        place_line (self, s, series->style == PATRON_SERIES_REFERENCE ? PATRON_SERIES_REFERENCE : PATRON_SERIES_LINE);
      if (!patron_series_is_reference (series))
        place_points (self, s, TRUE);
      break;
    }
}

static gsize
n_scatter_points (const PatronChart *chart)
{
  gsize n = 0;
  for (guint s = 0; s < chart->series->len; s++)
    n += ((const PatronSeries *) chart->series->pdata[s])->n;
  return n;
}

/* Few points are large, many are small; none is smaller than can be seen. */
static double
point_size (const PatronLayouter *self)
{
  if (self->chart->kind != PATRON_CHART_SCATTER)
    return self->unit * 0.9;
  double n = (double) n_scatter_points (self->chart);
  return self->unit * (n <= 200 ? 1.0 : n <= 2000 ? 0.8 : n <= 8000 ? 0.6 : 0.45);
}

void
patron_layouter_place_marks (PatronLayouter *self)
{
  const PatronChart *chart = self->chart;
  self->layout->point_size = point_size (self);
  if (chart->kind == PATRON_CHART_HEAT_MAP)
    {
      place_cells (self);
      return;
    }
  if (chart->kind == PATRON_CHART_MOSAIC)
    {
      place_tiles (self);
      return;
    }
  if (chart->kind == PATRON_CHART_BAR)
    place_bars (self);
  else if (chart->kind == PATRON_CHART_HISTOGRAM)
    place_histogram (self);

  guint n_boxes = 0, slot = 0;
  for (guint s = 0; s < chart->series->len; s++)
    n_boxes += ((const PatronSeries *) chart->series->pdata[s])->q1 != NULL && !patron_layouter_skips (self, chart->series->pdata[s]);
  for (guint s = 0; s < chart->series->len; s++)
    {
      const PatronSeries *series = chart->series->pdata[s];
      gboolean boxes = chart->kind == PATRON_CHART_BOX || chart->kind == PATRON_CHART_VIOLIN;
      if (patron_layouter_skips (self, series))
        continue;
      if (boxes && series->q1 != NULL && series->q3 != NULL)
        place_boxes (self, s, slot++, n_boxes);
      else if (!patron_series_is_bar (chart, series))
        place_overlay (self, s);
    }
}
