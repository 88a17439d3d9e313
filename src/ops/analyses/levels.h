/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/run.h"
#include "table/table.h"

G_BEGIN_DECLS

/* The distinct values of a column of any type, numbered in order of first appearance: customers, items, baskets, groups. Immutable. */
typedef struct
{
  PatronColumn *column;      /* owned reference */
  gsize         n;           /* rows */
  gint32       *codes;       /* n: 0 … n_levels-1; -1 where the value is missing */
  guint32       n_levels;
  guint32      *first_row;   /* n_levels: where each level appears first */
} PatronLevels;

PatronLevels *patron_levels_new  (PatronColumn *column, PatronRun *run, GError **error);
void          patron_levels_free (PatronLevels *levels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PatronLevels, patron_levels_free)

/* The level as text. Owned by the caller. */
char         *patron_levels_name (const PatronLevels *levels, guint32 level);

/* A column with the values of the given levels, of the source's type. level may repeat. */
PatronColumn *patron_levels_take (const PatronLevels *levels, const char *name, const guint32 *level, gsize n, GError **error);

/* Days since 1970-01-01 of a date or time column, with the time of day as a fraction. n values, NaN for missing; patron_free(). */
double       *patron_read_days   (PatronColumn *column, GError **error);
/* All values as doubles; patron_free(). */
double       *patron_read_all    (PatronColumn *column, GError **error);

G_END_DECLS
