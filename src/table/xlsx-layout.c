/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/xlsx-private.h"

#include <string.h>

/* Rows of a title before the header are looked for among these. */
#define MAX_TITLE 30
#define MAX_HEADER 3

/* ---- references ---------------------------------------------------------------------------------------------- */

gsize
patron_xlsx_parse_cell (const char *text, gsize length, guint32 *row, guint32 *column)
{
  gsize at = 0;
  guint64 letters = 0, digits = 0;
  for (; at < length && g_ascii_isalpha (text[at]) && letters <= PATRON_XLSX_MAX_COLUMNS; at++)
    letters = letters * 26 + (g_ascii_toupper (text[at]) - 'A' + 1);
  for (; at < length && g_ascii_isdigit (text[at]) && digits <= PATRON_XLSX_MAX_ROWS; at++)
    digits = digits * 10 + (text[at] - '0');
  if (letters > PATRON_XLSX_MAX_COLUMNS || digits > PATRON_XLSX_MAX_ROWS)
    return 0;
  *column = letters > 0 ? (guint32) letters - 1 : G_MAXUINT32;
  *row = digits > 0 ? (guint32) digits - 1 : G_MAXUINT32;
  return at;
}

static void
order (guint32 *first, guint32 *last)
{
  if (*first <= *last)
    return;
  guint32 former = *first;
  *first = *last;
  *last = former;
}

gboolean
patron_xlsx_parse_area (const char *text, PatronXlsxArea *area)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++)
    if (*p != '$' && !g_ascii_isspace (*p))
      g_string_append_c (plain, *p);
  const char *colon = strchr (plain->str, ':');
  gsize length = colon != NULL ? (gsize) (colon - plain->str) : plain->len;
  if (length == 0 || patron_xlsx_parse_cell (plain->str, length, &area->first_row, &area->first_column) != length)
    return FALSE;
  area->last_row = PATRON_XLSX_MAX_ROWS - 1;
  area->last_column = PATRON_XLSX_MAX_COLUMNS - 1;
  if (colon != NULL)
    {
      guint32 row, column;
      gsize rest = strlen (colon + 1);
      if (rest == 0 || patron_xlsx_parse_cell (colon + 1, rest, &row, &column) != rest)
        return FALSE;
      area->last_row = MIN (row, area->last_row);
      area->last_column = MIN (column, area->last_column);
    }
  else if (area->first_row == G_MAXUINT32 || area->first_column == G_MAXUINT32)
    return FALSE;
  if (area->first_row == G_MAXUINT32)
    area->first_row = 0;
  if (area->first_column == G_MAXUINT32)
    area->first_column = 0;
  order (&area->first_row, &area->last_row);
  order (&area->first_column, &area->last_column);
  return TRUE;
}

/* ---- the head, as a grid of what stands in it ---------------------------------------------------------------- */

typedef struct
{
  const GPtrArray *head;       /* of PatronXlsxRow* */
  const GArray    *merges;     /* or NULL */
  guint32          first, last;  /* columns that have values */
} Head;

static const PatronXlsxRow *
row_at (const Head *head, guint r)
{
  return head->head->pdata[r];
}

/* The merged area whose first row is row and that covers column; NULL for none. */
static const PatronXlsxArea *
merge_at (const Head *head, guint32 row, guint32 column)
{
  for (guint i = 0; head->merges != NULL && i < head->merges->len; i++)
    {
      const PatronXlsxArea *area = &g_array_index (head->merges, PatronXlsxArea, i);
      if (row >= area->first_row && row <= area->last_row && column >= area->first_column && column <= area->last_column)
        return area;
    }
  return NULL;
}

/* Columns that a row fills, merged ones too; *n_values: cells that have a value of their own. */
static guint
width_of (const Head *head, guint r, guint *n_values)
{
  const PatronXlsxRow *row = row_at (head, r);
  guint width = 0;
  for (guint i = 0; i < row->cells->len; i++)
    {
      guint32 column = g_array_index (row->cells, PatronXlsxCell, i).column;
      const PatronXlsxArea *area = merge_at (head, row->index, column);
      width += area != NULL && area->first_column == column ? area->last_column - column + 1 : 1;
    }
  *n_values = row->cells->len;
  return width;
}

/* Rows that are a title: narrower than half of the widest, or one value over the whole width. */
static guint
count_title (const Head *head)
{
  guint n_values, widest = 0;
  for (guint r = 0; r < head->head->len; r++)
    widest = MAX (widest, row_at (head, r)->cells->len);
  if (widest < 2)
    return 0;
  guint n = 0;
  for (; n + 1 < MIN (head->head->len, MAX_TITLE); n++)
    {
      guint width = width_of (head, n, &n_values);
      if (n_values > 1 && width * 2 >= widest)
        return n;
    }
  return width_of (head, n, &n_values) * 2 >= widest && n_values > 1 ? n : 0;
}

static gboolean
is_year (const PatronXlsxCell *cell)
{
  return cell->kind == PATRON_XLSX_CELL_NUMBER && cell->number == rint (cell->number) && cell->number >= 1900 && cell->number <= 2100;
}

/* Names are texts; years and dates too where texts stand beside them and the rows below are not such. */
static gboolean
could_be_names (const Head *head, guint r)
{
  const PatronXlsxRow *row = row_at (head, r);
  guint n_texts = 0, n_dates = 0;
  for (guint i = 0; i < row->cells->len; i++)
    {
      const PatronXlsxCell *cell = &g_array_index (row->cells, PatronXlsxCell, i);
      n_texts += cell->kind == PATRON_XLSX_CELL_TEXT;
      n_dates += is_year (cell) || cell->kind == PATRON_XLSX_CELL_DATE;
    }
  if (n_texts == row->cells->len)
    return TRUE;
  if (n_texts == 0 || n_texts + n_dates < row->cells->len || r + 1 >= head->head->len)
    return FALSE;
  for (guint i = 0; i < row->cells->len; i++)
    {
      const PatronXlsxCell *cell = &g_array_index (row->cells, PatronXlsxCell, i);
      const PatronXlsxCell *below = patron_xlsx_row_find (row_at (head, r + 1), cell->column);
      if (cell->kind != PATRON_XLSX_CELL_TEXT && below != NULL && (is_year (below) || below->kind == cell->kind) && (is_year (cell) == is_year (below)))
        return FALSE;
    }
  return TRUE;
}

/* A row of names over another: it has cells merged across columns, or gaps that the next fills, all of it text. */
static gboolean
spans_columns (const Head *head, guint r)
{
  const PatronXlsxRow *row = row_at (head, r);
  for (guint i = 0; i < row->cells->len; i++)
    {
      guint32 column = g_array_index (row->cells, PatronXlsxCell, i).column;
      const PatronXlsxArea *area = merge_at (head, row->index, column);
      if (area != NULL && area->first_row <= row->index && area->last_column > area->first_column)
        return TRUE;
    }
  return FALSE;
}

static guint
count_header (const Head *head, guint title)
{
  guint n = 0;
  if (!could_be_names (head, title))
    return 0;
  for (n = 1; n < MAX_HEADER && title + n < head->head->len; n++)
    if (!spans_columns (head, title + n - 1) || !could_be_names (head, title + n))
      break;
  return n;
}

/* ---- names --------------------------------------------------------------------------------------------------- */

static char *
cell_text (const PatronXlsxRow *row, const PatronXlsxCell *cell)
{
  char buffer[48];
  switch (cell->kind)
    {
    case PATRON_XLSX_CELL_TEXT:
      return g_strndup (patron_xlsx_row_text (row, cell), cell->length);
    case PATRON_XLSX_CELL_NUMBER:
      patron_double_format (cell->number, buffer);
      return g_strdup (buffer);
    case PATRON_XLSX_CELL_BOOLEAN:
      return g_strdup (cell->integer ? "true" : "false");
    case PATRON_XLSX_CELL_DATE:
      patron_date_format ((gint32) cell->integer, buffer);
      return g_strdup (buffer);
    case PATRON_XLSX_CELL_TIME:
      patron_time_format (cell->integer, buffer);
      return g_strdup (buffer);
    default:
      return g_strdup ("");
    }
}

/* The name that row r gives to a column: its own cell's, or that of the merged area it lies in. upper: a row over others, where what stands left of a gap
 * goes on over it if merged areas are not known. */
static char *
name_from (const Head *head, guint r, guint32 column, gboolean upper)
{
  const PatronXlsxRow *row = row_at (head, r);
  const PatronXlsxCell *cell = patron_xlsx_row_find (row, column);
  const PatronXlsxArea *area = cell == NULL ? merge_at (head, row->index, column) : NULL;
  if (area != NULL && area->first_row == row->index)
    cell = patron_xlsx_row_find (row, area->first_column);
  for (guint32 left = column; cell == NULL && area == NULL && upper && head->merges == NULL && left > head->first; left--)
    cell = patron_xlsx_row_find (row, left - 1);
  return cell != NULL ? cell_text (row, cell) : g_strdup ("");
}

static char *
full_name (const Head *head, guint title, guint n_header, guint32 column)
{
  g_autoptr (GString) name = g_string_new (NULL);
  for (guint r = title; r < title + n_header; r++)
    {
      g_autofree char *part = name_from (head, r, column, r + 1 < title + n_header);
      g_strstrip (part);
      if (*part != '\0')
        g_string_append_printf (name, "%s%s", name->len > 0 ? " " : "", part);
    }
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static void
find_width (Head *head, guint from)
{
  head->first = G_MAXUINT32;
  head->last = 0;
  for (guint r = from; r < head->head->len; r++)
    {
      const GArray *cells = row_at (head, r)->cells;
      head->first = MIN (head->first, g_array_index (cells, PatronXlsxCell, 0).column);
      head->last = MAX (head->last, g_array_index (cells, PatronXlsxCell, cells->len - 1).column);
    }
  if (head->first == G_MAXUINT32)
    head->first = 0;
}

void
patron_xlsx_layout_find (PatronXlsxLayout *layout, const GPtrArray *rows, const GArray *merges, int n_header, gboolean whole_area)
{
  Head head = { .head = rows, .merges = merges };
  memset (layout, 0, sizeof *layout);
  find_width (&head, 0);
  if (rows->len > 0 && !whole_area)
    layout->n_title = count_title (&head);
  if (rows->len > 0)
    layout->n_header = n_header >= 0 ? MIN ((guint) n_header, rows->len - layout->n_title) : count_header (&head, layout->n_title);
  find_width (&head, layout->n_title);
  layout->first_column = head.first;
  guint n = rows->len > 0 ? head.last - head.first + 1 : 0;
  layout->names = g_new0 (char *, n + 1);
  for (guint c = 0; c < n; c++)
    layout->names[c] = full_name (&head, layout->n_title, layout->n_header, head.first + c);
}

void
patron_xlsx_layout_clear (PatronXlsxLayout *layout)
{
  g_strfreev (layout->names);
  memset (layout, 0, sizeof *layout);
}
