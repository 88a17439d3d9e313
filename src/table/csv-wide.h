/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/csv-split.h"

G_BEGIN_DECLS

/* Numbers from fields in wide registers, several at a time without a branch: what table/parse-plain.h reads one at a time. */

/* Whether the processor has such registers. */
gboolean patron_csv_has_wide      (void);

/* Fields 0, stride, …, (n - 1) stride of text as numbers with a decimal point, or integers. An empty field is missing. Those that are not so
 * plain (16 characters at most, a digit last, no needless zero first) are left to the caller: their numbers, ascending, go to left, which has
 * room for n; returns how many. */
gsize    patron_csv_wide_decimals (const char *text, const PatronCsvField *fields, gsize stride, gsize n, double *values, guint32 *left);
gsize    patron_csv_wide_integers (const char *text, const PatronCsvField *fields, gsize stride, gsize n, gint64 *values, guint32 *left);

G_END_DECLS
