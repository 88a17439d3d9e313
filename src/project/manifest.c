/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/manifest.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MANIFEST_FORMAT = 1 };

typedef struct
{
  guint32 format, element;
  guint64 n;
} Header;

G_STATIC_ASSERT (sizeof (Header) == 16);
G_STATIC_ASSERT (sizeof (PatronManifestEntry) == 48);

static gsize
rows_of (PatronElement element)
{
  return element == PATRON_ELEMENT_BYTES ? PATRON_CHUNK_BYTES : PATRON_CHUNK_ROWS;
}

static gsize
count_chunks (PatronElement element, gsize n)
{
  return n / rows_of (element) + (n % rows_of (element) != 0);
}

void
patron_manifest_clear (PatronManifest *manifest)
{
  g_clear_pointer (&manifest->entries, g_free);
}

void
patron_manifest_write (const PatronManifest *manifest, GByteArray *out)
{
  Header header = { MANIFEST_FORMAT, manifest->element, manifest->n };
  g_byte_array_append (out, (const guint8 *) &header, sizeof header);
  if (manifest->n_chunks > 0)
    g_byte_array_append (out, (const guint8 *) manifest->entries, manifest->n_chunks * sizeof *manifest->entries);
}

gboolean
patron_manifest_parse (PatronManifest *manifest, PatronElement element, gssize n, const guint8 **bytes, gsize *size)
{
  Header header;
  *manifest = (PatronManifest) { .element = element, .rows = rows_of (element) };
  if (*size < sizeof header)
    return FALSE;
  memcpy (&header, *bytes, sizeof header);
  if (header.format != MANIFEST_FORMAT || header.element != element || (n >= 0 && header.n != (guint64) n))
    return FALSE;
  gsize n_chunks = count_chunks (element, header.n);
  if (n_chunks > (*size - sizeof header) / sizeof (PatronManifestEntry))
    return FALSE;
  gsize length = n_chunks * sizeof (PatronManifestEntry);
  manifest->n = header.n;
  manifest->n_chunks = n_chunks;
  manifest->entries = g_memdup2 (*bytes + sizeof header, length);
  *bytes += sizeof header + length;
  *size -= sizeof header + length;
  for (gsize i = 0; i < n_chunks; i++)
    if (manifest->entries[i].stat.n != MIN (manifest->rows, header.n - i * manifest->rows))
      {
        patron_manifest_clear (manifest);
        return FALSE;
      }
  return TRUE;
}

gint64
patron_manifest_bytes (const PatronManifest *manifest)
{
  gint64 bytes = 0;
  for (guint i = 0; i < manifest->n_chunks; i++)
    bytes += manifest->entries[i].stat.size;
  return bytes;
}

PatronPacking *
patron_packing_new (PatronElement element, gsize n, gconstpointer values, PatronColumn *column)
{
  PatronPacking *packing = g_new0 (PatronPacking, 1);
  packing->manifest = (PatronManifest) { .element = element, .n = n, .n_chunks = count_chunks (element, n), .rows = rows_of (element) };
  packing->manifest.entries = g_new0 (PatronManifestEntry, packing->manifest.n_chunks);
  packing->blobs = g_new0 (guint8 *, packing->manifest.n_chunks);
  packing->values = values;
  packing->column = column;
  return packing;
}

void
patron_packing_free (PatronPacking *packing)
{
  if (packing == NULL)
    return;
  for (guint i = 0; i < packing->manifest.n_chunks; i++)
    g_free (packing->blobs[i]);
  g_free (packing->blobs);
  patron_manifest_clear (&packing->manifest);
  g_free (packing);
}

gboolean
patron_packing_encode (PatronPacking *packing, guint chunk, GError **error)
{
  const PatronManifest *manifest = &packing->manifest;
  gsize start = chunk * manifest->rows, n = MIN (manifest->rows, manifest->n - start);
  gsize size = patron_element_size (manifest->element);
  g_autofree gpointer read = NULL;
  gconstpointer values = packing->values != NULL ? (const guint8 *) packing->values + start * size : NULL;
  if (values == NULL)
    {
      read = g_try_malloc (n * size);
      if (read != NULL && !patron_column_read (packing->column, start, n, read, error))
        return FALSE;
      values = read;
    }
  if (values != NULL)
    packing->blobs[chunk] = patron_chunk_encode (manifest->element, values, n, &manifest->entries[chunk].stat);
  if (packing->blobs[chunk] == NULL)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY, _("There is not enough memory to save the data."));
  return packing->blobs[chunk] != NULL;
}

typedef struct
{
  PatronPacking *packing;
  GMutex         lock;
  GError        *error;
} EncodeAll;

static void
encode_body (gsize begin, gsize end, int worker, gpointer data)
{
  EncodeAll *all = data;
  for (gsize i = begin; i < end; i++)
    {
      GError *error = NULL;
      if (patron_packing_encode (all->packing, i, &error))
        continue;
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&all->lock);
      if (all->error == NULL)
        all->error = error;
      else
        g_error_free (error);
    }
}

gboolean
patron_packing_encode_all (PatronPacking *packing, PatronRun *run, GError **error)
{
  EncodeAll all = { .packing = packing };
  g_mutex_init (&all.lock);
  gboolean done = patron_parallel_for (run, packing->manifest.n_chunks, 1, encode_body, &all);
  g_mutex_clear (&all.lock);
  if (all.error != NULL)
    {
      g_propagate_error (error, all.error);
      return FALSE;
    }
  return done || patron_run_check (run, error);
}

gboolean
patron_packing_insert (PatronPacking *packing, PatronDatabase *database, GError **error)
{
  PatronManifest *manifest = &packing->manifest;
  for (guint i = 0; i < manifest->n_chunks; i++)
    {
      if (packing->blobs[i] == NULL)
        continue;
      if (!patron_database_run (database, error, "INSERT INTO chunk (data) VALUES (?)", "b",
                                packing->blobs[i], (gsize) manifest->entries[i].stat.size))
        return FALSE;
      manifest->entries[i].chunk = sqlite3_last_insert_rowid (database->db);
      g_clear_pointer (&packing->blobs[i], g_free);
    }
  return TRUE;
}

static const char select_chunk[] = "SELECT data FROM chunk WHERE id = ?";

static gboolean
is_same_chunk (const PatronPacking *packing, guint i, gint64 chunk, PatronDatabase *database)
{
  const guint8 *blob = packing->blobs[i];
  gsize size = packing->manifest.entries[i].stat.size;
  sqlite3_stmt *row = blob != NULL ? patron_database_query (database, NULL, select_chunk, "i", chunk)
                                   : patron_database_query (database, NULL, "SELECT a.data = b.data FROM chunk AS a, chunk AS b WHERE a.id = ? AND b.id = ?", "ii",
                                                            packing->manifest.entries[i].chunk, chunk);
  gboolean same = patron_database_step (database, row, NULL) == 1
                  && (blob == NULL ? sqlite3_column_int (row, 0) != 0
                                   : (gsize) sqlite3_column_bytes (row, 0) == size && memcmp (sqlite3_column_blob (row, 0), blob, size) == 0);
  if (row != NULL)
    sqlite3_reset (row);
  return same;
}

gboolean
patron_packing_adopt (PatronPacking *packing, const PatronManifest *manifest, PatronDatabase *database)
{
  if (packing->manifest.n_chunks != manifest->n_chunks || packing->manifest.n != manifest->n || packing->manifest.element != manifest->element)
    return FALSE;
  for (guint i = 0; i < manifest->n_chunks; i++)
    if (!is_same_chunk (packing, i, manifest->entries[i].chunk, database))
      return FALSE;
  for (guint i = 0; i < manifest->n_chunks; i++)
    {
      PatronManifestEntry *own = &packing->manifest.entries[i];
      if (own->chunk != 0 && !patron_database_run (database, NULL, "DELETE FROM chunk WHERE id = ?", "i", own->chunk))
        return FALSE;
      own->chunk = manifest->entries[i].chunk;
    }
  return TRUE;
}

gboolean
patron_manifest_read (const PatronManifest *manifest, guint chunk, PatronDatabase *database, gsize limit, gpointer out, GError **error)
{
  const PatronManifestEntry *entry = &manifest->entries[chunk];
  sqlite3_stmt *row = patron_database_query (database, error, select_chunk, "i", entry->chunk);
  int step = patron_database_step (database, row, error);
  if (step != 1)
    return FALSE;
  const guint8 *bytes = sqlite3_column_blob (row, 0);
  gsize size = sqlite3_column_bytes (row, 0);
  gboolean sound = bytes != NULL && size == entry->stat.size && patron_chunk_sum (bytes, size) == entry->stat.sum
                   && patron_chunk_decode (manifest->element, bytes, size, entry->stat.n, limit, out);
  sqlite3_reset (row);
  return sound;
}
