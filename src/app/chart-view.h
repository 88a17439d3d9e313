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

/* Choosing marks: a click on one (with Ctrl: one more, or one less), a rectangle drawn around several, the space bar on the one the keyboard is at;
 * Escape or a click beside chooses none. Off at first.
 *
 * Signal "selected" (): the choice is another, by the user. */
void               patron_chart_view_set_selectable  (PatronChartView *self, gboolean selectable);
guint              patron_chart_view_n_selected      (PatronChartView *self);
GArray            *patron_chart_view_dup_selected    (PatronChartView *self);   /* of PatronChartMark */
void               patron_chart_view_clear_selection (PatronChartView *self);   /* without "selected" */
/* Chooses the marks in the rectangle, as the user would. */
void               patron_chart_view_select_area     (PatronChartView *self, double x, double y, double width, double height);

G_END_DECLS
