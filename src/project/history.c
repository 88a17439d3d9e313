/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "ops/registry.h"

#define TEXT_TYPE "(sba(ssds))"

/* The history is a tree of steps, and of the changes each made to one value: from `before` to `after`. Undoing puts `before` back, redoing
 * `after`. Nothing is ever deleted by it, so it has no limit, and lives in the file. The project is always in the state of its current step:
 * the values are those that the steps from the root to it left. */

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
  { "table-version", PATRON_CATALOGUE_HEAD, "SELECT version FROM table_head WHERE id = ?", "UPDATE table_head SET version = ? WHERE id = ?" },
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
  { "add-query", N_("Keep the result “{subject}” of a query") },
  { "add-rows", N_("Keep chosen rows as “{subject}”") },
  { "rename-table", N_("Rename “{subject}” to “{detail}”") },
  { "remove-table", N_("Remove the table “{subject}”") },
  { "prepare-table", N_("Prepare “{subject}”") },
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

/* ---- steps -------------------------------------------------------------------------------------------------- */

static const char current_step[] = "SELECT id FROM step WHERE current = 1";

typedef struct
{
  gint64   id, parent, next;
} Step;

/* Parents are older than their children, so every walk to the root ends. */
static gboolean
get_step (PatronDatabase *database, gint64 id, Step *step, GError **error)
{
  sqlite3_stmt *row;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_STEP, id, &row, error);
  if (found < 0)
    return FALSE;
  if (found == 1)
    {
      *step = (Step) { id, sqlite3_column_int64 (row, 2), sqlite3_column_int64 (row, 4) };
      sqlite3_reset (row);
    }
  return (found == 1 && (id == 0 || (step->parent >= 0 && step->parent < id)))
         || patron_database_damaged (database, _("its history has a gap"), error);
}

static gboolean
get_current (PatronDatabase *database, Step *step, GError **error)
{
  gint64 id;
  return patron_database_get_int64 (database, current_step, -1, &id, error) && get_step (database, id, step, error);
}

static gboolean
set_next (PatronDatabase *database, gint64 id, gint64 next, GError **error)
{
  return patron_database_run (database, error, "UPDATE step SET next = ? WHERE id = ?", "ii", next, id)
         && patron_catalogue_seal_row (database, PATRON_CATALOGUE_STEP, id, error);
}

static gboolean
set_current (PatronDatabase *database, gint64 from, gint64 to, GError **error)
{
  return patron_database_run (database, error, "UPDATE step SET current = (id = ?) WHERE id IN (?, ?)", "iii", to, from, to)
         && patron_catalogue_seal_row (database, PATRON_CATALOGUE_STEP, from, error)
         && patron_catalogue_seal_row (database, PATRON_CATALOGUE_STEP, to, error);
}

static char *
text_to_string (const PatronText *text)
{
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE (TEXT_TYPE));
  g_variant_builder_add (&builder, "s", patron_text_get_msgid (text));
  g_variant_builder_add (&builder, "b", patron_text_is_plain (text));
  g_variant_builder_open (&builder, G_VARIANT_TYPE ("a(ssds)"));
  for (guint i = 0; i < patron_text_n_args (text); i++)
    {
      const char *string = patron_text_arg_string (text, i);
      g_variant_builder_add (&builder, "(ssds)", patron_text_arg_name (text, i), patron_format_id (patron_text_arg_format (text, i)),
                             string != NULL ? 0 : patron_text_arg_number (text, i), string != NULL ? string : "");
    }
  g_variant_builder_close (&builder);
  g_autoptr (GVariant) variant = g_variant_ref_sink (g_variant_builder_end (&builder));
  return g_variant_print (variant, FALSE);
}

/* NULL for anything that text_to_string() did not write. */
static PatronText *
text_from_string (const char *string)
{
  g_autoptr (GVariant) variant = g_variant_parse (G_VARIANT_TYPE (TEXT_TYPE), string, NULL, NULL, NULL);
  g_autoptr (GVariantIter) arguments = NULL;
  const char *msgid, *name, *format, *value;
  gboolean plain;
  double number;
  if (variant == NULL)
    return NULL;
  g_variant_get (variant, "(&sba(ssds))", &msgid, &plain, &arguments);
  PatronText *text = patron_text_begin (msgid, plain);
  while (g_variant_iter_next (arguments, "(&s&sd&s)", &name, &format, &number, &value))
    {
      PatronFormat id = patron_format_from_id (format);
      if (id == PATRON_FORMAT_TEXT || id == PATRON_FORMAT_MSGID)
        patron_text_add_string (text, name, id, value);
      else
        patron_text_add_number (text, name, id, number);
    }
  return text;
}

gint64
patron_history_add (PatronDatabase *database, const char *kind, const char *subject, const char *detail, const PatronText *text, GError **error)
{
  Step current;
  g_autofree char *stored = text != NULL ? text_to_string (text) : NULL;
  if (!get_current (database, &current, error)
      || !patron_database_run (database, error, "INSERT INTO step (sum, parent, current, next, created, kind, subject, detail, text) "
                                                "VALUES (0, ?, 0, 0, ?, ?, ?, ?, ?)", "iitttt",
                               current.id, g_get_real_time (), kind, subject, detail, stored))
    return 0;
  gint64 id = sqlite3_last_insert_rowid (database->db);
  return set_next (database, current.id, id, error) && set_current (database, current.id, id, error) ? id : 0;
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
  return TRUE;
}

/* From target up to the root, which is not among them. */
static GArray *
list_ancestors (PatronDatabase *database, gint64 target, GError **error)
{
  g_autoptr (GArray) path = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (Step step = { target }; step.id != 0; step.id = step.parent)
    {
      if (!get_step (database, step.id, &step, error))
        return NULL;
      g_array_append_val (path, step.id);
    }
  return g_steal_pointer (&path);
}

/* Up to the nearest common ancestor, and down from there. Wherever the way leads, redo will follow it. */
static gboolean
walk (PatronDatabase *database, gint64 from, gint64 to, GError **error)
{
  g_autoptr (GArray) up = list_ancestors (database, from, error);
  g_autoptr (GArray) down = up != NULL ? list_ancestors (database, to, error) : NULL;
  guint shared = 0;
  if (down == NULL)
    return FALSE;
  while (shared < MIN (up->len, down->len)
         && g_array_index (up, gint64, up->len - 1 - shared) == g_array_index (down, gint64, down->len - 1 - shared))
    shared++;
  for (guint i = 0; i + shared < up->len; i++)
    {
      gint64 id = g_array_index (up, gint64, i), parent = i + 1 < up->len ? g_array_index (up, gint64, i + 1) : 0;
      if (!apply_step (database, id, FALSE, error) || !set_next (database, parent, id, error))
        return FALSE;
    }
  for (guint i = down->len - shared; i-- > 0; )
    {
      gint64 id = g_array_index (down, gint64, i), parent = i + 1 < down->len ? g_array_index (down, gint64, i + 1) : 0;
      if (!apply_step (database, id, TRUE, error) || !set_next (database, parent, id, error))
        return FALSE;
    }
  return from == to || set_current (database, from, to, error);
}

gboolean
patron_project_go_to (PatronProject *project, gint64 step, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  Step current;
  sqlite3_stmt *row;
  if (database == NULL)
    return FALSE;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_STEP, step, &row, error);
  if (found == 1)
    sqlite3_reset (row);
  else if (found == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The history has no step number %" PRId64 "."), step);
  return patron_project_end (project, found == 1 && get_current (database, &current, error) && walk (database, current.id, step, error), error);
}

static gboolean
move (PatronProject *project, gboolean redo, GError **error)
{
  PatronDatabase *database = patron_project_begin (project, error);
  Step current;
  if (database == NULL)
    return FALSE;
  gboolean done = get_current (database, &current, error);
  if (done && (redo ? current.next : current.id) == 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, "%s", redo ? _("There is nothing to redo.") : _("There is nothing to undo."));
      done = FALSE;
    }
  return patron_project_end (project, done && walk (database, current.id, redo ? current.next : current.parent, error), error);
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

/* The step that undo or redo is about; 0 when there is none, or nothing may be changed. */
static gint64
find_move (PatronProject *project, gboolean redo)
{
  PatronDatabase *database = project->read_only ? NULL : patron_project_acquire (project, NULL);
  Step current;
  if (database == NULL)
    return 0;
  gboolean found = get_current (database, &current, NULL);
  patron_project_release (project, database);
  return !found ? 0 : redo ? current.next : current.id;
}

gboolean
patron_project_can_undo (PatronProject *project)
{
  return find_move (project, FALSE) != 0;
}

gboolean
patron_project_can_redo (PatronProject *project)
{
  return find_move (project, TRUE) != 0;
}

/* ---- the list ----------------------------------------------------------------------------------------------- */

/* A run has the title of its operation until the user renames it. */
static gboolean
is_title (const char *name)
{
  const PatronOp *const *operations = patron_ops ();
  for (guint i = 0; operations[i] != NULL; i++)
    if (strcmp (operations[i]->title, name) == 0)
      return TRUE;
  return FALSE;
}

static PatronText *
make_text (const char *kind, const char *subject, const char *detail, const char *text)
{
  PatronText *stored = text != NULL ? text_from_string (text) : NULL;
  for (guint i = 0; stored == NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].kind, kind) == 0)
      {
        if (g_str_has_suffix (kind, "-run") && is_title (subject))
          return patron_text (kinds[i].label, "subject", PATRON_MSGID (subject), "detail", PATRON_STRING (detail), NULL);
        return patron_text (kinds[i].label, "subject", PATRON_STRING (subject), "detail", PATRON_STRING (detail), NULL);
      }
  return stored != NULL ? stored : patron_text_plain (subject);
}

void
patron_step_info_free (PatronStepInfo *info)
{
  if (info == NULL)
    return;
  patron_text_free (info->text);
  g_free (info->kind);
  g_free (info->label);
  g_free (info);
}

static PatronStepInfo *
read_step (sqlite3_stmt *row)
{
  PatronStepInfo *info = g_new0 (PatronStepInfo, 1);
  info->id = sqlite3_column_int64 (row, 0);
  info->parent = sqlite3_column_int64 (row, 2);
  info->current = sqlite3_column_int64 (row, 3) != 0;
  info->created = sqlite3_column_int64 (row, 5);
  info->kind = g_strdup (patron_statement_text (row, 6));
  info->text = make_text (info->kind, patron_statement_text (row, 7), patron_statement_text (row, 8), (const char *) sqlite3_column_text (row, 9));
  info->label = patron_text_render (info->text);
  return info;
}

static char *
label_of (PatronProject *project, gboolean redo)
{
  sqlite3_stmt *row;
  char *label = NULL;
  gint64 id = find_move (project, redo);
  PatronDatabase *database = id != 0 ? patron_project_acquire (project, NULL) : NULL;
  if (database == NULL)
    return NULL;
  if (patron_catalogue_get (database, PATRON_CATALOGUE_STEP, id, &row, NULL) == 1)
    {
      PatronStepInfo *info = read_step (row);
      sqlite3_reset (row);
      label = g_steal_pointer (&info->label);
      patron_step_info_free (info);
    }
  patron_project_release (project, database);
  return label;
}

char *
patron_project_undo_label (PatronProject *project)
{
  return label_of (project, FALSE);
}

char *
patron_project_redo_label (PatronProject *project)
{
  return label_of (project, TRUE);
}

/* What the steps concern: the first table and the first run that each changed. */
static gboolean
find_concerns (PatronDatabase *database, GHashTable *steps, GError **error)
{
  sqlite3_stmt *row = patron_database_query (database, error, "SELECT step, what, target FROM effect ORDER BY id", "");
  int more;
  while ((more = patron_database_step (database, row, error)) == 1)
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      PatronStepInfo *info = g_hash_table_lookup (steps, &id);
      const char *what = patron_statement_text (row, 1);
      gint64 target = g_ascii_strtoll (patron_statement_text (row, 2), NULL, 10);
      if (info != NULL && info->table == 0 && g_str_has_prefix (what, "table-"))
        info->table = target;
      else if (info != NULL && info->run == 0 && g_str_has_prefix (what, "run-"))
        info->run = target;
    }
  return more == 0;
}

static void
mark_next (GHashTable *by_id, gint64 id)
{
  PatronStepInfo *info = g_hash_table_lookup (by_id, &id);
  if (info != NULL)
    info->next = TRUE;
}

/* From the current step back to the root. */
static void
mark_done (GPtrArray *steps)
{
  gint64 done = 0;
  for (guint i = steps->len; i-- > 0; )
    {
      PatronStepInfo *info = steps->pdata[i];
      info->done = info->current || (done != 0 && info->id == done);
      if (info->done)
        done = info->parent;
    }
}

static gboolean
collect_steps (PatronDatabase *database, GPtrArray *steps, GError **error)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) next = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = patron_catalogue_rows (database, PATRON_CATALOGUE_STEP, error);
  int more;
  while ((more = patron_database_step (database, row, error)) == 1)
    {
      gint64 child = sqlite3_column_int64 (row, 4);
      g_array_append_val (next, child);
      if (sqlite3_column_int64 (row, 0) == 0)
        continue;
      PatronStepInfo *info = read_step (row);
      g_ptr_array_add (steps, info);
      g_hash_table_insert (by_id, &info->id, info);
    }
  if (more < 0 || !find_concerns (database, by_id, error))
    return FALSE;
  for (guint i = 0; i < next->len; i++)
    mark_next (by_id, g_array_index (next, gint64, i));
  mark_done (steps);
  return TRUE;
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
