/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/table-columns.h"

#include "base/names.h"

GPtrArray *
patron_columns_named (PatronTable *table, const char *names, GError **error)
{
  g_auto (GStrv) parts = patron_names_split (names);
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  for (char **part = parts; *part != NULL; part++)
    {
      PatronColumn *column = patron_table_require (table, *part, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, column);
    }
  return g_steal_pointer (&columns);
}

char *
patron_free_name (GHashTable *taken, const char *name)
{
  char *wanted = g_strdup (name);
  for (guint k = 2; g_hash_table_contains (taken, wanted); k++)
    {
      g_free (wanted);
      wanted = g_strdup_printf ("%s %u", name, k);
    }
  g_hash_table_add (taken, g_strdup (wanted));
  return wanted;
}
