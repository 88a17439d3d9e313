/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "ops/prepare/learnt.h"
#include "report/report.h"
#include "table/column-derive.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char   columns[PATRON_COLUMNS_SIZE];
  int    least;
  double share;
  int    most;
  char   other[256];
} RareParams;

static const PatronParam rare_params[] = {
  PATRON_PARAM_COLUMNS (RareParams, columns, .label = N_("Columns"), .help = N_("Columns with many different values, some of them rare."),
                        .accepts = PATRON_ACCEPT_CATEGORY | PATRON_ACCEPT_TEXT),
  PATRON_PARAM_DOUBLE (RareParams, share, .label = N_("Smallest share"), .def = 0.01, .min = 0, .max = 1, .low = 0.001, .high = 0.1,
                       .help = N_("A value on a smaller share of the rows is merged. 0 looks at no share.")),
  PATRON_PARAM_INT (RareParams, least, .label = N_("Fewest rows"), .def = 0, .min = 0, .max = G_MAXINT, .low = 0, .high = 1000, .advanced = true,
                    .help = N_("A value on fewer rows is merged, whatever its share.")),
  PATRON_PARAM_INT (RareParams, most, .label = N_("Most values"), .def = PATRON_AUTO, .min = 1, .max = 100000, .low = 2, .high = 50,
                    .advanced = true, .automatic = N_("as many as are frequent enough"),
                    .help = N_("Only so many of the most frequent values stay.")),
  PATRON_PARAM_TEXT (RareParams, other, .label = N_("Name of the rest"), .def_text = "Other", .advanced = true,
                     .help = N_("What the rare values become together.")),
  PATRON_PARAM_END
};

typedef struct
{
  const char *text;
  guint64     count;
} Level;

/* Most frequent first; ties by text, so that the order of the rows does not matter. */
static int
order_levels (gconstpointer a, gconstpointer b)
{
  const Level *x = a, *y = b;
  if (x->count != y->count)
    return x->count < y->count ? 1 : -1;
  return strcmp (x->text, y->text);
}

/* The values that stay, as learnt "levels" of the column. */
static gboolean
learn_column (const PatronPrepareInput *input, const RareParams *rare, PatronColumn *column, PatronLearnt *learnt, PatronRun *run, GError **error)
{
  PatronDict *dict = patron_column_dict (column, error);
  double *codes = dict != NULL ? patron_prepare_gather (input, column, run, error) : NULL;
  if (codes == NULL)
    return FALSE;
  gsize n = patron_prepare_n_rows (input), n_known = 0, size = patron_dict_size (dict), kept = 0;
  Level *levels = patron_try_alloc0_values (size, sizeof *levels, patron_column_get_name (column), error);
  const char **texts = levels != NULL ? patron_try_alloc0_values (size, sizeof *texts, patron_column_get_name (column), error) : NULL;
  for (gsize i = 0; texts != NULL && i < size; i++)
    levels[i].text = patron_dict_get (dict, (gint32) i);
  for (gsize i = 0; texts != NULL && i < n; i++)
    if (codes[i] >= 0)
      {
        levels[(gsize) codes[i]].count++;
        n_known++;
      }
  patron_free (codes);
  if (texts != NULL)
    {
      qsort (levels, size, sizeof *levels, order_levels);
      for (gsize i = 0; i < size && levels[i].count > 0; i++)
        if (levels[i].count >= (guint64) rare->least && (double) levels[i].count >= rare->share * (double) n_known
            && (rare->most == PATRON_AUTO_INT || kept < (gsize) rare->most))
          texts[kept++] = levels[i].text;
      patron_learnt_set_texts (learnt, patron_column_get_name (column), "levels", texts, kept);
    }
  gboolean ok = texts != NULL;
  patron_free (levels);
  patron_free (texts);
  return ok;
}

static char *
rare_learn (const PatronPrepareInput *input, gconstpointer params, PatronRun *run, GError **error)
{
  const RareParams *rare = params;
  g_auto (GStrv) names = patron_names_split (rare->columns);
  g_autoptr (PatronLearnt) learnt = patron_learnt_new ();
  for (char **name = names; *name != NULL; name++)
    if (!learn_column (input, rare, patron_table_find (input->table, *name), learnt, run, error))
      return NULL;
  return patron_learnt_to_text (learnt);
}

/* A value that was not there when the step learnt is rare, too. */
static PatronColumn *
merge_column (PatronColumn *column, char **levels, const char *other, guint *n_merged, guint64 *n_rows, PatronRun *run, GError **error)
{
  const char *name = patron_column_get_name (column);
  PatronDict *dict = patron_column_dict (column, error);
  guint64 *counts = dict != NULL ? patron_column_count_codes (column, run, error) : NULL;
  gint32 *map = counts != NULL ? patron_try_alloc_values (patron_dict_size (dict), sizeof *map, name, error) : NULL;
  g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
  g_autoptr (GHashTable) kept = g_hash_table_new (g_str_hash, g_str_equal);
  if (map == NULL)
    {
      patron_free (counts);
      return NULL;
    }
  for (char **level = levels; *level != NULL; level++)
    g_hash_table_add (kept, *level);
  *n_merged = 0;
  *n_rows = 0;
  for (gsize i = 0; i < patron_dict_size (dict); i++)
    {
      const char *text = patron_dict_get (dict, (gint32) i);
      gboolean stays = g_hash_table_contains (kept, text);
      if (!stays && counts[i] > 0)
        {
          (*n_merged)++;
          *n_rows += counts[i];
        }
      map[i] = stays || counts[i] > 0 ? patron_dict_builder_add (builder, stays ? text : other, -1) : PATRON_CODE_MISSING;
    }
  patron_free (counts);
  PatronDict *merged = patron_dict_builder_finish (g_steal_pointer (&builder));
  if (merged != NULL)
    return patron_column_look_up (column, name, PATRON_TYPE_CATEGORY, merged, map, run, error);
  patron_free (map);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the new values of column “%s”."), name);
  return NULL;
}

static PatronTable *
rare_apply (const PatronPrepareInput *input, gconstpointer params, const char *text, PatronRun *run, PatronReport *report, GError **error)
{
  const RareParams *rare = params;
  g_autoptr (PatronLearnt) learnt = patron_learnt_from_text (text, error);
  if (learnt == NULL)
    return NULL;
  g_auto (GStrv) names = patron_learnt_columns (learnt);
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  PatronReportTable *list = patron_report_add_table (report, "rare", patron_text (N_("Values merged"), NULL));
  patron_report_table_add_column (list, "column", patron_text (N_("Column"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (list, "kept", patron_text (N_("Values that stay"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (list, "merged", patron_text (N_("Values merged"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (list, "rows", patron_text (N_("Their rows"), NULL), PATRON_FORMAT_COUNT);
  patron_prepare_tell_absent (report, table, (const char *const *) names);
  for (char **name = names; *name != NULL; name++)
    {
      PatronColumn *column = patron_table_find (table, *name);
      g_auto (GStrv) levels = patron_learnt_dup_texts (learnt, *name, "levels");
      guint n_merged;
      guint64 n_rows;
      if (column == NULL || levels == NULL || !patron_column_has_dict (column))
        continue;
      PatronColumn *merged = merge_column (column, levels, rare->other, &n_merged, &n_rows, run, error);
      if (merged == NULL)
        return NULL;
      patron_report_table_add_row (list);
      patron_report_table_add_string (list, *name);
      patron_report_table_add_number (list, g_strv_length (levels));
      patron_report_table_add_number (list, n_merged);
      patron_report_table_add_number (list, (double) n_rows);
      patron_report_add_note (report, patron_text (N_("{column}: {n} rare {n|value|values} on {rows} {rows|row|rows} became “{other}”."), "column",
                                                   PATRON_STRING (*name), "n", PATRON_COUNT (n_merged), "rows", PATRON_COUNT (n_rows), "other",
                                                   PATRON_STRING (rare->other), NULL));
      patron_prepare_put (&table, merged);
    }
  return g_steal_pointer (&table);
}

static PatronText *
rare_sentence (gconstpointer params)
{
  const RareParams *rare = params;
  g_autofree char *list = patron_prepare_short_list (rare->columns);
  return patron_text (N_("Merge rare values of {columns} into “{other}”"), "columns", PATRON_STRING (list), "other", PATRON_STRING (rare->other),
                      NULL);
}

static const PatronPrepare rare_prepare = { .rows = PATRON_ROWS_KEPT, .learn = rare_learn, .apply = rare_apply, .sentence = rare_sentence };

extern const PatronOp patron_op_merge_rare;
const PatronOp patron_op_merge_rare = {
  .id = "merge-rare",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Merge rare values"),
  .question = N_("What do I do with the many values that hardly occur?"),
  .summary = N_("Puts all rare values of a column into one."),
  .help = N_("A town with three customers says nothing about towns. Values on fewer rows than the limits say become one value, so that charts stay "
             "readable and models do not learn "
             "accidents by heart.\n\nWhich values stay is learnt from all rows, or from the training rows when a model follows; values that turn up "
             "only later count as rare."),
  .reference = "—",
  .params = rare_params,
  .params_size = sizeof (RareParams),
  .example = "columns=product\nmost=5",
  .icon = "view-list-bullet-symbolic",
  .prepare = &rare_prepare,
};
