/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: the formulas of scikit-learn's TargetEncoder (smooth="auto" and smooth=10) computed with pandas 1.5.3. */
#include "ops/prepare.h"

#include "base/memory.h"
#include "base/random.h"
#include "report/report.h"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("c", PATRON_TYPE_CATEGORY, "a b a c b a - a b c a b c a"));
  g_ptr_array_add (columns, prepare_column ("y", PATRON_TYPE_CATEGORY, "Yes No Yes No No Yes Yes No Yes No Yes No No Yes"));
  g_ptr_array_add (columns, prepare_column ("z", PATRON_TYPE_NUMBER, "3.5 2 8 1 4 9 2.5 7 3 0.5 6 2 1.5 10"));
  return patron_table_new_take ("t", columns);
}

static PatronTable *
new_table (void)
{
  PatronColumn *column = prepare_column ("c", PATRON_TYPE_TEXT, "c x - a b");
  PatronTable *table = patron_table_new ("new", &column, 1, 5);
  patron_column_unref (column);
  return table;
}

static void
check_target (const char *settings, const double *expected, const char *target)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) fresh = new_table ();
  g_autoptr (PatronReport) report = patron_report_new ("encode");
  g_autofree char *all = g_strdup_printf ("columns=c\nmethod=target\ntarget=%s\n%s", target, settings);
  g_autoptr (PatronTable) scored = prepare_score (table, NULL, 0, fresh, "encode", all, report);
  assert_numbers (scored, "c", expected, 5, 1e-13);
  g_assert_cmpuint (report->notes->len, ==, 1);
}

/* A new file gets the means of all rows learnt from; new values the overall mean. */
static void
test_means (void)
{
  check_target ("", (double[]) { 0, 0.5, 1, 0.8050847457627119, 0.2894736842105263 }, "y");
  check_target ("smoothing=10", (double[]) { 0.38461538461538464, 0.5, 0.5454545454545454, 0.625, 0.42857142857142855 }, "y");
  check_target ("", (double[]) { 1.019866732477789, 4.285714285714286, 2.5, 7.026001506294158, 2.7783680043867163 }, "z");
  check_target ("unknown=missing", (double[]) { 0, NAN, 1, 0.8050847457627119, 0.2894736842105263 }, "y");
}

/* What a row learnt from becomes does not depend on its own target. */
static void
test_own_target (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) encoded = prepare_run (table, "encode", "columns=c\nmethod=target\ntarget=z\nfolds=3", NULL);
  const double *before = patron_column_doubles (patron_table_find (encoded, "c"), NULL);
  for (gsize row = 0; row < 14; row++)
    {
      double *changed = patron_try_alloc (14, sizeof *changed, "z", NULL);
      g_assert_true (patron_column_read_doubles (patron_table_find (table, "z"), 0, 14, changed, NULL));
      changed[row] += 1000;
      g_autoptr (PatronColumn) column = patron_column_new_take ("z", PATRON_TYPE_NUMBER, 14, changed, NULL);
      g_autoptr (PatronTable) other = patron_table_with_column (table, column);
      g_autoptr (PatronTable) again = prepare_run (other, "encode", "columns=c\nmethod=target\ntarget=z\nfolds=3", NULL);
      const double *after = patron_column_doubles (patron_table_find (again, "c"), NULL);
      gsize moved = 0;
      for (gsize i = 0; i < 14; i++)
        moved += after[i] != before[i];
      g_assert_cmpfloat (fabs (after[row] - before[row]), <, 1e-9);
      g_assert_cmpuint (moved, >, 0);
    }
}

/* On noise, a column with many values looks telling when rows see their own target, and must not here. */
static void
test_noise (void)
{
  enum { N = 4000 };
  PatronRandom random;
  patron_random_init (&random, 9, 0);
  PatronColumnBuilder *code = patron_column_builder_new ("code", PATRON_TYPE_CATEGORY), *target = patron_column_builder_new ("y", PATRON_TYPE_NUMBER);
  for (int i = 0; i < N; i++)
    {
      g_autofree char *name = g_strdup_printf ("v%d", (int) patron_random_below (&random, 800));
      patron_column_builder_append_text (code, name);
      patron_column_builder_append_number (target, patron_random_normal (&random));
    }
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, patron_column_builder_finish (code));
  g_ptr_array_add (columns, patron_column_builder_finish (target));
  g_autoptr (PatronTable) table = patron_table_new_take ("noise", columns);
  g_autoptr (PatronTable) encoded = prepare_run (table, "encode", "columns=code\nmethod=target\ntarget=y\nsmoothing=1", NULL);
  const double *x = patron_column_doubles (patron_table_find (encoded, "code"), NULL),
               *y = patron_column_doubles (patron_table_find (encoded, "y"), NULL);
  double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;
  for (int i = 0; i < N; i++)
    {
      sx += x[i];
      sy += y[i];
      xx += x[i] * x[i];
      yy += y[i] * y[i];
      xy += x[i] * y[i];
    }
  double r = (xy - sx * sy / N) / sqrt ((xx - sx * sx / N) * (yy - sy * sy / N));
  g_test_message ("correlation %g", r);
  g_assert_cmpfloat (fabs (r), <, 0.06);   /* about 0.4 when each row sees its own target */
}

static void
test_indicators (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) all = prepare_run (table, "encode", "columns=c", NULL);
  g_assert_null (patron_table_find (all, "c"));
  assert_values (all, "c: a", "true false true false false true false true false false true false false true");
  assert_values (all, "c: missing", "false false false false false false true false false false false false false false");
  g_assert_null (patron_table_find (all, "c: other"));
  g_autoptr (PatronTable) few = prepare_run (table, "encode", "columns=c\nmax-levels=2\ndrop-first=yes\nkeep=yes", NULL);
  g_assert_nonnull (patron_table_find (few, "c"));
  g_assert_null (patron_table_find (few, "c: a"));
  assert_values (few, "c: b", "false true false false true false false false true false false true false false");
  assert_values (few, "c: other", "false false false true false false false false false true false false true false");

  /* A new file has the same columns, whatever it holds. */
  g_autoptr (PatronTable) fresh = new_table ();
  g_autoptr (PatronReport) report = patron_report_new ("encode");
  g_autoptr (PatronTable) scored = prepare_score (table, NULL, 0, fresh, "encode", "columns=c", report);
  g_assert_cmpuint (patron_table_n_columns (scored), ==, 4);
  assert_values (scored, "c: c", "true false false false false");
  assert_values (scored, "c: missing", "false false true false false");
}

static void
test_orders (void)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) by_name = prepare_run (table, "encode", "columns=c\nmethod=ordinal", NULL);
  assert_values (by_name, "c", "0 1 0 2 1 0 - 0 1 2 0 1 2 0");
  g_autoptr (PatronTable) given = prepare_run (table, "encode", "columns=c\nmethod=ordinal\norder=c; b\nsuffix= rank", NULL);
  assert_values (given, "c rank", "2 1 2 0 1 2 - 2 1 0 2 1 0 2");
  g_autoptr (PatronTable) share = prepare_run (table, "encode", "columns=c\nmethod=frequency", NULL);
  assert_numbers (share, "c", (double[]) { 6 / 14.0, 4 / 14.0, 6 / 14.0, 3 / 14.0 }, 4, 1e-15);
  g_autoptr (PatronTable) count = prepare_run (table, "encode", "columns=c\nmethod=count\nrare=0.25", NULL);
  assert_values (count, "c", "6 4 6 3 4 6 1 6 4 3 6 4 3 6");
  g_assert_cmpint (patron_column_get_type (patron_table_find (count, "c")), ==, PATRON_TYPE_INTEGER);
}

static void
test_errors (void)
{
  g_autoptr (PatronTable) table = make_table ();
  prepare_fails (table, "encode", "columns=c\nmethod=target\ntarget=c", "own mean");
  prepare_fails (table, "encode", "columns=y\nmethod=target\ntarget=c", "two classes");
  prepare_fails (table, "encode", "columns=nothere", "nothere");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/encode/means", test_means);
  g_test_add_func ("/encode/own-target", test_own_target);
  g_test_add_func ("/encode/noise", test_noise);
  g_test_add_func ("/encode/indicators", test_indicators);
  g_test_add_func ("/encode/orders", test_orders);
  g_test_add_func ("/encode/errors", test_errors);
  return g_test_run ();
}
