/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document-private.h"

#include "ops/registry.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MAX_HEADLINE_FIGURES 6
#define USUAL_HEADLINE_FIGURES 4
#define USUAL_RESULT_ROWS 25
#define ROWS_OF_SEVERAL 10

char *
patron_report_title_text (const PatronReport *report)
{
  g_autofree char *title = patron_text_render (report->title);
  if (*title != '\0')
    return g_steal_pointer (&title);
  return g_strdup (patron_ops_title (report->op));
}

char *
patron_document_title (const PatronReportDocument *document)
{
  if (document->title != NULL && *document->title != '\0')
    return g_utf8_make_valid (document->title, -1);
  return document->n_runs == 1 ? patron_report_title_text (document->runs[0].report) : g_strdup (_("Report"));
}

gint64
patron_document_date (const PatronReportDocument *document)
{
  gint64 date = document->date;
  for (guint i = 0; document->date == 0 && i < document->n_runs; i++)
    date = MAX (date, document->runs[i].report->created);
  return date;
}

char *
patron_document_date_text (const PatronReportDocument *document)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (patron_document_date (document) / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  return local != NULL ? g_date_time_format (local, "%Y-%m-%d") : g_strdup ("");
}

gsize
patron_document_result_rows (const PatronReportDocument *document)
{
  return document->result_rows > 0 ? document->result_rows : document->n_runs > 1 ? ROWS_OF_SEVERAL : USUAL_RESULT_ROWS;
}

static void
fact_free (gpointer data)
{
  PatronFact *fact = data;
  g_free (fact->label);
  g_free (fact->value);
  g_free (fact);
}

static void
add_fact (GPtrArray *facts, const char *label, char *value)
{
  PatronFact *fact = g_new (PatronFact, 1);
  *fact = (PatronFact) { g_strdup (label), value };
  g_ptr_array_add (facts, fact);
}

static char *
rows_text (const PatronReport *report)
{
  g_autoptr(PatronText) text = report->rows_used == report->rows_read
    ? patron_text (N_("{used} {used|row|rows}, all that were read"), "used", PATRON_COUNT (report->rows_used), NULL)
    : patron_text (N_("{used} of {read} {read|row|rows} read"), "used", PATRON_COUNT (report->rows_used), "read", PATRON_COUNT (report->rows_read), NULL);
  return patron_text_render (text);
}

static char *
dropped_text (const PatronReport *report)
{
  GString *out = g_string_new (NULL);
  for (guint i = 0; i < report->dropped->len; i++)
    {
      const PatronDropped *dropped = report->dropped->pdata[i];
      g_autofree char *reason = patron_text_render (dropped->reason), *rows = patron_format_number (PATRON_FORMAT_COUNT, (double) dropped->rows);
      /* Translators: rows left out and why, "135,080: missing customer". */
      g_string_append_printf (out, C_("rows dropped: count, reason", "%s%s: %s"), i > 0 ? "; " : "", rows, reason);
    }
  return g_string_free (out, FALSE);
}

static char *
period_text (const PatronReport *report)
{
  g_autofree char *first = patron_format_number (PATRON_FORMAT_DATE, report->period_first);
  g_autofree char *last = patron_format_number (PATRON_FORMAT_DATE, report->period_last);
  return g_strdup_printf ("%s – %s", first, last);
}

static char *
time_text (const PatronReport *report)
{
  g_autofree char *total = patron_format_number (PATRON_FORMAT_SECONDS, report->total_s);
  g_autofree char *memory = patron_format_number (PATRON_FORMAT_BYTES, (double) report->peak_memory);
  g_autoptr(PatronText) text = patron_text (N_("{total} with {threads} {threads|thread|threads}, at most {memory} of memory"), "total",
                                            PATRON_STRING (total), "threads", PATRON_COUNT (report->threads), "memory", PATRON_STRING (memory), NULL);
  return patron_text_render (text);
}

char *
patron_report_method (const PatronReport *report)
{
  const PatronOp *op = patron_ops_find (report->op);
  if (op == NULL)
    return NULL;
  return op->summary != NULL ? g_strdup_printf (C_("method: title, summary", "%s. %s"), _(op->title), _(op->summary)) : g_strdup (_(op->title));
}

GPtrArray *
patron_report_facts (const PatronReport *report)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (fact_free);
  if (report->source != NULL)
    add_fact (facts, _("Data"), g_strdup (report->source));
  if (report->rows_read > 0)
    add_fact (facts, _("Rows used"), rows_text (report));
  if (report->dropped->len > 0)
    add_fact (facts, _("Rows left out"), dropped_text (report));
  if (!isnan (report->period_first) && !isnan (report->period_last))
    add_fact (facts, _("Period"), period_text (report));
  char *method = patron_report_method (report);
  if (method != NULL)
    add_fact (facts, _("Method"), method);
  const PatronOp *op = patron_ops_find (report->op);
  if (op != NULL && op->reference != NULL)
    add_fact (facts, _("Source of the method"), g_strdup (op->reference));
  add_fact (facts, _("Seed"), g_strdup_printf ("%" G_GUINT64_FORMAT, report->seed));
  if (report->total_s > 0)
    add_fact (facts, _("Computed in"), time_text (report));
  add_fact (facts, _("Made with"), g_strdup_printf ("Patron %s", report->version));
  return facts;
}

GPtrArray *
patron_report_headline_figures (const PatronReport *report)
{
  GPtrArray *figures = g_ptr_array_new ();
  for (guint i = 0; i < report->figures->len && figures->len < MAX_HEADLINE_FIGURES; i++)
    if (((const PatronFigure *) report->figures->pdata[i])->headline)
      g_ptr_array_add (figures, report->figures->pdata[i]);
  if (figures->len == 0)
    for (guint i = 0; i < MIN (report->figures->len, USUAL_HEADLINE_FIGURES); i++)
      g_ptr_array_add (figures, report->figures->pdata[i]);
  return figures;
}

char *
patron_figure_interval (const PatronFigure *figure)
{
  if (isnan (figure->low) || isnan (figure->high))
    return NULL;
  g_autofree char *low = patron_format_number (figure->format, figure->low), *high = patron_format_number (figure->format, figure->high);
  return g_strdup_printf ("%s – %s", low, high);
}

char *
patron_figure_rival (const PatronReport *report, const PatronFigure *figure)
{
  const PatronFigure *rival = patron_report_find_baseline_figure (report, figure->id);
  if (report->baseline == NULL || rival == NULL || isnan (rival->value))
    return NULL;
  g_autofree char *value = patron_format_number (figure->format, rival->value);
  return g_strdup_printf (_("%s: %s"), patron_ops_title (report->baseline), value);
}

static gboolean
any_interval (const PatronReport *report)
{
  for (guint i = 0; i < report->figures->len; i++)
    {
      const PatronFigure *figure = report->figures->pdata[i];
      if (!isnan (figure->low) && !isnan (figure->high))
        return TRUE;
    }
  return FALSE;
}

PatronReport *
patron_report_figure_table (const PatronReport *report)
{
  PatronReport *holder = patron_report_new (report->op);
  PatronReportTable *table = patron_report_add_table (holder, "figures", patron_text (N_("Figures"), NULL));
  gboolean interval = any_interval (report), rival = report->baseline != NULL && report->baseline_figures->len > 0;
  patron_report_table_add_column (table, "figure", patron_text (N_("Figure"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "value", patron_text (N_("Value"), NULL), PATRON_FORMAT_NUMBER);
  if (interval)
    {
      patron_report_table_add_column (table, "low", patron_text (N_("95% low"), NULL), PATRON_FORMAT_NUMBER);
      patron_report_table_add_column (table, "high", patron_text (N_("95% high"), NULL), PATRON_FORMAT_NUMBER);
    }
  if (rival)
    patron_report_table_add_column (table, "rival", patron_text_plain (patron_ops_title (report->baseline)), PATRON_FORMAT_NUMBER);
  for (guint i = 0; i < report->figures->len; i++)
    {
      const PatronFigure *figure = report->figures->pdata[i];
      const PatronFigure *other = patron_report_find_baseline_figure (report, figure->id);
      patron_report_table_add_row (table);
      patron_report_table_add_text (table, figure->label != NULL ? patron_text_copy (figure->label) : patron_text_plain (figure->id));
      patron_report_table_add_formatted (table, figure->format, figure->value);
      if (interval)
        {
          patron_report_table_add_formatted (table, figure->format, figure->low);
          patron_report_table_add_formatted (table, figure->format, figure->high);
        }
      if (rival)
        patron_report_table_add_formatted (table, figure->format, other != NULL ? other->value : NAN);
    }
  return holder;
}

static PatronFormat
column_format (PatronType type)
{
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      return PATRON_FORMAT_NUMBER;
    case PATRON_TYPE_INTEGER:
      return PATRON_FORMAT_EXACT;
    case PATRON_TYPE_DATE:
      return PATRON_FORMAT_DATE;
    case PATRON_TYPE_TIME:
      return PATRON_FORMAT_TIME;
    case PATRON_TYPE_DURATION:
      return PATRON_FORMAT_SECONDS;
    default:
      return PATRON_FORMAT_TEXT;
    }
}

static gboolean
add_result_cell (PatronReportTable *to, PatronColumn *column, gsize row, GError **error)
{
  PatronFormat format = column_format (patron_column_get_type (column));
  double value;
  /* Whole numbers as they are: they may be customers' numbers. */
  if (format == PATRON_FORMAT_TEXT || format == PATRON_FORMAT_EXACT)
    {
      g_autofree char *text = patron_column_format (column, row);
      patron_report_table_add_string (to, text);
      return TRUE;
    }
  if (!patron_column_read_doubles (column, row, 1, &value, error))
    return FALSE;
  patron_report_table_add_formatted (to, format, format == PATRON_FORMAT_TIME ? value * 1e6 : value);
  return TRUE;
}

PatronReport *
patron_result_table (PatronTable *result, gsize rows, GError **error)
{
  g_autoptr(PatronReport) holder = patron_report_new ("result");
  gsize n = MIN (rows, patron_table_n_rows (result));
  PatronText *title = n < patron_table_n_rows (result)
    ? patron_text (N_("First {shown} of {all} rows of the result"), "shown", PATRON_COUNT (n), "all", PATRON_COUNT (patron_table_n_rows (result)), NULL)
    : patron_text (N_("Result"), NULL);
  PatronReportTable *table = patron_report_add_table (holder, "result", title);
  for (guint c = 0; c < patron_table_n_columns (result); c++)
    {
      PatronColumn *column = patron_table_column (result, c);
      patron_report_table_add_column (table, patron_column_get_name (column), patron_text_plain (patron_column_get_name (column)),
                                      column_format (patron_column_get_type (column)));
    }
  for (gsize row = 0; row < n; row++)
    {
      patron_report_table_add_row (table);
      for (guint c = 0; c < patron_table_n_columns (result); c++)
        if (!add_result_cell (table, patron_table_column (result, c), row, error))
          return NULL;
    }
  return g_steal_pointer (&holder);
}

gboolean
patron_report_column_is_numeric (const PatronReportTable *table, guint column)
{
  PatronFormat format = g_array_index (table->columns, PatronReportColumn, column).format;
  if (format == PATRON_FORMAT_TEXT || format == PATRON_FORMAT_MSGID)
    return FALSE;
  for (guint row = 0; row < table->rows->len; row++)
    if (patron_report_table_cell (table, row, column)->text != NULL)
      return FALSE;
  return TRUE;
}

double
patron_report_cell_bar (const PatronReportTable *table, guint row, guint column)
{
  if (!g_array_index (table->columns, PatronReportColumn, column).bar)
    return 0;
  double greatest = 0, value = patron_report_table_cell (table, row, column)->number;
  for (guint i = 0; i < table->rows->len; i++)
    {
      double other = fabs (patron_report_table_cell (table, i, column)->number);
      greatest = other > greatest && isfinite (other) ? other : greatest;
    }
  return greatest > 0 && isfinite (value) ? fabs (value) / greatest : 0;
}
