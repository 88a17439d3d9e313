/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"
#include "ops/prepare/table-columns.h"
#include "report/report.h"
#include "table/stack-columns.h"

#include <glib/gi18n-lib.h>

enum { COLUMNS_ALL, COLUMNS_COMMON, COLUMNS_HERE };

typedef struct
{
  char table[PATRON_COLUMN_SIZE];
  int  columns;
  char source[PATRON_COLUMN_SIZE];
} AppendParams;

static const PatronChoice choices[] = {
  [COLUMNS_ALL] = { "all", N_("Of both tables") },
  [COLUMNS_COMMON] = { "common", N_("That both tables have") },
  [COLUMNS_HERE] = { "here", N_("Of this table") },
  { NULL },
};

static const PatronParam append_params[] = {
  PATRON_PARAM_TEXT (AppendParams, table, .holds = PATRON_HOLDS_TABLE, .label = N_("Other table"), .help = N_("A table of the project, or a file, whose rows come below these.")),
  PATRON_PARAM_CHOICE (AppendParams, columns, .label = N_("Columns"), .choices = choices, .def = COLUMNS_ALL,
                       .help = N_("Columns belong together by name. Where a table has no such column, its values are missing.")),
  PATRON_PARAM_TEXT (AppendParams, source, .label = N_("Column for the source"), .def_text = "",
                     .help = N_("Name of a new column that says which table each row comes from; empty for none.")),
  PATRON_PARAM_END
};

/* ---- which columns ------------------------------------------------------------------------------------------------------ */

typedef struct
{
  const char   *name;
  PatronColumn *parts[2];     /* NULL: the table does not have it */
  PatronType    type;
} Plan;

static void
plan_column (GArray *plans, const char *name, PatronColumn *here, PatronColumn *there)
{
  Plan plan = { .name = name, .parts = { here, there } };
  if (here != NULL && there != NULL)
    patron_type_widen (patron_column_get_type (here), patron_column_get_type (there), &plan.type);
  else
    plan.type = patron_column_get_type (here != NULL ? here : there);
  g_array_append_val (plans, plan);
}

static GArray *
plan_columns (PatronTable *here, PatronTable *there, int columns)
{
  GArray *plans = g_array_new (FALSE, FALSE, sizeof (Plan));
  for (guint c = 0; c < patron_table_n_columns (here); c++)
    {
      PatronColumn *column = patron_table_column (here, c);
      const char *name = patron_column_get_name (column);
      PatronColumn *other = patron_table_find (there, name);
      if (other != NULL || columns != COLUMNS_COMMON)
        plan_column (plans, name, column, other);
    }
  for (guint c = 0; columns == COLUMNS_ALL && c < patron_table_n_columns (there); c++)
    {
      PatronColumn *column = patron_table_column (there, c);
      if (patron_table_find (here, patron_column_get_name (column)) == NULL)
        plan_column (plans, patron_column_get_name (column), NULL, column);
    }
  return plans;
}

/* ---- report --------------------------------------------------------------------------------------------------------------- */

static void
add_type (PatronReportTable *table, PatronColumn *column)
{
  if (column != NULL)
    patron_report_table_add_text (table, patron_text (patron_type_label (patron_column_get_type (column)), NULL));
  else
    patron_report_table_add_text (table, patron_text (N_("not there"), NULL));
}

static gboolean
differs (PatronColumn *a, PatronColumn *b)
{
  return a == NULL || b == NULL || patron_column_get_type (a) != patron_column_get_type (b);
}

/* Columns that are not the same in both tables, whether they are kept or not. */
static void
tell_differences (PatronTable *here, PatronTable *there, const GArray *plans, PatronReport *report)
{
  g_autoptr (GArray) all = plan_columns (here, there, COLUMNS_ALL);
  PatronReportTable *table = NULL;
  guint only_here = 0, only_there = 0, widened = 0;
  for (guint c = 0; c < all->len; c++)
    {
      const Plan *plan = &g_array_index (all, Plan, c);
      if (!differs (plan->parts[0], plan->parts[1]))
        continue;
      only_here += plan->parts[1] == NULL;
      only_there += plan->parts[0] == NULL;
      widened += plan->parts[0] != NULL && plan->parts[1] != NULL;
      if (table == NULL)
        {
          table = patron_report_add_table (report, "differences", patron_text (N_("Columns that differ"), NULL));
          patron_report_table_add_column (table, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
          patron_report_table_add_column (table, "here", patron_text (N_("Here"), NULL), PATRON_FORMAT_TEXT);
          patron_report_table_add_column (table, "there", patron_text (N_("In the other table"), NULL), PATRON_FORMAT_TEXT);
          patron_report_table_add_column (table, "result", patron_text (N_("Result"), NULL), PATRON_FORMAT_TEXT);
        }
      gboolean kept = FALSE;
      for (guint k = 0; k < plans->len; k++)
        kept = kept || g_str_equal (g_array_index (plans, Plan, k).name, plan->name);
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, plan->name);
      add_type (table, plan->parts[0]);
      add_type (table, plan->parts[1]);
      patron_report_table_add_text (table, patron_text (kept ? patron_type_label (plan->type) : N_("left out"), NULL));
    }
  patron_report_add_figure (report, "only_here", patron_text (N_("Columns only here"), NULL), PATRON_FORMAT_COUNT, only_here);
  patron_report_add_figure (report, "only_there", patron_text (N_("Columns only in the other table"), NULL), PATRON_FORMAT_COUNT, only_there);
  patron_report_add_figure (report, "widened", patron_text (N_("Columns of different types"), NULL), PATRON_FORMAT_COUNT, widened);
}

/* ---- the step --------------------------------------------------------------------------------------------------------------- */

static PatronColumn *
source_column (const char *name, PatronTable *here, PatronTable *there, PatronRun *run, GError **error)
{
  PatronTable *tables[2] = { here, there };
  PatronColumn *parts[2], *whole = NULL;
  gsize lengths[2];
  for (guint t = 0; t < 2; t++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (name, PATRON_TYPE_CATEGORY);
      lengths[t] = patron_table_n_rows (tables[t]);
      for (gsize i = 0; i < lengths[t]; i++)
        patron_column_builder_append_text (builder, patron_table_get_name (tables[t]));
      parts[t] = patron_column_builder_finish (builder);
    }
  whole = patron_columns_stack (name, PATRON_TYPE_CATEGORY, parts, lengths, 2, run, error);
  patron_column_unref (parts[0]);
  patron_column_unref (parts[1]);
  return whole;
}

static PatronTable *
append_tables (PatronTable *here, PatronTable *there, const GArray *plans, const char *source, PatronRun *run, GError **error)
{
  const gsize lengths[2] = { patron_table_n_rows (here), patron_table_n_rows (there) };
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint c = 0; c < plans->len; c++)
    {
      const Plan *plan = &g_array_index (plans, Plan, c);
      PatronColumn *column = patron_columns_stack (plan->name, plan->type, plan->parts, lengths, 2, run, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
      g_hash_table_add (taken, g_strdup (plan->name));
      patron_run_progress (run, (c + 1.0) / plans->len);
    }
  g_autofree char *name = *source != '\0' ? patron_free_name (taken, source) : NULL;
  PatronColumn *column = name != NULL ? source_column (name, here, there, run, error) : NULL;
  if (name != NULL && column == NULL)
    return NULL;
  if (column != NULL)
    g_ptr_array_add (columns, column);
  return patron_table_new_take (patron_table_get_name (here), g_steal_pointer (&columns));
}

static PatronTable *
append_apply (const PatronPrepareInput *input, gconstpointer data, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const AppendParams *params = data;
  g_autoptr (PatronTable) other = NULL;
  if (input->find_table != NULL)
    other = input->find_table (input->data, params->table, run, error);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Table “%s” cannot be looked up here."), params->table);
  if (other == NULL)
    return NULL;
  gsize below = patron_table_n_rows (other), above = patron_table_n_rows (input->table);
  if (below + above > G_MAXINT32)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The two tables have %zu rows together, more than a table can hold."), below + above);
      return NULL;
    }
  g_autoptr (GArray) plans = plan_columns (input->table, other, params->columns);
  if (plans->len == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("“%s” has no column of the same name as one here."), params->table);
      return NULL;
    }
  patron_report_add_note (report, patron_text (N_("{rows} {rows|row|rows} of {table} below {above} {above|row|rows}."), "rows", PATRON_COUNT (below), "table",
                                               PATRON_STRING (patron_table_get_name (other)), "above", PATRON_COUNT (above), NULL));
  tell_differences (input->table, other, plans, report);
  return append_tables (input->table, other, plans, params->source, run, error);
}

static PatronText *
append_sentence (gconstpointer data)
{
  return patron_text (N_("Append the rows of {table}"), "table", PATRON_STRING (((const AppendParams *) data)->table), NULL);
}

static const PatronPrepare append_prepare = { .rows = PATRON_ROWS_NEW, .apply = append_apply, .sentence = append_sentence };

extern const PatronOp patron_op_append;
const PatronOp patron_op_append = {
  .id = "append",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Append"),
  .question = N_("How do I put two tables of the same kind together?"),
  .summary = N_("Puts the rows of another table below these."),
  .help = N_("Columns belong together by name. Where their types differ, the result has the type that holds both: whole numbers and numbers make numbers, dates and times "
             "times; what has nothing in common becomes text. The report lists every column that is not the same in both tables."),
  .reference = "—",
  .params = append_params,
  .params_size = sizeof (AppendParams),
  .example = "table=customers\nsource=origin",
  .prepare = &append_prepare,
};
