/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/take-rows.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "table/radix-rows.h"

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

/* Where the values go, in the order of the rows they come from; PATRON_NO_ROW last. */
typedef struct
{
  guint64 *rows;
  guint32 *places;
} Order;

static gboolean
order_rows (Order *order, const guint32 *rows, gsize n, PatronRun *run, GError **error)
{
  order->rows = patron_try_alloc (n, sizeof *order->rows, _("reading columns"), error);
  order->places = order->rows != NULL ? patron_try_alloc (n, sizeof *order->places, _("reading columns"), error) : NULL;
  if (order->places == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      order->rows[i] = rows[i];
      order->places[i] = (guint32) i;
    }
  return patron_radix_sort_rows (order->rows, order->places, n, 32, run, error);
}

static gboolean
copy_chunks (PatronColumn *column, const Order *order, const Take *take, gsize n, PatronRun *run, GError **error)
{
  gsize length = patron_column_get_length (column), chunk = G_MAXSIZE;
  char *buffer = patron_try_alloc (PATRON_CHUNK_ROWS, take->size, _("reading columns"), error), *out = take->out;
  gboolean done = buffer != NULL;
  for (gsize i = 0; done && i < n; i++)
    {
      gsize row = order->rows[i];
      const void *from = &take->missing;
      if (row != PATRON_NO_ROW)
        {
          if (row / PATRON_CHUNK_ROWS != chunk)
            {
              chunk = row / PATRON_CHUNK_ROWS;
              gsize start = chunk * PATRON_CHUNK_ROWS;
              done = patron_run_check (run, error) && patron_column_read (column, start, MIN (PATRON_CHUNK_ROWS, length - start), buffer, error);
              if (!done)
                break;
            }
          from = buffer + row % PATRON_CHUNK_ROWS * take->size;
        }
      memcpy (out + order->places[i] * take->size, from, take->size);
    }
  patron_free (buffer);
  return done;
}

static gboolean
take_by_chunks (PatronColumn *column, const Take *take, gsize n, PatronRun *run, GError **error)
{
  Order order = { NULL };
  gboolean done = order_rows (&order, take->rows, n, run, error) && copy_chunks (column, &order, take, n, run, error);
  patron_free (order.rows);
  patron_free (order.places);
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
  take.out = patron_try_alloc (n, take.size, name, error);
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
