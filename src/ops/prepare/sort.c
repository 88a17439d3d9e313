/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "report/report.h"
#include "table/sort-rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_KEYS = 32 };

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  bool descending;
  char reversed[PATRON_COLUMNS_SIZE];
  bool missing_first;
} SortParams;

static const PatronParam sort_params[] = {
  PATRON_PARAM_COLUMNS (SortParams, columns, .label = N_("Sort by"), .help = N_("The columns, the most important first.")),
  PATRON_PARAM_BOOL (SortParams, descending, .label = N_("Largest first"), .help = N_("From large to small, Z to A, late to early."), .def = false),
  PATRON_PARAM_COLUMNS (SortParams, reversed, .label = N_("The other way round"), .optional = true, .advanced = true,
                        .help = N_("Those of the columns that are sorted in the opposite direction. Empty: all go the same way.")),
  PATRON_PARAM_BOOL (SortParams, missing_first, .label = N_("Missing values first"), .def = false, .advanced = true,
                     .help = N_("Missing values come last unless this is on, whatever the direction.")),
  PATRON_PARAM_END
};

static char *
sort_check (const PatronInput *input, gconstpointer params)
{
  const SortParams *sort = params;
  g_auto (GStrv) names = patron_names_split (sort->columns);
  g_auto (GStrv) reversed = patron_names_split (sort->reversed);
  if (g_strv_length (names) > MAX_KEYS)
    return g_strdup_printf (_("Sort by: expected at most %d columns, but there are %u."), MAX_KEYS, g_strv_length (names));
  for (char **name = reversed; *name != NULL; name++)
    if (!g_strv_contains ((const char *const *) names, *name))
      return g_strdup_printf (_("The other way round: column “%s” is not among those to sort by."), *name);
  return NULL;
}

static PatronTable *
sort_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const SortParams *sort = params;
  g_auto (GStrv) names = patron_names_split (sort->columns);
  g_auto (GStrv) reversed = patron_names_split (sort->reversed);
  PatronSortKey keys[MAX_KEYS];
  guint n_keys = 0;
  for (char **name = names; *name != NULL && n_keys < MAX_KEYS; name++)
    keys[n_keys++] = (PatronSortKey) { .column = patron_table_find (input->table, *name), .missing_first = sort->missing_first,
                                       .descending = sort->descending != (bool) g_strv_contains ((const char *const *) reversed, *name) };
  guint32 *rows = patron_sort_rows (keys, n_keys, NULL, 0, run, error);
  if (rows == NULL)
    return NULL;
  PatronTable *table = patron_table_take_rows (input->table, rows, patron_table_n_rows (input->table), run, error);
  patron_free (rows);
  g_autofree char *list = patron_prepare_short_list (sort->columns);
  if (table != NULL)
    patron_report_add_note (report,
                            patron_text (N_("{n} {n|row is|rows are} in the order of {columns}; rows that are equal there stay as they were."), "n",
                                         PATRON_COUNT (patron_table_n_rows (table)), "columns", PATRON_STRING (list), NULL));
  return table;
}

static PatronText *
sort_sentence (gconstpointer params)
{
  const SortParams *sort = params;
  g_autofree char *list = patron_prepare_short_list (sort->columns);
  return patron_text (sort->descending ? N_("Sort by {columns}, largest first") : N_("Sort by {columns}"), "columns", PATRON_STRING (list), NULL);
}

static const PatronPrepare sort_prepare = { .rows = PATRON_ROWS_SELECTED, .apply = sort_apply, .sentence = sort_sentence };

extern const PatronOp patron_op_sort;
const PatronOp patron_op_sort = {
  .id = "sort",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Sort"),
  .question = N_("In which order do I want the rows?"),
  .summary = N_("Puts the rows in the order of one or more columns."),
  .help = N_("Rows are ordered by the first column; where it is equal, by the second, and so on. Rows that are equal in all of them stay in the "
             "order they had. Texts are "
             "ordered as a dictionary of the language in use would have them.\n\nThe order matters for the first rows of a sample, for "
             "files that are written, and for nothing that is computed: formulas say their own order."),
  .reference = "—",
  .params = sort_params,
  .params_size = sizeof (SortParams),
  .example = "columns=region;spend\nreversed=spend",
  .icon = "view-sort-ascending-symbolic",
  .check = sort_check,
  .prepare = &sort_prepare,
};
