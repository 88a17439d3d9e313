/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/memory.h"
#include "table/text-column.h"

/* ---- a column as texts --------------------------------------------------------------------------------------- */

static PatronColumn *
as_texts (PatronColumn *column, GError **error)
{
  if (patron_column_has_dict (column))
    return patron_column_ref (column);
  gsize n = patron_column_get_length (column);
  gint32 *codes = patron_try_alloc (n, sizeof *codes, "column", error);
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
  g_autoptr (PatronDict) dict = patron_dict_builder_finish (builder);
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
  patron_missing_tokens_init (&none, "");
  PatronColumn *typed = NULL;
  if (patron_text_column_given (texts, type, NULL, &plan, error))
    typed = patron_text_column_parse (texts, &plan, &none, &n_refused, error);
  patron_missing_tokens_clear (&none);
  if (typed != NULL && n_refused > 0)
    g_ptr_array_add (notes, patron_text (N_("{column}: {n} {n|value does|values do} not fit the type asked for and {n|is|are} missing."), "column",
                                         PATRON_STRING (patron_column_get_name (column)), "n", PATRON_COUNT (n_refused), NULL));
  return typed;
}

/* ---- the setting --------------------------------------------------------------------------------------------- */

/* "name=type" split at its last sign; FALSE with error where the type is none or the column is not there. *skip: leave it out; *type PATRON_N_TYPES: as
 * found. */
static gboolean
parse_part (char *part, PatronTable *table, const char **name, PatronType *type, gboolean *skip, GError **error)
{
  char *mark = strrchr (part, '=');
  if (mark == NULL)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column types hold “%s”; expected name=type."), part);
      return FALSE;
    }
  *mark = '\0';
  *name = g_strstrip (part);
  g_autofree char *id = g_strstrip (g_ascii_strdown (mark + 1, -1));
  *type = PATRON_N_TYPES;
  *skip = strcmp (id, "skip") == 0;
  if (patron_table_find (table, *name) == NULL)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Column types name a column “%s”, which the file does not have."), *name);
      return FALSE;
    }
  if (*skip || strcmp (id, "auto") == 0 || patron_type_from_id (id, type))
    return TRUE;
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST,
               _("“%s” is not a type of column; expected number, integer, boolean, category, text, date, time, duration or skip."), id);
  return FALSE;
}

PatronTable *
patron_apply_column_types (PatronTable *table, const char *column_types, GPtrArray *notes, GError **error)
{
  g_autoptr (PatronTable) result = patron_table_ref (table);
  g_auto (GStrv) parts = g_strsplit (column_types, ",", -1);
  for (char **part = parts; *part != NULL && *column_types != '\0'; part++)
    {
      const char *name;
      PatronType type;
      gboolean skip;
      if (!parse_part (*part, table, &name, &type, &skip, error))
        return NULL;
      PatronTable *next = NULL;
      if (skip)
        next = patron_table_without (result, name);
      else if (type == PATRON_N_TYPES)
        continue;
      else
        {
          g_autoptr (PatronColumn) column = change_type (patron_table_find (result, name), type, notes, error);
          if (column == NULL)
            return NULL;
          next = patron_table_with_column (result, column);
        }
      patron_table_unref (result);
      result = next;
    }
  return g_steal_pointer (&result);
}
