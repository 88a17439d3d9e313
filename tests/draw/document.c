/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/document.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N_WIDE 24
#define N_LONG 80

static PatronChart *
sample_chart (void)
{
  PatronChart *chart = patron_chart_new ("bars", PATRON_CHART_BAR, patron_text_plain ("收入 <by> segment"));
  const char *const names[] = { "重要价值客户", "Loyal & true", "At risk" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    patron_axis_add_name (&chart->y, names[i]);
  patron_axis_set (&chart->x, PATRON_AXIS_LINEAR, PATRON_FORMAT_MONEY, patron_text_plain ("收入"));
  chart->horizontal = TRUE;
  chart->value_labels = TRUE;
  patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, 3, NULL, (const double[]) { 30, 20.5, 10 });
  patron_chart_set_caption (chart, patron_text_plain ("图表说明"));
  return chart;
}

static PatronReport *
sample_report (void)
{
  PatronReport *report = patron_report_new ("rfm");
  patron_report_set_title (report, patron_text_plain ("客户分群 report"));
  patron_report_set_headline (report, patron_text_plain ("18.1% of the customers bring 52.7% of the revenue. 冠军客户最重要。"));
  PatronFigure *figure = patron_report_add_figure (report, "revenue", patron_text_plain ("Revenue"), PATRON_FORMAT_MONEY, 1234567.891);
  figure->low = 1200000;
  figure->high = 1300000;
  figure->headline = TRUE;
  patron_report_add_chart (report, sample_chart ());

  patron_report_add_heading (report, patron_text_plain ("Evidence"));
  patron_report_add_text (report, patron_text_plain ("A sentence about <it> & more."));
  PatronReportTable *wide = patron_report_add_table (report, "wide", patron_text_plain ("A wide table"));
  patron_report_table_add_column (wide, "name", patron_text_plain ("Name"), PATRON_FORMAT_TEXT);
  for (guint c = 0; c < N_WIDE; c++)
    {
      g_autofree char *label = g_strdup_printf ("Column%u", c);
      patron_report_table_add_column (wide, label, patron_text_plain (label), PATRON_FORMAT_MONEY)->bar = c == 0;
    }
  for (guint r = 0; r < 3; r++)
    {
      patron_report_table_add_row (wide);
      patron_report_table_add_string (wide, r == 0 ? "张三, \"Zhang\"" : "Li");
      for (guint c = 0; c < N_WIDE; c++)
        patron_report_table_add_number (wide, r * 1000000.0 + c + 0.125);
    }
  PatronReportTable *tall = patron_report_add_table (report, "../tall", patron_text_plain ("A long table"));
  patron_report_table_add_column (tall, "row", patron_text_plain ("RowHeader"), PATRON_FORMAT_EXACT);
  patron_report_table_add_column (tall, "day", patron_text_plain ("Day"), PATRON_FORMAT_DATE);
  for (guint r = 0; r < N_LONG; r++)
    {
      patron_report_table_add_row (tall);
      patron_report_table_add_number (tall, 1000 + r);
      patron_report_table_add_number (tall, r == 5 ? NAN : 15033 + r);
    }
  patron_report_add_note (report, patron_text_plain ("7 lines were left out."));
  report->recipe = g_strdup ("[recipe]\nversion=1\n");
  report->source = g_strdup ("orders.csv");
  report->seed = 42;
  report->rows_read = 1000;
  report->rows_used = 990;
  patron_report_add_dropped (report, patron_text_plain ("missing customer"), 10);
  report->created = G_GINT64_CONSTANT (1300000000000000);
  return report;
}

static PatronTable *
sample_result (gsize n)
{
  PatronColumnBuilder *id = patron_column_builder_new ("customer", PATRON_TYPE_INTEGER), *segment = patron_column_builder_new ("分群", PATRON_TYPE_CATEGORY);
  for (gsize i = 0; i < n; i++)
    {
      patron_column_builder_append_int64 (id, 12000 + (gint64) i);
      patron_column_builder_append_text (segment, i % 3 ? "冠军" : NULL);
    }
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (columns, patron_column_builder_finish (id));
  g_ptr_array_add (columns, patron_column_builder_finish (segment));
  return patron_table_new_take ("customers", columns);
}

typedef struct
{
  char                *folder;
  PatronReport        *report;
  PatronTable         *result;
  PatronDocumentRun    runs[2];
  PatronReportDocument document;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("patron-document-XXXXXX", NULL);
  self->report = sample_report ();
  self->result = sample_result (70);
  self->document = patron_document_of_run (self->runs, self->report, self->result);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  GDir *dir = g_dir_open (self->folder, 0, NULL);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_unlink (path);
    }
  g_dir_close (dir);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  patron_report_free (self->report);
  patron_table_unref (self->result);
}

/* Writes the document and returns its bytes. */
static char *
written (Fixture *self, const char *name, gsize *length)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GError) error = NULL;
  char *bytes = NULL;
  patron_document_write (&self->document, path, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return bytes;
}

/* What pdftotext reads, or NULL where it is not installed. */
static char *
pdf_text (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL), *tool = g_find_program_in_path ("pdftotext");
  char *text = NULL;
  if (tool == NULL)
    return NULL;
  const char *const command[] = { tool, "-layout", path, "-", NULL };
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, NULL, NULL, NULL));
  return text;
}

static guint
count (const char *text, const char *word)
{
  guint n = 0;
  for (const char *at = strstr (text, word); at != NULL; at = strstr (at + 1, word))
    n++;
  return n;
}

static void
assert_contains (const char *text, const char *const *words, guint n)
{
  for (guint i = 0; i < n; i++)
    if (strstr (text, words[i]) == NULL)
      g_error ("“%s” is missing", words[i]);
}

static void
test_pdf (Fixture *self, gconstpointer data)
{
  gsize length, again_length;
  g_autofree char *bytes = written (self, "r.pdf", &length), *again = written (self, "again.pdf", &again_length);
  g_assert_true (g_str_has_prefix (bytes, "%PDF"));
  g_assert_cmpmem (bytes, length, again, again_length);
  g_autofree char *text = pdf_text (self, "r.pdf");
  if (text == NULL)
    {
      g_test_skip ("pdftotext is not installed");
      return;
    }
  const char *const words[] = { "客户分群", "冠军客户最重要", "收入", "重要价值客户", "1,234,568", "图表说明", "张三", "missing customer", "Column23", "2,000,023",
                                "1079", "version=1", "orders.csv", "12024", "7 lines were left out." };
  assert_contains (text, words, G_N_ELEMENTS (words));
  g_assert_null (strstr (text, "12025"));                  /* the 26th row of the result stays in the spreadsheet */
  g_assert_cmpuint (count (text, "RowHeader"), >=, 2);     /* repeated on the next page */
  guint pages = count (text, "\f");
  g_autofree char *last = g_strdup_printf ("%u / %u", pages, pages), *close = g_strdup_printf ("%u/%u", pages, pages);
  g_assert_true (strstr (text, last) != NULL || strstr (text, close) != NULL);   /* a narrow space may be lost */
}

static void
test_pdf_of_two (Fixture *self, gconstpointer data)
{
  gsize length;
  self->runs[1] = (PatronDocumentRun) { self->report, NULL };
  self->document.n_runs = 2;
  self->document.title = "Monthly <report>";
  self->document.author = "A. Analyst";
  g_autofree char *bytes = written (self, "two.pdf", &length), *text = pdf_text (self, "two.pdf");
  g_assert_cmpuint (length, >, 1000);
  if (text == NULL)
    {
      g_test_skip ("pdftotext is not installed");
      return;
    }
  const char *const words[] = { "Monthly <report>", "A. Analyst", "page 2" };
  assert_contains (text, words, G_N_ELEMENTS (words));
}

static void
ignore_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
}

/* Every element closed, everything escaped: the page is XML but for its first line. */
static void
test_html (Fixture *self, gconstpointer data)
{
  gsize length;
  g_autofree char *bytes = written (self, "r.html", &length);
  const GMarkupParser parser = { .text = ignore_text };
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr(GError) error = NULL;
  const char *body = strchr (bytes, '\n');
  g_markup_parse_context_parse (context, body, -1, &error);
  g_assert_no_error (error);
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
  const char *const words[] = { "lang=\"zh-cn\"", "<text", "收入 &lt;by&gt; segment", "data-v=\"2000023.125\"", "missing customer", "prefers-color-scheme:dark", "[recipe]" };
  assert_contains (bytes, words, G_N_ELEMENTS (words));
  const char *const foreign[] = { "src=\"http", "href=\"http", "url(http" };
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    g_assert_null (strstr (bytes, foreign[i]));
}

static void
test_xlsx (Fixture *self, gconstpointer data)
{
  gsize length;
  g_autofree char *bytes = written (self, "r.xlsx", &length), *tool = g_find_program_in_path ("unzip");
  g_autofree char *path = g_build_filename (self->folder, "r.xlsx", NULL), *strings = NULL, *sheets = NULL;
  g_assert_true (g_str_has_prefix (bytes, "PK"));
  if (tool == NULL)
    {
      g_test_skip ("unzip is not installed");
      return;
    }
  const char *const command[] = { tool, "-p", path, "xl/sharedStrings.xml", NULL }, *const all[] = { tool, "-p", path, "xl/worksheets/sheet*.xml", NULL };
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &strings, NULL, NULL, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) all, NULL, G_SPAWN_DEFAULT, NULL, NULL, &sheets, NULL, NULL, NULL));
  const char *const words[] = { "客户分群", "张三", "RowHeader", "冠军", "missing customer" }, *const numbers[] = { "<v>2000023.125</v>", "<v>12069</v>", "<v>1234567.891</v>" };
  assert_contains (strings, words, G_N_ELEMENTS (words));
  assert_contains (sheets, numbers, G_N_ELEMENTS (numbers));
}

/* Names that are all signs Excel refuses, names alike but for case, and a result wider than a sheet. */
static void
test_xlsx_limits (Fixture *self, gconstpointer data)
{
  enum { N_COLUMNS = 16385 };
  g_autoptr(PatronReport) report = patron_report_new ("rfm");
  const char *const titles[] = { "[?]", "Groups", "groups", "':'" };
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    patron_report_table_add_column (patron_report_add_table (report, "t", patron_text_plain (titles[i])), "a", patron_text_plain ("A"), PATRON_FORMAT_NUMBER);
  g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint c = 0; c < N_COLUMNS; c++)
    {
      g_autofree char *name = g_strdup_printf ("c%u", c);
      PatronColumnBuilder *builder = patron_column_builder_new (name, PATRON_TYPE_NUMBER);
      patron_column_builder_append_number (builder, c);
      g_ptr_array_add (columns, patron_column_builder_finish (builder));
    }
  g_autoptr(PatronTable) result = patron_table_new ("***", (PatronColumn *const *) columns->pdata, columns->len, 1);
  PatronDocumentRun run;
  PatronReportDocument document = patron_document_of_run (&run, report, result);
  g_autofree char *path = g_build_filename (self->folder, "limits.xlsx", NULL), *tool = g_find_program_in_path ("unzip"), *book = NULL, *strings = NULL;
  g_autoptr(GError) error = NULL;
  patron_document_write (&document, path, NULL, &error);
  g_assert_no_error (error);
  if (tool == NULL)
    {
      g_test_skip ("unzip is not installed");
      return;
    }
  const char *const sheets[] = { tool, "-p", path, "xl/workbook.xml", NULL }, *const texts[] = { tool, "-p", path, "xl/sharedStrings.xml", NULL };
  g_assert_true (g_spawn_sync (NULL, (char **) sheets, NULL, G_SPAWN_DEFAULT, NULL, NULL, &book, NULL, NULL, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **) texts, NULL, G_SPAWN_DEFAULT, NULL, NULL, &strings, NULL, NULL, NULL));
  const char *const names[] = { "name=\"Sheet\"", "name=\"Groups\"", "name=\"groups 2\"", "name=\"Sheet 2\"", "name=\"Sheet 3\"" };
  const char *const words[] = { "“***” has 1 row and 16,385 columns; its sheet holds the first 1,048,575 and 16,384." };
  assert_contains (book, names, G_N_ELEMENTS (names));
  assert_contains (strings, words, G_N_ELEMENTS (words));
}

static void
test_text (Fixture *self, gconstpointer data)
{
  g_autofree char *text = patron_report_to_terminal (self->report, 80);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  const char *const words[] = { "客户分群 report", "1,234,568  (1,200,000 – 1,300,000)", "Column23", "990 of 1,000 rows read", "10: missing customer" };
  assert_contains (text, words, G_N_ELEMENTS (words));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint width = 0;
      for (const char *p = lines[i]; *p != '\0'; p = g_utf8_next_char (p))
        width += g_unichar_iswide (g_utf8_get_char (p)) ? 2 : 1;
      g_assert_cmpuint (width, <=, 80);
    }
  gsize length;
  g_autofree char *json = written (self, "r.json", &length), *plain = written (self, "r.txt", &length);
  g_assert_true (g_str_has_prefix (json, "{"));
  g_assert_nonnull (strstr (plain, "客户分群"));
}

static void
test_csv (Fixture *self, gconstpointer data)
{
  g_autofree char *csv = patron_report_table_to_csv (patron_report_find_table (self->report, "wide"), ',');
  g_assert_true (g_str_has_prefix (csv, "Name,Column0,Column1,"));
  g_assert_nonnull (strstr (csv, "\n\"张三, \"\"Zhang\"\"\",0.125,1.125,"));
  g_autofree char *tall = patron_report_table_to_csv (patron_report_find_table (self->report, "../tall"), '\t');
  g_assert_true (g_str_has_prefix (tall, "RowHeader\tDay\n1000\t2011-02-28\n"));
  g_assert_nonnull (strstr (tall, "\n1005\t\n"));
  g_autofree char *chart = patron_chart_to_csv (patron_report_find_chart (self->report, "bars"), ',');
  g_assert_nonnull (strstr (chart, "\n,重要价值客户,,30,,,,,,\n"));
}

static void
test_parts (Fixture *self, gconstpointer data)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  patron_report_write_parts (self->report, self->folder, files, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 3);
  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *parent = g_path_get_dirname (files->pdata[i]);
      g_assert_cmpstr (parent, ==, self->folder);   /* an id with "../" in it stays inside */
      g_assert_true (g_file_test (files->pdata[i], G_FILE_TEST_IS_REGULAR));
    }
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *ending = g_build_filename (self->folder, "r.doc", NULL);
  g_autoptr(GError) error = NULL;
  g_assert_false (patron_document_write (&self->document, ending, NULL, &error));
  g_assert_error (error, PATRON_ERROR, PATRON_ERROR_REQUEST);
  const char *const names[] = { "pdf", "html", "xlsx", "json", "txt" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_strdup_printf ("r.%s", names[i]), *path = g_build_filename (self->folder, "none", name, NULL);
      g_clear_error (&error);
      g_assert_false (patron_document_write (&self->document, path, NULL, &error));
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_STORAGE);
    }
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  PatronRun *run = patron_run_new (42, 1);
  patron_run_cancel (run);
  const char *const names[] = { "c.pdf", "c.html", "c.xlsx" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);
      g_autoptr(GError) error = NULL;
      g_assert_false (patron_document_write (&self->document, path, run, &error));
      g_assert_error (error, PATRON_ERROR, PATRON_ERROR_CANCELLED);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
  patron_run_unref (run);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  static const struct { const char *path; void (*test) (Fixture *, gconstpointer); } tests[] = {
    { "/document/pdf", test_pdf }, { "/document/pdf-of-two", test_pdf_of_two }, { "/document/html", test_html }, { "/document/xlsx", test_xlsx },
    { "/document/xlsx-limits", test_xlsx_limits },
    { "/document/text", test_text }, { "/document/csv", test_csv }, { "/document/parts", test_parts }, { "/document/refused", test_refused },
    { "/document/cancelled", test_cancelled },
  };
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
