/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include "table/design.h"

#include <math.h>

/* Golden values: scikit-learn 1.2.1
 *   x = [1, 2, 4, 8, 16]; StandardScaler, RobustScaler, MinMaxScaler .fit_transform (x); SimpleImputer (strategy='median') */

static PatronTable *
make_table (void)
{
  static const double x[] = { 1, 2, 4, 8, 16 };
  static const char *const city[] = { "b", "a", "b", NULL, "c" };
  PatronColumnBuilder *numbers = patron_column_builder_new ("x", PATRON_TYPE_NUMBER);
  PatronColumnBuilder *gaps = patron_column_builder_new ("gaps", PATRON_TYPE_INTEGER);
  PatronColumnBuilder *cities = patron_column_builder_new ("city", PATRON_TYPE_CATEGORY);
  for (int i = 0; i < 5; i++)
    {
      patron_column_builder_append_number (numbers, x[i]);
      patron_column_builder_append_number (gaps, i == 2 ? NAN : x[i]);
      patron_column_builder_append_text (cities, city[i]);
    }
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, patron_column_builder_finish (numbers));
  g_ptr_array_add (columns, patron_column_builder_finish (gaps));
  g_ptr_array_add (columns, patron_column_builder_finish (cities));
  return patron_table_new_take ("t", columns);
}

static void
assert_column (const PatronMatrix *matrix, gsize j, const double *expected)
{
  for (gsize i = 0; i < matrix->n; i++)
    if (isnan (expected[i]))
      g_assert_true (isnan (matrix->values[j * matrix->n + i]));
    else
      g_assert_cmpfloat_with_epsilon (matrix->values[j * matrix->n + i], expected[i], 1e-12);
}

static PatronMatrix *
fit_apply (PatronTable *table, const char *const *features, PatronDesignOptions options, const guint32 *rows, gsize n_rows, PatronDesign **design)
{
  g_autoptr (GError) error = NULL;
  *design = patron_design_fit (table, features, &options, rows, n_rows, NULL, &error);
  g_assert_no_error (error);
  PatronMatrix *matrix = patron_design_apply (*design, table, NULL, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  return matrix;
}

static void
test_scales (void)
{
  static const double standard[] = { -0.9532062476387962, -0.7698973538621047, -0.4032795663087215, 0.3299560087980448, 1.7964271590115777 };
  static const double robust[] = { -0.5, -1.0 / 3, 0, 2.0 / 3, 2 };
  static const double minmax[] = { 0, 1.0 / 15, 3.0 / 15, 7.0 / 15, 1 };
  static const struct { PatronScale scale; const double *expected; } cases[] = {
    { PATRON_SCALE_ROBUST, robust }, { PATRON_SCALE_MINMAX, minmax }, { PATRON_SCALE_STANDARD, standard } };
  g_autoptr (PatronTable) table = make_table ();
  const char *const features[] = { "x", NULL };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PatronDesign) design = NULL;
      g_autoptr (PatronMatrix) matrix = fit_apply (table, features, (PatronDesignOptions) { .scale = cases[i].scale }, NULL, 0, &design);
      assert_column (matrix, 0, cases[i].expected);
    }
}

static void
test_indicators (void)
{
  g_autoptr (PatronTable) table = make_table ();
  const char *const features[] = { "city", "gaps", NULL };
  g_autoptr (PatronDesign) design = NULL;
  g_autoptr (PatronMatrix) matrix = fit_apply (table, features, (PatronDesignOptions) { PATRON_MISSING_IMPUTE, PATRON_ENCODE_INDICATORS, PATRON_SCALE_NONE }, NULL, 0, &design);
  /* Most frequent first, then by appearance; missing is a level of its own because training had some. */
  g_assert_cmpuint (matrix->p, ==, 5);
  g_assert_cmpstr (patron_design_column (design, 0)->name, ==, "city: b");
  g_assert_cmpstr (patron_design_column (design, 1)->name, ==, "city: a");
  g_assert_cmpstr (patron_design_column (design, 3)->name, ==, "city: (missing)");
  assert_column (matrix, 0, (const double[]) { 1, 0, 1, 0, 0 });
  assert_column (matrix, 3, (const double[]) { 0, 0, 0, 1, 0 });
  assert_column (matrix, 4, (const double[]) { 1, 2, 5, 8, 16 });
}

/* Only training rows are learnt from: what they have not met is unseen, and counted. */
static void
test_training_rows_only (void)
{
  g_autoptr (PatronTable) table = make_table ();
  const char *const features[] = { "city", "x", NULL };
  const guint32 train[] = { 0, 1 };
  const PatronDesignOptions options = { PATRON_MISSING_IMPUTE, PATRON_ENCODE_CONTRASTS, PATRON_SCALE_MINMAX };
  g_autoptr (PatronDesign) design = patron_design_fit (table, features, &options, train, 2, NULL, NULL);
  PatronDesignNotes notes;
  g_autoptr (PatronMatrix) matrix = patron_design_apply (design, table, NULL, 0, &notes, NULL, NULL);
  g_assert_cmpuint (matrix->p, ==, 2);
  g_assert_cmpuint (notes.n_unseen, ==, 1);
  g_assert_cmpuint (notes.n_missing, ==, 1);
  assert_column (matrix, 0, (const double[]) { 0, 1, 0, 0, 0 });
  assert_column (matrix, 1, (const double[]) { 0, 1, 3, 7, 15 });
}

static void
test_codes (void)
{
  g_autoptr (PatronTable) table = make_table ();
  const char *const features[] = { "city", NULL };
  g_autoptr (PatronDesign) design = NULL;
  g_autoptr (PatronMatrix) matrix = fit_apply (table, features, (PatronDesignOptions) { PATRON_MISSING_NATIVE, PATRON_ENCODE_CODES, PATRON_SCALE_NONE }, NULL, 0, &design);
  g_assert_true (patron_design_is_categorical (design, 0));
  assert_column (matrix, 0, (const double[]) { 0, 1, 0, NAN, 2 });
}

static void
test_save (void)
{
  g_autoptr (PatronTable) table = make_table ();
  const char *const features[] = { "city", "gaps", "x", NULL };
  g_autoptr (PatronDesign) design = NULL;
  g_autoptr (PatronMatrix) matrix = fit_apply (table, features, (PatronDesignOptions) { PATRON_MISSING_IMPUTE, PATRON_ENCODE_INDICATORS, PATRON_SCALE_STANDARD }, NULL, 0, &design);
  PatronVisitor *save = patron_visitor_new_save ();
  patron_design_visit (&design, save);
  g_autoptr (GBytes) bytes = patron_visitor_finish (save, NULL);
  PatronVisitor *load = patron_visitor_new_load (bytes);
  g_autoptr (PatronDesign) loaded = NULL;
  patron_design_visit (&loaded, load);
  g_autoptr (GError) error = NULL;
  patron_visitor_finish (load, &error);
  g_assert_no_error (error);
  g_autoptr (PatronMatrix) again = patron_design_apply (loaded, table, NULL, 0, NULL, NULL, NULL);
  g_assert_cmpmem (matrix->values, matrix->n * matrix->p * sizeof (double), again->values, again->n * again->p * sizeof (double));
}

static void
test_wrong_kind (void)
{
  g_autoptr (PatronTable) table = make_table ();
  const char *const features[] = { "x", NULL };
  g_autoptr (PatronDesign) design = NULL;
  g_autoptr (PatronMatrix) matrix = fit_apply (table, features, (PatronDesignOptions) { 0 }, NULL, 0, &design);
  g_autoptr (PatronTable) without = patron_table_without (table, "x");
  g_autoptr (PatronColumn) text = patron_column_rename (patron_table_find (table, "city"), "x");
  g_autoptr (PatronTable) other = patron_table_with_column (without, text);
  g_autoptr (GError) error = NULL;
  g_assert_null (patron_design_apply (design, other, NULL, 0, NULL, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, "“x”"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/design/scales", test_scales);
  g_test_add_func ("/table/design/indicators", test_indicators);
  g_test_add_func ("/table/design/training-rows-only", test_training_rows_only);
  g_test_add_func ("/table/design/codes", test_codes);
  g_test_add_func ("/table/design/save", test_save);
  g_test_add_func ("/table/design/wrong-kind", test_wrong_kind);
  return g_test_run ();
}
