/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/document.h"

G_BEGIN_DECLS

/* What all writers say in the same words. All strings are rendered in the language in force. */

typedef struct
{
  char *label;
  char *value;
} PatronFact;

char       *patron_document_title    (const PatronReportDocument *document);
gint64      patron_document_date     (const PatronReportDocument *document);
/* "2011-12-10" in local time. */
char       *patron_document_date_text (const PatronReportDocument *document);
gsize       patron_document_result_rows (const PatronReportDocument *document);
char       *patron_report_title_text (const PatronReport *report);

/* Data used, rows dropped and why, period, method, seed, time. GPtrArray of PatronFact*. */
GPtrArray  *patron_report_facts      (const PatronReport *report);
/* "k-means: puts rows …" or NULL for an operation this version does not have. */
char       *patron_report_method     (const PatronReport *report);
/* The figures to show large: those marked, else the first four. GPtrArray of const PatronFigure*, at most six. */
GPtrArray  *patron_report_headline_figures (const PatronReport *report);
/* "0.78 – 0.81", NULL without an interval. */
char       *patron_figure_interval   (const PatronFigure *figure);
/* "Most frequent class: 0.734", NULL without a rival's figure of that name. */
char       *patron_figure_rival      (const PatronReport *report, const PatronFigure *figure);
/* All figures as a table of the report's kind, for writers that print tables: name, value, interval, rival. Free with patron_report_free()
 * of the report that holds it. */
PatronReport *patron_report_figure_table (const PatronReport *report);
/* The first rows of a result as such a table; id "result". */
PatronReport *patron_result_table    (PatronTable *result, gsize rows, GError **error);
/* Whether a column holds numbers, and is set flush right. */
gboolean    patron_report_column_is_numeric (const PatronReportTable *table, guint column);
/* 0 … 1 for the bar behind a cell: its share of the greatest absolute value in its column; 0 for none. */
double      patron_report_cell_bar   (const PatronReportTable *table, guint row, guint column);

/* The writers; bytes of the whole file. */
GBytes *patron_document_to_pdf  (const PatronReportDocument *document, PatronRun *run, GError **error);
GBytes *patron_document_to_html (const PatronReportDocument *document, PatronRun *run, GError **error);
gboolean patron_document_to_xlsx (const PatronReportDocument *document, const char *path, PatronRun *run, GError **error);
char   *patron_document_to_text (const PatronReportDocument *document, guint width);

/* The chart as SVG whose text is real text, for a page: colours by CSS classes (see document-html.c). */
void    patron_chart_to_svg     (const PatronChart *chart, double width, double height, GString *out);

G_END_DECLS
