/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/column-view.h"

#include "base/init.h"
#include "base/memory.h"
#include "base/random.h"
#include "table/expression.h"
#include "table/take-rows.h"

#include <math.h>
#include <string.h>

#define N_ROWS (3 * PATRON_CHUNK_ROWS + 1234)

/* A lazy column over values that are in memory: what reading gives is known, and counted. */
typedef struct
{
  PatronColumn *column;
  gboolean      bounds;
} Lazy;

static guint64 n_values_read;

static gboolean
lazy_read (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  __atomic_add_fetch (&n_values_read, n, __ATOMIC_RELAXED);
  return patron_column_read (((Lazy *) owner)->column, start, n, out, error);
}

static PatronDict *
lazy_dict (gpointer owner, GError **error)
{
  return patron_dict_ref (patron_column_dict (((Lazy *) owner)->column, error));
}

static void
lazy_free (gpointer owner)
{
  patron_column_unref (((Lazy *) owner)->column);
  g_free (owner);
}

static gboolean
lazy_range (gpointer owner, gsize start, gsize n, PatronRange *range)
{
  PatronColumn *column = ((Lazy *) owner)->column;
  gboolean number = patron_column_get_type (column) == PATRON_TYPE_NUMBER;
  g_autofree gint64 *values = g_new (gint64, n);
  double *numbers = (double *) values;
  *range = (PatronRange) { .all_missing = TRUE };
  if (!((Lazy *) owner)->bounds || (!number && patron_column_get_type (column) != PATRON_TYPE_INTEGER) || !patron_column_read (column, start, n, values, NULL))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      gboolean missing = number ? isnan (numbers[i]) : values[i] == PATRON_INTEGER_MISSING;
      range->any_missing |= missing;
      if (missing)
        continue;
      if (number)
        {
          range->min.number = range->all_missing ? numbers[i] : MIN (range->min.number, numbers[i]);
          range->max.number = range->all_missing ? numbers[i] : MAX (range->max.number, numbers[i]);
        }
      else
        {
          range->min.integer = range->all_missing ? values[i] : MIN (range->min.integer, values[i]);
          range->max.integer = range->all_missing ? values[i] : MAX (range->max.integer, values[i]);
        }
      range->all_missing = FALSE;
    }
  return TRUE;
}

static PatronColumn *
make_lazy (PatronColumn *column)
{
  static const PatronColumnSource source = { lazy_read, lazy_dict, lazy_free, lazy_range };
  Lazy *lazy = g_new (Lazy, 1);
  *lazy = (Lazy) { patron_column_ref (column), TRUE };
  return patron_column_new_lazy (patron_column_get_name (column), patron_column_get_type (column), patron_column_get_length (column), &source, lazy);
}

/* Values rise with the row, so that the bounds of chunks differ; some are missing, and one chunk is missing altogether. */
static PatronTable *
make_table (gboolean lazy)
{
  static const PatronType types[] = { PATRON_TYPE_NUMBER, PATRON_TYPE_INTEGER, PATRON_TYPE_BOOLEAN, PATRON_TYPE_CATEGORY, PATRON_TYPE_DATE };
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    {
      PatronColumnBuilder *builder = patron_column_builder_new (patron_type_id (types[t]), types[t]);
      for (gsize i = 0; i < N_ROWS; i++)
        if (i % 97 == 5 || i / PATRON_CHUNK_ROWS == t + 1)
          patron_column_builder_append_missing (builder);
        else if (types[t] == PATRON_TYPE_CATEGORY)
          patron_column_builder_append_text (builder, i % 3 == 0 ? "a" : i % 5 == 0 ? "b" : "客户");
        else if (types[t] == PATRON_TYPE_BOOLEAN)
          patron_column_builder_append_number (builder, i % 2);
        else
          patron_column_builder_append_number (builder, (double) (i / 100));
      PatronColumn *column = patron_column_builder_finish (builder);
      g_ptr_array_add (columns, lazy ? make_lazy (column) : patron_column_ref (column));
      patron_column_unref (column);
    }
  return patron_table_new_take ("orders", columns);
}

static void
assert_same (PatronColumn *expected, PatronColumn *view)
{
  g_autoptr (GError) error = NULL;
  gsize n = patron_column_get_length (expected), size = patron_type_size (patron_column_get_type (expected));
  static const gsize parts[] = { 1, 40, 511, 512, 70000 };
  g_assert_cmpuint (patron_column_get_length (view), ==, n);
  g_assert_cmpstr (patron_column_get_name (view), ==, patron_column_get_name (expected));
  const guint8 *values = patron_column_values (expected, &error);
  g_autofree guint8 *out = g_malloc (n * size + 1);
  for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
    for (gsize start = p * 17; start < n; start += MAX (n / 5, 1))
      {
        gsize count = MIN (parts[p], n - start);
        g_assert_true (patron_column_read (view, start, count, out, &error));
        g_assert_cmpmem (out, count * size, values + start * size, count * size);
      }
  g_assert_true (patron_column_read (view, 0, n, out, &error));
  g_assert_cmpmem (out, n * size, values, n * size);
}

static guint32 *
make_rows (const char *order, gsize *n)
{
  PatronRandom random;
  guint32 *rows = g_new (guint32, N_ROWS);
  patron_random_init (&random, 3, 0);
  *n = 0;
  for (guint32 i = 0; i < N_ROWS; i++)
    if (strcmp (order, "all") == 0 || strcmp (order, "shuffled") == 0 || patron_random_below (&random, 4) == 0)
      rows[(*n)++] = strcmp (order, "repeated") == 0 ? i / 2 : i;
  if (strcmp (order, "shuffled") == 0)
    for (gsize i = *n - 1; i > 0; i--)
      {
        gsize j = patron_random_below (&random, i + 1);
        guint32 swap = rows[i];
        rows[i] = rows[j];
        rows[j] = swap;
      }
  if (strcmp (order, "none") == 0)
    *n = 0;
  return rows;
}

static void
test_orders (gconstpointer order)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = make_table (FALSE);
  gsize n;
  g_autofree guint32 *rows = make_rows (order, &n);
  g_autoptr (PatronRowIndex) index = patron_row_index_new (rows, n, &error);
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      g_autoptr (PatronColumn) expected = patron_column_take (column, rows, n, &error);
      g_autoptr (PatronColumn) lazy = make_lazy (column);
      g_autoptr (PatronColumn) view = patron_column_new_view (lazy, index);
      assert_same (expected, view);
      g_assert_false (patron_column_is_resident (lazy));
      if (patron_column_has_dict (column))
        g_assert_true (patron_column_dict (view, &error) == patron_column_dict (column, &error));
    }
}

/* Going through rows in no order reads the source once, not once for each part. */
static void
test_scan (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = make_table (FALSE);
  gsize n;
  g_autofree guint32 *rows = make_rows ("shuffled", &n);
  g_autofree double *out = g_new (double, PATRON_CHUNK_ROWS);
  g_autoptr (PatronRowIndex) index = patron_row_index_new (rows, n, &error);
  g_autoptr (PatronColumn) lazy = make_lazy (patron_table_column (table, 0));
  g_autoptr (PatronColumn) view = patron_column_new_view (lazy, index);
  n_values_read = 0;
  for (gsize start = 0; start < n; start += PATRON_CHUNK_ROWS)
    g_assert_true (patron_column_read (view, start, MIN (PATRON_CHUNK_ROWS, n - start), out, &error));
  g_assert_cmpuint (n_values_read, ==, N_ROWS);
  g_assert_false (patron_column_is_resident (view));
}

/* Rows, and no rows, of a column that is not in memory, as of one that is. */
static void
test_take_or_missing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) table = make_table (FALSE);
  gsize n;
  g_autofree guint32 *rows = make_rows ("shuffled", &n);
  for (gsize i = 0; i < n; i += 5)
    rows[i] = PATRON_NO_ROW;
  for (guint i = 0; i < patron_table_n_columns (table); i++)
    {
      PatronColumn *column = patron_table_column (table, i);
      gsize size = patron_type_size (patron_column_get_type (column));
      g_autoptr (PatronColumn) lazy = make_lazy (column);
      g_autoptr (PatronColumn) expected = patron_column_take_or_missing (column, NULL, rows, n, NULL, &error);
      g_autoptr (PatronColumn) taken = patron_column_take_or_missing (lazy, NULL, rows, n, NULL, &error);
      g_assert_no_error (error);
      g_assert_false (patron_column_is_resident (lazy));
      g_assert_true (patron_column_is_missing (taken, 0));
      g_assert_cmpmem (patron_column_values (taken, NULL), n * size, patron_column_values (expected, NULL), n * size);
    }
}

/* Tables that are large beside the budget are filtered and sorted without their values being loaded. */
static void
test_large_table (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) held = make_table (FALSE);
  g_autoptr (PatronTable) lazy = make_table (TRUE);
  g_autofree guint8 *keep = g_malloc (N_ROWS);
  gsize n, n_kept = 0;
  for (gsize i = 0; i < N_ROWS; i++)
    n_kept += keep[i] = i % 3 == 0;
  g_autofree guint32 *order = make_rows ("shuffled", &n);
  n = 0;
  for (gsize i = 0; i < N_ROWS; i++)
    if (order[i] < n_kept)
      order[n++] = order[i];
  g_setenv ("PATRON_MEMORY", "1M", TRUE);
  g_autoptr (PatronTable) kept = patron_table_keep_rows (lazy, keep, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (PatronColumn) renamed = patron_column_rename (patron_table_column (kept, 0), "amount");
  g_autoptr (PatronTable) wider = patron_table_with_column (kept, renamed);
  g_autoptr (PatronTable) sorted = patron_table_take_rows (wider, order, n, NULL, &error);
  g_assert_no_error (error);
  g_unsetenv ("PATRON_MEMORY");
  g_autoptr (PatronTable) held_kept = patron_table_keep_rows (held, keep, NULL, &error);
  g_autoptr (PatronTable) held_sorted = patron_table_take_rows (held_kept, order, n, NULL, &error);
  for (guint i = 0; i < patron_table_n_columns (held); i++)
    {
      g_assert_nonnull (patron_column_view_index (patron_table_column (sorted, i)));
      /* A view of a view reads the source itself. */
      g_assert_null (patron_column_view_index (patron_column_view_of (patron_table_column (sorted, i))));
      assert_same (patron_table_column (held_kept, i), patron_table_column (kept, i));
      assert_same (patron_table_column (held_sorted, i), patron_table_column (sorted, i));
      g_assert_false (patron_column_is_resident (patron_table_column (lazy, i)));
    }
  g_assert_cmpstr (patron_column_get_name (patron_table_column (sorted, 5)), ==, "amount");
}

/* Conditions judged by the bounds of chunks come to the same as when every value is read. */
static void
test_bounds (void)
{
  static const char *const conditions[] = {
    "number > 1500", "number >= 655", "number < 0", "number <= 0", "number = 700", "number != 700", "not (number > 655)", "number in (3, 655, 9999)",
    "integer > 1500.5", "integer = 656", "integer < 10 or integer > 1900", "integer < 10 and number > 1000", "is_missing(number)", "not is_missing(integer)",
    "number > 1000 or is_missing(number)", "not (number < 1000 and integer > 5)", "number > integer", "number > 1e300", "number < 1e300", "integer in (1, 2)",
    "boolean or number > 1900", "number > 1900 and category = \"a\"", "integer >= 0", "1500 < number", "date > \"1971-01-01\" and number > 100",
  };
  g_autoptr (PatronTable) held = make_table (FALSE);
  g_autoptr (PatronTable) lazy = make_table (TRUE);
  g_autofree guint8 *expected = g_malloc (N_ROWS), *keep = g_malloc (N_ROWS);
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize n, n_lazy;
      g_autoptr (PatronExpression) plain = patron_expression_parse (conditions[i], held, &error);
      g_assert_no_error (error);
      g_autoptr (PatronExpression) judged = patron_expression_parse (conditions[i], lazy, &error);
      g_assert_true (patron_expression_filter (plain, expected, &n, NULL, &error));
      g_assert_true (patron_expression_filter (judged, keep, &n_lazy, NULL, &error));
      g_assert_cmpuint (n, ==, n_lazy);
      g_assert_cmpmem (keep, N_ROWS, expected, N_ROWS);
    }
  /* Nothing is read where the bounds settle it: three of four chunks here. */
  g_autoptr (GError) error = NULL;
  gsize n;
  g_autoptr (PatronExpression) first = patron_expression_parse ("number < 600", lazy, &error);
  n_values_read = 0;
  g_assert_true (patron_expression_filter (first, keep, &n, NULL, &error));
  g_assert_cmpuint (n_values_read, ==, PATRON_CHUNK_ROWS);
}

int
main (int argc, char **argv)
{
  static const char *const orders[] = { "all", "some", "repeated", "shuffled", "none" };
  patron_init ();
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *path = g_strconcat ("/table/column-view/", orders[i], NULL);
      g_test_add_data_func (path, orders[i], test_orders);
    }
  g_test_add_func ("/table/column-view/scan", test_scan);
  g_test_add_func ("/table/column-view/take-or-missing", test_take_or_missing);
  g_test_add_func ("/table/column-view/large-table", test_large_table);
  g_test_add_func ("/table/column-view/bounds", test_bounds);
  return g_test_run ();
}
