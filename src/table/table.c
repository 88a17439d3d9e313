/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/table.h"

#include "base/memory.h"
#include "base/parallel.h"

#include "table/column-view.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _PatronTable
{
  gatomicrefcount references;
  char           *name;
  GPtrArray      *columns;     /* of PatronColumn* */
  GHashTable     *by_name;     /* borrowed names → index + 1 */
  gsize           n_rows;
};

static PatronTable *
table_wrap (const char *name, GPtrArray *columns, gsize n_rows)
{
  PatronTable *table = g_new0 (PatronTable, 1);
  g_atomic_ref_count_init (&table->references);
  table->name = g_strdup (name);
  table->columns = columns;
  table->n_rows = columns->len > 0 ? patron_column_get_length (columns->pdata[0]) : n_rows;
  table->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < columns->len; i++)
    {
      PatronColumn *column = columns->pdata[i];
      g_assert (patron_column_get_length (column) == table->n_rows);
      gboolean fresh = g_hash_table_insert (table->by_name, (gpointer) patron_column_get_name (column), GUINT_TO_POINTER (i + 1));
      g_assert (fresh);
    }
  return table;
}

PatronTable *
patron_table_new (const char *name, PatronColumn *const *columns, guint n_columns, gsize n_rows)
{
  GPtrArray *array = g_ptr_array_new_full (n_columns, (GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < n_columns; i++)
    g_ptr_array_add (array, patron_column_ref (columns[i]));
  return table_wrap (name, array, n_rows);
}

PatronTable *
patron_table_new_take (const char *name, GPtrArray *columns)
{
  g_ptr_array_set_free_func (columns, (GDestroyNotify) patron_column_unref);
  return table_wrap (name, columns, 0);
}

PatronTable *
patron_table_ref (PatronTable *table)
{
  g_atomic_ref_count_inc (&table->references);
  return table;
}

void
patron_table_unref (PatronTable *table)
{
  if (!g_atomic_ref_count_dec (&table->references))
    return;
  g_hash_table_unref (table->by_name);
  g_ptr_array_unref (table->columns);
  g_free (table->name);
  g_free (table);
}

const char *
patron_table_get_name (const PatronTable *table)
{
  return table->name;
}

gsize
patron_table_n_rows (const PatronTable *table)
{
  return table->n_rows;
}

guint
patron_table_n_columns (const PatronTable *table)
{
  return table->columns->len;
}

PatronColumn *
patron_table_column (const PatronTable *table, guint index)
{
  return table->columns->pdata[index];
}

int
patron_table_index (const PatronTable *table, const char *name)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (table->by_name, name)) - 1;
}

PatronColumn *
patron_table_find (const PatronTable *table, const char *name)
{
  int index = patron_table_index (table, name);
  return index >= 0 ? table->columns->pdata[index] : NULL;
}

PatronColumn *
patron_table_require (const PatronTable *table, const char *name, GError **error)
{
  PatronColumn *column = patron_table_find (table, name);
  if (column != NULL)
    return column;
  g_autoptr (GString) there = g_string_new (NULL);
  guint shown = MIN (table->columns->len, 12);
  for (guint i = 0; i < shown; i++)
    g_string_append_printf (there, "%s%s", i > 0 ? ", " : "", patron_column_get_name (table->columns->pdata[i]));
  if (shown < table->columns->len)
    g_string_append (there, " …");
  g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("Table “%s” has no column “%s”; it has %s."), table->name, name, there->str);
  return NULL;
}

/* ---- new tables --------------------------------------------------------------------------------------------- */

static GPtrArray *
copy_columns (const PatronTable *table)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (columns, patron_column_ref (table->columns->pdata[i]));
  return columns;
}

PatronTable *
patron_table_rename (PatronTable *table, const char *name)
{
  return table_wrap (name, copy_columns (table), table->n_rows);
}

PatronTable *
patron_table_with_column (PatronTable *table, PatronColumn *column)
{
  GPtrArray *columns = copy_columns (table);
  int index = patron_table_index (table, patron_column_get_name (column));
  if (index >= 0)
    {
      patron_column_unref (columns->pdata[index]);
      columns->pdata[index] = patron_column_ref (column);
    }
  else
    g_ptr_array_add (columns, patron_column_ref (column));
  return table_wrap (table->name, columns, table->n_rows);
}

PatronTable *
patron_table_without (PatronTable *table, const char *name)
{
  GPtrArray *columns = copy_columns (table);
  int index = patron_table_index (table, name);
  if (index >= 0)
    g_ptr_array_remove_index (columns, index);
  return table_wrap (table->name, columns, table->n_rows);
}

PatronTable *
patron_table_select (PatronTable *table, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (; *names != NULL; names++)
    {
      PatronColumn *column = patron_table_require (table, *names, error);
      if (column == NULL)
        return NULL;
      g_ptr_array_add (columns, patron_column_ref (column));
    }
  return table_wrap (table->name, g_steal_pointer (&columns), table->n_rows);
}

typedef struct
{
  PatronTable   *table;
  const guint32 *rows;
  gsize          n;
  GPtrArray     *taken;     /* of PatronColumn*, one for each column */
  GError        *error;     /* the first one */
} Take;

static void
take_column (gsize begin, gsize end, int worker, gpointer data)
{
  Take *take = data;
  for (gsize i = begin; i < end; i++)
    {
      GError *error = NULL;
      take->taken->pdata[i] = patron_column_take (take->table->columns->pdata[i], take->rows, take->n, &error);
      patron_error_keep (&take->error, error);
    }
}

static void
unref_if_there (gpointer column)
{
  if (column != NULL)
    patron_column_unref (column);
}

/* Whether taking rows should leave the values where they are: they are not in memory, and are a good part of what may be. */
static gboolean
is_large (const PatronTable *table)
{
  gsize bytes = 0;
  for (guint i = 0; i < table->columns->len; i++)
    {
      PatronColumn *column = table->columns->pdata[i];
      bytes += patron_column_is_resident (column) ? 0 : table->n_rows * patron_type_size (patron_column_get_type (column));
    }
  return bytes > patron_memory_budget () / 4;
}

/* A view was perhaps renamed since: its own name and unit count, not those of what it shows. */
static PatronColumn *
view_of_view (PatronColumn *column, PatronRowIndex *index)
{
  g_autoptr (PatronColumn) taken = patron_column_new_view (patron_column_view_of (column), index);
  g_autoptr (PatronColumn) typed = patron_column_get_type (taken) != patron_column_get_type (column)
                                     ? patron_column_retype (taken, patron_column_get_type (column)) : patron_column_ref (taken);
  g_autoptr (PatronColumn) named = patron_column_rename (typed, patron_column_get_name (column));
  return patron_column_with_unit (named, patron_column_get_unit (column));
}

/* Columns that are in memory are gathered there; the others are read through the row numbers. */
static PatronTable *
view_rows (PatronTable *table, const guint32 *rows, gsize n, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_autoptr (PatronRowIndex) plain = NULL;
  g_autoptr (PatronRowIndex) chained = NULL;
  const PatronRowIndex *inner = NULL;
  for (guint i = 0; i < table->columns->len; i++)
    {
      PatronColumn *column = table->columns->pdata[i];
      const PatronRowIndex *own = patron_column_is_resident (column) ? NULL : patron_column_view_index (column);
      if (own != NULL && own != inner)
        {
          g_clear_pointer (&chained, patron_row_index_unref);
          chained = patron_row_index_chain (own, rows, n, error);
          inner = own;
        }
      if (own == NULL && plain == NULL)
        plain = patron_row_index_new (rows, n, error);
      PatronRowIndex *index = own != NULL ? chained : plain;
      PatronColumn *taken = index == NULL ? NULL
                            : patron_column_is_resident (column) ? patron_column_take (column, rows, n, error)
                            : own != NULL ? view_of_view (column, index) : patron_column_new_view (column, index);
      if (taken == NULL)
        return NULL;
      g_ptr_array_add (columns, taken);
    }
  return table_wrap (table->name, g_steal_pointer (&columns), n);
}

PatronTable *
patron_table_take_rows (PatronTable *table, const guint32 *rows, gsize n, PatronRun *run, GError **error)
{
  if (is_large (table))
    return view_rows (table, rows, n, error);
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func (unref_if_there);
  g_ptr_array_set_size (taken, table->columns->len);
  Take take = { .table = table, .rows = rows, .n = n, .taken = taken };
  patron_parallel_for (run, taken->len, 1, take_column, &take);
  if (take.error != NULL)
    {
      g_propagate_error (error, take.error);
      return NULL;
    }
  if (!patron_run_check (run, error))
    return NULL;
  return table_wrap (table->name, g_steal_pointer (&taken), n);
}

PatronTable *
patron_table_keep_rows (PatronTable *table, const guint8 *keep, PatronRun *run, GError **error)
{
  guint32 *rows = patron_try_alloc_values (table->n_rows, sizeof *rows, table->name, error);
  if (rows == NULL)
    return NULL;
  gsize n = 0;
  for (gsize i = 0; i < table->n_rows; i++)
    {
      rows[n] = (guint32) i;
      n += keep[i] != 0;
    }
  PatronTable *kept = n == table->n_rows ? patron_table_ref (table) : patron_table_take_rows (table, rows, n, run, error);
  patron_free (rows);
  return kept;
}
