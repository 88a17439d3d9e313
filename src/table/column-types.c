/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"
#include "table/csv-options.h"
#include "table/text-column.h"

/* ---- a column as texts --------------------------------------------------------------------------------------- */

static PatronColumn *
as_texts (PatronColumn *column, GError **error)
{
  if (patron_column_has_dict (column))
    return patron_column_ref (column);
  gsize n = patron_column_get_length (column);
  gint32 *codes = patron_try_alloc_values (n, sizeof *codes, "column", error);
  if (codes == NULL)
    return NULL;
  PatronDictBuilder *builder = patron_dict_builder_new ();
  gboolean fine = TRUE;
  for (gsize i = 0; i < n && fine; i++)
    {
      g_autofree char *text = patron_column_is_missing (column, i) ? NULL : patron_column_format (column, i);
      codes[i] = text != NULL ? patron_dict_builder_add (builder, text, -1) : PATRON_CODE_MISSING;
      fine = text == NULL || codes[i] >= 0;
    }
  if (!fine)
    {
      patron_dict_builder_free (builder);
      patron_free (codes);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory to hold column “%s” as text."), patron_column_get_name (column));
      return NULL;
    }
  PatronDict *dict = patron_dict_builder_finish (builder);
  return patron_column_new_take (patron_column_get_name (column), PATRON_TYPE_TEXT, n, codes, dict);
}

static PatronColumn *
change_type (PatronColumn *column, PatronType type, GPtrArray *notes, GError **error)
{
  if (patron_column_get_type (column) == type)
    return patron_column_ref (column);
  g_autoptr (PatronColumn) texts = as_texts (column, error);
  if (texts == NULL)
    return NULL;
  PatronColumnPlan plan;
  PatronMissingTokens none;
  gsize n_refused = 0;
  patron_missing_tokens_init (&none, "", NULL);
  PatronColumn *typed = NULL;
  if (patron_text_column_given (texts, type, NULL, &plan, error))
    typed = patron_text_column_parse (texts, &plan, &none, &n_refused, error);
  patron_missing_tokens_clear (&none);
  if (typed != NULL && n_refused > 0)
    g_ptr_array_add (notes, patron_text (N_("{column}: {n} {n|value does|values do} not fit the type asked for and {n|is|are} missing."), "column",
                                         PATRON_STRING (patron_column_get_name (column)), "n", PATRON_COUNT (n_refused), NULL));
  return typed;
}

gboolean
patron_column_count_misfits (PatronColumn *column, PatronType type, gsize *n, gsize *n_values, GError **error)
{
  PatronColumnPlan plan;
  PatronMissingTokens words;
  gsize n_missing = 0;
  *n = *n_values = 0;
  g_autoptr (PatronColumn) texts = as_texts (column, error);
  g_autoptr (PatronColumn) typed = NULL;
  if (texts == NULL || !patron_column_count_missing (texts, &n_missing, error))
    return FALSE;
  *n_values = patron_column_get_length (texts) - n_missing;
  if (type == PATRON_TYPE_TEXT || type == PATRON_TYPE_CATEGORY)
    return TRUE;
  patron_missing_tokens_init (&words, patron_params_find (patron_csv_params, "missing-values")->def_text, NULL);
  if (patron_text_column_given (texts, type, NULL, &plan, error))
    typed = patron_text_column_parse (texts, &plan, &words, n, error);
  patron_missing_tokens_clear (&words);
  if (typed == NULL || !patron_column_count_missing (typed, &n_missing, error))
    return FALSE;
  *n_values = patron_column_get_length (typed) - n_missing + *n;
  return TRUE;
}

/* ---- the settings -------------------------------------------------------------------------------------------- */

static gboolean
require_columns (PatronTable *table, char **names, GError **error)
{
  for (; *names != NULL; names++)
    if (patron_table_find (table, *names) == NULL)
      {
        g_autoptr (GError) nearest = NULL;
        patron_table_require (table, *names, &nearest);
        g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, nearest->message);
        return FALSE;
      }
  return TRUE;
}

/* Replaces *table, keeping to the columns in read and leaving out those in skip; empty lists change nothing. */
static gboolean
choose_columns (PatronTable **table, const char *read, const char *skip, GError **error)
{
  g_auto (GStrv) wanted = patron_csv_split_list (read, NULL), unwanted = patron_csv_split_list (skip, NULL);
  if (!require_columns (*table, wanted, error) || !require_columns (*table, unwanted, error))
    return FALSE;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < patron_table_n_columns (*table); i++)
    {
      const char *name = patron_column_get_name (patron_table_column (*table, i));
      if ((*wanted == NULL || g_strv_contains ((const char *const *) wanted, name)) && !g_strv_contains ((const char *const *) unwanted, name))
        g_ptr_array_add (names, (gpointer) name);
    }
  if (names->len == patron_table_n_columns (*table))
    return TRUE;
  if (names->len == 0)
    {
      g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Every column is left out; expected at least one to read."));
      return FALSE;
    }
  g_ptr_array_add (names, NULL);
  PatronTable *chosen = patron_table_select (*table, (const char *const *) names->pdata, error);
  if (chosen == NULL)
    return FALSE;
  patron_table_unref (*table);
  *table = chosen;
  return TRUE;
}

static gboolean
apply_type (PatronTable **table, const char *name, const char *wish, GPtrArray *notes, GError **error)
{
  g_autofree char *id = g_ascii_strdown (wish, -1);
  PatronType type;
  if (strcmp (id, "auto") == 0)
    return TRUE;
  if (strcmp (id, "skip") == 0)
    {
      g_autofree char *entry = patron_csv_escape (name);
      return choose_columns (table, "", entry, error);
    }
  if (!patron_type_from_id (id, &type))
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
                   _("“%s” is not a type of column; expected number, integer, boolean, category, text, date, time, duration or skip."), id);
      return FALSE;
    }
  g_autoptr (PatronColumn) column = change_type (patron_table_find (*table, name), type, notes, error);
  if (column == NULL)
    return FALSE;
  PatronTable *changed = patron_table_with_column (*table, column);
  patron_table_unref (*table);
  *table = changed;
  return TRUE;
}

PatronTable *
patron_apply_column_settings (PatronTable *table, const char *read, const char *skip, const char *types, GPtrArray *notes, GError **error)
{
  g_autoptr (PatronTable) result = patron_table_ref (table);
  g_auto (GStrv) wishes = NULL;
  g_auto (GStrv) names = patron_csv_split_list (types, &wishes);
  if (!require_columns (table, names, error))
    return NULL;
  for (guint i = 0; names[i] != NULL; i++)
    if (patron_table_find (result, names[i]) != NULL && !apply_type (&result, names[i], wishes[i], notes, error))
      return NULL;
  return choose_columns (&result, read, skip, error) ? g_steal_pointer (&result) : NULL;
}
