/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/report.h"
#include "table/table.h"

G_BEGIN_DECLS

/* A report's table as a table of values: numbers as numbers, dates as dates, sentences rendered in the language in force. Independent of
 * the report. */
PatronTable *patron_report_table_to_table (const PatronReportTable *table, const char *name);

G_END_DECLS
