/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document-private.h"

#include "base/error.h"
#include "draw/chart.h"
#include "draw/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <xlsxwriter.h>

/* A sheet's limits; of text in UTF-16 units. */
#define MAX_ROWS 1048576
#define MAX_COLUMNS 16384
#define MAX_TEXT 32767
#define MAX_SHEET_NAME 31
/* Pictures of the charts: pixels of the drawing, and how many of them Excel shows for one. */
#define CHART_WIDTH 760
#define CHART_HEIGHT 420
#define CHART_SCALE 2.0

/* Below this four decimals show too little. */
#define SMALL 0.001

/* 1970-01-01 in Excel's count of days. */
#define EXCEL_EPOCH 25569

enum { FORMAT_TITLE, FORMAT_LEAD, FORMAT_NAME, FORMAT_HOW, FORMAT_HEADER, FORMAT_HEADER_RIGHT, FORMAT_TEXT, FORMAT_WRAPPED, FORMAT_CODE, FORMAT_LINK,
       FORMAT_FIRST_NUMBER, N_FORMATS = FORMAT_FIRST_NUMBER + PATRON_FORMAT_BYTES + 1 };

typedef struct
{
  lxw_workbook  *book;
  lxw_format    *formats[N_FORMATS];
  GHashTable    *names;        /* of sheets, in lower case */
  GPtrArray     *sheets;       /* of char*: their names as given */
  GPtrArray     *pictures;     /* of GBytes*, kept until the workbook is closed */
  PatronRun     *run;
} Book;

static const char *
number_format (PatronFormat format)
{
  switch (format)
    {
    case PATRON_FORMAT_COUNT:
      return "#,##0";
    case PATRON_FORMAT_PERCENT:
      return "0.0%";
    case PATRON_FORMAT_MONEY:
      return "#,##0.00";
    case PATRON_FORMAT_DATE:
      return "yyyy-mm-dd";
    case PATRON_FORMAT_TIME:
      return "yyyy-mm-dd hh:mm:ss";
    case PATRON_FORMAT_P_VALUE:
      return "0.0000";
    case PATRON_FORMAT_NUMBER:
      return "#,##0.####";
    default:
      return "General";
    }
}

static void
make_formats (Book *self)
{
  for (guint i = 0; i < N_FORMATS; i++)
    {
      self->formats[i] = workbook_add_format (self->book);
      format_set_align (self->formats[i], LXW_ALIGN_VERTICAL_TOP);
    }
  format_set_bold (self->formats[FORMAT_TITLE]);
  format_set_font_size (self->formats[FORMAT_TITLE], 18);
  format_set_font_size (self->formats[FORMAT_LEAD], 12);
  format_set_text_wrap (self->formats[FORMAT_LEAD]);
  format_set_bold (self->formats[FORMAT_NAME]);
  format_set_font_size (self->formats[FORMAT_NAME], 12);
  format_set_font_color (self->formats[FORMAT_HOW], 0x5e5c64);
  const int headers[] = { FORMAT_HEADER, FORMAT_HEADER_RIGHT };
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      format_set_bold (self->formats[headers[i]]);
      format_set_bottom (self->formats[headers[i]], LXW_BORDER_THIN);
      format_set_text_wrap (self->formats[headers[i]]);
    }
  format_set_align (self->formats[FORMAT_HEADER_RIGHT], LXW_ALIGN_RIGHT);
  format_set_text_wrap (self->formats[FORMAT_WRAPPED]);
  format_set_font_name (self->formats[FORMAT_CODE], "Courier New");
  format_set_font_color (self->formats[FORMAT_LINK], 0x1c71d8);
  format_set_underline (self->formats[FORMAT_LINK], LXW_UNDERLINE_SINGLE);
  for (int format = 0; format <= PATRON_FORMAT_BYTES; format++)
    format_set_num_format (self->formats[FORMAT_FIRST_NUMBER + format], number_format ((PatronFormat) format));
}

/* How many bytes of text are at most this many UTF-16 units. */
static gsize
fitting_bytes (const char *text, glong units)
{
  const char *end = text;
  for (; *end != '\0'; end = g_utf8_next_char (end))
    {
      units -= g_utf8_get_char (end) > 0xffff ? 2 : 1;
      if (units < 0)
        break;
    }
  return (gsize) (end - text);
}

/* A name Excel takes: no []:*?/\, at most 31 characters (UTF-16 units), unique without regard to case. */
static lxw_worksheet *
add_sheet (Book *self, const char *wanted)
{
  g_autofree char *valid = g_utf8_make_valid (wanted, -1);
  g_strstrip (g_strdelimit (valid, "[]:*?/\\'", ' '));
  const char *clean = *valid != '\0' ? valid : "Sheet";
  for (guint n = 1;; n++)
    {
      g_autofree char *suffix = n > 1 ? g_strdup_printf (" %u", n) : g_strdup ("");
      g_autofree char *name = g_strdup_printf ("%.*s%s", (int) fitting_bytes (clean, MAX_SHEET_NAME - (glong) strlen (suffix)), clean, suffix);
      g_autofree char *key = g_utf8_casefold (name, -1);
      if (g_hash_table_add (self->names, g_steal_pointer (&key)))
        {
          g_ptr_array_add (self->sheets, g_strdup (name));
          return workbook_add_worksheet (self->book, name);
        }
    }
}

static void
write_text (lxw_worksheet *sheet, lxw_row_t row, guint column, const char *text, lxw_format *format)
{
  if (text == NULL || *text == '\0')
    return;
  gsize length = fitting_bytes (text, MAX_TEXT);
  g_autofree char *shorter = text[length] != '\0' ? g_strndup (text, length) : NULL;
  worksheet_write_string (sheet, row, (lxw_col_t) column, shorter != NULL ? shorter : text, format);
}

static void
write_number (Book *self, lxw_worksheet *sheet, lxw_row_t row, guint column, PatronFormat format, double value)
{
  if (format == PATRON_FORMAT_DATE)
    value += EXCEL_EPOCH;
  else if (format == PATRON_FORMAT_TIME)
    value = value / 86400e6 + EXCEL_EPOCH;
  else if (format == PATRON_FORMAT_NUMBER && isfinite (value) && (value == floor (value) || fabs (value) < SMALL))
    format = value == floor (value) ? PATRON_FORMAT_COUNT : PATRON_FORMAT_EXACT;   /* else “5.” and “0.0001” */
  lxw_format *as = self->formats[FORMAT_FIRST_NUMBER + format];
  if (isinf (value))
    write_text (sheet, row, column, value > 0 ? "∞" : "-∞", self->formats[FORMAT_TEXT]);
  else if (!isnan (value))
    worksheet_write_number (sheet, row, (lxw_col_t) column, value, as);
}

static double
text_width (const char *text)
{
  double width = 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
  return width;
}

/* ---- tables ---------------------------------------------------------------------------------------------------------- */

static void
write_cell (Book *self, lxw_worksheet *sheet, lxw_row_t row, guint column, const PatronCell *cell)
{
  if (cell->text != NULL)
    {
      g_autofree char *text = patron_text_render (cell->text);
      write_text (sheet, row, column, text, self->formats[text_width (text) > 60 ? FORMAT_WRAPPED : FORMAT_TEXT]);
    }
  else
    write_number (self, sheet, row, column, cell->format, cell->number);
}

static void
set_column_width (lxw_worksheet *sheet, const PatronReportTable *table, guint column)
{
  g_autofree char *label = patron_text_render (g_array_index (table->columns, PatronReportColumn, column).label);
  double width = MIN (text_width (label), 24);
  for (guint row = 0; row < MIN (table->rows->len, 200); row++)
    {
      g_autofree char *text = patron_cell_render (patron_report_table_cell (table, row, column));
      width = MAX (width, text_width (text));
    }
  worksheet_set_column (sheet, (lxw_col_t) column, (lxw_col_t) column, CLAMP (width + 2, 8, 60), NULL);
}

/* From the given row on; returns the row after the table. */
static lxw_row_t
write_table_at (Book *self, lxw_worksheet *sheet, const PatronReportTable *table, lxw_row_t top)
{
  guint n_rows = MIN (table->rows->len, MAX_ROWS - top - 1);
  for (guint c = 0; c < table->columns->len; c++)
    {
      const PatronReportColumn *column = &g_array_index (table->columns, PatronReportColumn, c);
      g_autofree char *label = patron_text_render (column->label);
      write_text (sheet, top, c, label, self->formats[patron_report_column_is_numeric (table, c) ? FORMAT_HEADER_RIGHT : FORMAT_HEADER]);
      for (guint r = 0; r < n_rows; r++)
        write_cell (self, sheet, top + 1 + r, c, patron_report_table_cell (table, r, c));
      if (column->bar && n_rows > 0)
        {
          lxw_conditional_format bar = { .type = LXW_CONDITIONAL_DATA_BAR, .bar_color = 0xb9d3ee, .bar_solid = LXW_TRUE };
          worksheet_conditional_format_range (sheet, top + 1, (lxw_col_t) c, top + n_rows, (lxw_col_t) c, &bar);
        }
    }
  return top + 1 + n_rows;
}

static void
add_table_sheet (Book *self, const PatronReportTable *table)
{
  g_autofree char *title = patron_text_render (table->title), *caption = patron_text_render (table->caption);
  lxw_worksheet *sheet = add_sheet (self, *title != '\0' ? title : table->id);
  if (table->columns->len == 0)
    return;
  for (guint c = 0; c < table->columns->len; c++)
    set_column_width (sheet, table, c);
  write_text (sheet, 0, 0, title, self->formats[FORMAT_NAME]);
  write_text (sheet, 1, 0, caption, self->formats[FORMAT_HOW]);
  lxw_row_t end = write_table_at (self, sheet, table, 3);
  if (end > 4)
    worksheet_autofilter (sheet, 3, 0, end - 1, (lxw_col_t) (table->columns->len - 1));
  worksheet_freeze_panes (sheet, 4, 1);
  worksheet_set_landscape (sheet);
  worksheet_fit_to_pages (sheet, 1, 0);
  worksheet_repeat_rows (sheet, 3, 3);
}

/* ---- results: all rows ------------------------------------------------------------------------------------------------ */

static gboolean
write_result_column (Book *self, lxw_worksheet *sheet, PatronColumn *column, guint c, gsize n, GError **error)
{
  PatronType type = patron_column_get_type (column);
  gboolean text = patron_column_has_dict (column) || type == PATRON_TYPE_BOOLEAN;
  PatronFormat format = type == PATRON_TYPE_DATE ? PATRON_FORMAT_DATE : type == PATRON_TYPE_TIME ? PATRON_FORMAT_TIME : type == PATRON_TYPE_NUMBER ? PATRON_FORMAT_NUMBER
                                                                                                                                                   : PATRON_FORMAT_EXACT;
  g_autofree double *values = g_new (double, 4096);
  for (gsize start = 0; start < n; start += 4096)
    {
      gsize count = MIN (4096, n - start);
      if (self->run != NULL && !patron_run_check (self->run, error))
        return FALSE;
      if (!text && !patron_column_read_doubles (column, start, count, values, error))
        return FALSE;
      for (gsize i = 0; i < count; i++)
        if (text)
          {
            g_autofree char *cell = patron_column_format (column, start + i);
            write_text (sheet, (lxw_row_t) (1 + start + i), c, cell, self->formats[FORMAT_TEXT]);
          }
        else
          write_number (self, sheet, (lxw_row_t) (1 + start + i), c, format, type == PATRON_TYPE_TIME ? values[i] * 1e6 : values[i]);
    }
  return TRUE;
}

static gboolean
add_result_sheet (Book *self, PatronTable *result, GError **error)
{
  gsize n = MIN (patron_table_n_rows (result), MAX_ROWS - 1);
  lxw_worksheet *sheet = add_sheet (self, patron_table_get_name (result));
  guint n_columns = MIN (patron_table_n_columns (result), MAX_COLUMNS);
  for (guint c = 0; c < n_columns; c++)
    {
      PatronColumn *column = patron_table_column (result, c);
      const char *name = patron_column_get_name (column);
      double width = text_width (name);
      for (gsize row = 0; row < MIN (n, 50); row++)
        {
          g_autofree char *cell = patron_column_format (column, row);
          width = MAX (width, MIN (text_width (cell), patron_column_get_type (column) == PATRON_TYPE_NUMBER ? 12 : 50));
        }
      worksheet_set_column (sheet, (lxw_col_t) c, (lxw_col_t) c, CLAMP (width + 2, 8, 50), NULL);
      write_text (sheet, 0, c, name, self->formats[FORMAT_HEADER]);
      if (!write_result_column (self, sheet, column, c, n, error))
        return FALSE;
    }
  worksheet_freeze_panes (sheet, 1, 0);
  if (n > 0 && n_columns > 0)
    worksheet_autofilter (sheet, 0, 0, (lxw_row_t) n, (lxw_col_t) (n_columns - 1));
  return TRUE;
}

/* What does not fit on a sheet is said on the first one. */
static lxw_row_t
write_overflow (Book *self, lxw_worksheet *summary, lxw_row_t row, PatronTable *result)
{
  gsize n_rows = patron_table_n_rows (result);
  guint n_columns = patron_table_n_columns (result);
  if (n_rows < MAX_ROWS && n_columns <= MAX_COLUMNS)
    return row;
  g_autoptr(PatronText) text = patron_text (N_("“{table}” has {rows} {rows|row|rows} and {columns} {columns|column|columns}; its sheet holds the first {most-rows} "
                                                "and {most-columns}. Export it as CSV for all."),
                                            "table", PATRON_STRING (patron_table_get_name (result)), "rows", PATRON_COUNT (n_rows), "columns", PATRON_COUNT (n_columns),
                                            "most-rows", PATRON_COUNT (MAX_ROWS - 1), "most-columns", PATRON_COUNT (MAX_COLUMNS), NULL);
  g_autofree char *sentence = patron_text_render (text);
  write_text (summary, row, 0, sentence, self->formats[FORMAT_TEXT]);
  return row + 2;
}

/* ---- charts ------------------------------------------------------------------------------------------------------------ */

static GBytes *
draw_chart (const PatronChart *chart)
{
  PatronChartStyle style;
  g_autoptr(GByteArray) png = g_byte_array_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) (CHART_WIDTH * CHART_SCALE), (int) (CHART_HEIGHT * CHART_SCALE));
  cairo_t *cr = cairo_create (surface);
  patron_chart_style_init (&style);
  style.title = TRUE;
  style.background = TRUE;
  style.size = 12;
  cairo_scale (cr, CHART_SCALE, CHART_SCALE);
  patron_chart_draw (chart, cr, CHART_WIDTH, CHART_HEIGHT, &style);
  cairo_destroy (cr);
  cairo_status_t status = cairo_surface_write_to_png_stream (surface, patron_file_append, png);
  cairo_surface_destroy (surface);
  return status == CAIRO_STATUS_SUCCESS ? g_byte_array_free_to_bytes (g_steal_pointer (&png)) : NULL;
}

static void
add_charts_sheet (Book *self, const PatronReport *report)
{
  lxw_worksheet *sheet = NULL;
  lxw_row_t row = 1;
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      GBytes *picture = block->chart != NULL ? draw_chart (block->chart) : NULL;
      if (picture == NULL)
        continue;
      if (sheet == NULL)
        {
          sheet = add_sheet (self, _("Charts"));
          worksheet_gridlines (sheet, LXW_HIDE_ALL_GRIDLINES);
        }
      g_autofree char *title = patron_text_render (block->chart->title);
      lxw_image_options options = { .x_scale = 1 / CHART_SCALE, .y_scale = 1 / CHART_SCALE, .description = title };
      gsize size;
      const unsigned char *data = g_bytes_get_data (picture, &size);
      g_ptr_array_add (self->pictures, picture);
      worksheet_insert_image_buffer_opt (sheet, row, 1, data, size, &options);
      row += CHART_HEIGHT / 20 + 3;
    }
}

/* ---- summary --------------------------------------------------------------------------------------------------------------- */

static lxw_row_t
write_run_summary (Book *self, lxw_worksheet *sheet, const PatronReport *report, lxw_row_t row, gboolean named)
{
  g_autofree char *title = patron_report_title_text (report), *headline = patron_text_render (report->headline);
  g_autoptr(PatronReport) holder = patron_report_figure_table (report);
  g_autoptr(GPtrArray) facts = patron_report_facts (report);
  if (named)
    write_text (sheet, row++, 0, title, self->formats[FORMAT_NAME]);
  if (*headline != '\0')
    {
      worksheet_merge_range (sheet, row, 0, row, 4, headline, self->formats[FORMAT_LEAD]);
      worksheet_set_row (sheet, row, 16 * (1 + floor (text_width (headline) / 100)), NULL);
      row++;
    }
  row++;
  if (report->figures->len > 0)
    row = write_table_at (self, sheet, patron_report_find_table (holder, "figures"), row) + 1;
  for (guint i = 0; i < report->notes->len; i++)
    {
      g_autofree char *note = patron_text_render (report->notes->pdata[i]), *bullet = g_strconcat ("• ", note, NULL);
      write_text (sheet, row++, 0, bullet, self->formats[FORMAT_TEXT]);
    }
  row += report->notes->len > 0;
  for (guint i = 0; i < facts->len; i++)
    {
      const PatronFact *fact = facts->pdata[i];
      write_text (sheet, row, 0, fact->label, self->formats[FORMAT_HOW]);
      write_text (sheet, row++, 1, fact->value, self->formats[FORMAT_TEXT]);
    }
  return row + 2;
}

/* Links to the other sheets, below the summary. */
static void
write_contents (Book *self, lxw_worksheet *sheet, lxw_row_t row)
{
  if (self->sheets->len > 1)
    write_text (sheet, row++, 0, _("Contents"), self->formats[FORMAT_NAME]);
  for (guint i = 1; i < self->sheets->len; i++)
    {
      const char *name = self->sheets->pdata[i];
      g_autofree char *link = g_strdup_printf ("internal:'%s'!A1", name);
      worksheet_write_url (sheet, row, 0, link, NULL);
      worksheet_write_string (sheet, row++, 0, name, self->formats[FORMAT_LINK]);
    }
}

/* The first sheet. The row below what it says. */
static lxw_row_t
add_summary (Book *self, const PatronReportDocument *document, lxw_worksheet *sheet)
{
  g_autofree char *title = patron_document_title (document), *date = patron_document_date_text (document);
  g_autofree char *line = document->author != NULL ? g_strdup_printf ("%s · %s", document->author, date) : g_strdup (date);
  lxw_row_t row = 3;
  worksheet_set_column (sheet, 0, 0, 34, NULL);
  worksheet_set_column (sheet, 1, 4, 18, NULL);
  worksheet_gridlines (sheet, LXW_HIDE_ALL_GRIDLINES);
  write_text (sheet, 0, 0, title, self->formats[FORMAT_TITLE]);
  write_text (sheet, 1, 0, line, self->formats[FORMAT_HOW]);
  for (guint i = 0; i < document->n_runs; i++)
    row = write_run_summary (self, sheet, document->runs[i].report, row, document->n_runs > 1);
  return row;
}

static void
add_recipes (Book *self, const PatronReportDocument *document)
{
  lxw_worksheet *sheet = NULL;
  lxw_row_t row = 0;
  for (guint i = 0; i < document->n_runs; i++)
    {
      const PatronReport *report = document->runs[i].report;
      g_auto(GStrv) lines = g_strsplit (report->recipe != NULL ? report->recipe : "", "\n", -1);
      if (report->recipe == NULL)
        continue;
      if (sheet == NULL)
        sheet = add_sheet (self, _("Recipes"));
      worksheet_set_column (sheet, 0, 0, 80, NULL);
      for (guint l = 0; lines[l] != NULL; l++)
        write_text (sheet, row++, 0, lines[l], self->formats[FORMAT_CODE]);
      row++;
    }
}

static gboolean
fill (Book *self, const PatronReportDocument *document, GError **error)
{
  make_formats (self);
  lxw_worksheet *summary = add_sheet (self, _("Summary"));
  lxw_row_t end = add_summary (self, document, summary);
  for (guint i = 0; i < document->n_runs; i++)
    {
      const PatronDocumentRun *run = &document->runs[i];
      if (self->run != NULL && !patron_run_check (self->run, error))
        return FALSE;
      for (guint b = 0; b < run->report->blocks->len; b++)
        if (((const PatronBlock *) run->report->blocks->pdata[b])->table != NULL)
          add_table_sheet (self, ((const PatronBlock *) run->report->blocks->pdata[b])->table);
      add_charts_sheet (self, run->report);
      if (run->result == NULL)
        continue;
      if (!add_result_sheet (self, run->result, error))
        return FALSE;
      end = write_overflow (self, summary, end, run->result);
    }
  add_recipes (self, document);
  write_contents (self, summary, end);
  return TRUE;
}

static void
set_properties (Book *self, const PatronReportDocument *document)
{
  g_autofree char *title = patron_document_title (document);
  lxw_doc_properties properties = { .title = title, .author = (char *) document->author, .comments = "Patron " PATRON_VERSION,
                                    .created = (time_t) (patron_document_date (document) / G_USEC_PER_SEC) };
  workbook_set_properties (self->book, &properties);
}

/* The library itself would print why a file cannot be made, and not say it. */
static gboolean
can_create (const char *beside, const char *path, GError **error)
{
  int file = g_open (beside, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0)
    {
      int reason = errno;
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” could not be written: %s."), path, g_strerror (reason));
      return FALSE;
    }
  g_close (file, NULL);
  return TRUE;
}

gboolean
patron_document_to_xlsx (const PatronReportDocument *document, const char *path, PatronRun *run, GError **error)
{
  g_autofree char *beside = g_strdup_printf ("%s.%08x.tmp", path, g_random_int ());
  if (!can_create (beside, path, error))
    return FALSE;
  lxw_workbook_options options = { .constant_memory = LXW_FALSE, .tmpdir = (char *) g_get_tmp_dir () };
  Book self = { .book = workbook_new_opt (beside, &options), .names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                .sheets = g_ptr_array_new_with_free_func (g_free), .pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref), .run = run };
  set_properties (&self, document);
  gboolean ok = fill (&self, document, error);
  lxw_error status = workbook_close (self.book);
  g_hash_table_unref (self.names);
  g_ptr_array_unref (self.sheets);
  g_ptr_array_unref (self.pictures);
  if (ok && status != LXW_NO_ERROR)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” could not be written: %s"), path, lxw_strerror (status));
      ok = FALSE;
    }
  else if (ok && g_rename (beside, path) != 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” could not be written: the finished file could not take its name."), path);
      ok = FALSE;
    }
  if (!ok)
    g_unlink (beside);
  return ok;
}
