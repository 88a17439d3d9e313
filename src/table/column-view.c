/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column-view.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of rows in no order, fewer than this are read one by one: a screen of the grid, by way of the source's cache. From as many as the second on, who
 * reads is going through all of them: each part would need nearly every chunk of the source, so all rows are gathered, once. */
enum { FEW_ROWS = 512, MANY_ROWS = 4096 };

struct _PatronRowIndex
{
  gatomicrefcount references;
  guint32        *rows;
  gsize           n;
  gboolean        ascending;
};

typedef struct
{
  PatronColumn   *column;
  PatronRowIndex *index;
  gsize           size;      /* of a value */
  GMutex          lock;
  gpointer        gathered;  /* atomic: all values, or NULL */
} View;

/* ---- row numbers -------------------------------------------------------------------------------------------- */

static PatronRowIndex *
index_new_take (guint32 *rows, gsize n)
{
  PatronRowIndex *index = g_new0 (PatronRowIndex, 1);
  g_atomic_ref_count_init (&index->references);
  index->rows = rows;
  index->n = n;
  gsize n_descents = 0;
  for (gsize i = 1; i < n; i++)
    n_descents += rows[i] < rows[i - 1];
  index->ascending = n_descents == 0;
  patron_memory_settle (rows);
  return index;
}

PatronRowIndex *
patron_row_index_new (const guint32 *rows, gsize n, GError **error)
{
  guint32 *copy = patron_try_alloc_values (n, sizeof *copy, _("the row numbers"), error);
  if (copy == NULL)
    return NULL;
  if (n > 0)
    memcpy (copy, rows, n * sizeof *copy);
  return index_new_take (copy, n);
}

PatronRowIndex *
patron_row_index_chain (const PatronRowIndex *index, const guint32 *rows, gsize n, GError **error)
{
  guint32 *chained = patron_try_alloc_values (n, sizeof *chained, _("the row numbers"), error);
  if (chained == NULL)
    return NULL;
  for (gsize i = 0; i < n; i++)
    chained[i] = index->rows[rows[i]];
  return index_new_take (chained, n);
}

PatronRowIndex *
patron_row_index_ref (PatronRowIndex *index)
{
  g_atomic_ref_count_inc (&index->references);
  return index;
}

void
patron_row_index_unref (PatronRowIndex *index)
{
  if (index == NULL || !g_atomic_ref_count_dec (&index->references))
    return;
  patron_free (index->rows);
  g_free (index);
}

/* ---- gathering ---------------------------------------------------------------------------------------------- */

static inline void
copy_value (gsize size, gconstpointer in, gsize from, gpointer out, gsize to)
{
  if (size == 8)
    ((guint64 *) out)[to] = ((const guint64 *) in)[from];
  else if (size == 4)
    ((guint32 *) out)[to] = ((const guint32 *) in)[from];
  else
    ((guint8 *) out)[to] = ((const guint8 *) in)[from];
}

/* Rows that all lie in one chunk, ascending. scratch holds a chunk's values. */
static gboolean
gather_chunk (View *view, const guint32 *rows, gsize n, gpointer scratch, gpointer out, GError **error)
{
  gsize first = rows[0], span = rows[n - 1] - first + 1;
  if (span == n)
    return patron_column_read (view->column, first, n, out, error);
  if (!patron_column_read (view->column, first, span, scratch, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    copy_value (view->size, scratch, rows[i] - first, out, i);
  return TRUE;
}

static gboolean
gather_ascending (View *view, const guint32 *rows, gsize n, gpointer scratch, guint8 *out, GError **error)
{
  for (gsize begin = 0, end; begin < n; begin = end)
    {
      guint32 chunk = rows[begin] / PATRON_CHUNK_ROWS;
      for (end = begin + 1; end < n && rows[end] / PATRON_CHUNK_ROWS == chunk; end++)
        ;
      if (!gather_chunk (view, rows + begin, end - begin, scratch, out + begin * view->size, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
gather_few (View *view, const guint32 *rows, gsize n, guint8 *out, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!patron_column_read (view->column, rows[i], 1, out + i * view->size, error))
      return FALSE;
  return TRUE;
}

/* Places sorted by the chunk their row is in (a counting sort), so that every chunk is read once. */
static gboolean
gather_by_chunk (View *view, const guint32 *rows, gsize n, guint32 *places, gsize *starts, gpointer scratch, gpointer out, GError **error)
{
  gsize length = patron_column_get_length (view->column), n_chunks = length / PATRON_CHUNK_ROWS + 1;
  memset (starts, 0, (n_chunks + 1) * sizeof *starts);
  for (gsize i = 0; i < n; i++)
    starts[rows[i] / PATRON_CHUNK_ROWS + 1]++;
  for (gsize c = 0; c < n_chunks; c++)
    starts[c + 1] += starts[c];
  for (gsize i = 0; i < n; i++)
    places[starts[rows[i] / PATRON_CHUNK_ROWS]++] = (guint32) i;
  for (gsize c = 0, begin = 0; c < n_chunks; begin = starts[c++])
    {
      gsize first = c * PATRON_CHUNK_ROWS;
      if (starts[c] == begin)
        continue;
      if (!patron_column_read (view->column, first, MIN (PATRON_CHUNK_ROWS, length - first), scratch, error))
        return FALSE;
      for (gsize k = begin; k < starts[c]; k++)
        copy_value (view->size, scratch, rows[places[k]] - first, out, places[k]);
    }
  return TRUE;
}

static gboolean
gather_any (View *view, const guint32 *rows, gsize n, gpointer scratch, gpointer out, GError **error)
{
  gsize n_chunks = patron_column_get_length (view->column) / PATRON_CHUNK_ROWS + 1;
  guint32 *places = patron_try_alloc_values (n, sizeof *places, _("the row numbers"), error);
  gsize *starts = places != NULL ? patron_try_alloc (n_chunks + 1, sizeof *starts, _("the row numbers"), error) : NULL;
  gboolean done = starts != NULL && gather_by_chunk (view, rows, n, places, starts, scratch, out, error);
  patron_free (places);
  patron_free (starts);
  return done;
}

/* All values, kept; they may lie in a file. NULL with error. */
static gconstpointer
gather_all (View *view, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&view->lock);
  const char *name = patron_column_get_name (view->column);
  if (view->gathered != NULL)
    return view->gathered;
  gpointer out = patron_try_alloc_values (view->index->n, view->size, name, error);
  gpointer scratch = out != NULL ? patron_try_alloc (PATRON_CHUNK_ROWS, view->size, name, error) : NULL;
  if (scratch == NULL || !gather_any (view, view->index->rows, view->index->n, scratch, out, error))
    g_clear_pointer (&out, patron_free);
  patron_free (scratch);
  g_atomic_pointer_set (&view->gathered, out);
  return out;
}

static gboolean
copy_gathered (View *view, gsize start, gsize n, gpointer out, GError **error)
{
  const guint8 *values = gather_all (view, error);
  if (values != NULL)
    memcpy (out, values + start * view->size, n * view->size);
  return values != NULL;
}

static gboolean
view_read (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  View *view = owner;
  const guint32 *rows = view->index->rows + start;
  if (n == 0)
    return TRUE;
  const guint8 *gathered = g_atomic_pointer_get (&view->gathered);
  if (gathered != NULL)
    {
      memcpy (out, gathered + start * view->size, n * view->size);
      return TRUE;
    }
  if (patron_column_is_resident (view->column))
    {
      gconstpointer in = patron_column_values (view->column, error);
      for (gsize i = 0; i < n; i++)
        copy_value (view->size, in, rows[i], out, i);
      return TRUE;
    }
  if (!view->index->ascending && n < FEW_ROWS)
    return gather_few (view, rows, n, out, error);
  if (!view->index->ascending && n >= MANY_ROWS && view->index->n > PATRON_CHUNK_ROWS)
    return copy_gathered (view, start, n, out, error);
  gpointer scratch = patron_try_alloc (PATRON_CHUNK_ROWS, view->size, patron_column_get_name (view->column), error);
  gboolean done = scratch != NULL && (view->index->ascending ? gather_ascending (view, rows, n, scratch, out, error)
                                                             : gather_any (view, rows, n, scratch, out, error));
  patron_free (scratch);
  return done;
}

static PatronDict *
view_dict (gpointer owner, GError **error)
{
  PatronDict *dict = patron_column_dict (((View *) owner)->column, error);
  return dict != NULL ? patron_dict_ref (dict) : NULL;
}

static void
view_free (gpointer owner)
{
  View *view = owner;
  patron_column_unref (view->column);
  patron_row_index_unref (view->index);
  patron_free (view->gathered);
  g_mutex_clear (&view->lock);
  g_free (view);
}

static const PatronColumnSource source = { .read = view_read, .dict = view_dict, .free = view_free };

PatronColumn *
patron_column_new_view (PatronColumn *column, PatronRowIndex *index)
{
  View *view = g_new0 (View, 1);
  view->column = patron_column_ref (column);
  view->index = patron_row_index_ref (index);
  g_mutex_init (&view->lock);
  view->size = patron_type_size (patron_column_get_type (column));
  g_autoptr (PatronColumn) plain = patron_column_new_lazy (patron_column_get_name (column), patron_column_get_type (column), index->n, &source, view);
  return patron_column_with_unit (plain, patron_column_get_unit (column));
}

PatronRowIndex *
patron_column_view_index (PatronColumn *column)
{
  View *view = patron_column_get_owner (column, view_read);
  return view != NULL ? view->index : NULL;
}

PatronColumn *
patron_column_view_of (PatronColumn *column)
{
  View *view = patron_column_get_owner (column, view_read);
  return view != NULL ? view->column : NULL;
}
