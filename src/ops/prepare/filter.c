/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "report/report.h"
#include "table/expression.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char condition[PATRON_EXPRESSION_SIZE];
  char name[PATRON_COLUMN_SIZE];
} FilterParams;

static const PatronParam filter_params[] = {
  PATRON_PARAM_EXPRESSION (FilterParams, condition, .label = N_("Keep rows where"),
                           .help = N_("A condition over the columns, such as amount > 0 and country = \"France\". Rows where it is missing are not kept.")),
  PATRON_PARAM_TEXT (FilterParams, name, .label = N_("Name"), .help = N_("What you call these rows, such as “Paying customers”. Shown in place of the condition."),
                     .advanced = true),
  PATRON_PARAM_END
};

static PatronExpression *
parse_condition (const char *text, PatronTable *table, GError **error)
{
  g_autoptr (PatronExpression) expression = patron_expression_parse (text, table, error);
  if (expression == NULL || patron_expression_get_type (expression) == PATRON_TYPE_BOOLEAN)
    return g_steal_pointer (&expression);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Filter “%s” gives values, not true or false; expected a comparison."), text);
  return NULL;
}

static char *
filter_check (const PatronInput *input, gconstpointer params)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = parse_condition (((const FilterParams *) params)->condition, input->table, &error);
  return expression != NULL ? NULL : g_strdup (error->message);
}

static PatronTable *
filter_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const FilterParams *filter = params;
  g_autoptr (PatronExpression) expression = parse_condition (filter->condition, input->table, error);
  gsize n = patron_table_n_rows (input->table), kept = 0;
  guint8 *keep = expression != NULL ? patron_try_alloc_values (n, 1, _("the filter"), error) : NULL;
  if (keep == NULL)
    return NULL;
  PatronTable *table = patron_expression_filter (expression, keep, &kept, run, error) ? patron_table_keep_rows (input->table, keep, run, error) : NULL;
  patron_free (keep);
  if (table != NULL)
    patron_report_add_note (report, patron_text (N_("{kept} of {all} {all|row meets|rows meet} the condition."), "kept", PATRON_COUNT (kept), "all",
                                                 PATRON_COUNT (n), NULL));
  return table;
}

static PatronText *
filter_sentence (gconstpointer params)
{
  const FilterParams *filter = params;
  if (*filter->name != '\0')
    return patron_text (N_("Keep {name}: {condition}"), "name", PATRON_STRING (filter->name), "condition", PATRON_STRING (filter->condition), NULL);
  return patron_text (N_("Keep rows where {condition}"), "condition", PATRON_STRING (filter->condition), NULL);
}

static const PatronPrepare filter_prepare = { .rows = PATRON_ROWS_SELECTED, .apply = filter_apply, .sentence = filter_sentence };

extern const PatronOp patron_op_filter;
const PatronOp patron_op_filter = {
  .id = "filter",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Filter"),
  .question = N_("Which rows do I want to work with?"),
  .summary = N_("Keeps the rows that meet a condition."),
  .help = N_("The condition is a formula over the columns that is true or false for each row: comparisons (=, <>, <, <=, >, >=), between, in, text search "
             "(contains, starts_with), is_missing(), joined by and, or, not. Names with blanks stand in brackets: [Unit Price] > 10.\n\nA row where the condition "
             "cannot be decided because a value is missing is not kept. A filter is not applied when a model scores new rows."),
  .reference = "—",
  .params = filter_params,
  .params_size = sizeof (FilterParams),
  .example = "condition=spend > 10 and region = \"North\"",
  .icon = "view-filter-symbolic",
  .check = filter_check,
  .prepare = &filter_prepare,
};
