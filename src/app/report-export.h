/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "report/report.h"
#include "table/table.h"

G_BEGIN_DECLS

/* How an exported report presents itself; NULL: as the writer's default. */
typedef struct
{
  char *title;
  char *author;
} PatronReportChoices;

PatronReportChoices *patron_report_choices_copy (const PatronReportChoices *choices);
void                 patron_report_choices_free (PatronReportChoices *choices);

/* Asks for a file and writes the reports into it as a job. reports: of const PatronReport*, copied. results: of PatronTable* or NULL, one for
 * each report, or NULL altogether. choices: copied, may be NULL. kind: "pdf", "html" or "xlsx", offered first. */
void patron_report_export_dialog (GtkWidget *owner, const char *title, GPtrArray *reports, GPtrArray *results, const PatronReportChoices *choices,
                                  const char *kind);

G_END_DECLS
