/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "draw/chart.h"

G_BEGIN_DECLS

/* Charts as pictures of the toolkit. */

/* Draws the layout into a new texture of width × height logical pixels, scale device pixels each. NULL when it has no size or memory is out. */
GdkTexture         *patron_chart_texture      (const PatronLayout *layout, const PatronChartStyle *style, int width, int height, int scale);
/* For the clipboard: the picture as print shows it (light, with title), or the data as tab-separated text, whichever the other program
 * takes. */
GdkContentProvider *patron_chart_content      (const PatronChart *chart, int width, int height);
/* Height at which a chart of this kind and number of categories reads well. */
int                 patron_chart_good_height  (const PatronChart *chart);

G_END_DECLS
