/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "report/report.h"

G_BEGIN_DECLS

/* One block of a report as a widget: heading, paragraph, a chart with its title and how to read it, or a table with its own. Borrowed: the
 * report must outlive the widget. */
GtkWidget *patron_block_view_new (const PatronBlock *block);

/* All blocks in order. Charts that follow one another share a row where there is room; the first has a row to itself. */
GtkWidget *patron_blocks_new     (const GPtrArray *blocks);

G_END_DECLS
