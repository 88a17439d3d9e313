/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  bool keep;
} DropParams;

static const PatronParam drop_params[] = {
  PATRON_PARAM_COLUMNS (DropParams, columns, .label = N_("Columns"), .help = N_("The columns to leave out, or to keep.")),
  PATRON_PARAM_BOOL (DropParams, keep, .label = N_("Keep only these"), .def = false,
                     .help = N_("Keeps the columns chosen, in the order given, and leaves out all others.")),
  PATRON_PARAM_END
};

static char *
drop_check (const PatronInput *input, gconstpointer params)
{
  const DropParams *drop = params;
  g_auto (GStrv) names = patron_names_split (drop->columns);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (char **name = names; *name != NULL; name++)
    g_hash_table_add (seen, *name);
  return !drop->keep && g_hash_table_size (seen) >= patron_table_n_columns (input->table)
             ? g_strdup (_("Columns: leaving out all columns would leave nothing."))
             : NULL;
}

static PatronTable *
drop_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const DropParams *drop = params;
  g_auto (GStrv) names = patron_names_split (drop->columns);
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  guint n = patron_table_n_columns (input->table);
  for (char **name = names; *name != NULL; name++)
    if (g_hash_table_add (wanted, *name) && drop->keep)
      g_ptr_array_add (columns, patron_column_ref (patron_table_find (input->table, *name)));
  for (guint c = 0; !drop->keep && c < n; c++)
    {
      PatronColumn *column = patron_table_column (input->table, c);
      if (!g_hash_table_contains (wanted, patron_column_get_name (column)))
        g_ptr_array_add (columns, patron_column_ref (column));
    }
  patron_report_add_note (report, patron_text (N_("{dropped} of {n} columns {dropped|is|are} left out."), "dropped", PATRON_COUNT (n - columns->len),
                                               "n", PATRON_COUNT (n), NULL));
  return patron_table_new_take (patron_table_get_name (input->table), columns);
}

static PatronText *
drop_sentence (gconstpointer params)
{
  const DropParams *drop = params;
  g_autofree char *list = patron_prepare_short_list (drop->columns);
  return patron_text (drop->keep ? N_("Keep only {columns}") : N_("Leave out {columns}"), "columns", PATRON_STRING (list), NULL);
}

static const PatronPrepare drop_prepare = { .rows = PATRON_ROWS_KEPT, .apply = drop_apply, .sentence = drop_sentence };

extern const PatronOp patron_op_drop;
const PatronOp patron_op_drop = {
  .id = "drop",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Leave out columns"),
  .question = N_("Which columns do I not need?"),
  .summary = N_("Leaves out columns, or keeps only some."),
  .help = N_("Columns that are left out take no part in anything that follows; the source is not changed, and taking the step back brings them "
             "again.\n\nTo leave "
             "out columns that say little, use “Leave out empty columns”; to choose those that help a prediction, “Select features”."),
  .reference = "—",
  .params = drop_params,
  .params_size = sizeof (DropParams),
  .example = "columns=order_id;member",
  .icon = "edit-delete-symbolic",
  .check = drop_check,
  .prepare = &drop_prepare,
};
