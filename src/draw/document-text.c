/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rows of a table that a terminal shows; the rest is counted. */
#define MAX_ROWS 20
/* No column is wider than this; longer texts go on in the next line, up to so many lines. None is made narrower than that to fit beside the
 * others. */
#define MAX_COLUMN 60
#define MIN_COLUMN 26
#define MAX_LINES 4

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

static void
find_widths (const PatronReportTable *table, GPtrArray *cells, guint n_rows, guint *widths)
{
  for (guint c = 0; c < table->columns->len; c++)
    {
      widths[c] = 0;
      for (guint r = 0; r <= n_rows; r++)
        widths[c] = MAX (widths[c], display_width (cells->pdata[r * table->columns->len + c]));
      widths[c] = MIN (widths[c], MAX_COLUMN);
    }
}

/* Numbers are never made narrower, and neither is the first column, which names the row. */
static guint
least_width (const PatronReportTable *table, const guint *widths, guint c)
{
  return c == 0 || patron_report_column_is_numeric (table, c) ? widths[c] : MIN (widths[c], MIN_COLUMN);
}

/* text in lines of at most width columns; what is left after the last one is shown by an ellipsis. */
static GStrv
cell_lines (const char *text, guint width)
{
  g_autofree char *flat = g_strdup (text);
  g_autoptr(GString) wrapped = g_string_new (NULL);
  append_wrapped (wrapped, g_strdelimit (flat, "\r\n\t", ' '), width, 0);
  GStrv lines = g_strsplit (g_strchomp (wrapped->str), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gboolean cut = i + 1 == MAX_LINES && lines[i + 1] != NULL;
      g_autofree char *line = cut ? g_strconcat (lines[i], "…", NULL) : g_steal_pointer (&lines[i]);
      g_free (lines[i]);
      lines[i] = fit (line, width);
      for (guint rest = i + 1; cut && lines[rest] != NULL; rest++)
        g_clear_pointer (&lines[rest], g_free);
    }
  return lines;
}

static void
append_cell (GString *out, const char *text, guint width, gboolean right)
{
  guint size = display_width (text);
  if (right)
    pad (out, width - MIN (width, size));
  g_string_append (out, text);
  if (!right)
    pad (out, width - MIN (width, size));
}

/* One row of the first column and of columns begin … end-1, as tall as its longest text. */
static void
append_row (GString *out, const PatronReportTable *table, char **cells, const guint *widths, guint begin, guint end)
{
  guint n = end - begin + 1, tallest = 1;
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint i = 0; i < n; i++)
    {
      guint c = i == 0 ? 0 : begin + i - 1;
      GStrv lines = cell_lines (cells[c], widths[c]);
      tallest = MAX (tallest, g_strv_length (lines));
      g_ptr_array_add (texts, lines);
    }
  for (guint line = 0; line < tallest; line++)
    {
      for (guint i = 0; i < n; i++)
        {
          guint c = i == 0 ? 0 : begin + i - 1;
          GStrv lines = texts->pdata[i];
          g_string_append (out, i > 0 ? "  " : "");
          append_cell (out, line < g_strv_length (lines) ? lines[line] : "", widths[c], patron_report_column_is_numeric (table, c));
        }
      while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate (out, out->len - 1);
      g_string_append_c (out, '\n');
    }
}

/* Columns begin … end-1 that fit beside the first one, at least one, with texts at their least width; then gives texts what is left. set:
 * the widths of these columns. */
static guint
columns_that_fit (const PatronReportTable *table, const guint *widths, guint *set, guint begin, guint width)
{
  guint used = widths[0], end = begin;
  set[0] = widths[0];
  for (; end < table->columns->len; end++)
    {
      guint least = least_width (table, widths, end);
      if (used + 2 + least > width && end > begin)
        break;
      used += 2 + least;
      set[end] = least;
    }
  for (guint c = begin; c < end && used < width; c++)
    {
      guint more = MIN (width - used, widths[c] - set[c]);
      set[c] += more;
      used += more;
    }
  return end;
}

static void
append_table (GString *out, const PatronReportTable *table, guint width)
{
  guint n_columns = table->columns->len, n_rows = MIN (table->rows->len, MAX_ROWS);
  g_autofree char *title = patron_text_render (table->title);
  g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autofree guint *widths = g_new0 (guint, MAX (1, n_columns)), *set = g_new0 (guint, MAX (1, n_columns));
  if (n_columns == 0)
    return;
  for (guint c = 0; c < n_columns; c++)
    g_ptr_array_add (cells, patron_text_render (g_array_index (table->columns, PatronReportColumn, c).label));
  for (guint r = 0; r < n_rows; r++)
    for (guint c = 0; c < n_columns; c++)
      g_ptr_array_add (cells, patron_cell_render (patron_report_table_cell (table, r, c)));
  find_widths (table, cells, n_rows, widths);

  if (*title != '\0')
    append_underlined (out, title, '-');
  if (n_rows == 0)
    {
      g_autofree char *caption = patron_text_render (table->caption);
      append_wrapped (out, *caption != '\0' ? caption : "–", width, 0);
      g_string_append_c (out, '\n');
      return;
    }
  guint begin = 1;
  do
    {
      guint end = columns_that_fit (table, widths, set, begin, width);
      if (begin > 1)
        g_string_append_c (out, '\n');
      for (guint r = 0; r <= n_rows; r++)
        append_row (out, table, (char **) cells->pdata + r * n_columns, set, begin, end);
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
