/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/engine-private.h"

#include "base/memory.h"
#include "base/names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Names are compared without case, blanks and punctuation when they do not match as they are. */
static char *
loose_name (const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  GString *loose = g_string_new (NULL);
  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalnum (g_utf8_get_char (p)))
      g_string_append_unichar (loose, g_utf8_get_char (p));
  return g_string_free (loose, FALSE);
}

static PatronColumn *
find_loosely (PatronTable *table, const char *name)
{
  g_autofree char *wanted = loose_name (name);
  PatronColumn *found = NULL;
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      g_autofree char *loose = loose_name (patron_column_get_name (column));
      if (strcmp (loose, wanted) != 0)
        continue;
      if (found != NULL)
        return NULL;
      found = column;
    }
  return found;
}

/* The table with column found under the name wanted. */
static PatronTable *
take_for (PatronTable *table, PatronColumn *column, const char *wanted, GPtrArray *notes)
{
  g_autoptr (PatronColumn) renamed = patron_column_rename (column, wanted);
  g_ptr_array_add (notes, patron_text (N_("Column “{found}” is taken for “{wanted}”."), "found", PATRON_STRING (patron_column_get_name (column)),
                                       "wanted", PATRON_STRING (wanted), NULL));
  return patron_table_with_column (table, renamed);
}

/* The table with the names that the columns had when the model was trained, as far as they can be found. */
static PatronTable *
match_sources (const PatronModel *model, PatronTable *table, GPtrArray *notes)
{
  PatronTable *matched = patron_table_ref (table);
  for (char **name = model->source_columns; name != NULL && *name != NULL; name++)
    {
      PatronColumn *column = patron_table_find (matched, *name) == NULL ? find_loosely (table, *name) : NULL;
      if (column == NULL)
        continue;
      PatronTable *next = take_for (matched, column, *name, notes);
      patron_table_unref (matched);
      matched = next;
    }
  return matched;
}

/* The columns that a step names and the table lacks are taken out of its lists; FALSE when it cannot work without one. */
static gboolean
fit_step (PatronStep *step, PatronTable *table)
{
  for (const PatronParam *param = step->op->params; param != NULL && param->kind != PATRON_PARAM_KIND_END; param++)
    {
      if (param->kind != PATRON_PARAM_KIND_TEXT || !patron_param_relevant (param, step->params))
        continue;
      const char *text = patron_param_get_text (param, step->params);
      if (param->holds == PATRON_HOLDS_COLUMN && *text != '\0' && patron_table_find (table, text) == NULL)
        return FALSE;
      if (param->holds != PATRON_HOLDS_COLUMNS || *text == '\0')
        continue;
      g_auto (GStrv) names = patron_names_split (text);
      g_autoptr (GPtrArray) found = g_ptr_array_new ();
      for (char **name = names; *name != NULL; name++)
        if (patron_table_find (table, *name) != NULL)
          g_ptr_array_add (found, *name);
      g_ptr_array_add (found, NULL);
      g_autofree char *left = patron_names_join ((const char *const *) found->pdata);
      if (*left == '\0' || !patron_param_parse (param, left, step->params, NULL))
        return FALSE;
    }
  return TRUE;
}

/* One of the model's steps on the table to score. */
static PatronTable *
apply_step (const PatronModel *model, guint i, PatronProject *project, PatronTable *table, PatronRun *run, GPtrArray *notes, GError **error)
{
  g_autoptr (PatronStep) step = patron_step_copy (model->steps->pdata[i]);
  gboolean learns = step->op->prepare->learn != NULL;
  if (step->op->prepare->rows == PATRON_ROWS_SELECTED)
    {
      g_ptr_array_add (notes, patron_text (N_("Step “{step}” chooses rows and was passed over: every row is scored."), "step",
                                           PATRON_MSGID (step->op->title), NULL));
      return patron_table_ref (table);
    }
  if (!learns && !fit_step (step, table))
    {
      g_ptr_array_add (notes, patron_text (N_("Step “{step}” was passed over: the table lacks its columns."), "step", PATRON_MSGID (step->op->title), NULL));
      return patron_table_ref (table);
    }
  static const guint32 no_row;   /* none of these rows was learnt from */
  const PatronPrepareInput input = { .table = table, .rows = &no_row, .n_rows = 0, .find_table = patron_engine_find_table, .data = project };
  g_autoptr (PatronReport) report = patron_report_new (step->op->id);
  g_autofree char *learnt = learns ? g_strdup (model->learnt[i]) : NULL;
  PatronTable *next = patron_engine_apply_step (step, &input, &learnt, run, report, error);
  if (next == NULL)
    g_prefix_error (error, _("Step %u, “%s”: "), i + 1, _(step->op->title));
  for (guint k = 0; next != NULL && k < report->notes->len; k++)
    g_ptr_array_add (notes, patron_text_copy (report->notes->pdata[k]));
  return next;
}

static PatronTable *
apply_steps (const PatronModel *model, PatronProject *project, PatronTable *table, PatronRun *run, GPtrArray *notes, GError **error)
{
  PatronTable *current = match_sources (model, table, notes);
  for (guint i = 0; current != NULL && model->steps != NULL && i < model->steps->len; i++)
    {
      PatronTable *next = apply_step (model, i, project, current, run, notes, error);
      patron_table_unref (current);
      current = next;
    }
  return current;
}

/* The table with the model's column names; an error lists everything that is missing at once. */
static PatronTable *
match_columns (const PatronModel *model, PatronTable *table, GPtrArray *notes, GError **error)
{
  g_autoptr (PatronTable) matched = patron_table_ref (table);
  g_autoptr (GString) missing = g_string_new (NULL);
  for (guint s = 0; s < patron_design_n_sources (model->design); s++)
    {
      const char *name = patron_design_source (model->design, s)->name;
      if (patron_table_find (matched, name) != NULL)
        continue;
      PatronColumn *column = find_loosely (table, name);
      if (column == NULL)
        {
          g_string_append_printf (missing, "%s“%s”", missing->len > 0 ? ", " : "", name);
          continue;
        }
      PatronTable *next = take_for (matched, column, name, notes);
      patron_table_unref (matched);
      matched = next;
    }
  if (missing->len == 0)
    return g_steal_pointer (&matched);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("Table “%s” lacks columns that the model was trained on: %s."),
               patron_table_get_name (table), missing->str);
  return NULL;
}

static void
note_design (const PatronDesignNotes *met, GPtrArray *notes)
{
  if (met->n_unseen > 0)
    g_ptr_array_add (notes, patron_text (N_("{cells} {cells|value belongs|values belong} to categories that the model has never seen; scored as belonging to no known category."),
                                         "cells", PATRON_COUNT (met->n_unseen), NULL));
  if (met->n_missing > 0)
    g_ptr_array_add (notes, patron_text (N_("{cells} missing {cells|value was|values were} filled in as in training."), "cells", PATRON_COUNT (met->n_missing), NULL));
}

static PatronTable *
score_matrix (const PatronModel *model, PatronTable *table, const PatronMatrix *x, PatronRun *run, GError **error)
{
  double *out = patron_try_alloc (x->n, patron_model_n_outputs (model) * sizeof *out, _("the scores"), error);
  if (out == NULL)
    return NULL;
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (char **id = model->id_columns; *id != NULL; id++)
    if (patron_table_find (table, *id) != NULL)
      g_ptr_array_add (columns, patron_column_ref (patron_table_find (table, *id)));
  gboolean ok = model->op->model->predict (model->state, x, out, run, error) && patron_model_append_outputs (model, out, x->n, columns, error);
  patron_free (out);
  if (!ok)
    return NULL;
  g_autofree char *name = g_strdup_printf (_("%s scored"), patron_table_get_name (table));
  return patron_table_new_take (name, g_steal_pointer (&columns));
}

PatronTable *
patron_engine_score (GBytes *bytes, PatronProject *project, PatronTable *table, PatronRun *run, GPtrArray **notes_out, GError **error)
{
  g_autoptr (PatronModel) model = patron_model_load (bytes, error);
  if (model == NULL)
    return NULL;
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_text_free);
  g_autoptr (PatronTable) prepared = apply_steps (model, project, table, run, notes, error);
  g_autoptr (PatronTable) matched = prepared != NULL ? match_columns (model, prepared, notes, error) : NULL;
  if (matched == NULL)
    return NULL;
  PatronDesignNotes met = { 0, 0 };
  g_autoptr (PatronMatrix) x = patron_design_apply (model->design, matched, NULL, 0, &met, run, error);
  if (x == NULL)
    return NULL;
  note_design (&met, notes);
  PatronTable *scored = score_matrix (model, matched, x, run, error);
  if (scored != NULL && notes_out != NULL)
    *notes_out = g_steal_pointer (&notes);
  return scored;
}
