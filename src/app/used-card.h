/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "report/report.h"

G_BEGIN_DECLS

/* What a result was made of: rows read, used and left out and why, period, seed, time and memory, and the recipe to copy. */
GtkWidget *patron_used_card_new (const PatronReport *report);

/* Figures that are not shown large, as rows. NULL when there are none. */
GtkWidget *patron_more_figures_new (const PatronReport *report);

/* Warnings and assumptions as rows. NULL when there are none. */
GtkWidget *patron_notes_card_new (const PatronReport *report);

G_END_DECLS
