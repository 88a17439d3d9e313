/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document-private.h"

#include <glib/gi18n-lib.h>

/* The prepare steps of a table: read from the project, applied by a job, stored as one step of history. */

GPtrArray *
patron_document_dup_steps (PatronDocument *self, const char *table, GError **error)
{
  g_return_val_if_fail (PATRON_IS_DOCUMENT (self), NULL);
  PatronItem *item = patron_document_find_table (self, table);
  if (item == NULL)
    return patron_table_steps_new ();
  g_autofree char *text = patron_project_get_table_steps (patron_document_get_project (self), patron_item_get_id (item), error);
  return text != NULL ? patron_table_steps_from_text (text, error) : NULL;
}

PatronTable *
patron_document_open_base (PatronDocument *self, const char *table, GError **error)
{
  g_return_val_if_fail (PATRON_IS_DOCUMENT (self), NULL);
  PatronItem *item = patron_document_find_table (self, table);
  if (item == NULL || patron_item_get_version (item) == 0)
    return patron_document_open_table (self, table, error);
  return patron_project_get_table_base (patron_document_get_project (self), patron_item_get_id (item), error);
}

/* ---- applying ---------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronProject *project;
  gint64         id;           /* of the table */
  GPtrArray     *steps;        /* of PatronTableStep*: wanted */
  guint          first;        /* to be applied to start */
  gboolean       adding;       /* what is applied is new: other steps have to be named when they fail */
  PatronTable   *start;
  PatronTable   *ready;        /* or NULL */
  PatronText    *label;
} Apply;

static void
apply_free (gpointer data)
{
  Apply *apply = data;
  patron_project_unref (apply->project);
  g_ptr_array_unref (apply->steps);
  g_clear_pointer (&apply->start, patron_table_unref);
  g_clear_pointer (&apply->ready, patron_table_unref);
  patron_text_free (apply->label);
  g_free (apply);
}

static PatronTable *
apply_steps (Apply *apply, PatronRun *run, GError **error)
{
  if (apply->ready != NULL)
    return patron_table_ref (apply->ready);
  GPtrArray *outcomes = NULL;
  g_autoptr (GPtrArray) plain = patron_table_steps_plain (apply->steps, apply->first, apply->steps->len);
  PatronTable *table = patron_engine_prepare_table (apply->start, plain, patron_engine_find_table, apply->project, run, &outcomes, error);
  patron_table_steps_count (apply->steps, apply->first, outcomes);
  g_clear_pointer (&outcomes, g_ptr_array_unref);
  if (table == NULL && !apply->adding && plain->len == 1)   /* of several, the engine names the one */
    patron_engine_name_step (plain->pdata[0], apply->first + 1, error);
  return table;
}

static gboolean
apply_work (PatronRun *run, gpointer data, GError **error)
{
  Apply *apply = data;
  if (apply->steps->len == 0)
    return patron_project_set_table_steps (apply->project, apply->id, NULL, NULL, apply->label, run, error);
  patron_run_push (run, N_("Applying the steps"), 0.7);
  g_autoptr (PatronTable) table = apply_steps (apply, run, error);
  patron_run_pop (run);
  if (table == NULL)
    return FALSE;
  patron_run_push (run, N_("Storing"), 0.3);
  g_autofree char *text = patron_table_steps_to_text (apply->steps);
  gboolean ok = patron_project_set_table_steps (apply->project, apply->id, table, text, apply->label, run, error);
  patron_run_pop (run);
  return ok;
}

/* How many steps the present table and the wanted one begin with alike. */
static guint
n_alike (const GPtrArray *present, const GPtrArray *wanted)
{
  guint n = 0;
  while (n < present->len && n < wanted->len && patron_table_step_equal (present->pdata[n], wanted->pdata[n]))
    n++;
  return n;
}

/* From the present table on where steps are only added to it, else from the table as it was imported. */
static gboolean
find_start (PatronDocument *self, const char *table, Apply *apply, GError **error)
{
  g_autoptr (GPtrArray) present = patron_document_dup_steps (self, table, error);
  if (present == NULL)
    return FALSE;
  guint alike = n_alike (present, apply->steps);
  for (guint i = 0; i < alike; i++)
    {
      patron_table_step_free (apply->steps->pdata[i]);
      apply->steps->pdata[i] = patron_table_step_copy (present->pdata[i]);
    }
  apply->adding = alike == present->len;
  apply->first = apply->adding ? alike : 0;
  apply->start = apply->adding ? patron_document_open_table (self, table, error) : patron_document_open_base (self, table, error);
  return apply->start != NULL;
}

PatronJob *
patron_document_set_steps (PatronDocument *self, const char *table, const GPtrArray *steps, const PatronText *label,
                           PatronTable *ready, const PatronStepOutcome *outcome)
{
  g_return_val_if_fail (PATRON_IS_DOCUMENT (self), NULL);
  g_autoptr (GError) error = NULL;
  PatronItem *item = patron_document_find_table (self, table);
  g_return_val_if_fail (item != NULL, NULL);
  Apply *apply = g_new0 (Apply, 1);
  apply->project = patron_project_ref (patron_document_get_project (self));
  apply->id = patron_item_get_id (item);
  apply->steps = patron_table_steps_copy (steps);
  apply->label = patron_text_copy (label);
  if (!find_start (self, table, apply, &error))
    {
      apply_free (apply);
      g_signal_emit_by_name (self, "problem", error);
      return NULL;
    }
  /* What is ready is the step behind the present ones, and nothing else. */
  if (ready != NULL && outcome != NULL && apply->first + 1 == steps->len)
    {
      apply->ready = patron_table_ref (ready);
      g_autoptr (GPtrArray) outcomes = g_ptr_array_new ();
      g_ptr_array_add (outcomes, (gpointer) outcome);
      patron_table_steps_count (apply->steps, apply->first, outcomes);
    }
  g_autofree char *title = patron_text_render (label);
  return patron_document_start_job (self, title, PATRON_JOB_EXCLUSIVE, apply_work, apply, apply_free);
}
