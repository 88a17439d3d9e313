/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* One row says which process has the project open for writing. It outlives a crash, so it is believed only while that process lives: same
 * computer, same boot, same start time. Of another computer (a shared folder) we cannot know; its word holds for a day. */

#define FOREIGN_LEASE_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/* Tokens that this process holds: its own earlier leases, left by a project that was not closed, must not bar it. */
static GMutex held_lock;
static GHashTable *held;

/* The name of this computer and this boot of it. */
static const char *
get_host (void)
{
  static gsize once = 0;
  if (g_once_init_enter (&once))
    {
      g_autofree char *boot = NULL;
      g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot, NULL, NULL);
      char *host = g_strdup_printf ("%s/%s", g_get_host_name (), boot != NULL ? g_strstrip (boot) : "");
      g_once_init_leave (&once, (gsize) host);
    }
  return (const char *) once;
}

/* Clock ticks between boot and the start of the process; 0 when it does not exist, -1 when unknown. */
static gint64
get_start (gint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/stat", pid);
  g_autofree char *stat = NULL;
  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return pid <= 0 || pid > G_MAXINT || (kill ((pid_t) pid, 0) != 0 && errno == ESRCH) ? 0 : -1;
  /* Field 22; the second, the name, may hold anything but ends at the last parenthesis. */
  const char *field = strrchr (stat, ')');
  for (int i = 2; field != NULL && i < 22; i++)
    field = strchr (field + 1, ' ');
  return field != NULL ? g_ascii_strtoll (field, NULL, 10) : -1;
}

static gboolean
holder_lives (const char *token, const char *host, gint64 pid, gint64 started, gint64 taken)
{
  const char *slash = strrchr (get_host (), '/');
  gsize name_length = slash - get_host () + 1;
  if (strcmp (host, get_host ()) == 0)
    {
      if (pid == getpid ())
        {
          g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&held_lock);
          return held != NULL && g_hash_table_contains (held, token);
        }
      gint64 start = get_start (pid);
      return start == -1 || (start != 0 && (started <= 0 || start == started));
    }
  if (strncmp (host, get_host (), name_length) == 0)
    return FALSE;
  return ABS (g_get_real_time () - taken) < FOREIGN_LEASE_US;
}

gboolean
patron_lease_is_held (PatronDatabase *database, gint64 *pid)
{
  sqlite3_stmt *row = patron_database_query (database, NULL, "SELECT token, host, pid, started, taken FROM lease WHERE id = 1", "");
  if (patron_database_step (database, row, NULL) != 1)
    return FALSE;
  *pid = sqlite3_column_int64 (row, 2);
  gboolean lives = holder_lives (patron_statement_text (row, 0), patron_statement_text (row, 1), *pid, sqlite3_column_int64 (row, 3),
                                 sqlite3_column_int64 (row, 4));
  sqlite3_reset (row);
  return lives;
}

gboolean
patron_lease_take (PatronDatabase *database, const char *token, GError **error)
{
  gint64 holder;
  if (!patron_database_begin (database, error))
    return FALSE;
  if (patron_lease_is_held (database, &holder))
    {
      g_autofree char *name = g_filename_display_basename (database->path);
      g_set_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE,
                   _("“%s” is open in another Patron (process %" PRId64 "); it can only be read until it is closed there."), name, holder);
      patron_database_rollback (database);
      return FALSE;
    }
  if (!patron_database_run (database, error,
                            "INSERT OR REPLACE INTO lease (id, token, host, pid, started, taken) VALUES (1, ?, ?, ?, ?, ?)", "ttiii",
                            token, get_host (), (gint64) getpid (), get_start (getpid ()), g_get_real_time ()))
    {
      patron_database_rollback (database);
      return FALSE;
    }
  if (!patron_database_commit (database, error))
    return FALSE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&held_lock);
  if (held == NULL)
    held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (held, g_strdup (token));
  return TRUE;
}

/* A failure is harmless: the row is not believed once this process has ended. */
void
patron_lease_release (PatronDatabase *database, const char *token)
{
  patron_database_run (database, NULL, "DELETE FROM lease WHERE token = ?", "t", token);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&held_lock);
  if (held != NULL)
    g_hash_table_remove (held, token);
}
