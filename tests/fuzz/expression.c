/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include "base/init.h"
#include "table/conditions.h"

/* A small table with every type, with missing and extreme values. */
static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (PatronType type = 0; type < PATRON_N_TYPES; type++)
    {
      char name[] = { (char) ('a' + type), '\0' };
      PatronColumnBuilder *builder = patron_column_builder_new (name, type);
      gboolean text = type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT;
      static const gint64 values[] = { 0, 1, -1, G_MAXINT64, G_MININT64 + 1, 15033 };
      static const char *const strings[] = { "", "x", "中国", "2011-02-28", " 12.5 ", "a%b" };
      for (guint i = 0; i < G_N_ELEMENTS (values); i++)
        if (text)
          patron_column_builder_append_text (builder, strings[i]);
        else if (type == PATRON_TYPE_BOOLEAN)
          patron_column_builder_append_number (builder, i % 2);
        else if (type == PATRON_TYPE_DATE)
          patron_column_builder_append_int64 (builder, CLAMP (values[i], -1000000, 1000000));
        else
          patron_column_builder_append_int64 (builder, values[i]);
      patron_column_builder_append_missing (builder);
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  return patron_table_new_take ("t", columns);
}

/* What rows can show is written as a formula that gives the same rows. */
static void
try_conditions (const char *text, PatronTable *table)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronConditions) conditions = patron_conditions_from_text (text, table, &error);
  if (conditions == NULL)
    return;
  g_autofree char *written = patron_conditions_to_text (conditions, table, NULL, &error);
  if (written == NULL)
    return;   /* a date beyond the years a formula can write */
  g_clear_error (&error);
  g_autoptr (PatronConditions) again = patron_conditions_from_text (written, table, &error);
  g_assert_no_error (error);
  g_assert_nonnull (again);
  g_autofree char *same = patron_conditions_to_text (again, table, NULL, &error);
  g_assert_cmpstr (written, ==, same);
}

/* Any text: refused, or a formula that computes a column of its type; texts come out as UTF-8. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_begin ();
  static PatronTable *table;
  g_autoptr (GError) error = NULL;
  patron_init ();
  if (table == NULL)
    table = make_table ();
  g_autofree char *text = g_strndup ((const char *) data, size);
  PatronSpan span = { 0, 0 };
  g_autoptr (PatronExpression) expression = patron_expression_parse_span (text != NULL ? text : "", table, &span, &error);
  g_assert_true ((expression != NULL) == (error == NULL));
  if (expression == NULL)
    {
      if (text != NULL && g_utf8_validate (text, -1, NULL))
        g_assert_cmpuint (span.start + span.length, <=, g_utf8_strlen (text, -1));
      return 0;
    }
  if (patron_expression_get_type (expression) == PATRON_TYPE_BOOLEAN)
    try_conditions (text, table);
  g_autoptr (PatronColumn) column = patron_expression_compute (expression, "r", NULL, &error);
  g_assert_true ((column != NULL) == (error == NULL));
  for (gsize i = 0; column != NULL && i < patron_column_get_length (column); i++)
    {
      g_autofree char *value = patron_column_format (column, i);
      g_assert_true (g_utf8_validate (value, -1, NULL));
    }
  return 0;
}
