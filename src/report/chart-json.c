/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/chart.h"

#include "report/json.h"

#include <math.h>

static const char *const kind_ids[] = { "bar", "histogram", "line", "scatter", "heat-map", "box", "violin", "mosaic" };
static const char *const axis_ids[] = { "linear", "log", "date", "category" };
static const char *const style_ids[] = { "points", "line", "bars", "area", "reference" };

const char *
patron_chart_kind_id (PatronChartKind kind)
{
  return kind_ids[kind];
}

const char *
patron_series_style_id (PatronSeriesStyle style)
{
  return style_ids[style];
}

static void
put_texts (JsonBuilder *builder, const char *name, const GPtrArray *texts)
{
  if (texts->len == 0)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < texts->len; i++)
    patron_json_add_text (builder, texts->pdata[i]);
  json_builder_end_array (builder);
}

static void
put_axis (JsonBuilder *builder, const char *name, const PatronAxis *axis)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  patron_json_put_string (builder, "kind", axis_ids[axis->kind]);
  patron_json_put_string (builder, "format", patron_format_id (axis->format));
  patron_json_put_text (builder, "label", axis->label);
  patron_json_put_number (builder, "min", axis->min);
  patron_json_put_number (builder, "max", axis->max);
  patron_json_put_flag (builder, "zero", axis->zero);
  put_texts (builder, "categories", axis->categories);
  json_builder_end_object (builder);
}

static void
add_series (JsonBuilder *builder, const PatronChart *chart, const PatronSeries *series)
{
  json_builder_begin_object (builder);
  patron_json_put_text (builder, "label", series->label);
  patron_json_put_string (builder, "style", style_ids[series->style]);
  if (series->colour >= 0)
    patron_json_put_int (builder, "colour", series->colour);
  patron_json_put_int (builder, "n", (gint64) series->n);
  patron_json_put_numbers (builder, "x", series->x, patron_series_n_x (chart, series));
  patron_json_put_numbers (builder, "y", series->y, series->n);
  patron_json_put_numbers (builder, "low", series->low, series->n);
  patron_json_put_numbers (builder, "high", series->high, series->n);
  patron_json_put_numbers (builder, "q1", series->q1, series->n);
  patron_json_put_numbers (builder, "q3", series->q3, series->n);
  patron_json_put_numbers (builder, "size", series->size, series->n);
  if (series->panel > 0)
    patron_json_put_int (builder, "panel", series->panel);
  if (series->group != NULL)
    {
      json_builder_set_member_name (builder, "group");
      json_builder_begin_array (builder);
      for (gsize i = 0; i < series->n; i++)
        json_builder_add_int_value (builder, series->group[i]);
      json_builder_end_array (builder);
    }
  patron_json_put_strings (builder, "labels", series->labels);
  json_builder_end_object (builder);
}

void
patron_chart_to_json (const PatronChart *chart, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  patron_json_put_string (builder, "id", chart->id);
  patron_json_put_string (builder, "kind", kind_ids[chart->kind]);
  patron_json_put_text (builder, "title", chart->title);
  patron_json_put_text (builder, "caption", chart->caption);
  put_axis (builder, "x", &chart->x);
  put_axis (builder, "y", &chart->y);
  if (chart->kind == PATRON_CHART_HEAT_MAP || chart->shades != NULL)
    put_axis (builder, "value", &chart->value);
  if (chart->kind == PATRON_CHART_SCATTER)
    put_axis (builder, "size", &chart->size);
  patron_json_put_flag (builder, "horizontal", chart->horizontal);
  patron_json_put_flag (builder, "stacked", chart->stacked);
  patron_json_put_flag (builder, "diverging", chart->diverging);
  patron_json_put_flag (builder, "value-labels", chart->value_labels);
  json_builder_set_member_name (builder, "series");
  json_builder_begin_array (builder);
  for (guint i = 0; i < chart->series->len; i++)
    add_series (builder, chart, chart->series->pdata[i]);
  json_builder_end_array (builder);
  if (chart->cells != NULL)
    {
      patron_json_put_int (builder, "n-x", (gint64) chart->n_x);
      patron_json_put_int (builder, "n-y", (gint64) chart->n_y);
      patron_json_put_numbers (builder, "cells", chart->cells, chart->n_x * chart->n_y);
      patron_json_put_numbers (builder, "shades", chart->shades, chart->n_x * chart->n_y);
    }
  put_texts (builder, "groups", chart->groups);
  put_texts (builder, "panels", chart->panels);
  json_builder_end_object (builder);
}

static gboolean
read_texts (JsonArray *array, GPtrArray *texts)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      PatronText *text = patron_json_to_text (json_array_get_element (array, i));
      if (text == NULL)
        return FALSE;
      g_ptr_array_add (texts, text);
    }
  return TRUE;
}

static gboolean
read_axis (JsonObject *chart, const char *name, PatronAxis *axis)
{
  JsonObject *object = patron_json_object (patron_json_member (chart, name));
  if (object == NULL)
    return TRUE;
  g_autofree char *format = patron_json_get_string (object, "format");
  patron_axis_set (axis, (PatronAxisKind) patron_json_get_choice (object, "kind", axis_ids, G_N_ELEMENTS (axis_ids)),
                   patron_format_from_id (format), patron_json_get_text (object, "label"));
  axis->min = patron_json_get_number (object, "min");
  axis->max = patron_json_get_number (object, "max");
  axis->zero = patron_json_get_flag (object, "zero");
  return read_texts (patron_json_get_array (object, "categories"), axis->categories);
}

static gboolean
read_group (JsonObject *object, PatronSeries *series)
{
  gboolean ok = TRUE;
  g_autofree double *group = patron_json_get_numbers (object, "group", series->n, &ok);
  if (group == NULL)
    return ok;
  series->group = g_new (gint32, MAX (1, series->n));
  for (gsize i = 0; i < series->n; i++)
    series->group[i] = group[i] >= G_MININT32 && group[i] <= G_MAXINT32 ? (gint32) group[i] : -1;
  return TRUE;
}

static gboolean
read_labels (JsonObject *object, PatronSeries *series)
{
  if (patron_json_member (object, "labels") == NULL)
    return TRUE;
  JsonArray *labels = patron_json_get_array (object, "labels");
  if (labels == NULL || json_array_get_length (labels) != series->n)
    return FALSE;
  for (guint i = 0; i < series->n; i++)
    {
      g_autofree char *label = patron_json_to_string (json_array_get_element (labels, i));
      patron_series_add_label (series, label);
    }
  return TRUE;
}

/* A kind's marks are drawn from these arrays: without one of them there is no such series. */
static gboolean
series_is_complete (const PatronChart *chart, const PatronSeries *series)
{
  if (series->n == 0)
    return TRUE;
  if ((series->low == NULL) != (series->high == NULL) || (series->q1 == NULL) != (series->q3 == NULL))
    return FALSE;
  if (series->panel >= MAX (1, chart->panels->len) || (chart->kind == PATRON_CHART_VIOLIN && series->style == PATRON_SERIES_AREA && series->size == NULL))
    return FALSE;
  gboolean needs_x = chart->kind != PATRON_CHART_BAR && chart->kind != PATRON_CHART_BOX;
  return series->y != NULL && (!needs_x || series->x != NULL);
}

static gboolean
read_series (JsonNode *node, PatronChart *chart)
{
  JsonObject *object = patron_json_object (node);
  gint64 n = patron_json_get_int (object, "n", -1);
  if (n < 0 || n > G_MAXINT32)
    return FALSE;
  PatronSeriesStyle style = (PatronSeriesStyle) patron_json_get_choice (object, "style", style_ids, G_N_ELEMENTS (style_ids));
  PatronSeries *series = patron_chart_add_series (chart, patron_json_get_text (object, "label"), style, (gsize) n, NULL, NULL);
  series->colour = (int) CLAMP (patron_json_get_int (object, "colour", -1), -1, 1000);
  gboolean ok = TRUE;
  series->x = patron_json_get_numbers (object, "x", patron_series_n_x (chart, series), &ok);
  series->y = patron_json_get_numbers (object, "y", series->n, &ok);
  series->low = patron_json_get_numbers (object, "low", series->n, &ok);
  series->high = patron_json_get_numbers (object, "high", series->n, &ok);
  series->q1 = patron_json_get_numbers (object, "q1", series->n, &ok);
  series->q3 = patron_json_get_numbers (object, "q3", series->n, &ok);
  series->size = patron_json_get_numbers (object, "size", series->n, &ok);
  series->panel = (guint) CLAMP (patron_json_get_int (object, "panel", 0), 0, G_MAXINT32);
  return ok && read_group (object, series) && read_labels (object, series) && series_is_complete (chart, series);
}

static gboolean
read_cells (JsonObject *object, PatronChart *chart)
{
  gint64 n_x = patron_json_get_int (object, "n-x", 0), n_y = patron_json_get_int (object, "n-y", 0);
  gboolean ok = TRUE;
  if (patron_json_member (object, "cells") == NULL)
    return TRUE;
  if (n_x < 0 || n_y < 0 || n_x > G_MAXINT16 || n_y > G_MAXINT16)
    return FALSE;
  chart->cells = patron_json_get_numbers (object, "cells", (gsize) (n_x * n_y), &ok);
  chart->shades = patron_json_get_numbers (object, "shades", (gsize) (n_x * n_y), &ok);
  chart->n_x = (gsize) n_x;
  chart->n_y = (gsize) n_y;
  return ok;
}

PatronChart *
patron_chart_from_json (JsonObject *object)
{
  g_autofree char *id = patron_json_get_string (object, "id");
  if (id == NULL)
    return NULL;
  PatronChartKind kind = (PatronChartKind) patron_json_get_choice (object, "kind", kind_ids, G_N_ELEMENTS (kind_ids));
  g_autoptr(PatronChart) chart = patron_chart_new (id, kind, patron_json_get_text (object, "title"));
  chart->caption = patron_json_get_text (object, "caption");
  chart->horizontal = patron_json_get_flag (object, "horizontal");
  chart->stacked = patron_json_get_flag (object, "stacked");
  chart->diverging = patron_json_get_flag (object, "diverging");
  chart->value_labels = patron_json_get_flag (object, "value-labels");
  if (!read_axis (object, "x", &chart->x) || !read_axis (object, "y", &chart->y) || !read_axis (object, "value", &chart->value)
      || !read_axis (object, "size", &chart->size) || !read_cells (object, chart)
      || !read_texts (patron_json_get_array (object, "groups"), chart->groups) || !read_texts (patron_json_get_array (object, "panels"), chart->panels))
    return NULL;
  JsonArray *series = patron_json_get_array (object, "series");
  for (guint i = 0; series != NULL && i < json_array_get_length (series); i++)
    if (!read_series (json_array_get_element (series, i), chart))
      return NULL;
  return g_steal_pointer (&chart);
}
