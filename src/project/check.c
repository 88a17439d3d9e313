/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Checking a whole file, and purging what is no longer wanted from it. */

typedef struct
{
  PatronDatabase *database;
  GPtrArray      *damages;      /* of char* */
  GHashTable     *chunks;       /* ids that something refers to */
  GHashTable     *ids[PATRON_N_CATALOGUES];  /* of the rows there are */
  PatronRun      *run;
  gsize           n_done, n_chunks;
} Check;

static void
note (Check *check, GError *error)
{
  if (error == NULL)
    return;
  g_ptr_array_add (check->damages, g_strdup (error->message));
  g_error_free (error);
}

static void
note_text (Check *check, const char *what)
{
  GError *error = NULL;
  patron_database_damaged (check->database, what, &error);
  note (check, error);
}

static gpointer
key_of (gint64 id)
{
  return g_memdup2 (&id, sizeof id);
}

/* Every chunk is there, with the sum it had, and decodes. FALSE when cancelled. */
static gboolean
check_manifest (Check *check, const PatronManifest *manifest, gsize limit, const char *whose)
{
  gpointer scratch = g_malloc (manifest->rows * patron_element_size (manifest->element));
  for (guint i = 0; i < manifest->n_chunks && !(check->run != NULL && patron_run_cancelled (check->run)); i++)
    {
      GError *error = NULL;
      g_hash_table_add (check->chunks, key_of (manifest->entries[i].chunk));
      if (!patron_manifest_read (manifest, i, check->database, limit, scratch, &error))
        {
          g_autofree char *what = g_strdup_printf (_("part %u of %s is not as it was saved"), i + 1, whose);
          if (error != NULL)
            note (check, error);
          else
            note_text (check, what);
        }
      if (check->run != NULL && check->n_chunks > 0)
        patron_run_progress (check->run, (double) ++check->n_done / check->n_chunks);
    }
  g_free (scratch);
  return check->run == NULL || !patron_run_cancelled (check->run);
}

/* The ids of all rows of a catalogue, in order; every row checked. */
static GArray *
collect (Check *check, PatronCatalogue catalogue)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *error = NULL;
  sqlite3_stmt *row = patron_catalogue_rows (check->database, catalogue, &error);
  check->ids[catalogue] = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  while (patron_database_step (check->database, row, &error) == 1)
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      if (!patron_catalogue_check_row (check->database, catalogue, row, &error))
        note (check, g_steal_pointer (&error));
      g_array_append_val (ids, id);
      g_hash_table_add (check->ids[catalogue], key_of (id));
    }
  note (check, error);
  return ids;
}

static gboolean
check_dictionaries (Check *check)
{
  g_autoptr (GArray) ids = collect (check, PATRON_CATALOGUE_DICTIONARY);
  gboolean go_on = TRUE;
  for (guint i = 0; go_on && i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      PatronManifest lengths, bytes;
      GError *error = NULL;
      g_autofree char *whose = g_strdup_printf (_("the texts %" PRId64), id);
      if (patron_dictionary_manifest (check->database, id, &lengths, &bytes, &error))
        {
          go_on = check_manifest (check, &lengths, 0, whose) && check_manifest (check, &bytes, 0, whose);
          g_autoptr (PatronDict) dict = go_on ? patron_dictionary_read (check->database, id, &error) : NULL;
        }
      patron_manifest_clear (&lengths);
      patron_manifest_clear (&bytes);
      note (check, error);
    }
  return go_on;
}

static gboolean
check_one_series (Check *check, gint64 id, GError **error)
{
  sqlite3_stmt *row;
  if (patron_catalogue_get (check->database, PATRON_CATALOGUE_SERIES, id, &row, error) != 1)
    return TRUE;
  gint64 dictionary = sqlite3_column_int64 (row, 5);
  sqlite3_reset (row);
  gsize limit = 0;
  if (dictionary != 0)
    {
      PatronManifest lengths, bytes;
      if (!patron_dictionary_manifest (check->database, dictionary, &lengths, &bytes, error))
        return TRUE;
      limit = lengths.n;
      patron_manifest_clear (&lengths);
      patron_manifest_clear (&bytes);
    }
  PatronManifest manifest;
  if (!patron_series_manifest (check->database, id, &manifest, error))
    return TRUE;
  g_autofree char *whose = g_strdup_printf (_("the column values %" PRId64), id);
  gboolean go_on = check_manifest (check, &manifest, limit, whose);
  patron_manifest_clear (&manifest);
  return go_on;
}

static gboolean
check_series (Check *check)
{
  g_autoptr (GArray) ids = collect (check, PATRON_CATALOGUE_SERIES);
  gboolean go_on = TRUE;
  for (guint i = 0; go_on && i < ids->len; i++)
    {
      GError *error = NULL;
      go_on = check_one_series (check, g_array_index (ids, gint64, i), &error);
      note (check, error);
    }
  return go_on;
}

static gboolean
check_streams (Check *check, PatronCatalogue catalogue, int column, const char *whose)
{
  g_autoptr (GArray) ids = collect (check, catalogue);
  gboolean go_on = TRUE;
  for (guint i = 0; go_on && i < ids->len; i++)
    {
      sqlite3_stmt *row;
      PatronManifest manifest = { 0 };
      GError *error = NULL;
      if (patron_catalogue_get (check->database, catalogue, g_array_index (ids, gint64, i), &row, &error) == 1)
        {
          const guint8 *blob = sqlite3_column_blob (row, column);
          gsize size = sqlite3_column_bytes (row, column);
          gboolean sound = blob != NULL && patron_manifest_parse (&manifest, PATRON_ELEMENT_BYTES, -1, &blob, &size) && size == 0;
          sqlite3_reset (row);
          if (sound)
            go_on = check_manifest (check, &manifest, 0, whose);
          else
            note_text (check, _("a result makes no sense"));
          patron_manifest_clear (&manifest);
        }
      note (check, error);
    }
  return go_on;
}

/* Column `column` of the rows of `from` holds ids of `to`, or 0 where that is allowed. */
static void
check_references (Check *check, PatronCatalogue from, int column, PatronCatalogue to, gboolean optional)
{
  GError *error = NULL;
  sqlite3_stmt *row = patron_catalogue_rows (check->database, from, &error);
  while (patron_database_step (check->database, row, &error) == 1)
    {
      gint64 id = sqlite3_column_int64 (row, column);
      if ((optional && id == 0) || g_hash_table_contains (check->ids[to], &id))
        continue;
      g_autofree char *what = g_strdup_printf (_("an entry of its list “%s” refers to entry %" PRId64 " of “%s”, which is not there"),
                                               patron_catalogue_name (from), id, patron_catalogue_name (to));
      note_text (check, what);
    }
  note (check, error);
}

static void
check_orphans (Check *check)
{
  GError *error = NULL;
  gsize n = 0;
  sqlite3_stmt *row = patron_database_query (check->database, &error, "SELECT id FROM chunk", "");
  while (patron_database_step (check->database, row, &error) == 1)
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      n += !g_hash_table_contains (check->chunks, &id);
    }
  note (check, error);
  if (n > 0)
    {
      g_autofree char *what = g_strdup_printf (_("%zu of its parts belong to nothing"), n);
      note_text (check, what);
    }
}

static void
check_pages (Check *check)
{
  GError *error = NULL;
  sqlite3_stmt *row = patron_database_query (check->database, &error, "PRAGMA integrity_check(20)", "");
  while (patron_database_step (check->database, row, &error) == 1)
    if (strcmp (patron_statement_text (row, 0), "ok") != 0)
      note_text (check, patron_statement_text (row, 0));
  note (check, error);
}

static gboolean
check_file (Check *check)
{
  GError *error = NULL;
  int version;
  gint64 n_chunks = 0;
  patron_database_get_int64 (check->database, "SELECT count(*) FROM chunk", 0, &n_chunks, NULL);
  check->n_chunks = n_chunks;
  check_pages (check);
  if (!patron_schema_check (check->database, &version, &error) || !patron_catalogue_check (check->database, version, &error))
    note (check, g_steal_pointer (&error));
  if (!check_dictionaries (check) || !check_series (check) || !check_streams (check, PATRON_CATALOGUE_MODEL, 7, _("a model"))
      || !check_streams (check, PATRON_CATALOGUE_RUN, 10, _("a result")))
    return FALSE;
  for (PatronCatalogue c = 0; c < PATRON_N_CATALOGUES; c++)
    if (check->ids[c] == NULL)
      g_array_unref (collect (check, c));
  check_references (check, PATRON_CATALOGUE_SERIES, 5, PATRON_CATALOGUE_DICTIONARY, TRUE);
  check_references (check, PATRON_CATALOGUE_COLUMN, 2, PATRON_CATALOGUE_TABLE, FALSE);
  check_references (check, PATRON_CATALOGUE_COLUMN, 4, PATRON_CATALOGUE_SERIES, FALSE);
  check_references (check, PATRON_CATALOGUE_RUN, 7, PATRON_CATALOGUE_TABLE, TRUE);
  check_references (check, PATRON_CATALOGUE_RUN, 8, PATRON_CATALOGUE_MODEL, TRUE);
  check_references (check, PATRON_CATALOGUE_EFFECT, 2, PATRON_CATALOGUE_STEP, FALSE);
  check_references (check, PATRON_CATALOGUE_STEP, 2, PATRON_CATALOGUE_STEP, FALSE);
  check_references (check, PATRON_CATALOGUE_VERSION, 2, PATRON_CATALOGUE_TABLE, FALSE);
  check_references (check, PATRON_CATALOGUE_VERSION, 3, PATRON_CATALOGUE_TABLE, FALSE);
  check_references (check, PATRON_CATALOGUE_HEAD, 0, PATRON_CATALOGUE_TABLE, FALSE);
  check_references (check, PATRON_CATALOGUE_HEAD, 2, PATRON_CATALOGUE_VERSION, TRUE);
  check_references (check, PATRON_CATALOGUE_ORIGIN, 0, PATRON_CATALOGUE_RUN, FALSE);
  check_references (check, PATRON_CATALOGUE_ORIGIN, 2, PATRON_CATALOGUE_TABLE, FALSE);
  check_orphans (check);
  return TRUE;
}

/* A writer of ours would change things under the checker's hands: it waits. */
gboolean
patron_project_check (PatronProject *project, GPtrArray **damages, PatronRun *run, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->write_lock);
  Check check = { .run = run };
  check.database = patron_project_acquire (project, error);
  if (check.database == NULL)
    return FALSE;
  check.damages = g_ptr_array_new_with_free_func (g_free);
  check.chunks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gboolean complete = check_file (&check);
  patron_project_release (project, check.database);
  g_hash_table_unref (check.chunks);
  for (int c = 0; c < PATRON_N_CATALOGUES; c++)
    g_clear_pointer (&check.ids[c], g_hash_table_unref);
  gboolean sound = check.damages->len == 0;
  if (!complete)
    patron_run_check (run, error);
  else if (!sound)
    g_set_error_literal (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, g_ptr_array_index (check.damages, 0));
  if (damages != NULL)
    *damages = g_ptr_array_ref (check.damages);
  g_ptr_array_unref (check.damages);
  return complete && sound;
}

/* ---- compacting --------------------------------------------------------------------------------------------- */

static gboolean
keep_chunks (PatronDatabase *database, const PatronManifest *manifest, GError **error)
{
  for (guint i = 0; i < manifest->n_chunks; i++)
    if (!patron_database_run (database, error, "INSERT OR IGNORE INTO temp.kept (id) VALUES (?)", "i", manifest->entries[i].chunk))
      return FALSE;
  return TRUE;
}

/* Collects the chunks that rows of this catalogue still refer to. */
static gboolean
keep_rows (PatronDatabase *database, PatronCatalogue catalogue, int column, GError **error)
{
  sqlite3_stmt *row = patron_catalogue_rows (database, catalogue, error);
  int step;
  while ((step = patron_database_step (database, row, error)) == 1)
    {
      const guint8 *blob = sqlite3_column_blob (row, column);
      gsize size = sqlite3_column_bytes (row, column);
      PatronManifest manifest = { 0 };
      PatronElement element = catalogue == PATRON_CATALOGUE_SERIES ? (PatronElement) sqlite3_column_int64 (row, 3)
                              : catalogue == PATRON_CATALOGUE_DICTIONARY ? PATRON_ELEMENT_INT64 : PATRON_ELEMENT_BYTES;
      gboolean kept = patron_catalogue_check_row (database, catalogue, row, error)
                      && (patron_manifest_parse (&manifest, element, -1, &blob, &size) || patron_database_damaged (database, _("a list of parts makes no sense"), error))
                      && keep_chunks (database, &manifest, error);
      patron_manifest_clear (&manifest);
      if (kept && catalogue == PATRON_CATALOGUE_DICTIONARY)
        kept = patron_manifest_parse (&manifest, PATRON_ELEMENT_BYTES, -1, &blob, &size) && keep_chunks (database, &manifest, error);
      patron_manifest_clear (&manifest);
      if (!kept)
        {
          sqlite3_reset (row);
          return FALSE;
        }
    }
  return step == 0;
}

/* Series that columns in memory still read from are kept, whatever table they belonged to. */
static gboolean
purge_series (PatronProject *project, PatronDatabase *database, GError **error)
{
  g_autoptr (GArray) unused = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = patron_database_query (database, error, "SELECT id FROM series WHERE id NOT IN (SELECT series FROM data_column)", "");
  int step;
  while ((step = patron_database_step (database, row, error)) == 1)
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      if (!patron_project_series_in_use (project, id))
        g_array_append_val (unused, id);
    }
  for (guint i = 0; step == 0 && i < unused->len; i++)
    if (!patron_database_run (database, error, "DELETE FROM series WHERE id = ?", "i", g_array_index (unused, gint64, i)))
      return FALSE;
  return step == 0;
}

static gboolean
purge (PatronProject *project, PatronDatabase *database, GError **error)
{
  return patron_database_exec (database,
                               "DELETE FROM effect; DELETE FROM step WHERE id <> 0; UPDATE step SET current = 1, next = 0; "
                               "DELETE FROM run WHERE live = 0; DELETE FROM model WHERE live = 0; "
                               "DELETE FROM table_head WHERE id NOT IN (SELECT id FROM data_table WHERE live = 1); "
                               "DELETE FROM table_version WHERE id NOT IN (SELECT version FROM table_head); "
                               "UPDATE run SET result_table = 0 WHERE result_table IN (SELECT id FROM data_table WHERE live = 0); "
                               "UPDATE run SET model = 0 WHERE model NOT IN (SELECT id FROM model); "
                               "DELETE FROM data_table WHERE live = 0 AND id NOT IN (SELECT contents FROM table_version); "
                               "DELETE FROM run_origin WHERE id NOT IN (SELECT id FROM run) OR table_id NOT IN (SELECT id FROM data_table); "
                               "DELETE FROM data_column WHERE table_id NOT IN (SELECT id FROM data_table)", error)
         && patron_catalogue_seal_row (database, PATRON_CATALOGUE_STEP, 0, error) && purge_series (project, database, error)
         && patron_database_exec (database, "DELETE FROM dictionary WHERE id NOT IN (SELECT dictionary FROM series); "
                                            "CREATE TEMP TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY); DELETE FROM temp.kept", error)
         && keep_rows (database, PATRON_CATALOGUE_SERIES, 7, error) && keep_rows (database, PATRON_CATALOGUE_DICTIONARY, 4, error)
         && keep_rows (database, PATRON_CATALOGUE_MODEL, 7, error) && keep_rows (database, PATRON_CATALOGUE_RUN, 10, error)
         && patron_database_exec (database, "DELETE FROM chunk WHERE id NOT IN (SELECT id FROM temp.kept)", error);
}

/* Runs whose references were just cleared have a new sum. */
static gboolean
reseal_runs (PatronDatabase *database, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = patron_database_query (database, error, "SELECT id FROM run WHERE result_table = 0 OR model = 0", "");
  int step;
  while ((step = patron_database_step (database, row, error)) == 1)
    {
      gint64 id = sqlite3_column_int64 (row, 0);
      g_array_append_val (ids, id);
    }
  for (guint i = 0; step == 0 && i < ids->len; i++)
    if (!patron_catalogue_seal_row (database, PATRON_CATALOGUE_RUN, g_array_index (ids, gint64, i), error))
      return FALSE;
  return step == 0;
}

gboolean
patron_project_compact (PatronProject *project, GError **error)
{
  /* A damaged row must not be sealed as if it were sound. */
  if (!patron_project_check (project, NULL, NULL, error))
    return FALSE;
  PatronDatabase *database = patron_project_begin (project, error);
  if (database == NULL || !patron_project_end (project, purge (project, database, error) && reseal_runs (database, error), error))
    return FALSE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->write_lock);
  /* VACUUM attaches a database of its own. */
  int attached = sqlite3_limit (project->writer->db, SQLITE_LIMIT_ATTACHED, 1);
  gboolean done = patron_database_exec (project->writer, "DROP TABLE IF EXISTS temp.kept; VACUUM", error);
  sqlite3_limit (project->writer->db, SQLITE_LIMIT_ATTACHED, attached);
  return done;
}
