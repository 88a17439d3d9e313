/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <math.h>

#include "base/init.h"

void
fixture_init (int *argc, char ***argv)
{
  patron_init ();
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      exit (77);
    }
  adw_init ();
  g_test_init (argc, argv, NULL);
}

/* ---- data ---------------------------------------------------------------------------------------------------- */

static PatronColumn *
column (const char *name, PatronType type, int n_missing)
{
  PatronColumnBuilder *builder = patron_column_builder_new (name, type);
  for (int i = 0; i < 40; i++)
    {
      g_autofree char *text = type == PATRON_TYPE_TEXT ? g_strdup_printf ("note %d", i) : g_strdup_printf ("%s %d", name, i % 3);
      if (i < n_missing)
        patron_column_builder_append_missing (builder);
      else if (type == PATRON_TYPE_CATEGORY || type == PATRON_TYPE_TEXT)
        patron_column_builder_append_text (builder, text);
      else
        patron_column_builder_append_number (builder, type == PATRON_TYPE_BOOLEAN ? i % 2 : i * 7 % 23);
    }
  return patron_column_builder_finish (builder);
}

PatronTable *
fixture_table (void)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  g_ptr_array_add (columns, column ("customer", PATRON_TYPE_INTEGER, 0));
  g_ptr_array_add (columns, column ("product", PATRON_TYPE_CATEGORY, 0));
  g_ptr_array_add (columns, column ("spend", PATRON_TYPE_NUMBER, 4));
  g_ptr_array_add (columns, column ("visits", PATRON_TYPE_INTEGER, 0));
  g_ptr_array_add (columns, column ("member", PATRON_TYPE_BOOLEAN, 0));
  g_ptr_array_add (columns, column ("date", PATRON_TYPE_DATE, 0));
  g_ptr_array_add (columns, column ("comment", PATRON_TYPE_TEXT, 0));
  g_ptr_array_add (columns, column ("target", PATRON_TYPE_CATEGORY, 0));
  return patron_table_new_take ("orders", columns);
}

/* ---- operation ----------------------------------------------------------------------------------------------- */

typedef struct
{
  int    n_trees;
  int    depth;
  double share;
  double tolerance;
  bool   restart;
  int    scale;
  char   prefix[32];
} Params;

static gboolean
tolerance_relevant (gconstpointer params)
{
  return ((const Params *) params)->restart;
}

static const PatronChoice scales[] = { { "none", "None" }, { "standard", "Standard" }, { NULL, NULL } };

static const PatronParam params[] = {
  PATRON_PARAM_INT (Params, n_trees, .label = "Trees", .help = "How many.", .unit = "trees", .def = 100, .min = 1, .max = 10000,
                    .low = 50, .high = 500),
  PATRON_PARAM_INT (Params, depth, .label = "Depth", .help = "How deep.", .def = PATRON_AUTO, .min = 1, .max = 64, .automatic = "no limit"),
  PATRON_PARAM_DOUBLE (Params, share, .label = "Share", .help = "Of the rows.", .def = 0.5, .min = 0.01, .max = 1),
  PATRON_PARAM_DOUBLE (Params, tolerance, .label = "Tolerance", .help = "When to stop.", .def = 1e-4, .min = 0, .max = 1, .low = 1e-6, .high = 1e-2,
                       .log = true, .advanced = true, .relevant = tolerance_relevant),
  PATRON_PARAM_BOOL (Params, restart, .label = "Restart", .help = "Several starts.", .def = true),
  PATRON_PARAM_CHOICE (Params, scale, .label = "Scale", .help = "Same size.", .choices = scales, .def = 1),
  PATRON_PARAM_TEXT (Params, prefix, .label = "Prefix", .help = "Begins names.", .def_text = "Group", .advanced = true),
  PATRON_PARAM_END
};

static const PatronRoleSpec roles[] = {
  { PATRON_ROLE_TARGET, PATRON_ACCEPT_ANY, PATRON_ROLE_REQUIRED, "What to predict." },
  { PATRON_ROLE_FEATURE, PATRON_ACCEPT_NUMERIC | PATRON_ACCEPT_BOOLEAN | PATRON_ACCEPT_CATEGORY, PATRON_ROLE_MULTIPLE | PATRON_ROLE_REST, NULL },
  { PATRON_ROLE_WEIGHT, PATRON_ACCEPT_NUMERIC, 0, NULL },
  { .role = PATRON_N_ROLES },
};

static void
cost (gsize n_rows, gsize n_columns, gconstpointer values, double *bytes, double *seconds)
{
  *bytes = 8.0 * n_rows * n_columns;
  *seconds = 3;
}

const PatronOp *
fixture_op (void)
{
  static const PatronModelClass model = { .tasks = PATRON_TASK_CLASSIFICATION, .missing = PATRON_MISSING_IMPUTE };
  static const PatronOp op = {
    .id = "fixture", .kind = PATRON_OP_MODEL, .title = "Fixture", .question = "Does it work?", .summary = "Tests the form.", .params = params,
    .params_size = sizeof (Params), .roles = roles, .cost = cost, .model = &model,
  };
  return &op;
}

/* ---- report -------------------------------------------------------------------------------------------------- */

static PatronText *
words (const char *text)
{
  return patron_text_plain (text);
}

static PatronChart *
add_chart (PatronReport *report, const char *id, PatronChartKind kind)
{
  PatronChart *chart = patron_chart_new (id, kind, words (id));
  patron_chart_set_caption (chart, words ("How to read it."));
  patron_report_add_chart (report, chart);
  return chart;
}

static void
add_names (PatronAxis *axis, int n)
{
  patron_axis_set (axis, PATRON_AXIS_CATEGORY, PATRON_FORMAT_TEXT, NULL);
  for (int i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Item %d", i + 1);
      patron_axis_add_name (axis, name);
    }
}

static void
add_charts (PatronReport *report)
{
  double x[11], y[11], low[11], high[11];
  for (int i = 0; i < 11; i++)
    {
      x[i] = i;
      y[i] = 10 + 3 * i;
      low[i] = y[i] - 2;
      high[i] = y[i] + 2;
    }
  PatronChart *chart = add_chart (report, "line", PATRON_CHART_LINE);
  patron_series_set_interval (patron_chart_add_series (chart, words ("model"), PATRON_SERIES_LINE, 11, x, y), low, high);
  chart = add_chart (report, "bar", PATRON_CHART_BAR);
  add_names (&chart->x, 5);
  patron_chart_add_series (chart, words ("count"), PATRON_SERIES_BARS, 5, NULL, y);
  chart = add_chart (report, "sideways", PATRON_CHART_BAR);
  chart->horizontal = TRUE;
  add_names (&chart->y, 5);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, 5, NULL, y);
  chart = add_chart (report, "histogram", PATRON_CHART_HISTOGRAM);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, 10, x, y);
  chart = add_chart (report, "scatter", PATRON_CHART_SCATTER);
  patron_chart_add_series (chart, NULL, PATRON_SERIES_POINTS, 11, x, y);
  chart = add_chart (report, "heat", PATRON_CHART_HEAT_MAP);
  add_names (&chart->x, 3);
  add_names (&chart->y, 3);
  patron_chart_set_cells (chart, 3, 3, y);
  chart = add_chart (report, "box", PATRON_CHART_BOX);
  add_names (&chart->x, 3);
  const double q1[] = { 8, 11, 14 }, q3[] = { 12, 15, 18 }, bottom[] = { 5, 8, 11 }, top[] = { 15, 18, 21 };
  patron_series_set_box (patron_chart_add_series (chart, NULL, PATRON_SERIES_BARS, 3, NULL, y), q1, q3, bottom, top);
}

static void
add_table (PatronReport *report)
{
  PatronReportTable *table = patron_report_add_table (report, "segments", words ("Segments"));
  patron_report_table_set_caption (table, words ("Largest first."));
  patron_report_table_add_column (table, "name", words ("Name"), PATRON_FORMAT_TEXT);
  patron_report_table_add_column (table, "n", words ("Customers"), PATRON_FORMAT_COUNT)->bar = TRUE;
  patron_report_table_add_column (table, "share", words ("Share"), PATRON_FORMAT_PERCENT);
  for (int i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("Segment %c", 'A' + (i * 7) % 26);
      patron_report_table_add_row (table);
      patron_report_table_add_string (table, name);
      patron_report_table_add_number (table, 100 * ((i * 11) % 30));
      patron_report_table_add_number (table, i == 3 ? NAN : i / 30.0);
    }
}

PatronReport *
fixture_report (void)
{
  PatronReport *report = patron_report_new ("fixture");
  patron_report_set_title (report, words ("Made up"));
  patron_report_set_headline (report, words ("Everything is shown."));
  const char *const ids[] = { "accuracy", "auc", "brier" };
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      PatronFigure *figure = patron_report_add_figure (report, ids[i], words (ids[i]), PATRON_FORMAT_NUMBER, 0.8 - 0.1 * i);
      figure->low = figure->value - 0.05;
      figure->high = figure->value + 0.05;
      figure->headline = i < 2;
      figure->note = words ("What it means.");
      patron_report_add_baseline_figure (report, ids[i], words (ids[i]), PATRON_FORMAT_NUMBER, 0.5);
    }
  report->baseline = g_strdup ("majority");
  report->source = g_strdup ("orders");
  report->recipe = g_strdup ("[recipe]\nversion=1\n");
  report->rows_read = 40;
  report->rows_used = 36;
  patron_report_add_dropped (report, words ("no spend"), 4);
  patron_report_add_note (report, words ("A note."));
  patron_report_add_heading (report, words ("Evidence"));
  patron_report_add_text (report, words ("A paragraph."));
  add_charts (report);
  add_table (report);
  return report;
}

/* ---- widgets ------------------------------------------------------------------------------------------------- */

void
fixture_settle (void)
{
  gint64 quiet_since = g_get_monotonic_time ();
  while (g_get_monotonic_time () - quiet_since < 60 * G_TIME_SPAN_MILLISECOND)
    {
      if (g_main_context_iteration (NULL, FALSE))
        quiet_since = g_get_monotonic_time ();
      else
        g_usleep (1000);
    }
}

GtkWidget *
fixture_window (GtkWidget *child, int width, int height)
{
  GtkWidget *window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  adw_window_set_content (ADW_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  while (!gtk_widget_get_mapped (child) || gtk_widget_get_width (child) == 0)
    g_main_context_iteration (NULL, TRUE);
  fixture_settle ();
  return window;
}

GdkTexture *
fixture_render (GtkWidget *widget, guint *n_different)
{
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  *n_different = 0;
  if (node == NULL)
    return NULL;
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  GdkTexture *texture = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));
  g_autofree guint32 *pixels = g_new (guint32, (gsize) width * height);
  gdk_texture_download (texture, (guchar *) pixels, 4 * width);
  for (int i = 1; i < width * height; i++)
    *n_different += pixels[i] != pixels[0];
  return texture;
}

static void
collect (GtkWidget *widget, GType type, GPtrArray *found)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect (child, type, found);
}

GPtrArray *
fixture_find_all (GtkWidget *root, GType type)
{
  GPtrArray *found = g_ptr_array_new ();
  collect (root, type, found);
  return found;
}
