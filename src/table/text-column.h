/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "table/csv-types.h"

G_BEGIN_DECLS

/* Columns of texts that hold numbers, dates or groups. Each distinct text is looked at once, however often it stands in the column. */

/* The plan that detection would choose, as for a column of a text file. missing: texts that stand for nothing. */
gboolean      patron_text_column_plan  (PatronColumn *texts, const PatronMissingTokens *missing, PatronColumnPlan *plan, GError **error);
/* The plan for a type the user asked for. date_format: a rule or pattern for dates, NULL or "" to find it out. */
gboolean      patron_text_column_given (PatronColumn *texts, PatronType type, const char *date_format, PatronColumnPlan *plan, GError **error);
/* The values read by the plan; missing tokens are missing, and what does not fit is missing and counted in *n_refused (optional). */
PatronColumn *patron_text_column_parse (PatronColumn *texts, const PatronColumnPlan *plan, const PatronMissingTokens *missing, gsize *n_refused, GError **error);

/* Whether distinct values are few and short enough to be groups rather than free text. */
gboolean      patron_texts_are_categories (const PatronDict *dict, gsize n_values);

G_END_DECLS
