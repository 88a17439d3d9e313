/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/duplicate-rows.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "math/radix-sort.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { GRAIN = 8192 };

typedef struct
{
  gconstpointer *values;     /* of each column */
  PatronType    *types;
  guint          n_columns;
  guint64       *hashes;
} Work;

/* The finaliser of splitmix64 (G. Steele et al., 2014) over the hash so far and the value. */
static inline guint64
mix (guint64 hash, guint64 value)
{
  guint64 z = (hash ^ value) + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void
hash_column (guint64 *hashes, PatronType type, gconstpointer values, gsize begin, gsize end)
{
  switch (patron_type_size (type))
    {
    case 8:
      for (gsize i = begin; i < end; i++)
        {
          guint64 bits = ((const guint64 *) values)[i];
          if (type == PATRON_TYPE_NUMBER)
            {
              double value = ((const double *) values)[i];
              bits = isnan (value) ? 1 : patron_key_from_double (value + 0.0);
            }
          hashes[i] = mix (hashes[i], bits);
        }
      break;
    case 4:
      for (gsize i = begin; i < end; i++)
        hashes[i] = mix (hashes[i], ((const guint32 *) values)[i]);
      break;
    default:
      for (gsize i = begin; i < end; i++)
        hashes[i] = mix (hashes[i], ((const guint8 *) values)[i]);
    }
}

static void
hash_rows (gsize begin, gsize end, int worker, gpointer data)
{
  Work *work = data;
  for (gsize i = begin; i < end; i++)
    work->hashes[i] = 0;
  for (guint c = 0; c < work->n_columns; c++)
    hash_column (work->hashes, work->types[c], work->values[c], begin, end);
}

gboolean
patron_count_duplicate_rows (PatronTable *table, gsize *n_duplicates, PatronRun *run, GError **error)
{
  gsize n = patron_table_n_rows (table);
  guint n_columns = patron_table_n_columns (table);
  g_autofree gconstpointer *values = g_new0 (gconstpointer, n_columns + 1);
  g_autofree PatronType *types = g_new0 (PatronType, n_columns + 1);
  *n_duplicates = 0;
  for (guint c = 0; c < n_columns; c++)
    {
      types[c] = patron_column_get_type (patron_table_column (table, c));
      values[c] = patron_column_values (patron_table_column (table, c), error);
      if (values[c] == NULL && n > 0)
        return FALSE;
    }
  guint64 *hashes = patron_try_alloc (2 * n, sizeof *hashes, _("counting repeated rows"), error);
  if (hashes == NULL)
    return FALSE;
  Work work = { values, types, n_columns, hashes };
  gboolean ok = patron_parallel_for (run, n, GRAIN, hash_rows, &work) || (run != NULL && patron_run_check (run, error));
  if (ok)
    {
      patron_radix_sort (hashes, hashes + n, n);
      for (gsize i = 1; i < n; i++)
        *n_duplicates += hashes[i] == hashes[i - 1];
    }
  patron_free (hashes);
  return ok;
}
