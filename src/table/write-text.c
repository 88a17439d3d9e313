/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "table/parse-number.h"

/* Rows that one worker turns into text at a time, and how many such pieces wait for the disk together. */
#define PIECE_ROWS ((gsize) 8192)
#define PIECES 16

typedef struct
{
  PatronTable              *table;
  const PatronWriteOptions *options;
  char                      delimiter;     /* '\0': JSON lines */
  gsize                     first_row;     /* of this round */
  gsize                     n_rows;        /* of the table */
  GString                  *pieces[PIECES];
  char                    **keys;          /* JSON: "\"name\":" */
  GMutex                    lock;
  GError                   *error;         /* under lock: the first */
} Writer;

/* One column's values of a piece. */
typedef struct
{
  PatronColumn *column;
  PatronType    type;
  gsize         size;
  char         *values;
  PatronDict   *dict;
  const char   *before, *after;   /* the unit */
} Cells;

static void
append_integer (GString *out, gint64 value)
{
  char digits[24], *p = digits + sizeof digits;
  guint64 rest = value < 0 ? -(guint64) value : (guint64) value;
  do
    *--p = '0' + rest % 10;
  while ((rest /= 10) > 0);
  if (value < 0)
    *--p = '-';
  g_string_append_len (out, p, digits + sizeof digits - p);
}

static gboolean
is_missing (PatronType type, gconstpointer value)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return isnan (*(const double *) value);
    case PATRON_TYPE_BOOLEAN:
      return *(const guint8 *) value == PATRON_BOOLEAN_MISSING;
    case PATRON_TYPE_DATE:
      return *(const gint32 *) value == PATRON_DATE_MISSING;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return *(const gint32 *) value < 0;
    default:
      return *(const gint64 *) value == PATRON_INTEGER_MISSING;
    }
}

/* Numbers, dates and truth values as patron_column_format() has them. */
static void
append_plain (GString *out, const Cells *cells, gsize row, const char *value)
{
  char buffer[64];
  switch (cells->type)
    {
    case PATRON_TYPE_NUMBER:
      g_string_append_len (out, buffer, patron_double_format (*(const double *) value, buffer));
      break;
    case PATRON_TYPE_INTEGER:
      append_integer (out, *(const gint64 *) value);
      break;
    case PATRON_TYPE_BOOLEAN:
      g_string_append (out, *(const guint8 *) value ? "true" : "false");
      break;
    case PATRON_TYPE_DATE:
      g_string_append_len (out, buffer, patron_date_format (*(const gint32 *) value, buffer));
      break;
    case PATRON_TYPE_TIME:
      g_string_append_len (out, buffer, patron_time_format (*(const gint64 *) value, buffer));
      break;
    default:
      {
        g_autofree char *text = patron_column_format (cells->column, row);
        g_string_append (out, text);
      }
    }
}

/* RFC 4180: quoted when it holds a delimiter, a quotation mark or a line break; blanks at the ends and the empty text are quoted too, so that
 * they are read back as they are. */
static void
append_field (GString *out, const char *text, gsize length, char delimiter, gboolean defuse)
{
  gboolean apostrophe = defuse && patron_text_is_formula (text);
  gboolean quote = length == 0 || text[0] == ' ' || text[0] == '\t' || text[length - 1] == ' ' || text[length - 1] == '\t' || text[0] == '#';
  for (gsize i = 0; i < length && !quote; i++)
    quote = text[i] == delimiter || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
  if (quote)
    g_string_append_c (out, '"');
  if (apostrophe)
    g_string_append_c (out, '\'');
  if (!quote)
    g_string_append_len (out, text, length);
  else
    for (gsize i = 0; i < length; i++)
      {
        if (text[i] == '"')
          g_string_append_c (out, '"');
        g_string_append_c (out, text[i]);
      }
  if (quote)
    g_string_append_c (out, '"');
}

static void
append_json (GString *out, const char *text, gsize length)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < length; i++)
    {
      guchar c = text[i];
      if (c == '"' || c == '\\')
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, c);
        }
      else if (c == '\n')
        g_string_append (out, "\\n");
      else if (c == '\t')
        g_string_append (out, "\\t");
      else if (c == '\r')
        g_string_append (out, "\\r");
      else if (c < ' ')
        g_string_append_printf (out, "\\u%04x", c);
      else
        g_string_append_c (out, c);
    }
  g_string_append_c (out, '"');
}

static gboolean
has_text (PatronType type)
{
  return type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT;
}

static void
append_delimited_cell (const Writer *writer, GString *out, const Cells *cells, gsize row, const char *value)
{
  if (is_missing (cells->type, value))
    return;
  if (has_text (cells->type))
    {
      gint32 code = *(const gint32 *) value;
      append_field (out, patron_dict_get (cells->dict, code), patron_dict_length (cells->dict, code), writer->delimiter, writer->options->defuse_formulas);
      return;
    }
  gsize start = out->len;
  g_string_append (out, cells->before);
  append_plain (out, cells, row, value);
  g_string_append (out, cells->after);
  /* A minus belongs before the sign of the currency. */
  if (*cells->before != '\0' && out->str[start + strlen (cells->before)] == '-')
    {
      memmove (out->str + start + 1, out->str + start, strlen (cells->before));
      out->str[start] = '-';
    }
}

static void
append_json_cell (GString *out, const Cells *cells, gsize row, const char *value)
{
  if (is_missing (cells->type, value))
    g_string_append (out, "null");
  else if (has_text (cells->type))
    append_json (out, patron_dict_get (cells->dict, *(const gint32 *) value), patron_dict_length (cells->dict, *(const gint32 *) value));
  else
    {
      gboolean bare = cells->type == PATRON_TYPE_INTEGER || cells->type == PATRON_TYPE_BOOLEAN || (cells->type == PATRON_TYPE_NUMBER && isfinite (*(const double *) value));
      if (!bare)
        g_string_append_c (out, '"');
      append_plain (out, cells, row, value);
      if (!bare)
        g_string_append_c (out, '"');
    }
}

static void
keep_error (Writer *writer, GError *error)
{
  g_mutex_lock (&writer->lock);
  if (writer->error == NULL)
    writer->error = error;
  else
    g_error_free (error);
  g_mutex_unlock (&writer->lock);
}

/* Columns rows start … start+n-1. */
static Cells *
read_cells (Writer *writer, gsize start, gsize n)
{
  guint n_columns = patron_table_n_columns (writer->table);
  Cells *cells = g_new0 (Cells, n_columns);
  GError *error = NULL;
  for (guint c = 0; c < n_columns && error == NULL; c++)
    {
      PatronColumn *column = patron_table_column (writer->table, c);
      cells[c] = (Cells) { .column = column, .type = patron_column_get_type (column), .before = "", .after = "" };
      cells[c].size = patron_type_size (cells[c].type);
      cells[c].values = patron_try_alloc (n, cells[c].size, "output", &error);
      if (cells[c].values == NULL || !patron_column_read (column, start, n, cells[c].values, &error))
        break;
      if (has_text (cells[c].type))
        cells[c].dict = patron_column_dict (column, &error);
      const char *unit = patron_column_get_unit (column);
      if (unit == NULL || !writer->options->units || (cells[c].type != PATRON_TYPE_NUMBER && cells[c].type != PATRON_TYPE_INTEGER))
        continue;
      if (strcmp (unit, "%") == 0)
        cells[c].after = unit;
      for (guint i = 0; patron_currency_signs[i] != NULL; i++)
        if (strcmp (unit, patron_currency_signs[i]) == 0)
          cells[c].before = unit;
    }
  if (error != NULL)
    keep_error (writer, error);
  return cells;
}

static void
free_cells (Cells *cells, guint n)
{
  for (guint c = 0; c < n; c++)
    patron_free (cells[c].values);
  g_free (cells);
}

static void
append_row (const Writer *writer, GString *out, const Cells *cells, guint n_columns, gsize start, gsize r)
{
  if (writer->delimiter == '\0')
    {
      for (guint c = 0; c < n_columns; c++)
        {
          g_string_append_c (out, c == 0 ? '{' : ',');
          g_string_append (out, writer->keys[c]);
          append_json_cell (out, &cells[c], start + r, cells[c].values + r * cells[c].size);
        }
      g_string_append (out, n_columns == 0 ? "{}\n" : "}\n");
      return;
    }
  for (guint c = 0; c < n_columns; c++)
    {
      if (c > 0)
        g_string_append_c (out, writer->delimiter);
      append_delimited_cell (writer, out, &cells[c], start + r, cells[c].values + r * cells[c].size);
    }
  g_string_append_c (out, '\n');
}

static void
format_pieces (gsize begin, gsize end, int worker, gpointer data)
{
  Writer *writer = data;
  guint n_columns = patron_table_n_columns (writer->table);
  for (gsize i = begin; i < end; i++)
    {
      GString *out = writer->pieces[i];
      gsize start = writer->first_row + i * PIECE_ROWS;
      g_string_truncate (out, 0);
      if (start >= writer->n_rows)
        continue;
      gsize n = MIN (PIECE_ROWS, writer->n_rows - start);
      Cells *cells = read_cells (writer, start, n);
      for (gsize r = 0; r < n && g_atomic_pointer_get (&writer->error) == NULL; r++)
        append_row (writer, out, cells, n_columns, start, r);
      free_cells (cells, n_columns);
    }
}

static void
append_header (const Writer *writer, GString *out)
{
  for (guint c = 0; c < patron_table_n_columns (writer->table); c++)
    {
      const char *name = patron_column_get_name (patron_table_column (writer->table, c));
      if (c > 0)
        g_string_append_c (out, writer->delimiter);
      append_field (out, name, strlen (name), writer->delimiter, writer->options->defuse_formulas);
    }
  g_string_append_c (out, '\n');
}

static gboolean
write_all (Writer *writer, FILE *file, PatronRun *run, GError **error)
{
  g_autoptr (GString) header = g_string_new (NULL);
  if (writer->delimiter != '\0')
    append_header (writer, header);
  gboolean fine = fwrite (header->str, 1, header->len, file) == header->len;
  for (gsize row = 0; row < writer->n_rows && fine; row += PIECES * PIECE_ROWS)
    {
      writer->first_row = row;
      gsize left = writer->n_rows - row;
      gsize n = MIN (PIECES, (left + PIECE_ROWS - 1) / PIECE_ROWS);
      patron_parallel_for (run, n, 1, format_pieces, writer);
      if (writer->error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&writer->error));
          return FALSE;
        }
      if (run != NULL && !patron_run_check (run, error))
        return FALSE;
      for (gsize i = 0; i < n && fine; i++)
        fine = fwrite (writer->pieces[i]->str, 1, writer->pieces[i]->len, file) == writer->pieces[i]->len;
      if (run != NULL)
        patron_run_progress (run, (double) row / writer->n_rows);
    }
  if (!fine)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The file could not be written: %s."), g_strerror (errno));
  return fine;
}

static gboolean
write_text (PatronTable *table, const char *path, char delimiter, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  Writer writer = { .table = table, .options = options, .delimiter = delimiter, .n_rows = patron_table_n_rows (table) };
  FILE *file = g_fopen (path, "wbe");
  if (file == NULL)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” cannot be written: %s."), path, g_strerror (errno));
      return FALSE;
    }
  guint n_columns = patron_table_n_columns (table);
  g_auto (GStrv) keys = g_new0 (char *, n_columns + 1);
  for (guint c = 0; c < n_columns; c++)
    {
      const char *name = patron_column_get_name (patron_table_column (table, c));
      GString *key = g_string_new (NULL);
      append_json (key, name, strlen (name));
      g_string_append_c (key, ':');
      keys[c] = g_string_free (key, FALSE);
    }
  writer.keys = keys;
  for (guint i = 0; i < PIECES; i++)
    writer.pieces[i] = g_string_new (NULL);
  g_mutex_init (&writer.lock);
  gboolean fine = write_all (&writer, file, run, error);
  for (guint i = 0; i < PIECES; i++)
    g_string_free (writer.pieces[i], TRUE);
  g_mutex_clear (&writer.lock);
  if (fclose (file) != 0 && fine)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The file could not be written: %s."), g_strerror (errno));
      fine = FALSE;
    }
  return fine;
}

gboolean
patron_write_delimited (PatronTable *table, const char *path, char delimiter, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  return write_text (table, path, delimiter, options, run, error);
}

gboolean
patron_write_jsonl (PatronTable *table, const char *path, const PatronWriteOptions *options, PatronRun *run, GError **error)
{
  return write_text (table, path, '\0', options, run, error);
}
