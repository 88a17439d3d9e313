/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/design.h"

struct _PatronDesign
{
  PatronDesignOptions options;
  GPtrArray          *sources;     /* of PatronDesignSource* */
  GArray             *columns;     /* of PatronDesignColumn */
};

/* Categories beyond this many share the last level, "(other)". */
#define PATRON_DESIGN_MAX_LEVELS 255

/* Level names of our own; braces cannot be mistaken for data because readers keep data as it is and these come last. */
#define PATRON_LEVEL_OTHER   "(other)"
#define PATRON_LEVEL_MISSING "(missing)"

/* Writes the source's values of the given rows as numbers: doubles, or level indices for categories; NaN for missing. map: from code to
 * level index, -1 for unseen; NULL for numbers. */
gboolean patron_design_gather (PatronColumn *column, const gint32 *map, const guint32 *rows, gsize n_rows, double *out, gsize *n_unseen, GError **error);
/* From the column's codes to the source's levels, one for each code of its dictionary; g_free. */
gint32  *patron_design_level_map (const PatronDesignSource *source, PatronColumn *column, GError **error);
gboolean patron_type_is_categorical (PatronType type);
