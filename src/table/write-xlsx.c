/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/text.h"

#define MAX_ROWS 1048575        /* below the header */
#define MAX_COLUMNS 16384
#define MAX_TEXT 32767          /* characters in a cell */
#define BLOCK 4096

/* Serial number of 1970-01-01 in the 1900 date system. */
#define SERIAL_1970 25569.0

typedef struct
{
  lxw_worksheet            *sheet;
  lxw_format               *date, *time, *duration;
  lxw_format              **numbers;     /* for each column, NULL: as it is */
  const PatronWriteOptions *options;
} Sheet;

static void
write_text_cell (const Sheet *sheet, guint32 row, guint16 column, const char *text, gboolean defuse)
{
  g_autofree char *defused = defuse && patron_text_is_formula (text) ? g_strconcat ("'", text, NULL) : NULL;
  if (defused != NULL)
    text = defused;
  g_autofree char *shorter = NULL;
  if (strlen (text) > MAX_TEXT && g_utf8_strlen (text, -1) > MAX_TEXT)
    text = shorter = g_utf8_substring (text, 0, MAX_TEXT);
  if (*text != '\0')
    worksheet_write_string (sheet->sheet, row, column, text, NULL);
}

static void
write_cell (const Sheet *sheet, guint32 row, guint16 column, PatronType type, gconstpointer value, PatronDict *dict)
{
  const double day = 86400e6;
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      if (isfinite (*(const double *) value))
        worksheet_write_number (sheet->sheet, row, column, *(const double *) value, sheet->numbers[column]);
      else if (isinf (*(const double *) value))
        worksheet_write_string (sheet->sheet, row, column, *(const double *) value > 0 ? "inf" : "-inf", NULL);
      break;
    case PATRON_TYPE_INTEGER:
      {
        gint64 n = *(const gint64 *) value;
        if (n == PATRON_INTEGER_MISSING)
          break;
        /* A spreadsheet keeps 15 digits: longer ones are codes. */
        if (n > G_GINT64_CONSTANT (999999999999999) || n < -G_GINT64_CONSTANT (999999999999999))
          {
            g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, n);
            worksheet_write_string (sheet->sheet, row, column, digits, NULL);
          }
        else
          worksheet_write_number (sheet->sheet, row, column, n, sheet->numbers[column]);
        break;
      }
    case PATRON_TYPE_BOOLEAN:
      if (*(const guint8 *) value != PATRON_BOOLEAN_MISSING)
        worksheet_write_boolean (sheet->sheet, row, column, *(const guint8 *) value, NULL);
      break;
    case PATRON_TYPE_DATE:
      if (*(const gint32 *) value != PATRON_DATE_MISSING)
        {
          double serial = *(const gint32 *) value + SERIAL_1970;
          char text[40];
          if (serial >= 61)      /* before March 1900 the serials of spreadsheets are off by a day or do not exist */
            worksheet_write_number (sheet->sheet, row, column, serial, sheet->date);
          else
            {
              patron_date_format (*(const gint32 *) value, text);
              worksheet_write_string (sheet->sheet, row, column, text, NULL);
            }
        }
      break;
    case PATRON_TYPE_TIME:
      if (*(const gint64 *) value != PATRON_INTEGER_MISSING)
        worksheet_write_number (sheet->sheet, row, column, *(const gint64 *) value / day + SERIAL_1970, sheet->time);
      break;
    case PATRON_TYPE_DURATION:
      if (*(const gint64 *) value != PATRON_INTEGER_MISSING)
        worksheet_write_number (sheet->sheet, row, column, *(const gint64 *) value / day, sheet->duration);
      break;
    default:
      if (*(const gint32 *) value >= 0)
        write_text_cell (sheet, row, column, patron_dict_get (dict, *(const gint32 *) value), sheet->options->defuse_formulas);
    }
}

/* Rows start … start+n-1, row by row, as the writer in constant memory wants them. */
static gboolean
write_block (const Sheet *sheet, PatronTable *table, gsize start, gsize n, char **buffers, PatronDict **dicts, GError **error)
{
  guint n_columns = patron_table_n_columns (table);
  for (guint c = 0; c < n_columns; c++)
    if (!patron_column_read (patron_table_column (table, c), start, n, buffers[c], error))
      return FALSE;
  for (gsize r = 0; r < n; r++)
    for (guint c = 0; c < n_columns; c++)
      {
        PatronType type = patron_column_get_type (patron_table_column (table, c));
        write_cell (sheet, start + r + 1, c, type, buffers[c] + r * patron_type_size (type), dicts[c]);
      }
  return TRUE;
}

static void
write_header (const Sheet *sheet, lxw_workbook *book, PatronTable *table)
{
  lxw_format *bold = workbook_add_format (book);
  format_set_bold (bold);
  format_set_bottom (bold, LXW_BORDER_THIN);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      const char *name = patron_column_get_name (column);
      PatronType type = patron_column_get_type (column);
      double width = MAX (type == PATRON_TYPE_TIME ? 18 : type == PATRON_TYPE_TEXT ? 24 : 12, MIN (g_utf8_strlen (name, -1) + 2, 40));
      worksheet_set_column (sheet->sheet, c, c, width, NULL);
      g_autofree char *shorter = g_utf8_strlen (name, -1) > MAX_TEXT ? g_utf8_substring (name, 0, MAX_TEXT) : NULL;
      worksheet_write_string (sheet->sheet, 0, c, shorter != NULL ? shorter : name, bold);
    }
  worksheet_freeze_panes (sheet->sheet, 1, 0);
}

/* A sign as quoted text before money and after other numbers. */
static void
choose_number_formats (Sheet *sheet, lxw_workbook *book, PatronTable *table)
{
  for (guint c = 0; c < patron_table_n_columns (table) && sheet->options->number_formats; c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      const char *unit = patron_column_get_unit (column);
      PatronType type = patron_column_get_type (column);
      if (unit == NULL || *unit == '\0' || strchr (unit, '"') != NULL || (type != PATRON_TYPE_NUMBER && type != PATRON_TYPE_INTEGER))
        continue;
      gboolean after = strcmp (unit, "%") == 0 || g_ascii_isalpha (unit[0]);
      g_autofree char *code = after ? g_strdup_printf ("General\"%s%s\"", strcmp (unit, "%") == 0 ? "" : " ", unit) : g_strdup_printf ("\"%s\"#,##0.00", unit);
      sheet->numbers[c] = workbook_add_format (book);
      format_set_num_format (sheet->numbers[c], code);
    }
}

static gboolean
write_rows (const Sheet *sheet, PatronTable *table, PatronRun *run, GError **error)
{
  guint n_columns = patron_table_n_columns (table);
  gsize n_rows = patron_table_n_rows (table);
  g_autofree char **buffers = g_new0 (char *, n_columns + 1);
  g_autofree PatronDict **dicts = g_new0 (PatronDict *, n_columns + 1);
  gboolean fine = TRUE;
  for (guint c = 0; c < n_columns && fine; c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      buffers[c] = g_malloc (BLOCK * patron_type_size (patron_column_get_type (column)));
      if (patron_column_has_dict (column))
        fine = (dicts[c] = patron_column_dict (column, error)) != NULL;
    }
  for (gsize start = 0; start < n_rows && fine; start += BLOCK)
    {
      fine = write_block (sheet, table, start, MIN (BLOCK, n_rows - start), buffers, dicts, error);
      if (fine && run != NULL)
        {
          patron_run_progress (run, (double) start / n_rows);
          fine = patron_run_check (run, error);
        }
    }
  for (guint c = 0; c < n_columns; c++)
    g_free (buffers[c]);
  return fine;
}

gboolean
patron_write_xlsx (PatronTable *table, const char *path, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  gsize n_rows = patron_table_n_rows (table);
  guint n_columns = patron_table_n_columns (table);
  if (n_rows > MAX_ROWS || n_columns > MAX_COLUMNS)
    {
      g_autofree char *rows = patron_format_number (PATRON_FORMAT_COUNT, (double) n_rows), *columns = patron_format_number (PATRON_FORMAT_COUNT, n_columns);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("A workbook holds no more than 1,048,575 rows and 16,384 columns, and the table has %s and %s. Write CSV instead."), rows, columns);
      return FALSE;
    }
  lxw_workbook_options book_options = { .constant_memory = LXW_TRUE };
  lxw_workbook *book = workbook_new_opt (path, &book_options);
  Sheet sheet = { .options = options };
  sheet.sheet = book != NULL ? workbook_add_worksheet (book, NULL) : NULL;
  if (sheet.sheet == NULL)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be written."), path);
      return FALSE;
    }
  sheet.date = workbook_add_format (book);
  format_set_num_format (sheet.date, "yyyy-mm-dd");
  sheet.time = workbook_add_format (book);
  format_set_num_format (sheet.time, "yyyy-mm-dd hh:mm:ss");
  sheet.duration = workbook_add_format (book);
  format_set_num_format (sheet.duration, "[h]:mm:ss");
  g_autofree lxw_format **numbers = g_new0 (lxw_format *, n_columns + 1);
  sheet.numbers = numbers;
  choose_number_formats (&sheet, book, table);
  write_header (&sheet, book, table);
  gboolean fine = write_rows (&sheet, table, run, error);
  /* The library's own words name its parts; what the system says is what helps. */
  errno = 0;
  lxw_error status = workbook_close (book);
  const int cause = errno;
  if (fine && status != LXW_NO_ERROR)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The file could not be written: %s."), cause != 0 ? g_strerror (cause) : lxw_strerror (status));
      return FALSE;
    }
  return fine;
}
