/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/grid-cache.h"

#include <glib/gi18n-lib.h>

#include "app/job.h"
#include "base/memory.h"

#define PAGE_ROWS 512
#define MAX_PAGES 4096

/* Rows in the order shown; shared with the job that reads them. */
typedef struct
{
  gatomicrefcount ref;
  guint32        *rows;    /* NULL: all as they are */
  gsize           n;
} Order;

/* What a job reads. */
typedef struct
{
  PatronTable *table;
  Order       *order;
  GArray      *keys;       /* of gint64 */
  GPtrArray   *pages;      /* of PatronCells*, NULL where reading failed */
} Batch;

struct _PatronGridCache
{
  PatronTable *table;
  Order       *order;
  GHashTable  *pages;      /* key → PatronCells* */
  GQueue       age;        /* of keys as owned gint64*, oldest first */
  int         *decimals;   /* of each column, -1: not known */
  GArray      *wanted;     /* of gint64, noted by this frame */
  PatronJob   *job;        /* the one that reads now */
  GSourceFunc  ready;
  gpointer     data;
};

/* ---- keys -------------------------------------------------------------------------------------------------- */

static gint64
make_key (guint column, gsize row)
{
  return ((gint64) column << 32) | (gint64) (row / PAGE_ROWS);
}

static guint
key_column (gint64 key)
{
  return (guint) (key >> 32);
}

static gsize
key_first (gint64 key)
{
  return (gsize) (key & G_MAXUINT32) * PAGE_ROWS;
}

/* ---- order ------------------------------------------------------------------------------------------------- */

static Order *
order_new (guint32 *rows, gsize n)
{
  Order *order = g_new0 (Order, 1);
  g_atomic_ref_count_init (&order->ref);
  order->rows = rows;
  order->n = n;
  return order;
}

static Order *
order_ref (Order *order)
{
  g_atomic_ref_count_inc (&order->ref);
  return order;
}

static void
order_unref (Order *order)
{
  if (!g_atomic_ref_count_dec (&order->ref))
    return;
  patron_free (order->rows);
  g_free (order);
}

/* ---- reading ----------------------------------------------------------------------------------------------- */

static PatronCells *
read_page (PatronTable *table, const Order *order, gint64 key, GError **error)
{
  gsize first = key_first (key);
  if (first >= order->n)
    return NULL;
  return patron_cells_read (patron_table_column (table, key_column (key)), order->rows, first, MIN (PAGE_ROWS, order->n - first), error);
}

static void
add_page (PatronGridCache *self, gint64 key, PatronCells *cells)
{
  guint column = key_column (key);
  if (self->decimals[column] < 0)
    self->decimals[column] = patron_cells_decimals (cells);
  gint64 *owned = g_memdup2 (&key, sizeof key);
  if (g_hash_table_replace (self->pages, owned, cells))
    g_queue_push_tail (&self->age, g_memdup2 (&key, sizeof key));
  while (self->age.length > MAX_PAGES)
    {
      g_autofree gint64 *oldest = g_queue_pop_head (&self->age);
      g_hash_table_remove (self->pages, oldest);
    }
}

static void
batch_free (gpointer data)
{
  Batch *batch = data;
  patron_table_unref (batch->table);
  order_unref (batch->order);
  g_array_unref (batch->keys);
  g_ptr_array_unref (batch->pages);
  g_free (batch);
}

/* A page that cannot be read stays away, and its place empty: the damage is told where the table is checked. */
static gboolean
read_batch (PatronRun *run, gpointer data, GError **error)
{
  Batch *batch = data;
  for (guint i = 0; i < batch->keys->len; i++)
    {
      if (!patron_run_check (run, error))
        return FALSE;
      g_ptr_array_add (batch->pages, read_page (batch->table, batch->order, g_array_index (batch->keys, gint64, i), NULL));
    }
  return TRUE;
}

static void
on_batch_read (PatronJob *job, PatronGridCache *self)
{
  Batch *batch = patron_job_get_data (job);
  for (guint i = 0; i < batch->pages->len && batch->order == self->order; i++)
    {
      /* Without values where reading failed, so that it is not tried again with every frame. */
      PatronCells *cells = g_steal_pointer (&batch->pages->pdata[i]);
      add_page (self, g_array_index (batch->keys, gint64, i), cells != NULL ? cells : g_new0 (PatronCells, 1));
    }
  g_clear_object (&self->job);
  self->ready (self->data);
}

void
patron_grid_cache_fetch (PatronGridCache *self)
{
  if (self->wanted->len == 0 || self->job != NULL)
    {
      g_array_set_size (self->wanted, 0);
      return;
    }
  Batch *batch = g_new0 (Batch, 1);
  batch->table = patron_table_ref (self->table);
  batch->order = order_ref (self->order);
  batch->keys = g_steal_pointer (&self->wanted);
  batch->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_cells_free);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->job = patron_job_start (_("Read rows"), PATRON_JOB_QUICK, 0, read_batch, batch, batch_free);
  g_signal_connect (self->job, "finished", G_CALLBACK (on_batch_read), self);
}

static void
note_wanted (PatronGridCache *self, gint64 key)
{
  for (guint i = 0; i < self->wanted->len; i++)
    if (g_array_index (self->wanted, gint64, i) == key)
      return;
  g_array_append_val (self->wanted, key);
}

PatronCellState
patron_grid_cache_text (PatronGridCache *self, gsize row, guint column, char *buffer, gsize size)
{
  gint64 key = make_key (column, row);
  PatronCells *cells = g_hash_table_lookup (self->pages, &key);
  if (cells == NULL && patron_column_is_resident (patron_table_column (self->table, column)))
    {
      cells = read_page (self->table, self->order, key, NULL);
      if (cells != NULL)
        add_page (self, key, cells);
    }
  buffer[0] = '\0';
  if (cells == NULL)
    note_wanted (self, key);
  if (cells == NULL || row - cells->first >= cells->n)
    return PATRON_CELL_AWAITED;
  return patron_cells_format (cells, row - cells->first, self->decimals[column], buffer, size) ? PATRON_CELL_VALUE : PATRON_CELL_MISSING;
}

/* ---- life -------------------------------------------------------------------------------------------------- */

PatronGridCache *
patron_grid_cache_new (PatronTable *table, GSourceFunc ready, gpointer data)
{
  PatronGridCache *self = g_new0 (PatronGridCache, 1);
  self->table = patron_table_ref (table);
  self->order = order_new (NULL, patron_table_n_rows (table));
  self->pages = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) patron_cells_free);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->decimals = g_new (int, MAX (1, patron_table_n_columns (table)));
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    self->decimals[i] = -1;
  self->ready = ready;
  self->data = data;
  return self;
}

void
patron_grid_cache_free (PatronGridCache *self)
{
  if (self == NULL)
    return;
  patron_job_forget (&self->job, self);
  g_hash_table_unref (self->pages);
  g_queue_clear_full (&self->age, g_free);
  g_array_unref (self->wanted);
  g_free (self->decimals);
  order_unref (self->order);
  patron_table_unref (self->table);
  g_free (self);
}

void
patron_grid_cache_set_order (PatronGridCache *self, guint32 *order, gsize n)
{
  patron_job_forget (&self->job, self);
  g_hash_table_remove_all (self->pages);
  g_queue_clear_full (&self->age, g_free);
  g_array_set_size (self->wanted, 0);
  order_unref (self->order);
  self->order = order_new (order, order != NULL ? n : patron_table_n_rows (self->table));
}

const guint32 *
patron_grid_cache_get_order (PatronGridCache *self)
{
  return self->order->rows;
}

gsize
patron_grid_cache_n_rows (PatronGridCache *self)
{
  return self->order->n;
}
