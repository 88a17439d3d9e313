/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { MAX_READERS = 4 };

#define PROJECT_SUFFIX ".patron"

/* ---- connections -------------------------------------------------------------------------------------------- */

static void
adopt (PatronProject *project, PatronDatabase *database)
{
  database->writing = &project->writing;
  database->damaged = &project->damaged;
  database->tolerant = project->damages != NULL;
}

PatronDatabase *
patron_project_acquire (PatronProject *project, GError **error)
{
  g_mutex_lock (&project->pool_lock);
  while (project->switching || (g_queue_is_empty (&project->idle) && project->n_readers >= MAX_READERS))
    g_cond_wait (&project->pool_changed, &project->pool_lock);
  PatronDatabase *database = g_queue_pop_head (&project->idle);
  const char *path = project->path;
  if (database == NULL)
    project->n_readers++;
  g_mutex_unlock (&project->pool_lock);
  if (database != NULL)
    return database;
  database = patron_database_open (path, PATRON_DATABASE_READ, error);
  if (database == NULL)
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->pool_lock);
      project->n_readers--;
      g_cond_broadcast (&project->pool_changed);
      return NULL;
    }
  adopt (project, database);
  return database;
}

void
patron_project_release (PatronProject *project, PatronDatabase *database)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->pool_lock);
  g_queue_push_head (&project->idle, database);
  g_cond_broadcast (&project->pool_changed);
}

/* Waits until nobody reads, and closes all readers; nobody gets a new one until resume(). */
static void
suspend_readers (PatronProject *project)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->pool_lock);
  project->switching = TRUE;
  while (g_queue_get_length (&project->idle) < project->n_readers)
    g_cond_wait (&project->pool_changed, &project->pool_lock);
  g_queue_clear_full (&project->idle, (GDestroyNotify) patron_database_close);
  project->n_readers = 0;
}

static void
resume_readers (PatronProject *project)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->pool_lock);
  project->switching = FALSE;
  g_cond_broadcast (&project->pool_changed);
}

PatronDatabase *
patron_project_begin (PatronProject *project, GError **error)
{
  g_mutex_lock (&project->write_lock);
  if (project->writer == NULL)
    {
      g_autofree char *name = g_filename_display_basename (project->path);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” is open for reading only."), name);
    }
  else if (g_atomic_int_get (&project->damaged))
    {
      g_autofree char *name = g_filename_display_basename (project->path);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED, _("“%s” is damaged and is not changed any more; save what is sound of it as a new project."), name);
    }
  else if (patron_database_begin (project->writer, error))
    {
      g_atomic_int_set (&project->writing, 1);
      return project->writer;
    }
  g_mutex_unlock (&project->write_lock);
  return NULL;
}

gboolean
patron_project_end (PatronProject *project, gboolean done, GError **error)
{
  done = done && patron_catalogue_seal (project->writer, error) && patron_database_commit (project->writer, error);
  if (!done)
    patron_database_rollback (project->writer);
  g_atomic_int_set (&project->writing, 0);
  if (done)
    __atomic_add_fetch (&project->serial, 1, __ATOMIC_SEQ_CST);
  g_mutex_unlock (&project->write_lock);
  return done;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

/* Where projects live that have no name yet. */
static char *
get_untitled_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "patron", "untitled", NULL);
}

static gboolean
is_in_untitled_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *untitled = get_untitled_folder ();
  return g_strcmp0 (folder, untitled) == 0;
}

static PatronProject *
project_new (const char *path)
{
  PatronProject *project = g_new0 (PatronProject, 1);
  g_atomic_ref_count_init (&project->references);
  g_mutex_init (&project->write_lock);
  g_mutex_init (&project->pool_lock);
  g_cond_init (&project->pool_changed);
  g_mutex_init (&project->shared_lock);
  g_mutex_init (&project->damages_lock);
  g_mutex_init (&project->cache_lock);
  g_queue_init (&project->idle);
  g_queue_init (&project->cache_order);
  project->dictionaries = g_hash_table_new (g_int64_hash, g_int64_equal);
  project->series = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  project->path = g_intern_string (path);
  project->untitled = is_in_untitled_folder (path);
  project->token = g_uuid_string_random ();
  project->serial = 1;
  return project;
}

static void
project_free (PatronProject *project)
{
  suspend_readers (project);
  if (project->writer != NULL)
    {
      patron_lease_release (project->writer, project->token);
      patron_database_close (project->writer);
      if (project->untitled)
        g_unlink (project->path);
    }
  patron_project_cache_clear (project);
  g_hash_table_unref (project->dictionaries);
  g_hash_table_unref (project->series);
  g_mutex_clear (&project->write_lock);
  g_mutex_clear (&project->pool_lock);
  g_cond_clear (&project->pool_changed);
  g_mutex_clear (&project->shared_lock);
  g_mutex_clear (&project->damages_lock);
  g_clear_pointer (&project->damages, g_ptr_array_unref);
  g_mutex_clear (&project->cache_lock);
  g_free (project->token);
  g_free (project);
}

PatronProject *
patron_project_ref (PatronProject *project)
{
  g_atomic_ref_count_inc (&project->references);
  return project;
}

void
patron_project_unref (PatronProject *project)
{
  if (project != NULL && g_atomic_ref_count_dec (&project->references))
    project_free (project);
}

/* Reserves the name, so that no other file of that name is ever overwritten; SQLite takes the empty file over. */
static gboolean
reserve (const char *path, GError **error)
{
  int descriptor = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
  if (descriptor >= 0)
    {
      close (descriptor);
      return TRUE;
    }
  int cause = errno;
  g_autofree char *name = g_filename_display_name (path);
  if (cause == EEXIST)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("There is already a file “%s”."), name);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The project “%s” cannot be created: %s."), name, g_strerror (cause));
  return FALSE;
}

/* All pages of the project, committed and on disk, into a file that is there and empty. */
static gboolean
copy_database (PatronDatabase *from, const char *path, GError **error)
{
  g_autoptr (PatronDatabase) to = patron_database_open (path, PATRON_DATABASE_WRITE, error);
  if (to == NULL)
    return FALSE;
  sqlite3_backup *backup = sqlite3_backup_init (to->db, "main", from->db, "main");
  int code = SQLITE_NOMEM;
  if (backup != NULL)
    {
      code = sqlite3_backup_step (backup, -1);
      int finished = sqlite3_backup_finish (backup);
      code = code == SQLITE_DONE ? finished : code;
    }
  return code == SQLITE_OK || patron_database_fail (to, code, error);
}

static void
take_reader (PatronProject *project, PatronDatabase *reader)
{
  adopt (project, reader);
  g_queue_push_head (&project->idle, reader);
  project->n_readers++;
}

/* Of the old file's name, so that what is said of the copy names it rightly. Removed at once: it goes with the last of its connections. */
static gboolean
read_copy_in (PatronProject *project, PatronDatabase *old, int version, const char *folder, GError **error)
{
  g_autofree char *name = g_path_get_basename (project->path);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gboolean done = reserve (path, error) && copy_database (old, path, error);
  g_autoptr (PatronDatabase) writer = done ? patron_database_open (path, PATRON_DATABASE_WRITE, error) : NULL;
  done = writer != NULL && patron_schema_migrate (writer, version, error);
  while (done && project->n_readers < MAX_READERS)
    {
      PatronDatabase *reader = patron_database_open (path, PATRON_DATABASE_READ, error);
      done = reader != NULL;
      if (done)
        take_reader (project, reader);
    }
  g_unlink (path);
  return done;
}

/* A file of an older format that is not to be changed is shown as a copy of it in the format of today. */
static gboolean
read_copy (PatronProject *project, PatronDatabase *old, int version, GError **error)
{
  g_autofree char *template = g_build_filename (g_get_user_cache_dir (), "patron", "older-XXXXXX", NULL);
  g_autofree char *parent = g_path_get_dirname (template);
  g_autoptr (GError) cause = NULL;
  const char *folder = g_mkdir_with_parents (parent, 0700) == 0 ? g_mkdtemp_full (template, 0700) : NULL;
  gboolean done = folder != NULL && read_copy_in (project, old, version, folder, &cause);
  if (folder != NULL)
    g_rmdir (folder);
  if (done)
    return TRUE;
  if (cause != NULL && !g_error_matches (cause, PATRON_ERROR, PATRON_ERROR_STORAGE))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  g_autofree char *name = g_filename_display_basename (project->path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE,
               _("“%s” was saved by an older Patron and is shown as a converted copy, for which the folder “%s” has no room or gives no permission."), name, parent);
  return FALSE;
}

/* The order matters: nothing is written before the file is known to be a sound project, and free. */
static gboolean
open_file (PatronProject *project, GError **error)
{
  int version;
  g_autoptr (PatronDatabase) reader = patron_database_open (project->path, PATRON_DATABASE_READ, error);
  if (reader == NULL || !patron_schema_check (reader, &version, error))
    return FALSE;
  GError *damage = NULL;
  if (!patron_catalogue_check (reader, version, &damage))
    {
      if (project->damages == NULL)
        {
          g_propagate_error (error, damage);
          return FALSE;
        }
      patron_project_note_damage (project, damage->message);
      g_error_free (damage);
    }
  if (project->read_only && version < PATRON_SCHEMA_VERSION)
    return read_copy (project, reader, version, error);
  if (project->read_only)
    {
      take_reader (project, g_steal_pointer (&reader));
      return TRUE;
    }
  patron_database_close (g_steal_pointer (&reader));
  g_autoptr (PatronDatabase) writer = patron_database_open (project->path, PATRON_DATABASE_WRITE, error);
  if (writer == NULL || !patron_schema_migrate (writer, version, error) || !patron_lease_take (writer, project->token, error))
    return FALSE;
  project->writer = g_steal_pointer (&writer);
  project->writer->damaged = &project->damaged;
  return TRUE;
}

static gboolean
check_exists (const char *path, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The project “%s” does not exist."), name);
  else if (g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("“%s” is a folder; expected a Patron project."), name);
  else
    return TRUE;
  return FALSE;
}

PatronProject *
patron_project_open (const char *path, gboolean read_only, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  if (!check_exists (absolute, error))
    return NULL;
  g_autoptr (PatronProject) project = project_new (absolute);
  project->read_only = read_only;
  return open_file (project, error) ? g_steal_pointer (&project) : NULL;
}

PatronProject *
patron_project_open_tolerant (const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  if (!check_exists (absolute, error))
    return NULL;
  g_autoptr (PatronProject) project = project_new (absolute);
  project->read_only = TRUE;
  project->damages = g_ptr_array_new_with_free_func (g_free);
  return open_file (project, error) ? g_steal_pointer (&project) : NULL;
}

PatronProject *
patron_project_create (const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  if (!reserve (absolute, error))
    return NULL;
  g_autoptr (PatronProject) project = project_new (absolute);
  g_autoptr (PatronDatabase) writer = patron_database_open (absolute, PATRON_DATABASE_CREATE, error);
  if (writer == NULL || !patron_schema_create (writer, error) || !patron_lease_take (writer, project->token, error))
    {
      g_clear_pointer (&writer, patron_database_close);
      g_unlink (absolute);
      return NULL;
    }
  project->writer = g_steal_pointer (&writer);
  return g_steal_pointer (&project);
}

PatronProject *
patron_project_new_untitled (GError **error)
{
  g_autofree char *folder = get_untitled_folder ();
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *file = g_strconcat (id, PROJECT_SUFFIX, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The folder “%s” cannot be made: %s."), folder, g_strerror (errno));
      return NULL;
    }
  return patron_project_create (path, error);
}

static gboolean
has_contents (PatronProject *project)
{
  g_autoptr (GPtrArray) tables = patron_project_list_tables (project, NULL);
  g_autoptr (GPtrArray) runs = patron_project_list_runs (project, NULL);
  return tables == NULL || runs == NULL || tables->len + runs->len > 0;
}

GPtrArray *
patron_project_list_recoverable (void)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *folder = get_untitled_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (!g_str_has_suffix (name, PROJECT_SUFFIX))
        continue;
      g_autoptr (PatronProject) project = patron_project_open (path, TRUE, NULL);
      PatronDatabase *database = project != NULL ? patron_project_acquire (project, NULL) : NULL;
      gint64 pid;
      gboolean held = database != NULL && patron_lease_is_held (database, &pid);
      if (database != NULL)
        patron_project_release (project, database);
      if (project != NULL && !held && has_contents (project))
        g_ptr_array_add (paths, g_steal_pointer (&path));
      else if (project != NULL && !held)
        g_unlink (path);
    }
  return paths;
}

void
patron_project_discard (const char *path)
{
  g_autoptr (PatronProject) project = is_in_untitled_folder (path) ? patron_project_open (path, FALSE, NULL) : NULL;
  /* The last reference to an untitled project takes the file along. */
}

void
patron_project_delete_file (PatronProject *project)
{
  project->untitled = TRUE;
}

/* ---- saving under a name ------------------------------------------------------------------------------------ */

static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int descriptor = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (descriptor < 0)
    return;
  fsync (descriptor);
  close (descriptor);
}

/* A file that is a project someone works on must not be pulled away from under them. */
static gboolean
check_replaceable (const char *path, GError **error)
{
  gint64 pid;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr (PatronDatabase) there = patron_database_open (path, PATRON_DATABASE_READ, NULL);
  if (there == NULL || !patron_lease_is_held (there, &pid))
    return TRUE;
  g_autofree char *name = g_filename_display_name (path);
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("“%s” is open in Patron (process %" PRId64 ") and cannot be replaced."), name, pid);
  return FALSE;
}

/* From here on the project is the file at path, which is a copy of what it was. */
static gboolean
switch_to (PatronProject *project, const char *path, GError **error)
{
  PatronDatabase *writer = patron_database_open (path, PATRON_DATABASE_WRITE, error);
  if (writer == NULL)
    return FALSE;
  suspend_readers (project);
  const char *former = project->path;
  PatronDatabase *former_writer = project->writer;
  project->writer = writer;
  project->path = g_intern_string (path);
  resume_readers (project);
  if (former_writer != NULL && former_writer != writer)
    {
      /* The token went along into the copy, so it must stay ours. */
      patron_database_run (former_writer, NULL, "DELETE FROM lease WHERE token = ?", "t", project->token);
      patron_database_close (former_writer);
    }
  if (project->untitled)
    g_unlink (former);
  project->untitled = is_in_untitled_folder (path);
  project->read_only = FALSE;
  return TRUE;
}

static gboolean
save_copy (PatronProject *project, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *temporary_name = g_strdup_printf (".%s.%.8s", name, id);
  g_autofree char *temporary = g_build_filename (folder, temporary_name, NULL);
  if (!check_replaceable (path, error) || !reserve (temporary, error))
    return FALSE;
  PatronDatabase *from = project->writer != NULL ? project->writer : patron_project_acquire (project, error);
  gboolean done = from != NULL && copy_database (from, temporary, error);
  if (from != NULL && from != project->writer)
    patron_project_release (project, from);
  if (done && project->writer == NULL)
    {
      /* A copy of a project that we may only read comes without our lease, perhaps with someone else's. */
      g_autoptr (PatronDatabase) copy = patron_database_open (temporary, PATRON_DATABASE_WRITE, error);
      done = copy != NULL && patron_database_exec (copy, "DELETE FROM lease", error) && patron_lease_take (copy, project->token, error);
    }
  if (done && g_rename (temporary, path) != 0)
    {
      g_autofree char *display = g_filename_display_name (path);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE, _("The project cannot be saved as “%s”: %s."), display, g_strerror (errno));
      done = FALSE;
    }
  if (!done)
    {
      g_unlink (temporary);
      return FALSE;
    }
  sync_folder (path);
  return switch_to (project, path, error);
}

gboolean
patron_project_save_as (PatronProject *project, const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->write_lock);
  if (g_strcmp0 (absolute, project->path) == 0)
    return TRUE;
  /* Damage is not to be copied. */
  if (project->damages != NULL || g_atomic_int_get (&project->damaged))
    return patron_project_salvage (project, absolute, NULL, error);
  if (!save_copy (project, absolute, error))
    return FALSE;
  __atomic_add_fetch (&project->serial, 1, __ATOMIC_SEQ_CST);
  return TRUE;
}

/* ---- facts -------------------------------------------------------------------------------------------------- */

const char *
patron_project_get_path (PatronProject *project)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->pool_lock);
  return project->path;
}

gboolean
patron_project_is_untitled (PatronProject *project)
{
  return project->untitled;
}

gboolean
patron_project_is_read_only (PatronProject *project)
{
  return project->read_only;
}

guint64
patron_project_get_serial (PatronProject *project)
{
  gint64 foreign = 0;
  if (project->read_only)
    {
      /* Another process may be changing it. */
      PatronDatabase *database = patron_project_acquire (project, NULL);
      if (database != NULL)
        {
          patron_database_get_int64 (database, "SELECT digest FROM seal WHERE id = 1", 0, &foreign, NULL);
          patron_project_release (project, database);
        }
    }
  return __atomic_load_n (&project->serial, __ATOMIC_SEQ_CST) + (guint64) foreign;
}
