/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "draw/chart.h"
#include "draw/type.h"

G_BEGIN_DECLS

/* What drawing with Cairo and writing SVG share. */
double       patron_role_size      (PatronLayoutRole role, double size);
PangoLayout *patron_role_type      (PangoContext *context, const PatronChartStyle *style, const char *text, PatronLayoutRole role, double wrap);
PatronColour patron_mark_fill      (const PatronLayout *layout, const PatronMark *mark, const PatronChartStyle *style);
/* Whether text on the mark must be dark to be read. */
gboolean     patron_mark_wants_dark_text (const PatronLayout *layout, const PatronMark *mark, const PatronChartStyle *style);
/* The readings of a line with few of them show as dots, which carry the tooltips; those of long lines do not. */
gboolean     patron_mark_is_dot    (const PatronLayout *layout, const PatronMark *mark);

G_END_DECLS
