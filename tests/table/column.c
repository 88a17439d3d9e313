/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/random.h"
#include "table/table.h"

#include <math.h>
#include <string.h>

/* Days since 1970-01-01 by Python's datetime.date.toordinal() - 719163. */
static void
test_calendar (void)
{
  static const struct { int year, month, day; gint32 days; } known[] = {
    { 1970, 1, 1, 0 }, { 1969, 12, 31, -1 }, { 2000, 2, 29, 11016 }, { 2011, 2, 28, 15033 }, { 1900, 3, 1, -25508 }, { 1, 1, 1, -719162 }, { 9999, 12, 31, 2932896 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      int year, month, day;
      g_assert_cmpint (patron_date_from_ymd (known[i].year, known[i].month, known[i].day), ==, known[i].days);
      patron_date_to_ymd (known[i].days, &year, &month, &day);
      g_assert_true (year == known[i].year && month == known[i].month && day == known[i].day);
    }
  g_assert_true (patron_date_valid (2000, 2, 29));
  g_assert_false (patron_date_valid (1900, 2, 29));
  g_assert_false (patron_date_valid (2011, 4, 31));
  g_assert_false (patron_date_valid (2011, 13, 1));
}

static void
test_format (void)
{
  char buffer[64];
  patron_time_format (G_GINT64_CONSTANT (1298912640000000), buffer);
  g_assert_cmpstr (buffer, ==, "2011-02-28 17:04");
  patron_time_format (-1, buffer);
  g_assert_cmpstr (buffer, ==, "1969-12-31 23:59:59.999999");
  static const struct { double value; const char *text; } numbers[] = {
    { 0.1, "0.1" }, { 0.1 + 0.2, "0.30000000000000004" }, { -3, "-3" }, { 1e15, "1e+15" }, { 123456789012345.0, "123456789012345" }, { 5e-324, "5e-324" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      patron_double_format (numbers[i].value, buffer);
      g_assert_cmpstr (buffer, ==, numbers[i].text);
      g_assert_cmpfloat (g_ascii_strtod (buffer, NULL), ==, numbers[i].value);
    }
}

/* Whatever the value, the text reads back as it. */
static void
test_format_round_trip (void)
{
  PatronRandom random;
  patron_random_init (&random, 1, 0);
  char buffer[64];
  for (int i = 0; i < 200000; i++)
    {
      double value = (double) (gint64) patron_random_below (&random, 2000000000) - 1e9;
      static const double scales[] = { 1, 10, 100, 1e3, 1e4, 1e6, 1e9, 3, 7 };
      value /= scales[i % G_N_ELEMENTS (scales)];
      int length = patron_double_format (value, buffer);
      g_assert_cmpint (length, ==, (int) strlen (buffer));
      g_assert_cmpfloat (g_ascii_strtod (buffer, NULL), ==, value);
    }
}

static PatronColumn *
make (PatronType type)
{
  PatronColumnBuilder *builder = patron_column_builder_new ("x", type);
  if (type == PATRON_TYPE_TEXT || type == PATRON_TYPE_CATEGORY)
    {
      patron_column_builder_append_text (builder, "beta");
      patron_column_builder_append_text (builder, NULL);
      patron_column_builder_append_text (builder, "阿尔法");
    }
  else
    {
      patron_column_builder_append_number (builder, 1);
      patron_column_builder_append_missing (builder);
      patron_column_builder_append_number (builder, 0);
    }
  return patron_column_builder_finish (builder);
}

/* Every type: values, missing, formats, doubles, rows taken. */
static void
test_types (void)
{
  static const char *const texts[PATRON_N_TYPES][3] = {
    [PATRON_TYPE_NUMBER] = { "1", "", "0" }, [PATRON_TYPE_INTEGER] = { "1", "", "0" }, [PATRON_TYPE_BOOLEAN] = { "true", "", "false" },
    [PATRON_TYPE_CATEGORY] = { "beta", "", "阿尔法" }, [PATRON_TYPE_TEXT] = { "beta", "", "阿尔法" },
    [PATRON_TYPE_DATE] = { "1970-01-02", "", "1970-01-01" }, [PATRON_TYPE_TIME] = { "1970-01-01 00:00:00.000001", "", "1970-01-01 00:00" },
    [PATRON_TYPE_DURATION] = { "00:00:00.000001", "", "00:00:00" },
  };
  for (int type = 0; type < PATRON_N_TYPES; type++)
    {
      g_autoptr (PatronColumn) column = make (type);
      const guint32 rows[] = { 2, 1, 0, 0 };
      g_autoptr (PatronColumn) taken = patron_column_take (column, rows, 4, NULL);
      double numbers[3];
      gsize n_missing;
      g_assert_true (patron_column_read_doubles (column, 0, 3, numbers, NULL));
      g_assert_true (isnan (numbers[1]) && !isnan (numbers[0]) && !isnan (numbers[2]));
      g_assert_true (patron_column_count_missing (column, &n_missing, NULL));
      g_assert_cmpuint (n_missing, ==, 1);
      for (int i = 0; i < 3; i++)
        {
          g_autofree char *text = patron_column_format (column, i);
          g_autofree char *other = patron_column_format (taken, 2 - i);
          g_assert_cmpstr (text, ==, texts[type][i]);
          g_assert_cmpstr (other, ==, texts[type][i]);
          g_assert_cmpint (patron_column_is_missing (column, i), ==, i == 1);
        }
    }
}

typedef struct
{
  int reads, freed;
} Owner;

static gboolean
read_squares (gpointer owner, gsize start, gsize n, gpointer out, GError **error)
{
  ((Owner *) owner)->reads++;
  for (gsize i = 0; i < n; i++)
    ((gint64 *) out)[i] = (gint64) ((start + i) * (start + i));
  return TRUE;
}

static void
free_owner (gpointer owner)
{
  ((Owner *) owner)->freed++;
}

/* Lazy columns: ranges are read without loading, loading happens once, the owner is freed with the last column that shares it. */
static void
test_lazy (void)
{
  const PatronColumnSource source = { .read = read_squares, .free = free_owner };
  Owner owner = { 0 };
  PatronColumn *column = patron_column_new_lazy ("n2", PATRON_TYPE_INTEGER, 10000, &source, &owner);
  gint64 part[2];
  g_assert_true (patron_column_read (column, 9998, 2, part, NULL));
  g_assert_cmpint (part[1], ==, 9999 * 9999);
  g_assert_false (patron_column_is_resident (column));
  g_assert_cmpint (patron_column_int64s (column, NULL)[100], ==, 10000);
  g_assert_cmpint (patron_column_int64s (column, NULL)[101], ==, 10201);
  g_assert_cmpint (owner.reads, ==, 2);
  g_assert_true (patron_column_get_owner (column, read_squares) == &owner);
  PatronColumn *renamed = patron_column_rename (column, "other");
  patron_column_unref (column);
  g_assert_cmpint (owner.freed, ==, 0);
  g_assert_true (patron_column_is_resident (renamed));
  patron_column_unref (renamed);
  g_assert_cmpint (owner.freed, ==, 1);
}

static void
test_dict (void)
{
  PatronDictBuilder *builder = patron_dict_builder_new ();
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < 5000; i++)
      {
        char text[16];
        g_snprintf (text, sizeof text, "v%d", i);
        g_assert_cmpint (patron_dict_builder_add (builder, text, -1), ==, i);
      }
  g_assert_cmpint (patron_dict_builder_add (builder, "", 0), ==, 5000);
  g_autoptr (PatronDict) dict = patron_dict_builder_finish (builder);
  g_assert_cmpuint (patron_dict_size (dict), ==, 5001);
  g_assert_cmpstr (patron_dict_get (dict, 4321), ==, "v4321");
  g_assert_cmpstr (patron_dict_get (dict, -1), ==, "");
  g_assert_cmpuint (patron_dict_length (dict, 4321), ==, 5);
  g_assert_cmpint (patron_dict_find (dict, "v17"), ==, 17);
  g_assert_cmpint (patron_dict_find (dict, "v"), ==, -1);
}

static void
test_memory (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_try_alloc (G_MAXSIZE / 4, 8, "a test", &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
  g_clear_error (&error);
  g_assert_null (patron_try_alloc ((gsize) 1 << 44, 1, "a test", &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
  g_clear_error (&error);
  g_autoptr (PatronColumn) column = make (PATRON_TYPE_NUMBER);
  patron_memory_fail_after (1);
  const guint32 rows[] = { 0 };
  g_assert_null (patron_column_take (column, rows, 1, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_MEMORY);
}

static void
test_table (void)
{
  g_autoptr (PatronColumn) x = make (PATRON_TYPE_NUMBER);
  g_autoptr (PatronColumn) y0 = make (PATRON_TYPE_TEXT);
  g_autoptr (PatronColumn) y = patron_column_rename (y0, "y");
  PatronColumn *columns[] = { x, y };
  g_autoptr (PatronTable) table = patron_table_new ("t", columns, 2, 0);
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_table_require (table, "z", &error));
  g_assert_nonnull (strstr (error->message, "“z”"));
  g_assert_nonnull (strstr (error->message, "x, y"));
  const guint8 keep[] = { 1, 0, 1 };
  g_autoptr (PatronTable) kept = patron_table_keep_rows (table, keep, NULL, NULL);
  g_assert_cmpuint (patron_table_n_rows (kept), ==, 2);
  g_autofree char *last = patron_column_format (patron_table_find (kept, "y"), 1);
  g_assert_cmpstr (last, ==, "阿尔法");
  g_autoptr (PatronTable) wider = patron_table_with_column (table, y);
  g_assert_cmpuint (patron_table_n_columns (wider), ==, 2);
  g_autoptr (PatronTable) narrower = patron_table_without (table, "x");
  g_assert_cmpint (patron_table_index (narrower, "y"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/column/calendar", test_calendar);
  g_test_add_func ("/table/column/format", test_format);
  g_test_add_func ("/table/column/format-round-trip", test_format_round_trip);
  g_test_add_func ("/table/column/types", test_types);
  g_test_add_func ("/table/column/lazy", test_lazy);
  g_test_add_func ("/table/dict", test_dict);
  g_test_add_func ("/table/memory", test_memory);
  g_test_add_func ("/table/table", test_table);
  return g_test_run ();
}
