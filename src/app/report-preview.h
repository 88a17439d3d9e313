/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/report-plan.h"

G_BEGIN_DECLS

/* The pages of the report as they will print, one below the other; laid out by a worker. */
#define PATRON_TYPE_REPORT_PREVIEW (patron_report_preview_get_type ())
G_DECLARE_FINAL_TYPE (PatronReportPreview, patron_report_preview, PATRON, REPORT_PREVIEW, GtkWidget)

GtkWidget *patron_report_preview_new   (PatronProject *project);
/* Shows plan (copied) soon; calls that follow quickly are taken together. */
void       patron_report_preview_show  (PatronReportPreview *self, const PatronReportPlan *plan);

G_END_DECLS
