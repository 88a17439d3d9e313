/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/take-rows.h"

#include "base/memory.h"
#include "base/parallel.h"

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

PatronColumn *
patron_column_take_or_missing (PatronColumn *column, const char *name, const guint32 *rows, gsize n, PatronRun *run, GError **error)
{
  PatronType type = patron_column_get_type (column);
  PatronDict *dict = NULL;
  if (name == NULL)
    name = patron_column_get_name (column);
  if (patron_column_has_dict (column) && (dict = patron_column_dict (column, error)) == NULL)
    return NULL;
  Take take = { .in = patron_column_values (column, error), .size = patron_type_size (type), .missing = missing_bytes (type), .rows = rows };
  take.out = take.in != NULL ? patron_try_alloc (n, take.size, name, error) : NULL;
  if (take.out == NULL)
    return NULL;
  patron_parallel_for (run, n, BLOCK, take_block, &take);
  if (!patron_run_check (run, error))
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
