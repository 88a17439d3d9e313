/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/xlsx-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "table/parse-date.h"
#include "table/parse-number.h"

/* Days from 1970-01-01 of serial number 0 in the two date systems (ECMA-376 part 1, 18.17.4.1). In the first, 1900 counts as a leap year. */
#define EPOCH_1900 (-25569)
#define EPOCH_1904 (-24107)
#define FALSE_LEAP_DAY 60

typedef struct
{
  PatronXlsxBook       *book;
  const PatronXlsxArea *area;            /* NULL: all */
  gboolean            (*take) (const PatronXlsxRow *row, gpointer user);
  gpointer              user;
  PatronXlsxRow        *row;
  const xmlChar        *name_c, *name_v, *name_t, *name_row, *name_r, *name_s, *name_is, *name_phonetic;   /* interned by the parser */
  GString              *value;
  char                  type;            /* of the cell: n, s (shared), t (text), b, e, d (ISO date) */
  guint32               style, row_index, column;
  guint                 text_depth, phonetic;
  gboolean              in_cell, ended, failed;
} Sheet;

PatronXlsxRow *
patron_xlsx_row_new (void)
{
  PatronXlsxRow *row = g_new0 (PatronXlsxRow, 1);
  row->cells = g_array_new (FALSE, TRUE, sizeof (PatronXlsxCell));
  row->texts = g_string_new (NULL);
  return row;
}

void
patron_xlsx_row_free (PatronXlsxRow *row)
{
  g_array_unref (row->cells);
  g_string_free (row->texts, TRUE);
  g_free (row);
}

const PatronXlsxCell *
patron_xlsx_row_find (const PatronXlsxRow *row, guint32 column)
{
  for (guint i = 0; i < row->cells->len; i++)
    {
      const PatronXlsxCell *cell = &g_array_index (row->cells, PatronXlsxCell, i);
      if (cell->column == column)
        return cell;
    }
  return NULL;
}

const char *
patron_xlsx_row_text (const PatronXlsxRow *row, const PatronXlsxCell *cell)
{
  return row->texts->str + cell->text;
}

/* ---- values -------------------------------------------------------------------------------------------------- */

static void
add_text (Sheet *sheet, PatronXlsxCell *cell, const char *text, gsize length)
{
  gsize blanks = 0;
  while (blanks < length && g_ascii_isspace (text[blanks]))
    blanks++;
  if (blanks == length)
    return;
  cell->kind = PATRON_XLSX_CELL_TEXT;
  cell->text = (guint32) sheet->row->texts->len;
  cell->length = (guint32) length;
  g_string_append_len (sheet->row->texts, text, length);
  g_string_append_c (sheet->row->texts, '\0');
  g_array_append_val (sheet->row->cells, *cell);
}

/* A day by its serial number; FALSE for one that no calendar has: 0, 29 February 1900, and beyond the year 9999. */
static gboolean
day_of (const Sheet *sheet, double serial, gint32 *days)
{
  double whole = floor (serial);
  if (sheet->book->from_1904)
    {
      *days = (gint32) whole + EPOCH_1904;
      return whole >= 0 && whole <= 2957003;
    }
  *days = (gint32) whole + EPOCH_1900 + (whole < FALSE_LEAP_DAY);
  return whole >= 1 && whole <= 2958465 && whole != FALSE_LEAP_DAY;
}

/* Spreadsheets keep times to the millisecond. */
static gint64
to_microseconds (double days)
{
  return (gint64) rint (days * 86400e3) * 1000;
}

static void
set_moment (const Sheet *sheet, PatronXlsxCell *cell, PatronXlsxFormat format, double serial)
{
  double whole = floor (serial), part = serial - whole;
  gint64 clock = to_microseconds (part);
  gint32 days;
  if (format == PATRON_XLSX_ELAPSED || (format == PATRON_XLSX_CLOCK && whole == 0))
    {
      cell->kind = PATRON_XLSX_CELL_DURATION;
      cell->integer = to_microseconds (serial);
    }
  else if (!day_of (sheet, serial, &days))
    cell->kind = PATRON_XLSX_CELL_ERROR;
  else if (format == PATRON_XLSX_DATE && clock == 0)
    {
      cell->kind = PATRON_XLSX_CELL_DATE;
      cell->integer = days;
    }
  else
    {
      cell->kind = PATRON_XLSX_CELL_TIME;
      cell->integer = days * G_GINT64_CONSTANT (86400000000) + clock;
    }
}

static void
add_number (Sheet *sheet, PatronXlsxCell *cell)
{
  const GArray *styles = sheet->book->styles;
  const PatronXlsxStyle *style = sheet->style < styles->len ? &g_array_index (styles, PatronXlsxStyle, sheet->style) : NULL;
  char *text = g_strstrip (sheet->value->str);
  gsize length = strlen (text);
  if (length == 0)
    return;
  if (!patron_parse_double (text, length, &cell->number) || !isfinite (cell->number))
    cell->kind = PATRON_XLSX_CELL_ERROR;
  else if (style != NULL && style->format != PATRON_XLSX_NUMBER && style->format != PATRON_XLSX_TEXT && fabs (cell->number) < 1e7)
    set_moment (sheet, cell, style->format, cell->number);
  else
    {
      cell->kind = PATRON_XLSX_CELL_NUMBER;
      cell->unit = style != NULL ? style->unit : "";
    }
  g_array_append_val (sheet->row->cells, *cell);
}

static void
add_iso_date (Sheet *sheet, PatronXlsxCell *cell)
{
  PatronDateValue value;
  if (!patron_parse_date (sheet->value->str, sheet->value->len, PATRON_DATE_YMD, &value))
    {
      add_text (sheet, cell, sheet->value->str, sheet->value->len);
      return;
    }
  cell->kind = value.has_time ? PATRON_XLSX_CELL_TIME : PATRON_XLSX_CELL_DATE;
  cell->integer = value.has_time ? value.microseconds : value.days;
  g_array_append_val (sheet->row->cells, *cell);
}

static void
add_shared (Sheet *sheet, PatronXlsxCell *cell)
{
  const PatronXlsxBook *book = sheet->book;
  gint64 index;
  char *text = g_strstrip (sheet->value->str);
  if (patron_parse_int64 (text, strlen (text), &index) && index >= 0 && (gsize) index < book->n_strings)
    {
      const gsize *at = book->offsets + index;
      add_text (sheet, cell, book->bytes + at[0], at[1] - at[0] - 1);
      return;
    }
  if (*text == '\0')
    return;
  cell->kind = PATRON_XLSX_CELL_ERROR;
  g_array_append_val (sheet->row->cells, *cell);
}

static void
add_cell (Sheet *sheet)
{
  PatronXlsxCell cell = { .column = sheet->column, .unit = "" };
  const GArray *cells = sheet->row->cells;
  if (cells->len > 0 && g_array_index (cells, PatronXlsxCell, cells->len - 1).column >= sheet->column)
    return;
  switch (sheet->type)
    {
    case 's':
      add_shared (sheet, &cell);
      break;
    case 't':
      patron_xlsx_unescape (sheet->value);
      add_text (sheet, &cell, sheet->value->str, sheet->value->len);
      break;
    case 'b':
      cell.kind = PATRON_XLSX_CELL_BOOLEAN;
      cell.integer = sheet->value->str[0] == '1' || sheet->value->str[0] == 't';
      if (sheet->value->len > 0)
        g_array_append_val (sheet->row->cells, cell);
      break;
    case 'e':
      cell.kind = PATRON_XLSX_CELL_ERROR;
      g_array_append_val (sheet->row->cells, cell);
      break;
    case 'd':
      add_iso_date (sheet, &cell);
      break;
    default:
      add_number (sheet, &cell);
    }
}

/* ---- elements ------------------------------------------------------------------------------------------------ */

static void
start_row (Sheet *sheet, int n, const xmlChar **attributes)
{
  guint32 index = sheet->row_index + 1;
  for (int i = 0; i < n; i++)
    if (attributes[5 * i] == sheet->name_r)
      {
        gint64 number;
        if (patron_parse_int64 ((const char *) attributes[5 * i + 3], attributes[5 * i + 4] - attributes[5 * i + 3], &number)
            && number > 0 && number <= PATRON_XLSX_MAX_ROWS)
          index = (guint32) number - 1;
      }
  /* Rows out of order would shift or double what is already read. */
  sheet->failed |= sheet->row_index != G_MAXUINT32 && index <= sheet->row_index;
  sheet->failed |= index >= PATRON_XLSX_MAX_ROWS;
  sheet->row_index = index;
  sheet->column = G_MAXUINT32;
  g_array_set_size (sheet->row->cells, 0);
  g_string_truncate (sheet->row->texts, 0);
  sheet->row->index = index;
}

static char
type_of (const char *text, gsize length)
{
  static const struct { const char *name; char type; } types[] = { { "s", 's' }, { "str", 't' }, { "inlineStr", 't' }, { "b", 'b' }, { "e", 'e' }, { "d", 'd' } };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strlen (types[i].name) == length && memcmp (types[i].name, text, length) == 0)
      return types[i].type;
  return 'n';
}

static void
start_cell (Sheet *sheet, int n, const xmlChar **attributes)
{
  guint32 column = sheet->column + 1;
  sheet->type = 'n';
  sheet->style = 0;
  for (int i = 0; i < n; i++)
    {
      const char *text = (const char *) attributes[5 * i + 3];
      gsize length = attributes[5 * i + 4] - attributes[5 * i + 3];
      gint64 number;
      guint32 row;
      if (attributes[5 * i] == sheet->name_r)
        patron_xlsx_parse_cell (text, length, &row, &column);
      else if (attributes[5 * i] == sheet->name_t)
        sheet->type = type_of (text, length);
      else if (attributes[5 * i] == sheet->name_s && patron_parse_int64 (text, length, &number))
        sheet->style = (guint32) CLAMP (number, 0, G_MAXUINT32);
    }
  sheet->column = column;
  sheet->in_cell = column < PATRON_XLSX_MAX_COLUMNS;
  if (sheet->area != NULL)
    sheet->in_cell &= column >= sheet->area->first_column && column <= sheet->area->last_column && sheet->row_index >= sheet->area->first_row
                      && sheet->row_index <= sheet->area->last_row;
  g_string_truncate (sheet->value, 0);
}

static void
start_element (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns, const xmlChar **ns, int n, int n_default, const xmlChar **attributes)
{
  xmlParserCtxt *parser = context;
  Sheet *sheet = parser->_private;
  if (sheet->name_c == NULL)
    {
      sheet->name_c = xmlDictLookup (parser->dict, (const xmlChar *) "c", -1);
      sheet->name_v = xmlDictLookup (parser->dict, (const xmlChar *) "v", -1);
      sheet->name_t = xmlDictLookup (parser->dict, (const xmlChar *) "t", -1);
      sheet->name_r = xmlDictLookup (parser->dict, (const xmlChar *) "r", -1);
      sheet->name_s = xmlDictLookup (parser->dict, (const xmlChar *) "s", -1);
      sheet->name_row = xmlDictLookup (parser->dict, (const xmlChar *) "row", -1);
      sheet->name_phonetic = xmlDictLookup (parser->dict, (const xmlChar *) "rPh", -1);
    }
  if (name == sheet->name_c)
    start_cell (sheet, n, attributes);
  else if (name == sheet->name_v || name == sheet->name_t)
    sheet->text_depth++;
  else if (name == sheet->name_row)
    start_row (sheet, n, attributes);
  else if (name == sheet->name_phonetic)
    sheet->phonetic++;
}

static void
end_element (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  Sheet *sheet = ((xmlParserCtxt *) context)->_private;
  if (name == sheet->name_v || name == sheet->name_t)
    sheet->text_depth -= sheet->text_depth > 0;
  else if (name == sheet->name_phonetic)
    sheet->phonetic -= sheet->phonetic > 0;
  else if (name == sheet->name_c)
    {
      if (sheet->in_cell && !sheet->ended)
        add_cell (sheet);
      sheet->in_cell = FALSE;
    }
  else if (name == sheet->name_row && sheet->row->cells->len > 0 && !sheet->ended && !sheet->failed)
    sheet->ended = !sheet->take (sheet->row, sheet->user);
  if (sheet->area != NULL && sheet->row_index != G_MAXUINT32 && sheet->row_index > sheet->area->last_row)
    sheet->ended = TRUE;
  if (sheet->ended || sheet->failed)
    xmlStopParser (context);
}

static void
characters (void *context, const xmlChar *text, int length)
{
  Sheet *sheet = ((xmlParserCtxt *) context)->_private;
  if (sheet->in_cell && sheet->text_depth > 0 && sheet->phonetic == 0)
    g_string_append_len (sheet->value, (const char *) text, length);
}

static gboolean
more (gpointer user)
{
  const Sheet *sheet = user;
  return !sheet->ended && !sheet->failed;
}

gboolean
patron_xlsx_sheet_read (PatronXlsxBook *book, const PatronXlsxSheet *info, const PatronXlsxArea *area, gboolean (*take) (const PatronXlsxRow *row, gpointer user),
                        gpointer user, PatronRun *run, GError **error)
{
  g_autoptr (GString) value = g_string_new (NULL);
  Sheet sheet = { .book = book, .area = area, .take = take, .user = user, .row = patron_xlsx_row_new (), .value = value, .row_index = G_MAXUINT32 };
  xmlSAXHandler handler = { .startElementNs = start_element, .endElementNs = end_element, .characters = characters, .ignorableWhitespace = characters,
                            .cdataBlock = characters };
  PatronXlsxStream stream = { .path = book->path, .member = info->member, .what = N_("the sheet"), .handler = &handler, .user = &sheet, .more = more, .run = run };
  gboolean fine = patron_xlsx_stream (&stream, NULL, error);
  patron_xlsx_row_free (sheet.row);
  if (fine && sheet.failed)
    {
      g_autofree char *base = g_filename_display_basename (book->path);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is damaged: the rows of sheet “%s” are not in order at row %u."), base, info->name,
                   sheet.row_index + 1);
      return FALSE;
    }
  return fine;
}
