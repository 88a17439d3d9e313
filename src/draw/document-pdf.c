/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document-private.h"

#include "draw/pdf.h"

#include <glib/gi18n-lib.h>

/* Less than this at the foot of a page is not worth starting another run's evidence on. */
#define ROOM_FOR_RUN 330
/* Figures of each run in the summary of several: one row of cards. */
#define FIGURES_OF_SEVERAL 4

/* Blocks that come with a run's summary on the first page: the chart that answers the question. */
static const PatronChart *
first_chart (const PatronReport *report)
{
  for (guint i = 0; i < report->blocks->len; i++)
    {
      const PatronBlock *block = report->blocks->pdata[i];
      if (block->kind == PATRON_BLOCK_CHART)
        return block->chart;
    }
  return NULL;
}

static double
notes_height (PatronPages *pages, const PatronReport *report)
{
  double total = 40;   /* the heading */
  for (guint i = 0; i < report->notes->len; i++)
    {
      g_autofree char *note = patron_text_render (report->notes->pdata[i]);
      total += patron_pages_text_height (pages, PATRON_TYPE_BODY, note);
    }
  return total;
}

static void
put_notes (PatronPages *pages, const PatronReport *report)
{
  if (report->notes->len > 0)
    patron_pages_text (pages, PATRON_TYPE_HEADING_3, _("Please note"), 30);
  for (guint i = 0; i < report->notes->len; i++)
    {
      g_autofree char *note = patron_text_render (report->notes->pdata[i]), *bullet = g_strconcat ("• ", note, NULL);
      patron_pages_text (pages, PATRON_TYPE_BODY, bullet, 0);
    }
}

static void
put_summary_of_run (PatronPages *pages, const PatronReport *report, gboolean several)
{
  g_autofree char *headline = patron_text_render (report->headline);
  g_autoptr(GPtrArray) figures = patron_report_headline_figures (report);
  if (several && figures->len > FIGURES_OF_SEVERAL)
    g_ptr_array_set_size (figures, FIGURES_OF_SEVERAL);
  patron_pages_text (pages, several ? PATRON_TYPE_BODY : PATRON_TYPE_LEAD, headline, 70);
  patron_pages_figures (pages, report, figures);
}

/* The first page: what a reader in a hurry needs. TRUE when the notes of the only run found room on it. */
static gboolean
put_summary (PatronPages *pages, const PatronReportDocument *document)
{
  g_autofree char *title = patron_document_title (document), *date = patron_document_date_text (document);
  g_autofree char *line = document->author != NULL && *document->author != '\0' ? g_strdup_printf ("%s · %s", document->author, date) : g_strdup (date);
  patron_pages_text (pages, PATRON_TYPE_DOCUMENT_TITLE, title, 0);
  patron_pages_text (pages, PATRON_TYPE_CAPTION, line, 0);
  patron_pages_space (pages, 6);
  patron_pages_rule (pages);
  for (guint i = 0; i < document->n_runs; i++)
    {
      const PatronReport *report = document->runs[i].report;
      if (document->n_runs > 1)
        {
          g_autofree char *name = patron_report_title_text (report);
          patron_pages_space (pages, 3);
          patron_pages_contents (pages, name, i);
        }
      put_summary_of_run (pages, report, document->n_runs > 1);
    }
  const PatronReport *only = document->n_runs == 1 ? document->runs[0].report : NULL;
  if (only == NULL)
    return FALSE;
  if (first_chart (only) != NULL)
    {
      const PatronChart *answer = first_chart (only);
      patron_pages_charts (pages, &answer, 1, FALSE);
    }
  if (patron_pages_left (pages) < notes_height (pages, only))
    return FALSE;
  put_notes (pages, only);
  return TRUE;
}

/* Blocks from number i on: one, or two small charts beside each other. The number of those drawn. answer: the chart that keeps the
 * whole width, or that was drawn before when it is in the summary. */
static guint
put_blocks (PatronPages *pages, const PatronReport *report, guint i, const PatronChart *answer)
{
  const PatronBlock *block = report->blocks->pdata[i], *next = i + 1 < report->blocks->len ? report->blocks->pdata[i + 1] : NULL;
  g_autofree char *text = patron_text_render (block->text);
  const PatronChart *charts[2] = { block->chart, next != NULL ? next->chart : NULL };
  const PatronBlock *before = i > 0 ? report->blocks->pdata[i - 1] : NULL;
  gboolean narrow = block->chart != NULL && block->chart != answer && patron_chart_fits_narrow (block->chart);
  gboolean pair = narrow && next != NULL && next->chart != NULL && patron_chart_fits_narrow (next->chart);
  /* The last of an odd number is as small as those above it. */
  gboolean last = narrow && before != NULL && before->chart != NULL && before->chart != answer && patron_chart_fits_narrow (before->chart);
  switch (block->kind)
    {
    case PATRON_BLOCK_HEADING:
      patron_pages_text (pages, PATRON_TYPE_HEADING_2, text, 120);
      break;
    case PATRON_BLOCK_TEXT:
      patron_pages_text (pages, PATRON_TYPE_BODY, text, 0);
      break;
    case PATRON_BLOCK_TABLE:
      patron_pages_table (pages, block->table);
      break;
    case PATRON_BLOCK_CHART:
    default:
      patron_pages_charts (pages, charts, pair ? 2 : 1, pair || last);
      break;
    }
  return pair ? 2 : 1;
}

static void
put_all_figures (PatronPages *pages, const PatronReport *report)
{
  g_autoptr(PatronReport) holder = patron_report_figure_table (report);
  if (report->figures->len > 0)
    patron_pages_table (pages, patron_report_find_table (holder, "figures"));
}

static gboolean
put_result (PatronPages *pages, const PatronReportDocument *document, PatronTable *result, GError **error)
{
  if (result == NULL || patron_table_n_rows (result) == 0)
    return TRUE;
  g_autoptr(PatronReport) holder = patron_result_table (result, patron_document_result_rows (document), error);
  if (holder == NULL)
    return FALSE;
  patron_pages_table (pages, patron_report_find_table (holder, "result"));
  return TRUE;
}

/* Where the words and the size of numbers come from: all that is needed to check or to repeat the run. */
static void
put_facts (PatronPages *pages, const PatronReport *report)
{
  g_autoptr(GPtrArray) facts = patron_report_facts (report);
  for (guint i = 0; i < facts->len; i++)
    {
      const PatronFact *fact = facts->pdata[i];
      patron_pages_fact (pages, fact->label, fact->value);
    }
}

static gboolean
put_run (PatronPages *pages, const PatronReportDocument *document, guint i, gboolean noted, GError **error)
{
  const PatronDocumentRun *run = &document->runs[i];
  const PatronReport *report = run->report;
  const PatronChart *answer = first_chart (report);
  g_autofree char *title = patron_report_title_text (report), *headline = patron_text_render (report->headline);
  if (i == 0 || patron_pages_left (pages) < ROOM_FOR_RUN)
    patron_pages_break (pages);
  else
    {
      patron_pages_space (pages, 18);
      patron_pages_rule (pages);
    }
  patron_pages_target (pages, i, title);
  patron_pages_text (pages, PATRON_TYPE_HEADING_1, document->n_runs == 1 ? _("Evidence") : title, 60);
  if (document->n_runs > 1)
    patron_pages_text (pages, PATRON_TYPE_LEAD, headline, 0);
  for (guint b = 0; b < report->blocks->len;)
    {
      const PatronBlock *block = report->blocks->pdata[b];
      gboolean shown = document->n_runs == 1 && answer != NULL && block->chart == answer;
      b += shown ? 1 : put_blocks (pages, report, b, answer);
    }
  if (!put_result (pages, document, run->result, error))
    return FALSE;
  put_all_figures (pages, report);
  if (!noted)
    put_notes (pages, report);
  return TRUE;
}

static void
put_recipe (PatronPages *pages, const PatronReport *report, const char *title)
{
  g_autofree char *recipe = report->recipe != NULL ? g_strchomp (g_strdup (report->recipe)) : NULL;
  if (recipe == NULL)
    return;
  patron_pages_text (pages, PATRON_TYPE_HEADING_3, title, 40);
  patron_pages_text (pages, PATRON_TYPE_CODE, recipe, 0);
}

/* Once, after the evidence of all runs. */
static void
put_appendix (PatronPages *pages, const PatronReportDocument *document)
{
  gboolean any = FALSE;
  patron_pages_space (pages, 10);
  patron_pages_need (pages, 160);
  patron_pages_target (pages, document->n_runs, _("What was used"));
  patron_pages_text (pages, document->n_runs > 1 ? PATRON_TYPE_HEADING_1 : PATRON_TYPE_HEADING_2, _("What was used"), 60);
  for (guint i = 0; i < document->n_runs; i++)
    {
      const PatronReport *report = document->runs[i].report;
      g_autofree char *title = patron_report_title_text (report);
      if (document->n_runs > 1)
        patron_pages_text (pages, PATRON_TYPE_HEADING_3, title, 60);
      put_facts (pages, report);
      any = any || report->recipe != NULL;
    }
  if (!any)
    return;
  patron_pages_text (pages, PATRON_TYPE_HEADING_2, _("Recipes"), 60);
  patron_pages_text (pages, PATRON_TYPE_CAPTION, _("With its recipe and the same data a run gives the same numbers again."), 40);
  for (guint i = 0; i < document->n_runs; i++)
    {
      g_autofree char *title = patron_report_title_text (document->runs[i].report);
      put_recipe (pages, document->runs[i].report, document->n_runs > 1 ? title : NULL);
    }
}

/* One pass over the whole document; the number of its pages, or -1. pages: taken. */
static int
draw (PatronPages *pages, const PatronReportDocument *document, PatronRun *run, GError **error)
{
  gboolean ok = TRUE;
  if (document->n_runs > 1)
    patron_pages_set_compact (pages);
  gboolean noted = put_summary (pages, document);
  for (guint i = 0; i < document->n_runs && ok; i++)
    ok = (run == NULL || patron_run_check (run, error)) && put_run (pages, document, i, noted, error);
  if (ok)
    put_appendix (pages, document);
  int n = patron_pages_finish (pages, ok ? error : NULL);
  return ok ? n : -1;
}

static int
draw_pdf (const PatronReportDocument *document, GByteArray *out, GArray *target_pages, int n_pages, PatronRun *run, GError **error)
{
  g_autofree char *title = patron_document_title (document);
  return draw (patron_pages_new (out, title, document->author, patron_document_date (document), target_pages, (guint) n_pages), document, run, error);
}

/* Twice: the first time to learn how many pages there are and where each run begins. */
GBytes *
patron_document_to_pdf (const PatronReportDocument *document, PatronRun *run, GError **error)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();
  g_autoptr(GArray) target_pages = g_array_new (FALSE, TRUE, sizeof (guint));
  int n_pages = draw_pdf (document, out, target_pages, 0, run, error);
  if (n_pages < 0)
    return NULL;
  g_byte_array_set_size (out, 0);
  if (draw_pdf (document, out, target_pages, n_pages, run, error) < 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

GPtrArray *
patron_document_to_sheets (const PatronReportDocument *document, PatronRun *run, GError **error)
{
  g_autofree char *title = patron_document_title (document);
  g_autoptr(GPtrArray) sheets = g_ptr_array_new_with_free_func ((GDestroyNotify) cairo_surface_destroy);
  g_autoptr(GArray) target_pages = g_array_new (FALSE, TRUE, sizeof (guint));
  int n_pages = draw (patron_pages_new_sheets (sheets, title, target_pages, 0), document, run, error);
  if (n_pages < 0)
    return NULL;
  g_ptr_array_set_size (sheets, 0);
  if (draw (patron_pages_new_sheets (sheets, title, target_pages, (guint) n_pages), document, run, error) < 0)
    return NULL;
  return g_steal_pointer (&sheets);
}
