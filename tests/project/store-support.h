/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/project.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>

/* Tables and folders for the tests of the project store. */

static inline char *
support_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("patron-test-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

static inline void
support_remove_folder (const char *folder)
{
  const char *name;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

/* A column of every type, with missing and extreme values. seed makes tables differ. */
static inline PatronTable *
support_table (const char *name, gsize n, guint seed)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (PatronType type = 0; type < PATRON_N_TYPES; type++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (patron_type_id (type), type);
      for (gsize i = 0; i < n; i++)
        {
          gsize k = i * 7 + seed;
          g_autofree char *text = g_strdup_printf ("%s %" G_GSIZE_FORMAT, k % 3 == 0 ? "客户" : "customer", k % (type == PATRON_TYPE_TEXT ? n + 1 : 5));
          if (k % 11 == 0)
            patron_column_builder_append_missing (builder);
          else if (type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT)
            patron_column_builder_append_text (builder, k % 13 == 0 ? "" : text);
          else if (type == PATRON_TYPE_BOOLEAN)
            patron_column_builder_append_number (builder, k % 2);
          else if (type == PATRON_TYPE_NUMBER)
            patron_column_builder_append_number (builder, k % 5 == 0 ? sqrt (k) : k / 100.0);
          else if (type == PATRON_TYPE_DATE)
            patron_column_builder_append_int64 (builder, k % 17 == 0 ? G_MAXINT32 : (gint64) (k % 4000));
          else
            patron_column_builder_append_int64 (builder, k % 19 == 0 ? G_MAXINT64 - (gint64) k : (gint64) k * 1000000);
        }
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return patron_table_new_take (name, columns);
}

static inline void
support_assert_equal (PatronTable *a, PatronTable *b)
{
  g_autoptr (GError) error = NULL;
  g_assert_cmpuint (patron_table_n_columns (a), ==, patron_table_n_columns (b));
  g_assert_cmpuint (patron_table_n_rows (a), ==, patron_table_n_rows (b));
  for (guint i = 0; i < patron_table_n_columns (a); i++)
    {
      PatronColumn *x = patron_table_column (a, i), *y = patron_table_column (b, i);
      gsize n = patron_column_get_length (x), size = patron_type_size (patron_column_get_type (x));
      g_assert_cmpstr (patron_column_get_name (x), ==, patron_column_get_name (y));
      g_assert_cmpstr (patron_column_get_unit (x), ==, patron_column_get_unit (y));
      g_assert_cmpint (patron_column_get_type (x), ==, patron_column_get_type (y));
      gconstpointer xs = patron_column_values (x, &error);
      g_assert_no_error (error);
      gconstpointer ys = patron_column_values (y, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (xs, n * size, ys, n * size);
      if (!patron_column_has_dict (x))
        continue;
      PatronDict *dx = patron_column_dict (x, &error), *dy = patron_column_dict (y, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (patron_dict_size (dx), ==, patron_dict_size (dy));
      for (gsize k = 0; k < patron_dict_size (dx); k++)
        g_assert_cmpstr (patron_dict_get (dx, k), ==, patron_dict_get (dy, k));
    }
}

/* Runs this test program again as "--child NAME PATH" and returns its exit status. */
static inline int
support_run_child (const char *name, const char *path)
{
  const char *arguments[] = { "/proc/self/exe", "--child", name, path, NULL };
  g_autoptr (GError) error = NULL;
  int status;
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "XDG_STATE_HOME", g_get_user_state_dir (), TRUE);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  arguments[0] = self;
  g_spawn_sync (NULL, (char **) arguments, environment, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  return WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
}

static inline void
support_assert_sound (PatronProject *project)
{
  g_autoptr (GError) error = NULL;
  patron_project_check (project, NULL, NULL, &error);
  g_assert_no_error (error);
}
