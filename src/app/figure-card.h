/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "report/report.h"

G_BEGIN_DECLS

/* A figure shown large, with its interval, the rival's figure and the former result's beside it. A click tells its story: what it means,
 * which rows, which seed, which version. Everything is borrowed: the reports must outlive the widget. */
#define PATRON_TYPE_FIGURE_CARD (patron_figure_card_get_type ())
G_DECLARE_FINAL_TYPE (PatronFigureCard, patron_figure_card, PATRON, FIGURE_CARD, GtkWidget)

/* former: the report before this one, or NULL. */
GtkWidget *patron_figure_card_new      (const PatronFigure *figure, const PatronReport *report, const PatronReport *former);
/* The figure's value, "12.3 % (11.0 % – 13.6 %)". Owned by the caller. */
char      *patron_figure_value_text    (const PatronFigure *figure);

G_END_DECLS
