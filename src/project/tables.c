/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/project-private.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

/* Chunks encoded at a time, fewer where they would take more than this share of the budget. All of them before the transaction when there are
 * no more: it then lasts only as long as the disk needs. */
enum { MIN_BATCH = 32, MAX_BATCH = 512, BATCH_SHARE = 8 };
#define MAX_CHUNK_BYTES (PATRON_CHUNK_ROWS * sizeof (double))

/* ---- storing ------------------------------------------------------------------------------------------------ */

/* A dictionary or a column on its way into the file. */
typedef struct
{
  PatronDict    *dict;         /* borrowed; a dictionary's */
  gint64        *string_lengths;
  PatronPacking *lengths;      /* a dictionary's */
  PatronPacking *values;       /* a dictionary's bytes, a column's values; NULL when the file has them already */
  int            dictionary;   /* a column's: index of its unit, or -1 */
  gint64         dictionary_id; /* a column's, when no unit: id in the file, or 0 */
  gint64         id;           /* in the file; 0: not yet there */
} Unit;

typedef struct
{
  PatronProject *project;
  PatronTable   *table;
  const char    *name;         /* borrowed; NULL: the table's own, made unique */
  GArray        *units;        /* of Unit: dictionaries first, then one for each column */
  guint          n_dictionaries;
  GArray        *tasks;        /* of Task: every chunk to encode, in the order of the units */
  GMutex         lock;
  GError        *error;
} Store;

typedef struct
{
  PatronPacking *packing;
  guint          chunk;
} Task;

static void
unit_clear (gpointer data)
{
  Unit *unit = data;
  patron_packing_free (unit->lengths);
  patron_packing_free (unit->values);
  patron_free (unit->string_lengths);
}

static int
find_dictionary (Store *store, const PatronDict *dict)
{
  for (guint i = 0; i < store->units->len; i++)
    if (g_array_index (store->units, Unit, i).dict == dict)
      return i;
  return -1;
}

static gboolean
add_dictionary (Store *store, PatronDict *dict, GError **error)
{
  gsize n = patron_dict_size (dict);
  const guint64 *offsets = patron_dict_offsets (dict);
  Unit unit = { .dict = dict, .dictionary = -1 };
  unit.string_lengths = patron_try_alloc_values (n, sizeof (gint64), "texts", error);
  if (unit.string_lengths == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    unit.string_lengths[i] = offsets[i + 1] - offsets[i];
  unit.lengths = patron_packing_new (PATRON_ELEMENT_INT64, n, unit.string_lengths, NULL);
  unit.values = patron_packing_new (PATRON_ELEMENT_BYTES, offsets[n], patron_dict_bytes (dict), NULL);
  g_array_append_val (store->units, unit);
  return TRUE;
}

/* Dictionaries come first: the columns need their ids. */
static gboolean
add_units (Store *store, GError **error)
{
  guint n_columns = patron_table_n_columns (store->table);
  for (guint i = 0; i < n_columns; i++)
    {
      PatronColumn *column = patron_table_column (store->table, i);
      if (!patron_column_has_dict (column) || patron_project_series_of (store->project, column) != 0)
        continue;
      PatronDict *dict = patron_column_dict (column, error);
      if (dict == NULL)
        return FALSE;
      if (patron_project_dictionary_of (store->project, dict) == 0 && find_dictionary (store, dict) < 0 && !add_dictionary (store, dict, error))
        return FALSE;
    }
  store->n_dictionaries = store->units->len;
  for (guint i = 0; i < n_columns; i++)
    {
      PatronColumn *column = patron_table_column (store->table, i);
      Unit unit = { .dictionary = -1, .id = patron_project_series_of (store->project, column) };
      if (unit.id == 0 && patron_column_has_dict (column))
        {
          PatronDict *dict = patron_column_dict (column, NULL);
          unit.dictionary_id = patron_project_dictionary_of (store->project, dict);
          unit.dictionary = unit.dictionary_id == 0 ? find_dictionary (store, dict) : -1;
        }
      if (unit.id == 0)
        {
          gconstpointer values = patron_column_is_resident (column) ? patron_column_values (column, error) : NULL;
          unit.values = patron_packing_new (patron_element_of_type (patron_column_get_type (column)), patron_column_get_length (column), values, column);
        }
      g_array_append_val (store->units, unit);
    }
  return TRUE;
}

static void
add_tasks (Store *store, PatronPacking *packing)
{
  for (guint i = 0; packing != NULL && i < packing->manifest.n_chunks; i++)
    {
      Task task = { packing, i };
      g_array_append_val (store->tasks, task);
    }
}

typedef struct
{
  Store *store;
  gsize  first;
} Batch;

static void
encode_body (gsize begin, gsize end, int worker, gpointer data)
{
  Batch *batch = data;
  for (gsize i = begin; i < end; i++)
    {
      GError *error = NULL;
      Task *task = &g_array_index (batch->store->tasks, Task, batch->first + i);
      if (patron_packing_encode (task->packing, task->chunk, &error))
        continue;
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&batch->store->lock);
      if (batch->store->error == NULL)
        batch->store->error = g_steal_pointer (&error);
      g_clear_error (&error);
    }
}

static gboolean
encode_batch (Store *store, gsize first, gsize n, PatronRun *run, GError **error)
{
  Batch batch = { store, first };
  gboolean done = patron_parallel_for (run, n, 1, encode_body, &batch);
  if (store->error == NULL)
    return done || patron_run_check (run, error);
  g_propagate_error (error, g_steal_pointer (&store->error));
  return FALSE;
}

/* XXH3-128 of what identifies the contents. */
static void
hash_manifest (const PatronManifest *manifest, gint64 salt, XXH128_canonical_t *hash)
{
  XXH3_state_t *state = XXH3_createState ();
  gint64 head[3] = { manifest->element, manifest->n, salt };
  XXH3_128bits_reset (state);
  XXH3_128bits_update (state, head, sizeof head);
  for (guint i = 0; i < manifest->n_chunks; i++)
    XXH3_128bits_update (state, &manifest->entries[i].stat, sizeof manifest->entries[i].stat);
  XXH128_canonicalFromHash (hash, XXH3_128bits_digest (state));
  XXH3_freeState (state);
}

/* The id of an equal dictionary or series in the file (byte for byte: the hash only finds candidates), or 0. */
static gint64
find_equal (PatronDatabase *database, const Unit *unit, const XXH128_canonical_t *hash)
{
  const char *sql = unit->dict != NULL ? "SELECT id FROM dictionary WHERE hash = ?" : "SELECT id FROM series WHERE hash = ?";
  PatronManifest first = { 0 }, second = { 0 };
  sqlite3_stmt *row = patron_database_query (database, NULL, sql, "b", hash, sizeof *hash);
  if (patron_database_step (database, row, NULL) != 1)
    return 0;
  gint64 id = sqlite3_column_int64 (row, 0);
  sqlite3_reset (row);
  gboolean equal;
  if (unit->dict != NULL)
    equal = patron_dictionary_manifest (database, id, &first, &second, NULL) && patron_packing_adopt (unit->lengths, &first, database)
            && patron_packing_adopt (unit->values, &second, database);
  else
    equal = patron_series_manifest (database, id, &first, NULL) && patron_packing_adopt (unit->values, &first, database);
  patron_manifest_clear (&first);
  patron_manifest_clear (&second);
  return equal ? id : 0;
}

static gboolean
insert_unit (Store *store, Unit *unit, PatronDatabase *database, GError **error)
{
  XXH128_canonical_t hash;
  g_autoptr (GByteArray) manifest = g_byte_array_new ();
  if (unit->id != 0)
    return TRUE;
  if (unit->dictionary >= 0)
    unit->dictionary_id = g_array_index (store->units, Unit, unit->dictionary).id;
  hash_manifest (&unit->values->manifest, unit->dictionary_id, &hash);
  unit->id = find_equal (database, unit, &hash);
  if (unit->id != 0)
    return TRUE;
  if ((unit->lengths != NULL && !patron_packing_insert (unit->lengths, database, error)) || !patron_packing_insert (unit->values, database, error))
    return FALSE;
  gint64 bytes = patron_manifest_bytes (&unit->values->manifest);
  if (unit->lengths != NULL)
    {
      bytes += patron_manifest_bytes (&unit->lengths->manifest);
      patron_manifest_write (&unit->lengths->manifest, manifest);
    }
  patron_manifest_write (&unit->values->manifest, manifest);
  gboolean done = unit->dict != NULL
                    ? patron_database_run (database, error, "INSERT INTO dictionary (sum, hash, bytes, manifest) VALUES (0, ?, ?, ?)", "bib",
                                           &hash, sizeof hash, bytes, manifest->data, (gsize) manifest->len)
                    : patron_database_run (database, error,
                                           "INSERT INTO series (sum, hash, element, n_rows, dictionary, bytes, manifest) VALUES (0, ?, ?, ?, ?, ?, ?)",
                                           "biiiib", &hash, sizeof hash, (gint64) unit->values->manifest.element, (gint64) unit->values->manifest.n,
                                           unit->dictionary_id, bytes, manifest->data, (gsize) manifest->len);
  if (!done)
    return FALSE;
  unit->id = sqlite3_last_insert_rowid (database->db);
  g_clear_pointer (&unit->lengths, patron_packing_free);
  g_clear_pointer (&unit->values, patron_packing_free);
  return patron_catalogue_seal_row (database, unit->dict != NULL ? PATRON_CATALOGUE_DICTIONARY : PATRON_CATALOGUE_SERIES, unit->id, error);
}

/* Of a unit that is not complete: the chunks of a long column need not be in memory together. */
static gboolean
insert_part (Unit *unit, PatronDatabase *database, GError **error)
{
  return unit->id != 0 || ((unit->lengths == NULL || patron_packing_insert (unit->lengths, database, error)) && patron_packing_insert (unit->values, database, error));
}

static gsize
count_tasks (const Unit *unit)
{
  return (unit->lengths != NULL ? unit->lengths->manifest.n_chunks : 0) + (unit->values != NULL ? unit->values->manifest.n_chunks : 0);
}

/* Encodes everything and inserts it; the transaction begins once the first (usually the only) batch is encoded. Returns the connection within its transaction, or NULL with no transaction open. */
static PatronDatabase *
store_units (Store *store, PatronRun *run, GError **error)
{
  PatronDatabase *database = NULL;
  gsize n_tasks = store->tasks->len, unit_begin = 0, batch = CLAMP (patron_memory_budget () / BATCH_SHARE / MAX_CHUNK_BYTES, MIN_BATCH, MAX_BATCH);
  guint next_unit = 0;
  for (gsize first = 0; first < MAX (n_tasks, 1); first += batch)
    {
      gsize n = MIN (n_tasks - first, batch);
      gboolean done = encode_batch (store, first, n, run, error);
      if (done && database == NULL)
        {
          database = patron_project_begin (store->project, error);
          if (database == NULL)
            return NULL;
        }
      for (; done && next_unit < store->units->len; next_unit++)
        {
          Unit *unit = &g_array_index (store->units, Unit, next_unit);
          if (unit_begin + count_tasks (unit) > first + n)
            break;
          unit_begin += count_tasks (unit);
          done = insert_unit (store, unit, database, error);
        }
      if (done && next_unit < store->units->len)
        done = insert_part (&g_array_index (store->units, Unit, next_unit), database, error);
      if (!done)
        {
          if (database != NULL)
            patron_project_end (store->project, FALSE, NULL);
          return NULL;
        }
      if (run != NULL && n_tasks > 0)
        patron_run_progress (run, (double) (first + n) / n_tasks);
    }
  return database;
}

char *
patron_project_unique_name (PatronDatabase *database, PatronCatalogue catalogue, const char *name, GError **error)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *row = patron_catalogue_rows (database, catalogue, error);
  int step;
  while ((step = patron_database_step (database, row, error)) == 1)
    if (sqlite3_column_int64 (row, 2) != 0)
      g_hash_table_add (taken, g_strdup (patron_statement_text (row, 3)));
  if (step < 0)
    return NULL;
  char *unique = g_strdup (name);
  for (guint i = 2; g_hash_table_contains (taken, unique); i++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s %u", name, i);
    }
  return unique;
}

/* Bytes of the series and dictionaries of the table, each counted once. */
static gboolean
count_bytes (Store *store, PatronDatabase *database, gint64 *bytes, GError **error)
{
  g_autoptr (GHashTable) counted = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  *bytes = 0;
  for (guint i = store->n_dictionaries; i < store->units->len; i++)
    {
      sqlite3_stmt *row;
      if (patron_catalogue_get (database, PATRON_CATALOGUE_SERIES, g_array_index (store->units, Unit, i).id, &row, error) != 1)
        return FALSE;
      gint64 dictionary = sqlite3_column_int64 (row, 5);
      *bytes += sqlite3_column_int64 (row, 6);
      sqlite3_reset (row);
      if (dictionary == 0 || !g_hash_table_add (counted, g_memdup2 (&dictionary, sizeof dictionary)))
        continue;
      if (patron_catalogue_get (database, PATRON_CATALOGUE_DICTIONARY, dictionary, &row, error) != 1)
        return FALSE;
      *bytes += sqlite3_column_int64 (row, 3);
      sqlite3_reset (row);
    }
  return TRUE;
}

static gboolean
insert_columns (Store *store, PatronDatabase *database, gint64 table_id, gint64 first, GError **error)
{
  guint n_columns = patron_table_n_columns (store->table);
  for (guint i = 0; i < n_columns; i++)
    {
      PatronColumn *column = patron_table_column (store->table, i);
      if (!patron_database_run (database, error,
                                "INSERT INTO data_column (id, sum, table_id, position, series, type, name, unit) VALUES (?, 0, ?, ?, ?, ?, ?, ?)",
                                "iiiittt", first + i, table_id, (gint64) i, g_array_index (store->units, Unit, store->n_dictionaries + i).id,
                                patron_type_id (patron_column_get_type (column)), patron_column_get_name (column), patron_column_get_unit (column))
          || !patron_catalogue_seal_row (database, PATRON_CATALOGUE_COLUMN, first + i, error))
        return FALSE;
    }
  return TRUE;
}

static gint64
insert_table (Store *store, PatronDatabase *database, const char *provenance, GError **error)
{
  gint64 first, bytes;
  g_autofree char *name = store->name != NULL
                            ? g_strdup (store->name)
                            : patron_project_unique_name (database, PATRON_CATALOGUE_TABLE, patron_table_get_name (store->table), error);
  if (name == NULL || !count_bytes (store, database, &bytes, error)
      || !patron_database_get_int64 (database, "SELECT max(id) + 1 FROM data_column", 1, &first, error))
    return 0;
  first = MAX (first, 1);
  if (!patron_database_run (database, error,
                            "INSERT INTO data_table (sum, live, name, n_rows, n_columns, first_column, bytes, created, provenance) "
                            "VALUES (0, 0, ?, ?, ?, ?, ?, ?, ?)", "tiiiiit",
                            name, (gint64) patron_table_n_rows (store->table), (gint64) patron_table_n_columns (store->table), first, bytes,
                            g_get_real_time (), provenance))
    return 0;
  gint64 id = sqlite3_last_insert_rowid (database->db);
  return insert_columns (store, database, id, first, error) && patron_catalogue_seal_row (database, PATRON_CATALOGUE_TABLE, id, error) ? id : 0;
}

static gint64
store_table (PatronProject *project, PatronTable *table, const char *name, const char *provenance, PatronRun *run, GError **error)
{
  Store store = { .project = project, .table = table, .name = name };
  gint64 id = 0;
  store.units = g_array_new (FALSE, FALSE, sizeof (Unit));
  store.tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  g_array_set_clear_func (store.units, unit_clear);
  g_mutex_init (&store.lock);
  if (add_units (&store, error))
    {
      for (guint i = 0; i < store.units->len; i++)
        {
          add_tasks (&store, g_array_index (store.units, Unit, i).lengths);
          add_tasks (&store, g_array_index (store.units, Unit, i).values);
        }
      PatronDatabase *database = store_units (&store, run, error);
      id = database != NULL ? insert_table (&store, database, provenance, error) : 0;
      if (database != NULL && id == 0)
        patron_project_end (project, FALSE, NULL);
    }
  g_mutex_clear (&store.lock);
  g_array_unref (store.units);
  g_array_unref (store.tasks);
  return id;
}

gint64
patron_project_store_table (PatronProject *project, PatronTable *table, const char *provenance, PatronRun *run, GError **error)
{
  return store_table (project, table, NULL, provenance, run, error);
}

gint64
patron_project_store_contents (PatronProject *project, PatronTable *table, const char *name, PatronRun *run, GError **error)
{
  return store_table (project, table, name, NULL, run, error);
}

gint64
patron_project_add_table (PatronProject *project, PatronTable *table, const char *provenance, PatronRun *run, GError **error)
{
  return patron_project_add_table_as (project, table, provenance != NULL ? PATRON_ADD_IMPORT : PATRON_ADD_TABLE, provenance, run, error);
}

gint64
patron_project_add_table_as (PatronProject *project, PatronTable *table, PatronAddKind kind, const char *provenance, PatronRun *run, GError **error)
{
  static const char *const kinds[] = {
    [PATRON_ADD_IMPORT] = "import", [PATRON_ADD_TABLE] = "add-table", [PATRON_ADD_QUERY] = "add-query", [PATRON_ADD_ROWS] = "add-rows",
  };
  if (run != NULL)
    patron_run_push (run, N_("Saving the table"), 1);
  gint64 id = patron_project_store_table (project, table, provenance, run, error);
  if (run != NULL)
    patron_run_pop (run);
  if (id == 0)
    return 0;
  sqlite3_stmt *row;
  gint64 step = 0;
  if (patron_catalogue_get (project->writer, PATRON_CATALOGUE_TABLE, id, &row, error) == 1)
    {
      g_autofree char *name = g_strdup (patron_statement_text (row, 3));
      sqlite3_reset (row);
      step = patron_history_add (project->writer, kinds[kind], name, "", NULL, error);
    }
  gboolean done = step != 0 && patron_history_change_id (project->writer, step, "table-live", id, "1", error);
  return patron_project_end (project, done, error) ? id : 0;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

void
patron_table_info_free (PatronTableInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->provenance);
  g_free (info->steps);
  g_free (info);
}

/* A live row of the catalogue of tables, as it was imported. */
static PatronTableInfo *
read_info (sqlite3_stmt *row)
{
  PatronTableInfo *info = g_new0 (PatronTableInfo, 1);
  info->id = sqlite3_column_int64 (row, 0);
  info->name = g_strdup (patron_statement_text (row, 3));
  info->n_rows = sqlite3_column_int64 (row, 4);
  info->n_columns = sqlite3_column_int64 (row, 5);
  info->bytes = sqlite3_column_int64 (row, 7);
  info->created = sqlite3_column_int64 (row, 8);
  info->provenance = g_strdup ((const char *) sqlite3_column_text (row, 9));
  return info;
}

GPtrArray *
patron_project_list_tables (PatronProject *project, GError **error)
{
  PatronDatabase *database = patron_project_acquire (project, error);
  if (database == NULL)
    return NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_table_info_free);
  sqlite3_stmt *row = patron_catalogue_rows (database, PATRON_CATALOGUE_TABLE, error);
  int step;
  while ((step = patron_database_step (database, row, error)) == 1)
    {
      gboolean live = sqlite3_column_int64 (row, 2) != 0;
      GError *cause = NULL;
      PatronTableInfo *info = live ? read_info (row) : NULL;
      if (patron_catalogue_check_row (database, PATRON_CATALOGUE_TABLE, row, &cause) && (!live || patron_version_fill_info (database, info, &cause)))
        {
          if (live)
            g_ptr_array_add (list, info);
          continue;
        }
      patron_table_info_free (info);
      if (database->tolerant)
        {
          patron_project_note_damage (project, cause->message);
          g_clear_error (&cause);
          continue;
        }
      g_propagate_error (error, cause);
      sqlite3_reset (row);
      step = -1;
      break;
    }
  patron_project_release (project, database);
  return step == 0 ? g_steal_pointer (&list) : NULL;
}

typedef struct
{
  char  *name;
  gint64 n_rows, n_columns, first_column;
} TableRow;

typedef struct
{
  gint64     series, dictionary;
  PatronType type;
  char      *name, *unit;
} ColumnRow;

static void
column_row_clear (ColumnRow *column)
{
  g_free (column->name);
  g_free (column->unit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ColumnRow, column_row_clear)

/* What the catalogue says of column i. */
static gboolean
read_column_row (PatronDatabase *database, gint64 id, const TableRow *table, gint64 i, ColumnRow *column, GError **error)
{
  sqlite3_stmt *row;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_COLUMN, table->first_column + i, &row, error);
  if (found < 0)
    return FALSE;
  gboolean sound = found == 1 && sqlite3_column_int64 (row, 2) == id && sqlite3_column_int64 (row, 3) == i
                   && patron_type_from_id (patron_statement_text (row, 5), &column->type);
  if (found == 1)
    {
      column->series = sqlite3_column_int64 (row, 4);
      column->name = g_strdup (patron_statement_text (row, 6));
      column->unit = g_strdup ((const char *) sqlite3_column_text (row, 7));
      sqlite3_reset (row);
    }
  if (!sound)
    return patron_database_damaged (database, _("the columns of a table are not as they were saved"), error);
  found = patron_catalogue_get (database, PATRON_CATALOGUE_SERIES, column->series, &row, error);
  if (found < 0)
    return FALSE;
  sound = found == 1 && sqlite3_column_int64 (row, 3) == patron_element_of_type (column->type) && sqlite3_column_int64 (row, 4) == table->n_rows;
  if (found == 1)
    {
      column->dictionary = sqlite3_column_int64 (row, 5);
      sqlite3_reset (row);
    }
  if (sound && (column->dictionary != 0) == (column->type == PATRON_TYPE_CATEGORY || column->type == PATRON_TYPE_TEXT))
    return TRUE;
  return patron_database_damaged (database, _("the values of a column do not fit its table"), error);
}

/* Whether a column can be shown at all: its list of parts and its texts are there. */
static gboolean
probe_column (PatronDatabase *database, const ColumnRow *column, GError **error)
{
  PatronManifest manifest;
  if (!patron_series_manifest (database, column->series, &manifest, error))
    return FALSE;
  patron_manifest_clear (&manifest);
  g_autoptr (PatronDict) dict = column->dictionary != 0 ? patron_dictionary_read (database, column->dictionary, error) : NULL;
  return dict != NULL || column->dictionary == 0;
}

static gboolean
read_column (PatronProject *project, PatronDatabase *database, gint64 id, const TableRow *table, gint64 i, GHashTable *names, GPtrArray *columns,
             GError **error)
{
  g_auto (ColumnRow) row = { 0 };
  if (!read_column_row (database, id, table, i, &row, error))
    return FALSE;
  if (!g_hash_table_add (names, g_strdup (row.name)))
    return patron_database_damaged (database, _("the columns of a table are not as they were saved"), error);
  if (database->tolerant && !probe_column (database, &row, error))
    {
      g_prefix_error (error, _("The column “%s” in the table “%s” is lost: "), row.name, table->name);
      return FALSE;
    }
  PatronColumn *column = patron_project_series_column (project, row.series, row.dictionary, row.type, table->n_rows, row.name, table->name);
  if (row.unit != NULL)
    {
      PatronColumn *plain = column;
      column = patron_column_with_unit (plain, row.unit);
      patron_column_unref (plain);
    }
  g_ptr_array_add (columns, column);
  return TRUE;
}

static gboolean
read_columns (PatronProject *project, PatronDatabase *database, gint64 id, const TableRow *table, GPtrArray *columns, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gint64 i = 0; i < table->n_columns; i++)
    {
      GError *cause = NULL;
      if (read_column (project, database, id, table, i, names, columns, &cause))
        continue;
      if (!database->tolerant)
        {
          g_propagate_error (error, cause);
          return FALSE;
        }
      patron_project_note_damage (project, cause->message);
      g_error_free (cause);
    }
  return TRUE;
}

static gboolean
read_name (PatronDatabase *database, gint64 id, char **name, GError **error)
{
  sqlite3_stmt *row;
  int found = patron_catalogue_get (database, PATRON_CATALOGUE_TABLE, id, &row, error);
  if (found == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no table number %" PRId64 "."), id);
  if (found != 1)
    return FALSE;
  *name = g_strdup (patron_statement_text (row, 3));
  sqlite3_reset (row);
  return TRUE;
}

PatronTable *
patron_project_read_table (PatronProject *project, PatronDatabase *database, gint64 id, gint64 contents, GError **error)
{
  sqlite3_stmt *row;
  g_autofree char *name = NULL;
  if (!read_name (database, id, &name, error) || patron_catalogue_get (database, PATRON_CATALOGUE_TABLE, contents, &row, error) != 1)
    {
      if (name != NULL && error != NULL && *error == NULL)
        patron_database_damaged (database, _("the values of a table are missing"), error);
      return NULL;
    }
  TableRow table = { name, sqlite3_column_int64 (row, 4), sqlite3_column_int64 (row, 5), sqlite3_column_int64 (row, 6) };
  sqlite3_reset (row);
  if (table.n_rows < 0 || table.n_rows > G_MAXINT32 || table.n_columns < 0 || table.n_columns > G_MAXINT32)
    {
      patron_database_damaged (database, _("the size of a table makes no sense"), error);
      return NULL;
    }
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  if (!read_columns (project, database, contents, &table, columns, error))
    return NULL;
  return patron_table_new (name, (PatronColumn *const *) columns->pdata, columns->len, table.n_rows);
}

PatronTable *
patron_project_find_table (PatronProject *project, const char *name, GError **error)
{
  g_autoptr (GPtrArray) list = patron_project_list_tables (project, error);
  if (list == NULL)
    return NULL;
  g_autoptr (GString) known = g_string_new (NULL);
  for (guint i = 0; i < list->len; i++)
    {
      PatronTableInfo *info = g_ptr_array_index (list, i);
      if (strcmp (info->name, name) == 0)
        return patron_project_get_table (project, info->id, error);
      g_string_append_printf (known, "%s“%s”", i > 0 ? ", " : "", info->name);
    }
  if (list->len == 0)
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no table “%s”; it has none at all."), name);
  else
    g_set_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST, _("The project has no table “%s”; it has %s."), name, known->str);
  return NULL;
}
