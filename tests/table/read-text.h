/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>
#include <string.h>

#include "table/reader.h"

/* Writes the bytes to a file of their own and reads it. */
static inline PatronTable *
read_bytes (const char *bytes, gsize length, const char *const *settings, GPtrArray **notes, GError **error)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("patron-XXXXXX.csv", &path, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  PatronTable *table = patron_read_file (path, settings, run, notes, error);
  g_unlink (path);
  return table;
}

/* "name:type name:type / value|value / …", a missing value as ~. */
static inline char *
table_text (PatronTable *table)
{
  GString *text = g_string_new (NULL);
  guint n = patron_table_n_columns (table);
  for (guint c = 0; c < n; c++)
    g_string_append_printf (text, "%s%s:%s", c > 0 ? " " : "", patron_column_get_name (patron_table_column (table, c)),
                            patron_type_id (patron_column_get_type (patron_table_column (table, c))));
  for (gsize r = 0; r < patron_table_n_rows (table); r++)
    for (guint c = 0; c < n; c++)
      {
        g_autofree char *value = patron_column_format (patron_table_column (table, c), r);
        g_string_append (text, c > 0 ? "|" : " / ");
        g_string_append (text, patron_column_is_missing (patron_table_column (table, c), r) ? "~" : value);
      }
  return g_string_free (text, FALSE);
}

static inline void
check_reading (const char *bytes, gsize length, const char *const *settings, const char *expected)
{
  GError *error = NULL;
  g_autoptr (PatronTable) table = read_bytes (bytes, length, settings, NULL, &error);
  g_autofree char *text = table != NULL ? table_text (table) : g_strdup (error->message);
  if (strcmp (text, expected) == 0)
    return;
  g_test_message ("“%s”\n  is       %s\n  expected %s", bytes, text, expected);
  g_test_fail ();
}
