/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "draw/chart.h"

G_BEGIN_DECLS

/* What moves over a chart while the chart itself stays a picture: an outline around one mark, a hair line through it, its values. */
#define PATRON_TYPE_CHART_OVERLAY (patron_chart_overlay_get_type ())
G_DECLARE_FINAL_TYPE (PatronChartOverlay, patron_chart_overlay, PATRON, CHART_OVERLAY, GtkWidget)

GtkWidget *patron_chart_overlay_new  (void);
/* layout: borrowed, must stay until the next call; NULL or mark -1: nothing is shown. text: what the mark says. x, y: where the reader
 * looks; the text keeps clear of it. */
void       patron_chart_overlay_show (PatronChartOverlay *self, const PatronLayout *layout, const PatronChartStyle *style, int mark, const char *text,
                                      double x, double y);

/* What is chosen: the outlines of the marks for which is_chosen is true, and the rectangle being drawn or last drawn (NULL: none). layout as above;
 * NULL: nothing is chosen. */
void       patron_chart_overlay_show_choice (PatronChartOverlay *self, const PatronLayout *layout, const PatronChartStyle *style,
                                             gboolean (*is_chosen) (gpointer data, const PatronMark *mark), gpointer data, const PatronRect *band);

G_END_DECLS
