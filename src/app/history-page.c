/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/history-page.h"

#include <glib/gi18n-lib.h>

#include "app/page.h"

/* A project that is used for years has thousands of steps; the older ones are reached step by step, with undo. */
#define MAX_SHOWN 300

struct _PatronHistoryPage
{
  GtkWidget       parent_instance;
  GtkWidget      *scrolled;
  GtkListBox     *list;
  GtkWidget      *empty;
  PatronDocument *document;   /* owned */
};

static void
patron_history_page_page_init (PatronPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PatronHistoryPage, patron_history_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (PATRON_TYPE_PAGE, patron_history_page_page_init))

/* ---- rows -------------------------------------------------------------------------------------------------- */

static char *
format_time (gint64 created)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (created / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("");
}

static GtkWidget *
make_row (const PatronStepInfo *step, gboolean current)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *label = g_markup_escape_text (step->label, -1);
  g_autofree char *time = format_time (step->created);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), label);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), time);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), "step", GSIZE_TO_POINTER ((gsize) step->id));
  if (!step->done)
    gtk_widget_add_css_class (row, "undone");
  if (current || !step->done)
    {
      GtkWidget *state = gtk_label_new (current ? _("You are here") : _("Undone"));
      gtk_widget_add_css_class (state, current ? "accent" : "dim-label");
      gtk_widget_add_css_class (state, "caption");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), state);
    }
  return row;
}

static GtkWidget *
make_start_row (gboolean current)
{
  PatronStepInfo start = { .label = (char *) _("An empty project"), .done = TRUE };
  GtkWidget *row = make_row (&start, current);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), "");
  return row;
}

static gint64
last_done (GPtrArray *steps)
{
  gint64 id = 0;
  for (guint i = 0; i < steps->len; i++)
    if (((PatronStepInfo *) steps->pdata[i])->done)
      id = ((PatronStepInfo *) steps->pdata[i])->id;
  return id;
}

static void
update (PatronHistoryPage *self)
{
  GtkWidget *child;
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  g_autoptr (GPtrArray) steps = patron_project_list_steps (patron_document_get_project (self->document), NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  guint n = steps != NULL ? steps->len : 0;
  gint64 current = steps != NULL ? last_done (steps) : 0;
  for (guint i = n; i > 0 && n - i < MAX_SHOWN; i--)
    {
      const PatronStepInfo *step = steps->pdata[i - 1];
      gtk_list_box_append (self->list, make_row (step, step->id == current));
    }
  if (n > 0 && n <= MAX_SHOWN)
    gtk_list_box_append (self->list, make_start_row (current == 0));
  gtk_widget_set_visible (GTK_WIDGET (self->list), n > 0);
  gtk_widget_set_visible (self->empty, n == 0);
}

/* ---- going back and forth ---------------------------------------------------------------------------------- */

static void
on_row_activated (PatronHistoryPage *self, GtkListBoxRow *row)
{
  gint64 wanted = (gint64) GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (row), "step"));
  g_autoptr (GPtrArray) steps = patron_project_list_steps (patron_document_get_project (self->document), NULL);
  gint64 current = steps != NULL ? last_done (steps) : wanted;
  guint between = 0;
  for (guint i = 0; steps != NULL && i < steps->len; i++)
    {
      gint64 id = ((PatronStepInfo *) steps->pdata[i])->id;
      between += id > MIN (current, wanted) && id <= MAX (current, wanted);
    }
  for (guint i = 0; i < between; i++)
    if (wanted < current ? !patron_document_undo (self->document) : !patron_document_redo (self->document))
      return;
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
