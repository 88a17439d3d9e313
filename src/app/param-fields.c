/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/param-fields.h"

GType
patron_param_field_type_for (const PatronParam *param, gboolean has_table)
{
  /* A formula called a condition is one. */
  if (param->holds == PATRON_HOLDS_EXPRESSION && has_table && g_str_equal (param->field, "condition"))
    return PATRON_TYPE_CONDITION_FIELD;
  switch (param->holds)
    {
    case PATRON_HOLDS_COLUMN:
    case PATRON_HOLDS_OTHER_COLUMN:
      return has_table ? PATRON_TYPE_COLUMN_FIELD : G_TYPE_INVALID;
    case PATRON_HOLDS_COLUMNS:
    case PATRON_HOLDS_OTHER_COLUMNS:
      return has_table ? PATRON_TYPE_COLUMNS_FIELD : G_TYPE_INVALID;
    case PATRON_HOLDS_AGGREGATES:
      return has_table ? PATRON_TYPE_AGGREGATES_FIELD : G_TYPE_INVALID;
    case PATRON_HOLDS_EXPRESSION:
      return PATRON_TYPE_FORMULA_FIELD;
    case PATRON_HOLDS_TABLE:
      return PATRON_TYPE_TABLE_FIELD;
    case PATRON_HOLDS_DATE:
      return PATRON_TYPE_DATE_FIELD;
    case PATRON_HOLDS_PAIRS:
      return PATRON_TYPE_PAIRS_FIELD;
    case PATRON_HOLDS_LINES:
      return PATRON_TYPE_LINES_FIELD;
    case PATRON_HOLDS_TEXT:
    default:
      return G_TYPE_INVALID;
    }
}
