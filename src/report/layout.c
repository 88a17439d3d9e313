/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout-private.h"

#include <math.h>
#include <string.h>

gboolean
patron_series_is_reference (const PatronSeries *series)
{
  return series->style == PATRON_SERIES_REFERENCE;
}

char *
patron_series_own_name (const PatronChart *chart, guint index)
{
  const PatronSeries *series = chart->series->pdata[index];
  g_autofree char *name = patron_text_render (series->label), *axis = patron_text_render (chart->y.label);
  if (patron_series_is_reference (series))
    return g_steal_pointer (&name);
  guint n_data = 0;
  for (guint i = 0; i < chart->series->len; i++)
    n_data += !patron_series_is_reference (chart->series->pdata[i]);
  return n_data == 1 && (chart->series->len == 1 || strcmp (name, axis) == 0) ? g_strdup ("") : g_steal_pointer (&name);
}

gboolean
patron_layouter_skips (const PatronLayouter *self, const PatronSeries *series)
{
  return self->panel >= 0 && series->panel != (guint) self->panel;
}

int
patron_series_colour (const PatronChart *chart, guint index)
{
  const PatronSeries *series = chart->series->pdata[index];
  if (patron_series_is_reference (series))
    return -1;
  if (series->colour >= 0)
    return series->colour;
  int position = 0;
  for (guint i = 0; i < index; i++)
    position += !patron_series_is_reference (chart->series->pdata[i]);
  return position;
}

double
patron_series_x (const PatronSeries *series, gsize i)
{
  return series->x != NULL ? series->x[i] : (double) i;
}

gboolean
patron_series_is_bar (const PatronChart *chart, const PatronSeries *series)
{
  return (chart->kind == PATRON_CHART_BAR || chart->kind == PATRON_CHART_HISTOGRAM) && series->style == PATRON_SERIES_BARS;
}

gboolean
patron_series_stacks (const PatronChart *chart, const PatronSeries *series)
{
  if (!chart->stacked || series->y == NULL)
    return FALSE;
  return (chart->kind == PATRON_CHART_BAR && series->style == PATRON_SERIES_BARS) || (chart->kind == PATRON_CHART_LINE && series->style == PATRON_SERIES_AREA);
}

void
patron_layouter_measure (PatronLayouter *self, const char *text, PatronLayoutRole role, double wrap, double *width, double *height)
{
  *width = 0;
  *height = 0;
  if (*text != '\0')
    self->options->measure (text, role, wrap, width, height, self->options->data);
}

/* `kept` characters of text: from its beginning, or from both ends alike. */
static char *
shorten (const char *text, glong kept, gboolean middle)
{
  glong tail = middle ? kept / 2 : 0, length = g_utf8_strlen (text, -1);
  g_autofree char *head = g_utf8_substring (text, 0, kept - tail), *end = g_utf8_substring (text, length - tail, length);
  return g_strconcat (g_strchomp (head), "…", g_strchug (end), NULL);
}

char *
patron_layouter_elide (PatronLayouter *self, const char *text, PatronLayoutRole role, gboolean middle, double max_width)
{
  double width, height;
  patron_layouter_measure (self, text, role, 0, &width, &height);
  if (width <= max_width)
    return g_strdup (text);
  glong low = 0, high = g_utf8_strlen (text, -1);   /* low characters fit, high do not */
  while (high - low > 1)
    {
      glong half = (low + high) / 2;
      g_autofree char *shorter = shorten (text, half, middle);
      patron_layouter_measure (self, shorter, role, 0, &width, &height);
      if (width <= max_width)
        low = half;
      else
        high = half;
    }
  return low == 0 ? g_strdup ("") : shorten (text, low, middle);
}

PatronLayoutText *
patron_layouter_add_text (PatronLayouter *self, const char *text, PatronLayoutRole role, PatronRect box, int align)
{
  GArray *texts = self->layout->texts;
  g_array_append_val (texts, ((PatronLayoutText) { .text = g_strdup (text), .role = role, .box = box, .align = align, .colour = -1, .mark = -1 }));
  return &g_array_index (texts, PatronLayoutText, texts->len - 1);
}

gboolean
patron_layouter_is_free (const PatronLayouter *self, const PatronRect *box)
{
  if (!(box->x >= 0 && box->y >= 0 && box->x + box->width <= self->layout->width && box->y + box->height <= self->layout->height))
    return FALSE;
  for (guint i = 0; i < self->layout->texts->len; i++)
    {
      const PatronLayoutText *text = &g_array_index (self->layout->texts, PatronLayoutText, i);
      if (!text->slanted && patron_rect_overlaps (&text->box, box))
        return FALSE;
    }
  return TRUE;
}

void
patron_layouter_add_line (PatronLayouter *self, double x0, double y0, double x1, double y1, gboolean axis)
{
  g_array_append_val (self->layout->lines, ((PatronLayoutLine) { x0, y0, x1, y1, axis }));
}

static void
text_clear (gpointer text)
{
  g_free (((PatronLayoutText *) text)->text);
}

static void
path_free (gpointer data)
{
  PatronLayoutPath *path = data;
  g_array_unref (path->points);
  g_free (path);
}

PatronLayout *
patron_layout_new (const PatronChart *chart, double width, double height, const PatronLayoutOptions *options)
{
  PatronLayout *layout = g_new0 (PatronLayout, 1);
  layout->chart = chart;
  layout->width = MAX (1, width);
  layout->height = MAX (1, height);
  layout->panels = g_array_new (FALSE, FALSE, sizeof (PatronRect));
  layout->lines = g_array_new (FALSE, FALSE, sizeof (PatronLayoutLine));
  layout->texts = g_array_new (FALSE, FALSE, sizeof (PatronLayoutText));
  g_array_set_clear_func (layout->texts, text_clear);
  layout->marks = g_array_new (FALSE, FALSE, sizeof (PatronMark));
  layout->paths = g_ptr_array_new_with_free_func (path_free);
  layout->keys = g_array_new (FALSE, FALSE, sizeof (PatronLayoutKey));

  PatronLayouter self = { .layout = layout, .chart = chart, .options = options, .unit = options->spacing, .panel = -1 };
  double letter;
  self.sideways = patron_chart_is_sideways (chart);
  patron_layouter_measure (&self, "0", PATRON_LAYOUT_TICK, 0, &letter, &self.line);
  self.free = (PatronRect) { self.unit / 2, self.unit / 2, MAX (1, layout->width - self.unit), MAX (1, layout->height - self.unit) };
  patron_layouter_find_ranges (&self);
  patron_layouter_place_head (&self);
  if (chart->panels->len > 0)
    patron_layouter_place_panels (&self);
  else
    {
      patron_layouter_place_axes (&self);
      patron_layouter_place_marks (&self);
    }
  patron_layouter_place_values (&self);
  patron_layouter_place_names (&self);
  g_clear_pointer (&self.x_ticks, g_array_unref);
  g_clear_pointer (&self.y_ticks, g_array_unref);
  return layout;
}

void
patron_layout_free (PatronLayout *layout)
{
  if (layout == NULL)
    return;
  g_array_unref (layout->panels);
  g_array_unref (layout->lines);
  g_array_unref (layout->texts);
  g_array_unref (layout->marks);
  g_ptr_array_unref (layout->paths);
  g_array_unref (layout->keys);
  g_free (layout);
}
