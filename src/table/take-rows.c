/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/take-rows.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum { BLOCK = 1 << 15 };

typedef struct
{
  gconstpointer  in;
  gsize          size;
  guint64        missing;      /* the bytes of a missing value */
  const guint32 *rows;
  gpointer       out;
} Take;

static void
take_block (gsize begin, gsize end, int worker, gpointer data)
{
  const Take *take = data;
  const guint32 *rows = take->rows;
  if (take->size == 8)
    for (gsize i = begin; i < end; i++)
      ((guint64 *) take->out)[i] = rows[i] == PATRON_NO_ROW ? take->missing : ((const guint64 *) take->in)[rows[i]];
  else if (take->size == 4)
    for (gsize i = begin; i < end; i++)
      ((guint32 *) take->out)[i] = rows[i] == PATRON_NO_ROW ? (guint32) take->missing : ((const guint32 *) take->in)[rows[i]];
  else
    for (gsize i = begin; i < end; i++)
      ((guint8 *) take->out)[i] = rows[i] == PATRON_NO_ROW ? (guint8) take->missing : ((const guint8 *) take->in)[rows[i]];
}

static guint64
missing_bytes (PatronType type)
{
  double nan = NAN;
  guint64 bits;
  switch (type)
    {
    case PATRON_TYPE_NUMBER:
      memcpy (&bits, &nan, sizeof bits);
      return bits;
    case PATRON_TYPE_BOOLEAN:
      return PATRON_BOOLEAN_MISSING;
    case PATRON_TYPE_CATEGORY:
    case PATRON_TYPE_TEXT:
      return (guint32) PATRON_CODE_MISSING;
    case PATRON_TYPE_DATE:
      return (guint32) PATRON_DATE_MISSING;
    default:
      return (guint64) PATRON_INTEGER_MISSING;
    }
}

/* ---- columns that are not in memory: chunk by chunk ------------------------------------------------------------- */

/* Where the values go, by the chunk they come from: those of chunk c are places[starts[c]] … places[starts[c + 1] - 1], and after the last chunk those
 * that come from no row. */
typedef struct
{
  guint32 *places;
  gsize   *starts;       /* n_chunks + 2 */
  gsize    n_chunks;
} Order;

static inline gsize
chunk_of (const Order *order, guint32 row)
{
  return row == PATRON_NO_ROW ? order->n_chunks : row / PATRON_CHUNK_ROWS;
}

static gboolean
order_places (Order *order, const guint32 *rows, gsize n, GError **error)
{
  order->places = patron_try_alloc_values (n, sizeof *order->places, _("reading columns"), error);
  order->starts = order->places != NULL ? patron_try_alloc0 (order->n_chunks + 2, sizeof *order->starts, _("reading columns"), error) : NULL;
  if (order->starts == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    order->starts[chunk_of (order, rows[i]) + 1]++;
  for (gsize c = 0; c <= order->n_chunks; c++)
    order->starts[c + 1] += order->starts[c];
  for (gsize i = 0; i < n; i++)
    order->places[order->starts[chunk_of (order, rows[i])]++] = (guint32) i;
  /* Each start is now where the next one was. */
  memmove (order->starts + 1, order->starts, (order->n_chunks + 1) * sizeof *order->starts);
  order->starts[0] = 0;
  return TRUE;
}

static inline void
copy_value (const Take *take, gconstpointer from, gsize i, gsize place)
{
  if (take->size == 8)
    ((guint64 *) take->out)[place] = ((const guint64 *) from)[i];
  else if (take->size == 4)
    ((guint32 *) take->out)[place] = ((const guint32 *) from)[i];
  else
    ((guint8 *) take->out)[place] = ((const guint8 *) from)[i];
}

static gboolean
copy_chunks (PatronColumn *column, const Order *order, const Take *take, PatronRun *run, GError **error)
{
  gsize length = patron_column_get_length (column);
  gpointer buffer = patron_try_alloc (PATRON_CHUNK_ROWS, take->size, _("reading columns"), error);
  gboolean done = buffer != NULL;
  for (gsize c = 0; done && c < order->n_chunks; c++)
    {
      gsize first = c * PATRON_CHUNK_ROWS;
      if (order->starts[c] == order->starts[c + 1])
        continue;
      done = patron_run_check (run, error) && patron_column_read (column, first, MIN (PATRON_CHUNK_ROWS, length - first), buffer, error);
      for (gsize k = order->starts[c]; done && k < order->starts[c + 1]; k++)
        copy_value (take, buffer, take->rows[order->places[k]] - first, order->places[k]);
    }
  for (gsize k = order->starts[order->n_chunks]; done && k < order->starts[order->n_chunks + 1]; k++)
    memcpy ((char *) take->out + order->places[k] * take->size, &take->missing, take->size);
  patron_free (buffer);
  return done;
}

static gboolean
take_by_chunks (PatronColumn *column, const Take *take, gsize n, PatronRun *run, GError **error)
{
  Order order = { .n_chunks = patron_column_get_length (column) / PATRON_CHUNK_ROWS + 1 };
  gboolean done = order_places (&order, take->rows, n, error) && copy_chunks (column, &order, take, run, error);
  patron_free (order.places);
  patron_free (order.starts);
  return done;
}

/* ---- any column ---------------------------------------------------------------------------------------------- */

PatronColumn *
patron_column_take_or_missing (PatronColumn *column, const char *name, const guint32 *rows, gsize n, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (column);
  PatronDict *dict = NULL;
  if (name == NULL)
    name = patron_column_get_name (column);
  if (patron_column_has_dict (column) && (dict = patron_column_dict (column, error)) == NULL)
    return NULL;
  gboolean resident = patron_column_is_resident (column), done;
  Take take = { .in = resident ? patron_column_values (column, error) : NULL, .size = patron_type_size (type), .missing = missing_bytes (type), .rows = rows };
  take.out = patron_try_alloc_values (n, take.size, name, error);
  if (take.out == NULL)
    return NULL;
  if (resident)
    {
      patron_parallel_for (run, n, BLOCK, take_block, &take);
      done = patron_run_check (run, error);
    }
  else
    done = take_by_chunks (column, &take, n, run, error);
  if (!done)
    {
      patron_free (take.out);
      return NULL;
    }
  PatronColumn *taken = patron_column_new_take (name, type, n, take.out, dict != NULL ? patron_dict_ref (dict) : NULL);
  if (patron_column_get_unit (column) == NULL)
    return taken;
  PatronColumn *with_unit = patron_column_with_unit (taken, patron_column_get_unit (column));
  patron_column_unref (taken);
  return with_unit;
}
