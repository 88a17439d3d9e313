/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* The columns of a list of names (base/names.h), borrowed. NULL with error when one is not there. */
GPtrArray *patron_columns_named (PatronTable *table, const char *names, GError **error);

/* name, or with " 2", " 3" … behind it, so that it is not in taken (a set of char*); it is added there. */
char      *patron_free_name     (GHashTable *taken, const char *name);

G_END_DECLS
