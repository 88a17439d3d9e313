/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "ops/analyses/plot.h"

G_BEGIN_DECLS

/* One chart of the chart builder: built on the worker from a table's rows, with marks that can be chosen.
 *
 * Signals:
 *   selected ()    other marks are chosen, and the rows behind them found
 *   active ()      the user turned to this chart
 *   remove ()      the user wants it gone
 *   keep ()        the user wants it among the results of the project */
#define PATRON_TYPE_EXPLORE_CARD (patron_explore_card_get_type ())
G_DECLARE_FINAL_TYPE (PatronExploreCard, patron_explore_card, PATRON, EXPLORE_CARD, GtkWidget)

GtkWidget      *patron_explore_card_new       (PatronTable *table, const PatronPlotSpec *spec);
/* What is drawn; written by the rows of the settings, then rebuild(). */
PatronPlotSpec *patron_explore_card_get_spec  (PatronExploreCard *self);
/* Draws again, a moment after the last call. */
void            patron_explore_card_rebuild   (PatronExploreCard *self);
/* The rows of the table that are drawn (of guint32, ascending; a reference is taken); NULL: all. */
void            patron_explore_card_set_rows  (PatronExploreCard *self, GArray *rows);
/* The rows behind the marks that are chosen, ascending, as of the last "selected"; NULL when none is. Borrowed. */
GArray         *patron_explore_card_get_chosen (PatronExploreCard *self);
void            patron_explore_card_choose_none (PatronExploreCard *self);
/* Its settings are the ones on show. */
void            patron_explore_card_set_active (PatronExploreCard *self, gboolean active);
/* "Bars: region". Owned by the caller. */
char           *patron_explore_card_dup_title  (PatronExploreCard *self);

G_END_DECLS
