/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* The narrowest type that holds the values of both: whole numbers and numbers make numbers, true/false and whole numbers whole numbers, categories and
 * texts texts, dates and times times; anything else only text. FALSE when it is text though neither is: values would be written out. */
gboolean patron_type_widen (PatronType a, PatronType b, PatronType *wide);

/* The column with values of a type that holds them (see above; CATEGORY and TEXT alike); a new reference to itself when it has that type. */
PatronColumn *patron_column_widen (PatronColumn *column, PatronType type, GError **error);

/* One column of n_parts columns, one under the other; parts[i] has lengths[i] rows, NULL stands for missing values. All parts are of this type or can be
 * widened to it. */
PatronColumn *patron_columns_stack (const char *name, PatronType type, PatronColumn *const *parts, const gsize *lengths, guint n_parts, PatronRun *run, GError **error);

G_END_DECLS
