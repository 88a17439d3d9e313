/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/learnt.h"
#include "report/report.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  double most_missing;
  bool   constant;
  char   keep[PATRON_COLUMNS_SIZE];
} SparseParams;

static const PatronParam sparse_params[] = {
  PATRON_PARAM_DOUBLE (SparseParams, most_missing, .label = N_("Most missing values"), .def = 0.5, .min = 0, .max = 1, .low = 0.1, .high = 0.95,
                       .help = N_("A column is left out when a larger share of its rows is missing. 1 leaves out none for this reason.")),
  PATRON_PARAM_BOOL (SparseParams, constant, .label = N_("Columns with one value"), .def = true,
                     .help = N_("Leaves out columns that hold the same value in every row, or nothing.")),
  PATRON_PARAM_COLUMNS (SparseParams, keep, .label = N_("Always keep"), .optional = true, .advanced = true,
                        .help = N_("Columns that stay whatever they hold. Empty: none.")),
  PATRON_PARAM_END
};

/* What is seen of a column: rows, missing, and whether two values differ. */
typedef struct
{
  gsize    n, n_missing;
  double   first;
  gboolean varies;
} Sight;

static gboolean
look_at (const PatronPrepareInput *input, PatronColumn *column, Sight *sight, PatronRun *run, GError **error)
{
  double *values = patron_prepare_gather (input, column, run, error);
  if (values == NULL)
    return FALSE;
  gboolean codes = patron_column_has_dict (column);
  *sight = (Sight) { .n = patron_prepare_n_rows (input), .first = NAN };
  for (gsize i = 0; i < sight->n; i++)
    if (isnan (values[i]) || (codes && values[i] < 0))
      sight->n_missing++;
    else if (isnan (sight->first))
      sight->first = values[i];
    else
      sight->varies |= values[i] != sight->first;
  patron_free (values);
  return TRUE;
}

/* The columns to leave out, each with its reason: "constant", "missing" and the share. */
static char *
sparse_learn (const PatronPrepareInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  const SparseParams *sparse = params;
  g_auto (GStrv) keep = patron_names_split (sparse->keep);
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  guint n_columns = patron_table_n_columns (input->table);
  for (guint c = 0; c < n_columns; c++)
    {
      PatronColumn *column = patron_table_column (input->table, c);
      Sight sight;
      if (!look_at (input, column, &sight, run, error))
        return NULL;
      double share = sight.n > 0 ? (double) sight.n_missing / (double) sight.n : 0;
      gboolean constant = sparse->constant && sight.n > 0 && !sight.varies && (sight.n_missing == 0 || sight.n_missing == sight.n);
      if ((!constant && !(share > sparse->most_missing)) || g_strv_contains ((const char *const *) keep, patron_column_get_name (column)))
        continue;
      patron_learnt_set_text (learnt, patron_column_get_name (column), "reason", share > sparse->most_missing ? "missing" : "constant");
      patron_learnt_set_number (learnt, patron_column_get_name (column), "missing", share);
    }
  return patron_learnt_to_text (learnt);
}

static PatronReportTable *
begin_list (PatronReport *report)
{
  PatronReportTable *list = patron_report_add_table (report, "dropped", patron_text (N_("Columns left out"), NULL));
  patron_report_table_add_column (list, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (list, "reason", patron_text (N_("Reason"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (list, "missing", patron_text (N_("Missing"), NULL), PATRON_FORMAT_PERCENT);
  return list;
}

static PatronTable *
sparse_apply (const PatronPrepareInput *input, gconstpointer params, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL)
    return NULL;
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  PatronReportTable *list = NULL;
  guint n = 0;
  for (char **name = names; *name != NULL; name++)
    {
      if (patron_table_find (table, *name) == NULL)
        continue;
      if (patron_table_n_columns (table) == 1)
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Every column of the table would be left out; expected at least one with values."));
          return NULL;
        }
      if (list == NULL)
        list = begin_list (report);
      g_autofree char *reason = patron_learnt_dup_text (learnt, *name, "reason");
      patron_report_table_add_row (list);
      patron_report_table_add_string (list, *name);
      patron_report_table_add_text (
          list, patron_text (g_strcmp0 (reason, "missing") == 0 ? N_("too many missing values") : N_("the same value in every row"), NULL));
      patron_report_table_add_number (list, patron_learnt_get_number (learnt, *name, "missing"));
      patron_prepare_drop (&table, *name);
      n++;
    }
  patron_report_add_note (report, patron_text (N_("{n} {n|column is|columns are} left out."), "n", PATRON_COUNT (n), NULL));
  return g_steal_pointer (&table);
}

static PatronText *
sparse_sentence (gconstpointer params)
{
  const SparseParams *sparse = params;
  return patron_text (sparse->constant ? N_("Leave out columns with over {share} missing or one value")
                                       : N_("Leave out columns with over {share} missing"),
                      "share", PATRON_PERCENT (sparse->most_missing), NULL);
}

static const PatronPrepare sparse_prepare = { .rows = PATRON_ROWS_KEPT, .learn = sparse_learn, .apply = sparse_apply, .sentence = sparse_sentence };

extern const PatronOp patron_op_drop_sparse;
const PatronOp patron_op_drop_sparse = {
  .id = "drop-sparse",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Leave out empty columns"),
  .question = N_("Which columns hold too little to be of use?"),
  .summary = N_("Leaves out columns with many missing values, or with one value only."),
  .help = N_("A column that is empty in most rows, or the same in all, tells customers apart only by accident. The report names each column left "
             "out and why.\n\nThe choice is "
             "made once: when a model follows, on its training rows, and a new file to be scored loses the same columns."),
  .reference = "—",
  .params = sparse_params,
  .params_size = sizeof (SparseParams),
  .example = "most-missing=0.01",
  .icon = "edit-delete-symbolic",
  .prepare = &sparse_prepare,
};
