/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "report/chart.h"

G_BEGIN_DECLS

/* A chart in the window: drawn once for each size and style, then a picture; hovering and the keyboard tell the values under the
 * crosshair. Copies and saves itself, always in the light style that print needs. */
#define PATRON_TYPE_CHART_VIEW (patron_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (PatronChartView, patron_chart_view, PATRON, CHART_VIEW, GtkWidget)

GtkWidget         *patron_chart_view_new       (const PatronChart *chart /* copied */);
const PatronChart *patron_chart_view_get_chart (PatronChartView *self);
/* What hovering at x, y (widget coordinates) tells, or NULL where there is nothing. Owned by the caller. */
char              *patron_chart_view_text_at   (PatronChartView *self, double x, double y);

G_END_DECLS
