/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/folder.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define MAX_DEPTH 32
#define MAX_FILES 20000000
#define GLANCE 500

typedef struct
{
  const char *root;
  gboolean    subfolders;
  gboolean  (*wanted) (const char *name);
  PatronRun  *run;
  GPtrArray  *files;
  guint       n_seen, limit;
} Walk;

static gboolean
is_folder (const char *path)
{
  GStatBuf status;
  return g_lstat (path, &status) == 0 && S_ISDIR (status.st_mode);
}

static gboolean
walk (Walk *walking, const char *inside, guint depth, GError **error)
{
  g_autofree char *path = g_build_filename (walking->root, inside, NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, depth == 0 ? error : NULL);
  if (folder == NULL)
    return depth > 0;
  for (const char *name; (name = g_dir_read_name (folder)) != NULL && walking->n_seen < walking->limit; walking->n_seen++)
    {
      g_autofree char *relative = *inside != '\0' ? g_build_filename (inside, name, NULL) : g_strdup (name);
      g_autofree char *full = g_build_filename (walking->root, relative, NULL);
      if (walking->run != NULL && !patron_run_check (walking->run, error))
        return FALSE;
      if (name[0] == '.')
        continue;
      if (walking->wanted (name) && g_file_test (full, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (walking->files, g_steal_pointer (&relative));
      else if (walking->subfolders && depth < MAX_DEPTH && is_folder (full) && !walk (walking, relative, depth + 1, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
patron_folder_files (const char *path, gboolean subfolders, gboolean (*wanted) (const char *name), PatronRun *run, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  Walk walking = { .root = path, .subfolders = subfolders, .wanted = wanted, .run = run, .files = files, .limit = MAX_FILES };
  g_autoptr (GError) failure = NULL;
  if (!walk (&walking, "", 0, &failure))
    {
      g_autofree char *base = g_filename_display_basename (path);
      if (failure->domain == PATRON_ERROR)
        g_propagate_error (error, g_steal_pointer (&failure));
      else
        g_set_error (error, PATRON_ERROR, PATRON_ERROR_INPUT, _("The folder “%s” cannot be read: %s."), base, failure->message);
      return NULL;
    }
  g_ptr_array_sort (files, compare_names);
  g_ptr_array_add (files, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&files), FALSE);
}

guint
patron_folder_count (const char *path, gboolean (*wanted) (const char *name))
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  Walk walking = { .root = path, .subfolders = TRUE, .wanted = wanted, .files = files, .limit = GLANCE };
  walk (&walking, "", 0, NULL);
  return files->len;
}
