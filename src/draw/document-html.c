/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document-private.h"

#include "draw/pdf.h"
#include "draw/style.h"
#include "draw/type.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define CHART_WIDTH 860
#define NARROW_WIDTH 420
/* Rows of a table in the page. */
#define MAX_ROWS 500

static const char css_layout[] =
  "body{margin:0 auto;padding:2.5rem 1.5rem 4rem;max-width:54rem;background:var(--ground);color:var(--text);"
  "font:16px/1.55 Cantarell,'Noto Sans',system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
  "h1{font-size:2rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.45rem;margin:3rem 0 .6rem;padding-top:1rem;border-top:1px solid var(--grid)}"
  "h3{font-size:1.15rem;margin:2.2rem 0 .4rem}figcaption,caption{text-align:left;margin:0 0 .5rem}"
  "figure{margin:1.8rem 0}.row{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(22rem,100%),1fr));gap:0 1.6rem;align-items:end}.row figure{margin:1rem 0}.name{font-weight:600;display:block}.how{color:var(--dim);font-size:.9rem;display:block;font-weight:400}"
  ".lead{font-size:1.15rem;margin:.4rem 0 1rem}.meta{color:var(--dim);margin:0 0 1.5rem}"
  ".cards{display:flex;flex-wrap:wrap;gap:.7rem;margin:1rem 0 1.6rem}.card{background:var(--card);border-radius:.8rem;padding:.8rem 1rem;min-width:7.5rem;flex:1 1 7.5rem;max-width:16rem}"
  ".card b{display:block;font-size:1.5rem;line-height:1.3}.card span{display:block;color:var(--dim);font-size:.82rem;line-height:1.35}"
  ".scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem;margin:.3rem 0 1.6rem;min-width:50%}"
  "th{color:var(--dim);text-align:left;vertical-align:bottom;border-bottom:1.5px solid var(--axis);padding:.3rem .8rem .3rem 0;position:sticky;top:0;background:var(--ground)}"
  "th button{all:unset;cursor:pointer}th button:focus-visible{outline:2px solid;outline-offset:2px}"
  "th[aria-sort=ascending]::after{content:' ▲';font-size:.7em}th[aria-sort=descending]::after{content:' ▼';font-size:.7em}"
  "td{border-bottom:1px solid var(--grid);padding:.28rem .8rem .28rem 0;vertical-align:top;max-width:28rem;overflow-wrap:anywhere}"
  "th.n,td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.bar{background:linear-gradient(to left,var(--bar) var(--share),transparent var(--share))}"
  "dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1.2rem;font-size:.9rem}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}"
  "ul.notes{background:var(--card);border-radius:.8rem;padding:.8rem 1rem .8rem 2rem}pre{background:var(--card);border-radius:.8rem;padding:1rem;overflow-x:auto;font-size:.8rem}"
  "a{color:inherit}svg{width:100%;height:auto;display:block}svg text{font-family:inherit}"
  "svg .t{fill:var(--text)}svg .d{fill:var(--dim)}svg .h{paint-order:stroke;stroke:var(--ground);stroke-width:3px;stroke-linejoin:round}svg .ib{fill:#1a1a1f}svg .iw{fill:#fff}"
  "svg .g{stroke:var(--grid)}svg .a{stroke:var(--axis)}svg .r{fill:none;stroke:var(--dim);stroke-dasharray:4 3}svg .w{stroke:var(--text);opacity:.75}svg .m{stroke:var(--text);stroke-width:2.5}"
  "svg .o{opacity:.7}svg .s{opacity:.22}svg .b{fill-opacity:.35}svg .u{fill-opacity:.5;stroke:var(--ground)}svg g:hover>rect,svg g:hover>circle{filter:brightness(1.15)}"
  "@media print{body{max-width:none;padding:0}h2{break-before:page}figure,.card,tr{break-inside:avoid}th{position:static}}";

/* Sorts by the cells' full-precision values; a second click turns the order. A button, so that the keyboard reaches it; a page that runs no scripts has none. */
static const char script[] =
  "document.querySelectorAll('th').forEach(th=>{const u=document.createElement('button');u.append(...th.childNodes);th.append(u);u.addEventListener('click',()=>{const t=th.closest('table'),b=t.tBodies[0],i=th.cellIndex,"
  "d=th.getAttribute('aria-sort')==='descending'?1:-1,k=r=>{const c=r.cells[i],v=c.dataset.v;return v===undefined?c.textContent:v===''?-Infinity:+v};"
  "t.querySelectorAll('th').forEach(o=>o.removeAttribute('aria-sort'));th.setAttribute('aria-sort',d<0?'descending':'ascending');"
  "[...b.rows].sort((x,y)=>{const p=k(x),q=k(y);return d*(typeof p==='number'&&typeof q==='number'?p-q:String(p).localeCompare(String(q)))}).forEach(r=>b.append(r))})});";

static void
put_escaped (GString *out, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_string_append (out, escaped);
}

static void
put_element (GString *out, const char *open, const char *text, const char *close)
{
  if (text == NULL || *text == '\0')
    return;
  g_string_append (out, open);
  put_escaped (out, text);
  g_string_append (out, close);
}

static void
put_variable (GString *out, const char *name, const PatronColour *colour)
{
  g_string_append_printf (out, "--%s:#%02x%02x%02x;", name, (int) lround (colour->red * 255), (int) lround (colour->green * 255), (int) lround (colour->blue * 255));
}

static void
put_theme (GString *out, const PatronTheme *theme)
{
  put_variable (out, "ground", &theme->background);
  put_variable (out, "text", &theme->text);
  put_variable (out, "dim", &theme->dim);
  put_variable (out, "grid", &theme->grid);
  put_variable (out, "axis", &theme->axis);
  put_variable (out, "card", &theme->empty);
  put_variable (out, "bar", &theme->sequential[theme->dark ? 0 : 1]);
  for (int i = 0; i < PATRON_N_PALETTE; i++)
    {
      g_autofree char *name = g_strdup_printf ("c%d", i);
      put_variable (out, name, &theme->palette[i]);
    }
}

static void
put_style (GString *out)
{
  g_string_append (out, "<style>:root{color-scheme:light dark;");
  put_theme (out, &patron_theme_light);
  g_string_append (out, "}@media screen and (prefers-color-scheme:dark){:root{");
  put_theme (out, &patron_theme_dark);
  g_string_append (out, "}}");
  g_string_append (out, css_layout);
  for (int i = 0; i < PATRON_N_PALETTE; i++)
    g_string_append_printf (out, "svg .p%d{fill:var(--c%d)}svg .l%d{fill:none;stroke:var(--c%d);stroke-width:2;stroke-linejoin:round%s}", i, i, i, i,
                            i >= 4 ? ";stroke-dasharray:7 3" : "");
  g_string_append (out, "</style>\n");
}

/* ---- blocks ------------------------------------------------------------------------------------------------------------ */

static void
put_cell (GString *out, const PatronReportTable *table, guint row, guint column)
{
  const PatronCell *cell = patron_report_table_cell (table, row, column);
  double share = patron_report_cell_bar (table, row, column);
  g_autofree char *text = patron_cell_render (cell);
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  if (cell->text != NULL || !patron_report_column_is_numeric (table, column))
    {
      put_element (out, "<td>", text, "</td>");
      if (*text == '\0')
        g_string_append (out, "<td></td>");
      return;
    }
  g_string_append_printf (out, "<td class=\"n%s\"", share > 0 ? " bar" : "");
  if (share > 0)
    g_string_append_printf (out, " style=\"--share:%d%%\"", (int) lround (share * 100));
  g_string_append_printf (out, " data-v=\"%s\">", isfinite (cell->number) ? g_ascii_dtostr (digits, sizeof digits, cell->number) : "");
  put_escaped (out, text);
  g_string_append (out, "</td>");
}

static void
put_table (GString *out, const PatronReportTable *table)
{
  g_autofree char *title = patron_text_render (table->title), *caption = patron_text_render (table->caption);
  guint n_rows = MIN (table->rows->len, MAX_ROWS);
  if (n_rows == 0)   /* the caption says so */
    {
      put_element (out, "<p><span class=\"name\">", title, "</span>");
      put_element (out, "<span class=\"how\">", caption, "</span>");
      g_string_append (out, *title != '\0' ? "</p>\n" : "");
      return;
    }
  g_string_append (out, "<div class=\"scroll\"><table><caption>");
  put_element (out, "<span class=\"name\">", title, "</span>");
  put_element (out, "<span class=\"how\">", caption, "</span>");
  g_string_append (out, "</caption><thead><tr>");
  for (guint c = 0; c < table->columns->len; c++)
    {
      g_autofree char *label = patron_text_render (g_array_index (table->columns, PatronReportColumn, c).label);
      g_string_append (out, patron_report_column_is_numeric (table, c) ? "<th class=\"n\">" : "<th>");
      put_escaped (out, label);
      g_string_append (out, "</th>");
    }
  g_string_append (out, "</tr></thead><tbody>\n");
  for (guint r = 0; r < n_rows; r++)
    {
      g_string_append (out, "<tr>");
      for (guint c = 0; c < table->columns->len; c++)
        put_cell (out, table, r, c);
      g_string_append (out, "</tr>\n");
    }
  g_string_append (out, "</tbody></table></div>\n");
  if (table->rows->len > n_rows)
    {
      g_autoptr(PatronText) more = patron_text (N_("… and {n} more {n|row|rows}"), "n", PATRON_COUNT (table->rows->len - n_rows), NULL);
      g_autofree char *text = patron_text_render (more);
      put_element (out, "<p class=\"how\">", text, "</p>\n");
    }
}

static double
chart_height (const PatronChart *chart, gboolean narrow)
{
  gboolean sideways = patron_chart_is_sideways (chart);
  if (sideways)
    return CLAMP (70 + 26.0 * chart->y.categories->len * (chart->stacked ? 1 : MAX (1, chart->series->len * 0.6)), 140, 1200);
  if (chart->panels->len > 0)
    return CLAMP (120 + 190.0 * ceil (chart->panels->len / 3.0), 320, 1200);
  return chart->kind == PATRON_CHART_HEAT_MAP ? CLAMP (90 + 32.0 * (double) chart->n_y, 180, 900) : narrow ? 270 : 400;
}

static void
put_chart (GString *out, const PatronChart *chart, gboolean narrow)
{
  g_autofree char *title = patron_text_render (chart->title), *caption = patron_text_render (chart->caption);
  g_string_append (out, "<figure><figcaption>");
  put_element (out, "<span class=\"name\">", title, "</span>");
  put_element (out, "<span class=\"how\">", caption, "</span>");
  g_string_append (out, "</figcaption>\n");
  patron_chart_to_svg (chart, narrow ? NARROW_WIDTH : CHART_WIDTH, chart_height (chart, narrow), out);
  g_string_append (out, "</figure>\n");
}

static void
put_cards (GString *out, const PatronReport *report)
{
  g_autoptr(GPtrArray) figures = patron_report_headline_figures (report);
  if (figures->len == 0)
    return;
  g_string_append (out, "<div class=\"cards\">");
  for (guint i = 0; i < figures->len; i++)
    {
      const PatronFigure *figure = figures->pdata[i];
      g_autofree char *label = patron_text_render (figure->label), *value = patron_format_number (figure->format, figure->value);
      g_autofree char *note = patron_text_render (figure->note), *interval = patron_figure_interval (figure), *rival = patron_figure_rival (report, figure);
      g_autofree char *tip = g_markup_escape_text (note, -1);
      g_string_append_printf (out, "<div class=\"card\" title=\"%s\">", tip);
      put_element (out, "<span>", label, "</span>");
      put_element (out, "<b>", value, "</b>");
      put_element (out, "<span>", interval, "</span>");
      put_element (out, "<span>", rival, "</span>");
      g_string_append (out, "</div>");
    }
  g_string_append (out, "</div>\n");
}

static void
put_notes (GString *out, const PatronReport *report)
{
  if (report->notes->len == 0)
    return;
  put_element (out, "<h3>", _("Please note"), "</h3>\n");
  g_string_append (out, "<ul class=\"notes\">");
  for (guint i = 0; i < report->notes->len; i++)
    {
      g_autofree char *note = patron_text_render (report->notes->pdata[i]);
      put_element (out, "<li>", note, "</li>");
    }
  g_string_append (out, "</ul>\n");
}

/* Small charts that follow each other stand side by side; the first chart of all, the answer, keeps the whole width. */
static void
put_blocks (GString *out, const PatronReport *report)
{
  gboolean answered = FALSE;
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      g_autofree char *text = patron_text_render (block->text);
      guint end = i;
      while (answered && end < report->blocks->len && ((const PatronBlock *) report->blocks->pdata[end])->chart != NULL
             && patron_chart_fits_narrow (((const PatronBlock *) report->blocks->pdata[end])->chart))
        end++;
      if (block->kind == PATRON_BLOCK_HEADING)
        put_element (out, "<h3>", text, "</h3>\n");
      else if (block->kind == PATRON_BLOCK_TEXT)
        put_element (out, "<p>", text, "</p>\n");
      else if (block->kind == PATRON_BLOCK_TABLE)
        put_table (out, block->table);
      else if (end > i + 1)
        {
          g_string_append (out, "<div class=\"row\">\n");
          for (; i < end; i++)
            put_chart (out, ((const PatronBlock *) report->blocks->pdata[i])->chart, TRUE);
          g_string_append (out, "</div>\n");
          i = end - 1;
        }
      else
        put_chart (out, block->chart, FALSE);
      answered = answered || block->chart != NULL;
    }
}

static void
put_how (GString *out, const PatronReport *report)
{
  g_autoptr(GPtrArray) facts = patron_report_facts (report);
  put_element (out, "<h3>", _("What was used"), "</h3>\n<dl>");
  for (guint i = 0; i < facts->len; i++)
    {
      const PatronFact *fact = facts->pdata[i];
      put_element (out, "<dt>", fact->label, "</dt>");
      put_element (out, "<dd>", *fact->value != '\0' ? fact->value : "–", "</dd>");
    }
  g_string_append (out, "</dl>\n");
  if (report->recipe != NULL)
    {
      put_element (out, "<details><summary>", _("Recipe"), "</summary><pre>");
      put_escaped (out, report->recipe);
      g_string_append (out, "</pre></details>\n");
    }
}

static gboolean
put_run (GString *out, const PatronReportDocument *document, guint i, GError **error)
{
  const PatronDocumentRun *run = &document->runs[i];
  const PatronReport *report = run->report;
  if (document->n_runs > 1)
    {
      g_autofree char *title = patron_report_title_text (report), *headline = patron_text_render (report->headline);
      g_string_append_printf (out, "<h2 id=\"run-%u\">", i);
      put_escaped (out, title);
      g_string_append (out, "</h2>\n");
      put_element (out, "<p class=\"lead\">", headline, "</p>\n");
    }
  put_blocks (out, report);
  if (run->result != NULL && patron_table_n_rows (run->result) > 0)
    {
      g_autoptr(PatronReport) holder = patron_result_table (run->result, patron_document_result_rows (document), error);
      if (holder == NULL)
        return FALSE;
      put_table (out, patron_report_find_table (holder, "result"));
    }
  if (report->figures->len > 0)
    {
      g_autoptr(PatronReport) holder = patron_report_figure_table (report);
      put_table (out, patron_report_find_table (holder, "figures"));
    }
  put_notes (out, report);
  put_how (out, report);
  return TRUE;
}

static void
put_summary (GString *out, const PatronReportDocument *document)
{
  for (guint i = 0; i < document->n_runs; i++)
    {
      const PatronReport *report = document->runs[i].report;
      g_autofree char *title = patron_report_title_text (report), *headline = patron_text_render (report->headline);
      if (document->n_runs > 1)
        {
          g_string_append_printf (out, "<h3><a href=\"#run-%u\">", i);
          put_escaped (out, title);
          g_string_append (out, "</a></h3>\n");
        }
      put_element (out, "<p class=\"lead\">", headline, "</p>\n");
      put_cards (out, report);
    }
}

GBytes *
patron_document_to_html (const PatronReportDocument *document, PatronRun *run, GError **error)
{
  g_autofree char *title = patron_document_title (document), *escaped = g_markup_escape_text (title, -1), *date = patron_document_date_text (document);
  GString *out = g_string_sized_new (1 << 16);
  g_string_append_printf (out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width\"/>"
                               "<meta name=\"generator\" content=\"Patron %s\"/><title>%s</title>\n", patron_type_language (title), PATRON_VERSION, escaped);
  put_style (out);
  g_string_append (out, "</head><body>\n<header>");
  put_element (out, "<h1>", title, "</h1>\n");
  g_string_append (out, "<p class=\"meta\">");
  if (document->author != NULL && *document->author != '\0')
    {
      put_escaped (out, document->author);
      g_string_append (out, " · ");
    }
  put_escaped (out, date);
  g_string_append (out, "</p></header>\n<main>\n");
  put_summary (out, document);
  gboolean ok = TRUE;
  for (guint i = 0; i < document->n_runs && ok; i++)
    ok = (run == NULL || patron_run_check (run, error)) && put_run (out, document, i, error);
  g_string_append_printf (out, "</main>\n<script>\n//<![CDATA[\n%s\n//]]>\n</script>\n</body></html>\n", script);
  if (!ok)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  return g_string_free_to_bytes (out);
}
