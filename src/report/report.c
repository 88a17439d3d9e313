/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <math.h>

static void
text_free (gpointer text)
{
  patron_text_free (text);
}

static void
figure_free (gpointer data)
{
  PatronFigure *figure = data;
  g_free (figure->id);
  patron_text_free (figure->label);
  patron_text_free (figure->note);
  g_free (figure);
}

static void
dropped_free (gpointer data)
{
  PatronDropped *dropped = data;
  patron_text_free (dropped->reason);
  g_free (dropped);
}

static void
table_free (PatronReportTable *table)
{
  if (table == NULL)
    return;
  for (guint row = 0; row < table->rows->len; row++)
    {
      PatronCell *cells = table->rows->pdata[row];
      for (guint column = 0; column < table->columns->len; column++)
        patron_text_free (cells[column].text);
      g_free (cells);
    }
  for (guint i = 0; i < table->columns->len; i++)
    {
      PatronReportColumn *column = &g_array_index (table->columns, PatronReportColumn, i);
      g_free (column->id);
      patron_text_free (column->label);
    }
  g_free (table->id);
  patron_text_free (table->title);
  patron_text_free (table->caption);
  g_array_unref (table->columns);
  g_ptr_array_unref (table->rows);
  g_free (table);
}

static void
block_free (gpointer data)
{
  PatronBlock *block = data;
  patron_text_free (block->text);
  table_free (block->table);
  patron_chart_free (block->chart);
  g_free (block);
}

PatronReport *
patron_report_new (const char *op)
{
  PatronReport *report = g_new0 (PatronReport, 1);
  report->op = g_strdup (op);
  report->version = g_strdup (PATRON_VERSION);
  report->figures = g_ptr_array_new_with_free_func (figure_free);
  report->blocks = g_ptr_array_new_with_free_func (block_free);
  report->notes = g_ptr_array_new_with_free_func (text_free);
  report->dropped = g_ptr_array_new_with_free_func (dropped_free);
  report->baseline_figures = g_ptr_array_new_with_free_func (figure_free);
  report->outputs = g_ptr_array_new_with_free_func (g_free);
  report->period_first = NAN;
  report->period_last = NAN;
  report->created = g_get_real_time ();
  return report;
}

void
patron_report_free (PatronReport *report)
{
  if (report == NULL)
    return;
  g_free (report->op);
  g_free (report->version);
  patron_text_free (report->title);
  patron_text_free (report->headline);
  g_ptr_array_unref (report->figures);
  g_ptr_array_unref (report->blocks);
  g_ptr_array_unref (report->notes);
  g_free (report->recipe);
  g_free (report->source);
  g_ptr_array_unref (report->dropped);
  g_free (report->baseline);
  g_ptr_array_unref (report->baseline_figures);
  g_ptr_array_unref (report->outputs);
  g_free (report);
}

void
patron_report_set_title (PatronReport *report, PatronText *title)
{
  patron_text_free (report->title);
  report->title = title;
}

void
patron_report_set_headline (PatronReport *report, PatronText *headline)
{
  patron_text_free (report->headline);
  report->headline = headline;
}

static PatronFigure *
add_figure (GPtrArray *figures, const char *id, PatronText *label, PatronFormat format, double value)
{
  PatronFigure *figure = g_new0 (PatronFigure, 1);
  figure->id = g_strdup (id);
  figure->label = label;
  figure->format = format;
  figure->value = value;
  figure->low = NAN;
  figure->high = NAN;
  g_ptr_array_add (figures, figure);
  return figure;
}

PatronFigure *
patron_report_add_figure (PatronReport *report, const char *id, PatronText *label, PatronFormat format, double value)
{
  return add_figure (report->figures, id, label, format, value);
}

PatronFigure *
patron_report_add_baseline_figure (PatronReport *report, const char *id, PatronText *label, PatronFormat format, double value)
{
  return add_figure (report->baseline_figures, id, label, format, value);
}

static const PatronFigure *
find_figure (const GPtrArray *figures, const char *id)
{
  for (guint i = 0; i < figures->len; i++)
    {
      const PatronFigure *figure = figures->pdata[i];
      if (g_str_equal (figure->id, id))
        return figure;
    }
  return NULL;
}

const PatronFigure *
patron_report_find_figure (const PatronReport *report, const char *id)
{
  return find_figure (report->figures, id);
}

const PatronFigure *
patron_report_find_baseline_figure (const PatronReport *report, const char *id)
{
  return find_figure (report->baseline_figures, id);
}

static PatronBlock *
add_block (PatronReport *report, PatronBlockKind kind)
{
  PatronBlock *block = g_new0 (PatronBlock, 1);
  block->kind = kind;
  g_ptr_array_add (report->blocks, block);
  return block;
}

void
patron_report_add_heading (PatronReport *report, PatronText *text)
{
  add_block (report, PATRON_BLOCK_HEADING)->text = text;
}

void
patron_report_add_text (PatronReport *report, PatronText *text)
{
  add_block (report, PATRON_BLOCK_TEXT)->text = text;
}

PatronReportTable *
patron_report_add_table (PatronReport *report, const char *id, PatronText *title)
{
  PatronReportTable *table = g_new0 (PatronReportTable, 1);
  table->id = g_strdup (id);
  table->title = title;
  table->columns = g_array_new (FALSE, TRUE, sizeof (PatronReportColumn));
  table->rows = g_ptr_array_new ();   /* freed with the table: the length of a row is the table's */
  add_block (report, PATRON_BLOCK_TABLE)->table = table;
  return table;
}

void
patron_report_add_chart (PatronReport *report, PatronChart *chart)
{
  add_block (report, PATRON_BLOCK_CHART)->chart = chart;
}

void
patron_report_add_note (PatronReport *report, PatronText *note)
{
  g_ptr_array_add (report->notes, note);
}

void
patron_report_add_dropped (PatronReport *report, PatronText *reason, gsize rows)
{
  if (rows == 0)
    {
      patron_text_free (reason);
      return;
    }
  PatronDropped *dropped = g_new0 (PatronDropped, 1);
  dropped->reason = reason;
  dropped->rows = rows;
  g_ptr_array_add (report->dropped, dropped);
}

const PatronReportTable *
patron_report_find_table (const PatronReport *report, const char *id)
{
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      if (block->table != NULL && g_str_equal (block->table->id, id))
        return block->table;
    }
  return NULL;
}

const PatronChart *
patron_report_find_chart (const PatronReport *report, const char *id)
{
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      if (block->chart != NULL && g_str_equal (block->chart->id, id))
        return block->chart;
    }
  return NULL;
}

void
patron_report_table_set_caption (PatronReportTable *table, PatronText *caption)
{
  patron_text_free (table->caption);
  table->caption = caption;
}

PatronReportColumn *
patron_report_table_add_column (PatronReportTable *table, const char *id, PatronText *label, PatronFormat format)
{
  g_return_val_if_fail (table->rows->len == 0, NULL);
  g_array_append_val (table->columns, ((PatronReportColumn) { .id = g_strdup (id), .label = label, .format = format }));
  return &g_array_index (table->columns, PatronReportColumn, table->columns->len - 1);
}

void
patron_report_table_add_row (PatronReportTable *table)
{
  PatronCell *cells = g_new (PatronCell, MAX (1, table->columns->len));
  for (guint i = 0; i < table->columns->len; i++)
    cells[i] = (PatronCell) { .format = g_array_index (table->columns, PatronReportColumn, i).format, .number = NAN };
  g_ptr_array_add (table->rows, cells);
  table->filled = 0;
}

static PatronCell *
next_cell (PatronReportTable *table)
{
  g_return_val_if_fail (table->rows->len > 0 && table->filled < table->columns->len, NULL);
  PatronCell *cells = table->rows->pdata[table->rows->len - 1];
  return &cells[table->filled++];
}

void
patron_report_table_add_formatted (PatronReportTable *table, PatronFormat format, double value)
{
  PatronCell *cell = next_cell (table);
  if (cell == NULL)
    return;
  cell->format = format == PATRON_FORMAT_TEXT || format == PATRON_FORMAT_MSGID ? PATRON_FORMAT_NUMBER : format;
  cell->number = value;
}

void
patron_report_table_add_number (PatronReportTable *table, double value)
{
  g_return_if_fail (table->filled < table->columns->len);
  patron_report_table_add_formatted (table, g_array_index (table->columns, PatronReportColumn, table->filled).format, value);
}

void
patron_report_table_add_string (PatronReportTable *table, const char *value)
{
  patron_report_table_add_text (table, patron_text_plain (value));
}

void
patron_report_table_add_text (PatronReportTable *table, PatronText *text)
{
  PatronCell *cell = next_cell (table);
  if (cell == NULL)
    {
      patron_text_free (text);
      return;
    }
  cell->format = text == NULL || patron_text_is_plain (text) ? PATRON_FORMAT_TEXT : PATRON_FORMAT_MSGID;
  cell->text = text;
}

const PatronCell *
patron_report_table_cell (const PatronReportTable *table, guint row, guint column)
{
  g_return_val_if_fail (row < table->rows->len && column < table->columns->len, NULL);
  const PatronCell *cells = table->rows->pdata[row];
  return &cells[column];
}

char *
patron_cell_render (const PatronCell *cell)
{
  if (cell->text != NULL)
    return patron_text_render (cell->text);
  if (isnan (cell->number))
    return g_strdup ("");
  return patron_format_number (cell->format, cell->number);
}
