/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include "base/error.h"
#include "report/json.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Of the stored form. A reader refuses what is newer than itself. */
#define FORMAT_VERSION 1
/* Nesting that a stored report can have at most; more is not a report, and would exhaust the parser's stack. */
#define MAX_DEPTH 32

static const char *const block_ids[] = { "heading", "text", "table", "chart" };

static void
put_figures (JsonBuilder *builder, const char *name, const GPtrArray *figures)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < figures->len; i++)
    {
      const PatronFigure *figure = figures->pdata[i];
      json_builder_begin_object (builder);
      patron_json_put_string (builder, "id", figure->id);
      patron_json_put_text (builder, "label", figure->label);
      patron_json_put_string (builder, "format", patron_format_id (figure->format));
      patron_json_put_number (builder, "value", figure->value);
      patron_json_put_number (builder, "low", figure->low);
      patron_json_put_number (builder, "high", figure->high);
      patron_json_put_text (builder, "note", figure->note);
      patron_json_put_flag (builder, "headline", figure->headline);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* A number in its column's format is a number, in another an array; a text is an object or, as a bare msgid, a string. */
static void
add_cell (JsonBuilder *builder, const PatronCell *cell, const PatronReportColumn *column)
{
  if (cell->text != NULL)
    patron_json_add_text (builder, cell->text);
  else if (cell->format == column->format && !isinf (cell->number))   /* "inf" would read as a msgid */
    patron_json_add_number (builder, cell->number);
  else
    {
      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, patron_format_id (cell->format));
      patron_json_add_number (builder, cell->number);
      json_builder_end_array (builder);
    }
}

static void
put_table (JsonBuilder *builder, const PatronReportTable *table)
{
  patron_json_put_string (builder, "id", table->id);
  patron_json_put_text (builder, "title", table->title);
  patron_json_put_text (builder, "caption", table->caption);
  json_builder_set_member_name (builder, "columns");
  json_builder_begin_array (builder);
  for (guint i = 0; i < table->columns->len; i++)
    {
      const PatronReportColumn *column = &g_array_index (table->columns, PatronReportColumn, i);
      json_builder_begin_object (builder);
      patron_json_put_string (builder, "id", column->id);
      patron_json_put_text (builder, "label", column->label);
      patron_json_put_string (builder, "format", patron_format_id (column->format));
      patron_json_put_flag (builder, "bar", column->bar);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint row = 0; row < table->rows->len; row++)
    {
      json_builder_begin_array (builder);
      for (guint i = 0; i < table->columns->len; i++)
        add_cell (builder, patron_report_table_cell (table, row, i), &g_array_index (table->columns, PatronReportColumn, i));
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

static void
add_block (JsonBuilder *builder, const PatronBlock *block)
{
  json_builder_begin_object (builder);
  patron_json_put_string (builder, "kind", block_ids[block->kind]);
  patron_json_put_text (builder, "text", block->text);
  if (block->table != NULL)
    put_table (builder, block->table);
  if (block->chart != NULL)
    {
      json_builder_set_member_name (builder, "chart");
      patron_chart_to_json (block->chart, builder);
    }
  json_builder_end_object (builder);
}

static void
put_data_used (JsonBuilder *builder, const PatronReport *report)
{
  patron_json_put_int (builder, "rows-read", (gint64) report->rows_read);
  patron_json_put_int (builder, "rows-used", (gint64) report->rows_used);
  json_builder_set_member_name (builder, "dropped");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->dropped->len; i++)
    {
      const PatronDropped *dropped = report->dropped->pdata[i];
      json_builder_begin_object (builder);
      patron_json_put_text (builder, "reason", dropped->reason);
      patron_json_put_int (builder, "rows", (gint64) dropped->rows);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  patron_json_put_number (builder, "period-first", report->period_first);
  patron_json_put_number (builder, "period-last", report->period_last);
}

static void
put_run (JsonBuilder *builder, const PatronReport *report)
{
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, report->seed);
  patron_json_put_string (builder, "seed", seed);   /* 64 bits without a sign: more than a JSON number holds */
  patron_json_put_int (builder, "threads", report->threads);
  patron_json_put_number (builder, "read-s", report->read_s);
  patron_json_put_number (builder, "prepare-s", report->prepare_s);
  patron_json_put_number (builder, "fit-s", report->fit_s);
  patron_json_put_number (builder, "measure-s", report->measure_s);
  patron_json_put_number (builder, "total-s", report->total_s);
  patron_json_put_int (builder, "peak-memory", (gint64) report->peak_memory);
  patron_json_put_int (builder, "created", report->created);
}

char *
patron_report_save (const PatronReport *report)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  patron_json_put_int (builder, "format", FORMAT_VERSION);
  patron_json_put_string (builder, "op", report->op);
  patron_json_put_string (builder, "version", report->version);
  patron_json_put_text (builder, "title", report->title);
  patron_json_put_text (builder, "headline", report->headline);
  patron_json_put_string (builder, "source", report->source);
  patron_json_put_string (builder, "recipe", report->recipe);
  put_data_used (builder, report);
  put_run (builder, report);
  put_figures (builder, "figures", report->figures);
  patron_json_put_string (builder, "baseline", report->baseline);
  put_figures (builder, "baseline-figures", report->baseline_figures);
  json_builder_set_member_name (builder, "blocks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->blocks->len; i++)
    add_block (builder, report->blocks->pdata[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "notes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->notes->len; i++)
    patron_json_add_text (builder, report->notes->pdata[i]);
  json_builder_end_array (builder);
  patron_json_put_strings (builder, "outputs", report->outputs);
  json_builder_end_object (builder);

  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static gboolean
read_figures (JsonObject *object, const char *name, PatronReport *report,
              PatronFigure *(*add) (PatronReport *, const char *, PatronText *, PatronFormat, double))
{
  JsonArray *array = patron_json_get_array (object, name);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *from = patron_json_object (json_array_get_element (array, i));
      g_autofree char *id = patron_json_get_string (from, "id");
      g_autofree char *format = patron_json_get_string (from, "format");
      if (id == NULL)
        return FALSE;
      PatronFigure *figure = add (report, id, patron_json_get_text (from, "label"), patron_format_from_id (format),
                                  patron_json_get_number (from, "value"));
      figure->low = patron_json_get_number (from, "low");
      figure->high = patron_json_get_number (from, "high");
      figure->note = patron_json_get_text (from, "note");
      figure->headline = patron_json_get_flag (from, "headline");
    }
  return TRUE;
}

static gboolean
read_cell (PatronReportTable *table, JsonNode *node)
{
  PatronText *text = patron_json_to_text (node);
  if (text != NULL)
    {
      patron_report_table_add_text (table, text);
      return TRUE;
    }
  JsonArray *pair = patron_json_array (node);
  if (pair == NULL)
    {
      if (JSON_NODE_HOLDS_OBJECT (node))
        return FALSE;
      /* An empty cell of a text column keeps the column's format. */
      PatronFormat format = g_array_index (table->columns, PatronReportColumn, table->filled).format;
      if (format == PATRON_FORMAT_TEXT || format == PATRON_FORMAT_MSGID)
        table->filled++;
      else
        patron_report_table_add_number (table, patron_json_to_number (node));
      return TRUE;
    }
  if (json_array_get_length (pair) != 2)
    return FALSE;
  g_autofree char *id = patron_json_to_string (json_array_get_element (pair, 0));
  PatronFormat format = patron_format_from_id (id);
  double number = patron_json_to_number (json_array_get_element (pair, 1));
  if (format == PATRON_FORMAT_TEXT && isnan (number))
    patron_report_table_add_text (table, NULL);
  else
    patron_report_table_add_formatted (table, format, number);
  return TRUE;
}

static gboolean
read_rows (PatronReportTable *table, JsonArray *rows)
{
  for (guint row = 0; rows != NULL && row < json_array_get_length (rows); row++)
    {
      JsonArray *cells = patron_json_array (json_array_get_element (rows, row));
      if (cells == NULL || json_array_get_length (cells) != table->columns->len)
        return FALSE;
      patron_report_table_add_row (table);
      for (guint i = 0; i < table->columns->len; i++)
        if (!read_cell (table, json_array_get_element (cells, i)))
          return FALSE;
    }
  return TRUE;
}

static gboolean
read_table (PatronReport *report, JsonObject *object)
{
  g_autofree char *id = patron_json_get_string (object, "id");
  if (id == NULL)
    return FALSE;
  PatronReportTable *table = patron_report_add_table (report, id, patron_json_get_text (object, "title"));
  table->caption = patron_json_get_text (object, "caption");
  JsonArray *columns = patron_json_get_array (object, "columns");
  for (guint i = 0; columns != NULL && i < json_array_get_length (columns); i++)
    {
      JsonObject *from = patron_json_object (json_array_get_element (columns, i));
      g_autofree char *column_id = patron_json_get_string (from, "id");
      g_autofree char *format = patron_json_get_string (from, "format");
      if (column_id == NULL)
        return FALSE;
      patron_report_table_add_column (table, column_id, patron_json_get_text (from, "label"), patron_format_from_id (format))->bar
        = patron_json_get_flag (from, "bar");
    }
  return read_rows (table, patron_json_get_array (object, "rows"));
}

static gboolean
read_block (PatronReport *report, JsonNode *node)
{
  JsonObject *object = patron_json_object (node);
  PatronBlockKind kind = (PatronBlockKind) patron_json_get_choice (object, "kind", block_ids, G_N_ELEMENTS (block_ids));
  if (kind == PATRON_BLOCK_TABLE)
    return read_table (report, object);
  if (kind == PATRON_BLOCK_CHART)
    {
      PatronChart *chart = patron_chart_from_json (patron_json_object (patron_json_member (object, "chart")));
      if (chart != NULL)
        patron_report_add_chart (report, chart);
      return chart != NULL;
    }
  PatronText *text = patron_json_get_text (object, "text");
  if (text == NULL)
    return FALSE;
  if (kind == PATRON_BLOCK_HEADING)
    patron_report_add_heading (report, text);
  else
    patron_report_add_text (report, text);
  return TRUE;
}

static gboolean
read_lists (PatronReport *report, JsonObject *object)
{
  JsonArray *blocks = patron_json_get_array (object, "blocks"), *notes = patron_json_get_array (object, "notes");
  JsonArray *outputs = patron_json_get_array (object, "outputs"), *dropped = patron_json_get_array (object, "dropped");
  for (guint i = 0; blocks != NULL && i < json_array_get_length (blocks); i++)
    if (!read_block (report, json_array_get_element (blocks, i)))
      return FALSE;
  for (guint i = 0; notes != NULL && i < json_array_get_length (notes); i++)
    {
      PatronText *note = patron_json_to_text (json_array_get_element (notes, i));
      if (note == NULL)
        return FALSE;
      patron_report_add_note (report, note);
    }
  for (guint i = 0; outputs != NULL && i < json_array_get_length (outputs); i++)
    {
      char *output = patron_json_to_string (json_array_get_element (outputs, i));
      if (output == NULL)
        return FALSE;
      g_ptr_array_add (report->outputs, output);
    }
  for (guint i = 0; dropped != NULL && i < json_array_get_length (dropped); i++)
    {
      JsonObject *from = patron_json_object (json_array_get_element (dropped, i));
      PatronText *reason = patron_json_get_text (from, "reason");
      if (reason == NULL)
        return FALSE;
      patron_report_add_dropped (report, reason, (gsize) MAX (0, patron_json_get_int (from, "rows", 0)));
    }
  return TRUE;
}

static double
read_seconds (JsonObject *object, const char *name)
{
  double value = patron_json_get_number (object, name);
  return isnan (value) ? 0 : value;
}

static void
read_run (PatronReport *report, JsonObject *object)
{
  g_autofree char *seed = patron_json_get_string (object, "seed");
  report->seed = seed != NULL ? g_ascii_strtoull (seed, NULL, 10) : 0;
  report->threads = (int) CLAMP (patron_json_get_int (object, "threads", 0), 0, G_MAXINT);
  report->rows_read = (gsize) MAX (0, patron_json_get_int (object, "rows-read", 0));
  report->rows_used = (gsize) MAX (0, patron_json_get_int (object, "rows-used", 0));
  report->period_first = patron_json_get_number (object, "period-first");
  report->period_last = patron_json_get_number (object, "period-last");
  report->read_s = read_seconds (object, "read-s");
  report->prepare_s = read_seconds (object, "prepare-s");
  report->fit_s = read_seconds (object, "fit-s");
  report->measure_s = read_seconds (object, "measure-s");
  report->total_s = read_seconds (object, "total-s");
  report->peak_memory = (gsize) MAX (0, patron_json_get_int (object, "peak-memory", 0));
  report->created = patron_json_get_int (object, "created", 0);
}

/* The parser recurses once for each level and has no bound of its own. It also takes comments and other quotes, which would hide levels
 * from this walk: nothing but JSON's own characters may stand outside strings. */
static gboolean
depth_is_bounded (const char *json, gsize length)
{
  int depth = 0;
  gboolean quoted = FALSE;
  for (gsize i = 0; i < length; i++)
    {
      char c = json[i];
      if (quoted)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            quoted = FALSE;
        }
      else if (c == '"')
        quoted = TRUE;
      else if (c == '[' || c == '{')
        {
          if (++depth > MAX_DEPTH)
            return FALSE;
        }
      else if (c == ']' || c == '}')
        depth--;
      else if (!g_ascii_isalnum (c) && strchr (" \t\r\n:,.+-", c) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, _("The stored report is damaged and cannot be shown."));
  return FALSE;
}

static gboolean
read_report (PatronReport *report, JsonObject *object, GError **error)
{
  gint64 format = patron_json_get_int (object, "format", -1);
  if (format > FORMAT_VERSION)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED,
                   _("The stored report has version %" PRId64 ", but this Patron reads versions up to %d; use a newer Patron."),
                   format, FORMAT_VERSION);
      return FALSE;
    }
  if (format < 1)
    return refuse (error);
  g_free (report->version);
  report->version = patron_json_get_string (object, "version");
  report->title = patron_json_get_text (object, "title");
  report->headline = patron_json_get_text (object, "headline");
  report->source = patron_json_get_string (object, "source");
  report->recipe = patron_json_get_string (object, "recipe");
  report->baseline = patron_json_get_string (object, "baseline");
  read_run (report, object);
  if (report->version == NULL
      || !read_figures (object, "figures", report, patron_report_add_figure)
      || !read_figures (object, "baseline-figures", report, patron_report_add_baseline_figure)
      || !read_lists (report, object))
    return refuse (error);
  return TRUE;
}

PatronReport *
patron_report_load (const char *json, gssize length, GError **error)
{
  gsize n = length < 0 ? strlen (json) : (gsize) length;
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  if (!g_utf8_validate (json, (gssize) n, NULL) || !depth_is_bounded (json, n) || !json_parser_load_from_data (parser, json, (gssize) n, NULL))
    {
      refuse (error);
      return NULL;
    }
  JsonObject *object = patron_json_object (json_parser_get_root (parser));
  g_autofree char *op = patron_json_get_string (object, "op");
  if (op == NULL)
    {
      refuse (error);
      return NULL;
    }
  g_autoptr(PatronReport) report = patron_report_new (op);
  return read_report (report, object, error) ? g_steal_pointer (&report) : NULL;
}
