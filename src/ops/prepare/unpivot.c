/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/table-columns.h"
#include "report/report.h"
#include "table/stack-columns.h"
#include "table/take-rows.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  char name[PATRON_COLUMN_SIZE];
  char value[PATRON_COLUMN_SIZE];
  bool drop_missing;
} UnpivotParams;

static const PatronParam unpivot_params[] = {
  PATRON_PARAM_COLUMNS (UnpivotParams, columns, .label = N_("Columns to turn into rows"), .help = N_("Each of them becomes a row; the other columns are repeated.")),
  PATRON_PARAM_TEXT (UnpivotParams, name, .label = N_("Column for the names"), .def_text = "name", .help = N_("It says which column a value was in.")),
  PATRON_PARAM_TEXT (UnpivotParams, value, .label = N_("Column for the values"), .def_text = "value", .help = N_("It holds the values.")),
  PATRON_PARAM_BOOL (UnpivotParams, drop_missing, .label = N_("Leave out missing values"), .def = false, .help = N_("No row is made of a missing value.")),
  PATRON_PARAM_END
};

/* Row i of the table and column j of those folded, for each row of the result. */
typedef struct
{
  gsize    n;
  guint32 *rows;       /* i */
  guint32 *cells;      /* j · rows of the table + i: where the value is among the columns put one under the other */
  gint32  *codes;      /* j */
} Cells;

static void
cells_clear (Cells *cells)
{
  patron_free (cells->rows);
  patron_free (cells->cells);
  patron_free (cells->codes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cells, cells_clear)

static gboolean
list_cells (Cells *cells, PatronColumn *values, gsize n_rows, guint n_columns, gboolean drop_missing, PatronRun *run, GError **error)
{
  gsize n = n_rows * n_columns;
  cells->rows = patron_try_alloc_values (n, sizeof (guint32), _("turning columns into rows"), error);
  cells->cells = cells->rows != NULL ? patron_try_alloc_values (n, sizeof (guint32), _("turning columns into rows"), error) : NULL;
  cells->codes = cells->cells != NULL ? patron_try_alloc_values (n, sizeof (gint32), _("turning columns into rows"), error) : NULL;
  if (cells->codes == NULL)
    return FALSE;
  for (gsize i = 0; i < n_rows && !patron_run_cancelled (run); i++)
    for (guint j = 0; j < n_columns; j++)
      {
        gsize cell = j * n_rows + i;
        if (drop_missing && patron_column_is_missing (values, cell))
          continue;
        cells->rows[cells->n] = (guint32) i;
        cells->cells[cells->n] = (guint32) cell;
        cells->codes[cells->n++] = (gint32) j;
      }
  return patron_run_check (run, error);
}

static PatronColumn *
stack_values (const char *name, const GPtrArray *folded, gboolean *written_out, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (folded->pdata[0]);
  g_autofree gsize *lengths = g_new (gsize, folded->len);
  *written_out = FALSE;
  for (guint j = 0; j < folded->len; j++)
    {
      *written_out = !patron_type_widen (type, patron_column_get_type (folded->pdata[j]), &type) || *written_out;
      lengths[j] = patron_column_get_length (folded->pdata[j]);
    }
  return patron_columns_stack (name, type, (PatronColumn *const *) folded->pdata, lengths, folded->len, run, error);
}

static gboolean
add_others (PatronTable *table, const GPtrArray *folded, const Cells *cells, GPtrArray *columns, GHashTable *taken, PatronRun *run, GError **error)
{
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      if (g_ptr_array_find ((GPtrArray *) folded, column, NULL))
        continue;
      PatronColumn *repeated = patron_column_take_or_missing (column, NULL, cells->rows, cells->n, run, error);
      if (repeated == NULL)
        return FALSE;
      g_ptr_array_add (columns, repeated);
      g_hash_table_add (taken, g_strdup (patron_column_get_name (column)));
    }
  return TRUE;
}

static PatronColumn *
names_column (const char *name, const GPtrArray *folded, Cells *cells)
{
  PatronDictBuilder *builder = patron_dict_builder_new ();
  for (guint j = 0; j < folded->len; j++)
    patron_dict_builder_add (builder, patron_column_get_name (folded->pdata[j]), -1);
  return patron_column_new_take (name, PATRON_TYPE_CATEGORY, cells->n, g_steal_pointer (&cells->codes), patron_dict_builder_finish (builder));
}

static PatronTable *
unpivot_apply (const PatronPrepareInput *input, gconstpointer data, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const UnpivotParams *params = data;
  gsize n_rows = patron_table_n_rows (input->table);
  gboolean written_out;
  g_autoptr (GPtrArray) folded = patron_columns_named (input->table, params->columns, error);
  if (folded == NULL)
    return NULL;
  if (n_rows * MAX (folded->len, 1) > G_MAXINT32)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The result would have %zu rows, more than a table can hold; choose fewer columns."),
                   n_rows * folded->len);
      return NULL;
    }
  g_autoptr (PatronColumn) values = stack_values (params->value, folded, &written_out, run, error);
  g_auto (Cells) cells = { 0 };
  if (values == NULL || !list_cells (&cells, values, n_rows, folded->len, params->drop_missing, run, error))
    return NULL;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!add_others (input->table, folded, &cells, columns, taken, run, error))
    return NULL;
  g_autofree char *value_name = NULL, *name_name = patron_free_name (taken, params->name);
  value_name = patron_free_name (taken, params->value);
  PatronColumn *value = patron_column_take_or_missing (values, value_name, cells.cells, cells.n, run, error);
  if (value == NULL)
    return NULL;
  g_ptr_array_add (columns, names_column (name_name, folded, &cells));
  g_ptr_array_add (columns, value);
  patron_report_add_note (report, patron_text (N_("{columns} columns of {rows} rows became {result} rows."), "columns", PATRON_COUNT (folded->len), "rows", PATRON_COUNT (n_rows),
                                               "result", PATRON_COUNT (cells.n), NULL));
  if (written_out)
    patron_report_add_note (report, patron_text (N_("The columns hold different kinds of values, so they are written out as text."), NULL));
  patron_report_add_dropped (report, patron_text (N_("the value is missing"), NULL), n_rows * folded->len - cells.n);
  return patron_table_new_take (patron_table_get_name (input->table), g_steal_pointer (&columns));
}

static PatronText *
unpivot_sentence (gconstpointer data)
{
  const UnpivotParams *params = data;
  g_autofree char *columns = patron_prepare_short_list (params->columns);
  return patron_text (N_("Turn {columns} into rows"), "columns", PATRON_STRING (columns), NULL);
}

static const PatronPrepare unpivot_prepare = { .rows = PATRON_ROWS_NEW, .apply = unpivot_apply, .sentence = unpivot_sentence };

extern const PatronOp patron_op_unpivot;
const PatronOp patron_op_unpivot = {
  .id = "unpivot",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Columns to rows"),
  .question = N_("How do I get one row a month from one column a month?"),
  .summary = N_("Turns columns into rows: one column with their names and one with their values."),
  .help = N_("A table with the columns customer, january, february … becomes one with customer, name, value, with a row for each month. Columns of different types are brought "
             "to the type that holds all of them; what has nothing in common is written out as text. The reverse is “Rows to columns”."),
  .reference = "H. Wickham, Tidy data, Journal of Statistical Software 59(10) (2014)",
  .params = unpivot_params,
  .params_size = sizeof (UnpivotParams),
  .example = "columns=x1;x2;x3\nname=measure\nvalue=amount",
  .prepare = &unpivot_prepare,
};
