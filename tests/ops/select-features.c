/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden values: scipy 1.10.1, f_oneway, chi2_contingency (correction=False), corrcoef; statsmodels, multipletests (fdr_bh). */
#include "ops/prepare.h"

#include "report/report.h"

#define Y \
  "yes yes no yes yes yes yes no yes yes no no yes no no yes no yes no yes no no no yes no yes yes yes no yes yes no no yes yes no" \
  " yes no no no yes yes no yes yes no yes yes no yes yes no yes no yes yes yes no no no"

#define GOOD \
  "3.096 1.69 0.726 3.549 2.63 2.073 2.732 -0.643 1.822 1.426 -0.204 -0.486 1.814 -0.381 0.089 2.064 0.296 3.403 -1.547 3.296 -0.237" \
  " -1.232 -0.172 2.092 1.068 0.938 2.217 2.118 -1.684 0.814 2.6 0.696 1.088 2.534 2.395 0.123 3.209 -0.843 -0.142 0.385 0.423 3.311" \
  " -0.793 1.928 4.157 -0.829 1.471 3.562 -1.08 1.568 2.516 0.455 2.594 0.371 3.345 3.016 2.595 -0.683 -0.714 -1.908"

#define WEAK \
  "1.307 -1.203 0.879 2.466 -0.442 -0.064 0.144 0.83 -0.243 0.489 -0.523 -0.251 1.911 -0.964 0.072 0.892 0.859 -0.644 1.115 1.055" \
  " 0.874 0.072 -1.639 -0.027 0.818 0.657 0.571 2.412 2.202 0.583 2.553 -1.994 -2.049 1.487 0.358 0.579 1.137 -0.089 0.682 0.151" \
  " -0.912 0.839 0.186 2.453 -0.509 0.017 0.196 0.487 1.659 0.999 0.155 0.154 1.386 -0.994 0.356 2.162 1.476 -0.045 -0.477 -0.154"

#define NOISE \
  "-1.551 0.943 0.341 0.138 -1.297 -0.715 0.514 0.258 -0.497 0.505 0.939 -0.675 -0.531 -0.87 -1.155 0.797 0.51 0.339 -1.172 -1.046" \
  " -0.068 -0.413 0.12 -0.699 0.654 1.799 1.547 1.61 0.071 0.922 -0.377 0.92 -0.378 -0.489 -0.644 0.699 0.275 0.186 -1.14 0.142" \
  " -1.441 1.477 -0.132 0.194 -0.105 -1.584 -1.372 -0.028 1.492 -1.115 -0.705 -0.047 -1.687 -1.697 -0.411 -0.045 -0.391 1.534 -0.164" \
  " 0.36"

#define COPY \
  "6.272 3.465 1.373 7.079 5.318 4.077 5.418 -1.351 3.576 2.795 -0.399 -0.909 3.704 -0.761 0.079 4.125 0.575 6.824 -3.1 6.502 -0.453" \
  " -2.567 -0.379 4.2 2.154 1.955 4.316 4.253 -3.334 1.612 5.232 1.337 2.209 5.095 4.741 0.213 6.409 -1.719 -0.232 0.779 0.912 6.681" \
  " -1.583 3.846 8.267 -1.698 2.902 7.141 -2.204 3.14 5.042 0.885 5.179 0.814 6.771 5.993 5.18 -1.385 -1.442 -3.739"

#define CAT \
  "p p q p p p p q p p q q p q q q q p q p q q q p p p p p q p q q q p p q p q q p p q q p q p p q q p p q p q q p p q q q"

#define SPARSE \
  "1.38 - - - - 0.83 - - - - -0.0 - - - - -1.36 - - - - 1.73 - - - - 1.03 - - - - 1.11 - - - - 0.29 - - - - 1.32 - - - - 0.59 - - - -" \
  " 0.65 - - - - -0.91 - - - -"

static PatronTable *
make_table (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("y", PATRON_TYPE_CATEGORY, Y));
  g_ptr_array_add (columns, prepare_column ("good", PATRON_TYPE_NUMBER, GOOD));
  g_ptr_array_add (columns, prepare_column ("weak", PATRON_TYPE_NUMBER, WEAK));
  g_ptr_array_add (columns, prepare_column ("noise", PATRON_TYPE_NUMBER, NOISE));
  g_ptr_array_add (columns, prepare_column ("copy", PATRON_TYPE_NUMBER, COPY));
  g_ptr_array_add (columns, prepare_column ("cat", PATRON_TYPE_CATEGORY, CAT));
  g_ptr_array_add (columns, prepare_column ("sparse", PATRON_TYPE_NUMBER, SPARSE));
  PatronColumnBuilder *id = patron_column_builder_new ("id", PATRON_TYPE_INTEGER), *same = patron_column_builder_new ("same", PATRON_TYPE_NUMBER);
  PatronColumnBuilder *name = patron_column_builder_new ("name", PATRON_TYPE_TEXT);
  for (int i = 0; i < 60; i++)
    {
      g_autofree char *text = g_strdup_printf ("customer %d", i);
      patron_column_builder_append_int64 (id, 1000 + (i * 7) % 60);
      patron_column_builder_append_number (same, i == 5 ? 2 : 1);
      patron_column_builder_append_text (name, text);
    }
  g_ptr_array_add (columns, patron_column_builder_finish (id));
  g_ptr_array_add (columns, patron_column_builder_finish (same));
  g_ptr_array_add (columns, patron_column_builder_finish (name));
  return patron_table_new_take ("t", columns);
}

static char *
column_names (PatronTable *table)
{
  GString *names = g_string_new (NULL);
  for (guint c = 0; c < patron_table_n_columns (table); c++)
    g_string_append_printf (names, "%s%s", c > 0 ? " " : "", patron_column_get_name (patron_table_column (table, c)));
  return g_string_free (names, FALSE);
}

static void
assert_kept (const char *settings, const char *expected)
{
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) result = prepare_run (table, "select-features", settings, NULL);
  g_autofree char *names = column_names (result);
  g_assert_cmpstr (names, ==, expected);
}

static char *
cell_text (PatronReport *report, guint row, guint column)
{
  return patron_cell_render (patron_report_table_cell (patron_report_find_table (report, "features"), row, column));
}

static void
test_reasons (void)
{
  static const char *const reasons[] = { "says the same as copy (correlation 0.9999)", "kept", "tells too little about the target", "kept", "kept",
                                         "80.0% of its values are missing", "an identifier: nearly every row has its own value",
                                         "one value stands in 98.3% of the rows", "an identifier: nearly every row has its own value" };
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) result = prepare_run (table, "select-features", "target=y", &outcome);
  g_autofree char *names = column_names (result);
  g_assert_cmpstr (names, ==, "y weak copy cat");
  for (guint k = 0; k < G_N_ELEMENTS (reasons); k++)
    {
      g_autofree char *found = cell_text (outcome->report, k, 2);
      g_assert_cmpstr (found, ==, reasons[k]);
    }
  g_autofree char *verdict = cell_text (outcome->report, 3, 1);
  g_assert_cmpstr (verdict, ==, "● important");
  g_autofree char *unimportant = cell_text (outcome->report, 2, 1);
  g_assert_cmpstr (unimportant, ==, "○ unimportant");
  patron_step_outcome_free (outcome);
}

static void
test_scores (void)
{
  static const double p[] = { 1.5361501352194982e-17, 0.016742598592765327, 0.7465810344422625, 1.5361501352194982e-17, 8.41895371505871e-08 };
  static const double effect[] = { 0.7258154442259158, 0.10089750243989536, 0.0018143930242334187, 0.7274265367802278, 0.7035264706814485 };
  g_autoptr (PatronTable) table = make_table ();
  PatronStepOutcome *outcome;
  g_autoptr (PatronTable) result = prepare_run (table, "select-features", "columns=good;weak;noise;copy;cat\ntarget=y\nmax-correlation=1", &outcome);
  g_autofree char *names = column_names (result);
  g_assert_cmpstr (names, ==, "y good weak copy cat sparse id same name");
  for (guint k = 0; k < 5; k++)
    {
      g_assert_cmpfloat (fabs (prepare_cell (outcome->report, "features", k, "p") / p[k] - 1), <, 1e-10);
      g_assert_cmpfloat (fabs (prepare_cell (outcome->report, "features", k, "effect") - effect[k]), <, 1e-12);
    }
  patron_step_outcome_free (outcome);
}

static void
test_choices (void)
{
  assert_kept ("max-missing=0.9\nmax-share=1\nidentifiers=no\nmax-correlation=1", "y good weak noise copy cat sparse id same name");
  assert_kept ("", "y good weak noise cat");
  assert_kept ("target=y\nmost=1", "y copy");
  assert_kept ("target=y\nkeep=important\nalpha=0.01", "y copy cat");
  assert_kept ("target=y\nkeep=marginal\nalpha=0.01", "y weak copy cat");
  assert_kept ("target=y\nkeep=all", "y weak noise copy cat");
  assert_kept ("target=y\nscore=importance\nkeep=important", "y copy cat");
  assert_kept ("target=weak\ncolumns=noise;sparse\nkeep=all\nmax-missing=0.9", "y good weak noise copy cat sparse id same name");
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronTable) result = prepare_run (table, "select-features", "target=y\nscore=information\nkeep=important", NULL);
  g_assert_nonnull (patron_table_find (result, "copy"));
  g_assert_nonnull (patron_table_find (result, "cat"));
  prepare_fails (table, "select-features", "target=y\ncolumns=y;good", "target");
}

/* What is learnt from some rows does not depend on the others, and the same columns go from a new file. */
static void
test_rows (void)
{
  guint32 rows[50];
  for (guint i = 0; i < 50; i++)
    rows[i] = i;
  g_autoptr (PatronTable) table = make_table ();
  g_autoptr (PatronReport) report = patron_report_new ("select-features");
  PatronColumn *columns[] = { prepare_column ("copy", PATRON_TYPE_NUMBER, "1 2"), prepare_column ("noise", PATRON_TYPE_NUMBER, "1 2"),
                              prepare_column ("new", PATRON_TYPE_NUMBER, "1 2") };
  g_autoptr (PatronTable) fresh = patron_table_new ("new", columns, 3, 2);
  g_autoptr (PatronTable) scored = prepare_score (table, rows, 50, fresh, "select-features", "target=y", report);
  g_autofree char *names = column_names (scored);
  g_assert_cmpstr (names, ==, "copy new");
  for (guint k = 0; k < 3; k++)
    patron_column_unref (columns[k]);
}

/* A table keeps a column, whatever is wrong with all of them. */
static void
test_nothing_left (void)
{
  GPtrArray *columns = g_ptr_array_new ();
  g_ptr_array_add (columns, prepare_column ("a", PATRON_TYPE_INTEGER, "1 1 1 1"));
  g_ptr_array_add (columns, prepare_column ("b", PATRON_TYPE_CATEGORY, "x x x x"));
  g_autoptr (PatronTable) table = patron_table_new_take ("same", columns);
  prepare_fails (table, "select-features", "", "at least one that varies");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  patron_init ();
  g_test_add_func ("/select-features/reasons", test_reasons);
  g_test_add_func ("/select-features/scores", test_scores);
  g_test_add_func ("/select-features/choices", test_choices);
  g_test_add_func ("/select-features/rows", test_rows);
  g_test_add_func ("/select-features/nothing-left", test_nothing_left);
  return g_test_run ();
}
