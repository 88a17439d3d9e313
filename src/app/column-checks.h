/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/column-choice.h"

G_BEGIN_DECLS

/* A list of columns to tick, with search, all, none and, where the columns are of several kinds, all of a kind. Columns that are taken are shown and
 * cannot be ticked.
 *
 * Signal "changed" (): once for each action, also when choices are ticked by someone else. */
#define PATRON_TYPE_COLUMN_CHECKS (patron_column_checks_get_type ())
G_DECLARE_FINAL_TYPE (PatronColumnChecks, patron_column_checks, PATRON, COLUMN_CHECKS, GtkWidget)

/* choices: of PatronColumnChoice. name: of the list, for assistive technology. */
GtkWidget *patron_column_checks_new    (GListModel *choices, const char *name);
/* Ticks or unticks every column that the search shows and that one of the PATRON_ACCEPT_ bits lets in. */
void       patron_column_checks_choose (PatronColumnChecks *self, guint accepts, gboolean chosen);

G_END_DECLS
