/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/table.h"

G_BEGIN_DECLS

/* Columns of a result table from a function of the row. NaN is missing. columns: array of PatronColumn*, appended to. */
typedef double (*PatronRowNumber) (gconstpointer data, gsize row);
typedef gint32 (*PatronRowCode)   (gconstpointer data, gsize row);

/* type: NUMBER, INTEGER or DATE (days). */
gboolean patron_add_result_numbers (GPtrArray *columns, const char *name, PatronType type, gsize n, PatronRowNumber number, gconstpointer data, GError **error);
/* A category with the given names; -1 is missing. */
gboolean patron_add_result_codes   (GPtrArray *columns, const char *name, PatronType type, gsize n, PatronDict *dict, PatronRowCode code, gconstpointer data, GError **error);
/* Takes column, which may be NULL (FALSE then: error is set already). */
gboolean patron_add_result_column  (GPtrArray *columns, PatronColumn *column);

G_END_DECLS
