/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document-private.h"

#include "base/error.h"
#include "draw/chart.h"
#include "draw/file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Of the charts written into a folder, in pixels. */
#define CHART_WIDTH 800
#define CHART_HEIGHT 480

static void
append_field (GString *out, const char *text, char delimiter)
{
  const char special[] = { delimiter, '"', '\n', '\r', '\0' };
  if (strpbrk (text, special) == NULL)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

/* Shortest digits that read back as the same number; dates as ISO; nothing for a missing one. */
static void
append_number (GString *out, PatronFormat format, double value)
{
  char digits[40];
  if (isnan (value))
    return;
  if (format == PATRON_FORMAT_DATE || format == PATRON_FORMAT_TIME)
    {
      g_autofree char *date = patron_format_number (format, value);
      g_string_append (out, date);
    }
  else if (isinf (value))
    g_string_append (out, value > 0 ? "inf" : "-inf");
  else
    {
      patron_double_format (value, digits);
      g_string_append (out, digits);
    }
}

static void
append_text (GString *out, const PatronText *text, char delimiter)
{
  g_autofree char *rendered = patron_text_render (text);
  append_field (out, rendered, delimiter);
}

char *
patron_report_table_to_csv (const PatronReportTable *table, char delimiter)
{
  GString *out = g_string_new (NULL);
  for (guint c = 0; c < table->columns->len; c++)
    {
      if (c > 0)
        g_string_append_c (out, delimiter);
      append_text (out, g_array_index (table->columns, PatronReportColumn, c).label, delimiter);
    }
  g_string_append_c (out, '\n');
  for (guint r = 0; r < table->rows->len; r++)
    {
      for (guint c = 0; c < table->columns->len; c++)
        {
          const PatronCell *cell = patron_report_table_cell (table, r, c);
          if (c > 0)
            g_string_append_c (out, delimiter);
          if (cell->text != NULL)
            append_text (out, cell->text, delimiter);
          else
            append_number (out, cell->format, cell->number);
        }
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}

/* ---- charts ---------------------------------------------------------------------------------------------------------- */

static void
append_position (GString *out, const PatronAxis *axis, double value, char delimiter)
{
  if (axis->kind == PATRON_AXIS_CATEGORY && value >= 0 && value < axis->categories->len && value == floor (value))
    append_text (out, axis->categories->pdata[(guint) value], delimiter);
  else
    append_number (out, axis->kind == PATRON_AXIS_DATE ? PATRON_FORMAT_DATE : axis->format, value);
}

static void
append_cells (GString *out, const PatronChart *chart, char delimiter)
{
  g_string_append_printf (out, chart->shades != NULL ? "y%cx%cvalue%cshade\n" : "y%cx%cvalue\n", delimiter, delimiter, delimiter);
  for (gsize i = 0; i < chart->n_x * chart->n_y && chart->cells != NULL; i++)
    {
      append_position (out, &chart->y, (double) (i / chart->n_x), delimiter);
      g_string_append_c (out, delimiter);
      append_position (out, &chart->x, (double) (i % chart->n_x), delimiter);
      g_string_append_c (out, delimiter);
      append_number (out, chart->kind == PATRON_CHART_MOSAIC ? PATRON_FORMAT_COUNT : chart->value.format, chart->cells[i]);
      if (chart->shades != NULL)
        {
          g_string_append_c (out, delimiter);
          append_number (out, chart->value.format, chart->shades[i]);
        }
      g_string_append_c (out, '\n');
    }
}

static gboolean
has_sizes (const PatronChart *chart)
{
  for (guint s = 0; s < chart->series->len; s++)
    if (((const PatronSeries *) chart->series->pdata[s])->size != NULL)
      return TRUE;
  return FALSE;
}

static void
append_series (GString *out, const PatronChart *chart, const PatronSeries *series, char delimiter)
{
  gboolean sideways = patron_chart_is_sideways (chart);
  gboolean bins = patron_series_n_x (chart, series) > series->n;
  const PatronAxis *at = sideways ? &chart->y : &chart->x, *value = sideways ? &chart->x : &chart->y;
  const double *columns[] = { series->y, series->low, series->high, series->q1, series->q3 };
  for (gsize i = 0; i < series->n; i++)
    {
      append_text (out, series->label, delimiter);
      g_string_append_c (out, delimiter);
      append_position (out, at, series->x != NULL ? series->x[i] : (double) i, delimiter);
      g_string_append_c (out, delimiter);
      if (bins && series->x != NULL)
        append_position (out, at, series->x[i + 1], delimiter);
      for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
        {
          g_string_append_c (out, delimiter);
          if (columns[c] != NULL)
            append_number (out, value->format, columns[c][i]);
        }
      g_string_append_c (out, delimiter);
      if (series->group != NULL && series->group[i] >= 0 && (guint) series->group[i] < chart->groups->len)
        append_text (out, chart->groups->pdata[series->group[i]], delimiter);
      g_string_append_c (out, delimiter);
      if (series->labels != NULL && i < series->labels->len)
        append_field (out, series->labels->pdata[i], delimiter);
      if (has_sizes (chart))
        {
          g_string_append_c (out, delimiter);
          append_number (out, chart->size.format, series->size != NULL ? series->size[i] : NAN);
        }
      if (series->panel < chart->panels->len)
        {
          g_string_append_c (out, delimiter);
          append_text (out, chart->panels->pdata[series->panel], delimiter);
        }
      g_string_append_c (out, '\n');
    }
}

char *
patron_chart_to_csv (const PatronChart *chart, char delimiter)
{
  GString *out = g_string_new (NULL);
  if (chart->kind == PATRON_CHART_HEAT_MAP || chart->kind == PATRON_CHART_MOSAIC)
    {
      append_cells (out, chart, delimiter);
      return g_string_free (out, FALSE);
    }
  static const char *const names[] = { "series", "x", "x_end", "y", "low", "high", "q1", "q3", "group", "label" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_append_printf (out, "%s%s", i > 0 ? (const char[]) { delimiter, '\0' } : "", names[i]);
  if (has_sizes (chart))
    g_string_append_printf (out, "%csize", delimiter);
  if (chart->panels->len > 0)
    g_string_append_printf (out, "%cpanel", delimiter);
  g_string_append_c (out, '\n');
  for (guint s = 0; s < chart->series->len; s++)
    append_series (out, chart, chart->series->pdata[s], delimiter);
  return g_string_free (out, FALSE);
}

/* ---- a folder -------------------------------------------------------------------------------------------------------- */

/* Ids are ours, but a stored report may hold anything: only harmless characters reach the file system. */
static char *
part_path (const char *folder, const char *id, const char *ending)
{
  g_autofree char *name = g_strdup (id);
  g_strcanon (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", '-');
  g_autofree char *file = g_strconcat (*name != '\0' ? name : "part", ending, NULL);
  return g_build_filename (folder, file, NULL);
}

static gboolean
write_part (const PatronBlock *block, const char *folder, GPtrArray *files, GError **error)
{
  g_autofree char *path = NULL;
  if (block->table != NULL)
    {
      path = part_path (folder, block->table->id, ".csv");
      g_autofree char *csv = patron_report_table_to_csv (block->table, ',');
      if (!patron_file_replace (path, csv, strlen (csv), error))
        return FALSE;
    }
  else if (block->chart != NULL)
    {
      path = part_path (folder, block->chart->id, ".svg");
      if (!patron_chart_write (block->chart, path, CHART_WIDTH, CHART_HEIGHT, NULL, error))
        return FALSE;
    }
  if (path != NULL && files != NULL)
    g_ptr_array_add (files, g_steal_pointer (&path));
  return TRUE;
}

gboolean
patron_report_write_parts (const PatronReport *report, const char *folder, GPtrArray *files, GError **error)
{
  if (g_mkdir_with_parents (folder, 0755) != 0)
    {
      int reason = errno;
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The folder “%s” could not be made: %s."), folder, g_strerror (reason));
      return FALSE;
    }
  for (guint i = 0; i < report->blocks->len; i++)
    if (!write_part (report->blocks->pdata[i], folder, files, error))
      return FALSE;
  return TRUE;
}
