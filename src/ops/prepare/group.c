/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "ops/prepare/table-columns.h"
#include "report/report.h"
#include "table/aggregate.h"
#include "table/sort-rows.h"
#include "table/take-rows.h"

#include <glib/gi18n-lib.h>

enum { ORDER_KEY, ORDER_APPEARANCE, ORDER_LARGEST };

typedef struct
{
  char by[PATRON_COLUMNS_SIZE];
  char aggregates[PATRON_PAIRS_SIZE];
  bool missing;
  int  order;
} GroupParams;

static const PatronChoice orders[] = {
  [ORDER_KEY] = { "key", N_("By the grouping columns") },
  [ORDER_APPEARANCE] = { "appearance", N_("As they come in the table") },
  [ORDER_LARGEST] = { "largest", N_("Largest first summary first") },
  { NULL },
};

static const PatronParam group_params[] = {
  PATRON_PARAM_COLUMNS (GroupParams, by, .label = N_("Group by"), .optional = true,
                        .help = N_("Rows with the same values in these columns become one row. Without any, the whole table becomes one row.")),
  PATRON_PARAM_TEXT (GroupParams, aggregates, .holds = PATRON_HOLDS_AGGREGATES, .label = N_("Summaries"), .def_text = "count() as rows",
                     .help = N_("What to work out for each group, such as sum(amount) as revenue; count() as orders; median(age).")),
  PATRON_PARAM_BOOL (GroupParams, missing, .label = N_("Keep missing keys"), .def = true,
                     .help = N_("Rows where a grouping column is missing make a group of their own; otherwise they are left out and counted.")),
  PATRON_PARAM_CHOICE (GroupParams, order, .label = N_("Order"), .choices = orders, .def = ORDER_KEY, .advanced = true, .help = N_("The order of the groups.")),
  PATRON_PARAM_END
};

/* The summaries, with names that are unlike each other and the grouping columns'. */
static GPtrArray *
parse_summaries (const GroupParams *params, PatronTable *table, const GPtrArray *keys, GError **error)
{
  g_autoptr (GPtrArray) aggregates = patron_aggregates_parse (params->aggregates, table, error);
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  if (aggregates == NULL)
    return NULL;
  for (guint k = 0; k < keys->len; k++)
    g_hash_table_add (taken, (gpointer) patron_column_get_name (keys->pdata[k]));
  if (aggregates->len + keys->len == 0)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Nothing to group by and nothing to work out; give a column or a summary."));
      return NULL;
    }
  for (guint i = 0; i < aggregates->len; i++)
    {
      PatronAggregate *aggregate = aggregates->pdata[i];
      if (g_hash_table_add (taken, aggregate->name))
        continue;
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Two columns of the result would be called “%s”; name one of them with “as”."), aggregate->name);
      return NULL;
    }
  return g_steal_pointer (&aggregates);
}

static char *
group_check (const PatronInput *input, gconstpointer params)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = patron_columns_named (input->table, ((const GroupParams *) params)->by, &error);
  g_autoptr (GPtrArray) aggregates = keys != NULL ? parse_summaries (params, input->table, keys, &error) : NULL;
  return aggregates != NULL ? NULL : g_strdup (error->message);
}

/* ---- the table of groups ------------------------------------------------------------------------------------------- */

static PatronTable *
table_of_groups (PatronTable *table, const PatronGroups *groups, const GPtrArray *keys, const GPtrArray *aggregates, PatronRun *run, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint k = 0; k < keys->len; k++)
    {
      PatronColumn *column = patron_column_take_or_missing (keys->pdata[k], NULL, groups->first, groups->n_groups, run, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
    }
  g_autoptr (GPtrArray) results = patron_aggregate_groups (groups, (const PatronAggregate *const *) aggregates->pdata, aggregates->len, run, error);
  if (results == NULL)
    return NULL;
  for (guint i = 0; i < results->len; i++)
    g_ptr_array_add (columns, patron_column_ref (results->pdata[i]));
  return patron_table_new_take (patron_table_get_name (table), g_steal_pointer (&columns));
}

/* Without the groups where one of the first n_keys columns is missing. */
static PatronTable *
drop_missing_keys (PatronTable *table, guint n_keys, const PatronGroups *groups, PatronReport *report, PatronRun *run, GError **error)
{
  gsize n = patron_table_n_rows (table), dropped = 0;
  guint8 *keep = patron_try_alloc_values (n, 1, _("grouping rows"), error);
  if (keep == NULL)
    return NULL;
  for (gsize g = 0; g < n; g++)
    {
      keep[g] = 1;
      for (guint k = 0; k < n_keys; k++)
        keep[g] = keep[g] && !patron_column_is_missing (patron_table_column (table, k), g);
      dropped += keep[g] ? 0 : groups->counts[g];
    }
  patron_report_add_dropped (report, patron_text (N_("a grouping column is missing"), NULL), dropped);
  PatronTable *kept = patron_table_keep_rows (table, keep, run, error);
  patron_free (keep);
  return kept;
}

static PatronTable *
order_groups (PatronTable *table, guint n_keys, int order, PatronRun *run, GError **error)
{
  guint n = patron_table_n_columns (table), n_by = order == ORDER_KEY ? n_keys : n > n_keys;
  if (order == ORDER_APPEARANCE || n_by == 0)
    return patron_table_ref (table);
  g_autofree PatronSortKey *by = g_new0 (PatronSortKey, n_by);
  for (guint k = 0; k < n_by; k++)
    by[k] = (PatronSortKey) { .column = patron_table_column (table, order == ORDER_KEY ? k : n_keys), .descending = order == ORDER_LARGEST };
  guint32 *rows = patron_sort_rows (by, n_by, NULL, 0, run, error);
  PatronTable *sorted = rows != NULL ? patron_table_take_rows (table, rows, patron_table_n_rows (table), run, error) : NULL;
  patron_free (rows);
  return sorted;
}

static void
tell_groups (PatronReport *report, const PatronGroups *groups)
{
  gsize single = 0, largest = 0;
  for (guint32 g = 0; g < groups->n_groups; g++)
    {
      single += groups->counts[g] == 1;
      largest = MAX (largest, groups->counts[g]);
    }
  patron_report_add_note (report, patron_text (N_("{rows} {rows|row|rows} became {groups} {groups|group|groups}; the largest has {largest} {largest|row|rows}."), "rows",
                                               PATRON_COUNT (groups->n_rows), "groups", PATRON_COUNT (groups->n_groups), "largest", PATRON_COUNT (largest), NULL));
  patron_report_add_figure (report, "groups", patron_text (N_("Groups"), NULL), PATRON_FORMAT_COUNT, groups->n_groups);
  patron_report_add_figure (report, "largest", patron_text (N_("Rows in the largest group"), NULL), PATRON_FORMAT_COUNT, (double) largest);
  patron_report_add_figure (report, "single", patron_text (N_("Groups of one row"), NULL), PATRON_FORMAT_COUNT, (double) single);
}

static PatronTable *
group_apply (const PatronPrepareInput *input, gconstpointer data, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const GroupParams *params = data;
  g_autoptr (GPtrArray) keys = patron_columns_named (input->table, params->by, error);
  g_autoptr (GPtrArray) aggregates = keys != NULL ? parse_summaries (params, input->table, keys, error) : NULL;
  if (aggregates == NULL)
    return NULL;
  patron_run_push (run, N_("Grouping rows"), 0.4);
  g_autoptr (PatronGroups) groups = patron_groups_new ((PatronColumn *const *) keys->pdata, keys->len, patron_table_n_rows (input->table), run, error);
  patron_run_pop (run);
  if (groups == NULL)
    return NULL;
  tell_groups (report, groups);
  g_autoptr (PatronTable) table = table_of_groups (input->table, groups, keys, aggregates, run, error);
  g_autoptr (PatronTable) kept = table == NULL ? NULL : params->missing ? patron_table_ref (table)
                                                                       : drop_missing_keys (table, keys->len, groups, report, run, error);
  return kept != NULL ? order_groups (kept, keys->len, params->order, run, error) : NULL;
}

static PatronText *
group_sentence (gconstpointer data)
{
  const GroupParams *params = data;
  if (*params->by == '\0')
    return patron_text (N_("Summarise all rows: {aggregates}"), "aggregates", PATRON_STRING (params->aggregates), NULL);
  return patron_text (N_("Group by {columns}: {aggregates}"), "columns", PATRON_STRING (params->by), "aggregates", PATRON_STRING (params->aggregates), NULL);
}

static const PatronPrepare group_prepare = { .rows = PATRON_ROWS_NEW, .apply = group_apply, .sentence = group_sentence };

extern const PatronOp patron_op_group;
const PatronOp patron_op_group = {
  .id = "group",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Group and summarise"),
  .question = N_("What are the totals and averages of each group?"),
  .summary = N_("Makes one row of all rows with the same values in some columns, with sums, means and other summaries of the rest."),
  .help = N_("A summary is written like sum(amount) as revenue: what to work out, of which column, and the name of the new column. Several are separated by semicolons. "
             "Names with commas or brackets stand in square brackets.\n\nThere are count, missing, defined, distinct, sum, share, mean, weighted_mean(x, weight), "
             "geometric_mean, product, median, quantile(x, 0.9), iqr, mad, min, max, range, variance, sd, se, skewness, kurtosis, first(x by date), last(x by date), mode, "
             "any, all, list, days_since(date, 2024-01-31).\n\nMissing values are left out of a summary; a group without any value has a missing one, and the sum 0. Standard "
             "deviation and variance divide by n - 1; quantiles are interpolated as in spreadsheets."),
  .reference = "R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996) 361-365",
  .params = group_params,
  .params_size = sizeof (GroupParams),
  .example = "by=region\naggregates=sum(spend) as revenue; count() as lines; median(unit_price)",
  .check = group_check,
  .prepare = &group_prepare,
};
