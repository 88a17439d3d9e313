/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"

G_BEGIN_DECLS

/* The report as it will print, made of runs of the project: which, in which order, under which title and logo, in which language;
 * exported as PDF, HTML or spreadsheet. The choices are kept with the project. */
#define PATRON_TYPE_REPORT_PAGE (patron_report_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronReportPage, patron_report_page, PATRON, REPORT_PAGE, GtkWidget)

GtkWidget *patron_report_page_new     (PatronDocument *document);
/* Reads the project's list of runs again; run: id to switch on, 0 for none. */
void       patron_report_page_refresh (PatronReportPage *self, gint64 run);
/* Asks for a file and writes it; kind: "pdf", "html" or "xlsx". */
void       patron_report_page_export  (PatronReportPage *self, const char *kind);

G_END_DECLS
