/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/analyses/duplicate-rows.h"

#include "base/memory.h"
#include "math/radix-sort.h"
#include "table/column-scan.h"
#include "table/key-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  PatronType type;
  guint64   *hashes;         /* of all rows, of the columns so far */
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
hash_part (gconstpointer values, gsize start, gsize n, int worker, gpointer data)
{
  enum { STRETCH = 4096 };
  Work *work = data;
  guint64 keys[STRETCH];
  gsize size = patron_type_size (work->type);
  for (gsize done = 0; done < n; done += STRETCH)
    {
      gsize part = MIN (STRETCH, n - done);
      guint64 *hashes = work->hashes + start + done;
      patron_keys_from_values (work->type, (const char *) values + done * size, part, keys);
      for (gsize i = 0; i < part; i++)
        hashes[i] = mix (hashes[i], keys[i]);
    }
}

gboolean
patron_count_duplicate_rows (PatronTable *table, gsize *n_duplicates, PatronRun *run, GError **error)
{
  gsize n = patron_table_n_rows (table);
  *n_duplicates = 0;
  guint64 *hashes = patron_try_alloc_values (2 * n, sizeof *hashes, _("counting repeated rows"), error);
  if (hashes == NULL)
    return FALSE;
  memset (hashes, 0, n * sizeof *hashes);
  gboolean ok = TRUE;
  for (guint c = 0; ok && c < patron_table_n_columns (table); c++)
    {
      Work work = { patron_column_get_type (patron_table_column (table, c)), hashes };
      ok = patron_column_scan (patron_table_column (table, c), PATRON_CHUNK_ROWS, hash_part, &work, run, error);
    }
  if (ok)
    {
      patron_radix_sort (hashes, hashes + n, n);
      for (gsize i = 1; i < n; i++)
        *n_duplicates += hashes[i] == hashes[i - 1];
    }
  patron_free (hashes);
  return ok;
}
