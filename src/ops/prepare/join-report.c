/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/prepare/join-report.h"

#include <glib/gi18n-lib.h>

enum { MAX_EXAMPLES = 10 };

/* The key of a row: "4711" or "4711 · web". */
static char *
key_text (const GPtrArray *columns, guint32 row)
{
  GString *text = g_string_new (NULL);
  for (guint k = 0; k < columns->len; k++)
    {
      g_autofree char *value = patron_column_format (columns->pdata[k], row);
      g_string_append_printf (text, "%s%s", k > 0 ? " · " : "", value);
    }
  return g_string_free (text, FALSE);
}

static void
add_side (PatronReportTable *table, const char *name, gsize rows, gsize matched, gsize missing, gsize keys)
{
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, name);
  patron_report_table_add_number (table, (double) rows);
  patron_report_table_add_number (table, (double) matched);
  patron_report_table_add_number (table, (double) (rows - matched));
  patron_report_table_add_number (table, (double) missing);
  patron_report_table_add_number (table, (double) keys);
}

static void
add_sides (const PatronJoinCounts *counts, PatronTable *here, PatronTable *there, PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "match", patron_text (N_("What matches"), NULL));
  patron_report_table_add_column (table, "table", patron_text (N_("Table"), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "rows", patron_text (N_("Rows"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "matched", patron_text (N_("Matched"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "only", patron_text (N_("Without a match"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "missing", patron_text (N_("With a missing key"), NULL), PATRON_FORMAT_COUNT);
  patron_report_table_add_column (table, "keys", patron_text (N_("Different keys"), NULL), PATRON_FORMAT_COUNT);
  add_side (table, patron_table_get_name (here), counts->left_rows, counts->left_matched, counts->left_missing, counts->left_keys);
  add_side (table, patron_table_get_name (there), counts->right_rows, counts->right_matched, counts->right_missing, counts->right_keys);
}

/* Of each table, the rows with and without a match. */
static void
add_match_chart (const PatronJoinCounts *counts, PatronTable *here, PatronTable *there, PatronReport *report)
{
  PatronChart *chart = patron_chart_new ("match", PATRON_CHART_BAR, patron_text (N_("Rows with and without a match"), NULL));
  const double matched[2] = { (double) counts->left_matched, (double) counts->right_matched };
  const double alone[2] = { (double) (counts->left_rows - counts->left_matched), (double) (counts->right_rows - counts->right_matched) };
  chart->horizontal = TRUE;
  chart->stacked = TRUE;
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_COUNT, patron_text (N_("Rows"), NULL));
  chart->x.zero = TRUE;
  patron_axis_set (&chart->y, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  patron_axis_add_name (&chart->y, patron_table_get_name (here));
  patron_axis_add_name (&chart->y, patron_table_get_name (there));
  patron_chart_add_series (chart, patron_text (N_("Matched"), NULL), PATRON_SERIES_BARS, 2, NULL, matched);
  patron_chart_add_series (chart, patron_text (N_("Without a match"), NULL), PATRON_SERIES_BARS, 2, NULL, alone);
  patron_report_add_chart (report, chart);
}

static void
add_examples (const PatronJoin *join, PatronTable *here, PatronTable *there, const GPtrArray *left, const GPtrArray *right, PatronReport *report)
{
  guint32 left_rows[MAX_EXAMPLES], right_rows[MAX_EXAMPLES];
  guint n_left = patron_join_examples (join, FALSE, MAX_EXAMPLES, left_rows), n_right = patron_join_examples (join, TRUE, MAX_EXAMPLES, right_rows);
  if (n_left + n_right == 0)
    return;
  PatronReportTable *table = patron_report_add_table (report, "unmatched", patron_text (N_("Keys without a match, the first ones"), NULL));
  patron_report_table_add_column (table, "here", patron_text (N_("Only in {table}"), "table", PATRON_STRING (patron_table_get_name (here)), NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "there", patron_text (N_("Only in {table}"), "table", PATRON_STRING (patron_table_get_name (there)), NULL), PATRON_FORMAT_TEXT);
  for (guint i = 0; i < MAX (n_left, n_right); i++)
    {
      g_autofree char *a = i < n_left ? key_text (left, left_rows[i]) : g_strdup (""), *b = i < n_right ? key_text (right, right_rows[i]) : g_strdup ("");
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, a);
      patron_report_table_add_string (table, b);
    }
}

void
patron_join_tell (const PatronJoin *join, PatronTable *here, PatronTable *there, const GPtrArray *left, const GPtrArray *right, PatronReport *report)
{
  const PatronJoinCounts *counts = patron_join_counts (join);
  patron_report_add_note (report, patron_text (N_("{left} of {left_rows} rows here match; {right} of {right_rows} rows of {table} do."), "left",
                                               PATRON_COUNT (counts->left_matched), "left_rows", PATRON_COUNT (counts->left_rows), "right",
                                               PATRON_COUNT (counts->right_matched), "right_rows", PATRON_COUNT (counts->right_rows), "table",
                                               PATRON_STRING (patron_table_get_name (there)), NULL));
  if (counts->most_left > 1 && counts->most_right > 1)
    patron_report_add_note (report, patron_text (N_("Keys repeat on both sides (up to {left} rows here and {right} there with the same key), so that every such row here "
                                                    "meets every one there."),
                                                 "left", PATRON_COUNT (counts->most_left), "right", PATRON_COUNT (counts->most_right), NULL));
  else if (counts->most_right > 1)
    patron_report_add_note (report, patron_text (N_("Keys repeat in {table} (up to {right} rows with the same key), so that rows here are repeated."), "table",
                                                 PATRON_STRING (patron_table_get_name (there)), "right", PATRON_COUNT (counts->most_right), NULL));
  patron_report_add_figure (report, "matched", patron_text (N_("Rows here that match"), NULL), PATRON_FORMAT_COUNT, (double) counts->left_matched);
  patron_report_add_figure (report, "left_only", patron_text (N_("Rows here without a match"), NULL), PATRON_FORMAT_COUNT,
                            (double) (counts->left_rows - counts->left_matched));
  patron_report_add_figure (report, "right_only", patron_text (N_("Rows there without a match"), NULL), PATRON_FORMAT_COUNT,
                            (double) (counts->right_rows - counts->right_matched));
  patron_report_add_figure (report, "pairs", patron_text (N_("Pairs of matching rows"), NULL), PATRON_FORMAT_COUNT, (double) counts->pairs);
  add_match_chart (counts, here, there, report);
  add_sides (counts, here, there, report);
  add_examples (join, here, there, left, right, report);
}
