/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rows of a table that a terminal shows; the rest is counted. */
#define MAX_ROWS 20
/* No column is wider than this; what is longer ends in an ellipsis. None is made narrower than that to fit beside the others. */
#define MAX_COLUMN 60
#define MIN_COLUMN 26

/* Columns of a terminal that text takes: Chinese characters take two. */
static guint
display_width (const char *text)
{
  guint width = 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      width += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/* The longest head of text that takes at most width columns, with "…" when it is not all of it. */
static char *
fit (const char *text, guint width)
{
  g_autofree char *flat = g_strdup (text);
  g_strdelimit (flat, "\r\n\t", ' ');
  if (display_width (flat) <= width)
    return g_steal_pointer (&flat);
  guint used = 0;
  const char *p = flat;
  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      guint wide = g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
      if (used + wide + 1 > width)
        break;
      used += wide;
    }
  return g_strdup_printf ("%.*s…", (int) (p - flat), flat);
}

static void
pad (GString *out, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append_c (out, ' ');
}

/* Words into lines of at most width columns; Chinese breaks anywhere. */
static void
append_wrapped (GString *out, const char *text, guint width, guint indent)
{
  guint column = 0;
  const char *p = text;
  while (*p != '\0')
    {
      const char *end = p;
      gboolean wide = g_unichar_iswide (g_utf8_get_char (p));
      do
        end = g_utf8_next_char (end);
      while (*end != '\0' && !wide && *end != ' ' && *end != '\n' && !g_unichar_iswide (g_utf8_get_char (end)));
      g_autofree char *word = g_strndup (p, end - p);
      guint size = display_width (word);
      if ((column > 0 && column + size > width) || *p == '\n')
        {
          g_string_append_c (out, '\n');
          pad (out, indent);
          column = 0;
          if (*p == ' ' || *p == '\n')
            {
              p = g_utf8_next_char (p);
              continue;
            }
        }
      g_string_append (out, word);
      column += size;
      p = end;
    }
  g_string_append_c (out, '\n');
}

static void
append_underlined (GString *out, const char *text, char line)
{
  g_string_append_printf (out, "%s\n", text);
  for (guint i = display_width (text); i > 0; i--)
    g_string_append_c (out, line);
  g_string_append_c (out, '\n');
}

/* ---- tables -------------------------------------------------------------------------------------------------------- */

static guint
find_widths (const PatronReportTable *table, GPtrArray *cells, guint n_rows, guint *widths)
{
  guint total = 0;
  for (guint c = 0; c < table->columns->len; c++)
    {
      widths[c] = 0;
      for (guint r = 0; r <= n_rows; r++)
        widths[c] = MAX (widths[c], display_width (cells->pdata[r * table->columns->len + c]));
      widths[c] = MIN (widths[c], MAX_COLUMN);
      total += widths[c] + (c > 0 ? 2 : 0);
    }
  return total;
}

/* Takes a column from the widest text until all fit; numbers are never shortened. */
static void
shrink_widths (const PatronReportTable *table, guint *widths, guint total, guint width)
{
  while (total > width)
    {
      int widest = -1;
      for (guint c = 0; c < table->columns->len; c++)
        if (!patron_report_column_is_numeric (table, c) && widths[c] > MIN_COLUMN && (widest < 0 || widths[c] > widths[widest]))
          widest = (int) c;
      if (widest < 0)
        return;
      widths[widest]--;
      total--;
    }
}

static void
append_cell (GString *out, const char *text, guint width, gboolean right, gboolean last)
{
  g_autofree char *shown = fit (text, width);
  guint size = display_width (shown);
  if (right)
    pad (out, width - MIN (width, size));
  g_string_append (out, shown);
  if (!right && !last)
    pad (out, width - MIN (width, size));
}

/* Columns first … last-1, as many as fit beside the first. */
static guint
columns_that_fit (const guint *widths, guint first, guint n, guint width)
{
  guint used = widths[0], c = first;
  for (; c < n; c++)
    {
      used += widths[c] + 2;
      if (used > width && c > first)
        break;
    }
  return c;
}

static void
append_table (GString *out, const PatronReportTable *table, guint width)
{
  guint n_columns = table->columns->len, n_rows = MIN (table->rows->len, MAX_ROWS);
  g_autofree char *title = patron_text_render (table->title);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autofree guint *widths = g_new0 (guint, MAX (1, n_columns));
  if (n_columns == 0)
    return;
  for (guint c = 0; c < n_columns; c++)
    g_ptr_array_add (cells, patron_text_render (g_array_index (table->columns, PatronReportColumn, c).label));
  for (guint r = 0; r < n_rows; r++)
    for (guint c = 0; c < n_columns; c++)
      g_ptr_array_add (cells, patron_cell_render (patron_report_table_cell (table, r, c)));
  shrink_widths (table, widths, find_widths (table, cells, n_rows, widths), width);

  if (*title != '\0')
    append_underlined (out, title, '-');
  guint begin = 1;
  do
    {
      guint end = columns_that_fit (widths, begin, n_columns, width);
      if (begin > 1)
        g_string_append_c (out, '\n');
      for (guint r = 0; r <= n_rows; r++)
        {
          append_cell (out, cells->pdata[r * n_columns], widths[0], patron_report_column_is_numeric (table, 0), end <= begin);
          for (guint c = begin; c < end; c++)
            {
              g_string_append (out, "  ");
              append_cell (out, cells->pdata[r * n_columns + c], widths[c], patron_report_column_is_numeric (table, c), c + 1 == end);
            }
          g_string_append_c (out, '\n');
        }
      begin = end;
    }
  while (begin < n_columns);
  if (table->rows->len > n_rows)
    {
      g_autoptr(PatronText) more = patron_text (N_("… and {n} more {n|row|rows}"), "n", PATRON_COUNT (table->rows->len - n_rows), NULL);
      g_autofree char *text = patron_text_render (more);
      g_string_append_printf (out, "%s\n", text);
    }
  g_string_append_c (out, '\n');
}

/* ---- the report ---------------------------------------------------------------------------------------------------- */

static void
append_figures (GString *out, const PatronReport *report)
{
  guint widest = 0;
  for (guint i = 0; i < report->figures->len; i++)
    {
      g_autofree char *label = patron_text_render (((const PatronFigure *) report->figures->pdata[i])->label);
      widest = MAX (widest, display_width (label));
    }
  for (guint i = 0; i < report->figures->len; i++)
    {
      const PatronFigure *figure = report->figures->pdata[i];
      g_autofree char *label = patron_text_render (figure->label), *value = patron_format_number (figure->format, figure->value);
      g_autofree char *interval = patron_figure_interval (figure), *rival = patron_figure_rival (report, figure);
      g_string_append_printf (out, "  %s", label);
      pad (out, widest - display_width (label) + 2);
      g_string_append (out, value);
      if (interval != NULL)
        g_string_append_printf (out, "  (%s)", interval);
      if (rival != NULL)
        g_string_append_printf (out, "  %s", rival);
      g_string_append_c (out, '\n');
    }
  if (report->figures->len > 0)
    g_string_append_c (out, '\n');
}

/* A terminal has no chart, but its caption says what is to be seen in it. */
static char *
chart_text (const PatronChart *chart)
{
  g_autofree char *title = patron_text_render (chart->title), *caption = patron_text_render (chart->caption);
  return *title != '\0' && *caption != '\0' ? g_strdup_printf ("%s\n%s", title, caption) : g_strdup (caption);
}

static void
append_blocks (GString *out, const PatronReport *report, guint width)
{
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      g_autofree char *text = block->kind == PATRON_BLOCK_CHART ? chart_text (block->chart) : patron_text_render (block->text);
      if (block->kind == PATRON_BLOCK_TABLE)
        append_table (out, block->table, width);
      else if (block->kind == PATRON_BLOCK_HEADING)
        append_underlined (out, text, '=');
      else if (*text != '\0')
        {
          append_wrapped (out, text, width, 0);
          g_string_append_c (out, '\n');
        }
    }
}

static void
append_facts (GString *out, const PatronReport *report, guint width)
{
  g_autoptr(GPtrArray) facts = patron_report_facts (report);
  guint widest = 0;
  for (guint i = 0; i < facts->len; i++)
    widest = MAX (widest, display_width (((const PatronFact *) facts->pdata[i])->label));
  for (guint i = 0; i < facts->len; i++)
    {
      const PatronFact *fact = facts->pdata[i];
      g_string_append (out, fact->label);
      pad (out, widest - display_width (fact->label) + 2);
      append_wrapped (out, fact->value, width > widest + 22 ? width - widest - 2 : 20, widest + 2);
    }
}

char *
patron_report_to_terminal (const PatronReport *report, guint width)
{
  GString *out = g_string_new (NULL);
  g_autofree char *title = patron_report_title_text (report), *headline = patron_text_render (report->headline);
  width = width == 0 ? 100 : CLAMP (width, 40, 400);
  append_underlined (out, title, '=');
  if (*headline != '\0')
    append_wrapped (out, headline, width, 0);
  g_string_append_c (out, '\n');
  append_figures (out, report);
  append_blocks (out, report, width);
  for (guint i = 0; i < report->notes->len; i++)
    {
      g_autofree char *note = patron_text_render (report->notes->pdata[i]);
      g_string_append (out, "• ");
      append_wrapped (out, note, width - 2, 2);
    }
  if (report->notes->len > 0)
    g_string_append_c (out, '\n');
  append_facts (out, report, width);
  return g_string_free (out, FALSE);
}

char *
patron_document_to_text (const PatronReportDocument *document, guint width)
{
  GString *out = g_string_new (NULL);
  g_autofree char *title = patron_document_title (document), *date = patron_document_date_text (document);
  if (document->n_runs != 1 || document->title != NULL)
    g_string_append_printf (out, "%s\n%s%s%s\n\n", title, document->author != NULL ? document->author : "", document->author != NULL ? ", " : "", date);
  for (guint i = 0; i < document->n_runs; i++)
    {
      g_autofree char *report = patron_report_to_terminal (document->runs[i].report, width);
      g_string_append_printf (out, "%s%s", i > 0 ? "\n\n" : "", report);
    }
  return g_string_free (out, FALSE);
}
