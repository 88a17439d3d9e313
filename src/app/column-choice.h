/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "table/table.h"

G_BEGIN_DECLS

/* A column of a table, in a list to choose from. Properties: name, chosen (bool), taken (what else it is used for, or NULL: free). */
#define PATRON_TYPE_COLUMN_CHOICE (patron_column_choice_get_type ())
G_DECLARE_FINAL_TYPE (PatronColumnChoice, patron_column_choice, PATRON, COLUMN_CHOICE, GObject)

/* name NULL: no column. */
PatronColumnChoice *patron_column_choice_new       (const char *name, PatronType type);
const char         *patron_column_choice_get_name  (PatronColumnChoice *self);
PatronType          patron_column_choice_get_value_type (PatronColumnChoice *self);
gboolean            patron_column_choice_get_chosen (PatronColumnChoice *self);
void                patron_column_choice_set_chosen (PatronColumnChoice *self, gboolean chosen);
const char         *patron_column_choice_get_taken (PatronColumnChoice *self);
void                patron_column_choice_set_taken (PatronColumnChoice *self, const char *taken);

/* The columns of the table that the PATRON_ACCEPT_ bits let in, in order. */
GListStore         *patron_column_choices          (PatronTable *table, guint accepts);
/* Symbolic icon of a type. */
const char         *patron_type_icon               (PatronType type);

G_END_DECLS
