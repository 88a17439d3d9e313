/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout-private.h"

#include <math.h>

/* How far the pointer may be from a point, in units of the point's size. */
#define REACH 2.5

static double
distance_to_box (const PatronRect *box, double x, double y)
{
  double dx = MAX (0, MAX (box->x - x, x - box->x - box->width)), dy = MAX (0, MAX (box->y - y, y - box->y - box->height));
  return hypot (dx, dy);
}

PatronRect
patron_layout_plot_of (const PatronLayout *layout, const PatronMark *mark)
{
  const PatronChart *chart = layout->chart;
  if (layout->panels->len == 0 || mark->series >= chart->series->len)
    return layout->plot;
  guint panel = ((const PatronSeries *) chart->series->pdata[mark->series])->panel;
  return panel < layout->panels->len ? g_array_index (layout->panels, PatronRect, panel) : layout->plot;
}

/* A bar answers over the whole height of the plot above and below it: short bars could not be met otherwise. */
static PatronRect
sensitive (const PatronLayout *layout, const PatronMark *mark)
{
  PatronRect box = mark->box, plot = patron_layout_plot_of (layout, mark);
  if (mark->kind == PATRON_MARK_BOX || (mark->kind == PATRON_MARK_BAR && !layout->chart->stacked))
    {
      if (mark->upright)
        {
          box.y = plot.y;
          box.height = plot.height;
        }
      else
        {
          box.x = plot.x;
          box.width = plot.width;
        }
    }
  return box;
}

int
patron_layout_find (const PatronLayout *layout, double x, double y)
{
  int best = -1;
  double least = INFINITY, reach = MAX (6, layout->point_size * REACH);
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (layout->marks, PatronMark, i);
      double distance;
      if (mark->hidden)
        {
          /* Along a line, the reading nearest in its direction counts, however far above or below the pointer is. */
          distance = fabs (mark->box.x - x) + 0.05 * fabs (mark->box.y - y);
          PatronRect plot = patron_layout_plot_of (layout, mark);
          if (distance_to_box (&plot, x, y) > 0)
            continue;
        }
      else if (mark->kind == PATRON_MARK_BUBBLE)
        {
          /* The smaller of two bubbles that lie over each other is on top. */
          double radius = mark->box.width / 2;
          if (hypot (mark->box.x + radius - x, mark->box.y + radius - y) > MAX (radius, 3))
            continue;
          distance = radius * 1e-6;
        }
      else if (mark->kind == PATRON_MARK_POINT)
        {
          distance = hypot (mark->box.x - x, mark->box.y - y);
          if (distance > reach)
            continue;
        }
      else
        {
          PatronRect box = sensitive (layout, mark);
          if (distance_to_box (&box, x, y) > 0)
            continue;
          distance = 1 + distance_to_box (&mark->box, x, y);   /* a point drawn over a bar or a box is met first */
        }
      if (distance <= least)
        {
          least = distance;
          best = (int) i;
        }
    }
  return best;
}

GArray *
patron_layout_select (const PatronLayout *layout, const PatronRect *area)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < layout->marks->len; i++)
    {
      const PatronMark *mark = &g_array_index (layout->marks, PatronMark, i);
      double x = mark->box.x + mark->box.width / 2, y = mark->box.y + mark->box.height / 2;
      if (x >= area->x && x <= area->x + area->width && y >= area->y && y <= area->y + area->height)
        g_array_append_val (found, i);
    }
  return found;
}

static void
add_named (GString *out, const PatronText *label, const char *value)
{
  g_autofree char *name = patron_text_render (label);
  if (*value == '\0')
    return;
  if (out->len > 0)
    g_string_append_c (out, '\n');
  if (*name != '\0')
    g_string_append_printf (out, "%s: ", name);
  g_string_append (out, value);
}

static char *
axis_value (const PatronAxis *axis, double value)
{
  if (axis->kind == PATRON_AXIS_CATEGORY && value >= 0 && value < axis->categories->len && value == floor (value))
    return patron_text_render (axis->categories->pdata[(guint) value]);
  return patron_format_number (axis->kind == PATRON_AXIS_DATE ? PATRON_FORMAT_DATE : axis->format, value);
}

static void
add_value (GString *out, const PatronText *label, const PatronAxis *axis, double value)
{
  g_autofree char *text = axis_value (axis, value);
  add_named (out, label, text);
}

static void
describe_cell (GString *out, const PatronChart *chart, guint32 index)
{
  add_value (out, chart->x.label, &chart->x, (double) (index % chart->n_x));
  add_value (out, chart->y.label, &chart->y, (double) (index / chart->n_x));
  if (chart->kind == PATRON_CHART_MOSAIC)
    {
      double column = 0;
      for (gsize iy = 0; iy < chart->n_y; iy++)
        column += chart->cells[iy * chart->n_x + index % chart->n_x];
      g_autofree char *count = patron_format_number (PATRON_FORMAT_COUNT, chart->cells[index]);
      g_autofree char *share = patron_format_number (PATRON_FORMAT_PERCENT, column > 0 ? chart->cells[index] / column : NAN);
      g_autofree char *both = g_strdup_printf ("%s (%s)", count, share);
      add_named (out, NULL, both);
      if (chart->shades != NULL)
        add_value (out, chart->value.label, &chart->value, chart->shades[index]);
    }
  else
    add_value (out, chart->value.label, &chart->value, chart->cells[index]);
}

static void
describe_position (GString *out, const PatronChart *chart, const PatronSeries *series, const PatronAxis *at, guint32 i)
{
  if (chart->kind == PATRON_CHART_HISTOGRAM && series->style == PATRON_SERIES_BARS && series->x != NULL)
    {
      g_autofree char *from = axis_value (at, series->x[i]), *to = axis_value (at, series->x[i + 1]), *both = g_strdup_printf ("%s – %s", from, to);
      add_named (out, at->label, both);
    }
  else
    add_value (out, at->label, at, patron_series_x (series, i));
}

static void
describe_interval (GString *out, const PatronSeries *series, const PatronAxis *axis, guint32 i)
{
  if (series->low == NULL || series->high == NULL || isnan (series->low[i]) || isnan (series->high[i]))
    return;
  g_autofree char *low = axis_value (axis, series->low[i]), *high = axis_value (axis, series->high[i]), *both = g_strdup_printf ("%s – %s", low, high);
  add_named (out, NULL, both);
}

char *
patron_layout_describe (const PatronLayout *layout, int index)
{
  const PatronChart *chart = layout->chart;
  GString *out = g_string_new (NULL);
  if (index < 0 || (guint) index >= layout->marks->len)
    return g_string_free (out, FALSE);
  const PatronMark *mark = &g_array_index (layout->marks, PatronMark, index);
  if (mark->kind == PATRON_MARK_CELL)
    {
      describe_cell (out, chart, mark->index);
      return g_string_free (out, FALSE);
    }
  const PatronSeries *series = chart->series->pdata[mark->series];
  gboolean sideways = patron_chart_is_sideways (chart);
  const PatronAxis *at = sideways ? &chart->y : &chart->x, *value = sideways ? &chart->x : &chart->y;
  if (series->panel < chart->panels->len)
    {
      g_autofree char *panel = patron_text_render (chart->panels->pdata[series->panel]);
      add_named (out, NULL, panel);
    }
  if (series->labels != NULL && mark->index < series->labels->len)
    add_named (out, NULL, series->labels->pdata[mark->index]);
  gint32 group = series->group != NULL ? series->group[mark->index] : -1;
  if (group >= 0 && (guint) group < chart->groups->len)
    {
      g_autofree char *name = patron_text_render (chart->groups->pdata[group]);
      add_named (out, NULL, name);
    }
  describe_position (out, chart, series, at, mark->index);
  add_value (out, series->label != NULL && chart->series->len > 1 ? series->label : value->label, value, series->y[mark->index]);
  if (mark->kind == PATRON_MARK_BOX)
    {
      g_autofree char *q1 = axis_value (value, series->q1[mark->index]), *q3 = axis_value (value, series->q3[mark->index]);
      g_autofree char *both = g_strdup_printf ("%s – %s", q1, q3);
      add_named (out, NULL, both);
    }
  describe_interval (out, series, value, mark->index);
  if (mark->kind == PATRON_MARK_BUBBLE)
    add_value (out, chart->size.label, &chart->size, series->size[mark->index]);
  return g_string_free (out, FALSE);
}
