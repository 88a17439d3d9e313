/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project/sql.h"

#include "base/init.h"
#include "base/random.h"
#include "project/store-support.h"

#include <sqlite3.h>

/* The engine is compared with SQLite's own tables: the same values are stored in both, the same statements run on both. Sums are of quarters, so
 * that they do not depend on the order of the rows. */

typedef struct
{
  char          *folder;
  PatronProject *project;
  sqlite3       *plain;
} Fixture;

static const char *const cities[] = { "Paris", "Lyon", "广州", "北京", "Köln", "", "paris", "O'Hara" };

/* A table with a column of every kind: quarters, whole numbers, truth, categories, texts, dates, times, durations. */
static PatronTable *
make_table (const char *name, gsize n, guint seed)
{
  static const struct { const char *name; PatronType type; } kinds[] = {
    { "id", PATRON_TYPE_INTEGER }, { "n", PATRON_TYPE_NUMBER }, { "k", PATRON_TYPE_INTEGER }, { "yes", PATRON_TYPE_BOOLEAN }, { "城市", PATRON_TYPE_CATEGORY },
    { "note", PATRON_TYPE_TEXT }, { "day", PATRON_TYPE_DATE }, { "at", PATRON_TYPE_TIME }, { "took", PATRON_TYPE_DURATION },
  };
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  PatronRandom random;
  patron_random_init (&random, seed, 0);
  for (guint c = 0; c < G_N_ELEMENTS (kinds); c++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (kinds[c].name, kinds[c].type);
      for (gsize i = 0; i < n; i++)
        {
          guint r = patron_random_below (&random, 1000);
          g_autofree char *note = g_strdup_printf ("note %u", r % 97);
          if (c > 0 && r % 13 == 0)
            patron_column_builder_append_missing (builder);
          else if (c == 0)
            patron_column_builder_append_int64 (builder, (gint64) i);
          else if (c == 1)
            patron_column_builder_append_number (builder, ((double) r - 300 + (double) (i / 20000) * 100) / 4);
          else if (c == 2)
            patron_column_builder_append_int64 (builder, r == 500 ? G_MAXINT64 : r == 501 ? G_MININT64 + 1 : (gint64) (r % 17) - 5);
          else if (c == 3)
            patron_column_builder_append_number (builder, r % 2);
          else if (c == 4)
            patron_column_builder_append_text (builder, cities[r % G_N_ELEMENTS (cities)]);
          else if (c == 5)
            patron_column_builder_append_text (builder, note);
          else if (c == 6)
            patron_column_builder_append_int64 (builder, 15000 + r % 300);
          else if (c == 7)
            patron_column_builder_append_int64 (builder, (gint64) (15000 + r % 5) * 86400000000 + (r % 7) * (gint64) 3600000000 + (r % 3) * 250000);
          else
            patron_column_builder_append_int64 (builder, (gint64) r * 250000);
        }
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return patron_table_new_take (name, columns);
}

static char *
format_time (gint64 at)
{
  gint64 day = at / 86400000000 - (at % 86400000000 < 0), rest = at - day * 86400000000;
  char date[64];
  patron_date_format ((gint32) day, date);
  int seconds = (int) (rest / 1000000), fraction = (int) (rest % 1000000);
  return fraction == 0 ? g_strdup_printf ("%s %02d:%02d:%02d", date, seconds / 3600, seconds / 60 % 60, seconds % 60)
                       : g_strdup_printf ("%s %02d:%02d:%02d.%06d", date, seconds / 3600, seconds / 60 % 60, seconds % 60, fraction);
}

/* A cell as SQL would print it, "" for missing. */
static char *
format_cell (PatronColumn *column, gsize row)
{
  gint64 wide;
  guint8 truth;
  if (patron_column_is_missing (column, row))
    return g_strdup ("");
  switch (patron_column_get_type (column))
    {
    case PATRON_TYPE_TIME:
      g_assert_true (patron_column_read (column, row, 1, &wide, NULL));
      return format_time (wide);
    case PATRON_TYPE_DURATION:
      g_assert_true (patron_column_read (column, row, 1, &wide, NULL));
      char buffer[64];
      patron_double_format ((double) wide * 1e-6, buffer);
      return g_strdup (buffer);
    case PATRON_TYPE_BOOLEAN:
      g_assert_true (patron_column_read (column, row, 1, &truth, NULL));
      return g_strdup (truth ? "1" : "0");
    default:
      return patron_column_format (column, row);
    }
}

static void
insert_plain (sqlite3 *db, PatronTable *table)
{
  static const char *const affinities[PATRON_N_TYPES] = { "REAL", "INTEGER", "INTEGER", "TEXT", "TEXT", "TEXT", "TEXT", "REAL" };
  g_autoptr (GString) create = g_string_new (NULL);
  g_autoptr (GString) insert = g_string_new (NULL);
  guint n_columns = patron_table_n_columns (table);
  g_string_printf (create, "CREATE TABLE \"%s\" (", patron_table_get_name (table));
  g_string_printf (insert, "INSERT INTO \"%s\" VALUES (", patron_table_get_name (table));
  for (guint c = 0; c < n_columns; c++)
    {
      PatronColumn *column = patron_table_column (table, c);
      g_string_append_printf (create, "%s\"%s\" %s", c > 0 ? ", " : "", patron_column_get_name (column), affinities[patron_column_get_type (column)]);
      g_string_append (insert, c > 0 ? ", ?" : "?");
    }
  g_string_append (create, ")");
  g_string_append (insert, ")");
  g_assert_cmpint (sqlite3_exec (db, create->str, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_stmt *statement;
  g_assert_cmpint (sqlite3_prepare_v2 (db, insert->str, -1, &statement, NULL), ==, SQLITE_OK);
  sqlite3_exec (db, "BEGIN", NULL, NULL, NULL);
  for (gsize row = 0; row < patron_table_n_rows (table); row++)
    {
      for (guint c = 0; c < n_columns; c++)
        {
          PatronColumn *column = patron_table_column (table, c);
          g_autofree char *cell = format_cell (column, row);
          if (patron_column_is_missing (column, row))
            sqlite3_bind_null (statement, (int) c + 1);
          else   /* affinity makes numbers of them */
            sqlite3_bind_text (statement, (int) c + 1, cell, -1, SQLITE_TRANSIENT);
        }
      g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
      sqlite3_reset (statement);
    }
  sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  sqlite3_finalize (statement);
}

static void
add (Fixture *fixture, const char *name, gsize n, guint seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = make_table (name, n, seed);
  g_assert_cmpint (patron_project_add_table (fixture->project, table, NULL, NULL, &error), >, 0);
  g_assert_no_error (error);
  insert_plain (fixture->plain, table);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->folder = support_folder ();
  g_autofree char *path = g_build_filename (fixture->folder, "p.patron", NULL);
  fixture->project = patron_project_create (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (":memory:", &fixture->plain), ==, SQLITE_OK);
  add (fixture, "a", 700, 1);
  add (fixture, "订单 b", 150, 2);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  patron_project_unref (fixture->project);
  sqlite3_close (fixture->plain);
  support_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Rows as lines; sorted unless their order is asked for. */
static char *
join_rows (GPtrArray *rows, gboolean ordered)
{
  if (!ordered)
    g_ptr_array_sort (rows, compare_rows);
  g_ptr_array_add (rows, NULL);
  return g_strjoinv ("\n", (char **) rows->pdata);
}

static char *
run_plain (Fixture *fixture, const char *sql, gboolean ordered)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2 (fixture->plain, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (fixture->plain));
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_autoptr (GString) line = g_string_new (NULL);
      for (int c = 0; c < sqlite3_column_count (statement); c++)
        {
          char buffer[64];
          const char *cell = (const char *) sqlite3_column_text (statement, c);
          if (sqlite3_column_type (statement, c) == SQLITE_FLOAT)
            {
              patron_double_format (sqlite3_column_double (statement, c), buffer);
              cell = buffer;
            }
          g_string_append_printf (line, "%s|", cell != NULL ? cell : "");
        }
      g_ptr_array_add (rows, g_strdup (line->str));
    }
  sqlite3_finalize (statement);
  return join_rows (rows, ordered);
}

static char *
run_patron (Fixture *fixture, const char *sql, gboolean ordered)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PatronSqlResult) result = patron_sql_run (fixture->project, sql, NULL, NULL, NULL, &error);
  if (error != NULL)
    g_error ("%s: %s", sql, error->message);
  for (gsize row = 0; row < patron_table_n_rows (result->table); row++)
    {
      g_autoptr (GString) line = g_string_new (NULL);
      for (guint c = 0; c < patron_table_n_columns (result->table); c++)
        {
          g_autofree char *cell = format_cell (patron_table_column (result->table, c), row);
          g_string_append_printf (line, "%s|", cell);
        }
      g_ptr_array_add (rows, g_strdup (line->str));
    }
  return join_rows (rows, ordered);
}

static void
assert_same (Fixture *fixture, const char *sql, gboolean ordered)
{
  g_autofree char *expected = run_plain (fixture, sql, ordered), *found = run_patron (fixture, sql, ordered);
  if (strcmp (expected, found) != 0)
    g_error ("%s\nexpected:\n%.2000s\nfound:\n%.2000s", sql, expected, found);
}

/* ---- random statements -------------------------------------------------------------------------------------- */

static const char *
pick (PatronRandom *random, const char *const *from, guint n)
{
  return from[patron_random_below (random, n)];
}

#define PICK(random, from) pick (random, from, G_N_ELEMENTS (from))

static const char *const columns[] = { "id", "n", "k", "yes", "\"城市\"", "note", "day", "at", "took" };

static void
append_literal (PatronRandom *random, guint column, GString *sql)
{
  static const char *const numbers[] = { "0", "7", "-3", "2.5", "1e3", "120", "-1e300", "9223372036854775807", "9223372036854775808.0", "0.25", "'12'", "NULL" };
  static const char *const texts[] = { "'Paris'", "'paris'", "'广州'", "'M'", "''", "'note 5'", "'note 50'", "'O''Hara'", "'zzz'", "5", "NULL" };
  static const char *const moments[] = { "'2011-02-28'", "'2011-01-30'", "'2011-01-28 02:00:00'", "'2011-01-29 03:00:00.250000'", "'2011'", "'x'", "'2011-01-27'", "3" };
  if (patron_random_below (random, 12) == 0)
    column = patron_random_below (random, G_N_ELEMENTS (columns));
  g_string_append (sql, column == 4 || column == 5 ? PICK (random, texts) : column == 6 || column == 7 ? PICK (random, moments) : PICK (random, numbers));
}

static void
append_condition (PatronRandom *random, const char *alias, guint depth, GString *sql)
{
  static const char *const operators[] = { "=", "<", "<=", ">", ">=", "<>", "IS", "IS NOT" };
  guint column = patron_random_below (random, G_N_ELEMENTS (columns)), kind = patron_random_below (random, depth > 0 ? 9 : 6);
  if (kind >= 6)
    {
      g_string_append (sql, kind == 8 ? "NOT (" : "(");
      append_condition (random, alias, depth - 1, sql);
      g_string_append (sql, kind == 7 ? " OR " : " AND ");
      append_condition (random, alias, depth - 1, sql);
      g_string_append_c (sql, ')');
      return;
    }
  g_string_append_printf (sql, "%s%s ", alias, columns[column]);
  if (kind == 4)
    {
      g_string_append (sql, "BETWEEN ");
      append_literal (random, column, sql);
      g_string_append (sql, " AND ");
      append_literal (random, column, sql);
    }
  else if (kind == 5)
    {
      g_string_append (sql, "IN (");
      append_literal (random, column, sql);
      g_string_append (sql, ", ");
      append_literal (random, column, sql);
      g_string_append (sql, ", ");
      append_literal (random, column, sql);
      g_string_append_c (sql, ')');
    }
  else if (kind == 3)
    g_string_append (sql, patron_random_below (random, 2) ? "IS NULL" : "IS NOT NULL");
  else
    {
      g_string_append_printf (sql, "%s ", PICK (random, operators));
      append_literal (random, column, sql);
    }
}

static void
append_where (PatronRandom *random, const char *alias, GString *sql)
{
  if (patron_random_below (random, 5) == 0)
    return;
  g_string_append (sql, " WHERE ");
  append_condition (random, alias, 2, sql);
}

static void
random_statement (Fixture *fixture, PatronRandom *random, const char *table)
{
  static const char *const aggregates[] = { "count(*)", "sum(n)", "avg(n)", "min(day)", "max(at)", "count(DISTINCT note)", "total(took)", "min(\"城市\")", "max(k)" };
  static const char *const keys[] = { "k", "yes", "\"城市\"", "day", "note", "at", "n" };
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  gboolean ordered = FALSE;
  switch (patron_random_below (random, 6))
    {
    case 0:
      g_string_append_printf (sql, "%s, %s FROM %s", PICK (random, columns), PICK (random, columns), table);
      append_where (random, "", sql);
      break;
    case 1:
      g_string_append_printf (sql, "%s, %s FROM %s", PICK (random, aggregates), PICK (random, aggregates), table);
      append_where (random, "", sql);
      break;
    case 2:
      {
        const char *first = PICK (random, keys), *second = PICK (random, keys);
        g_string_append_printf (sql, "%s, %s, %s, %s FROM %s", first, second, PICK (random, aggregates), PICK (random, aggregates), table);
        append_where (random, "", sql);
        g_string_append_printf (sql, " GROUP BY %s, %s", first, second);
        break;
      }
    case 3:
      {
        const char *key = PICK (random, keys);
        ordered = TRUE;
        g_string_append_printf (sql, "%s, id FROM %s", key, table);
        append_where (random, "", sql);
        g_string_append_printf (sql, " ORDER BY %s%s, id LIMIT %u", key, patron_random_below (random, 2) ? " DESC" : "", (guint) patron_random_below (random, 200));
        break;
      }
    case 4:
      {
        const char *key = PICK (random, keys);
        ordered = TRUE;
        g_string_append_printf (sql, "DISTINCT %s FROM %s", key, table);
        append_where (random, "", sql);
        g_string_append_printf (sql, " ORDER BY %s%s", key, patron_random_below (random, 2) ? " DESC" : "");
        break;
      }
    default:
      {
        static const char *const joins[] = { "JOIN", "LEFT JOIN" };
        const char *key = PICK (random, keys);
        g_string_append_printf (sql, "x.id, y.id FROM \"订单 b\" x %s \"订单 b\" y ON x.%s = y.%s AND x.id < 60", PICK (random, joins), key, key);
        append_where (random, "x.", sql);
        break;
      }
    }
  assert_same (fixture, sql->str, ordered);
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  const char *wanted = g_getenv ("PATRON_SQL_STATEMENTS");
  guint n = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : 1200;
  PatronRandom random;
  patron_random_init (&random, 11, 0);
  for (guint i = 0; i < n; i++)
    random_statement (fixture, &random, patron_random_below (&random, 3) == 0 ? "\"订单 b\"" : "a");
}

/* Several chunks, whose bounds differ. */
static void
test_chunks (Fixture *fixture, gconstpointer data)
{
  PatronRandom random;
  add (fixture, "large", 2 * PATRON_CHUNK_ROWS + 900, 5);
  patron_random_init (&random, 12, 0);
  for (guint i = 0; i < 25; i++)
    random_statement (fixture, &random, "large");
  assert_same (fixture, "SELECT count(*), sum(n), min(id), max(id) FROM large WHERE id > 131000", FALSE);
  assert_same (fixture, "SELECT id, n FROM large WHERE n > 310", FALSE);
}

/* ---- what can be said --------------------------------------------------------------------------------------- */

static void
test_statements (Fixture *fixture, gconstpointer data)
{
  static const char *const statements[] = {
    "SELECT 1, 2.5, 'x', NULL", "VALUES (1, 'a'), (2, 'b')", "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 50) SELECT sum(i) FROM c",
    "SELECT \"城市\", row_number() OVER (PARTITION BY \"城市\" ORDER BY id) FROM a WHERE id < 40",
    "SELECT a.id, b.n FROM a JOIN \"订单 b\" b ON a.note = b.note WHERE a.id < 30", "SELECT count(*) FROM a, \"订单 b\" b WHERE a.k = b.k AND a.yes = b.yes",
    "SELECT id FROM a WHERE note IN (SELECT note FROM \"订单 b\" WHERE n > 0)", "SELECT id FROM a WHERE EXISTS (SELECT 1 FROM \"订单 b\" b WHERE b.day = a.day)",
    "SELECT strftime('%Y-%m', day), count(*) FROM a GROUP BY 1", "SELECT a.k, (SELECT max(n) FROM \"订单 b\" b WHERE b.k = a.k) FROM a WHERE id < 50",
    "SELECT id FROM a WHERE \"城市\" LIKE 'p%'", "SELECT k FROM a EXCEPT SELECT k FROM \"订单 b\"", "SELECT \"城市\" COLLATE NOCASE, count(*) FROM a GROUP BY 1",
    "SELECT count(*) FROM a WHERE note = 'NOTE 5' COLLATE NOCASE", "SELECT id, n FROM a WHERE id = 5 OR id = 6;",
    "SELECT CASE WHEN k > 3 THEN 'high' ELSE k END FROM a", "SELECT id FROM a WHERE rowid = 5",
  };
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    assert_same (fixture, statements[i], FALSE);
}

/* A column shown as it is keeps its type; dates made by functions are dates. */
static void
test_types (Fixture *fixture, gconstpointer data)
{
  static const PatronType expected[] = {
    PATRON_TYPE_INTEGER, PATRON_TYPE_NUMBER, PATRON_TYPE_INTEGER, PATRON_TYPE_BOOLEAN, PATRON_TYPE_CATEGORY, PATRON_TYPE_TEXT, PATRON_TYPE_DATE,
    PATRON_TYPE_TIME, PATRON_TYPE_DURATION, PATRON_TYPE_DATE, PATRON_TYPE_INTEGER, PATRON_TYPE_NUMBER,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronSqlResult) result = patron_sql_run (fixture->project, "SELECT *, date(day, 'start of month') AS \"月\", k % 3, avg(n) OVER () FROM a", NULL, NULL,
                                                       NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (patron_table_n_columns (result->table), ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (patron_table_n_rows (result->table), ==, 700);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (patron_column_get_type (patron_table_column (result->table, i)), ==, expected[i]);
  g_assert_nonnull (patron_table_find (result->table, "月"));
  /* Back in the project, it is a table like any other. */
  g_assert_cmpint (patron_project_add_table (fixture->project, result->table, "SQL", NULL, &error), >, 0);
  g_autoptr (PatronSqlResult) again = patron_sql_run (fixture->project, "SELECT count(*) FROM result WHERE \"月\" = '2011-01-01'", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_statistics (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  /* median of 1, 2, 4, 9 is 3; their variance 38 / 3. */
  g_autoptr (PatronSqlResult) result = patron_sql_run (fixture->project,
    "WITH v(x) AS (VALUES (1), (9), (NULL), (4), (2)) SELECT median(x), variance(x), stddev(x) FROM v", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  static const double expected[] = { 3, 38.0 / 3, 3.5590260840104371 };
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat_with_epsilon (patron_column_doubles (patron_table_column (result->table, i), NULL)[0], expected[i], 1e-14);
}

static void
assert_refused (Fixture *fixture, const char *sql, const char *pattern, int position)
{
  g_autoptr (GError) error = NULL;
  int found;
  g_assert_null (patron_sql_run (fixture->project, sql, NULL, NULL, &found, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("%s: “%s” does not match “%s”", sql, error->message, pattern);
  if (position >= 0)
    g_assert_cmpint (found, ==, position);
}

static void
test_mistakes (Fixture *fixture, gconstpointer data)
{
  assert_refused (fixture, "SELECT idd FROM a", "*no column “idd”; did you mean “id”*", 7);
  assert_refused (fixture, "SELECT id FROM aa", "*no table “aa”; did you mean “a”*", -1);
  assert_refused (fixture, "SELECT id FORM a", "*does not expect “a”*", 15);
  assert_refused (fixture, "SELECT id FROM a WHERE", "*not complete*", -1);
  assert_refused (fixture, "SELECT id FROM a WHERE city = \"Paris\"", "*no column*", -1);
  assert_refused (fixture, "SELECT nope(id) FROM a", "*no function “nope”*", 7);
  assert_refused (fixture, "SELECT id FROM a, a b", "*Several tables have a column “id”*", 7);
  assert_refused (fixture, "SELECT 1; SELECT 2", "*more than one statement*", 9);
  assert_refused (fixture, "", "*no statement*", -1);
  assert_refused (fixture, "-- only a comment", "*no statement*", -1);
  assert_refused (fixture, "SELECT ?", "*write the value itself*", -1);
  assert_refused (fixture, "\xff", "*no text*", -1);
}

/* Nothing outside the tables can be read, and nothing written. */
static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  static const char *const statements[] = {
    "DELETE FROM a", "UPDATE a SET id = 1", "INSERT INTO a DEFAULT VALUES", "DROP TABLE a", "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)",
    "CREATE VIEW v AS SELECT 1", "CREATE INDEX i ON a (id)", "ALTER TABLE a RENAME TO b", "ATTACH '/etc/passwd' AS p", "DETACH main", "VACUUM",
    "VACUUM INTO '/tmp/patron-sql-leak'", "PRAGMA query_only=OFF", "PRAGMA table_list", "SELECT * FROM pragma_table_list", "SELECT * FROM sqlite_schema",
    "SELECT sql FROM sqlite_master", "SELECT * FROM sqlite_temp_master", "SELECT load_extension('x')", "SELECT randomblob(1000000000)", "SELECT zeroblob(1e9)",
    "SELECT * FROM dbstat", "SELECT * FROM json_each('[1]')", "SELECT fts3_tokenizer('x')", "SELECT sqlite_version()", "SELECT * FROM patron_table",
    "SELECT * FROM patron_table(0)", "BEGIN", "COMMIT", "SAVEPOINT s", "EXPLAIN SELECT 1", "EXPLAIN QUERY PLAN SELECT 1", "REINDEX", "ANALYZE",
    "CREATE VIRTUAL TABLE t USING patron_table(0)", "WITH x AS (SELECT 1) DELETE FROM a", "SELECT readfile('/etc/passwd')", "SELECT sqlite_compileoption_get(1)",
    "SELECT * FROM a; DROP TABLE a", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
  };
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    assert_refused (fixture, statements[i], "*", -1);
  g_assert_false (g_file_test ("/tmp/patron-sql-leak", G_FILE_TEST_EXISTS));
  support_assert_sound (fixture->project);
  assert_same (fixture, "SELECT count(*) FROM a", FALSE);
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  static const char endless[] = "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT count(*) FROM c";
  static const char cross[] = "SELECT count(*) FROM a, a b, a c, a d WHERE a.n + b.n + c.n > d.n";
  g_autoptr (GError) error = NULL;
  PatronSqlLimits rows = { .max_rows = 10 }, time = { .max_seconds = 0.05 };
  g_autoptr (PatronSqlResult) result = patron_sql_run (fixture->project, "SELECT id FROM a", &rows, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (patron_table_n_rows (result->table), ==, 10);
  g_assert_true (result->truncated);
  g_clear_pointer (&result, patron_sql_result_free);
  result = patron_sql_run (fixture->project, "SELECT id FROM a LIMIT 10", &rows, NULL, NULL, &error);
  g_assert_false (result->truncated);
  g_assert_null (patron_sql_run (fixture->project, endless, &time, NULL, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_clear_error (&error);
  g_assert_null (patron_sql_run (fixture->project, cross, &time, NULL, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  g_clear_error (&error);
  g_autoptr (PatronRun) run = patron_run_new (1, 1);
  patron_run_cancel (run);
  g_assert_null (patron_sql_run (fixture->project, endless, NULL, run, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
}

/* Names that SQL cannot tell apart, or keeps for itself. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "A", "sqlite_x", "order", "with \"quotes\"", "b" };
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (PatronTable) table = make_table (names[i], 10 + i, i);
      g_autoptr (PatronColumn) upper = patron_column_rename (patron_table_column (table, 0), "ID");
      g_autoptr (PatronTable) wider = patron_table_with_column (table, upper);
      g_assert_cmpint (patron_project_add_table (fixture->project, wider, NULL, NULL, &error), >, 0);
    }
  g_autoptr (GPtrArray) tables = patron_sql_list_tables (fixture->project, &error);
  g_assert_no_error (error);
  g_autofree char *all = (g_ptr_array_add (tables, NULL), g_strjoinv (",", (char **) tables->pdata));
  g_assert_cmpstr (all, ==, "a,\"订单 b\",\"A 2\",_sqlite_x,\"order\",\"with \"\"quotes\"\"\",b");
  for (guint i = 0; i + 1 < tables->len; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", (char *) tables->pdata[i]);
      g_autoptr (PatronSqlResult) result = patron_sql_run (fixture->project, sql, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      g_autoptr (GPtrArray) shown = patron_sql_list_columns (fixture->project, tables->pdata[i], &error);
      g_assert_cmpuint (shown->len, ==, patron_table_n_columns (result->table));
      g_assert_cmpstr (shown->pdata[4], ==, "城市");
      if (i >= 2)
        g_assert_cmpstr (shown->pdata[9], ==, "\"ID 2\"");
    }
}

int
main (int argc, char **argv)
{
  patron_init ();
  g_test_init (&argc, &argv, NULL);
#define TEST(path, function) g_test_add ("/project/sql/" path, Fixture, NULL, set_up, function, tear_down)
  TEST ("random", test_random);
  TEST ("chunks", test_chunks);
  TEST ("statements", test_statements);
  TEST ("types", test_types);
  TEST ("statistics", test_statistics);
  TEST ("mistakes", test_mistakes);
  TEST ("hostile", test_hostile);
  TEST ("limits", test_limits);
  TEST ("names", test_names);
  return g_test_run ();
}
