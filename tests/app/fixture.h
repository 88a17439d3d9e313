/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "report/report.h"
#include "table/table.h"

G_BEGIN_DECLS

/* Made-up things for the tests of the generated pages. */

/* gtk_init and libadwaita, or exit status 77 (skipped) where there is no display. */
void         fixture_init       (int *argc, char ***argv);
/* A column of every type; "spend" has 4 empty cells among 40 rows. */
PatronTable *fixture_table      (void);
/* A model with a parameter of every kind, one of them automatic, advanced or only sometimes relevant. */
const PatronOp *fixture_op      (void);
/* Figures with intervals and a rival, every kind of chart and block, a table of 30 rows, notes, dropped rows. */
PatronReport *fixture_report    (void);

/* A mapped window of that size with child in it; destroy with gtk_window_destroy(). */
GtkWidget   *fixture_window     (GtkWidget *child, int width, int height);
void         fixture_settle     (void);   /* until nothing is left to do for a moment */
/* Pixels of the widget as drawn, and how many of them differ from the first. */
GdkTexture  *fixture_render     (GtkWidget *widget, guint *n_different);
/* All descendants of a type, in order; of GtkWidget*, borrowed. */
GPtrArray   *fixture_find_all   (GtkWidget *root, GType type);

G_END_DECLS
