/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/pdf-private.h"

#include "draw/document-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LARGEST_SIZE 8.5
#define SMALLEST_SIZE 6.5
/* Of a table that has to be set in parts all the same. */
#define SPLIT_SIZE 7.5
#define COLUMN_GAP 10.0
#define ROW_PADDING 3.0
/* A text column is never made narrower than this, one of sentences never narrower than that. */
#define NARROWEST_TEXT 56.0
#define NARROWEST_SENTENCE 130.0
/* What no longer fits in this many lines of a cell is cut with an ellipsis. */
#define MAX_LINES 6

typedef struct
{
  PatronPages             *pages;
  const PatronReportTable *table;
  guint                    n_columns, n_rows;
  char                   **texts;      /* (n_rows + 1) × n_columns, the first row holds the labels */
  gboolean                *numeric;
  double                  *widths;     /* of the columns as set */
  double                   size;
} Setter;

static const char *
cell_text (const Setter *self, guint row, guint column)
{
  return self->texts[row * self->n_columns + column];
}

static PangoLayout *
set_cell (Setter *self, guint row, guint column)
{
  PangoLayout *layout = patron_pages_type (self->pages, cell_text (self, row, column), self->size, row == 0, self->widths[column]);
  if (self->numeric[column])
    pango_layout_set_alignment (layout, PANGO_ALIGN_RIGHT);
  pango_layout_set_height (layout, -MAX_LINES);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  return layout;
}

static double
natural_width (Setter *self, guint row, guint column)
{
  double width, height;
  g_autoptr(PangoLayout) layout = patron_pages_type (self->pages, cell_text (self, row, column), self->size, row == 0, 0);
  patron_type_measure (layout, &width, &height);
  return ceil (width + 0.5);
}

/* The widest word: a label may break between words, but not within; a Chinese one anywhere, but not after each character. */
static double
label_width (Setter *self, guint column)
{
  g_auto(GStrv) words = g_strsplit (cell_text (self, 0, column), " ", -1);
  double widest = 0, width, height;
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autoptr(PangoLayout) layout = patron_pages_type (self->pages, words[i], self->size, TRUE, 0);
      patron_type_measure (layout, &width, &height);
      if (g_unichar_iswide (g_utf8_get_char (words[i])))
        width = MIN (width, 4.2 * self->size);
      widest = MAX (widest, width);
    }
  return ceil (MIN (widest, 120) + 0.5);
}

/* Least and natural width of each column at the present size: numbers do not break, texts and labels do. */
static void
find_widths (Setter *self, double *least, double *natural)
{
  for (guint c = 0; c < self->n_columns; c++)
    {
      double widest = 0;
      for (guint r = 1; r <= self->n_rows; r++)
        widest = MAX (widest, natural_width (self, r, c));
      natural[c] = MAX (widest, natural_width (self, 0, c));
      least[c] = MAX (label_width (self, c), self->numeric[c] ? widest : MIN (widest, widest > 2 * NARROWEST_SENTENCE ? NARROWEST_SENTENCE : NARROWEST_TEXT));
      natural[c] = MAX (natural[c], least[c]);
    }
}

static double
sum_widths (const double *widths, guint first, guint end)
{
  double sum = 0;
  for (guint c = first; c < end; c++)
    sum += widths[c] + COLUMN_GAP;
  return sum;
}

/* Widths of columns 0 and first … end-1 so that they fill no more than the page: natural where possible, else between least and natural
 * in proportion. */
static void
share_width (Setter *self, const double *least, const double *natural, guint first, guint end)
{
  double room = patron_pages_width (self->pages) + COLUMN_GAP, wanted = natural[0] + COLUMN_GAP + sum_widths (natural, first, end);
  double needed = least[0] + COLUMN_GAP + sum_widths (least, first, end);
  double part = wanted > room && wanted > needed ? CLAMP ((room - needed) / (wanted - needed), 0, 1) : 1;
  for (guint c = 0; c < end; c++)
    if (c == 0 || c >= first)
      self->widths[c] = least[c] + part * (natural[c] - least[c]);
}

/* The end of the columns that fit beside the first one into room, at least one. */
static guint
group_end (const Setter *self, const double *least, guint first, double room)
{
  guint end = first;
  room += COLUMN_GAP - least[0] - COLUMN_GAP;
  while (end < self->n_columns)
    {
      room -= least[end] + COLUMN_GAP;
      if (room < 0 && end > first)
        break;
      end++;
    }
  return end;
}

static guint
count_groups (const Setter *self, const double *least, double room)
{
  guint n = 0;
  for (guint first = 1; first < self->n_columns; n++)
    first = group_end (self, least, first, room);
  return n;
}

/* The narrowest room that needs no more parts than the whole page does: parts of about the same width. */
static double
balanced_room (const Setter *self, const double *least)
{
  double room = patron_pages_width (self->pages);
  guint n = count_groups (self, least, room);
  while (n > 1 && room > least[0] + 40 && count_groups (self, least, room - 4) == n)
    room -= 4;
  return room;
}

/* Nothing in columns first … end-1: in a part of a table such a row says nothing. */
static gboolean
row_is_empty (const Setter *self, guint row, guint first, guint end)
{
  for (guint c = first; c < end; c++)
    if (*cell_text (self, row, c) != '\0' && !g_str_equal (cell_text (self, row, c), "–"))
      return FALSE;
  return TRUE;
}

static void
draw_bar (Setter *self, guint row, guint column, double x)
{
  double share = row > 0 ? patron_report_cell_bar (self->table, row - 1, column) : 0;
  if (share <= 0)
    return;
  double width = share * self->widths[column];   /* as tall as the number, however tall the row */
  cairo_rectangle (self->pages->cr, x + self->widths[column] - width, self->pages->y + ROW_PADDING * 0.5, width, self->size * 1.3 + ROW_PADDING * 0.5);
  patron_colour_set (self->pages->cr, &self->pages->theme->sequential[1], 0.55);
  cairo_fill (self->pages->cr);
}

static double
row_height (Setter *self, guint row, guint first, guint end)
{
  double tallest = 0, width, height;
  for (guint c = 0; c < end; c++)
    if (c == 0 || c >= first)
      {
        g_autoptr(PangoLayout) layout = set_cell (self, row, c);
        patron_type_measure (layout, &width, &height);
        tallest = MAX (tallest, height);
      }
  return tallest + 2 * ROW_PADDING;
}

static void
draw_row (Setter *self, guint row, guint first, guint end, double height)
{
  PatronPages *pages = self->pages;
  double x = PATRON_PAGE_MARGIN, right = x, width, cell_height;
  for (guint c = 0; c < end; c++)
    {
      if (c > 0 && c < first)
        continue;
      g_autoptr(PangoLayout) layout = set_cell (self, row, c);
      draw_bar (self, row, c, x);
      patron_type_measure (layout, &width, &cell_height);
      patron_colour_set (pages->cr, row == 0 ? &pages->theme->dim : &pages->theme->text, 1);
      /* Labels stand on the line below them; cells hang from the line above. */
      patron_type_show (pages->cr, layout, x, pages->y + (row == 0 ? height - cell_height - ROW_PADDING : ROW_PADDING));
      right = x + self->widths[c];
      x += self->widths[c] + COLUMN_GAP;
    }
  pages->y += height;
  pages->empty = FALSE;
  cairo_set_line_width (pages->cr, row == 0 ? 0.8 : 0.4);
  cairo_move_to (pages->cr, PATRON_PAGE_MARGIN, pages->y);
  cairo_line_to (pages->cr, right, pages->y);
  patron_colour_set (pages->cr, row == 0 ? &pages->theme->axis : &pages->theme->grid, 1);
  cairo_stroke (pages->cr);
}

static void
draw_group (Setter *self, guint first, guint end)
{
  double header = row_height (self, 0, first, end);
  for (guint row = 0; row <= self->n_rows; row++)
    {
      if (row > 0 && first > 1 && row_is_empty (self, row, first, end))
        continue;
      double height = row == 0 ? header : row_height (self, row, first, end);
      /* The header never stands alone at the foot of a page. */
      double needed = row == 0 ? header + (self->n_rows > 0 ? MIN (3, self->n_rows) * height : 0) : height;
      if (patron_pages_left (self->pages) < needed && !self->pages->empty)
        {
          patron_pages_break (self->pages);
          if (row > 0)
            draw_row (self, 0, first, end, header);
        }
      draw_row (self, row, first, end, height);
    }
}

static void
setter_init (Setter *self, PatronPages *pages, const PatronReportTable *table)
{
  *self = (Setter) { .pages = pages, .table = table, .n_columns = table->columns->len, .n_rows = MIN (table->rows->len, pages->max_rows) };
  self->texts = g_new0 (char *, (self->n_rows + 1) * self->n_columns + 1);
  self->numeric = g_new0 (gboolean, self->n_columns);
  self->widths = g_new0 (double, self->n_columns);
  for (guint c = 0; c < self->n_columns; c++)
    {
      self->numeric[c] = patron_report_column_is_numeric (table, c);
      self->texts[c] = patron_text_render (g_array_index (table->columns, PatronReportColumn, c).label);
      for (guint r = 0; r < self->n_rows; r++)
        self->texts[(r + 1) * self->n_columns + c] = patron_cell_render (patron_report_table_cell (table, r, c));
    }
}

static void
setter_clear (Setter *self)
{
  for (guint i = 0; i < (self->n_rows + 1) * self->n_columns; i++)
    g_free (self->texts[i]);
  g_free (self->texts);
  g_free (self->numeric);
  g_free (self->widths);
}

void
patron_pages_table (PatronPages *pages, const PatronReportTable *table)
{
  if (table->columns->len == 0)
    return;
  g_autofree char *title = patron_text_render (table->title), *caption = patron_text_render (table->caption);
  patron_pages_text (pages, PATRON_TYPE_HEADING_3, title, 60);
  patron_pages_text (pages, PATRON_TYPE_CAPTION, caption, table->rows->len > 0 ? 50 : 0);
  if (table->rows->len == 0)   /* the caption says so */
    return;

  Setter self;
  setter_init (&self, pages, table);
  g_autofree double *least = g_new0 (double, self.n_columns), *natural = g_new0 (double, self.n_columns);
  for (self.size = LARGEST_SIZE; self.size >= SMALLEST_SIZE; self.size -= 0.5)
    {
      find_widths (&self, least, natural);
      if (sum_widths (least, 0, self.n_columns) <= patron_pages_width (pages) + COLUMN_GAP)
        break;
    }
  if (self.size < SMALLEST_SIZE)
    {
      self.size = SPLIT_SIZE;
      find_widths (&self, least, natural);
    }
  double room = balanced_room (&self, least);
  guint first = 1;
  do
    {
      guint end = group_end (&self, least, first, room);
      if (first > 1)
        patron_pages_space (pages, 10);
      share_width (&self, least, natural, first, end);
      draw_group (&self, first, end);
      first = end;
    }
  while (first < self.n_columns);
  if (table->rows->len > self.n_rows)
    {
      g_autoptr(PatronText) more = patron_text (N_("… and {n} more {n|row|rows}"), "n", PATRON_COUNT (table->rows->len - self.n_rows), NULL);
      g_autofree char *text = patron_text_render (more);
      patron_pages_space (pages, 3);
      patron_pages_text (pages, PATRON_TYPE_CAPTION, text, 0);
    }
  patron_pages_space (pages, 8);
  setter_clear (&self);
}
