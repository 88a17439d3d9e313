/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/document.h"
#include "report/report.h"

G_BEGIN_DECLS

/* A report as a page: the answer on top, then the evidence, then what was used.
 *
 * Signals, without arguments: "run-again" (open the setup page with this report's recipe), "report" (open the report page with
 * this run in it), "open-table" (show the per-row or per-customer result). */
#define PATRON_TYPE_RESULT_PAGE (patron_result_page_get_type ())
G_DECLARE_FINAL_TYPE (PatronResultPage, patron_result_page, PATRON, RESULT_PAGE, GtkWidget)

GtkWidget          *patron_result_page_new              (PatronReport *report /* taken */, PatronDocument *document /* for exports; may be NULL */);
/* Whether there is a table of results to open; its rows are told on the button when not 0. */
void                patron_result_page_set_result_table (PatronResultPage *self, gboolean has_table, gsize n_rows);
/* The result before this one (taken, may be NULL): its figures stand beside the new ones. */
void                patron_result_page_set_former       (PatronResultPage *self, PatronReport *former);

G_END_DECLS
