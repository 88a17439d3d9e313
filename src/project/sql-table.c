/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/sql-private.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A table of the project as SQLite's virtual table. Rows come in one of three ways:
 *
 *   in their own order    chunk by chunk, each condition a loop over the chunk's values; chunks whose bounds exclude every row are not read
 *   sorted                by up to four columns of few values, for ORDER BY and GROUP BY: one counting sort instead of SQLite's sorter
 *   looked up             by the value of one column, for joins: a hash chain, made when the third lookup asks for it
 *
 * Whatever is filtered here SQLite filters again (omit is never set), so a condition need only never lose a row. */

#define DAY_US G_GINT64_CONSTANT (86400000000)

enum
{
  MAX_ORDER = 4,
  MAX_CELLS = 1 << 25,       /* of the counting sort */
  FEW_CELLS = 256,           /* so few that each may read the file's chunks anew */
  LOOKUPS_BEFORE_CHAIN = 2,
  MAX_COLUMNS = 1999,
};

/* Bits of idxNum. The letters of idxStr: for each condition its column and operator, then the columns to sort by. */
enum { PLAN_LOOKUP = 1, PLAN_SORT = 2, PLAN_BY_BYTES = 4 };

typedef struct
{
  sqlite3_vtab     base;
  PatronSqlEngine *engine;
  PatronSqlTable  *table;
} Table;

typedef struct
{
  gpointer values;       /* of the chunk, owned */
  gsize    chunk;        /* + 1; 0: none */
} Buffer;

typedef struct
{
  sqlite3_vtab_cursor base;
  Table              *table;
  GArray             *intervals;    /* of PatronSqlInterval */
  Buffer             *buffers;      /* one for each column */
  /* in their own order, and of the chunk at hand */
  gsize               chunk;
  guint8             *keep;
  guint16            *kept;         /* rows of the chunk, as offsets; not while sorting or looking up */
  gsize               n_kept, position;
  /* sorted */
  guint32            *sorted;
  gsize               n_sorted;
  gboolean            by_chunk;     /* values are read a chunk at a time */
  /* looked up */
  gboolean            looking_up;
  guint32             next;         /* row + 1; 0: at the end */
  const PatronSqlColumn *key;
  gsize               row;
  gboolean            at_end;
} Cursor;

static int
fail (Table *table, GError *error)
{
  PatronSqlEngine *engine = table->engine;
  if (engine->error == NULL)
    engine->error = error;
  else
    g_clear_error (&error);
  return SQLITE_ERROR;
}

/* ---- connecting --------------------------------------------------------------------------------------------- */

/* Names in SQL differ in more than the case of their letters A to Z. */
static char *
unique_name (GHashTable *taken, const char *name)
{
  g_autofree char *folded = g_ascii_strdown (name, -1);
  char *unique = g_strdup (*name != '\0' ? name : "_");
  for (guint i = 2; !g_hash_table_add (taken, g_steal_pointer (&folded)); i++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s %u", name, i);
      folded = g_ascii_strdown (unique, -1);
    }
  return unique;
}

PatronSqlTable *
patron_sql_table_new (PatronTable *table, const char *name)
{
  PatronSqlTable *self = g_new0 (PatronSqlTable, 1);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->table = patron_table_ref (table);
  self->name = g_strdup (name);
  self->n_columns = MIN (patron_table_n_columns (table), MAX_COLUMNS);
  self->columns = g_new0 (PatronSqlColumn, self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    {
      self->columns[i].column = patron_table_column (table, i);
      self->columns[i].type = patron_column_get_type (self->columns[i].column);
      self->columns[i].name = unique_name (taken, patron_column_get_name (self->columns[i].column));
    }
  return self;
}

void
patron_sql_table_free (PatronSqlTable *table)
{
  for (guint i = 0; i < table->n_columns; i++)
    {
      g_free (table->columns[i].name);
      patron_free (table->columns[i].ranks);
      patron_free (table->columns[i].by_rank);
      patron_free (table->columns[i].heads);
      patron_free (table->columns[i].nexts);
    }
  patron_table_unref (table->table);
  g_free (table->columns);
  g_free (table->name);
  g_free (table);
}

/* The words decide SQL's affinity ("INT", "REAL", "TEXT") and tell the result what a column was. */
static const char *
declared_type (PatronType type)
{
  static const char *const declared[PATRON_N_TYPES] = {
    [PATRON_TYPE_NUMBER] = "REAL", [PATRON_TYPE_INTEGER] = "INTEGER", [PATRON_TYPE_BOOLEAN] = "BOOLEAN INTEGER", [PATRON_TYPE_CATEGORY] = "CATEGORY TEXT",
    [PATRON_TYPE_TEXT] = "TEXT", [PATRON_TYPE_DATE] = "DATE TEXT", [PATRON_TYPE_TIME] = "TIME TEXT", [PATRON_TYPE_DURATION] = "DURATION REAL",
  };
  return declared[type];
}

static int
connect_table (sqlite3 *db, void *data, int n_arguments, const char *const *arguments, sqlite3_vtab **out, char **message)
{
  PatronSqlEngine *engine = data;
  guint64 index = n_arguments > 3 ? g_ascii_strtoull (arguments[3], NULL, 10) : G_MAXUINT64;
  if (index >= engine->tables->len)
    return SQLITE_ERROR;
  PatronSqlTable *shown = engine->tables->pdata[index];
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE x (");
  for (guint i = 0; i < shown->n_columns; i++)
    {
      char *name = sqlite3_mprintf ("%s\"%w\" %s", i > 0 ? ", " : "", shown->columns[i].name, declared_type (shown->columns[i].type));
      g_string_append (sql, name);
      sqlite3_free (name);
    }
  g_string_append (sql, shown->n_columns > 0 ? ")" : "\" \" HIDDEN)");
  int code = sqlite3_declare_vtab (db, sql->str);
  if (code != SQLITE_OK)
    return code;
  Table *table = g_new0 (Table, 1);
  table->engine = engine;
  table->table = shown;
  sqlite3_vtab_config (db, SQLITE_VTAB_INNOCUOUS);
  *out = &table->base;
  return SQLITE_OK;
}

/* Another function than connect_table(): otherwise the module would itself be a table. */
static int
create_table (sqlite3 *db, void *data, int n_arguments, const char *const *arguments, sqlite3_vtab **out, char **message)
{
  return connect_table (db, data, n_arguments, arguments, out, message);
}

static int
disconnect_table (sqlite3_vtab *base)
{
  g_free (base);
  return SQLITE_OK;
}

/* ---- planning ----------------------------------------------------------------------------------------------- */

static gboolean
is_range (int op)
{
  return op == SQLITE_INDEX_CONSTRAINT_GT || op == SQLITE_INDEX_CONSTRAINT_GE || op == SQLITE_INDEX_CONSTRAINT_LT || op == SQLITE_INDEX_CONSTRAINT_LE;
}

/* Cells that the counting sort needs for a column, one for missing included; 0: too many to count. */
static gsize
count_cells (const PatronSqlColumn *column)
{
  PatronRange range;
  if (patron_column_has_dict (column->column))
    {
      PatronDict *dict = patron_column_dict (column->column, NULL);
      return dict != NULL ? patron_dict_size (dict) + 1 : 0;
    }
  if (column->type == PATRON_TYPE_BOOLEAN)
    return 3;
  if ((column->type != PATRON_TYPE_DATE && column->type != PATRON_TYPE_INTEGER)
      || !patron_column_get_range (column->column, 0, patron_column_get_length (column->column), &range))
    return 0;
  if (range.all_missing)
    return 1;
  if (column->type == PATRON_TYPE_DATE && (range.min.integer < patron_date_from_ymd (0, 1, 1) || range.max.integer > patron_date_from_ymd (9999, 12, 31)))
    return 0;
  guint64 span = (guint64) range.max.integer - (guint64) range.min.integer;
  return span < MAX_CELLS ? span + 2 : 0;
}

/* Sorted rows are read in no order of the file, so their columns are best in memory. Where they are too large, and the cells few, the file is read
 * again for each: within a cell, rows are in order. */
static gboolean
reads_again (const PatronSqlTable *table, gsize n_cells)
{
  gsize budget_rows = patron_memory_budget () / 4 / sizeof (gint64) / MAX (table->n_columns, 1);
  return n_cells <= FEW_CELLS && patron_table_n_rows (table->table) > budget_rows;
}

static gboolean
plan_order (const PatronSqlTable *table, sqlite3_index_info *info, GString *plan)
{
  gsize cells = 1;
  if (info->nOrderBy < 1 || info->nOrderBy > MAX_ORDER)
    return FALSE;
  for (int i = 0; i < info->nOrderBy; i++)
    {
      int c = info->aOrderBy[i].iColumn;
      gsize own = c >= 0 ? count_cells (&table->columns[c]) : 0;
      if (own == 0 || own > MAX_CELLS / cells || own * cells > MAX (4 * patron_table_n_rows (table->table), 1024))
        return FALSE;
      cells *= own;
      g_string_append_printf (plan, "O%d%c", c, info->aOrderBy[i].desc ? '-' : '+');
    }
  return TRUE;
}

static int
best_index (sqlite3_vtab *base, sqlite3_index_info *info)
{
  const PatronSqlTable *table = ((Table *) base)->table;
  double n = (double) patron_table_n_rows (table->table) + 1, rows = n, cost = n;
  g_autoptr (GString) plan = g_string_new (NULL), order = g_string_new (NULL);
  int n_arguments = 0, lookup = -1;
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < info->nConstraint; i++)
      {
        int c = info->aConstraint[i].iColumn, op = info->aConstraint[i].op;
        gboolean equal = op == SQLITE_INDEX_CONSTRAINT_EQ;
        if (!info->aConstraint[i].usable || c < 0 || (!equal && !is_range (op)) || info->aConstraintUsage[i].argvIndex != 0
            || strcmp (sqlite3_vtab_collation (info, i), "BINARY") != 0 || table->columns[c].type == PATRON_TYPE_DURATION)
          continue;
        /* The first equality is what rows are looked up by; the rest follows in any order. */
        if (pass == 0 && (!equal || lookup >= 0))
          continue;
        if (pass == 0)
          lookup = i;
        info->aConstraintUsage[i].argvIndex = ++n_arguments;
        g_string_append_printf (plan, "C%d,%d", c, op);
        rows *= equal ? 0.05 : 0.4;
      }
  if (lookup >= 0)
    cost = 2 + rows;
  else if (plan_order (table, info, order))
    {
      info->orderByConsumed = 1;
      info->idxNum |= PLAN_SORT | (sqlite3_vtab_distinct (info) == 1 || sqlite3_vtab_distinct (info) == 2 ? 0 : PLAN_BY_BYTES);
      g_string_append (plan, order->str);
      cost *= 1.2;
    }
  info->idxNum |= lookup >= 0 ? PLAN_LOOKUP : 0;
  info->idxStr = sqlite3_mprintf ("%s", plan->str);
  info->needToFreeIdxStr = 1;
  info->estimatedCost = cost;
  info->estimatedRows = (sqlite3_int64) MAX (rows, 1);
  return info->idxStr != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

/* ---- cursors ------------------------------------------------------------------------------------------------ */

static int
open_cursor (sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
  Cursor *cursor = g_new0 (Cursor, 1);
  cursor->table = (Table *) base;
  cursor->intervals = g_array_new (FALSE, FALSE, sizeof (PatronSqlInterval));
  cursor->buffers = g_new0 (Buffer, cursor->table->table->n_columns);
  cursor->keep = g_malloc (PATRON_CHUNK_ROWS);
  cursor->kept = g_new (guint16, PATRON_CHUNK_ROWS);
  *out = &cursor->base;
  return SQLITE_OK;
}

static int
close_cursor (sqlite3_vtab_cursor *base)
{
  Cursor *cursor = (Cursor *) base;
  for (guint i = 0; i < cursor->table->table->n_columns; i++)
    g_free (cursor->buffers[i].values);
  g_free (cursor->buffers);
  g_free (cursor->keep);
  g_free (cursor->kept);
  patron_free (cursor->sorted);
  g_array_unref (cursor->intervals);
  g_free (cursor);
  return SQLITE_OK;
}

/* The column's values of chunk `chunk`; NULL with error. */
static gconstpointer
read_chunk (Cursor *cursor, guint c, gsize chunk, GError **error)
{
  const PatronSqlColumn *column = &cursor->table->table->columns[c];
  Buffer *buffer = &cursor->buffers[c];
  gsize size = patron_type_size (column->type), first = chunk * PATRON_CHUNK_ROWS;
  if (patron_column_is_resident (column->column))
    {
      const guint8 *values = patron_column_values (column->column, error);
      return values + first * size;
    }
  if (buffer->chunk == chunk + 1)
    return buffer->values;
  if (buffer->values == NULL)
    buffer->values = g_malloc (PATRON_CHUNK_ROWS * size);
  gsize n = MIN (PATRON_CHUNK_ROWS, patron_column_get_length (column->column) - first);
  buffer->chunk = 0;
  if (!patron_column_read (column->column, first, n, buffer->values, error))
    return NULL;
  buffer->chunk = chunk + 1;
  return buffer->values;
}

/* Which rows of the chunk meet all conditions. */
static gboolean
filter_chunk (Cursor *cursor, gsize chunk, gsize *n_kept, GError **error)
{
  const PatronSqlTable *table = cursor->table->table;
  gsize first = chunk * PATRON_CHUNK_ROWS, n = MIN (PATRON_CHUNK_ROWS, patron_table_n_rows (table->table) - first);
  *n_kept = 0;
  for (guint i = 0; i < cursor->intervals->len; i++)
    {
      const PatronSqlInterval *interval = &g_array_index (cursor->intervals, PatronSqlInterval, i);
      if (!patron_sql_interval_meets (interval, &table->columns[interval->column], first, n))
        return TRUE;
    }
  memset (cursor->keep, 1, n);
  for (guint i = 0; i < cursor->intervals->len; i++)
    {
      const PatronSqlInterval *interval = &g_array_index (cursor->intervals, PatronSqlInterval, i);
      gconstpointer values = read_chunk (cursor, interval->column, chunk, error);
      if (values == NULL)
        return FALSE;
      patron_sql_interval_apply (interval, &table->columns[interval->column], values, n, cursor->keep);
    }
  gsize kept = 0;
  for (gsize i = 0; i < n; i++)
    {
      cursor->kept[kept] = (guint16) i;
      kept += cursor->keep[i];
    }
  *n_kept = kept;
  return TRUE;
}

/* The next chunk with a row in it. */
static int
next_chunk (Cursor *cursor)
{
  gsize n_rows = patron_table_n_rows (cursor->table->table->table);
  GError *error = NULL;
  cursor->position = 0;
  cursor->n_kept = 0;
  for (; cursor->chunk * PATRON_CHUNK_ROWS < n_rows; cursor->chunk++)
    {
      if (patron_sql_engine_stopped (cursor->table->engine))
        return SQLITE_INTERRUPT;
      if (!filter_chunk (cursor, cursor->chunk, &cursor->n_kept, &error))
        return fail (cursor->table, error);
      if (cursor->n_kept > 0)
        {
          cursor->row = cursor->chunk * PATRON_CHUNK_ROWS + cursor->kept[0];
          return SQLITE_OK;
        }
    }
  cursor->at_end = TRUE;
  return SQLITE_OK;
}

/* ---- sorting ------------------------------------------------------------------------------------------------ */

typedef struct
{
  guint    column;
  gboolean descending;
  gsize    cells;
  gint64   first;       /* the smallest whole number */
} SortKey;

/* Adds a column's place to the cells of rows: as the most significant part so far times its cells. */
static void
add_cells (const SortKey *key, const PatronSqlColumn *column, gboolean by_bytes, gconstpointer values, gsize n, guint32 *cells)
{
  for (gsize i = 0; i < n; i++)
    {
      guint32 own;
      switch (column->type)
        {
        case PATRON_TYPE_BOOLEAN:
          own = ((const guint8 *) values)[i] == PATRON_BOOLEAN_MISSING ? 0 : ((const guint8 *) values)[i] + 1u;
          break;
        case PATRON_TYPE_DATE:
          own = ((const gint32 *) values)[i] == PATRON_DATE_MISSING ? 0 : (guint32) (((const gint32 *) values)[i] - key->first + 1);
          break;
        case PATRON_TYPE_INTEGER:
          own = ((const gint64 *) values)[i] == PATRON_INTEGER_MISSING ? 0 : (guint32) (((const gint64 *) values)[i] - key->first + 1);
          break;
        default:
          {
            gint32 code = ((const gint32 *) values)[i];
            own = code < 0 ? 0 : (guint32) (by_bytes ? column->ranks[code] : code) + 1;
            break;
          }
        }
      /* Bounds come from the file: a wrong one must not write outside. */
      own = MIN (own, (guint32) key->cells - 1);
      cells[i] = cells[i] * (guint32) key->cells + (key->descending ? (guint32) key->cells - 1 - own : own);
    }
}

static gboolean
compute_cells (Cursor *cursor, const GArray *keys, gboolean by_bytes, gsize chunk, guint32 *cells, GError **error)
{
  PatronSqlTable *table = cursor->table->table;
  gsize n = MIN (PATRON_CHUNK_ROWS, patron_table_n_rows (table->table) - chunk * PATRON_CHUNK_ROWS);
  memset (cells, 0, n * sizeof *cells);
  for (guint k = 0; k < keys->len; k++)
    {
      const SortKey *key = &g_array_index (keys, SortKey, k);
      gconstpointer values = read_chunk (cursor, key->column, chunk, error);
      if (values == NULL)
        return FALSE;
      add_cells (key, &table->columns[key->column], by_bytes, values, n, cells);
    }
  return TRUE;
}

/* The cell of every row, G_MAXUINT32 where a condition excludes it; counts[cell + 1] rows each. */
static int
count_rows (Cursor *cursor, const GArray *keys, gboolean by_bytes, guint32 *cells, guint32 *counts, GError **error)
{
  gsize n_rows = patron_table_n_rows (cursor->table->table->table);
  for (gsize chunk = 0; chunk * PATRON_CHUNK_ROWS < n_rows; chunk++)
    {
      gsize first = chunk * PATRON_CHUNK_ROWS, n = MIN (PATRON_CHUNK_ROWS, n_rows - first), n_kept;
      if (patron_sql_engine_stopped (cursor->table->engine))
        return SQLITE_INTERRUPT;
      if (!filter_chunk (cursor, chunk, &n_kept, error))
        return SQLITE_ERROR;
      if (n_kept > 0 && !compute_cells (cursor, keys, by_bytes, chunk, cells + first, error))
        return SQLITE_ERROR;
      for (gsize i = 0; i < n; i++)
        if (n_kept > 0 && cursor->keep[i])
          counts[cells[first + i] + 1]++;
        else
          cells[first + i] = G_MAXUINT32;
    }
  return SQLITE_OK;
}

static int
sort_rows (Cursor *cursor, const GArray *keys, gboolean by_bytes, gsize n_cells, GError **error)
{
  gsize n_rows = patron_table_n_rows (cursor->table->table->table);
  guint32 *cells = patron_try_alloc_values (n_rows, sizeof *cells, _("sorting"), error);
  guint32 *counts = cells != NULL ? patron_try_alloc0 (n_cells + 1, sizeof *counts, _("sorting"), error) : NULL;
  int code = counts != NULL ? count_rows (cursor, keys, by_bytes, cells, counts, error) : SQLITE_ERROR;
  if (code == SQLITE_OK)
    {
      for (gsize c = 0; c < n_cells; c++)
        counts[c + 1] += counts[c];
      cursor->n_sorted = counts[n_cells];
      cursor->sorted = patron_try_alloc_values (cursor->n_sorted, sizeof *cursor->sorted, _("sorting"), error);
      code = cursor->sorted != NULL ? SQLITE_OK : SQLITE_ERROR;
    }
  for (gsize i = 0; code == SQLITE_OK && i < n_rows; i++)
    if (cells[i] != G_MAXUINT32)
      cursor->sorted[counts[cells[i]]++] = (guint32) i;
  patron_free (cells);
  patron_free (counts);
  return code;
}

/* ---- starting ----------------------------------------------------------------------------------------------- */

static gboolean
add_interval (Cursor *cursor, guint c, int op, sqlite3_value *value, GError **error)
{
  PatronSqlColumn *column = &cursor->table->table->columns[c];
  for (guint i = 0; i < cursor->intervals->len; i++)
    if (g_array_index (cursor->intervals, PatronSqlInterval, i).column == c)
      return patron_sql_interval_narrow (&g_array_index (cursor->intervals, PatronSqlInterval, i), column, op, value, error);
  PatronSqlInterval interval = patron_sql_interval (column, c);
  if (!patron_sql_interval_narrow (&interval, column, op, value, error))
    return FALSE;
  g_array_append_val (cursor->intervals, interval);
  return TRUE;
}

static gboolean
read_plan (Cursor *cursor, const char *plan, sqlite3_value **arguments, gboolean by_bytes, GArray *keys, gsize *n_cells, GError **error)
{
  PatronSqlTable *table = cursor->table->table;
  *n_cells = 1;
  while (*plan != '\0')
    {
      gboolean condition = *plan == 'C';
      guint c = (guint) strtoul (plan + 1, (char **) &plan, 10);
      if (condition)
        {
          int op = (int) strtol (plan + 1, (char **) &plan, 10);
          if (!add_interval (cursor, c, op, *arguments++, error))
            return FALSE;
          continue;
        }
      PatronRange range = { 0 };
      SortKey key = { .column = c, .descending = *plan++ == '-', .cells = count_cells (&table->columns[c]) };
      if (patron_column_get_range (table->columns[c].column, 0, patron_table_n_rows (table->table), &range) && !range.all_missing)
        key.first = range.min.integer;
      if (by_bytes && patron_column_has_dict (table->columns[c].column) && !patron_sql_column_rank (&table->columns[c], error))
        return FALSE;
      *n_cells *= key.cells;
      g_array_append_val (keys, key);
    }
  return TRUE;
}

static gboolean
is_single (const PatronSqlInterval *interval)
{
  return interval->number ? interval->low == interval->high : interval->first == interval->last;
}

/* The next row of the chain that meets every condition. */
static int
next_found (Cursor *cursor)
{
  PatronSqlTable *table = cursor->table->table;
  GError *error = NULL;
  for (; cursor->next != 0; cursor->next = cursor->key->nexts[cursor->next])
    {
      gsize row = cursor->next - 1;
      guint8 keep = 1;
      for (guint i = 0; i < cursor->intervals->len; i++)
        {
          const PatronSqlInterval *interval = &g_array_index (cursor->intervals, PatronSqlInterval, i);
          const PatronSqlColumn *column = &table->columns[interval->column];
          const guint8 *values = patron_column_values (column->column, &error);
          if (values == NULL)
            return fail (cursor->table, error);
          patron_sql_interval_apply (interval, column, values + row * patron_type_size (column->type), 1, &keep);
        }
      if (keep)
        {
          cursor->row = row;
          cursor->next = cursor->key->nexts[cursor->next];
          return SQLITE_OK;
        }
    }
  cursor->at_end = TRUE;
  return SQLITE_OK;
}

/* The first conditions narrow the key's interval; a scan is as good while lookups are few. */
static int
start_lookup (Cursor *cursor, gboolean *started)
{
  const PatronSqlInterval *interval = &g_array_index (cursor->intervals, PatronSqlInterval, 0);
  PatronSqlColumn *column = &cursor->table->table->columns[interval->column];
  GError *error = NULL;
  *started = is_single (interval) && column->n_lookups++ >= LOOKUPS_BEFORE_CHAIN;
  if (!*started)
    return SQLITE_OK;
  if (!patron_sql_column_chain (column, &error))
    return fail (cursor->table, error);
  cursor->looking_up = TRUE;
  cursor->key = column;
  cursor->next = patron_sql_column_first (column, interval);
  return next_found (cursor);
}

static int
filter (sqlite3_vtab_cursor *base, int number, const char *plan, int n_arguments, sqlite3_value **arguments)
{
  Cursor *cursor = (Cursor *) base;
  GError *error = NULL;
  gsize n_cells;
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (SortKey));
  gboolean by_bytes = (number & PLAN_BY_BYTES) != 0, started = FALSE;
  g_array_set_size (cursor->intervals, 0);
  g_clear_pointer (&cursor->sorted, patron_free);
  cursor->chunk = cursor->position = cursor->n_sorted = 0;
  cursor->at_end = cursor->looking_up = FALSE;
  if (!read_plan (cursor, plan, arguments, by_bytes, keys, &n_cells, &error))
    return fail (cursor->table, error);
  for (guint i = 0; i < cursor->intervals->len; i++)
    if (patron_sql_interval_is_empty (&g_array_index (cursor->intervals, PatronSqlInterval, i)))
      {
        cursor->at_end = TRUE;
        return SQLITE_OK;
      }
  if ((number & PLAN_LOOKUP) != 0)
    {
      int code = start_lookup (cursor, &started);
      if (code != SQLITE_OK || started)
        return code;
    }
  if ((number & PLAN_SORT) == 0)
    return next_chunk (cursor);
  int code = sort_rows (cursor, keys, by_bytes, n_cells, &error);
  cursor->by_chunk = reads_again (cursor->table->table, n_cells);
  if (code == SQLITE_ERROR)
    return fail (cursor->table, error);
  cursor->at_end = cursor->n_sorted == 0;
  cursor->row = cursor->at_end ? 0 : cursor->sorted[0];
  return code;
}

static int
next (sqlite3_vtab_cursor *base)
{
  Cursor *cursor = (Cursor *) base;
  if (cursor->looking_up)
    return next_found (cursor);
  cursor->position++;
  if (cursor->sorted != NULL)
    {
      cursor->at_end = cursor->position >= cursor->n_sorted;
      cursor->row = cursor->at_end ? 0 : cursor->sorted[cursor->position];
      return SQLITE_OK;
    }
  if (cursor->position < cursor->n_kept)
    {
      cursor->row = cursor->chunk * PATRON_CHUNK_ROWS + cursor->kept[cursor->position];
      return SQLITE_OK;
    }
  cursor->chunk++;
  return next_chunk (cursor);
}

static int
at_end (sqlite3_vtab_cursor *base)
{
  return ((Cursor *) base)->at_end;
}

static int
row_id (sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
  *out = (sqlite3_int64) ((Cursor *) base)->row + 1;
  return SQLITE_OK;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

/* "2011-02-28 17:04:05", with the fraction when there is one. */
static void
result_time (sqlite3_context *context, gint64 microseconds)
{
  char buffer[64];
  gint64 day = microseconds / DAY_US - (microseconds % DAY_US < 0);
  gint64 rest = microseconds - day * DAY_US;
  int length = patron_date_format ((gint32) day, buffer), seconds = (int) (rest / G_USEC_PER_SEC);
  length += g_snprintf (buffer + length, sizeof buffer - length, " %02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (rest % G_USEC_PER_SEC != 0)
    length += g_snprintf (buffer + length, sizeof buffer - length, ".%06d", (int) (rest % G_USEC_PER_SEC));
  sqlite3_result_text (context, buffer, length, SQLITE_TRANSIENT);
}

/* Strings stay valid: the dictionary is held until the connection is closed. */
static void
result_value (sqlite3_context *context, const PatronSqlColumn *column, gconstpointer values, gsize i)
{
  char buffer[64];
  switch (column->type)
    {
    case PATRON_TYPE_NUMBER:
      sqlite3_result_double (context, ((const double *) values)[i]);   /* not-a-number is NULL */
      break;
    case PATRON_TYPE_INTEGER:
      if (((const gint64 *) values)[i] != PATRON_INTEGER_MISSING)
        sqlite3_result_int64 (context, ((const gint64 *) values)[i]);
      break;
    case PATRON_TYPE_BOOLEAN:
      if (((const guint8 *) values)[i] != PATRON_BOOLEAN_MISSING)
        sqlite3_result_int (context, ((const guint8 *) values)[i]);
      break;
    case PATRON_TYPE_DATE:
      if (((const gint32 *) values)[i] != PATRON_DATE_MISSING)
        {
          int length = patron_date_format (((const gint32 *) values)[i], buffer);
          sqlite3_result_text (context, buffer, length, SQLITE_TRANSIENT);
        }
      break;
    case PATRON_TYPE_TIME:
      if (((const gint64 *) values)[i] != PATRON_INTEGER_MISSING)
        result_time (context, ((const gint64 *) values)[i]);
      break;
    case PATRON_TYPE_DURATION:
      if (((const gint64 *) values)[i] != PATRON_INTEGER_MISSING)
        sqlite3_result_double (context, (double) ((const gint64 *) values)[i] * 1e-6);
      break;
    default:
      {
        gint32 code = ((const gint32 *) values)[i];
        if (code >= 0)
          sqlite3_result_text (context, patron_dict_get (column->dict, code), (int) patron_dict_length (column->dict, code), SQLITE_STATIC);
        break;
      }
    }
}

static int
get_value (sqlite3_vtab_cursor *base, sqlite3_context *context, int c)
{
  Cursor *cursor = (Cursor *) base;
  GError *error = NULL;
  if ((guint) c >= cursor->table->table->n_columns)
    return SQLITE_OK;
  PatronSqlColumn *column = &cursor->table->table->columns[c];
  gboolean is_text = column->type == PATRON_TYPE_CATEGORY || column->type == PATRON_TYPE_TEXT;
  if (is_text && column->dict == NULL && (column->dict = patron_column_dict (column->column, &error)) == NULL)
    return fail (cursor->table, error);
  gboolean any_row = cursor->looking_up || (cursor->sorted != NULL && !cursor->by_chunk);
  gconstpointer values = any_row ? patron_column_values (column->column, &error) : read_chunk (cursor, (guint) c, cursor->row / PATRON_CHUNK_ROWS, &error);
  if (values == NULL)
    return fail (cursor->table, error);
  result_value (context, column, values, any_row ? cursor->row : cursor->row % PATRON_CHUNK_ROWS);
  return SQLITE_OK;
}

static const sqlite3_module module = {
  .iVersion = 0, .xCreate = create_table, .xConnect = connect_table, .xBestIndex = best_index, .xDisconnect = disconnect_table,
  .xDestroy = disconnect_table, .xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter, .xNext = next, .xEof = at_end,
  .xColumn = get_value, .xRowid = row_id,
};

gboolean
patron_sql_table_register (PatronSqlEngine *engine, GError **error)
{
  int code = sqlite3_create_module (engine->db, "patron_table", &module, engine);
  for (guint i = 0; code == SQLITE_OK && i < engine->tables->len; i++)
    {
      char *sql = sqlite3_mprintf ("CREATE VIRTUAL TABLE \"%w\" USING patron_table(%u)", ((PatronSqlTable *) engine->tables->pdata[i])->name, i);
      code = sql != NULL ? sqlite3_exec (engine->db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
      sqlite3_free (sql);
    }
  return code == SQLITE_OK || patron_sql_fail (engine, NULL, code, NULL, error);
}
