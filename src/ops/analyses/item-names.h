/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/analyses/levels.h"
#include "table/roles.h"

G_BEGIN_DECLS

/* What to call the items in words. Many order files have a code and a description beside it. */
typedef struct
{
  char       **names;          /* n_levels: the description; NULL where there is none */
  guint32      n_levels;
  char        *column;         /* the column they come from; NULL: there is no such column and every name is NULL */
} PatronItemNames;

/* Looks for a text column that says the same thing about an item in at least nine rows of ten, and hardly ever the same about two items: the
 * one that fits best of those with no role of their own. */
PatronItemNames *patron_item_names_new  (const PatronLevels *items, PatronTable *table, const PatronRoles *roles, PatronRun *run, GError **error);
void             patron_item_names_free (PatronItemNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronItemNames, patron_item_names_free)

/* TRUE when code or name (may be NULL) says postage, fee, discount and the like: a line of the bill that nobody can be offered. */
gboolean patron_is_service (const char *code, const char *name);

G_END_DECLS
