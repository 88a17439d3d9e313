/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/init.h"
#include "ops/registry.h"
#include "project/engine.h"

#include <math.h>
#include <string.h>

/* Trying a prepare step: its parameters are "key=value" by lines. */

static inline PatronStep *
prepare_step (const char *op, const char *settings)
{
  PatronStep *step = patron_step_new (patron_ops_find (op));
  g_auto (GStrv) lines = g_strsplit (settings, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      char *equals = strchr (*line, '=');
      if (equals == NULL)
        continue;
      *equals = '\0';
      const PatronParam *param = patron_params_find (step->op->params, *line);
      g_autoptr (GError) error = NULL;
      g_test_message ("%s: %s = %s", op, *line, equals + 1);
      g_assert_nonnull (param);
      patron_param_parse (param, equals + 1, step->params, &error);
      g_assert_no_error (error);
    }
  return step;
}

/* The outcome of one step on all rows; *outcome (optional) is to be freed. */
static inline PatronTable *
prepare_try (PatronTable *table, const char *op, const char *settings, int threads, PatronStepOutcome **outcome, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_step_free);
  g_autoptr (GPtrArray) outcomes = NULL;
  g_autoptr (PatronRun) run = patron_run_new (1, threads);
  g_ptr_array_add (steps, prepare_step (op, settings));
  PatronTable *result = patron_engine_prepare_table (table, steps, NULL, NULL, run, &outcomes, error);
  if (outcome != NULL)
    *outcome = outcomes->len > 0 ? g_ptr_array_steal_index (outcomes, 0) : NULL;
  return result;
}

static inline PatronTable *
prepare_run (PatronTable *table, const char *op, const char *settings, PatronStepOutcome **outcome)
{
  g_autoptr (GError) error = NULL;
  PatronTable *result = prepare_try (table, op, settings, 2, outcome, &error);
  g_assert_no_error (error);
  return result;
}

/* It fails with one sentence that holds the words. */
static inline void
prepare_fails (PatronTable *table, const char *op, const char *settings, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronTable) result = prepare_try (table, op, settings, 1, NULL, &error);
  g_assert_null (result);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

/* Learns from the rows given, applies to another table as when a new file is scored. */
static inline PatronTable *
prepare_score (PatronTable *table, const guint32 *rows, gsize n_rows, PatronTable *new_table, const char *op, const char *settings,
               PatronReport *report)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PatronRun) run = patron_run_new (1, 2);
  PatronStep *step = prepare_step (op, settings);
  const PatronPrepareInput known = { .table = table, .rows = rows, .n_rows = n_rows };
  const PatronPrepareInput scored = { .table = new_table, .rows = (guint32[]) { 0 }, .n_rows = 0 };
  g_autofree char *learnt = step->op->prepare->learn (&known, step->params, run, &error);
  g_assert_no_error (error);
  PatronTable *result = step->op->prepare->apply (&scored, step->params, learnt, run, report, &error);
  g_assert_no_error (error);
  patron_step_free (step);
  return result;
}

/* A column's values, space by space: "1 2.5 - north". */
static inline char *
prepare_values (PatronTable *table, const char *name)
{
  PatronColumn *column = patron_table_find (table, name);
  g_assert_nonnull (column);
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < patron_column_get_length (column); i++)
    {
      g_autofree char *value = patron_column_is_missing (column, i) ? g_strdup ("-") : patron_column_format (column, i);
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", value);
    }
  return g_string_free (text, FALSE);
}

#define assert_values(table, name, expected)                        \
  G_STMT_START                                                      \
  {                                                                 \
    g_autofree char *found_values = prepare_values (table, name);   \
    g_assert_cmpstr (found_values, ==, expected);                   \
  }                                                                 \
  G_STMT_END

static inline void
assert_numbers (PatronTable *table, const char *name, const double *expected, gsize n, double tolerance)
{
  PatronColumn *column = patron_table_find (table, name);
  g_assert_nonnull (column);
  g_assert_cmpuint (patron_column_get_length (column), >=, n);
  g_autofree double *found = g_new (double, n);
  g_assert_true (patron_column_read_doubles (column, 0, n, found, NULL));
  for (gsize i = 0; i < n; i++)
    if (isnan (expected[i]))
      g_assert_true (isnan (found[i]));
    else
      g_assert_cmpfloat (fabs (found[i] - expected[i]), <=, tolerance * fmax (1, fabs (expected[i])));
}

/* A column of values separated by spaces; "-" is missing. */
static inline PatronColumn *
prepare_column (const char *name, PatronType type, const char *values)
{
  PatronColumnBuilder *builder = patron_column_builder_new (name, type);
  g_auto (GStrv) parts = g_strsplit (values, " ", -1);
  for (char **part = parts; *part != NULL; part++)
    if (g_str_equal (*part, "-"))
      patron_column_builder_append_missing (builder);
    else if (type == PATRON_TYPE_TEXT || type == PATRON_TYPE_CATEGORY)
      patron_column_builder_append_text (builder, *part);
    else if (type == PATRON_TYPE_INTEGER)
      patron_column_builder_append_int64 (builder, g_ascii_strtoll (*part, NULL, 10));
    else
      patron_column_builder_append_number (builder, g_ascii_strtod (*part, NULL));
  return patron_column_builder_finish (builder);
}

static inline double
prepare_cell (PatronReport *report, const char *table, guint row, const char *column)
{
  const PatronReportTable *found = patron_report_find_table (report, table);
  g_assert_nonnull (found);
  for (guint c = 0; c < found->columns->len; c++)
    if (g_str_equal (g_array_index (found->columns, PatronReportColumn, c).id, column))
      return patron_report_table_cell (found, row, c)->number;
  g_assert_not_reached ();
}
