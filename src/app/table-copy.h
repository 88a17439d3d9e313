/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/report.h"
#include "table/table.h"

G_BEGIN_DECLS

/* A report's table as a table of values: numbers as numbers, dates as dates, sentences rendered in the language in force. Independent of
 * the report. */
PatronTable *patron_report_table_to_table (const PatronReportTable *table, const char *name);

/* Full-precision data behind a chart, a row for each value (a cell of a heat map, a point, a bar …). */
PatronTable *patron_chart_to_table        (const PatronChart *chart);

/* Tab-separated text with a header line, for the clipboard. Owned by the caller. */
char        *patron_table_to_text         (PatronTable *table);

G_END_DECLS
