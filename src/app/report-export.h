/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "report/report.h"

G_BEGIN_DECLS

/* How the exported report presents itself. All may be NULL or off. */
typedef struct
{
  char    *title;
  char    *author;
  char    *logo;        /* path of a PNG */
  char    *language;    /* "en", "zh_CN"; NULL: as the interface */
  gboolean mask;        /* identifiers of people are replaced */
} PatronReportChoices;

PatronReportChoices *patron_report_choices_copy (const PatronReportChoices *choices);
void                 patron_report_choices_free (PatronReportChoices *choices);

/* Asks for a file and writes the reports (copied) into it as a job. kind: "pdf", "html" or "xlsx", offered first. choices: copied, may be
 * NULL. */
void patron_report_export_dialog (GtkWidget *owner, const char *title, GPtrArray *reports, const PatronReportChoices *choices, const char *kind);
/* Without asking: the ending of path decides. */
void patron_report_export_to     (GtkWidget *owner, const char *path, GPtrArray *reports, const PatronReportChoices *choices);

G_END_DECLS
