/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/explore-card.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/chart-view.h"
#include "app/job.h"
#include "app/text-label.h"

/* Settings change in bursts (typing, a slider); the chart follows this much later, in milliseconds. */
#define DELAY 120

/* A chart and the rows it was built from, which workers read too. */
typedef struct
{
  PatronPlot *plot;   /* owned */
  GArray     *rows;   /* owned; NULL: all of the table */
} Shown;

static void
shown_clear (gpointer data)
{
  Shown *shown = data;
  patron_plot_free (shown->plot);
  g_clear_pointer (&shown->rows, g_array_unref);
}

static void
shown_unref (Shown *shown)
{
  g_atomic_rc_box_release_full (shown, shown_clear);
}

struct _PatronExploreCard
{
  GtkWidget       parent_instance;
  GtkWidget      *box;
  GtkLabel       *title;
  GtkWidget      *spinner;
  GtkLabel       *problem, *caption;
  AdwBin         *bin;          /* the chart */
  PatronTable    *table;        /* owned */
  PatronPlotSpec  spec;
  GArray         *rows;         /* owned, or NULL */
  Shown          *shown;        /* owned: the chart on show; NULL: none yet */
  GArray         *edges;        /* owned: the bins of all rows, in which the chosen ones are shown too; NULL: none */
  PatronPlotSpec  edges_spec;   /* of the chart they belong to */
  GArray         *chosen;       /* owned: the rows behind the chosen marks; NULL: no mark is chosen */
  PatronJob      *job;          /* owned: the chart under way */
  PatronJob      *search;       /* owned: the rows behind the marks under way */
  guint           timeout;
};

enum { SELECTED, ACTIVE, REMOVE, KEEP, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PatronExploreCard, patron_explore_card, GTK_TYPE_WIDGET)

/* ---- building ------------------------------------------------------------------------------------------------------- */

typedef struct
{
  PatronTable   *table;
  GArray        *rows;
  GArray        *edges;   /* owned: the bins to use, or NULL */
  PatronPlotSpec spec;
  PatronPlot    *plot;   /* out */
} Build;

static void
build_free (gpointer data)
{
  Build *build = data;
  patron_table_unref (build->table);
  g_clear_pointer (&build->rows, g_array_unref);
  g_clear_pointer (&build->edges, g_array_unref);
  g_clear_pointer (&build->plot, patron_plot_free);
  g_free (build);
}

/* The columns that are drawn, where the settings name them all: only their rows need be taken. */
static PatronTable *
drawn_columns (PatronTable *table, const PatronPlotSpec *spec)
{
  const char *const names[] = { spec->x, spec->y, spec->colour, spec->size, spec->facet };
  gboolean one = spec->kind == PATRON_PLOT_BAR || spec->kind == PATRON_PLOT_HISTOGRAM || spec->kind == PATRON_PLOT_DENSITY
                 || spec->kind == PATRON_PLOT_LINE || spec->kind == PATRON_PLOT_AREA || spec->kind == PATRON_PLOT_QQ;
  if (*spec->x == '\0' || (*spec->y == '\0' && !one))
    return patron_table_ref (table);
  GPtrArray *columns = g_ptr_array_new_with_free_func ((GDestroyNotify) patron_column_unref);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      PatronColumn *column = *names[i] != '\0' ? patron_table_find (table, names[i]) : NULL;
      if (column != NULL && !g_ptr_array_find (columns, column, NULL))
        g_ptr_array_add (columns, patron_column_ref (column));
    }
  if (columns->len > 0)
    return patron_table_new_take (patron_table_get_name (table), columns);
  g_ptr_array_unref (columns);
  return patron_table_ref (table);
}

static gboolean
build_work (PatronRun *run, gpointer data, GError **error)
{
  Build *build = data;
  g_autoptr (PatronTable) columns = drawn_columns (build->table, &build->spec);
  g_autoptr (PatronTable) table = build->rows != NULL
    ? patron_table_take_rows (columns, (const guint32 *) build->rows->data, build->rows->len, run, error)
    : patron_table_ref (columns);
  if (table != NULL)
    build->plot = patron_plot_build_in (table, &build->spec, build->edges, run, error);
  return build->plot != NULL;
}

static void on_selected (PatronExploreCard *self);

/* How to read the chart, and which rows are not in it. */
static void
show_caption (PatronExploreCard *self, const PatronPlot *plot)
{
  g_autoptr (PatronText) left_out = patron_plot_left_out (plot);
  g_autofree char *caption = patron_text_render (plot->chart->caption), *missing = patron_text_render (left_out);
  g_autofree char *both = g_strconcat (caption, g_str_has_suffix (caption, ".") ? " " : "", missing, NULL);
  gtk_label_set_label (self->caption, both);
}

static void
show_plot (PatronExploreCard *self, Build *build)
{
  g_clear_pointer (&self->shown, shown_unref);
  self->shown = g_atomic_rc_box_new0 (Shown);
  self->shown->plot = g_steal_pointer (&build->plot);
  self->shown->rows = build->rows != NULL ? g_array_ref (build->rows) : NULL;
  if (build->rows == NULL)
    {
      g_clear_pointer (&self->edges, g_array_unref);
      self->edges = self->shown->plot->edges != NULL ? g_array_ref (self->shown->plot->edges) : NULL;
      self->edges_spec = build->spec;
    }
  const PatronChart *chart = self->shown->plot->chart;
  GtkWidget *view = patron_chart_view_new (chart);
  patron_chart_view_set_selectable (PATRON_CHART_VIEW (view), TRUE);
  g_signal_connect_object (view, "selected", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->bin, view);
  g_autofree char *title = patron_text_render (chart->title);
  gtk_label_set_label (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  show_caption (self, self->shown->plot);
}

static void
on_finished (PatronJob *job, PatronExploreCard *self)
{
  if (self->job != job)
    return;   /* overtaken */
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gboolean failed = patron_job_get_state (job) == PATRON_JOB_FAILED;
  gtk_label_set_label (self->problem, failed ? patron_job_get_error (job)->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), failed);
  gtk_widget_set_visible (GTK_WIDGET (self->bin), !failed);
  if (patron_job_get_state (job) == PATRON_JOB_DONE)
    show_plot (self, patron_job_get_data (job));
  g_clear_object (&self->job);
}

static gboolean
start (gpointer data)
{
  PatronExploreCard *self = data;
  self->timeout = 0;
  if (self->job != NULL)
    patron_job_cancel (self->job);
  g_clear_object (&self->job);
  Build *build = g_new0 (Build, 1);
  build->table = patron_table_ref (self->table);
  build->rows = self->rows != NULL ? g_array_ref (self->rows) : NULL;
  build->spec = self->spec;
  if (self->rows != NULL && self->edges != NULL && memcmp (&self->edges_spec, &self->spec, sizeof self->spec) == 0)
    build->edges = g_array_ref (self->edges);
  self->job = patron_job_start (_("Chart"), PATRON_JOB_QUICK, 42, build_work, build, build_free);
  g_signal_connect_object (self->job, "finished", G_CALLBACK (on_finished), self, 0);
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  return G_SOURCE_REMOVE;
}

void
patron_explore_card_rebuild (PatronExploreCard *self)
{
  g_return_if_fail (PATRON_IS_EXPLORE_CARD (self));
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add (DELAY, start, self);
}

PatronPlotSpec *
patron_explore_card_get_spec (PatronExploreCard *self)
{
  g_return_val_if_fail (PATRON_IS_EXPLORE_CARD (self), NULL);
  return &self->spec;
}

void
patron_explore_card_set_rows (PatronExploreCard *self, GArray *rows)
{
  g_return_if_fail (PATRON_IS_EXPLORE_CARD (self));
  if (self->rows == rows)
    return;
  g_clear_pointer (&self->rows, g_array_unref);
  self->rows = rows != NULL ? g_array_ref (rows) : NULL;
  g_clear_handle_id (&self->timeout, g_source_remove);
  start (self);   /* at once: the answer to a choice is awaited */
}

/* ---- what is chosen ------------------------------------------------------------------------------------------------- */

static PatronChartView *
get_view (PatronExploreCard *self)
{
  GtkWidget *child = adw_bin_get_child (self->bin);
  return child != NULL ? PATRON_CHART_VIEW (child) : NULL;
}

/* The rows behind the chosen marks, found by a worker: a chart may stand for many millions of them. */
typedef struct
{
  Shown  *shown;
  GArray *marks;   /* of PatronChartMark */
  GArray *rows;    /* out: of guint32 */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;
  shown_unref (search->shown);
  g_array_unref (search->marks);
  g_clear_pointer (&search->rows, g_array_unref);
  g_free (search);
}

static gboolean
search_work (PatronRun *run, gpointer data, GError **error)
{
  Search *search = data;
  search->rows = patron_plot_rows (search->shown->plot, (const PatronChartMark *) (gpointer) search->marks->data, search->marks->len, run, error);
  for (guint i = 0; search->rows != NULL && search->shown->rows != NULL && i < search->rows->len; i++)
    g_array_index (search->rows, guint32, i) = g_array_index (search->shown->rows, guint32, g_array_index (search->rows, guint32, i));
  return search->rows != NULL;
}

static void
forget_search (PatronExploreCard *self)
{
  if (self->search != NULL)
    patron_job_cancel (self->search);
  g_clear_object (&self->search);
}

static void
take_chosen (PatronExploreCard *self, GArray *rows)
{
  g_clear_pointer (&self->chosen, g_array_unref);
  self->chosen = rows != NULL ? g_array_ref (rows) : NULL;
  g_signal_emit (self, signals[SELECTED], 0);
}

static void
on_searched (PatronJob *job, PatronExploreCard *self)
{
  if (self->search != job)
    return;   /* overtaken */
  g_autoptr (PatronJob) ended = g_steal_pointer (&self->search);
  if (patron_job_get_state (ended) == PATRON_JOB_DONE)
    take_chosen (self, ((Search *) patron_job_get_data (ended))->rows);
}

static void
on_selected (PatronExploreCard *self)
{
  forget_search (self);
  PatronChartView *view = get_view (self);
  if (view == NULL || self->shown == NULL || patron_chart_view_n_selected (view) == 0)
    {
      take_chosen (self, NULL);
      return;
    }
  Search *search = g_new0 (Search, 1);
  search->shown = g_atomic_rc_box_acquire (self->shown);
  search->marks = patron_chart_view_dup_selected (view);
  self->search = patron_job_start (_("Chosen rows"), PATRON_JOB_QUICK, 0, search_work, search, search_free);
  g_signal_connect_object (self->search, "finished", G_CALLBACK (on_searched), self, 0);
}

GArray *
patron_explore_card_get_chosen (PatronExploreCard *self)
{
  g_return_val_if_fail (PATRON_IS_EXPLORE_CARD (self), NULL);
  return self->chosen;
}

void
patron_explore_card_choose_none (PatronExploreCard *self)
{
  g_return_if_fail (PATRON_IS_EXPLORE_CARD (self));
  forget_search (self);
  g_clear_pointer (&self->chosen, g_array_unref);
  if (get_view (self) != NULL)
    patron_chart_view_clear_selection (get_view (self));
}

char *
patron_explore_card_dup_title (PatronExploreCard *self)
{
  g_return_val_if_fail (PATRON_IS_EXPLORE_CARD (self), NULL);
  return g_strdup (gtk_label_get_label (self->title));
}

void
patron_explore_card_set_active (PatronExploreCard *self, gboolean active)
{
  g_return_if_fail (PATRON_IS_EXPLORE_CARD (self));
  if (active)
    gtk_widget_add_css_class (GTK_WIDGET (self), "active");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "active");
}

/* ---- widget --------------------------------------------------------------------------------------------------------- */

static void
emit_active (PatronExploreCard *self)
{
  g_signal_emit (self, signals[ACTIVE], 0);
}

static void
emit_remove (PatronExploreCard *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
emit_keep (PatronExploreCard *self)
{
  g_signal_emit (self, signals[KEEP], 0);
}

static void
add_button (PatronExploreCard *self, GtkWidget *head, const char *icon, const char *tip, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tip);
  patron_widget_set_name (button, tip);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), button);
}

static void
build_head (PatronExploreCard *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  self->title = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->title, 0);
  gtk_label_set_ellipsize (self->title, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->title), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  self->spinner = gtk_spinner_new ();
  gtk_box_append (GTK_BOX (head), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (head), self->spinner);
  add_button (self, head, "document-edit-symbolic", _("Settings of This Chart"), G_CALLBACK (emit_active));
  add_button (self, head, "patron-report-symbolic", _("Keep This Chart in the Report"), G_CALLBACK (emit_keep));
  add_button (self, head, "window-close-symbolic", _("Remove This Chart"), G_CALLBACK (emit_remove));
  gtk_box_append (GTK_BOX (self->box), head);
}

/* No wider than it must be, so that as many stand side by side as there is room for; they then share the room. */
static void
patron_explore_card_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  gtk_widget_measure (PATRON_EXPLORE_CARD (widget)->box, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = *minimum;
}

/* The caption wraps. */
static GtkSizeRequestMode
patron_explore_card_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
patron_explore_card_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (PATRON_EXPLORE_CARD (widget)->box, width, height, baseline, NULL);
}

static void
patron_explore_card_dispose (GObject *object)
{
  PatronExploreCard *self = PATRON_EXPLORE_CARD (object);
  g_clear_handle_id (&self->timeout, g_source_remove);
  if (self->job != NULL)
    patron_job_cancel (self->job);
  g_clear_object (&self->job);
  forget_search (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->table, patron_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_clear_pointer (&self->chosen, g_array_unref);
  g_clear_pointer (&self->shown, shown_unref);
  g_clear_pointer (&self->edges, g_array_unref);
  G_OBJECT_CLASS (patron_explore_card_parent_class)->dispose (object);
}

static void
patron_explore_card_class_init (PatronExploreCardClass *class)
{
  static const char *const names[N_SIGNALS] = { "selected", "active", "remove", "keep" };
  G_OBJECT_CLASS (class)->dispose = patron_explore_card_dispose;
  GTK_WIDGET_CLASS (class)->measure = patron_explore_card_measure;
  GTK_WIDGET_CLASS (class)->get_request_mode = patron_explore_card_get_request_mode;
  GTK_WIDGET_CLASS (class)->size_allocate = patron_explore_card_size_allocate;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "explorecard");
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
patron_explore_card_init (PatronExploreCard *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  build_head (self);
  self->problem = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->problem, TRUE);
  gtk_label_set_xalign (self->problem, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->problem), "dim-label");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->problem));
  self->bin = ADW_BIN (adw_bin_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (self->bin), TRUE);
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->bin));
  self->caption = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->caption, TRUE);
  gtk_label_set_xalign (self->caption, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->caption), "caption");
  gtk_box_append (GTK_BOX (self->box), GTK_WIDGET (self->caption));
}

GtkWidget *
patron_explore_card_new (PatronTable *table, const PatronPlotSpec *spec)
{
  PatronExploreCard *self = g_object_new (PATRON_TYPE_EXPLORE_CARD, NULL);
  self->table = patron_table_ref (table);
  self->spec = *spec;
  start (self);
  return GTK_WIDGET (self);
}
