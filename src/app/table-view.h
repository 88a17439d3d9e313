/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "report/report.h"

G_BEGIN_DECLS

/* A table of a report: sorted by a click on a header, bars behind numbers where declared, copied as text, exported. */
#define PATRON_TYPE_REPORT_TABLE_VIEW (patron_report_table_view_get_type ())
G_DECLARE_FINAL_TYPE (PatronReportTableView, patron_report_table_view, PATRON, REPORT_TABLE_VIEW, GtkWidget)

/* table: borrowed; the report that owns it must outlive the widget. */
GtkWidget *patron_report_table_view_new  (const PatronReportTable *table);
/* Tab-separated, header first, in the order shown: the selected rows, or all when none is selected. Owned by the caller. */
char      *patron_report_table_view_text (PatronReportTableView *self, gboolean selected_only);
guint      patron_report_table_view_n_rows (PatronReportTableView *self);
/* Rendered text of a cell in the order shown. Owned by the caller. */
char      *patron_report_table_view_cell (PatronReportTableView *self, guint row, guint column);
void       patron_report_table_view_sort (PatronReportTableView *self, guint column, gboolean descending);

G_END_DECLS
