/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/report.h"
#include "table/table.h"

G_BEGIN_DECLS

/* A document is the reports of several runs under one title: a one-page summary first, then the evidence run by run, then what was
 * used and how. Everything is borrowed and must live until the document has been written. */
typedef struct
{
  const PatronReport *report;
  PatronTable        *result;       /* per-row or per-customer result, or NULL: its first rows in print, all of them in XLSX */
} PatronDocumentRun;

typedef struct
{
  const char        *title;         /* NULL: that of the only run, else "Report" */
  const char        *author;        /* NULL: none */
  gint64             date;          /* microseconds since 1970, UTC; 0: the newest run's. The same input gives the same bytes. */
  gsize              result_rows;   /* of each result in PDF, HTML and text; 0: 25, or 10 when there are several runs */
  guint              n_runs;
  PatronDocumentRun *runs;
} PatronReportDocument;

/* One run's document, with its result or NULL. run_ holds the storage. */
PatronReportDocument patron_document_of_run (PatronDocumentRun *run_, const PatronReport *report, PatronTable *result);

/* By the ending of path: pdf, html, xlsx, txt, json (an array of contract objects, one object for one run). Written beside and renamed
 * over; a failure leaves no half-written file. run (may be NULL) is polled for cancelling. */
gboolean patron_document_write (const PatronReportDocument *document, const char *path, PatronRun *run, GError **error);

/* The pages of the PDF as they print, each a cairo_surface_t (recording, in points) to be shown on a screen; GPtrArray with free function.
 * Use each from one thread at a time. */
GPtrArray *patron_document_to_sheets (const PatronReportDocument *document, PatronRun *run, GError **error);

/* What a terminal shows: headline, figures, compact tables, notes. width: columns of the terminal, 0 for 100. Owned by the caller. */
char    *patron_report_to_terminal (const PatronReport *report, guint width);

/* Every table as CSV (UTF-8, full precision) and every chart as SVG into folder (made when missing). Names of the files written are added to
 * files (GPtrArray of char*, may be NULL). */
gboolean patron_report_write_parts (const PatronReport *report, const char *folder, GPtrArray *files, GError **error);

/* A table as CSV text: header of labels, then rows with numbers in full precision and ISO dates. For files and the clipboard. */
char    *patron_report_table_to_csv (const PatronReportTable *table, char delimiter);
/* The data behind a chart as CSV text. */
char    *patron_chart_to_csv        (const PatronChart *chart, char delimiter);

G_END_DECLS
