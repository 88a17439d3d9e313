/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

/* A report that uses every kind of value there is. */
static PatronReport *
sample_report (void)
{
  PatronReport *report = patron_report_new ("rfm");
  patron_report_set_title (report, patron_text ("Segments", NULL));
  patron_report_set_headline (report, patron_text ("{n} customers in {where}", "n", PATRON_COUNT (4372), "where", PATRON_STRING ("上海"), NULL));
  PatronFigure *figure = patron_report_add_figure (report, "share", patron_text ("Share", NULL), PATRON_FORMAT_PERCENT, 1.0 / 3);
  figure->low = 0.25;
  figure->high = INFINITY;
  figure->headline = TRUE;
  figure->note = patron_text_plain ("orders / all");
  patron_report_add_figure (report, "nothing", NULL, PATRON_FORMAT_NUMBER, NAN);
  patron_report_add_figure (report, "n_clusters", patron_text ("Groups", NULL), PATRON_FORMAT_COUNT, 5);
  patron_report_add_figure (report, "last", patron_text ("Last", NULL), PATRON_FORMAT_DATE, 15033);
  report->baseline = g_strdup ("majority");
  patron_report_add_baseline_figure (report, "share", NULL, PATRON_FORMAT_PERCENT, 0.2);

  patron_report_add_heading (report, patron_text ("Evidence", NULL));
  patron_report_add_text (report, patron_text ("Read it so.", NULL));
  PatronReportTable *table = patron_report_add_table (report, "segments", patron_text ("Segments", NULL));
  patron_report_table_set_caption (table, patron_text ("One row a segment.", NULL));
  patron_report_table_add_column (table, "name", patron_text ("Segment", NULL), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "revenue", patron_text ("Revenue", NULL), PATRON_FORMAT_MONEY)->bar = TRUE;
  patron_report_table_add_row (table);
  patron_report_table_add_string (table, "a \"quoted\" 名\nname");
  patron_report_table_add_number (table, 0.1);
  patron_report_table_add_row (table);
  patron_report_table_add_text (table, patron_text ("Champions", NULL));
  patron_report_table_add_formatted (table, PATRON_FORMAT_DATE, 15033);
  patron_report_table_add_row (table);
  patron_report_table_add_text (table, NULL);
  patron_report_table_add_number (table, -INFINITY);
  patron_report_table_add_row (table);

  PatronChart *chart = patron_chart_new ("map", PATRON_CHART_HEAT_MAP, patron_text ("Map", NULL));
  patron_axis_add_name (&chart->x, "x0");
  patron_axis_add_name (&chart->x, "x1");
  patron_axis_add_category (&chart->y, patron_text ("y0", NULL));
  patron_axis_set (&chart->value, PATRON_AXIS_LINEAR, PATRON_FORMAT_PERCENT, patron_text ("Share", NULL));
  patron_chart_set_cells (chart, 2, 1, (const double[]) { 0.5, NAN });
  patron_report_add_chart (report, chart);

  chart = patron_chart_new ("spread", PATRON_CHART_HISTOGRAM, NULL);
  patron_chart_set_caption (chart, patron_text ("How to read it", NULL));
  chart->x.min = -1;
  chart->y.zero = TRUE;
  patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, 2, (const double[]) { 0, 1, 2 }, (const double[]) { 3, 4 });
  PatronSeries *series = patron_chart_add_series (chart, patron_text ("Points", NULL), PATRON_SERIES_POINTS, 2, (const double[]) { 0, 1 },
                                                  (const double[]) { NAN, 4 });
  patron_series_set_box (series, (const double[]) { 1, 2 }, (const double[]) { 3, 4 }, (const double[]) { 0, 0 }, (const double[]) { 9, INFINITY });
  patron_series_set_groups (series, (const gint32[]) { 1, -1 });
  patron_series_add_label (series, "first");
  patron_series_add_label (series, "第二");
  patron_chart_add_group (chart, patron_text_plain ("group"));
  patron_chart_add_panel (chart, patron_text_plain ("left"));
  patron_chart_add_panel (chart, patron_text_plain ("right"));
  patron_series_set_sizes (series, (const double[]) { 2, NAN });
  series->panel = 1;
  series->colour = 3;
  patron_report_add_chart (report, chart);

  patron_report_add_note (report, patron_text ("A warning.", NULL));
  patron_report_add_dropped (report, patron_text ("missing customer", NULL), 11);
  patron_report_add_dropped (report, patron_text ("never", NULL), 0);
  report->recipe = g_strdup ("[recipe]\nversion=1\n");
  report->source = g_strdup ("orders.csv");
  report->seed = G_MAXUINT64;
  report->threads = 2;
  report->rows_read = 541909;
  report->rows_used = 541898;
  report->period_first = 14000.5;
  report->period_last = 15000;
  report->total_s = 0.1 + 0.2;
  report->peak_memory = 123456789;
  g_ptr_array_add (report->outputs, g_strdup ("report.pdf"));
  return report;
}

static void
test_lossless (void)
{
  g_autoptr(PatronReport) report = sample_report ();
  g_autofree char *saved = patron_report_save (report);
  g_autoptr(GError) error = NULL;
  g_autoptr(PatronReport) loaded = patron_report_load (saved, -1, &error);
  g_assert_no_error (error);
  g_autofree char *again = patron_report_save (loaded);
  g_assert_cmpstr (saved, ==, again);

  g_assert_cmpuint (loaded->seed, ==, G_MAXUINT64);
  g_assert_cmpint (loaded->created, ==, report->created);
  g_assert_cmpfloat (loaded->total_s, ==, 0.1 + 0.2);
  g_assert_cmpuint (loaded->dropped->len, ==, 1);
  const PatronFigure *figure = patron_report_find_figure (loaded, "share");
  g_assert_cmpfloat (figure->value, ==, 1.0 / 3);
  g_assert_true (isinf (figure->high) && figure->headline);
  g_assert_true (isnan (patron_report_find_figure (loaded, "nothing")->value));
  const PatronChart *chart = patron_report_find_chart (loaded, "spread");
  const PatronSeries *bars = chart->series->pdata[0], *points = chart->series->pdata[1];
  g_assert_cmpfloat (bars->x[2], ==, 2);
  g_assert_true (isnan (points->y[0]) && isinf (points->high[1]));
  g_assert_cmpint (points->group[1], ==, -1);
  g_assert_cmpstr (points->labels->pdata[1], ==, "第二");
  const PatronReportTable *table = patron_report_find_table (loaded, "segments");
  g_assert_cmpuint (table->rows->len, ==, 4);
  const char *expected[] = { "a \"quoted\" 名\nname", "0.10", "Champions", "2011-02-28", "", "-∞", "", "" };
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *cell = patron_cell_render (patron_report_table_cell (table, i / 2, i % 2));
      g_assert_cmpstr (cell, ==, expected[i]);
    }
}

static void
test_chart_copy (void)
{
  g_autoptr(PatronReport) report = sample_report ();
  const char *const ids[] = { "map", "spread" };
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      const PatronChart *chart = patron_report_find_chart (report, ids[i]);
      g_autoptr(PatronChart) copy = patron_chart_copy (chart);
      g_autofree char *texts[2] = { NULL, NULL };
      const PatronChart *both[] = { chart, copy };
      for (guint j = 0; j < 2; j++)
        {
          g_autoptr(JsonBuilder) builder = json_builder_new ();
          patron_chart_to_json (both[j], builder);
          g_autoptr(JsonNode) root = json_builder_get_root (builder);
          texts[j] = json_to_string (root, FALSE);
        }
      g_assert_cmpstr (texts[0], ==, texts[1]);
      g_free (texts[1]);
      texts[1] = NULL;
    }
}

static void
test_contract (void)
{
  g_autoptr(PatronReport) report = sample_report ();
  report->seed = 42;
  g_autoptr(JsonNode) root = patron_report_to_contract (report);
  g_autofree char *text = json_to_string (root, FALSE);
  const char *const parts[] = {
    "\"op\":\"rfm\"",
    "\"seed\":42,",
    "\"headline\":\"4,372 customers in 上海\"",
    "\"recipe\":\"[recipe]\\nversion=1\\n\"",
    "\"rows\":{\"read\":541909,\"used\":541898,\"dropped\":[{\"reason\":\"missing customer\",\"rows\":11}]}",
    "\"figures\":{\"share\":0.33333333333333331,\"nothing\":null,\"n_clusters\":5,\"last\":\"2011-02-28\"}",
    "\"total_s\":0.30000000000000004",
    "\"peak_memory_bytes\":123456789",
    "\"intervals\":{\"share\":[0.25,null]}",
    "\"baseline\":{\"op\":\"majority\",\"figures\":{\"share\":0.20000000000000001}}",
    "\"columns\":[\"name\",\"revenue\"]",
    "[\"Champions\",\"2011-02-28\"]",
    "\"marks\":[{\"x\":[\"x0\",\"x1\"],\"y\":[\"y0\"],\"value\":[[0.5,null]]}]",
    "\"notes\":[\"A warning.\"]",
    "\"outputs\":[\"report.pdf\"]",
  };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (text, parts[i]) == NULL)
      g_error ("not in the contract: %s\n%s", parts[i], text);
  report->baseline = (g_free (report->baseline), NULL);
  g_autoptr(JsonNode) without = patron_report_to_contract (report);
  g_assert_true (json_object_get_null_member (json_node_get_object (without), "baseline"));
}

static void
assert_refused (const char *json, gssize length)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PatronReport) report = patron_report_load (json, length, &error);
  g_assert_null (report);
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_DAMAGED);
}

/* The name of a file may be any bytes; the report that tells it is read again. */
static void
test_odd_names (void)
{
  g_autoptr(PatronReport) report = patron_report_new ("rfm");
  g_autoptr(GError) error = NULL;
  g_ptr_array_add (report->outputs, g_strdup ("\xff.csv"));
  g_autofree char *json = patron_report_save (report);
  g_autoptr(PatronReport) loaded = patron_report_load (json, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (loaded->outputs->len, ==, 1);
  g_assert_true (g_str_has_suffix (loaded->outputs->pdata[0], ".csv"));
}

static void
test_refused (void)
{
  const char *const inputs[] = {
    "", "{", "null", "[]", "7", "\"text\"", "{}", "{\"format\":1}", "{\"format\":1,\"op\":7}", "{\"format\":2,\"op\":\"rfm\",\"version\":\"9\"}",
    "{\"format\":1,\"op\":\"rfm\"}", "/* \" */ {}", "{\"format\":1,\"op\":\"rfm\",\"version\":\"1\",\"notes\":[7]}",
    "{\"format\":1,\"op\":\"rfm\",\"version\":\"1\",\"figures\":[null]}",
    "{\"format\":1,\"op\":\"rfm\",\"version\":\"1\",\"blocks\":[{\"kind\":\"chart\",\"chart\":{\"id\":\"c\",\"kind\":\"heat-map\","
    "\"n-x\":1000000,\"n-y\":1000000,\"cells\":[]}}]}",
    "{\"format\":1,\"op\":\"rfm\",\"version\":\"1\",\"blocks\":[{\"kind\":\"chart\",\"chart\":{\"id\":\"c\",\"kind\":\"line\","
    "\"series\":[{\"n\":3,\"x\":[1,2,3],\"y\":[1,2]}]}}]}",
    "{\"format\":1,\"op\":\"rfm\",\"version\":\"1\",\"blocks\":[{\"kind\":\"table\",\"id\":\"t\",\"columns\":[{\"id\":\"a\"}],\"rows\":[[1,2]]}]}",
    "{\"format\":1,\"op\":\"\xff\"}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    assert_refused (inputs[i], -1);
  g_autofree char *deep = g_strnfill (1000000, '[');
  assert_refused (deep, -1);
}

/* Damaged bytes are refused or read as some report; never a crash, a warning or a read past an end. */
static void
test_mutations (void)
{
  g_autoptr(PatronReport) report = sample_report ();
  g_autofree char *saved = patron_report_save (report);
  gsize length = strlen (saved);
  g_autoptr(GRand) random = g_rand_new_with_seed (20260101);
  static const char alphabet[] = "\"{}[]:,0-9e.\\nulltrue x\xc3";
  for (int round = 0; round < 3000; round++)
    {
      g_autofree char *copy = g_strndup (saved, length);
      gsize n = g_rand_int_range (random, 0, 4) == 0 ? (gsize) g_rand_int_range (random, 0, (gint32) length) : length;
      for (int change = g_rand_int_range (random, 1, 4); change > 0; change--)
        copy[g_rand_int_range (random, 0, (gint32) length)] = alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
      g_autoptr(GError) error = NULL;
      g_autoptr(PatronReport) loaded = patron_report_load (copy, (gssize) n, &error);
      g_assert_true ((loaded == NULL) == (error != NULL));
      if (loaded != NULL)
        {
          g_autoptr(JsonNode) contract = patron_report_to_contract (loaded);
          g_autofree char *again = patron_report_save (loaded);
          g_assert_nonnull (again);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/lossless", test_lossless);
  g_test_add_func ("/report/chart-copy", test_chart_copy);
  g_test_add_func ("/report/contract", test_contract);
  g_test_add_func ("/report/odd-names", test_odd_names);
  g_test_add_func ("/report/refused", test_refused);
  g_test_add_func ("/report/mutations", test_mutations);
  return g_test_run ();
}
