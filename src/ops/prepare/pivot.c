/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "ops/prepare/table-columns.h"
#include "report/report.h"
#include "table/aggregate.h"
#include "table/sort-rows.h"
#include "table/stack-columns.h"
#include "table/take-rows.h"

#include <glib/gi18n-lib.h>

enum { MAX_COLUMNS = 1000 };

typedef struct
{
  char by[PATRON_COLUMNS_SIZE];
  char names[PATRON_COLUMN_SIZE];
  char values[PATRON_COLUMN_SIZE];
  int  summary;
  bool zero;
  char prefix[64];
} PivotParams;

enum { SUMMARY_COUNT, SUMMARY_SUM, SUMMARY_MEAN, SUMMARY_MEDIAN, SUMMARY_MIN, SUMMARY_MAX, SUMMARY_FIRST, SUMMARY_LAST, SUMMARY_DISTINCT, SUMMARY_SD };

static const PatronAggregateKind kinds[] = {
  [SUMMARY_COUNT] = PATRON_AGGREGATE_COUNT, [SUMMARY_SUM] = PATRON_AGGREGATE_SUM, [SUMMARY_MEAN] = PATRON_AGGREGATE_MEAN,
  [SUMMARY_MEDIAN] = PATRON_AGGREGATE_MEDIAN, [SUMMARY_MIN] = PATRON_AGGREGATE_MIN, [SUMMARY_MAX] = PATRON_AGGREGATE_MAX,
  [SUMMARY_FIRST] = PATRON_AGGREGATE_FIRST, [SUMMARY_LAST] = PATRON_AGGREGATE_LAST, [SUMMARY_DISTINCT] = PATRON_AGGREGATE_DISTINCT, [SUMMARY_SD] = PATRON_AGGREGATE_SD,
};

static const PatronChoice summaries[] = {
  [SUMMARY_COUNT] = { "count", N_("Count") },
  [SUMMARY_SUM] = { "sum", N_("Sum") },
  [SUMMARY_MEAN] = { "mean", N_("Mean") },
  [SUMMARY_MEDIAN] = { "median", N_("Median") },
  [SUMMARY_MIN] = { "min", N_("Smallest") },
  [SUMMARY_MAX] = { "max", N_("Largest") },
  [SUMMARY_FIRST] = { "first", N_("First") },
  [SUMMARY_LAST] = { "last", N_("Last") },
  [SUMMARY_DISTINCT] = { "distinct", N_("Different values") },
  [SUMMARY_SD] = { "sd", N_("Standard deviation") },
  { NULL },
};

static const PatronParam pivot_params[] = {
  PATRON_PARAM_COLUMNS (PivotParams, by, .label = N_("Rows by"), .help = N_("One row for each combination of values of these columns.")),
  PATRON_PARAM_COLUMN (PivotParams, names, .label = N_("Columns by"), .help = N_("Each value of this column becomes a column.")),
  PATRON_PARAM_COLUMN (PivotParams, values, .label = N_("Values"), .optional = true, .help = N_("What the cells are made of. Empty: rows are counted.")),
  PATRON_PARAM_CHOICE (PivotParams, summary, .label = N_("Summary"), .choices = summaries, .def = SUMMARY_SUM, .help = N_("How several values in a cell become one.")),
  PATRON_PARAM_BOOL (PivotParams, zero, .label = N_("Zero in empty cells"), .def = false, .help = N_("Cells of numbers without any row hold 0; otherwise they are missing.")),
  PATRON_PARAM_TEXT (PivotParams, prefix, .label = N_("Beginning of the names"), .def_text = "", .advanced = true, .help = N_("Put in front of the names of the new columns.")),
  PATRON_PARAM_END
};

static gboolean
make_aggregate (const PivotParams *params, PatronTable *table, PatronAggregate *aggregate, GError **error)
{
  *aggregate = (PatronAggregate) { .name = (char *) "value" };
  if (*params->values == '\0')
    return TRUE;
  aggregate->kind = kinds[params->summary];
  aggregate->column = patron_table_require (table, params->values, error);
  if (aggregate->column == NULL)
    return FALSE;
  PatronType type = patron_column_get_type (aggregate->column);
  if ((patron_aggregate_info (aggregate->kind)->accepts & patron_type_accept (type)) != 0)
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” is of type %s, which has no “%s”; choose count, first, last or different values."), params->values,
               _(patron_type_label (type)), _(summaries[params->summary].label));
  return FALSE;
}

static char *
pivot_check (const PatronInput *input, gconstpointer params)
{
  g_autoptr (GError) error = NULL;
  PatronAggregate aggregate;
  return make_aggregate (params, input->table, &aggregate, &error) ? NULL : g_strdup (error->message);
}

/* ---- cells ------------------------------------------------------------------------------------------------------------------ */

typedef struct
{
  PatronGroups *rows, *names, *cells;    /* of the rows of the table */
  PatronColumn *values;                  /* one a cell, and a last one for cells without rows when they are 0 */
  guint32       empty;                   /* where that one is, or PATRON_NO_ROW */
} Pivot;

static void
pivot_clear (Pivot *pivot)
{
  g_clear_pointer (&pivot->rows, patron_groups_free);
  g_clear_pointer (&pivot->names, patron_groups_free);
  g_clear_pointer (&pivot->cells, patron_groups_free);
  g_clear_pointer (&pivot->values, patron_column_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pivot, pivot_clear)

static gboolean
make_groups (Pivot *pivot, PatronTable *table, const GPtrArray *by, PatronColumn *names, PatronRun *run, GError **error)
{
  pivot->rows = patron_groups_new ((PatronColumn *const *) by->pdata, by->len, patron_table_n_rows (table), run, error);
  pivot->names = pivot->rows != NULL ? patron_groups_new (&names, 1, patron_table_n_rows (table), run, error) : NULL;
  if (pivot->names == NULL)
    return FALSE;
  if (pivot->names->n_groups > MAX_COLUMNS)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” has %u different values; at most %d can become columns."), patron_column_get_name (names),
                   pivot->names->n_groups, MAX_COLUMNS);
      return FALSE;
    }
  pivot->cells = patron_groups_refine (pivot->rows, names, run, error);
  return pivot->cells != NULL;
}

static gboolean
make_values (Pivot *pivot, const PatronAggregate *aggregate, gboolean zero, PatronRun *run, GError **error)
{
  g_autoptr (GPtrArray) results = patron_aggregate_groups (pivot->cells, &aggregate, 1, run, error);
  if (results == NULL)
    return FALSE;
  PatronColumn *values = results->pdata[0];
  PatronType type = patron_column_get_type (values);
  pivot->empty = PATRON_NO_ROW;
  if (!zero || (type != PATRON_TYPE_NUMBER && type != PATRON_TYPE_INTEGER))
    {
      pivot->values = patron_column_ref (values);
      return TRUE;
    }
  PatronColumnBuilder *builder = patron_column_builder_new ("zero", type);
  patron_column_builder_append_int64 (builder, 0);
  g_autoptr (PatronColumn) last = patron_column_builder_finish (builder);
  PatronColumn *parts[2] = { values, last };
  const gsize lengths[2] = { pivot->cells->n_groups, 1 };
  pivot->empty = pivot->cells->n_groups;
  pivot->values = patron_columns_stack ("values", type, parts, lengths, 2, run, error);
  return pivot->values != NULL;
}

/* Groups in the order of their columns' values. patron_free() it. */
static guint32 *
order_groups (const PatronGroups *groups, PatronColumn *const *columns, guint n, PatronRun *run, GError **error)
{
  g_autofree PatronSortKey *keys = g_new0 (PatronSortKey, n + 1);
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint k = 0; k < n; k++)
    {
      PatronColumn *column = patron_column_take_or_missing (columns[k], NULL, groups->first, groups->n_groups, run, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (taken, column);
      keys[k].column = column;
    }
  return patron_sort_rows (keys, n, NULL, 0, run, error);
}

/* For every column of the result, in their order, which cell is in which of its rows. patron_free() it. */
static guint32 *
place_cells (const Pivot *pivot, const guint32 *row_order, const guint32 *name_order, GError **error)
{
  gsize n_rows = pivot->rows->n_groups, n_names = pivot->names->n_groups;
  guint32 *places = patron_try_alloc_values (n_rows * n_names, sizeof *places, _("turning rows into columns"), error);
  g_autofree guint32 *row_at = g_new (guint32, n_rows + 1), *name_at = g_new (guint32, n_names + 1);
  if (places == NULL)
    return NULL;
  for (gsize i = 0; i < n_rows; i++)
    row_at[row_order[i]] = (guint32) i;
  for (gsize j = 0; j < n_names; j++)
    name_at[name_order[j]] = (guint32) j;
  for (gsize i = 0; i < n_rows * n_names; i++)
    places[i] = pivot->empty;
  for (guint32 c = 0; c < pivot->cells->n_groups; c++)
    {
      guint32 row = pivot->cells->first[c];
      places[name_at[pivot->names->ids[row]] * n_rows + row_at[pivot->rows->ids[row]]] = c;
    }
  return places;
}

static gboolean
add_by (const Pivot *pivot, const GPtrArray *by, const guint32 *row_order, GPtrArray *columns, GHashTable *taken, PatronRun *run, GError **error)
{
  gsize n = pivot->rows->n_groups;
  guint32 *rows = patron_try_alloc_values (n, sizeof *rows, _("turning rows into columns"), error);
  gboolean done = rows != NULL;
  for (gsize i = 0; done && i < n; i++)
    rows[i] = pivot->rows->first[row_order[i]];
  for (guint k = 0; done && k < by->len; k++)
    {
      PatronColumn *column = patron_column_take_or_missing (by->pdata[k], NULL, rows, n, run, error);
      if ((done = column != NULL))
        {
          g_ptr_array_add (columns, column);
          g_hash_table_add (taken, g_strdup (patron_column_get_name (column)));
        }
    }
  patron_free (rows);
  return done;
}

static gboolean
add_cells (const Pivot *pivot, const PivotParams *params, PatronColumn *names, const guint32 *name_order, const guint32 *places, GPtrArray *columns, GHashTable *taken,
           PatronRun *run, GError **error)
{
  for (guint32 j = 0; j < pivot->names->n_groups; j++)
    {
      guint32 row = pivot->names->first[name_order[j]];
      g_autofree char *value = patron_column_is_missing (names, row) ? g_strdup ("missing") : patron_column_format (names, row);
      g_autofree char *wanted = g_strconcat (params->prefix, *value == '\0' ? "empty" : value, NULL), *name = patron_free_name (taken, wanted);
      PatronColumn *column = patron_column_take_or_missing (pivot->values, name, places + j * (gsize) pivot->rows->n_groups, pivot->rows->n_groups, run, error);
      if (column == NULL)
        return FALSE;
      g_ptr_array_add (columns, column);
    }
  return TRUE;
}

static PatronTable *
pivot_apply (const PatronPrepareInput *input, gconstpointer data, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const PivotParams *params = data;
  PatronAggregate aggregate;
  g_auto (Pivot) pivot = { NULL };
  g_autoptr (GPtrArray) by = patron_columns_named (input->table, params->by, error);
  PatronColumn *names = by != NULL ? patron_table_require (input->table, params->names, error) : NULL;
  if (names == NULL || !make_aggregate (params, input->table, &aggregate, error) || !make_groups (&pivot, input->table, by, names, run, error)
      || !make_values (&pivot, &aggregate, params->zero, run, error))
    return NULL;
  guint32 *row_order = order_groups (pivot.rows, (PatronColumn *const *) by->pdata, by->len, run, error);
  guint32 *name_order = row_order != NULL ? order_groups (pivot.names, &names, 1, run, error) : NULL;
  guint32 *places = name_order != NULL ? place_cells (&pivot, row_order, name_order, error) : NULL;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean done = places != NULL && add_by (&pivot, by, row_order, columns, taken, run, error)
                  && add_cells (&pivot, params, names, name_order, places, columns, taken, run, error);
  patron_free (places);
  patron_free (name_order);
  patron_free (row_order);
  if (!done)
    return NULL;
  gsize all = (gsize) pivot.rows->n_groups * pivot.names->n_groups;
  patron_report_add_note (report, patron_text (N_("{rows} rows became {groups} rows and {columns} columns; {empty} cells have no row."), "rows",
                                               PATRON_COUNT (patron_table_n_rows (input->table)), "groups", PATRON_COUNT (pivot.rows->n_groups), "columns",
                                               PATRON_COUNT (pivot.names->n_groups), "empty", PATRON_COUNT (all - pivot.cells->n_groups), NULL));
  return patron_table_new_take (patron_table_get_name (input->table), g_steal_pointer (&columns));
}

static PatronText *
pivot_sentence (gconstpointer data)
{
  const PivotParams *params = data;
  if (*params->values == '\0')
    return patron_text (N_("Rows by {by}, columns by {names}: count"), "by", PATRON_STRING (params->by), "names", PATRON_STRING (params->names), NULL);
  return patron_text (N_("Rows by {by}, columns by {names}: {summary} of {values}"), "by", PATRON_STRING (params->by), "names", PATRON_STRING (params->names), "summary",
                      PATRON_MSGID (summaries[params->summary].label), "values", PATRON_STRING (params->values), NULL);
}

static const PatronPrepare pivot_prepare = { .rows = PATRON_ROWS_NEW, .apply = pivot_apply, .sentence = pivot_sentence };

extern const PatronOp patron_op_pivot;
const PatronOp patron_op_pivot = {
  .id = "pivot",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Rows to columns"),
  .question = N_("How do I get a table with a column for each month or product?"),
  .summary = N_("Makes a cross table: one row for each value of some columns, one column for each value of another, a summary in each cell."),
  .help = N_("The rows of the result are in the order of the values they are by, and so are its columns. A missing value makes a column “missing”. Several rows of the table that "
             "fall into one cell are summarised. The reverse is “Columns to rows”."),
  .reference = "—",
  .params = pivot_params,
  .params_size = sizeof (PivotParams),
  .example = "by=customer_id\nnames=region\nvalues=spend\nsummary=sum",
  .check = pivot_check,
  .prepare = &pivot_prepare,
};
