/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/column-choice.h"

G_BEGIN_DECLS

/* A list of columns with the icons of their types, to choose one from; long lists can be searched. The first entry is "no column" in the words of
 * none (translated); with none NULL there is no such entry. */
GtkWidget  *patron_column_drop_down_new (PatronTable *table, guint accepts, const char *none);
/* NULL: no column. Borrowed. */
const char *patron_column_drop_down_get (GtkDropDown *columns);
/* FALSE when the list has no such column; then no column is chosen. */
gboolean    patron_column_drop_down_set (GtkDropDown *columns, const char *name);

G_END_DECLS
