/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/chart.h"

G_BEGIN_DECLS

/* Draws the visible points of the layout: as marks when they are few, as an image of their density when they are many. */
void patron_points_draw (const PatronLayout *layout, cairo_t *cr, const PatronChartStyle *style);

G_END_DECLS
