/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/history-page.h"

#include <glib/gi18n-lib.h>

#include "app/history-tree.h"
#include "app/page.h"
#include "app/text-label.h"

/* A project that is used for years has thousands of steps; the older ones are reached step by step, with undo. */
#define MAX_SHOWN 300
/* Pixels from lane to lane. */
#define LANE 16

struct _PatronHistoryPage
{
  GtkWidget       parent_instance;
  GtkWidget      *scrolled;
  GtkListBox     *list;
  GtkWidget      *empty;
  PatronDocument *document;   /* owned */
  GPtrArray      *steps;      /* owned, of PatronStepInfo*, or NULL */
};

static void
patron_history_page_page_init (PatronPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PatronHistoryPage, patron_history_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_history_page_page_init))

/* ---- lanes ------------------------------------------------------------------------------------------------- */

static double
lane_x (guint lane)
{
  return LANE * (lane + 0.5) + 2;
}

static void
draw_lines (cairo_t *cairo, const PatronHistoryRow *row, int height)
{
  double middle = height / 2.0;
  for (guint lane = 0; lane < PATRON_HISTORY_LANES; lane++)
    {
      guint bit = 1u << lane;
      if ((row->above & bit) != 0 && (row->joins & bit) == 0)
        {
          cairo_move_to (cairo, lane_x (lane), 0);
          cairo_line_to (cairo, lane_x (lane), lane == row->lane ? middle : height);
        }
      if ((row->joins & bit) != 0)
        {
          cairo_move_to (cairo, lane_x (lane), 0);
          cairo_curve_to (cairo, lane_x (lane), middle, lane_x (row->lane), 0, lane_x (row->lane), middle);
        }
    }
  if ((row->below & (1u << row->lane)) != 0)
    {
      cairo_move_to (cairo, lane_x (row->lane), middle);
      cairo_line_to (cairo, lane_x (row->lane), height);
    }
  cairo_stroke (cairo);
}

static void
draw_lanes (GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer data)
{
  const PatronHistoryRow *row = data;
  GdkRGBA colour, accent;
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (area));
  gtk_style_context_get_color (context, &colour);
  if (!gtk_style_context_lookup_color (context, "accent_color", &accent))
    accent = colour;
  cairo_set_line_width (cairo, 2);
  cairo_set_source_rgba (cairo, colour.red, colour.green, colour.blue, 0.3);
  draw_lines (cairo, row, height);
  gdk_cairo_set_source_rgba (cairo, row->done ? &accent : &colour);
  cairo_arc (cairo, lane_x (row->lane), height / 2.0, row->current ? 6 : 4, 0, 2 * G_PI);
  cairo_fill (cairo);
}

static GtkWidget *
make_lanes (const PatronHistoryRow *row, guint n_lanes)
{
  GtkWidget *area = gtk_drawing_area_new ();
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (area), (int) (LANE * n_lanes) + 4);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_lanes, g_memdup2 (row, sizeof *row), g_free);
  gtk_accessible_update_state (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  return area;
}

/* ---- words ------------------------------------------------------------------------------------------------- */

static char *
format_time (gint64 created)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (created / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("");
}

static const char *
icon_of (const PatronStepInfo *step)
{
  static const struct { const char *kind, *icon; } icons[] = {
    { "import", "document-open-symbolic" },       { "add-table", "patron-table-symbolic" },     { "prepare-table", "patron-step-columns-symbolic" },
    { "add-run", "patron-question-symbolic" },    { "remove-table", "user-trash-symbolic" },    { "remove-run", "user-trash-symbolic" },
    { "rename-table", "document-edit-symbolic" }, { "rename-run", "document-edit-symbolic" }, { "add-query", "patron-table-symbolic" },
    { "add-rows", "patron-table-symbolic" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (icons); i++)
    if (g_strcmp0 (icons[i].kind, step->kind) == 0)
      return icons[i].icon;
  return "emblem-system-symbolic";
}

/* The time, and the table it is about where the label does not say. */
static char *
caption_of (PatronHistoryPage *self, const PatronStepInfo *step)
{
  g_autofree char *time = format_time (step->created);
  PatronItem *table = step->table != 0 ? patron_document_find_table_id (self->document, step->table) : NULL;
  if (table == NULL || g_strcmp0 (step->kind, "prepare-table") != 0)
    return g_steal_pointer (&time);
  return g_strdup_printf ("%s · %s", time, patron_item_get_name (table));
}

/* What going there does to what there is now. */
static char *
way_text (const PatronHistoryRow *row)
{
  if (row->step->current)
    return g_strdup (_("You are here"));
  const char *msgid = row->n_back > 0 && row->n_forth > 0 ? N_("Takes back {back}, brings back {forth}")
                      : row->n_back > 0                   ? N_("Takes back {back} {back|step|steps}")
                                                          : N_("Brings back {forth} {forth|step|steps}");
  g_autoptr (PatronText) text = patron_text (msgid, "back", PATRON_COUNT (row->n_back), "forth", PATRON_COUNT (row->n_forth), NULL);
  return patron_text_render (text);
}

static void
list_labels (GString *text, const char *title, const GPtrArray *steps)
{
  enum { MOST = 8 };
  if (steps->len == 0)
    return;
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", title);
  for (guint i = 0; i < MIN (steps->len, MOST); i++)
    g_string_append_printf (text, "\n  %s", ((const PatronStepInfo *) steps->pdata[i])->label);
  if (steps->len > MOST)
    g_string_append (text, "\n  …");
}

/* Every step that comes and goes, by name; NULL for where we are. Owned by the caller. */
static char *
way_details (PatronHistoryPage *self, gint64 target)
{
  g_autoptr (GPtrArray) back = g_ptr_array_new ();
  g_autoptr (GPtrArray) forth = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  patron_history_tree_way (self->steps, target, back, forth);
  list_labels (text, _("Takes back:"), back);
  list_labels (text, _("Brings back:"), forth);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* ---- rows -------------------------------------------------------------------------------------------------- */

static GtkWidget *
make_row (PatronHistoryPage *self, const PatronHistoryRow *row, guint n_lanes, const char *caption)
{
  g_autofree char *way = way_text (row);
  g_autofree char *details = way_details (self, row->step->id);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (words, "history-words");
  gtk_box_append (GTK_BOX (words), patron_label_new (row->step->label, NULL));
  if (*caption != '\0')
    gtk_box_append (GTK_BOX (words), patron_label_new (caption, "caption dim-label numeric"));
  gtk_box_append (GTK_BOX (line), make_lanes (row, n_lanes));
  gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name (icon_of (row->step)));
  gtk_box_append (GTK_BOX (line), words);
  gtk_box_append (GTK_BOX (line), patron_label_new_short (way, row->step->current ? "accent caption" : "dim-label caption"));
  GtkWidget *child = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (child), line);
  gtk_widget_add_css_class (child, "history");
  if (!row->step->done)
    gtk_widget_add_css_class (child, "undone");
  gtk_widget_set_tooltip_text (child, details);
  patron_widget_set_name (child, row->step->label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, details != NULL ? details : way, -1);
  g_object_set_data (G_OBJECT (child), "step", GSIZE_TO_POINTER ((gsize) row->step->id));
  return child;
}

static GtkWidget *
make_start_row (PatronHistoryPage *self, const PatronHistoryRow *last, guint n_lanes)
{
  g_autoptr (GPtrArray) back = g_ptr_array_new ();
  g_autoptr (GPtrArray) forth = g_ptr_array_new ();
  patron_history_tree_way (self->steps, 0, back, forth);
  PatronStepInfo start = { .label = (char *) _("An empty project"), .done = TRUE, .current = back->len == 0, .kind = (char *) "add-table" };
  PatronHistoryRow row = { .step = &start, .done = TRUE, .current = start.current, .above = last->below, .joins = last->below, .n_back = back->len };
  return make_row (self, &row, n_lanes, "");
}

static void
update (PatronHistoryPage *self)
{
  GtkWidget *child;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  self->steps = patron_project_list_steps (patron_document_get_project (self->document), NULL);
  g_autoptr (GArray) rows = self->steps != NULL ? patron_history_tree_new (self->steps) : NULL;
  guint n = rows != NULL ? rows->len : 0, n_lanes = 1;
  for (guint i = 0; i < MIN (n, MAX_SHOWN); i++)
    n_lanes = MAX (n_lanes, g_array_index (rows, PatronHistoryRow, i).n_lanes);
  for (guint i = 0; i < MIN (n, MAX_SHOWN); i++)
    {
      const PatronHistoryRow *row = &g_array_index (rows, PatronHistoryRow, i);
      g_autofree char *caption = caption_of (self, row->step);
      gtk_list_box_append (self->list, make_row (self, row, n_lanes, caption));
    }
  if (n > 0 && n <= MAX_SHOWN)
    gtk_list_box_append (self->list, make_start_row (self, &g_array_index (rows, PatronHistoryRow, n - 1), n_lanes));
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_widget_set_visible (self->empty, n == 0);
}

/* ---- going back and forth ---------------------------------------------------------------------------------- */

static void
on_row_activated (PatronHistoryPage *self, GtkListBoxRow *row)
{
  gint64 wanted = (gint64) GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (row), "step"));
  patron_document_go_to (self->document, wanted);
}

/* ---- object ------------------------------------------------------------------------------------------------ */

static void
patron_history_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (patron_history_page_parent_class)->map (widget);
  update (PATRON_HISTORY_PAGE (widget));
}

static void
patron_history_page_dispose (GObject *object)
{
  PatronHistoryPage *self = PATRON_HISTORY_PAGE (object);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (patron_history_page_parent_class)->dispose (object);
}

static void
patron_history_page_class_init (PatronHistoryPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = patron_history_page_dispose;
  widget_class->map = patron_history_page_map;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/patron/Patron/history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PatronHistoryPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, PatronHistoryPage, list);
  gtk_widget_class_bind_template_child (widget_class, PatronHistoryPage, empty);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
patron_history_page_init (PatronHistoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
patron_history_page_new (PatronDocument *document)
{
  PatronHistoryPage *self = g_object_new (PATRON_TYPE_HISTORY_PAGE, NULL);
  self->document = g_object_ref (document);
  g_signal_connect_object (document, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
