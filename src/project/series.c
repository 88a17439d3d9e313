/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Decoded chunks kept for reading single rows: a screen of the grid. */
#define CACHE_BYTES ((gsize) 64 << 20)

/* A dictionary of the file, shared by all columns in memory that use it. The strings are read when first asked for. */
typedef struct
{
  gint64      id;             /* key of project->dictionaries */
  guint       references;     /* under shared_lock */
  GMutex      lock;
  PatronDict *dict;           /* atomic; NULL until read */
} Dictionary;

typedef struct
{
  PatronProject *project;     /* owned */
  gint64         id;
  gint64         dictionary_id;
  Dictionary    *dictionary;  /* NULL without */
  PatronElement  element;
  gsize          n;
  char          *name, *table;
  GMutex         lock;        /* of loading the manifest */
  gint           loaded;      /* atomic */
  PatronManifest manifest;
  gsize          limit;       /* strings in the dictionary */
} Series;

typedef struct
{
  gint64 series;
  guint  chunk;
} CacheKey;

typedef struct
{
  CacheKey key;
  gsize    size;
  GBytes  *bytes;
  GList    link;
} CacheEntry;

/* ---- cache -------------------------------------------------------------------------------------------------- */

static guint
cache_hash (gconstpointer data)
{
  const CacheKey *key = data;
  return (guint) key->series * 2654435761u + key->chunk * 40503u;
}

static gboolean
cache_equal (gconstpointer a, gconstpointer b)
{
  const CacheKey *x = a, *y = b;
  return x->series == y->series && x->chunk == y->chunk;
}

static void
cache_remove (PatronProject *project, CacheEntry *entry)
{
  g_hash_table_remove (project->cache, &entry->key);
  g_queue_unlink (&project->cache_order, &entry->link);
  project->cache_bytes -= entry->size;
  g_bytes_unref (entry->bytes);
  g_free (entry);
}

void
patron_project_cache_clear (PatronProject *project)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->cache_lock);
  while (project->cache_order.tail != NULL)
    cache_remove (project, project->cache_order.tail->data);
  g_clear_pointer (&project->cache, g_hash_table_unref);
}

static GBytes *
cache_get (PatronProject *project, const CacheKey *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->cache_lock);
  CacheEntry *entry = project->cache != NULL ? g_hash_table_lookup (project->cache, key) : NULL;
  if (entry == NULL)
    return NULL;
  g_queue_unlink (&project->cache_order, &entry->link);
  g_queue_push_head_link (&project->cache_order, &entry->link);
  return g_bytes_ref (entry->bytes);
}

static void
cache_put (PatronProject *project, const CacheKey *key, GBytes *bytes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->cache_lock);
  if (project->cache == NULL)
    project->cache = g_hash_table_new (cache_hash, cache_equal);
  if (g_hash_table_contains (project->cache, key))
    return;
  CacheEntry *entry = g_new0 (CacheEntry, 1);
  entry->key = *key;
  entry->size = g_bytes_get_size (bytes);
  entry->bytes = g_bytes_ref (bytes);
  entry->link.data = entry;
  g_hash_table_insert (project->cache, &entry->key, entry);
  g_queue_push_head_link (&project->cache_order, &entry->link);
  project->cache_bytes += entry->size;
  while (project->cache_bytes > CACHE_BYTES && project->cache_order.tail != &entry->link)
    cache_remove (project, project->cache_order.tail->data);
}

/* ---- dictionaries ------------------------------------------------------------------------------------------- */

static Dictionary *
dictionary_get (PatronProject *project, gint64 id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->shared_lock);
  Dictionary *dictionary = g_hash_table_lookup (project->dictionaries, &id);
  if (dictionary == NULL)
    {
      dictionary = g_new0 (Dictionary, 1);
      dictionary->id = id;
      g_mutex_init (&dictionary->lock);
      g_hash_table_insert (project->dictionaries, &dictionary->id, dictionary);
    }
  dictionary->references++;
  return dictionary;
}

static void
dictionary_put (PatronProject *project, Dictionary *dictionary)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->shared_lock);
  if (--dictionary->references > 0)
    return;
  g_hash_table_remove (project->dictionaries, &dictionary->id);
  g_clear_pointer (&dictionary->dict, patron_dict_unref);
  g_mutex_clear (&dictionary->lock);
  g_free (dictionary);
}

gint64
patron_project_dictionary_of (PatronProject *project, const PatronDict *dict)
{
  GHashTableIter iter;
  gpointer value;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->shared_lock);
  g_hash_table_iter_init (&iter, project->dictionaries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_atomic_pointer_get (&((Dictionary *) value)->dict) == dict)
      return ((Dictionary *) value)->id;
  return 0;
}

gboolean
patron_dictionary_manifest (PatronDatabase *database, gint64 id, PatronManifest *lengths, PatronManifest *bytes, GError **error)
{
  sqlite3_stmt *row;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_DICTIONARY, id, &row, error);
  *lengths = *bytes = (PatronManifest) { 0 };
  if (found < 0)
    return FALSE;
  if (found == 0)
    return patron_database_damaged (database, _("the texts of a column are missing"), error);
  const guint8 *blob = sqlite3_column_blob (row, 4);
  gsize size = sqlite3_column_bytes (row, 4);
  gboolean sound = blob != NULL && patron_manifest_parse (lengths, PATRON_ELEMENT_INT64, -1, &blob, &size)
                   && patron_manifest_parse (bytes, PATRON_ELEMENT_BYTES, -1, &blob, &size)
                   && size == 0 && lengths->n < G_MAXINT32;
  sqlite3_reset (row);
  if (sound)
    return TRUE;
  patron_manifest_clear (lengths);
  patron_manifest_clear (bytes);
  return patron_database_damaged (database, _("the list of the texts of a column makes no sense"), error);
}

/* Lengths, each with its NUL, to offsets; FALSE unless they cover the bytes exactly. */
static gboolean
lengths_to_offsets (guint64 *offsets, gsize n, guint64 n_bytes)
{
  guint64 offset = 0;
  for (gsize i = 0; i < n; i++)
    {
      gint64 length = (gint64) offsets[i];
      if (length < 1 || (guint64) length > n_bytes - offset)
        return FALSE;
      offsets[i] = offset;
      offset += length;
    }
  offsets[n] = offset;
  return offset == n_bytes;
}

/* Every string ends with its only NUL and is UTF-8: everything that shows or compares text relies on it. */
static gboolean
strings_valid (const guint64 *offsets, gsize n, const char *bytes)
{
  gsize n_bytes = offsets[n], nuls = 0;
  guint8 high = 0;
  for (gsize i = 0; i < n_bytes; i++)
    {
      high |= (guint8) bytes[i];
      nuls += bytes[i] == '\0';
    }
  if (nuls != n)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (bytes[offsets[i + 1] - 1] != '\0' || ((high & 0x80) != 0 && !g_utf8_validate (bytes + offsets[i], offsets[i + 1] - 1 - offsets[i], NULL)))
      return FALSE;
  return TRUE;
}

static gboolean
read_manifest_values (PatronDatabase *database, const PatronManifest *manifest, gpointer out, GError **error)
{
  gsize stride = manifest->rows * patron_element_size (manifest->element);
  for (guint i = 0; i < manifest->n_chunks; i++)
    {
      GError *cause = NULL;
      if (patron_manifest_read (manifest, i, database, G_MAXSIZE, (guint8 *) out + i * stride, &cause))
        continue;
      if (cause == NULL)
        return patron_database_damaged (database, _("the texts of a column are not as they were saved"), error);
      g_propagate_error (error, cause);
      return FALSE;
    }
  return TRUE;
}

static PatronDict *
dictionary_decode (PatronDatabase *database, const PatronManifest *lengths, const PatronManifest *bytes, GError **error)
{
  guint64 *offsets = patron_try_alloc_values (lengths->n + 1, sizeof *offsets, "texts", error);
  char *strings = offsets != NULL ? patron_try_alloc_values (bytes->n, 1, "texts", error) : NULL;
  gboolean done = strings != NULL && read_manifest_values (database, lengths, offsets, error)
                  && read_manifest_values (database, bytes, strings, error);
  if (done && !(lengths_to_offsets (offsets, lengths->n, bytes->n) && strings_valid (offsets, lengths->n, strings)))
    done = patron_database_damaged (database, _("the texts of a column make no sense"), error);
  if (done)
    return patron_dict_new_take (offsets, lengths->n, strings);
  patron_free (offsets);
  patron_free (strings);
  return NULL;
}

PatronDict *
patron_dictionary_read (PatronDatabase *database, gint64 id, GError **error)
{
  PatronManifest lengths, bytes;
  if (!patron_dictionary_manifest (database, id, &lengths, &bytes, error))
    return NULL;
  PatronDict *dict = dictionary_decode (database, &lengths, &bytes, error);
  patron_manifest_clear (&lengths);
  patron_manifest_clear (&bytes);
  return dict;
}

static PatronDict *
dictionary_load (PatronProject *project, Dictionary *dictionary, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&dictionary->lock);
  if (dictionary->dict == NULL)
    {
      PatronDatabase *database = patron_project_acquire (project, error);
      if (database == NULL)
        return NULL;
      g_atomic_pointer_set (&dictionary->dict, patron_dictionary_read (database, dictionary->id, error));
      patron_project_release (project, database);
    }
  return dictionary->dict != NULL ? patron_dict_ref (dictionary->dict) : NULL;
}

/* ---- series ------------------------------------------------------------------------------------------------- */

gboolean
patron_series_manifest (PatronDatabase *database, gint64 id, PatronManifest *manifest, GError **error)
{
  sqlite3_stmt *row;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_SERIES, id, &row, error);
  *manifest = (PatronManifest) { 0 };
  if (found < 0)
    return FALSE;
  if (found == 0)
    return patron_database_damaged (database, _("the values of a column are missing"), error);
  gint64 element = sqlite3_column_int64 (row, 3), n = sqlite3_column_int64 (row, 4);
  const guint8 *blob = sqlite3_column_blob (row, 7);
  gsize size = sqlite3_column_bytes (row, 7);
  gboolean sound = blob != NULL && element >= 0 && element < PATRON_ELEMENT_BYTES && n >= 0
                   && patron_manifest_parse (manifest, element, n, &blob, &size) && size == 0;
  sqlite3_reset (row);
  if (sound)
    return TRUE;
  patron_manifest_clear (manifest);
  return patron_database_damaged (database, _("the list of the values of a column makes no sense"), error);
}

static gboolean
series_load (Series *series, PatronDatabase *database, GError **error)
{
  PatronManifest manifest;
  if (!patron_series_manifest (database, series->id, &manifest, error))
    return FALSE;
  gboolean fits = manifest.n == series->n && manifest.element == series->element;
  if (fits && series->dictionary != NULL)
    {
      PatronManifest lengths, bytes;
      if (!patron_dictionary_manifest (database, series->dictionary_id, &lengths, &bytes, error))
        {
          patron_manifest_clear (&manifest);
          return FALSE;
        }
      series->limit = lengths.n;
      patron_manifest_clear (&lengths);
      patron_manifest_clear (&bytes);
    }
  if (!fits)
    {
      patron_manifest_clear (&manifest);
      return patron_database_damaged (database, _("a column has another length or type than its table"), error);
    }
  series->manifest = manifest;
  return TRUE;
}

static gboolean
series_ensure (Series *series, GError **error)
{
  if (g_atomic_int_get (&series->loaded))
    return TRUE;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&series->lock);
  if (series->loaded)
    return TRUE;
  PatronDatabase *database = patron_project_acquire (series->project, error);
  if (database == NULL)
    return FALSE;
  gboolean loaded = series_load (series, database, error);
  patron_project_release (series->project, database);
  g_atomic_int_set (&series->loaded, loaded);
  return loaded;
}

static gboolean
series_read_chunk (Series *series, guint chunk, gpointer out, GError **error)
{
  PatronDatabase *database = patron_project_acquire (series->project, error);
  if (database == NULL)
    return FALSE;
  GError *cause = NULL;
  gboolean done = patron_manifest_read (&series->manifest, chunk, database, series->limit, out, &cause);
  if (!done && cause == NULL)
    {
      gsize first = chunk * series->manifest.rows;
      g_autofree char *what = g_strdup_printf (_("rows %zu to %zu of the column “%s” in the table “%s” are not as they were saved"),
                                               first + 1, MIN (first + series->manifest.rows, series->n), series->name, series->table);
      patron_database_damaged (database, what, &cause);
    }
  if (!done && database->tolerant)
    {
      patron_project_note_damage (series->project, cause->message);
      patron_element_set_missing (series->element, series->manifest.entries[chunk].stat.n, out);
      g_clear_error (&cause);
      done = TRUE;
    }
  if (cause != NULL)
    g_propagate_error (error, cause);
  patron_project_release (series->project, database);
  return done;
}

/* Part of a chunk, by way of the cache. */
static gboolean
series_read_part (Series *series, guint chunk, gsize offset, gsize n, gpointer out, GError **error)
{
  CacheKey key = { series->id, chunk };
  gsize size = patron_element_size (series->element);
  g_autoptr (GBytes) bytes = cache_get (series->project, &key);
  if (bytes == NULL)
    {
      gsize length = series->manifest.entries[chunk].stat.n * size;
      gpointer values = g_malloc (length);
      bytes = g_bytes_new_take (values, length);
      if (!series_read_chunk (series, chunk, values, error))
        return FALSE;
      cache_put (series->project, &key, bytes);
    }
  memcpy (out, (const guint8 *) g_bytes_get_data (bytes, NULL) + offset * size, n * size);
  return TRUE;
}

typedef struct
{
  Series *series;
  gsize   start, n;       /* rows asked for */
  guint   first;          /* chunk that holds the first of them */
  guint8 *out;
  GMutex  lock;
  GError *error;
} Reading;

static void
read_body (gsize begin, gsize end, int worker, gpointer data)
{
  Reading *reading = data;
  Series *series = reading->series;
  gsize size = patron_element_size (series->element), rows = series->manifest.rows;
  for (gsize i = begin; i < end; i++)
    {
      guint chunk = reading->first + i;
      gsize chunk_start = chunk * rows;
      gsize from = MAX (reading->start, chunk_start);
      gsize to = MIN (reading->start + reading->n, chunk_start + series->manifest.entries[chunk].stat.n);
      gpointer out = reading->out + (from - reading->start) * size;
      GError *error = NULL;
      gboolean done = to - from == series->manifest.entries[chunk].stat.n
                        ? series_read_chunk (series, chunk, out, &error)
                        : series_read_part (series, chunk, from - chunk_start, to - from, out, &error);
      if (done)
        continue;
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&reading->lock);
      if (reading->error == NULL)
        reading->error = g_steal_pointer (&error);
      g_clear_error (&error);
    }
}

static gboolean
series_read (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  Series *series = owner;
  if (n == 0)
    return TRUE;
  if (!series_ensure (series, error))
    return FALSE;
  g_return_val_if_fail (start <= series->n && n <= series->n - start, FALSE);
  Reading reading = { .series = series, .start = start, .n = n, .first = start / series->manifest.rows, .out = out };
  gsize n_chunks = (start + n - 1) / series->manifest.rows - reading.first + 1;
  g_mutex_init (&reading.lock);
  if (n_chunks == 1)
    read_body (0, 1, 0, &reading);
  else
    patron_parallel_for (NULL, n_chunks, 1, read_body, &reading);
  g_mutex_clear (&reading.lock);
  if (reading.error == NULL)
    return TRUE;
  g_propagate_error (error, reading.error);
  return FALSE;
}

static void
widen_range (PatronElement element, const PatronChunkStat *stat, gboolean first, PatronRange *range)
{
  if (element == PATRON_ELEMENT_DOUBLE)
    {
      double min, max;
      memcpy (&min, &stat->min, sizeof min);
      memcpy (&max, &stat->max, sizeof max);
      range->min.number = first ? min : MIN (range->min.number, min);
      range->max.number = first ? max : MAX (range->max.number, max);
    }
  else
    {
      range->min.integer = first ? (gint64) stat->min : MIN (range->min.integer, (gint64) stat->min);
      range->max.integer = first ? (gint64) stat->max : MAX (range->max.integer, (gint64) stat->max);
    }
}

/* From the list of chunks alone. */
static gboolean
series_range (gpointer owner, gsize start, gsize n, PatronRange *range)
{
  Series *series = owner;
  if (!series_ensure (series, NULL))
    return FALSE;
  *range = (PatronRange) { .all_missing = TRUE };
  for (gsize i = start / series->manifest.rows; i <= (start + n - 1) / series->manifest.rows && i < series->manifest.n_chunks; i++)
    {
      const PatronChunkStat *stat = &series->manifest.entries[i].stat;
      range->any_missing |= stat->n_missing > 0;
      if (stat->n_missing == stat->n)
        continue;
      widen_range (series->element, stat, range->all_missing, range);
      range->all_missing = FALSE;
    }
  return TRUE;
}

static PatronDict *
series_dict (gpointer owner, GError **error)
{
  Series *series = owner;
  return dictionary_load (series->project, series->dictionary, error);
}

static void
series_free (gpointer owner)
{
  Series *series = owner;
  PatronProject *project = series->project;
  g_mutex_lock (&project->shared_lock);
  gpointer count = g_hash_table_lookup (project->series, &series->id);
  if (GPOINTER_TO_UINT (count) > 1)
    g_hash_table_insert (project->series, g_memdup2 (&series->id, sizeof series->id), GUINT_TO_POINTER (GPOINTER_TO_UINT (count) - 1));
  else
    g_hash_table_remove (project->series, &series->id);
  g_mutex_unlock (&project->shared_lock);
  if (series->dictionary != NULL)
    dictionary_put (project, series->dictionary);
  patron_manifest_clear (&series->manifest);
  g_mutex_clear (&series->lock);
  g_free (series->name);
  g_free (series->table);
  g_free (series);
  patron_project_unref (project);
}

static const PatronColumnSource source = { series_read, series_dict, series_free, series_range };

PatronColumn *
patron_project_series_column (PatronProject *project, gint64 id, gint64 dictionary, PatronType type, gsize n, const char *name, const char *table)
{
  Series *series = g_new0 (Series, 1);
  series->project = patron_project_ref (project);
  series->id = id;
  series->dictionary_id = dictionary;
  series->dictionary = dictionary != 0 ? dictionary_get (project, dictionary) : NULL;
  series->element = patron_element_of_type (type);
  series->n = n;
  series->name = g_strdup (name);
  series->table = g_strdup (table);
  g_mutex_init (&series->lock);
  g_mutex_lock (&project->shared_lock);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (project->series, &id));
  g_hash_table_insert (project->series, g_memdup2 (&id, sizeof id), GUINT_TO_POINTER (count + 1));
  g_mutex_unlock (&project->shared_lock);
  return patron_column_new_lazy (name, type, n, &source, series);
}

gint64
patron_project_series_of (PatronProject *project, const PatronColumn *column)
{
  Series *series = patron_column_get_owner ((PatronColumn *) column, series_read);
  return series != NULL && series->project == project ? series->id : 0;
}

gboolean
patron_project_series_in_use (PatronProject *project, gint64 id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&project->shared_lock);
  return g_hash_table_contains (project->series, &id);
}
