/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/columns.h"
#include "report/report.h"
#include "table/expression.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char name[PATRON_COLUMN_SIZE];
  char formula[PATRON_EXPRESSION_SIZE];
} ComputeParams;

static const PatronParam compute_params[] = {
  PATRON_PARAM_TEXT (ComputeParams, name, .label = N_("Name of the column"), .def_text = "",
                     .help = N_("What the new column is called. A column that has this name already is replaced. Empty: the formula is the name.")),
  PATRON_PARAM_EXPRESSION (
      ComputeParams, formula, .label = N_("Formula"),
      .help = N_("Computed for each row, such as quantity * price, if (amount > 100, \"large\", \"small\") or sum (amount) over (customer).")),
  PATRON_PARAM_END
};

static const char *
name_of (const ComputeParams *compute)
{
  return *compute->name != '\0' ? compute->name : compute->formula;
}

static char *
compute_check (const PatronInput *input, gconstpointer params)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronExpression) expression = patron_expression_parse (((const ComputeParams *) params)->formula, input->table, &error);
  return expression != NULL ? NULL : g_strdup (error->message);
}

static PatronTable *
compute_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const ComputeParams *compute = params;
  gsize n = patron_table_n_rows (input->table), n_missing = 0;
  g_autoptr (PatronExpression) expression = patron_expression_parse (compute->formula, input->table, error);
  if (expression == NULL)
    return NULL;
  g_autoptr (PatronColumn) column = patron_expression_compute (expression, name_of (compute), run, error);
  if (column == NULL || !patron_column_count_missing (column, &n_missing, error))
    return NULL;
  if (patron_table_find (input->table, name_of (compute)) != NULL)
    patron_report_add_note (report, patron_text (N_("Column {name} has been replaced."), "name", PATRON_STRING (name_of (compute)), NULL));
  patron_report_add_note (
      report, n_missing == 0
                  ? patron_text (N_("{name} is of the type “{type}” and has a value in every row."), "name", PATRON_STRING (name_of (compute)),
                                 "type", PATRON_MSGID (patron_type_label (patron_column_get_type (column))), NULL)
                  : patron_text (N_("{name} is of the type “{type}”; it is missing in {missing} of {n} {n|row|rows}."), "name",
                                 PATRON_STRING (name_of (compute)), "type", PATRON_MSGID (patron_type_label (patron_column_get_type (column))),
                                 "missing", PATRON_COUNT (n_missing), "n", PATRON_COUNT (n), NULL));
  return patron_table_with_column (input->table, column);
}

static PatronText *
compute_sentence (gconstpointer params)
{
  const ComputeParams *compute = params;
  if (*compute->name == '\0')
    return patron_text (N_("Compute {formula}"), "formula", PATRON_STRING (compute->formula), NULL);
  return patron_text (N_("Compute {name} = {formula}"), "name", PATRON_STRING (compute->name), "formula", PATRON_STRING (compute->formula), NULL);
}

static const PatronPrepare compute_prepare = { .rows = PATRON_ROWS_KEPT, .apply = compute_apply, .sentence = compute_sentence };

extern const PatronOp patron_op_compute;
const PatronOp patron_op_compute = {
  .id = "compute",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Compute a column"),
  .question = N_("How do I get a value that is not in my file?"),
  .summary = N_("Adds a column that a formula gives."),
  .help = N_(
      "A formula joins columns, numbers and texts in quotes by + - * / ^ % and &, compares them (=, <>, <, <=, >, >=, between, in, like, is "
      "missing), joins "
      "conditions by and, or, not, and calls functions. Names with blanks stand in brackets: [Unit Price] * Quantity. Dates are texts in quotes: "
      "date < "
      "\"2024-07-01\".\n\n"
      "Choices are if (condition, value, otherwise) or case when … then … else … end. Text functions count characters and ignore case when asked: "
      "contains (name, "
      "\"ann\", \"ignore case\").\n\n"
      "A function of a group looks at all rows with the same values of the columns after “over”: sum (amount) over (customer) is the customer's sum "
      "on each of "
      "the customer's rows; mean (x) over (a, b) goes by two columns; without “over” all rows are one group, so amount / sum (amount) is a share. "
      "“order by” gives "
      "the rows of a group an order: lag (amount, 1) over (customer order by date) is the amount one order earlier, cumsum (amount) over (customer "
      "order by "
      "date) the sum so far, rank () over (segment order by amount desc) the place. Rows whose group is missing form a group of their own.\n\n"
      "A missing value makes what is computed with it missing; functions of groups pass it over. The day of today is not available on purpose: the "
      "same "
      "formula gives the same values every day. Write the date instead: age (birthday, \"2024-06-30\").\n\n"
      "When a model follows, a function of a group looks at all rows, also those kept for testing: do not build features from the target this way."),
  .reference = "—",
  .params = compute_params,
  .params_size = sizeof (ComputeParams),
  .example = "name=share\nformula=spend / sum (spend) over (customer_id)",
  .icon = "accessories-calculator-symbolic",
  .check = compute_check,
  .prepare = &compute_prepare,
};
