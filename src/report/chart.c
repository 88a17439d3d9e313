/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/chart.h"

#include <math.h>
#include <string.h>

static void
text_free (gpointer text)
{
  patron_text_free (text);
}

static void
axis_init (PatronAxis *axis)
{
  axis->kind = PATRON_AXIS_LINEAR;
  axis->format = PATRON_FORMAT_NUMBER;
  axis->categories = g_ptr_array_new_with_free_func (text_free);
  axis->min = NAN;
  axis->max = NAN;
}

static void
axis_clear (PatronAxis *axis)
{
  patron_text_free (axis->label);
  g_ptr_array_unref (axis->categories);
}

static void
series_free (gpointer data)
{
  PatronSeries *series = data;
  patron_text_free (series->label);
  g_free (series->x);
  g_free (series->y);
  g_free (series->low);
  g_free (series->high);
  g_free (series->q1);
  g_free (series->q3);
  g_free (series->size);
  g_free (series->group);
  g_clear_pointer (&series->labels, g_ptr_array_unref);
  g_free (series);
}

PatronChart *
patron_chart_new (const char *id, PatronChartKind kind, PatronText *title)
{
  PatronChart *chart = g_new0 (PatronChart, 1);
  chart->id = g_strdup (id);
  chart->kind = kind;
  chart->title = title;
  axis_init (&chart->x);
  axis_init (&chart->y);
  axis_init (&chart->value);
  axis_init (&chart->size);
  chart->series = g_ptr_array_new_with_free_func (series_free);
  chart->groups = g_ptr_array_new_with_free_func (text_free);
  chart->panels = g_ptr_array_new_with_free_func (text_free);
  return chart;
}

void
patron_chart_free (PatronChart *chart)
{
  if (chart == NULL)
    return;
  g_free (chart->id);
  patron_text_free (chart->title);
  patron_text_free (chart->caption);
  axis_clear (&chart->x);
  axis_clear (&chart->y);
  axis_clear (&chart->value);
  axis_clear (&chart->size);
  g_ptr_array_unref (chart->series);
  g_ptr_array_unref (chart->groups);
  g_ptr_array_unref (chart->panels);
  g_free (chart->cells);
  g_free (chart->shades);
  g_free (chart);
}

void
patron_chart_set_caption (PatronChart *chart, PatronText *caption)
{
  patron_text_free (chart->caption);
  chart->caption = caption;
}

void
patron_axis_set (PatronAxis *axis, PatronAxisKind kind, PatronFormat format, PatronText *label)
{
  patron_text_free (axis->label);
  axis->kind = kind;
  axis->format = format;
  axis->label = label;
}

void
patron_axis_add_category (PatronAxis *axis, PatronText *label)
{
  axis->kind = PATRON_AXIS_CATEGORY;
  g_ptr_array_add (axis->categories, label);
}

void
patron_axis_add_name (PatronAxis *axis, const char *name)
{
  patron_axis_add_category (axis, patron_text_plain (name));
}

static double *
copy_values (const double *values, gsize n)
{
  return values != NULL ? g_memdup2 (values, n * sizeof (double)) : NULL;
}

PatronSeries *
patron_chart_add_series (PatronChart *chart, PatronText *label, PatronSeriesStyle style, gsize n, const double *x, const double *y)
{
  PatronSeries *series = g_new0 (PatronSeries, 1);
  series->label = label;
  series->style = style;
  series->colour = -1;
  series->n = n;
  series->x = copy_values (x, patron_series_n_x (chart, series));
  series->y = copy_values (y, n);
  g_ptr_array_add (chart->series, series);
  return series;
}

gboolean
patron_chart_is_sideways (const PatronChart *chart)
{
  return chart->horizontal && (chart->kind == PATRON_CHART_BAR || chart->kind == PATRON_CHART_BOX || chart->kind == PATRON_CHART_VIOLIN);
}

gsize
patron_series_n_x (const PatronChart *chart, const PatronSeries *series)
{
  return series->n + (chart->kind == PATRON_CHART_HISTOGRAM && series->style == PATRON_SERIES_BARS ? 1 : 0);
}

static void
replace_values (double **values, const double *with, gsize n)
{
  g_free (*values);
  *values = copy_values (with, n);
}

void
patron_series_set_interval (PatronSeries *series, const double *low, const double *high)
{
  replace_values (&series->low, low, series->n);
  replace_values (&series->high, high, series->n);
}

void
patron_series_set_box (PatronSeries *series, const double *q1, const double *q3, const double *low, const double *high)
{
  replace_values (&series->q1, q1, series->n);
  replace_values (&series->q3, q3, series->n);
  patron_series_set_interval (series, low, high);
}

void
patron_series_set_sizes (PatronSeries *series, const double *size)
{
  replace_values (&series->size, size, series->n);
}

void
patron_series_set_groups (PatronSeries *series, const gint32 *group)
{
  g_free (series->group);
  series->group = g_memdup2 (group, series->n * sizeof (gint32));
}

void
patron_series_add_label (PatronSeries *series, const char *label)
{
  if (series->labels == NULL)
    series->labels = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (series->labels, g_utf8_make_valid (label != NULL ? label : "", -1));
}

void
patron_chart_set_cells (PatronChart *chart, gsize n_x, gsize n_y, const double *cells)
{
  g_free (chart->cells);
  chart->n_x = n_x;
  chart->n_y = n_y;
  chart->cells = copy_values (cells, n_x * n_y);
}

void
patron_chart_set_shades (PatronChart *chart, const double *shades)
{
  replace_values (&chart->shades, shades, chart->n_x * chart->n_y);
}

void
patron_chart_add_panel (PatronChart *chart, PatronText *label)
{
  g_ptr_array_add (chart->panels, label);
}

void
patron_chart_add_group (PatronChart *chart, PatronText *label)
{
  g_ptr_array_add (chart->groups, label);
}

static void
copy_axis (PatronAxis *to, const PatronAxis *from)
{
  patron_axis_set (to, from->kind, from->format, patron_text_copy (from->label));
  for (guint i = 0; i < from->categories->len; i++)
    g_ptr_array_add (to->categories, patron_text_copy (from->categories->pdata[i]));
  to->min = from->min;
  to->max = from->max;
  to->zero = from->zero;
}

PatronChart *
patron_chart_copy (const PatronChart *chart)
{
  PatronChart *copy = patron_chart_new (chart->id, chart->kind, patron_text_copy (chart->title));
  copy->caption = patron_text_copy (chart->caption);
  copy_axis (&copy->x, &chart->x);
  copy_axis (&copy->y, &chart->y);
  copy_axis (&copy->value, &chart->value);
  copy_axis (&copy->size, &chart->size);
  copy->horizontal = chart->horizontal;
  copy->stacked = chart->stacked;
  copy->diverging = chart->diverging;
  copy->value_labels = chart->value_labels;
  for (guint i = 0; i < chart->series->len; i++)
    {
      const PatronSeries *from = chart->series->pdata[i];
      PatronSeries *to = patron_chart_add_series (copy, patron_text_copy (from->label), from->style, from->n, from->x, from->y);
      to->colour = from->colour;
      to->panel = from->panel;
      patron_series_set_sizes (to, from->size);
      patron_series_set_box (to, from->q1, from->q3, from->low, from->high);
      if (from->group != NULL)
        patron_series_set_groups (to, from->group);
      for (guint j = 0; from->labels != NULL && j < from->labels->len; j++)
        patron_series_add_label (to, from->labels->pdata[j]);
    }
  for (guint i = 0; i < chart->groups->len; i++)
    patron_chart_add_group (copy, patron_text_copy (chart->groups->pdata[i]));
  for (guint i = 0; i < chart->panels->len; i++)
    patron_chart_add_panel (copy, patron_text_copy (chart->panels->pdata[i]));
  if (chart->cells != NULL)
    patron_chart_set_cells (copy, chart->n_x, chart->n_y, chart->cells);
  patron_chart_set_shades (copy, chart->shades);
  return copy;
}
