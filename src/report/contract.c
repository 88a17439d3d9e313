/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include "report/json.h"

#include <math.h>

/* JSON has no infinities: they print as null here, like not-a-number. */
static void
add_value (JsonBuilder *builder, PatronFormat format, double value)
{
  if (!isfinite (value))
    json_builder_add_null_value (builder);
  else if (format == PATRON_FORMAT_DATE || format == PATRON_FORMAT_TIME)
    {
      g_autofree char *text = patron_format_number (format, value);
      json_builder_add_string_value (builder, text);
    }
  else if (format == PATRON_FORMAT_COUNT && value == floor (value) && fabs (value) < 9007199254740992.0)
    json_builder_add_int_value (builder, (gint64) value);
  else
    json_builder_add_double_value (builder, value);
}

static void
put_value (JsonBuilder *builder, const char *name, PatronFormat format, double value)
{
  json_builder_set_member_name (builder, name);
  add_value (builder, format, value);
}

static void
add_rendered (JsonBuilder *builder, const PatronText *text)
{
  g_autofree char *rendered = patron_text_render (text);
  json_builder_add_string_value (builder, rendered);
}

static void
put_list (JsonBuilder *builder, const char *name, const GPtrArray *texts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < texts->len; i++)
    add_rendered (builder, texts->pdata[i]);
  json_builder_end_array (builder);
}

static void
put_figures (JsonBuilder *builder, const GPtrArray *figures)
{
  json_builder_set_member_name (builder, "figures");
  json_builder_begin_object (builder);
  for (guint i = 0; i < figures->len; i++)
    {
      const PatronFigure *figure = figures->pdata[i];
      put_value (builder, figure->id, figure->format, figure->value);
    }
  json_builder_end_object (builder);
}

static void
put_intervals (JsonBuilder *builder, const GPtrArray *figures)
{
  json_builder_set_member_name (builder, "intervals");
  json_builder_begin_object (builder);
  for (guint i = 0; i < figures->len; i++)
    {
      const PatronFigure *figure = figures->pdata[i];
      if (isnan (figure->low) && isnan (figure->high))
        continue;
      json_builder_set_member_name (builder, figure->id);
      json_builder_begin_array (builder);
      add_value (builder, figure->format, figure->low);
      add_value (builder, figure->format, figure->high);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
}

static void
put_labels (JsonBuilder *builder, const GPtrArray *figures)
{
  json_builder_set_member_name (builder, "labels");
  json_builder_begin_object (builder);
  for (guint i = 0; i < figures->len; i++)
    {
      const PatronFigure *figure = figures->pdata[i];
      patron_json_put_rendered (builder, figure->id, figure->label);
    }
  json_builder_end_object (builder);
}

static void
put_rows (JsonBuilder *builder, const PatronReport *report)
{
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_object (builder);
  patron_json_put_int (builder, "read", (gint64) report->rows_read);
  patron_json_put_int (builder, "used", (gint64) report->rows_used);
  json_builder_set_member_name (builder, "dropped");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->dropped->len; i++)
    {
      const PatronDropped *dropped = report->dropped->pdata[i];
      json_builder_begin_object (builder);
      patron_json_put_rendered (builder, "reason", dropped->reason);
      patron_json_put_int (builder, "rows", (gint64) dropped->rows);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
put_period (JsonBuilder *builder, const PatronReport *report)
{
  if (isnan (report->period_first) || isnan (report->period_last))
    return;
  json_builder_set_member_name (builder, "period");
  json_builder_begin_array (builder);
  add_value (builder, PATRON_FORMAT_DATE, report->period_first);
  add_value (builder, PATRON_FORMAT_DATE, report->period_last);
  json_builder_end_array (builder);
}

static void
put_timing (JsonBuilder *builder, const PatronReport *report)
{
  json_builder_set_member_name (builder, "timing");
  json_builder_begin_object (builder);
  put_value (builder, "read_s", PATRON_FORMAT_NUMBER, report->read_s);
  put_value (builder, "prepare_s", PATRON_FORMAT_NUMBER, report->prepare_s);
  put_value (builder, "fit_s", PATRON_FORMAT_NUMBER, report->fit_s);
  put_value (builder, "measure_s", PATRON_FORMAT_NUMBER, report->measure_s);
  put_value (builder, "total_s", PATRON_FORMAT_NUMBER, report->total_s);
  json_builder_end_object (builder);
}

static void
put_baseline (JsonBuilder *builder, const PatronReport *report)
{
  json_builder_set_member_name (builder, "baseline");
  if (report->baseline == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  patron_json_put_string (builder, "op", report->baseline);
  put_figures (builder, report->baseline_figures);
  json_builder_end_object (builder);
}

static void
add_table (JsonBuilder *builder, const PatronReportTable *table)
{
  json_builder_begin_object (builder);
  patron_json_put_string (builder, "id", table->id);
  patron_json_put_rendered (builder, "title", table->title);
  patron_json_put_rendered (builder, "caption", table->caption);
  json_builder_set_member_name (builder, "columns");
  json_builder_begin_array (builder);
  for (guint i = 0; i < table->columns->len; i++)
    json_builder_add_string_value (builder, g_array_index (table->columns, PatronReportColumn, i).id);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "labels");
  json_builder_begin_array (builder);
  for (guint i = 0; i < table->columns->len; i++)
    add_rendered (builder, g_array_index (table->columns, PatronReportColumn, i).label);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint row = 0; row < table->rows->len; row++)
    {
      json_builder_begin_array (builder);
      for (guint i = 0; i < table->columns->len; i++)
        {
          const PatronCell *cell = patron_report_table_cell (table, row, i);
          if (cell->text != NULL)
            add_rendered (builder, cell->text);
          else
            add_value (builder, cell->format, cell->number);
        }
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
put_values (JsonBuilder *builder, const char *name, PatronFormat format, const double *values, gsize n)
{
  if (values == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    add_value (builder, format, values[i]);
  json_builder_end_array (builder);
}

/* Positions on a category axis print as the categories' names. */
static void
put_positions (JsonBuilder *builder, const char *name, const PatronAxis *axis, const double *values, gsize n)
{
  if (axis->kind != PATRON_AXIS_CATEGORY)
    {
      put_values (builder, name, axis->kind == PATRON_AXIS_DATE ? PATRON_FORMAT_DATE : axis->format, values, n);
      return;
    }
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    {
      double position = values != NULL ? values[i] : (double) i;
      if (position >= 0 && position < axis->categories->len && position == floor (position))
        add_rendered (builder, axis->categories->pdata[(guint) position]);
      else
        add_value (builder, PATRON_FORMAT_NUMBER, position);
    }
  json_builder_end_array (builder);
}

static void
add_series_mark (JsonBuilder *builder, const PatronChart *chart, const PatronSeries *series)
{
  gboolean sideways = patron_chart_is_sideways (chart);
  const PatronAxis *at = sideways ? &chart->y : &chart->x, *value = sideways ? &chart->x : &chart->y;
  json_builder_begin_object (builder);
  if (series->label != NULL)
    patron_json_put_rendered (builder, "series", series->label);
  patron_json_put_string (builder, "style", patron_series_style_id (series->style));
  put_positions (builder, "x", at, series->x, patron_series_n_x (chart, series));
  put_values (builder, "y", value->format, series->y, series->n);
  put_values (builder, "low", value->format, series->low, series->n);
  put_values (builder, "high", value->format, series->high, series->n);
  put_values (builder, "q1", value->format, series->q1, series->n);
  put_values (builder, "q3", value->format, series->q3, series->n);
  put_values (builder, "size", chart->size.format, series->size, series->n);
  if (series->panel < chart->panels->len)
    patron_json_put_rendered (builder, "panel", chart->panels->pdata[series->panel]);
  if (series->group != NULL)
    {
      json_builder_set_member_name (builder, "group");
      json_builder_begin_array (builder);
      for (gsize i = 0; i < series->n; i++)
        {
          gint32 group = series->group[i];
          if (group >= 0 && (guint) group < chart->groups->len)
            add_rendered (builder, chart->groups->pdata[group]);
          else
            json_builder_add_int_value (builder, group);
        }
      json_builder_end_array (builder);
    }
  patron_json_put_strings (builder, "labels", series->labels);
  json_builder_end_object (builder);
}

static void
add_cells_mark (JsonBuilder *builder, const PatronChart *chart)
{
  json_builder_begin_object (builder);
  put_positions (builder, "x", &chart->x, NULL, chart->n_x);
  put_positions (builder, "y", &chart->y, NULL, chart->n_y);
  json_builder_set_member_name (builder, "value");
  json_builder_begin_array (builder);
  for (gsize iy = 0; iy < chart->n_y; iy++)
    {
      json_builder_begin_array (builder);
      for (gsize ix = 0; ix < chart->n_x; ix++)
        add_value (builder, chart->kind == PATRON_CHART_MOSAIC ? PATRON_FORMAT_COUNT : chart->value.format, chart->cells[iy * chart->n_x + ix]);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  if (chart->shades != NULL)
    put_values (builder, "shade", chart->value.format, chart->shades, chart->n_x * chart->n_y);
  json_builder_end_object (builder);
}

static void
add_chart (JsonBuilder *builder, const PatronChart *chart)
{
  json_builder_begin_object (builder);
  patron_json_put_string (builder, "id", chart->id);
  patron_json_put_rendered (builder, "title", chart->title);
  patron_json_put_rendered (builder, "caption", chart->caption);
  patron_json_put_string (builder, "kind", patron_chart_kind_id (chart->kind));
  json_builder_set_member_name (builder, "marks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < chart->series->len; i++)
    add_series_mark (builder, chart, chart->series->pdata[i]);
  if (chart->cells != NULL)
    add_cells_mark (builder, chart);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
put_blocks (JsonBuilder *builder, const PatronReport *report)
{
  json_builder_set_member_name (builder, "tables");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->blocks->len; i++)
    if (((PatronBlock *) report->blocks->pdata[i])->table != NULL)
      add_table (builder, ((PatronBlock *) report->blocks->pdata[i])->table);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "charts");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->blocks->len; i++)
    if (((PatronBlock *) report->blocks->pdata[i])->chart != NULL)
      add_chart (builder, ((PatronBlock *) report->blocks->pdata[i])->chart);
  json_builder_end_array (builder);
}

JsonNode *
patron_report_to_contract (const PatronReport *report)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  patron_json_put_string (builder, "op", report->op);
  patron_json_put_string (builder, "version", report->version);
  json_builder_set_member_name (builder, "seed");
  if (report->seed <= G_MAXINT64)
    json_builder_add_int_value (builder, (gint64) report->seed);
  else
    json_builder_add_double_value (builder, (double) report->seed);
  patron_json_put_int (builder, "threads", report->threads);
  patron_json_put_rendered (builder, "title", report->title);
  patron_json_put_rendered (builder, "headline", report->headline);
  patron_json_put_string (builder, "source", report->source);
  patron_json_put_string (builder, "recipe", report->recipe);
  put_rows (builder, report);
  put_period (builder, report);
  put_timing (builder, report);
  patron_json_put_int (builder, "peak_memory_bytes", (gint64) report->peak_memory);
  put_figures (builder, report->figures);
  put_intervals (builder, report->figures);
  put_labels (builder, report->figures);
  put_baseline (builder, report);
  put_blocks (builder, report);
  put_list (builder, "notes", report->notes);
  patron_json_put_strings (builder, "outputs", report->outputs);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
