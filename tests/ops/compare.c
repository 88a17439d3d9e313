/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/init.h"
#include "ops/registry.h"
#include "report/report.h"
#include "table/roles.h"

#include <math.h>
#include <string.h>

/* A table of cells: counts of "what" (rows) in each group (columns). */
static PatronTable *
cross (const guint *counts, guint rows, guint columns)
{
  PatronColumnBuilder *what = patron_column_builder_new ("what", PATRON_TYPE_CATEGORY), *group = patron_column_builder_new ("group", PATRON_TYPE_CATEGORY);
  for (guint r = 0; r < rows; r++)
    for (guint g = 0; g < columns; g++)
      for (guint k = 0; k < counts[r * columns + g]; k++)
        {
          const char level[] = { (char) ('a' + r), '\0' }, name[] = { (char) ('p' + g), '\0' };
          patron_column_builder_append_text (what, level);
          patron_column_builder_append_text (group, name);
        }
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (all, patron_column_builder_finish (what));
  g_ptr_array_add (all, patron_column_builder_finish (group));
  return patron_table_new_take ("cross", all);
}

/* second: another column to compare; may be NULL. */
static PatronReport *
compare_columns (PatronTable *table, const char *first, const char *second)
{
  const PatronOp *op = patron_ops_find ("compare");
  g_autoptr (PatronRoles) roles = patron_roles_new ();
  g_autoptr (PatronRun) run = patron_run_new (1, 42);
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *params = g_malloc0 (op->params_size);
  PatronReport *report = patron_report_new ("compare");
  patron_roles_add (roles, PATRON_ROLE_GROUP, "group");
  patron_roles_add (roles, PATRON_ROLE_FEATURE, first);
  if (second != NULL)
    patron_roles_add (roles, PATRON_ROLE_FEATURE, second);
  patron_params_init (op->params, params);
  const PatronInput input = { .table = table, .roles = roles };
  g_assert_true (op->analysis->run (&input, params, run, report, NULL, &error));
  g_assert_no_error (error);
  return report;
}

static PatronReport *
compare (PatronTable *table)
{
  return compare_columns (table, "what", NULL);
}

/* The cell of the only row of the table of all columns. */
static const PatronCell *
find_cell (const PatronReport *report, const char *column)
{
  for (guint b = 0; b < report->blocks->len; b++)
    {
      const PatronBlock *block = report->blocks->pdata[b];
      if (block->kind != PATRON_BLOCK_TABLE || !g_str_equal (block->table->id, "comparison"))
        continue;
      for (guint c = 0; c < block->table->columns->len; c++)
        if (g_str_equal (g_array_index (block->table->columns, PatronReportColumn, c).id, column))
          return (const PatronCell *) block->table->rows->pdata[0] + c;
    }
  g_assert_not_reached ();
}

/* J. Cohen's bounds are of w, which is V only where a side of the table is two: with three by three the same V says more. SciPy 1.10, corrected for
 * bias as W. Bergsma has it:
 * chi2_contingency ([[70, 40, 25], [35, 65, 35], [25, 30, 70]], correction=False).statistic = 66.1093, n 395: V 0.28108, w 0.3975;
 * chi2_contingency ([[70, 50], [50, 80]], correction=False).statistic = 9.8722, n 250: V = w = 0.18872;
 * chi2_contingency ([[50, 51, 50], [50, 50, 49], [50, 49, 50]], correction=False).statistic = 0.0356: V 0. */
static void
test_words (void)
{
  static const guint wide[] = { 70, 40, 25, 35, 65, 35, 25, 30, 70 }, narrow[] = { 70, 50, 50, 80 }, flat[] = { 50, 51, 50, 50, 50, 49, 50, 49, 50 };
  g_autoptr (PatronTable) three = cross (wide, 3, 3), two = cross (narrow, 2, 2), none = cross (flat, 3, 3);
  g_autoptr (PatronReport) medium = compare (three), small = compare (two), nothing = compare (none);
  g_assert_cmpfloat_with_epsilon (find_cell (medium, "effect")->number, 0.28108, 5e-6);
  g_assert_cmpstr (patron_text_get_msgid (find_cell (medium, "word")->text), ==, "medium");
  g_assert_cmpfloat_with_epsilon (find_cell (small, "effect")->number, 0.18872, 5e-6);
  g_assert_cmpstr (patron_text_get_msgid (find_cell (small, "word")->text), ==, "small");
  /* The effect lies within its interval. */
  g_assert_cmpfloat (find_cell (nothing, "effect")->number, ==, 0);
  g_assert_cmpfloat (find_cell (nothing, "low")->number, ==, 0);
  g_assert_cmpfloat (find_cell (nothing, "high")->number, >=, 0);
  g_assert_cmpstr (patron_text_get_msgid (find_cell (nothing, "word")->text), ==, "negligible");
}

/* A column of one value is not among those that p is corrected for. */
static void
test_constant (void)
{
  static const guint counts[] = { 70, 50, 50, 80 };
  g_autoptr (PatronTable) two = cross (counts, 2, 2);
  PatronColumnBuilder *same = patron_column_builder_new ("same", PATRON_TYPE_CATEGORY);
  for (gsize i = 0; i < patron_table_n_rows (two); i++)
    patron_column_builder_append_text (same, "one");
  g_autoptr (PatronColumn) constant = patron_column_builder_finish (same);
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint c = 0; c < patron_table_n_columns (two); c++)
    g_ptr_array_add (all, patron_column_ref (patron_table_column (two, c)));
  g_ptr_array_add (all, patron_column_ref (constant));
  g_autoptr (PatronTable) table = patron_table_new_take ("three", all);
  g_autoptr (PatronReport) report = compare_columns (table, "what", "same");
  const PatronFigure *n = report->figures->pdata[1];
  g_assert_cmpstr (n->id, ==, "n_columns");
  g_assert_cmpfloat (n->value, ==, 1);
  g_assert_cmpfloat (find_cell (report, "p")->number, ==, find_cell (report, "p_adjusted")->number);
}

/* A run's second name is its first with a number. */
static void
test_names (void)
{
  g_assert_cmpstr (patron_ops_translate_name ("Compare groups 12"), ==, "Compare groups 12");
  g_assert_cmpstr (patron_ops_translate_name ("Compare groups of mine"), ==, "Compare groups of mine");
  g_assert_null (patron_ops_translate_name (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/compare/words", test_words);
  g_test_add_func ("/compare/constant", test_constant);
  g_test_add_func ("/compare/names", test_names);
  return g_test_run ();
}
