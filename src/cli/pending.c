/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/expression.h"
#include "table/reader.h"
PatronExpression *__attribute__((weak)) patron_expression_parse (const char *text, PatronTable *table, GError **error) { g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, "pending"); return NULL; }
void __attribute__((weak)) patron_expression_free (PatronExpression *expression) {}
PatronType __attribute__((weak)) patron_expression_get_type (const PatronExpression *expression) { return 0; }
gboolean __attribute__((weak)) patron_expression_filter (PatronExpression *expression, guint8 *keep, gsize *n_kept, PatronRun *run, GError **error) { return FALSE; }
