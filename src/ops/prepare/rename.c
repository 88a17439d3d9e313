/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/names.h"
#include "report/report.h"
#include "table/table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char pairs[PATRON_PAIRS_SIZE];
} RenameParams;

static const PatronParam rename_params[] = {
  PATRON_PARAM_TEXT (RenameParams, pairs, .label = N_("New names"), .holds = PATRON_HOLDS_PAIRS,
                     .help = N_("What each column is called from now on; columns that are not named here keep their names.")),
  PATRON_PARAM_END
};

/* Of PatronPair*, or NULL with an error. */
static GPtrArray *
read_pairs (const char *text, GError **error)
{
  g_autofree char *bad = NULL;
  GPtrArray *pairs = patron_pairs_split (text, &bad);
  if (pairs == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("New names: expected pairs like old=new, but found “%s”."), bad);
  return pairs;
}

/* The new name of each column, in order; borrowed from pairs and table. NULL with an error. */
static const char **
new_names (PatronTable *table, const GPtrArray *pairs, GError **error)
{
  guint n = patron_table_n_columns (table);
  g_autofree const char **names = g_new0 (const char *, n + 1);
  for (guint c = 0; c < n; c++)
    names[c] = patron_column_get_name (patron_table_column (table, c));
  for (guint p = 0; p < pairs->len; p++)
    {
      const PatronPair *pair = pairs->pdata[p];
      if (patron_table_require (table, pair->from, error) == NULL)
        return NULL;
      if (*pair->to == '\0')
        {
          g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column “%s” cannot be renamed to nothing."), pair->from);
          return NULL;
        }
      names[patron_table_index (table, pair->from)] = pair->to;
    }
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint c = 0; c < n; c++)
    if (!g_hash_table_add (seen, (gpointer) names[c]))
      {
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Two columns would have the name “%s”."), names[c]);
        return NULL;
      }
  return g_steal_pointer (&names);
}

static char *
rename_check (const PatronInput *input, gconstpointer params)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = read_pairs (((const RenameParams *) params)->pairs, &error);
  g_autofree const char **names = pairs != NULL ? new_names (input->table, pairs, &error) : NULL;
  return error != NULL ? g_strdup (error->message) : NULL;
}

static PatronTable *
rename_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  g_autoptr (GPtrArray) pairs = read_pairs (((const RenameParams *) params)->pairs, error);
  g_autofree const char **names = pairs != NULL ? new_names (input->table, pairs, error) : NULL;
  if (names == NULL)
    return NULL;
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  guint n_changed = 0;
  for (guint c = 0; c < patron_table_n_columns (input->table); c++)
    {
      PatronColumn *column = patron_table_column (input->table, c);
      gboolean changed = strcmp (patron_column_get_name (column), names[c]) != 0;
      g_ptr_array_add (columns, changed ? patron_column_rename (column, names[c]) : patron_column_ref (column));
      n_changed += changed;
    }
  patron_report_add_note (report, patron_text (N_("{n} {n|column has|columns have} a new name."), "n", PATRON_COUNT (n_changed), NULL));
  return patron_table_new_take (patron_table_get_name (input->table), columns);
}

static PatronText *
rename_sentence (gconstpointer params)
{
  g_autoptr (GPtrArray) pairs = patron_pairs_split (((const RenameParams *) params)->pairs, NULL);
  if (pairs == NULL || pairs->len == 0)
    return patron_text (N_("Rename columns"), NULL);
  const PatronPair *first = pairs->pdata[0];
  if (pairs->len == 1)
    return patron_text (N_("Rename {old} to {new}"), "old", PATRON_STRING (first->from), "new", PATRON_STRING (first->to), NULL);
  return patron_text (N_("Rename {old} to {new} and {n} more"), "old", PATRON_STRING (first->from), "new", PATRON_STRING (first->to), "n",
                      PATRON_COUNT (pairs->len - 1), NULL);
}

static const PatronPrepare rename_prepare = { .rows = PATRON_ROWS_KEPT, .apply = rename_apply, .sentence = rename_sentence };

extern const PatronOp patron_op_rename;
const PatronOp patron_op_rename = {
  .id = "rename",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Rename columns"),
  .question = N_("What should my columns be called?"),
  .summary = N_("Gives columns other names."),
  .help = N_("Each pair is the old name, an equals sign and the new name. Names may also be exchanged: a=b; b=a. A semicolon or a backslash in a "
             "name is written "
             "with a backslash in front.\n\nValues do not change, and steps that follow use the new names."),
  .reference = "—",
  .params = rename_params,
  .params_size = sizeof (RenameParams),
  .example = "pairs=spend=revenue; x1=score",
  .icon = "document-edit-symbolic",
  .check = rename_check,
  .prepare = &rename_prepare,
};
