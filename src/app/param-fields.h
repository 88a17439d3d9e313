/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/param-field.h"

G_BEGIN_DECLS

/* The fields there are; made by patron_param_field_new(). */
#define PATRON_TYPE_COLUMN_FIELD (patron_column_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronColumnField, patron_column_field, PATRON, COLUMN_FIELD, PatronParamField)

#define PATRON_TYPE_COLUMNS_FIELD (patron_columns_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronColumnsField, patron_columns_field, PATRON, COLUMNS_FIELD, PatronParamField)

#define PATRON_TYPE_FORMULA_FIELD (patron_formula_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronFormulaField, patron_formula_field, PATRON, FORMULA_FIELD, PatronParamField)

#define PATRON_TYPE_CONDITION_FIELD (patron_condition_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronConditionField, patron_condition_field, PATRON, CONDITION_FIELD, PatronParamField)

#define PATRON_TYPE_TABLE_FIELD (patron_table_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronTableField, patron_table_field, PATRON, TABLE_FIELD, PatronParamField)

#define PATRON_TYPE_DATE_FIELD (patron_date_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronDateField, patron_date_field, PATRON, DATE_FIELD, PatronParamField)

#define PATRON_TYPE_PAIRS_FIELD (patron_pairs_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronPairsField, patron_pairs_field, PATRON, PAIRS_FIELD, PatronParamField)

#define PATRON_TYPE_AGGREGATES_FIELD (patron_aggregates_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronAggregatesField, patron_aggregates_field, PATRON, AGGREGATES_FIELD, PatronParamField)

#define PATRON_TYPE_LINES_FIELD (patron_lines_field_get_type ())
G_DECLARE_FINAL_TYPE (PatronLinesField, patron_lines_field, PATRON, LINES_FIELD, PatronParamField)

/* G_TYPE_INVALID where a plain entry does. */
GType patron_param_field_type_for (const PatronParam *param, gboolean has_table);

G_END_DECLS
