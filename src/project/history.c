/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ops/registry.h"

/* The history is a list of steps, and of the changes each made to one value: from `before` to `after`. Undoing puts `before` back, redoing
 * `after`. Nothing is ever deleted by it, so it has no limit, and lives in the file. */

/* What a change can be about. target is the id of a row, or the key of a setting. */
static const struct
{
  const char     *what;
  PatronCatalogue catalogue;
  const char     *get, *set;
} subjects[] = {
  { "table-live", PATRON_CATALOGUE_TABLE, "SELECT live FROM data_table WHERE id = ?", "UPDATE data_table SET live = ? WHERE id = ?" },
  { "table-name", PATRON_CATALOGUE_TABLE, "SELECT name FROM data_table WHERE id = ?", "UPDATE data_table SET name = ? WHERE id = ?" },
  { "run-live", PATRON_CATALOGUE_RUN, "SELECT live FROM run WHERE id = ?", "UPDATE run SET live = ? WHERE id = ?" },
  { "run-name", PATRON_CATALOGUE_RUN, "SELECT name FROM run WHERE id = ?", "UPDATE run SET name = ? WHERE id = ?" },
  { "model-live", PATRON_CATALOGUE_MODEL, "SELECT live FROM model WHERE id = ?", "UPDATE model SET live = ? WHERE id = ?" },
  { "model-name", PATRON_CATALOGUE_MODEL, "SELECT name FROM model WHERE id = ?", "UPDATE model SET name = ? WHERE id = ?" },
  { "setting", PATRON_CATALOGUE_SETTING, "SELECT value FROM setting WHERE id = ?", "UPDATE setting SET value = ? WHERE id = ?" },
};

/* Steps by kind, as phrases. {subject} and {detail} are names from the project. */
static const struct
{
  const char *kind;
  const char *label;
} kinds[] = {
  { "import", N_("Import “{subject}”") },
  { "add-table", N_("Add the table “{subject}”") },
  { "rename-table", N_("Rename “{subject}” to “{detail}”") },
  { "remove-table", N_("Remove the table “{subject}”") },
  { "add-run", N_("Run “{subject}”") },
  { "rename-run", N_("Rename “{subject}” to “{detail}”") },
  { "remove-run", N_("Remove the result “{subject}”") },
  { "setting", N_("Change a setting") },
};

static int
find_subject (const char *what)
{
  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    if (strcmp (subjects[i].what, what) == 0)
      return i;
  return -1;
}

static gboolean
set_value (PatronDatabase *database, const char *what, gint64 id, const char *value, GError **error)
{
  int subject = find_subject (what);
  if (subject < 0)
    return patron_database_damaged (database, _("its history holds an unknown change"), error);
  /* STRICT tables turn the text of a whole number into that number where the column holds numbers. */
  return patron_database_run (database, error, subjects[subject].set, "ti", value, id)
         && patron_catalogue_seal_row (database, subjects[subject].catalogue, id, error);
}

gint64
patron_history_add (PatronDatabase *database, const char *kind, const char *subject, const char *detail, GError **error)
{
  if (!patron_database_run (database, error, "DELETE FROM effect WHERE step IN (SELECT id FROM step WHERE done = 0)", "")
      || !patron_database_run (database, error, "DELETE FROM step WHERE done = 0", "")
      || !patron_database_run (database, error, "INSERT INTO step (sum, done, created, kind, subject, detail) VALUES (0, 1, ?, ?, ?, ?)", "ittt",
                               g_get_real_time (), kind, subject, detail))
    return 0;
  gint64 id = sqlite3_last_insert_rowid (database->db);
  return patron_catalogue_seal_row (database, PATRON_CATALOGUE_STEP, id, error) ? id : 0;
}

gboolean
patron_history_change (PatronDatabase *database, gint64 step, const char *what, const char *target, const char *after, GError **error)
{
  int subject = find_subject (what);
  gint64 id = g_ascii_strtoll (target, NULL, 10);
  sqlite3_stmt *row = patron_database_query (database, error, subjects[subject].get, "i", id);
  if (patron_database_step (database, row, error) != 1)
    return FALSE;
  g_autofree char *before = g_strdup ((const char *) sqlite3_column_text (row, 0));
  sqlite3_reset (row);
  if (!patron_database_run (database, error, "INSERT INTO effect (sum, step, what, target, before, after) VALUES (0, ?, ?, ?, ?, ?)", "itttt",
                            step, what, target, before, after))
    return FALSE;
  return patron_catalogue_seal_row (database, PATRON_CATALOGUE_EFFECT, sqlite3_last_insert_rowid (database->db), error)
         && set_value (database, what, id, after, error);
}

gboolean
patron_history_change_id (PatronDatabase *database, gint64 step, const char *what, gint64 target, const char *after, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, target);
  return patron_history_change (database, step, what, text, after, error);
}

/* ---- undo and redo ------------------------------------------------------------------------------------------ */

static const char last_done[] = "SELECT max(id) FROM step WHERE done = 1";
static const char first_undone[] = "SELECT min(id) FROM step WHERE done = 0";

static gboolean
apply_effect (PatronDatabase *database, gint64 id, gboolean redo, GError **error)
{
  sqlite3_stmt *row;
  if (patron_catalogue_get (database, PATRON_CATALOGUE_EFFECT, id, &row, error) != 1)
    return FALSE;
  g_autofree char *what = g_strdup (patron_statement_text (row, 3));
  gint64 target = g_ascii_strtoll (patron_statement_text (row, 4), NULL, 10);
  g_autofree char *value = g_strdup ((const char *) sqlite3_column_text (row, redo ? 6 : 5));
  sqlite3_reset (row);
  return set_value (database, what, target, value, error);
}

/* The effects of a step, in the order they happened, or backwards. */
static gboolean
apply_step (PatronDatabase *database, gint64 step, gboolean redo, GError **error)
{
  g_autoptr (GArray) effects = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = patron_database_query (database, error, "SELECT id FROM effect WHERE step = ? ORDER BY id", "i", step);
  int more;
  while ((more = patron_database_step (database, row, error)) == 1)
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      g_array_append_val (effects, id);
    }
  if (more < 0)
    return FALSE;
  for (guint i = 0; i < effects->len; i++)
    if (!apply_effect (database, g_array_index (effects, gint64, redo ? i : effects->len - 1 - i), redo, error))
      return FALSE;
  return patron_database_run (database, error, "UPDATE step SET done = ? WHERE id = ?", "ii", (gint64) redo, step)
         && patron_catalogue_seal_row (database, PATRON_CATALOGUE_STEP, step, error);
}

static gboolean
move (PatronProject *project, gboolean redo, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  gint64 step;
  if (database == NULL)
    return FALSE;
  gboolean done = patron_database_get_int64 (database, redo ? first_undone : last_done, 0, &step, error);
  if (done && step == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, "%s", redo ? _("There is nothing to redo.") : _("There is nothing to undo."));
      done = FALSE;
    }
  return patron_project_end (project, done && apply_step (database, step, redo, error), error);
}

gboolean
patron_project_undo (PatronProject *project, GError **error)
{
  return move (project, FALSE, error);
}

gboolean
patron_project_redo (PatronProject *project, GError **error)
{
  return move (project, TRUE, error);
}

static gboolean
can_move (PatronProject *project, const char *sql)
{
  gint64 step = 0;
  PatronDatabase *database = project->read_only ? NULL : patron_project_acquire (project, NULL);
  if (database == NULL)
    return FALSE;
  patron_database_get_int64 (database, sql, 0, &step, NULL);
  patron_project_release (project, database);
  return step != 0;
}

gboolean
patron_project_can_undo (PatronProject *project)
{
  return can_move (project, last_done);
}

gboolean
patron_project_can_redo (PatronProject *project)
{
  return can_move (project, first_undone);
}

static char *
make_label (const char *kind, const char *subject, const char *detail)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].kind, kind) == 0)
      {
        g_autoptr (PatronText) text = patron_text (kinds[i].label, "subject", PATRON_STRING (patron_ops_translate_name (subject)), "detail",
                                                 PATRON_STRING (detail), NULL);
        return patron_text_render (text);
      }
  return g_strdup (subject);
}

static char *
label_of (PatronProject *project, const char *sql)
{
  gint64 step = 0;
  sqlite3_stmt *row;
  char *label = NULL;
  PatronDatabase *database = project->read_only ? NULL : patron_project_acquire (project, NULL);
  if (database == NULL)
    return NULL;
  if (patron_database_get_int64 (database, sql, 0, &step, NULL) && step != 0
      && patron_catalogue_get (database, PATRON_CATALOGUE_STEP, step, &row, NULL) == 1)
    {
      label = make_label (patron_statement_text (row, 4), patron_statement_text (row, 5), patron_statement_text (row, 6));
      sqlite3_reset (row);
    }
  patron_project_release (project, database);
  return label;
}

char *
patron_project_undo_label (PatronProject *project)
{
  return label_of (project, last_done);
}

char *
patron_project_redo_label (PatronProject *project)
{
  return label_of (project, first_undone);
}

/* ---- the list ----------------------------------------------------------------------------------------------- */

void
patron_step_info_free (PatronStepInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->label);
  g_free (info);
}

static gboolean
collect_steps (PatronDatabase *database, GPtrArray *steps, GError **error)
{
  sqlite3_stmt *row = patron_database_query (database, error, "SELECT id, created, done, kind, subject, detail FROM step ORDER BY id", "");
  int more;
  while ((more = patron_database_step (database, row, error)) == 1)
    {
      PatronStepInfo *info = g_new0 (PatronStepInfo, 1);
      info->id = sqlite3_column_int64 (row, 0);
      info->created = sqlite3_column_int64 (row, 1);
      info->done = sqlite3_column_int64 (row, 2) != 0;
      info->label = make_label (patron_statement_text (row, 3), patron_statement_text (row, 4), patron_statement_text (row, 5));
      g_ptr_array_add (steps, info);
    }
  return more == 0;
}

GPtrArray *
patron_project_list_steps (PatronProject *project, GError **error)
{
  PatronDatabase *database = patron_project_acquire (project, error);
  if (database == NULL)
    return NULL;
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_step_info_free);
  gboolean ok = collect_steps (database, steps, error);
  patron_project_release (project, database);
  return ok ? g_steal_pointer (&steps) : NULL;
}
