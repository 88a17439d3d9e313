/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/names.h"
#include "ops/prepare/columns.h"
#include "report/report.h"
#include "table/expression.h"
#include "table/text-edit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_COLUMNS = 100 };

typedef struct
{
  char columns[PATRON_COLUMNS_SIZE];
  char separator[64];
  char name[PATRON_COLUMN_SIZE];
  bool skip;
  bool keep;
} JoinTextParams;

static const PatronParam join_params[] = {
  PATRON_PARAM_COLUMNS (JoinTextParams, columns, .label = N_("Columns"),
                        .help = N_("The columns to join, in this order; they may be of any type.")),
  PATRON_PARAM_TEXT (JoinTextParams, separator, .label = N_("Separator"), .def_text = "\\s",
                     .help = N_("What stands between the values. \\s is a blank, \\t a tabulator; may be empty.")),
  PATRON_PARAM_TEXT (JoinTextParams, name, .label = N_("Name of the column"), .def_text = "",
                     .help = N_("What the new column is called. Empty: the names of the columns, joined by “_”.")),
  PATRON_PARAM_BOOL (JoinTextParams, skip, .label = N_("Skip missing values"), .def = true,
                     .help = N_("A missing value and its separator are left out. Otherwise the result is missing where one of the values is.")),
  PATRON_PARAM_BOOL (JoinTextParams, keep, .label = N_("Keep the columns"), .def = true, .advanced = true,
                     .help = N_("Otherwise the columns that were joined are left out.")),
  PATRON_PARAM_END
};

static char *
join_check (const PatronInput *input, gconstpointer params)
{
  g_auto (GStrv) names = patron_names_split (((const JoinTextParams *) params)->columns);
  return g_strv_length (names) > MAX_COLUMNS
             ? g_strdup_printf (_("Columns: expected at most %d to join, but there are %u."), MAX_COLUMNS, g_strv_length (names))
             : NULL;
}

/* The column as texts. */
static PatronColumn *
as_texts (PatronColumn *column, PatronRun *run, GError **error)
{
  if (patron_column_has_dict (column))
    return patron_column_ref (column);
  g_autofree char *name = patron_expression_quote_name (patron_column_get_name (column));
  g_autofree char *formula = g_strdup_printf ("text (%s)", name);
  g_autoptr (PatronTable) table = patron_table_new ("", &column, 1, patron_column_get_length (column));
  g_autoptr (PatronExpression) expression = patron_expression_parse (formula, table, error);
  return expression != NULL ? patron_expression_compute (expression, patron_column_get_name (column), run, error) : NULL;
}

typedef struct
{
  guint         n;
  PatronColumn *columns[MAX_COLUMNS];
  PatronDict   *dicts[MAX_COLUMNS];   /* borrowed */
  gint32       *codes[MAX_COLUMNS];   /* of a chunk */
} Parts;

static void
parts_clear (Parts *parts)
{
  for (guint c = 0; c < parts->n; c++)
    {
      g_clear_pointer (&parts->columns[c], patron_column_unref);
      patron_free (parts->codes[c]);
    }
}

static gboolean
parts_init (Parts *parts, PatronTable *table, char **names, PatronRun *run, GError **error)
{
  for (; *names != NULL && parts->n < MAX_COLUMNS; names++)
    {
      guint c = parts->n++;
      parts->columns[c] = as_texts (patron_table_find (table, *names), run, error);
      parts->dicts[c] = parts->columns[c] != NULL ? patron_column_dict (parts->columns[c], error) : NULL;
      parts->codes[c] = parts->dicts[c] != NULL ? patron_try_alloc (PATRON_CHUNK_ROWS, sizeof (gint32), *names, error) : NULL;
      if (parts->codes[c] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* The text of row i of the chunk; FALSE when it is missing. */
static gboolean
join_row (const Parts *parts, gsize i, const char *separator, gboolean skip, GString *text)
{
  gboolean any = FALSE;
  g_string_truncate (text, 0);
  for (guint c = 0; c < parts->n; c++)
    {
      gint32 code = parts->codes[c][i];
      if (code < 0 && !skip)
        return FALSE;
      if (code < 0)
        continue;
      if (any)
        g_string_append (text, separator);
      g_string_append (text, patron_dict_get (parts->dicts[c], code));
      any = TRUE;
    }
  return any;
}

/* Row by row in order, so that equal tables give equal dictionaries. */
static PatronColumn *
join_columns (const Parts *parts, gsize n, const char *name, const char *separator, gboolean skip, gsize *n_missing, PatronRun *run, GError **error)
{
  gint32 *codes = patron_try_alloc_values (n, sizeof *codes, name, error);
  g_autoptr (PatronDictBuilder) builder = patron_dict_builder_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean ok = codes != NULL;
  *n_missing = 0;
  for (gsize start = 0; ok && start < n; start += PATRON_CHUNK_ROWS)
    {
      gsize part = MIN (n - start, PATRON_CHUNK_ROWS);
      ok = patron_run_check (run, error);
      for (guint c = 0; ok && c < parts->n; c++)
        ok = patron_column_read (parts->columns[c], start, part, parts->codes[c], error);
      for (gsize i = 0; ok && i < part; i++)
        {
          gboolean there = join_row (parts, i, separator, skip, text);
          codes[start + i] = there ? patron_dict_builder_add (builder, text->str, (gssize) text->len) : PATRON_CODE_MISSING;
          *n_missing += !there;
          ok = !there || codes[start + i] >= 0;
        }
    }
  PatronDict *dict = ok ? patron_dict_builder_finish (g_steal_pointer (&builder)) : NULL;
  if (dict != NULL)
    return patron_column_new_take (name, PATRON_TYPE_TEXT, n, codes, dict);
  patron_free (codes);
  if (error != NULL && *error == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory for the texts of column “%s”."), name);
  return NULL;
}

static PatronTable *
join_apply (const PatronPrepareInput *input, gconstpointer params, const char *learnt, PatronRun *run, PatronReport *report, GError **error)
{
  const JoinTextParams *join = params;
  g_auto (GStrv) names = patron_names_split (join->columns);
  g_autofree char *joined = g_strjoinv ("_", names);
  g_autofree char *tabs = patron_text_replace (join->separator, "\\t", "\t");
  g_autofree char *separator = patron_text_replace (tabs, "\\s", " ");
  const char *name = *join->name != '\0' ? join->name : joined;
  g_autoptr (PatronTable) table = patron_table_ref (input->table);
  Parts parts = { 0 };
  gsize n_missing = 0;
  PatronColumn *made = parts_init (&parts, table, names, run, error)
                         ? join_columns (&parts, patron_table_n_rows (table), name, separator, join->skip, &n_missing, run, error) : NULL;
  parts_clear (&parts);
  if (made == NULL)
    return NULL;
  patron_report_add_note (report, patron_text (N_("{name} has {n} different {n|text|texts}."), "name", PATRON_STRING (name), "n",
                                               PATRON_COUNT (patron_dict_size (patron_column_dict (made, NULL))), NULL));
  if (n_missing > 0)
    patron_report_add_note (report, patron_text (N_("It is missing in {n} {n|row|rows}."), "n", PATRON_COUNT (n_missing), NULL));
  patron_prepare_put (&table, made);
  for (char **part = names; !join->keep && *part != NULL; part++)
    if (strcmp (*part, name) != 0 && patron_table_find (table, *part) != NULL)
      patron_prepare_drop (&table, *part);
  return g_steal_pointer (&table);
}

static PatronText *
join_sentence (gconstpointer params)
{
  g_autofree char *list = patron_prepare_short_list (((const JoinTextParams *) params)->columns);
  return patron_text (N_("Join {columns} into one text"), "columns", PATRON_STRING (list), NULL);
}

static const PatronPrepare join_prepare = { .rows = PATRON_ROWS_KEPT, .apply = join_apply, .sentence = join_sentence };

extern const PatronOp patron_op_join_text;
const PatronOp patron_op_join_text = {
  .id = "join-text",
  .kind = PATRON_OP_PREPARE,
  .title = N_("Join texts"),
  .question = N_("How do I put several columns into one?"),
  .summary = N_("Writes the values of several columns one after the other into a new one."),
  .help = N_("First name and family name become a full name; street, town and country an address. Numbers and dates are written as in a "
             "file.\n\nMissing values are passed over together "
             "with their separator, so that no separator stands alone; the result is missing when nothing is left."),
  .reference = "—",
  .params = join_params,
  .params_size = sizeof (JoinTextParams),
  .example = "columns=region;product\nseparator=-\nname=key",
  .icon = "insert-link-symbolic",
  .check = join_check,
  .prepare = &join_prepare,
};
